/* mdg-text: asked which templates fit a ticket; the answer is kept. */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/reply/template.h"
#include "worker.h"

enum { ASKED_MAX = 64, TOP = 5 };

struct asked {
	uint32_t id;
	int64_t ticket_id, message_id;
	char *request; /* JSON, sent when the worker is ready */
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

static json_t *
template_json(const struct mdg_template *t)
{
	json_t *examples = json_array();

	for (size_t i = 0; i < t->examples.n; i++)
		json_array_append_new(examples,
				      json_string(t->examples.v[i]));
	return json_pack("{s:s,s:s,s:s,s:o}", "id", t->id, "title", t->title,
			 "body", t->body, "examples", examples);
}

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
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row *rows;
	struct mdg_template one;
	struct mdg_err err;
	json_t *list = json_array(), *all;
	size_t n;

	if (!mdg_template_list(t->core->desk->db, &a, &rows, &n, &err)) {
		mdg_error("templates: %s", err.text);
		n = 0;
	}
	for (size_t i = 0; i < n; i++)
		if (mdg_template_parse(rows[i].id, rows[i].source, &a, &one,
				       NULL))
			json_array_append_new(list, template_json(&one));
	all = json_pack("{s:o}", "templates", list);
	char *text = json_dumps(all, JSON_COMPACT);
	send_json(t, MDG_F_CATALOGUE, 0, text);
	free(text);
	json_decref(all);
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
			t->asked[i].sent = send_json(t, MDG_F_SUGGEST,
						     t->asked[i].id,
						     t->asked[i].request);
}

/* Titles are for people; the worker knows ids only. */
static void
add_titles(struct core *c, json_t *ranked)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row row;
	size_t i;
	json_t *one;

	json_array_foreach (ranked, i, one) {
		const char *id = json_string_value(json_object_get(one, "id"));
		if (id && mdg_template_newest(c->desk->db, id, &a, &row,
					      NULL) == MDG_FOUND) {
			json_object_set_new(one, "title",
					    json_string(row.title));
			json_object_set_new(one, "category",
					    json_string(row.category));
		}
	}
}

static bool
keep(struct core *c, const struct asked *a, const json_t *result,
     struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *text = json_dumps(result, JSON_COMPACT);

	return batch_commit(c) &&
	       mdg_db_run(c->desk->db, err,
			  "INSERT INTO suggestion (ticket_id, message_id,"
			  " made_s, json) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (ticket_id) DO UPDATE SET"
			  " message_id = excluded.message_id,"
			  " made_s = excluded.made_s, json = excluded.json",
			  "iiis", a->ticket_id, a->message_id, mdg_now_s(),
			  text);
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
		json_t *ranked = json_object_get(result, "ranked");
		if (!json_is_array(ranked)) {
			json_decref(result);
			return false;
		}
		add_titles(t->core, ranked);
		if (!keep(t->core, &t->asked[i], result, &err))
			mdg_error("suggestion: %s", err.text);
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

/* Subject and newest part of the customer's newest mail. */
static char *
question(struct core *c, int64_t ticket_id, int64_t *ret_message,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	char *text = NULL;

	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT m.id, m.subject, COALESCE(m.reply, m.text)"
			  " FROM message m JOIN ticket t"
			  " ON t.newest_message_id = m.id WHERE t.id = ?1",
			  "i", ticket_id))
		return NULL;
	if (!mdg_rows_next(r)) {
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_suggest_no_mail, NULL);
		return NULL;
	}
	*ret_message = mdg_rows_i64(r, 0);
	char *joined = mdg_asprintf("%s\n%s", mdg_rows_text(r, 1),
				    mdg_rows_text(r, 2));
	json_t *o = json_pack("{s:s,s:i}", "text", joined, "top", TOP);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	free(joined);
	return text;
}

void
texter_suggest(struct core *c, int64_t ticket_id,
	       void (*done)(void *arg, json_t *result,
			    const struct mdg_err *err),
	       void *arg)
{
	struct mdg_err err;
	int64_t message = 0;

	if (!c->texter)
		start(c);
	struct texter *t = c->texter;
	if (t->n == ASKED_MAX) {
		mdg_fail(&err, MDG_EBUSY, "too many questions at once");
		done(arg, NULL, &err);
		return;
	}
	char *request = question(c, ticket_id, &message, &err);
	if (!request) {
		done(arg, NULL, &err);
		return;
	}
	t->asked[t->n++] = (struct asked){
		.id = ++t->next_id,
		.ticket_id = ticket_id,
		.message_id = message,
		.request = request,
		.done = done,
		.arg = arg,
	};
	send_open(t);
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
