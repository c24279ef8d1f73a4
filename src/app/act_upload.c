/*
 * upload.*, draft.detach: files of a draft. A file comes in pieces, each a
 * call of its own, and belongs to the draft with upload.end; what is never
 * ended is swept with the next upload.
 */
#include <sodium.h>
#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/param.h"
#include "madoguchi/store/st_upload.h"

#include "act-int.h"

enum { STALE_S = 86400 };

/* Can the draft still be changed? */
static bool
may_change(struct mdg_act_call *c, struct mdg_err *err)
{
	int state = mdg_machine_state(&mdg_draft_machine, c->draft.state);

	if (!mdg_act_need_person(c, err))
		return false;
	return mdg_machine_next(&mdg_draft_machine, state, MDG_DRAFT_EV_EDIT) >=
		       0 ||
	       mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_cannot,
			    mdg_act_number(c, c->draft.id), c->draft.state,
			    "edit", NULL);
}

/* What the draft has, and this on top. */
static bool
check_room(struct mdg_act_call *c, int64_t more, struct mdg_err *err)
{
	int64_t n, bytes;
	char megabytes[24], files[24];

	if (!mdg_upload_total(c->desk->db, c->draft.id, &n, &bytes, err))
		return false;
	if (more >= 0 && more <= (int64_t)MDG_UPLOAD_BYTES_MAX - bytes &&
	    n < MDG_UPLOADS_MAX)
		return true;
	snprintf(megabytes, sizeof(megabytes), "%u",
		 MDG_UPLOAD_BYTES_MAX >> 20);
	snprintf(files, sizeof(files), "%d", MDG_UPLOADS_MAX);
	return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_upload_too_big,
			    mdg_act_number(c, c->draft.id), megabytes, files,
			    NULL);
}

static bool
upload_begin(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_upload u = {
		.draft_id = c->draft.id,
		.filename = mdg_filename_safe(c->arena,
					      mdg_arg_text(c, "filename", "")),
		.media_type = mdg_arg_text(c, "media_type",
					   "application/octet-stream"),
		.bytes = mdg_arg_int(c, "bytes", 0),
	};

	if (!u.filename || strlen(u.media_type) > MDG_FILENAME_BYTES_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_upload_name,
				    mdg_arg_text(c, "filename", ""), NULL);
	if (!may_change(c, err) || !check_room(c, u.bytes, err) ||
	    !mdg_upload_drop_stale(c->desk->db, c->now_s - STALE_S, err) ||
	    !mdg_upload_add(c->desk->db, &u, c->now_s, err))
		return false;
	mdg_result_int(c, "upload", u.id);
	mdg_result_text(c, "filename", u.filename);
	return true;
}

/* The upload of this draft that the call names. */
static bool
load(struct mdg_act_call *c, struct mdg_upload *u, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "upload", 0);
	enum mdg_found f =
		mdg_upload_by_id(c->desk->db, id, c->arena, u, err);

	if (f == MDG_FAILED)
		return false;
	return (f == MDG_FOUND && u->draft_id == c->draft.id) ||
	       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_upload_none,
			    mdg_act_number(c, c->draft.id),
			    mdg_act_number(c, id), NULL);
}

