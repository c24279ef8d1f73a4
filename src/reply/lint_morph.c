/*
 * Patterns over words. A sentence becomes a text in which each word is
 *
 *   \1 surface \2 pos \2 pos1 \2 pos2 \2 base \2 ctype \2 cform \3
 *
 * and a pattern like "<p=動詞,ct=一段> <b=れる>" becomes a PCRE2 pattern over
 * that text: keys s p q n b ct cf, values are patterns, "!=" negates; what
 * stands outside <> (groups, |, ?, *) is passed through, spaces are not.
 */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static const char *const keys[] = {"s", "p", "q", "n", "b", "ct", "cf"};
enum { SURFACE = 0, BASE = 4, KEYS_N = 7, SENTENCE_BYTES_MAX = 3000 };

struct cond {
	const char *value; /* NULL: anything */
	size_t n;
	bool negated;
};

/* A dot must not leave the field. */
static void
put_value(struct mdg_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '.' && (i == 0 || s[i - 1] != '\\'))
			mdg_buf_puts(b, "[^\\x02\\x03]");
		else
			mdg_buf_putc(b, s[i]);
	}
}

static void
put_word(struct mdg_buf *b, const struct cond *c)
{
	mdg_buf_puts(b, "(?:\\x01");
	for (size_t i = 0; i < KEYS_N; i++) {
		const char *end = i + 1 < KEYS_N ? "\\x02" : "\\x03";
		if (!c[i].value) {
			mdg_buf_puts(b, "[^\\x02\\x03]*");
		} else {
			mdg_buf_puts(b, c[i].negated ? "(?!(?:" : "(?:");
			put_value(b, c[i].value, c[i].n);
			mdg_buf_puts(b, ")");
			if (c[i].negated)
				mdg_buf_printf(b, "%s)[^\\x02\\x03]*", end);
		}
		mdg_buf_puts(b, end);
	}
	mdg_buf_puts(b, ")");
}

/* s: what is between < and >. Unknown keys are a bug in the rule file. */
static void
read_word(struct mdg_buf *b, const char *s, size_t n, bool words_only)
{
	struct cond c[KEYS_N] = {0};

	while (n > 0) {
		const char *comma = memchr(s, ',', n);
		size_t len = comma ? (size_t)(comma - s) : n;
		const char *eq = memchr(s, '=', len);
		MDG_BUG_ON(!eq || eq == s);
		bool neg = eq[-1] == '!';
		size_t key_n = (size_t)(eq - s) - neg, k = 0;
		while (k < KEYS_N && (strlen(keys[k]) != key_n ||
				      memcmp(keys[k], s, key_n) != 0))
			k++;
		MDG_BUG_ON(k == KEYS_N);
		if (!words_only || k == SURFACE || k == BASE)
			c[k] = (struct cond){eq + 1, len - (size_t)(eq + 1 - s),
					     neg};
		s += len + (comma != NULL);
		n -= len + (comma != NULL);
	}
	put_word(b, c);
}

char *
lint_morph_pattern(const char *dsl, bool words_only)
{
	struct mdg_buf b = {0};

	for (const char *p = dsl; *p; p++) {
		if (*p == '<') {
			const char *end = strchr(p, '>');
			MDG_BUG_ON(!end);
			read_word(&b, p + 1, (size_t)(end - p - 1), words_only);
			p = end;
		} else if (*p != ' ') {
			mdg_buf_putc(&b, *p);
		}
	}
	return mdg_buf_steal(&b);
}

void
lint_morph_text(struct mdg_words *words, struct mdg_arena *arena, const char *s,
		size_t n, bool stop, struct morph_text *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_word *w;
	size_t count;

	*out = (struct morph_text){.s = ""};
	/* no sentence of a person; MeCab takes the square of its length */
	if (n > SENTENCE_BYTES_MAX)
		return;
	if (stop) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf with = {0};
		mdg_buf_put(&with, s, n);
		mdg_buf_puts(&with, "。");
		n = with.len;
		s = mdg_arena_strndup(arena, mdg_buf_str(&with), n);
	}
	count = mdg_words_cut(words, arena, s, n, &w);
	if (count == 0)
		return;
	size_t *ends = mdg_arena_array(arena, count, sizeof(*ends));
	for (size_t i = 0; i < count; i++) {
		const char *const f[KEYS_N] = {
			w[i].surface, w[i].pos,   w[i].pos1, w[i].pos2,
			w[i].base,    w[i].ctype, w[i].cform};
		for (size_t k = 0; k < KEYS_N; k++) {
			mdg_buf_putc(&b, k == 0 ? '\1' : '\2');
			mdg_buf_puts(&b, f[k]);
		}
		mdg_buf_putc(&b, '\3');
		ends[i] = b.len;
	}
	uint32_t *at = mdg_arena_array(arena, b.len + 1, sizeof(*at));
	for (size_t i = 0, k = 0; i < b.len; i++) {
		if (i == ends[k])
			k++;
		at[i] = (uint32_t)k;
	}
	at[b.len] = (uint32_t)count;
	out->s = mdg_arena_strndup(arena, mdg_buf_str(&b), b.len);
	out->len = b.len;
	out->word_at = at;
	out->words = w;
	out->words_n = count;
}
