#include "madoguchi/desk/sla.h"

#include <stdlib.h>

#include "madoguchi/base/buf.h"

/* -- what each event of a ticket means to each of its clocks -- */

#define ON(e) (1u << MDG_CLOCK_##e)

/* clang-format off */
static const struct {
	const char *name;
	unsigned to[MDG_CLOCK_KIND_N]; /* first, next, resolution, promise */
	enum mdg_why why; /* of the pause that begins */
} meanings[MDG_SLA_EVENT_KIND_N] = {
	[MDG_SLA_RECEIVED] = {"received",
		{ON(START), 0, ON(START), 0}, 0},
	[MDG_SLA_CUSTOMER_REPLIED] = {"customer_replied",
		{0, ON(START), ON(RESUME) | ON(REOPEN) | ON(START), 0}, 0},
	[MDG_SLA_REPLY_SENT] = {"reply_sent",
		{ON(ANSWER), ON(ANSWER), 0, 0}, 0},
	[MDG_SLA_WAITING_CUSTOMER] = {"waiting_customer",
		{0, 0, ON(PAUSE), 0}, MDG_WHY_WAITING},
	[MDG_SLA_HOLD_CUSTOMER] = {"hold_customer",
		{0, 0, ON(PAUSE), 0}, MDG_WHY_HOLD},
	[MDG_SLA_HOLD_OURS] = {"hold_ours",
		{0, 0, ON(RESUME), 0}, 0},
	[MDG_SLA_RESUMED] = {"resumed",
		{0, 0, ON(RESUME), 0}, 0},
	[MDG_SLA_CLOSED] = {"closed",
		{ON(DROP), ON(DROP), ON(ANSWER), ON(DROP)}, MDG_WHY_CLOSED},
	[MDG_SLA_NOT_NEEDED] = {"not_needed",
		{ON(CANCEL), ON(CANCEL), ON(CANCEL), ON(CANCEL)},
		MDG_WHY_CLOSED},
	[MDG_SLA_REOPENED] = {"reopened",
		{0, 0, ON(REOPEN) | ON(START), 0}, 0},
	[MDG_SLA_PROMISE_MADE] = {"promise_made",
		{0, 0, 0, ON(START)}, 0},
	[MDG_SLA_PROMISE_KEPT] = {"promise_kept",
		{0, 0, 0, ON(ANSWER)}, 0},
	[MDG_SLA_PROMISE_DROPPED] = {"promise_dropped",
		{0, 0, 0, ON(CANCEL)}, 0},
	[MDG_SLA_RETARGETED] = {"retargeted", {0, 0, 0, 0}, 0},
};
/* clang-format on */

const char *
mdg_sla_event_name(enum mdg_sla_event_kind kind)
{
	return meanings[kind].name;
}

/* -- one clock -- */

struct evaluation {
	const struct mdg_sla_policy *policy;
	const struct mdg_calendar *given;
	const struct mdg_calendar *cal; /* the given one, or NULL by policy */
	int64_t received_s;
	bool untouched; /* nothing was done about it yet */
	struct mdg_sla_result r;
	struct mdg_err *err;
};

static bool
is_ended(const struct mdg_sla_clock *c)
{
	return c->stopped_s != MDG_SLA_NONE;
}

static struct mdg_sla_run *
last_run(const struct mdg_sla_clock *c)
{
	return &c->runs[c->runs_n - 1];
}

static bool
is_counting(const struct mdg_sla_clock *c)
{
	return !is_ended(c) && last_run(c)->why == MDG_WHY_OPEN;
}

/* Closes the run that goes on, adding to the count, up to t. */
static bool
run_to(struct evaluation *ev, struct mdg_sla_clock *c, int64_t t_s)
{
	struct mdg_sla_run *run = last_run(c);
	int64_t more;

	if (is_counting(c)) {
		if (!mdg_sla_elapsed(ev->cal, run->to_s, t_s, &more, ev->err))
			return false;
		c->counted_s += more;
	}
	run->to_s = t_s;
	return true;
}

static void
begin_run(const struct evaluation *ev, struct mdg_sla_clock *c, int64_t t_s,
	  enum mdg_why why)
{
	bool clock_time = ev->cal == NULL;

