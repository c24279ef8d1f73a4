/*
 * One-key fixes: each gives a sentence that could be sent (fixes.tsv), leaves
 * nothing of what it mended, and comes to an end.
 */
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/lint.h"

/* 2026-11-18 12:00 in Japan */
#define NOW_S 1794970800

enum { FIXES_MAX = 12 };

static struct mdg_words *words;
static struct mdg_lint *lint;

static int
setup(void **state)
{
	struct mdg_err err;

	(void)state;
	mdg_words_open(&words, NULL);
	if (mdg_lint_open(&lint, words, &err))
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return -1;
}

static int
teardown(void **state)
{
	(void)state;
	mdg_lint_close(&lint);
	mdg_words_close(&words);
	return 0;
}

static struct mdg_findings
findings_of(const char *text, struct mdg_arena *a)
{
	struct mdg_lint_input in = {.text = text,
				    .n = strlen(text),
				    .now_s = NOW_S,
				    .want_fixes = true};
	struct mdg_findings f;

	mdg_lint_run(lint, &in, a, &f);
	return f;
}

static char *
mended(struct mdg_arena *a, const char *text, const struct mdg_finding *f)
{
	const size_t n = strlen(text);
	const size_t from = mdg_utf8_offset(text, n, f->fix_start),
		     to = mdg_utf8_offset(text, n, f->fix_end);

	assert_true(from <= to);
	return mdg_arena_printf(a, "%.*s%s%s", (int)from, text, f->fix,
				text + to);
}

static FILE *
open_data(const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path =
		mdg_asprintf("%s/tests/data/lint/%s", top ? top : ".", name);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	free(path);
	return f;
}

/* What the rule's fix makes of the text; "-": it offers none; NULL: the rule
 * finds nothing. */
static const char *
mended_by(struct mdg_arena *a, const char *rule, const char *text)
{
	struct mdg_findings f = findings_of(text, a);
	const char *none = NULL;

	for (size_t i = 0; i < f.n; i++) {
		if (strcmp(f.v[i].rule, rule) != 0)
			continue;
		if (f.v[i].fix)
			return mended(a, text, &f.v[i]);
		none = "-";
	}
	return none;
}

static void
a_fix_gives_a_sentence_that_could_be_sent(void **state)
{
	FILE *f = open_data("fixes.tsv");
	char *line = NULL;
	size_t cap = 0, n = 0, wrong = 0;
	ssize_t len;

	(void)state;
	if (!words)
		skip();
	while ((len = getline(&line, &cap, f)) > 0) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		if (line[0] == '#')
			continue;
		line[len - 1] = '\0';
		char *p = line, *rule = strsep(&p, "\t"),
		     *bad = strsep(&p, "\t");
		assert_non_null(p);
		const char *is = mended_by(&a, rule, bad);
		if (!is || strcmp(is, p) != 0) {
			print_message("%s: %s became %s\n", rule, bad,
				      is ? is : "(not found)");
			wrong++;
		}
		n++;
	}
	free(line);
	fclose(f);
	assert_true(n >= 60);
	assert_int_equal(wrong, 0);
}

/* Is anything of the rule left in what it mended? */
static bool
is_left(struct mdg_arena *a, const char *now, const struct mdg_finding *by)
{
	struct mdg_findings f = findings_of(now, a);
	const size_t end =
		by->fix_start + mdg_utf8_len(by->fix, strlen(by->fix));

	for (size_t i = 0; i < f.n; i++)
		if (strcmp(f.v[i].rule, by->rule) == 0 && f.v[i].start < end &&
		    f.v[i].end > by->fix_start)
			return true;
	return false;
}

/* All fixes one after the other, each the first that is offered. */
static size_t
mend_all(const char *text, size_t *ret_n)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *now = text;
	size_t wrong = 0, k;

	++*ret_n;
	for (k = 0; k < FIXES_MAX; k++) {
		struct mdg_findings f = findings_of(now, &a);
		const struct mdg_finding *first = NULL;
		for (size_t i = 0; i < f.n && !first; i++)
			if (f.v[i].fix)
				first = &f.v[i];
		if (!first)
			return wrong;
		char *next = mended(&a, now, first);
		if (strcmp(next, now) == 0 || is_left(&a, next, first)) {
			print_message("%s leaves it: %s\n", first->rule, next);
			wrong++;
			return wrong;
		}
		now = next;
	}
	print_message("no end: %s\n", text);
	return wrong + 1;
}

/* one() for each sentence in that field of a file of data, those of an example
 * apart by " ¦ "; the sum of what it returns. */
static size_t
each(const char *set, size_t field, size_t (*one)(const char *text, size_t *n),
     size_t *n)
{
	FILE *f = open_data(set);
	size_t wrong = 0, cap = 0;
	char *line = NULL;
	ssize_t len;

	while ((len = getline(&line, &cap, f)) > 0) {
		char *rest = line, *text = NULL;
		if (line[0] == '#')
			continue;
		line[len - 1] = '\0';
		for (size_t k = 0; rest && k < field; k++)
			text = strsep(&rest, "\t");
		while (text) {
			char *bar = strstr(text, " ¦ ");
			if (bar)
				*bar = '\0';
			wrong += one(text, n);
			text = bar ? bar + strlen(" ¦ ") : NULL;
		}
	}
	free(line);
	fclose(f);
	return wrong;
}

static size_t
each_bad(size_t (*one)(const char *text, size_t *n), size_t *n)
{
	return each("bad.tsv", 2, one, n) + each("eval_bad.tsv", 2, one, n) +
	       each("train_bad.tsv", 2, one, n);
}

static void
fixes_leave_nothing_of_what_they_mend_and_end(void **state)
{
	size_t n = 0;

	(void)state;
	if (!words)
		skip();
	assert_int_equal(each_bad(mend_all, &n), 0);
	assert_true(n > 3000);
}

static size_t
times(const struct mdg_findings *f, const char *rule)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += strcmp(f->v[i].rule, rule) == 0;
	return n;
}

/*
 * Each fix alone: what it brings up that was not there before. style.tone judges
 * a sentence in which no other rule finds anything, so a mended one is judged
 * for the first time: no doing of the fix.
 */
static size_t
brought_up(const char *text, size_t *ret_fixes)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_findings f = findings_of(text, &a);
	size_t wrong = 0;

	for (size_t i = 0; i < f.n; i++) {
		if (!f.v[i].fix)
			continue;
		const char *now = mended(&a, text, &f.v[i]);
		struct mdg_findings g = findings_of(now, &a);
		++*ret_fixes;
		for (size_t k = 0; k < g.n; k++)
			if (g.v[k].severity >= MDG_LINT_WARN &&
			    strcmp(g.v[k].rule, "style.tone") != 0 &&
			    times(&g, g.v[k].rule) > times(&f, g.v[k].rule)) {
				print_message("%s brings up %s: %s\n",
					      f.v[i].rule, g.v[k].rule, now);
				wrong++;
			}
	}
	return wrong;
}

static void
a_fix_brings_up_nothing_of_another_rule(void **state)
{
	enum { BAD_EXAMPLES = 11 }; /* of a rule */
	size_t n = 0;

	(void)state;
	if (!words)
		skip();
	assert_int_equal(each_bad(brought_up, &n), 0);
	assert_int_equal(each("../../../src/reply/keigo_rules.tsv",
			      BAD_EXAMPLES, brought_up, &n),
			 0);
	assert_true(n > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fix_gives_a_sentence_that_could_be_sent),
		cmocka_unit_test(fixes_leave_nothing_of_what_they_mend_and_end),
		cmocka_unit_test(a_fix_brings_up_nothing_of_another_rule),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
