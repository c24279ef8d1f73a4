/* The automatic receipt: who gets one, what it says, how many. */
#include "desk_fixture.h"

#include "madoguchi/app/receipt.h"
#include "madoguchi/desk/hours.h"

static const char TEMPLATE[] =
	"---\nid: receipt-auto\ntitle: 受付\ncategory: 受付\nversion: 1\n"
	"slots: customer.name ticket hours due.at\nnext_state: waiting\n---\n"
	"{{customer.name}} 様\n\n受付番号は {{ticket}} でございます。\n\n"
	"{{due.at}}までにお返事を差し上げます。\n受付時間は{{hours}}です。\n";

static struct desk
open_with_receipts(const char *url)
{
	struct desk k = open_desk(url, "none");

	act(&k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "receipt-auto", "source", TEMPLATE));
	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &mdg_actor_system, "window.receipt",
	    json_pack("{s:s,s:s}", "window", "shop", "template",
		      "receipt-auto"));
	return k;
}

static int64_t
receipts(struct desk *k)
{
	return count(k, "SELECT COUNT(*) FROM outbox WHERE kind = 'receipt'");
}

static void
off_body(const char *url)
{
	struct desk k = open_desk(url, "none");

	act(&k, &mdg_actor_system, "golive", json_object());
	take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));
	assert_int_equal(receipts(&k), 0);
	close_desk(&k);
}

static void
says_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_with_receipts(url);
	struct mdg_outbox_job job;
	struct mdg_mail *m = new_mail("a@c", "taro@c.example", "秘密", "秘密");

	m->from.v[0].name = "山田 太郎";
	int64_t t = take_in(&k, m).ticket_id;
	assert_true(claim(&k, &a, &job));
	assert_string_equal(job.mail_from, "");
	assert_string_equal(job.rcpts.v[0], "taro@c.example");
	const char *mime =
		mdg_arena_strndup(&a, (const char *)job.bytes.p, job.bytes.n);
	assert_non_null(strstr(mime, "\nAuto-Submitted: auto-replied\r\n"));
	assert_non_null(strstr(mime, "\nX-Madoguchi-Loop: "));
	assert_non_null(strstr(mime, "\nIn-Reply-To: <a@c>\r\n"));
	answer(&k, job.outbox_id, "accepted");
	/* nobody has answered yet */
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response'"
				   " AND state = 'running'"),
			 1);
	assert_int_equal(
		count(&k,
		      "SELECT COUNT(*) FROM message WHERE"
		      " class = 'auto_reply' AND direction = 'out' AND"
		      " text LIKE '%山田 太郎 様%10001 でございます%'"
		      " AND text LIKE '%月曜日から日曜日の0時から24時まで%'"),
		1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message WHERE"
				   " direction = 'out' AND text LIKE '%秘密%'"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM revision WHERE"
				   " comment = 'receipt-auto@1'"
				   " AND state = 'approved'"),
			 1);
	close_desk(&k);
}

/* One mail each; none of them is answered. */
static void
nobody_body(const char *url)
{
	static const char *const machines[] = {
		"no-reply@shop2.example", "MAILER-DAEMON@c.example",
		"list-request@c.example", "owner-list@c.example",
		"support@shop.example",   "news_noreply@c.example",
		"bounces+1@c.example",    "notification@c.example"};
	struct desk k = open_with_receipts(url);
	struct mdg_mail *m;
	char id[40];

	for (size_t i = 0; i < MDG_LEN(machines); i++) {
		snprintf(id, sizeof(id), "m%zu@c", i);
		take_in(&k, new_mail(id, machines[i], "件名", id));
	}
	for (int cls = MDG_CLASS_AUTO_REPLY; cls < MDG_CLASS_N; cls++) {
		if (cls == MDG_CLASS_SELF)
			continue; /* without a token it is ordinary */
		snprintf(id, sizeof(id), "c%d@c", cls);
		m = new_mail(id, "taro@c.example", "件名", id);
		m->mail_class = (enum mdg_mail_class)cls;
		take_in(&k, m);
	}
	m = new_mail("x1@c", "taro@c.example", "件名", "1");
	m->no_auto_reply = true;
	take_in(&k, m);
	m = new_mail("x2@c", "taro@c.example", "件名", "2");
	m->from_spoofed = true;
	take_in(&k, m);
	m = new_mail("x3@c", "taro@c.example", "件名", "3");
	m->to.n = 0; /* by Bcc, or through a list */
	take_in(&k, m);
	assert_int_equal(receipts(&k), 0);
	/* a mail that belongs to a ticket gets none, the first one does */
	take_in(&k, new_mail("y1@c", "taro@c.example", "件名", "4"));
	assert_int_equal(receipts(&k), 1);
	m = new_mail("y2@c", "taro@c.example", "Re: 件名", "5");
	mdg_strings_add(&m->in_reply_to, &m->arena, "y1@c", 5);
	take_in(&k, m);
	take_in(&k, new_mail("y1@c", "taro@c.example", "件名", "4"));
	assert_int_equal(receipts(&k), 1);
	act(&k, &mdg_actor_system, "window.receipt",
	    json_pack("{s:s,s:b}", "window", "shop", "off", 1));
	take_in(&k, new_mail("y3@c", "jiro@c.example", "件名", "6"));
	assert_int_equal(receipts(&k), 1);
	close_desk(&k);
}

