/*
 * What a catalogue says, counted: for each term the classes (templates) it
 * occurs in. All that was learned is in these counts, so that memory grows
 * with what is said and not with how often.
 */
#ifndef MDG_REPLY_SUGGEST_INDEX_H
#define MDG_REPLY_SUGGEST_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feature.h"

/* Terms get numbers from 0. */
struct mdg_vocab {
	char **text; /* the key; behind its NUL, what to show ("": nothing) */
	uint32_t n, cap;
	uint32_t *slots; /* hash table of number + 1 */
	uint32_t slots_n;
};

enum { MDG_NO_TERM = UINT32_MAX };

void mdg_vocab_clear(struct mdg_vocab *t);
uint32_t mdg_vocab_find(const struct mdg_vocab *t, const char *key);
uint32_t mdg_vocab_get(struct mdg_vocab *t, const struct mdg_feature *f);
const char *mdg_vocab_show(const struct mdg_vocab *t, uint32_t term);

/* A text as terms: each once, by number, with how often it occurs. */
struct mdg_term {
	uint32_t id;
	uint32_t count;
};
struct mdg_bag {
	struct mdg_term *v;
	size_t n;
};
/* Unknown terms are made. */
struct mdg_bag mdg_bag_make(struct mdg_vocab *t, struct mdg_arena *a,
			    const struct mdg_features *f);

/* Where a class says something. */
enum mdg_index_field { MDG_TITLE, MDG_BODY, MDG_PAST, MDG_FIELDS };

/* One term in one class. */
struct mdg_posting {
	uint32_t doc;
	float tf[MDG_FIELDS]; /* how often */
	float texts;          /* in how many texts */
	float unit; /* sum over texts of its share in the text's direction */
};

struct mdg_postings {
	struct mdg_posting *v; /* by doc, ascending */
	uint32_t n, cap;
};

struct mdg_class {
	double len[MDG_FIELDS]; /* sum of tf */
	double texts;
	double unit_sq; /* sum of unit² */
	uint32_t terms;
};

struct mdg_index {
	struct mdg_postings *lists; /* by term */
	uint32_t lists_n;
	struct mdg_class *docs;
	uint32_t docs_n, docs_cap;
	size_t postings_n;
	double len_sum[MDG_FIELDS];
};

void mdg_index_clear(struct mdg_index *ix);
uint32_t mdg_index_add_class(struct mdg_index *ix);
/* tf grows by tf_each a mention, unit by unit_all shared among the terms. */
void mdg_index_put(struct mdg_index *ix, uint32_t doc,
		   enum mdg_index_field field, const struct mdg_bag *bag,
		   double tf_each, double texts, double unit_all);

struct mdg_query_term {
	uint32_t term;
	bool said; /* by the customer; else a synonym */
	double weight;
	const char *show; /* NULL: as the vocabulary has it */
};

/* Adds to each class's scores. */
struct mdg_scores {
	double *bm25, *cosine, *bayes;
};
/* past: what a word of the inquiries weighs in BM25, a word of the body being
 * 1. */
void mdg_index_score(const struct mdg_index *ix, const struct mdg_query_term *q,
		     size_t n, double past, struct mdg_arena *a,
		     struct mdg_scores *out);

/* What an inquiry put into a class, taken out again for a while. */
struct mdg_index_taken {
	uint32_t doc;
	struct mdg_class class;
	double len_sum;
	struct mdg_posting *v; /* as they were */
	const uint32_t *terms;
	size_t n;
};
/* terms: what was put with mdg_index_put(…, MDG_PAST, …), once each. */
void mdg_index_take(struct mdg_index *ix, uint32_t doc, const uint32_t *terms,
		    size_t n, double tf_each, double texts, struct mdg_arena *a,
		    struct mdg_index_taken *ret);
/* In the opposite order of the taking. */
void mdg_index_restore(struct mdg_index *ix, const struct mdg_index_taken *t);
bool mdg_index_has(const struct mdg_index *ix, uint32_t term, uint32_t doc);
double mdg_index_idf(const struct mdg_index *ix, uint32_t term);
/* Of a term that occurs in one class. */
double mdg_index_idf_max(const struct mdg_index *ix);

#endif
