/* Automatic rules, and what thanks are. */
#include "desk_fixture.h"

#include "madoguchi/app/autorule.h"
#include "madoguchi/desk/rules.h"
#include "madoguchi/desk/thread.h"

static void
conditions_hold_as_they_read(void **state)
{
	static const char *const labels[] = {"倉庫"};
	static const char *const marks[] = {"danger", "sales"};
	const struct mdg_rule_facts f = {
		.subject = "ＲＥ：返金のお願い", .body = "至急です。",
		.from = "taro@shop.example", .from_domain = "shop.example",
		.to = "support@shop.example", .state = "new",
		.category = "返品", .assignee = "none", .priority = "normal",
		.labels = labels, .labels_n = 1, .marks = marks, .marks_n = 2, .temperature = 3,
		.age_min = 90, .attachments = 0};
	static const struct {
		const char *text;
		bool ok, holds;
	} cases[] = {
		{"subject contains 返金|返品", true, true},
		{"subject contains re:", true, true},
		{"subject is 返金のお願い", true, false},
		{"body starts 至急", true, true},
		{"from_domain is shop.example|x.example", true, true},
		{"from not taro@shop.example", true, false},
		{"category is 返品", true, true},
		{"assignee is none", true, true},
		{"label is 倉庫", true, true},
		{"label not 至急|倉庫", true, false},
		{"label not 至急", true, true},
		{"mark is sales", true, true},
		{"mark is spam_suspected|spam", true, false},
		{"mark not danger", true, false},
		{"temperature >= 3", true, true},
		{"temperature <= 2", true, false},
		{"age_min >= 91", true, false},
		{"attachments is 0", true, true},
		{"attachments contains 0", false, false},
		{"subject contains |", false, false},
		{"subject contains 返金||返品", false, true},
		{"state is 新規", false, false},
		{"state is new|working", true, true},
		{"state starts ne", true, true},
		{"state contains open", false, false},
		{"priority is urgent", false, false},
		{"priority not high", true, true},
		{"mark is danger|dangerous", false, true},
		{"temperature >= 5", false, false},
		{"temperature not 4", true, true},
		{"from_domain is a@shop.example", false, false},
		{"from is shop.example", false, false},
		{"from contains shop.example", true, true},
		{"subject >= 3", false, false},
		{"temperature >= viel", false, false},
		{"colour is red", false, false},
		{"subject contains", false, false},
		{"", false, false},
	};

	MDG_AUTO(mdg_buf_clear) struct mdg_buf bad = {0}, allowed = {0};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++)
		if ((mdg_rule_condition_check(cases[i].text, &bad, &allowed) ==
		     MDG_RULE_FINE) != cases[i].ok ||
		    (allowed.len == 0) != cases[i].ok ||
		    mdg_rule_condition_holds(cases[i].text, &f) !=
			    cases[i].holds)
			fail_msg("%s", cases[i].text);
}

static void
thanks_are_only_thanks(void **state)
{
	static const char *const thanks[] = {
		"早速のご対応ありがとうございました。\n今後ともよろしくお願いいたします。\n田中",
		"お世話になっております。田中です。\n無事に届きました。ありがとうございました。",
		"ご連絡いただき、ありがとうございます。\n承知いたしました。",
		"山田様\n\n本日届きました！大変助かりました。また利用させていただきます。",
		"問題なく使えております。ありがとうございました。",
	};
	static const char *const others[] = {
		"ありがとうございます。届いた商品が割れていました。",
		"ありがとうございます、返品します。",
		"ありがとうございます。色は青を希望します。",
		"承知いたしました。",
		"先日はありがとうございました。次は赤を3つ注文します。",
		"ありがとうございました。\n返品希望",
		"感謝しております。住所は東京都港区です。",
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(thanks); i++)
		if (!mdg_text_is_thanks(thanks[i]))
			fail_msg("%s", thanks[i]);
	for (size_t i = 0; i < MDG_LEN(others); i++)
		if (mdg_text_is_thanks(others[i]))
			fail_msg("%s", others[i]);
}

