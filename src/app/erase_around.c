/* What hangs on a ticket beside its mails: the team's words, side threads. */
#include "erase-int.h"

#include "madoguchi/base/str.h"

bool
mdg_erase_around(struct mdg_desk *d, const struct mdg_actor *who,
		 int64_t ticket, bool whole, struct mdg_erased *sum,
		 struct mdg_err *err)
{
	int64_t id = 0;

	if (!mdg_db_run(d->db, err,
			"DELETE FROM mention WHERE comment_id IN (SELECT id"
			" FROM comment WHERE ticket_id = ?1)",
			"i", ticket) ||
	    !mdg_db_run(d->db, err,
			"DELETE FROM comment WHERE ticket_id = ?1", "i",
			ticket) ||
	    !mdg_db_run(d->db, err,
			"DELETE FROM ticket_label WHERE ticket_id = ?1", "i",
			ticket))
		return false;
	for (;;) {
		enum mdg_found f = mdg_db_i64(
			d->db, &id, err,
			"SELECT id FROM ticket WHERE parent_id = ?1"
			" AND id > ?2 AND erased_s IS NULL"
			" ORDER BY id LIMIT 1",
			"ii", ticket, id);
		if (f != MDG_FOUND)
			return f == MDG_NONE;
		if (!mdg_erase_ticket(d, who, id, whole, sum, err))
			return false;
	}
}

/* Its list entries; those taken out are tickets, and go with them. */
static bool
erase_junk(struct mdg_desk *d, struct mdg_rows **r, size_t *ret_n,
	   struct mdg_err *err)
{
	enum { AT_ONCE = 100 };
	int64_t ids[AT_ONCE], raw;

	if (!mdg_rows_ids(r, ids, AT_ONCE, ret_n, err))
		return false;
	for (size_t i = 0; i < *ret_n; i++) {
		enum mdg_found f = mdg_db_i64(
			d->db, &raw, err,
			"SELECT COALESCE(raw_id, 0) FROM delivery"
			" WHERE id = ?1 AND message_id IS NULL",
			"i", ids[i]);
		if (f == MDG_FAILED ||
		    (f == MDG_FOUND &&
		     !mdg_erase_delivery(d, ids[i], raw, err)) ||
		    !mdg_db_run(d->db, err,
				"DELETE FROM junk WHERE delivery_id = ?1", "i",
				ids[i]))
			return false;
	}
	return true;
}

bool
mdg_erase_junk_of(struct mdg_desk *d, const char *key, struct mdg_err *err)
{
	struct mdg_rows *r;
	size_t n = 1;

	while (n)
		if (!mdg_db_query(d->db, &r, err,
				  "SELECT delivery_id FROM junk"
				  " WHERE from_key = ?1 LIMIT 100",
				  "s", key) ||
		    !erase_junk(d, &r, &n, err))
			return false;
	return true;
}

static bool
erase_old(struct mdg_desk *d, int64_t now_s, size_t *ret_n,
	  struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(d->db, &r, err,
			    "SELECT j.delivery_id FROM junk j JOIN retention k"
			    " ON k.win_id = j.win_id WHERE j.received_s"
			    " < ?1 - k.days * 86400 ORDER BY j.delivery_id"
			    " LIMIT 100",
			    "i", now_s) &&
	       erase_junk(d, &r, ret_n, err) &&
	       (*ret_n == 0 ||
		(mdg_erase_want(d, err) &&
		 mdg_desk_event(d, &mdg_actor_system, NULL, "junk.erased",
				json_pack("{s:I}", "mails",
					  (json_int_t)*ret_n),
				NULL, err)));
}

bool
mdg_erase_junk_old(struct mdg_desk *d, int64_t now_s, size_t *ret_n,
		   struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (erase_old(d, now_s, ret_n, err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

bool
mdg_erase_phones(struct mdg_desk *d, int64_t customer, struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "DELETE FROM customer_phone WHERE customer_id = ?1",
			  "i", customer) &&
	       mdg_db_run(d->db, err,
			  "UPDATE customer SET kana = '' WHERE id = ?1", "i",
			  customer);
}
