/* One mdg-imap per account: its frames become rows, commits become ACKs. */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/app/outbox.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/wire.h"
#include "worker.h"

/* UIDs of one folder that were listed and are not yet settled, ascending. */
struct pending {
	uint32_t *v; /* 0: settled */
	size_t head, n, cap;
	uint32_t top; /* highest that was settled */
};

struct folder {
	int64_t id;
	uint32_t uidvalidity;
	uint32_t low_uid;    /* committed */
	uint32_t settled;    /* highest uid handled in the open batch */
	bool dirty;          /* settled moved since the last commit */
	struct pending pending;
	int64_t raw_id;      /* of a mail whose chunks are still coming */
	int64_t synced_s;    /* the last pass that was written down */
};

struct uid_request {
	uint32_t id;
	int64_t folder_id;
	void (*done)(void *arg, const struct uid_list *l);
	void *arg;
	struct uid_list list;
};

enum { FOLDERS_MAX = 200, UID_REQUESTS_MAX = 16, COPY_RETRY_S = 300 };

struct fetcher {
	struct mdg_worker worker;
	struct core *core;
	int64_t account_id;
	struct folder folders[FOLDERS_MAX];
	size_t folders_n;
	uint32_t next_id;
	struct uid_request requests[UID_REQUESTS_MAX];
	size_t requests_n;
	int64_t copying; /* outbox id of the Sent copy under way */
	int64_t copy_not_before_s;
	struct mdg_err problem;
};

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

static void
pending_clear(struct pending *p)
{
	free(p->v);
	*p = (struct pending){0};
}

static struct folder *
find_folder(struct fetcher *f, int64_t id)
{
	for (size_t i = 0; i < f->folders_n; i++)
		if (f->folders[i].id == id)
			return &f->folders[i];
	return NULL;
}

static void
settle(struct folder *fo, uint32_t uid)
{
	uint32_t low = pending_settle(&fo->pending, uid, fo->settled);

	if (low > fo->settled) {
		fo->settled = low;
		fo->dirty = true;
	}
}

/* ---- frames ---- */

static bool
bad(struct fetcher *f, const char *what, const struct mdg_err *err)
{
	mdg_error("account %lld: %s refused: %s", (long long)f->account_id,
		  what, err ? err->text : "not in form");
	return false;
}

/* A SELECT: where to go on. Another uidvalidity starts a new generation. */
static bool
on_folder(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_folder_state st;
	struct mdg_folder row;
	struct mdg_err err;

	if (!mdg_folder_state_unpack(frame->payload, &a, &st))
		return bad(f, "FOLDER", NULL);
	struct folder *fo = find_folder(f, st.folder_id);
	if (!fo || !batch_commit(f->core))
		return false;
	if (mdg_folder_by_id(f->core->desk->db, fo->id, &a, &row, &err) !=
	    MDG_FOUND)
		return bad(f, "FOLDER", &err);
	if (row.uidvalidity != st.uidvalidity) {
		if (row.uidvalidity)
			mdg_warn("account %lld folder %lld has a new "
				 "UIDVALIDITY: its mails are matched anew",
				 (long long)f->account_id, (long long)fo->id);
		row.low_uid = 0;
		if (!mdg_folder_cursor(f->core->desk->db, fo->id,
				       st.uidvalidity, 0, &err))
			return bad(f, "FOLDER", &err);
	}
	pending_clear(&fo->pending);
	fo->uidvalidity = st.uidvalidity;
	fo->low_uid = fo->settled = (uint32_t)row.low_uid;
	fo->raw_id = 0;
	mdg_cursor_pack(&b, &(struct mdg_cursor){fo->id, st.uidvalidity,
						 fo->low_uid});
	return mdg_worker_send(&f->worker, MDG_F_CURSOR, frame->id, &b);
}

