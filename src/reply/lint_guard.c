/* The mis-send guard: what must agree with the customer. */
#include <string.h>
#include <strings.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"
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

/* "Dear Ms. Brown," above a letter: is it the customer? Only names in Latin
 * letters are compared, and one word of both is enough. */
static void
dear(struct lint_run *run)
{
	static const char *const begins[] = {"Dear ", "Hello ", "Hi "};
	static const char *const anybody[] = {
		"mr",     "mrs", "ms",    "miss",     "mx",     "dr",
		"prof",   "sir", "madam", "customer", "all",    "team",
		"valued", "our", "guest", "member",   "client", "there",
		"friend", "or",  "and",   "everyone", "user"};
	const struct draft *d = &run->draft;
	const char *customer = run->in->customer;
	size_t i = 0, from, words = 0;

	while (i < d->lines_n && d->lines[i].n == 0)
		i++;
	if (i == d->lines_n || !names_is_latin(customer))
		return;
	const struct line *l = &d->lines[i];
	for (size_t k = from = 0; k < MDG_LEN(begins) && !from; k++)
		if (text_starts(l->s, l->n, begins[k]))
			from = strlen(begins[k]);
	if (!from || !text_ends(l->s, l->n, ","))
		return;
	while (from < l->n) {
		size_t n = names_latin_word(l->s + from, l->n - from);
		bool named = n > 1;
		for (size_t k = 0; k < MDG_LEN(anybody); k++)
			named = named &&
				(strlen(anybody[k]) != n ||
				 strncasecmp(l->s + from, anybody[k], n) != 0);
		if (named && names_has_word(customer, l->s + from, n))
			return;
		words += named;
		from += n ? n : 1;
	}
	if (words)
		lint_emit_with(
			run, l->at, l->at + l->chars,
			mdg_arena_printf(run->arena, "Dear %s,", customer));
}

static void
addressee(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	if (!run->in->customer || !*run->in->customer)
		return;
	dear(run);
	/* any line of the block may be the one that names the customer; that
	 * of a company is right for itself */
	const struct line *named = NULL;
	const char *person = names_person(run->arena, run->in->customer);
	bool same = false,
	     has_company = !mdg_str_starts(run->in->customer, person) ||
			   names_is_organisation(person);
	for (size_t i = 0; i < d->lines_n; i++) {
		const struct line *l = &d->lines[i];
		if (l->kind != LINE_ADDRESSEE)
			continue;
		enum names is = names_compare(l->s, l->n, run->in->customer);
		bool company = lint_names_company(l->s, l->n);
		if (is == NAMES_UNKNOWN && !company &&
		    lint_kana_is_other(run, l->s, l->n, run->in->customer))
			is = NAMES_OTHER;
		if (is == NAMES_OTHER && company && has_company)
			lint_emit_with(run, l->at, l->at + l->chars, "");
		else if (is == NAMES_OTHER)
			named = l;
		else
			same = same || is != NAMES_NONE;
	}
	if (same)
		return;
	if (named)
		lint_emit_with(run, named->at, named->at + named->chars,
			       mdg_arena_printf(run->arena, "%s 様", person));
}

/* The first line is the customer's name, and nothing more: 田中 一郎. */
static void
no_title(struct lint_run *run, long arg)
{
	static const char *const titles[] = {
		"様", "さま", "御中", "殿", "先生", "さん", "各位",
		"氏", "君",   "Dear", "、", "。",   NULL};
	const struct draft *d = &run->draft;
	const char *customer = run->in->customer;

	(void)arg;
	if (!customer || !*customer || names_is_latin(customer))
		return;
	const char *person = names_person(run->arena, customer);
	/* who of the company reads it is not known */
	if (names_compare(person, strlen(person), customer) == NAMES_NONE ||
	    names_is_organisation(person))
		return;
	for (size_t i = 0, seen = 0; i < d->lines_n && seen < 4; i++) {
		const struct line *l = &d->lines[i];
		if (l->n == 0)
			continue;
		if (lint_has_any(l->s, l->n, titles))
			return;
		seen++;
		/* as if it had one: is it the customer, to the last sign? */
		char *with =
			mdg_arena_printf(run->arena, "%.*s様", (int)l->n, l->s);
		if (names_compare(with, strlen(with), customer) == NAMES_SAME &&
		    names_is_all(l->s, l->n, person)) {
			lint_emit(run, l->at, l->at + l->chars);
			return;
		}
	}
}

/* The people that may be named beside the customer. */
static const char *const companions[] = {
	"お届け先", "送り先",   "ご担当", "ご家族", "ご主人",
	"代理",     "受取人",   "先方",   "ご紹介", "宛先",
	"ご同伴",   "ご友人",   "お連れ", "奥様",   "ご契約者",
	"名義",     "受け取り", "贈り先", "送り主", NULL};

/* 担当の鈴木さん is one of us, whatever the check of words thinks of that. */
static const char *const colleagues[] = {
	"弊社", "当社", "当店", "私ども", "担当",     "部長", "課長", "係長",
	"社長", "店長", "主任", "社員",   "スタッフ", "窓口", "対応", NULL};

