/* The outbox. */
#include "madoguchi/base/limits.h"
#include "madoguchi/store/st_reply.h"

#include "st-int.h"

bool
mdg_outbox_add(struct mdg_db *db, struct mdg_outbox_row *o,
	       const struct mdg_strings *rcpts, struct mdg_err *err)
{
	if (mdg_db_i64(db, &o->id, err,
		       "INSERT INTO outbox (kind, ticket_id, draft_id,"
		       " revision_id, account_id, message_id, mail_from, state,"
		       " not_before_s, attempts, copy_state, created_s,"
		       " seen_message_id)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0,"
		       " 'none', ?10, ?11) RETURNING id",
		       "sIIIisssiiI", o->kind, or_null(&o->ticket_id),
		       or_null(&o->draft_id), or_null(&o->revision_id),
		       o->account_id, o->message_id, o->mail_from, o->state,
		       o->not_before_s, o->created_s,
		       or_null(&o->seen_message_id)) != MDG_FOUND)
		return false;
	for (size_t i = 0; i < rcpts->n; i++)
		if (!mdg_db_run(db, err,
				"INSERT INTO outbox_rcpt (outbox_id, n,"
				" address, state) VALUES (?1, ?2, ?3,"
				" 'queued')",
				"iis", o->id, (int64_t)i, rcpts->v[i]))
			return false;
	return true;
}

enum mdg_found
mdg_outbox_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		 struct mdg_outbox_row *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, kind, ticket_id, draft_id, revision_id,"
			  " account_id, message_id, mail_from, state,"
			  " not_before_s, attempts, date_s, mime_bytes, sent_s,"
			  " copy_state, reason, created_s, tries_since_s,"
			  " seen_message_id FROM outbox"
			  " WHERE id = ?1",
			  "i", id))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_outbox_row){
			.id = mdg_rows_i64(r, 0),
			.kind = text_or_null(r, 1, a),
			.ticket_id = mdg_rows_i64(r, 2),
			.draft_id = mdg_rows_i64(r, 3),
			.revision_id = mdg_rows_i64(r, 4),
			.account_id = mdg_rows_i64(r, 5),
			.message_id = text_or_null(r, 6, a),
			.mail_from = text_or_null(r, 7, a),
			.state = text_or_null(r, 8, a),
			.not_before_s = mdg_rows_i64(r, 9),
			.attempts = mdg_rows_i64(r, 10),
			.date_s = mdg_rows_i64(r, 11),
			.mime_bytes = mdg_rows_i64(r, 12),
			.sent_s = mdg_rows_i64(r, 13),
			.copy_state = text_or_null(r, 14, a),
			.reason = text_or_null(r, 15, a),
			.created_s = mdg_rows_i64(r, 16),
			.tries_since_s = mdg_rows_i64(r, 17),
			.seen_message_id = mdg_rows_i64(r, 18),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

enum mdg_found
mdg_outbox_due(struct mdg_db *db, int64_t account, int64_t now_s,
	       int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT id FROM outbox WHERE state = 'queued'"
			  " AND state IN ('queued', 'sending', 'committing',"
			  " 'unknown') AND account_id = ?1"
			  " AND not_before_s <= ?2"
			  " ORDER BY not_before_s, id LIMIT 1",
			  "ii", account, now_s);
}

enum mdg_found
mdg_outbox_next(struct mdg_db *db, int64_t *ret_s, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_s, err,
			  "SELECT not_before_s FROM outbox"
			  " WHERE state = 'queued' AND state IN ('queued',"
			  " 'sending', 'committing', 'unknown')"
			  " ORDER BY not_before_s LIMIT 1",
			  "");
}

bool
mdg_outbox_move(struct mdg_db *db, int64_t id, const char *from,
		const char *to, const char *reason, struct mdg_err *err)
{
	int64_t changed;

	if (!mdg_db_run_n(db, &changed, err,
			  "UPDATE outbox SET state = ?3, reason = ?4"
			  " WHERE id = ?1 AND state = ?2",
			  "isss", id, from, to, reason))
		return false;
	return changed == 1 ||
	       mdg_fail(err, MDG_ECONFLICT, "outbox %lld is not %s any more",
			(long long)id, from);
}

enum { CHUNKS_MAX = 4096 }; /* a chunk's key is outbox_id * CHUNKS_MAX + n */

bool
mdg_outbox_chunk(struct mdg_db *db, int64_t id, int64_t n,
		 struct mdg_span bytes, struct mdg_err *err)
{
	if (n < 0 || n >= CHUNKS_MAX || bytes.n > MDG_UPLOAD_CHUNK_BYTES)
		return mdg_fail(err, MDG_ETOOBIG, "chunk %lld of outbox %lld",
				(long long)n, (long long)id);
	return mdg_db_run(db, err,
			  "INSERT INTO outbox_chunk (id, bytes)"
			  " VALUES (?1, ?2)",
			  "ib", id * CHUNKS_MAX + n, bytes);
}

