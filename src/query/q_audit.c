/* Who looked at what. */
#include "madoguchi/base/limits.h"
#include "madoguchi/query/query.h"

#include "rows.h"

bool
mdg_query_views(struct mdg_db *db, int64_t ticket, const char *login,
		int64_t since_s, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	/* the actor begins with "person:N"; "uid:N" is the machine's admin */
	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT v.kind, v.subject_id, v.actor, p.login, t.number,"
		    " v.first_s, v.last_s, v.n FROM view_log v"
		    " LEFT JOIN person p ON v.actor = 'person:' || p.id"
		    " OR v.actor LIKE 'person:' || p.id || ' as %'"
		    " LEFT JOIN ticket t ON t.id = v.subject_id"
		    " AND v.kind IN ('ticket', 'draft', 'attachment')"
		    " WHERE (?1 = 0 OR t.id = ?1) AND (?2 = '' OR p.login = ?2)"
		    " AND v.last_s >= ?3 ORDER BY v.last_s DESC LIMIT ?4",
		    "isii", ticket, login ? login : "", since_s,
		    (int64_t)MDG_LIST_MAX))
		return false;
	return mdg_rows_json(&r,
			     "kind:s subject:i actor:s login:s ticket:i "
			     "first_s:i last_s:i n:i",
			     mdg_json_list(ret, "views"), err);
}
