#include "slow_sla.h"

static bool
is_over(const struct slow_clock *c)
{
	return c->ended_s != SLOW_NONE;
}

static int64_t
minutes_of(const struct mdg_sla_policy *p, enum mdg_clock_kind kind)
{
	return kind == MDG_CLOCK_FIRST_RESPONSE  ? p->first_response_min
	       : kind == MDG_CLOCK_NEXT_RESPONSE ? p->next_response_min
	       : kind == MDG_CLOCK_RESOLUTION    ? p->resolution_min
						 : 0;
}

enum mdg_clock_state
slow_state(const struct slow_clock *c)
{
	return c->not_needed ? MDG_CLOCK_NOT_APPLICABLE
	       : c->late     ? MDG_CLOCK_BREACHED
	       : is_over(c)  ? MDG_CLOCK_MET
	       : c->paused   ? MDG_CLOCK_PAUSED
			     : MDG_CLOCK_RUNNING;
}

/* ---- one clock, minute by minute ---- */

/* In the open time [at, to): is so much used up within it, or at its start? */
static void
note(int64_t *when, int64_t limit_s, int64_t used_s, int64_t at_s, int64_t to_s)
{
	if (*when != SLOW_NONE)
		return;
	if (limit_s <= used_s)
		*when = at_s;
	else if (limit_s - used_s <= to_s - at_s)
		*when = at_s + limit_s - used_s;
}

static void
note_all(struct slow_clock *c, int64_t to_s)
{
	const int *percent = c->policy->warn_percent;

	if (c->late || c->kind == MDG_CLOCK_PROMISE)
		return; /* what a promise is due at was said when it was made */
	for (int i = 0; i < MDG_SLA_WARN_MAX && percent[i]; i++)
		note(&c->warn_s[i], c->allowed_s * percent[i] / 100, c->used_s,
		     c->at_s, to_s);
	note(&c->due_s, c->allowed_s, c->used_s, c->at_s, to_s);
}

/* It goes on from here: what is used up already is due when it is open. */
static void
look(struct slow_clock *c)
{
	if (!is_over(c) && !c->paused && slow_is_open(c->hours, c->at_s))
		note_all(c, c->at_s);
}

static void
walk(struct slow_clock *c, int64_t to_s)
{
	while (!is_over(c) && c->at_s < to_s) {
		int64_t next = slow_minute_end(c->at_s);
		if (next > to_s)
			next = to_s;
		if (!c->paused && slow_is_open(c->hours, c->at_s)) {
			note_all(c, next);
			c->used_s += next - c->at_s;
		}
		c->at_s = next;
	}
	look(c);
	if (!is_over(c) && !c->paused && c->due_s != SLOW_NONE &&
	    c->due_s < to_s)
		c->late = true;
}

/* As if nothing more happened. */
static struct slow_clock
foreseen(const struct slow_clock *c, const struct slow_hours *map)
{
	struct slow_clock f = *c;

	while (f.due_s == SLOW_NONE && f.at_s < slow_map_end(map))
		walk(&f, slow_minute_end(f.at_s));
	if (f.due_s == SLOW_NONE)
		f.due_s = SLOW_BEYOND;
	return f;
}

/* ---- what may happen to one ---- */

static void
forget_after(struct slow_clock *c, int64_t t_s)
{
	for (int i = 0; i < MDG_SLA_WARN_MAX; i++)
		if (c->warn_s[i] > t_s)
			c->warn_s[i] = SLOW_NONE;
}

static void
end(const struct slow_desk *d, struct slow_clock *c, bool not_needed)
{
	if (is_over(c))
		return;
	if (not_needed)
		c->due_s = SLOW_NONE;
	else if (!c->paused && !c->late)
		c->due_s = foreseen(c, d->hours).due_s;
	c->ended_s = d->now_s;
	c->paused = false;
	c->not_needed = not_needed;
	forget_after(c, d->now_s);
}

