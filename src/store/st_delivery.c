/* Deliveries and raw bytes. */
#include "madoguchi/base/limits.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_scan.h"

#define DELIVERY_COLUMNS                                                       \
	"SELECT id, account_id, folder_id, uidvalidity, uid, state, bytes,"    \
	" internaldate_s, raw_id, message_id, attempts FROM delivery WHERE "

static enum mdg_found
read_delivery(struct mdg_rows *r, struct mdg_delivery *ret,
	      struct mdg_arena *a, struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		*ret = (struct mdg_delivery){
			.id = mdg_rows_i64(r, 0),
			.account_id = mdg_rows_i64(r, 1),
			.folder_id = mdg_rows_i64(r, 2),
			.uidvalidity = mdg_rows_i64(r, 3),
			.uid = mdg_rows_i64(r, 4),
			.state = mdg_arena_strdup(a, mdg_rows_text(r, 5)),
			.bytes = mdg_rows_i64(r, 6),
			.internaldate_s = mdg_rows_i64(r, 7),
			.raw_id = mdg_rows_i64(r, 8),
			.message_id = mdg_rows_i64(r, 9),
			.attempts = mdg_rows_i64(r, 10),
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

enum mdg_found
mdg_delivery_by_uid(struct mdg_db *db, int64_t account, int64_t folder,
		    int64_t uidvalidity, int64_t uid, struct mdg_delivery *ret,
		    struct mdg_arena *a, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  DELIVERY_COLUMNS "account_id = ?1 AND folder_id = ?2"
					   " AND uidvalidity = ?3 AND uid = ?4",
			  "iiii", account, folder, uidvalidity, uid))
		return MDG_FAILED;
	return read_delivery(r, ret, a, err);
}

enum mdg_found
mdg_delivery_by_id(struct mdg_db *db, int64_t id, struct mdg_delivery *ret,
		   struct mdg_arena *a, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, DELIVERY_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	return read_delivery(r, ret, a, err);
}

enum mdg_found
mdg_delivery_list(struct mdg_db *db, const struct mdg_delivery *d,
		  int64_t now_s, struct mdg_delivery *ret, struct mdg_arena *a,
		  struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_db_i64(
		db, &id, err,
		"INSERT INTO delivery (account_id, folder_id, uidvalidity, uid,"
		" state, bytes, internaldate_s, listed_s, attempts)"
		" VALUES (?1, ?2, ?3, ?4, 'listed', ?5, ?6, ?7, 0)"
		" ON CONFLICT DO NOTHING RETURNING id",
		"iiiiiii", d->account_id, d->folder_id, d->uidvalidity, d->uid,
		d->bytes, d->internaldate_s, now_s);

	if (f == MDG_FOUND) {
		*ret = *d;
		ret->id = id;
		ret->state = "listed";
		return MDG_FOUND;
	}
	if (f == MDG_FAILED)
		return MDG_FAILED;
	f = mdg_delivery_by_uid(db, d->account_id, d->folder_id,
				d->uidvalidity, d->uid, ret, a, err);
	return f == MDG_FOUND ? MDG_NONE : MDG_FAILED;
}

bool
mdg_delivery_stored(struct mdg_db *db, int64_t id, int64_t raw_id,
		    struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE delivery SET state = 'stored', raw_id = ?2,"
			  " reason = NULL WHERE id = ?1",
			  "ii", id, raw_id);
}

bool
mdg_delivery_done(struct mdg_db *db, int64_t id, int64_t message_id,
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE delivery SET state = 'done',"
			  " message_id = ?2, reason = NULL WHERE id = ?1",
			  "iI", id, message_id ? &message_id : NULL);
}

bool
mdg_delivery_state(struct mdg_db *db, int64_t id, const char *state,
		   const char *reason, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE delivery SET state = ?2, reason = ?3"
			  " WHERE id = ?1",
			  "iss", id, state, reason);
}

bool
mdg_delivery_quarantined(struct mdg_db *db, int64_t id, int64_t message_id,
			 const char *reason, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE delivery SET state = 'quarantined',"
			  " message_id = ?2, reason = ?3 WHERE id = ?1",
			  "iis", id, message_id, reason);
}

