#include "t.h"

#include <iconv.h>

#include "madoguchi/base/err.h"
#include "madoguchi/mail/utf7imap.h"

static void
same_both_ways(const char *utf8, const char *name)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf enc = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf dec = {0};
	assert_true(mdg_utf7imap_encode(utf8, &enc));
	assert_string_equal(mdg_buf_str(&enc), name);
	assert_true(mdg_utf7imap_decode(name, &dec));
	assert_string_equal(mdg_buf_str(&dec), utf8);
}

static void
japanese_names_have_their_usual_spelling(void **state)
{
	(void)state;
	same_both_ways("", "");
	same_both_ways("INBOX", "INBOX");
	same_both_ways("A&B", "A&-B");
	same_both_ways("受信トレイ/お問い合わせ&A",
		       "&U9dP4TDIMOwwpA-/&MEpVTzBEVAgwjzBb-&-A");
	same_both_ways("~peter/mail/台北/日本語",
		       "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
	same_both_ways("ゴミ箱2024", "&MLQw33ux-2024");
	same_both_ways("😀", "&2D3eAA-");
	same_both_ways("済み😀&", "&bggwf9g93gA-&-");
}

static void
every_length_of_run_returns_as_it_was(void **state)
{
	(void)state;
	static const char *const units[] = {"あ", "é", "𠮷", "x",
					    "&",  "-", "/"};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	for (size_t i = 0; i < 2000; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf enc = {0};
		MDG_AUTO(mdg_buf_clear) struct mdg_buf dec = {0};
		size_t k = i;
		mdg_buf_reset(&text);
		for (size_t n = i % 9; n > 0; n--, k = k / 7 + i)
			mdg_buf_puts(&text, units[k % MDG_LEN(units)]);
		assert_true(mdg_utf7imap_encode(mdg_buf_str(&text), &enc));
		assert_true(mdg_utf7imap_decode(mdg_buf_str(&enc), &dec));
		assert_string_equal(mdg_buf_str(&dec), mdg_buf_str(&text));
	}
}

static void
the_c_library_spells_it_the_same(void **state)
{
	(void)state;
	static const char text[] = "送信済みアイテム/保留＆確認①髙橋 ~ é𠮷&-";
	iconv_t cd = iconv_open("UTF-7-IMAP", "UTF-8");
	if (cd == (iconv_t)-1) /* not in this C library */
		skip();
	char in[sizeof(text)], out[256] = "";
	memcpy(in, text, sizeof(text));
	char *ip = in, *op = out;
	size_t il = strlen(in), ol = sizeof(out) - 1;
	assert_int_not_equal(iconv(cd, &ip, &il, &op, &ol), (size_t)-1);
	assert_int_not_equal(iconv(cd, NULL, NULL, &op, &ol), (size_t)-1);
	iconv_close(cd);
	same_both_ways(text, out);
}

static void
what_is_not_canonical_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"&",            /* unfinished */
		"&AGE-",        /* "a" needs no shift */
		"&MEo",         /* no closing */
		"&MEo-&MEo-",   /* two runs where one does */
		"&MEp-",        /* bits left over */
		"&2D0-",        /* half a pair */
		"&3gA-",        /* the other half */
		"&ME!-",        /* not of the alphabet */
		"\xe3\x81\x82", /* raw UTF-8 */
		"a\tb",         /* a control */
		"&AAo-",        /* a hidden line feed */
	};
	for (size_t i = 0; i < MDG_LEN(bad); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
		assert_false(mdg_utf7imap_decode(bad[i], &out));
		assert_int_equal(out.len, 0);
	}
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	assert_false(mdg_utf7imap_encode("a\r\nb", &out));
	assert_false(mdg_utf7imap_encode("\xff", &out));
}

static void
a_strange_server_name_is_still_shown(void **state)
{
	(void)state;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	mdg_utf7imap_show("&oops", &out);
	assert_string_equal(mdg_buf_str(&out), "&oops");
	mdg_buf_reset(&out);
	mdg_utf7imap_show("&U9dP4TDIMOwwpA-", &out);
	assert_string_equal(mdg_buf_str(&out), "受信トレイ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(japanese_names_have_their_usual_spelling),
		cmocka_unit_test(every_length_of_run_returns_as_it_was),
		cmocka_unit_test(the_c_library_spells_it_the_same),
		cmocka_unit_test(what_is_not_canonical_is_refused),
		cmocka_unit_test(a_strange_server_name_is_still_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
