#include "mail_enc.h"

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/mail/headers.h"
#include "madoguchi/mail/words.h"

static void
check_bytes(struct mdg_span raw, const char *want)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	unsigned flags = 0;

	mdg_words_decode(raw, &out, &flags);
	assert_true(mdg_utf8_valid(mdg_buf_str(&out), out.len));
	if (strcmp(mdg_buf_str(&out), want) != 0)
		fail_msg("got \"%s\", want \"%s\"", mdg_buf_str(&out), want);
}

static void
check(const char *raw, const char *want)
{
	check_bytes(mdg_span_str(raw), want);
}

/* A B word of bytes [from, to) of `in`. */
static void
put_word(struct mdg_buf *out, const char *charset, const struct mdg_buf *in,
	 size_t from, size_t to)
{
	mdg_buf_printf(out, "%s=?%s?B?", out->len ? "\r\n " : "", charset);
	mdg_base64(out, (const unsigned char *)in->ptr + from, to - from);
	mdg_buf_puts(out, "?=");
}

static void
words_of_one_charset_may_be_cut_anywhere(void **state)
{
	(void)state;
	static const char text[] = "お問い合わせの件①㈱";
	static const char *const charsets[][2] = {{"ISO-2022-JP", "jis"},
						  {"UTF-8", "UTF-8"},
						  {"Shift_JIS", "CP932"},
						  {"EUC-JP", "EUC-JP-MS"}};

	for (size_t c = 0; c < MDG_LEN(charsets); c++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0};
		if (strcmp(charsets[c][1], "jis") == 0)
			enc_jis(&in, text, 'I');
		else
			enc(&in, charsets[c][1], text);
		for (size_t cut = 1; cut < in.len; cut++) {
			MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
			put_word(&raw, charsets[c][0], &in, 0, cut);
			put_word(&raw, charsets[c][0], &in, cut, in.len);
			check(mdg_buf_str(&raw), text);
		}
		/* every byte a word of its own */
		MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
		for (size_t i = 0; i < in.len; i++)
			put_word(&raw, charsets[c][0], &in, i, i + 1);
		check(mdg_buf_str(&raw), text);
	}
}

static void
padded_words_in_the_middle_lose_nothing(void **state)
{
	(void)state;
	check("=?ISO-2022-JP?B?GyRCJCpMZCQkOWcbKEI=?= "
	      "=?ISO-2022-JP?B?GyRCJG8kOyRON28bKEI=?=",
	      "お問い合わせの件");
	check("=?UTF-8?B?YeOBig==?= =?UTF-8?B?5ZWP44GE5ZCI?=", "aお問い合");
	check("=?UTF-8?B?YeOBig==5ZWP44GE5ZCI?=", "aお問い合");
}

static void
base64_text_may_be_cut_instead_of_bytes(void **state)
{
	(void)state;
	static const char *const texts[] = {"お問い合わせの件", "aお問い合b",
					    "abc"};

	for (size_t t = 0; t < MDG_LEN(texts); t++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b64 = {0};
		mdg_base64(&b64, (const unsigned char *)texts[t],
			   strlen(texts[t]));
		for (size_t cut = 1; cut < b64.len; cut++) {
			MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
			if (t == 2 && cut % 4)
				continue; /* ASCII tells nothing */
			mdg_buf_printf(&raw, "=?UTF-8?B?%.*s?= =?UTF-8?B?%s?=",
				       (int)cut, b64.ptr, b64.ptr + cut);
			check(mdg_buf_str(&raw), texts[t]);
		}
	}
	/* a missing padding is no cut */
	check("=?UTF-8?B?44GKYQ?= =?UTF-8?B?5ZWP?=", "おa問");
}

