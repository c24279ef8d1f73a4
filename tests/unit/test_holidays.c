/*
 * Holidays against the law, said a second time: here a date is asked what it
 * is (the code lists a year and adds to it), and the equinoxes come from the
 * sun's motion (the code has the almanac's formula).
 */
#include <math.h>

#include "t.h"

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/holidays.h"

/* -- the equinox by astronomy: Meeus, Astronomical Algorithms, ch. 27 -- */

/* TT − UT in seconds; Espenak and Meeus. */
static double
delta_t(int year)
{
	double t;

	if (year < 1961) {
		t = year - 1950;
		return 29.07 + 0.407 * t - t * t / 233 + t * t * t / 2547;
	}
	if (year < 1986) {
		t = year - 1975;
		return 45.45 + 1.067 * t - t * t / 260 - t * t * t / 718;
	}
	t = year - 2000;
	return 62.92 + 0.32217 * t + 0.005589 * t * t;
}

/* The instant as a day of March or September in Japan, with its fraction. */
static double
sun_crosses_equator(int year, bool autumn)
{
	static const double term[][3] = {
		{485, 324.96, 1934.136}, {203, 337.23, 32964.467},
		{199, 342.08, 20.186},   {182, 27.85, 445267.112},
		{156, 73.14, 45036.886}, {136, 171.52, 22518.443},
		{77, 222.54, 65928.934}, {74, 296.72, 3034.906},
		{70, 243.58, 9037.513},  {58, 119.81, 33718.147},
		{52, 297.17, 150.678},   {50, 21.02, 2281.226},
		{45, 247.54, 29929.562}, {44, 325.15, 31555.956},
		{29, 60.93, 4443.417},   {18, 155.12, 67555.328},
		{17, 288.79, 4562.452},  {16, 198.04, 62894.029},
		{14, 199.76, 31436.921}, {12, 95.39, 14577.848},
		{12, 287.11, 31931.756}, {12, 320.81, 34777.259},
		{9, 227.73, 1222.114},   {8, 15.45, 16859.074},
	};
	const double rad = 3.14159265358979323846 / 180;
	double y = (year - 2000) / 1000.0, s = 0;
	double jde =
		autumn ? 2451810.21715 + 365242.01767 * y - 0.11575 * y * y +
				 0.00337 * y * y * y + 0.00078 * y * y * y * y
		       : 2451623.80984 + 365242.37404 * y + 0.05169 * y * y -
				 0.00411 * y * y * y - 0.00057 * y * y * y * y;
	double t = (jde - 2451545.0) / 36525;
	double w = (35999.373 * t - 2.47) * rad;
	double dl = 1 + 0.0334 * cos(w) + 0.0007 * cos(2 * w);

	for (size_t i = 0; i < sizeof(term) / sizeof(*term); i++)
		s += term[i][0] * cos((term[i][1] + term[i][2] * t) * rad);
	jde += 0.00001 * s / dl;
	double unix_days = jde - 2440587.5 - delta_t(year) / 86400 + 9 / 24.0;
	return unix_days -
	       (double)mdg_days_from_civil(year, autumn ? 9 : 3, 1) + 1;
}

/* -- the law, asked of one date -- */

static int
nth_weekday(int d)
{
	return (d + 6) / 7;
}

static const char *
january_to_june(int y, int m, int d, bool monday)
{
	int md = m * 100 + d;

	if (y == 1959 && md == 410)
		return "皇太子明仁親王の結婚の儀";
	if (y == 1989 && md == 224)
		return "昭和天皇の大喪の礼";
	if (y == 1993 && md == 609)
		return "皇太子徳仁親王の結婚の儀";
	if (y == 2019 && md == 501)
		return "天皇の即位の日";
	if (md == 101)
		return "元日";
	if (m == 1 && (y < 2000 ? d == 15 : monday && nth_weekday(d) == 2))
		return "成人の日";
	if (md == 211 && y >= 1967)
		return "建国記念の日";
	if (md == 223 && y >= 2020)
		return "天皇誕生日";
	if (m == 3 && d == (int)sun_crosses_equator(y, false))
		return "春分の日";
	if (md == 429)
		return y <= 1988   ? "天皇誕生日"
		       : y <= 2006 ? "みどりの日"
				   : "昭和の日";
	if (md == 503)
		return "憲法記念日";
	if (md == 504 && y >= 2007)
		return "みどりの日";
	return md == 505 ? "こどもの日" : NULL;
}

