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
enum { BLOCK_BYTES = 256 << 10, BUDGET_BYTES = 20 << 20, ALIGN = 16 };

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

struct mdg_html *
mdg_html_new(const char *s, size_t n)
{
	struct mdg_html *h = mdg_calloc(1, sizeof(*h));

	h->s = s;
	h->n = mdg_utf8_cut(s, n, MDG_HTML_BYTES_MAX);
	h->partial = h->n < n;
	html_trim(h);
	return h;
}

const GumboNode *
html_root(struct mdg_html *h)
{
	struct budget b = {.h = h};
	GumboOptions o = kGumboDefaultOptions;

	if (h->read)
		return h->root;
	h->read = true;
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
	return h->root;
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
mdg_html_is_partial(struct mdg_html *h)
{
	html_root(h);
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
html_is(struct mdg_span s, const char *word)
{
	return strlen(word) == s.n &&
	       strncasecmp(word, (const char *)s.p, s.n) == 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

struct mdg_span
html_trim_span(const char *s, const char *end)
{
	while (s < end && is_space(*s))
		s++;
	while (s < end && is_space(end[-1]))
		end--;
	return mdg_span(s, (size_t)(end - s));
}

bool
html_style_next(const char **s, struct mdg_span *name, struct mdg_span *value)
{
	while (**s) {
		const char *p = *s, *end = p + strcspn(p, ";");
		const char *colon = memchr(p, ':', (size_t)(end - p));

		*s = end + (*end == ';');
		if (!colon)
			continue;
		*name = html_trim_span(p, colon);
		*value = html_trim_span(colon + 1, end);
		return true;
	}
	return false;
}

bool
mdg_html_style(const GumboNode *n, const char *property, char *out, size_t size)
{
	const char *s = mdg_html_attr(n, "style");
	struct mdg_span name, v;

	while (s && html_style_next(&s, &name, &v)) {
		if (!html_is(name, property))
			continue;
		size_t k = v.n < size ? v.n : size - 1;
		for (size_t i = 0; i < k; i++)
			out[i] = (char)mdg_ascii_lower(v.p[i]);
		out[k] = '\0';
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
