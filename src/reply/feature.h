/* Features of a text: what suggestion and classification count. */
#ifndef MDG_REPLY_FEATURE_H
#define MDG_REPLY_FEATURE_H

#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/text/words.h"

enum mdg_feature_kind {
	MDG_FEATURE_WORD,    /* content words, in a normal form */
	MDG_FEATURE_UNIGRAM, /* kanji, pairs of katakana, ASCII words */
	MDG_FEATURE_BIGRAM,  /* character pairs but hiragana-only ones */
	MDG_FEATURE_KIND_N
};

struct mdg_features {
	const char **v;
	size_t n;
	size_t cap;
};

/* Features of each kind, in order, repeated as they occur; in the arena. */
void mdg_features_extract(struct mdg_words *words, struct mdg_arena *arena,
			  const char *text,
			  struct mdg_features out[MDG_FEATURE_KIND_N]);

/* A customer's text without quotes, signature and phrases of greeting. */
char *mdg_query_text(struct mdg_arena *arena, const char *text);

#endif
