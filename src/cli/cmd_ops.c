/* madoguchi status, reconcile, golive */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/utf7imap.h"

#include "desk.h"

/* ---- status ---- */

static void
print_counts(struct mdg_cli *cli, const json_t *result, enum mdg_msg title,
	     const char *key, const char *group)
{
	json_t *o = json_object_get(result, key), *v;
	const char *code;

	printf("%s:", mdg_msg_text(cli->lang, title));
	if (json_object_size(o) == 0)
		fputs(" 0", stdout);
	json_object_foreach(o, code, v)
		printf("  %s %" PRId64, mdg_cli_word(cli, group, code),
		       (int64_t)json_integer_value(v));
	putchar('\n');
}

static const struct mdg_col folder_cols[] = {
	{MDG_MSG_col_mailbox, "mailbox", 's', NULL},
	{MDG_MSG_col_folder, "folder", 'm', NULL},
	{MDG_MSG_col_synced, "synced_s", 't', NULL},
	{MDG_MSG_col_access, "access", 'w', "access"},
	{MDG_MSG_col_compared, "clean_s", 't', NULL},
	{MDG_MSG_col_problem, "problem", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col quota_cols[] = {
	{MDG_MSG_col_mailbox, "mailbox", 's', NULL},
	{MDG_MSG_col_quota_used, "used_bytes", 'B', NULL},
	{MDG_MSG_col_quota_limit, "limit_bytes", 'B', NULL},
	{MDG_MSG_col_quota_percent, "percent", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col status_cols[] = {
	{MDG_MSG_col_sending, "sending", 'w', "sending"},
	{MDG_MSG_col_store, "store_bytes", 'B', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

/* What is wrong stands first. */
static void
print_alarms(struct mdg_cli *cli, const json_t *result)
{
	json_t *list = json_object_get(result, "alarms"), *v;
	char n[24];
	size_t i;

	snprintf(n, sizeof(n), "%" PRId64, mdg_json_int(result, "open"));
	mdg_cli_say(cli, MDG_MSG_cli_status_alarms, n, NULL);
	json_array_foreach (list, i, v)
		mdg_cli_text(mdg_json_text(v, "text"), "  ! ");
}

static void
print_scanner(struct mdg_cli *cli, const json_t *result)
{
	const char *state = mdg_json_text(result, "scanner");
	char n[24];

	if (!*state)
		return;
	snprintf(n, sizeof(n), "%" PRId64, mdg_json_int(result, "unscanned"));
	mdg_cli_say(cli, MDG_MSG_cli_status_scan,
		    mdg_cli_word(cli, "scanner", state), n, NULL);
}

static int
run_status(struct mdg_cli *cli, int argc, char **argv)
{
	bool check = false;
	const struct mdg_opt opts[] = {
		{"check", NULL, &check},
		{NULL, NULL, NULL},
	};
	json_t *args, *result;
	struct mdg_err err;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc > 0)
		return mdg_cli_usage(cli);
	args = json_object();
	bool ok = mdg_cli_call(cli, "status", args, &result, &err);
	json_decref(args);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	int status = mdg_desk_show(cli, result);
	if (check && mdg_json_int(result, "open") > 0)
		status = 1;
	json_decref(result);
	return status;
}

/* With a word to those that will bounce mail soon. */
static void
print_quotas(struct mdg_cli *cli, const json_t *quotas, int64_t now_s)
{
	json_t *q;
	size_t i;

	if (json_array_size(quotas) == 0)
		return;
	putchar('\n');
	mdg_cli_table(cli, quotas, quota_cols, now_s);
	json_array_foreach(quotas, i, q)
		if (json_is_true(json_object_get(q, "nearly_full")))
			mdg_cli_say(cli, MDG_MSG_cli_quota_warning,
				    mdg_json_text(q, "mailbox"), NULL);
}

static void
print_status(struct mdg_cli *cli, const json_t *result)
{
	const json_t *folders = json_object_get(result, "folders");
	int64_t now_s = mdg_json_int(result, "now_s");

	print_alarms(cli, result);
	mdg_cli_fields(cli, result, status_cols, now_s);
	print_counts(cli, result, MDG_MSG_cli_status_tickets, "tickets",
		     "ticket");
	print_counts(cli, result, MDG_MSG_cli_status_clocks, "clocks",
		     "clock_state");
	print_counts(cli, result, MDG_MSG_cli_status_mails, "deliveries",
		     "delivery");
	print_counts(cli, result, MDG_MSG_cli_status_outbox, "outbox",
		     "outbox");
	print_scanner(cli, result);
	putchar('\n');
	if (json_array_size(folders) == 0)
		mdg_cli_say(cli, MDG_MSG_cli_no_mailboxes, NULL);
	else
		mdg_cli_table(cli, folders, folder_cols, now_s);
	print_quotas(cli, json_object_get(result, "quotas"), now_s);
}

/* ---- reconcile ---- */

static const struct mdg_col reconcile_cols[] = {
	{MDG_MSG_col_mailbox, "mailbox", 's', NULL},
	{MDG_MSG_col_folder, "folder", 'm', NULL},
	{MDG_MSG_col_server, "server", 'i', NULL},
	{MDG_MSG_col_stored, "stored", 'i', NULL},
	{MDG_MSG_col_quarantined, "quarantined", 'i', NULL},
	{MDG_MSG_col_erased, "erased", 'i', NULL},
	{MDG_MSG_col_ignored, "ignored", 'i', NULL},
	{MDG_MSG_col_waiting, "waiting", 'i', NULL},
	{MDG_MSG_col_missing, "missing", 'i', NULL},
	{MDG_MSG_col_vanished, "vanished", 'i', NULL},
	{MDG_MSG_col_gone_policy, "gone_by_policy", 'i', NULL},
	{MDG_MSG_col_gone_others, "gone_by_others", 'i', NULL},
	{MDG_MSG_col_problem, "problem", 'w', "problem"},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_difference(struct mdg_cli *cli, const json_t *folder, const json_t *d)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	const char *state = mdg_json_text(d, "state");

	mdg_buf_printf(
		&line, "%s / ", mdg_json_text(folder, "mailbox"));
	mdg_utf7imap_show(mdg_json_text(folder, "folder"), &line);
	mdg_buf_printf(
		&line, ": UID %" PRId64 " %s", mdg_json_int(d, "uid"),
		mdg_cli_word(cli, "difference", mdg_json_text(d, "what")));
	if (*state)
		mdg_buf_printf(&line, " (%s)",
			       mdg_cli_word(cli, "delivery", state));
	mdg_cli_text(mdg_buf_str(&line), "  ");
}

static void
print_reconcile(struct mdg_cli *cli, const json_t *result)
{
	const json_t *folders = json_object_get(result, "folders");
	json_t *f, *d;
	size_t i, k;

	if (json_array_size(folders) == 0) {
		mdg_cli_say(cli, MDG_MSG_cli_no_mailboxes, NULL);
		return;
	}
	mdg_cli_table(cli, folders, reconcile_cols, 0);
	json_array_foreach(folders, i, f)
		json_array_foreach(json_object_get(f, "differences"), k, d)
			print_difference(cli, f, d);
	mdg_cli_say(cli,
		    json_is_true(json_object_get(result, "ok"))
			    ? MDG_MSG_cli_reconcile_ok
			    : MDG_MSG_cli_reconcile_bad,
		    NULL);
}

static int
reconcile_status(const json_t *result)
{
	return json_is_true(json_object_get(result, "ok")) ? EX_OK : EX_DATAERR;
}

/* ---- golive ---- */

/* "now", a date (its midnight here) or a time: unix seconds. */
static bool
prepare_golive(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	const char *s = json_string_value(json_object_get(args, "from_s"));
	int64_t t_s;

	(void)cli;
	if (!s)
		return true;
	if (mdg_streq(s, "now")) {
		t_s = mdg_now_s();
	} else if (!mdg_time_parse(s, &t_s)) {
		struct tm tm = {.tm_isdst = -1};
		const char *end = strptime(s, "%Y-%m-%d", &tm);
		if (!end || *end)
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_golive_from, s, NULL);
		t_s = (int64_t)mktime(&tm);
	}
	json_object_set_new(args, "from_s", json_integer(t_s));
	return true;
}

static const struct mdg_col picked_cols[] = {
	{MDG_MSG_col_ticket, "ticket", 'i', NULL},
	{MDG_MSG_col_received, "inbound_s", 't', NULL},
	{MDG_MSG_col_subject, "subject", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static void
print_picked(struct mdg_cli *cli, const json_t *result)
{
	const json_t *picked = json_object_get(result, "picked");
	bool dry = json_is_true(json_object_get(result, "dry_run"));
	char n[24];
	json_t *m;
	size_t i;

	if (!picked)
		return;
	snprintf(n, sizeof(n), "%zu", json_array_size(picked));
	if (json_array_size(picked))
		mdg_cli_table(cli, picked, picked_cols, 0);
	mdg_cli_say(cli,
		    dry ? MDG_MSG_cli_would_pick : MDG_MSG_cli_has_picked, n,
		    NULL);
	json_array_foreach(json_object_get(result, "sent_not_read"), i, m)
		mdg_cli_say(cli, MDG_MSG_cli_sent_not_read,
			    json_string_value(m), NULL);
}

static void
print_golive(struct mdg_cli *cli, const json_t *result)
{
	char n[24];

	snprintf(n, sizeof(n), "%" PRId64, mdg_json_int(result, "history"));
	if (json_object_get(result, "history"))
		mdg_cli_say(cli, MDG_MSG_cli_now_history, n, NULL);
	print_picked(cli, result);
	if (json_is_true(json_object_get(result, "dry_run"))) {
		mdg_cli_say(cli, MDG_MSG_cli_nothing_changed, NULL);
		return;
	}
	mdg_cli_say(
		cli, MDG_MSG_cli_sending_now,
		mdg_cli_word(cli, "sending", mdg_json_text(result, "sending")),
		NULL);
}

// clang-format off
const struct mdg_desk_cmd mdg_desk_ops[] = {
	{.cmd = {"status", "[--check]", MDG_MSG_cli_help_status, run_status},
	 .act = "status", .print = print_status},
	{.cmd = {"reconcile", "", MDG_MSG_cli_help_reconcile, mdg_desk_run},
	 .act = "reconcile", .print = print_reconcile,
	 .status = reconcile_status},
	{.cmd = {"golive", "[--mode off|internal|live] [--from now|TIME] "
		 "[--pick-unanswered DAYS] [--dry-run]",
		 MDG_MSG_cli_help_golive, mdg_desk_run},
	 .act = "golive", .prepare = prepare_golive, .print = print_golive,
	 .args = {MDG_OPT("mode", "mode", 's'), MDG_OPT("from", "from_s", 's'),
		  MDG_OPT("pick-unanswered", "pick_days", 'i'),
		  MDG_OPT("dry-run", "dry_run", 'b')}},
	{.cmd = {.name = NULL}},
};
// clang-format on
