#include <stdlib.h>
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/language.h"

enum { JST_S = 9 * 3600, DAY_S = 86400 };

const char *
mdg_lint_severity_name(enum mdg_lint_severity s)
{
	static const char *const names[] = {"info", "warn", "error"};

	return names[s];
}

/* -- findings ----------------------------------------------------------- */

void
lint_emit_with(struct lint_run *run, size_t start, size_t end,
	       const char *suggestion)
{
	const struct mdg_lint_rule *p = &run->rule->pub;

	if (run->n >= MDG_FINDINGS_MAX)
		return;
	if (run->n == run->cap) {
		size_t cap = run->cap ? run->cap * 2 : 32;
		struct mdg_finding *v =
			mdg_arena_array(run->arena, cap, sizeof(*v));
		if (run->n > 0)
			memcpy(v, run->v, run->n * sizeof(*v));
		run->v = v;
		run->cap = cap;
	}
	run->v[run->n++] = (struct mdg_finding){
		.rule = p->id,
		.severity = p->severity,
		.start = start,
		.end = end,
		.message = {[MDG_LANG_JA] = p->message_ja,
			    [MDG_LANG_EN] = p->message_en},
		.suggestion = suggestion,
	};
}

void
lint_emit(struct lint_run *run, size_t start, size_t end)
{
	lint_emit_with(run, start, end, run->rule->pub.suggestion);
}

bool
lint_has_any(const char *s, size_t n, const char *const *list)
{
	for (; *list; list++)
		if (memmem(s, n, *list, strlen(*list)))
			return true;
	return false;
}

/* -- patterns ----------------------------------------------------------- */

/* Does the rule's exception overlap [start, end)? */
static bool
is_excepted(struct lint_run *run, const char *s, size_t n, size_t start,
	    size_t end)
{
	struct mdg_lint *l = run->lint;
	size_t at = 0;

	if (!run->rule->except)
		return false;
	while (at <= n) {
		int rc = pcre2_match(run->rule->except, (PCRE2_SPTR)s, n, at,
				     PCRE2_NO_UTF_CHECK, l->match2, l->context);
		if (rc < 0)
			return false;
		size_t *v = pcre2_get_ovector_pointer(l->match2);
		if (v[0] < end && v[1] > start)
			return true;
		if (v[1] > at)
			at = v[1];
		else
			at += at < n ? mdg_utf8_offset(s + at, n - at, 1) : 1;
	}
	return false;
}

typedef void hit_fn(struct lint_run *run, const void *arg, size_t start,
		    size_t end);

static void
each_match(struct lint_run *run, const char *s, size_t n, hit_fn *hit,
	   const void *arg)
{
	struct mdg_lint *l = run->lint;
	size_t at = 0;

	while (at <= n) {
		int rc = pcre2_match(run->rule->code, (PCRE2_SPTR)s, n, at,
				     PCRE2_NO_UTF_CHECK, l->match, l->context);
		if (rc < 0)
			return;
		size_t *v = pcre2_get_ovector_pointer(l->match);
		size_t start = v[0], end = v[1];
		if (end > start && !is_excepted(run, s, n, start, end))
			hit(run, arg, start, end);
		if (end > at)
			at = end;
		else
			at += at < n ? mdg_utf8_offset(s + at, n - at, 1) : 1;
	}
}

static void
sentence_hit(struct lint_run *run, const void *arg, size_t start, size_t end)
{
	const struct sentence *s = arg;

	lint_emit(run, s->at[start], s->at[end]);
}

struct morph_arg {
	const struct sentence *sentence;
	const struct morph_text *text;
};

static void
morph_hit(struct lint_run *run, const void *arg, size_t start, size_t end)
{
	const struct morph_arg *m = arg;
	const struct mdg_word *w = m->text->words;
	size_t first = m->text->word_at[start];
	size_t last = m->text->word_at[end - 1];
	size_t stop = w[last].start + w[last].len;

	if (stop > m->sentence->len)
		stop = m->sentence->len;
	lint_emit(run, m->sentence->at[w[first].start], m->sentence->at[stop]);
}

static bool
in_scope(const struct mdg_lint_rule *p, const struct sentence *s)
{
	if (mdg_streq(p->scope, "any"))
		return true;
	if (mdg_streq(p->scope, "body"))
		return s->kind == LINE_BODY;
	return mdg_streq(p->scope, "addressee") && s->kind == LINE_ADDRESSEE;
}

