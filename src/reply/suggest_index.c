#include "suggest_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"

/*
 * Measured; see tests/data/suggest/README. A word of a title weighs as much
 * however long the body is; long bodies, and long histories, count for less.
 */
static const double K1 = 1.2, RARE = 0.1;
static const double TITLE = 2.5, BODY = 1;
static const double BY_LENGTH[MDG_FIELDS] = {0, 0.2, 0.75};

static uint32_t
hash(const char *s)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h ^ (h >> 15);
}

void
mdg_vocab_clear(struct mdg_vocab *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		free(t->text[i]);
	free(t->text);
	free(t->slots);
	*t = (struct mdg_vocab){0};
}

const char *
mdg_vocab_show(const struct mdg_vocab *t, uint32_t term)
{
	return t->text[term] + strlen(t->text[term]) + 1;
}

/* The slot where the term is or would be. */
static uint32_t
find_slot(const struct mdg_vocab *t, const char *key)
{
	uint32_t i = hash(key) & (t->slots_n - 1);

	while (t->slots[i] && strcmp(t->text[t->slots[i] - 1], key) != 0)
		i = (i + 1) & (t->slots_n - 1);
	return i;
}

static void
grow_slots(struct mdg_vocab *t)
{
	free(t->slots);
	t->slots_n = t->slots_n ? t->slots_n * 2 : 1024;
	t->slots = mdg_calloc(t->slots_n, sizeof(*t->slots));
	for (uint32_t i = 0; i < t->n; i++)
		t->slots[find_slot(t, t->text[i])] = i + 1;
}

uint32_t
mdg_vocab_find(const struct mdg_vocab *t, const char *key)
{
	uint32_t n = t->slots_n ? t->slots[find_slot(t, key)] : 0;

	return n ? n - 1 : MDG_NO_TERM;
}

uint32_t
mdg_vocab_get(struct mdg_vocab *t, const struct mdg_feature *f)
{
	size_t n = strlen(f->key), show_n = f->show ? strlen(f->show) : 0;

	if (t->slots_n == 0 || t->n * 2 >= t->slots_n)
		grow_slots(t);
	uint32_t slot = find_slot(t, f->key);
	if (t->slots[slot])
		return t->slots[slot] - 1;
	if (t->n == MDG_SUGGEST_TERMS_MAX)
		return MDG_NO_TERM;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 512;
		t->text = mdg_realloc(t->text, t->cap * sizeof(*t->text));
	}
	char *text = mdg_calloc(n + show_n + 2, 1);
	memcpy(text, f->key, n);
	if (show_n)
		memcpy(text + n + 1, f->show, show_n);
	t->text[t->n] = text;
	t->slots[slot] = ++t->n;
	return t->n - 1;
}

static int
by_id(const void *a, const void *b)
{
	uint32_t x = ((const struct mdg_term *)a)->id;
	uint32_t y = ((const struct mdg_term *)b)->id;

	return x < y ? -1 : x > y;
}

struct mdg_bag
mdg_bag_make(struct mdg_vocab *t, struct mdg_arena *a,
	     const struct mdg_features *f)
{
	struct mdg_bag bag = {mdg_arena_array(a, f->n + 1, sizeof(*bag.v)), 0};
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		uint32_t id = mdg_vocab_get(t, &f->v[i]);
		if (id != MDG_NO_TERM)
			bag.v[n++] = (struct mdg_term){id, 1};
	}
	qsort(bag.v, n, sizeof(*bag.v), by_id);
	for (size_t i = 0; i < n; i++) {
		if (bag.n && bag.v[bag.n - 1].id == bag.v[i].id)
			bag.v[bag.n - 1].count++;
		else
			bag.v[bag.n++] = bag.v[i];
	}
	return bag;
}

/* -- the index ----------------------------------------------------------- */

void
mdg_index_clear(struct mdg_index *ix)
{
	for (uint32_t i = 0; i < ix->lists_n; i++)
		free(ix->lists[i].v);
	free(ix->lists);
	free(ix->docs);
	*ix = (struct mdg_index){0};
}

