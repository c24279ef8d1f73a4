#include "madoguchi/mime/date.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum {
	DATE_BYTES_MAX = 200,
	YEAR_MIN = 1970,
	YEAR_MAX = 2200,
	ZONE_JST = 540,
	NUMBERS_MAX = 3,
};

/* What was gathered while reading from left to right. */
struct reading {
	int num[NUMBERS_MAX]; /* day, month, year in the order they came */
	int digits[NUMBERS_MAX];
	size_t num_n;
	int month; /* from its name */
	bool month_first;
	int year, mon, day; /* from an explicit form */
	int hour, min, sec;
	bool has_time;
	bool pm, am;
	bool has_zone;
	int zone_min;
	bool japanese;
};

static const char month_names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

/* RFC 5322 §4.3 and names that people's machines do send, in minutes. */
static const struct {
	const char *name;
	int min;
} zones[] = {
	/* clang-format off */
	{"ut", 0}, {"utc", 0}, {"gmt", 0}, {"z", 0},
	{"est", -300}, {"edt", -240}, {"cst", -360}, {"cdt", -300},
	{"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420},
	{"akst", -540}, {"akdt", -480}, {"hst", -600},
	{"jst", ZONE_JST}, {"kst", 540}, {"hkt", 480}, {"sgt", 480},
	{"wib", 420}, {"ict", 420}, {"pht", 480},
	{"wet", 0}, {"west", 60}, {"bst", 60}, {"cet", 60}, {"cest", 120},
	{"met", 60}, {"mest", 120}, {"eet", 120}, {"eest", 180}, {"msk", 180},
	{"aest", 600}, {"aedt", 660}, {"acst", 570}, {"awst", 480},
	{"nzst", 720}, {"nzdt", 780},
	/* clang-format on */
};

/* Japanese eras: the year before the first. */
static const struct {
	const char *name;
	int base;
} eras[] = {{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}};

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alpha(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Up to 9 digits; returns how many there were. */
static int
read_number(const char **s, int *ret)
{
	int n = 0, v = 0;

	while (is_digit((unsigned char)**s)) {
		if (n < 9)
			v = v * 10 + (**s - '0');
		n++;
		(*s)++;
	}
	*ret = v;
	return n;
}

static void
skip_space(const char **s)
{
	while (**s == ' ')
		(*s)++;
}

/* "10:00", "10:00:05", "10.00.05": *s stands behind the hours. */
static bool
read_clock(const char **s, int hour, struct reading *r)
{
	const char *p = *s;
	char sep = *p++;
	int min, sec = 0;

	skip_space(&p);
	if (read_number(&p, &min) == 0)
		return false;
	const char *after = p;
	skip_space(&after);
	if (*after == sep && is_digit((unsigned char)after[1])) {
		p = after + 1;
		read_number(&p, &sec);
		if (*p == '.' && is_digit((unsigned char)p[1])) {
			int fraction;

			p++;
			read_number(&p, &fraction);
		}
	}
	r->hour = hour;
	r->min = min;
	r->sec = sec;
	r->has_time = true;
	*s = p;
	return true;
}

/* "10時20分", "10時": *s stands at 時. */
static void
read_clock_ja(const char **s, int hour, struct reading *r)
{
	const char *p = *s + strlen("時");
	const char *q;
	int v;

	r->hour = hour;
	r->has_time = true;
	r->japanese = true;
	*s = q = p;
	skip_space(&q);
	if (read_number(&q, &v) == 0 || !mdg_str_starts(q, "分"))
		return;
	r->min = v;
	*s = q += strlen("分");
	skip_space(&q);
	if (read_number(&q, &v) == 0 || !mdg_str_starts(q, "秒"))
		return;
	r->sec = v;
	*s = q + strlen("秒");
}

/* "2026-11-21", "2026/11/21", "2026.11.21": *s at the first separator. */
static bool
read_ymd(const char **s, int year, struct reading *r)
{
	const char *p = *s;
	char sep = *p++;
	int mon, day;

	if (read_number(&p, &mon) == 0 || *p != sep)
		return false;
	p++;
	if (read_number(&p, &day) == 0)
		return false;
	r->year = year;
	r->mon = mon;
	r->day = day;
	if (*p == 'T' || *p == 't')
		p++;
	*s = p;
	return true;
}

/* 年, 月, 日 behind a number. */
static bool
read_unit_ja(const char **s, int v, struct reading *r)
{
	int *to = mdg_str_starts(*s, "年")   ? &r->year
		  : mdg_str_starts(*s, "月") ? &r->mon
		  : mdg_str_starts(*s, "日") ? &r->day
					     : NULL;
	if (!to)
		return false;
	*to = v + (to == &r->year ? r->year : 0); /* the era's base */
	r->japanese = true;
	*s += strlen("年");
	return true;
}

/* A sign after the time opens a zone: "+0900", "-5:30", "+9". */
static bool
read_offset(const char **s, struct reading *r)
{
	const char *p = *s + 1;
	int v, min = 0;
	int n = read_number(&p, &v);

	if (n == 0)
		return false;
	if (n <= 2 && *p == ':') {
		p++;
		read_number(&p, &min);
	} else if (n > 2) {
		min = v % 100;
		v /= 100;
	}
	if (v > 14 || min > 59) /* absurd: RFC 5322 §3.3 says "-0000" then */
		v = min = 0;
	r->zone_min = (**s == '-' ? -1 : 1) * (v * 60 + min);
	r->has_zone = true;
	*s = p;
	return true;
}

static void
read_digits(const char **s, struct reading *r)
{
	int v;
	const char *start = *s;
	int n = read_number(s, &v);

	if (n == 14 && !r->num_n && !r->year) { /* 20261121100000 */
		int f[6];

		for (int i = 0, at = 0; i < 6; at += i ? 2 : 4, i++) {
			f[i] = 0;
			for (int k = 0; k < (i ? 2 : 4); k++)
				f[i] = f[i] * 10 + (start[at + k] - '0');
		}
		r->year = f[0];
		r->mon = f[1];
		r->day = f[2];
		r->hour = f[3];
		r->min = f[4];
		r->sec = f[5];
		r->has_time = true;
		return;
	}
	if (mdg_str_starts(*s, "時"))
		return read_clock_ja(s, v, r);
	if (read_unit_ja(s, v, r))
		return;
	if (n == 4 && !r->year && !r->num_n &&
	    (**s == '-' || **s == '/' || **s == '.') && read_ymd(s, v, r))
		return;
	if (n <= 2 && !r->has_time && (**s == ':' || **s == '.') &&
	    read_clock(s, v, r))
		return;
	if (n > 4)
		v = -1;
	if (r->num_n < NUMBERS_MAX) {
		r->num[r->num_n] = v;
		r->digits[r->num_n++] = n;
	}
}

static void
read_word(const char **s, struct reading *r)
{
	char w[8] = "";
	size_t n = 0;

	for (; is_alpha((unsigned char)**s); (*s)++)
		if (n < sizeof(w) - 1)
			w[n++] = (char)mdg_ascii_lower(**s);
	w[n] = '\0';
	if (mdg_streq(w, "am") || mdg_streq(w, "pm")) {
		r->am = w[0] == 'a';
		r->pm = w[0] == 'p';
		return;
	}
	if (mdg_streq(w, "t") && is_digit((unsigned char)**s))
		return;
	if (n >= 3 && !r->month) {
		for (int i = 0; i < 12; i++)
			if (memcmp(month_names + (size_t)i * 3, w, 3) == 0) {
				r->month = i + 1;
				r->month_first = r->num_n == 0;
				return;
			}
	}
	if (r->has_zone || !r->has_time)
		return;
	for (size_t i = 0; i < MDG_LEN(zones); i++)
		if (mdg_streq(zones[i].name, w)) {
			r->zone_min = zones[i].min;
			/* "UTC+9", "GMT-0500": the offset may follow */
			r->has_zone = !(**s == '+' || **s == '-');
		}
}

/* Signs, eras and 午後; anything else is passed over. */
static void
read_other(const char **s, struct reading *r)
{
	if ((**s == '+' || **s == '-') && r->has_time && !r->has_zone &&
	    read_offset(s, r))
		return;
	for (size_t i = 0; i < MDG_LEN(eras); i++)
		if (mdg_str_starts(*s, eras[i].name)) {
			*s += strlen(eras[i].name);
			r->year = eras[i].base;
			if (mdg_str_starts(*s, "元")) {
				*s += strlen("元年");
				r->year++;
			}
			return;
		}
	if (mdg_str_starts(*s, "午後"))
		r->pm = true;
	if (mdg_str_starts(*s, "午前"))
		r->am = true;
	(*s)++;
}

/* Comments and control characters become spaces (RFC 5322 §3.2.2). */
static void
plain_copy(struct mdg_span v, char out[DATE_BYTES_MAX + 1])
{
	int depth = 0;
	size_t o = 0;

	for (size_t i = 0; i < v.n && o < DATE_BYTES_MAX; i++) {
		unsigned char c = v.p[i];

		if (c == '(')
			depth++;
		if (depth || c <= ' ' || c == ',' || c == '"')
			out[o++] = ' ';
		else
			out[o++] = (char)c;
		if (c == ')' && depth)
			depth--;
	}
	out[o] = '\0';
}

static int
full_year(int v, int digits)
{
	if (digits >= 4)
		return v;
	if (digits == 3) /* RFC 5322 §4.3: years since 1900 */
		return 1900 + v;
	return v < 50 ? 2000 + v : 1900 + v;
}

/* Sort the loose numbers into day, month and year. */
static bool
settle_date(struct reading *r)
{
	if (r->year && r->mon && r->day)
		return true;
	if (!r->month && !r->year && !r->day)
		r->month = r->mon; /* "21 11月 2026": %b of a Japanese locale */
	if (!r->month || r->num_n < 2)
		return false;
	size_t y = r->digits[0] > 2 ? 0 : 1; /* "2026 Nov 21" */
	r->mon = r->month;
	r->year = full_year(r->num[y], r->digits[y]);
	r->day = r->num[1 - y];
	return r->num[y] >= 0;
}

static bool
day_exists(const struct reading *r)
{
	int y, m, d;

	if (r->year < YEAR_MIN || r->year > YEAR_MAX || r->mon < 1 ||
	    r->mon > 12 || r->day < 1 || r->day > 31)
		return false;
	mdg_civil_from_days(mdg_days_from_civil(r->year, r->mon, r->day), &y,
			    &m, &d);
	return m == r->mon && d == r->day;
}

bool
mdg_date_parse(struct mdg_span value, int64_t *ret_s)
{
	char copy[DATE_BYTES_MAX + 1];
	struct reading r = {0};
	const char *s = copy;

	plain_copy(value, copy);
	while (*s) {
		if (is_digit((unsigned char)*s))
			read_digits(&s, &r);
		else if (is_alpha((unsigned char)*s))
			read_word(&s, &r);
		else
			read_other(&s, &r);
	}
	if (!settle_date(&r) || !day_exists(&r))
		return false;
	if (r.pm && r.hour < 12)
		r.hour += 12;
	if (r.am && r.hour == 12)
		r.hour = 0;
	if (r.hour > 24 || r.min > 59 || r.sec > 60)
		return false;
	if (!r.has_zone && !r.zone_min && r.japanese)
		r.zone_min = ZONE_JST;
	int64_t t = mdg_days_from_civil(r.year, r.mon, r.day) * 86400 +
		    r.hour * 3600 + r.min * 60 + r.sec -
		    (int64_t)r.zone_min * 60;
	if (t < 0)
		return false;
	*ret_s = t;
	return true;
}
