/* approve, approval.*, draft.review, draft.fix: looking at a reply, letting it
 * out or mending it. */
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/diff.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/query/query.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_review.h"
#include "madoguchi/store/st_template.h"

#include "review-int.h"

bool
mdg_act_may_decide(struct mdg_act_call *c, struct mdg_err *err)
{
	bool deputy = false;

	if (!mdg_act_need_person(c, err))
		return false;
	if (c->role >= MDG_MEMBER_SV)
		return true;
	if (!mdg_deputy_is(c->desk->db, c->win.id, c->actor->person_id,
			   c->now_s, &deputy, err))
		return false;
	return deputy ||
	       mdg_fail_msg(err, MDG_EPERM, MDG_MSG_approve_not_lead, NULL);
}

/* whoever asked: nobody lets out what they wrote themselves */
static bool
not_own(struct mdg_act_call *c, int64_t requested_by, struct mdg_err *err)
{
	return c->win.self_approval ||
	       (requested_by != c->actor->person_id &&
		c->draft.author_id != c->actor->person_id) ||
	       mdg_fail_msg(err, MDG_EPERM, MDG_MSG_approve_own,
			    mdg_act_number(c, c->draft.id), NULL);
}

/* 送信確認: who is new to it, and what is attached, was looked at. */
static bool
confirmed(struct mdg_act_call *c, struct mdg_err *err)
{
	json_t *list;
	bool new_people;

	if (!mdg_check_confirm(c->desk, &c->draft, &list, &new_people, err))
		return false;
	json_object_set_new(c->result, "confirm", list);
	const char *code = json_string_value(json_object_get(list, "code"));
	if (!new_people && !json_array_size(json_object_get(list, "files")))
		return true;
	return mdg_streq(mdg_arg_text(c, "confirm", ""), code) ||
	       mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_approve_confirm,
			    mdg_act_number(c, c->draft.id), code, NULL);
}

/* A new request out of the draft as it now stands, on somebody's behalf. */
static bool
revise(struct mdg_act_call *c, const struct mdg_request *q,
       int64_t requested_by, struct mdg_revision_row *row, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf canonical = {0};
	struct mdg_revision rev;

	if (!mdg_reply_revise(c->desk, &c->draft, &c->ticket, &c->win, c->arena,
			      &rev, err))
		return false;
	mdg_revision_encode(&rev, &canonical);
	char *kept = mdg_arena_array(c->arena, canonical.len, 1);
	memcpy(kept, mdg_buf_str(&canonical), canonical.len);
	*row = (struct mdg_revision_row){
		.draft_id = c->draft.id,
		.ticket_id = c->ticket.id,
		.account_id = rev.account_id,
		.message_id = rev.message_id,
		.newest_message_id = rev.newest_message_id,
		.canonical = mdg_span(kept, canonical.len),
		.findings = q->findings,
		.comment = mdg_arg_text(c, "note", ""),
		.state = "waiting",
		.requested_by = requested_by,
		.requested_s = c->now_s,
	};
	mdg_digest(row->canonical, row->digest);
	return mdg_revision_add(c->desk->db, row, err) &&
	       mdg_request_add(c, row->id, q, true, err);
}

static bool
let_out(struct mdg_act_call *c, const struct mdg_revision_row *row,
	const char *kind, json_t *codes, struct mdg_err *err)
{
	const char *code = json_string_value(
		json_object_get(json_object_get(c->result, "confirm"), "code"));

	json_object_set_new(codes, "revision", json_integer(row->id));
	if (code)
		json_object_set_new(codes, "confirmed", json_string(code));
	mdg_result_int(c, "revision", row->id);
	if (!mdg_revision_decide(c->desk->db, row->id, "approved",
				 c->actor->person_id, c->now_s, err) ||
	    !mdg_review_close(c->desk->db, row->id, "approved", NULL, 0, err) ||
	    !mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_APPROVE,
				  err) ||
	    !mdg_act_queue(c, row, err)) {
		json_decref(codes);
		return false;
	}
	return mdg_act_draft_event(c, kind, codes, err);
}

