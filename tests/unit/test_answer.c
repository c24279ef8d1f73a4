#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/answer.h"

static const char own_signature[] =
	"-- \n佐藤 美咲\n携帯 090-1234-5678\nsato@example.jp\n";

/* Three candidates as the notice showed them, and two slots to fill. */
static struct mdg_answer
read_all(struct mdg_arena *a, const char *reply, const char *text)
{
	struct mdg_answer_input in = {
		.reply = reply,
		.text = text ? text : reply,
		.signature = own_signature,
		.name = "佐藤 美咲",
		.candidates = {"田中 様\n\nお調べします。",
			       "田中 様\n\n発送しました。", NULL},
	};
	struct mdg_answer out;

	mdg_strings_add(&in.labels, a, "お届け日", 9);
	mdg_strings_add(&in.labels, a, "注文番号", 9);
	mdg_strings_add(&in.slots, a, "date.arrival", 9);
	mdg_strings_add(&in.slots, a, "order.no", 9);
	mdg_answer_read(&in, a, &out);
	return out;
}

static void
words_are_heard_in_every_way_people_write_them(void **state)
{
	static const struct {
		const char *reply;
		enum mdg_answer_cmd cmd;
		const char *arg;
	} v[] = {
		{"承認", MDG_ANSWER_APPROVE, ""},
		{"承認します。", MDG_ANSWER_APPROVE, ""},
		{"承認いたします", MDG_ANSWER_APPROVE, ""},
		{"承認です！", MDG_ANSWER_APPROVE, ""},
		{"＃承認", MDG_ANSWER_APPROVE, ""},
		{"＃　承認。", MDG_ANSWER_APPROVE, ""},
		{"# 承認！", MDG_ANSWER_APPROVE, ""},
		{"#approve", MDG_ANSWER_APPROVE, ""},
		{"Approve.", MDG_ANSWER_APPROVE, ""},
		{"ＡＰＰＲＯＶＥ", MDG_ANSWER_APPROVE, ""},
		{"承認\n\n佐藤です。\nよろしくお願いします。",
		 MDG_ANSWER_APPROVE, ""},
		{"お疲れ様です。\n承認します。", MDG_ANSWER_APPROVE, ""},
		{"承認\n\n-- \n佐藤 美咲\n携帯 090-1234-5678\nsato@example.jp",
		 MDG_ANSWER_APPROVE, ""},
		{"承認\n\niPhoneから送信", MDG_ANSWER_APPROVE, ""},
		{"差し戻し", MDG_ANSWER_RETURN, ""},
		{"差戻し", MDG_ANSWER_RETURN, ""},
		{"さしもどし", MDG_ANSWER_RETURN, ""},
		{"返却", MDG_ANSWER_RETURN, ""},
		{"返却します。", MDG_ANSWER_RETURN, ""},
		{"差し戻し F4 日付が違います", MDG_ANSWER_RETURN,
		 "F4 日付が違います"},
		{"差し戻し　Ｆ４　日付", MDG_ANSWER_RETURN, "F4 日付"},
		{"差戻し：K1", MDG_ANSWER_RETURN, "K1"},
		{"return F4 wrong date", MDG_ANSWER_RETURN, "F4 wrong date"},
		{"修正して承認", MDG_ANSWER_CORRECT, ""},
		{"承認依頼", MDG_ANSWER_SUBMIT, ""},
		{"承認をお願いします。", MDG_ANSWER_SUBMIT, ""},
		{"依頼取消", MDG_ANSWER_WITHDRAW, ""},
		{"依頼を取り消す", MDG_ANSWER_WITHDRAW, ""},
		{"取り下げます", MDG_ANSWER_WITHDRAW, ""},
		{"送信", MDG_ANSWER_SEND, ""},
		{"送信してください。", MDG_ANSWER_SEND, ""},
		{"取消", MDG_ANSWER_CANCEL, ""},
		{"キャンセル", MDG_ANSWER_CANCEL, ""},
		{"ｷｬﾝｾﾙ", MDG_ANSWER_CANCEL, ""},
		{"予約 8/3 10:00", MDG_ANSWER_SCHEDULE, "8/3 10:00"},
		{"予約：明日 9:00", MDG_ANSWER_SCHEDULE, "明日 9:00"},
		{"保留 倉庫に確認中", MDG_ANSWER_HOLD, "倉庫に確認中"},
		{"返信不要", MDG_ANSWER_NO_REPLY, ""},
		{"対応不要です。", MDG_ANSWER_NO_REPLY, ""},
		{"お礼", MDG_ANSWER_THANKS, ""},
		{"御礼", MDG_ANSWER_THANKS, ""},
		{"迷惑", MDG_ANSWER_SPAM, ""},
		{"迷惑メールです", MDG_ANSWER_SPAM, ""},
		{"担当 鈴木", MDG_ANSWER_ASSIGN, "鈴木"},
		{"担当：suzuki", MDG_ANSWER_ASSIGN, "suzuki"},
		{"担当 10042", MDG_ANSWER_ASSIGN, "10042"},
		{"担当します", MDG_ANSWER_TAKE, ""},
		{"交代", MDG_ANSWER_TAKE, ""},
		{"分類 返品", MDG_ANSWER_CATEGORY, "返品"},
		{"コメント 倉庫に電話済み", MDG_ANSWER_COMMENT,
		 "倉庫に電話済み"},
		{"照会 souko@example.jp", MDG_ANSWER_INQUIRE,
		 "souko@example.jp"},
		{"お約束 明日 17:00", MDG_ANSWER_PROMISE, "明日 17:00"},
		{"完了", MDG_ANSWER_DONE, ""},
		{"対応済み", MDG_ANSWER_DONE, ""},
		{"対応完了しました。", MDG_ANSWER_DONE, ""},
		{"done", MDG_ANSWER_DONE, ""},
		{"一覧", MDG_ANSWER_LIST, ""},
		{"一覧をお願いします", MDG_ANSWER_LIST, ""},
		{"ヘルプ", MDG_ANSWER_HELP, ""},
		{"ﾍﾙﾌﾟ", MDG_ANSWER_HELP, ""},
		{"help", MDG_ANSWER_HELP, ""},
		{"?", MDG_ANSWER_HELP, ""},
	};
	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_answer r = read_all(&a, v[i].reply, NULL);
		if (r.cmd != v[i].cmd || !mdg_streq(r.arg, v[i].arg) ||
		    r.doubt != MDG_ANSWER_CLEAR)
			fail_msg("\"%s\": command %d (want %d), \"%s\", "
				 "doubt %d (%s), text \"%s\"",
				 v[i].reply, (int)r.cmd, (int)v[i].cmd, r.arg,
				 (int)r.doubt, r.other ? r.other : "", r.text);
	}
}

