/* Inverted indexes with BM25, over one table of terms. */
#ifndef MDG_REPLY_SUGGEST_INDEX_H
#define MDG_REPLY_SUGGEST_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feature.h"

/* Terms get numbers from 0; a kind and a text make a term. */
struct mdg_vocab {
	char **text; /* first byte: the kind; then the term */
	uint32_t n, cap;
	uint32_t *slots; /* hash table of number + 1 */
	uint32_t slots_n;
};

void mdg_vocab_clear(struct mdg_vocab *t);
const char *mdg_vocab_text(const struct mdg_vocab *t, uint32_t term);

struct mdg_query_term {
	uint32_t term;
	uint32_t count; /* how often it is said */
	double weight;	/* grows slowly with that */
};

/* The known terms among f, each once, in order. */
struct mdg_query_term *mdg_vocab_query(const struct mdg_vocab *t,
				       struct mdg_arena *arena, int kind,
				       const struct mdg_features *f,
				       size_t *ret_n);

struct mdg_posting {
	uint32_t doc;
	uint32_t tf;
};

struct mdg_postings {
	struct mdg_posting *v; /* by doc, ascending */
	uint32_t n, cap;
};

struct mdg_index {
	struct mdg_postings *lists; /* by term */
	uint32_t lists_n;
	uint32_t *len; /* features of each document */
	uint32_t docs_n, docs_cap;
	uint64_t len_sum;
};

void mdg_index_clear(struct mdg_index *ix);
/* Add features to a document, which may have some already. */
void mdg_index_put(struct mdg_index *ix, struct mdg_vocab *terms, int kind,
		   uint32_t doc, const struct mdg_features *f);
/* Add the BM25 score of each document to score[doc]. */
void mdg_index_score(const struct mdg_index *ix, const struct mdg_query_term *q,
		     size_t n, double *score);
bool mdg_index_has(const struct mdg_index *ix, uint32_t term, uint32_t doc);
double mdg_index_idf(const struct mdg_index *ix, uint32_t term);
/* Of a term that occurs in one document. */
double mdg_index_idf_max(const struct mdg_index *ix);

#endif
