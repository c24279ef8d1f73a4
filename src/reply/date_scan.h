/* Calendar dates as people write them in Japanese text (folded by NFKC). */
#ifndef MDG_REPLY_DATE_SCAN_H
#define MDG_REPLY_DATE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date_found {
	size_t start, end; /* bytes */
	int year;          /* 0: not written */
	int month, day;
	int weekday;   /* 0 Sunday … 6 Saturday; -1: not written */
	bool is_kanji; /* with 月, not with a slash */
};

/* The next date at or behind *at; moves *at behind it. */
bool date_scan_next(const char *s, size_t n, size_t *at,
		    struct date_found *ret);
/* "December 2", "2nd December 2026" with a weekday beside it, at byte i. */
bool date_english_at(const char *s, size_t n, size_t i,
		     struct date_found *ret);
int date_month_days(int year, int month); /* year 0: February has 29 */
int date_weekday(int64_t days);
/* Days since 1970 of a date; without a year the one nearest to `today`. */
int64_t date_days(const struct date_found *d, int64_t today);
/* "令和8年" at s: its year (2026) and length in bytes; 0 if there is none. */
int date_era_year(const char *s, size_t n, size_t *ret_len);

/* "昨年の" before byte at: *move is what it adds to this year. */
bool date_named_year(const char *s, size_t at, int *move);
/* "来月", "今月の" before byte at: *move is what it adds to this month. */
bool date_named_month(const char *s, size_t at, int *move);
/* "来週の水曜日(" or "水曜日の" before byte at, a weekday that is said of the
 * date there; -1 if there is none. */
int date_weekday_before(const char *s, size_t at);
/* "3日(水)", "水曜日の3日" at byte at: a day with its weekday and no month. */
bool date_day_at(const char *s, size_t n, size_t at, struct date_found *ret);

#endif
