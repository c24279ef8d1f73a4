/* Shared by suggest*.c. */
#ifndef MDG_REPLY_SUGGEST_INT_H
#define MDG_REPLY_SUGGEST_INT_H

#include "madoguchi/base/limits.h"
#include "madoguchi/reply/suggest.h"
#include "suggest_grams.h"
#include "suggest_index.h"
#include "synonyms.h"

/* An inquiry that was answered: to be shown as a reason, and to try the
 * weights with. */
struct suggest_past {
	char *name; /* "past: 1042", "example: どこで…" */
	char *text;
	double weight, tf_each; /* as it was counted */
	uint32_t *terms;
	uint32_t terms_n;
};

struct suggest_doc {
	char *id;
	char *windows;
	struct suggest_past recent[MDG_SUGGEST_RECENT_MAX]; /* a ring */
	uint32_t next;
};

/* The classes of grams: mail that is not for the desk, then the docs. */
enum { GRAMS_OTHER, GRAMS_FIRST };

struct mdg_suggest {
	struct mdg_words *words;
	struct mdg_synonyms *synonyms;
	struct mdg_vocab terms;
	struct mdg_index index;
	struct mdg_grams grams;
	struct suggest_doc *docs;
	size_t docs_n, docs_cap;
	double learned; /* texts, by weight */
	double trust;   /* in past inquiries, 0 … 1; found when … */
	double tried;   /* … so many texts were learned */
};

/* A question and how each class answers it. */
struct suggest_ranking {
	struct mdg_suggest *s;
	struct mdg_arena *arena;
	struct mdg_query_term *q;
	size_t q_n;
	double unknown; /* features that no template has */
	double length;  /* of the text's vector */
	struct mdg_scores by;
	double *score; /* fused, 0 … 1 */
	const char *text;
	double *by_grams; /* by class of grams */
	size_t runs;      /* of characters in the text */
};
void mdg_rank_read(struct suggest_ranking *r, const char *text);
void mdg_rank_score(struct suggest_ranking *r, double trust);

/* Finds anew how far past inquiries are to be trusted, if much was learned
 * since. */
void mdg_trust_find(struct mdg_suggest *s);

void mdg_past_clear(struct suggest_past *p);
/* Puts it in the place of the oldest. */
void mdg_past_keep(struct suggest_doc *doc, const struct mdg_bag *bag,
		   const char *ref, const struct suggest_past *as);
/* The past inquiry nearest to the question; NULL if none is near. unknown: of
 * the question's features, those that no template has. */
const struct suggest_past *mdg_past_nearest(const struct mdg_suggest *s,
					    const struct suggest_doc *doc,
					    const struct mdg_query_term *q,
					    size_t n, double unknown,
					    double *ret_cosine);

#endif
