#include "lint_need.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum {
	RUN_MAX = 96,   /* strings that are carried on while a run grows */
	SET_MAX = 2000, /* strings of one need */
	DEPTH_MAX = 40,
};

/* -- the pairs of a text ------------------------------------------------ */

static uint32_t
pair_of(uint32_t a, uint32_t b)
{
	uint32_t h = a * 0x9E3779B1u ^ b * 0x85EBCA6Bu;

	return (h ^ h >> 15) & ((1 << LINT_PAIR_BITS) - 1);
}

void
lint_pairs_clear(struct lint_pairs *p)
{
	memset(p, 0, sizeof(*p));
}

/* A character alone is a pair with nothing before it. */
void
lint_pairs_add(struct lint_pairs *p, const char *s, size_t n, uint64_t bit)
{
	uint32_t before = 0;

	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		p->in[pair_of(0, c)] |= bit;
		p->in[pair_of(before, c)] |= bit;
		before = c;
	}
}

uint64_t
lint_pairs_char(const struct lint_pairs *p, uint32_t c)
{
	return p->in[pair_of(0, c)];
}

/* -- sets of strings ---------------------------------------------------- */

/* v of n strings; exact: the part matches these and nothing else; known:
 * every match holds one of them. */
struct set {
	const char **v;
	size_t n;
	bool exact, known;
};

struct reader {
	const char *p;
	struct mdg_arena arena;
	size_t depth;
	bool lost; /* something that is not understood: no need at all */
};

static struct set
one(struct reader *r, const char *s, size_t n)
{
	struct set x = {.n = 1, .exact = true, .known = true};

	x.v = mdg_arena_array(&r->arena, 1, sizeof(*x.v));
	x.v[0] = mdg_arena_strndup(&r->arena, s, n);
	return x;
}

/* What every reply is full of. */
static const char *const common[] = {
	"お客様", "お客さま", "です",   "ます", "ました", "ません",
	"いたし", "ござい",   "ご",     "お",   "様",     "ください",
	"下さい", "いただ",   "ている", "して", "した",   "する",
	"から",   "ので",     "こと",   "ため", "でしょ", "おり",
};

/* How seldom is a string? Chinese characters and katakana more than kana. */
static int
rarity(const char *s)
{
	int sum = 0;

	for (size_t i = 0; i < MDG_LEN(common); i++)
		if (mdg_streq(s, common[i]))
			return 2;
	for (size_t i = 0, n = strlen(s); i < n;) {
		uint32_t c;
		i += mdg_utf8_next(s + i, n - i, &c);
		sum += c < 0x20 ? 1 : c >= 0x3040 && c < 0x30A0 ? 3 : 6;
	}
	return sum < 24 ? sum : 24;
}

static int
worth(const struct set *x)
{
	int least = 1000, cost = 0;

	if (!x->known || x->n == 0)
		return 0;
	for (size_t i = 0; i < x->n; i++) {
		int v = rarity(x->v[i]);
		least = v < least ? v : least;
	}
	for (size_t n = x->n; n > 8; n /= 2)
		cost++;
	return least > cost ? least - cost : least > 0;
}

static void
keep_better(struct set *best, const struct set *x)
{
	if (worth(x) > worth(best))
		*best = *x;
}

static struct set
both(struct reader *r, const struct set *a, const struct set *b)
{
	struct set x = {.exact = a->exact && b->exact,
			.known = a->known && b->known};

	if (!x.known || a->n + b->n > SET_MAX)
		return (struct set){0};
	x.v = mdg_arena_array(&r->arena, a->n + b->n, sizeof(*x.v));
	for (size_t i = 0; i < a->n; i++)
		x.v[x.n++] = a->v[i];
	for (size_t i = 0; i < b->n; i++)
		x.v[x.n++] = b->v[i];
	return x;
}

/* Put b after the run; false when that would be too many strings. */
static bool
append(struct reader *r, struct set *run, const struct set *b)
{
	struct set x = {.exact = true, .known = true};

	if (run->n * b->n > RUN_MAX)
		return false;
	x.v = mdg_arena_array(&r->arena, run->n * b->n, sizeof(*x.v));
	for (size_t i = 0; i < run->n; i++)
		for (size_t k = 0; k < b->n; k++)
			x.v[x.n++] = mdg_arena_printf(&r->arena, "%s%s",
						      run->v[i], b->v[k]);
	*run = x;
	return true;
}

