/* Who may do and see what, on both engines. */
#include "desk_fixture.h"

static void
roles_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_actor stranger = {.person_id = 999, .name = "person:999"};
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	json_t *n = json_pack("{s:I}", "ticket", number_of(&k, t));

	refused(&k, &stranger, MDG_EPERM, "ticket.show", json_incref(n));
	refused(&k, &k.op, MDG_EPERM, "golive", json_object());
	refused(&k, &k.sv, MDG_EPERM, "user.disable",
		json_pack("{s:s}", "login", "op"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.show",
		json_pack("{s:s}", "ticket", "1"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.show",
		json_pack("{s:I,s:i}", "ticket", (json_int_t)1, "x", 1));
	refused(&k, &k.op, MDG_ENOENT, "ticket.show",
		json_pack("{s:I}", "ticket", (json_int_t)1));
	refused(&k, &k.op, MDG_EINVAL, "no.such.act", json_object());
	act(&k, &k.op, "ticket.assign",
	    json_pack("{s:I,s:s}", "ticket", number_of(&k, t), "to", "op"));
	act(&k, &mdg_actor_system, "user.disable",
	    json_pack("{s:s}", "login", "op"));
	/* the ticket is everybody's again, and its story says so */
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'ticket.release'"
				   " AND ticket_rev IS NOT NULL"),
			 1);
	refused(&k, &k.op, MDG_EPERM, "ticket.show", n);
	close_desk(&k);
}

static bool
tells(struct desk *k, const struct mdg_actor *who, const char *name,
      json_t *args, const char *word)
{
	char *text = json_dumps(act(k, who, name, args), 0);
	bool found = strstr(text, word) != NULL;

	free(text);
	return found;
}

/* Two windows: who is in one learns nothing of the other. */
static void
other_window_body(const char *url)
{
	static const struct {
		const char *act, *word;
	} lists[] = {
		{"ticket.list", "返品"},  {"outbox.list", "queued"},
		{"mailbox.list", "shop"}, {"window.list", "shop"},
		{"user.list", "op2"},     {"status", "queued"},
	};
	struct desk k = open_desk(url, "none");
	struct mdg_actor them = {.lang = MDG_LANG_EN}, nobody = them;
	json_t *number, *r;

	act(&k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:o,s:{}}", "code", "repair", "address",
		      "repair@other.example", "calendar",
		      json_loads(t_always_open, 0, NULL), "policy"));
	r = act(&k, &mdg_actor_system, "user.add",
		json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", "them", "name", "t",
			  "email", "t@x.example", "window", "repair", "role",
			  "admin"));
	them.person_id = json_integer_value(json_object_get(r, "id"));
	r = act(&k, &mdg_actor_system, "user.add",
		json_pack("{s:s,s:s,s:s}", "login", "nobody", "name", "n",
			  "email", "n@x.example"));
	nobody.person_id = json_integer_value(json_object_get(r, "id"));
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	act(&k, &k.op, "draft.submit",
	    draft_arg(draft_for(&k, t, "太郎 様\n\n承りました。")));
	for (size_t i = 0; i < MDG_LEN(lists); i++) {
		assert_true(tells(&k, &k.op, lists[i].act, json_object(),
				  lists[i].word));
		assert_false(tells(&k, &them, lists[i].act, json_object(),
				   lists[i].word));
		refused(&k, &nobody, MDG_EPERM, lists[i].act, json_object());
	}
	number = json_pack("{s:s}", "what", "a@c");
	assert_true(tells(&k, &k.op, "trace", json_incref(number), "mail.in"));
	refused(&k, &them, MDG_ENOENT, "trace", json_incref(number));
	refused(&k, &nobody, MDG_EPERM, "trace", number);
	refused(&k, &them, MDG_EPERM, "ticket.show",
		json_pack("{s:I}", "ticket", number_of(&k, t)));
	/* a role that was taken away is none */
	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", "op2", "window", "shop",
		      "role", "none"));
	refused(&k, &k.op2, MDG_EPERM, "ticket.list", json_object());
	close_desk(&k);
}

EACH(roles_and_arguments_are_checked, roles_body);
EACH(nobody_sees_a_window_they_have_no_role_in, other_window_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(roles_and_arguments_are_checked),
	cmocka_unit_test(nobody_sees_a_window_they_have_no_role_in),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
