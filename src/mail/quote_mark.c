/* Signs in front of quoted lines. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "quote_priv.h"

enum { PREFIX_MAX = 200, INITIALS_MAX = 6 };

struct sign {
	const char *s;
	enum mdg_q_mark mark;
};

static const struct sign SIGNS[] = {
	{">", MDG_Q_GT},   {"＞", MDG_Q_GT},   {"|", MDG_Q_BAR},
	{"｜", MDG_Q_BAR}, {"》", MDG_Q_WIDE}, {"≫", MDG_Q_WIDE},
	{"»", MDG_Q_WIDE},
};

static size_t
spaces(const char *s, size_t n)
{
	size_t k = 0;

	for (;;) {
		if (k < n && (s[k] == ' ' || s[k] == '\t'))
			k++;
		else if (k + 2 < n && !memcmp(s + k, "　", 3))
			k += 3;
		else
			return k;
	}
}

static const struct sign *
sign_at(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(SIGNS) / sizeof(SIGNS[0]); i++) {
		size_t w = strlen(SIGNS[i].s);
		if (n >= w && !memcmp(s, SIGNS[i].s, w))
			return &SIGNS[i];
	}
	return NULL;
}

/* ">_<", "><", ">>> 重要 <<<", ">=": drawings, not quoting. */
static bool
is_drawing(const char *rest, size_t n, size_t depth)
{
	static const char *const faces[] = {"<", "＜",  "_<",  ".<", "^",
					    "=", "﹏<", "_＜", NULL};
	size_t k = spaces(rest, n);

	for (size_t i = 0; faces[i]; i++) {
		size_t w = strlen(faces[i]);
		if (k == 0 && n >= w && !memcmp(rest, faces[i], w) &&
		    !memchr(rest, '@', n))
			return true;
	}
	while (n > 0 && rest[n - 1] == ' ')
		n--;
	if (depth < 2)
		return false;
	return (n >= 2 && !memcmp(rest + n - 2, "<<", 2)) ||
	       (n >= 6 && !memcmp(rest + n - 6, "＜＜", 6));
}

/* "abc> text": the writer's initials, as some mailers quote. */
static size_t
initials(const char *s, size_t n)
{
	size_t i = 0, chars = 0;

	while (i < n && chars <= INITIALS_MAX) {
		uint32_t c;
		size_t w = mdg_utf8_next(s + i, n - i, &c);
		bool latin = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool kanji = c >= 0x3041 && c <= 0x9FFF && c != 0x30FB;
		if (!latin && !kanji)
			break;
		i += w;
		chars++;
	}
	if (chars == 0 || chars > INITIALS_MAX || i >= n || s[i] != '>')
		return 0;
	if (i + 1 < n && s[i + 1] != ' ' && s[i + 1] != '>')
		return 0;
	return i + 1;
}

void
mdg_q_mark_line(struct mdg_q *q, size_t i)
{
	struct mdg_q_line *l = &q->v[i];
	const char *s = mdg_q_str(q, i);
	size_t n = l->len < PREFIX_MAX ? l->len : PREFIX_MAX;
	size_t k = spaces(s, n), lead = k, depth = 0, end = 0;
	const struct sign *first = NULL;

	l->mark = MDG_Q_BARE;
	for (const struct sign *g; k < n && (g = sign_at(s + k, n - k));) {
		if (first && first->mark != g->mark && g->mark == MDG_Q_BAR)
			break;
		if (!first)
			first = g;
		depth++;
		end = k + strlen(g->s);
		k = end + spaces(s + end, n - end);
	}
	if (first && lead <= 6 && !is_drawing(s + end, l->len - end, depth)) {
		l->mark = (uint8_t)first->mark;
		l->pre = (uint8_t)(end < 255 ? end : 255);
		l->depth = (uint8_t)(depth < 255 ? depth : 255);
		return;
	}
	size_t w = first ? 0 : initials(s, n);
	if (w) {
		l->mark = MDG_Q_INIT;
		l->pre = (uint8_t)w;
		l->depth = 1;
	}
}

/* ">100円", ">=5": a comparison, when no other line looks quoted. */
bool
mdg_q_looks_compared(const struct mdg_q *q, size_t i)
{
	const struct mdg_q_line *l = &q->v[i];
	const char *s = mdg_q_str(q, i) + l->pre;

	if (l->mark != MDG_Q_GT || l->depth > 1 || l->len <= l->pre)
		return false;
	return *s == '=' || (*s >= '0' && *s <= '9');
}

/* "| a | b |": a table. */
static bool
looks_tabled(const struct mdg_q *q, size_t i)
{
	const struct mdg_q_line *l = &q->v[i];
	const char *s = mdg_q_str(q, i) + l->pre;
	size_t n = l->len - l->pre;

	return memchr(s, '|', n) || memmem(s, n, "｜", 3);
}

static bool
same_initials(const struct mdg_q *q, size_t lo, size_t hi)
{
	const struct mdg_q_line *a = &q->v[lo];

	for (size_t i = lo; i < hi; i++) {
		const struct mdg_q_line *b = &q->v[i];
		if (b->mark != MDG_Q_INIT)
			continue;
		if (a->pre != b->pre ||
		    memcmp(mdg_q_str(q, lo), mdg_q_str(q, i), a->pre))
			return false;
		const char *rest = mdg_q_str(q, i) + b->pre;
		if (b->depth == 1 && memchr(rest, '>', b->len - b->pre))
			return false; /* 設定> 一般> 情報 */
	}
	return true;
}

bool
mdg_q_run_is_quote(const struct mdg_q *q, size_t lo, size_t hi, bool after_head)
{
	size_t n = 0, bare = 0, nested = 0, compared = 0, tabled = 0;
	static const char *const prompts[] = {
		"mysql>", "ftp>", "cmd>", "psql>",  "irb>", "ps>",
		"PS>",    "gdb>", "sql>", "sqlite", "SQL>", NULL};

	for (size_t i = lo; i < hi; i++) {
		const struct mdg_q_line *l = &q->v[i];
		if (l->mark == MDG_Q_BARE)
			continue;
		n++;
		bare += mdg_line_is_blank(mdg_q_str(q, i) + l->pre,
					  l->len - l->pre);
		nested += l->depth > 1;
		compared += mdg_q_looks_compared(q, i);
		tabled += looks_tabled(q, i);
	}
	switch (q->v[lo].mark) {
	case MDG_Q_GT:
		if (after_head)
			return true;
		if (q->is_reply || q->headed)
			return compared < n || q->gt_plain > 0;
		/* a program's work: empty lines marked, or quotes of quotes */
		return n >= 3 && (bare > 0 || nested > 0);
	case MDG_Q_BAR:
		return (after_head || (q->is_reply && n >= 2)) && tabled == 0;
	case MDG_Q_WIDE:
		return after_head || (q->is_reply && n >= 2);
	case MDG_Q_INIT:
		return (after_head || (q->is_reply && n >= 2)) &&
		       same_initials(q, lo, hi) &&
		       !mdg_line_starts_any(mdg_q_str(q, lo), prompts);
	default:
		return false;
	}
}
