/*
 * After a pass: all UIDs against ours now and then, what is missing again,
 * and what the folder's policy asks of the server.
 */
#include <stdlib.h>
#include <string.h>

#include "fetcher-int.h"
#include "madoguchi/app/lookback.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

enum {
	LOOK_EVERY_S = 6 * 3600,
	LOOK_AGAIN_S = 600, /* when the last one could not be had */
	ACT_AGAIN_MS = 600000,
};

/* ---- the comparison ---- */

/* Nothing came, went or changed since the last one (RFC 7162 §3.1.2). */
static bool
is_as_before(const struct folder *fo, const struct mdg_folder *row)
{
	return fo->modseq != 0 && row->clean_s == row->looked_s &&
	       (int64_t)fo->modseq == row->look_modseq &&
	       (int64_t)fo->exists == row->look_exists &&
	       (int64_t)fo->uidnext == row->look_next;
}

bool
fetcher_compare(struct core *c, const struct uid_list *l, mdg_look_fn fn,
		void *ctx, struct mdg_arena *a, struct mdg_look *ret,
		struct mdg_err *err)
{
	struct fetcher *f = NULL;
	struct folder *fo = NULL;
	struct mdg_folder row;

	for (size_t i = 0; i < c->accounts_n && !fo; i++) {
		f = c->fetchers[i];
		fo = fetcher_folder(f, l->folder_id);
	}
	if (!fo || !batch_commit(c))
		return mdg_fail(err, MDG_EBUSY, "the store refuses");
	if (mdg_folder_by_id(c->desk->db, l->folder_id, a, &row, err) !=
	    MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no such folder");
	/* the pass of the new generation is still to come */
	if (row.uidvalidity != l->uidvalidity)
		row.low_uid = 0;
	row.look_next = fo->uidnext;
	row.look_exists = fo->exists;
	row.look_modseq = (int64_t)fo->modseq;
	if (!mdg_desk_begin(c->desk, err))
		return false;
	if (!mdg_intake_look(c->desk, &row, l->uidvalidity, l->v, l->n, fn, ctx,
			     a, ret, err)) {
		mdg_desk_rollback(c->desk);
		return false;
	}
	if (!mdg_desk_commit(c->desk, err))
		return false;
	fo->act_wanted = true; /* a policy may have waited for this */
	if (ret->missing_n) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		mdg_warn("account %lld folder %lld: %zu mails are not stored "
			 "and are fetched again",
			 (long long)f->account_id, (long long)fo->id,
			 ret->missing_n);
		mdg_uids_pack(&b,
			      &(struct mdg_uids){fo->id, l->uidvalidity, true,
						 ret->missing, ret->missing_n});
		mdg_worker_send(&f->worker, MDG_F_FETCH_UIDS, ++f->next_id, &b);
	}
	return true;
}

struct looking {
	struct core *core;
	int64_t account_id, folder_id;
};

static void
looked(void *arg, const struct uid_list *l)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct looking *k = arg;
	struct folder *fo = NULL;
	struct mdg_look out;
	struct mdg_err err = {0};

	for (size_t i = 0; i < k->core->accounts_n && !fo; i++)
		fo = fetcher_folder(k->core->fetchers[i], k->folder_id);
	if (fo) {
		fo->looking = false;
		fo->look_not_before_s = mdg_now_s() + LOOK_AGAIN_S;
	}
	if (l && fo && !fetcher_compare(k->core, l, NULL, NULL, &a, &out, &err))
		mdg_warn("folder %lld not compared with the server: %s",
			 (long long)k->folder_id, mdg_err_en(&err));
	free(k);
}

static void
ask(struct fetcher *f, struct folder *fo)
{
	if (fo->looking)
		return;
	struct looking *k = mdg_malloc(sizeof(*k));
	*k = (struct looking){f->core, f->account_id, fo->id};
	fo->looking =
		fetcher_list_uids(f->core, f->account_id, fo->id, looked, k);
	if (!fo->looking)
		free(k);
}

static void
look(struct fetcher *f, struct folder *fo, const struct mdg_folder *row)
{
	int64_t now_s = mdg_now_s();

	if (now_s < fo->look_not_before_s ||
	    (now_s - row->looked_s < LOOK_EVERY_S && now_s >= row->looked_s))
		return;
	if (is_as_before(fo, row)) {
		struct mdg_err err;
		mdg_folder_looked(f->core->desk->db, row, true, now_s, &err);
		return;
	}
	ask(f, fo);
}

/* ---- the policy ---- */

