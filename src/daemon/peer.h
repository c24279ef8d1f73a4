/*
 * peer: one framed connection inside the loop (a worker's channel or a
 * control client). Everything is copied out at once; writes queue in libuv, so
 * whoever sends asks mdg_peer_queued() and holds back above the high mark.
 */
#ifndef MDG_DAEMON_PEER_H
#define MDG_DAEMON_PEER_H

#include <uv.h>

#include "madoguchi/ipc/frame.h"

struct mdg_peer {
	uv_pipe_t pipe;
	struct mdg_framer framer;
	bool open;   /* handle is live */
	bool paused; /* reading is stopped */
	void *owner;
	/* payload is valid during the call; false closes the peer */
	bool (*on_frame)(struct mdg_peer *p, const struct mdg_frame *f);
	/* the other end is gone, or broke the rules (why is logged) */
	void (*on_end)(struct mdg_peer *p);
	/* what was queued has left; may be NULL */
	void (*on_drained)(struct mdg_peer *p);
};

/* Takes fd. */
bool mdg_peer_open(struct mdg_peer *p, uv_loop_t *loop, int fd,
		   size_t max_frame_bytes, struct mdg_err *err);
/* An accepted connection. */
bool mdg_peer_accept(struct mdg_peer *p, uv_stream_t *server,
		     size_t max_frame_bytes, struct mdg_err *err);
/* Closes without on_end; closed(owner) may be NULL. */
void mdg_peer_close(struct mdg_peer *p, void (*closed)(void *owner));
bool mdg_peer_send(struct mdg_peer *p, uint16_t type, uint32_t id,
		   struct mdg_span payload);
size_t mdg_peer_queued(const struct mdg_peer *p);
void mdg_peer_pause(struct mdg_peer *p);
void mdg_peer_resume(struct mdg_peer *p);

#endif
