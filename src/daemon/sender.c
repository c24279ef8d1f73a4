/* One mdg-smtp per account: takes what the outbox claims. */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "feed.h"
#include "madoguchi/app/outbox.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "worker.h"

struct sender {
	struct mdg_worker worker;
	struct core *core;
	int64_t account_id;
	int64_t sending; /* outbox id on its way, 0: free */
	bool has_access; /* its worker can log in */
	bool stale;      /* with access that was renewed since */
	bool lost;       /* died with a mail; the store has yet to know */
	int64_t unreleased; /* the end of this one was never allowed; or 0 */
	uint32_t next_id;
	struct feed feed;
	/* An answer the store could not take; it alone knows what became of the
	 * mail, so it is written before anything else. */
	bool has_unsaid;
	int unsaid_tries;
	struct mdg_send_result unsaid;
	struct mdg_arena unsaid_arena;
};

enum {
	/* Longer than any answer is waited for (RFC 5321 §4.5.3.2). */
	PATIENCE_MS = 30 * 60 * 1000,
	UNSAID_TRIES_MAX = 60, /* a second apart, where the store is well */
};

/* outbox 0: all that is due. */
static void
tell(const struct sender *s, int64_t outbox, const char *what,
     const struct mdg_err *why)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	mdg_error("account %lld outbox %lld: %s: %s", (long long)s->account_id,
		  (long long)outbox, what,
		  mdg_err_text(why, MDG_LANG_EN, text, sizeof(text)));
}

/* ---- one mail ---- */

static const char *
outcome_name(uint32_t outcome)
{
	static const char *const names[] = {"accepted", "tempfail", "permfail",
					    "unknown"};

	return names[outcome];
}

static bool
write_answer(struct sender *s, const struct mdg_send_result *r,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_answer *v = mdg_arena_array(&a, r->n, sizeof(*v));

	for (size_t i = 0; i < r->n; i++)
		v[i] = (struct mdg_outbox_answer){r->v[i].address,
						  outcome_name(r->v[i].outcome),
						  r->v[i].code, r->v[i].text};
	return mdg_outbox_finish(s->core->desk, r->outbox_id,
				 r->account_problem, v, r->n, err);
}

/* Might the same be written a little later? */
static bool
may_pass(const struct mdg_err *err)
{
	return batch_store_refuses(err) || err->code == MDG_ECONFLICT ||
	       err->code == MDG_EDB;
}

static bool
settle_unsaid(struct sender *s)
{
	struct mdg_err err;

	if (!s->has_unsaid)
		return true;
	bool ok = write_answer(s, &s->unsaid, &err);
	if (!ok && (batch_store_refuses(&err) ||
		    (may_pass(&err) && ++s->unsaid_tries < UNSAID_TRIES_MAX)))
		return false;
	if (ok)
		mdg_info("outbox %lld: its answer is written now",
			 (long long)s->unsaid.outbox_id);
	s->lost |= !ok;
	s->has_unsaid = false;
	mdg_arena_clear(&s->unsaid_arena);
	return true;
}

/* What a dead mdg-smtp held: written down, if need be once more later. */
static bool
settle_lost(struct sender *s)
{
	struct mdg_err err;

	if (!settle_unsaid(s))
		return false;
	if (!s->lost)
		return true;
	if (!mdg_outbox_lost(s->core->desk, s->account_id, s->unreleased,
			     &err)) {
		tell(s, 0, "waits", &err);
		return false;
	}
	s->lost = false;
	s->unreleased = 0;
	return true;
}

static void
pump(struct sender *s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t due;

	if (s->sending || !s->worker.ready || !s->has_access || s->stale ||
	    s->core->stopping)
		return;
	/* a batch is not ended for nothing */
	if (!s->lost && !s->has_unsaid &&
	    mdg_outbox_due(s->core->desk->db, s->account_id, mdg_now_s(), &due,
			   &err) == MDG_NONE)
		return;
	if (!batch_commit(s->core) || !settle_lost(s))
		return;
	switch (mdg_outbox_claim(s->core->desk, s->account_id, &a, &job,
				 &err)) {
	case MDG_FAILED:
		tell(s, 0, "waits", &err);
		s->lost = true; /* if the store took it all the same */
		return;
	case MDG_NONE:
		return;
	case MDG_FOUND:
		break;
	}
	s->sending = job.outbox_id;
	mdg_worker_has_to_speak(&s->worker);
	mdg_send_pack(&b,
		      &(struct mdg_send){job.outbox_id, job.mail_from,
					 job.rcpts, job.message_id, job.bytes});
	feed_start(&s->feed, &s->worker, job.outbox_id, MDG_F_SEND,
		   ++s->next_id, job.bytes.n == 0, &b);
}

