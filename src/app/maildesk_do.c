/* An order from its row to its answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/check.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"
#include "maildesk-int.h"

static const char *
said(const struct mdg_order *o, const char *key)
{
	const char *v = json_string_value(json_object_get(o->said, key));

	return v ? v : "";
}

bool
mdg_order_waits(struct mdg_desk *d)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mail_order row;

	return mdg_mail_order_next(d->db, &a, &row, NULL) != MDG_NONE;
}

enum mdg_found
mdg_order_next(struct mdg_desk *d, struct mdg_order **ret, struct mdg_err *err)
{
	struct mdg_order *o = mdg_calloc(1, sizeof(*o));

	o->d = d;
	enum mdg_found f = mdg_mail_order_next(d->db, &o->a, &o->row, err);
	if (f == MDG_FOUND && (!mdg_desk_begin(d, err) ||
			       !mdg_mail_order_begin(d->db, o->row.id, err) ||
			       !mdg_desk_commit(d, err))) {
		mdg_desk_rollback(d);
		f = MDG_FAILED;
	}
	if (f != MDG_FOUND) {
		mdg_order_free(&o);
		return f;
	}
	MDG_FAULT("maildesk.begun");
	if (!mdg_order_load(o, err)) {
		mdg_order_fail(o, err);
		mdg_order_free(&o);
		return MDG_FAILED;
	}
	*ret = o;
	return MDG_FOUND;
}

void
mdg_order_free(struct mdg_order **po)
{
	struct mdg_order *o = *po;

	if (!o)
		return;
	json_decref(o->said);
	json_decref(o->context);
	json_decref(o->args);
	json_decref(o->next);
	mdg_buf_clear(&o->say.out);
	mdg_buf_clear(&o->piece);
	mdg_arena_clear(&o->a);
	free(o);
	*po = NULL;
}

/* ---- end ---- */

static bool
close_row(struct mdg_order *o, struct mdg_err *err)
{
	return mdg_mail_order_end(o->d->db, o->row.id,
				  o->refused ? "refused" : "done", o->what,
				  o->reason, mdg_now_s(), err) &&
	       mdg_desk_event(o->d, &o->who, NULL,
			      o->refused ? "maildesk.refused" : "maildesk.done",
			      json_pack("{s:I,s:I,s:I,s:s,s:s,s:s}", "order",
					o->row.id, "person", o->p.id, "ticket",
					o->has_ticket ? o->t.id : 0, "what",
					o->what, "evidence", o->evidence,
					"reason", o->reason),
			      NULL, err);
}

/* Who has left, or writes too much, gets no answer. */
static bool
is_answered(const struct mdg_order *o)
{
	return o->p.id && !o->p.disabled && o->say.out.len &&
	       !mdg_streq(o->reason, "leaver") &&
	       !mdg_streq(o->reason, "replay") &&
	       !mdg_streq(o->reason, "automatic") &&
	       !mdg_streq(o->reason, "too_many");
}

static bool
write_answer(struct mdg_order *o, struct mdg_err *err)
{
	struct mdg_md_mail m = {
		.to = &o->p,
		.win = &o->w,
		.ticket = o->has_ticket ? &o->t : NULL,
		.purpose = o->purpose,
		.context = json_incref(o->next ? o->next : o->context),
		.lasts_s = mdg_streq(o->purpose, "code") ? MDG_MD_CODE_S : 0,
		.draft_id = o->token.draft_id,
		.revision_id = o->token.revision_id,
		.subject =
			mdg_md_text(&o->say, MDG_MSG_md_answer_subject, NULL),
		.text = mdg_buf_str(&o->say.out),
		.shown = o->say.shown,
		.answers = said(o, "message_id"),
	};

	return mdg_md_send(o->d, &m, err);
}

bool
mdg_order_answer(struct mdg_order *o, struct mdg_err *err)
{
	if (!mdg_desk_begin(o->d, err))
		return false;
	if ((!is_answered(o) || write_answer(o, err)) && close_row(o, err) &&
	    mdg_desk_commit(o->d, err)) {
		o->over = true;
		return true;
	}
	mdg_desk_rollback(o->d);
	return false;
}

void
mdg_order_fail(struct mdg_order *o, const struct mdg_err *why)
{
	struct mdg_err err;

	mdg_error("mail order %lld: %s", (long long)o->row.id, mdg_err_en(why));
	if (!mdg_desk_begin(o->d, &err))
		return;
	o->what = o->what ? o->what : "";
	o->evidence = o->evidence ? o->evidence : "";
	o->refused = true;
	o->reason = "fault";
	mdg_buf_reset(&o->say.out);
	if (o->say.d)
		mdg_md_say(&o->say, MDG_MSG_md_fault, NULL);
	bool ok = !is_answered(o) || write_answer(o, &err);
	if (!ok) {
		mdg_desk_rollback(o->d);
		ok = mdg_desk_begin(o->d, &err);
	}
	if (ok && close_row(o, &err) && mdg_desk_commit(o->d, &err))
		return;
	mdg_error("mail order %lld: %s", (long long)o->row.id,
		  mdg_err_en(&err));
	mdg_desk_rollback(o->d);
}

