/*
 * mdg-web: calls of people who are signed in, and news for their pages.
 *
 * A call carries the token of its session; who that is, is looked up here,
 * each time. Before there is a session, a visitor may do what signing in
 * takes, and nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "core.h"
#include "madoguchi/app/session.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "tasks.h"
#include "worker.h"

enum {
	NEWS_MS = 250,
	QUEUED_BYTES_MAX = 64 << 20, /* for a process that does not read */
	VISITS_MAX = 2000,
};

struct visit { /* one call of one browser */
	struct client client;
	struct visit *next;
	struct web *web;
	uint32_t id;
};

struct web {
	struct mdg_worker worker;
	struct core *core;
	struct visit *visits;
	size_t visits_n;
	uv_timer_t news;
	int64_t told_seq; /* of the lane */
	const char *args[8];
};

/* ---- CONFIG ---- */

static json_t *
scopes_json(const struct mdg_act *act)
{
	json_t *list = json_array();

	for (unsigned s = 1; s < MDG_TOKEN_ALL; s <<= 1)
		if (mdg_act_scopes(act) & s)
			json_array_append_new(
				list, json_string(mdg_token_scope_name(s)));
	return list;
}

/* Where the role is looked up. */
static const char *const scopes[] = {
	[MDG_SCOPE_DESK] = "desk",       [MDG_SCOPE_WINDOW] = "window",
	[MDG_SCOPE_TICKET] = "ticket",   [MDG_SCOPE_DRAFT] = "draft",
	[MDG_SCOPE_OUTBOX] = "outbox",   [MDG_SCOPE_OFFER] = "offer",
	[MDG_SCOPE_MESSAGE] = "message", [MDG_SCOPE_ANY] = "any",
};

static json_t *
act_json(const struct mdg_act *act, const char *name)
{
	json_t *args = json_array();

	for (size_t i = 0; i < MDG_ACT_ARGS_MAX && act->args[i].name; i++) {
		const char type[] = {act->args[i].type, '\0'};
		json_array_append_new(args, json_pack("{s:s,s:s,s:b}", "name",
						      act->args[i].name, "type",
						      type, "required",
						      act->args[i].required));
	}
	return json_pack("{s:s,s:b,s:s,s:s,s:o,s:o}", "act", name, "reads",
			 act->reads != 0, "scope", scopes[act->scope], "role",
			 mdg_member_role_name(act->role), "scopes",
			 scopes_json(act), "args", args);
}

static void
send_json(struct web *w, uint16_t type, json_t *o)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	MDG_AUTO(mdg_freep) char *text = json_dumps(o, JSON_COMPACT);

	mdg_buf_puts(&b, text ? text : "{}");
	mdg_worker_send(&w->worker, type, 0, &b);
	json_decref(o);
}

static void
on_worker_drained(struct mdg_peer *p)
{
	struct mdg_worker *worker = p->owner;
	struct web *w = worker->owner;
	struct visit *held[VISITS_MAX];
	size_t n = 0;

	for (struct visit *v = w->visits; v && n < VISITS_MAX; v = v->next) {
		client_hold(&v->client);
		held[n++] = v;
	}
	for (size_t i = 0; i < n; i++) {
		client_drained(&held[i]->client);
		client_release(&held[i]->client);
	}
}

static void
on_ready(struct mdg_worker *worker)
{
	struct web *w = worker->owner;
	size_t n;
	const struct mdg_act *const *tables = mdg_act_tables(&n);
	json_t *acts = json_array();

	worker->peer.on_drained = on_worker_drained;
	for (size_t i = 0; i <= n; i++)
		for (const struct mdg_act *act = i < n ? tables[i] : task_acts;
		     act->name; act++) {
			json_array_append_new(acts, act_json(act, act->name));
			if (mdg_streq(act->name, "mailbox.oauth"))
				json_array_append_new(
					acts,
					act_json(act, "mailbox.authorize"));
		}
	send_json(w, MDG_F_CONFIG,
		  json_pack("{s:s,s:o}", "url", w->core->config.web_url, "acts",
			    acts));
}

/* ---- CALL ---- */

static void
on_freed(struct client *cl)
{
	struct visit *v = (struct visit *)cl;
	struct visit **p = &v->web->visits;

	while (*p != v)
		p = &(*p)->next;
	*p = v->next;
	v->web->visits_n--;
	free(v);
}

