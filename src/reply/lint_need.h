/*
 * What a pattern needs: strings of which every match holds at least one. They
 * are read off the pattern once; most rules then need not be run over a draft
 * at all, since none of their strings can be in it.
 *
 * A text is known by its pairs of neighbouring characters, a string may be in
 * it when all its pairs are. What is answered "maybe" is decided by the
 * pattern; what is answered "no" is certain. The sentences of a draft are known
 * together, each by one bit (the 65th shares that of the first), so that one
 * look says in which of them a pattern is to be tried.
 */
#ifndef MDG_REPLY_LINT_NEED_H
#define MDG_REPLY_LINT_NEED_H

#include <stddef.h>
#include <stdint.h>

enum { LINT_PAIR_BITS = 13 };

/* By pair of characters: the sentences that hold it. */
struct lint_pairs {
	uint64_t in[1 << LINT_PAIR_BITS];
};
void lint_pairs_clear(struct lint_pairs *p);
void lint_pairs_add(struct lint_pairs *p, const char *s, size_t n,
		    uint64_t bit);

/* The bits of the sentences that may hold the character. */
uint64_t lint_pairs_char(const struct lint_pairs *p, uint32_t c);

static inline uint64_t
lint_sentence_bit(size_t sentence)
{
	return (uint64_t)1 << (sentence & 63);
}

/* The pairs of each string, strings parted by LINT_PAIR_END; n = 0: nothing
 * is known, any text may match. */
enum { LINT_PAIR_END = 0xFFFF };
struct lint_need {
	uint16_t *pairs;
	size_t n;
};
void lint_need_read(struct lint_need *need, const char *pattern);
void lint_need_clear(struct lint_need *need);
/* The bits of the sentences that may match. */
uint64_t lint_need_met(const struct lint_need *need,
		       const struct lint_pairs *text);

#endif
