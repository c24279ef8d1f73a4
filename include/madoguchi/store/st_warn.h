/* Warnings that people have yet to be told, and owners of overdue tickets. */
#ifndef MDG_STORE_ST_WARN_H
#define MDG_STORE_ST_WARN_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

bool mdg_warning_add(struct mdg_db *db, int64_t ticket, int64_t clock_n,
		     bool breached, int64_t person, int64_t now_s,
		     struct mdg_err *err);
/* The oldest one waiting; MDG_NONE if none is. */
enum mdg_found mdg_warning_oldest(struct mdg_db *db, int64_t *ret_s,
				  struct mdg_err *err);
/* People with something waiting; *ret_n <= max. */
bool mdg_warning_people(struct mdg_db *db, int64_t *ids, size_t max,
			size_t *ret_n, struct mdg_err *err);

struct mdg_warning {
	int64_t ticket_number, win_id;
	const char *subject, *customer, *assignee; /* names, "" if none */
	const char *clock; /* its kind; "": of the ticket */
	int64_t due_s;     /* 0: none */
	bool breached;
};
struct mdg_warned {
	size_t listed, all, late;
};
/* What one person has to be told and is still so: one row a clock, the first
 * max of them; and how many there are. */
bool mdg_warning_list(struct mdg_db *db, int64_t person, struct mdg_arena *a,
		      int64_t now_s, struct mdg_warning *ret, size_t max,
		      struct mdg_warned *sum, struct mdg_err *err);
bool mdg_warning_clear(struct mdg_db *db, int64_t person, struct mdg_err *err);
/* The same of one window. */
bool mdg_warning_drop(struct mdg_db *db, int64_t win, int64_t person,
		      struct mdg_err *err);
/* Who has an overdue ticket from now on is told of all that is late in it. */
bool mdg_warning_late(struct mdg_db *db, int64_t ticket, int64_t person,
		      int64_t now_s, struct mdg_err *err);

/* Windows of whose tickets a person waits to be told; *ret_n <= max. */
bool mdg_warning_windows(struct mdg_db *db, int64_t person, int64_t *wins,
			 size_t max, size_t *ret_n, struct mdg_err *err);
/* Somebody else is to be told of that window, too. */
bool mdg_warning_pass_on(struct mdg_db *db, int64_t win, int64_t from,
			 int64_t to, struct mdg_err *err);

/* The lead who was given an overdue ticket that was nobody's. */
enum mdg_found mdg_escalation_get(struct mdg_db *db, int64_t ticket,
				  int64_t *ret_person, struct mdg_err *err);
bool mdg_escalation_put(struct mdg_db *db, int64_t ticket, int64_t person,
			int64_t now_s, struct mdg_err *err);
/* Open tickets that were given to this lead; *ret_n <= max. */
bool mdg_escalation_of(struct mdg_db *db, int64_t person, int64_t *ids,
		       size_t max, size_t *ret_n, struct mdg_err *err);

#endif