/* Nobody lets out a text whose findings they have not read. */
static bool
has_seen(struct mdg_act_call *c, const json_t *findings, struct mdg_err *err)
{
	char code[MDG_CHECK_CODE_BYTES];

	mdg_check_code(&c->draft, findings, code);
	return !*code || mdg_streq(mdg_arg_text(c, "seen", ""), code) ||
	       mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_approve_unseen,
			    mdg_act_number(c, c->draft.id), NULL);
}

/* The lead's own text in place of the operator's, and why. */
static bool
take_text(struct mdg_act_call *c, const char *body, struct mdg_err *err)
{
	const char *code = mdg_arg_text(c, "code", NULL);

	if (code && !mdg_return_code(code))
		return mdg_fail_msg(err, MDG_EINVAL,
				    MDG_MSG_return_code_unknown, code, NULL);
	c->draft.body = body;
	c->draft.return_code = code;
	c->draft.return_note = mdg_arg_text(c, "note", "");
	return mdg_act_draft_ready(c, err);
}

/* Everything that stands in the way of a text which nobody asked for so. */
static bool
checks(struct mdg_act_call *c, const char *body, bool anew,
       struct mdg_request *q, struct mdg_err *err)
{
	return (!body || take_text(c, body, err)) &&
	       mdg_request_findings(c, q, err) &&
	       (!body || has_seen(c, q->list, err)) &&
	       mdg_request_check(c, anew, q, err) &&
	       mdg_request_care(c, q, err) && confirmed(c, err);
}

/* 修正して承認: the lead's text goes out, both are kept. */
static bool
approve_with(struct mdg_act_call *c, const struct mdg_revision_row *asked,
	     const char *body, struct mdg_err *err)
{
	struct mdg_revision_row row;
	struct mdg_request q;

	return checks(c, body, false, &q, err) &&
	       mdg_revision_decide(c->desk->db, asked->id, "corrected",
				   c->actor->person_id, c->now_s, err) &&
	       revise(c, &q, asked->requested_by, &row, err) &&
	       mdg_review_close(c->desk->db, asked->id, "corrected",
				c->draft.return_code, row.id, err) &&
	       let_out(c, &row, "draft.correct",
		       json_pack("{s:I,s:s?}", "instead_of", asked->id, "code",
				 c->draft.return_code),
		       err);
}

/* The customer wrote again, and the reply still fits, as it is or as the lead
 * has changed it: one step, under the mail that "again" names as read. */
static bool
approve_again(struct mdg_act_call *c, const char *body, struct mdg_err *err)
{
	struct mdg_revision_row old, row;
	struct mdg_review asked;
	struct mdg_revision rev;
	struct mdg_request q;
	const char *id = mdg_act_number(c, c->draft.id);
	enum mdg_found f = mdg_revision_newest(c->desk->db, c->draft.id,
					       c->arena, &old, err);

	if (f == MDG_FOUND)
		f = mdg_review_get(c->desk->db, old.id, c->arena, &asked, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE || !mdg_streq(old.state, "void") ||
	    !mdg_streq(asked.body, c->draft.body) ||
	    !mdg_revision_decode(old.canonical, c->arena, &rev) ||
	    !mdg_streq(rev.subject, c->draft.subject) ||
	    rev.to.n != c->draft.to.n || rev.cc.n != c->draft.cc.n)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_approve_not_void,
				    id, NULL);
	if (mdg_arg_int(c, "again", 0) != c->ticket.newest_message_id)
		return mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_approve_stale,
				    id, NULL);
	return not_own(c, old.requested_by, err) &&
	       checks(c, body, true, &q, err) &&
	       revise(c, &q, old.requested_by, &row, err) &&
	       mdg_review_close(c->desk->db, old.id, "void",
				body ? c->draft.return_code : NULL, row.id,
				err) &&
	       mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_SUBMIT,
				    err) &&
	       let_out(c, &row, body ? "draft.correct" : "draft.again",
		       json_pack("{s:I}", "instead_of", old.id), err);
}

