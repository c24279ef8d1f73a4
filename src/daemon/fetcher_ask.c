/* What mdg-imap is asked for: the Sent copy, the UIDs of a folder. */
#include <stdlib.h>
#include <string.h>

#include "fetcher-int.h"
#include "madoguchi/app/outbox.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/log.h"
#include "madoguchi/ipc/wire.h"

enum { COPY_RETRY_S = 300 };

/* ---- the Sent copy ---- */

void
fetcher_copy_wanted(struct core *c, int64_t account)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_outbox_row o;
	struct mdg_account acc;
	struct mdg_err err;
	struct fetcher *f = NULL;

	for (size_t i = 0; i < c->accounts_n; i++)
		if (c->fetchers[i]->account_id == account)
			f = c->fetchers[i];
	if (!f || !f->worker.ready || f->copying ||
	    mdg_now_s() < f->copy_not_before_s)
		return;
	if (mdg_outbox_copy_next(c->desk, account, &a, &o, &err) != MDG_FOUND ||
	    mdg_account_by_id(c->desk->db, account, &a, &acc, &err) !=
		    MDG_FOUND)
		return;
	mdg_append_pack(&b, &(struct mdg_append){acc.sent_folder, o.message_id,
						 {NULL, 0}});
	f->copying = o.id;
	MDG_FAULT("copy.append");
	feed_start(&f->feed, &f->worker, o.id, MDG_F_APPEND, ++f->next_id, true,
		   &b);
}

void
fetcher_on_drained(struct mdg_peer *p)
{
	struct mdg_worker *w = p->owner;
	struct fetcher *f = w->owner;

	feed_more(&f->feed, w);
}

void
fetchers_copy(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		fetcher_copy_wanted(c, c->fetchers[i]->account_id);
}

bool
fetcher_on_appended(struct fetcher *f, const struct mdg_frame *frame)
{
	struct mdg_rd r;
	struct mdg_err err;

	mdg_rd_init(&r, frame->payload);
	bool done = mdg_rd_u8(&r) != 0;
	if (!mdg_rd_ok(&r) || !f->copying)
		return fetcher_bad(f, "APPENDED", NULL);
	int64_t id = f->copying;
	f->copying = 0;
	if (!done) {
		/* the mail itself is sent; only its copy is late */
		mdg_warn("account %lld: the Sent copy of outbox %lld failed; "
			 "tried again in %d s",
			 (long long)f->account_id, (long long)id, COPY_RETRY_S);
		f->copy_not_before_s = mdg_now_s() + COPY_RETRY_S;
		return true;
	}
	if (!batch_commit(f->core) ||
	    !mdg_outbox_copied(f->core->desk, id, true, &err))
		return fetcher_bad(f, "APPENDED", &err);
	fetcher_copy_wanted(f->core, f->account_id);
	return true;
}

/* ---- UIDs for reconcile ---- */

bool
fetcher_list_uids(struct core *c, int64_t account, int64_t folder,
		  void (*done)(void *arg, const struct uid_list *l), void *arg)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct fetcher *f = NULL;

	for (size_t i = 0; i < c->accounts_n; i++)
		if (c->fetchers[i]->account_id == account)
			f = c->fetchers[i];
	if (!f || !f->worker.ready || f->requests_n == UID_REQUESTS_MAX ||
	    !fetcher_folder(f, folder))
		return false;
	f->requests[f->requests_n++] = (struct uid_request){
		.id = ++f->next_id,
		.folder_id = folder,
		.done = done,
		.arg = arg,
		.list = {.folder_id = folder},
	};
	mdg_id_pack(&b, folder);
	return mdg_worker_send(&f->worker, MDG_F_LIST_UIDS, f->next_id, &b);
}

static int
by_uid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void
fetcher_finish_uids(struct fetcher *f, size_t i, bool ok)
{
	struct uid_request rq = f->requests[i];

	if (rq.list.n > 1)
		qsort(rq.list.v, rq.list.n, sizeof(*rq.list.v), by_uid);
	f->requests[i] = f->requests[--f->requests_n];
	rq.done(rq.arg, ok ? &rq.list : NULL);
	free(rq.list.v);
}

bool
fetcher_on_uids(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_uids u;
	enum { UIDS_IN_ALL = 10000000 };

	if (!mdg_uids_unpack(frame->payload, &a, &u))
		return fetcher_bad(f, "UIDS", NULL);
	for (size_t i = 0; i < f->requests_n; i++) {
		struct uid_list *l = &f->requests[i].list;
		if (f->requests[i].id != frame->id)
			continue;
		if (l->n + u.n > UIDS_IN_ALL)
			return fetcher_bad(f, "UIDS", NULL);
		l->uidvalidity = u.uidvalidity;
		l->v = mdg_realloc(l->v, (l->n + u.n) * sizeof(*l->v));
		if (u.n)
			memcpy(l->v + l->n, u.v, u.n * sizeof(*l->v));
		l->n += u.n;
		if (u.last)
			fetcher_finish_uids(f, i, true);
		return true;
	}
	return fetcher_bad(f, "UIDS", NULL);
}
