#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/lint.h"

/* 2026-11-21 12:00 in Japan, a Saturday */
#define NOW_S 1795230000

static struct mdg_words *words;
static struct mdg_lint *lint;

static int
setup(void **state)
{
	struct mdg_err err;

	(void)state;
	mdg_words_open(&words, NULL);
	if (mdg_lint_open(&lint, words, &err))
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return -1;
}

static int
teardown(void **state)
{
	(void)state;
	mdg_lint_close(&lint);
	mdg_words_close(&words);
	return 0;
}

static struct mdg_findings
run(struct mdg_arena *a, const char *text, size_t n, const char *customer,
    unsigned flags)
{
	struct mdg_lint_input in = {.text = text,
				    .n = n,
				    .customer = customer,
				    .flags = flags,
				    .now_s = NOW_S};
	struct mdg_findings f;

	mdg_lint_run(lint, &in, a, &f);
	return f;
}

static bool
has_rule(const struct mdg_findings *f, const char *rule)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].rule, rule) == 0)
			return true;
	return false;
}

static bool
finds(const char *text, const char *rule)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_findings f = run(&a, text, strlen(text), NULL, 0);

	return has_rule(&f, rule);
}

static bool
finds_for(const char *text, const char *customer, const char *rule)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_findings f = run(&a, text, strlen(text), customer, 0);

	return has_rule(&f, rule);
}

/* The rule itself, or (where two say the same) one of its family. */
static bool
is_found(const struct mdg_findings *f, const struct mdg_lint_rule *rule)
{
	size_t family = strcspn(rule->id, ".") + 1;

	for (size_t i = 0; i < f->n; i++)
		if (strncmp(f->v[i].rule, rule->id, family) == 0)
			return true;
	return false;
}

static size_t
check_examples(const struct mdg_lint_rule *rule, const char *list, bool bad)
{
	size_t wrong = 0;

	while (*list) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		const char *sep = strstr(list, " ¦ ");
		size_t n = sep ? (size_t)(sep - list) : strlen(list);
		struct mdg_findings f = run(&a, list, n, NULL, 0);
		const char *other = NULL;
		for (size_t i = 0; i < f.n; i++)
			if (f.v[i].severity >= MDG_LINT_WARN)
				other = f.v[i].rule;
		if (bad && !is_found(&f, rule)) {
			print_message("%s misses: %.*s\n", rule->id, (int)n,
				      list);
			wrong++;
		} else if (!bad && (has_rule(&f, rule->id) || other)) {
			print_message("%s: not good (%s): %.*s\n", rule->id,
				      other ? other : "itself", (int)n, list);
			wrong++;
		}
		list += n + (sep ? strlen(" ¦ ") : 0);
	}
	return wrong;
}

static void
every_rule_finds_its_bad_examples_and_spares_the_good(void **state)
{
	const struct mdg_lint_rule *rules;
	size_t n = mdg_lint_rules(lint, &rules), wrong = 0;

	(void)state;
	assert_true(n > 100);
	for (size_t i = 0; i < n; i++) {
		if (!words && strcmp(rules[i].engine, "morph") == 0)
			continue;
		wrong += check_examples(&rules[i], rules[i].bad, true);
		wrong += check_examples(&rules[i], rules[i].good, false);
	}
	assert_int_equal(wrong, 0);
}

static void
offsets_are_characters_of_the_text_as_given(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	/* ㌔ becomes two letters when folded, ｶﾞ one */
	const char *text = "㌔ｶﾞ、了解しました。";

	(void)state;
	struct mdg_findings f = run(&a, text, strlen(text), NULL, 0);
	for (size_t i = 0; i < f.n; i++)
		if (strcmp(f.v[i].rule, "rude.ryoukai") == 0) {
			assert_int_equal(f.v[i].start, 4);
			assert_int_equal(f.v[i].end, 10);
			return;
		}
	fail();
}

static void
a_wrapped_sentence_is_one_sentence(void **state)
{
	(void)state;
	assert_true(finds("お客様が昨日お読みにな\nられた資料でございます。",
			  "double.ni-narareru"));
}

