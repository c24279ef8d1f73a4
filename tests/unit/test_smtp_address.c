#include "t.h"

#include "../../src/worker/smtp.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"

static void
ordinary_addresses_may_be_sent(void **state)
{
	(void)state;
	static const char *const good[] = {
		"a@b",
		"taro.yamada+x@example.co.jp",
		"a..b.@docomo.ne.jp",
		"\"a..b.\"@docomo.ne.jp",
		"\"a@b\"@example.jp",
		"山田@example.jp",
		"user@[192.0.2.1]",
		"user@日本語.jp",
	};
	for (size_t i = 0; i < MDG_LEN(good); i++)
		assert_true(mdg_smtp_address_ok(good[i]));
}

static void
what_could_break_a_command_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",       "a",     "@b",      "a@",     "a b@c",
		"a@b c",  "a\r@b", "a@b\n",   "a@b>",   "<a@b>",
		"a\tb@c", "a@b@c", "a\177@b", "\xff@b", "a\"@b\"@c d",
	};
	for (size_t i = 0; i < MDG_LEN(bad); i++)
		assert_false(mdg_smtp_address_ok(bad[i]));
}

static void
the_longest_address_is_as_long_as_the_limit(void **state)
{
	(void)state;
	char a[MDG_ADDRESS_BYTES_MAX + 2];
	memset(a, 'x', sizeof(a));
	a[1] = '@';
	a[MDG_ADDRESS_BYTES_MAX] = '\0';
	assert_true(mdg_smtp_address_ok(a));
	a[MDG_ADDRESS_BYTES_MAX] = 'x';
	a[MDG_ADDRESS_BYTES_MAX + 1] = '\0';
	assert_false(mdg_smtp_address_ok(a));
}

static void
only_addresses_with_odd_dots_are_quoted(void **state)
{
	(void)state;
	static const struct {
		const char *plain, *quoted; /* NULL: stays */
	} rows[] = {
		{"a.@docomo.ne.jp", "\"a.\"@docomo.ne.jp"},
		{".a@docomo.ne.jp", "\".a\"@docomo.ne.jp"},
		{"a..b@ezweb.ne.jp", "\"a..b\"@ezweb.ne.jp"},
		{"a.b@docomo.ne.jp", NULL},
		{"\"a.\"@docomo.ne.jp", NULL},
		{"a..@b\"c", "\"a..\"@b\"c"},
		{"a\\..@b", NULL},
	};
	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		bool odd = mdg_smtp_address_quoted(rows[i].plain, &b);
		assert_int_equal(odd, rows[i].quoted != NULL);
		if (odd)
			assert_string_equal(mdg_buf_str(&b), rows[i].quoted);
	}
}

static void
domains_in_other_letters_become_labels(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"a@example.jp", "a@example.jp"},
		{"a@日本語.jp", "a@xn--wgv71a119e.jp"},
		{"山@日本語.jp", "山@xn--wgv71a119e.jp"},
		{"", ""},
	};
	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		assert_true(mdg_smtp_address_wire(rows[i][0], &b));
		assert_string_equal(mdg_buf_str(&b), rows[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_addresses_may_be_sent),
		cmocka_unit_test(what_could_break_a_command_is_refused),
		cmocka_unit_test(the_longest_address_is_as_long_as_the_limit),
		cmocka_unit_test(only_addresses_with_odd_dots_are_quoted),
		cmocka_unit_test(domains_in_other_letters_become_labels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