static bool
on_listed(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_listed l;
	struct mdg_err err;
	bool wanted;

	if (!mdg_listed_unpack(frame->payload, &a, &l))
		return bad(f, "LISTED", NULL);
	struct folder *fo = find_folder(f, l.folder_id);
	if (!fo || fo->uidvalidity != l.uidvalidity)
		return bad(f, "LISTED", NULL);
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

static bool
on_raw(struct fetcher *f, const struct mdg_frame *frame)
{
	struct mdg_raw_chunk r;
	struct mdg_err err;
	int64_t delivery;

	if (!mdg_raw_chunk_unpack(frame->payload, NULL, &r))
		return bad(f, "RAW", NULL);
	struct folder *fo = find_folder(f, r.folder_id);
	if (!fo || fo->uidvalidity != r.uidvalidity)
		return bad(f, "RAW", NULL);
	if (!batch_open(f->core))
		return false;
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
			return bad(f, "RAW", &err);
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

static bool
on_fetch_failed(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_fetch_failed v;
	struct mdg_err err;

	if (!mdg_fetch_failed_unpack(frame->payload, &a, &v))
		return bad(f, "FETCH_FAILED", NULL);
	struct folder *fo = find_folder(f, v.folder_id);
	if (!fo || fo->uidvalidity != v.uidvalidity)
		return bad(f, "FETCH_FAILED", NULL);
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

static bool
on_synced(struct fetcher *f, const struct mdg_frame *frame)
{
	struct mdg_err err;
	int64_t folder;
	enum { EVERY_S = 60 };
	int64_t now_s = mdg_now_s();

	if (!mdg_id_unpack(frame->payload, &folder))
		return bad(f, "SYNCED", NULL);
	struct folder *fo = find_folder(f, folder);
	if (!fo)
		return bad(f, "SYNCED", NULL);
	f->problem = (struct mdg_err){0};
	/* "last good fetch" needs no finer grain than a minute */
	if (now_s - fo->synced_s < EVERY_S || !batch_open(f->core))
		return true;
	fo->synced_s = now_s;
	if (!mdg_folder_synced(f->core->desk->db, folder, now_s, &err)) {
		batch_broken(f->core, &err);
		return false;
	}
	return true;
}

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
						 o.mime});
	f->copying = o.id;
	MDG_FAULT("copy.append");
	mdg_worker_send(&f->worker, MDG_F_APPEND, ++f->next_id, &b);
}

void
fetchers_copy(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		fetcher_copy_wanted(c, c->fetchers[i]->account_id);
}

static bool
on_appended(struct fetcher *f, const struct mdg_frame *frame)
{
	struct mdg_rd r;
	struct mdg_err err;

	mdg_rd_init(&r, frame->payload);
	bool done = mdg_rd_u8(&r) != 0;
	if (!mdg_rd_ok(&r) || !f->copying)
		return bad(f, "APPENDED", NULL);
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
		return bad(f, "APPENDED", &err);
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
	    !find_folder(f, folder))
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

static void
finish_request(struct fetcher *f, size_t i, bool ok)
{
	struct uid_request rq = f->requests[i];

	f->requests[i] = f->requests[--f->requests_n];
	rq.done(rq.arg, ok ? &rq.list : NULL);
	free(rq.list.v);
}

static bool
on_uids(struct fetcher *f, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_uids u;
	enum { UIDS_IN_ALL = 10000000 };

	if (!mdg_uids_unpack(frame->payload, &a, &u))
		return bad(f, "UIDS", NULL);
	for (size_t i = 0; i < f->requests_n; i++) {
		struct uid_list *l = &f->requests[i].list;
		if (f->requests[i].id != frame->id)
			continue;
		if (l->n + u.n > UIDS_IN_ALL)
			return bad(f, "UIDS", NULL);
		l->uidvalidity = u.uidvalidity;
		l->v = mdg_realloc(l->v, (l->n + u.n) * sizeof(*l->v));
		if (u.n)
			memcpy(l->v + l->n, u.v, u.n * sizeof(*l->v));
		l->n += u.n;
		if (u.last)
			finish_request(f, i, true);
		return true;
	}
	return bad(f, "UIDS", NULL);
}

