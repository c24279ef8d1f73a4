/* madoguchi mailbox: the accounts that mail comes in and goes out by. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/str.h"
#include "madoguchi/mail/utf7imap.h"

#include "desk.h"

/* "host", "host:993", "[::1]:993": into HOST and PORT arguments. */
static bool
split_host(json_t *args, const char *host_arg, const char *port_arg,
	   struct mdg_err *err)
{
	const char *s = json_string_value(json_object_get(args, host_arg));
	int64_t port;

	if (!s)
		return true;
	MDG_AUTO(mdg_freep) char *host = mdg_strdup(s);
	char *name = host, *colon = strrchr(host, ':');
	if (*host == '[' && strchr(host, ']')) {
		name = host + 1;
		char *end = strchr(host, ']');
		*end = '\0';
		colon = end[1] == ':' ? end + 1 : NULL;
	} else if (colon && strchr(host, ':') != colon) {
		colon = NULL; /* a bare IPv6 address */
	}
	if (colon) {
		*colon = '\0';
		if (!mdg_str_i64(colon + 1, 1, 65535, &port))
			return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_port_bad,
					    NULL);
		json_object_set_new(args, port_arg, json_integer(port));
	}
	json_object_set_new(args, host_arg, json_string(name));
	return true;
}

/* The argument holds the file's name; afterwards the password itself. */
static bool
password(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const char *file =
		json_string_value(json_object_get(args, "password"));

	if (!mdg_cli_read_password(cli, file, &text, err))
		return false;
	json_object_set_new(args, "password", json_string(mdg_buf_str(&text)));
	explicit_bzero(text.ptr, text.len);
	return true;
}

bool
mdg_cli_prepare_account(struct mdg_cli *cli, json_t *args,
			struct mdg_err *err)
{
	return split_host(args, "imap_host", "imap_port", err) &&
	       split_host(args, "smtp_host", "smtp_port", err) &&
	       (mdg_streq(mdg_json_text(args, "auth"), "oauth2") ||
		password(cli, args, err));
}

/* Of an account that is there: what is not given stays. */
static bool
prepare_change(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	return split_host(args, "imap_host", "imap_port", err) &&
	       split_host(args, "smtp_host", "smtp_port", err) &&
	       (!json_object_get(args, "password") ||
		password(cli, args, err));
}

/* "imap.login": the protocol and the word of the step. */
static void
print_step(struct mdg_cli *cli, const json_t *s)
{
	bool ok = json_is_true(json_object_get(s, "ok"));
	const char *name = mdg_json_text(s, "step");
	const char *dot = strchr(name, '.');

	const json_t *ms = json_object_get(s, "ms");
	bool unsaid = json_is_false(json_object_get(s, "said"));

	printf("%s  ", unsaid ? "--" : ok ? "OK" : "NG");
	if (dot)
		printf("%.*s ", (int)(dot - name), name);
	printf("%s", mdg_cli_word(cli, "step", dot ? dot + 1 : name));
	if (ms)
		printf("  %" PRId64 " ms", (int64_t)json_integer_value(ms));
	putchar('\n');
	mdg_cli_text(mdg_json_text(s, "message"), "    ");
}

static void
print_steps(struct mdg_cli *cli, const json_t *result)
{
	json_t *steps = json_object_get(result, "steps"), *s;
	size_t i;

	json_array_foreach (steps, i, s)
		print_step(cli, s);
}

static void
print_test(struct mdg_cli *cli, const json_t *result)
{
	print_steps(cli, result);
	mdg_cli_say(cli,
		    json_is_true(json_object_get(result, "ok"))
			    ? MDG_MSG_cli_test_ok
			    : MDG_MSG_cli_test_failed,
		    NULL);
}

static int
test_status(const json_t *result)
{
	return json_is_true(json_object_get(result, "ok")) ? EX_OK
							   : EX_UNAVAILABLE;
}

static void
print_changed(struct mdg_cli *cli, const json_t *result)
{
	print_steps(cli, result);
	mdg_cli_say(cli,
		    json_is_true(json_object_get(result, "saved"))
			    ? MDG_MSG_cli_mailbox_saved
			    : MDG_MSG_cli_mailbox_kept,
		    mdg_json_text(result, "mailbox"), NULL);
	if (json_is_true(json_object_get(result, "moved")))
		mdg_cli_say(cli, MDG_MSG_cli_mailbox_moved, NULL);
}

