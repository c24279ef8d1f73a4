/*
 * Calls that take a while: mailbox.test, reconcile, and those in task_text.c,
 * extract.c. Each holds its
 * client until it is done; none of them changes a ticket.
 */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "worker.h"

json_t *
task_checked(struct core *c, struct client *cl, uint32_t id,
	     const struct mdg_actor *who, const char *act, const json_t *args)
{
	struct mdg_err err;
	json_t *empty = json_object(), *result = NULL;

	if (!mdg_act_call(c->desk, who, act, args ? args : empty, &result,
			  &err)) {
		control_answer(cl, id, NULL, &err);
		result = NULL;
	}
	json_decref(empty);
	return result;
}

/* ---- mailbox.test ---- */

struct test {
	struct mdg_worker worker;
	struct core *core;
	struct client *client;
	uint32_t id;
	int64_t account_id;
	bool smtp; /* IMAP first, then SMTP */
	json_t *steps;
	bool ok, ended;
	enum mdg_lang lang;
};

static void start_test_worker(struct test *t);

static void
test_freed(struct mdg_worker *w)
{
	struct test *t = w->owner;

	if (t->ok && !t->smtp) {
		t->smtp = true;
		start_test_worker(t);
		return;
	}
	control_answer(t->client, t->id,
		       json_pack("{s:o,s:b}", "steps", t->steps, "ok", t->ok),
		       NULL);
	client_release(t->client);
	free(t);
}

static void
add_step(struct test *t, const struct mdg_test_step *s)
{
	char text[MDG_ERR_TEXT_MAX * 2] = "";
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", t->smtp ? "smtp" : "imap",
		 s->name);
	if (!s->ok) {
		t->ok = false;
		mdg_err_text(&s->err, t->lang, text, sizeof(text));
	}
	json_array_append_new(t->steps, json_pack("{s:s,s:b,s:i,s:s}", "step",
						  name, "ok", s->ok, "ms",
						  (int)s->ms, "message", text));
}

static bool
test_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct test *t = w->owner;
	struct mdg_test_step s;

	if (f->type == MDG_F_END) {
		t->ended = true;
		mdg_worker_kill(w);
		return true;
	}
	if (f->type == MDG_F_FOLDER || f->type == MDG_F_LISTED)
		return true;
	if (f->type != MDG_F_STEP || !mdg_test_step_unpack(f->payload, &a, &s))
		return false;
	add_step(t, &s);
	return true;
}

static void
test_ready(struct mdg_worker *w)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct test *t = w->owner;
	struct mdg_account acc;
	struct mdg_imap_config cfg = {.poll_s = 60};
	struct mdg_folder *rows;
	struct mdg_err err;

	if (mdg_account_by_id(t->core->desk->db, t->account_id, &a, &acc,
			      &err) != MDG_FOUND ||
	    !account_access(t->core, &acc, t->smtp, &a, &cfg.access, &err) ||
	    !mdg_folder_list(t->core->desk->db, t->account_id, &a, &rows,
			     &cfg.folders_n, &err)) {
		w->problem = err;
		mdg_worker_kill(w);
		return;
	}
	cfg.folders = mdg_arena_array(&a, cfg.folders_n, sizeof(*cfg.folders));
	for (size_t i = 0; i < cfg.folders_n; i++)
		cfg.folders[i] = (struct mdg_folder_config){
			rows[i].id, rows[i].name, rows[i].since_s};
	/* mdg-imap begins to fetch at CONFIG: its TEST brings the access */
	if (t->smtp) {
		mdg_access_pack(&b, &cfg.access);
		mdg_worker_send(w, MDG_F_CONFIG, 0, &b);
		mdg_buf_reset(&b);
	} else {
		mdg_imap_config_pack(&b, &cfg);
	}
	mdg_worker_send(w, MDG_F_TEST, 1, &b);
}

static void
test_gone(struct mdg_worker *w, int signal)
{
	struct test *t = w->owner;

	(void)signal;
	if (!t->ended) {
		struct mdg_test_step s = {.name = "start", .err = w->problem};
		if (w->problem.code == MDG_OK)
			mdg_fail(&s.err, MDG_EBUG, "the program ended early");
		add_step(t, &s);
	}
	t->worker.stopped = true;
	t->worker.freed = test_freed;
}

