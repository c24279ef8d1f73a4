/* What becomes known of a mail after it went out: a person says so, a report
 * came back, somebody answered it, a copy of it turned up. */
#include <string.h>

#include "madoguchi/app/health.h"
#include "madoguchi/app/work.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/bounce.h"
#include "outbox-int.h"

/* ---- the ticket comes up again ---- */

static const char *
worst(const struct mdg_outgoing_mail *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (mdg_streq(m->v[i].bounce ? m->v[i].bounce : "", "hard"))
			return "hard";
	return "soft";
}

bool
mdg_out_undelivered(struct mdg_desk *d, const struct mdg_outgoing_mail *m,
		    struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	const char *was;

	if (mdg_streq(m->o.kind, "alarm"))
		return mdg_health_unheard(d, err);
	if (!mdg_streq(m->o.kind, "reply") || !m->o.ticket_id)
		return true;
	if (!mdg_desk_ticket_root(d, m->o.ticket_id, &a, &t, err))
		return false;
	was = t.state;
	return mdg_desk_ticket_move(&t, MDG_TICKET_EV_UNDELIVERED, mdg_now_s(),
				    err) &&
	       mdg_desk_event(d, &mdg_actor_system, &t, "ticket.undelivered",
			      json_pack("{s:I,s:s,s:s,s:s}", "outbox", m->o.id,
					"kind", worst(m), "was", was, "state",
					t.state),
			      NULL, err) &&
	       mdg_work_leave_absent(d, &t, err) &&
	       mdg_desk_clocks(d, &t, err) && mdg_ticket_update(d->db, &t, err);
}

/* ---- a person decides ---- */

static bool
resolvable(struct mdg_desk *d, int64_t id, struct mdg_arena *a,
	   struct mdg_outgoing_mail *m, struct mdg_err *err)
{
	enum mdg_found f = mdg_out_load(d, id, a, m, err);
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)id);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_outbox_none,
				    number, NULL);
	return mdg_streq(m->o.state, "unknown") ||
	       mdg_streq(m->o.state, "failed") ||
	       mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_outbox_not_open, number,
			    m->o.state, NULL);
}

/* Who was refused in an unknown mail stays refused. */
static int
open_state(const struct mdg_outgoing_mail *m)
{
	return mdg_streq(m->o.state, "unknown") ? MDG_RCPT_UNKNOWN
						: MDG_RCPT_PERMFAIL;
}

/* Whoever says so has read what the customer wrote meanwhile. */
static bool
begin_anew(struct mdg_desk *d, const struct mdg_outgoing_mail *m,
	   struct mdg_arena *a, struct mdg_err *err)
{
	struct mdg_ticket t = {.newest_message_id = 0};

	return (!m->o.ticket_id ||
		mdg_desk_ticket_root(d, m->o.ticket_id, a, &t, err)) &&
	       mdg_outbox_anew(d->db, m->o.id, t.newest_message_id, err);
}

bool
mdg_outbox_resolve(struct mdg_desk *d, const struct mdg_actor *who, int64_t id,
		   bool was_sent, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;

	if (!resolvable(d, id, &a, &m, err) ||
	    !mdg_reply_event_by(d, who, &m.o,
				was_sent ? "outbox.found" : "outbox.again",
				err))
		return false;
	if (was_sent)
		return mdg_out_rcpts(d, &m, open_state(&m),
				     MDG_RCPT_EV_PROOF, err) &&
		       mdg_out_settle(d, &m, err);
	return mdg_out_rcpts(d, &m, open_state(&m), MDG_RCPT_EV_AGAIN, err) &&
	       mdg_out_step(d, &m, MDG_OUTBOX_EV_AGAIN, NULL, err) &&
	       begin_anew(d, &m, &a, err) &&
	       mdg_out_draft(d, &m, MDG_DRAFT_EV_AGAIN, err);
}

