#include "madoguchi/mail/quote.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "quote_priv.h"

static void
free_lines(struct mdg_q *q)
{
	free(q->v);
}

static void
read_lines(struct mdg_q *q)
{
	size_t len = strlen(q->text), n = 1;

	MDG_BUG_ON(len > UINT32_MAX / 2);
	for (const char *p = q->text; (p = strchr(p, '\n')); p++)
		n++;
	q->v = mdg_calloc(n, sizeof(*q->v));
	for (size_t at = 0; q->n < n; q->n++) {
		const char *s = q->text + at;
		const char *nl = memchr(s, '\n', len - at);
		struct mdg_q_line *l = &q->v[q->n];
		l->at = (uint32_t)at;
		l->len = (uint32_t)(nl ? (size_t)(nl - s) : len - at);
		l->blank = mdg_line_is_blank(s, l->len);
		at += l->len + 1;
	}
	for (size_t i = 0; i < q->n; i++) {
		if (q->v[i].blank)
			continue;
		mdg_q_mark_line(q, i);
		q->gt_plain +=
			q->v[i].mark == MDG_Q_GT && !mdg_q_looks_compared(q, i);
	}
}

static void
quote_lines(struct mdg_q *q, size_t lo, size_t hi)
{
	for (size_t i = lo; i < hi; i++) {
		q->v[i].role = MDG_Q_QUOTE;
		if (!q->v[i].blank && q->v[i].mark == MDG_Q_BARE)
			q->unmarked = true;
	}
}

/*
 * A quoted line that a mailer broke once more: the rest of it lies between
 * two marked lines, without a mark.
 */
static bool
is_broken_rest(const struct mdg_q *q, size_t i)
{
	enum { FULL = 66, REST = 44 };
	static const char *const ends[] = {"。", "．", ".",  "!",
					   "?",  ":",  "」", NULL};
	struct mdg_line l;

	if (i == 0 || i + 1 >= q->n || q->v[i].blank ||
	    q->v[i - 1].mark != MDG_Q_GT || q->v[i + 1].mark != MDG_Q_GT ||
	    q->v[i].mark != MDG_Q_BARE)
		return false;
	const struct mdg_q_line *up = &q->v[i - 1];
	mdg_line_fold(&l, mdg_q_str(q, i - 1), up->len);
	size_t width = mdg_line_width(mdg_q_str(q, i), q->v[i].len, FULL);
	if (mdg_str_ends(l.s, "、"))
		return width < FULL;
	return mdg_line_width(mdg_q_str(q, i - 1), up->len, FULL) >= FULL &&
	       width < REST && !mdg_line_ends_any(l.s, l.n, ends);
}

/* The run of marked lines at i: quote it if it is one; returns its end. */
static size_t
marked_run(struct mdg_q *q, size_t i, bool after_head, bool *ret_quoted)
{
	size_t end = i;

	while (end < q->n &&
	       ((!q->v[end].blank && q->v[end].mark != MDG_Q_BARE) ||
		is_broken_rest(q, end)))
		end++;
	*ret_quoted = mdg_q_run_is_quote(q, i, end, after_head);
	if (*ret_quoted) {
		for (size_t k = i; k < end; k++)
			q->v[k].role = MDG_Q_QUOTE;
	}
	return end;
}

/* A section that its writer closed again: its end; 0 if it is open. */
static size_t
closed_at(const struct mdg_q *q, size_t i)
{
	enum { CLOSED_LINES = 200 };
	size_t stop = i + CLOSED_LINES < q->n ? i + CLOSED_LINES : q->n;
	struct mdg_line l;

	for (; i < stop; i++) {
		if (q->v[i].blank || q->v[i].mark != MDG_Q_BARE)
			continue;
		mdg_line_fold(&l, mdg_q_str(q, i), q->v[i].len);
		if (mdg_q_is_closer(&l) && strpbrk(l.s, "-=_~[<(") == l.s)
			return i + 1;
	}
	return 0;
}

static size_t
next_text(const struct mdg_q *q, size_t i)
{
	while (i < q->n && q->v[i].blank)
		i++;
	return i;
}

