/* pack/unpack pairs of ipc/proto_token.h. */
#include "madoguchi/ipc/proto_token.h"
#include "madoguchi/ipc/wire.h"

enum { PATH_BYTES_MAX = 4096 };

void
mdg_oauth_ask_pack(struct mdg_buf *b, const struct mdg_oauth_ask *v)
{
	mdg_wr_str(b, v->url);
	mdg_wr_str(b, v->ca_file);
	mdg_wr_u32(b, (uint32_t)v->fields.n);
	for (size_t i = 0; i < v->fields.n; i++)
		mdg_wr_str(b, v->fields.v[i]);
}

bool
mdg_oauth_ask_unpack(struct mdg_span p, struct mdg_arena *a,
		     struct mdg_oauth_ask *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->url = mdg_rd_text(&r, a, MDG_OAUTH_TEXT_BYTES_MAX);
	ret->ca_file = mdg_rd_str(&r, a, PATH_BYTES_MAX);
	ret->fields.n = mdg_rd_count(&r, MDG_OAUTH_FIELDS_MAX);
	if (ret->fields.n % 2 != 0)
		return false;
	ret->fields.v = mdg_arena_array(a, ret->fields.n, sizeof(char *));
	for (size_t i = 0; i < ret->fields.n; i++)
		ret->fields.v[i] =
			mdg_rd_text(&r, a, MDG_OAUTH_TOKEN_BYTES_MAX);
	return mdg_rd_done(&r);
}

void
mdg_oauth_said_pack(struct mdg_buf *b, const struct mdg_oauth_said *v)
{
	mdg_wr_u32(b, v->status);
	mdg_wr_str(b, v->error);
	mdg_wr_str(b, v->error_text);
	mdg_wr_str(b, v->access_token);
	mdg_wr_str(b, v->refresh_token);
	mdg_wr_i64(b, v->expires_in_s);
	mdg_wr_i64(b, v->refresh_expires_in_s);
	mdg_wr_str(b, v->device_code);
	mdg_wr_str(b, v->user_code);
	mdg_wr_str(b, v->verification_uri);
	mdg_wr_i64(b, v->interval_s);
}

bool
mdg_oauth_said_unpack(struct mdg_span p, struct mdg_arena *a,
		      struct mdg_oauth_said *ret)
{
	struct mdg_rd r;

	mdg_rd_init(&r, p);
	ret->status = mdg_rd_u32(&r);
	ret->error = mdg_rd_str(&r, a, MDG_OAUTH_TEXT_BYTES_MAX);
	ret->error_text = mdg_rd_str(&r, a, MDG_OAUTH_TEXT_BYTES_MAX);
	ret->access_token = mdg_rd_str(&r, a, MDG_OAUTH_TOKEN_BYTES_MAX);
	ret->refresh_token = mdg_rd_str(&r, a, MDG_OAUTH_TOKEN_BYTES_MAX);
	ret->expires_in_s = mdg_rd_i64(&r);
	ret->refresh_expires_in_s = mdg_rd_i64(&r);
	ret->device_code = mdg_rd_str(&r, a, MDG_OAUTH_TOKEN_BYTES_MAX);
	ret->user_code = mdg_rd_str(&r, a, MDG_OAUTH_TEXT_BYTES_MAX);
	ret->verification_uri = mdg_rd_str(&r, a, MDG_OAUTH_TEXT_BYTES_MAX);
	ret->interval_s = mdg_rd_i64(&r);
	return mdg_rd_done(&r);
}
