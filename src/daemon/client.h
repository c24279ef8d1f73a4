/* client: whoever waits for the answer of a call, at the control socket or
 * behind mdg-web. */
#ifndef MDG_DAEMON_CLIENT_H
#define MDG_DAEMON_CLIENT_H

#include "core.h"
#include "peer.h"

struct client {
	struct core *core;
	struct mdg_peer *peer; /* where answers go */
	int holders;
	bool gone;
	enum mdg_lang lang;         /* of the newest call */
	bool counts;                /* it says what of a file it took … */
	size_t untaken;             /* … and has not taken so much */
	void (*drained)(void *arg); /* who gives it a file */
	void *drained_arg;
	void (*freed)(struct client *cl); /* the last holder let go */
};

/* It took so much of a file; false: it never had it. */
bool client_took(struct client *cl, int64_t bytes);
/* What was queued for it has left. */
void client_drained(struct client *cl);
/* It is not there any more: its file ends. */
void client_left(struct client *cl);
/* A call in its form: {"act", "args", …}. NULL after answering that it is not.
 */
json_t *client_call(struct client *cl, uint32_t id, struct mdg_span payload);
/* Runs it as `who`. */
void client_run(struct client *cl, uint32_t id, const struct mdg_actor *who,
		const json_t *call);

#endif
