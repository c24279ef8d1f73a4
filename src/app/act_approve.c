/* draft.submit, draft.withdraw, return: asking for approval, and not getting
 * it. Approving: act_review.c. */
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/form.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/app/next.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/app/side.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_review.h"
#include "madoguchi/store/st_upload.h"

#include "act-int.h"
#include "review-int.h"

enum { CANCEL_WINDOW_S = 10 };

/* ---- draft.submit ---- */

/* What stands in the way of asking for approval at all, whoever writes and
 * whatever reason they have. */
bool
mdg_act_draft_ready(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf open = {0};
	const char *id = mdg_act_number(c, c->draft.id);

	if (c->draft.to.n == 0)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_no_to, id,
				    NULL);
	if (strspn(c->draft.body, " \t\n") == strlen(c->draft.body))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_empty, id,
				    NULL);
	mdg_template_open_slots(mdg_arena_printf(c->arena, "%s\n%s",
						 c->draft.subject,
						 c->draft.body),
				&open);
	if (open.len)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_open_slots,
				    id, mdg_buf_str(&open), NULL);
	return true;
}

/* The address of a form reaches nobody: what is sent there is lost. */
static bool
check_no_form(struct mdg_act_call *c, struct mdg_err *err)
{
	const struct mdg_addresses *lists[] = {&c->draft.to, &c->draft.cc,
					       &c->draft.bcc};

	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			const char *address = lists[l]->v[i].address;
			bool form;
			if (!mdg_form_sends_from(
				    c->desk->db, c->win.id,
				    mdg_addr_key(c->arena, address), &form,
				    err))
				return false;
			if (form)
				return mdg_fail_msg(
					err, MDG_ESTATE, MDG_MSG_draft_to_form,
					mdg_act_number(c, c->draft.id), address,
					NULL);
		}
	return true;
}

static bool
check_sides(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_side_check(c->desk, &c->ticket, &c->draft.to, c->arena,
			      err) &&
	       mdg_side_check(c->desk, &c->ticket, &c->draft.cc, c->arena,
			      err) &&
	       mdg_side_check(c->desk, &c->ticket, &c->draft.bcc, c->arena,
			      err);
}

/*
 * 二重返信: another reply of ours went out, or is on its way, that the writer
 * of this one (or who asks for it) could not have seen.
 */
static bool
check_twice(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t since_s = c->draft.created_s, other;
	struct mdg_revision_row row;

	if (mdg_streq(c->draft.state, "waiting")) {
		if (mdg_revision_newest(c->desk->db, c->draft.id, c->arena,
					&row, err) != MDG_FOUND)
			return false;
		since_s = row.requested_s;
	}
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &other, err,
		"SELECT id FROM outbox WHERE ticket_id = ?1"
		" AND kind = 'reply' AND draft_id <> ?2"
		" AND state NOT IN ('cancelled', 'failed')"
		" AND (sent_s IS NULL OR sent_s > ?3) ORDER BY id LIMIT 1",
		"iii", c->ticket.id, c->draft.id, since_s);
	return f == MDG_NONE ||
	       (f == MDG_FOUND &&
		mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_draft_twice,
			     mdg_act_number(c, c->draft.id),
			     mdg_act_number(c, c->ticket.number), NULL));
}

/*
 * Somebody answered with another tool since the author last looked: nobody is
 * answered twice by accident.
 */
bool
mdg_act_check_elsewhere(struct mdg_act_call *c, bool despite,
			struct mdg_err *err)
{
	struct mdg_elsewhere e;
	char when[40];

	if (despite &&
	    !mdg_elsewhere_seen(c->desk, c->ticket.id, c->draft.id, err))
		return false;
	if (!mdg_elsewhere_unseen(c->desk, c->ticket.id, c->draft.id, &e,
				  err) ||
	    (!despite && !check_twice(c, err)))
		return false;
	return !e.message_id ||
	       mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_draft_elsewhere,
			    mdg_act_number(c, c->draft.id),
			    mdg_act_number(c, c->ticket.number),
			    mdg_time_rfc3339(e.sent_s, when, sizeof(when)),
			    NULL);
}

/* Must somebody else look at it first? Why is in the request. */
static bool
needs_approval(struct mdg_act_call *c, struct mdg_request *q, bool *ret,
	       struct mdg_err *err)
{
	unsigned char digest[MDG_DIGEST_BYTES];
	bool sampled = c->is_novice;

