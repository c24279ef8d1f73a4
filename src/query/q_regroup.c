/* How a ticket hangs together with others, and what is offered about it. */
#include "madoguchi/query/query.h"
#include "rows.h"

static bool
merged(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "WITH RECURSIVE " MDG_TICKET_MEMBERS
			    " SELECT t.number FROM ticket t WHERE t.id IN"
			    " (SELECT id FROM members) AND t.id <> ?1"
			    " ORDER BY t.number",
			    "i", ticket) &&
	       mdg_rows_json(&r, "ticket:i", mdg_json_list(ret, "merged"),
			     err);
}

/* Links of what was merged into it are its own. */
static bool
links(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(
		       db, &r, err,
		       "WITH RECURSIVE " MDG_TICKET_MEMBERS
		       " SELECT t.number, l.kind, t.state,"
		       " CASE WHEN l.ticket_id IN (SELECT id FROM members)"
		       "  THEN 1 ELSE 0 END FROM ticket_link l JOIN ticket t"
		       " ON t.id = CASE WHEN l.ticket_id IN"
		       "  (SELECT id FROM members) THEN l.other_id"
		       "  ELSE l.ticket_id END"
		       " WHERE l.ticket_id IN (SELECT id FROM members)"
		       " OR l.other_id IN (SELECT id FROM members)"
		       " ORDER BY t.number",
		       "i", ticket) &&
	       mdg_rows_json(&r, "ticket:i kind:s state:s from_here:b",
			     mdg_json_list(ret, "links"), err);
}

static bool
steps(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT g.id, g.kind, a.number, b.number, g.actor,"
			    " g.done_s FROM regroup g"
			    " JOIN ticket a ON a.id = g.ticket_id"
			    " JOIN ticket b ON b.id = g.other_id"
			    " WHERE (g.ticket_id = ?1 OR g.other_id = ?1)"
			    " AND g.undone_s IS NULL ORDER BY g.id",
			    "i", ticket) &&
	       mdg_rows_json(&r,
			     "step:i kind:s ticket:i other:i actor:s done_s:i",
			     mdg_json_list(ret, "steps"), err);
}

static bool
offers(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "WITH RECURSIVE " MDG_TICKET_MEMBERS
			    " SELECT o.id, o.kind, t.number, o.message_id,"
			    " o.reason, o.made_s, om.flags FROM offer o"
			    " LEFT JOIN ticket t ON t.id = o.other_id"
			    " LEFT JOIN message om ON om.id = o.message_id"
			    "  AND o.kind = 'customer'"
			    " WHERE o.ticket_id IN (SELECT id FROM members)"
			    " AND o.state = 'open' AND (o.message_id = 0"
			    " OR EXISTS (SELECT 1 FROM message m"
			    "  WHERE m.id = o.message_id"
			    "  AND m.ticket_id = ?1))"
			    " ORDER BY o.id",
			    "i", ticket) &&
	       mdg_rows_json(&r,
			     "offer:i kind:s ticket:i message:i reason:s "
			     "made_s:i flags:s",
			     mdg_json_list(ret, "offers"), err);
}

/* Whom an offered customer is: from the mail that names him. */
static void
name_customers(json_t *list)
{
	size_t i;
	json_t *o;

	json_array_foreach (list, i, o) {
		const char *s = json_string_value(json_object_get(o, "flags"));
		json_t *flags = s ? json_loads(s, 0, NULL) : NULL;
		const json_t *who = json_object_get(flags, "offer");
		json_object_set(o, "name", who ? json_object_get(who, "name")
					       : json_null());
		json_object_set(o, "address",
				who ? json_object_get(who, "address")
				    : json_null());
		json_object_del(o, "flags");
		json_decref(flags);
	}
}

bool
mdg_query_regroup(struct mdg_db *db, int64_t ticket, json_t *ret,
		  struct mdg_err *err)
{
	return merged(db, ticket, ret, err) && links(db, ticket, ret, err) &&
	       steps(db, ticket, ret, err) && offers(db, ticket, ret, err) &&
	       (name_customers(json_object_get(ret, "offers")), true);
}
