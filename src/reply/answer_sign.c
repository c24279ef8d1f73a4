/* The writer's own signature, and what was changed between our marks. */
#include <string.h>

#include "answer_int.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { LINES_MAX = 4000, SIGN_LINES_MAX = 40 };

struct lines {
	const char *at[LINES_MAX];
	size_t len[LINES_MAX], n;
};

static void
split(const char *text, struct lines *l)
{
	l->n = 0;
	for (const char *p = text; *p && l->n < LINES_MAX;) {
		size_t n = strcspn(p, "\n");
		l->at[l->n] = p;
		l->len[l->n++] = n;
		p += n + (p[n] == '\n');
	}
}

/* Without blanks, in the form to compare by. */
static const char *
bare(const char *s, size_t n, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_fold(&b, s, n, MDG_FOLD_SEARCH | MDG_FOLD_NOSPACE);
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}

/* Rules as in "-- " or "━━━━", nothing that says anything. */
static bool
is_rule(const char *folded)
{
	return strspn(folded, "-=_*+~#.|") == strlen(folded) ||
	       mdg_str_starts(folded, "━") || mdg_str_starts(folded, "─") ||
	       mdg_str_starts(folded, "=") || mdg_str_starts(folded, "ー");
}

const char *
mdg_answer_unsign(const char *text, const char *signature, struct mdg_arena *a)
{
	struct lines *t = mdg_arena_array(a, 2, sizeof(*t)), *s = t + 1;
	const char *own[SIGN_LINES_MAX];
	size_t own_n = 0;

	split(text, t);
	split(signature, s);
	for (size_t i = 0; i < s->n && own_n < SIGN_LINES_MAX; i++) {
		const char *line = bare(s->at[i], s->len[i], a);
		if (*line)
			own[own_n++] = line;
	}
	if (!own_n)
		return text;
	size_t end = t->n, from = end;
	for (size_t i = t->n; i-- > 0;) {
		const char *line = bare(t->at[i], t->len[i], a);
		bool known = !*line || is_rule(line);
		for (size_t k = 0; k < own_n && !known; k++)
			if (mdg_streq(own[k], line)) {
				known = true;
				from = i;
			}
		if (!known)
			break;
		if (is_rule(line) && *line && from < end)
			from = i;
	}
	if (from == end)
		return text;
	return mdg_arena_strndup(a, text, (size_t)(t->at[from] - text));
}

/* Digits of a phone number, or an address: what is only the writer's. */
static bool
is_private(const char *word)
{
	size_t digits = 0;

	for (const char *p = word; *p; p++)
		digits += *p >= '0' && *p <= '9';
	return digits >= 9 || (strchr(word, '@') && strchr(word, '.'));
}

const char *
mdg_answer_leftover(const char *text, const char *signature,
		    struct mdg_arena *a)
{
	static const char ends[] = " \t\n:;,()<>/|[]";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sign = {0};
	const char *all = bare(text, strlen(text), a);

	mdg_fold(&sign, signature, strlen(signature), MDG_FOLD_SEARCH);
	for (const char *p = mdg_buf_str(&sign); *p;) {
		p += strspn(p, ends);
		size_t n = strcspn(p, ends);
		const char *word = mdg_arena_strndup(a, p, n);
		if (is_private(word) && strstr(all, word))
			return word;
		p += n;
	}
	return NULL;
}

/* ---- ▼1 … ▲1 ---- */

/* Quote marks off the front of a line. */
static void
unquote(const char **s, size_t *n)
{
	while (*n && (**s == '>' || **s == '|' || **s == ' ')) {
		if (**s == ' ' && *n > 1 && (*s)[1] != '>' && (*s)[1] != '|' &&
		    (*s)[1] != ' ')
			break;
		++*s;
		--*n;
	}
	if (*n && **s == ' ') {
		++*s;
		--*n;
	}
}

/* "▼1", "▼１ 候補": the number behind the mark; 0: another line. */
static int
mark(const char *s, size_t n, const char *sign, struct mdg_arena *a)
{
	unquote(&s, &n);
	while (n && (*s == ' ' || *s == '*')) {
		s++;
		n--;
	}
	if (n < 3 || memcmp(s, sign, 3) != 0)
		return 0;
	const char *rest = mdg_answer_fold(s + 3, n - 3, a);
	return *rest >= '1' && *rest <= '0' + MDG_ANSWER_CHOICES ? *rest - '0'
								 : 0;
}

