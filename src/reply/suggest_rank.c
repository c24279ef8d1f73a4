/* Ranking: what fits, how surely, and why. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"
#include "suggest_int.h"

/*
 * Measured; see tests/data/suggest/README. What past inquiries say is trusted
 * as far as it told the right answer of those that are known (suggest_trust.c):
 * where it did, their words weigh almost as much as the body's, and more of the
 * cosine counts; where it did not, naive Bayes, which has the inquiries of a
 * class share what they have to say, is nearly all that is heard of them. The
 * learned parts grow up to one inquiry for each template.
 */
static const double W_BM25 = 1, W_COSINE = 0.3, W_BAYES = 0.8, W_PAST = 0.1;
static const double W_COSINE_TRUSTED = 0.5, W_BAYES_TRUSTED = -0.3,
		    W_PAST_TRUSTED = 0.7;
/* All of the above being 1. */
static const double W_GRAMS = 1;

enum { WHY_TERMS = 5, QUERY_TERMS_MAX = 1500 };

/* -- the question --------------------------------------------------------- */

static int
by_term(const void *a, const void *b)
{
	const struct mdg_query_term *x = a, *y = b;

	if (x->term != y->term)
		return x->term < y->term ? -1 : 1;
	if (x->said != y->said)
		return x->said ? -1 : 1;
	return x->weight > y->weight ? -1 : x->weight < y->weight;
}

/* Each term once: said as often as it is said, else the best synonym. */
static void
count_terms(struct suggest_ranking *r)
{
	size_t n = 0;

	qsort(r->q, r->q_n, sizeof(*r->q), by_term);
	for (size_t i = 0, j; i < r->q_n; i = j) {
		size_t said = 0;
		for (j = i; j < r->q_n && r->q[j].term == r->q[i].term; j++)
			said += r->q[j].said;
		r->q[n] = r->q[i];
		if (said)
			r->q[n].weight = 1 + log((double)said);
		n++;
	}
	r->q_n = n;
}

void
mdg_rank_read(struct suggest_ranking *r, const char *text)
{
	struct mdg_suggest *s = r->s;
	struct mdg_features f = {0};
	struct mdg_cut cut;
	struct mdg_synonym *syn;

	mdg_cut_text(s->words, r->arena, mdg_query_text(r->arena, text), &cut);
	mdg_features_add(r->arena, &cut, &f);
	if (f.n > QUERY_TERMS_MAX)
		f.n = QUERY_TERMS_MAX;
	size_t syn_n = mdg_synonyms_of(s->synonyms, r->arena, &cut, &syn);
	r->q = mdg_arena_array(r->arena, f.n + syn_n + 1, sizeof(*r->q));
	for (size_t i = 0; i < f.n; i++) {
		uint32_t t = mdg_vocab_find(&s->terms, f.v[i].key);
		if (t == MDG_NO_TERM)
			r->unknown++;
		else
			r->q[r->q_n++] =
				(struct mdg_query_term){t, true, 1, NULL};
	}
	for (size_t i = 0; i < syn_n; i++) {
		uint32_t t = mdg_vocab_find(&s->terms, syn[i].key);
		if (t != MDG_NO_TERM)
			r->q[r->q_n++] = (struct mdg_query_term){
				t, false, syn[i].weight, syn[i].show};
	}
	count_terms(r);
	for (size_t i = 0; i < r->q_n; i++) {
		double w =
			r->q[i].weight * mdg_index_idf(&s->index, r->q[i].term);
		r->length += r->q[i].said ? w * w : 0;
	}
	r->length = sqrt(r->length);
	r->text = text;
}

/* -- scores ---------------------------------------------------------------- */

/* Adds weight * (v - low) / (high - low) where there is something in common. */
static void
add_part(struct suggest_ranking *r, const double *v, double weight,
	 bool from_lowest)
{
	double high = -INFINITY, low = INFINITY;

	for (size_t i = 0; i < r->s->docs_n; i++) {
		if (r->by.bm25[i] <= 0)
			continue;
		high = v[i] > high ? v[i] : high;
		low = v[i] < low ? v[i] : low;
	}
	if (!from_lowest)
		low = 0;
	for (size_t i = 0; i < r->s->docs_n; i++)
		if (r->by.bm25[i] > 0)
			r->score[i] +=
				weight *
				(high > low ? (v[i] - low) / (high - low) : 1);
}

