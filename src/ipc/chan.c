#include "madoguchi/ipc/chan.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"

enum {
	READ_BYTES = 64 << 10,
	KEEP_BYTES = 256 << 10, /* memory for what goes out, while none waits */
};

void
mdg_chan_init(struct mdg_chan *c, int fd, size_t max_frame_bytes)
{
	*c = (struct mdg_chan){.fd = fd};
	c->framer.max_bytes = max_frame_bytes;
}

void
mdg_chan_clear(struct mdg_chan *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	mdg_framer_clear(&c->framer);
	mdg_buf_clear(&c->out);
}

/* ---- out ---- */

bool
mdg_chan_owes(const struct mdg_chan *c)
{
	return c->out_at < c->out.len;
}

short
mdg_chan_events(const struct mdg_chan *c)
{
	return mdg_chan_owes(c) ? POLLIN | POLLOUT : POLLIN;
}

bool
mdg_chan_flush(struct mdg_chan *c, struct mdg_err *err)
{
	while (mdg_chan_owes(c)) {
		ssize_t w = send(c->fd, c->out.ptr + c->out_at,
				 c->out.len - c->out_at,
				 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return true;
		if (w < 0)
			return mdg_fail(err, MDG_ENET, "channel closed: %s",
					strerror(errno));
		c->out_at += (size_t)w;
	}
	return true;
}

/* Until no more than `room` bytes are left here. */
static bool
drain(struct mdg_chan *c, size_t room, struct mdg_err *err)
{
	for (;;) {
		if (!mdg_chan_flush(c, err))
			return false;
		if (c->out.len - c->out_at <= room)
			return true;
		struct pollfd pfd = {.fd = c->fd, .events = POLLOUT};
		poll(&pfd, 1, -1);
	}
}

static bool
put(struct mdg_chan *c, uint16_t type, uint32_t id, struct mdg_span payload,
    struct mdg_err *err)
{
	if (!mdg_chan_owes(c)) {
		mdg_buf_reset(&c->out);
		c->out_at = 0;
	} else if (c->out_at > c->out.len / 2) {
		mdg_buf_shift(&c->out, c->out_at);
		c->out_at = 0;
	}
	return mdg_frame_put(&c->out, type, id, payload) ||
	       mdg_fail(err, MDG_ETOOBIG, "frame of %zu bytes", payload.n);
}

bool
mdg_chan_send(struct mdg_chan *c, uint16_t type, uint32_t id,
	      struct mdg_span payload, struct mdg_err *err)
{
	if (!put(c, type, id, payload, err) || !drain(c, 0, err))
		return false;
	if (c->out.cap > KEEP_BYTES)
		mdg_buf_clear(&c->out);
	return true;
}

bool
mdg_chan_post(struct mdg_chan *c, uint16_t type, uint32_t id,
	      struct mdg_span payload, struct mdg_err *err)
{
	return put(c, type, id, payload, err) &&
	       drain(c, MDG_CHAN_POST_BYTES, err);
}

/* ---- in ---- */

/* Reads once; *eof when the peer closed. */
static bool
read_some(struct mdg_chan *c, bool *eof, struct mdg_err *err)
{
	char *to = mdg_framer_space(&c->framer, READ_BYTES);
	ssize_t r;

	do
		r = recv(c->fd, to, READ_BYTES, MSG_DONTWAIT);
	while (r < 0 && errno == EINTR);
	*eof = r == 0;
	if (r < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		return mdg_fail(err, MDG_ENET, "channel: %s", strerror(errno));
	mdg_framer_added(&c->framer, r > 0 ? (size_t)r : 0);
	return true;
}

/* Makes room in the socket for a peer that will soon have no time to send. What
 * is wrong with it shows when all that came is taken. */
static void
read_ahead(struct mdg_chan *c)
{
	bool eof;

	if (mdg_chan_pending(c) &&
	    c->framer.in.len - c->framer.at < MDG_CHAN_AHEAD_BYTES)
		(void)read_some(c, &eof, NULL);
}

bool
mdg_chan_recv(struct mdg_chan *c, int timeout_ms, struct mdg_frame *ret,
	      struct mdg_err *err)
{
	int64_t end = mdg_mono_ms() + timeout_ms;

	read_ahead(c);
	for (;;) {
		switch (mdg_framer_next(&c->framer, ret, err)) {
		case MDG_FRAME_READY:
			return true;
		case MDG_FRAME_BROKEN:
			return false;
		case MDG_FRAME_WAIT:
			break;
		}
		int64_t left = timeout_ms < 0 ? -1 : end - mdg_mono_ms();
		if (timeout_ms >= 0 && left < 0)
			left = 0;
		struct pollfd pfd = {.fd = c->fd, .events = mdg_chan_events(c)};
		int n = poll(&pfd, 1, (int)left);
		if (n == 0)
			return mdg_fail(err, MDG_ETIMEOUT,
					"no frame within %d ms", timeout_ms);
		if (n < 0 && errno != EINTR)
			return mdg_fail(err, MDG_EIO, "poll: %s",
					strerror(errno));
		bool eof = false;
		if (n > 0 && (pfd.revents & POLLOUT) && !mdg_chan_flush(c, err))
			return false;
		if (n > 0 && (pfd.revents & ~POLLOUT) &&
		    !read_some(c, &eof, err))
			return false;
		if (eof)
			return mdg_fail(err, MDG_ENET, "channel closed");
	}
}

bool
mdg_chan_pending(struct mdg_chan *c)
{
	size_t have = c->framer.in.len - c->framer.at;
	const unsigned char *p =
		(unsigned char *)c->framer.in.ptr + c->framer.at;

	return have >= MDG_FRAME_HEAD_BYTES &&
	       have - MDG_FRAME_HEAD_BYTES >=
		       ((uint32_t)p[0] | (uint32_t)p[1] << 8 |
			(uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
}
