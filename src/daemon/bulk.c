/*
 * incident.draft, incident.approve: the same for many tickets, one after the
 * other, each an action of its own with its own checks. The client is answered
 * when all are through; if anything ends earlier, what was done stays done and
 * asking again goes on with the rest.
 */
#include <stdlib.h>

#include "core.h"
#include "madoguchi/app/check.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

struct bulk {
	struct core *core;
	struct client *client;
	uint32_t id;
	struct mdg_actor who;
	json_t *args, *todo, *done;
	size_t next;
	int64_t draft_id; /* being checked */
	json_t *row;      /* what is told of the ticket at hand */
	void (*step)(struct bulk *b, const json_t *of);
	uv_timer_t timer;
};

static void
freed(uv_handle_t *h)
{
	free(h->data);
}

static void
finish(struct bulk *b)
{
	control_answer(b->client, b->id,
		       json_pack("{s:O,s:O}", "incident",
				 json_object_get(b->args, "incident"),
				 "replies", b->done),
		       NULL);
	client_release(b->client);
	json_decref(b->args);
	json_decref(b->todo);
	json_decref(b->done);
	b->timer.data = b;
	uv_close((uv_handle_t *)&b->timer, freed);
}

static void
on_timer(uv_timer_t *t)
{
	struct bulk *b = t->data;

	if (b->core->stopping || b->next >= json_array_size(b->todo)) {
		finish(b);
		return;
	}
	const json_t *of = json_array_get(b->todo, b->next++);
	b->row = json_pack("{s:O}", "ticket", json_object_get(of, "ticket"));
	json_array_append_new(b->done, b->row);
	b->step(b, of);
}

static void
go_on(struct bulk *b)
{
	uv_timer_start(&b->timer, on_timer, 1, 0);
}

/* A ticket that cannot be done says why; the others are done. */
static void
failed(struct bulk *b, const struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	mdg_err_text(err, b->who.lang, text, sizeof(text));
	json_object_set_new(b->row, "error", json_string(text));
	go_on(b);
}

/* The action, outside of any batch; NULL after telling why not. */
static json_t *
call(struct bulk *b, const char *act, json_t *args)
{
	struct mdg_err err;
	json_t *result = NULL;

	bool ok =
		batch_commit_or(b->core, &err) &&
		mdg_act_call(b->core->desk, &b->who, act, args, &result, &err);
	json_decref(args);
	if (ok)
		return result;
	failed(b, &err);
	return NULL;
}

static void
start(struct core *c, struct client *cl, uint32_t id,
      const struct mdg_actor *who, const json_t *args, const json_t *todo,
      void (*step)(struct bulk *b, const json_t *of))
{
	struct bulk *b = mdg_malloc(sizeof(*b));

	*b = (struct bulk){
		.core = c,
		.client = client_hold(cl),
		.id = id,
		.who = *who,
		.args = json_deep_copy(args),
		.todo = json_deep_copy(todo),
		.done = json_array(),
		.step = step,
	};
	uv_timer_init(c->loop, &b->timer);
	b->timer.data = b;
	go_on(b);
}

/* What incident.replies says; NULL after answering. */
static json_t *
replies(struct core *c, struct client *cl, uint32_t id,
	const struct mdg_actor *who, const json_t *args)
{
	json_t *of = json_pack("{s:O}", "incident",
			       json_object_get(args, "incident"));
	json_t *result =
		of ? task_checked(c, cl, id, who, "incident.replies", of)
		   : NULL;
	struct mdg_err err;

	if (!of) {
		mdg_fail_msg(&err, MDG_EINVAL, MDG_MSG_incident_none, "?",
			     NULL);
		control_answer(cl, id, NULL, &err);
	}
	json_decref(of);
	return result;
}

/* ---- incident.draft ---- */

static void
checked(void *arg, json_t *result, const struct mdg_err *why)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct bulk *b = arg;
	struct mdg_draft draft;
	struct mdg_err err;
	json_t *findings = NULL;

	if (why)
		mdg_warn("draft %lld is not checked: %s",
			 (long long)b->draft_id, mdg_err_en(why));
	bool ok =
		batch_commit_or(b->core, &err) &&
		mdg_draft_by_id(b->core->desk->db, b->draft_id, &a, &draft,
				&err) == MDG_FOUND &&
		mdg_check_keep(b->core->desk, &draft, result, &findings, &err);
	json_decref(result);
	json_decref(findings);
	if (!ok) {
		failed(b, &err);
		return;
	}
	json_t *submitted = call(b, "draft.submit",
				 json_pack("{s:I}", "draft", b->draft_id));
	if (!submitted)
		return;
	json_object_set(b->row, "draft_state",
			json_object_get(submitted, "state"));
	json_decref(submitted);
	go_on(b);
}

