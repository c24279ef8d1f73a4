/* What is dangerous or unwanted, from the mail to what people may do with it;
 * on both engines. */
#include "desk_fixture.h"

#include "madoguchi/app/autorule.h"

static struct mdg_mail *
with_file(const char *id, const char *name, enum mdg_danger danger)
{
	struct mdg_mail *m = new_mail(id, "taro@c.example", "写真", "送ります");

	m->attachments = mdg_arena_array(&m->arena, 1, sizeof(*m->attachments));
	m->attachments_n = 1;
	m->attachments[0] = (struct mdg_attachment){
		.filename = name,
		.media_type = "application/octet-stream",
		.danger = danger,
	};
	return m;
}

static json_t *
file_of(const struct mdg_intake_result *r)
{
	return json_pack("{s:I,s:i}", "message", r->message_id, "n", 1);
}

static void
opening(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result bad, good;

	bad = take_in(&k,
		      with_file("a@c", "写真.jpg.exe", MDG_DANGER_DISGUISED));
	good = take_in(&k, with_file("b@c", "写真.jpg", MDG_DANGER_NO));
	refused(&k, &k.op, MDG_EPERM, "attachment.save", file_of(&bad));
	act(&k, &k.sv, "attachment.save", file_of(&bad));
	act(&k, &k.op, "attachment.save", file_of(&good));
	assert_true(has_badge(&k, number_of(&k, bad.ticket_id), "danger"));
	assert_false(has_badge(&k, number_of(&k, good.ticket_id), "danger"));
	json_t *list = json_object_get(
		act(&k, &k.op, "attachment.list",
		    json_pack("{s:I}", "ticket", number_of(&k, bad.ticket_id))),
		"attachments");
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(list, 0), "danger")),
			    "disguised");
	close_desk(&k);
}

static struct mdg_mail *
judged(const char *id, const char *verdict)
{
	struct mdg_mail *m = new_mail(id, "taro@c.example", id, "質問です。");

	mdg_strings_add(&m->verdicts, &m->arena, verdict, 4);
	return m;
}

/* A hint by the window's own measure: the ticket is open all the same. */
static void
suspected(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t low, high;

	low = take_in(&k, judged("a@c", "X-Spam-Score: 4.0")).ticket_id;
	high = take_in(&k, judged("b@c", "X-Spam-Score: 5.5")).ticket_id;
	assert_false(has_badge(&k, number_of(&k, low), "spam_suspected"));
	assert_true(has_badge(&k, number_of(&k, high), "spam_suspected"));
	assert_string_equal(state_of(&k, number_of(&k, high)), "new");
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:i}", "window", "shop", "spam", 4));
	low = take_in(&k, judged("c@c", "X-Spam-Score: 4.0")).ticket_id;
	assert_true(has_badge(&k, number_of(&k, low), "spam_suspected"));
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:i}", "window", "shop", "spam", 0));
	high = take_in(&k, judged("d@c", "X-Spam-Score: 9.0")).ticket_id;
	assert_false(has_badge(&k, number_of(&k, high), "spam_suspected"));
	refused(&k, &mdg_actor_system, MDG_EINVAL, "window.set",
		json_pack("{s:s,s:i}", "window", "shop", "spam", 11));
	close_desk(&k);
}

/* 営業 is said, and closed by a person only. */
static void
offers(const char *url)
{
	struct desk k = open_desk(url, "all");

	int64_t id =
		take_in(&k,
			new_mail("a@s", "yamamoto@sales.example",
				 "SEO対策のご提案",
				 "突然のご連絡失礼いたします。"
				 "成果報酬型で支援しております。"
				 "15分ほどお時間をいただけないでしょうか。"))
			.ticket_id;
	assert_true(has_badge(&k, number_of(&k, id), "sales"));
	assert_string_equal(state_of(&k, number_of(&k, id)), "new");
	act(&k, &k.op, "ticket.close",
	    json_pack("{s:I,s:s}", "ticket", number_of(&k, id), "kind",
		      "sales"));
	assert_string_equal(state_of(&k, number_of(&k, id)), "closed");
	close_desk(&k);
}

