#include "mail_enc.h"

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/mail/addr.h"

static unsigned flags;

/* "name|address;…" */
static void
check_bytes(struct mdg_span raw, const char *want)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf got = {0};
	struct mdg_addresses l = {0};

	flags = 0;
	mdg_addr_parse(raw, &a, &l, &flags);
	for (size_t i = 0; i < l.n; i++)
		mdg_buf_printf(&got, "%s|%s;", l.v[i].name, l.v[i].address);
	if (strcmp(mdg_buf_str(&got), want) != 0)
		fail_msg("%.*s: got \"%s\", want \"%s\"", (int)raw.n,
			 (const char *)raw.p, mdg_buf_str(&got), want);
}

static void
check(const char *raw, const char *want)
{
	check_bytes(mdg_span_str(raw), want);
}

struct row {
	const char *raw, *want;
};

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(rows[i].raw, rows[i].want);
}

static void
mailboxes_of_the_standard_are_read(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a@b.jp", "|a@b.jp;"},
		{"<a@b.jp>", "|a@b.jp;"},
		{"Taro Yamada <a@b.jp>", "Taro Yamada|a@b.jp;"},
		{"\"Yamada, Taro\" <a@b.jp>", "Yamada, Taro|a@b.jp;"},
		{"\"a \\\"b\\\" c\" <a@b.jp>", "a \"b\" c|a@b.jp;"},
		{"a@b.jp (Taro)", "Taro|a@b.jp;"},
		{"(Taro) a@b.jp", "Taro|a@b.jp;"},
		{"a@b.jp (山田 (営業))", "山田 (営業)|a@b.jp;"},
		{"a@b.jp, c@d.jp", "|a@b.jp;|c@d.jp;"},
		{"A <a@b.jp>,\r\n\tB <c@d.jp>", "A|a@b.jp;B|c@d.jp;"},
		{"team: a@b.jp, C <c@d.jp>;", "|a@b.jp;C|c@d.jp;"},
		{"x: a@b.jp;, y: c@d.jp;, e@f.jp", "|a@b.jp;|c@d.jp;|e@f.jp;"},
		{"undisclosed-recipients:;", ""},
		{"\"Undisclosed, all\": ;", ""},
		{"", ""},
		{" , ,, ", ""},
		{"<@x.jp,@y.jp:a@b.jp>", "|a@b.jp;"},
		{"Taro <@x.jp:a@b.jp>", "Taro|a@b.jp;"},
		{"a@[192.0.2.1], b@[IPv6:2001:db8::1]",
		 "|a@[192.0.2.1];|b@[IPv6:2001:db8::1];"},
		{"\"a b\"@c.jp", "|\"a b\"@c.jp;"},
		{"Taro <\"a b\"@c.jp>", "Taro|\"a b\"@c.jp;"},
		{"user+tag=x/y@b.jp", "|user+tag=x/y@b.jp;"},
		{"山田太郎 <a@b.jp>", "山田太郎|a@b.jp;"},
		{"=?UTF-8?B?5bGx55Sw?= =?UTF-8?B?5aSq6YOO?= <a@b.jp>",
		 "山田太郎|a@b.jp;"},
		{"=?UTF-8?B?5bGx55Sw?= Taro <a@b.jp>", "山田 Taro|a@b.jp;"},
		{"a@b.jp (=?UTF-8?B?5bGx55Sw?=)", "山田|a@b.jp;"},
		{"\"=?UTF-8?B?5bGx55Sw?=\" <a@b.jp>", "山田|a@b.jp;"},
		{"=?UTF-8?Q?Sato,_Taro_<x>?= <a@b.jp>",
		 "Sato, Taro <x>|a@b.jp;"},
		{"=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <a@b.jp>", "山田|a@b.jp;"},
	};

	check_rows(rows, MDG_LEN(rows));
	assert_int_equal(flags, 0);
}

