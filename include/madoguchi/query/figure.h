/*
 * figure: what reports add up, a short row a ticket, so that a million of them
 * are read in a second. The daemon writes the rows of tickets that have events
 * since it last did (app/figures.h); a report takes those tickets from their
 * own tables instead, so it is never behind.
 */
#ifndef MDG_QUERY_FIGURE_H
#define MDG_QUERY_FIGURE_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

enum mdg_figure_bits {
	MDG_FIGURE_REPLIED = 1,
	MDG_FIGURE_REOPENED = 2,
	MDG_FIGURE_OPEN = 4,
	MDG_FIGURE_NOT_NEEDED = 8, /* closed as such, by people or by itself */
	MDG_FIGURE_SPAM = 16,
	MDG_FIGURE_THANKS = 32,
	MDG_FIGURE_FIRST_MET = 64,
	MDG_FIGURE_RESOLUTION_MET = 128,
	MDG_FIGURE_FILES = 256,     /* the customer sent some */
	MDG_FIGURE_REVIEWED = 512,  /* a lead looked at the reply */
	MDG_FIGURE_RETURNED = 1024, /* and sent it back at least once */
	MDG_FIGURE_NEXT = 2048, /* the response is to a later mail, not the first */
};

struct mdg_figure {
	int64_t ticket_id, n; /* n > 0: clocks alone, the ticket is counted */
	int64_t win_id, created_s, bits, temperature;
	int64_t account_id, operator_id; /* who answered; 0: none */
	int64_t first_end_s, first_counted_s; /* end 0: none */
	int64_t resolution_end_s, resolution_counted_s;
	const char *category, *template_id;
};

/* Out of the ticket's own tables; none for history and what was merged. */
bool mdg_figure_of(struct mdg_db *db, int64_t ticket, struct mdg_arena *a,
		   struct mdg_figure **ret, size_t *ret_n, struct mdg_err *err);

/* The next lane after this one; 0 behind the last. */
bool mdg_figure_lane(struct mdg_db *db, int64_t after, int64_t *ret,
		     struct mdg_err *err);
/* The event of the lane up to which rows were written. */
bool mdg_figure_upto(struct mdg_db *db, int64_t lane, int64_t *ret_seq,
		     struct mdg_err *err);
/* Tickets of at most `max` events after that, ascending, each once; *ret is
 * free()d. *ret_seq is the last event looked at. */
bool mdg_figure_changed(struct mdg_db *db, int64_t lane, int64_t after_seq,
			size_t max, int64_t **ret, size_t *ret_n,
			int64_t *ret_seq, struct mdg_err *err);

#endif
