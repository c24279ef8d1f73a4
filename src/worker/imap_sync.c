/*
 * One pass over a folder. The core holds the watermark; we ask for it at each
 * opening. A window of UIDs is announced before any body of it, bodies go out
 * in order, and never more than SENT_MAX mails are on their way to the store.
 */
#include <stdlib.h>
#include <string.h>

#include "imap_worker.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"

enum {
	CORE_MS = 120000, /* the core answers within, or something is wrong */
	STRIKES_MAX = 3,  /* breaks at one mail alone, then it is skipped */
};

/* Pairs of UIDs that are left out for their date: the core accounts for them. */
static bool
tell_ignored(struct imap_worker *w, const struct folder *f, uint32_t *pairs,
	     size_t n, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	for (size_t at = 0; at < n; at += MDG_UIDS_MAX) {
		struct mdg_uids u = {.folder_id = f->config->folder_id,
				     .uidvalidity = f->seen.uidvalidity,
				     .v = pairs + at,
				     .n = n - at < MDG_UIDS_MAX
						  ? n - at
						  : MDG_UIDS_MAX};
		u.last = at + u.n == n;
		mdg_uids_pack(&b, &u);
		if (!mdg_netmain_send(&w->net, MDG_F_IGNORED, 0, &b, err))
			return false;
	}
	return true;
}

bool
imap_worker_open(struct imap_worker *w, struct folder *f, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_imap_state st;
	w->opened = NULL;
	const char *name = imap_worker_name(w, f, err);
	if (name == NULL || !mdg_imap_select(w->im, name, false, &st, err))
		return false;
	struct mdg_folder_state state = {.folder_id = f->config->folder_id,
					 .uidvalidity = st.uidvalidity,
					 .uidnext = st.uidnext,
					 .exists = st.exists,
					 .modseq = st.modseq,
					 .name = name};
	mdg_folder_state_pack(&b, &state);
	w->has_cursor = false;
	if (!mdg_netmain_send(&w->net, MDG_F_FOLDER, 0, &b, err))
		return false;
	while (!w->has_cursor || w->cursor.folder_id != f->config->folder_id ||
	       w->cursor.uidvalidity != st.uidvalidity)
		if (!imap_worker_wait(w, CORE_MS, err))
			return false;
	/* The cursor tells what is stored: nothing of this folder is on its
	 * way any more, and what is above comes again. */
	size_t keep = 0;
	for (size_t i = 0; i < w->sent_n; i++)
		if (w->sent[i].folder_id != f->config->folder_id)
			w->sent[keep++] = w->sent[i];
	w->sent_n = keep;
	f->seen = st;
	f->low = w->cursor.low_uid;
	f->begun = f->config->since_s > 0 ? w->cursor.begun_uid : 0;
	w->opened = f;
	if (f->low > 0 || f->config->since_s == 0)
		return true;
	return mdg_imap_low_since(w->im, f->config->since_s, &f->low, err) &&
	       tell_ignored(w, f, (uint32_t[]){1, f->low}, f->low > 0 ? 2 : 0,
			    err);
}

/* -- listing -- */

struct pass {
	struct imap_worker *w;
	struct folder *f;
	struct mdg_imap_item *v;
	size_t n, cap;
	bool by_name;      /* these very UIDs were asked for */
	uint32_t *ignored; /* pairs */
	size_t ignored_n, ignored_cap;
};

/* Neighbours become one range. */
static void
ignore(struct pass *p, uint32_t uid)
{
	if (p->ignored_n > 0 && p->ignored[p->ignored_n - 1] + 1 == uid) {
		p->ignored[p->ignored_n - 1] = uid;
		return;
	}
	if (p->ignored_n == p->ignored_cap) {
		p->ignored_cap = p->ignored_cap == 0 ? 64 : 2 * p->ignored_cap;
		p->ignored = mdg_realloc(p->ignored, p->ignored_cap *
							     sizeof(uint32_t));
	}
	p->ignored[p->ignored_n++] = uid;
	p->ignored[p->ignored_n++] = uid;
}

static bool
is_skipped(const struct pass *p, uint32_t uid)
{
	for (size_t i = 0; i < p->w->skip_n; i++)
		if (p->w->skip[i].folder_id == p->f->config->folder_id &&
		    p->w->skip[i].uid == uid)
			return true;
	return false;
}

