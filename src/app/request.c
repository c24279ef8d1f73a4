/* What a request for approval carries beside the revision it is for. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/notice.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_review.h"

#include "review-int.h"

enum { ESCALATE_S = 30 * 60, ESCALATIONS_MAX = 100, JUDGES_MAX = 100 };

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* The rules that stand in the way, "a,b"; the first one's words. */
static const char *
blocking(struct mdg_act_call *c, const json_t *list, bool anew,
	 const char **ret_words)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t i;
	json_t *f;

	*ret_words = "";
	json_array_foreach(list, i, f)
	{
		const char *rule = text_of(f, "rule");
		if (!mdg_streq(text_of(f, "severity"), "error") ||
		    (anew && mdg_streq(rule, "guard.stale")))
			continue;
		if (!b.len)
			*ret_words = text_of(f, "message");
		mdg_buf_printf(&b, "%s%s", b.len ? "," : "", rule);
	}
	return mdg_arena_strdup(c->arena, mdg_buf_str(&b));
}

bool
mdg_request_check(struct mdg_act_call *c, bool anew, struct mdg_request *q,
		  struct mdg_err *err)
{
	const char *words;
	json_t *list;

	*q = (struct mdg_request){.care = "", .overridden = "", .reason = ""};
	if (!mdg_check_kept(c->desk, &c->draft, &list, err))
		return false;
	/* who did not come by the daemon's task has no words of mdg-text */
	if (!list && !mdg_check_keep(c->desk, &c->draft, NULL, c->actor->lang,
				     &list, err))
		return false;
	json_object_set_new(c->result, "findings", list);
	q->list = list;
	MDG_AUTO(mdg_freep) char *dump = json_dumps(list, JSON_COMPACT);
	q->findings = mdg_arena_strdup(c->arena, dump);
	const char *rules = blocking(c, list, anew, &words);
	if (!*rules)
		return true;
	q->reason = mdg_arg_text(c, "override", "");
	if (!*q->reason)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_blocked,
				    mdg_act_number(c, c->draft.id), words,
				    NULL);
	q->overridden = rules;
	return true;
}

bool
mdg_request_care(struct mdg_act_call *c, struct mdg_request *q,
		 struct mdg_err *err)
{
	return mdg_care(c->desk, &c->draft, &c->ticket, q->list, *q->overridden,
			c->arena, &q->care, err);
}

/* 30 minutes of the window's working hours from now. */
static bool
escalation(struct mdg_act_call *c, int64_t *ret, struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_versioned_newest(c->desk->db, MDG_CALENDAR,
						c->win.calendar, &id, err);

	*ret = c->now_s + ESCALATE_S;
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	const struct mdg_calendar *cal = mdg_desk_calendar(c->desk, id, err);
	/* beyond the calendar's years: clock time */
	return cal &&
	       (mdg_calendar_add(cal, c->now_s, ESCALATE_S, ret, NULL) || true);
}

bool
mdg_request_add(struct mdg_act_call *c, int64_t revision,
		const struct mdg_request *q, bool waits, struct mdg_err *err)
{
	struct mdg_review r = {
		.revision_id = revision,
		.draft_id = c->draft.id,
		.win_id = c->win.id,
		.author_id = c->draft.author_id,
		.body = c->draft.body,
		.care = q->care,
		.overridden = q->overridden,
		.reason = q->reason,
		.asked_s = c->now_s,
	};

	if (waits && !escalation(c, &r.escalate_s, err))
		return false;
	mdg_result_text(c, "care", q->care);
	return mdg_review_add(c->desk->db, &r, err) &&
	       (waits || mdg_review_close(c->desk->db, revision, "released",
					  NULL, 0, err));
}

json_t *
mdg_request_codes(int64_t revision, const struct mdg_request *q)
{
	return json_pack("{s:I,s:s,s:s,s:I}", "revision", revision, "care",
			 q->care, "overridden", q->overridden, "findings",
			 (json_int_t)json_array_size(q->list));
}

/* ---- waiting too long ---- */

static bool
tell(struct mdg_desk *d, int64_t person, const struct mdg_revision_row *row,
     const struct mdg_ticket *t, const char *author, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings to = {0};
	struct mdg_person p;
	char number[24], draft[24], subject[200], text[2000];
	int64_t outbox;

	if (mdg_person_by_id(d->db, person, &a, &p, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no person %lld",
				(long long)person);
	enum mdg_lang lang = mdg_lang_from_locale(p.lang);
	snprintf(number, sizeof(number), "%" PRId64, t->number);
	snprintf(draft, sizeof(draft), "%" PRId64, row->draft_id);
	const char *args[] = {number, draft, author};
	mdg_msg_format(lang, MDG_MSG_escalated_subject, 3, args, subject,
		       sizeof(subject));
	mdg_msg_format(lang, MDG_MSG_escalated_text, 3, args, text,
		       sizeof(text));
	mdg_strings_add(&to, &a, p.email, strlen(p.email));
	struct mdg_notice n = {
		.kind = "notice", .to = &to, .subject = subject, .text = text};
	enum mdg_found f = mdg_notice_account(d, 0, &n.account_id, err);
	return f == MDG_FOUND ? mdg_notice_put(d, &n, &outbox, err)
			      : f == MDG_NONE;
}

/* Each lead and deputy but the author, unless warnings by mail are off. */
static bool
tell_judges(struct mdg_desk *d, const struct mdg_revision_row *row,
	    const struct mdg_ticket *t, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t ids[JUDGES_MAX];
	struct mdg_person p = {.name = ""};
	const char *wanted;
	size_t n;

	if (!mdg_setting_get(d->db, "warn_mail", &a, &wanted, err))
		return false;
	if (mdg_streq(wanted, "off"))
		return true;
	if (mdg_person_by_id(d->db, row->requested_by, &a, &p, err) ==
		    MDG_FAILED ||
	    !mdg_review_judges(d->db, t->win_id, row->requested_by, now_s, ids,
			       JUDGES_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!tell(d, ids[i], row, t, p.name, err))
			return false;
	return true;
}

static bool
escalate(struct mdg_desk *d, int64_t revision, int64_t now_s,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_revision_row row;
	struct mdg_ticket t;

	if (mdg_revision_by_id(d->db, revision, &a, &row, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no revision %lld",
				(long long)revision);
	return mdg_review_escalated(d->db, revision, now_s, err) &&
	       mdg_desk_ticket_root(d, row.ticket_id, &a, &t, err) &&
	       mdg_desk_event(d, &mdg_actor_system, &t, "approval.escalated",
			      json_pack("{s:I,s:I}", "draft", row.draft_id,
					"revision", revision),
			      NULL, err) &&
	       tell_judges(d, &row, &t, now_s, err) &&
	       mdg_ticket_update(d->db, &t, err);
}

bool
mdg_approval_due(struct mdg_desk *d, int64_t now_s)
{
	int64_t revision;
	struct mdg_err err;

	return mdg_review_overdue(d->db, now_s, &revision, &err) == MDG_FOUND;
}

bool
mdg_approval_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	int64_t revision;

	for (int i = 0; i < ESCALATIONS_MAX; i++) {
		enum mdg_found f =
			mdg_review_overdue(d->db, now_s, &revision, err);
		if (f != MDG_FOUND)
			return f == MDG_NONE;
		if (!escalate(d, revision, now_s, err))
			return false;
	}
	return true;
}
