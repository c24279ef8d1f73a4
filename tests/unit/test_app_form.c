/*
 * Mail that speaks for somebody else, from intake to the answer's address, on
 * both engines.
 */
#include "desk_fixture.h"

#include "madoguchi/mail/form.h"

static const char body_text[] = "お名前：山田 太郎\n"
				"メールアドレス：taro@customer.example\n"
				"電話番号：03-1234-5678\n"
				"お問い合わせ内容：\n椅子の脚が折れました。\n";

static const char receipt_text[] =
	"---\nid: receipt-auto\ntitle: 受付\ncategory: 受付\nversion: 1\n"
	"slots: customer.name ticket\nnext_state: waiting\n---\n"
	"{{customer.name}} 様\n\n受付番号は {{ticket}} でございます。\n";

static void
declare(struct desk *k)
{
	act(k, &mdg_actor_system, "form.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "window", "shop", "name", "web",
		      "address", "form@shop.example", "subject", "お問い合わせ",
		      "server", "mx.shop.example"));
}

static struct mdg_mail *
notice(const char *id, const char *from, const char *text)
{
	struct mdg_mail *m = new_mail(id, from, "お問い合わせ", text);

	mdg_strings_add(&m->auth_results, &m->arena,
			"mx.shop.example; dkim=pass header.d=shop.example", 5);
	mdg_form_scan(m);
	return m;
}

static const char *
text_of(struct desk *k, const char *sql, int64_t id)
{
	static char out[1000];
	struct mdg_rows *r;
	struct mdg_err err;

	if (!mdg_db_query(k->d->db, &r, &err, sql, "i", id))
		fail_msg("%s", why(&err));
	snprintf(out, sizeof(out), "%s",
		 mdg_rows_next(r) ? mdg_rows_text(r, 0) : "(none)");
	assert_true(mdg_rows_close(&r, &err));
	return out;
}

static json_t *
show(struct desk *k, int64_t number)
{
	return act(k, &mdg_actor_system, "ticket.show",
		   json_pack("{s:I}", "ticket", number));
}

/* Where the draft of a ticket goes: "a@b" or "". */
static const char *
draft_to(struct desk *k, int64_t draft)
{
	return text_of(k,
		       "SELECT address FROM draft_address WHERE draft_id = ?1"
		       " AND role = 'to' ORDER BY n LIMIT 1",
		       draft);
}

/* The id of the one open offer of a ticket; 0 if there is none. */
static int64_t
offer_of(struct desk *k, int64_t number, const char *kind)
{
	json_t *o, *list = json_object_get(show(k, number), "offers");
	size_t i;

	json_array_foreach(list, i, o) if (
		mdg_streq(
			json_string_value(json_object_get(o, "kind")),
			kind)) return json_integer_value(json_object_get(o,
									 "offer"));
	return 0;
}

static void
customer_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_mail *m;

	declare(&k);
	m = notice("a@f", "form@shop.example", body_text);
	m->mail_class = MDG_CLASS_AUTO_REPLY; /* as its header says */
	m->no_auto_reply = true;
	struct mdg_intake_result r = take_in(&k, m);
	int64_t t = number_of(&k, r.ticket_id);
	assert_string_equal(state_of(&k, t), "new");
	assert_string_equal(text_of(&k,
				    "SELECT a.key FROM ticket t JOIN"
				    " customer_address a ON a.customer_id ="
				    " t.customer_id WHERE t.id = ?1",
				    r.ticket_id),
			    "taro@customer.example");
	assert_string_equal(text_of(&k,
				    "SELECT reply FROM message WHERE id = ?1",
				    r.message_id),
			    "椅子の脚が折れました。");
	assert_true(has_badge(&k, t, "form"));
	assert_false(has_badge(&k, t, "no_customer"));
	/* the form is nobody who takes part */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_participant"
				   " WHERE key = 'form@shop.example'"),
			 0);
	int64_t draft = draft_for(&k, r.ticket_id, "交換いたします。");
	assert_string_equal(draft_to(&k, draft), "taro@customer.example");
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:[s]}", "draft", draft, "to",
		      "form@shop.example"));
	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(draft));
	close_desk(&k);
}

