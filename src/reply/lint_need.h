/*
 * What a pattern needs: strings of which every match holds at least one. They
 * are read off the pattern once; most rules then need not be run over a draft
 * at all, since none of their strings can be in it.
 *
 * A text is known by its pairs of neighbouring characters, a string may be in
 * it when all its pairs are. What is answered "maybe" is decided by the
 * pattern; what is answered "no" is certain.
 */
#ifndef MDG_REPLY_LINT_NEED_H
#define MDG_REPLY_LINT_NEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"

/* Pairs of characters that a text holds. */
struct lint_pairs {
	uint64_t bits[1024];
};
void lint_pairs_read(struct lint_pairs *p, const char *s, size_t n);

/* The pairs of each string, strings parted by LINT_PAIR_END; n = 0: nothing
 * is known, any text may match. */
enum { LINT_PAIR_END = 0x10000 };
struct lint_need {
	uint32_t *pairs;
	size_t n;
};
void lint_need_read(struct lint_need *need, const char *pattern);
void lint_need_clear(struct lint_need *need);
bool lint_need_met(const struct lint_need *need, const struct lint_pairs *text);

#endif
