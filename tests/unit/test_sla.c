/* The clocks of a ticket: the machine, the rules, and that figures add up. */
#include "dice.h"
#include "t.h"

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/desk/sla.h"

static const char office_json[] =
	"{\"zone\":\"Asia/Tokyo\",\"weekly\":{"
	"\"mon\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"tue\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"wed\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"thu\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"fri\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]]},"
	"\"national_holidays\":\"jp\"}";

static struct mdg_calendar *office;

static int
open_office(void **state)
{
	(void)state;
	return mdg_calendar_parse(office_json, &office, NULL) ? 0 : -1;
}

static int
close_office(void **state)
{
	(void)state;
	mdg_calendar_free(&office);
	return 0;
}

/* A time of November 2026 in Japan; the 23rd is a holiday. */
static int64_t
nov(int day, int hour, int min)
{
	return mdg_days_from_civil(2026, 11, day) * 86400 + hour * 3600 +
	       min * 60 - 9 * 3600;
}

static const struct mdg_sla_policy policy = {
	.first_response_min = 240,
	.next_response_min = 120,
	.resolution_min = 960,
	.warn_percent = {50, 80},
};

static struct mdg_sla_result
evaluated(const struct mdg_sla_policy *p, const struct mdg_sla_event *e,
	  size_t n, int64_t now)
{
	struct mdg_sla_result r = {0};
	struct mdg_err err;
	char text[MDG_ERR_TEXT_MAX];

	if (!mdg_sla_evaluate(p, office, e, n, now, &r, &err))
		fail_msg("%s",
			 mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
	return r;
}

#define EV(t, what, ...)                                                       \
	{                                                                      \
		.time_s = (t), .kind = MDG_SLA_##what, __VA_ARGS__             \
	}
#define EVALUATED(now, ...)                                                    \
	evaluated(&policy, (const struct mdg_sla_event[]){__VA_ARGS__},        \
		  MDG_LEN(((const struct mdg_sla_event[]){__VA_ARGS__})), now)

/* The n-th clock of a kind, or NULL. */
static const struct mdg_sla_clock *
nth(const struct mdg_sla_result *r, enum mdg_clock_kind kind, size_t n)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->clocks[i].kind == kind && n-- == 0)
			return &r->clocks[i];
	return NULL;
}

#define FIRST(r) nth(r, MDG_CLOCK_FIRST_RESPONSE, 0)
#define NEXT(r, n) nth(r, MDG_CLOCK_NEXT_RESPONSE, n)
#define SOLVED(r) nth(r, MDG_CLOCK_RESOLUTION, 0)
#define PROMISE(r, n) nth(r, MDG_CLOCK_PROMISE, n)

#define IS(clock, want_state) assert_int_equal((clock)->state, want_state)
#define AT(a, b) assert_int_equal((a), (b))

/* -- the machine -- */

static void
the_machine_has_one_step_for_each_state_and_event(void **state)
{
	(void)state;
	size_t n;
	const struct mdg_clock_step *t = mdg_clock_steps(&n);
	bool entered[MDG_CLOCK_STATE_N] = {[MDG_CLOCK_RUNNING] = true};

	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(
			mdg_clock_step(t[i].state, t[i].ended, t[i].event),
			&t[i]);
		entered[t[i].next] = true;
		/* nothing starts a clock twice, time cannot go back */
		assert_int_not_equal(t[i].event, MDG_CLOCK_START);
		if (t[i].event == MDG_CLOCK_REOPEN)
			assert_true(t[i].ended && t[i].effect == MDG_CLOCK_GO);
		else
			assert_false(t[i].ended);
		/* what is met or not applicable is ended, and only that way */
		bool final = t[i].next == MDG_CLOCK_MET ||
			     t[i].next == MDG_CLOCK_NOT_APPLICABLE;
		if (final)
			assert_int_equal(t[i].effect, MDG_CLOCK_END);
		/* a breach is only forgiven if no answer was needed */
		if (t[i].state == MDG_CLOCK_BREACHED)
			assert_true(t[i].next == MDG_CLOCK_BREACHED ||
				    t[i].event == MDG_CLOCK_CANCEL);
	}
	for (enum mdg_clock_state s = 0; s < MDG_CLOCK_STATE_N; s++) {
		assert_true(entered[s]);
		assert_true(*mdg_clock_state_name(s));
		assert_int_not_equal(mdg_clock_state_msg(s), MDG_MSG_NONE);
	}
	for (enum mdg_clock_kind k = 0; k < MDG_CLOCK_KIND_N; k++) {
		assert_true(*mdg_clock_kind_name(k));
		assert_int_not_equal(mdg_clock_kind_msg(k), MDG_MSG_NONE);
	}
	for (enum mdg_clock_event e = 0; e < MDG_CLOCK_EVENT_N; e++)
		assert_true(*mdg_clock_event_name(e));
	for (enum mdg_sla_event_kind e = 0; e < MDG_SLA_EVENT_KIND_N; e++)
		assert_true(*mdg_sla_event_name(e));
}