static void
start_test_worker(struct test *t)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_account acc = {.ca_file = NULL};

	mdg_account_by_id(t->core->desk->db, t->account_id, &a, &acc, NULL);
	t->ended = false;
	t->worker = (struct mdg_worker){
		.core = t->core,
		.role = t->smtp ? MDG_ROLE_SMTP : MDG_ROLE_IMAP,
		.owner = t,
		.on_ready = test_ready,
		.on_frame = test_frame,
		.on_gone = test_gone,
	};
	snprintf(t->worker.ca_file, sizeof(t->worker.ca_file), "%s",
		 acc.ca_file ? acc.ca_file : "");
	mdg_worker_start(&t->worker);
}

/* Is the mailbox in an answer of mailbox.list? */
static bool
is_listed(const json_t *listed, const char *name)
{
	json_t *v;
	size_t i;

	json_array_foreach(
		json_object_get(listed, "mailboxes"), i,
		v) if (mdg_streq(json_string_value(json_object_get(v,
								   "mailbox")),
				 name ? name : "")) return true;
	return false;
}

static void
start_test(struct core *c, struct client *cl, uint32_t id,
	   const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *name = json_string_value(json_object_get(args, "name"));
	json_t *listed = task_checked(c, cl, id, who, "mailbox.list", NULL);
	struct mdg_account acc;
	struct mdg_err err;

	if (!listed)
		return;
	bool seen = is_listed(listed, name);
	json_decref(listed);
	if (!seen || mdg_account_by_name(c->desk->db, name ? name : "", &a,
					 &acc, &err) != MDG_FOUND) {
		mdg_fail_msg(&err, MDG_ENOENT, MDG_MSG_mailbox_none,
			     name ? name : "", NULL);
		control_answer(cl, id, NULL, &err);
		return;
	}
	struct test *t = mdg_calloc(1, sizeof(*t));
	*t = (struct test){
		.core = c,
		.client = client_hold(cl),
		.id = id,
		.account_id = acc.id,
		.steps = json_array(),
		.ok = true,
		.lang = who->lang,
	};
	start_test_worker(t);
}

/* ---- reconcile ---- */

struct reconcile {
	struct core *core;
	struct client *client;
	uint32_t id;
	json_t *folders;
	size_t open; /* answers still to come, and the starter itself */
	bool ok;
};

static void
reconcile_done(struct reconcile *r)
{
	if (--r->open > 0)
		return;
	control_answer(
		r->client, r->id,
		json_pack("{s:o,s:b}", "folders", r->folders, "ok", r->ok),
		NULL);
	client_release(r->client);
	free(r);
}

static int
by_uid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

enum { DIFFERENCES_MAX = 1000 };

static void
difference(json_t *list, uint32_t uid, const char *what, const char *state)
{
	if (json_array_size(list) < DIFFERENCES_MAX)
		json_array_append_new(list, json_pack("{s:i,s:s,s:s?}", "uid",
						      (int)uid, "what", what,
						      "state", state));
}

/*
 * Our rows against the server's UIDs. `ignored` are those on the server from
 * before the time the mailbox was asked to begin at: never listed, by order.
 */
static bool
compare(struct reconcile *r, const struct uid_list *l, json_t *out,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *list = json_array(), *states = json_object();
	struct mdg_folder f;
	size_t at = 0, ignored = 0, stored = 0;
	uint32_t first = 0;

	json_object_set_new(out, "differences", list);
	json_object_set_new(out, "states", states);
	qsort(l->v, l->n, sizeof(*l->v), by_uid);
	if (mdg_folder_by_id(r->core->desk->db, l->folder_id, &a, &f, err) !=
		    MDG_FOUND ||
	    !mdg_db_query(r->core->desk->db, &rows, err,
			  "SELECT uid, state FROM delivery"
			  " WHERE account_id = ?1 AND folder_id = ?2"
			  " AND uidvalidity = ?3 ORDER BY uid",
			  "iii", f.account_id, f.id, (int64_t)l->uidvalidity))
		return false;
	while (mdg_rows_next(rows)) {
		uint32_t uid = (uint32_t)mdg_rows_i64(rows, 0);
		const char *state = mdg_rows_text(rows, 1);
		int64_t n = json_integer_value(json_object_get(states, state));
		bool kept = mdg_streq(state, "done") ||
			    mdg_streq(state, "stored") ||
			    mdg_streq(state, "quarantined") ||
			    mdg_streq(state, "erased");
		json_object_set_new(states, state, json_integer(n + 1));
		first = first ? first : uid;
		for (; at < l->n && l->v[at] < uid; at++) {
			if (f.since_s && l->v[at] < first) {
				ignored++;
				continue;
			}
			r->ok = false;
			difference(list, l->v[at], "only on the server", NULL);
		}
		bool there = at < l->n && l->v[at] == uid;
		at += there;
		if (there && kept)
			stored++;
		else if (there) {
			r->ok = false;
			difference(list, uid, "on the server, not stored",
				   state);
		}
	}
	for (; at < l->n; at++) {
		if (f.since_s && (first == 0 || l->v[at] < first)) {
			ignored++;
			continue;
		}
		/* arrived since the list was made: the next pass has it */
		if (l->v[at] > f.low_uid) {
			difference(list, l->v[at], "not yet fetched", NULL);
			continue;
		}
		r->ok = false;
		difference(list, l->v[at], "only on the server", NULL);
	}
	json_object_set_new(out, "server", json_integer((json_int_t)l->n));
	json_object_set_new(out, "stored", json_integer((json_int_t)stored));
	json_object_set_new(out, "ignored", json_integer((json_int_t)ignored));
	return mdg_rows_close(&rows, err);
}

