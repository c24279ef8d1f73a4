/* A ticket's clocks: out of its events, by desk/sla, into their rows. */
#include "clocks-int.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/warn.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

enum {
	ROWS_MAX = 1000,
	AT_ONCE = 200, /* clocks, in one transaction */
};

/* ---- policy and calendar: the versions the clocks were started with ---- */

/* Clocks have no name of their own: kind and start tell them apart. */
static const struct mdg_clock *
row_among(const struct mdg_clock *rows, size_t n, const struct mdg_sla_clock *c)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].started_s == c->started_s &&
		    mdg_streq(rows[i].kind, mdg_clock_kind_name(c->kind)))
			return &rows[i];
	return NULL;
}

static const struct mdg_clock *
row_of(const struct mdg_clocks *p, const struct mdg_sla_clock *c)
{
	return row_among(p->rows, p->rows_n, c);
}

static bool
is_of(const struct mdg_clock_version *v, int64_t policy, int64_t calendar)
{
	return v->policy_id == policy && v->calendar_id == calendar;
}

/* More than there is room for: the newest has to do. */
static void
add_version(struct mdg_clocks *p, int64_t policy, int64_t calendar)
{
	for (size_t i = 0; i < p->by_n; i++)
		if (is_of(&p->by[i], policy, calendar))
			return;
	if (p->by_n < MDG_CLOCK_VERSIONS_MAX - 1)
		p->by[p->by_n++] = (struct mdg_clock_version){
			.policy_id = policy, .calendar_id = calendar};
}

static bool
find_newest(struct mdg_desk *d, const struct mdg_ticket *t,
	    struct mdg_round *round, struct mdg_clock_version *ret,
	    struct mdg_err *err)
{
	return (round ? mdg_round_versions(d->db, round, t->win_id,
					   &ret->policy_id, &ret->calendar_id,
					   err)
		      : mdg_win_versions(d->db, t->win_id, &ret->policy_id,
					 &ret->calendar_id, err)) == MDG_FOUND;
}

/* What a round has read is not read again. */
static bool
find_rows(struct mdg_desk *d, int64_t ticket, const struct mdg_round *round,
	  struct mdg_arena *a, struct mdg_clocks *p, struct mdg_err *err)
{
	size_t n = 0;

	for (size_t i = 0; round && i < round->clocks_n; i++)
		if (round->clocks[i].ticket_id == ticket && !n++)
			p->rows = &round->clocks[i];
	p->rows_n = n;
	return n || mdg_clock_list(d->db, ticket, a, &p->rows, ROWS_MAX,
				   &p->rows_n, err);
}

/* All that rows tell, and the newest, which stands last. Those of the tickets
 * that were merged into this one go on as they were. */
static bool
find_versions(struct mdg_desk *d, const struct mdg_ticket *t,
	      const struct mdg_clock_version *newest, struct mdg_arena *a,
	      struct mdg_clocks *p, struct mdg_err *err)
{
	size_t n = 0;

	p->absorbed = mdg_arena_array(a, p->stories_n, sizeof(*p->absorbed));
	p->absorbed_n =
		mdg_arena_array(a, p->stories_n, sizeof(*p->absorbed_n));
	for (size_t i = 0; i < p->rows_n; i++)
		add_version(p, p->rows[i].policy_id, p->rows[i].calendar_id);
	for (size_t s = 0; s < p->stories_n; s++) {
		int64_t from = newest->stories[s].ticket;
		p->absorbed_n[s] = 0;
		if (from != t->id &&
		    !mdg_clock_list(d->db, from, a, &p->absorbed[s], ROWS_MAX,
				    &p->absorbed_n[s], err))
			return false;
		for (size_t i = 0; i < p->absorbed_n[s]; i++)
			add_version(p, p->absorbed[s][i].policy_id,
				    p->absorbed[s][i].calendar_id);
	}
	for (size_t i = 0; i < p->by_n; i++)
		if (!is_of(&p->by[i], newest->policy_id, newest->calendar_id))
			p->by[n++] = p->by[i];
	p->by[n++] = *newest;
	p->by_n = n;
	return true;
}

/* Is this clock one of that version? */
static bool
belongs(const struct mdg_clocks *p, size_t by, size_t story,
	const struct mdg_sla_clock *c)
{
	const struct mdg_clock *row = row_of(p, c);
	bool known = false;

	if (!row)
		row = row_among(p->absorbed[story], p->absorbed_n[story], c);
	for (size_t i = 0; row && i < p->by_n; i++)
		known = known ||
			is_of(&p->by[i], row->policy_id, row->calendar_id);
	return known ? is_of(&p->by[by], row->policy_id, row->calendar_id)
		     : by == p->by_n - 1;
}

