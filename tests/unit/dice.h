/* Numbers that look like chance and come again; a test keeps its own seed. */
#ifndef MDG_TESTS_DICE_H
#define MDG_TESTS_DICE_H

#include <stdint.h>

/* Any seed. */
static inline uint64_t
t_splitmix(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* Any seed but 0. */
static inline uint64_t
t_xorshift(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

#endif
