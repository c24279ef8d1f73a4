/* How each person answered, against the same mix of mails on the whole desk. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

#include "report-int.h"
#include "rows.h"

#define Z90 1.6449  /* of a normal distribution, 90 % on both sides */
#define SHRINK 20.0 /* average responses lent to each cell */

enum rate { LATE, RETURNED, REOPENED, RATES };

static const char *const rate_names[RATES] = {"late", "returned", "reopened"};

enum { TALLIES_MAX = 1 << 16, PEOPLE_MAX = 2000 };

/* Responses of one person in one cell; then sums over either. */
struct tally {
	uint64_t cell;
	int64_t person; /* 0: a free place */
	double n, log_sum, log_squares;
	double of[RATES], hits[RATES];
};

struct someone {
	int64_t id;
	char *name;
	struct report_times times;
	double n;
	/* of log times: sums of what is left, and of its squares */
	double rest, rest_squares, of[RATES], hits[RATES], expected[RATES];
};

struct operators {
	const struct mdg_report *q;
	struct tally *v; /* a hash table of `room` places */
	size_t n, room;
	struct someone *people;
	size_t people_n;
	bool full;
};

static void
clear(struct operators *o)
{
	for (size_t i = 0; i < o->people_n; i++) {
		free(o->people[i].name);
		report_times_clear(&o->people[i].times);
	}
	free(o->people);
	free(o->v);
}

/* ---- counting ---- */

/* Cells need no names: their mark is enough. */
static uint64_t
cell_of(const struct mdg_figure *f)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (const char *s = f->category; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	h = (h ^ (uint64_t)f->temperature) * 1099511628211u;
	h = (h ^ (f->bits & (MDG_FIGURE_NEXT | MDG_FIGURE_FILES))) *
	    1099511628211u;
	return h ^ h >> 29;
}

static struct tally *
place(struct tally *v, size_t room, uint64_t cell, int64_t person)
{
	size_t at = (size_t)((cell ^ (uint64_t)person * 0x9e3779b97f4a7c15u) *
				     0xbf58476d1ce4e5b9u >>
			     32);

	for (;; at++) {
		struct tally *t = &v[at % room];
		if (!t->person || (t->cell == cell && t->person == person))
			return t;
	}
}

static void
grow(struct operators *o)
{
	size_t room = o->room ? 2 * o->room : 256;
	struct tally *v = mdg_calloc(room, sizeof(*v));

	for (size_t i = 0; i < o->room; i++)
		if (o->v[i].person)
			*place(v, room, o->v[i].cell, o->v[i].person) = o->v[i];
	free(o->v);
	o->v = v;
	o->room = room;
}

static struct tally *
tally_of(struct operators *o, uint64_t cell, int64_t person)
{
	if (2 * o->n >= o->room)
		grow(o);
	struct tally *t = place(o->v, o->room, cell, person);
	if (t->person)
		return t;
	if (o->n == TALLIES_MAX) {
		o->full = true;
		return NULL;
	}
	o->n++;
	t->cell = cell;
	t->person = person;
	return t;
}

static struct someone *
someone_of(struct operators *o, int64_t id)
{
	for (size_t i = 0; i < o->people_n; i++)
		if (o->people[i].id == id)
			return &o->people[i];
	if (o->people_n == PEOPLE_MAX) {
		o->full = true;
		return NULL;
	}
	o->people =
		mdg_realloc(o->people, (o->people_n + 1) * sizeof(*o->people));
	o->people[o->people_n] = (struct someone){.id = id};
	return &o->people[o->people_n++];
}

static double
log_of(int64_t counted_s)
{
	return log1p((double)counted_s / 60);
}

static void
add(void *arg, const struct mdg_figure *f)
{
	struct operators *o = arg;
	struct someone *p;
	struct tally *t;

	if (!f->operator_id || !report_within(o->q, f->first_end_s) ||
	    !(p = someone_of(o, f->operator_id)) ||
	    !(t = tally_of(o, cell_of(f), f->operator_id)))
		return;
	bool met = f->bits & MDG_FIGURE_FIRST_MET;
	double l = log_of(f->first_counted_s);
	report_times_add(&p->times, f->first_counted_s, met);
	t->n++;
	t->log_sum += l;
	t->log_squares += l * l;
	t->of[LATE]++;
	t->hits[LATE] += !met;
	if (f->bits & MDG_FIGURE_REVIEWED) {
		t->of[RETURNED]++;
		t->hits[RETURNED] += (f->bits & MDG_FIGURE_RETURNED) != 0;
	}
	if (f->n == 0) { /* only there it is known whether they wrote again */
		t->of[REOPENED]++;
		t->hits[REOPENED] += (f->bits & MDG_FIGURE_REOPENED) != 0;
	}
}

/* ---- what was to be expected ---- */

static void
put_together(struct tally *sum, const struct tally *t)
{
	sum->n += t->n;
	sum->log_sum += t->log_sum;
	for (int k = 0; k < RATES; k++) {
		sum->of[k] += t->of[k];
		sum->hits[k] += t->hits[k];
	}
}

static double
drawn(double hits, double of, double all_hits, double all_of)
{
	double mean = all_of > 0 ? all_hits / all_of : 0;

	return (hits + SHRINK * mean) / (of + SHRINK);
}

static int
by_cell(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	return (x->person > y->person) - (x->person < y->person);
}

/* Closes the gaps of the hash table: from here on it is a list. */
static void
make_list(struct operators *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->room; i++)
		if (o->v[i].person)
			o->v[n++] = o->v[i];
	if (n)
		qsort(o->v, n, sizeof(*o->v), by_cell);
}