static void
on_drained(struct mdg_peer *p)
{
	struct mdg_worker *w = p->owner;
	struct sender *s = w->owner;

	feed_more(&s->feed, w);
}

static bool
on_committing(struct sender *s, const struct mdg_frame *frame)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_err err;
	int64_t id;

	if (!mdg_id_unpack(frame->payload, &id) || id != s->sending ||
	    !batch_commit(s->core))
		return false;
	if (!mdg_outbox_committing(s->core->desk, id, &err)) {
		tell(s, id, "not taken up", &err);
		s->unreleased = id; /* whatever the store says */
		return false;
	}
	mdg_id_pack(&b, id);
	return mdg_worker_send(&s->worker, MDG_F_COMMIT_OK, frame->id, &b);
}

static bool
on_result(struct sender *s, const struct mdg_frame *frame)
{
	struct mdg_send_result r;
	struct mdg_err err;

	if (!mdg_send_result_unpack(frame->payload, &s->unsaid_arena, &r) ||
	    r.outbox_id != s->sending)
		return false;
	mdg_info("outbox %lld: %s, phase %s, recipients %zu",
		 (long long)r.outbox_id,
		 r.account_problem ? "the account cannot send now"
		 : r.n             ? outcome_name(r.v[0].outcome)
				   : "no answer",
		 r.phase, r.n);
	s->sending = 0;
	if (!batch_commit_or(s->core, &err) || !write_answer(s, &r, &err)) {
		tell(s, r.outbox_id, "its answer is not written yet", &err);
		if (!may_pass(&err))
			return false;
		s->unsaid = r;
		s->unsaid_tries = 0;
		return s->has_unsaid = true;
	}
	mdg_arena_clear(&s->unsaid_arena);
	if (s->stale)
		mdg_worker_kill(&s->worker);
	if (s->core->stopping) {
		senders_refresh(s->core);
		return true;
	}
	fetcher_copy_wanted(s->core, s->account_id);
	indexer_wake(s->core); /* what was sent is found, too */
	senders_pump(s->core);
	return true;
}

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *frame)
{
	struct sender *s = w->owner;

	if (frame->type == MDG_F_COMMITTING)
		return on_committing(s, frame);
	if (frame->type == MDG_F_RESULT)
		return on_result(s, frame);
	mdg_error("mdg-smtp of account %lld sent an unknown frame",
		  (long long)s->account_id);
	return false;
}

/* ---- its process ---- */

static void
on_ready(struct mdg_worker *w)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct sender *s = w->owner;
	struct mdg_account acc;
	struct mdg_access access;
	struct mdg_err err;

	w->peer.on_drained = on_drained;
	if (mdg_account_by_id(s->core->desk->db, s->account_id, &a, &acc,
			      &err) != MDG_FOUND ||
	    !account_access(s->core, &acc, true, &a, &access, &err)) {
		account_not_set_up(w, s->account_id, &err);
		return;
	}
	s->has_access = true;
	mdg_access_pack(&b, &access);
	mdg_worker_send(w, MDG_F_CONFIG, 0, &b);
	pump(s);
}

static void
on_gone(struct mdg_worker *w, int signal)
{
	struct sender *s = w->owner;

	(void)signal;
	feed_clear(&s->feed);
	s->sending = 0;
	s->has_access = s->stale = false;
	s->lost = true;
	if (batch_commit(s->core))
		settle_lost(s);
	if (s->core->stopping)
		senders_refresh(s->core);
}

static void
free_sender(struct mdg_worker *w)
{
	struct sender *s = w->owner;

	feed_clear(&s->feed);
	mdg_arena_clear(&s->unsaid_arena);
	free(w->owner);
}