static void
addresses_of_old_phones_are_kept(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a..b.@docomo.ne.jp", "|a..b.@docomo.ne.jp;"},
		{"<a..b.@docomo.ne.jp>", "|a..b.@docomo.ne.jp;"},
		{"\"a..b.\"@docomo.ne.jp", "|a..b.@docomo.ne.jp;"},
		{"<\"a..b.\"@docomo.ne.jp>", "|a..b.@docomo.ne.jp;"},
		{".abc@docomo.ne.jp", "|.abc@docomo.ne.jp;"},
		{"山田 <.a.-_b..@ezweb.ne.jp>", "山田|.a.-_b..@ezweb.ne.jp;"},
		{"--x--@ezweb.ne.jp", "|--x--@ezweb.ne.jp;"},
		{"a?b/c@docomo.ne.jp", "|a?b/c@docomo.ne.jp;"},
	};

	check_rows(rows, MDG_LEN(rows));
}

static void
the_sender_is_never_lost(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"Yamada, Taro <a@b.jp>", "Yamada, Taro|a@b.jp;"},
		{"Yamada, Taro, Dr. <a@b.jp>", "Yamada, Taro, Dr.|a@b.jp;"},
		{"Yamada, Taro <a@b.jp>, Sato, Jiro <c@d.jp>",
		 "Yamada, Taro|a@b.jp;Sato, Jiro|c@d.jp;"},
		{"Taro <a@b.jp", "Taro|a@b.jp;"},
		{"Taro <a@b.jp, Jiro <c@d.jp>", "Taro|a@b.jp;Jiro|c@d.jp;"},
		{"Taro a@b.jp>", "Taro|a@b.jp;"},
		{"Taro <<a@b.jp>>", "Taro|a@b.jp;"},
		{"Taro < a @ b.jp >", "Taro|a@b.jp;"},
		{"a @ b.jp", "|a@b.jp;"},
		{"\"Taro <a@b.jp>", "Taro|a@b.jp;"},
		{"Taro\" <a@b.jp>", "Taro|a@b.jp;"},
		{"Taro (x <a@b.jp>", "Taro (x|a@b.jp;"},
		{"Taro) <a@b.jp>", "Taro)|a@b.jp;"},
		{"Taro a@b.jp", "Taro|a@b.jp;"},
		{"a@b.jp Taro", "Taro|a@b.jp;"},
		{"<Taro a@b.jp>", "|a@b.jp;"},
		{"a@b.jp; c@d.jp", "|a@b.jp;|c@d.jp;"},
		{"A <a@b.jp>; B <c@d.jp>", "A|a@b.jp;B|c@d.jp;"},
		{"a@b.jp c@d.jp", "|a@b.jp;|c@d.jp;"},
		{"mailto:a@b.jp", "|a@b.jp;"},
		{"<mailto:a@b.jp>", "|a@b.jp;"},
		{"Taro <mailto:a@b.jp>", "Taro|a@b.jp;"},
		{"'a@b.jp' <a@b.jp>", "|a@b.jp;"},
		{"\"a@b.jp\" <a@b.jp>", "|a@b.jp;"},
		{"a@b.jp <>", "|a@b.jp;"},
		{"a@b.jp.", "|a@b.jp;"},
		{"MAILER-DAEMON", "|MAILER-DAEMON;"},
		{"Mail Delivery Subsystem <MAILER-DAEMON>",
		 "Mail Delivery Subsystem|MAILER-DAEMON;"},
		{"<>", ""},
		{"山田", "山田|;"},
		{"yamada＠example.jp", "|yamada@example.jp;"},
		{"(株)山田 <a@b.jp>", "(株)山田|a@b.jp;"},
		{"山田 (営業部) <a@b.jp>", "山田 (営業部)|a@b.jp;"},
		{"<a@b.jp> 山田", "山田|a@b.jp;"},
		{"山田 <a@b.jp> (営業)", "山田 (営業)|a@b.jp;"},
		{"a@b.jp\xE3\x80\x80", "|a@b.jp;"},
		/* the whole mailbox in one encoded word */
		{"=?UTF-8?B?5bGx55SwIDxhQGIuanA+?=", "山田|a@b.jp;"},
		{"<=?UTF-8?Q?a=40b.jp?=>", "|a@b.jp;"},
		{"=?UTF-8?B?5bGx55Sw <a@b.jp> ?=, c@d.jp",
		 "山田|a@b.jp;|c@d.jp;"},
		{"=?UTF-8?B?5bGx55Sw?=<a@b.jp>", "山田|a@b.jp;"},
		{"\"=?UTF-8?B?5bGx55Sw?= (営業)\" <a@b.jp>",
		 "山田 (営業)|a@b.jp;"},
		{"=?UTF-8?B?5bGx55Sw?= =?UTF-8?B?44CA?= <a@b.jp>",
		 "山田\u3000|a@b.jp;"},
		{"Taro <a@b.jp>,", "Taro|a@b.jp;"},
		{"Sales: Taro <a@b.jp>", "Sales: Taro|a@b.jp;"},
		{"[ml:00123] 山田 <a@b.jp>, c@d.jp",
		 "[ml:00123] 山田|a@b.jp;|c@d.jp;"},
		{"team: a@b.jp, Taro <c@d.jp>", "|a@b.jp;Taro|c@d.jp;"},
	};

	check_rows(rows, MDG_LEN(rows));
}

