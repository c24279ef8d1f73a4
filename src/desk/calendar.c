/*
 * All arithmetic happens on the wall clock's line: wall = instant + offset.
 * Within one step of the zone the two run side by side, and on the wall line
 * the open time before any point is one table look-up (before_min) plus the
 * spans of one day. So a question costs a binary search and one look-up for
 * each change of offset in between.
 */
#include "madoguchi/desk/calendar.h"

#include <stdio.h>
#include <stdlib.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"

#include "calendar_private.h"

int64_t
mdg_calendar_first_day(void)
{
	return mdg_days_from_civil(MDG_HOLIDAY_FIRST_YEAR, 1, 1);
}

int64_t
mdg_calendar_end_day(void)
{
	return mdg_days_from_civil(MDG_HOLIDAY_LAST_YEAR + 1, 1, 1);
}

/* -- days -- */

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool
is_closed_date(const struct mdg_calendar *cal, int64_t day)
{
	return cal->closed_n && bsearch(&day, cal->closed, cal->closed_n,
					sizeof(day), by_number);
}

static int
by_open_day(const void *key, const void *elem)
{
	return by_number(key, &((const struct mdg_open_date *)elem)->day);
}

static const struct mdg_open_date *
open_date(const struct mdg_calendar *cal, int64_t day)
{
	if (!cal->open_n)
		return NULL;
	return bsearch(&day, cal->open, cal->open_n, sizeof(*cal->open),
		       by_open_day);
}

/* The hours of a day, and the reason: for them, or for there being none. */
static const struct mdg_hours *
hours_of(const struct mdg_calendar *cal, int64_t day, enum mdg_why *ret_why,
	 const char **ret_name)
{
	static const struct mdg_hours none;
	const struct mdg_open_date *o = open_date(cal, day);

	*ret_name = NULL;
	if (o) {
		*ret_why =
			o->hours.n ? MDG_WHY_SPECIAL_OPEN : MDG_WHY_CLOSED_DATE;
		return &o->hours;
	}
	if (is_closed_date(cal, day)) {
		*ret_why = MDG_WHY_CLOSED_DATE;
		return &none;
	}
	if (cal->holidays_jp && (*ret_name = mdg_holiday_name(day))) {
		*ret_why = MDG_WHY_HOLIDAY;
		return &none;
	}
	const struct mdg_hours *h = &cal->weekly[mdg_weekday(day)];
	*ret_why = h->n ? MDG_WHY_OPEN : MDG_WHY_DAY_OFF;
	return h;
}

/* The hours of a day that is known to have some. */
static const struct mdg_hours *
hours_of_open_day(const struct mdg_calendar *cal, int64_t day)
{
	const struct mdg_open_date *o = open_date(cal, day);

	return o ? &o->hours : &cal->weekly[mdg_weekday(day)];
}

static uint32_t
sum_min(const struct mdg_hours *h)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < h->n; i++)
		sum += (uint32_t)(h->spans[i].to - h->spans[i].from);
	return sum;
}

/* Minutes of every day by the weekly hours, then the days that differ. */
void
mdg_calendar_sum_up(struct mdg_calendar *cal)
{
	struct mdg_holiday h[MDG_HOLIDAYS_YEAR_MAX];
	uint32_t week[7];

	cal->first_day = mdg_calendar_first_day();
	cal->days_n = mdg_calendar_end_day() - cal->first_day;
	uint32_t *day = mdg_calloc((size_t)cal->days_n + 1, sizeof(*day));
	for (int i = 0; i < 7; i++)
		week[i] = sum_min(&cal->weekly[i]);
	for (int64_t i = 0; i < cal->days_n; i++)
		day[i] = week[mdg_weekday(cal->first_day + i)];
	for (int y = MDG_HOLIDAY_FIRST_YEAR;
	     cal->holidays_jp && y <= MDG_HOLIDAY_LAST_YEAR; y++) {
		size_t n = mdg_holidays_of_year(y, h);
		for (size_t i = 0; i < n; i++)
			day[h[i].day - cal->first_day] = 0;
	}
	for (size_t i = 0; i < cal->closed_n; i++)
		day[cal->closed[i] - cal->first_day] = 0;
	for (size_t i = 0; i < cal->open_n; i++)
		day[cal->open[i].day - cal->first_day] =
			sum_min(&cal->open[i].hours);
	uint32_t sum = 0;
	for (int64_t i = 0; i <= cal->days_n; i++) {
		uint32_t of_day = day[i];
		day[i] = sum;
		sum += of_day;
	}
	cal->before_min = day;
}

/* -- the wall line -- */

static int64_t
floor_day(int64_t wall_s)
{
	return wall_s >= 0 ? wall_s / MDG_DAY_S
			   : -((MDG_DAY_S - 1 - wall_s) / MDG_DAY_S);
}