static void
history_body(const char *url)
{
	struct desk k = open_with_receipts(url);

	k.d->live_since_s = mdg_now_s() + 1000;
	take_in(&k, new_mail("a@c", "taro@c.example", "件名", "1"));
	k.d->live_since_s = 0;
	act(&k, &mdg_actor_system, "golive", json_pack("{s:s}", "mode", "off"));
	take_in(&k, new_mail("b@c", "taro@c.example", "件名", "2"));
	assert_int_equal(receipts(&k), 0);
	close_desk(&k);
}

static void
limits_body(const char *url)
{
	struct desk k = open_with_receipts(url);
	char id[40];

	for (int i = 0; i < 20; i++) {
		snprintf(id, sizeof(id), "m%d@c", i);
		take_in(&k, new_mail(id, "taro@c.example", "件名", id));
	}
	assert_int_equal(receipts(&k), 3);
	/* others are not held up by one */
	take_in(&k, new_mail("h@c", "hanako@c.example", "件名", "h"));
	assert_int_equal(receipts(&k), 4);
	if (!mdg_clock_advance(0)) { /* without --enable-faults */
		close_desk(&k);
		return;
	}
	/* an hour later three more, and eight a day */
	for (int hour = 1; hour < 6; hour++) {
		assert_true(mdg_clock_advance(3601));
		for (int i = 0; i < 4; i++) {
			snprintf(id, sizeof(id), "m%d-%d@c", hour, i);
			take_in(&k, new_mail(id, "taro@c.example", "件名", id));
		}
	}
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM auto_sent WHERE"
				   " subject = 'address:taro@c.example'"),
			 8);
	close_desk(&k);
}

static void
breaker_body(const char *url)
{
	struct desk k = open_with_receipts(url);
	char who[60];

	if (strncmp(url, "sqlite", 6) != 0) {
		close_desk(&k); /* 700 mails: once is enough */
		return;
	}
	for (int i = 0; i < 700; i++) {
		snprintf(who, sizeof(who), "u@d%d.example", i);
		take_in(&k, new_mail(who, who, "件名", who));
	}
	assert_int_equal(receipts(&k), 500);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'receipt.paused'"),
			 1);
	if (!mdg_clock_advance(0)) { /* without --enable-faults */
		close_desk(&k);
		return;
	}
	/* it holds when the hour is over, and ends by itself */
	assert_true(mdg_clock_advance(3700));
	take_in(&k, new_mail("p@c", "p@c.example", "件名", "p"));
	assert_int_equal(receipts(&k), 500);
	assert_true(mdg_clock_advance(3700));
	take_in(&k, new_mail("q@c", "q@c.example", "件名", "q"));
	assert_int_equal(receipts(&k), 501);
	close_desk(&k);
}

