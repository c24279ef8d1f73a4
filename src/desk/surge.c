#include "madoguchi/desk/surge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "surge_private.h"

#define WATCH 20

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
by_chance(const void *a, const void *b)
{
	const struct mdg_surge_finding *x = a, *y = b;

	double p = x->by_chance / x->weight, q = y->by_chance / y->weight;
	if (p != q)
		return p < q ? -1 : 1;
	return (x->key > y->key) - (x->key < y->key);
}

/* How much more than the others this may happen by chance. */
static double
allowance(const struct mdg_surge *s, const struct mdg_surge_finding *f)
{
	return f->weight * s->keys[f->key].strict * s->keys[f->key].wanted;
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

static void
judge(struct mdg_surge *s, int64_t *room)
{
	struct mdg_surge_finding f;
	struct surge_look *look = surge_look_new(s);
	double alarm = surge_alarm(s, look);
	size_t n = 0, watch = 0;

	for (uint32_t k = 1; k < s->n_keys; k++)
		if (surge_worst(s, look, k, &f) &&
		    f.by_chance < alarm * WATCH * allowance(s, &f))
			s->watch[n++] = f;
	surge_look_free(&look);
	if (n)
		qsort(s->watch, n, sizeof(f), by_chance);
	for (size_t i = 0; i < n; i++) {
		f = s->watch[i];
		if (f.by_chance < alarm * allowance(s, &f))
			take(s, &f, room);
		else
			s->watch[watch++] = f;
	}
	s->n_watch = watch;
	if (!surge_worst_of_all(s, room, &f))
		return;
	double wide = allowance(s, &f);
	if (f.by_chance < alarm * wide)
		take(s, &f, room);
	else if (f.by_chance < alarm * WATCH * wide)
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

void
mdg_surge_midnight(struct mdg_surge *s, int hour)
{
	s->midnight_h = hour;
}
