#include "feature.h"

#include <string.h>

#include "madoguchi/base/buf.h"
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

/* -- cutting ------------------------------------------------------------- */

/* Runs of one script as words, where there is no dictionary. */
static void
cut_runs(struct mdg_arena *a, const char *text, size_t n, struct mdg_cut *out)
{
	size_t start = 0;
	enum script run = OTHER;

	out->v = mdg_arena_array(a, n + 1, sizeof(*out->v));
	for (size_t i = 0; i <= n;) {
		uint32_t c = 0;
		size_t len = 1;
		enum script sc = OTHER;
		if (i < n) {
			len = mdg_utf8_next(text + i, n - i, &c);
			sc = script_of(c);
		}
		if (sc != run || i == n) {
			const char *s =
				mdg_arena_strndup(a, text + start, i - start);
			if (run != OTHER)
				out->v[out->n++] = (struct mdg_word){
					.surface = s,
					.start = start,
					.len = i - start,
					.pos = run == HIRAGANA ? "助詞"
							       : "名詞",
					.pos1 = "一般",
					.base = s,
					.yomi = "*",
				};
			start = i;
			run = sc;
		}
		i += len;
	}
}

void
mdg_cut_text(struct mdg_words *words, struct mdg_arena *arena, const char *text,
	     struct mdg_cut *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t n = strlen(text);

	*out = (struct mdg_cut){0};
	if (n > MDG_SUGGEST_TEXT_BYTES_MAX)
		n = mdg_utf8_cut(text, n, MDG_SUGGEST_TEXT_BYTES_MAX);
	mdg_fold(&b, text, n, MDG_FOLD_SEARCH);
	out->n = mdg_words_cut(words, arena, mdg_buf_str(&b), b.len, &out->v);
	if (out->n == 0)
		cut_runs(arena, mdg_buf_str(&b), b.len, out);
}

/* -- features ------------------------------------------------------------ */

static bool
in_list(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(*list, s) == 0)
			return true;
	return false;
}

/* Words of every question: they say that it is one, not what it is about. */
static const char *const stop_words[] = {
	"する",     "ある",       "いる",       "なる",       "できる",
	"出来る",   "思う",       "おる",       "いただく",   "頂く",
	"くださる", "下さる",     "やる",       "くれる",     "もらう",
	"いう",     "言う",       "みる",       "ござる",     "願う",
	"お願い",   "宜しい",     "よろしい",   "お世話",     "教える",
	"知る",     "知りたい",   "れる",       "られる",     "せる",
	"させる",   "う",         "方法",       "場合",       "とき",
	"時",       "こと",       "もの",       "ため",       "ところ",
	"必要",     "どう",       "どこ",       "いつ",       "いくら",
	"何",       "なに",       "様",         "さん",       "いたす",
	"致す",     "申す",       "以上",       "失礼",       "突然",
	"恐縮",     "すみません", "すいません", "こんにちは", "はじめまして",
	"お忙しい", "忙しい",     "多忙",       "お疲れ様",   "ない",
	"よい",     "いい",       NULL,
};

static bool
says_nothing(const struct mdg_word *w)
{
	static const char *const marks[] = {"代名詞", "数", "特殊", NULL};

	return in_list(w->base, stop_words) ||
	       in_list(w->surface, stop_words) ||
	       (strcmp(w->pos, "名詞") == 0 && in_list(w->pos1, marks));
}

static void
add(struct mdg_features *f, struct mdg_arena *a, const char *key,
    const char *show)
{
	if (f->n == f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 64;
		struct mdg_feature *v = mdg_arena_array(a, cap, sizeof(*v));
		if (f->n > 0)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = (struct mdg_feature){key, show};
}

/* Kanji, pairs of katakana, whole ASCII words of two signs or more. */
static void
add_grams(struct mdg_features *f, struct mdg_arena *a, const char *s)
{
	size_t n = strlen(s), prev = 0;
	enum script before = OTHER;
	bool ascii = n > 1;

	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = mdg_utf8_next(s + i, n - i, &c);
		enum script sc = script_of(c);
		ascii = ascii && sc == ASCII;
		if (sc == HAN)
			add(f, a, mdg_arena_strndup(a, s + i, len), NULL);
		if (sc == KATAKANA && before == KATAKANA)
			add(f, a,
			    mdg_arena_strndup(a, s + prev, i + len - prev),
			    NULL);
		before = sc;
		prev = i;
		i += len;
	}
	if (ascii)
		add(f, a, s, s);
}

/* Nouns by their reading, verbs and adjectives by their dictionary form. */
static void
add_word(struct mdg_features *f, struct mdg_arena *a, const struct mdg_word *w)
{
	static const char *const no_noun[] = {"非自立", "接尾", NULL};
	const char *key = NULL;

	if (strcmp(w->pos, "名詞") == 0 && !in_list(w->pos1, no_noun))
		key = strcmp(w->yomi, "*") == 0 ? w->surface : w->yomi;
	else if ((strcmp(w->pos, "動詞") == 0 ||
		  strcmp(w->pos, "形容詞") == 0) &&
		 strcmp(w->pos1, "自立") == 0)
		key = w->base;
	if (key)
		add(f, a, mdg_arena_printf(a, "=%s", key),
		    strcmp(w->pos, "名詞") == 0 ? w->surface : w->base);
}

void
mdg_features_add(struct mdg_arena *arena, const struct mdg_cut *cut,
		 struct mdg_features *out)
{
	for (size_t i = 0; i < cut->n; i++) {
		if (says_nothing(&cut->v[i]))
			continue;
		add_grams(out, arena, cut->v[i].surface);
		add_word(out, arena, &cut->v[i]);
	}
}
