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

/* The first of words at s: its number; -1 if there is none. *len grows. */
static int
one_of(const char *s, size_t n, const char *const *words, size_t words_n,
       size_t *len)
{
	for (size_t i = 0; i < words_n; i++)
		if (at_str(s + *len, n - *len, words[i])) {
			*len += strlen(words[i]);
			return (int)i;
		}
	return -1;
}

static void
skip(const char *s, size_t n, const char *what, size_t *len)
{
	if (at_str(s + *len, n - *len, what))
		*len += strlen(what);
}

/* "先週の金曜", "来週月曜日", "今週の水曜" */
static bool
week_at(const char *s, size_t n, int64_t today, struct when *w)
{
	static const char *const weeks[] = {"先々週", "先週",   "今週",
					    "来週",   "再来週", "次"};
	static const char *const days[] = {"月", "火", "水", "木",
					   "金", "土", "日"};
	enum { THIS_WEEK = 2, NEXT_ONE = 5 };
	size_t i = 0;
	int week = one_of(s, n, weeks, MDG_LEN(weeks), &i);

	if (week < 0)
		return false;
	skip(s, n, "の", &i);
	int d = one_of(s, n, days, MDG_LEN(days), &i);
	if (d < 0 || !at_str(s + i, n - i, "曜"))
		return false;
	i += strlen("曜");
	skip(s, n, "日", &i);
	/* weeks begin on Monday */
	int64_t monday = today - (date_weekday(today) + 6) % 7;
	w->days = monday + (week - THIS_WEEK) * 7 + d;
	if (week == NEXT_ONE)
		w->days = today + 1 + (d + 13 - (int)(today - monday)) % 7;
	w->end = i;
	w->confidence = 75;
	return true;
}

static size_t
small_number(const char *s, size_t n, int *ret)
{
	static const char *const kanji[] = {"一", "二", "三", "四", "五",
					    "六", "七", "八", "九", "十"};
	size_t i = 0;
	int k;

	*ret = 0;
	while (i < n && i < 3 && s[i] >= '0' && s[i] <= '9')
		*ret = *ret * 10 + (s[i++] - '0');
	if (i == 0 && (k = one_of(s, n, kanji, MDG_LEN(kanji), &i)) >= 0)
		*ret = k + 1;
	return i;
}

/* "今月の3日", "先月25日", "来月末", "月末" */
static bool
month_at(const char *s, size_t n, int64_t today, struct when *w)
{
	static const char *const months[] = {"先々月", "先月",   "前月",
					     "今月",   "当月",   "来月",
					     "翌月",   "再来月", "月末"};
	static const int moves[] = {-2, -1, -1, 0, 0, 1, 1, 2, 0};
	size_t i = 0;
	int y, m, d, k = one_of(s, n, months, MDG_LEN(months), &i);

	if (k < 0)
		return false;
	mdg_civil_from_days(today, &y, &m, &d);
	m += moves[k];
	y += m > 12 ? 1 : m < 1 ? -1 : 0;
	m += m > 12 ? -12 : m < 1 ? 12 : 0;
	int last = m == 2 && (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0))
			   ? 28
			   : date_month_days(y, m);
	skip(s, n, "の", &i);
	if (k + 1 == (int)MDG_LEN(months)) {
		d = last;
	} else if (at_str(s + i, n - i, "末")) {
		i += strlen("末");
		d = last;
	} else {
		i += small_number(s + i, n - i, &d);
		if (d < 1 || d > last || !at_str(s + i, n - i, "日"))
			return false;
		i += strlen("日");
	}
	w->days = mdg_days_from_civil(y, m, d);
	w->end = i;
	w->confidence = 80;
	return true;
}

/* "R8.11.3", "H30/5/10": the era by its letter. */
static bool
era_at(const char *s, size_t n, const char *before, struct when *w)
{
	static const struct {
		char letter;
		int base;
	} eras[] = {{'R', 2018}, {'H', 1988}, {'S', 1925}};
	int v[3];
	size_t i = 1;

	if ((*before >= '0' && *before <= 'z') || n < 6)
		return false;
	for (size_t k = 0; k < MDG_LEN(eras); k++) {
		if (*s != eras[k].letter)
			continue;
		for (int part = 0; part < 3; part++) {
			size_t from = i;
			v[part] = 0;
			while (i < n && i < from + 2 && s[i] >= '0' &&
			       s[i] <= '9')
				v[part] = v[part] * 10 + (s[i++] - '0');
			if (i == from)
				return false;
			if (part < 2 && (i >= n || !strchr("./-", s[i++])))
				return false;
		}
		if ((i < n && s[i] >= '0' && s[i] <= '9') || v[0] < 1 ||
		    v[1] < 1 || v[1] > 12 || v[2] < 1 ||
		    v[2] > date_month_days(eras[k].base + v[0], v[1]))
			return false;
		w->days = mdg_days_from_civil(eras[k].base + v[0], v[1], v[2]);
		w->end = i;
		w->confidence = 85;
		return true;
	}
	return false;
}

/* "3日前", "10日後", "二週間前" */
static bool
ago_at(const char *s, size_t n, int64_t today, struct when *w)
{
	static const char *const about[] = {"ほど", "くらい", "ぐらい"};
	int v;
	size_t i = small_number(s, n, &v);
	bool weeks = i && at_str(s + i, n - i, "週間");

	if (i == 0 || !(weeks || at_str(s + i, n - i, "日")))
		return false;
	i += weeks ? strlen("週間") : strlen("日");
	bool vague = one_of(s, n, about, MDG_LEN(about), &i) >= 0;
	v *= weeks ? 7 : 1;
	if (at_str(s + i, n - i, "前"))
		w->days = today - v;
	else if (at_str(s + i, n - i, "後"))
		w->days = today + v;
	else
		return false;
	w->end = i + strlen("前");
	w->confidence = vague ? 50 : weeks ? 60 : 70;
	return true;
}

