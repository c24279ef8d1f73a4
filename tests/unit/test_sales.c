/* 営業: how well the hint hits, on inquiries written for it. train.tsv is what
 * contrib/sales-train has learned from; held.tsv was written afterwards, and
 * nothing was changed for it. */
#include "t.h"

#include <stdio.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/desk/thread.h"

struct figure {
	int hit, missed, wrong, right;
};

static struct figure
measure(const char *name)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *top = getenv("top_srcdir");
	FILE *f = fopen(mdg_arena_printf(&a, "%s/tests/data/sales/%s",
					 top ? top : ".", name),
			"re");
	struct figure sum = {0};
	char line[4000];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		char *tab = strchr(line, '\t');
		assert_non_null(tab);
		*tab = '\0';
		bool is = strcmp(line, "sales") == 0;
		bool said = mdg_text_is_sales(tab + 1);
		if (is != said)
			print_message("%s: %s", is ? "missed" : "wrong",
				      tab + 1);
		sum.hit += is && said;
		sum.missed += is && !said;
		sum.wrong += !is && said;
		sum.right += !is && !said;
	}
	fclose(f);
	print_message("%s: %d of %d offers found, %d of %d inquiries taken "
		      "for one\n",
		      name, sum.hit, sum.hit + sum.missed, sum.wrong,
		      sum.wrong + sum.right);
	return sum;
}

/* The bounds are what was reached; a customer taken for a seller is worse than
 * a seller who is not told. */
static void
offers_are_told_from_inquiries(void **state)
{
	(void)state;
	struct figure f = measure("train.tsv");
	assert_true(f.hit >= 115 && f.wrong == 0);
	f = measure("held.tsv");
	assert_true(f.hit >= 10 && f.wrong == 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(offers_are_told_from_inquiries),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
