#include "date_scan.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"

static bool
at_str(const char *s, size_t n, const char *what, size_t *len)
{
	*len = strlen(what);
	return n >= *len && memcmp(s, what, *len) == 0;
}

/* Up to max digits; returns how many. */
static size_t
digits(const char *s, size_t n, size_t max, int *ret)
{
	size_t i = 0;
	int v = 0;

	while (i < n && i < max && s[i] >= '0' && s[i] <= '9')
		v = v * 10 + (s[i++] - '0');
	*ret = v;
	return i;
}

int
date_month_days(int year, int month)
{
	static const int days[] = {31, 29, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool leap = year == 0 ||
		    (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));

	return month == 2 && !leap ? 28 : days[month - 1];
}

int
date_weekday(int64_t days)
{
	return (int)(((days + 4) % 7 + 7) % 7); /* 1970-01-01: Thursday */
}

int64_t
date_days(const struct date_found *d, int64_t today)
{
	int y, m, day;
	int64_t best = 0;

	if (d->year)
		return mdg_days_from_civil(d->year, d->month, d->day);
	mdg_civil_from_days(today, &y, &m, &day);
	for (int k = -1; k <= 1; k++) {
		int64_t t = mdg_days_from_civil(y + k, d->month, d->day);
		int64_t a = t > today ? t - today : today - t;
		int64_t b = best > today ? best - today : today - best;
		if (k == -1 || a < b)
			best = t;
	}
	return best;
}

int
date_era_year(const char *s, size_t n, size_t *ret_len)
{
	static const struct {
		const char *name;
		int base;
	} eras[] = {{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}};
	size_t len, k;
	int v;

	for (size_t i = 0; i < MDG_LEN(eras); i++) {
		if (!at_str(s, n, eras[i].name, &len))
			continue;
		if (at_str(s + len, n - len, "元", &k)) {
			v = 1;
		} else {
			k = digits(s + len, n - len, 2, &v);
			if (k == 0)
				return 0;
		}
		len += k;
		if (!at_str(s + len, n - len, "年", &k))
			return 0;
		*ret_len = len + k;
		return eras[i].base + v;
	}
	return 0;
}

/* The weekday in "(木)", "(木・祝)", "木曜"; -1 if there is none. */
static int
weekday_at(const char *s, size_t n, size_t *ret_len)
{
	static const char *const names[] = {"日", "月", "火", "水",
					    "木", "金", "土"};
	size_t i = 0, len;
	bool paren = false;

	while (i < n && s[i] == ' ')
		i++;
	if (i < n && s[i] == '(') {
		paren = true;
		i++;
	}
	for (int k = 0; k < 7; k++) {
		if (!at_str(s + i, n - i, names[k], &len))
			continue;
		i += len;
		size_t youbi;
		bool is_youbi = at_str(s + i, n - i, "曜", &youbi);
		if (is_youbi) {
			i += youbi;
			if (at_str(s + i, n - i, "日", &youbi))
				i += youbi;
		} else if (!paren) {
			return -1;
		} else if (i < n && s[i] != ')' && s[i] != '/' &&
			   !at_str(s + i, n - i, "・", &youbi) &&
			   !at_str(s + i, n - i, "祝", &youbi)) {
			return -1;
		}
		*ret_len = i;
		return k;
	}
	return -1;
}

/* A year with what separates it from the month; 0 if s does not begin so. */
static int
year_at(const char *s, size_t n, size_t *ret_len, char *sep)
{
	size_t len, k;
	int v = date_era_year(s, n, &len);

	*sep = 0;
	if (v) {
		*ret_len = len;
		return v;
	}
	k = digits(s, n, 4, &v);
	if (k != 4 || v < 1900 || v > 2100)
		return 0;
	if (at_str(s + k, n - k, "年", &len)) {
		*ret_len = k + len;
		return v;
	}
	if (k < n && (s[k] == '/' || s[k] == '-' || s[k] == '.')) {
		*sep = s[k];
		*ret_len = k + 1;
		return v;
	}
	return 0;
}

static bool
date_at(const char *s, size_t n, struct date_found *d)
{
	size_t i = 0, k, len;
	char sep = 0;

	*d = (struct date_found){.weekday = -1};
	d->year = year_at(s, n, &len, &sep);
	if (d->year) {
		i = len;
		/* 2026年(令和8年)11月20日 */
		if (i < n && s[i] == '(') {
			const char *end = memchr(s + i, ')', n - i);
			if (end && end - (s + i) < 24)
				i = (size_t)(end - s) + 1;
		}
	}
	while (i < n && s[i] == ' ')
		i++;
	k = digits(s + i, n - i, 2, &d->month);
	if (k == 0)
		return false;
	i += k;
	d->is_kanji = at_str(s + i, n - i, "月", &len);
	if (d->is_kanji && !(sep && d->year))
		i += len;
	else if (i < n && s[i] == (sep ? sep : '/'))
		i++;
	else
		return false;
	while (i < n && s[i] == ' ')
		i++;
	k = digits(s + i, n - i, 2, &d->day);
	if (k == 0)
		return false;
	i += k;
	if (i < n && s[i] >= '0' && s[i] <= '9')
		return false;
	if (at_str(s + i, n - i, "日", &len))
		i += len;
	else if (d->is_kanji)
		return false;
	d->weekday = weekday_at(s + i, n - i, &len);
	if (d->weekday >= 0)
		i += len;
	d->end = i;
	return d->month >= 1 && d->month <= 12;
}

bool
date_scan_next(const char *s, size_t n, size_t *at, struct date_found *ret)
{
	for (size_t i = *at; i < n; i++) {
		bool digit = s[i] >= '0' && s[i] <= '9';
		bool before = i > 0 && ((s[i - 1] >= '0' && s[i - 1] <= '9') ||
					s[i - 1] == '/' || s[i - 1] == '-' ||
					s[i - 1] == '.');
		if ((digit && before) || (!digit && (unsigned char)s[i] < 0xE0))
			continue;
		if (!date_at(s + i, n - i, ret))
			continue;
		ret->start = i;
		ret->end += i;
		*at = ret->end;
		return true;
	}
	return false;
}