bool
mdg_outbox_freeze(struct mdg_db *db, int64_t id, int64_t date_s, int64_t bytes,
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET date_s = ?2, mime_bytes = ?3"
			  " WHERE id = ?1 AND mime_bytes IS NULL",
			  "iii", id, date_s, bytes);
}

bool
mdg_outbox_chunks_drop(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM outbox_chunk WHERE id >= ?1"
			  " AND id < ?2",
			  "ii", id * CHUNKS_MAX, (id + 1) * CHUNKS_MAX);
}

enum mdg_found
mdg_outbox_read(struct mdg_db *db, int64_t id, int64_t n, struct mdg_buf *ret,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	mdg_buf_reset(ret);
	if (!mdg_db_query(db, &r, err,
			  "SELECT bytes FROM outbox_chunk WHERE id = ?1", "i",
			  id * CHUNKS_MAX + n))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span s = mdg_rows_blob(r, 0);
		mdg_buf_put(ret, s.p, s.n);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_outbox_retry_at(struct mdg_db *db, int64_t id, int64_t at_s,
		    struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET not_before_s = ?2,"
			  " attempts = attempts + 1 WHERE id = ?1",
			  "ii", id, at_s);
}

bool
mdg_outbox_hold(struct mdg_db *db, int64_t id, int64_t at_s,
		struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET not_before_s = ?2,"
			  " reason = 'sending mode' WHERE id = ?1",
			  "ii", id, at_s);
}

bool
mdg_outbox_let_go(struct mdg_db *db, int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET not_before_s = ?1, reason = NULL"
			  " WHERE state = 'queued'"
			  " AND reason = 'sending mode'",
			  "i", now_s);
}

bool
mdg_outbox_sent(struct mdg_db *db, int64_t id, int64_t now_s,
		const char *copy_state, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET sent_s = ?2, copy_state = ?3"
			  " WHERE id = ?1",
			  "iis", id, now_s, copy_state);
}

bool
mdg_outbox_copy(struct mdg_db *db, int64_t id, const char *copy_state,
		struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET copy_state = ?2 WHERE id = ?1",
			  "is", id, copy_state);
}

enum mdg_found
mdg_outbox_copy_wanted(struct mdg_db *db, int64_t account, int64_t *ret_id,
		       struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT id FROM outbox WHERE copy_state = 'wanted'"
			  " AND account_id = ?1 ORDER BY id LIMIT 1",
			  "i", account);
}

bool
mdg_outbox_in_state(struct mdg_db *db, const char *state, int64_t *ids,
		    size_t max, size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id FROM outbox WHERE state IN ('queued',"
			  " 'sending', 'committing', 'unknown')"
			  " AND state = ?1 ORDER BY id + 0 LIMIT ?2",
			  "si", state, (int64_t)max))
		return false;
	*ret_n = 0;
	while (mdg_rows_next(r))
		ids[(*ret_n)++] = mdg_rows_i64(r, 0);
	return mdg_rows_close(&r, err);
}

bool
mdg_outbox_tries_since(struct mdg_db *db, int64_t id, int64_t now_s,
		       struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET tries_since_s = ?2"
			  " WHERE id = ?1",
			  "ii", id, now_s);
}

bool
mdg_outbox_anew(struct mdg_db *db, int64_t id, int64_t seen_message_id,
		struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox SET tries_since_s = NULL,"
			  " seen_message_id = ?2 WHERE id = ?1",
			  "iI", id, or_null(&seen_message_id));
}

enum mdg_found
mdg_outbox_by_message_id(struct mdg_db *db, const char *id, int64_t *ret_id,
			 struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "SELECT id FROM outbox WHERE message_id = ?1"
			  " ORDER BY id LIMIT 1",
			  "s", id);
}

bool
mdg_outbox_rcpts(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		 struct mdg_outbox_rcpt **ret, size_t *ret_n,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_outbox_rcpt *v =
		mdg_arena_array(a, MDG_RECIPIENTS_MAX, sizeof(*v));
	size_t n = 0;

	if (!mdg_db_query(db, &r, err,
			  "SELECT n, address, state, code, text, bounce"
			  " FROM outbox_rcpt WHERE outbox_id = ?1 ORDER BY n",
			  "i", id))
		return false;
	while (mdg_rows_next(r) && n < MDG_RECIPIENTS_MAX)
		v[n++] = (struct mdg_outbox_rcpt){
			mdg_rows_i64(r, 0),    text_or_null(r, 1, a),
			text_or_null(r, 2, a), mdg_rows_i64(r, 3),
			text_or_null(r, 4, a), text_or_null(r, 5, a)};
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_outbox_rcpt_put(struct mdg_db *db, int64_t id,
		    const struct mdg_outbox_rcpt *r, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE outbox_rcpt SET state = ?3, code = ?4,"
			  " text = ?5, bounce = ?6"
			  " WHERE outbox_id = ?1 AND n = ?2",
			  "iisiss", id, r->n, r->state, r->code, r->text,
			  r->bounce);
}
