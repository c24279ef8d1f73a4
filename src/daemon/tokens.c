/*
 * Access tokens: one mdg-token at a time per account asks for them, the core
 * commits what was rotated, then the account's workers start with it.
 *
 *     idle --(wanted, due, refused login)--> asking --(granted)--> idle
 *                                              |--(final no)--> idle, reauth
 *                                              `--(trouble)--> idle, later
 *                                                             again
 *
 * mailbox.authorize and mailbox.authorize.finish ask through the same door,
 * with a client that waits for the answer.
 */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "madoguchi/app/oauth.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "worker.h"

enum {
	AGAIN_MS = 60000, /* after a question that came to nothing */
	NEW_MS = 15000,   /* a token so young is not replaced by a newer one */
	PATIENCE_MS = 90000, /* mdg-token gives up after half of that */
};

enum purpose { RENEW, START, FINISH };

struct asking {
	struct mdg_worker worker;
	struct core *core;
	struct asking *next;
	int64_t account_id;
	enum purpose purpose;
	struct mdg_buf frame; /* TOKEN_ASK */
	bool answered;
	/* who waits for it: START and FINISH */
	struct client *client;
	uint32_t id;
	struct mdg_actor who;
	json_t *result;
};

/* When the last answers came; kept per account. */
struct last {
	int64_t account_id;
	int64_t failed_ms, granted_ms; /* mdg_mono_ms() */
};

struct tokens {
	struct asking *first;
	struct last lasts[ACCOUNTS_MAX];
	size_t lasts_n;
};

static struct tokens *
all(struct core *c)
{
	if (!c->tokens)
		c->tokens = mdg_calloc(1, sizeof(*c->tokens));
	return c->tokens;
}

static struct asking *
find(struct core *c, int64_t account)
{
	struct asking *k = all(c)->first;

	while (k && k->account_id != account)
		k = k->next;
	return k;
}

static struct last *
last(struct core *c, int64_t account)
{
	struct tokens *t = all(c);
	size_t i = 0;

	while (i < t->lasts_n && t->lasts[i].account_id != account)
		i++;
	if (i == ACCOUNTS_MAX)
		i = 0; /* accounts come and go; the oldest gives way */
	else if (i == t->lasts_n)
		t->lasts_n++;
	else
		return &t->lasts[i];
	t->lasts[i] = (struct last){account, -AGAIN_MS, -AGAIN_MS};
	return &t->lasts[i];
}

static bool
is_within(int64_t when_ms, int64_t ms)
{
	return mdg_mono_ms() - when_ms < ms;
}

/* ---- what an answer does ---- */

static void
reply(struct asking *k, json_t *result, const struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	if (k->client) {
		control_answer(k->client, k->id, result, err);
		client_release(k->client);
		k->client = NULL;
	} else {
		json_decref(result);
		if (err)
			mdg_warn("access of account %lld: %s",
				 (long long)k->account_id,
				 mdg_err_text(err, MDG_LANG_EN, text,
					      sizeof(text)));
	}
}

static bool
granted(struct asking *k, const struct mdg_oauth *o,
	const struct mdg_oauth_said *said, struct mdg_err *err)
{
	const struct mdg_actor *who =
		k->purpose == RENEW ? &mdg_actor_system : &k->who;

	if (!mdg_oauth_granted(k->core->desk, who, o, said, err))
		return false;
	json_object_set_new(k->result, "state", json_string("ok"));
	mdg_info("access of account %lld is renewed", (long long)k->account_id);
	last(k->core, k->account_id)->granted_ms = mdg_mono_ms();
	account_renewed(k->core, k->account_id);
	return true;
}

