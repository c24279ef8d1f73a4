/*
 * 誤送信防止: the postal address of another customer, however it is written
 * (銀座1-2-3, 銀座１丁目２番３号, 銀座一丁目2-3).
 *
 * Texts are compared in one form: folded, without spaces but between numbers,
 * the numbers of a place joined by hyphens. A place is a name with
 * 都道府県市区町村郡 before it and two numbers behind it (or one and 番地).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard-int.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum { HOLDERS_MAX = 200, NAME_CHARS_MAX = 30, TOWN_CHARS_MAX = 8 };

/* -- one form ------------------------------------------------------------- */

struct canon {
	struct mdg_buf text;
	uint32_t *at; /* by byte: the character of the text as given */
	size_t cap;
};

static void
canon_clear(struct canon *c)
{
	mdg_buf_clear(&c->text);
	free(c->at);
}

static void
put(struct canon *c, const char *s, size_t n, uint32_t at)
{
	if (c->text.len + n + 1 > c->cap) {
		c->cap = (c->cap + n) * 2 + 256;
		c->at = mdg_realloc(c->at, c->cap * sizeof(*c->at));
	}
	for (size_t i = 0; i < n; i++)
		c->at[c->text.len + i] = at;
	mdg_buf_put(&c->text, s, n);
}

static bool
starts(const char *s, const char *const *words, size_t n, size_t *ret_len)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_str_starts(s, words[i])) {
			*ret_len = strlen(words[i]);
			return true;
		}
	return false;
}

static const char *const units[] = {"丁目", "番地の", "番地", "番", "号"};

/* 一 … 九十九 before 丁目, 番 or 号; bytes read, 0: no such number. */
static size_t
read_kanji(const char *s, int *ret)
{
	static const char digits[] = "一二三四五六七八九十";
	int sum = 0, one = 0;
	size_t i = 0, len;

	for (;; i += 3) {
		const char *d =
			s[i] ? strstr(digits,
				      (char[4]){s[i], s[i + 1],
						s[i + 1] ? s[i + 2] : 0, 0})
			     : NULL;
		if (!d || (d - digits) % 3 || i >= 9)
			break;
		int v = (int)(d - digits) / 3 + 1;
		if (v < 10) {
			one = v;
			continue;
		}
		sum += (one ? one : 1) * 10;
		one = 0;
	}
	*ret = sum + one;
	return i && starts(s + i, units, MDG_LEN(units), &len) ? i : 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes of what joins the number before with what follows; 0: nothing. */
static size_t
joint(const char *s)
{
	static const char *const links[] = {"-", "ー", "の", "ノ"};
	size_t len;

	if (starts(s, units, MDG_LEN(units), &len))
		return len;
	return starts(s, links, MDG_LEN(links), &len) && is_digit(s[len]) ? len
									  : 0;
}

static void
make_canon(const char *text, struct canon *c)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	MDG_AUTO(mdg_freep) uint32_t *at = NULL;
	char number[16];
	int v;

	*c = (struct canon){0};
	mdg_fold_mapped(&folded, &at, text, strlen(text),
			MDG_FOLD_SIGNS | MDG_FOLD_VARIANTS);
	const char *s = mdg_buf_str(&folded);
	for (size_t i = 0; i < folded.len;) {
		const struct mdg_buf *b = &c->text;
		bool number_before = b->len && is_digit(b->ptr[b->len - 1]);
		size_t n = strspn(s + i, " \t\r\n");
		if (n) {
			if (number_before && is_digit(s[i + n]))
				put(c, " ", 1, at[i]);
		} else if (number_before && (n = joint(s + i))) {
			put(c, "-", 1, at[i]);
		} else if ((n = read_kanji(s + i, &v))) {
			snprintf(number, sizeof(number), "%d", v);
			put(c, number, strlen(number), at[i]);
		} else {
			uint32_t cp;
			n = mdg_utf8_next(s + i, folded.len - i, &cp);
			put(c, s + i, n, at[i]);
		}
		i += n;
	}
	put(c, "", 0, 0);
	c->at[c->text.len] = at[folded.len];
}

/* -- places --------------------------------------------------------------- */

