/*
 * How unlikely the count of a key is, in windows of some hours (surge.h).
 *
 * What counts is how often in a week the window would hold c by chance, not how
 * likely it is at one look: a rare key is only looked at anew when a mail
 * comes, a long window hardly changes within an hour. A mail comes to c - 1
 * others (Alm, 1983), or a day begins that has a high level: rate = 7 P(X >= c)
 * + n m' (1 - m'/c) P(X = c - 1), m' the mean once c - 1 are there, n how many
 * such windows a week's mails fill: time goes by mails, so that a busy hour,
 * of which a week has few, does not count as if all were like it. An alarm is
 * rate < 0.068 w/keys in use (that at 2,000 mails a week, else less), the watch
 * list 20 times that. w shares chance out: more for windows of 2 to 8 hours,
 * for what many write of (by the square root, from half again the middle one
 * up to 4 times the mean), and less for a window of more than 640 mails, but
 * for frequent keys, which may burn slowly.
 */
#include <math.h>
#include <stdlib.h>

#include "madoguchi/base/err.h"
#include "surge_private.h"

#define PHI .07     /* how much a key's days differ, squared */
#define PHI_ALL .05 /* … and those of all mail */
#define PHI_REST .001
#define LIFT 1.5 /* smaller rises help nobody */
/* Alarms by chance a week, nominal: who has more mails has more people, and
 * bears more of them; from ALARMS_WEEK mails a week on as many as that, while
 * the nominal ones come to more of them (measured). */
#define ALARMS .068
#define ALARMS_WEEK 2000.0
#define KEY_WEIGHT_MAX 4.0
#define KEY_MIDDLES 1.5 /* the least, in those of the middle key */
/* From so many mails on a window is long; and how much longer it may be for
 * what many write of. */
#define LONG 640.0
#define LONG_KEY 1.3

/* Hours, and what part of the alarms by chance each may bring: an outage is to
 * be told at once. */
static const struct {
	int hours;
	double weight;
} windows[] = {
	{1, .7}, {2, 5},  {3, 5},  {4, 5},   {6, 5},
	{8, 5},  {12, 1}, {18, 1}, {24, 1},  {36, 1},
	{48, 1}, {72, 1}, {96, 1}, {120, 1}, {168, 1},
};

enum { WINDOWS = MDG_LEN(windows) };

/* What one window is to every key. */
struct window {
	int64_t from, late, base, day; /* day: when that of `from` began */
	unsigned all, all_late, all_base, all_before;
	double first,
		rest; /* part of its first day, sum of squares of others */
};

struct surge_look {
	struct window w[WINDOWS];
	double middle, mean; /* of the roots of what keys have */
	size_t used;
};

/* P(X = c) of a negative binomial of mean m and shape a. */
static double
chance_of(unsigned c, double m, double a)
{
	int sign;

	return exp(lgamma_r(c + a, &sign) - lgamma_r(a, &sign) -
		   lgamma_r(c + 1.0, &sign) - a * log1p(m / a) +
		   c * log(m / (a + m)));
}

double
mdg_surge_tail(unsigned c, double m, double a)
{
	double q = m / (a + m), term, sum;

	if (!c)
		return 1;
	sum = term = chance_of(c, m, a);
	for (double x = c; x < c + 1e6; x++) {
		term *= (x + a) / (x + 1) * q;
		sum += term;
		if (term < sum * 1e-12)
			break;
	}
	return sum < 1 ? sum : 1;
}

/*
 * How often in a week a window, of which a week has so many, holds c or more by
 * chance: a mail comes to c - 1 others (Alm 1983), or a new day has another
 * level.
 */
static double
by_chance(unsigned c, double windows_n, double m, double a, double *ret_tail)
{
	double tail = mdg_surge_tail(c, m, a);
	double level = m * (a + c - 1) / (a + m); /* with c - 1 in it */
	double grow = level < c ? 1 - level / c : 0;
	double q = 7 * tail + windows_n * level * grow * chance_of(c - 1, m, a);

	*ret_tail = tail;
	return fmin(q, 168 * tail);
}

/* The hour at which the day of this hour began. */
static int64_t
day_of(const struct mdg_surge *s, int64_t hour)
{
	return hour - (((hour - s->midnight_h) % 24) + 24) % 24;
}

