#include "mail_enc.h"

#include "../../src/mail/codec.h"
#include "madoguchi/base/err.h"
#include "madoguchi/mail/charset.h"

static struct mdg_charset_used used;

static void
check_bytes(const char *label, struct mdg_span in, const char *want)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

	mdg_charset_decode(label, in, &out, &used);
	assert_true(mdg_utf8_valid(mdg_buf_str(&out), out.len));
	if (strcmp(mdg_buf_str(&out), want) != 0)
		fail_msg("label %s, read as %s: got \"%s\", want \"%s\"",
			 label ? label : "(none)", used.name, mdg_buf_str(&out),
			 want);
}

/* `text` written in `charset` ("jis": see enc_jis), read with `label`. */
static void
check_text(const char *label, const char *charset, const char *text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0};

	if (strcmp(charset, "jis") == 0)
		enc_jis(&in, text, 'I');
	else
		enc(&in, charset, text);
	check_bytes(label, mdg_buf_span(&in), text);
}

#define BYTES(s) mdg_span(s, sizeof(s) - 1)

static const char *const japanese[] = {
	"お問い合わせ",
	"商品が届きません。",
	"見積依頼",
	"質問",
	"返品",
	"テスト",
	"Re: ご注文の件",
	"山田様\r\nお世話になっております。\r\n株式会社サンプルの佐藤です。\r\n",
	"①②㈱№Ⅲ",
	"【重要】領収書の再発行について（至急）",
	"～－∥",
	"表示・ソ能十貼",
};

static void
a_right_label_is_followed(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{"iso-2022-jp", "jis"},     {"ISO-2022-JP-MS", "jis"},
		{"cp50220", "jis"},         {"CP50221", "jis"},
		{"csISO2022JP", "jis"},     {"JIS", "jis"},
		{"iso-2022-jp-3", "jis"},   {"\"iso-2022-jp\"", "jis"},
		{"shift_jis", "CP932"},     {"Shift-JIS", "CP932"},
		{"x-sjis", "CP932"},        {"sjis", "CP932"},
		{"windows-31j", "CP932"},   {"cp932", "CP932"},
		{"MS_Kanji", "CP932"},      {"csWindows31J", "CP932"},
		{"ms932", "CP932"},         {"euc-jp", "EUC-JP-MS"},
		{"x-euc-jp", "EUC-JP-MS"},  {"cp51932", "EUC-JP-MS"},
		{"eucJP-win", "EUC-JP-MS"}, {"utf-8", "UTF-8"},
		{"UTF8", "UTF-8"},          {"utf-16", "UTF-16"},
		{"utf-16le", "UTF-16LE"},   {"utf-16be", "UTF-16BE"},
		{"utf-32", "UTF-32"},
	};

	for (size_t i = 0; i < MDG_LEN(pairs); i++)
		for (size_t k = 0; k < MDG_LEN(japanese); k++) {
			check_text(pairs[i][0], pairs[i][1], japanese[k]);
			assert_int_equal(used.flags, 0);
		}
}

static void
a_wrong_or_missing_label_does_no_harm(void **state)
{
	(void)state;
	static const char *const labels[] = {
		NULL,
		"",
		"us-ascii",
		"ascii",
		"unknown-8bit",
		"x-unknown",
		"default",
		"iso-8859-1",
		"utf-8",
		"shift_jis",
		"euc-jp",
		"iso-2022-jp",
		"gibberish-7",
		"windows-1252",
		"ISO-2022-JP-2004",
	};
	static const char *const charsets[] = {"jis", "CP932", "EUC-JP-MS",
					       "UTF-8"};

	for (size_t l = 0; l < MDG_LEN(labels); l++)
		for (size_t c = 0; c < MDG_LEN(charsets); c++)
			for (size_t k = 0; k < MDG_LEN(japanese); k++)
				/* symbols alone say nothing about EUC */
				if (k != 10 || c != 2)
					check_text(labels[l], charsets[c],
						   japanese[k]);
}

