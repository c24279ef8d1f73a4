/*
 * outbox: one mail on its way out, and each of its recipients. Pure.
 *
 *   queued ──claim──► sending ──committing──► committing ──accepted──► sent
 *     ▲  │ cancel        │ tempfail, crash        │ tempfail (said so)
 *     │  ├► cancelled    ├──────────► queued ◄────┤ refused ► failed
 *     │  └─stop► sent    └ refused ► failed       └ lost, crash ► unknown
 *     └────────────── again (a person) ─── unknown, failed
 *                     found (Sent folder, bounce, reply, a person) ► sent
 *
 * A crash in `sending` is safe to retry: the final dot was not yet allowed.
 * A crash in `committing` is not: it becomes unknown and waits for a person,
 * or for proof.
 *
 * A mail that some recipients have and others not (a 4xx for them) goes back
 * to the queue for the others; `accepted` out of `sending` and `stop` are for
 * such a mail only. It is never cancelled or voided any more.
 */
#ifndef MDG_DESK_OUTBOX_H
#define MDG_DESK_OUTBOX_H

#include "madoguchi/desk/machine.h"

extern const struct mdg_machine mdg_outbox_machine;

enum mdg_outbox_state {
	MDG_OUTBOX_QUEUED,
	MDG_OUTBOX_SENDING,
	MDG_OUTBOX_COMMITTING,
	MDG_OUTBOX_SENT,
	MDG_OUTBOX_FAILED,
	MDG_OUTBOX_UNKNOWN,
	MDG_OUTBOX_CANCELLED,
	MDG_OUTBOX_N
};
enum mdg_outbox_event {
	MDG_OUTBOX_EV_CLAIM,
	MDG_OUTBOX_EV_COMMITTING,
	MDG_OUTBOX_EV_ACCEPTED, /* who can have it has it */
	MDG_OUTBOX_EV_TEMPFAIL, /* somebody is left to send to */
	MDG_OUTBOX_EV_REFUSED,  /* nobody has it or will */
	MDG_OUTBOX_EV_LOST,
	MDG_OUTBOX_EV_CRASH,
	MDG_OUTBOX_EV_CANCEL,
	MDG_OUTBOX_EV_STOP, /* a person: not to those who are left */
	MDG_OUTBOX_EV_AGAIN,
	MDG_OUTBOX_EV_FOUND,
};

/*
 * rcpt: one recipient of it
 *
 *   queued, tempfail ──accept──► accepted ──bounce──► bounced
 *          │ ▲   │ └──refuse──► permfail
 *    doubt │ │   └─later─► tempfail
 *          ▼ │ again (a person; also out of permfail)
 *        unknown ──proof──► accepted
 */
extern const struct mdg_machine mdg_rcpt_machine;

enum mdg_rcpt_state {
	MDG_RCPT_QUEUED,
	MDG_RCPT_ACCEPTED,
	MDG_RCPT_TEMPFAIL,
	MDG_RCPT_PERMFAIL,
	MDG_RCPT_UNKNOWN,
	MDG_RCPT_BOUNCED, /* accepted, and came back */
	MDG_RCPT_N
};
enum mdg_rcpt_event {
	MDG_RCPT_EV_ACCEPT,
	MDG_RCPT_EV_LATER,
	MDG_RCPT_EV_REFUSE,
	MDG_RCPT_EV_DOUBT, /* the end of the mail was allowed, no answer came */
	MDG_RCPT_EV_PROOF, /* it has arrived after all */
	MDG_RCPT_EV_AGAIN,
	MDG_RCPT_EV_BOUNCE,
};

/* How many recipients are in each state. */
struct mdg_rcpt_tally {
	size_t n[MDG_RCPT_N];
};

/* Does anybody have it for sure? */
bool mdg_rcpt_any_has(const struct mdg_rcpt_tally *t);
/*
 * What the answers, all together, are for the mail: LOST, TEMPFAIL, ACCEPTED
 * or REFUSED. After TEMPFAIL the rest is tried again.
 */
enum mdg_outbox_event mdg_rcpt_verdict(const struct mdg_rcpt_tally *t);

/*
 * May an answer that says so be believed in that state of the mail? Before
 * the end of the mail was allowed nothing can have been accepted.
 */
bool mdg_rcpt_credible(int outbox_state, int rcpt_event);

#endif