static void
note_head(struct mdg_q *q, size_t i, const struct mdg_q_head *h)
{
	q->headed = true;
	if (q->first_head < q->n)
		return;
	q->first_head = i;
	q->head_rule = h->rule;
	q->forward = h->forward;
}

static size_t
apply_head(struct mdg_q *q, size_t i, const struct mdg_q_head *h)
{
	size_t after = next_text(q, i + h->n);

	bool quoted = true;

	if (h->reach == MDG_Q_REST &&
	    (after >= q->n || q->v[after].mark == MDG_Q_BARE)) {
		size_t closed = closed_at(q, i + h->n);
		note_head(q, i, h);
		after = closed ? closed : q->n;
		quote_lines(q, i, after);
		return after;
	}
	if (after < q->n)
		after = marked_run(q, after, true, &quoted);
	if (!quoted) /* what looked like marks was a drawing */
		return after;
	note_head(q, i, h);
	for (size_t k = i; k < i + h->n; k++)
		q->v[k].role = MDG_Q_QUOTE;
	return after;
}

static void
find_quotes(struct mdg_q *q)
{
	struct mdg_q_head h;
	bool quoted;

	q->first_head = q->n;
	for (size_t i = 0; i < q->n;) {
		if (q->v[i].blank)
			i++;
		else if (mdg_q_fenced(q, i, &h))
			i = apply_head(q, i, &h);
		else if (q->v[i].mark != MDG_Q_BARE &&
			 q->v[i].mark != MDG_Q_INIT)
			i = marked_run(q, i, false, &quoted);
		else if (mdg_q_head_at(q, i, &h))
			i = apply_head(q, i, &h);
		else if (q->v[i].mark == MDG_Q_INIT)
			i = marked_run(q, i, false, &quoted);
		else
			i++;
	}
}

/* End of the run of kept lines at i (blank lines count as kept). */
static size_t
kept_end(const struct mdg_q *q, size_t i)
{
	while (i < q->n && q->v[i].role == MDG_Q_KEEP)
		i++;
	return i;
}

static bool
any_text(const struct mdg_q *q, size_t lo, size_t hi, uint8_t role)
{
	for (size_t i = lo; i < hi; i++)
		if (q->v[i].role == role && !q->v[i].blank)
			return true;
	return false;
}

/* Cheap: may an inner run hold more than words? Interleaved mails have many. */
static bool
may_hold_sig(const struct mdg_q *q, size_t lo, size_t hi)
{
	for (size_t i = lo; i < hi; i++) {
		const char *s = mdg_q_str(q, i);
		size_t n = q->v[i].len;
		if (n >= 2 && (!memcmp(s, "--", 2) || strchr("SsGg", *s) ||
			       memmem(s, n, "送信", 6)))
			return true;
	}
	return false;
}

/* A drawn line right above a quote is part of it. */
static void
give_rules_to_quote(struct mdg_q *q, size_t lo, size_t hi)
{
	while (hi > lo) {
		size_t i = hi - 1;
		if (q->v[i].role != MDG_Q_KEEP)
			return;
		if (!q->v[i].blank) {
			unsigned char c = (unsigned char)*mdg_q_str(q, i);
			if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			    (c >= 'a' && c <= 'z'))
				return;
			if (!mdg_q_is_rule(q, i))
				return;
			q->v[i].role = MDG_Q_QUOTE;
			return;
		}
		hi--;
	}
}

/*
 * The lower rule of a signature box may look like the line above a header
 * block; the upper one tells whose it is.
 */
static void
close_box(struct mdg_q *q, size_t lo, size_t hi)
{
	size_t top = lo;

	while (top < hi && q->v[top].role != MDG_Q_SIG)
		top++;
	while (hi > top && q->v[hi - 1].blank)
		hi--;
	if (top == hi || hi >= q->n || q->v[hi - 1].role != MDG_Q_SIG ||
	    q->v[hi].role != MDG_Q_QUOTE || q->v[top].len != q->v[hi].len ||
	    memcmp(mdg_q_str(q, top), mdg_q_str(q, hi), q->v[hi].len) ||
	    !mdg_q_is_rule(q, hi) || mdg_q_is_rule(q, hi - 1))
		return;
	q->v[hi].role = MDG_Q_SIG;
}

