#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/msgid.h"

static void
check(const char *raw, const char *want)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf got = {0};
	struct mdg_strings ids = {0};

	mdg_msgids_parse(mdg_span_str(raw), &a, &ids, MDG_REFERENCES_MAX);
	for (size_t i = 0; i < ids.n; i++)
		mdg_buf_printf(&got, "%s%s", i ? " " : "", ids.v[i]);
	if (strcmp(mdg_buf_str(&got), want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", raw, mdg_buf_str(&got),
			 want);
}

static void
ids_are_found_however_they_are_written(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"<a@b>", "a@b"},
		{" <a@b>\r\n <c@d>", "a@b c@d"},
		{"<a@b><c@d>", "a@b c@d"},
		{"<a@b>, <c@d>,", "a@b c@d"},
		{"<a@b> (comment) <c@d>", "a@b c@d"},
		{"<a@b> (x@y) <c@d>", "a@b c@d"},
		{"<long.id\r\n .goes.on@b>", "long.id.goes.on@b"},
		{"< a@b >", "a@b"},
		{"a@b", "a@b"},
		{"a@b c@d", "a@b c@d"},
		{"a@b, <c@d>", "a@b c@d"},
		{"Your message of \"Mon, 1 Jan\" <a@b>", "a@b"},
		{"Message from x <a@b> of Mon", "a@b"},
		{"\"Taro\" <taro@x.jp>'s message <a@b>", "taro@x.jp a@b"},
		{"<a@b> <a@b> <c@d> <a@b>", "a@b c@d"},
		{"<a@b", "a@b"},
		{"<a@b <c@d>", "a@b c@d"},
		{"<<a@b>>", "a@b"},
		{"<no-at-sign>", "no-at-sign"},
		{"<\"quoted local\"@b>", "\"quotedlocal\"@b"},
		{"<a@[127.0.0.1]>", "a@[127.0.0.1]"},
		{"<>", ""},
		{"", ""},
		{"words only", ""},
		{"<A@b> <a@b>", "A@b a@b"},
		{"<4f1$abc=DEF+x/y@mail.example>",
		 "4f1$abc=DEF+x/y@mail.example"},
	};

	for (size_t i = 0; i < MDG_LEN(rows); i++)
		check(rows[i][0], rows[i][1]);
}

static void
too_many_ids_keep_the_first_and_the_newest(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	struct mdg_strings ids = {0};

	for (int i = 0; i < 10; i++)
		mdg_buf_printf(&raw, "<id%d@x> ", i);
	mdg_msgids_parse(mdg_buf_span(&raw), &a, &ids, 10);
	assert_int_equal(ids.n, 10);
	ids = (struct mdg_strings){0};
	mdg_msgids_parse(mdg_buf_span(&raw), &a, &ids, 4);
	assert_int_equal(ids.n, 4);
	assert_string_equal(ids.v[0], "id0@x");
	assert_string_equal(ids.v[1], "id7@x");
	assert_string_equal(ids.v[3], "id9@x");
}

static void
ids_over_the_length_limit_are_left_out(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	struct mdg_strings ids = {0};

	mdg_buf_putc(&raw, '<');
	for (int i = 0; i < MDG_MSGID_BYTES_MAX; i++)
		mdg_buf_putc(&raw, 'x');
	mdg_buf_puts(&raw, "> <a@b>");
	mdg_msgids_parse(mdg_buf_span(&raw), &a, &ids, 9);
	assert_int_equal(ids.n, 2);
	ids = (struct mdg_strings){0};
	raw.ptr[MDG_MSGID_BYTES_MAX + 1] = 'x';
	raw.ptr[MDG_MSGID_BYTES_MAX + 2] = '>';
	mdg_msgids_parse(mdg_buf_span(&raw), &a, &ids, 9);
	assert_int_equal(ids.n, 1);
	assert_string_equal(ids.v[0], "a@b");
}

static void
a_message_id_is_read_even_without_form(void **state)
{
	(void)state;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	assert_string_equal(mdg_msgid_parse(mdg_span_str(" <a@b>\r\n"), &a),
			    "a@b");
	assert_string_equal(mdg_msgid_parse(mdg_span_str("1234567"), &a),
			    "1234567");
	assert_null(mdg_msgid_parse(mdg_span_str("  "), &a));
	assert_null(mdg_msgid_parse(mdg_span_str("not an id"), &a));
}

static void
only_clean_ids_may_be_written(void **state)
{
	(void)state;
	assert_true(mdg_msgid_valid("a@b"));
	assert_false(mdg_msgid_valid(NULL));
	assert_false(mdg_msgid_valid(""));
	assert_false(mdg_msgid_valid("a b@c"));
	assert_false(mdg_msgid_valid("a>b@c"));
	assert_false(mdg_msgid_valid("a@b\r\nBcc: x"));
	assert_false(mdg_msgid_valid("見@b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_found_however_they_are_written),
		cmocka_unit_test(too_many_ids_keep_the_first_and_the_newest),
		cmocka_unit_test(ids_over_the_length_limit_are_left_out),
		cmocka_unit_test(a_message_id_is_read_even_without_form),
		cmocka_unit_test(only_clean_ids_may_be_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
