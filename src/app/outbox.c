#include "madoguchi/app/outbox.h"

#include <string.h>

#include "madoguchi/app/reply.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"

enum { GIVE_UP_S = 48 * 3600 };

int64_t
mdg_outbox_backoff_s(int64_t attempts)
{
	static const int64_t steps[] = {60, 300, 900, 3600, 7200, 14400};
	size_t last = MDG_LEN(steps) - 1;
	size_t i = attempts < 0              ? 0
		   : (size_t)attempts > last ? last
					     : (size_t)attempts;
	uint32_t random;

	mdg_random(&random, sizeof(random));
	return steps[i] * (80 + random % 41) / 100;
}

/* ---- claim ---- */

/* May this address get mail in the mode `internal`? */
static bool
is_internal(struct mdg_desk *d, const char *address, bool *ret,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t one;
	const char *key = mdg_addr_key(&a, address);
	enum mdg_found f =
		mdg_db_i64(d->db, &one, err,
			   "SELECT 1 FROM person WHERE LOWER(email) = ?1 UNION"
			   " SELECT 1 FROM win_address WHERE key = ?1",
			   "s", key);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

static bool
all_internal(struct mdg_desk *d, const struct mdg_strings *rcpts, bool *ret,
	     struct mdg_err *err)
{
	*ret = true;
	for (size_t i = 0; i < rcpts->n && *ret; i++)
		if (!is_internal(d, rcpts->v[i], ret, err))
			return false;
	return true;
}

/* queued -> sending in one transaction, with the bytes frozen. */
static bool
take(struct mdg_desk *d, struct mdg_outbox_row *o, struct mdg_arena *a,
     struct mdg_err *err)
{
	struct mdg_buf mime = {0};

	if (!mdg_outbox_move(d->db, o->id, "queued", "sending", NULL, err) ||
	    !mdg_reply_draft_event(d, o->draft_id, MDG_DRAFT_EV_CLAIM, err))
		return false;
	if (o->mime.n)
		return true;
	if (!mdg_reply_compose(d, o, mdg_now_s(), &mime, err) ||
	    !mdg_outbox_freeze(d->db, o->id, mdg_now_s(), mdg_buf_span(&mime),
			       err)) {
		mdg_buf_clear(&mime);
		return false;
	}
	o->mime = mdg_span(mdg_arena_strndup(a, mime.ptr, mime.len), mime.len);
	mdg_buf_clear(&mime);
	return true;
}

/* The mail cannot be made, ever: it fails by itself and holds up no other. */
static void
cannot_send(struct mdg_desk *d, const struct mdg_outbox_row *o,
	    const struct mdg_err *why)
{
	struct mdg_err err;

	if (why->code != MDG_EFORMAT && why->code != MDG_ESTATE &&
	    why->code != MDG_ENOENT && why->code != MDG_EINVAL)
		return;
	if (!mdg_desk_begin(d, &err))
		return;
	if (mdg_outbox_move(d->db, o->id, "queued", "failed", why->text,
			    &err) &&
	    mdg_reply_draft_event(d, o->draft_id, MDG_DRAFT_EV_CLAIM, &err) &&
	    mdg_reply_draft_event(d, o->draft_id, MDG_DRAFT_EV_REFUSED, &err) &&
	    mdg_reply_event(d, o, "outbox.failed", &err))
		mdg_desk_commit(d, &err);
	else
		mdg_desk_rollback(d);
}

enum mdg_found
mdg_outbox_claim(struct mdg_desk *d, int64_t account, struct mdg_arena *a,
		 struct mdg_outbox_job *ret, struct mdg_err *err)
{
	struct mdg_outbox_row o;
	struct mdg_strings rcpts = {0};
	enum mdg_sending mode;
	int64_t id;
	bool allowed = true;

	if (!mdg_desk_sending(d, &mode, err))
		return MDG_FAILED;
	if (mode == MDG_SENDING_OFF)
		return MDG_NONE;
	enum mdg_found f =
		mdg_outbox_due(d->db, account, mdg_now_s(), &id, err);
	if (f != MDG_FOUND)
		return f;
	if (mdg_outbox_by_id(d->db, id, a, &o, err) != MDG_FOUND ||
	    !mdg_outbox_rcpts(d->db, id, a, &rcpts, err) ||
	    (mode == MDG_SENDING_INTERNAL &&
	     !all_internal(d, &rcpts, &allowed, err)))
		return MDG_FAILED;
	if (!mdg_desk_begin(d, err))
		return MDG_FAILED;
	if (!allowed) {
		/* look again in an hour: the mode may have changed */
		if (!mdg_outbox_retry_at(d->db, id, mdg_now_s() + 3600, err) ||
		    !mdg_desk_commit(d, err)) {
			mdg_desk_rollback(d);
			return MDG_FAILED;
		}
		return MDG_NONE;
	}
	struct mdg_err why = {0};
	if (!take(d, &o, a, &why)) {
		mdg_desk_rollback(d);
		cannot_send(d, &o, &why);
		if (err)
			*err = why;
		return MDG_FAILED;
	}
	MDG_FAULT("outbox.claim");
	if (!mdg_desk_commit(d, err))
		return MDG_FAILED;
	MDG_FAULT("outbox.claimed");
	*ret = (struct mdg_outbox_job){o.id, o.account_id, o.mail_from, rcpts,
				       o.mime};
	return MDG_FOUND;
}

bool
mdg_outbox_committing(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (!mdg_outbox_move(d->db, id, "sending", "committing", NULL, err)) {
		mdg_desk_rollback(d);
		return false;
	}
	MDG_FAULT("outbox.committing");
	if (!mdg_desk_commit(d, err))
		return false;
	MDG_FAULT("outbox.committed");
	return true;
}

/* ---- the answer ---- */

static bool
back_to_queue(struct mdg_desk *d, const struct mdg_outbox_row *o, bool counts,
	      struct mdg_err *err)
{
	int64_t now_s = mdg_now_s();
	int64_t at_s = now_s + (counts ? mdg_outbox_backoff_s(o->attempts)
				       : mdg_outbox_backoff_s(0));

	if (counts && now_s - o->created_s > GIVE_UP_S)
		return mdg_outbox_move(d->db, o->id, o->state, "failed",
				       "tried for 48 hours", err) &&
		       mdg_reply_draft_event(d, o->draft_id,
					     MDG_DRAFT_EV_REFUSED, err);
	return mdg_outbox_move(d->db, o->id, o->state, "queued", "later",
			       err) &&
	       mdg_outbox_retry_at(d->db, o->id, at_s, err) &&
	       mdg_reply_draft_event(d, o->draft_id, MDG_DRAFT_EV_RETRY, err);
}

static bool
put_answers(struct mdg_desk *d, int64_t id, const struct mdg_outbox_answer *v,
	    size_t n, struct mdg_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!mdg_outbox_rcpt_set(d->db, id, v[i].address, v[i].outcome,
					 v[i].code, v[i].text, err))
			return false;
	return true;
}

