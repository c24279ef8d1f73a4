/* The index of the weights of the tone. */
#ifndef MDG_REPLY_LINT_TONE_H
#define MDG_REPLY_LINT_TONE_H

#include <stdint.h>

/*
 * Found by the leading bits of the hash. Most runs of characters weigh
 * nothing: a bit for each longer part says so without a look at the weights.
 */
enum {
	LINT_TONE_BITS = 13,
	LINT_TONE_PARTS = 1 << LINT_TONE_BITS,
	LINT_TONE_KNOWN_BITS = 18,
};
struct lint_tone_index {
	uint32_t at[LINT_TONE_PARTS + 1];
	uint64_t known[(1 << LINT_TONE_KNOWN_BITS) / 64];
};
void lint_tone_index(struct lint_tone_index *x);

#endif
