#include "t.h"

#include "../../src/reply/lint_need.h"

struct lint_case {
	const char *pattern, *text;
	bool met;
};

static bool
is_met(const char *pattern, const char *text)
{
	struct lint_need need;
	static struct lint_pairs pairs;

	lint_need_read(&need, pattern);
	lint_pairs_clear(&pairs);
	lint_pairs_add(&pairs, text, strlen(text), 1);
	bool met = lint_need_met(&need, &pairs) & 1;
	lint_need_clear(&need);
	return met;
}

static void
a_text_without_the_words_of_a_pattern_is_passed_over(void **state)
{
	static const struct lint_case cases[] = {
		{"了解です", "承知いたしました。", false},
		{"了解です", "はい、了解です。", true},
		{"(?:了解|なるほど)です", "左様でございます", false},
		{"(?:了解|なるほど)です", "なるほどです", true},
		/* what may be left out is not asked for */
		{"ご?返事(?:は|を)?くれ", "返事くれ", true},
		{"ご?返事(?:は|を)?くれ", "ご返信ください", false},
		{"壊(?:れた)*まま", "壊まま", true},
		{"壊(?:れた)+まま", "壊れたまま", true},
		{"早く[^。]{0,8}返金", "早くご返金", true},
		{"早く[^。]{0,8}返金", "速やかに", false},
		/* a look around holds nothing of the match */
		{"(?<!お)待って(?!いる)下さ", "待って下さ", true},
		{"(?=お)送付", "送付", true},
		{"^\\s*毎度[\\x{3042}-\\x{3044}]", "毎度あ", true},
		/* a repeated character parts the string */
		{"お{2}願", "おお願", true},
		{"願い{1,3}事", "願いい事", true},
		{"a\\.b|c\\+d", "x c+d", true},
		{"a\\.b|c\\+d", "x cd", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (is_met(cases[i].pattern, cases[i].text) != cases[i].met)
			fail_msg("%s on %s", cases[i].pattern, cases[i].text);
}

static void
what_is_not_understood_is_looked_at(void **state)
{
	static const char *const patterns[] = {
		"[あ-ん]+", "(?i)abc", "(?<n>了解)", "了解|", "了解|.",
		"(了解",    "了解)",   "",           "[了解",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (!is_met(patterns[i], "承知"))
			fail_msg("%s", patterns[i]);
}

static void
only_the_sentences_that_hold_the_words_are_asked(void **state)
{
	static const char *const sentences[] = {
		"承知いたしました。", "了解です。", "なるほど、そうですか。",
		"左様でございます。", "はい、了解です。"};
	static struct lint_pairs pairs;
	struct lint_need need;

	(void)state;
	lint_need_read(&need, "了解で|なるほど");
	lint_pairs_clear(&pairs);
	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++)
		lint_pairs_add(&pairs, sentences[i], strlen(sentences[i]),
			       (uint64_t)1 << i);
	assert_int_equal(lint_need_met(&need, &pairs), 2 | 4 | 16);
	lint_need_clear(&need);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_text_without_the_words_of_a_pattern_is_passed_over),
		cmocka_unit_test(what_is_not_understood_is_looked_at),
		cmocka_unit_test(
			only_the_sentences_that_hold_the_words_are_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