static void
what_was_done_is_told(void **state)
{
	(void)state;
	check_text("utf-8", "CP932", "お問い合わせ");
	assert_int_equal(used.flags, MDG_CHARSET_MISLABELLED);
	assert_string_equal(used.name, "cp932");
	check_text(NULL, "jis", "お問い合わせ");
	assert_int_equal(used.flags, MDG_CHARSET_DETECTED);
	assert_string_equal(used.name, "iso-2022-jp");
	check_text("gibberish", "UTF-8", "お問い合わせ");
	assert_int_equal(used.flags,
			 MDG_CHARSET_DETECTED | MDG_CHARSET_UNKNOWN);
	check_bytes("us-ascii", BYTES("plain"), "plain");
	assert_int_equal(used.flags, 0);
	check_bytes("utf-8", BYTES("い\xFFz"), "い\uFFFDz");
	assert_int_equal(used.flags & MDG_CHARSET_REPLACED,
			 MDG_CHARSET_REPLACED);
	assert_int_equal(used.replaced, 1);
}

static void
utf_7_is_refused_and_shown_as_it_stands(void **state)
{
	(void)state;
	check_bytes("utf-7", BYTES("+ADw-script+AD4-"), "+ADw-script+AD4-");
	assert_int_equal(used.flags, MDG_CHARSET_REFUSED);
	check_bytes("unicode-1-1-utf-7", BYTES("+ZeVnLA-"), "+ZeVnLA-");
	assert_int_equal(used.flags, MDG_CHARSET_REFUSED);
}

static void
jis_text_is_read_in_all_its_forms(void **state)
{
	(void)state;
	for (const char *kana = "IS8"; *kana; kana++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0};
		enc_jis(&in, "ﾃｽﾄ半角ｶﾅと①②㈱№と漢字ABC", *kana);
		check_bytes("iso-2022-jp", mdg_buf_span(&in),
			    "ﾃｽﾄ半角ｶﾅと①②㈱№と漢字ABC");
	}
	/* NEC-selected IBM characters: 髙 is row 92, 﨑 row 91 */
	check_bytes("iso-2022-jp", BYTES("\x1B$B|byu\x1B(B"), "髙﨑");
	/* JIS C 6226, JIS X 0201 Roman, JIS X 0208-1990, four-byte forms */
	check_bytes("iso-2022-jp", BYTES("\x1B$@F|K\\\x1B(J ok"), "日本 ok");
	check_bytes("iso-2022-jp", BYTES("\x1B&@\x1B$BF|\x1B(B"), "日");
	check_bytes("iso-2022-jp", BYTES("\x1B$(BF|\x1B(H!"), "日!");
	check_bytes("iso-2022-jp", BYTES("\x1B$(@F|\x1B(B!"), "日!");
	/* no return to ASCII: lines begin in ASCII */
	check_bytes("iso-2022-jp", BYTES("\x1B$BF|\r\nabc\r\n\x1B$BK\\\n"),
		    "日\r\nabc\r\n本\n");
	/* JIS X 0212, JIS X 0213 plane 1 and 2, GB 2312, KS C 5601, Latin-1 */
	check_bytes("iso-2022-jp-1", BYTES("\x1B$(D\x22\x6F\x1B(B."), "™.");
	check_bytes("iso-2022-jp-1", BYTES("\x1B$(D\x30\x21\x1B(B."), "丂.");
	check_bytes("iso-2022-jp-3", BYTES("\x1B$(O\x2E\x21\x1B(B."), "俱.");
	check_bytes("iso-2022-jp-2004", BYTES("\x1B$(Q\x2E\x21\x1B(B."), "俱.");
	check_bytes("iso-2022-jp-3", BYTES("\x1B$(P\x21\x21\x1B(B."), "𠂉.");
	check_bytes("iso-2022-jp-2", BYTES("\x1B$A!n\x1B(B."), "☆.");
	check_bytes("iso-2022-jp-2", BYTES("\x1B$(C0!\x1B(B."), "가.");
	check_bytes("iso-2022-jp-2", BYTES("\x1B.Acaf\x1BNi."), "café.");
	check_bytes("iso-2022-kr",
		    BYTES("\x1B$)C\x0E"
			  "0!3*\x0F abc"),
		    "가나 abc");
	/* what is no pair becomes a mark, the rest stays in step */
	check_bytes("iso-2022-jp", BYTES("\x1B$BF|F\x1B(B!"), "日\uFFFD!");
	check_bytes("iso-2022-jp", BYTES("\x1B$B)!F|\x1B(B!"), "\uFFFD日!");
	/* an escape that is none stays */
	check_bytes("iso-2022-jp", BYTES("a\x1B[1mb"), "a\x1B[1mb");
}

