#include "suggest_grams.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { RUN_MAX = 3, CHARS_MAX = 400, TABLE_MIN = 1024 };

/* What each run is taken to have been seen besides, in every class. */
static const double BESIDE = 0.03;

struct gram_count {
	uint32_t class;
	float n;
};

/* Most runs are of one class only, and kept without a list. */
struct mdg_gram {
	uint32_t hash; /* 0: empty */
	uint32_t n, cap;
	float all;
	union {
		struct gram_count one; /* cap 0 */
		struct gram_count *v;  /* by class, ascending */
	};
};

static struct gram_count *
counts_of(struct mdg_gram *x)
{
	return x->cap ? x->v : &x->one;
}

void
mdg_grams_clear(struct mdg_grams *g)
{
	for (uint32_t i = 0; i < g->cap; i++)
		if (g->v[i].cap)
			free(g->v[i].v);
	free(g->v);
	free(g->classes);
	*g = (struct mdg_grams){0};
}

/* -- runs ----------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The characters between a beginning and an end, all digits as one 0. */
static size_t
spell(const char *text, uint32_t *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t n = 0;

	mdg_fold(&b, text, strlen(text), MDG_FOLD_SEARCH);
	ret[n++] = '^';
	for (size_t i = 0; i < b.len && n <= CHARS_MAX;) {
		uint32_t c;
		i += mdg_utf8_next(b.ptr + i, b.len - i, &c);
		ret[n++] = c >= '0' && c <= '9' ? '0' : c;
	}
	ret[n++] = '$';
	return n;
}

/* The hashes of all runs, each once. */
static size_t
list_runs(const char *text, struct mdg_arena *a, uint32_t **ret)
{
	uint32_t *c = mdg_arena_array(a, CHARS_MAX + 2, sizeof(*c));
	size_t chars = spell(text, c), n = 0, kept = 0;
	uint32_t *v = mdg_arena_array(a, chars * RUN_MAX, sizeof(*v));

	for (size_t i = 0; i < chars; i++) {
		uint32_t h = 0x811C9DC5u;
		for (size_t k = 0; k < RUN_MAX && i + k < chars; k++) {
			h = (h ^ c[i + k]) * 0x01000193u;
			h ^= h >> 15;
			v[n++] = h ? h : 1;
		}
	}
	qsort(v, n, sizeof(*v), by_number);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || v[i] != v[i - 1])
			v[kept++] = v[i];
	*ret = v;
	return kept;
}

/* -- the table ------------------------------------------------------------ */

static struct mdg_gram *
find(const struct mdg_grams *g, uint32_t hash)
{
	uint32_t i = hash & (g->cap - 1);

	while (g->v[i].hash && g->v[i].hash != hash)
		i = (i + 1) & (g->cap - 1);
	return &g->v[i];
}

static void
grow(struct mdg_grams *g)
{
	struct mdg_grams old = *g;

	g->cap = old.cap ? old.cap * 2 : TABLE_MIN;
	g->v = mdg_calloc(g->cap, sizeof(*g->v));
	for (uint32_t i = 0; i < old.cap; i++)
		if (old.v[i].hash)
			*find(g, old.v[i].hash) = old.v[i];
	free(old.v);
}

static struct gram_class *
need_class(struct mdg_grams *g, uint32_t class)
{
	if (class >= g->classes_cap) {
		uint32_t cap = (class + 1) * 2;
		g->classes = mdg_realloc(g->classes, cap * sizeof(*g->classes));
		memset(g->classes + g->classes_cap, 0,
		       (cap - g->classes_cap) * sizeof(*g->classes));
		g->classes_cap = cap;
	}
	if (class >= g->classes_n)
		g->classes_n = class + 1;
	return &g->classes[class];
}

/* Room for one more. */
static struct gram_count *
make_room(struct mdg_gram *x)
{
	if (x->n == 0 || x->n < x->cap)
		return counts_of(x);
	struct gram_count one = x->one;
	bool first = x->cap == 0;
	x->cap = first ? 2 : x->cap + x->cap / 2;
	x->v = mdg_realloc(first ? NULL : x->v, x->cap * sizeof(*x->v));
	if (first)
		x->v[0] = one;
	return x->v;
}

/* NULL: the class is full, and this is news about it. */
static struct gram_count *
need_count(struct mdg_gram *x, struct gram_class *c, uint32_t class,
	   uint32_t runs_max)
{
	struct gram_count *v = counts_of(x);
	uint32_t i = x->n;

	while (i > 0 && v[i - 1].class > class)
		i--;
	if (i > 0 && v[i - 1].class == class)
		return &v[i - 1];
	if (c->runs >= runs_max)
		return NULL;
	v = make_room(x);
	memmove(v + i + 1, v + i, (x->n - i) * sizeof(*v));
	v[i] = (struct gram_count){.class = class};
	x->n++;
	c->runs++;
	return &v[i];
}

void
mdg_grams_learn(struct mdg_grams *g, uint32_t class, const char *text,
		double weight, uint32_t runs_max)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct gram_class *c = need_class(g, class);
	uint32_t *runs;
	size_t n = list_runs(text, &a, &runs);
	double each = weight / sqrt((double)n);

	for (size_t i = 0; i < n; i++) {
		if (g->n >= g->cap / 4 * 3)
			grow(g);
		struct mdg_gram *x = find(g, runs[i]);
		if (!x->hash && c->runs >= runs_max)
			continue;
		if (!x->hash) {
			x->hash = runs[i];
			g->n++;
		}
		struct gram_count *count = need_count(x, c, class, runs_max);
		if (!count)
			continue;
		count->n += (float)each;
		x->all += (float)each;
		c->sum += each;
		g->sum += each;
	}
}

/* -- the score ------------------------------------------------------------ */

/*
 * The sum over the runs of log P(run | class) - log P(run | all others): first
 * as if the class did not know the run, then put right for those that do.
 */
size_t
mdg_grams_score(const struct mdg_grams *g, const char *text,
		struct mdg_arena *a, double *ret, size_t n)
{
	uint32_t *runs;
	size_t known = 0, runs_n = g->cap ? list_runs(text, a, &runs) : 0;
	double beside = BESIDE * g->n, unknown = 0;

	memset(ret, 0, n * sizeof(*ret));
	for (size_t i = 0; i < runs_n; i++) {
		struct mdg_gram *x = find(g, runs[i]);
		if (!x->hash)
			continue;
		const struct gram_count *v = counts_of(x);
		double all = (double)x->all + BESIDE;
		known++;
		unknown += log(BESIDE / all);
		for (uint32_t k = 0; k < x->n; k++) {
			double here = (double)v[k].n;
			if (v[k].class < n)
				ret[v[k].class] += log(
					(here + BESIDE) * all /
					(BESIDE * fmax(all - here, BESIDE)));
		}
	}
	for (size_t i = 0; i < n; i++) {
		double sum = i < g->classes_n ? g->classes[i].sum : 0;
		ret[i] += unknown +
			  (double)known *
				  log((g->sum - sum + beside) / (sum + beside));
	}
	return runs_n;
}
