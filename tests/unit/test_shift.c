/* When people may be told something, against a second opinion: the zones of the
 * C library, and steps of a minute. */
#include <time.h>

#include "dice.h"
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/desk/shift.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR, CASES = 2000 };

static const char *const zones[] = {"Asia/Tokyo",        "Europe/Berlin",
				    "America/New_York",  "Australia/Lord_Howe",
				    "Africa/Casablanca", "Asia/Kathmandu"};
static const char *const days[] = {"mon", "tue", "wed", "thu",
				   "fri", "sat", "sun"};

static uint64_t seed = 20261122;

static uint64_t
rnd(uint64_t n)
{
	return t_splitmix(&seed) % n;
}

/* ---- the second opinion ---- */

static bool hours[7][96]; /* by quarters */

static int64_t
local(int64_t t)
{
	struct tm tm;
	time_t tt = t;

	assert_non_null(localtime_r(&tt, &tm));
	return t + tm.tm_gmtoff;
}

static bool
open_at(int64_t t)
{
	int64_t at = local(t);

	/* 1970-01-01 was a Thursday */
	return hours[(at / DAY + 3) % 7][at % DAY / 900];
}

/* The length of the hours around t, as far as it matters, and their start. */
static int64_t
on_end(int64_t t, int64_t *from)
{
	int64_t to = t - t % MINUTE;

	*from = to;
	while (open_at(*from - MINUTE) && t - *from <= MDG_SHIFT_MAX_S)
		*from -= MINUTE;
	while (open_at(to) && to - t <= MDG_SHIFT_MAX_S)
		to += MINUTE;
	return to - *from;
}

static bool
slow_is_on(int64_t t)
{
	int64_t minute = local(t) % DAY / MINUTE, from;

	return open_at(t) && ((minute >= 6 * 60 && minute < 22 * 60) ||
			      on_end(t, &from) <= MDG_SHIFT_MAX_S);
}

static bool
slow_has_begun(int64_t t)
{
	int64_t from;

	if (!slow_is_on(t))
		return false;
	if (on_end(t, &from) > MDG_SHIFT_MAX_S)
		return local(t) % DAY >= 9 * HOUR;
	return local(from) / DAY == local(t) / DAY;
}

/* ---- calendars ---- */

static void
open_hours(int day, int from, int to)
{
	for (int q = from; q < to; q++)
		hours[day][q] = true;
}

/* Offices, nights, around the clock, with and without breaks. */
static void
any_hours(void)
{
	int from = (int)rnd(96), length = (int)rnd(97);

	memset(hours, 0, sizeof(hours));
	for (int d = 0; d < 7; d++) {
		if (rnd(6) == 0)
			continue;
		if (rnd(4) == 0) {
			from = (int)rnd(96);
			length = (int)rnd(97);
		}
		open_hours(d, from, from + length < 96 ? from + length : 96);
		if (from + length > 96)
			open_hours((d + 1) % 7, 0, from + length - 96);
		if (rnd(5) == 0)
			hours[d][rnd(96)] = false;
	}
}

static struct mdg_calendar *
calendar(const char *zone)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_calendar *cal;
	struct mdg_err err;

	mdg_buf_printf(&b, "{\"zone\":\"%s\",\"weekly\":{", zone);
	for (int d = 0; d < 7; d++) {
		int n = 0;
		mdg_buf_printf(&b, "%s\"%s\":[", d ? "," : "", days[d]);
		for (int q = 0; q < 96;) {
			int from = q;
			while (q < 96 && hours[d][q])
				q++;
			if (q > from)
				mdg_buf_printf(
					&b, "%s[\"%02d:%02d\",\"%02d:%02d\"]",
					n++ ? "," : "", from / 4, from % 4 * 15,
					q / 4, q % 4 * 15);
			else
				q++;
		}
		mdg_buf_puts(&b, "]");
	}
	mdg_buf_puts(&b, "}}");
	if (!mdg_calendar_parse(mdg_buf_str(&b), &cal, &err))
		fail_msg("%s: %s", mdg_buf_str(&b), err.text);
	return cal;
}

