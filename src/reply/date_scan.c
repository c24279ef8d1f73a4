#include "date_scan.h"

#include <string.h>
#include <strings.h>

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

/* 1 … 99 in Chinese figures; returns its bytes. */
static size_t
kanji_number(const char *s, size_t n, int *ret)
{
	static const char *const names[] = {"一", "二", "三", "四", "五",
					    "六", "七", "八", "九"};
	size_t i = 0, len;
	int tens = 0, ones = 0;

	for (int k = 0; k < 9; k++)
		if (at_str(s, n, names[k], &len)) {
			ones = k + 1;
			i = len;
		}
	if (at_str(s + i, n - i, "十", &len)) {
		tens = ones ? ones : 1;
		ones = 0;
		i += len;
		for (int k = 0; k < 9; k++)
			if (at_str(s + i, n - i, names[k], &len)) {
				ones = k + 1;
				i += len;
				break;
			}
	}
	*ret = tens * 10 + ones;
	return i;
}

static size_t
small_number(const char *s, size_t n, int *ret)
{
	size_t k = digits(s, n, 2, ret);

	return k ? k : kanji_number(s, n, ret);
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

	/* the first bytes of the three */
	if (n == 0 || ((unsigned char)*s != 0xE4 && (unsigned char)*s != 0xE5 &&
		       (unsigned char)*s != 0xE6))
		return 0;
	for (size_t i = 0; i < MDG_LEN(eras); i++) {
		if (!at_str(s, n, eras[i].name, &len))
			continue;
		if (at_str(s + len, n - len, "元", &k)) {
			v = 1;
		} else {
			k = small_number(s + len, n - len, &v);
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

static const char *const weekdays[] = {"日", "月", "火", "水",
				       "木", "金", "土"};

/* "Wed", "Wednesday." at s. */
static int
english_weekday(const char *s, size_t n, size_t *ret_len)
{
	static const char *const names[] = {"sunday",    "monday",   "tuesday",
					    "wednesday", "thursday", "friday",
					    "saturday"};
	size_t len = 0;

	while (len < n && ((s[len] | 0x20) >= 'a' && (s[len] | 0x20) <= 'z'))
		len++;
	for (int k = 0; k < 7 && len >= 3; k++)
		if (len <= strlen(names[k]) &&
		    strncasecmp(s, names[k], len) == 0) {
			*ret_len = len + (len < n && s[len] == '.');
			return k;
		}
	return -1;
}

/* "は水曜日でございます" and what else says it of the date before */
static bool
is_said(const char *s, size_t n)
{
	static const char *const ways[] = {"です",   "でござ", "のため",
					   "なので", "でして", "にあた",
					   "に当た"};
	size_t len;

	for (size_t i = 0; i < MDG_LEN(ways); i++)
		if (at_str(s, n, ways[i], &len))
			return true;
	return false;
}

/* What is between a date and its weekday; *paren: they stand in brackets. */
static size_t
before_weekday(const char *s, size_t n, bool *paren, bool *said)
{
	static const char *const dots[] = {"・", "、", ","};
	size_t i = 0, len;

	*paren = *said = false;
	while (i < n && s[i] == ' ')
		i++;
	if (i < n && s[i] == '(') {
		*paren = true;
		return i + 1;
	}
	if (at_str(s + i, n - i, "は", &len)) {
		*said = true;
		return i + len;
	}
	if (at_str(s + i, n - i, "の", &len))
		return i + len;
	/* (11月23日・火) */
	for (size_t k = 0; k < MDG_LEN(dots); k++)
		if (at_str(s + i, n - i, dots[k], &len) && n - i > len + 3 &&
		    s[i + len + 3] == ')') {
			*paren = true;
			return i + len;
		}
	return i;
}

/* The weekday in "(木)", "(木・祝)", "木曜", "(Thu)"; -1 if there is none. */
static int
weekday_at(const char *s, size_t n, size_t *ret_len)
{
	const char *const *names = weekdays;
	bool paren, said;
	size_t len, i = before_weekday(s, n, &paren, &said);
	int english = said || i == 0 ? -1 : english_weekday(s + i, n - i, &len);

	if (english >= 0) {
		*ret_len = i + len;
		return english;
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
			if (said && !is_said(s + i, n - i))
				return -1;
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

/* "R8年", "R8." */
static int
letter_year(const char *s, size_t n, size_t *ret_len, char *sep)
{
	static const struct {
		char letter;
		int base;
	} eras[] = {{'R', 2018}, {'H', 1988}, {'S', 1925}};
	size_t len, k;
	int v;

	for (size_t i = 0; i < MDG_LEN(eras) && n > 0; i++) {
		if (*s != eras[i].letter)
			continue;
		k = 1 + digits(s + 1, n - 1, 2, &v);
		if (k == 1 || v == 0)
			return 0;
		if (at_str(s + k, n - k, "年", &len)) {
			*ret_len = k + len;
		} else if (k < n && (s[k] == '/' || s[k] == '.')) {
			*sep = s[k];
			*ret_len = k + 1;
		} else {
			return 0;
		}
		return eras[i].base + v;
	}
	return 0;
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
	v = letter_year(s, n, ret_len, sep);
	if (v)
		return v;
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
	k = small_number(s + i, n - i, &d->month);
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
	k = small_number(s + i, n - i, &d->day);
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

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* The first bytes of 一 … 十, 令和, 平成 and 昭和; kana begin otherwise. */
static bool
may_be_kanji(char c)
{
	unsigned char b = (unsigned char)c;

	return b >= 0xE4 && b <= 0xE6;
}

bool
date_scan_next(const char *s, size_t n, size_t *at, struct date_found *ret)
{
	for (size_t i = *at; i < n; i++) {
		if (!is_word(s[i]) && !may_be_kanji(s[i]))
			continue;
		if (date_english_at(s, n, i, ret)) {
			*at = ret->end;
			return true;
		}
		bool digit = s[i] >= '0' && s[i] <= '9';
		bool before = i > 0 && (is_word(s[i - 1]) || s[i - 1] == '/' ||
					s[i - 1] == '-' || s[i - 1] == '.');
		bool letter = s[i] == 'R' || s[i] == 'H' || s[i] == 'S';
		if (((digit || letter) && before) ||
		    (!digit && !letter && !may_be_kanji(s[i])))
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

static bool
ends(const char *s, size_t n, const char *what)
{
	size_t len = strlen(what);

	return n >= len && memcmp(s + n - len, what, len) == 0;
}

bool
date_named_year(const char *s, size_t at, int *ret)
{
	static const struct {
		const char *word;
		int move;
	} years[] = {{"一昨年", -2}, {"おととし", -2}, {"昨年", -1},
		     {"去年", -1},   {"今年", 0},      {"本年", 0},
		     {"再来年", 2},  {"来年", 1},      {"翌年", 1}};

	if (ends(s, at, "の"))
		at -= strlen("の");
	for (size_t i = 0; i < MDG_LEN(years); i++) {
		if (ends(s, at, years[i].word)) {
			*ret = years[i].move;
			return true;
		}
	}
	return false;
}

bool
date_named_month(const char *s, size_t at, int *ret)
{
	static const struct {
		const char *word;
		int move;
	} months[] = {{"先月", -1}, {"今月", 0}, {"当月", 0}, {"来月", 1}};

	if (ends(s, at, "の"))
		at -= strlen("の");
	for (size_t i = 0; i < MDG_LEN(months); i++) {
		if (ends(s, at, months[i].word)) {
			*ret = months[i].move;
			return true;
		}
	}
	return false;
}

int
date_weekday_before(const char *s, size_t at)
{
	/* more than one day, or every week */
	static const char *const many[] = {"毎週", "隔週", "各週", "・",  "、",
					   "~",    "-",    "から", "と",  "第1",
					   "第2",  "第3",  "第4",  "次の"};

	if (at > 0 && (s[at - 1] == '(' || s[at - 1] == ' '))
		at--;
	else if (ends(s, at, "の"))
		at -= strlen("の");
	if (ends(s, at, "曜日"))
		at -= strlen("曜日");
	else if (ends(s, at, "曜"))
		at -= strlen("曜");
	else
		return -1;
	for (int k = 0; k < 7; k++) {
		if (!ends(s, at, weekdays[k]))
			continue;
		at -= strlen(weekdays[k]);
		for (size_t i = 0; i < MDG_LEN(many); i++)
			if (ends(s, at, many[i]))
				return -1;
		return k;
	}
	return -1;
}

bool
date_day_at(const char *s, size_t n, size_t at, struct date_found *d)
{
	static const char *const others[] = {"月", "第", "中", "十", "/",
					     "-",  ".",  "約", "計", "各"};
	bool digit = s[at] >= '0' && s[at] <= '9';
	size_t k, len;
	int move;

	if ((!digit && !may_be_kanji(s[at])) ||
	    (at > 0 && s[at - 1] >= '0' && s[at - 1] <= '9'))
		return false;
	*d = (struct date_found){.start = at, .weekday = -1};
	for (size_t i = 0; i < MDG_LEN(others); i++)
		if (ends(s, at, others[i]) && !date_named_month(s, at, &move))
			return false;
	k = small_number(s + at, n - at, &d->day);
	if (k == 0 || d->day < 1 || d->day > 31 ||
	    !at_str(s + at + k, n - at - k, "日", &len))
		return false;
	k += len;
	d->end = at + k;
	d->weekday = weekday_at(s + at + k, n - at - k, &len);
	if (d->weekday >= 0)
		d->end += len;
	else if (!at_str(s + d->end, n - d->end, "間", &len))
		d->weekday = date_weekday_before(s, at);
	return d->weekday >= 0;
}
