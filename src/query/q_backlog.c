/* What is open now, and how approvals went. */
#include <stdlib.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

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

bool
mdg_report_approvals(struct mdg_db *db, const struct mdg_report *r, json_t *ret,
		     struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;
	struct report_times t = {0};
	int64_t returned = 0, n = 0;
	json_t *reasons = json_object();

	json_object_set_new(ret, "return_reasons", reasons);
	if (!mdg_db_query(db, &rows, err,
			  "SELECT v.state, v.decided_s - v.requested_s,"
			  " COALESCE(d.return_code, '') FROM revision v"
			  " JOIN draft d ON d.id = v.draft_id"
			  " JOIN ticket t ON t.id = v.ticket_id"
			  " LEFT JOIN win w ON w.id = t.win_id"
			  " WHERE " MDG_VIEWER_SEES(
				  "t.win_id") " AND v.state IN ('approved',"
					      " 'returned')"
					      " AND v.requested_s >= ?2"
					      " AND v.requested_s < ?3"
					      " AND (?4 = '' OR w.code = ?4)",
			  "iiis", r->viewer, r->from_s, r->to_s,
			  r->window ? r->window : ""))
		return false;
	while (mdg_rows_next(rows)) {
		bool back = mdg_streq(mdg_rows_text(rows, 0), "returned");
		const char *code = mdg_rows_text(rows, 2);
		n++;
		returned += back;
		report_times_add(&t, mdg_rows_i64(rows, 1), false);
		if (back && *code)
			json_object_set_new(
				reasons, code,
				json_integer(1 +
					     json_integer_value(json_object_get(
						     reasons, code))));
	}
	json_object_set_new(ret, "decided", json_integer(n));
	json_object_set_new(ret, "returned", json_integer(returned));
	json_object_set_new(ret, "return_rate", report_rate(returned, n));
	json_object_set_new(ret, "median_min", report_percentile(&t, 50));
	json_object_set_new(ret, "p90_min", report_percentile(&t, 90));
	report_times_clear(&t);
	return mdg_rows_close(&rows, err);
}