static void
rules_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	json_t *r, *first;

	refused(&k, &k.op, MDG_EPERM, "auto.add",
		rule("x", "arrival", "subject contains a", "label a"));
	refused(&k, &k.sv, MDG_EINVAL, "auto.add",
		rule("x", "arrival", "subject ~ a", "label a"));
	refused(&k, &k.sv, MDG_EINVAL, "auto.add",
		rule("x", "arrival", "subject contains a", "delete"));
	refused(&k, &k.sv, MDG_EINVAL, "auto.add",
		rule("x", "noon", "subject contains a", "label a"));

	/* before there is a rule: what would it have met? */
	take_in(&k, new_mail("p@c", "old@c.example", "返金の件", "1"));
	r = act(&k, &k.sv, "auto.try",
		json_pack("{s:s,s:[s]}", "window", "shop", "conditions",
			  "subject contains 返金"));
	assert_int_equal(json_array_size(json_object_get(r, "tickets")), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"), 0);

	/* in their order, until one says stop */
	first = rule("返金", "arrival", "subject contains 返金", "label 返金");
	json_array_append_new(json_object_get(first, "actions"),
			      json_string("priority high"));
	json_object_set_new(first, "stop", json_true());
	json_object_set_new(first, "position", json_integer(1));
	act(&k, &k.sv, "auto.add",
	    rule("全部", "arrival", "state is new", "label その他"));
	act(&k, &k.sv, "auto.add", first);
	act(&k, &k.sv, "auto.add",
	    rule("急ぎ", "change", "priority is high", "assign op"));
	take_in(&k, new_mail("a@c", "taro@c.example", "返金の件", "1"));
	take_in(&k, new_mail("b@c", "jiro@c.example", "在庫の件", "2"));
	rules_act(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"
				   " WHERE label = '返金' AND ticket_id = 2"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"
				   " WHERE label = 'その他'"),
			 1);
	/* what a rule changes is a change like any other */
	assert_int_equal(count(&k, "SELECT assignee_id FROM ticket"
				   " WHERE id = 2"),
			 k.op.person_id);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE actor"
				   " LIKE 'rule:%' AND ticket_id = 2"),
			 3);
	/* an action that cannot be done is told, and stops nothing */
	refused(&k, &k.sv, MDG_ENOENT, "auto.add",
		rule("無理", "arrival", "subject contains 無理",
		     "assign nobody"));
	act(&k, &k.sv, "auto.add",
	    rule("無理", "arrival", "subject contains 無理", "assign op"));
	act(&k, &k.sv, "user.absent", json_pack("{s:s}", "login", "op"));
	take_in(&k, new_mail("c@c", "saburo@c.example", "無理", "3"));
	rules_act(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM autorule_log"
				   " WHERE outcome = 'failed'"),
			 1);
	close_desk(&k);
}
EACH(rules_run_in_order_on_what_happens, rules_body);

/* A rule is changed in place: its number, its turn and its story stay. */
static void
changed_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	json_t *r =
		rule("返金", "arrival", "subject contains 返金", "label 返金");

	json_object_set_new(r, "position", json_integer(7));
	int64_t id = json_integer_value(
		json_object_get(act(&k, &k.sv, "auto.add", r), "rule"));
	take_in(&k, new_mail("a@c", "taro@c.example", "返金の件", "1"));
	rules_act(&k);
	r = rule("返品", "arrival", "subject contains 返品; 交換",
		 "label 返品");
	json_object_set_new(r, "rule", json_integer(id));
	act(&k, &k.sv, "auto.set", json_deep_copy(r));
	const json_t *now = json_array_get(
		json_object_get(act(&k, &k.sv, "auto.list",
				    json_pack("{s:s}", "window", "shop")),
				"rules"),
		0);
	assert_int_equal(json_integer_value(json_object_get(now, "rule")), id);
	assert_int_equal(json_integer_value(json_object_get(now, "position")),
			 7);
	assert_int_equal(json_integer_value(json_object_get(now, "fired")), 1);
	/* a semicolon does not make two of one */
	assert_int_equal(json_array_size(json_object_get(now, "if")), 1);
	take_in(&k, new_mail("b@c", "jiro@c.example", "返品; 交換", "2"));
	take_in(&k, new_mail("c@c", "saburo@c.example", "返金", "3"));
	rules_act(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"
				   " WHERE label = '返品' AND ticket_id = 2"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"), 2);
	/* not what cannot be done, not by everybody, not another's */
	json_object_set_new(r, "actions", json_pack("[s]", "delete"));
	refused(&k, &k.sv, MDG_EINVAL, "auto.set", json_deep_copy(r));
	json_object_set_new(r, "actions", json_pack("[s]", "label a"));
	refused(&k, &k.op, MDG_EPERM, "auto.set", json_deep_copy(r));
	json_object_set_new(r, "rule", json_integer(id + 1));
	refused(&k, &k.sv, MDG_ENOENT, "auto.set", r);
	close_desk(&k);
}
EACH(a_changed_rule_keeps_its_place_and_story, changed_body);