static bool
is_honorific(const char *s)
{
	static const char *const words[] = {"様", "さま", "さん", "殿", "氏"};

	for (size_t i = 0; i < MDG_LEN(words); i++)
		if (mdg_streq(s, words[i]))
			return true;
	return false;
}

/*
 * Where the person named before word i begins: words that are names, or what
 * is one when rare kanji are written as usual (髙橋, 渡邊). i: none.
 */
static size_t
name_before(struct lint_run *run, const struct mdg_word *w, size_t i)
{
	enum { WORDS_MAX = 4 };
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t first = i;

	while (first > 0 && mdg_streq(w[first - 1].pos2, "人名"))
		first--;
	for (size_t k = i; first == i && k-- > 0 && i - k <= WORDS_MAX;) {
		struct mdg_word *usual;
		MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
		for (size_t j = k; j < i; j++)
			mdg_buf_puts(&raw, w[j].surface);
		mdg_buf_reset(&b);
		mdg_fold(&b, mdg_buf_str(&raw), raw.len, MDG_FOLD_VARIANTS);
		if (mdg_streq(mdg_buf_str(&b), mdg_buf_str(&raw)))
			continue;
		size_t n = mdg_words_cut(
			run->lint->words, run->arena,
			mdg_arena_strdup(run->arena, mdg_buf_str(&b)), b.len,
			&usual);
		bool all = n > 0;
		for (size_t j = 0; j < n; j++)
			all = all && mdg_streq(usual[j].pos2, "人名");
		if (all)
			first = k;
	}
	return first;
}

/* X様 in a sentence where X is a person: compare X with the customer. */
static void
other_names_in(struct lint_run *run, size_t sentence, const char *customer)
{
	const struct sentence *s = &run->draft.sentences[sentence];
	const struct mdg_word *w = run->morph[sentence].words;
	size_t n = run->morph[sentence].words_n;

	for (size_t i = 1; i < n; i++) {
		if (!is_honorific(w[i].surface))
			continue;
		size_t first = name_before(run, w, i);
		size_t start = w[first].start, end = w[i].start + w[i].len;
		if (lint_kana_before(run, s->s, w, i, &start)) {
			if (!lint_kana_is_other(run, s->s + start, end - start,
						customer))
				continue;
		} else if (first == i ||
			   names_compare(s->s + start, end - start, customer) !=
				   NAMES_OTHER) {
			continue;
		}
		if (follows(s->s, start, companions) ||
		    (mdg_streq(w[i].surface, "さん") &&
		     follows(s->s, start, colleagues)))
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

/* -- names of files ------------------------------------------------------ */

/* Does the part of a file's name name somebody who is not the customer? With
 * a title behind it, or as family and given name and nothing else. */
static bool
names_other(struct lint_run *run, const char *s, size_t n)
{
	struct mdg_word *w;
	size_t k = mdg_words_cut(run->lint->words, run->arena, s, n, &w);

	for (size_t i = 1; i < k; i++) {
		if (!is_honorific(w[i].surface) &&
		    !mdg_streq(w[i].surface, "御中"))
			continue;
		size_t first = i;
		while (first > 0 && mdg_streq(w[first - 1].pos2, "人名"))
			first--;
		size_t start = first < i ? w[first].start : 0;
		if (lint_kana_before(run, s, w, i, &start)) {
			if (lint_kana_is_other(run, s + start,
					       w[i].start - start,
					       run->in->customer))
				return true;
			continue;
		}
		if (first == i && !mdg_streq(w[i].surface, "御中"))
			continue;
		if (names_compare(s + start, w[i].start + w[i].len - start,
				  run->in->customer) == NAMES_OTHER)
			return true;
	}
	return k == 2 && mdg_streq(w[0].pos3, "姓") &&
	       mdg_streq(w[1].pos2, "人名") &&
	       names_compare(mdg_arena_printf(run->arena, "%s %s様",
					      w[0].surface, w[1].surface),
			     w[0].len + w[1].len + strlen(" 様"),
			     run->in->customer) == NAMES_OTHER;
}

static void
file_name(struct lint_run *run, long arg)
{
	const struct draft *d = &run->draft;

	(void)arg;
	if (!run->in->customer || !*run->in->customer)
		return;
	for (const char *const *f = run->in->files; f && *f; f++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		bool other = false;
		mdg_fold(&b, *f, strlen(*f), MDG_FOLD_VARIANTS);
		const char *s = mdg_arena_strdup(run->arena, mdg_buf_str(&b));
		while (*s && !other) {
			size_t n = strcspn(s, "_-. ()[]");
			other = n > 0 && names_other(run, s, n);
			s += n + (s[n] != '\0');
		}
		if (other)
			lint_emit_with(run, d->chars, d->chars,
				       mdg_arena_strdup(run->arena, *f));
	}
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

static const struct lint_check checks[] = {
	{"card_number", card_number},
	{"my_number", my_number},
	{"addressee", addressee},
	{"other_name", other_name},
	{"no_title", no_title},
	{"file_name", file_name},
	{"kisha_to_person", kisha_to_person},
};

lint_check_fn *
lint_guard_find(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(checks); i++)
		if (mdg_streq(checks[i].name, name))
			return checks[i].fn;
	return lint_attach_find(name);
}