static void
a_digit_takes_that_candidate(void **state)
{
	static const struct {
		const char *reply;
		int choice;
	} v[] = {
		{"1", 1},
		{"２", 2},
		{"②", 2},
		{"3.", 3},
		{"1番", 1},
		{"候補1", 1},
		{"1で", 1},
		{"２でお願いします。", 2},
		{"１です", 1},
		{"#1", 1},
		{"＃２", 2},
		{"1\n\n佐藤です", 1},
		{"4", 0},
		{"10", 0},
		{"1つ確認です", 0},
		{"12時に", 0},
		{"1\nよろしくお願いします", 1},
	};
	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_answer r = read_all(&a, v[i].reply, NULL);
		if (r.choice != v[i].choice)
			fail_msg("\"%s\": %d", v[i].reply, r.choice);
	}
}

static void
a_digit_may_come_with_a_command_and_slots(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_answer r = read_all(
		&a, "２\nお届け日：８月３日\n注文番号 = A-1 2\n承認依頼", NULL);

	assert_int_equal(r.choice, 2);
	assert_int_equal(r.cmd, MDG_ANSWER_SUBMIT);
	assert_int_equal(r.slot_names.n, 2);
	assert_string_equal(r.slot_names.v[0], "date.arrival");
	assert_string_equal(r.slot_values.v[0], "８月３日");
	assert_string_equal(r.slot_values.v[1], "A-1 2");
	assert_int_equal(r.doubt, MDG_ANSWER_CLEAR);
	r = read_all(&a, "1 承認依頼", NULL);
	assert_int_equal(r.choice, 1);
	assert_int_equal(r.cmd, MDG_ANSWER_SUBMIT);
}

