/*
 * What people write around a command: greetings, their name, a signature that
 * nobody registered, a candidate's number in a sentence; and words that speak
 * of a command without giving it.
 */
#include <string.h>

#include "answer_int.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum {
	COURTESY_CHARS = 24, /* a greeting is no longer than that */
	COURTESY_TAIL = 10,  /* nor goes on for longer behind its first word */
	SPOKEN_CHARS = 44,   /* in longer text a command is only mentioned */
	SIGN_LINES = 12,
};

static size_t
chars(const char *s, size_t n)
{
	return mdg_utf8_len(s, n);
}

static bool
has(const char *s, size_t n, const char *word)
{
	size_t k = strlen(word);

	for (size_t i = 0; i + k <= n; i++)
		if (memcmp(s + i, word, k) == 0)
			return true;
	return false;
}

static bool
starts(const char *s, size_t n, const char *word)
{
	size_t k = strlen(word);

	return n >= k && memcmp(s, word, k) == 0;
}

static bool
is_one_of(const char *s, size_t n, const char *const *v, size_t v_n)
{
	for (size_t i = 0; i < v_n; i++)
		if (strlen(v[i]) == n && memcmp(s, v[i], n) == 0)
			return true;
	return false;
}

static size_t
trimmed(const char **s, size_t n)
{
	while (n && **s == ' ') {
		++*s;
		n--;
	}
	while (n && (*s)[n - 1] == ' ')
		n--;
	return n;
}

/* ---- greetings ---- */

/* "鈴木です", "鈴木 健一": the writer's name, and nothing about him. */
static bool
is_name(const char *s, size_t n, const char *name)
{
	static const char *const tails[] = {"",       "です",         "より",
					    "拝",     "でございます", "sv",
					    "svです", "と申します"};
	size_t k = strcspn(name, " "), given = strlen(name + k);

	if (k < 3 || n < k || memcmp(s, name, k) != 0)
		return false;
	s += k;
	n -= k;
	n = trimmed(&s, n);
	if (given > 1 && starts(s, n, name + k + 1)) {
		s += given - 1;
		n -= given - 1;
		n = trimmed(&s, n);
	}
	return is_one_of(s, n, tails, MDG_LEN(tails));
}

/* One piece of a sentence that says nothing of the matter. */
static bool
is_courtesy(const char *s, size_t n, const char *name)
{
	static const char *const whole[] = {
		"以上",
		"以上です",
		"はい",
		"ok",
		"okです",
		"了解",
		"了解です",
		"承知です",
		"yes",
		"hi",
		"hello",
		"thanks",
		"thx",
		"thank you",
		"regards",
		"best regards",
		"kind regards",
		"では",
		"それでは",
		"すみません",
		"確認しました",
		"確認いたしました",
		"内容確認しました",
		"問題ありません",
		"問題ないです",
		"大丈夫です",
	};
	static const char *const heads[] = {
		"よろしくお願い",   "宜しくお願い",     "宜しく御願い",
		"どうぞよろしく",   "お疲れ様",         "お疲れさま",
		"おつかれさま",     "ありがとうござい", "いつもありがとう",
		"ご連絡ありがとう", "ご確認ありがとう", "了解しました",
		"了解いたしました", "承知しました",     "承知いたしました",
		"かしこまりました", "お世話になって",   "いつもお世話に",
		"thanks for",       "thank you for",    "sent from my",
		"outlook for",      "get outlook",
	};
	static const char *const doubts[] = {"すが",   "けど", "ので", "ただし",
					     "ません", "?",    "でも", "から"};

	if (!n || chars(s, n) > COURTESY_CHARS)
		return n == 0;
	if (is_one_of(s, n, whole, MDG_LEN(whole)) || is_name(s, n, name) ||
	    has(s, n, "から送信") || has(s, n, "を入手"))
		return true;
	for (size_t i = 0; i < MDG_LEN(heads); i++) {
		size_t k = strlen(heads[i]);
		if (!starts(s, n, heads[i]))
			continue;
		bool plain = chars(s + k, n - k) <= COURTESY_TAIL;
		for (size_t w = 0; w < MDG_LEN(doubts); w++)
			plain &= !has(s + k, n - k, doubts[w]);
		return plain;
	}
	return false;
}

/* Length of the sign that parts pieces at s, or 0. */
static size_t
parts_here(const char *s, size_t left)
{
	static const char *const signs[] = {"。", "、", "!", ",", "…"};

	for (size_t i = 0; i < MDG_LEN(signs); i++)
		if (starts(s, left, signs[i]))
			return strlen(signs[i]);
	return *s == '.' && (left == 1 || s[1] == ' ') ? 1 : 0;
}

