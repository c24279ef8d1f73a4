#include "madoguchi/app/reply.h"

#include "madoguchi/app/next.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_watch.h"
#include "reply-int.h"

bool
mdg_reply_draft_move(struct mdg_desk *d, struct mdg_draft *draft, int event,
		     struct mdg_err *err)
{
	int from = mdg_machine_state(&mdg_draft_machine, draft->state);
	int to = mdg_machine_next(&mdg_draft_machine, from, event);
	char id[24];

	if (to < 0) {
		snprintf(id, sizeof(id), "%lld", (long long)draft->id);
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_cannot, id,
				    draft->state,
				    mdg_draft_machine.events[event], NULL);
	}
	draft->state = mdg_machine_state_name(&mdg_draft_machine, to);
	draft->changed_s = mdg_now_s();
	draft->rev++;
	return mdg_draft_update(d->db, draft, err);
}

bool
mdg_reply_draft_event(struct mdg_desk *d, int64_t id, int event,
		      struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_draft draft;

	if (id == 0)
		return true;
	if (mdg_draft_by_id(d->db, id, &a, &draft, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no draft %lld",
				(long long)id);
	return mdg_reply_draft_move(d, &draft, event, err);
}

/* ---- the revision ---- */

/* The customer's newest mail: what we answer, and what its ids are. */
static bool
answer_to(struct mdg_desk *d, const struct mdg_ticket *t, struct mdg_arena *a,
	  struct mdg_revision *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT message_id FROM message WHERE ticket_id = ?1"
			  " AND message_id IS NOT NULL AND class = 'ordinary'"
			  " ORDER BY id",
			  "i", t->id))
		return false;
	while (mdg_rows_next(r))
		mdg_strings_add(&ret->references, a, mdg_rows_text(r, 0),
				MDG_REFERENCES_MAX);
	if (!mdg_rows_close(&r, err))
		return false;
	if (!t->newest_message_id)
		return true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT message_id FROM message WHERE id = ?1", "i",
			  t->newest_message_id))
		return false;
	if (mdg_rows_next(r) && !mdg_rows_null(r, 0))
		ret->in_reply_to = mdg_arena_strdup(a, mdg_rows_text(r, 0));
	return mdg_rows_close(&r, err);
}

/* From: the address of ours that the customer wrote to, else the window's. */
static bool
from_address(struct mdg_desk *d, const struct mdg_ticket *t,
	     const struct mdg_win *w, struct mdg_arena *a, const char **ret,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = w->address;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT wa.address FROM message_address ma"
			  " JOIN win_address wa ON wa.key = ma.key"
			  " WHERE ma.message_id = ?1 AND wa.win_id = ?2"
			  " AND ma.role IN ('to', 'cc')"
			  " ORDER BY ma.role DESC, ma.n LIMIT 1",
			  "ii", t->newest_message_id, w->id))
		return false;
	if (mdg_rows_next(r))
		*ret = mdg_arena_strdup(a, mdg_rows_text(r, 0));
	return mdg_rows_close(&r, err);
}

bool
mdg_reply_revise(struct mdg_desk *d, const struct mdg_draft *draft,
		 const struct mdg_ticket *t, const struct mdg_win *w,
		 struct mdg_arena *a, struct mdg_revision *ret,
		 struct mdg_err *err)
{
	const char *from, *quote = draft->quote;
	struct mdg_letter letter;
	const char *to_domain =
		draft->to.n ? mdg_addr_domain(draft->to.v[0].address) : "";

	if (!mdg_reply_letter(d, draft, w, a, &letter, err) ||
	    (!quote &&
	     !mdg_reply_quote(d, draft, t, w, w->quote, a, &quote, err)))
		return false;
	const char *text = mdg_reply_final_text(draft, &letter, a);
	*ret = (struct mdg_revision){
		.to = draft->to,
		.cc = draft->cc,
		.bcc = draft->bcc,
		.subject = mdg_reply_subject(d, t, w, draft->subject, a),
		.text = *quote ? mdg_arena_printf(a, "%s\n%s", text, quote)
			       : text,
		.newest_message_id = t->newest_message_id,
	};
	switch (mdg_account_for(d->db, w->id, to_domain, &ret->account_id,
				err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_win_no_account,
				    w->name, NULL);
	case MDG_FOUND:
		break;
	}
	if (!answer_to(d, t, a, ret, err) ||
	    !mdg_reply_files_revise(d, draft->id, a, ret, err) ||
	    !from_address(d, t, w, a, &from, err))
		return false;
	ret->from = (struct mdg_address){w->from_name, from, ""};
	ret->mail_from = from;
	ret->message_id =
		mdg_token_message_id(&d->mac, t->id, mdg_addr_domain(from), a);
	return true;
}

/* ---- bytes ---- */

bool
mdg_reply_zone(struct mdg_desk *d, int64_t ticket, int64_t at_s, int *ret,
	       struct mdg_err *err)
{
	int64_t id;