static void
only_text_with_an_addressee_is_a_letter(void **state)
{
	static const struct {
		const char *reply;
		bool letter;
	} v[] = {
		{"田中 様\n\nお世話になっております。", true},
		{"株式会社みどり御中\n\nお世話になります。", true},
		{"株式会社みどり\n営業部 ご担当者様\n\nお世話になります。",
		 true},
		{"田中さま\n\nありがとうございます。", true},
		{"Dear Ms. Tanaka,\n\nThank you.", true},
		{"倉庫に確認してから返事します。", false},
		{"田中様は常連です。", false},
		{"この件、前にも田中様からありました。", false},
		{"お客様のお怒りはもっともだと思います", false},
		{"了解していただけるそうです。", false},
	};
	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_answer r = read_all(&a, v[i].reply, NULL);
		if (r.is_letter != v[i].letter || !*r.text)
			fail_msg("\"%s\": %d", v[i].reply, r.is_letter);
	}
}

static void
doubt_is_told_and_nothing_chosen(void **state)
{
	static const struct {
		const char *reply;
		enum mdg_answer_doubt doubt;
	} v[] = {
		{"", MDG_ANSWER_EMPTY},
		{"\n\n", MDG_ANSWER_EMPTY},
		{"-- \n佐藤 美咲\n携帯 090-1234-5678\nsato@example.jp",
		 MDG_ANSWER_EMPTY},
		{"#承認します\n#差し戻し", MDG_ANSWER_TWO},
		{"承認\n差し戻し", MDG_ANSWER_TWO},
		{"#しようにん", MDG_ANSWER_UNKNOWN},
		{"#foo", MDG_ANSWER_UNKNOWN},
		{"承認\nただし日付だけ直してください", MDG_ANSWER_WITH_TEXT},
		{"1\nでも最後の文は変えたいです", MDG_ANSWER_WITH_TEXT},
		{"1\n2", MDG_ANSWER_TWO},
		{"1\n田中 様\n\n別の文です。", MDG_ANSWER_TWO_LETTERS},
		{"田中 様\n\n発送しました。\n\n#保留 倉庫", MDG_ANSWER_LETTER},
		{"2\n保留 倉庫", MDG_ANSWER_LETTER},
		{"承認\n日付を直して。よろしくお願いします",
		 MDG_ANSWER_WITH_TEXT},
		{"承認\nただし明日送信でよろしくお願いします",
		 MDG_ANSWER_WITH_TEXT},
		{"承認しません", MDG_ANSWER_SPOKEN},
		{"これ承認でいいですか？", MDG_ANSWER_SPOKEN},
		{"まだ送らないで", MDG_ANSWER_SPOKEN},
		{"送信しました", MDG_ANSWER_SPOKEN},
		{"承認してください", MDG_ANSWER_SPOKEN},
		{"4", MDG_ANSWER_SPOKEN},
		{"了解です", MDG_ANSWER_EMPTY},
		{"田中さん\n\n明日届きます。", MDG_ANSWER_FAMILIAR},
	};
	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_answer r = read_all(&a, v[i].reply, NULL);
		if (r.doubt != v[i].doubt)
			fail_msg("\"%s\": doubt %d", v[i].reply, (int)r.doubt);
	}
}

static void
words_inside_a_text_command_nothing(void **state)
{
	static const char *const v[] = {
		"承認の件ですが、少し待ってください。",
		"送信はまだしないでください。",
		"承認しません",
		"承認できません。",
		"まだ承認しないでください",
		"承認？",
		"承認していいですか？",
		"差し戻しの理由を教えてください。",
		"完了していません",
		"取消の依頼がお客様から来ています。",
		"田中 様\n\nご注文を取り消しいたしました。\n送信\n",
		"I cannot approve this yet.",
		"Do not send.",
	};
	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_answer r = read_all(&a, v[i], NULL);
		if (r.cmd != MDG_ANSWER_NONE && r.doubt == MDG_ANSWER_CLEAR)
			fail_msg("\"%s\": command %d", v[i], (int)r.cmd);
	}
}

