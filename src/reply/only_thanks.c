/*
 * "ご返信ありがとうございました。解決しました。": there is nothing to answer.
 * Every sentence thanks, takes note or is courtesy, one at least does the
 * former, and none asks, wants, denies or goes on to something else. Praise
 * for somebody (親切に、丁寧に) is no such mail: that is answered with thanks.
 */
#include <string.h>

#include "feature.h"
#include "madoguchi/base/str.h"

static const char *const thanks[] = {
	"ありがと",     "有難",
	"有り難う",     "感謝",
	"助かりました", "お礼",
	"御礼",         "承知",
	"了解",         "かしこまりました",
	"拝受",         "拝見しました",
	"thank you",    "Thank you",
	"Thanks",       "thanks",
	"THANK",
};
/* The same, if it is all that a short sentence says: "色違いと分かりました"
 * tells of trouble. */
static const char *const brief[] = {
	"わかりました",     "分かりました",     "解りました",
	"解決し",           "解決いたしました", "解決致しました",
	"直りました",       "治りました",       "できました",
	"出来ました",       "無事に届き",       "無事届き",
	"無事に受け取",     "無事受け取",       "確認しました",
	"確認いたしました", "確認致しました",   "結構です",
	"大丈夫です",       "問題ありません",   "問題ございません",
	"OKです",           "オッケー",
};
/* Said beside it, and nothing to answer either. */
static const char *const beside[] = {
	"よろしくお願い",
	"宜しくお願い",
	"よろしくおねがい",
	"引き続き",
	"今後とも",
	"またよろしく",
	"また何か",
	"お世話",
	"お手数",
	"お騒がせ",
	"ご迷惑をおかけしました",
	"失礼",
	"お待ちしています",
	"お待ちしております",
	"待っています",
	"待ってます",
	"楽しみに",
	"おかげさまで",
	"お陰様で",
	"おかげで",
	"取り急ぎ",
	"お疲れ様",
	"ご自愛",
	"以上です",
	"と申します",
	"お忙しい",
	"どうも",
	"安心しました",
};
/* An end to it: a question, a wish, a trouble, a turn, or praise. */
static const char *const more[] = {
	"?",          "？",           "か。",
	"ですか",     "ますか",       "ましたか",
	"でしょうか", "教えて",       "ください",
	"下さい",     "ほしい",       "欲しい",
	"たい",       "したく",       "希望",
	"お願いし",   "お願いで",     "お願いが",
	"頂けます",   "いただけます", "いただけませ",
	"もらえ",     "ません",       "なかった",
	"ない",       "まだ",         "のに",
	"ですが",     "ますが",       "ましたが",
	"けど",       "けれど",       "ところで",
	"ただ",       "しかし",       "でも",
	"それと",     "あと、",       "別件",
	"追加",       "もう一",       "もうひと",
	"ついで",     "親切",         "丁寧",
	"うれし",     "嬉し",         "気持ち",
	"感動",       "素晴らし",     "すばらし",
	"スタッフ",   "店員",         "壊れ",
	"割れ",       "違",           "間違",
	"傷",         "汚れ",         "不良",
	"不具合",     "エラー",       "遅",
	"困",         "残念",         "最悪",
	"ひど",       "返品",         "返金",
	"交換",       "解約",         "退会",
	"取消",       "キャンセル",   "please",
	"Please",     "could",
};
/* … of which these are none. */
static const char *const no_more[] = {
	"問題ありません",
	"問題ございません",
	"申し訳ありません",
	"申し訳ございません",
	"よろしくお願いします",
	"宜しくお願いします",
	"よろしくお願いいたします",
	"宜しくお願いいたします",
	"よろしくお願い致します",
	"宜しくお願い致します",
	"ありがたい",
	"冷たい",
	"ご自愛ください",
	"お伝えください",
	"とんでもない",
	"間違いなく",
	"遅くなり",
	"お返事が遅",
};

enum { SENTENCE_CHARS_MAX = 60, BRIEF_CHARS_MAX = 14, SENTENCES_MAX = 8 };

static bool
says(const char *s, size_t n, const char *const *list, size_t list_n)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_str_starts_any(s + i, n - i, list, list_n))
			return true;
	return false;
}

static bool
goes_on(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t skip = mdg_str_starts_any(s + i, n - i, no_more, MDG_LEN(no_more));
		if (!skip && mdg_str_starts_any(s + i, n - i, more, MDG_LEN(more)))
			return true;
		i += skip ? skip : 1;
	}
	return false;
}

/* "田中 一郎", "090-0000-0000": who writes; no hiragana, a space or a digit. */
static bool
is_sender(const char *s, size_t n)
{
	bool mark = false;

	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		if (c >= 0x3041 && c <= 0x3096)
			return false;
		mark |= c == ' ' || c == 0x3000 || c == '@' || c == '-';
	}
	return mark && mdg_utf8_len(s, n) <= 30;
}

static size_t
sentence(const char *s)
{
	static const char *const ends[] = {"。", "！", "!", "？", "?", "\n"};

	for (size_t i = 0; s[i]; i++) {
		size_t len = mdg_str_starts_any(s + i, strlen(s + i), ends, MDG_LEN(ends));
		if (len)
			return i + len;
	}
	return strlen(s);
}

bool
mdg_says_only_thanks(const char *text)
{
	static const char *const re[] = {"Re:", "RE:", "re:", "Re：", "返信:"};
	bool thanked = false;
	size_t seen = 0;

	/* an answer's subject tells what it answers */
	if (mdg_str_starts_any(text, strlen(text), re, MDG_LEN(re)) && strchr(text, '\n'))
		text = strchr(text, '\n') + 1;
	for (size_t n; *text; text += n) {
		n = sentence(text);
		size_t blank = strspn(text, " \r\n\t");
		if (blank >= n)
			continue;
		if (++seen > SENTENCES_MAX ||
		    mdg_utf8_len(text, n) > SENTENCE_CHARS_MAX ||
		    goes_on(text, n))
			return false;
		if (says(text, n, thanks, MDG_LEN(thanks)) ||
		    (mdg_utf8_len(text, n) <= BRIEF_CHARS_MAX &&
		     says(text, n, brief, MDG_LEN(brief))))
			thanked = true;
		else if (!says(text, n, beside, MDG_LEN(beside)) &&
			 !(thanked && is_sender(text, n)))
			return false;
	}
	return thanked;
}
