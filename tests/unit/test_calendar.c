/* Calendars: reading and writing, and the reasons of open and closed times. */
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/calendar.h"

static struct mdg_calendar *
parsed(const char *json)
{
	struct mdg_calendar *cal = NULL;
	struct mdg_err err;
	char text[MDG_ERR_TEXT_MAX];

	if (!mdg_calendar_parse(json, &cal, &err))
		fail_msg("%s: %s", json,
			 mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
	return cal;
}

static int64_t
at(const char *rfc3339)
{
	int64_t t;

	assert_true(mdg_time_parse(rfc3339, &t));
	return t;
}

/* -- reading and writing -- */

#define WEEK                                                                   \
	"{\"mon\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"              \
	"\"sun\":[[\"22:00\",\"24:00\"]]}"

static void
a_calendar_is_written_in_one_form_and_read_again(void **state)
{
	(void)state;
	struct mdg_calendar *a = parsed(
		"{\"open\":{\"2026-12-31\":[],\"2026-12-30\":"
		"[[\"10:00\",\"15:00\"]]},"
		"\"closed\":[\"2027-01-02\",\"2026-12-29\",\"2026-12-29\"],"
		"\"national_holidays\":\"jp\",\"weekly\":" WEEK
		",\"zone\":\"Asia/Tokyo\"}");
	MDG_AUTO(mdg_freep) char *text = mdg_calendar_to_json(a);

	assert_string_equal(
		text, "{\"zone\":\"Asia/Tokyo\",\"weekly\":{"
		      "\"mon\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
		      "\"tue\":[],\"wed\":[],\"thu\":[],\"fri\":[],\"sat\":[],"
		      "\"sun\":[[\"22:00\",\"24:00\"]]},"
		      "\"national_holidays\":\"jp\","
		      "\"closed\":[\"2026-12-29\",\"2027-01-02\"],"
		      "\"open\":{\"2026-12-30\":[[\"10:00\",\"15:00\"]],"
		      "\"2026-12-31\":[]}}");
	struct mdg_calendar *b = parsed(text);
	MDG_AUTO(mdg_freep) char *again = mdg_calendar_to_json(b);
	assert_string_equal(text, again);
	assert_int_equal(mdg_calendar_closed_n(b, 2026), 1);
	assert_int_equal(mdg_calendar_closed_n(b, 2027), 1);
	assert_int_equal(mdg_calendar_closed_n(b, 2028), 0);
	mdg_calendar_free(&a);
	mdg_calendar_free(&b);
	assert_null(b);
}

static void
the_proposal_for_a_new_desk_is_a_calendar(void **state)
{
	(void)state;
	MDG_AUTO(mdg_freep) char *json = mdg_calendar_proposal(2026);
	struct mdg_calendar *cal = parsed(json);
	MDG_AUTO(mdg_freep) char *again = mdg_calendar_to_json(cal);
	int64_t t;

	assert_string_equal(json, again);
	/* from the last working hour of the year to the first of the next */
	assert_true(mdg_calendar_add(cal, at("2026-12-28T17:00:00+09:00"), 7200,
				     &t, NULL));
	assert_true(t == at("2027-01-04T10:00:00+09:00"));
	assert_int_equal(mdg_calendar_closed_n(cal, 2027), 3);
	mdg_calendar_free(&cal);
}

static void
every_reason_has_a_name_of_its_own_and_a_text(void **state)
{
	(void)state;
	for (enum mdg_why a = 0; a < MDG_WHY_N; a++) {
		assert_true(*mdg_msg_text(MDG_LANG_JA, mdg_why_msg(a)));
		for (enum mdg_why b = 0; b < a; b++) {
			assert_string_not_equal(mdg_why_name(a),
						mdg_why_name(b));
			assert_int_not_equal(mdg_why_msg(a), mdg_why_msg(b));
		}
	}
}

static void
sizes_meet_their_limits(void **state)
{
	(void)state;
	struct mdg_calendar *cal;
	struct mdg_err err;

	for (int over = 0; over < 2; over++) {
		MDG_AUTO(mdg_buf_clear)
		struct mdg_buf spans = {0}, dates = {0}, big = {0};
		mdg_buf_puts(&spans, "{\"zone\":\"UTC\",\"weekly\":{\"mon\":[");
		for (int i = 0; i < MDG_CALENDAR_SPANS_MAX + over; i++)
			mdg_buf_printf(&spans,
				       "%s[\"%02d:%02d\",\"%02d:%02d\"]",
				       i ? "," : "", i / 2, i % 2 * 30, i / 2,
				       i % 2 * 30 + 5);
		mdg_buf_puts(&spans, "]}}");
		mdg_buf_puts(&dates, "{\"zone\":\"UTC\",\"weekly\":{},"
				     "\"closed\":[");
		for (int i = 0; i < MDG_CALENDAR_DATES_MAX + over; i++)
			mdg_buf_printf(&dates, "%s\"%04d-%02d-%02d\"",
				       i ? "," : "", 1990 + i / 336,
				       1 + i / 28 % 12, 1 + i % 28);
		mdg_buf_puts(&dates, "]}");
		mdg_buf_puts(&big, "{\"zone\":\"UTC\",\"weekly\":{}}");
		while (big.len < MDG_CALENDAR_BYTES_MAX + (size_t)over)
			mdg_buf_putc(&big, ' ');
		const char *const text[] = {mdg_buf_str(&spans),
					    mdg_buf_str(&dates),
					    mdg_buf_str(&big)};
		for (size_t i = 0; i < 3; i++) {
			cal = NULL;
			assert_true(mdg_calendar_parse(text[i], &cal, &err) ==
				    !over);
			if (over)
				assert_int_equal(err.code, MDG_ETOOBIG);
			mdg_calendar_free(&cal);
		}
	}
}

/* -- stretches -- */

struct listed {
	struct mdg_buf text;
	const struct mdg_calendar *cal;
	int64_t end, counted;
	size_t left; /* how many more to take */
};

static bool
list_one(void *arg, const struct mdg_stretch *s)
{
	struct listed *l = arg;
	char from[40], to[40];

	assert_true(s->from_s == l->end && s->from_s < s->to_s);
	l->end = s->to_s;
	if (mdg_why_counts(s->why))
		l->counted += s->to_s - s->from_s;
	mdg_calendar_rfc3339(l->cal, s->from_s, from, sizeof(from));
	mdg_calendar_rfc3339(l->cal, s->to_s, to, sizeof(to));
	mdg_buf_printf(&l->text, "%.5s %.5s-%.5s %s%s%s\n", from + 5, from + 11,
		       to + 11, mdg_why_name(s->why), s->name ? " " : "",
		       s->name ? s->name : "");
	return --l->left > 0;
}

static void
every_stretch_has_its_reason(void **state)
{
	(void)state;
	struct mdg_calendar *cal = parsed(
		"{\"zone\":\"Asia/Tokyo\",\"weekly\":" WEEK
		",\"national_holidays\":\"jp\",\"closed\":[\"2026-11-24\"],"
		"\"open\":{\"2026-11-25\":[[\"10:00\",\"15:00\"]]}}");
	int64_t from = at("2026-11-22T22:30:00+09:00");
	int64_t to = at("2026-11-26T01:00:00+09:00"), sum;
	struct listed l = {.cal = cal, .end = from, .left = 100};

	assert_true(mdg_calendar_stretches(cal, from, to, list_one, &l, NULL));
	assert_string_equal(mdg_buf_str(&l.text),
			    "11-22 22:30-00:00 open\n"
			    "11-23 00:00-00:00 holiday 勤労感謝の日\n"
			    "11-24 00:00-00:00 closed-date\n"
			    "11-25 00:00-10:00 before-hours\n"
			    "11-25 10:00-15:00 special-open\n"
			    "11-25 15:00-00:00 after-hours\n"
			    "11-26 00:00-01:00 day-off\n");
	assert_true(l.end == to);
	assert_true(mdg_calendar_between(cal, from, to, &sum, NULL));
	assert_true(sum == l.counted);
	mdg_buf_reset(&l.text);
	l.left = 1;
	l.end = at("2026-11-16T12:30:00+09:00");
	assert_true(mdg_calendar_stretches(cal, l.end, l.end + 86400, list_one,
					   &l, NULL));
	assert_string_equal(mdg_buf_str(&l.text), "11-16 12:30-13:00 break\n");
	mdg_buf_clear(&l.text);
	mdg_calendar_free(&cal);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_calendar_is_written_in_one_form_and_read_again),
		cmocka_unit_test(the_proposal_for_a_new_desk_is_a_calendar),
		cmocka_unit_test(every_reason_has_a_name_of_its_own_and_a_text),
		cmocka_unit_test(sizes_meet_their_limits),
		cmocka_unit_test(every_stretch_has_its_reason),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
