/* The mis-send guard: what must agree with the customer. */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "names.h"

/* -- numbers ------------------------------------------------------------ */

struct number {
	char digits[24];
	size_t n;
	size_t groups; /* parted by spaces or hyphens */
	size_t end;
};

/* A run of digits in groups of four or more, from byte i. */
static bool
read_number(const char *s, size_t n, size_t i, struct number *out)
{
	*out = (struct number){.groups = 1};
	if (i > 0 && ((s[i - 1] >= '0' && s[i - 1] <= '9') || s[i - 1] == '-'))
		return false;
	while (i < n && out->n + 1 < sizeof(out->digits)) {
		if (s[i] >= '0' && s[i] <= '9') {
			out->digits[out->n++] = s[i++];
		} else if ((s[i] == ' ' || s[i] == '-') && i + 1 < n &&
			   s[i + 1] >= '0' && s[i + 1] <= '9' && out->n > 0) {
			out->groups++;
			i++;
		} else {
			break;
		}
	}
	out->end = i;
	return out->n > 0;
}

/* Does a card of one of the brands begin like this and have this length? */
static bool
is_brand(const struct number *x)
{
	static const struct {
		int from, to; /* the first four digits */
		size_t n;
	} brands[] = {
		{4000, 4999, 16}, {5100, 5599, 16}, {2221, 2720, 16},
		{3528, 3589, 16}, {3400, 3499, 15}, {3700, 3799, 15},
		{3000, 3059, 14}, {3600, 3699, 14}, {3800, 3999, 14},
		{6011, 6011, 16}, {6440, 6599, 16},
	};
	int first = 0;

	for (size_t i = 0; i < 4 && i < x->n; i++)
		first = first * 10 + (x->digits[i] - '0');
	for (size_t i = 0; i < MDG_LEN(brands); i++)
		if (x->n == brands[i].n && first >= brands[i].from &&
		    first <= brands[i].to)
			return true;
	return false;
}

static bool
luhn(const struct number *x)
{
	int sum = 0;

	for (size_t i = 0; i < x->n; i++) {
		int v = x->digits[x->n - 1 - i] - '0';
		if (i % 2 == 1)
			v = v * 2 > 9 ? v * 2 - 9 : v * 2;
		sum += v;
	}
	return sum % 10 == 0;
}

/* One of the words stands within the bytes before i. */
static bool
follows(const char *s, size_t i, const char *const *words)
{
	enum { REACH_BYTES = 60 };
	size_t from = i > REACH_BYTES ? i - REACH_BYTES : 0;

	return lint_has_any(s + from, i - from, words);
}

/* … or within the bytes from i on */
static bool
precedes(const struct draft *d, size_t i, const char *const *words)
{
	enum { REACH_BYTES = 30 };
	size_t n = d->folded_n - i;

	return lint_has_any(d->folded + i, n < REACH_BYTES ? n : REACH_BYTES,
			    words);
}

static void
card_number(struct lint_run *run, long arg)
{
	static const char *const words[] = {
		"カード", "クレジット", "VISA",       "Visa",       "JCB",
		"Master", "MASTER",     "AMEX",       "アメックス", "Diners",
		"決済",   "支払",       "引き落とし", "有効期限",   NULL};
	static const char *const others[] = {
		"注文番号", "伝票",     "追跡",     "受付番号", "合わせ番号",
		"合せ番号", "製造番号", "シリアル", "会員番号", "お客様番号",
		"JAN",      "型番",     "口座番号", "管理番号", NULL};
	const struct draft *d = &run->draft;
	struct number x;

	(void)arg;
	for (size_t i = 0; i < d->folded_n; i++) {
		if (d->folded[i] < '0' || d->folded[i] > '9' ||
		    !read_number(d->folded, d->folded_n, i, &x))
			continue;
		bool likely = x.groups == 4 || x.groups == 3 ||
			      follows(d->folded, i, words) ||
			      precedes(d, x.end, words);
		if (is_brand(&x) && likely && luhn(&x) &&
		    !follows(d->folded, i, others))
			lint_emit(run, d->folded_at[i], d->folded_at[x.end]);
		i = x.end > i ? x.end - 1 : i;
	}
}

/* The check digit of an individual number (12 digits). */
static bool
my_number_ok(const struct number *x)
{
	int sum = 0;

	for (int i = 1; i <= 11; i++) {
		int digit = x->digits[11 - i] - '0';
		sum += digit * (i <= 6 ? i + 1 : i - 5);
	}
	int check = sum % 11 <= 1 ? 0 : 11 - sum % 11;
	return x->digits[11] - '0' == check;
}

static void
my_number(struct lint_run *run, long arg)
{
	static const char *const words[] = {"個人番号", "マイナンバー", NULL};
	const struct draft *d = &run->draft;
	struct number x;

	(void)arg;
	for (size_t i = 0; i < d->folded_n; i++) {
		if (d->folded[i] < '0' || d->folded[i] > '9' ||
		    !read_number(d->folded, d->folded_n, i, &x))
			continue;
		if (x.n == 12 && follows(d->folded, i, words) &&
		    my_number_ok(&x))
			lint_emit(run, d->folded_at[i], d->folded_at[x.end]);
		i = x.end > i ? x.end - 1 : i;
	}
}

/* -- names -------------------------------------------------------------- */

static void
addressee(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	if (!run->in->customer || !*run->in->customer)
		return;
	/* any line of the block may be the one that names the customer */
	const struct line *named = NULL;
	for (size_t i = 0; i < d->lines_n; i++) {
		const struct line *l = &d->lines[i];
		if (l->kind != LINE_ADDRESSEE)
			continue;
		switch (names_compare(l->s, l->n, run->in->customer)) {
		case NAMES_SAME:
		case NAMES_UNKNOWN:
			return;
		case NAMES_OTHER:
			named = l;
			break;
		case NAMES_NONE:
			break;
		}
	}
	if (named)
		lint_emit_with(run, named->at, named->at + named->chars,
			       mdg_arena_printf(run->arena, "%s 様",
						run->in->customer));
}

