/*
 * Clocks, promises and warnings of a desk of random work on the real store,
 * against the slow walk (slow_sla.h): tick by tick the rows are what it says,
 * by the policy and the hours that each ticket was promised; mails about them
 * come while people are there, and in batches.
 */
#include "slow_sla.h"
#include "story.h"

#include "dice.h"

#include "madoguchi/app/warn.h"
#include "madoguchi/desk/clock_machine.h"

enum { DESKS = 8, MINUTES = 700, VERSIONS = 4, TICKETS_MAX = 150 };

static const char *const zones[] = {
	"Asia/Tokyo",         "America/New_York", "Australia/Lord_Howe",
	"Pacific/Kiritimati", "Europe/London",    "America/St_Johns",
};

static uint64_t seed, seed_of_desk;

static uint64_t
rnd(uint64_t n)
{
	return t_splitmix(&seed) % n;
}

/* ---- the desk ---- */

struct version {
	struct slow_hours hours;
	struct mdg_sla_policy policy;
};

struct one {
	int64_t id;
	char message[24];
	size_t version;
	struct slow_desk slow;
};

struct world {
	struct desk k;
	struct version by[VERSIONS];
	size_t version; /* the newest */
	struct one v[TICKETS_MAX];
	size_t n;
	bool night;
	int64_t told_s[3]; /* by person */
	size_t compared, mails;
};

static void
set_version(struct world *o, size_t n)
{
	struct version *v = &o->by[n];
	const char *zone = zones[rnd(MDG_LEN(zones))];

	v->policy = (struct mdg_sla_policy){
		.first_response_min = 20 + (int64_t)rnd(300),
		.next_response_min = 20 + (int64_t)rnd(300),
		.resolution_min = 60 + (int64_t)rnd(900),
		.clock_time = rnd(3) == 0,
		.warn_percent = {30 + (int)rnd(30), 70 + (int)rnd(20)},
	};
	slow_hours_make(&v->hours, zone, mdg_now_s() - 86400, &seed);
	MDG_AUTO(mdg_freep)
	char *policy = mdg_asprintf(
		"{\"first_response_min\":%lld,\"next_response_min\":%lld,"
		"\"resolution_min\":%lld,\"business\":%s,\"warn_percent\":"
		"[%d,%d]}",
		(long long)v->policy.first_response_min,
		(long long)v->policy.next_response_min,
		(long long)v->policy.resolution_min,
		v->policy.clock_time ? "false" : "true",
		v->policy.warn_percent[0], v->policy.warn_percent[1]);
	set_hours(&o->k, "shop", v->hours.json);
	set_policy(&o->k, "shop", policy);
	o->version = n;
}

static void
begin(struct world *o, const char *url)
{
	*o = (struct world){.night = rnd(4) == 0};
	mdg_clock_advance(slow_moment(zones[rnd(MDG_LEN(zones))], &seed) -
			  mdg_now_s());
	o->k = open_desk_now(url, "all");
	act(&o->k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "out@shop.example", "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	act(&o->k, &mdg_actor_system, "sla.notify",
	    json_pack("{s:s}", "at_night", o->night ? "on" : "off"));
	assert_true(mdg_db_run(
		o->k.d->db, NULL,
		"UPDATE person SET email = login || '@shop.example'", ""));
	set_version(o, 0);
}

/* ---- what happens ---- */

static int64_t
event_figure(struct world *o, const struct one *t, const char *kind,
	     const char *what)
{
	MDG_AUTO(mdg_freep)
	char *sql = mdg_asprintf("SELECT %s FROM event WHERE ticket_id = %lld"
				 " AND kind = '%s' ORDER BY seq DESC LIMIT 1",
				 what, (long long)t->id, kind);

	return count(&o->k, sql);
}

static void
tell(struct world *o, struct one *t, const char *kind,
     enum mdg_sla_event_kind as, int64_t due_s)
{
	const bool mail = mdg_streq(kind, "mail.in");
	const struct mdg_sla_event e = {
		/* a mail counts since it was received */
		.time_s = mail ? count(&o->k, "SELECT internaldate_s FROM"
					      " delivery ORDER BY id DESC"
					      " LIMIT 1")
			       : event_figure(o, t, kind, "time_s"),
		.kind = as,
		.promise_id = as == MDG_SLA_PROMISE_MADE
				      ? event_figure(o, t, kind, "ticket_rev")
				      : 0,
		.due_s = due_s,
	};

	slow_event(&t->slow, &e);
}

