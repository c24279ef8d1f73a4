/* madoguchi import: mails from files, through the same intake as live ones. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <zstd.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/store/st_folder.h"

#include "import.h"

enum { BATCH_BYTES = 4 << 20, ZSTD_LEVEL = 1 };

/* What one mail came to, told when all have been read. */
struct line {
	char *file, *message_id;
	int64_t ticket_id, row_id; /* message.id, or 0 */
	enum mdg_evidence evidence;
};

struct import {
	struct mdg_cli *cli;
	struct mdg_desk *desk;
	struct mdg_import_parser parser;
	int64_t account_id, folder_id, uidvalidity, uid;
	struct line *lines;
	size_t lines_n, lines_cap;
	struct mdg_import_item batch[MDG_IMPORT_BATCH];
	size_t batch_n, batch_bytes;
	ZSTD_CCtx *zstd;
};

/* ---- transaction 1: the raw mail ---- */

static bool
put_chunk(struct import *im, struct mdg_intake_chunk *c, struct mdg_span raw,
	  int64_t *raw_id, struct mdg_import_item *item, struct mdg_err *err)
{
	size_t cap = ZSTD_compressBound(raw.n);

	MDG_AUTO(mdg_freep) char *out = mdg_malloc(cap);
	size_t n =
		ZSTD_compressCCtx(im->zstd, out, cap, raw.p, raw.n, ZSTD_LEVEL);
	if (ZSTD_isError(n))
		return mdg_fail(err, MDG_EBUG, "zstd: %s",
				ZSTD_getErrorName(n));
	c->zstd = mdg_span(out, n);
	item->zstd_bytes += n;
	if (!mdg_intake_raw(im->desk, c, raw_id, &item->delivery_id, err))
		return false;
	if (*raw_id)
		item->raw_id = *raw_id;
	return true;
}

static bool
put_raw(struct import *im, struct mdg_span raw, struct mdg_import_item *item,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	unsigned char digest[MDG_DIGEST_BYTES];
	struct mdg_delivery row;
	int64_t raw_id = 0;
	struct mdg_intake_chunk c = {
		.account_id = im->account_id,
		.folder_id = im->folder_id,
		.uidvalidity = im->uidvalidity,
		.uid = im->uid,
		.raw_bytes = (int64_t)raw.n,
		.digest = digest,
	};

	mdg_digest(raw, digest);
	for (; !c.last; c.n++) {
		size_t n = raw.n < MDG_RAW_CHUNK_BYTES ? raw.n
						       : MDG_RAW_CHUNK_BYTES;
		c.last = n == raw.n;
		if (!put_chunk(im, &c, mdg_span(raw.p, n), &raw_id, item, err))
			return false;
		raw.p += n;
		raw.n -= n;
	}
	if (mdg_delivery_by_id(im->desk->db, item->delivery_id, &row, &a,
			       err) != MDG_FOUND)
		return false;
	item->raw_id = row.raw_id;
	return true;
}

static bool
put_mail(struct import *im, const struct mdg_import_mail *m,
	 struct mdg_err *err)
{
	struct mdg_import_item *item = &im->batch[im->batch_n];
	const struct mdg_delivery listed = {
		.account_id = im->account_id,
		.folder_id = im->folder_id,
		.uidvalidity = im->uidvalidity,
		.uid = ++im->uid,
		.state = "listed",
		.bytes = (int64_t)m->raw.n,
		.internaldate_s = m->date_s,
	};
	bool wanted;

	*item = (struct mdg_import_item){.delivery_id = 0};
	if ((im->batch_n == 0 && !mdg_desk_begin(im->desk, err)) ||
	    !mdg_intake_listed(im->desk, &listed, &wanted, err) ||
	    !put_raw(im, m->raw, item, err))
		return false;
	if (im->lines_n == im->lines_cap) {
		im->lines_cap = im->lines_cap ? 2 * im->lines_cap : 1024;
		im->lines = mdg_realloc(im->lines,
					im->lines_cap * sizeof(*im->lines));
	}
	im->lines[im->lines_n++] = (struct line){.file = mdg_strdup(m->file)};
	im->batch_n++;
	im->batch_bytes += item->zstd_bytes;
	return true;
}

/* ---- transaction 2: its ticket ---- */

