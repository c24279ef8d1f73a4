#include "t.h"

#include <math.h>

#include "madoguchi/desk/surge.h"

/* Category 1, model 2, error code 3, a rare word 4; others only to be many. */
enum { KEYS = 100, CATEGORY = 1, MODEL = 2, CODE = 3, RARE = 4 };

static int64_t ticket;

static void
mail(struct mdg_surge *s, int64_t customer, const uint32_t *keys, size_t n)
{
	ticket++;
	for (size_t i = 0; i <= n; i++) {
		struct mdg_surge_seen seen = {
			.key = i == n ? MDG_SURGE_ALL : keys[i],
			.ticket = ticket,
			.customer = customer ? customer : ticket,
		};
		assert_true(mdg_surge_add(s, &seen));
	}
}

/* Ten mails an hour, each fifth of the category, the model once a week. */
static void
usual_mails(struct mdg_surge *s)
{
	int64_t h = mdg_surge_hour(s);

	for (uint32_t i = 0; i < 10; i++) {
		uint32_t category = CATEGORY, other = 10 + i;
		mail(s, 0, i % 5 ? &other : &category, 1);
	}
	if (h % 168 == 50)
		mail(s, 0, &(uint32_t){MODEL}, 1);
}

static void
usual_hours(struct mdg_surge *s, int hours)
{
	for (int i = 0; i < hours; i++) {
		usual_mails(s);
		mdg_surge_scan(s);
	}
}

static size_t
open_n(const struct mdg_surge *s)
{
	size_t n;

	mdg_surge_open(s, &n);
	return n;
}

static struct mdg_surge *
usual_desk(void)
{
	struct mdg_surge *s = mdg_surge_new(KEYS, 480000);

	ticket = 0;
	usual_hours(s, 40 * 24);
	assert_int_equal(open_n(s), 0);
	return s;
}

static const uint32_t defect[] = {MODEL, CODE};

static void
the_tail_is_the_sum_of_its_terms(void **unused)
{
	(void)unused;
	/* a = 1 is the geometric distribution: P(X >= c) = (m / (1 + m))^c */
	for (unsigned c = 0; c < 40; c++)
		assert_true(fabs(mdg_surge_tail(c, 2, 1) - pow(2 / 3.0, c)) <
			    1e-9);
	/* a large: Poisson; P(X >= 1) = 1 - e^-m */
	assert_true(fabs(mdg_surge_tail(1, .5, 1e7) - (1 - exp(-.5))) < 1e-6);
	assert_true(mdg_surge_tail(50, 1, 20) < 1e-12);
	assert_true(mdg_surge_tail(1000, 990, 5) > .3);
}

static void
usual_days_are_no_surge(void **unused)
{
	(void)unused;
	struct mdg_surge *s = usual_desk();
	size_t n;

	mdg_surge_watch(s, &n);
	assert_int_equal(n, 0);
	mdg_surge_free(&s);
	assert_null(s);
}

static void
a_defective_model_is_one_incident_with_its_error_code(void **unused)
{
	(void)unused;
	struct mdg_surge *s = usual_desk();
	int64_t began = mdg_surge_hour(s) + 2;
	struct mdg_surge_word w[4];
	size_t n;

	usual_hours(s, 2);
	for (int i = 0; i < 8; i++) {
		usual_mails(s);
		mail(s, 0, defect, 2);
		mdg_surge_scan(s);
	}
	const struct mdg_surge_incident *in = mdg_surge_open(s, &n);
	assert_int_equal(n, 1);
	assert_int_equal(in->n_keys, 2);
	assert_int_equal(in->n_tickets, 8);
	assert_int_equal(in->began_h, began);
	assert_true(in->opened_h <= began + 6);
	assert_true(in->first.p < 1 / (336.0 * KEYS));
	n = mdg_surge_words(s, in, w, 4);
	assert_int_equal(n, 2);
	assert_int_equal(w[0].tickets, 8);
	assert_true(w[0].key + w[1].key == MODEL + CODE);
	mdg_surge_free(&s);
}

static void
two_troubles_at_once_are_two_incidents(void **unused)
{
	(void)unused;
	struct mdg_surge *s = usual_desk();

	for (int i = 0; i < 8; i++) {
		usual_mails(s);
		mail(s, 0, &(uint32_t){MODEL}, 1);
		mail(s, 0, &(uint32_t){RARE}, 1);
		mdg_surge_scan(s);
	}
	assert_int_equal(open_n(s), 2);
	mdg_surge_free(&s);
}

static void
one_customer_who_writes_often_is_no_surge(void **unused)
{
	(void)unused;
	struct mdg_surge *s = usual_desk();

	for (int i = 0; i < 20; i++) {
		usual_mails(s);
		mail(s, 7777777, defect, 2);
		mdg_surge_scan(s);
	}
	assert_int_equal(open_n(s), 0);
	mdg_surge_free(&s);
}

static void
an_incident_closes_after_a_quiet_day_and_goes_then(void **unused)
{
	(void)unused;
	struct mdg_surge *s = usual_desk();
	size_t n;

	for (int i = 0; i < 12; i++) {
		usual_mails(s);
		mail(s, 0, defect, 2);
		mdg_surge_scan(s);
	}
	assert_int_equal(open_n(s), 1);
	for (int i = 0; i < 100 && !mdg_surge_open(s, &n)->closed; i++)
		usual_hours(s, 1);
	const struct mdg_surge_incident *in = mdg_surge_open(s, &n);
	assert_int_equal(n, 1);
	assert_true(in->closed);
	assert_int_equal(mdg_surge_hour(s) - 1 - in->last_h, MDG_SURGE_QUIET_H);
	usual_hours(s, 1);
	assert_int_equal(open_n(s), 0);
	mdg_surge_free(&s);
}