static bool
act(struct fetcher *f, struct folder *fo, const struct mdg_folder *row)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_desk *d = f->core->desk;
	struct mdg_server_act s = {
		fo->id, fo->uidvalidity, MDG_SERVER_KEYWORD, NULL, NULL, 0};
	struct mdg_err err;

	fo->act_wanted = false; /* the answer or the next pass calls us again */
	if (mdg_streq(row->policy, "leave") || fo->acting_n ||
	    fo->uidvalidity != row->uidvalidity)
		return true;
	if (mdg_mono_ms() < fo->act_not_before_ms)
		return fo->act_wanted = true;
	if (mdg_streq(row->policy, "move")) {
		s.kind = MDG_SERVER_MOVE;
		s.target = row->policy_arg;
	} else if (mdg_streq(row->policy, "delete")) {
		s.kind = MDG_SERVER_DELETE;
	}
	if (!mdg_desk_begin(d, &err) ||
	    !mdg_intake_policy_next(d, row, &a, &s.v, &s.n, &fo->act_wanted,
				    &err)) {
		mdg_error("folder %lld: %s", (long long)fo->id, mdg_err_en(&err));
		mdg_desk_rollback(d);
		return true;
	}
	if (!mdg_desk_commit(d, &err))
		return false;
	if (s.n == 0)
		return true;
	fo->acting = mdg_malloc(s.n * sizeof(*s.v));
	memcpy(fo->acting, s.v, s.n * sizeof(*s.v));
	fo->acting_n = s.n;
	snprintf(fo->acting_as, sizeof(fo->acting_as), "%s", row->policy);
	MDG_FAULT("policy.asked");
	mdg_server_act_pack(&b, &s);
	return mdg_worker_send(&f->worker, MDG_F_SERVER_ACT, ++f->next_id, &b);
}

void
fetcher_forget_asked(struct folder *fo)
{
	free(fo->acting);
	fo->acting = NULL;
	fo->acting_n = 0;
}

static bool
keep_problem(struct fetcher *f, int64_t folder, const struct mdg_err *why)
{
	char text[MDG_ERR_TEXT_MAX * 2];
	struct mdg_err err;

	mdg_warn("account %lld folder %lld: %s", (long long)f->account_id,
		 (long long)folder,
		 mdg_err_text(why, MDG_LANG_EN, text, sizeof(text)));
	if (!batch_open(f->core))
		return false;
	if (!mdg_folder_problem(
		    f->core->desk->db, folder,
		    mdg_err_text(why, MDG_LANG_JA, text, sizeof(text)), &err)) {
		batch_broken(f->core, &err);
		return false;
	}
	return true;
}

bool
fetcher_on_acted(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_folder_result r;
	struct mdg_folder row;
	struct mdg_desk *d = f->core->desk;
	struct mdg_err err;
	bool ok = true;

	if (!mdg_folder_result_unpack(frame->payload, &a, &r))
		return fetcher_bad(f, "SERVER_ACTED", NULL);
	struct folder *fo = fetcher_folder(f, r.folder_id);
	if (!fo || !fo->acting_n)
		return fetcher_bad(f, "SERVER_ACTED", NULL);
	if (!r.ok) {
		fo->act_not_before_ms = mdg_mono_ms() + ACT_AGAIN_MS;
		ok = keep_problem(f, fo->id, &r.err);
		ask(f, fo); /* part of it may be done: that is written down */
	} else if (!batch_commit(f->core) ||
		   mdg_folder_by_id(d->db, fo->id, &a, &row, &err) !=
			   MDG_FOUND ||
		   !mdg_desk_begin(d, &err)) {
		ok = false;
	} else if (!mdg_intake_policy_done(d, &row, fo->acting_as, fo->acting,
					   fo->acting_n, &err)) {
		mdg_desk_rollback(d);
		ok = fetcher_bad(f, "SERVER_ACTED", &err);
	} else {
		ok = mdg_desk_commit(d, &err);
	}
	fetcher_forget_asked(fo);
	return ok && (!r.ok || fetcher_after_pass(f, fo));
}

bool
fetcher_after_pass(struct fetcher *f, struct folder *fo)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_folder row;
	struct mdg_err err;

	if (mdg_folder_by_id(f->core->desk->db, fo->id, &a, &row, &err) !=
	    MDG_FOUND)
		return fetcher_bad(f, "SYNCED", &err);
	look(f, fo, &row);
	return act(f, fo, &row);
}

