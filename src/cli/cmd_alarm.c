/* madoguchi alarm, metrics: what is wrong, and who is told. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/str.h"

#include "desk.h"

static void
print_settings(struct mdg_cli *cli, const json_t *result)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf to = {0};
	const json_t *list = json_object_get(result, "to");
	json_t *v;
	size_t i;

	json_array_foreach (list, i, v)
		mdg_buf_printf(&to, "%s%s", i ? ", " : "",
			       json_string_value(v));
	mdg_cli_say(cli, MDG_MSG_cli_alarm_settings,
		    to.len ? mdg_buf_str(&to) : "-",
		    *mdg_json_text(result, "mailbox")
			    ? mdg_json_text(result, "mailbox")
			    : "-",
		    mdg_json_text(result, "heartbeat"),
		    mdg_json_text(result, "mail"), NULL);
}

static void
print_account(struct mdg_cli *cli, const json_t *result)
{
	mdg_cli_say(cli, MDG_MSG_cli_alarm_account,
		    mdg_json_text(result, "mailbox"), NULL);
}

static void
print_test(struct mdg_cli *cli, const json_t *result)
{
	char id[24];

	snprintf(id, sizeof(id), "%" PRId64, mdg_json_int(result, "outbox"));
	mdg_cli_say(cli, MDG_MSG_cli_alarm_test, id, NULL);
}

static void
print_metrics(struct mdg_cli *cli, const json_t *result)
{
	(void)cli;
	fputs(mdg_json_text(result, "text"), stdout);
}

static int
list_status(const json_t *result)
{
	return mdg_json_int(result, "open") > 0 ? 1 : EX_OK;
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_alarm[] = {
	{.cmd = {"alarm list", "", MDG_MSG_cli_help_alarm_list, mdg_desk_run},
	 .act = "alarm.list",
	 .list = "alarms", .empty = MDG_MSG_cli_alarm_none,
	 .cols = {{MDG_MSG_col_since, "raised_s", 't', NULL},
		  {MDG_MSG_col_what, "kind", 'w', "alarm"},
		  {MDG_MSG_col_state, "state", 'w', "alarm_state"},
		  {MDG_MSG_col_message, "text", 's', NULL}},
	 .status = list_status},
	{.cmd = {"alarm set",
		 "[--to ADDRESS]... [--mailbox NAME] [--heartbeat HH:MM|off] "
		 "[--mail on|off]",
		 MDG_MSG_cli_help_alarm_set, mdg_desk_run},
	 .act = "alarm.set", .print = print_settings,
	 .args = {MDG_OPT("to", "to", 'a'), MDG_OPT("mailbox", "mailbox", 's'),
		  MDG_OPT("heartbeat", "heartbeat", 's'),
		  MDG_OPT("mail", "mail", 's')}},
	{.cmd = {"alarm account",
		 "--address ADDRESS --smtp HOST[:PORT] "
		 "[--smtp-tls implicit|starttls|none] [--login LOGIN] "
		 "[--password-file FILE|-] [--ca FILE] [--name NAME]",
		 MDG_MSG_cli_help_alarm_account, mdg_desk_run},
	 .act = "alarm.account", .print = print_account,
	 .prepare = mdg_cli_prepare_account,
	 .args = {MDG_NEED("address", "address", 's'),
		  MDG_NEED("smtp", "smtp_host", 's'),
		  MDG_OPT("smtp-tls", "smtp_tls", 's'),
		  MDG_OPT("login", "login", 's'),
		  MDG_OPT("password-file", "password", 's'),
		  MDG_OPT("ca", "ca_file", 's'), MDG_OPT("name", "name", 's')}},
	{.cmd = {"alarm test", "", MDG_MSG_cli_help_alarm_test, mdg_desk_run},
	 .act = "alarm.test", .print = print_test},
	{.cmd = {"metrics", "", MDG_MSG_cli_help_metrics, mdg_desk_run},
	 .act = "metrics", .print = print_metrics},
	{.cmd = {.name = NULL}},
};
// clang-format on
