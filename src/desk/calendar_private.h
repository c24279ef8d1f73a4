/* What a calendar is made of: calendar_json.c fills it, calendar.c reads. */
#ifndef MDG_DESK_CALENDAR_PRIVATE_H
#define MDG_DESK_CALENDAR_PRIVATE_H

#include "madoguchi/desk/calendar.h"
#include "madoguchi/desk/holidays.h"

#include "zone.h"

enum { MDG_DAY_MIN = 24 * 60, MDG_DAY_S = 86400 };

/* Minutes of the local day, [from, to). */
struct mdg_span_min {
	int from, to;
};

struct mdg_hours {
	struct mdg_span_min *spans; /* in order, apart from each other */
	size_t n;
};

struct mdg_open_date {
	int64_t day;
	struct mdg_hours hours;
};

struct mdg_calendar {
	struct mdg_zone zone;
	struct mdg_hours weekly[7]; /* from Monday */
	bool holidays_jp;
	int64_t *closed; /* in order, no two the same */
	size_t closed_n;
	struct mdg_open_date *open; /* in order */
	size_t open_n;
	/*
	 * Open minutes of all covered days before day first_day + i; days_n + 1
	 * of them. With it, no question needs a loop over days.
	 */
	int64_t first_day, days_n;
	uint32_t *before_min;
};

/* The first covered local day, and the one after the last. */
int64_t mdg_calendar_first_day(void);
int64_t mdg_calendar_end_day(void);
/* Fills before_min once all else is set. */
void mdg_calendar_sum_up(struct mdg_calendar *cal);

#endif
