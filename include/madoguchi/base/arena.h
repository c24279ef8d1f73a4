/*
 * Arena: memory that lives as long as one request or one mail.
 *
 * Everything taken from an arena is freed together by mdg_arena_clear();
 * nothing is freed alone. Alloc never fails (memory end aborts); callers check
 * outside sizes against a limit first. Returned memory is zeroed.
 */
#ifndef MDG_BASE_ARENA_H
#define MDG_BASE_ARENA_H

#include <stddef.h>

struct mdg_arena_block;

struct mdg_arena {
	struct mdg_arena_block *head;
	size_t used_bytes; /* handed out in all, for limits and tests */
};

void mdg_arena_clear(struct mdg_arena *a);
void *mdg_arena_alloc(struct mdg_arena *a, size_t n);
/* n elements of size bytes; aborts on overflow of n * size. */
void *mdg_arena_array(struct mdg_arena *a, size_t n, size_t size);
char *mdg_arena_strdup(struct mdg_arena *a, const char *s);
char *mdg_arena_strndup(struct mdg_arena *a, const char *s, size_t n);
char *mdg_arena_printf(struct mdg_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