/* The words of a window can be changed, each for itself. */
static void
words(const char *url)
{
	struct desk k = open_desk(url, "all");

	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:s,s:s,s:s}", "window", "shop", "greeting",
		      "\nいつもありがとうございます。\n\n", "approval",
		      "novice", "self_approval", "on"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM win WHERE greeting ="
				   " 'いつもありがとうございます。' AND"
				   " approval = 'novice' AND self_approval = 1"
				   " AND name <> ''"),
			 1);
	refused(&k, &mdg_actor_system, MDG_EINVAL, "window.set",
		json_pack("{s:s,s:s}", "window", "shop", "approval", "some"));
	refused(&k, &k.sv, MDG_EPERM, "window.set",
		json_pack("{s:s,s:s}", "window", "shop", "name", "x"));
	close_desk(&k);
}

/* Rules may sort what only seems to be an offer, and never close it. */
static void
rules(const char *url)
{
	struct desk k = open_desk(url, "all");

	refused(&k, &k.sv, MDG_EINVAL, "auto.add",
		json_pack("{s:s,s:s,s:s,s:[s],s:[s]}", "window", "shop", "name",
			  "営業", "on", "arrival", "conditions",
			  "mark is sales", "actions", "close sales"));
	act(&k, &k.sv, "auto.add",
	    json_pack("{s:s,s:s,s:s,s:[s],s:[s]}", "window", "shop", "name",
		      "営業", "on", "arrival", "conditions", "mark is danger",
		      "actions", "label 要確認"));
	take_in(&k, with_file("a@c", "写真.scr", MDG_DANGER_PROGRAM));
	take_in(&k, with_file("b@c", "写真.jpg", MDG_DANGER_NO));
	struct mdg_err err;
	for (int i = 0; i < 20 && mdg_autorule_due(k.d, mdg_now_s()); i++)
		if (!mdg_autorule_tick(k.d, mdg_now_s(), &err))
			fail_msg("%s", why(&err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"
				   " WHERE label = '要確認'"),
			 1);
	close_desk(&k);
}

/* An answer of that writer to a customer's mail: does it carry the badge? */
static bool
is_marked(struct desk *k, const char *from, const char *to, const char *badge)
{
	static int n;
	MDG_AUTO(mdg_freep) char *first = mdg_asprintf("a%d@c", n);
	MDG_AUTO(mdg_freep) char *id = mdg_asprintf("r%d@c", n++);
	struct mdg_mail *m = new_mail(id, from, "Re: 写真", "届きました。");

	take_in(k, new_mail(first, "taro@c.example", "写真", "送ります。"));
	mdg_strings_add(&m->in_reply_to, &m->arena, first, strlen(first));
	if (to)
		mdg_addresses_add(&m->to, &m->arena, "", to, to);
	return has_badge(k, number_of(k, take_in(k, m).ticket_id), badge);
}

static void
writers(const char *url)
{
	struct desk k = open_desk(url, "all");

	act(&k, &mdg_actor_system, "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", "home", "name", "home",
		      "email", "hito@gmail.com", "window", "shop", "role",
		      "operator"));
	assert_false(is_marked(&k, "taro@c.example", NULL, "unknown_sender"));
	/* us, by another way: as the window, from its domain, from home */
	assert_false(is_marked(&k, "shop@shop.example", "taro@c.example",
			       "unknown_sender"));
	assert_false(is_marked(&k, "sales@shop.example", "taro@c.example",
			       "unknown_sender"));
	assert_false(is_marked(&k, "hito@gmail.com", "taro@c.example",
			       "unknown_sender"));
	/* their other address, and somebody who was never written to */
	assert_true(is_marked(&k, "taro@home.example", "taro@c.example",
			      "unknown_sender"));
	assert_true(
		is_marked(&k, "mallory@evil.example", NULL, "unknown_sender"));
	close_desk(&k);
}

EACH(an_answer_of_ours_is_no_strangers, writers);
EACH(rules_sort_by_marks_and_close_nothing_for_them, rules);
EACH(a_dangerous_file_is_opened_by_a_lead_only, opening);
EACH(a_filters_word_is_shown_by_the_windows_measure, suspected);
EACH(an_offer_is_told_and_closed_by_people, offers);
EACH(a_windows_words_are_changed, words);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_dangerous_file_is_opened_by_a_lead_only),
	cmocka_unit_test(a_filters_word_is_shown_by_the_windows_measure),
	cmocka_unit_test(an_offer_is_told_and_closed_by_people),
	cmocka_unit_test(a_windows_words_are_changed),
	cmocka_unit_test(an_answer_of_ours_is_no_strangers),
	cmocka_unit_test(rules_sort_by_marks_and_close_nothing_for_them),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