static void
pause(struct slow_clock *c, int64_t t_s)
{
	if (is_over(c) || c->paused)
		return;
	c->paused = true;
	if (!c->late)
		c->due_s = SLOW_NONE;
	forget_after(c, t_s);
}

static void
go_on(struct slow_desk *d, struct slow_clock *c)
{
	if (is_over(c) || !c->paused)
		return;
	c->paused = false;
	c->hours = d->policy->clock_time ? NULL : d->hours;
	look(c);
}

/* Closed, and asked again: by the targets of now. */
static void
take_up(struct slow_desk *d, struct slow_clock *c)
{
	int64_t minutes = minutes_of(d->policy, c->kind);

	if (!is_over(c) || c->not_needed || minutes <= 0)
		return;
	c->ended_s = SLOW_NONE;
	c->at_s = d->now_s;
	c->hours = d->policy->clock_time ? NULL : d->hours;
	c->policy = d->policy;
	c->allowed_s = minutes * 60;
	if (!c->late)
		c->due_s = SLOW_NONE;
	look(c);
}

static struct slow_clock *
start(struct slow_desk *d, enum mdg_clock_kind kind, int64_t t_s)
{
	struct slow_clock *c = &d->v[d->n++];

	*c = (struct slow_clock){
		.kind = kind,
		.started_s = t_s,
		.at_s = t_s,
		.ended_s = SLOW_NONE,
		.due_s = SLOW_NONE,
		.allowed_s = minutes_of(d->policy, kind) * 60,
		.hours = d->policy->clock_time ? NULL : d->hours,
		.policy = d->policy,
	};
	for (int i = 0; i < MDG_SLA_WARN_MAX; i++)
		c->warn_s[i] = SLOW_NONE;
	return c;
}

static void
promise(struct slow_desk *d, const struct mdg_sla_event *e)
{
	struct slow_clock *c = start(d, MDG_CLOCK_PROMISE, d->now_s);
	const int *percent = c->policy->warn_percent;

	c->promise_id = e->promise_id;
	c->due_s = e->due_s;
	c->allowed_s = slow_counted(c->hours, d->now_s, e->due_s);
	for (int i = 0; i < MDG_SLA_WARN_MAX && percent[i]; i++)
		c->warn_s[i] = slow_reach(c->hours, d->now_s,
					  c->allowed_s * percent[i] / 100);
}

/* ---- all of a ticket ---- */

static bool
any(const struct slow_desk *d, enum mdg_clock_kind kind, bool open)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->v[i].kind == kind &&
		    (open ? !is_over(&d->v[i]) : !d->v[i].not_needed))
			return true;
	return false;
}

static void
ask(struct slow_desk *d, enum mdg_clock_kind kind, int64_t t_s)
{
	if (minutes_of(d->policy, kind) <= 0)
		return;
	if (kind == MDG_CLOCK_NEXT_RESPONSE
		    ? any(d, kind, true) ||
			      any(d, MDG_CLOCK_FIRST_RESPONSE, true)
		    : any(d, kind, false))
		return;
	look(start(d, kind, t_s));
}

static void
retarget(struct slow_desk *d)
{
	for (size_t i = 0; i < d->n; i++) {
		struct slow_clock *c = &d->v[i];
		int64_t minutes = minutes_of(d->policy, c->kind);
		if (is_over(c))
			continue;
		if (c->kind != MDG_CLOCK_PROMISE && minutes <= 0 && !c->late) {
			end(d, c, true);
			continue;
		}
		c->hours = d->policy->clock_time ? NULL : d->hours;
		if (c->kind == MDG_CLOCK_PROMISE || minutes <= 0)
			continue;
		c->policy = d->policy;
		c->allowed_s = minutes * 60;
		forget_after(c, d->now_s);
		if (!c->late)
			c->due_s = SLOW_NONE;
		look(c);
	}
	for (int i = 0; i < 2 && d->untouched; i++) {
		size_t n = d->n;
		ask(d, i ? MDG_CLOCK_RESOLUTION : MDG_CLOCK_FIRST_RESPONSE,
		    d->received_s);
		if (d->n > n)
			walk(&d->v[n], d->now_s);
	}
}

