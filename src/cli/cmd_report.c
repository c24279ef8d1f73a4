/* madoguchi report: a lead's figures, as a table, JSON or CSV for Excel. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/csv.h"

#include "desk.h"

/* One command runs in a process: what --csv and --encoding ask for, and how
 * writing it went. */
static bool as_csv, as_cp932;
static int csv_status;

static bool
take_csv(struct mdg_cli *cli, json_t *args, struct mdg_err *err)
{
	json_t *encoding = json_incref(json_object_get(args, "encoding"));

	(void)cli;
	as_csv = json_object_del(args, "csv") == 0;
	json_object_del(args, "encoding");
	bool ok = mdg_csv_encoding(json_string_value(encoding), &as_cp932, err);
	as_csv = as_csv || encoding;
	json_decref(encoding);
	return ok;
}

static void
print_csv(struct mdg_cli *cli, const json_t *rows)
{
	struct mdg_err err;

	if (!mdg_cli_write_sheet(rows, "-", as_cp932, &err))
		csv_status = mdg_cli_fail(cli, &err);
}

static int
status_csv(const json_t *result)
{
	(void)result;
	return csv_status;
}

static void
print_rows(struct mdg_cli *cli, const json_t *result,
	   const struct mdg_col *cols, enum mdg_msg empty)
{
	const json_t *rows = json_object_get(result, "rows");

	if (as_csv)
		print_csv(cli, rows);
	else if (json_array_size(rows) == 0)
		mdg_cli_say(cli, empty, NULL);
	else
		mdg_cli_table(cli, rows, cols, 0);
}

