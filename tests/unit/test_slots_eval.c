/*
 * Facts in inquiries that were written before the patterns were looked at
 * (tests/data/slots): precision and recall by slot. The figures are kept in
 * figures.tsv and may rise, never fall. MDG_EVAL=1 (make eval) prints them in
 * the form of that file, and each inquiry that is not read whole.
 */
#include "t.h"

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/slots.h"
#include "madoguchi/text/fold.h"

/* 2026-11-21 12:00 in Japan, a Saturday */
#define MAIL_S 1795230000

enum { SURE_ENOUGH = 60, FACTS_MAX = 12 };

static struct mdg_words *words;
static struct mdg_slots *slots;
static bool print;

/* of a slot: found and right, found, to find */
static struct {
	size_t right, found, wanted;
} figures[MDG_FACT_KIND_N + 1];

struct inquiry {
	struct mdg_buf text, signature;
	char from[100];
	enum mdg_fact_kind kind[FACTS_MAX];
	char value[FACTS_MAX][200];
	size_t n;
	int line;
};

static int
setup(void **state)
{
	struct mdg_err err;

	(void)state;
	print = getenv("MDG_EVAL") != NULL;
	mdg_words_open(&words, NULL);
	return mdg_slots_open(&slots, words, &err) ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	mdg_slots_close(&slots);
	mdg_words_close(&words);
	return 0;
}

static FILE *
open_data(const char *name)
{
	const char *top = getenv("top_srcdir");
	MDG_AUTO(mdg_freep)
	char *path =
		mdg_asprintf("%s/tests/data/slots/%s", top ? top : ".", name);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	return f;
}

/* Spaces and their width are no difference. */
static bool
is_value(const char *a, const char *b)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf x = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf y = {0};

	mdg_fold(&x, a, strlen(a), MDG_FOLD_NOSPACE);
	mdg_fold(&y, b, strlen(b), MDG_FOLD_NOSPACE);
	return mdg_streq(mdg_buf_str(&x), mdg_buf_str(&y));
}

static void
judge(const char *name, struct inquiry *q)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_slots_input in = {
		mdg_buf_str(&q->text),
		q->signature.len ? mdg_buf_str(&q->signature) : NULL,
		*q->from ? q->from : NULL, MAIL_S};
	bool seen[FACTS_MAX] = {false}, whole = true;
	struct mdg_facts f;

	mdg_slots_extract(slots, &in, &a, &f);
	for (size_t i = 0; i < f.n; i++) {
		bool right = false;
		assert_true(f.v[i].start <= f.v[i].end);
		assert_true(f.v[i].confidence <= 100);
		if (f.v[i].confidence < SURE_ENOUGH)
			continue;
		for (size_t k = 0; k < q->n; k++)
			if (q->kind[k] == f.v[i].kind &&
			    is_value(q->value[k], f.v[i].value))
				right = seen[k] = true;
		figures[f.v[i].kind].found++;
		figures[f.v[i].kind].right += right;
		whole = whole && right;
		if (!right && print)
			printf("# %s:%d: not in it: %s %s\n", name, q->line,
			       mdg_fact_slot(f.v[i].kind), f.v[i].value);
	}
	for (size_t k = 0; k < q->n; k++) {
		figures[q->kind[k]].wanted++;
		whole = whole && seen[k];
		if (!seen[k] && print)
			printf("# %s:%d: missed: %s %s\n", name, q->line,
			       mdg_fact_slot(q->kind[k]), q->value[k]);
	}
	figures[MDG_FACT_KIND_N].wanted++;
	figures[MDG_FACT_KIND_N].found++;
	figures[MDG_FACT_KIND_N].right += whole;
	mdg_buf_clear(&q->text);
	mdg_buf_clear(&q->signature);
}

static void
read_fact(struct inquiry *q, const char *line)
{
	char slot[40];
	size_t kind = 0;

	assert_true(q->n < FACTS_MAX);
	assert_int_equal(sscanf(line, "%39s %199[^\n]", slot, q->value[q->n]),
			 2);
	while (kind < MDG_FACT_KIND_N &&
	       !mdg_streq(mdg_fact_slot((enum mdg_fact_kind)kind), slot))
		kind++;
	assert_true(kind < MDG_FACT_KIND_N);
	q->kind[q->n++] = (enum mdg_fact_kind)kind;
}

static size_t
read_inquiries(const char *name)
{
	FILE *f = open_data(name);
	struct inquiry q = {.line = 0};
	struct mdg_buf *to = &q.text;
	char *line = NULL;
	size_t cap = 0, n = 0;
	int at = 0;

	while (getline(&line, &cap, f) > 0) {
		at++;
		if (line[0] == '#')
			continue;
		if (mdg_streq(line, "=\n")) {
			if (n++)
				judge(name, &q);
			q = (struct inquiry){.line = at};
			to = &q.text;
		} else if (mdg_streq(line, "~\n")) {
			to = &q.signature;
		} else if (mdg_str_starts(line, "@ ")) {
			sscanf(line + 2, "%99[^\n]", q.from);
		} else if (mdg_str_starts(line, "> ")) {
			read_fact(&q, line + 2);
		} else {
			mdg_buf_puts(to, line);
		}
	}
	judge(name, &q);
	free(line);
	fclose(f);
	return n;
}

/* "slot TAB precision TAB recall", none below what is kept. */
static void
compare(void)
{
	FILE *f = open_data("figures.tsv");
	char line[200], slot[40];
	double precision, recall;
	size_t n = 0;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%39[^\t#]\t%lf\t%lf", slot, &precision,
			   &recall) != 3)
			continue;
		for (size_t k = 0; k <= MDG_FACT_KIND_N; k++) {
			const char *name =
				k == MDG_FACT_KIND_N
					? "whole"
					: mdg_fact_slot((enum mdg_fact_kind)k);
			if (!mdg_streq(name, slot))
				continue;
			double p = (double)figures[k].right /
				   (double)figures[k].found;
			double r = (double)figures[k].right /
				   (double)figures[k].wanted;
			if (p + 0.0005 < precision || r + 0.0005 < recall)
				fail_msg("%s fell to %.3f %.3f", slot, p, r);
			n++;
		}
	}
	fclose(f);
	assert_int_equal(n, MDG_FACT_KIND_N + 1);
}

static void
facts_are_found_as_well_as_ever(void **state)
{
	(void)state;
	assert_true(read_inquiries("inquiries.txt") >= 60);
	assert_true(read_inquiries("inquiries2.txt") >= 20);
	assert_true(read_inquiries("inquiries3.txt") >= 20);
	assert_true(read_inquiries("inquiries4.txt") >= 55);
	assert_true(read_inquiries("inquiries5.txt") >= 40);
	assert_true(read_inquiries("inquiries6.txt") >= 40);
	for (size_t k = 0; print && k <= MDG_FACT_KIND_N; k++)
		printf("%s\t%.3f\t%.3f\n",
		       k == MDG_FACT_KIND_N
			       ? "whole"
			       : mdg_fact_slot((enum mdg_fact_kind)k),
		       (double)figures[k].right / (double)figures[k].found,
		       (double)figures[k].right / (double)figures[k].wanted);
	if (words)
		compare();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_found_as_well_as_ever),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