static bool
is_meant(const struct slow_clock *c, const struct mdg_sla_event *e)
{
	return c->kind == MDG_CLOCK_PROMISE &&
	       (!e->promise_id || e->promise_id == c->promise_id);
}

static void
one_clock(struct slow_desk *d, struct slow_clock *c,
	  const struct mdg_sla_event *e)
{
	bool solving = c->kind == MDG_CLOCK_RESOLUTION;

	switch (e->kind) {
	case MDG_SLA_REPLY_SENT:
		if (c->kind == MDG_CLOCK_FIRST_RESPONSE ||
		    c->kind == MDG_CLOCK_NEXT_RESPONSE)
			end(d, c, false);
		break;
	case MDG_SLA_WAITING_CUSTOMER:
	case MDG_SLA_HOLD_CUSTOMER:
		if (solving)
			pause(c, d->now_s);
		break;
	case MDG_SLA_HOLD_OURS:
	case MDG_SLA_RESUMED:
		if (solving)
			go_on(d, c);
		break;
	case MDG_SLA_CUSTOMER_REPLIED:
	case MDG_SLA_REOPENED:
		if (solving && is_over(c))
			take_up(d, c);
		else if (solving && e->kind == MDG_SLA_CUSTOMER_REPLIED)
			go_on(d, c);
		break;
	case MDG_SLA_CLOSED: /* not answered, but done: not late, no more */
		end(d, c, !solving && !c->late);
		break;
	case MDG_SLA_NOT_NEEDED:
		end(d, c, true);
		break;
	case MDG_SLA_PROMISE_KEPT:
	case MDG_SLA_PROMISE_DROPPED:
		if (is_meant(c, e))
			end(d, c, e->kind == MDG_SLA_PROMISE_DROPPED);
		break;
	default:
		break;
	}
}

void
slow_begin(struct slow_desk *d, const struct slow_hours *h,
	   const struct mdg_sla_policy *policy)
{
	*d = (struct slow_desk){
		.hours = h, .policy = policy, .now_s = INT64_MIN};
}

void
slow_event(struct slow_desk *d, const struct mdg_sla_event *e)
{
	if (e->time_s > d->now_s)
		d->now_s = e->time_s;
	for (size_t i = 0; i < d->n; i++)
		walk(&d->v[i], d->now_s);
	if (e->kind == MDG_SLA_RETARGETED) {
		d->policy = e->policy;
		retarget(d);
		return;
	}
	if (e->kind == MDG_SLA_RECEIVED) {
		d->received_s = d->now_s;
		d->untouched = true;
	} else if (e->kind != MDG_SLA_RESUMED) {
		d->untouched = false;
	}
	for (size_t i = 0; i < d->n; i++)
		one_clock(d, &d->v[i], e);
	if (e->kind == MDG_SLA_RECEIVED)
		ask(d, MDG_CLOCK_FIRST_RESPONSE, d->now_s);
	if (e->kind == MDG_SLA_CUSTOMER_REPLIED)
		ask(d, MDG_CLOCK_NEXT_RESPONSE, d->now_s);
	if (e->kind == MDG_SLA_RECEIVED || e->kind == MDG_SLA_REOPENED ||
	    e->kind == MDG_SLA_CUSTOMER_REPLIED)
		ask(d, MDG_CLOCK_RESOLUTION, d->now_s);
	if (e->kind == MDG_SLA_PROMISE_MADE)
		promise(d, e);
}

void
slow_until(struct slow_desk *d, int64_t now_s)
{
	for (size_t i = 0; i < d->n; i++) {
		struct slow_clock *c = &d->v[i], f;
		walk(c, now_s);
		if (is_over(c) || c->paused || c->late)
			continue;
		f = foreseen(c, d->hours);
		c->due_s = f.due_s;
		for (int k = 0; k < MDG_SLA_WARN_MAX; k++)
			c->warn_s[k] = f.warn_s[k];
	}
}