static void
one_ticket_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c;
	struct mdg_mail *m;

	declare(&k);
	a = take_in(&k, notice("same@f", "form@shop.example", body_text));
	/* seconds later: a machine that repeats its ids */
	m = notice(
		"same@f", "form@shop.example",
		"お名前：鈴木\nメール：jiro@customer.example\n内容：別件です\n");
	mdg_strings_add(&m->references, &m->arena, "same@f", 5);
	b = take_in(&k, m);
	assert_true(b.is_new_ticket);
	assert_int_not_equal(a.ticket_id, b.ticket_id);
	/* the very same mail from a second mailbox */
	c = take_in(&k, notice("same@f", "form@shop.example", body_text));
	assert_int_equal(c.evidence, MDG_EV_DUPLICATE);
	assert_int_equal(c.ticket_id, a.ticket_id);
	/* notices of one subject offer no merge */
	take_in(&k, notice("third@f", "form@shop.example", body_text));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM offer"), 0);
	close_desk(&k);
}

static void
nobody_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result r;

	declare(&k);
	r = take_in(&k, notice("a@f", "form@shop.example",
			       "お名前：山田\nメール：support@shop.example\n"
			       "内容：届きません\n"));
	int64_t t = number_of(&k, r.ticket_id);
	assert_true(has_badge(&k, t, "no_customer"));
	refused(&k, &k.op, MDG_ESTATE, "draft.new",
		json_pack("{s:I,s:s}", "ticket", t, "body", "x"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.customer",
		json_pack("{s:I,s:s}", "ticket", t, "address",
			  "support@shop.example"));
	act(&k, &k.op, "ticket.customer",
	    json_pack("{s:I,s:s,s:s}", "ticket", t, "address",
		      "taro@customer.example", "name", "山田"));
	assert_false(has_badge(&k, t, "no_customer"));
	assert_string_equal(draft_to(&k, draft_for(&k, r.ticket_id, "x")),
			    "taro@customer.example");
	close_desk(&k);
}

static void
unverified_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_mail *m;

	declare(&k);
	m = notice("a@f", "form@shop.example", body_text);
	m->auth_results.n = 0;
	struct mdg_intake_result r = take_in(&k, m);
	int64_t t = number_of(&k, r.ticket_id);
	assert_true(has_badge(&k, t, "form_unverified"));
	assert_string_equal(text_of(&k,
				    "SELECT from_key FROM message WHERE id ="
				    " ?1 AND reply IS NULL",
				    r.message_id),
			    "form@shop.example");
	int64_t offer = offer_of(&k, t, "customer");
	assert_true(offer > 0);
	act(&k, &k.op, "offer.accept", json_pack("{s:I}", "offer", offer));
	assert_string_equal(draft_to(&k, draft_for(&k, r.ticket_id, "x")),
			    "taro@customer.example");
	assert_false(has_badge(&k, t, "form_unverified"));
	assert_int_equal(offer_of(&k, t, "customer"), 0);
	close_desk(&k);
}

static void
suspected_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_mail *m;

	m = notice("a@f", "no-reply@service.example", body_text);
	m->mail_class = MDG_CLASS_AUTO_REPLY;
	struct mdg_intake_result r = take_in(&k, m);
	int64_t t = number_of(&k, r.ticket_id);
	/* a question does not vanish because a machine carried it */
	assert_string_equal(state_of(&k, t), "new");
	assert_true(has_badge(&k, t, "form_like"));
	refused(&k, &k.op, MDG_ESTATE, "draft.new",
		json_pack("{s:I,s:s}", "ticket", t, "body", "x"));
	assert_true(offer_of(&k, t, "customer") > 0);
	act(&k, &k.op, "ticket.customer",
	    json_pack("{s:I,s:s}", "ticket", t, "address",
		      "hanako@customer.example"));
	assert_int_equal(offer_of(&k, t, "customer"), 0);
	assert_string_equal(draft_to(&k, draft_for(&k, r.ticket_id, "x")),
			    "hanako@customer.example");
	/* somebody who writes about themselves */
	r = take_in(&k, notice("b@f", "taro@customer.example", body_text));
	t = number_of(&k, r.ticket_id);
	assert_false(has_badge(&k, t, "form_like"));
	assert_int_equal(offer_of(&k, t, "customer"), 0);
	close_desk(&k);
}

