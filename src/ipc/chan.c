#include "madoguchi/ipc/chan.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"

enum { READ_BYTES = 64 << 10 };

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

static bool
write_all(int fd, const char *p, size_t n, struct mdg_err *err)
{
	while (n) {
		ssize_t w = send(fd, p, n, MSG_NOSIGNAL);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			struct pollfd pfd = {.fd = fd, .events = POLLOUT};
			poll(&pfd, 1, -1);
			continue;
		}
		if (w < 0)
			return mdg_fail(err, MDG_ENET, "channel closed: %s",
					strerror(errno));
		p += w;
		n -= (size_t)w;
	}
	return true;
}

bool
mdg_chan_send(struct mdg_chan *c, uint16_t type, uint32_t id,
	      struct mdg_span payload, struct mdg_err *err)
{
	mdg_buf_reset(&c->out);
	if (!mdg_frame_put(&c->out, type, id, payload))
		return mdg_fail(err, MDG_ETOOBIG, "frame of %zu bytes",
				payload.n);
	return write_all(c->fd, c->out.ptr, c->out.len, err);
}

/* Reads once; *eof when the peer closed. */
static bool
read_some(struct mdg_chan *c, bool *eof, struct mdg_err *err)
{
	char *to = mdg_framer_space(&c->framer, READ_BYTES);
	ssize_t r;

	do
		r = recv(c->fd, to, READ_BYTES, 0);
	while (r < 0 && errno == EINTR);
	*eof = r == 0;
	if (r < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		return mdg_fail(err, MDG_ENET, "channel: %s", strerror(errno));
	mdg_framer_added(&c->framer, r > 0 ? (size_t)r : 0);
	return true;
}

bool
mdg_chan_recv(struct mdg_chan *c, int timeout_ms, struct mdg_frame *ret,
	      struct mdg_err *err)
{
	int64_t end = mdg_mono_ms() + timeout_ms;

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
		struct pollfd pfd = {.fd = c->fd, .events = POLLIN};
		int n = poll(&pfd, 1, (int)left);
		if (n == 0)
			return mdg_fail(err, MDG_ETIMEOUT,
					"no frame within %d ms", timeout_ms);
		if (n < 0 && errno != EINTR)
			return mdg_fail(err, MDG_EIO, "poll: %s",
					strerror(errno));
		bool eof = false;
		if (n > 0 && !read_some(c, &eof, err))
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
