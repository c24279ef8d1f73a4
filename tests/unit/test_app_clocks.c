/* What clocks do as time goes by and the desk works, on both engines. */
#include "desk_fixture.h"

#include "madoguchi/app/warn.h"

static int64_t
figure(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static int64_t
one_mail(struct desk *k)
{
	return take_in(k, new_mail("a@c", "taro@c.example", "返品", "1"))
		.ticket_id;
}

static void
all_is_what_the_log_says(struct desk *k)
{
	json_t *r = act(k, &mdg_actor_system, "sla.check", json_object());

	if (!json_is_true(json_object_get(r, "ok")))
		fail_msg("%s", json_dumps(r, 0));
	assert_true(json_integer_value(json_object_get(r, "clocks")) > 0);
}

static void
send_reply(struct desk *k, int64_t ticket, const char *next, int64_t due_s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_job job;
	int64_t d = draft_for(k, ticket, "太郎 様\n\n承りました。");

	act(k, &k->op, "draft.edit",
	    json_pack("{s:I,s:s,s:I}", "draft", d, "next", next, "next_due_s",
		      due_s));
	act(k, &k->op, "draft.submit", draft_arg(d));
	act(k, &k->sv, "approve", draft_arg(d));
	act(k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(k, &a, &job));
	answer(k, job.outbox_id, "accepted");
}

static void
warnings_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	one_mail(&k);
	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	pass(&k, 29 * 60);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind LIKE 'clock.%'"),
			 0);
	pass(&k, 2 * 60); /* half of the hour is over */
	pass(&k, 60);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'clock.warned'"),
			 1);
	pass(&k, 20 * 60); /* 80 percent */
	assert_int_equal(count(&k, "SELECT warned FROM clock"), 2);
	pass(&k, 3600);
	pass(&k, 3600);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'clock.breached'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'clock.warned'"),
			 2);
	all_is_what_the_log_says(&k);
	close_desk(&k);
}

/* Once late, more so: first in every list, and counted as late. */
static void
overdue_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = one_mail(&k);
	const json_t *row;

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	pass(&k, 1800);
	take_in(&k, new_mail("b@c", "jiro@c.example", "交換", "2"));
	int64_t due_s = count(&k, "SELECT MIN(due_s) FROM ticket");
	pass(&k, 2000);
	assert_int_equal(count(&k, "SELECT MIN(due_s) FROM ticket"), due_s);
	row = json_array_get(json_object_get(act(&k, &k.op, "queue",
						 json_object()),
					     "queue"),
			     0);
	assert_int_equal(figure(row, "ticket"), number_of(&k, t));
	assert_int_equal(figure(row, "due_s"), due_s);
	assert_string_equal(json_string_value(json_object_get(row, "clock")),
			    "first_response");
	row = json_array_get(json_object_get(act(&k, &k.sv, "report.backlog",
						 json_object()),
					     "rows"),
			     0);
	assert_int_equal(figure(row, "tickets"), 2);
	assert_int_equal(figure(row, "late"), 1);
	/* answered too late is over all the same */
	send_reply(&k, t, "closed", 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket WHERE"
				   " state = 'closed' AND due_s IS NULL"),
			 1);
	all_is_what_the_log_says(&k);
	close_desk(&k);
}

static void
rules_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:{s:i,s:[{s:s,s:{s:[s]},s:i}]}}", "window", "shop",
		      "policy", "first_response_min", 480, "rules", "name",
		      "this mailbox", "when", "mailbox", "support@shop.example",
		      "first_response_min", 30));
	one_mail(&k);
	assert_int_equal(count(&k, "SELECT due_s - started_s FROM clock"),
			 30 * 60);
	refused(&k, &mdg_actor_system, MDG_EINVAL, "window.set",
		json_pack("{s:s,s:{s:i}}", "window", "shop", "policy",
			  "first_respons_min", 1));
	all_is_what_the_log_says(&k);
	close_desk(&k);
}

static void
promise_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = one_mail(&k), due_s = mdg_now_s() + 3 * 3600;

	/* a holding reply answers, and promises */
	send_reply(&k, t, "working", due_s);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response' AND"
				   " state = 'met'"),
			 1);
	assert_true(count(&k, "SELECT due_s FROM clock WHERE kind = 'promise'"
			      " AND state = 'running'") == due_s);
	assert_true(count(&k, "SELECT due_s FROM ticket") == due_s);
	/* the next reply keeps it */
	send_reply(&k, t, "closed", 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'promise' AND state = 'met'"),
			 1);
	all_is_what_the_log_says(&k);
	close_desk(&k);
}

