/*
 * Years of a simulated desk (surge_year.h): false alarms a week, and how soon
 * each kind of event is seen. figures.tsv keeps the figures of one year; none
 * may get worse. What they mean and what was found: tests/data/surge/README.
 * MDG_EVAL=1 (make eval) prints them, with their standard error, beside those
 * of the plain scan (surge_plain.h) on the same mails and what is asked for.
 * MDG_EVAL_YEARS=n takes so many years, MDG_EVAL_YEAR=n from that number on.
 */
#include <math.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "surge_year.h"
#include "t.h"

enum {
	YEARS = 1, /* of make check; MDG_EVAL_YEARS=n of make eval */
	YEARS_MAX = 16,
	FIRST_YEAR = 3000,
};

static const double volumes[VOLUMES] = {100, 300, 1000};
static const double asked_false[VOLUMES] = {.25, .58, .62};
/* Of the plain scan: as described, and as wide as brings the false alarms asked
 * for (set on the years from 11001 on). */
static const double limits[VOLUMES][METHODS] = {
	{[PLAIN] = 5e-6, [WIDE] = 1.3e-5},
	{[PLAIN] = 5e-6, [WIDE] = 1.5e-5},
	{[PLAIN] = 5e-6, [WIDE] = .85e-5},
};

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static FILE *kept;

struct figure {
	double volume;
	const char *of, *what;
	int sign;                              /* of what is worse */
	double is, unsure, plain, wide, asked; /* NAN: none */
};

static void
column(const char *before, double v)
{
	if (isnan(v))
		printf("\t-");
	else
		printf("\t%s%.2f", before, v);
}

/* A figure of this run beside the one kept; or all columns, printed. */
static void
figure(const struct figure *f)
{
	char line[200], name[80];

	snprintf(name, sizeof(name), "%.0f.%s%s\t", f->volume, f->of, f->what);
	if (getenv("MDG_EVAL")) {
		printf("%.*s", (int)strlen(name) - 1, name);
		column("", f->is);
		column("±", f->unsure);
		column("", f->plain);
		column("", f->wide);
		column("", f->asked);
		puts("");
		return;
	}
	if (isnan(f->is))
		return; /* of none seen */
	rewind(kept);
	while (fgets(line, sizeof(line), kept)) {
		if (strncmp(line, name, strlen(name)) != 0)
			continue;
		double was = strtod(line + strlen(name), NULL);
		if (f->sign * (f->is - was) > .006)
			fail_msg("%sis %.2f, was %.2f", name, f->is, was);
		return;
	}
	fail_msg("%sis not in figures.tsv", name);
}

/* What a method made of the events of one kind. */
struct outcome {
	double of, seen, unsure, twice;
	double delay, mails, off; /* NAN: none */
	double even;              /* INFINITY: never */
};

/* The least that so many of them do not exceed; v is sorted. */
static double
least(double *v, size_t n, double of)
{
	size_t i = (size_t)fmax(ceil(of), 1);

	qsort(v, n, sizeof(*v), by_size);
	return i <= n ? v[i - 1] : NAN;
}

static struct outcome
outcome(const struct sim *years, size_t years_n, const struct kind *kind,
	enum method by, double part)
{
	double delay[YEARS_MAX * EVENTS], mails[YEARS_MAX * EVENTS],
		off[YEARS_MAX * EVENTS];
	struct outcome o = {0};
	size_t n = 0;

	for (size_t i = 0; i < years_n * EVENTS; i++) {
		const struct event *e = &years[i / EVENTS].events[i % EVENTS];
		if (e->kind != kind)
			continue;
		o.of++;
		o.twice += e->by[by].incidents > 1;
		if (e->by[by].seen_h < 0)
			continue;
		delay[n] = (double)(e->by[by].seen_h + 1 - e->from_h);
		off[n] = fabs(e->by[by].off_h);
		mails[n++] = e->by[by].mails;
	}
	o.twice /= o.of;
	o.seen = (double)n / o.of;
	o.unsure = sqrt(o.seen * (1 - o.seen) / o.of);
	o.even = part > 0 ? fmin(least(delay, n, part * o.of), INFINITY) : NAN;
	o.delay = least(delay, n, (double)n / 2 + .5);
	o.mails = least(mails, n, (double)n / 2 + .5);
	o.off = least(off, n, (double)n / 2 + .5);
	return o;
}

