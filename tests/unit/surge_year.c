#include "surge_year.h"

#include <math.h>

#include "dice.h"
#include "surge_plain.h"
#include "t.h"

enum { HOUR_MAILS_MAX = 2000 };

const struct kind surge_kinds[KINDS] = {
	{"outage", 6, 12, 0, .40, 6, 10, {{.9, 3}, {1, 2}, {1, 1}}},
	{"weak-outage", 6, 12, 0, .10, 8, 10, {{0, 0}, {.4, 6}, {.83, 3}}},
	{"defective-model",
	 140,
	 30,
	 0,
	 .02,
	 168,
	 9,
	 {{.8, 89}, {1, 35}, {1, 6}}},
	{"model-and-code", 180, 30, 460, .02, 168, 9, {{0, 0}, {0, 0}, {0, 0}}},
	{"new-key", 560, 30, 0, .01, 336, 9, {{.4, 102}, {1, 54}, {1, 8}}},
	{"slow-burn", 6, 12, 0, .039, 168, 9, {{.2, 114}, {.7, 104}, {1, 70}}},
};

static uint64_t state;

static double
uniform(void)
{
	return ((double)(t_xorshift(&state) >> 11) + .5) / 9007199254740992.0;
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
	for (size_t by = PLAIN; by < METHODS; by++)
		if (m->plain[by])
			plain_add(m->plain[by], key, customer);
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
		double p = fmin(m->share[k] * m->key_day[k], .95);
		double gap = log(1 - p); /* from one that has it to the next */
		for (double i = floor(log(uniform()) / gap); i < n;
		     i += 1 + floor(log(uniform()) / gap))
			add(m, k, m->ticket + 1 + (int64_t)i);
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

/* An alarm that is new in this hour. */
static void
tell(struct sim *m, enum method by, const uint32_t *keys, size_t n,
     int64_t began, int64_t hour)
{
	bool known = false;

	for (size_t i = 0; i < EVENTS; i++) {
		struct event *e = &m->events[i];
		bool is = false;
		for (size_t k = 0; k < n; k++)
			is |= concerns(e, keys[k], hour);
		if (!is)
			continue;
		known = true;
		e->by[by].incidents++;
		if (e->by[by].seen_h >= 0 || hour >= e->to_h + 24)
			continue;
		e->by[by].seen_h = hour;
		e->by[by].mails = e->mails;
		e->by[by].off_h = (double)(began - e->from_h);
	}
	m->false_alarms[by] += !known;
}

static void
scan_plain(struct sim *m, int64_t hour)
{
	uint32_t alarm[KEYS];

	for (enum method by = PLAIN; by < METHODS; by++) {
		size_t n = m->plain[by] ? plain_scan(m->plain[by], alarm) : 0;
		for (size_t i = 0; i < n && hour >= FIRST_DAY * 24; i++)
			tell(m, by, &alarm[i], 1, hour, hour);
	}
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
		const struct kind *kind = &surge_kinds[i % KINDS];
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
			.by = {{-1}, {-1}, {-1}},
		};
	}
}

void
surge_year(struct sim *m, double volume, int year, const double limits[METHODS])
{
	*m = (struct sim){
		.volume = volume,
		.s = mdg_surge_new(KEYS, 0),
	};
	for (size_t by = PLAIN; by < METHODS && limits; by++)
		m->plain[by] = plain_new(KEYS, limits[by]);
	state = 88172645463325252u + 0x9e3779b97f4a7c15u * (uint64_t)year;
	for (int i = 0; i < 20; i++)
		uniform();
	plan(m);
	for (int64_t hour = 0; hour < DAYS * 24; hour++) {
		if (hour % 24 == 0) {
			m->day = factor(.18);
			for (uint32_t k = 1; k < KEYS; k++)
				m->key_day[k] = factor(.26);
		}
		one_hour(m, hour);
		mdg_surge_scan(m->s);
		scan_plain(m, hour);
		if (hour < FIRST_DAY * 24)
			continue;
		size_t n;
		const struct mdg_surge_incident *v = mdg_surge_open(m->s, &n);
		for (size_t i = 0; i < n; i++)
			if (v[i].opened_h == hour)
				tell(m, OURS, v[i].keys, v[i].n_keys,
				     v[i].began_h, hour);
		watch(m, hour);
	}
	mdg_surge_free(&m->s);
	for (size_t by = PLAIN; by < METHODS; by++)
		plain_free(&m->plain[by]);
}