static bool
is_sentence_scope(const struct mdg_lint_rule *p)
{
	return mdg_streq(p->scope, "any") || mdg_streq(p->scope, "body") ||
	       mdg_streq(p->scope, "addressee");
}

/*
 * All sentences, as text and as words, joined by line feeds: a rule of which
 * no words are known is asked once for the whole before each of them. (A match
 * within a sentence is a match in the whole.)
 */
struct prepared {
	struct mdg_buf text, words;
};

static void
prepared_clear(struct prepared *p)
{
	mdg_buf_clear(&p->text);
	mdg_buf_clear(&p->words);
}

bool
lint_may_find(const struct lint_run *run, size_t sentence)
{
	return run->may & lint_sentence_bit(sentence);
}

static void
prepare_sentences(struct lint_run *run, struct prepared *p)
{
	const struct draft *d = &run->draft;
	struct mdg_lint *l = run->lint;

	lint_pairs_clear(&l->pairs[0]);
	lint_pairs_clear(&l->pairs[1]);
	run->morph = mdg_arena_array(run->arena, d->sentences_n + 1,
				     sizeof(*run->morph));
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		bool alone = !d->is_letter && i + 1 == d->sentences_n;
		bool stop = alone && !s->closed && s->kind == LINE_BODY;
		struct morph_text *m = &run->morph[i];
		lint_morph_text(l->words, run->arena, s->s, s->len, stop, m);
		mdg_buf_put(&p->text, s->s, s->len);
		mdg_buf_putc(&p->text, '\n');
		mdg_buf_put(&p->words, m->s, m->len);
		mdg_buf_putc(&p->words, '\n');
		lint_pairs_add(&l->pairs[0], s->s, s->len,
			       lint_sentence_bit(i));
		lint_morph_pairs(m, &l->pairs[1], lint_sentence_bit(i));
	}
}

static bool
matches_anywhere(struct lint_run *run, const struct mdg_buf *b)
{
	struct mdg_lint *l = run->lint;
	int rc =
		pcre2_match(run->rule->code, (PCRE2_SPTR)mdg_buf_str(b), b->len,
			    0, PCRE2_NO_UTF_CHECK, l->match, l->context);

	return rc != PCRE2_ERROR_NOMATCH;
}

static void
run_sentences(struct lint_run *run, struct rule *r, const struct prepared *p)
{
	const struct draft *d = &run->draft;
	bool morph = mdg_streq(r->pub.engine, "morph");

	run->rule = r;
	run->may = lint_need_met(&r->need, &run->lint->pairs[morph]);
	/* the addressee is a line or two: not worth a look at the whole */
	if (!run->may || (!r->need.n && !mdg_streq(r->pub.scope, "addressee") &&
			  !matches_anywhere(run, morph ? &p->words : &p->text)))
		return;
	for (size_t i = 0; i < d->sentences_n; i++) {
		const struct sentence *s = &d->sentences[i];
		struct morph_arg arg = {s, &run->morph[i]};
		if (!lint_may_find(run, i) || !in_scope(&r->pub, s))
			continue;
		if (morph)
			each_match(run, arg.text->s, arg.text->len, morph_hit,
				   &arg);
		else
			each_match(run, s->s, s->len, sentence_hit, s);
	}
}

/* -- the raw text ------------------------------------------------------- */

static void
raw_hit(struct lint_run *run, const void *arg, size_t start, size_t end)
{
	const struct line *l = arg;
	size_t from = l->at + mdg_utf8_len(l->s, start);

	lint_emit(run, from, from + mdg_utf8_len(l->s + start, end - start));
}

static enum line_kind
kind_at(const struct draft *d, size_t at)
{
	size_t lo = 0;

	for (size_t i = 0; i < d->lines_n && d->lines[i].at <= at; i++)
		lo = i;
	return d->lines_n > 0 ? d->lines[lo].kind : LINE_BLANK;
}

static void
all_hit(struct lint_run *run, const void *arg, size_t start, size_t end)
{
	const struct draft *d = arg;
	size_t from = d->folded_at[start], to = d->folded_at[end];
	enum line_kind kind = kind_at(d, from);

	if (kind != LINE_QUOTE && kind != LINE_SIGNATURE)
		lint_emit(run, from, to);
}

