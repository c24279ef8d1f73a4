#include "story.h"

#include <string.h>

#include "madoguchi/base/str.h"

enum { EVENTS_MAX = 1000, STORIES_MAX = 100 };

struct entry {
	int64_t time_s, rev;
	int64_t message; /* 0: no mail */
	enum mdg_sla_event_kind kind;
	int64_t promise_id, due_s;
	const struct mdg_sla_policy *targets; /* of MDG_SLA_RETARGETED */
	bool gone; /* its mail is in another ticket now */
};

struct absorbed {
	int64_t ticket, step, time_s, rev;
	bool back;
};

/* One ticket's own events. */
struct telling {
	struct entry v[EVENTS_MAX];
	size_t n;
	struct absorbed absorbed[STORIES_MAX];
	size_t absorbed_n;
	/* mails that are in another ticket now: its own, or of the absorbed */
	int64_t given[EVENTS_MAX];
	size_t given_n;
	const struct telling *parent;  /* what it was merged into */
	struct mdg_policy_facts facts; /* as known up to here */
	const struct mdg_sla_policy *targets;
	bool moved; /* told of in another order than that of time */
};

struct stories {
	struct mdg_desk *d;
	const struct mdg_policy *policy;
	const struct mdg_round *round;
	struct mdg_arena *a;
	struct mdg_story v[STORIES_MAX];
	size_t n;
};

/* ---- events, as far as clocks care ---- */

static void
add(struct telling *t, const struct entry *e)
{
	if (t->n < EVENTS_MAX)
		t->v[t->n++] = *e;
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
answered(struct telling *t, const json_t *codes, int64_t at_s, struct entry e)
{
	const char *state = text(codes, "state");

	e.time_s = at_s;
	e.kind = MDG_SLA_REPLY_SENT;
	add(t, &e);
	/* what was promised is kept by an answer; the answer may promise anew
	 */
	e.kind = MDG_SLA_PROMISE_KEPT;
	add(t, &e);
	e.promise_id = when(codes, "outbox", 0);
	e.due_s = when(codes, "promise_s", 0);
	if (e.due_s) {
		e.kind = MDG_SLA_PROMISE_MADE;
		add(t, &e);
	}
	if (mdg_streq(state, "closed"))
		e.kind = MDG_SLA_CLOSED;
	else if (mdg_streq(state, "waiting"))
		e.kind = MDG_SLA_WAITING_CUSTOMER;
	else
		return;
	add(t, &e);
}

static void
reply_sent(struct telling *t, const json_t *codes, struct entry e)
{
	e.message = when(codes, "message", 0);
	answered(t, codes, when(codes, "sent_s", e.time_s), e);
}

static void
mail_in(struct telling *t, const json_t *codes, struct entry e)
{
	int64_t answered_s = when(codes, "answered_s", 0);

	if (!mdg_streq(text(codes, "class"), "ordinary") ||
	    json_is_true(json_object_get(codes, "thanks")) ||
	    json_is_true(json_object_get(codes, "spam")) ||
	    json_is_true(json_object_get(codes, "history")))
		return;
	e.message = when(codes, "message", 0);
	e.time_s = when(codes, "received_s", e.time_s);
	e.kind = MDG_SLA_CUSTOMER_REPLIED;
	add(t, &e);
	if (!answered_s)
		return;
	/* with another tool, whose mail we had read before this one */
	e.message = 0;
	answered(t, codes, answered_s, e);
	t->moved = true;
}

/* Read in the Sent folder of another tool, whenever that was. */
static void
reply_elsewhere(struct telling *t, const json_t *codes, struct entry e)
{
	if (!json_is_true(json_object_get(codes, "answers")) ||
	    json_is_true(json_object_get(codes, "history")))
		return;
	reply_sent(t, codes, e);
	t->moved = true;
}

static void
gave(struct telling *t, int64_t message)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].message == message)
			t->v[i].gone = true;
	if (t->given_n < EVENTS_MAX)
		t->given[t->given_n++] = message;
}

