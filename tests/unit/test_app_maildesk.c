/* The desk by mail without its processes, on both engines. */
#include "desk_fixture.h"

#include "madoguchi/app/erase.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/app/warn.h"
#include "maildesk_fixture.h"

static const char letter[] =
	"田中 様\n\nお問い合わせありがとうございます。\n返品の手順をご案内いたします。\n\n"
	"ご不明な点がございましたら、お知らせください。";

static void
circle(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_erased sum;
	struct mdg_err err;
	static const char replies[] =
		"SELECT COUNT(*) FROM outbox WHERE kind = 'reply'";
	static const char waiting[] =
		"SELECT COUNT(*) FROM revision WHERE state = 'waiting'";

	int64_t ticket = md_begin(&k);
	md_says(&k, "a1@p", "sato@people.example", letter, false);
	assert_int_equal(count(&k, waiting), 1);
	/* nothing but token and From: a code is asked for */
	md_says(&k, "a2@p", "suzuki@people.example", "承認します。", false);
	assert_int_equal(count(&k, replies), 0);
	md_says(&k, "a3@p", "suzuki@people.example", "000000 です", false);
	assert_int_equal(count(&k, replies), 0);
	assert_int_equal(count(&k, waiting), 1);
	/* the answer to a code's mail approves nothing, signed or not */
	md_says(&k, "a4@p", "suzuki@people.example", "承認", true);
	md_says(&k, "a5@p", "sato@people.example", "承認", true);
	assert_int_equal(count(&k, replies), 0);
	/* what was said is not kept once it is over */
	assert_int_equal(
		count(&k, "SELECT COUNT(*) FROM mail_order WHERE said <> ''"),
		0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM mail_order"
				   " WHERE state IN ('new', 'acting')"),
			 0);
	/* and erasing a ticket takes along what people were told of it */
	if (!mdg_desk_begin(k.d, &err) ||
	    !mdg_erase_ticket(k.d, &mdg_actor_system, ticket, false, &sum,
			      &err) ||
	    !mdg_desk_commit(k.d, &err))
		fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM mail_token"
				   " WHERE ticket_id <> 0"),
			 0);
	close_desk(&k);
}

EACH(an_answer_asks_and_only_a_proved_one_approves, circle);

/* A lead whose mail is signed approves with one word. */
static void
signed_word(const char *url)
{
	struct desk k = open_desk(url, "all");
	static const char replies[] =
		"SELECT COUNT(*) FROM outbox WHERE kind = 'reply'";

	md_begin(&k);
	md_says(&k, "a1@p", "sato@people.example", letter, false);
	md_says(&k, "a2@p", "suzuki@people.example", "承認します。", true);
	assert_int_equal(count(&k, replies), 1);
	/* the very same mail once more, and another one */
	md_says(&k, "a2@p", "suzuki@people.example", "承認します。", true);
	md_says(&k, "a3@p", "suzuki@people.example", "承認", true);
	assert_int_equal(count(&k, replies), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM mail_order"
				   " WHERE reason = 'replay'"),
			 1);
	close_desk(&k);
}

EACH(a_signed_word_approves_once, signed_word);

static int64_t
mails_to(struct desk *k, const char *address, const char *purpose)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	return count(k,
		     mdg_arena_printf(
			     &a,
			     "SELECT COUNT(*) FROM mail_token m JOIN person p"
			     " ON p.id = m.person_id WHERE p.email = '%s'"
			     " AND m.purpose = '%s'",
			     address, purpose));
}

static void
tick_at(struct desk *k, int64_t at_s)
{
	struct mdg_err err;

	if (!mdg_maildesk_tick(k->d, at_s, &err))
		fail_msg("%s", why(&err));
}

/* A gateway that rewrites ids and subjects leaves the address alone. */
static void
by_address(const char *url)
{
	struct desk k = open_desk(url, "all");
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	md_begin(&k);
	/* "mdgd.TOKEN@…" */
	const char *id = md_newest_to(&k, "sato@people.example", &a);
	struct mdg_mail *m = new_mail("p1@p", "sato@people.example",
				      "(no subject)", "返信不要");
	const char *to = mdg_arena_printf(
		&m->arena, "support+mdg-%.26s@shop.example", id + 5);
	mdg_addresses_add(&m->to, &m->arena, "", to, to);
	assert_int_equal(take_in(&k, m).ticket_id, 0);
	md_carry_out(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE closing = 'no_reply'"),
			 1);
	close_desk(&k);
}

EACH(an_address_is_enough_where_ids_are_lost, by_address);

