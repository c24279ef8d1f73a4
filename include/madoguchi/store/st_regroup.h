/*
 * What was put together and apart: merges, splits, links, each with what went
 * over, so that it can be taken back; and offers of the same.
 */
#ifndef MDG_STORE_ST_REGROUP_H
#define MDG_STORE_ST_REGROUP_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

struct mdg_regroup {
	int64_t id;
	const char *kind;            /* merge | split | link | unlink */
	int64_t ticket_id, other_id; /* into, from | old, new | both ends */
	const char *actor;
	const char *state;       /* JSON */
	int64_t last_message_id; /* the newest of all when it was done */
	int64_t done_s, undone_s; /* 0: not undone */
};
/* Gives it its id and last_message_id. */
bool mdg_regroup_add(struct mdg_db *db, struct mdg_regroup *g,
		     struct mdg_err *err);
bool mdg_regroup_update(struct mdg_db *db, const struct mdg_regroup *g,
			struct mdg_err *err);
enum mdg_found mdg_regroup_by_id(struct mdg_db *db, int64_t id,
				 struct mdg_arena *a, struct mdg_regroup *ret,
				 struct mdg_err *err);
/* The newest of this ticket that was not undone. */
enum mdg_found mdg_regroup_newest(struct mdg_db *db, int64_t ticket,
				  int64_t *ret_id, struct mdg_err *err);

/* The same of merges and splits alone. */
enum mdg_found mdg_regroup_newest_move(struct mdg_db *db, int64_t ticket,
				       int64_t *ret_id, struct mdg_err *err);

/* kind: message, draft, outbox */
bool mdg_regroup_item_add(struct mdg_db *db, int64_t regroup, const char *kind,
			  int64_t item, struct mdg_err *err);
/* All messages, drafts and outbox rows that are in a ticket now. */
bool mdg_regroup_items_of(struct mdg_db *db, int64_t regroup, int64_t ticket,
			  struct mdg_err *err);
/*
 * The messages, drafts (with their revisions) and outbox rows of a regroup
 * that are in `from` go to `into`.
 */
bool mdg_regroup_items_move(struct mdg_db *db, int64_t regroup, int64_t from,
			    int64_t into, struct mdg_err *err);
/* A later one, not undone, that took some of the same messages elsewhere. */
enum mdg_found mdg_regroup_in_the_way(struct mdg_db *db, int64_t regroup,
				      int64_t *ret_id, struct mdg_err *err);

/* Messages of `ticket` newer than last_message_id, oldest first. */
bool mdg_regroup_since(struct mdg_db *db, int64_t ticket,
		       int64_t last_message_id, int64_t *ids, size_t max,
		       size_t *ret_n, struct mdg_err *err);
/*
 * How many other messages of the ticket share an id with this one:
 * among those of the regroup (mine), and among the others.
 */
bool mdg_regroup_ties(struct mdg_db *db, int64_t regroup, int64_t ticket,
		      int64_t message, int64_t *ret_mine, int64_t *ret_others,
		      struct mdg_err *err);
/* Messages of the ticket that name the id of this one. */
bool mdg_message_answers(struct mdg_db *db, int64_t ticket, int64_t message,
			 int64_t *ids, size_t max, size_t *ret_n,
			 struct mdg_err *err);

/* ---- tickets that stay apart ---- */

bool mdg_apart_put(struct mdg_db *db, int64_t ticket, int64_t other,
		   struct mdg_err *err);
/* A person puts them together: nothing keeps the two, or what was merged into
 * them, apart any more. */
bool mdg_apart_drop(struct mdg_db *db, int64_t ticket, int64_t other,
		    struct mdg_err *err);
/* Does a row keep these two, or what was merged into them, apart? */
bool mdg_apart_is(struct mdg_db *db, int64_t ticket, int64_t other, bool *ret,
		  struct mdg_err *err);

/* ---- links ---- */

/* The kind of the link between two tickets, either way round. */
enum mdg_found mdg_link_get(struct mdg_db *db, int64_t ticket, int64_t other,
			    struct mdg_arena *a, const char **ret_kind,
			    struct mdg_err *err);
bool mdg_link_put(struct mdg_db *db, int64_t ticket, int64_t other,
		  const char *kind, struct mdg_err *err);
bool mdg_link_drop(struct mdg_db *db, int64_t ticket, int64_t other,
		   struct mdg_err *err);

/* ---- offers ---- */

struct mdg_offer {
	int64_t id, ticket_id;
	const char *kind;
	int64_t other_id, message_id; /* 0: none */
	const char *reason, *state;   /* open | accepted | dismissed */
	int64_t made_s, decided_s;
};
/* Once: what was dismissed is not offered again. */
bool mdg_offer_add(struct mdg_db *db, const struct mdg_offer *o,
		   struct mdg_err *err);
enum mdg_found mdg_offer_by_id(struct mdg_db *db, int64_t id,
			       struct mdg_arena *a, struct mdg_offer *ret,
			       struct mdg_err *err);
bool mdg_offer_decide(struct mdg_db *db, int64_t id, const char *state,
		      int64_t now_s, struct mdg_err *err);

#endif
