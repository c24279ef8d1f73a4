/*
 * warn: who is told when a clock passes a warning or its due time. The
 * operator first, whose ticket it is; at the breach the leads too
 * (store/st_lead.h), and a ticket that is nobody's who is there then gets one
 * of them as its owner, who has the fewest of those. Whoever goes away before
 * they were told is told of by the mail to those who lead then. In the same
 * mail: tickets that are open again and nobody's, as their owner is away.
 *
 * By mail: what one person has to know goes into one mail, at most every
 * MDG_WARN_PAUSE_S, while people are there (desk/shift.h) in a window that it
 * is about (setting warn_at_night "on": at any hour). What was answered in
 * between is not told. Setting warn_mail: on, off.
 */
#ifndef MDG_APP_WARN_H
#define MDG_APP_WARN_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_round.h"

enum {
	MDG_WARN_GATHER_S = 60,
	MDG_WARN_PAUSE_S = 900,
	MDG_WARN_LINES_MAX = 100, /* of one mail; the rest is counted */
};

/* A warning or a breach of a clock, inside the transaction that found it. */
bool mdg_warn_note(struct mdg_desk *d, struct mdg_round *r,
		   struct mdg_ticket *t, const struct mdg_clock *clock,
		   bool breached, struct mdg_err *err);
/* A late ticket that nobody has who is there gets a lead as its owner, who is
 * told; anything else is left alone. */
bool mdg_warn_own(struct mdg_desk *d, struct mdg_round *r,
		  struct mdg_ticket *t, struct mdg_err *err);
/* The same for all that this lead was given: they leave, or are away. */
bool mdg_warn_left(struct mdg_desk *d, int64_t person, struct mdg_err *err);
/* A ticket is open again whose owner is away: told to who leads. */
bool mdg_warn_nobodys(struct mdg_desk *d, struct mdg_ticket *t,
		      struct mdg_err *err);
/* Sends what is to be told now; its own transactions, none if nothing is. */
bool mdg_warn_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

#endif
