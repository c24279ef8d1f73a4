#include "names.h"

#include <string.h>
#include <strings.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { TOKENS_MAX = 8 };

static bool
ends(const char *s, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n >= len && memcmp(s + n - len, with, len) == 0;
}

static void
trim(const char **s, size_t *n)
{
	while (*n > 0 && (**s == ' ' || **s == '\t')) {
		++*s;
		--*n;
	}
	while (*n >= 3 && memcmp(*s, "　", 3) == 0) {
		*s += 3;
		*n -= 3;
	}
	for (;;) {
		if (*n > 0 && ((*s)[*n - 1] == ' ' || (*s)[*n - 1] == '\t' ||
			       (*s)[*n - 1] == ','))
			--*n;
		else if (ends(*s, *n, "　") || ends(*s, *n, "、"))
			*n -= 3;
		else
			return;
	}
}

/* Cut titles of respect off the end. Returns false for a company or a role. */
static bool
cut_title(const char **s, size_t *n)
{
	static const char *const titles[] = {"様", "さま", "さん",
					     "殿", "氏",   "先生"};
	static const char *const nobody[] = {
		"御中", "各位",   "お客",    "ご担当者", "担当者",
		"皆",   "関係者", "利用者",  "会員",     "責任者",
		"窓口", "ご本人", "株式会社"};
	bool again = true;

	trim(s, n);
	if (ends(*s, *n, "御中") || ends(*s, *n, "各位"))
		return false;
	while (again) {
		again = false;
		for (size_t i = 0; i < MDG_LEN(titles); i++)
			if (ends(*s, *n, titles[i]) && *n > strlen(titles[i])) {
				*n -= strlen(titles[i]);
				trim(s, n);
				again = true;
			}
	}
	for (size_t i = 0; i < MDG_LEN(nobody); i++)
		if (ends(*s, *n, nobody[i]))
			return false;
	return *n > 0;
}

char *
names_bare(struct mdg_arena *arena, const char *line, size_t n)
{
	if (!cut_title(&line, &n))
		return NULL;
	return mdg_arena_strndup(arena, line, n);
}

struct tokens {
	struct mdg_buf text;   /* folded, without white space */
	size_t at[TOKENS_MAX]; /* where each part begins in it */
	size_t n;
	size_t person; /* the first behind the company, if one is named */
};

/* 佐々木 is 佐佐木. */
static void
repeat_kanji(struct mdg_buf *b, size_t from)
{
	char *s = (char *)mdg_buf_str(b);

	for (size_t i = from + 3; i + 3 <= b->len; i++)
		if (memcmp(s + i, "々", 3) == 0)
			memcpy(s + i, s + i - 3, 3);
}

/* The parts of a name between white space, each folded. */
static void
read_tokens(struct tokens *t, const char *s, size_t n)
{
	while (n > 0 && t->n < TOKENS_MAX) {
		size_t len = 0;
		trim(&s, &n);
		while (len < n && s[len] != ' ' && s[len] != '\t' &&
		       !(n - len >= 3 && memcmp(s + len, "　", 3) == 0))
			len++;
		if (len == 0)
			break;
		size_t before = t->text.len;
		mdg_fold(&t->text, s, len, MDG_FOLD_NAME | MDG_FOLD_KANA);
		repeat_kanji(&t->text, before);
		if (t->text.len > before)
			t->at[t->n++] = before;
		s += len;
		n -= len;
	}
}

static bool
has_kanji(const char *s)
{
	for (size_t i = 0, n = strlen(s); i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		if ((c >= 0x3400 && c <= 0x9FFF) || c >= 0x20000)
			return true;
	}
	return false;
}

/* One is the other, or its beginning (the family name alone). */
static bool
is_same(const char *a, const char *b)
{
	return mdg_str_starts(a, b) || mdg_str_starts(b, a);
}

/* A company and nobody in it. */
static bool
is_organisation(const char *s, size_t parts)
{
	static const char *const marks[] = {
		"会社",       "法人",   "(株)",   "(有)",   "大学",   "病院",
		"商会",       "商店",   "組合",   "協会",   "役所",   "学校",
		"商事",       "工業",   "製作所", "産業",   "食品",   "建設",
		"銀行",       "ホテル", "医院",   "事務所", "工務店", "電機",
		"印刷",       "運輸",   "物流",   "不動産", "薬局",   "旅館",
		"くりにっく", "ほてる"};

	for (size_t i = 0; i < MDG_LEN(marks); i++)
		if (parts == 1 && strstr(s, marks[i]))
			return true;
	return false;
}

