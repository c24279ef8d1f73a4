/* madoguchi audit: the chain of events, and who looked at what. */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "desk.h"

static int
run_verify(struct mdg_cli *cli, int argc, char **argv)
{
	const char *head = NULL;
	bool offline = false;
	const struct mdg_opt opts[] = {
		{"offline", NULL, &offline},
		{"head", &head, NULL},
		{NULL, NULL, NULL},
	};

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc > 0)
		return mdg_cli_usage(cli);
	json_t *args = json_object();
	if (head)
		json_object_set_new(args, "head", json_string(head));
	int status =
		offline ? mdg_cli_audit_offline(cli, args)
			: mdg_desk_do(cli,
				      (const struct mdg_desk_cmd *)cli->cmd,
				      args);
	json_decref(args);
	return status;
}

static void
print_head(struct mdg_cli *cli, const json_t *result)
{
	char seq[24], at[32];

	if (!json_object_get(result, "head_found"))
		return;
	if (!json_is_true(json_object_get(result, "head_found"))) {
		mdg_cli_say(cli, MDG_MSG_cli_audit_head_none, NULL);
		return;
	}
	snprintf(seq, sizeof(seq), "%" PRId64,
		 mdg_json_int(result, "head_seq"));
	mdg_cli_say(cli, MDG_MSG_cli_audit_head, seq,
		    mdg_time_rfc3339(mdg_json_int(result, "head_time_s"), at,
				     sizeof(at)),
		    NULL);
}

static void
print_audit(struct mdg_cli *cli, const json_t *result)
{
	const char *fault = mdg_json_text(result, "fault");
	char events[24], erased[24];

	snprintf(events, sizeof(events), "%" PRId64,
		 mdg_json_int(result, "events"));
	snprintf(erased, sizeof(erased), "%" PRId64,
		 mdg_json_int(result, "erased"));
	if (*fault)
		mdg_cli_say(cli, MDG_MSG_cli_audit_bad, fault, NULL);
	else
		mdg_cli_say(cli, MDG_MSG_cli_audit_ok, events, erased,
			    mdg_json_text(result, "head"), NULL);
	print_head(cli, result);
}

static int
audit_status(const json_t *result)
{
	return *mdg_json_text(result, "fault") || json_is_false(json_object_get(
							  result, "head_found"))
		       ? EX_DATAERR
		       : EX_OK;
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_audit[] = {
	{.cmd = {"audit verify", "[--offline] [--head HASH]",
		 MDG_MSG_cli_help_audit, run_verify},
	 .act = "audit.verify", .print = print_audit,
	 .status = audit_status},
	{.cmd = {"audit search",
		 "[--user USER] [--kind KIND] [--ticket TICKET] [--from DATE] "
		 "[--to DATE] [--before PLACE] [--limit N]",
		 MDG_MSG_cli_help_audit_search, mdg_desk_run},
	 .act = "audit.search",
	 .list = "events", .empty = MDG_MSG_cli_audit_no_events,
	 .cols = {{MDG_MSG_col_when, "time_s", 't', NULL},
		  {MDG_MSG_col_who, "actor", 's', NULL},
		  {MDG_MSG_col_user, "login", 's', NULL},
		  {MDG_MSG_col_what, "kind", 's', NULL},
		  {MDG_MSG_col_ticket, "ticket", 'i', NULL}},
	 .args = {MDG_OPT("user", "user", 's'), MDG_OPT("kind", "kind", 's'),
		  MDG_OPT("ticket", "ticket", 'i'),
		  MDG_OPT("from", "from", 's'), MDG_OPT("to", "to", 's'),
		  MDG_OPT("before", "before", 's'),
		  MDG_OPT("limit", "limit", 'i')}},
	{.cmd = {"audit views", "[--ticket TICKET] [--user USER] [--days N]",
		 MDG_MSG_cli_help_audit_views, mdg_desk_run},
	 .act = "audit.views",
	 .list = "views", .empty = MDG_MSG_cli_audit_no_views,
	 .cols = {{MDG_MSG_col_when, "last_s", 't', NULL},
		  {MDG_MSG_col_who, "actor", 's', NULL},
		  {MDG_MSG_col_user, "login", 's', NULL},
		  {MDG_MSG_col_what, "kind", 'w', "view"},
		  {MDG_MSG_col_ticket, "ticket", 'i', NULL},
		  {MDG_MSG_col_times, "n", 'i', NULL}},
	 .args = {MDG_OPT("ticket", "ticket", 'i'),
		  MDG_OPT("user", "user", 's'),
		  MDG_OPT("days", "days", 'i')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
