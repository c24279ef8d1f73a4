/*
 * feed: the frozen bytes of an outgoing mail to a worker, as fast as it takes
 * them, and then the frame that they belong to.
 */
#ifndef MDG_DAEMON_FEED_H
#define MDG_DAEMON_FEED_H

#include "worker.h"

struct feed {
	int64_t outbox_id; /* 0: nothing is on its way */
	int64_t n;         /* next piece */
	uint16_t type;     /* the frame behind them */
	uint32_t id;
	struct mdg_buf frame;
};

/* bytes is empty when they have to come in pieces. frame is stolen. false:
 * the worker was killed. */
bool feed_start(struct feed *f, struct mdg_worker *w, int64_t outbox_id,
		uint16_t type, uint32_t id, bool in_pieces,
		struct mdg_buf *frame);
/* The channel drained. */
void feed_more(struct feed *f, struct mdg_worker *w);
void feed_clear(struct feed *f);

#endif
