/* mdg-text: questions and their answers, in order, each within a deadline. */
#include <stdlib.h>

#include "core.h"
#include "madoguchi/app/check.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/app/suggest.h"
#include "madoguchi/base/log.h"
#include "worker.h"

enum { ASKED_MAX = 64, ANSWER_MS = 15000 };

struct asked {
	uint32_t id;
	char *request; /* JSON, sent when the worker is ready */
	bool sent;
	json_t *(*read)(const json_t *answer); /* what is to be known of it */
	void (*done)(void *arg, json_t *result, const struct mdg_err *err);
	void *arg;
};

struct texter {
	struct mdg_worker worker;
	struct core *core;
	uv_timer_t deadline; /* of what was sent and is not answered */
	struct asked asked[ASKED_MAX];
	size_t n;
	uint32_t next_id;
};

/* ---- the catalogue ---- */

static bool
send_json(struct texter *t, uint16_t type, uint32_t id, const char *text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_buf_puts(&b, text);
	return mdg_worker_send(&t->worker, type, id, &b);
}

static void
send_catalogue(struct texter *t)
{
	struct mdg_err err;
	MDG_AUTO(mdg_freep)
	char *text = mdg_suggest_catalogue(t->core->desk, &err);

	if (text)
		send_json(t, MDG_F_CATALOGUE, 0, text);
	else
		mdg_error("templates: %s", mdg_err_en(&err));
}

void
texter_templates_changed(struct core *c)
{
	if (!c->texter || !c->texter->worker.ready)
		return;
	send_catalogue(c->texter);
	judger_forgot(c);
}

bool
texter_is_ready(const struct core *c)
{
	return c->texter && c->texter->worker.ready;
}

/* ---- questions ---- */

static void
finish(struct texter *t, size_t i, json_t *result, const struct mdg_err *err)
{
	struct asked a = t->asked[i];

	t->asked[i] = t->asked[--t->n];
	free(a.request);
	a.done(a.arg, result, err);
}

static void
on_deadline(uv_timer_t *timer)
{
	struct texter *t = timer->data;

	mdg_warn("mdg-text does not answer; starting it again");
	mdg_worker_kill(&t->worker);
}

static void
send_open(struct texter *t)
{
	bool waits = false;

	for (size_t i = 0; i < t->n && t->worker.ready; i++) {
		if (!t->asked[i].sent)
			t->asked[i].sent =
				send_json(t, MDG_F_SUGGEST, t->asked[i].id,
					  t->asked[i].request);
		waits = true;
	}
	if (waits)
		uv_timer_start(&t->deadline, on_deadline, ANSWER_MS, 0);
	else
		uv_timer_stop(&t->deadline);
}

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	struct texter *t = w->owner;

	if (f->type != MDG_F_SUGGESTED)
		return false;
	for (size_t i = 0; i < t->n; i++) {
		if (t->asked[i].id != f->id)
			continue;
		json_t *said = json_loadb((const char *)f->payload.p,
					  f->payload.n, 0, NULL);
		json_t *result = t->asked[i].read(said);
		json_decref(said);
		if (!result) {
			mdg_warn("mdg-text answers out of form");
			return false;
		}
		finish(t, i, result, NULL);
		send_open(t);
		return true;
	}
	return false;
}

static void
on_ready(struct mdg_worker *w)
{
	struct texter *t = w->owner;

	send_catalogue(t);
	judger_forgot(t->core);
	send_open(t);
}

static void
on_gone(struct mdg_worker *w, int signal)
{
	struct texter *t = w->owner;
	struct mdg_err err;

	(void)signal;
	uv_timer_stop(&t->deadline);
	mdg_fail_msg(&err, MDG_EBUSY, MDG_MSG_text_ended, NULL);
	while (t->n)
		finish(t, 0, NULL, &err);
}

void
texter_start(struct core *c)
{
	if (c->texter)
		return;
	struct texter *t = mdg_calloc(1, sizeof(*t));

	c->texter = t;
	t->core = c;
	t->worker = (struct mdg_worker){
		.core = c,
		.role = MDG_ROLE_TEXT,
		.restarts = true,
		.owner = t,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	uv_timer_init(c->loop, &t->deadline);
	t->deadline.data = t;
	mdg_worker_start(&t->worker);
}

void
texter_ask(struct core *c, char *request, json_t *(*read)(const json_t *answer),
	   struct mdg_err *err,
	   void (*done)(void *arg, json_t *result, const struct mdg_err *err),
	   void *arg)
{
	texter_start(c);
	struct texter *t = c->texter;
	if (request && t->n == ASKED_MAX) {
		mdg_fail_msg(err, MDG_EBUSY, MDG_MSG_web_busy, NULL);
		mdg_freep(&request);
	}
	if (!request) {
		done(arg, NULL, err);
		return;
	}
	t->asked[t->n++] = (struct asked){
		.id = ++t->next_id,
		.request = request,
		.read = read,
		.done = done,
		.arg = arg,
	};
	send_open(t);
}

struct check {
	struct core *core;
	char *request;
	struct mdg_err err;
	void (*done)(void *arg, json_t *result, const struct mdg_err *err);
	void *arg;
};

static void
ask_check(void *arg)
{
	struct check *k = arg;

	texter_ask(k->core, k->request, mdg_check_answer, &k->err, k->done,
		   k->arg);
	free(k);
}

void
texter_check(struct core *c, const struct mdg_draft *draft,
	     void (*done)(void *arg, json_t *result, const struct mdg_err *err),
	     void *arg)
{
	struct check *k = mdg_calloc(1, sizeof(*k));

	k->core = c;
	k->done = done;
	k->arg = arg;
	k->request = mdg_check_question(c->desk, draft, &k->err);
	/* its files belong to what is checked */
	scanner_await(c, draft->id, ask_check, k);
}

static void
closed(uv_handle_t *h)
{
	free(h->data);
}

static void
stopped(struct mdg_worker *w)
{
	struct texter *t = w->owner;

	uv_close((uv_handle_t *)&t->deadline, closed);
}

void
texter_stop(struct core *c)
{
	if (c->texter)
		mdg_worker_stop(&c->texter->worker, stopped);
}
