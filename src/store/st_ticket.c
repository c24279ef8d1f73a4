/* Tickets and their clocks. */
#include "madoguchi/store/st_ticket.h"

#include "st-int.h"

#include <string.h>

bool
mdg_ticket_add(struct mdg_db *db, struct mdg_ticket *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(
		    db, &r, err,
		    "INSERT INTO ticket (number, win_id, subject, state,"
		    " closing, customer_id, priority, created_s, changed_s,"
		    " inbound_s, is_history, closed_s, rev)"
		    " SELECT COALESCE(MAX(number), ?1) + 1, ?2, ?3, ?4, ?5, ?6,"
		    " 0, ?7, ?7, ?8, ?9, ?10, 0 FROM ticket"
		    " RETURNING id, number",
		    "iisssIiiiI", (int64_t)MDG_TICKET_NUMBER_FIRST - 1,
		    t->win_id, t->subject, t->state, t->closing,
		    t->customer_id ? &t->customer_id : NULL, t->created_s,
		    t->inbound_s, (int64_t)t->is_history,
		    t->closed_s ? &t->closed_s : NULL))
		return false;
	if (mdg_rows_next(r)) {
		t->id = mdg_rows_i64(r, 0);
		t->number = mdg_rows_i64(r, 1);
	}
	return mdg_rows_close(&r, err);
}

static enum mdg_found
read_ticket(struct mdg_rows *r, struct mdg_arena *a, struct mdg_ticket *ret,
	    struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		*ret = (struct mdg_ticket){
			.id = mdg_rows_i64(r, 0),
			.number = mdg_rows_i64(r, 1),
			.win_id = mdg_rows_i64(r, 2),
			.subject = text_or_null(r, 3, a),
			.state = text_or_null(r, 4, a),
			.closing = text_or_null(r, 5, a),
			.hold_reason = text_or_null(r, 6, a),
			.category = text_or_null(r, 7, a),
			.assignee_id = mdg_rows_i64(r, 8),
			.customer_id = mdg_rows_i64(r, 9),
			.priority = mdg_rows_i64(r, 10),
			.created_s = mdg_rows_i64(r, 11),
			.changed_s = mdg_rows_i64(r, 12),
			.inbound_s = mdg_rows_i64(r, 13),
			.newest_message_id = mdg_rows_i64(r, 14),
			.closed_s = mdg_rows_i64(r, 15),
			.follow_up_s = mdg_rows_i64(r, 16),
			.merged_into = mdg_rows_i64(r, 17),
			.due_s = mdg_rows_i64(r, 18),
			.is_history = mdg_rows_i64(r, 19) != 0,
			.rev = mdg_rows_i64(r, 20),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

#define TICKET_COLUMNS                                                         \
	"SELECT id, number, win_id, subject, state, closing, hold_reason,"     \
	" category, assignee_id, customer_id, priority, created_s, changed_s," \
	" inbound_s, newest_message_id, closed_s, follow_up_s, merged_into,"   \
	" due_s, is_history, rev FROM ticket WHERE "

enum mdg_found
mdg_ticket_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		 struct mdg_ticket *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, TICKET_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	return read_ticket(r, a, ret, err);
}

enum mdg_found
mdg_ticket_by_number(struct mdg_db *db, int64_t number, struct mdg_arena *a,
		     struct mdg_ticket *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, TICKET_COLUMNS "number = ?1", "i",
			  number))
		return MDG_FAILED;
	return read_ticket(r, a, ret, err);
}

bool
mdg_ticket_update(struct mdg_db *db, const struct mdg_ticket *t,
		  struct mdg_err *err)
{
	return mdg_db_run(
		db, err,
		"UPDATE ticket SET win_id = ?2, subject = ?3, state = ?4,"
		" closing = ?5, hold_reason = ?6, category = ?7,"
		" assignee_id = ?8, customer_id = ?9, priority = ?10,"
		" changed_s = ?11, inbound_s = ?12, newest_message_id = ?13,"
		" closed_s = ?14, follow_up_s = ?15, merged_into = ?16,"
		" due_s = ?17, rev = ?18 WHERE id = ?1",
		"iisssssIIiiiIIIIIi",
		t->id, t->win_id, t->subject, t->state, t->closing,
		t->hold_reason, t->category, or_null(&t->assignee_id),
		or_null(&t->customer_id), t->priority, t->changed_s,
		t->inbound_s, or_null(&t->newest_message_id),
		or_null(&t->closed_s), or_null(&t->follow_up_s),
		or_null(&t->merged_into), or_null(&t->due_s), t->rev);
}

