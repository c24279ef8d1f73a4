#include "madoguchi/app/warn.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/app/leads.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/clock_machine.h"
#include "madoguchi/store/st_warn.h"

enum { PEOPLE_MAX = 500 };

/* ---- whom ---- */

static bool
is_lead(const struct mdg_round_win *w, int64_t person)
{
	bool is = false;

	for (size_t i = 0; i < w->leads_n; i++)
		is = is || w->leads[i].id == person;
	return is;
}

/* Who has the fewest overdue tickets; NULL: nobody leads here. */
static struct mdg_lead *
choose(struct mdg_round_win *w)
{
	struct mdg_lead *one = NULL;

	for (size_t i = 0; i < w->leads_n; i++)
		if (!one || w->leads[i].late_n < one->late_n)
			one = &w->leads[i];
	return one;
}

/* One owner for each overdue ticket: who has it and is there, else a lead. */
static bool
find_owner(struct mdg_desk *d, struct mdg_round *r, struct mdg_ticket *t,
	   int64_t *ret, bool *ret_new, struct mdg_err *err)
{
	struct mdg_round_win *w;
	struct mdg_lead *to;
	bool here = false;
	int64_t was;

	*ret = t->assignee_id;
	*ret_new = false;
	if (t->assignee_id && !mdg_round_is_there(d->db, r, t->win_id,
						  t->assignee_id, &here, err))
		return false;
	if (here)
		return true;
	if (!mdg_round_owner(d->db, r, t->id, &was, err) ||
	    !mdg_round_leads(d->db, r, t->win_id, &w, err))
		return false;
	if (was && is_lead(w, was)) {
		*ret = was;
		return true;
	}
	if (!(to = choose(w)))
		return true;
	to->late_n++;
	*ret = to->id;
	*ret_new = true;
	return mdg_round_own(d->db, r, t->id, to->id, err) &&
	       mdg_desk_event(d, &mdg_actor_system, t, "ticket.escalated",
			      json_pack("{s:I}", "to", (json_int_t)to->id),
			      NULL, err);
}

bool
mdg_warn_own(struct mdg_desk *d, struct mdg_round *r, struct mdg_ticket *t,
	     struct mdg_err *err)
{
	int64_t owner;
	bool is_new;

	if (!t->win_id || !t->due_s || t->due_s >= mdg_now_s())
		return true;
	return find_owner(d, r, t, &owner, &is_new, err) &&
	       (!is_new ||
		mdg_warning_late(d->db, t->id, owner, mdg_now_s(), err));
}

