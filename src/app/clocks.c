/* A ticket's clocks: out of its events, by desk/sla, into their rows. */
#include "clocks-int.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/warn.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

enum { ROWS_MAX = 1000 };

/* ---- policy and calendar: the versions the clocks were started with ---- */

/* Any row has them: all of a ticket's clocks are of one version. */
static bool
find_versions(struct mdg_desk *d, const struct mdg_ticket *t,
	      struct mdg_arena *a, struct mdg_clocks *p, struct mdg_err *err)
{
	struct mdg_win w;

	if (!mdg_clock_list(d->db, t->id, a, &p->rows, ROWS_MAX, &p->rows_n,
			    err))
		return false;
	if (p->rows_n) {
		p->policy_id = p->rows[0].policy_id;
		p->calendar_id = p->rows[0].calendar_id;
		return true;
	}
	return mdg_win_by_id(d->db, t->win_id, a, &w, err) == MDG_FOUND &&
	       mdg_versioned_newest(d->db, MDG_POLICY, w.policy, &p->policy_id,
				    err) == MDG_FOUND &&
	       mdg_versioned_newest(d->db, MDG_CALENDAR, w.calendar,
				    &p->calendar_id, err) == MDG_FOUND;
}

static bool
evaluate(struct mdg_clocks *p, int64_t now_s, struct mdg_err *err)
{
	for (size_t i = 0; i < p->stories_n; i++)
		if (!mdg_sla_evaluate(p->stories[i].targets, p->cal,
				      p->stories[i].events, p->stories[i].n,
				      now_s, &p->results[i], err))
			return false;
	return true;
}

/* What the stories share is told once. */
static void
collect(struct mdg_clocks *p, struct mdg_arena *a)
{
	size_t n = 0;

	for (size_t s = 0; s < p->stories_n; s++)
		n += p->results[s].n;
	p->v = mdg_arena_array(a, n, sizeof(*p->v));
	for (size_t s = 0; s < p->stories_n; s++)
		for (size_t i = 0; i < p->results[s].n; i++)
			if (s == 0 || p->results[s].clocks[i].started_s <
					      p->stories[s].shared_s)
				p->v[p->n++] = &p->results[s].clocks[i];
}

/* With policy and calendar in hand. */
static bool
compute(struct mdg_desk *d, const struct mdg_ticket *t,
	const struct mdg_policy *policy, int64_t now_s, struct mdg_arena *a,
	struct mdg_clocks *ret, struct mdg_err *err)
{
	if (!mdg_stories_read(d, t->id, policy, a, &ret->stories,
			      &ret->stories_n, err))
		return false;
	ret->results =
		mdg_arena_array(a, ret->stories_n, sizeof(*ret->results));
	memset(ret->results, 0, ret->stories_n * sizeof(*ret->results));
	if (!evaluate(ret, now_s, err)) {
		mdg_clocks_clear(ret);
		return false;
	}
	collect(ret, a);
	return true;
}

bool
mdg_clocks_compute_by(struct mdg_desk *d, const struct mdg_ticket *t,
		      const struct mdg_policy *policy,
		      const struct mdg_calendar *cal, int64_t now_s,
		      struct mdg_arena *a, struct mdg_clocks *ret,
		      struct mdg_err *err)
{
	*ret = (struct mdg_clocks){0};
	/* history and tickets without a window promise nothing */
	if (t->win_id == 0 || t->is_history)
		return true;
	if (!find_versions(d, t, a, ret, err))
		return false;
	if (!policy)
		policy = mdg_desk_policy(d, ret->policy_id, err);
	if (!policy)
		return false;
	ret->cal = cal || !ret->calendar_id
			   ? cal
			   : mdg_desk_calendar(d, ret->calendar_id, err);
	return (!ret->calendar_id || ret->cal) &&
	       compute(d, t, policy, now_s, a, ret, err);
}

