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

enum { MDG_LEADS_MAX = 100 }; /* of one window */

struct mdg_lead_ask {
	int64_t win, now_s;
	int64_t but;  /* not this person; 0: anybody */
	bool by_mail; /* only whom a mail reaches */
};
/* *ret_n <= max, by id. */
bool mdg_leads(struct mdg_db *db, const struct mdg_lead_ask *q, int64_t *ids,
	       size_t max, size_t *ret_n, struct mdg_err *err);
struct mdg_lead {
	int64_t id;
	int64_t late_n; /* overdue tickets of their own */
};
/* The same with what each has on the desk. */
bool mdg_leads_late(struct mdg_db *db, const struct mdg_lead_ask *q,
		    struct mdg_lead *v, size_t max, size_t *ret_n,
		    struct mdg_err *err);
/* Is that one of them? */
bool mdg_lead_is(struct mdg_db *db, const struct mdg_lead_ask *q,
		 int64_t person, bool *ret, struct mdg_err *err);
/* May this person work in the window, and are they there? */
bool mdg_person_is_there(struct mdg_db *db, int64_t win, int64_t person,
			 int64_t now_s, bool *ret, struct mdg_err *err);

#endif