static void
names_in_raw_bytes_hide_no_address(void **state)
{
	(void)state;
	/* their bytes hold ( < " \ , ; @ in one charset or the other */
	static const char *const names[] = {
		"山田太郎",     "表示（株）ソフト", "渡辺",  "構内能力予報",
		"お客様窓口",   "佐藤　花子",       "髙橋①", "ｻﾄｳ ﾀﾛｳ",
		"十貼暴ソ能表", "〆切、「至急」",
	};
	static const char *const charsets[] = {"CP932", "EUC-JP-MS", "UTF-8",
					       "jis"};

	for (size_t k = 0; k < MDG_LEN(names); k++) {
		for (size_t c = 0; c < MDG_LEN(charsets); c++) {
			MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
			MDG_AUTO(mdg_buf_clear) struct mdg_buf want = {0};
			if (k == 7 && c == 1)
				continue; /* kana of EUC have a lead byte */
			if (c < 3)
				enc(&raw, charsets[c], names[k]);
			else
				enc_jis(&raw, names[k], 'I');
			mdg_buf_puts(&raw, " <t@example.jp>, x@y.jp");
			mdg_buf_printf(&want, "%s|t@example.jp;|x@y.jp;",
				       names[k]);
			check_bytes(mdg_buf_span(&raw), mdg_buf_str(&want));
		}
	}
}

static void
every_jis_character_may_stand_in_a_name(void **state)
{
	(void)state;
	/* both bytes of a character run over all ASCII specials */
	static const char specials[] = "\"(),:;<>@[\\]";

	for (const char *p = specials; *p; p++)
		for (const char *q = specials; *q; q++) {
			MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
			struct mdg_addresses l = {0};
			char raw[64];
			int n = snprintf(raw, sizeof(raw),
					 "\x1B$B;3%c%cED\x1B(B <t@x.jp>", *p,
					 *q);
			mdg_addr_parse(mdg_span(raw, (size_t)n), &a, &l, NULL);
			assert_int_equal(l.n, 1);
			assert_string_equal(l.v[0].address, "t@x.jp");
		}
}

static void
a_name_that_shows_another_address_is_flagged(void **state)
{
	(void)state;
	static const struct {
		const char *raw;
		bool spoofed;
	} rows[] = {
		{"support@bank.jp <evil@x.jp>", true},
		{"\"support@bank.jp\" <evil@x.jp>", true},
		{"\"Bank (support@bank.jp)\" <evil@x.jp>", true},
		{"\"support＠bank．jp\" <evil@x.jp>", true},
		{"=?UTF-8?Q?support=40bank.jp?= <evil@x.jp>", true},
		{"\"<support@bank.jp>\" <evil@x.jp>", true},
		{"a@b.jp <a@b.jp>", false},
		{"A@B.jp <a@b.jp>", false},
		{"\"a@b.jp\" <a@b.jp>", false},
		{"Taro @ Sales <a@b.jp>", false},
		{"@taro <a@b.jp>", false},
		{"a@b.jp (c)", false},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_addresses l = {0};
		unsigned f = 0;
		mdg_addr_parse(mdg_span_str(rows[i].raw), &a, &l, &f);
		assert_int_equal(l.n, 1);
		if (((f & MDG_ADDR_SPOOFED) != 0) != rows[i].spoofed)
			fail_msg("%s", rows[i].raw);
	}
}

