/* Who is to be told what, and when: out of the events, in order. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/leads.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/shift.h"
#include "madoguchi/store/st_lead.h"
#include "madoguchi/store/st_warn.h"
#include "maildesk-int.h"

enum {
	EVENTS_AT_ONCE = 200,
	DUE_MAX = 200,
	REFUSED_WAIT_S = 10,
	SUGGESTION_WAIT_S = 8, /* candidates are worth that */
	DAY_S = 86400,
	DIGEST_EVERY_S = 60,
};

/* ---- events ---- */

static const char *
seq_key(struct mdg_desk *d, struct mdg_arena *a)
{
	return mdg_arena_printf(a, "maildesk_seq:%" PRId64, d->lane.lane);
}

static bool
load_seq(struct mdg_desk *d, struct mdg_arena *a, int64_t *ret,
	 struct mdg_err *err)
{
	const char *text;

	if (!mdg_setting_get(d->db, seq_key(d, a), a, &text, err))
		return false;
	/* from the beginning of the desk by mail on, not of the desk */
	if (!mdg_str_i64(text, 0, INT64_MAX, ret))
		*ret = -1;
	return true;
}

static bool
tell_leads(struct mdg_desk *d, const struct mdg_ticket *t, const char *kind,
	   int64_t draft, int64_t but, struct mdg_err *err)
{
	const struct mdg_mail_due due = {
		.kind = kind, .ticket_id = t->id, .draft_id = draft};

	return mdg_md_tell_leads(d, t->win_id, &due, but, err);
}

static bool
author_of(struct mdg_desk *d, int64_t draft, int64_t *ret, struct mdg_err *err)
{
	*ret = 0;
	return mdg_db_i64(d->db, ret, err,
			  "SELECT author_id FROM draft WHERE id = ?1", "i",
			  draft) != MDG_FAILED;
}

static bool
draft_of_outbox(struct mdg_desk *d, int64_t outbox, int64_t *ret,
		struct mdg_err *err)
{
	*ret = 0;
	return mdg_db_i64(d->db, ret, err,
			  "SELECT COALESCE(draft_id, 0) FROM outbox"
			  " WHERE id = ?1",
			  "i", outbox) != MDG_FAILED;
}

/* An event of a ticket, as something to tell. */
static bool
heard(struct mdg_desk *d, const struct mdg_mail_event *e, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	int64_t draft, author;
	bool ok = true;

	if (!e->ticket_id ||
	    !mdg_desk_ticket_root(d, e->ticket_id, &a, &t, NULL))
		return true; /* deleted meanwhile */
	json_t *codes = json_loads(e->codes, 0, NULL);
	int64_t to = json_integer_value(json_object_get(codes, "to"));
	draft = json_integer_value(json_object_get(codes, "draft"));
	if (!draft && mdg_str_starts(e->kind, "outbox."))
		ok = draft_of_outbox(
			d, json_integer_value(json_object_get(codes, "outbox")),
			&draft, err);
	ok = ok && author_of(d, draft, &author, err);
	if (!ok)
		;
	else if (mdg_streq(e->kind, "mail.in"))
		ok = !mdg_streq(
			     json_string_value(json_object_get(codes, "class")),
			     "ordinary") ||
		     json_is_true(json_object_get(codes, "history")) ||
		     json_is_true(json_object_get(codes, "thanks")) ||
		     mdg_md_tell(d, t.assignee_id, "ticket", t.id, 0, err);
	else if (mdg_streq(e->kind, "ticket.assign") ||
		 mdg_streq(e->kind, "ticket.handover"))
		ok = mdg_md_tell(d, to, "ticket", t.id, 0, err);
	else if (mdg_streq(e->kind, "ticket.escalated"))
		ok = mdg_md_tell(d, to, "escalated", t.id, 0, err);
	else if (mdg_streq(e->kind, "draft.submit") ||
		 mdg_streq(e->kind, "approval.escalated"))
		ok = tell_leads(d, &t, "approval", draft, author, err);
	else if (mdg_streq(e->kind, "draft.return"))
		ok = mdg_md_tell(d, author, "returned", t.id, draft, err);
	else if (draft && mdg_streq(e->kind, "outbox.sent"))
		ok = mdg_md_tell(d, author, "sent", t.id, draft, err);
	else if (draft && (mdg_streq(e->kind, "outbox.failed") ||
			   mdg_streq(e->kind, "outbox.unknown")))
		ok = mdg_md_tell(d, author, "failed", t.id, draft, err) &&
		     tell_leads(d, &t, "failed", draft, author, err);
	json_decref(codes);
	return ok;
}

