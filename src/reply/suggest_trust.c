/*
 * How far are past inquiries to be trusted? Where people ask the same again and
 * again, the answer that was given last time is the best of signs; where every
 * inquiry is another, an answer that has some wins over the right one, which
 * has none. Which of the two a desk is, its own inquiries tell: each is taken
 * out in turn and asked, and the trust is kept that found its answer best.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suggest_int.h"

static const double TRUSTS[] = {0, 0.25, 0.5, 0.75, 1};
enum { TRUSTS_N = MDG_LEN(TRUSTS), FULL = 5 };
/* Asked anew when that much more was learned. */
static const double GROWTH = 1.3;
/* About the error of the mean that so many trials leave, by their root. */
static const double DOUBT = 0.3;

/* One inquiry; the same text may have been filed under several classes. */
struct trial {
	uint32_t doc;
	const struct suggest_past *past;
};

static int
by_text(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;
	int c = strcmp(x->past->text, y->past->text);

	return c ? c : x->doc < y->doc ? -1 : x->doc > y->doc;
}

static size_t
list_trials(const struct mdg_suggest *s, struct mdg_arena *a,
	    struct trial **ret)
{
	size_t n = 0;

	*ret = mdg_arena_array(a, s->docs_n * MDG_SUGGEST_RECENT_MAX + 1,
			       sizeof(**ret));
	for (size_t d = 0; d < s->docs_n; d++)
		for (size_t i = 0; i < MDG_SUGGEST_RECENT_MAX; i++)
			if (s->docs[d].recent[i].name)
				(*ret)[n++] = (struct trial){
					(uint32_t)d, &s->docs[d].recent[i]};
	qsort(*ret, n, sizeof(**ret), by_text);
	return n;
}

/* 1 / the place of the best of the classes that the text was filed under. */
static double
reciprocal_rank(const struct suggest_ranking *r, const struct trial *v,
		size_t n)
{
	double best = 0;
	size_t before = 0;

	for (size_t i = 0; i < n; i++)
		if (r->score[v[i].doc] > best)
			best = r->score[v[i].doc];
	for (size_t d = 0; d < r->s->docs_n; d++)
		before += r->score[d] > best;
	return best > 0 ? 1 / (double)(before + 1) : 0;
}

/* Asks a text that the index does not know for the moment. */
static void
try_text(struct mdg_suggest *s, const struct trial *v, size_t n, double *sums)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct suggest_ranking r = {.s = s, .arena = &a};
	struct mdg_index_taken *taken = mdg_arena_array(&a, n, sizeof(*taken));

	for (size_t i = 0; i < n; i++)
		mdg_index_take(&s->index, v[i].doc, v[i].past->terms,
			       v[i].past->terms_n, v[i].past->tf_each,
			       v[i].past->weight, &a, &taken[i]);
	mdg_rank_read(&r, v[0].past->text);
	for (size_t t = 0; t < TRUSTS_N; t++) {
		mdg_rank_score(&r, TRUSTS[t]);
		sums[t] += reciprocal_rank(&r, v, n);
	}
	while (n-- > 0)
		mdg_index_restore(&s->index, &taken[n]);
}

/* Without trials: all of it where every class has FULL inquiries. */
static double
expected_trust(const struct mdg_suggest *s)
{
	double sum = 0;

	for (size_t d = 0; d < s->docs_n; d++) {
		size_t n = 0;
		for (size_t i = 0; i < MDG_SUGGEST_RECENT_MAX; i++)
			n += s->docs[d].recent[i].name != NULL;
		sum += n < FULL ? (double)n / FULL : 1;
	}
	return sum / (double)s->docs_n;
}

/* Few trials say little against what was to be expected. */
static void
choose(struct mdg_suggest *s, const double *sums, double done)
{
	double expected = expected_trust(s), best = -INFINITY;

	s->trust = expected;
	for (size_t t = 0; t < TRUSTS_N && done > 0; t++) {
		double v = sums[t] / done -
			   DOUBT / sqrt(done) * fabs(TRUSTS[t] - expected);
		if (v > best) {
			best = v;
			s->trust = TRUSTS[t];
		}
	}
}

void
mdg_trust_find(struct mdg_suggest *s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	double sums[TRUSTS_N] = {0};
	struct trial *v;
	size_t done = 0;

	if (s->learned <= s->tried * GROWTH)
		return;
	s->tried = s->learned;
	size_t n = list_trials(s, &a, &v);
	size_t step = n / MDG_SUGGEST_TRIALS_MAX + 1, skipped = 0;
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n; j++)
			if (strcmp(v[j].past->text, v[i].past->text) != 0)
				break;
		if (skipped++ % step)
			continue;
		try_text(s, v + i, j - i, sums);
		done++;
	}
	choose(s, sums, (double)done);
}
