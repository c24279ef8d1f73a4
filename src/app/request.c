/* What a request for approval carries beside the revision it is for. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/leads.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/app/warn.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/shift.h"
#include "madoguchi/store/st_review.h"

#include "review-int.h"

enum {
	ESCALATE_S = 30 * 60,
	ESCALATIONS_MAX = 100,
	JUDGES_MAX = 100,
	WAITING_MAX = 2000,
	WINS_MAX = 200,
};

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* The rules that stand in the way, "a,b"; the first one's words. */
static const char *
blocking(struct mdg_act_call *c, const json_t *list, bool anew,
	 const char **ret_words, int64_t *ret_n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t i;
	json_t *f;

	*ret_words = "";
	*ret_n = 0;
	json_array_foreach (list, i, f) {
		const char *rule = text_of(f, "rule");
		if (!mdg_streq(text_of(f, "severity"), "error") ||
		    (anew && mdg_streq(rule, mdg_guard_name(MDG_GUARD_STALE))))
			continue;
		if (!b.len)
			*ret_words = text_of(f, "message");
		mdg_buf_printf(&b, "%s%s", b.len ? "," : "", rule);
		++*ret_n;
	}
	return mdg_arena_strdup(c->arena, mdg_buf_str(&b));
}

bool
mdg_request_findings(struct mdg_act_call *c, struct mdg_request *q,
		     struct mdg_err *err)
{
	json_t *list;

	*q = (struct mdg_request){.care = "", .overridden = "", .reason = ""};
	if (!mdg_check_kept(c->desk, &c->draft, &list, err))
		return false;
	/* who did not come by the daemon's task has no words of mdg-text */
	if (!list && !mdg_check_keep(c->desk, &c->draft, NULL, &list, err))
		return false;
	json_object_set_new(c->result, "findings", list);
	q->list = list;
	MDG_AUTO(mdg_freep) char *dump = json_dumps(list, JSON_COMPACT);
	q->findings = mdg_arena_strdup(c->arena, dump);
	mdg_check_word(list, c->actor->lang);
	return true;
}

void
mdg_request_word(json_t *requests, enum mdg_lang lang)
{
	size_t i;
	json_t *one;

	json_array_foreach (requests, i, one) {
		const char *kept =
			json_string_value(json_object_get(one, "findings"));
		json_t *list = kept ? json_loads(kept, 0, NULL) : NULL;
		mdg_check_word(list, lang);
		json_object_set_new(one, "findings",
				    list ? list : json_array());
	}
}

bool
mdg_request_check(struct mdg_act_call *c, bool anew, struct mdg_request *q,
		  struct mdg_err *err)
{
	const char *words;
	bool unscanned; /* mdg_care() tells of it */
	int64_t n;

	if (!mdg_scan_check_draft(c->desk, c->draft.id, &unscanned, err))
		return false;
	const char *rules = blocking(c, q->list, anew, &words, &n);
	if (!*rules)
		return true;
	q->reason = mdg_arg_text(c, "override", "");
	if (!*q->reason)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_draft_blocked,
				    mdg_act_number(c, c->draft.id), words,
				    mdg_act_number(c, n), NULL);
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

/* 30 minutes of the window's working hours from now, then when people are
 * there. */
static bool
escalation(struct mdg_act_call *c, int64_t *ret, struct mdg_err *err)
{
	bool night;
	int64_t id;
	enum mdg_found f = mdg_versioned_newest(c->desk->db, MDG_CALENDAR,
						c->win.calendar, &id, err);

	*ret = c->now_s + ESCALATE_S;
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	const struct mdg_calendar *cal = mdg_desk_calendar(c->desk, id, err);
	if (!cal ||
	    !mdg_setting_is_on(c->desk, "warn_at_night", false, &night, err))
		return false;
	/* beyond the calendar's years: clock time */
	if (mdg_calendar_add(cal, c->now_s, ESCALATE_S, ret, NULL) && !night)
		*ret = mdg_shift_next(cal, *ret);
	return true;
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

struct waiting {
	int64_t person, ticket, draft;
	const char *author;
};

struct batch {
	struct mdg_arena arena;
	struct waiting v[WAITING_MAX];
	size_t n;
};

static void
put(struct mdg_buf *out, enum mdg_lang lang, enum mdg_msg id,
    const struct waiting *w)
{
	char number[24], draft[24], text[2000];
	const char *args[] = {number, draft, w->author};

	snprintf(number, sizeof(number), "%" PRId64, w->ticket);
	snprintf(draft, sizeof(draft), "%" PRId64, w->draft);
	mdg_buf_puts(out,
		     mdg_msg_format(lang, id, 3, args, text, sizeof(text)));
}

/* One mail of all that waits for this person. */
static bool
tell(struct mdg_desk *d, const struct batch *b, int64_t person,
     struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf subject = {0}, text = {0};
	struct mdg_person p;
	char many[24], head[200];
	const char *args[] = {many};
	size_t n = 0, last = 0;

	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].person == person) {
			n++;
			last = i;
		}
	if (mdg_person_by_id(d->db, person, &a, &p, err) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "no person %lld",
				(long long)person);
	enum mdg_lang lang = mdg_lang_from_locale(p.lang);
	if (n == 1) {
		put(&subject, lang, MDG_MSG_escalated_subject, &b->v[last]);
		put(&text, lang, MDG_MSG_escalated_text, &b->v[last]);
		return mdg_person_mail(d, &p, mdg_buf_str(&subject),
				       mdg_buf_str(&text), err);
	}
	snprintf(many, sizeof(many), "%zu", n);
	mdg_msg_format(lang, MDG_MSG_escalated_many_subject, 1, args, head,
		       sizeof(head));
	mdg_put_line(&text, lang, MDG_MSG_escalated_many_text, 1, args);
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].person == person) {
			put(&text, lang, MDG_MSG_escalated_line, &b->v[i]);
			mdg_buf_putc(&text, '\n');
		}
	mdg_put_line(&text, lang, MDG_MSG_escalated_many_end, 0, NULL);
	return mdg_person_mail(d, &p, head, mdg_buf_str(&text), err);
}

