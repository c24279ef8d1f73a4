/*
 * mailbox.test: IMAP and SMTP step by step, each by a worker of its own; then
 * a mail of the mailbox to itself, whose way back shows what its server says of
 * our From (app/selftest.h).
 *
 * mailbox.change: the same without a mail, of the account as it would be, which
 * is saved if all went well.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "core.h"
#include "madoguchi/app/selftest.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_folder.h"
#include "tasks.h"
#include "worker.h"

enum {
	MAIL_WAIT_MS = 90000, /* for the mail to come back */
	MAIL_LOOK_MS = 250,
	MAIL_POKE_MS = 3000, /* look into the folder again */
};

enum phase { IMAP, SMTP, MAIL };

struct test {
	struct mdg_worker worker;
	struct core *core;
	struct client *client;
	uint32_t id;
	int64_t account_id;
	char *account;
	enum phase phase;
	json_t *steps;
	bool ok, ended, force;
	struct mdg_actor who; /* its texts are borrowed and not used here */
	enum mdg_lang lang;
	/* mailbox.change: its arguments; else NULL */
	json_t *change;
	struct mdg_mailbox_plan plan;
	struct mdg_arena arena;
	/* the mail to itself */
	char *message_id, *address;
	uv_timer_t timer;
	int64_t begun_ms, poked_ms;
};

static void start_test_worker(struct test *t);

/* ---- the answer ---- */

static void
on_timer_closed(uv_handle_t *h)
{
	struct test *t = h->data;

	json_decref(t->change);
	mdg_arena_clear(&t->arena);
	free(t->account);
	free(t->message_id);
	free(t->address);
	free(t);
}

/* It is saved as it was tried: "if" sees that nothing of it was changed
 * meanwhile. Who left is not there to hear what became of it. */
static void
finish_change(struct test *t)
{
	bool save = t->ok && !t->client->gone;
	json_t *tried = json_pack("{s:s,s:o,s:b}", "mailbox", t->account,
				  "steps", t->steps, "saved", save);

	if (save)
		control_run_and(t->client, t->id, &t->who, "mailbox.change",
				t->change, tried);
	else
		control_answer(t->client, t->id, tried, NULL);
	client_release(t->client);
	uv_close((uv_handle_t *)&t->timer, on_timer_closed);
}

static void
finish(struct test *t)
{
	struct mdg_err err;

	if (t->change) {
		finish_change(t);
		return;
	}

	/* a server that is back need not be waited for */
	if (t->ok)
		fetchers_hurry(t->core);
	if (t->message_id && batch_commit(t->core) &&
	    !mdg_selftest_end(t->core->desk, t->account_id, &err))
		mdg_warn("mailbox test: %s", mdg_err_en(&err));
	control_answer(t->client, t->id,
		       json_pack("{s:o,s:b}", "steps", t->steps, "ok", t->ok),
		       NULL);
	client_release(t->client);
	uv_close((uv_handle_t *)&t->timer, on_timer_closed);
}

/* why NULL: it went well. */
static void
add_line(struct test *t, const char *name, int64_t ms,
	 const struct mdg_err *why)
{
	char text[MDG_ERR_TEXT_MAX * 2] = "";

	if (why)
		mdg_err_text(why, t->lang, text, sizeof(text));
	t->ok = t->ok && !why;
	json_array_append_new(t->steps,
			      json_pack("{s:s,s:b,s:I,s:s}", "step", name, "ok",
					!why, "ms", (json_int_t)ms, "message",
					text));
}

/* Something that was not tried, or that nobody says anything about. */
static void
add_note(struct test *t, const char *name, const struct mdg_err *why)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	json_array_append_new(
		t->steps,
		json_pack("{s:s,s:b,s:b,s:s}", "step", name, "ok", true, "said",
			  false, "message",
			  mdg_err_text(why, t->lang, text, sizeof(text))));
}

static void
add_step(struct test *t, const struct mdg_test_step *s)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.%s",
		 t->phase == SMTP   ? "smtp"
		 : t->phase == IMAP ? "imap"
				    : "mail",
		 s->name);
	add_line(t, name, (int64_t)s->ms, s->ok ? NULL : &s->err);
}

/* ---- the mail to itself: back again ---- */

static void
judge(struct test *t, const char *field)
{
	size_t before = json_array_size(t->steps);
	struct mdg_err none;
	json_t *s;
	size_t i;

	add_line(t, "mail.arrive", mdg_mono_ms() - t->begun_ms, NULL);
	if (!*field) {
		mdg_fail_msg(&none, MDG_ENOENT, MDG_MSG_selftest_silent,
			     t->address, NULL);
		add_note(t, "mail.verdict", &none);
		return;
	}
	mdg_selftest_judge(field, t->address, t->lang, t->steps);
	json_array_foreach (t->steps, i, s) {
		if (i > before && !json_is_true(json_object_get(s, "ok")))
			t->ok = false;
	}
}

