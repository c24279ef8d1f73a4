/* What a customer asks, without what every mail says. */
#include <string.h>

#include "feature.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

/* A sentence that is little more than one of these is a greeting. */
static const char *const greetings[] = {
	"お世話になっております",
	"お世話になります",
	"お世話になっています",
	"お世話様です",
	"はじめまして",
	"初めまして",
	"初めてメールいたします",
	"初めてご連絡いたします",
	"初めて問い合わせ",
	"こんにちは",
	"こんばんは",
	"おはようございます",
	"突然のメール",
	"突然のご連絡",
	"突然すみません",
	"お忙しいところ",
	"お忙しい中",
	"ご多忙のところ",
	"ご多用のところ",
	"よろしくお願いいたします",
	"よろしくお願い致します",
	"よろしくお願いします",
	"よろしくおねがいします",
	"宜しくお願いいたします",
	"宜しくお願い致します",
	"宜しくお願いします",
	"よろしくお願い申し上げ",
	"以上です",
	"いつもありがとうございます",
	"いつも利用して",
	"いつもお世話に",
	"と申します",
	"失礼いたします",
	"失礼します",
	"お手数をおかけしますが",
	"お手数おかけしますが",
	"ご回答お願い",
	"ご返信お待ち",
	"ご連絡お待ち",
};

enum { BESIDE_CHARS_MAX = 9 }; /* 田中, 何卒, 恐れ入りますが */

static bool
is_greeting(const char *s, size_t n)
{
	for (size_t i = 0; i < MDG_LEN(greetings); i++) {
		size_t len = strlen(greetings[i]);
		if (memmem(s, n, greetings[i], len) &&
		    mdg_utf8_len(s, n) <=
			    mdg_utf8_len(greetings[i], len) + BESIDE_CHARS_MAX)
			return true;
	}
	return false;
}

/*
 * "ご多用中とは存じますが、ご回答いただけますと幸いです": courtesy is said in
 * ever new ways, but always of the same stuff. A sentence is one if it has a
 * turn that courtesy ends in, no kanji but those of courtesy, and denies
 * nothing: "まだご連絡をいただけません" is what the mail is about.
 */
static const char courtesy_kanji[] =
	"御返信事答回連絡対応検討確認教示手数恐入忙中多用願待助幸甚早急至取先日"
	"程丁寧有難感謝初致頂申訳失礼長文乱度何卒宜世話以上下時間際件方今後引続"
	"突然夜分遅朝迅速親切煩縮存嬉添力不躾質問大変々毎平素貴重賜拝見読面倒"
	"迷惑掛此誠様皆利";
static const char *const courtesy_words[] = {
	"メール",   "本日",   "昨日",           "先週",   "大丈夫",
	"楽しみ",   "下手",   "文章",           "説明が", "分かりにくい",
	"電話にて", "電話で", "問い合わせさせ",
};
static const char *const courtesy_turns[] = {
	"待って",         "大丈夫です",
	"楽しみに",       "ごめん",
	"お世話",         "お願い",
	"おねがい",       "御願い",
	"お待ち",         "助かり",
	"幸い",           "幸甚",
	"ありがと",       "有難",
	"有り難",         "感謝",
	"すみません",     "すいません",
	"申し訳",         "恐れ入り",
	"恐縮",           "失礼",
	"よろしく",       "宜しく",
	"取り急ぎ",       "とり急ぎ",
	"嬉しい",         "うれしい",
	"世話にな",       "いただけます",
	"頂けます",       "させていただきます",
	"ご返信ください", "ご連絡ください",
	"ご回答ください", "お返事ください",
	"ご返事ください", "利用させていただいて",
};
static const char *const courtesy_denials[] = {
	"すみません",         "すいません", "申し訳ありません",
	"申し訳ございません", "申し訳ない", "申し訳なく",
};
static const char *const denials[] = {"ません", "ない", "なく", "まだ", "のに"};

