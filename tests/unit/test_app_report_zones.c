/*
 * Reports where the clocks are changed: hours, weekdays, days and months as
 * the C library tells them of each instant, on both engines.
 */
#include <time.h>

#include "story.h"

enum { STEP_S = 41 * 60, DAY_S = 86400 };

/* 00:00 of the day before the one on which the clock is changed, UTC. */
static const struct change {
	const char *zone, *before;
} changes[] = {
	{"America/New_York", "2027-03-13T00:00:00Z"},    /* 2:00 -> 3:00 */
	{"Asia/Tokyo", "2027-03-20T00:00:00Z"},          /* never */
	{"Europe/Berlin", "2027-03-27T00:00:00Z"},       /* 2:00 -> 3:00 */
	{"Australia/Lord_Howe", "2027-04-03T00:00:00Z"}, /* 2:00 -> 1:30 */
	{"Australia/Lord_Howe", "2027-10-02T00:00:00Z"}, /* 2:00 -> 2:30 */
	{"Europe/Berlin", "2027-10-30T00:00:00Z"},       /* 3:00 -> 2:00 */
	{"America/New_York", "2027-11-06T00:00:00Z"},    /* 2:00 -> 1:00 */
};

/* ---- what the C library says ---- */

static void
enter_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void
need_zones_of_libc(void)
{
	struct tm tm;
	time_t t = 0;

	enter_zone("Asia/Tokyo");
	localtime_r(&t, &tm);
	if (tm.tm_gmtoff != 9 * 3600)
		skip();
}

/* "%H", "%F", "%m" of the instant there; weekdays as reports call them. */
static const char *
shown(int64_t t_s, const char *by)
{
	static const char *const days[] = {"sun", "mon", "tue", "wed",
					   "thu", "fri", "sat"};
	static char text[16];
	time_t t = t_s;
	struct tm tm;

	localtime_r(&t, &tm);
	if (mdg_streq(by, "weekday"))
		return days[tm.tm_wday];
	strftime(text, sizeof(text), mdg_streq(by, "hour") ? "%H" : "%F", &tm);
	return text;
}

static int64_t
midnight(int64_t t_s, int days)
{
	time_t t = t_s;
	struct tm tm;

	localtime_r(&t, &tm);
	struct tm day = {.tm_year = tm.tm_year,
			 .tm_mon = tm.tm_mon,
			 .tm_mday = tm.tm_mday + days,
			 .tm_isdst = -1};
	return mktime(&day);
}

/* ---- days around a change ---- */

static void
move_to(int64_t t_s)
{
	assert_true(mdg_clock_advance(t_s - mdg_now_s()));
}

static void
use_zone(struct desk *k, const char *zone)
{
	MDG_AUTO(mdg_freep)
	char *json = mdg_asprintf(
		"{\"zone\":\"%s\",\"weekly\":{\"mon\":[[\"00:00\",\"24:00\"]],"
		"\"tue\":[[\"09:00\",\"18:00\"]]}}",
		zone);

	set_hours(k, "shop", json);
}

/* Mails come by day and night, and some are closed some hours later. */
static void
live_through(struct desk *k, const struct change *c)
{
	int64_t open[6], from_s = t_time(c->before) - DAY_S;
	char id[40], from[64];

	use_zone(k, c->zone);
	for (int n = 0; n * STEP_S < 5 * DAY_S; n++) {
		move_to(from_s + n * STEP_S);
		snprintf(id, sizeof(id), "%.10s-%d@c", c->before, n);
		snprintf(from, sizeof(from), "n%d@%.10s.example", n, c->before);
		int64_t old = n >= 6 ? open[n % 6] : 0;
		open[n % 6] = writes(k, id, from, "届きません。", NULL);
		if (old && n % 3)
			does(k, &k->op, "ticket.close", old,
			     json_pack("{s:s}", "kind",
				       n % 3 == 1 ? "replied" : "no_reply"));
	}
}

static int64_t
count_between(struct desk *k, const char *column, const char *of,
	      int64_t from_s, int64_t to_s, const char *by, const char *group)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(mdg_freep)
	char *sql = mdg_asprintf("SELECT %s FROM %s AND %s >= ?1 AND %s < ?2",
				 column, of, column, column);
	struct mdg_err err;
	int64_t n = 0;

	if (!mdg_db_query(k->d->db, &r, &err, sql, "ii", from_s, to_s))
		fail_msg("%s", why(&err));
	while (mdg_rows_next(r))
		n += mdg_streq(shown(mdg_rows_i64(r, 0), by), group);
	return n;
}

#define CAME "created_s", "ticket WHERE 1 = 1"
#define DONE "closed_s", "ticket WHERE state = 'closed'"
#define ANSWERED                                                               \
	"stopped_s", "clock WHERE kind = 'first_response'"                     \
		     " AND state IN ('met', 'breached')"

