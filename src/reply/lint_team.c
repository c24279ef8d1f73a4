/* The rules that a team has made for itself, on top of all others. */
#include <string.h>

#include "lint_run.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { TEAM_MATCHES_MAX = 50 };

/* "mixup." names its family, "mixup.orareru" itself. */
static bool
is_named(const char *const *list, const char *rule)
{
	for (; list && *list; list++) {
		size_t n = strlen(*list);
		if (mdg_streq(*list, rule) || (n > 0 && (*list)[n - 1] == '.' &&
					       strncmp(*list, rule, n) == 0))
			return true;
	}
	return false;
}

static void
switch_off_and_block(struct lint_run *run, const struct mdg_lint_team *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->n; i++) {
		struct mdg_finding *f = &run->v[i];
		if (is_named(t->off, f->rule))
			continue;
		if (is_named(t->block, f->rule))
			f->severity = MDG_LINT_ERROR;
		run->v[kept++] = *f;
	}
	run->n = kept;
}

/* Findings inside an allowed phrase are dropped. */
static void
allow(struct lint_run *run, const char *phrase)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};
	const struct draft *d = &run->draft;

	mdg_fold(&folded, phrase, strlen(phrase), 0);
	if (!folded.len)
		return;
	for (size_t at = 0; at + folded.len <= d->folded_n;) {
		const char *p = memmem(d->folded + at, d->folded_n - at,
				       mdg_buf_str(&folded), folded.len);
		if (!p)
			return;
		size_t byte = (size_t)(p - d->folded), kept = 0;
		size_t from = d->folded_at[byte];
		size_t to = d->folded_at[byte + folded.len];
		for (size_t i = 0; i < run->n; i++)
			if (run->v[i].start == run->v[i].end ||
			    run->v[i].start < from || run->v[i].end > to)
				run->v[kept++] = run->v[i];
		run->n = kept;
		at = byte + folded.len;
	}
}

/* A rule as the engine has them, so that it is reported like all others. */
static void
add(struct lint_run *run, const struct mdg_lint_team_rule *t)
{
	struct mdg_lint *l = run->lint;
	const struct rule rule = {.pub = {.id = t->id,
					  .severity = t->severity,
					  .message_ja = t->message,
					  .message_en = t->message,
					  .suggestion = t->suggestion}};
	int why;
	size_t where, found = 0;
	pcre2_code *code = lint_pattern(t->pattern, &why, &where);

	if (!code)
		return;
	run->rule = &rule;
	for (size_t i = 0; i < run->draft.sentences_n; i++) {
		const struct sentence *s = &run->draft.sentences[i];
		size_t at = 0;
		while (at < s->len && found < TEAM_MATCHES_MAX &&
		       pcre2_match(code, (PCRE2_SPTR)s->s, s->len, at,
				   PCRE2_NO_UTF_CHECK, l->match,
				   l->context) > 0) {
			size_t *v = pcre2_get_ovector_pointer(l->match);
			if (v[1] <= v[0])
				break;
			lint_emit(run, s->at[v[0]], s->at[v[1]]);
			found++;
			at = v[1];
		}
	}
	pcre2_code_free(code);
}

void
lint_apply_team(struct lint_run *run)
{
	const struct mdg_lint_team *t = run->in->team;

	for (size_t i = 0; i < t->add_n; i++)
		add(run, &t->add[i]);
	switch_off_and_block(run, t);
	for (const char *const *p = t->allow; p && *p; p++)
		allow(run, *p);
}
