#include "madoguchi/reply/signs.h"

#include <string.h>

#include "feature.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

/* Nouns that any mail to any desk may have. */
static const char *const common[] = {
	"お願い",   "質問",   "問い合わせ", "お世話", "回答",     "返信",
	"連絡",     "確認",   "件",         "方",     "中",       "今回",
	"先日",     "昨日",   "今日",       "本日",   "今朝",     "明日",
	"先ほど",   "現在",   "最近",       "以前",   "自分",     "私",
	"皆様",     "担当",   "担当者",     "会社",   "様",       "何",
	"こと",     "もの",   "ため",       "ところ", "とき",     "場合",
	"方法",     "以上",   "以下",       "とおり", "通り",     "メール",
	"電話",     "お手数", "お忙しい",   "恐縮",   "失礼",     "都合",
	"状態",     "状況",   "内容",       "必要",   "可能",     "対応",
	"教示",     "説明",   "理由",       "原因",   "次第",     "予定",
	"午前",     "午後",   "曜日",       "re",     "fw",       "fwd",
	"http",     "https",  "www",        "com",    "jp",       "よろしく",
	"株式会社", "お客様", "サポート",   "窓口",   "センター", NULL,
};

static bool
in_list(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(s, *list) == 0)
			return true;
	return false;
}

static bool
is_number(const char *s)
{
	for (; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			return false;
	return true;
}

/* Worth counting: two characters or more that name a thing. */
static bool
tells(const struct mdg_word *w)
{
	static const char *const kinds[] = {"一般", "サ変接続", "固有名詞",
					    "形容動詞語幹", NULL};
	static const char *const people[] = {"人名", "地域", NULL};
	bool ascii = (unsigned char)w->surface[0] < 0x80;
	size_t chars = 0;

	for (size_t i = 0; i < w->len; chars++)
		i += mdg_utf8_next(w->surface + i, w->len - i, &(uint32_t){0});
	if (chars < 2 || w->len > MDG_SIGN_BYTES_MAX ||
	    !mdg_streq(w->pos, "名詞") || !in_list(w->pos1, kinds) ||
	    (w->pos2 && in_list(w->pos2, people)) ||
	    in_list(w->surface, common))
		return false;
	return !ascii || (chars >= 3 && !is_number(w->surface));
}

size_t
mdg_signs_find(struct mdg_words *words, const char *text, size_t max,
	       struct mdg_arena *arena, const char ***ret)
{
	struct mdg_cut cut;
	size_t n = 0;

	*ret = mdg_arena_array(arena, max, sizeof(**ret));
	mdg_cut_text(words, arena, mdg_query_text(arena, text), &cut);
	for (size_t i = 0; i < cut.n && n < max; i++) {
		bool known = false;
		if (!tells(&cut.v[i]))
			continue;
		for (size_t k = 0; k < n && !known; k++)
			known = mdg_streq((*ret)[k], cut.v[i].surface);
		if (!known)
			(*ret)[n++] = cut.v[i].surface;
	}
	return n;
}

bool
mdg_signs_holds(const char *text, const char *term)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf a = {0}, b = {0};

	mdg_fold(&a, text, strlen(text), MDG_FOLD_SEARCH | MDG_FOLD_NOSPACE);
	mdg_fold(&b, term, strlen(term), MDG_FOLD_SEARCH | MDG_FOLD_NOSPACE);
	return b.len && strstr(mdg_buf_str(&a), mdg_buf_str(&b));
}
