/* Message-IDs, RFC 5322 §3.6.4. */
#include "madoguchi/mail/msgid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "token.h"

bool
mdg_msgid_valid(const char *id)
{
	size_t n = id ? strlen(id) : 0;

	if (n == 0 || n > MDG_MSGID_BYTES_MAX || !mdg_utf8_valid(id, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)id[i];
		if (c <= 0x20 || c >= 0x7F || c == '<' || c == '>')
			return false;
	}
	return true;
}

/* The id in s without white space; NULL if there is none. */
static const char *
make_id(struct mdg_arena *a, struct mdg_span s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf id = {0};

	if (s.n > MDG_MSGID_BYTES_MAX * 2)
		return NULL;
	mdg_utf8_clean(&clean, (const char *)s.p, s.n, true);
	for (size_t i = 0; i < clean.len; i++)
		if (clean.ptr[i] != ' ' && clean.ptr[i] != '<')
			mdg_buf_putc(&id, clean.ptr[i]);
	if (id.len == 0 || id.len > MDG_MSGID_BYTES_MAX)
		return NULL;
	return mdg_arena_strndup(a, id.ptr, id.len);
}

/* A word outside of brackets is an id if it looks like one. */
static bool
looks_like_id(struct mdg_span s)
{
	const unsigned char *at = s.n ? memchr(s.p, '@', s.n) : NULL;

	return at && at > s.p && at < s.p + s.n - 1 &&
	       memchr(s.p, '"', s.n) == NULL;
}

struct found {
	const char **v;
	size_t n, room;
	struct mdg_arena *a;
};

static void
found_add(struct found *f, struct mdg_span s)
{
	const char *id = f->n < f->room ? make_id(f->a, s) : NULL;

	if (id)
		f->v[f->n++] = id;
}

static size_t
comment_end(struct mdg_span t, size_t i)
{
	size_t depth = 0;

	t = mdg_span_near(t, i);
	for (size_t k = i; k < t.n; k++) {
		if (t.p[k] == '(')
			depth++;
		else if (t.p[k] == ')' && --depth == 0)
			return k + 1;
		else if (t.p[k] == '<')
			break; /* rather an id than a comment */
	}
	return 0;
}

/* The '>' that closes an id; an id without one ends where the next begins. */
static size_t
bracket_end(struct mdg_span t, size_t i)
{
	while (i < t.n && t.p[i] != '>' && t.p[i] != '<')
		i++;
	return i;
}

static void
scan(struct mdg_span t, struct found *f)
{
	size_t i = 0;

	while (i < t.n) {
		unsigned char c = t.p[i];
		if (c == '<') {
			size_t end = bracket_end(t, i + 1);
			struct mdg_span s = mdg_span(t.p + i + 1, end - i - 1);
			if (end < t.n && t.p[end] == '>') {
				found_add(f, s);
				i = end + 1;
				continue;
			}
			i++; /* not closed: read on as words */
		} else if (c == '(' && comment_end(t, i)) {
			i = comment_end(t, i);
		} else if (mdg_is_wsp(c) || strchr(",;()>\"'", c)) {
			i++;
		} else {
			size_t from = i;
			while (i < t.n && !mdg_is_wsp(t.p[i]) && t.p[i] &&
			       !strchr(",;<>\"", t.p[i]))
				i++;
			if (i == from)
				i++;
			else if (looks_like_id(mdg_span(t.p + from, i - from)))
				found_add(f, mdg_span(t.p + from, i - from));
		}
	}
}

static int
by_text(const void *x, const void *y)
{
	const char *const *a = *(const char *const *const *)x;
	const char *const *b = *(const char *const *const *)y;
	int d = strcmp(*a, *b);

	return d ? d : a < b ? -1 : a > b;
}

/* Of equal ids only the first stays; the order is kept. */
static void
drop_doubles(struct found *f)
{
	const char ***sorted = mdg_calloc(f->n, sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		sorted[i] = &f->v[i];
	qsort(sorted, f->n, sizeof(*sorted), by_text);
	for (size_t i = 1, kept = 0; i < f->n; i++)
		if (strcmp(*sorted[kept], *sorted[i]) == 0)
			*sorted[i] = NULL;
		else
			kept = i;
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i])
			f->v[n++] = f->v[i];
	f->n = n;
	free(sorted);
}

void
mdg_msgids_parse(struct mdg_span raw, struct mdg_arena *a,
		 struct mdg_strings *out, size_t max)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf plain = {0};
	struct found f = {.a = a};

	/* long ids that a library has made encoded words of */
	if (raw.n && memmem(raw.p, raw.n, "=?", 2)) {
		mdg_field_text(raw, &text, NULL);
		mdg_words_decode_text(mdg_buf_span(&text), &plain, NULL);
		raw = mdg_buf_span(&plain);
	}
	if (raw.n > MDG_HEADER_BYTES_MAX)
		raw = mdg_span(raw.p + raw.n - MDG_HEADER_BYTES_MAX,
			       MDG_HEADER_BYTES_MAX);
	f.room = out->n + raw.n / 2 + 1;
	f.v = mdg_calloc(f.room, sizeof(*f.v));
	for (size_t i = 0; i < out->n; i++)
		f.v[f.n++] = out->v[i];
	scan(raw, &f);
	if (f.n)
		drop_doubles(&f);
	*out = (struct mdg_strings){0};
	for (size_t i = 0; i < f.n; i++)
		if (f.n <= max || i == 0 || i > f.n - max)
			mdg_strings_add(out, a, f.v[i], max);
	free(f.v);
}

const char *
mdg_msgid_parse(struct mdg_span raw, struct mdg_arena *a)
{
	struct mdg_strings ids = {0};

	mdg_msgids_parse(raw, a, &ids, 1);
	if (ids.n)
		return ids.v[0];
	/* no '@', no brackets: still the sender's name for this mail */
	struct mdg_span s = mdg_span_trim(raw);
	return s.n && !memchr(s.p, ' ', s.n) ? make_id(a, s) : NULL;
}
