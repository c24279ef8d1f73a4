/* What we have of one customer: for them to see, and before it is erased. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"

#include "madoguchi/store/st_mail.h"

#include "rows.h"

static bool
one_list(struct mdg_db *db, int64_t id, const char *sql, const char *columns,
	 const char *name, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err, sql, "i", id) &&
	       mdg_rows_json(&r, columns, mdg_json_list(ret, name), err);
}

bool
mdg_query_customer(struct mdg_db *db, int64_t id, json_t *ret,
		   struct mdg_err *err)
{
	/* clang-format off */
	static const struct {
		const char *name, *columns, *sql;
	} parts[] = {
		{"customer_rows", "customer:i name:s kana:s company:s phone:s "
		 "note:s created_s:i",
		 "SELECT id, name, kana, company, phone, note, created_s"
		 " FROM customer WHERE id = ?1"},
		{"addresses", "address:s",
		 "SELECT address FROM customer_address WHERE customer_id = ?1"
		 " ORDER BY address"},
		{"phones", "phone:s",
		 "SELECT phone FROM customer_phone WHERE customer_id = ?1"
		 " ORDER BY key"},
		{"tickets", "ticket:i window:s subject:s state:s closing:s "
		 "created_s:i closed_s:i",
		 "SELECT t.number, w.code, t.subject, t.state, t.closing,"
		 " t.created_s, t.closed_s FROM ticket t"
		 " LEFT JOIN win w ON w.id = t.win_id"
		 " WHERE t.customer_id = ?1 ORDER BY t.number"},
		{"messages", "message:i ticket:i direction:s message_id:s "
		 "received_s:i from_name:s from_address:s subject:s text:s",
		 "SELECT m.id, t.number, m.direction, m.message_id,"
		 " m.received_s, m.from_name, m.from_address, m.subject, m.text"
		 " FROM ticket t JOIN message m ON m.ticket_id = t.id"
		 " WHERE t.customer_id = ?1 ORDER BY m.id"},
		{"message_addresses", "message:i role:s name:s address:s",
		 "SELECT x.message_id, x.role, x.name, x.address FROM ticket t"
		 " JOIN message m ON m.ticket_id = t.id"
		 " JOIN message_address x ON x.message_id = m.id"
		 " WHERE t.customer_id = ?1 ORDER BY m.id, x.role, x.n"},
		{"attachments", "message:i n:i filename:s media_type:s bytes:i",
		 "SELECT x.message_id, x.n, x.filename, x.media_type, x.bytes"
		 " FROM ticket t JOIN message m ON m.ticket_id = t.id"
		 " JOIN attachment x ON x.message_id = m.id"
		 " WHERE t.customer_id = ?1 ORDER BY m.id, x.n"},
		{"raw", "raw:i message:i bytes:i",
		 "SELECT r.id, m.id, r.bytes FROM ticket t"
		 " JOIN message m ON m.ticket_id = t.id"
		 " JOIN delivery d ON d.message_id = m.id"
		 " JOIN raw r ON r.id = d.raw_id"
		 " WHERE t.customer_id = ?1 ORDER BY r.id"},
		{"incidents", "ticket:i incident:i kind:s what:s began_s:i state:s verdict:s",
		 "SELECT t.number, i.id, i.face_kind, i.face_term, i.began_s,"
		 " i.state, i.verdict FROM ticket t"
		 " JOIN incident_ticket x ON x.ticket_id = t.id"
		 " JOIN incident i ON i.id = x.incident_id"
		 " WHERE t.customer_id = ?1 ORDER BY i.id, t.id"},
		{"signs", "message:i ticket:i signs:s",
		 "SELECT m.id, t.number, s.signs FROM ticket t"
		 " JOIN message m ON m.ticket_id = t.id"
		 " JOIN surge_mail s ON s.message_id = m.id"
		 " WHERE t.customer_id = ?1 ORDER BY m.id"},
		{"event_data", "time_s:i kind:s data:s",
		 "SELECT e.time_s, e.kind, x.data FROM event_data x JOIN event e"
		 " ON e.lane = x.lane AND e.seq = x.seq"
		 " WHERE x.customer_id = ?1 ORDER BY e.lane, e.seq"},
	};
	/* clang-format on */

	json_object_set_new(ret, "customer", json_integer(id));
	for (size_t i = 0; i < MDG_LEN(parts); i++)
		if (!one_list(db, id, parts[i].sql, parts[i].columns,
			      parts[i].name, ret, err))
			return false;
	return true;
}

bool
mdg_query_customer_chunk(struct mdg_db *db, int64_t id, int64_t raw,
			 int64_t chunk, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bytes = {0};
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		db, &one, err,
		"SELECT 1 FROM ticket t JOIN message m ON m.ticket_id = t.id"
		" JOIN delivery d ON d.message_id = m.id AND d.raw_id = ?2"
		" WHERE t.customer_id = ?1",
		"ii", id, raw);

	if (f == MDG_FOUND)
		f = mdg_raw_read(db, raw, chunk, &bytes, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	MDG_AUTO(mdg_freep) char *hex = mdg_malloc(2 * bytes.len + 1);
	mdg_hex((const unsigned char *)bytes.ptr, bytes.len, hex);
	json_object_set_new(ret, "zstd", json_string(hex));
	return true;
}

bool
mdg_query_retention(struct mdg_db *db, int64_t viewer, json_t *ret,
		    struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT w.code, r.days, r.how FROM win w"
			  " LEFT JOIN retention r ON r.win_id = w.id"
			  " WHERE " MDG_VIEWER_SEES("w.id") " ORDER BY w.code",
			  "i", viewer))
		return false;
	return mdg_rows_json(&r, "window:s days:i how:s",
			     mdg_json_list(ret, "retention"), err);
}

bool
mdg_query_customer_card(struct mdg_db *db, int64_t viewer, int64_t id,
			json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!one_list(db, id,
		      "SELECT id, name, kana, company, phone, note, created_s"
		      " FROM customer WHERE id = ?1",
		      "customer:i name:s kana:s company:s phone:s note:s "
		      "created_s:i",
		      "card", ret, err))
		return false;
	json_object_update(ret, json_array_get(json_object_get(ret, "card"),
					       0));
	json_object_del(ret, "card");
	return one_list(db, id,
			"SELECT address FROM customer_address"
			" WHERE customer_id = ?1 ORDER BY address",
			"address:s", "addresses", ret, err) &&
	       one_list(db, id,
			"SELECT phone FROM customer_phone"
			" WHERE customer_id = ?1 ORDER BY key",
			"phone:s", "phones", ret, err) &&
	       mdg_db_query(db, &r, err,
			    "SELECT t.number, w.code, t.subject, t.state,"
			    " t.closing, t.created_s, t.closed_s FROM ticket t"
			    " LEFT JOIN win w ON w.id = t.win_id"
			    " WHERE t.customer_id = ?2 AND " MDG_VIEWER_SEES(
				    "t.win_id") " AND t.state <> 'merged'"
						" ORDER BY t.number DESC",
			    "ii", viewer, id) &&
	       mdg_rows_json(&r,
			     "ticket:i window:s subject:s state:s closing:s "
			     "created_s:i closed_s:i",
			     mdg_json_list(ret, "tickets"), err);
}
