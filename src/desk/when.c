#include "madoguchi/desk/when.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { DAY_S = 86400, TEXT_MAX = 100 };

/* The folded text, and what was found in it. */
struct scan {
	const char *p;
	const struct mdg_calendar *cal;
	int64_t now_s, today; /* today: days since 1970, local */
	bool has_day, has_time, next_open, next_come;
	bool whole_days; /* asked for a date, whatever its hours */
	bool bad;        /* looks like a day or time, and is none */
	int64_t day;
	int64_t second; /* of the day */
};

/* ---- words and numbers ---- */

static void
skip(struct scan *s)
{
	for (;;) {
		if (*s->p == ' ' || *s->p == ',' || *s->p == '\t')
			s->p++;
		else if (mdg_str_starts(s->p, "の") ||
			 mdg_str_starts(s->p, "、") ||
			 mdg_str_starts(s->p, "に"))
			s->p += strlen("の");
		else
			return;
	}
}

static bool
word(struct scan *s, const char *w)
{
	if (!mdg_str_starts(s->p, w))
		return false;
	s->p += strlen(w);
	return true;
}

static bool
number(struct scan *s, size_t digits, int *ret)
{
	const char *p = s->p;
	int v = 0;

	while (*p >= '0' && *p <= '9' && (size_t)(p - s->p) < digits)
		v = v * 10 + (*p++ - '0');
	if (p == s->p || (*p >= '0' && *p <= '9'))
		return false;
	s->p = p;
	*ret = v;
	return true;
}

/* ---- days ---- */

static bool
set_date(struct scan *s, int y, int m, int d)
{
	int cy, cm, cd;

	if (y < 2000 || y > 2099 || m < 1 || m > 12 || d < 1)
		return false;
	s->day = mdg_days_from_civil(y, m, d);
	mdg_civil_from_days(s->day, &cy, &cm, &cd);
	s->has_day = cy == y && cm == m && cd == d;
	return s->has_day;
}

/* "2026-11-24", "11/24", "2026年11月24日", "11月24日" */
static bool
date(struct scan *s)
{
	const char *from = s->p;
	int y, m, d, ty, tm, td;

	mdg_civil_from_days(s->today, &ty, &tm, &td);
	if (number(s, 4, &y) &&
	    (word(s, "年") || word(s, "-") || word(s, "/")) &&
	    number(s, 2, &m) &&
	    (word(s, "月") || word(s, "-") || word(s, "/")) &&
	    number(s, 2, &d)) {
		word(s, "日");
		s->bad = !set_date(s, y, m, d);
		return true;
	}
	s->p = from;
	if (number(s, 2, &m) && (word(s, "月") || word(s, "/")) &&
	    number(s, 2, &d)) {
		word(s, "日");
		/* the next one to come, or the last that was; 2/29 may be
		 * four years off */
		for (int i = 0; i < 5; i++)
			if (set_date(s, s->whole_days ? ty - i : ty + i, m,
				     d) &&
			    (s->whole_days ? s->day <= s->today
					   : s->day >= s->today))
				return true;
		return s->bad = true;
	}
	s->p = from;
	return false;
}

static bool
day_word(struct scan *s)
{
	static const struct {
		const char *word;
		int days;
	} words[] = {{"本日", 0},    {"今日", 0},     {"きょう", 0},
		     {"today", 0},   {"昨日", -1},    {"yesterday", -1},
		     {"明日", 1},    {"あした", 1},   {"あす", 1},
		     {"翌日", 1},    {"tomorrow", 1}, {"明後日", 2},
		     {"あさって", 2}};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (word(s, words[i].word)) {
			s->day = s->today + words[i].days;
			return s->has_day = true;
		}
	if (!word(s, "翌営業日"))
		return false;
	return s->next_open = true;
}

static bool
weekday(struct scan *s)
{
	static const char *const ja[] = {"月", "火", "水", "木",
					 "金", "土", "日"};
	static const char *const en[] = {"mon", "tue", "wed", "thu",
					 "fri", "sat", "sun"};
	const char *from = s->p;
	bool next = word(s, "来週") || word(s, "next ");
	int64_t now_wd = ((s->today + 3) % 7 + 7) % 7;

	word(s, "今週");
	skip(s);
	for (int i = 0; i < 7; i++) {
		bool hit = word(s, ja[i]) && word(s, "曜");
		if (hit)
			word(s, "日");
		if (!hit && word(s, en[i])) {
			hit = true;
			while (*s->p >= 'a' && *s->p <= 'z')
				s->p++;
		}
		if (!hit)
			continue;
		int64_t ahead = s->whole_days && !next ? -((now_wd - i + 7) % 7)
						       : (i - now_wd + 7) % 7;
		/* the week begins on Monday */
		s->day = next ? s->today - now_wd + 7 + i : s->today + ahead;
		s->next_come = !next && !s->whole_days;
		return s->has_day = true;
	}
	s->p = from;
	return false;
}

/* ---- times ---- */

