/* jobs: mails on their way through the parser, in queues. */
#ifndef MDG_DAEMON_JOBS_H
#define MDG_DAEMON_JOBS_H

#include <stddef.h>
#include <stdint.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/buf.h"

struct job {
	struct job *next;
	int64_t delivery;
	struct mdg_buf zstd; /* the only chunk, or empty: read from the store */
	bool alone;
	bool fresh; /* for a parser that read nothing before, nothing after */
	struct mdg_buf head; /* first raw bytes, of a mail parsed alone */
	int deaths, outside_kills, refusals;
	uint32_t id;    /* of its frames, when in flight */
	int64_t raw_id; /* while chunks are fed */
	int64_t chunk;  /* next to feed; -1: all are fed */
	uint64_t fed;
};

struct queue {
	struct job *head, **tail;
	size_t n;
};

void queue_put(struct queue *q, struct job *j);
struct job *queue_take(struct queue *q); /* NULL when empty */
void queue_drop(struct queue *q, const struct job *j); /* out of it, wherever */
void queue_move(struct queue *from, struct queue *to);

/* The plain head of a mail parsed alone; false if it is too long. Inflating
 * is the workers' business. */
bool job_keep_head(struct job *j, struct mdg_span head);

/* Mails that were stored but not parsed when we last stopped; one that was
 * tried alone tries_max times has one try left. */
void jobs_load_stored(struct mdg_desk *d, struct queue *waiting,
		      struct queue *alone, int tries_max);

#endif
