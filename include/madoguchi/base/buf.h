/*
 * Bytes: a borrowed span, and a growable buffer with a hard cap.
 *
 * struct mdg_span holds undecoded bytes of any value; `char *` in this project
 * is always valid UTF-8 ending in NUL. The type says which one you hold.
 *
 * struct mdg_buf is always NUL-terminated behind len (cap > len) once anything
 * was put, so buf.ptr may be used as a C string when its content is text.
 * A put beyond `max` fails, sets `full`, and leaves the content as it was:
 * check mdg_buf_ok() once after a run of puts instead of at each one.
 */
#ifndef MDG_BASE_BUF_H
#define MDG_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mdg_span {
	const unsigned char *p;
	size_t n;
};

static inline struct mdg_span
mdg_span(const void *p, size_t n)
{
	return (struct mdg_span){(const unsigned char *)p, n};
}

/* The rest behind `at` bytes, of which there are as many. */
static inline struct mdg_span
mdg_span_from(struct mdg_span s, size_t at)
{
	return at ? mdg_span(s.p + at, s.n - at) : s;
}

/* The bytes of a C string, without its NUL; empty for NULL. */
struct mdg_span mdg_span_str(const char *s);
bool mdg_span_eq(struct mdg_span a, struct mdg_span b);

struct mdg_buf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t max; /* 0: MDG_BUF_MAX */
	bool full;  /* a put was refused */
};

#define MDG_BUF_MAX ((size_t)256 << 20)
/* A buffer that may hold at most `m` bytes. */
#define MDG_BUF_LIMIT(m) ((struct mdg_buf){.max = (m)})

void mdg_buf_clear(struct mdg_buf *b);
/* Forget the content, keep the memory and the limit. */
void mdg_buf_reset(struct mdg_buf *b);
bool mdg_buf_put(struct mdg_buf *b, const void *p, size_t n);
bool mdg_buf_puts(struct mdg_buf *b, const char *s);
bool mdg_buf_putc(struct mdg_buf *b, char c);
bool mdg_buf_printf(struct mdg_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Make room for n more bytes and return where they go; NULL if refused. */
char *mdg_buf_reserve(struct mdg_buf *b, size_t n);
/* About n more bytes will come: make room once. Never fills the buffer. */
void mdg_buf_expect(struct mdg_buf *b, size_t n);
/* Drop the first n bytes. */
void mdg_buf_shift(struct mdg_buf *b, size_t n);
bool mdg_buf_ok(const struct mdg_buf *b);
/* Move the text out (never NULL, free with free()); b is empty afterwards. */
char *mdg_buf_steal(struct mdg_buf *b);
struct mdg_span mdg_buf_span(const struct mdg_buf *b);
/* The text, "" if nothing was put. */
const char *mdg_buf_str(const struct mdg_buf *b);

/* malloc family that aborts when memory ends; sizes are checked by limits. */
void *mdg_malloc(size_t n);
void *mdg_calloc(size_t n, size_t size);
void *mdg_realloc(void *p, size_t n);
char *mdg_strdup(const char *s);
char *mdg_strndup(const char *s, size_t n);
char *mdg_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* For MDG_AUTO(mdg_freep) char *s. */
void mdg_freep(void *pp);

#endif
