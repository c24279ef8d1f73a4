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
