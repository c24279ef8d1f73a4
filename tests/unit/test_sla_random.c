/* The clocks of random tickets against a second, slow way to the same figures
 * (slow_sla.h): over zones, hours, pauses, promises and changed targets. */
#include "dice.h"
#include "slow_sla.h"
#include "t.h"

#include "madoguchi/base/msg.h"

#ifdef MDG_SANITIZERS
enum { CASES = 10000 };
#else
enum { CASES = 100000 };
#endif
enum { PER_CALENDAR = 200, EVENTS_MAX = 14, POLICIES = 4 };

static const char *const zones[] = {
	"Asia/Tokyo",          "America/New_York",   "Europe/London",
	"Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Kathmandu",
	"Africa/Casablanca",   "America/St_Johns",   "Pacific/Apia",
	"Pacific/Chatham",     "America/Sao_Paulo",  "UTC",
};

static uint64_t seed;
static struct slow_hours hours;

static uint64_t
rnd(uint64_t n)
{
	return t_splitmix(&seed) % n;
}

/* ---- a random ticket ---- */

struct ticket {
	struct mdg_sla_policy policies[POLICIES];
	struct mdg_sla_event v[EVENTS_MAX];
	size_t n;
	int64_t now_s;
};

static int64_t
random_minutes(void)
{
	switch (rnd(6)) {
	case 0:
		return 0;
	case 1:
		return 1 + (int64_t)rnd(30);
	default:
		return 1 + (int64_t)rnd(1500);
	}
}

static struct mdg_sla_policy
random_policy(void)
{
	struct mdg_sla_policy p = {
		.first_response_min = random_minutes(),
		.next_response_min = random_minutes(),
		.resolution_min = random_minutes(),
		.clock_time = rnd(4) == 0,
	};
	int percent = 0;

	for (size_t i = 0, n = rnd(5); i < n && percent < 90; i++) {
		percent += 1 + (int)rnd(40);
		p.warn_percent[i] = percent > 99 ? 99 : percent;
	}
	return p;
}

/* Now any time, now the very second of a due time or a warning, or beside it.
 */
static int64_t
random_next(const struct slow_desk *so_far, int64_t t_s)
{
	struct slow_desk d = *so_far;
	int64_t edge = 0, beside = 0;

	if (rnd(3) && d.n) {
		slow_until(&d, t_s);
		const struct slow_clock *c = &d.v[rnd(d.n)];
		edge = rnd(2) ? c->due_s : c->warn_s[rnd(MDG_SLA_WARN_MAX)];
		beside = (int64_t)rnd(3) - 1;
	}
	/* a clock that is not due at all has no second beside it */
	if (edge > t_s && edge < t_s + 4 * 86400)
		return edge + beside;
	switch (rnd(6)) {
	case 0:
		return t_s;
	case 1:
		return slow_minute_end(t_s);
	case 2:
		return t_s + (int64_t)rnd(2 * 86400);
	default:
		return t_s + (int64_t)rnd(3 * 3600);
	}
}

static void
make_ticket(struct ticket *t, struct slow_desk *d)
{
	int64_t end_s = slow_map_end(&hours) - 6 * 86400, t_s;

	for (size_t i = 0; i < POLICIES; i++)
		t->policies[i] = random_policy();
	t->n = 1 + rnd(EVENTS_MAX);
	t_s = hours.from_s + 86400 + (int64_t)rnd(8 * 86400);
	slow_begin(d, &hours, &t->policies[0]);
	for (size_t i = 0; i < t->n; i++) {
		struct mdg_sla_event *e = &t->v[i];
		*e = (struct mdg_sla_event){
			.time_s = t_s,
			.kind = MDG_SLA_RECEIVED,
			.promise_id = (int64_t)rnd(3),
			.due_s = t_s + (int64_t)rnd(3 * 86400),
			.policy = &t->policies[rnd(POLICIES)],
		};
		if (i)
			e->kind = (enum mdg_sla_event_kind)(
				1 + rnd(MDG_SLA_EVENT_KIND_N - 1));
		/* the machine's clock was set back a little */
		if (i && rnd(20) == 0)
			e->time_s -= (int64_t)rnd(100);
		slow_event(d, e);
		t_s = random_next(d, t_s);
		if (t_s > end_s)
			t_s = end_s;
	}
	t->now_s = t_s;
	slow_until(d, t->now_s);
}

/* ---- both ways ---- */

