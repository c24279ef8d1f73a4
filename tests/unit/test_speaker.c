/*
 * Who speaks in a mail: forwarded heads of the usual mail programs, relays,
 * passwords, what our own server bears out, and the limits of it all.
 */
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/authres.h"
#include "madoguchi/mail/form.h"
#include "madoguchi/mail/forward.h"
#include "madoguchi/mail/password.h"
#include "madoguchi/mail/relay.h"

#define WHO "taro@customer.example"
#define BODY "\n\n脚が折れました。\n"

/* clang-format off */
/* subject, text, name and address of the first sender; NULL: nobody */
static const struct { const char *subject, *text, *name, *address; } heads[] = {
	/* Gmail, English and Japanese */
	{"Fwd: 椅子", "---------- Forwarded message ---------\nFrom: 山田 太郎 <" WHO ">\n"
	 "Date: 2026年11月21日(土) 10:00\nSubject: 椅子\nTo: <sato@example.jp>" BODY, "山田 太郎", WHO},
	{"椅子", "よろしく。\n\n---------- 転送されたメッセージ ----------\nFrom: 山田 太郎 <" WHO ">\n"
	 "日付: 2026年11月21日 10:00\n件名: 椅子\nTo: sato@example.jp" BODY, "山田 太郎", WHO},
	/* Outlook, with and without a rule; a name alone names nobody */
	{"FW: 椅子", "お願いします。\n\n________________________________\n差出人: 山田 太郎 <" WHO ">\n"
	 "送信日時: 2026年11月21日 10:00\n宛先: 佐藤 花子 <sato@example.jp>\n件名: 椅子" BODY, "山田 太郎", WHO},
	{"FW: 椅子", "From: Taro Yamada [mailto:" WHO "]\nSent: Saturday, November 21, 2026 10:00 AM\n"
	 "To: Sato\nSubject: 椅子" BODY, "Taro Yamada", WHO},
	{"FW: 椅子", "差出人: 山田 太郎\n送信日時: 2026年11月21日 10:00\n宛先: 佐藤\n件名: 椅子" BODY, NULL, NULL},
	{"FW: 椅子", "-----Original Message-----\nFrom: " WHO " <" WHO ">\nSent: Saturday\nTo: x\nSubject: y" BODY, "", WHO},
	/* Apple Mail, iPhone: quoted and not */
	{"Fwd: 椅子", "iPhoneから送信\n\n転送されたメッセージ:\n\n> 差出人: 山田 太郎 <" WHO ">\n> 日時: 2026年11月21日 10:00:00 JST\n"
	 "> 宛先: sato@example.jp\n> 件名: 椅子\n> \n> 脚が折れました。\n", "山田 太郎", WHO},
	{"Fwd: 椅子", "Begin forwarded message:\n\nFrom: 山田 太郎 <" WHO ">\nSubject: 椅子\n"
	 "Date: November 21, 2026 at 10:00:00 GMT+9\nTo: sato@example.jp" BODY, "山田 太郎", WHO},
	/* Thunderbird */
	{"Fwd: 椅子", "-------- Forwarded Message --------\nSubject: \t椅子\nDate: \tSat, 21 Nov 2026 10:00:00 +0900\n"
	 "From: \t山田 太郎 <" WHO ">\nTo: \tsato@example.jp" BODY, "山田 太郎", WHO},
	{"Fwd: 椅子", "-------- 転送メッセージ --------\n件名: \t椅子\n日付: \tSat, 21 Nov 2026 10:00:00 +0900\n"
	 "差出人: \t山田 太郎 <" WHO ">\n宛先: \tsato@example.jp" BODY, "山田 太郎", WHO},
	/* Becky! and others that say who forwards */
	{"Fw: 椅子", "Forwarded by 佐藤 <sato@example.jp>\n---------------- Original message follows ----------------\n"
	 " From: 山田 太郎 <" WHO ">\n To: sato@example.jp\n Date: Sat, 21 Nov 2026 10:00:00 +0900\n Subject: 椅子\n--\n\n脚。\n",
	 "山田 太郎", WHO},
	/* Yahoo!メール, phones */
	{"Fw: 椅子", "----- Forwarded Message -----\nFrom: 山田 太郎 <" WHO ">\nTo: \"sato@example.jp\" <sato@example.jp>\n"
	 "Date: 2026/11/21, Sat 10:00\nSubject: 椅子" BODY, "山田 太郎", WHO},
	{"Fw:椅子", "----元のメッセージ----\n送信元：" WHO "\n日時：2026/11/21 10:00\n件名：椅子" BODY, "", WHO},
	{"FW:椅子", "From：" WHO "\nDate：2026/11/21 10:00\nSub：椅子\nSubject：椅子" BODY, "", WHO},
	/* by hand, wide colons, marks */
	{"転送：椅子", "以下、転送です。\n\n差出人：山田 太郎 <" WHO ">\n件名：椅子\n日時：2026年11月21日" BODY, "山田 太郎", WHO},
	{"[support 12] Fwd: 椅子", "*From:* 山田 太郎 <" WHO ">\n*Date:* Sat\n*Subject:* 椅子" BODY, "山田 太郎", WHO},
	{"Fwd: 椅子", "＞差出人: 山田 太郎 <" WHO ">\n＞送信日時: 2026年11月21日\n＞件名: 椅子" BODY, "山田 太郎", WHO},
	{"WG: Stuhl", "Von: Taro <" WHO ">\nGesendet: Samstag\nAn: x@example.jp\nBetreff: Stuhl" BODY, "Taro", WHO},
	/* the lines may be spaced out, or the value stand below */
	{"Fwd: 椅子", "From: 山田 太郎 <" WHO ">\n\nDate: Sat\n\nSubject: 椅子" BODY, "山田 太郎", WHO},
	{"Fwd: 椅子", "差出人:\n山田 太郎 <" WHO ">\n件名: 椅子\n日時: x" BODY, "山田 太郎", WHO},
	/* an answer's history is nobody's forward */
	{"Re: 椅子", "From: 山田 太郎 <" WHO ">\nDate: Sat\nSubject: 椅子" BODY, NULL, NULL},
	{"Re: Fwd: 椅子", "From: 山田 太郎 <" WHO ">\nDate: Sat\nSubject: 椅子" BODY, NULL, NULL},
	{"椅子", "差出人: 山田 太郎 <" WHO ">\n件名: 椅子" BODY, NULL, NULL},
	/* one label is no head */
	{"Fwd: 椅子", "From: 山田 太郎 <" WHO ">" BODY, NULL, NULL},
	{"Fwd: 椅子", "", NULL, NULL},
};
/* clang-format on */

