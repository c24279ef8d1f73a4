#include "madoguchi/desk/surge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "surge_private.h"

#define PHI .07     /* how much a key's days differ, squared */
#define PHI_ALL .05 /* … and those of all mail */
#define PHI_REST .001
#define LIFT 1.5 /* smaller rises help nobody */
#define WATCH 20
/* Alarms a key by chance: one in so many weeks, of so many mails a week. Who
 * has more mails has more people, and bears more of them, to a point. */
#define LOOKS 750.0
#define LOOKS_LEAST 520.0
#define LOOKS_WEEK 700.0

/* Hours, and what part of the alarms by chance each may bring: what shows in
 * one hour is beyond doubt anyway, and long windows look at nearly the same
 * again and again. */
static const struct {
	int hours;
	double weight;
} windows[] = {
	{1, .2},   {3, 1.6},  {6, 1.6},   {8, 1.6},   {24, 1.4},
	{48, 1.6}, {72, 1.8}, {120, 2.1}, {168, 2.4},
};
/* The same of keys: what many write of matters more, and there are few such. */
#define KEY_WEIGHT_MAX 4.5

double
mdg_surge_tail(unsigned c, double m, double a)
{
	int sign;
	double q = m / (a + m);

	if (!c)
		return 1;
	double term = exp(lgamma_r(c + a, &sign) - lgamma_r(a, &sign) -
			  lgamma_r(c + 1.0, &sign) + a * log(a / (a + m)) +
			  c * log(q));
	double sum = term;
	for (double x = c; x < c + 1e6; x++) {
		term *= (x + a) / (x + 1) * q;
		sum += term;
		if (term < sum * 1e-12)
			break;
	}
	return sum < 1 ? sum : 1;
}

static double
spread(int window_h, double phi)
{
	return phi * (window_h > 24 ? 24.0 / window_h : 1) + PHI_REST;
}

/* Judges one window; false: nothing unusual enough to look at. */
static bool
judge_key(const struct mdg_surge *s, uint32_t key, int window_h,
	  struct mdg_surge_finding *f)
{
	int64_t now = s->hour + 1, from = now - window_h;
	int64_t late = now - (window_h + 3) / 4, base = from - SURGE_GAP_H;
	double h;

	unsigned c = surge_count(s, key, from, now);
	if (c < 3 || from <= s->keys[key].told_h)
		return false;
	/* against the other mails: a surge must not raise its own measure */
	double share = surge_expected(s, key, base, 1, &h);
	unsigned all = surge_count(s, MDG_SURGE_ALL, from, now);
	double others = (all > c ? all - c : 0) + .5;
	double m = others * share / (1 - share);
	if (share >= 1 || c < LIFT * m)
		return false;
	/* over already, though the window still holds it */
	double m_late = surge_expected(
		s, key, base, surge_count(s, MDG_SURGE_ALL, late, now), &h);
	unsigned c_late = surge_count(s, key, late, now);
	if (!c_late || c_late < m_late || 8 * c_late < c)
		return false;
	double a = 1 / (1 / (h + .5) + 1 / others +
			spread(window_h, PHI) / ((1 - share) * (1 - share)));
	*f = (struct mdg_surge_finding){
		key, window_h, c, m, mdg_surge_tail(c, m, a), 1};
	return true;
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
	double a = 1 / (1 / (h + .5) + spread(window_h, PHI_ALL));
	*f = (struct mdg_surge_finding){MDG_SURGE_ALL,           window_h, c, m,
					mdg_surge_tail(c, m, a), 1};
	return true;
}

/* |A and B|, both ascending. */
static size_t
common(const int64_t *a, size_t n, const int64_t *b, size_t m)
{
	size_t i = 0, k = 0, both = 0;

	while (i < n && k < m) {
		if (a[i] == b[k])
			both++, i++, k++;
		else if (a[i] < b[k])
			i++;
		else
			k++;
	}
	return both;
}

static bool
has_key(const struct mdg_surge_incident *in, uint32_t key)
{
	for (size_t i = 0; i < in->n_keys; i++)
		if (in->keys[i] == key)
			return true;
	return false;
}

/* Half of both together in common, or nearly all of the smaller. */
static bool
same_cluster(const int64_t *a, size_t n, const int64_t *b, size_t m)
{
	size_t both = common(a, n, b, m), small = n < m ? n : m;

	return small && (2 * both >= n + m - both ||
			 (both >= 3 && 5 * both >= 4 * small));
}

