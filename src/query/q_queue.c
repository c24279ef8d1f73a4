#include "madoguchi/query/queue.h"

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

#include "rows.h"

/* The index ticket_urgent has these words, and so answers without a sort. */
#define URGENCY                                                                \
	"COALESCE(t.due_s, t.inbound_s + 86400) - t.priority * 3600"           \
	" - COALESCE(t.temperature, 0) * 1800"
#define BY_URGENCY " ORDER BY " URGENCY ", t.inbound_s, t.id"

/* The same for its condition. */
#define AT_WORK                                                                \
	"(t.state = 'new' OR t.state = 'working' OR t.state = 'error')"

/* Windows in which ?1 writes replies. */
#define WRITES                                                                 \
	"(?1 = 0 OR t.win_id IN (SELECT win_id FROM member"                    \
	" WHERE person_id = ?1 AND role IN ('operator', 'sv', 'admin')))"

bool
mdg_query_queue(struct mdg_db *db, int64_t viewer, int64_t person,
		const char *window, int64_t now_s, int64_t limit, json_t *ret,
		struct mdg_err *err)
{
	struct mdg_rows *r;

	json_object_set_new(ret, "now_s", json_integer(now_s));
	return mdg_db_query(
		       db, &r, err,
		       "SELECT t.number, w.code, t.state, p.login, t.subject,"
		       " c.name, t.due_s, t.inbound_s, t.temperature,"
		       " t.priority, (SELECT k.kind FROM clock k"
		       "  WHERE k.ticket_id = t.id AND k.stopped_s IS NULL"
		       "  AND k.due_s = t.due_s ORDER BY k.n LIMIT 1), " URGENCY
		       " FROM ticket t LEFT JOIN win w ON w.id = t.win_id"
		       " LEFT JOIN customer c ON c.id = t.customer_id"
		       " LEFT JOIN person p ON p.id = t.assignee_id"
		       " WHERE " AT_WORK
		       " AND t.parent_id IS NULL AND " MDG_VIEWER_SEES(
			       "t.win_id") " AND (?2 = 0 OR"
					   " t.assignee_id IS NULL"
					   " OR t.assignee_id = ?2)"
					   " AND (?3 = '' OR w.code = ?3)"
					   BY_URGENCY " LIMIT ?4",
		       "iisi", viewer, person, window ? window : "",
		       limit < 1 || limit > MDG_LIST_MAX ? (int64_t)50
							 : limit) &&
	       mdg_rows_json(&r,
			     "ticket:i window:s state:s assignee:s subject:s "
			     "customer:s due_s:i inbound_s:i temperature:i "
			     "priority:i clock:s urgent_s:i",
			     mdg_json_list(ret, "queue"), err);
}

enum mdg_found
mdg_queue_next(struct mdg_db *db, int64_t person, const char *window,
	       int64_t now_s, int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT t.id FROM ticket t"
			  " LEFT JOIN win w ON w.id = t.win_id"
			  " WHERE " AT_WORK
			  " AND t.state <> 'error'"
			  " AND t.parent_id IS NULL AND t.assignee_id IS NULL"
			  " AND " WRITES " AND (?2 = '' OR w.code = ?2)"
			  " AND NOT EXISTS (SELECT 1 FROM draft_lock l"
			  "  WHERE l.ticket_id = t.id AND l.person_id <> ?1"
			  "  AND l.used_s > ?3)" BY_URGENCY " LIMIT 1",
			  "isi", person, window ? window : "",
			  now_s - MDG_DRAFT_IDLE_S);
}

bool
mdg_queue_unassigned(struct mdg_db *db, int64_t win, int64_t now_s,
		     int64_t *ids, size_t max, size_t *ret_n,
		     struct mdg_err *err)
{
	struct mdg_rows *r;

