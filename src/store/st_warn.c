#include "madoguchi/store/st_warn.h"

bool
mdg_warning_add(struct mdg_db *db, int64_t ticket, int64_t clock_n,
		bool breached, int64_t person, int64_t now_s,
		struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO warning (ticket_id, clock_n, breached,"
			  " person_id, made_s) VALUES (?1, ?2, ?3, ?4, ?5)",
			  "iiiii", ticket, clock_n, (int64_t)breached, person,
			  now_s);
}

enum mdg_found
mdg_warning_oldest(struct mdg_db *db, int64_t *ret_s, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_s, err,
			  "SELECT made_s FROM warning ORDER BY id LIMIT 1", "");
}

bool
mdg_warning_people(struct mdg_db *db, int64_t *ids, size_t max, size_t *ret_n,
		   struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT DISTINCT person_id FROM warning"
			    " ORDER BY person_id",
			    "") &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

bool
mdg_warning_list(struct mdg_db *db, int64_t person, struct mdg_arena *a,
		 int64_t now_s, struct mdg_warning *ret, size_t max,
		 struct mdg_warned *sum, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT t.number, t.win_id, t.subject,"
			  " COALESCE(c.name, ''), COALESCE(p.name, ''), k.kind,"
			  " k.due_s, MAX(w.breached) FROM warning w"
			  " JOIN ticket t ON t.id = w.ticket_id"
			  " JOIN clock k ON k.ticket_id = w.ticket_id"
			  " AND k.n = w.clock_n"
			  " LEFT JOIN customer c ON c.id = t.customer_id"
			  " LEFT JOIN person p ON p.id = t.assignee_id"
			  " WHERE w.person_id = ?1 AND k.stopped_s IS NULL"
			  " AND k.state IN ('running', 'breached')"
			  " GROUP BY t.id, k.n, t.number, t.win_id, t.subject,"
			  " c.name, p.name, k.kind, k.due_s"
			  " ORDER BY k.due_s, t.number",
			  "i", person))
		return false;
	*sum = (struct mdg_warned){0};
	while (mdg_rows_next(r)) {
		sum->late += mdg_rows_i64(r, 6) < now_s;
		if (sum->all++ >= max)
			continue;
		ret[sum->listed++] = (struct mdg_warning){
			.ticket_number = mdg_rows_i64(r, 0),
			.win_id = mdg_rows_i64(r, 1),
			.subject = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.customer = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.assignee = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
			.clock = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.due_s = mdg_rows_i64(r, 6),
			.breached = mdg_rows_i64(r, 7) != 0,
		};
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_warning_clear(struct mdg_db *db, int64_t person, struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM warning WHERE person_id = ?1",
			  "i", person);
}

/* Those who lead a window; where there are none, who governs it, then who
 * governs the desk: nobody is late without anybody knowing. */
#define IN_ROLE(role)                                                          \
	"EXISTS (SELECT 1 FROM member x JOIN person y ON y.id = x.person_id"   \
	" WHERE x.win_id = ?1 AND x.role = '" role "' AND y.disabled = 0)"
#define LEADS                                                                  \
	" FROM person p LEFT JOIN member m ON m.person_id = p.id"              \
	" AND m.win_id = ?1 WHERE p.disabled = 0 AND"                          \
	" CASE WHEN " IN_ROLE(                                                 \
		"sv") " THEN COALESCE(m.role, '') = 'sv'"                      \
		      " WHEN " IN_ROLE(                                        \
			      "admin") " THEN COALESCE(m.role, '') = 'admin'"  \
				       " ELSE p.is_admin = 1 END"

bool
mdg_leads(struct mdg_db *db, int64_t win, int64_t *ids, size_t max,
	  size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err, "SELECT p.id" LEADS " ORDER BY p.id",
			    "i", win) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

enum mdg_found
mdg_escalation_choose(struct mdg_db *db, int64_t win, int64_t now_s,
		      int64_t *ret_person, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_person, err,
			  "SELECT p.id" LEADS " ORDER BY (SELECT COUNT(*)"
			  " FROM person_work w WHERE w.person_id = p.id"
			  " AND w.absent = 1 AND"
			  " COALESCE(w.absent_until_s, ?2 + 1) > ?2),"
			  " (SELECT COUNT(*)"
			  " FROM escalation e JOIN ticket t"
			  " ON t.id = e.ticket_id AND t.assignee_id IS NULL"
			  " AND t.state NOT IN ('closed', 'merged')"
			  " WHERE e.person_id = p.id), p.id LIMIT 1",
			  "ii", win, now_s);
}

enum mdg_found
mdg_escalation_get(struct mdg_db *db, int64_t ticket, int64_t *ret_person,
		   struct mdg_err *err)
{
	return mdg_db_i64(db, ret_person, err,
			  "SELECT e.person_id FROM escalation e"
			  " JOIN person p ON p.id = e.person_id"
			  " AND p.disabled = 0 WHERE e.ticket_id = ?1",
			  "i", ticket);
}

bool
mdg_escalation_put(struct mdg_db *db, int64_t ticket, int64_t person,
		   int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(
		db, err,
		"INSERT INTO escalation (ticket_id, person_id,"
		" since_s) VALUES (?1, ?2, ?3) ON CONFLICT (ticket_id)"
		" DO UPDATE SET person_id = excluded.person_id,"
		" since_s = excluded.since_s",
		"iii", ticket, person, now_s);
}
