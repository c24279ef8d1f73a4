/* The rows that reports add up, each once: kept ones, and those of tickets
 * that have changed since, out of the tickets' own tables. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

#include "report-int.h"
#include "rows.h"

enum { PAGE_TICKETS = 1 << 14 };

struct reading {
	const struct mdg_report *q;
	report_add *add;
	void *arg;
	int64_t *wins; /* that may be seen; NULL: all */
	size_t wins_n;
	int64_t *changed; /* tickets that are read from their own tables */
	size_t changed_n;
};

static void
clear(struct reading *r)
{
	free(r->wins);
	free(r->changed);
}

bool
report_within(const struct mdg_report *q, int64_t t_s)
{
	return t_s && t_s >= q->from_s && t_s < q->to_s;
}

int64_t
report_local(const struct mdg_report *q, int64_t t_s)
{
	return q->zone ? t_s + mdg_calendar_offset_s(q->zone, t_s) : t_s;
}

static void
add(struct reading *r, const struct mdg_figure *f)
{
	bool seen = !r->wins;

	for (size_t i = 0; !seen && i < r->wins_n; i++)
		seen = r->wins[i] == f->win_id;
	if (seen)
		r->add(r->arg, f);
}

/* Figures of people are for those who lead them. */
static bool
read_scope(struct mdg_db *db, struct reading *r, bool led, struct mdg_err *err)
{
	struct mdg_rows *rows;
	const char *code = r->q->window ? r->q->window : "";

	if (!r->q->viewer && !*code)
		return true;
	r->wins = mdg_calloc(MDG_REPORT_GROUPS_MAX, sizeof(*r->wins));
	return mdg_db_query(db, &rows, err,
			    led ? "SELECT id FROM win WHERE " MDG_VIEWER_LEADS(
					  "id") " AND (?2 = '' OR code = ?2)"
				: "SELECT id FROM win WHERE " MDG_VIEWER_SEES(
					  "id") " AND (?2 = '' OR code = ?2)",
			    "is", r->q->viewer, code) &&
	       mdg_rows_ids(&rows, r->wins, MDG_REPORT_GROUPS_MAX, &r->wins_n,
			    err);
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool
find_changed(struct mdg_db *db, struct reading *r, struct mdg_err *err)
{
	int64_t lane = 0, seq, *v;
	size_t n;

	for (;;) {
		if (!mdg_figure_lane(db, lane, &lane, err))
			return false;
		if (!lane)
			break;
		if (!mdg_figure_upto(db, lane, &seq, err) ||
		    !mdg_figure_changed(db, lane, seq, INT32_MAX, &v, &n, &seq,
					err))
			return false;
		r->changed = mdg_realloc(r->changed,
					 (r->changed_n + n + 1) * sizeof(*v));
		if (n)
			memcpy(r->changed + r->changed_n, v, n * sizeof(*v));
		r->changed_n += n;
		free(v);
	}
	if (r->changed_n)
		qsort(r->changed, r->changed_n, sizeof(*v), by_number);
	return true;
}

static bool
read_changed(struct mdg_db *db, struct reading *r, struct mdg_err *err)
{
	for (size_t i = 0; i < r->changed_n; i++) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_figure *f;
		size_t n;
		if (i && r->changed[i] == r->changed[i - 1])
			continue;
		if (!mdg_figure_of(db, r->changed[i], &a, &f, &n, err))
			return false;
		for (size_t k = 0; k < n; k++)
			add(r, &f[k]);
	}
	return true;
}

/* What a report does not look at is not brought: NULL, which reads as 0 and
 * as no text. */
static char *
page_sql(const struct reading *r, unsigned parts)
{
#define IF(part, column) (parts & (part) ? column : "NULL")
	return mdg_asprintf(
		"SELECT %s, n, %s, created_s, bits, %s, %s, first_end_s,"
		" first_counted_s, %s, %s, %s, %s, %s FROM figure"
		" WHERE ticket_id > ?3 AND ticket_id <= ?4"
		" AND ((created_s >= ?1 AND created_s < ?2)"
		" OR (first_end_s >= ?1 AND first_end_s < ?2)"
		" OR (resolution_end_s >= ?1 AND resolution_end_s < ?2))",
		r->changed_n ? "ticket_id" : "NULL",
		r->wins ? "win_id" : IF(REPORT_WINDOW, "win_id"),
		IF(REPORT_ACCOUNT, "account_id"),
		IF(REPORT_OPERATOR, "operator_id"),
		IF(REPORT_RESOLUTION, "resolution_end_s"),
		IF(REPORT_RESOLUTION, "resolution_counted_s"),
		IF(REPORT_TEMPERATURE, "temperature"),
		IF(REPORT_CATEGORY, "category"),
		IF(REPORT_TEMPLATE, "template_id"));
#undef IF
}

static bool
read_page(struct mdg_db *db, struct reading *r, const char *sql, int64_t from,
	  int64_t to, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;

	if (!mdg_db_query(db, &rows, err, sql, "iiii", r->q->from_s,
			  r->q->to_s, from, to))
		return false;
	while (mdg_rows_next(rows)) {
		struct mdg_figure f = {
			.ticket_id = mdg_rows_i64(rows, 0),
			.n = mdg_rows_i64(rows, 1),
			.win_id = mdg_rows_i64(rows, 2),
			.created_s = mdg_rows_i64(rows, 3),
			.bits = mdg_rows_i64(rows, 4),
			.account_id = mdg_rows_i64(rows, 5),
			.operator_id = mdg_rows_i64(rows, 6),
			.first_end_s = mdg_rows_i64(rows, 7),
			.first_counted_s = mdg_rows_i64(rows, 8),
			.resolution_end_s = mdg_rows_i64(rows, 9),
			.resolution_counted_s = mdg_rows_i64(rows, 10),
			.temperature = mdg_rows_i64(rows, 11),
			.category = mdg_rows_text(rows, 12),
			.template_id = mdg_rows_text(rows, 13),
		};
		if (!r->changed_n ||
		    !bsearch(&f.ticket_id, r->changed, r->changed_n,
			     sizeof(*r->changed), by_number))
			add(r, &f);
	}
	return mdg_rows_close(&rows, err);
}

/* By pages: an engine may hold all rows of an answer in memory. */
static bool
read_kept(struct mdg_db *db, struct reading *r, unsigned parts,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *sql = page_sql(r, parts);
	int64_t at = 0, last = 0;

	if (mdg_db_i64(db, &last, err,
		       "SELECT COALESCE(MAX(ticket_id), 0) FROM figure",
		       "") != MDG_FOUND)
		return false;
	for (; at < last; at += PAGE_TICKETS)
		if (!read_page(db, r, sql, at, at + PAGE_TICKETS, err))
			return false;
	return true;
}

bool
report_read(struct mdg_db *db, const struct mdg_report *q, bool led,
	    unsigned parts, report_add *fn, void *arg, struct mdg_err *err)
{
	MDG_AUTO(clear) struct reading r = {.q = q, .add = fn, .arg = arg};

	return read_scope(db, &r, led, err) && find_changed(db, &r, err) &&
	       read_changed(db, &r, err) && read_kept(db, &r, parts, err);
}
