#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "madoguchi/base/log.h"

enum { READ_BYTES = 256 << 10 };

struct write {
	uv_write_t req;
	struct mdg_buf frame;
};

static void
on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	struct mdg_peer *p = h->data;

	(void)suggested;
	buf->base = mdg_framer_space(&p->framer, READ_BYTES);
	buf->len = READ_BYTES;
}

static void
end(struct mdg_peer *p)
{
	if (p->on_end)
		p->on_end(p);
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct mdg_peer *p = s->data;
	struct mdg_frame f;
	struct mdg_err err;

	(void)buf;
	if (n < 0) {
		end(p);
		return;
	}
	mdg_framer_added(&p->framer, (size_t)n);
	while (p->open) {
		switch (mdg_framer_next(&p->framer, &f, &err)) {
		case MDG_FRAME_WAIT:
			return;
		case MDG_FRAME_BROKEN:
			mdg_warn("peer closed: %s", mdg_err_en(&err));
			end(p);
			return;
		case MDG_FRAME_READY:
			if (!p->on_frame(p, &f)) {
				end(p);
				return;
			}
			break;
		}
	}
}

static void
init(struct mdg_peer *p, uv_loop_t *loop, size_t max_frame_bytes)
{
	uv_pipe_init(loop, &p->pipe, 0);
	p->pipe.data = p;
	p->framer = (struct mdg_framer){.max_bytes = max_frame_bytes};
	p->open = true;
	p->paused = false;
}

bool
mdg_peer_open(struct mdg_peer *p, uv_loop_t *loop, int fd,
	      size_t max_frame_bytes, struct mdg_err *err)
{
	init(p, loop, max_frame_bytes);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	int rc = uv_pipe_open(&p->pipe, fd);
	if (rc == 0)
		rc = uv_read_start((uv_stream_t *)&p->pipe, on_alloc, on_read);
	return rc == 0 ||
	       mdg_fail(err, MDG_EIO, "channel: %s", uv_strerror(rc));
}

bool
mdg_peer_accept(struct mdg_peer *p, uv_stream_t *server, size_t max_frame_bytes,
		struct mdg_err *err)
{
	init(p, server->loop, max_frame_bytes);
	int rc = uv_accept(server, (uv_stream_t *)&p->pipe);
	if (rc == 0)
		rc = uv_read_start((uv_stream_t *)&p->pipe, on_alloc, on_read);
	return rc == 0 ||
	       mdg_fail(err, MDG_EIO, "control: %s", uv_strerror(rc));
}

struct closing {
	void (*closed)(void *owner);
	struct mdg_peer *peer;
};

static void
on_closed(uv_handle_t *h)
{
	struct closing *c = h->data;
	struct mdg_peer *p = c->peer;
	void (*closed)(void *) = c->closed;

	free(c);
	mdg_framer_clear(&p->framer);
	if (closed)
		closed(p->owner);
}

void
mdg_peer_close(struct mdg_peer *p, void (*closed)(void *owner))
{
	struct closing *c = mdg_malloc(sizeof(*c));

	MDG_BUG_ON(!p->open);
	*c = (struct closing){closed, p};
	p->open = false;
	p->pipe.data = c;
	uv_close((uv_handle_t *)&p->pipe, on_closed);
}

static void
on_written(uv_write_t *req, int status)
{
	struct write *w = (struct write *)req;
	uv_stream_t *s = req->handle;

	mdg_buf_clear(&w->frame);
	free(w);
	/* a closing pipe's data is no peer any more */
	if (status == UV_ECANCELED || uv_is_closing((uv_handle_t *)s))
		return;
	struct mdg_peer *p = s->data;
	if (p->on_drained && s->write_queue_size == 0)
		p->on_drained(p);
}

bool
mdg_peer_send(struct mdg_peer *p, uint16_t type, uint32_t id,
	      struct mdg_span payload)
{
	if (!p->open)
		return false;
	struct write *w = mdg_calloc(1, sizeof(*w));
	if (!mdg_frame_put(&w->frame, type, id, payload)) {
		mdg_buf_clear(&w->frame);
		free(w);
		return false;
	}
	uv_buf_t b = uv_buf_init(w->frame.ptr, (unsigned)w->frame.len);
	if (uv_write(&w->req, (uv_stream_t *)&p->pipe, &b, 1, on_written) !=
	    0) {
		mdg_buf_clear(&w->frame);
		free(w);
		return false;
	}
	return true;
}

size_t
mdg_peer_queued(const struct mdg_peer *p)
{
	return p->open ? p->pipe.write_queue_size : 0;
}

void
mdg_peer_pause(struct mdg_peer *p)
{
	if (p->open && !p->paused)
		uv_read_stop((uv_stream_t *)&p->pipe);
	p->paused = true;
}

void
mdg_peer_resume(struct mdg_peer *p)
{
	if (p->open && p->paused)
		uv_read_start((uv_stream_t *)&p->pipe, on_alloc, on_read);
	p->paused = false;
}
