/*
 * A mail from the Sent folder. Our own copies are known by their Message-ID
 * (or, where a provider gives them another, by account, date and subject) and
 * are no new mail. Everything else was sent by another tool: it joins its
 * ticket as a reply, meets the clock, and takes back what we were about to
 * send to the same customer.
 */
#include <string.h>

#include "intake-int.h"
#include "madoguchi/app/erase.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/desk/machine.h"

/* ---- our own copy ---- */

struct own {
	int64_t outbox_id, ticket_id;
	bool wants_copy, renamed;
};

static enum mdg_found
read_own(struct mdg_rows *r, struct own *ret, struct mdg_err *err)
{
	enum mdg_found f = MDG_NONE;

	if (mdg_rows_next(r)) {
		ret->outbox_id = mdg_rows_i64(r, 0);
		ret->ticket_id = mdg_rows_i64(r, 1);
		ret->wants_copy = mdg_streq(mdg_rows_text(r, 2), "wanted");
		f = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? f : MDG_FAILED;
}

static enum mdg_found
find_own(struct mdg_desk *d, const struct mdg_intake *in, struct own *ret,
	 struct mdg_err *err)
{
	const struct mdg_mail *m = in->m;
	struct mdg_rows *r;

	*ret = (struct own){0};
	if (m->message_id) {
		if (!mdg_db_query(d->db, &r, err,
				  "SELECT id, COALESCE(ticket_id, 0),"
				  " copy_state FROM outbox"
				  " WHERE message_id = ?1",
				  "s", m->message_id))
			return MDG_FAILED;
		enum mdg_found f = read_own(r, ret, err);
		if (f != MDG_NONE)
			return f;
	}
	if (!m->has_date)
		return MDG_NONE;
	/* our Date is set once, at the claim, and never changes */
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT o.id, COALESCE(o.ticket_id, 0), o.copy_state"
			  " FROM outbox o JOIN draft f ON f.id = o.draft_id"
			  " WHERE o.account_id = ?1 AND o.date_s = ?2"
			  " AND f.subject = ?3",
			  "iis", in->account_id, m->date_s, m->subject))
		return MDG_FAILED;
	ret->renamed = true;
	return read_own(r, ret, err);
}

/* The message of that outbox row; 0 while nobody knows whether it was sent. */
static bool
message_of(struct mdg_desk *d, const struct own *o, int64_t *ret,
	   struct mdg_err *err)
{
	*ret = 0;
	return mdg_db_i64(d->db, ret, err,
			  "SELECT id FROM message WHERE ticket_id = ?1"
			  " AND outbox_id = ?2",
			  "ii", o->ticket_id, o->outbox_id) != MDG_FAILED;
}

static bool
own_copy(struct mdg_desk *d, const struct mdg_intake *in, const struct own *o,
	 struct mdg_intake_result *ret, struct mdg_err *err)
{
	int64_t message;
	struct mdg_ticket t;

	if (!message_of(d, o, &message, err))
		return false;
	/* it could not be read before, and had a ticket for that */
	if (in->recovers && o->ticket_id &&
	    (!mdg_desk_ticket_root(d, o->ticket_id, in->arena, &t, err) ||
	     !mdg_intake_recovered_in(d, in, &t, err) ||
	     !mdg_ticket_update(d->db, &t, err)))
		return false;
	*ret = (struct mdg_intake_result){o->ticket_id, message,
					  MDG_EV_DUPLICATE, false};
	/* customers will answer to the id that the provider gave it */
	if (o->renamed && message && in->m->message_id &&
	    !mdg_message_alias(d->db, message, in->m->message_id, err))
		return false;
	return mdg_db_run(d->db, err,
			  "INSERT INTO sent_copy (outbox_id, delivery_id,"
			  " message_id, seen_s) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT DO NOTHING",
			  "iisi", o->outbox_id, in->delivery_id,
			  in->m->message_id, in->now_s) &&
	       (!o->wants_copy ||
		mdg_db_run(d->db, err,
			   "UPDATE outbox SET copy_state = 'done'"
			   " WHERE id = ?1 AND copy_state = 'wanted'",
			   "i", o->outbox_id)) &&
	       mdg_delivery_done(d->db, in->delivery_id, message, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "mail.own_copy",
			      json_pack("{s:I,s:I}", "outbox", o->outbox_id,
					"delivery", in->delivery_id),
			      NULL, err);
}

