/* pack/unpack pairs of ipc/proto.h, in its order. */
#include "madoguchi/ipc/proto.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/ipc/wire.h"

#include "codec-int.h"

enum { HOST_MAX = 255, SECRET_MAX = 16384, PATH_BYTES_MAX = 4096 };
enum { ANSWER_TEXT_MAX = 2000 };

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

void
codec_err_put(struct mdg_buf *b, const struct mdg_err *e)
{
	size_t n = e->id == MDG_MSG_NONE ? strlen(e->text) : e->args_len;

	mdg_wr_u32(b, (uint32_t)e->code);
	mdg_wr_u32(b, (uint32_t)e->id);
	mdg_wr_bytes(b, mdg_span(e->text, n));
}

void
codec_err_get(struct mdg_rd *r, struct mdg_err *ret)
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
	codec_err_put(b, e);
}

bool
mdg_err_unpack(struct mdg_span p, struct mdg_err *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	codec_err_get(&r, ret);
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

void
codec_access_put(struct mdg_buf *b, const struct mdg_access *v)
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

void
codec_access_get(struct mdg_rd *r, struct mdg_arena *a, struct mdg_access *ret)
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
	codec_access_put(b, v);
}

bool
mdg_access_unpack(struct mdg_span p, struct mdg_arena *a,
		  struct mdg_access *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	codec_access_get(&r, a, ret);
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
	mdg_wr_str(b, v->envid);
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
	ret->envid = mdg_rd_text(&r, a, MDG_MSGID_BYTES_MAX);
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
	codec_err_put(b, &v->err);
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
	codec_err_get(&r, &ret->err);
	return mdg_rd_done(&r);
}
