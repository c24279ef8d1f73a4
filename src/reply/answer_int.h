/* Shared by answer*.c. */
#ifndef MDG_REPLY_ANSWER_INT_H
#define MDG_REPLY_ANSWER_INT_H

#include "madoguchi/base/err.h"
#include "madoguchi/reply/answer.h"

/* A line in the form to compare by: NFKC, lower case, no blanks around. */
const char *mdg_answer_fold(const char *s, size_t n, struct mdg_arena *a);

/* Names that slots go by, folded; slot[i] is the slot of v[i]. */
struct mdg_answer_names {
	const char *v[2 * MDG_ANSWER_SLOTS_MAX];
	size_t slot[2 * MDG_ANSWER_SLOTS_MAX], n;
	struct mdg_arena *a;
};
void mdg_answer_names_of(const struct mdg_answer_input *in, struct mdg_arena *a,
			 struct mdg_answer_names *ret);
/* Where the value of the slot that is named at p begins; NULL: none is. */
const char *mdg_answer_slot_at(const struct mdg_answer_names *names,
			       const char *p, const char *end, bool blanks,
			       size_t *ret_i);
/* A line of slots and values; false: it is none. */
bool mdg_answer_slots(const struct mdg_answer_input *in,
		      const struct mdg_answer_names *names, const char *s,
		      size_t n, struct mdg_answer *out);
/* Without blanks around, wide ones too. */
const char *mdg_answer_trim(const char *s, size_t n, struct mdg_arena *a);

/*
 * A folded line as a command. *ret_arg: what follows its word. takes_text: the
 * lines below belong to it.
 */
enum mdg_answer_cmd mdg_answer_cmd_of(const char *folded, struct mdg_arena *a,
				      size_t *ret_arg, bool *takes_text);

/* What a folded line says beside greetings and the writer's (folded) name:
 * ret_n bytes at ret_at, none of it left: 0. */
void mdg_answer_core(const char *line, const char *name, size_t *ret_at,
		     size_t *ret_n);
/* "1", "候補2でお願いします": that number, and nothing else is said; or 0. */
int mdg_answer_choice(const char *line);
/* "1 承認依頼": the number and what follows; or 0. */
int mdg_answer_number_before(const char *line, const char **ret_rest);
/* Few words, and a command among them that was not given. */
bool mdg_answer_speaks_of_command(const char *text, struct mdg_arena *a);
/* Without "この件は" and its like in front. */
const char *mdg_answer_bare_order(const char *line);
/* "Thanks,"; and what may stand below it as a name. Folded lines. */
bool mdg_answer_is_farewell(const char *line);
bool mdg_answer_is_given_name(const char *line);
/* Its first line is "田中さん", or a greeting for customers; more follows. */
bool mdg_answer_is_familiar(const char *text, struct mdg_arena *a);
/* The writer's name with addresses and numbers below it, off the end. */
const char *mdg_answer_unsign_name(const char *text, const char *name,
				   struct mdg_arena *a);

/* The own signature off the end of text; *ret_left: what of it remains. */
const char *mdg_answer_unsign(const char *text, const char *signature,
			      struct mdg_arena *a);
const char *mdg_answer_leftover(const char *text, const char *signature,
				struct mdg_arena *a);

/* Candidates changed between their marks; returns how many. */
int mdg_answer_edited(const struct mdg_answer_input *in, struct mdg_arena *a,
		      int *ret_n, const char **ret_text);
/* Was the draft, as the answered mail showed it, changed in the quote? */
bool mdg_answer_shown_changed(const struct mdg_answer_input *in,
			      struct mdg_arena *a);
/* Does every line of `lines` stand in `text`? Blanks and marks apart. */
bool mdg_answer_within(const char *lines, const char *text,
		       struct mdg_arena *a);

#endif
