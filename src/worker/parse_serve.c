#include "parse.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <zstd.h>

#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mime/json.h"

/* -- pieces -------------------------------------------------------------- */

bool
parse_pipe_send(struct mdg_chan *c, uint16_t type, struct mdg_span whole,
		struct mdg_err *err)
{
	do {
		size_t n =
			whole.n < PIPE_PIECE_BYTES ? whole.n : PIPE_PIECE_BYTES;

		if (!mdg_chan_send(c, type, n == whole.n, mdg_span(whole.p, n),
				   err))
			return false;
		whole.p += n;
		whole.n -= n;
	} while (whole.n);
	return true;
}

bool
parse_pipe_recv(struct mdg_chan *c, int timeout_ms, uint16_t *type,
		struct mdg_buf *pieces, struct mdg_span *ret,
		struct mdg_err *err)
{
	mdg_buf_reset(pieces);
	for (;;) {
		struct mdg_frame f;

		if (!mdg_chan_recv(c, timeout_ms, &f, err))
			return false;
		*type = f.type;
		bool last = f.id;
		*ret = f.payload;
		if (last && !pieces->len)
			return true;
		if (!mdg_buf_put(pieces, ret->p, ret->n))
			return mdg_fail(err, MDG_ETOOBIG, "too many pieces");
		*ret = mdg_buf_span(pieces);
		if (last)
			return true;
	}
}

/* -- what both kinds of child do ----------------------------------------- */

void
parse_tidy(struct mdg_chan *c, size_t mail_bytes)
{
	enum { LARGE_BYTES = 1 << 20 };

	if (mail_bytes < LARGE_BYTES)
		return;
	if (!mdg_chan_owes(c))
		mdg_buf_clear(&c->out);
	if (c->framer.at == c->framer.in.len)
		mdg_framer_clear(&c->framer);
	malloc_trim(0);
}

static bool
has_channel(void)
{
	struct stat st;

	return fstat(MDG_WORKER_FD, &st) == 0 && S_ISSOCK(st.st_mode);
}

static bool
confine(void)
{
	struct mdg_err err;

	/* Small mails reuse the same memory; parse_tidy() gives back the
	 * rest. Otherwise each mail would fault it in anew. */
	mallopt(M_TRIM_THRESHOLD, 8 << 20);
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mdg_mime_init();
	if (mdg_confine(MDG_ROLE_PARSE, NULL, &err))
		return true;
	mdg_error("cannot confine: %s", mdg_err_en(&err));
	return false;
}

/* -- the child of the stand-alone mode ----------------------------------- */

static bool
pipe_answer(struct mdg_chan *c, const struct parse_args *a,
	    const struct mdg_mime_options *opt, struct mdg_span raw)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	struct mdg_err err;
	uint16_t type = MDG_F_PARSED;

	mdg_mail_init(&m);
	if (mdg_mime_parse(raw, opt, &m, &err))
		mdg_mail_json(&m, a->explain, &line);
	else
		type = MDG_F_UNREADABLE;
	return parse_pipe_send(c, type, mdg_buf_span(&line), &err);
}

int
parse_pipe(const struct parse_args *a)
{
	MDG_AUTO(mdg_chan_clear) struct mdg_chan c = {.fd = -1};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena arena = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf pieces = {0};
	struct mdg_mime_options opt = {.trust_loop_mark = true};
	struct mdg_span raw;
	struct mdg_err err;
	uint16_t type;

	if (!has_channel() || !confine())
		return EX_OSERR;
	for (size_t i = 0; i < a->own.n; i++)
		mdg_strings_add(&opt.own, &arena,
				mdg_addr_key(&arena, a->own.v[i]),
				MDG_ADDRESSES_MAX);
	mdg_chan_init(&c, MDG_WORKER_FD, 2 * PIPE_PIECE_BYTES);
	while (parse_pipe_recv(&c, -1, &type, &pieces, &raw, &err)) {
		size_t n = raw.n;

		if (!pipe_answer(&c, a, &opt, raw))
			return EX_IOERR;
		if (pieces.cap > PIPE_PIECE_BYTES)
			mdg_buf_clear(&pieces);
		parse_tidy(&c, n);
	}
	return err.code == MDG_ENET ? EX_OK : EX_PROTOCOL;
}

/* -- the core's worker --------------------------------------------------- */

struct worker {
	struct mdg_chan chan;
	struct mdg_buf raw; /* chunks of the mail at hand */
	uint32_t id;
	ZSTD_DCtx *zstd;
	bool extracts; /* not to parse: one part of it is wanted */
	uint32_t part;
};

static bool
add_chunk(struct worker *w, struct mdg_span zstd, struct mdg_err *err)
{
	char *to = mdg_buf_reserve(&w->raw, MDG_RAW_CHUNK_BYTES);

	if (!to)
		return mdg_fail(err, MDG_ETOOBIG, "mail over the limit");
	size_t n = ZSTD_decompressDCtx(w->zstd, to, MDG_RAW_CHUNK_BYTES, zstd.p,
				       zstd.n);
	if (ZSTD_isError(n))
		return mdg_fail(err, MDG_EPROTO, "chunk: %s",
				ZSTD_getErrorName(n));
	w->raw.len += n;
	return true;
}

#ifdef MDG_FAULTS
/* Mails that do to us what a hole in a parser would. */
static void
act_up(struct mdg_span raw)
{
	static const char crash[] = "X-Mdg-Test: crash";
	static const char stall[] = "X-Mdg-Test: stall";

	if (getenv("MDG_TEST_UPGRADED")) /* the hole was mended */
		return;
	if (memmem(raw.p, raw.n, crash, sizeof(crash) - 1))
		abort();
	while (memmem(raw.p, raw.n, stall, sizeof(stall) - 1))
		;
}
#else
static void
act_up(struct mdg_span raw)
{
	(void)raw;
}
#endif