static void
twice_the_mails_of_every_kind_is_a_surge_of_all_mail(void **unused)
{
	(void)unused;
	struct mdg_surge *s = usual_desk();
	size_t n;

	for (int i = 0; i < 24; i++) {
		usual_mails(s);
		usual_mails(s);
		usual_mails(s);
		mdg_surge_scan(s);
	}
	const struct mdg_surge_incident *in = mdg_surge_open(s, &n);
	assert_int_equal(n, 1);
	assert_int_equal(in->keys[0], MDG_SURGE_ALL);
	mdg_surge_free(&s);
}

static int64_t
opened_after(unsigned real, unsigned not_real)
{
	struct mdg_surge *s = usual_desk();
	int64_t began = mdg_surge_hour(s), took = -1;
	size_t n;

	mdg_surge_tune(s, MODEL, real, not_real);
	for (int i = 0; i < 40 && took < 0; i++) {
		usual_mails(s);
		mail(s, 0, &(uint32_t){MODEL}, 1);
		mdg_surge_scan(s);
		const struct mdg_surge_incident *in = mdg_surge_open(s, &n);
		if (n)
			took = in->opened_h - began;
		else if (i > 2) /* seen on the watch list before */
			mdg_surge_watch(s, &n);
	}
	mdg_surge_free(&s);
	return took;
}

static void
verdicts_make_a_key_stricter_and_take_it_back(void **unused)
{
	(void)unused;
	int64_t plain = opened_after(0, 0);

	assert_true(plain >= 2);
	assert_true(opened_after(0, 4) > plain);
	assert_true(opened_after(0, 400) >= opened_after(0, 4));
	assert_int_equal(opened_after(4, 4), plain);
	assert_int_equal(opened_after(9, 0), plain);
}

static void
what_is_near_an_alarm_is_on_the_watch_list_first(void **unused)
{
	(void)unused;
	struct mdg_surge *s = usual_desk();
	bool watched = false;

	for (int i = 0; i < 160 && !open_n(s); i++) {
		usual_mails(s);
		if (i % 20 == 0)
			mail(s, 0, &(uint32_t){MODEL}, 1);
		mdg_surge_scan(s);
		size_t n;
		const struct mdg_surge_finding *f = mdg_surge_watch(s, &n);
		watched |= n == 1 && f->key == MODEL && !open_n(s);
	}
	assert_int_equal(open_n(s), 1);
	assert_true(watched);
	mdg_surge_free(&s);
}

/* More of the category than usual, for some hours; did it alarm? */
static bool
more_of_the_category(struct mdg_surge *s, int hours, uint32_t more)
{
	bool told = false;

	for (int i = 0; i < hours; i++) {
		usual_mails(s);
		for (uint32_t k = 0; k < more; k++)
			mail(s, 0, &(uint32_t){CATEGORY}, 1);
		mdg_surge_scan(s);
		told |= open_n(s) > 0;
	}
	return told;
}

static bool
alarms_in_the_afternoon(uint32_t more_in_the_morning, int midnight)
{
	struct mdg_surge *s = usual_desk();

	mdg_surge_midnight(s, midnight);
	assert_false(more_of_the_category(s, 15, more_in_the_morning));
	bool told = more_of_the_category(s, 3, 5);
	mdg_surge_free(&s);
	return told;
}

static void
what_is_lively_since_midnight_has_to_rise_more(void **unused)
{
	(void)unused;
	assert_true(alarms_in_the_afternoon(0, 0));
	assert_false(alarms_in_the_afternoon(2, 0));
	/* the same hours, but of the day before */
	assert_true(alarms_in_the_afternoon(2, 15));
}

static void
a_new_desk_is_quiet_and_an_unknown_key_refused(void **unused)
{
	(void)unused;
	struct mdg_surge *s = mdg_surge_new(KEYS, 0);
	struct mdg_surge_seen seen = {.key = KEYS};

	ticket = 0;
	assert_false(mdg_surge_add(s, &seen));
	for (int i = 0; i < 13 * 24; i++) {
		mail(s, 0, defect, i % 50 == 0 || i > 200 ? 2 : 0);
		mdg_surge_scan(s);
		assert_int_equal(open_n(s), 0);
	}
	mdg_surge_free(&s);
	mdg_surge_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tail_is_the_sum_of_its_terms),
		cmocka_unit_test(usual_days_are_no_surge),
		cmocka_unit_test(
			a_defective_model_is_one_incident_with_its_error_code),
		cmocka_unit_test(two_troubles_at_once_are_two_incidents),
		cmocka_unit_test(one_customer_who_writes_often_is_no_surge),
		cmocka_unit_test(
			an_incident_closes_after_a_quiet_day_and_goes_then),
		cmocka_unit_test(
			twice_the_mails_of_every_kind_is_a_surge_of_all_mail),
		cmocka_unit_test(verdicts_make_a_key_stricter_and_take_it_back),
		cmocka_unit_test(
			what_is_near_an_alarm_is_on_the_watch_list_first),
		cmocka_unit_test(
			what_is_lively_since_midnight_has_to_rise_more),
		cmocka_unit_test(
			a_new_desk_is_quiet_and_an_unknown_key_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
