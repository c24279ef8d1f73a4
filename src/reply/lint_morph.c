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

static void
fields_of(const struct mdg_word *w, const char *f[KEYS_N])
{
	const char *const all[KEYS_N] = {w->surface, w->pos,   w->pos1, w->pos2,
					 w->base,    w->ctype, w->cform};

	memcpy(f, all, sizeof(all));
}

static void
put_words(struct mdg_arena *arena, const struct mdg_word *w, size_t n,
	  struct morph_text *out)
{
	enum { SIGNS = KEYS_N + 1 };
	size_t(*lens)[KEYS_N] = mdg_arena_array(arena, n, sizeof(*lens));
	size_t bytes = 0, at = 0;

	for (size_t i = 0; i < n; i++) {
		const char *f[KEYS_N];
		fields_of(&w[i], f);
		for (size_t k = 0; k < KEYS_N; k++) {
			lens[i][k] = strlen(f[k]);
			bytes += lens[i][k];
		}
		bytes += SIGNS;
	}
	char *s = mdg_arena_alloc(arena, bytes + 1);
	uint32_t *word_at = mdg_arena_array(arena, bytes + 1, sizeof(*word_at));
	for (size_t i = 0; i < n; i++) {
		const char *f[KEYS_N];
		const size_t from = at;
		fields_of(&w[i], f);
		for (size_t k = 0; k < KEYS_N; k++) {
			s[at++] = k == 0 ? '\1' : '\2';
			memcpy(s + at, f[k], lens[i][k]);
			at += lens[i][k];
		}
		s[at++] = '\3';
		for (size_t k = from; k < at; k++)
			word_at[k] = (uint32_t)i;
	}
	s[bytes] = '\0';
	word_at[bytes] = (uint32_t)n;
	*out = (struct morph_text){.s = s,
				   .len = bytes,
				   .word_at = word_at,
				   .words = w,
				   .words_n = n};
}

/* What lint_morph_pattern() can ask for with words_only. */
void
lint_morph_pairs(const struct morph_text *m, struct lint_pairs *pairs,
		 uint64_t bit)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (size_t i = 0; i < m->words_n; i++) {
		const struct mdg_word *w = &m->words[i];
		mdg_buf_put(&b, "\3\1", 2);
		mdg_buf_put(&b, w->surface, w->len);
		mdg_buf_putc(&b, '\2');
		mdg_buf_puts(&b, w->base);
		mdg_buf_putc(&b, '\2');
	}
	lint_pairs_add(pairs, mdg_buf_str(&b), b.len, bit);
}

void
lint_morph_text(struct mdg_words *words, struct mdg_arena *arena, const char *s,
		size_t n, bool stop, struct morph_text *out)
{
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
	put_words(arena, w, count, out);
}
