#include "names.h"

#include <string.h>

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
};

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
		mdg_fold(&t->text, s, len, MDG_FOLD_NAME);
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
	static const char *const marks[] = {"会社", "法人", "(株)", "(有)",
					    "大学", "病院", "商会", "商店",
					    "組合", "協会", "役所", "学校"};

	for (size_t i = 0; i < MDG_LEN(marks); i++)
		if (parts == 1 && strstr(s, marks[i]))
			return true;
	return false;
}

enum names
names_compare(const char *line, size_t n, const char *customer)
{
	struct tokens l = {0}, c = {0};
	size_t cn = strlen(customer);
	enum names result = NAMES_OTHER;

	if (!cut_title(&line, &n))
		return NAMES_NONE;
	if (!cut_title(&customer, &cn))
		return NAMES_UNKNOWN;
	read_tokens(&l, line, n);
	read_tokens(&c, customer, cn);
	const char *lt = mdg_buf_str(&l.text), *ct = mdg_buf_str(&c.text);
	if (l.n == 0 || c.n == 0)
		result = NAMES_NONE;
	else if (has_kanji(lt) != has_kanji(ct))
		result = NAMES_UNKNOWN;
	else if (strstr(lt, ct))
		result = NAMES_SAME;
	/*
	 * From any part on: 営業部 部長 田中, 青葉商会 田中 一郎. A given name
	 * alone does not make two people one.
	 */
	for (size_t i = 0; i < l.n && result == NAMES_OTHER; i++)
		for (size_t k = 0; k < c.n; k++)
			if ((i == 0 || k == 0 ||
			     (l.n - i >= 2 && c.n - k >= 2)) &&
			    is_same(lt + l.at[i], ct + c.at[k]))
				result = NAMES_SAME;
	/* who works there, we do not know */
	if (result == NAMES_OTHER && is_organisation(ct, c.n) &&
	    !is_organisation(lt, l.n))
		result = NAMES_UNKNOWN;
	mdg_buf_clear(&l.text);
	mdg_buf_clear(&c.text);
	return result;
}
