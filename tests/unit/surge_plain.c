#include "surge_plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"

#define PHI .07
#define LEVEL .004
#define LIFT 1.5

enum { RING_H = 1024, BASE_H = 28 * 24, GAP_H = 24, COOL_H = 24, FEW = 3 };

static const int windows[] = {1, 3, 6, 24, 72, 168};

struct key {
	int64_t last; /* customer that wrote of it, that day */
	int64_t last_day;
	int64_t alarm_h; /* the latest hour in alarm, or long ago */
};

struct plain {
	uint32_t n;
	double limit;
	int64_t hour;
	unsigned *upto; /* of each hour, of each key: counted up to its end */
	struct key keys[];
};

/* What was counted before this hour. */
static unsigned *
before(const struct plain *p, int64_t hour)
{
	return &p->upto[(hour > 0 ? hour : 0) % RING_H * p->n];
}

struct plain *
plain_new(uint32_t keys, double limit)
{
	struct plain *p = calloc(1, sizeof(*p) + keys * sizeof(*p->keys));

	MDG_BUG_ON(!p);
	p->n = keys;
	p->limit = limit;
	p->upto = calloc((size_t)RING_H * keys, sizeof(*p->upto));
	MDG_BUG_ON(!p->upto);
	for (uint32_t k = 0; k < keys; k++)
		p->keys[k].last_day = p->keys[k].alarm_h = -COOL_H;
	return p;
}

void
plain_free(struct plain **p)
{
	if (*p)
		free((*p)->upto);
	free(*p);
	*p = NULL;
}

void
plain_add(struct plain *p, uint32_t key, int64_t customer)
{
	struct key *k = &p->keys[key];
	int64_t day = p->hour / 24;

	/* a customer's second mail comes next to the first here */
	if (k->last == customer && k->last_day == day)
		return;
	k->last = customer;
	k->last_day = day;
	before(p, p->hour + 1)[key]++;
}

/* Is P(X >= c), X negative binomial of mean m < c and shape a, below the
 * limit? */
static int
rare(unsigned c, double m, double a, double limit)
{
	int sign;
	double term = exp(lgamma_r(a + c, &sign) - lgamma_r(a, &sign) -
			  lgamma_r(c + 1.0, &sign) + a * log(a / (a + m)) +
			  c * log(m / (a + m)));
	double sum = 0;

	for (; sum < limit && term > limit * 1e-9; c++) {
		sum += term;
		term *= (a + c) / (c + 1) * (m / (a + m));
	}
	return sum < limit;
}

static size_t
scan_window(struct plain *p, int window_h, uint32_t *ret_keys)
{
	int64_t from = p->hour + 1 - window_h, base = from - GAP_H;
	const unsigned *now = before(p, p->hour + 1), *was = before(p, from);
	const unsigned *to = before(p, base), *since = before(p, base - BASE_H);
	double ratio = (now[0] - was[0]) / (to[0] - since[0] + 1.0);
	double phi = PHI * fmin(1, 24.0 / window_h);
	size_t n = 0;

	for (uint32_t k = 1; k < p->n; k++) {
		unsigned c = now[k] - was[k];
		double h = to[k] - since[k], m = ratio * (h + .5);
		if (c < FEW || c < LIFT * m ||
		    !rare(c, m, 1 / (1 / (h + .5) + phi + LEVEL), p->limit))
			continue;
		if (p->hour - p->keys[k].alarm_h >= COOL_H)
			ret_keys[n++] = k;
		p->keys[k].alarm_h = p->hour;
	}
	return n;
}

size_t
plain_scan(struct plain *p, uint32_t *ret_keys)
{
	size_t n = 0;

	for (size_t i = 0; i < MDG_LEN(windows); i++)
		n += scan_window(p, windows[i], ret_keys + n);
	p->hour++;
	memcpy(before(p, p->hour + 1), before(p, p->hour),
	       p->n * sizeof(*p->upto));
	return n;
}