static void
hostile_nesting_costs_nothing(void **state)
{
	(void)state;
	static const char *const units[] = {"g:", "(",      "<",     "\"", "a,",
					    "((", "=?x?q?", "<@",    "[",  "\\",
					    "@",  "a@b ",   "g:a@b;"};

	for (size_t i = 0; i < MDG_LEN(units); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
		struct mdg_addresses l = {0};
		for (int k = 0; k < 100000; k++)
			mdg_buf_puts(&raw, units[i]);
		mdg_addr_parse(mdg_buf_span(&raw), &a, &l, NULL);
		assert_true(l.n <= MDG_ADDRESSES_MAX);
	}
}

static void
limits_cut_and_say_so(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	struct mdg_addresses l = {0};
	unsigned f = 0;

	for (int i = 0; i < MDG_ADDRESSES_MAX; i++)
		mdg_buf_printf(&raw, "%sa%d@b.jp", i ? "," : "", i);
	mdg_addr_parse(mdg_buf_span(&raw), &a, &l, &f);
	assert_int_equal(l.n, MDG_ADDRESSES_MAX);
	assert_int_equal(f, 0);
	mdg_buf_puts(&raw, ",z@b.jp");
	l = (struct mdg_addresses){0};
	mdg_addr_parse(mdg_buf_span(&raw), &a, &l, &f);
	assert_int_equal(l.n, MDG_ADDRESSES_MAX);
	assert_int_equal(f, MDG_ADDR_CUT);

	f = 0;
	l = (struct mdg_addresses){0};
	mdg_buf_reset(&raw);
	for (int i = 0; i < MDG_ADDRESS_BYTES_MAX - 2; i++)
		mdg_buf_putc(&raw, 'x');
	mdg_buf_puts(&raw, "@y");
	mdg_addr_parse(mdg_buf_span(&raw), &a, &l, &f);
	assert_int_equal(l.n, 1);
	mdg_buf_putc(&raw, 'y');
	mdg_addr_parse(mdg_buf_span(&raw), &a, &l, &f);
	assert_int_equal(l.n, 1);
	assert_int_equal(f, MDG_ADDR_CUT);
}

static void
keys_compare_what_is_the_same_mailbox(void **state)
{
	(void)state;
	assert_true(mdg_addr_same("A.B@Example.JP", "a.b@example.jp"));
	assert_true(
		mdg_addr_same("\"a..b.\"@docomo.ne.jp", "a..b.@docomo.ne.jp"));
	assert_true(mdg_addr_same("a@b.jp.", "a@b.jp"));
	assert_true(mdg_addr_same("a@例え.jp", "a@xn--r8jz45g.jp"));
	assert_true(mdg_addr_same("a@例え。ＪＰ", "A@XN--R8JZ45G.jp"));
	assert_false(mdg_addr_same("\"a b\"@b.jp", "ab@b.jp"));
	assert_false(mdg_addr_same("a@b.jp", "a@c.jp"));
	assert_string_equal(mdg_addr_domain("a@b@c.jp"), "c.jp");
	assert_string_equal(mdg_addr_domain("root"), "");
}

static void
domains_go_out_in_a_labels(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"a@b.jp", "a@b.jp"},
		{"A@B.jp", "A@B.jp"},
		{"a@bücher.example", "a@xn--bcher-kva.example"},
		{"a@日本語.jp", "a@xn--wgv71a119e.jp"},
		{"a@ドメイン.テスト", "a@xn--eckwd4c7c.xn--zckzah"},
		{"a@3年b組金八先生.jp", "a@xn--3b-ww4c5e180e575a65lsy2b.jp"},
		{"a@www.安室奈美恵-with-super-monkeys.jp",
		 "a@www.xn---with-super-monkeys-pc58ag80a8qai00g7n9n.jp"},
		{"山@例え.jp", "山@xn--r8jz45g.jp"},
		{"root", "root"},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		assert_string_equal(mdg_addr_wire(&a, rows[i][0]), rows[i][1]);
	}
}