static int
change_status(const json_t *result)
{
	return json_is_true(json_object_get(result, "saved")) ? EX_OK
							      : EX_UNAVAILABLE;
}

static void
print_account(struct mdg_cli *cli, const json_t *result)
{
	static const struct mdg_col cols[] = {
		{MDG_MSG_col_mailbox, "mailbox", 's', NULL},
		{MDG_MSG_col_address, "address", 's', NULL},
		{MDG_MSG_col_imap, "imap_host", 's', NULL},
		{MDG_MSG_col_port, "imap_port", 'i', NULL},
		{MDG_MSG_col_tls, "imap_tls", 's', NULL},
		{MDG_MSG_col_smtp, "smtp_host", 's', NULL},
		{MDG_MSG_col_port, "smtp_port", 'i', NULL},
		{MDG_MSG_col_tls, "smtp_tls", 's', NULL},
		{MDG_MSG_col_login, "login", 's', NULL},
		{MDG_MSG_col_sign_in, "auth", 's', NULL},
		{MDG_MSG_col_ca, "ca_file", 's', NULL},
		{MDG_MSG_col_sent_folder, "sent_folder", 's', NULL},
		{0},
	};
	static const struct mdg_col folder[] = {
		{MDG_MSG_col_folder, "folder", 's', NULL}, {0}};
	json_t *names = json_object_get(result, "folders"), *v, *one;
	size_t i;

	mdg_cli_fields(cli, result, cols, 0);
	json_array_foreach (names, i, v) {
		one = json_pack("{s:O}", "folder", v);
		mdg_cli_fields(cli, one, folder, 0);
		json_decref(one);
	}
}

static void
print_added(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_say(cli, MDG_MSG_cli_mailbox_added,
		    mdg_json_text(result, "mailbox"), NULL);
}

static void
print_folder_added(struct mdg_cli *cli, const json_t *result)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};

	mdg_utf7imap_show(mdg_json_text(result, "folder"), &name);
	mdg_cli_say(cli, MDG_MSG_cli_folder_added,
		    mdg_json_text(result, "mailbox"), mdg_buf_str(&name), NULL);
}

static void
print_policy(struct mdg_cli *cli, const json_t *result)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};

	mdg_utf7imap_show(mdg_json_text(result, "folder"), &name);
	mdg_cli_say(cli, MDG_MSG_cli_policy_set,
		    mdg_json_text(result, "mailbox"), mdg_buf_str(&name),
		    mdg_cli_word(cli, "policy",
				 mdg_json_text(result, "policy")),
		    NULL);
}

