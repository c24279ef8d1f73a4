/* Volume, answer rate and response times, over the rows of query/figure.h. */
#include "madoguchi/query/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/figure.h"

#include "report-int.h"
#include "rows.h"

/* ---- ways to group ---- */

enum by {
	TOTAL,
	DAY,
	HOUR,
	WEEKDAY,
	WINDOW,
	MAILBOX,
	CATEGORY,
	TEMPLATE,
	OPERATOR,
	BY_N
};

static const struct {
	const char *name;
	const char *names; /* SQL: what an id is called */
	unsigned part;     /* that is grouped by */
} bys[BY_N] = {
	[TOTAL] = {"total", NULL, 0},
	[DAY] = {"day", NULL, 0},
	[HOUR] = {"hour", NULL, 0},
	[WEEKDAY] = {"weekday", NULL, 0},
	[WINDOW] = {"window", "SELECT id, code FROM win", REPORT_WINDOW},
	[MAILBOX] = {"mailbox", "SELECT id, name FROM account", REPORT_ACCOUNT},
	[CATEGORY] = {"category", NULL, REPORT_CATEGORY},
	[TEMPLATE] = {"template", NULL, REPORT_TEMPLATE},
	[OPERATOR] = {"operator", "SELECT id, login FROM person",
		      REPORT_OPERATOR},
};

const char *
mdg_report_by(size_t n)
{
	return n < BY_N ? bys[n].name : NULL;
}

enum { FIRST, RESOLUTION, KINDS };

struct group {
	char *text; /* of texts, else NULL and number */
	int64_t number;
	int64_t received, replied, not_needed, spam, open, thanks, reopened;
	struct report_times times[KINDS];
};

enum { BUCKETS = 8192 };

struct report {
	const struct mdg_report *q;
	enum by by;
	struct group *v;
	size_t n;
	uint32_t buckets[BUCKETS]; /* number + 1 of a group, 0: free */
	bool full;                 /* more groups than anybody reads */
};

static void
clear(struct report *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].text);
		for (int k = 0; k < KINDS; k++)
			report_times_clear(&r->v[i].times[k]);
	}
	free(r->v);
}

static uint32_t
hash(const char *text, int64_t number)
{
	uint64_t h = 14695981039346656037u ^ (uint64_t)number; /* FNV-1a */

	for (; text && *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	h ^= h >> 29;
	h *= 0xbf58476d1ce4e5b9u;
	return (uint32_t)(h >> 32);
}

static struct group *
group_of(struct report *r, const char *text, int64_t number)
{
	uint32_t at = hash(text, number);

	for (;; at++) {
		uint32_t k = r->buckets[at % BUCKETS];
		if (!k)
			break;
		struct group *g = &r->v[k - 1];
		if (text ? mdg_streq(g->text, text) : g->number == number)
			return g;
	}
	if (r->n == MDG_REPORT_GROUPS_MAX) {
		r->full = true;
		return NULL;
	}
	r->v = mdg_realloc(r->v, (r->n + 1) * sizeof(*r->v));
	r->v[r->n] = (struct group){
		.text = text ? mdg_strdup(text) : NULL,
		.number = number,
	};
	r->buckets[at % BUCKETS] = (uint32_t)r->n + 1;
	return &r->v[r->n++];
}

/* Where a ticket belongs by something that was at `at_s`. */
static struct group *
group_at(struct report *r, const struct mdg_figure *f, int64_t at_s)
{
	int64_t local_s = report_local(r->q, at_s);

	switch (r->by) {
	case DAY:
		return group_of(r, NULL, local_s / 86400);
	case HOUR:
		return group_of(r, NULL, local_s % 86400 / 3600);
	case WEEKDAY:
		return group_of(r, NULL, (local_s / 86400 + 3) % 7);
	case WINDOW:
		return group_of(r, NULL, f->win_id);
	case MAILBOX:
		return group_of(r, NULL, f->account_id);
	case OPERATOR:
		return group_of(r, NULL, f->operator_id);
	case CATEGORY:
		return group_of(r, f->category, 0);
	case TEMPLATE:
		return group_of(r, f->template_id, 0);
	default:
		return group_of(r, NULL, 0);
	}
}

/* ---- adding up ---- */

static void
add_time(struct report *r, const struct mdg_figure *f, int kind, int64_t end_s,
	 int64_t counted_s, bool met)
{
	struct group *g =
		report_within(r->q, end_s) ? group_at(r, f, end_s) : NULL;

	if (g)
		report_times_add(&g->times[kind], counted_s, met);
}

static void
add(void *arg, const struct mdg_figure *f)
{
	struct report *r = arg;
	struct group *g;

	if (f->bits & MDG_FIGURE_NEXT)
		return;
	if (f->n == 0 && report_within(r->q, f->created_s) &&
	    (g = group_at(r, f, f->created_s))) {
		g->received++;
		g->replied += (f->bits & MDG_FIGURE_REPLIED) != 0;
		g->not_needed += (f->bits & MDG_FIGURE_NOT_NEEDED) != 0;
		g->spam += (f->bits & MDG_FIGURE_SPAM) != 0;
		g->open += (f->bits & MDG_FIGURE_OPEN) != 0;
		g->thanks += (f->bits & MDG_FIGURE_THANKS) != 0;
		g->reopened += (f->bits & MDG_FIGURE_REOPENED) != 0;
	}
	add_time(r, f, FIRST, f->first_end_s, f->first_counted_s,
		 f->bits & MDG_FIGURE_FIRST_MET);
	add_time(r, f, RESOLUTION, f->resolution_end_s, f->resolution_counted_s,
		 f->bits & MDG_FIGURE_RESOLUTION_MET);
}

/* ---- telling ---- */

/* Ids become names, numbers of days dates. */
static bool
read_names(struct mdg_db *db, struct report *r, struct mdg_err *err)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu",
					   "fri", "sat", "sun"};
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;
	char text[40];

	if (bys[r->by].names) {
		if (!mdg_db_query(db, &rows, err, bys[r->by].names, ""))
			return false;
		while (mdg_rows_next(rows))
			for (size_t i = 0; i < r->n; i++)
				if (r->v[i].number == mdg_rows_i64(rows, 0))
					r->v[i].text = mdg_strdup(
						mdg_rows_text(rows, 1));
		if (!mdg_rows_close(&rows, err))
			return false;
	}
	for (size_t i = 0; i < r->n; i++) {
		struct group *g = &r->v[i];
		if (g->text)
			continue;
		mdg_time_rfc3339(r->by == DAY ? g->number * 86400 : 0, text,
				 sizeof(text));
		text[10] = '\0';
		if (r->by == HOUR)
			snprintf(text, sizeof(text), "%02d", (int)g->number);
		g->text = mdg_strdup(r->by == TOTAL     ? "total"
				     : r->by == WEEKDAY ? days[g->number]
				     : r->by == DAY || r->by == HOUR ? text
								     : "");
	}
	return true;
}