void
mdg_answer_core(const char *line, const char *name, size_t *ret_at,
		size_t *ret_n)
{
	size_t n = strlen(line), from = 0, end = 0, at = 0;
	bool any = false;

	/* from the first piece that says something to the end of the last */
	while (at < n) {
		size_t k = 0, sign = 0;
		while (at + k < n &&
		       !(sign = parts_here(line + at + k, n - at - k)))
			k++;
		const char *s = line + at;
		size_t m = trimmed(&s, k);
		if (!is_courtesy(s, m, name)) {
			if (!any)
				from = (size_t)(s - line);
			any = true;
			end = (size_t)(s - line) + m;
		}
		at += k + sign;
	}
	*ret_at = any ? from : n;
	*ret_n = any ? end - from : 0;
}

/* ---- a signature that was never registered ---- */

static bool
is_contact(const char *s)
{
	static const char *const words[] = {"tel",  "fax",  "〒",   "http", "@",
					    "携帯", "電話", "www.", "mail"};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (strstr(s, words[i]))
			return true;
	return false;
}

const char *
mdg_answer_unsign_name(const char *text, const char *name, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf want = {0};
	const char *cut = NULL;
	size_t below = 0;
	bool contact = false, prose = false;

	mdg_fold(&want, name, strlen(name), MDG_FOLD_NAME);
	if (chars(mdg_buf_str(&want), want.len) < 3)
		return text;
	for (const char *p = text; *p;) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
		size_t n = strcspn(p, "\n");
		mdg_fold(&line, p, n, MDG_FOLD_NAME);
		const char *s = mdg_buf_str(&line);
		size_t k = want.len;
		/* the name, and at most how it is read: "（やまだ はなこ）" */
		if (strncmp(s, mdg_buf_str(&want), k) == 0 &&
		    (!s[k] || s[k] == '(' || s[k] == '/')) {
			cut = p;
			below = 0;
			contact = prose = false;
		} else if (cut && *s) {
			below++;
			contact |= is_contact(s);
			prose |= strstr(s, "。") != NULL;
		}
		p += n + (p[n] == '\n');
	}
	if (!cut || !contact || prose || below > SIGN_LINES)
		return text;
	return mdg_arena_strndup(a, text, (size_t)(cut - text));
}

/* ---- a candidate's number ---- */

/* s without one of these in front; NULL: none of them is there. */
static const char *
without(const char *s, const char *const *v, size_t n)
{
	const char *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (mdg_str_starts(s, v[i]) &&
		    (!best || s + strlen(v[i]) > best))
			best = s + strlen(v[i]);
	return best;
}

int
mdg_answer_choice(const char *line)
{
	static const char *const heads[] = {
		"返信候補", "候補",   "案",        "番号", "no.",    "no",
		"#",        "option", "candidate", "use",  "number", "pick",
		"choose",   "「",     "(",         " "};
	static const char *const tails[] = {"番目",
					    "番",
					    "つ目",
					    "候補",
					    "案",
					    "文面",
					    "文章",
					    "の",
					    "を",
					    "で",
					    "に",
					    "が",
					    "ほう",
					    "方",
					    "にて",
					    "」",
					    ")",
					    " ",
					    ".",
					    "。",
					    "、",
					    "!",
					    "お願いいたします",
					    "お願い致します",
					    "お願いします",
					    "お願いできればと思います",
					    "お願い",
					    "します",
					    "して",
					    "する",
					    "ください",
					    "下さい",
					    "返信",
					    "返答",
					    "回答",
					    "送って",
					    "使います",
					    "使う",
					    "使って",
					    "使用",
					    "採用",
					    "選びます",
					    "選択",
					    "進めます",
					    "進めて",
					    "進める",
					    "行きます",
					    "いきます",
					    "です",
					    "良いです",
					    "いいです",
					    "よいです",
					    "いい",
					    "良い",
					    "そのまま",
					    "のまま",
					    "いたします",
					    "致します",
					    "まま",
					    "please"};
	static const char *const kanji[] = {"一", "二", "三"};
	int k = 0;

	for (const char *p; (p = without(line, heads, MDG_LEN(heads)));)
		line = p;
	const char *rest = line + 1;
	if (*line >= '1' && *line <= '0' + MDG_ANSWER_CHOICES)
		k = *line - '0';
	/* "一番目", "二つ目": alone they begin any word */
	for (size_t i = 0; i < MDG_LEN(kanji); i++)
		if (mdg_str_starts(line, kanji[i]) &&
		    (mdg_str_starts(line + 3, "番目") ||
		     mdg_str_starts(line + 3, "つ目"))) {
			k = (int)i + 1;
			rest = line + 3;
		}
	if (!k)
		return 0;
	for (const char *p; (p = without(rest, tails, MDG_LEN(tails)));)
		rest = p;
	return *rest ? 0 : k;
}