static void
only_clean_addresses_go_out(void **state)
{
	(void)state;
	static const char *const good[] = {
		"a@b",
		"a.b+c@d-e.example.jp",
		"a..b.@docomo.ne.jp",
		".abc@docomo.ne.jp",
		"\"a@b\"@c.jp",
		"a@[192.0.2.1]",
		"a@[IPv6:::1]",
		"山田@例え.jp",
	};
	static const char *const bad[] = {
		"",         "a",           "@b",          "a@",     "a b@c",
		"a@b c",    "a@b\r\nX: y", "a@b\n",       "<a@b>",  "a@b>",
		"a,b@c",    "a;b@c",       "a@b@c",       "a@b..c", "a@.b",
		"a@b.",     "a@-b",        "a(b)@c",      "a\"b@c", "a\\b@c",
		"a@b\x7F",  "a@b\u2028",   "a@b\u3000c",  "\"a@b",  "\"\"@b",
		"\"a\"b@c", "a@[x",        "=?x?q?a?=@b", "a:b@c",  "a@b,c@d",
		"a\t@b",
	};

	for (size_t i = 0; i < MDG_LEN(good); i++)
		if (!mdg_addr_valid(good[i]))
			fail_msg("refused %s", good[i]);
	for (size_t i = 0; i < MDG_LEN(bad); i++)
		if (mdg_addr_valid(bad[i]))
			fail_msg("accepted %s", bad[i]);
	assert_false(mdg_addr_valid("\"a b\"@c.jp")); /* a space */
	assert_true(mdg_addr_ascii("a@b"));
	assert_false(mdg_addr_ascii("山@b"));
}

static void
mailboxes_that_are_written_are_read_back(void **state)
{
	(void)state;
	static const char *const names[] = {
		"",
		"Taro Yamada",
		"Yamada, Taro",
		"a \"b\" \\ c",
		"(株)山田 <営業>",
		"株式会社サンプル お客様相談センター お問い合わせ担当窓口",
		"=?UTF-8?B?6KaL?= literal",
		"Dr. O'Neil; x@y",
		"😀 emoji",
		"A very long plain name that goes on for more than sixty columns",
	};

	for (size_t i = 0; i < MDG_LEN(names); i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};
		struct mdg_address v[2] = {{names[i], "a..b.@docomo.ne.jp", ""},
					   {"Second", "c@d.jp", ""}};
		struct mdg_addresses l = {v, 2}, back = {0};
		size_t column = 6;

		mdg_addrs_format(&l, &wire, &column);
		for (size_t k = 0, col = 6; k < wire.len; k++) {
			col = wire.ptr[k] == '\n' ? 0 : col + 1;
			assert_true(col <= 78 &&
				    (unsigned char)wire.ptr[k] < 0x7F);
		}
		mdg_addr_parse(mdg_buf_span(&wire), &a, &back, NULL);
		assert_int_equal(back.n, 2);
		assert_string_equal(back.v[0].name, names[i]);
		assert_string_equal(back.v[0].address, "a..b.@docomo.ne.jp");
		assert_string_equal(back.v[1].address, "c@d.jp");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mailboxes_of_the_standard_are_read),
		cmocka_unit_test(addresses_of_old_phones_are_kept),
		cmocka_unit_test(the_sender_is_never_lost),
		cmocka_unit_test(names_in_raw_bytes_hide_no_address),
		cmocka_unit_test(every_jis_character_may_stand_in_a_name),
		cmocka_unit_test(a_name_that_shows_another_address_is_flagged),
		cmocka_unit_test(hostile_nesting_costs_nothing),
		cmocka_unit_test(limits_cut_and_say_so),
		cmocka_unit_test(keys_compare_what_is_the_same_mailbox),
		cmocka_unit_test(domains_go_out_in_a_labels),
		cmocka_unit_test(only_clean_addresses_go_out),
		cmocka_unit_test(mailboxes_that_are_written_are_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