static void
expect(struct operators *o, const struct tally *t, const struct tally *cell,
       const struct tally *all)
{
	struct someone *p = someone_of(o, t->person);
	double l = drawn(cell->log_sum, cell->n, all->log_sum, all->n);

	p->n += t->n;
	p->rest += t->log_sum - t->n * l;
	p->rest_squares += t->log_squares - 2 * l * t->log_sum + t->n * l * l;
	for (int k = 0; k < RATES; k++) {
		p->of[k] += t->of[k];
		p->hits[k] += t->hits[k];
		p->expected[k] += t->of[k] * drawn(cell->hits[k], cell->of[k],
						   all->hits[k], all->of[k]);
	}
}

static void
compare(struct operators *o)
{
	struct tally all = {.cell = 0};

	make_list(o);
	for (size_t i = 0; i < o->n; i++)
		put_together(&all, &o->v[i]);
	for (size_t i = 0, k; i < o->n; i = k) {
		struct tally cell = {.cell = o->v[i].cell};
		for (k = i; k < o->n && o->v[k].cell == cell.cell; k++)
			put_together(&cell, &o->v[k]);
		for (size_t j = i; j < k; j++)
			expect(o, &o->v[j], &cell, &all);
	}
}

/* ---- telling ---- */

static void
put_number(json_t *row, const char *name, const char *what, json_t *v)
{
	char key[64];

	snprintf(key, sizeof(key), "%s_%s", name, what);
	json_object_set_new(row, key, v);
}

/* Three places say more than anybody can use. */
static json_t *
rounded(double v)
{
	return json_real(round(v * 1000) / 1000);
}

static void
put_ratio(json_t *row, const char *name, bool shown, double ratio, double low,
	  double high)
{
	put_number(row, name, "ratio", shown ? rounded(ratio) : json_null());
	put_number(row, name, "low", shown ? rounded(low) : json_null());
	put_number(row, name, "high", shown ? rounded(high) : json_null());
}

static void
put_quantile(json_t *row, const char *name, struct report_times *t,
	     size_t percent)
{
	double q = (double)percent / 100, n = (double)t->n;
	double half = Z90 * sqrt(n * q * (1 - q));

	put_number(row, name, "min", report_percentile(t, percent));
	put_number(row, name, "low", report_rank(t, floor(n * q - half) - 1));
	put_number(row, name, "high", report_rank(t, ceil(n * q + half)));
}

static void
put_time(json_t *row, const struct someone *p)
{
	double mean = p->rest / p->n;
	double var = (p->rest_squares - p->n * mean * mean) / (p->n - 1);
	double half = Z90 * sqrt(var > 0 ? var / p->n : 0);

	put_ratio(row, "time", true, exp(mean), exp(mean - half),
		  exp(mean + half));
}

/* Byar's limits; the next count bounds from above, so that none is no proof. */
static double
limit(double count, double side)
{
	double x = 1 - 1 / (9 * count) + side * Z90 / (3 * sqrt(count));

	return count > 0 && x > 0 ? count * x * x * x : 0;
}

static void
put_rate(json_t *row, const struct someone *p, enum rate k)
{
	double e = p->expected[k];
	bool enough = p->of[k] >= MDG_REPORT_FAIR_N;

	put_number(row, rate_names[k], "n",
		   enough ? json_integer((json_int_t)p->of[k]) : json_null());
	put_ratio(row, rate_names[k], enough && e > 0, p->hits[k] / e,
		  limit(p->hits[k], -1) / e, limit(p->hits[k] + 1, 1) / e);
}

static json_t *
row_of(struct someone *p)
{
	json_t *row = json_pack("{s:s,s:I}", "operator", p->name ? p->name : "",
				"n", (json_int_t)p->n);

	put_quantile(row, "median", &p->times, 50);
	put_quantile(row, "p90", &p->times, 90);
	put_time(row, p);
	for (int k = 0; k < RATES; k++)
		put_rate(row, p, (enum rate)k);
	if (p->n < MDG_REPORT_FAIR_N)
		report_hide(row, 1);
	return row;
}

static bool
read_names(struct mdg_db *db, struct operators *o, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err, "SELECT id, login FROM person", ""))
		return false;
	while (mdg_rows_next(r))
		for (size_t i = 0; i < o->people_n; i++)
			if (o->people[i].id == mdg_rows_i64(r, 0))
				o->people[i].name =
					mdg_strdup(mdg_rows_text(r, 1));
	return mdg_rows_close(&r, err);
}

static int
by_name(const void *a, const void *b)
{
	const struct someone *x = a, *y = b;

	return strcmp(x->name ? x->name : "", y->name ? y->name : "");
}

bool
mdg_report_operators(struct mdg_db *db, const struct mdg_report *q, json_t *ret,
		     struct mdg_err *err)
{
	MDG_AUTO(clear) struct operators o = {.q = q};
	json_t *rows = mdg_json_list(ret, "rows");

	if (!report_read(db, q, !q->own,
			 REPORT_OPERATOR | REPORT_CATEGORY |
				 REPORT_TEMPERATURE,
			 add, &o, err))
		return false;
	if (o.full)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_report_too_many,
				    NULL);
	compare(&o);
	if (!read_names(db, &o, err))
		return false;
	if (o.people_n)
		qsort(o.people, o.people_n, sizeof(*o.people), by_name);
	for (size_t i = 0; i < o.people_n; i++)
		if (!q->own || o.people[i].id == q->own)
			json_array_append_new(rows, row_of(&o.people[i]));
	return true;
}
