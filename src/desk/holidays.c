#include "madoguchi/desk/holidays.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"

enum how {
	FIXED,  /* n is the day of the month */
	MONDAY, /* the n-th Monday of the month */
	VERNAL,
	AUTUMNAL,
};

enum { EVER = MDG_HOLIDAY_LAST_YEAR };

/* clang-format off */
static const struct {
	const char *name;
	int from, to; /* years, both included */
	int month;
	enum how how;
	int n;
} rules[] = {
	/* 1948: 昭和23年法律第178号, in force from 20 July */
	{"元日",         1949, EVER,  1, FIXED, 1},
	{"成人の日",     1949, 1999,  1, FIXED, 15},
	{"成人の日",     2000, EVER,  1, MONDAY, 2},
	{"建国記念の日", 1967, EVER,  2, FIXED, 11},
	{"春分の日",     1949, EVER,  3, VERNAL, 0},
	{"天皇誕生日",   1949, 1988,  4, FIXED, 29},
	{"天皇誕生日",   1989, 2018, 12, FIXED, 23},
	{"天皇誕生日",   2020, EVER,  2, FIXED, 23},
	{"みどりの日",   1989, 2006,  4, FIXED, 29},
	{"昭和の日",     2007, EVER,  4, FIXED, 29},
	{"憲法記念日",   1949, EVER,  5, FIXED, 3},
	{"みどりの日",   2007, EVER,  5, FIXED, 4},
	{"こどもの日",   1949, EVER,  5, FIXED, 5},
	{"海の日",       1996, 2002,  7, FIXED, 20},
	{"海の日",       2003, 2019,  7, MONDAY, 3},
	{"海の日",       2020, 2020,  7, FIXED, 23}, /* the Olympic years */
	{"海の日",       2021, 2021,  7, FIXED, 22},
	{"海の日",       2022, EVER,  7, MONDAY, 3},
	{"山の日",       2016, 2019,  8, FIXED, 11},
	{"山の日",       2020, 2020,  8, FIXED, 10},
	{"山の日",       2021, 2021,  8, FIXED, 8},
	{"山の日",       2022, EVER,  8, FIXED, 11},
	{"敬老の日",     1966, 2002,  9, FIXED, 15},
	{"敬老の日",     2003, EVER,  9, MONDAY, 3},
	{"秋分の日",     1948, EVER,  9, AUTUMNAL, 0},
	{"体育の日",     1966, 1999, 10, FIXED, 10},
	{"体育の日",     2000, 2019, 10, MONDAY, 2},
	{"スポーツの日", 2020, 2020,  7, FIXED, 24},
	{"スポーツの日", 2021, 2021,  7, FIXED, 23},
	{"スポーツの日", 2022, EVER, 10, MONDAY, 2},
	{"文化の日",     1948, EVER, 11, FIXED, 3},
	{"勤労感謝の日", 1948, EVER, 11, FIXED, 23},
	/* by laws of their own, for one day each */
	{"皇太子明仁親王の結婚の儀",   1959, 1959,  4, FIXED, 10},
	{"昭和天皇の大喪の礼",         1989, 1989,  2, FIXED, 24},
	{"即位礼正殿の儀",             1990, 1990, 11, FIXED, 12},
	{"皇太子徳仁親王の結婚の儀",   1993, 1993,  6, FIXED, 9},
	{"天皇の即位の日",             2019, 2019,  5, FIXED, 1},
	{"即位礼正殿の儀の行われる日", 2019, 2019, 10, FIXED, 22},
};
/* clang-format on */

static const char substitute_name[] = "振替休日";
static const char between_name[] = "国民の休日";

int
mdg_weekday(int64_t day)
{
	/* 1970-01-01 was a Thursday */
	return (int)(((day + 3) % 7 + 7) % 7);
}

static int64_t
nth_monday(int year, int month, int n)
{
	int64_t first = mdg_days_from_civil(year, month, 1);

	return first + (7 - mdg_weekday(first)) % 7 + 7 * (n - 1);
}

/*
 * The day of the month of an equinox in Japan: the approximation of the
 * Maritime Safety Agency's hydrographic department (新こよみ便利帳), given for
 * 1851–2150, in millionths of a day. The quotients are cut towards zero, as
 * the source has them and as C does.
 */
static int
equinox(int year, bool autumn)
{
	/* clang-format off */
	static const struct {
		int to_year, leap_base;
		long vernal, autumnal;
	} terms[] = {
		{1979, 1983, 20835700, 23258800},
		{2099, 1980, 20843100, 23248800},
		{2150, 1980, 21851000, 24248800},
	};
	/* clang-format on */
	size_t i = 0;

	/* The one year in which the sun (2107-09-23 23:37 in Japan) and the
	 * formula, which has it just after midnight, part. */
	if (year == 2107 && autumn)
		return 23;
	while (year > terms[i].to_year)
		i++;
	long base = autumn ? terms[i].autumnal : terms[i].vernal;
	return (int)((base + 242194L * (year - 1980)) / 1000000 -
		     (year - terms[i].leap_base) / 4);
}

