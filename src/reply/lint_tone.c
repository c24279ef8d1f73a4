/*
 * The tone of a sentence, learned: what a lead would not sign although no
 * single word in it is wrong. A logistic regression over runs of two to five
 * characters (contrib/train-weights); it marks the run of characters that
 * weighs most, and is silent where a rule has something to say already.
 */
#include <math.h>
#include <string.h>

#include "lint_run.h"
#include "lint_tone.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "run_weights.h"

enum { RUN_MIN = 2, RUN_MAX = 5, CHARS_MIN = 6, CHARS_MAX = 200 };
enum { SHIFT = 32 - LINT_TONE_BITS, KNOWN_SHIFT = 32 - LINT_TONE_KNOWN_BITS };

/* The sentence as the model knows it: ^, digits as one 0, $. */
struct letters {
	char s[CHARS_MAX * 4 + 4];
	size_t byte[CHARS_MAX + 3]; /* by character: its byte in s */
	size_t at[CHARS_MAX + 3];   /* and in the sentence */
	size_t n;
};

static void
put_letter(struct letters *l, const char *c, size_t len, size_t at)
{
	size_t byte = l->byte[l->n];

	memcpy(l->s + byte, c, len);
	l->at[l->n++] = at;
	l->byte[l->n] = byte + len;
}

static bool
spell(const struct sentence *s, struct letters *l)
{
	bool digit = false;

	l->n = 0;
	l->byte[0] = 0;
	put_letter(l, "^", 1, 0);
	for (size_t i = 0; i < s->len;) {
		uint32_t c;
		size_t len = mdg_utf8_next(s->s + i, s->len - i, &c);
		bool after_digit = digit;
		digit = c >= '0' && c <= '9';
		if (!digit || !after_digit) {
			if (l->n > CHARS_MAX)
				return false;
			put_letter(l, digit ? "0" : s->s + i, len, i);
		}
		i += len;
	}
	put_letter(l, "$", 1, s->len);
	l->at[l->n] = s->len;
	return l->n >= CHARS_MIN;
}

static size_t
bytes_of(const struct letters *l, size_t i, size_t n)
{
	return l->byte[i + n] - l->byte[i];
}

/* FNV-1a, character by character. */
static uint32_t
hash_on(uint32_t h, const struct letters *l, size_t i)
{
	for (size_t k = l->byte[i]; k < l->byte[i + 1]; k++)
		h = (h ^ (unsigned char)l->s[k]) * 0x01000193u;
	return h;
}

/* Where the weights of each leading part of a hash begin. */
void
lint_tone_index(struct lint_tone_index *x)
{
	uint32_t *at = x->at;
	size_t i = 0;

	for (size_t k = 0; k < mdg_tone_weights_n; k++) {
		uint32_t part = mdg_tone_weights[k].hash >> KNOWN_SHIFT;
		x->known[part / 64] |= (uint64_t)1 << part % 64;
	}

	for (size_t k = 0; k < LINT_TONE_PARTS; k++) {
		while (i < mdg_tone_weights_n &&
		       mdg_tone_weights[i].hash >> SHIFT < k)
			i++;
		at[k] = (uint32_t)i;
	}
	at[LINT_TONE_PARTS] = (uint32_t)mdg_tone_weights_n;
}

static int
weight_of(const struct lint_tone_index *x, uint32_t hash)
{
	const uint32_t *at = x->at, part = hash >> KNOWN_SHIFT;
	size_t end = at[(hash >> SHIFT) + 1];

	if (!(x->known[part / 64] >> part % 64 & 1))
		return 0;
	for (size_t i = at[hash >> SHIFT]; i < end; i++)
		if (mdg_tone_weights[i].hash >= hash)
			return mdg_tone_weights[i].hash == hash
				       ? mdg_tone_weights[i].weight
				       : 0;
	return 0;
}

struct scored {
	double z;
	double by_char[CHARS_MAX + 2];
};

static bool
is_repeated(const struct letters *l, size_t i, size_t n)
{
	for (size_t k = 0; k < i; k++)
		if (bytes_of(l, k, n) == bytes_of(l, i, n) &&
		    memcmp(l->s + l->byte[k], l->s + l->byte[i],
			   bytes_of(l, i, n)) == 0)
			return true;
	return false;
}

static void
score(const struct lint_tone_index *at, const struct letters *l,
      struct scored *out)
{
	double sum = 0;
	size_t known = 0;

	memset(out->by_char, 0, sizeof(out->by_char));
	for (size_t i = 0; i < l->n; i++) {
		uint32_t hash = 0x811C9DC5u;
		for (size_t n = 1; n <= RUN_MAX && i + n <= l->n; n++) {
			hash = hash_on(hash, l, i + n - 1);
			int w = n >= RUN_MIN ? weight_of(at, hash) : 0;
			if (w == 0 || is_repeated(l, i, n))
				continue;
			known++;
			sum += w;
			for (size_t k = i; k < i + n; k++)
				out->by_char[k] += (double)w / (double)n;
		}
	}
	out->z = (weight_of(at, 0) + sum / sqrt((double)known + 1)) / 1000;
}

/* The stretch that weighs most. */
static void
heaviest(const struct letters *l, const struct scored *x, size_t *start,
	 size_t *end)
{
	double best = 0, here = 0;
	size_t from = 1;

	*start = 1;
	*end = l->n - 1;
	for (size_t i = 1; i + 1 < l->n; i++) {
		if (here <= 0) {
			here = 0;
			from = i;
		}
		here += x->by_char[i];
		if (here > best) {
			best = here;
			*start = from;
			*end = i + 1;
		}
	}
}

static bool
is_told(const struct lint_run *run, const struct sentence *s)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->v[i].start < s->at[s->len] && run->v[i].end > s->at[0])
			return true;
	return false;
}

static void
tone(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		struct letters l;
		struct scored x;
		size_t start, end;
		if (s->kind != LINE_BODY || !s->closed || !spell(s, &l) ||
		    is_told(run, s))
			continue;
		score(run->lint->tone, &l, &x);
		if (x.z * 100 < (double)arg)
			continue;
		heaviest(&l, &x, &start, &end);
		lint_emit(run, s->at[l.at[start]], s->at[l.at[end]]);
	}
}

static const struct lint_check checks[] = {{"tone", tone}};

lint_check_fn *
lint_tone_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return NULL;
}