static bool
read_events(struct mdg_desk *d, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mail_event *v =
		mdg_arena_array(&a, EVENTS_AT_ONCE, sizeof(*v));
	int64_t seq, one;
	char text[24];
	size_t n = 0;

	if (!load_seq(d, &a, &seq, err))
		return false;
	if (seq == d->lane.seq)
		return true;
	enum mdg_found f =
		mdg_db_i64(d->db, &one, err,
			   "SELECT person_id FROM mail_person LIMIT 1", "");
	if (f == MDG_FAILED)
		return false;
	if (seq >= 0 && seq < d->lane.seq && f == MDG_FOUND &&
	    !mdg_mail_events(d->db, d->lane.lane, seq, &a, v, EVENTS_AT_ONCE,
			     &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!heard(d, &v[i], err))
			return false;
	snprintf(text, sizeof(text), "%" PRId64,
		 n ? v[n - 1].seq : d->lane.seq);
	return mdg_setting_put(d->db, seq_key(d, &a), text, err);
}

/* ---- writing ---- */

static bool
simple(struct mdg_desk *d, const struct mdg_person *p,
       const struct mdg_ticket *t, const struct mdg_mail_due *due,
       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_md_say s = {.d = d,
			       .a = &a,
			       .now_s = mdg_now_s(),
			       .lang = mdg_person_lang(p)};
	const char *number = mdg_md_number(&s, t->number);
	struct mdg_draft draft;
	struct mdg_win w;

	if (mdg_win_by_id(d->db, t->win_id, &a, &w, err) != MDG_FOUND ||
	    !mdg_md_calendar(d, &w, &s.cal, err))
		return false;
	enum mdg_found f =
		mdg_draft_by_id(d->db, due->draft_id, &a, &draft, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (mdg_streq(due->kind, "returned")) {
		mdg_md_say(&s, MDG_MSG_md_returned, number,
			   draft.return_code ? draft.return_code : "",
			   draft.return_note ? draft.return_note : "", NULL);
		mdg_md_blank(&s);
		mdg_md_say(&s, MDG_MSG_md_returned_how, NULL);
	} else {
		mdg_md_say(&s,
			   mdg_streq(due->kind, "sent") ? MDG_MSG_md_sent
							: MDG_MSG_md_failed,
			   number, NULL);
	}
	mdg_md_blank(&s);
	bool ok = mdg_md_draft(&s, &draft, &w, err);
	struct mdg_md_mail m = {
		.to = p,
		.win = &w,
		.ticket = t,
		.purpose = "ticket",
		.draft_id = draft.id,
		.text = mdg_buf_str(&s.out),
		.shown = s.shown,
	};
	ok = ok && mdg_md_send(d, &m, err);
	mdg_buf_clear(&s.out);
	return ok;
}

static bool
refusals(struct mdg_desk *d, const struct mdg_person *p,
	 const struct mdg_mail_due *due, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_md_say s = {.d = d,
			       .a = &a,
			       .now_s = mdg_now_s(),
			       .lang = mdg_person_lang(p)};
	struct mdg_win w;
	size_t n;

	if (mdg_md_home(d, p->id, &a, &w, err) != MDG_FOUND ||
	    !mdg_md_calendar(d, &w, &s.cal, err) ||
	    !mdg_md_refused(&s, due->made_s - 3600, &n, err))
		return false;
	mdg_md_say(&s, MDG_MSG_md_refused_how, NULL);
	struct mdg_md_mail m = {
		.to = p,
		.win = &w,
		.purpose = "list",
		.subject = mdg_md_text(&s, MDG_MSG_md_refused_subject, NULL),
		.text = mdg_buf_str(&s.out),
	};
	bool ok = n == 0 || mdg_md_send(d, &m, err);
	mdg_buf_clear(&s.out);
	return ok;
}

/* Whoever led when it was asked may have gone until it is told. */
static bool
approval(struct mdg_desk *d, const struct mdg_person *p,
	 const struct mdg_ticket *t, const struct mdg_mail_due *due,
	 struct mdg_err *err)
{
	struct mdg_lead_ask q = {
		.win = t->win_id, .now_s = mdg_now_s(), .by_mail = true};
	bool leads;

	if (!author_of(d, due->draft_id, &q.but, err) ||
	    !mdg_lead_is(d->db, &q, p->id, &leads, err))
		return false;
	return leads ? mdg_md_approval_notice(d, p, due->draft_id, "", NULL,
					      err)
		     : mdg_md_tell_leads(d, t->win_id, due, q.but, err);
}

/* An overdue ticket that nobody sees to: told to the lead who answers for it
 * now, unless it is closed or somebody is at it again. */
static bool
escalated(struct mdg_desk *d, const struct mdg_person *p,
	  const struct mdg_ticket *t, struct mdg_err *err)
{
	int64_t owner;
	bool here = false;
	enum mdg_found f = mdg_escalation_get(d->db, t->id, &owner, err);

	if (f != MDG_FOUND || owner != p->id || mdg_streq(t->state, "closed"))
		return f != MDG_FAILED;
	if (t->assignee_id && t->assignee_id != p->id &&
	    !mdg_person_is_there(d->db, t->win_id, t->assignee_id, mdg_now_s(),
				 &here, err))
		return false;
	return here || mdg_md_ticket_notice(d, p, t,
					    mdg_msg_text(mdg_person_lang(p),
							 MDG_MSG_md_escalated),
					    NULL, err);
}

static bool
write_one(struct mdg_desk *d, const struct mdg_person *p,
	  const struct mdg_mail_due *due, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;

	if (mdg_streq(due->kind, "refused"))
		return refusals(d, p, due, err);
	if (!mdg_desk_ticket_root(d, due->ticket_id, &a, &t, NULL))
		return true; /* deleted meanwhile */
	if (mdg_streq(due->kind, "ticket"))
		return t.assignee_id != p->id || mdg_streq(t.state, "closed") ||
		       mdg_md_ticket_notice(d, p, &t, "", NULL, err);
	if (mdg_streq(due->kind, "escalated"))
		return escalated(d, p, &t, err);
	if (mdg_streq(due->kind, "approval"))
		return approval(d, p, &t, due, err);
	return simple(d, p, &t, due, err);
}

/* mdg-text may still be at the ticket's newest mail. */
static bool
has_to_wait(struct mdg_desk *d, const struct mdg_mail_due *due, int64_t now_s,
	    bool *ret, struct mdg_err *err)
{
	int64_t one;

	/* what is refused comes in swarms: one mail tells of them */
	*ret = mdg_streq(due->kind, "refused") &&
	       now_s - due->made_s < REFUSED_WAIT_S;
	if (!mdg_streq(due->kind, "ticket") ||
	    now_s - due->made_s >= SUGGESTION_WAIT_S)
		return true;
	enum mdg_found f = mdg_db_i64(
		d->db, &one, err,
		"SELECT 1 FROM ticket t JOIN suggestion s"
		" ON s.ticket_id = t.id AND s.message_id = t.newest_message_id"
		" WHERE t.id = ?1",
		"i", due->ticket_id);
	*ret = f == MDG_NONE;
	return f != MDG_FAILED;
}

/* Outside the hours of the window nobody is disturbed, unless it is wanted. */
static bool
is_quiet(struct mdg_desk *d, int64_t ticket, int64_t person, int64_t now_s,
	 bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_calendar *cal;
	const char *night;
	struct mdg_win w;
	int64_t win;
	enum mdg_found f;

	*ret = false;
	if (!mdg_setting_get(d->db, "maildesk_at_night", &a, &night, err))
		return false;
	if (mdg_streq(night, "on"))
		return true;
	if (ticket) {
		f = mdg_db_i64(d->db, &win, err,
			       "SELECT win_id FROM ticket WHERE id = ?1", "i",
			       ticket);
		if (f == MDG_FOUND)
			f = mdg_win_by_id(d->db, win, &a, &w, err);
	} else {
		f = mdg_md_home(d, person, &a, &w, err);
	}
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (!mdg_md_calendar(d, &w, &cal, err))
		return false;
	*ret = cal && !mdg_shift_is_on(cal, now_s);
	return true;
}

static bool
write_due(struct mdg_desk *d, const struct mdg_mail_due *due, int64_t now_s,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_person p;
	bool wait, quiet;

	if (!has_to_wait(d, due, now_s, &wait, err) ||
	    !is_quiet(d, due->ticket_id, due->person_id, now_s, &quiet, err))
		return false;
	if (wait || quiet)
		return true;
	enum mdg_found f = mdg_person_by_id(d->db, due->person_id, &a, &p, err);
	if (f == MDG_FAILED)
		return false;
	if (!mdg_desk_begin(d, err))
		return false;
	struct mdg_err why;
	bool ok = f == MDG_NONE ||
		  (p.disabled && !mdg_streq(due->kind, "approval")) ||
		  write_one(d, &p, due, &why);
	if (!ok) {
		/* one that cannot be written holds up no other */
		mdg_error("notice %s for ticket %lld: %s", due->kind,
			  (long long)due->ticket_id, mdg_err_en(&why));
		mdg_desk_rollback(d);
		if (!mdg_desk_begin(d, err))
			return false;
	}
	if (mdg_mail_due_drop(d->db, due->id, err) && mdg_desk_commit(d, err))
		return true;
	mdg_desk_rollback(d);
	return false;
}

/* ---- each morning ---- */

static bool
digest(struct mdg_desk *d, int64_t person, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_calendar *cal;
	struct mdg_mail_person mp;
	struct mdg_person p;
	struct mdg_win w;

	if (mdg_mail_person_get(d->db, person, &a, &mp, err) != MDG_FOUND ||
	    mdg_person_by_id(d->db, person, &a, &p, err) != MDG_FOUND ||
	    mdg_md_home(d, person, &a, &w, err) != MDG_FOUND ||
	    !mdg_md_calendar(d, &w, &cal, err))
		return false;
	/* when the window opens; without hours, at nine in Japan */
	int64_t day =
		cal ? mdg_calendar_day(cal, now_s) : (now_s + 9 * 3600) / DAY_S;
	bool open = cal ? mdg_shift_has_begun(cal, now_s)
			: (now_s + 9 * 3600) % DAY_S >= 9 * 3600;
	if (day == mp.digest_day || !open)
		return true;
	bool first = mp.digest_day == 0;
	mp.digest_day = day;
	if (!mdg_desk_begin(d, err))
		return false;
	/* on the first day there was no night to tell of */
	if ((first ||
	     mdg_md_list(d, &p,
			 mdg_msg_text(mdg_person_lang(&p), MDG_MSG_md_morning),
			 NULL, err)) &&
	    mdg_mail_person_put(d->db, &mp, err) && mdg_desk_commit(d, err))
		return true;
	mdg_desk_rollback(d);
	return false;
}

static bool
digests(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t people[MDG_MD_PEOPLE_MAX], last_s;
	const char *text;
	char now[24];
	size_t n;

	if (!mdg_setting_get(d->db, "maildesk_looked", &a, &text, err))
		return false;
	if (mdg_str_i64(text, 0, INT64_MAX, &last_s) &&
	    now_s - last_s < DIGEST_EVERY_S && now_s >= last_s)
		return true;
	if (!mdg_mail_people(d->db, people, MDG_LEN(people), &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!digest(d, people[i], now_s, err))
			return false;
	snprintf(now, sizeof(now), "%" PRId64, now_s);
	if (!mdg_desk_begin(d, err))
		return false;
	if (mdg_setting_put(d->db, "maildesk_looked", now, err) &&
	    mdg_mail_token_expire(d->db, now_s - 90 * DAY_S, err) &&
	    mdg_desk_commit(d, err))
		return true;
	mdg_desk_rollback(d);
	return false;
}

/* ---- every second ---- */

bool
mdg_maildesk_due(struct mdg_desk *d)
{
	int64_t one;

	return mdg_db_i64(d->db, &one, NULL,
			  "SELECT person_id FROM mail_person LIMIT 1",
			  "") == MDG_FOUND;
}

bool
mdg_maildesk_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mail_due *v = mdg_arena_array(&a, DUE_MAX, sizeof(*v));
	size_t n;
	int64_t seq;

	if (!load_seq(d, &a, &seq, err))
		return false;
	if (seq != d->lane.seq) {
		if (!mdg_desk_begin(d, err))
			return false;
		if (!read_events(d, err) || !mdg_desk_commit(d, err)) {
			mdg_desk_rollback(d);
			return false;
		}
	}
	if (!mdg_mail_due_list(d->db, &a, v, DUE_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!write_due(d, &v[i], now_s, err))
			return false;
	return digests(d, now_s, err);
}