/*
 * Was its ticket erased after it went out? One whose rows are gone is known by
 * the event; a ticket that no event tells of was lost by a restore.
 */
static bool
was_erased(struct mdg_desk *d, const struct mdg_intake *in, const struct own *o,
	   bool *ret, struct mdg_err *err)
{
	int64_t ticket, one;
	enum mdg_found f = MDG_NONE;

	if (o->outbox_id)
		f = mdg_db_i64(d->db, &one, err,
			       "SELECT 1 FROM ticket t JOIN outbox o"
			       " ON o.ticket_id = t.id WHERE o.id = ?1"
			       " AND o.created_s <= t.erased_s",
			       "i", o->outbox_id);
	else if (in->m->message_id &&
		 mdg_token_ticket(&d->mac, in->m->message_id, &ticket))
		f = mdg_db_i64(d->db, &one, err,
			       "SELECT 1 FROM event WHERE ticket_id = ?1"
			       " AND kind = 'ticket.deleted' LIMIT 1",
			       "i", ticket);
	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* ---- a reply by another tool ---- */

/* Was it written to somebody who wrote to us in this ticket? */
static bool
to_customer(struct mdg_desk *d, const struct mdg_intake *in, int64_t ticket,
	    bool *ret, struct mdg_err *err)
{
	const struct mdg_addresses *lists[] = {&in->m->to, &in->m->cc};

	*ret = false;
	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n && !*ret; i++) {
			int64_t one;
			enum mdg_found f = mdg_db_i64(
				d->db, &one, err,
				"SELECT 1 FROM message m"
				" JOIN message_address a ON a.message_id = m.id"
				" WHERE m.ticket_id = ?1 AND m.direction = 'in'"
				" AND a.role IN ('from', 'reply_to')"
				" AND a.key = ?2 AND NOT EXISTS (SELECT 1"
				"  FROM win_address w WHERE w.key = a.key)"
				" LIMIT 1",
				"is", ticket, lists[l]->v[i].key);
			if (f == MDG_FAILED)
				return false;
			*ret = f == MDG_FOUND;
		}
	return true;
}

static bool
has_open_draft(struct mdg_desk *d, int64_t ticket, bool *ret,
	       struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		d->db, &one, err,
		"SELECT 1 FROM draft WHERE ticket_id = ?1"
		" AND state NOT IN ('sent', 'cancelled') LIMIT 1",
		"i", ticket);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/*
 * Nobody had begun with it: then it is done. Otherwise its state stays, with
 * the badge, for the person who has it.
 */
static bool
move_ticket(struct mdg_desk *d, const struct mdg_intake *in,
	    struct mdg_ticket *t, struct mdg_err *err)
{
	bool drafting;

	if (!mdg_streq(t->state, "new") || t->assignee_id ||
	    t->inbound_s > in->received_s)
		return true;
	if (!has_open_draft(d, t->id, &drafting, err))
		return false;
	if (drafting)
		return true;
	if (!mdg_desk_ticket_move(t, MDG_TICKET_EV_CLOSE, in->now_s, err))
		return false;
	t->closing = "replied";
	return true;
}

/* One that begins here: what comes back to it will find its history. */
static bool
new_ticket(struct mdg_desk *d, const struct mdg_intake *in,
	   struct mdg_ticket *t, struct mdg_err *err)
{
	bool is_history = in->received_s < d->live_since_s;

	*t = (struct mdg_ticket){
		.win_id = in->win_id,
		.subject = in->m->subject,
		.state = "closed",
		.closing = is_history ? "history" : "elsewhere",
		.created_s = in->received_s,
		.inbound_s = in->received_s,
		.closed_s = in->received_s,
		.is_history = is_history,
	};
	if (in->m->to.n && *in->m->to.v[0].key &&
	    !mdg_customer_of(d->db, &in->m->to.v[0], in->now_s,
			     &t->customer_id, err))
		return false;
	return in->recovers ? mdg_intake_recover(d, in, t, err)
			    : mdg_ticket_add(d->db, t, err);
}