static void
what_follows_a_marked_command_belongs_to_it(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_answer r = read_all(
		&a, "＃差し戻し F4\n日付が違います。\n8日です。", NULL);

	assert_int_equal(r.cmd, MDG_ANSWER_RETURN);
	assert_string_equal(r.arg, "F4");
	assert_string_equal(r.text, "日付が違います。\n8日です。");
	assert_int_equal(r.doubt, MDG_ANSWER_CLEAR);
	r = read_all(&a, "修正して承認\n\n田中 様\n\nお待たせしました。", NULL);
	assert_int_equal(r.cmd, MDG_ANSWER_CORRECT);
	assert_true(r.is_letter);
	r = read_all(&a, "田中 様\n\nお待たせしました。\n\n#承認依頼", NULL);
	assert_int_equal(r.cmd, MDG_ANSWER_SUBMIT);
	assert_string_equal(r.text, "田中 様\n\nお待たせしました。");
	assert_int_equal(r.doubt, MDG_ANSWER_CLEAR);
}

static void
a_candidate_changed_between_its_marks_is_taken(void **state)
{
	static const char *const v[] = {
		/* plain quote, one line changed */
		"> ▼1▼ 候補1\n> 田中 様\n>\n> すぐにお調べします。\n> ▲1▲\n"
		"> ▼2▼\n> 田中 様\n>\n> 発送しました。\n> ▲2▲\n",
		/* Outlook: no marks of quoting */
		"▼1▼\n田中 様\n\nすぐにお調べします。\n▲1▲\n\n▼2▼\n田中 様\n\n発送しました。\n▲2▲",
		/* full-width digits, deeper quotes */
		">> ▼１\n>> 田中 様\n>>\n>> すぐにお調べします。\n>> ▲１\n",
	};
	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_answer r = read_all(&a, "", v[i]);
		assert_int_equal(r.edited, 1);
		assert_string_equal(r.edited_text,
				    "田中 様\n\nすぐにお調べします。");
		assert_int_equal(r.doubt, MDG_ANSWER_CLEAR);
	}
}

static void
a_quoted_notice_alone_changes_nothing(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_answer r = read_all(
		&a, "1",
		"1\n\n> ▼1▼\n> 田中 様\n> \n> お調べします。\n> ▲1▲\n");

	assert_int_equal(r.edited, 0);
	assert_int_equal(r.choice, 1);
	r = read_all(&a, "",
		     "▼1▼\n田中 様\n\nお調べ中。\n▲1▲\n▼2▼\n田中 様\n\n"
		     "発送です。\n▲2▲\n");
	assert_int_equal(r.doubt, MDG_ANSWER_TWO_EDITED);
}

