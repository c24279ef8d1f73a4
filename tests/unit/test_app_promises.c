/* What becomes of promised times when people change their minds: policies,
 * windows, priorities, tickets that are merged, split, closed and reopened. On
 * both engines; the log and the explanation tell the same in each. */
#include "story.h"

#define FIRST "first_response"
#define NEXT "next_response"
#define SOLVED "resolution"
#define PROMISE "promise"
#define HANAKO "hanako@c.example"
/* 240 minutes for each answer */
static const char plain[] =
	"{\"first_response_min\":240,\"next_response_min\":240}";
static const char solving[] = "{\"first_response_min\":240,"
			      "\"resolution_min\":960}";

static void
policy_changed_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t old = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 11:00");
	set_policy(&k, "shop", "{\"first_response_min\":60}");
	int64_t new = writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);
	due_at(&k, old, FIRST, "2027-06-07 15:00");
	due_at(&k, new, FIRST, "2027-06-07 12:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
calendar_edited_body(const char *url)
{
	static const char closed_tuesday[] =
		"{\"zone\":\"Asia/Tokyo\",\"weekly\":{"
		"\"mon\":[[\"09:00\",\"18:00\"]],"
		"\"tue\":[[\"09:00\",\"18:00\"]],"
		"\"wed\":[[\"09:00\",\"18:00\"]]},"
		"\"closed\":[\"2027-06-07\",\"2027-06-08\"]}";
	struct desk k = story_begin(url, "2027-06-07 16:00", t_office, plain);
	int64_t old = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 17:00");
	set_hours(&k, "shop", closed_tuesday); /* of today as well */
	int64_t new = writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);
	due_at(&k, old, FIRST, "2027-06-08 11:00");
	due_at(&k, new, FIRST, "2027-06-09 13:00");
	at(&k, "2027-06-08 10:00");
	replies(&k, old, "closed", NULL);
	clock_is(&k, old, FIRST, "met");
	writes(&k, "3@c", HANAKO, "まだ届きません。いつになりますか。", "1@c");
	due_at(&k, old, NEXT, "2027-06-09 13:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
moved_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 16:00", t_office, plain);

	add_window(&k, "mall", t_always_open,
		   "{\"first_response_min\":1440,\"next_response_min\":60,"
		   "\"business\":false}");
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);
	int64_t u = writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);
	at(&k, "2027-06-07 17:00");
	replies(&k, u, "closed", NULL);
	does(&k, &mdg_actor_system, "ticket.move", u,
	     json_pack("{s:s}", "to", "mall"));
	does(&k, &mdg_actor_system, "ticket.move", t,
	     json_pack("{s:s}", "to", "mall"));
	/* what was promised stays so, what comes is promised there */
	due_at(&k, t, FIRST, "2027-06-08 11:00");
	figures_agree(&k);
	at(&k, "2027-06-07 20:00");
	writes(&k, "3@c", "jiro@c.example", "送料はかかりますか。", "2@c");
	due_at(&k, u, NEXT, "2027-06-07 21:00");
	clock_is(&k, u, FIRST, "met");
	figures_agree(&k);
	close_desk(&k);
}

static void
moved_with_promise_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);

	add_window(&k, "mall", t_always_open, "{\"first_response_min\":30}");
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);
	at(&k, "2027-06-07 11:00");
	replies(&k, t, "working", "2027-06-09 12:00");
	does(&k, &mdg_actor_system, "ticket.move", t,
	     json_pack("{s:s}", "to", "mall"));
	due_at(&k, t, PROMISE, "2027-06-09 12:00");
	clock_is(&k, t, PROMISE, "running");
	clock_is(&k, t, FIRST, "met");
	at(&k, "2027-06-09 12:30");
	clock_is(&k, t, PROMISE, "breached");
	figures_agree(&k);
	close_desk(&k);
}

