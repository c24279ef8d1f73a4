/* Merges, splits, links and offers as rows. */
#include "madoguchi/store/st_regroup.h"

#include "madoguchi/base/str.h"
#include "st-int.h"

/* SQL: the ticket ?n and everything that was merged into it, however long
 * ago. */
#define MEMBERS(name, param)                                                   \
	name "(id) AS (SELECT CAST(" param " AS BIGINT) UNION"                 \
	     " SELECT t.id FROM ticket t JOIN " name                           \
	     " ON t.merged_into = " name ".id)"

bool
mdg_regroup_add(struct mdg_db *db, struct mdg_regroup *g, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "INSERT INTO regroup (kind, ticket_id, other_id,"
			  " actor, state, last_message_id, done_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, (SELECT"
			  "  COALESCE(MAX(id), 0) FROM message), ?6)"
			  " RETURNING id, last_message_id",
			  "siissi", g->kind, g->ticket_id, g->other_id,
			  g->actor, g->state, g->done_s))
		return false;
	if (mdg_rows_next(r)) {
		g->id = mdg_rows_i64(r, 0);
		g->last_message_id = mdg_rows_i64(r, 1);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_regroup_update(struct mdg_db *db, const struct mdg_regroup *g,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE regroup SET state = ?2, undone_s = ?3"
			  " WHERE id = ?1",
			  "isI", g->id, g->state, or_null(&g->undone_s));
}

enum mdg_found
mdg_regroup_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		  struct mdg_regroup *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, kind, ticket_id, other_id, actor, state,"
			  " last_message_id, done_s, undone_s FROM regroup"
			  " WHERE id = ?1",
			  "i", id))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_regroup){
			.id = mdg_rows_i64(r, 0),
			.kind = text_or_null(r, 1, a),
			.ticket_id = mdg_rows_i64(r, 2),
			.other_id = mdg_rows_i64(r, 3),
			.actor = text_or_null(r, 4, a),
			.state = text_or_null(r, 5, a),
			.last_message_id = mdg_rows_i64(r, 6),
			.done_s = mdg_rows_i64(r, 7),
			.undone_s = mdg_rows_i64(r, 8),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

enum mdg_found
mdg_regroup_newest(struct mdg_db *db, int64_t ticket, int64_t *ret_id,
		   struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT id FROM regroup WHERE (ticket_id = ?1"
			  " OR other_id = ?1) AND undone_s IS NULL"
			  " ORDER BY id DESC LIMIT 1",
			  "i", ticket);
}

enum mdg_found
mdg_regroup_newest_move(struct mdg_db *db, int64_t ticket, int64_t *ret_id,
			struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT id FROM regroup WHERE (ticket_id = ?1"
			  " OR other_id = ?1) AND undone_s IS NULL"
			  " AND kind IN ('merge', 'split')"
			  " ORDER BY id DESC LIMIT 1",
			  "i", ticket);
}

bool
mdg_regroup_item_add(struct mdg_db *db, int64_t regroup, const char *kind,
		     int64_t item, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO regroup_item (regroup_id, kind, item_id)"
			  " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
			  "isi", regroup, kind, item);
}

bool
mdg_regroup_items_of(struct mdg_db *db, int64_t regroup, int64_t ticket,
		     struct mdg_err *err)
{
	static const char *const all[] = {
		"INSERT INTO regroup_item (regroup_id, kind, item_id)"
		" SELECT CAST(?1 AS BIGINT), 'message', id FROM message"
		" WHERE ticket_id = ?2 ON CONFLICT DO NOTHING",
		"INSERT INTO regroup_item (regroup_id, kind, item_id)"
		" SELECT CAST(?1 AS BIGINT), 'draft', id FROM draft"
		" WHERE ticket_id = ?2 ON CONFLICT DO NOTHING",
		"INSERT INTO regroup_item (regroup_id, kind, item_id)"
		" SELECT CAST(?1 AS BIGINT), 'outbox', id FROM outbox"
		" WHERE ticket_id = ?2 ON CONFLICT DO NOTHING",
	};

