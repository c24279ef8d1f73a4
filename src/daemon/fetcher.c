/* One mdg-imap per account: its process, and commits that become ACKs. */
#include <stdlib.h>
#include <string.h>

#include "fetcher-int.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

/* ---- table of frames ---- */

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *frame)
{
	static const struct {
		uint16_t type;
		bool (*run)(struct fetcher *f, const struct mdg_frame *frame);
	} table[] = {
		{MDG_F_RAW, fetcher_on_raw},
		{MDG_F_LISTED, fetcher_on_listed},
		{MDG_F_SYNCED, fetcher_on_synced},
		{MDG_F_FOLDER, fetcher_on_folder},
		{MDG_F_FETCH_FAILED, fetcher_on_fetch_failed},
		{MDG_F_APPENDED, fetcher_on_appended},
		{MDG_F_UIDS, fetcher_on_uids},
		{MDG_F_IGNORED, fetcher_on_ignored},
		{MDG_F_SERVER_ACTED, fetcher_on_acted},
		{MDG_F_QUOTA, fetcher_on_quota},
		{MDG_F_FOLDERS, fetcher_on_folders},
		{MDG_F_FOLDER_PROBLEM, fetcher_on_problem},
	};

	for (size_t i = 0; i < MDG_LEN(table); i++)
		if (table[i].type == frame->type)
			return table[i].run(w->owner, frame);
	return fetcher_bad(w->owner, "an unknown frame", NULL);
}

/* It looks at the mailbox every poll_s seconds, and says so. */
void
fetchers_watch(struct core *c)
{
	enum { PATIENCE_MS = 30 * 60 * 1000 };

	for (size_t i = 0; i < c->accounts_n; i++) {
		struct fetcher *f = c->fetchers[i];

		/* without access or folders it has nothing to say */
		if (f->folders_n && f->problem.code == MDG_OK)
			mdg_worker_watch(&f->worker,
					 (int64_t)c->config.poll_s * 1000 +
						 PATIENCE_MS);
	}
}

/* ---- commits ---- */

static void
ack(struct fetcher *f, struct folder *fo)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	fo->dirty = false;
	fo->low_uid = fo->settled;
	mdg_ack_pack(&b,
		     &(struct mdg_ack){fo->id, fo->uidvalidity, fo->low_uid});
	mdg_worker_send(&f->worker, MDG_F_ACK, 0, &b);
}

/* The watermark moves in the very transaction that holds what it covers. */
bool
fetchers_committing(struct core *c, struct mdg_err *err)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		for (size_t k = 0; k < c->fetchers[i]->folders_n; k++) {
			const struct folder *fo = &c->fetchers[i]->folders[k];
			if (fo->dirty && !mdg_folder_cursor(c->desk->db, fo->id,
							    fo->uidvalidity,
							    fo->settled, err))
				return false;
		}
	return true;
}

void
fetchers_committed(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		for (size_t k = 0; k < c->fetchers[i]->folders_n; k++) {
			struct folder *fo = &c->fetchers[i]->folders[k];
			fo->raw_kept = fo->raw_id;
			if (fo->dirty)
				ack(c->fetchers[i], fo);
		}
}

/* Nothing of it counts that is not committed; no frame of it is taken. */
static void
forget_session(struct fetcher *f)
{
	for (size_t i = 0; i < f->folders_n; i++) {
		fetcher_pending_clear(&f->folders[i].pending);
		fetcher_forget_asked(&f->folders[i]);
		f->folders[i] = (struct folder){
			.id = f->folders[i].id,
			.raw_kept = f->folders[i].raw_kept,
		};
	}
}

/*
 * What was sent since the last commit is not stored: it must come again. The
 * watermarks go back at once, or the next commit of anybody would move them
 * over mails that are nowhere.
 */
void
fetchers_rolled_back(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++) {
		forget_session(c->fetchers[i]);
		mdg_worker_kill(&c->fetchers[i]->worker);
	}
}

void
fetchers_restart(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++) {
		forget_session(c->fetchers[i]);
		mdg_worker_anew(&c->fetchers[i]->worker);
	}
}

void
fetchers_hurry(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		mdg_worker_hurry(&c->fetchers[i]->worker);
}

void
fetchers_poke(struct core *c)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf none = {0};

	for (size_t i = 0; i < c->accounts_n; i++)
		mdg_worker_send(&c->fetchers[i]->worker, MDG_F_POKE, 0, &none);
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
	       struct mdg_arena *a, struct mdg_access *ret, struct mdg_err *err)
{
	const char *secret;
	const char *at = strrchr(acc->address, '@');
	bool by_token = mdg_streq(acc->auth, "oauth2");

	if (by_token ? !tokens_access(c, acc, a, &secret, err)
		     : !mdg_desk_secret_get(c->desk,
					    mdg_arena_printf(
						    a, "account:%lld",
						    (long long)acc->id),
					    a, &secret, err))
		return false;
	*ret = (struct mdg_access){
		.host = smtp ? acc->smtp_host : acc->imap_host,
		.port = (uint32_t)(smtp ? acc->smtp_port : acc->imap_port),
		.tls = (uint32_t)(smtp ? acc->smtp_tls : acc->imap_tls),
		.auth = by_token	 ? MDG_AUTH_XOAUTH2
			: *secret || !smtp ? MDG_AUTH_PASSWORD
					   : MDG_AUTH_NONE,
		.login = acc->login,
		.secret = secret,
		.ca_file = acc->ca_file,
		.our_name = at ? at + 1 : "localhost",
	};
	return true;
}