/* In "青葉商会 田中 一郎" the person begins behind the company. */
static void
skip_company(struct tokens *t)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	for (size_t i = 0; i + 1 < t->n; i++) {
		size_t len = t->at[i + 1] - t->at[i];
		if (is_organisation(
			    mdg_arena_strndup(
				    &a, mdg_buf_str(&t->text) + t->at[i], len),
			    1))
			t->person = i + 1;
	}
}

/* The name of a company without what makes it one. */
static char *
company_core(struct mdg_arena *a, const char *s)
{
	static const char *const forms[] = {"株式会社", "有限会社", "合同会社",
					    "(株)", "(有)"};
	char *core = mdg_arena_strndup(a, s, strlen(s)), *p;

	for (size_t i = 0; i < MDG_LEN(forms); i++)
		while ((p = strstr(core, forms[i])))
			memmove(p, p + strlen(forms[i]),
				strlen(p + strlen(forms[i])) + 1);
	return core;
}

/* What kind of company it says it is; 0: none. */
static int
company_form(const char *s)
{
	static const char *const forms[][2] = {{"株式会社", "(株)"},
					       {"有限会社", "(有)"},
					       {"合同会社", "(同)"}};

	for (int i = 0; i < (int)MDG_LEN(forms); i++)
		for (size_t k = 0; k < 2; k++) {
			if (strstr(s, forms[i][k]))
				return i + 1;
		}
	return 0;
}

/* 株式会社青葉商会 is not 有限会社青葉商会. */
static bool
is_other_form(const char *a, const char *b)
{
	int x = company_form(a), y = company_form(b);

	return x && y && x != y;
}

/* 青葉商会 and 青葉商会東京支店 are one, 青葉 and 青葉食品 are two. */
static bool
is_same_company(const char *a, const char *b)
{
	static const char *const places[] = {
		"支店", "営業所", "本社", "本店", "支社",     "工場", "部",
		"課",   "室",     "係",   "事業", "せんたー", "店"};
	const char *longer = strlen(a) > strlen(b) ? a : b;
	const char *rest, *shorter = longer == a ? b : a;

	if (!mdg_str_starts(longer, shorter))
		return false;
	rest = longer + strlen(shorter);
	if (!*rest)
		return true;
	for (size_t i = 0; i < MDG_LEN(places); i++)
		if (strstr(rest, places[i]))
			return true;
	return false;
}

/* The company at s, the part of a name or all of it, against that of the
 * customer: NONE if it is the same and a person works there. */
static enum names
compare_companies(const char *s, const struct tokens *c)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *all = mdg_buf_str(&c->text);

	for (size_t i = 0; i < c->n; i++) {
		size_t end = i + 1 < c->n ? c->at[i + 1] : c->text.len;
		char *part =
			mdg_arena_strndup(&a, all + c->at[i], end - c->at[i]);
		if (!is_organisation(part, 1))
			continue;
		const char *x = company_core(&a, s),
			   *y = company_core(&a, part);
		if (!is_same_company(x, y) || is_other_form(s, part))
			return NAMES_OTHER;
		return c->n > 1 ? NAMES_NONE : NAMES_SAME;
	}
	return NAMES_NONE;
}

/* The reading in "田中 一郎(タナカ イチロウ)"; *n becomes what is before it. */
static const char *
cut_reading(const char *s, size_t *n, size_t *ret_n)
{
	static const char *const open[] = {"(", "（"}, *const close[] = {")",
									 "）"};

	for (size_t i = 0; i < MDG_LEN(open); i++) {
		const char *from = memmem(s, *n, open[i], strlen(open[i]));
		if (!from || from == s || !ends(s, *n, close[i]))
			continue;
		const char *text = from + strlen(open[i]);
		*ret_n = (size_t)(s + *n - text) - strlen(close[i]);
		*n = (size_t)(from - s);
		return text;
	}
	return NULL;
}

char *
names_person(struct mdg_arena *arena, const char *customer)
{
	size_t n = strlen(customer), reading_n;
	const char *from = customer, *end;

	cut_reading(customer, &n, &reading_n);
	end = customer + n;
	for (const char *p = customer; p < end; p++) {
		size_t blank = *p == ' ' ? 1 : mdg_str_starts(p, "　") ? 3 : 0;
		if (!blank)
			continue;
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		mdg_fold(&b, from, (size_t)(p - from), MDG_FOLD_NAME);
		if (is_organisation(mdg_buf_str(&b), 1))
			from = p + blank;
	}
	return mdg_arena_strndup(arena, from, (size_t)(end - from));
}

bool
names_is_organisation(const char *name)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&b, name, strlen(name), MDG_FOLD_NAME | MDG_FOLD_KANA);
	return is_organisation(mdg_buf_str(&b), 1);
}

