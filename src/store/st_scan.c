/* What the virus scanner said. */
#include "madoguchi/store/st_scan.h"

#include "st-int.h"

bool
mdg_scan_add(struct mdg_db *db, const char *kind, int64_t item, int64_t about,
	     int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO scan (kind, item_id, about_id, state,"
			  " name, tries, next_s, changed_s, told)"
			  " VALUES (?1, ?2, ?3, 'waiting', '', 0, 0, ?4, 0)"
			  " ON CONFLICT (kind, item_id) DO UPDATE"
			  " SET about_id = ?3",
			  "siii", kind, item, about, now_s);
}

static enum mdg_found
read_one(struct mdg_rows *r, struct mdg_arena *a, struct mdg_scan *ret,
	 struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		*ret = (struct mdg_scan){
			.kind = text_or_null(r, 0, a),
			.item_id = mdg_rows_i64(r, 1),
			.about_id = mdg_rows_i64(r, 2),
			.state = text_or_null(r, 3, a),
			.name = text_or_null(r, 4, a),
			.tries = mdg_rows_i64(r, 5),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

#define SCAN_COLUMNS                                                           \
	"SELECT kind, item_id, about_id, state, name, tries FROM scan WHERE "

enum mdg_found
mdg_scan_get(struct mdg_db *db, const char *kind, int64_t item,
	     struct mdg_arena *a, struct mdg_scan *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    SCAN_COLUMNS "kind = ?1 AND item_id = ?2",
			    "si", kind, item)
		       ? read_one(r, a, ret, err)
		       : MDG_FAILED;
}

enum mdg_found
mdg_scan_next(struct mdg_db *db, int64_t now_s, struct mdg_arena *a,
	      struct mdg_scan *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    SCAN_COLUMNS "state = 'waiting'"
			    " AND next_s <= ?1"
			    " ORDER BY kind DESC, item_id DESC LIMIT 1",
			    "i", now_s)
		       ? read_one(r, a, ret, err)
		       : MDG_FAILED;
}

bool
mdg_scan_set(struct mdg_db *db, const char *kind, int64_t item,
	     const char *state, const char *name, int64_t now_s,
	     struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE scan SET state = ?3, name = ?4,"
			  " changed_s = ?5 WHERE kind = ?1 AND item_id = ?2",
			  "sissi", kind, item, state, name, now_s);
}

bool
mdg_scan_later(struct mdg_db *db, const char *kind, int64_t item,
	       int64_t next_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE scan SET tries = tries + 1, next_s = ?3"
			  " WHERE kind = ?1 AND item_id = ?2",
			  "sii", kind, item, next_s);
}

bool
mdg_scan_drop(struct mdg_db *db, const char *kind, int64_t item,
	      struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM scan WHERE kind = ?1 AND item_id = ?2",
			  "si", kind, item);
}

bool
mdg_scan_again(struct mdg_db *db, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE scan SET state = 'waiting', name = '',"
			  " next_s = 0 WHERE state = 'skipped'",
			  "") &&
	       mdg_db_run(db, err,
			  "UPDATE scan SET next_s = 0"
			  " WHERE state = 'waiting' AND next_s > 0",
			  "");
}

bool
mdg_scan_forget(struct mdg_db *db, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM scan WHERE state IN ('waiting',"
			  " 'skipped', 'clean')",
			  "");
}

bool
mdg_scan_waiting(struct mdg_db *db, int64_t *ret_n, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_n, err,
			  "SELECT COUNT(*) FROM scan WHERE state = 'waiting'",
			  "") == MDG_FOUND;
}

bool
mdg_scan_of_draft(struct mdg_db *db, int64_t draft, const char *state,
		  struct mdg_arena *a, int64_t *ret_n, const char **ret_file,
		  const char **ret_name, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_n = 0;
	*ret_file = *ret_name = "";
	if (!mdg_db_query(db, &r, err,
			  "SELECT u.filename, s.name FROM upload u"
			  " JOIN scan s ON s.kind = 'upload'"
			  " AND s.item_id = u.id AND s.state = ?2"
			  " WHERE u.draft_id = ?1 AND u.digest IS NOT NULL"
			  " ORDER BY u.id",
			  "is", draft, state))
		return false;
	for (; mdg_rows_next(r); (*ret_n)++) {
		if (*ret_n)
			continue;
		*ret_file = text_or_null(r, 0, a);
		*ret_name = text_or_null(r, 1, a);
	}
	return mdg_rows_close(&r, err);
}
