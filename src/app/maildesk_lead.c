/* What a lead decides by mail. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/check.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"
#include "maildesk-int.h"

bool
mdg_plan_ask_again(struct mdg_order *o, int64_t draft, enum mdg_msg lead,
		   struct mdg_err *err)
{
	const char *id =
		json_string_value(json_object_get(o->said, "message_id"));

	if (!mdg_desk_begin(o->d, err))
		return false;
	if (mdg_md_approval_notice(o->d, &o->p, draft,
				   mdg_msg_text(o->say.lang, lead), id, err) &&
	    mdg_desk_commit(o->d, err)) {
		o->reason = "asked_anew";
		mdg_buf_reset(&o->say.out);
		return mdg_order_answer(o, err);
	}
	mdg_desk_rollback(o->d);
	return false;
}

/* A request that is decided already: by whom, and is it out? */
static bool
say_decided(struct mdg_order *o, const struct mdg_revision_row *row,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_person by = {.name = "-"};
	int64_t sent_s = 0;

	if (row->decided_by && mdg_person_by_id(o->d->db, row->decided_by,
						&o->a, &by, err) == MDG_FAILED)
		return false;
	if (!mdg_db_query(o->d->db, &r, err,
			  "SELECT COALESCE(MAX(sent_s), 0) FROM outbox"
			  " WHERE draft_id = ?1 AND kind = 'reply'",
			  "i", row->draft_id))
		return false;
	if (mdg_rows_next(r))
		sent_s = mdg_rows_i64(r, 0);
	if (!mdg_rows_close(&r, err))
		return false;
	o->reason = "decided";
	if (sent_s)
		mdg_md_say(&o->say, MDG_MSG_md_already_sent,
			   mdg_md_time(&o->say, sent_s), by.name, NULL);
	else if (mdg_streq(row->state, "approved") ||
		 mdg_streq(row->state, "corrected"))
		mdg_md_say(&o->say, MDG_MSG_md_already_approved, by.name, NULL);
	else
		mdg_md_say(&o->say, MDG_MSG_md_already_decided, by.name, NULL);
	return mdg_order_answer(o, err);
}

/* Is this token still for what would be decided? *ret: go on. */
static bool
request_stands(struct mdg_order *o, bool *ret, bool *ret_again,
	       struct mdg_err *err)
{
	struct mdg_revision_row row, newest;

	*ret = *ret_again = false;
	if (!mdg_streq(o->token.purpose, "approve")) {
		if (o->draft.id && mdg_streq(o->draft.state, "waiting"))
			return mdg_plan_ask_again(o, o->draft.id,
						  MDG_MSG_md_which, err);
		o->refused = true;
		o->reason = "no_request";
		return mdg_plan_say(o, MDG_MSG_md_no_request, NULL, err);
	}
	enum mdg_found f = mdg_revision_by_id(o->d->db, o->token.revision_id,
					      &o->a, &row, err);
	if (f == MDG_FOUND)
		f = mdg_revision_newest(o->d->db, row.draft_id, &o->a, &newest,
					err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE)
		return mdg_plan_say(o, MDG_MSG_md_no_request, NULL, err);
	bool asked_again = json_is_true(json_object_get(o->context, "again"));
	bool seen = json_integer_value(json_object_get(o->context, "newest")) ==
		    o->t.newest_message_id;
	if (mdg_streq(newest.state, "waiting") && newest.id == row.id && seen) {
		*ret = true;
		return true;
	}
	if (mdg_streq(newest.state, "void") && newest.id == row.id && seen &&
	    asked_again) {
		*ret = *ret_again = true;
		return true;
	}
	/* another revision waits, or the customer wrote again */
	if (mdg_streq(newest.state, "waiting") ||
	    mdg_streq(newest.state, "void"))
		return mdg_plan_ask_again(o, row.draft_id,
					  newest.id == row.id
						  ? MDG_MSG_md_stale
						  : MDG_MSG_md_changed,
					  err);
	return say_decided(o, &newest, err);
}

/* Of what was shown: that revision, or the same under a newer mail. */
static json_t *
approval_args(const struct mdg_order *o, bool again)
{
	json_t *confirm = json_object_get(o->context, "confirm");
	json_t *args =
		json_pack("{s:I}", "draft", (json_int_t)o->token.draft_id);

	if (again)
		json_object_set(args, "again",
				json_object_get(o->context, "newest"));
	else
		json_object_set_new(args, "revision",
				    json_integer(o->token.revision_id));
	if (json_is_string(confirm))
		json_object_set(args, "confirm", confirm);
	return args;
}

bool
mdg_plan_approve(struct mdg_order *o, struct mdg_err *err)
{
	bool stands, again;

	if (!request_stands(o, &stands, &again, err) || !stands)
		return o->over || stands;
	o->checks = again;
	return mdg_plan_call(o, "approve", approval_args(o, again), true);
}

