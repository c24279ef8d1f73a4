/* Checks of sentences and of the letter as a whole. */
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

/* Where a finding about something absent points to. */
static void
emit_absent(struct lint_run *run, size_t at)
{
	lint_emit(run, at, at);
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
	"遺憾",     "お詫び",   "勝手ながら", "不本意", "失礼ながら", NULL};

static const char *const refusals[] = {"いたしかね",
				       "致しかね",
				       "しかねます",
				       "いたしかねる",
				       "お断り",
				       "お受けできません",
				       "お受け出来ません",
				       "お受けすることができません",
				       "承れません",
				       "承ることができません",
				       "お応えできません",
				       "お答えできません",
				       "添えません",
				       "沿えません",
				       "対応できません",
				       "対応はできません",
				       "ご対応できません",
				       "返品できません",
				       "返品はできません",
				       "返金できません",
				       "返金はできません",
				       "交換できません",
				       "交換はできません",
				       "キャンセルできません",
				       "キャンセルはできません",
				       "値引きできません",
				       "値引きはできません",
				       "応じられません",
				       "応じることはできません",
				       "お教えできません",
				       "開示できません",
				       "認められません",
				       "受け付けておりません",
				       "受け付けていません",
				       "お届けできません", "お送りできません", "お渡しできません",
	"お預かりできません", "お貸しできません", "お伝えできません",
	"ご提供できません", "ご返金できません", "ご対応いたしかね",
	"ご案内できません", "ご紹介できません", "お届けすることができません",
	"受け付けできません",
				       "ご用意できません",
				       "お取り置きできません",
				       NULL};

static void
refusal_without_cushion(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		if (!is_body(s) || !holds(s, refusals) || holds(s, cushions))
			continue;
		if (i > 0 && holds(&d->sentences[i - 1], cushions))
			continue;
		if (i + 1 < d->sentences_n &&
		    holds(&d->sentences[i + 1], cushions))
			continue;
		emit_sentence(run, s);
	}
}

