/* What the mail system took for spam. */
#include "madoguchi/base/limits.h"
#include "madoguchi/query/query.h"
#include "rows.h"

bool
mdg_query_junk(struct mdg_db *db, int64_t win, int64_t since_s, bool all,
	       json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT j.delivery_id, j.received_s, j.from_name,"
			  " j.from_address, j.subject, j.unreadable, o.number,"
			  " j.state, j.told_s, p.login, t.number FROM junk j"
			  " LEFT JOIN ticket o ON o.id = j.about_ticket"
			  " LEFT JOIN person p ON p.id = j.decided_by"
			  " LEFT JOIN delivery d ON d.id = j.delivery_id"
			  " LEFT JOIN message m ON m.id = d.message_id"
			  " LEFT JOIN ticket t ON t.id = m.ticket_id"
			  " WHERE j.win_id = ?1 AND j.received_s >= ?2"
			  " AND (j.state = 'kept' OR (?3 = 1"
			  "  AND j.state = 'rescued'))"
			  " ORDER BY j.received_s DESC, j.delivery_id DESC"
			  " LIMIT ?4",
			  "iiii", win, since_s, (int64_t)all,
			  (int64_t)MDG_LIST_MAX))
		return false;
	return mdg_rows_json(&r,
			     "junk:i received_s:i name:s address:s subject:s "
			     "unreadable:b about:i state:s told_s:i user:s "
			     "ticket:i",
			     mdg_json_list(ret, "junk"), err);
}
