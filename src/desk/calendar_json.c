/* A calendar as JSON: read with every mistake named, written in one form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/calendar.h"

#include "calendar_private.h"

static const char *const weekdays[] = {"mon", "tue", "wed", "thu",
				       "fri", "sat", "sun"};
static const char *const keys[] = {"zone", "weekly", "national_holidays",
				   "closed", "open"};

static void
json_freep(json_t **p)
{
	json_decref(*p);
}

/* Text of the person's for error texts: on one line, cut if long. */
static void
copy_shown(const char *s, char out[64])
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_utf8_clean(&b, s, strlen(s), true);
	size_t n = mdg_utf8_cut(mdg_buf_str(&b), b.len, 60);
	memcpy(out, mdg_buf_str(&b), n);
	out[n] = '\0';
}

/* A value as the person wrote it. */
static const char *
shown(const json_t *v, char out[64])
{
	char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

	copy_shown(text ? text : "?", out);
	free(text);
	return out;
}

static bool
too_many(const char *what, size_t max, struct mdg_err *err)
{
	char n[24];

	snprintf(n, sizeof(n), "%zu", max);
	return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_calendar_too_big, what, n,
			    NULL);
}

/* Every key of o is one of the allowed ones. */
static bool
check_keys(json_t *o, const char *const *allowed, size_t n, const char *prefix,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf list = {0};
	const char *key;
	json_t *v;
	char text[64], path[80];

	json_object_foreach(o, key, v)
	{
		size_t i = 0;
		while (i < n && !mdg_streq(key, allowed[i]))
			i++;
		if (i < n)
			continue;
		for (i = 0; i < n; i++)
			mdg_buf_printf(&list, "%s%s", i ? ", " : "",
				       allowed[i]);
		copy_shown(key, text);
		snprintf(path, sizeof(path), "%s%s", prefix, text);
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_key_unknown, path,
				    mdg_buf_str(&list), NULL);
	}
	return true;
}

/* "HH:MM" in minutes; -1 if it is none. */
static int
read_time(const json_t *v, bool end)
{
	const char *s = json_string_value(v);

	if (!s || strlen(s) != 5 || strspn(s, "0123456789:") != 5 ||
	    s[2] != ':' || strchr(s, ':') != s + 2 || strchr(s + 3, ':'))
		return -1;
	int h = (s[0] - '0') * 10 + s[1] - '0';
	int m = (s[3] - '0') * 10 + s[4] - '0';
	if (m > 59 || h > 24 || (h == 24 && (m != 0 || !end)))
		return -1;
	return h * 60 + m;
}

static bool
read_span(const json_t *v, const char *path, int prev_end,
	  struct mdg_span_min *ret, struct mdg_err *err)
{
	char a[64], b[64];
	int t[2];

	if (!json_is_array(v) || json_array_size(v) != 2)
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_spans_type, path, NULL);
	for (size_t i = 0; i < 2; i++) {
		const json_t *side = json_array_get(v, i);
		t[i] = read_time(side, i == 1);
		if (t[i] < 0)
			return mdg_fail_msg(err, MDG_EFORMAT,
					    MDG_MSG_calendar_time_bad, path,
					    shown(side, a), NULL);
	}
	shown(json_array_get(v, 0), a);
	if (t[1] <= t[0])
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_span_empty, path, a,
				    shown(json_array_get(v, 1), b), NULL);
	if (t[0] < prev_end) {
		snprintf(b, sizeof(b), "%02d:%02d", prev_end / 60,
			 prev_end % 60);
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_span_order, path, a, b,
				    NULL);
	}
	*ret = (struct mdg_span_min){t[0], t[1]};
	return true;
}

static bool
read_hours(const json_t *v, const char *path, struct mdg_hours *ret,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf at = {0};
	size_t n = json_array_size(v);
	int prev_end = 0;

	if (!json_is_array(v))
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_spans_type, path, NULL);
	if (n > MDG_CALENDAR_SPANS_MAX)
		return too_many(path, MDG_CALENDAR_SPANS_MAX, err);
	/* on failure the caller frees the calendar, and these with it */
	ret->spans = mdg_calloc(n + 1, sizeof(*ret->spans));
	for (size_t i = 0; i < n; i++) {
		mdg_buf_reset(&at);
		mdg_buf_printf(&at, "%s[%zu]", path, i);
		if (!read_span(json_array_get(v, i), mdg_buf_str(&at), prev_end,
			       &ret->spans[i], err))
			return false;
		prev_end = ret->spans[i].to;
	}
	ret->n = n;
	return true;
}

static bool
read_date(const char *s, const char *path, const char *text, int64_t *ret,
	  struct mdg_err *err)
{
	char first[8], last[8];

