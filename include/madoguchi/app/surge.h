/*
 * surge: incidents (急増アラート) out of the mails of the last weeks.
 *
 * Each mail that mdg-text has judged leaves its signs: category, template that
 * fits, words, model numbers, error codes, and the terms that a lead watches.
 * When an hour is over they are counted by desk/surge.h, and what it finds
 * becomes rows: one incident for each cluster, with its tickets, the words that
 * stand out and the likely start. Bounded: one row a mail, 37 days of them,
 * MDG_SURGING_KEYS signs in memory; an hour reads its own rows only.
 *
 * Nothing but the rows is needed to count again after a restart. Erasing a mail
 * takes its signs with it; a word of an incident stands for several customers
 * and goes with the last of its tickets.
 */
#ifndef MDG_APP_SURGE_H
#define MDG_APP_SURGE_H

#include "madoguchi/app/desk.h"

enum {
	MDG_SURGING_KEYS = 1500,
	MDG_SURGE_TERMS_MAX = 100, /* watched */
	MDG_SURGE_TERM_BYTES_MAX = 60,
	MDG_SURGE_GRACE_S = 120, /* an hour's mails are judged by then */
	MDG_SURGE_WORDS_MAX = 12,
};

/* ---- surge.c: the signs of one mail, in the caller's transaction ---- */

/* answer: of mdg-text; checked here. */
bool mdg_surge_note(struct mdg_desk *d, const struct mdg_ticket *t,
		    int64_t message, const json_t *answer, struct mdg_err *err);
bool mdg_surge_erase_message(struct mdg_desk *d, int64_t message,
			     struct mdg_err *err);
bool mdg_surge_erase_ticket(struct mdg_desk *d, int64_t ticket,
			    struct mdg_err *err);
/* The terms that are watched; a new array, empty when they cannot be read. */
json_t *mdg_surge_terms(struct mdg_desk *d);

/* ---- surge_scan.c: hour by hour ---- */

struct mdg_surging;
struct mdg_surging *mdg_surging_new(void);
void mdg_surging_free(struct mdg_surging **s);
/* Is an hour over that was not counted yet? */
bool mdg_surging_due(const struct mdg_surging *s, int64_t now_s);
/* Counts hours that are over, for at most budget_ms; begins a transaction of
 * its own when there is something to write. */
bool mdg_surging_tick(struct mdg_surging *s, struct mdg_desk *d, int64_t now_s,
		      int64_t budget_ms, struct mdg_err *err);

/* ---- surge_tell.c ---- */

/* Tells the leads by mail of incidents that they do not know of yet, each
 * window's in its hours. Begins a transaction if there is anything to tell. */
bool mdg_surge_tell(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

/* ---- bulk answers ---- */

/* The incident whose answer this draft is; 0: none. */
bool mdg_incident_of_draft(struct mdg_desk *d, int64_t draft, int64_t *ret,
			   struct mdg_err *err);

#endif