/* The lines between i and the closing mark; *i moves there. */
static const char *
between(const struct lines *l, size_t *i, int k, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (size_t j = *i + 1; j < l->n; j++) {
		const char *s = l->at[j];
		size_t n = l->len[j];
		if (mark(s, n, "▼", a))
			return NULL;
		if (mark(s, n, "▲", a) == k) {
			*i = j;
			while (b.len && b.ptr[b.len - 1] == '\n')
				b.ptr[--b.len] = '\0';
			return mdg_arena_strdup(a, mdg_buf_str(&b));
		}
		unquote(&s, &n);
		mdg_buf_put(&b, s, n);
		mdg_buf_putc(&b, '\n');
	}
	return NULL;
}

int
mdg_answer_edited(const struct mdg_answer_input *in, struct mdg_arena *a,
		  int *ret_n, const char **ret_text)
{
	struct lines *l = mdg_arena_array(a, 1, sizeof(*l));
	int changed = 0;

	if (!strstr(in->text, "▼") || !strstr(in->text, "▲"))
		return 0;
	split(in->text, l);
	for (size_t i = 0; i < l->n; i++) {
		int k = mark(l->at[i], l->len[i], "▼", a);
		if (!k || !in->candidates[k - 1])
			continue;
		const char *text = between(l, &i, k, a);
		const char *was = in->candidates[k - 1];
		if (!text || mdg_streq(bare(text, strlen(text), a),
				       bare(was, strlen(was), a)))
			continue;
		*ret_n = k;
		*ret_text = text;
		changed++;
	}
	return changed;
}

bool
mdg_answer_within(const char *lines, const char *text, struct mdg_arena *a)
{
	struct lines *l = mdg_arena_array(a, 1, sizeof(*l));
	const char *all = bare(text, strlen(text), a);

	split(lines, l);
	for (size_t i = 0; i < l->n; i++) {
		const char *s = l->at[i];
		size_t n = l->len[i];
		unquote(&s, &n);
		if (mark(s, n, "▼", a) || mark(s, n, "▲", a))
			continue;
		if (!strstr(all, bare(s, n, a)))
			return false;
	}
	return true;
}

/* ---- the draft as it was shown ---- */

/* Without rules, and what programs add to addresses: "<mailto:…>". */
static const char *
bare_lines(const struct lines *l, size_t from, size_t to, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	for (size_t i = from; i < to; i++) {
		const char *s = l->at[i], *end;
		size_t n = l->len[i];
		unquote(&s, &n);
		/* the blank of "-- " is lost on many ways */
		while (n && (s[n - 1] == ' ' || s[n - 1] == '\r'))
			n--;
		size_t dashes = 0;
		while (dashes < n && s[dashes] == '-')
			dashes++;
		for (size_t k = dashes == n ? n : 0; k < n; k++)
			if (s[k] == '<' && (end = memchr(s + k, '>', n - k)))
				k = (size_t)(end - s);
			else
				mdg_buf_putc(&b, s[k]);
		mdg_buf_putc(&b, '\n');
	}
	return bare(mdg_buf_str(&b), b.len, a);
}

bool
mdg_answer_shown_changed(const struct mdg_answer_input *in, struct mdg_arena *a)
{
	struct lines *l = mdg_arena_array(a, 2, sizeof(*l)), *was = l + 1;
	size_t kept = 0, all = 0;

	if (!in->shown || !*in->shown)
		return false;
	split(in->text, l);
	split(in->shown, was);
	const char *got = bare_lines(l, 0, l->n, a);
	if (strstr(got, bare_lines(was, 0, was->n, a)))
		return false;
	/* it was quoted, but for some of it, if half of its lines are there */
	for (size_t k = 0; k < was->n; k++) {
		const char *one = bare_lines(was, k, k + 1, a);
		all += *one != '\0';
		kept += *one && strstr(got, one);
	}
	return kept && 2 * kept >= all;
}