static void
request_without_cushion(struct lint_run *run, long arg)
{
	static const char *const requests[] = {
		"お送りください", "ご返送ください",     "お知らせください",
		"ご返信ください", "お申し付けください", NULL};
	static const char *const soft[] = {
		"恐れ入り", "お手数",   "ご面倒",     "恐縮",   "よろしければ",
		"差し支え", "お忙しい", "ご多用",     "ご不明", "お気軽",
		"何卒",     "もし",     "ご遠慮なく", "場合",   NULL};
	const struct draft *d = &run->draft;

	(void)arg;
	for (size_t i = 0; i < d->sentences_n; i++)
		if (is_body(&d->sentences[i]) &&
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

static void
sasete_over(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	long n = 0;

	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		n += (long)(count_of(s, "せていただ") + count_of(s, "せて頂"));
		if (n >= arg) {
			emit_sentence(run, s);
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

/* -- the letter --------------------------------------------------------- */

static const struct sentence *
body_sentence(const struct draft *d, size_t k, bool from_end)
{
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s =
			&d->sentences[from_end ? d->sentences_n - 1 - i : i];
		if (is_body(s) && k-- == 0)
			return s;
	}
	return NULL;
}

static bool
among(const struct draft *d, size_t n, bool from_end, const char *const *list)
{
	const struct sentence *s;

	for (size_t i = 0; i < n && (s = body_sentence(d, i, from_end)); i++)
		if (holds(s, list))
			return true;
	return false;
}

static const char *const greetings[] = {
	"お世話になって", "お世話になり", "ありがとう", "いただき",
	"申し訳",         "お詫び",       "平素",       "失礼いたします",
	"お待たせ",       "このたび",     "この度",     "恐縮",
	"恐れ入り",       "有難う",       NULL};

static const char *const closings[] = {"よろしくお願い",
				       "宜しくお願い",
				       "お願い申し上げ",
				       "お願いいたし",
				       "お願い致し",
				       "お詫び申し上げ",
				       "失礼いたします",
				       "幸いに存じ",
				       "幸いです",
				       "幸甚",
				       "お待ち",
				       "お気軽に",
				       "申し訳ございません",
				       "ありがとうございました",
				       "ご自愛",
				       "ご遠慮なく",
				       "お申し付け",
				       "お礼申し上げ",
				       "存じます",
				       "ください",
				       "くださいませ",
				       NULL};

/* It opens or closes as letters do, even if parts are missing. */
static bool
is_letter(const struct lint_run *run)
{
	const struct draft *d = &run->draft;

	if (!d->is_letter)
		return false;
	return d->addressee_n > 0 ||
	       (among(d, 3, false, greetings) && among(d, 3, true, closings));
}

static void
no_addressee(struct lint_run *run, long arg)
{
	(void)arg;
	if (is_letter(run) && run->draft.addressee_n == 0)
		emit_absent(run, 0);
}

static size_t
body_start(const struct draft *d)
{
	const struct sentence *s = body_sentence(d, 0, false);

	return s ? s->at[0] : 0;
}

static size_t
body_end(const struct draft *d)
{
	const struct sentence *s = body_sentence(d, 0, true);

	return s ? s->at[s->len] : d->chars;
}

static void
no_greeting(struct lint_run *run, long arg)
{
	(void)arg;
	if (is_letter(run) && !among(&run->draft, 4, false, greetings))
		emit_absent(run, body_start(&run->draft));
}

static void
no_self_intro(struct lint_run *run, long arg)
{
	static const char *const who[] = {
		"窓口",     "サポート", "担当", "センター", "カスタマー",
		"係の",     "部の",     "課の", "商会",     "会社",
		"店の",     "デスク",   "運営", "事務局",   "チーム",
		"サービス", "ショップ", NULL};
	static const char *const am[] = {"でございます", "です", NULL};
	static const char *const short_am[] = {"でございます。", "です。",
					       NULL};
	const struct draft *d = &run->draft;
	const struct sentence *s;

	(void)arg;
	if (!is_letter(run))
		return;
	for (size_t i = 0; i < 6 && (s = body_sentence(d, i, false)); i++) {
		if (memmem(s->s, s->len, "申します", strlen("申します")))
			return;
		size_t chars = mdg_utf8_len(s->s, s->len);
		if (chars <= 45 && holds(s, who) && holds(s, am))
			return;
		/* 山本でございます。 */
		if (chars <= 14 && holds(s, short_am))
			return;
	}
	emit_absent(run, body_start(d));
}

static void
no_closing(struct lint_run *run, long arg)
{
	(void)arg;
	if (is_letter(run) && !among(&run->draft, 3, true, closings))
		emit_absent(run, body_end(&run->draft));
}

static void
no_signature(struct lint_run *run, long arg)
{
	(void)arg;
	if (is_letter(run) && !run->draft.has_signature)
		emit_absent(run, run->draft.chars);
}

static const char *const apologies[] = {"申し訳", "お詫び", "おわび",
					"陳謝",   "謝罪",   NULL};

static void
no_apology(struct lint_run *run, long arg)
{
	(void)arg;
	if ((run->in->flags & MDG_LINT_CLAIM) &&
	    !among(&run->draft, 1000, false, apologies))
		emit_absent(run, body_start(&run->draft));
}

static void
thanks_first(struct lint_run *run, long arg)
{
	static const char *const thanks[] = {"ありがとう", "有難う", NULL};
	const struct draft *d = &run->draft;
	const struct sentence *s;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_CLAIM))
		return;
	for (size_t i = 0; (s = body_sentence(d, i, false)); i++) {
		if (holds(s, apologies))
			return;
		if (holds(s, thanks)) {
			emit_sentence(run, s);
			return;
		}
	}
}

/* Does a sentence name a day or an hour? */
static bool
names_a_time(const struct sentence *s)
{
	static const char *const units[] = {"月",   "日", "時", "営業日",
					    "時間", "/",  NULL};
	static const char *const days[] = {"本日中", "明日",   "今週中",
					   "明後日", "週明け", NULL};

	if (holds(s, days))
		return true;
	for (size_t i = 0; i + 1 < s->len; i++) {
		if (s->s[i] < '0' || s->s[i] > '9')
			continue;
		for (size_t k = 0; units[k]; k++) {
			size_t n = strlen(units[k]);
			if (s->len - i - 1 >= n &&
			    memcmp(s->s + i + 1, units[k], n) == 0)
				return true;
		}
	}
	return false;
}

static void
hold_without_date(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	const struct sentence *s;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_HOLD))
		return;
	for (size_t i = 0; (s = body_sentence(d, i, false)); i++)
		if (names_a_time(s))
			return;
	emit_absent(run, body_end(d));
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
	{"no_addressee", no_addressee},
	{"no_greeting", no_greeting},
	{"no_self_intro", no_self_intro},
	{"no_closing", no_closing},
	{"no_signature", no_signature},
	{"no_apology", no_apology},
	{"thanks_first", thanks_first},
	{"hold_without_date", hold_without_date},
};

lint_check_fn *
lint_struct_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return NULL;
}
