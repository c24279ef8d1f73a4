/* Checks of the letter as a whole: is everything there that belongs to one? */
#include <string.h>

#include "date_scan.h"
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
				       "くださいませ",
				       "問い合わせください",
				       "連絡ください",
				       "知らせください",
				       "尋ねください",
				       "申し出ください",
				       "相談ください",
				       "返信ください",
				       "電話ください",
				       "寄せください",
				       NULL};
/* What is to be done may end a letter, but is no end in the midst of it. */
static const char *const last_words[] = {"ください", "下さい", NULL};

static bool
has_closing(const struct draft *d)
{
	return among(d, 3, true, closings) || among(d, 1, true, last_words);
}

/* It opens or closes as letters do, even if parts are missing. */
static bool
is_letter(const struct lint_run *run)
{
	const struct draft *d = &run->draft;

	if (!d->is_letter)
		return false;
	return d->addressee_n > 0 ||
	       (among(d, 3, false, greetings) && has_closing(d));
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

/* "<窓口> の原田でございます。": what stands after の may be a name. */
static bool
says_who(const struct sentence *s)
{
	static const char *const ends[] = {"でございます。", "です。"};
	static const char *const things[] = {
		"日", "円", "月", "分", "件",   "品",   "中", "予定", "通り",
		"時", "物", "点", "は", "もの", "こと", "方", "番号", NULL};
	enum { NAME_CHARS_MAX = 6 };

	for (size_t i = 0; i < MDG_LEN(ends); i++) {
		if (!text_ends(s->s, s->len, ends[i]))
			continue;
		const char *end = s->s + s->len - strlen(ends[i]), *p = end;
		while (p > s->s && p[-1] != ' ' &&
		       !text_ends(s->s, (size_t)(p - s->s), "の"))
			p--;
		size_t n = (size_t)(end - p);
		return p > s->s && n > 0 &&
		       mdg_utf8_len(p, n) <= NAME_CHARS_MAX &&
		       !lint_has_any(p, n, things);
	}
	return false;
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
		/* 山本でございます。, みどり電機 お客様相談室の原田です。 */
		if (chars <= 14 && holds(s, short_am))
			return;
		if (chars <= 45 && says_who(s))
			return;
	}
	emit_absent(run, body_start(d));
}

static void
no_closing(struct lint_run *run, long arg)
{
	(void)arg;
	if (is_letter(run) && !has_closing(&run->draft))
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
					   "明後日", "週明け", "日以内",
					   "営業日", "正午",   NULL};
	struct date_found date;
	size_t at = 0;

	if (holds(s, days) || date_scan_next(s->s, s->len, &at, &date))
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

/* Pasted twice, or said by the window's words as well. */
static void
sentence_twice(struct lint_run *run, long arg)
{
	enum { CHARS_MIN = 9 };
	const struct draft *d = &run->draft;

	(void)arg;
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		bool again = false;
		if (!is_body(s) || !s->closed ||
		    mdg_utf8_len(s->s, s->len) < CHARS_MIN)
			continue;
		for (size_t k = 0; k < i && !again; k++)
			again = is_body(&d->sentences[k]) &&
				d->sentences[k].len == s->len &&
				memcmp(d->sentences[k].s, s->s, s->len) == 0;
		if (again)
			emit_sentence(run, s);
	}
}

/* 株式会社青葉商会 御中 above 田中様. */
static void
onchu_and_sama(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	const struct line *onchu = NULL;

	(void)arg;
	for (size_t i = 0; i < d->lines_n; i++) {
		const struct line *l = &d->lines[i];
		if (l->kind != LINE_ADDRESSEE)
			continue;
		if (text_ends(l->s, l->n, "御中"))
			onchu = l;
		else if (onchu && text_ends(l->s, l->n, "様"))
			lint_emit(run, onchu->at, onchu->at + onchu->chars);
	}
}

static const struct lint_check checks[] = {
	{"sentence_twice", sentence_twice},
	{"onchu_and_sama", onchu_and_sama},
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
lint_letter_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return lint_typo_find(name);
}