static void
run_whole(struct lint_run *run, const struct rule *r)
{
	const struct draft *d = &run->draft;

	run->rule = r;
	if (r->check) {
		run->may = lint_need_met(&r->need, &run->lint->pairs[0]);
		if (run->may)
			r->check(run, r->arg);
	} else if (mdg_streq(r->pub.scope, "raw")) {
		for (size_t i = 0; i < d->lines_n; i++)
			if (d->lines[i].kind != LINE_QUOTE &&
			    d->lines[i].kind != LINE_SIGNATURE)
				each_match(run, d->lines[i].s, d->lines[i].n,
					   raw_hit, &d->lines[i]);
	} else if (mdg_streq(r->pub.scope, "all")) {
		each_match(run, d->folded, d->folded_n, all_hit, d);
	}
}

/* -- allowances and doubles --------------------------------------------- */

/* Is rule named by a comma-separated list of prefixes? */
static bool
is_listed(const char *list, const char *rule)
{
	while (*list) {
		size_t n = strcspn(list, ",");
		if (n > 0 && strncmp(list, rule, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static void
allow_hit(struct lint_run *run, const void *arg, size_t start, size_t end)
{
	const struct sentence *s = arg;
	size_t from = s->at[start], to = s->at[end], kept = 0;

	for (size_t i = 0; i < run->n; i++) {
		const struct mdg_finding *f = &run->v[i];
		/* inside what is allowed, not merely touching it */
		if (f->start >= from && f->end <= to &&
		    is_listed(run->rule->pub.except, f->rule))
			continue;
		run->v[kept++] = *f;
	}
	run->n = kept;
}

static void
apply_allowances(struct lint_run *run)
{
	struct mdg_lint *l = run->lint;

	for (size_t k = 0; k < l->rules_n; k++) {
		run->rule = &l->rules[k];
		if (!mdg_streq(run->rule->pub.engine, "allow"))
			continue;
		for (size_t i = 0; i < run->draft.sentences_n; i++) {
			const struct sentence *s = &run->draft.sentences[i];
			each_match(run, s->s, s->len, allow_hit, s);
		}
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct mdg_finding *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return strcmp(x->rule, y->rule);
}

/* One family says a thing about a place once: the heavier or longer one. */
static bool
is_same_trouble(const struct mdg_finding *a, const struct mdg_finding *b)
{
	size_t family = strcspn(a->rule, ".");

	if (a->start == a->end || b->start == b->end)
		return false;
	if (b->start >= a->end || a->start >= b->end)
		return false;
	return strncmp(a->rule, b->rule, family + 1) == 0;
}

static void
drop_doubles(struct lint_run *run)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->n; i++) {
		bool drop = false;
		for (size_t k = 0; k < kept && !drop; k++)
			if (is_same_trouble(&run->v[k], &run->v[i])) {
				drop = true;
				if (run->v[i].severity > run->v[k].severity)
					run->v[k] = run->v[i];
			}
		if (!drop)
			run->v[kept++] = run->v[i];
	}
	run->n = kept;
}

void
mdg_lint_run(struct mdg_lint *l, const struct mdg_lint_input *in,
	     struct mdg_arena *arena, struct mdg_findings *out)
{
	struct lint_run run = {.lint = l, .in = in, .arena = arena};
	MDG_AUTO(prepared_clear) struct prepared p = {0};
	int64_t now = in->now_s ? in->now_s : mdg_now_s();

	run.today = (now + JST_S) / DAY_S;
	size_t n = in->n;
	if (n > MDG_LINT_BYTES_MAX)
		n = mdg_utf8_cut(in->text, n, MDG_LINT_BYTES_MAX);
	const bool foreign = mdg_text_language(in->text, n) == MDG_TEXT_LATIN;
	draft_read(&run.draft, arena, in->text, n);
	prepare_sentences(&run, &p);
	for (size_t k = 0; k < l->rules_n; k++) {
		struct rule *r = &l->rules[k];
		if (mdg_streq(r->pub.engine, "allow"))
			continue;
		/* a letter in English is no Japanese one with mistakes */
		if (foreign && !mdg_streq(r->pub.family, "誤送信防止"))
			continue;
		if (is_sentence_scope(&r->pub) && !r->check)
			run_sentences(&run, r, &p);
		else
			run_whole(&run, r);
	}
	apply_allowances(&run);
	if (in->team)
		lint_apply_team(&run);
	if (run.n > 0)
		qsort(run.v, run.n, sizeof(*run.v), by_place);
	drop_doubles(&run);
	if (in->want_fixes)
		lint_find_fixes(&run);
	*out = (struct mdg_findings){run.v, run.n};
}