static void
the_first_sender_of_a_forward_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < MDG_LEN(heads); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_addresses l = {0};
		mdg_forward_read(heads[i].text,
				 mdg_forward_subject(heads[i].subject), &a, &l);
		const char *got = l.n ? l.v[0].address : NULL;
		if (!mdg_streq(got, heads[i].address) &&
		    (got || heads[i].address))
			fail_msg("%zu: %s", i, got ? got : "nobody");
		if (got && !mdg_streq(l.v[0].name, heads[i].name))
			fail_msg("%zu: name %s", i, l.v[0].name);
	}
}

static void
senders_of_nested_forwards_come_outermost_first(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_addresses l = {0};

	(void)state;
	for (int i = 0; i < MDG_FORWARDED_MAX + 1; i++)
		mdg_buf_printf(
			&b,
			"---- Forwarded message ----\nFrom: p%d@x.example\n"
			"Date: Sat\nSubject: s\n\ntext %d\n\n",
			i, i);
	mdg_forward_read(mdg_buf_str(&b), true, &a, &l);
	assert_int_equal(l.n, MDG_FORWARDED_MAX);
	assert_string_equal(l.v[0].address, "p0@x.example");
	assert_string_equal(l.v[MDG_FORWARDED_MAX - 1].address, "p3@x.example");
}

/* How many labels are noted in a text of n lines. */
static size_t
noted(const char *line, size_t n)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (size_t i = 0; i < n; i++)
		mdg_buf_printf(&b, "%s\n", line);
	m->text = mdg_buf_str(&b);
	mdg_form_scan(m);
	n = m->fields_n;
	m->text = "";
	return n;
}

static void
labels_are_noted_up_to_the_limit(void **state)
{
	(void)state;
	assert_int_equal(noted("住所：x", 1), 0);
	assert_int_equal(noted("住所：x", 2), 2);
	assert_int_equal(noted("住所：x", MDG_FIELDS_MAX), MDG_FIELDS_MAX);
	assert_int_equal(noted("住所：x", MDG_FIELDS_MAX + 1), MDG_FIELDS_MAX);
	/* half of the room is for labels that we do not know */
	assert_int_equal(noted("見出し：x", MDG_FIELDS_MAX),
			 MDG_FIELDS_MAX / 2);
}