static void
every_open_state_can_be_ended_by_every_ending_event(void **state)
{
	(void)state;
	static const enum mdg_clock_state open[] = {
		MDG_CLOCK_RUNNING, MDG_CLOCK_PAUSED, MDG_CLOCK_BREACHED};
	static const enum mdg_clock_event ends[] = {
		MDG_CLOCK_ANSWER, MDG_CLOCK_CANCEL, MDG_CLOCK_DROP};

	for (size_t i = 0; i < MDG_LEN(open); i++)
		for (size_t k = 0; k < MDG_LEN(ends); k++) {
			const struct mdg_clock_step *s =
				mdg_clock_step(open[i], false, ends[k]);
			assert_non_null(s);
			assert_int_equal(s->effect, MDG_CLOCK_END);
			/* where no answer was needed, a new clock starts */
			assert_true((s->next == MDG_CLOCK_NOT_APPLICABLE) ==
				    !mdg_clock_step(s->next, true,
						    MDG_CLOCK_REOPEN));
		}
	assert_null(
		mdg_clock_step(MDG_CLOCK_PAUSED, false, MDG_CLOCK_DUE_PASSED));
	assert_null(mdg_clock_step(MDG_CLOCK_MET, true, MDG_CLOCK_ANSWER));
}

/* -- the rules -- */

static void
a_first_reply_in_time_meets_the_first_response(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(24, 12, 0), EV(nov(20, 17, 0), RECEIVED),
			  EV(nov(24, 12, 0), REPLY_SENT));

	IS(FIRST(&r), MDG_CLOCK_MET);
	AT(FIRST(&r)->due_s, nov(24, 12, 0)); /* ends at the lunch break */
	AT(FIRST(&r)->stopped_s, nov(24, 12, 0));
	AT(FIRST(&r)->counted_s, 240 * 60);
	AT(FIRST(&r)->warn_s[0], nov(24, 10, 0));
	AT(FIRST(&r)->warn_s[1], nov(24, 11, 12));
	AT(FIRST(&r)->warn_s[2], MDG_SLA_NONE);
	IS(SOLVED(&r), MDG_CLOCK_RUNNING);
	mdg_sla_result_clear(&r);
}

static void
a_reply_after_due_is_a_breach_even_in_the_lunch_break(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(24, 12, 30), EV(nov(20, 17, 0), RECEIVED),
			  EV(nov(24, 12, 0) + 1, REPLY_SENT));

	IS(FIRST(&r), MDG_CLOCK_BREACHED);
	AT(FIRST(&r)->stopped_s, nov(24, 12, 0) + 1);
	AT(FIRST(&r)->counted_s, 240 * 60);
	mdg_sla_result_clear(&r);
}

static void
a_clock_is_breached_one_second_after_due(void **state)
{
	(void)state;
	for (int late = 0; late < 2; late++) {
		struct mdg_sla_result r = EVALUATED(
			nov(24, 12, 0) + late, EV(nov(20, 17, 0), RECEIVED));
		IS(FIRST(&r), late ? MDG_CLOCK_BREACHED : MDG_CLOCK_RUNNING);
		AT(FIRST(&r)->stopped_s, MDG_SLA_NONE);
		mdg_sla_result_clear(&r);
	}
}

static void
nothing_pauses_the_first_response(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(20, 12, 0), EV(nov(20, 9, 0), RECEIVED),
			  EV(nov(20, 9, 30), WAITING_CUSTOMER),
			  EV(nov(20, 10, 0), HOLD_CUSTOMER));

	IS(FIRST(&r), MDG_CLOCK_RUNNING);
	AT(FIRST(&r)->due_s, nov(20, 14, 0));
	AT(FIRST(&r)->counted_s, 3 * 3600);
	IS(SOLVED(&r), MDG_CLOCK_PAUSED);
	AT(SOLVED(&r)->due_s, MDG_SLA_NONE);
	AT(SOLVED(&r)->counted_s, 1800);
	mdg_sla_result_clear(&r);
}

