/* What was said, as an action of the table; or an answer that asks. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/check.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "maildesk-int.h"

/* ---- the operator ---- */

/* A draft without a command goes on by itself, as far as it can. */
static bool
plan_letter(struct mdg_order *o, struct mdg_err *err)
{
	if (mdg_streq(o->token.purpose, "approve") && o->in.is_letter)
		return mdg_plan_say(o, MDG_MSG_md_letter_of_lead, NULL, err);
	if (!mdg_order_write(o, err) || o->over)
		return o->over;
	o->by_policy = true;
	o->checks = true;
	o->what = "draft";
	json_t *args = mdg_plan_draft(o);
	json_object_set_new(args, "ask", json_true());
	return mdg_plan_call(o, "draft.submit", args, false);
}

/* It was approved, or is being sent: nothing is to be asked or sent anew. */
static bool
is_on_its_way(const struct mdg_order *o)
{
	return mdg_streq(o->draft.state, "queued") ||
	       mdg_streq(o->draft.state, "sending");
}

static bool
plan_submit(struct mdg_order *o, struct mdg_err *err)
{
	bool letter = mdg_order_has_letter(o);
	const char *comment = *o->in.arg         ? o->in.arg
			      : !o->in.is_letter ? o->in.text
						 : "";

	if (letter && (!mdg_order_write(o, err) || o->over))
		return o->over;
	if (!o->draft.id)
		return mdg_plan_say(o, MDG_MSG_md_no_draft, NULL, err);
	if (is_on_its_way(o))
		return mdg_plan_say(o, MDG_MSG_md_on_its_way, NULL, err);
	if (!letter && (mdg_order_files_first(o) || o->files_lost))
		return o->over || mdg_order_preview(o, MDG_MSG_md_files, err);
	json_t *args = mdg_plan_draft(o);
	json_object_set_new(args, "ask", json_true());
	if (*comment)
		json_object_set_new(args, "comment", json_string(comment));
	/* said to the findings that the last answer showed */
	if (*comment && !letter)
		json_object_set_new(args, "override", json_string(comment));
	o->checks = true;
	return mdg_plan_call(o, "draft.submit", args, false);
}

static bool
plan_send(struct mdg_order *o, struct mdg_err *err)
{
	if (mdg_order_has_letter(o) && (!mdg_order_write(o, err) || o->over))
		return o->over;
	if (!o->draft.id)
		return mdg_plan_say(o, MDG_MSG_md_no_draft, NULL, err);
	if (is_on_its_way(o))
		return mdg_plan_say(o, MDG_MSG_md_on_its_way, NULL, err);
	if (mdg_order_files_first(o) || o->files_lost)
		return o->over || mdg_order_preview(o, MDG_MSG_md_files, err);
	json_t *args = mdg_plan_draft(o);
	if (o->in.cmd == MDG_ANSWER_SCHEDULE) {
		if (!*o->in.arg) {
			json_decref(args);
			return mdg_plan_say(o, MDG_MSG_md_when_how, o->in.words,
					    err);
		}
		json_object_set_new(args, "at", json_string(o->in.arg));
	}
	o->checks = true;
	return mdg_plan_call(o, "draft.submit", args, true);
}

static bool
plan_withdraw(struct mdg_order *o, struct mdg_err *err)
{
	if (!o->draft.id)
		return mdg_plan_say(o, MDG_MSG_md_no_draft, NULL, err);
	return mdg_plan_call(o, "draft.withdraw", mdg_plan_draft(o), false);
}

/* What is on its way is stopped; what waits is taken back; a draft goes. */
static bool
plan_cancel(struct mdg_order *o, struct mdg_err *err)
{
	int64_t outbox;
	enum mdg_found f = mdg_db_i64(
		o->d->db, &outbox, err,
		"SELECT id FROM outbox WHERE ticket_id = ?1 AND kind = 'reply'"
		" AND state = 'queued' ORDER BY id DESC LIMIT 1",
		"i", o->t.id);

	if (f == MDG_FAILED)
		return false;
	if (f == MDG_FOUND)
		return mdg_plan_call(
			o, "outbox.cancel",
			json_pack("{s:I}", "outbox", (json_int_t)outbox),
			false);
	if (!o->draft.id)
		return mdg_plan_say(o, MDG_MSG_md_nothing_to_cancel, NULL, err);
	return mdg_plan_call(o,
			     mdg_streq(o->draft.state, "waiting")
				     ? "draft.withdraw"
				     : "draft.discard",
			     mdg_plan_draft(o), false);
}

