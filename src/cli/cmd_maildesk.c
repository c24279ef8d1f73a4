/* madoguchi maildesk, user mail: people who work by mail. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"

#include "desk.h"

static void
print_test(struct mdg_cli *cli, const json_t *result)
{
	char n[24];

	snprintf(n, sizeof(n), "%lld",
		 (long long)mdg_json_int(result, "sent"));
	mdg_cli_say(cli, MDG_MSG_cli_maildesk_tested, n, NULL);
}

/* Who works by mail, what the desk believes, and what it refused. */
static void
print_status(struct mdg_cli *cli, const json_t *result)
{
	static const struct mdg_col settings[] = {
		{MDG_MSG_col_server, "server", 's', NULL},
		{MDG_MSG_col_route, "route", 's', NULL},
		{MDG_MSG_col_tenant, "tenant", 's', NULL},
		{MDG_MSG_col_plus, "plus", 's', NULL},
		{MDG_MSG_col_at_night, "at_night", 's', NULL},
		{.key = NULL}};
	static const struct mdg_col people[] = {
		{MDG_MSG_col_login, "login", 's', NULL},
		{MDG_MSG_col_name, "name", 's', NULL},
		{MDG_MSG_col_email, "email", 's', NULL},
		{MDG_MSG_col_evidence, "evidence", 'w', "evidence"},
		{MDG_MSG_col_tested, "seen_s", 't', NULL},
		{MDG_MSG_col_sign_kept, "signature", 'b', NULL},
		{MDG_MSG_col_disabled, "disabled", 'b', NULL},
		{.key = NULL}};
	static const struct mdg_col refused[] = {
		{MDG_MSG_col_when, "done_s", 't', NULL},
		{MDG_MSG_col_login, "login", 's', NULL},
		{MDG_MSG_col_ticket, "ticket", 'i', NULL},
		{MDG_MSG_col_what, "what", 's', NULL},
		{MDG_MSG_col_refused, "reason", 's', NULL},
		{.key = NULL}};

	const json_t *set = json_object_get(result, "settings");
	char n[24];

	if (!json_array_size(json_object_get(result, "people")))
		mdg_cli_say(cli, MDG_MSG_cli_maildesk_nobody, NULL);
	mdg_cli_fields(cli, set, settings, 0);
	snprintf(n, sizeof(n), "%" PRId64, mdg_json_int(result, "waiting"));
	if (mdg_json_int(result, "waiting"))
		mdg_cli_say(cli,
			    mdg_streq(mdg_json_text(set, "at_night"), "on")
				    ? MDG_MSG_cli_maildesk_waiting
				    : MDG_MSG_cli_maildesk_waiting_hours,
			    n, NULL);
	mdg_cli_part(cli, result, "people", people);
	mdg_cli_part(cli, result, "refused", refused);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_maildesk[] = {
	{.cmd = {"maildesk set",
		 "[--server NAME|-] [--route ADDRESS[/BITS]|local|-] "
		 "[--tenant ID|-] [--plus on|off] [--at-night on|off]",
		 MDG_MSG_cli_help_maildesk_set, mdg_desk_run},
	 .act = "maildesk.set",
	 .args = {MDG_OPT("server", "server", 's'), MDG_OPT("route", "route", 's'),
		  MDG_OPT("tenant", "tenant", 's'),
		  MDG_OPT("plus", "plus", 's'),
		  MDG_OPT("at-night", "at_night", 's')}},
	{.cmd = {"maildesk status", "", MDG_MSG_cli_help_maildesk_status,
		 mdg_desk_run},
	 .act = "maildesk.status", .print = print_status},
	{.cmd = {"maildesk test", "[LOGIN]", MDG_MSG_cli_help_maildesk_test,
		 mdg_desk_run},
	 .act = "maildesk.test", .print = print_test,
	 .args = {MDG_MAYBE("login", 's')}},
	{.cmd = {"user mail", "LOGIN on|off [--signature FILE]",
		 MDG_MSG_cli_help_user_mail, mdg_desk_run},
	 .act = "user.mail",
	 .args = {MDG_WORD("login", 's'), MDG_WORD("how", 's'),
		  MDG_OPT("signature", "signature", 'f')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
