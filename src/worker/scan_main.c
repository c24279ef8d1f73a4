/*
 * mdg-scan: one mail or file, shown to clamd, then the end.
 *
 * It connects first and confines itself then: what reads the mail's bytes and
 * clamd's answer can neither open a file nor make another connection.
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <zstd.h>

#include "clamd.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/confine.h"

struct scan {
	struct mdg_chan chan;
	struct mdg_clamd clamd;
	ZSTD_DCtx *zstd;
	char *piece; /* inflated */
};

static bool
start(struct scan *s, const char *path, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	if (!mdg_clamd_open(&s->clamd, path, err))
		return false;
	s->zstd = ZSTD_createDCtx();
	s->piece = mdg_malloc(MDG_SCAN_PIECE_BYTES_MAX);
	MDG_BUG_ON(!s->zstd);
	if (!mdg_confine(MDG_ROLE_SCAN, NULL, err))
		return false;
	mdg_hello_pack(&b, &(struct mdg_hello){MDG_PROTO_VERSION, MDG_ROLE_SCAN,
					       PACKAGE_VERSION});
	return mdg_chan_send(&s->chan, MDG_F_HELLO, 0, mdg_buf_span(&b), err);
}

static bool
inflated(struct scan *s, const struct mdg_scan_piece *p, struct mdg_span *ret,
	 struct mdg_err *err)
{
	*ret = p->bytes;
	if (!p->is_zstd)
		return true;
	size_t n = ZSTD_decompressDCtx(s->zstd, s->piece,
				       MDG_SCAN_PIECE_BYTES_MAX, p->bytes.p,
				       p->bytes.n);
	if (ZSTD_isError(n))
		return mdg_fail(err, MDG_EPROTO, "chunk: %s",
				ZSTD_getErrorName(n));
	*ret = mdg_span(s->piece, n);
	return true;
}

/* All pieces, or as many as clamd takes. */
static bool
show(struct scan *s, struct mdg_frame *f, struct mdg_err *err)
{
	struct mdg_scan_piece p;
	struct mdg_span bytes;

	if (!mdg_clamd_begin(&s->clamd, err))
		return false;
	for (;;) {
		if (f->type != MDG_F_SCAN ||
		    !mdg_scan_piece_unpack(f->payload, NULL, &p))
			return mdg_fail(err, MDG_EPROTO, "a bad SCAN frame");
		if (!inflated(s, &p, &bytes, err) ||
		    !mdg_clamd_put(&s->clamd, bytes, err))
			return false;
		if (p.last || s->clamd.has_answered)
			return true;
		if (!mdg_chan_recv(&s->chan, MDG_SCAN_DEADLINE_MS, f, err))
			return false;
	}
}

static bool
answer(struct scan *s, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	char name[MDG_SCAN_NAME_BYTES_MAX + 1];
	struct mdg_scan_said said = {.outcome = MDG_SCAN_CLEAN, .name = ""};
	struct mdg_frame f;

	if (!mdg_chan_recv(&s->chan, MDG_SCAN_DEADLINE_MS, &f, err))
		return false;
	uint32_t id = f.id;
	bool ok = f.type == MDG_F_PING
			  ? mdg_clamd_ping(&s->clamd, err)
			  : show(s, &f, err) &&
				    mdg_clamd_end(&s->clamd, name, &said, err);
	if (!ok)
		return false;
	mdg_scan_said_pack(&b, &said);
	return mdg_chan_send(&s->chan, MDG_F_SCANNED, id, mdg_buf_span(&b),
			     err);
}

int
main(int argc, char **argv)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct scan s = {.clamd.fd = -1};
	struct mdg_err err;

	mdg_log_init("mdg-scan", MDG_INFO);
	if (argc != 2) {
		mdg_error("usage: mdg-scan SOCKET");
		return EX_USAGE;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	mdg_chan_init(&s.chan, MDG_WORKER_FD, 0);
	/* the core tells of it, once: this is no failure of ours */
	bool ok = start(&s, argv[1], &err) && answer(&s, &err);
	if (!ok) {
		mdg_err_pack(&b, &err);
		ok = mdg_chan_send(&s.chan, MDG_F_PROBLEM, 0, mdg_buf_span(&b),
				   NULL);
	}
	mdg_clamd_close(&s.clamd);
	mdg_chan_clear(&s.chan);
	ZSTD_freeDCtx(s.zstd);
	mdg_freep(&s.piece);
	return ok ? EX_OK : mdg_code_exit(err.code);
}