static void
escapes_that_a_relay_took_away_are_missed_by_nobody(void **state)
{
	(void)state;
	check_bytes("iso-2022-jp", BYTES("Re: $B$*Ld$$9g$o$;(B ABC\n$B7o(B\n"),
		    "Re: お問い合わせ ABC\n件\n");
	assert_int_equal(used.flags, MDG_CHARSET_MISLABELLED);
	check_bytes("iso-2022-jp", BYTES("US$B 5 (B) and $Best (B)"),
		    "US$B 5 (B) and $Best (B)");
	check_bytes("iso-2022-jp", BYTES("a $Bzz (B"), "a $Bzz (B");
	check_bytes("us-ascii", BYTES("$B$*Ld$$9g$o$;(B"), "$B$*Ld$$9g$o$;(B");
}

static void
eight_bit_text_among_escapes_is_read_too(void **state)
{
	(void)state;
	check_bytes("iso-2022-jp",
		    BYTES("\x1B$BF|\x1B(B \xE3\x81\x8A\xE5\x95\x8F"),
		    "日 お問");
	check_bytes("utf-8", BYTES("\xE3\x81\x8A \x1B$BF|K\\\x1B(B"),
		    "お 日本");
	check_bytes("iso-2022-jp",
		    BYTES("\x1B$BF|\x1B(B\n\x82\xA8\x96\xE2\x82\xA2"),
		    "日\nお問い");
}

static void
double_byte_trails_that_look_like_ascii_are_no_specials(void **state)
{
	(void)state;
	check_text("shift_jis", "CP932", "表ソ能予十構貼暴");
	check_text(NULL, "CP932", "表ソ能予十構貼暴です");
}

static void
nec_and_ibm_characters_are_read_everywhere(void **state)
{
	(void)state;
	static const char ibm[] = "①⑳Ⅰ㍉㈱髙﨑纊犾ⅰ￢";
	check_text("shift_jis", "CP932", ibm);
	check_text("euc-jp", "EUC-JP-MS", "①⑳Ⅰ㍉㈱髙﨑纊犾ⅰ");
	/* NEC-selected IBM extensions in CP51932: rows 89 to 92 */
	check_bytes("euc-jp", BYTES("\xF9\xA1\xFC\xE2"), "纊髙");
}

static void
other_languages_are_read_by_their_labels(void **state)
{
	(void)state;
	static const struct {
		const char *label, *charset, *text;
	} rows[] = {
		{"gb2312", "GB18030", "您好，请问订单什么时候发货？"},
		{"gbk", "GB18030", "镕€"},
		{"gb2312", "GB18030", "退货"},
		{"big5", "BIG5-HKSCS", "退貨"},
		{"euc-kr", "UHC", "반품"},
		{"gb18030", "GB18030", "𠮷野家"},
		{"big5", "BIG5-HKSCS", "請問訂單什麼時候出貨"},
		{"ks_c_5601-1987", "UHC", "안녕하세요 똠방각하"},
		{"euc-kr", "UHC", "주문 문의드립니다"},
		{"iso-8859-1", "CP1252", "Café “naïve” – 5 €"},
		{"windows-1251", "CP1251", "Здравствуйте, где мой заказ?"},
		{"koi8-r", "KOI8-R", "Здравствуйте, где мой заказ?"},
		{"iso-8859-2", "ISO-8859-2", "Dzień dobry, źdźbło"},
		{"windows-1250", "CP1250", "Příliš žluťoučký kůň"},
		{"iso-8859-15", "ISO-8859-15", "5 € à Noël"},
		{"iso-8859-7", "ISO-8859-7", "Καλημέρα σας"},
		{"windows-1256", "CP1256", "مرحبا بكم"},
		{"tis-620", "TIS-620", "สวัสดีครับ"},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0};
		enc(&in, rows[i].charset, rows[i].text);
		check_bytes(rows[i].label, mdg_buf_span(&in), rows[i].text);
		assert_int_equal(used.flags, 0);
	}
}