static bool
write_message(struct mdg_desk *d, const struct mdg_intake *in,
	      const struct mdg_ticket *t, int64_t *ret_id, struct mdg_err *err)
{
	const struct mdg_message_row row = {
		.ticket_id = t->id,
		.direction = "out",
		.account_id = in->account_id,
		.mail_class = mdg_mail_class_name(in->mail_class),
		.received_s = in->received_s,
		.evidence = mdg_evidence_name(in->thread.evidence),
		.flags = "{\"elsewhere\":true}",
	};

	if (!mdg_message_add(d->db, &row, in->m, ret_id, err))
		return false;
	for (size_t i = 0; i < in->m->to.n; i++)
		if (!mdg_participant_add(d->db, t->id, &in->m->to.v[i], err))
			return false;
	for (size_t i = 0; i < in->m->cc.n; i++)
		if (!mdg_participant_add(d->db, t->id, &in->m->cc.v[i], err))
			return false;
	return true;
}

static bool
write_event(struct mdg_desk *d, const struct mdg_intake *in,
	    struct mdg_ticket *t, const char *was, bool answers,
	    const struct mdg_intake_result *res, struct mdg_err *err)
{
	json_t *codes = json_pack(
		"{s:I,s:I,s:s,s:s,s:I,s:s,s:b}", "message", res->message_id,
		"delivery", in->delivery_id, "evidence",
		mdg_evidence_name(res->evidence), "class",
		mdg_mail_class_name(in->mail_class), "sent_s", in->received_s,
		"state", t->state, "answers", answers);

	if (res->is_new_ticket)
		json_object_set_new(codes, "created", json_true());
	else if (!mdg_streq(was, t->state))
		json_object_set_new(codes, "was", json_string(was));
	if (in->received_s < d->live_since_s)
		json_object_set_new(codes, "history", json_true());
	return mdg_desk_event(d, &mdg_actor_system, t, "reply.elsewhere", codes,
			      NULL, err);
}

static bool
effects(struct mdg_desk *d, const struct mdg_intake *in, struct mdg_ticket *t,
	struct mdg_intake_result *res, struct mdg_err *err)
{
	const char *was = t->state;
	bool is_live = in->received_s >= d->live_since_s;
	bool answers = false;

	if (!res->is_new_ticket && in->mail_class == MDG_CLASS_ORDINARY &&
	    !to_customer(d, in, t->id, &answers, err))
		return false;
	if (answers && is_live &&
	    (!mdg_desk_void_replies(d, t, "answered with another tool", err) ||
	     !move_ticket(d, in, t, err)))
		return false;
	return write_event(d, in, t, was, answers, res, err) &&
	       (!answers || mdg_desk_clocks(d, t, err)) &&
	       mdg_ticket_update(d->db, t, err) &&
	       mdg_delivery_done(d->db, in->delivery_id, res->message_id, err);
}

/*
 * We have it already. If it came in as well (its sender is among its
 * readers), it turns out now to be a reply of ours.
 */
static bool
known(struct mdg_desk *d, const struct mdg_intake *in, struct mdg_ticket *t,
      struct mdg_intake_result *res, struct mdg_err *err)
{
	int64_t n;

	*res = (struct mdg_intake_result){t->id, in->thread.duplicate_of,
					  MDG_EV_DUPLICATE, false};
	if (!mdg_db_run_n(d->db, &n, err,
			  "UPDATE message SET direction = 'out',"
			  " flags = '{\"elsewhere\":true}'"
			  " WHERE id = ?1 AND direction = 'in'"
			  " AND EXISTS (SELECT 1 FROM win_address w"
			  "  WHERE w.key = message.from_key)",
			  "i", in->thread.duplicate_of))
		return false;
	if (n == 1)
		return effects(d, in, t, res, err);
	return mdg_delivery_done(d->db, in->delivery_id, res->message_id,
				 err) &&
	       mdg_desk_event(d, &mdg_actor_system, t, "mail.again",
			      json_pack("{s:I,s:I}", "message",
					res->message_id, "delivery",
					in->delivery_id),
			      NULL, err) &&
	       mdg_ticket_update(d->db, t, err);
}

bool
mdg_intake_sent(struct mdg_desk *d, struct mdg_intake *in,
		struct mdg_intake_result *ret, struct mdg_err *err)
{
	struct mdg_ticket t = {0};
	struct own o;
	bool erased;
	enum mdg_found f = find_own(d, in, &o, err);