static void
words_are_found_wherever_programs_put_them(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"\"=?UTF-8?B?6KaL56mN?=\"", "\"見積\""},
		{"Re:=?UTF-8?B?6KaL56mN?=x", "Re:見積x"},
		{"(=?UTF-8?B?6KaL56mN?=)", "(見積)"},
		{"=?UTF-8?B?6KaL56mN?==?UTF-8?B?6KaL56mN?=", "見積見積"},
		{"=?utf-8?b?6KaL56mN?=", "見積"},
		{"=?UTF-8*ja-JP?B?6KaL56mN?=", "見積"},
		{"=?UTF-8?B?6KaL 56mN?=", "見積"},
		{"=?UTF-8?B? 6KaL56mN ?=", "見積"},
		{"=?UTF-8?B?6KaL56mN", "見積"},
		{"=?UTF-8?B?6KaL56mN?", "見積"},
		{"=?UTF-8?B?6KaL56mN =?UTF-8?B?6KaL56mN?=", "見積見積"},
		{"=?UTF-8?Q?=E8=A6=8B=E7=A9=8D_x?=", "見積 x"},
		{"=?UTF-8?q?=e8=a6=8b=e7=a9=8d?=", "見積"},
		{"=?UTF-8?Q?a b?=", "a b"},
		{"=?UTF-8?Q?what?=E8=A6=8B?=", "what?見"},
		{"=?UTF-8?Q?a=3Db=ZZ=?=", "a=b=ZZ="},
		{"=?ISO-2022-JP?Q?=1B$B$?=1B(B?=", "た"},
		{"=?UTF-8?Q?\?=", ""},
		{"a =?UTF-8?B?\?= b", "a  b"},
		{"=?UTF-8?B?6KaL56mN?=\r\n\t=?UTF-8?B?6KaL56mN?=", "見積見積"},
		{"=?UTF-8?B?6KaL56mN?=   plain", "見積   plain"},
		{"plain\r\n text\r\n\tmore", "plain text more"},
		{"=?us-ascii?Q?Hello?= =?iso-8859-1?Q?caf=E9?=", "Hellocafé"},
		{"=?shift_jis?B?jKmQzw==?= =?utf-8?B?6KaL?=", "見積見"},
		{"=?x-unheard?B?6KaL56mN?=", "見積"},
		{"=??B?6KaL56mN?=", "見積"},
		{"=?utf-8?X?6KaL?= =?utf-8?", "=?utf-8?X?6KaL?= =?utf-8?"},
		{"a =? b ?= c", "a =? b ?= c"},
		{"1 + 1 =? 2", "1 + 1 =? 2"},
		{"=?us-ascii?B?GyRCJCpMZBsoQg==?=", "お問"},
		{"=?utf-8?B?jKmQz4jLl4o=?=", "見積依頼"},
		{"=?iso-2022-jp?B?6KaL56mN?=", "見積"},
		{"  =?UTF-8?B?6KaL?=  ", "見"},
		{"", ""},
		{" \r\n ", ""},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++)
		check(rows[i][0], rows[i][1]);
}

static void
long_words_are_read(void **state)
{
	(void)state;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};

	for (int i = 0; i < 200; i++)
		mdg_buf_puts(&text, "長い件名");
	put_word(&raw, "UTF-8", &text, 0, text.len);
	check(mdg_buf_str(&raw), mdg_buf_str(&text));
}

static void
raw_text_of_any_charset_is_read(void **state)
{
	(void)state;
	static const char text[] = "Re: お問い合わせの件 (表示)";
	static const char *const charsets[] = {"CP932", "EUC-JP-MS", "UTF-8"};

	for (size_t i = 0; i < MDG_LEN(charsets); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
		enc(&raw, charsets[i], text);
		check_bytes(mdg_buf_span(&raw), text);
		/* with a word behind it */
		mdg_buf_puts(&raw, " =?UTF-8?B?6KaL56mN?=");
		check_bytes(mdg_buf_span(&raw),
			    "Re: お問い合わせの件 (表示) 見積");
	}
	MDG_AUTO(mdg_buf_clear) struct mdg_buf jis = {0};
	enc_jis(&jis, text, 'I');
	mdg_buf_puts(&jis, "\r\n =?ISO-2022-JP?B?GyRCJCpMZBsoQg==?=");
	check_bytes(mdg_buf_span(&jis), "Re: お問い合わせの件 (表示) お問");
	/* folded inside a character */
	check("お問い合\xE3\x82\r\n \x8Fせ", "お問い合わせ");
}

