#include "madoguchi/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"

struct mdg_arena_block {
	struct mdg_arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) unsigned char data[];
};

enum { BLOCK_BYTES = 8 << 10, ALIGN = _Alignof(max_align_t) };

void
mdg_arena_clear(struct mdg_arena *a)
{
	while (a->head) {
		struct mdg_arena_block *b = a->head;
		a->head = b->next;
		free(b);
	}
	a->used_bytes = 0;
}

static void *
take(struct mdg_arena *a, size_t n)
{
	MDG_BUG_ON(n > SIZE_MAX / 4);
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	struct mdg_arena_block *b = a->head;
	if (!b || b->size - b->used < n) {
		size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;
		struct mdg_arena_block *fresh =
			mdg_malloc(sizeof(*fresh) + size);
		fresh->used = 0;
		fresh->size = size;
		if (b && n > BLOCK_BYTES / 2) {
			/* a big piece goes behind, so the open block serves on */
			fresh->next = b->next;
			b->next = fresh;
		} else {
			fresh->next = b;
			a->head = fresh;
		}
		b = fresh;
	}
	void *p = b->data + b->used;
	b->used += n;
	a->used_bytes += n;
	return p;
}

void *
mdg_arena_alloc(struct mdg_arena *a, size_t n)
{
	return memset(take(a, n), 0, n);
}

void *
mdg_arena_array(struct mdg_arena *a, size_t n, size_t size)
{
	MDG_BUG_ON(size && n > SIZE_MAX / 4 / size);
	return mdg_arena_alloc(a, n * size);
}

char *
mdg_arena_strdup(struct mdg_arena *a, const char *s)
{
	return mdg_arena_strndup(a, s, strlen(s));
}

char *
mdg_arena_strndup(struct mdg_arena *a, const char *s, size_t n)
{
	char *p = take(a, n + 1);

	if (n)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
mdg_arena_printf(struct mdg_arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	MDG_BUG_ON(n < 0);
	char *p = mdg_arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}
