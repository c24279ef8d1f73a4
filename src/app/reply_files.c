/* Files of a reply: from the draft into its revision, its bytes, its record. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/store/st_upload.h"
#include "reply-int.h"

bool
mdg_reply_files_revise(struct mdg_desk *d, int64_t draft, struct mdg_arena *a,
		       struct mdg_revision *ret, struct mdg_err *err)
{
	struct mdg_upload *v;
	size_t n;

	if (!mdg_upload_list(d->db, draft, a, &v, &n, err))
		return false;
	ret->files_n = n;
	ret->files = mdg_arena_array(a, n, sizeof(*ret->files));
	for (size_t i = 0; i < n; i++) {
		ret->files[i] = (struct mdg_revision_file){
			.filename = v[i].filename,
			.media_type = v[i].media_type,
			.upload_id = v[i].id,
			.bytes = v[i].bytes,
		};
		memcpy(ret->files[i].digest, v[i].digest, MDG_DIGEST_BYTES);
	}
	return true;
}

/* The very bytes that were approved, or none. */
static bool
read_file(struct mdg_desk *d, const struct mdg_revision_file *f,
	  struct mdg_arena *a, struct mdg_span *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	unsigned char digest[MDG_DIGEST_BYTES];
	char *all;
	size_t at = 0, size = (size_t)f->bytes;
	enum mdg_found found = MDG_FOUND;

	if (f->bytes < 0 || f->bytes > (int64_t)MDG_UPLOAD_BYTES_MAX)
		return mdg_fail(err, MDG_EFORMAT, "upload %lld has no size",
				(long long)f->upload_id);
	all = mdg_arena_alloc(a, size + 1);
	for (int64_t n = 0; found == MDG_FOUND; n++) {
		found = mdg_upload_read(d->db, f->upload_id, n, &piece, err);
		if (found != MDG_FOUND || piece.len > size - at)
			break;
		memcpy(all + at, mdg_buf_str(&piece), piece.len);
		at += piece.len;
	}
	if (found == MDG_FAILED)
		return false;
	*ret = mdg_span(all, at);
	mdg_digest(*ret, digest);
	return (found == MDG_NONE && at == size &&
		memcmp(digest, f->digest, sizeof(digest)) == 0) ||
	       mdg_fail(err, MDG_EFORMAT,
			"upload %lld is not what was approved",
			(long long)f->upload_id);
}

bool
mdg_reply_files_read(struct mdg_desk *d, const struct mdg_revision *rev,
		     struct mdg_arena *a, struct mdg_outgoing *m,
		     struct mdg_err *err)
{
	struct mdg_outgoing_file *v =
		mdg_arena_array(a, rev->files_n, sizeof(*v));

	for (size_t i = 0; i < rev->files_n; i++) {
		v[i] = (struct mdg_outgoing_file){
			.filename = rev->files[i].filename,
			.media_type = rev->files[i].media_type,
		};
		if (!read_file(d, &rev->files[i], a, &v[i].content, err))
			return false;
	}
	m->files = v;
	m->files_n = rev->files_n;
	return true;
}

void
mdg_reply_files_record(const struct mdg_revision *rev, struct mdg_mail *m)
{
	m->attachments = mdg_arena_array(&m->arena, rev->files_n,
					 sizeof(*m->attachments));
	m->attachments_n = rev->files_n;
	for (size_t i = 0; i < rev->files_n; i++) {
		const struct mdg_revision_file *f = &rev->files[i];
		m->attachments[i] = (struct mdg_attachment){
			.filename = f->filename,
			.media_type = f->media_type,
			.bytes = (uint64_t)f->bytes,
			.part = (uint32_t)f->upload_id,
		};
		memcpy(m->attachments[i].digest, f->digest, MDG_DIGEST_BYTES);
	}
}
