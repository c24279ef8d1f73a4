#include "t.h"

#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"
#include "madoguchi/desk/when.h"

/* Sunday 2026-11-22, 10:15 in Tokyo; open Monday to Wednesday. */
static const char now_text[] = "2026-11-22T10:15:00+09:00";
static const char calendar[] =
	"{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"mon\":[[\"09:00\",\"18:00\"]],"
	"\"tue\":[[\"09:30\",\"18:00\"]],\"wed\":[[\"09:00\",\"18:00\"]]},"
	"\"national_holidays\":\"jp\"}";

static struct mdg_calendar *cal;
static int64_t now_s;

static int
set_up(void **state)
{
	struct mdg_err err;

	(void)state;
	return !mdg_calendar_parse(calendar, &cal, &err) ||
	       !mdg_time_parse(now_text, &now_s);
}

static int
tear_down(void **state)
{
	(void)state;
	mdg_calendar_free(&cal);
	return 0;
}

static void
people_write_times_in_many_ways(void **state)
{
	static const struct {
		const char *text, *local;
	} cases[] = {
		{"2026-11-24 9:00", "2026-11-24T09:00:00+09:00"},
		{"2026/11/24 09:05", "2026-11-24T09:05:00+09:00"},
		{"2026年11月24日 9時30分", "2026-11-24T09:30:00+09:00"},
		{"2026年11月24日午後3時", "2026-11-24T15:00:00+09:00"},
		{"2026-11-24T09:00", "2026-11-24T09:00:00+09:00"},
		{"2026-11-24T09:00:00+09:00", "2026-11-24T09:00:00+09:00"},
		{"2026-11-24T00:00:00Z", "2026-11-24T09:00:00+09:00"},
		{"11/24 9:00", "2026-11-24T09:00:00+09:00"},
		{"11/24(火) 9:00", "2026-11-24T09:00:00+09:00"},
		{"１１月２４日　１８時半", "2026-11-24T18:30:00+09:00"},
		{"1/5 10:00", "2027-01-05T10:00:00+09:00"},
		{"2/29 10:00", "2028-02-29T10:00:00+09:00"},
		{"11:00", "2026-11-22T11:00:00+09:00"},
		{"9:00", "2026-11-23T09:00:00+09:00"},
		{"18時", "2026-11-22T18:00:00+09:00"},
		{"午前0時", "2026-11-23T00:00:00+09:00"},
		{"午後12時半", "2026-11-22T12:30:00+09:00"},
		{"3pm", "2026-11-22T15:00:00+09:00"},
		{"明日 9:00", "2026-11-23T09:00:00+09:00"},
		{"明日の9時", "2026-11-23T09:00:00+09:00"},
		{"あさって10時", "2026-11-24T10:00:00+09:00"},
		{"tomorrow 9:00", "2026-11-23T09:00:00+09:00"},
		{"月曜 9:00", "2026-11-23T09:00:00+09:00"},
		{"水曜日に 15:00", "2026-11-25T15:00:00+09:00"},
		{"日曜 9:00", "2026-11-29T09:00:00+09:00"},
		{"日曜 11:00", "2026-11-22T11:00:00+09:00"},
		{"来週水曜 9:00", "2026-11-25T09:00:00+09:00"},
		{"wednesday 9:00", "2026-11-25T09:00:00+09:00"},
		/* 23 November is a holiday: the next day opens at 9:30 */
		{"翌営業日", "2026-11-24T09:30:00+09:00"},
		{"翌営業日 10:00", "2026-11-24T10:00:00+09:00"},
		{"11/25", "2026-11-25T09:00:00+09:00"},
		{"明日", "2026-11-24T09:30:00+09:00"},
		{"2時間後", "2026-11-22T12:15:00+09:00"},
		{"30分後", "2026-11-22T10:45:00+09:00"},
		{"+2h", "2026-11-22T12:15:00+09:00"},
		{"+90m", "2026-11-22T11:45:00+09:00"},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		int64_t t_s;
		char out[40];
		if (!mdg_when_parse(cases[i].text, cal, now_s, &t_s))
			fail_msg("%s: not read", cases[i].text);
		mdg_calendar_rfc3339(cal, t_s, out, sizeof(out));
		if (strcmp(out, cases[i].local) != 0)
			fail_msg("%s: %s, not %s", cases[i].text, out,
				 cases[i].local);
	}
}