bool
mdg_delivery_follow(struct mdg_db *db, int64_t was, int64_t message_id,
		    struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE delivery SET state = 'done',"
			  " message_id = ?2, reason = NULL"
			  " WHERE message_id = ?1 AND state IN ('quarantined', 'stored')",
			  "iI", was, message_id ? &message_id : NULL);
}

bool
mdg_delivery_retry(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE delivery SET state = 'stored', attempts = 1,"
			  " reason = NULL WHERE id = ?1"
			  " AND state = 'quarantined'",
			  "i", id);
}

bool
mdg_delivery_attempt(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE delivery SET attempts = attempts + 1"
			  " WHERE id = ?1",
			  "i", id);
}

bool
mdg_delivery_in_state(struct mdg_db *db, const char *state, int64_t after,
		      int64_t *ids, size_t max, size_t *ret_n,
		      struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id FROM delivery WHERE state = ?1"
			  " AND " MDG_DELIVERY_OPEN
			  " AND id > ?2 ORDER BY id LIMIT ?3",
			  "sii", state, after, (int64_t)max))
		return false;
	*ret_n = 0;
	while (mdg_rows_next(r))
		ids[(*ret_n)++] = mdg_rows_i64(r, 0);
	return mdg_rows_close(&r, err);
}

/* ---- raw bytes ---- */

enum { CHUNKS_MAX = 4096 }; /* a chunk's key is raw_id * CHUNKS_MAX + n */

bool
mdg_raw_add(struct mdg_db *db, int64_t account, int64_t *ret_id,
	    struct mdg_err *err)
{
	/* the digest comes with the last chunk */
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO raw (account_id, bytes, digest)"
			  " VALUES (?1, -1, ?2) RETURNING id",
			  "ib", account, mdg_span("", 0)) == MDG_FOUND;
}

bool
mdg_raw_chunk(struct mdg_db *db, int64_t raw, int64_t n, struct mdg_span zstd,
	      struct mdg_err *err)
{
	if (n < 0 || n >= CHUNKS_MAX)
		return mdg_fail(err, MDG_ETOOBIG, "raw chunk %lld",
				(long long)n);
	return mdg_db_run(db, err,
			  "INSERT INTO raw_chunk (id, zstd) VALUES (?1, ?2)",
			  "ib", raw * CHUNKS_MAX + n, zstd);
}

bool
mdg_raw_finish(struct mdg_db *db, int64_t raw, int64_t bytes,
	       const unsigned char digest[MDG_DIGEST_BYTES],
	       struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE raw SET bytes = ?2, digest = ?3"
			  " WHERE id = ?1",
			  "iib", raw, bytes,
			  mdg_span(digest, MDG_DIGEST_BYTES));
}

bool
mdg_raw_put(struct mdg_db *db, int64_t account, int64_t bytes,
	    const unsigned char digest[MDG_DIGEST_BYTES], struct mdg_span zstd,
	    int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO raw (account_id, bytes, digest)"
			  " VALUES (?1, ?2, ?3) RETURNING id",
			  "iib", account, bytes,
			  mdg_span(digest, MDG_DIGEST_BYTES)) == MDG_FOUND &&
	       mdg_raw_chunk(db, *ret_id, 0, zstd, err);
}

enum mdg_found
mdg_raw_read(struct mdg_db *db, int64_t raw, int64_t n, struct mdg_buf *ret,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	mdg_buf_reset(ret);
	if (!mdg_db_query(db, &r, err,
			  "SELECT zstd FROM raw_chunk WHERE id = ?1", "i",
			  raw * CHUNKS_MAX + n))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span s = mdg_rows_blob(r, 0);
		mdg_buf_put(ret, s.p, s.n);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_raw_drop(struct mdg_db *db, int64_t raw, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM raw_chunk WHERE id >= ?1 AND id < ?2",
			  "ii", raw * CHUNKS_MAX, (raw + 1) * CHUNKS_MAX) &&
	       mdg_scan_drop(db, MDG_SCAN_MAIL, raw, err) &&
	       mdg_db_run(db, err, "DELETE FROM raw WHERE id = ?1", "i", raw);
}