	if (mdg_date_parse(s, ret) && *ret >= mdg_calendar_first_day() &&
	    *ret < mdg_calendar_end_day())
		return true;
	snprintf(first, sizeof(first), "%d", MDG_HOLIDAY_FIRST_YEAR);
	snprintf(last, sizeof(last), "%d", MDG_HOLIDAY_LAST_YEAR);
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_calendar_date_bad, path,
			    text, first, last, NULL);
}

static bool
read_zone(const json_t *v, struct mdg_calendar *cal, struct mdg_err *err)
{
	const char *name = json_string_value(v);
	char text[64];

	if (name &&
	    mdg_zone_load(name, (mdg_calendar_first_day() - 1) * MDG_DAY_S,
			  (mdg_calendar_end_day() + 1) * MDG_DAY_S, &cal->zone))
		return true;
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_calendar_zone_unknown,
			    shown(v, text), NULL);
}

static bool
read_weekly(json_t *v, struct mdg_calendar *cal, struct mdg_err *err)
{
	if (!json_is_object(v))
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_weekly_type, NULL);
	if (!check_keys(v, weekdays, MDG_LEN(weekdays), "weekly.", err))
		return false;
	for (size_t i = 0; i < MDG_LEN(weekdays); i++) {
		char path[16];
		const json_t *day = json_object_get(v, weekdays[i]);
		snprintf(path, sizeof(path), "weekly.%s", weekdays[i]);
		if (day && !read_hours(day, path, &cal->weekly[i], err))
			return false;
	}
	return true;
}

static bool
read_holidays(const json_t *v, struct mdg_calendar *cal, struct mdg_err *err)
{
	cal->holidays_jp = mdg_streq(json_string_value(v), "jp");
	if (!v || json_is_null(v) || cal->holidays_jp)
		return true;
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_calendar_holidays_bad,
			    NULL);
}

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool
read_closed(const json_t *v, struct mdg_calendar *cal, struct mdg_err *err)
{
	size_t n = json_array_size(v), kept = 0;
	char path[40], text[64];

	if (!v)
		return true;
	if (!json_is_array(v))
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_closed_type, NULL);
	if (n > MDG_CALENDAR_DATES_MAX)
		return too_many("closed", MDG_CALENDAR_DATES_MAX, err);
	cal->closed = mdg_calloc(n + 1, sizeof(*cal->closed));
	for (size_t i = 0; i < n; i++) {
		const json_t *d = json_array_get(v, i);
		snprintf(path, sizeof(path), "closed[%zu]", i);
		if (!read_date(json_string_value(d), path, shown(d, text),
			       &cal->closed[i], err))
			return false;
	}
	qsort(cal->closed, n, sizeof(*cal->closed), by_number);
	for (size_t i = 0; i < n; i++)
		if (!kept || cal->closed[kept - 1] != cal->closed[i])
			cal->closed[kept++] = cal->closed[i];
	cal->closed_n = kept;
	return true;
}

static int
by_day(const void *a, const void *b)
{
	return by_number(&((const struct mdg_open_date *)a)->day,
			 &((const struct mdg_open_date *)b)->day);
}

static bool
read_open(json_t *v, struct mdg_calendar *cal, struct mdg_err *err)
{
	const char *key;
	json_t *hours;
	char path[32], text[64];

	if (!v)
		return true;
	if (!json_is_object(v))
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_open_type, NULL);
	if (json_object_size(v) > MDG_CALENDAR_DATES_MAX)
		return too_many("open", MDG_CALENDAR_DATES_MAX, err);
	cal->open = mdg_calloc(json_object_size(v) + 1, sizeof(*cal->open));
	json_object_foreach(v, key, hours)
	{
		struct mdg_open_date *o = &cal->open[cal->open_n];
		copy_shown(key, text);
		if (!read_date(key, "open", text, &o->day, err))
			return false;
		cal->open_n++;
		snprintf(path, sizeof(path), "open.%.10s", key);
		if (!read_hours(hours, path, &o->hours, err))
			return false;
	}
	/* JSON refuses the same key twice, and a date has one spelling */
	qsort(cal->open, cal->open_n, sizeof(*cal->open), by_day);
	return true;
}

