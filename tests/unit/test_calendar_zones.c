/* Calendars in all zones, against a second opinion: the C library's zones, and
 * a stepper that goes one minute at a time. */
#include <time.h>

#include "dice.h"
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/calendar.h"
#include "madoguchi/desk/holidays.h"

#include "../../src/desk/zone.h"

#ifdef MDG_SANITIZERS
enum { CASES = 10000 };
#else
enum { CASES = 100000 };
#endif

static uint64_t seed;

static uint64_t
rnd(uint64_t n)
{
	return t_splitmix(&seed) % n;
}

static void
enter_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static int64_t offset_by_libc(int64_t t);

/* Without the tzdata package the C library has no second opinion. */
static void
need_zones_of_libc(void)
{
	enter_zone("Asia/Tokyo");
	if (offset_by_libc(0) != 9 * 3600)
		skip();
}

static int64_t
offset_by_libc(int64_t t)
{
	struct tm tm;
	time_t tt = t;

	assert_non_null(localtime_r(&tt, &tm));
	return tm.tm_gmtoff;
}

/* The spans of a day as a map of its minutes. */
struct day_map {
	bool open[1440];
};

struct special {
	int64_t day;
	bool is_open; /* in "open", else in "closed" */
	struct day_map map;
};

struct spec {
	struct day_map weekly[7];
	bool holidays;
	struct special special[8];
	size_t special_n;
	/* the day asked last */
	int64_t day;
	struct day_map none;
	const struct day_map *map;
};

static const struct day_map *
map_of(struct spec *s, int64_t day)
{
	const struct day_map *closed = NULL;

	if (s->map && s->day == day)
		return s->map;
	s->day = day;
	s->map = &s->weekly[mdg_weekday(day)];
	if (s->holidays && mdg_holiday_name(day))
		s->map = &s->none;
	for (size_t i = 0; i < s->special_n; i++)
		if (s->special[i].day == day) {
			if (!s->special[i].is_open)
				closed = &s->none;
			else
				return s->map = &s->special[i].map;
		}
	return s->map = closed ? closed : s->map;
}

/*
 * Steps from t to end by minutes of the wall clock; stops once `want` open
 * seconds have passed (want > 0). Returns the open seconds, *stop is where.
 */
static int64_t
step(struct spec *s, int64_t t, int64_t end, int64_t want, int64_t *stop)
{
	int64_t sum = 0, off = 0, off_until = INT64_MIN;

	while (t < end) {
		if (t >= off_until) {
			off = offset_by_libc(t);
			off_until = (t / 900 + 1) * 900;
			/* in a quarter with a change: minute by minute */
			if (offset_by_libc(off_until) != off)
				off_until = t;
		}
		int64_t next = (t / 60 + 1) * 60;
		if (next > end)
			next = end;
		int64_t wall = t + off;
		if (map_of(s, wall / 86400)->open[wall % 86400 / 60]) {
			if (want && sum + next - t >= want) {
				*stop = t + want - sum;
				return want;
			}
			sum += next - t;
		}
		t = next;
	}
	*stop = t;
	return sum;
}

/* -- random calendars, as a map and as JSON -- */

static void
put_spans(struct mdg_buf *b, const struct day_map *m)
{
	int from = 0;
	const char *comma = "";

	mdg_buf_putc(b, '[');
	for (int i = 0; i <= 1440; i++) {
		bool now = i < 1440 && m->open[i];
		bool before = i > 0 && m->open[i - 1];
		if (now && !before)
			from = i;
		if (!now && before) {
			mdg_buf_printf(b, "%s[\"%02d:%02d\",\"%02d:%02d\"]",
				       comma, from / 60, from % 60, i / 60,
				       i % 60);
			comma = ",";
		}
	}
	mdg_buf_putc(b, ']');
}

static void
random_map(struct day_map *m)
{
	*m = (struct day_map){0};
	switch (rnd(6)) {
	case 0:
		return;
	case 1:
		memset(m->open, 1, sizeof(m->open));
		return;
	default:
		break;
	}
	for (uint64_t n = 1 + rnd(4); n > 0; n--) {
		/* now by the minute, now by the half hour */
		uint64_t unit = rnd(2) ? 1 : 30;
		uint64_t from = rnd(1440 / unit) * unit;
		uint64_t to = from + (1 + rnd(600 / unit)) * unit;
		for (uint64_t i = from; i < to && i < 1440; i++)
			m->open[i] = true;
	}
}