static struct mdg_mail *
forwarded(const char *id, const char *from, const char *by)
{
	struct mdg_mail *m = new_mail(id, from, "Fw: 椅子", "対応お願いします");

	mdg_addresses_add(&m->forwarded, &m->arena, "佐藤", "sato@shop.example",
			  "sato@shop.example");
	mdg_addresses_add(&m->forwarded, &m->arena, "山田", by, by);
	return m;
}

static void
forward_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result r;
	struct mdg_mail *m;

	r = take_in(&k, forwarded("a@s", "sales@shop.example",
				  "taro@customer.example"));
	int64_t t = number_of(&k, r.ticket_id);
	assert_true(has_badge(&k, t, "forward"));
	/* never by itself */
	int64_t draft = draft_for(&k, r.ticket_id, "確認します");
	assert_string_equal(draft_to(&k, draft), "sales@shop.example");
	act(&k, &k.op, "draft.submit", draft_arg(draft));
	act(&k, &k.op, "offer.accept",
	    json_pack("{s:I}", "offer", offer_of(&k, t, "customer")));
	/* nobody approves what went elsewhere */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM revision"
				   " WHERE state = 'waiting'"),
			 0);
	assert_string_equal(draft_to(&k, draft), "taro@customer.example");
	act(&k, &k.op, "draft.discard", draft_arg(draft));
	/* the colleague's next mail speaks for the same one */
	m = new_mail("b@s", "sales@shop.example", "Re: Fw: 椅子", "追加です");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@s", 5);
	assert_int_equal(take_in(&k, m).ticket_id, r.ticket_id);
	assert_string_equal(draft_to(&k, draft_for(&k, r.ticket_id, "x")),
			    "taro@customer.example");
	/* a customer who forwards somebody's mail to us is the customer */
	r = take_in(&k, forwarded("c@c", "hanako@customer.example",
				  "shop@other.example"));
	assert_int_equal(offer_of(&k, number_of(&k, r.ticket_id), "customer"),
			 0);
	close_desk(&k);
}

static struct mdg_mail *
locked(const char *id, const char *from)
{
	struct mdg_mail *m = new_mail(id, from, "見積書", "添付します");

	m->attachments = mdg_arena_array(&m->arena, 1, sizeof(*m->attachments));
	m->attachments_n = 1;
	m->attachments[0] = (struct mdg_attachment){
		.filename = "見積書.zip",
		.media_type = "application/zip",
		.sealed = MDG_SEALED_YES,
	};
	return m;
}

static struct mdg_mail *
password(const char *id, const char *from)
{
	struct mdg_mail *m = new_mail(id, from, "パスワードのお知らせ",
				      "解凍パスワード：x1y2");

	m->tells_password = true;
	return m;
}

static void
password_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c, e;

	a = take_in(&k, locked("a@c", "taro@customer.example"));
	c = take_in(&k, password("c@c", "jiro@other.example"));
	b = take_in(&k, password("b@c", "taro@customer.example"));
	assert_true(has_badge(&k, number_of(&k, a.ticket_id), "sealed"));
	assert_int_equal(offer_of(&k, number_of(&k, c.ticket_id), "merge"), 0);
	int64_t t = number_of(&k, b.ticket_id);
	assert_true(has_badge(&k, t, "pair"));
	act(&k, &k.op, "offer.accept",
	    json_pack("{s:I}", "offer", offer_of(&k, t, "merge")));
	assert_string_equal(text_of(&k,
				    "SELECT state FROM ticket WHERE id = ?1",
				    b.ticket_id),
			    "merged");
	/* the password first */
	take_in(&k, password("d@c", "saburo@customer.example"));
	e = take_in(&k, locked("e@c", "saburo@customer.example"));
	assert_true(offer_of(&k, number_of(&k, e.ticket_id), "merge") > 0);
	if (mdg_clock_advance(15 * 60)) {
		e = take_in(&k, password("f@c", "saburo@customer.example"));
		assert_true(offer_of(&k, number_of(&k, e.ticket_id), "merge"));
		take_in(&k, locked("g@c", "shiro@customer.example"));
		mdg_clock_advance(15 * 60 + 1);
		e = take_in(&k, password("h@c", "shiro@customer.example"));
		assert_int_equal(
			offer_of(&k, number_of(&k, e.ticket_id), "merge"), 0);
	}
	close_desk(&k);
}