static int
by_start(const struct mdg_clock_told *a, const struct mdg_clock_told *b)
{
	if (a->story != b->story)
		return a->story < b->story ? -1 : 1;
	return (a->clock->started_s > b->clock->started_s) -
	       (a->clock->started_s < b->clock->started_s);
}

/* What the stories share is told once. */
static void
collect(struct mdg_clocks *p, struct mdg_arena *a)
{
	size_t n = 0;

	for (size_t k = 0; k < p->by_n; k++)
		for (size_t s = 0; s < p->stories_n; s++)
			n += p->by[k].results[s].n;
	p->v = mdg_arena_array(a, n, sizeof(*p->v));
	for (size_t k = 0; k < p->by_n; k++)
		for (size_t s = 0; s < p->stories_n; s++)
			for (size_t i = 0; i < p->by[k].results[s].n; i++) {
				struct mdg_clock_told v = {
					&p->by[k].results[s].clocks[i],
					&p->by[k], s};
				if ((s &&
				     v.clock->started_s >=
					     p->by[k].stories[s].shared_s) ||
				    !belongs(p, k, s, v.clock))
					continue;
				size_t to = p->n++;
				for (; to && by_start(&p->v[to - 1], &v) > 0;
				     to--)
					p->v[to] = p->v[to - 1];
				p->v[to] = v;
			}
}

/* Policy and calendar of a version, and the stories by it; NULL: its own. */
static bool
read_by(struct mdg_desk *d, const struct mdg_ticket *t,
	struct mdg_clock_version *v, const struct mdg_clocks_wish *w,
	struct mdg_arena *a, size_t *ret_n, struct mdg_err *err)
{
	const struct mdg_policy *policy = w->policy;

	if (!policy)
		policy = mdg_desk_policy(d, v->policy_id, err);
	if (!policy)
		return false;
	v->cal = w->cal || !v->calendar_id
			 ? w->cal
			 : mdg_desk_calendar(d, v->calendar_id, err);
	return (!v->calendar_id || v->cal) &&
	       mdg_stories_read(d, t->id, policy, w->round, a, &v->stories,
				ret_n, err);
}

static bool
evaluate(struct mdg_clock_version *v, size_t n, int64_t now_s,
	 struct mdg_arena *a, struct mdg_err *err)
{
	v->results = mdg_arena_array(a, n, sizeof(*v->results));
	memset(v->results, 0, n * sizeof(*v->results));
	for (size_t i = 0; i < n; i++)
		if (!mdg_sla_evaluate(v->stories[i].targets, v->cal,
				      v->stories[i].events, v->stories[i].n,
				      now_s, &v->results[i], err))
			return false;
	return true;
}

bool
mdg_clocks_compute_by(struct mdg_desk *d, const struct mdg_ticket *t,
		      const struct mdg_clocks_wish *w, int64_t now_s,
		      struct mdg_arena *a, struct mdg_clocks *ret,
		      struct mdg_err *err)
{
	struct mdg_clock_version newest = {0};
	bool ok = true;
	size_t n;

	*ret = (struct mdg_clocks){0};
	/* history and tickets without a window promise nothing */
	if (t->win_id == 0 || t->is_history)
		return true;
	if (!find_rows(d, t->id, w->round, a, ret, err) ||
	    !find_newest(d, t, w->round, &newest, err) ||
	    !read_by(d, t, &newest, w, a, &ret->stories_n, err) ||
	    !find_versions(d, t, &newest, a, ret, err))
		return false;
	/* which stories there are is the same by any policy */
	for (size_t i = 0; ok && i < ret->by_n; i++)
		ok = (ret->by[i].stories ||
		      read_by(d, t, &ret->by[i], w, a, &n, err)) &&
		     evaluate(&ret->by[i], ret->stories_n, now_s, a, err);
	if (ok)
		collect(ret, a);
	else
		mdg_clocks_clear(ret);
	return ok;
}

bool
mdg_clocks_compute(struct mdg_desk *d, const struct mdg_ticket *t,
		   int64_t now_s, struct mdg_arena *a, struct mdg_clocks *ret,
		   struct mdg_err *err)
{
	const struct mdg_clocks_wish as_it_is = {0};

