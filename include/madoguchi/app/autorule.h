/*
 * autorule: automatic rules of a window (自動ルール). When a mail arrives, when a
 * ticket changes, or as time goes by, those whose conditions hold carry out
 * actions of the table, in their order, until one says stop.
 *
 * What happened is noted in the caller's transaction and carried out by
 * mdg_autorule_tick(), outside of it. What rules change is noted, too, but no
 * rule comes twice in what it has set off: the log says so where it would, and
 * after MDG_AUTORULE_CHAIN_MAX rounds the ticket is left alone in any case.
 */
#ifndef MDG_APP_AUTORULE_H
#define MDG_APP_AUTORULE_H

#include "madoguchi/app/desk.h"

enum { MDG_AUTORULE_CHAIN_MAX = 5 };

/* when: "arrival" or "change". Costs one statement where there is no rule. */
bool mdg_autorule_note(struct mdg_desk *d, const struct mdg_ticket *t,
		       const char *when, struct mdg_err *err);

/* Is there anything to carry out now? Time rules: once a minute. */
bool mdg_autorule_due(struct mdg_desk *d, int64_t now_s);
/* Carries it out. Opens transactions of its own. */
bool mdg_autorule_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

/* Tickets of the last `days` days whose first mail the rule would have met. */
bool mdg_autorule_try(struct mdg_desk *d, int64_t win, const json_t *conditions,
		      int64_t since_s, json_t *ret_tickets,
		      struct mdg_err *err);

#endif
