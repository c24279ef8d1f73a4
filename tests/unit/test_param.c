#include "mail_enc.h"

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/mail/param.h"

static struct mdg_arena arena;

static int
clear_arena(void **state)
{
	(void)state;
	mdg_arena_clear(&arena);
	return 0;
}

static void
check_name(struct mdg_span raw, const char *want)
{
	struct mdg_params p;

	mdg_params_parse(raw, &arena, &p);
	const char *got = mdg_filename_pick(&p, NULL, &arena);
	if (!mdg_streq(got, want))
		fail_msg("%.*s: got \"%s\", want \"%s\"", (int)raw.n,
			 (const char *)raw.p, got ? got : "(null)",
			 want ? want : "(null)");
}

static void
file_names_are_read_in_every_form(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		/* RFC 2045, and how it is missed */
		{"attachment; filename=\"a b.pdf\"", "a b.pdf"},
		{"attachment; filename=a.pdf", "a.pdf"},
		{"attachment; filename=a b.pdf; size=3", "a b.pdf"},
		{"attachment; filename=a;b.pdf", "a;b.pdf"},
		{"attachment; filename=\"a;b.pdf\"; x=y", "a;b.pdf"},
		{"attachment; filename=\"a;name=b.pdf\"", "a;name=b.pdf"},
		{"attachment; filename=report (1).pdf", "report (1).pdf"},
		{"attachment; filename=\"a\\\"b.pdf\"", "a\"b.pdf"},
		{"attachment; filename=\"open.pdf", "open.pdf"},
		{"attachment; filename=\"open.pdf; size=3", "open.pdf"},
		{"attachment;FILENAME = \"a.pdf\" ;", "a.pdf"},
		{"attachment;\r\n\tfilename=\r\n \"a.pdf\"", "a.pdf"},
		{"attachment (a comment); (b) filename=(c)\"a.pdf\"", "a.pdf"},
		{"filename=a.pdf", "a.pdf"},
		{"attachment; filename=", NULL},
		{"attachment; filename=\"\"", NULL},
		{"attachment", NULL},
		{"", NULL},
		/* encoded words */
		{"attachment; filename=\"=?UTF-8?B?6KaL56mNLnBkZg==?=\"",
		 "見積.pdf"},
		{"attachment; filename==?UTF-8?B?6KaL56mNLnBkZg==?=",
		 "見積.pdf"},
		{"attachment; filename=\"=?UTF-8?B?6KaL56mN?=\r\n"
		 " =?UTF-8?B?5pu4LnBkZg==?=\"",
		 "見積書.pdf"},
		{"attachment; filename=\"=?ISO-2022-JP?B?GyRCOCtAUS0hGyhCLnBk"
		 "Zg==?=\"",
		 "見積①.pdf"},
		{"attachment; filename=\"=?Shift_JIS?Q?=8C=A9=90=CF.pdf?=\"",
		 "見積.pdf"},
		/* RFC 2231 */
		{"attachment; filename*=UTF-8''%E8%A6%8B%E7%A9%8D.pdf",
		 "見積.pdf"},
		{"attachment; filename*=utf-8'ja'%e8%a6%8b.pdf", "見.pdf"},
		{"attachment; filename*=shift_jis''%8C%A9%90%CF%87%40.pdf",
		 "見積①.pdf"},
		{"attachment; filename*=iso-2022-jp''%1B%24B8%2B%1B%28B.pdf",
		 "見.pdf"},
		{"attachment; filename*=iso-2022-jp''%1B$B8+%1B%28B.pdf",
		 "見.pdf"},
		{"attachment; filename*=euc-jp''%B8%AB.pdf", "見.pdf"},
		{"attachment; filename*=''%E8%A6%8B%E7%A9%8D.pdf", "見積.pdf"},
		{"attachment; filename*=%E8%A6%8B%E7%A9%8D.pdf", "見積.pdf"},
		{"attachment; filename*=\"UTF-8''%E8%A6%8B.pdf\"", "見.pdf"},
		{"attachment; filename*=utf-8''%8C%A9%90%CF.pdf", "見積.pdf"},
		{"attachment; filename*==?UTF-8?B?6KaL?=", "見"},
		{"attachment; filename*0=long; filename*1=er.pdf",
		 "longer.pdf"},
		{"attachment; filename*0=\"100%41 a\"; filename*1=\".pdf\"",
		 "100%41 a.pdf"},
		{"attachment; filename*0*=UTF-8''%E8%A6%8B;"
		 " filename*1*=%E7%A9%8D; filename*2=.pdf",
		 "見積.pdf"},
		{"attachment; filename*2=.pdf; filename*1*=%E7%A9%8D;"
		 " filename*0*=UTF-8''%E8%A6%8B",
		 "見積.pdf"},
		{"attachment; filename*0*=UTF-8''%E8%A6%8; filename*1*=B.pdf",
		 "見.pdf"},
		{"attachment; filename*0*=UTF-8''%E8%; filename*1*=A6%8B.pdf",
		 "見.pdf"},
		{"attachment; filename*0*=UTF-8''%E8%A6;"
		 " filename*1*=%8B.pdf",
		 "見.pdf"},
		{"attachment; filename*0*=iso-2022-jp''%1B%24B8;"
		 " filename*1*=%2B%1B%28; filename*2*=B.pdf",
		 "見.pdf"},
		{"attachment; filename*0*=UTF-8''%E8%A6%8B;"
		 " filename*1*=UTF-8''%E7%A9%8D.pdf",
		 "見積.pdf"},
		{"attachment; filename*0*=UTF-8''%E8%A6%8B;"
		 " filename*1=%E7%A9%8D.pdf",
		 "見積.pdf"},
		{"attachment; filename*0=\"=?UTF-8?B?6KaL?=\";"
		 " filename*1=\"=?UTF-8?B?56mN?=\"",
		 "見積"},
		/* which one */
		{"attachment; filename=b.pdf; filename*=UTF-8''a.pdf", "a.pdf"},
		{"attachment; name*=UTF-8''b; filename=a.pdf", "a.pdf"},
		{"attachment; name=a.pdf", "a.pdf"},
		{"attachment; filename=\"..\"; name=a.pdf", "a.pdf"},
		/* a URL-encoded name without RFC 2231 */
		{"attachment; filename=\"%E8%A6%8B%E7%A9%8D.pdf\"", "見積.pdf"},
		{"attachment; filename=\"50%off.pdf\"", "50%off.pdf"},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++)
		check_name(mdg_span_str(rows[i][0]), rows[i][1]);
}