/* ---- clocks ---- */

bool
mdg_clock_put(struct mdg_db *db, const struct mdg_clock *c,
	      struct mdg_err *err)
{
	return mdg_db_run(
		db, err,
		"INSERT INTO clock (ticket_id, kind, state, calendar_id,"
		" policy_id, started_s, due_s, stopped_s, warned)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
		" ON CONFLICT (ticket_id, kind) DO UPDATE SET"
		" state = excluded.state, calendar_id = excluded.calendar_id,"
		" policy_id = excluded.policy_id,"
		" started_s = excluded.started_s, due_s = excluded.due_s,"
		" stopped_s = excluded.stopped_s, warned = excluded.warned",
		"issIiiIIi", c->ticket_id, c->kind, c->state,
		or_null(&c->calendar_id), c->policy_id, c->started_s,
		or_null(&c->due_s), or_null(&c->stopped_s), c->warned);
}

static void
read_clock(struct mdg_rows *r, struct mdg_arena *a, struct mdg_clock *c)
{
	*c = (struct mdg_clock){
		.ticket_id = mdg_rows_i64(r, 0),
		.kind = text_or_null(r, 1, a),
		.state = text_or_null(r, 2, a),
		.calendar_id = mdg_rows_i64(r, 3),
		.policy_id = mdg_rows_i64(r, 4),
		.started_s = mdg_rows_i64(r, 5),
		.due_s = mdg_rows_i64(r, 6),
		.stopped_s = mdg_rows_i64(r, 7),
		.warned = mdg_rows_i64(r, 8),
	};
}

#define CLOCK_COLUMNS                                                          \
	"SELECT ticket_id, kind, state, calendar_id, policy_id, started_s,"    \
	" due_s, stopped_s, warned FROM clock WHERE "

enum mdg_found
mdg_clock_get(struct mdg_db *db, int64_t ticket, const char *kind,
	      struct mdg_arena *a, struct mdg_clock *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  CLOCK_COLUMNS "ticket_id = ?1 AND kind = ?2", "is",
			  ticket, kind))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		read_clock(r, a, ret);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_clock_overdue(struct mdg_db *db, int64_t now_s, struct mdg_arena *a,
		  struct mdg_clock *ret, size_t max, size_t *ret_n,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  CLOCK_COLUMNS "state = 'running' AND due_s <= ?1"
					" ORDER BY due_s LIMIT ?2",
			  "ii", now_s, (int64_t)max))
		return false;
	*ret_n = 0;
	while (mdg_rows_next(r))
		read_clock(r, a, &ret[(*ret_n)++]);
	return mdg_rows_close(&r, err);
}

/* First column of the first row, where a NULL counts as no row. */
static enum mdg_found
first_i64(struct mdg_rows *r, int64_t *ret, struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r) && !mdg_rows_null(r, 0)) {
		*ret = mdg_rows_i64(r, 0);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

enum mdg_found
mdg_clock_next(struct mdg_db *db, int64_t *ret_s, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT MIN(due_s) FROM clock"
			  " WHERE state = 'running'",
			  ""))
		return MDG_FAILED;
	return first_i64(r, ret_s, err);
}

bool
mdg_clock_nearest(struct mdg_db *db, int64_t ticket, int64_t *ret_s,
		  struct mdg_err *err)
{
	struct mdg_rows *r;

	*ret_s = 0;
	if (!mdg_db_query(db, &r, err,
			  "SELECT MIN(due_s) FROM clock WHERE ticket_id = ?1"
			  " AND state = 'running'",
			  "i", ticket))
		return false;
	return first_i64(r, ret_s, err) != MDG_FAILED;
}
