/*
 * Words that the input method wrote with the wrong kanji (miswritten.txt):
 * この旅は for この度は, 幣社 for 弊社.
 */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/str.h"

extern const char *const mdg_miswritten[];

static void
look_for(struct lint_run *run, const struct sentence *s, const char *wrong,
	 size_t n, const char *right)
{
	for (size_t i = 0; i + n <= s->len; i++)
		if (s->s[i] == *wrong && memcmp(s->s + i, wrong, n) == 0)
			lint_emit_with(run, s->at[i], s->at[i + n], right);
}

void
lint_miswritten(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	const struct lint_pairs *pairs = &run->lint->pairs[0];

	(void)arg;
	for (size_t k = 0; mdg_miswritten[k]; k++) {
		const char *wrong = mdg_miswritten[k];
		size_t n = strcspn(wrong, "\t");
		uint32_t first;
		mdg_utf8_next(wrong, n, &first);
		uint64_t in = lint_pairs_char(pairs, first);
		for (size_t i = 0; in && i < d->sentences_n; i++)
			if (d->sentences[i].kind == LINE_BODY &&
			    in & lint_sentence_bit(i))
				look_for(run, &d->sentences[i], wrong, n,
					 wrong + n + 1);
	}
}