static bool
upload_put(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *text = mdg_arg_text(c, "base64", "");
	unsigned char *bytes = mdg_arena_alloc(c->arena,
					       MDG_UPLOAD_CHUNK_BYTES);
	struct mdg_upload u;
	size_t n;

	if (!may_change(c, err) || !load(c, &u, err))
		return false;
	if (u.is_whole ||
	    sodium_base642bin(bytes, MDG_UPLOAD_CHUNK_BYTES, text,
			      strlen(text), NULL, &n, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		return mdg_fail(err, MDG_EINVAL, "a bad piece of an upload");
	return mdg_upload_chunk(c->desk->db, u.id, mdg_arg_int(c, "n", 0),
				mdg_span(bytes, n), err);
}

/* All pieces are there, and they are as many bytes as were announced. */
static bool
digest(struct mdg_act_call *c, const struct mdg_upload *u,
       unsigned char out[MDG_DIGEST_BYTES], struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	crypto_generichash_state hash;
	int64_t bytes = 0;
	enum mdg_found f;

	crypto_generichash_init(&hash, NULL, 0, MDG_DIGEST_BYTES);
	for (int64_t n = 0; (f = mdg_upload_read(c->desk->db, u->id, n, &piece,
						 err)) == MDG_FOUND;
	     n++) {
		bytes += (int64_t)piece.len;
		crypto_generichash_update(
			&hash, (const unsigned char *)mdg_buf_str(&piece),
			piece.len);
	}
	crypto_generichash_final(&hash, out, MDG_DIGEST_BYTES);
	if (f == MDG_FAILED)
		return false;
	return bytes == u->bytes ||
	       mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_upload_cut, u->filename,
			    NULL);
}

static bool
upload_end(struct mdg_act_call *c, struct mdg_err *err)
{
	unsigned char sum[MDG_DIGEST_BYTES];
	char hex[2 * MDG_DIGEST_BYTES + 1];
	struct mdg_upload u;

	if (!may_change(c, err) || !load(c, &u, err))
		return false;
	if (u.is_whole)
		return mdg_fail(err, MDG_ESTATE, "the upload is ended");
	if (!digest(c, &u, sum, err) || !check_room(c, u.bytes, err) ||
	    !mdg_upload_finish(c->desk->db, u.id, sum, err) ||
	    !mdg_scan_upload(c->desk, u.id, c->draft.id, err))
		return false;
	mdg_hex(sum, sizeof(sum), hex);
	mdg_result_int(c, "upload", u.id);
	mdg_result_text(c, "filename", u.filename);
	mdg_result_int(c, "bytes", u.bytes);
	mdg_result_text(c, "digest", hex);
	return mdg_act_draft_edited(c, "draft.attach",
				    json_pack("{s:I,s:I,s:s}", "upload", u.id,
					      "bytes", u.bytes, "digest", hex),
				    err);
}

static bool
draft_detach(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_upload u;

	return may_change(c, err) && load(c, &u, err) &&
	       mdg_upload_drop(c->desk->db, u.id, err) &&
	       mdg_act_draft_edited(c, "draft.detach",
				    json_pack("{s:I}", "upload", u.id), err);
}

/* What it is; the daemon sends the bytes on. */
static bool
draft_file(struct mdg_act_call *c, struct mdg_err *err)
{
	char digest[2 * MDG_DIGEST_BYTES + 1];
	struct mdg_upload u;

	if (!load(c, &u, err))
		return false;
	if (!u.is_whole)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_upload_none,
				    mdg_act_number(c, c->draft.id),
				    mdg_act_number(c, u.id), NULL);
	mdg_hex(u.digest, sizeof(u.digest), digest);
	struct mdg_scan s = {.state = "clean"};
	if (mdg_scan_get(c->desk->db, MDG_SCAN_UPLOAD, u.id, c->arena, &s,
			 err) == MDG_FAILED)
		return false;
	if (mdg_streq(s.state, "found"))
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_upload_virus,
				    u.filename, s.name,
				    mdg_act_number(c, c->draft.id), NULL);
	mdg_result_int(c, "draft", c->draft.id);
	mdg_result_int(c, "upload", u.id);
	mdg_result_text(c, "filename", u.filename);
	mdg_result_text(c, "media_type", u.media_type);
	mdg_result_int(c, "bytes", u.bytes);
	mdg_result_text(c, "digest", digest);
	return true;
}

const struct mdg_act mdg_acts_upload[] = {
	{"draft.file",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"draft", 'i', true}, {"upload", 'i', true}},
	 draft_file},
	{"upload.begin",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true},
	  {"filename", 's', true},
	  {"media_type", 's', false},
	  {"bytes", 'i', true}},
	 upload_begin},
	{"upload.put",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true},
	  {"upload", 'i', true},
	  {"n", 'i', true},
	  {"base64", 's', true}},
	 upload_put},
	{"upload.end",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true}, {"upload", 'i', true}},
	 upload_end},
	{"draft.detach",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true}, {"upload", 'i', true}},
	 draft_detach},
	{0},
};