static void
report_kind(const struct sim *years, size_t years_n, size_t v, size_t k)
{
	const struct kind *kind = &surge_kinds[k];
	double seen = kind->asked[v].seen, delay_h = kind->asked[v].delay_h;
	/* what was seen by the median asked was half of what was seen */
	struct outcome o = outcome(years, years_n, kind, OURS, seen / 2);
	struct outcome p = outcome(years, years_n, kind, PLAIN, seen / 2);
	struct outcome w = outcome(years, years_n, kind, WIDE, seen / 2);
	const struct figure figures[] = {
		{0, "", ".seen", -1, o.seen, o.unsure, p.seen, w.seen,
		 seen > 0 ? seen : NAN},
		{0, "", ".delay-h", 1, o.delay, NAN, p.delay, w.delay,
		 seen > 0 ? delay_h : NAN},
		{0, "", ".even-h", 1, o.even, NAN, p.even, w.even,
		 seen > 0 ? delay_h : NAN},
		{0, "", ".mails", 1, o.mails, NAN, p.mails, w.mails, NAN},
		{0, "", ".told-twice", 1, o.twice, NAN, p.twice, w.twice, NAN},
		{0, "", ".start-off-h", 1, o.off, NAN, NAN, NAN, NAN},
	};

	for (size_t i = 0; i < MDG_LEN(figures); i++) {
		struct figure f = figures[i];
		f.volume = volumes[v];
		f.of = kind->name;
		figure(&f);
	}
}

static void
some_years(size_t v)
{
	static struct sim years[YEARS_MAX];
	const char *many = getenv("MDG_EVAL_YEARS");
	int n = many ? atoi(many) : YEARS;
	const char *other = getenv("MDG_EVAL_YEAR");
	int first = other ? atoi(other) : FIRST_YEAR;
	double weeks = n * (DAYS - FIRST_DAY) / 7.0, told[METHODS] = {0};
	double watched = 0;

	assert_in_range(n, 1, YEARS_MAX);
	for (int i = 0; i < n; i++) {
		surge_year(&years[i], volumes[v], first + i,
			   getenv("MDG_EVAL") ? limits[v] : NULL);
		for (size_t by = 0; by < METHODS; by++)
			told[by] += years[i].false_alarms[by];
		watched += years[i].watched;
	}
	figure(&(struct figure){volumes[v], "", "false-a-week", 1,
				told[OURS] / weeks, sqrt(told[OURS]) / weeks,
				told[PLAIN] / weeks, told[WIDE] / weeks,
				asked_false[v]});
	figure(&(struct figure){volumes[v], "", "watched-a-week", 1,
				watched / weeks, NAN, NAN, NAN, NAN});
	for (size_t k = 0; k < KINDS; k++)
		report_kind(years, (size_t)n, v, k);
}

static void
a_desk_of_100_mails_a_day(void **unused)
{
	(void)unused;
	some_years(0);
}

static void
a_desk_of_300_mails_a_day(void **unused)
{
	(void)unused;
	some_years(1);
}

static void
a_desk_of_1000_mails_a_day(void **unused)
{
	(void)unused;
	some_years(2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_desk_of_100_mails_a_day),
		cmocka_unit_test(a_desk_of_300_mails_a_day),
		cmocka_unit_test(a_desk_of_1000_mails_a_day),
	};
	const char *top = getenv("top_srcdir");
	char *path = mdg_asprintf("%s/tests/data/surge/figures.tsv",
				  top ? top : ".");

	kept = fopen(path, "r");
	free(path);
	if (!kept)
		return 1;
	if (getenv("MDG_EVAL")) {
		puts("# figure\there\t±\tplain\twide\tasked");
		for (size_t v = 0; v < VOLUMES; v++)
			some_years(v);
		fclose(kept);
		return 0;
	}
	int rc = cmocka_run_group_tests(tests, NULL, NULL);
	fclose(kept);
	return rc;
}