static bool
read_calendar(json_t *o, struct mdg_calendar *cal, struct mdg_err *err)
{
	static const char *const needed[] = {"zone", "weekly"};

	if (!json_is_object(o))
		return mdg_fail_msg(err, MDG_EFORMAT,
				    MDG_MSG_calendar_not_object, NULL);
	if (!check_keys(o, keys, MDG_LEN(keys), "", err))
		return false;
	for (size_t i = 0; i < MDG_LEN(needed); i++)
		if (!json_object_get(o, needed[i]))
			return mdg_fail_msg(err, MDG_EFORMAT,
					    MDG_MSG_calendar_key_missing,
					    needed[i], NULL);
	return read_zone(json_object_get(o, "zone"), cal, err) &&
	       read_weekly(json_object_get(o, "weekly"), cal, err) &&
	       read_holidays(json_object_get(o, "national_holidays"), cal,
			     err) &&
	       read_closed(json_object_get(o, "closed"), cal, err) &&
	       read_open(json_object_get(o, "open"), cal, err);
}

bool
mdg_calendar_parse(const char *json, struct mdg_calendar **ret,
		   struct mdg_err *err)
{
	MDG_AUTO(json_freep) json_t *o = NULL;
	json_error_t why;
	char line[16], text[64];

	if (strlen(json) > MDG_CALENDAR_BYTES_MAX)
		return too_many("JSON", MDG_CALENDAR_BYTES_MAX, err);
	o = json_loads(json, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!o) {
		snprintf(line, sizeof(line), "%d", why.line);
		/* jansson quotes a few bytes of what stands there */
		copy_shown(why.text, text);
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_calendar_json,
				    line, text, NULL);
	}
	struct mdg_calendar *cal = mdg_calloc(1, sizeof(*cal));
	if (!read_calendar(o, cal, err)) {
		mdg_calendar_free(&cal);
		return false;
	}
	mdg_calendar_sum_up(cal);
	*ret = cal;
	return true;
}

void
mdg_calendar_free(struct mdg_calendar **pcal)
{
	struct mdg_calendar *cal = *pcal;

	if (!cal)
		return;
	for (size_t i = 0; i < MDG_LEN(cal->weekly); i++)
		free(cal->weekly[i].spans);
	for (size_t i = 0; i < cal->open_n; i++)
		free(cal->open[i].hours.spans);
	free(cal->open);
	free(cal->closed);
	free(cal->before_min);
	mdg_zone_clear(&cal->zone);
	free(cal);
	*pcal = NULL;
}

static void
put_hours(struct mdg_buf *b, const struct mdg_hours *h)
{
	mdg_buf_putc(b, '[');
	for (size_t i = 0; i < h->n; i++)
		mdg_buf_printf(b, "%s[\"%02d:%02d\",\"%02d:%02d\"]",
			       i ? "," : "", h->spans[i].from / 60,
			       h->spans[i].from % 60, h->spans[i].to / 60,
			       h->spans[i].to % 60);
	mdg_buf_putc(b, ']');
}

char *
mdg_calendar_to_json(const struct mdg_calendar *cal)
{
	struct mdg_buf b = {0};
	char date[16];

	mdg_buf_printf(&b, "{\"zone\":\"%s\",\"weekly\":{", cal->zone.name);
	for (size_t i = 0; i < MDG_LEN(weekdays); i++) {
		mdg_buf_printf(&b, "%s\"%s\":", i ? "," : "", weekdays[i]);
		put_hours(&b, &cal->weekly[i]);
	}
	mdg_buf_printf(&b, "},\"national_holidays\":%s,\"closed\":[",
		       cal->holidays_jp ? "\"jp\"" : "null");
	for (size_t i = 0; i < cal->closed_n; i++)
		mdg_buf_printf(
			&b, "%s\"%s\"", i ? "," : "",
			mdg_date_format(cal->closed[i], date, sizeof(date)));
	mdg_buf_puts(&b, "],\"open\":{");
	for (size_t i = 0; i < cal->open_n; i++) {
		mdg_buf_printf(
			&b, "%s\"%s\":", i ? "," : "",
			mdg_date_format(cal->open[i].day, date, sizeof(date)));
		put_hours(&b, &cal->open[i].hours);
	}
	mdg_buf_puts(&b, "}}");
	return mdg_buf_steal(&b);
}

char *
mdg_calendar_proposal(int year)
{
#define SPAN "[[\"09:00\",\"18:00\"]]"
	return mdg_asprintf("{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"mon\":" SPAN
			    ",\"tue\":" SPAN ",\"wed\":" SPAN ",\"thu\":" SPAN
			    ",\"fri\":" SPAN ",\"sat\":[],\"sun\":[]},"
			    "\"national_holidays\":\"jp\",\"closed\":["
			    "\"%04d-12-29\",\"%04d-12-30\",\"%04d-12-31\","
			    "\"%04d-01-01\",\"%04d-01-02\",\"%04d-01-03\"],"
			    "\"open\":{}}",
			    year, year, year, year + 1, year + 1, year + 1);
#undef SPAN
}