static void
what_others_said_is_not_judged(void **state)
{
	(void)state;
	assert_false(finds("> 了解しました。\nありがとうございます。",
			   "rude.ryoukai"));
	assert_false(finds("画面に「了解しました」と表示されます。",
			   "rude.ryoukai"));
	assert_false(finds("https://example.jp/めっちゃ をご覧ください。",
			   "casual.abbrev"));
}

static void
a_single_sentence_is_no_letter(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text = "ご注文の商品は明日お届けする予定でございます。";

	(void)state;
	struct mdg_findings f = run(&a, text, strlen(text), NULL, 0);
	assert_int_equal(f.n, 0);
}

static void
the_addressee_must_be_the_customer(void **state)
{
	const char *letter = "株式会社青葉商会\n髙橋 一郎 様\n\n"
			     "いつもお世話になっております。\n"
			     "青葉サポート窓口の山本でございます。\n\n"
			     "ご注文の商品を発送いたしました。\n"
			     "何卒よろしくお願いいたします。\n";

	(void)state;
	assert_false(finds_for(letter, "高橋 一郎", "guard.addressee"));
	assert_false(finds_for(letter, "高橋", "guard.addressee"));
	assert_false(finds_for(letter, "タカハシ イチロウ", "guard.addressee"));
	assert_true(finds_for(letter, "田中 一郎", "guard.addressee"));
	assert_true(finds_for(letter, "高橋 次郎", "guard.addressee"));
	assert_true(finds_for(letter, "有限会社青葉商会 高橋 一郎",
			      "guard.addressee"));
	assert_false(finds_for(letter, "株式会社青葉商会 高橋 一郎",
			       "guard.addressee"));
}

static void
an_addressee_has_a_title(void **state)
{
	const char *bare = "齋藤 由美\n\nお届けは明日の予定でございます。\n";
	const char *with = "齋藤 由美 様\n\nお届けは明日の予定でございます。\n";

	(void)state;
	assert_true(finds_for(bare, "斎藤 由美", "address.no-title"));
	assert_false(finds_for(with, "斎藤 由美", "address.no-title"));
	assert_false(finds_for(bare, "田中 花子", "address.no-title"));
}

static void
the_same_sentence_twice_is_seen(void **state)
{
	const char *letter = "田中 一郎 様\n\nお世話になっております。\n"
			     "ご注文の品を発送いたしました。\n"
			     "お世話になっております。\n";

	(void)state;
	assert_true(finds_for(letter, "田中 一郎", "letter.twice"));
}

static void
onchu_and_sama_are_one_too_many_on_two_lines(void **state)
{
	const char *letter = "株式会社青葉商会御中\n総務部 田中様\n\n"
			     "お世話になっております。\n"
			     "ご注文の品を発送いたしました。\n";

	(void)state;
	assert_true(finds_for(letter, "株式会社青葉商会 田中 一郎",
			      "address.onchu-and-sama"));
}

/* It is 21 November 2026. */
static void
a_limit_that_is_past_is_seen(void **state)
{
	(void)state;
	assert_true(finds_for("お手続きは、11月10日までにお願いいたします。",
			      "田中 一郎", "guard.past-date"));
	assert_true(finds_for("11月20日に発送いたします。", "田中 一郎",
			      "guard.past-date"));
	assert_false(finds_for("11月20日にいただいたお問い合わせの件で"
			       "ございます。ご確認をお願いいたします。",
			       "田中 一郎", "guard.past-date"));
	assert_false(finds_for("11月10日までのご注文は、順次発送いたします。",
			       "田中 一郎", "guard.past-date"));
	assert_false(finds_for("11月30日までにお願いいたします。", "田中 一郎",
			       "guard.past-date"));
}

