/*
 * maildesk: the desk by mail, for people who never leave their mail client.
 *
 * Out: what a person has to know (a ticket of theirs, a request for approval,
 * what became of their reply) goes to them as a mail that can be answered. It
 * carries a token of 128 random bits, in its Message-ID, in the address to
 * answer to and at its foot; the subject names the person's thread about the
 * ticket. Only hashes of tokens are stored. A token names person, ticket,
 * revision and purpose, ends, and approves once.
 *
 * In: a mail that names a token is read again by a parser that read nothing
 * before and reads nothing after it. It becomes an order (mail_order) instead
 * of a ticket's mail, and is carried out through the table of actions in the
 * name of the token's person:
 *
 *   - token and registered From: drafts, remarks, hold, closing, sending back;
 *   - approving, sending, handing over also need that our own server says the
 *     mail was signed (setting maildesk_server, the topmost
 *     Authentication-Results), that it came in by the declared route
 *     (maildesk_route) or inside the declared Microsoft 365 tenant
 *     (maildesk_tenant), or else a code that is mailed to the registered
 *     address and answered within half an hour.
 *
 * What is refused changes nothing, is an event, is shown to the leads, and is
 * told to the registered address, never to where it came from. Who is not
 * registered at all may be a customer: their mail acts on nothing and becomes
 * an inquiry like any other.
 */
#ifndef MDG_APP_MAILDESK_H
#define MDG_APP_MAILDESK_H

#include "madoguchi/app/desk.h"
#include "madoguchi/model/mail.h"

/* Does this mail speak to the desk itself? Then it has to be read by a fresh
 * parser before it is believed. */
bool mdg_maildesk_claims(struct mdg_desk *d, const struct mdg_mail *m,
			 bool *ret, struct mdg_err *err);

/*
 * Inside transaction 2 of a mail's intake: takes it as an order, or as an
 * automatic answer to one of our mails. *ret_taken: it is no customer's mail.
 */
bool mdg_maildesk_take(struct mdg_desk *d, const struct mdg_mail *m,
		       int64_t delivery, int64_t received_s, bool *ret_taken,
		       struct mdg_err *err);

/* One order on its way; its transactions are its own. */
struct mdg_order;
/* Would there be a next one? */
bool mdg_order_waits(struct mdg_desk *d);
/* The next one, begun; MDG_NONE: nothing waits. */
enum mdg_found mdg_order_next(struct mdg_desk *d, struct mdg_order **ret,
			      struct mdg_err *err);
/*
 * Goes on with it. What it wants first, if anything; then call again:
 * `raw`, `part`: a file of the person's mail, by _piece() and _file();
 * `draft`: that mdg-text checks it, with `body` for its text if that is not
 * NULL. Nothing: it is over, and has been answered.
 */
struct mdg_order_wants {
	int64_t raw, part, draft;
	const char *body;
};
bool mdg_order_step(struct mdg_order *o, struct mdg_order_wants *ret,
		    struct mdg_err *err);
/* The file that was wanted; false: no more of it. Then its end, with why it
 * ended early, or NULL. */
bool mdg_order_piece(struct mdg_order *o, struct mdg_span piece);
void mdg_order_file(struct mdg_order *o, const struct mdg_err *why);
/* Something of ours failed: says so to the person. */
void mdg_order_fail(struct mdg_order *o, const struct mdg_err *why);
void mdg_order_free(struct mdg_order **o);

/* Notices, morning lists, tokens that ended. _due: there may be something to
 * do (no transaction). */
bool mdg_maildesk_due(struct mdg_desk *d);
bool mdg_maildesk_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

/* Mails that person a question which shows what bears out their answers. */
bool mdg_maildesk_test(struct mdg_desk *d, int64_t person, struct mdg_err *err);

/* What our people were told of a ticket, and what they wrote of it: they quote
 * the customer. bury() takes a delivery's raw mail away. */
bool mdg_maildesk_erase(struct mdg_desk *d, int64_t ticket,
			bool (*bury)(struct mdg_desk *d, int64_t delivery,
				     int64_t raw, struct mdg_err *err),
			struct mdg_err *err);

#endif
