/*
 * Who leads a window now: the one answer for all that has to be told to, or
 * done by, a lead.
 *
 * Its leads and deputies who are there; if none of them is, those who govern
 * the window, else those who govern the desk, who are there. If nobody at all
 * is there, the same in this order although they are away. Never one whose
 * account is closed.
 */
#ifndef MDG_STORE_ST_LEAD_H
#define MDG_STORE_ST_LEAD_H

#include "madoguchi/store/db.h"

struct mdg_lead_ask {
	int64_t win, now_s;
	int64_t but;  /* not this person; 0: anybody */
	bool by_mail; /* only whom a mail reaches */
};
/* *ret_n <= max, by id. */
bool mdg_leads(struct mdg_db *db, const struct mdg_lead_ask *q, int64_t *ids,
	       size_t max, size_t *ret_n, struct mdg_err *err);
/* One of them, with the fewest overdue tickets of their own. */
enum mdg_found mdg_lead_choose(struct mdg_db *db, const struct mdg_lead_ask *q,
			       int64_t *ret_person, struct mdg_err *err);
/* Is that one of them? */
bool mdg_lead_is(struct mdg_db *db, const struct mdg_lead_ask *q,
		 int64_t person, bool *ret, struct mdg_err *err);
/* A warning for each of them (st_warn.h) but `told`, who has it already; 0:
 * nobody. clock_n < 0: of the ticket itself, which is open and nobody's. */
bool mdg_lead_warn(struct mdg_db *db, const struct mdg_lead_ask *q,
		   int64_t ticket, int64_t clock_n, bool breached, int64_t told,
		   struct mdg_err *err);
/* May this person work in the window, and are they there? */
bool mdg_person_is_there(struct mdg_db *db, int64_t win, int64_t person,
			 int64_t now_s, bool *ret, struct mdg_err *err);

#endif