	if (c->runs_n && last_run(c)->why == why &&
	    last_run(c)->clock_time == clock_time) {
		last_run(c)->to_s = t_s;
		return;
	}
	c->runs = mdg_realloc(c->runs, (c->runs_n + 1) * sizeof(*c->runs));
	c->runs[c->runs_n++] =
		(struct mdg_sla_run){t_s, t_s, why, clock_time};
}

static int64_t
target_min(const struct mdg_sla_policy *p, enum mdg_clock_kind kind)
{
	switch (kind) {
	case MDG_CLOCK_FIRST_RESPONSE:
		return p->first_response_min;
	case MDG_CLOCK_NEXT_RESPONSE:
		return p->next_response_min;
	case MDG_CLOCK_RESOLUTION:
		return p->resolution_min;
	default:
		return 0;
	}
}

/*
 * When the rest of the time will be over. A calendar that does not open long
 * enough leaves NONE: a ticket must not fail for a mistake in a calendar.
 */
static void
set_due(struct evaluation *ev, struct mdg_sla_clock *c, int64_t t_s)
{
	const int *percent = ev->policy->warn_percent;
	int64_t rest = c->budget_s - c->counted_s, at;

	if (c->kind != MDG_CLOCK_PROMISE)
		c->due_s = mdg_sla_add(ev->cal, t_s, rest > 0 ? rest : 0, &at, NULL)
				   ? at
				   : MDG_SLA_NONE;
	for (size_t i = 0; i < MDG_SLA_WARN_MAX && percent[i] > 0; i++) {
		rest = c->budget_s / 100 * percent[i] +
		       c->budget_s % 100 * percent[i] / 100 - c->counted_s;
		if (c->warn_s[i] == MDG_SLA_NONE &&
		    mdg_sla_add(ev->cal, t_s, rest > 0 ? rest : 0, &at, NULL))
			c->warn_s[i] = at;
	}
}

/* What a pause or an end leaves unknown. */
static void
forget_future(struct mdg_sla_clock *c, int64_t t_s)
{
	for (size_t i = 0; i < MDG_SLA_WARN_MAX; i++)
		if (c->warn_s[i] > t_s)
			c->warn_s[i] = MDG_SLA_NONE;
}

static bool
apply(struct evaluation *ev, struct mdg_sla_clock *c, int64_t t_s,
      enum mdg_clock_event event, enum mdg_why why)
{
	const struct mdg_clock_step *step =
		mdg_clock_step(c->state, is_ended(c), event);

	if (!step)
		return true;
	/* taken up again by the targets of now, if there still are any */
	if (event == MDG_CLOCK_REOPEN) {
		int64_t minutes = target_min(ev->policy, c->kind);
		if (minutes <= 0)
			return true;
		c->budget_s = minutes * 60;
	}
	if (!is_ended(c) && !run_to(ev, c, t_s))
		return false;
	c->state = step->next;
	switch (step->effect) {
	case MDG_CLOCK_KEEP:
		break;
	case MDG_CLOCK_GO:
		if (is_ended(c)) {
			begin_run(ev, c, c->stopped_s, MDG_WHY_CLOSED);
			last_run(c)->to_s = t_s;
			c->stopped_s = MDG_SLA_NONE;
		}
		begin_run(ev, c, t_s, MDG_WHY_OPEN);
		if (c->state == MDG_CLOCK_RUNNING)
			set_due(ev, c, t_s);
		break;
	case MDG_CLOCK_HALT:
		begin_run(ev, c, t_s, why);
		if (c->state == MDG_CLOCK_PAUSED)
			c->due_s = MDG_SLA_NONE;
		forget_future(c, t_s);
		break;
	case MDG_CLOCK_END:
		c->stopped_s = t_s;
		if (c->state == MDG_CLOCK_NOT_APPLICABLE)
			c->due_s = MDG_SLA_NONE;
		forget_future(c, t_s);
		break;
	}
	return true;
}

