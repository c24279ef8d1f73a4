/*
 * A verified byte stream to one mail server, under libetpan.
 *
 * Sockets, TLS, deadlines, byte budgets and cancelling are ours; libetpan only
 * parses what comes out of it. A stream that failed once stays failed: every
 * later read and write returns -1, and mdg_stream_error() says why.
 *
 * Before each command call mdg_stream_begin(): the deadline is absolute (a
 * server that sends one byte a second does not move it) and the answer may
 * hold at most so many bytes.
 */
#ifndef MDG_WORKER_STREAM_H
#define MDG_WORKER_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include <libetpan/libetpan.h>

#include "madoguchi/base/err.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/proto.h" /* enum mdg_tls_mode */

/* What is being tried; `mailbox test` reports each with its time. */
enum mdg_net_step {
	MDG_STEP_DNS,
	MDG_STEP_CONNECT,
	MDG_STEP_TLS,
	MDG_STEP_GREETING, /* with the capabilities */
	MDG_STEP_LOGIN,
	MDG_STEP_FOLDER,
	MDG_STEP_N
};

/* Filled while connecting; the step at which it ended is the failed one. */
struct mdg_probe {
	enum mdg_net_step step;
	int64_t begun_ms;            /* of this step, monotonic */
	int64_t took_ms[MDG_STEP_N]; /* -1: never reached */
};

void mdg_probe_init(struct mdg_probe *p);
/* The step in hand is over, `next` begins. NULL-safe. */
void mdg_probe_enter(struct mdg_probe *p, enum mdg_net_step next);
void mdg_probe_done(struct mdg_probe *p);
/* "dns", "connect", "tls", "capability", "login", "folder". */
const char *mdg_net_step_name(enum mdg_net_step step);

/* Trusted roots: the system's, or those of one file. Load before confining. */
struct mdg_trust;
bool mdg_trust_new(const char *ca_file, struct mdg_trust **ret,
		   struct mdg_err *err);
void mdg_trust_free(struct mdg_trust **t);

/* Whom to talk to. Strings are borrowed for the life of the stream. */
struct mdg_peer {
	const char *host;
	uint16_t port;
	enum mdg_tls_mode tls;         /* MDG_TLS_NONE: only to loopback */
	const struct mdg_trust *trust; /* may be NULL when plain */
	struct mdg_probe *probe;       /* or NULL */
	/*
	 * The core's channel, watched beside the server: what was posted
	 * goes out, and on_wake is called when it is readable or broken, and
	 * answers whether to go on. NULL: none.
	 */
	struct mdg_chan *chan;
	bool (*on_wake)(void *ctx);
	void *wake_ctx;
};

struct mdg_stream;

/*
 * Resolve, connect and, with MDG_TLS_IMPLICIT, shake hands. The peer must
 * outlive the stream.
 */
bool mdg_stream_open(const struct mdg_peer *peer, struct mdg_stream **ret,
		     struct mdg_err *err);
/* NULL-safe. Frees libetpan's side too unless it was given away (below). */
void mdg_stream_close(struct mdg_stream **s);

/*
 * libetpan's side. mdg_stream_give() marks it as owned by a libetpan session,
 * which closes it; mdg_stream_close() then only frees our part.
 */
mailstream *mdg_stream_etpan(struct mdg_stream *s);
void mdg_stream_give(struct mdg_stream *s);

/*
 * Upgrade after the server agreed. Refuses when anything is left in the read
 * buffer: it was sent before the handshake, by whoever.
 */
bool mdg_stream_starttls(struct mdg_stream *s, struct mdg_err *err);
/* A password may cross it: verified TLS, or loopback. */
bool mdg_stream_is_private(const struct mdg_stream *s);
bool mdg_stream_is_tls(const struct mdg_stream *s);

/* A new command: deadline from now, and how many bytes may come. */
void mdg_stream_begin(struct mdg_stream *s, int64_t timeout_ms,
		      uint64_t rx_max_bytes);

enum mdg_stream_ready {
	MDG_READY_DATA,    /* something can be read */
	MDG_READY_TIMEOUT, /* nothing came in that time */
	MDG_READY_WAKE,    /* on_wake ran, now or since the last wait */
	MDG_READY_FAILED
};
/*
 * Wait for the server or the wake descriptor, without reading. Looks into
 * libetpan's buffer and GnuTLS's before the socket.
 */
enum mdg_stream_ready mdg_stream_wait(struct mdg_stream *s, int64_t timeout_ms);

/* The first failure, or NULL. */
const struct mdg_err *mdg_stream_error(const struct mdg_stream *s);
/* Give it up: nothing more is read or written (keeps the first reason). */
void mdg_stream_kill(struct mdg_stream *s, const struct mdg_err *why);
/* on_wake asked to stop: not a fault of the server. */
bool mdg_stream_cancelled(const struct mdg_stream *s);
/* The address connected to, for the log. */
const char *mdg_stream_address(const struct mdg_stream *s);

#endif
