/* Tables for spreadsheets: what would run as a formula does not, CP932. */
#include <stdint.h>

#include "madoguchi/base/csv.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/csv.h"
#include "t.h"

static json_t *
one(const char *key, const char *value)
{
	return json_pack("[{s:s}]", key, value);
}

static void
what_begins_as_a_formula_is_text_in_titles_lists_and_objects(void **state)
{
	static const char *const bad[] = {
		"=1+1", "+1",   "-1",    "@SUM(A1)",     "\t=1",
		"\r=1", "\n=1", "＝1",   "＋1",          "－1",
		"＠x",  "'=1",  "00120", "123456789012",
	};
	static const char *const good[] = {"a=1", " =1", "1-1", "0", "12", ""};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(bad); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		MDG_AUTO(mdg_freep)
		char *cell = mdg_asprintf("\"'%s\"", bad[i]);
		json_t *rows =
			json_pack("[{s:s,s:[s]}]", bad[i], bad[i], "l", bad[i]);
		mdg_csv_put(&b, rows);
		const char *p = mdg_buf_str(&b);
		for (int n = 0; n < 3; n++) {
			p = strstr(p, cell);
			assert_non_null(p);
			p++;
		}
		assert_null(strstr(mdg_buf_str(&b), "\"="));
		json_decref(rows);
	}
	for (size_t i = 0; i < MDG_LEN(good); i++)
		assert_false(mdg_csv_guards(good[i]));
}

static void
a_table_in_cp932_has_no_mark_and_keeps_what_japanese_people_write(void **state)
{
	static const char wanted[] =
		"\"k\"\r\n\"'=\x81\x60\x81\x7c\x87\x40"
		"\x87\x8a\xfb\xfc\xfa\xb1\xb6\x8a\xbf\"\r\n";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_err err;
	iconv_t cd = iconv_open("CP932", "UTF-8");
	json_t *rows = one("k", "=〜－①㈱髙﨑ｶ漢");

	(void)state;
	mdg_csv_put(&b, rows);
	assert_true(mdg_csv_cp932(cd, &b, "x", &err));
	assert_int_equal(b.len, sizeof(wanted) - 1);
	assert_memory_equal(b.ptr, wanted, b.len);
	json_decref(rows);
	iconv_close(cd);
}

static void
what_cp932_does_not_have_is_refused_by_its_name(void **state)
{
	static const char *const odd[] = {"😀", "é", "𠮷", "〾"};
	iconv_t cd = iconv_open("CP932", "UTF-8");
	char text[MDG_ERR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < MDG_LEN(odd); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		MDG_AUTO(mdg_freep) char *v = mdg_asprintf("山%s田", odd[i]);
		json_t *rows = one("k", v);
		struct mdg_err err;
		mdg_csv_put(&b, rows);
		assert_false(mdg_csv_cp932(cd, &b, "course.csv", &err));
		assert_int_equal(err.code, MDG_EFORMAT);
		mdg_err_text(&err, MDG_LANG_JA, text, sizeof(text));
		assert_non_null(strstr(text, odd[i]));
		assert_non_null(strstr(text, "course.csv"));
		json_decref(rows);
	}
	iconv_close(cd);
}

static void
an_encoding_is_one_of_two(void **state)
{
	struct mdg_err err;
	bool cp932;

	(void)state;
	assert_true(mdg_csv_encoding(NULL, &cp932, &err) && !cp932);
	assert_true(mdg_csv_encoding("utf-8", &cp932, &err) && !cp932);
	assert_true(mdg_csv_encoding("cp932", &cp932, &err) && cp932);
	assert_false(mdg_csv_encoding("", &cp932, &err));
	assert_false(mdg_csv_encoding("sjis", &cp932, &err));
	assert_int_equal(err.code, MDG_EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_begins_as_a_formula_is_text_in_titles_lists_and_objects),
		cmocka_unit_test(
			a_table_in_cp932_has_no_mark_and_keeps_what_japanese_people_write),
		cmocka_unit_test(
			what_cp932_does_not_have_is_refused_by_its_name),
		cmocka_unit_test(an_encoding_is_one_of_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