static void
promise_by_hand_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t n = number_of(&k, one_mail(&k)), soon_s = mdg_now_s() + 600;

	act(&k, &k.op, "ticket.promise",
	    json_pack("{s:I,s:I}", "ticket", n, "due_s", soon_s));
	act(&k, &k.op, "ticket.promise",
	    json_pack("{s:I,s:I}", "ticket", n, "due_s", soon_s + 60));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'promise' AND state = 'running'"),
			 1);
	act(&k, &k.op, "ticket.promise", json_pack("{s:I}", "ticket", n));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'promise' AND state = 'running'"),
			 0);
	act(&k, &k.op, "ticket.promise",
	    json_pack("{s:I,s:s}", "ticket", n, "due", "2時間後"));
	assert_int_equal(count(&k, "SELECT due_s FROM clock WHERE"
				   " kind = 'promise' AND state = 'running'") /
				 10,
			 (mdg_now_s() + 7200) / 10);
	refused(&k, &k.op, MDG_EINVAL, "ticket.promise",
		json_pack("{s:I,s:s}", "ticket", n, "due", "2020-01-01 9:00"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.promise",
		json_pack("{s:I,s:I}", "ticket", n, "due_s", mdg_now_s() - 60));
	all_is_what_the_log_says(&k);
	close_desk(&k);
}

static void
follow_up_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = one_mail(&k);

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	send_reply(&k, t, "waiting", mdg_now_s() + 3600);
	assert_string_equal(state_of(&k, number_of(&k, t)), "waiting");
	pass(&k, 3000);
	assert_string_equal(state_of(&k, number_of(&k, t)), "waiting");
	pass(&k, 700);
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	all_is_what_the_log_says(&k);
	close_desk(&k);
}

static void
tampered_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	json_t *r;

	one_mail(&k);
	all_is_what_the_log_says(&k);
	if (!mdg_db_run(k.d->db, &err, "UPDATE clock SET due_s = due_s + 1",
			""))
		fail_msg("%s", why(&err));
	r = act(&k, &mdg_actor_system, "sla.check", json_object());
	assert_true(json_is_false(json_object_get(r, "ok")));
	assert_int_equal(json_array_size(json_object_get(r, "differences")), 1);
	close_desk(&k);
}

static void
told_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t n = number_of(&k, one_mail(&k));
	struct mdg_err err;

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	act(&k, &k.sv, "ticket.assign",
	    json_pack("{s:I,s:s}", "ticket", n, "to", "op"));
	/* half of the hour: its operator's matter alone */
	pass(&k, 31 * 60);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM warning w JOIN person"
				   " p ON p.id = w.person_id"
				   " WHERE p.login = 'op'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM warning"), 1);
	mdg_clock_advance(MDG_WARN_GATHER_S);
	if (!mdg_warn_tick(k.d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox o JOIN"
				   " outbox_rcpt r ON r.outbox_id = o.id WHERE"
				   " o.kind = 'notice' AND"
				   " r.address = 'x@shop.example'"),
			 1);
	/* 80 percent, within the pause: it waits; then it is late */
	pass(&k, 18 * 60);
	pass(&k, 20 * 60);
	assert_int_equal(count(&k, "SELECT COUNT(DISTINCT person_id)"
				   " FROM warning"),
			 2);
	mdg_clock_advance(MDG_WARN_GATHER_S);
	if (!mdg_warn_tick(k.d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " kind = 'notice'"),
			 3);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM warning"), 0);
	close_desk(&k);
}

static void
nobody_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	one_mail(&k);
	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	pass(&k, 2 * 3600);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM escalation e JOIN"
				   " person p ON p.id = e.person_id"
				   " WHERE p.login = 'sv'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'ticket.escalated'"),
			 1);
	pass(&k, 2 * 3600);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'ticket.escalated'"),
			 1);
	close_desk(&k);
}

static void
owner_is(struct desk *k, const char *login)
{
	MDG_AUTO(mdg_freep)
	char *sql =
		mdg_asprintf("SELECT COUNT(*) FROM escalation e JOIN person"
			     " p ON p.id = e.person_id WHERE p.login = '%s'",
			     login);

	assert_int_equal(count(k, sql), 1);
	assert_int_equal(count(k, "SELECT COUNT(*) FROM escalation"), 1);
}

