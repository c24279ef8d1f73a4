/* pack/unpack pairs of ipc/proto.h, in its order. */
#include "madoguchi/ipc/proto.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/ipc/wire.h"

enum { HOST_MAX = 255, SECRET_MAX = 16384, PATH_BYTES_MAX = 4096 };
enum { FOLDER_NAME_MAX = 1024, ANSWER_TEXT_MAX = 2000 };

void
mdg_id_pack(struct mdg_buf *b, int64_t id)
{
	mdg_wr_i64(b, id);
}

bool
mdg_id_unpack(struct mdg_span p, int64_t *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	*ret = mdg_rd_i64(&r);
	return mdg_rd_done(&r);
}

static void
err_put(struct mdg_buf *b, const struct mdg_err *e)
{
	size_t n = e->id == MDG_MSG_NONE ? strlen(e->text) : e->args_len;

	mdg_wr_u32(b, (uint32_t)e->code);
	mdg_wr_u32(b, (uint32_t)e->id);
	mdg_wr_bytes(b, mdg_span(e->text, n));
}

static void
err_get(struct mdg_rd *r, struct mdg_err *ret)
{
	*ret = (struct mdg_err){
		.code = (enum mdg_code)mdg_rd_u32(r),
		.id = (enum mdg_msg)mdg_rd_u32(r),
	};
	struct mdg_span text = mdg_rd_bytes(r);
	if (ret->code >= MDG_CODE_N || ret->id >= MDG_MSG_N ||
	    text.n >= sizeof(ret->text)) {
		r->bad = true;
		return;
	}
	if (text.n)
		memcpy(ret->text, text.p, text.n);
	ret->args_len = ret->id == MDG_MSG_NONE ? 0 : text.n;
}

void
mdg_err_pack(struct mdg_buf *b, const struct mdg_err *e)
{
	err_put(b, e);
}

bool
mdg_err_unpack(struct mdg_span p, struct mdg_err *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	err_get(&r, ret);
	return mdg_rd_done(&r);
}

void
mdg_hello_pack(struct mdg_buf *b, const struct mdg_hello *v)
{
	mdg_wr_u32(b, v->version);
	mdg_wr_u32(b, v->role);
	mdg_wr_str(b, v->build_id);
}

bool
mdg_hello_unpack(struct mdg_span p, struct mdg_arena *a, struct mdg_hello *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->version = mdg_rd_u32(&r);
	ret->role = mdg_rd_u32(&r);
	ret->build_id = mdg_rd_text(&r, a, 64);
	return mdg_rd_done(&r);
}

static void
access_put(struct mdg_buf *b, const struct mdg_access *v)
{
	mdg_wr_str(b, v->host);
	mdg_wr_u32(b, v->port);
	mdg_wr_u32(b, v->tls);
	mdg_wr_u32(b, v->auth);
	mdg_wr_str(b, v->login);
	mdg_wr_str(b, v->secret);
	mdg_wr_str(b, v->ca_file);
	mdg_wr_str(b, v->our_name);
}

static void
access_get(struct mdg_rd *r, struct mdg_arena *a, struct mdg_access *ret)
{
	ret->host = mdg_rd_text(r, a, HOST_MAX);
	ret->port = mdg_rd_u32(r);
	ret->tls = mdg_rd_u32(r);
	ret->auth = mdg_rd_u32(r);
	ret->login = mdg_rd_text(r, a, MDG_ADDRESS_BYTES_MAX);
	ret->secret = mdg_rd_text(r, a, SECRET_MAX);
	ret->ca_file = mdg_rd_str(r, a, PATH_BYTES_MAX);
	ret->our_name = mdg_rd_text(r, a, HOST_MAX);
	if (ret->tls >= MDG_TLS_N || ret->auth > MDG_AUTH_NONE ||
	    ret->port > 65535)
		r->bad = true;
}

void
mdg_access_pack(struct mdg_buf *b, const struct mdg_access *v)
{
	access_put(b, v);
}

bool
mdg_access_unpack(struct mdg_span p, struct mdg_arena *a,
		  struct mdg_access *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	access_get(&r, a, ret);
	return mdg_rd_done(&r);
}

void
mdg_imap_config_pack(struct mdg_buf *b, const struct mdg_imap_config *v)
{
	access_put(b, &v->access);
	mdg_wr_u32(b, v->poll_s);
	mdg_wr_u32(b, (uint32_t)v->folders_n);
	for (size_t i = 0; i < v->folders_n; i++) {
		mdg_wr_i64(b, v->folders[i].folder_id);
		mdg_wr_str(b, v->folders[i].name);
		mdg_wr_i64(b, v->folders[i].since_s);
	}
}