static void
raw_names_of_any_charset_are_read(void **state)
{
	(void)state;
	static const char *const charsets[] = {"CP932", "EUC-JP-MS", "UTF-8"};
	static const char *const names[] = {"見積書.pdf", "表示ソ能十.pdf",
					    "お問い合わせ①.xlsx"};

	for (size_t k = 0; k < MDG_LEN(names); k++) {
		for (size_t i = 0; i <= MDG_LEN(charsets); i++) {
			MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
			mdg_buf_puts(&raw, "attachment; filename=\"");
			if (i < MDG_LEN(charsets))
				enc(&raw, charsets[i], names[k]);
			else
				enc_jis(&raw, names[k], 'I');
			mdg_buf_puts(&raw, "\"; size=3");
			check_name(mdg_buf_span(&raw), names[k]);
		}
	}
}

static void
names_are_made_safe(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"a.txt", "a.txt"},
		{"../../etc/passwd", "passwd"},
		{"C:\\Users\\x\\見積.pdf", "見積.pdf"},
		{"c:見積.pdf", "見積.pdf"},
		{"\\\\server\\share\\a.txt", "a.txt"},
		{"/", NULL},
		{"a/", "a"},
		{"..", NULL},
		{"../..", NULL},
		{"...", NULL},
		{" . ", NULL},
		{"", NULL},
		{"   ", NULL},
		{"a\tb\nc.txt", "a b c.txt"},
		{"a\x01\x7F.txt", "a.txt"},
		{"evil\u202Efdp.exe", "evilfdp.exe"},
		{"a\u200F\u200Bb\uFEFF.txt", "ab.txt"},
		{"a.exe. . ", "a.exe"},
		{".htaccess", ".htaccess"},
		{"か\u3099き\u3099は\u309Aハ\u309Aウ\u3099.txt",
		 "がぎぱパヴ.txt"},
		{"あ\u3099.txt", "あ\u3099.txt"},
		{"👨‍👩‍👧.png", "👨‍👩‍👧.png"},
		{"見積/2026.pdf", "2026.pdf"},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		const char *got = mdg_filename_safe(&arena, rows[i][0]);
		if (!mdg_streq(got, rows[i][1]))
			fail_msg("\"%s\": got \"%s\"", rows[i][0],
				 got ? got : "(null)");
	}
}

static void
long_names_keep_their_extension(void **state)
{
	(void)state;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};

	for (size_t i = 0; i < MDG_FILENAME_BYTES_MAX - 4; i++)
		mdg_buf_putc(&name, 'x');
	mdg_buf_puts(&name, ".pdf");
	assert_string_equal(mdg_filename_safe(&arena, name.ptr), name.ptr);
	mdg_buf_reset(&name);
	for (int i = 0; i < 100; i++)
		mdg_buf_puts(&name, "長い");
	mdg_buf_puts(&name, ".pdf.  .");
	const char *got = mdg_filename_safe(&arena, name.ptr);
	assert_true(strlen(got) <= MDG_FILENAME_BYTES_MAX);
	assert_true(strlen(got) > MDG_FILENAME_BYTES_MAX - 3);
	assert_true(mdg_str_ends(got, ".pdf"));
	assert_true(mdg_utf8_valid(got, strlen(got)));
}

