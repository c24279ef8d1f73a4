/* What a lead looks at before a reply goes out. */
#include "madoguchi/query/query.h"

#include "madoguchi/base/str.h"
#include "rows.h"

enum { MAILS_MAX = 50 };

bool
mdg_query_answered(struct mdg_db *db, const struct mdg_ticket *t, json_t *list,
		   struct mdg_err *err)
{
	struct mdg_rows *r;

	/* upper: where the newest stands; lower: our last mail before it */
	if (!mdg_db_query(
		    db, &r, err,
		    "WITH newest AS (SELECT id, received_s FROM message"
		    "  WHERE id = ?2), ours AS (SELECT m.id, m.received_s"
		    "  FROM message m, newest n WHERE m.ticket_id = ?1"
		    "  AND m.direction = 'out' AND m.class = 'ordinary'"
		    "  AND (m.received_s, m.id) < (n.received_s, n.id)"
		    "  ORDER BY m.received_s DESC, m.id DESC LIMIT 1)"
		    " SELECT m.id, m.direction, m.from_name, m.from_address,"
		    " m.subject, m.received_s, COALESCE(m.reply, m.text),"
		    " m.attachments_n FROM newest n, message m"
		    " LEFT JOIN ours o ON 1 = 1 WHERE m.ticket_id = ?1"
		    " AND m.class = 'ordinary'"
		    " AND (m.received_s, m.id) <= (n.received_s, n.id)"
		    " AND (o.id IS NULL"
		    "  OR (m.received_s, m.id) >= (o.received_s, o.id))"
		    " ORDER BY m.received_s DESC, m.id DESC LIMIT ?3",
		    "iii", t->id, t->newest_message_id, (int64_t)MAILS_MAX))
		return false;
	return mdg_rows_json(&r,
			     "id:i direction:s from_name:s from_address:s "
			     "subject:s received_s:i text:s attachments:i",
			     list, err);
}

bool
mdg_query_review(struct mdg_db *db, const struct mdg_draft *d,
		 const struct mdg_ticket *t, int64_t now_s, json_t *ret,
		 struct mdg_err *err)
{
	struct mdg_rows *r;

	json_object_set_new(ret, "now_s", json_integer(now_s));
	json_object_set_new(ret, "ticket", json_integer(t->number));
	if (!mdg_query_draft(db, d, ret, err) ||
	    !mdg_query_answered(db, t, mdg_json_list(ret, "customer_mail"),
				err))
		return false;
	if (!mdg_db_query(db, &r, err,
			  "SELECT kind, state, due_s FROM clock"
			  " WHERE ticket_id = ?1 AND stopped_s IS NULL"
			  " AND state IN ('running', 'breached')"
			  " ORDER BY due_s",
			  "i", t->id) ||
	    !mdg_rows_json(&r, "clock:s state:s due_s:i",
			   mdg_json_list(ret, "clocks"), err))
		return false;
	if (!mdg_db_query(db, &r, err,
			  "SELECT w.revision_id, v.n, v.state, w.outcome,"
			  " w.code, w.care, w.overridden, w.reason, w.body,"
			  " v.comment, v.findings, w.corrected_id,"
			  " w.escalate_s, w.escalated_s FROM review w"
			  " JOIN revision v ON v.id = w.revision_id"
			  " WHERE w.draft_id = ?1 ORDER BY v.n",
			  "i", d->id))
		return false;
	return mdg_rows_json(&r,
			     "revision:i n:i state:s outcome:s code:s care:s "
			     "overridden:s reason:s body:s comment:s "
			     "findings:s corrected:i escalate_s:i "
			     "escalated_s:i",
			     mdg_json_list(ret, "requests"), err);
}

bool
mdg_query_approvals(struct mdg_db *db, int64_t viewer, int64_t now_s,
		    json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	json_object_set_new(ret, "now_s", json_integer(now_s));
	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT d.id, t.number, n.code, p.login, d.subject,"
		    " w.care, w.asked_s, w.escalated_s, t.due_s"
		    " FROM review w JOIN revision v ON v.id = w.revision_id"
		    " JOIN draft d ON d.id = w.draft_id"
		    " JOIN ticket t ON t.id = d.ticket_id"
		    " JOIN win n ON n.id = w.win_id"
		    " LEFT JOIN person p ON p.id = v.requested_by"
		    " WHERE v.state = 'waiting' AND d.state = 'waiting'"
		    " AND " MDG_VIEWER_SEES(
			    "w.win_id") " ORDER BY CASE WHEN t.due_s IS NULL THEN 1 ELSE 0 END,"
					" t.due_s, w.asked_s LIMIT 1000",
		    "i", viewer))
		return false;
	return mdg_rows_json(&r,
			     "draft:i ticket:i window:s requested_by:s "
			     "subject:s care:s asked_s:i escalated_s:i due_s:i",
			     mdg_json_list(ret, "approvals"), err);
}
