#include <math.h>
#include <stdlib.h>

#include "madoguchi/base/err.h"
#include "surge_private.h"

struct mdg_surge *
mdg_surge_new(size_t keys, int64_t from_h)
{
	MDG_BUG_ON(keys < 1 || keys > MDG_SURGE_KEYS_MAX);
	struct mdg_surge *s = calloc(1, sizeof(*s));
	MDG_BUG_ON(!s);
	s->keys = calloc(keys, sizeof(*s->keys));
	s->seen = calloc(MDG_SURGE_SEEN_MAX, sizeof(*s->seen));
	s->watch = calloc(keys, sizeof(*s->watch));
	MDG_BUG_ON(!s->keys || !s->seen || !s->watch);
	s->n_keys = keys;
	s->from_h = s->hour = from_h;
	for (size_t i = 0; i < keys; i++) {
		s->keys[i].last = -1;
		s->keys[i].strict = s->keys[i].wanted = 1;
		s->keys[i].told_h = from_h - 1;
	}
	return s;
}

void
mdg_surge_free(struct mdg_surge **s)
{
	if (!*s)
		return;
	for (size_t i = 0; i < (*s)->n_open; i++)
		free((*s)->open[i].tickets);
	for (size_t i = 0; i < (*s)->n_keys; i++)
		free((*s)->keys[i].upto);
	free((*s)->keys);
	free((*s)->seen);
	free((*s)->watch);
	free(*s);
	*s = NULL;
}

static size_t
slot(int64_t hour)
{
	return (size_t)(((hour % SURGE_RING_H) + SURGE_RING_H) % SURGE_RING_H);
}

/* The line of that number, or NULL if newer ones have taken its place. */
static const struct surge_seen *
line(const struct mdg_surge *s, int64_t number)
{
	if (number < 0 || number < s->n_seen - MDG_SURGE_SEEN_MAX)
		return NULL;
	return &s->seen[number % MDG_SURGE_SEEN_MAX];
}

static bool
wrote_already(const struct mdg_surge *s, const struct mdg_surge_seen *seen)
{
	const struct surge_seen *l = line(s, s->keys[seen->key].last);

	for (; l && l->hour > s->hour - 24; l = line(s, l->before))
		if (l->customer == seen->customer)
			return true;
	return false;
}

bool
mdg_surge_add(struct mdg_surge *s, const struct mdg_surge_seen *seen)
{
	if (seen->key >= s->n_keys)
		return false;
	struct surge_key *k = &s->keys[seen->key];
	if (!k->upto) {
		k->upto = calloc(SURGE_RING_H, sizeof(*k->upto));
		MDG_BUG_ON(!k->upto);
	}
	if (!wrote_already(s, seen))
		k->upto[slot(s->hour)]++;
	int64_t before = line(s, k->last) ? k->last : -1;
	k->last = s->n_seen++;
	s->seen[k->last % MDG_SURGE_SEEN_MAX] = (struct surge_seen){
		.hour = s->hour,
		.ticket = seen->ticket,
		.customer = seen->customer,
		.before = before,
	};
	return true;
}

void
mdg_surge_forget(struct mdg_surge *s, uint32_t key)
{
	if (key >= s->n_keys)
		return;
	free(s->keys[key].upto);
	s->keys[key] = (struct surge_key){
		.last = -1,
		.told_h = s->from_h - 1,
		.strict = 1,
		.wanted = 1,
	};
}

unsigned
surge_count(const struct mdg_surge *s, uint32_t key, int64_t from, int64_t to)
{
	const struct surge_key *k = &s->keys[key];

	if (from < s->from_h)
		from = s->from_h;
	if (to <= from || !k->upto)
		return 0;
	/* differences stay right when the sums wrap */
	return k->upto[slot(to - 1)] -
	       (from == s->from_h ? 0 : k->upto[slot(from - 1)]);
}

void
surge_turn(struct mdg_surge *s)
{
	size_t from = slot(s->hour), to = slot(s->hour + 1);

	for (size_t k = 0; k < s->n_keys; k++)
		if (s->keys[k].upto)
			s->keys[k].upto[to] = s->keys[k].upto[from];
	s->hour++;
}

double
surge_expected(const struct mdg_surge *s, uint32_t key, int64_t base_to,
	       double all, double *ret_h)
{
	int64_t from = base_to - SURGE_BASE_H;
	double h = surge_count(s, key, from, base_to);

	*ret_h = h;
	return all * (h + .5) /
	       (surge_count(s, MDG_SURGE_ALL, from, base_to) + 1.0);
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

size_t
surge_tickets(const struct mdg_surge *s, uint32_t key, int64_t from,
	      int64_t *ret, size_t max)
{
	const struct surge_seen *l = line(s, s->keys[key].last);
	size_t n = 0, once = 0;

	for (; l && l->hour >= from && n < max; l = line(s, l->before))
		ret[n++] = l->ticket;
	if (n)
		qsort(ret, n, sizeof(*ret), by_number);
	for (size_t i = 0; i < n; i++)
		if (!once || ret[once - 1] != ret[i])
			ret[once++] = ret[i];
	return once;
}

double
surge_ratio(double c, double m)
{
	return c <= m ? 0 : c * log(c / m) - (c - m);
}

int64_t
surge_began(const struct mdg_surge *s, uint32_t key)
{
	int64_t now = s->hour + 1, best = s->hour;
	int64_t base_to = now - SURGE_WEEK_H - SURGE_GAP_H;
	double most = -1, h;

	for (int64_t from = s->hour; from >= now - SURGE_WEEK_H; from--) {
		if (!surge_count(s, key, from, from + 1))
			continue; /* begins with a mail */
		double m = 0, c = surge_count(s, key, from, now);
		if (key == MDG_SURGE_ALL)
			for (int w = 1; w <= 4; w++)
				m += surge_count(s, key,
						 from - w * SURGE_WEEK_H,
						 now - w * SURGE_WEEK_H) /
				     4.0;
		else
			m = surge_expected(
				s, key, base_to,
				surge_count(s, MDG_SURGE_ALL, from, now), &h);
		double r = surge_ratio(c, m > .01 ? m : .01);
		if (r > most) {
			most = r;
			best = from;
		}
	}
	return best;
}
