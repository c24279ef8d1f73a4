#include "madoguchi/desk/hours.h"

#include <string.h>

#include <jansson.h>

#include "madoguchi/base/str.h"

enum { DAYS = 7 };

static const char *const keys[DAYS] = {"mon", "tue", "wed", "thu",
				       "fri", "sat", "sun"};
static const char *const names[DAYS] = {"月", "火", "水", "木",
					"金", "土", "日"};

/* The two digits there; checked by whoever made them. */
static int
two_digits(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* "09:00" -> "9時", "09:30" -> "9時30分" */
static void
put_time(const char *hhmm, struct mdg_buf *out)
{
	if (strlen(hhmm) != 5)
		return;
	mdg_buf_printf(out, "%d時", two_digits(hhmm));
	if (two_digits(hhmm + 3))
		mdg_buf_printf(out, "%d分", two_digits(hhmm + 3));
}

static void
put_spans(const json_t *spans, struct mdg_buf *out)
{
	size_t i;
	json_t *span;

	json_array_foreach(spans, i, span)
	{
		const char *from = json_string_value(json_array_get(span, 0));
		const char *to = json_string_value(json_array_get(span, 1));
		if (!from || !to)
			continue;
		if (i > 0)
			mdg_buf_puts(out, "、");
		put_time(from, out);
		mdg_buf_puts(out, "から");
		put_time(to, out);
		mdg_buf_puts(out, "まで");
	}
}

/* "月曜日", "月曜日から金曜日", "土曜日・日曜日" */
static void
put_days(const bool *in, struct mdg_buf *out)
{
	bool first = true;

	for (int i = 0; i < DAYS; i++) {
		int last = i;
		if (!in[i])
			continue;
		while (last + 1 < DAYS && in[last + 1])
			last++;
		mdg_buf_printf(out, "%s%s曜日", first ? "" : "・", names[i]);
		if (last > i + 1)
			mdg_buf_printf(out, "から%s曜日", names[last]);
		if (last > i + 1)
			i = last;
		first = false;
	}
}

void
mdg_hours_words(const struct mdg_calendar *cal, struct mdg_buf *out)
{
	MDG_AUTO(mdg_freep) char *text = mdg_calendar_to_json(cal);
	json_t *root = json_loads(text, 0, NULL);
	const json_t *weekly = json_object_get(root, "weekly");
	bool done[DAYS] = {false}, any = false;

	for (int i = 0; i < DAYS; i++) {
		const json_t *spans = json_object_get(weekly, keys[i]);
		bool same[DAYS] = {false};
		if (done[i] || json_array_size(spans) == 0)
			continue;
		for (int k = i; k < DAYS; k++) {
			same[k] = json_equal(spans, json_object_get(weekly,
								    keys[k]));
			done[k] = done[k] || same[k];
		}
		if (any)
			mdg_buf_puts(out, "、");
		put_days(same, out);
		mdg_buf_puts(out, "の");
		put_spans(spans, out);
		any = true;
	}
	if (any && json_is_string(json_object_get(root, "national_holidays")))
		mdg_buf_puts(out, "（祝日を除く）");
	json_decref(root);
}

void
mdg_day_words(const struct mdg_calendar *cal, int64_t t_s, struct mdg_buf *out)
{
	char date[40];
	int64_t day = mdg_calendar_day(cal, t_s);

	mdg_calendar_rfc3339(cal, t_s, date, sizeof(date));
	/* 1970-01-01 was a Thursday */
	mdg_buf_printf(out, "%d月%d日（%s）", two_digits(date + 5),
		       two_digits(date + 8),
		       names[((day + 3) % DAYS + DAYS) % DAYS]);
}
