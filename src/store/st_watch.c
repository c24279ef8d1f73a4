/* Alarms and notices. */
#include "madoguchi/store/st_watch.h"

#include "st-int.h"

bool
mdg_alarm_open(struct mdg_db *db, size_t max, struct mdg_arena *a,
	       struct mdg_alarm **ret, size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_alarm *v = mdg_arena_array(a, max, sizeof(*v));
	size_t n = 0;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, kind, subject, state, value, raised_s,"
			  " changed_s FROM alarm WHERE state <> 'cleared'"
			  " ORDER BY id",
			  ""))
		return false;
	while (n < max && mdg_rows_next(r))
		v[n++] = (struct mdg_alarm){
			.id = mdg_rows_i64(r, 0),
			.kind = mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			.subject = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.state = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.value = mdg_rows_i64(r, 4),
			.raised_s = mdg_rows_i64(r, 5),
			.changed_s = mdg_rows_i64(r, 6),
		};
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_alarm_add(struct mdg_db *db, const char *kind, const char *subject,
	      int64_t value, int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO alarm (kind, subject, state, value,"
			  " raised_s, changed_s)"
			  " VALUES (?1, ?2, 'raised', ?3, ?4, ?4)",
			  "ssii", kind, subject, value, now_s);
}

bool
mdg_alarm_update(struct mdg_db *db, const struct mdg_alarm *v,
		 struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE alarm SET state = ?2, value = ?3,"
			  " changed_s = ?4 WHERE id = ?1",
			  "isii", v->id, v->state, v->value, v->changed_s);
}

bool
mdg_alarm_forget(struct mdg_db *db, int64_t before_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM alarm WHERE state = 'cleared'"
			  " AND changed_s < ?1",
			  "i", before_s);
}

bool
mdg_notice_add(struct mdg_db *db, int64_t outbox, const char *subject,
	       const char *text, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO notice (outbox_id, subject, text)"
			  " VALUES (?1, ?2, ?3)",
			  "iss", outbox, subject, text);
}

enum mdg_found
mdg_notice_get(struct mdg_db *db, int64_t outbox, struct mdg_arena *a,
	       const char **ret_subject, const char **ret_text,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT subject, text FROM notice"
			  " WHERE outbox_id = ?1",
			  "i", outbox))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret_subject = mdg_arena_strdup(a, mdg_rows_text(r, 0));
		*ret_text = mdg_arena_strdup(a, mdg_rows_text(r, 1));
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_notice_drop(struct mdg_db *db, int64_t outbox, struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM notice WHERE outbox_id = ?1",
			  "i", outbox);
}

enum mdg_found
mdg_notice_stuck(struct mdg_db *db, int64_t before_s, int64_t *ret_outbox,
		 struct mdg_err *err)
{
	return mdg_db_i64(db, ret_outbox, err,
			  "SELECT o.id FROM notice n"
			  " JOIN outbox o ON o.id = n.outbox_id"
			  " WHERE o.state IN ('queued', 'sending',"
			  " 'committing', 'unknown')"
			  " AND o.state = 'queued' AND o.kind = 'alarm'"
			  " AND o.created_s < ?1 ORDER BY o.id + 0 LIMIT 1",
			  "i", before_s);
}
