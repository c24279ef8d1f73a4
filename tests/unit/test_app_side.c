/* Work that does not begin with a mail to us: phone memos, first mails, 照会;
 * and the people that all of it is about. */
#include "desk_fixture.h"

#include "madoguchi/app/customers.h"
#include "madoguchi/base/limits.h"

static const char *
text_of(json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static int64_t
int_of(json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* ---- 電話メモ, first mail ---- */

static void
phone_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "一", "1"))
			    .ticket_id;
	json_t *r;

	refused(&k, &k.op, MDG_EINVAL, "ticket.new",
		json_pack("{s:s,s:s,s:s}", "window", "shop", "subject", "x",
			  "kind", "letter"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.new",
		json_pack("{s:s,s:s,s:s}", "window", "shop", "subject", "x",
			  "phone", "内線"));
	act(&k, &k.op, "ticket.new",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "subject",
		      "配送\u202eの遅れ", "name", "太郎\u202e さん", "address",
		      "TARO@c.example", "phone", "０３－１２３４－５６７８",
		      "text", "折り返し希望。"));
	/* nothing turns the writing of what stands behind a name */
	assert_int_equal(
		count(&k,
		      "SELECT COUNT(*) FROM message WHERE"
		      " from_name = '太郎 さん' AND subject = '配送の遅れ'"),
		1);
	MDG_AUTO(mdg_freep)
	char *endless = mdg_calloc(MDG_SUBJECT_BYTES_MAX + 2, 1);
	memset(endless, 'x', MDG_SUBJECT_BYTES_MAX + 1);
	refused(&k, &k.op, MDG_ETOOBIG, "ticket.new",
		json_pack("{s:s,s:s}", "window", "shop", "subject", endless));
	/* the same person, by address, then by the number alone */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 1);
	r = act(&k, &k.op, "ticket.new",
		json_pack("{s:s,s:s,s:s,s:s}", "window", "shop", "subject",
			  "もう一件", "phone", "+81-3-1234-5678", "due",
			  "明日 10時"));
	int64_t number = int_of(r, "ticket");
	assert_string_equal(text_of(r, "state"), "working");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 1);
	/* who calls waits like who writes, and a promise stands in the queue */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " state = 'running' AND kind = 'promise'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " state = 'running' AND kind ="
				   " 'first_response'"),
			 3);
	r = act(&k, &k.op, "ticket.new",
		json_pack("{s:s,s:s,s:b}", "window", "shop", "subject", "道順",
			  "answered", 1));
	assert_string_equal(text_of(r, "state"), "closed");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " state = 'met' AND kind ="
				   " 'first_response'"),
			 1);
	/* a reply to it is a mail to the customer, and answers none */
	r = act(&k, &k.op, "draft.new",
		json_pack("{s:I,s:s,s:[s]}", "ticket", number, "body",
			  "太郎 様\n\n承りました。", "to", "taro@c.example"));
	r = act(&k, &k.op, "draft.show",
		json_pack("{s:I}", "draft", int_of(r, "draft")));
	assert_string_equal(text_of(r, "subject"), "もう一件");
	(void)t;
	close_desk(&k);
}
EACH(a_call_is_a_ticket_of_who_calls, phone_body);

static void
first_mail_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	json_t *r;

	refused(&k, &k.op, MDG_EINVAL, "ticket.new",
		json_pack("{s:s,s:s,s:s}", "window", "shop", "kind", "mail",
			  "subject", "ご案内"));
	r = act(&k, &k.op, "ticket.new",
		json_pack("{s:s,s:s,s:s,s:s}", "window", "shop", "kind", "mail",
			  "subject", "ご案内", "address", "hanako@c.example"));
	int64_t number = int_of(r, "ticket");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock"), 0);
	r = act(&k, &k.op, "draft.new",
		json_pack("{s:I,s:s,s:s}", "ticket", number, "body",
			  "花子 様\n\nご案内いたします。", "next", "waiting"));
	act(&k, &k.op, "draft.submit", draft_arg(int_of(r, "draft")));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	assert_int_equal(job.rcpts.n, 1);
	assert_string_equal(job.rcpts.v[0], "hanako@c.example");
	assert_null(memmem(job.bytes.p, job.bytes.n, "In-Reply-To", 11));
	const char *id = mdg_arena_strdup(&a, job.message_id);
	struct mdg_err err;
	const struct mdg_outbox_answer ok = {.address = "hanako@c.example",
					     .outcome = "accepted",
					     .code = 250,
					     .text = "ok"};
	assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
	assert_true(mdg_outbox_finish(k.d, job.outbox_id, false, &ok, 1, &err));
	/* the answer comes home by our token */
	struct mdg_mail *m = new_mail("h@c", "hanako@c.example", "Re", "はい");
	mdg_strings_add(&m->in_reply_to, &m->arena, id, 5);
	assert_int_equal(number_of(&k, take_in(&k, m).ticket_id), number);
	assert_string_equal(state_of(&k, number), "new");
	close_desk(&k);
}
EACH(a_first_mail_begins_a_ticket, first_mail_body);

