#include "madoguchi/text/terms.h"

#include <string.h>

#include <unicode/uchar.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { WORD_BYTES_MAX = 64 };

enum kind { NONE, CJK, WORD };

static enum kind
kind_of(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? WORD
									: NONE;
	/* ー and 々 belong to their run */
	if ((c >= 0x3041 && c <= 0x3096) || (c >= 0x3099 && c <= 0x309F) ||
	    (c >= 0x30A1 && c <= 0x30FA) || (c >= 0x30FC && c <= 0x30FF) ||
	    (c >= 0x3005 && c <= 0x3007) || (c >= 0x3400 && c <= 0x4DBF) ||
	    (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	    (c >= 0x20000 && c <= 0x3FFFF))
		return CJK;
	return u_isalnum((UChar32)c) ? WORD : NONE;
}

/* Signs that hold the parts of one word together: MD-512X, a.b@example.jp. */
static bool
is_joiner(unsigned char c)
{
	return c && strchr("-_.,@/+:'#", c) != NULL;
}

static void
put(struct mdg_buf *out, const char *s, size_t n)
{
	if (n == 0)
		return;
	if (out->len > 0 && out->ptr[out->len - 1] != '\0')
		mdg_buf_putc(out, ' ');
	mdg_buf_put(out, s, n);
}

struct cutter {
	struct mdg_buf *out;
	const char *s;
	size_t n;
	bool query;  /* the last run of a query has no lone last character */
	bool prefix; /* set by the last run of a query */
};

static bool
nothing_behind(const struct cutter *c, size_t i)
{
	while (i < c->n) {
		uint32_t cp;
		size_t len = mdg_utf8_next(c->s + i, c->n - i, &cp);
		if (kind_of(cp) != NONE)
			return false;
		i += len;
	}
	return true;
}

/* A run of Japanese from byte i; returns its end. */
static size_t
cut_cjk(struct cutter *c, size_t i)
{
	size_t before = i, chars = 0, len;
	uint32_t cp;

	for (; i < c->n; i += len) {
		len = mdg_utf8_next(c->s + i, c->n - i, &cp);
		if (kind_of(cp) != CJK)
			break;
		if (chars > 0)
			put(c->out, c->s + before, i + len - before);
		before = i;
		chars++;
	}
	bool last = c->query && nothing_behind(c, i);
	if (!last || chars == 1)
		put(c->out, c->s + before, i - before);
	if (last)
		c->prefix = chars == 1;
	return i;
}

/* The end of letters and digits from byte i. */
static size_t
word_end(const struct cutter *c, size_t i)
{
	while (i < c->n) {
		uint32_t cp;
		size_t len = mdg_utf8_next(c->s + i, c->n - i, &cp);
		if (kind_of(cp) != WORD)
			break;
		i += len;
	}
	return i;
}

static size_t
cut_word(struct cutter *c, size_t i)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf whole = {0};
	size_t start = i, end = i, parts = 0;

	for (;;) {
		size_t stop = word_end(c, i);
		mdg_buf_put(&whole, c->s + i, stop - i);
		parts++;
		end = stop;
		if (stop >= c->n || !is_joiner((unsigned char)c->s[stop]) ||
		    word_end(c, stop + 1) == stop + 1)
			break;
		i = stop + 1;
	}
	bool last = c->query && nothing_behind(c, end);
	bool short_enough = whole.len <= WORD_BYTES_MAX;
	if (last)
		c->prefix = true;
	if (short_enough)
		put(c->out, mdg_buf_str(&whole), whole.len);
	if (parts == 1 || (last && short_enough)) {
		if (!short_enough)
			put(c->out, c->s + start, WORD_BYTES_MAX);
		return end;
	}
	for (i = start; i < end;) {
		size_t stop = word_end(c, i);
		put(c->out, c->s + i,
		    stop - i < WORD_BYTES_MAX ? stop - i : WORD_BYTES_MAX);
		i = stop + 1;
	}
	return end;
}

static void
cut(struct cutter *c)
{
	for (size_t i = 0; i < c->n;) {
		uint32_t cp;
		size_t len = mdg_utf8_next(c->s + i, c->n - i, &cp);
		switch (kind_of(cp)) {
		case CJK:
			i = cut_cjk(c, i);
			break;
		case WORD:
			i = cut_word(c, i);
			break;
		case NONE:
			i += len;
			break;
		}
	}
}

void
mdg_terms_doc(const char *text, size_t n, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};

	mdg_fold(&folded, text, n, MDG_FOLD_TERMS);
	struct cutter c = {
		.out = out, .s = mdg_buf_str(&folded), .n = folded.len};
	cut(&c);
}

size_t
mdg_terms_query(const char *text, struct mdg_arena *arena,
		struct mdg_terms_phrase **ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	size_t n = 0;

	mdg_fold(&folded, text, strlen(text), MDG_FOLD_TERMS);
	*ret = mdg_arena_array(arena, MDG_TERMS_PHRASES_MAX, sizeof(**ret));
	const char *p = mdg_buf_str(&folded);
	while (*p && n < MDG_TERMS_PHRASES_MAX) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};
		const char *end = NULL;
		if (*p == '"')
			end = strchr(++p, '"');
		size_t len = end ? (size_t)(end - p) : strcspn(p, " \t\r\n\"");
		struct cutter c = {
			.out = &terms, .s = p, .n = len, .query = true};
		cut(&c);
		if (terms.len > 0)
			(*ret)[n++] = (struct mdg_terms_phrase){
				mdg_arena_strdup(arena, mdg_buf_str(&terms)),
				c.prefix};
		p += len;
		p += strspn(p, end ? "\" \t\r\n" : " \t\r\n");
	}
	return n;
}