static const char *
sea_mountain_sports(int y, int m, int d, bool monday)
{
	int md = m * 100 + d;

	if (y == 2020 || y == 2021) {
		if (md == (y == 2020 ? 723 : 722))
			return "海の日";
		if (md == (y == 2020 ? 724 : 723))
			return "スポーツの日";
		return md == (y == 2020 ? 810 : 808) ? "山の日" : NULL;
	}
	if (m == 7 && y >= 1996 &&
	    (y < 2003 ? d == 20 : monday && nth_weekday(d) == 3))
		return "海の日";
	if (md == 811 && y >= 2016)
		return "山の日";
	if (m == 10 && y >= 1966 &&
	    (y < 2000 ? d == 10 : monday && nth_weekday(d) == 2))
		return y < 2020 ? "体育の日" : "スポーツの日";
	return NULL;
}

static const char *
july_to_december(int y, int m, int d, bool monday)
{
	int md = m * 100 + d;
	const char *name = sea_mountain_sports(y, m, d, monday);

	if (name)
		return name;
	if (y == 1990 && md == 1112)
		return "即位礼正殿の儀";
	if (y == 2019 && md == 1022)
		return "即位礼正殿の儀の行われる日";
	if (m == 9 && y >= 1966 &&
	    (y < 2003 ? d == 15 : monday && nth_weekday(d) == 3))
		return "敬老の日";
	if (m == 9 && d == (int)sun_crosses_equator(y, true))
		return "秋分の日";
	if (md == 1103)
		return "文化の日";
	if (md == 1123)
		return "勤労感謝の日";
	return md == 1223 && y >= 1989 && y <= 2018 ? "天皇誕生日" : NULL;
}

static const char *
by_name(int64_t day)
{
	int y, m, d;

	mdg_civil_from_days(day, &y, &m, &d);
	bool monday = mdg_weekday(day) == 0;
	return m <= 6 ? january_to_june(y, m, d, monday)
		      : july_to_december(y, m, d, monday);
}

static bool
stands_in(int64_t day)
{
	if (day - 1 < mdg_days_from_civil(1973, 4, 12) || by_name(day))
		return false;
	if (day < mdg_days_from_civil(2007, 1, 1))
		return mdg_weekday(day) == 0 && by_name(day - 1);
	for (day--; by_name(day); day--)
		if (mdg_weekday(day) == 6)
			return true;
	return false;
}

static const char *
by_law(int64_t day)
{
	const char *name = by_name(day);

	if (name)
		return name;
	if (stands_in(day))
		return "振替休日";
	if (day < mdg_days_from_civil(1985, 12, 27) || !by_name(day - 1) ||
	    !by_name(day + 1))
		return NULL;
	if (day < mdg_days_from_civil(2007, 1, 1) && mdg_weekday(day) == 6)
		return NULL;
	return "国民の休日";
}

static void
every_day_from_1949_to_2099_is_what_the_law_says(void **state)
{
	(void)state;
	int64_t end = mdg_days_from_civil(2100, 1, 1);
	char date[16];

	for (int64_t d = mdg_days_from_civil(1949, 1, 1); d < end; d++) {
		const char *want = by_law(d), *got = mdg_holiday_name(d);
		if (!want && !got)
			continue;
		if (!want || !got || strcmp(want, got) != 0)
			fail_msg("%s: %s by law, %s found",
				 mdg_date_format(d, date, sizeof(date)),
				 want ? want : "nothing", got ? got : "none");
	}
}

static void
the_equinoxes_follow_the_sun_to_2150(void **state)
{
	(void)state;
	int close = 0;

	for (int y = 1949; y <= MDG_HOLIDAY_LAST_YEAR; y++)
		for (int autumn = 0; autumn < 2; autumn++) {
			double at = sun_crosses_equator(y, autumn);
			/* how far the earth will lag by then is a guess:
			 * near midnight the sun alone cannot tell */
			double slack = y < 2050 ? 0.002 : 0.01;
			if (at - floor(at) < slack || ceil(at) - at < slack) {
				close++;
				continue;
			}
			const char *name = mdg_holiday_name(mdg_days_from_civil(
				y, autumn ? 9 : 3, (int)at));
			if (!name ||
			    strcmp(name, autumn ? "秋分の日" : "春分の日"))
				fail_msg("%d: %f is not a holiday", y, at);
		}
	assert_true(close <= 12);
}

static void
is(const char *date, const char *name)
{
	int64_t day;

	assert_true(mdg_date_parse(date, &day));
	const char *got = mdg_holiday_name(day);
	if (!mdg_streq(got ? got : "-", name))
		fail_msg("%s: %s, not %s", date, got ? got : "-", name);
}

static void
substitute_days_begin_in_1973_and_go_on_over_holidays_from_2007(void **state)
{
	(void)state;
	is("1973-02-11", "建国記念の日"); /* a Sunday before the rule */
	is("1973-02-12", "-");
	is("1973-04-30", "振替休日"); /* the first of all */
	is("1998-05-04", "振替休日");
	is("2008-05-06", "振替休日"); /* 4 May was the Sunday */
	is("2009-05-06", "振替休日"); /* 3 May was */
	is("2006-01-02", "振替休日");
	is("2005-01-03", "-"); /* a Saturday is not made up for */
	is("2020-02-24", "振替休日");
	is("2021-08-09", "振替休日");
	is("2024-11-04", "振替休日");
	is("2026-05-06", "振替休日");
}