static bool
approve(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_revision_row row;
	const char *body = mdg_arg_text(c, "body", NULL);
	const char *id = mdg_act_number(c, c->draft.id);

	if (!mdg_act_may_decide(c, err))
		return false;
	if (!mdg_act_when(c, "at", &c->draft.not_before_s, err))
		return false;
	if (json_object_get(c->args, "again"))
		return approve_again(c, body, err);
	if (!mdg_act_waiting_revision(c, &row, err) ||
	    !mdg_act_check_elsewhere(c, false, err) ||
	    !not_own(c, row.requested_by, err))
		return false;
	if (mdg_arg_int(c, "revision", row.id) != row.id)
		return mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_draft_changed,
				    id, NULL);
	/* the same rule as at intake, for what came between */
	if (row.newest_message_id != c->ticket.newest_message_id)
		return mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_approve_stale,
				    id, NULL);
	if (body)
		return approve_with(c, &row, body, err);
	return confirmed(c, err) &&
	       let_out(c, &row, "draft.approve", json_object(), err);
}

/* 担当を代わる: the lead goes on with it as their own. */
static bool
takeover(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_revision_row row;

	if (!mdg_act_may_decide(c, err) ||
	    !mdg_act_waiting_revision(c, &row, err))
		return false;
	c->draft.author_id = c->actor->person_id;
	c->ticket.assignee_id = c->actor->person_id;
	return mdg_revision_decide(c->desk->db, row.id, "withdrawn",
				   c->actor->person_id, c->now_s, err) &&
	       mdg_review_close(c->desk->db, row.id, "withdrawn", NULL, 0,
				err) &&
	       mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_WITHDRAW,
				    err) &&
	       mdg_act_draft_event(c, "draft.takeover",
				   json_pack("{s:I}", "revision", row.id), err);
}

/* ---- reading ---- */

static void
put_diff(struct mdg_act_call *c, const char *name, const char *old,
	 const char *now)
{
	struct mdg_diff_part *v;
	size_t n;
	json_t *list = json_array();

	mdg_diff(old, now, c->arena, &v, &n);
	for (size_t i = 0; i < n; i++) {
		const char op[] = {v[i].op, '\0'};
		json_array_append_new(list, json_pack("{s:s,s:s}", "op", op,
						      "text", v[i].text));
	}
	json_object_set_new(c->result, name, list);
}

/* Against the template it began as, and against what was asked for first. */
static bool
diffs(struct mdg_act_call *c, struct mdg_err *err)
{
	const json_t *requests = json_object_get(c->result, "requests");
	const char *first = json_string_value(
		json_object_get(json_array_get(requests, 0), "body"));
	struct mdg_template_row row;
	struct mdg_template t;

	if (first)
		put_diff(c, "diff_operator", first, c->draft.body);
	if (!c->draft.template_id)
		return true;
	enum mdg_found f = mdg_template_version(
		c->desk->db, c->draft.template_id, c->draft.template_version,
		c->arena, &row, err);
	if (f == MDG_FOUND &&
	    mdg_template_parse(row.id, row.source, c->arena, &t, NULL))
		put_diff(c, "diff_template", t.body, c->draft.body);
	return f != MDG_FAILED;
}

/* What was found when it was asked for, if it still stands so. New. */
static json_t *
asked_findings(struct mdg_act_call *c)
{
	const json_t *all = json_object_get(c->result, "requests");
	size_t n = json_array_size(all);
	const json_t *last = n ? json_array_get(all, n - 1) : NULL;
	const char *body = json_string_value(json_object_get(last, "body"));

	return body && mdg_streq(body, c->draft.body)
		       ? json_incref(json_object_get(last, "findings"))
		       : NULL;
}

static bool
review(struct mdg_act_call *c, struct mdg_err *err)
{
	json_t *list = NULL, *confirm = NULL;
	bool new_people;

	if (!mdg_query_review(c->desk->db, &c->draft, &c->ticket, c->now_s,
			      c->result, err) ||
	    !diffs(c, err) || !mdg_check_kept(c->desk, &c->draft, &list, err))
		return false;
	mdg_request_word(json_object_get(c->result, "requests"),
			 c->actor->lang);
	mdg_check_word(list, c->actor->lang);
	if (!list)
		list = asked_findings(c);
	if (list)
		json_object_set_new(c->result, "findings", list);
	if (!mdg_check_confirm(c->desk, &c->draft, &confirm, &new_people, err))
		return false;
	json_object_set_new(c->result, "confirm", confirm);
	return true;
}

static bool
waiting_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_approvals(c->desk->db, c->viewer, c->now_s, c->result,
				   err);
}

