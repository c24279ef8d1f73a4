/*
 * A year of a simulated desk at 100, 300 and 1,000 mails a day, with outages,
 * defective models and slow burns put in: false alarms a week, and how soon
 * each kind is seen. figures.tsv keeps the figures; none may get worse.
 * MDG_EVAL=1 (make eval) prints them in the form of that file.
 *
 * The desk: 600 keys, shares from 25 % to 0.06 % by rank; mails by hour and
 * weekday; days differ (cv 0.18) and each key's days too (cv 0.26). The same
 * pseudorandom numbers each time. Events strike keys of 3.9 %, 0.22 % and some
 * 0.06 %, twelve of each kind.
 */
#include "t.h"

#include <inttypes.h>
#include <math.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/desk/surge.h"

enum {
	KEYS = 601,
	DAYS = 7 * 58,
	FIRST_DAY = 7 * 6, /* the weeks before are the usual to learn */
	EVERY_DAYS = 5,    /* from one event to the next */
	EVENTS = (DAYS - FIRST_DAY) / EVERY_DAYS,
	HOUR_MAILS_MAX = 2000,
	KINDS = 6,
};

/* What happens: a rank's share of all mail rises by `more` for some hours. */
static const struct kind {
	const char *name;
	uint32_t key, keys; /* the first of those it may strike, how many */
	uint32_t partner;   /* an error code in 4 of 5 of its mails, or 0 */
	double more;
	int hours, at_h;
} kinds[KINDS] = {
	{"outage", 6, 12, 0, .40, 6, 10},
	{"weak-outage", 6, 12, 0, .10, 8, 10},
	{"defective-model", 140, 30, 0, .02, 168, 9},
	{"model-and-code", 180, 30, 460, .02, 168, 9},
	{"new-key", 560, 30, 0, .01, 336, 9},
	{"slow-burn", 6, 12, 0, .039, 168, 9},
};

struct event {
	const struct kind *kind;
	uint32_t key, partner;
	int64_t from_h, to_h, seen_h; /* seen_h -1: not */
	unsigned mails, mails_seen, incidents;
	double off_h; /* the told beginning from the true one */
};

struct sim {
	struct mdg_surge *s;
	double volume, day, share[KEYS], key_day[KEYS];
	struct event events[EVENTS];
	int64_t ticket, told;
	unsigned incidents, false_alarms;
	double watched; /* keys newly on the watch list, without reason */
	int64_t watch_until[KEYS];
};

static uint64_t state;