enum { COURTESY_CHARS_MAX = 60, ASKED_CHARS_MIN = 12 };

static bool
denies(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t skip = mdg_str_starts_any(s + i, n - i, courtesy_denials,
					  MDG_LEN(courtesy_denials));
		if (skip)
			i += skip - 1;
		else if (mdg_str_starts_any(s + i, n - i, denials, MDG_LEN(denials)))
			return true;
	}
	return false;
}

static bool
is_courtesy(const char *s, size_t n)
{
	bool turn = false;

	if (mdg_utf8_len(s, n) > COURTESY_CHARS_MAX)
		return false;
	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = mdg_utf8_next(s + i, n - i, &c);
		bool kana = (c >= 0x3041 && c <= 0x3096) || c == 0x30FC;
		bool sign = c < '0' ||
			    (c >= 0x3000 && c <= 0x303F && c != 0x3005) ||
			    c == 0xFF01 || c == 0xFF0C || c == 0xFF1F;
		turn |= mdg_str_starts_any(s + i, n - i, courtesy_turns,
				    MDG_LEN(courtesy_turns)) > 0;
		size_t word = mdg_str_starts_any(s + i, n - i, courtesy_words,
					  MDG_LEN(courtesy_words));
		if (word)
			len = word;
		else if (!kana && !sign &&
			 !memmem(courtesy_kanji, sizeof(courtesy_kanji) - 1,
				 s + i, len))
			return false;
		i += len;
	}
	return turn && !denies(s, n);
}

static bool
is_quote(const char *s, size_t n)
{
	while (n > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	return (n > 0 && *s == '>') || (n >= 3 && memcmp(s, "＞", 3) == 0);
}

/* "-- ", or a line of five or more signs and nothing else. */
static bool
is_rule_line(const char *s, size_t n)
{
	size_t signs = 0;

	if (n == 3 && memcmp(s, "-- ", 3) == 0)
		return true;
	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		if (c == '-' || c == '=' || c == '_' || c == '*' || c == '+' ||
		    c == '~' || (c >= 0x2500 && c <= 0x257F) || c == 0x2010 ||
		    c == 0x2015 || c == 0x30FC || c == 0xFF0D || c == 0x203B ||
		    c == 0x301C || c == 0xFF1D || c == 0xFF0A || c == '\r')
			signs++;
		else if (c != ' ' && c != 0x3000)
			return false;
	}
	return signs >= 5;
}

/* ---- "注文番号は A-12345": who writes, not what is wanted ---- */

static const char *const number_words[] = {
	"番号", "ナンバー", "№",   "No.", "No",     "NO",     "Ｎｏ", "ID",
	"ＩＤ", "電話",     "TEL", "Tel", "ＴＥＬ", "連絡先", "携帯",
};
static const char *const number_heads[] = {
	"注文",     "受注",   "オーダー", "会員",       "お客様",
	"お客さま", "顧客",   "受付",     "問い合わせ", "問合せ",
	"管理",     "予約",   "契約",     "取引",       "決済",
	"伝票",     "送り状", "追跡",     "郵便",       "携帯",
	"携帯電話", "電話",   "登録",     "整理",       "製造",
};
static const char *const number_links[] = {
	"は", "が", "：", ":",  "＝", "=",  "#", "＃", " ",  "　",
	"】", "＞", ">",  "」", "』", "）", ")", "]",  "、", "の",
};
static const char *const number_ends[] = {
	"）",         ")",          "」",           "』",
	"になります", "となります", "でございます", "です",
};

enum { NUMBER_CHARS_MIN = 3, NUMBER_LINKS_MAX = 4 };

/* Bytes of a number at the start of `s`: letters and signs with a digit. */
static size_t
number_len(const char *s, size_t n)
{
	size_t at = 0, chars = 0;
	bool digit = false;

	while (at < n) {
		uint32_t c;
		size_t len = mdg_utf8_next(s + at, n - at, &c);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFF01 - '!';
		digit |= c >= '0' && c <= '9';
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		      (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
		      c == '.' || c == '/' || c == 0x2010 || c == 0x2212))
			break;
		at += len;
		chars++;
	}
	return digit && chars >= NUMBER_CHARS_MIN ? at : 0;
}