static void
enter(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* A moment of 2026 or 2027, often near a change of the clock. */
static int64_t
any_time(void)
{
	static const int64_t changes[] = {
		1774746000, 1792890000, 1772953200, 1793512800, 1775314800,
		1791039600, 1771119600, 1774144800}; /* of these zones */
	if (rnd(2))
		return 1767225600 + (int64_t)rnd(2ull * 365 * DAY);
	return changes[rnd(MDG_LEN(changes))] - 2 * DAY +
	       (int64_t)rnd(4ull * DAY);
}

static void
whether_people_are_there_is_so_by_steps_of_a_minute(void **state)
{
	size_t on = 0, quiet = 0;

	(void)state;
	enter("Asia/Tokyo");
	if (local(0) != 9 * HOUR) /* no tzdata, no second opinion */
		skip();
	for (int i = 0; i < CASES; i++) {
		const char *zone = zones[rnd(MDG_LEN(zones))];
		enter(zone);
		any_hours();
		struct mdg_calendar *cal = calendar(zone);
		for (int k = 0; k < 5; k++) {
			int64_t t = any_time();
			if (mdg_shift_is_on(cal, t) != slow_is_on(t) ||
			    mdg_shift_has_begun(cal, t) != slow_has_begun(t))
				fail_msg("case %d: %s at %lld: %s", i, zone,
					 (long long)t,
					 mdg_calendar_to_json(cal));
			on += slow_is_on(t);
			quiet += open_at(t) && !slow_is_on(t);
		}
		mdg_calendar_free(&cal);
	}
	/* both happened */
	assert_true(on > CASES && quiet > CASES / 50);
}

static void
the_next_time_is_the_first_of_all_minutes(void **state)
{
	(void)state;
	enter("Asia/Tokyo");
	if (local(0) != 9 * HOUR)
		skip();
	for (int i = 0; i < CASES / 20; i++) {
		const char *zone = zones[rnd(MDG_LEN(zones))];
		enter(zone);
		any_hours();
		struct mdg_calendar *cal = calendar(zone);
		int64_t t = any_time(), slow = t;
		while (slow - t < 8 * DAY && !slow_is_on(slow))
			slow += MINUTE - slow % MINUTE;
		int64_t fast = mdg_shift_next(cal, t);
		if (slow - t < 8 * DAY && fast != slow)
			fail_msg("case %d: %s at %lld: %lld, not %lld: %s", i,
				 zone, (long long)t, (long long)fast,
				 (long long)slow, mdg_calendar_to_json(cal));
		mdg_calendar_free(&cal);
	}
}

static int64_t
tokyo(int day, int hour, int minute)
{
	/* 2027-06-07 is a Monday */
	return (mdg_days_from_civil(2027, 6, 7) + day) * DAY + hour * HOUR +
	       minute * MINUTE - 9 * HOUR;
}

static void
sixteen_hours_are_a_shift_and_a_quarter_more_is_none(void **state)
{
	(void)state;
	memset(hours, 0, sizeof(hours));
	open_hours(0, 28, 92); /* 7:00 to 23:00 */
	open_hours(1, 27, 92);
	struct mdg_calendar *cal = calendar("Asia/Tokyo");
	assert_true(mdg_shift_is_on(cal, tokyo(0, 22, 30)));
	assert_true(mdg_shift_is_on(cal, tokyo(1, 21, 59)));
	assert_false(mdg_shift_is_on(cal, tokyo(1, 22, 0)));
	assert_false(mdg_shift_is_on(cal, tokyo(0, 23, 0)));
	mdg_calendar_free(&cal);
}

static void
a_night_shift_is_told_at_night_and_who_never_closes_is_not(void **state)
{
	(void)state;
	memset(hours, 0, sizeof(hours));
	for (int d = 0; d < 7; d++) {
		open_hours(d, 0, 24);
		open_hours(d, 88, 96);
	}
	struct mdg_calendar *night = calendar("Asia/Tokyo");
	assert_true(mdg_shift_is_on(night, tokyo(1, 3, 0)));
	assert_false(mdg_shift_is_on(night, tokyo(1, 12, 0)));
	/* one day is begun at ten in the evening, not again at midnight */
	assert_true(mdg_shift_has_begun(night, tokyo(1, 22, 0)));
	assert_false(mdg_shift_has_begun(night, tokyo(1, 0, 10)));
	assert_true(mdg_shift_next(night, tokyo(1, 12, 0)) == tokyo(1, 22, 0));
	mdg_calendar_free(&night);
	for (int d = 0; d < 7; d++)
		open_hours(d, 0, 96);
	struct mdg_calendar *always = calendar("Asia/Tokyo");
	assert_false(mdg_shift_is_on(always, tokyo(1, 3, 0)));
	assert_true(mdg_shift_is_on(always, tokyo(1, 6, 0)));
	assert_false(mdg_shift_has_begun(always, tokyo(1, 8, 59)));
	assert_true(mdg_shift_has_begun(always, tokyo(1, 9, 0)));
	assert_true(mdg_shift_next(always, tokyo(1, 23, 10)) == tokyo(2, 6, 0));
	mdg_calendar_free(&always);
}

static void
who_never_opens_is_never_there(void **state)
{
	(void)state;
	memset(hours, 0, sizeof(hours));
	struct mdg_calendar *cal = calendar("Asia/Tokyo");
	assert_false(mdg_shift_is_on(cal, tokyo(1, 12, 0)));
	assert_false(mdg_shift_has_begun(cal, tokyo(1, 12, 0)));
	assert_true(mdg_shift_next(cal, tokyo(1, 12, 0)) == tokyo(1, 12, 0));
	mdg_calendar_free(&cal);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			whether_people_are_there_is_so_by_steps_of_a_minute),
		cmocka_unit_test(the_next_time_is_the_first_of_all_minutes),
		cmocka_unit_test(
			sixteen_hours_are_a_shift_and_a_quarter_more_is_none),
		cmocka_unit_test(
			a_night_shift_is_told_at_night_and_who_never_closes_is_not),
		cmocka_unit_test(who_never_opens_is_never_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