static void
draft_one(struct bulk *b, const json_t *of)
{
	static const char *const given[] = {"template", "slots", "next"};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_draft draft;
	struct mdg_err err;
	json_t *args =
		json_pack("{s:O,s:O}", "ticket", json_object_get(of, "ticket"),
			  "incident", json_object_get(b->args, "incident"));

	if (*json_string_value(json_object_get(of, "why_not"))) {
		json_decref(args);
		json_object_set(b->row, "why_not",
				json_object_get(of, "why_not"));
		go_on(b);
		return;
	}
	for (size_t i = 0; i < MDG_LEN(given); i++)
		if (json_object_get(b->args, given[i]))
			json_object_set(args, given[i],
					json_object_get(b->args, given[i]));
	json_t *made = call(b, "draft.new", args);
	if (!made)
		return;
	json_object_set(b->row, "draft", json_object_get(made, "draft"));
	json_object_set(b->row, "draft_state", json_object_get(made, "state"));
	b->draft_id = json_integer_value(json_object_get(made, "draft"));
	bool open = json_array_size(json_object_get(made, "open")) > 0;
	if (open) /* a person fills in what this mail does not say */
		json_object_set(b->row, "open", json_object_get(made, "open"));
	json_decref(made);
	if (open) {
		go_on(b);
		return;
	}
	if (mdg_draft_by_id(b->core->desk->db, b->draft_id, &a, &draft, &err) !=
	    MDG_FOUND) {
		failed(b, &err);
		return;
	}
	texter_check(b->core, &draft, checked, b);
}

void
bulk_draft(struct core *c, struct client *cl, uint32_t id,
	   const struct mdg_actor *who, const json_t *args)
{
	struct mdg_err err;
	json_t *listed = NULL, *todo = json_array(), *row;
	size_t i;

	if (!json_is_string(json_object_get(args, "template"))) {
		mdg_fail_msg(&err, MDG_EINVAL, MDG_MSG_incident_template, NULL);
		control_answer(cl, id, NULL, &err);
	} else {
		listed = replies(c, cl, id, who, args);
	}
	json_array_foreach (json_object_get(listed, "replies"), i, row)
		if (json_is_string(json_object_get(row, "why_not")))
			json_array_append(todo, row);
	if (listed)
		start(c, cl, id, who, args, todo, draft_one);
	json_decref(todo);
	json_decref(listed);
}

/* ---- incident.approve ---- */

static void
approve_one(struct bulk *b, const json_t *of)
{
	json_t *result =
		call(b, "approve",
		     json_pack("{s:O,s:O,s:O}", "draft",
			       json_object_get(of, "draft"), "revision",
			       json_object_get(of, "revision"), "confirm",
			       json_object_get(of, "confirm")));

	if (!result)
		return;
	json_object_set(b->row, "draft", json_object_get(of, "draft"));
	json_object_set(b->row, "draft_state",
			json_object_get(result, "state"));
	json_decref(result);
	go_on(b);
}

/* Only what the code was shown for: anything else since then is refused. */
void
bulk_approve(struct core *c, struct client *cl, uint32_t id,
	     const struct mdg_actor *who, const json_t *args)
{
	struct mdg_err err;
	const char *given = json_string_value(json_object_get(args, "code"));
	json_t *listed = replies(c, cl, id, who, args), *todo, *row;
	const char *code = json_string_value(json_object_get(listed, "code"));
	size_t i;

	if (!listed)
		return;
	if (!json_is_true(json_object_get(listed, "may_approve"))) {
		mdg_fail_msg(&err, MDG_EPERM, MDG_MSG_approve_not_lead, NULL);
		control_answer(cl, id, NULL, &err);
		json_decref(listed);
		return;
	}
	if (!code || !given || !mdg_streq(code, given)) {
		mdg_fail_msg(&err, MDG_ESTATE,
			     code ? MDG_MSG_incident_code
				  : MDG_MSG_incident_no_wait,
			     code ? code : "", NULL);
		control_answer(cl, id, NULL, &err);
		json_decref(listed);
		return;
	}
	todo = json_array();
	json_array_foreach (json_object_get(listed, "replies"), i, row)
		if (json_is_integer(json_object_get(row, "revision")))
			json_array_append(todo, row);
	start(c, cl, id, who, args, todo, approve_one);
	json_decref(todo);
	json_decref(listed);
}
