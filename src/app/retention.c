/* Closed tickets whose time is over, and what the junk folder held then. */
#include "erase-int.h"
#include "madoguchi/base/str.h"

bool
mdg_retention_step(struct mdg_desk *d, int64_t now_s, size_t max,
		   size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t ids[100], whole[100];
	struct mdg_erased sum = {0};
	size_t n = 0, junk = 1;

	*ret_n = 0;
	/* the newest number stays: numbers are never given twice */
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT t.id, CASE WHEN r.how = 'delete' THEN 1"
			  " ELSE 0 END FROM retention r CROSS JOIN ticket t"
			  " WHERE t.win_id = r.win_id AND t.state = 'closed'"
			  " AND t.closed_s < ?1 - r.days * 86400"
			  " AND (t.erased_s IS NULL OR r.how = 'delete')"
			  " AND t.number < (SELECT MAX(number) FROM ticket)"
			  " AND NOT EXISTS (SELECT 1 FROM outbox o"
			  " WHERE o.ticket_id = t.id AND o.state IN ('queued',"
			  " 'sending', 'committing', 'unknown'))"
			  " ORDER BY t.closed_s, t.id LIMIT ?2",
			  "ii", now_s,
			  (int64_t)(max < MDG_LEN(ids) ? max : MDG_LEN(ids))))
		return false;
	while (n < MDG_LEN(ids) && mdg_rows_next(r)) {
		ids[n] = mdg_rows_i64(r, 0);
		whole[n++] = mdg_rows_i64(r, 1);
	}
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!mdg_desk_begin(d, err))
			return false;
		if (!mdg_erase_ticket(d, &mdg_actor_system, ids[i], whole[i],
				      &sum, err)) {
			mdg_desk_rollback(d);
			return false;
		}
		if (!mdg_desk_commit(d, err))
			return false;
		(*ret_n)++;
	}
	for (int i = 0; junk && i < 10; i++)
		if (!mdg_erase_junk_old(d, now_s, &junk, err))
			return false;
	return true;
}
