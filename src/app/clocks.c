/* A ticket's clocks: out of its events, by desk/sla, into their rows. */
#include <string.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/sla.h"
#include "story.h"

struct promise {
	int64_t policy_id, calendar_id;
	struct mdg_sla_policy policy;
	const struct mdg_calendar *cal; /* NULL: clock time */
	struct mdg_story *stories;
	size_t n;
};

static int64_t
when(const json_t *codes, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(codes, key);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

/* ---- policy and calendar: the versions the clocks were started with ---- */

static bool
find_versions(struct mdg_desk *d, const struct mdg_ticket *t,
	      struct mdg_arena *a, struct promise *p, struct mdg_err *err)
{
	struct mdg_clock c;
	struct mdg_win w;
	enum mdg_found f =
		mdg_clock_get(d->db, t->id, "first_response", a, &c, err);

	if (f == MDG_FAILED)
		return false;
	if (f == MDG_FOUND) {
		p->policy_id = c.policy_id;
		p->calendar_id = c.calendar_id;
		return true;
	}
	return mdg_win_by_id(d->db, t->win_id, a, &w, err) == MDG_FOUND &&
	       mdg_versioned_newest(d->db, MDG_POLICY, w.policy, &p->policy_id,
				    err) == MDG_FOUND &&
	       mdg_versioned_newest(d->db, MDG_CALENDAR, w.calendar,
				    &p->calendar_id, err) == MDG_FOUND;
}

static bool
load_policy(struct mdg_desk *d, struct mdg_arena *a, struct promise *p,
	    struct mdg_err *err)
{
	const char *source;

	if (mdg_versioned_json(d->db, MDG_POLICY, p->policy_id, a, &source,
			       err) != MDG_FOUND)
		return false;
	json_t *json = json_loads(source, 0, NULL);
	p->policy = (struct mdg_sla_policy){
		.first_response_min = when(json, "first_response_min", 0),
		.next_response_min = when(json, "next_response_min", 0),
		.resolution_min = when(json, "resolution_min", 0),
		.clock_time = json_is_false(json_object_get(json, "business")),
		.warn_percent = {75},
	};
	json_decref(json);
	if (p->policy.clock_time || p->calendar_id == 0)
		return true;
	p->cal = mdg_desk_calendar(d, p->calendar_id, err);
	return p->cal != NULL;
}

static bool
load(struct mdg_desk *d, const struct mdg_ticket *t, struct mdg_arena *a,
     struct promise *p, struct mdg_err *err)
{
	return find_versions(d, t, a, p, err) && load_policy(d, a, p, err) &&
	       mdg_stories_read(d, t->id, a, &p->stories, &p->n, err);
}

/* History and tickets without a window promise nothing. */
static bool
has_clocks(const struct mdg_ticket *t)
{
	return t->win_id != 0 && !t->is_history;
}

/* ---- rows ---- */

static int64_t
or_zero(int64_t t_s)
{
	return t_s == MDG_SLA_NONE ? 0 : t_s;
}

static bool
is_open(const struct mdg_sla_clock *c)
{
	return c->stopped_s == MDG_SLA_NONE &&
	       (c->state == MDG_CLOCK_RUNNING || c->state == MDG_CLOCK_PAUSED ||
		c->state == MDG_CLOCK_BREACHED);
}

/* Of two clocks of a kind the one to show: what is open, due first. */
static const struct mdg_sla_clock *
choose(const struct mdg_sla_clock *a, const struct mdg_sla_clock *b)
{
	if (!a || is_open(a) != is_open(b))
		return !a || is_open(b) ? b : a;
	if (is_open(a) && b->due_s != MDG_SLA_NONE &&
	    (a->due_s == MDG_SLA_NONE || b->due_s < a->due_s))
		return b;
	return a;
}

static bool
write_row(struct mdg_desk *d, const struct mdg_ticket *t,
	  const struct promise *p, const char *kind,
	  const struct mdg_sla_clock *c, struct mdg_err *err)
{
	if (!c)
		return mdg_db_run(d->db, err,
				  "DELETE FROM clock WHERE ticket_id = ?1"
				  " AND kind = ?2",
				  "is", t->id, kind);
	const struct mdg_clock row = {
		.ticket_id = t->id,
		.kind = kind,
		.state = mdg_clock_state_name(c->state),
		.calendar_id = p->cal ? p->calendar_id : 0,
		.policy_id = p->policy_id,
		.started_s = c->started_s,
		.due_s = or_zero(c->due_s),
		.stopped_s = or_zero(c->stopped_s),
	};
	return mdg_clock_put(d->db, &row, err);
}

/* One row a kind: the newest clock of each story, and of these one. */
static bool
write_rows(struct mdg_desk *d, struct mdg_ticket *t, const struct promise *p,
	   const struct mdg_sla_result *res, struct mdg_err *err)
{
	for (int kind = 0; kind < MDG_CLOCK_KIND_N; kind++) {
		const struct mdg_sla_clock *best = NULL;
		for (size_t s = 0; s < p->n; s++) {
			const struct mdg_sla_clock *last = NULL;
			for (size_t i = 0; i < res[s].n; i++)
				if (res[s].clocks[i].kind ==
				    (enum mdg_clock_kind)kind)
					last = &res[s].clocks[i];
			if (last)
				best = choose(best, last);
		}
		if (!write_row(d, t, p,
			       mdg_clock_kind_name((enum mdg_clock_kind)kind),
			       best, err))
			return false;
	}
	return mdg_clock_nearest(d->db, t->id, &t->due_s, err);
}

static void
clear_results(struct mdg_sla_result *res, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mdg_sla_result_clear(&res[i]);
}

/* One result a story; on the arena, their clocks are not. */
static bool
evaluate(const struct promise *p, int64_t now_s, struct mdg_arena *a,
	 struct mdg_sla_result **ret, struct mdg_err *err)
{
	struct mdg_sla_result *res = mdg_arena_array(a, p->n, sizeof(*res));

	memset(res, 0, p->n * sizeof(*res));
	for (size_t i = 0; i < p->n; i++)
		if (!mdg_sla_evaluate(&p->policy, p->cal, p->stories[i].events,
				      p->stories[i].n, now_s, &res[i], err)) {
			clear_results(res, i);
			return false;
		}
	*ret = res;
	return true;
}

bool
mdg_desk_clocks_stop(struct mdg_desk *d, struct mdg_ticket *t,
		     struct mdg_err *err)
{
	t->due_s = 0;
	return mdg_db_run(d->db, err,
			  "UPDATE clock SET state = 'not_applicable',"
			  " stopped_s = ?2 WHERE ticket_id = ?1"
			  " AND state IN ('running', 'paused')",
			  "ii", t->id, mdg_now_s());
}

bool
mdg_desk_clocks(struct mdg_desk *d, struct mdg_ticket *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_sla_result *res;
	struct promise p = {0};

	if (!has_clocks(t))
		return true;
	if (!load(d, t, &a, &p, err))
		return false;
	if (p.n == 0)
		return mdg_desk_clocks_stop(d, t, err);
	if (!evaluate(&p, mdg_now_s(), &a, &res, err))
		return false;
	bool ok = write_rows(d, t, &p, res, err);
	clear_results(res, p.n);
	return ok;
}

/* ---- explain ---- */

struct telling {
	json_t *stretches;
	const struct mdg_calendar *cal;
};

static json_t *
time_text(const struct mdg_calendar *cal, int64_t t_s)
{
	char out[40];

	if (t_s == MDG_SLA_NONE)
		return json_null();
	return json_string(
		cal ? mdg_calendar_rfc3339(cal, t_s, out, sizeof(out))
		    : mdg_time_rfc3339(t_s, out, sizeof(out)));
}

static bool
tell(void *arg, const struct mdg_stretch *s)
{
	struct telling *t = arg;

	json_array_append_new(t->stretches,
			      json_pack("{s:o,s:o,s:I,s:b,s:s,s:s?}", "from",
					time_text(t->cal, s->from_s), "to",
					time_text(t->cal, s->to_s), "seconds",
					s->to_s - s->from_s, "counts",
					mdg_why_counts(s->why), "why",
					mdg_why_name(s->why), "name", s->name));
	return true;
}

static bool
tell_clock(const struct promise *p, const struct mdg_sla_clock *c, json_t *ret,
	   struct mdg_err *err)
{
	struct telling telling = {json_array(), p->cal};

	json_array_append_new(
		ret, json_pack("{s:s,s:s,s:o,s:o,s:o,s:I,s:I,s:o}", "clock",
			       mdg_clock_kind_name(c->kind), "state",
			       mdg_clock_state_name(c->state), "started",
			       time_text(p->cal, c->started_s), "due",
			       time_text(p->cal, c->due_s), "stopped",
			       time_text(p->cal, c->stopped_s), "allowed_s",
			       c->budget_s, "counted_s", c->counted_s,
			       "intervals", telling.stretches));
	return mdg_sla_explain(&p->policy, p->cal, c, tell, &telling, err);
}

bool
mdg_desk_clocks_explain(struct mdg_desk *d, const struct mdg_ticket *t,
			int64_t now_s, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_sla_result *res;
	struct promise p = {0};
	bool ok = true;

	if (!has_clocks(t))
		return true;
	if (!load(d, t, &a, &p, err))
		return false;
	if (p.n == 0)
		return true;
	if (!evaluate(&p, now_s, &a, &res, err))
		return false;
	for (size_t s = 0; s < p.n; s++)
		for (size_t i = 0; i < res[s].n && ok; i++)
			if (s == 0 || res[s].clocks[i].started_s <
					      p.stories[s].shared_s)
				ok = tell_clock(&p, &res[s].clocks[i], ret,
						err);
	clear_results(res, p.n);
	return ok;
}

/* ---- what time alone changes ---- */

bool
mdg_desk_clock_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	enum { AT_ONCE = 200 };
	struct mdg_clock c[AT_ONCE];
	struct mdg_ticket t;
	size_t n;

	/* an instant that is exactly the due time is still in time */
	if (!mdg_clock_overdue(d->db, now_s - 1, &a, c, AT_ONCE, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		c[i].state = "breached";
		if (mdg_ticket_by_id(d->db, c[i].ticket_id, &a, &t, err) !=
			    MDG_FOUND ||
		    !mdg_clock_put(d->db, &c[i], err) ||
		    !mdg_desk_event(d, &mdg_actor_system, &t, "clock.breached",
				    json_pack("{s:s,s:I}", "clock", c[i].kind,
					      "due_s", c[i].due_s),
				    NULL, err) ||
		    !mdg_clock_nearest(d->db, t.id, &t.due_s, err) ||
		    !mdg_ticket_update(d->db, &t, err))
			return false;
	}
	return true;
}