	*ret_n = 0;
	if (!mdg_db_query(db, &r, err,
			  "SELECT t.id FROM ticket t WHERE " AT_WORK
			  " AND t.state <> 'error' AND t.parent_id IS NULL"
			  " AND t.assignee_id IS NULL AND t.win_id = ?1"
			  " AND NOT EXISTS (SELECT 1 FROM draft_lock l"
			  "  WHERE l.ticket_id = t.id AND l.used_s > ?2)"
			  BY_URGENCY " LIMIT ?3",
			  "iii", win, now_s - MDG_DRAFT_IDLE_S, (int64_t)max))
		return false;
	while (*ret_n < max && mdg_rows_next(r))
		ids[(*ret_n)++] = mdg_rows_i64(r, 0);
	return mdg_rows_close(&r, err);
}

bool
mdg_query_shift(struct mdg_db *db, int64_t viewer, int64_t person,
		int64_t now_s, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	json_object_set_new(ret, "now_s", json_integer(now_s));
	return mdg_db_query(
		       db, &r, err,
		       "SELECT t.number, w.code, t.state, t.hold_reason,"
		       " t.subject, c.name, t.due_s, t.follow_up_s,"
		       " (SELECT d.state FROM draft d WHERE d.ticket_id = t.id"
		       "  AND d.state NOT IN ('sent', 'cancelled')"
		       "  ORDER BY d.id DESC LIMIT 1),"
		       " (SELECT k.due_s FROM clock k WHERE k.ticket_id = t.id"
		       "  AND k.kind = 'promise' AND k.stopped_s IS NULL"
		       "  ORDER BY k.due_s LIMIT 1),"
		       " (SELECT m.text FROM comment m WHERE m.ticket_id = t.id"
		       "  ORDER BY m.id DESC LIMIT 1)"
		       " FROM ticket t LEFT JOIN win w ON w.id = t.win_id"
		       " LEFT JOIN customer c ON c.id = t.customer_id"
		       " WHERE t.assignee_id = ?2"
		       " AND t.state NOT IN ('closed', 'merged')"
		       /* an inquiry that was answered has done its work */
		       " AND (t.parent_id IS NULL OR t.state <> 'new')"
		       " AND " MDG_VIEWER_SEES("t.win_id") BY_URGENCY,
		       "ii", viewer, person) &&
	       mdg_rows_json(&r,
			     "ticket:i window:s state:s hold_reason:s "
			     "subject:s customer:s due_s:i follow_up_s:i "
			     "draft:s promise_s:i comment:s",
			     mdg_json_list(ret, "shift"), err);
}

bool
mdg_query_mentions(struct mdg_db *db, int64_t person, json_t *ret,
		   struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT t.number, t.subject, p.login, m.text,"
			    " m.created_s FROM mention x"
			    " JOIN comment m ON m.id = x.comment_id"
			    " JOIN ticket t ON t.id = m.ticket_id"
			    " LEFT JOIN person p ON p.id = m.person_id"
			    " WHERE x.person_id = ?1 AND x.seen_s IS NULL"
			    " AND (t.win_id IN (SELECT win_id FROM member"
			    "  WHERE person_id = ?1 AND role <> 'none')"
			    "  OR EXISTS (SELECT 1 FROM person a"
			    "  WHERE a.id = ?1 AND a.is_admin = 1))"
			    " ORDER BY m.id",
			    "i", person) &&
	       mdg_rows_json(&r,
			     "ticket:i subject:s author:s comment:s created_s:i",
			     mdg_json_list(ret, "mentions"), err);
}

static bool
list_of(struct mdg_db *db, int64_t ticket, const char *sql,
	const char *columns, const char *name, json_t *ret,
	struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err, sql, "i", ticket) &&
	       mdg_rows_json(&r, columns, mdg_json_list(ret, name), err);
}

