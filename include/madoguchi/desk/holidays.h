/*
 * Japanese national holidays, computed from the law as it was in each year:
 * the Act on National Holidays (昭和23年法律第178号), its amendments, and the
 * special laws for single days.
 *
 * Equinox days are fixed by a cabinet notice each February for the next year;
 * the formula used here (holidays.c names its source) is exact for every
 * year noticed so far and is made to hold through 2150.
 *
 * A day is the number of days since 1970-01-01 (base/clock.h).
 */
#ifndef MDG_DESK_HOLIDAYS_H
#define MDG_DESK_HOLIDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MDG_HOLIDAY_FIRST_YEAR = 1948, /* in force since 1948-07-20 */
	MDG_HOLIDAY_LAST_YEAR = 2150,
	MDG_HOLIDAYS_YEAR_MAX = 32, /* of one year, with room */
};

struct mdg_holiday {
	int64_t day;
	const char *name; /* Japanese, as enacted; static */
};

/*
 * The holidays of a year in order of date; returns how many. None outside
 * MDG_HOLIDAY_FIRST_YEAR … MDG_HOLIDAY_LAST_YEAR.
 */
size_t mdg_holidays_of_year(int year,
			    struct mdg_holiday out[MDG_HOLIDAYS_YEAR_MAX]);

/* The name of the holiday on that day, or NULL. */
const char *mdg_holiday_name(int64_t day);

/* 0 = Monday … 6 = Sunday. */
int mdg_weekday(int64_t day);

/*
 * "YYYY-MM-DD", a real date of the years 1900–9999, to a day. false: it is
 * none.
 */
bool mdg_date_parse(const char *s, int64_t *ret_day);
/* A day as "YYYY-MM-DD"; out has >= 16 bytes. */
char *mdg_date_format(int64_t day, char *out, size_t n);

#endif