/* ---- table of frames ---- */

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *frame)
{
	static const struct {
		uint16_t type;
		bool (*run)(struct fetcher *f, const struct mdg_frame *frame);
	} table[] = {
		{MDG_F_RAW, on_raw},
		{MDG_F_LISTED, on_listed},
		{MDG_F_SYNCED, on_synced},
		{MDG_F_FOLDER, on_folder},
		{MDG_F_FETCH_FAILED, on_fetch_failed},
		{MDG_F_APPENDED, on_appended},
		{MDG_F_UIDS, on_uids},
	};

	for (size_t i = 0; i < MDG_LEN(table); i++)
		if (table[i].type == frame->type)
			return table[i].run(w->owner, frame);
	return bad(w->owner, "an unknown frame", NULL);
}

/* ---- commits ---- */

static void
ack(struct fetcher *f, struct folder *fo)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	fo->dirty = false;
	fo->low_uid = fo->settled;
	mdg_ack_pack(&b, &(struct mdg_ack){fo->id, fo->uidvalidity,
					   fo->low_uid});
	mdg_worker_send(&f->worker, MDG_F_ACK, 0, &b);
}

/* The watermark moves in the very transaction that holds what it covers. */
bool
fetchers_committing(struct core *c, struct mdg_err *err)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		for (size_t k = 0; k < c->fetchers[i]->folders_n; k++) {
			const struct folder *fo = &c->fetchers[i]->folders[k];
			if (fo->dirty &&
			    !mdg_folder_cursor(c->desk->db, fo->id,
					       fo->uidvalidity, fo->settled,
					       err))
				return false;
		}
	return true;
}

void
fetchers_committed(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		for (size_t k = 0; k < c->fetchers[i]->folders_n; k++)
			if (c->fetchers[i]->folders[k].dirty)
				ack(c->fetchers[i],
				    &c->fetchers[i]->folders[k]);
}

/* What was sent since the last commit is not stored: it must come again. */
void
fetchers_rolled_back(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		mdg_worker_kill(&c->fetchers[i]->worker);
}

void
fetchers_pause(struct core *c, bool pause)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		(pause ? mdg_peer_pause
		       : mdg_peer_resume)(&c->fetchers[i]->worker.peer);
}

/* ---- accounts ---- */

bool
account_access(struct core *c, const struct mdg_account *acc, bool smtp,
	       struct mdg_arena *a, struct mdg_access *ret,
	       struct mdg_err *err)
{
	const char *secret;
	const char *at = strrchr(acc->address, '@');

	if (!mdg_desk_secret_get(c->desk,
				 mdg_arena_printf(a, "account:%lld",
						  (long long)acc->id),
				 a, &secret, err))
		return false;
	*ret = (struct mdg_access){
		.host = smtp ? acc->smtp_host : acc->imap_host,
		.port = (uint32_t)(smtp ? acc->smtp_port : acc->imap_port),
		.tls = (uint32_t)(smtp ? acc->smtp_tls : acc->imap_tls),
		.auth = *secret || !smtp ? MDG_AUTH_PASSWORD : MDG_AUTH_NONE,
		.login = acc->login,
		.secret = secret,
		.ca_file = acc->ca_file,
		.our_name = at ? at + 1 : "localhost",
	};
	return true;
}

