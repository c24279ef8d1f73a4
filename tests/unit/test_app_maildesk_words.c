/* Every word that people command by mail with, in Japanese and in English,
 * from the mail to what it changed; on both engines. */
#include "desk_fixture.h"

#include "maildesk_fixture.h"

static const char letter[] =
	"田中 様\n\nお問い合わせありがとうございます。\n返品の手順をご案内いたします。\n\n"
	"ご不明な点がございましたら、お知らせください。";
static const char tpl[] = "---\nid: henpin\ntitle: 返品の手順\ncategory: 返品\n"
			  "version: 1\n---\n田中 様\n\n返品の手順です。\n";

/* One mail of somebody, and what must be true after it. */
struct word {
	const char *who, *ja, *en;
	bool is_signed;
	const char *sql; /* counts 1 then */
};

static int serial;
static bool english; /* which of both is spoken now */

static void
speak(const char *url, const char *approval, const struct word *v, size_t n)
{
	struct desk k = open_desk(url, approval);
	char id[32];

	act(&k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "henpin", "source", tpl));
	int64_t ticket = number_of(&k, md_begin(&k));
	for (size_t i = 0; i < n; i++) {
		const char *text = english ? v[i].en : v[i].ja;
		if (!v[i].who) {
			act(&k, &k.sv, text,
			    json_pack("{s:I}", "ticket", ticket));
			continue;
		}
		snprintf(id, sizeof(id), "word%d@p", ++serial);
		md_says(&k, id, v[i].who, text, v[i].is_signed);
		if (count(&k, v[i].sql) != 1)
			fail_msg("\"%s\" did not do it: %s\n%s", text, v[i].sql,
				 md_newest_text(&k, v[i].who));
	}
	close_desk(&k);
}

#define SATO "sato@people.example"
#define SUZUKI "suzuki@people.example"
#define TICKET(x) "SELECT COUNT(*) FROM ticket WHERE parent_id IS NULL AND " x
#define DRAFT(x) "SELECT COUNT(*) FROM draft WHERE " x
#define ORDER(x)                                                               \
	"SELECT COUNT(*) FROM mail_order WHERE id ="                           \
	" (SELECT MAX(id) FROM mail_order) AND state = 'done' AND " x

static void
operators(const char *url)
{
	static const struct word v[] = {
		{SATO, "保留 倉庫に確認中", "hold 倉庫に確認中", false,
		 TICKET("state = 'hold' AND hold_reason = '倉庫に確認中'")},
		{SATO, "コメント 電話しました", "comment called them", false,
		 "SELECT COUNT(*) FROM comment"},
		{SATO, "分類 返品", "category 返品", false,
		 TICKET("category = '返品'")},
		{SATO, "お約束 明日 15:00", "promise tomorrow 15:00", false,
		 "SELECT COUNT(*) FROM clock WHERE kind = 'promise'"
		 " AND state = 'running'"},
		{SATO, letter, letter, false, DRAFT("state = 'waiting'")},
		{SATO, "依頼取消", "withdraw", false,
		 DRAFT("state = 'editing'")},
		{SATO, "承認依頼", "submit", false, DRAFT("state = 'waiting'")},
		{SATO, "取消", "cancel", false, DRAFT("state = 'editing'")},
		{SATO, "取消", "cancel", false, DRAFT("state = 'cancelled'")},
		{SATO, "返信不要", "no reply", false,
		 TICKET("closing = 'no_reply'")},
		{SATO, "一覧", "list", false, ORDER("what = 'list'")},
		{SATO, "ヘルプ", "help", false, ORDER("what = 'help'")},
	};

	speak(url, "all", v, MDG_LEN(v));
}

static void
closings(const char *url)
{
	static const struct word v[] = {
		{SATO, "お礼", "thanks only", false,
		 TICKET("closing = 'thanks'")},
		{NULL, "ticket.reopen", "ticket.reopen", false, NULL},
		{SATO, "迷惑", "spam", false, TICKET("closing = 'spam'")},
		{NULL, "ticket.reopen", "ticket.reopen", false, NULL},
		{SATO, "完了", "done", false, TICKET("state = 'closed'")},
	};

	speak(url, "all", v, MDG_LEN(v));
}