static void
a_draft_changed_in_the_quote_is_not_sent_as_it_was(void **state)
{
	static const char shown[] = "田中 様\n\n8 日に発送いたします。\n"
				    "https://example.jp/ をご覧ください。\n\n"
				    "----------------------\n窓口\n\n"
				    "-- \nサンプル商店\n\n> 質問です。\n";
	static const struct {
		const char *text;
		enum mdg_answer_doubt doubt;
	} v[] = {
		/* as it was; without the quote; cut short; wrapped and linked
		 */
		{"承認\n\n> 田中 様\n>\n> 8 日に発送いたします。\n"
		 "> https://example.jp/ をご覧ください。\n>\n"
		 "> ----------------------\n> 窓口\n>\n> --\n> サンプル商店\n"
		 ">\n>> 質問です。\n",
		 MDG_ANSWER_CLEAR},
		{"承認\n", MDG_ANSWER_CLEAR},
		{"承認\n\n> 【承認依頼】\n> 田中 様\n", MDG_ANSWER_CLEAR},
		{"承認\n\n> 田中 様\n>\n> 8 日に発送\n> いたします。\n"
		 "> https://example.jp/ <https://example.jp/> をご覧\n> ください。\n"
		 "> ----------------------\n> 窓口\n>\n> --\n> サンプル商店\n"
		 ">\n>> 質問です。\n",
		 MDG_ANSWER_CLEAR},
		/* a day, a line more, a line less */
		{"承認\n\n> 田中 様\n>\n> 9 日に発送いたします。\n"
		 "> https://example.jp/ をご覧ください。\n> 窓口\n",
		 MDG_ANSWER_SHOWN},
		{"承認\n\n田中 様\n\n8 日に発送いたします。\n送料は無料です。\n"
		 "https://example.jp/ をご覧ください。\n窓口\n",
		 MDG_ANSWER_SHOWN},
		{"承認\n\n田中 様\n\nhttps://example.jp/ をご覧ください。\n窓口\n",
		 MDG_ANSWER_SHOWN},
	};
	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_answer_input in = {.reply = "承認",
					      .text = v[i].text,
					      .signature = "",
					      .name = "",
					      .shown = shown};
		struct mdg_answer r;
		mdg_answer_read(&in, &a, &r);
		if (r.doubt != v[i].doubt || r.cmd != MDG_ANSWER_APPROVE)
			fail_msg("%zu: doubt %d", i, (int)r.doubt);
		in.reply = "#承認";
		mdg_answer_read(&in, &a, &r);
		assert_int_equal(r.doubt, MDG_ANSWER_CLEAR);
	}
}

static void
what_is_written_to_us_above_a_letter_is_not_in_it(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_answer r = read_all(
		&a,
		"下記でお願いします。\n\n株式会社みどり\n田中 様\n\nお待たせしました。",
		NULL);

	assert_string_equal(r.text,
			    "株式会社みどり\n田中 様\n\nお待たせしました。");
	r = read_all(&a, "【重要】\n\n田中 様\n\nお待たせしました。", NULL);
	assert_string_equal(r.text,
			    "【重要】\n\n田中 様\n\nお待たせしました。");
}

static void
the_own_signature_goes_and_what_is_left_of_it_is_found(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_answer r = read_all(
		&a,
		"田中 様\n\nお調べします。\n\n━━━━━━\n佐藤 美咲\n携帯　０９０-１２３４-５６７８\n",
		NULL);

	assert_string_equal(r.text, "田中 様\n\nお調べします。");
	assert_null(r.leftover);
	r = read_all(&a, "田中 様\n\nお急ぎなら 090-1234-5678 まで。", NULL);
	assert_non_null(r.leftover);
	assert_string_equal(r.leftover, "090-1234-5678");
}

static void
six_digits_alone_are_a_code(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	assert_string_equal(read_all(&a, "４８２９１３", NULL).code, "482913");
	assert_string_equal(read_all(&a, "482913\n佐藤です", NULL).code,
			    "482913");
	assert_null(read_all(&a, "482913 が届きました", NULL).code);
	assert_null(read_all(&a, "4829131", NULL).code);
	assert_null(read_all(&a, "482913\n承認", NULL).code);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			words_are_heard_in_every_way_people_write_them),
		cmocka_unit_test(a_digit_takes_that_candidate),
		cmocka_unit_test(a_digit_may_come_with_a_command_and_slots),
		cmocka_unit_test(only_text_with_an_addressee_is_a_letter),
		cmocka_unit_test(doubt_is_told_and_nothing_chosen),
		cmocka_unit_test(words_inside_a_text_command_nothing),
		cmocka_unit_test(what_follows_a_marked_command_belongs_to_it),
		cmocka_unit_test(
			a_candidate_changed_between_its_marks_is_taken),
		cmocka_unit_test(a_quoted_notice_alone_changes_nothing),
		cmocka_unit_test(
			a_draft_changed_in_the_quote_is_not_sent_as_it_was),
		cmocka_unit_test(
			what_is_written_to_us_above_a_letter_is_not_in_it),
		cmocka_unit_test(
			the_own_signature_goes_and_what_is_left_of_it_is_found),
		cmocka_unit_test(six_digits_alone_are_a_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