/* The outbox row's next state out of its recipients' states. */
static bool
settle(struct mdg_desk *d, struct mdg_outbox_row *o, struct mdg_err *err)
{
	int64_t accepted, later, queued, unknown;

	if (!mdg_outbox_rcpt_count(d->db, o->id, "accepted", &accepted, err) ||
	    !mdg_outbox_rcpt_count(d->db, o->id, "tempfail", &later, err) ||
	    !mdg_outbox_rcpt_count(d->db, o->id, "queued", &queued, err) ||
	    !mdg_outbox_rcpt_count(d->db, o->id, "unknown", &unknown, err))
		return false;
	if (unknown)
		return mdg_outbox_move(d->db, o->id, o->state, "unknown",
				       "no answer to the end of the mail",
				       err) &&
		       mdg_reply_draft_event(d, o->draft_id, MDG_DRAFT_EV_LOST,
					     err) &&
		       mdg_reply_event(d, o, "outbox.unknown", err);
	if (later + queued > 0)
		return back_to_queue(d, o, true, err);
	if (accepted == 0)
		return mdg_outbox_move(d->db, o->id, o->state, "failed",
				       "refused", err) &&
		       mdg_reply_draft_event(d, o->draft_id,
					     MDG_DRAFT_EV_REFUSED, err) &&
		       mdg_reply_event(d, o, "outbox.failed", err);
	return mdg_outbox_move(d->db, o->id, o->state, "sent", NULL, err) &&
	       mdg_outbox_sent(d->db, o->id, mdg_now_s(), "wanted", err) &&
	       mdg_reply_sent(d, o, mdg_now_s(), err);
}

/* Nobody knows of any of those who have not accepted yet. */
static bool
doubt_all(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "UPDATE outbox_rcpt SET state = 'unknown'"
			  " WHERE outbox_id = ?1"
			  " AND state IN ('queued', 'tempfail')",
			  "i", id);
}