	if (!mdg_request_care(c, q, err))
		return false;
	mdg_check_digest(&c->draft, digest);
	if (c->is_novice &&
	    !mdg_care_novice(c->desk, c->win.id, c->actor->person_id, digest,
			     &sampled, err))
		return false;
	*ret = mdg_streq(c->win.approval, "all") ||
	       strstr(q->care, "bulk") || /* never without a person's look */
	       (strstr(q->care, "unscanned") && c->role < MDG_MEMBER_SV) ||
	       (mdg_streq(c->win.approval, "novice") && (sampled || *q->care));
	return true;
}

/* Everybody once, whatever the fields they stand in. */
static bool
recipients(struct mdg_act_call *c, const struct mdg_revision *rev,
	   struct mdg_strings *ret, struct mdg_err *err)
{
	const struct mdg_addresses *lists[] = {&rev->to, &rev->cc, &rev->bcc};
	struct mdg_strings keys = {0};

	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			const char *address = lists[l]->v[i].address;
			const char *key = mdg_addr_key(c->arena, address);
			bool known = false;
			for (size_t k = 0; k < keys.n && !known; k++)
				known = mdg_streq(keys.v[k], key);
			if (known)
				continue;
			if (ret->n == MDG_RECIPIENTS_MAX)
				return mdg_fail_msg(
					err, MDG_ETOOBIG,
					MDG_MSG_draft_too_many_to,
					mdg_act_number(c, c->draft.id),
					mdg_act_number(c, MDG_RECIPIENTS_MAX),
					NULL);
			mdg_strings_add(&keys, c->arena, key,
					MDG_RECIPIENTS_MAX);
			mdg_strings_add(ret, c->arena, address,
					MDG_RECIPIENTS_MAX);
		}
	return true;
}

/* approved -> queued: one outbox row, after the cancel window. */
bool
mdg_act_queue(struct mdg_act_call *c, const struct mdg_revision_row *row,
	      struct mdg_err *err)
{
	struct mdg_revision rev;
	struct mdg_strings rcpts = {0};
	enum mdg_sending mode;

	if (!mdg_revision_decode(row->canonical, c->arena, &rev))
		return mdg_fail(err, MDG_EFORMAT, "revision %lld is broken",
				(long long)row->id);
	if (!recipients(c, &rev, &rcpts, err))
		return false;
	int64_t not_before_s = c->now_s + CANCEL_WINDOW_S;
	if (c->draft.not_before_s > not_before_s)
		not_before_s = c->draft.not_before_s;
	struct mdg_outbox_row o = {
		.kind = "reply",
		.ticket_id = c->ticket.id,
		.draft_id = c->draft.id,
		.revision_id = row->id,
		.account_id = row->account_id,
		.message_id = row->message_id,
		.mail_from = rev.mail_from,
		.state = "queued",
		.not_before_s = not_before_s,
		.created_s = c->now_s,
		.seen_message_id = rev.newest_message_id,
	};
	if (!mdg_learn_approved(c->desk, &c->draft, &c->ticket, c->now_s,
				err) ||
	    !mdg_outbox_add(c->desk->db, &o, &rcpts, err) ||
	    !mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_QUEUE, err) ||
	    !mdg_desk_sending(c->desk, &mode, err))
		return false;
	/* nobody is to wait for a mail that does not leave */
	if (mode != MDG_SENDING_LIVE)
		mdg_result_text(c, "sending",
				mode == MDG_SENDING_OFF ? "off" : "internal");
	mdg_result_int(c, "outbox", o.id);
	mdg_result_int(c, "not_before_s", not_before_s);
	return true;
}

/* 送信予約; an empty one takes back what was wished before. */
static bool
send_at(struct mdg_act_call *c, struct mdg_err *err)
{
	if (*mdg_arg_text(c, "at", " "))
		return mdg_act_when(c, "at", &c->draft.not_before_s, err);
	c->draft.not_before_s = 0;
	return true;
}