bool
mdg_imap_config_unpack(struct mdg_span p, struct mdg_arena *a,
		       struct mdg_imap_config *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	access_get(&r, a, &ret->access);
	ret->poll_s = mdg_rd_u32(&r);
	ret->folders_n = mdg_rd_count(&r, MDG_FOLDERS_MAX);
	ret->folders =
		mdg_arena_array(a, ret->folders_n, sizeof(*ret->folders));
	for (size_t i = 0; i < ret->folders_n; i++) {
		ret->folders[i].folder_id = mdg_rd_i64(&r);
		ret->folders[i].name = mdg_rd_text(&r, a, FOLDER_NAME_MAX);
		ret->folders[i].since_s = mdg_rd_i64(&r);
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
}

bool
mdg_folder_state_unpack(struct mdg_span p, struct mdg_arena *a,
			struct mdg_folder_state *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->folder_id = mdg_rd_i64(&r);
	ret->uidvalidity = mdg_rd_u32(&r);
	ret->uidnext = mdg_rd_u32(&r);
	ret->exists = mdg_rd_u32(&r);
	return mdg_rd_done(&r);
}

void
mdg_cursor_pack(struct mdg_buf *b, const struct mdg_cursor *v)
{
	mdg_wr_i64(b, v->folder_id);
	mdg_wr_u32(b, v->uidvalidity);
	mdg_wr_u32(b, v->low_uid);
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
mdg_send_pack(struct mdg_buf *b, const struct mdg_send *v)
{
	mdg_wr_i64(b, v->outbox_id);
	mdg_wr_str(b, v->mail_from);
	mdg_wr_u32(b, (uint32_t)v->rcpts.n);
	for (size_t i = 0; i < v->rcpts.n; i++)
		mdg_wr_str(b, v->rcpts.v[i]);
	mdg_wr_bytes(b, v->bytes);
}

bool
mdg_send_unpack(struct mdg_span p, struct mdg_arena *a, struct mdg_send *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->outbox_id = mdg_rd_i64(&r);
	ret->mail_from = mdg_rd_text(&r, a, MDG_ADDRESS_BYTES_MAX);
	ret->rcpts = (struct mdg_strings){0};
	size_t n = mdg_rd_count(&r, MDG_RECIPIENTS_MAX);
	for (size_t i = 0; i < n; i++)
		mdg_strings_add(&ret->rcpts, a,
				mdg_rd_text(&r, a, MDG_ADDRESS_BYTES_MAX),
				MDG_RECIPIENTS_MAX);
	ret->bytes = mdg_rd_bytes(&r);
	return mdg_rd_done(&r);
}

void
mdg_send_result_pack(struct mdg_buf *b, const struct mdg_send_result *v)
{
	mdg_wr_i64(b, v->outbox_id);
	mdg_wr_u8(b, v->account_problem);
	mdg_wr_str(b, v->phase);
	mdg_wr_u32(b, (uint32_t)v->n);
	for (size_t i = 0; i < v->n; i++) {
		mdg_wr_str(b, v->v[i].address);
		mdg_wr_u32(b, v->v[i].outcome);
		mdg_wr_u32(b, v->v[i].code);
		mdg_wr_str(b, v->v[i].text);
	}
}

bool
mdg_send_result_unpack(struct mdg_span p, struct mdg_arena *a,
		       struct mdg_send_result *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->outbox_id = mdg_rd_i64(&r);
	ret->account_problem = mdg_rd_u8(&r) != 0;
	ret->phase = mdg_rd_text(&r, a, 32);
	ret->n = mdg_rd_count(&r, MDG_RECIPIENTS_MAX);
	ret->v = mdg_arena_array(a, ret->n, sizeof(*ret->v));
	for (size_t i = 0; i < ret->n; i++) {
		ret->v[i].address = mdg_rd_text(&r, a, MDG_ADDRESS_BYTES_MAX);
		ret->v[i].outcome = mdg_rd_u32(&r);
		ret->v[i].code = mdg_rd_u32(&r);
		ret->v[i].text = mdg_rd_text(&r, a, ANSWER_TEXT_MAX);
		if (ret->v[i].outcome >= MDG_SEND_OUTCOME_N)
			r.bad = true;
	}
	return mdg_rd_done(&r);
}

void
mdg_parse_chunk_pack(struct mdg_buf *b, const struct mdg_parse_chunk *v)
{
	mdg_wr_u8(b, v->last);
	mdg_wr_u8(b, v->alone);
	mdg_wr_bytes(b, v->zstd);
}

bool
mdg_parse_chunk_unpack(struct mdg_span p, struct mdg_arena *a,
		       struct mdg_parse_chunk *ret)
{
	struct mdg_rd r;

	(void)a;
	mdg_rd_init(&r, p);
	ret->last = mdg_rd_u8(&r) != 0;
	ret->alone = mdg_rd_u8(&r) != 0;
	ret->zstd = mdg_rd_bytes(&r);
	return mdg_rd_done(&r);
}

void
mdg_test_step_pack(struct mdg_buf *b, const struct mdg_test_step *v)
{
	mdg_wr_str(b, v->name);
	mdg_wr_u8(b, v->ok);
	mdg_wr_u32(b, v->ms);
	err_put(b, &v->err);
}

bool
mdg_test_step_unpack(struct mdg_span p, struct mdg_arena *a,
		     struct mdg_test_step *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->name = mdg_rd_text(&r, a, 32);
	ret->ok = mdg_rd_u8(&r) != 0;
	ret->ms = mdg_rd_u32(&r);
	err_get(&r, &ret->err);
	return mdg_rd_done(&r);
}
