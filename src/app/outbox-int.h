/* One mail of the outbox in hand: row and recipients, moved by their
 * machines. All inside the caller's transaction. */
#ifndef MDG_APP_OUTBOX_INT_H
#define MDG_APP_OUTBOX_INT_H

#include "madoguchi/app/outbox.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/desk/outbox.h"
#include "madoguchi/store/st_mail.h"

struct mdg_outgoing_mail {
	struct mdg_outbox_row o;
	struct mdg_outbox_rcpt *v;
	size_t n;
};

enum mdg_found mdg_out_load(struct mdg_desk *d, int64_t id,
			    struct mdg_arena *a, struct mdg_outgoing_mail *ret,
			    struct mdg_err *err);

/* Moves the row; MDG_ESTATE when its machine knows no such step. */
bool mdg_out_step(struct mdg_desk *d, struct mdg_outgoing_mail *m, int event,
		  const char *reason, struct mdg_err *err);
/* The draft of a reply, unless somebody has the reply already. */
bool mdg_out_draft(struct mdg_desk *d, const struct mdg_outgoing_mail *m,
		   int event, struct mdg_err *err);

/* Moves recipient i, where that is a step of its machine. */
bool mdg_out_rcpt(struct mdg_desk *d, struct mdg_outgoing_mail *m, size_t i,
		  int event, int64_t code, const char *text,
		  struct mdg_err *err);
/* The same for everybody who is in that state; code and text stay. */
bool mdg_out_rcpts(struct mdg_desk *d, struct mdg_outgoing_mail *m, int state,
		   int event, struct mdg_err *err);
int mdg_out_rcpt_state(const struct mdg_outgoing_mail *m, size_t i);
struct mdg_rcpt_tally mdg_out_tally(const struct mdg_outgoing_mail *m);

/*
 * The row's next state out of its recipients' states, and what follows: sent
 * with the first who has it, back to the queue for the rest, given up, failed,
 * unknown.
 */
bool mdg_out_settle(struct mdg_desk *d, struct mdg_outgoing_mail *m,
		    struct mdg_err *err);

/* queued -> sending, with the bytes frozen. */
bool mdg_out_take(struct mdg_desk *d, struct mdg_outgoing_mail *m,
		  struct mdg_err *err);
/* Nobody knows of any of those who have not answered. */
bool mdg_out_doubt_rest(struct mdg_desk *d, struct mdg_outgoing_mail *m,
			struct mdg_err *err);
/* The mail cannot be made, ever: it fails by itself and holds up no other. In
 * a transaction of its own. */
void mdg_out_cannot_send(struct mdg_desk *d, int64_t id,
			 const struct mdg_err *why);

/* Some of its recipients will never have it: the ticket comes up again. */
bool mdg_out_undelivered(struct mdg_desk *d, const struct mdg_outgoing_mail *m,
			 struct mdg_err *err);

#endif
