/*
 * suggest: which template answers this mail?
 *
 * An index in memory over a catalogue. A template is found by its title, its
 * body, its example inquiries and by the past inquiries that were answered
 * with it (each approval adds one with mdg_suggest_learn(), no restart).
 * Features are kanji, katakana pairs, ASCII words and content words by their
 * reading; a table of synonyms lends other words for what was said. Three
 * scores are fused, each divided by its best: BM25, the cosine with what the
 * class's texts say on average, and naive Bayes, which counts for more the
 * more was learned. Without a dictionary it works on the grams alone. Where
 * classes know a dozen inquiries each, runs of characters tell by how a mail is
 * put what no word of it tells (suggest_grams.h).
 *
 * How far past inquiries are trusted is found by asking them, each taken out in
 * turn, at the first question after a third more was learned: where they do
 * not tell each other's answers, the catalogue's own words rank.
 *
 * What is learned is kept as counts: memory grows with the words in use, not
 * with the number of approvals, and no single text weighs more than another.
 *
 * An answer may be empty: when the best template shares too little with the
 * mail that means anything, or the mail only thanks, it is better to say so.
 * `confidence` is the chance that the first is right, calibrated on our own
 * sets (README in tests/data/suggest); from MDG_SUGGEST_STRONG on it may be
 * preselected.
 */
#ifndef MDG_REPLY_SUGGEST_H
#define MDG_REPLY_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/text/words.h"

struct mdg_suggest;

#define MDG_SUGGEST_STRONG 0.85
/* What a past inquiry weighs at most, an example in the catalogue being 1. */
#define MDG_SUGGEST_LEARNED 0.6

struct mdg_suggest_doc {
	const char *id;
	const char *title;
	const char *body;
	const char *windows; /* as a template's; NULL or "": all */
	const char *const *examples;
	size_t examples_n;
};

/* How the first of an answer stands; each in 0 … 1 but evidence. */
struct mdg_suggest_signs {
	double score;	 /* of the first */
	double margin;	 /* to the second */
	double shared;	 /* of what the mail says, by weight */
	double cosine;	 /* with the template's texts */
	double evidence; /* rare features shared: 1 for each as rare as can be */
	double near;	 /* cosine with the nearest of its past inquiries */
};

struct mdg_suggestion {
	const char *id;
	double score;	   /* 0 … 1, to rank by */
	double confidence; /* of the first; 0 for the others */
	const char **why;  /* shared terms, then "example: …" or "past: REF" */
	size_t why_n;
};

/* Words are borrowed and may be NULL. */
struct mdg_suggest *mdg_suggest_new(struct mdg_words *words);
void mdg_suggest_free(struct mdg_suggest **s);

/* MDG_EEXIST if the id is there already. Everything is copied. */
bool mdg_suggest_add(struct mdg_suggest *s, const struct mdg_suggest_doc *doc,
		     struct mdg_err *err);
/*
 * An inquiry that was answered with template `id`. `ref` names it in the
 * reasons (a ticket number) and may be NULL; weight 0 … 1: how much it
 * counts. MDG_ENOENT for an unknown id.
 */
struct mdg_suggest_past {
	const char *id;
	const char *text;
	const char *ref;
	double weight;
};
bool mdg_suggest_learn(struct mdg_suggest *s,
		       const struct mdg_suggest_past *past,
		       struct mdg_err *err);

/*
 * The best templates for a customer's text (subject and newest part), best
 * first, at most top_n; none when nothing fits. window: only those for the
 * window of this code, NULL: all. *ret lives in the arena.
 */
size_t mdg_suggest_rank(struct mdg_suggest *s, const char *text,
			const char *window, size_t top_n,
			struct mdg_arena *arena, struct mdg_suggestion **ret);

/* The same signs that confidence is made of, for calibrating it. */
size_t mdg_suggest_explain(struct mdg_suggest *s, const char *text,
			   const char *window, size_t top_n, struct mdg_arena *arena,
			   struct mdg_suggestion **ret,
			   struct mdg_suggest_signs *signs);

/* The words that say most of what a text is about, best first. */
size_t mdg_suggest_keywords(struct mdg_suggest *s, const char *text,
			    size_t max, struct mdg_arena *arena,
			    const char ***ret);

#endif
