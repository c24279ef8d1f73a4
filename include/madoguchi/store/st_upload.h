/*
 * Files that people add to a draft: a row and chunks of plain bytes, each at
 * most MDG_UPLOAD_CHUNK_BYTES. Without a digest not all of it is there yet,
 * and it belongs to nothing.
 */
#ifndef MDG_STORE_ST_UPLOAD_H
#define MDG_STORE_ST_UPLOAD_H

#include "madoguchi/base/arena.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/store/db.h"

struct mdg_upload {
	int64_t id, draft_id;
	const char *filename, *media_type;
	int64_t bytes;
	bool is_whole;
	unsigned char digest[MDG_DIGEST_BYTES]; /* when it is whole */
};
bool mdg_upload_add(struct mdg_db *db, struct mdg_upload *u, int64_t now_s,
		    struct mdg_err *err);
bool mdg_upload_chunk(struct mdg_db *db, int64_t upload, int64_t n,
		      struct mdg_span bytes, struct mdg_err *err);
/* Chunk n into ret (reset first); MDG_NONE behind the last. */
enum mdg_found mdg_upload_read(struct mdg_db *db, int64_t upload, int64_t n,
			       struct mdg_buf *ret, struct mdg_err *err);
bool mdg_upload_finish(struct mdg_db *db, int64_t id,
		       const unsigned char digest[MDG_DIGEST_BYTES],
		       struct mdg_err *err);
enum mdg_found mdg_upload_by_id(struct mdg_db *db, int64_t id,
				struct mdg_arena *a, struct mdg_upload *ret,
				struct mdg_err *err);
/* The whole ones of a draft. */
bool mdg_upload_list(struct mdg_db *db, int64_t draft, struct mdg_arena *a,
		     struct mdg_upload **ret, size_t *ret_n,
		     struct mdg_err *err);
bool mdg_upload_total(struct mdg_db *db, int64_t draft, int64_t *ret_n,
		      int64_t *ret_bytes, struct mdg_err *err);
bool mdg_upload_drop(struct mdg_db *db, int64_t id, struct mdg_err *err);
/* Of a draft; mdg_upload_drop_stale: those begun before and never finished. */
bool mdg_upload_drop_all(struct mdg_db *db, int64_t draft,
			 struct mdg_err *err);
bool mdg_upload_drop_stale(struct mdg_db *db, int64_t before_s,
			   struct mdg_err *err);

#endif