static void
mail_comes(struct world *o, struct one *t)
{
	static int n;
	char id[24], from[40];
	struct mdg_mail *m;

	snprintf(id, sizeof(id), "k%d@c", ++n);
	snprintf(from, sizeof(from), "k%d@c.example",
		 t ? atoi(t->message + 1) : n);
	m = new_mail(id, from, "用件について",
		     t ? "まだ届きません。いつになりますか。" : "届きません。");
	if (t)
		mdg_strings_add(&m->in_reply_to, &m->arena, t->message,
				strlen(t->message));
	int64_t ticket = take_in(&o->k, m).ticket_id;
	if (t) {
		assert_int_equal(ticket, t->id);
		tell(o, t, "mail.in", MDG_SLA_CUSTOMER_REPLIED, 0);
		return;
	}
	t = &o->v[o->n++];
	*t = (struct one){.id = ticket, .version = o->version};
	memcpy(t->message, id, sizeof(id));
	slow_begin(&t->slow, &o->by[o->version].hours,
		   &o->by[o->version].policy);
	tell(o, t, "mail.in", MDG_SLA_RECEIVED, 0);
}

/* An action that the state of the ticket may forbid. */
static bool
may(struct world *o, const struct one *t, const char *name, json_t *args)
{
	json_t *result = NULL;
	struct mdg_err err;

	json_object_set_new(args, "ticket",
			    json_integer(number_of(&o->k, t->id)));
	bool ok = mdg_act_call(o->k.d, &o->k.op, name, args, &result, &err);
	json_decref(args);
	json_decref(result);
	return ok;
}

static void
promise(struct world *o, struct one *t)
{
	int64_t due_s = mdg_now_s() + 60 * (1 + (int64_t)rnd(2000));

	if (!may(o, t, "ticket.promise",
		 json_pack("{s:I}", "due_s", (json_int_t)due_s)))
		return;
	tell(o, t, "ticket.promise", MDG_SLA_PROMISE_DROPPED, 0);
	tell(o, t, "ticket.promise", MDG_SLA_PROMISE_MADE, due_s);
}

static void
hold(struct world *o, struct one *t)
{
	bool theirs = rnd(2);

	if (may(o, t, "ticket.hold",
		json_pack("{s:s,s:b}", "reason", "確認", "customer", theirs)))
		tell(o, t, "ticket.hold",
		     theirs ? MDG_SLA_HOLD_CUSTOMER : MDG_SLA_HOLD_OURS, 0);
}

static void
close_it(struct world *o, struct one *t)
{
	bool replied = rnd(2);

	if (may(o, t, "ticket.close",
		json_pack("{s:s}", "kind", replied ? "replied" : "no_reply")))
		tell(o, t, "ticket.close",
		     replied ? MDG_SLA_CLOSED : MDG_SLA_NOT_NEEDED, 0);
}

static void
work(struct world *o)
{
	struct one *t = o->n ? &o->v[rnd(o->n)] : NULL;
	/* new clocks of old tickets are promised by the new version: not here
	 */
	bool of_now = t && t->version == o->version;

	switch (rnd(10)) {
	case 0:
	case 1:
	case 2:
		if (o->n < TICKETS_MAX)
			mail_comes(o, NULL);
		break;
	case 3:
		if (of_now)
			mail_comes(o, t);
		break;
	case 4:
	case 5:
		if (of_now)
			promise(o, t);
		break;
	case 6:
		if (t)
			hold(o, t);
		break;
	case 7:
		if (t && may(o, t, "ticket.assign",
			     rnd(3) ? json_pack("{s:s}", "to", "op")
				    : json_object()))
			tell(o, t, "ticket.assign", MDG_SLA_RESUMED, 0);
		break;
	case 8:
		if (t && rnd(2))
			close_it(o, t);
		break;
	default:
		if (of_now && may(o, t, "ticket.reopen", json_object()))
			tell(o, t, "ticket.reopen", MDG_SLA_REOPENED, 0);
		break;
	}
}

/* ---- what should be ---- */

static void
same(const struct world *o, const struct one *t, size_t n, const char *what,
     int64_t row, int64_t slow)
{
	if (row != slow)
		fail_msg("seed %llu, ticket %lld, clock %zu: %s is %lld, slowly"
			 " %lld at %lld\n%s",
			 (unsigned long long)seed_of_desk, (long long)t->id, n,
			 what, (long long)row, (long long)slow,
			 (long long)mdg_now_s(), o->by[t->version].hours.json);
}

