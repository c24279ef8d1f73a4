/* pack/unpack pairs of ipc/proto_imap.h, in its order. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/wire.h"

#include "codec-int.h"

enum { FOLDER_NAME_MAX = 1024, ANSWER_TEXT_MAX = 2000 };

void
mdg_imap_config_pack(struct mdg_buf *b, const struct mdg_imap_config *v)
{
	codec_access_put(b, &v->access);
	mdg_wr_u32(b, v->poll_s);
	mdg_wr_u32(b, (uint32_t)v->folders_n);
	for (size_t i = 0; i < v->folders_n; i++) {
		mdg_wr_i64(b, v->folders[i].folder_id);
		mdg_wr_str(b, v->folders[i].name);
		mdg_wr_i64(b, v->folders[i].since_s);
		mdg_wr_u8(b, v->folders[i].is_sent);
	}
}

bool
mdg_imap_config_unpack(struct mdg_span p, struct mdg_arena *a,
		       struct mdg_imap_config *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	codec_access_get(&r, a, &ret->access);
	ret->poll_s = mdg_rd_u32(&r);
	ret->folders_n = mdg_rd_count(&r, MDG_FOLDERS_MAX);
	ret->folders =
		mdg_arena_array(a, ret->folders_n, sizeof(*ret->folders));
	for (size_t i = 0; i < ret->folders_n; i++) {
		ret->folders[i].folder_id = mdg_rd_i64(&r);
		ret->folders[i].name = mdg_rd_text(&r, a, FOLDER_NAME_MAX);
		ret->folders[i].since_s = mdg_rd_i64(&r);
		ret->folders[i].is_sent = mdg_rd_u8(&r) != 0;
	}
	return mdg_rd_done(&r);
}

void
mdg_folder_state_pack(struct mdg_buf *b, const struct mdg_folder_state *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, v->uidnext);
	mdg_wr_u32(b, v->exists);
	mdg_wr_u64(b, v->modseq);
	mdg_wr_str(b, v->name);
}

bool
mdg_folder_state_unpack(struct mdg_span p, struct mdg_arena *a,
			struct mdg_folder_state *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->uidnext = mdg_rd_u32(&r);
	ret->exists = mdg_rd_u32(&r);
	ret->modseq = mdg_rd_u64(&r);
	ret->name = mdg_rd_text(&r, a, FOLDER_NAME_MAX);
	if (ret->modseq > INT64_MAX)
		r.bad = true;
	return mdg_rd_done(&r);
}

void
mdg_cursor_pack(struct mdg_buf *b, const struct mdg_cursor *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, v->low_uid);
	mdg_wr_u32(b, v->begun_uid);
}

bool
mdg_cursor_unpack(struct mdg_span p, struct mdg_arena *a,
		  struct mdg_cursor *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->low_uid = mdg_rd_u32(&r);
	ret->begun_uid = mdg_rd_u32(&r);
	return mdg_rd_done(&r);
}

void
mdg_listed_pack(struct mdg_buf *b, const struct mdg_listed *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, (uint32_t)v->n);
	for (size_t i = 0; i < v->n; i++) {
		mdg_wr_u32(b, v->v[i].uid);
		mdg_wr_u64(b, v->v[i].size);
		mdg_wr_i64(b, v->v[i].internaldate_s);
	}
}

bool
mdg_listed_unpack(struct mdg_span p, struct mdg_arena *a,
		  struct mdg_listed *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->n = mdg_rd_count(&r, MDG_LISTED_MAX);
	ret->v = mdg_arena_array(a, ret->n, sizeof(*ret->v));
	for (size_t i = 0; i < ret->n; i++) {
		ret->v[i].uid = mdg_rd_u32(&r);
		ret->v[i].size = mdg_rd_u64(&r);
		ret->v[i].internaldate_s = mdg_rd_i64(&r);
		if (ret->v[i].uid == 0 || ret->v[i].size > INT64_MAX)
			r.bad = true;
	}
	return mdg_rd_done(&r);
}

void
mdg_raw_chunk_pack(struct mdg_buf *b, const struct mdg_raw_chunk *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, v->uid);
	mdg_wr_u32(b, v->n);
	mdg_wr_u8(b, v->last);
	mdg_wr_u64(b, v->raw_bytes);
	mdg_buf_put(b, v->digest, sizeof(v->digest));
	mdg_wr_bytes(b, v->zstd);
}

bool
mdg_raw_chunk_unpack(struct mdg_span p, struct mdg_arena *a,
		     struct mdg_raw_chunk *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->uid = mdg_rd_u32(&r);
	ret->n = mdg_rd_u32(&r);
	ret->last = mdg_rd_u8(&r) != 0;
	ret->raw_bytes = mdg_rd_u64(&r);
	for (size_t i = 0; i < sizeof(ret->digest); i++)
		ret->digest[i] = mdg_rd_u8(&r);
	ret->zstd = mdg_rd_bytes(&r);
	if (ret->zstd.n > 2 * MDG_RAW_CHUNK_BYTES ||
	    ret->raw_bytes > MDG_RAW_BYTES_MAX)
		r.bad = true;
	return mdg_rd_done(&r);
}

void
mdg_fetch_failed_pack(struct mdg_buf *b, const struct mdg_fetch_failed *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, v->uid);
	mdg_wr_u8(b, v->vanished);
	mdg_wr_str(b, v->reason);
}

bool
mdg_fetch_failed_unpack(struct mdg_span p, struct mdg_arena *a,
			struct mdg_fetch_failed *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->uid = mdg_rd_u32(&r);
	ret->vanished = mdg_rd_u8(&r) != 0;
	ret->reason = mdg_rd_text(&r, a, ANSWER_TEXT_MAX);
	return mdg_rd_done(&r);
}

void
mdg_ack_pack(struct mdg_buf *b, const struct mdg_ack *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, v->uid);
}

bool
mdg_ack_unpack(struct mdg_span p, struct mdg_arena *a, struct mdg_ack *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->uid = mdg_rd_u32(&r);
	return mdg_rd_done(&r);
}

void
mdg_append_pack(struct mdg_buf *b, const struct mdg_append *v)
{
	mdg_wr_str(b, v->folder);
	mdg_wr_str(b, v->message_id);
	mdg_wr_bytes(b, v->bytes);
}

bool
mdg_append_unpack(struct mdg_span p, struct mdg_arena *a,
		  struct mdg_append *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->folder = mdg_rd_str(&r, a, FOLDER_NAME_MAX);
	ret->message_id = mdg_rd_text(&r, a, MDG_MSGID_BYTES_MAX);
	ret->bytes = mdg_rd_bytes(&r);
	return mdg_rd_done(&r);
}

void
mdg_uids_pack(struct mdg_buf *b, const struct mdg_uids *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u8(b, v->last);
	mdg_wr_u32(b, (uint32_t)v->n);
	for (size_t i = 0; i < v->n; i++)
		mdg_wr_u32(b, v->v[i]);
}

bool
mdg_uids_unpack(struct mdg_span p, struct mdg_arena *a, struct mdg_uids *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->last = mdg_rd_u8(&r) != 0;
	ret->n = mdg_rd_count(&r, MDG_UIDS_MAX);
	ret->v = mdg_arena_array(a, ret->n, sizeof(*ret->v));
	for (size_t i = 0; i < ret->n; i++)
		ret->v[i] = mdg_rd_u32(&r);
	return mdg_rd_done(&r);
}

void
mdg_server_act_pack(struct mdg_buf *b, const struct mdg_server_act *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, v->kind);
	mdg_wr_str(b, v->target);
	mdg_wr_u32(b, (uint32_t)v->n);
	for (size_t i = 0; i < v->n; i++)
		mdg_wr_u32(b, v->v[i]);
}

bool
mdg_server_act_unpack(struct mdg_span p, struct mdg_arena *a,
		      struct mdg_server_act *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->kind = mdg_rd_u32(&r);
	ret->target = mdg_rd_str(&r, a, FOLDER_NAME_MAX);
	ret->n = mdg_rd_count(&r, MDG_LISTED_MAX);
	ret->v = mdg_arena_array(a, ret->n, sizeof(*ret->v));
	for (size_t i = 0; i < ret->n; i++) {
		ret->v[i] = mdg_rd_u32(&r);
		if (ret->v[i] == 0)
			r.bad = true;
	}
	if (ret->kind >= MDG_SERVER_ACT_N ||
	    (ret->kind == MDG_SERVER_MOVE && !ret->target))
		r.bad = true;
	return mdg_rd_done(&r);
}

void
mdg_folder_result_pack(struct mdg_buf *b, const struct mdg_folder_result *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u8(b, v->ok);
	codec_err_put(b, &v->err);
}

bool
mdg_folder_result_unpack(struct mdg_span p, struct mdg_arena *a,
			 struct mdg_folder_result *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->ok = mdg_rd_u8(&r) != 0;
	codec_err_get(&r, &ret->err);
	return mdg_rd_done(&r);
}

void
mdg_quota_pack(struct mdg_buf *b, const struct mdg_quota *v)
{
	mdg_wr_u64(b, v->used_bytes);
	mdg_wr_u64(b, v->limit_bytes);
}

bool
mdg_quota_unpack(struct mdg_span p, struct mdg_arena *a, struct mdg_quota *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->used_bytes = mdg_rd_u64(&r);
	ret->limit_bytes = mdg_rd_u64(&r);
	if (ret->used_bytes > INT64_MAX || ret->limit_bytes > INT64_MAX)
		r.bad = true;
	return mdg_rd_done(&r);
}

void
mdg_folder_names_pack(struct mdg_buf *b, const struct mdg_folder_names *v)
{
	mdg_wr_u32(b, (uint32_t)v->n);
	for (size_t i = 0; i < v->n; i++) {
		mdg_wr_str(b, v->v[i].raw);
		mdg_wr_str(b, v->v[i].name);
		mdg_wr_str(b, v->v[i].use);
		mdg_wr_u8(b, v->v[i].selectable);
	}
}

bool
mdg_folder_names_unpack(struct mdg_span p, struct mdg_arena *a,
			struct mdg_folder_names *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->n = mdg_rd_count(&r, MDG_FOLDERS_TOLD_MAX);
	ret->v = mdg_arena_array(a, ret->n, sizeof(*ret->v));
	for (size_t i = 0; i < ret->n; i++) {
		ret->v[i].raw = mdg_rd_text(&r, a, FOLDER_NAME_MAX);
		ret->v[i].name = mdg_rd_text(&r, a, FOLDER_NAME_MAX);
		ret->v[i].use = mdg_rd_text(&r, a, 32);
		ret->v[i].selectable = mdg_rd_u8(&r) != 0;
	}
	return mdg_rd_done(&r);
}