static struct mdg_calendar *
random_calendar(const char *zone, int64_t near_day, struct spec *s)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu",
					   "fri", "sat", "sun"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *comma = "";
	char date[16];

	*s = (struct spec){.holidays = rnd(2)};
	mdg_buf_printf(&b, "{\"zone\":\"%s\",\"weekly\":{", zone);
	for (size_t i = 0; i < 7; i++) {
		random_map(&s->weekly[i]);
		mdg_buf_printf(&b, "%s\"%s\":", i ? "," : "", days[i]);
		put_spans(&b, &s->weekly[i]);
	}
	s->special_n = rnd(8);
	for (size_t i = 0; i < s->special_n; i++) {
		s->special[i].day = near_day + (int64_t)(i * 2 + rnd(2));
		s->special[i].is_open = rnd(2);
		random_map(&s->special[i].map);
	}
	mdg_buf_printf(&b, "},\"national_holidays\":%s,\"closed\":[",
		       s->holidays ? "\"jp\"" : "null");
	for (size_t i = 0; i < s->special_n; i++) {
		/* a date in both is open */
		if (s->special[i].is_open && i % 2)
			continue;
		mdg_buf_printf(
			&b, "%s\"%s\"", comma,
			mdg_date_format(s->special[i].day, date, sizeof(date)));
		comma = ",";
	}
	mdg_buf_puts(&b, "],\"open\":{");
	comma = "";
	for (size_t i = 0; i < s->special_n; i++) {
		if (!s->special[i].is_open)
			continue;
		mdg_buf_printf(
			&b, "%s\"%s\":", comma,
			mdg_date_format(s->special[i].day, date, sizeof(date)));
		put_spans(&b, &s->special[i].map);
		comma = ",";
	}
	mdg_buf_puts(&b, "}}");
	struct mdg_calendar *cal = NULL;
	struct mdg_err err;
	if (!mdg_calendar_parse(mdg_buf_str(&b), &cal, &err))
		fail_msg("%s: %s", mdg_buf_str(&b), err.text);
	return cal;
}

static const char *const zones[] = {
	"Asia/Tokyo",          "America/New_York", "Europe/London",
	"Australia/Lord_Howe", "Asia/Kathmandu",   "America/Sao_Paulo",
	"Africa/Casablanca",   "Europe/Dublin",    "America/St_Johns",
	"Pacific/Apia",        "Asia/Gaza",        "UTC",
};

/* A moment of 1990–2099, every second time within days of a change of offset.
 */
static int64_t
random_moment(void)
{
	int64_t t = mdg_days_from_civil(1990, 1, 1) * 86400 +
		    (int64_t)rnd((uint64_t)110 * 365 * 86400);

	if (rnd(2))
		return t;
	int64_t lo = t, off = offset_by_libc(t);
	for (int days = 0; days < 400; days++, lo += 86400)
		if (offset_by_libc(lo + 86400) != off)
			return lo + (int64_t)rnd(2 * 86400) - 43200;
	return t;
}

static void
one_case(const struct mdg_calendar *cal, struct spec *s, int64_t from)
{
	int64_t to = from + (int64_t)rnd(rnd(8) ? 86400 : 5 * 86400);
	int64_t got, want, stop, mid, a, b;

	want = step(s, from, to, 0, &stop);
	assert_true(mdg_calendar_between(cal, from, to, &got, NULL));
	if (want != got)
		fail_msg("%s from %lld to %lld: %lld stepped, %lld counted",
			 mdg_calendar_zone(cal), (long long)from, (long long)to,
			 (long long)want, (long long)got);
	/* splitting never changes the sum */
	mid = from + (int64_t)rnd((uint64_t)(to - from) + 1);
	assert_true(mdg_calendar_between(cal, from, mid, &a, NULL));
	assert_true(mdg_calendar_between(cal, mid, to, &b, NULL));
	assert_true(a + b == got);
	/* open at an instant: its second counts */
	assert_true(mdg_calendar_between(cal, mid, mid + 1, &a, NULL));
	assert_true(mdg_calendar_is_open(cal, mid) == (a == 1));
	if (got == 0)
		return;
	/* due is the first instant with so much behind it: the inverse */
	int64_t count = 1 + (int64_t)rnd((uint64_t)got);
	step(s, from, to, count, &stop);
	assert_true(mdg_calendar_add(cal, from, count, &a, NULL));
	if (a != stop)
		fail_msg("%s from %lld + %lld: %lld stepped, %lld counted",
			 mdg_calendar_zone(cal), (long long)from,
			 (long long)count, (long long)stop, (long long)a);
	assert_true(mdg_calendar_between(cal, from, a, &b, NULL));
	assert_true(b == count);
	/* the next opening: one second from there counts, none before */
	step(s, from, to, 1, &stop);
	assert_true(mdg_calendar_add(cal, from, 0, &a, NULL));
	assert_true(a == stop - 1);
}

static void
counting_agrees_with_a_slow_stepper_in_all_zones(void **state)
{
	(void)state;
	enum { PER_CALENDAR = 50 };
	static struct spec s;
	const size_t zones_n = sizeof(zones) / sizeof(*zones);

	need_zones_of_libc();
	seed = 20261121;
	for (int n = 0; n < CASES / PER_CALENDAR; n++) {
		const char *zone =
			zones[(size_t)n * zones_n / (CASES / PER_CALENDAR)];
		enter_zone(zone);
		int64_t near = random_moment();
		struct mdg_calendar *cal =
			random_calendar(zone, near / 86400, &s);
		for (int i = 0; i < PER_CALENDAR; i++)
			one_case(cal, &s,
				 i % 3 ? near + (int64_t)rnd(10 * 86400)
				       : random_moment());
		mdg_calendar_free(&cal);
	}
}

