#include "madoguchi/base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"

struct mdg_span
mdg_span_str(const char *s)
{
	return mdg_span(s, s ? strlen(s) : 0);
}

bool
mdg_span_eq(struct mdg_span a, struct mdg_span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

void
mdg_buf_clear(struct mdg_buf *b)
{
	free(b->ptr);
	*b = (struct mdg_buf){.max = b->max};
}

void
mdg_buf_reset(struct mdg_buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->ptr)
		b->ptr[0] = '\0';
}

char *
mdg_buf_reserve(struct mdg_buf *b, size_t n)
{
	size_t max = b->max ? b->max : MDG_BUF_MAX;

	if (b->full || n > max || b->len > max - n) {
		b->full = true;
		return NULL;
	}
	if (b->len + n + 1 > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 64;
		if (cap < b->len + n + 1)
			cap = b->len + n + 1;
		b->ptr = mdg_realloc(b->ptr, cap);
		b->cap = cap;
		b->ptr[b->len] = '\0'; /* a text, even if nothing follows */
	}
	return b->ptr + b->len;
}

void
mdg_buf_expect(struct mdg_buf *b, size_t n)
{
	size_t max = b->max ? b->max : MDG_BUF_MAX;

	if (b->len < max &&
	    mdg_buf_reserve(b, n < max - b->len ? n : max - b->len))
		b->ptr[b->len] = '\0'; /* it is text even if nothing is put */
}

bool
mdg_buf_put(struct mdg_buf *b, const void *p, size_t n)
{
	char *to = mdg_buf_reserve(b, n);

	if (!to)
		return false;
	if (n)
		memcpy(to, p, n);
	b->len += n;
	b->ptr[b->len] = '\0';
	return true;
}

bool
mdg_buf_puts(struct mdg_buf *b, const char *s)
{
	return mdg_buf_put(b, s, strlen(s));
}

bool
mdg_buf_putc(struct mdg_buf *b, char c)
{
	return mdg_buf_put(b, &c, 1);
}

bool
mdg_buf_printf(struct mdg_buf *b, const char *fmt, ...)
{
	va_list ap;
	char small[256];

	va_start(ap, fmt);
	int n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	MDG_BUG_ON(n < 0);
	if ((size_t)n < sizeof(small))
		return mdg_buf_put(b, small, (size_t)n);
	char *to = mdg_buf_reserve(b, (size_t)n);
	if (!to)
		return false;
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return true;
}

void
mdg_buf_shift(struct mdg_buf *b, size_t n)
{
	MDG_BUG_ON(n > b->len);
	if (n == 0)
		return;
	memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
	b->ptr[b->len] = '\0';
}

bool
mdg_buf_ok(const struct mdg_buf *b)
{
	return !b->full;
}

char *
mdg_buf_steal(struct mdg_buf *b)
{
	char *s = b->ptr ? b->ptr : mdg_strdup("");

	b->ptr = NULL;
	mdg_buf_clear(b);
	return s;
}

struct mdg_span
mdg_buf_span(const struct mdg_buf *b)
{
	return mdg_span(b->ptr, b->len);
}

const char *
mdg_buf_str(const struct mdg_buf *b)
{
	return b->ptr ? b->ptr : "";
}

static void
out_of_memory(size_t n)
{
	fprintf(stderr, "<2>out of memory (%zu bytes)\n", n);
	abort();
}

void *
mdg_malloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		out_of_memory(n);
	return p;
}

void *
mdg_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory(n * size);
	return p;
}

void *
mdg_realloc(void *old, size_t n)
{
	void *p = realloc(old, n ? n : 1);

	if (!p)
		out_of_memory(n);
	return p;
}

char *
mdg_strdup(const char *s)
{
	return mdg_strndup(s, strlen(s));
}

char *
mdg_strndup(const char *s, size_t n)
{
	char *p = mdg_malloc(n + 1);

	if (n)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
mdg_asprintf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	MDG_BUG_ON(n < 0);
	char *p = mdg_malloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void
mdg_freep(void *pp)
{
	void **p = pp;

	free(*p);
	*p = NULL;
}
