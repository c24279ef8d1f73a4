/* What people look for is found as they remember it, on both engines. */
#include "desk_fixture.h"


static int64_t
mail(struct desk *k, const char *from, const char *subject, const char *text)
{
	static int n;
	char id[32];

	snprintf(id, sizeof(id), "s%d@c", ++n);
	return number_of(
		k, take_in(k, new_mail(id, from, subject, text)).ticket_id);
}

static json_t *
found(struct desk *k, const struct mdg_actor *who, const char *words)
{
	return json_object_get(
		act(k, who, "search", json_pack("{s:s}", "words", words)),
		"tickets");
}

/* Exactly that one; 0: none. */
static void
assert_finds(struct desk *k, const char *words, int64_t number)
{
	json_t *list = found(k, &k->op, words);

	if (json_array_size(list) != (number ? 1 : 0))
		fail_msg("\"%s\" finds %zu", words, json_array_size(list));
	if (number)
		assert_int_equal(json_integer_value(json_object_get(
					 json_array_get(list, 0), "ticket")),
				 number);
}

static void
words_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t a = mail(&k, "takahashi@c.example", "解約の件",
			 "髙橋と申します。ｻﾄｳ様宛のＭＤ－５１２Ｘが"
			 "壊れました。電話は03-1234-5678です。");
	int64_t b = mail(&k, "jiro@d.example", "返金について",
			 "注文番号 A-1009 の返金をお願いします。");

	assert_finds(&k, "解約", 0); /* not indexed yet */
	index_all(&k);
	assert_finds(&k, "解約", a);
	assert_finds(&k, "高橋", a);
	assert_finds(&k, "さとう", a);
	assert_finds(&k, "サトウ様", a);
	assert_finds(&k, "md512x", a);
	assert_finds(&k, "MD-512X", a);
	assert_finds(&k, "0312345678", a);
	assert_finds(&k, "０３－１２３４－５６７８", a);
	assert_finds(&k, "返金　A-1009", b);
	assert_finds(&k, "jiro@d.example", b);
	assert_finds(&k, "返金 解約", 0); /* not in one mail */
	assert_finds(&k, "\"返金をお願い\"", b);
	assert_finds(&k, "\"お願い返金\"", 0);
	assert_int_equal(json_array_size(found(&k, &k.op, "の")), 2);
	refused(&k, &k.op, MDG_EINVAL, "search",
		json_pack("{s:s}", "words", "、。"));
	close_desk(&k);
}

static void
place_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	mail(&k, "taro@c.example", "件名です",
	     "はじめてご連絡いたします。先日の注文についてですが、"
	     "型番ＭＤ－５１２Ｘの電源が入りません。");
	index_all(&k);
	json_t *hit = json_array_get(found(&k, &k.op, "md512x 電源"), 0);
	assert_string_equal(
		json_string_value(json_object_get(hit, "excerpt")),
		"たします。先日の注文についてですが、型番ＭＤ－５１２Ｘの電源が"
		"入りません。");
	json_t *marks = json_object_get(hit, "marks");
	assert_int_equal(json_array_size(marks), 2);
	assert_int_equal(
		json_integer_value(json_array_get(json_array_get(marks, 0), 0)),
		20);
	assert_int_equal(
		json_integer_value(json_array_get(json_array_get(marks, 0), 1)),
		27);
	assert_null(json_object_get(hit, "text"));
	close_desk(&k);
}

static void
leaf_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t seen = 0, before = 0;

	for (int i = 0; i < 7; i++)
		mail(&k, "taro@c.example", "配送の件", "まだ届きません。");
	index_all(&k);
	for (int page = 0; page < 5; page++) {
		json_t *r =
			act(&k, &k.op, "search",
			    json_pack("{s:s,s:i,s:I}", "words", "配送", "limit",
				      3, "before", (json_int_t)before));
		seen += (int64_t)json_array_size(json_object_get(r, "tickets"));
		before = json_integer_value(json_object_get(r, "before"));
		if (!before)
			break;
	}
	assert_int_equal(seen, 7);
	assert_int_equal(before, 0);
	json_t *r =
		act(&k, &k.op, "search",
		    json_pack("{s:s,s:s}", "words", "配送", "state", "closed"));
	assert_int_equal(json_array_size(json_object_get(r, "tickets")), 0);
	r = act(&k, &k.op, "search",
		json_pack("{s:s,s:s}", "words", "配送", "to", "2001-01-01"));
	assert_int_equal(json_array_size(json_object_get(r, "tickets")), 0);
	close_desk(&k);
}

static void
others_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t a = mail(&k, "taro@c.example", "配送の件", "届きません。");
	char number[24];

	index_all(&k);
	snprintf(number, sizeof(number), "＃%lld", (long long)a);
	assert_int_equal(json_integer_value(json_object_get(
				 act(&k, &k.op, "search",
				     json_pack("{s:s}", "words", number)),
				 "number")),
			 a);
	act(&k, &mdg_actor_system, "user.add",
	    json_pack("{s:s,s:s,s:s}", "login", "guest", "name", "外 部",
		      "email", "guest@example.jp"));
	struct mdg_actor guest = k.op;
	guest.person_id = count(&k, "SELECT id FROM person"
				    " WHERE login = 'guest'");
	refused(&k, &guest, MDG_EPERM, "search",
		json_pack("{s:s}", "words", number));
	close_desk(&k);
}

static void
folding_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	int64_t a = mail(&k, "taro@c.example", "配送の件", "届きません。");

	index_all(&k);
	/* as if an older program had cut the terms */
	if (!mdg_db_run(k.d->db, &err, "UPDATE search_state SET folding = 0",
			""))
		fail_msg("%s", why(&err));
	index_all(&k);
	assert_finds(&k, "配送", a);
	assert_int_equal(count(&k, "SELECT upto_message_id FROM search_state"),
			 count(&k, "SELECT MAX(id) FROM message"));
	close_desk(&k);
}

EACH(words_are_found_as_people_remember_them, words_body);
EACH(the_place_is_shown_with_marks, place_body);
EACH(many_hits_are_leafed_through, leaf_body);
EACH(a_number_is_a_ticket_and_strangers_see_nothing, others_body);
EACH(a_newer_folding_cuts_all_mails_again, folding_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(words_are_found_as_people_remember_them),
	cmocka_unit_test(the_place_is_shown_with_marks),
	cmocka_unit_test(many_hits_are_leafed_through),
	cmocka_unit_test(a_number_is_a_ticket_and_strangers_see_nothing),
	cmocka_unit_test(a_newer_folding_cuts_all_mails_again),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