static void
relay_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	static const char *const people[] = {
		"abc@pc.fw.rakuten.ne.jp", "xyz@pc.fw.rakuten.ne.jp",
		"q1@marketplace.amazon.co.jp", "abc@pc.fw.rakuten.ne.jp"};

	for (size_t i = 0; i < MDG_LEN(people); i++) {
		char id[8];
		snprintf(id, sizeof(id), "%zu@r", i);
		struct mdg_mail *m =
			new_mail(id, people[i], "質問", "届かない");
		m->from.v[0].name = "山田 太郎";
		struct mdg_intake_result r = take_in(&k, m);
		assert_true(has_badge(&k, number_of(&k, r.ticket_id), "relay"));
	}
	/* one person for each address, whatever the name */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 3);
	close_desk(&k);
}

static void
merged_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b;

	declare(&k);
	a = take_in(&k, notice("a@f", "form@shop.example", body_text));
	b = take_in(&k, notice("b@f", "form@shop.example",
			       "お名前：鈴木\nメール：jiro@customer.example\n"
			       "内容：別件です\n"));
	act(&k, &k.op, "ticket.merge",
	    json_pack("{s:I,s:I}", "ticket", number_of(&k, b.ticket_id), "into",
		      number_of(&k, a.ticket_id)));
	/* each notice keeps its own customer; the newest is answered */
	assert_string_equal(draft_to(&k, draft_for(&k, a.ticket_id, "x")),
			    "jiro@customer.example");
	close_desk(&k);
}

EACH(a_declared_notice_is_the_customers, customer_body);
EACH(one_notice_is_one_ticket, one_ticket_body);
EACH(without_an_address_nothing_is_answered, nobody_body);
EACH(a_notice_that_nothing_bears_out_is_only_offered, unverified_body);
EACH(what_looks_like_a_form_waits_for_a_person, suspected_body);
EACH(a_colleagues_forward_offers_the_customer, forward_body);
EACH(a_password_finds_its_file_within_a_quarter_hour, password_body);
static void
receipt_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	act(&k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "receipt-auto", "source",
		      receipt_text));
	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &mdg_actor_system, "window.receipt",
	    json_pack("{s:s,s:s}", "window", "shop", "template",
		      "receipt-auto"));
	declare(&k);
	take_in(&k, notice("a@f", "form@shop.example", body_text));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox_rcpt"
				   " WHERE address = 'taro@customer.example'"),
			 1);
	take_in(&k,
		notice("b@f", "form@shop.example", "お名前：山田\n内容：x\n"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox"), 1);
	close_desk(&k);
}

EACH(a_receipt_goes_to_the_customer_too, receipt_body);
EACH(a_relay_address_is_one_person, relay_body);
EACH(merged_notices_keep_their_customers, merged_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_declared_notice_is_the_customers),
	cmocka_unit_test(one_notice_is_one_ticket),
	cmocka_unit_test(without_an_address_nothing_is_answered),
	cmocka_unit_test(a_notice_that_nothing_bears_out_is_only_offered),
	cmocka_unit_test(what_looks_like_a_form_waits_for_a_person),
	cmocka_unit_test(a_colleagues_forward_offers_the_customer),
	cmocka_unit_test(a_password_finds_its_file_within_a_quarter_hour),
	cmocka_unit_test(a_relay_address_is_one_person),
	cmocka_unit_test(a_receipt_goes_to_the_customer_too),
	cmocka_unit_test(merged_notices_keep_their_customers),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