static void
another_customers_name_is_seen(void **state)
{
	(void)state;
	if (!words)
		skip();
	assert_true(finds_for("先日の佐藤様のご注文につきまして", "田中 一郎",
			      "guard.other-name"));
	assert_false(finds_for("先日の田中様のご注文につきまして", "田中 一郎",
			       "guard.other-name"));
	assert_false(finds("株式会社青葉商会\n営業部 佐藤 様\n\n"
			   "佐藤様のご注文につきまして",
			   "guard.other-name"));
	assert_true(finds("株式会社青葉商会\n営業部 佐藤 様\n\n"
			  "鈴木様のご注文につきまして",
			  "guard.other-name"));
	assert_false(finds_for("佐藤様のご注文につきまして", "株式会社青葉商会",
			       "guard.other-name"));
	assert_false(finds_for("佐藤 様\n\nお世話になっております。",
			       "株式会社青葉商会", "guard.addressee"));
	assert_true(finds_for("株式会社山川 御中\n佐藤 様\n",
			      "株式会社青葉商会 田中", "guard.addressee"));
	assert_false(finds_for("お届け先の佐藤様へお送りしました。",
			       "田中 一郎", "guard.other-name"));
}

static void
weekdays_are_checked_in_the_nearest_year(void **state)
{
	(void)state;
	assert_true(finds("11月20日(木)にお届けします。", "guard.weekday"));
	assert_false(finds("11月20日（金）にお届けします。", "guard.weekday"));
	assert_false(finds("1月5日(火)にお届けします。", "guard.weekday"));
	assert_true(finds("令和8年11月20日 土曜日です。", "guard.weekday"));
	assert_true(finds("2026/11/20(木)", "guard.weekday"));
	assert_true(finds("2月30日に発送します。", "guard.no-such-date"));
	assert_true(finds("2026年（令和7年）の価格", "guard.era"));
}

static void
attachments_are_checked_when_known(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *says = "返品用紙を添付いたします。";
	const char *asks = "写真をメールに添付してください。";

	(void)state;
	struct mdg_findings f =
		run(&a, says, strlen(says), NULL, MDG_LINT_NOT_ATTACHED);
	assert_true(has_rule(&f, "guard.attachment"));
	f = run(&a, asks, strlen(asks), NULL, MDG_LINT_NOT_ATTACHED);
	assert_false(has_rule(&f, "guard.attachment"));
	f = run(&a, asks, strlen(asks), NULL, MDG_LINT_ATTACHED);
	assert_false(has_rule(&f, "guard.attachment-unmentioned"));
}

static void
any_text_is_survived(void **state)
{
	static const char *const texts[] = {
		"",        "\n",
		"\n\n\n",  "「",
		"」」」",  "様",
		"御中",    "{{",
		"-- \n",   "----\n----\n",
		"> > >",   "・",
		"1",       "1.",
		"(",       "（（（",
		"@",       "a@",
		"http://", "`",
		"``",      "。。。",
		"\t\t",    "　　",
		"ﾞﾞﾞ",     "か\xE3\x82\x99\xE3\x82\x99",
		"2026年",  "11月",
		"1/2/3",   "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9",
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(texts); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		size_t n = strlen(texts[i]);
		size_t chars = mdg_utf8_len(texts[i], n);
		struct mdg_findings f = run(&a, texts[i], n, "田中", 31);
		for (size_t k = 0; k < f.n; k++) {
			assert_true(f.v[k].start <= f.v[k].end);
			assert_true(f.v[k].end <= chars);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_rule_finds_its_bad_examples_and_spares_the_good),
		cmocka_unit_test(offsets_are_characters_of_the_text_as_given),
		cmocka_unit_test(a_wrapped_sentence_is_one_sentence),
		cmocka_unit_test(what_others_said_is_not_judged),
		cmocka_unit_test(a_single_sentence_is_no_letter),
		cmocka_unit_test(the_addressee_must_be_the_customer),
		cmocka_unit_test(an_addressee_has_a_title),
		cmocka_unit_test(the_same_sentence_twice_is_seen),
		cmocka_unit_test(onchu_and_sama_are_one_too_many_on_two_lines),
		cmocka_unit_test(a_limit_that_is_past_is_seen),
		cmocka_unit_test(another_customers_name_is_seen),
		cmocka_unit_test(weekdays_are_checked_in_the_nearest_year),
		cmocka_unit_test(attachments_are_checked_when_known),
		cmocka_unit_test(any_text_is_survived),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