static void
the_resolution_pauses_on_the_customers_side_only(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(27, 18, 0), EV(nov(20, 9, 0), RECEIVED),
			  EV(nov(20, 10, 0), REPLY_SENT),
			  EV(nov(20, 10, 0), WAITING_CUSTOMER), /* 1 h */
			  EV(nov(24, 9, 0), CUSTOMER_REPLIED),  /* goes on */
			  EV(nov(24, 10, 0), HOLD_OURS),        /* still */
			  EV(nov(24, 11, 0), HOLD_CUSTOMER),    /* 3 h */
			  EV(nov(25, 9, 0), RESUMED),
			  EV(nov(25, 10, 0), CLOSED)); /* 4 h */

	IS(SOLVED(&r), MDG_CLOCK_MET);
	AT(SOLVED(&r)->counted_s, 4 * 3600);
	AT(SOLVED(&r)->stopped_s, nov(25, 10, 0));
	/* 16 h allowed, 3 used by the 25th at 9:00: 8 + 5 h more */
	AT(SOLVED(&r)->due_s, nov(26, 15, 0));
	/* the mail of the 24th was never answered, the ticket was closed */
	IS(NEXT(&r, 0), MDG_CLOCK_BREACHED);
	mdg_sla_result_clear(&r);
}

static void
the_oldest_unanswered_mail_counts_for_the_next_response(void **state)
{
	(void)state;
	struct mdg_sla_result r = EVALUATED(
		nov(20, 16, 0), EV(nov(20, 9, 0), RECEIVED),
		EV(nov(20, 9, 10), CUSTOMER_REPLIED), /* not yet */
		EV(nov(20, 9, 30), REPLY_SENT),
		EV(nov(20, 10, 0), CUSTOMER_REPLIED),
		EV(nov(20, 11, 0), CUSTOMER_REPLIED),
		EV(nov(20, 12, 0), REPLY_SENT), EV(nov(20, 13, 0), REPLY_SENT),
		EV(nov(20, 14, 0), CUSTOMER_REPLIED));

	IS(NEXT(&r, 0), MDG_CLOCK_MET);
	AT(NEXT(&r, 0)->started_s, nov(20, 10, 0));
	AT(NEXT(&r, 0)->due_s, nov(20, 12, 0));
	IS(NEXT(&r, 1), MDG_CLOCK_RUNNING);
	AT(NEXT(&r, 1)->due_s, nov(20, 16, 0));
	assert_null(NEXT(&r, 2));
	mdg_sla_result_clear(&r);
}

static void
where_no_answer_is_needed_nothing_is_late(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(27, 9, 0), EV(nov(20, 9, 0), RECEIVED),
			  EV(nov(26, 9, 0), NOT_NEEDED));

	IS(FIRST(&r), MDG_CLOCK_NOT_APPLICABLE);
	IS(SOLVED(&r), MDG_CLOCK_NOT_APPLICABLE);
	AT(FIRST(&r)->due_s, MDG_SLA_NONE);
	mdg_sla_result_clear(&r);
}

static void
after_a_mail_that_needed_nothing_the_resolution_starts_afresh(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(30, 10, 0), EV(nov(20, 9, 0), RECEIVED),
			  EV(nov(26, 9, 0), NOT_NEEDED),
			  EV(nov(30, 9, 0), CUSTOMER_REPLIED));
	const struct mdg_sla_clock *again = nth(&r, MDG_CLOCK_RESOLUTION, 1);

	IS(SOLVED(&r), MDG_CLOCK_NOT_APPLICABLE);
	IS(again, MDG_CLOCK_RUNNING);
	AT(again->started_s, nov(30, 9, 0));
	AT(again->counted_s, 3600);
	IS(NEXT(&r, 0), MDG_CLOCK_RUNNING);
	mdg_sla_result_clear(&r);
}

