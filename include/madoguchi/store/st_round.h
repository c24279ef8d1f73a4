/*
 * A round: what a tick needs of the tickets whose clocks have passed, many at
 * a time, in as many statements as there are tables; and what is asked of
 * their windows and people at that moment, each once.
 */
#ifndef MDG_STORE_ST_ROUND_H
#define MDG_STORE_ST_ROUND_H

#include "madoguchi/store/st_lead.h"
#include "madoguchi/store/st_ticket.h"

struct mdg_log_line {
	int64_t ticket_id, time_s, rev;
	const char *kind, *codes;
};
/* A window at the moment of the round; what is not known yet is 0. */
struct mdg_round_win {
	struct mdg_round_win *next;
	int64_t win_id, policy_id, calendar_id; /* the newest versions */
	struct mdg_lead leads[MDG_LEADS_MAX];
	int64_t told[MDG_LEADS_MAX]; /* leads whom a mail reaches */
	size_t leads_n, told_n;
	bool leads_known, told_known;
};
/* Somebody who was asked for in a window. */
struct mdg_round_person {
	struct mdg_round_person *next;
	int64_t id, win_id;
	bool is_there;
};
/* One that nothing was read for has only `a`, which outlives it. */
struct mdg_round {
	struct mdg_arena *a;
	int64_t *ids;    /* of tickets, the longest passed first */
	int64_t *owners; /* the leads they were given to, 0: none */
	size_t n;
	struct mdg_ticket *tickets; /* the same, in no order */
	size_t tickets_n;
	struct mdg_clock *clocks; /* theirs, by ticket and n */
	size_t clocks_n;
	struct mdg_log_line *log; /* their events, by ticket and rev */
	size_t log_n;
	struct mdg_round_win *wins;
	struct mdg_round_person *people;
};

/* Tickets with a clock whose next_s <= now_s: of the max longest passed. */
bool mdg_round_read(struct mdg_db *db, int64_t now_s, size_t max,
		    struct mdg_arena *a, struct mdg_round *ret,
		    struct mdg_err *err);
/* As mdg_win_versions(). */
enum mdg_found mdg_round_versions(struct mdg_db *db, struct mdg_round *r,
				  int64_t win, int64_t *ret_policy,
				  int64_t *ret_calendar, struct mdg_err *err);
/* The window with its leads, or with those that are told. */
bool mdg_round_leads(struct mdg_db *db, struct mdg_round *r, int64_t win,
		     struct mdg_round_win **ret, struct mdg_err *err);
bool mdg_round_told(struct mdg_db *db, struct mdg_round *r, int64_t win,
		    struct mdg_round_win **ret, struct mdg_err *err);
/* As mdg_person_is_there(). */
bool mdg_round_is_there(struct mdg_db *db, struct mdg_round *r, int64_t win,
			int64_t person, bool *ret, struct mdg_err *err);
/* As mdg_escalation_get(), *ret 0 for none, and mdg_escalation_put(). */
bool mdg_round_owner(struct mdg_db *db, const struct mdg_round *r,
		     int64_t ticket, int64_t *ret, struct mdg_err *err);
bool mdg_round_own(struct mdg_db *db, struct mdg_round *r, int64_t ticket,
		   int64_t person, struct mdg_err *err);
/* Only the tickets, as st_ticket.c reads them. */
bool mdg_ticket_passed(struct mdg_db *db, int64_t now_s, int64_t max,
		       struct mdg_arena *a, struct mdg_ticket **ret,
		       size_t *ret_n, struct mdg_err *err);

#endif
