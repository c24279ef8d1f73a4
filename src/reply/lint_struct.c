/* Checks of sentences: cushion words, length, endings, brackets. */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static bool
is_body(const struct sentence *s)
{
	return s->kind == LINE_BODY;
}

static bool
holds(const struct sentence *s, const char *const *list)
{
	return lint_has_any(s->s, s->len, list);
}

static void
emit_sentence(struct lint_run *run, const struct sentence *s)
{
	lint_emit(run, s->at[0], s->at[s->len]);
}

/* Bytes of what in s, counted without overlap. */
static size_t
count_of(const struct sentence *s, const char *what)
{
	size_t n = 0, len = strlen(what);
	const char *p = s->s, *end = s->s + s->len;

	while ((p = memmem(p, (size_t)(end - p), what, len))) {
		n++;
		p += len;
	}
	return n;
}

/* -- cushion words ------------------------------------------------------ */

static const char *const cushions[] = {
	"恐れ入り", "恐れいり", "申し訳",     "誠に",   "あいにく",   "残念",
	"恐縮",     "せっかく", "ご不便",     "心苦し", "お役に立て", "大変",
	"ご期待に", "お手数",   "ご面倒",     "ご容赦", "ご了承",     "ご理解",
	"遺憾",     "お詫び",   "勝手ながら", "不本意", "失礼ながら", "大切に",
	"お許し",   "ご勘弁",   "ご寛恕",     "ご海容", "お察し",     NULL};

/* What refuses by itself. */
static const char *const refusals[] = {"いたしかね",
				       "致しかね",
				       "かねます",
				       "しかねる",
				       "できかね",
				       "出来かね",
				       "お断り",
				       "承れません",
				       "承ることができません",
				       "添えません",
				       "沿えません",
				       "応じられません",
				       "応じることはできません",
				       "認められません",
				       "教えられません",
				       "伺えません",
				       "受け付けません",
				       "承りません",
				       "お受けしません",
				       "受け付けておりません",
				       "受け付けていません",
				       "承っておりません",
				       "お受けしておりません",
				       "回答しておりません",
				       "お答えしておりません",
				       "対応しておりません",
				       "対応していません",
				       "負担できません",
				       "負担いたしません",
				       "保証できません",
				       "お引き受けできません",
				       "対応いたしておりません",
				       "扱っておりません",
				       "発送はできません",
				       "発送することはできません",
				       "販売しておりません",
				       "には間に合いません",
				       NULL};

/* What a customer asks for, and what is said when it is refused. */
static const char *const wishes[] = {
	"受け",       "応え",       "答え",       "対応",     "返品",
	"返金",       "交換",       "値引き",     "取り消し", "教え",
	"開示",       "届け",       "送り",       "渡し",     "預かり",
	"貸し",       "伝え",       "提供",       "案内",     "紹介",
	"受け付け",   "用意",       "取り置き",   "補償",     "キャンセル",
	"減額",       "返却",       "延長",       "再発行",   "回答",
	"配達",       "引き取り",   "買い取り",   "割引",     "お約束",
	"お引き受け", "お取り替え", "お取り扱い", "変更",     "短縮",
	"取り寄せ",   "前倒し",     "修理",       "配送",     "設置",
	"工事",       "出荷",       "訪問",       "手配",     "作業",
	"再送",       "取り付け",   "見積もり",   NULL};
static const char *const links[] = {
	"することは", "することが", "には", "は", "が", "も", "を", "", NULL};
static const char *const denials[] = {"できません",     "出来ません",
				      "不可です",       "不可と",
				      "不可能です",     "行っておりません",
				      "いたしません",   "無理です",
				      "間に合いません", NULL};

/* What is offered instead softens it. */
static const char *const offers[] = {"承ります",           "承っております",
				     "いただけます",       "可能でございます",
				     "可能です",           "ご用意いたします",
				     "確認のうえ",         "ご連絡いたします",
				     "ご連絡申し上げます", NULL};

static bool
ends_with(const char *s, size_t n, const char *tail)
{
	size_t len = strlen(tail);

	return n >= len && memcmp(s + n - len, tail, len) == 0;
}