static bool
tell_all(struct mdg_desk *d, const struct batch *b, struct mdg_err *err)
{
	for (size_t i = 0; i < b->n; i++) {
		bool told = false;
		for (size_t k = 0; k < i; k++)
			told = told || b->v[k].person == b->v[i].person;
		if (!told && !tell(d, b, b->v[i].person, err))
			return false;
	}
	return true;
}

/* Each lead and deputy but the author, unless warnings by mail are off. */
static bool
find_judges(struct mdg_desk *d, const struct mdg_revision_row *row,
	    const struct mdg_ticket *t, int64_t now_s, struct batch *b,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t ids[JUDGES_MAX];
	const struct mdg_lead_ask q = {.win = t->win_id,
				       .now_s = now_s,
				       .but = row->requested_by,
				       .by_mail = true};
	struct mdg_person p = {.name = ""};
	const char *wanted;
	size_t n;

	if (!mdg_setting_get(d->db, "warn_mail", &a, &wanted, err))
		return false;
	if (mdg_streq(wanted, "off"))
		return true;
	if (mdg_person_by_id(d->db, row->requested_by, &a, &p, err) ==
		    MDG_FAILED ||
	    !mdg_leads(d->db, &q, ids, JUDGES_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n && b->n < WAITING_MAX; i++)
		b->v[b->n++] =
			(struct waiting){ids[i], t->number, row->draft_id,
					 mdg_arena_strdup(&b->arena, p.name)};
	return true;
}

static bool
escalate(struct mdg_desk *d, int64_t revision, int64_t now_s, struct batch *b,
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
	       find_judges(d, &row, &t, now_s, b, err) &&
	       mdg_ticket_update(d->db, &t, err);
}

/* Nobody gets such a mail for each of many: those of the pause come together,
 * and are marked then. A clock that went back waits for nothing. */
static bool
is_pause(struct mdg_desk *d, int64_t now_s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text;
	int64_t told_s;

	return mdg_setting_get(d->db, "approvals_told", &a, &text, NULL) &&
	       mdg_str_i64(text, 0, INT64_MAX, &told_s) && now_s >= told_s &&
	       now_s - told_s < MDG_WARN_PAUSE_S;
}

/* Where something waited too long and people are there to be told. */
static bool
find_windows(struct mdg_desk *d, int64_t now_s, int64_t *wins, size_t *ret_n,
	     struct mdg_err *err)
{
	size_t all, n = 0;
	bool there;

	if (!mdg_review_overdue_windows(d->db, now_s, wins, WINS_MAX, &all,
					err))
		return false;
	for (size_t i = 0; i < all; i++) {
		if (!mdg_win_is_there(d, wins[i], now_s, &there, err))
			return false;
		if (there)
			wins[n++] = wins[i];
	}
	*ret_n = n;
	return true;
}

bool
mdg_approval_due(struct mdg_desk *d, int64_t now_s)
{
	int64_t wins[WINS_MAX];
	size_t n;

	return find_windows(d, now_s, wins, &n, NULL) && n &&
	       !is_pause(d, now_s);
}

static bool
escalate_window(struct mdg_desk *d, int64_t win, int64_t now_s, struct batch *b,
		struct mdg_err *err)
{
	int64_t revision;

	for (int i = 0; i < ESCALATIONS_MAX; i++) {
		enum mdg_found f =
			mdg_review_overdue(d->db, win, now_s, &revision, err);
		if (f != MDG_FOUND)
			return f == MDG_NONE;
		if (!escalate(d, revision, now_s, b, err))
			return false;
	}
	return true;
}

static bool
escalate_all(struct mdg_desk *d, int64_t now_s, struct batch *b,
	     struct mdg_err *err)
{
	int64_t wins[WINS_MAX];
	char now[24];
	size_t n;

	if (!find_windows(d, now_s, wins, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!escalate_window(d, wins[i], now_s, b, err))
			return false;
	snprintf(now, sizeof(now), "%" PRId64, now_s);
	return tell_all(d, b, err) &&
	       (!b->n || mdg_setting_put(d->db, "approvals_told", now, err));
}

bool
mdg_approval_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	struct batch *b = mdg_calloc(1, sizeof(*b));
	bool ok = escalate_all(d, now_s, b, err);

	mdg_arena_clear(&b->arena);
	free(b);
	return ok;
}
