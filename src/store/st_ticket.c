/* Tickets and their clocks. */
#include "madoguchi/store/st_round.h"

#include "st-int.h"

#include <string.h>

bool
mdg_ticket_add(struct mdg_db *db, struct mdg_ticket *t, struct mdg_err *err)
{
	int64_t number;

	/* in one statement SQLite would copy the row through a table */
	if (mdg_db_i64(db, &number, err,
		       "SELECT COALESCE(MAX(number), ?1) + 1 FROM ticket", "i",
		       (int64_t)MDG_TICKET_NUMBER_FIRST - 1) != MDG_FOUND ||
	    mdg_db_i64(
		    db, &t->id, err,
		    "INSERT INTO ticket (number, win_id, subject, state,"
		    " closing, customer_id, priority, created_s, changed_s,"
		    " inbound_s, is_history, closed_s, parent_id, rev)"
		    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, ?8, ?9, ?10,"
		    " ?11, 0) RETURNING id",
		    "iisssIiiiII", number, t->win_id, t->subject, t->state,
		    t->closing, or_null(&t->customer_id), t->created_s,
		    t->inbound_s, (int64_t)t->is_history, or_null(&t->closed_s),
		    or_null(&t->parent_id)) != MDG_FOUND)
		return false;
	t->number = number;
	return true;
}

static void
take_row(struct mdg_rows *r, struct mdg_arena *a, struct mdg_ticket *ret)
{
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
		.parent_id = mdg_rows_i64(r, 21),
	};
}

static enum mdg_found
read_ticket(struct mdg_rows *r, struct mdg_arena *a, struct mdg_ticket *ret,
	    struct mdg_err *err)
{
	bool found = mdg_rows_next(r);

	if (found)
		take_row(r, a, ret);
	if (!mdg_rows_close(&r, err))
		return MDG_FAILED;
	return found ? MDG_FOUND : MDG_NONE;
}

#define TICKET_COLUMNS                                                         \
	"SELECT id, number, win_id, subject, state, closing, hold_reason,"     \
	" category, assignee_id, customer_id, priority, created_s, changed_s," \
	" inbound_s, newest_message_id, closed_s, follow_up_s, merged_into,"   \
	" due_s, is_history, rev, parent_id FROM ticket WHERE "

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
mdg_ticket_passed(struct mdg_db *db, int64_t now_s, int64_t max,
		  struct mdg_arena *a, struct mdg_ticket **ret, size_t *ret_n,
		  struct mdg_err *err)
{
	struct mdg_ticket *v = NULL;
	struct mdg_rows *r;
	size_t n = 0, room = 0;

	if (!mdg_db_query(db, &r, err, TICKET_COLUMNS "id " IN_PASSED, "ii",
			  now_s, max))
		return false;
	for (; mdg_rows_next(r); n++) {
		v = more_room(a, v, n, &room, sizeof(*v));
		take_row(r, a, &v[n]);
	}
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_ticket_after(struct mdg_db *db, int64_t id, int64_t *ret_id,
		 struct mdg_err *err)
{
	enum mdg_found f = mdg_db_i64(
		db, ret_id, err,
		"SELECT id FROM ticket WHERE id > ?1 ORDER BY id LIMIT 1", "i",
		id);

	if (f == MDG_NONE)
		*ret_id = 0;
	return f != MDG_FAILED;
}

bool
mdg_ticket_update(struct mdg_db *db, const struct mdg_ticket *t,
		  struct mdg_err *err)
{
	return mdg_db_send(
		db, err,
		"UPDATE ticket SET win_id = ?2, subject = ?3, state = ?4,"
		" closing = ?5, hold_reason = ?6, category = ?7,"
		" assignee_id = ?8, customer_id = ?9, priority = ?10,"
		" changed_s = ?11, inbound_s = ?12, newest_message_id = ?13,"
		" closed_s = ?14, follow_up_s = ?15, merged_into = ?16,"
		" due_s = ?17, rev = ?18, is_history = ?19 WHERE id = ?1",
		"iisssssIIiiiIIIIIii", t->id, t->win_id, t->subject, t->state,
		t->closing, t->hold_reason, t->category,
		or_null(&t->assignee_id), or_null(&t->customer_id), t->priority,
		t->changed_s, t->inbound_s, or_null(&t->newest_message_id),
		or_null(&t->closed_s), or_null(&t->follow_up_s),
		or_null(&t->merged_into), or_null(&t->due_s), t->rev,
		(int64_t)t->is_history);
}
