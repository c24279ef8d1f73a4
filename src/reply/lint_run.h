/* Inside the lint: what the engines and the checks share. */
#ifndef MDG_REPLY_LINT_RUN_H
#define MDG_REPLY_LINT_RUN_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lint_need.h"
#include "lint_text.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/reply/lint.h"

struct lint_run;

/* A check written in C; arg is what follows ':' in the pattern. */
typedef void lint_check_fn(struct lint_run *run, long arg);
struct lint_check {
	const char *name;
	lint_check_fn *fn;
};
/* The check named in the pattern of a rule; NULL if there is none. */
lint_check_fn *lint_struct_find(const char *name);
lint_check_fn *lint_letter_find(const char *name);
lint_check_fn *lint_tone_find(const char *name);
lint_check_fn *lint_typo_find(const char *name);
/* lint_kanji.c */
lint_check_fn lint_miswritten;
lint_check_fn *lint_guard_find(const char *name);
lint_check_fn *lint_attach_find(const char *name);
lint_check_fn *lint_date_find(const char *name);
/* A pattern that matches wherever the check finds something, as far as one is
 * known: it stays empty else. */
void lint_struct_words(const char *name, struct mdg_buf *pattern);

struct rule {
	struct mdg_lint_rule pub;
	pcre2_code *code;
	pcre2_code *except;
	struct lint_need need;
	lint_check_fn *check;
	long arg;
};

struct mdg_lint {
	char **lines; /* the rule file, cut at tabs; rules point into it */
	size_t lines_n;
	struct rule *rules;
	struct mdg_lint_rule *pubs;
	size_t rules_n;
	struct mdg_words *words;
	struct lint_tone_index *tone;
	struct lint_pairs *pairs; /* of the draft at work: text, words */
	pcre2_match_data *match, *match2;
	pcre2_match_context *context;
};

struct morph_text {
	const char *s;
	size_t len;
	const uint32_t *word_at; /* by byte of s: number of the word */
	const struct mdg_word *words;
	size_t words_n;
};

struct lint_run {
	struct mdg_lint *lint;
	const struct mdg_lint_input *in;
	struct mdg_arena *arena;
	struct draft draft;
	struct morph_text *morph; /* of each sentence of the draft */
	const struct rule *rule;  /* the one at work … */
	uint64_t may;             /* … and lint_may_find() */
	int64_t today;            /* days since 1970 in Japan */
	struct mdg_finding *v;
	size_t n, cap;
};

/* May the rule at work find something in this sentence of the draft? */
bool lint_may_find(const struct lint_run *run, size_t sentence);

/* Report the rule at work; offsets in characters of the draft. */
/* As a team wrote it; NULL: broken, at that byte. */
pcre2_code *lint_pattern(const char *pattern, int *why, size_t *at);
void lint_emit(struct lint_run *run, size_t start, size_t end);
void lint_emit_with(struct lint_run *run, size_t start, size_t end,
		    const char *suggestion);

/* -- lint_team.c: the rules of the team, after all others ---------------- */
void lint_apply_team(struct lint_run *run);

/* -- lint_fix.c: what the findings can be mended with -------------------- */
void lint_find_fixes(struct lint_run *run);

/* -- lint_sasete.c: させていただく said again and again in a sentence --------- */
bool lint_fix_sasete(struct lint_run *run, struct mdg_finding *f);

/* The sentence that a place is in; NULL: none. */
const struct sentence *lint_sentence_at(const struct draft *d, size_t start,
					size_t end);

/* -- lint_morph.c: patterns over words ---------------------------------- */

/* "<p=動詞,cf=未然形> <b=れる>?" as a pattern over the words as text; with
 * words_only nothing but surfaces and base forms is asked for. */
char *lint_morph_pattern(const char *dsl, bool words_only);

/* The words of a sentence as text; with stop, 。 is added at the end. */
void lint_morph_text(struct mdg_words *words, struct mdg_arena *arena,
		     const char *s, size_t n, bool stop,
		     struct morph_text *out);

/* The pairs of the words of a sentence that such a pattern may need. */
void lint_morph_pairs(const struct morph_text *m, struct lint_pairs *pairs,
		      uint64_t bit);

/* -- lint_kana.c: people whose names stand in kana ----------------------- */

/* Does a name in kana stand before the title that word i is? *start: where,
 * in bytes. */
bool lint_kana_before(struct lint_run *run, const char *s,
		      const struct mdg_word *w, size_t i, size_t *start);

/* Is it certainly not the customer's? By the reading that is known, or that
 * the dictionary gives of what is written in kanji. */
bool lint_kana_is_other(struct lint_run *run, const char *name, size_t n,
			const char *customer);

/* A line that names a company and no person. */
bool lint_names_company(const char *s, size_t n);

/* true if text holds one of the words of a NULL-terminated list. */
bool lint_has_any(const char *s, size_t n, const char *const *list);

#endif