static bool
is_name_char(uint32_t c)
{
	return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FC) ||
	       c == 0x3005 || (c >= 0x4E00 && c <= 0x9FFF);
}

/* The character before s[i], and where it begins. */
static size_t
char_before(const char *s, size_t i, uint32_t *cp)
{
	do
		i--;
	while (i > 0 && ((unsigned char)s[i] & 0xC0) == 0x80);
	mdg_utf8_next(s + i, 4, cp);
	return i;
}

/*
 * The name before the number at s[i]: where its last part begins (behind the
 * 市, 区 …, or 村 of the part before); false: no name of a place.
 */
static bool
find_town(const char *s, size_t i, size_t *ret)
{
	static const char parts[] = "都道府県市区町村郡";
	size_t at = i, chars = 0, town = 0;
	uint32_t cp;
	bool is_place = false;

	for (; at > 0 && chars < NAME_CHARS_MAX; chars++) {
		size_t p = char_before(s, at, &cp);
		if (!is_name_char(cp))
			break;
		bool part =
			strstr(parts, (char[4]){s[p], s[p + 1], s[p + 2], 0});
		/* 大手町: the name's own last character parts nothing */
		if (part && !town && chars >= 2)
			town = at;
		is_place = is_place || (part && chars > 0);
		if (!town && chars + 1 == TOWN_CHARS_MAX)
			town = p;
		at = p;
	}
	*ret = town ? town : at;
	return is_place && chars >= 3;
}

/* The numbers from s[i]: "1-2-3", without the room behind; how many. */
static size_t
read_numbers(const char *s, size_t i, size_t *ret_end)
{
	size_t n = 0;

	for (*ret_end = i; is_digit(s[i]); n++) {
		while (is_digit(s[i]))
			i++;
		*ret_end = i;
		if (s[i] != '-' || n == 2)
			return n + 1;
		i++;
	}
	return n + (n == 1); /* 123番地: nothing follows */
}

struct place {
	const char *needle; /* 銀座1-2-3 */
};

static bool
says_place(const char *text, const void *arg)
{
	const struct place *p = arg;
	struct canon c;
	bool found = false;
	size_t n = strlen(p->needle);

	make_canon(text, &c);
	const char *s = mdg_buf_str(&c.text);
	for (const char *at = s; !found && (at = strstr(at, p->needle)); at++)
		found = !is_digit(at[n]);
	canon_clear(&c);
	return found;
}

static bool
judge_place(struct guard *g, const char *needle, size_t town_n, bool *ret,
	    struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};
	const struct place p = {needle};

	*ret = false;
	if (says_place(g->own, &p))
		return true;
	/* the pairs of the town's name; its last sign alone ends a run */
	mdg_terms_doc(needle, town_n, &terms);
	char *last = terms.len ? strrchr(terms.ptr, ' ') : NULL;
	if (last)
		*last = '\0';
	const struct guard_search s = {
		.phrases = {mdg_buf_str(&terms), ""},
		.max = HOLDERS_MAX,
		.says = says_place,
		.arg = &p,
	};
	return mdg_guard_is_others(g, &s, ret, err);
}

bool
mdg_guard_places(struct guard *g, struct mdg_err *err)
{
	struct canon c;
	bool ok = true;
	size_t found = 0;

	make_canon(g->draft->body, &c);
	const char *s = mdg_buf_str(&c.text);
	for (size_t i = 0; ok && i < c.text.len && found < MDG_GUARD_FOUND_MAX;
	     i++) {
		size_t town, end;
		bool others;
		if (!is_digit(s[i]) || (i > 0 && is_digit(s[i - 1])) ||
		    read_numbers(s, i, &end) < 2 || !find_town(s, i, &town))
			continue;
		const char *needle =
			mdg_arena_strndup(&g->arena, s + town, end - town);
		ok = judge_place(g, needle, i - town, &others, err);
		if (ok && others) {
			mdg_guard_emit(g, MDG_GUARD_OTHER_PLACE, c.at[town],
				       c.at[end], MDG_MSG_guard_other_place,
				       needle);
			found++;
		}
		i = end - 1;
	}
	canon_clear(&c);
	return ok;
}