static void
nothing_that_moves_a_terminal_or_a_header_comes_out(void **state)
{
	(void)state;
	check("=?UTF-8?B?YQ0KQmNjOiBldmlsQHg=?=", "a Bcc: evil@x");
	check("=?UTF-8?Q?a=00b=1B[31mc=7F?=", "ab[31mc");
	check("=?UTF-8?Q?a=E2=80=AEb=E2=81=A6c?=", "abc");
	check("=?UTF-8?Q?=EF=BB=BFa?=", "a");
	check_bytes(mdg_span("a\0b", 3), "ab");
}

static void
check_round_trip(const char *text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};

	mdg_words_encode(text, 9, &wire);
	size_t column = 9;
	for (size_t i = 0; i < wire.len; i++) {
		unsigned char c = (unsigned char)wire.ptr[i];
		assert_true(c < 0x7F && (c >= 0x20 || c == '\r' || c == '\n'));
		column = c == '\n' ? 0 : column + (c != '\r');
		assert_true(column <= 76);
	}
	/* each word is whole by itself: decodes alone to valid UTF-8 */
	for (char *p = wire.ptr; p && (p = strstr(p, "=?UTF-8?B?"));) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf one = {0};
		size_t n = (size_t)(strstr(p + 10, "?=") + 2 - p);
		unsigned flags = 0;
		assert_true(n <= 75);
		mdg_words_decode(mdg_span(p, n), &one, &flags);
		assert_int_equal(flags, 0);
		p += n;
	}
	check(mdg_buf_str(&wire), text);
}

static void
what_is_encoded_is_read_back(void **state)
{
	(void)state;
	check_round_trip("Hello world");
	check_round_trip("");
	check_round_trip("お問い合わせの件");
	check_round_trip("Re: お問い合わせ [#123] の件 (ABC-1) end");
	check_round_trip("a literal =?UTF-8?B?6KaL?= in it");
	check_round_trip(
		"😀👨‍👩‍👧‍👦 家族 か\u3099ハ\u309Aき e\u0301");
	check_round_trip(
		"1行がとても長い件名ですがこれは七十六文字を超えるので、"
		"折り返しの位置を確かめるために使います。ご確認ください。");
	check_round_trip("plain ascii words that go on and on until the line "
			 "is full and must be folded somewhere near a space");
	check_round_trip(
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void
plain_ascii_is_not_encoded(void **state)
{
	(void)state;
	struct mdg_buf out = {0};
	mdg_words_encode("Re: [ticket 1] hello", 9, &out);
	assert_string_equal(mdg_buf_str(&out), "Re: [ticket 1] hello");
	mdg_buf_reset(&out);
	mdg_words_encode("a\r\nBcc: x\u2028y", 9, &out);
	assert_string_equal(mdg_buf_str(&out), "a  Bcc: x y");
	mdg_buf_clear(&out);
}

static void
combining_characters_stay_with_their_base(void **state)
{
	(void)state;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};

	for (int i = 0; i < 40; i++)
		mdg_buf_puts(&text, "か\u3099");
	mdg_words_encode(mdg_buf_str(&text), 9, &wire);
	for (char *p = wire.ptr; (p = strstr(p, "=?UTF-8?B?")); p += 10) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf one = {0};
		size_t n = (size_t)(strstr(p + 10, "?=") + 2 - p);
		mdg_words_decode(mdg_span(p, n), &one, NULL);
		assert_true(mdg_str_starts(mdg_buf_str(&one), "か"));
	}
}

/* -- header blocks ---------------------------------------------------- */

static void
check_block(const char *block, size_t n, size_t end, const char *names)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf got = {0};
	struct mdg_headers h;

	mdg_headers_scan(mdg_span(block, n), &a, &h);
	for (size_t i = 0; i < h.n; i++)
		mdg_buf_printf(&got, "%s=%s;", h.v[i].name,
			       mdg_header_text(&a, &h.v[i]));
	assert_string_equal(mdg_buf_str(&got), names);
	assert_int_equal(h.end, end);
}