int
mdg_answer_number_before(const char *line, const char **ret_rest)
{
	static const char *const between[] = {"番", "。", "、", ",",
					      ".",  ":",  " ",  ")"};

	if (*line < '1' || *line > '0' + MDG_ANSWER_CHOICES)
		return 0;
	const char *p = without(line + 1, between, MDG_LEN(between));
	if (!p)
		return 0;
	for (const char *q; (q = without(p, between, MDG_LEN(between)));)
		p = q;
	*ret_rest = p;
	return *line - '0';
}

/* ---- spoken of ---- */

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
has_word(const char *s, const char *word)
{
	size_t k = strlen(word);

	for (const char *p = s; (p = strstr(p, word)); p++)
		if ((p == s || !is_letter(p[-1])) && !is_letter(p[k]))
			return true;
	return false;
}

const char *
mdg_answer_bare_order(const char *line)
{
	static const char *const fillers[] = {
		"この件は", "この件", "本件は", "本件", "こちらは",
		"こちら",   "これは", "これ",   "上記", "現在の",
		"今の",     "、",     ",",      " "};

	for (const char *p; (p = without(line, fillers, MDG_LEN(fillers)));)
		line = p;
	return line;
}

/* "Thanks," and below it "Hanako": how letters end. */
bool
mdg_answer_is_farewell(const char *line)
{
	return strstr(line, "thank") || strstr(line, "regards") ||
	       mdg_str_starts(line, "best") ||
	       mdg_str_starts(line, "sincerely");
}

bool
mdg_answer_is_given_name(const char *line)
{
	static const char *const no[] = {
		"not",   "no",  "never", "wait", "hold", "stop",  "but",
		"later", "yet", "do",    "if",   "when", "after", "only"};
	size_t words = 1;

	for (const char *p = line; *p; p++) {
		if (!is_letter(*p) && *p != ' ' && *p != '.')
			return false;
		words += *p == ' ';
	}
	for (size_t i = 0; i < MDG_LEN(no); i++)
		if (has_word(line, no[i]))
			return false;
	return words <= 3 && strlen(line) <= COURTESY_CHARS;
}

bool
mdg_answer_speaks_of_command(const char *text, struct mdg_arena *a)
{
	static const char *const anywhere[] = {
		"承認",   "差し戻",   "差戻",     "送信",       "送らない",
		"保留",   "返信不要", "対応不要", "迷惑メール", "担当",
		"交代",   "分類",     "照会",     "約束",       "完了",
		"対応済", "一覧",     "使い方",   "候補",       "取り下げ",
		"候補",   "ヘルプ"};
	static const char *const first[] = {"取消",  "取り消",     "予約",
					    "返却",  "キャンセル", "中止",
					    "送って"};
	static const char *const english[] = {
		"approve", "approved", "reject", "rejected",  "send",  "cancel",
		"submit",  "withdraw", "assign", "candidate", "option"};
	static const char *const of_number[] = {"は", "が", "を", "で",
						"に", "の", "番", "か",
						"と", "(",  "も", " "};
	const char *s = mdg_answer_fold(text, strlen(text), a);

	if (chars(s, strlen(s)) > SPOKEN_CHARS)
		return false;
	for (size_t i = 0; i < MDG_LEN(anywhere); i++)
		if (strstr(s, anywhere[i]))
			return true;
	for (size_t i = 0; i < MDG_LEN(first); i++)
		if (mdg_str_starts(s, first[i]))
			return true;
	for (size_t i = 0; i < MDG_LEN(english); i++)
		if (has_word(s, english[i]))
			return true;
	if (*s >= '1' && *s <= '0' + MDG_ANSWER_CHOICES &&
	    without(s + 1, of_number, MDG_LEN(of_number)))
		return true;
	/* "4": a number and nothing else */
	return strspn(s, "0123456789 .\n") == strlen(s);
}

/* "田中さん" above the text, or a greeting for customers and no 宛名. */
bool
mdg_answer_is_familiar(const char *text, struct mdg_arena *a)
{
	static const char *const greetings[] = {
		"お世話になって", "いつもお世話に", "平素",
		"お問い合わせ",   "お問合せ",       "この度は",
		"このたびは",     "大変お待たせ",   "いつもご利用"};

	text += strspn(text, "\n ");
	size_t n = strcspn(text, "\n");
	const char *line = mdg_answer_fold(text, n, a);

	if (!text[n] && !strstr(line, "。"))
		return false;
	for (size_t i = 0; i < MDG_LEN(greetings); i++)
		if (mdg_str_starts(line, greetings[i]) &&
		    (strstr(line, "ます") || strstr(line, "ません")))
			return true;
	return text[n] && chars(line, strlen(line)) <= COURTESY_CHARS &&
	       !strstr(line, "。") &&
	       (mdg_str_ends(line, "さん") || mdg_str_ends(line, "さん、") ||
		mdg_str_ends(line, "さんへ"));
}
