/* mdg-text: asked which templates fit a ticket; the answer is kept. */
#include <stdlib.h>

#include "core.h"
#include "madoguchi/app/suggest.h"
#include "madoguchi/base/log.h"
#include "worker.h"

enum { ASKED_MAX = 64 };

struct asked {
	uint32_t id;
	int64_t ticket_id, message_id; /* 0: the answer is not kept */
	char *request;                 /* JSON, sent when the worker is ready */
	bool sent;
	void (*done)(void *arg, json_t *result, const struct mdg_err *err);
	void *arg;
};

struct texter {
	struct mdg_worker worker;
	struct core *core;
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
		mdg_error("templates: %s", err.text);
}

void
texter_templates_changed(struct core *c)
{
	if (c->texter && c->texter->worker.ready)
		send_catalogue(c->texter);
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
send_open(struct texter *t)
{
	for (size_t i = 0; i < t->n && t->worker.ready; i++)
		if (!t->asked[i].sent)
			t->asked[i].sent =
				send_json(t, MDG_F_SUGGEST, t->asked[i].id,
					  t->asked[i].request);
}

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	struct texter *t = w->owner;
	struct mdg_err err = {0};

	if (f->type != MDG_F_SUGGESTED)
		return false;
	for (size_t i = 0; i < t->n; i++) {
		if (t->asked[i].id != f->id)
			continue;
		json_t *result = json_loadb((const char *)f->payload.p,
					    f->payload.n, 0, NULL);
		bool keep = t->asked[i].ticket_id != 0;
		if (!json_is_object(result)) {
			json_decref(result);
			return false;
		}
		if (keep &&
		    (!batch_commit(t->core) ||
		     !mdg_suggest_keep(t->core->desk, t->asked[i].ticket_id,
				       t->asked[i].message_id, result, &err))) {
			mdg_error("suggestion: %s", err.text);
			json_decref(result);
			return false;
		}
		finish(t, i, result, NULL);
		return true;
	}
	return false;
}

static void
on_ready(struct mdg_worker *w)
{
	send_catalogue(w->owner);
	send_open(w->owner);
}

static void
on_gone(struct mdg_worker *w, int signal)
{
	struct texter *t = w->owner;
	struct mdg_err err;

	(void)signal;
	mdg_fail(&err, MDG_EBUSY, "mdg-text ended; try again");
	while (t->n)
		finish(t, 0, NULL, &err);
}

static void
start(struct core *c)
{
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
	mdg_worker_start(&t->worker);
}

/* request is stolen; NULL: why is in err. */
static void
ask(struct core *c, char *request, int64_t ticket_id, int64_t message_id,
    struct mdg_err *err,
    void (*done)(void *arg, json_t *result, const struct mdg_err *err),
    void *arg)
{
	if (!c->texter)
		start(c);
	struct texter *t = c->texter;
	if (request && t->n == ASKED_MAX) {
		mdg_fail(err, MDG_EBUSY, "too many questions at once");
		mdg_freep(&request);
	}
	if (!request) {
		done(arg, NULL, err);
		return;
	}
	t->asked[t->n++] = (struct asked){
		.id = ++t->next_id,
		.ticket_id = ticket_id,
		.message_id = message_id,
		.request = request,
		.done = done,
		.arg = arg,
	};
	send_open(t);
}

void
texter_suggest(struct core *c, int64_t ticket_id,
	       void (*done)(void *arg, json_t *result,
			    const struct mdg_err *err),
	       void *arg)
{
	struct mdg_err err;
	int64_t message = 0;
	char *request =
		mdg_suggest_question(c->desk, ticket_id, &message, &err);

	ask(c, request, ticket_id, message, &err, done, arg);
}

void
texter_check(struct core *c, const struct mdg_draft *draft, enum mdg_lang lang,
	     void (*done)(void *arg, json_t *result, const struct mdg_err *err),
	     void *arg)
{
	struct mdg_err err;
	char *request = mdg_check_question(c->desk, draft, lang, &err);

	ask(c, request, 0, 0, &err, done, arg);
}

static void
stopped(struct mdg_worker *w)
{
	free(w->owner);
}

void
texter_stop(struct core *c)
{
	if (c->texter)
		mdg_worker_stop(&c->texter->worker, stopped);
}