static bool
draft_submit(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf canonical = {0};
	struct mdg_revision rev;
	struct mdg_strings rcpts = {0};
	struct mdg_request q;
	bool wait;

	if (!mdg_act_need_person(c, err) || !mdg_act_lock(c, err) ||
	    !mdg_act_draft_ready(c, err) || !check_no_form(c, err) ||
	    !check_sides(c, err) ||
	    !mdg_next_check(c->desk, &c->draft, &c->win, c->now_s, err) ||
	    !send_at(c, err) ||
	    !mdg_act_check_elsewhere(c, mdg_arg_flag(c, "despite_reply"),
				     err) ||
	    !mdg_request_findings(c, &q, err) ||
	    !mdg_request_check(c, false, &q, err) ||
	    !needs_approval(c, &q, &wait, err) ||
	    !mdg_reply_revise(c->desk, &c->draft, &c->ticket, &c->win, c->arena,
			      &rev, err) ||
	    !recipients(c, &rev, &rcpts, err))
		return false;
	mdg_revision_encode(&rev, &canonical);
	struct mdg_revision_row row = {
		.draft_id = c->draft.id,
		.ticket_id = c->ticket.id,
		.account_id = rev.account_id,
		.message_id = rev.message_id,
		.newest_message_id = rev.newest_message_id,
		.canonical = mdg_buf_span(&canonical),
		.findings = q.findings,
		.comment = mdg_arg_text(c, "comment", ""),
		.state = "waiting",
		.requested_by = c->actor->person_id,
		.requested_s = c->now_s,
	};
	mdg_digest(row.canonical, row.digest);
	if (!mdg_revision_add(c->desk->db, &row, err) ||
	    !mdg_request_add(c, row.id, &q, wait, err) ||
	    !mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_SUBMIT, err))
		return false;
	mdg_result_int(c, "revision", row.id);
	if (!mdg_act_unlock(c, err))
		return false;
	if (!wait && mdg_arg_flag(c, "ask"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_confirm_send,
				    mdg_act_number(c, c->draft.id), NULL);
	if (!wait &&
	    (!mdg_revision_decide(c->desk->db, row.id, "approved",
				  c->actor->person_id, c->now_s, err) ||
	     !mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_APPROVE,
				   err) ||
	     !mdg_act_queue(c, &row, err)))
		return false;
	return mdg_act_draft_event(c, wait ? "draft.submit" : "draft.release",
				   mdg_request_codes(row.id, &q), err);
}

/* ---- approve, return, withdraw ---- */

bool
mdg_act_waiting_revision(struct mdg_act_call *c, struct mdg_revision_row *ret,
			 struct mdg_err *err)
{
	const char *id = mdg_act_number(c, c->draft.id);
	enum mdg_found f = mdg_revision_newest(c->desk->db, c->draft.id,
					       c->arena, ret, err);

	if (f == MDG_FAILED)
		return false;
	if (f == MDG_FOUND && mdg_streq(ret->state, "void"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_approve_void, id,
				    NULL);
	if (f == MDG_NONE || !mdg_streq(ret->state, "waiting") ||
	    !mdg_streq(c->draft.state, "waiting"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_approve_not_asked,
				    id, c->draft.state, NULL);
	return true;
}

static bool
send_back(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_revision_row row;

	if (!mdg_act_may_decide(c, err) ||
	    !mdg_act_waiting_revision(c, &row, err))
		return false;
	c->draft.return_code = mdg_arg_text(c, "code", NULL);
	if (!mdg_return_code(c->draft.return_code))
		return mdg_fail_msg(err, MDG_EINVAL,
				    MDG_MSG_return_code_unknown,
				    mdg_arg_text(c, "code", ""), NULL);
	c->draft.return_note = mdg_arg_text(c, "note", "");
	return mdg_revision_decide(c->desk->db, row.id, "returned",
				   c->actor->person_id, c->now_s, err) &&
	       mdg_review_close(c->desk->db, row.id, "returned",
				c->draft.return_code, 0, err) &&
	       mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_RETURN,
				    err) &&
	       mdg_act_draft_event(c, "draft.return",
				   json_pack("{s:I,s:s?}", "revision", row.id,
					     "code", c->draft.return_code),
				   err);
}

static bool
withdraw(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_revision_row row;

	return mdg_act_waiting_revision(c, &row, err) &&
	       mdg_revision_decide(c->desk->db, row.id, "withdrawn",
				   c->actor->person_id, c->now_s, err) &&
	       mdg_review_close(c->desk->db, row.id, "withdrawn", NULL, 0,
				err) &&
	       mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_WITHDRAW,
				    err) &&
	       mdg_act_draft_event(c, "draft.withdraw", NULL, err);
}

const struct mdg_act mdg_acts_approve[] = {
	{"draft.submit",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true},
	  {"comment", 's', false},
	  {"at", 's', false},
	  {"despite_reply", 'b', false},
	  {"override", 's', false},
	  {"ask", 'b', false}}, /* only ask: do not send it yourself */
	 draft_submit},
	{"draft.withdraw",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true}},
	 withdraw},
	/* a lead or a deputy: mdg_act_may_decide() */
	{"return",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true}, {"code", 's', true}, {"note", 's', true}},
	 send_back},
	{0},
};
