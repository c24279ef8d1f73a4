/* restore: who was erased since the backup was made is in it again. */
#include <string.h>

#include "madoguchi/base/str.h"

#include "offline.h"

/* Has the other store this very event? */
static bool
knows(struct mdg_db *db, int64_t lane, int64_t seq, struct mdg_span hash,
      bool *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT 1 FROM event WHERE lane = ?1 AND seq = ?2"
			  " AND hash = ?3",
			  "iib", lane, seq, hash))
		return false;
	*ret = mdg_rows_next(r);
	return mdg_rows_close(&r, err);
}

static bool
is_in(const json_t *ids, json_int_t id)
{
	json_t *v;
	size_t i;

	json_array_foreach (ids, i, v)
		if (json_integer_value(v) == id)
			return true;
	return false;
}

/* One event of the former store: erased, or made one with somebody erased. */
static void
add(json_t *ids, const char *kind, const char *codes)
{
	json_t *o = json_loads(codes, 0, NULL);
	json_int_t id = json_integer_value(json_object_get(o, "customer"));

	if (mdg_streq(kind, "customer.merge"))
		id = is_in(ids, id)
			     ? json_integer_value(json_object_get(o, "from"))
			     : 0;
	if (id && !is_in(ids, id))
		json_array_append_new(ids, json_integer(id));
	json_decref(o);
}

/* The newest first: who was merged into somebody was so before. */
static bool
erased_of(struct mdg_db *old, struct mdg_db *fresh, json_t *ids,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	bool known;

	if (!mdg_db_query(old, &r, err,
			  "SELECT lane, seq, hash, kind, codes FROM event"
			  " WHERE kind IN ('customer.erased', 'customer.merge')"
			  " ORDER BY lane DESC, seq DESC",
			  ""))
		return false;
	while (mdg_rows_next(r)) {
		if (!knows(fresh, mdg_rows_i64(r, 0), mdg_rows_i64(r, 1),
			   mdg_rows_blob(r, 2), &known, err))
			return false;
		if (!known)
			add(ids, mdg_rows_text(r, 3), mdg_rows_text(r, 4));
	}
	return mdg_rows_close(&r, err);
}

/* Who came after the backup is not in it. */
static bool
only_those_in(struct mdg_db *fresh, json_t *ids, struct mdg_err *err)
{
	for (size_t i = json_array_size(ids); i-- > 0;) {
		struct mdg_rows *r;
		json_int_t id = json_integer_value(json_array_get(ids, i));
		if (!mdg_db_query(fresh, &r, err,
				  "SELECT 1 FROM customer c WHERE c.id = ?1"
				  " AND (c.name <> '' OR EXISTS (SELECT 1 FROM"
				  " customer_address a"
				  " WHERE a.customer_id = c.id))",
				  "i", (int64_t)id))
			return false;
		bool there = mdg_rows_next(r);
		if (!mdg_rows_close(&r, err))
			return false;
		if (!there)
			json_array_remove(ids, i);
	}
	return true;
}

/* What must not come in again from the servers still must not. */
static bool
keep_tombstones(struct mdg_db *old, struct mdg_db *fresh, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(old, &r, err, "SELECT digest FROM erased_mail", ""))
		return false;
	while (mdg_rows_next(r))
		if (!mdg_db_run(fresh, err,
				"INSERT INTO erased_mail (digest) VALUES (?1)"
				" ON CONFLICT DO NOTHING",
				"b", mdg_rows_blob(r, 0)))
			return false;
	return mdg_rows_close(&r, err);
}

bool
mdg_cli_restore_erased(struct mdg_db *old, struct mdg_db *fresh, json_t **ret,
		       struct mdg_err *err)
{
	json_t *ids = json_array();

	if (!mdg_db_begin(fresh, err) || !erased_of(old, fresh, ids, err) ||
	    !only_those_in(fresh, ids, err) ||
	    !keep_tombstones(old, fresh, err) || !mdg_db_commit(fresh, err)) {
		mdg_db_rollback(fresh);
		json_decref(ids);
		return false;
	}
	*ret = ids;
	return true;
}