static void
nothing_runs_on_a_closed_ticket(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(30, 9, 0), EV(nov(20, 9, 0), RECEIVED),
			  EV(nov(20, 10, 0), REPLY_SENT),
			  EV(nov(20, 11, 0), CUSTOMER_REPLIED),
			  EV(nov(20, 11, 10), PROMISE_MADE, .promise_id = 5,
			     .due_s = nov(26, 9, 0)),
			  EV(nov(20, 11, 30), CLOSED));

	for (size_t i = 0; i < r.n; i++)
		assert_int_not_equal(r.clocks[i].stopped_s, MDG_SLA_NONE);
	IS(NEXT(&r, 0), MDG_CLOCK_NOT_APPLICABLE);
	IS(PROMISE(&r, 0), MDG_CLOCK_NOT_APPLICABLE);
	mdg_sla_result_clear(&r);
}

static void
a_reopened_ticket_counts_on_without_the_closed_time(void **state)
{
	(void)state;
	struct mdg_sla_result r = EVALUATED(
		nov(25, 11, 0), EV(nov(20, 9, 0), RECEIVED),
		EV(nov(20, 10, 0), REPLY_SENT), EV(nov(20, 10, 0), CLOSED),
		EV(nov(25, 10, 0), CUSTOMER_REPLIED));

	IS(SOLVED(&r), MDG_CLOCK_RUNNING);
	AT(SOLVED(&r)->counted_s, 2 * 3600);
	AT(SOLVED(&r)->stopped_s, MDG_SLA_NONE);
	AT(SOLVED(&r)->due_s, nov(26, 18, 0)); /* 15 h on */
	assert_int_equal(SOLVED(&r)->runs_n, 3);
	assert_int_equal(SOLVED(&r)->runs[1].why, MDG_WHY_CLOSED);
	IS(NEXT(&r, 0), MDG_CLOCK_RUNNING);
	IS(FIRST(&r), MDG_CLOCK_MET);
	mdg_sla_result_clear(&r);
}

static void
promises_have_clocks_of_their_own(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(26, 12, 0), EV(nov(20, 9, 0), RECEIVED),
			  EV(nov(20, 10, 0), REPLY_SENT),
			  EV(nov(20, 10, 0), PROMISE_MADE, .promise_id = 1,
			     .due_s = nov(24, 18, 0)),
			  EV(nov(20, 10, 0), PROMISE_MADE, .promise_id = 2,
			     .due_s = nov(25, 18, 0)),
			  EV(nov(20, 10, 0), PROMISE_MADE, .promise_id = 3,
			     .due_s = nov(25, 18, 0)),
			  EV(nov(20, 10, 0), WAITING_CUSTOMER),
			  EV(nov(24, 18, 0), PROMISE_KEPT, .promise_id = 1),
			  EV(nov(25, 9, 0), PROMISE_DROPPED, .promise_id = 3));

	IS(FIRST(&r), MDG_CLOCK_MET); /* by the holding reply */
	IS(PROMISE(&r, 0), MDG_CLOCK_MET);
	AT(PROMISE(&r, 0)->counted_s, (7 + 8) * 3600);
	IS(PROMISE(&r, 1), MDG_CLOCK_BREACHED);
	AT(PROMISE(&r, 1)->due_s, nov(25, 18, 0));
	IS(PROMISE(&r, 2), MDG_CLOCK_NOT_APPLICABLE);
	mdg_sla_result_clear(&r);
}

static void
clock_time_runs_at_night(void **state)
{
	(void)state;
	struct mdg_sla_policy p = {.first_response_min = 24 * 60,
				   .clock_time = true};
	struct mdg_sla_event e[] = {EV(nov(21, 22, 0), RECEIVED)};
	struct mdg_sla_result r = evaluated(&p, e, 1, nov(22, 10, 0));

	assert_int_equal(r.n, 1); /* no other target: no other clock */
	AT(FIRST(&r)->due_s, nov(22, 22, 0));
	AT(FIRST(&r)->counted_s, 12 * 3600);
	mdg_sla_result_clear(&r);
}

static void
what_is_later_than_now_has_not_happened(void **state)
{
	(void)state;
	struct mdg_sla_result r =
		EVALUATED(nov(20, 9, 30), EV(nov(20, 9, 0), RECEIVED),
			  EV(nov(20, 10, 0), REPLY_SENT));

	IS(FIRST(&r), MDG_CLOCK_RUNNING);
	mdg_sla_result_clear(&r);
	r = EVALUATED(nov(20, 8, 0), EV(nov(20, 9, 0), RECEIVED));
	assert_int_equal(r.n, 0);
	mdg_sla_result_clear(&r);
}

