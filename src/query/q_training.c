/* What the checks found in each person's first requests, month by month. */
#include <stdio.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "report-int.h"
#include "rows.h"

struct month {
	char login[100], name[12]; /* "2026-11" */
	int64_t replies, findings, errors, returned;
};

static void
put(const struct month *m, json_t *rows)
{
	if (!m->replies)
		return;
	json_t *o = json_pack("{s:s,s:s,s:I}", "operator", m->login, "month",
			      m->name, "replies", m->replies);
	json_object_set_new(o, "findings_per_reply",
			    report_rate(m->findings, m->replies));
	json_object_set_new(o, "errors_per_reply",
			    report_rate(m->errors, m->replies));
	json_object_set_new(o, "return_rate",
			    report_rate(m->returned, m->replies));
	if (m->replies < MDG_REPORT_FAIR_N)
		report_hide(o, 2);
	json_array_append_new(rows, o);
}

static void
add(struct month *m, const char *findings, bool returned)
{
	json_t *list = json_loads(findings, 0, NULL), *f;
	size_t i;

	m->replies++;
	m->returned += returned;
	m->findings += (int64_t)json_array_size(list);
	json_array_foreach (list, i, f) {
		const char *s =
			json_string_value(json_object_get(f, "severity"));
		m->errors += s && mdg_streq(s, "error");
	}
	json_decref(list);
}

bool
mdg_report_training(struct mdg_db *db, const struct mdg_report *q, json_t *ret,
		    struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *rows = mdg_json_list(ret, "rows");
	struct month m = {.replies = 0};

	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT p.login, v.requested_s, v.findings,"
		    " COALESCE(x.outcome, '') FROM review x"
		    " JOIN revision v ON v.id = x.revision_id AND v.n = 1"
		    " JOIN person p ON p.id = x.author_id"
		    " JOIN win w ON w.id = x.win_id"
		    " WHERE " MDG_VIEWER_LEADS(
			    "x.win_id") " AND x.asked_s >= ?2 AND x.asked_s < ?3"
					" AND (?4 = '' OR w.code = ?4)"
					" ORDER BY p.login, v.requested_s",
		    "iiis", q->viewer, q->from_s, q->to_s,
		    q->window ? q->window : ""))
		return false;
	while (mdg_rows_next(r)) {
		char day[40];
		mdg_time_rfc3339(report_local(q, mdg_rows_i64(r, 1)), day,
				 sizeof(day));
		day[7] = '\0';
		if (!mdg_streq(m.login, mdg_rows_text(r, 0)) ||
		    !mdg_streq(m.name, day)) {
			put(&m, rows);
			m = (struct month){.replies = 0};
			snprintf(m.login, sizeof(m.login), "%s",
				 mdg_rows_text(r, 0));
			snprintf(m.name, sizeof(m.name), "%.7s", day);
		}
		add(&m, mdg_rows_text(r, 2),
		    mdg_streq(mdg_rows_text(r, 3), "returned"));
	}
	put(&m, rows);
	return mdg_rows_close(&r, err);
}
