/* Mails in files: mbox (RFC 4155, mboxrd quoting), Maildir, .eml. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "import.h"

struct lines {
	const char *p, *end;
};

/* The next line with its end; false at the end of the text. */
static bool
next_line(struct lines *l, const char **line, size_t *n)
{
	if (l->p >= l->end)
		return false;
	const char *nl = memchr(l->p, '\n', (size_t)(l->end - l->p));
	*line = l->p;
	l->p = nl ? nl + 1 : l->end;
	*n = (size_t)(l->p - *line);
	return true;
}

static size_t
without_end(const char *line, size_t n)
{
	while (n && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		n--;
	return n;
}

static bool
starts(const char *s, size_t n, const char *prefix)
{
	size_t k = strlen(prefix);

	return n >= k && memcmp(s, prefix, k) == 0;
}

/* ---- when was it? ---- */

static bool
number(const char *s, size_t n, int *ret)
{
	*ret = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9' || n > 4)
			return false;
		*ret = *ret * 10 + (s[i] - '0');
	}
	return n > 0;
}

static int
month_of(const char *s, size_t n)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; n == 3 && i < 12; i++)
		if (strncasecmp(s, months + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

struct when {
	int year, month, day, seconds, offset_s;
	bool has_time;
};

static void
read_word(const char *s, size_t n, struct when *w)
{
	int v, h, m, sec = 0;

	if (month_of(s, n)) {
		w->month = month_of(s, n);
	} else if (n >= 5 && s[2] == ':' && number(s, 2, &h) &&
		   number(s + 3, 2, &m) && (n < 8 || number(s + 6, 2, &sec))) {
		w->seconds = h * 3600 + m * 60 + sec;
		w->has_time = true;
	} else if (n == 5 && (*s == '+' || *s == '-') && number(s + 1, 2, &h) &&
		   number(s + 3, 2, &m)) {
		w->offset_s = (h * 60 + m) * (*s == '-' ? -60 : 60);
	} else if (n == 4 && number(s, n, &v)) {
		w->year = v;
	} else if (n <= 2 && number(s, n, &v) && !w->day) {
		w->day = v;
	}
}

/*
 * "Sat, 21 Nov 2026 09:00:00 +0900" and "Sat Nov 21 09:00:00 2026" alike: the
 * words in any order. Good enough to tell history from news.
 */
static bool
read_when(const char *s, size_t n, int64_t *ret_s)
{
	struct when w = {0};

	for (size_t i = 0; i < n;) {
		size_t k = i;
		while (k < n && s[k] != ' ' && s[k] != ',' && s[k] != '\t')
			k++;
		if (k > i)
			read_word(s + i, k - i, &w);
		i = k + 1;
	}
	if (!w.has_time || !w.month || w.day < 1 || w.day > 31 || w.year < 1970)
		return false;
	*ret_s = mdg_days_from_civil(w.year, w.month, w.day) * 86400 +
		 w.seconds - w.offset_s;
	return true;
}

/* The Date field, else what the file says. */
static int64_t
date_of(struct mdg_span raw, int64_t otherwise_s)
{
	struct lines l = {(const char *)raw.p, (const char *)raw.p + raw.n};
	const char *line;
	size_t n;
	int64_t t_s;

	while (next_line(&l, &line, &n) && without_end(line, n) > 0)
		if (n > 5 && strncasecmp(line, "date:", 5) == 0 &&
		    read_when(line + 5, without_end(line, n) - 5, &t_s))
			return t_s;
	return otherwise_s;
}

/* ---- mbox ---- */

/* "Subject: …": the line after a From_ line. */
static bool
is_field(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] > ' ' && s[i] < 127 && s[i] != ':')
		i++;
	return i > 0 && i < n && s[i] == ':';
}

/*
 * Writers that forget to quote and writers that forget the empty line both
 * exist: a line counts when what stands around it fits.
 */
static bool
is_separator(const char *line, size_t n, bool after_blank, struct lines rest)
{
	const char *next;
	size_t next_n;
	int64_t t_s;

	if (!starts(line, n, "From "))
		return false;
	bool dated = read_when(line + 5, without_end(line, n) - 5, &t_s);
	bool headed = next_line(&rest, &next, &next_n) &&
		      is_field(next, without_end(next, next_n));
	/* "From nobody", as some programs write it */
	bool bare = !memchr(line + 5, ' ', without_end(line, n) - 5);
	return after_blank ? dated || (bare && headed) : dated && headed;
}

struct mbox {
	const char *file;
	int64_t time_s; /* of the file */
	mdg_import_fn fn;
	void *ctx;
	struct mdg_buf unquoted;
};