/* A mail that came from another ticket, or came back. */
static void
took(struct telling *t, const json_t *one, struct entry e)
{
	bool known = false, out = json_object_get(one, "out_s") != NULL;
	size_t n = 0;

	e.message = when(one, "message", 0);
	for (size_t i = 0; i < t->given_n; i++)
		if (t->given[i] != e.message)
			t->given[n++] = t->given[i];
	known = n < t->given_n;
	t->given_n = n;
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].message == e.message) {
			t->v[i].gone = false;
			known = true;
		}
	if (known)
		return;
	e.time_s = when(one, out ? "out_s" : "in_s", e.time_s);
	e.kind = out ? MDG_SLA_REPLY_SENT : MDG_SLA_CUSTOMER_REPLIED;
	t->moved = true;
	add(t, &e);
}

static void
moves(struct telling *t, const char *kind, const json_t *codes,
      const struct entry *e)
{
	json_t *one;
	size_t i;

	if (mdg_streq(kind, "ticket.absorbed") && t->absorbed_n < STORIES_MAX)
		t->absorbed[t->absorbed_n++] = (struct absorbed){
			when(codes, "from", 0), when(codes, "step", 0),
			e->time_s, e->rev, false};
	if (mdg_streq(kind, "ticket.gave_back"))
		for (i = 0; i < t->absorbed_n; i++)
			if (t->absorbed[i].step == when(codes, "step", -1))
				t->absorbed[i].back = true;
	json_array_foreach (json_object_get(codes, "gave"), i, one)
		gave(t, json_integer_value(one));
	json_array_foreach (json_object_get(codes, "took"), i, one)
		took(t, one, *e);
}

/* 保留: time goes on unless it is the customer who keeps us waiting. */
static void
held(struct telling *t, const json_t *codes, struct entry e)
{
	e.kind = mdg_streq(text(codes, "side"), "customer")
			 ? MDG_SLA_HOLD_CUSTOMER
			 : MDG_SLA_HOLD_OURS;
	add(t, &e);
}

/* お約束 made by hand: one at a time, the newest holds. */
static void
promised(struct telling *t, const json_t *codes, struct entry e)
{
	e.kind = MDG_SLA_PROMISE_DROPPED;
	add(t, &e);
	e.promise_id = e.rev;
	e.due_s = when(codes, "due_s", 0);
	e.kind = MDG_SLA_PROMISE_MADE;
	if (e.due_s)
		add(t, &e);
}

/* 電話メモ and the like: somebody asked, and was perhaps answered at once. */
static void
began(struct telling *t, const json_t *codes, struct entry e)
{
	if (!json_is_true(json_object_get(codes, "asks")))
		return;
	e.message = when(codes, "message", 0);
	e.kind = MDG_SLA_CUSTOMER_REPLIED;
	add(t, &e);
	e.message = 0;
	if (json_is_true(json_object_get(codes, "answered")))
		answered(t, codes, e.time_s, e);
}

static bool
learn_mailbox(struct stories *s, struct telling *t, int64_t account,
	      struct mdg_err *err)
{
	struct mdg_account acc;
	enum mdg_found f =
		mdg_account_by_id(s->d->db, account, s->a, &acc, err);

	if (f == MDG_FOUND)
		t->facts.mailbox = acc.name;
	return f != MDG_FAILED;
}

/* Whatever an event says about the ticket may change its targets. */
static bool
learn(struct stories *s, struct telling *t, const json_t *codes, struct entry e,
      struct mdg_err *err)
{
	const char *category =
		json_string_value(json_object_get(codes, "category"));
	int64_t account = when(codes, "account", 0);

