/* What mail systems wrote, and what it comes to. */
#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/mail/verdict.h"

static int
points(const char *verdict, const char *auth)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();

	if (verdict)
		mdg_strings_add(&m->verdicts, &m->arena, verdict, 4);
	if (auth)
		mdg_strings_add(&m->auth_results, &m->arena, auth, 4);
	return mdg_verdict_spam(m);
}

static void
each_filter_is_read_on_one_scale(void **state)
{
	static const struct {
		const char *field;
		int points;
	} v[] = {
		{"X-Spam-Flag: YES", 6},
		{"X-Spam-Flag: NO", 0},
		{"X-Spam-Status: Yes, score=7.3 required=5.0 tests=X", 7},
		{"X-Spam-Status: No, score=1.2 required=5.0 tests=X", 1},
		{"X-Spam-Status: No, score=-2.9 required=5.0", 0},
		{"X-Spam-Status: Yes, hits=12.0 required=10.0", 6},
		{"X-Spam-Status: Yes", 5},
		{"X-Spam-Score: 4.9", 4},
		{"X-Spam-Score: 8.1 (++++++++)", 8},
		{"X-Spam-Score: 99999999999999999999", 10},
		{"X-Spam-Score: much", -1},
		{"X-Spam-Level: ******", 6},
		{"X-Spam-Level: ++", 2},
		{"X-Spam-Level: ", 0},
		{"X-Spamd-Result: default: True [16.0 / 15.0]; X(1)[y]", 5},
		{"X-Spamd-Result: default: False [3.0 / 15.0]", 1},
		{"X-Spamd-Result: ?", -1},
		{"X-MS-Exchange-Organization-SCL: 9", 9},
		{"X-MS-Exchange-Organization-SCL: 5", 5},
		{"X-MS-Exchange-Organization-SCL: -1", 0},
		{"X-Forefront-Antispam-Report: CIP:1.2.3.4;SCL:6;SRV:;", 6},
		{"X-Forefront-Antispam-Report: CIP:1.2.3.4;XSCL:6;", -1},
		{"X-Something: YES", -1},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++)
		if (points(v[i].field, NULL) != v[i].points)
			fail_msg("%s: %d", v[i].field,
				 points(v[i].field, NULL));
	assert_int_equal(points(NULL, NULL), MDG_SPAM_UNKNOWN);
	assert_int_equal(points(NULL, "mx.e; dmarc=fail header.from=x.jp"), 3);
	assert_int_equal(points(NULL, "mx.e; dmarc=pass header.from=x.jp"), 0);
	/* what says no does not acquit */
	assert_int_equal(
		points("X-Spam-Flag: NO", "mx.e; dmarc=fail header.from=x.jp"),
		3);
}

#define TENANT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define ID "X-MS-Exchange-CrossTenant-Id: "
#define AS "X-MS-Exchange-CrossTenant-AuthAs: "

static bool
inside(const char *a, const char *b, const char *c, const char *tenant)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	const char *v[] = {a, b, c};

	for (size_t i = 0; i < MDG_LEN(v); i++)
		if (v[i])
			mdg_strings_add(&m->verdicts, &m->arena, v[i], 4);
	return mdg_verdict_tenant(&m->verdicts, tenant);
}

static void
only_ones_own_tenant_counts_and_only_once(void **state)
{
	(void)state;
	assert_true(inside(ID TENANT, AS "Internal", NULL, TENANT));
	assert_true(inside(AS "internal",
			   ID "0F8FAD5B-D9CB-469F-A165-70867728950E", NULL,
			   TENANT));
	assert_false(inside(ID TENANT, AS "Anonymous", NULL, TENANT));
	assert_false(inside(ID TENANT, NULL, NULL, TENANT));
	assert_false(inside(NULL, AS "Internal", NULL, TENANT));
	assert_false(inside(ID "1f8fad5b-d9cb-469f-a165-70867728950e",
			    AS "Internal", NULL, TENANT));
	assert_false(inside(ID TENANT, AS "Internal", AS "Anonymous", TENANT));
	assert_false(inside(ID TENANT, AS "Internal", ID TENANT, TENANT));
	assert_false(inside(ID "", AS "Internal", NULL, ""));
	assert_false(inside(ID TENANT, AS "Internal (x)", NULL, TENANT));
	assert_true(mdg_tenant_valid(TENANT));
	assert_false(mdg_tenant_valid(TENANT "0"));
	assert_false(mdg_tenant_valid("0f8fad5b"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_filter_is_read_on_one_scale),
	cmocka_unit_test(only_ones_own_tenant_counts_and_only_once),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