void
mdg_rank_score(struct suggest_ranking *r, double trust)
{
	size_t n = r->s->docs_n;
	double per_class = r->s->learned / (double)n;
	double known = per_class < 1 ? per_class : 1;
	double bayes = (W_BAYES + trust * W_BAYES_TRUSTED) * known;
	double cosine = W_COSINE + trust * W_COSINE_TRUSTED * known;
	double past = W_PAST + trust * W_PAST_TRUSTED;
	double total = W_BM25 + cosine + bayes;

	r->by.bm25 = mdg_arena_array(r->arena, n, sizeof(double));
	r->by.cosine = mdg_arena_array(r->arena, n, sizeof(double));
	r->by.bayes = mdg_arena_array(r->arena, n, sizeof(double));
	r->score = mdg_arena_array(r->arena, n, sizeof(double));
	mdg_index_score(&r->s->index, r->q, r->q_n, past, r->arena, &r->by);
	add_part(r, r->by.bm25, W_BM25 / total, false);
	add_part(r, r->by.cosine, cosine / total, false);
	add_part(r, r->by.bayes, bayes / total, true);
}

/*
 * How inquiries are put tells nothing where a class knows FEW of them, and
 * counts in full where it knows ENOUGH. Not in trials: the text tried is not
 * taken out of the runs.
 */
static void
add_grams(struct suggest_ranking *r)
{
	static const double FEW = 4, ENOUGH = 12;
	size_t n = r->s->docs_n;
	double known = (r->s->learned / (double)n - FEW) / (ENOUGH - FEW);
	double weight = W_GRAMS * fmin(fmax(known, 0), 1);
	double high = -INFINITY, low = INFINITY;

	r->by_grams = mdg_arena_array(r->arena, GRAMS_FIRST + n,
				      sizeof(*r->by_grams));
	const double *v = r->by_grams + GRAMS_FIRST;
	r->runs =
		mdg_grams_score(&r->s->grams, mdg_query_text(r->arena, r->text),
				r->arena, r->by_grams, GRAMS_FIRST + n);
	for (size_t i = 0; i < n; i++) {
		high = fmax(high, v[i]);
		low = fmin(low, v[i]);
	}
	for (size_t i = 0; i < n && high > low; i++)
		r->score[i] =
			(r->score[i] + weight * (v[i] - low) / (high - low)) /
			(1 + weight);
}

/*
 * How much of meaning the text and the template share. Each feature counts by
 * its rarity, from 0 (in every template) to 1 (in one only, or in none):
 * `shared` is the sum over the shared ones, `share` the part of what the text
 * says in all. A synonym counts by its weight.
 */
struct evidence {
	double shared, share;
	double familiar; /* 1 for each word said that all templates know */
	double ours;     /* rather than mail that is not for the desk, a run */
	double other;    /* log odds that it is none of a desk's mail */
	bool by_word;    /* by more than single characters */
};

static struct evidence
weigh(const struct suggest_ranking *r, uint32_t doc)
{
	const struct mdg_index *ix = &r->s->index;
	double shared = 0, all = r->unknown, familiar = 0;
	bool by_word = false;
	double top = mdg_index_idf_max(ix);

	for (size_t i = 0; i < r->q_n; i++) {
		const struct mdg_query_term *t = &r->q[i];
		double idf = mdg_index_idf(ix, t->term) / top;
		if (t->said)
			all += idf;
		if (t->said && *mdg_vocab_show(&r->s->terms, t->term))
			familiar += 1 - idf;
		if (!mdg_index_has(ix, t->term, doc))
			continue;
		shared += t->said ? idf : idf * t->weight;
		by_word |= t->show || *mdg_vocab_show(&r->s->terms, t->term);
	}
	double share = all > 0 ? shared / all : 0;
	double ours = r->by_grams[GRAMS_FIRST + doc] - r->by_grams[GRAMS_OTHER];
	return (struct evidence){
		.shared = shared,
		.share = share > 1 ? 1 : share,
		.familiar = familiar,
		.ours = r->runs ? ours / (double)r->runs : 0,
		.other = mdg_looks_other(mdg_query_text(r->arena, r->text)),
		.by_word = by_word,
	};
}

/* How many inquiries of a template are known whole. */
static size_t
inquiries_of(const struct suggest_doc *doc)
{
	size_t n = 0;

	for (size_t i = 0; i < MDG_LEN(doc->recent); i++)
		n += doc->recent[i].name != NULL;
	return n;
}

