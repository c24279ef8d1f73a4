#include "madoguchi/store/st_warn.h"

bool
mdg_warning_add(struct mdg_db *db, int64_t ticket, int64_t clock_n,
		bool breached, int64_t person, int64_t now_s,
		struct mdg_err *err)
{
	return mdg_db_send(db, err,
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
			  " COALESCE(c.name, ''), COALESCE(p.name, ''),"
			  " COALESCE(k.kind, ''),"
			  " COALESCE(k.due_s, t.due_s, 0), MAX(w.breached)"
			  " FROM warning w JOIN ticket t ON t.id = w.ticket_id"
			  " LEFT JOIN clock k ON k.ticket_id = w.ticket_id"
			  " AND k.n = w.clock_n"
			  " LEFT JOIN customer c ON c.id = t.customer_id"
			  " LEFT JOIN person p ON p.id = t.assignee_id"
			  " WHERE w.person_id = ?1 AND ((k.stopped_s IS NULL"
			  " AND k.state IN ('running', 'breached'))"
			  " OR (w.clock_n < 0 AND t.assignee_id IS NULL"
			  " AND t.state NOT IN ('closed', 'merged')))"
			  " GROUP BY t.id, k.n, t.number, t.win_id, t.subject,"
			  " c.name, p.name, k.kind, k.due_s, t.due_s"
			  " ORDER BY 7, t.number, 6",
			  "i", person))
		return false;
	*sum = (struct mdg_warned){0};
	while (mdg_rows_next(r)) {
		int64_t due_s = mdg_rows_i64(r, 6);
		sum->late += due_s && due_s < now_s;
		if (sum->all++ >= max)
			continue;
		ret[sum->listed++] = (struct mdg_warning){
			.ticket_number = mdg_rows_i64(r, 0),
			.win_id = mdg_rows_i64(r, 1),
			.subject = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.customer = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.assignee = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
			.clock = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.due_s = due_s,
			.breached = mdg_rows_i64(r, 7) != 0,
		};
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_warning_clear(struct mdg_db *db, int64_t person, struct mdg_err *err)
{
	return mdg_db_send(db, err, "DELETE FROM warning WHERE person_id = ?1",
			   "i", person);
}

bool
mdg_warning_drop(struct mdg_db *db, int64_t win, int64_t person,
		 struct mdg_err *err)
{
	return mdg_db_send(db, err,
			   "DELETE FROM warning WHERE person_id = ?2"
			   " AND EXISTS (SELECT 1 FROM ticket t"
			   " WHERE t.id = warning.ticket_id AND t.win_id = ?1)",
			   "ii", win, person);
}

bool
mdg_warning_late(struct mdg_db *db, int64_t ticket, int64_t person,
		 int64_t now_s, struct mdg_err *err)
{
	return mdg_db_send(db, err,
			   "INSERT INTO warning (ticket_id, clock_n, breached,"
			   " person_id, made_s) SELECT c.ticket_id, c.n, 1, ?2,"
			   " ?3 FROM clock c WHERE c.ticket_id = ?1"
			   " AND c.state = 'breached' AND c.stopped_s IS NULL",
			   "iii", ticket, person, now_s);
}

enum mdg_found
mdg_escalation_get(struct mdg_db *db, int64_t ticket, int64_t *ret_person,
		   struct mdg_err *err)
{
	return mdg_db_i64(db, ret_person, err,
			  "SELECT person_id FROM escalation"
			  " WHERE ticket_id = ?1",
			  "i", ticket);
}

bool
mdg_escalation_put(struct mdg_db *db, int64_t ticket, int64_t person,
		   int64_t now_s, struct mdg_err *err)
{
	return mdg_db_send(
		db, err,
		"INSERT INTO escalation (ticket_id, person_id,"
		" since_s) VALUES (?1, ?2, ?3) ON CONFLICT (ticket_id)"
		" DO UPDATE SET person_id = excluded.person_id,"
		" since_s = excluded.since_s",
		"iii", ticket, person, now_s);
}

bool
mdg_escalation_of(struct mdg_db *db, int64_t person, int64_t *ids, size_t max,
		  size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT t.id FROM escalation e JOIN ticket t"
			    " ON t.id = e.ticket_id WHERE e.person_id = ?1"
			    " AND t.state NOT IN ('closed', 'merged')"
			    " ORDER BY t.id",
			    "i", person) &&
	       mdg_rows_ids(&r, ids, max, ret_n, err);
}

bool
mdg_warning_windows(struct mdg_db *db, int64_t person, int64_t *wins,
		    size_t max, size_t *ret_n, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT DISTINCT t.win_id FROM warning w"
			    " JOIN ticket t ON t.id = w.ticket_id"
			    " WHERE w.person_id = ?1 ORDER BY t.win_id",
			    "i", person) &&
	       mdg_rows_ids(&r, wins, max, ret_n, err);
}

bool
mdg_warning_pass_on(struct mdg_db *db, int64_t win, int64_t from, int64_t to,
		    struct mdg_err *err)
{
	return mdg_db_send(
		db, err,
		"INSERT INTO warning (ticket_id, clock_n, breached, person_id,"
		" made_s) SELECT w.ticket_id, w.clock_n, w.breached, ?3,"
		" w.made_s FROM warning w JOIN ticket t ON t.id = w.ticket_id"
		" WHERE w.person_id = ?2 AND t.win_id = ?1 AND NOT EXISTS"
		" (SELECT 1 FROM warning x WHERE x.person_id = ?3"
		" AND x.ticket_id = w.ticket_id AND x.clock_n = w.clock_n"
		" AND x.breached = w.breached)",
		"iii", win, from, to);
}
