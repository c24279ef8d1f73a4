#include "t.h"

#include <stdio.h>

#include "madoguchi/base/str.h"
#include "madoguchi/reply/mood.h"

static struct mdg_moods *moods;

static struct mdg_mood
judged(struct mdg_arena *a, const char *text, int64_t at)
{
	struct mdg_mood m;

	mdg_mood_judge(moods, text, at, a, &m);
	return m;
}

static void
a_plain_question_is_cold(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mood m = judged(&a, "営業時間を教えてください。", 0);

	(void)state;
	assert_int_equal(m.temperature, 0);
	assert_false(m.harassment);
	assert_int_equal(m.n, 0);
}

static void
each_point_names_its_words_and_their_place(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mood m = judged(
		&a,
		"何度もメールしました。ひどい対応です。弁護士に相談します。",
		0);
	int sum = 0;

	(void)state;
	assert_int_equal(m.temperature, 3);
	for (size_t i = 0; i < m.n; i++)
		sum += m.v[i].points;
	assert_int_equal(sum, 3);
	assert_int_equal(m.v[0].sign, MDG_MOOD_REPEAT);
	assert_string_equal(m.v[0].words, "何度も");
	assert_int_equal(m.v[0].start, 0);
	assert_int_equal(m.v[0].end, 3);
}

static void
the_night_adds_to_what_is_there_and_to_nothing_else(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const int64_t night = 1795230000 / 86400 * 86400 + 15 * 3600; /* 0:00 */

	(void)state;
	assert_int_equal(judged(&a, "在庫はありますか。", night).temperature,
			 0);
	assert_int_equal(judged(&a, "ひどい対応です。", night).temperature, 2);
	assert_int_equal(
		judged(&a, "ひどい対応です。", night - 43200).temperature, 1);
}

static void
a_denial_is_no_sign(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	(void)state;
	assert_int_equal(
		judged(&a, "ひどいというほどではありません。", 0).temperature,
		0);
	assert_int_equal(
		judged(&a, "怒っているわけではありません。", 0).temperature, 0);
}

static void
a_long_and_hostile_text_ends(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	static char text[200001];

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, i % 2 ? "まだ" : "返事", 3);
	struct mdg_mood m = judged(&a, text, 0);
	assert_true(m.n <= MDG_MOOD_REASONS_MAX);
}

/* The figures: exact, within one, hot or not, harassment or not. */
static void
the_kept_mails_are_judged_as_people_did(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *top = getenv("top_srcdir");
	FILE *f = fopen(mdg_arena_printf(&a, "%s/tests/data/suggest/mood.tsv",
					 top ? top : "."),
			"re");
	char line[2000];
	int n = 0, exact = 0, near = 0, hot = 0, hot_found = 0, hot_said = 0;
	int bad = 0, bad_found = 0, bad_said = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		int t = line[0] - '0', h = line[2] == '1';
		if (*line == '#')
			continue;
		struct mdg_mood m = judged(&a, line + 4, 0);
		int d = m.temperature - t;
		n++;
		exact += d == 0;
		near += d >= -1 && d <= 1;
		hot += t >= MDG_MOOD_HOT;
		hot_said += m.temperature >= MDG_MOOD_HOT;
		hot_found += t >= MDG_MOOD_HOT && m.temperature >= MDG_MOOD_HOT;
		bad += h;
		bad_said += m.harassment;
		bad_found += h && m.harassment;
		if (d < -1 || d > 1 || h != m.harassment)
			print_message("%d %d: %s", m.temperature, m.harassment,
				      line + 4);
	}
	fclose(f);
	print_message("mood: %d mails, exact %d, within one %d; hot %d of %d "
		      "(%d said); harassment %d of %d (%d said)\n",
		      n, exact, near, hot_found, hot, hot_said, bad_found, bad,
		      bad_said);
	assert_true(n >= 80);
	assert_true(exact * 100 >= n * 80);
	assert_true(near * 100 >= n * 97);
	assert_true(hot_found * 100 >= hot * 85);
	assert_true(hot_found * 100 >= hot_said * 85);
	assert_true(bad_found * 100 >= bad * 90);
	assert_true(bad_found * 100 >= bad_said * 90);
}

static int
open_moods(void **state)
{
	(void)state;
	return mdg_moods_open(&moods, NULL) ? 0 : -1;
}

static int
close_moods(void **state)
{
	(void)state;
	mdg_moods_close(&moods);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_question_is_cold),
		cmocka_unit_test(each_point_names_its_words_and_their_place),
		cmocka_unit_test(
			the_night_adds_to_what_is_there_and_to_nothing_else),
		cmocka_unit_test(a_denial_is_no_sign),
		cmocka_unit_test(a_long_and_hostile_text_ends),
		cmocka_unit_test(the_kept_mails_are_judged_as_people_did),
	};
	return cmocka_run_group_tests(tests, open_moods, close_moods);
}
