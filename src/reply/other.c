/*
 * Is a mail none of the desk's, or about what templates seldom know? A logistic
 * regression over its runs of one to three characters (contrib/train-weights).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feature.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"
#include "run_weights.h"

/* What is shorter tells too little. */
enum { RUN_MAX = 3, CHARS_MIN = 17, CHARS_MAX = 400 };

/* The characters between ^ and $ without marks, each digit as 0, as UTF-8;
 * where each of the n begins, and the last ends. */
struct letters {
	struct mdg_buf s;
	size_t at[CHARS_MAX + 3];
	size_t n;
};

static void
put_letter(struct letters *l, const char *c, size_t len)
{
	mdg_buf_put(&l->s, c, len);
	l->at[++l->n] = l->s.len;
}

/* Marks and words for us tell who writes, not what. */
static const char *const skipped[] = {"御社", "貴社", "、", "。", ",", ".", "!",
				      "?",    "・",   "「", "」", "(", ")"};

static void
spell(const char *text, struct letters *l)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&b, text, strlen(text), MDG_FOLD_LOWER | MDG_FOLD_NOSPACE);
	put_letter(l, "^", 1);
	for (size_t i = 0; i < b.len && l->n <= CHARS_MAX;) {
		uint32_t c;
		size_t skip = mdg_str_starts_any(b.ptr + i, b.len - i, skipped,
						 MDG_LEN(skipped));
		size_t len = mdg_utf8_next(b.ptr + i, b.len - i, &c);
		bool digit = c >= '0' && c <= '9';
		if (!skip)
			put_letter(l, digit ? "0" : b.ptr + i, len);
		i += skip ? skip : len;
	}
	put_letter(l, "$", 1);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int
weight_of(uint32_t hash)
{
	size_t low = 0, high = mdg_other_weights_n;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (mdg_other_weights[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	return low < mdg_other_weights_n && mdg_other_weights[low].hash == hash
		       ? mdg_other_weights[low].weight
		       : 0;
}

/* FNV-1a of each run; returns how many. */
static size_t
list_runs(const struct letters *l, uint32_t *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		uint32_t h = 0x811C9DC5u;
		for (size_t k = i; k < l->n && k < i + RUN_MAX; k++) {
			for (size_t b = l->at[k]; b < l->at[k + 1]; b++)
				h = (h ^ (unsigned char)l->s.ptr[b]) *
				    0x01000193u;
			ret[n++] = h;
		}
	}
	return n;
}

double
mdg_looks_other(const char *text)
{
	struct letters l = {0};
	uint32_t runs[(CHARS_MAX + 2) * RUN_MAX];
	double sum = 0;
	size_t known = 0;

	spell(text, &l);
	size_t n = l.n < CHARS_MIN ? 0 : list_runs(&l, runs);
	mdg_buf_clear(&l.s);
	qsort(runs, n, sizeof(*runs), by_number);
	for (size_t i = 0; i < n; i++) {
		int w = i == 0 || runs[i] != runs[i - 1] ? weight_of(runs[i])
							 : 0;
		known += w != 0;
		sum += w;
	}
	if (n == 0)
		return 0;
	return (weight_of(0) + sum / sqrt((double)known + 1)) / 1000;
}
