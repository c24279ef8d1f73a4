#include "madoguchi/app/side.h"

#include "madoguchi/app/work.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/store/st_mail.h"

/* In the side thread: people of the parent and its customer's addresses. */
static enum mdg_found
is_customers(struct mdg_db *db, int64_t parent, const char *key,
	     struct mdg_err *err)
{
	int64_t one;

	return mdg_db_i64(db, &one, err,
			  "SELECT 1 FROM ticket_participant"
			  " WHERE ticket_id = ?1 AND key = ?2 UNION"
			  " SELECT 1 FROM ticket t JOIN customer_address a"
			  " ON a.customer_id = t.customer_id"
			  " WHERE t.id = ?1 AND a.key = ?2 UNION"
			  " SELECT 1 FROM message m JOIN message_address x"
			  " ON x.message_id = m.id AND x.role = 'customer'"
			  " WHERE m.ticket_id = ?1 AND x.key = ?2",
			  "is", parent, key);
}

/* In the customer's: people whom only a side thread of it knows. */
static enum mdg_found
is_sides(struct mdg_db *db, int64_t ticket, const char *key,
	 struct mdg_err *err)
{
	int64_t one;

	return mdg_db_i64(db, &one, err,
			  "SELECT 1 FROM ticket t JOIN ticket_participant p"
			  " ON p.ticket_id = t.id WHERE t.parent_id = ?1"
			  " AND p.key = ?2 AND NOT EXISTS (SELECT 1"
			  "  FROM ticket_participant o WHERE o.ticket_id = ?1"
			  "  AND o.key = ?2)",
			  "is", ticket, key);
}

bool
mdg_side_check(struct mdg_desk *d, const struct mdg_ticket *t,
	       const struct mdg_addresses *list, struct mdg_arena *a,
	       struct mdg_err *err)
{
	struct mdg_ticket parent;

	if (t->parent_id &&
	    !mdg_desk_ticket_root(d, t->parent_id, a, &parent, err))
		return false;
	for (size_t i = 0; i < list->n; i++) {
		const char *key = mdg_addr_key(a, list->v[i].address);
		enum mdg_found f =
			t->parent_id ? is_customers(d->db, parent.id, key, err)
				     : is_sides(d->db, t->id, key, err);
		if (f == MDG_FOUND)
			return mdg_fail_msg(err, MDG_ESTATE,
					    t->parent_id
						    ? MDG_MSG_side_customer
						    : MDG_MSG_side_leak,
					    list->v[i].address, NULL);
		if (f == MDG_FAILED)
			return false;
	}
	return true;
}

bool
mdg_side_home(struct mdg_desk *d, const struct mdg_ticket *side,
	      const char *from_key, int64_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket parent;
	bool known = false;

	*ret = side->id;
	if (!side->parent_id)
		return true;
	if (!mdg_participant_is(d->db, side->id, from_key, &known, err) ||
	    !mdg_desk_ticket_root(d, side->parent_id, &a, &parent, err))
		return false;
	if (known)
		return true;
	enum mdg_found f = is_customers(d->db, parent.id, from_key, err);
	if (f == MDG_FOUND)
		*ret = parent.id;
	return f != MDG_FAILED;
}

bool
mdg_side_answered(struct mdg_desk *d, const struct mdg_ticket *side,
		  int64_t message, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;

	if (!mdg_desk_ticket_root(d, side->parent_id, &a, &t, err))
		return false;
	const char *was = t.state;
	if (!mdg_desk_ticket_move(&t, MDG_TICKET_EV_ANSWERED, now_s, err))
		return false;
	return mdg_desk_event(d, &mdg_actor_system, &t, "inquiry.answered",
			      json_pack("{s:I,s:I,s:s,s:s}", "side",
					side->number, "message", message,
					"was", was, "state", t.state),
			      NULL, err) &&
	       mdg_work_leave_absent(d, &t, err) &&
	       mdg_desk_clocks(d, &t, err) &&
	       mdg_ticket_update(d->db, &t, err);
}
