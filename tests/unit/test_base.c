#include "t.h"

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static void
a_buffer_that_only_made_room_is_empty_text(void **state)
{
	(void)state;
	struct mdg_buf b = {0};

	mdg_buf_reserve(&b, 40);
	memset(b.ptr, 'x', 40);
	mdg_buf_expect(&b, 30);
	assert_string_equal(mdg_buf_str(&b), "");
	mdg_buf_clear(&b);
}

static void
a_buffer_refuses_what_is_over_its_limit_and_keeps_the_rest(void **state)
{
	(void)state;
	struct mdg_buf b = MDG_BUF_LIMIT(5);
	assert_true(mdg_buf_puts(&b, "12345"));
	assert_false(mdg_buf_putc(&b, '6'));
	assert_false(mdg_buf_ok(&b));
	assert_string_equal(mdg_buf_str(&b), "12345");
	mdg_buf_clear(&b);
}

static void
broken_utf8_is_told_from_good(void **state)
{
	(void)state;
	assert_true(mdg_utf8_valid("窓口\xF0\x9F\x98\x80", 10));
	assert_false(mdg_utf8_valid("\xC0\x80", 2));	 /* overlong */
	assert_false(mdg_utf8_valid("\xED\xA0\x80", 3)); /* surrogate */
	assert_false(mdg_utf8_valid("\xE7\xAA", 2));	 /* cut */
	assert_false(mdg_utf8_valid("\xF4\x90\x80\x80", 4));
}

static void
cleaning_drops_controls_and_marks_broken_bytes(void **state)
{
	(void)state;
	struct mdg_buf b = {0};
	const char *in = "a\x01\xE2\x80\xAE\xFF"
			 "b\n\tc";
	mdg_utf8_clean(&b, in, strlen(in), false);
	assert_string_equal(mdg_buf_str(&b), "a\xEF\xBF\xBD"
					     "b\n\tc");
	mdg_buf_reset(&b);
	mdg_utf8_clean(&b, in, strlen(in), true);
	assert_string_equal(mdg_buf_str(&b), "a\xEF\xBF\xBD"
					     "b  c");
	mdg_buf_clear(&b);
}

static void
text_is_cut_between_characters(void **state)
{
	(void)state;
	assert_int_equal(mdg_utf8_cut("窓口", 6, 5), 3);
	assert_int_equal(mdg_utf8_cut("窓口", 6, 6), 6);
	assert_int_equal(mdg_utf8_len("窓口a", 7), 3);
	assert_int_equal(mdg_utf8_offset("窓口a", 7, 2), 6);
	assert_int_equal(mdg_utf8_offset("窓口a", 7, 9), 7);
}

static void
base32_returns_what_went_in(void **state)
{
	(void)state;
	unsigned char in[20], out[20];
	char text[40];
	for (size_t n = 0; n <= sizeof(in); n++) {
		for (size_t i = 0; i < n; i++)
			in[i] = (unsigned char)(i * 37 + n);
		mdg_base32(in, n, text);
		assert_int_equal(
			mdg_unbase32(text, strlen(text), out, sizeof(out)), n);
		assert_memory_equal(in, out, n);
	}
	assert_int_equal(mdg_unbase32("a1", 2, out, 4), -1);
	assert_int_equal(mdg_unbase32("ab", 2, out, 4), -1); /* stray bits */
}

static void
times_are_read_with_any_offset(void **state)
{
	(void)state;
	int64_t t;
	char out[32];
	assert_true(mdg_time_parse("2026-11-21T09:00:00+09:00", &t));
	assert_string_equal(mdg_time_rfc3339(t, out, sizeof(out)),
			    "2026-11-21T00:00:00Z");
	assert_true(mdg_time_parse("1969-12-31T23:59:59Z", &t));
	assert_int_equal(t, -1);
	assert_string_equal(mdg_time_rfc3339(t, out, sizeof(out)),
			    "1969-12-31T23:59:59Z");
	assert_false(mdg_time_parse("2026-02-29T00:00:00Z", &t));
	assert_false(mdg_time_parse("2026-11-21T09:00:00", &t));
	assert_false(mdg_time_parse("2026-11-21", &t));
}

static void
an_error_speaks_both_languages(void **state)
{
	(void)state;
	struct mdg_err err;
	char out[256];
	assert_false(mdg_fail_msg(&err, MDG_EFULL, MDG_MSG_out_of_disk,
				  "/x/y", NULL));
	assert_int_equal(err.code, MDG_EFULL);
	assert_non_null(strstr(
		mdg_err_text(&err, MDG_LANG_JA, out, sizeof(out)), "/x/y の"));
	assert_non_null(strstr(
		mdg_err_text(&err, MDG_LANG_EN, out, sizeof(out)), "/x/y."));
	assert_int_equal(mdg_code_from_name(mdg_code_name(MDG_ETLS)), MDG_ETLS);
}

/* Which places (%1 … %9) a text has, as a bit set. */
static unsigned
places(const char *text)
{
	unsigned set = 0;
	for (const char *p = text; (p = strchr(p, '%')); p += 2) {
		assert_true(p[1] == '%' || (p[1] >= '1' && p[1] <= '9'));
		if (p[1] != '%')
			set |= 1u << (p[1] - '0');
	}
	return set;
}

static void
every_message_has_the_same_places_in_both_languages(void **state)
{
	(void)state;
	for (int i = 1; i < MDG_MSG_N; i++) {
		const char *en = mdg_msg_text(MDG_LANG_EN, (enum mdg_msg)i);
		const char *ja = mdg_msg_text(MDG_LANG_JA, (enum mdg_msg)i);
		if (places(en) != places(ja) || !*en || !*ja)
			fail_msg("message %s", mdg_msg_name((enum mdg_msg)i));
		assert_true(mdg_utf8_valid(ja, strlen(ja)));
	}
}