static int64_t
day_of_rule(size_t i, int year)
{
	int month = rules[i].month;

	switch (rules[i].how) {
	case FIXED:
		return mdg_days_from_civil(year, month, rules[i].n);
	case MONDAY:
		return nth_monday(year, month, rules[i].n);
	case VERNAL:
		return mdg_days_from_civil(year, month, equinox(year, false));
	case AUTUMNAL:
		return mdg_days_from_civil(year, month, equinox(year, true));
	}
	mdg_bug(__FILE__, __LINE__, "every rule has a kind");
}

static bool
has_day(const struct mdg_holiday *h, size_t n, int64_t day)
{
	for (size_t i = 0; i < n; i++)
		if (h[i].day == day)
			return true;
	return false;
}

static int
by_day(const void *a, const void *b)
{
	const struct mdg_holiday *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

/*
 * Article 3 paragraph 2. From 1973-04-12: a holiday on a Sunday makes the day
 * after a day off; from 2007: the next day that is no holiday.
 */
static size_t
add_substitutes(struct mdg_holiday *h, size_t national, size_t n, int year)
{
	int64_t in_force = mdg_days_from_civil(1973, 4, 12);

	for (size_t i = 0; i < national; i++) {
		int64_t day = h[i].day + 1;
		if (h[i].day < in_force || mdg_weekday(h[i].day) != 6)
			continue;
		while (year >= 2007 && has_day(h, national, day))
			day++;
		if (!has_day(h, n, day))
			h[n++] = (struct mdg_holiday){day, substitute_name};
	}
	return n;
}

/*
 * Article 3 paragraph 3, from 1985-12-27: a day between two holidays. Until
 * 2006 not on a Sunday; a day that is off already keeps its name.
 */
static size_t
add_between(struct mdg_holiday *h, size_t national, size_t n, int year)
{
	int64_t in_force = mdg_days_from_civil(1985, 12, 27);

	for (size_t i = 0; i < national; i++) {
		int64_t day = h[i].day + 1;
		if (day < in_force || !has_day(h, national, day + 1) ||
		    has_day(h, n, day))
			continue;
		if (year < 2007 && mdg_weekday(day) == 6)
			continue;
		h[n++] = (struct mdg_holiday){day, between_name};
	}
	return n;
}

size_t
mdg_holidays_of_year(int year, struct mdg_holiday out[MDG_HOLIDAYS_YEAR_MAX])
{
	size_t n = 0;

	if (year < MDG_HOLIDAY_FIRST_YEAR || year > MDG_HOLIDAY_LAST_YEAR)
		return 0;
	for (size_t i = 0; i < MDG_LEN(rules); i++)
		if (year >= rules[i].from && year <= rules[i].to)
			out[n++] = (struct mdg_holiday){day_of_rule(i, year),
							rules[i].name};
	/* The special days before 2019 were no "national holidays", but none
	 * of them lies on a Sunday or near another one: no rule meets them. */
	size_t national = n;
	n = add_substitutes(out, national, n, year);
	n = add_between(out, national, n, year);
	qsort(out, n, sizeof(*out), by_day);
	return n;
}

const char *
mdg_holiday_name(int64_t day)
{
	struct mdg_holiday h[MDG_HOLIDAYS_YEAR_MAX];
	int y, m, d;

	mdg_civil_from_days(day, &y, &m, &d);
	size_t n = mdg_holidays_of_year(y, h);
	for (size_t i = 0; i < n; i++)
		if (h[i].day == day)
			return h[i].name;
	return NULL;
}

bool
mdg_date_parse(const char *s, int64_t *ret_day)
{
	int v[3] = {0}, at = 0;

	if (!s || strlen(s) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		if (i == 4 || i == 7) {
			if (s[i] != '-')
				return false;
			at++;
		} else if (s[i] < '0' || s[i] > '9') {
			return false;
		} else {
			v[at] = v[at] * 10 + (s[i] - '0');
		}
	}
	if (v[0] < 1900 || v[1] < 1 || v[1] > 12 || v[2] < 1)
		return false;
	int64_t day = mdg_days_from_civil(v[0], v[1], v[2]);
	int y, m, d;
	mdg_civil_from_days(day, &y, &m, &d);
	if (y != v[0] || m != v[1] || d != v[2])
		return false;
	*ret_day = day;
	return true;
}

char *
mdg_date_format(int64_t day, char *out, size_t n)
{
	int y, m, d;

	mdg_civil_from_days(day, &y, &m, &d);
	snprintf(out, n, "%04d-%02d-%02d", y, m, d);
	return out;
}