static void
days_between_holidays_are_off_from_1988(void **state)
{
	(void)state;
	is("1985-05-04", "-");
	is("1986-05-04", "-");        /* a Sunday */
	is("1987-05-04", "振替休日"); /* Monday after a holiday */
	is("1988-05-04", "国民の休日");
	is("1997-05-04", "-"); /* a Sunday */
	is("2006-05-04", "国民の休日");
	is("2007-05-04", "みどりの日");
	is("2009-09-22", "国民の休日");
	is("2015-09-22", "国民の休日");
	is("2026-09-22", "国民の休日");
	is("2032-09-21", "国民の休日");
	is("2019-04-30", "国民の休日");
	is("2019-05-02", "国民の休日");
}

static void
moved_and_single_days_are_where_the_laws_put_them(void **state)
{
	(void)state;
	is("1959-04-10", "皇太子明仁親王の結婚の儀");
	is("1989-02-24", "昭和天皇の大喪の礼");
	is("1990-11-12", "即位礼正殿の儀");
	is("1993-06-09", "皇太子徳仁親王の結婚の儀");
	is("2019-05-01", "天皇の即位の日");
	is("2019-10-22", "即位礼正殿の儀の行われる日");
	is("2019-12-23", "-");
	is("2018-12-24", "振替休日");
	is("2020-07-20", "-");
	is("2020-10-12", "-");
	is("2020-07-24", "スポーツの日");
	is("2021-07-19", "-");
	is("2021-08-11", "-");
	is("2021-10-11", "-");
	is("2022-07-18", "海の日");
	is("2019-10-14", "体育の日");
	is("1966-09-15", "敬老の日");
	is("1965-09-15", "-");
	is("1966-02-11", "-");
	is("1966-10-10", "体育の日");
	is("2003-07-21", "海の日");
	is("2012-09-22", "秋分の日");
	is("1979-09-24", "秋分の日");
}

static void
the_law_begins_in_july_1948_and_the_table_ends_in_2150(void **state)
{
	(void)state;
	struct mdg_holiday h[MDG_HOLIDAYS_YEAR_MAX];

	assert_int_equal(mdg_holidays_of_year(1947, h), 0);
	assert_int_equal(mdg_holidays_of_year(1948, h), 3);
	assert_string_equal(h[0].name, "秋分の日");
	assert_int_equal(mdg_holidays_of_year(1955, h), 9);
	assert_int_equal(mdg_holidays_of_year(2150, h) > 15, true);
	assert_int_equal(mdg_holidays_of_year(2151, h), 0);
	is("1948-01-01", "-");
}

static void
a_year_is_listed_in_order_and_no_day_twice(void **state)
{
	(void)state;
	struct mdg_holiday h[MDG_HOLIDAYS_YEAR_MAX];

	for (int y = 1948; y <= 2150; y++) {
		size_t n = mdg_holidays_of_year(y, h);
		assert_true(n < MDG_HOLIDAYS_YEAR_MAX);
		for (size_t i = 1; i < n; i++)
			assert_true(h[i - 1].day < h[i].day);
		assert_true(h[0].day >= mdg_days_from_civil(y, 1, 1));
		assert_true(h[n - 1].day < mdg_days_from_civil(y + 1, 1, 1));
	}
}

static void
dates_are_read_strictly(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",           "2026-2-1",   "2026-02-29", "2026-13-01",
		"2026-00-10", "2026-01-00", "2026/01/01", "2026-01-01 ",
		"20260101",   "1899-12-31", "+026-01-01", "2026-01-0a",
	};
	int64_t day;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(mdg_date_parse(bad[i], &day));
	assert_true(mdg_date_parse("2024-02-29", &day));
	char out[16];
	assert_string_equal(mdg_date_format(day, out, sizeof(out)),
			    "2024-02-29");
	assert_int_equal(mdg_weekday(day), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_day_from_1949_to_2099_is_what_the_law_says),
		cmocka_unit_test(the_equinoxes_follow_the_sun_to_2150),
		cmocka_unit_test(
			substitute_days_begin_in_1973_and_go_on_over_holidays_from_2007),
		cmocka_unit_test(days_between_holidays_are_off_from_1988),
		cmocka_unit_test(
			moved_and_single_days_are_where_the_laws_put_them),
		cmocka_unit_test(
			the_law_begins_in_july_1948_and_the_table_ends_in_2150),
		cmocka_unit_test(a_year_is_listed_in_order_and_no_day_twice),
		cmocka_unit_test(dates_are_read_strictly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
