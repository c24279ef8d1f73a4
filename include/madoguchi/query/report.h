/*
 * report: what a team did in a stretch of time, as read models.
 *
 * A ticket belongs to the day on which it came, a response time to the day on
 * which it ended. History and merged tickets are left out. 応答率 (answer rate)
 * = replied ÷ (received − no answer needed − spam); a rate of nothing is null.
 * Times are working minutes as the clocks counted them (desk/sla.h).
 *
 * Figures of a person are shown to the leads of the windows, over these alone,
 * and to that person. Of fewer than MDG_REPORT_FAIR_N response times everything
 * is null, how many there are as well: it would say more about luck than about
 * work.
 */
#ifndef MDG_QUERY_REPORT_H
#define MDG_QUERY_REPORT_H

#include <jansson.h>

#include "madoguchi/desk/calendar.h"
#include "madoguchi/store/db.h"

enum {
	MDG_REPORT_GROUPS_MAX = 2000,
	MDG_REPORT_FAIR_N = 30,
	MDG_REPORT_COURSE_DAYS_MAX = 40000, /* back from today */
};

struct mdg_desk;

struct mdg_report {
	int64_t viewer;
	int64_t from_s, to_s; /* [from, to) */
	/* days and hours are those of its zone; NULL: of UTC */
	const struct mdg_calendar *zone;
	const char *by;     /* a name of mdg_report_by(); "total" */
	const char *window; /* code, or NULL */
	int64_t own;        /* of mdg_report_operators(): this person alone */
	/* of mdg_report_approvals(): a version of a calendar (NULL with err: it
	 * is gone); NULL: every minute counts */
	const struct mdg_calendar *(*calendar)(struct mdg_desk *desk,
					       int64_t id, struct mdg_err *err);
	struct mdg_desk *desk; /* what it is asked with */
};

/* "total", "day", "hour", "weekday", "window", "mailbox", "category",
 * "template", "operator"; NULL after the last. */
const char *mdg_report_by(size_t n);

/*
 * "rows": {group, received, replied, not_needed, spam, open, thanks, reopened,
 * answer_rate, reopen_rate (of those replied to), first_n, first_attained,
 * first_median_min, first_p90_min, resolution_…} a group.
 */
bool mdg_report_summary(struct mdg_db *db, const struct mdg_report *r,
			json_t *ret, struct mdg_err *err);
/*
 * How each person answered, against what the desk as a whole would have made of
 * the same mails: all responses of the stretch, to first mails and later ones,
 * by who wrote them. What is expected comes from cells of category,
 * temperature, first or later mail, and files sent or none; a cell of few is
 * drawn towards the whole as if 20 more responses of it had been average. Of
 * times logarithms are compared, so one slow ticket does not make a slow
 * person. Ratios are observed ÷ expected with their 90 % interval (of counts by
 * Byar's approximation to the Poisson limits); one that contains 1 tells
 * nothing. The mean of a desk is no target: it moves with everybody. Who has a
 * kind of mail nearly alone is measured mostly against themselves.
 *
 * "rows": {operator, n, median_min, p90_min (each with _low and _high, the 90 %
 * interval by ranks), and of time, late, returned (of those a lead looked at)
 * and reopened (of first replies): X_ratio, X_low, X_high} a person; null below
 * MDG_REPORT_FAIR_N of that kind. late_n, returned_n, reopened_n: of how many.
 * Sources: indirect standardisation and funnel plots, Spiegelhalter (2005);
 * limits, Breslow and Day (1987), 2.3.
 */
bool mdg_report_operators(struct mdg_db *db, const struct mdg_report *r,
			  json_t *ret, struct mdg_err *err);
/* What is open now, by state and age in days. */
bool mdg_report_backlog(struct mdg_db *db, const struct mdg_report *r,
			int64_t now_s, json_t *ret, struct mdg_err *err);
/*
 * "rows": {day, received, closed, open (at the end of the day)}, each day of
 * the stretch up to today. Reckoned back from what is open now: a ticket that
 * was opened again counts as open all the time between.
 */
bool mdg_report_course(struct mdg_db *db, const struct mdg_report *r,
		       int64_t now_s, json_t *ret, struct mdg_err *err);
/* What the checks found in each person's first requests, month by month; a
 * month of fewer than MDG_REPORT_FAIR_N is null. */
bool mdg_report_training(struct mdg_db *db, const struct mdg_report *r,
			 json_t *ret, struct mdg_err *err);
/*
 * Requests for approval of the stretch that were decided: "decided", of these
 * "corrected" (the lead's own text went out) and "returned", "return_rate",
 * "return_reasons" {code: how often}, and the working minutes from the request
 * to the decision, "median_min" and "p90_min". What was sent without asking is
 * none of them.
 */
bool mdg_report_approvals(struct mdg_db *db, const struct mdg_report *r,
			  json_t *ret, struct mdg_err *err);

#endif