/*
 * Too little in common to call it an answer: logistic regression of what fits
 * against mail about something else, cut where (almost) no right answer goes.
 * Where it is known in which words a template is asked for, they count, and the
 * more of them are known, the more: the nearest of its inquiries, and whether
 * anything is shared but single characters (面白い, 画面) – between a title and
 * a question these are often all there is (蜂の巣, スズメバチの巣). Words that
 * many templates know (届く, 注文) tell that the mail is the desk's at all, and
 * so does how it is put (other_mail.txt). That it looks like any desk's counts
 * up to a point only: it may be another desk's.
 */
static bool
is_nothing(const struct mdg_suggest_signs *g, const struct evidence *e,
	   size_t inquiries)
{
	static const struct {
		size_t inquiries; /* this many, or more */
		double shared, cosine, near, by_word, familiar, ours, other,
			least;
	} levels[] = {
		{12, 4.2, 3.7, 1.2, 0, 2.5, 2.2, 0.75, 2.9},
		{5, 3.9, 2.7, 3.3, 1.6, 0, 0, 0.8, 3.0},
		{0, 6.2, 4.9, 0, 0, 0, 0, 0.3, 1.0},
	};
	static const double OTHER_MIN = -2;
	size_t i = 0;

	while (inquiries < levels[i].inquiries)
		i++;
	double z = levels[i].shared * g->shared + levels[i].cosine * g->cosine +
		   levels[i].near * g->near +
		   levels[i].familiar * log1p(e->familiar) +
		   levels[i].ours * e->ours -
		   levels[i].other * fmax(e->other, OTHER_MIN) +
		   (e->by_word ? levels[i].by_word : 0);
	return z < levels[i].least;
}

/* -- reasons ----------------------------------------------------------------
 */

static bool
is_worth_showing(const struct suggest_ranking *r,
		 const struct mdg_query_term *t, uint32_t doc)
{
	return (t->show || *mdg_vocab_show(&r->s->terms, t->term)) &&
	       mdg_index_has(&r->s->index, t->term, doc);
}

/* The terms that gave most, then the nearest past inquiry. */
static void
add_reasons(const struct suggest_ranking *r, uint32_t doc,
	    const struct suggest_past *near, struct mdg_suggestion *out)
{
	const struct mdg_suggest *s = r->s;
	bool *used = mdg_arena_array(r->arena, r->q_n + 1, sizeof(*used));

	out->why = mdg_arena_array(r->arena, WHY_TERMS + 1, sizeof(char *));
	while (out->why_n < WHY_TERMS) {
		double best = 0;
		size_t at = r->q_n;
		for (size_t i = 0; i < r->q_n; i++) {
			double w = r->q[i].weight *
				   mdg_index_idf(&s->index, r->q[i].term);
			if (!used[i] && w > best &&
			    is_worth_showing(r, &r->q[i], doc)) {
				best = w;
				at = i;
			}
		}
		if (at == r->q_n)
			break;
		used[at] = true;
		const char *show = r->q[at].show;
		if (!show)
			show = mdg_vocab_show(&s->terms, r->q[at].term);
		bool known = false;
		for (size_t i = 0; i < out->why_n; i++)
			known = known || strcmp(out->why[i], show) == 0;
		if (!known)
			out->why[out->why_n++] =
				mdg_arena_strdup(r->arena, show);
	}
	if (near)
		out->why[out->why_n++] = mdg_arena_strdup(r->arena, near->name);
}

static uint32_t
best_doc(const struct suggest_ranking *r)
{
	size_t best = 0;

	for (size_t i = 1; i < r->s->docs_n; i++)
		if (r->score[i] > r->score[best])
			best = i;
	return (uint32_t)best;
}

/* Is the first the right one? Logistic regression on whether it was. */
static double
confidence(const struct mdg_suggest_signs *g)
{
	double z = -5.2 + 4.05 * g->margin + 1.67 * g->shared +
		   1.93 * g->cosine + 1.78 * log1p(g->evidence);

	return 1 / (1 + exp(-z));
}

static size_t
pick(struct suggest_ranking *r, size_t top_n, struct mdg_suggestion **ret,
     struct mdg_suggest_signs *signs)
{
	struct mdg_suggest *s = r->s;
	size_t n = 0;