static bool
take_answer(struct asking *k, const struct mdg_oauth *o,
	    const struct mdg_oauth_said *said, struct mdg_err *err)
{
	struct mdg_err lost;

	if (k->purpose == START && mdg_streq(o->flow, "device"))
		return mdg_oauth_started(k->core->desk, o, said, k->result,
					 err);
	if (k->purpose == FINISH && mdg_oauth_is_pending(said, k->result))
		return true;
	if (granted(k, o, said, err))
		return true;
	last(k->core, k->account_id)->failed_ms = mdg_mono_ms();
	if (k->purpose == RENEW && mdg_oauth_is_final(said)) {
		if (!mdg_oauth_lost(k->core->desk, o, &lost))
			mdg_error("account %lld: %s", (long long)k->account_id,
				  lost.text);
		/* its workers learn that they have nothing to log in with */
		account_renewed(k->core, k->account_id);
	}
	return false;
}

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct asking *k = w->owner;
	struct mdg_oauth_said said;
	struct mdg_oauth o;
	struct mdg_err err;

	if (f->type != MDG_F_TOKEN_SAID || k->answered ||
	    !mdg_oauth_said_unpack(f->payload, &a, &said))
		return false;
	k->answered = true;
	mdg_fail(&err, MDG_ENOENT, "the account is gone");
	bool ok = batch_commit(k->core) &&
		  mdg_oauth_get(k->core->desk->db, k->account_id, &a, &o,
				&err) == MDG_FOUND &&
		  take_answer(k, &o, &said, &err);
	json_t *result = k->result;
	k->result = NULL;
	if (!ok)
		json_decref(result);
	reply(k, ok ? result : NULL, ok ? NULL : &err);
	return true;
}

/* ---- its process ---- */

static void
on_ready(struct mdg_worker *w)
{
	struct asking *k = w->owner;

	mdg_worker_send(w, MDG_F_TOKEN_ASK, 1, &k->frame);
	explicit_bzero(k->frame.ptr, k->frame.cap);
	mdg_buf_reset(&k->frame);
}

static void
freed(struct mdg_worker *w)
{
	struct asking *k = w->owner;
	struct asking **p = &all(k->core)->first;

	while (*p != k)
		p = &(*p)->next;
	*p = k->next;
	json_decref(k->result);
	mdg_buf_clear(&k->frame);
	free(k);
}

static void
on_gone(struct mdg_worker *w, int signal)
{
	struct asking *k = w->owner;
	struct mdg_err err = w->problem;

	(void)signal;
	w->stopped = true;
	w->freed = freed;
	if (k->answered)
		return;
	if (err.code == MDG_OK)
		mdg_fail_msg(&err, MDG_EBUSY, MDG_MSG_token_ended, NULL);
	last(k->core, k->account_id)->failed_ms = mdg_mono_ms();
	reply(k, NULL, &err);
}

/* Steals result; the client, if there is one, is held. */
static void
ask(struct core *c, int64_t account, enum purpose purpose,
    const struct mdg_oauth_ask *form, struct client *cl, uint32_t id,
    const struct mdg_actor *who, json_t *result)
{
	struct asking *k = mdg_calloc(1, sizeof(*k));

	*k = (struct asking){
		.core = c,
		.next = all(c)->first,
		.account_id = account,
		.purpose = purpose,
		.client = cl ? client_hold(cl) : NULL,
		.id = id,
		.who = *who,
		.result = result,
	};
	all(c)->first = k;
	mdg_oauth_ask_pack(&k->frame, form);
	k->worker = (struct mdg_worker){
		.core = c,
		.role = MDG_ROLE_TOKEN,
		.owner = k,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	mdg_worker_trust(&k->worker, form->ca_file);
	mdg_worker_start(&k->worker);
}

/* ---- by itself ---- */

static void
renew(struct core *c, const struct mdg_oauth *o)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_oauth_ask form;
	struct mdg_err err;

	if (c->stopping || find(c, o->account_id) ||
	    is_within(last(c, o->account_id)->failed_ms, AGAIN_MS))
		return;
	if (!mdg_oauth_renew(c->desk, o, &a, &form, &err)) {
		mdg_warn("access of account %lld cannot be renewed",
			 (long long)o->account_id);
		last(c, o->account_id)->failed_ms = mdg_mono_ms();
		return;
	}
	ask(c, o->account_id, RENEW, &form, NULL, 0, &mdg_actor_system,
	    json_object());
}

bool
tokens_access(struct core *c, const struct mdg_account *acc,
	      struct mdg_arena *a, const char **ret, struct mdg_err *err)
{
	struct mdg_oauth o = {.state = "wanted"};