bool
mdg_clocks_compute(struct mdg_desk *d, const struct mdg_ticket *t,
		   int64_t now_s, struct mdg_arena *a, struct mdg_clocks *ret,
		   struct mdg_err *err)
{
	return mdg_clocks_compute_by(d, t, NULL, NULL, now_s, a, ret, err);
}

void
mdg_clocks_clear(struct mdg_clocks *c)
{
	for (size_t i = 0; i < c->stories_n; i++)
		mdg_sla_result_clear(&c->results[i]);
}

/* ---- rows ---- */

static int64_t
or_zero(int64_t t_s)
{
	return t_s == MDG_SLA_NONE ? 0 : t_s;
}

/* Clocks have no name of their own: kind and start tell them apart. */
static const struct mdg_clock *
row_of(const struct mdg_clocks *p, const struct mdg_sla_clock *c)
{
	for (size_t i = 0; i < p->rows_n; i++)
		if (p->rows[i].started_s == c->started_s &&
		    mdg_streq(p->rows[i].kind, mdg_clock_kind_name(c->kind)))
			return &p->rows[i];
	return NULL;
}

/* Warnings that are over by now, and the time of the next one. */
static int64_t
warnings(const struct mdg_sla_clock *c, int64_t now_s, int64_t *ret_next_s)
{
	int64_t n = 0;

	*ret_next_s = 0;
	for (size_t i = 0; i < MDG_SLA_WARN_MAX; i++) {
		if (c->warn_s[i] == MDG_SLA_NONE)
			continue;
		if (c->warn_s[i] <= now_s)
			n++;
		else if (!*ret_next_s || c->warn_s[i] < *ret_next_s)
			*ret_next_s = c->warn_s[i];
	}
	return n;
}

struct mdg_clock
mdg_clocks_row(const struct mdg_clocks *p, size_t n, const struct mdg_ticket *t,
	       int64_t now_s)
{
	const struct mdg_sla_clock *c = p->v[n];
	const struct mdg_clock *was = row_of(p, c);
	struct mdg_clock row = {
		.ticket_id = t->id,
		.n = (int64_t)n,
		.kind = mdg_clock_kind_name(c->kind),
		.state = mdg_clock_state_name(c->state),
		.calendar_id = p->calendar_id,
		.policy_id = p->policy_id,
		.started_s = c->started_s,
		.due_s = or_zero(c->due_s),
		.stopped_s = or_zero(c->stopped_s),
		.counted_s = c->stopped_s == MDG_SLA_NONE ? 0 : c->counted_s,
		.warned = was ? was->warned : 0,
	};
	int64_t given = warnings(c, now_s, &row.next_s);

	if (c->state != MDG_CLOCK_RUNNING) {
		row.next_s = 0;
		return row;
	}
	if (given > row.warned)
		row.warned = given;
	/* an instant that is exactly the due time is still in time */
	if (row.due_s && (!row.next_s || row.due_s + 1 < row.next_s))
		row.next_s = row.due_s + 1;
	return row;
}

bool
mdg_clock_equals(const struct mdg_clock *a, const struct mdg_clock *b)
{
	return a->n == b->n && mdg_streq(a->kind, b->kind) &&
	       mdg_streq(a->state, b->state) && a->due_s == b->due_s &&
	       a->started_s == b->started_s && a->stopped_s == b->stopped_s &&
	       a->counted_s == b->counted_s && a->next_s == b->next_s &&
	       a->warned == b->warned;
}

/* What the passing of time has done is told once, by an event. */
static bool
tell_passed(struct mdg_desk *d, struct mdg_ticket *t,
	    const struct mdg_clock *row, const struct mdg_clock *was,
	    struct mdg_err *err)
{
	bool was_breached = was && mdg_streq(was->state, "breached");
	bool breached = mdg_streq(row->state, "breached") && !was_breached;
	bool warned = mdg_streq(row->state, "running") &&
		      row->warned > (was ? was->warned : 0);
	json_t *codes;

