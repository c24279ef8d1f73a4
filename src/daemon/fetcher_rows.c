/* What mdg-imap brings becomes rows of the open batch. */
#include <stdlib.h>
#include <string.h>

#include "fetcher-int.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_mail.h"

/* ---- pending UIDs ---- */

static void
pending_add(struct pending *p, uint32_t uid)
{
	if (p->n > p->head && p->v[p->n - 1] >= uid)
		return; /* listed before in this session */
	if (p->n == p->cap) {
		if (p->head > p->n / 2) {
			memmove(p->v, p->v + p->head,
				(p->n - p->head) * sizeof(*p->v));
			p->n -= p->head;
			p->head = 0;
		} else {
			p->cap = p->cap ? p->cap * 2 : 256;
			p->v = mdg_realloc(p->v, p->cap * sizeof(*p->v));
		}
	}
	p->v[p->n++] = uid;
}

/* The uid is settled; returns the highest uid with nothing open below it. */
static uint32_t
pending_settle(struct pending *p, uint32_t uid, uint32_t low)
{
	for (size_t i = p->head; i < p->n; i++)
		if (p->v[i] == uid) {
			p->v[i] = 0;
			break;
		}
	p->top = uid > p->top ? uid : p->top;
	while (p->head < p->n && p->v[p->head] == 0)
		p->head++;
	uint32_t reached = p->head < p->n ? p->v[p->head] - 1 : p->top;
	return reached > low ? reached : low;
}

void
fetcher_pending_clear(struct pending *p)
{
	free(p->v);
	*p = (struct pending){0};
}

struct folder *
fetcher_folder(struct fetcher *f, int64_t id)
{
	for (size_t i = 0; i < f->folders_n; i++)
		if (f->folders[i].id == id)
			return &f->folders[i];
	return NULL;
}

/* A row that a rollback took is none of ours: its number may be another's. */
void
fetcher_drop_half(struct fetcher *f, struct folder *fo)
{
	int64_t raw = fo->raw_id ? fo->raw_id : fo->raw_kept;
	struct mdg_err err;

	fo->raw_id = fo->raw_kept = 0;
	/* what cannot be dropped now goes at the next start */
	if (!raw || f->core->stopping || !batch_open(f->core))
		return;
	if (mdg_raw_drop(f->core->desk->db, raw, &err))
		batch_wrote(f->core, 0, 0);
	else
		batch_broken(f->core, &err);
}

static void
settle(struct folder *fo, uint32_t uid)
{
	uint32_t low = pending_settle(&fo->pending, uid, fo->settled);

	/* below the watermark too: the worker counts what is on its way */
	fo->settled = low > fo->settled ? low : fo->settled;
	fo->dirty = true;
}

/* ---- frames ---- */

bool
fetcher_bad(struct fetcher *f, const char *what, const struct mdg_err *err)
{
	mdg_error("account %lld: %s refused: %s", (long long)f->account_id,
		  what, err ? mdg_err_en(err) : "not in form");
	return false;
}

/* The folder was made anew, or the server has lost count (RFC 3501 §2.3.1.1):
 * the same mails come under other UIDs and are known by their content. */
static bool
new_generation(struct fetcher *f, const struct mdg_folder *row,
	       uint32_t uidvalidity, uint32_t uidnext, struct mdg_err *err)
{
	struct mdg_desk *d = f->core->desk;

	if (row->uidvalidity)
		mdg_warn("account %lld folder %lld has a new UIDVALIDITY: its "
			 "mails are matched anew",
			 (long long)f->account_id, (long long)row->id);
	if (!mdg_desk_begin(d, err))
		return false;
	if (!mdg_folder_anew(d->db, row->id, uidvalidity, uidnext, err) ||
	    (row->uidvalidity &&
	     !mdg_desk_event(d, &mdg_actor_system, NULL, "folder.anew",
			     json_pack("{s:I,s:I,s:I}", "folder", row->id,
				       "was", row->uidvalidity, "uidvalidity",
				       (json_int_t)uidvalidity),
			     NULL, err))) {
		mdg_desk_rollback(d);
		return false;
	}
	return mdg_desk_commit(d, err);
}

/* A SELECT: where to go on. Another uidvalidity starts a new generation. */
bool
fetcher_on_folder(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_folder_state st;
	struct mdg_folder row;
	struct mdg_err err;

	if (!mdg_folder_state_unpack(frame->payload, &a, &st))
		return fetcher_bad(f, "FOLDER", NULL);
	struct folder *fo = fetcher_folder(f, st.folder_id);
	if (!fo || !batch_commit(f->core))
		return false;
	if (mdg_folder_by_id(f->core->desk->db, fo->id, &a, &row, &err) !=
	    MDG_FOUND)
		return fetcher_bad(f, "FOLDER", &err);
	if (row.uidvalidity != st.uidvalidity) {
		if (!new_generation(f, &row, st.uidvalidity, st.uidnext, &err))
			return fetcher_bad(f, "FOLDER", &err);
		row.low_uid = 0;
		row.begun_uid = st.uidnext;
	}
	if (!*row.name && !mdg_streq(row.found_name, st.name) &&
	    !mdg_folder_found(f->core->desk->db, fo->id, st.name, &err))
		return fetcher_bad(f, "FOLDER", &err);
	fetcher_pending_clear(&fo->pending);
	fo->uidvalidity = st.uidvalidity;
	fo->uidnext = st.uidnext;
	fo->exists = st.exists;
	fo->modseq = st.modseq;
	fo->low_uid = fo->settled = (uint32_t)row.low_uid;
	fetcher_drop_half(f, fo);
	mdg_cursor_pack(&b,
			&(struct mdg_cursor){fo->id, st.uidvalidity,
					     fo->low_uid,
					     (uint32_t)row.begun_uid});
	return mdg_worker_send(&f->worker, MDG_F_CURSOR, frame->id, &b);
}

