/*
 * Set phrases with one wrong, missing or superfluous character.
 *
 * Each phrase is a stem that goes on in more than one way. What begins and
 * ends like it and is one character away from it is a slip of the fingers:
 * nobody means ありがとうごいます.
 */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum { PHRASE_CHARS_MAX = 24, TAIL_CHARS = 2, HEAD_CHARS = 6 };

static const char *const phrases[] = {
	"ありがとうございま", "お願いいたしま",   "お願い申し上げま",
	"お詫び申し上げま",   "お礼申し上げま",   "よろしくお願い",
	"申し訳ございませ",   "お待ちしておりま", "お世話になっておりま",
	"くださいますよう",   "お待ちくださいま", "いただけますでしょうか",
	"恐れ入りますが",     "存じておりま",     "かしこまりまし",
	"承知いたしまし",     "お手数をおかけ",   "ご迷惑をおかけ",
	"ご不便をおかけ",     "どうぞよろしく",   "よろしくおねがいしま",
	"お問い合わせいただ", "ご連絡いただ",     "ご利用いただ",
	"ご確認いただ",       "ご確認ください",   "ご連絡ください",
	"ご了承ください",     "お待ちください",   "お送りいたしま",
	"ご案内いたしま",     "ご連絡いたしま",   "お問い合わせ",
};

/* What may stand, or be left out, without being a slip. */
static const uint32_t may_stand[] = {0x3001, 0x306F, 0x3092, 0x3082, 0x304C,
				     0x306E, 0x306B, 0x3067, 0x3068};
static const uint32_t may_lack[] = {0x3001, 0x3092, 0x304A, 0x3054};

static bool
is_among(uint32_t c, const uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c == list[i])
			return true;
	return false;
}

static bool
is_kanji(uint32_t c)
{
	return c >= 0x4E00 && c <= 0x9FFF;
}

/* Is b the string a with one character changed, added or left out, or with two
 * in each other's place? */
static bool
is_one_away(const uint32_t *a, size_t a_n, const uint32_t *b, size_t b_n)
{
	size_t head = 0, tail = 0, least = a_n < b_n ? a_n : b_n;

	while (head < least && a[head] == b[head])
		head++;
	/* a doubled character counts to both */
	while (tail < least && a[a_n - 1 - tail] == b[b_n - 1 - tail])
		tail++;
	if (a_n == b_n && head > 0 && head + 2 < a_n &&
	    head + tail + 2 == a_n && a[head] == b[head + 1] &&
	    a[head + 1] == b[head])
		return true;
	/* a long beginning is known by less of an end */
	if (head == 0 || tail < (head < HEAD_CHARS ? TAIL_CHARS : 1) ||
	    head + tail + 1 < (a_n > b_n ? a_n : b_n))
		return false;
	if (a_n < b_n)
		return !is_among(b[head], may_stand, MDG_LEN(may_stand));
	if (a_n > b_n)
		return !is_among(a[head], may_lack, MDG_LEN(may_lack));
	/* another kanji is another word */
	return !is_kanji(a[head]) && !is_kanji(b[head]);
}

static size_t
decode(const char *s, size_t n, uint32_t *out, uint32_t *at, size_t cap)
{
	size_t k = 0;

	for (size_t i = 0; i < n && k < cap; k++) {
		at[k] = (uint32_t)i;
		i += mdg_utf8_next(s + i, n - i, &out[k]);
		at[k + 1] = (uint32_t)i;
	}
	return k;
}

struct letters {
	uint32_t *c, *at;
	size_t n;
};

static bool
starts_with(const struct letters *l, size_t i, const uint32_t *p, size_t n)
{
	return l->n - i >= n && memcmp(l->c + i, p, n * sizeof(*p)) == 0;
}

struct phrase {
	uint32_t c[PHRASE_CHARS_MAX];
	size_t n;
};

/* Slips of one phrase in one sentence; what is right is stepped over. */
static void
look_for(struct lint_run *run, const struct sentence *s,
	 const struct letters *l, const struct phrase *phrase,
	 const char *suggestion)
{
	const uint32_t *p = phrase->c;
	const size_t n = phrase->n;

	for (size_t i = 0; i + n <= l->n + 1; i++) {
		/* 了承いたし… is no slip of 承知いたし… */
		if (l->c[i] != p[0] ||
		    (i > 0 && is_kanji(p[0]) && is_kanji(l->c[i - 1])))
			continue;
		if (starts_with(l, i, p, n)) {
			i += n - 1;
			continue;
		}
		for (size_t w = n - 1; w <= n + 1 && i + w <= l->n; w++) {
			if (!is_one_away(p, n, l->c + i, w))
				continue;
			lint_emit_with(
				run, s->at[l->at[i]], s->at[l->at[i + w]],
				mdg_arena_printf(run->arena, "%s", suggestion));
			return;
		}
	}
}

static void
phrase_typo(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	const struct lint_pairs *pairs = &run->lint->pairs[0];
	struct phrase p[MDG_LEN(phrases)];
	uint32_t at[PHRASE_CHARS_MAX + 1];

	(void)arg;
	for (size_t k = 0; k < MDG_LEN(phrases); k++)
		p[k].n = decode(phrases[k], strlen(phrases[k]), p[k].c, at,
				PHRASE_CHARS_MAX);
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		struct letters l;
		if (s->kind != LINE_BODY)
			continue;
		l.c = mdg_arena_array(run->arena, s->len + 1, sizeof(*l.c));
		l.at = mdg_arena_array(run->arena, s->len + 2, sizeof(*l.at));
		l.n = decode(s->s, s->len, l.c, l.at, s->len);
		for (size_t k = 0; k < MDG_LEN(phrases); k++)
			if (lint_pairs_char(pairs, p[k].c[0]) &
			    lint_sentence_bit(i))
				look_for(run, s, &l, &p[k], phrases[k]);
	}
}

static const struct lint_check checks[] = {
	{"phrase_typo", phrase_typo},
	{"miswritten", lint_miswritten},
};

lint_check_fn *
lint_typo_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return lint_tone_find(name);
}