static struct mdg_surge_incident *
incident_of(struct mdg_surge *s, const struct mdg_surge_finding *f,
	    const int64_t *tickets, size_t n, int64_t *other)
{
	for (size_t i = 0; i < s->n_open; i++)
		if (!s->open[i].closed && has_key(&s->open[i], f->key))
			return &s->open[i];
	if (f->key == MDG_SURGE_ALL)
		return NULL;
	for (size_t i = 0; i < s->n_open; i++) {
		struct mdg_surge_incident *in = &s->open[i];
		if (in->closed || in->keys[0] == MDG_SURGE_ALL)
			continue;
		/* the same hours of the incident's own key */
		size_t m =
			surge_tickets(s, in->keys[0], s->hour + 1 - f->window_h,
				      other, MDG_SURGE_TICKETS_MAX);
		if (same_cluster(tickets, n, other, m))
			return in;
	}
	return NULL;
}

static void
link_tickets(struct mdg_surge_incident *in, const int64_t *v, size_t n,
	     int64_t *out)
{
	size_t i = 0, k = 0, m = 0;

	while (m < MDG_SURGE_TICKETS_MAX && (i < in->n_tickets || k < n)) {
		int64_t next =
			k == n || (i < in->n_tickets && in->tickets[i] < v[k])
				? in->tickets[i]
				: v[k];
		i += i < in->n_tickets && in->tickets[i] == next;
		k += k < n && v[k] == next;
		out[m++] = next;
	}
	memcpy(in->tickets, out, m * sizeof(*out));
	in->n_tickets = m;
}

static void
take(struct mdg_surge *s, const struct mdg_surge_finding *f, int64_t *room)
{
	int64_t *tickets = room, *other = room + MDG_SURGE_TICKETS_MAX;
	size_t n = surge_tickets(s, f->key, s->hour + 1 - f->window_h, tickets,
				 MDG_SURGE_TICKETS_MAX);
	struct mdg_surge_incident *in = incident_of(s, f, tickets, n, other);

	if (!in) {
		if (s->n_open == MDG_SURGE_OPEN_MAX)
			return;
		in = &s->open[s->n_open++];
		*in = (struct mdg_surge_incident){
			.id = ++s->last_id,
			.opened_h = s->hour,
			.first = *f,
			.keys = {f->key},
			.n_keys = 1,
			.tickets =
				calloc(MDG_SURGE_TICKETS_MAX, sizeof(int64_t)),
		};
		MDG_BUG_ON(!in->tickets);
	}
	if (!has_key(in, f->key) && in->n_keys < MDG_SURGE_INCIDENT_KEYS_MAX)
		in->keys[in->n_keys++] = f->key;
	in->last_h = s->hour;
	/* more mails tell the beginning better, for a day */
	if (f->key == in->keys[0] && s->hour - in->opened_h <= 24)
		in->began_h = surge_began(s, f->key);
	n = surge_tickets(s, f->key, in->began_h, tickets,
			  MDG_SURGE_TICKETS_MAX);
	link_tickets(in, tickets, n, other);
}

static int
by_p(const void *a, const void *b)
{
	const struct mdg_surge_finding *x = a, *y = b;

	if (x->p / x->weight != y->p / y->weight)
		return x->p / x->weight < y->p / y->weight ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

static void
forget_closed(struct mdg_surge *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_open; i++) {
		if (s->open[i].closed)
			free(s->open[i].tickets);
		else
			s->open[n++] = s->open[i];
	}
	s->n_open = n;
	for (size_t i = 0; i < n; i++)
		if (s->hour - s->open[i].last_h >= MDG_SURGE_QUIET_H) {
			s->open[i].closed = true;
			for (size_t k = 0; k < s->open[i].n_keys; k++)
				s->keys[s->open[i].keys[k]].told_h =
					s->open[i].last_h;
		}
}

/* The least likely window of a key; false: none is unusual. */
static bool
worst(const struct mdg_surge *s, uint32_t key, int64_t *room,
      struct mdg_surge_finding *ret)
{
	struct mdg_surge_finding f;
	bool any = false;

	for (size_t i = 0; i < MDG_LEN(windows); i++) {
		int hours = windows[i].hours;
		if (key == MDG_SURGE_ALL ? !judge_all(s, hours, room,
						      MDG_SURGE_TICKETS_MAX, &f)
					 : !judge_key(s, key, hours, &f))
			continue;
		f.weight = windows[i].weight;
		if (!any || f.p / f.weight < ret->p / ret->weight)
			*ret = f;
		any = true;
	}
	return any;
}

/* How many wrote of the key in the usual weeks, as its weight. */
static double
key_weight(const struct mdg_surge *s, uint32_t key)
{
	return sqrt(
		surge_count(s, key, s->hour + 1 - SURGE_BASE_H, s->hour + 1));
}

/* Alarms by chance are shared out among the keys that mails of these weeks had
 * (Bonferroni, weighted); *ret_mean: the mean of their weights. */