/* Not only after a pass: mails settle and comparisons end between two. */
void
fetchers_act(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		for (size_t k = 0; k < c->fetchers[i]->folders_n; k++) {
			MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
			struct fetcher *f = c->fetchers[i];
			struct folder *fo = &f->folders[k];
			struct mdg_folder row;
			if (fo->act_wanted && fo->uidvalidity &&
			    f->worker.ready && batch_commit(c) &&
			    mdg_folder_by_id(c->desk->db, fo->id, &a, &row,
					     NULL) == MDG_FOUND)
				act(f, fo, &row);
		}
}

/* ---- what else it tells ---- */

bool
fetcher_on_ignored(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_uids u;
	struct mdg_err err;

	if (!mdg_uids_unpack(frame->payload, &a, &u) || u.n % 2 != 0)
		return fetcher_bad(f, "IGNORED", NULL);
	struct folder *fo = fetcher_folder(f, u.folder_id);
	if (!fo || fo->uidvalidity != u.uidvalidity)
		return fetcher_bad(f, "IGNORED", NULL);
	if (!batch_open(f->core))
		return false;
	for (size_t i = 0; i < u.n; i += 2) {
		if (u.v[i] == 0 || u.v[i] > u.v[i + 1])
			return fetcher_bad(f, "IGNORED", NULL);
		if (!mdg_ignored_add(f->core->desk->db, fo->id, u.uidvalidity,
				     u.v[i], u.v[i + 1], &err)) {
			batch_broken(f->core, &err);
			return false;
		}
	}
	return true;
}

bool
fetcher_on_quota(struct fetcher *f, const struct mdg_frame *frame)
{
	struct mdg_quota q;
	struct mdg_err err;

	if (!mdg_quota_unpack(frame->payload, NULL, &q))
		return fetcher_bad(f, "QUOTA", NULL);
	if (!batch_open(f->core))
		return false;
	if (!mdg_quota_put(f->core->desk->db, f->account_id,
			   (int64_t)q.used_bytes, (int64_t)q.limit_bytes,
			   mdg_now_s(), &err)) {
		batch_broken(f->core, &err);
		return false;
	}
	return true;
}

/* About a request of ours, or about a folder that cannot be read. */
bool
fetcher_on_problem(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_folder_result r;

	if (!mdg_folder_result_unpack(frame->payload, &a, &r))
		return fetcher_bad(f, "FOLDER_PROBLEM", NULL);
	for (size_t i = 0; i < NAMES_REQUESTS_MAX; i++)
		if (frame->id && f->names[i].id == frame->id) {
			struct names_request rq = f->names[i];
			f->names[i].id = 0;
			rq.done(rq.arg, NULL, &r.err);
			return true;
		}
	for (size_t i = 0; frame->id && i < f->requests_n; i++)
		if (f->requests[i].id == frame->id) {
			fetcher_finish_uids(f, i, false);
			break;
		}
	return !fetcher_folder(f, r.folder_id) ||
	       keep_problem(f, r.folder_id, &r.err);
}

/* ---- the folders there are ---- */

bool
fetcher_list_folders(struct core *c, int64_t account,
		     void (*done)(void *arg, const struct mdg_folder_names *l,
				  const struct mdg_err *why),
		     void *arg)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (size_t i = 0; i < c->accounts_n; i++) {
		struct fetcher *f = c->fetchers[i];
		if (f->account_id != account || !f->worker.ready)
			continue;
		for (size_t k = 0; k < NAMES_REQUESTS_MAX; k++) {
			if (f->names[k].id)
				continue;
			f->names[k] =
				(struct names_request){++f->next_id, done, arg};
			return mdg_worker_send(&f->worker, MDG_F_LIST_FOLDERS,
					       f->next_id, &b);
		}
	}
	return false;
}

void
fetcher_finish_names(struct fetcher *f, const struct mdg_err *why)
{
	for (size_t i = 0; i < NAMES_REQUESTS_MAX; i++) {
		struct names_request rq = f->names[i];
		if (!rq.id)
			continue;
		f->names[i].id = 0;
		rq.done(rq.arg, NULL, why);
	}
}

bool
fetcher_on_folders(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_folder_names l;

	if (!mdg_folder_names_unpack(frame->payload, &a, &l))
		return fetcher_bad(f, "FOLDERS", NULL);
	for (size_t i = 0; i < NAMES_REQUESTS_MAX; i++)
		if (frame->id && f->names[i].id == frame->id) {
			struct names_request rq = f->names[i];
			f->names[i].id = 0;
			rq.done(rq.arg, &l, NULL);
			return true;
		}
	return fetcher_bad(f, "FOLDERS", NULL);
}