// clang-format off
static const struct mdg_col summary_cols[] = {
	{MDG_MSG_col_group, "group", 's', NULL},
	{MDG_MSG_col_came, "received", 'i', NULL},
	{MDG_MSG_col_replied, "replied", 'i', NULL},
	{MDG_MSG_col_not_needed, "not_needed", 'i', NULL},
	{MDG_MSG_col_spam, "spam", 'i', NULL},
	{MDG_MSG_col_answer_rate, "answer_rate", 'i', NULL},
	{MDG_MSG_col_first_n, "first_n", 'i', NULL},
	{MDG_MSG_col_first_attained, "first_attained", 'i', NULL},
	{MDG_MSG_col_first_median, "first_median_min", 'i', NULL},
	{MDG_MSG_col_first_p90, "first_p90_min", 'i', NULL},
	{MDG_MSG_col_resolution_attained, "resolution_attained", 'i', NULL},
	{MDG_MSG_col_resolution_median, "resolution_median_min", 'i', NULL},
	{MDG_MSG_col_resolution_p90, "resolution_p90_min", 'i', NULL},
	{MDG_MSG_col_reopen_rate, "reopen_rate", 'i', NULL},
	{MDG_MSG_col_thanks, "thanks", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col backlog_cols[] = {
	{MDG_MSG_col_window, "window", 's', NULL},
	{MDG_MSG_col_state, "state", 'w', "ticket"},
	{MDG_MSG_col_tickets_n, "tickets", 'i', NULL},
	{MDG_MSG_col_late, "late", 'i', NULL},
	{MDG_MSG_col_age_day, "day", 'i', NULL},
	{MDG_MSG_col_age_three, "three_days", 'i', NULL},
	{MDG_MSG_col_age_week, "week", 'i', NULL},
	{MDG_MSG_col_age_older, "older", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
static const struct mdg_col approval_cols[] = {
	{MDG_MSG_col_decisions, "decided", 'i', NULL},
	{MDG_MSG_col_corrected, "corrected", 'i', NULL},
	{MDG_MSG_col_returned, "returned", 'i', NULL},
	{MDG_MSG_col_return_rate, "return_rate", 'i', NULL},
	{MDG_MSG_col_median_min, "median_min", 'i', NULL},
	{MDG_MSG_col_p90_min, "p90_min", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};
// clang-format on

static const struct mdg_col course_cols[] = {
	{MDG_MSG_col_day, "day", 's', NULL},
	{MDG_MSG_col_came, "received", 'i', NULL},
	{MDG_MSG_col_closed_n, "closed", 'i', NULL},
	{MDG_MSG_col_open_n, "open", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static const struct mdg_col training_cols[] = {
	{MDG_MSG_col_operator, "operator", 's', NULL},
	{MDG_MSG_col_month, "month", 's', NULL},
	{MDG_MSG_col_replied, "replies", 'i', NULL},
	{MDG_MSG_col_findings_rate, "findings_per_reply", 'i', NULL},
	{MDG_MSG_col_errors_rate, "errors_per_reply", 'i', NULL},
	{MDG_MSG_col_return_rate, "return_rate", 'i', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

static const struct mdg_col operator_cols[] = {
	{MDG_MSG_col_operator, "operator", 's', NULL},
	{MDG_MSG_col_responses, "n", 'i', NULL},
	{MDG_MSG_col_time_median, "median", 's', NULL},
	{MDG_MSG_col_time_ratio, "time", 's', NULL},
	{MDG_MSG_col_late_ratio, "late", 's', NULL},
	{MDG_MSG_col_returned_ratio, "returned", 's', NULL},
	{MDG_MSG_col_reopened_ratio, "reopened", 's', NULL},
	{MDG_MSG_NONE, NULL, 0, NULL},
};

/* "1.12 (0.98-1.30)" of X_`what`, X_low, X_high. */
static void
put_interval(json_t *row, const json_t *from, const char *name,
	     const char *what, int places)
{
	const char *const parts[] = {what, "low", "high"};
	double v[3] = {0, 0, 0};
	char key[40], text[60];

	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "%s_%s", name, parts[i]);
		const json_t *one = json_object_get(from, key);
		if (!json_is_real(one)) {
			json_object_set_new(row, name, json_string("-"));
			return;
		}
		v[i] = json_real_value(one);
	}
	snprintf(text, sizeof(text), "%.*f (%.*f-%.*f)", places, v[0], places,
		 v[1], places, v[2]);
	json_object_set_new(row, name, json_string(text));
}

static void
print_operators(struct mdg_cli *cli, const json_t *result)
{
	json_t *shown = json_object(), *rows = json_array(), *from;
	size_t i;

	json_array_foreach (json_object_get(result, "rows"), i, from) {
		static const char *const ratios[] = {"time", "late", "returned",
						     "reopened"};
		json_t *row = json_object();
		bool hidden = json_is_null(json_object_get(from, "n"));
		json_object_set(row, "operator",
				json_object_get(from, "operator"));
		json_object_set(row, "n", json_object_get(from, "n"));
		put_interval(row, from, "median", "min", 0);
		for (size_t k = 0; k < MDG_LEN(ratios); k++)
			put_interval(row, from, ratios[k], "ratio", 2);
		if (hidden)
			json_object_set_new(
				row, "median",
				json_string(mdg_msg_text(
					cli->lang, MDG_MSG_cli_report_hidden)));
		json_array_append_new(rows, row);
	}
	json_object_set_new(shown, "rows", rows);
	print_rows(cli, as_csv ? result : shown, operator_cols,
		   MDG_MSG_cli_no_report);
	if (!as_csv && i)
		mdg_cli_say(cli, MDG_MSG_cli_report_operators, NULL);
	json_decref(shown);
}

static void
print_training(struct mdg_cli *cli, const json_t *result)
{
	print_rows(cli, result, training_cols, MDG_MSG_cli_no_report);
}

static void
print_course(struct mdg_cli *cli, const json_t *result)
{
	print_rows(cli, result, course_cols, MDG_MSG_cli_no_report);
}

static void
print_summary(struct mdg_cli *cli, const json_t *result)
{
	print_rows(cli, result, summary_cols, MDG_MSG_cli_no_report);
}

static void
print_backlog(struct mdg_cli *cli, const json_t *result)
{
	print_rows(cli, result, backlog_cols, MDG_MSG_cli_no_backlog);
}

/* One row: the figures, then a column for each reason that was given. */
static void
print_approvals_csv(struct mdg_cli *cli, const json_t *result)
{
	json_t *rows = json_array(), *row = json_object();

	for (size_t i = 0; approval_cols[i].key; i++)
		json_object_set(row, approval_cols[i].key,
				json_object_get(result, approval_cols[i].key));
	json_object_update(row, json_object_get(result, "return_reasons"));
	json_array_append_new(rows, row);
	print_csv(cli, rows);
	json_decref(rows);
}

static void
print_approvals(struct mdg_cli *cli, const json_t *result)
{
	const char *code;
	json_t *n;

	if (as_csv) {
		print_approvals_csv(cli, result);
		return;
	}
	mdg_cli_fields(cli, result, approval_cols, 0);
	json_object_foreach (json_object_get(result, "return_reasons"), code, n)
		printf("  %s  %" JSON_INTEGER_FORMAT "\n", code,
		       json_integer_value(n));
}

#define CSV_USAGE " [--csv] [--encoding utf-8|cp932]"
#define CSV MDG_OPT("csv", "csv", 'b'), MDG_OPT("encoding", "encoding", 's')
#define STRETCH_USAGE "[--from DAY] [--to DAY] [--window CODE]"
#define STRETCH                                                                \
	MDG_OPT("from", "from", 's'), MDG_OPT("to", "to", 's'),                \
		MDG_OPT("window", "window", 's')

// clang-format off
const struct mdg_desk_cmd mdg_desk_report[] = {
	{.cmd = {"report summary",
		 STRETCH_USAGE " [--by total|day|hour|weekday|window|mailbox|"
		 "category|template|operator]" CSV_USAGE,
		 MDG_MSG_cli_help_report_summary, mdg_desk_run},
	 .act = "report.summary", .prepare = take_csv, .print = print_summary,
	 .status = status_csv,
	 .args = {STRETCH, MDG_OPT("by", "by", 's'), CSV}},
	{.cmd = {"report backlog", "[--window CODE]" CSV_USAGE,
		 MDG_MSG_cli_help_report_backlog, mdg_desk_run},
	 .act = "report.backlog", .prepare = take_csv, .print = print_backlog,
	 .status = status_csv,
	 .args = {MDG_OPT("window", "window", 's'), CSV}},
	{.cmd = {"report course", STRETCH_USAGE CSV_USAGE,
		 MDG_MSG_cli_help_report_course, mdg_desk_run},
	 .act = "report.course", .prepare = take_csv, .print = print_course,
	 .status = status_csv, .args = {STRETCH, CSV}},
	{.cmd = {"report approvals", STRETCH_USAGE CSV_USAGE,
		 MDG_MSG_cli_help_report_approvals, mdg_desk_run},
	 .act = "report.approvals", .prepare = take_csv,
	 .print = print_approvals, .status = status_csv,
	 .args = {STRETCH, CSV}},
	{.cmd = {"report operators", STRETCH_USAGE CSV_USAGE,
		 MDG_MSG_cli_help_report_operators, mdg_desk_run},
	 .act = "report.operators", .prepare = take_csv,
	 .print = print_operators, .status = status_csv,
	 .args = {STRETCH, CSV}},
	{.cmd = {"report training", STRETCH_USAGE CSV_USAGE,
		 MDG_MSG_cli_help_report_training, mdg_desk_run},
	 .act = "report.training", .prepare = take_csv, .print = print_training,
	 .status = status_csv, .args = {STRETCH, CSV}},
	{.cmd = {.name = NULL}},
};
// clang-format on
