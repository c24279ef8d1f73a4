/* Files of a reply: from the draft into its revision, its bytes, its record. */
#include <sodium.h>
#include <stdalign.h>
#include <stdint.h>
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

/* One file on its way into the mail: the very bytes that were approved, or
 * none. */
struct reading {
	struct mdg_desk *d;
	const struct mdg_revision_file *f;
	crypto_generichash_state hash;
	int64_t bytes;
};

static bool
read_piece(void *ctx, int64_t n, struct mdg_buf *to, struct mdg_err *err)
{
	struct reading *r = ctx;
	unsigned char digest[MDG_DIGEST_BYTES];
	enum mdg_found f =
		mdg_upload_read(r->d->db, r->f->upload_id, n, to, err);

	if (f == MDG_FAILED)
		return false;
	crypto_generichash_update(&r->hash,
				  (const unsigned char *)mdg_buf_str(to),
				  to->len);
	r->bytes += (int64_t)to->len;
	if (f == MDG_FOUND && to->len)
		return true;
	crypto_generichash_final(&r->hash, digest, sizeof(digest));
	return (r->bytes == r->f->bytes &&
		memcmp(digest, r->f->digest, sizeof(digest)) == 0) ||
	       mdg_fail(err, MDG_EFORMAT,
			"upload %lld is not what was approved",
			(long long)r->f->upload_id);
}

void
mdg_reply_files_read(struct mdg_desk *d, const struct mdg_revision *rev,
		     struct mdg_arena *a, struct mdg_outgoing *m)
{
	struct mdg_outgoing_file *v =
		mdg_arena_array(a, rev->files_n, sizeof(*v));
	/* the digest's state wants more alignment than an arena gives */
	const uintptr_t align = alignof(struct reading) - 1;
	void *room = mdg_arena_array(a, rev->files_n + 1,
				     sizeof(struct reading));
	struct reading *r = (void *)(((uintptr_t)room + align) & ~align);

	for (size_t i = 0; i < rev->files_n; i++) {
		r[i] = (struct reading){.d = d, .f = &rev->files[i]};
		crypto_generichash_init(&r[i].hash, NULL, 0, MDG_DIGEST_BYTES);
		v[i] = (struct mdg_outgoing_file){
			.filename = rev->files[i].filename,
			.media_type = rev->files[i].media_type,
			.read = read_piece,
			.ctx = &r[i],
		};
	}
	m->files = v;
	m->files_n = rev->files_n;
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