static double
uniform(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return ((double)(state >> 11) + .5) / 9007199254740992.0;
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

static unsigned
poisson(double mean)
{
	unsigned n = 0;

	for (; mean > 30; mean -= 30) { /* a sum of Poissons is one */
		double p = exp(-30.0), q = uniform();
		for (; q > p; n++)
			q *= uniform();
	}
	double p = exp(-mean), q = uniform();
	for (; q > p; n++)
		q *= uniform();
	return n;
}

/* Mean 1, this coefficient of variation. */
static double
factor(double cv)
{
	double v = log(1 + cv * cv);

	return exp(sqrt(v) * normal() - v / 2);
}

/* The day's share that arrives in an hour; business days have more. */
static double
profile(int64_t hour)
{
	static const double by_hour[24] = {2, 1, 1, 1, 1, 1, 2, 3, 5, 8, 9, 8,
					   7, 8, 8, 7, 7, 6, 5, 4, 4, 5, 4, 3};
	static const double by_day[7] = {1.25, 1.15, 1.1, 1.1, 1.1, .7, .6};

	return by_hour[hour % 24] / 110 * by_day[hour / 24 % 7];
}

static void
add(struct sim *m, uint32_t key, int64_t ticket)
{
	/* a few write twice */
	int64_t customer = ticket % 20 == 0 ? ticket - 1 : ticket;
	struct mdg_surge_seen seen = {key, ticket, customer};

	assert_true(mdg_surge_add(m->s, &seen));
}

static void
one_hour(struct sim *m, int64_t hour)
{
	double usual = m->volume * m->day * profile(hour);
	unsigned n = poisson(usual);

	assert_true(n < HOUR_MAILS_MAX);
	for (unsigned i = 1; i <= n; i++)
		add(m, MDG_SURGE_ALL, m->ticket + i);
	for (uint32_t k = 1; k < KEYS && n; k++) {
		unsigned c = poisson(n * m->share[k] * m->key_day[k]);
		for (unsigned i = 0; i < c; i++)
			add(m, k, m->ticket + 1 + (int64_t)(uniform() * n));
	}
	m->ticket += n;
	for (size_t i = 0; i < EVENTS; i++) {
		struct event *e = &m->events[i];
		if (hour < e->from_h || hour >= e->to_h)
			continue;
		unsigned more = poisson(usual * e->kind->more);
		for (unsigned k = 0; k < more; k++) {
			int64_t t = ++m->ticket;
			add(m, MDG_SURGE_ALL, t);
			add(m, e->key, t);
			if (e->partner && uniform() < .8)
				add(m, e->partner, t);
		}
		e->mails += more;
	}
}

static bool
concerns(const struct event *e, uint32_t key, int64_t hour)
{
	return (key == e->key || (e->partner && key == e->partner)) &&
	       hour >= e->from_h && hour < e->to_h + 168;
}

static void
tell(struct sim *m, const struct mdg_surge_incident *in, int64_t hour)
{
	bool known = false;

	m->incidents++;
	for (size_t i = 0; i < EVENTS; i++) {
		struct event *e = &m->events[i];
		bool is = false;
		for (size_t k = 0; k < in->n_keys; k++)
			is |= concerns(e, in->keys[k], hour);
		if (!is)
			continue;
		known = true;
		e->incidents++;
		if (e->seen_h >= 0 || hour >= e->to_h + 24)
			continue;
		e->seen_h = hour;
		e->mails_seen = e->mails;
		e->off_h = (double)(in->began_h - e->from_h);
	}
	m->false_alarms += !known;
}

static void
watch(struct sim *m, int64_t hour)
{
	size_t n;
	const struct mdg_surge_finding *f = mdg_surge_watch(m->s, &n);

	for (size_t i = 0; i < n; i++) {
		bool known = false;
		for (size_t k = 0; k < EVENTS; k++)
			known |= concerns(&m->events[k], f[i].key, hour);
		m->watched += !known && m->watch_until[f[i].key] <= hour;
		m->watch_until[f[i].key] = hour + 24;
	}
}

static void
plan(struct sim *m)
{
	for (uint32_t k = 1; k < KEYS; k++)
		m->share[k] = .25 * pow(k, -.943);
	/* those that events strike are alike, and rarely struck again */
	for (uint32_t k = 6; k < 18; k++)
		m->share[k] = .039;
	for (uint32_t k = 140; k < 210; k++)
		m->share[k] = .0022;
	for (size_t i = 0; i < EVENTS; i++) {
		const struct kind *kind = &kinds[i % KINDS];
		uint32_t nth = (uint32_t)(i / KINDS);
		int64_t from =
			(FIRST_DAY + (int64_t)i * EVERY_DAYS) * 24 + kind->at_h;
		m->events[i] = (struct event){
			.kind = kind,
			.key = kind->key +
			       (nth + 4 * (uint32_t)(i % 3)) % kind->keys,
			.partner = kind->partner ? kind->partner + nth : 0,
			.from_h = from,
			.to_h = from + kind->hours,
			.seen_h = -1,
		};
	}
}

static void
run(struct sim *m, double volume)
{
	*m = (struct sim){.volume = volume, .s = mdg_surge_new(KEYS, 0)};
	state = 88172645463325252u;
	plan(m);
	for (int64_t hour = 0; hour < DAYS * 24; hour++) {
		if (hour % 24 == 0) {
			m->day = factor(.18);
			for (uint32_t k = 1; k < KEYS; k++)
				m->key_day[k] = factor(.26);
		}
		one_hour(m, hour);
		mdg_surge_scan(m->s);
		if (hour < FIRST_DAY * 24)
			continue;
		size_t n;
		const struct mdg_surge_incident *v = mdg_surge_open(m->s, &n);
		for (size_t i = 0; i < n; i++)
			if (v[i].opened_h == hour)
				tell(m, &v[i], hour);
		watch(m, hour);
	}
	mdg_surge_free(&m->s);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_size);
	return v[n / 2];
}