static struct sender *
new_sender(struct core *c, int64_t account)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct sender *s = mdg_calloc(1, sizeof(*s));
	struct mdg_account acc = {.ca_file = NULL};

	s->core = c;
	s->account_id = account;
	s->worker = (struct mdg_worker){
		.core = c,
		.role = MDG_ROLE_SMTP,
		.restarts = true,
		.owner = s,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	mdg_account_by_id(c->desk->db, account, &a, &acc, NULL);
	mdg_worker_trust(&s->worker, acc.ca_file);
	mdg_worker_start(&s->worker);
	return s;
}

void
senders_refresh(struct core *c)
{
	struct sender *now[ACCOUNTS_MAX];
	int64_t ids[ACCOUNTS_MAX];
	struct mdg_err err;
	size_t n = 0;

	if (!c->stopping &&
	    !mdg_account_list(c->desk->db, ids, ACCOUNTS_MAX, &n, &err))
		return;
	for (size_t i = 0; i < n; i++) {
		now[i] = NULL;
		for (size_t k = 0; k < ACCOUNTS_MAX; k++)
			if (c->senders[k] &&
			    c->senders[k]->account_id == ids[i]) {
				now[i] = c->senders[k];
				c->senders[k] = NULL;
			}
		if (!now[i])
			now[i] = new_sender(c, ids[i]);
	}
	for (size_t k = 0; k < ACCOUNTS_MAX; k++)
		if (c->senders[k] && c->stopping && c->senders[k]->sending)
			now[n++] = c->senders[k]; /* till its answer */
		else if (c->senders[k])
			mdg_worker_stop(&c->senders[k]->worker, free_sender);
	memset(c->senders, 0, sizeof(c->senders));
	memcpy(c->senders, now, n * sizeof(*now));
}

/* With the access as it is now; one that is sending ends that mail first. */
static void
anew(struct sender *s)
{
	s->stale = s->sending != 0;
	if (!s->stale)
		mdg_worker_anew(&s->worker);
}

void
workers_restart(struct core *c)
{
	fetchers_restart(c);
	for (size_t i = 0; i < ACCOUNTS_MAX && c->senders[i]; i++)
		anew(c->senders[i]);
}

/* One that is sending has logged in already: after that mail. */
void
sender_renewed(struct core *c, int64_t account)
{
	for (size_t i = 0; i < ACCOUNTS_MAX && c->senders[i]; i++)
		if (c->senders[i]->account_id == account) {
			c->senders[i]->stale = c->senders[i]->sending != 0;
			if (!c->senders[i]->stale)
				mdg_worker_kill(&c->senders[i]->worker);
		}
}

/* One that is sending ends what it does first: it is not known to be lost. */
void
sender_changed(struct core *c, const struct mdg_account *acc)
{
	for (size_t i = 0; i < ACCOUNTS_MAX && c->senders[i]; i++) {
		struct sender *s = c->senders[i];
		if (s->account_id != acc->id)
			continue;
		mdg_worker_trust(&s->worker, acc->ca_file);
		anew(s);
	}
}

/* ---- when ---- */

static void
on_due(uv_timer_t *t)
{
	senders_pump(t->data);
}

void
senders_watch(struct core *c)
{
	for (size_t i = 0; i < c->accounts_n; i++)
		if (c->senders[i]->sending)
			mdg_worker_watch(&c->senders[i]->worker, PATIENCE_MS);
}

void
senders_pump(struct core *c)
{
	struct mdg_err err;
	int64_t next_s;

	for (size_t i = 0; i < ACCOUNTS_MAX && c->senders[i]; i++)
		pump(c->senders[i]);
	if (c->stopping)
		return;
	enum mdg_found f = mdg_outbox_next(c->desk->db, &next_s, &err);
	uv_timer_stop(&c->outbox);
	if (f != MDG_FOUND)
		return;
	int64_t in_ms = next_s * 1000 - mdg_now_ms();
	/* due but not taken: busy, or sending is off; the tick comes anyway */
	if (in_ms > 0)
		uv_timer_start(&c->outbox, on_due, (uint64_t)in_ms + 1, 0);
}