/* Open seconds before this point of the wall line. */
static int64_t
open_before(const struct mdg_calendar *cal, int64_t wall_s)
{
	int64_t day = floor_day(wall_s), at = wall_s - day * MDG_DAY_S, sum;

	if (day < cal->first_day)
		return 0;
	if (day >= cal->first_day + cal->days_n)
		return (int64_t)cal->before_min[cal->days_n] * 60;
	int64_t i = day - cal->first_day;
	sum = (int64_t)cal->before_min[i] * 60;
	if (cal->before_min[i + 1] == cal->before_min[i] || at == 0)
		return sum;
	const struct mdg_hours *h = hours_of_open_day(cal, day);
	for (size_t k = 0; k < h->n; k++) {
		int64_t from = h->spans[k].from * 60, to = h->spans[k].to * 60;
		if (at <= from)
			break;
		sum += (at < to ? at : to) - from;
	}
	return sum;
}

/*
 * The first point of the wall line with `sum` > 0 open seconds before it; or,
 * with `opening`, the point from which the next one counts (the same unless
 * a closing time). There is one.
 */
static int64_t
point_of(const struct mdg_calendar *cal, int64_t sum, bool opening)
{
	int64_t lo = 0, hi = cal->days_n; /* before[lo] < sum <= before[hi] */

	sum += opening;
	while (hi - lo > 1) {
		int64_t mid = lo + (hi - lo) / 2;
		if ((int64_t)cal->before_min[mid] * 60 < sum)
			lo = mid;
		else
			hi = mid;
	}
	int64_t day = cal->first_day + lo;
	int64_t rest = sum - (int64_t)cal->before_min[lo] * 60;
	const struct mdg_hours *h = hours_of_open_day(cal, day);
	for (size_t k = 0; k < h->n; k++) {
		int64_t from = h->spans[k].from * 60, to = h->spans[k].to * 60;
		if (rest <= to - from)
			return day * MDG_DAY_S + from + rest - opening;
		rest -= to - from;
	}
	mdg_bug(__FILE__, __LINE__, "the sum of a day is that of its spans");
}

static int64_t
step_end(const struct mdg_zone *z, size_t i)
{
	return i + 1 < z->n ? z->steps[i + 1].at_s : INT64_MAX / 2;
}

/* -- instants -- */

const char *
mdg_calendar_zone(const struct mdg_calendar *cal)
{
	return cal->zone.name;
}

int64_t
mdg_calendar_offset_s(const struct mdg_calendar *cal, int64_t t_s)
{
	return cal->zone.steps[mdg_zone_step_at(&cal->zone, t_s)].offset_s;
}

int64_t
mdg_calendar_day(const struct mdg_calendar *cal, int64_t t_s)
{
	return floor_day(t_s + mdg_calendar_offset_s(cal, t_s));
}

int64_t
mdg_calendar_instant_s(const struct mdg_calendar *cal, int64_t wall_s)
{
	const struct mdg_zone *z = &cal->zone;
	/* no clock is a day and a half from UTC */
	size_t i = mdg_zone_step_at(z, wall_s - MDG_DAY_S * 3 / 2);

	while (i + 1 < z->n &&
	       z->steps[i + 1].at_s + z->steps[i].offset_s <= wall_s)
		i++;
	int64_t t_s = wall_s - z->steps[i].offset_s;
	return i > 0 && t_s < z->steps[i].at_s ? z->steps[i].at_s : t_s;
}

int64_t
mdg_calendar_offset_end_s(const struct mdg_calendar *cal, int64_t t_s)
{
	size_t next = mdg_zone_step_at(&cal->zone, t_s) + 1;

	return next < cal->zone.n ? cal->zone.steps[next].at_s : INT64_MAX;
}

char *
mdg_calendar_rfc3339(const struct mdg_calendar *cal, int64_t t_s, char *out,
		     size_t n)
{
	/* RFC 3339 offsets have no seconds; some zones had, before 1972 */
	int64_t off_min = mdg_calendar_offset_s(cal, t_s) / 60;
	int64_t abs_min = off_min < 0 ? -off_min : off_min;
	char utc[40];

	mdg_time_rfc3339(t_s + off_min * 60, utc, sizeof(utc));
	snprintf(out, n, "%.19s%c%02d:%02d", utc, off_min < 0 ? '-' : '+',
		 (int)(abs_min / 60), (int)(abs_min % 60));
	return out;
}

size_t
mdg_calendar_closed_n(const struct mdg_calendar *cal, int year)
{
	int64_t from = mdg_days_from_civil(year, 1, 1);
	int64_t to = mdg_days_from_civil(year + 1, 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < cal->closed_n; i++)
		n += cal->closed[i] >= from && cal->closed[i] < to;
	return n;
}

static bool
check_range(const struct mdg_calendar *cal, int64_t t_s, struct mdg_err *err)
{
	char first[8], last[8];
	bool near = t_s >= (cal->first_day - 1) * MDG_DAY_S &&
		    t_s < (cal->first_day + cal->days_n + 1) * MDG_DAY_S;
	int64_t day = near ? mdg_calendar_day(cal, t_s) - cal->first_day : -1;

	/* whole years, where the calendar is */
	if (day >= 0 && day < cal->days_n)
		return true;
	snprintf(first, sizeof(first), "%d", MDG_HOLIDAY_FIRST_YEAR);
	snprintf(last, sizeof(last), "%d", MDG_HOLIDAY_LAST_YEAR);
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_calendar_time_range, first,
			    last, NULL);
}

