/* madoguchi user, window */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/passkey.h"
#include "madoguchi/desk/calendar.h"

#include "desk.h"

static bool
parse_object(json_t *args, const char *name, struct mdg_err *err)
{
	const char *text = json_string_value(json_object_get(args, name));
	json_error_t e;
	char line[16];

	if (!text)
		return true;
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, &e);
	if (!json_is_object(o)) {
		json_decref(o);
		snprintf(line, sizeof(line), "%d", e.line);
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_cli_no_json, name,
				    line, e.text, NULL);
	}
	json_object_set_new(args, name, o);
	return true;
}

static bool
prepare_window_set(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	(void)cli;
	return parse_object(args, "calendar", err) &&
	       parse_object(args, "policy", err);
}

/* What a window needs and was not given: the calendar and policy of init. */
static bool
prepare_window_add(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	return prepare_window_set(cli, args, err) &&
	       mdg_cli_window_defaults(args, NULL, err);
}

/* The password becomes its key here: it never leaves this process. */
static bool
prepare_password(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	unsigned char key[MDG_PASSKEY_BYTES];
	char hex[2 * MDG_PASSKEY_BYTES + 1];
	struct mdg_passkey_cost cost;

	if (!mdg_cli_read_password(
		    cli, json_string_value(json_object_get(args, "password")),
		    &text, err))
		return false;
	mdg_passkey_cost_new(&cost);
	bool ok = mdg_password_check(mdg_buf_str(&text), err) &&
		  mdg_passkey_derive(mdg_buf_str(&text), &cost, key, err);
	explicit_bzero(text.ptr, text.len);
	json_object_del(args, "password");
	if (!ok)
		return false;
	mdg_hex(key, sizeof(key), hex);
	json_object_set_new(args, "key", json_string(hex));
	mdg_hex(cost.salt, sizeof(cost.salt), hex);
	json_object_set_new(args, "salt", json_string(hex));
	json_object_set_new(args, "ops", json_integer(cost.ops));
	json_object_set_new(args, "mem_bytes", json_integer(cost.mem_bytes));
	explicit_bzero(key, sizeof(key));
	return true;
}