bool
mdg_order_refuse(struct mdg_order *o, const char *reason, bool show_lead,
		 struct mdg_err *err)
{
	o->refused = true;
	o->reason = reason;
	mdg_md_say(&o->say, MDG_MSG_md_refused,
		   mdg_md_reason(o->say.lang, reason), NULL);
	if (show_lead) {
		const struct mdg_mail_due due = {.kind = "refused"};
		if (!mdg_desk_begin(o->d, err))
			return false;
		if (!mdg_md_tell_leads(o->d, o->w.id, &due, 0, err) ||
		    !mdg_desk_commit(o->d, err)) {
			mdg_desk_rollback(o->d);
			return false;
		}
	}
	return mdg_order_answer(o, err);
}

/* ---- the action ---- */

bool
mdg_order_act(struct mdg_order *o, const char *name, json_t *args, json_t **ret,
	      struct mdg_err *err)
{
	json_t *result = NULL;
	bool ok = mdg_act_call(o->d, &o->who, name, args, &result, err);

	json_decref(args);
	if (ok && ret)
		*ret = result;
	else
		json_decref(result);
	return ok;
}

bool
mdg_order_show(struct mdg_order *o, enum mdg_msg how, struct mdg_err *err)
{
	json_t *findings = NULL;

	if (!mdg_check_kept(o->d, &o->draft, &findings, err))
		return false;
	mdg_md_say(&o->say, how, NULL);
	mdg_md_blank(&o->say);
	if (findings) {
		mdg_md_say(&o->say, MDG_MSG_md_findings, NULL);
		mdg_check_word(findings, o->say.lang);
		mdg_md_findings(&o->say, findings);
		mdg_md_blank(&o->say);
	}
	json_decref(findings);
	if (o->draft.id && !mdg_md_draft(&o->say, &o->draft, &o->w, err))
		return false;
	return mdg_order_answer(o, err);
}

bool
mdg_order_preview(struct mdg_order *o, enum mdg_msg how, struct mdg_err *err)
{
	return mdg_order_load_draft(o, err) && mdg_order_show(o, how, err);
}

/* Nothing but token and From: a code to the registered address proves more. */
static bool
challenge(struct mdg_order *o, struct mdg_err *err)
{
	char code[MDG_ANSWER_CODE_CHARS + 1];

	snprintf(code, sizeof(code), "%06u", randombytes_uniform(1000000));
	o->next = json_pack("{s:s,s:i,s:s,s:O,s:s,s:b}", "code", code, "tries",
			    0, "act", o->act, "args", o->args, "what", o->what,
			    "checks", o->checks);
	o->purpose = "code";
	mdg_md_say(&o->say, MDG_MSG_md_code, code,
		   mdg_md_text(&o->say, MDG_MSG_md_command, o->in.words, NULL),
		   NULL);
	o->reason = "code_asked";
	return mdg_order_answer(o, err);
}

static bool
failed(struct mdg_order *o, const struct mdg_err *why, struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	if (mdg_streq(o->act, "approve") &&
	    (why->id == MDG_MSG_approve_unseen ||
	     why->id == MDG_MSG_draft_blocked))
		return mdg_plan_show_corrected(o, err);
	if (why->id == MDG_MSG_draft_blocked)
		return mdg_order_preview(o, MDG_MSG_md_blocked, err);
	if (why->id == MDG_MSG_draft_confirm_send)
		return mdg_order_preview(o, MDG_MSG_md_confirm_send, err);
	if (why->id == MDG_MSG_approve_stale ||
	    (mdg_streq(o->act, "approve") && why->code == MDG_ECONFLICT))
		return mdg_plan_ask_again(o, o->token.draft_id,
					  MDG_MSG_md_stale, err);
	o->refused = true;
	o->reason = mdg_code_name(why->code);
	mdg_err_text(why, o->say.lang, text, sizeof(text));
	mdg_md_say(&o->say, MDG_MSG_md_not_done, text, NULL);
	return mdg_order_answer(o, err);
}

