/* Calendars: what is read is written back the same, and counts add up. */
#include "fuzz.h"

#include "madoguchi/desk/calendar.h"

static void
check_counts(const struct mdg_calendar *cal, int64_t from)
{
	int64_t day, due, back, next;

	FUZZ_CHECK(mdg_calendar_between(cal, from, from + 86400, &day, NULL));
	FUZZ_CHECK(day >= 0 && day <= 86400);
	if (!mdg_calendar_add(cal, from, 3600, &due, NULL))
		return;
	FUZZ_CHECK(mdg_calendar_between(cal, from, due, &back, NULL));
	FUZZ_CHECK(back == 3600);
	FUZZ_CHECK(mdg_calendar_add(cal, from, 0, &next, NULL));
	FUZZ_CHECK(next >= from && next < due);
	FUZZ_CHECK(mdg_calendar_is_open(cal, next));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_freep) char *json = mdg_strndup((const char *)data, size);
	struct mdg_calendar *cal = NULL, *again = NULL;
	struct mdg_err err;
	char text[MDG_ERR_TEXT_MAX];

	if (!mdg_calendar_parse(json, &cal, &err)) {
		mdg_err_text(&err, MDG_LANG_JA, text, sizeof(text));
		FUZZ_CHECK(mdg_utf8_valid(text, strlen(text)));
		return 0;
	}
	MDG_AUTO(mdg_freep) char *one = mdg_calendar_to_json(cal);
	FUZZ_CHECK(mdg_calendar_parse(one, &again, NULL));
	MDG_AUTO(mdg_freep) char *two = mdg_calendar_to_json(again);
	FUZZ_CHECK(mdg_streq(one, two));
	for (int64_t t = 0; t < 3000000000; t += 700000001)
		check_counts(cal, t);
	mdg_calendar_free(&cal);
	mdg_calendar_free(&again);
	return 0;
}