/* The people that may be named beside the customer. */
static const char *const companions[] = {
	"お届け先", "送り先",   "ご担当", "ご家族", "ご主人",
	"代理",     "受取人",   "先方",   "ご紹介", "宛先",
	"ご同伴",   "ご友人",   "お連れ", "奥様",   "ご契約者",
	"名義",     "受け取り", "贈り先", "送り主", NULL};

/* X様 in a sentence where X is a person: compare X with the customer. */
static void
other_names_in(struct lint_run *run, size_t sentence, const char *customer)
{
	const struct sentence *s = &run->draft.sentences[sentence];
	const struct mdg_word *w = run->morph[sentence].words;
	size_t n = run->morph[sentence].words_n;

	for (size_t i = 1; i < n; i++) {
		size_t first = i;
		if (!mdg_streq(w[i].surface, "様"))
			continue;
		while (first > 0 && mdg_streq(w[first - 1].pos2, "人名"))
			first--;
		if (first == i)
			continue;
		size_t start = w[first].start, end = w[i].start + w[i].len;
		if (names_compare(s->s + start, end - start, customer) !=
		    NAMES_OTHER)
			continue;
		if (follows(s->s, start, companions))
			continue;
		lint_emit(run, s->at[start], s->at[end]);
	}
}

static void
other_name(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;
	const char *customer = run->in->customer;

	(void)arg;
	/* without a name from outside, the last line of the addressee is it */
	for (size_t i = 0; i < d->lines_n && !run->in->customer; i++)
		if (d->lines[i].kind == LINE_ADDRESSEE)
			customer = names_bare(run->arena, d->lines[i].s,
					      d->lines[i].n);
	if (!customer || !*customer)
		return;
	for (size_t i = 0; i < d->sentences_n; i++)
		if (d->sentences[i].kind == LINE_BODY)
			other_names_in(run, i, customer);
}

static void
kisha_to_person(struct lint_run *run, long arg)
{
	static const char *const words[] = {"貴社", "御社"};
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_PERSON))
		return;
	for (size_t i = 0; i < d->sentences_n; i++)
		for (size_t k = 0; k < MDG_LEN(words); k++) {
			const struct sentence *s = &d->sentences[i];
			const char *p = memmem(s->s, s->len, words[k], 6);
			if (p)
				lint_emit(run, s->at[p - s->s],
					  s->at[p - s->s + 6]);
		}
}

/* -- attachments -------------------------------------------------------- */

/* A sentence that says that something comes with this mail. */
static const char *
says_attached(const struct sentence *s)
{
	static const char *const says[] = {
		"添付いたし",   "添付して",       "添付し",
		"添付の",       "添付ファイル",   "添付資料",
		"添付させ",     "添付申し上げ",   "別添",
		"添付に",       "添付をご",       "(添付)",
		"添付でお",     "メールにお付け", "メールに添え",
		"メールにつけ", "メールに付け"};
	/* what they sent or are to send, and what is said of files at all */
	static const char *const theirs[] = {
		"添付していただ",   "添付のうえ",   "添付いただ",
		"添付してください", "添付ください", "添付の上",
		"添付してお送り",   "添付され",     "添付して頂",
		"添付し、ご返信",   "添付をお願い", "添付文書",
		"添付する方法",     "添付でき",     "添付がござい",
		"添付があり",       "添付が見",     "いただいた添付",
		"お客様の添付",     "付きのメール", "容量",
		"開けません",       "開けなかった", "開くことができ",
		"先日のメール",     "前回のメール", "以前のメール",
		"昨日のメール",     "MBまで",       "KBまで",
		"GBまで",           "商品に",       "製品に",
		"本体に",           "箱に",         NULL};

	if (lint_has_any(s->s, s->len, theirs))
		return NULL;
	for (size_t i = 0; i < MDG_LEN(says); i++) {
		const char *p = memmem(s->s, s->len, says[i], strlen(says[i]));
		if (p)
			return p;
	}
	return NULL;
}

static void
attachment_missing(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_NOT_ATTACHED))
		return;
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		const char *p = says_attached(s);
		if (p)
			lint_emit(run, s->at[p - s->s],
				  s->at[p - s->s + (long)strlen("添付")]);
	}
}

static void
attachment_unmentioned(struct lint_run *run, long arg)
{
	static const char *const words[] = {
		"添付",   "別添",   "同封",     "別紙",   "資料",   "ファイル",
		"見積書", "請求書", "領収書",   "領収証", "納品書", "写真",
		"画像",   "図面",   "カタログ", "PDF",    "書類",   "お付け",
		"添え",   "証明書", "手順書",   "説明書", "明細",   "用紙",
		"申込書", "契約書", "の写し",   NULL};
	const struct draft *d = &run->draft;

	(void)arg;
	if (!(run->in->flags & MDG_LINT_ATTACHED))
		return;
	for (size_t i = 0; i < d->sentences_n; i++)
		if (lint_has_any(d->sentences[i].s, d->sentences[i].len, words))
			return;
	lint_emit(run, d->chars, d->chars);
}

static const struct lint_check checks[] = {
	{"card_number", card_number},
	{"my_number", my_number},
	{"addressee", addressee},
	{"other_name", other_name},
	{"kisha_to_person", kisha_to_person},
	{"attachment_missing", attachment_missing},
	{"attachment_unmentioned", attachment_unmentioned},
};

lint_check_fn *
lint_guard_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return lint_date_find(name);
}
