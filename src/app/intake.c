/* Transaction 2: a parsed mail becomes part of a ticket. */
#include "madoguchi/app/intake.h"

#include <string.h>

#include "intake-int.h"
#include "madoguchi/app/autorule.h"
#include "madoguchi/app/junk.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/app/outbox.h"
#include "madoguchi/app/receipt.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/app/selftest.h"
#include "madoguchi/app/side.h"
#include "madoguchi/app/work.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/token.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/verdict.h"
#include "madoguchi/store/st_folder.h"

/* ---- window: whom was it written to? ---- */

static enum mdg_found
window_by_keys(struct mdg_desk *d, const struct mdg_addresses *l,
	       int64_t *ret_win, struct mdg_err *err)
{
	for (size_t i = 0; i < l->n; i++) {
		enum mdg_found f =
			mdg_win_by_address(d->db, l->v[i].key, ret_win, err);
		if (f != MDG_NONE)
			return f;
	}
	return MDG_NONE;
}

static enum mdg_found
window_by_delivered_to(struct mdg_desk *d, const struct mdg_mail *m,
		       int64_t *ret_win, struct mdg_err *err)
{
	for (size_t i = 0; i < m->delivered_to.n; i++) {
		enum mdg_found f = mdg_win_by_address(
			d->db, m->delivered_to.v[i], ret_win, err);
		if (f != MDG_NONE)
			return f;
	}
	return MDG_NONE;
}

/* 0 when the desk has no window at all (a dry run). */
static bool
find_window(struct mdg_desk *d, int64_t account, const struct mdg_mail *m,
	    bool sent, int64_t *ret_win, struct mdg_err *err)
{
	enum mdg_found f =
		window_by_keys(d, sent ? &m->from : &m->to, ret_win, err);

	if (f == MDG_NONE && !sent)
		f = window_by_keys(d, &m->cc, ret_win, err);
	if (f == MDG_NONE)
		f = window_by_delivered_to(d, m, ret_win, err);
	if (f == MDG_NONE)
		f = mdg_win_of_account(d->db, account, ret_win, err);
	if (f == MDG_NONE)
		*ret_win = 0;
	return f != MDG_FAILED;
}

/* ---- class: is it our own mail coming back? ---- */

static enum mdg_mail_class
final_class(struct mdg_desk *d, const struct mdg_mail *m)
{
	int64_t ticket;

	if (m->message_id &&
	    (mdg_token_ticket(&d->mac, m->message_id, &ticket) ||
	     (m->loop_mark &&
	      mdg_token_loop_ok(&d->mac, m->message_id, m->loop_mark))))
		return MDG_CLASS_SELF;
	return m->mail_class == MDG_CLASS_SELF ? MDG_CLASS_ORDINARY
					       : m->mail_class;
}

/* ---- the ticket ---- */

/* From somebody the window has marked as 迷惑; a form speaks for others. */
static bool
known_spam(struct mdg_desk *d, const struct mdg_intake *in, bool *ret,
	   struct mdg_err *err)
{
	const struct mdg_addresses *from = &in->m->from;
	int64_t one;

	*ret = false;
	if (!from->n || in->speaker.form || in->recovers || in->is_rescued)
		return true;
	const char *domain = mdg_addr_domain(from->v[0].key);
	enum mdg_found f =
		mdg_db_i64(d->db, &one, err,
			   "SELECT 1 FROM spam_sender WHERE win_id = ?1"
			   " AND key IN (?2, '@' || ?3) LIMIT 1",
			   "iss", in->win_id, from->v[0].key, domain);
	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* Hints: they are shown, and hold back automatic mail. */
static bool
suspect(struct mdg_desk *d, struct mdg_intake *in, bool is_new,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_win w;

	if (in->mail_class != MDG_CLASS_ORDINARY || in->recovers || !in->win_id)
		return true;
	if (mdg_win_by_id(d->db, in->win_id, in->arena, &w, err) != MDG_FOUND)
		return false;
	in->spam_points = mdg_verdict_spam(in->m);
	in->is_suspect = w.spam_points && in->spam_points >= w.spam_points;
	if (!is_new)
		return true;
	mdg_buf_printf(&text, "%s\n%s", in->m->subject,
		       in->m->reply ? in->m->reply : in->m->text);
	in->is_sales = mdg_text_is_sales(mdg_buf_str(&text));
	return true;
}

static bool
new_ticket(struct mdg_desk *d, struct mdg_intake *in, struct mdg_ticket *t,
	   struct mdg_err *err)
{
	bool is_history = in->received_s < d->live_since_s;