#define BLOCK(b, end, names) check_block(b, sizeof(b) - 1, end, names)

static void
header_blocks_are_read_with_any_line_end(void **state)
{
	(void)state;
	BLOCK("A: 1\r\nB: 2\r\n 3\r\n\r\nbody: x", 18, "A=1;B=2 3;");
	BLOCK("A: 1\nB: 2\n\t3\n\nbody: x", 14, "A=1;B=2 3;");
	BLOCK("A: 1\rB: 2\r 3\r\rbody: x", 14, "A=1;B=2 3;");
	BLOCK("A: 1\r\r\nB: 2\r\r\n\r\r\nbody: x", 17, "A=1;B=2;");
	BLOCK("From a@b Mon Jan  1 00:00:00 2026\nA : 1\n\n", 41, "A=1;");
	BLOCK("A: 1\nno header here\n folded junk\n>From x\nB:2\n\n", 46,
	      "A=1;B=2;");
	BLOCK("A: 1\n: empty\nB:\n", 16, "A=1;B=;");
	BLOCK("\xEF\xBB\xBF"
	      "A: 1\n\nbody",
	      9, "A=1;");
	BLOCK("", 0, "");
	BLOCK("\nA: 1\n", 1, "");
	BLOCK("A:=?UTF-8?B?6KaL?=\r\n =?UTF-8?B?56mN?=\r\n", 39, "A=見積;");
}

static void
headers_are_found_by_name_and_number(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_headers h;

	mdg_headers_scan(mdg_span_str("Received: 1\nSubject: s\nRECEIVED: 2\n"),
			 &a, &h);
	assert_string_equal(mdg_headers_text(&h, "received", 0, &a), "1");
	assert_string_equal(mdg_headers_text(&h, "received", 1, &a), "2");
	assert_null(mdg_headers_text(&h, "received", 2, &a));
	assert_null(mdg_headers_find(&h, "receive", 0));
}

static void
header_limits_cut_and_say_so(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_headers h;

	for (unsigned i = 0; i < MDG_HEADERS_MAX; i++)
		mdg_buf_puts(&b, "A: 1\n");
	mdg_headers_scan(mdg_buf_span(&b), &a, &h);
	assert_int_equal(h.n, MDG_HEADERS_MAX);
	assert_false(h.cut);
	mdg_buf_puts(&b, "A: 1\n");
	mdg_headers_scan(mdg_buf_span(&b), &a, &h);
	assert_int_equal(h.n, MDG_HEADERS_MAX);
	assert_true(h.cut);

	mdg_buf_reset(&b);
	mdg_buf_puts(&b, "A:");
	while (b.len < MDG_HEADER_BYTES_MAX)
		mdg_buf_putc(&b, 'x');
	mdg_headers_scan(mdg_buf_span(&b), &a, &h);
	assert_false(h.cut);
	mdg_buf_putc(&b, 'x');
	mdg_headers_scan(mdg_buf_span(&b), &a, &h);
	assert_true(h.cut);
	assert_int_equal(h.v[0].raw.n, MDG_HEADER_BYTES_MAX - 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_one_charset_may_be_cut_anywhere),
		cmocka_unit_test(padded_words_in_the_middle_lose_nothing),
		cmocka_unit_test(base64_text_may_be_cut_instead_of_bytes),
		cmocka_unit_test(words_are_found_wherever_programs_put_them),
		cmocka_unit_test(long_words_are_read),
		cmocka_unit_test(raw_text_of_any_charset_is_read),
		cmocka_unit_test(
			nothing_that_moves_a_terminal_or_a_header_comes_out),
		cmocka_unit_test(what_is_encoded_is_read_back),
		cmocka_unit_test(plain_ascii_is_not_encoded),
		cmocka_unit_test(combining_characters_stay_with_their_base),
		cmocka_unit_test(header_blocks_are_read_with_any_line_end),
		cmocka_unit_test(headers_are_found_by_name_and_number),
		cmocka_unit_test(header_limits_cut_and_say_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