/* ---- 照会 ---- */

static int64_t
send_one(struct desk *k, struct mdg_arena *a, const char *to, const char **id)
{
	struct mdg_outbox_job job;
	struct mdg_err err;
	const struct mdg_outbox_answer ok = {.address = to,
					     .outcome = "accepted",
					     .code = 250,
					     .text = "ok"};

	assert_true(claim(k, a, &job));
	assert_int_equal(job.rcpts.n, 1);
	assert_string_equal(job.rcpts.v[0], to);
	*id = mdg_arena_strdup(a, job.message_id);
	assert_true(mdg_outbox_committing(k->d, job.outbox_id, &err));
	assert_true(
		mdg_outbox_finish(k->d, job.outbox_id, false, &ok, 1, &err));
	return job.outbox_id;
}

static struct mdg_mail *
answer_to(const char *id, const char *from, const char *to_id)
{
	struct mdg_mail *m =
		new_mail(id, from, "Re: 在庫", "土曜に入荷します。");

	mdg_strings_add(&m->in_reply_to, &m->arena, to_id, 5);
	return m;
}

static void
side_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	const char *id;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "入荷",
					 "いつ入荷しますか。"))
			    .ticket_id;
	int64_t number = number_of(&k, t);
	json_t *r;

	act(&k, &mdg_actor_system, "golive", json_object());
	refused(&k, &k.op, MDG_ESTATE, "inquiry.new",
		json_pack("{s:I,s:s,s:s}", "ticket", number, "to",
			  "taro@c.example", "subject", "在庫"));
	r = act(&k, &k.op, "inquiry.new",
		json_pack("{s:I,s:s,s:s,s:s}", "ticket", number, "to",
			  "soko@w.example", "subject", "在庫の確認", "body",
			  "倉庫ご担当者様\n\n入荷日を教えてください。"));
	int64_t side = int_of(r, "ticket"), d = int_of(r, "draft");
	assert_int_not_equal(side, number);
	assert_string_equal(state_of(&k, number), "hold");
	refused(&k, &k.op, MDG_ESTATE, "inquiry.new",
		json_pack("{s:I,s:s,s:s}", "ticket", side, "to", "x@w.example",
			  "subject", "在庫"));
	/* the customer is not slipped in */
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:[s]}", "draft", d, "cc", "taro@c.example"));
	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.edit", json_pack("{s:I,s:[]}", "draft", d, "cc"));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	send_one(&k, &a, "soko@w.example", &id);
	assert_string_equal(state_of(&k, side), "waiting");
	/* nor in lists, clocks and reports */
	r = act(&k, &k.op, "ticket.list", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "tickets")), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock"), 1);

	struct mdg_intake_result res =
		take_in(&k, answer_to("w@w", "soko@w.example", id));
	assert_int_equal(number_of(&k, res.ticket_id), side);
	assert_string_equal(state_of(&k, number), "new");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"
				   " WHERE ticket_id = 1"),
			 1);
	r = act(&k, &k.op, "ticket.show", json_pack("{s:I}", "ticket", number));
	assert_int_equal(json_array_size(json_object_get(r, "side_threads")),
			 1);
	assert_int_equal(json_array_size(json_object_get(r, "messages")), 1);
	/* and the warehouse does not get the customer's mail */
	r = act(&k, &k.op, "draft.new",
		json_pack("{s:I,s:s,s:[s]}", "ticket", number, "body",
			  "太郎 様\n\n土曜に入荷します。", "cc",
			  "soko@w.example"));
	d = int_of(r, "draft");
	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.discard", draft_arg(d));
	refused(&k, &k.sv, MDG_ESTATE, "ticket.merge",
		json_pack("{s:I,s:I}", "ticket", side, "into", number));

	/* somebody passed the inquiry on: the customer answers in it */
	res = take_in(&k, answer_to("c@c", "taro@c.example", id));
	assert_int_equal(number_of(&k, res.ticket_id), number);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"
				   " WHERE flags LIKE '%from_side%'"),
			 1);
	/* a mail that names both threads joins neither to the other */
	struct mdg_mail *m = answer_to("b@w", "soko@w.example", id);
	mdg_strings_add(&m->references, &m->arena, "a@c", 5);
	take_in(&k, m);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE state = 'merged'"),
			 0);
	act(&k, &mdg_actor_system, "customer.erase",
	    json_pack("{s:i}", "customer", 1));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"
				   " WHERE text <> ''"),
			 0);
	close_desk(&k);
}
EACH(an_inquiry_and_the_customer_do_not_meet, side_body);