/* -- the pattern -------------------------------------------------------- */

static struct set read_branches(struct reader *r);

static void
skip_class(struct reader *r)
{
	r->p++;
	if (*r->p == '^')
		r->p++;
	if (*r->p == ']')
		r->p++;
	while (*r->p && *r->p != ']') {
		if (*r->p == '\\' && r->p[1])
			r->p++;
		else if (r->p[0] == '[' && r->p[1] == ':') {
			const char *end = strstr(r->p, ":]");
			if (end)
				r->p = end + 1;
		}
		r->p++;
	}
	if (*r->p)
		r->p++;
	else
		r->lost = true;
}

/* A class of a few characters that are named is one string for each. */
static struct set
read_class(struct reader *r)
{
	enum { MEMBERS_MAX = 16 };
	const char *s = r->p + 1;
	struct set all = {.exact = true, .known = true}, x;
	uint32_t c;

	skip_class(r);
	const size_t n = r->lost ? 0 : (size_t)(r->p - s) - 1;
	if (n == 0 || *s == '^' || memchr(s, '\\', n) || memchr(s, '-', n) ||
	    memchr(s, '[', n))
		return (struct set){0};
	for (size_t i = 0, len; i < n; i += len) {
		len = mdg_utf8_next(s + i, n - i, &c);
		x = one(r, s + i, len);
		all = both(r, &all, &x);
	}
	return all.n <= MEMBERS_MAX ? all : (struct set){0};
}

/* What follows a backslash. Of zero width: *width is false. */
static struct set
read_escape(struct reader *r, bool *width)
{
	char c = r->p[1];

	if (c == 'x' && r->p[2] == '0' && r->p[3] >= '1' && r->p[3] <= '3') {
		const char byte = (char)(r->p[3] - '0');
		r->p += 4;
		return one(r, &byte, 1);
	}
	r->p += c ? 2 : 1;
	if (c && strchr("KbBAzZG", c))
		*width = false;
	if (*r->p == '{') /* \x{…}, \p{…} */
		while (*r->p && *r->p++ != '}')
			;
	else if (c == 'x')
		while ((*r->p >= '0' && *r->p <= '9') ||
		       (*r->p >= 'A' && *r->p <= 'F') ||
		       (*r->p >= 'a' && *r->p <= 'f'))
			r->p++;
	if (c && strchr(".+*?()[]{}|^$-/\\", c))
		return one(r, &c, 1);
	return (struct set){0};
}

static struct set
read_group(struct reader *r, bool *width)
{
	struct set x;

	r->p++;
	if (mdg_str_starts(r->p, "?:")) {
		r->p += 2;
	} else if (mdg_str_starts(r->p, "?=") || mdg_str_starts(r->p, "?!")) {
		*width = false;
		r->p += 2;
	} else if (mdg_str_starts(r->p, "?<=") || mdg_str_starts(r->p, "?<!")) {
		*width = false;
		r->p += 3;
	} else if (*r->p == '?' || *r->p == '*') {
		r->lost = true; /* (?i), (?<name>…), (*VERB) */
	}
	x = read_branches(r);
	if (*r->p == ')')
		r->p++;
	else
		r->lost = true;
	return *width ? x : (struct set){0};
}

enum times { ONCE, MAYBE, MORE, MAYBE_MORE };

static enum times
read_times(struct reader *r)
{
	enum times t = ONCE;

	if (*r->p == '?') {
		t = MAYBE;
		r->p++;
	} else if (*r->p == '*' || *r->p == '+') {
		t = *r->p == '*' ? MAYBE_MORE : MORE;
		r->p++;
	} else if (*r->p == '{' && r->p[1] >= '0' && r->p[1] <= '9') {
		t = r->p[1] == '0' ? MAYBE_MORE : MORE;
		while (*r->p && *r->p++ != '}')
			;
	} else {
		return ONCE;
	}
	if (*r->p == '?' || *r->p == '+')
		r->p++; /* lazy or possessive */
	return t;
}

