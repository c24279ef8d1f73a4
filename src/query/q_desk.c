/* People, windows, mailboxes, status. */
#include "madoguchi/query/query.h"

#include "rows.h"

bool
mdg_query_people(struct mdg_db *db, int64_t viewer, int64_t now_s, json_t *ret,
		 struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT p.login, p.name, p.email, p.is_admin,"
			  " p.disabled, COALESCE(k.absent, 0) = 1"
			  "  AND COALESCE(k.absent_until_s, ?2 + 1) > ?2,"
			  " w.code, m.role, m.is_novice"
			  " FROM person p"
			  " LEFT JOIN person_work k ON k.person_id = p.id"
			  " LEFT JOIN member m ON m.person_id = p.id"
			  " LEFT JOIN win w ON w.id = m.win_id"
			  " WHERE " MDG_VIEWER_SEES(
				  "m.win_id") " ORDER BY p.login, w.code",
			  "ii", viewer, now_s))
		return false;
	return mdg_rows_json(&r,
			     "login:s name:s email:s admin:b disabled:b "
			     "absent:b window:s role:s novice:b",
			     mdg_json_list(ret, "users"), err);
}

bool
mdg_query_windows(struct mdg_db *db, int64_t viewer, json_t *ret,
		  struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT code, name, address, from_name, approval,"
		    " self_approval, (SELECT template_id"
		    "  FROM win_receipt r WHERE r.win_id = win.id)"
		    " FROM win WHERE " MDG_VIEWER_SEES("id") " ORDER BY code",
		    "i", viewer))
		return false;
	return mdg_rows_json(&r,
			     "window:s name:s address:s from_name:s "
			     "approval:s self_approval:b receipt:s",
			     mdg_json_list(ret, "windows"), err);
}

/* "password", or how far its authorization is (app/oauth.h). */
#define ACCESS                                                                 \
	"CASE WHEN a.auth = 'password' THEN 'password'"                        \
	" ELSE COALESCE(o.state, 'wanted') END"

bool
mdg_query_mailboxes(struct mdg_db *db, int64_t viewer, json_t *ret,
		    struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT a.name, a.address, a.imap_host, a.imap_port,"
			  " a.smtp_host, a.smtp_port,"
			  " COALESCE(NULLIF(f.name, ''), f.found_name), f.role,"
			  " f.low_uid, f.synced_s, f.policy, f.policy_arg,"
			  " f.looked_s, f.clean_s, f.problem, " ACCESS
			  " FROM account a"
			  " LEFT JOIN oauth o ON o.account_id = a.id"
			  " LEFT JOIN folder f ON f.account_id = a.id"
			  " AND f.removed = 0 WHERE a.removed = 0"
			  " AND " MDG_VIEWER_SEES_ACCOUNT(
				  "a.id") " ORDER BY a.name, f.id",
			  "i", viewer))
		return false;
	return mdg_rows_json(&r,
			     "mailbox:s address:s imap_host:s imap_port:i "
			     "smtp_host:s smtp_port:i folder:s role:s "
			     "low_uid:i synced_s:i policy:s policy_arg:s "
			     "looked_s:i clean_s:i problem:s access:s",
			     mdg_json_list(ret, "mailboxes"), err);
}

static bool
counts(struct mdg_db *db, const char *sql, int64_t viewer, json_t *into,
       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err, sql, "i", viewer))
		return false;
	while (mdg_rows_next(r))
		json_object_set_new(into, mdg_rows_text(r, 0),
				    json_integer(mdg_rows_i64(r, 1)));
	return mdg_rows_close(&r, err);
}

static json_t *
object_in(json_t *ret, const char *name)
{
	json_t *o = json_object();

	json_object_set_new(ret, name, o);
	return o;
}

static bool
sending_mode(struct mdg_db *db, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *mode = "off";

	if (!mdg_db_query(db, &r, err,
			  "SELECT value FROM setting WHERE key = 'sending'",
			  ""))
		return false;
	if (mdg_rows_next(r))
		mode = mdg_rows_text(r, 0);
	json_object_set_new(ret, "sending", json_string(mode));
	return mdg_rows_close(&r, err);
}

