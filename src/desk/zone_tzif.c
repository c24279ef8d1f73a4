/*
 * The system's zone files (RFC 8536). They are preferred to ICU's own copy of
 * the database, because distributions keep them current within a release:
 * zones change their rules at a few weeks' notice.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/holidays.h"

#include "zone.h"

#define ZONE_DIR "/usr/share/zoneinfo/"

/* A rule of the footer: a day of the year and a wall time on it. */
struct rule {
	char kind; /* 'M': month.week.weekday, 'J': 1–365, 'n': 0–365 */
	int month, week, day;
	int64_t time_s;
};

struct footer {
	int64_t std_s, dst_s; /* east of UTC */
	bool has_dst;
	struct rule to_dst, to_std;
};

/* -- the footer: a TZ string of POSIX, RFC 8536 §3.3 -- */

static bool
skip_name(const char **s)
{
	const char *p = *s;

	if (*p == '<') {
		p += strcspn(p, ">");
		if (*p++ != '>')
			return false;
	} else {
		while (isalpha((unsigned char)*p))
			p++;
		if (p - *s < 3)
			return false;
	}
	*s = p;
	return true;
}

static bool
read_number(const char **s, int max, int *ret)
{
	int v = 0;

	if (!isdigit((unsigned char)**s))
		return false;
	for (; isdigit((unsigned char)**s); (*s)++)
		if ((v = v * 10 + (**s - '0')) > max)
			return false;
	*ret = v;
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool
read_hms(const char **s, int64_t *ret_s)
{
	int part[3] = {0}, sign = 1;

	if (**s == '+' || **s == '-')
		sign = *(*s)++ == '-' ? -1 : 1;
	for (int i = 0; i < 3; i++) {
		if (i && *(*s)++ != ':')
			return false;
		if (!read_number(s, i ? 59 : 167, &part[i]))
			return false;
		if (**s != ':')
			break;
	}
	*ret_s = sign * (int64_t)(part[0] * 3600 + part[1] * 60 + part[2]);
	return true;
}

static bool
read_rule(const char **s, struct rule *r)
{
	*r = (struct rule){.kind = 'n', .time_s = 7200};
	if (*(*s)++ != ',')
		return false;
	if (**s == 'M') {
		r->kind = *(*s)++;
		if (!read_number(s, 12, &r->month) || *(*s)++ != '.' ||
		    !read_number(s, 5, &r->week) || *(*s)++ != '.' ||
		    !read_number(s, 6, &r->day) || !r->month || !r->week)
			return false;
	} else {
		if (**s == 'J')
			r->kind = *(*s)++;
		if (!read_number(s, 365, &r->day) ||
		    (r->kind == 'J' && r->day == 0))
			return false;
	}
	if (**s != '/')
		return true;
	(*s)++;
	return read_hms(s, &r->time_s);
}

static bool
read_footer(const char *s, struct footer *f)
{
	*f = (struct footer){0};
	if (!skip_name(&s) || !read_hms(&s, &f->std_s))
		return false;
	f->std_s = -f->std_s;
	if (!*s)
		return true;
	f->has_dst = true;
	f->dst_s = f->std_s + 3600;
	if (!skip_name(&s))
		return false;
	if (*s && *s != ',') {
		if (!read_hms(&s, &f->dst_s))
			return false;
		f->dst_s = -f->dst_s;
	}
	return read_rule(&s, &f->to_dst) && read_rule(&s, &f->to_std) && !*s;
}

/* Midnight of the rule's day plus its time, on the wall line. */
static int64_t
rule_in_year(const struct rule *r, int year)
{
	int64_t first = mdg_days_from_civil(year, 1, 1), day;

	if (r->kind == 'M') {
		int64_t month = mdg_days_from_civil(year, r->month, 1);
		int64_t next =
			r->month == 12
				? mdg_days_from_civil(year + 1, 1, 1)
				: mdg_days_from_civil(year, r->month + 1, 1);
		/* POSIX counts weekdays from Sunday, we from Monday */
		int ahead = (r->day + 6 - mdg_weekday(month) + 7) % 7;
		day = month + ahead + 7 * (r->week - 1);
		while (day >= next)
			day -= 7;
	} else if (r->kind == 'J') { /* 29 February has no number */
		bool leap = mdg_days_from_civil(year + 1, 1, 1) - first == 366;
		day = first + r->day - 1 + (leap && r->day > 59);
	} else {
		day = first + r->day;
	}
	return day * 86400 + r->time_s;
}

/* -- the file -- */

static int64_t
be(const unsigned char *p, size_t n)
{
	uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

struct block {
	int64_t isut_n, isstd_n, leap_n, time_n, type_n, char_n;
	const unsigned char *data;
	size_t size;
};

/* A header and the data after it, with times of `width` bytes. */
static bool
read_block(struct mdg_span in, size_t width, struct block *b)
{
	if (in.n < 44 || memcmp(in.p, "TZif", 4) != 0 || in.p[4] < '2')
		return false;
	int64_t *counts[] = {&b->isut_n, &b->isstd_n, &b->leap_n,
			     &b->time_n, &b->type_n,  &b->char_n};
	for (size_t i = 0; i < 6; i++) {
		*counts[i] = be(in.p + 20 + 4 * i, 4);
		if (*counts[i] < 0 || *counts[i] > (int64_t)in.n)
			return false;
	}
	b->data = in.p + 44;
	b->size = (size_t)b->time_n * (width + 1) + (size_t)b->type_n * 6 +
		  (size_t)b->char_n + (size_t)b->leap_n * (width + 4) +
		  (size_t)b->isstd_n + (size_t)b->isut_n;
	return b->type_n > 0 && b->size <= in.n - 44;
}

static bool
add_step(struct mdg_zone *z, int64_t from_s, int64_t to_s, int64_t at_s,
	 int64_t offset_s)
{
	if (at_s <= from_s) {
		z->steps[0].offset_s = offset_s;
		return true;
	}
	struct mdg_zone_step *last = &z->steps[z->n - 1];
	if (at_s >= to_s || offset_s == last->offset_s)
		return true;
	if (z->n == MDG_ZONE_STEPS_MAX || at_s <= last->at_s)
		return false;
	z->steps[z->n++] = (struct mdg_zone_step){at_s, offset_s};
	return true;
}

/* What the footer says about the time after the last listed change. */
static bool
add_years(struct mdg_zone *z, int64_t from_s, int64_t to_s,
	  const struct footer *f, int64_t after_s)
{
	int y = 1970, end, m, d;

	if (!f->has_dst)
		return add_step(z, from_s, to_s, after_s, f->std_s);
	if (after_s > from_s)
		mdg_civil_from_days(after_s / 86400 - 366, &y, &m, &d);
	else
		mdg_civil_from_days(from_s / 86400 - 366, &y, &m, &d);
	mdg_civil_from_days(to_s / 86400, &end, &m, &d);
	for (; y <= end; y++) {
		struct mdg_zone_step on = {
			rule_in_year(&f->to_dst, y) - f->std_s, f->dst_s};
		struct mdg_zone_step off = {
			rule_in_year(&f->to_std, y) - f->dst_s, f->std_s};
		struct mdg_zone_step *a = on.at_s < off.at_s ? &on : &off;
		struct mdg_zone_step *b = a == &on ? &off : &on;
		if (a->at_s > after_s &&
		    !add_step(z, from_s, to_s, a->at_s, a->offset_s))
			return false;
		if (b->at_s > after_s &&
		    !add_step(z, from_s, to_s, b->at_s, b->offset_s))
			return false;
	}
	return true;
}

static bool
read_steps(const struct block *b, const char *tz, int64_t from_s, int64_t to_s,
	   struct mdg_zone *z)
{
	const unsigned char *times = b->data;
	const unsigned char *which = times + b->time_n * 8;
	const unsigned char *types = which + b->time_n;
	int64_t last = INT64_MIN;
	struct footer f;

	z->steps = mdg_malloc(MDG_ZONE_STEPS_MAX * sizeof(*z->steps));
	z->steps[0] = (struct mdg_zone_step){from_s, be(types, 4)};
	z->n = 1;
	for (int64_t i = 0; i < b->time_n; i++) {
		int64_t at = be(times + i * 8, 8);
		if (which[i] >= b->type_n || (i && at <= last) ||
		    !add_step(z, from_s, to_s, at, be(types + which[i] * 6, 4)))
			return false;
		last = at;
	}
	for (size_t i = 0; i < z->n; i++)
		if (llabs(z->steps[i].offset_s) > 26 * 3600)
			return false;
	if (!*tz)
		return true;
	if (!read_footer(tz, &f))
		return false;
	if (llabs(f.std_s) > 26 * 3600 || llabs(f.dst_s) > 26 * 3600)
		return false;
	return add_years(z, from_s, to_s, &f, last);
}

/* A name that stays below the directory and means the same everywhere. */
static bool
is_plain_name(const char *name)
{
	static const char *const not_zones[] = {"localtime", "posixrules",
						"Factory"};

	for (size_t i = 0; i < MDG_LEN(not_zones); i++)
		if (mdg_streq(name, not_zones[i]))
			return false;
	return isupper((unsigned char)name[0]) && !strstr(name, "//") &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789_+-/")] == '\0';
}

static void
closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static bool
read_file(const char *name, struct mdg_buf *out)
{
	MDG_AUTO(closep) int fd = -1;
	MDG_AUTO(mdg_freep) char *path = mdg_asprintf(ZONE_DIR "%s", name);
	struct stat st;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > MDG_ZONE_FILE_BYTES_MAX)
		return false;
	size_t want = (size_t)st.st_size;
	char *p = mdg_buf_reserve(out, want + 1);
	for (size_t got = 0; got < want;) {
		ssize_t n = read(fd, p + got, want - got);
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	out->len = want;
	out->ptr[want] = '\0';
	return true;
}

bool
mdg_zone_load_tzif(const char *name, int64_t from_s, int64_t to_s,
		   struct mdg_zone *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf file = {0};
	MDG_AUTO(mdg_freep) char *tz = NULL;
	struct mdg_zone z = {0};
	struct block b;

	if (!is_plain_name(name) || !read_file(name, &file))
		return false;
	struct mdg_span in = mdg_buf_span(&file);
	/* a first block with 32-bit times, then the one that counts */
	if (!read_block(in, 4, &b))
		return false;
	in = mdg_span(b.data + b.size, in.n - 44 - b.size);
	if (!read_block(in, 8, &b))
		return false;
	const char *foot = (const char *)b.data + b.size;
	size_t n = in.n - 44 - b.size;
	const char *nl = n > 1 ? memchr(foot + 1, '\n', n - 1) : NULL;
	if (n < 2 || foot[0] != '\n' || !nl || b.leap_n != 0)
		return false;
	tz = mdg_strndup(foot + 1, (size_t)(nl - foot - 1));
	if (!read_steps(&b, tz, from_s, to_s, &z)) {
		mdg_zone_clear(&z);
		return false;
	}
	z.steps = mdg_realloc(z.steps, z.n * sizeof(*z.steps));
	z.name = mdg_strdup(name);
	*ret = z;
	return true;
}
