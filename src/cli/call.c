/* The control socket: one CALL, news, one ANSWER. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "madoguchi/base/str.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/proto.h"

#include "desk.h"

enum { CALL_ID = 1 };

bool
mdg_cli_config(struct mdg_cli *cli, struct mdg_arena *a, struct mdg_config *ret,
	       struct mdg_err *err)
{
	if (!mdg_config_load(cli->config_path, a, ret, err))
		return false;
	if (cli->socket_path)
		ret->socket = cli->socket_path;
	return true;
}

static bool
dial(const char *path, struct mdg_chan *ret, struct mdg_err *err)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(sa.sun_path))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_socket_long,
				    path, NULL);
	memcpy(sa.sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return mdg_fail(err, MDG_EIO, "socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
		int why = errno;
		close(fd);
		if (why == EACCES || why == EPERM)
			return mdg_fail_msg(err, MDG_EPERM,
					    MDG_MSG_cli_socket_forbidden, path,
					    NULL);
		return mdg_fail_msg(err, MDG_ENET, MDG_MSG_cli_no_daemon, path,
				    strerror(why), NULL);
	}
	mdg_chan_init(ret, fd, 0);
	return true;
}

/* {"percent": 42} on a terminal, until the next; a file or a pipe gets none. */
static void
show_progress(struct mdg_span payload)
{
	if (!isatty(STDERR_FILENO))
		return;
	json_t *o = json_loadb((const char *)payload.p, payload.n, 0, NULL);
	fprintf(stderr, "\r%3" PRId64 " %%", mdg_json_int(o, "percent"));
	json_decref(o);
}

/* What it wrote makes room for the answer. */
static void
end_progress(bool any)
{
	if (any && isatty(STDERR_FILENO))
		fputs("\r     \r", stderr);
}

static bool
read_answer(struct mdg_span payload, json_t **ret, struct mdg_err *err)
{
	json_error_t e;
	json_t *o = json_loadb((const char *)payload.p, payload.n, 0, &e);
	json_t *error = json_object_get(o, "error");
	json_t *result = json_object_get(o, "result");

	if (error)
		mdg_fail(err, mdg_code_from_name(mdg_json_text(error, "code")),
			 "%s", mdg_json_text(error, "message"));
	else if (!json_is_object(result))
		mdg_fail(err, MDG_EPROTO, "the daemon's answer has no result");
	else
		*ret = json_incref(result);
	bool ok = !error && json_is_object(result);
	json_decref(o);
	return ok;
}

/* The connection broke: not what the desk itself could not reach. */
static bool
hung_up(struct mdg_err *err)
{
	return err->code == MDG_ENET &&
	       mdg_fail_msg(err, MDG_ENET, MDG_MSG_cli_hung_up, NULL);
}

static bool
converse(struct mdg_chan *c, struct mdg_span request,
	 bool (*data)(void *arg, struct mdg_span piece, struct mdg_err *err),
	 void *arg, json_t **ret, struct mdg_err *err)
{
	struct mdg_frame f;
	bool any = false;

	if (!mdg_chan_send(c, MDG_F_CALL, CALL_ID, request, err))
		return hung_up(err);
	while (mdg_chan_recv(c, -1, &f, err)) {
		if (f.type == MDG_F_PROGRESS) {
			show_progress(f.payload);
			any = true;
			continue;
		}
		end_progress(any);
		if (f.type == MDG_F_ANSWER)
			return read_answer(f.payload, ret, err);
		if (f.type == MDG_F_DATA && data) {
			if (!data(arg, f.payload, err))
				return false;
		} else
			return mdg_fail(err, MDG_EPROTO,
					"the daemon sent frame %u", f.type);
	}
	end_progress(any);
	return hung_up(err);
}

bool
mdg_cli_call(struct mdg_cli *cli, const char *act, json_t *args, json_t **ret,
	     struct mdg_err *err)
{
	return mdg_cli_call_file(cli, act, args, NULL, NULL, ret, err);
}

bool
mdg_cli_call_file(struct mdg_cli *cli, const char *act, json_t *args,
		  bool (*data)(void *arg, struct mdg_span piece,
			       struct mdg_err *err),
		  void *arg, json_t **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_freep) char *request = NULL;
	struct mdg_config conf = {.socket = cli->socket_path};
	struct mdg_chan c;

	if (!cli->socket_path && !mdg_cli_config(cli, &a, &conf, err))
		return false;
	json_t *o = json_pack("{s:s,s:O,s:s?,s:s}", "act", act, "args", args,
			      "as", cli->as_user, "lang",
			      cli->lang == MDG_LANG_JA ? "ja" : "en");
	if (o)
		request = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (!request)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_no_utf8, NULL);
	if (!dial(conf.socket, &c, err))
		return false;
	bool ok = converse(&c, mdg_span_str(request), data, arg, ret,
			   err);
	mdg_chan_clear(&c);
	return ok;
}