	if (mdg_oauth_get(c->desk->db, acc->id, a, &o, err) == MDG_FAILED)
		return false;
	if (mdg_oauth_is_fresh(&o, mdg_now_s(), MDG_OAUTH_LAST_S))
		return mdg_oauth_access(c->desk, acc->id, a, ret, err);
	if (mdg_streq(o.state, "reauth"))
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_oauth_reauth,
				    acc->name, NULL);
	if (!mdg_streq(o.state, "ok"))
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_oauth_wanted,
				    acc->name, NULL);
	renew(c, &o);
	return mdg_fail_msg(err, MDG_EBUSY, MDG_MSG_oauth_renewing, acc->name,
			    NULL);
}

void
tokens_refused(struct core *c, int64_t account)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_oauth o;

	/* a server that dislikes a fresh token will dislike the next one too */
	if (mdg_oauth_get(c->desk->db, account, &a, &o, NULL) == MDG_FOUND &&
	    mdg_streq(o.state, "ok") &&
	    !is_within(last(c, account)->granted_ms, NEW_MS))
		renew(c, &o);
}

void
tokens_tick(struct core *c)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t ids[ACCOUNTS_MAX];
	struct mdg_oauth o;
	size_t n = 0;

	for (struct asking *k = all(c)->first; k; k = k->next)
		mdg_worker_watch(&k->worker, PATIENCE_MS);
	if (!mdg_account_list(c->desk->db, ids, ACCOUNTS_MAX, &n, NULL))
		return;
	for (size_t i = 0; i < n; i++)
		if (mdg_oauth_get(c->desk->db, ids[i], &a, &o, NULL) ==
			    MDG_FOUND &&
		    mdg_streq(o.state, "ok") &&
		    !mdg_oauth_is_fresh(&o, mdg_now_s(), MDG_OAUTH_EARLY_S))
			renew(c, &o);
}

void
tokens_stop(struct core *c)
{
	for (struct asking *k = all(c)->first; k; k = k->next)
		mdg_worker_stop(&k->worker, freed);
}

/* ---- a person authorizes ---- */

/* The account's settings after the action that checked who asks. */
static bool
checked(struct core *c, const struct mdg_actor *who, const char *act,
	const json_t *args, struct mdg_arena *a, struct mdg_oauth *ret,
	struct mdg_err *err)
{
	json_t *empty = json_object(), *result;
	bool ok = mdg_act_call(c->desk, who, act, args ? args : empty, &result,
			       err);

	json_decref(empty);
	if (!ok)
		return false;
	int64_t account =
		json_integer_value(json_object_get(result, "account"));
	json_decref(result);
	mdg_fail(err, MDG_ENOENT, "the account is gone");
	if (mdg_oauth_get(c->desk->db, account, a, ret, err) != MDG_FOUND)
		return false;
	return !find(c, account) ||
	       mdg_fail_msg(err, MDG_EBUSY, MDG_MSG_oauth_busy, NULL);
}

void
tokens_authorize(struct core *c, struct client *cl, uint32_t id,
		const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_oauth_ask form;
	struct mdg_oauth o;
	struct mdg_err err;
	json_t *result = json_object();

	if (!batch_commit_or(c, &err) ||
	    !checked(c, who, "mailbox.oauth", args, &a, &o, &err) ||
	    !mdg_oauth_start(c->desk, &o, &a, &form, result, &err)) {
		json_decref(result);
		control_answer(cl, id, NULL, &err);
		return;
	}
	if (!form.url)
		control_answer(cl, id, result, NULL);
	else
		ask(c, o.account_id, START, &form, cl, id, who, result);
}

void
tokens_authorize_finish(struct core *c, struct client *cl, uint32_t id,
		       const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *redirect =
		json_string_value(json_object_get(args, "redirect"));
	json_t *name = json_object();
	struct mdg_oauth_ask form;
	struct mdg_oauth o;
	struct mdg_err err;

	json_object_set(name, "name", json_object_get(args, "name"));
	bool ok = checked(c, who, "mailbox.oauth.show", name, &a, &o, &err) &&
		  mdg_oauth_finish(c->desk, &o, redirect, &a, &form, &err);
	json_decref(name);
	if (!ok)
		control_answer(cl, id, NULL, &err);
	else
		ask(c, o.account_id, FINISH, &form, cl, id, who, json_object());
}
