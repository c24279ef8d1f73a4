/* madoguchi sla due|elapsed, holidays: working time without a daemon. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <jansson.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/calendar.h"
#include "madoguchi/desk/holidays.h"

#include "desk.h"

static bool
read_calendar(const char *path, struct mdg_calendar **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const char *json;

	if (!mdg_cli_read_text(path, MDG_CALENDAR_BYTES_MAX, &text, err))
		return false;
	json = mdg_buf_str(&text);
	/* editors on Windows put a byte order mark before it */
	if (mdg_str_starts(json, "\xEF\xBB\xBF"))
		json += 3;
	return mdg_calendar_parse(json, ret, err);
}

static bool
read_time(const char *option, const char *s, int64_t *ret_s,
	  struct mdg_err *err)
{
	return mdg_time_parse(s, ret_s) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_time_bad, option, s,
			    NULL);
}

static bool
read_date(const char *option, const char *s, int64_t *ret_day,
	  struct mdg_err *err)
{
	return mdg_date_parse(s, ret_day) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_date_bad, option, s,
			    NULL);
}

static bool
read_minutes(const char *s, int64_t *ret, struct mdg_err *err)
{
	char max[24];

	snprintf(max, sizeof(max), "%d", MDG_SLA_MINUTES_MAX);
	return mdg_str_i64(s, 0, MDG_SLA_MINUTES_MAX, ret) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_minutes_bad,
			    "--minutes", s, max, NULL);
}

/* All options of a command are needed here, and nothing else may be there. */
static int
take_options(struct mdg_cli *cli, const struct mdg_opt *opts, int argc,
	     char **argv)
{
	struct mdg_err err;
	char name[32];

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc > 0)
		return mdg_cli_usage(cli);
	for (; opts->name; opts++)
		if (opts->value && !*opts->value) {
			snprintf(name, sizeof(name), "--%s", opts->name);
			mdg_fail_msg(&err, MDG_EINVAL,
				     MDG_MSG_cli_option_missing, name, NULL);
			mdg_cli_fail(cli, &err);
			return mdg_cli_usage(cli);
		}
	return EX_OK;
}

static void
calendar_freep(struct mdg_calendar **cal)
{
	mdg_calendar_free(cal);
}

static int
run_due(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(calendar_freep) struct mdg_calendar *cal = NULL;
	const char *path = NULL, *start = NULL, *minutes = NULL;
	const struct mdg_opt opts[] = {
		{"calendar", &path, NULL},
		{"start", &start, NULL},
		{"minutes", &minutes, NULL},
		{NULL, NULL, NULL},
	};
	struct mdg_err err;
	int64_t start_s, min, due_s;
	char text[40];

	int status = take_options(cli, opts, argc, argv);
	if (status != EX_OK)
		return status;
	if (!read_time("--start", start, &start_s, &err) ||
	    !read_minutes(minutes, &min, &err) ||
	    !read_calendar(path, &cal, &err) ||
	    !mdg_calendar_add(cal, start_s, min * 60, &due_s, &err))
		return mdg_cli_fail(cli, &err);
	mdg_calendar_rfc3339(cal, due_s, text, sizeof(text));
	if (cli->json)
		printf("{\"due\":\"%s\",\"due_s\":%" PRId64 "}\n", text, due_s);
	else
		puts(text);
	return EX_OK;
}

static int
run_elapsed(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(calendar_freep) struct mdg_calendar *cal = NULL;
	const char *path = NULL, *from = NULL, *to = NULL;
	const struct mdg_opt opts[] = {
		{"calendar", &path, NULL},
		{"from", &from, NULL},
		{"to", &to, NULL},
		{NULL, NULL, NULL},
	};
	struct mdg_err err;
	int64_t from_s, to_s, seconds;

	int status = take_options(cli, opts, argc, argv);
	if (status != EX_OK)
		return status;
	if (!read_time("--from", from, &from_s, &err) ||
	    !read_time("--to", to, &to_s, &err) ||
	    !read_calendar(path, &cal, &err) ||
	    !mdg_calendar_between(cal, from_s, to_s, &seconds, &err))
		return mdg_cli_fail(cli, &err);
	printf(cli->json ? "{\"seconds\":%" PRId64 "}\n" : "%" PRId64 "\n",
	       seconds);
	return EX_OK;
}

static bool
read_period(const char *from, const char *to, int64_t *ret_from,
	    int64_t *ret_to, struct mdg_err *err)
{
	char year[8];

	if (!read_date("--from", from, ret_from, err) ||
	    !read_date("--to", to, ret_to, err))
		return false;
	if (*ret_to < *ret_from)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_period_bad,
				    NULL);
	if (*ret_to < mdg_days_from_civil(MDG_HOLIDAY_LAST_YEAR + 1, 1, 1))
		return true;
	snprintf(year, sizeof(year), "%d", MDG_HOLIDAY_LAST_YEAR);
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_holidays_range, year,
			    NULL);
}

static int
run_holidays(struct mdg_cli *cli, int argc, char **argv)
{
	const char *from = NULL, *to = NULL;
	const struct mdg_opt opts[] = {
		{"from", &from, NULL},
		{"to", &to, NULL},
		{NULL, NULL, NULL},
	};
	struct mdg_holiday h[MDG_HOLIDAYS_YEAR_MAX];
	struct mdg_err err;
	int64_t first, last;
	int y, end, m, d;
	char date[16];

	int status = take_options(cli, opts, argc, argv);
	if (status != EX_OK)
		return status;
	if (!read_period(from, to, &first, &last, &err))
		return mdg_cli_fail(cli, &err);
	json_t *list = json_array();
	mdg_civil_from_days(last, &end, &m, &d);
	for (mdg_civil_from_days(first, &y, &m, &d); y <= end; y++) {
		size_t n = mdg_holidays_of_year(y, h);
		for (size_t i = 0; i < n; i++) {
			if (h[i].day < first || h[i].day > last)
				continue;
			mdg_date_format(h[i].day, date, sizeof(date));
			if (cli->json)
				json_array_append_new(
					list,
					json_pack("{s:s,s:s}", "date", date,
						  "name", h[i].name));
			else
				printf("%s\t%s\n", date, h[i].name);
		}
	}
	if (cli->json) {
		json_dumpf(list, stdout, JSON_COMPACT);
		putchar('\n');
	}
	json_decref(list);
	return EX_OK;
}

const struct mdg_cmd mdg_cmds_sla[] = {
	{"sla due", "--calendar CAL.json --start RFC3339 --minutes N",
	 MDG_MSG_cli_help_sla_due, run_due},
	{"sla elapsed", "--calendar CAL.json --from RFC3339 --to RFC3339",
	 MDG_MSG_cli_help_sla_elapsed, run_elapsed},
	{"holidays", "--from YYYY-MM-DD --to YYYY-MM-DD",
	 MDG_MSG_cli_help_holidays, run_holidays},
	{NULL, NULL, MDG_MSG_NONE, NULL},
};
