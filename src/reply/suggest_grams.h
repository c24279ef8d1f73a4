/*
 * Inquiries by their runs of one to three characters, kana too. What words
 * cannot tell – "not yet", "came off", dialect, typing errors, a product nobody
 * has named before – stands in how a mail is put: naive Bayes of each class
 * against all others (Rennie et al. 2003) over the inquiries each class knows.
 */
#ifndef MDG_REPLY_SUGGEST_GRAMS_H
#define MDG_REPLY_SUGGEST_GRAMS_H

#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"

struct mdg_gram;

struct mdg_grams {
	struct mdg_gram *v; /* hash table by the run's hash */
	uint32_t cap, n;
	struct gram_class {
		double sum; /* of the counts of its runs */
		uint32_t runs;
	} * classes;
	uint32_t classes_n, classes_cap;
	double sum;
};

void mdg_grams_clear(struct mdg_grams *g);

/* An inquiry that class answers; classes are numbered from 0. A class that
 * knows runs_max runs keeps no new ones. */
void mdg_grams_learn(struct mdg_grams *g, uint32_t class, const char *text,
		     double weight, uint32_t runs_max);

/* For each of n classes how much more the text is like it than like the
 * others; returns of how many runs, 0 if nothing is known. */
size_t mdg_grams_score(const struct mdg_grams *g, const char *text,
		       struct mdg_arena *a, double *ret, size_t n);

#endif