static struct set
read_atom(struct reader *r, bool *width)
{
	uint32_t c;

	*width = true;
	switch (*r->p) {
	case '(':
		return read_group(r, width);
	case '[':
		return read_class(r);
	case '\\':
		return read_escape(r, width);
	case '^':
	case '$':
		*width = false;
		r->p++;
		return (struct set){0};
	case '.':
		r->p++;
		return (struct set){0};
	default:
		break;
	}
	const char *s = r->p;
	size_t n = mdg_utf8_next(s, strlen(s), &c);
	r->p += n;
	return one(r, s, n);
}

/* The run of plain characters before what is none is one candidate. */
static void
end_run(struct reader *r, struct set *run, struct set *best, bool *exact)
{
	keep_better(best, run);
	*run = one(r, "", 0);
	*exact = false;
}

static struct set
read_sequence(struct reader *r)
{
	struct set best = {0}, run = one(r, "", 0);
	bool exact = true;

	while (*r->p && *r->p != '|' && *r->p != ')' && !r->lost) {
		bool width;
		struct set x = read_atom(r, &width);
		enum times t = read_times(r);
		if (!width)
			continue;
		if (x.exact && t == MAYBE) {
			struct set none = one(r, "", 0);
			x = both(r, &x, &none);
		} else if (t == MAYBE || t == MAYBE_MORE) {
			x = (struct set){0};
		}
		if (x.exact && append(r, &run, &x)) {
			if (t == MORE)
				end_run(r, &run, &best, &exact);
			continue;
		}
		end_run(r, &run, &best, &exact);
		keep_better(&best, &x);
		if (x.exact && x.n <= RUN_MAX && t != MORE)
			run = x;
	}
	if (exact)
		return run;
	keep_better(&best, &run);
	best.exact = false;
	return best;
}

static struct set
read_branches(struct reader *r)
{
	struct set all;

	if (++r->depth > DEPTH_MAX)
		r->lost = true;
	all = read_sequence(r);
	while (*r->p == '|' && !r->lost) {
		r->p++;
		struct set x = read_sequence(r);
		all = both(r, &all, &x);
	}
	r->depth--;
	return all;
}

/* -- needs -------------------------------------------------------------- */

static size_t
put_string(uint16_t *out, const char *s)
{
	uint32_t before = 0;
	size_t k = 0, len = strlen(s);

	for (size_t i = 0; i < len;) {
		uint32_t c;
		size_t step = mdg_utf8_next(s + i, len - i, &c);
		/* of two and more characters the pairs say all */
		if (i > 0 || step == len)
			out[k++] = (uint16_t)pair_of(before, c);
		before = c;
		i += step;
	}
	out[k++] = LINT_PAIR_END;
	return k;
}

void
lint_need_read(struct lint_need *need, const char *pattern)
{
	struct reader r = {.p = pattern};
	size_t bytes = 0;

	*need = (struct lint_need){0};
	struct set x = read_branches(&r);
	bool known = !r.lost && !*r.p && worth(&x) > 0;
	for (size_t i = 0; known && i < x.n; i++)
		bytes += strlen(x.v[i]) + 1;
	if (bytes > 0)
		need->pairs = mdg_calloc(bytes, sizeof(*need->pairs));
	for (size_t i = 0; bytes > 0 && i < x.n; i++)
		need->n += put_string(need->pairs + need->n, x.v[i]);
	mdg_arena_clear(&r.arena);
}

void
lint_need_clear(struct lint_need *need)
{
	free(need->pairs);
	*need = (struct lint_need){0};
}

uint64_t
lint_need_met(const struct lint_need *need, const struct lint_pairs *text)
{
	uint64_t met = 0, all = UINT64_MAX;

	if (need->n == 0)
		return UINT64_MAX;
	for (size_t i = 0; i < need->n; i++) {
		if (need->pairs[i] != LINT_PAIR_END) {
			all &= text->in[need->pairs[i]];
			continue;
		}
		met |= all;
		all = UINT64_MAX;
	}
	return met;
}
