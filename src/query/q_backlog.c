/* What is open now, and how approvals went. */
#include <stdlib.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/sla.h"

#include "report-int.h"
#include "rows.h"

void
report_times_add(struct report_times *t, int64_t counted_s, bool met)
{
	if (t->n == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->v = mdg_realloc(t->v, t->room * sizeof(*t->v));
	}
	t->v[t->n++] = counted_s;
	t->met += met;
}

void
report_times_clear(struct report_times *t)
{
	free(t->v);
	*t = (struct report_times){0};
}

static void
swap(int64_t *a, int64_t *b)
{
	int64_t v = *a;

	*a = *b;
	*b = v;
}

/* What would stand at k if v were sorted: quickselect, equals in the middle. */
static int64_t
nth(int64_t *v, size_t n, size_t k)
{
	size_t lo = 0, hi = n;

	while (hi - lo > 1) {
		int64_t pivot = v[lo + (hi - lo) / 2];
		size_t less = lo, i = lo, more = hi;
		while (i < more) {
			if (v[i] < pivot)
				swap(&v[less++], &v[i++]);
			else if (v[i] > pivot)
				swap(&v[--more], &v[i]);
			else
				i++;
		}
		if (k < less)
			hi = less;
		else if (k >= more)
			lo = more;
		else
			return pivot;
	}
	return v[lo];
}

json_t *
report_rank(struct report_times *t, double rank)
{
	if (t->n == 0)
		return json_null();
	size_t k = rank < 0                    ? 0
		   : rank > (double)(t->n - 1) ? t->n - 1
					       : (size_t)rank;

	return json_real((double)(nth(t->v, t->n, k) / 6) / 10);
}

json_t *
report_percentile(struct report_times *t, size_t percent)
{
	return report_rank(t, (double)((t->n * percent + 99) / 100) - 1);
}

void
report_hide(json_t *row, size_t keep)
{
	const char *key;
	json_t *v;

	json_object_foreach (row, key, v) {
		if (keep)
			keep--;
		else
			json_object_set_new(row, key, json_null());
	}
}

json_t *
report_rate(int64_t part, int64_t whole)
{
	return whole > 0 ? json_real((double)(part * 1000 / whole) / 1000)
			 : json_null();
}

bool
mdg_report_backlog(struct mdg_db *db, const struct mdg_report *r, int64_t now_s,
		   json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *rows;

	if (!mdg_db_query(
		    db, &rows, err,
		    "SELECT w.code, t.state, COUNT(*),"
		    " SUM(CASE WHEN t.due_s < ?2 THEN 1 ELSE 0 END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s < 86400 THEN 1 ELSE 0"
		    "  END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s >= 86400"
		    "  AND ?2 - t.inbound_s < 3 * 86400 THEN 1 ELSE 0 END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s >= 3 * 86400"
		    "  AND ?2 - t.inbound_s < 7 * 86400 THEN 1 ELSE 0 END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s >= 7 * 86400 THEN 1"
		    "  ELSE 0 END), MIN(t.inbound_s)"
		    " FROM ticket t LEFT JOIN win w ON w.id = t.win_id"
		    " WHERE " MDG_VIEWER_SEES(
			    "t.win_id") " AND (?3 = '' OR w.code = ?3)"
					" AND t.state NOT IN ('closed',"
					" 'merged')"
					" GROUP BY w.code, t.state"
					" ORDER BY w.code, t.state",
		    "iis", r->viewer, now_s, r->window ? r->window : ""))
		return false;
	return mdg_rows_json(&rows,
			     "window:s state:s tickets:i late:i day:i "
			     "three_days:i week:i older:i oldest_s:i",
			     mdg_json_list(ret, "rows"), err);
}

/* From the request that a person made: what a lead's own text replaced, and
 * what the calendar of that day counts of it. */
static bool
add_turnaround(const struct mdg_report *r, struct mdg_rows *row,
	       struct report_times *t, struct mdg_err *err)
{
	const struct mdg_calendar *cal = NULL;
	int64_t asked_s = mdg_rows_i64(row, 1), counted_s;

	if (r->calendar && !mdg_rows_null(row, 5) &&
	    !(cal = r->calendar(r->desk, mdg_rows_i64(row, 5), err)))
		return false;
	if (!mdg_sla_elapsed(cal, asked_s, mdg_rows_i64(row, 2), &counted_s,
			     err))
		return false;
	report_times_add(t, counted_s, false);
	return true;
}

static void
add_one(json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	json_object_set_new(o, key, json_integer(n + 1));
}

static bool
read_decisions(struct mdg_db *db, const struct mdg_report *r,
	       struct report_times *t, json_t *ret, json_t *reasons,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;

	/* what was sent without asking is no decision */
	if (!mdg_db_query(
		    db, &rows, err,
		    "SELECT x.outcome, COALESCE(o.asked_s, x.asked_s),"
		    " v.decided_s, COALESCE(x.code, ''),"
		    " COALESCE(o.outcome, ''), COALESCE("
		    "  (SELECT MAX(c.id) FROM calendar c"
		    "   WHERE c.name = w.calendar AND c.created_s <= x.asked_s),"
		    "  (SELECT MIN(c.id) FROM calendar c"
		    "   WHERE c.name = w.calendar))"
		    " FROM review x JOIN revision v ON v.id = x.revision_id"
		    " LEFT JOIN review o ON o.corrected_id = x.revision_id"
		    " LEFT JOIN win w ON w.id = x.win_id"
		    " WHERE " MDG_VIEWER_SEES(
			    "x.win_id") " AND x.outcome IN ('approved',"
					" 'returned')"
					" AND COALESCE(o.asked_s, x.asked_s)"
					" >= ?2"
					" AND COALESCE(o.asked_s, x.asked_s)"
					" < ?3 AND (?4 = '' OR w.code = ?4)",
		    "iiis", r->viewer, r->from_s, r->to_s,
		    r->window ? r->window : ""))
		return false;
	while (mdg_rows_next(rows)) {
		if (!add_turnaround(r, rows, t, err))
			return false;
		if (mdg_streq(mdg_rows_text(rows, 4), "corrected"))
			add_one(ret, "corrected");
		if (!mdg_streq(mdg_rows_text(rows, 0), "returned"))
			continue;
		add_one(ret, "returned");
		if (*mdg_rows_text(rows, 3))
			add_one(reasons, mdg_rows_text(rows, 3));
	}
	return mdg_rows_close(&rows, err);
}

bool
mdg_report_approvals(struct mdg_db *db, const struct mdg_report *r, json_t *ret,
		     struct mdg_err *err)
{
	json_t *reasons = json_object();
	struct report_times t = {0};

	json_object_set_new(ret, "return_reasons", reasons);
	json_object_set_new(ret, "corrected", json_integer(0));
	json_object_set_new(ret, "returned", json_integer(0));
	bool ok = read_decisions(db, r, &t, ret, reasons, err);
	int64_t returned =
		json_integer_value(json_object_get(ret, "returned"));
	json_object_set_new(ret, "decided", json_integer((json_int_t)t.n));
	json_object_set_new(ret, "return_rate",
			    report_rate(returned, (int64_t)t.n));
	json_object_set_new(ret, "median_min", report_percentile(&t, 50));
	json_object_set_new(ret, "p90_min", report_percentile(&t, 90));
	report_times_clear(&t);
	return ok;
}