static FILE *kept;

/* A figure of this run beside the one kept; sign: which way is worse. */
static void
figure(double volume, const char *name, double is, int sign)
{
	char line[200], name_is[80];

	if (getenv("MDG_EVAL")) {
		printf("%.0f.%s\t%.2f\n", volume, name, is);
		return;
	}
	snprintf(name_is, sizeof(name_is), "%.0f.%s\t", volume, name);
	rewind(kept);
	while (fgets(line, sizeof(line), kept)) {
		if (strncmp(line, name_is, strlen(name_is)) != 0)
			continue;
		double was = strtod(line + strlen(name_is), NULL);
		if (sign * (is - was) > .006)
			fail_msg("%.0f.%s is %.2f, was %.2f", volume, name, is,
				 was);
		return;
	}
	fail_msg("%.0f.%s is not in figures.tsv", volume, name);
}

static void
report_kind(const struct sim *m, const struct kind *kind)
{
	double delay[EVENTS], mails[EVENTS], off[EVENTS];
	size_t n = 0, of = 0, split = 0;
	char name[80];

	for (size_t i = 0; i < EVENTS; i++) {
		const struct event *e = &m->events[i];
		if (e->kind != kind)
			continue;
		of++;
		split += e->incidents > 1;
		if (e->seen_h < 0)
			continue;
		delay[n] = (double)(e->seen_h + 1 - e->from_h);
		off[n] = fabs(e->off_h);
		mails[n++] = e->mails_seen;
	}
	snprintf(name, sizeof(name), "%s.seen", kind->name);
	figure(m->volume, name, (double)n / (double)of, -1);
	snprintf(name, sizeof(name), "%s.told-twice", kind->name);
	figure(m->volume, name, (double)split / (double)of, 1);
	if (!n)
		return;
	snprintf(name, sizeof(name), "%s.delay-h", kind->name);
	figure(m->volume, name, median(delay, n), 1);
	snprintf(name, sizeof(name), "%s.mails", kind->name);
	figure(m->volume, name, median(mails, n), 1);
	snprintf(name, sizeof(name), "%s.start-off-h", kind->name);
	figure(m->volume, name, median(off, n), 1);
}

static void
a_year(double volume)
{
	static struct sim m;
	double weeks = (DAYS - FIRST_DAY) / 7.0;

	run(&m, volume);
	figure(volume, "false-a-week", m.false_alarms / weeks, 1);
	figure(volume, "watched-a-week", m.watched / weeks, 1);
	for (size_t i = 0; i < KINDS; i++)
		report_kind(&m, &kinds[i]);
}

static void
a_desk_of_100_mails_a_day(void **unused)
{
	(void)unused;
	a_year(100);
}

static void
a_desk_of_300_mails_a_day(void **unused)
{
	(void)unused;
	a_year(300);
}

static void
a_desk_of_1000_mails_a_day(void **unused)
{
	(void)unused;
	a_year(1000);
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
		a_year(100);
		a_year(300);
		a_year(1000);
		fclose(kept);
		return 0;
	}
	int rc = cmocka_run_group_tests(tests, NULL, NULL);
	fclose(kept);
	return rc;
}