static void
bad_name_body(const char *url)
{
	struct desk k = open_with_receipts(url);
	struct mdg_mail *m = new_mail("a@c", "taro@c.example", "件名", "1");

	m->from.v[0].name = "今すぐ https://evil.example をクリック";
	take_in(&k, m);
	struct mdg_arena a = {0};
	struct mdg_outbox_job job;
	assert_true(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message WHERE"
				   " direction = 'out' AND text LIKE 'お客様%'"
				   " AND text NOT LIKE '%evil%'"),
			 1);
	mdg_arena_clear(&a);
	close_desk(&k);
}

static const char TEMPLATE_EN[] =
	"---\nid: receipt-auto.en\ntitle: Receipt\ncategory: 受付\n"
	"version: 1\nlanguage: en\n"
	"slots: customer.name ticket hours due.at\nnext_state: waiting\n---\n"
	"Dear {{customer.name}},\n\nYour number is {{ticket}}. We answer by "
	"{{due.at}}. Our hours are {{hours}}.\n";

/* Do subject and text of the newest receipt hold the words? */
static bool
newest_says(struct desk *k, const char *words)
{
	char sql[300];

	snprintf(sql, sizeof(sql),
		 "SELECT COUNT(*) FROM message WHERE id = (SELECT MAX(id) FROM"
		 " message WHERE class = 'auto_reply') AND"
		 " REPLACE(subject || text, '\n', ' ') LIKE '%%%s%%'",
		 words);
	return count(k, sql) == 1;
}

static void
send_receipt(struct desk *k, const char *from, const char *name,
	     const char *subject, const char *text)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_freep) char *id = mdg_asprintf("%s.m@c", from);
	struct mdg_mail *m = new_mail(id, from, subject, text);
	struct mdg_outbox_job job;

	m->from.v[0].name = name;
	take_in(k, m);
	assert_true(claim(k, &a, &job));
	const struct mdg_outbox_answer v = {from, "accepted", 250, "ok"};
	struct mdg_err err;
	if (!mdg_outbox_committing(k->d, job.outbox_id, &err) ||
	    !mdg_outbox_finish(k->d, job.outbox_id, false, &v, 1, &err))
		fail_msg("%s", why(&err));
}

static void
english_body(const char *url)
{
	struct desk k = open_with_receipts(url);

	/* as long as there is no variant, the window's template it is */
	send_receipt(&k, "a@c.example", "John Smith", "My order",
		     "Hello, where is my order? It is late.");
	assert_true(newest_says(&k, "受付番号は"));
	act(&k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "receipt-auto.en", "source",
		      TEMPLATE_EN));
	send_receipt(&k, "b@c.example", "John Smith", "My order",
		     "Hello, where is my order? It is late.");
	assert_true(newest_says(&k, "We have received your message [#10002-"));
	assert_true(newest_says(&k, "Dear John Smith,"));
	assert_true(newest_says(&k, "Monday to Sunday, 0:00 to 24:00"));
	assert_false(newest_says(&k, "受付番号"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM revision WHERE"
				   " comment = 'receipt-auto.en@1'"),
			 1);
	/* a name that is none is not repeated */
	send_receipt(&k, "c@c.example", "click https://evil.example", "Help",
		     "Please help me with my printer. It does not print.");
	assert_true(newest_says(&k, "Dear customer,"));
	assert_false(newest_says(&k, "evil"));
	/* Japanese as ever */
	send_receipt(&k, "d@c.example", "山田 太郎", "返品",
		     "返品したいのですが、どうすればよいですか。");
	assert_true(newest_says(&k, "山田 太郎 様"));
	/* the window decides what the mail does not tell */
	send_receipt(&k, "e@c.example", "e", "?", "1");
	assert_true(newest_says(&k, "受付番号は"));
	act(&k, &mdg_actor_system, "window.letter",
	    json_pack("{s:s,s:s}", "window", "shop", "lang", "en"));
	send_receipt(&k, "f@c.example", "f", "?", "1");
	assert_true(newest_says(&k, "Your number is"));
	send_receipt(&k, "g@c.example", "山田 太郎", "返品",
		     "返品したいのですが、どうすればよいですか。");
	assert_true(newest_says(&k, "山田 太郎 様"));
	close_desk(&k);
}

