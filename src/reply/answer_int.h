/* Shared by answer*.c. */
#ifndef MDG_REPLY_ANSWER_INT_H
#define MDG_REPLY_ANSWER_INT_H

#include "madoguchi/base/err.h"
#include "madoguchi/reply/answer.h"

/* A line in the form to compare by: NFKC, lower case, no blanks around. */
const char *mdg_answer_fold(const char *s, size_t n, struct mdg_arena *a);

/*
 * A folded line as a command. *ret_arg: what follows its word. takes_text: the
 * lines below belong to it.
 */
enum mdg_answer_cmd mdg_answer_cmd_of(const char *folded, size_t *ret_arg,
				      bool *takes_text);

/* The own signature off the end of text; *ret_left: what of it remains. */
const char *mdg_answer_unsign(const char *text, const char *signature,
			      struct mdg_arena *a);
const char *mdg_answer_leftover(const char *text, const char *signature,
				struct mdg_arena *a);

/* Candidates changed between their marks; returns how many. */
int mdg_answer_edited(const struct mdg_answer_input *in, struct mdg_arena *a,
		      int *ret_n, const char **ret_text);
/* Does every line of `lines` stand in `text`? Blanks and marks apart. */
bool mdg_answer_within(const char *lines, const char *text,
		       struct mdg_arena *a);

#endif
