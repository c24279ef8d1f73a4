#include "slow_hours.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dice.h"

enum { DAY_MIN = 1440, DAY_S = 86400, SPECIAL_MAX = 6 };

struct day {
	bool open[DAY_MIN];
};

struct special {
	int year, month, day;
	bool is_closed;
	struct day hours;
};

static uint64_t
roll(uint64_t *seed, uint64_t n)
{
	return t_splitmix(seed) % n;
}

/* ---- zones, by the C library ---- */

static void
enter(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static struct tm
wall(int64_t t_s)
{
	time_t t = t_s;
	struct tm tm = {0};

	localtime_r(&t, &tm);
	return tm;
}

bool
slow_zones_known(void)
{
	enter("Asia/Tokyo");
	return wall(0).tm_hour == 9;
}

int64_t
slow_moment(const char *zone, uint64_t *seed)
{
	int64_t t = 946684800 + (int64_t)roll(seed, (uint64_t)37 * 366 * DAY_S);

	enter(zone);
	t -= t % 60;
	if (roll(seed, 4) == 0)
		return t;
	for (int day = 0; day < 400; day++)
		if (wall(t + (int64_t)(day + 1) * DAY_S).tm_gmtoff !=
		    wall(t + (int64_t)day * DAY_S).tm_gmtoff)
			return t + (day - (int64_t)roll(seed, 4)) * DAY_S;
	return t;
}

/* ---- random hours ---- */

static void
random_day(struct day *d, uint64_t *seed)
{
	*d = (struct day){0};
	switch (roll(seed, 9)) {
	case 0:
		return;
	case 1:
		memset(d->open, true, sizeof(d->open));
		return;
	case 2: /* nine to six, and lunch */
	case 3:
		memset(d->open + 540, true, 540);
		memset(d->open + 720, false, 60);
		return;
	case 4: /* a night shift */
		memset(d->open, true, 360);
		memset(d->open + 1320, true, 120);
		return;
	default:
		break;
	}
	for (uint64_t n = 1 + roll(seed, 4); n > 0; n--) {
		uint64_t unit = roll(seed, 2) ? 1 : 30;
		uint64_t from = roll(seed, DAY_MIN / unit) * unit;
		uint64_t len = (1 + roll(seed, 400 / unit)) * unit;
		for (uint64_t i = from; i < from + len && i < DAY_MIN; i++)
			d->open[i] = true;
	}
}

static void
put(struct slow_hours *h, const char *fmt, ...)
{
	size_t n = strlen(h->json);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(h->json + n, sizeof(h->json) - n, fmt, ap);
	va_end(ap);
}

static void
put_day(struct slow_hours *h, const struct day *d)
{
	const char *comma = "";

	put(h, "[");
	for (int from = 0, to; from < DAY_MIN; from = to) {
		for (to = from; to < DAY_MIN && d->open[to] == d->open[from];)
			to++;
		if (!d->open[from])
			continue;
		put(h, "%s[\"%02d:%02d\",\"%02d:%02d\"]", comma, from / 60,
		    from % 60, to / 60, to % 60);
		comma = ",";
	}
	put(h, "]");
}

static void
put_json(struct slow_hours *h, const char *zone, const struct day *week,
	 const struct special *v, size_t n)
{
	static const char *const names[] = {"sun", "mon", "tue", "wed",
					    "thu", "fri", "sat"};
	const char *comma = "";

	h->json[0] = '\0';
	put(h, "{\"zone\":\"%s\",\"weekly\":{", zone);
	for (size_t i = 0; i < 7; i++) {
		put(h, "%s\"%s\":", i ? "," : "", names[i]);
		put_day(h, &week[i]);
	}
	put(h, "},\"national_holidays\":null,\"closed\":[");
	for (size_t i = 0; i < n; i++)
		if (v[i].is_closed) {
			put(h, "%s\"%04d-%02d-%02d\"", comma, v[i].year,
			    v[i].month, v[i].day);
			comma = ",";
		}
	put(h, "],\"open\":{");
	comma = "";
	for (size_t i = 0; i < n; i++)
		if (!v[i].is_closed) {
			put(h, "%s\"%04d-%02d-%02d\":", comma, v[i].year,
			    v[i].month, v[i].day);
			put_day(h, &v[i].hours);
			comma = ",";
		}
	put(h, "}}");
}

static void
draw(struct slow_hours *h, const struct day *week, const struct special *v,
     size_t n)
{
	for (int i = 0; i < SLOW_MINUTES; i++) {
		struct tm tm = wall(h->from_s + (int64_t)i * 60);
		const struct day *d = &week[tm.tm_wday];
		bool closed = false;
		for (size_t k = 0; k < n; k++)
			if (v[k].year == tm.tm_year + 1900 &&
			    v[k].month == tm.tm_mon + 1 &&
			    v[k].day == tm.tm_mday) {
				closed = v[k].is_closed;
				d = &v[k].hours;
			}
		h->open[i] = !closed && d->open[tm.tm_hour * 60 + tm.tm_min];
	}
}

void
slow_hours_make(struct slow_hours *h, const char *zone, int64_t from_s,
		uint64_t *seed)
{
	struct day week[7];
	struct special v[SPECIAL_MAX];
	size_t n = roll(seed, SPECIAL_MAX + 1);

	enter(zone);
	snprintf(h->zone, sizeof(h->zone), "%s", zone);
	h->from_s = from_s - from_s % 60;
	for (size_t i = 0; i < 7; i++)
		random_day(&week[i], seed);
	/* some time it must be open */
	memset(week[roll(seed, 7)].open + 600, true, 120);
	for (size_t i = 0; i < n; i++) {
		struct tm tm = wall(h->from_s + (int64_t)i * 3 * DAY_S);
		v[i] = (struct special){tm.tm_year + 1900,
					tm.tm_mon + 1,
					tm.tm_mday,
					roll(seed, 2) == 0,
					{{0}}};
		if (!v[i].is_closed)
			random_day(&v[i].hours, seed);
	}
	put_json(h, zone, week, v, n);
	draw(h, week, v, n);
}

/* ---- counting ---- */

bool
slow_is_open(const struct slow_hours *h, int64_t t_s)
{
	if (!h)
		return true;
	return t_s >= h->from_s && t_s < slow_map_end(h) &&
	       h->open[(t_s - h->from_s) / 60];
}

bool
slow_are_there(const struct slow_hours *h, int64_t t_s)
{
	int64_t from_s = t_s - t_s % 60, to_s = from_s;

	if (!slow_is_open(h, t_s))
		return false;
	enter(h->zone);
	int hour = wall(t_s).tm_hour;
	if (hour >= 6 && hour < 22)
		return true;
	while (slow_is_open(h, from_s - 60))
		from_s -= 60;
	while (slow_is_open(h, to_s))
		to_s += 60;
	return to_s - from_s <= 16 * 3600;
}

int64_t
slow_minute_end(int64_t t_s)
{
	return t_s - t_s % 60 + 60;
}

int64_t
slow_map_end(const struct slow_hours *h)
{
	return h->from_s + (int64_t)SLOW_MINUTES * 60;
}

int64_t
slow_counted(const struct slow_hours *h, int64_t from_s, int64_t to_s)
{
	int64_t sum = 0, next;

	for (; from_s < to_s; from_s = next) {
		next = slow_minute_end(from_s);
		if (next > to_s)
			next = to_s;
		if (slow_is_open(h, from_s))
			sum += next - from_s;
	}
	return sum;
}

int64_t
slow_reach(const struct slow_hours *h, int64_t from_s, int64_t count_s)
{
	if (!h)
		return from_s + count_s;
	for (; from_s < slow_map_end(h); from_s = slow_minute_end(from_s)) {
		int64_t next = slow_minute_end(from_s);
		if (!slow_is_open(h, from_s))
			continue;
		if (count_s <= next - from_s)
			return from_s + count_s;
		count_s -= next - from_s;
	}
	return SLOW_BEYOND;
}