/* "%2{draft}": is there such a group of words? */
static bool
is_group(enum mdg_lang lang, const char *name, size_t n)
{
	static const char *const known[][2] = {
		{"ticket", "hold"},  {"role", "sv"},
		{"draft", "queued"}, {"pattern", "other"},
		{"way", "late"},     {"outbox", "committing"}};

	for (size_t i = 0; i < MDG_LEN(known); i++)
		if (strlen(known[i][0]) == n &&
		    memcmp(known[i][0], name, n) == 0)
			return mdg_msg_word(lang, name, n, known[i][1]);
	return false;
}

static void
every_code_in_a_text_has_a_word(void **state)
{
	(void)state;
	for (int i = 1; i < MDG_MSG_N; i++)
		for (enum mdg_lang l = 0; l < MDG_LANG_N; l++) {
			const char *p = mdg_msg_text(l, (enum mdg_msg)i);
			while ((p = strchr(p, '%'))) {
				p += 2;
				if (*p == '{' &&
				    !is_group(l, p + 1, strcspn(p, "}") - 1))
					fail_msg("message %s",
						 mdg_msg_name((enum mdg_msg)i));
			}
		}
	assert_null(mdg_msg_word(MDG_LANG_JA, "draft", 4, "queued"));
	assert_null(mdg_msg_word(MDG_LANG_JA, "draft", 5, "queue"));
}

static void
a_time_is_as_long_in_every_place_that_says_it(void **state)
{
	(void)state;
	static const struct {
		int64_t s;
		const char *ja, *en;
	} rows[] = {
		{0, "0秒", "0 s"},
		{59, "59秒", "59 s"},
		{60, "1分", "1 min"},
		{3599, "59分", "59 min"},
		{3600, "1時間", "1 h"},
		{3659, "1時間", "1 h"},
		{12000, "3時間20分", "3 h 20 min"},
		{86399, "23時間59分", "23 h 59 min"},
		{86400, "1日", "1 d"},
		{86400 + 3599, "1日", "1 d"},
		{43 * 3600 + 18 * 60, "1日19時間", "1 d 19 h"},
		{-43 * 3600, "1日19時間", "1 d 19 h"},
		{400 * INT64_C(86400), "400日", "400 d"},
		{INT64_MIN, "106751991167300日15時間",
		 "106751991167300 d 15 h"},
	};
	char text[80], little[8];

	for (size_t i = 0; i < MDG_LEN(rows); i++) {
		assert_string_equal(mdg_msg_duration(MDG_LANG_JA, rows[i].s,
						     text, sizeof(text)),
				    rows[i].ja);
		assert_string_equal(mdg_msg_duration(MDG_LANG_EN, rows[i].s,
						     text, sizeof(text)),
				    rows[i].en);
	}
	mdg_msg_duration(MDG_LANG_JA, 43 * 3600, little, sizeof(little));
	assert_true(mdg_utf8_valid(little, strlen(little)));
}

static void
an_arena_hands_out_zeroed_memory_of_any_size(void **state)
{
	(void)state;
	struct mdg_arena a = {0};
	for (size_t n = 1; n < 100000; n *= 3) {
		unsigned char *p = mdg_arena_alloc(&a, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xAA, n);
	}
	assert_string_equal(mdg_arena_printf(&a, "%s-%d", "x", 7), "x-7");
	mdg_arena_clear(&a);
	assert_int_equal(a.used_bytes, 0);
}

static void
codes_in_messages_become_the_words_of_people(void **state)
{
	struct mdg_err err;
	char out[400];

	(void)state;
	mdg_fail_msg(&err, MDG_ESTATE, MDG_MSG_approve_not_asked, "7",
		     "editing", NULL);
	assert_non_null(strstr(
		mdg_err_text(&err, MDG_LANG_JA, out, sizeof(out)),
		"下書き 7 は「下書き」で"));
	assert_non_null(strstr(
		mdg_err_text(&err, MDG_LANG_EN, out, sizeof(out)), "\"draft\""));
	/* one without a word stays what it is, and so does what is missing */
	mdg_fail_msg(&err, MDG_ESTATE, MDG_MSG_approve_not_asked, "7", "odd",
		     NULL);
	assert_non_null(strstr(
		mdg_err_text(&err, MDG_LANG_JA, out, sizeof(out)), "「odd」"));
	mdg_fail_msg(&err, MDG_ESTATE, MDG_MSG_approve_not_asked, "7", NULL);
	assert_non_null(strstr(
		mdg_err_text(&err, MDG_LANG_JA, out, sizeof(out)), "「」"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_buffer_that_only_made_room_is_empty_text),
		cmocka_unit_test(
			a_buffer_refuses_what_is_over_its_limit_and_keeps_the_rest),
		cmocka_unit_test(broken_utf8_is_told_from_good),
		cmocka_unit_test(
			cleaning_drops_controls_and_marks_broken_bytes),
		cmocka_unit_test(text_is_cut_between_characters),
		cmocka_unit_test(base32_returns_what_went_in),
		cmocka_unit_test(times_are_read_with_any_offset),
		cmocka_unit_test(an_error_speaks_both_languages),
		cmocka_unit_test(
			every_message_has_the_same_places_in_both_languages),
		cmocka_unit_test(every_code_in_a_text_has_a_word),
		cmocka_unit_test(a_time_is_as_long_in_every_place_that_says_it),
		cmocka_unit_test(codes_in_messages_become_the_words_of_people),
		cmocka_unit_test(an_arena_hands_out_zeroed_memory_of_any_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
