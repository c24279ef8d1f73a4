#include "html_in.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

/* -- what gumbo must not see --------------------------------------------- */

/* Elements that are never open long: void ones, and those whose end tag is
 * left out by custom (HTML §13.1.2.4). Only the others count as depth. */
static bool
counts_as_depth(const char *name, size_t n)
{
	static const char *const no[] = {
		"area",  "base",  "br",   "col",      "embed",  "hr",
		"img",   "input", "link", "meta",     "param",  "source",
		"track", "wbr",   "p",    "li",       "dt",     "dd",
		"tr",    "td",    "th",   "thead",    "tbody",  "tfoot",
		"rb",    "rt",    "rp",   "rtc",      "option", "optgroup",
		"html",  "head",  "body", "!doctype",
	};

	for (size_t i = 0; i < MDG_LEN(no); i++)
		if (strlen(no[i]) == n && strncasecmp(no[i], name, n) == 0)
			return false;
	return true;
}

static size_t
tags_max(const struct mdg_html *h)
{
	const char *end = h->s + h->n;
	size_t n = 0;

	for (const char *p = h->s; (p = memchr(p, '<', (size_t)(end - p))); p++)
		n++;
	return n;
}

/*
 * Drop start tags that would open more than MDG_HTML_DEPTH_MAX elements, and
 * endless tags: gumbo's time grows with the square of the depth and of the
 * number of attributes.
 */
static void
drop_deep(struct mdg_html *h, struct mdg_buf *kept)
{
	size_t depth = 0, from = 0;
	const char *s = h->s, *end = s + h->n;

	if (h->n <= MDG_HTML_TAG_BYTES_MAX && tags_max(h) <= MDG_HTML_DEPTH_MAX)
		return;
	for (const char *p = s; (p = memchr(p, '<', (size_t)(end - p)));) {
		const char *tag = p++;
		bool closing = p < end && *p == '/';

		p += closing;
		const char *name = p;
		while (p < end && ((*p | 32) >= 'a' && (*p | 32) <= 'z'))
			p++;
		if (p == name)
			continue;
		const char *gt = memchr(p, '>', (size_t)(end - p));
		const char *next = gt ? gt + 1 : end;
		bool drop = next - tag > MDG_HTML_TAG_BYTES_MAX;
		if (!drop && counts_as_depth(name, (size_t)(p - name))) {
			if (closing)
				depth -= depth > 0;
			else if (next[-1] != '>' || next[-2] != '/')
				drop = ++depth > MDG_HTML_DEPTH_MAX;
			depth -= drop; /* what is dropped opens nothing */
		}
		if (!drop)
			continue;
		h->partial = true;
		mdg_buf_put(kept, s + from, (size_t)(tag - s) - from);
		from = (size_t)(next - s);
		p = next;
	}
	if (from)
		mdg_buf_put(kept, s + from, h->n - from);
}

/* -- what gumbo need not see --------------------------------------------- */

struct trim {
	struct mdg_html *h;
	const char *from; /* not yet copied */
	const char *end;
	struct mdg_buf *kept;
};

static bool
is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/* Elements whose content is text, whatever it looks like (§13.1.2). */
static bool
holds_text_only(struct mdg_span name)
{
	static const char *const yes[] = {
		"style", "script", "title",   "textarea",
		"xmp",   "iframe", "noembed", "noframes",
	};

	for (size_t i = 0; i < MDG_LEN(yes); i++)
		if (html_is(name, yes[i]))
			return true;
	return false;
}

/* Behind the '>' of a tag whose attributes begin at p; NULL if it has none. */
static const char *
tag_end(const char *p, const char *end)
{
	const char *first = memchr(p, '>', (size_t)(end - p));
	const char *gt = first;

	while (gt && (p = memchr(p, '=', (size_t)(gt - p)))) {
		for (p++; p < end && is_space(*p);)
			p++;
		if (p < end && (*p == '"' || *p == '\'')) {
			p = memchr(p + 1, *p, (size_t)(end - p - 1));
			if (!p)
				return first + 1;
		} else {
			while (p < gt && !is_space(*p))
				p++;
		}
		gt = memchr(p, '>', (size_t)(end - p));
	}
	return gt ? gt + 1 : NULL;
}

/* Behind a comment, whose text begins at p; NULL if it has no end (§13.2.5.43
 * and what follows). */
static const char *
comment_end(const char *p, const char *end)
{
	if (p < end && *p == '>')
		return p + 1;
	if (end - p >= 2 && p[0] == '-' && p[1] == '>')
		return p + 2;
	while ((p = memmem(p, (size_t)(end - p), "--", 2))) {
		const char *q = p + 2;

		if (q < end && *q == '>')
			return q + 1;
		if (end - q >= 2 && q[0] == '!' && q[1] == '>')
			return q + 2;
		p++;
	}
	return NULL;
}