static void
alone_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	act(&k, &mdg_actor_system, "user.add",
	    json_pack("{s:s,s:s,s:s,s:b}", "login", "chief", "name", "c",
		      "email", "chief@shop.example", "admin", 1));
	act(&k, &mdg_actor_system, "user.disable",
	    json_pack("{s:s}", "login", "sv"));
	one_mail(&k);
	pass(&k, 2 * 3600);
	owner_is(&k, "chief");
	assert_true(count(&k,
			  "SELECT COUNT(*) FROM warning w JOIN person p"
			  " ON p.id = w.person_id WHERE p.login = 'chief'") +
			    count(&k, "SELECT COUNT(*) FROM outbox_rcpt WHERE"
				      " address = 'chief@shop.example'") >
		    0);
	close_desk(&k);
}

static void
away_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	act(&k, &mdg_actor_system, "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", "second", "name", "s",
		      "email", "second@shop.example", "window", "shop", "role",
		      "sv"));
	act(&k, &mdg_actor_system, "user.absent",
	    json_pack("{s:s}", "login", "sv"));
	one_mail(&k);
	pass(&k, 2 * 3600);
	owner_is(&k, "second");
	/* all away: both are still somebody's; one who left is nobody */
	act(&k, &mdg_actor_system, "user.disable",
	    json_pack("{s:s}", "login", "second"));
	take_in(&k, new_mail("again@c", "other@c.example", "件", "まだですか"));
	pass(&k, 2 * 3600);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM escalation e JOIN"
				   " person p ON p.id = e.person_id"
				   " WHERE p.login = 'sv'"),
			 2);
	close_desk(&k);
}

static void
answered_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = one_mail(&k);
	struct mdg_err err;

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	pass(&k, 31 * 60);
	send_reply(&k, t, "closed", 0);
	mdg_clock_advance(MDG_WARN_GATHER_S);
	if (!mdg_warn_tick(k.d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " kind = 'notice'"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM warning"), 0);
	close_desk(&k);
}

static void
night_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	one_mail(&k);
	/* from now on the window is closed for good */
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:{s:s,s:{},s:n}}", "window", "shop", "calendar",
		      "zone", "Asia/Tokyo", "weekly", "national_holidays"));
	pass(&k, 2 * 3600);
	mdg_clock_advance(MDG_WARN_GATHER_S);
	if (!mdg_warn_tick(k.d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " kind = 'notice'"),
			 0);
	assert_true(count(&k, "SELECT COUNT(*) FROM warning") > 0);
	act(&k, &mdg_actor_system, "sla.notify",
	    json_pack("{s:s}", "at_night", "on"));
	if (!mdg_warn_tick(k.d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " kind = 'notice'"),
			 1);
	close_desk(&k);
}

EACH(a_warning_is_the_operators_and_a_breach_the_leads_too, told_body);
EACH(an_overdue_ticket_of_nobody_gets_one_lead, nobody_body);
EACH(an_overdue_ticket_where_nobody_leads_is_the_administrators, alone_body);
EACH(an_overdue_ticket_goes_to_a_lead_who_is_there_and_stays_here, away_body);
EACH(what_was_answered_meanwhile_is_not_told, answered_body);
EACH(nobody_is_woken_unless_asked_for, night_body);
EACH(each_warning_and_the_breach_are_told_once, warnings_body);
EACH(an_overdue_ticket_stays_first_and_counts_as_late, overdue_body);
EACH(a_rule_of_the_policy_gives_its_own_time, rules_body);
EACH(a_holding_reply_answers_and_promises, promise_body);
EACH(a_promise_by_hand_holds_until_taken_back, promise_by_hand_body);
EACH(a_ticket_that_waits_comes_back_on_its_date, follow_up_body);
EACH(a_figure_that_the_log_does_not_say_is_found, tampered_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_warning_is_the_operators_and_a_breach_the_leads_too),
	cmocka_unit_test(an_overdue_ticket_of_nobody_gets_one_lead),
	cmocka_unit_test(
		an_overdue_ticket_where_nobody_leads_is_the_administrators),
	cmocka_unit_test(
		an_overdue_ticket_goes_to_a_lead_who_is_there_and_stays_here),
	cmocka_unit_test(what_was_answered_meanwhile_is_not_told),
	cmocka_unit_test(nobody_is_woken_unless_asked_for),
	cmocka_unit_test(each_warning_and_the_breach_are_told_once),
	cmocka_unit_test(an_overdue_ticket_stays_first_and_counts_as_late),
	cmocka_unit_test(a_rule_of_the_policy_gives_its_own_time),
	cmocka_unit_test(a_holding_reply_answers_and_promises),
	cmocka_unit_test(a_promise_by_hand_holds_until_taken_back),
	cmocka_unit_test(a_ticket_that_waits_comes_back_on_its_date),
	cmocka_unit_test(a_figure_that_the_log_does_not_say_is_found),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
