/*
 * side: 照会, a side thread from a customer's ticket to a warehouse, a maker or
 * another department. It is a ticket of its own with a parent: own token, own
 * people, never in the customer's thread, quotes or recipients. Its answer
 * brings the customer's ticket back to 未対応; what it says reaches the customer
 * only by a person's hand.
 */
#ifndef MDG_APP_SIDE_H
#define MDG_APP_SIDE_H

#include "madoguchi/app/desk.h"
#include "madoguchi/model/mail.h"

/* May a mail of this ticket go there? The customer is not written to in the
 * side thread, nor those of the side thread in the customer's. */
bool mdg_side_check(struct mdg_desk *d, const struct mdg_ticket *t,
		    const struct mdg_addresses *list, struct mdg_arena *a,
		    struct mdg_err *err);

/* The customer answers in a side thread (somebody let them see it): *ret is
 * the ticket that the mail belongs to, the parent then. */
bool mdg_side_home(struct mdg_desk *d, const struct mdg_ticket *side,
		   const char *from_key, int64_t *ret, struct mdg_err *err);

/* The side thread was answered: its parent comes back. */
bool mdg_side_answered(struct mdg_desk *d, const struct mdg_ticket *side,
		       int64_t message, int64_t now_s, struct mdg_err *err);

#endif
