/* synonyms: other words for what a customer says (src/reply/synonyms.txt). */
#ifndef MDG_REPLY_SYNONYMS_H
#define MDG_REPLY_SYNONYMS_H

#include "feature.h"

struct mdg_synonyms;

struct mdg_synonyms *mdg_synonyms_new(struct mdg_words *words);
void mdg_synonyms_free(struct mdg_synonyms **s);

struct mdg_synonym {
	const char *key;  /* of a feature */
	const char *show; /* "said→meant", or NULL */
	double weight;    /* below 1: it was not said */
};

/* Features of other words for those of the text, some more than once. */
size_t mdg_synonyms_of(const struct mdg_synonyms *s, struct mdg_arena *a,
		       const struct mdg_cut *cut, struct mdg_synonym **ret);

#endif
