#include "t.h"

#include "madoguchi/desk/policy.h"

static struct mdg_policy *
parsed(const char *json)
{
	struct mdg_policy *p;
	struct mdg_err err;

	if (!mdg_policy_parse(json, &p, &err))
		fail_msg("%s: refused", json);
	return p;
}

static const char *
rule_of(const struct mdg_policy *p, struct mdg_policy_facts f)
{
	const char *rule;

	mdg_policy_targets(p, &f, &rule);
	return rule ? rule : "(none)";
}

static const char shop[] =
	"{\"first_response_min\": 480, \"next_response_min\": 300, \"rules\": ["
	" {\"name\": \"angry\", \"when\": {\"temperature_min\": 3},"
	"  \"first_response_min\": 60},"
	" {\"name\": \"mall\", \"when\": {\"mailbox\": [\"mall\", \"auction\"]},"
	"  \"first_response_min\": 1440, \"business\": false},"
	" {\"name\": \"claims of one customer\","
	"  \"when\": {\"category\": [\"苦情\"], \"customer\": [7]},"
	"  \"resolution_min\": 960},"
	" {\"name\": \"urgent\", \"when\": {\"priority\": 1},"
	"  \"warn_percent\": [30]}]}";

static void
the_first_rule_that_fits_gives_what_it_names(void **state)
{
	(void)state;
	struct mdg_policy *p = parsed(shop);
	const struct mdg_policy_facts mall = {.mailbox = "mall",
					      .temperature = -1};
	const struct mdg_policy_facts angry = {.mailbox = "mall",
					       .temperature = 4};
	const struct mdg_sla_policy *t = mdg_policy_targets(p, &mall, NULL);

	assert_true(mdg_policy_has_rules(p));
	assert_int_equal(t->first_response_min, 1440);
	assert_int_equal(t->next_response_min, 300); /* as above the rules */
	assert_true(t->clock_time);
	assert_string_equal(rule_of(p, angry), "angry");
	mdg_policy_free(&p);
}

static void
every_condition_of_a_rule_has_to_hold(void **state)
{
	(void)state;
	struct mdg_policy *p = parsed(shop);
	struct mdg_policy_facts f = {
		.category = "苦情", .customer_id = 7, .temperature = -1};

	assert_string_equal(rule_of(p, f), "claims of one customer");
	f.customer_id = 8;
	assert_string_equal(rule_of(p, f), "(none)");
	f.priority = 1;
	assert_string_equal(rule_of(p, f), "urgent");
	mdg_policy_free(&p);
}

static void
what_is_not_known_yet_is_below_every_level(void **state)
{
	(void)state;
	struct mdg_policy *p = parsed("{\"rules\": [{\"name\": \"known\","
				      "\"when\": {\"temperature_min\": 0}}]}");
	struct mdg_policy_facts f = {.temperature = -1};

	assert_string_equal(rule_of(p, f), "(none)");
	f.temperature = 0;
	assert_string_equal(rule_of(p, f), "known");
	mdg_policy_free(&p);
}

static void
a_mistake_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *json, *member;
	} wrong[] = {
		{"{\"first_respose_min\": 1}", "first_respose_min"},
		{"{\"first_response_min\": -1}", "first_response_min"},
		{"{\"first_response_min\": \"60\"}", "first_response_min"},
		{"{\"business\": 1}", "business"},
		{"{\"warn_percent\": [80, 50]}", "warn_percent"},
		{"{\"warn_percent\": [100]}", "warn_percent"},
		{"{\"warn_percent\": [1, 2, 3, 4, 5]}", "warn_percent"},
		{"{\"rules\": {}}", "rules"},
		{"{\"rules\": [{\"when\": {}}]}", "rules"},
		{"{\"rules\": [{\"name\": \"x\"}]}", "when"},
		{"{\"rules\": [{\"name\": \"x\", \"when\": {\"day\": 1}}]}",
		 "day"},
		{"{\"rules\": [{\"name\": \"x\", \"when\": {\"category\": []}}]}",
		 "category"},
		{"{\"rules\": [{\"name\": \"x\", \"when\": {\"temperature_min\": 5}}]}",
		 "temperature_min"},
	};
	struct mdg_policy *p = NULL;
	struct mdg_err err;
	char text[2048];

	for (size_t i = 0; i < MDG_LEN(wrong); i++) {
		assert_false(mdg_policy_parse(wrong[i].json, &p, &err));
		mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text));
		if (!strstr(text, wrong[i].member))
			fail_msg("%s: %s", wrong[i].json, text);
	}
	assert_false(mdg_policy_parse("[]", &p, &err));
	assert_false(mdg_policy_parse("{", &p, &err));
	assert_null(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_fits_gives_what_it_names),
		cmocka_unit_test(every_condition_of_a_rule_has_to_hold),
		cmocka_unit_test(what_is_not_known_yet_is_below_every_level),
		cmocka_unit_test(a_mistake_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