bool
names_is_all(const char *line, size_t n, const char *person)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf l = {0}, p = {0};
	size_t family = strcspn(person, " ");
	const char *wide = strstr(person, "　");

	if (wide && (size_t)(wide - person) < family)
		family = (size_t)(wide - person);
	mdg_fold(&l, line, n, MDG_FOLD_NAME | MDG_FOLD_KANA);
	mdg_fold(&p, person, strlen(person), MDG_FOLD_NAME | MDG_FOLD_KANA);
	if (l.len > 0 && p.len > 0 &&
	    mdg_str_ends(mdg_buf_str(&l), mdg_buf_str(&p)))
		return true;
	mdg_buf_reset(&p);
	mdg_fold(&p, person, family, MDG_FOLD_NAME | MDG_FOLD_KANA);
	return l.len > 0 && p.len > 0 &&
	       mdg_streq(mdg_buf_str(&l), mdg_buf_str(&p));
}

/*
 * From any part on: 営業部 部長 田中, 青葉商会 田中 一郎. A given name alone
 * does not make two people one.
 */
static bool
shares_part(const struct tokens *l, const struct tokens *c)
{
	const char *lt = mdg_buf_str(&l->text), *ct = mdg_buf_str(&c->text);

	for (size_t i = 0; i < l->n; i++)
		for (size_t k = c->person; k < c->n; k++)
			if ((i == 0 || k == c->person ||
			     (l->n - i >= 2 && c->n - k >= 2)) &&
			    is_same(lt + l->at[i], ct + c->at[k]))
				return true;
	return false;
}

static enum names
compare_tokens(const struct tokens *l, const struct tokens *c,
	       const struct tokens *reading)
{
	const char *lt = mdg_buf_str(&l->text), *ct = mdg_buf_str(&c->text);

	if (l->n == 0 || c->n == 0)
		return NAMES_NONE;
	if (is_organisation(lt, l->n) && c->n > 1)
		return compare_companies(lt, c);
	if (has_kanji(lt) != has_kanji(ct)) {
		if (reading->n == 0 || has_kanji(lt))
			return NAMES_UNKNOWN;
		return shares_part(l, reading) ? NAMES_SAME : NAMES_OTHER;
	}
	if (strstr(lt, ct + c->at[c->person]) || shares_part(l, c))
		return NAMES_SAME;
	/* who works there, we do not know */
	return is_organisation(ct, c->n) && !is_organisation(lt, l->n)
		       ? NAMES_UNKNOWN
		       : NAMES_OTHER;
}

enum names
names_compare(const char *line, size_t n, const char *customer)
{
	struct tokens l = {0}, c = {0}, r = {0};
	size_t cn = strlen(customer), reading_n = 0;
	const char *reading = cut_reading(customer, &cn, &reading_n);
	enum names result;

	trim(&line, &n);
	bool onchu = ends(line, n, "御中");
	if (onchu)
		n -= strlen("御中");
	else if (!cut_title(&line, &n))
		return NAMES_NONE;
	if (!cut_title(&customer, &cn))
		return NAMES_UNKNOWN;
	read_tokens(&l, line, n);
	read_tokens(&c, customer, cn);
	skip_company(&c);
	if (reading)
		read_tokens(&r, reading, reading_n);
	if (onchu)
		result = is_organisation(mdg_buf_str(&l.text), 1)
				 ? compare_companies(mdg_buf_str(&l.text), &c)
				 : NAMES_NONE;
	else
		result = compare_tokens(&l, &c, &r);
	mdg_buf_clear(&l.text);
	mdg_buf_clear(&c.text);
	mdg_buf_clear(&r.text);
	return result;
}

/* -- names in Latin letters ------------------------------------------------ */

static bool
is_letter(unsigned char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* With bytes of é, ü …, which are all below those of kana. */
size_t
names_latin_word(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		unsigned char c = (unsigned char)s[i];
		if (c >= 0xC3 && c <= 0xC9 && i + 1 < n)
			i += 2;
		else if (is_letter(c))
			i++;
		else
			break;
	}
	return i;
}

bool
names_is_latin(const char *name)
{
	size_t letters = 0, len;

	for (size_t i = 0, n = strlen(name); i < n; i += len ? len : 1) {
		len = names_latin_word(name + i, n - i);
		letters += len;
		if (len == 0 && (unsigned char)name[i] >= 0x80)
			return false;
	}
	return letters > 1;
}

bool
names_has_word(const char *name, const char *word, size_t n)
{
	for (size_t i = 0, all = strlen(name), len; i < all;
	     i += len ? len : 1) {
		len = names_latin_word(name + i, all - i);
		if (len == n && n > 0 && strncasecmp(name + i, word, n) == 0)
			return true;
	}
	return false;
}