/* What signing in takes. */
static bool
is_for_visitors(const json_t *call)
{
	const char *act = json_string_value(json_object_get(call, "act"));

	return mdg_streq(act, "session.salt") || mdg_streq(act, "session.open");
}

static bool
actor_of(struct visit *v, const json_t *call, struct mdg_actor *ret,
	 struct mdg_err *err)
{
	struct core *c = v->client.core;
	enum mdg_lang lang = v->client.lang;
	const char *cookie =
		json_string_value(json_object_get(call, "session"));
	const char *token = json_string_value(json_object_get(call, "token"));
	struct mdg_session session;
	struct mdg_api_token row;

	if (!cookie && !token && is_for_visitors(call)) {
		*ret = mdg_actor_visitor;
		ret->lang = lang;
		return true;
	}
	if (token) {
		if (!mdg_actor_from_token(c->desk, token, mdg_now_s(), lang,
					  ret, &row, err))
			return false;
		if (batch_commit(c))
			mdg_token_used(c->desk, &row, mdg_now_s());
		return true;
	}
	if (!mdg_actor_from_session(c->desk, cookie ? cookie : "", mdg_now_s(),
				    lang, ret, &session, err))
		return false;
	if (batch_commit(c))
		mdg_session_used(c->desk, &session, mdg_now_s());
	return true;
}

static bool
on_call(struct web *w, const struct mdg_frame *f)
{
	struct visit *v;
	struct mdg_actor who;
	struct mdg_err err;

	if (mdg_peer_queued(&w->worker.peer) > QUEUED_BYTES_MAX ||
	    w->visits_n == VISITS_MAX)
		return false;
	v = mdg_calloc(1, sizeof(*v));
	v->client = (struct client){.core = w->core,
				    .counts = true,
				    .peer = &w->worker.peer,
				    .holders = 1,
				    .freed = on_freed};
	v->web = w;
	v->id = f->id;
	v->next = w->visits;
	w->visits = v;
	w->visits_n++;
	json_t *call = client_call(&v->client, f->id, f->payload);
	if (call && actor_of(v, call, &who, &err))
		client_run(&v->client, f->id, &who, call);
	else if (call)
		control_answer(&v->client, f->id, NULL, &err);
	json_decref(call);
	client_release(&v->client);
	return true;
}

static void
on_left(struct web *w, uint32_t id)
{
	for (struct visit *v = w->visits; v; v = v->next)
		if (v->id == id) {
			client_hold(&v->client);
			client_left(&v->client);
			client_release(&v->client);
			return;
		}
}

/* Of a call that is over it may still tell. */
static bool
on_taken(struct web *w, const struct mdg_frame *f)
{
	int64_t bytes;

	if (!mdg_id_unpack(f->payload, &bytes))
		return false;
	for (struct visit *v = w->visits; v; v = v->next)
		if (v->id == f->id) {
			client_hold(&v->client);
			bool ok = client_took(&v->client, bytes);
			client_release(&v->client);
			return ok;
		}
	return true;
}

static bool
on_frame(struct mdg_worker *worker, const struct mdg_frame *f)
{
	struct web *w = worker->owner;

	if (f->type == MDG_F_LEFT)
		on_left(w, f->id);
	if (f->type == MDG_F_TAKEN)
		return on_taken(w, f);
	return f->type == MDG_F_LEFT || f->type == MDG_F_PING ||
	       (f->type == MDG_F_CALL && on_call(w, f));
}

static void
on_gone(struct mdg_worker *worker, int signal)
{
	struct web *w = worker->owner;
	struct visit *held[VISITS_MAX];
	size_t n = 0;

	(void)signal;
	for (struct visit *v = w->visits; v && n < VISITS_MAX; v = v->next) {
		client_hold(&v->client);
		held[n++] = v;
	}
	for (size_t i = 0; i < n; i++) {
		client_left(&held[i]->client);
		client_release(&held[i]->client);
	}
}

/* ---- NEWS ---- */

/* What changed and where: who may not see the window is not told. A draft
 * that is saved as it is written is no news. */
static bool
put_tickets(struct web *w, json_t *list, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_desk *d = w->core->desk;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT DISTINCT t.number, COALESCE(w.code, '')"
			  " FROM event e JOIN ticket t ON t.id = e.ticket_id"
			  " LEFT JOIN win w ON w.id = t.win_id"
			  " WHERE e.lane = ?1 AND e.seq > ?2"
			  " AND (e.kind <> 'draft.edit'"
			  "  OR e.codes LIKE '%\"withdrawn\"%')"
			  " LIMIT ?3",
			  "iii", d->lane.lane, w->told_seq,
			  (int64_t)MDG_WEB_NEWS_MAX + 1))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(list,
				      json_pack("[I,s]", mdg_rows_i64(r, 0),
						mdg_rows_text(r, 1)));
	return mdg_rows_close(&r, err);
}

