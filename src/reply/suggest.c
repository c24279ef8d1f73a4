#include "madoguchi/reply/suggest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feature.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "suggest_index.h"

/*
 * What a template is looked up by: ALL, its title, body, examples and past
 * inquiries as one text; NEAREST, where the title and each example is a text
 * of its own and the template counts as its best one. (Title and body alone
 * as indexes of their own were measured and only blur what examples say.)
 */
enum group { ALL, NEAREST, GROUP_N };

struct doc {
	char *id;
};

struct past {
	uint32_t doc;
	char *name; /* for the reasons */
};

struct mdg_suggest {
	struct mdg_words *words;
	struct mdg_vocab terms;
	struct mdg_index index[GROUP_N][MDG_FEATURE_KIND_N];
	struct doc *docs;
	size_t docs_n, docs_cap;
	struct past *past;
	size_t past_n, past_cap;
};

/* Measured on tests/data/suggest; equal weights are nearly as good. */
static const double weights[MDG_FEATURE_KIND_N] = {
	[MDG_FEATURE_WORD] = 1,
	[MDG_FEATURE_UNIGRAM] = 1,
	[MDG_FEATURE_BIGRAM] = 0.7,
};

/* When nothing fits; calibrated on tests/data/suggest, see is_nothing(). */
static const double SHARED_MIN = 0.2, SHARED_ENOUGH = 1.05, SHARE_MIN = 0.12;

enum { WHY_TERMS = 5 };

struct mdg_suggest *
mdg_suggest_new(struct mdg_words *words)
{
	struct mdg_suggest *s = mdg_calloc(1, sizeof(*s));

	s->words = words;
	return s;
}

void
mdg_suggest_free(struct mdg_suggest **ps)
{
	struct mdg_suggest *s = *ps;

	if (!s)
		return;
	for (size_t g = 0; g < GROUP_N; g++)
		for (size_t k = 0; k < MDG_FEATURE_KIND_N; k++)
			mdg_index_clear(&s->index[g][k]);
	mdg_vocab_clear(&s->terms);
	for (size_t i = 0; i < s->docs_n; i++)
		free(s->docs[i].id);
	for (size_t i = 0; i < s->past_n; i++)
		free(s->past[i].name);
	free(s->docs);
	free(s->past);
	free(s);
	*ps = NULL;
}

static long
find_doc(const struct mdg_suggest *s, const char *id)
{
	for (size_t i = 0; i < s->docs_n; i++)
		if (strcmp(s->docs[i].id, id) == 0)
			return (long)i;
	return -1;
}

static void
put_text(struct mdg_suggest *s, enum group g, uint32_t doc, const char *text)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_features f[MDG_FEATURE_KIND_N];

	mdg_features_extract(s->words, &a, text, f);
	for (size_t k = 0; k < MDG_FEATURE_KIND_N; k++)
		mdg_index_put(&s->index[g][k], &s->terms, (int)k, doc, &f[k]);
}

static void
put_past(struct mdg_suggest *s, uint32_t doc, const char *text,
	 const char *name)
{
	if (s->past_n == s->past_cap) {
		s->past_cap = s->past_cap ? s->past_cap * 2 : 64;
		s->past = mdg_realloc(s->past, s->past_cap * sizeof(*s->past));
	}
	s->past[s->past_n] = (struct past){doc, mdg_strdup(name)};
	put_text(s, NEAREST, (uint32_t)s->past_n, text);
	s->past_n++;
}

/* What stands in {{…}} is a name for us, not what a customer says. */
static void
put_without_slots(struct mdg_buf *out, const char *body)
{
	const char *open, *close;

	while ((open = strstr(body, "{{")) && (close = strstr(open, "}}"))) {
		mdg_buf_put(out, body, (size_t)(open - body));
		mdg_buf_putc(out, ' ');
		body = close + 2;
	}
	mdg_buf_puts(out, body);
}

bool
mdg_suggest_add(struct mdg_suggest *s, const struct mdg_suggest_doc *doc,
		struct mdg_err *err)
{
	if (find_doc(s, doc->id) >= 0)
		return mdg_fail(err, MDG_EEXIST, "template id given twice");
	if (s->docs_n == s->docs_cap) {
		s->docs_cap = s->docs_cap ? s->docs_cap * 2 : 64;
		s->docs = mdg_realloc(s->docs, s->docs_cap * sizeof(*s->docs));
	}
	uint32_t n = (uint32_t)s->docs_n++;
	s->docs[n] = (struct doc){.id = mdg_strdup(doc->id)};