static void
content_types_are_read(void **state)
{
	(void)state;
	struct mdg_params p;

	mdg_params_parse(mdg_span_str(" Text/PLAIN ; charset=\"UTF-8\" ; "
				      "Format=flowed; charset=x (c)"),
			 &arena, &p);
	assert_string_equal(p.value, "text/plain");
	assert_string_equal(mdg_params_get(&p, "charset"), "UTF-8");
	assert_string_equal(mdg_params_get(&p, "FORMAT"), "flowed");
	assert_null(mdg_params_get(&p, "boundary"));
	mdg_params_parse(mdg_span_str("multipart/report; report-type=delivery-"
				      "status;\r\n boundary=\"=_a;b\""),
			 &arena, &p);
	assert_string_equal(mdg_params_get(&p, "report-type"),
			    "delivery-status");
	assert_string_equal(mdg_params_get(&p, "boundary"), "=_a;b");
	mdg_params_parse(mdg_span_str("text/plain; charset=utf-8 (plain)"),
			 &arena, &p);
	assert_string_equal(mdg_params_get(&p, "charset"), "utf-8");
	mdg_params_parse(mdg_span_str("text/plain; charset=us-ascii "
				      "format=flowed"),
			 &arena, &p);
	assert_string_equal(mdg_params_get(&p, "charset"), "us-ascii");
	assert_string_equal(mdg_params_get(&p, "format"), "flowed");
	mdg_params_parse(mdg_span_str("auto-replied (vacation); x=1"), &arena,
			 &p);
	assert_string_equal(p.value, "auto-replied");
	mdg_params_parse(mdg_span_str("text/plain charset=utf-8"), &arena, &p);
	assert_string_equal(p.value, "text/plain");
	assert_string_equal(mdg_params_get(&p, "charset"), "utf-8");
}

static void
the_type_gives_a_name_when_the_disposition_has_none(void **state)
{
	(void)state;
	struct mdg_params disposition, type;

	mdg_params_parse(mdg_span_str("attachment; size=3"), &arena,
			 &disposition);
	mdg_params_parse(mdg_span_str("image/png; name=\"a.png\""), &arena,
			 &type);
	assert_string_equal(mdg_filename_pick(&disposition, &type, &arena),
			    "a.png");
	assert_string_equal(mdg_filename_pick(NULL, &type, &arena), "a.png");
	assert_null(mdg_filename_pick(NULL, NULL, &arena));
	mdg_params_parse(mdg_span_str("attachment; filename=b.png"), &arena,
			 &disposition);
	assert_string_equal(mdg_filename_pick(&disposition, &type, &arena),
			    "b.png");
}

static void
parameters_over_the_limit_are_left_out(void **state)
{
	(void)state;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	struct mdg_params p;

	mdg_buf_puts(&raw, "text/plain");
	for (int i = 0; i < MDG_PARAMS_MAX; i++)
		mdg_buf_printf(&raw, "; p%d=v%d", i, i);
	mdg_params_parse(mdg_buf_span(&raw), &arena, &p);
	assert_int_equal(p.n, MDG_PARAMS_MAX);
	mdg_buf_puts(&raw, "; over=1");
	mdg_params_parse(mdg_buf_span(&raw), &arena, &p);
	assert_int_equal(p.n, MDG_PARAMS_MAX);
	assert_null(mdg_params_get(&p, "over"));
}

static void
names_that_are_written_are_read_back(void **state)
{
	(void)state;
	static const char *const names[] = {
		"a.pdf",
		"a b \"c\" \\d.pdf",
		"見積書.pdf",
		"見積書（最終版）2026年11月21日_株式会社サンプル御中_改訂第三版.pdf",
		"100%.pdf",
		"%E8%A6%8B.pdf",
		"it's; a, (test) =?UTF-8?B?6KaL?= 'x'.txt",
		"😀👨‍👩‍👧.png",
	};

	for (size_t i = 0; i < MDG_LEN(names); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};
		struct mdg_params p;
		mdg_buf_puts(&wire, "attachment");
		mdg_param_put(&wire, "filename", names[i]);
		mdg_param_put_words(&wire, "name", names[i]);
		for (size_t k = 0, column = 0; k < wire.len; k++) {
			column = wire.ptr[k] == '\n' ? 0 : column + 1;
			assert_true(column <= 78);
			assert_true((unsigned char)wire.ptr[k] < 0x7F);
		}
		mdg_params_parse(mdg_buf_span(&wire), &arena, &p);
		assert_int_equal(p.n, 2);
		assert_string_equal(mdg_params_get(&p, "filename"), names[i]);
		assert_string_equal(mdg_params_get(&p, "name"), names[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(file_names_are_read_in_every_form,
					  clear_arena),
		cmocka_unit_test_teardown(raw_names_of_any_charset_are_read,
					  clear_arena),
		cmocka_unit_test_teardown(names_are_made_safe, clear_arena),
		cmocka_unit_test_teardown(long_names_keep_their_extension,
					  clear_arena),
		cmocka_unit_test_teardown(content_types_are_read, clear_arena),
		cmocka_unit_test_teardown(
			the_type_gives_a_name_when_the_disposition_has_none,
			clear_arena),
		cmocka_unit_test_teardown(
			parameters_over_the_limit_are_left_out, clear_arena),
		cmocka_unit_test_teardown(names_that_are_written_are_read_back,
					  clear_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