static bool
poison(struct import *im, const struct mdg_import_item *item,
       const char *reason, struct line *l, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf zstd = {0};
	MDG_AUTO(mdg_freep) char *raw = mdg_malloc(MDG_RAW_CHUNK_BYTES);
	struct mdg_desk *d = im->desk;
	size_t n = 0;

	if (mdg_raw_read(d->db, item->raw_id, 0, &zstd, err) == MDG_FAILED)
		return false;
	if (zstd.len)
		n = ZSTD_decompress(raw, MDG_RAW_CHUNK_BYTES, zstd.ptr,
				    zstd.len);
	l->evidence = MDG_EV_NEW;
	return mdg_intake_poison(d, item->delivery_id,
				 mdg_span(raw, ZSTD_isError(n) ? 0 : n), reason,
				 err) &&
	       mdg_db_i64(d->db, &l->ticket_id, err,
			  "SELECT MAX(id) FROM ticket", "") == MDG_FOUND;
}

static bool
take(struct import *im, const struct mdg_import_item *item,
     const struct mdg_mail *m, struct line *l, struct mdg_err *err)
{
	struct mdg_intake_result res;

	if (!mdg_desk_save(im->desk, err))
		return false;
	if (mdg_intake_mail(im->desk, item->delivery_id, m, &res, err)) {
		l->message_id =
			m->message_id ? mdg_strdup(m->message_id) : NULL;
		l->ticket_id = res.ticket_id;
		l->row_id = res.message_id;
		l->evidence = res.evidence;
		return mdg_desk_release(im->desk, err);
	}
	/* a full disk is nobody's mail; anything else is this one's alone */
	return err->code != MDG_EFULL && err->code != MDG_EIO &&
	       mdg_desk_undo(im->desk, err) &&
	       poison(im, item, "intake failed", l, err);
}

static bool
parsed(void *ctx, size_t i, const struct mdg_mail *m, const char *why,
       struct mdg_err *err)
{
	struct import *im = ctx;
	struct line *l = &im->lines[im->lines_n - im->batch_n + i];

	return m ? take(im, &im->batch[i], m, l, err)
		 : poison(im, &im->batch[i], why, l, err);
}

static bool
flush(struct import *im, struct mdg_err *err)
{
	if (im->batch_n == 0)
		return true;
	if (!mdg_desk_commit(im->desk, err) || !mdg_desk_begin(im->desk, err) ||
	    !mdg_import_parse(&im->parser, im->desk->db, im->batch, im->batch_n,
			      parsed, im, err) ||
	    !mdg_desk_commit(im->desk, err))
		return false;
	im->batch_n = im->batch_bytes = 0;
	return true;
}

static bool
each(void *ctx, const struct mdg_import_mail *m, struct mdg_err *err)
{
	struct import *im = ctx;
	char limit[24];

	if (m->raw.n > MDG_RAW_BYTES_MAX) {
		snprintf(limit, sizeof(limit), "%u", MDG_RAW_BYTES_MAX);
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_cli_file_big,
				    m->file, limit, NULL);
	}
	return put_mail(im, m, err) && ((im->batch_n < MDG_IMPORT_BATCH &&
					 im->batch_bytes < BATCH_BYTES) ||
					flush(im, err));
}

/* ---- the desk it goes to ---- */

/* Ours: a window with these addresses, so that the intake knows them. */
static bool
put_own(struct mdg_desk *d, const struct mdg_strings *own, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_win w = {
		.code = "import",
		.name = "import",
		.address = own->n ? own->v[0] : "",
		.from_name = "",
		.greeting = "",
		.closing = "",
		.signature = "",
		.calendar = "import",
		.policy = "import",
		.approval = "all",
	};
	int64_t id;

	if (own->n == 0)
		return true;
	if (!mdg_win_add(d->db, &w, mdg_now_s(), &id, err))
		return false;
	for (size_t i = 0; i < own->n; i++)
		if (!mdg_win_address_put(d->db, id, mdg_addr_key(&a, own->v[i]),
					 own->v[i], err))
			return false;
	return true;
}

/* An account that no worker is started for, and its one folder. */
static bool
put_account(struct import *im, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *name = NULL;
	struct mdg_db *db = im->desk->db;
	struct mdg_account acc;

	im->uidvalidity = mdg_now_ms();
	name = mdg_asprintf("import %" PRId64, im->uidvalidity);
	acc = (struct mdg_account){
		.name = name,
		.address = "",
		.imap_host = "",
		.smtp_host = "",
		.auth = "none",
		.login = "",
	};
	struct mdg_folder folder = {.name = "import", .role = "intake"};

	if (!mdg_account_add(db, &acc, mdg_now_s(), &im->account_id, err) ||
	    !mdg_account_remove(db, im->account_id, err))
		return false;
	folder.account_id = im->account_id;
	return mdg_folder_add(db, &folder, &im->folder_id, err);
}

static bool
prepare(struct import *im, const struct mdg_strings *own, struct mdg_err *err)
{
	if (!mdg_desk_begin(im->desk, err))
		return false;
	if (put_own(im->desk, own, err) && put_account(im, err))
		return mdg_desk_commit(im->desk, err);
	mdg_desk_rollback(im->desk);
	return false;
}