static void
merged_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t a = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 11:00");
	int64_t b = writes(&k, "2@c", HANAKO, "別の住所から失礼します。", NULL);
	if (a == b) /* other words, another inquiry */
		fail_msg("one ticket");
	at(&k, "2027-06-07 14:00");
	does(&k, &k.op, "ticket.merge", a, json_pack("{s:I}", "into", b));
	/* who waited longest */
	due_at(&k, b, FIRST, "2027-06-07 15:00");
	figures_agree(&k);
	does(&k, &k.op, "ticket.undo", b, NULL);
	due_at(&k, a, FIRST, "2027-06-07 15:00");
	due_at(&k, b, FIRST, "2027-06-07 16:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
merged_into_answered_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t a = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 10:30");
	replies(&k, a, "working", NULL);
	at(&k, "2027-06-07 11:00");
	int64_t b = writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);
	at(&k, "2027-06-07 14:00");
	does(&k, &k.op, "ticket.merge", b, json_pack("{s:I}", "into", a));
	/* since it came, not since it was merged */
	assert_int_equal(clocks_of(&k, a, FIRST), 2);
	due_at(&k, a, FIRST, "2027-06-07 16:00");
	clock_is(&k, a, FIRST, "running");
	figures_agree(&k);
	close_desk(&k);
}

static void
split_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 10:30");
	replies(&k, t, "working", NULL);
	at(&k, "2027-06-07 11:00");
	writes(&k, "2@c", HANAKO, "別件ですが返品したいです。", "1@c");
	due_at(&k, t, NEXT, "2027-06-07 16:00");
	at(&k, "2027-06-07 14:00");
	json_t *r = does(&k, &k.op, "ticket.split", t,
			 json_pack("{s:I}", "message",
				   (json_int_t)count(&k, "SELECT MAX(id) FROM"
							 " message")));
	int64_t new = json_integer_value(json_object_get(r, "into"));
	if (!new)
		new = count(&k, "SELECT MAX(number) FROM ticket");
	assert_true(new != t);
	due_at(&k, new, FIRST, "2027-06-07 16:00");
	/* nothing waits there any more */
	clock_is(&k, t, FIRST, "met");
	if (clocks_of(&k, t, NEXT))
		clock_is(&k, t, NEXT, "not_applicable");
	figures_agree(&k);
	close_desk(&k);
}

static void
long_closed_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 11:00");
	replies(&k, t, "closed", NULL);
	int64_t due_s = clock_figure(&k, t, FIRST, "due_s");
	at(&k, "2027-07-08 11:30"); /* a Thursday, 31 days later */
	int64_t again = writes(&k, "2@c", HANAKO, "また壊れました。", "1@c");
	assert_true(again != t);
	due_at(&k, again, FIRST, "2027-07-08 16:30");
	assert_int_equal(clock_figure(&k, t, FIRST, "due_s"), due_s);
	clock_is(&k, t, FIRST, "met");
	figures_agree(&k);
	close_desk(&k);
}

static void
reopened_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 11:00");
	replies(&k, t, "closed", NULL);
	at(&k, "2027-07-05 11:30"); /* a Monday, 28 days later */
	assert_int_equal(writes(&k, "2@c", HANAKO, "また壊れました。", "1@c"),
			 t);
	due_at(&k, t, NEXT, "2027-07-05 16:30");
	figures_agree(&k);
	close_desk(&k);
}