static void
loop_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	json_t *r;

	act(&k, &k.sv, "auto.add",
	    rule("上げる", "change", "priority is normal", "priority high"));
	act(&k, &k.sv, "auto.add",
	    rule("下げる", "change", "priority is high", "priority normal"));
	take_in(&k, new_mail("a@c", "taro@c.example", "件", "1"));
	act(&k, &k.op, "comment.add",
	    json_pack("{s:I,s:s}", "ticket", (json_int_t)10001, "text", "x"));
	rules_act(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM autorule_due"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM autorule_log"
				   " WHERE outcome = 'loop'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM autorule_log"), 3);
	r = act(&k, &k.op, "auto.log", json_pack("{s:s}", "window", "shop"));
	r = json_array_get(json_object_get(r, "log"), 0);
	assert_string_equal(
		json_string_value(json_object_get(r, "outcome")), "loop");
	close_desk(&k);
}
EACH(rules_that_chase_each_other_are_stopped, loop_body);

static void
time_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	act(&k, &k.sv, "auto.add",
	    rule("放置", "time", "age_min >= 120", "label 放置"));
	take_in(&k, new_mail("a@c", "taro@c.example", "件", "1"));
	rules_act(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"), 0);
	if (mdg_clock_advance(3 * 3600)) {
		rules_act(&k);
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"),
				 1);
		/* once, not every minute */
		mdg_clock_advance(600);
		rules_act(&k);
		mdg_clock_advance(600);
		rules_act(&k);
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM autorule_log"),
				 1);
		mdg_clock_advance(-3 * 3600 - 1200);
	}
	close_desk(&k);
}
EACH(time_rules_speak_once, time_body);

static void
spam_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@s", "ads@spam.example", "儲かる",
					 "1"))
			    .ticket_id;
	int64_t g = take_in(&k, new_mail("a@g", "x@gmail.com", "儲かる", "1"))
			    .ticket_id;

	refused(&k, &k.op, MDG_EINVAL, "ticket.spam",
		json_pack("{s:I,s:b}", "ticket", number_of(&k, g), "domain",
			  1));
	act(&k, &k.op, "ticket.spam",
	    json_pack("{s:I,s:b}", "ticket", number_of(&k, t), "domain", 1));
	/* not answered is right here: neither met nor missed */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " ticket_id = 1 AND state ="
				   " 'not_applicable'"),
			 1);
	/* another one of that domain is kept, and nobody has to look */
	t = take_in(&k, new_mail("b@s", "more@spam.example", "儲かる", "2"))
		    .ticket_id;
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE closing = 'spam'"),
			 2);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock"
				   " WHERE state = 'running'"),
			 1);
	t = take_in(&k, new_mail("c@s", "taro@notspam.example", "返品", "3"))
		    .ticket_id;
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	act(&k, &k.sv, "spam.forget",
	    json_pack("{s:s,s:s}", "window", "shop", "sender",
		      "@spam.example"));
	t = take_in(&k, new_mail("d@s", "more@spam.example", "儲かる", "4"))
		    .ticket_id;
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	close_desk(&k);
}
EACH(a_window_learns_what_spam_is, spam_body);

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_hold_as_they_read),
		cmocka_unit_test(thanks_are_only_thanks),
		cmocka_unit_test(rules_run_in_order_on_what_happens),
		cmocka_unit_test(a_changed_rule_keeps_its_place_and_story),
		cmocka_unit_test(rules_that_chase_each_other_are_stopped),
		cmocka_unit_test(time_rules_speak_once),
		cmocka_unit_test(a_window_learns_what_spam_is),
	};

	mdg_crypto_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