static void
print_oauth(struct mdg_cli *cli, const json_t *result)
{
	static const struct mdg_col cols[] = {
		{MDG_MSG_col_mailbox, "mailbox", 's', NULL},
		{MDG_MSG_col_flow, "flow", 's', NULL},
		{MDG_MSG_col_state, "state", 's', NULL},
		{MDG_MSG_col_expires, "expires_s", 't', NULL},
		{MDG_MSG_NONE, NULL, 0, NULL},
	};

	mdg_cli_fields(cli, result, cols, 0);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_mailbox[] = {
	{.cmd = {"mailbox add",
		 "--address ADDRESS --window CODE --imap HOST[:PORT] "
		 "[--imap-tls implicit|starttls|none] [--smtp HOST[:PORT]] "
		 "[--smtp-tls implicit|starttls|none] [--login LOGIN] "
		 "[--password-file FILE|-] [--ca FILE] [--since all|now|DAYS] "
		 "[--folder NAME]... [--name NAME] [--for-domain DOMAIN] "
		 "[--sent-folder NAME] [--no-sent] [--auth password|oauth2]",
		 MDG_MSG_cli_help_mailbox_add, mdg_desk_run},
	 .act = "mailbox.add",
	 .prepare = mdg_cli_prepare_account,
	 .print = print_added,
	 .args = {MDG_NEED("address", "address", 's'),
		  MDG_NEED("window", "window", 's'),
		  MDG_NEED("imap", "imap_host", 's'),
		  MDG_OPT("imap-tls", "imap_tls", 's'),
		  MDG_OPT("smtp", "smtp_host", 's'),
		  MDG_OPT("smtp-tls", "smtp_tls", 's'),
		  MDG_OPT("login", "login", 's'),
		  MDG_OPT("password-file", "password", 's'),
		  MDG_OPT("ca", "ca_file", 's'), MDG_OPT("since", "since", 's'),
		  MDG_OPT("folder", "folders", 'a'), MDG_OPT("name", "name", 's'),
		  MDG_OPT("for-domain", "for_domain", 's'),
		  MDG_OPT("sent-folder", "sent_folder", 's'),
		  MDG_OPT("auth", "auth", 's'),
		  MDG_OPT("no-sent", "no_sent", 'b')}},
	{.cmd = {"mailbox list", "", MDG_MSG_cli_help_mailbox_list,
		 mdg_desk_run},
	 .act = "mailbox.list",
	 .list = "mailboxes", .empty = MDG_MSG_cli_no_mailboxes,
	 .cols = {{MDG_MSG_col_mailbox, "mailbox", 's', NULL},
		  {MDG_MSG_col_address, "address", 's', NULL},
		  {MDG_MSG_col_imap, "imap_host", 's', NULL},
		  {MDG_MSG_col_port, "imap_port", 'i', NULL},
		  {MDG_MSG_col_smtp, "smtp_host", 's', NULL},
		  {MDG_MSG_col_port, "smtp_port", 'i', NULL},
		  {MDG_MSG_col_folder, "folder", 'm', NULL},
		  {MDG_MSG_col_reading, "role", 'w', "folder"},
		  {MDG_MSG_col_policy, "policy", 'w', "policy"},
		  {MDG_MSG_col_synced, "synced_s", 't', NULL},
		  {MDG_MSG_col_access, "access", 'w', "access"},
		  {MDG_MSG_col_problem, "problem", 's', NULL}}},
	{.cmd = {"folder list", "NAME", MDG_MSG_cli_help_mailbox_folders,
		 mdg_desk_run},
	 .act = "mailbox.folders",
	 .list = "folders", .empty = MDG_MSG_cli_no_folders,
	 .cols = {{MDG_MSG_col_folder, "name", 's', NULL},
		  {MDG_MSG_col_use, "use", 'w', "use"},
		  {MDG_MSG_col_reading, "role", 'w', "folder"},
		  {MDG_MSG_col_server_name, "folder", 's', NULL}},
	 .args = {MDG_WORD("name", 's')}},
	{.cmd = {"folder add", "NAME FOLDER [--since all|now|DAYS] "
		 "[--sent | --junk]", MDG_MSG_cli_help_folder_add, mdg_desk_run},
	 .act = "mailbox.folder.add", .print = print_folder_added,
	 .args = {MDG_WORD("name", 's'), MDG_WORD("folder", 's'),
		  MDG_OPT("since", "since", 's'), MDG_OPT("sent", "sent", 'b'),
		  MDG_OPT("junk", "junk", 'b')}},
	{.cmd = {"folder remove", "NAME FOLDER",
		 MDG_MSG_cli_help_folder_remove, mdg_desk_run},
	 .act = "mailbox.folder.remove",
	 .args = {MDG_WORD("name", 's'), MDG_WORD("folder", 's')}},
	{.cmd = {"folder policy", "NAME leave|keyword|move|delete "
		 "[--target FOLDER] [--days N] [--folder FOLDER]",
		 MDG_MSG_cli_help_mailbox_policy, mdg_desk_run},
	 .act = "mailbox.policy", .print = print_policy,
	 .args = {MDG_WORD("name", 's'), MDG_WORD("policy", 's'),
		  MDG_OPT("target", "target", 's'), MDG_OPT("days", "days", 'i'),
		  MDG_OPT("folder", "folder", 's')}},
	{.cmd = {"mailbox test", "NAME [--mail]", MDG_MSG_cli_help_mailbox_test,
		 mdg_desk_run},
	 .act = "mailbox.test",
	 .print = print_test,
	 .status = test_status,
	 .args = {MDG_WORD("name", 's'), MDG_OPT("mail", "mail", 'b')}},
	{.cmd = {"mailbox show", "NAME", MDG_MSG_cli_help_mailbox_show,
		 mdg_desk_run},
	 .act = "mailbox.show", .print = print_account,
	 .args = {MDG_WORD("name", 's')}},
	{.cmd = {"mailbox change",
		 "NAME [--name NEW] [--imap HOST[:PORT]] "
		 "[--imap-tls implicit|starttls|none] [--smtp HOST[:PORT]] "
		 "[--smtp-tls implicit|starttls|none] [--login LOGIN] "
		 "[--password-file FILE|-] [--ca FILE] [--folder NAME]... "
		 "[--since all|now|DAYS] [--sent-folder NAME] [--no-sent] "
		 "[--untested]",
		 MDG_MSG_cli_help_mailbox_change, mdg_desk_run},
	 .act = "mailbox.change",
	 .prepare = prepare_change,
	 .print = print_changed,
	 .status = change_status,
	 .args = {MDG_WORD("name", 's'), MDG_OPT("name", "new_name", 's'),
		  MDG_OPT("imap", "imap_host", 's'),
		  MDG_OPT("imap-tls", "imap_tls", 's'),
		  MDG_OPT("smtp", "smtp_host", 's'),
		  MDG_OPT("smtp-tls", "smtp_tls", 's'),
		  MDG_OPT("login", "login", 's'),
		  MDG_OPT("password-file", "password", 's'),
		  MDG_OPT("ca", "ca_file", 's'),
		  MDG_OPT("folder", "folders", 'a'),
		  MDG_OPT("since", "since", 's'),
		  MDG_OPT("sent-folder", "sent_folder", 's'),
		  MDG_OPT("no-sent", "no_sent", 'b'),
		  MDG_OPT("untested", "untested", 'b')}},
	{.cmd = {"mailbox remove", "NAME", MDG_MSG_cli_help_mailbox_remove,
		 mdg_desk_run},
	 .act = "mailbox.remove",
	 .args = {MDG_WORD("name", 's')}},
	{.cmd = {"mailbox password", "NAME [--password-file FILE|-]",
		 MDG_MSG_cli_help_mailbox_password, mdg_desk_run},
	 .act = "mailbox.password",
	 .prepare = password,
	 .args = {MDG_WORD("name", 's'),
		  MDG_OPT("password-file", "password", 's')}},
	{.cmd = {"mailbox oauth", "NAME", MDG_MSG_cli_help_mailbox_oauth,
		 mdg_desk_run},
	 .act = "mailbox.oauth.show", .print = print_oauth,
	 .args = {MDG_WORD("name", 's')}},
	{.cmd = {"mailbox authorize",
		 "NAME [--provider google|microsoft|other] [--client-id ID] "
		 "[--client-secret-file FILE|-] [--tenant TENANT] "
		 "[--flow device|code|client] [--token-url URL] "
		 "[--device-url URL] [--authorize-url URL] [--scope SCOPE] "
		 "[--redirect-uri URI] [--ca FILE]",
		 MDG_MSG_cli_help_mailbox_authorize, mdg_desk_run},
	 .act = "mailbox.authorize",
	 .prepare = mdg_cli_authorize_prepare,
	 .then = mdg_cli_authorize,
	 .args = {MDG_WORD("name", 's'), MDG_OPT("provider", "provider", 's'),
		  MDG_OPT("client-id", "client_id", 's'),
		  MDG_OPT("client-secret-file", "client_secret", 's'),
		  MDG_OPT("tenant", "tenant", 's'), MDG_OPT("flow", "flow", 's'),
		  MDG_OPT("token-url", "token_url", 's'),
		  MDG_OPT("device-url", "device_url", 's'),
		  MDG_OPT("authorize-url", "authorize_url", 's'),
		  MDG_OPT("scope", "scope", 's'),
		  MDG_OPT("redirect-uri", "redirect_uri", 's'),
		  MDG_OPT("ca", "ca_file", 's')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