	return mdg_clocks_compute_by(d, t, &as_it_is, now_s, a, ret, err);
}

void
mdg_clocks_clear(struct mdg_clocks *c)
{
	for (size_t k = 0; k < c->by_n; k++)
		for (size_t i = 0; c->by[k].results && i < c->stories_n; i++)
			mdg_sla_result_clear(&c->by[k].results[i]);
}

/* ---- rows ---- */

static int64_t
or_zero(int64_t t_s)
{
	return t_s == MDG_SLA_NONE ? 0 : t_s;
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
	const struct mdg_sla_clock *c = p->v[n].clock;
	const struct mdg_clock *was = row_of(p, c);
	struct mdg_clock row = {
		.ticket_id = t->id,
		.n = (int64_t)n,
		.kind = mdg_clock_kind_name(c->kind),
		.state = mdg_clock_state_name(c->state),
		.calendar_id = p->v[n].by->calendar_id,
		.policy_id = p->v[n].by->policy_id,
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
tell_passed(struct mdg_desk *d, struct mdg_round *r, struct mdg_ticket *t,
	    const struct mdg_clock *row, const struct mdg_clock *was,
	    bool *owned, struct mdg_err *err)
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
	/* whose it is now is found with the note */
	*owned = *owned || (breached && !row->stopped_s);
	return mdg_desk_event(d, &mdg_actor_system, t,
			      breached ? "clock.breached" : "clock.warned",
			      codes, NULL, err) &&
	       mdg_warn_note(d, r, t, row, breached, err);
}

/* Late and not answered yet is what is due before all else. */
static bool
is_due(const struct mdg_clock *row)
{
	return row->due_s &&
	       (mdg_streq(row->state, "running") ||
		(mdg_streq(row->state, "breached") && !row->stopped_s));
}

static bool
write_rows(struct mdg_desk *d, struct mdg_round *r, struct mdg_ticket *t,
	   const struct mdg_clocks *p, int64_t now_s, bool *owned,
	   struct mdg_err *err)
{
	t->due_s = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct mdg_clock row = mdg_clocks_row(p, i, t, now_s);
		if (is_due(&row) && (!t->due_s || row.due_s < t->due_s))
			t->due_s = row.due_s;
		if (i < p->rows_n && mdg_clock_equals(&row, &p->rows[i]))
			continue;
		if (!tell_passed(d, r, t, &row, row_of(p, p->v[i].clock), owned,
				 err) ||
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

static bool
update(struct mdg_desk *d, struct mdg_ticket *t, struct mdg_round *round,
       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const struct mdg_clocks_wish w = {.round = round};
	int64_t now_s = mdg_now_s();
	bool owned = false;
	struct mdg_clocks c;

	if (!mdg_clocks_compute_by(d, t, &w, now_s, &a, &c, err))
		return false;
	if (c.stories_n == 0)
		return c.rows_n == 0 || mdg_desk_clocks_stop(d, t, err);
	bool ok = write_rows(d, round, t, &c, now_s, &owned, err) &&
		  (owned || mdg_warn_own(d, round, t, err));
	mdg_clocks_clear(&c);
	return ok;
}

bool
mdg_desk_clocks(struct mdg_desk *d, struct mdg_ticket *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_round one = {.a = &a};

	return update(d, t, &one, err);
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

static bool
tick_clocks(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_round r;

	if (!mdg_round_read(d->db, now_s, AT_ONCE, &a, &r, err))
		return false;
	for (size_t i = 0; i < r.n; i++) {
		size_t k = 0;
		while (k < r.tickets_n && r.tickets[k].id != r.ids[i])
			k++;
		if (k < r.tickets_n &&
		    (!update(d, &r.tickets[k], &r, err) ||
		     !mdg_ticket_update(d->db, &r.tickets[k], err)))
			return false;
	}
	return true;
}

bool
mdg_desk_clock_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t ids[AT_ONCE];
	struct mdg_ticket t;
	size_t n;

	if (!tick_clocks(d, now_s, err) ||
	    !mdg_ticket_follow_ups(d->db, now_s, ids, AT_ONCE, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (mdg_ticket_by_id(d->db, ids[i], &a, &t, err) != MDG_FOUND ||
		    !follow_up(d, &t, now_s, err) ||
		    !mdg_desk_clocks(d, &t, err) ||
		    !mdg_ticket_update(d->db, &t, err))
			return false;
	return true;
}
