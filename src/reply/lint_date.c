/* The mis-send guard: what must agree with the calendar. */
#include <string.h>

#include "date_scan.h"
#include "lint_run.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static bool
is_quoted(const struct draft *d, size_t at)
{
	for (size_t i = d->lines_n; i-- > 0;)
		if (d->lines[i].at <= at)
			return d->lines[i].kind == LINE_QUOTE;
	return false;
}

static void
emit_folded(struct lint_run *run, size_t start, size_t end)
{
	const struct draft *d = &run->draft;

	if (!is_quoted(d, d->folded_at[start]))
		lint_emit(run, d->folded_at[start], d->folded_at[end]);
}

static void
emit_weekday(struct lint_run *run, size_t start, size_t end, int64_t days)
{
	static const char *const names[] = {"日", "月", "火", "水",
					    "木", "金", "土"};
	const struct draft *d = &run->draft;
	int y, m, day;

	mdg_civil_from_days(days, &y, &m, &day);
	lint_emit_with(run, d->folded_at[start], d->folded_at[end],
		       mdg_arena_printf(run->arena, "%d年%d月%d日（%s）", y, m,
					day, names[date_weekday(days)]));
}

/* "水曜日(12/3を除く)", "水曜日(12/3から)" say nothing of that day. */
static bool
is_apart(const char *s, size_t n)
{
	static const char *const words[] = {"を除", "は除",  "以外", "から",
					    "より", "まで",  "以降", "~",
					    "-",    "をもっ"};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (n >= strlen(words[i]) &&
		    memcmp(s, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

/* The date with the year it means; false if it says no weekday. */
static bool
place_date(const struct draft *d, struct date_found *f, int64_t today,
	   int64_t *ret)
{
	int y, m, day, move;

	if (f->weekday < 0 &&
	    !is_apart(d->folded + f->end, d->folded_n - f->end))
		f->weekday = date_weekday_before(d->folded, f->start);
	if (!f->year && date_named_year(d->folded, f->start, &move)) {
		mdg_civil_from_days(today, &y, &m, &day);
		f->year = y + move;
	}
	if (f->day < 1 || f->day > date_month_days(f->year, f->month))
		return false;
	*ret = date_days(f, today);
	return f->weekday >= 0;
}

/*
 * "3日(水)": of the month of the date before it in the sentence, or of this
 * month, the last or the next. *ret: the one that comes next if none fits.
 */
static bool
day_fits(const struct date_found *f, int64_t before, int64_t today,
	 int64_t *ret)
{
	int64_t from = before ? before : today;
	int y, m, day;

	*ret = 0;
	mdg_civil_from_days(from, &y, &m, &day);
	for (int k = before ? 0 : -1; k <= 1; k++) {
		int at = m + k, year = y;
		if (at < 1 || at > 12) {
			year += at < 1 ? -1 : 1;
			at += at < 1 ? 12 : -12;
		}
		if (f->day > date_month_days(year, at))
			continue;
		int64_t t = mdg_days_from_civil(year, at, f->day);
		if (before && t < before)
			continue;
		if (date_weekday(t) == f->weekday)
			return true;
		if (*ret == 0 && t >= today)
			*ret = t;
		if (before)
			break;
	}
	return *ret == 0;
}

/* Is the day one of that weekday? *ret: the day it may mean. */
static bool
day_is_right(const struct lint_run *run, const struct date_found *f, size_t at,
	     int64_t before, int64_t *ret)
{
	int y, m, day, move;

	if (!date_named_month(run->draft.folded, at, &move))
		return day_fits(f, before, run->today, ret);
	mdg_civil_from_days(run->today, &y, &m, &day);
	m += move;
	y += m < 1 ? -1 : m > 12;
	m += m < 1 ? 12 : m > 12 ? -12 : 0;
	*ret = mdg_days_from_civil(y, m, 1) + f->day - 1;
	return f->day > date_month_days(y, m) ||
	       date_weekday(*ret) == f->weekday;
}

/* -- 明日, 来週の月曜 ---------------------------------------------------------
 */

static bool
takes(const char **p, const char *end, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(end - *p) < n || memcmp(*p, word, n) != 0)
		return false;
	*p += n;
	return true;
}

/* "金曜日", "金曜", in brackets "金" too: 0 Sunday … 6 Saturday, -1: none. */
static int
takes_weekday(const char **p, const char *end, bool paren)
{
	static const char *const names[] = {"日", "月", "火", "水",
					    "木", "金", "土"};
	const char *q = *p;

	for (int k = 0; k < 7; k++) {
		if (!takes(&q, end, names[k]))
			continue;
		if (takes(&q, end, "曜"))
			takes(&q, end, "日");
		else if (!paren || q == end || *q != ')')
			return -1;
		*p = q;
		return k;
	}
	return -1;
}

/* … where the rule of dates and weekdays has said nothing yet. */
static void
emit_relative(struct lint_run *run, size_t start, size_t end, int64_t meant)
{
	const struct draft *d = &run->draft;

	for (size_t i = 0; i < run->n; i++)
		if (mdg_streq(run->v[i].rule, "guard.weekday") &&
		    run->v[i].start < d->folded_at[end] &&
		    run->v[i].end > d->folded_at[start])
			return;
	if (!is_quoted(d, d->folded_at[start]))
		emit_weekday(run, start, end, meant);
}

/* The date or day of a month that begins at p, if it is not the day meant. */
static void
compare_date(struct lint_run *run, const char *p, int64_t meant,
	     int64_t or_meant)
{
	const struct draft *d = &run->draft;
	size_t at = (size_t)(p - d->folded), start = at;
	struct date_found f;
	int64_t is;
	int y, m, day, n = 0;

	mdg_civil_from_days(meant, &y, &m, &day);
	if (date_scan_next(d->folded, d->folded_n, &at, &f) &&
	    f.start == start) {
		if (f.day < 1 || f.day > date_month_days(f.year, f.month))
			return;
		is = date_days(&f, run->today);
		at = f.end;
	} else {
		for (at = start; n < 100 && at < d->folded_n &&
				 d->folded[at] >= '0' && d->folded[at] <= '9';
		     at++)
			n = n * 10 + (d->folded[at] - '0');
		p = d->folded + at;
		if (n == 0 || !takes(&p, d->folded + d->folded_n, "日") ||
		    takes(&p, d->folded + d->folded_n, "間"))
			return;
		is = meant - day + n;
		at = (size_t)(p - d->folded);
	}
	if (is != meant && is != or_meant)
		emit_relative(run, start, at, meant);
}

/* What stands behind 明日: its weekday, or its date. */
static void
compare_day(struct lint_run *run, const char *word, const char *p,
	    int64_t meant)
{
	const struct draft *d = &run->draft;
	const char *end = d->folded + d->folded_n;
	bool paren = takes(&p, end, "("), of = !paren && takes(&p, end, "の"),
	     is = !paren && !of && takes(&p, end, "は");
	const char *q = p;
	int k = takes_weekday(&q, end, paren);

	if (k < 0 && !is)
		compare_date(run, p, meant, meant);
	else if (k >= 0 && k != date_weekday(meant))
		emit_relative(run, (size_t)(word - d->folded),
			      (size_t)(q - d->folded), meant);
}

/* "来週の月曜(11月24日)": the week begins on Monday or, for its Sunday, either
 * way. */
static void
compare_week(struct lint_run *run, const char *p, int weeks)
{
	const struct draft *d = &run->draft;
	const char *end = d->folded + d->folded_n;
	int k;

	takes(&p, end, "の");
	k = takes_weekday(&p, end, false);
	if (k < 0)
		return;
	int64_t monday = run->today - (date_weekday(run->today) + 6) % 7;
	int64_t meant = monday + 7 * weeks + (k + 6) % 7;
	if (!takes(&p, end, "(") && !takes(&p, end, "、") &&
	    !takes(&p, end, "の"))
		takes(&p, end, " ");
	compare_date(run, p, meant, k == 0 ? meant - 7 : meant);
}

static void
relative_day(struct lint_run *run, long arg)
{
	static const struct {
		const char *word;
		int days, weeks; /* weeks: of a weekday behind it */
		const char *not_after;
	} words[] = {{"明後日", 2, 0, ""},  {"あさって", 2, 0, "し"},
		     {"明日", 1, 0, ""},    {"本日", 0, 0, ""},
		     {"今日", 0, 0, ""},    {"一昨日", -2, 0, ""},
		     {"昨日", -1, 0, "一"}, {"再来週", 0, 2, ""},
		     {"来週", 0, 1, "再"},  {"今週", 0, 9, ""},
		     {"先週", 0, -1, "先"}};
	const struct draft *d = &run->draft;
	const char *end = d->folded + d->folded_n;

	(void)arg;
	for (size_t i = 0; i < MDG_LEN(words); i++) {
		const size_t n = strlen(words[i].word);
		const char *p = d->folded, *not = words[i].not_after;
		const size_t not_n = strlen(not );
		while ((p = memmem(p, (size_t)(end - p), words[i].word, n))) {
			const char *word = p;
			p += n;
			if (not_n && (size_t)(word - d->folded) >= not_n &&
			    memcmp(word - not_n, not, not_n) == 0)
				continue;
			if (words[i].weeks)
				compare_week(run, p, words[i].weeks % 9);
			else
				compare_day(run, word, p,
					    run->today + words[i].days);
		}
	}
}

/* A date carries its month on to the days behind it, as far as this. */
enum { CARRY_BYTES = 90 };

static void
weekday(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	struct date_found f, day;
	size_t at = 0, i = 0, last_end = 0;
	int64_t last = 0, days;

	(void)arg;
	for (;;) {
		bool more = date_scan_next(d->folded, d->folded_n, &at, &f);
		for (; i < (more ? f.start : d->folded_n); i++) {
			if (!date_day_at(d->folded, d->folded_n, i, &day))
				continue;
			bool carried = last && i < last_end + CARRY_BYTES;
			if (!day_is_right(run, &day, i, carried ? last : 0,
					  &days) &&
			    !is_quoted(d, d->folded_at[i]))
				emit_weekday(run, day.start, day.end, days);
			i = day.end - 1;
		}
		if (!more)
			return;
		i = last_end = f.end;
		bool said = place_date(d, &f, run->today, &days);
		last = f.day >= 1 && f.day <= date_month_days(f.year, f.month)
			       ? date_days(&f, run->today)
			       : 0;
		if (said && date_weekday(days) != f.weekday &&
		    !is_quoted(d, d->folded_at[f.start]))
			emit_weekday(run, f.start, f.end, days);
	}
}

static void
no_such_date(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	struct date_found f;
	size_t at = 0;

	(void)arg;
	while (date_scan_next(d->folded, d->folded_n, &at, &f))
		if ((f.is_kanji || f.year) &&
		    (f.day < 1 || f.day > date_month_days(f.year, f.month)))
			emit_folded(run, f.start, f.end);
}

/* "…に発送いたします": p stands behind the day. */
static bool
is_plan(const char *p, const char *end)
{
	enum { NEAR_BYTES = 45 };
	static const char *const before[] = {"た", "て", "だ", "、", NULL};
	size_t n = (size_t)(end - p);

	if (!text_starts(p, n, "に"))
		return false;
	p += strlen("に");
	n = (size_t)(end - p) < NEAR_BYTES ? (size_t)(end - p) : NEAR_BYTES;
	const char *does = memmem(p, n, "いたします", strlen("いたします"));
	return does && !lint_has_any(p, (size_t)(does - p), before);
}

/* "…までにご返信ください" */
static bool
is_limit(const char *p, const char *end)
{
	static const char *const asks[] = {"お願い", "ください", "いただけ",
					   "いただきま", NULL};
	static const char *const others[] = {
		"ました",     "でした", "ていた", "いただいた",
		"くださった", "お客様", "方",     NULL};
	size_t n = (size_t)(end - p);

	return (text_starts(p, n, "まで") || text_starts(p, n, "必着")) &&
	       !text_starts(p, n, "までの") && lint_has_any(p, n, asks) &&
	       !lint_has_any(p, n, others);
}

/* "11月10日までにお願いいたします" when that is past. Without a year, a day of
 * the last months. */
static void
past_date(struct lint_run *run, long arg)
{
	enum { PAST_DAYS_MAX = 120, REACH_BYTES = 150 };
	const struct draft *d = &run->draft;
	const char *all = d->folded + d->folded_n;
	struct date_found f;
	size_t at = 0;

	(void)arg;
	while (date_scan_next(d->folded, d->folded_n, &at, &f)) {
		const char *p = d->folded + f.end, *end;
		if (f.day < 1 || f.day > date_month_days(f.year, f.month))
			continue;
		int64_t late = run->today - date_days(&f, run->today);
		if (late < 1 || late > PAST_DAYS_MAX)
			continue;
		end = memmem(p, (size_t)(all - p), "。", strlen("。"));
		end = end ? end : all;
		if (end - p > REACH_BYTES)
			end = p + REACH_BYTES;
		const char *close = p < end && *p == '('
					    ? memchr(p, ')', (size_t)(end - p))
					    : NULL;
		p = close ? close + 1 : p;
		if (is_limit(p, end) || is_plan(p, end))
			emit_folded(run, f.start, f.end);
	}
}

enum { REIWA = 2018 };

/* No year of 平成 comes after 31. */
static int
last_year_of_era(const char *s)
{
	return memcmp(s, "平成", 6) == 0   ? 2019
	       : memcmp(s, "昭和", 6) == 0 ? 1989
					   : 9999;
}

/* 令和8年(2026年) and 2026年(令和8年) must name one year that was or will be.
 */
static void
era(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	for (size_t i = 0; i < d->folded_n; i++) {
		size_t len;
		int y = date_era_year(d->folded + i, d->folded_n - i, &len);
		if (!y)
			continue;
		int last = last_year_of_era(d->folded + i);
		if (y > last) {
			lint_emit_with(run, d->folded_at[i],
				       d->folded_at[i + len],
				       mdg_arena_printf(run->arena, "令和%d年",
							y - REIWA));
			continue;
		}
		const char *s = d->folded + i + len;
		size_t n = d->folded_n - i - len;
		int other = 0;
		if (n > 5 && (*s == '(' || *s == '/') &&
		    strspn(s + 1, "0123456789") >= 4)
			for (size_t k = 1; k <= 4; k++)
				other = other * 10 + (s[k] - '0');
		/* the year before it: 2026年( */
		const char *b = d->folded + i;
		if (!other && i >= 8 && b[-1] == '(' &&
		    memcmp(b - 4, "年", 3) == 0)
			for (size_t k = 8; k > 4; k--)
				other = other * 10 + (b[-(long)k] - '0');
		if (other >= 1900 && other <= 2100 && other != y)
			emit_folded(run, i, i + len);
	}
}

static const struct lint_check checks[] = {
	{"weekday", weekday},
	{"relative_day", relative_day},
	{"no_such_date", no_such_date},
	{"past_date", past_date},
	{"era", era},
};

lint_check_fn *
lint_date_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return NULL;
}