	*ret = 540;
	enum mdg_found f = mdg_db_i64(
		d->db, &id, err,
		"SELECT c.id FROM ticket t JOIN win w ON w.id = t.win_id"
		" JOIN calendar c ON c.name = w.calendar WHERE t.id = ?1"
		" ORDER BY c.version DESC LIMIT 1",
		"i", ticket);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	const struct mdg_calendar *cal = mdg_desk_calendar(d, id, err);
	if (!cal)
		return false;
	*ret = (int)(mdg_calendar_offset_s(cal, at_s) / 60);
	return true;
}

/* The revision an outbox row sends, proved to be the approved one. */
static bool
approved_revision(struct mdg_desk *d, const struct mdg_outbox_row *o,
		  struct mdg_arena *a, struct mdg_revision_row *row,
		  struct mdg_revision *ret, struct mdg_err *err)
{
	unsigned char digest[MDG_DIGEST_BYTES];

	if (mdg_revision_by_id(d->db, o->revision_id, a, row, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "outbox %lld has no revision",
				(long long)o->id);
	mdg_digest(row->canonical, digest);
	if (memcmp(digest, row->digest, sizeof(digest)) != 0 ||
	    !mdg_revision_decode(row->canonical, a, ret))
		return mdg_fail(err, MDG_EFORMAT,
				"revision %lld is not what was approved",
				(long long)row->id);
	return true;
}

bool
mdg_reply_compose(struct mdg_desk *d, const struct mdg_outbox_row *o,
		  int64_t date_s,
		  bool (*sink)(void *arg, struct mdg_span piece,
			       struct mdg_err *err),
		  void *arg, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_revision_row row;
	struct mdg_revision rev;
	struct mdg_outgoing m;

	if (!approved_revision(d, o, &a, &row, &rev, err))
		return false;
	if (!mdg_streq(row.state, "approved"))
		return mdg_fail(err, MDG_ESTATE, "revision %lld is %s",
				(long long)row.id, row.state);
	mdg_outgoing_init(&m);
	m.from = (struct mdg_addresses){&rev.from, 1};
	m.to = rev.to;
	m.cc = rev.cc;
	m.reply_to = rev.reply_to;
	m.subject = rev.subject;
	m.text = rev.text;
	m.message_id = rev.message_id;
	m.in_reply_to = rev.in_reply_to;
	m.references = rev.references;
	m.date_s = date_s;
	if (!o->draft_id) {
		m.auto_submitted = "auto-replied";
		m.loop_mark = mdg_token_loop_mark(&d->mac, rev.message_id, &a);
	}
	mdg_reply_files_read(d, &rev, &a, &m);
	return mdg_reply_zone(d, o->ticket_id, date_s, &m.zone_min, err) &&
	       mdg_compose_to(&m, sink, arg, err);
}

/* ---- sent ---- */

static bool
write_sent_message(struct mdg_desk *d, const struct mdg_outbox_row *o,
		   const struct mdg_revision *rev, int64_t sent_s,
		   int64_t *ret_id, struct mdg_err *err)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	struct mdg_arena *a = &m->arena;
	const struct mdg_message_row row = {
		.ticket_id = o->ticket_id,
		.direction = "out",
		.account_id = o->account_id,
		.outbox_id = o->id,
		.mail_class = o->draft_id ? "ordinary" : "auto_reply",
		.received_s = sent_s,
		.evidence = "token",
		.flags = "{}",
	};

	m->message_id = rev->message_id;
	if (rev->in_reply_to)
		mdg_strings_add(&m->in_reply_to, a, rev->in_reply_to, 1);
	m->references = rev->references;
	m->has_date = true;
	m->date_s = o->date_s;
	m->subject = rev->subject;
	m->text = m->reply = rev->text;
	mdg_addresses_add(&m->from, a, rev->from.name, rev->from.address,
			  mdg_addr_key(a, rev->from.address));
	for (size_t i = 0; i < rev->to.n; i++)
		mdg_addresses_add(&m->to, a, rev->to.v[i].name,
				  rev->to.v[i].address,
				  mdg_addr_key(a, rev->to.v[i].address));
	for (size_t i = 0; i < rev->cc.n; i++)
		mdg_addresses_add(&m->cc, a, rev->cc.v[i].name,
				  rev->cc.v[i].address,
				  mdg_addr_key(a, rev->cc.v[i].address));
	mdg_reply_files_record(rev, m);
	return mdg_message_add(d->db, &row, m, ret_id, err);
}

