/* A ticket's clocks: out of its events, by desk/sla, into their rows. */
#include <string.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/sla.h"

enum { EVENTS_MAX = 1000, MERGES_MAX = 100 };

struct promise {
	int64_t policy_id, calendar_id;
	struct mdg_sla_policy policy;
	const struct mdg_calendar *cal; /* NULL: clock time */
	struct mdg_sla_event *events;
	size_t n;
};

/* ---- events, as far as clocks care ---- */

static void
add(struct promise *p, int64_t time_s, enum mdg_sla_event_kind kind)
{
	if (p->n < EVENTS_MAX)
		p->events[p->n++] =
			(struct mdg_sla_event){.time_s = time_s, .kind = kind};
}

static int64_t
when(const json_t *codes, const char *key, int64_t otherwise)
{
	const json_t *v = json_object_get(codes, key);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static const char *
text(const json_t *codes, const char *key)
{
	const char *s = json_string_value(json_object_get(codes, key));

	return s ? s : "";
}

static void
mail_in(struct promise *p, const json_t *codes, int64_t time_s)
{
	if (!mdg_streq(text(codes, "class"), "ordinary") ||
	    json_is_true(json_object_get(codes, "thanks")))
		return;
	add(p, when(codes, "received_s", time_s),
	    p->n == 0 ? MDG_SLA_RECEIVED : MDG_SLA_CUSTOMER_REPLIED);
}

static void
reply_sent(struct promise *p, const json_t *codes, int64_t time_s)
{
	const char *state = text(codes, "state");
	int64_t at_s = when(codes, "sent_s", time_s);

	add(p, at_s, MDG_SLA_REPLY_SENT);
	if (mdg_streq(state, "closed"))
		add(p, at_s, MDG_SLA_CLOSED);
	else if (mdg_streq(state, "waiting"))
		add(p, at_s, MDG_SLA_WAITING_CUSTOMER);
}

static void
one_event(struct promise *p, const char *kind, const json_t *codes,
	  int64_t time_s)
{
	if (mdg_streq(kind, "mail.in"))
		mail_in(p, codes, time_s);
	else if (mdg_streq(kind, "outbox.sent"))
		reply_sent(p, codes, time_s);
	else if (mdg_streq(kind, "ticket.close"))
		add(p, time_s,
		    mdg_streq(text(codes, "closing"), "replied")
			    ? MDG_SLA_CLOSED
			    : MDG_SLA_NOT_NEEDED);
	else if (mdg_streq(kind, "ticket.reopen"))
		add(p, time_s, MDG_SLA_REOPENED);
	else if (mdg_streq(kind, "ticket.hold"))
		add(p, time_s, MDG_SLA_HOLD_OURS);
	else if (mdg_streq(kind, "ticket.assign") ||
		 mdg_streq(kind, "draft.new"))
		add(p, time_s, MDG_SLA_RESUMED);
}

/* Tickets whose mails now belong to this one. */
struct absorbed {
	int64_t v[MERGES_MAX];
	size_t n;
};

/* Of a ticket that was merged only what came and went still counts. */
static bool
read_one(struct mdg_desk *d, int64_t ticket, bool is_root, struct promise *p,
	 struct absorbed *more, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT kind, codes, time_s FROM event"
			  " WHERE ticket_id = ?1 ORDER BY ticket_rev",
			  "i", ticket))
		return false;
	while (mdg_rows_next(r)) {
		const char *kind = mdg_rows_text(r, 0);
		json_t *codes = json_loads(mdg_rows_text(r, 1), 0, NULL);
		if (mdg_streq(kind, "ticket.absorbed") && more->n < MERGES_MAX)
			more->v[more->n++] = when(codes, "from", 0);
		if (is_root || mdg_streq(kind, "mail.in") ||
		    mdg_streq(kind, "outbox.sent"))
			one_event(p, kind, codes, mdg_rows_i64(r, 2));
		json_decref(codes);
	}
	return mdg_rows_close(&r, err);
}

