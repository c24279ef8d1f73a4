/*
 * report: what a team did in a stretch of time, as read models.
 *
 * A ticket belongs to the day on which it came, a response time to the day on
 * which it ended. History and merged tickets are left out. 応答率 (answer rate)
 * = replied ÷ (received − no answer needed − spam); a rate of nothing is null.
 * Times are working minutes as the clocks counted them (desk/sla.h).
 *
 * Grouped by person, a group of fewer than MDG_REPORT_FAIR_N response times
 * has its figures hidden: they would say more about luck than about work.
 */
#ifndef MDG_QUERY_REPORT_H
#define MDG_QUERY_REPORT_H

#include <jansson.h>

#include "madoguchi/store/db.h"

enum { MDG_REPORT_GROUPS_MAX = 2000, MDG_REPORT_FAIR_N = 30 };

struct mdg_report {
	int64_t viewer;
	int64_t from_s, to_s; /* [from, to) */
	int64_t zone_s;       /* seconds east of UTC, of days and hours */
	const char *by;       /* a name of mdg_report_by(); "total" */
	const char *window;   /* code, or NULL */
};

/* "total", "day", "hour", "weekday", "window", "mailbox", "category",
 * "template", "operator"; NULL after the last. */
const char *mdg_report_by(size_t n);

/*
 * "rows": {group, received, replied, not_needed, spam, open, thanks, reopened,
 * answer_rate, reopen_rate (of those replied to), first_n, first_attained, first_median_min, first_p90_min,
 * resolution_…} a group.
 */
bool mdg_report_summary(struct mdg_db *db, const struct mdg_report *r,
			json_t *ret, struct mdg_err *err);
/* What is open now, by state and age in days. */
bool mdg_report_backlog(struct mdg_db *db, const struct mdg_report *r,
			int64_t now_s, json_t *ret, struct mdg_err *err);
/* What the checks found in each person's first requests, month by month; below
 * MDG_REPORT_FAIR_N replies the rates are null. */
bool mdg_report_training(struct mdg_db *db, const struct mdg_report *r,
			 json_t *ret, struct mdg_err *err);
/* Requests for approval: how many, how long they took, why returned. */
bool mdg_report_approvals(struct mdg_db *db, const struct mdg_report *r,
			  json_t *ret, struct mdg_err *err);

#endif
