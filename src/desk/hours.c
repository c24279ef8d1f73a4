#include "madoguchi/desk/hours.h"

#include <string.h>

#include <jansson.h>

#include "madoguchi/base/str.h"

enum { DAYS = 7 };

static const char *const keys[DAYS] = {"mon", "tue", "wed", "thu",
				       "fri", "sat", "sun"};
static const char *const names[DAYS] = {"月", "火", "水", "木",
					"金", "土", "日"};
static const char *const names_en[DAYS] = {"Monday",   "Tuesday", "Wednesday",
					   "Thursday", "Friday",  "Saturday",
					   "Sunday"};
static const char *const months_en[] = {
	"January", "February", "March",     "April",   "May",      "June",
	"July",    "August",   "September", "October", "November", "December"};

/* What stands between and behind the parts. */
static const struct joints {
	const char *between_spans, *to, *spans_end, *day, *days_to, *and_day,
		*between_days, *before_spans, *holidays;
} joints[] = {
	[MDG_LANG_EN] = {" and ", " to ", "", "", " to ", " and ", "; ", ", ",
			 " (except public holidays)"},
	[MDG_LANG_JA] = {"、", "から", "まで", "曜日", "から", "・", "、", "の",
			 "（祝日を除く）"},
};

/* The two digits there; checked by whoever made them. */
static int
two_digits(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* "09:00" -> "9時", "09:30" -> "9時30分" */
static void
put_time(const char *hhmm, enum mdg_lang lang, struct mdg_buf *out)
{
	if (strlen(hhmm) != 5)
		return;
	if (lang == MDG_LANG_EN) {
		mdg_buf_printf(out, "%d:%s", two_digits(hhmm), hhmm + 3);
		return;
	}
	mdg_buf_printf(out, "%d時", two_digits(hhmm));
	if (two_digits(hhmm + 3))
		mdg_buf_printf(out, "%d分", two_digits(hhmm + 3));
}

static void
put_spans(const json_t *spans, enum mdg_lang lang, struct mdg_buf *out)
{
	const struct joints *j = &joints[lang];
	size_t i;
	json_t *span;

	json_array_foreach (spans, i, span) {
		const char *from = json_string_value(json_array_get(span, 0));
		const char *to = json_string_value(json_array_get(span, 1));
		if (!from || !to)
			continue;
		if (i > 0)
			mdg_buf_puts(out, j->between_spans);
		put_time(from, lang, out);
		mdg_buf_puts(out, j->to);
		put_time(to, lang, out);
		mdg_buf_puts(out, j->spans_end);
	}
}

/* "月曜日", "月曜日から金曜日", "土曜日・日曜日" */
static void
put_days(const bool *in, enum mdg_lang lang, struct mdg_buf *out)
{
	const char *const *day = lang == MDG_LANG_EN ? names_en : names;
	const struct joints *j = &joints[lang];
	bool first = true;

	for (int i = 0; i < DAYS; i++) {
		int last = i;
		if (!in[i])
			continue;
		while (last + 1 < DAYS && in[last + 1])
			last++;
		mdg_buf_printf(out, "%s%s%s", first ? "" : j->and_day, day[i],
			       j->day);
		if (last > i + 1)
			mdg_buf_printf(out, "%s%s%s", j->days_to, day[last],
				       j->day);
		if (last > i + 1)
			i = last;
		first = false;
	}
}

void
mdg_hours_words(const struct mdg_calendar *cal, enum mdg_lang lang,
		struct mdg_buf *out)
{
	const struct joints *j = &joints[lang];
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
			same[k] = json_equal(spans,
					     json_object_get(weekly, keys[k]));
			done[k] = done[k] || same[k];
		}
		if (any)
			mdg_buf_puts(out, j->between_days);
		put_days(same, lang, out);
		mdg_buf_puts(out, j->before_spans);
		put_spans(spans, lang, out);
		any = true;
	}
	if (any && json_is_string(json_object_get(root, "national_holidays")))
		mdg_buf_puts(out, j->holidays);
	json_decref(root);
}

void
mdg_day_words(const struct mdg_calendar *cal, int64_t t_s, enum mdg_lang lang,
	      struct mdg_buf *out)
{
	char date[40];
	/* 1970-01-01 was a Thursday */
	const int64_t day =
		((mdg_calendar_day(cal, t_s) + 3) % DAYS + DAYS) % DAYS;

	mdg_calendar_rfc3339(cal, t_s, date, sizeof(date));
	const int m = two_digits(date + 5), d = two_digits(date + 8);
	if (lang == MDG_LANG_EN && m >= 1 && m <= 12)
		mdg_buf_printf(out, "%s, %s %d", names_en[day],
			       months_en[m - 1], d);
	else
		mdg_buf_printf(out, "%d月%d日（%s）", m, d, names[day]);
}
