#include "layout.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum { BOUNDARY_MAX = 70, WORD_MAX = 32 };

/* -- fields ---------------------------------------------------------------- */

static bool
is_token(unsigned char c)
{
	return c > ' ' && c < 0x7F && !strchr("()<>@,;:\\\"/[]?=", c);
}

static size_t
token_len(struct mdg_span v)
{
	size_t n = 0;

	while (n < v.n && is_token(v.p[n]))
		n++;
	return n;
}

static struct mdg_span
skip_white(struct mdg_span v)
{
	size_t n = 0;

	while (n < v.n && (v.p[n] == ' ' || v.p[n] == '\t' || v.p[n] == '\r' ||
			   v.p[n] == '\n'))
		n++;
	return mdg_span_from(v, n);
}

/* The value as one plain word: "7bit", "base64"; false for anything else. */
static bool
plain_word(struct mdg_span v, char out[WORD_MAX])
{
	size_t n = 0;

	while (v.n && (v.p[0] == ' ' || v.p[0] == '\t'))
		v = mdg_span_from(v, 1);
	while (v.n && v.p[v.n - 1] <= ' ')
		v.n--;
	for (; n < v.n && n + 1 < WORD_MAX; n++) {
		if (v.p[n] != '-' && !g_ascii_isalnum(v.p[n]))
			return false;
		out[n] = (char)v.p[n];
	}
	out[n] = '\0';
	return n == v.n;
}

static bool
is_boundary(struct mdg_span b)
{
	if (b.n == 0 || b.n > BOUNDARY_MAX)
		return false;
	for (size_t i = 0; i < b.n; i++)
		if (!g_ascii_isalnum(b.p[i]) &&
		    !(b.p[i] && strchr("'()+_,-./:=?", b.p[i])))
			return false;
	return true;
}

/* "; name=value" as RFC 2045 §5.1 has it, nothing encoded or escaped. */
static bool
one_param(struct mdg_span *v, struct mdg_span *name, struct mdg_span *value)
{
	*v = skip_white(mdg_span_from(*v, 1));
	name->p = v->p;
	name->n = token_len(*v);
	*v = mdg_span_from(*v, name->n);
	if (!name->n || !v->n || v->p[0] != '=' ||
	    memchr(name->p, '*', name->n))
		return false;
	*v = mdg_span_from(*v, 1);
	if (v->n && v->p[0] == '"') {
		const unsigned char *q = memchr(v->p + 1, '"', v->n - 1);
		if (!q)
			return false;
		*value = mdg_span(v->p + 1, (size_t)(q - v->p) - 1);
		*v = mdg_span_from(*v, value->n + 2);
	} else {
		*value = mdg_span(v->p, token_len(*v));
		*v = mdg_span_from(*v, value->n);
	}
	for (size_t i = 0; i < value->n; i++)
		if (value->p[i] < ' ' || value->p[i] >= 0x7F ||
		    value->p[i] == '\\')
			return false;
	*v = skip_white(*v);
	return value->n > 0;
}

/* The one boundary that the rest of a multipart's type tells. */
static bool
read_boundary(struct mdg_span v, struct mdg_span *ret)
{
	static const char word[] = "boundary";
	struct mdg_span name, value;

	*ret = mdg_span(NULL, 0);
	for (v = skip_white(v); v.n && v.p[0] == ';';) {
		if (!one_param(&v, &name, &value))
			return false;
		if (name.n != sizeof(word) - 1 ||
		    strncasecmp((const char *)name.p, word, name.n) != 0)
			continue;
		if (ret->n)
			return false;
		*ret = value;
	}
	return v.n == 0 && is_boundary(*ret);
}

static bool
reads_as(struct mdg_span v, const char *word)
{
	return v.n == strlen(word) &&
	       strncasecmp((const char *)v.p, word, v.n) == 0;
}

/* What a header says of its part. False: nothing that is sure. */
static bool
read_type(const struct mdg_headers *h, struct mime_place *ret,
	  struct mdg_span *boundary)
{
	static const char *const once[] = {"Content-Type",
					   "Content-Transfer-Encoding",
					   "Content-Disposition", "Content-ID"};
	const struct mdg_header *f[MDG_LEN(once)];
	char word[WORD_MAX] = "";

	if (h->odd || h->cut)
		return false;
	for (size_t i = 0; i < MDG_LEN(once); i++) {
		f[i] = mdg_headers_find(h, once[i], 0);
		if (f[i] && mdg_headers_find(h, once[i], 1))
			return false;
	}
	ret->headers = *h;
	ret->multi = false;
	ret->encoding = GMIME_CONTENT_ENCODING_DEFAULT;
	if (f[1] && !plain_word(f[1]->raw, word))
		return false;
	if (f[1])
		ret->encoding = g_mime_content_encoding_from_string(word);
	if (!f[0])
		return true;
	struct mdg_span v = skip_white(f[0]->raw), type = v;
	type.n = token_len(v);
	v = mdg_span_from(v, type.n);
	if (!type.n || !v.n || v.p[0] != '/')
		return false;
	v = mdg_span_from(v, 1);
	struct mdg_span subtype = mdg_span(v.p, token_len(v));
	v = mdg_span_from(v, subtype.n);
	if (!reads_as(type, "multipart"))
		return subtype.n > 0 || reads_as(type, "text");
	ret->multi = true;
	return subtype.n && !reads_as(subtype, "digest") &&
	       read_boundary(v, boundary);
}

/* -- parts ----------------------------------------------------------------- */

struct level {
	struct mdg_span boundary;
	uint32_t part;
};

