#include "madoguchi/app/outbox.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "freeze.h"
#include "outbox-int.h"

enum { RECEIPT_LATE_S = 4 * 3600 };

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

/* Whom it is still to be sent to. */
static struct mdg_strings
open_rcpts(const struct mdg_outgoing_mail *m, struct mdg_arena *a)
{
	struct mdg_strings l = {0};

	for (size_t i = 0; i < m->n; i++) {
		int state = mdg_out_rcpt_state(m, i);
		if (state == MDG_RCPT_QUEUED || state == MDG_RCPT_TEMPFAIL)
			mdg_strings_add(&l, a, m->v[i].address,
					MDG_RECIPIENTS_MAX);
	}
	return l;
}

bool
mdg_out_take(struct mdg_desk *d, struct mdg_outgoing_mail *m, struct mdg_err *err)
{
	struct mdg_outbox_row *o = &m->o;
	MDG_AUTO(mdg_freezer_clear)
	struct mdg_freezer z = {.d = d, .outbox_id = o->id};
	int64_t now_s = mdg_now_s();

	if (!mdg_out_step(d, m, MDG_OUTBOX_EV_CLAIM, NULL, err) ||
	    !mdg_out_draft(d, m, MDG_DRAFT_EV_CLAIM, err) ||
	    (!o->tries_since_s &&
	     !mdg_outbox_tries_since(d->db, o->id, now_s, err)))
		return false;
	if (o->mime_bytes)
		return true;
	if (!mdg_reply_compose(d, o, now_s, mdg_freeze_piece, &z, err) ||
	    !mdg_freeze_end(&z, now_s, err))
		return false;
	o->mime_bytes = z.bytes;
	return true;
}

/* A short mail at once; a longer one is read in pieces. */
static bool
inline_bytes(struct mdg_desk *d, const struct mdg_outbox_row *o,
	     struct mdg_arena *a, struct mdg_span *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf all = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	enum mdg_found f = MDG_FOUND;

	*ret = (struct mdg_span){0};
	if (o->mime_bytes > (int64_t)MDG_SEND_INLINE_BYTES)
		return true;
	for (int64_t n = 0; f == MDG_FOUND; n++) {
		f = mdg_outbox_read(d->db, o->id, n, &piece, err);
		if (f == MDG_FOUND)
			mdg_buf_put(&all, mdg_buf_str(&piece), piece.len);
	}
	*ret = mdg_span(mdg_arena_strndup(a, mdg_buf_str(&all), all.len),
			all.len);
	return f == MDG_NONE;
}

void
mdg_out_cannot_send(struct mdg_desk *d, int64_t id, const struct mdg_err *why)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;
	struct mdg_err err;

	if (why->code != MDG_EFORMAT && why->code != MDG_ESTATE &&
	    why->code != MDG_ENOENT && why->code != MDG_EINVAL &&
	    why->code != MDG_ETOOBIG)
		return;
	if (!mdg_desk_begin(d, &err))
		return;
	if (mdg_out_load(d, id, &a, &m, &err) == MDG_FOUND &&
	    mdg_out_step(d, &m, MDG_OUTBOX_EV_REFUSED, mdg_err_en(why), &err) &&
	    mdg_out_draft(d, &m, MDG_DRAFT_EV_CLAIM, &err) &&
	    mdg_out_draft(d, &m, MDG_DRAFT_EV_REFUSED, &err) &&
	    mdg_reply_event(d, &m.o, "outbox.failed", &err) &&
	    mdg_out_undelivered(d, &m, &err))
		mdg_desk_commit(d, &err);
	else
		mdg_desk_rollback(d);
}

