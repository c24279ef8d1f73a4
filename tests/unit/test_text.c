#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/language.h"
#include "madoguchi/text/terms.h"
#include "madoguchi/text/width.h"
#include "madoguchi/text/words.h"

#define assert_fold(in, flags, out)                                            \
	do {                                                                   \
		struct mdg_buf b_ = {0};                                       \
		mdg_fold(&b_, in, strlen(in), flags);                          \
		assert_string_equal(mdg_buf_str(&b_), out);                    \
		mdg_buf_clear(&b_);                                            \
	} while (0)

static void
widths_and_signs_are_folded_for_search(void **state)
{
	(void)state;
	assert_fold("ＭＤ－５１２Ｘ", MDG_FOLD_SEARCH, "md-512x");
	assert_fold("ｶﾞｿﾘﾝ", MDG_FOLD_SEARCH, "ガソリン");
	assert_fold("9時〜18時", MDG_FOLD_SEARCH, "9時~18時");
	assert_fold("9時～18時", MDG_FOLD_SEARCH, "9時~18時");
	assert_fold("㈱青葉", MDG_FOLD_SEARCH, "(株)青葉");
	assert_fold("a−b‐c–d", MDG_FOLD_SEARCH, "a-b-c-d");
	assert_fold("1ヶ月", MDG_FOLD_SEARCH, "1ケ月");
	assert_fold("か\xE3\x82\x99", MDG_FOLD_SEARCH, "が");
	assert_fold("", MDG_FOLD_SEARCH, "");
	/* room alone is an empty text */
	struct mdg_buf b = {0};
	mdg_buf_expect(&b, 100);
	assert_string_equal(mdg_buf_str(&b), "");
	mdg_buf_clear(&b);
}

static void
names_with_variant_kanji_are_one(void **state)
{
	(void)state;
	assert_fold("髙橋　一郎", MDG_FOLD_NAME, "高橋一郎");
	assert_fold("渡邉 渡邊", MDG_FOLD_NAME, "渡辺渡辺");
	assert_fold("山﨑", MDG_FOLD_NAME, "山崎");
	assert_fold("齋藤 斉藤 齊藤", MDG_FOLD_NAME, "斎藤斎藤斎藤");
	assert_fold("𠮷田", MDG_FOLD_NAME, "吉田");
}

static void
folded_bytes_know_where_they_come_from(void **state)
{
	struct mdg_buf b = {0};
	uint32_t *at;

	(void)state;
	/* ㌔ becomes two characters, ｶﾞ one */
	mdg_fold_mapped(&b, &at, "㌔ｶﾞx", strlen("㌔ｶﾞx"), 0);
	assert_string_equal(mdg_buf_str(&b), "キロガx");
	assert_int_equal(at[0], 0);
	assert_int_equal(at[3], 0);
	assert_int_equal(at[6], 1);
	assert_int_equal(at[9], 3);
	assert_int_equal(at[10], 4);
	free(at);
	mdg_buf_clear(&b);
}

static void
assert_doc(const char *text, const char *terms)
{
	struct mdg_buf b = {0};

	mdg_terms_doc(text, strlen(text), &b);
	assert_string_equal(mdg_buf_str(&b), terms);
	mdg_buf_clear(&b);
}

static void
documents_are_cut_into_pairs_and_words(void **state)
{
	(void)state;
	assert_doc("解約したい。", "解約 約し した たい い");
	assert_doc("届", "届");
	assert_doc("型番ＭＤ－５１２Ｘの電源",
		   "型番 番 md512x md 512x の電 電源 源");
	assert_doc("サーバー 人々", "さー ーば ばー ー 人々 々");
	assert_doc("髙橋", "高橋 橋");
	assert_doc("", "");
	assert_doc("。、！", "");
	assert_doc("a.b@example.jp", "abexamplejp a b example jp");
	assert_doc("12,000円", "12000 12 000 円");
}

static void
assert_query(const char *text, const char *want)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_terms_phrase *p;
	struct mdg_buf b = {0};
	size_t n = mdg_terms_query(text, &a, &p);

	for (size_t i = 0; i < n; i++)
		mdg_buf_printf(&b, "%s[%s%s]", i ? " " : "", p[i].terms,
			       p[i].prefix ? "*" : "");
	assert_string_equal(mdg_buf_str(&b), want);
	mdg_buf_clear(&b);
}

static void
queries_become_phrases(void **state)
{
	(void)state;
	assert_query("解約", "[解約]");
	assert_query("届", "[届*]");
	assert_query("解約　返金", "[解約] [返金]");
	assert_query("MD-512X", "[md512x*]");
	assert_query("md512", "[md512*]");
	assert_query("MD-512Xの電源", "[md512x md 512x の電 電源]");
	assert_query("電源A", "[電源 源 a*]");
	assert_query("\"foo bar\" 返品", "[foo bar*] [返品]");
	assert_query("\"", "");
	assert_query("、。", "");
}

static void
assert_wrap(const char *in, size_t columns, const char *want)
{
	struct mdg_buf b = {0};

	mdg_text_wrap(in, strlen(in), columns, &b);
	assert_string_equal(mdg_buf_str(&b), want);
	mdg_buf_clear(&b);
}

static void
lines_are_wrapped_with_kinsoku(void **state)
{
	(void)state;
	assert_int_equal(mdg_text_width("窓口aｱ…", strlen("窓口aｱ…")), 8);
	assert_wrap("あいうえおかきくけこさし", 20,
		    "あいうえおかきくけこ\nさし");
	/* 。 does not begin a line, 「 does not end one */
	assert_wrap("あいうえおかきくけこ。さ", 20,
		    "あいうえおかきくけ\nこ。さ");
	assert_wrap("あいうえおかきくけ「こ」", 20,
		    "あいうえおかきくけ\n「こ」");
	/* a number keeps its unit, a word stays whole */
	assert_wrap("あいうえおかきくけ10時です", 20,
		    "あいうえおかきくけ\n10時です");
	assert_wrap("あいうえおかきくMD-512Xです", 20,
		    "あいうえおかきく\nMD-512Xです");
	assert_wrap("https://www.example.jp/long/path", 20,
		    "https://www.example.jp/long/path");
}

