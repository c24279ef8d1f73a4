/* How many tickets were open at the end of each day. */
#include <stdlib.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/holidays.h"

#include "report-int.h"
#include "rows.h"

enum { DAY_S = 86400 };

struct course {
	int64_t first;  /* the first day, since 1970, where the desk is */
	size_t days, n; /* of the answer; of v: up to today */
	struct course_day {
		int64_t received, closed;
	} * v;
};

static void
clear(struct course *c)
{
	free(c->v);
}

/* Adds up one column by day, as long as the offset is the same. */
static bool
count_step(struct mdg_db *db, const struct mdg_report *q, struct course *c,
	   int64_t from_s, int64_t to_s, const char *sql, bool closed,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;

	if (!mdg_db_query(db, &rows, err, sql, "isiii", q->viewer,
			  q->window ? q->window : "", from_s,
			  report_local(q, from_s) - from_s, to_s))
		return false;
	while (mdg_rows_next(rows)) {
		int64_t at = mdg_rows_i64(rows, 0) - c->first;
		if (at < 0)
			continue;
		struct course_day *d =
			&c->v[at < (int64_t)c->n ? (size_t)at : c->n - 1];
		*(closed ? &d->closed : &d->received) += mdg_rows_i64(rows, 1);
	}
	return mdg_rows_close(&rows, err);
}

/* The same up to now and beyond; of the windows that may be seen. */
static bool
count_days(struct mdg_db *db, const struct mdg_report *q, struct course *c,
	   int64_t now_s, const char *sql, bool closed, struct mdg_err *err)
{
	int64_t at_s = q->from_s, next_s;

	for (; at_s < INT64_MAX; at_s = next_s) {
		next_s = q->zone ? mdg_calendar_offset_end_s(q->zone, at_s)
				 : INT64_MAX;
		/* a clock that went back: what is ahead is of today */
		if (next_s > now_s)
			next_s = INT64_MAX;
		if (!count_step(db, q, c, at_s, next_s, sql, closed, err))
			return false;
	}
	return true;
}

#define OF_WINDOWS                                                             \
	" JOIN win w ON w.id = t.win_id WHERE t.is_history = 0"                \
	" AND " MDG_VIEWER_SEES("t.win_id") " AND (?2 = '' OR w.code = ?2)"

bool
mdg_report_course(struct mdg_db *db, const struct mdg_report *q, int64_t now_s,
		  json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(clear) struct course c = {0};
	json_t *list = mdg_json_list(ret, "rows");
	int64_t today = report_local(q, now_s) / DAY_S, open;
	int64_t last = report_local(q, q->to_s) / DAY_S - 1;
	char day[16];

	c.first = report_local(q, q->from_s) / DAY_S;
	if (last > today)
		last = today;
	if (last < c.first)
		return true;
	if (last - c.first >= MDG_REPORT_GROUPS_MAX ||
	    today - c.first >= MDG_REPORT_COURSE_DAYS_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_report_too_many,
				    NULL);
	c.days = (size_t)(last - c.first) + 1;
	c.n = (size_t)(today - c.first) + 1;
	c.v = mdg_calloc(c.n, sizeof(*c.v));
	if (mdg_db_i64(db, &open, err,
		       "SELECT COUNT(*) FROM ticket t" OF_WINDOWS
		       " AND t.state NOT IN ('closed', 'merged')",
		       "is", q->viewer,
		       q->window ? q->window : "") != MDG_FOUND ||
	    !count_days(db, q, &c, now_s,
			"SELECT (t.created_s + ?4) / 86400, COUNT(*)"
			" FROM ticket t" OF_WINDOWS " AND t.created_s >= ?3"
			" AND t.created_s < ?5"
			" AND t.state <> 'merged' GROUP BY 1",
			false, err) ||
	    !count_days(db, q, &c, now_s,
			"SELECT (t.closed_s + ?4) / 86400, COUNT(*)"
			" FROM ticket t" OF_WINDOWS " AND t.closed_s >= ?3"
			" AND t.closed_s < ?5"
			" AND t.state = 'closed' GROUP BY 1",
			true, err))
		return false;
	/* back from what is open now */
	int64_t *ends = mdg_calloc(c.n, sizeof(*ends));
	for (size_t i = c.n; i-- > 0;) {
		ends[i] = open;
		open += c.v[i].closed - c.v[i].received;
	}
	for (size_t i = 0; i < c.days; i++)
		json_array_append_new(
			list, json_pack("{s:s,s:I,s:I,s:I}", "day",
					mdg_date_format(c.first + (int64_t)i,
							day, sizeof(day)),
					"received", (json_int_t)c.v[i].received,
					"closed", (json_int_t)c.v[i].closed,
					"open", (json_int_t)ends[i]));
	free(ends);
	return true;
}
