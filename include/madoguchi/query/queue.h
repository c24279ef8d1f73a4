/*
 * queue: what to do next, as read models. Like all of query, nothing changes.
 *
 * Urgency is time: what is left until the nearest clock (an answer, a promise)
 * runs out, shortened by an hour for a high priority and by half an hour for
 * each degree of temperature; a ticket without a clock counts as due one day
 * after its customer last wrote. Ties: who waits longest.
 */
#ifndef MDG_QUERY_QUEUE_H
#define MDG_QUERY_QUEUE_H

#include <jansson.h>

#include "madoguchi/store/db.h"

/* person's own work and what nobody has, most urgent first, in windows that
 * they may answer for; person 0: everything open. */
bool mdg_query_queue(struct mdg_db *db, int64_t viewer, int64_t person,
		     const char *window, int64_t now_s, int64_t limit,
		     json_t *ret, struct mdg_err *err);
/* The most urgent that nobody has, and that nobody else writes: ticket.id. */
enum mdg_found mdg_queue_next(struct mdg_db *db, int64_t person,
			      const char *window, int64_t now_s,
			      int64_t *ret_id, struct mdg_err *err);
/* All of these of a window, by urgency, up to max. */
bool mdg_queue_unassigned(struct mdg_db *db, int64_t win, int64_t now_s,
			  int64_t *ids, size_t max, size_t *ret_n,
			  struct mdg_err *err);
/* 引き継ぎ: what a person leaves open, with drafts and promises. */
bool mdg_query_shift(struct mdg_db *db, int64_t viewer, int64_t person,
		     int64_t now_s, json_t *ret, struct mdg_err *err);
/* Unseen mentions of a person. */
bool mdg_query_mentions(struct mdg_db *db, int64_t person, json_t *ret,
			struct mdg_err *err);
/* "comments", "labels", "lock", "side_threads", "parent" of a ticket. */
bool mdg_query_notes(struct mdg_db *db, int64_t ticket, int64_t now_s,
		     json_t *ret, struct mdg_err *err);
/* "addresses" of all mails of a ticket: message, role, name, address; and
 * "people" of ours who take part: login, name. */
bool mdg_query_addresses(struct mdg_db *db, int64_t ticket, json_t *ret,
			 struct mdg_err *err);
/* お礼: thank-you mails on closed tickets, newest first; person 0: of all. */
bool mdg_query_thanks(struct mdg_db *db, int64_t viewer, int64_t person,
		      int64_t since_s, json_t *ret, struct mdg_err *err);

#endif
