/* The newest inquiries under each template: reasons that people can check. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "suggest_int.h"

enum { NAME_BYTES_MAX = 120, TEXT_BYTES_MAX = 1000 };

/* Cosine below which it is no reason to be told. */
static const double NEAR_MIN = 0.15;

void
mdg_past_clear(struct suggest_past *p)
{
	free(p->name);
	free(p->text);
	free(p->terms);
	*p = (struct suggest_past){0};
}

void
mdg_past_keep(struct suggest_doc *doc, const struct mdg_bag *bag,
	      const char *ref, const struct suggest_past *as)
{
	struct suggest_past *p = &doc->recent[doc->next];
	const char *text = as->text;

	doc->next = (doc->next + 1) % MDG_SUGGEST_RECENT_MAX;
	mdg_past_clear(p);
	p->text = mdg_strndup(text,
			      mdg_utf8_cut(text, strlen(text), TEXT_BYTES_MAX));
	p->weight = as->weight;
	p->tf_each = as->tf_each;
	if (ref) {
		p->name = mdg_asprintf("past: %s", ref);
	} else {
		text += strspn(text, " \n\r\t");
		size_t n =
			mdg_utf8_cut(text, strcspn(text, "\n"), NAME_BYTES_MAX);
		p->name = mdg_asprintf("example: %.*s", (int)n, text);
	}
	p->terms = mdg_malloc(bag->n * sizeof(*p->terms));
	p->terms_n = (uint32_t)bag->n;
	for (size_t i = 0; i < bag->n; i++)
		p->terms[i] = bag->v[i].id;
}

/* How much of what the text says that nothing in the catalogue says. */
static double
squared_unknown(const struct mdg_index *ix, double unknown)
{
	return unknown * mdg_index_idf_max(ix) * mdg_index_idf_max(ix);
}

/* Both lists are sorted by term; a synonym counts by its weight. */
static double
cosine(const struct mdg_index *ix, const struct suggest_past *p,
       const struct mdg_query_term *q, size_t n, double unknown)
{
	double dot = 0, a = 0, b = squared_unknown(ix, unknown);
	size_t k = 0;

	for (uint32_t i = 0; i < p->terms_n; i++) {
		double idf = mdg_index_idf(ix, p->terms[i]);
		a += idf * idf;
		while (k < n && q[k].term < p->terms[i])
			k++;
		if (k < n && q[k].term == p->terms[i])
			dot += idf * idf * (q[k].said ? 1 : q[k].weight);
	}
	for (k = 0; k < n; k++) {
		double idf = q[k].said ? mdg_index_idf(ix, q[k].term) : 0;
		b += idf * idf;
	}
	return a > 0 && b > 0 ? dot / sqrt(a * b) : 0;
}

const struct suggest_past *
mdg_past_nearest(const struct mdg_suggest *s, const struct suggest_doc *doc,
		 const struct mdg_query_term *q, size_t n, double unknown,
		 double *ret_cosine)
{
	const struct suggest_past *best = NULL;

	*ret_cosine = 0;
	for (size_t i = 0; i < MDG_SUGGEST_RECENT_MAX; i++) {
		if (!doc->recent[i].name)
			continue;
		double c = cosine(&s->index, &doc->recent[i], q, n, unknown);
		if (c > *ret_cosine) {
			*ret_cosine = c;
			best = &doc->recent[i];
		}
	}
	return *ret_cosine > NEAR_MIN ? best : NULL;
}