static void
labels_beyond_the_part_looked_at_do_not_count(void **state)
{
	static const char label[] = "\n内容：質問\nお名前：山田";

	(void)state;
	for (int more = 0; more < 2; more++) {
		MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
		size_t n = MDG_FIELDS_TEXT_BYTES_MAX - strlen(label) +
			   (size_t)more;
		MDG_AUTO(mdg_freep) char *text = mdg_calloc(n + 100, 1);
		memset(text, 'x', n);
		memcpy(text + n, label, sizeof(label));
		m->text = text;
		mdg_form_scan(m);
		assert_int_equal(m->fields_n, more ? 0 : 2);
		m->text = "";
	}
}

static void
a_label_may_be_so_long(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	char s[MDG_LABEL_BYTES_MAX + 2];

	(void)state;
	memset(s, 'x', sizeof(s));
	assert_int_equal(strlen(mdg_form_label(&a, s, MDG_LABEL_BYTES_MAX)),
			 MDG_LABEL_BYTES_MAX);
	assert_string_equal(mdg_form_label(&a, s, MDG_LABEL_BYTES_MAX + 1), "");
}

static void
labels_of_any_width_are_one(void **state)
{
	static const char *const same[][2] = {
		{"お名前（必須）", "名前"},         {"■ E-mail :", "email"},
		{"ﾒｰﾙｱﾄﾞﾚｽ", "メールアドレス"},     {"ｶﾞｷﾞﾊﾟｳﾞ", "ガギパヴ"},
		{"お問い合わせ内容", "問合せ内容"}, {"ＴＥＬ．", "tel"},
		{"お問合わせ", "問合せ"},           {"(お名前)", "名前"},
	};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(same); i++)
		assert_string_equal(
			mdg_form_label(&a, same[i][0], strlen(same[i][0])),
			same[i][1]);
}

static void
subjects_fit_patterns(void **state)
{
	(void)state;
	assert_true(mdg_form_subject_fits("", "何でも"));
	assert_true(
		mdg_form_subject_fits("お問い合わせ", "【Web】お問い合わせ 1"));
	assert_true(
		mdg_form_subject_fits("【WEB】*", "【Ｗｅｂ】 お問い合わせ"));
	assert_false(
		mdg_form_subject_fits("【WEB】*", "Re: 【Web】お問い合わせ"));
	assert_true(mdg_form_subject_fits("*a*b*", "xxaxxbxx"));
	assert_false(mdg_form_subject_fits("*a*b", "xxaxxbxx"));
	assert_false(mdg_form_subject_fits("注文", "お問い合わせ"));
}

static void
a_password_that_is_told_is_heard(void **state)
{
	static const char *const told[] = {
		"解凍パスワード：x1y2",
		"先ほどの添付ファイルのパスワードをお知らせします。",
		"パスワードは下記の通りです。\nabc",
		"PW: abc",
		"Password: abc123",
		"The password for the attached file is below.",
		"ＺＩＰのパスワード＝ａｂｃ",
		"パスワードは abc です。"};
	static const char *const not_told[] = {
		"パスワードを忘れました。",
		"ログインパスワードが違うと表示されます。",
		"パスワードの再発行をお願いします。",
		"パスワードは別途お送りします。",
		"パスワードは別メールでお知らせします。",
		"I forgot my password.",
		"",
		"返品したいです。"};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(told); i++)
		if (!mdg_mail_tells_password(told[i]))
			fail_msg("not heard: %s", told[i]);
	for (size_t i = 0; i < MDG_LEN(not_told); i++)
		if (mdg_mail_tells_password(not_told[i]))
			fail_msg("heard: %s", not_told[i]);
}

static void
relays_are_known_by_their_domain(void **state)
{
	(void)state;
	assert_string_equal(mdg_relay_of("a@pc.fw.rakuten.ne.jp"), "rakuten");
	assert_string_equal(mdg_relay_of("a@marketplace.amazon.co.jp"),
			    "amazon");
	assert_null(mdg_relay_of("a@rakuten.ne.jp"));
	assert_null(mdg_relay_of("a@evilfw.rakuten.ne.jp.attacker.example"));
	assert_null(mdg_relay_of("a@xmarketplace.amazon.co.jp"));
	assert_true(mdg_addr_is_public("a@gmail.com"));
	assert_false(mdg_addr_is_public("a@shop.example"));
}

static bool
passes(const char *field, const char *server, const char *domain)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings l = {0};

	mdg_strings_add(&l, &a, field, 5);
	return mdg_auth_passed(&l, server, domain);
}