static const struct mdg_col letter_cols[] = {
	{MDG_MSG_col_window, "window", 's', NULL},
	{MDG_MSG_col_from_name, "from_name", 's', NULL},
	{MDG_MSG_col_language, "lang", 's', NULL},
	{MDG_MSG_col_columns, "columns", 'i', NULL},
	{MDG_MSG_col_quote, "quote", 's', NULL},
	{MDG_MSG_col_tag, "tag", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_letter(struct mdg_cli *cli, const json_t *result)
{
	static const struct {
		enum mdg_msg name;
		const char *key;
	} texts[] = {
		{MDG_MSG_col_greeting, "greeting"},
		{MDG_MSG_col_closing_text, "closing"},
		{MDG_MSG_col_signature, "signature"},
		{MDG_MSG_col_greeting_en, "greeting_en"},
		{MDG_MSG_col_closing_en, "closing_en"},
		{MDG_MSG_col_signature_en, "signature_en"},
	};

	mdg_cli_fields(cli, result, letter_cols, mdg_now_s());
	for (size_t i = 0; i < MDG_LEN(texts); i++) {
		const char *text = mdg_json_text(result, texts[i].key);
		if (!*text)
			continue;
		printf("\n%s\n", mdg_msg_text(cli->lang, texts[i].name));
		mdg_cli_text(text, "  ");
	}
}

static void
print_preview(struct mdg_cli *cli, const json_t *result)
{
	(void)cli;
	mdg_cli_text(mdg_json_text(result, "text"), "");
}

/* A day a line: "2026-11-23  -  勤労感謝の日", "2026-11-24  09:00-18:00". */
static void
print_year(struct mdg_cli *cli, const json_t *result)
{
	const json_t *day, *span;
	size_t i, k;

	(void)cli;
	json_array_foreach (json_object_get(result, "days"), i, day) {
		printf("%s ", mdg_json_text(day, "date"));
		json_array_foreach (json_object_get(day, "hours"), k, span)
			printf(" %s-%s",
			       json_string_value(json_array_get(span, 0)),
			       json_string_value(json_array_get(span, 1)));
		printf("%s", k ? "" : " -");
		if (*mdg_json_text(day, "name"))
			mdg_cli_text(mdg_json_text(day, "name"), "  ");
		else
			putchar('\n');
	}
}

static void
print_trial(struct mdg_cli *cli, const json_t *result)
{
	static const struct mdg_col kinds[] = {
		{MDG_MSG_col_kind, "kind", 'w', "clock"},
		{MDG_MSG_col_met_before, "met_before", 'i', NULL},
		{MDG_MSG_col_breached_before, "breached_before", 'i', NULL},
		{MDG_MSG_col_met_after, "met_after", 'i', NULL},
		{MDG_MSG_col_breached_after, "breached_after", 'i', NULL},
		{MDG_MSG_NONE, NULL, 0, NULL},
	};
	static const struct mdg_col changes[] = {
		{MDG_MSG_col_ticket, "ticket", 'i', NULL},
		{MDG_MSG_col_kind, "kind", 'w', "clock"},
		{MDG_MSG_col_before, "before", 'w', "clock_state"},
		{MDG_MSG_col_after, "after", 'w', "clock_state"},
		{MDG_MSG_NONE, NULL, 0, NULL},
	};
	json_t *rows = json_array(), *row;
	const char *kind;
	char n[24];

	json_object_foreach (json_object_get(result, "kinds"), kind, row) {
		row = json_copy(row);
		json_object_set_new(row, "kind", json_string(kind));
		json_array_append_new(rows, row);
	}
	snprintf(n, sizeof(n), "%" PRId64, mdg_json_int(result, "tickets"));
	mdg_cli_say(cli, MDG_MSG_cli_tried, n, NULL);
	mdg_cli_table(cli, rows, kinds, 0);
	mdg_cli_part(cli, result, "changes", changes);
	json_decref(rows);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_people[] = {
	{.cmd = {"user add",
		 "LOGIN --name NAME --email ADDRESS [--window CODE] [--role ROLE] "
		 "[--novice] [--admin] [--uid UID] [--language ja|en]",
		 MDG_MSG_cli_help_user_add, mdg_desk_run},
	 .act = "user.add",
	 .args = {MDG_WORD("login", 's'), MDG_NEED("name", "name", 's'),
		  MDG_NEED("email", "email", 's'),
		  MDG_OPT("window", "window", 's'), MDG_OPT("role", "role", 's'),
		  MDG_OPT("novice", "novice", 'b'), MDG_OPT("admin", "admin", 'b'),
		  MDG_OPT("uid", "uid", 'i'), MDG_OPT("language", "lang", 's')}},
	{.cmd = {"user list", "", MDG_MSG_cli_help_user_list, mdg_desk_run},
	 .act = "user.list",
	 .list = "users", .empty = MDG_MSG_cli_no_users,
	 .cols = {{MDG_MSG_col_login, "login", 's', NULL},
		  {MDG_MSG_col_name, "name", 's', NULL},
		  {MDG_MSG_col_email, "email", 's', NULL},
		  {MDG_MSG_col_window, "window", 's', NULL},
		  {MDG_MSG_col_role, "role", 'w', "role"},
		  {MDG_MSG_col_novice, "novice", 'b', NULL},
		  {MDG_MSG_col_admin, "admin", 'b', NULL},
		  {MDG_MSG_col_disabled, "disabled", 'b', NULL}}},
	{.cmd = {"user disable", "LOGIN", MDG_MSG_cli_help_user_disable,
		 mdg_desk_run},
	 .act = "user.disable", .print = mdg_desk_print_moved,
	 .args = {MDG_WORD("login", 's')}},
	{.cmd = {"user password", "LOGIN [--password-file FILE|-]",
		 MDG_MSG_cli_help_user_password, mdg_desk_run},
	 .act = "user.password",
	 .prepare = prepare_password,
	 .args = {MDG_WORD("login", 's'),
		  MDG_OPT("password-file", "password", 's')}},
	{.cmd = {"user role", "LOGIN --window CODE --role operator|sv|admin|viewer [--novice]",
		 MDG_MSG_cli_help_user_role, mdg_desk_run},
	 .act = "user.role", .print = mdg_desk_print_moved,
	 .args = {MDG_WORD("login", 's'), MDG_NEED("window", "window", 's'),
		  MDG_NEED("role", "role", 's'),
		  MDG_OPT("novice", "novice", 'b')}},
	{.cmd = {"window add",
		 "CODE --address ADDRESS [--name NAME] [--from-name NAME] "
		 "[--approval all|novice|none] [--self-approval] "
		 "[--calendar CAL.json] [--policy POLICY.json] "
		 "[--greeting FILE] [--closing FILE] [--signature FILE]",
		 MDG_MSG_cli_help_window_add, mdg_desk_run},
	 .act = "window.add",
	 .prepare = prepare_window_add,
	 .args = {MDG_WORD("code", 's'), MDG_NEED("address", "address", 's'),
		  MDG_OPT("name", "name", 's'),
		  MDG_OPT("from-name", "from_name", 's'),
		  MDG_OPT("approval", "approval", 's'),
		  MDG_OPT("self-approval", "self_approval", 'b'),
		  MDG_OPT("calendar", "calendar", 'f'),
		  MDG_OPT("policy", "policy", 'f'),
		  MDG_OPT("greeting", "greeting", 'f'),
		  MDG_OPT("closing", "closing", 'f'),
		  MDG_OPT("signature", "signature", 'f')}},
	{.cmd = {"window set",
		 "CODE [--address ADDRESS] [--name NAME] [--from-name NAME] "
		 "[--greeting FILE] [--closing FILE] [--signature FILE] "
		 "[--approval all|novice|none] [--self-approval on|off] "
		 "[--spam POINTS] [--calendar CAL.json] [--policy POLICY.json]",
		 MDG_MSG_cli_help_window_set, mdg_desk_run},
	 .act = "window.set",
	 .prepare = prepare_window_set,
	 .args = {MDG_WORD("window", 's'), MDG_OPT("address", "address", 's'),
		  MDG_OPT("name", "name", 's'),
		  MDG_OPT("from-name", "from_name", 's'),
		  MDG_OPT("greeting", "greeting", 'f'),
		  MDG_OPT("closing", "closing", 'f'),
		  MDG_OPT("signature", "signature", 'f'),
		  MDG_OPT("approval", "approval", 's'),
		  MDG_OPT("self-approval", "self_approval", 's'),
		  MDG_OPT("spam", "spam", 'i'),
		  MDG_OPT("calendar", "calendar", 'f'),
		  MDG_OPT("policy", "policy", 'f')}},
	{.cmd = {"window letter",
		 "CODE [--greeting-en FILE] [--closing-en FILE] "
		 "[--signature-en FILE] [--language ja|en] [--columns N] "
		 "[--quote none|part|whole] [--tag none|head|end]",
		 MDG_MSG_cli_help_window_letter, mdg_desk_run},
	 .act = "window.letter", .print = print_letter,
	 .args = {MDG_WORD("window", 's'),
		  MDG_OPT("greeting-en", "greeting_en", 'f'),
		  MDG_OPT("closing-en", "closing_en", 'f'),
		  MDG_OPT("signature-en", "signature_en", 'f'),
		  MDG_OPT("language", "lang", 's'),
		  MDG_OPT("columns", "columns", 'i'),
		  MDG_OPT("quote", "quote", 's'), MDG_OPT("tag", "tag", 's')}},
	{.cmd = {"window preview",
		 "CODE [--template ID] [--language ja|en] [--columns N] "
		 "[--greeting FILE] [--closing FILE] [--signature FILE] "
		 "[--greeting-en FILE] [--closing-en FILE] "
		 "[--signature-en FILE]",
		 MDG_MSG_cli_help_window_preview, mdg_desk_run},
	 .act = "window.preview", .print = print_preview,
	 .args = {MDG_WORD("window", 's'), MDG_OPT("template", "template", 's'),
		  MDG_OPT("language", "lang", 's'),
		  MDG_OPT("columns", "columns", 'i'),
		  MDG_OPT("greeting", "greeting", 'f'),
		  MDG_OPT("closing", "closing", 'f'),
		  MDG_OPT("signature", "signature", 'f'),
		  MDG_OPT("greeting-en", "greeting_en", 'f'),
		  MDG_OPT("closing-en", "closing_en", 'f'),
		  MDG_OPT("signature-en", "signature_en", 'f')}},
	{.cmd = {"window show", "CODE", MDG_MSG_cli_help_window_show,
		 mdg_desk_run},
	 .act = "window.show", .print = print_letter,
	 .args = {MDG_WORD("window", 's')}},
	{.cmd = {"window calendar", "CODE [--year YEAR] [--calendar CAL.json]",
		 MDG_MSG_cli_help_window_calendar, mdg_desk_run},
	 .act = "calendar.year", .prepare = prepare_window_set,
	 .print = print_year,
	 .args = {MDG_WORD("window", 's'), MDG_OPT("year", "year", 'i'),
		  MDG_OPT("calendar", "calendar", 'f')}},
	{.cmd = {"window try",
		 "CODE [--policy POLICY.json] [--calendar CAL.json] [--days N]",
		 MDG_MSG_cli_help_window_try, mdg_desk_run},
	 .act = "policy.try", .prepare = prepare_window_set,
	 .print = print_trial,
	 .args = {MDG_WORD("window", 's'), MDG_OPT("policy", "policy", 'f'),
		  MDG_OPT("calendar", "calendar", 'f'),
		  MDG_OPT("days", "days", 'i')}},
	{.cmd = {"window receipt", "CODE (--template ID | --off)",
		 MDG_MSG_cli_help_window_receipt, mdg_desk_run},
	 .act = "window.receipt",
	 .args = {MDG_WORD("window", 's'), MDG_OPT("template", "template", 's'),
		  MDG_OPT("off", "off", 'b')}},
	{.cmd = {"window list", "", MDG_MSG_cli_help_window_list, mdg_desk_run},
	 .act = "window.list",
	 .list = "windows", .empty = MDG_MSG_cli_no_windows,
	 .cols = {{MDG_MSG_col_window, "window", 's', NULL},
		  {MDG_MSG_col_name, "name", 's', NULL},
		  {MDG_MSG_col_address, "address", 's', NULL},
		  {MDG_MSG_col_from_name, "from_name", 's', NULL},
		  {MDG_MSG_col_approval, "approval", 'w', "approval"},
		  {MDG_MSG_col_self_approval, "self_approval", 'b', NULL},
		  {MDG_MSG_col_receipt, "receipt", 's', NULL}}},
	{.cmd = {.name = NULL}},
};
// clang-format on