/* Who has a ticket, and who is asked beside it. */
static void
others(const char *url)
{
	static const struct word v[] = {
		{SATO, "担当 suzuki", "assign suzuki", true,
		 TICKET("assignee_id = (SELECT id FROM person"
			" WHERE login = 'suzuki')")},
		{SATO, "担当 sato", "assign sato", true,
		 TICKET("assignee_id = (SELECT id FROM person"
			" WHERE login = 'sato')")},
		{SUZUKI, "一覧", "list", false, ORDER("what = 'list'")},
		{SATO, "照会 soko@w.example\nいつ届きますか。",
		 "inquire soko@w.example\nいつ届きますか。", false,
		 DRAFT("state = 'waiting'")},
		{SATO, "一覧", "list", false,
		 "SELECT COUNT(*) FROM ticket WHERE parent_id IS NOT NULL"},
	};

	speak(url, "all", v, MDG_LEN(v));
}

/* Handing over needs more than token and From: a code. */
static void
unproved(const char *url)
{
	static const struct word v[] = {
		{SATO, "担当 suzuki", "assign suzuki", false,
		 "SELECT COUNT(*) FROM mail_token WHERE purpose = 'code'"},
	};

	speak(url, "all", v, MDG_LEN(v));
}

static void
leads(const char *url)
{
	static const struct word v[] = {
		{SATO, letter, letter, false, DRAFT("state = 'waiting'")},
		{SUZUKI, "差し戻し F4 日付", "return F4 日付", false,
		 DRAFT("state = 'returned' AND return_code = 'F4'")},
		{SATO, letter, letter, false, DRAFT("state = 'waiting'")},
		{SUZUKI,
		 "修正して承認\n田中 様\n\n返品の手順をご案内いたします。",
		 "approve with changes\n田中 様\n\n返品の手順をご案内いたします。",
		 true, ORDER("reason = 'findings'")},
		/* shown with what was found in it, it goes out so */
		{SUZUKI, "修正して承認", "approve with changes", true,
		 "SELECT COUNT(*) FROM revision WHERE state = 'corrected'"},
	};

	speak(url, "all", v, MDG_LEN(v));
}

static void
stopped(const char *url)
{
	static const struct word v[] = {
		{SATO, letter, letter, false, DRAFT("state = 'waiting'")},
		{SUZUKI, "承認", "approve", true,
		 "SELECT COUNT(*) FROM revision WHERE state = 'approved'"},
		{SUZUKI, "取消", "cancel", true,
		 "SELECT COUNT(*) FROM outbox WHERE kind = 'reply'"
		 " AND state = 'cancelled'"},
	};

	speak(url, "all", v, MDG_LEN(v));
}

/* Where nobody has to approve, a letter waits for its own writer's word. */
static void
senders(const char *url)
{
	static const struct word v[] = {
		{SATO, letter, letter, false, DRAFT("state = 'editing'")},
		{SATO, "予約 明日 9:00", "schedule tomorrow 9:00", true,
		 "SELECT COUNT(*) FROM outbox WHERE kind = 'reply'"
		 " AND state = 'queued'"},
		{SATO, "取消", "cancel", false,
		 "SELECT COUNT(*) FROM outbox WHERE kind = 'reply'"
		 " AND state = 'cancelled'"},
	};

	speak(url, "none", v, MDG_LEN(v));
}

static void
sending(const char *url)
{
	static const struct word v[] = {
		{SATO, letter, letter, false, DRAFT("state = 'editing'")},
		{SATO, "送信", "send", true,
		 "SELECT COUNT(*) FROM outbox WHERE kind = 'reply'"
		 " AND state = 'queued'"},
	};

	speak(url, "none", v, MDG_LEN(v));
}

