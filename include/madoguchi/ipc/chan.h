/*
 * chan: a channel of frames over one socket, for programs that wait on it
 * (workers, the command line). The core, which never waits, has its own in
 * daemon/peer over the same framer.
 */
#ifndef MDG_IPC_CHAN_H
#define MDG_IPC_CHAN_H

#include "madoguchi/ipc/frame.h"

enum { MDG_WORKER_FD = 3 }; /* where a worker finds its channel */

struct mdg_chan {
	int fd;
	struct mdg_framer framer;
	struct mdg_buf out; /* from out_at on it is still to be written */
	size_t out_at;
};

void mdg_chan_init(struct mdg_chan *c, int fd, size_t max_frame_bytes);
/* Closes the fd too. */
void mdg_chan_clear(struct mdg_chan *c);

/* Writes the whole frame, waiting as long as the peer needs. */
bool mdg_chan_send(struct mdg_chan *c, uint16_t type, uint32_t id,
		   struct mdg_span payload, struct mdg_err *err);
/*
 * The same without waiting: what the peer does not take now stays here, up to
 * MDG_CHAN_POST_BYTES, and goes out, in order, with the next frames and while
 * frames are waited for. So a program goes on with its work while the core
 * waits for the disk. Who waits for something else meanwhile polls the fd for
 * mdg_chan_events(), and calls mdg_chan_flush() when it is writable.
 */
bool mdg_chan_post(struct mdg_chan *c, uint16_t type, uint32_t id,
		   struct mdg_span payload, struct mdg_err *err);
bool mdg_chan_owes(const struct mdg_chan *c);
short mdg_chan_events(const struct mdg_chan *c);
bool mdg_chan_flush(struct mdg_chan *c, struct mdg_err *err);
/*
 * Waits for the next frame up to timeout_ms (-1: for ever).
 * MDG_ETIMEOUT: nothing came. MDG_ENET: the peer closed. MDG_EPROTO: broken.
 */
bool mdg_chan_recv(struct mdg_chan *c, int timeout_ms, struct mdg_frame *ret,
		   struct mdg_err *err);
/* A frame that is already in memory, without reading the socket? */
bool mdg_chan_pending(struct mdg_chan *c);

#endif
