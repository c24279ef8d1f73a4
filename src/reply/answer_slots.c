/* "お届け日：8月3日": values for what a candidate leaves open. */
#include <string.h>

#include "answer_int.h"
#include "madoguchi/base/str.h"

enum { LINE_MAX = 600 }; /* in a longer line only one slot is looked for */

const char *
mdg_answer_trim(const char *s, size_t n, struct mdg_arena *a)
{
	for (bool again = true; again;) {
		again = false;
		if (n && strchr(" \t\r", *s)) {
			s++;
			n--;
			again = true;
		} else if (n >= 3 && memcmp(s, "　", 3) == 0) {
			s += 3;
			n -= 3;
			again = true;
		}
	}
	while (n && strchr(" \t\r", s[n - 1]))
		n--;
	return mdg_arena_strndup(a, s, n);
}

/* What may stand before a name: "・", "【", "「". */
static const char *
name_begin(const char *p, const char *end)
{
	static const char *const signs[] = {"・", "【", "「", "■",  "●", "-",
					    "*",  " ",  "　", "\t", "["};

	for (bool again = true; again && p < end;) {
		again = false;
		for (size_t i = 0; i < MDG_LEN(signs); i++) {
			size_t k = strlen(signs[i]);
			if ((size_t)(end - p) < k || memcmp(p, signs[i], k))
				continue;
			p += k;
			again = true;
			break;
		}
	}
	return p;
}

/* Behind the name: "：", "】", "＝"; blanks do if a candidate was chosen. */
static const char *
value_begin(const char *p, const char *end, bool blank_will_do)
{
	static const char *const signs[] = {":",  "：", "=",  "＝", ";",
					    "；", "】", "」", "]",  "→"};
	static const char *const blanks[] = {" ", "　", "\t"};
	bool parted = false, again = true;

	while (again && p < end) {
		again = false;
		for (size_t i = 0; i < MDG_LEN(signs) + MDG_LEN(blanks); i++) {
			bool sign = i < MDG_LEN(signs);
			const char *w =
				sign ? signs[i] : blanks[i - MDG_LEN(signs)];
			size_t k = strlen(w);
			if ((size_t)(end - p) < k || memcmp(p, w, k))
				continue;
			p += k;
			again = true;
			parted |= sign || blank_will_do;
			break;
		}
	}
	return parted ? p : NULL;
}

/* How much of p, as it was typed, folds to want; 0: it does not begin so. */
static size_t
typed_as(const char *p, const char *end, const char *want, struct mdg_arena *a)
{
	size_t most = 3 * strlen(want), left = (size_t)(end - p);

	if (left > most)
		left = mdg_utf8_cut(p, left, most);
	if (!mdg_str_starts(mdg_answer_fold(p, left, a), want))
		return 0;
	for (size_t n = 1; n <= left; n++)
		if ((n == left || ((unsigned char)p[n] & 0xC0) != 0x80) &&
		    mdg_streq(want, mdg_answer_fold(p, n, a)))
			return n;
	return 0;
}

const char *
mdg_answer_slot_at(const struct mdg_answer_names *names, const char *p,
		   const char *end, bool blanks, size_t *ret_i)
{
	const char *v = NULL, *name = name_begin(p, end);
	size_t best = 0;

	for (size_t i = 0; i < names->n; i++) {
		size_t n = typed_as(name, end, names->v[i], names->a);
		const char *to =
			n > best ? value_begin(name + n, end, blanks) : NULL;
		if (!to)
			continue;
		v = to;
		best = n;
		*ret_i = names->slot[i];
	}
	return v;
}

void
mdg_answer_names_of(const struct mdg_answer_input *in, struct mdg_arena *a,
		    struct mdg_answer_names *ret)
{
	*ret = (struct mdg_answer_names){.a = a};
	for (size_t i = 0; i < in->labels.n && i < in->slots.n; i++) {
		const char *both[] = {in->labels.v[i], in->slots.v[i]};
		for (size_t k = 0; k < 2 && ret->n < MDG_LEN(ret->v); k++) {
			ret->slot[ret->n] = i;
			ret->v[ret->n++] =
				mdg_answer_fold(both[k], strlen(both[k]), a);
		}
	}
}

/* "お届け日：8月3日" of slots that may be filled; several in one line. */
bool
mdg_answer_slots(const struct mdg_answer_input *in,
		 const struct mdg_answer_names *names, const char *s, size_t n,
		 struct mdg_answer *out)
{
	const char *end = s + n, *next;
	size_t i = 0, k = 0;

	const char *v = mdg_answer_slot_at(names, s, end, out->choice != 0, &i);
	if (!v)
		return false;
	for (; v; v = next, i = k) {
		const char *stop = end;
		next = NULL;
		for (const char *p = v; p < end && !next && n <= LINE_MAX;
		     p++) {
			bool blank = *p == ' ' || *p == ',' || *p == '/' ||
				     (end - p >= 3 && (!memcmp(p, "　", 3) ||
						       !memcmp(p, "、", 3) ||
						       !memcmp(p, "／", 3)));
			const char *to = p + (*p < 0 ? 3 : 1);
			if (blank && to < end &&
			    (next = mdg_answer_slot_at(names, to, end, false,
						       &k)))
				stop = p;
		}
		const char *value =
			mdg_answer_trim(v, (size_t)(stop - v), names->a);
		if (!*value)
			continue; /* left open again */
		mdg_strings_add(&out->slot_names, names->a, in->slots.v[i],
				MDG_ANSWER_SLOTS_MAX);
		mdg_strings_add(&out->slot_values, names->a, value,
				MDG_ANSWER_SLOTS_MAX);
	}
	return true;
}