/* The wish at the end of s[0..n), a link after it left out; where it starts. */
static bool
find_wish(const char *s, size_t n, size_t *start)
{
	for (const char *const *l = links; *l; l++) {
		if (!ends_with(s, n, *l))
			continue;
		for (const char *const *w = wishes; *w; w++)
			if (ends_with(s, n - strlen(*l), *w)) {
				*start = n - strlen(*l) - strlen(*w);
				return true;
			}
	}
	return false;
}

/* The words that refuse, in bytes of the sentence. */
static bool
find_refusal(const struct sentence *s, size_t *start, size_t *end)
{
	for (const char *const *r = refusals; *r; r++) {
		const char *p = memmem(s->s, s->len, *r, strlen(*r));
		if (!p)
			continue;
		*start = (size_t)(p - s->s);
		*end = *start + strlen(*r);
		return true;
	}
	for (const char *const *d = denials; *d; d++) {
		const char *p = memmem(s->s, s->len, *d, strlen(*d));
		if (!p || !find_wish(s->s, (size_t)(p - s->s), start))
			continue;
		*end = (size_t)(p - s->s) + strlen(*d);
		return true;
	}
	return false;
}

static void
refusal_without_cushion(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		size_t start, end;
		if (!lint_may_find(run, i) || !is_body(s) ||
		    holds(s, cushions) || !find_refusal(s, &start, &end) ||
		    lint_has_any(s->s + end, s->len - end, offers))
			continue;
		if (i > 0 && holds(&d->sentences[i - 1], cushions))
			continue;
		if (i + 1 < d->sentences_n &&
		    holds(&d->sentences[i + 1], cushions))
			continue;
		lint_emit(run, s->at[start], s->at[end]);
	}
}

/* What is asked of the customer. */
static const char *const requests[] = {
	"お送りください",     "ご返送ください",     "お知らせください",
	"ご返信ください",     "お申し付けください", "ご提出ください",
	"ご連絡ください",     "お電話ください",     "ご回答ください",
	"ご記入ください",     "ご入金ください",     "お支払いください",
	"お振り込みください", "お教えください",     NULL};

static void
request_without_cushion(struct lint_run *run, long arg)
{
	static const char *const soft[] = {
		"恐れ入り", "お手数",   "ご面倒",     "恐縮",   "よろしければ",
		"差し支え", "お忙しい", "ご多用",     "ご不明", "お気軽",
		"何卒",     "もし",     "ご遠慮なく", "場合",   NULL};
	const struct draft *d = &run->draft;

	(void)arg;
	for (size_t i = 0; i < d->sentences_n; i++)
		if (lint_may_find(run, i) && is_body(&d->sentences[i]) &&
		    holds(&d->sentences[i], requests) &&
		    !holds(&d->sentences[i], soft))
			emit_sentence(run, &d->sentences[i]);
}

/* Report the third and later sentences that hold one of the words. */
static void
repeated(struct lint_run *run, const char *const *words, size_t allowed)
{
	const struct draft *d = &run->draft;

	for (; *words; words++) {
		size_t n = 0;
		for (size_t i = 0; i < d->sentences_n; i++) {
			const struct sentence *s = &d->sentences[i];
			size_t here = is_body(s) ? count_of(s, *words) : 0;
			if (here > 0 && n < allowed && n + here >= allowed)
				emit_sentence(run, s);
			n += here;
		}
	}
}

static void
cushion_repeated(struct lint_run *run, long arg)
{
	static const char *const words[] = {"恐れ入りますが", "お手数ですが",
					    "申し訳ございませんが", NULL};

	(void)arg;
	repeated(run, words, 3);
}

static void
closing_repeated(struct lint_run *run, long arg)
{
	static const char *const words[] = {"何卒", "くださいませ", NULL};

	(void)arg;
	repeated(run, words, 3);
}

/* The place of the arg-th, not all of its sentence. */
static void
sasete_over(struct lint_run *run, long arg)
{
	static const char *const forms[] = {"せていただ", "せて頂"};
	const struct draft *d = &run->draft;
	long n = 0;

	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		for (size_t at = 0; at < s->len; at++)
			for (size_t k = 0; k < MDG_LEN(forms); k++) {
				size_t len = strlen(forms[k]);
				if (s->len - at < len ||
				    memcmp(s->s + at, forms[k], len) != 0 ||
				    ++n < arg)
					continue;
				lint_emit(run, s->at[at], s->at[at + len]);
				return;
			}
	}
}