	if (!mdg_policy_has_rules(s->policy))
		return true;
	if (category)
		t->facts.category = mdg_arena_strdup(s->a, category);
	if (account && !learn_mailbox(s, t, account, err))
		return false;
	t->facts.customer_id = when(codes, "customer", t->facts.customer_id);
	t->facts.priority = when(codes, "priority", t->facts.priority);
	t->facts.temperature = when(codes, "temperature", t->facts.temperature);
	e.kind = MDG_SLA_RETARGETED;
	e.targets = mdg_policy_targets(s->policy, &t->facts, NULL);
	if (e.targets != t->targets)
		add(t, &e);
	t->targets = e.targets;
	return true;
}

static void
one_event(struct telling *t, const char *kind, const json_t *codes,
	  struct entry e)
{
	static const struct {
		const char *kind;
		enum mdg_sla_event_kind as;
	} plain[] = {
		{"ticket.reopen", MDG_SLA_REOPENED},
		{"ticket.undelivered", MDG_SLA_REOPENED},
		{"ticket.follow_up", MDG_SLA_RESUMED},
		{"inquiry.answered", MDG_SLA_RESUMED},
		/* from before the start, and wanted answered now */
		{"ticket.pick", MDG_SLA_CUSTOMER_REPLIED},
		{"ticket.assign", MDG_SLA_RESUMED},
		{"draft.new", MDG_SLA_RESUMED},
	};

	if (mdg_streq(kind, "mail.in")) {
		mail_in(t, codes, e);
	} else if (mdg_streq(kind, "outbox.sent")) {
		reply_sent(t, codes, e);
	} else if (mdg_streq(kind, "reply.elsewhere")) {
		reply_elsewhere(t, codes, e);
	} else if (mdg_streq(kind, "ticket.close")) {
		e.kind = mdg_streq(text(codes, "closing"), "replied")
				 ? MDG_SLA_CLOSED
				 : MDG_SLA_NOT_NEEDED;
		add(t, &e);
	} else if (mdg_streq(kind, "ticket.hold")) {
		held(t, codes, e);
	} else if (mdg_streq(kind, "ticket.promise")) {
		promised(t, codes, e);
	} else if (mdg_streq(kind, "ticket.new")) {
		began(t, codes, e);
	} else {
		moves(t, kind, codes, &e);
	}
	for (size_t i = 0; i < MDG_LEN(plain); i++)
		if (mdg_streq(kind, plain[i].kind)) {
			e.kind = plain[i].as;
			add(t, &e);
		}
}

static bool
one_line(struct stories *s, struct telling *t, const struct mdg_log_line *l,
	 struct mdg_err *err)
{
	json_t *codes = json_loads(l->codes, 0, NULL);
	const struct entry e = {.time_s = l->time_s, .rev = l->rev};
	bool ok = learn(s, t, codes, e, err);

	if (ok)
		one_event(t, l->kind, codes, e);
	json_decref(codes);
	return ok;
}

/* What a round has read is not read again. */
static bool
read_one(struct stories *s, int64_t ticket, struct telling *t,
	 struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	bool ok = true, known = false;

	for (size_t i = 0; ok && s->round && i < s->round->log_n; i++)
		if (s->round->log[i].ticket_id == ticket) {
			ok = one_line(s, t, &s->round->log[i], err);
			known = true;
		}
	if (known)
		return ok;
	if (!mdg_db_query(s->d->db, &r, err,
			  "SELECT kind, codes, time_s, ticket_rev FROM event"
			  " WHERE ticket_id = ?1 ORDER BY ticket_rev",
			  "i", ticket))
		return false;
	while (ok && mdg_rows_next(r)) {
		const struct mdg_log_line l = {
			.kind = mdg_rows_text(r, 0),
			.codes = mdg_rows_text(r, 1),
			.time_s = mdg_rows_i64(r, 2),
			.rev = mdg_rows_i64(r, 3),
		};
		ok = one_line(s, t, &l, err);
	}
	return ok && mdg_rows_close(&r, err);
}

/* ---- stories ---- */

static void
sort(struct entry *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct entry e = v[i];
		size_t k = i;
		for (; k > 0 && v[k - 1].time_s > e.time_s; k--)
			v[k] = v[k - 1];
		v[k] = e;
	}
}

