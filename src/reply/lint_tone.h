/* The weights of the tone (tone_weights.tsv), compiled in by tone2c.awk. */
#ifndef MDG_REPLY_LINT_TONE_H
#define MDG_REPLY_LINT_TONE_H

#include <stddef.h>
#include <stdint.h>

struct lint_tone_weight {
	uint32_t hash;
	int32_t weight; /* * 1000 */
};
extern const struct lint_tone_weight lint_tone[]; /* by hash */
extern const size_t lint_tone_n;

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
