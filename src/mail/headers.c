/* Header blocks, RFC 5322 §2.2 and what arrives instead. */
#include "madoguchi/mail/headers.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/words.h"
#include "token.h"

/* Old Macs end lines in CR alone; elsewhere a CR is part of the line. */
static bool
has_only_cr(struct mdg_span b)
{
	return b.n && !memchr(b.p, '\n', b.n) && memchr(b.p, '\r', b.n);
}

struct line {
	struct mdg_span text; /* without its end */
	size_t next;
};

static struct line
line_at(struct mdg_span b, size_t at, char eol)
{
	const unsigned char *p = b.p + at;
	const unsigned char *e = memchr(p, eol, b.n - at);
	size_t n = e ? (size_t)(e - p) : b.n - at;
	struct line l = {.text = {p, n}, .next = at + n + (e != NULL)};

	while (l.text.n && l.text.p[l.text.n - 1] == '\r')
		l.text.n--;
	return l;
}

/* "Name:" or "Name :"; the length of the name, 0 if it is no field. */
static size_t
field_name_len(struct mdg_span t)
{
	size_t n = 0, i;

	while (n < t.n && t.p[n] > 0x20 && t.p[n] < 0x7F && t.p[n] != ':')
		n++;
	for (i = n; i < t.n && (t.p[i] == ' ' || t.p[i] == '\t'); i++)
		;
	return n && i < t.n && t.p[i] == ':' ? n : 0;
}

static bool
is_fold(struct mdg_span t)
{
	return t.n && (t.p[0] == ' ' || t.p[0] == '\t');
}

static bool
is_white(struct mdg_span t)
{
	while (t.n && (t.p[0] == ' ' || t.p[0] == '\t'))
		t = mdg_span_from(t, 1);
	return t.n == 0;
}

static void
add(struct mdg_headers *out, struct mdg_arena *a, struct mdg_span field,
    size_t name_n)
{
	const unsigned char *colon = memchr(field.p, ':', field.n);
	size_t skip = (size_t)(colon - field.p) + 1;

	if (out->n >= MDG_HEADERS_MAX) {
		out->cut = true;
		return;
	}
	if (field.n > MDG_HEADER_BYTES_MAX) {
		field.n = MDG_HEADER_BYTES_MAX;
		out->cut = true;
		if (skip > field.n)
			return;
	}
	if ((out->n & (out->n - 1)) == 0) {
		struct mdg_header *v =
			mdg_arena_array(a, out->n ? out->n * 2 : 1, sizeof(*v));
		if (out->n)
			memcpy(v, out->v, out->n * sizeof(*v));
		out->v = v;
	}
	out->v[out->n++] = (struct mdg_header){
		.name = mdg_arena_strndup(a, (const char *)field.p, name_n),
		.raw = mdg_span_from(field, skip),
	};
}

void
mdg_headers_scan(struct mdg_span block, struct mdg_arena *a,
		 struct mdg_headers *out)
{
	char eol = has_only_cr(block) ? '\r' : '\n';
	size_t at = block.n >= 3 && memcmp(block.p, "\xEF\xBB\xBF", 3) == 0
			    ? 3 /* saved by an editor */
			    : 0;

	*out = (struct mdg_headers){.end = block.n, .odd = at > 0};
	while (at < block.n) {
		if (at > MDG_HEADER_BLOCK_MAX) {
			out->cut = true;
			return;
		}
		struct line l = line_at(block, at, eol);
		if (l.text.n == 0) {
			out->end = l.next;
			return;
		}
		size_t name_n = field_name_len(l.text);
		out->odd |= name_n == 0 || l.text.p[name_n] != ':';
		size_t start = at, end = at + l.text.n;
		at = l.next;
		while (at < block.n) { /* folds belong to their line */
			l = line_at(block, at, eol);
			if (!is_fold(l.text))
				break;
			out->odd |= is_white(l.text);
			end = at + l.text.n;
			at = l.next;
		}
		if (name_n)
			add(out, a, mdg_span(block.p + start, end - start),
			    name_n);
	}
}

const struct mdg_header *
mdg_headers_find(const struct mdg_headers *h, const char *name, size_t nth)
{
	for (size_t i = 0; i < h->n; i++)
		if (((h->v[i].name[0] ^ name[0]) & 0xDF) == 0 &&
		    mdg_strcaseeq(h->v[i].name, name) && nth-- == 0)
			return &h->v[i];
	return NULL;
}

const char *
mdg_header_text(struct mdg_arena *a, const struct mdg_header *h)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

	mdg_words_decode(h->raw, &out, NULL);
	return mdg_arena_strndup(a, mdg_buf_str(&out), out.len);
}

const char *
mdg_headers_text(const struct mdg_headers *h, const char *name, size_t nth,
		 struct mdg_arena *a)
{
	const struct mdg_header *f = mdg_headers_find(h, name, nth);

	return f ? mdg_header_text(a, f) : NULL;
}