	if (top_n > s->docs_n)
		top_n = s->docs_n;
	*ret = mdg_arena_array(r->arena, top_n, sizeof(**ret));
	for (; n < top_n; n++) {
		uint32_t best = best_doc(r);
		struct mdg_suggestion *out = &(*ret)[n];
		if (r->score[best] <= 0)
			break;
		double nearness;
		const struct suggest_past *near = mdg_past_nearest(
			s, &s->docs[best], r->q, r->q_n, r->unknown, &nearness);
		out->id = mdg_arena_strdup(r->arena, s->docs[best].id);
		out->score = r->score[best];
		add_reasons(r, best, near, out);
		r->score[best] = 0;
		if (n > 0)
			continue;
		struct evidence e = weigh(r, best);
		*signs = (struct mdg_suggest_signs){
			.score = out->score,
			.margin = 1 - r->score[best_doc(r)] / out->score,
			.shared = e.share,
			.cosine = r->length > 0 ? r->by.cosine[best] / r->length
						: 0,
			.evidence = e.shared,
			.near = nearness,
		};
		out->confidence = confidence(signs);
		if (is_nothing(signs, &e, inquiries_of(&s->docs[best])))
			return 0;
	}
	return n;
}

/* A mail without words: photographs alone. */
static bool
is_blank(const char *text)
{
	static const char wide[] = "\u3000";

	for (;;) {
		text += strspn(text, " \t\r\n");
		if (!mdg_str_starts(text, wide))
			return !*text;
		text += sizeof(wide) - 1;
	}
}

size_t
mdg_suggest_explain(struct mdg_suggest *s, const char *text, const char *window,
		    size_t top_n, struct mdg_arena *arena,
		    struct mdg_suggestion **ret,
		    struct mdg_suggest_signs *signs)
{
	struct suggest_ranking r = {.s = s, .arena = arena};

	*ret = NULL;
	*signs = (struct mdg_suggest_signs){0};
	if (s->docs_n == 0 || top_n == 0 || is_blank(text) ||
	    mdg_says_only_thanks(text))
		return 0;
	mdg_trust_find(s);
	mdg_rank_read(&r, text);
	mdg_rank_score(&r, s->trust);
	add_grams(&r);
	for (size_t i = 0; window && i < s->docs_n; i++)
		if (!mdg_template_is_for(s->docs[i].windows, window))
			r.score[i] = 0;
	return pick(&r, top_n, ret, signs);
}

size_t
mdg_suggest_rank(struct mdg_suggest *s, const char *text, const char *window,
		 size_t top_n, struct mdg_arena *arena,
		 struct mdg_suggestion **ret)
{
	struct mdg_suggest_signs signs;

	return mdg_suggest_explain(s, text, window, top_n, arena, ret, &signs);
}

/* -- keywords ----------------------------------------------------------------
 */

struct keyword {
	const char *show;
	double weight;
	size_t at;
};

static int
by_weight(const void *a, const void *b)
{
	const struct keyword *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

size_t
mdg_suggest_keywords(struct mdg_suggest *s, const char *text, size_t max,
		     struct mdg_arena *arena, const char ***ret)
{
	struct mdg_features f = {0};
	struct mdg_cut cut;
	size_t n = 0, out = 0;
	double top = mdg_index_idf_max(&s->index);

	mdg_cut_text(s->words, arena, mdg_query_text(arena, text), &cut);
	mdg_features_add(arena, &cut, &f);
	struct keyword *v = mdg_arena_array(arena, f.n + 1, sizeof(*v));
	for (size_t i = 0; i < f.n && i < QUERY_TERMS_MAX; i++) {
		const char *show = f.v[i].show;
		if (!show || mdg_utf8_len(show, strlen(show)) < 2)
			continue;
		uint32_t t = mdg_vocab_find(&s->terms, f.v[i].key);
		double w = t == MDG_NO_TERM ? top : mdg_index_idf(&s->index, t);
		size_t k = 0;
		while (k < n && strcmp(v[k].show, show) != 0)
			k++;
		if (k == n)
			v[n++] = (struct keyword){show, 0, i};
		v[k].weight += w;
	}
	qsort(v, n, sizeof(*v), by_weight);
	*ret = mdg_arena_array(arena, max, sizeof(**ret));
	for (; out < n && out < max; out++)
		(*ret)[out] = v[out].show;
	return out;
}
