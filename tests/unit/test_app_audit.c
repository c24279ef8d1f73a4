/*
 * The chain knows every change, the view log every look, on both engines.
 */
#include "desk_fixture.h"

#include "madoguchi/app/desk.h"

static int64_t
events(struct desk *k)
{
	return count(k, "SELECT COUNT(*) FROM event");
}

/* Calls that succeed on a fresh desk with one ticket and one draft. */
struct call {
	const char *act;
	json_t *args;
};

static size_t
calls_of(struct desk *k, int64_t ticket, int64_t draft, struct call *v)
{
	json_int_t t = number_of(k, ticket);
	const struct call list[] = {
		{"window.add",
		 json_pack("{s:s,s:s,s:s,s:o,s:{s:i}}", "code", "two", "address",
			   "two@shop.example", "approval", "all", "calendar",
			   json_loads(t_always_open, 0, NULL), "policy",
			   "first_response_min", 60)},
		{"user.add", json_pack("{s:s,s:s,s:s}", "login", "new", "name",
				       "n", "email", "n@shop.example")},
		{"user.role", json_pack("{s:s,s:s,s:s}", "window", "two",
					"login", "new", "role", "operator")},
		{"user.disable", json_pack("{s:s}", "login", "new")},
		{"mailbox.add",
		 json_pack("{s:s,s:s,s:s,s:s}", "window", "two", "address",
			   "two@shop.example", "imap_host", "h", "password",
			   "x")},
		{"mailbox.password", json_pack("{s:s,s:s}", "name",
					       "two@shop.example", "password",
					       "y")},
		{"mailbox.change", json_pack("{s:s,s:s,s:s}", "name",
					     "two@shop.example", "imap_host",
					     "new.example", "login", "two")},
		{"mailbox.remove", json_pack("{s:s}", "name",
					     "two@shop.example")},
		/* the name is free again */
		{"mailbox.add",
		 json_pack("{s:s,s:s,s:s,s:s}", "window", "two", "address",
			   "two@shop.example", "imap_host", "h2", "password",
			   "x")},
		{"ticket.assign", json_pack("{s:I,s:s}", "ticket", t, "to",
					    "op")},
		{"draft.edit", json_pack("{s:I,s:s}", "draft", draft, "body",
					 "太郎 様\n\nほかの文。")},
		{"golive", json_pack("{s:s}", "mode", "internal")},
	};

	memcpy(v, list, sizeof(list));
	return MDG_LEN(list);
}

static void
every_change_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	struct call v[20];
	size_t n = calls_of(&k, t, d, v);

	for (size_t i = 0; i < n; i++) {
		const struct mdg_act *a = mdg_act_find(v[i].act);
		int64_t before = events(&k);
		if (!a || a->reads)
			fail_msg("%s is no writing action", v[i].act);
		act(&k, mdg_str_starts(v[i].act, "draft.") ? &k.op
							   : &mdg_actor_system,
		    v[i].act, v[i].args);
		if (events(&k) <= before)
			fail_msg("%s left no event", v[i].act);
	}
	int64_t before = events(&k);
	act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_true(events(&k) > before);
	before = events(&k);
	act(&k, &k.sv, "approve", draft_arg(d));
	assert_true(events(&k) > before);
	close_desk(&k);
}

static bool
forgetful(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_setting_put(c->desk->db, "sending", "live", err);
}

static void
forgotten_event_body(const char *url)
{
	static const struct mdg_act bad = {
		"bad", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false, {{0}},
		forgetful};
	struct desk k = open_desk(url, "all");
	int64_t before = events(&k);
	json_t *args = json_object(), *result = NULL;
	struct mdg_err err;

	assert_false(mdg_act_run(k.d, &mdg_actor_system, &bad, args, &result,
				 &err));
	assert_int_equal(err.code, MDG_EBUG);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM setting"
				   " WHERE key = 'sending'"),
			 0);
	assert_int_equal(events(&k), before);
	json_decref(args);
	close_desk(&k);
}

static void
views_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t number = number_of(&k, t), before = events(&k);
	json_t *r;

	for (int i = 0; i < 3; i++)
		act(&k, &k.op, "ticket.show", json_pack("{s:I}", "ticket",
							number));
	act(&k, &k.sv, "ticket.show", json_pack("{s:I}", "ticket", number));
	refused(&k, &k.sv, MDG_EPERM, "audit.views", json_object());
	r = act(&k, &mdg_actor_system, "audit.views",
		json_pack("{s:I}", "ticket", number));
	assert_int_equal(json_array_size(json_object_get(r, "views")), 2);
	r = act(&k, &mdg_actor_system, "audit.views",
		json_pack("{s:s}", "user", "op"));
	r = json_array_get(json_object_get(r, "views"), 0);
	assert_string_equal(json_string_value(json_object_get(r, "login")),
			    "op");
	assert_int_equal(json_integer_value(json_object_get(r, "n")), 1);
	/* and they are no events */
	assert_int_equal(events(&k), before);
	close_desk(&k);
}

static void
head_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	char head[2 * MDG_DIGEST_BYTES + 1];
	json_t *r = act(&k, &mdg_actor_system, "audit.verify", json_object());

	snprintf(head, sizeof(head), "%s",
		 json_string_value(json_object_get(r, "head")));
	take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));
	r = act(&k, &mdg_actor_system, "audit.verify",
		json_pack("{s:s}", "head", head));
	assert_true(json_is_true(json_object_get(r, "head_found")));
	/* a chain that was written anew does not have it */
	assert_true(mdg_db_run(k.d->db, &err, "DELETE FROM event", ""));
	assert_true(mdg_db_run(k.d->db, &err, "DELETE FROM event_data", ""));
	k.d->lane = (struct mdg_lane){.lane = 1};
	act(&k, &mdg_actor_system, "golive", json_object());
	r = act(&k, &mdg_actor_system, "audit.verify",
		json_pack("{s:s}", "head", head));
	assert_true(json_is_null(json_object_get(r, "fault")));
	assert_true(json_is_false(json_object_get(r, "head_found")));
	refused(&k, &mdg_actor_system, MDG_EINVAL, "audit.verify",
		json_pack("{s:s}", "head", "abc"));
	close_desk(&k);
}

EACH(every_change_is_in_the_chain, every_change_body);
EACH(a_change_without_its_event_is_refused, forgotten_event_body);
EACH(every_look_is_noted_apart, views_body);
EACH(a_mailed_head_proves_what_came_before_it, head_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_change_is_in_the_chain),
	cmocka_unit_test(a_change_without_its_event_is_refused),
	cmocka_unit_test(every_look_is_noted_apart),
	cmocka_unit_test(a_mailed_head_proves_what_came_before_it),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