bool
mdg_calendar_is_open(const struct mdg_calendar *cal, int64_t t_s)
{
	int64_t wall = t_s + mdg_calendar_offset_s(cal, t_s);

	return open_before(cal, wall + 1) > open_before(cal, wall);
}

bool
mdg_calendar_between(const struct mdg_calendar *cal, int64_t from_s,
		     int64_t to_s, int64_t *ret_s, struct mdg_err *err)
{
	const struct mdg_zone *z = &cal->zone;
	int64_t sum = 0;

	if (!check_range(cal, from_s, err) || !check_range(cal, to_s, err))
		return false;
	for (size_t i = mdg_zone_step_at(z, from_s); from_s < to_s; i++) {
		int64_t end = step_end(z, i), off = z->steps[i].offset_s;
		if (end > to_s)
			end = to_s;
		sum += open_before(cal, end + off) -
		       open_before(cal, from_s + off);
		from_s = end;
	}
	*ret_s = sum;
	return true;
}

static bool
never(const struct mdg_calendar *cal, int64_t start_s, struct mdg_err *err)
{
	char from[40], last[8];

	mdg_calendar_rfc3339(cal, start_s, from, sizeof(from));
	snprintf(last, sizeof(last), "%d", MDG_HOLIDAY_LAST_YEAR);
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_calendar_never, from,
			    last, NULL);
}

bool
mdg_calendar_add(const struct mdg_calendar *cal, int64_t start_s,
		 int64_t count_s, int64_t *ret_s, struct mdg_err *err)
{
	const struct mdg_zone *z = &cal->zone;
	bool opening = count_s == 0;
	int64_t at_s = start_s;

	if (!check_range(cal, start_s, err))
		return false;
	if (count_s < 0)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_calendar_negative,
				    NULL);
	if (opening && mdg_calendar_is_open(cal, start_s)) {
		*ret_s = start_s;
		return true;
	}
	for (size_t i = mdg_zone_step_at(z, at_s); i < z->n; i++) {
		int64_t end = step_end(z, i), off = z->steps[i].offset_s;
		int64_t had = open_before(cal, at_s + off);
		int64_t here = open_before(cal, end + off) - had;
		if (count_s + opening <= here) {
			*ret_s = point_of(cal, had + count_s, opening) - off;
			return true;
		}
		count_s -= here;
		at_s = end;
	}
	return never(cal, start_s, err);
}

/* -- reasons -- */

struct walk {
	const struct mdg_calendar *cal;
	int64_t from_s, to_s; /* asked for */
	int64_t off_s;
	bool (*each)(void *arg, const struct mdg_stretch *s);
	void *arg;
};

/* One piece of the wall line, cut to what was asked. */
static bool
emit(const struct walk *w, int64_t from, int64_t to, enum mdg_why why,
     const char *name)
{
	struct mdg_stretch s = {from - w->off_s, to - w->off_s, why, name};

	if (s.from_s < w->from_s)
		s.from_s = w->from_s;
	if (s.to_s > w->to_s)
		s.to_s = w->to_s;
	return s.from_s >= s.to_s || w->each(w->arg, &s);
}

static bool
walk_day(const struct walk *w, int64_t day)
{
	enum mdg_why why;
	const char *name;
	const struct mdg_hours *h = hours_of(w->cal, day, &why, &name);
	int64_t zero = day * MDG_DAY_S, at = zero;

	for (size_t i = 0; i < h->n; i++) {
		int64_t from = zero + h->spans[i].from * 60;
		int64_t to = zero + h->spans[i].to * 60;
		if (!emit(w, at, from, i ? MDG_WHY_BREAK : MDG_WHY_BEFORE_HOURS,
			  NULL) ||
		    !emit(w, from, to, why, NULL))
			return false;
		at = to;
	}
	return emit(w, at, zero + MDG_DAY_S, h->n ? MDG_WHY_AFTER_HOURS : why,
		    name);
}

bool
mdg_calendar_stretches(const struct mdg_calendar *cal, int64_t from_s,
		       int64_t to_s,
		       bool (*each)(void *arg, const struct mdg_stretch *s),
		       void *arg, struct mdg_err *err)
{
	const struct mdg_zone *z = &cal->zone;

	if (!check_range(cal, from_s, err) || !check_range(cal, to_s, err))
		return false;
	for (size_t i = mdg_zone_step_at(z, from_s); from_s < to_s; i++) {
		int64_t end = step_end(z, i), off = z->steps[i].offset_s;
		if (end > to_s)
			end = to_s;
		struct walk w = {cal, from_s, end, off, each, arg};
		int64_t last = floor_day(end - 1 + off);
		for (int64_t d = floor_day(from_s + off); d <= last; d++)
			if (!walk_day(&w, d))
				return true;
		from_s = end;
	}
	return true;
}