static void
a_calendar_that_never_opens_leaves_no_due_time(void **state)
{
	(void)state;
	struct mdg_calendar *cal;
	struct mdg_sla_result r;
	struct mdg_sla_event e[] = {EV(nov(20, 9, 0), RECEIVED)};
	struct mdg_err err;
	int64_t due;

	assert_true(mdg_calendar_parse("{\"zone\":\"UTC\",\"weekly\":{}}", &cal,
				       NULL));
	assert_true(
		mdg_sla_evaluate(&policy, cal, e, 1, nov(30, 9, 0), &r, NULL));
	IS(FIRST(&r), MDG_CLOCK_RUNNING);
	AT(FIRST(&r)->due_s, MDG_SLA_NONE);
	assert_false(mdg_sla_due(cal, nov(20, 9, 0), 1, &due, &err));
	assert_int_equal(err.id, MDG_MSG_calendar_never);
	mdg_sla_result_clear(&r);
	mdg_calendar_free(&cal);
}

static void
targets_meet_their_limits(void **state)
{
	(void)state;
	int64_t t;
	struct mdg_err err;

	assert_true(mdg_sla_due(NULL, 0, MDG_SLA_MINUTES_MAX, &t, &err));
	assert_false(mdg_sla_due(NULL, 0, MDG_SLA_MINUTES_MAX + 1, &t, &err));
	assert_int_equal(err.code, MDG_ETOOBIG);
	assert_false(mdg_sla_due(office, 0, -1, &t, &err));
	assert_true(mdg_sla_elapsed(NULL, 5, 2, &t, &err) && t == 0);
	assert_true(mdg_sla_elapsed(NULL, 2, 5, &t, &err) && t == 3);
}

/* -- properties over random tickets -- */

static uint64_t seed = 1;

static uint64_t
rnd(uint64_t n)
{
	return t_splitmix(&seed) % n;
}

struct sum {
	int64_t at, counted;
};

static bool
add_up(void *arg, const struct mdg_stretch *s)
{
	struct sum *sum = arg;

	assert_true(s->from_s == sum->at && s->to_s > s->from_s);
	sum->at = s->to_s;
	if (mdg_why_counts(s->why))
		sum->counted += s->to_s - s->from_s;
	return true;
}

static void
check_clock(const struct mdg_sla_clock *c, int64_t now, bool retargeted)
{
	struct sum sum = {.at = c->started_s};
	bool ended = c->stopped_s != MDG_SLA_NONE;

	assert_true(mdg_sla_explain(office, c, add_up, &sum, NULL));
	assert_true(sum.at == (ended ? c->stopped_s : now));
	assert_true(sum.counted == c->counted_s);
	assert_true(c->counted_s >= 0);
	/* with other targets since, the figures meet the new ones */
	if (c->kind == MDG_CLOCK_PROMISE || retargeted)
		return;
	if (c->state == MDG_CLOCK_MET || c->state == MDG_CLOCK_RUNNING)
		assert_true(c->counted_s <= c->budget_s);
	if (c->state == MDG_CLOCK_BREACHED)
		assert_true(c->counted_s >= c->budget_s);
	if (c->state == MDG_CLOCK_RUNNING) {
		int64_t due;
		assert_true(c->due_s >= now);
		/* due is reached by counting the rest from now */
		if (c->counted_s < c->budget_s) {
			assert_true(mdg_calendar_add(office, now,
						     c->budget_s - c->counted_s,
						     &due, NULL));
			assert_true(due == c->due_s);
		}
	}
	if (c->kind != MDG_CLOCK_RESOLUTION)
		assert_int_equal(c->runs_n, 1);
}