	MDG_AUTO(mdg_buf_clear) struct mdg_buf all = {0};
	mdg_buf_printf(&all, "%s\n", doc->title);
	put_without_slots(&all, doc->body);
	put_text(s, ALL, n, mdg_buf_str(&all));
	put_past(s, n, doc->title, "");
	for (size_t i = 0; i < doc->examples_n; i++)
		if (!mdg_suggest_learn(s, doc->id, doc->examples[i], NULL, err))
			return false;
	return true;
}

bool
mdg_suggest_learn(struct mdg_suggest *s, const char *id, const char *text,
		  const char *ref, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	long doc = find_doc(s, id);

	if (doc < 0)
		return mdg_fail(err, MDG_ENOENT, "no template %s", id);
	text = mdg_query_text(&a, text);
	put_text(s, ALL, (uint32_t)doc, text);
	put_past(s, (uint32_t)doc, text, ref ? ref : text);
	return true;
}

/* -- ranking ----------------------------------------------------------- */

struct ranking {
	struct mdg_suggest *s;
	struct mdg_arena *arena;
	struct mdg_query_term *q[MDG_FEATURE_KIND_N];
	size_t q_n[MDG_FEATURE_KIND_N];
	double unknown_words; /* content words that no template has */
	double *score;        /* by template */
	double *part;         /* one index */
	double *near;         /* by past inquiry */
	uint32_t *best; /* past inquiry nearest to the text, by template */
	double *best_score;
};

static void
add_group(struct ranking *r, enum group g, size_t k)
{
	struct mdg_suggest *s = r->s;
	const struct mdg_index *ix = &s->index[g][k];
	double max = 0;

	memset(r->part, 0, s->docs_n * sizeof(*r->part));
	if (g == NEAREST) {
		memset(r->near, 0, s->past_n * sizeof(*r->near));
		mdg_index_score(ix, r->q[k], r->q_n[k], r->near);
		for (size_t i = 0; i < s->past_n; i++) {
			uint32_t d = s->past[i].doc;
			if (r->near[i] > r->part[d])
				r->part[d] = r->near[i];
			if (k == MDG_FEATURE_UNIGRAM &&
			    r->near[i] > r->best_score[d]) {
				r->best_score[d] = r->near[i];
				r->best[d] = (uint32_t)i;
			}
		}
	} else {
		mdg_index_score(ix, r->q[k], r->q_n[k], r->part);
	}
	for (size_t i = 0; i < s->docs_n; i++)
		if (r->part[i] > max)
			max = r->part[i];
	if (max <= 0)
		return;
	for (size_t i = 0; i < s->docs_n; i++)
		r->score[i] += weights[k] * r->part[i] / max;
}

/*
 * How much of meaning the text and the template share. Each content word
 * counts by its rarity, from 0 (in every template) to 1 (in one only, or in
 * none): `shared` is the sum over the shared ones, `share` the part of what
 * the text says in all.
 */
struct evidence {
	double shared, share;
};

static struct evidence
weigh(const struct ranking *r, uint32_t doc)
{
	const struct mdg_index *ix = &r->s->index[ALL][MDG_FEATURE_WORD];
	double shared = 0, all = r->unknown_words;
	double top = mdg_index_idf_max(ix);

	for (size_t i = 0; i < r->q_n[MDG_FEATURE_WORD]; i++) {
		const struct mdg_query_term *t = &r->q[MDG_FEATURE_WORD][i];
		double idf = mdg_index_idf(ix, t->term) / top;
		all += idf;
		if (mdg_index_has(ix, t->term, doc))
			shared += idf;
	}
	return (struct evidence){shared, all > 0 ? shared / all : 0};
}

/* Too little in common to call it an answer. */
static bool
is_nothing(struct evidence e)
{
	return e.shared < SHARED_MIN ||
	       (e.shared < SHARED_ENOUGH && e.share < SHARE_MIN);
}