static void
what_is_no_time_is_not_guessed(void **state)
{
	static const char *const cases[] = {"",
					    "そのうち",
					    "25:00",
					    "9:60",
					    "13/1 9:00",
					    "2/30 9:00",
					    "2026-13-01 9:00",
					    "11/24 9:00 頃か",
					    "9",
					    "明日 25時",
					    "午後13時",
					    "明日 午後13時",
					    "明日 9:75",
					    "2026-02-29 9:00",
					    "+",
					    "-2h",
					    "99999999時間後",
					    "\xff 9:00"};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		int64_t t_s;
		if (mdg_when_parse(cases[i], cal, now_s, &t_s))
			fail_msg("%s was read", cases[i]);
	}
}

/* Whether it is said in summer or in winter makes no difference. */
static void
a_time_that_is_skipped_or_shown_twice_is_one_moment(void **state)
{
	static const struct {
		const char *now, *text, *local;
	} cases[] = {
		{"2027-03-01T10:00:00Z", "2027-03-28 2:30",
		 "2027-03-28T03:00:00+02:00"},
		{"2026-08-01T10:00:00Z", "2027-03-28 2:30",
		 "2027-03-28T03:00:00+02:00"},
		{"2027-08-01T10:00:00Z", "2027-10-31 2:30",
		 "2027-10-31T02:30:00+02:00"},
		{"2027-01-01T10:00:00Z", "2027-10-31 2:30",
		 "2027-10-31T02:30:00+02:00"},
		{"2027-01-01T10:00:00Z", "2027-10-31 3:00",
		 "2027-10-31T03:00:00+01:00"},
		{"2027-10-30T10:00:00Z", "明日 9:00",
		 "2027-10-31T09:00:00+01:00"},
		{"2027-03-27T10:00:00Z", "明日", "2027-03-28T00:00:00+01:00"},
	};
	static const char berlin[] = "{\"zone\":\"Europe/Berlin\",\"weekly\":{"
				     "\"sun\":[[\"00:00\",\"24:00\"]]}}";
	struct mdg_calendar *there;
	struct mdg_err err;

	(void)state;
	assert_true(mdg_calendar_parse(berlin, &there, &err));
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		int64_t at_s, t_s;
		char out[40];
		assert_true(mdg_time_parse(cases[i].now, &at_s));
		if (!mdg_when_parse(cases[i].text, there, at_s, &t_s))
			fail_msg("%s: not read", cases[i].text);
		mdg_calendar_rfc3339(there, t_s, out, sizeof(out));
		assert_string_equal(out, cases[i].local);
	}
	mdg_calendar_free(&there);
}

static void
a_day_is_meant_whether_it_opens_or_not(void **state)
{
	static const struct {
		const char *text, *day;
	} cases[] = {
		{"2026-11-22", "2026-11-22"}, {"今日", "2026-11-22"},
		{"11/23", "2025-11-23"},      {"2026-11-21", "2026-11-21"},
		{"11/1", "2026-11-01"},       {"12月31日", "2025-12-31"},
		{"11/22", "2026-11-22"},      {"2/29", "2024-02-29"},
		{"土曜", "2026-11-21"},       {"翌営業日", "2026-11-24"},
		{"昨日", "2026-11-21"},       {"月曜", "2026-11-16"},
		{"明日 23:00", "2026-11-23"}, {"9:00", "2026-11-23"},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		char text[40];
		int64_t day, t_s;
		assert_true(mdg_when_day(cases[i].text, cal, now_s, &day));
		snprintf(text, sizeof(text), "%sT00:00:00Z", cases[i].day);
		assert_true(mdg_time_parse(text, &t_s));
		assert_int_equal(day, t_s / 86400);
	}
	assert_false(mdg_when_day("2026-02-30", cal, now_s, &now_s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_write_times_in_many_ways),
		cmocka_unit_test(what_is_no_time_is_not_guessed),
		cmocka_unit_test(
			a_time_that_is_skipped_or_shown_twice_is_one_moment),
		cmocka_unit_test(a_day_is_meant_whether_it_opens_or_not),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
