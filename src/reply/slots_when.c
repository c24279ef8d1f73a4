#include "slots_when.h"

#include <string.h>

#include "date_scan.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"

/* clang-format off */
static const struct {
	const char *word;
	int days;
} relative[] = {
	{"一昨日", -2}, {"おととい", -2}, {"昨日", -1}, {"きのう", -1},
	{"昨晩", -1}, {"昨夜", -1}, {"本日", 0}, {"今日", 0}, {"今朝", 0},
	{"明日", 1}, {"あした", 1}, {"明後日", 2}, {"あさって", 2},
};
/* clang-format on */

static bool
at_str(const char *s, size_t n, const char *what)
{
	size_t len = strlen(what);

	return n >= len && memcmp(s, what, len) == 0;
}

/* "先週の金曜", "来週月曜日", "今週の水曜" */
static bool
week_at(const char *s, size_t n, int64_t today, struct when *w)
{
	static const char *const weeks[] = {"先週", "今週", "来週"};
	static const char *const days[] = {"月", "火", "水", "木",
					   "金", "土", "日"};
	size_t i = 6;

	for (int k = 0; k < 3; k++) {
		if (!at_str(s, n, weeks[k]))
			continue;
		if (at_str(s + i, n - i, "の"))
			i += 3;
		for (int d = 0; d < 7; d++) {
			if (!at_str(s + i, n - i, days[d]) ||
			    !at_str(s + i + 3, n - i - 3, "曜"))
				continue;
			i += 6;
			if (at_str(s + i, n - i, "日"))
				i += 3;
			/* weeks begin on Monday */
			int64_t monday = today - (date_weekday(today) + 6) % 7;
			w->days = monday + (k - 1) * 7 + d;
			w->end = i;
			w->confidence = 75;
			return true;
		}
		return false;
	}
	return false;
}

/* "3日前", "10日後" */
static bool
ago_at(const char *s, size_t n, int64_t today, struct when *w)
{
	size_t i = 0;
	int v = 0;

	while (i < n && i < 3 && s[i] >= '0' && s[i] <= '9')
		v = v * 10 + (s[i++] - '0');
	if (i == 0 || !at_str(s + i, n - i, "日"))
		return false;
	i += 3;
	if (at_str(s + i, n - i, "ほど"))
		i += 6;
	if (at_str(s + i, n - i, "前"))
		w->days = today - v;
	else if (at_str(s + i, n - i, "後"))
		w->days = today + v;
	else
		return false;
	w->end = i + 3;
	w->confidence = 70;
	return true;
}

static bool
relative_at(const char *s, size_t n, int64_t today, struct when *w)
{
	for (size_t i = 0; i < MDG_LEN(relative); i++)
		if (at_str(s, n, relative[i].word)) {
			w->days = today + relative[i].days;
			w->end = strlen(relative[i].word);
			w->confidence = 85;
			return true;
		}
	return week_at(s, n, today, w) || ago_at(s, n, today, w);
}

/*
 * A date without a year: what is wished for lies ahead, what happened lies
 * behind.
 */
static int64_t
place(const char *s, size_t n, const struct date_found *f, int64_t today)
{
	static const char *const wishes[] = {"希望", "まで", "届けて", "変更",
					     "指定", "予定", "お願い", "必着"};
	size_t end = f->end + 45 < n ? f->end + 45 : n;
	bool ahead = false;
	int64_t days = date_days(f, today);
	struct date_found other = *f;

	if (f->year)
		return days;
	for (size_t i = 0; i < MDG_LEN(wishes); i++)
		ahead |= memmem(s + f->end, end - f->end, wishes[i],
				strlen(wishes[i])) != NULL;
	int y, m, d;
	mdg_civil_from_days(days, &y, &m, &d);
	if (ahead && days < today - 31)
		other.year = y + 1;
	else if (!ahead && days > today + 62)
		other.year = y - 1;
	else
		return days;
	return date_days(&other, today);
}

static bool
written_next(const char *s, size_t n, size_t at, int64_t today,
	     struct when *ret)
{
	struct date_found f;

	while (date_scan_next(s, n, &at, &f)) {
		if (f.day < 1 || f.day > date_month_days(f.year, f.month))
			continue;
		/* 1/2 alone is a share as well as a day */
		unsigned sure = f.year ? 95 : f.is_kanji ? 90 : 55;
		*ret = (struct when){f.start, f.end, place(s, n, &f, today),
				     sure};
		return true;
	}
	return false;
}

bool
when_next(const char *s, size_t n, size_t *at, int64_t mail_day,
	  struct when *ret)
{
	struct when written;
	bool has_written = written_next(s, n, *at, mail_day, &written);
	size_t stop = has_written ? written.start : n;

	for (size_t i = *at; i < stop; i++) {
		struct when w;
		bool inside = i > 0 && s[i] >= '0' && s[i] <= '9' &&
			      s[i - 1] >= '0' && s[i - 1] <= '9';
		if (((unsigned char)s[i] & 0xC0) == 0x80 || inside ||
		    !relative_at(s + i, n - i, mail_day, &w))
			continue;
		*ret = (struct when){i, i + w.end, w.days, w.confidence};
		*at = ret->end;
		return true;
	}
	if (has_written) {
		*ret = written;
		*at = written.end;
	}
	return has_written;
}
