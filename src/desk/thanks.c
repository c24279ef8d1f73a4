/* お礼: is this all that a mail says? Any doubt, and a person looks at it. */
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/thread.h"
#include "madoguchi/text/fold.h"

enum { THANKS_CHARS_MAX = 200, NAME_CHARS_MAX = 12 };

/* How a clause ends that thanks. */
static const char *const thanks_words[] = {
	"ありがとう", "有難う",	   "有り難う", "感謝", "助かりました",
	"解決しました", "thank you", "thanks",	"many thanks",
};
/* What may stand beside it without meaning more. */
static const char *const courtesies[] = {
	"お世話になって",	"お世話になりました", "お世話になります",
	"よろしくお願い",	"宜しくお願い",	      "無事に届きました",
	"無事届きました",	"無事に受け取り",     "無事受け取り",
	"本日届きました",	"先ほど届きました",   "商品届きました",
	"商品が届きました",	"確認いたしました",   "確認しました",
	"承知いたしました",	"承知しました",	      "了解いたしました",
	"了解しました",		"了解です",	      "かしこまりました",
	"安心しました",		"安心いたしました",   "また利用させて",
	"また利用いたします",	"また購入",	      "失礼いたします",
	"失礼します",		"取り急ぎ",	      "お礼まで",
	"御礼まで",		"問題ありませんでした", "問題なく",
	"大変助かり",		"嬉しいです",	      "うれしいです",
	"おかげさまで",		"お手数をおかけしました",
	"お手数おかけしました",
};
/* Anything that asks, refuses or goes on. */
static const char *const doubt_words[] = {
	"?",	  "か。",   "ください", "下さい", "でしょうか", "ますか",
	"ですか", "教えて", "しかし",	"ですが", "ますが",	"けど",
	"ただ、", "ただし",	"いただけ", "頂け",	"いただきたい", "頂きたい",
	"まだ",   "また、",	"ところで", "追加",	"ない",
	"なく",	  "please", "but ",	"however", "how ",	"できません",
	"でも",	  "もう一", "別の",	"違",	  "壊",		"割れ",
	"返金",	  "キャンセル", "至急",	"のに",	  "けれど",	"が、",
};
/* Polite forms that hold a word of doubt and mean none. */
static const char *const harmless[] = {
	"問題ありませんでした", "問題なく",	"間違いなく", "申し訳ない",
	"とんでもない",		"またの機会", "またよろしく",
};

static bool
has_any(const char *s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(s, words[i]))
			return true;
	return false;
}

static void
drop(struct mdg_buf *b, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf rest = {0};
		size_t len = strlen(words[i]);
		const char *s = mdg_buf_str(b), *at;
		if (!strstr(s, words[i]))
			continue;
		for (; (at = strstr(s, words[i])); s = at + len)
			mdg_buf_put(&rest, s, (size_t)(at - s));
		mdg_buf_puts(&rest, s);
		mdg_buf_reset(b);
		mdg_buf_put(b, mdg_buf_str(&rest), rest.len);
	}
}

/* A word alone that is a wish and no name. */
static const char *const wishes[] = {
	"希望", "返品", "交換", "返金", "注文", "購入", "在庫", "修理", "発送",
	"再送", "連絡", "確認", "住所", "変更", "不良", "未着", "不可", "取消",
	"解約", "退会", "故障", "欠品", "請求", "領収", "見積", "不明", "未定",
};

/* "田中です", "株式会社山田 佐藤様", "田中": who writes, or to whom. */
static bool
is_name(const char *s)
{
	static const char *const ends[] = {"です", "様", "さま", "御中",
					   "と申します", "より", "各位", "拝"};
	size_t n = strlen(s);

	static const char *const particles[] = {"は", "を", "が", "に", "も"};

	if (mdg_utf8_len(s, n) > 2 * NAME_CHARS_MAX ||
	    has_any(s, particles, MDG_LEN(particles)) ||
	    has_any(s, wishes, MDG_LEN(wishes)))
		return false;
	for (size_t i = 0; i < MDG_LEN(ends); i++) {
		size_t len = strlen(ends[i]);
		if (n > len && mdg_streq(s + n - len, ends[i]))
			return true;
	}
	return false;
}

/* The last clause says what a Japanese sentence says. */
static const char *
last_clause(const char *s)
{
	const char *at = s, *p;

	for (; (p = strstr(at, "、")) && p[strlen("、")];)
		at = p + strlen("、");
	return at;
}

enum verdict { NOTHING, THANKS, COURTESY, DOUBT };

static enum verdict
judge(const char *s)
{
	s += strspn(s, " \t-*_=~♪");
	if (!*s)
		return NOTHING;
	const char *end = last_clause(s);
	if (has_any(end, thanks_words, MDG_LEN(thanks_words)))
		return THANKS;
	if (has_any(end, courtesies, MDG_LEN(courtesies)) || is_name(s))
		return COURTESY;
	return DOUBT;
}

/* 。 ! and line ends divide; a line that is only blanks is nothing. */
static size_t
sentence_len(const char *s, size_t *ret_skip)
{
	size_t n = 0;

	while (s[n]) {
		if (s[n] == '\n' || s[n] == '!' || s[n] == '.') {
			*ret_skip = n + 1;
			return n;
		}
		if (mdg_str_starts(s + n, "。")) {
			*ret_skip = n + strlen("。");
			return n;
		}
		n++;
	}
	*ret_skip = n;
	return n;
}

bool
mdg_text_is_thanks(const char *reply)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf doubt = {0};
	size_t skip, unknown = 0, thanks = 0;

	if (mdg_utf8_len(reply, strlen(reply)) > THANKS_CHARS_MAX)
		return false;
	mdg_fold(&folded, reply, strlen(reply), MDG_FOLD_SEARCH);
	mdg_buf_put(&doubt, mdg_buf_str(&folded), folded.len);
	drop(&doubt, harmless, MDG_LEN(harmless));
	if (has_any(mdg_buf_str(&doubt), doubt_words, MDG_LEN(doubt_words)))
		return false;
	for (const char *p = mdg_buf_str(&folded); *p; p += skip) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf one = {0};
		mdg_buf_put(&one, p, sentence_len(p, &skip));
		enum verdict v = judge(mdg_buf_str(&one));
		thanks += v == THANKS;
		unknown += v == DOUBT;
		/* the last line may be a bare name */
		if (v == DOUBT && thanks && !p[skip] &&
		    mdg_utf8_len(mdg_buf_str(&one), one.len) <= 6 &&
		    !has_any(mdg_buf_str(&one), wishes, MDG_LEN(wishes)))
			unknown--;
	}
	return thanks > 0 && unknown == 0;
}
