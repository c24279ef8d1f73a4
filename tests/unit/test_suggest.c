/* Suggestion: how past inquiries are weighed, and mail that asks nothing. */
#include "t.h"

#include "../../src/reply/suggest_int.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/suggest.h"

enum { DOCS = 30 };

static const char *const things[DOCS] = {
	"茶碗", "机",   "椅子", "時計", "鏡",     "傘",   "靴",   "帽子",
	"鞄",   "皿",   "鍋",   "包丁", "布団",   "枕",   "毛布", "絨毯",
	"箪笥", "電球", "電池", "電話", "自転車", "人形", "楽器", "書籍",
	"新聞", "雑誌", "段箱", "空瓶", "空缶",   "廃油",
};

/* Titles that tell the things apart, and what was asked of some. */
static struct mdg_suggest *
desk_of_things(void)
{
	struct mdg_suggest *s = mdg_suggest_new(NULL);

	for (size_t i = 0; i < DOCS; i++) {
		char id[16], *title = mdg_asprintf("%sの処分", things[i]);
		snprintf(id, sizeof(id), "d%zu", i);
		assert_true(mdg_suggest_add(s,
					    &(struct mdg_suggest_doc){
						    .id = id,
						    .title = title,
						    .body = "収集",
					    },
					    NULL));
		free(title);
	}
	return s;
}

static void
learn(struct mdg_suggest *s, size_t doc, const char *text)
{
	char id[16];

	snprintf(id, sizeof(id), "d%zu", doc);
	assert_true(mdg_suggest_learn(
		s,
		&(struct mdg_suggest_past){.id = id, .text = text, .weight = 1},
		NULL));
}

static void
what_is_asked_again_and_again_is_trusted(void **state)
{
	static const char *const asked[] = {
		"壊滅", "古物", "巨大", "破損", "重量", "不要", "故障", "劣化",
	};
	struct mdg_suggest *s = desk_of_things();

	(void)state;
	/* whatever thing they name, the other word tells the answer */
	for (size_t d = 0; d < MDG_LEN(asked); d++)
		for (size_t k = 0; k < 4; k++) {
			const char *thing = things[(d * 3 + k * 7 + 1) % DOCS];
			char *t = mdg_asprintf("%sと%s", thing, asked[d]);
			learn(s, d, t);
			free(t);
		}
	mdg_trust_find(s);
	assert_true(s->trust > 0.5);
	mdg_suggest_free(&s);
}

static void
what_misleads_is_not_trusted(void **state)
{
	struct mdg_suggest *s = desk_of_things();

	(void)state;
	/* each says twice what it is about, and once what the next is */
	for (size_t d = 0; d < DOCS; d++) {
		const char *thing = things[d], *other = things[d ^ 1];
		char *t = mdg_asprintf("%sの%sと%s、%s", thing, thing, other,
				       things[(d / 2 * 2 + 7) % DOCS]);
		learn(s, d, t);
		free(t);
	}
	mdg_trust_find(s);
	assert_true(s->trust < 0.5);
	mdg_suggest_free(&s);
}

static void
trying_leaves_all_counts_as_they_were(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_suggest *s = desk_of_things();
	struct mdg_suggestion *v, *w;

	(void)state;
	for (size_t d = 0; d < DOCS; d += 2) {
		learn(s, d, "同じ文面");
		learn(s, d, things[d]);
	}
	size_t n = mdg_suggest_rank(s, "鍋の処分と同じ文面", NULL, 10, &a, &v);
	assert_true(n > 1);
	for (int i = 0; i < 3; i++) {
		s->tried = 0;
		assert_int_equal(
			mdg_suggest_rank(s, "鍋の処分と同じ文面", NULL, 10, &a, &w),
			n);
		for (size_t k = 0; k < n; k++) {
			assert_string_equal(v[k].id, w[k].id);
			assert_true(v[k].score == w[k].score);
		}
	}
	mdg_suggest_free(&s);
}

static void
more_inquiries_than_are_tried_are_no_trouble(void **state)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_suggest *s = desk_of_things();
	struct mdg_suggestion *v;

	(void)state;
	for (size_t i = 0; i < MDG_SUGGEST_TRIALS_MAX + 1; i++) {
		char *t = mdg_asprintf("%s%zu", things[i % DOCS], i);
		learn(s, i % DOCS, t);
		free(t);
	}
	assert_true(mdg_suggest_rank(s, "鏡", NULL, 1, &a, &v) == 1);
	assert_string_equal(v[0].id, "d4");
	mdg_suggest_free(&s);
}

static void
mail_that_only_thanks_asks_nothing(void **state)
{
	static const char *const only[] = {
		"ありがとうございました。",
		"Re: 商品の発送について\nありがとうございます。助かりました!",
		"承知しました。\n引き続きよろしくお願いいたします。",
		"ご返信ありがとうございます。よくわかりました。",
		"早速のご回答に感謝いたします。\n\n田中 一郎\n090-0000-0000",
		"了解です",
		"Thank you so much!",
		"無事に届きました。ありがとうございました。",
		"わかりました。待っています。",
	};
	static const char *const more[] = {
		"",
		"こんにちは",
		"ありがとうございました。領収書は出ますか",
		"ありがとうございます。追跡番号を教えてください",
		"色違いの商品が届きました。",
		"違う色だと分かりました。",
		"了解しました。ただ、期限を延ばしたいです。",
		"お礼を言うつもりでしたが、箱が壊れていました。",
		"ありがとうございます。まだ届きません。",
		"店員さんが親切でした。ありがとうございました。",
		"お待ちしています。",
		"ありがとうございます。\n領収書",
		"ありがとうございました。返品します。",
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(only); i++)
		if (!mdg_says_only_thanks(only[i]))
			fail_msg("asks something: %s", only[i]);
	for (size_t i = 0; i < MDG_LEN(more); i++)
		if (mdg_says_only_thanks(more[i]))
			fail_msg("asks nothing: %s", more[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_asked_again_and_again_is_trusted),
		cmocka_unit_test(what_misleads_is_not_trusted),
		cmocka_unit_test(trying_leaves_all_counts_as_they_were),
		cmocka_unit_test(more_inquiries_than_are_tried_are_no_trouble),
		cmocka_unit_test(mail_that_only_thanks_asks_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
