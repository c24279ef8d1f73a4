/* Shared by the reports: times with their percentiles, and rates. */
#ifndef MDG_QUERY_REPORT_INT_H
#define MDG_QUERY_REPORT_INT_H

#include "madoguchi/query/figure.h"
#include "madoguchi/query/report.h"

/* What a row has besides what all reports read; 0 or "" if not asked for. */
enum report_parts {
	REPORT_WINDOW = 1 << 0,
	REPORT_ACCOUNT = 1 << 1,
	REPORT_OPERATOR = 1 << 2,
	REPORT_RESOLUTION = 1 << 3,
	REPORT_TEMPERATURE = 1 << 4,
	REPORT_CATEGORY = 1 << 5,
	REPORT_TEMPLATE = 1 << 6,
};
/* Every row of the windows that the viewer sees (`led`: is a lead of) that
 * has to do with the stretch; more lie in it than belong. */
typedef void report_add(void *arg, const struct mdg_figure *f);
bool report_read(struct mdg_db *db, const struct mdg_report *q, bool led,
		 unsigned parts, report_add *fn, void *arg,
		 struct mdg_err *err);
/* Is it a time, and in the stretch? */
bool report_within(const struct mdg_report *q, int64_t t_s);
/* What the wall clock shows at that instant, as seconds since 1970-01-01. */
int64_t report_local(const struct mdg_report *q, int64_t t_s);
/* Nulls behind the first `keep`: too few to say so much as how many. */
void report_hide(json_t *row, size_t keep);

struct report_times {
	int64_t *v; /* counted seconds */
	size_t n, room, met;
};

void report_times_add(struct report_times *t, int64_t counted_s, bool met);
void report_times_clear(struct report_times *t);
/* The smallest value that at least `percent` of all do not exceed, as minutes;
 * null of nothing. Moves the values about. */
json_t *report_percentile(struct report_times *t, size_t percent);
/* The value at a rank, 0 the smallest, as minutes; ranks beyond are the ends.
 */
json_t *report_rank(struct report_times *t, double rank);
json_t *report_rate(int64_t part, int64_t whole);

#endif