static bool
has_come(struct test *t)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_err err;
	const char *field;

	if (mdg_selftest_look(t->core->desk, t->account_id, t->message_id, &a,
			      &field, &err) != MDG_FOUND)
		return false;
	judge(t, field);
	return true;
}

static void
on_look(uv_timer_t *timer)
{
	struct test *t = timer->data;
	int64_t now_ms = mdg_mono_ms(), left = t->begun_ms + MAIL_WAIT_MS;
	struct mdg_err err;
	char seconds[16];

	if (has_come(t)) {
		finish(t);
		return;
	}
	if (now_ms >= left || t->core->stopping) {
		snprintf(seconds, sizeof(seconds), "%d", MAIL_WAIT_MS / 1000);
		mdg_fail_msg(&err, MDG_ETIMEOUT, MDG_MSG_selftest_late,
			     t->address, seconds, NULL);
		add_line(t, "mail.arrive", now_ms - t->begun_ms, &err);
		finish(t);
		return;
	}
	if (now_ms - t->poked_ms >= MAIL_POKE_MS) {
		t->poked_ms = now_ms;
		fetchers_poke(t->core);
	}
}

/* ---- the mail to itself: out ---- */

/* May one be sent? Why not is told, and is no fault of the mailbox. */
static bool
begin_mail(struct test *t)
{
	json_t *result = NULL, *args = json_pack("{s:s,s:b}", "name",
						 t->account, "force", t->force);
	struct mdg_err err;
	bool ok = batch_commit_or(t->core, &err);

	ok = ok && mdg_act_call(t->core->desk, &t->who, "mailbox.selftest",
				args, &result, &err);
	json_decref(args);
	if (!ok) {
		add_note(t, "mail.send", &err);
		return false;
	}
	t->message_id = mdg_strdup(
		json_string_value(json_object_get(result, "message_id")));
	t->address = mdg_strdup(
		json_string_value(json_object_get(result, "address")));
	json_decref(result);
	return true;
}

static bool
send_mail(struct test *t, struct mdg_worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mime = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_send m = {
		.outbox_id = 1,
		.mail_from = t->address,
		.envid = "",
	};

	mdg_strings_add(&m.rcpts, &a, t->address, 1);
	if (!mdg_selftest_compose(t->core->desk, t->address, t->message_id,
				  t->lang, &mime, err))
		return false;
	m.bytes = mdg_buf_span(&mime);
	mdg_send_pack(&b, &m);
	t->begun_ms = mdg_mono_ms();
	return mdg_worker_send(w, MDG_F_SEND, 1, &b);
}

/* It is sent once; nobody waits for it but this test. */
static bool
mail_frame(struct test *t, struct mdg_worker *w, const struct mdg_frame *f)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_send_result r;
	struct mdg_err err;

	if (f->type == MDG_F_COMMITTING) {
		mdg_id_pack(&b, 1);
		return mdg_worker_send(w, MDG_F_COMMIT_OK, f->id, &b);
	}
	if (f->type != MDG_F_RESULT ||
	    !mdg_send_result_unpack(f->payload, &a, &r))
		return false;
	bool ok = r.n == 1 && r.v[0].outcome == MDG_SEND_ACCEPTED;
	if (!ok)
		mdg_fail_msg(&err, MDG_ENET, MDG_MSG_selftest_refused,
			     t->address,
			     r.n && *r.v[0].text ? r.v[0].text : r.phase, NULL);
	add_line(t, "mail.send", mdg_mono_ms() - t->begun_ms, ok ? NULL : &err);
	t->ended = true;
	mdg_worker_kill(w);
	return true;
}

/* ---- the workers ---- */

static void
test_freed(struct mdg_worker *w)
{
	struct test *t = w->owner;

	if (t->ok && t->phase == IMAP) {
		t->phase = SMTP;
		start_test_worker(t);
	} else if (t->ok && t->phase == SMTP && !t->change && begin_mail(t)) {
		t->phase = MAIL;
		start_test_worker(t);
	} else if (t->ok && t->phase == MAIL) {
		t->poked_ms = 0;
		uv_timer_start(&t->timer, on_look, 0, MAIL_LOOK_MS);
	} else {
		finish(t);
	}
}