static void
quotes_and_lists_keep_their_form(void **state)
{
	(void)state;
	assert_wrap("> あいうえおかきくけこさし\n", 20,
		    "> あいうえおかきくけこさし\n");
	assert_wrap("1. あいうえおかきくけこさし", 20,
		    "1. あいうえおかきくけこさし");
	assert_wrap("\n\nあ\n", 20, "\n\nあ\n");
}

static void
words_have_places_and_dictionary_forms(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_words *w = NULL;
	struct mdg_word *v;

	(void)state;
	if (!mdg_words_open(&w, NULL))
		skip();
	const char *text = "商品が届きました";
	size_t n = mdg_words_cut(w, &a, text, strlen(text), &v);
	assert_int_equal(n, 5);
	assert_string_equal(v[2].surface, "届き");
	assert_string_equal(v[2].base, "届く");
	assert_int_equal(v[2].start, strlen("商品が"));
	assert_int_equal(mdg_words_cut(w, &a, "", 0, &v), 0);
	mdg_words_close(&w);
}

/* Kilobytes of the dictionary's words that are mapped and resident. */
static long
dictionary_kb(void)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	char line[512], rights[5];
	bool ours = false;
	long kb, sum = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*x-%*x %4s", rights) == 1)
			ours = strstr(line, "/sys.dic") != NULL;
		else if (ours && sscanf(line, "Rss: %ld kB", &kb) == 1)
			sum += kb;
	}
	fclose(f);
	return sum;
}

static void
the_dictionary_is_given_back_piece_by_piece(void **state)
{
	const char *many = "秋の朝、机の上に古い地図を広げ、駅から港までの道を指で"
			   "たどった。雨に濡れた石畳、錆びた看板、魚を焼く匂い。"
			   "ゆっくり歩けば半日、急げば一時間で着くと祖父は笑う。";
	const char *few = "はい。";
	struct mdg_words *w = NULL;
	struct mdg_arena a = {0};
	struct mdg_word *v;
	size_t cut = 0, words;
	long kb;

	(void)state;
	if (!mdg_words_open(&w, NULL))
		skip();
	words = mdg_words_cut(w, &a, many, strlen(many), &v);
	kb = dictionary_kb();
	assert_true(kb > 1000);
	for (; cut <= MDG_WORDS_KEEP_BYTES; cut += strlen(few))
		mdg_words_cut(w, &a, few, strlen(few), &v);
	assert_true(dictionary_kb() < kb / 4);
	/* and read again */
	assert_int_equal(mdg_words_cut(w, &a, many, strlen(many), &v), words);
	assert_string_equal(v[0].base, "秋");
	mdg_words_close(&w);
	mdg_arena_clear(&a);
}

static void
no_dictionary_is_no_disaster(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_words *w = NULL;
	struct mdg_word *v;
	struct mdg_err err;

	(void)state;
	setenv("MDG_MECAB_DIC", "/nonexistent", 1);
	assert_false(mdg_words_open(&w, &err));
	assert_int_equal(err.code, MDG_ENOENT);
	unsetenv("MDG_MECAB_DIC");
	assert_int_equal(mdg_words_cut(NULL, &a, "商品", 6, &v), 0);
}

static void
languages_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum mdg_text_language want;
	} cases[] = {
		{"返品したいです。", MDG_TEXT_JAPANESE},
		{"返品希望", MDG_TEXT_JAPANESE},
		{"Windows 11 の update が終わりません。", MDG_TEXT_JAPANESE},
		{"Where is my order 12345? I paid on Monday.", MDG_TEXT_LATIN},
		{"Dear 田中 様,\n\nThank you for your inquiry about our "
		 "product. We will write again by Friday.\n\nお客様窓口",
		 MDG_TEXT_LATIN},
		{"https://example.jp/return/how-to?lang=en", MDG_TEXT_UNKNOWN},
		{"support@example.jp 03-1234-5678", MDG_TEXT_UNKNOWN},
		{"OK", MDG_TEXT_UNKNOWN},
		{"", MDG_TEXT_UNKNOWN},
		{"제품을 반품하고 싶습니다.", MDG_TEXT_OTHER},
		{"我想退回这个产品，请告诉我应该怎么做，谢谢您的帮助。",
		 MDG_TEXT_OTHER},
		{"Où est ma commande ? Elle n’est pas arrivée.",
		 MDG_TEXT_LATIN},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++)
		if (mdg_text_language(cases[i].text, strlen(cases[i].text)) !=
		    cases[i].want)
			fail_msg("%s", cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths_and_signs_are_folded_for_search),
		cmocka_unit_test(names_with_variant_kanji_are_one),
		cmocka_unit_test(folded_bytes_know_where_they_come_from),
		cmocka_unit_test(documents_are_cut_into_pairs_and_words),
		cmocka_unit_test(queries_become_phrases),
		cmocka_unit_test(lines_are_wrapped_with_kinsoku),
		cmocka_unit_test(quotes_and_lists_keep_their_form),
		cmocka_unit_test(languages_are_told_apart),
		cmocka_unit_test(words_have_places_and_dictionary_forms),
		cmocka_unit_test(the_dictionary_is_given_back_piece_by_piece),
		cmocka_unit_test(no_dictionary_is_no_disaster),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
