/* Promised times on the days of a year that are unlike others, and who hears of
 * them when: holidays, nights, nights on which the clock is changed, leads who
 * are away. On both engines. */
#include "story.h"

#define FIRST "first_response"
#define PROMISE "promise"
#define HANAKO "hanako@c.example"
static const char plain[] =
	"{\"first_response_min\":240,\"next_response_min\":240}";
static const char around_the_clock[] =
	"{\"first_response_min\":1440,\"business\":false}";
static const char half_an_hour_of_any_time[] =
	"{\"first_response_min\":30,\"business\":false}";

static void
golden_week_body(const char *url)
{
	struct desk k = story_begin(url, "2027-04-28 16:50", t_office, plain);
	int64_t a = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	due_at(&k, a, FIRST, "2027-04-30 11:50");
	at(&k, "2027-04-30 10:00");
	replies(&k, a, "closed", NULL);
	at(&k, "2027-04-30 16:50");
	int64_t b = writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);
	due_at(&k, b, FIRST, "2027-05-06 11:50");
	figures_agree(&k);
	/* half of the time is over in the morning of the sixth */
	at(&k, "2027-05-06 09:40");
	assert_int_equal(clock_figure(&k, b, FIRST, "warned"), 0);
	at(&k, "2027-05-06 10:00");
	assert_int_equal(clock_figure(&k, b, FIRST, "warned"), 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
year_end_body(const char *url)
{
	/* nobody entered the days on which the shop is closed */
	struct desk k = story_begin(url, "2027-12-30 16:50", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	/* the 31st is a Friday, the first a holiday at a weekend */
	due_at(&k, t, FIRST, "2027-12-31 11:50");
	figures_agree(&k);
	/* entered on the day itself: what comes from then on knows it */
	set_hours(&k, "shop",
		  "{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"mon\":[[\"09:00\","
		  "\"18:00\"]],\"tue\":[[\"09:00\",\"18:00\"]],\"thu\":"
		  "[[\"09:00\",\"18:00\"]],\"fri\":[[\"09:00\",\"18:00\"]]},"
		  "\"national_holidays\":\"jp\",\"closed\":[\"2027-12-31\","
		  "\"2028-01-03\"]}");
	int64_t b = writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);
	due_at(&k, b, FIRST, "2028-01-04 11:50");
	at(&k, "2027-12-31 13:00");
	clock_is(&k, t, FIRST, "breached");
	clock_is(&k, b, FIRST, "running");
	figures_agree(&k);
	close_desk(&k);
}

static void
promise_over_holiday_body(const char *url)
{
	struct desk k = story_begin(url, "2027-04-30 10:00", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	does(&k, &k.sv, "ticket.assign", t, json_pack("{s:s}", "to", "op"));
	replies(&k, t, "working", "2027-05-04 10:00");
	due_at(&k, t, PROMISE, "2027-05-04 10:00");
	/* half of the working time until then is over on the thirtieth */
	at(&k, "2027-04-30 18:00");
	int64_t told = mails_to(&k, "op");
	assert_true(told > 0);
	at(&k, "2027-05-04 11:00");
	/* a promise is one on a holiday, too; the people hear when they come */
	clock_is(&k, t, PROMISE, "breached");
	assert_int_equal(mails_to(&k, "sv"), 0);
	assert_int_equal(mails_to(&k, "op"), told);
	at(&k, "2027-05-06 09:20");
	assert_int_equal(mails_to(&k, "sv"), 1);
	assert_int_equal(mails_to(&k, "op"), told + 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
promise_in_words_body(const char *url)
{
	struct desk k = story_begin(url, "2027-04-30 16:00", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	does(&k, &k.op, "ticket.promise", t,
	     json_pack("{s:s}", "due", "翌営業日10時"));
	due_at(&k, t, PROMISE, "2027-05-06 10:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
waiting_over_holiday_body(const char *url)
{
	struct desk k = story_begin(url, "2027-04-30 10:00", t_office,
				    "{\"first_response_min\":240,"
				    "\"resolution_min\":960}");
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-04-30 11:00"); /* 1 of 16 hours */
	replies(&k, t, "waiting", "2027-05-03 09:00");
	clock_is(&k, t, "resolution", "paused");
	at(&k, "2027-05-03 09:30");
	assert_string_not_equal(state_of(&k, t), "waiting");
	/* counts from the sixth on: 8 hours, 7 on the seventh */
	due_at(&k, t, "resolution", "2027-05-07 17:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
spring_of_clock_time_body(const char *url)
{
	struct desk k = story_begin(url, "2027-03-27T10:00:00+01:00", t_berlin,
				    around_the_clock);
	int64_t t = writes(&k, "1@c", HANAKO, "Wo?", NULL);

	due_at(&k, t, FIRST, "2027-03-28T11:00:00+02:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
spring_night_body(const char *url)
{
	/* 22 to 6 is an hour short on the night to the 28th */
	struct desk k = story_begin(url, "2027-03-27T12:00:00+01:00", t_berlin,
				    "{\"first_response_min\":480}");
	int64_t t = writes(&k, "1@c", HANAKO, "Wo?", NULL);

	due_at(&k, t, FIRST, "2027-03-28T23:00:00+02:00");
	at(&k, "2027-03-28T01:50:00+01:00");
	assert_int_equal(clock_figure(&k, t, FIRST, "warned"), 0);
	at(&k, "2027-03-28T03:10:00+02:00"); /* 4 h are over at 3 */
	assert_int_equal(clock_figure(&k, t, FIRST, "warned"), 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
half_hour_body(const char *url)
{
	/* at 2 on 2027-04-04 the clock goes back to 1:30 */
	static const char howe[] =
		"{\"zone\":\"Australia/Lord_Howe\",\"weekly\":{\"sat\":"
		"[[\"22:00\",\"24:00\"]],\"sun\":[[\"00:00\",\"06:00\"]]}}";
	struct desk k = story_begin(url, "2027-04-03T22:00:00+11:00", howe,
				    "{\"first_response_min\":500}");
	int64_t t = writes(&k, "1@c", HANAKO, "Where?", NULL);

	due_at(&k, t, FIRST, "2027-04-04T05:50:00+10:30");
	at(&k, "2027-04-04T07:00:00+10:30");
	figures_agree(&k);
	close_desk(&k);
}

static void
ramadan_body(const char *url)
{
	/* Morocco is on UTC from 2027-02-07 to 2027-03-14, else on +01:00 */
	static const char casablanca[] =
		"{\"zone\":\"Africa/Casablanca\",\"weekly\":{\"fri\":"
		"[[\"09:00\",\"17:00\"]],\"mon\":[[\"09:00\",\"17:00\"]]}}";
	struct desk k = story_begin(url, "2027-02-05T16:00:00+01:00",
				    casablanca, "{\"first_response_min\":120}");
	int64_t t = writes(&k, "1@c", HANAKO, "Où?", NULL);

	due_at(&k, t, FIRST, "2027-02-08T10:00:00+00:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
night_shift_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 15:00", t_night,
				    "{\"first_response_min\":120}");
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	does(&k, &k.sv, "ticket.assign", t, json_pack("{s:s}", "to", "op"));
	due_at(&k, t, FIRST, "2027-06-08 00:00");
	at(&k, "2027-06-07 22:50");
	assert_int_equal(mails_to(&k, "op"), 0);
	at(&k, "2027-06-07 23:10"); /* they are at work: it is their day */
	assert_int_equal(mails_to(&k, "op"), 1);
	at(&k, "2027-06-08 00:40");
	assert_int_equal(mails_to(&k, "sv"), 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
never_closes_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 23:00", t_always_open,
				    half_an_hour_of_any_time);

	writes(&k, "1@c", HANAKO, "届きません。", NULL);
	at(&k, "2027-06-08 05:30"); /* open all day, but nobody asked */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'clock.breached'"),
			 1);
	assert_int_equal(mails_to(&k, "sv"), 0);
	at(&k, "2027-06-08 10:00");
	assert_int_equal(mails_to(&k, "sv"), 1);
	act(&k, &mdg_actor_system, "sla.notify",
	    json_pack("{s:s}", "at_night", "on"));
	at(&k, "2027-06-09 02:00");
	writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);
	at(&k, "2027-06-09 03:00");
	assert_true(mails_to(&k, "sv") > 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
marketplace_body(const char *url)
{
	/* 24 hours of the clock from Friday evening: the mall counts weekends
	 */
	struct desk k = story_begin(url, "2027-06-11 17:30", t_office,
				    around_the_clock);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	due_at(&k, t, FIRST, "2027-06-12 17:30");
	at(&k, "2027-06-14 08:50");
	clock_is(&k, t, FIRST, "breached");
	assert_int_equal(mails_to(&k, "sv"), 0);
	at(&k, "2027-06-14 09:20");
	assert_int_equal(mails_to(&k, "sv"), 1);
	figures_agree(&k);
	close_desk(&k);
}

/* ---- whose it is ---- */

static void
late_with(struct desk *k, const char *act_name, const char *login)
{
	int64_t t = writes(k, "1@c", HANAKO, "届きません。", NULL);

	does(k, &k->sv, "ticket.assign", t, json_pack("{s:s}", "to", "op"));
	at(k, "2027-06-07 11:00");
	act(k, &mdg_actor_system, act_name, json_pack("{s:s}", "login", login));
	at(k, "2027-06-07 16:00");
	clock_is(k, t, FIRST, "breached");
	assert_string_equal(escalated_to(k, t), "sv");
	assert_true(mails_to(k, "sv") >= 1);
	figures_agree(k);
	close_desk(k);
}

static void
owner_away_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);

	late_with(&k, "user.absent", "op");
}

static void
owner_left_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);

	late_with(&k, "user.disable", "op");
}

static void
moved_from_owner_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);

	add_window(&k, "mall", t_office, plain);
	joins(&k, "mori", "mall", "sv");
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);
	does(&k, &k.sv, "ticket.assign", t, json_pack("{s:s}", "to", "op"));
	at(&k, "2027-06-07 11:00");
	does(&k, &mdg_actor_system, "ticket.move", t,
	     json_pack("{s:s}", "to", "mall"));
	at(&k, "2027-06-07 16:00");
	/* op is nobody in that window */
	assert_string_equal(escalated_to(&k, t), "mori");
	assert_true(mails_to(&k, "mori") >= 1);
	assert_int_equal(mails_to(&k, "sv"), 0);
	figures_agree(&k);
	close_desk(&k);
}

static void
lead_away_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);

	joins(&k, "chief", "shop", "admin");
	act(&k, &mdg_actor_system, "user.absent",
	    json_pack("{s:s}", "login", "sv"));
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);
	at(&k, "2027-06-07 16:00");
	assert_string_equal(escalated_to(&k, t), "chief");
	assert_true(mails_to(&k, "chief") >= 1);
	figures_agree(&k);
	close_desk(&k);
}

EACH(golden_week_counts_its_one_working_day, golden_week_body);
EACH(a_year_end_without_closed_days_counts_as_the_calendar_says, year_end_body);
EACH(a_promise_on_a_holiday_is_told_on_the_next_working_day,
     promise_over_holiday_body);
EACH(the_next_working_day_is_after_the_holidays, promise_in_words_body);
EACH(a_ticket_that_comes_back_on_a_holiday_counts_from_the_opening,
     waiting_over_holiday_body);
EACH(twenty_four_hours_of_the_clock_pass_the_hour_that_is_skipped,
     spring_of_clock_time_body);
EACH(a_night_shift_is_an_hour_short_in_spring, spring_night_body);
EACH(the_night_of_lord_howe_is_half_an_hour_longer, half_hour_body);
EACH(the_hours_of_morocco_follow_ramadan, ramadan_body);
EACH(a_night_shift_is_told_at_night, night_shift_body);
EACH(nobody_is_woken_where_business_never_ends, never_closes_body);
EACH(the_time_of_a_marketplace_runs_at_weekends, marketplace_body);
EACH(an_overdue_ticket_of_somebody_away_gets_a_lead, owner_away_body);
EACH(an_overdue_ticket_of_somebody_who_left_gets_a_lead, owner_left_body);
EACH(an_overdue_ticket_moved_from_its_owner_gets_the_lead_there,
     moved_from_owner_body);
EACH(the_administrator_of_a_window_leads_while_its_lead_is_away,
     lead_away_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(golden_week_counts_its_one_working_day),
	cmocka_unit_test(
		a_year_end_without_closed_days_counts_as_the_calendar_says),
	cmocka_unit_test(
		a_promise_on_a_holiday_is_told_on_the_next_working_day),
	cmocka_unit_test(the_next_working_day_is_after_the_holidays),
	cmocka_unit_test(
		a_ticket_that_comes_back_on_a_holiday_counts_from_the_opening),
	cmocka_unit_test(
		twenty_four_hours_of_the_clock_pass_the_hour_that_is_skipped),
	cmocka_unit_test(a_night_shift_is_an_hour_short_in_spring),
	cmocka_unit_test(the_night_of_lord_howe_is_half_an_hour_longer),
	cmocka_unit_test(the_hours_of_morocco_follow_ramadan),
	cmocka_unit_test(a_night_shift_is_told_at_night),
	cmocka_unit_test(nobody_is_woken_where_business_never_ends),
	cmocka_unit_test(the_time_of_a_marketplace_runs_at_weekends),
	cmocka_unit_test(an_overdue_ticket_of_somebody_away_gets_a_lead),
	cmocka_unit_test(an_overdue_ticket_of_somebody_who_left_gets_a_lead),
	cmocka_unit_test(
		an_overdue_ticket_moved_from_its_owner_gets_the_lead_there),
	cmocka_unit_test(
		the_administrator_of_a_window_leads_while_its_lead_is_away),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
