/*
 * How long suggestion and the reply check take, and how much memory what was
 * learned needs, in one process as in mdg-text.
 *
 *     reply_rate TEMPLATES PASTS QUERIES CATALOGUE.jsonl QUESTIONS.jsonl…
 *
 * Templates and past replies are put together at random (a fixed seed) from
 * the sentences of the given rows. Beside them stands the machine: the time
 * MeCab alone takes for the same questions. All times are CPU time; memory is
 * what no file stands behind (the dictionary is mapped from its file). Not part
 * of the build.
 */
#include <err.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/lint.h"
#include "madoguchi/reply/suggest.h"

enum { SENTENCES_MAX = 20000, DRAFT_BYTES = 2400 };

static char *sentences[SENTENCES_MAX];
static size_t sentences_n;
static unsigned long seed = 20261122;

static size_t
random_below(size_t n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (size_t)(seed >> 33) % n;
}

/* Of this process: others on the machine are not what is measured. */
static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Memory of this process that no file stands behind, in MB. */
static double
private_mb(void)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "re");
	char line[200];
	long sum = 0;

	if (!f)
		err(1, "smaps_rollup");
	while (fgets(line, sizeof(line), f))
		if (mdg_str_starts(line, "Private_Dirty:"))
			sum += strtol(strchr(line, ':') + 1, NULL, 10);
	fclose(f);
	return (double)sum / 1024;
}

static void
add_sentences(const char *text)
{
	while (*text && sentences_n < SENTENCES_MAX) {
		const char *end = strstr(text, "。");
		size_t n = end ? (size_t)(end - text) + 3 : strlen(text);
		sentences[sentences_n++] = mdg_asprintf("%.*s", (int)n, text);
		text += n;
	}
}

static void
read_rows(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;

	if (!f)
		err(1, "%s", path);
	while (getline(&line, &cap, f) > 0) {
		json_t *o = json_loads(line, 0, NULL);
		const char *text =
			json_string_value(json_object_get(o, "text"));
		const char *body =
			json_string_value(json_object_get(o, "body"));
		add_sentences(text ? text : body ? body : "");
		json_decref(o);
	}
	free(line);
	fclose(f);
}

static const char *
some_text(struct mdg_buf *b, size_t most)
{
	mdg_buf_reset(b);
	for (size_t n = 1 + random_below(most); n > 0; n--)
		mdg_buf_puts(b, sentences[random_below(sentences_n)]);
	return mdg_buf_str(b);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
print_times(const char *what, double *ms, size_t n)
{
	qsort(ms, n, sizeof(*ms), by_value);
	printf("%s: p50 %.3f ms, p99 %.3f ms, most %.3f ms (%zu times)\n", what,
	       ms[n / 2], ms[n * 99 / 100], ms[n - 1], n);
}

static void
learn(struct mdg_suggest *s, size_t templates, size_t pasts)
{
	struct mdg_buf b = {0};
	double start = now_ms();
	double before = private_mb();

	for (size_t i = 0; i < templates; i++) {
		char id[24], *title = mdg_strdup(some_text(&b, 1));
		snprintf(id, sizeof(id), "t%zu", i);
		const struct mdg_suggest_doc doc = {
			.id = id, .title = title, .body = some_text(&b, 8)};
		if (!mdg_suggest_add(s, &doc, NULL))
			errx(1, "template %zu", i);
		free(title);
	}
	for (size_t i = 0; i < pasts; i++) {
		char id[24], ref[24];
		snprintf(id, sizeof(id), "t%zu", random_below(templates));
		snprintf(ref, sizeof(ref), "%zu", 10001 + i);
		const struct mdg_suggest_past past = {id, some_text(&b, 4), ref,
						      MDG_SUGGEST_LEARNED};
		if (!mdg_suggest_learn(s, &past, NULL))
			errx(1, "past %zu", i);
	}
	printf("%zu templates and %zu past replies: learned in %.1f s, "
	       "%.1f MB private (%.1f MB before)\n",
	       templates, pasts, (now_ms() - start) / 1e3, private_mb(),
	       before);
	mdg_buf_clear(&b);
}

static void
ask(struct mdg_suggest *s, struct mdg_words *words, size_t n)
{
	double *ms = mdg_calloc(n, sizeof(*ms));
	double *base = mdg_calloc(n, sizeof(*base));
	struct mdg_buf b = {0};

	for (size_t i = 0; i < n; i++) {
		struct mdg_arena a = {0};
		struct mdg_suggestion *v;
		struct mdg_word *w;
		const char *text = some_text(&b, 12);
		double start = now_ms();
		mdg_words_cut(words, &a, text, strlen(text), &w);
		base[i] = now_ms() - start;
		start = now_ms();
		mdg_suggest_rank(s, text, NULL, 5, &a, &v);
		ms[i] = now_ms() - start;
		mdg_arena_clear(&a);
	}
	print_times("suggestion", ms, n);
	print_times("  MeCab alone, the same questions", base, n);
	free(ms);
	free(base);
	mdg_buf_clear(&b);
}

static void
check(struct mdg_words *words, size_t n)
{
	double *ms = mdg_calloc(n, sizeof(*ms));
	struct mdg_buf b = {0};
	struct mdg_lint *lint;

	if (!mdg_lint_open(&lint, words, NULL))
		errx(1, "lint");
	for (size_t i = 0; i < n; i++) {
		struct mdg_arena a = {0};
		struct mdg_findings f;
		mdg_buf_reset(&b);
		mdg_buf_puts(&b, "田中 一郎 様\n\n");
		while (b.len < DRAFT_BYTES)
			mdg_buf_printf(&b, "%s%s",
				       sentences[random_below(sentences_n)],
				       random_below(3) ? "" : "\n\n");
		const struct mdg_lint_input in = {.text = mdg_buf_str(&b),
						  .n = b.len,
						  .now_s = 1795230000};
		double start = now_ms();
		mdg_lint_run(lint, &in, &a, &f);
		ms[i] = now_ms() - start;
		mdg_arena_clear(&a);
	}
	print_times("check of a 2.4 kB draft", ms, n);
	mdg_lint_close(&lint);
	free(ms);
	mdg_buf_clear(&b);
}

int
main(int argc, char **argv)
{
	struct mdg_words *words = NULL;
	int64_t n[3];

	for (int i = 0; i < 3; i++)
		if (argc < 5 || !mdg_str_i64(argv[1 + i], 1, 10000000, &n[i]))
			errx(64, "usage: reply_rate TEMPLATES PASTS QUERIES "
				 "FILE.jsonl…");
	for (int i = 4; i < argc; i++)
		read_rows(argv[i]);
	if (!mdg_words_open(&words, NULL))
		puts("without a dictionary");
	struct mdg_suggest *s = mdg_suggest_new(words);
	learn(s, (size_t)n[0], (size_t)n[1]);
	ask(s, words, (size_t)n[2]);
	check(words, (size_t)n[2]);
	mdg_suggest_free(&s);
	mdg_words_close(&words);
	return 0;
}
