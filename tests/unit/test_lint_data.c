/*
 * The gate: sentences and letters with what is known about them
 * (tests/data/lint). Figures may rise, never fall.
 */
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/reply/lint.h"

/* 2026-11-21 12:00 in Japan */
#define NOW_S 1795230000

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

static FILE *
open_data(const char *name)
{
	const char *top = getenv("top_srcdir");
	char *path =
		mdg_asprintf("%s/tests/data/lint/%s", top ? top : ".", name);
	FILE *f = fopen(path, "r");

	if (!f)
		print_message("cannot open %s\n", path);
	free(path);
	return f;
}

/* The heaviest finding of a text, and its rule. */
static int
worst(const char *text, size_t n, const char *customer, const char **rule)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_lint_input in = {
		.text = text, .n = n, .customer = customer, .now_s = NOW_S};
	struct mdg_findings f;
	int max = -1;

	mdg_lint_run(lint, &in, &a, &f);
	for (size_t i = 0; i < f.n; i++)
		if ((int)f.v[i].severity > max) {
			max = (int)f.v[i].severity;
			*rule = f.v[i].rule; /* lives with the rules */
		}
	return max;
}

struct tally {
	size_t n, wrong;
};

static void
read_sentences(const char *name, bool bad, struct tally *t)
{
	FILE *f = open_data(name);
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	assert_non_null(f);
	while ((len = getline(&line, &cap, f)) > 0) {
		const char *rule = "";
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (len == 0 || line[0] == '#')
			continue;
		char *tab = strchr(line, '\t');
		char *text = tab ? tab + 1 : line;
		int max = worst(text, strlen(text), NULL, &rule);
		t->n++;
		if ((max >= MDG_LINT_WARN) != bad) {
			t->wrong++;
			print_message("%s: %s %s\n", name, line, rule);
		}
	}
	free(line);
	fclose(f);
}

static void
good_sentences_stay_silent(void **state)
{
	struct tally t = {0};

	(void)state;
	read_sentences("good.txt", false, &t);
	assert_true(t.n >= 200);
	assert_true((double)t.wrong <= 0.01 * (double)t.n);
}

static void
bad_sentences_are_found(void **state)
{
	struct tally t = {0};

	(void)state;
	if (!words)
		skip();
	read_sentences("bad.tsv", true, &t);
	assert_true(t.n >= 400);
	assert_true((double)t.wrong <= 0.02 * (double)t.n);
}

/*
 * letters.txt: letters between lines "=== CUSTOMER TAB RULE,RULE…" ("-" for no
 * customer, "-" for a letter without error or warning).
 */
static size_t
check_letter(const char *head, const char *text, size_t n)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	char customer[200] = "", rules[400] = "";
	struct mdg_findings f;
	size_t wrong = 0;

	assert_int_equal(
		sscanf(head, "=== %199[^\t]\t%399[^\n]", customer, rules), 2);
	struct mdg_lint_input in = {
		.text = text,
		.n = n,
		.customer = strcmp(customer, "-") == 0 ? NULL : customer,
		.now_s = NOW_S};
	mdg_lint_run(lint, &in, &a, &f);
	for (size_t i = 0; i < f.n; i++)
		if (f.v[i].severity >= MDG_LINT_WARN &&
		    !strstr(rules, f.v[i].rule)) {
			print_message("not expected: %s in the letter %s",
				      f.v[i].rule, head);
			wrong++;
		}
	char *rest = rules, *p;
	while ((p = strsep(&rest, ","))) {
		bool found = strcmp(p, "-") == 0;
		for (size_t i = 0; i < f.n; i++)
			found |= strcmp(f.v[i].rule, p) == 0;
		if (!found) {
			print_message("missed: %s in the letter %s", p, head);
			wrong++;
		}
	}
	return wrong;
}

static void
letters_give_what_is_wrong_with_them(void **state)
{
	FILE *f = open_data("letters.txt");
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	char *line = NULL, *head = NULL;
	size_t cap = 0, letters = 0, wrong = 0;
	ssize_t len;

	(void)state;
	assert_non_null(f);
	if (!words)
		skip();
	for (;;) {
		len = getline(&line, &cap, f);
		bool next = len <= 0 || strncmp(line, "=== ", 4) == 0;
		if (next && head) {
			wrong += check_letter(head, mdg_buf_str(&text),
					      text.len);
			letters++;
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
	assert_true(letters >= 20);
	assert_int_equal(wrong, 0);
}

/* What a case of guard.tsv needs to be known beside its text. */
static unsigned
flags_of(const char *rule)
{
	if (strcmp(rule, "guard.attachment") == 0)
		return MDG_LINT_NOT_ATTACHED;
	if (strcmp(rule, "guard.attachment-unmentioned") == 0)
		return MDG_LINT_ATTACHED;
	return 0;
}

/* Line ends are written as \n. */
static void
unescape(char *s)
{
	char *to = s;

	for (; *s; s++)
		if (s[0] == '\\' && s[1] == 'n') {
			*to++ = '\n';
			s++;
		} else {
			*to++ = *s;
		}
	*to = '\0';
}

static bool
guard_is_right(char *line)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *rule = strsep(&line, "\t"), *want = strsep(&line, "\t"),
		   *customer = strsep(&line, "\t");
	struct mdg_findings f;
	bool found = false;

	assert_non_null(line);
	unescape(line);
	struct mdg_lint_input in = {
		.text = line,
		.n = strlen(line),
		.customer = strcmp(customer, "-") == 0 ? NULL : customer,
		.flags = flags_of(rule),
		.now_s = NOW_S};
	mdg_lint_run(lint, &in, &a, &f);
	for (size_t i = 0; i < f.n; i++)
		found |= strcmp(f.v[i].rule, rule) == 0;
	bool right = found == (strcmp(want, "yes") == 0);
	if (!right)
		print_message("%s %s %s: %s\n", found ? "false" : "missed",
			      rule, customer, line);
	return right;
}

static void
the_guard_tells_slips_from_what_looks_like_them(void **state)
{
	FILE *f = open_data("guard.tsv");
	char *line = NULL;
	size_t cap = 0, n = 0, wrong = 0;
	ssize_t len;

	(void)state;
	assert_non_null(f);
	while ((len = getline(&line, &cap, f)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (*line == '#' || !*line)
			continue;
		wrong += !guard_is_right(line);
		n++;
	}
	free(line);
	fclose(f);
	assert_true(n >= 300);
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_sentences_stay_silent),
		cmocka_unit_test(bad_sentences_are_found),
		cmocka_unit_test(letters_give_what_is_wrong_with_them),
		cmocka_unit_test(
			the_guard_tells_slips_from_what_looks_like_them),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
