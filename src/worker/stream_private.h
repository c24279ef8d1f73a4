/* The inside of a stream, shared by stream.c (sockets) and tls.c (GnuTLS). */
#ifndef MDG_WORKER_STREAM_PRIVATE_H
#define MDG_WORKER_STREAM_PRIVATE_H

#include <gnutls/gnutls.h>

#include "stream.h"

struct mdg_trust {
	gnutls_certificate_credentials_t cred;
};

struct mdg_stream {
	const struct mdg_peer *peer;
	mailstream *etpan;
	bool given;
	int fd;
	gnutls_session_t tls;            /* NULL: plain */
	gnutls_typed_vdata_st verify[2]; /* GnuTLS keeps the pointer */
	char *ahead; /* read from the socket, not yet by GnuTLS */
	size_t ahead_at, ahead_n;
	bool mute;      /* in clear, and the server has said nothing yet */
	bool tls_ready; /* the handshake is over and verified */
	bool loopback;
	bool failed;
	bool cancelled;
	bool woken; /* on_wake ran since mdg_stream_wait() last told of it */
	struct mdg_err why;
	int64_t deadline_ms;
	int64_t timeout_max_ms; /* of tests; 0: none */
	uint64_t rx_max, rx;
	uint64_t rx_unpolled; /* since the wake descriptor was looked at */
	char address[64];
};

/* Always false; keeps the first reason. */
bool stream_fail(struct mdg_stream *s, enum mdg_code code, enum mdg_msg id,
		 const char *arg);
/* Wait for `events` on the socket until the deadline; false: failed. */
bool stream_poll(struct mdg_stream *s, short events);

/*
 * One poll of the socket and the wake descriptor. Says how many of the
 * socket's events came (as poll(2) does), and whether the other stirred.
 */
int stream_poll_both(struct mdg_stream *s, short events, int64_t timeout_ms,
		     bool *ret_wake);
/* Let the owner look; false: it wants to stop, the stream has failed. */
bool stream_wake(struct mdg_stream *s);
/* Resolve and connect; the peer's probe follows. */
bool stream_connect(struct mdg_stream *s);

bool stream_tls_start(struct mdg_stream *s);
ssize_t stream_tls_read(struct mdg_stream *s, void *buf, size_t n);
ssize_t stream_tls_write(struct mdg_stream *s, const void *buf, size_t n);
void stream_tls_end(struct mdg_stream *s);

#endif