static void
only_our_own_server_is_believed(void **state)
{
	static const char mx[] = "mx.shop.example";

	(void)state;
	assert_true(passes("mx.shop.example; dkim=pass header.d=shop.example",
			   mx, "shop.example"));
	assert_true(passes("MX.shop.example 1; spf=pass"
			   " smtp.mailfrom=\"www@shop.example\"",
			   mx, "shop.example"));
	assert_true(
		passes("mx.shop.example; dmarc=pass header.from=shop.example",
		       mx, "shop.example"));
	assert_true(passes("mx.shop.example; dkim=pass header.i=@shop.example",
			   mx, "web.shop.example"));
	assert_true(
		passes("spf=pass (ok) smtp.mailfrom=shop.example; dkim=none",
		       MDG_AUTHSERV_TOP, "shop.example"));
	assert_false(passes("mx.shop.example; dkim=pass header.d=example", mx,
			    "shop.example"));
	assert_false(
		passes("mx.shop.example; dkim=pass header.d=web.shop.example",
		       mx, "shop.example"));
	assert_false(passes("mx.shop.example; dkim=pass header.d=xshop.example",
			    mx, "shop.example"));
	assert_false(
		passes("mx.shop.example; x=y; spf=fail"
		       " smtp.mailfrom=shop.example; dkim=pass header.d=x.y",
		       mx, "shop.example"));
	assert_false(passes("", mx, "shop.example"));
	assert_false(passes("((((", MDG_AUTHSERV_TOP, "shop.example"));
}

static void
what_a_sender_wrote_into_a_quote_says_nothing(void **state)
{
	static const char mx[] = "mx.shop.example";

	(void)state;
	assert_false(passes("mx.shop.example; spf=fail smtp.mailfrom="
			    "\"a; dkim=pass header.d=shop.example b\""
			    "@evil.example",
			    mx, "shop.example"));
	assert_false(passes("mx.shop.example; spf=fail smtp.mailfrom="
			    "\"a\\\"; dkim=pass header.d=shop.example\""
			    "@evil.example",
			    mx, "shop.example"));
	assert_false(passes("mx.shop.example; dkim=fail"
			    " (x; dkim=pass header.d=shop.example)",
			    mx, "shop.example"));
}

static bool
is_signed(const char *first, const char *second, const char *domain)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings l = {0};

	mdg_strings_add(&l, &a, first, 5);
	if (second)
		mdg_strings_add(&l, &a, second, 5);
	return mdg_auth_signed(&l, "mx.shop.example", domain);
}

static void
only_a_signature_in_the_topmost_field_signs(void **state)
{
	static const char good[] =
		"mx.shop.example; dkim=pass header.d=shop.example";

	(void)state;
	assert_true(is_signed(good, NULL, "shop.example"));
	assert_true(is_signed("mx.shop.example; dmarc=pass"
			      " header.from=shop.example",
			      NULL, "shop.example"));
	assert_false(is_signed("mx.shop.example; spf=pass"
			       " smtp.mailfrom=shop.example",
			       NULL, "shop.example"));
	assert_false(is_signed("mx.evil.example; dkim=pass", good,
			       "shop.example"));
	assert_false(is_signed("mx.shop.example; dkim=none", good,
			       "shop.example"));
	assert_false(is_signed(good, NULL, "evil.example"));
	assert_false(is_signed(good, NULL, ""));
}

static void
routes_are_addresses_or_local(void **state)
{
	(void)state;
	assert_true(mdg_route_valid("local"));
	assert_true(mdg_route_valid("192.0.2.1"));
	assert_true(mdg_route_valid("192.0.2.0/24"));
	assert_true(mdg_route_valid("2001:db8::/32"));
	assert_false(mdg_route_valid("192.0.2.0/33"));
	assert_false(mdg_route_valid("0.0.0.0/0"));
	assert_false(mdg_route_valid("web01"));
	assert_false(mdg_route_valid(""));
}

static void
a_chain_that_was_cut_is_not_local(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_strings l = {0};

	(void)state;
	for (int i = 0; i < MDG_RECEIVED_MAX - 1; i++)
		mdg_strings_add(&l, &a, "by mx (Postfix, from userid 33)",
				MDG_RECEIVED_MAX);
	assert_true(mdg_route_taken(&l, "local"));
	mdg_strings_add(&l, &a, "by mx", MDG_RECEIVED_MAX);
	assert_false(mdg_route_taken(&l, "local"));
}

