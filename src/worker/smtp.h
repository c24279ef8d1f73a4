/*
 * One SMTP session, as a library without frames (RFC 5321).
 *
 * The mail goes out by primitives, so that the caller can write down
 * "committing" between the body and the final dot: before the dot a failure
 * may be tried again, after it a lost answer is unknown and never is.
 * libetpan carries the bytes; its own SMTP calls send body and dot in one, and
 * take any text for an answer, so commands and replies are ours.
 */
#ifndef MDG_WORKER_SMTP_H
#define MDG_WORKER_SMTP_H

#include "madoguchi/base/arena.h"
#include "stream.h"

struct mdg_smtp;

/*
 * Connect, greet, EHLO as `our_name`, STARTTLS if that is the peer's mode and
 * EHLO again. After a failure in a later call close the session.
 */
bool mdg_smtp_open(const struct mdg_peer *peer, const char *our_name,
		   struct mdg_smtp **ret, struct mdg_err *err);
/* Says QUIT if the session is well; its answer changes nothing. */
void mdg_smtp_close(struct mdg_smtp **s);
/* "SIZE", "8BITMIME", "SMTPUTF8", "STARTTLS". */
bool mdg_smtp_has(const struct mdg_smtp *s, const char *extension);

/* PLAIN or LOGIN with a password, XOAUTH2 with a token; never in clear. */
bool mdg_smtp_login(struct mdg_smtp *s, const char *user, const char *secret,
		    enum mdg_auth_kind kind, struct mdg_err *err);

struct mdg_smtp_job {
	const char *mail_from; /* "" is <> */
	const char *const *rcpts;
	size_t rcpts_n;
	/* Asks for reports of failure and delay under this name, where the
	 * server offers DSN (RFC 3461); a mail from <> asks for none. */
	const char *envid; /* "" or NULL: no name */
	struct mdg_span bytes; /* line ends are made CRLF, dots stuffed */
	/*
	 * Called once, when the whole body but not the final dot has been
	 * sent; false: do not send the dot.
	 */
	bool (*commit)(void *ctx);
	void *ctx;
};

/*
 * Send one mail. ret has one row for each recipient, in order, texts from
 * `a`, and is filled in every case; *ret_phase names where it ended ("mail",
 * "rcpt", "data", "final"). *ret_account: refused because of us, not of this
 * mail (login wanted). false: the session is over (why in err); the rows still
 * hold.
 */
bool mdg_smtp_send(struct mdg_smtp *s, const struct mdg_smtp_job *job,
		   struct mdg_arena *a, struct mdg_send_rcpt *ret,
		   const char **ret_phase, bool *ret_account,
		   struct mdg_err *err);

/*
 * An address that may stand in MAIL and RCPT: one @, no control, space or
 * angle bracket, within MDG_ADDRESS_BYTES_MAX.
 */
bool mdg_smtp_address_ok(const char *address);
/*
 * The address as it goes on the wire: a domain in other letters as A-labels
 * (RFC 5891). What stays non-ASCII after that needs SMTPUTF8.
 */
bool mdg_smtp_address_wire(const char *address, struct mdg_buf *out);
/*
 * The same address with its local part quoted, when it is one that RFC 5321
 * allows only so ("a..b.@docomo.ne.jp"); false: it needs none.
 */
bool mdg_smtp_address_quoted(const char *address, struct mdg_buf *out);

#endif
