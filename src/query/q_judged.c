/* What mdg-text made of a ticket's mails. */
#include "madoguchi/query/query.h"
#include "rows.h"

bool
mdg_query_judged(struct mdg_db *db, const struct mdg_ticket *t, json_t *ret,
		 struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT f.id, f.slot, f.value, f.words, f.source,"
			  " f.confidence, f.conflict, f.state, f.message_id"
			  " FROM fact f JOIN message m ON m.id = f.message_id"
			  " WHERE m.ticket_id = ?1"
			  " ORDER BY f.message_id DESC, f.id LIMIT 200",
			  "i", t->id) ||
	    !mdg_rows_json(&r,
			   "fact:i slot:s value:s words:s source:s "
			   "confidence:i conflict:b state:s message:i",
			   mdg_json_list(ret, "facts"), err))
		return false;
	if (!mdg_db_query(db, &r, err,
			  "SELECT s.json, t.harassment FROM ticket t"
			  " LEFT JOIN suggestion s ON s.ticket_id = t.id"
			  " WHERE t.id = ?1",
			  "i", t->id))
		return false;
	if (mdg_rows_next(r)) {
		json_t *o = mdg_rows_null(r, 0)
				    ? NULL
				    : json_loads(mdg_rows_text(r, 0), 0, NULL);
		json_t *mood = json_object_get(o, "mood");
		json_object_set(ret, "suggestions",
				json_object_get(o, "ranked"));
		json_object_set(ret, "mood", json_object_get(mood, "reasons"));
		json_object_set_new(ret, "harassment",
				    json_boolean(mdg_rows_i64(r, 1)));
		json_decref(o);
	}
	return mdg_rows_close(&r, err);
}