static int64_t
figure(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static void
is(const char *zone, const json_t *row, const char *key, int64_t want)
{
	if (figure(row, key) != want)
		fail_msg("%s: %s is %lld in %s", zone, key, (long long)want,
			 json_dumps(row, 0));
}

static json_t *
stretch(int64_t first_s, int64_t last_s)
{
	char from[16], to[16];

	snprintf(from, sizeof(from), "%s", shown(first_s, "day"));
	snprintf(to, sizeof(to), "%s", shown(last_s, "day"));
	return json_pack("{s:s,s:s}", "from", from, "to", to);
}

/* Every row of every grouping, and that none is missing. */
static void
groups_are_told_right(struct desk *k, const char *zone, int64_t first_s,
		      int64_t last_s)
{
	static const char *const bys[] = {"hour", "weekday", "day"};
	int64_t from_s = midnight(first_s, 0), to_s = midnight(last_s, 1);
	json_t *row;
	size_t i;

	for (size_t b = 0; b < MDG_LEN(bys); b++) {
		json_t *args = stretch(first_s, last_s);
		int64_t received = 0, ended = 0;
		json_object_set_new(args, "by", json_string(bys[b]));
		json_t *r = act(k, &k->sv, "report.summary", args);
		is(zone, r, "from_s", from_s);
		is(zone, r, "to_s", to_s);
		json_array_foreach (json_object_get(r, "rows"), i, row) {
			const char *group = json_string_value(
				json_object_get(row, "group"));
			is(zone, row, "received",
			   count_between(k, CAME, from_s, to_s, bys[b], group));
			is(zone, row, "first_n",
			   count_between(k, ANSWERED, from_s, to_s, bys[b],
					 group));
			received += figure(row, "received");
			ended += figure(row, "first_n");
		}
		assert_true(received > 50 && ended > 10);
		json_t *all = act(k, &k->sv, "report.summary",
				  stretch(first_s, last_s));
		row = json_array_get(json_object_get(all, "rows"), 0);
		is(zone, row, "received", received);
		is(zone, row, "first_n", ended);
	}
}

static void
course_is_told_right(struct desk *k, const char *zone, int64_t first_s,
		     int64_t last_s)
{
	int64_t from_s = midnight(first_s, 0), to_s = midnight(last_s, 1);
	json_t *rows = json_object_get(
		act(k, &k->sv, "report.course", stretch(first_s, last_s)),
		"rows");
	size_t i, days = 0;
	json_t *row;

	for (int64_t t = from_s; t < to_s; t = midnight(t, 1))
		days++;
	assert_int_equal(json_array_size(rows), days);
	json_array_foreach (rows, i, row) {
		const char *day =
			json_string_value(json_object_get(row, "day"));
		is(zone, row, "received",
		   count_between(k, CAME, from_s, to_s, "day", day));
		is(zone, row, "closed",
		   count_between(k, DONE, from_s, to_s, "day", day));
	}
}

static void
changes_body(const char *url)
{
	need_zones_of_libc();
	struct desk k = story_begin(url, "2027-03-01 10:00", t_always_open,
				    "{\"first_response_min\":60,"
				    "\"business\":false}");
	for (size_t i = 0; i < MDG_LEN(changes); i++) {
		const struct change *c = &changes[i];
		int64_t at_s = t_time(c->before) + 12 * 3600;
		live_through(&k, c);
		enter_zone(c->zone);
		groups_are_told_right(&k, c->zone, at_s, at_s + 2 * DAY_S);
		course_is_told_right(&k, c->zone, at_s, at_s + 2 * DAY_S);
		/* the change alone, and over all the changes so far */
		course_is_told_right(&k, c->zone, at_s + DAY_S, at_s + DAY_S);
		groups_are_told_right(&k, c->zone, t_time(changes[0].before),
				      at_s + 2 * DAY_S);
		course_is_told_right(&k, c->zone, t_time(changes[0].before),
				     at_s + 2 * DAY_S);
	}
	close_desk(&k);
}

static void
months_body(const char *url)
{
	struct desk k = story_begin(url, "2027-08-01T00:20:00+02:00",
				    t_always_open, "{}");
	int64_t t;

	use_zone(&k, "Europe/Berlin");
	t = writes(&k, "1@c", "hanako@c.example", "届きません。", NULL);
	replies(&k, t, "closed", NULL);
	/* 23:20 of July where it is always winter, as it is when asked */
	move_to(t_time("2027-12-01T10:00:00+01:00"));
	json_t *r = act(&k, &k.sv, "report.training",
			json_pack("{s:s}", "from", "2027-07-01"));
	assert_string_equal(
		json_string_value(json_object_get(
			json_array_get(json_object_get(r, "rows"), 0),
			"month")),
		"2027-08");
	close_desk(&k);
}

/* A stretch is of days, whatever the hours in which the desk works. */
static void
closed_days_body(const char *url)
{
	struct desk k = story_begin(url, "2027-06-14 20:00", t_office, "{}");
	static const struct {
		const char *from, *to, *from_s, *to_s;
	} cases[] = {
		/* Saturday to Sunday; a whole Monday after its hours */
		{"2027-06-12", "2027-06-13", "2027-06-12 00:00",
		 "2027-06-14 00:00"},
		{"2027-06-14", "2027-06-14", "2027-06-14 00:00",
		 "2027-06-15 00:00"},
		{"今日", "今日", "2027-06-14 00:00", "2027-06-15 00:00"},
		{"2027-06-11 15:00", "2027-06-13", "2027-06-11 00:00",
		 "2027-06-14 00:00"},
	};

	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		json_t *r = act(&k, &k.sv, "report.summary",
				json_pack("{s:s,s:s}", "from", cases[i].from,
					  "to", cases[i].to));
		is(cases[i].from, r, "from_s", t_time(cases[i].from_s));
		is(cases[i].to, r, "to_s", t_time(cases[i].to_s));
	}
	json_t *r = act(&k, &k.sv, "report.summary", json_object());
	is("30 days", r, "from_s", t_time("2027-05-16 00:00"));
	is("30 days", r, "to_s", t_time("2027-06-15 00:00"));
	close_desk(&k);
}

EACH(figures_are_of_the_hours_that_the_clocks_showed, changes_body);
EACH(a_month_begins_where_the_desk_is, months_body);
EACH(a_day_without_hours_is_a_day_of_reports, closed_days_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(figures_are_of_the_hours_that_the_clocks_showed),
	cmocka_unit_test(a_month_begins_where_the_desk_is),
	cmocka_unit_test(a_day_without_hours_is_a_day_of_reports),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
