/*
 * A round: what a tick needs of the tickets whose clocks have passed, many at
 * a time, in as many statements as there are tables.
 */
#ifndef MDG_STORE_ST_ROUND_H
#define MDG_STORE_ST_ROUND_H

#include "madoguchi/store/st_ticket.h"

struct mdg_log_line {
	int64_t ticket_id, time_s, rev;
	const char *kind, *codes;
};
struct mdg_round {
	int64_t *ids; /* of tickets, the longest passed first */
	size_t n;
	struct mdg_ticket *tickets; /* the same, in no order */
	size_t tickets_n;
	struct mdg_clock *clocks; /* theirs, by ticket and n */
	size_t clocks_n;
	struct mdg_log_line *log; /* their events, by ticket and rev */
	size_t log_n;
	/* the newest versions of the window asked for last */
	int64_t win_id, policy_id, calendar_id;
};

/* Tickets with a clock whose next_s <= now_s: of the max longest passed. */
bool mdg_round_read(struct mdg_db *db, int64_t now_s, size_t max,
		    struct mdg_arena *a, struct mdg_round *ret,
		    struct mdg_err *err);
/* Only the tickets, as st_ticket.c reads them. */
bool mdg_ticket_passed(struct mdg_db *db, int64_t now_s, int64_t max,
		       struct mdg_arena *a, struct mdg_ticket **ret,
		       size_t *ret_n, struct mdg_err *err);

#endif