	for (size_t i = 0; i < MDG_LEN(all); i++)
		if (!mdg_db_run(db, err, all[i], "ii", regroup, ticket))
			return false;
	return true;
}

#define ITEMS(kind)                                                            \
	"(SELECT item_id FROM regroup_item WHERE regroup_id = ?1"              \
	" AND kind = '" kind "')"

bool
mdg_regroup_items_move(struct mdg_db *db, int64_t regroup, int64_t from,
		       int64_t into, struct mdg_err *err)
{
	static const char *const all[] = {
		"UPDATE message SET ticket_id = ?3 WHERE ticket_id = ?2"
		" AND id IN " ITEMS("message"),
		"UPDATE draft SET ticket_id = ?3 WHERE ticket_id = ?2"
		" AND id IN " ITEMS("draft"),
		"UPDATE revision SET ticket_id = ?3 WHERE ticket_id = ?2"
		" AND draft_id IN " ITEMS("draft"),
		"UPDATE outbox SET ticket_id = ?3 WHERE ticket_id = ?2"
		" AND (id IN " ITEMS("outbox") " OR draft_id IN " ITEMS(
			"draft") ")",
	};

	for (size_t i = 0; i < MDG_LEN(all); i++)
		if (!mdg_db_run(db, err, all[i], "iii", regroup, from, into))
			return false;
	return true;
}

enum mdg_found
mdg_regroup_in_the_way(struct mdg_db *db, int64_t regroup, int64_t *ret_id,
		       struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT r.id FROM regroup r"
			  " JOIN regroup_item i ON i.regroup_id = r.id"
			  " WHERE r.id > ?1 AND r.undone_s IS NULL"
			  " AND i.kind = 'message' AND i.item_id IN " ITEMS(
				  "message") " ORDER BY r.id DESC LIMIT 1",
			  "i", regroup);
}

bool
mdg_regroup_since(struct mdg_db *db, int64_t ticket, int64_t last_message_id,
		  int64_t *ids, size_t max, size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT id FROM message WHERE ticket_id = ?1"
			    " AND id > ?2 ORDER BY id LIMIT ?3",
			    "iii", ticket, last_message_id, (int64_t)max) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

bool
mdg_regroup_ties(struct mdg_db *db, int64_t regroup, int64_t ticket,
		 int64_t message, int64_t *ret_mine, int64_t *ret_others,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT COUNT(CASE WHEN m.id IN " ITEMS(
			    "message") " THEN 1 END), COUNT(CASE WHEN m.id NOT"
				       " IN " ITEMS(
					       "message") " THEN 1 END)"
							  " FROM ref_seen a"
							  " JOIN ref_seen b ON"
							  " b.hash = a.hash"
							  " JOIN message m ON"
							  " m.id = b.message_id"
							  " WHERE"
							  " a.message_id = ?3"
							  " AND m.id <> ?3 AND"
							  " m.ticket_id = ?2",
		    "iii", regroup, ticket, message))
		return false;
	*ret_mine = *ret_others = 0;
	if (mdg_rows_next(r)) {
		*ret_mine = mdg_rows_i64(r, 0);
		*ret_others = mdg_rows_i64(r, 1);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_message_answers(struct mdg_db *db, int64_t ticket, int64_t message,
		    int64_t *ids, size_t max, size_t *ret_n,
		    struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT DISTINCT m.id FROM ref_seen a"
			    " JOIN ref_seen b ON b.hash = a.hash"
			    " JOIN message m ON m.id = b.message_id"
			    " WHERE a.message_id = ?2 AND a.is_own = 1"
			    " AND b.is_own = 0 AND m.ticket_id = ?1"
			    " ORDER BY 1 LIMIT ?3",
			    "iii", ticket, message, (int64_t)max) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

/* ---- apart ---- */

bool
mdg_apart_put(struct mdg_db *db, int64_t ticket, int64_t other,
	      struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO ticket_apart (ticket_id, other_id)"
			  " VALUES (?1, ?2) ON CONFLICT DO NOTHING",
			  "ii", ticket, other);
}