static void
other_languages_are_found_without_a_label(void **state)
{
	(void)state;
	check_text(NULL, "UHC",
		   "안녕하세요 주문 문의드립니다. 배송이 언제 되나요?");
	check_text(NULL, "GB18030",
		   "您好，请问我的订单什么时候可以发货？谢谢您的帮助。");
	check_text(NULL, "BIG5-HKSCS",
		   "您好，請問我的訂單什麼時候可以出貨？謝謝您的幫助。");
	check_text(NULL, "CP1252", "Sehr geehrte Damen, schöne Grüße aus Köln");
	check_text(NULL, "CP1252", "It’s “fine”, café owners say");
	check_text("us-ascii", "UTF-8", "naïve café Łódź");
	check_text(NULL, "UTF-8", "Здравствуйте");
}

static void
latin_text_is_not_taken_for_japanese(void **state)
{
	(void)state;
	static const char *const latin[] = {
		"café",      "Müller",
		"Zürich",    "señor",
		"déjà vu",   "Größe",
		"Genève",    "résumé",
		"It’s done", "Søren Åberg",
		"Ça va",     "© 2026 Example™ – all rights reserved",
	};

	for (size_t i = 0; i < MDG_LEN(latin); i++) {
		check_text("iso-8859-1", "CP1252", latin[i]);
		check_text(NULL, "CP1252", latin[i]);
		check_text("iso-8859-1", "UTF-8", latin[i]);
	}
}

static void
broken_utf8_stays_utf8_if_most_of_it_is_good(void **state)
{
	(void)state;
	check_bytes("utf-8", BYTES("お問い合わせ\xE3\x81"),
		    "お問い合わせ\uFFFD\uFFFD");
	check_bytes(NULL, BYTES("お問い合わせの\xFF件です。よろしく"),
		    "お問い合わせの\uFFFD件です。よろしく");
	check_bytes("utf-8", BYTES("お問い\xC0\x80z"), "お問い\uFFFD\uFFFDz");
	/* surrogate pairs as old Java writes them */
	check_bytes("utf-8", BYTES("お\xED\xA0\xBD\xED\xB8\x80い"), "お😀い");
	check_bytes("utf-8", BYTES("\xEF\xBB\xBFお"), "お");
	check_bytes(NULL, BYTES("\xEF\xBB\xBFお"), "お");
}

static void
wide_units_are_read_in_either_order(void **state)
{
	(void)state;
	check_bytes("utf-16", BYTES("\xFE\xFF\x30\x42\xD8\x3D\xDE\x00"), "あ😀");
	check_bytes("utf-16", BYTES("\xFF\xFE\x42\x30\x3D\xD8\x00\xDE"), "あ😀");
	check_bytes("utf-16le", BYTES("\x42\x30\x44\x30"), "あい");
	check_bytes("utf-16", BYTES("\x42\x30\x44\x30\x46\x30"), "あいう");
	check_bytes("utf-16be", BYTES("\xD8\x3D\x30\x42"), "\uFFFDあ");
	check_bytes("utf-16be", BYTES("\x30\x42\x30"), "あ\uFFFD");
	check_bytes("utf-32be", BYTES("\0\0\x30\x42\0\x11\0\0"), "あ\uFFFD");
	check_bytes(NULL, BYTES("\xFF\xFE\x42\x30\x44\x30"), "あい");
	check_bytes("utf-16", BYTES("Hello there, you"), "Hello there, you");
	assert_int_equal(used.flags, MDG_CHARSET_MISLABELLED);
}