/* "翌日": of the day named before. */
static bool
next_day_at(const char *s, size_t n, const struct when *last, struct when *w)
{
	static const char *const words[] = {"翌日", "翌朝", "翌々日"};
	size_t i = 0;
	int k = one_of(s, n, words, MDG_LEN(words), &i);

	if (k < 0 || last->end == 0)
		return false;
	w->days = last->days + (k == 2 ? 2 : 1);
	w->end = i;
	w->confidence = 65;
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
	return week_at(s, n, today, w) || month_at(s, n, today, w) ||
	       ago_at(s, n, today, w);
}

static bool
ends(const char *s, size_t n, const char *what)
{
	size_t len = strlen(what);

	return n >= len && memcmp(s + n - len, what, len) == 0;
}

/* "11/5に", "11/25(水)", "購入日は11/5": a day, where "1/2" alone may be a
 * share. */
static bool
reads_as_day(const char *s, size_t n, const struct date_found *f)
{
	static const char *const behind[] = {"に", "の", "から", "より", "まで",
					     "付", "頃", "ごろ", "以",   "午",
					     "朝", "昼", "夜",   "夕",   "着",
					     "発", "分", "注文", "購入"};
	size_t i = f->end;

	if (f->weekday >= 0 || ends(s, f->start, "日は") ||
	    ends(s, f->start, "日が") || ends(s, f->start, "日:") ||
	    ends(s, f->start, "日: "))
		return true;
	while (i < n && s[i] == ' ')
		i++;
	return one_of(s, n, behind, MDG_LEN(behind), &i) >= 0;
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
	static const char *const once[] = {"予定でした", "予定だった",
					   "はずでした", "はずだった"};
	size_t end = f->end + 45 < n ? f->end + 45 : n;
	bool ahead = false;
	int64_t days = date_days(f, today);
	struct date_found other = *f;
	int y, m, d, move;

	if (f->year)
		return days;
	mdg_civil_from_days(today, &y, &m, &d);
	if (date_named_year(s, f->start, &move)) {
		other.year = y + move;
		return date_days(&other, today);
	}
	for (size_t i = 0; i < MDG_LEN(wishes); i++)
		ahead |= memmem(s + f->end, end - f->end, wishes[i],
				strlen(wishes[i])) != NULL;
	/* what was to come once lies behind by now */
	for (size_t i = 0; i < MDG_LEN(once); i++)
		ahead &= !memmem(s + f->end, end - f->end, once[i],
				 strlen(once[i]));
	mdg_civil_from_days(days, &y, &m, &d);
	if (ahead && days < today - 31)
		other.year = y + 1;
	else if (!ahead && days > today + 62)
		other.year = y - 1;
	else
		return days;
	return date_days(&other, today);
}

/* "12月末日": the last day of a month that is named; 10月末 is about that. */
static bool
month_end_at(const char *s, size_t n, size_t at, int64_t today, struct when *w)
{
	struct date_found f = {.start = at, .weekday = -1, .is_kanji = true};
	size_t len, i = at;

	if (at > 0 && s[at - 1] >= '0' && s[at - 1] <= '9')
		return false;
	f.year = date_era_year(s + i, n - i, &len);
	if (f.year)
		i += len;
	len = small_number(s + i, n - i, &f.month);
	if (len == 0 || f.month < 1 || f.month > 12 ||
	    !at_str(s + i + len, n - i - len, "月末"))
		return false;
	f.end = i + len + strlen("月末");
	bool exact = at_str(s + f.end, n - f.end, "日");
	if (exact)
		f.end += strlen("日");
	f.day = date_month_days(f.year ? f.year : 2001, f.month);
	w->days = place(s, n, &f, today);
	w->end = f.end - at;
	w->confidence = exact ? 80 : 45;
	return true;
}

/* "29日の日曜", "3日(木)": the nearest such day, ahead before behind. */
static bool
weekday_of_month_at(const char *s, size_t n, size_t at, int64_t today,
		    struct when *w)
{
	enum { AHEAD = 45, BEHIND = 45 };
	struct date_found f;

	if (!date_day_at(s, n, at, &f))
		return false;
	for (int k = 0; k <= AHEAD + BEHIND; k++) {
		int64_t day = k <= AHEAD ? today + k : today - (k - AHEAD);
		int y, m, d;
		mdg_civil_from_days(day, &y, &m, &d);
		if (d != f.day || date_weekday(day) != f.weekday)
			continue;
		w->days = day;
		w->end = f.end - at;
		w->confidence = 80;
		return true;
	}
	return false;
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
		unsigned sure = f.year                   ? 95
				: f.is_kanji             ? 90
				: reads_as_day(s, n, &f) ? 80
							 : 55;
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
	const struct when last = *ret;
	struct when written;
	bool has_written = written_next(s, n, *at, mail_day, &written);
	size_t stop = has_written ? written.start : n;

	for (size_t i = *at; i < stop; i++) {
		struct when w;
		/* of a longer number, or 10月末 */
		bool inside = i > 0 && s[i - 1] >= '0' && s[i - 1] <= '9' &&
			      ((s[i] >= '0' && s[i] <= '9') ||
			       at_str(s + i, n - i, "月末"));
		if (((unsigned char)s[i] & 0xC0) == 0x80 || inside ||
		    !(relative_at(s + i, n - i, mail_day, &w) ||
		      month_end_at(s, n, i, mail_day, &w) ||
		      weekday_of_month_at(s, n, i, mail_day, &w) ||
		      era_at(s + i, n - i, i ? s + i - 1 : " ", &w) ||
		      next_day_at(s + i, n - i, &last, &w)))
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