/* Without access a worker waits for it; account_renewed() starts it anew. */
void
account_not_set_up(struct mdg_worker *w, int64_t account,
		   const struct mdg_err *why)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	if (why->code == MDG_EBUSY || why->code == MDG_EAUTH)
		return;
	mdg_error("account %lld cannot be set up: %s", (long long)account,
		  mdg_err_text(why, MDG_LANG_EN, text, sizeof(text)));
	mdg_worker_kill(w);
}

static void
on_ready(struct mdg_worker *w)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct fetcher *f = w->owner;
	struct mdg_account acc;
	struct mdg_folder *rows;
	struct mdg_imap_config cfg = {.poll_s =
					      (uint32_t)f->core->config.poll_s};
	struct mdg_err err;

	w->peer.on_drained = fetcher_on_drained;
	if (mdg_account_by_id(f->core->desk->db, f->account_id, &a, &acc,
			      &err) != MDG_FOUND ||
	    !account_access(f->core, &acc, false, &a, &cfg.access, &err) ||
	    !mdg_folder_list(f->core->desk->db, f->account_id, &a, &rows,
			     &cfg.folders_n, &err)) {
		account_not_set_up(w, f->account_id, &err);
		f->problem = err;
		return;
	}
	cfg.folders = mdg_arena_array(&a, cfg.folders_n, sizeof(*cfg.folders));
	f->folders_n = cfg.folders_n;
	for (size_t i = 0; i < cfg.folders_n; i++) {
		cfg.folders[i] = (struct mdg_folder_config){
			rows[i].id, rows[i].name, rows[i].since_s,
			!mdg_streq(rows[i].role, "intake")};
		fetcher_pending_clear(&f->folders[i].pending);
		fetcher_forget_asked(&f->folders[i]);
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
	if (w->problem.code == MDG_EAUTH)
		tokens_refused(f->core, f->account_id);
	f->copying = 0;
	feed_clear(&f->feed);
	for (size_t i = 0; i < f->folders_n; i++) {
		fetcher_drop_half(f, &f->folders[i]);
		f->folders[i].looking = false;
		fetcher_forget_asked(&f->folders[i]);
	}
	while (f->requests_n)
		fetcher_finish_uids(f, 0, false);
	fetcher_finish_names(f, &f->problem);
}

/* A worker whose session works goes on; the next one takes the new access. */
void
account_renewed(struct core *c, int64_t account)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		if (c->fetchers[i]->account_id == account &&
		    c->fetchers[i]->problem.code != MDG_OK)
			mdg_worker_kill(&c->fetchers[i]->worker);
	sender_renewed(c, account);
}

static void
move(struct fetcher *f, const struct mdg_account *acc)
{
	for (size_t i = 0; i < f->folders_n; i++)
		fetcher_drop_half(f, &f->folders[i]);
	forget_session(f);
	f->folders_n = 0; /* whatever it still says is of no folder of ours */
	f->problem = f->worker.problem = (struct mdg_err){0};
	mdg_worker_trust(&f->worker, acc->ca_file);
	mdg_worker_anew(&f->worker);
}

void
account_changed(struct core *c, int64_t account)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_account acc;
	struct mdg_err err;

	if (mdg_account_by_id(c->desk->db, account, &a, &acc, &err) !=
	    MDG_FOUND) {
		mdg_error("account %lld: %s", (long long)account, mdg_err_en(&err));
		workers_restart(c);
		return;
	}
	for (size_t i = 0; i < c->accounts_n; i++)
		if (c->fetchers[i]->account_id == account)
			move(c->fetchers[i], &acc);
	sender_changed(c, &acc);
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

void
fetchers_tell(struct core *c, enum mdg_lang lang, json_t *rows)
{
	char text[MDG_ERR_TEXT_MAX * 2];
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		const char *name =
			json_string_value(json_object_get(row, "mailbox"));
		const char *known =
			json_string_value(json_object_get(row, "problem"));
		struct mdg_account acc;
		struct mdg_err err;
		if (!name || (known && *known) ||
		    mdg_account_by_name(c->desk->db, name, &a, &acc, &err) !=
			    MDG_FOUND)
			continue;
		if (*fetcher_problem(c, acc.id, lang, text, sizeof(text)))
			json_object_set_new(row, "problem", json_string(text));
	}
}

static void
free_fetcher(struct mdg_worker *w)
{
	struct fetcher *f = w->owner;

	for (size_t i = 0; i < f->folders_n; i++) {
		fetcher_pending_clear(&f->folders[i].pending);
		fetcher_forget_asked(&f->folders[i]);
	}
	feed_clear(&f->feed);
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
	mdg_worker_trust(&f->worker, acc->ca_file);
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
	size_t n = 0, now_n = 0;

	if (!c->stopping &&
	    !mdg_account_list(c->desk->db, ids, ACCOUNTS_MAX, &n, &err)) {
		mdg_error("accounts: %s", mdg_err_en(&err));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct fetcher *f = NULL;
		for (size_t k = 0; k < c->accounts_n; k++)
			if (c->fetchers[k] &&
			    c->fetchers[k]->account_id == ids[i]) {
				f = c->fetchers[k];
				c->fetchers[k] = NULL;
			}
		/* what a server refused may be in order by now */
		for (size_t k = 0; f && k < f->folders_n; k++)
			f->folders[k].act_not_before_ms = 0;
		/* one without IMAP only sends alarms */
		if (!f && mdg_account_by_id(c->desk->db, ids[i], &a, &acc,
					    &err) == MDG_FOUND &&
		    *acc.imap_host)
			f = new_fetcher(c, &acc);
		if (f)
			now[now_n++] = f;
	}
	for (size_t k = 0; k < c->accounts_n; k++)
		if (c->fetchers[k])
			mdg_worker_stop(&c->fetchers[k]->worker, free_fetcher);
	memcpy(c->fetchers, now, now_n * sizeof(*now));
	c->accounts_n = now_n;
	senders_refresh(c);
}
