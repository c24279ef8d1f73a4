/*
 * diff: what was changed between two versions of a letter, sentence by
 * sentence, so that a person sees what another has done to it.
 */
#ifndef MDG_DESK_DIFF_H
#define MDG_DESK_DIFF_H

#include "madoguchi/base/arena.h"

struct mdg_diff_part {
	char op; /* '=' in both, '-' only in the old, '+' only in the new */
	const char *text;
};

/*
 * Parts in the order of the letter, in the arena; equal neighbours of one kind
 * are one part. Of very long letters the rest is one part taken out and one
 * put in.
 */
void mdg_diff(const char *old, const char *new_, struct mdg_arena *a,
	      struct mdg_diff_part **ret, size_t *ret_n);

#endif
