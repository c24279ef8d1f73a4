#include "madoguchi/mime/html.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

#include "html_in.h"

/*
 * gumbo frees its tree recursively and cannot be told to stop. It gets its
 * memory from blocks of ours that are freed together, and is left by a jump
 * when the budget is passed: nothing else of it needs undoing.
 */
enum { BLOCK_BYTES = 256 << 10, BUDGET_BYTES = 160 << 20, ALIGN = 16 };

struct html_block {
	struct html_block *next;
	size_t used, cap;
	_Alignas(ALIGN) unsigned char data[];
};

struct budget {
	struct mdg_html *h;
	jmp_buf out;
};

static void *
budget_alloc(void *user, size_t n)
{
	struct budget *b = user;
	struct html_block *k = b->h->blocks;

	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (n > BUDGET_BYTES || b->h->used_bytes + n > BUDGET_BYTES)
		longjmp(b->out, 1);
	if (!k || k->cap - k->used < n) {
		size_t cap = n > BLOCK_BYTES ? n : BLOCK_BYTES;

		k = mdg_malloc(sizeof(*k) + cap);
		k->used = 0;
		k->cap = cap;
		k->next = b->h->blocks;
		b->h->blocks = k;
	}
	void *p = k->data + k->used;
	k->used += n;
	b->h->used_bytes += n;
	return p;
}

static void
budget_free(void *user, void *p)
{
	(void)user;
	(void)p;
}

static void
blocks_free(struct mdg_html *h)
{
	while (h->blocks) {
		struct html_block *k = h->blocks;

		h->blocks = k->next;
		free(k);
	}
	h->used_bytes = 0;
}

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

/*
 * Drop start tags that would open more than MDG_HTML_DEPTH_MAX elements, and
 * endless tags: gumbo's time grows with the square of the depth and of the
 * number of attributes.
 */
static void
trim_depth(struct mdg_html *h)
{
	size_t depth = 0, from = 0;
	const char *s = h->s, *end = s + h->n;

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
		mdg_buf_put(&h->trimmed, s + from, (size_t)(tag - s) - from);
		from = (size_t)(next - s);
		p = next;
	}
	if (!h->partial)
		return;
	mdg_buf_put(&h->trimmed, s + from, h->n - from);
	h->s = mdg_buf_str(&h->trimmed);
	h->n = h->trimmed.len;
}

struct mdg_html *
mdg_html_new(const char *s, size_t n)
{
	struct mdg_html *h = mdg_calloc(1, sizeof(*h));
	struct budget b = {.h = h};
	GumboOptions o = kGumboDefaultOptions;

	h->s = s;
	h->n = mdg_utf8_cut(s, n, MDG_HTML_BYTES_MAX);
	bool cut = h->n < n;
	trim_depth(h);
	h->partial |= cut;
	o.allocator = budget_alloc;
	o.deallocator = budget_free;
	o.userdata = &b;
	o.max_errors = 0;
	if (setjmp(b.out) == 0) {
		h->root = gumbo_parse_with_options(&o, h->s, h->n)->root;
	} else {
		blocks_free(h);
		h->root = NULL;
		h->partial = true;
	}
	return h;
}

void
mdg_html_free(struct mdg_html **h)
{
	if (!*h)
		return;
	blocks_free(*h);
	mdg_buf_clear(&(*h)->trimmed);
	free(*h);
	*h = NULL;
}

bool
mdg_html_is_partial(const struct mdg_html *h)
{
	return h->partial;
}

const GumboNode *
mdg_html_child(const GumboNode *n, size_t i)
{
	const GumboVector *v;

	if (n->type == GUMBO_NODE_ELEMENT)
		v = &n->v.element.children;
	else if (n->type == GUMBO_NODE_DOCUMENT)
		v = &n->v.document.children;
	else
		return NULL;
	return i < v->length ? v->data[i] : NULL;
}

const char *
mdg_html_attr(const GumboNode *n, const char *name)
{
	const GumboAttribute *a =
		gumbo_get_attribute(&n->v.element.attributes, name);

	return a ? a->value : NULL;
}

bool
mdg_html_style(const GumboNode *n, const char *property, char *out, size_t size)
{
	const char *s = mdg_html_attr(n, "style");
	size_t len = strlen(property);

	for (; s && *s; s = strchr(s, ';'), s = s ? s + 1 : NULL) {
		s += strspn(s, " \t\r\n\f;");
		if (strncasecmp(s, property, len) != 0)
			continue;
		const char *v = s + len;
		v += strspn(v, " \t\r\n\f");
		if (*v != ':')
			continue;
		v++;
		v += strspn(v, " \t\r\n\f");
		size_t o = 0;
		for (; *v && *v != ';' && o + 1 < size; v++)
			out[o++] = (char)mdg_ascii_lower((unsigned char)*v);
		while (o && strchr(" \t\r\n\f", out[o - 1]))
			o--;
		out[o] = '\0';
		return true;
	}
	return false;
}

/* The value behind "charset" = at p, quoted or not. */
static bool
charset_value(const char *p, const char *end, char *out, size_t n)
{
	size_t o = 0;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == end || *p++ != '=')
		return false;
	while (p < end && strchr(" \t\"'", *p))
		p++;
	for (; p < end && o + 1 < n; p++) {
		int c = mdg_ascii_lower((unsigned char)*p);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.' || c == ':'))
			break;
		out[o++] = (char)c;
	}
	out[o] = '\0';
	return o > 0;
}

bool
mdg_html_charset(struct mdg_span html, char *out, size_t n)
{
	enum { SNIFF_BYTES = 4096 };
	size_t len = html.n < SNIFF_BYTES ? html.n : SNIFF_BYTES;
	const char *s = len ? (const char *)html.p : "", *end = s + len;
	static const struct {
		const char *open, *key;
	} forms[] = {{"<meta", "charset"}, {"<?xml", "encoding"}};

	for (const char *p = s;
	     p < end && (p = memchr(p, '<', (size_t)(end - p))); p++) {
		for (size_t f = 0; f < MDG_LEN(forms); f++) {
			size_t k = strlen(forms[f].key);
			const char *gt = memchr(p, '>', (size_t)(end - p));

			if ((size_t)(end - p) < 5 || !gt ||
			    strncasecmp(p, forms[f].open, 5) != 0)
				continue;
			for (const char *q = p; q + k < gt; q++)
				if (strncasecmp(q, forms[f].key, k) == 0 &&
				    charset_value(q + k, gt, out, n))
					return true;
		}
	}
	return false;
}
