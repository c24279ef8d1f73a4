/* Features of a text: what suggestion and classification count. */
#ifndef MDG_REPLY_FEATURE_H
#define MDG_REPLY_FEATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/text/words.h"

/*
 * One bag of two sorts: each kanji, pair of katakana and ASCII word of a text,
 * and its content words by their reading (ごみ, ゴミ and 塵 are one), but for
 * the words that every question has.
 */
struct mdg_feature {
	const char *key;  /* to compare by */
	const char *show; /* a word as it is written; NULL: not worth showing */
};

struct mdg_features {
	struct mdg_feature *v;
	size_t n, cap;
};

/* A text folded and cut; the words stay when the features are made of it. */
struct mdg_cut {
	struct mdg_word *v;
	size_t n;
};

/* The first MDG_SUGGEST_TEXT_BYTES_MAX of text; all of it in the arena. */
void mdg_cut_text(struct mdg_words *words, struct mdg_arena *arena,
		  const char *text, struct mdg_cut *out);
/* Features in order, repeated as they occur; appended. */
void mdg_features_add(struct mdg_arena *arena, const struct mdg_cut *cut,
		      struct mdg_features *out);

/*
 * A customer's text without quotes, signature, phrases of greeting, and the
 * numbers that only say who writes ("注文番号は A-12345 です").
 */
char *mdg_query_text(struct mdg_arena *arena, const char *text);

/* Is there nothing to answer? text: as mdg_query_text() gives it, or raw. */
bool mdg_says_only_thanks(const char *text);

/* Log odds that it is none of a desk's mail, or about what templates seldom
 * know. text: as mdg_query_text() gives it. */
double mdg_looks_other(const char *text);

#endif