static void
no_byte_is_deleted(void **state)
{
	(void)state;
	/* every byte value, alone and in front of ASCII, under every label */
	static const char *const labels[] = {
		"utf-8", "shift_jis", "euc-jp",     "gb18030",
		"big5",  "euc-kr",    "iso-8859-2", NULL};

	for (size_t l = 0; l < MDG_LEN(labels); l++)
		for (int c = 0x80; c < 0x100; c++) {
			MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
			char in[] = {'<', (char)c, '!', '>', '\n'};
			mdg_charset_decode(labels[l], mdg_span(in, sizeof(in)),
					   &out, NULL);
			const char *s = mdg_buf_str(&out);
			assert_true(mdg_utf8_valid(s, out.len));
			assert_true(s[0] == '<' && strstr(s, "!>\n"));
			assert_true(out.len > 4);
		}
}

static void
a_small_buffer_gets_the_head_of_the_text(void **state)
{
	(void)state;
	struct mdg_buf out = MDG_BUF_LIMIT(10);
	mdg_charset_decode("utf-8", mdg_span_str("あいうえお"), &out, NULL);
	assert_string_equal(mdg_buf_str(&out), "あいう");
	assert_false(mdg_buf_ok(&out));
	mdg_buf_clear(&out);
}

static void
raw_text_that_is_ascii_stays(void **state)
{
	(void)state;
	struct mdg_buf out = {0};
	unsigned flags = 0;
	mdg_charset_decode_raw(mdg_span_str("a ~{b}~ =?x?"), &out, &flags);
	assert_string_equal(mdg_buf_str(&out), "a ~{b}~ =?x?");
	assert_int_equal(flags, 0);
	mdg_buf_clear(&out);
}

static void
every_pair_of_bytes_is_what_the_converter_says(void **state)
{
	(void)state;
	mdg_charset_init();
	for (unsigned lead = 0; lead < 256; lead++)
		for (unsigned trail = 0; trail < 256; trail++) {
			const unsigned char s[] = {'a',
						   (unsigned char)lead,
						   (unsigned char)trail,
						   0x82,
						   0xA0,
						   '\n',
						   'z'};
			struct mdg_buf ours = {0}, theirs = {0};
			struct mdg_span in = mdg_span(s, sizeof(s));

			size_t a = mdg_codec_decode(MDG_CODEC_CP932, in, &ours);
			size_t b = mdg_codec_decode_units(MDG_CODEC_CP932, in,
							  1, &theirs);
			if (a != b || !mdg_span_eq(mdg_buf_span(&ours),
						   mdg_buf_span(&theirs)))
				fail_msg("%02X%02X: \"%s\", not \"%s\"", lead,
					 trail, ours.ptr, theirs.ptr);
			mdg_buf_clear(&ours);
			mdg_buf_clear(&theirs);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_pair_of_bytes_is_what_the_converter_says),
		cmocka_unit_test(a_right_label_is_followed),
		cmocka_unit_test(a_wrong_or_missing_label_does_no_harm),
		cmocka_unit_test(what_was_done_is_told),
		cmocka_unit_test(utf_7_is_refused_and_shown_as_it_stands),
		cmocka_unit_test(jis_text_is_read_in_all_its_forms),
		cmocka_unit_test(
			escapes_that_a_relay_took_away_are_missed_by_nobody),
		cmocka_unit_test(eight_bit_text_among_escapes_is_read_too),
		cmocka_unit_test(
			double_byte_trails_that_look_like_ascii_are_no_specials),
		cmocka_unit_test(nec_and_ibm_characters_are_read_everywhere),
		cmocka_unit_test(other_languages_are_read_by_their_labels),
		cmocka_unit_test(other_languages_are_found_without_a_label),
		cmocka_unit_test(latin_text_is_not_taken_for_japanese),
		cmocka_unit_test(broken_utf8_stays_utf8_if_most_of_it_is_good),
		cmocka_unit_test(wide_units_are_read_in_either_order),
		cmocka_unit_test(no_byte_is_deleted),
		cmocka_unit_test(a_small_buffer_gets_the_head_of_the_text),
		cmocka_unit_test(raw_text_that_is_ascii_stays),
	};

	mdg_charset_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
