/* trace: the story of one mail or ticket. */
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"
#include "madoguchi/store/st_mail.h"
#include "rows.h"

static bool
events(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(json_decrefp) json_t *by_id = json_object();
	json_t *list = mdg_json_list(ret, "events");
	char at[32];

	if (!mdg_logins(db, by_id, err) ||
	    !mdg_db_query(db, &r, err,
			  "WITH RECURSIVE " MDG_TICKET_MEMBERS
			  " SELECT e.time_s, e.actor, e.kind, e.codes, t.number"
			  " FROM event e JOIN ticket t ON t.id = e.ticket_id"
			  " WHERE e.ticket_id IN (SELECT id FROM members)"
			  " ORDER BY e.time_s, e.lane, e.seq",
			  "i", ticket))
		return false;
	while (mdg_rows_next(r)) {
		json_t *codes = json_loads(mdg_rows_text(r, 3), 0, NULL);
		int64_t t_s = mdg_rows_i64(r, 0);
		json_array_append_new(
			list,
			json_pack("{s:I,s:s,s:s,s:s?,s:s,s:o,s:I}", "time_s",
				  t_s, "time",
				  mdg_time_rfc3339(t_s, at, sizeof(at)),
				  "actor", mdg_rows_text(r, 1), "login",
				  mdg_login_of(by_id, mdg_rows_text(r, 1)),
				  "kind", mdg_rows_text(r, 2), "codes", codes,
				  "ticket", mdg_rows_i64(r, 4)));
	}
	return mdg_rows_close(&r, err);
}

static bool
deliveries(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT d.id, a.name, f.name, d.uidvalidity, d.uid,"
			  " d.state, d.bytes, d.internaldate_s, d.listed_s,"
			  " d.attempts, d.reason, m.id, m.message_id,"
			  " s.state, s.name"
			  " FROM message m"
			  " JOIN delivery d ON d.message_id = m.id"
			  " LEFT JOIN account a ON a.id = d.account_id"
			  " LEFT JOIN folder f ON f.id = d.folder_id"
			  " LEFT JOIN scan s ON s.kind = 'mail'"
			  "  AND s.item_id = d.raw_id"
			  " WHERE m.ticket_id = ?1 ORDER BY d.id",
			  "i", ticket))
		return false;
	return mdg_rows_json(&r,
			     "delivery:i mailbox:s folder:s uidvalidity:i "
			     "uid:i state:s bytes:i internaldate_s:i "
			     "listed_s:i attempts:i reason:s message:i "
			     "message_id:s scan:s scan_name:s",
			     mdg_json_list(ret, "deliveries"), err);
}

static bool
outgoing(struct mdg_db *db, int64_t ticket, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT o.id, o.state, o.message_id, o.attempts,"
			  " o.sent_s, o.copy_state, x.address, x.state, x.code,"
			  " x.text FROM outbox o"
			  " JOIN outbox_rcpt x ON x.outbox_id = o.id"
			  " WHERE o.ticket_id = ?1 ORDER BY o.id, x.n",
			  "i", ticket))
		return false;
	return mdg_rows_json(&r,
			     "outbox:i state:s message_id:s attempts:i "
			     "sent_s:i copy:s to:s result:s code:i answer:s",
			     mdg_json_list(ret, "outgoing"), err);
}

/* The ticket that a number or a Message-ID leads to. */
static enum mdg_found
find(struct mdg_db *db, const char *what, int64_t *ret, struct mdg_err *err)
{
	char id[MDG_MSGID_BYTES_MAX + 1];
	int64_t number;
	size_t n = strlen(what);

	if (mdg_str_i64(what, 1, INT64_MAX, &number))
		return mdg_db_i64(
			db, ret, err,
			"WITH RECURSIVE up (id, into_id) AS (SELECT id,"
			" merged_into FROM ticket WHERE number = ?1 UNION"
			" SELECT t.id, t.merged_into FROM ticket t"
			" JOIN up ON t.id = up.into_id)"
			" SELECT id FROM up WHERE into_id IS NULL",
			"i", number);
	if (n >= 2 && what[0] == '<' && what[n - 1] == '>') {
		what++;
		n -= 2;
	}
	if (n >= sizeof(id))
		return MDG_NONE;
	memcpy(id, what, n);
	id[n] = '\0';
	return mdg_ref_ticket(db, id, ret, err);
}

bool
mdg_query_trace(struct mdg_db *db, int64_t viewer, const char *what,
		json_t *ret, struct mdg_err *err)
{
	int64_t ticket, number;
	enum mdg_found f = find(db, what, &ticket, err);

	if (f == MDG_FOUND)
		f = mdg_db_i64(db, &number, err,
			       "SELECT number FROM ticket WHERE id = ?2"
			       " AND " MDG_VIEWER_SEES("win_id"),
			       "ii", viewer, ticket);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	json_object_set_new(ret, "ticket", json_integer(number));
	return deliveries(db, ticket, ret, err) &&
	       events(db, ticket, ret, err) && outgoing(db, ticket, ret, err);
}