bool
mdg_query_notes(struct mdg_db *db, int64_t ticket, int64_t now_s, json_t *ret,
		struct mdg_err *err)
{
	/* clang-format off */
	static const struct {
		const char *name, *columns, *sql;
	} parts[] = {
		{"comments", "comment:i author:s text:s created_s:i",
		 "SELECT m.id, p.login, m.text, m.created_s FROM comment m"
		 " LEFT JOIN person p ON p.id = m.person_id"
		 " WHERE m.ticket_id = ?1 ORDER BY m.id"},
		{"labels", "label:s",
		 "SELECT label FROM ticket_label WHERE ticket_id = ?1"
		 " ORDER BY label"},
		{"side_threads", "ticket:i state:s subject:s to:s changed_s:i",
		 "SELECT t.number, t.state, t.subject, (SELECT x.address"
		 " FROM ticket_participant x WHERE x.ticket_id = t.id"
		 " ORDER BY x.key LIMIT 1), t.changed_s FROM ticket t"
		 " WHERE t.parent_id = ?1 ORDER BY t.id"},
		{"parent", "ticket:i subject:s state:s",
		 "SELECT p.number, p.subject, p.state FROM ticket t"
		 " JOIN ticket p ON p.id = t.parent_id WHERE t.id = ?1"},
	};
	/* clang-format on */
	struct mdg_rows *r;

	for (size_t i = 0; i < MDG_LEN(parts); i++)
		if (!list_of(db, ticket, parts[i].sql, parts[i].columns,
			     parts[i].name, ret, err))
			return false;
	return mdg_db_query(db, &r, err,
			    "SELECT p.login, p.name, l.taken_s, l.used_s"
			    " FROM draft_lock l"
			    " JOIN person p ON p.id = l.person_id"
			    " WHERE l.ticket_id = ?1 AND l.used_s > ?2",
			    "ii", ticket, now_s - MDG_DRAFT_IDLE_S) &&
	       mdg_rows_json(&r, "login:s name:s taken_s:i used_s:i",
			     mdg_json_list(ret, "lock"), err);
}

bool
mdg_query_addresses(struct mdg_db *db, int64_t ticket, json_t *ret,
		    struct mdg_err *err)
{
	return list_of(db, ticket,
		       "SELECT x.message_id, x.role, x.name, x.address"
		       " FROM message m JOIN message_address x"
		       " ON x.message_id = m.id WHERE m.ticket_id = ?1"
		       " ORDER BY m.id, x.role, x.n",
		       "message:i role:s name:s address:s", "addresses", ret,
		       err) &&
	       list_of(db, ticket,
		       "SELECT login, name FROM person WHERE id IN"
		       " (SELECT person_id FROM comment WHERE ticket_id = ?1)"
		       " OR id = (SELECT assignee_id FROM ticket"
		       "  WHERE id = ?1) ORDER BY id",
		       "login:s name:s", "people", ret, err);
}

bool
mdg_query_thanks(struct mdg_db *db, int64_t viewer, int64_t person,
		 int64_t since_s, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(
		       db, &r, err,
		       "SELECT t.number, w.code, p.login, c.name, m.received_s,"
		       " COALESCE(m.reply, m.text), t.subject FROM message m"
		       " JOIN ticket t ON t.id = m.ticket_id"
		       " LEFT JOIN win w ON w.id = t.win_id"
		       " LEFT JOIN person p ON p.id = t.assignee_id"
		       " LEFT JOIN customer c ON c.id = t.customer_id"
		       " WHERE m.flags LIKE '%\"thanks\":true%'"
		       " AND m.received_s >= ?3"
		       " AND (?2 = 0 OR t.assignee_id = ?2)"
		       " AND " MDG_VIEWER_SEES(
			       "t.win_id") " ORDER BY m.id DESC LIMIT 200",
		       "iii", viewer, person, since_s) &&
	       mdg_rows_json(&r,
			     "ticket:i window:s assignee:s customer:s "
			     "received_s:i text:s subject:s",
			     mdg_json_list(ret, "thanks"), err);
}
