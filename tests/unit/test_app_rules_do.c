/* What automatic rules do: to another window, an answer by itself. */
#include "desk_fixture.h"

#include "madoguchi/app/autorule.h"

/* ---- other windows ---- */

static void
second_window(struct desk *k, const char *member)
{
	act(k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:s,s:o,s:{s:i,s:i}}", "code", "outlet",
		      "address", "outlet@shop.example", "approval", "all",
		      "calendar", json_loads(t_always_open, 0, NULL), "policy",
		      "first_response_min", 5, "next_response_min", 5));
	act(k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", member, "window", "outlet",
		      "role", "sv"));
}

static json_t *
outlets(json_t *args)
{
	json_object_set_new(args, "window", json_string("outlet"));
	return args;
}

static int64_t
outcomes(struct desk *k, const char *outcome, const char *detail)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
		 "SELECT COUNT(*) FROM autorule_log WHERE outcome = '%s'"
		 " AND detail LIKE '%s'",
		 outcome, detail);
	return count(k, sql);
}

static void
moved_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	const json_t *due;

	second_window(&k, "sv");
	refused(&k, &k.sv, MDG_ENOENT, "auto.add",
		rule("移す", "arrival", "subject contains 傷", "move nowhere"));
	act(&k, &k.sv, "auto.add",
	    rule("移す", "arrival", "subject contains 傷", "move outlet"));
	act(&k, &k.sv, "auto.add",
	    rule("残り", "arrival", "subject contains 傷", "label ここ"));
	act(&k, &k.sv, "auto.add",
	    outlets(rule("着いた", "arrival", "subject contains 傷",
			 "label 着")));
	take_in(&k, new_mail("a@c", "taro@c.example", "傷の件", "1"));
	int64_t was = count(&k, "SELECT due_s FROM ticket");
	rules_act(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket t JOIN win w"
				   " ON w.id = t.win_id"
				   " WHERE w.code = 'outlet'"),
			 1);
	/* under the new window's rules, and no other of the old one's */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"
				   " WHERE label = '着'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"),
			 1);
	/* what was promised stays promised */
	assert_int_equal(count(&k, "SELECT due_s FROM ticket"), was);
	/* whoever works only here sees it no more, and cannot take it back */
	refused(&k, &k.op, MDG_EPERM, "ticket.move",
		json_pack("{s:I,s:s}", "ticket", (json_int_t)10001, "to",
			  "shop"));
	due = act(&k, &k.sv, "ticket.move",
		  json_pack("{s:I,s:s}", "ticket", (json_int_t)10001, "to",
			    "shop"));
	assert_string_equal(
		json_string_value(json_object_get(due, "window")), "shop");
	close_desk(&k);
}
EACH(a_moved_ticket_is_under_the_rules_of_its_new_window, moved_body);

static void
unmoved_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	second_window(&k, "sv");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "件", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	json_t *move = json_pack("{s:I,s:s}", "ticket", (json_int_t)10001,
				 "to", "outlet");
	act(&k, &k.op, "draft.submit", draft_arg(d));
	refused(&k, &k.op, MDG_ESTATE, "ticket.move", json_incref(move));
	act(&k, &k.op, "draft.withdraw", draft_arg(d));
	act(&k, &k.op, "ticket.move", move);
	/* the letter begins anew there: nobody's, in that window's words */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft d JOIN win w"
				   " ON w.id = d.win_id"
				   " WHERE w.code = 'outlet'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE assignee_id IS NULL"
				   " AND state = 'new'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft_lock"), 0);
	close_desk(&k);
}
EACH(a_ticket_with_a_letter_on_its_way_stays, unmoved_body);

