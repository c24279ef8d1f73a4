/*
 * Is one of many words in a line? Most are nowhere in most lines, so that only
 * those are looked for whose beginnings were noted when the line was folded.
 */
#include <endian.h>
#include <string.h>

#include "line.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"

/* Bits of a line: by six bytes, by three, and one that is always set. */
enum { SIX = 0, THREE = 2048, ALWAYS = 2560, BITS = 64 * MDG_LINE_SEEN };
_Static_assert(ALWAYS < BITS, "room for all");

enum { LISTS_MAX = 512 };

struct word {
	uint16_t bit, len;
	char last;
};

struct list {
	const char *const *words;
	struct word *v;
};

/* Bytes as a number: three are a character of Japanese, six are two. */
static inline uint64_t
first(const char *s, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, s, n);
	return le64toh(v);
}

static inline unsigned
three(uint64_t v)
{
	return THREE + (((uint32_t)(v << 8) * 0x9E3779B1u) >> 23);
}

static inline unsigned
six(uint64_t v)
{
	return SIX + (unsigned)((v << 16) * 0x9E3779B97F4A7C15u >> 53);
}

/* Words begin where characters do; from inside of one the loop finds the
 * next. */
void
mdg_line_note(struct mdg_line *l, size_t i)
{
	size_t n = l->n;

	memset(l->s + n, 0, MDG_LINE_BEHIND);
	l->seen[ALWAYS / 64] |= (uint64_t)1 << ALWAYS % 64;
	while (i + 2 < n) {
		uint64_t v = first(l->s + i, MDG_LINE_BEHIND);
		unsigned a = three(v), b = six(v);

		l->seen[a / 64] |= (uint64_t)1 << a % 64;
		l->seen[b / 64] |= (uint64_t)1 << b % 64;
		i += (v & 0xE0) == 0xE0 ? 3 : (v & 0xC0) == 0xC0 ? 2 : 1;
	}
}

static struct word *
read_words(const char *const *words)
{
	size_t n = 0;

	while (words[n])
		n++;
	struct word *v = mdg_calloc(n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(words[i]);

		MDG_BUG_ON(len == 0 || len > UINT16_MAX);
		v[i].bit = (uint16_t)(len >= 6   ? six(first(words[i], 6))
				      : len >= 3 ? three(first(words[i], 3))
						 : ALWAYS);
		v[i].len = (uint16_t)len;
		v[i].last = words[i][len - 1];
	}
	return v;
}

/* What there is to know of a list: found out once, then constant. */
static const struct word *
words_of(const char *const *words)
{
	static struct list lists[LISTS_MAX];
	size_t i = (size_t)((uintptr_t)words * 0x9E3779B97F4A7C15u >> 55);

	for (size_t tries = 0; lists[i].words != words; tries++) {
		MDG_BUG_ON(tries == LISTS_MAX);
		if (!lists[i].words)
			lists[i] = (struct list){words, read_words(words)};
		else
			i = (i + 1) % LISTS_MAX;
	}
	return lists[i].v;
}

bool
mdg_line_holds(const struct mdg_line *l, const char *const *words)
{
	for (const struct word *w = words_of(words); w->len; w++, words++)
		if ((l->seen[w->bit / 64] >> w->bit % 64 & 1) &&
		    strstr(l->s, *words))
			return true;
	return false;
}

bool
mdg_line_ends_any(const char *s, size_t n, const char *const *words)
{
	if (n == 0)
		return false;
	char last = s[n - 1];
	for (const struct word *w = words_of(words); w->len; w++, words++)
		if (w->last == last && n >= w->len &&
		    memcmp(s + n - w->len, *words, w->len) == 0)
			return true;
	return false;
}