static void
held_up_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_with_receipts(url);
	struct mdg_outbox_job job;

	take_in(&k, new_mail("a@c", "taro@c.example", "件名", "1"));
	if (!mdg_clock_advance(0)) { /* without --enable-faults */
		close_desk(&k);
		return;
	}
	assert_true(mdg_clock_advance(5 * 3600));
	assert_false(claim(&k, &a, &job));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox"
				   " WHERE state = 'cancelled'"),
			 1);
	close_desk(&k);
}

static void
hours_are_told_as_in_a_letter(void **state)
{
	static const struct {
		const char *weekly, *words, *words_en;
	} cases[] = {
		{"\"mon\":[[\"09:00\",\"18:00\"]],"
		 "\"tue\":[[\"09:00\",\"18:00\"]],"
		 "\"wed\":[[\"09:00\",\"18:00\"]],"
		 "\"thu\":[[\"09:00\",\"18:00\"]],"
		 "\"fri\":[[\"09:00\",\"18:00\"]]",
		 "月曜日から金曜日の9時から18時まで（祝日を除く）",
		 "Monday to Friday, 9:00 to 18:00 (except public holidays)"},
		{"\"mon\":[[\"09:30\",\"12:00\"],[\"13:00\",\"17:00\"]],"
		 "\"sat\":[[\"10:00\",\"15:00\"]],"
		 "\"sun\":[[\"10:00\",\"15:00\"]]",
		 "月曜日の9時30分から12時まで、13時から17時まで、"
		 "土曜日・日曜日の10時から15時まで（祝日を除く）",
		 "Monday, 9:30 to 12:00 and 13:00 to 17:00; Saturday and "
		 "Sunday, 10:00 to 15:00 (except public holidays)"},
		{"", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		struct mdg_calendar *cal;
		struct mdg_err err;
		char json[600];
		snprintf(json, sizeof(json),
			 "{\"zone\":\"Asia/Tokyo\",\"weekly\":{%s},"
			 "\"national_holidays\":\"jp\"}",
			 cases[i].weekly);
		assert_true(mdg_calendar_parse(json, &cal, &err));
		mdg_hours_words(cal, MDG_LANG_JA, &b);
		assert_string_equal(mdg_buf_str(&b), cases[i].words);
		mdg_buf_reset(&b);
		mdg_buf_reset(&b);
		mdg_hours_words(cal, MDG_LANG_EN, &b);
		assert_string_equal(mdg_buf_str(&b), cases[i].words_en);
		const int64_t at_s = 1795446000; /* 2026-11-24 00:00 */
		mdg_buf_reset(&b);
		mdg_day_words(cal, at_s, MDG_LANG_JA, &b);
		assert_string_equal(mdg_buf_str(&b), "11月24日（火）");
		mdg_buf_reset(&b);
		mdg_day_words(cal, at_s, MDG_LANG_EN, &b);
		assert_string_equal(mdg_buf_str(&b), "Tuesday, November 24");
		mdg_calendar_free(&cal);
	}
}

EACH(a_window_sends_no_receipts_unless_told_to, off_body);
EACH(a_receipt_says_number_and_hours_and_nothing_of_the_mail, says_body);
EACH(machines_lists_and_ourselves_get_no_receipt, nobody_body);
EACH(history_gets_no_receipt, history_body);
EACH(an_address_gets_three_an_hour_and_eight_a_day, limits_body);
EACH(a_flood_opens_the_breaker, breaker_body);
EACH(a_name_that_is_none_is_not_repeated, bad_name_body);
EACH(a_receipt_that_was_held_up_stays_at_home, held_up_body);
EACH(who_writes_english_gets_the_english_receipt, english_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_window_sends_no_receipts_unless_told_to),
	cmocka_unit_test(
		a_receipt_says_number_and_hours_and_nothing_of_the_mail),
	cmocka_unit_test(machines_lists_and_ourselves_get_no_receipt),
	cmocka_unit_test(history_gets_no_receipt),
	cmocka_unit_test(an_address_gets_three_an_hour_and_eight_a_day),
	cmocka_unit_test(a_flood_opens_the_breaker),
	cmocka_unit_test(a_name_that_is_none_is_not_repeated),
	cmocka_unit_test(a_receipt_that_was_held_up_stays_at_home),
	cmocka_unit_test(who_writes_english_gets_the_english_receipt),
	cmocka_unit_test(hours_are_told_as_in_a_letter),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