static void
offsets_agree_with_the_c_library_up_to_2100(void **state)
{
	(void)state;
	int64_t first = mdg_days_from_civil(1948, 1, 1) * 86400;
	int64_t end = mdg_days_from_civil(2151, 1, 1) * 86400;

	need_zones_of_libc();
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		struct mdg_zone z, icu;
		enter_zone(zones[i]);
		assert_true(mdg_zone_load(zones[i], first, end, &z));
		assert_true(mdg_zone_load_icu(zones[i], first, end, &icu));
		for (int64_t t = 0; t < 4102444800; t += 86400 * 5 + 4000) {
			int64_t off = z.steps[mdg_zone_step_at(&z, t)].offset_s;
			if (off != offset_by_libc(t))
				fail_msg("%s at %lld", zones[i], (long long)t);
			/* the copy within ICU is as old as the release */
			if (t < 1640995200 &&
			    icu.steps[mdg_zone_step_at(&icu, t)].offset_s !=
				    off)
				fail_msg("%s at %lld by ICU", zones[i],
					 (long long)t);
		}
		mdg_zone_clear(&z);
		mdg_zone_clear(&icu);
	}
}

/* From a day and a half before, minute by minute. */
static int64_t
first_shown(int64_t wall)
{
	int64_t t = wall - 36 * 3600;

	while (t + offset_by_libc(t) < wall)
		t += 60;
	return t;
}

static void
an_instant_is_the_first_that_shows_a_time_or_a_later_one(void **state)
{
	(void)state;
	static struct spec s;

	need_zones_of_libc();
	seed = 20261122;
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		enter_zone(zones[i]);
		struct mdg_calendar *cal = random_calendar(zones[i], 0, &s);
		for (int n = 0; n < 200; n++) {
			int64_t wall = random_moment() / 60 * 60;
			/* midnights, too */
			if (n % 4 == 0)
				wall -= wall % 86400;
			int64_t t = mdg_calendar_instant_s(cal, wall);
			if (t != first_shown(wall))
				fail_msg("%s: %lld is shown at %lld, not %lld",
					 zones[i], (long long)wall,
					 (long long)first_shown(wall),
					 (long long)t);
		}
		for (int n = 0; n < 40; n++) {
			int64_t from = random_moment() / 60 * 60;
			int64_t to = mdg_calendar_offset_end_s(cal, from);
			int64_t off = offset_by_libc(from);
			for (int64_t t = from; t < to && t < from + 250 * 86400;
			     t += 900)
				assert_true(offset_by_libc(t) == off);
			if (to < INT64_MAX)
				assert_true(offset_by_libc(to) != off);
		}
		mdg_calendar_free(&cal);
	}
}

static void
only_names_of_the_iana_database_are_zones(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"JST",
		"asia/tokyo",
		"Asia",
		"Asia/",
		"Asia/Tokyo/",
		"/etc/localtime",
		"../Asia/Tokyo",
		"localtime",
		"GMT+9",
		"GMT+09:00",
		"UTC+9",
		"Etc/Unknown",
		"Factory",
		"right/Asia/Tokyo",
		"SystemV/EST5",
		"+09:00",
	};
	struct mdg_zone z;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (mdg_zone_load(bad[i], 0, 1, &z))
			fail_msg("%s is a zone", bad[i]);
	static const char *const good[] = {"UTC", "Etc/GMT-9", "Japan",
					   "America/Indiana/Knox",
					   "America/Port-au-Prince"};
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_true(mdg_zone_load(good[i], 0, 1, &z));
		mdg_zone_clear(&z);
	}
}

/* -- stretches -- */

struct sum {
	int64_t end, counted;
};

static bool
add_one(void *arg, const struct mdg_stretch *s)
{
	struct sum *l = arg;

	assert_true(s->from_s == l->end && s->from_s < s->to_s);
	l->end = s->to_s;
	if (mdg_why_counts(s->why))
		l->counted += s->to_s - s->from_s;
	return true;
}

static void
stretches_add_up_over_changes_of_offset(void **state)
{
	(void)state;
	static struct spec s;

	seed = 7;
	for (int n = 0; n < 300; n++) {
		const char *zone = zones[rnd(sizeof(zones) / sizeof(*zones))];
		enter_zone(zone);
		int64_t from = random_moment(), sum;
		struct mdg_calendar *cal =
			random_calendar(zone, from / 86400, &s);
		int64_t to = from + (int64_t)rnd(20 * 86400);
		struct sum l = {.end = from};
		assert_true(mdg_calendar_stretches(cal, from, to, add_one, &l,
						   NULL));
		assert_true(l.end == to);
		assert_true(mdg_calendar_between(cal, from, to, &sum, NULL));
		assert_true(sum == l.counted);
		mdg_calendar_free(&cal);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			counting_agrees_with_a_slow_stepper_in_all_zones),
		cmocka_unit_test(offsets_agree_with_the_c_library_up_to_2100),
		cmocka_unit_test(
			an_instant_is_the_first_that_shows_a_time_or_a_later_one),
		cmocka_unit_test(only_names_of_the_iana_database_are_zones),
		cmocka_unit_test(stretches_add_up_over_changes_of_offset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
