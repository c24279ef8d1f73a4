/* Codes of an authenticator against the tables of RFC 4226 and RFC 6238. */
#include <string.h>

#include "madoguchi/crypto/digest.h"
#include "madoguchi/crypto/totp.h"
#include "t.h"

/* "12345678901234567890", the secret of both RFCs */
static const char secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

static void
codes_are_those_of_rfc_4226_appendix_d(void **state)
{
	static const char *const want[] = {
		"755224", "287082", "359152", "969429", "338314",
		"254676", "287922", "162583", "399871", "520489"};
	char code[MDG_TOTP_DIGITS + 1];

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_true(mdg_totp_code(secret, i, code));
		assert_string_equal(code, want[i]);
	}
}

static void
codes_are_those_of_rfc_6238_appendix_b(void **state)
{
	static const struct {
		int64_t t_s;
		const char *code; /* the last six of its eight digits */
	} want[] = {
		{59, "287082"},         {1111111109, "081804"},
		{1111111111, "050471"}, {1234567890, "005924"},
		{2000000000, "279037"}, {20000000000, "353130"},
	};
	char code[MDG_TOTP_DIGITS + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		assert_true(mdg_totp_code(secret, want[i].t_s / MDG_TOTP_STEP_S,
					  code));
		assert_string_equal(code, want[i].code);
	}
}

static void
a_code_is_good_once_and_a_step_either_way(void **state)
{
	int64_t now = 1111111111, at = now / MDG_TOTP_STEP_S, step = -1;
	char code[MDG_TOTP_DIGITS + 1];

	(void)state;
	for (int64_t off = -3; off <= 3; off++) {
		assert_true(mdg_totp_code(secret, at + off, code));
		bool near = off >= -MDG_TOTP_SLACK && off <= MDG_TOTP_SLACK;
		assert_int_equal(mdg_totp_check(secret, code, now, 0, &step),
				 near);
		if (near)
			assert_int_equal(step, at + off);
		/* never again, and none before it */
		assert_false(
			mdg_totp_check(secret, code, now, at + off, &step));
	}
	assert_true(mdg_totp_code(secret, at, code));
	assert_true(mdg_totp_check(secret, code, now, at - 1, &step));
	assert_false(mdg_totp_check(secret, "", now, 0, &step));
	assert_false(mdg_totp_check(secret, "0504711", now, 0, &step));
	assert_false(mdg_totp_check("SHORT", "050471", now, 0, &step));
	assert_false(mdg_totp_check("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ!", code,
				    now, 0, &step));
}

static void
secrets_differ_and_make_codes(void **state)
{
	char a[MDG_TOTP_SECRET_CHARS + 1], b[MDG_TOTP_SECRET_CHARS + 1];
	char code[MDG_TOTP_DIGITS + 1];

	(void)state;
	mdg_totp_secret_new(a);
	mdg_totp_secret_new(b);
	assert_int_equal(strlen(a), MDG_TOTP_SECRET_CHARS);
	assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
			 MDG_TOTP_SECRET_CHARS);
	assert_string_not_equal(a, b);
	assert_true(mdg_totp_code(a, 1, code));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_those_of_rfc_4226_appendix_d),
		cmocka_unit_test(codes_are_those_of_rfc_6238_appendix_b),
		cmocka_unit_test(a_code_is_good_once_and_a_step_either_way),
		cmocka_unit_test(secrets_differ_and_make_codes),
	};

	mdg_crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
