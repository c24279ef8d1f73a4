/* What runs of characters weigh (contrib/train-weights), compiled in by
 * weights2c.awk. */
#ifndef MDG_REPLY_RUN_WEIGHTS_H
#define MDG_REPLY_RUN_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

struct mdg_run_weight {
	uint32_t hash;  /* FNV-1a; of 0: the bias */
	int32_t weight; /* * 1000 */
};

/* By hash. The tone of a sentence (tone_weights.tsv) … */
extern const struct mdg_run_weight mdg_tone_weights[];
extern const size_t mdg_tone_weights_n;

/* … and whether a mail is none of the desk's (other_weights.tsv). */
extern const struct mdg_run_weight mdg_other_weights[];
extern const size_t mdg_other_weights_n;

#endif