static bool
plan_hold(struct mdg_order *o, struct mdg_err *err)
{
	if (!*o->in.arg)
		return mdg_plan_say(o, MDG_MSG_md_hold_how, NULL, err);
	json_t *args = mdg_plan_ticket(o);
	json_object_set_new(args, "reason", json_string(o->in.arg));
	return mdg_plan_call(o, "ticket.hold", args, false);
}

static bool
plan_close(struct mdg_order *o, struct mdg_err *err)
{
	int64_t sent = 0;
	const char *kind = o->in.cmd == MDG_ANSWER_THANKS ? "thanks"
			   : o->in.cmd == MDG_ANSWER_SPAM ? "spam"
							  : "no_reply";

	if (o->in.cmd == MDG_ANSWER_DONE &&
	    mdg_db_i64(o->d->db, &sent, err,
		       "SELECT COUNT(*) FROM message WHERE ticket_id = ?1"
		       " AND direction = 'out' AND class = 'ordinary'",
		       "i", o->t.id) == MDG_FAILED)
		return false;
	json_t *args = mdg_plan_ticket(o);
	json_object_set_new(args, "kind", json_string(sent ? "replied" : kind));
	return mdg_plan_call(o, "ticket.close", args, false);
}

static bool
plan_promise(struct mdg_order *o, struct mdg_err *err)
{
	if (!*o->in.arg)
		return mdg_plan_say(o, MDG_MSG_md_when_how, o->in.words, err);
	json_t *args = mdg_plan_ticket(o);
	json_object_set_new(args, "due", json_string(o->in.arg));
	return mdg_plan_call(o, "ticket.promise", args, false);
}

static bool
plan_comment(struct mdg_order *o, struct mdg_err *err)
{
	const char *text = mdg_arena_printf(
		&o->a, "%s%s%s", o->in.arg,
		*o->in.arg && *o->in.text ? "\n" : "", o->in.text);

	if (!*text)
		return mdg_plan_say(o, MDG_MSG_md_comment_how, NULL, err);
	if (!*o->in.words)
		o->in.words = "コメント";
	json_t *args = mdg_plan_ticket(o);
	json_object_set_new(args, "text", json_string(text));
	return mdg_plan_call(o, "comment.add", args, false);
}

static bool
plan_category(struct mdg_order *o, struct mdg_err *err)
{
	if (!*o->in.arg)
		return mdg_plan_say(o, MDG_MSG_md_category_how, NULL, err);
	json_t *args = mdg_plan_ticket(o);
	json_object_set_new(args, "category", json_string(o->in.arg));
	return mdg_plan_call(o, "ticket.category", args, false);
}

/* A side thread with its draft; false: refused, and answered. */
static bool
begin_inquiry(struct mdg_order *o, struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];
	struct mdg_err why;
	json_t *result = NULL;

	json_t *args = mdg_plan_ticket(o);
	json_object_set_new(args, "to", json_string(o->in.arg));
	json_object_set_new(
		args, "subject",
		json_string(mdg_arena_printf(&o->a, "照会: %s", o->t.subject)));
	json_object_set_new(args, "body", json_string(o->in.text));
	if (!mdg_order_act(o, "inquiry.new", args, &result, &why)) {
		o->refused = true;
		o->reason = mdg_code_name(why.code);
		mdg_err_text(&why, o->say.lang, text, sizeof(text));
		return mdg_plan_say(o, MDG_MSG_md_not_done, text, err);
	}
	int64_t number = json_integer_value(json_object_get(result, "ticket"));
	json_decref(result);
	o->inquired = true;
	return mdg_ticket_by_number(o->d->db, number, &o->a, &o->t, err) ==
		       MDG_FOUND &&
	       mdg_order_load_draft(o, err);
}

/* 照会 ADDRESS, and below it what is asked: a side thread, whose letter goes
 * the way of every draft, with the files of the mail. */
static bool
plan_inquire(struct mdg_order *o, struct mdg_err *err)
{
	if (!*o->in.arg || !*o->in.text)
		return mdg_plan_say(o, MDG_MSG_md_inquire_how, NULL, err);
	if (!o->inquired && (!begin_inquiry(o, err) || o->over))
		return o->over;
	if (mdg_order_files_first(o) || o->files_lost)
		return o->over || mdg_order_preview(o, MDG_MSG_md_files, err);
	json_t *args = mdg_plan_draft(o);
	json_object_set_new(args, "ask", json_true());
	o->checks = true;
	return mdg_plan_call(o, "draft.submit", args, false);
}