static bool
answer(struct worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	MDG_AUTO(mdg_mail_clear) struct mdg_mail m;
	struct mdg_mime_options opt = {.want_hash = true};
	size_t n = w->raw.len;
	uint16_t type = MDG_F_PARSED;
	struct mdg_err why;

	MDG_FAULT("parse.mail");
	mdg_mail_init(&m);
	act_up(mdg_buf_span(&w->raw));
	if (mdg_mime_parse(mdg_buf_span(&w->raw), &opt, &m, &why)) {
		mdg_mail_pack(&out, &m);
	} else {
		type = MDG_F_UNREADABLE;
		mdg_err_pack(&out, &why);
	}
	if (n > PIPE_PIECE_BYTES)
		mdg_buf_clear(&w->raw);
	else
		mdg_buf_reset(&w->raw);
	if (!mdg_chan_post(&w->chan, type, w->id, mdg_buf_span(&out), err))
		return false;
	parse_tidy(&w->chan, n);
	return true;
}

/* The part in pieces, as fast as the core takes them. */
static bool
send_part(struct worker *w, struct mdg_span whole, struct mdg_err *err)
{
	do {
		size_t n = whole.n < MDG_PART_PIECE_BYTES
				   ? whole.n
				   : MDG_PART_PIECE_BYTES;

		if (!mdg_chan_send(&w->chan, MDG_F_PART, n < whole.n,
				   mdg_span(whole.p, n), err))
			return false;
		whole.p += n;
		whole.n -= n;
	} while (whole.n);
	return true;
}

static bool
answer_part(struct worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf part = MDG_BUF_LIMIT(MDG_PARSE_BYTES_MAX);
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_err why;

	struct mdg_span raw = mdg_buf_span(&w->raw);
	w->extracts = false;
	if (w->part == MDG_PART_RAW)
		return send_part(w, raw, err);
	if (w->part == MDG_PART_DISPLAY
		    ? mdg_mime_display(raw, &part, &why)
		    : mdg_mime_extract(raw, w->part, &part, &why)) {
		mdg_buf_clear(&w->raw);
		return send_part(w, mdg_buf_span(&part), err);
	}
	mdg_err_pack(&out, &why);
	return mdg_chan_send(&w->chan, MDG_F_UNREADABLE, w->id,
			     mdg_buf_span(&out), err);
}

static bool
take_extract(struct worker *w, struct mdg_span payload, struct mdg_err *err)
{
	int64_t part;

	if (!mdg_id_unpack(payload, &part) || part < 0 || part > UINT32_MAX)
		return mdg_fail(err, MDG_EPROTO, "a bad EXTRACT frame");
	w->extracts = true;
	w->part = (uint32_t)part;
	return true;
}

/* What an error ticket is made of, should this mail end us. */
static bool
send_head(struct worker *w, struct mdg_err *err)
{
	size_t n = w->raw.len < MDG_HEAD_BYTES_MAX ? w->raw.len
						   : MDG_HEAD_BYTES_MAX;

	return mdg_chan_send(&w->chan, MDG_F_HEAD, w->id,
			     mdg_span(w->raw.ptr, n), err);
}

static bool
serve(struct worker *w, const struct mdg_frame *f, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena arena = {0};
	struct mdg_parse_chunk chunk;

	if (f->type == MDG_F_EXTRACT)
		return take_extract(w, f->payload, err);
	if (f->type != MDG_F_PARSE ||
	    !mdg_parse_chunk_unpack(f->payload, &arena, &chunk))
		return mdg_fail(err, MDG_EPROTO, "unexpected frame %u",
				f->type);
	bool first = f->id != w->id;
	if (first)
		mdg_buf_reset(&w->raw);
	w->id = f->id;
	/* What is beyond the limit is not read; the guard says so. */
	if (w->raw.len <= MDG_PARSE_BYTES_MAX && !add_chunk(w, chunk.zstd, err))
		return false;
	if (first && chunk.alone && !send_head(w, err))
		return false;
	if (!chunk.last)
		return true;
	return w->extracts ? answer_part(w, err) : answer(w, err);
}

static bool
hello(struct worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_hello h = {
		.version = MDG_PROTO_VERSION,
		.role = MDG_ROLE_PARSE,
		.build_id = PACKAGE_VERSION,
	};

	mdg_hello_pack(&b, &h);
	return mdg_chan_send(&w->chan, MDG_F_HELLO, 0, mdg_buf_span(&b), err);
}

int
parse_worker(void)
{
	struct worker w = {.raw = MDG_BUF_LIMIT(MDG_PARSE_BYTES_MAX +
						2 * MDG_RAW_CHUNK_BYTES)};
	struct mdg_frame f;
	struct mdg_err err = {0};

	if (!has_channel()) {
		mdg_error("no channel: started by madoguchid, or by hand with "
			  "--json");
		return EX_USAGE;
	}
	w.zstd = ZSTD_createDCtx();
	MDG_BUG_ON(!w.zstd);
	if (!confine())
		return EX_OSERR;
	mdg_chan_init(&w.chan, MDG_WORKER_FD, 0);
	bool ok = hello(&w, &err);
	while (ok && mdg_chan_recv(&w.chan, -1, &f, &err))
		ok = serve(&w, &f, &err);
	mdg_chan_clear(&w.chan);
	mdg_buf_clear(&w.raw);
	ZSTD_freeDCtx(w.zstd);
	if (err.code == MDG_ENET) /* the core has gone */
		return EX_OK;
	mdg_error("%s", mdg_err_en(&err));
	return EX_PROTOCOL;
}