/* "F4 日付が違います", "Ｆ４：日付" -> F4; the rest. NULL: no code. */
static const char *
return_code(struct mdg_order *o, const char *text, const char **ret_rest)
{
	static const char *const between[] = {" ", "\t", "\n", ":",  ")",
					      ".", ",",  "、", "。", "→"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	char code[8] = "";
	size_t n = 0;

	*ret_rest = text;
	mdg_fold(&b, text, strlen(text), 0);
	const char *p = mdg_buf_str(&b);
	p += strspn(p, " (\n");
	for (; n + 1 < sizeof(code) &&
	       ((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
		(*p >= 'a' && *p <= 'z'));
	     p++)
		code[n++] = *p >= 'a' ? (char)(*p - 32) : *p;
	if (!mdg_return_code(code))
		return NULL;
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; i < MDG_LEN(between); i++)
			if (mdg_str_starts(p, between[i])) {
				p += strlen(between[i]);
				again = true;
			}
	}
	*ret_rest = mdg_arena_strdup(&o->a, p);
	return mdg_arena_strdup(&o->a, code);
}

/* The lead's text and what was found in it; answered, it goes out so. */
bool
mdg_plan_show_corrected(struct mdg_order *o, struct mdg_err *err)
{
	const char *body = json_string_value(json_object_get(o->args, "body"));
	char code[MDG_CHECK_CODE_BYTES];
	json_t *findings = NULL;

	if (!mdg_order_load_draft(o, err))
		return false;
	if (body)
		o->draft.body = body;
	if (!mdg_check_kept(o->d, &o->draft, &findings, err))
		return false;
	mdg_check_code(&o->draft, findings, code);
	json_decref(findings);
	o->next = json_pack("{s:O*,s:b,s:I,s:s,s:O*,s:O*,s:s}", "confirm",
			    json_object_get(o->args, "confirm"), "again",
			    json_is_true(json_object_get(o->args, "again")),
			    "newest", (json_int_t)o->t.newest_message_id,
			    "corrected", o->draft.body, "note",
			    json_object_get(o->args, "note"), "return_code",
			    json_object_get(o->args, "code"), "seen", code);
	o->purpose = "approve";
	o->reason = "findings";
	return mdg_order_show(o, MDG_MSG_md_correct_seen, err);
}

/* The letter as it was written; or the one that was shown, with nothing but
 * the reason why it may go so. */
static const char *
corrected(const struct mdg_order *o, json_t *args)
{
	static const char *const kept[] = {"seen", "code", "note"};
	static const char *const from[] = {"seen", "return_code", "note"};

	for (size_t i = 0; i < MDG_LEN(kept); i++) {
		json_t *v = json_object_get(o->context, from[i]);
		if (v && !json_object_get(args, kept[i]))
			json_object_set(args, kept[i], v);
	}
	return o->in.is_letter ? o->in.text
			       : json_string_value(json_object_get(
					 o->context, "corrected"));
}

bool
mdg_plan_correct(struct mdg_order *o, struct mdg_err *err)
{
	const char *note, *code = return_code(o, o->in.arg, &note);
	bool shown = json_is_string(json_object_get(o->context, "corrected"));
	bool stands, again;

	if (!o->in.is_letter && !shown)
		return mdg_plan_say(o, MDG_MSG_md_correct_how, NULL, err);
	if (mdg_order_has_files(o))
		return mdg_plan_say(o, MDG_MSG_md_correct_files, NULL, err);
	if (!request_stands(o, &stands, &again, err) || !stands)
		return o->over || stands;
	json_t *args = approval_args(o, again);
	if (code)
		json_object_set_new(args, "code", json_string(code));
	/* said to the findings that the last answer showed */
	if (shown && *note)
		json_object_set_new(args, "override", json_string(note));
	else if (*note)
		json_object_set_new(args, "note", json_string(note));
	json_object_set_new(args, "body", json_string(corrected(o, args)));
	o->checks = true;
	return mdg_plan_call(o, "approve", args, true);
}

bool
mdg_plan_return(struct mdg_order *o, struct mdg_err *err)
{
	const char *rest, *more = o->in.text;
	const char *code = return_code(o, o->in.arg, &rest);
	size_t n;

	if (!code && !*o->in.arg)
		code = return_code(o, o->in.text, &more);
	if (!code) {
		const struct mdg_return_code *v = mdg_return_codes(&n);
		mdg_md_say(&o->say, MDG_MSG_md_return_how, NULL);
		for (size_t i = 0; i < n; i++)
			mdg_md_puts(&o->say,
				    mdg_arena_printf(&o->a, "  %s %s",
						     v[i].code,
						     mdg_msg_text(o->say.lang,
								  v[i].text)));
		o->purpose = mdg_streq(o->token.purpose, "approve")
				     ? "approve"
				     : o->purpose;
		return mdg_order_answer(o, err);
	}
	if (!o->draft.id)
		return mdg_plan_say(o, MDG_MSG_md_no_request, NULL, err);
	if (mdg_streq(o->token.purpose, "approve") &&
	    o->token.draft_id != o->draft.id)
		return mdg_plan_ask_again(o, o->draft.id, MDG_MSG_md_changed,
					  err);
	json_t *args = mdg_plan_draft(o);
	json_object_set_new(args, "code", json_string(code));
	json_object_set_new(args, "note",
			    json_string(mdg_arena_printf(
				    &o->a, "%s%s%s", rest,
				    *rest && *more ? "\n" : "", more)));
	return mdg_plan_call(o, "return", args, false);
}