static bool
on_item(void *ctx, const struct mdg_imap_item *it, struct mdg_err *err)
{
	struct pass *p = ctx;
	(void)err;
	/*
	 * Old mail that was there at the beginning stays out, also after a
	 * first pass that broke. What is put into the folder later counts as
	 * new, whatever its date.
	 */
	if (!p->by_name && it->uid < p->f->begun && it->internaldate_s != 0 &&
	    it->internaldate_s < p->f->config->since_s) {
		ignore(p, it->uid);
		return true;
	}
	if (p->n == p->cap) {
		p->cap = p->cap == 0 ? 256 : 2 * p->cap;
		p->v = mdg_realloc(p->v, p->cap * sizeof(*p->v));
	}
	p->v[p->n++] = *it;
	return true;
}

static bool
announce(struct pass *p, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_listed_uid *v = mdg_calloc(MDG_LISTED_MAX, sizeof(*v));
	bool ok = true;
	for (size_t at = 0; ok && at < p->n; at += MDG_LISTED_MAX) {
		struct mdg_listed l = {.folder_id = p->f->config->folder_id,
				       .uidvalidity = p->f->seen.uidvalidity,
				       .v = v,
				       .n = p->n - at < MDG_LISTED_MAX
						    ? p->n - at
						    : MDG_LISTED_MAX};
		for (size_t i = 0; i < l.n; i++)
			v[i] = (struct mdg_listed_uid){
				.uid = p->v[at + i].uid,
				.size = p->v[at + i].size,
				.internaldate_s = p->v[at + i].internaldate_s};
		mdg_listed_pack(&b, &l);
		MDG_FAULT("imap.listed");
		ok = mdg_netmain_send(&p->w->net, MDG_F_LISTED, 0, &b, err);
	}
	free(v);
	return ok;
}

/* -- fetching -- */

/* A mail that is fetched by name lies below what was reached. */
static void
reached(const struct pass *p, uint32_t uid)
{
	if (uid > p->f->low)
		p->f->low = uid;
}

static bool
on_chunk(void *ctx, uint32_t uid, const struct mdg_chunk *c,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct pass *p = ctx;
	struct imap_worker *w = p->w;
	struct mdg_raw_chunk raw = {.folder_id = p->f->config->folder_id,
				    .uidvalidity = p->f->seen.uidvalidity,
				    .uid = uid,
				    .n = c->n,
				    .last = c->last,
				    .raw_bytes = c->raw_bytes,
				    .zstd = c->zstd};
	if (c->last)
		memcpy(raw.digest, c->digest, sizeof(raw.digest));
	mdg_raw_chunk_pack(&b, &raw);
	MDG_FAULT("imap.raw");
	if (!mdg_netmain_post(&w->net, MDG_F_RAW, 0, &b, err))
		return false;
	if (!c->last)
		return true;
	MDG_BUG_ON(w->sent_n == SENT_MAX);
	w->sent[w->sent_n++] = (struct sent){raw.folder_id, uid};
	reached(p, uid);
	w->breaks = 0;
	return true;
}

static bool
on_failed(void *ctx, uint32_t uid, bool vanished, const char *reason,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct pass *p = ctx;
	struct mdg_fetch_failed f = {.folder_id = p->f->config->folder_id,
				     .uidvalidity = p->f->seen.uidvalidity,
				     .uid = uid,
				     .vanished = vanished,
				     .reason = reason};
	mdg_warn("mail not fetched folder=%lld uid=%u vanished=%d",
		 (long long)f.folder_id, uid, vanished);
	mdg_fetch_failed_pack(&b, &f);
	reached(p, uid);
	p->w->breaks = 0;
	return mdg_netmain_send(&p->w->net, MDG_F_FETCH_FAILED, 0, &b, err);
}

/* How many of the next mails to ask for: a batch, or the suspect alone. */
static size_t
next_slice(const struct pass *p, size_t at)
{
	uint64_t bytes = 0;
	size_t k = 0;
	if (p->w->suspect_uid != 0 &&
	    p->w->suspect_folder == p->f->config->folder_id &&
	    p->v[at].uid <= p->w->suspect_uid + MDG_FETCH_BATCH_N)
		return 1;
	while (at + k < p->n && k < MDG_FETCH_BATCH_N &&
	       p->v[at + k].size <= MDG_FETCH_BATCH_BYTES - bytes)
		bytes += p->v[at + k++].size;
	return k > 0 ? k : 1;
}