static double
alarm_p(const struct mdg_surge *s, double *ret_mean)
{
	double used = 0, sum = 0;

	for (uint32_t k = 1; k < s->n_keys; k++) {
		double w = key_weight(s, k);
		used += w > 0;
		sum += w;
	}
	*ret_mean = used > 0 ? sum / used : 1;
	double week = .25 * surge_count(s, MDG_SURGE_ALL,
					s->hour + 1 - SURGE_BASE_H,
					s->hour + 1);
	double looks = week > LOOKS_WEEK ? LOOKS * sqrt(LOOKS_WEEK / week)
					 : LOOKS;
	return 1 / (fmax(looks, LOOKS_LEAST) * (used + 1)); /* and all mail */
}

static double
limit(const struct mdg_surge *s, const struct mdg_surge_finding *f,
      double alarm)
{
	return alarm * f->weight * s->keys[f->key].strict *
	       s->keys[f->key].wanted;
}

static void
judge(struct mdg_surge *s, int64_t *room)
{
	double mean, alarm = alarm_p(s, &mean);
	struct mdg_surge_finding f;
	size_t n = 0, watch = 0;

	for (uint32_t k = 1; k < s->n_keys; k++) {
		if (!worst(s, k, room, &f))
			continue;
		f.weight *= fmin(key_weight(s, k) / mean, KEY_WEIGHT_MAX);
		if (f.p < alarm * f.weight * WATCH)
			s->watch[n++] = f;
	}
	if (n)
		qsort(s->watch, n, sizeof(f), by_p);
	for (size_t i = 0; i < n; i++) {
		f = s->watch[i];
		if (f.p < limit(s, &f, alarm))
			take(s, &f, room);
		else
			s->watch[watch++] = f;
	}
	s->n_watch = watch;
	if (!worst(s, MDG_SURGE_ALL, room, &f))
		return;
	if (f.p < limit(s, &f, alarm))
		take(s, &f, room);
	else if (f.p < alarm * f.weight * WATCH)
		s->watch[s->n_watch++] = f;
}

void
mdg_surge_scan(struct mdg_surge *s)
{
	s->n_watch = 0;
	forget_closed(s);
	if (s->hour - s->from_h >= SURGE_USUAL_H) {
		int64_t *room =
			calloc(2 * MDG_SURGE_TICKETS_MAX, sizeof(*room));
		MDG_BUG_ON(!room);
		judge(s, room);
		free(room);
	}
	surge_turn(s);
}

int64_t
mdg_surge_hour(const struct mdg_surge *s)
{
	return s->hour;
}

const struct mdg_surge_incident *
mdg_surge_open(const struct mdg_surge *s, size_t *ret_n)
{
	*ret_n = s->n_open;
	return s->open;
}

const struct mdg_surge_finding *
mdg_surge_watch(const struct mdg_surge *s, size_t *ret_n)
{
	*ret_n = s->n_watch;
	return s->watch;
}

static int
by_weight(const void *a, const void *b)
{
	const struct mdg_surge_word *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

size_t
mdg_surge_words(const struct mdg_surge *s, const struct mdg_surge_incident *in,
		struct mdg_surge_word *ret, size_t max)
{
	int64_t base = in->began_h - SURGE_GAP_H;
	int64_t *v = calloc(MDG_SURGE_TICKETS_MAX, sizeof(*v));
	struct mdg_surge_word *w = calloc(s->n_keys, sizeof(*w));
	size_t n = 0;
	double h;

	MDG_BUG_ON(!v || !w);
	for (uint32_t k = 1; k < s->n_keys; k++) {
		size_t m = surge_tickets(s, k, in->began_h, v,
					 MDG_SURGE_TICKETS_MAX);
		size_t c = common(v, m, in->tickets, in->n_tickets);
		double e =
			surge_expected(s, k, base, (double)in->n_tickets, &h);
		if (c < 2 || (double)c < 2 * e)
			continue;
		w[n++] = (struct mdg_surge_word){k, (unsigned)c, e,
						 surge_ratio((double)c, e)};
	}
	if (n)
		qsort(w, n, sizeof(*w), by_weight);
	if (n > max)
		n = max;
	if (n)
		memcpy(ret, w, n * sizeof(*w));
	free(v);
	free(w);
	return n;
}

void
mdg_surge_tune(struct mdg_surge *s, uint32_t key, unsigned real,
	       unsigned not_real)
{
	unsigned steps = not_real > real ? not_real - real : 0;

	if (key >= s->n_keys)
		return;
	if (steps > MDG_SURGE_TUNE_MAX)
		steps = MDG_SURGE_TUNE_MAX;
	s->keys[key].strict = pow(.25, steps);
}

void
mdg_surge_want(struct mdg_surge *s, uint32_t key, bool wanted)
{
	if (key < s->n_keys)
		s->keys[key].wanted = wanted ? WATCH : 1;
}

void
mdg_surge_excuse(struct mdg_surge *s)
{
	s->keys[MDG_SURGE_ALL].told_h = s->hour;
}