static int64_t
or_zero(int64_t t_s)
{
	return t_s == SLOW_NONE ? 0 : t_s;
}

static void
compare(struct world *o, const struct one *t, int64_t now_s)
{
	static struct slow_desk d;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_clock *v;
	size_t n;

	d = t->slow;
	slow_until(&d, now_s);
	assert_true(mdg_clock_list(o->k.d->db, t->id, &a, &v, 100, &n, NULL));
	same(o, t, 0, "the number of clocks", (int64_t)n, (int64_t)d.n);
	for (size_t i = 0; i < n; i++) {
		const struct slow_clock *s = &d.v[i];
		bool running = slow_state(s) == MDG_CLOCK_RUNNING;
		int64_t warned = 0;
		same(o, t, i, mdg_clock_kind_name(s->kind),
		     mdg_streq(v[i].kind, mdg_clock_kind_name(s->kind)), true);
		if (!mdg_streq(v[i].state, mdg_clock_state_name(slow_state(s))))
			same(o, t, i, v[i].state, -1, slow_state(s));
		same(o, t, i, "start", v[i].started_s, s->started_s);
		same(o, t, i, "end", v[i].stopped_s, or_zero(s->ended_s));
		if (s->due_s != SLOW_BEYOND)
			same(o, t, i, "due", v[i].due_s, or_zero(s->due_s));
		if (v[i].stopped_s)
			same(o, t, i, "used", v[i].counted_s, s->used_s);
		for (int k = 0; k < MDG_SLA_WARN_MAX; k++)
			warned += s->warn_s[k] != SLOW_NONE &&
				  s->warn_s[k] <= now_s;
		if (running)
			same(o, t, i, "warnings", v[i].warned, warned);
		o->compared++;
	}
}

static void
tick(struct world *o)
{
	static const char *const people[] = {"op", "op2", "sv"};
	int64_t before[3], now_s = mdg_now_s();
	struct mdg_err err;

	pass(&o->k, 0);
	for (int i = 0; i < 3; i++)
		before[i] = mails_to(&o->k, people[i]);
	if (!mdg_warn_tick(o->k.d, now_s, &err))
		fail_msg("%s", why(&err));
	for (int i = 0; i < 3; i++) {
		int64_t more = mails_to(&o->k, people[i]) - before[i];
		if (!more)
			continue;
		assert_int_equal(more, 1);
		assert_true(now_s - o->told_s[i] >= MDG_WARN_PAUSE_S);
		if (!o->night &&
		    !slow_are_there(&o->by[o->version].hours, now_s))
			fail_msg("seed %llu: %s is told at %lld\n%s",
				 (unsigned long long)seed_of_desk, people[i],
				 (long long)now_s,
				 o->by[o->version].hours.json);
		o->told_s[i] = now_s;
		o->mails++;
	}
	/* where a second went by meanwhile, both may be right */
	if (o->n && mdg_now_s() == now_s)
		for (int i = 0; i < 6; i++)
			compare(o, &o->v[rnd(o->n)], now_s);
}

/* The mails it sent: few, where its hours are short. */
static size_t
one_desk(const char *url)
{
	static struct world o;

	seed_of_desk = seed;
	begin(&o, url);
	for (int i = 0; i < MINUTES; i++) {
		mdg_clock_advance(rnd(50) ? 60 * (int64_t)rnd(10)
					  : (int64_t)rnd(10) * 3600);
		if (i && i % (MINUTES / VERSIONS) == 0)
			set_version(&o, o.version + 1);
		work(&o);
		tick(&o);
	}
	printf("# %zu tickets, %zu clocks compared, %zu mails\n", o.n,
	       o.compared, o.mails);
	assert_true(o.n > 50);
	json_t *r = act(&o.k, &mdg_actor_system, "sla.check", json_object());
	assert_true(json_is_true(json_object_get(r, "ok")));
	close_desk(&o.k);
	return o.mails;
}

static void
rows_and_warnings_agree_with_a_slow_walk(void **state)
{
	(void)state;
	char dir[256], url[512];
	size_t mails = 0;

	if (!slow_zones_known() || !mdg_clock_advance(0))
		skip();
	seed = 23;
	for (int n = 0; n < DESKS; n++) {
		t_dir_make(dir, sizeof(dir));
		snprintf(url, sizeof(url), "sqlite:%s/desk.db", dir);
		mails += one_desk(url);
		t_dir_remove(dir);
	}
	assert_true(mails > 5 * DESKS);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(rows_and_warnings_agree_with_a_slow_walk),
};
DESK_TESTS(tests);