static void
spam_after_breach_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t t = writes(&k, "1@c", "ad@spam.example", "広告のご案内", NULL);
	int64_t other = writes(&k, "2@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 12:30");
	replies(&k, other, "closed", NULL);
	at(&k, "2027-06-07 17:00");
	clock_is(&k, t, FIRST, "breached");
	does(&k, &k.op, "ticket.spam", t, NULL);
	clock_is(&k, t, FIRST, "not_applicable");
	at(&k, "2027-06-08 10:00");
	assert_int_equal(
		(int)summary(&k, "2027-06-07", "2027-06-07", "first_n"), 1);
	assert_true(summary(&k, "2027-06-07", "2027-06-07", "first_attained") ==
		    1.0);
	assert_int_equal((int)summary(&k, "2027-06-07", "2027-06-07", "spam"),
			 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
thanks_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 11:00");
	replies(&k, t, "closed", NULL);
	at(&k, "2027-06-07 13:00");
	writes(&k, "2@c", HANAKO, "ありがとうございました。助かりました。",
	       "1@c");
	assert_string_equal(state_of(&k, t), "closed");
	assert_int_equal(clocks_of(&k, t, NEXT), 0);
	at(&k, "2027-06-09 10:00");
	assert_int_equal(mails_to(&k, "sv"), 0);
	figures_agree(&k);
	close_desk(&k);
}

static const char by_priority[] =
	"{\"first_response_min\":240,\"rules\":[{\"name\":\"hot\",\"when\":"
	"{\"priority\":1},\"first_response_min\":60}]}";

static void
priority_body(const char *url)
{
	struct desk k =
		story_begin(url, "2027-06-07 10:00", t_office, by_priority);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 10:20");
	does(&k, &k.op, "ticket.priority", t,
	     json_pack("{s:s}", "level", "high"));
	due_at(&k, t, FIRST, "2027-06-07 11:00");
	at(&k, "2027-06-07 11:30");
	clock_is(&k, t, FIRST, "breached");
	/* what is late stays late */
	does(&k, &k.op, "ticket.priority", t,
	     json_pack("{s:s}", "level", "normal"));
	clock_is(&k, t, FIRST, "breached");
	figures_agree(&k);
	replies(&k, t, "closed", NULL);
	clock_is(&k, t, FIRST, "breached");
	figures_agree(&k);
	close_desk(&k);
}

static void
customer_body(const char *url)
{
	MDG_AUTO(mdg_freep) char *policy = NULL;
	struct desk k = story_begin(url, "2027-06-07 09:30", t_office, plain);

	writes(&k, "1@c", HANAKO, "届きません。", NULL);
	int64_t id = count(&k, "SELECT MAX(customer_id) FROM ticket");
	policy = mdg_asprintf(
		"{\"first_response_min\":240,\"rules\":[{\"name\":\"vip\","
		"\"when\":{\"customer\":[%lld]},\"first_response_min\":30}]}",
		(long long)id);
	set_policy(&k, "shop", policy);
	at(&k, "2027-06-07 10:00");
	int64_t hers = writes(&k, "2@c", HANAKO, "領収書がほしいです。", NULL);
	int64_t his = writes(&k, "3@c", "jiro@c.example", "返品です。", NULL);
	due_at(&k, hers, FIRST, "2027-06-07 10:30");
	due_at(&k, his, FIRST, "2027-06-07 15:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
hold_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, solving);
	int64_t a = writes(&k, "1@c", HANAKO, "届きません。", NULL);
	int64_t b = writes(&k, "2@c", "jiro@c.example", "返品です。", NULL);

	due_at(&k, a, SOLVED, "2027-06-09 10:00");
	at(&k, "2027-06-07 11:00");
	does(&k, &k.op, "ticket.hold", a,
	     json_pack("{s:s,s:b}", "reason", "写真を待つ", "customer", 1));
	does(&k, &k.op, "ticket.hold", b,
	     json_pack("{s:s}", "reason", "倉庫に確認"));
	clock_is(&k, a, SOLVED, "paused");
	clock_is(&k, b, SOLVED, "running");
	/* nothing pauses the first answer */
	due_at(&k, a, FIRST, "2027-06-07 15:00");
	due_at(&k, b, SOLVED, "2027-06-09 10:00");
	figures_agree(&k);
	at(&k, "2027-06-08 11:00"); /* 8 working hours later */
	writes(&k, "3@c", HANAKO, "写真です。ご確認ください。", "1@c");
	clock_is(&k, a, SOLVED, "running");
	due_at(&k, a, SOLVED, "2027-06-10 10:00");
	figures_agree(&k);
	close_desk(&k);
}