/* "9:00", "9時", "9時半", "午後3時15分", "9:00:00", "9am" */
static bool
time_of_day(struct scan *s)
{
	const char *from = s->p;
	bool am = word(s, "午前"), pm = !am && word(s, "午後");
	int h, m = 0, sec = 0;

	if (!number(s, 2, &h) || h > 23) {
		s->p = from;
		return false;
	}
	if (word(s, ":")) {
		if (!number(s, 2, &m) || (word(s, ":") && !number(s, 2, &sec)))
			return !(s->bad = true);
	} else if (word(s, "時半")) {
		m = 30;
	} else if (word(s, "時")) {
		if (number(s, 2, &m) && !word(s, "分"))
			return !(s->bad = true);
	} else if (*s->p != 'a' && *s->p != 'p') {
		s->p = from;
		return false;
	}
	am = word(s, "am") || am;
	pm = word(s, "pm") || pm;
	if (m > 59 || sec > 59 || ((am || pm) && h > 12))
		return !(s->bad = true);
	if ((am || pm) && h == 12)
		h = 0;
	s->second = (h + (pm ? 12 : 0)) * 3600 + m * 60 + sec;
	return s->has_time = true;
}

/* "2時間後", "30分後", "+2h", "+30m" */
static bool
from_now(struct scan *s, int64_t *ret_s)
{
	const char *from = s->p;
	bool plus = word(s, "+");
	int n;

	if (number(s, 4, &n)) {
		int64_t unit =
			word(s, "時間後") || (plus && word(s, "h")) ? 3600
			: word(s, "分後") || (plus && word(s, "m")) ? 60
			: word(s, "日後") || (plus && word(s, "d")) ? DAY_S
								    : 0;
		skip(s);
		if (unit && !*s->p) {
			*ret_s = s->now_s + n * unit;
			return true;
		}
	}
	s->p = from;
	return false;
}

/* ---- together ---- */

static int64_t
instant(const struct scan *s, int64_t day, int64_t second)
{
	return mdg_calendar_instant_s(s->cal, day * DAY_S + second);
}

/* The first opening of that day; of the next one that opens, if it has none. */
static bool
opening(const struct scan *s, int64_t day, int64_t *ret_s)
{
	int64_t from_s = instant(s, day, 0);

	if (s->whole_days && !s->next_open) {
		*ret_s = from_s;
		return true;
	}
	if (from_s < s->now_s && day == s->today)
		from_s = s->now_s;
	return mdg_calendar_add(s->cal, from_s, 0, ret_s, NULL);
}

static bool
combine(struct scan *s, int64_t *ret_s)
{
	if (s->next_open) {
		if (!opening(s, s->today + 1, ret_s))
			return false;
		s->day = mdg_calendar_day(s->cal, *ret_s);
		if (s->has_time)
			*ret_s = instant(s, s->day, s->second);
		return true;
	}
	if (!s->has_day && !s->has_time)
		return false;
	if (!s->has_time)
		return opening(s,
			       s->next_come && s->day == s->today ? s->day + 7
								  : s->day,
			       ret_s);
	*ret_s = instant(s, s->has_day ? s->day : s->today, s->second);
	if (*ret_s <= s->now_s && !s->has_day)
		*ret_s = instant(s, s->today + 1, s->second);
	else if (*ret_s <= s->now_s && s->next_come)
		*ret_s = instant(s, s->day + 7, s->second);
	return true;
}

static bool
parse(const char *text, const struct mdg_calendar *cal, int64_t now_s,
      bool whole_days, int64_t *ret_s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	struct scan s = {.cal = cal, .now_s = now_s, .whole_days = whole_days};

	if (strlen(text) > TEXT_MAX || !mdg_utf8_valid(text, strlen(text)))
		return false;
	if (mdg_time_parse(text, ret_s))
		return true;
	mdg_fold(&folded, text, strlen(text), MDG_FOLD_LOWER);
	s.p = mdg_buf_str(&folded);
	s.today = mdg_calendar_day(cal, now_s);
	skip(&s);
	if (from_now(&s, ret_s))
		return true;
	if (!date(&s))
		(void)(day_word(&s) || weekday(&s));
	skip(&s);
	/* "11/24(火)" */
	if (word(&s, "(")) {
		s.p += strcspn(s.p, ")");
		if (!word(&s, ")"))
			return false;
		skip(&s);
	}
	if (s.has_day && *s.p == 't')
		s.p++;
	(void)time_of_day(&s);
	skip(&s);
	return !*s.p && !s.bad && combine(&s, ret_s);
}

bool
mdg_when_parse(const char *text, const struct mdg_calendar *cal, int64_t now_s,
	       int64_t *ret_s)
{
	return parse(text, cal, now_s, false, ret_s);
}

bool
mdg_when_day(const char *text, const struct mdg_calendar *cal, int64_t now_s,
	     int64_t *ret_day)
{
	int64_t t_s;

	if (!parse(text, cal, now_s, true, &t_s))
		return false;
	*ret_day = mdg_calendar_day(cal, t_s);
	return true;
}
