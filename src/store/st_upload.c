/* Files of drafts. */
#include "madoguchi/store/st_upload.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/store/st_scan.h"
#include "st-int.h"

enum { CHUNKS_MAX = 4096 }; /* a chunk's key is upload_id * CHUNKS_MAX + n */

bool
mdg_upload_add(struct mdg_db *db, struct mdg_upload *u, int64_t now_s,
	       struct mdg_err *err)
{
	return mdg_db_i64(db, &u->id, err,
			  "INSERT INTO upload (draft_id, filename, media_type,"
			  " bytes, created_s) VALUES (?1, ?2, ?3, ?4, ?5)"
			  " RETURNING id",
			  "issii", u->draft_id, u->filename, u->media_type,
			  u->bytes, now_s) == MDG_FOUND;
}

bool
mdg_upload_chunk(struct mdg_db *db, int64_t upload, int64_t n,
		 struct mdg_span bytes, struct mdg_err *err)
{
	if (n < 0 || n >= CHUNKS_MAX || bytes.n > MDG_UPLOAD_CHUNK_BYTES)
		return mdg_fail(err, MDG_ETOOBIG, "chunk %lld of an upload",
				(long long)n);
	return mdg_db_run(db, err,
			  "INSERT INTO upload_chunk (id, bytes)"
			  " VALUES (?1, ?2)",
			  "ib", upload * CHUNKS_MAX + n, bytes);
}

enum mdg_found
mdg_upload_read(struct mdg_db *db, int64_t upload, int64_t n,
		struct mdg_buf *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	mdg_buf_reset(ret);
	if (!mdg_db_query(db, &r, err,
			  "SELECT bytes FROM upload_chunk WHERE id = ?1", "i",
			  upload * CHUNKS_MAX + n))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span s = mdg_rows_blob(r, 0);
		mdg_buf_put(ret, s.p, s.n);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_upload_finish(struct mdg_db *db, int64_t id,
		  const unsigned char digest[MDG_DIGEST_BYTES],
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE upload SET digest = ?2 WHERE id = ?1", "ib",
			  id, mdg_span(digest, MDG_DIGEST_BYTES));
}

static void
read_upload(struct mdg_rows *r, struct mdg_arena *a, struct mdg_upload *u)
{
	struct mdg_span digest = mdg_rows_blob(r, 5);

	*u = (struct mdg_upload){
		.id = mdg_rows_i64(r, 0),
		.draft_id = mdg_rows_i64(r, 1),
		.filename = text_or_null(r, 2, a),
		.media_type = text_or_null(r, 3, a),
		.bytes = mdg_rows_i64(r, 4),
		.is_whole = digest.n == MDG_DIGEST_BYTES,
	};
	if (u->is_whole)
		memcpy(u->digest, digest.p, digest.n);
}

#define UPLOAD_COLUMNS                                                         \
	"SELECT id, draft_id, filename, media_type, bytes, digest FROM upload" \
	" WHERE "

enum mdg_found
mdg_upload_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		 struct mdg_upload *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err, UPLOAD_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		read_upload(r, a, ret);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_upload_list(struct mdg_db *db, int64_t draft, struct mdg_arena *a,
		struct mdg_upload **ret, size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_upload *v =
		mdg_arena_array(a, MDG_UPLOADS_MAX, sizeof(*v));
	size_t n = 0;

	if (!mdg_db_query(db, &r, err,
			  UPLOAD_COLUMNS "draft_id = ?1 AND digest IS NOT NULL"
					 " ORDER BY id",
			  "i", draft))
		return false;
	while (n < MDG_UPLOADS_MAX && mdg_rows_next(r))
		read_upload(r, a, &v[n++]);
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

bool
mdg_upload_total(struct mdg_db *db, int64_t draft, int64_t *ret_n,
		 int64_t *ret_bytes, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0)"
			  " AS BIGINT) FROM upload WHERE draft_id = ?1"
			  " AND digest IS NOT NULL",
			  "i", draft))
		return false;
	*ret_n = *ret_bytes = 0;
	if (mdg_rows_next(r)) {
		*ret_n = mdg_rows_i64(r, 0);
		*ret_bytes = mdg_rows_i64(r, 1);
	}
	return mdg_rows_close(&r, err);
}

bool
mdg_upload_drop(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM upload_chunk WHERE id >= ?1"
			  " AND id < ?2",
			  "ii", id * CHUNKS_MAX, (id + 1) * CHUNKS_MAX) &&
	       mdg_scan_drop(db, MDG_SCAN_UPLOAD, id, err) &&
	       mdg_db_run(db, err, "DELETE FROM upload WHERE id = ?1", "i", id);
}

/* One after the other: there are few. */
static bool
drop_where(struct mdg_db *db, const char *sql, int64_t arg,
	   struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f;

	while ((f = mdg_db_i64(db, &id, err, sql, "i", arg)) == MDG_FOUND)
		if (!mdg_upload_drop(db, id, err))
			return false;
	return f == MDG_NONE;
}

bool
mdg_upload_drop_all(struct mdg_db *db, int64_t draft, struct mdg_err *err)
{
	return drop_where(db,
			  "SELECT id FROM upload WHERE draft_id = ?1 LIMIT 1",
			  draft, err);
}

bool
mdg_upload_drop_stale(struct mdg_db *db, int64_t before_s, struct mdg_err *err)
{
	return drop_where(db,
			  "SELECT id FROM upload WHERE digest IS NULL"
			  " AND created_s < ?1 LIMIT 1",
			  before_s, err);
}