/* The state the writer chose for the ticket when this is sent. */
static bool
move_ticket(struct mdg_desk *d, struct mdg_ticket *t,
	    const struct mdg_draft *draft, int64_t sent_s, struct mdg_err *err)
{
	/* written by the customer meanwhile: that mail is still to answer */
	if (mdg_streq(t->state, "closed") || mdg_streq(t->state, "merged"))
		return true;
	if (mdg_streq(draft->next_state, "working"))
		return mdg_desk_ticket_move(t, MDG_TICKET_EV_WORK, sent_s, err);
	if (mdg_streq(draft->next_state, "waiting")) {
		if (!mdg_desk_ticket_move(t, MDG_TICKET_EV_WAIT, sent_s, err))
			return false;
		t->follow_up_s = draft->next_due_s;
		return t->follow_up_s ||
		       mdg_next_business_day(d, t->win_id, sent_s,
					     MDG_FOLLOW_UP_DAYS,
					     &t->follow_up_s, err);
	}
	if (!mdg_desk_ticket_move(t, MDG_TICKET_EV_CLOSE, sent_s, err))
		return false;
	t->closing = "replied";
	return true;
}

/* Nobody has answered yet: the ticket stays as it is, its clocks too. */
static bool
receipt_sent(struct mdg_desk *d, const struct mdg_outbox_row *o, int64_t sent_s,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_revision_row row;
	struct mdg_revision rev;
	struct mdg_ticket t;
	int64_t message;

	return approved_revision(d, o, &a, &row, &rev, err) &&
	       mdg_desk_ticket_root(d, o->ticket_id, &a, &t, err) &&
	       write_sent_message(d, o, &rev, sent_s, &message, err) &&
	       mdg_desk_event(d, &mdg_actor_system, &t, "receipt.sent",
			      json_pack("{s:I,s:I}", "outbox", o->id, "message",
					message),
			      NULL, err) &&
	       mdg_ticket_update(d->db, &t, err);
}

bool
mdg_reply_sent(struct mdg_desk *d, const struct mdg_outbox_row *o,
	       int64_t sent_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_revision_row row;
	struct mdg_revision rev;
	struct mdg_draft draft;
	struct mdg_ticket t;
	int64_t message;

	if (mdg_streq(o->kind, "receipt"))
		return receipt_sent(d, o, sent_s, err);
	if (!o->draft_id) /* a mail of our own (app/notice.h) */
		return mdg_notice_drop(d->db, o->id, err) &&
		       (!mdg_streq(o->kind, "notice") ||
			mdg_outbox_chunks_drop(d->db, o->id, err)) &&
		       mdg_reply_event(d, o, "outbox.sent", err);
	if (mdg_draft_by_id(d->db, o->draft_id, &a, &draft, err) != MDG_FOUND ||
	    !approved_revision(d, o, &a, &row, &rev, err) ||
	    !mdg_desk_ticket_root(d, o->ticket_id, &a, &t, err) ||
	    !mdg_reply_draft_move(d, &draft, MDG_DRAFT_EV_ACCEPTED, err) ||
	    !write_sent_message(d, o, &rev, sent_s, &message, err))
		return false;
	/* a mail that came after this reply was written is not answered */
	bool answered = t.newest_message_id == rev.newest_message_id;
	if (answered && !move_ticket(d, &t, &draft, sent_s, err))
		return false;
	json_t *codes = json_pack("{s:I,s:I,s:I,s:s,s:I}", "outbox", o->id,
				  "revision", row.id, "message", message,
				  "state", t.state, "sent_s", sent_s);
	if (mdg_streq(t.state, "working") && draft.next_due_s)
		json_object_set_new(codes, "promise_s",
				    json_integer(draft.next_due_s));
	if (t.follow_up_s)
		json_object_set_new(codes, "follow_up_s",
				    json_integer(t.follow_up_s));
	return mdg_desk_event(d, &mdg_actor_system, &t, "outbox.sent", codes,
			      NULL, err) &&
	       mdg_desk_clocks(d, &t, err) && mdg_ticket_update(d->db, &t, err);
}

static bool
outbox_event(struct mdg_desk *d, const struct mdg_actor *who,
	     const struct mdg_outbox_row *o, const char *kind, json_t *codes,
	     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;

	json_object_set_new(codes, "outbox", json_integer(o->id));
	if (!o->ticket_id)
		return mdg_desk_event(d, who, NULL, kind, codes, NULL, err);
	if (!mdg_desk_ticket_root(d, o->ticket_id, &a, &t, err)) {
		json_decref(codes);
		return false;
	}
	return mdg_desk_event(d, who, &t, kind, codes, NULL, err) &&
	       mdg_ticket_update(d->db, &t, err);
}

bool
mdg_reply_event_by(struct mdg_desk *d, const struct mdg_actor *who,
		   const struct mdg_outbox_row *o, const char *kind,
		   struct mdg_err *err)
{
	return outbox_event(d, who, o, kind, json_object(), err);
}

bool
mdg_reply_event_why(struct mdg_desk *d, const struct mdg_outbox_row *o,
		    const char *kind, const char *why, struct mdg_err *err)
{
	return outbox_event(d, &mdg_actor_system, o, kind,
			    json_pack("{s:s}", "by", why), err);
}

bool
mdg_reply_event(struct mdg_desk *d, const struct mdg_outbox_row *o,
		const char *kind, struct mdg_err *err)
{
	return mdg_reply_event_by(d, &mdg_actor_system, o, kind, err);
}