	if (!breached && !warned)
		return true;
	codes = json_pack("{s:s,s:I}", "clock", row->kind, "due_s", row->due_s);
	if (warned)
		json_object_set_new(codes, "warning",
				    json_integer(row->warned));
	return mdg_desk_event(d, &mdg_actor_system, t,
			      breached ? "clock.breached" : "clock.warned",
			      codes, NULL, err) &&
	       mdg_warn_note(d, t, row, breached, err);
}

/* Late and not answered yet is what is due before all else. */
static bool
is_due(const struct mdg_clock *row)
{
	return row->due_s && (mdg_streq(row->state, "running") ||
			      (mdg_streq(row->state, "breached") &&
			       !row->stopped_s));
}

static bool
write_rows(struct mdg_desk *d, struct mdg_ticket *t, const struct mdg_clocks *p,
	   int64_t now_s, struct mdg_err *err)
{
	t->due_s = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct mdg_clock row = mdg_clocks_row(p, i, t, now_s);
		if (is_due(&row) && (!t->due_s || row.due_s < t->due_s))
			t->due_s = row.due_s;
		if (i < p->rows_n && mdg_clock_equals(&row, &p->rows[i]))
			continue;
		if (!tell_passed(d, t, &row, row_of(p, p->v[i]), err) ||
		    !mdg_clock_put(d->db, &row, err))
			return false;
	}
	return p->rows_n <= p->n ||
	       mdg_clock_cut(d->db, t->id, (int64_t)p->n, err);
}

bool
mdg_desk_clocks_stop(struct mdg_desk *d, struct mdg_ticket *t,
		     struct mdg_err *err)
{
	t->due_s = 0;
	return mdg_clock_stop(d->db, t->id, mdg_now_s(), err);
}

bool
mdg_desk_clocks(struct mdg_desk *d, struct mdg_ticket *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t now_s = mdg_now_s();
	struct mdg_clocks c;

	if (!mdg_clocks_compute(d, t, now_s, &a, &c, err))
		return false;
	if (c.stories_n == 0)
		return c.rows_n == 0 || mdg_desk_clocks_stop(d, t, err);
	bool ok = write_rows(d, t, &c, now_s, err);
	mdg_clocks_clear(&c);
	return ok;
}

/* ---- what time alone changes ---- */

static bool
follow_up(struct mdg_desk *d, struct mdg_ticket *t, int64_t now_s,
	  struct mdg_err *err)
{
	/* asked again, or answered, in between: nothing is left to do */
	if (!mdg_streq(t->state, "waiting")) {
		t->follow_up_s = 0;
		return true;
	}
	t->follow_up_s = 0;
	return mdg_desk_ticket_move(t, MDG_TICKET_EV_FOLLOW_UP, now_s, err) &&
	       mdg_desk_event(d, &mdg_actor_system, t, "ticket.follow_up",
			      json_pack("{s:s,s:s}", "state", t->state,
					"reason",
					"no answer by the follow-up date"),
			      NULL, err);
}

bool
mdg_desk_clock_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	enum { AT_ONCE = 200 };
	int64_t ids[AT_ONCE];
	struct mdg_ticket t;
	size_t n;

	if (!mdg_clock_passed(d->db, now_s, ids, AT_ONCE, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (mdg_ticket_by_id(d->db, ids[i], &a, &t, err) != MDG_FOUND ||
		    !mdg_desk_clocks(d, &t, err) ||
		    !mdg_ticket_update(d->db, &t, err))
			return false;
	if (!mdg_ticket_follow_ups(d->db, now_s, ids, AT_ONCE, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (mdg_ticket_by_id(d->db, ids[i], &a, &t, err) != MDG_FOUND ||
		    !follow_up(d, &t, now_s, err) ||
		    !mdg_desk_clocks(d, &t, err) ||
		    !mdg_ticket_update(d->db, &t, err))
			return false;
	return true;
}