	if (f == MDG_FAILED || !was_erased(d, in, &o, &erased, err))
		return false;
	if (erased) {
		*ret = (struct mdg_intake_result){0};
		return mdg_erase_late(d, in->delivery_id, in->raw_id, err);
	}
	if (f == MDG_FOUND)
		return own_copy(d, in, &o, ret, err);
	in->is_sent = true;
	/* one of ours that a restored store has forgotten is a reply still */
	if (in->mail_class == MDG_CLASS_SELF)
		in->mail_class = MDG_CLASS_ORDINARY;
	if (!in->thread.ticket_id && !mdg_intake_thread(d, in, err))
		return false;
	if (in->thread.ticket_id &&
	    !mdg_desk_ticket_root(d, in->thread.ticket_id, in->arena, &t, err))
		return false;
	if (in->thread.duplicate_of)
		return known(d, in, &t, ret, err);
	*ret = (struct mdg_intake_result){.evidence = in->thread.evidence,
					  .is_new_ticket = t.id == 0};
	if (ret->is_new_ticket && !new_ticket(d, in, &t, err))
		return false;
	ret->ticket_id = t.id;
	return write_message(d, in, &t, &ret->message_id, err) &&
	       effects(d, in, &t, ret, err) &&
	       (!in->recovers || ret->is_new_ticket ||
		mdg_intake_recovered_in(d, in, &t, err));
}

/* ---- a customer's mail that was answered before we read it ---- */

bool
mdg_intake_answered(struct mdg_desk *d, const struct mdg_mail *m,
		    int64_t ticket, int64_t *ret_sent_s, struct mdg_err *err)
{
	char own[MDG_OWN_ID_BYTES];
	unsigned char hash[MDG_ID_HASH_BYTES];
	const struct mdg_addresses *lists[] = {&m->from, &m->reply_to};

	*ret_sent_s = 0;
	mdg_digest_id(mdg_mail_own_id(m, own), hash);
	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n && !*ret_sent_s; i++)
			if (mdg_db_i64(d->db, ret_sent_s, err,
				       "SELECT m.received_s FROM ref_seen s"
				       " JOIN message m ON m.id = s.message_id"
				       " JOIN message_address a"
				       "  ON a.message_id = m.id"
				       " WHERE s.hash = ?1 AND s.is_own = 0"
				       " AND m.direction = 'out'"
				       " AND m.class = 'ordinary'"
				       " AND m.ticket_id = ?2"
				       " AND a.role IN ('to', 'cc')"
				       " AND a.key = ?3"
				       " ORDER BY m.received_s LIMIT 1",
				       "bis", mdg_span(hash, sizeof(hash)),
				       ticket,
				       lists[l]->v[i].key) == MDG_FAILED)
				return false;
	return true;
}

/* ---- what a draft must know ---- */

static bool
newest(struct mdg_desk *d, int64_t ticket, struct mdg_elsewhere *ret,
       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = (struct mdg_elsewhere){0};
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id, received_s FROM message"
			  " WHERE ticket_id = ?1 AND direction = 'out'"
			  " AND outbox_id IS NULL AND class = 'ordinary'"
			  " ORDER BY id DESC LIMIT 1",
			  "i", ticket))
		return false;
	if (mdg_rows_next(r))
		*ret = (struct mdg_elsewhere){mdg_rows_i64(r, 0),
					      mdg_rows_i64(r, 1)};
	return mdg_rows_close(&r, err);
}

bool
mdg_elsewhere_unseen(struct mdg_desk *d, int64_t ticket, int64_t draft,
		     struct mdg_elsewhere *ret, struct mdg_err *err)
{
	int64_t seen = 0;

	if (!newest(d, ticket, ret, err))
		return false;
	if (!ret->message_id)
		return true;
	if (mdg_db_i64(d->db, &seen, err,
		       "SELECT message_id FROM draft_seen WHERE draft_id = ?1",
		       "i", draft) == MDG_FAILED)
		return false;
	if (seen >= ret->message_id)
		*ret = (struct mdg_elsewhere){0};
	return true;
}

bool
mdg_elsewhere_seen(struct mdg_desk *d, int64_t ticket, int64_t draft,
		   struct mdg_err *err)
{
	struct mdg_elsewhere e;

	return newest(d, ticket, &e, err) &&
	       (!e.message_id ||
		mdg_db_run(d->db, err,
			   "INSERT INTO draft_seen (draft_id, message_id)"
			   " VALUES (?1, ?2) ON CONFLICT (draft_id) DO UPDATE"
			   " SET message_id = excluded.message_id",
			   "ii", draft, e.message_id));
}
