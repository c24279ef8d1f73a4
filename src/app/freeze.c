#include "freeze.h"

#include "madoguchi/base/limits.h"
#include "madoguchi/store/st_reply.h"

static bool
put(struct mdg_freezer *z, size_t n, struct mdg_err *err)
{
	if (!mdg_outbox_chunk(z->d->db, z->outbox_id, z->n++,
			      mdg_span(z->rest.ptr, n), err))
		return false;
	mdg_buf_shift(&z->rest, n);
	return true;
}

bool
mdg_freeze_piece(void *arg, struct mdg_span piece, struct mdg_err *err)
{
	struct mdg_freezer *z = arg;

	z->bytes += (int64_t)piece.n;
	if (z->bytes > (int64_t)MDG_SEND_BYTES_MAX)
		return mdg_fail(err, MDG_ETOOBIG,
				"the mail is over %u bytes",
				MDG_SEND_BYTES_MAX);
	mdg_buf_put(&z->rest, piece.p, piece.n);
	while (z->rest.len >= MDG_UPLOAD_CHUNK_BYTES)
		if (!put(z, MDG_UPLOAD_CHUNK_BYTES, err))
			return false;
	return true;
}

bool
mdg_freeze_end(struct mdg_freezer *z, int64_t date_s, struct mdg_err *err)
{
	return (z->rest.len == 0 || put(z, z->rest.len, err)) &&
	       mdg_outbox_freeze(z->d->db, z->outbox_id, date_s, z->bytes, err);
}

void
mdg_freezer_clear(struct mdg_freezer *z)
{
	mdg_buf_clear(&z->rest);
}