static bool
reasons(struct mdg_act_call *c, struct mdg_err *err)
{
	size_t n;
	const struct mdg_return_code *v = mdg_return_codes(&n);
	json_t *list = json_array();

	(void)err;
	for (size_t i = 0; i < n; i++) {
		const char weight[] = {v[i].weight, '\0'};
		json_array_append_new(
			list,
			json_pack("{s:s,s:s,s:s}", "code", v[i].code, "weight",
				  weight, "text",
				  mdg_msg_text(c->actor->lang, v[i].text)));
	}
	json_object_set_new(c->result, "reasons", list);
	return true;
}

/* ---- draft.fix ---- */

static int
by_end(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	json_int_t p = json_integer_value(json_object_get(x, "start"));
	json_int_t q = json_integer_value(json_object_get(y, "start"));

	return p < q ? 1 : p > q ? -1 : 0;
}

/* Put the fixes in, last first, so that places before stay right. */
static size_t
mend(struct mdg_act_call *c, const json_t *list, const char *rule,
     struct mdg_buf *out)
{
	size_t i, n = 0, done = 0;
	json_t *f;
	const json_t **v = mdg_arena_array(c->arena, json_array_size(list) + 1,
					   sizeof(*v));
	json_int_t limit = INT64_MAX;

	json_array_foreach (list, i, f) {
		const json_t *fix = json_object_get(f, "fix");
		const char *id = json_string_value(json_object_get(f, "rule"));
		if (fix && (!rule || (id && mdg_streq(id, rule))))
			v[n++] = fix;
	}
	qsort(v, n, sizeof(*v), by_end);
	mdg_buf_puts(out, c->draft.body);
	for (i = 0; i < n; i++) {
		json_int_t from =
			json_integer_value(json_object_get(v[i], "start"));
		json_int_t to =
			json_integer_value(json_object_get(v[i], "end"));
		const char *text =
			json_string_value(json_object_get(v[i], "text"));
		if (from < 0 || to < from || to > limit || !text)
			continue;
		MDG_AUTO(mdg_freep) char *old = mdg_buf_steal(out);
		size_t len = strlen(old);
		size_t a = mdg_utf8_offset(old, len, (size_t)from);
		size_t b = mdg_utf8_offset(old, len, (size_t)to);
		mdg_buf_put(out, old, a);
		mdg_buf_puts(out, text);
		mdg_buf_puts(out, old + b);
		limit = from;
		done++;
	}
	return done;
}

static bool
draft_fix(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	const char *id = mdg_act_number(c, c->draft.id);
	json_t *list;

	if (!mdg_act_need_person(c, err) ||
	    !mdg_check_kept(c->desk, &c->draft, &list, err))
		return false;
	if (!list)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_not_checked,
				    id, NULL);
	size_t n = mend(c, list, mdg_arg_text(c, "rule", NULL), &out);
	json_decref(list);
	if (n == 0)
		return mdg_fail_msg(err, MDG_ESTATE,
				    MDG_MSG_draft_nothing_to_fix, id, NULL);
	c->draft.body = mdg_arena_strdup(c->arena, mdg_buf_str(&out));
	mdg_result_int(c, "fixed", (int64_t)n);
	mdg_result_text(c, "body", c->draft.body);
	return mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_EDIT,
				    err) &&
	       mdg_act_draft_event(c, "draft.fix",
				   json_pack("{s:I}", "fixed", (json_int_t)n),
				   err);
}

const struct mdg_act mdg_acts_review[] = {
	{"approve",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR, /* and mdg_act_may_decide() */
	 false,
	 {{"draft", 'i', true},
	  {"revision", 'i', false},
	  {"at", 's', false},
	  {"body", 's', false},
	  {"code", 's', false},
	  {"note", 's', false},
	  {"again", 'i', false}, /* the customer's mail that was read */
	  {"confirm", 's', false},
	  {"seen", 's', false},
	  {"override", 's', false}},
	 approve},
	{"approval.takeover",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true}},
	 takeover},
	{"approval.show",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 MDG_VIEWS,
	 {{"draft", 'i', true}},
	 review},
	{"approval.list",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 true,
	 {{0}},
	 waiting_list},
	{"approval.reasons",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{0}},
	 reasons},
	{"draft.fix",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true}, {"rule", 's', false}},
	 draft_fix},
	{0},
};