/* Runs in one transaction, rolled back as a whole on failure. */
static bool
finish(struct mdg_desk *d, int64_t id, bool account_problem,
       const struct mdg_outbox_answer *v, size_t n, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_row o;

	if (mdg_outbox_by_id(d->db, id, &a, &o, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no outbox row %lld",
				(long long)id);
	if (!mdg_streq(o.state, "sending") && !mdg_streq(o.state, "committing"))
		return mdg_fail(err, MDG_ESTATE, "outbox %lld is %s",
				(long long)id, o.state);
	bool in_doubt = mdg_streq(o.state, "committing");
	if (account_problem && !in_doubt)
		return back_to_queue(d, &o, false, err);
	/* once the last dot was allowed, silence is not a no */
	return (!in_doubt || doubt_all(d, id, err)) &&
	       put_answers(d, id, v, n, err) && settle(d, &o, err);
}

bool
mdg_outbox_finish(struct mdg_desk *d, int64_t id, bool account_problem,
		  const struct mdg_outbox_answer *v, size_t n,
		  struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (!finish(d, id, account_problem, v, n, err)) {
		mdg_desk_rollback(d);
		return false;
	}
	MDG_FAULT("outbox.finish");
	if (!mdg_desk_commit(d, err))
		return false;
	MDG_FAULT("outbox.finished");
	return true;
}

/* ---- a sender that died ---- */

static bool
one_lost(struct mdg_desk *d, int64_t id, int64_t account, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_row o;

	if (mdg_outbox_by_id(d->db, id, &a, &o, err) != MDG_FOUND)
		return false;
	if (account && o.account_id != account)
		return true;
	if (mdg_streq(o.state, "sending"))
		return back_to_queue(d, &o, false, err);
	return doubt_all(d, id, err) && settle(d, &o, err);
}

bool
mdg_outbox_lost(struct mdg_desk *d, int64_t account, struct mdg_err *err)
{
	static const char *const states[] = {"sending", "committing"};
	enum { AT_ONCE = 1000 };
	int64_t ids[AT_ONCE];
	size_t n;
	bool ok = mdg_desk_begin(d, err);

	for (size_t s = 0; s < MDG_LEN(states) && ok; s++) {
		ok = mdg_outbox_in_state(d->db, states[s], ids, AT_ONCE, &n,
					 err);
		for (size_t i = 0; i < n && ok; i++)
			ok = one_lost(d, ids[i], account, err);
	}
	if (!ok) {
		mdg_desk_rollback(d);
		return false;
	}
	return mdg_desk_commit(d, err);
}

/* ---- a person decides ---- */

bool
mdg_outbox_resolve(struct mdg_desk *d, const struct mdg_actor *who, int64_t id,
		   bool was_sent, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_row o;
	enum mdg_found f = mdg_outbox_by_id(d->db, id, &a, &o, err);
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)id);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_outbox_none,
				    number, NULL);
	if (!mdg_streq(o.state, "unknown") && !mdg_streq(o.state, "failed"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_outbox_not_open,
				    number, o.state, NULL);
	if (!mdg_reply_event_by(d, who, &o,
				was_sent ? "outbox.found" : "outbox.again",
				err))
		return false;
	if (was_sent)
		return mdg_db_run(
			       d->db, err,
			       "UPDATE outbox_rcpt SET state = 'accepted'"
			       " WHERE outbox_id = ?1 AND state <> 'permfail'",
			       "i", id) &&
		       mdg_outbox_move(d->db, id, o.state, "sent",
				       "confirmed by a person", err) &&
		       mdg_outbox_sent(d->db, id, mdg_now_s(), "wanted", err) &&
		       mdg_reply_sent(d, &o, mdg_now_s(), err);
	return mdg_db_run(d->db, err,
			  "UPDATE outbox_rcpt SET state = 'queued'"
			  " WHERE outbox_id = ?1 AND state <> 'accepted'",
			  "i", id) &&
	       mdg_outbox_move(d->db, id, o.state, "queued", NULL, err) &&
	       mdg_reply_draft_event(d, o.draft_id, MDG_DRAFT_EV_AGAIN, err);
}

/* ---- the Sent copy ---- */

enum mdg_found
mdg_outbox_copy_next(struct mdg_desk *d, int64_t account, struct mdg_arena *a,
		     struct mdg_outbox_row *ret, struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_outbox_copy_wanted(d->db, account, &id, err);

	return f == MDG_FOUND ? mdg_outbox_by_id(d->db, id, a, ret, err) : f;
}

bool
mdg_outbox_copied(struct mdg_desk *d, int64_t id, bool done,
		  struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (!mdg_outbox_copy(d->db, id, done ? "done" : "failed", err)) {
		mdg_desk_rollback(d);
		return false;
	}
	return mdg_desk_commit(d, err);
}