uint32_t
mdg_index_add_class(struct mdg_index *ix)
{
	if (ix->docs_n == ix->docs_cap) {
		ix->docs_cap = ix->docs_cap ? ix->docs_cap * 2 : 64;
		ix->docs =
			mdg_realloc(ix->docs, ix->docs_cap * sizeof(*ix->docs));
	}
	ix->docs[ix->docs_n] = (struct mdg_class){0};
	return ix->docs_n++;
}

static struct mdg_postings *
need_list(struct mdg_index *ix, uint32_t term)
{
	if (term >= ix->lists_n) {
		uint32_t n = (term + 1) * 2;
		ix->lists = mdg_realloc(ix->lists, n * sizeof(*ix->lists));
		memset(ix->lists + ix->lists_n, 0,
		       (n - ix->lists_n) * sizeof(*ix->lists));
		ix->lists_n = n;
	}
	return &ix->lists[term];
}

/* Where doc is in the list, or would go. */
static uint32_t
find_posting(const struct mdg_postings *p, uint32_t doc)
{
	uint32_t lo = 0, hi = p->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (p->v[mid].doc < doc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* NULL: the index is full, and this is news about the class. */
static struct mdg_posting *
need_posting(struct mdg_index *ix, uint32_t term, uint32_t doc)
{
	struct mdg_postings *p = need_list(ix, term);
	uint32_t i = find_posting(p, doc);

	if (i < p->n && p->v[i].doc == doc)
		return &p->v[i];
	if (ix->postings_n == MDG_SUGGEST_POSTINGS_MAX ||
	    ix->docs[doc].terms == MDG_SUGGEST_CLASS_TERMS_MAX)
		return NULL;
	if (p->n == p->cap) {
		p->cap = p->cap < 4 ? 4 : p->cap + p->cap / 2;
		p->v = mdg_realloc(p->v, p->cap * sizeof(*p->v));
	}
	memmove(p->v + i + 1, p->v + i, (p->n - i) * sizeof(*p->v));
	p->v[i] = (struct mdg_posting){.doc = doc};
	p->n++;
	ix->postings_n++;
	ix->docs[doc].terms++;
	return &p->v[i];
}

static double
damped(uint32_t count)
{
	return 1 + log((double)count);
}

void
mdg_index_put(struct mdg_index *ix, uint32_t doc, enum mdg_index_field field,
	      const struct mdg_bag *bag, double tf_each, double texts,
	      double unit_all)
{
	struct mdg_class *c = &ix->docs[doc];
	double norm = 0;

	for (size_t i = 0; i < bag->n; i++)
		norm += damped(bag->v[i].count) * damped(bag->v[i].count);
	norm = sqrt(norm);
	c->texts += texts;
	for (size_t i = 0; i < bag->n; i++) {
		struct mdg_posting *p = need_posting(ix, bag->v[i].id, doc);
		if (!p)
			continue;
		double tf = tf_each * bag->v[i].count;
		double unit = unit_all * damped(bag->v[i].count) / norm;
		c->unit_sq += 2 * p->unit * unit + unit * unit;
		p->tf[field] += (float)tf;
		p->texts += (float)texts;
		p->unit += (float)unit;
		c->len[field] += tf;
		ix->len_sum[field] += tf;
	}
}

void
mdg_index_take(struct mdg_index *ix, uint32_t doc, const uint32_t *terms,
	       size_t n, double tf_each, double texts, struct mdg_arena *a,
	       struct mdg_index_taken *ret)
{
	struct mdg_class *c = &ix->docs[doc];
	double unit = texts / sqrt((double)n);

	*ret = (struct mdg_index_taken){
		.doc = doc,
		.class = *c,
		.len_sum = ix->len_sum[MDG_PAST],
		.v = mdg_arena_array(a, n + 1, sizeof(*ret->v)),
		.terms = terms,
		.n = n,
	};
	c->texts -= texts;
	for (size_t i = 0; i < n; i++) {
		struct mdg_postings *list = &ix->lists[terms[i]];
		uint32_t at = find_posting(list, doc);
		if (at == list->n || list->v[at].doc != doc)
			continue; /* the class was full */
		struct mdg_posting *p = &list->v[at];
		ret->v[i] = *p;
		c->unit_sq -= 2 * p->unit * unit - unit * unit;
		p->tf[MDG_PAST] = fmaxf(0, p->tf[MDG_PAST] - (float)tf_each);
		p->texts = fmaxf(0, p->texts - (float)texts);
		p->unit = fmaxf(0, p->unit - (float)unit);
		c->len[MDG_PAST] -= tf_each;
		ix->len_sum[MDG_PAST] -= tf_each;
	}
}

void
mdg_index_restore(struct mdg_index *ix, const struct mdg_index_taken *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct mdg_postings *list = &ix->lists[t->terms[i]];
		uint32_t at = find_posting(list, t->doc);
		if (at < list->n && list->v[at].doc == t->doc)
			list->v[at] = t->v[i];
	}
	ix->docs[t->doc] = t->class;
	ix->len_sum[MDG_PAST] = t->len_sum;
}

double
mdg_index_idf(const struct mdg_index *ix, uint32_t term)
{
	double n = ix->docs_n;
	double df = term < ix->lists_n ? ix->lists[term].n : 0;

	return log(1 + (n - df + 0.5) / (df + 0.5));
}

double
mdg_index_idf_max(const struct mdg_index *ix)
{
	return log(1 + ((double)ix->docs_n - 0.5) / 1.5);
}

/* How much a mention counts, by field, in a class of that length. */
static void
field_norms(const struct mdg_index *ix, const struct mdg_class *c, double past,
	    double *out)
{
	const double weight[MDG_FIELDS] = {TITLE, BODY, past};

	for (size_t f = 0; f < MDG_FIELDS; f++) {
		double avg = ix->len_sum[f] / ix->docs_n;
		double length = avg > 0 ? c->len[f] / avg : 1;
		if (f == MDG_PAST && length < 1)
			length = 1; /* asked for seldom is not said briefly */
		out[f] = weight[f] / (1 - BY_LENGTH[f] + BY_LENGTH[f] * length);
	}
}

static void
score_term(const struct mdg_index *ix, const struct mdg_query_term *q,
	   double (*norm)[MDG_FIELDS], struct mdg_scores *out)
{
	const struct mdg_postings *p = &ix->lists[q->term];
	double w = q->weight * mdg_index_idf(ix, q->term);

	for (uint32_t k = 0; k < p->n; k++) {
		const struct mdg_posting *at = &p->v[k];
		double tf = 0;
		for (size_t f = 0; f < MDG_FIELDS; f++)
			tf += (double)at->tf[f] * norm[at->doc][f];
		out->bm25[at->doc] += w * tf * (K1 + 1) / (tf + K1);
		out->cosine[at->doc] += w * at->unit;
		if (q->said)
			out->bayes[at->doc] += log((at->texts + RARE) / RARE);
	}
}

void
mdg_index_score(const struct mdg_index *ix, const struct mdg_query_term *q,
		size_t n, double past, struct mdg_arena *a,
		struct mdg_scores *out)
{
	double(*norm)[MDG_FIELDS] =
		mdg_arena_array(a, ix->docs_n + 1, sizeof(*norm));
	size_t said = 0;

	for (uint32_t d = 0; d < ix->docs_n; d++)
		field_norms(ix, &ix->docs[d], past, norm[d]);
	for (size_t i = 0; i < n; i++) {
		if (q[i].term >= ix->lists_n || ix->lists[q[i].term].n == 0)
			continue;
		said += q[i].said;
		score_term(ix, &q[i], norm, out);
	}
	for (uint32_t d = 0; d < ix->docs_n; d++) {
		const struct mdg_class *c = &ix->docs[d];
		if (c->unit_sq > 0)
			out->cosine[d] /= sqrt(c->unit_sq);
		out->bayes[d] -= (double)said * log(c->texts + 2 * RARE);
	}
}

bool
mdg_index_has(const struct mdg_index *ix, uint32_t term, uint32_t doc)
{
	if (term >= ix->lists_n)
		return false;
	const struct mdg_postings *p = &ix->lists[term];
	uint32_t i = find_posting(p, doc);
	return i < p->n && p->v[i].doc == doc;
}