static const char *
story(const struct ticket *t)
{
	static char out[8000];
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += (size_t)snprintf(
			out + n, sizeof(out) - n,
			"  %lld %s promise %lld due %lld policy %d\n",
			(long long)t->v[i].time_s,
			mdg_sla_event_name(t->v[i].kind),
			(long long)t->v[i].promise_id, (long long)t->v[i].due_s,
			(int)(t->v[i].policy - t->policies));
	for (size_t i = 0; i < POLICIES; i++)
		n += (size_t)snprintf(
			out + n, sizeof(out) - n,
			"  policy %zu: %lld %lld %lld%s\n", i,
			(long long)t->policies[i].first_response_min,
			(long long)t->policies[i].next_response_min,
			(long long)t->policies[i].resolution_min,
			t->policies[i].clock_time ? " clock time" : "");
	return out;
}

static void
same(const struct ticket *t, uint64_t of, size_t n, const char *what,
     int64_t quick, int64_t slow)
{
	/* the map of the slow way ends somewhere */
	if (slow == SLOW_BEYOND &&
	    (quick == MDG_SLA_NONE || quick >= slow_map_end(&hours)))
		return;
	if (quick != slow)
		fail_msg("seed %llu, clock %zu: %s is %lld, slowly %lld at "
			 "%lld\n%s%s",
			 (unsigned long long)of, n, what, (long long)quick,
			 (long long)slow, (long long)t->now_s, story(t),
			 hours.json);
}

static bool
add_up(void *arg, const struct mdg_stretch *s)
{
	int64_t *sum = arg;

	if (mdg_why_counts(s->why))
		*sum += s->to_s - s->from_s;
	return true;
}

/* What the slow way did not see within its map. */
static int64_t
beyond(int64_t quick, int64_t slow)
{
	return slow == SLOW_NONE && quick >= slow_map_end(&hours) ? quick
								  : slow;
}

static void
compare(const struct ticket *t, const struct slow_desk *d,
	const struct mdg_sla_result *r, const struct mdg_calendar *cal,
	uint64_t of)
{
	same(t, of, 0, "the number of clocks", (int64_t)r->n, (int64_t)d->n);
	for (size_t i = 0; i < r->n; i++) {
		const struct mdg_sla_clock *q = &r->clocks[i];
		const struct slow_clock *s = &d->v[i];
		int64_t sum = 0;
		same(t, of, i, "kind", q->kind, s->kind);
		same(t, of, i, "promise", q->promise_id, s->promise_id);
		same(t, of, i, "state", q->state, slow_state(s));
		same(t, of, i, "start", q->started_s, s->started_s);
		same(t, of, i, "end", q->stopped_s, s->ended_s);
		same(t, of, i, "allowed", q->budget_s, s->allowed_s);
		same(t, of, i, "used", q->counted_s, s->used_s);
		same(t, of, i, "due", q->due_s, s->due_s);
		for (size_t k = 0; k < MDG_SLA_WARN_MAX; k++)
			same(t, of, i, "warning", q->warn_s[k],
			     beyond(q->warn_s[k], s->warn_s[k]));
		assert_true(mdg_sla_explain(cal, q, add_up, &sum, NULL));
		same(t, of, i, "the sum explained", sum, s->used_s);
	}
}

static void
one_ticket(const struct mdg_calendar *cal)
{
	static struct ticket t;
	static struct slow_desk d;
	struct mdg_sla_result r;
	uint64_t of = seed;

	make_ticket(&t, &d);
	assert_true(mdg_sla_evaluate(&t.policies[0], cal, t.v, t.n, t.now_s, &r,
				     NULL));
	compare(&t, &d, &r, cal, of);
	mdg_sla_result_clear(&r);
}

static void
clocks_agree_with_a_slow_walk_in_all_zones(void **state)
{
	(void)state;
	struct mdg_calendar *cal;

	if (!slow_zones_known())
		skip();
	seed = 20261123;
	for (int n = 0; n < CASES / PER_CALENDAR; n++) {
		const char *zone = zones[(size_t)n % MDG_LEN(zones)];
		slow_hours_make(&hours, zone, slow_moment(zone, &seed), &seed);
		assert_true(mdg_calendar_parse(hours.json, &cal, NULL));
		for (int i = 0; i < PER_CALENDAR; i++)
			one_ticket(cal);
		mdg_calendar_free(&cal);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_agree_with_a_slow_walk_in_all_zones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
