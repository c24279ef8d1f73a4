/*
 * 営業: does a mail offer something, instead of asking for something? It is
 * only ever a hint for people: nothing is closed or left out for it.
 *
 * A logistic regression over runs of one to three characters, learned by
 * contrib/sales-train: who offers "いたします" and names prices; who asks has
 * something that "ました", and wants ("たい") or asks for ("ください").
 */
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/thread.h"
#include "madoguchi/text/fold.h"
#include "sales.h"

enum { RUN_MAX = 3, CHARS_MAX = 2000, LEAST_MILLI = 1000 };

/* Digits as one 0, white space as one blank; where each character begins. */
struct letters {
	char s[CHARS_MAX * 4];
	size_t at[CHARS_MAX + 1];
	size_t n;
};

static void
spell(const char *folded, struct letters *l)
{
	size_t len = strlen(folded), bytes = 0;
	char last = '\0';

	l->n = 0;
	for (size_t i = 0; i < len && l->n < CHARS_MAX;) {
		uint32_t c;
		size_t k = mdg_utf8_next(folded + i, len - i, &c);
		char one = c >= '0' && c <= '9'		? '0'
			   : c == ' ' || (c >= 9 && c <= 13) ? ' '
							: '\0';
		if (!one || one != last) {
			l->at[l->n++] = bytes;
			memcpy(l->s + bytes, one ? &one : folded + i,
			       one ? 1 : k);
			bytes += one ? 1 : k;
		}
		last = one;
		i += k;
	}
	l->at[l->n] = bytes;
}

/* The place of a hash in the table; sales_n: it is not there. */
static size_t
find(uint32_t hash)
{
	size_t part = hash >> (32 - SALES_BITS);
	size_t lo = sales_at[part], hi = sales_at[part + 1], end = hi;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (sales_weights[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < end && sales_weights[lo].hash == hash ? lo : sales_n;
}

bool
mdg_text_is_sales(const char *text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	unsigned char seen[SALES_MAX / 8 + 1] = {0};
	struct letters l;
	int64_t sum = 0, n = 0, least = LEAST_MILLI - sales_bias_milli;

	mdg_fold(&folded, text, mdg_utf8_offset(text, strlen(text), CHARS_MAX),
		 MDG_FOLD_LOWER);
	spell(mdg_buf_str(&folded), &l);
	for (size_t i = 0; i < l.n; i++) {
		uint32_t hash = 0x811C9DC5u; /* FNV-1a */
		for (size_t k = i; k < i + RUN_MAX && k < l.n; k++) {
			for (size_t b = l.at[k]; b < l.at[k + 1]; b++)
				hash = (hash ^ (unsigned char)l.s[b]) *
				       0x01000193u;
			size_t at = find(hash);
			if (at == sales_n || seen[at / 8] & 1 << at % 8)
				continue;
			seen[at / 8] |= (unsigned char)(1 << at % 8);
			sum += sales_weights[at].milli;
			n++;
		}
	}
	/* bias + sum / sqrt(n + 1) >= LEAST_MILLI, without a root; `least` is
	 * above 0 in any model of what is rare */
	return least > 0 && sum > 0 && sum * sum >= least * least * (n + 1);
}