static void
ball_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	second_window(&k, "sv");
	act(&k, &k.sv, "auto.add",
	    rule("あちらへ", "arrival", "subject contains 件", "move outlet"));
	act(&k, &k.sv, "auto.add",
	    outlets(rule("こちらへ", "arrival", "subject contains 件",
			 "move shop")));
	take_in(&k, new_mail("a@c", "taro@c.example", "件", "1"));
	rules_act(&k);
	assert_int_equal(outcomes(&k, "done", ""), 2);
	assert_int_equal(outcomes(&k, "loop", "%"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM autorule_due"), 0);
	close_desk(&k);
}
EACH(windows_that_pass_a_ticket_on_are_stopped, ball_body);

/* ---- automatic answers ---- */

static const char NOTE[] =
	"---\nid: note\ntitle: 受付\ncategory: 受付\nversion: 1\n"
	"slots: customer.name ticket\nnext_state: waiting\n---\n"
	"{{customer.name}} 様\n\n受付番号は {{ticket}} でございます。\n";

static int64_t
sent(struct desk *k)
{
	return count(k, "SELECT COUNT(*) FROM outbox WHERE kind = 'receipt'");
}

static void
put_note(struct desk *k, const char *source)
{
	act(k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "note", "source", source));
}

static void
comment(struct desk *k, int64_t number)
{
	act(k, &k->op, "comment.add",
	    json_pack("{s:I,s:s}", "ticket", (json_int_t)number, "text", "x"));
	rules_act(k);
}

static void
send_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	json_t *r = rule("返す", "change", "subject contains 修理", "send note");

	refused(&k, &k.sv, MDG_ENOENT, "auto.add", json_deep_copy(r));
	put_note(&k, NOTE);
	refused(&k, &k.op, MDG_EPERM, "auto.add", json_deep_copy(r));
	act(&k, &k.sv, "auto.add", r);
	take_in(&k, new_mail("a@c", "taro@c.example", "修理", "1"));
	comment(&k, 10001);
	assert_int_equal(sent(&k), 0); /* the desk sends nothing yet */
	assert_int_equal(outcomes(&k, "failed", "send: not_live"), 1);

	act(&k, &mdg_actor_system, "golive", json_object());
	comment(&k, 10001);
	assert_int_equal(sent(&k), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM revision WHERE"
				   " comment = 'note@1'"
				   " AND state = 'approved'"),
			 1);
	comment(&k, 10001); /* again and again, but once */
	assert_int_equal(sent(&k), 1);
	assert_int_equal(outcomes(&k, "failed", "send: again"), 1);
	assert_string_equal(state_of(&k, 10001), "new");

	/* no machine, no list, not one of ours is answered */
	take_in(&k, new_mail("b@c", "noreply@c.example", "修理", "2"));
	comment(&k, 10002);
	struct mdg_mail *m = new_mail("c@c", "jiro@c.example", "修理", "3");
	m->no_auto_reply = true;
	take_in(&k, m);
	comment(&k, 10003);
	assert_int_equal(sent(&k), 1);
	assert_int_equal(outcomes(&k, "failed", "send: machine"), 1);
	assert_int_equal(outcomes(&k, "failed", "send: automatic"), 1);

	/* what the lead has approved, and no other text */
	put_note(&k, "---\nid: note\ntitle: 受付\ncategory: 受付\nversion: 1\n"
		     "slots:\nnext_state: waiting\n---\n別の文です。\n");
	take_in(&k, new_mail("d@c", "saburo@c.example", "修理", "4"));
	comment(&k, 10004);
	assert_int_equal(sent(&k), 1);
	assert_int_equal(outcomes(&k, "failed", "send: template"), 1);
	close_desk(&k);
}
EACH(a_rule_answers_once_and_only_what_was_approved, send_body);

static void
limit_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	char id[20];

	put_note(&k, NOTE);
	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.sv, "auto.add",
	    rule("返す", "arrival", "subject contains 修理", "send note"));
	for (int i = 0; i < 5; i++) {
		snprintf(id, sizeof(id), "m%d@c", i);
		take_in(&k, new_mail(id, "taro@c.example", "修理", id));
		rules_act(&k);
	}
	assert_int_equal(sent(&k), 3);
	assert_int_equal(outcomes(&k, "failed", "send: limit_address"), 2);
	close_desk(&k);
}
EACH(a_rule_answers_one_sender_so_often_and_no_more, limit_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_moved_ticket_is_under_the_rules_of_its_new_window),
	cmocka_unit_test(a_ticket_with_a_letter_on_its_way_stays),
	cmocka_unit_test(windows_that_pass_a_ticket_on_are_stopped),
	cmocka_unit_test(a_rule_answers_once_and_only_what_was_approved),
	cmocka_unit_test(a_rule_answers_one_sender_so_often_and_no_more),
};
DESK_TESTS(tests);