static void
on_ready(struct mdg_worker *w)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct fetcher *f = w->owner;
	struct mdg_account acc;
	struct mdg_folder *rows;
	struct mdg_imap_config cfg = {.poll_s = (uint32_t)f->core->config.poll_s};
	struct mdg_err err;

	if (mdg_account_by_id(f->core->desk->db, f->account_id, &a, &acc,
			      &err) != MDG_FOUND ||
	    !account_access(f->core, &acc, false, &a, &cfg.access, &err) ||
	    !mdg_folder_list(f->core->desk->db, f->account_id, &a, &rows,
			     &cfg.folders_n, &err)) {
		mdg_error("account %lld cannot be set up: %s",
			  (long long)f->account_id, err.text);
		mdg_worker_kill(w);
		return;
	}
	cfg.folders = mdg_arena_array(&a, cfg.folders_n, sizeof(*cfg.folders));
	f->folders_n = cfg.folders_n;
	for (size_t i = 0; i < cfg.folders_n; i++) {
		cfg.folders[i] = (struct mdg_folder_config){
			rows[i].id, rows[i].name, rows[i].since_s};
		pending_clear(&f->folders[i].pending);
		f->folders[i] = (struct folder){.id = rows[i].id};
	}
	mdg_imap_config_pack(&b, &cfg);
	mdg_worker_send(w, MDG_F_CONFIG, 0, &b);
	fetcher_copy_wanted(f->core, f->account_id);
}

static void
on_gone(struct mdg_worker *w, int signal)
{
	struct fetcher *f = w->owner;

	(void)signal;
	if (w->problem.code != MDG_OK)
		f->problem = w->problem;
	f->copying = 0;
	for (size_t i = 0; i < f->folders_n; i++)
		f->folders[i].raw_id = 0;
	while (f->requests_n)
		finish_request(f, 0, false);
}

const char *
fetcher_problem(struct core *c, int64_t account, enum mdg_lang lang, char *out,
		size_t n)
{
	out[0] = '\0';
	for (size_t i = 0; i < c->accounts_n; i++)
		if (c->fetchers[i]->account_id == account &&
		    c->fetchers[i]->problem.code != MDG_OK)
			mdg_err_text(&c->fetchers[i]->problem, lang, out, n);
	return out;
}

static void
free_fetcher(struct mdg_worker *w)
{
	struct fetcher *f = w->owner;

	for (size_t i = 0; i < f->folders_n; i++)
		pending_clear(&f->folders[i].pending);
	free(f);
}

static struct fetcher *
new_fetcher(struct core *c, const struct mdg_account *acc)
{
	struct fetcher *f = mdg_calloc(1, sizeof(*f));

	f->core = c;
	f->account_id = acc->id;
	f->worker = (struct mdg_worker){
		.core = c,
		.role = MDG_ROLE_IMAP,
		.restarts = true,
		.owner = f,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	snprintf(f->worker.ca_file, sizeof(f->worker.ca_file), "%s",
		 acc->ca_file ? acc->ca_file : "");
	mdg_worker_start(&f->worker);
	return f;
}

void
fetchers_refresh(struct core *c)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct fetcher *now[ACCOUNTS_MAX];
	int64_t ids[ACCOUNTS_MAX];
	struct mdg_account acc;
	struct mdg_err err;
	size_t n = 0;

	if (!c->stopping &&
	    !mdg_account_list(c->desk->db, ids, ACCOUNTS_MAX, &n, &err)) {
		mdg_error("accounts: %s", err.text);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		now[i] = NULL;
		for (size_t k = 0; k < c->accounts_n; k++)
			if (c->fetchers[k] &&
			    c->fetchers[k]->account_id == ids[i]) {
				now[i] = c->fetchers[k];
				c->fetchers[k] = NULL;
			}
		if (!now[i] && mdg_account_by_id(c->desk->db, ids[i], &a, &acc,
						 &err) == MDG_FOUND)
			now[i] = new_fetcher(c, &acc);
	}
	for (size_t k = 0; k < c->accounts_n; k++)
		if (c->fetchers[k])
			mdg_worker_stop(&c->fetchers[k]->worker, free_fetcher);
	memcpy(c->fetchers, now, n * sizeof(*now));
	c->accounts_n = n;
	senders_refresh(c);
}
