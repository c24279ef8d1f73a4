#include "madoguchi/store/st_lead.h"

#define AWAY                                                                   \
	"EXISTS (SELECT 1 FROM person_work w WHERE w.person_id = p.id"         \
	" AND w.absent = 1 AND COALESCE(w.absent_until_s, ?2 + 1) > ?2)"
#define DEPUTY                                                                 \
	"EXISTS (SELECT 1 FROM deputy d WHERE d.person_id = p.id"              \
	" AND d.win_id = ?1 AND d.from_s <= ?2 AND d.until_s > ?2)"
/* whose turn it is: 0 to 2 of those who are there, 3 to 5 of the others; a
 * statement that only reads begins with SELECT (mdg_db_writes()) */
#define LEAD_ROWS                                                              \
	" FROM (WITH lead AS (SELECT p.id AS id,"                              \
	" CASE WHEN m.role = 'sv' OR " DEPUTY " THEN 0"                        \
	" WHEN m.role = 'admin' THEN 1 ELSE 2 END"                             \
	" + CASE WHEN " AWAY " THEN 3 ELSE 0 END AS turn"                      \
	" FROM person p LEFT JOIN member m ON m.person_id = p.id"              \
	" AND m.win_id = ?1 WHERE p.disabled = 0 AND p.id <> ?3"               \
	" AND (?4 = 0 OR p.email <> '')"                                       \
	" AND (m.role IN ('sv', 'admin') OR p.is_admin = 1 OR " DEPUTY "))"    \
	" SELECT id FROM lead WHERE turn = (SELECT MIN(turn) FROM lead)) l"    \
	" WHERE 1 = 1"
#define LEADS "SELECT l.id" LEAD_ROWS

bool
mdg_leads(struct mdg_db *db, const struct mdg_lead_ask *q, int64_t *ids,
	  size_t max, size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err, LEADS " ORDER BY l.id", "iiii", q->win,
			    q->now_s, q->but, (int64_t)q->by_mail) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

bool
mdg_leads_late(struct mdg_db *db, const struct mdg_lead_ask *q,
	       struct mdg_lead *v, size_t max, size_t *ret_n,
	       struct mdg_err *err)
{
	struct mdg_rows *r;

	*ret_n = 0;
	if (!mdg_db_query(db, &r, err,
			  "SELECT l.id, (SELECT COUNT(*) FROM escalation e"
			  " JOIN ticket t ON t.id = e.ticket_id"
			  " AND t.state NOT IN ('closed', 'merged')"
			  " WHERE e.person_id = l.id)" LEAD_ROWS
			  " ORDER BY l.id",
			  "iiii", q->win, q->now_s, q->but,
			  (int64_t)q->by_mail))
		return false;
	while (*ret_n < max && mdg_rows_next(r))
		v[(*ret_n)++] = (struct mdg_lead){mdg_rows_i64(r, 0),
						  mdg_rows_i64(r, 1)};
	return mdg_rows_close(&r, err);
}

static bool
found(enum mdg_found f, bool *ret)
{
	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

bool
mdg_lead_is(struct mdg_db *db, const struct mdg_lead_ask *q, int64_t person,
	    bool *ret, struct mdg_err *err)
{
	int64_t one;

	return found(mdg_db_i64(db, &one, err, LEADS " AND l.id = ?5", "iiiii",
				q->win, q->now_s, q->but, (int64_t)q->by_mail,
				person),
		     ret);
}

bool
mdg_person_is_there(struct mdg_db *db, int64_t win, int64_t person,
		    int64_t now_s, bool *ret, struct mdg_err *err)
{
	int64_t one;

	return found(mdg_db_i64(db, &one, err,
				"SELECT 1 FROM person p WHERE p.id = ?3"
				" AND p.disabled = 0 AND NOT " AWAY
				" AND (p.is_admin = 1 OR EXISTS (SELECT 1"
				" FROM member m WHERE m.person_id = p.id"
				" AND m.win_id = ?1 AND m.role IN"
				" ('operator', 'sv', 'admin')) OR " DEPUTY ")",
				"iii", win, now_s, person),
		     ret);
}