/* ---- finding people ---- */

static void
names_and_numbers_have_one_form(void **state)
{
	static const struct {
		const char *a, *b;
	} names[] = {{"髙橋", "高橋"},
		     {"山﨑", "山崎"},
		     {"渡邊", "渡辺"},
		     {"渡邉", "渡辺"},
		     {"齋藤", "斎藤"},
		     {"さとう", "サトウ"},
		     {"齊藤", "斉藤"},
		     {"川邊", "川辺"},
		     {"濵田", "浜田"},
		     {"德永", "徳永"},
		     {"𠮷田", "吉田"},
		     {"廣瀬", "広瀬"},
		     {"ｻﾄｳ ﾊﾅｺ", "さとうはなこ"},
		     {"ＡＢＣ商事", "abc商事"}},
	  phones[] = {{"03-1234-5678", "0312345678"},
		      {"０３（１２３４）５６７８", "0312345678"},
		      {"+81 3 1234 5678", "0312345678"},
		      {"+81(0)90-1234-5678", "09012345678"},
		      {"090−1234−5678", "09012345678"},
		      {"０３ー１２３４ー５６７８", "0312345678"},
		      {"050ｰ1111ｰ2222", "05011112222"},
		      {"03–1234―5678", "0312345678"},
		      {"81-90-1234-5678", "09012345678"},
		      {"8190 1234 5678", "09012345678"},
		      {"0081 90 1234 5678", "09012345678"},
		      {"010-81-3-1234-5678", "0312345678"},
		      {"TEL：03-1234-5678", "0312345678"},
		      {"電話 090-1234-5678", "09012345678"},
		      {"+1 415 555 2671", "14155552671"},
		      {"0120-811-811", "0120811811"},
		      {"〇三ー一二三四", ""},
		      {"ーーーーーーーーー", ""},
		      {"注文番号1234567890", ""},
		      {"12", ""}};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(names); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf a = {0}, b = {0};
		mdg_name_key(names[i].a, &a);
		mdg_name_key(names[i].b, &b);
		assert_string_equal(mdg_buf_str(&a), mdg_buf_str(&b));
		mdg_buf_clear(&b);
	}
	for (size_t i = 0; i < MDG_LEN(phones); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf a = {0};
		mdg_phone_key(phones[i].a, &a);
		assert_string_equal(mdg_buf_str(&a), phones[i].b);
	}
}

static void
person_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	json_t *r;

	take_in(&k, new_mail("a@c", "taro@c.example", "一", "1"));
	take_in(&k, new_mail("b@c", "taro@work.example", "二", "2"));
	act(&k, &k.op, "customer.set",
	    json_pack("{s:i,s:s,s:s,s:[s]}", "customer", 1, "name", "髙橋 太郎",
		      "kana", "たかはし たろう", "phones", "090-1234-5678"));
	/* an address is one person's: who has it is told */
	refused(&k, &k.op, MDG_EEXIST, "customer.set",
		json_pack("{s:i,s:[s]}", "customer", 1, "addresses",
			  "TARO@work.example"));
	refused(&k, &k.op, MDG_EPERM, "customer.merge",
		json_pack("{s:i,s:i}", "customer", 2, "into", 1));
	act(&k, &k.sv, "customer.merge",
	    json_pack("{s:i,s:i}", "customer", 2, "into", 1));
	r = act(&k, &k.op, "customer.show", json_pack("{s:i}", "customer", 1));
	assert_int_equal(json_array_size(json_object_get(r, "addresses")), 2);
	assert_int_equal(json_array_size(json_object_get(r, "tickets")), 2);
	assert_string_equal(text_of(r, "name"), "髙橋 太郎");
	static const char *const ways[] = {"高橋", "タカハシ", "ﾀｶﾊｼ",
					   "０９０１２３４５６７８",
					   "work.example"};
	for (size_t i = 0; i < MDG_LEN(ways); i++) {
		r = act(&k, &k.op, "customer.find",
			json_pack("{s:s}", "text", ways[i]));
		if (json_array_size(json_object_get(r, "customers")) != 1)
			fail_msg("%s", ways[i]);
	}
	refused(&k, &k.op, MDG_ENOENT, "customer.show",
		json_pack("{s:i}", "customer", 2));
	close_desk(&k);
}
EACH(one_person_is_found_in_many_ways, person_body);

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_a_ticket_of_who_calls),
		cmocka_unit_test(a_first_mail_begins_a_ticket),
		cmocka_unit_test(an_inquiry_and_the_customer_do_not_meet),
		cmocka_unit_test(names_and_numbers_have_one_form),
		cmocka_unit_test(one_person_is_found_in_many_ways),
	};

	mdg_crypto_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
