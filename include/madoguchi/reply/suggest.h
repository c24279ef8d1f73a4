/*
 * suggest: which template answers this mail?
 *
 * An index in memory over a catalogue. A template is found by its title, its
 * body, its example inquiries and by the past inquiries that were answered
 * with it (each approval adds one with mdg_suggest_learn(), no restart).
 * Features are content words (MeCab), kanji and katakana and ASCII grams;
 * purely hiragana grams say nothing and are left out. Each index scores by
 * BM25, is divided by its best score, and the indexes are summed. Without a
 * dictionary it works on the grams alone.
 *
 * An answer may be empty: when the best template shares too little with the
 * mail that means anything, it is better to say so.
 */
#ifndef MDG_REPLY_SUGGEST_H
#define MDG_REPLY_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/text/words.h"

struct mdg_suggest;

struct mdg_suggest_doc {
	const char *id;
	const char *title;
	const char *body;
	const char *const *examples;
	size_t examples_n;
};

struct mdg_suggestion {
	const char *id;
	double score;     /* 0 … 1, to rank by */
	double evidence;  /* how much that means something was shared */
	const char **why; /* shared terms, then "example: …" */
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
 * reasons (a ticket number) and may be NULL. MDG_ENOENT for an unknown id.
 */
bool mdg_suggest_learn(struct mdg_suggest *s, const char *id, const char *text,
		       const char *ref, struct mdg_err *err);

/*
 * The best templates for a customer's text (subject and newest part), best
 * first, at most top_n; none when nothing fits. *ret lives in the arena.
 */
size_t mdg_suggest_rank(struct mdg_suggest *s, const char *text, size_t top_n,
			struct mdg_arena *arena, struct mdg_suggestion **ret);

#endif