/*
 * The connection broke while these were under way. A mail that does it again
 * and again, alone, must not stop those behind it.
 */
static void
note_break(struct pass *p, size_t at, size_t k)
{
	struct imap_worker *w = p->w;
	size_t i = 0;
	while (i + 1 < k && p->v[at + i].uid <= p->f->low && !p->by_name)
		i++;
	uint32_t uid = p->v[at + i].uid;
	bool same = w->suspect_uid == uid &&
		    w->suspect_folder == p->f->config->folder_id;
	w->suspect_folder = p->f->config->folder_id;
	w->suspect_uid = uid;
	w->strikes = same && k == 1 ? w->strikes + 1 : 0;
	if (w->strikes >= STRIKES_MAX && w->skip_n < SKIP_MAX)
		w->skip[w->skip_n++] = (struct sent){w->suspect_folder, uid};
}

static bool
fetch_slice(struct pass *p, size_t at, size_t k, struct mdg_err *err)
{
	struct mdg_imap_sink sink = {p, on_chunk, on_failed};
	struct mdg_stream *s = mdg_imap_stream(p->w->im);
	if (k == 1 && is_skipped(p, p->v[at].uid))
		return on_failed(p, p->v[at].uid, false,
				 "the connection broke at it each time", err);
	if (mdg_imap_fetch(p->w->im, p->v + at, k, &sink, err))
		return true;
	if (!p->w->core_gone && !mdg_stream_cancelled(s))
		note_break(p, at, k);
	return false;
}

static bool
fetch_all(struct pass *p, struct mdg_err *err)
{
	struct imap_worker *w = p->w;
	for (size_t at = 0; at < p->n;) {
		size_t k = next_slice(p, at);
		while (w->sent_n + k > SENT_MAX)
			if (!imap_worker_wait(w, CORE_MS, err))
				return false;
		if (!fetch_slice(p, at, k, err))
			return false;
		at += k;
	}
	return true;
}

bool
imap_worker_synced(struct imap_worker *w, const struct folder *f,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_id_pack(&b, f->config->folder_id);
	return mdg_netmain_send(&w->net, MDG_F_SYNCED, 0, &b, err);
}

/* What one mail's date or size breaks, all of them: less is asked for next
 * time, until a listing came whole. */
static bool
listed(struct folder *f, bool ok, const struct mdg_err *why)
{
	if (ok)
		f->asks = MDG_IMAP_DATES;
	else if (why->code == MDG_EPROTO && f->asks < MDG_IMAP_UIDS)
		f->asks++;
	return ok;
}

bool
imap_worker_sync(struct imap_worker *w, struct folder *f, struct mdg_err *err)
{
	struct pass p = {.w = w, .f = f};
	if (w->opened != f && !imap_worker_open(w, f, err))
		return false;
	struct mdg_imap_walk walk = {.low = f->low};
	bool ok = true;
	while (ok && !walk.done) {
		p.n = p.ignored_n = 0;
		walk.asks = f->asks;
		ok = listed(f, mdg_imap_list(w->im, &walk, on_item, &p, err),
			    err) &&
		     tell_ignored(w, f, p.ignored, p.ignored_n, err) &&
		     announce(&p, err) && fetch_all(&p, err);
	}
	free(p.v);
	free(p.ignored);
	if (!ok)
		return false;
	f->synced = true;
	f->troubled = false;
	return imap_worker_synced(w, f, err);
}

bool
imap_worker_fetch(struct imap_worker *w, struct folder *f,
		  uint32_t uidvalidity, const uint32_t *uids, size_t n,
		  struct mdg_err *err)
{
	struct pass p = {.w = w, .f = f, .by_name = true};
	if (w->opened != f && !imap_worker_open(w, f, err))
		return false;
	/* Another generation by now: its own pass brings it all. */
	bool ok = f->seen.uidvalidity != uidvalidity ||
		  (listed(f,
			  mdg_imap_list_uids(w->im, uids, n, f->asks, on_item,
					     &p, err),
			  err) &&
		   announce(&p, err) && fetch_all(&p, err));
	free(p.v);
	return ok;
}