/* A receipt that was held up for hours helps nobody any more. */
static bool
drop_if_late(struct mdg_desk *d, struct mdg_outgoing_mail *m, bool *ret,
	     struct mdg_err *err)
{
	*ret = mdg_streq(m->o.kind, "receipt") && !m->o.tries_since_s &&
	       mdg_now_s() - m->o.created_s > RECEIPT_LATE_S;
	if (!*ret)
		return true;
	if (!mdg_desk_begin(d, err))
		return false;
	if (mdg_out_step(d, m, MDG_OUTBOX_EV_CANCEL, "too late", err) &&
	    mdg_reply_event(d, &m->o, "receipt.late", err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

/*
 * I5 for what intake could not void, because it was on its way just then: the
 * customer wrote after the approval, and nobody has the reply yet.
 */
static bool
void_if_stale(struct mdg_desk *d, struct mdg_outgoing_mail *m,
	      struct mdg_arena *a, bool *ret, struct mdg_err *err)
{
	struct mdg_rcpt_tally tally = mdg_out_tally(m);
	struct mdg_ticket t;

	*ret = false;
	if (!mdg_streq(m->o.kind, "reply"))
		return drop_if_late(d, m, ret, err);
	if (mdg_rcpt_any_has(&tally))
		return true;
	if (!mdg_desk_ticket_root(d, m->o.ticket_id, a, &t, err))
		return false;
	if (t.newest_message_id == m->o.seen_message_id)
		return true;
	*ret = true;
	if (!mdg_desk_begin(d, err))
		return false;
	if (mdg_out_step(d, m, MDG_OUTBOX_EV_CANCEL, "customer wrote again",
			 err) &&
	    mdg_out_draft(d, m, MDG_DRAFT_EV_VOID, err) &&
	    mdg_db_run(d->db, err,
		       "UPDATE revision SET state = 'void' WHERE id = ?1", "i",
		       m->o.revision_id) &&
	    mdg_reply_event(d, &m->o, "revision.void", err))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	return false;
}

enum mdg_found
mdg_outbox_claim(struct mdg_desk *d, int64_t account, struct mdg_arena *a,
		 struct mdg_outbox_job *ret, struct mdg_err *err)
{
	struct mdg_outgoing_mail m;
	enum mdg_sending mode;
	int64_t id;
	bool allowed = true, stale;

	if (!mdg_desk_sending(d, &mode, err))
		return MDG_FAILED;
	if (mode == MDG_SENDING_OFF)
		return MDG_NONE;
	enum mdg_found f =
		mdg_outbox_due(d->db, account, mdg_now_s(), &id, err);
	if (f != MDG_FOUND)
		return f;
	if (mdg_out_load(d, id, a, &m, err) != MDG_FOUND ||
	    !void_if_stale(d, &m, a, &stale, err))
		return MDG_FAILED;
	if (stale)
		return mdg_outbox_claim(d, account, a, ret, err);
	struct mdg_strings rcpts = open_rcpts(&m, a);
	if (mode == MDG_SENDING_INTERNAL && !mdg_streq(m.o.kind, "alarm") &&
	    !all_internal(d, &rcpts, &allowed, err))
		return MDG_FAILED;
	if (!mdg_desk_begin(d, err))
		return MDG_FAILED;
	if (!allowed) {
		/* until the mode changes; people and windows do, too */
		if (!mdg_outbox_hold(d->db, id, mdg_now_s() + 3600, err) ||
		    !mdg_desk_commit(d, err)) {
			mdg_desk_rollback(d);
			return MDG_FAILED;
		}
		return MDG_NONE;
	}
	struct mdg_err why = {0};
	struct mdg_span bytes;
	if (!mdg_out_take(d, &m, &why) || !inline_bytes(d, &m.o, a, &bytes, &why)) {
		mdg_desk_rollback(d);
		mdg_out_cannot_send(d, id, &why);
		if (err)
			*err = why;
		return MDG_FAILED;
	}
	MDG_FAULT("outbox.claim");
	if (!mdg_desk_commit(d, err))
		return MDG_FAILED;
	MDG_FAULT("outbox.claimed");
	*ret = (struct mdg_outbox_job){m.o.id, m.o.account_id, m.o.mail_from,
				       rcpts, m.o.message_id, bytes};
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

/* The account's trouble or a crash, not this mail's: no attempt of it. */
static bool
as_it_was(struct mdg_desk *d, struct mdg_outgoing_mail *m, int event,
	  struct mdg_err *err)
{
	return mdg_out_step(d, m, event, "later", err) &&
	       mdg_outbox_retry_at(d->db, m->o.id,
				   mdg_now_s() + mdg_outbox_backoff_s(0),
				   err) &&
	       mdg_out_draft(d, m, MDG_DRAFT_EV_RETRY, err);
}

static int
event_of(const char *outcome)
{
	static const struct {
		const char *outcome;
		int event;
	} map[] = {{"accepted", MDG_RCPT_EV_ACCEPT},
		   {"tempfail", MDG_RCPT_EV_LATER},
		   {"permfail", MDG_RCPT_EV_REFUSE}};

	for (size_t i = 0; i < MDG_LEN(map); i++)
		if (mdg_streq(map[i].outcome, outcome))
			return map[i].event;
	return MDG_RCPT_EV_DOUBT;
}

bool
mdg_out_doubt_rest(struct mdg_desk *d, struct mdg_outgoing_mail *m,
	   struct mdg_err *err)
{
	return mdg_out_rcpts(d, m, MDG_RCPT_QUEUED, MDG_RCPT_EV_DOUBT, err) &&
	       mdg_out_rcpts(d, m, MDG_RCPT_TEMPFAIL, MDG_RCPT_EV_DOUBT, err);
}

static const struct mdg_outbox_answer *
answer_for(const char *address, const struct mdg_outbox_answer *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_streq(v[i].address, address))
			return &v[i];
	return NULL;
}

static bool
put_answers(struct mdg_desk *d, struct mdg_outgoing_mail *m,
	    const struct mdg_outbox_answer *v, size_t n, struct mdg_err *err)
{
	int state = mdg_machine_state(&mdg_outbox_machine, m->o.state);
	bool in_doubt = state == MDG_OUTBOX_COMMITTING;

	for (size_t i = 0; i < m->n; i++) {
		const struct mdg_outbox_answer *answer =
			answer_for(m->v[i].address, v, n);
		int was = mdg_out_rcpt_state(m, i);
		int event = answer ? event_of(answer->outcome)
				   : MDG_RCPT_EV_DOUBT;
		if (was != MDG_RCPT_QUEUED && was != MDG_RCPT_TEMPFAIL)
			continue;
		/* once the last dot was allowed, silence is not a no */
		if (!answer && !in_doubt)
			continue;
		if (!mdg_rcpt_credible(state, event))
			return mdg_fail(err, MDG_EPROTO,
					"outbox %lld: %s without the end of "
					"the mail",
					(long long)m->o.id, answer->outcome);
		if (!mdg_out_rcpt(d, m, i, event, answer ? answer->code : 0,
				  answer ? answer->text : NULL, err))
			return false;
	}
	return true;
}

/* Runs in one transaction, rolled back as a whole on failure. */
static bool
finish(struct mdg_desk *d, int64_t id, bool account_problem,
       const struct mdg_outbox_answer *v, size_t n, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;

	if (mdg_out_load(d, id, &a, &m, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no outbox row %lld",
				(long long)id);
	if (!mdg_streq(m.o.state, "sending") &&
	    !mdg_streq(m.o.state, "committing"))
		return mdg_fail(err, MDG_ESTATE, "outbox %lld is %s",
				(long long)id, m.o.state);
	if (account_problem && mdg_streq(m.o.state, "sending"))
		return as_it_was(d, &m, MDG_OUTBOX_EV_TEMPFAIL, err);
	return put_answers(d, &m, v, n, err) && mdg_out_settle(d, &m, err);
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
one_lost(struct mdg_desk *d, int64_t id, int64_t account, int64_t unreleased,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;

	if (mdg_out_load(d, id, &a, &m, err) != MDG_FOUND)
		return false;
	if (account && m.o.account_id != account)
		return true;
	if (mdg_streq(m.o.state, "sending"))
		return as_it_was(d, &m, MDG_OUTBOX_EV_CRASH, err);
	if (id == unreleased)
		return as_it_was(d, &m, MDG_OUTBOX_EV_TEMPFAIL, err);
	return mdg_out_doubt_rest(d, &m, err) && mdg_out_settle(d, &m, err);
}

bool
mdg_outbox_lost(struct mdg_desk *d, int64_t account, int64_t unreleased,
		struct mdg_err *err)
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
			ok = one_lost(d, ids[i], account, unreleased,
				      err);
	}
	if (!ok) {
		mdg_desk_rollback(d);
		return false;
	}
	return mdg_desk_commit(d, err);
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