static bool
plan_list(struct mdg_order *o, struct mdg_err *err)
{
	const char *id =
		json_string_value(json_object_get(o->said, "message_id"));

	if (!mdg_desk_begin(o->d, err))
		return false;
	if (!mdg_md_list(o->d, &o->p, "", id, err) ||
	    !mdg_desk_commit(o->d, err)) {
		mdg_desk_rollback(o->d);
		return false;
	}
	return mdg_order_answer(o, err);
}

/* "救出 4711": a number of the list of the junk folder. */
static bool
plan_rescue(struct mdg_order *o, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *text = o->in.arg + strspn(o->in.arg, "#＃ ");
	int64_t junk;

	if (!mdg_str_i64(text, 1, INT64_MAX, &junk))
		return mdg_plan_say(o, MDG_MSG_junk_which, o->in.words, err);
	if (!mdg_db_query(o->d->db, &r, err,
			  "SELECT w.code FROM junk j JOIN win w"
			  " ON w.id = j.win_id WHERE j.delivery_id = ?1",
			  "i", junk))
		return false;
	if (!mdg_rows_next(r))
		return mdg_rows_close(&r, err) &&
		       mdg_plan_say(o, MDG_MSG_junk_none, text, err);
	json_t *args = json_pack("{s:s,s:I}", "window", mdg_rows_text(r, 0),
				 "junk", (json_int_t)junk);
	return mdg_rows_close(&r, err) &&
	       mdg_plan_call(o, "junk.rescue", args, false);
}

static bool
plan_help(struct mdg_order *o, struct mdg_err *err)
{
	if (mdg_streq(o->token.purpose, "approve"))
		o->purpose = "approve";
	mdg_md_help(&o->say, true);
	return mdg_order_answer(o, err);
}

/* The signature below the word is kept, and what bore the mail out. */
static bool
plan_test(struct mdg_order *o, struct mdg_err *err)
{
	const char *sign =
		json_string_value(json_object_get(o->said, "signature"));
	enum mdg_msg proof =
		mdg_streq(o->evidence, "signed")   ? MDG_MSG_md_evidence_signed
		: mdg_streq(o->evidence, "route")  ? MDG_MSG_md_evidence_route
		: mdg_streq(o->evidence, "tenant") ? MDG_MSG_md_evidence_tenant
						   : MDG_MSG_md_evidence_none;

	if (!sign || !*sign)
		sign = o->in.text;
	o->mp.person_id = o->p.id;
	o->mp.evidence = *o->evidence ? o->evidence : "code";
	o->mp.seen_s = mdg_now_s();
	if (*sign)
		o->mp.signature = sign;
	if (!mdg_desk_begin(o->d, err))
		return false;
	if (!mdg_mail_person_put(o->d->db, &o->mp, err) ||
	    !mdg_desk_event(o->d, &o->who, NULL, "maildesk.tested",
			    json_pack("{s:I,s:s}", "person", o->p.id,
				      "evidence", o->mp.evidence),
			    NULL, err) ||
	    !mdg_desk_commit(o->d, err)) {
		mdg_desk_rollback(o->d);
		return false;
	}
	mdg_md_say(&o->say, MDG_MSG_md_tested, mdg_msg_text(o->say.lang, proof),
		   NULL);
	if (*o->mp.signature) {
		mdg_md_say(&o->say, MDG_MSG_md_signature, NULL);
		mdg_md_block(&o->say, "│ ", o->mp.signature, 2000);
	}
	return mdg_order_answer(o, err);
}

/* ---- all of them ---- */