/* Time goes by: what was due before t is breached. */
static bool
pass_time(struct evaluation *ev, struct mdg_sla_clock *c, int64_t t_s)
{
	if (c->state != MDG_CLOCK_RUNNING || c->due_s == MDG_SLA_NONE ||
	    c->due_s >= t_s)
		return true;
	int64_t at =
		c->due_s > last_run(c)->to_s ? c->due_s : last_run(c)->to_s;
	return apply(ev, c, at, MDG_CLOCK_DUE_PASSED, MDG_WHY_OPEN);
}

/* -- all clocks of a ticket -- */

static bool
any_open(const struct mdg_sla_result *r, enum mdg_clock_kind kind)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->clocks[i].kind == kind && !is_ended(&r->clocks[i]))
			return true;
	return false;
}

/* One that is or was needed. */
static bool
any_applicable(const struct mdg_sla_result *r, enum mdg_clock_kind kind)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->clocks[i].kind == kind &&
		    r->clocks[i].state != MDG_CLOCK_NOT_APPLICABLE)
			return true;
	return false;
}

static bool
may_start(const struct evaluation *ev, enum mdg_clock_kind kind)
{
	if (kind == MDG_CLOCK_PROMISE)
		return true;
	if (target_min(ev->policy, kind) <= 0)
		return false;
	if (kind == MDG_CLOCK_NEXT_RESPONSE)
		return !any_open(&ev->r, kind) &&
		       !any_open(&ev->r, MDG_CLOCK_FIRST_RESPONSE);
	return !any_applicable(&ev->r, kind);
}

static bool
start(struct evaluation *ev, enum mdg_clock_kind kind, int64_t t_s,
      const struct mdg_sla_event *e)
{
	struct mdg_sla_clock c = {
		.kind = kind,
		.state = MDG_CLOCK_RUNNING,
		.started_s = t_s,
		.due_s = MDG_SLA_NONE,
		.stopped_s = MDG_SLA_NONE,
		.budget_s = target_min(ev->policy, kind) * 60,
	};

	if (!may_start(ev, kind))
		return true;
	for (size_t i = 0; i < MDG_SLA_WARN_MAX; i++)
		c.warn_s[i] = MDG_SLA_NONE;
	if (kind == MDG_CLOCK_PROMISE) {
		c.promise_id = e->promise_id;
		c.due_s = e->due_s;
		if (!mdg_sla_elapsed(ev->cal, t_s, e->due_s, &c.budget_s,
				     ev->err))
			return false;
	}
	begin_run(ev, &c, t_s, MDG_WHY_OPEN);
	set_due(ev, &c, t_s);
	ev->r.clocks = mdg_realloc(ev->r.clocks,
				   (ev->r.n + 1) * sizeof(*ev->r.clocks));
	ev->r.clocks[ev->r.n++] = c;
	return true;
}

static bool
tell_clock(struct evaluation *ev, size_t i, int64_t t_s,
	   const struct mdg_sla_event *e)
{
	struct mdg_sla_clock *c = &ev->r.clocks[i];
	unsigned to = meanings[e->kind].to[c->kind];

	/* closing ends all promises, whichever one it was told with */
	if (c->kind == MDG_CLOCK_PROMISE && e->promise_id &&
	    e->promise_id != c->promise_id &&
	    (e->kind == MDG_SLA_PROMISE_KEPT ||
	     e->kind == MDG_SLA_PROMISE_DROPPED))
		return true;
	if (!pass_time(ev, c, t_s))
		return false;
	for (enum mdg_clock_event k = MDG_CLOCK_PAUSE; k < MDG_CLOCK_EVENT_N;
	     k++)
		if (to & 1u << k) {
			if (!apply(ev, c, t_s, k, meanings[e->kind].why))
				return false;
		}
	return true;
}

static bool
retarget_clock(struct evaluation *ev, struct mdg_sla_clock *c, int64_t t_s)
{
	int64_t minutes = target_min(ev->policy, c->kind);

	if (is_ended(c))
		return true;
	bool none = c->kind == MDG_CLOCK_PROMISE || minutes <= 0;
	/* late is late: it waits for its answer, whatever holds from now on */
	if (c->kind != MDG_CLOCK_PROMISE && none &&
	    c->state != MDG_CLOCK_BREACHED)
		return apply(ev, c, t_s, MDG_CLOCK_CANCEL, MDG_WHY_OPEN);
	begin_run(ev, c, t_s, last_run(c)->why);
	if (none)
		return true;
	c->budget_s = minutes * 60;
	for (size_t i = 0; i < MDG_SLA_WARN_MAX; i++)
		if (c->warn_s[i] > t_s)
			c->warn_s[i] = MDG_SLA_NONE;
	if (c->state == MDG_CLOCK_RUNNING)
		set_due(ev, c, t_s);
	return true;
}

