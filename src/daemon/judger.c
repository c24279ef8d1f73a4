/*
 * Each customer's newest mail is put to mdg-text, behind everything else, and
 * what was approved is taught to it. One question at a time: a mail that kills
 * mdg-text, alone, twice, goes without an answer.
 */
#include <stdlib.h>

#include "core.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/log.h"

enum {
	WAKE_MS = 50,
	NEXT_MS = 1,
	RETRY_MS = 2000,
	DEATHS_MAX = 2,
	DAY_S = 86400,
};

struct judger {
	struct core *core;
	uv_timer_t timer;
	bool asking;        /* a question of ours is open */
	int64_t message_id; /* what it is about, 0: teaching */
	int64_t suspect;    /* the mail asked about when mdg-text ended */
	int deaths;
	int64_t taught; /* learned rows up to here are known to mdg-text */
	int64_t day;    /* when it was taught from the beginning */
};

static void on_timer(uv_timer_t *t);

static void
again(struct judger *j, uint64_t ms)
{
	if (!j->core->stopping)
		uv_timer_start(&j->timer, on_timer, ms, 0);
}

void
judger_wake(struct core *c)
{
	struct judger *j = c->judger;

	if (j && !j->asking && !uv_is_active((uv_handle_t *)&j->timer))
		again(j, WAKE_MS);
}

void
judger_forgot(struct core *c)
{
	c->judger->taught = 0;
	c->judger->day = mdg_now_s() / DAY_S;
	judger_wake(c);
}

/* ---- keeping ---- */

/* In the open batch, and only it: a mail's answer breaks nothing else. */
static bool
keep(struct core *c, int64_t message_id, json_t *answer)
{
	struct mdg_err err;

	if (!batch_open(c) || !mdg_desk_save(c->desk, &err))
		return false;
	MDG_FAULT("judge.keep");
	bool ok = answer ? mdg_judge_keep(c->desk, message_id, answer, &err)
			 : mdg_judge_pass(c->desk, message_id, &err);
	if (ok && mdg_desk_release(c->desk, &err))
		return true;
	mdg_error("what is said of message %lld is not kept: %s",
		  (long long)message_id, mdg_err_en(&err));
	if (batch_store_refuses(&err) || !mdg_desk_undo(c->desk, &err))
		batch_broken(c, &err);
	return false;
}

static void
judged(void *arg, json_t *result, const struct mdg_err *err)
{
	struct judger *j = arg;
	int64_t id = j->message_id;
	bool ok = false;

	j->asking = false;
	if (j->core->stopping) {
		json_decref(result);
		return;
	}
	if (err) {
		j->deaths = j->suspect == id ? j->deaths + 1 : 1;
		j->suspect = id;
		if (j->deaths >= DEATHS_MAX) {
			mdg_warn("message %lld: mdg-text ends on it; it goes "
				 "without suggestions",
				 (long long)id);
			ok = keep(j->core, id, NULL);
		}
	} else {
		ok = keep(j->core, id, result);
		/* out of form once is out of form again */
		if (!ok && !j->core->store_problem_ms)
			ok = keep(j->core, id, NULL);
	}
	json_decref(result);
	again(j, ok ? NEXT_MS : RETRY_MS);
}

/* ---- teaching ---- */

static void
taught(void *arg, json_t *result, const struct mdg_err *err)
{
	struct judger *j = arg;

	/* when it ended, all is taught from the beginning: judger_forgot() */
	(void)err;
	json_decref(result);
	j->asking = false;
	again(j, NEXT_MS);
}

/* The next slice of what was approved; false when all is known. */
static bool
teach(struct judger *j)
{
	struct mdg_err err;
	char *request;

	if (j->day != mdg_now_s() / DAY_S) {
		/* a day older, all of it weighs less */
		texter_templates_changed(j->core);
	}
	if (!mdg_learn_feed(j->core->desk, &j->taught, mdg_now_s(), &request,
			    &err)) {
		mdg_error("learning: %s", mdg_err_en(&err));
		return false;
	}
	if (!request)
		return false;
	j->asking = true;
	j->message_id = 0;
	texter_ask(j->core, request, mdg_learn_answer, &err, taught, j);
	return true;
}

/* ---- the timer ---- */

static void
on_timer(uv_timer_t *timer)
{
	struct judger *j = timer->data;
	struct core *c = j->core;
	struct mdg_err err;
	char *request = NULL;

	if (c->stopping || j->asking)
		return;
	/* arriving mail goes first */
	if (!parser_is_idle(c)) {
		again(j, WAKE_MS);
		return;
	}
	/* once ready it is taught first: judger_forgot() */
	if (!texter_is_ready(c)) {
		texter_start(c);
		return;
	}
	if (teach(j))
		return;
	if (!mdg_judge_next(c->desk, &j->message_id, &request, &err)) {
		mdg_error("what to ask mdg-text next: %s", mdg_err_en(&err));
		again(j, RETRY_MS);
		return;
	}
	if (!request)
		return;
	j->asking = true;
	texter_ask(c, request, mdg_judge_answer, &err, judged, j);
}

/* ---- a person asks ---- */

struct personal {
	struct core *core;
	int64_t message_id;
	void (*done)(void *arg, json_t *result, const struct mdg_err *err);
	void *arg;
};

static void
answered(void *arg, json_t *result, const struct mdg_err *err)
{
	struct personal *p = arg;

	if (result && !p->core->stopping)
		keep(p->core, p->message_id, result);
	p->done(p->arg, result, err);
	free(p);
}

void
judger_suggest(struct core *c, int64_t ticket_id,
	       void (*done)(void *arg, json_t *result,
			    const struct mdg_err *err),
	       void *arg)
{
	struct mdg_err err;
	struct personal *p = mdg_malloc(sizeof(*p));

	*p = (struct personal){c, 0, done, arg};
	char *request =
		mdg_judge_question(c->desk, ticket_id, &p->message_id, &err);
	texter_ask(c, request, mdg_judge_answer, &err, answered, p);
}

void
judger_init(struct core *c)
{
	struct judger *j = mdg_calloc(1, sizeof(*j));

	c->judger = j;
	j->core = c;
	uv_timer_init(c->loop, &j->timer);
	j->timer.data = j;
	again(j, WAKE_MS);
}

/* Freed at the very end: answers may still come. */
void
judger_stop(struct core *c)
{
	uv_timer_stop(&c->judger->timer);
	uv_unref((uv_handle_t *)&c->judger->timer);
}
