/* Shared by the reports: times with their percentiles, and rates. */
#ifndef MDG_QUERY_REPORT_INT_H
#define MDG_QUERY_REPORT_INT_H

#include "madoguchi/query/report.h"

struct report_times {
	int64_t *v; /* counted seconds */
	size_t n, room, met;
};

void report_times_add(struct report_times *t, int64_t counted_s, bool met);
void report_times_clear(struct report_times *t);
/* The smallest value that at least `percent` of all do not exceed, as minutes;
 * null of nothing. Moves the values about. */
json_t *report_percentile(struct report_times *t, size_t percent);
json_t *report_rate(int64_t part, int64_t whole);

#endif