/*
 * What it is about is often known a moment after it came: a target that was
 * not there before holds from the beginning while nothing was done, else it
 * starts no clock, because nothing was promised.
 */
static bool
start_late(struct evaluation *ev, int64_t t_s, const struct mdg_sla_event *e)
{
	for (enum mdg_clock_kind k = 0; ev->untouched && k < MDG_CLOCK_KIND_N;
	     k++) {
		size_t n = ev->r.n;
		if (!(meanings[MDG_SLA_RECEIVED].to[k] & ON(START)))
			continue;
		if (!start(ev, k, ev->received_s, e))
			return false;
		if (ev->r.n > n && (!pass_time(ev, &ev->r.clocks[n], t_s) ||
				    !run_to(ev, &ev->r.clocks[n], t_s)))
			return false;
	}
	return true;
}

static bool
retarget(struct evaluation *ev, int64_t t_s, const struct mdg_sla_event *e)
{
	for (size_t i = 0; i < ev->r.n; i++)
		if (!pass_time(ev, &ev->r.clocks[i], t_s) ||
		    (!is_ended(&ev->r.clocks[i]) &&
		     !run_to(ev, &ev->r.clocks[i], t_s)))
			return false;
	ev->policy = e->policy;
	ev->cal = e->policy->clock_time ? NULL : ev->given;
	for (size_t i = 0; i < ev->r.n; i++)
		if (!retarget_clock(ev, &ev->r.clocks[i], t_s))
			return false;
	return start_late(ev, t_s, e);
}

static bool
tell_all(struct evaluation *ev, int64_t t_s, const struct mdg_sla_event *e)
{
	if (e->kind == MDG_SLA_RETARGETED)
		return retarget(ev, t_s, e);
	if (e->kind == MDG_SLA_RECEIVED) {
		ev->received_s = t_s;
		ev->untouched = true;
	} else if (e->kind != MDG_SLA_RESUMED) {
		ev->untouched = false;
	}
	/* before starting: an event starts clocks or moves older ones */
	for (size_t i = 0; i < ev->r.n; i++)
		if (!tell_clock(ev, i, t_s, e))
			return false;
	for (enum mdg_clock_kind k = 0; k < MDG_CLOCK_KIND_N; k++)
		if ((meanings[e->kind].to[k] & ON(START)) &&
		    !start(ev, k, t_s, e))
			return false;
	return true;
}

static bool
up_to_now(struct evaluation *ev, int64_t now_s)
{
	for (size_t i = 0; i < ev->r.n; i++) {
		struct mdg_sla_clock *c = &ev->r.clocks[i];
		if (is_ended(c) || now_s < last_run(c)->to_s)
			continue;
		if (!pass_time(ev, c, now_s) || !run_to(ev, c, now_s))
			return false;
	}
	return true;
}

bool
mdg_sla_evaluate(const struct mdg_sla_policy *policy,
		 const struct mdg_calendar *cal,
		 const struct mdg_sla_event *events, size_t n, int64_t now_s,
		 struct mdg_sla_result *ret, struct mdg_err *err)
{
	struct evaluation ev = {policy, cal, policy->clock_time ? NULL : cal,
				.err = err};
	int64_t t_s = INT64_MIN;
	bool ok = true;

	for (size_t i = 0; ok && i < n && events[i].time_s <= now_s; i++) {
		if (events[i].time_s > t_s)
			t_s = events[i].time_s;
		ok = tell_all(&ev, t_s, &events[i]);
	}
	if (!ok || !up_to_now(&ev, now_s)) {
		mdg_sla_result_clear(&ev.r);
		return false;
	}
	*ret = ev.r;
	return true;
}

void
mdg_sla_result_clear(struct mdg_sla_result *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->clocks[i].runs);
	free(r->clocks);
	*r = (struct mdg_sla_result){0};
}