/* The end tag of an element that holds text only; NULL if it has none. */
static const char *
find_end_tag(const char *p, const char *end, struct mdg_span name)
{
	for (; (p = memchr(p, '<', (size_t)(end - p))); p++) {
		const char *q = p + 2 + name.n;

		if (q < end && p[1] == '/' &&
		    strncasecmp(p + 2, (const char *)name.p, name.n) == 0 &&
		    (is_space(*q) || *q == '/' || *q == '>'))
			return p;
	}
	return NULL;
}

static void
drop(struct trim *t, const char *from, const char *to)
{
	struct mdg_buf *b = t->kept;

	mdg_buf_put(b, t->from, (size_t)(from - t->from));
	/* What follows must not become a token with what stood before. */
	if (b->len && (b->ptr[b->len - 1] == '<' || b->ptr[b->len - 1] == '&'))
		mdg_buf_putc(b, ' ');
	t->from = to;
}

static const char *
pass_comment(struct trim *t, const char *lt)
{
	const char *next = comment_end(lt + 4, t->end);

	if (!next)
		return t->end;
	drop(t, lt, next);
	return next;
}

static const char *
pass_tag(struct trim *t, const char *lt)
{
	const char *p = lt + 1;

	while (p < t->end && !is_space(*p) && *p != '/' && *p != '>')
		p++;
	struct mdg_span name = mdg_span(lt + 1, (size_t)(p - lt - 1));
	const char *next = tag_end(p, t->end);
	if (!next || next[-2] == '/' || !holds_text_only(name))
		return next ? next : t->end;
	const char *sheet = next;
	const char *close = find_end_tag(sheet, t->end, name);
	if (!close || !html_is(name, "style"))
		return close ? close : t->end;
	next = tag_end(close + 2 + name.n, t->end);
	if (next) {
		html_css_read(t->h, sheet, close);
		drop(t, lt, next);
	}
	return next ? next : t->end;
}

/*
 * Take out comments and style sheets: they show nothing, and are most of what
 * office programs write. Tokens are found as HTML §13.2.5 finds them; what
 * only the tree could tell is left to gumbo.
 */
static void
drop_unshown(struct mdg_html *h, struct mdg_buf *kept)
{
	struct trim t = {
		.h = h, .from = h->s, .end = h->s + h->n, .kept = kept};

	for (const char *p = h->s; (p = memchr(p, '<', (size_t)(t.end - p)));) {
		size_t left = (size_t)(t.end - p);

		if (left >= 4 && memcmp(p, "<!--", 4) == 0)
			p = pass_comment(&t, p);
		else if (left >= 2 && is_alpha(p[1]))
			p = pass_tag(&t, p);
		else if (left >= 2 && strchr("/!?", p[1]))
			p = memchr(p, '>', left); /* §13.2.5.41 */
		else
			p++;
		if (!p)
			break;
	}
	if (t.from != h->s)
		mdg_buf_put(kept, t.from, (size_t)(t.end - t.from));
}

void
html_trim(struct mdg_html *h)
{
	static void (*const passes[])(struct mdg_html *, struct mdg_buf *) = {
		drop_unshown, drop_deep};

	for (size_t i = 0; i < MDG_LEN(passes); i++) {
		struct mdg_buf kept = {0};

		passes[i](h, &kept);
		if (!kept.ptr)
			continue;
		mdg_buf_clear(&h->trimmed);
		h->trimmed = kept;
		h->s = kept.ptr;
		h->n = kept.len;
	}
}

size_t
mdg_html_weight_max(const struct mdg_html *h)
{
	const char *p = h->s, *end = h->s + h->n;
	size_t weight = 0, quotes = 0, breaks = 1;

	while (p < end) {
		if (*p != '<') {
			weight += (*p & 0xc0) != 0x80 && !is_space(*p);
			breaks += *p++ == '\n';
			continue;
		}
		const char *gt = memchr(p, '>', (size_t)(end - p));
		const char *next = gt ? gt + 1 : end;
		const char *name = p + 1;
		size_t k = 0;

		while (name + k < next && is_alpha(name[k]))
			k++;
		struct mdg_span tag = mdg_span(name, k);
		/* What may be shown of an attribute, or of itself; a tag that
		 * was none shows whole. */
		if (k == 0 || html_is(tag, "a") || html_is(tag, "img"))
			weight += (size_t)(next - p);
		else
			weight += html_is(tag, "hr")   ? 32
				  : html_is(tag, "li") ? 8
				  : html_is(tag, "rt") ? 1
						       : 0;
		quotes += html_is(tag, "blockquote");
		breaks++;
		p = next;
	}
	return weight + quotes * breaks;
}
