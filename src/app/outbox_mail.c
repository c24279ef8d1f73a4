/* One mail of the outbox: its row, its recipients, and what they add up to. */
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "outbox-int.h"

enum { GIVE_UP_S = 48 * 3600, RECEIPT_GIVE_UP_S = 4 * 3600 };

enum mdg_found
mdg_out_load(struct mdg_desk *d, int64_t id, struct mdg_arena *a,
	     struct mdg_outgoing_mail *ret, struct mdg_err *err)
{
	enum mdg_found f = mdg_outbox_by_id(d->db, id, a, &ret->o, err);

	if (f == MDG_FOUND &&
	    !mdg_outbox_rcpts(d->db, id, a, &ret->v, &ret->n, err))
		return MDG_FAILED;
	return f;
}

bool
mdg_out_step(struct mdg_desk *d, struct mdg_outgoing_mail *m, int event,
	     const char *reason, struct mdg_err *err)
{
	int from = mdg_machine_state(&mdg_outbox_machine, m->o.state);
	int to = mdg_machine_next(&mdg_outbox_machine, from, event);

	if (to < 0)
		return mdg_fail(err, MDG_ESTATE, "outbox %lld: no %s while %s",
				(long long)m->o.id,
				mdg_outbox_machine.events[event], m->o.state);
	const char *next = mdg_machine_state_name(&mdg_outbox_machine, to);
	if (!mdg_outbox_move(d->db, m->o.id, m->o.state, next, reason, err))
		return false;
	m->o.state = next;
	return true;
}

bool
mdg_out_draft(struct mdg_desk *d, const struct mdg_outgoing_mail *m, int event,
	      struct mdg_err *err)
{
	return m->o.sent_s ||
	       mdg_reply_draft_event(d, m->o.draft_id, event, err);
}

/* ---- recipients ---- */

int
mdg_out_rcpt_state(const struct mdg_outgoing_mail *m, size_t i)
{
	return mdg_machine_state(&mdg_rcpt_machine, m->v[i].state);
}

bool
mdg_out_rcpt(struct mdg_desk *d, struct mdg_outgoing_mail *m, size_t i,
	     int event, int64_t code, const char *text, struct mdg_err *err)
{
	int to = mdg_machine_next(&mdg_rcpt_machine, mdg_out_rcpt_state(m, i),
				  event);

	if (to < 0)
		return true;
	m->v[i].state = mdg_machine_state_name(&mdg_rcpt_machine, to);
	m->v[i].code = code;
	m->v[i].text = text;
	return mdg_outbox_rcpt_put(d->db, m->o.id, &m->v[i], err);
}

bool
mdg_out_rcpts(struct mdg_desk *d, struct mdg_outgoing_mail *m, int state,
	      int event, struct mdg_err *err)
{
	for (size_t i = 0; i < m->n; i++)
		if (mdg_out_rcpt_state(m, i) == state &&
		    !mdg_out_rcpt(d, m, i, event, m->v[i].code, m->v[i].text,
				  err))
			return false;
	return true;
}

struct mdg_rcpt_tally
mdg_out_tally(const struct mdg_outgoing_mail *m)
{
	struct mdg_rcpt_tally t = {{0}};

	for (size_t i = 0; i < m->n; i++) {
		int state = mdg_out_rcpt_state(m, i);
		/* an unknown word: nobody may send to it */
		t.n[state < 0 ? MDG_RCPT_UNKNOWN : state]++;
	}
	return t;
}

/* ---- what they add up to ---- */

static bool
is_too_old(const struct mdg_outbox_row *o, int64_t now_s)
{
	int64_t limit_s = mdg_streq(o->kind, "reply") ? GIVE_UP_S
						      : RECEIPT_GIVE_UP_S;

	return o->tries_since_s && now_s - o->tries_since_s > limit_s;
}

/* With the first who has it the reply is said. */
static bool
note_sent(struct mdg_desk *d, struct mdg_outgoing_mail *m, struct mdg_err *err)
{
	struct mdg_rcpt_tally t = mdg_out_tally(m);
	int64_t now_s = mdg_now_s();

	if (m->o.sent_s || !mdg_rcpt_any_has(&t))
		return true;
	if (!mdg_outbox_sent(d->db, m->o.id, now_s,
			     mdg_streq(m->o.kind, "reply") ? "wanted" : "none",
			     err) ||
	    !mdg_reply_sent(d, &m->o, now_s, err))
		return false;
	m->o.sent_s = now_s;
	return true;
}

static bool
later(struct mdg_desk *d, struct mdg_outgoing_mail *m, struct mdg_err *err)
{
	int64_t at_s = mdg_now_s() + mdg_outbox_backoff_s(m->o.attempts);

	return mdg_out_step(d, m, MDG_OUTBOX_EV_TEMPFAIL, "later", err) &&
	       mdg_outbox_retry_at(d->db, m->o.id, at_s, err) &&
	       mdg_out_draft(d, m, MDG_DRAFT_EV_RETRY, err);
}

bool
mdg_out_settle(struct mdg_desk *d, struct mdg_outgoing_mail *m,
	       struct mdg_err *err)
{
	struct mdg_rcpt_tally t = mdg_out_tally(m);
	enum mdg_outbox_event verdict = mdg_rcpt_verdict(&t);
	const char *why = "refused";

	if (verdict == MDG_OUTBOX_EV_TEMPFAIL &&
	    is_too_old(&m->o, mdg_now_s())) {
		why = "given up";
		if (!mdg_out_rcpts(d, m, MDG_RCPT_QUEUED, MDG_RCPT_EV_REFUSE,
				   err) ||
		    !mdg_out_rcpts(d, m, MDG_RCPT_TEMPFAIL, MDG_RCPT_EV_REFUSE,
				   err))
			return false;
		t = mdg_out_tally(m);
		verdict = mdg_rcpt_verdict(&t);
	}
	if (!note_sent(d, m, err))
		return false;
	switch (verdict) {
	case MDG_OUTBOX_EV_TEMPFAIL:
		return later(d, m, err);
	case MDG_OUTBOX_EV_LOST:
		return mdg_out_step(d, m, (int)verdict,
				    "no answer to the end of the mail", err) &&
		       mdg_out_draft(d, m, MDG_DRAFT_EV_LOST, err) &&
		       mdg_reply_event(d, &m->o, "outbox.unknown", err);
	case MDG_OUTBOX_EV_REFUSED:
		return mdg_out_step(d, m, (int)verdict, why, err) &&
		       mdg_out_draft(d, m, MDG_DRAFT_EV_REFUSED, err) &&
		       mdg_reply_event(d, &m->o, "outbox.failed", err) &&
		       mdg_out_undelivered(d, m, err);
	default:
		if (mdg_streq(m->o.state, "unknown") ||
		    mdg_streq(m->o.state, "failed"))
			verdict = MDG_OUTBOX_EV_FOUND;
		return mdg_out_step(d, m, (int)verdict, t.n[MDG_RCPT_PERMFAIL] ? "not to all"
							 : NULL,
				    err) &&
		       (!t.n[MDG_RCPT_PERMFAIL] ||
			mdg_out_undelivered(d, m, err));
	}
}