/* A mailbox without a folder for what went out has none to speak of. */
static bool
folders(struct mdg_db *db, int64_t viewer, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT a.name, COALESCE(NULLIF(f.name, ''),"
			  " f.found_name), f.role, f.synced_s, f.looked_s,"
			  " f.clean_s, f.problem, " ACCESS " FROM folder f"
			  " JOIN account a ON a.id = f.account_id"
			  " LEFT JOIN oauth o ON o.account_id = a.id"
			  " WHERE a.removed = 0 AND f.removed = 0"
			  " AND NOT (f.name = '' AND f.found_name = '')"
			  " AND " MDG_VIEWER_SEES_ACCOUNT(
				  "a.id") " ORDER BY a.name, f.id",
			  "i", viewer))
		return false;
	return mdg_rows_json(&r,
			     "mailbox:s folder:s role:s synced_s:i looked_s:i "
			     "clean_s:i problem:s access:s",
			     mdg_json_list(ret, "folders"), err);
}

/* percent: from 85 on a mailbox is soon full, and then mail bounces. */
static bool
quotas(struct mdg_db *db, int64_t viewer, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT a.name, q.used_bytes, q.limit_bytes,"
		    " q.used_bytes / (q.limit_bytes / 100 + 1),"
		    " CASE WHEN q.used_bytes / 85 >= q.limit_bytes / 100"
		    " THEN 1 ELSE 0 END, q.asked_s FROM account_quota q"
		    " JOIN account a ON a.id = q.account_id"
		    " WHERE a.removed = 0 AND q.limit_bytes > 0"
		    " AND " MDG_VIEWER_SEES_ACCOUNT("a.id") " ORDER BY a.name",
		    "i", viewer))
		return false;
	return mdg_rows_json(&r,
			     "mailbox:s used_bytes:i limit_bytes:i percent:i "
			     "nearly_full:b asked_s:i",
			     mdg_json_list(ret, "quotas"), err);
}

bool
mdg_query_status(struct mdg_db *db, int64_t viewer, int64_t now_s, json_t *ret,
		 struct mdg_err *err)
{

	json_object_set_new(ret, "now_s", json_integer(now_s));
	json_object_set_new(ret, "store_bytes",
			    json_integer(mdg_db_size_bytes(db)));
	if (!sending_mode(db, ret, err) ||
	    !counts(db,
		    "SELECT state, COUNT(*) FROM delivery"
		    " WHERE " MDG_VIEWER_SEES_ACCOUNT(
			    "account_id") " GROUP BY state",
		    viewer, object_in(ret, "deliveries"), err) ||
	    !counts(db,
		    "SELECT state, COUNT(*) FROM ticket"
		    " WHERE state NOT IN ('closed', 'merged') AND " MDG_VIEWER_SEES(
			    "win_id") " GROUP BY state UNION ALL"
				      " SELECT 'closed', COUNT(*) FROM ticket"
				      " WHERE state = 'closed' AND " MDG_VIEWER_SEES(
					      "win_id"),
		    viewer, object_in(ret, "tickets"), err) ||
	    !counts(db,
		    "SELECT o.state, COUNT(*) FROM outbox o"
		    " LEFT JOIN ticket t ON t.id = o.ticket_id"
		    " WHERE " MDG_VIEWER_SEES("t.win_id") " GROUP BY o.state",
		    viewer, object_in(ret, "outbox"), err) ||
	    !counts(db,
		    /* of open tickets, which come first: CROSS keeps
		     * SQLite from reading every clock */
		    "SELECT c.state, COUNT(*) FROM ticket t"
		    " CROSS JOIN clock c"
		    " WHERE c.ticket_id = t.id AND t.state NOT IN"
		    " ('closed', 'merged') AND " MDG_VIEWER_SEES(
			    "t.win_id") " GROUP BY c.state",
		    viewer, object_in(ret, "clocks"), err))
		return false;
	return folders(db, viewer, ret, err) && quotas(db, viewer, ret, err);
}