static void
late_answer_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	at(&k, "2027-06-07 10:10");
	writes(&k, "2@c", HANAKO, "追伸です。住所も変わりました。", "1@c");
	assert_int_equal(clocks_of(&k, t, FIRST), 1);
	assert_int_equal(clocks_of(&k, t, NEXT), 0);
	due_at(&k, t, FIRST, "2027-06-07 15:00");
	at(&k, "2027-06-07 15:10");
	replies(&k, t, "closed", NULL);
	clock_is(&k, t, FIRST, "breached");
	at(&k, "2027-06-08 10:00");
	assert_true(summary(&k, "2027-06-07", "2027-06-07", "first_attained") ==
		    0.0);
	assert_int_equal(
		(int)summary(&k, "2027-06-07", "2027-06-07", "first_n"), 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
no_promise_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office,
				    "{\"first_response_min\":0}");
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	assert_int_equal(clocks_of(&k, t, FIRST), 0);
	at(&k, "2027-06-10 10:00");
	assert_int_equal(mails_to(&k, "sv"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM escalation"), 0);
	figures_agree(&k);
	close_desk(&k);
}

EACH(a_new_policy_holds_for_what_comes_after_it, policy_changed_body);
EACH(a_calendar_edited_afterwards_moves_no_clock_that_runs,
     calendar_edited_body);
EACH(a_moved_ticket_keeps_its_time_and_has_the_next_there, moved_body);
EACH(a_promise_goes_along_when_a_ticket_moves, moved_with_promise_body);
EACH(merged_tickets_wait_since_the_older_and_come_apart_again, merged_body);
EACH(a_mail_merged_into_an_answered_ticket_waits_since_it_came,
     merged_into_answered_body);
EACH(a_split_mail_waits_since_it_came, split_body);
EACH(a_mail_after_31_days_is_an_inquiry_of_its_own, long_closed_body);
EACH(a_mail_after_28_days_reopens_with_a_time_of_its_own, reopened_body);
EACH(spam_found_late_is_not_late, spam_after_breach_body);
EACH(thanks_start_no_clock, thanks_body);
EACH(a_higher_priority_shortens_and_a_lower_one_forgives_nothing,
     priority_body);
EACH(a_customer_has_their_own_time, customer_body);
EACH(a_hold_of_theirs_pauses_and_one_of_ours_does_not, hold_body);
EACH(an_answer_after_its_time_is_late_and_counts_once, late_answer_body);
EACH(without_a_promise_nobody_is_told, no_promise_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_new_policy_holds_for_what_comes_after_it),
	cmocka_unit_test(a_calendar_edited_afterwards_moves_no_clock_that_runs),
	cmocka_unit_test(a_moved_ticket_keeps_its_time_and_has_the_next_there),
	cmocka_unit_test(a_promise_goes_along_when_a_ticket_moves),
	cmocka_unit_test(
		merged_tickets_wait_since_the_older_and_come_apart_again),
	cmocka_unit_test(
		a_mail_merged_into_an_answered_ticket_waits_since_it_came),
	cmocka_unit_test(a_split_mail_waits_since_it_came),
	cmocka_unit_test(a_mail_after_31_days_is_an_inquiry_of_its_own),
	cmocka_unit_test(a_mail_after_28_days_reopens_with_a_time_of_its_own),
	cmocka_unit_test(spam_found_late_is_not_late),
	cmocka_unit_test(thanks_start_no_clock),
	cmocka_unit_test(
		a_higher_priority_shortens_and_a_lower_one_forgives_nothing),
	cmocka_unit_test(a_customer_has_their_own_time),
	cmocka_unit_test(a_hold_of_theirs_pauses_and_one_of_ours_does_not),
	cmocka_unit_test(an_answer_after_its_time_is_late_and_counts_once),
	cmocka_unit_test(without_a_promise_nobody_is_told),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