static void
a_new_category_gives_other_targets_to_what_is_open(void **state)
{
	(void)state;
	const struct mdg_sla_policy usual = {.first_response_min = 480};
	const struct mdg_sla_policy claims = {.first_response_min = 60,
					      .resolution_min = 600};
	const struct mdg_sla_event e[] = {
		{.time_s = nov(24, 10, 0), .kind = MDG_SLA_RECEIVED},
		{.time_s = nov(24, 10, 30),
		 .kind = MDG_SLA_RETARGETED,
		 .policy = &claims},
	};
	struct mdg_sla_result r = evaluated(&usual, e, 2, nov(24, 10, 45));

	assert_int_equal(r.n, 2);
	assert_int_equal(r.clocks[0].kind, MDG_CLOCK_FIRST_RESPONSE);
	AT(r.clocks[0].due_s, nov(24, 11, 0));
	/* nothing was done yet: it holds from the beginning */
	assert_int_equal(r.clocks[1].kind, MDG_CLOCK_RESOLUTION);
	AT(r.clocks[1].started_s, nov(24, 10, 0));
	assert_int_equal(r.clocks[1].counted_s, 45 * 60);
	mdg_sla_result_clear(&r);
}

/* Late before it was moved: late it is, until it is answered, and a category
 * that was a mistake leaves no trace. */
static void
a_category_without_a_target_takes_no_breach_back(void **state)
{
	(void)state;
	const struct mdg_sla_policy usual = {.first_response_min = 30,
					     .resolution_min = 600};
	const struct mdg_sla_policy none = {0};
	const struct mdg_sla_event e[] = {
		{.time_s = nov(24, 10, 0), .kind = MDG_SLA_RECEIVED},
		{.time_s = nov(24, 11, 0),
		 .kind = MDG_SLA_RETARGETED,
		 .policy = &none},
		{.time_s = nov(24, 11, 30), .kind = MDG_SLA_REPLY_SENT},
	};
	const struct mdg_sla_event back[] = {
		e[0],
		e[1],
		{.time_s = nov(24, 11, 10),
		 .kind = MDG_SLA_RETARGETED,
		 .policy = &usual},
	};
	struct mdg_sla_result r = evaluated(&usual, e, 2, nov(24, 11, 15));

	/* what was not late yet is promised no more */
	assert_int_equal(r.n, 2);
	assert_int_equal(r.clocks[0].state, MDG_CLOCK_BREACHED);
	AT(r.clocks[0].due_s, nov(24, 10, 30));
	AT(r.clocks[0].stopped_s, MDG_SLA_NONE);
	assert_int_equal(r.clocks[0].counted_s, 75 * 60);
	assert_int_equal(r.clocks[1].state, MDG_CLOCK_NOT_APPLICABLE);
	mdg_sla_result_clear(&r);
	r = evaluated(&usual, e, 3, nov(24, 12, 0));
	assert_int_equal(r.clocks[0].state, MDG_CLOCK_BREACHED);
	AT(r.clocks[0].stopped_s, nov(24, 11, 30));
	mdg_sla_result_clear(&r);
	r = evaluated(&usual, back, 3, nov(24, 12, 0));
	assert_int_equal(r.clocks[0].state, MDG_CLOCK_BREACHED);
	AT(r.clocks[0].due_s, nov(24, 10, 30));
	AT(r.clocks[0].stopped_s, MDG_SLA_NONE);
	mdg_sla_result_clear(&r);
}

static void
a_new_category_after_the_answer_promises_nothing_new(void **state)
{
	(void)state;
	const struct mdg_sla_policy usual = {.first_response_min = 480};
	const struct mdg_sla_policy claims = {.first_response_min = 10,
					      .resolution_min = 600};
	const struct mdg_sla_event e[] = {
		{.time_s = nov(24, 10, 0), .kind = MDG_SLA_RECEIVED},
		{.time_s = nov(24, 11, 0), .kind = MDG_SLA_REPLY_SENT},
		{.time_s = nov(24, 11, 30),
		 .kind = MDG_SLA_RETARGETED,
		 .policy = &claims},
	};
	struct mdg_sla_result r = evaluated(&usual, e, 3, nov(24, 12, 0));

	assert_int_equal(r.n, 1);
	assert_int_equal(r.clocks[0].state, MDG_CLOCK_MET);
	mdg_sla_result_clear(&r);
}