static void
look_at(const struct mdg_surge *s, int window_h, struct window *w)
{
	int64_t now = s->hour + 1;

	w->from = now - window_h;
	w->late = now - (window_h + 3) / 4;
	w->base = w->from - SURGE_GAP_H;
	w->day = day_of(s, w->from);
	w->all = surge_count(s, MDG_SURGE_ALL, w->from, now);
	w->all_late = surge_count(s, MDG_SURGE_ALL, w->late, now);
	w->all_base =
		surge_count(s, MDG_SURGE_ALL, w->base - SURGE_BASE_H, w->base);
	w->all_before = surge_count(s, MDG_SURGE_ALL, w->day, w->from);
	w->rest = w->first = 0;
	for (int64_t d = w->day; d < now && w->all; d += 24) {
		double part =
			surge_count(s, MDG_SURGE_ALL, d > w->from ? d : w->from,
				    d + 24 < now ? d + 24 : now) /
			(double)w->all;
		if (d == w->day)
			w->first = part;
		else
			w->rest += part * part;
	}
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* How many wrote of the keys in the usual weeks. */
static void
look_at_keys(const struct mdg_surge *s, struct surge_look *look)
{
	double *root = calloc(s->n_keys, sizeof(*root)), sum = 0;
	size_t n = 0;

	MDG_BUG_ON(!root);
	for (uint32_t k = 1; k < s->n_keys; k++) {
		double h = surge_count(s, k, s->hour + 1 - SURGE_BASE_H,
				       s->hour + 1);
		if (h > 0)
			root[n++] = sqrt(h + .5);
	}
	if (n)
		qsort(root, n, sizeof(*root), by_size);
	look->middle = n ? root[n / 2] : 0;
	for (size_t i = 0; i < n; i++)
		sum += root[i];
	look->mean = n ? sum / (double)n : 1;
	look->used = n + 1; /* and all mail */
	free(root);
}

struct surge_look *
surge_look_new(struct mdg_surge *s)
{
	struct surge_look *look = calloc(1, sizeof(*look));

	MDG_BUG_ON(!look);
	surge_prior_learn(s);
	for (size_t i = 0; i < WINDOWS; i++)
		look_at(s, windows[i].hours, &look->w[i]);
	look_at_keys(s, look);
	return look;
}

void
surge_look_free(struct surge_look **look)
{
	free(*look);
	*look = NULL;
}

/* What part of the alarms by chance a key may bring in a window: what many
 * write of matters more, and there are few such; it may grow slowly, too. */
static double
weight_of(const struct surge_look *look, size_t i, double h)
{
	double w = fmax(sqrt(h + .5), KEY_MIDDLES * look->middle) / look->mean;
	double all = look->w[i].all;

	w = fmin(w, KEY_WEIGHT_MAX);
	if (all > LONG)
		w *= pow(LONG / all, 1 - (w > 1 ? LONG_KEY * log(w) : 0));
	return w * windows[i].weight;
}

/* Judges one window; false: nothing unusual enough to look at. */
static bool
judge(const struct mdg_surge *s, const struct surge_look *look, uint32_t key,
      size_t i, struct mdg_surge_finding *f)
{
	const struct window *w = &look->w[i];
	int64_t now = s->hour + 1;
	double usual, unsure;

	unsigned c = surge_count(s, key, w->from, now);
	if (c < 3 || w->from <= s->keys[key].told_h)
		return false;
	unsigned h = surge_count(s, key, w->base - SURGE_BASE_H, w->base);
	surge_prior_ask(&s->prior, h, &usual, &unsure);
	/* against the other mails: a surge must not raise its own measure */
	double share = usual / (w->all_base + 1.0);
	if (share >= 1)
		return false;
	double odds = share / (1 - share);
	double others = (w->all > c ? w->all - c : 0) + .5;
	double m = others * odds;
	if (c < LIFT * m)
		return false;
	/* over already, though the window still holds it */
	unsigned c_late = surge_count(s, key, w->late, now);
	if (!c_late || c_late < w->all_late * share || 8 * c_late < c)
		return false;
	/* of the first day, what came before the window tells the level */
	double a = (1 - share) * (1 - share) / PHI;
	unsigned c_before = surge_count(s, key, w->day, w->from);
	double m_before = w->all_before > c_before
				  ? (w->all_before - c_before) * odds
				  : 0;
	double level = (a + c_before) / (a + m_before);
	double mean = m * (1 - w->first + w->first * level);
	double first = m * w->first * level;
	double var = first * first / (a + c_before) + m * m * w->rest / a +
		     mean * mean * (unsure + 1 / others + PHI_REST);
	if (c < LIFT * mean)
		return false;
	*f = (struct mdg_surge_finding){.key = key,
					.window_h = windows[i].hours,
					.customers = c,
					.expected = mean,
					.weight = weight_of(look, i, h)};
	double week = (w->all_base + 1.0) * SURGE_WEEK_H / SURGE_BASE_H;
	f->by_chance =
		by_chance(c, week / others, mean, mean * mean / var, &f->p);
	return true;
}

bool
surge_worst(const struct mdg_surge *s, const struct surge_look *look,
	    uint32_t key, struct mdg_surge_finding *ret)
{
	struct mdg_surge_finding f;
	bool any = false;

	if (surge_count(s, key, s->hour + 1 - SURGE_WEEK_H, s->hour + 1) < 3)
		return false;
	for (size_t i = 0; i < WINDOWS; i++) {
		if (!judge(s, look, key, i, &f))
			continue;
		if (!any ||
		    f.by_chance / f.weight < ret->by_chance / ret->weight)
			*ret = f;
		any = true;
	}
	return any;
}

static unsigned
explained(const struct mdg_surge *s, int64_t from, int64_t *tickets, size_t n)
{
	unsigned sum = 0;

	n = surge_tickets(s, MDG_SURGE_ALL, from, tickets, n);
	for (size_t i = 0; i < n; i++) {
		bool is = false;
		for (size_t k = 0; k < s->n_open && !is; k++) {
			const struct mdg_surge_incident *in = &s->open[k];
			size_t lo = 0, hi = in->n_tickets;
			while (lo < hi) {
				size_t mid = (lo + hi) / 2;
				if (in->tickets[mid] < tickets[i])
					lo = mid + 1;
				else
					hi = mid;
			}
			is = in->keys[0] != MDG_SURGE_ALL &&
			     lo < in->n_tickets &&
			     in->tickets[lo] == tickets[i];
		}
		sum += is;
	}
	return sum;
}

static bool
judge_all(const struct mdg_surge *s, int window_h, int64_t *tickets, size_t n,
	  struct mdg_surge_finding *f)
{
	int64_t now = s->hour + 1, from = now - window_h;
	double h = 0;

	if (now - window_h - 4 * SURGE_WEEK_H < s->from_h ||
	    from <= s->keys[MDG_SURGE_ALL].told_h)
		return false; /* needs four weeks whole */
	for (int w = 1; w <= 4; w++)
		h += surge_count(s, MDG_SURGE_ALL, from - w * SURGE_WEEK_H,
				 now - w * SURGE_WEEK_H);
	double m = (h + .5) / 4;
	unsigned c = surge_count(s, MDG_SURGE_ALL, from, now);
	if (c < 3 || c < LIFT * m)
		return false;
	unsigned known = s->n_open ? explained(s, from, tickets, n) : 0;
	c = c > known ? c - known : 0;
	if (c < 3 || c < LIFT * m)
		return false;
	double phi = PHI_ALL * (window_h > 24 ? 24.0 / window_h : 1);
	double a = 1 / (1 / (h + .5) + phi + PHI_REST);
	*f = (struct mdg_surge_finding){.key = MDG_SURGE_ALL,
					.window_h = window_h,
					.customers = c,
					.expected = m,
					.weight = 1};
	f->by_chance =
		by_chance(c, (double)SURGE_WEEK_H / window_h, m, a, &f->p);
	return true;
}

bool
surge_worst_of_all(const struct mdg_surge *s, int64_t *room,
		   struct mdg_surge_finding *ret)
{
	struct mdg_surge_finding f;
	bool any = false;

	for (size_t i = 0; i < WINDOWS; i++) {
		if (!judge_all(s, windows[i].hours, room, MDG_SURGE_TICKETS_MAX,
			       &f))
			continue;
		if (!any ||
		    f.by_chance / f.weight < ret->by_chance / ret->weight)
			*ret = f;
		any = true;
	}
	return any;
}

double
surge_alarm(const struct mdg_surge *s, const struct surge_look *look)
{
	double week =
		.25 * surge_count(s, MDG_SURGE_ALL, s->hour + 1 - SURGE_BASE_H,
				  s->hour + 1);

	double size = week / ALARMS_WEEK;

	return ALARMS * pow(size, size < 1 ? .75 : -.15) / (double)look->used;
}