/* What stood beside the command, and what came with the mail. */
static void
say_rest(struct mdg_order *o)
{
	struct mdg_md_say *s = &o->say;
	struct mdg_err why;
	char text[MDG_ERR_TEXT_MAX * 2];

	if (o->in.beside && o->has_ticket) {
		json_t *args = mdg_plan_ticket(o);
		json_object_set_new(args, "text", json_string(o->in.text));
		if (mdg_order_act(o, "comment.add", args, NULL, &why))
			mdg_md_say(s, MDG_MSG_md_commented_beside, NULL);
		else
			mdg_md_puts(s, mdg_err_text(&why, s->lang, text,
						    sizeof(text)));
	}
	if (mdg_order_has_files(o))
		mdg_md_say(s, MDG_MSG_md_files_left, mdg_order_file_names(o),
			   NULL);
	if (!mdg_streq(o->act, "comment.add") ||
	    !mdg_streq(o->token.purpose, "approve") ||
	    !mdg_streq(o->draft.state, "waiting"))
		return;
	/* it can be decided from here, too */
	o->purpose = "approve";
	mdg_md_say(s, MDG_MSG_md_undecided, NULL);
}

static bool
succeeded(struct mdg_order *o, const json_t *result, struct mdg_err *err)
{
	const char *state = json_string_value(json_object_get(result, "state"));
	struct mdg_md_say *s = &o->say;

	if (!mdg_order_load_draft(o, err))
		return false;
	if (mdg_streq(o->act, "approve")) {
		int64_t at_s = json_integer_value(
			json_object_get(result, "not_before_s"));
		mdg_md_say(s, MDG_MSG_md_approved, mdg_md_time(s, at_s), NULL);
	} else if (mdg_streq(o->act, "draft.submit")) {
		bool waits = mdg_streq(state, "waiting");
		mdg_md_say(s,
			   !waits                       ? MDG_MSG_md_released
			   : mdg_streq(o->what, "send") ? MDG_MSG_md_send_waits
							: MDG_MSG_md_submitted,
			   NULL);
		mdg_md_blank(s);
		if (o->draft.id && !mdg_md_draft(s, &o->draft, &o->w, err))
			return false;
	} else if (mdg_streq(o->act, "comment.add")) {
		mdg_md_say(s, MDG_MSG_md_commented, NULL);
	} else {
		mdg_md_say(
			s, MDG_MSG_md_done,
			mdg_md_text(s, MDG_MSG_md_command, o->in.words, NULL),
			NULL);
	}
	say_rest(o);
	return mdg_order_answer(o, err);
}

static bool
run(struct mdg_order *o, struct mdg_err *err)
{
	struct mdg_err why;
	json_t *result = NULL;

	if (!mdg_order_act(o, o->act, json_incref(o->args), &result, &why))
		return failed(o, &why, err);
	MDG_FAULT("maildesk.acted");
	bool ok = true;
	if (mdg_streq(o->token.purpose, "approve") ||
	    mdg_streq(o->token.purpose, "code")) {
		ok = mdg_desk_begin(o->d, err) &&
		     mdg_mail_token_used(o->d->db, o->token.hash, mdg_now_s(),
					 err) &&
		     mdg_desk_commit(o->d, err);
		if (!ok)
			mdg_desk_rollback(o->d);
	}
	ok = ok && succeeded(o, result, err);
	json_decref(result);
	return ok;
}

/* Refusals that intake found, and one that a crash cut short. */
static bool
is_settled(struct mdg_order *o, bool *ret, struct mdg_err *err)
{
	*ret = true;
	if (*o->row.reason) {
		/* the words only for those who have to judge them */
		mdg_warn("mail order %lld is refused: %s", (long long)o->row.id,
			 o->row.reason);
		return mdg_order_refuse(o, o->row.reason, true, err);
	}
	if (mdg_streq(o->row.state, "acting"))
		return mdg_order_refuse(o, "crashed", false, err);
	if (!o->mp.person_id)
		return mdg_order_refuse(o, "person", true, err);
	*ret = false;
	return true;
}

bool
mdg_order_step(struct mdg_order *o, struct mdg_order_wants *ret,
	       struct mdg_err *err)
{
	bool settled;

	*ret = (struct mdg_order_wants){0};
	if (!o->checked) {
		if (!o->wants_files && !is_settled(o, &settled, err))
			return false;
		if (!o->wants_files && settled)
			return true;
		if (o->wants_files && mdg_order_next_file(o, ret, err))
			return true;
		/* with its files the letter is complete: from the beginning */
		o->took_files = o->wants_files;
		if (!mdg_order_plan(o, err))
			return false;
		if (o->wants_files && !o->took_files) {
			o->over = false;
			return mdg_order_step(o, ret, err);
		}
		if (o->over)
			return true;
		if (o->strong && !*o->evidence)
			return challenge(o, err);
	}
	if (o->checks && !o->checked) {
		o->checked = true;
		ret->draft =
			json_integer_value(json_object_get(o->args, "draft"));
		ret->body = json_string_value(json_object_get(o->args, "body"));
		return true;
	}
	return run(o, err);
}