/* Bytes of "番号は A-12345です" at the start of `s`, or 0. */
static size_t
named_number_len(const char *s, size_t n)
{
	size_t at = mdg_str_starts_any(s, n, number_words, MDG_LEN(number_words));
	size_t len;

	if (!at)
		return 0;
	for (int i = 0; i < NUMBER_LINKS_MAX; i++)
		at += mdg_str_starts_any(s + at, n - at, number_links,
				  MDG_LEN(number_links));
	len = number_len(s + at, n - at);
	if (!len)
		return 0;
	at += len;
	while ((len = mdg_str_starts_any(s + at, n - at, number_ends,
				  MDG_LEN(number_ends))))
		at += len;
	return at;
}

/* Takes "ご注文" back, of which a number was named. */
static void
drop_number_head(struct mdg_buf *out, size_t from)
{
	static const char *const polite[] = {"ご", "御", "お"};
	const char *s = mdg_buf_str(out);
	size_t best = 0;

	for (size_t i = 0; i < MDG_LEN(number_heads); i++) {
		size_t len = strlen(number_heads[i]);
		if (len > best && out->len - from >= len &&
		    memcmp(s + out->len - len, number_heads[i], len) == 0)
			best = len;
	}
	out->len -= best;
	if (best && out->len - from >= 3 &&
	    mdg_str_starts_any(s + out->len - 3, 3, polite, MDG_LEN(polite)))
		out->len -= 3;
}

/*
 * A number that somebody names tells who writes and of which order; the words
 * beside it are in half of all mails and in the templates of a few.
 */
static void
put_without_numbers(struct mdg_buf *out, const char *s, size_t n)
{
	size_t from = out->len;

	for (size_t at = 0; at < n;) {
		size_t len = named_number_len(s + at, n - at);
		uint32_t c;
		if (len) {
			drop_number_head(out, from);
			at += len;
			mdg_buf_putc(out, ' ');
			continue;
		}
		len = mdg_utf8_next(s + at, n - at, &c);
		mdg_buf_put(out, s + at, len);
		at += len;
	}
}

static size_t
sentence_end(const char *s, size_t n)
{
	static const char *const ends[] = {"。", "！", "？"};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < MDG_LEN(ends); k++)
			if (n - i >= 3 && memcmp(s + i, ends[k], 3) == 0)
				return i + 3;
	return n;
}

static void
put_sentences(struct mdg_buf *out, const char *s, size_t n, bool courtesy)
{
	while (n > 0) {
		size_t end = sentence_end(s, n);
		if (!is_greeting(s, end) && (courtesy || !is_courtesy(s, end)))
			put_without_numbers(out, s, end);
		s += end;
		n -= end;
	}
	mdg_buf_putc(out, '\n');
}

static void
put_lines(struct mdg_buf *out, const char *text, bool courtesy)
{
	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		/* a line across, with something said above: a signature */
		if (is_rule_line(p, n) && out->len > 60 && strlen(p) < 600)
			break;
		if (!is_quote(p, n))
			put_sentences(out, p, n, courtesy);
		p += n + (p[n] == '\n');
	}
}

char *
mdg_query_text(struct mdg_arena *arena, const char *text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

	put_lines(&out, text, false);
	/* little is left: the courtesy was the matter */
	if (mdg_utf8_len(mdg_buf_str(&out), out.len) < ASKED_CHARS_MIN) {
		out.len = 0;
		put_lines(&out, text, true);
	}
	/* nothing but greetings: take it as it is */
	if (strspn(mdg_buf_str(&out), " \n\r\t") == out.len)
		return mdg_arena_strdup(arena, text);
	return mdg_arena_strdup(arena, mdg_buf_str(&out));
}
