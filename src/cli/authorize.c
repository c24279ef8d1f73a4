/*
 * madoguchi mailbox authorize: a person grants access in a browser, wherever
 * it is. device: we ask until it is granted; code: the person pastes the
 * address that the browser ends at; client: nothing is left to do.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "desk.h"

enum { ADDRESS_BYTES_MAX = 16384 };

static bool
finish(struct mdg_cli *cli, const char *name, const char *redirect,
       json_t **ret, struct mdg_err *err)
{
	json_t *args =
		json_pack("{s:s,s:s?}", "name", name, "redirect", redirect);
	bool ok = mdg_cli_call(cli, "mailbox.authorize.finish", args, ret, err);

	json_decref(args);
	return ok;
}

static bool
wait_device(struct mdg_cli *cli, const char *name, const json_t *started,
	    struct mdg_err *err)
{
	int64_t interval_s = mdg_json_int(started, "interval_s");
	int64_t end_ms =
		mdg_mono_ms() + mdg_json_int(started, "expires_in_s") * 1000;
	json_t *said;

	interval_s = interval_s < 1 ? 1 : interval_s > 60 ? 60 : interval_s;
	while (mdg_mono_ms() < end_ms) {
		nanosleep(&(struct timespec){.tv_sec = interval_s}, NULL);
		if (!finish(cli, name, NULL, &said, err))
			return false;
		bool pending =
			mdg_streq(mdg_json_text(said, "state"), "pending");
		/* RFC 8628 §3.5 */
		if (json_is_true(json_object_get(said, "slower")))
			interval_s += 5;
		json_decref(said);
		if (!pending)
			return true;
	}
	return mdg_fail_msg(err, MDG_ETIMEOUT, MDG_MSG_cli_authorize_late, name,
			    NULL);
}

static bool
read_address(struct mdg_cli *cli, const char *name, struct mdg_err *err)
{
	char line[ADDRESS_BYTES_MAX];
	json_t *said;

	if (isatty(STDIN_FILENO))
		fputs(mdg_msg_text(cli->lang, MDG_MSG_cli_authorize_paste),
		      stderr);
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (!mdg_utf8_valid(line, strlen(line)))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_no_utf8, NULL);
	if (!finish(cli, name, line, &said, err))
		return false;
	json_decref(said);
	return true;
}

/* What the person has to do now. */
static void
instruct(struct mdg_cli *cli, const json_t *started)
{
	const char *flow = mdg_json_text(started, "flow");

	if (cli->json) {
		mdg_cli_json(started);
	} else if (mdg_streq(flow, "device")) {
		mdg_cli_say(cli, MDG_MSG_cli_authorize_device,
			    mdg_json_text(started, "verification_uri"),
			    mdg_json_text(started, "user_code"), NULL);
		mdg_cli_say(cli, MDG_MSG_cli_authorize_wait, NULL);
	} else if (mdg_streq(flow, "code")) {
		mdg_cli_say(cli, MDG_MSG_cli_authorize_url, NULL);
		mdg_cli_text(mdg_json_text(started, "url"), "  ");
	}
	fflush(stdout);
}

static bool
go_on(struct mdg_cli *cli, const char *name, const json_t *started,
      struct mdg_err *err)
{
	const char *flow = mdg_json_text(started, "flow");

	if (mdg_streq(flow, "device"))
		return wait_device(cli, name, started, err);
	return !mdg_streq(flow, "code") || read_address(cli, name, err);
}

bool
mdg_cli_authorize_prepare(struct mdg_cli *cli, json_t *args,
			  struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const char *file =
		json_string_value(json_object_get(args, "client_secret"));

	if (!file)
		return true;
	if (!mdg_cli_read_password(cli, file, &text, err))
		return false;
	json_object_set_new(args, "client_secret",
			    json_string(mdg_buf_str(&text)));
	explicit_bzero(text.ptr, text.len);
	return true;
}

int
mdg_cli_authorize(struct mdg_cli *cli, const json_t *started,
		  const json_t *args)
{
	const char *name = mdg_json_text(args, "name");
	struct mdg_err err;

	instruct(cli, started);
	if (!go_on(cli, name, started, &err))
		return mdg_cli_fail(cli, &err);
	if (cli->json)
		puts("{\"state\": \"ok\"}");
	else
		mdg_cli_say(cli, MDG_MSG_cli_authorized, name, NULL);
	return EX_OK;
}