/* From the first mail on, which is what began it all. */
static void
finish(struct stories *s, int64_t ticket, const struct entry *v, size_t n,
       int64_t shared_s)
{
	const struct mdg_policy_facts unknown = {.temperature = -1};
	struct mdg_story *to = &s->v[s->n];
	size_t first = 0;

	while (first < n && v[first].kind != MDG_SLA_CUSTOMER_REPLIED)
		first++;
	if (first == n)
		return;
	to->targets = mdg_policy_targets(s->policy, &unknown, NULL);
	for (size_t i = 0; i < first; i++)
		if (v[i].kind == MDG_SLA_RETARGETED)
			to->targets = v[i].targets;
	to->ticket = ticket;
	to->n = n - first;
	to->shared_s = shared_s;
	to->events = mdg_arena_array(s->a, to->n, sizeof(*to->events));
	for (size_t i = 0; i < to->n; i++)
		to->events[i] = (struct mdg_sla_event){
			.time_s = v[first + i].time_s,
			.kind = i ? v[first + i].kind : MDG_SLA_RECEIVED,
			.promise_id = v[first + i].promise_id,
			.due_s = v[first + i].due_s,
			.policy = v[first + i].targets,
		};
	s->n++;
}

/* Is it in its ticket, and its ticket's heirs have not given it away? */
static bool
is_here(const struct telling *t, const struct entry *e)
{
	if (e->gone)
		return false;
	for (const struct telling *p = t->parent; p && e->message;
	     p = p->parent)
		for (size_t i = 0; i < p->given_n; i++)
			if (p->given[i] == e->message)
				return false;
	return true;
}

/* The story of one ticket, which goes on with `tail`, and of those that were
 * merged into it. */
static bool
tell(struct stories *s, int64_t ticket, const struct telling *parent,
     const struct entry *tail, size_t tail_n, struct mdg_err *err)
{
	struct telling *t = mdg_arena_alloc(s->a, sizeof(*t));
	size_t n = 0;

	*t = (struct telling){.parent = parent, .facts = {.temperature = -1}};
	t->targets = mdg_policy_targets(s->policy, &t->facts, NULL);
	if (!read_one(s, ticket, t, err))
		return false;
	for (size_t i = 0; i < t->n; i++)
		if (is_here(t, &t->v[i]))
			t->v[n++] = t->v[i];
	t->n = n;
	if (t->moved)
		sort(t->v, t->n);
	for (size_t i = 0; i < tail_n; i++)
		add(t, &tail[i]);
	finish(s, ticket, t->v, t->n, tail_n ? tail[0].time_s : INT64_MAX);
	for (size_t i = 0; i < t->absorbed_n && s->n < STORIES_MAX; i++) {
		const struct absorbed *b = &t->absorbed[i];
		struct entry *since;
		if (b->back)
			continue;
		since = mdg_arena_array(s->a, t->n, sizeof(*since));
		size_t since_n = 0;
		for (size_t k = 0; k < t->n; k++)
			if (k >= n || (t->v[k].rev > b->rev &&
				       t->v[k].time_s >= b->time_s))
				since[since_n++] = t->v[k];
		if (!tell(s, b->ticket, t, since, since_n, err))
			return false;
	}
	return true;
}

bool
mdg_stories_read(struct mdg_desk *d, int64_t ticket,
		 const struct mdg_policy *policy, const struct mdg_round *round,
		 struct mdg_arena *a, struct mdg_story **ret, size_t *ret_n,
		 struct mdg_err *err)
{
	struct stories *s = mdg_arena_alloc(a, sizeof(*s));

	*s = (struct stories){.d = d, .policy = policy, .round = round, .a = a};
	if (!tell(s, ticket, NULL, NULL, 0, err))
		return false;
	*ret = s->v;
	*ret_n = s->n;
	return true;
}