bool
fetcher_on_listed(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_listed l;
	struct mdg_err err;
	bool wanted;

	if (!mdg_listed_unpack(frame->payload, &a, &l))
		return fetcher_bad(f, "LISTED", NULL);
	struct folder *fo = fetcher_folder(f, l.folder_id);
	if (!fo || fo->uidvalidity != l.uidvalidity)
		return fetcher_bad(f, "LISTED", NULL);
	f->core->intake_busy = true;
	if (!batch_open(f->core))
		return false;
	for (size_t i = 0; i < l.n; i++) {
		const struct mdg_delivery d = {
			.account_id = f->account_id,
			.folder_id = l.folder_id,
			.uidvalidity = l.uidvalidity,
			.uid = l.v[i].uid,
			.bytes = (int64_t)l.v[i].size,
			.internaldate_s = l.v[i].internaldate_s,
		};
		if (!mdg_intake_listed(f->core->desk, &d, &wanted, &err)) {
			batch_broken(f->core, &err);
			return false;
		}
		pending_add(&fo->pending, l.v[i].uid);
	}
	batch_wrote(f->core, 0, l.n * 64);
	return true;
}

bool
fetcher_on_raw(struct fetcher *f, const struct mdg_frame *frame)
{
	struct mdg_raw_chunk r;
	struct mdg_err err;
	int64_t delivery;

	if (!mdg_raw_chunk_unpack(frame->payload, NULL, &r))
		return fetcher_bad(f, "RAW", NULL);
	struct folder *fo = fetcher_folder(f, r.folder_id);
	if (!fo || fo->uidvalidity != r.uidvalidity)
		return fetcher_bad(f, "RAW", NULL);
	if (!batch_open(f->core))
		return false;
	if (r.n == 0 && fo->raw_id)
		fetcher_drop_half(f, fo);
	const struct mdg_intake_chunk chunk = {
		.account_id = f->account_id,
		.folder_id = r.folder_id,
		.uidvalidity = r.uidvalidity,
		.uid = r.uid,
		.n = r.n,
		.last = r.last,
		.raw_bytes = (int64_t)r.raw_bytes,
		.digest = r.digest,
		.zstd = r.zstd,
	};
	if (!mdg_intake_raw(f->core->desk, &chunk, &fo->raw_id, &delivery,
			    &err)) {
		if (err.code == MDG_EPROTO)
			return fetcher_bad(f, "RAW", &err);
		batch_broken(f->core, &err);
		return false;
	}
	if (r.last) {
		settle(fo, r.uid);
		if (delivery)
			parser_add(f->core, delivery,
				   r.n == 0 ? r.zstd : mdg_span(NULL, 0));
	}
	batch_wrote(f->core, r.last, r.zstd.n);
	return true;
}

bool
fetcher_on_fetch_failed(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_fetch_failed v;
	struct mdg_err err;

	if (!mdg_fetch_failed_unpack(frame->payload, &a, &v))
		return fetcher_bad(f, "FETCH_FAILED", NULL);
	struct folder *fo = fetcher_folder(f, v.folder_id);
	if (!fo || fo->uidvalidity != v.uidvalidity)
		return fetcher_bad(f, "FETCH_FAILED", NULL);
	mdg_warn("account %lld folder %lld uid %u could not be fetched%s",
		 (long long)f->account_id, (long long)v.folder_id, v.uid,
		 v.vanished ? ": it is gone from the server" : "");
	if (!batch_open(f->core))
		return false;
	if (!mdg_intake_failed(f->core->desk, f->account_id, v.folder_id,
			       v.uidvalidity, v.uid, v.vanished, v.reason,
			       &err)) {
		batch_broken(f->core, &err);
		return false;
	}
	settle(fo, v.uid);
	batch_wrote(f->core, 1, 0);
	return true;
}

bool
fetcher_on_synced(struct fetcher *f, const struct mdg_frame *frame)
{
	struct mdg_err err;
	int64_t folder;
	enum { EVERY_S = 60 };
	int64_t now_s = mdg_now_s();

	if (!mdg_id_unpack(frame->payload, &folder))
		return fetcher_bad(f, "SYNCED", NULL);
	struct folder *fo = fetcher_folder(f, folder);
	if (!fo)
		return fetcher_bad(f, "SYNCED", NULL);
	f->problem = (struct mdg_err){0};
	f->core->intake_busy = false;
	/* "last good fetch" needs no finer grain than a minute */
	if (now_s - fo->synced_s >= EVERY_S && batch_open(f->core)) {
		fo->synced_s = now_s;
		if (!mdg_folder_synced(f->core->desk->db, folder, now_s,
				       &err)) {
			batch_broken(f->core, &err);
			return false;
		}
	}
	/* what the pass left out by its date is settled as well: otherwise an
	 * old mail that is moved here later would pass for one of those */
	if (fo->pending.head == fo->pending.n && fo->uidnext > 0 &&
	    fo->uidnext - 1 > fo->settled && batch_open(f->core)) {
		fo->settled = fo->uidnext - 1;
		fo->dirty = true;
	}
	/* nothing more comes now: why wait? */
	return batch_commit(f->core) && fetcher_after_pass(f, fo);
}