struct reconcile_folder {
	struct reconcile *r;
	json_t *out;
};

static void
got_uids(void *arg, const struct uid_list *l)
{
	struct reconcile_folder *rf = arg;
	struct mdg_err err;

	if (!l) {
		rf->r->ok = false;
		json_object_set_new(rf->out, "problem",
				    json_string("not connected"));
	} else if (!compare(rf->r, l, rf->out, &err)) {
		rf->r->ok = false;
		json_object_set_new(rf->out, "problem", json_string(err.text));
	}
	reconcile_done(rf->r);
	free(rf);
}

static void
reconcile_account(struct reconcile *r, int64_t account, const json_t *listed)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_account acc;
	struct mdg_folder *f;
	size_t n;

	if (mdg_account_by_id(r->core->desk->db, account, &a, &acc, NULL) !=
		    MDG_FOUND ||
	    !is_listed(listed, acc.name) ||
	    !mdg_folder_list(r->core->desk->db, account, &a, &f, &n, NULL))
		return;
	for (size_t i = 0; i < n; i++) {
		struct reconcile_folder *rf = mdg_malloc(sizeof(*rf));
		*rf = (struct reconcile_folder){
			r, json_pack("{s:s,s:s}", "mailbox", acc.name, "folder",
				     f[i].name)};
		json_array_append_new(r->folders, rf->out);
		r->open++;
		if (!fetcher_list_uids(r->core, account, f[i].id, got_uids, rf))
			got_uids(rf, NULL);
	}
}

static void
start_reconcile(struct core *c, struct client *cl, uint32_t id,
		const struct mdg_actor *who, const json_t *args)
{
	int64_t ids[ACCOUNTS_MAX];
	size_t n = 0;
	json_t *listed = task_checked(c, cl, id, who, "mailbox.list", NULL);

	(void)args;
	if (!listed)
		return;
	batch_commit(c);
	struct reconcile *r = mdg_calloc(1, sizeof(*r));
	*r = (struct reconcile){c, client_hold(cl), id, json_array(), 1, true};
	if (!mdg_account_list(c->desk->db, ids, ACCOUNTS_MAX, &n, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++)
		reconcile_account(r, ids[i], listed);
	json_decref(listed);
	reconcile_done(r);
}

bool
task_start(struct core *c, struct client *cl, uint32_t id,
	   const struct mdg_actor *who, const char *name, const json_t *args)
{
	static const struct {
		const char *name;
		void (*start)(struct core *c, struct client *cl, uint32_t id,
			      const struct mdg_actor *who, const json_t *args);
	} table[] = {
		{"suggest", task_suggest},
		{"draft.check", task_check},
		{"attachment.save", task_save},
		{"backup", start_backup},
		{"mailbox.authorize", start_authorize},
		{"mailbox.authorize.finish", start_authorize_finish},
		{"mailbox.test", start_test},
		{"reconcile", start_reconcile},
	};

	for (size_t i = 0; i < MDG_LEN(table); i++)
		if (mdg_streq(table[i].name, name)) {
			table[i].start(c, cl, id, who, args);
			return true;
		}
	return false;
}