static void
add_reasons(const struct ranking *r, uint32_t doc, struct mdg_suggestion *out)
{
	const struct mdg_suggest *s = r->s;
	const struct mdg_index *ix = &s->index[ALL][MDG_FEATURE_WORD];
	const struct mdg_query_term *q = r->q[MDG_FEATURE_WORD];
	double last = INFINITY;

	out->why = mdg_arena_array(r->arena, WHY_TERMS + 1, sizeof(char *));
	/* the rarest shared terms; equals in the order of the text */
	while (out->why_n < WHY_TERMS) {
		double best = 0;
		for (size_t i = 0; i < r->q_n[MDG_FEATURE_WORD]; i++) {
			double idf = mdg_index_idf(ix, q[i].term);
			if (idf < last && idf > best &&
			    mdg_index_has(ix, q[i].term, doc))
				best = idf;
		}
		if (best <= 0)
			break;
		for (size_t i = 0;
		     i < r->q_n[MDG_FEATURE_WORD] && out->why_n < WHY_TERMS;
		     i++)
			if (mdg_index_idf(ix, q[i].term) == best &&
			    mdg_index_has(ix, q[i].term, doc))
				out->why[out->why_n++] = mdg_arena_strdup(
					r->arena,
					mdg_vocab_text(&s->terms, q[i].term));
		last = best;
	}
	if (r->best_score[doc] > 0 && *s->past[r->best[doc]].name) {
		const char *name = s->past[r->best[doc]].name;
		size_t n = strcspn(name, "\n");
		n = mdg_utf8_cut(name, n, 120);
		out->why[out->why_n++] = mdg_arena_printf(
			r->arena, "example: %.*s", (int)n, name);
	}
}

static size_t
pick(struct ranking *r, size_t top_n, struct mdg_suggestion **ret)
{
	struct mdg_suggest *s = r->s;
	double total = 0;
	size_t n = 0;

	for (size_t g = 0; g < GROUP_N; g++)
		for (size_t k = 0; k < MDG_FEATURE_KIND_N; k++)
			total += weights[k];
	if (top_n > s->docs_n)
		top_n = s->docs_n;
	*ret = mdg_arena_array(r->arena, top_n, sizeof(**ret));
	while (n < top_n) {
		size_t best = s->docs_n;
		for (size_t i = 0; i < s->docs_n; i++)
			if (r->score[i] > 0 &&
			    (best == s->docs_n || r->score[i] > r->score[best]))
				best = i;
		if (best == s->docs_n)
			break;
		struct mdg_suggestion *out = &(*ret)[n];
		out->id = mdg_arena_strdup(r->arena, s->docs[best].id);
		out->score = r->score[best] / total;
		struct evidence e = weigh(r, (uint32_t)best);
		out->evidence = e.shared;
		if (n == 0 && is_nothing(e))
			return 0;
		add_reasons(r, (uint32_t)best, out);
		r->score[best] = 0;
		n++;
	}
	return n;
}

size_t
mdg_suggest_rank(struct mdg_suggest *s, const char *text, size_t top_n,
		 struct mdg_arena *arena, struct mdg_suggestion **ret)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena tmp = {0};
	struct mdg_features f[MDG_FEATURE_KIND_N];
	struct ranking r = {.s = s, .arena = arena};

	*ret = NULL;
	if (s->docs_n == 0)
		return 0;
	mdg_features_extract(s->words, &tmp, mdg_query_text(&tmp, text), f);
	for (size_t k = 0; k < MDG_FEATURE_KIND_N; k++)
		r.q[k] = mdg_vocab_query(&s->terms, &tmp, (int)k, &f[k],
					 &r.q_n[k]);
	r.unknown_words = (double)f[MDG_FEATURE_WORD].n;
	for (size_t i = 0; i < r.q_n[MDG_FEATURE_WORD]; i++)
		r.unknown_words -= r.q[MDG_FEATURE_WORD][i].count;
	r.score = mdg_arena_array(&tmp, s->docs_n, sizeof(double));
	r.part = mdg_arena_array(&tmp, s->docs_n, sizeof(double));
	r.best = mdg_arena_array(&tmp, s->docs_n, sizeof(uint32_t));
	r.best_score = mdg_arena_array(&tmp, s->docs_n, sizeof(double));
	r.near = mdg_arena_array(&tmp, s->past_n, sizeof(double));
	for (size_t g = 0; g < GROUP_N; g++)
		for (size_t k = 0; k < MDG_FEATURE_KIND_N; k++)
			add_group(&r, (enum group)g, k);
	return pick(&r, top_n, ret);
}
