#include "madoguchi/desk/diff.h"

#include <stdint.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

enum { PIECES_MAX = 600 };

struct pieces {
	const char *v[PIECES_MAX];
	size_t len[PIECES_MAX];
	size_t n;
};

/* After 。 and after each line feed; the last piece takes what is left. */
static void
cut(const char *s, struct pieces *p)
{
	size_t from = 0, n = strlen(s), stop = strlen("。");

	p->n = 0;
	for (size_t i = 0; i < n; i++) {
		bool end = s[i] == '\n';
		if (n - i >= stop && memcmp(s + i, "。", stop) == 0) {
			end = s[i + stop] != '\n';
			i += stop - 1;
		}
		if (!end || p->n + 1 == PIECES_MAX)
			continue;
		p->v[p->n] = s + from;
		p->len[p->n++] = i + 1 - from;
		from = i + 1;
	}
	if (from < n) {
		p->v[p->n] = s + from;
		p->len[p->n++] = n - from;
	}
}

static bool
same(const struct pieces *a, size_t i, const struct pieces *b, size_t k)
{
	return a->len[i] == b->len[k] &&
	       memcmp(a->v[i], b->v[k], a->len[i]) == 0;
}

struct out {
	struct mdg_arena *a;
	struct mdg_diff_part *v;
	size_t n;
	struct mdg_buf text; /* of the part at work */
	char op;
};

static void
end_part(struct out *o)
{
	if (o->text.len)
		o->v[o->n++] = (struct mdg_diff_part){
			o->op, mdg_arena_strdup(o->a, mdg_buf_str(&o->text))};
	mdg_buf_reset(&o->text);
}

static void
put(struct out *o, char op, const char *s, size_t n)
{
	if (op != o->op) {
		end_part(o);
		o->op = op;
	}
	mdg_buf_put(&o->text, s, n);
}

void
mdg_diff(const char *old, const char *new_, struct mdg_arena *arena,
	 struct mdg_diff_part **ret, size_t *ret_n)
{
	struct pieces *a = mdg_arena_array(arena, 1, sizeof(*a));
	struct pieces *b = mdg_arena_array(arena, 1, sizeof(*b));

	cut(old, a);
	cut(new_, b);
	/* lcs[i][k]: pieces in common of what begins at i and k */
	size_t w = b->n + 1, i = 0, k = 0;
	uint16_t *lcs = mdg_arena_array(arena, (a->n + 1) * w, sizeof(*lcs));
	memset(lcs, 0, (a->n + 1) * w * sizeof(*lcs));
	for (i = a->n; i-- > 0;)
		for (k = b->n; k-- > 0;) {
			uint16_t down = lcs[(i + 1) * w + k];
			uint16_t right = lcs[i * w + k + 1];
			lcs[i * w + k] =
				same(a, i, b, k)
					? (uint16_t)(lcs[(i + 1) * w + k + 1] +
						     1)
				: down > right ? down
					       : right;
		}
	struct out o = {.a = arena, .op = '='};
	o.v = mdg_arena_array(arena, a->n + b->n + 1, sizeof(*o.v));
	for (i = 0, k = 0; i < a->n || k < b->n;) {
		if (i < a->n && k < b->n && same(a, i, b, k)) {
			put(&o, '=', a->v[i], a->len[i]);
			i++;
			k++;
		} else if (k == b->n ||
			   (i < a->n &&
			    lcs[(i + 1) * w + k] >= lcs[i * w + k + 1])) {
			put(&o, '-', a->v[i], a->len[i]);
			i++;
		} else {
			put(&o, '+', b->v[k], b->len[k]);
			k++;
		}
	}
	end_part(&o);
	mdg_buf_clear(&o.text);
	*ret = o.v;
	*ret_n = o.n;
}