	*t = (struct mdg_ticket){
		.win_id = in->win_id,
		.subject = in->m->subject,
		.state = "new",
		.created_s = in->received_s,
		.inbound_s = in->received_s,
		.is_history = is_history,
	};
	const struct mdg_address *who = in->m->from.n && !in->speaker.form
						? &in->m->from.v[0]
						: in->speaker.customer;
	if (who && *who->key &&
	    !mdg_customer_of(d->db, who, in->now_s, &t->customer_id, err))
		return false;
	if (!is_history && in->mail_class == MDG_CLASS_ORDINARY &&
	    !known_spam(d, in, &in->is_spam, err))
		return false;
	if (in->is_spam) {
		/* kept, and nobody is told that we read it */
		t->state = "closed";
		t->closing = "spam";
		t->closed_s = in->now_s;
	}
	if (is_history || in->mail_class != MDG_CLASS_ORDINARY) {
		t->state = "closed";
		t->closing = is_history ? "history" : "auto";
		t->closed_s = in->received_s;
	}
	return in->recovers ? mdg_intake_recover(d, in, t, err)
			    : mdg_ticket_add(d->db, t, err);
}

void
mdg_intake_mark(json_t *flags, enum mdg_mark mark, json_t *value)
{
	json_object_set_new(flags, mdg_mark_names[mark], value);
}

static char *
flags_json(const struct mdg_intake *in)
{
	const struct mdg_mail *m = in->m;
	bool is_danger = false;
	json_t *o = json_object(), *w = json_array();

	for (size_t i = 0; i < m->warnings.n; i++)
		json_array_append_new(w, json_string(m->warnings.v[i]));
	if (json_array_size(w))
		mdg_intake_mark(o, MDG_MARK_WARNINGS, json_incref(w));
	json_decref(w);
	for (size_t i = 0; i < m->attachments_n; i++)
		is_danger = is_danger || m->attachments[i].danger;
	const struct {
		enum mdg_mark mark;
		bool is;
	} seen[] = {
		{MDG_MARK_SPOOFED, m->from_spoofed},
		{MDG_MARK_UNKNOWN_SENDER, in->unknown_sender},
		{MDG_MARK_LOOSE, in->thread.is_loose},
		{MDG_MARK_THANKS, in->is_thanks},
		{MDG_MARK_SPAM, in->is_spam},
		{MDG_MARK_SALES, in->is_sales},
		{MDG_MARK_DANGER, is_danger},
		{MDG_MARK_FROM_SIDE, in->from_side},
		{MDG_MARK_NO_AUTO_REPLY, m->no_auto_reply},
	};
	for (size_t i = 0; i < MDG_LEN(seen); i++)
		if (seen[i].is)
			mdg_intake_mark(o, seen[i].mark, json_true());
	if (in->is_suspect)
		mdg_intake_mark(o, MDG_MARK_SPAM_SUSPECTED,
				json_integer(in->spam_points));
	mdg_intake_speaker_flags(in, o);
	char *text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

/* Who takes part: the writer and those he wrote to; a form does not. */
static bool
add_participants(struct mdg_desk *d, const struct mdg_intake *in,
		 const struct mdg_ticket *t, struct mdg_err *err)
{
	if (in->speaker.form)
		return true;
	for (size_t i = 0; i < in->m->from.n && i < 1; i++)
		if (!mdg_participant_add(d->db, t->id, &in->m->from.v[i], err))
			return false;
	for (size_t i = 0; i < in->m->cc.n; i++)
		if (!mdg_participant_add(d->db, t->id, &in->m->cc.v[i], err))
			return false;
	return true;
}

static bool
write_message(struct mdg_desk *d, const struct mdg_intake *in,
	      struct mdg_ticket *t, bool is_new, int64_t *ret_id,
	      struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *flags = flags_json(in);
	const struct mdg_message_row row = {
		.ticket_id = t->id,
		.direction = "in",
		.account_id = in->account_id,
		.mail_class = mdg_mail_class_name(in->mail_class),
		.received_s = in->received_s,
		.evidence = mdg_evidence_name(in->thread.evidence),
		.flags = flags,
		.raw_id = in->raw_id,
	};

	if (!mdg_message_add(d->db, &row, in->m, ret_id, err) ||
	    !mdg_scan_mail(d, *ret_id, in->raw_id, err))
		return false;
	/* an old mail that is read late is not what is to be answered */
	if (in->mail_class == MDG_CLASS_ORDINARY &&
	    (!t->newest_message_id || in->received_s >= t->inbound_s))
		t->newest_message_id = *ret_id;
	/* who writes can be written to; a form only says so */
	if (in->mail_class == MDG_CLASS_ORDINARY && in->m->from.n &&
	    !in->speaker.form &&
	    !mdg_address_mark(d->db, in->m->from.v[0].key, NULL, 0, err))
		return false;
	return add_participants(d, in, t, err) &&
	       mdg_intake_speaker_put(d, in, t->id, *ret_id, is_new, err);
}

static bool
write_event(struct mdg_desk *d, const struct mdg_intake *in,
	    struct mdg_ticket *t, const char *was,
	    const struct mdg_intake_result *res, struct mdg_err *err)
{
	json_t *codes =
		json_pack("{s:I,s:I,s:s,s:s,s:I,s:s}", "message",
			  res->message_id, "delivery", in->delivery_id,
			  "evidence", mdg_evidence_name(res->evidence), "class",
			  mdg_mail_class_name(in->mail_class), "received_s",
			  in->received_s, "state", t->state);

	if (res->is_new_ticket) {
		json_object_set_new(codes, "created", json_true());
		json_object_set_new(codes, "account",
				    json_integer(in->account_id));
		json_object_set_new(codes, "customer",
				    json_integer(t->customer_id));
	} else if (!mdg_streq(was, t->state)) {
		json_object_set_new(codes, "was", json_string(was));
	}
	if (in->is_thanks)
		json_object_set_new(codes, "thanks", json_true());
	if (in->is_spam)
		json_object_set_new(codes, "spam", json_true());
	if (in->is_suspect)
		json_object_set_new(codes, "spam_suspected",
				    json_integer(in->spam_points));
	if (in->is_sales)
		json_object_set_new(codes, "sales", json_true());
	if (in->received_s < d->live_since_s)
		json_object_set_new(codes, "history", json_true());
	if (in->answered_s)
		json_object_set_new(codes, "answered_s",
				    json_integer(in->answered_s));
	if (in->thread.linked)
		json_object_set_new(codes, "continues",
				    json_integer(in->thread.linked));
	return mdg_desk_event(d, &mdg_actor_system, t, "mail.in", codes, NULL,
			      err);
}

/* Everything that one mail changes once its thread is known. */
static bool
apply(struct mdg_desk *d, struct mdg_intake *in, struct mdg_ticket *t,
      struct mdg_intake_result *res, struct mdg_err *err)
{
	const char *was = t->state;
	bool ordinary = in->mail_class == MDG_CLASS_ORDINARY;

	res->is_new_ticket = t->id == 0;
	res->evidence = in->thread.evidence;
	if (!suspect(d, in, res->is_new_ticket, err))
		return false;
	if (res->is_new_ticket) {
		if (!new_ticket(d, in, t, err))
			return false;
	} else if (ordinary && ((in->received_s >= d->live_since_s &&
				 !mdg_desk_void_approvals(d, t, err)) ||
				!mdg_intake_customer(d, in, t, err))) {
		return false;
	}
	res->ticket_id = t->id;
	return write_message(d, in, t, res->is_new_ticket, &res->message_id,
			     err) &&
	       mdg_intake_offer(d, in, t, res->is_new_ticket, res->message_id,
				err) &&
	       write_event(d, in, t, was, res, err) &&
	       (!ordinary || (mdg_work_leave_absent(d, t, err) &&
			      mdg_desk_clocks(d, t, err))) &&
	       (!ordinary || !res->is_new_ticket || in->is_spam ||
		in->is_suspect ||
		mdg_receipt_consider(d, mdg_intake_as_customers(in), t,
				     in->received_s, err)) &&
	       mdg_ticket_update(d->db, t, err) &&
	       (!ordinary || mdg_autorule_note(d, t, "arrival", err)) &&
	       (!ordinary || !t->parent_id ||
		mdg_side_answered(d, t, res->message_id, in->now_s, err)) &&
	       (!in->thread.linked ||
		mdg_db_run(d->db, err,
			   "INSERT INTO ticket_link (ticket_id, other_id,"
			   " kind) VALUES (?1, ?2, 'continues')"
			   " ON CONFLICT DO NOTHING",
			   "ii", t->id, in->thread.linked)) &&
	       mdg_delivery_done(d->db, in->delivery_id, res->message_id, err);
}

/* The same mail once more: a second delivery, nothing else. */
static bool
again(struct mdg_desk *d, const struct mdg_intake *in, struct mdg_ticket *t,
      struct mdg_intake_result *res, struct mdg_err *err)
{
	*res = (struct mdg_intake_result){t->id, in->thread.duplicate_of,
					  MDG_EV_DUPLICATE, false};
	return mdg_delivery_done(d->db, in->delivery_id,
				 in->thread.duplicate_of, err) &&
	       mdg_desk_event(d, &mdg_actor_system, t, "mail.again",
			      json_pack("{s:I,s:I}", "message",
					in->thread.duplicate_of, "delivery",
					in->delivery_id),
			      NULL, err) &&
	       mdg_ticket_update(d->db, t, err);
}

static bool
take_in(struct mdg_desk *d, struct mdg_intake *in, int64_t unread,
	struct mdg_intake_result *ret, struct mdg_err *err)
{
	struct mdg_ticket t = {0};

	if (!mdg_intake_speaker(d, in, err) ||
	    (unread && !mdg_intake_unpoison(d, in, unread, err)) ||
	    (!in->thread.ticket_id && !mdg_intake_thread(d, in, err)) ||
	    (!in->thread.ticket_id && !mdg_intake_pair(d, in, err)))
		return false;
	if (in->thread.ticket_id &&
	    !mdg_desk_ticket_root(d, in->thread.ticket_id, in->arena, &t, err))
		return false;
	bool is_known = t.id != 0;
	return (in->thread.duplicate_of ? again(d, in, &t, ret, err)
					: apply(d, in, &t, ret, err)) &&
	       (!in->recovers || !is_known ||
		mdg_intake_recovered_in(d, in, &t, err));
}

/* A machine's answer to our alarm is nobody's inquiry: health tells of it. */
static bool
put_aside(struct mdg_desk *d, int64_t delivery_id,
	  struct mdg_intake_result *ret, struct mdg_err *err)
{
	*ret = (struct mdg_intake_result){0};
	return mdg_delivery_done(d->db, delivery_id, 0, err) &&
	       mdg_desk_event(d, &mdg_actor_system, NULL, "alarm.answered",
			      json_pack("{s:I}", "delivery", delivery_id), NULL,
			      err);
}

bool
mdg_intake_mail(struct mdg_desk *d, int64_t delivery_id,
		const struct mdg_mail *m, struct mdg_intake_result *ret,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_delivery row;
	bool is_test, is_ours, taken = false;
	enum mdg_folder_role role;

	if (mdg_delivery_by_id(d->db, delivery_id, &row, &a, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no delivery %lld",
				(long long)delivery_id);
	if (mdg_streq(row.state, "done")) {
		*ret = (struct mdg_intake_result){0, row.message_id,
						  MDG_EV_DUPLICATE, false};
		return true;
	}
	struct mdg_intake in = {
		.m = m,
		.delivery_id = delivery_id,
		.raw_id = row.raw_id,
		.account_id = row.account_id,
		/* a server that does not tell when: it is new to us now */
		.received_s =
			row.internaldate_s ? row.internaldate_s : mdg_now_s(),
		.now_s = mdg_now_s(),
		.mail_class = final_class(d, m),
		.arena = &a,
	};
	if (!mdg_folder_role(d->db, row.folder_id, &role, err))
		return false;
	bool sent = role == MDG_FOLDER_SENT;
	if (!mdg_selftest_intake(d, &row, m, sent, &is_test, err))
		return false;
	if (is_test) {
		*ret = (struct mdg_intake_result){0};
		return true;
	}
	/* before any ticket is in hand: it may move some */
	if (!mdg_outbox_evidence(d, m, sent, err) ||
	    !mdg_outbox_of_alarm(d, m, &is_ours, err))
		return false;
	if (is_ours && in.mail_class != MDG_CLASS_ORDINARY && !sent &&
	    !row.message_id)
		return put_aside(d, delivery_id, ret, err);
	if (!find_window(d, row.account_id, m, sent, &in.win_id, err) ||
	    (row.message_id && sent &&
	     !mdg_intake_unpoison(d, &in, row.message_id, err)))
		return false;
	if (role == MDG_FOLDER_JUNK &&
	    !mdg_junk_keep(d, &row, in.win_id, m, false, &taken, err))
		return false;
	in.is_rescued = role == MDG_FOLDER_JUNK;
	if (!sent && !taken &&
	    !mdg_maildesk_take(d, m, delivery_id, in.received_s, &taken, err))
		return false;
	if (taken) {
		*ret = (struct mdg_intake_result){.evidence = MDG_EV_NEW};
		return true;
	}
	bool ok = sent ? mdg_intake_sent(d, &in, ret, err)
		       : take_in(d, &in, row.message_id, ret, err);
	return ok &&
	       (!row.message_id || mdg_delivery_follow(d->db, row.message_id,
						       ret->message_id, err));
}
