/* Files of mails, and what the virus scanner said of them. */
#include "madoguchi/query/query.h"
#include "rows.h"

bool
mdg_query_attachments(struct mdg_db *db, int64_t ticket, json_t *ret,
		      struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT CAST(m.id AS TEXT) || '.' ||"
			    " CAST(a.n + 1 AS TEXT), m.id, a.n + 1,"
			    " m.direction, a.filename, a.media_type, a.bytes,"
			    " a.is_inline, CASE a.sealed WHEN 0 THEN NULL"
			    " WHEN 1 THEN 'protected' ELSE 'sealed' END,"
			    " CASE a.danger WHEN 0 THEN NULL WHEN 1 THEN"
			    " 'program' WHEN 2 THEN 'script' WHEN 3 THEN"
			    " 'disk_image' WHEN 4 THEN 'macro' WHEN 5 THEN"
			    " 'archive' ELSE 'disguised' END,"
			    " s.state, s.name"
			    " FROM attachment a"
			    " JOIN message m ON m.id = a.message_id"
			    " LEFT JOIN scan s ON s.kind = 'mail'"
			    "  AND s.item_id = m.raw_id"
			    " WHERE m.ticket_id = ?1 ORDER BY m.id, a.n",
			    "i", ticket) &&
	       mdg_rows_json(&r,
			     "id:s message:i n:i direction:s filename:s "
			     "media_type:s bytes:i inline:b locked:s danger:s "
			     "scan:s scan_name:s",
			     mdg_json_list(ret, "attachments"), err);
}

bool
mdg_query_inline(struct mdg_db *db, int64_t message, json_t *ret,
		 struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT n + 1, content_id FROM attachment"
			    " WHERE message_id = ?1 AND content_id IS NOT NULL"
			    " ORDER BY n",
			    "i", message) &&
	       mdg_rows_json(&r, "n:i content_id:s",
			     mdg_json_list(ret, "inline"), err);
}
