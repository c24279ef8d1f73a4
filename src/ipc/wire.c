#include "madoguchi/ipc/wire.h"

#include <string.h>

#include "madoguchi/base/str.h"

static void
put_le(struct mdg_buf *b, uint64_t v, size_t n)
{
	unsigned char p[8];

	for (size_t i = 0; i < n; i++)
		p[i] = (unsigned char)(v >> (8 * i));
	mdg_buf_put(b, p, n);
}

void
mdg_wr_u8(struct mdg_buf *b, uint8_t v)
{
	put_le(b, v, 1);
}

void
mdg_wr_u32(struct mdg_buf *b, uint32_t v)
{
	put_le(b, v, 4);
}

void
mdg_wr_u64(struct mdg_buf *b, uint64_t v)
{
	put_le(b, v, 8);
}

void
mdg_wr_i64(struct mdg_buf *b, int64_t v)
{
	put_le(b, (uint64_t)v, 8);
}

void
mdg_wr_str(struct mdg_buf *b, const char *s)
{
	if (!s) {
		mdg_wr_u32(b, 0);
		return;
	}
	size_t n = strlen(s);
	mdg_wr_u32(b, (uint32_t)n + 1);
	mdg_buf_put(b, s, n);
}

void
mdg_wr_bytes(struct mdg_buf *b, struct mdg_span v)
{
	mdg_wr_u32(b, (uint32_t)v.n);
	mdg_buf_put(b, v.p, v.n);
}

void
mdg_rd_init(struct mdg_rd *r, struct mdg_span payload)
{
	*r = (struct mdg_rd){payload.p, payload.p + payload.n, false};
}

static const unsigned char *
take(struct mdg_rd *r, size_t n)
{
	if (r->bad || (size_t)(r->end - r->p) < n) {
		r->bad = true;
		return NULL;
	}
	const unsigned char *p = r->p;
	r->p += n;
	return p;
}

static uint64_t
get_le(struct mdg_rd *r, size_t n)
{
	const unsigned char *p = take(r, n);
	uint64_t v = 0;

	for (size_t i = 0; p && i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

uint8_t
mdg_rd_u8(struct mdg_rd *r)
{
	return (uint8_t)get_le(r, 1);
}

uint32_t
mdg_rd_u32(struct mdg_rd *r)
{
	return (uint32_t)get_le(r, 4);
}

uint64_t
mdg_rd_u64(struct mdg_rd *r)
{
	return get_le(r, 8);
}

int64_t
mdg_rd_i64(struct mdg_rd *r)
{
	return (int64_t)get_le(r, 8);
}

const char *
mdg_rd_str(struct mdg_rd *r, struct mdg_arena *a, size_t max)
{
	uint32_t n = mdg_rd_u32(r);

	if (n == 0 || r->bad)
		return NULL;
	const char *p = (const char *)take(r, n - 1);
	if (!p || n - 1 > max || memchr(p, 0, n - 1) ||
	    !mdg_utf8_valid(p, n - 1)) {
		r->bad = true;
		return NULL;
	}
	return mdg_arena_strndup(a, p, n - 1);
}

const char *
mdg_rd_text(struct mdg_rd *r, struct mdg_arena *a, size_t max)
{
	const char *s = mdg_rd_str(r, a, max);

	return s ? s : "";
}

struct mdg_span
mdg_rd_bytes(struct mdg_rd *r)
{
	uint32_t n = mdg_rd_u32(r);
	const unsigned char *p = take(r, n);

	return mdg_span(p, p ? n : 0);
}

size_t
mdg_rd_count(struct mdg_rd *r, size_t max)
{
	uint32_t n = mdg_rd_u32(r);

	if (n > max)
		r->bad = true;
	return r->bad ? 0 : n;
}

bool
mdg_rd_ok(const struct mdg_rd *r)
{
	return !r->bad;
}

bool
mdg_rd_done(const struct mdg_rd *r)
{
	return !r->bad && r->p == r->end;
}