/* One mail: without the empty line before the next, ">From " unquoted. */
static bool
mbox_mail(struct mbox *b, const char *p, const char *end, int64_t date_s,
	  bool is_last, struct mdg_err *err)
{
	struct lines l = {p, end};
	const char *line;
	size_t n;
	bool quoted = false;

	while (!quoted && next_line(&l, &line, &n))
		quoted = *line == '>' && starts(line + strspn(line, ">"),
						n - strspn(line, ">"), "From ");
	if (!is_last && end - p >= 2 && end[-1] == '\n') {
		end--;
		if (end[-1] == '\r')
			end--;
	}
	struct mdg_span raw = mdg_span(p, (size_t)(end - p));
	if (quoted) {
		mdg_buf_reset(&b->unquoted);
		for (l = (struct lines){p, end}; next_line(&l, &line, &n);) {
			size_t k = 0;
			while (k < n && line[k] == '>')
				k++;
			bool q = k > 0 && starts(line + k, n - k, "From ");
			mdg_buf_put(&b->unquoted, line + q, n - q);
		}
		raw = mdg_buf_span(&b->unquoted);
	}
	const struct mdg_import_mail m = {b->file, raw, date_of(raw, date_s)};
	return b->fn(b->ctx, &m, err);
}

static bool
read_mbox(struct mbox *b, struct mdg_span all, struct mdg_err *err)
{
	struct lines l = {(const char *)all.p, (const char *)all.p + all.n};
	const char *line, *start = NULL;
	size_t n;
	int64_t date_s = b->time_s, t_s;
	bool blank = true;

	while (next_line(&l, &line, &n)) {
		if (is_separator(line, n, blank, l) || !start) {
			if (start &&
			    !mbox_mail(b, start, line, date_s, false, err))
				return false;
			start = l.p;
			date_s = read_when(line + 5, without_end(line, n) - 5,
					   &t_s)
					 ? t_s
					 : b->time_s;
		}
		blank = without_end(line, n) == 0;
	}
	return !start || mbox_mail(b, start, l.end, date_s, true, err);
}

/* ---- files and folders ---- */

static bool
cannot(const char *path, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read, path,
			    strerror(errno), NULL);
}

static bool
is_eml(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcasecmp(name + n - 4, ".eml") == 0;
}

static bool
read_bytes(const char *path, struct mdg_span all, int64_t time_s,
	   bool is_one_mail, mdg_import_fn fn, void *ctx, struct mdg_err *err)
{
	struct mbox b = {.file = path, .time_s = time_s, .fn = fn, .ctx = ctx};
	bool ok;

	/* a Maildir or .eml file may have kept the From_ line of its mbox */
	if (starts((const char *)all.p, all.n, "From ") && !is_one_mail) {
		ok = read_mbox(&b, all, err);
		mdg_buf_clear(&b.unquoted);
		return ok;
	}
	if (all.n == 0 && !is_one_mail)
		return true;
	const struct mdg_import_mail m = {path, all, date_of(all, time_s)};
	return fn(ctx, &m, err);
}

static bool
read_file(const char *path, bool is_one_mail, mdg_import_fn fn, void *ctx,
	  struct mdg_err *err)
{
	struct stat st;
	void *map = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0) {
		cannot(path, err);
		if (fd >= 0)
			close(fd);
		return false;
	}
	size_t n = (size_t)st.st_size;
	if (n)
		map = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (n && map == MAP_FAILED)
		return cannot(path, err);
	bool ok = read_bytes(path, mdg_span(map ? map : "", n), st.st_mtime,
			     is_one_mail || is_eml(path), fn, ctx, err);
	if (map)
		munmap(map, n);
	return ok;
}

struct names {
	char **v; /* whole paths */
	size_t n;
};

static void
names_clear(struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
}

static void
list(const char *dir, bool (*wanted)(const char *name), struct names *l)
{
	DIR *d = opendir(dir);

	for (struct dirent *e; d && (e = readdir(d));) {
		if (*e->d_name == '.' || (wanted && !wanted(e->d_name)))
			continue;
		l->v = mdg_realloc(l->v, (l->n + 1) * sizeof(*l->v));
		l->v[l->n++] = mdg_asprintf("%s/%s", dir, e->d_name);
	}
	if (d)
		closedir(d);
}

/* By file name, whichever of cur and new it lies in. */
static int
by_name(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;

	return strcmp(strrchr(x, '/'), strrchr(y, '/'));
}

static bool
read_folder(const char *path, mdg_import_fn fn, void *ctx, struct mdg_err *err)
{
	static const char *const parts[] = {"cur", "new"};
	MDG_AUTO(names_clear) struct names l = {0};
	bool is_maildir = false;
	struct stat st;

	for (size_t i = 0; i < MDG_LEN(parts); i++) {
		MDG_AUTO(mdg_freep)
		char *part = mdg_asprintf("%s/%s", path, parts[i]);
		if (stat(part, &st) != 0 || !S_ISDIR(st.st_mode))
			continue;
		is_maildir = true;
		list(part, NULL, &l);
	}
	if (!is_maildir)
		list(path, is_eml, &l);
	if (l.n)
		qsort(l.v, l.n, sizeof(*l.v), by_name);
	for (size_t i = 0; i < l.n; i++)
		if (!read_file(l.v[i], true, fn, ctx, err))
			return false;
	return l.n > 0 || is_maildir ||
	       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_import_nothing, path,
			    NULL);
}

bool
mdg_import_each(const char *path, mdg_import_fn fn, void *ctx,
		struct mdg_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return cannot(path, err);
	return S_ISDIR(st.st_mode) ? read_folder(path, fn, ctx, err)
				   : read_file(path, false, fn, ctx, err);
}