#define HAPPENED "SELECT 1 FROM event WHERE lane = ?1 AND seq > ?2 AND "

static bool
happened(struct web *w, const char *sql, bool *ret, struct mdg_err *err)
{
	struct mdg_desk *d = w->core->desk;
	int64_t n;
	enum mdg_found f = mdg_db_i64(d->db, &n, err, sql, "ii", d->lane.lane,
				      w->told_seq);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* Somebody may see less or more than before, or nothing at all. */
static bool
look_at_people(struct web *w, bool *ret, struct mdg_err *err)
{
	return happened(w,
			HAPPENED
			"(kind LIKE 'user.%' OR kind LIKE 'window.%'"
			" OR kind IN ('session.close', 'token.revoke')) LIMIT 1",
			ret, err);
}

/* A list of something else than tickets is longer or shorter. */
static bool
look_at_lists(struct web *w, bool *ret, struct mdg_err *err)
{
	return happened(w,
			HAPPENED "(kind IN ('mail.junk', 'junk.rescue')"
				 " OR kind LIKE 'alarm.%'"
				 " OR kind LIKE 'mailbox.%') LIMIT 1",
			ret, err);
}

static void
on_news(uv_timer_t *t)
{
	struct web *w = t->data;
	struct mdg_desk *d = w->core->desk;
	json_t *tickets = json_array();
	struct mdg_err err;
	bool people, lists;

	if (d->lane.seq == w->told_seq || mdg_db_in_transaction(d->db) ||
	    !put_tickets(w, tickets, &err) ||
	    !look_at_people(w, &people, &err) ||
	    !look_at_lists(w, &lists, &err)) {
		json_decref(tickets);
		return;
	}
	w->told_seq = d->lane.seq;
	bool many = lists || json_array_size(tickets) > MDG_WEB_NEWS_MAX;
	if (!people && !many && json_array_size(tickets) == 0) {
		json_decref(tickets);
		return;
	}
	if (many)
		json_array_clear(tickets);
	send_json(w, MDG_F_NEWS,
		  json_pack("{s:I,s:b,s:b,s:o}", "seq", w->told_seq, "many",
			    many, "people", people, "tickets", tickets));
}

/* ---- start and stop ---- */

void
web_init(struct core *c)
{
	const char *ui = getenv("MDG_UI");

	if (!*c->config.web_listen)
		return;
	struct web *w = mdg_calloc(1, sizeof(*w));
	size_t n = 0;
	c->web = w;
	w->core = c;
	w->told_seq = c->desk->lane.seq;
	w->args[n++] = "--listen";
	w->args[n++] = c->config.web_listen;
	w->args[n++] = "--ui";
	w->args[n++] = ui && *ui ? ui : MDG_DATADIR "/ui";
	/* another engine's URL may hold a password: those ask the core */
	if (mdg_streq(mdg_db_engine(c->desk->db), "sqlite")) {
		w->args[n++] = "--store";
		w->args[n++] = c->config.store;
	}
	w->worker = (struct mdg_worker){
		.core = c,
		.role = MDG_ROLE_WEB,
		.args = w->args,
		.restarts = true,
		.owner = w,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	uv_timer_init(c->loop, &w->news);
	w->news.data = w;
	uv_timer_start(&w->news, on_news, NEWS_MS, NEWS_MS);
	mdg_worker_start(&w->worker);
}

/* It has nothing to say when nobody calls: so it is asked. */
void
web_watch(struct core *c)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf none = {0};
	enum { PATIENCE_MS = 40000 };

	if (!c->web)
		return;
	mdg_worker_watch(&c->web->worker, PATIENCE_MS);
	mdg_worker_send(&c->web->worker, MDG_F_PING, 1, &none);
}

static void
on_news_closed(uv_handle_t *h)
{
	free(h->data);
}

static void
on_stopped(struct mdg_worker *worker)
{
	struct web *w = worker->owner;

	uv_close((uv_handle_t *)&w->news, on_news_closed);
}

void
web_stop(struct core *c)
{
	if (c->web)
		mdg_worker_stop(&c->web->worker, on_stopped);
}