static const struct {
	enum mdg_answer_cmd cmd;
	const char *what;
	bool anywhere; /* without a ticket, too */
	bool (*plan)(struct mdg_order *o, struct mdg_err *err);
} plans[] = {
	{MDG_ANSWER_APPROVE, "approve", false, mdg_plan_approve},
	{MDG_ANSWER_CORRECT, "correct", false, mdg_plan_correct},
	{MDG_ANSWER_RETURN, "return", false, mdg_plan_return},
	{MDG_ANSWER_SUBMIT, "submit", false, plan_submit},
	{MDG_ANSWER_WITHDRAW, "withdraw", false, plan_withdraw},
	{MDG_ANSWER_SEND, "send", false, plan_send},
	{MDG_ANSWER_SCHEDULE, "schedule", false, plan_send},
	{MDG_ANSWER_CANCEL, "cancel", false, plan_cancel},
	{MDG_ANSWER_HOLD, "hold", false, plan_hold},
	{MDG_ANSWER_NO_REPLY, "no_reply", false, plan_close},
	{MDG_ANSWER_THANKS, "thanks", false, plan_close},
	{MDG_ANSWER_SPAM, "spam", false, plan_close},
	{MDG_ANSWER_DONE, "done", false, plan_close},
	{MDG_ANSWER_RESCUE, "rescue", true, plan_rescue},
	{MDG_ANSWER_ASSIGN, "assign", true, mdg_plan_assign},
	{MDG_ANSWER_TAKE, "take", false, mdg_plan_assign},
	{MDG_ANSWER_CATEGORY, "category", false, plan_category},
	{MDG_ANSWER_COMMENT, "comment", false, plan_comment},
	{MDG_ANSWER_INQUIRE, "inquire", false, plan_inquire},
	{MDG_ANSWER_PROMISE, "promise", false, plan_promise},
	{MDG_ANSWER_LIST, "list", true, plan_list},
	{MDG_ANSWER_HELP, "help", true, plan_help},
	{MDG_ANSWER_TEST, "test", true, plan_test},
};

static bool
say_doubt(struct mdg_order *o, struct mdg_err *err)
{
	static const enum mdg_msg words[] = {
		[MDG_ANSWER_EMPTY] = MDG_MSG_md_doubt_empty,
		[MDG_ANSWER_UNKNOWN] = MDG_MSG_md_doubt_unknown,
		[MDG_ANSWER_TWO] = MDG_MSG_md_doubt_two,
		[MDG_ANSWER_WITH_TEXT] = MDG_MSG_md_doubt_text,
		[MDG_ANSWER_TWO_EDITED] = MDG_MSG_md_doubt_edited,
		[MDG_ANSWER_TWO_LETTERS] = MDG_MSG_md_doubt_letters,
		[MDG_ANSWER_UNMARKED] = MDG_MSG_md_doubt_unmarked,
		[MDG_ANSWER_SPOKEN] = MDG_MSG_md_doubt_spoken,
		[MDG_ANSWER_FAMILIAR] = MDG_MSG_md_doubt_familiar,
		[MDG_ANSWER_LETTER] = MDG_MSG_md_doubt_letter,
		[MDG_ANSWER_SHOWN] = MDG_MSG_md_doubt_shown,
	};
	const char *first = *o->in.words ? o->in.words
			    : o->in.choice
				    ? mdg_md_number(&o->say, o->in.choice)
				    : "";

	o->refused = true;
	o->reason = "unclear";
	if (mdg_streq(o->token.purpose, "approve"))
		o->purpose = "approve";
	mdg_md_say(&o->say, MDG_MSG_md_nothing_done, NULL);
	mdg_md_say(&o->say, words[o->in.doubt],
		   o->in.other ? o->in.other : first, first, NULL);
	mdg_md_blank(&o->say);
	mdg_md_help(&o->say, false);
	return mdg_order_answer(o, err);
}

bool
mdg_order_plan(struct mdg_order *o, struct mdg_err *err)
{
	if (mdg_streq(o->token.purpose, "code"))
		return mdg_plan_code(o, err);
	/* under a test's word stands the signature that is to be learned */
	if (o->in.doubt != MDG_ANSWER_CLEAR &&
	    !(mdg_streq(o->token.purpose, "test") &&
	      o->in.cmd == MDG_ANSWER_TEST))
		return say_doubt(o, err);
	for (size_t i = 0; i < MDG_LEN(plans); i++) {
		if (plans[i].cmd != o->in.cmd)
			continue;
		o->what = plans[i].what;
		if (!o->has_ticket && !plans[i].anywhere) {
			o->reason = "which";
			return mdg_plan_say(o, MDG_MSG_md_which_ticket, NULL,
					    err);
		}
		return plans[i].plan(o, err);
	}
	if (!o->has_ticket)
		return mdg_plan_say(o, MDG_MSG_md_which_ticket, NULL, err);
	if (mdg_order_has_letter(o))
		return plan_letter(o, err);
	o->what = "comment";
	return plan_comment(o, err);
}
