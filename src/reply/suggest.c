#include "madoguchi/reply/suggest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feature.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "suggest_int.h"

/* A text counts as one of so many words at most, however long it is. */
static const double EXAMPLE_WORDS = 10;
/* Title and body, each against one inquiry answered with the template. */
static const double TITLE_TEXTS = 0.5, BODY_TEXTS = 0.2;

extern const char *const mdg_other_mail[];

struct mdg_suggest *
mdg_suggest_new(struct mdg_words *words)
{
	struct mdg_suggest *s = mdg_calloc(1, sizeof(*s));

	s->words = words;
	s->synonyms = mdg_synonyms_new(words);
	for (size_t i = 0; mdg_other_mail[i]; i++)
		mdg_grams_learn(&s->grams, GRAMS_OTHER, mdg_other_mail[i], 1,
				UINT32_MAX);
	return s;
}

void
mdg_suggest_free(struct mdg_suggest **ps)
{
	struct mdg_suggest *s = *ps;

	if (!s)
		return;
	mdg_index_clear(&s->index);
	mdg_grams_clear(&s->grams);
	mdg_vocab_clear(&s->terms);
	mdg_synonyms_free(&s->synonyms);
	for (size_t i = 0; i < s->docs_n; i++) {
		for (size_t k = 0; k < MDG_SUGGEST_RECENT_MAX; k++)
			mdg_past_clear(&s->docs[i].recent[k]);
		free(s->docs[i].id);
		free(s->docs[i].windows);
	}
	free(s->docs);
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
read_text(struct mdg_suggest *s, struct mdg_arena *a, const char *text,
	  struct mdg_features *out)
{
	struct mdg_cut cut;

	mdg_cut_text(s->words, a, text, &cut);
	mdg_features_add(a, &cut, out);
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

static void
put_own(struct mdg_suggest *s, struct mdg_arena *a, uint32_t doc,
	enum mdg_index_field field, const char *text, double texts)
{
	struct mdg_features f = {0};

	read_text(s, a, text, &f);
	struct mdg_bag bag = mdg_bag_make(&s->terms, a, &f);
	if (bag.n)
		mdg_index_put(&s->index, doc, field, &bag, 1, texts, 1);
}

bool
mdg_suggest_add(struct mdg_suggest *s, const struct mdg_suggest_doc *doc,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	struct mdg_suggest_past past = {.id = doc->id, .weight = 1};

	if (find_doc(s, doc->id) >= 0)
		return mdg_fail(err, MDG_EEXIST, "template id given twice");
	if (s->docs_n == s->docs_cap) {
		s->docs_cap = s->docs_cap ? s->docs_cap * 2 : 64;
		s->docs = mdg_realloc(s->docs, s->docs_cap * sizeof(*s->docs));
	}
	s->docs[s->docs_n++] = (struct suggest_doc){
		.id = mdg_strdup(doc->id),
		.windows = mdg_strdup(doc->windows ? doc->windows : "")};
	uint32_t n = mdg_index_add_class(&s->index);

	put_own(s, &a, n, MDG_TITLE, doc->title, TITLE_TEXTS);
	put_without_slots(&body, doc->body);
	put_own(s, &a, n, MDG_BODY, mdg_buf_str(&body), BODY_TEXTS);
	for (size_t i = 0; i < doc->examples_n; i++) {
		past.text = doc->examples[i];
		if (!mdg_suggest_learn(s, &past, err))
			return false;
	}
	return true;
}

bool
mdg_suggest_learn(struct mdg_suggest *s, const struct mdg_suggest_past *past,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_features f = {0};
	long doc = find_doc(s, past->id);

	if (doc < 0)
		return mdg_fail(err, MDG_ENOENT, "no template %s", past->id);
	char *text = mdg_query_text(&a, past->text);
	double weight = past->weight > 1 ? 1 : past->weight;
	read_text(s, &a, text, &f);
	if (f.n > MDG_SUGGEST_PAST_TERMS_MAX)
		f.n = MDG_SUGGEST_PAST_TERMS_MAX;
	struct mdg_bag bag = mdg_bag_make(&s->terms, &a, &f);
	if (bag.n == 0 || !(weight > 0))
		return true;
	double each = 1;
	for (size_t i = 0; i < bag.n; i++)
		bag.v[i].count = 1; /* a word said twice is said once */
	if ((double)bag.n > EXAMPLE_WORDS)
		each = EXAMPLE_WORDS / (double)bag.n;
	const struct suggest_past as = {
		.text = text, .weight = weight, .tf_each = weight * each};
	mdg_index_put(&s->index, (uint32_t)doc, MDG_PAST, &bag, as.tf_each,
		      weight, weight);
	mdg_grams_learn(&s->grams, GRAMS_FIRST + (uint32_t)doc, text, weight,
			MDG_SUGGEST_CLASS_RUNS_MAX);
	mdg_past_keep(&s->docs[doc], &bag, past->ref, &as);
	s->learned += weight;
	return true;
}