bool
mdg_outbox_stop(struct mdg_desk *d, const struct mdg_actor *who, int64_t id,
		bool *ret_was_sent, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;

	if (mdg_out_load(d, id, &a, &m, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no outbox row %lld",
				(long long)id);
	struct mdg_rcpt_tally t = mdg_out_tally(&m);
	*ret_was_sent = mdg_rcpt_any_has(&t);
	if (!*ret_was_sent)
		return mdg_out_step(d, &m, MDG_OUTBOX_EV_CANCEL, "by a person",
				    err) &&
		       mdg_out_draft(d, &m, MDG_DRAFT_EV_CANCEL, err) &&
		       mdg_reply_event_by(d, who, &m.o, "outbox.cancel", err);
	return mdg_out_rcpts(d, &m, MDG_RCPT_QUEUED, MDG_RCPT_EV_REFUSE, err) &&
	       mdg_out_rcpts(d, &m, MDG_RCPT_TEMPFAIL, MDG_RCPT_EV_REFUSE,
			     err) &&
	       mdg_out_step(d, &m, MDG_OUTBOX_EV_STOP, "by a person", err) &&
	       mdg_reply_event_by(d, who, &m.o, "outbox.stop", err);
}

/* ---- what an incoming mail proves ---- */

/* Is recipient i the one with this key? */
static bool
is_key(const struct mdg_outgoing_mail *m, size_t i, const char *key,
       struct mdg_arena *a)
{
	return *key && mdg_streq(mdg_addr_key(a, m->v[i].address), key);
}

static bool
report_names(const struct mdg_outgoing_mail *m, size_t i,
	     const struct mdg_bounce *b, struct mdg_arena *a)
{
	for (size_t k = 0; b && k < b->n; k++)
		if (is_key(m, i, mdg_addr_key(a, b->recipients[k].address), a))
			return true;
	return false;
}

/*
 * An unknown mail that somebody knows of was accepted, for everybody in that
 * transaction. When some had it from an earlier one, only who speaks or is
 * spoken of is proof.
 */
static bool
prove(struct mdg_desk *d, struct mdg_outgoing_mail *m,
      const struct mdg_mail *in, const char *how, struct mdg_arena *a,
      struct mdg_err *err)
{
	bool all = !m->o.sent_s, any = false;
	const char *from = in->from.n ? in->from.v[0].key : "";

	for (size_t i = 0; i < m->n; i++) {
		if (mdg_out_rcpt_state(m, i) != MDG_RCPT_UNKNOWN ||
		    !(all || is_key(m, i, from, a) ||
		      report_names(m, i, in->bounce, a)))
			continue;
		any = true;
		if (!mdg_out_rcpt(d, m, i, MDG_RCPT_EV_PROOF, 0, NULL, err))
			return false;
	}
	if (!any)
		return true;
	struct mdg_rcpt_tally t = mdg_out_tally(m);
	return mdg_reply_event_why(d, &m->o, "outbox.found", how, err) &&
	       (t.n[MDG_RCPT_UNKNOWN] || mdg_out_settle(d, m, err));
}

/* Recipients that a report of a failure is about. */
static bool
came_back(struct mdg_desk *d, struct mdg_outgoing_mail *m,
	  const struct mdg_bounce *b, struct mdg_arena *a, struct mdg_err *err)
{
	bool any = false;

	for (size_t k = 0; k < b->n; k++) {
		const struct mdg_bounce_recipient *r = &b->recipients[k];
		const char *key = mdg_addr_key(a, r->address);
		if (!mdg_streq(r->action, "failed"))
			continue;
		for (size_t i = 0; i < m->n; i++) {
			/* one recipient: a report about where it was
			 * forwarded to is about it too */
			if ((m->n > 1 && !is_key(m, i, key, a)) ||
			    mdg_out_rcpt_state(m, i) != MDG_RCPT_ACCEPTED)
				continue;
			any = true;
			m->v[i].bounce = r->hard ? "hard" : "soft";
			if (!mdg_out_rcpt(d, m, i, MDG_RCPT_EV_BOUNCE,
					  m->v[i].code,
					  r->diagnostic ? r->diagnostic
							: r->reason,
					  err) ||
			    !mdg_address_mark(d->db,
					      mdg_addr_key(a, m->v[i].address),
					      m->v[i].bounce, mdg_now_s(), err))
				return false;
		}
	}
	return !any || mdg_out_undelivered(d, m, err);
}

static bool
look_at(struct mdg_desk *d, const char *id, const struct mdg_mail *in,
	bool is_copy, bool from_sent, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;
	int64_t outbox;
	enum mdg_found f =
		mdg_outbox_by_message_id(d->db, id, &outbox, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (mdg_out_load(d, outbox, &a, &m, err) != MDG_FOUND)
		return false;
	/* the copy that we put into the Sent folder proves nothing */
	if (from_sent && !mdg_streq(m.o.copy_state, "none"))
		return true;
	if (mdg_streq(m.o.state, "unknown") &&
	    !prove(d, &m, in,
		   in->bounce  ? "bounce"
		   : from_sent ? "sent_folder"
		   : is_copy   ? "copy"
			       : "reply",
		   &a, err))
		return false;
	return !in->bounce || !in->bounce->original_message_id ||
	       !mdg_streq(in->bounce->original_message_id, id) ||
	       came_back(d, &m, in->bounce, &a, err);
}

bool
mdg_outbox_evidence(struct mdg_desk *d, const struct mdg_mail *m,
		    bool from_sent, struct mdg_err *err)
{
	const struct mdg_strings *lists[] = {&m->in_reply_to, &m->references};
	const char *original =
		m->bounce ? m->bounce->original_message_id : NULL;
	int64_t ticket;

	if (m->message_id && mdg_token_ticket(&d->mac, m->message_id, &ticket) &&
	    !look_at(d, m->message_id, m, true, from_sent, err))
		return false;
	if (original && mdg_token_ticket(&d->mac, original, &ticket) &&
	    !look_at(d, original, m, false, from_sent, err))
		return false;
	for (size_t l = 0; l < MDG_LEN(lists) && !from_sent; l++)
		for (size_t i = 0; i < lists[l]->n; i++)
			if (mdg_token_ticket(&d->mac, lists[l]->v[i], &ticket) &&
			    !look_at(d, lists[l]->v[i], m, false, false, err))
				return false;
	return true;
}

static enum mdg_found
names_alarm(struct mdg_desk *d, const char *id, struct mdg_err *err)
{
	int64_t one, ticket;

	return !id || !mdg_token_ticket(&d->mac, id, &ticket)
		       ? MDG_NONE
		       : mdg_db_i64(d->db, &one, err,
				    "SELECT 1 FROM outbox WHERE message_id = ?1"
				    " AND kind = 'alarm'",
				    "s", id);
}

bool
mdg_outbox_of_alarm(struct mdg_desk *d, const struct mdg_mail *m, bool *ret,
		    struct mdg_err *err)
{
	enum mdg_found f = names_alarm(
		d, m->bounce ? m->bounce->original_message_id : NULL, err);

	for (size_t i = 0; i < m->in_reply_to.n && f == MDG_NONE; i++)
		f = names_alarm(d, m->in_reply_to.v[i], err);
	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}