static void
put_times(json_t *o, const char *name, struct report_times *t)
{
	static const struct {
		const char *what;
		size_t percent;
	} parts[] = {{"median_min", 50}, {"p90_min", 90}};
	char key[64];

	snprintf(key, sizeof(key), "%s_n", name);
	json_object_set_new(o, key, json_integer((json_int_t)t->n));
	snprintf(key, sizeof(key), "%s_attained", name);
	json_object_set_new(o, key,
			    report_rate((int64_t)t->met, (int64_t)t->n));
	for (size_t i = 0; i < MDG_LEN(parts); i++) {
		snprintf(key, sizeof(key), "%s_%s", name, parts[i].what);
		json_object_set_new(o, key,
				    report_percentile(t, parts[i].percent));
	}
}

static json_t *
row(enum by by, struct group *g)
{
	json_t *o = json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "group",
			      g->text, "received", g->received, "replied",
			      g->replied, "not_needed", g->not_needed, "spam",
			      g->spam, "open", g->open, "thanks", g->thanks,
			      "reopened", g->reopened);

	json_object_set_new(
		o, "answer_rate",
		report_rate(g->replied, g->received - g->not_needed - g->spam));
	json_object_set_new(o, "reopen_rate",
			    report_rate(g->reopened, g->replied));
	put_times(o, "first", &g->times[FIRST]);
	put_times(o, "resolution", &g->times[RESOLUTION]);
	/* number 0: nobody's */
	if (by == OPERATOR && g->number &&
	    g->times[FIRST].n < MDG_REPORT_FAIR_N)
		report_hide(o, 1);
	return o;
}

static int
by_key(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static int
by_day_number(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

bool
mdg_report_summary(struct mdg_db *db, const struct mdg_report *q, json_t *ret,
		   struct mdg_err *err)
{
	MDG_AUTO(clear) struct report r = {.q = q, .by = BY_N};
	json_t *list = mdg_json_list(ret, "rows");

	for (int i = 0; i < BY_N; i++)
		if (mdg_streq(bys[i].name, q->by))
			r.by = (enum by)i;
	if (r.by == BY_N)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_report_by_unknown,
				    q->by, NULL);
	if (!report_read(db, q, r.by == OPERATOR,
			 REPORT_RESOLUTION | bys[r.by].part, add, &r, err))
		return false;
	if (r.full)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_report_too_many,
				    NULL);
	if (!read_names(db, &r, err))
		return false;
	if (r.n)
		qsort(r.v, r.n, sizeof(*r.v),
		      r.by == WEEKDAY ? by_day_number : by_key);
	for (size_t i = 0; i < r.n; i++)
		json_array_append_new(list, row(r.by, &r.v[i]));
	return true;
}