bool
mdg_apart_drop(struct mdg_db *db, int64_t ticket, int64_t other,
	       struct mdg_err *err)
{
	return mdg_db_run(
		db, err,
		"WITH RECURSIVE " MEMBERS("x", "?1") ", " MEMBERS(
			"y", "?2") " DELETE FROM ticket_apart WHERE"
				   " (ticket_id IN (SELECT id FROM x)"
				   " AND other_id IN (SELECT id FROM y))"
				   " OR (ticket_id IN (SELECT id FROM y)"
				   " AND other_id IN (SELECT id FROM x))",
		"ii", ticket, other);
}

bool
mdg_apart_is(struct mdg_db *db, int64_t ticket, int64_t other, bool *ret,
	     struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		db, &one, err,
		"WITH RECURSIVE " MEMBERS("x", "?1") ", " MEMBERS(
			"y", "?2") " SELECT 1 FROM ticket_apart WHERE"
				   " (ticket_id IN (SELECT id FROM x)"
				   " AND other_id IN (SELECT id FROM y))"
				   " OR (ticket_id IN (SELECT id FROM y)"
				   " AND other_id IN (SELECT id FROM x))"
				   " LIMIT 1",
		"ii", ticket, other);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* ---- links ---- */

enum mdg_found
mdg_link_get(struct mdg_db *db, int64_t ticket, int64_t other,
	     struct mdg_arena *a, const char **ret_kind, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT kind FROM ticket_link WHERE"
			  " (ticket_id = ?1 AND other_id = ?2) OR"
			  " (ticket_id = ?2 AND other_id = ?1) LIMIT 1",
			  "ii", ticket, other))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret_kind = text_or_null(r, 0, a);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_link_put(struct mdg_db *db, int64_t ticket, int64_t other,
	     const char *kind, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO ticket_link (ticket_id, other_id, kind)"
			  " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
			  "iis", ticket, other, kind);
}

bool
mdg_link_drop(struct mdg_db *db, int64_t ticket, int64_t other,
	      struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM ticket_link WHERE"
			  " (ticket_id = ?1 AND other_id = ?2) OR"
			  " (ticket_id = ?2 AND other_id = ?1)",
			  "ii", ticket, other);
}

/* ---- offers ---- */

bool
mdg_offer_add(struct mdg_db *db, const struct mdg_offer *o,
	      struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO offer (ticket_id, kind, other_id,"
			  " message_id, reason, state, made_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6)"
			  " ON CONFLICT DO NOTHING",
			  "isiisi", o->ticket_id, o->kind, o->other_id,
			  o->message_id, o->reason, o->made_s);
}

enum mdg_found
mdg_offer_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		struct mdg_offer *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, ticket_id, kind, other_id, message_id,"
			  " reason, state, made_s, decided_s FROM offer"
			  " WHERE id = ?1",
			  "i", id))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_offer){
			.id = mdg_rows_i64(r, 0),
			.ticket_id = mdg_rows_i64(r, 1),
			.kind = text_or_null(r, 2, a),
			.other_id = mdg_rows_i64(r, 3),
			.message_id = mdg_rows_i64(r, 4),
			.reason = text_or_null(r, 5, a),
			.state = text_or_null(r, 6, a),
			.made_s = mdg_rows_i64(r, 7),
			.decided_s = mdg_rows_i64(r, 8),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_offer_decide(struct mdg_db *db, int64_t id, const char *state,
		 int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE offer SET state = ?2, decided_s = ?3"
			  " WHERE id = ?1",
			  "isi", id, state, now_s);
}