static void
find_signatures(struct mdg_q *q)
{
	size_t last = 0;

	for (size_t i = 0; i < q->n; i++)
		if (q->v[i].role == MDG_Q_KEEP && !q->v[i].blank)
			last = i;
	bool first = true;
	size_t plo = 0, phi = 0;
	for (size_t i = 0; i < q->n;) {
		if (q->v[i].role != MDG_Q_KEEP) {
			i++;
			continue;
		}
		size_t end = kept_end(q, i);
		if (any_text(q, i, end, MDG_Q_KEEP)) {
			bool outer = first || end > last;
			if (outer || may_hold_sig(q, i, end))
				mdg_q_sig(q, i, end, outer);
			if (end > last && phi > plo &&
			    q->v[last].role == MDG_Q_KEEP)
				mdg_q_sig_below(q, plo, phi, i, end);
			close_box(q, i, end);
			first = false;
			plo = i;
			phi = end;
		}
		if (end < q->n)
			give_rules_to_quote(q, i, end);
		i = end;
	}
}

/*
 * Nothing new was found. A forwarded mail is then what the sender has to say,
 * and where history is not marked line by line, it may hold the answer. Marks
 * without a head may be the writer's own.
 */
static void
never_lose_all(struct mdg_q *q)
{
	bool sig = any_text(q, 0, q->n, MDG_Q_SIG);

	if (any_text(q, 0, q->n, MDG_Q_KEEP) ||
	    !any_text(q, 0, q->n, MDG_Q_QUOTE))
		return;
	bool headless = !sig && q->first_head == q->n;
	if (!q->forward && !headless && (!q->unmarked || sig))
		return;
	if (!q->forward && !headless && next_text(q, 0) < q->first_head)
		return;
	for (size_t i = 0; i < q->n; i++)
		if (q->v[i].role == MDG_Q_QUOTE)
			q->v[i].role = MDG_Q_KEEP;
	q->head_rule = q->forward ? "forward-only"
		       : headless ? "all-marked"
				  : "all-unmarked";
}

/* Lines of one role; where others were between, one blank line. */
static char *
collect(const struct mdg_q *q, uint8_t role, struct mdg_arena *a)
{
	size_t n = strlen(q->text) + 1, len = 0, blanks = 0;
	char *out = mdg_malloc(n + 1);
	bool gap = false;

	for (size_t i = 0; i < q->n; i++) {
		const struct mdg_q_line *l = &q->v[i];
		if (l->role != role) {
			gap = gap || !l->blank;
			continue;
		}
		if (l->blank) {
			blanks++;
			continue;
		}
		if (len > 0) {
			out[len++] = '\n';
			size_t k = gap ? (role == MDG_Q_KEEP) : blanks;
			for (; k > 0 && len < n; k--)
				out[len++] = '\n';
		}
		gap = false;
		blanks = 0;
		memcpy(out + len, mdg_q_str(q, i), l->len);
		len += l->len;
	}
	char *ret = mdg_arena_strndup(a, out, len);
	free(out);
	return ret;
}

void
mdg_quote_split(const char *text, bool is_reply, struct mdg_arena *a,
		struct mdg_quote_parts *out)
{
	MDG_AUTO(free_lines)
	struct mdg_q q = {.text = text, .is_reply = is_reply};

	read_lines(&q);
	find_quotes(&q);
	mdg_q_inline_answers(&q);
	mdg_q_armor(&q);
	find_signatures(&q);
	never_lose_all(&q);
	out->reply = collect(&q, MDG_Q_KEEP, a);
	out->quoted = collect(&q, MDG_Q_QUOTE, a);
	out->signature = collect(&q, MDG_Q_SIG, a);
	const char *head = q.head_rule;
	if (!head && *out->quoted)
		head = "marks";
	out->rule = mdg_arena_printf(
		a, "%s%s%s%s%s", head ? "head:" : "", head ? head : "",
		head && q.sig_rule ? " " : "", q.sig_rule ? "sig:" : "",
		q.sig_rule ? q.sig_rule : "");
}