/* A stranger with a token of ours acts on nothing, and is not lost. */
static void
strangers(const char *url)
{
	struct desk k = open_desk(url, "all");
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	int64_t ticket = md_begin(&k);
	md_says(&k, "s1@p", SATO, letter, false);
	struct mdg_mail *m =
		new_mail("s2@x", "hanako@other.example", "Re: x", "承認");
	mdg_strings_add(&m->in_reply_to, &m->arena,
			md_newest_to(&k, SUZUKI, &a), 1);
	mdg_strings_add(&m->auth_results, &m->arena,
			"mx.example; dkim=pass header.d=people.example", 1);
	struct mdg_intake_result r = take_in(&k, m);
	assert_int_not_equal(r.ticket_id, 0);
	assert_int_not_equal(r.ticket_id, ticket);
	md_carry_out(&k);
	assert_int_equal(count(&k, ORDER("1 = 0")), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM mail_order"
				   " WHERE state = 'refused'"
				   " AND reason = 'sender'"),
			 1);
	assert_int_equal(count(&k, DRAFT("state = 'waiting'")), 1);
	assert_string_equal(state_of(&k, number_of(&k, r.ticket_id)), "new");
	close_desk(&k);
}

/* A letter with files: one that is one, one that may do harm, one of a mail
 * program's. The fixture's parser finds "abc" in each. */
static void
files(const char *url)
{
	struct desk k = open_desk(url, "all");
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	static const struct mdg_attachment v[] = {
		{.filename = "手順書.pdf",
		 .media_type = "application/pdf",
		 .bytes = 3,
		 .part = 2},
		{.filename = "手順書.exe",
		 .media_type = "application/octet-stream",
		 .bytes = 3,
		 .part = 3,
		 .danger = MDG_DANGER_PROGRAM},
		{.filename = "smime.p7s",
		 .media_type = "application/pkcs7-signature",
		 .bytes = 3,
		 .part = 4},
	};

	md_begin(&k);
	for (size_t n = 1; n <= 3; n += 2) {
		struct mdg_mail *m = new_mail(n == 1 ? "f1@p" : "f2@p", SATO,
					      "Re: x", letter);
		m->attachments = mdg_arena_array(&m->arena, n, sizeof(v[0]));
		memcpy(m->attachments, v, n * sizeof(v[0]));
		m->attachments_n = n;
		mdg_strings_add(&m->in_reply_to, &m->arena,
				md_newest_to(&k, SATO, &a), 1);
		take_in(&k, m);
		md_carry_out(&k);
		/* the first goes on; what is lost of the second is told first
		 */
		assert_int_equal(count(&k, DRAFT("state = 'waiting'")), n == 1);
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM upload WHERE"
					   " filename = '手順書.pdf'"),
				 n == 1 ? 1 : 2);
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM upload WHERE"
					   " filename <> '手順書.pdf'"),
				 0);
	}
	close_desk(&k);
}

#define BOTH(name, body)                                                       \
	static void body##_ja(const char *url)                                 \
	{                                                                      \
		english = false;                                               \
		body(url);                                                     \
	}                                                                      \
	static void body##_en(const char *url)                                 \
	{                                                                      \
		english = true;                                                \
		body(url);                                                     \
	}                                                                      \
	EACH(name##_in_japanese, body##_ja);                                   \
	EACH(name##_in_english, body##_en)

BOTH(operators_words_do_what_they_say, operators);
BOTH(each_way_to_close_is_its_own, closings);
BOTH(others_are_asked_and_given_tickets, others);
BOTH(handing_over_unproved_asks_for_a_code, unproved);
BOTH(leads_words_do_what_they_say, leads);
BOTH(what_was_approved_can_be_stopped, stopped);
BOTH(who_may_send_schedules_and_cancels, senders);
BOTH(who_may_send_sends, sending);
EACH(files_go_into_the_draft, files);
EACH(a_strangers_mail_acts_on_nothing_and_is_kept, strangers);

#define TESTS_OF(name)                                                         \
	cmocka_unit_test(name##_in_japanese),                                  \
		cmocka_unit_test(name##_in_english)

static const struct CMUnitTest tests[] = {
	TESTS_OF(operators_words_do_what_they_say),
	TESTS_OF(each_way_to_close_is_its_own),
	TESTS_OF(others_are_asked_and_given_tickets),
	TESTS_OF(handing_over_unproved_asks_for_a_code),
	TESTS_OF(leads_words_do_what_they_say),
	TESTS_OF(what_was_approved_can_be_stopped),
	TESTS_OF(who_may_send_schedules_and_cancels),
	TESTS_OF(who_may_send_sends),
	cmocka_unit_test(files_go_into_the_draft),
	cmocka_unit_test(a_strangers_mail_acts_on_nothing_and_is_kept),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