bool
mdg_warn_left(struct mdg_desk *d, int64_t person, struct mdg_err *err)
{
	enum { TICKETS_MAX = 1000 };
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_round r = {.a = &a};
	int64_t ids[TICKETS_MAX];
	size_t n;

	if (!mdg_escalation_of(d->db, person, ids, TICKETS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct mdg_ticket t;
		if (mdg_ticket_by_id(d->db, ids[i], &a, &t, err) != MDG_FOUND ||
		    !mdg_warn_own(d, &r, &t, err) ||
		    !mdg_ticket_update(d->db, &t, err))
			return false;
	}
	return true;
}

/* Told to those who lead there but `told`, who has it already; 0: nobody.
 * clock_n < 0: of the ticket itself, which is open and nobody's. */
static bool
tell_leads(struct mdg_desk *d, struct mdg_round *r, const struct mdg_ticket *t,
	   int64_t clock_n, bool breached, int64_t told, struct mdg_err *err)
{
	struct mdg_round_win *w;
	bool ok = mdg_round_told(d->db, r, t->win_id, &w, err);

	for (size_t i = 0; ok && i < w->told_n; i++)
		ok = w->told[i] == told ||
		     mdg_warning_add(d->db, t->id, clock_n, breached,
				     w->told[i], mdg_now_s(), err);
	return ok;
}

bool
mdg_warn_note(struct mdg_desk *d, struct mdg_round *r, struct mdg_ticket *t,
	      const struct mdg_clock *clock, bool breached, struct mdg_err *err)
{
	int64_t owner = t->assignee_id;
	bool here = false, is_new;

	/* answered too late is late, but there is nothing left to do */
	if (clock->stopped_s)
		return true;
	if (breached && !find_owner(d, r, t, &owner, &is_new, err))
		return false;
	if (owner && !breached &&
	    !mdg_round_is_there(d->db, r, t->win_id, owner, &here, err))
		return false;
	if (owner && (here || breached) &&
	    !mdg_warning_add(d->db, t->id, clock->n, breached, owner,
			     mdg_now_s(), err))
		return false;
	/* a warning is its operator's; without one, and late, the leads' */
	return (here && !breached) ||
	       tell_leads(d, r, t, clock->n, breached, breached ? owner : 0,
			  err);
}

bool
mdg_warn_nobodys(struct mdg_desk *d, struct mdg_ticket *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_round r = {.a = &a};

	return tell_leads(d, &r, t, -1, false, 0, err);
}

/* ---- the mail ---- */

/* Two lines: which clock of which ticket until when; about what, of whom. */
static void
put_warning(struct mdg_buf *out, enum mdg_lang lang,
	    const struct mdg_warning *w, const struct mdg_calendar *cal,
	    int64_t now_s)
{
	char number[24], due[40], left[80];
	const char *clock = w->clock;

	for (int k = 0; k < MDG_CLOCK_KIND_N; k++)
		if (mdg_streq(w->clock,
			      mdg_clock_kind_name((enum mdg_clock_kind)k)))
			clock = mdg_msg_text(
				lang,
				mdg_clock_kind_msg((enum mdg_clock_kind)k));
	snprintf(number, sizeof(number), "%" PRId64, w->ticket_number);
	mdg_put_minute(cal, w->due_s, due);
	mdg_msg_duration(lang, w->due_s - now_s, left, sizeof(left));
	const char *first[] = {number, clock, due, left};
	const char *second[] = {w->subject, *w->customer ? w->customer : "-",
				*w->assignee ? w->assignee : "-"};
	mdg_put_line(out, lang,
		     !*clock            ? MDG_MSG_warn_nobodys
		     : w->due_s < now_s ? MDG_MSG_warn_late
					: MDG_MSG_warn_soon,
		     4, first);
	mdg_put_line(out, lang, MDG_MSG_warn_about, 3, second);
}

static bool
write_mail(struct mdg_desk *d, const struct mdg_person *p,
	   const struct mdg_warning *v, const struct mdg_warned *sum,
	   int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	enum mdg_lang lang = mdg_person_lang(p);
	const struct mdg_calendar *cal;
	char subject[200], all[24], late[24], more[24];

	for (size_t i = 0; i < sum->listed; i++) {
		if (!mdg_win_calendar(d, v[i].win_id, &cal, err))
			return false;
		put_warning(&text, lang, &v[i], cal, now_s);
	}
	snprintf(more, sizeof(more), "%zu", sum->all - sum->listed);
	if (sum->all > sum->listed)
		mdg_put_line(&text, lang, MDG_MSG_warn_more, 1,
			     (const char *const[]){more});
	mdg_put_line(&text, lang, MDG_MSG_warn_end, 0, NULL);
	snprintf(all, sizeof(all), "%zu", sum->all);
	snprintf(late, sizeof(late), "%zu", sum->late);
	const char *args[] = {all, late};
	mdg_msg_format(lang, MDG_MSG_warn_subject, 2, args, subject,
		       sizeof(subject));
	return mdg_person_mail(d, p, subject, mdg_buf_str(&text), err);
}

/* ---- when ---- */

static const char *
told_key(int64_t person, struct mdg_arena *a)
{
	return mdg_arena_printf(a, "warned:%" PRId64, person);
}

static bool
may_tell(struct mdg_desk *d, int64_t person, int64_t now_s, struct mdg_arena *a,
	 bool *ret, struct mdg_err *err)
{
	const char *text;
	int64_t told_s;

	if (!mdg_setting_get(d->db, told_key(person, a), a, &text, err))
		return false;
	if (!mdg_str_i64(text, 0, INT64_MAX, &told_s))
		told_s = 0;
	*ret = now_s - told_s >= MDG_WARN_PAUSE_S;
	return true;
}

/* Are people there in any of the windows whose tickets it is about? */
static bool
is_awake(struct mdg_desk *d, const struct mdg_warning *v, size_t n,
	 int64_t now_s, bool *ret, struct mdg_err *err)
{
	*ret = false;
	for (size_t i = 0; i < n && !*ret; i++)
		if (!mdg_win_is_there(d, v[i].win_id, now_s, ret, err))
			return false;
	return true;
}

/* What waits for who left, or is away, is told those who lead there now. */
static bool
pass_on(struct mdg_desk *d, const struct mdg_person *p, int64_t win,
	int64_t now_s, struct mdg_err *err)
{
	const struct mdg_lead_ask q = {
		.win = win, .now_s = now_s, .but = p->id, .by_mail = true};
	int64_t leads[MDG_LEADS_MAX];
	size_t n, given = 0;
	bool here;

	if (!mdg_person_is_there(d->db, win, p->id, now_s, &here, err))
		return false;
	if (here)
		return true;
	if (!mdg_leads(d->db, &q, leads, MDG_LEADS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		/* all are away: whom it waits for is as good as they are */
		if (!mdg_person_is_there(d->db, win, leads[i], now_s, &here,
					 err))
			return false;
		if (!here && !p->disabled)
			continue;
		if (!mdg_warning_pass_on(d->db, win, p->id, leads[i], err))
			return false;
		given++;
	}
	return !given || mdg_warning_drop(d->db, win, p->id, err);
}

static bool
pass_all_on(struct mdg_desk *d, const struct mdg_person *p, int64_t now_s,
	    struct mdg_err *err)
{
	enum { WINS_MAX = 200 };
	int64_t wins[WINS_MAX];
	size_t n;

	if (!mdg_warning_windows(d->db, p->id, wins, WINS_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!pass_on(d, p, wins[i], now_s, err))
			return false;
	return true;
}

static bool
tell(struct mdg_desk *d, int64_t person, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_warning *v =
		mdg_arena_array(&a, MDG_WARN_LINES_MAX, sizeof(*v));
	struct mdg_person p;
	char now[24];
	struct mdg_warned sum;
	bool may, mail;

	if (!may_tell(d, person, now_s, &a, &may, err) ||
	    !mdg_setting_is_on(d, "warn_mail", true, &mail, err))
		return false;
	if (!may)
		return true;
	if (mdg_person_by_id(d->db, person, &a, &p, err) != MDG_FOUND ||
	    !pass_all_on(d, &p, now_s, err) ||
	    !mdg_warning_list(d->db, person, &a, now_s, v, MDG_WARN_LINES_MAX,
			      &sum, err))
		return false;
	mail = mail && !p.disabled && *p.email;
	if (sum.all && mail) {
		if (!is_awake(d, v, sum.listed, now_s, &may, err))
			return false;
		if (!may)
			return true;
		snprintf(now, sizeof(now), "%" PRId64, now_s);
		if (!write_mail(d, &p, v, &sum, now_s, err) ||
		    !mdg_setting_put(d->db, told_key(person, &a), now, err))
			return false;
	}
	return mdg_warning_clear(d->db, person, err);
}

bool
mdg_warn_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	int64_t people[PEOPLE_MAX], oldest_s;
	size_t n;

	enum mdg_found f = mdg_warning_oldest(d->db, &oldest_s, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (now_s - oldest_s < MDG_WARN_GATHER_S)
		return true;
	if (!mdg_warning_people(d->db, people, PEOPLE_MAX, &n, err) ||
	    !mdg_desk_begin(d, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!tell(d, people[i], now_s, err)) {
			mdg_desk_rollback(d);
			return false;
		}
	return mdg_desk_commit(d, err);
}