static bool
test_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct test *t = w->owner;
	struct mdg_test_step s;

	if (t->phase == MAIL)
		return mail_frame(t, w, f);
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

/* The account as it is, or as it would be. */
static bool
load(struct test *t, struct mdg_arena *a, struct mdg_account *acc,
     struct mdg_folder **ret, size_t *ret_n, struct mdg_err *err)
{
	struct mdg_db *db = t->core->desk->db;

	if (!t->change)
		return mdg_account_by_id(db, t->account_id, a, acc, err) ==
			       MDG_FOUND &&
		       mdg_folder_list(db, t->account_id, a, ret, ret_n, err);
	*acc = t->plan.acc;
	*ret = t->plan.folders;
	*ret_n = t->plan.folders_n;
	return true;
}

static bool
set_up(struct test *t, struct mdg_worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_imap_config cfg = {.poll_s = 60};
	struct mdg_account acc;
	struct mdg_folder *rows;

	if (!load(t, &a, &acc, &rows, &cfg.folders_n, err) ||
	    !account_access(t->core, &acc, t->phase != IMAP, &a, &cfg.access,
			    err))
		return false;
	if (t->plan.password) {
		cfg.access.secret = t->plan.password;
		cfg.access.auth = *t->plan.password || t->phase == IMAP
					  ? MDG_AUTH_PASSWORD
					  : MDG_AUTH_NONE;
	}
	cfg.folders = mdg_arena_array(&a, cfg.folders_n, sizeof(*cfg.folders));
	for (size_t i = 0; i < cfg.folders_n; i++)
		cfg.folders[i] = (struct mdg_folder_config){
			(int64_t)i + 1, rows[i].name, rows[i].since_s,
			!mdg_streq(rows[i].role, "intake")};
	/* mdg-imap begins to fetch at CONFIG: its TEST brings the access */
	if (t->phase == IMAP) {
		mdg_imap_config_pack(&b, &cfg);
		return mdg_worker_send(w, MDG_F_TEST, 1, &b);
	}
	mdg_access_pack(&b, &cfg.access);
	if (!mdg_worker_send(w, MDG_F_CONFIG, 0, &b))
		return false;
	mdg_buf_reset(&b);
	return t->phase == MAIL ? send_mail(t, w, err)
				: mdg_worker_send(w, MDG_F_TEST, 1, &b);
}

static void
test_ready(struct mdg_worker *w)
{
	struct test *t = w->owner;
	struct mdg_err err = {0};

	if (set_up(t, w, &err))
		return;
	w->problem = err;
	mdg_worker_kill(w);
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

	if (t->change)
		acc = t->plan.acc;
	else
		mdg_account_by_id(t->core->desk->db, t->account_id, &a, &acc,
				  NULL);
	t->ended = false;
	t->worker = (struct mdg_worker){
		.core = t->core,
		.role = t->phase == IMAP ? MDG_ROLE_IMAP : MDG_ROLE_SMTP,
		.owner = t,
		.on_ready = test_ready,
		.on_frame = test_frame,
		.on_gone = test_gone,
	};
	mdg_worker_trust(&t->worker, acc.ca_file);
	mdg_worker_start(&t->worker);
}

static struct test *
new_test(struct core *c, struct client *cl, uint32_t id,
	 const struct mdg_actor *who, const struct mdg_account *acc)
{
	struct test *t = mdg_calloc(1, sizeof(*t));

	*t = (struct test){
		.core = c,
		.client = client_hold(cl),
		.id = id,
		.account_id = acc->id,
		.account = mdg_strdup(acc->name),
		/* one without IMAP only sends */
		.phase = *acc->imap_host ? IMAP : SMTP,
		.steps = json_array(),
		.ok = true,
		.who = *who,
		.lang = who->lang,
	};
	uv_timer_init(c->loop, &t->timer);
	t->timer.data = t;
	return t;
}

void
task_mailbox_test(struct core *c, struct client *cl, uint32_t id,
		  const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_account acc;

	if (!task_mailbox(c, cl, id, who, args, &a, &acc))
		return;
	struct test *t = new_test(c, cl, id, who, &acc);
	t->force = json_is_true(json_object_get(args, "mail"));
	start_test_worker(t);
}

void
task_test_plan(struct core *c, struct client *cl, uint32_t id,
	       const struct mdg_actor *who, json_t *args,
	       const struct mdg_mailbox_plan *plan, struct mdg_arena *a)
{
	struct test *t = new_test(c, cl, id, who, &plan->was);

	t->change = args;
	t->plan = *plan;
	t->arena = *a;
	*a = (struct mdg_arena){0};
	start_test_worker(t);
}