static void
apology_over(struct lint_run *run, long arg)
{
	static const char *const words[] = {"申し訳ございません", "お詫び",
					    "申し訳なく", NULL};
	const struct draft *d = &run->draft;
	long n = 0;

	for (size_t i = 0; i < d->sentences_n; i++)
		if (holds(&d->sentences[i], words) && ++n > arg) {
			emit_sentence(run, &d->sentences[i]);
			return;
		}
}

/* -- length and endings ------------------------------------------------- */

static void
sentence_over(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		if (is_body(s) && (long)mdg_utf8_len(s->s, s->len) > arg)
			emit_sentence(run, s);
	}
}

static void
commas_over(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		if (is_body(s) && (long)count_of(s, "、") > arg)
			emit_sentence(run, s);
	}
}

static bool
ends_alike(const struct sentence *a, const struct sentence *b)
{
	enum { TAIL_BYTES = 21 }; /* seven characters with 。 */

	return a->len >= TAIL_BYTES && b->len >= TAIL_BYTES &&
	       memcmp(a->s + a->len - TAIL_BYTES, b->s + b->len - TAIL_BYTES,
		      TAIL_BYTES) == 0;
}

static void
same_ending(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	size_t alike = 0;

	(void)arg;
	for (size_t i = 1; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		alike = is_body(s) && ends_alike(s - 1, s) ? alike + 1 : 0;
		if (alike == 2)
			emit_sentence(run, s);
	}
}

/* -- brackets ----------------------------------------------------------- */

/* Look at one kind of bracket; a paragraph is the farthest that it goes. */
static void
unbalanced_pair(struct lint_run *run, uint32_t open, uint32_t close)
{
	const struct draft *d = &run->draft;
	size_t depth = 0, open_at = 0;

	for (size_t i = 0; i < d->lines_n; i++) {
		const struct line *l = &d->lines[i];
		bool text = l->kind != LINE_BLANK && l->kind != LINE_QUOTE;
		size_t at = l->at;
		for (size_t p = 0; text && p < l->n; at++) {
			uint32_t c;
			p += mdg_utf8_next(l->s + p, l->n - p, &c);
			if (c == open && depth++ == 0)
				open_at = at;
			else if (c == close && depth > 0)
				depth--;
		}
		if (depth > 0 && (!text || i + 1 == d->lines_n)) {
			lint_emit(run, open_at, open_at + 1);
			depth = 0;
		}
	}
}

static void
unbalanced_brackets(struct lint_run *run, long arg)
{
	static const uint32_t pairs[][2] = {
		{0x300C, 0x300D}, /* 「」 */
		{0x300E, 0x300F}, /* 『』 */
		{0x3010, 0x3011}, /* 【】 */
		{0xFF08, 0xFF09}, /* （） */
	};

	(void)arg;
	for (size_t k = 0; k < MDG_LEN(pairs); k++)
		unbalanced_pair(run, pairs[k][0], pairs[k][1]);
}

static void
put_words(struct mdg_buf *b, const char *const *list)
{
	for (; *list; list++)
		mdg_buf_printf(b, "%s%s", b->len ? "|" : "", *list);
}

void
lint_struct_words(const char *name, struct mdg_buf *pattern)
{
	if (mdg_streq(name, "refusal_without_cushion")) {
		put_words(pattern, refusals);
		put_words(pattern, denials);
	} else if (mdg_streq(name, "request_without_cushion")) {
		put_words(pattern, requests);
	}
}

static const struct lint_check checks[] = {
	{"refusal_without_cushion", refusal_without_cushion},
	{"request_without_cushion", request_without_cushion},
	{"cushion_repeated", cushion_repeated},
	{"closing_repeated", closing_repeated},
	{"sasete_over", sasete_over},
	{"apology_over", apology_over},
	{"sentence_over", sentence_over},
	{"commas_over", commas_over},
	{"same_ending", same_ending},
	{"unbalanced_brackets", unbalanced_brackets},
};

lint_check_fn *
lint_struct_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return lint_letter_find(name);
}
