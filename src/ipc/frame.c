#include "madoguchi/ipc/frame.h"

#include <string.h>

#include "madoguchi/base/limits.h"

static void
put_le(unsigned char *p, uint32_t v, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

static uint32_t
get_le(const unsigned char *p, int n)
{
	uint32_t v = 0;

	for (int i = 0; i < n; i++)
		v |= (uint32_t)p[i] << (8 * i);
	return v;
}

bool
mdg_frame_put(struct mdg_buf *out, uint16_t type, uint32_t id,
	      struct mdg_span payload)
{
	unsigned char head[MDG_FRAME_HEAD_BYTES] = {0};

	if (payload.n > MDG_FRAME_BYTES_MAX)
		return false;
	put_le(head, (uint32_t)payload.n, 4);
	put_le(head + 4, type, 2);
	put_le(head + 8, id, 4);
	if (!mdg_buf_reserve(out, sizeof(head) + payload.n))
		return false;
	return mdg_buf_put(out, head, sizeof(head)) &&
	       mdg_buf_put(out, payload.p, payload.n);
}

void
mdg_framer_clear(struct mdg_framer *f)
{
	mdg_buf_clear(&f->in);
	f->at = 0;
}

char *
mdg_framer_space(struct mdg_framer *f, size_t n)
{
	/* what was given out is done with now */
	if (f->at == f->in.len) {
		mdg_buf_reset(&f->in);
		f->at = 0;
	} else if (f->at > f->in.len / 2) {
		mdg_buf_shift(&f->in, f->at);
		f->at = 0;
	}
	char *p = mdg_buf_reserve(&f->in, n);
	MDG_BUG_ON(!p);
	return p;
}

void
mdg_framer_added(struct mdg_framer *f, size_t n)
{
	f->in.len += n;
}

enum mdg_frame_next
mdg_framer_next(struct mdg_framer *f, struct mdg_frame *ret,
		struct mdg_err *err)
{
	size_t max = f->max_bytes ? f->max_bytes : MDG_FRAME_BYTES_MAX;
	size_t have = f->in.len - f->at;

	if (have < MDG_FRAME_HEAD_BYTES)
		return MDG_FRAME_WAIT;
	const unsigned char *head = (unsigned char *)f->in.ptr + f->at;
	size_t len = get_le(head, 4);
	if (len > max || get_le(head + 6, 2) != 0) {
		mdg_fail(err, MDG_EPROTO, "broken frame (%zu bytes)", len);
		return MDG_FRAME_BROKEN;
	}
	if (have < MDG_FRAME_HEAD_BYTES + len)
		return MDG_FRAME_WAIT;
	ret->type = (uint16_t)get_le(head + 4, 2);
	ret->id = get_le(head + 8, 4);
	ret->payload = mdg_span(head + MDG_FRAME_HEAD_BYTES, len);
	f->at += MDG_FRAME_HEAD_BYTES + len;
	return MDG_FRAME_READY;
}