static void
the_explanation_of_any_clock_sums_to_its_figure(void **state)
{
	(void)state;
	struct mdg_sla_event e[24];

	for (int n = 0; n < 5000; n++) {
		struct mdg_sla_policy p = {
			.first_response_min = (int64_t)rnd(1000),
			.next_response_min = (int64_t)rnd(1000),
			.resolution_min = (int64_t)rnd(5000),
			.warn_percent = {50, 80, 95},
		};
		const struct mdg_sla_policy others[] = {
			{.first_response_min = 30, .clock_time = true},
			{.first_response_min = (int64_t)rnd(2000),
			 .next_response_min = 100,
			 .resolution_min = (int64_t)rnd(3000)},
			p,
		};
		bool retargeted = false;
		size_t len = 1 + rnd(MDG_LEN(e));
		int64_t t = nov(1, 0, 0) + (int64_t)rnd(30 * 86400);
		for (size_t i = 0; i < len; i++) {
			e[i] = (struct mdg_sla_event){
				.time_s = t,
				.kind = MDG_SLA_RECEIVED,
				.promise_id = (int64_t)rnd(3),
				.due_s = t + (int64_t)rnd(5 * 86400),
			};
			if (i)
				e[i].kind = (enum mdg_sla_event_kind)(
					1 + rnd(MDG_SLA_EVENT_KIND_N -
						(n % 2 ? 1 : 2)));
			e[i].policy = &others[rnd(MDG_LEN(others))];
			retargeted |= e[i].kind == MDG_SLA_RETARGETED;
			t += (int64_t)rnd(rnd(3) ? 7200 : 3 * 86400);
		}
		int64_t now = t + (int64_t)rnd(86400);
		struct mdg_sla_result r = evaluated(&p, e, len, now);
		for (size_t i = 0; i < r.n; i++)
			check_clock(&r.clocks[i], now, retargeted);
		/* asking in between changes nothing: no hidden state */
		struct mdg_sla_result again = evaluated(&p, e, len, now);
		assert_int_equal(r.n, again.n);
		for (size_t i = 0; i < r.n; i++) {
			assert_int_equal(r.clocks[i].state,
					 again.clocks[i].state);
			AT(r.clocks[i].counted_s, again.clocks[i].counted_s);
		}
		mdg_sla_result_clear(&again);
		mdg_sla_result_clear(&r);
	}
}

static void
due_and_elapsed_are_inverse(void **state)
{
	(void)state;
	for (int n = 0; n < 20000; n++) {
		int64_t from = nov(1, 0, 0) + (int64_t)rnd(86400 * 365);
		int64_t minutes = 1 + (int64_t)rnd(20000), due, seconds;
		assert_true(mdg_sla_due(office, from, minutes, &due, NULL));
		assert_true(mdg_sla_elapsed(office, from, due, &seconds, NULL));
		AT(seconds, minutes * 60);
		assert_true(
			mdg_sla_elapsed(office, from, due - 1, &seconds, NULL));
		AT(seconds, minutes * 60 - 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_machine_has_one_step_for_each_state_and_event),
		cmocka_unit_test(
			every_open_state_can_be_ended_by_every_ending_event),
		cmocka_unit_test(
			a_first_reply_in_time_meets_the_first_response),
		cmocka_unit_test(
			a_reply_after_due_is_a_breach_even_in_the_lunch_break),
		cmocka_unit_test(a_clock_is_breached_one_second_after_due),
		cmocka_unit_test(nothing_pauses_the_first_response),
		cmocka_unit_test(
			the_resolution_pauses_on_the_customers_side_only),
		cmocka_unit_test(
			the_oldest_unanswered_mail_counts_for_the_next_response),
		cmocka_unit_test(where_no_answer_is_needed_nothing_is_late),
		cmocka_unit_test(
			after_a_mail_that_needed_nothing_the_resolution_starts_afresh),
		cmocka_unit_test(nothing_runs_on_a_closed_ticket),
		cmocka_unit_test(
			a_reopened_ticket_counts_on_without_the_closed_time),
		cmocka_unit_test(promises_have_clocks_of_their_own),
		cmocka_unit_test(clock_time_runs_at_night),
		cmocka_unit_test(what_is_later_than_now_has_not_happened),
		cmocka_unit_test(
			a_calendar_that_never_opens_leaves_no_due_time),
		cmocka_unit_test(targets_meet_their_limits),
		cmocka_unit_test(
			a_new_category_gives_other_targets_to_what_is_open),
		cmocka_unit_test(
			a_new_category_after_the_answer_promises_nothing_new),
		cmocka_unit_test(
			a_category_without_a_target_takes_no_breach_back),
		cmocka_unit_test(
			the_explanation_of_any_clock_sums_to_its_figure),
		cmocka_unit_test(due_and_elapsed_are_inverse),
	};
	return cmocka_run_group_tests(tests, open_office, close_office);
}
