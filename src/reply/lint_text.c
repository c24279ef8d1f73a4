/* A draft cut into sentences. */
#include "lint_text.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

struct joiner {
	struct draft *d;
	struct mdg_arena *arena;
	struct mdg_buf raw; /* the sentence being collected */
	uint32_t *at;       /* by character of raw: offset in the text */
	size_t chars, cap;
	size_t depth; /* of 「 */
	enum line_kind kind;
	size_t first_line, line;
	size_t sentences_cap;
};

static void
collect(struct joiner *j, const char *s, size_t n, size_t at)
{
	if (j->chars + 2 > j->cap) {
		j->cap = j->cap ? j->cap * 2 : 256;
		j->at = mdg_realloc(j->at, j->cap * sizeof(*j->at));
	}
	if (j->chars == 0)
		j->first_line = j->line;
	mdg_buf_put(&j->raw, s, n);
	j->at[j->chars++] = (uint32_t)at;
	j->at[j->chars] = (uint32_t)at + 1;
}

static void
finish(struct joiner *j, bool closed)
{
	struct draft *d = j->d;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	uint32_t *map = NULL;

	if (j->chars == 0)
		return;
	if (d->sentences_n == j->sentences_cap) {
		size_t cap = j->sentences_cap ? j->sentences_cap * 2 : 64;
		struct sentence *v = mdg_arena_array(j->arena, cap, sizeof(*v));
		if (d->sentences_n > 0)
			memcpy(v, d->sentences, d->sentences_n * sizeof(*v));
		d->sentences = v;
		j->sentences_cap = cap;
	}
	mdg_fold_mapped(&folded, &map, mdg_buf_str(&j->raw), j->raw.len, 0);
	uint32_t *at = mdg_arena_array(j->arena, folded.len + 1, sizeof(*at));
	for (size_t i = 0; i <= folded.len; i++)
		at[i] = map[i] < j->chars ? j->at[map[i]]
					  : j->at[j->chars - 1] + 1;
	d->sentences[d->sentences_n++] = (struct sentence){
		.s = mdg_arena_strndup(j->arena, mdg_buf_str(&folded),
				       folded.len),
		.len = folded.len,
		.at = at,
		.kind = j->kind,
		.first_line = j->first_line,
		.last_line = j->line,
		.closed = closed,
	};
	free(map);
	mdg_buf_reset(&j->raw);
	j->chars = 0;
	j->depth = 0;
}

static bool
is_open(uint32_t c)
{
	return c == 0x300C || c == 0x300E || c == 0x201C; /* 「 『 “ */
}

static bool
is_close(uint32_t c)
{
	return c == 0x300D || c == 0x300F || c == 0x201D;
}

enum { QUOTATION_BYTES_MAX = 2000, URL_BYTES_MAX = 2000 };

/* Does s begin a quotation that ends within the next characters? */
static bool
is_closed_later(const char *s, size_t n)
{
	size_t depth = 0;

	if (n > QUOTATION_BYTES_MAX)
		n = QUOTATION_BYTES_MAX;
	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		if (is_open(c))
			depth++;
		else if (is_close(c) && --depth == 0)
			return true;
	}
	return false;
}

/* Bytes of a URL, a mail address or `code` that starts here; else 0. */
static size_t
opaque_len(const char *s, size_t n)
{
	size_t i = 0;

	/* nobody quotes more: bounds the work on hostile lines */
	if (n > URL_BYTES_MAX)
		n = URL_BYTES_MAX;
	if (*s == '`') {
		const char *e = memchr(s + 1, '`', n - 1);
		return e ? (size_t)(e - s) + 1 : 0;
	}
	if (text_starts(s, n, "http://") || text_starts(s, n, "https://") ||
	    text_starts(s, n, "www.")) {
		while (i < n && (unsigned char)s[i] > ' ' &&
		       (unsigned char)s[i] < 0x7F && !strchr("<>\"'`", s[i]))
			i++;
		return i;
	}
	if (((unsigned char)*s | 0x20) >= 'a' &&
	    ((unsigned char)*s | 0x20) <= 'z') {
		size_t at_sign = 0;
		while (i < n && (unsigned char)s[i] > ' ' &&
		       (unsigned char)s[i] < 0x7F &&
		       !strchr("<>\"'`,;()", s[i])) {
			if (s[i] == '@')
				at_sign = i;
			i++;
		}
		return at_sign ? i : 0;
	}
	return 0;
}

static bool
is_end(uint32_t c)
{
	return c == 0x3002 || c == 0xFF61 || c == 0xFF01 || c == '!' ||
	       c == 0xFF1F || c == '?';
}

static bool
is_tail(uint32_t c) /* what may follow the end and belongs to it */
{
	return is_end(c) || c == 0xFF09 || c == ')' || c == 0x266A;
}