struct finder {
	struct mime_layout *out;
	struct mdg_arena *arena;
	const unsigned char *p, *end;
	struct level stack[MIME_LAYOUT_DEPTH_MAX];
	size_t depth;
};

/* Is the line at p "--boundary", with `dashes` behind? */
static bool
is_line_of(const unsigned char *p, const unsigned char *end,
	   struct mdg_span boundary, const char *dashes)
{
	size_t n = strlen(dashes);

	p += 2;
	if ((size_t)(end - p) < boundary.n + n ||
	    memcmp(p, boundary.p, boundary.n) != 0 ||
	    memcmp(p + boundary.n, dashes, n) != 0)
		return false;
	for (p += boundary.n + n; p < end; p++)
		if (*p != ' ' && *p != '\t' && *p != '\r')
			return *p == '\n';
	return true;
}

/* Lines that end in two CR are blank to some and not to others. */
static bool
is_plain_block(const unsigned char *p, size_t n)
{
	return !memchr(p, '\0', n) && !memmem(p, n, "\r\r", 2);
}

enum line { LINE_NONE, LINE_NEXT, LINE_LAST, LINE_STRANGE };

/* The next line that is a boundary; it must be that of the innermost. */
static enum line
next_line(struct finder *f, const unsigned char **at)
{
	for (;;) {
		const unsigned char *p = mime_dash_line(f->p, f->end);

		if (p == f->end)
			return LINE_NONE;
		*at = p;
		const unsigned char *nl = memchr(p, '\n', (size_t)(f->end - p));
		f->p = nl ? nl + 1 : f->end;
		for (size_t i = f->depth; i-- > 0;) {
			struct mdg_span b = f->stack[i].boundary;
			bool last = is_line_of(p, f->p, b, "--");

			if (!last && !is_line_of(p, f->p, b, ""))
				continue;
			return !nl || i + 1 < f->depth ? LINE_STRANGE
			       : last                  ? LINE_LAST
						       : LINE_NEXT;
		}
	}
}

static bool
push(struct finder *f, struct mdg_span boundary, uint32_t part)
{
	if (f->depth == MIME_LAYOUT_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < f->depth; i++)
		if (f->stack[i].boundary.n == boundary.n &&
		    memcmp(f->stack[i].boundary.p, boundary.p, boundary.n) == 0)
			return false;
	f->stack[f->depth++] = (struct level){boundary, part};
	return true;
}

/* The part whose header begins at f->p. */
static bool
begin_part(struct finder *f)
{
	struct mime_layout *l = f->out;
	struct mdg_span rest = mdg_span(f->p, (size_t)(f->end - f->p));
	struct mdg_span boundary;
	struct mdg_headers h;

	if (l->n == MIME_LAYOUT_PARTS_MAX)
		return false;
	mdg_headers_scan(rest, f->arena, &h);
	if (h.end >= rest.n || !is_plain_block(rest.p, h.end))
		return false;
	struct mime_place *ret = &l->v[l->n++];
	*ret = (struct mime_place){.parent = f->stack[f->depth - 1].part};
	if (!read_type(&h, ret, &boundary))
		return false;
	ret->body = mdg_span_from(rest, h.end);
	ret->end = (uint32_t)l->n;
	return !ret->multi || push(f, boundary, (uint32_t)l->n - 1);
}

/* The line break in front of a boundary belongs to it (RFC 2046 §5.1.1). */
static bool
end_leaf(struct mime_place *leaf, const unsigned char *at)
{
	const unsigned char *from = leaf->body.p;

	if (at <= from || at[-1] != '\n')
		return false;
	at--;
	if (at > from && at[-1] == '\r')
		at--;
	leaf->body.n = (size_t)(at - from);
	return true;
}

static bool
read_parts(struct finder *f)
{
	struct mime_layout *l = f->out;
	struct mime_place *leaf = NULL;

	while (f->depth) {
		struct level *top = &f->stack[f->depth - 1];
		const unsigned char *at;
		enum line line = next_line(f, &at);

		if (line == LINE_NONE || line == LINE_STRANGE ||
		    (leaf && !end_leaf(leaf, at)))
			return false;
		leaf = NULL;
		if (line == LINE_LAST) {
			if (l->n == top->part + 1)
				return false; /* no part in it */
			l->v[top->part].end = (uint32_t)l->n;
			f->depth--;
			continue;
		}
		const unsigned char *header = f->p;
		if (!begin_part(f))
			return false;
		struct mime_place *part = &l->v[l->n - 1];
		/* a boundary that its header would swallow */
		f->p = header;
		if (mime_dash_line(f->p, part->body.p) != part->body.p)
			return false;
		f->p = part->body.p;
		leaf = part->multi ? NULL : part;
	}
	return true;
}

bool
mime_layout_read(const struct mime_scan *scan,
		 const struct mdg_headers *headers, struct mdg_arena *a,
		 struct mime_layout *ret)
{
	struct mdg_span raw = scan->raw, boundary;
	struct finder f = {.out = ret, .arena = a, .end = raw.p + raw.n};
	size_t end = headers->end;

	if (scan->cut || end >= raw.n || memchr(raw.p, '\0', end))
		return false;
	ret->n = 1;
	ret->v[0] = (struct mime_place){.end = 1};
	if (!read_type(headers, &ret->v[0], &boundary))
		return false;
	ret->v[0].body = mdg_span_from(raw, end);
	if (!ret->v[0].multi)
		return true;
	f.p = raw.p + end;
	return is_plain_block(raw.p, end) && push(&f, boundary, 0) &&
	       read_parts(&f);
}
