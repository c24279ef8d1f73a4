#include "feature.h"

#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum script { OTHER, HIRAGANA, KATAKANA, HAN, ASCII };

static enum script
script_of(uint32_t c)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
		return ASCII;
	if (c >= 0x3041 && c <= 0x309F)
		return HIRAGANA;
	if ((c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC)
		return KATAKANA;
	if (c == 0x3005 || c == 0x3007 || (c >= 0x3400 && c <= 0x9FFF) ||
	    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF))
		return HAN;
	return OTHER;
}

static void
add(struct mdg_features *f, struct mdg_arena *a, const char *s, size_t n)
{
	if (n == 0)
		return;
	if (f->n == f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 64;
		const char **v = mdg_arena_array(a, cap, sizeof(*v));
		if (f->n > 0)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = mdg_arena_strndup(a, s, n);
}

/* -- grams ------------------------------------------------------------- */

struct gram_state {
	struct mdg_arena *arena;
	struct mdg_features *uni, *bi;
	const char *prev; /* the character before, in the same run */
	enum script prev_script;
	const char *katakana; /* start of the katakana run */
};

static void
ascii_word(struct gram_state *g, const char *s, size_t n)
{
	/* a lone digit or letter says nothing */
	if (n < 2)
		return;
	add(g->uni, g->arena, s, n);
	add(g->bi, g->arena, s, n);
}

static void
letter(struct gram_state *g, const char *p, size_t len, enum script sc)
{
	bool pair = g->prev != NULL;

	if (sc == HAN)
		add(g->uni, g->arena, p, len);
	if (sc == KATAKANA && pair && g->prev_script == KATAKANA)
		add(g->uni, g->arena, g->prev, (size_t)(p + len - g->prev));
	if (pair && !(sc == HIRAGANA && g->prev_script == HIRAGANA))
		add(g->bi, g->arena, g->prev, (size_t)(p + len - g->prev));
	g->prev = p;
	g->prev_script = sc;
}

static void
grams(struct mdg_arena *a, const char *text, size_t n, struct mdg_features *uni,
      struct mdg_features *bi)
{
	struct gram_state g = {.arena = a, .uni = uni, .bi = bi};

	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = mdg_utf8_next(text + i, n - i, &c);
		enum script sc = script_of(c);
		if (sc == ASCII) {
			size_t j = i;
			while (j < n &&
			       script_of((unsigned char)text[j]) == ASCII)
				j++;
			ascii_word(&g, text + i, j - i);
			g.prev = NULL;
			i = j;
			continue;
		}
		if (sc == OTHER)
			g.prev = NULL;
		else
			letter(&g, text + i, len, sc);
		i += len;
	}
}

/* -- words ------------------------------------------------------------- */

static bool
in_list(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(*list, s) == 0)
			return true;
	return false;
}

/* Words of every mail: they say that it is a mail, not what it is about. */
static const char *const stop_words[] = {
	"する",     "ある",       "いる",       "なる",       "できる",
	"出来る",   "思う",       "おる",       "いただく",   "頂く",
	"くださる", "下さる",     "やる",       "くれる",     "もらう",
	"いう",     "言う",       "みる",       "ござる",     "願う",
	"お願い",   "宜しい",     "よろしい",   "お世話",     "世話",
	"様",       "御",         "さん",       "いたす",     "致す",
	"申す",     "件",         "以上",       "失礼",       "突然",
	"恐縮",     "すみません", "すいません", "こんにちは", "はじめまして",
	"お忙しい", "忙しい",     "多忙",       "お疲れ様",   "ない",
	"よい",     "いい",       "教える",     "知りたい",   "れる",
	"られる",   "せる",       "させる",     "う",
	"今日", "本日", "昨日", "明日", "先日", "今週", "来週", "先週", "今月",
	"来月", "先ほど", "今回", "知る", "来る", "行く", "出す", "客様", "客",
	NULL,
};

static bool
is_content(const struct mdg_word *w)
{
	static const char *const no_noun[] = {"非自立", "代名詞", "数",
					      "特殊",   "接尾",   NULL};

	if (strcmp(w->pos, "名詞") == 0)
		return !in_list(w->pos1, no_noun);
	if (strcmp(w->pos, "動詞") == 0 || strcmp(w->pos, "形容詞") == 0)
		return strcmp(w->pos1, "自立") == 0;
	return false;
}

/*
 * The normal form of a word: with two kanji or more its kana is okurigana,
 * which people write or leave out (取り消し, 取消し, 取消), also across
 * noun and verb; a long vowel at the end of katakana likewise (メモリー).
 */
static void
add_word(struct mdg_features *f, struct mdg_arena *a, const char *s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf han = {0};
	size_t n = strlen(s), han_n = 0, letters = 0, last_kata = 0;
	bool katakana = true, meaning = false;

	if (in_list(s, stop_words))
		return;
	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = mdg_utf8_next(s + i, n - i, &c);
		enum script sc = script_of(c);
		if (sc != KATAKANA)
			katakana = false;
		if (sc != OTHER)
			meaning = true;
		if (sc != HIRAGANA)
			mdg_buf_put(&han, s + i, len);
		if (sc == HAN)
			han_n++;
		last_kata = c == 0x30FC ? i : 0;
		letters++;
		i += len;
	}
	if (!meaning)
		return;
	if (han_n >= 2)
		add(f, a, mdg_buf_str(&han), han.len);
	else if (katakana && letters >= 4 && last_kata > 0)
		add(f, a, s, last_kata);
	else if (letters > 1 || han_n > 0)
		add(f, a, s, n);
}

/* Runs of one script, where there is no dictionary. */
static void
script_runs(struct mdg_arena *a, const char *text, size_t n,
	    struct mdg_features *f)
{
	size_t start = 0;
	enum script run = OTHER;

	for (size_t i = 0; i <= n;) {
		uint32_t c = 0;
		size_t len = 1;
		enum script sc = OTHER;
		if (i < n) {
			len = mdg_utf8_next(text + i, n - i, &c);
			sc = script_of(c);
		}
		if (sc != run || i == n) {
			if (run != OTHER && run != HIRAGANA)
				add_word(f, a,
					 mdg_arena_strndup(a, text + start,
							   i - start));
			start = i;
			run = sc;
		}
		i += len;
	}
}

static void
content_words(struct mdg_words *words, struct mdg_arena *a, const char *text,
	      size_t n, struct mdg_features *f)
{
	struct mdg_word *w;
	size_t count = mdg_words_cut(words, a, text, n, &w);

	if (count == 0) {
		script_runs(a, text, n, f);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_content(&w[i]))
			continue;
		const char *pos = w[i].pos;
		add_word(f, a,
			 strcmp(pos, "名詞") == 0 ? w[i].surface : w[i].base);
	}
}

void
mdg_features_extract(struct mdg_words *words, struct mdg_arena *arena,
		     const char *text,
		     struct mdg_features out[MDG_FEATURE_KIND_N])
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t n = strlen(text);

	if (n > MDG_SUGGEST_TEXT_BYTES_MAX)
		n = mdg_utf8_cut(text, n, MDG_SUGGEST_TEXT_BYTES_MAX);
	memset(out, 0, sizeof(*out) * MDG_FEATURE_KIND_N);
	mdg_fold(&b, text, n, MDG_FOLD_SEARCH);
	/* the features point into nothing of b: they are copied */
	grams(arena, mdg_buf_str(&b), b.len, &out[MDG_FEATURE_UNIGRAM],
	      &out[MDG_FEATURE_BIGRAM]);
	content_words(words, arena, mdg_buf_str(&b), b.len,
		      &out[MDG_FEATURE_WORD]);
}
