/* Clocks: one row each, and what is to be looked at when. */
#include "madoguchi/store/st_round.h"

#include "st-int.h"

bool
mdg_clock_put(struct mdg_db *db, const struct mdg_clock *c, struct mdg_err *err)
{
	return mdg_db_send(
		db, err,
		"INSERT INTO clock (ticket_id, n, kind, state, calendar_id,"
		" policy_id, started_s, due_s, stopped_s, next_s, warned,"
		" counted_s)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
		" ON CONFLICT (ticket_id, n) DO UPDATE SET"
		" kind = excluded.kind, state = excluded.state,"
		" calendar_id = excluded.calendar_id,"
		" policy_id = excluded.policy_id,"
		" started_s = excluded.started_s, due_s = excluded.due_s,"
		" stopped_s = excluded.stopped_s, next_s = excluded.next_s,"
		" warned = excluded.warned, counted_s = excluded.counted_s",
		"iissIiiIIIii", c->ticket_id, c->n, c->kind, c->state,
		or_null(&c->calendar_id), c->policy_id, c->started_s,
		or_null(&c->due_s), or_null(&c->stopped_s), or_null(&c->next_s),
		c->warned, c->counted_s);
}

#define CLOCK_COLUMNS                                                          \
	"SELECT ticket_id, n, kind, state, calendar_id, policy_id, started_s," \
	" due_s, stopped_s, next_s, warned, counted_s FROM clock WHERE "

/* Up to max of them; closes r. */
static bool
read_clocks(struct mdg_rows *r, struct mdg_arena *a, struct mdg_clock **ret,
	    size_t max, size_t *ret_n, struct mdg_err *err)
{
	struct mdg_clock *v = NULL;
	size_t n = 0, room = 0;

	for (; n < max && mdg_rows_next(r); n++) {
		v = more_room(a, v, n, &room, sizeof(*v));
		v[n] = (struct mdg_clock){
			.ticket_id = mdg_rows_i64(r, 0),
			.n = mdg_rows_i64(r, 1),
			.kind = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.state = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.calendar_id = mdg_rows_i64(r, 4),
			.policy_id = mdg_rows_i64(r, 5),
			.started_s = mdg_rows_i64(r, 6),
			.due_s = mdg_rows_i64(r, 7),
			.stopped_s = mdg_rows_i64(r, 8),
			.next_s = mdg_rows_i64(r, 9),
			.warned = mdg_rows_i64(r, 10),
			.counted_s = mdg_rows_i64(r, 11),
		};
	}
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_clock_list(struct mdg_db *db, int64_t ticket, struct mdg_arena *a,
	       struct mdg_clock **ret, size_t max, size_t *ret_n,
	       struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    CLOCK_COLUMNS "ticket_id = ?1 ORDER BY n", "i",
			    ticket) &&
	       read_clocks(r, a, ret, max, ret_n, err);
}

bool
mdg_clock_cut(struct mdg_db *db, int64_t ticket, int64_t n, struct mdg_err *err)
{
	return mdg_db_send(db, err,
			   "DELETE FROM clock WHERE ticket_id = ?1 AND n >= ?2",
			   "ii", ticket, n);
}

bool
mdg_clock_stop(struct mdg_db *db, int64_t ticket, int64_t now_s,
	       struct mdg_err *err)
{
	return mdg_db_send(db, err,
			   "UPDATE clock SET state = 'not_applicable',"
			   " stopped_s = ?2, next_s = NULL WHERE ticket_id = ?1"
			   " AND state IN ('running', 'paused')",
			   "ii", ticket, now_s);
}

/* ---- what time alone changes ---- */

static bool
read_log(struct mdg_db *db, int64_t now_s, int64_t max, struct mdg_arena *a,
	 struct mdg_round *ret, struct mdg_err *err)
{
	struct mdg_rows *r;
	struct mdg_log_line *v = NULL;
	size_t n = 0, room = 0;

	if (!mdg_db_query(db, &r, err,
			  "SELECT ticket_id, kind, codes, time_s, ticket_rev"
			  " FROM event WHERE ticket_id " IN_PASSED
			  " ORDER BY ticket_id, ticket_rev",
			  "ii", now_s, max))
		return false;
	for (; mdg_rows_next(r); n++) {
		v = more_room(a, v, n, &room, sizeof(*v));
		v[n] = (struct mdg_log_line){
			.ticket_id = mdg_rows_i64(r, 0),
			.kind = mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			.codes = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.time_s = mdg_rows_i64(r, 3),
			.rev = mdg_rows_i64(r, 4),
		};
	}
	ret->log = v;
	ret->log_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_round_read(struct mdg_db *db, int64_t now_s, size_t max,
	       struct mdg_arena *a, struct mdg_round *ret, struct mdg_err *err)
{
	const int64_t limit = (int64_t)max;
	struct mdg_rows *r;

	*ret = (struct mdg_round){
		.a = a,
		.ids = mdg_arena_array(a, max, sizeof(*ret->ids)),
		.owners = mdg_arena_array(a, max, sizeof(*ret->owners))};
	if (!mdg_db_query(db, &r, err,
			  "SELECT p.ticket_id, MAX(e.person_id) FROM " PASSED
			  " p LEFT JOIN escalation e"
			  " ON e.ticket_id = p.ticket_id GROUP BY p.ticket_id"
			  " ORDER BY MIN(p.next_s), p.ticket_id",
			  "ii", now_s, limit))
		return false;
	for (; ret->n < max && mdg_rows_next(r); ret->n++) {
		ret->ids[ret->n] = mdg_rows_i64(r, 0);
		ret->owners[ret->n] = mdg_rows_i64(r, 1);
	}
	if (!mdg_rows_close(&r, err))
		return false;
	if (!ret->n)
		return true;
	return mdg_db_query(db, &r, err,
			    CLOCK_COLUMNS "ticket_id " IN_PASSED
					  " ORDER BY ticket_id, n",
			    "ii", now_s, limit) &&
	       read_clocks(r, a, &ret->clocks, SIZE_MAX, &ret->clocks_n, err) &&
	       mdg_ticket_passed(db, now_s, limit, a, &ret->tickets,
				 &ret->tickets_n, err) &&
	       read_log(db, now_s, limit, a, ret, err);
}

bool
mdg_ticket_follow_ups(struct mdg_db *db, int64_t now_s, int64_t *ids,
		      size_t max, size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT id FROM ticket WHERE follow_up_s <= ?1"
			    " ORDER BY follow_up_s LIMIT ?2",
			    "ii", now_s, (int64_t)max) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

enum mdg_found
mdg_clock_next(struct mdg_db *db, int64_t *ret_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT MIN(next_s) FROM clock"
			  " WHERE next_s IS NOT NULL"
			  " UNION ALL SELECT MIN(follow_up_s) FROM ticket"
			  " WHERE follow_up_s IS NOT NULL",
			  ""))
		return MDG_FAILED;
	while (mdg_rows_next(r)) {
		int64_t at_s = mdg_rows_i64(r, 0);
		if (mdg_rows_null(r, 0) ||
		    (found == MDG_FOUND && at_s > *ret_s))
			continue;
		*ret_s = at_s;
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}