/* Each morning the list, once a day, and not on the first. */
static void
mornings(const char *url)
{
	if (!mdg_clock_advance(0)) /* it matters what time it is */
		skip();
	struct desk k = open_desk(url, "all");
	int64_t now_s = mdg_now_s(), day = 86400;

	md_begin(&k);
	tick_at(&k, now_s + 120);
	assert_int_equal(mails_to(&k, "sato@people.example", "list"), 0);
	for (int64_t n = 1; n <= 2; n++) {
		tick_at(&k, now_s + n * day);
		tick_at(&k, now_s + n * day + 300);
		assert_int_equal(mails_to(&k, "sato@people.example", "list"),
				 n);
		assert_int_equal(mails_to(&k, "suzuki@people.example", "list"),
				 n);
	}
	close_desk(&k);
}

EACH(the_list_comes_each_morning_once, mornings);

/* Outside its hours a window tells nobody, unless it is wanted. */
static void
quiet(const char *url)
{
	if (!mdg_clock_advance(0)) /* it matters what time it is */
		skip();
	struct desk k = open_desk(url, "all");
	static const char closed[] = "{\"zone\":\"Asia/Tokyo\",\"weekly\":{}}";

	int64_t ticket = md_begin(&k);
	int64_t before = mails_to(&k, "sato@people.example", "ticket");
	act(&k, &mdg_actor_system, "maildesk.set",
	    json_pack("{s:s}", "at_night", "off"));
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:o}", "window", "shop", "calendar",
		      json_loads(closed, 0, NULL)));
	struct mdg_mail *m = new_mail("c2@c.example", "taro@c.example", "返品",
				      "もう一つ伺います。");
	mdg_strings_add(&m->in_reply_to, &m->arena, "c1@c.example", 1);
	assert_int_equal(take_in(&k, m).ticket_id, ticket);
	md_tick(&k);
	assert_int_equal(mails_to(&k, "sato@people.example", "ticket"), before);
	/* who wonders is told that something waits */
	assert_true(json_integer_value(json_object_get(
			    act(&k, &mdg_actor_system, "maildesk.status",
				json_object()),
			    "waiting")) > 0);
	/* nothing of it is lost: it comes when the window opens */
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:o}", "window", "shop", "calendar",
		      json_loads(t_always_open, 0, NULL)));
	md_tick(&k);
	assert_int_equal(mails_to(&k, "sato@people.example", "ticket"),
			 before + 1);
	close_desk(&k);
}

EACH(nobody_is_disturbed_at_night, quiet);

/* Past its deadline, with nobody at it: whom does it fall to? */
static void
runs_late(struct desk *k, int64_t ticket)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_round r = {.a = &a};
	struct mdg_ticket t;
	struct mdg_err err;

	if (!mdg_desk_begin(k->d, &err) ||
	    mdg_ticket_by_id(k->d->db, ticket, &a, &t, &err) != MDG_FOUND)
		fail_msg("%s", why(&err));
	t.due_s = mdg_now_s() - 60;
	if (!mdg_warn_own(k->d, &r, &t, &err) ||
	    !mdg_ticket_update(k->d->db, &t, &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
}

/* A lead is told of what falls to them though it is another's ticket. */
static void
escalation(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t ticket = md_begin(&k);
	int64_t other = take_in(&k, new_mail("c2@c.example", "jiro@c.example",
					     "交換", "交換したいです。"))
				.ticket_id;

	act(&k, &mdg_actor_system, "user.absent",
	    json_pack("{s:s}", "login", "sato"));
	act(&k, &mdg_actor_system, "user.absent",
	    json_pack("{s:s}", "login", "sv"));
	int64_t before = mails_to(&k, "suzuki@people.example", "ticket");
	runs_late(&k, ticket);
	md_tick(&k);
	assert_int_equal(mails_to(&k, "suzuki@people.example", "ticket"),
			 before + 1);
	/* once; and not of one that is closed before they are written to */
	md_tick(&k);
	runs_late(&k, other);
	act(&k, &k.sv, "ticket.close",
	    json_pack("{s:I,s:s}", "ticket", number_of(&k, other), "kind",
		      "no_reply"));
	md_tick(&k);
	assert_int_equal(mails_to(&k, "suzuki@people.example", "ticket"),
			 before + 1);
	close_desk(&k);
}

EACH(a_lead_hears_of_a_ticket_that_falls_to_them, escalation);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_lead_hears_of_a_ticket_that_falls_to_them),
	cmocka_unit_test(an_address_is_enough_where_ids_are_lost),
	cmocka_unit_test(the_list_comes_each_morning_once),
	cmocka_unit_test(nobody_is_disturbed_at_night),
	cmocka_unit_test(an_answer_asks_and_only_a_proved_one_approves),
	cmocka_unit_test(a_signed_word_approves_once),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
