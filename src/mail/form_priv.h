/*
 * Inside of the form reader.
 *
 * form_label.c  labels folded, and what the common ones mean
 * form_scan.c   where labels stand in a text
 * form_question.c those that are written as questions and answers
 * form_pick.c   which of them count, and what their values are
 * form_content.c  the one value of many lines
 */
#ifndef MDG_MAIL_FORM_PRIV_H
#define MDG_MAIL_FORM_PRIV_H

#include "madoguchi/base/limits.h"
#include "madoguchi/mail/form.h"

struct form_label {
	char s[MDG_LABEL_BYTES_MAX + 1];
	char note[64]; /* what stood in round or square brackets */
};

void form_label_fold(const char *s, size_t n, struct form_label *out);
enum mdg_field_kind form_label_kind(const struct form_label *l, bool exact);

/* The character at s[*i], folded; *i moves on. */
uint32_t form_fold_char(const char *s, size_t n, size_t *i);
bool form_is_space(uint32_t c);

/* A line, or what is left of it. */
struct form_rest {
	const char *p, *end;
};
/* Its first letter, folded, and how many bytes that has; 0 at the end. */
uint32_t form_peek(const struct form_rest *r, size_t *ret_n);
void form_skip_spaces(struct form_rest *r);

/* "Q1.", "【問1】" in front of what is asked; *p moves behind it. */
bool form_skip_question(const char **p, const char *end);
/* The line below a question that begins with "A.", "回答：", "→", and where its
 * answer begins; NULL if there is none, and *value stays. */
const char *form_answer_below(const char *p, const char *end,
			      const char **value);
/* How much of a question is its label. */
size_t form_question_len(const char *p, const char *end);
/* Is the whole text a form of questions? */
bool form_asks_questions(const char *text, size_t len);

/* One form at work. */
struct form_pick {
	const struct mdg_mail *m;
	const struct mdg_form_map *map;
	struct mdg_arena *a;
	size_t len;     /* of the text */
	size_t content; /* index of the field, fields_n if there is none */
};

const struct mdg_field *form_field(const struct form_pick *k, size_t i);
/* What the field is about, for this form. */
enum mdg_field_kind form_kind_at(const struct form_pick *k, size_t i);
/* Is there a label for it that was declared, and in this mail? */
bool form_declared(const struct form_pick *k, enum mdg_field_kind kind);
bool form_is_for(const struct form_pick *k, size_t i, enum mdg_field_kind kind,
		 bool declared);
/* The end of the line at `at`. */
size_t form_line_end(const struct form_pick *k, size_t at);

/* A drawn line. */
bool form_is_rule(const char *s, size_t n);
size_t form_find_content(const struct form_pick *k);
/* "…" of JSON without its quotes; s is changed in place. */
const char *form_unquote(char *s);
const char *form_content_of(const struct form_pick *k);

#endif