static bool
open_desk(struct import *im, bool dry_run, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_desk_config dc = {.store = "sqlite::memory:",
				     .create = true};
	struct mdg_config conf;

	if (!dry_run) {
		if (!mdg_cli_config(im->cli, &a, &conf, err))
			return false;
		dc = (struct mdg_desk_config){.store = conf.store,
					      .key_file = conf.key_file};
	}
	if (!mdg_desk_open(&dc, &im->desk, err))
		return false;
	if (dry_run) {
		/* all of it is history, and its numbers are nobody's */
		im->desk->live_since_s = INT64_MAX;
		im->desk->no_tags = true;
	}
	return true;
}

/* ---- the answer ---- */

static bool
print_line(struct import *im, const struct line *l, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	int64_t ticket = l->ticket_id;
	char number[24];

	/* a later mail may have shown that it belongs elsewhere */
	if (mdg_db_i64(im->desk->db, &ticket, err,
		       "SELECT ticket_id FROM message WHERE id = ?1", "i",
		       l->row_id) == MDG_FAILED ||
	    !mdg_desk_ticket_root(im->desk, ticket, &a, &t, err))
		return false;
	snprintf(number, sizeof(number), "%" PRId64, t.number);
	if (!im->cli->json) {
		printf("%s\t%s\t%s\n", l->message_id ? l->message_id : "",
		       number, mdg_evidence_name(l->evidence));
		return true;
	}
	json_t *o = json_object();
	MDG_AUTO(mdg_buf_clear) struct mdg_buf file = {0};
	mdg_utf8_clean(&file, l->file, strlen(l->file), true);
	json_object_set_new(o, "file", json_string(mdg_buf_str(&file)));
	json_object_set_new(o, "message_id",
			    l->message_id ? json_string(l->message_id)
					  : json_null());
	json_object_set_new(o, "ticket", json_string(number));
	json_object_set_new(o, "evidence",
			    json_string(mdg_evidence_name(l->evidence)));
	mdg_cli_json(o);
	json_decref(o);
	return true;
}

static bool
run(struct import *im, const struct mdg_strings *own, bool dry_run, int n,
    char **paths, struct mdg_err *err)
{
	bool ok = open_desk(im, dry_run, err) && prepare(im, own, err);

	for (int i = 0; ok && i < n; i++)
		ok = mdg_import_each(paths[i], each, im, err);
	/* what came before a missing file has been taken in */
	struct mdg_err later;
	ok = flush(im, ok ? err : &later) && ok;
	for (size_t i = 0; ok && i < im->lines_n; i++)
		ok = print_line(im, &im->lines[i], err);
	return ok;
}

static void
import_clear(struct import *im)
{
	for (size_t i = 0; i < im->lines_n; i++) {
		free(im->lines[i].file);
		free(im->lines[i].message_id);
	}
	free(im->lines);
	mdg_import_parser_close(&im->parser);
	ZSTD_freeCCtx(im->zstd);
	if (im->desk)
		mdg_desk_rollback(im->desk);
	mdg_desk_close(&im->desk);
}

/* --own may be repeated: takes all of them out of argv. */
static bool
take_own(int *argc, char **argv, struct mdg_strings *own, struct mdg_arena *a)
{
	int kept = 0;

	for (int i = 0; i < *argc; i++) {
		const char *v = NULL;
		if (mdg_streq(argv[i], "--own") && i + 1 < *argc)
			v = argv[++i];
		else if (mdg_str_starts(argv[i], "--own="))
			v = argv[i] + strlen("--own=");
		else
			argv[kept++] = argv[i];
		if (v && !mdg_addr_valid(v))
			return false;
		if (v)
			mdg_strings_add(own, a, v, MDG_ADDRESSES_MAX);
	}
	*argc = kept;
	return true;
}

int
mdg_cli_import(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings own = {0};
	bool dry_run = false;
	const struct mdg_opt opts[] = {{"dry-run", NULL, &dry_run},
				       {NULL, NULL, NULL}};
	struct mdg_err err;

	if (!take_own(&argc, argv, &own, &a))
		return mdg_cli_usage(cli);
	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc == 0 || (own.n && !dry_run))
		return mdg_cli_usage(cli);
	struct import *im = mdg_calloc(1, sizeof(*im));
	im->cli = cli;
	im->zstd = ZSTD_createCCtx();
	bool ok = run(im, &own, dry_run, argc, argv, &err);
	import_clear(im);
	free(im);
	return ok ? EX_OK : mdg_cli_fail(cli, &err);
}