/* clang-format off */
static const struct { const char *field, *method, *result, *domain; bool aligned; } verdicts[] = {
	{"mx.example.jp; spf=pass smtp.mailfrom=a@example.jp", "spf", "pass", "example.jp", true},
	{"mx.example.jp; spf=pass smtp.mailfrom=a@example.jp", "dkim", "", "", false},
	{"mx.example.jp 1; SPF = Fail (a ; b = c) SMTP.MailFrom = example.jp", "spf", "fail", "example.jp", true},
	{"mx; spf=pass smtp.mailfrom=a@bounce.example.jp", "spf", "pass", "bounce.example.jp", true},
	{"mx; spf=pass smtp.mailfrom=notexample.jp", "spf", "pass", "notexample.jp", false},
	{"mx; spf=pass smtp.helo=relay.example", "spf", "pass", "relay.example", false},
	/* of two signatures ours counts, of two failures the first */
	{"mx; dkim=pass header.d=esp.example; dkim=pass header.i=@example.jp", "dkim", "pass", "example.jp", true},
	{"mx; dkim=fail header.d=example.jp; dkim=pass header.d=esp.example", "dkim", "pass", "esp.example", false},
	{"mx; dkim/1=pass header.d=example.jp; dkim-adsp=fail", "dkim", "pass", "example.jp", true},
	{"mx; dkim=none", "dkim", "none", "", false},
	{"mx; dmarc=pass (p=none)", "dmarc", "pass", "", true},
	{"mx; dmarc=fail header.from=example.jp", "dmarc", "fail", "example.jp", true},
	{"mx; none", "spf", "", "", false},
	{"mx", "spf", "", "", false},
	{"", "spf", "", "", false},
	/* spf in the name of the server or in a comment is no result */
	{"spf=pass.example; dkim=pass header.d=example.jp", "spf", "", "", false},
	{"mx; (spf=pass smtp.mailfrom=example.jp) dmarc=none", "spf", "", "", false},
};
/* clang-format on */

static void
each_mechanism_gets_its_verdict(void **state)
{
	struct mdg_auth_verdict v;
	char name[32];

	(void)state;
	for (size_t i = 0; i < MDG_LEN(verdicts); i++) {
		mdg_auth_verdict(verdicts[i].field, verdicts[i].method,
				 "example.jp", &v);
		if (!mdg_streq(v.result, verdicts[i].result) ||
		    !mdg_streq(v.domain, verdicts[i].domain) ||
		    v.aligned != verdicts[i].aligned)
			fail_msg("%s: %s \"%s\" \"%s\" %d", verdicts[i].field,
				 verdicts[i].method, v.result, v.domain,
				 v.aligned);
	}
	mdg_auth_server("(x) MX.example.jp 1; none", name, sizeof(name));
	assert_string_equal(name, "mx.example.jp");
	mdg_auth_server("", name, sizeof(name));
	assert_string_equal(name, "");
}

static void
the_field_of_the_server_goes_first(void **state)
{
	static const struct mdg_strings none = {0};
	const char *fields[] = {"filter.example.jp; spf=fail",
				"(by) MX.example.jp 1; spf=pass",
				"mx.example.jp; spf=fail"};
	struct mdg_strings all = {.v = fields, .n = MDG_LEN(fields)};

	(void)state;
	assert_ptr_equal(mdg_auth_field(&all, "mx.example.jp"), fields[1]);
	assert_ptr_equal(mdg_auth_field(&all, "x.example.jp"), fields[0]);
	assert_ptr_equal(mdg_auth_field(&all, ""), fields[0]);
	assert_string_equal(mdg_auth_field(&none, "mx.example.jp"), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mechanism_gets_its_verdict),
		cmocka_unit_test(the_field_of_the_server_goes_first),
		cmocka_unit_test(the_first_sender_of_a_forward_is_found),
		cmocka_unit_test(
			senders_of_nested_forwards_come_outermost_first),
		cmocka_unit_test(labels_are_noted_up_to_the_limit),
		cmocka_unit_test(labels_beyond_the_part_looked_at_do_not_count),
		cmocka_unit_test(a_label_may_be_so_long),
		cmocka_unit_test(labels_of_any_width_are_one),
		cmocka_unit_test(subjects_fit_patterns),
		cmocka_unit_test(a_password_that_is_told_is_heard),
		cmocka_unit_test(relays_are_known_by_their_domain),
		cmocka_unit_test(only_our_own_server_is_believed),
		cmocka_unit_test(what_a_sender_wrote_into_a_quote_says_nothing),
		cmocka_unit_test(only_a_signature_in_the_topmost_field_signs),
		cmocka_unit_test(routes_are_addresses_or_local),
		cmocka_unit_test(a_chain_that_was_cut_is_not_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
