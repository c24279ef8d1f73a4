/*
 * The figures of the reply check on sentences and letters that nothing was
 * trained on (tests/data/lint/eval_*): precision by severity, recall by
 * family. They are kept in figures.tsv and may rise, never fall.
 * MDG_EVAL=1 (make eval) prints them in the form of that file.
 */
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/reply/lint.h"

/* 2026-11-21 12:00 in Japan */
#define NOW_S 1795230000

enum { FAMILIES_MAX = 32 };

static struct mdg_words *words;
static struct mdg_lint *lint;

struct share {
	char name[40];
	size_t good, n;
};
static struct share figures[FAMILIES_MAX];
static size_t figures_n;

static struct share *
figure(const char *name)
{
	for (size_t i = 0; i < figures_n; i++)
		if (strcmp(figures[i].name, name) == 0)
			return &figures[i];
	assert_true(figures_n < FAMILIES_MAX);
	struct share *s = &figures[figures_n++];
	snprintf(s->name, sizeof(s->name), "%s", name);
	return s;
}

static void
count(const char *what, const char *of, bool good)
{
	char name[40];

	snprintf(name, sizeof(name), "%s.%s", what, of);
	struct share *s = figure(name);
	s->n++;
	s->good += good;
}

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

static FILE *
open_data(const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path =
		mdg_asprintf("%s/tests/data/lint/%s", top ? top : ".", name);
	FILE *f = fopen(path, "r");

	if (!f)
		print_message("cannot open %s\n", path);
	assert_non_null(f);
	free(path);
	return f;
}

/* One sentence: each severity found in it is right if the sentence is bad. */
static void
judge(const char *text, const char *family)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_lint_input in = {
		.text = text, .n = strlen(text), .now_s = NOW_S};
	struct mdg_findings f;
	bool seen[MDG_LINT_ERROR + 1] = {false};

	mdg_lint_run(lint, &in, &a, &f);
	for (size_t i = 0; i < f.n; i++) {
		assert_true(f.v[i].start <= f.v[i].end);
		seen[f.v[i].severity] = true;
	}
	for (int s = MDG_LINT_WARN; s <= MDG_LINT_ERROR; s++)
		if (seen[s])
			count("precision", mdg_lint_severity_name(s), family);
	if (family) {
		bool hit = seen[MDG_LINT_WARN] || seen[MDG_LINT_ERROR];
		count("recall", family, hit);
		count("recall", "all", hit);
	}
}

static size_t
read_sentences(const char *name, bool bad)
{
	FILE *f = open_data(name);
	char *line = NULL;
	size_t cap = 0, n = 0;
	ssize_t len;

	while ((len = getline(&line, &cap, f)) > 0) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (len == 0 || line[0] == '#')
			continue;
		char *tab = bad ? strchr(line, '\t') : NULL;
		if (tab)
			*tab = '\0';
		judge(tab ? tab + 1 : line, tab ? line : NULL);
		n++;
	}
	free(line);
	fclose(f);
	return n;
}

static unsigned
read_flags(const char *s)
{
	unsigned flags = 0;

	if (strstr(s, "claim"))
		flags |= MDG_LINT_CLAIM;
	if (strstr(s, "hold"))
		flags |= MDG_LINT_HOLD;
	if (strstr(s, "not-attached"))
		flags |= MDG_LINT_NOT_ATTACHED;
	else if (strstr(s, "attached"))
		flags |= MDG_LINT_ATTACHED;
	return flags;
}

/* "=== CUSTOMER TAB FLAGS TAB RULES" and the letter. */
static void
judge_letter(const char *head, const char *text, size_t n)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	char customer[100], flags[60], rules[200];
	struct mdg_findings f;

	assert_int_equal(sscanf(head, "=== %99[^\t]\t%59[^\t]\t%199[^\n]",
				customer, flags, rules),
			 3);
	struct mdg_lint_input in = {
		.text = text,
		.n = n,
		.customer = strcmp(customer, "-") == 0 ? NULL : customer,
		.flags = read_flags(flags),
		.now_s = NOW_S};
	mdg_lint_run(lint, &in, &a, &f);
	for (size_t i = 0; i < f.n; i++) {
		bool right = strstr(rules, f.v[i].rule);
		if (f.v[i].severity < MDG_LINT_WARN && !right)
			continue;
		count("letters", "precision", right);
		if (!right)
			print_message("# not expected: %s in %s", f.v[i].rule,
				      head);
	}
	char *rest = rules, *p;
	while ((p = strsep(&rest, ","))) {
		bool found = false;
		if (strcmp(p, "-") == 0)
			continue;
		for (size_t i = 0; i < f.n; i++)
			found |= strcmp(f.v[i].rule, p) == 0;
		count("letters", "recall", found);
		if (!found)
			print_message("# missed: %s in %s", p, head);
	}
}

static size_t
read_letters(void)
{
	FILE *f = open_data("eval_letters.txt");
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	char *line = NULL, *head = NULL;
	size_t cap = 0, n = 0;

	for (;;) {
		ssize_t len = getline(&line, &cap, f);
		bool next = len <= 0 || strncmp(line, "=== ", 4) == 0;
		if (next && head) {
			judge_letter(head, mdg_buf_str(&text), text.len);
			n++;
		}
		if (len <= 0)
			break;
		if (next) {
			free(head);
			head = mdg_strdup(line);
			mdg_buf_reset(&text);
		} else if (head) {
			mdg_buf_put(&text, line, (size_t)len);
		}
	}
	free(head);
	free(line);
	fclose(f);
	return n;
}

static double
share_of(const struct share *s)
{
	return s->n ? (double)s->good / (double)s->n : 1;
}

/* Every kept figure must be reached; returns how many were read. */
static size_t
compare(size_t *fallen)
{
	FILE *f = open_data("figures.tsv");
	char line[200], name[40];
	size_t n = 0;
	double kept;

	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#' ||
		    sscanf(line, "%39[^\t]\t%lf", name, &kept) != 2)
			continue;
		n++;
		double now = share_of(figure(name));
		if (now + 0.0005 < kept) {
			print_message("%s fell: %.3f, was %.3f\n", name, now,
				      kept);
			++*fallen;
		}
	}
	fclose(f);
	return n;
}

static void
figures_of_the_reply_check_never_fall(void **state)
{
	size_t fallen = 0;

	(void)state;
	if (!words)
		skip();
	assert_true(read_sentences("eval_bad.tsv", true) +
			    read_sentences("eval_good.txt", false) >=
		    400);
	assert_true(read_letters() >= 40);
	if (getenv("MDG_EVAL"))
		for (size_t i = 0; i < figures_n; i++)
			printf("%s\t%.3f\t%zu\n", figures[i].name,
			       share_of(&figures[i]), figures[i].n);
	assert_true(compare(&fallen) >= 10);
	assert_int_equal(fallen, 0);
	assert_true(share_of(figure("precision.error")) >= 0.95);
	assert_true(share_of(figure("precision.warn")) >= 0.85);
	assert_true(share_of(figure("recall.all")) >= 0.90);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_of_the_reply_check_never_fall),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
