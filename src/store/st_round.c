/* Rounds: what is asked of windows and people again and again. */
#include "madoguchi/store/st_round.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/store/st_desk.h"
#include "madoguchi/store/st_warn.h"

static struct mdg_round_win *
win_of(struct mdg_round *r, int64_t win)
{
	struct mdg_round_win *w = r->wins;

	while (w && w->win_id != win)
		w = w->next;
	if (w)
		return w;
	w = mdg_arena_alloc(r->a, sizeof(*w));
	memset(w, 0, sizeof(*w));
	w->win_id = win;
	w->next = r->wins;
	return r->wins = w;
}

enum mdg_found
mdg_round_versions(struct mdg_db *db, struct mdg_round *r, int64_t win,
		   int64_t *ret_policy, int64_t *ret_calendar,
		   struct mdg_err *err)
{
	struct mdg_round_win *w = win_of(r, win);
	enum mdg_found f = MDG_FOUND;

	if (!w->policy_id)
		f = mdg_win_versions(db, win, &w->policy_id, &w->calendar_id,
				     err);
	*ret_policy = w->policy_id;
	*ret_calendar = w->calendar_id;
	return f;
}

bool
mdg_round_leads(struct mdg_db *db, struct mdg_round *r, int64_t win,
		struct mdg_round_win **ret, struct mdg_err *err)
{
	const struct mdg_lead_ask q = {.win = win, .now_s = mdg_now_s()};
	struct mdg_round_win *w = *ret = win_of(r, win);

	if (!w->leads_known &&
	    !mdg_leads_late(db, &q, w->leads, MDG_LEADS_MAX, &w->leads_n, err))
		return false;
	w->leads_known = true;
	return true;
}

bool
mdg_round_told(struct mdg_db *db, struct mdg_round *r, int64_t win,
	       struct mdg_round_win **ret, struct mdg_err *err)
{
	const struct mdg_lead_ask q = {
		.win = win, .now_s = mdg_now_s(), .by_mail = true};
	struct mdg_round_win *w = *ret = win_of(r, win);

	if (!w->told_known &&
	    !mdg_leads(db, &q, w->told, MDG_LEADS_MAX, &w->told_n, err))
		return false;
	w->told_known = true;
	return true;
}

bool
mdg_round_is_there(struct mdg_db *db, struct mdg_round *r, int64_t win,
		   int64_t person, bool *ret, struct mdg_err *err)
{
	struct mdg_round_person *p = r->people;

	while (p && (p->id != person || p->win_id != win))
		p = p->next;
	if (!p) {
		p = mdg_arena_alloc(r->a, sizeof(*p));
		*p = (struct mdg_round_person){r->people, person, win, false};
		if (!mdg_person_is_there(db, win, person, mdg_now_s(),
					 &p->is_there, err))
			return false;
		r->people = p;
	}
	*ret = p->is_there;
	return true;
}

static int64_t *
owner_of(const struct mdg_round *r, int64_t ticket)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->ids[i] == ticket)
			return &r->owners[i];
	return NULL;
}

bool
mdg_round_owner(struct mdg_db *db, const struct mdg_round *r, int64_t ticket,
		int64_t *ret, struct mdg_err *err)
{
	const int64_t *known = owner_of(r, ticket);

	*ret = known ? *known : 0;
	return known || mdg_escalation_get(db, ticket, ret, err) != MDG_FAILED;
}

bool
mdg_round_own(struct mdg_db *db, struct mdg_round *r, int64_t ticket,
	      int64_t person, struct mdg_err *err)
{
	int64_t *known = owner_of(r, ticket);

	if (known)
		*known = person;
	return mdg_escalation_put(db, ticket, person, mdg_now_s(), err);
}
