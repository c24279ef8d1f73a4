/*
 * What keys that were as rare usually have: the spread of shares over all keys
 * of the desk, learned from their counts (the maximum likelihood mixture of
 * Kiefer and Wolfowitz, 1956), and by it the mean and the doubt of each count.
 */
#include <math.h>
#include <stdlib.h>

#include "madoguchi/base/err.h"
#include "surge_private.h"

#define LEAST .05 /* rates of counting, from one to the next */
#define STEP 1.2
#define EVEN .001         /* at least this part is spread over all rates … */
#define EVEN_KEYS .3      /* … and this many keys, as few keys teach little */
#define DAYS_DIFFER .0025 /* in what a key had in 28 days, squared */

enum { RATES = 46, ROUNDS = 40 };

struct mixture {
	double weight[RATES], at[SURGE_PRIOR_MAX][RATES];
	unsigned many[SURGE_PRIOR_MAX], n;
};

static void
count(const struct mdg_surge *s, struct mixture *m)
{
	int64_t to = s->hour + 1 - (int64_t)2 * SURGE_GAP_H;

	for (uint32_t k = 1; k < s->n_keys; k++) {
		unsigned h = surge_count(s, k, to - SURGE_BASE_H, to);
		if (!s->keys[k].upto || h >= SURGE_PRIOR_MAX)
			continue;
		m->many[h]++;
		m->n++;
	}
}

static void
begin(struct mixture *m)
{
	double rate = LEAST;
	int sign;

	for (size_t j = 0; j < RATES; j++, rate *= STEP) {
		m->weight[j] = 1.0 / RATES;
		for (unsigned h = 0; h < SURGE_PRIOR_MAX; h++)
			m->at[h][j] = exp(h * log(rate) - rate -
					  lgamma_r(h + 1.0, &sign));
	}
}

/* One round of expectation and maximization. */
static void
improve(struct mixture *m)
{
	double even = fmax(EVEN, EVEN_KEYS / m->n), next[RATES];

	for (size_t j = 0; j < RATES; j++)
		next[j] = even / RATES;
	for (unsigned h = 0; h < SURGE_PRIOR_MAX; h++) {
		double sum = 0;
		for (size_t j = 0; j < RATES && m->many[h]; j++)
			sum += m->weight[j] * m->at[h][j];
		for (size_t j = 0; j < RATES && m->many[h]; j++)
			next[j] += m->many[h] * m->weight[j] * m->at[h][j] /
				   sum / m->n;
	}
	for (size_t j = 0; j < RATES; j++)
		m->weight[j] = next[j] / (1 + even);
}

static void
conclude(const struct mixture *m, struct surge_prior *p)
{
	for (unsigned h = 0; h < SURGE_PRIOR_MAX; h++) {
		double sum = 0, mean = 0, square = 0, rate = LEAST;
		for (size_t j = 0; j < RATES; j++, rate *= STEP) {
			double v = m->weight[j] * m->at[h][j];
			sum += v;
			mean += v * rate;
			square += v * rate * rate;
		}
		mean /= sum;
		p->usual[h] = mean;
		p->unsure[h] = square / sum / (mean * mean) - 1;
	}
}

void
surge_prior_learn(struct mdg_surge *s)
{
	struct surge_prior *p = &s->prior;

	if (p->learned && s->hour - p->learned_h < 24)
		return;
	struct mixture *m = calloc(1, sizeof(*m));
	MDG_BUG_ON(!m);
	p->learned = true;
	p->learned_h = s->hour;
	count(s, m);
	begin(m);
	for (int i = 0; i < ROUNDS && m->n; i++)
		improve(m);
	conclude(m, p);
	free(m);
}

void
surge_prior_ask(const struct surge_prior *p, unsigned h, double *ret_usual,
		double *ret_unsure)
{
	bool rare =
		h < SURGE_PRIOR_MAX * 2 / 3; /* far from the mixture's end */

	*ret_usual = rare ? p->usual[h] : h + .5;
	*ret_unsure = (rare ? p->unsure[h] : 1 / (h + .5)) + DAYS_DIFFER;
}
