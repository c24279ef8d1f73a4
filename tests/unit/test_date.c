#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/mime/date.h"

enum { TEN_JST = 1795222800 }; /* 2026-11-21 10:00:00 +0900 */

static const struct {
	const char *in;
	int64_t s;
} readable[] = {
	/* clang-format off */
	{"Sat, 21 Nov 2026 10:00:00 +0900", TEN_JST},
	{" Sat, 21 Nov 2026 10:00:00 +0900 (JST)\r\n", TEN_JST},
	{"Sat,\r\n 21 Nov 2026\r\n 10:00:00 +0900", TEN_JST},
	{"21 Nov 2026 10:00 +0900", TEN_JST},
	{"21 Nov 26 10:00 JST", TEN_JST},
	{"21 Nov 126 10:00 +0900", TEN_JST},
	{"Sat, 21 Nov 2026 10:00:00 +09:00", TEN_JST},
	{"Sat, 21 Nov 2026 10:00:00 +9", TEN_JST},
	{"Sat, 21 Nov 2026 10:00:00 UTC+9", TEN_JST},
	{"Sat, 21 Nov 2026 10:00:00 GMT+0900", TEN_JST},
	{"Sat, 21 Nov 2026 10.00.00 +0900", TEN_JST},
	{"Sat, 21-Nov-2026 01:00:00 GMT", TEN_JST},
	{"Sat Nov 21 10:00:00 2026 +0900", TEN_JST},
	{"Sat Nov 21 10:00:00 JST 2026", TEN_JST},
	{"Nov 21, 2026 10:00:00 AM +0900", TEN_JST},
	{"Saturday, 21 November 2026 10:00:00 +0900", TEN_JST},
	{"Sat,21Nov2026 10:00:00 +0900", TEN_JST},
	{"2026-11-21 10:00:00 +0900", TEN_JST},
	{"2026-11-21T10:00:00+09:00", TEN_JST},
	{"2026-11-21T01:00:00Z", TEN_JST},
	{"2026-11-21T01:00:00.123Z", TEN_JST},
	{"2026/11/21 10:00:00 JST", TEN_JST},
	{"2026/11/21 01:00:00", TEN_JST},
	{"20261121010000", TEN_JST},
	{"2026年11月21日 10:00", TEN_JST},
	{"2026年11月21日(土) 10時00分00秒", TEN_JST},
	{"令和8年11月21日 10時", TEN_JST},
	{"土, 21 11月 2026 10:00:00 +0900", TEN_JST},
	{"2026年11月21日 午前10:00", TEN_JST},
	{"2026年11月21日 午後10:00", TEN_JST + 12 * 3600},
	{"Sat, 21 Nov 2026 12:00:00 AM +0900", TEN_JST - 10 * 3600},
	{"Fri, 20 Nov 2026 20:00:00 EST", TEN_JST},
	{"Fri, 20 Nov 2026 20:00:00 -0500 (EST (Eastern))", TEN_JST},
	{"Sat, 21 Nov 2026 01:00:00 -0000", TEN_JST},
	{"Sat, 21 Nov 2026 01:00:00 XYZ", TEN_JST},
	{"Sat, 21 Nov 2026 01:00:00 +9999", TEN_JST},
	{"Sat, 21 Nov 2026 01:00:00", TEN_JST},
	{"21 Nov 2026", TEN_JST - 3600},
	{"31 Dec 2026 23:59:60 +0000", 1798761600},
	{"1 Jan 99 00:00:00 +0000", 915148800},
	{"29 Feb 2024 00:00:00 +0000", 1709164800},
	{"1 Jan 1970 00:00:00 +0000", 0},
	/* clang-format on */
};

static const char *const unreadable[] = {
	"",
	"garbage",
	"31 Feb 2026 10:00:00 +0000",
	"29 Feb 2026 10:00:00 +0000",
	"21 Nov 2026 25:00:00 +0900",
	"21 Nov 2026 10:61:00 +0900",
	"0 Nov 2026 10:00:00 +0900",
	"Sat, 21 Nov 1999999 10:00:00 +0000",
	"Sat, 21 Nov 2201 10:00:00 +0000",
	"1 Jan 1960 00:00:00 +0000",
	"11/21/2026 10:00",
	"10:00:00 +0900",
	"99999999999999999999999999",
	"(Sat, 21 Nov 2026 10:00:00 +0900",
};

static void
dates_of_every_habit_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < MDG_LEN(readable); i++) {
		int64_t t = -1;

		if (!mdg_date_parse(mdg_span_str(readable[i].in), &t) ||
		    t != readable[i].s)
			fail_msg("%s: %lld", readable[i].in, (long long)t);
	}
}

static void
what_is_no_date_is_not_guessed(void **state)
{
	(void)state;
	for (size_t i = 0; i < MDG_LEN(unreadable); i++) {
		int64_t t = 7;

		if (mdg_date_parse(mdg_span_str(unreadable[i]), &t) || t != 7)
			fail_msg("%s: %lld", unreadable[i], (long long)t);
	}
}

static void
any_bytes_are_survived(void **state)
{
	unsigned char b[64];
	unsigned seed = 1;
	int64_t t;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof(b); i++) {
			seed = seed * 1103515245u + 12345u;
			b[i] = (unsigned char)(seed >> 16);
		}
		mdg_date_parse(mdg_span(b, (size_t)(seed >> 8) % 64), &t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_every_habit_are_read),
		cmocka_unit_test(what_is_no_date_is_not_guessed),
		cmocka_unit_test(any_bytes_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
