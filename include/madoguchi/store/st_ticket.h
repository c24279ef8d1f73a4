/*
 * Tickets, their clocks, and the events that tell what happened to them.
 */
#ifndef MDG_STORE_ST_TICKET_H
#define MDG_STORE_ST_TICKET_H

#include "madoguchi/base/arena.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/store/db.h"

struct mdg_ticket {
	int64_t id, number, win_id;
	const char *subject, *state, *closing, *hold_reason, *category;
	int64_t assignee_id, customer_id; /* 0: none */
	int64_t priority;
	int64_t created_s, changed_s, inbound_s;
	int64_t newest_message_id;                         /* 0: none */
	int64_t closed_s, follow_up_s, merged_into, due_s; /* 0: none */
	int64_t parent_id; /* 照会: the customer's ticket, 0: it is none */
	bool is_history;
	int64_t rev;
};

enum { MDG_TICKET_NUMBER_FIRST = 10001 };

/* Gives it its id and its number. */
bool mdg_ticket_add(struct mdg_db *db, struct mdg_ticket *t,
		    struct mdg_err *err);
enum mdg_found mdg_ticket_by_id(struct mdg_db *db, int64_t id,
				struct mdg_arena *a, struct mdg_ticket *ret,
				struct mdg_err *err);
enum mdg_found mdg_ticket_by_number(struct mdg_db *db, int64_t number,
				    struct mdg_arena *a, struct mdg_ticket *ret,
				    struct mdg_err *err);
/* The next id above `id`; 0 after the last. */
bool mdg_ticket_after(struct mdg_db *db, int64_t id, int64_t *ret_id,
		      struct mdg_err *err);
/* Writes everything that can change. */
bool mdg_ticket_update(struct mdg_db *db, const struct mdg_ticket *t,
		       struct mdg_err *err);

struct mdg_clock {
	int64_t ticket_id;
	int64_t n; /* 0, 1, … of the ticket */
	const char *kind, *state;
	int64_t calendar_id; /* 0: clock time */
	int64_t policy_id;
	int64_t started_s, due_s, stopped_s; /* 0: none */
	int64_t counted_s; /* working time used, once it is ended */
	int64_t next_s; /* when time alone changes it: warning, breach; 0: not
			 */
	int64_t warned; /* warnings given so far */
};
bool mdg_clock_put(struct mdg_db *db, const struct mdg_clock *c,
		   struct mdg_err *err);
/* Of one ticket, in order. */
bool mdg_clock_list(struct mdg_db *db, int64_t ticket, struct mdg_arena *a,
		    struct mdg_clock **ret, size_t max, size_t *ret_n,
		    struct mdg_err *err);
/* Removes those from n on. */
bool mdg_clock_cut(struct mdg_db *db, int64_t ticket, int64_t n,
		   struct mdg_err *err);
/* What runs is no longer applicable. */
bool mdg_clock_stop(struct mdg_db *db, int64_t ticket, int64_t now_s,
		    struct mdg_err *err);
/* The nearest next_s or follow-up date; MDG_NONE if there is none. */
enum mdg_found mdg_clock_next(struct mdg_db *db, int64_t *ret_s,
			      struct mdg_err *err);
/* Tickets whose follow-up date has come. */
bool mdg_ticket_follow_ups(struct mdg_db *db, int64_t now_s, int64_t *ids,
			   size_t max, size_t *ret_n, struct mdg_err *err);

/* ---- events ---- */

/* The head of a lane, kept by its one writer. */
struct mdg_lane {
	int64_t lane, seq; /* of the newest event */
	unsigned char hash[MDG_DIGEST_BYTES];
};
bool mdg_lane_load(struct mdg_db *db, int64_t lane, struct mdg_lane *ret,
		   struct mdg_err *err);

struct mdg_event {
	int64_t time_s;
	int64_t ticket_id, ticket_rev; /* 0: none */
	const char *actor, *kind;
	const char *codes;   /* JSON: public codes and ids only */
	const char *data;    /* personal data, or NULL */
	int64_t customer_id; /* whose, 0: nobody's */
};
/* Writes it and moves the lane on. */
bool mdg_event_add(struct mdg_db *db, struct mdg_lane *lane,
		   const struct mdg_event *e, struct mdg_err *err);

/* Walks one lane; each() returning false ends the walk. */
struct mdg_event_row {
	int64_t lane, seq, time_s, ticket_id, ticket_rev;
	const char *actor, *kind, *codes;
	struct mdg_span commitment, prev, hash;
};
bool mdg_event_walk(struct mdg_db *db, int64_t lane, int64_t after_seq,
		    bool (*each)(void *arg, const struct mdg_event_row *e),
		    void *arg, struct mdg_err *err);

/*
 * Checks every lane: hashes, order, commitments of data that is still there.
 * *ret_bad is "" or says in English where the first fault is.
 */
struct mdg_audit {
	int64_t events, lanes, erased; /* erased: commitment without data */
	char bad[200];
	unsigned char head[MDG_DIGEST_BYTES]; /* of lane 1 */
};
bool mdg_event_verify(struct mdg_db *db, struct mdg_audit *ret,
		      struct mdg_err *err);

/* Where the event with this hash stands: MDG_NONE if there is none. */
enum mdg_found mdg_event_by_hash(struct mdg_db *db,
				 const unsigned char hash[MDG_DIGEST_BYTES],
				 int64_t *ret_lane, int64_t *ret_seq,
				 int64_t *ret_time_s, struct mdg_err *err);

#endif
