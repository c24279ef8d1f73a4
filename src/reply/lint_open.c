/* Opening the lint: the rules read, their patterns compiled. */
#include <stdlib.h>
#include <string.h>

#include "lint_rules.h"
#include "lint_run.h"
#include "lint_tone.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

enum { COLUMNS = 12, MATCH_LIMIT = 200000 };

static bool
read_severity(const char *s, enum mdg_lint_severity *ret)
{
	for (int i = MDG_LINT_INFO; i <= MDG_LINT_ERROR; i++)
		if (mdg_streq(s, mdg_lint_severity_name(
					 (enum mdg_lint_severity)i))) {
			*ret = (enum mdg_lint_severity)i;
			return true;
		}
	return false;
}

static bool
compile(const char *pattern, const char *id, pcre2_code **ret,
	struct mdg_err *err)
{
	int code;
	size_t at;

	*ret = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			     PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE, &code,
			     &at, NULL);
	if (!*ret) {
		PCRE2_UCHAR why[128] = "";
		pcre2_get_error_message(code, why, sizeof(why));
		return mdg_fail(err, MDG_EFORMAT, "rule %s: %s at %zu", id,
				(const char *)why, at);
	}
	/* where executable memory is forbidden the pattern is interpreted */
	pcre2_jit_compile(*ret, PCRE2_JIT_COMPLETE);
	return true;
}

/* The check of a struct or context rule: "name" or "name:number". */
static bool
find_check(struct rule *r, struct mdg_err *err)
{
	const char *colon = strchr(r->pub.pattern, ':');
	size_t n = colon ? (size_t)(colon - r->pub.pattern)
			 : strlen(r->pub.pattern);
	MDG_AUTO(mdg_freep) char *name = mdg_strndup(r->pub.pattern, n);
	int64_t arg = 0;

	if (colon && !mdg_str_i64(colon + 1, 0, 100000, &arg))
		return mdg_fail(err, MDG_EFORMAT, "rule %s: bad number",
				r->pub.id);
	r->arg = (long)arg;
	r->check = mdg_streq(r->pub.engine, "struct") ? lint_struct_find(name)
						      : lint_guard_find(name);
	if (!r->check)
		return mdg_fail(err, MDG_EFORMAT, "rule %s: no check %s",
				r->pub.id, name);
	MDG_AUTO(mdg_buf_clear) struct mdg_buf words = {0};
	lint_struct_words(name, &words);
	lint_need_read(&r->need, mdg_buf_str(&words));
	return true;
}

static bool
prepare(struct rule *r, struct mdg_err *err)
{
	struct mdg_lint_rule *p = &r->pub;

	if (mdg_streq(p->engine, "struct") || mdg_streq(p->engine, "context"))
		return find_check(r, err);
	if (mdg_streq(p->engine, "morph")) {
		MDG_AUTO(mdg_freep)
		MDG_AUTO(mdg_freep)
		char *words = lint_morph_pattern(p->pattern, true);
		lint_need_read(&r->need, words);
		MDG_AUTO(mdg_freep)
		char *pattern = lint_morph_pattern(p->pattern, false);
		return compile(pattern, p->id, &r->code, err);
	}
	if (!compile(p->pattern, p->id, &r->code, err))
		return false;
	lint_need_read(&r->need, p->pattern);
	if (mdg_streq(p->engine, "allow") || !*p->except)
		return true;
	return compile(p->except, p->id, &r->except, err);
}

static bool
read_rule(struct mdg_lint *l, char *line, struct mdg_err *err)
{
	char *f[COLUMNS];
	struct rule *r = &l->rules[l->rules_n];
	size_t n = 0;

	for (char *p = line; p && n < COLUMNS; n++) {
		f[n] = p;
		p = strchr(p, '\t');
		if (p)
			*p++ = '\0';
	}
	if (n != COLUMNS)
		return mdg_fail(err, MDG_EFORMAT, "rule %s: %zu columns", line,
				n);
	*r = (struct rule){.pub = {.id = f[0],
				   .family = f[1],
				   .engine = f[2],
				   .scope = f[3],
				   .pattern = f[5],
				   .except = f[6],
				   .message_ja = f[7],
				   .message_en = f[8],
				   .suggestion = f[9],
				   .bad = f[10],
				   .good = f[11]}};
	l->rules_n++; /* so that what is compiled of it gets freed */
	if (!read_severity(f[4], &r->pub.severity))
		return mdg_fail(err, MDG_EFORMAT, "rule %s: severity %s", f[0],
				f[4]);
	return prepare(r, err);
}

bool
mdg_lint_open(struct mdg_lint **ret, struct mdg_words *words,
	      struct mdg_err *err)
{
	struct mdg_lint *l = mdg_calloc(1, sizeof(*l));
	size_t n = 0;
	bool ok = true;

	while (lint_rule_lines[n])
		n++;
	l->words = words;
	l->tone = mdg_calloc(1, sizeof(*l->tone));
	lint_tone_index(l->tone);
	l->pairs = mdg_calloc(2, sizeof(*l->pairs));
	l->lines = mdg_calloc(n + 1, sizeof(*l->lines));
	l->rules = mdg_calloc(n + 1, sizeof(*l->rules));
	l->pubs = mdg_calloc(n + 1, sizeof(*l->pubs));
	l->match = pcre2_match_data_create(32, NULL);
	l->match2 = pcre2_match_data_create(32, NULL);
	l->context = pcre2_match_context_create(NULL);
	MDG_BUG_ON(!l->match || !l->match2 || !l->context);
	pcre2_set_match_limit(l->context, MATCH_LIMIT);
	for (size_t i = 0; ok && i < n; i++) {
		l->lines[l->lines_n++] = mdg_strdup(lint_rule_lines[i]);
		ok = read_rule(l, l->lines[i], err);
	}
	for (size_t i = 0; i < l->rules_n; i++)
		l->pubs[i] = l->rules[i].pub;
	if (!ok) {
		mdg_lint_close(&l);
		return false;
	}
	*ret = l;
	return true;
}

void
mdg_lint_close(struct mdg_lint **pl)
{
	struct mdg_lint *l = *pl;

	if (!l)
		return;
	for (size_t i = 0; i < l->rules_n; i++) {
		pcre2_code_free(l->rules[i].code);
		pcre2_code_free(l->rules[i].except);
		lint_need_clear(&l->rules[i].need);
	}
	for (size_t i = 0; i < l->lines_n; i++)
		free(l->lines[i]);
	pcre2_match_data_free(l->match);
	pcre2_match_data_free(l->match2);
	pcre2_match_context_free(l->context);
	free(l->tone);
	free(l->pairs);
	free(l->lines);
	free(l->rules);
	free(l->pubs);
	free(l);
	*pl = NULL;
}

size_t
mdg_lint_rules(const struct mdg_lint *l, const struct mdg_lint_rule **ret)
{
	*ret = l->pubs;
	return l->rules_n;
}