/* Put one line; quotations and opaque things become one MASK each. */
static void
put_line(struct joiner *j, const struct line *l)
{
	size_t at = l->at;

	for (size_t i = 0; i < l->n;) {
		uint32_t c;
		const char *s = l->s + i;
		size_t len = mdg_utf8_next(s, l->n - i, &c);
		/* a word is looked at from its beginning only */
		bool inside = i > 0 && (unsigned char)s[-1] < 0x7F &&
			      (unsigned char)s[-1] > ' ' &&
			      !strchr("<(\"'`,;:", s[-1]);
		size_t skip =
			j->depth == 0 && !inside ? opaque_len(s, l->n - i) : 0;
		if (skip > 0) {
			collect(j, MASK, strlen(MASK), at);
			at += mdg_utf8_len(s, skip);
			i += skip;
			j->at[j->chars] = (uint32_t)at;
			continue;
		}
		if (j->depth > 0 && is_close(c)) {
			j->depth--;
			if (j->depth == 0)
				collect(j, s, len, at);
		} else if (is_open(c) &&
			   (j->depth > 0 || is_closed_later(s, l->n - i))) {
			if (j->depth++ == 0) {
				collect(j, s, len, at);
				collect(j, MASK, strlen(MASK), at + 1);
			}
		} else if (j->depth == 0) {
			collect(j, s, len, at);
		}
		at++;
		i += len;
		uint32_t next = 0;
		if (i < l->n)
			mdg_utf8_next(l->s + i, l->n - i, &next);
		if (j->depth == 0 && is_tail(c) && !is_tail(next)) {
			/* （ご確認ください。） goes on; "Yahoo!知恵袋" too */
			if (is_end(c) || (j->raw.len > 6 && is_end(c)))
				finish(j, true);
		}
	}
}

/* A line ends a sentence without 。 when it ends politely and the next one
 * does not go on with a particle. */
static bool
ends_politely(const struct line *l)
{
	static const char *const tails[] = {
		"ます",     "です",   "ました", "でした",   "ません",
		"ください", "下さい", "ますか", "しょうか", "ですか",
		"様",       "）",     ")",      "」",
	};
	const char *s = l->s;
	size_t n = l->n;

	text_trim(&s, &n);
	for (size_t i = 0; i < MDG_LEN(tails); i++)
		if (text_ends(s, n, tails[i]))
			return true;
	return false;
}

static bool
goes_on(const struct line *l)
{
	static const char *const heads[] = {
		"が", "ので", "と",   "よう", "こと", "際",   "場合", "、",
		"。", "し、", "から", "けれ", "か",   "に",   "を",   "は",
		"の", "で",   "も",   "ませ", "た",   "ため", "や",   "へ",
	};
	const char *s = l->s;
	size_t n = l->n;

	text_trim(&s, &n);
	for (size_t i = 0; i < MDG_LEN(heads); i++)
		if (text_starts(s, n, heads[i]))
			return !text_starts(s, n, "こちら") &&
			       !text_starts(s, n, "とり") &&
			       !text_starts(s, n, "ため息") &&
			       !text_starts(s, n, "または") &&
			       !text_starts(s, n, "はじめ") &&
			       !text_starts(s, n, "もし") &&
			       !text_starts(s, n, "かし") &&
			       !text_starts(s, n, "では") &&
			       !text_starts(s, n, "でき") &&
			       !text_starts(s, n, "ただ") &&
			       !text_starts(s, n, "たび") &&
			       !text_starts(s, n, "また");
	return false;
}

static void
cut_sentences(struct draft *d, struct mdg_arena *a)
{
	struct joiner j = {.d = d, .arena = a};

	for (size_t i = 0; i < d->lines_n; i++) {
		const struct line *l = &d->lines[i];
		bool text = l->kind == LINE_BODY || l->kind == LINE_LIST ||
			    l->kind == LINE_HEADING ||
			    l->kind == LINE_ADDRESSEE;
		const struct line *before = i > 0 ? &d->lines[i - 1] : NULL;
		if (j.chars > 0 &&
		    (l->kind != LINE_BODY || j.kind == LINE_ADDRESSEE ||
		     j.kind == LINE_HEADING ||
		     (before && ends_politely(before) && !goes_on(l))))
			finish(&j, false);
		if (!text)
			continue;
		if (j.chars == 0)
			j.kind = l->kind;
		j.line = i;
		/* the indent of a line that goes on is no text */
		struct line body = *l;
		while (body.n > 0 && (*body.s == ' ' || *body.s == '\t' ||
				      text_starts(body.s, body.n, "　"))) {
			size_t skip = *body.s == ' ' || *body.s == '\t' ? 1 : 3;
			body.s += skip;
			body.n -= skip;
			body.at++;
		}
		put_line(&j, &body);
		if (j.chars == 0)
			j.kind = LINE_BODY;
	}
	finish(&j, false);
	mdg_buf_clear(&j.raw);
	free(j.at);
}

void
draft_read(struct draft *d, struct mdg_arena *arena, const char *text, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	uint32_t *map = NULL;
	size_t used = 0;

	*d = (struct draft){.text = text, .n = n};
	draft_read_lines(d, arena);
	cut_sentences(d, arena);
	for (size_t i = 0; i < d->lines_n; i++)
		used += d->lines[i].kind != LINE_BLANK &&
			d->lines[i].kind != LINE_QUOTE;
	d->is_letter = used >= 6 || (d->addressee_n > 0 && used >= 4);
	mdg_fold_mapped(&folded, &map, text, n, 0);
	uint32_t *at = mdg_arena_array(arena, folded.len + 1, sizeof(*at));
	memcpy(at, map, (folded.len + 1) * sizeof(*at));
	free(map);
	d->folded = mdg_arena_strndup(arena, mdg_buf_str(&folded), folded.len);
	d->folded_n = folded.len;
	d->folded_at = at;
}