/* By time, equal ones as they are; the first mail is what began it all. */
static void
interleave(struct promise *p)
{
	bool begun = false;

	for (size_t i = 1; i < p->n; i++) {
		struct mdg_sla_event e = p->events[i];
		size_t k = i;
		for (; k > 0 && p->events[k - 1].time_s > e.time_s; k--)
			p->events[k] = p->events[k - 1];
		p->events[k] = e;
	}
	for (size_t i = 0; i < p->n; i++)
		if (p->events[i].kind == MDG_SLA_RECEIVED ||
		    p->events[i].kind == MDG_SLA_CUSTOMER_REPLIED) {
			p->events[i].kind = begun ? MDG_SLA_CUSTOMER_REPLIED
						  : MDG_SLA_RECEIVED;
			begun = true;
		}
}

static bool
read_events(struct mdg_desk *d, int64_t ticket, struct promise *p,
	    struct mdg_err *err)
{
	struct absorbed more = {.n = 0};

	if (!read_one(d, ticket, true, p, &more, err))
		return false;
	for (size_t i = 0; i < more.n; i++)
		if (!read_one(d, more.v[i], false, p, &more, err))
			return false;
	if (more.n)
		interleave(p);
	/* RESUMED before anything was received means nothing */
	while (p->n && p->events[0].kind != MDG_SLA_RECEIVED)
		memmove(p->events, p->events + 1, --p->n * sizeof(*p->events));
	return true;
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
	p->events = mdg_arena_array(a, EVENTS_MAX, sizeof(*p->events));
	return find_versions(d, t, a, p, err) && load_policy(d, a, p, err) &&
	       read_events(d, t->id, p, err);
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
write_rows(struct mdg_desk *d, struct mdg_ticket *t, const struct promise *p,
	   const struct mdg_sla_result *res, struct mdg_err *err)
{
	for (size_t i = 0; i < res->n; i++) {
		const struct mdg_sla_clock *c = &res->clocks[i];
		const struct mdg_clock row = {
			.ticket_id = t->id,
			.kind = mdg_clock_kind_name(c->kind),
			.state = mdg_clock_state_name(c->state),
			.calendar_id = p->cal ? p->calendar_id : 0,
			.policy_id = p->policy_id,
			.started_s = c->started_s,
			.due_s = or_zero(c->due_s),
			.stopped_s = or_zero(c->stopped_s),
		};
		if (!mdg_clock_put(d->db, &row, err))
			return false;
	}
	return mdg_clock_nearest(d->db, t->id, &t->due_s, err);
}

bool
mdg_desk_clocks(struct mdg_desk *d, struct mdg_ticket *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_sla_result_clear) struct mdg_sla_result res = {0};
	struct promise p = {0};

	if (!has_clocks(t))
		return true;
	if (!load(d, t, &a, &p, err))
		return false;
	if (p.n == 0)
		return true;
	return mdg_sla_evaluate(&p.policy, p.cal, p.events, p.n, mdg_now_s(),
				&res, err) &&
	       write_rows(d, t, &p, &res, err);
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

bool
mdg_desk_clocks_explain(struct mdg_desk *d, const struct mdg_ticket *t,
			int64_t now_s, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_sla_result_clear) struct mdg_sla_result res = {0};
	struct promise p = {0};

	if (!has_clocks(t))
		return true;
	if (!load(d, t, &a, &p, err))
		return false;
	if (p.n == 0)
		return true;
	if (!mdg_sla_evaluate(&p.policy, p.cal, p.events, p.n, now_s, &res,
			      err))
		return false;
	for (size_t i = 0; i < res.n; i++) {
		const struct mdg_sla_clock *c = &res.clocks[i];
		struct telling telling = {json_array(), p.cal};
		json_array_append_new(
			ret,
			json_pack("{s:s,s:s,s:o,s:o,s:o,s:I,s:I,s:o}", "clock",
				  mdg_clock_kind_name(c->kind), "state",
				  mdg_clock_state_name(c->state), "started",
				  time_text(p.cal, c->started_s), "due",
				  time_text(p.cal, c->due_s), "stopped",
				  time_text(p.cal, c->stopped_s), "allowed_s",
				  c->budget_s, "counted_s", c->counted_s,
				  "intervals", telling.stretches));
		if (!mdg_sla_explain(&p.policy, p.cal, c, tell, &telling, err))
			return false;
	}
	return true;
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
