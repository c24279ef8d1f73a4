#include "suggest_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"

static const double K1 = 1.2, B = 0.75;

static uint32_t
hash(int kind, const char *s)
{
	uint32_t h = 2166136261u ^ (uint32_t)kind; /* FNV-1a */

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
mdg_vocab_text(const struct mdg_vocab *t, uint32_t term)
{
	return t->text[term] + 1;
}

/* The slot where the term is or would be. */
static uint32_t
find_slot(const struct mdg_vocab *t, int kind, const char *s)
{
	uint32_t i = hash(kind, s) & (t->slots_n - 1);

	for (; t->slots[i]; i = (i + 1) & (t->slots_n - 1)) {
		const char *text = t->text[t->slots[i] - 1];
		if (text[0] == (char)('0' + kind) && strcmp(text + 1, s) == 0)
			break;
	}
	return i;
}

static void
grow_slots(struct mdg_vocab *t)
{
	free(t->slots);
	t->slots_n = t->slots_n ? t->slots_n * 2 : 1024;
	t->slots = mdg_calloc(t->slots_n, sizeof(*t->slots));
	for (uint32_t i = 0; i < t->n; i++)
		t->slots[find_slot(t, t->text[i][0] - '0', t->text[i] + 1)] =
			i + 1;
}

static uint32_t
get_term(struct mdg_vocab *t, int kind, const char *s)
{
	if (t->slots_n == 0 || t->n * 2 >= t->slots_n)
		grow_slots(t);
	uint32_t slot = find_slot(t, kind, s);
	if (t->slots[slot])
		return t->slots[slot] - 1;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 512;
		t->text = mdg_realloc(t->text, t->cap * sizeof(*t->text));
	}
	t->text[t->n] = mdg_asprintf("%c%s", '0' + kind, s);
	t->slots[slot] = ++t->n;
	return t->n - 1;
}

static int
by_term(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

struct mdg_query_term *
mdg_vocab_query(const struct mdg_vocab *t, struct mdg_arena *arena, int kind,
		const struct mdg_features *f, size_t *ret_n)
{
	uint32_t *ids = mdg_arena_array(arena, f->n + 1, sizeof(*ids));
	struct mdg_query_term *q = mdg_arena_array(arena, f->n + 1, sizeof(*q));
	size_t n = 0, out = 0;

	for (size_t i = 0; i < f->n && t->slots_n > 0; i++) {
		uint32_t slot = find_slot(t, kind, f->v[i]);
		if (t->slots[slot])
			ids[n++] = t->slots[slot] - 1;
	}
	qsort(ids, n, sizeof(*ids), by_term);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && ids[j] == ids[i]; j++)
			;
		q[out++] = (struct mdg_query_term){ids[i], (uint32_t)(j - i),
						   1 + log((double)(j - i))};
	}
	*ret_n = out;
	return q;
}

void
mdg_index_clear(struct mdg_index *ix)
{
	for (uint32_t i = 0; i < ix->lists_n; i++)
		free(ix->lists[i].v);
	free(ix->lists);
	free(ix->len);
	*ix = (struct mdg_index){0};
}

static void
need_list(struct mdg_index *ix, uint32_t term)
{
	if (term < ix->lists_n)
		return;
	uint32_t n = (term + 1) * 2;
	ix->lists = mdg_realloc(ix->lists, n * sizeof(*ix->lists));
	memset(ix->lists + ix->lists_n, 0,
	       (n - ix->lists_n) * sizeof(*ix->lists));
	ix->lists_n = n;
}

static void
need_doc(struct mdg_index *ix, uint32_t doc)
{
	if (doc < ix->docs_n)
		return;
	if (doc >= ix->docs_cap) {
		ix->docs_cap = (doc + 1) * 2;
		ix->len = mdg_realloc(ix->len,
				      ix->docs_cap * sizeof(*ix->len));
	}
	while (ix->docs_n <= doc)
		ix->len[ix->docs_n++] = 0;
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

static void
count(struct mdg_postings *p, uint32_t doc)
{
	uint32_t i = find_posting(p, doc);

	if (i < p->n && p->v[i].doc == doc) {
		p->v[i].tf++;
		return;
	}
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 4;
		p->v = mdg_realloc(p->v, p->cap * sizeof(*p->v));
	}
	memmove(p->v + i + 1, p->v + i, (p->n - i) * sizeof(*p->v));
	p->v[i] = (struct mdg_posting){doc, 1};
	p->n++;
}

void
mdg_index_put(struct mdg_index *ix, struct mdg_vocab *terms, int kind,
	      uint32_t doc, const struct mdg_features *f)
{
	need_doc(ix, doc);
	for (size_t i = 0; i < f->n; i++) {
		uint32_t term = get_term(terms, kind, f->v[i]);
		need_list(ix, term);
		count(&ix->lists[term], doc);
	}
	ix->len[doc] += (uint32_t)f->n;
	ix->len_sum += f->n;
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

void
mdg_index_score(const struct mdg_index *ix, const struct mdg_query_term *q,
		size_t n, double *score)
{
	if (ix->docs_n == 0 || ix->len_sum == 0)
		return;
	double avg = (double)ix->len_sum / ix->docs_n;
	for (size_t i = 0; i < n; i++) {
		if (q[i].term >= ix->lists_n)
			continue;
		const struct mdg_postings *p = &ix->lists[q[i].term];
		double w = q[i].weight * mdg_index_idf(ix, q[i].term);
		for (uint32_t k = 0; k < p->n; k++) {
			double tf = p->v[k].tf;
			double norm =
				K1 * (1 - B + B * ix->len[p->v[k].doc] / avg);
			score[p->v[k].doc] += w * tf * (K1 + 1) / (tf + norm);
		}
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
