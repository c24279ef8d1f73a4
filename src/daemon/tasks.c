/*
 * Calls that take a while: mailbox.test, and those in task_text.c,
 * task_folders.c and extract.c. Each holds its client until it is done; none
 * of them changes a ticket.
 */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_folder.h"
#include "tasks.h"
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
			rows[i].id, rows[i].name, rows[i].since_s,
			mdg_streq(rows[i].role, "sent")};
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

bool
task_mailbox_listed(const json_t *listed, const char *name)
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
	bool seen = task_mailbox_listed(listed, name);
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

/* ---- table ---- */

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
		{"attachment.save", task_save},
		{"message.html", task_page},
		{"backup", start_backup},
		{"incident.approve", bulk_approve},
		{"incident.draft", bulk_draft},
		{"mailbox.authorize", tokens_authorize},
		{"mailbox.authorize.finish", tokens_authorize_finish},
		{"mailbox.test", start_test},
		{"reconcile", task_reconcile},
		{"mailbox.folders", task_folders},
		{"status", task_status},
	};
	bool asked = mdg_streq(name, "draft.check");

	if (asked || checker_wants(name, args)) {
		checker_start(c, cl, id, who, asked ? NULL : name, args);
		return true;
	}
	for (size_t i = 0; i < MDG_LEN(table); i++)
		if (mdg_streq(table[i].name, name)) {
			table[i].start(c, cl, id, who, args);
			return true;
		}
	return false;
}
