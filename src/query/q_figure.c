#include "madoguchi/query/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_desk.h"

enum { CLOCKS_MAX = 50 }; /* of one ticket */

/* ---- one ticket ---- */

static int64_t
closing_bits(const char *closing)
{
	static const struct {
		const char *closing;
		int64_t bits;
	} kinds[] = {
		{"no_reply", MDG_FIGURE_NOT_NEEDED},
		{"auto", MDG_FIGURE_NOT_NEEDED},
		{"thanks", MDG_FIGURE_NOT_NEEDED | MDG_FIGURE_THANKS},
		{"sales", MDG_FIGURE_NOT_NEEDED},
		{"duplicate", MDG_FIGURE_NOT_NEEDED},
		{"spam", MDG_FIGURE_SPAM},
	};

	for (size_t i = 0; i < MDG_LEN(kinds); i++)
		if (mdg_streq(kinds[i].closing, closing))
			return kinds[i].bits;
	return 0;
}

static bool
add_review(struct mdg_db *db, int64_t draft, int64_t *bits, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT COALESCE(x.outcome, '') FROM revision v"
			  " JOIN review x ON x.revision_id = v.id"
			  " WHERE v.draft_id = ?1",
			  "i", draft))
		return false;
	while (mdg_rows_next(r)) {
		*bits |= MDG_FIGURE_REVIEWED;
		if (mdg_streq(mdg_rows_text(r, 0), "returned"))
			*bits |= MDG_FIGURE_RETURNED;
	}
	return mdg_rows_close(&r, err);
}

static bool
read_ticket(struct mdg_db *db, int64_t ticket, struct mdg_arena *a,
	    struct mdg_figure *f, bool *ret_any, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_any = false;
	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT t.win_id, t.created_s, t.state,"
		    " COALESCE(t.closing, ''), COALESCE(t.category, ''),"
		    " CASE WHEN EXISTS (SELECT 1 FROM message m"
		    "  WHERE m.ticket_id = t.id AND m.direction = 'out')"
		    "  THEN 1 ELSE 0 END,"
		    " COALESCE((SELECT m.account_id FROM message m"
		    "  WHERE m.ticket_id = t.id AND m.account_id IS NOT NULL"
		    "  ORDER BY m.id LIMIT 1), 0), d.author_id,"
		    " COALESCE(d.template_id, ''), COALESCE(t.temperature, 0),"
		    " CASE WHEN EXISTS (SELECT 1 FROM message m"
		    "  WHERE m.ticket_id = t.id AND m.direction = 'in'"
		    "  AND m.attachments_n > 0) THEN 1 ELSE 0 END,"
		    " COALESCE(d.id, 0)"
		    " FROM ticket t LEFT JOIN draft d ON d.id ="
		    "  (SELECT x.id FROM draft x WHERE x.ticket_id = t.id"
		    "   AND x.state = 'sent' ORDER BY x.id LIMIT 1)"
		    " WHERE t.id = ?1 AND t.is_history = 0"
		    " AND t.state <> 'merged'",
		    "i", ticket))
		return false;
	if (!mdg_rows_next(r))
		return mdg_rows_close(&r, err);
	*ret_any = true;
	*f = (struct mdg_figure){
		.ticket_id = ticket,
		.win_id = mdg_rows_i64(r, 0),
		.created_s = mdg_rows_i64(r, 1),
		.bits = closing_bits(mdg_rows_text(r, 3)),
		.category = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
		.account_id = mdg_rows_i64(r, 6),
		.operator_id = mdg_rows_i64(r, 7),
		.template_id = mdg_arena_strdup(a, mdg_rows_text(r, 8)),
		.temperature = mdg_rows_i64(r, 9),
	};
	if (!mdg_streq(mdg_rows_text(r, 2), "closed"))
		f->bits |= MDG_FIGURE_OPEN;
	if (mdg_rows_i64(r, 5))
		f->bits |= MDG_FIGURE_REPLIED;
	if (mdg_rows_i64(r, 10))
		f->bits |= MDG_FIGURE_FILES;
	int64_t draft = mdg_rows_i64(r, 11);
	return mdg_rows_close(&r, err) &&
	       (!draft || add_review(db, draft, &f->bits, err));
}

/* A row more of the ticket, for one clock alone. */
static struct mdg_figure *
more(struct mdg_figure *v, size_t *n)
{
	struct mdg_figure *f = &v[*n];

	*f = v[0];
	f->n = (int64_t)(*n)++;
	f->bits &= MDG_FIGURE_FILES;
	f->first_end_s = f->first_counted_s = 0;
	f->resolution_end_s = f->resolution_counted_s = 0;
	return f;
}

/* The i-th first response and the i-th resolution share a row; each next
 * response has its own. */
static bool
read_clocks(struct mdg_db *db, struct mdg_figure *v, int64_t *started_s,
	    size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t shared[2] = {0, 0}; /* rows of the next of each, in order */

	*ret_n = 1;
	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT kind, state, stopped_s, counted_s,"
		    " started_s FROM clock WHERE ticket_id = ?1 ORDER BY n",
		    "i", v->ticket_id))
		return false;
	while (mdg_rows_next(r)) {
		const char *kind = mdg_rows_text(r, 0);
		const char *state = mdg_rows_text(r, 1);
		bool met = mdg_streq(state, "met");
		bool is_next = mdg_streq(kind, "next_response");
		bool is_first = mdg_streq(kind, "first_response");
		if (is_next)
			v[0].bits |= MDG_FIGURE_REOPENED;
		if ((!is_first && !is_next && !mdg_streq(kind, "resolution")) ||
		    (!met && !mdg_streq(state, "breached")) ||
		    mdg_rows_null(r, 2))
			continue;
		size_t i = is_next ? *ret_n : shared[is_first];
		while (i && i < *ret_n && (v[i].bits & MDG_FIGURE_NEXT))
			i++;
		if (i == CLOCKS_MAX)
			break;
		struct mdg_figure *f = i < *ret_n ? &v[i] : more(v, ret_n);
		started_s[f->n] = mdg_rows_i64(r, 4);
		if (is_next)
			f->bits |= MDG_FIGURE_NEXT;
		else
			shared[is_first] = i + 1;
		if (is_first || is_next) {
			f->first_end_s = mdg_rows_i64(r, 2);
			f->first_counted_s = mdg_rows_i64(r, 3);
			f->bits |= met ? MDG_FIGURE_FIRST_MET : 0;
		} else {
			f->resolution_end_s = mdg_rows_i64(r, 2);
			f->resolution_counted_s = mdg_rows_i64(r, 3);
			f->bits |= met ? MDG_FIGURE_RESOLUTION_MET : 0;
		}
	}
	return mdg_rows_close(&r, err);
}

/* Who wrote the answers to later mails: the reply that ended the clock. */
static bool
read_answerers(struct mdg_db *db, struct mdg_figure *v,
	       const int64_t *started_s, size_t n, struct mdg_err *err)
{
	for (size_t i = 1; i < n; i++) {
		MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
		int64_t draft = 0;
		if (!(v[i].bits & MDG_FIGURE_NEXT))
			continue;
		v[i].operator_id = 0;
		if (!mdg_db_query(db, &r, err,
				  "SELECT d.author_id, d.id FROM message m"
				  " JOIN outbox o ON o.id = m.outbox_id"
				  " JOIN draft d ON d.id = o.draft_id"
				  " WHERE m.ticket_id = ?1"
				  " AND m.received_s >= ?2"
				  " AND m.received_s <= ?3"
				  " ORDER BY m.id DESC LIMIT 1",
				  "iii", v[i].ticket_id, started_s[i],
				  v[i].first_end_s))
			return false;
		if (mdg_rows_next(r)) {
			v[i].operator_id = mdg_rows_i64(r, 0);
			draft = mdg_rows_i64(r, 1);
		}
		if (!mdg_rows_close(&r, err) ||
		    (draft && !add_review(db, draft, &v[i].bits, err)))
			return false;
	}
	return true;
}

bool
mdg_figure_of(struct mdg_db *db, int64_t ticket, struct mdg_arena *a,
	      struct mdg_figure **ret, size_t *ret_n, struct mdg_err *err)
{
	int64_t started_s[CLOCKS_MAX];
	bool any;

	*ret = mdg_arena_array(a, CLOCKS_MAX, sizeof(**ret));
	*ret_n = 0;
	return read_ticket(db, ticket, a, *ret, &any, err) &&
	       (!any || (read_clocks(db, *ret, started_s, ret_n, err) &&
			 read_answerers(db, *ret, started_s, *ret_n, err)));
}

/* ---- what has changed ---- */

bool
mdg_figure_lane(struct mdg_db *db, int64_t after, int64_t *ret,
		struct mdg_err *err)
{
	*ret = 0;
	return mdg_db_i64(db, ret, err,
			  "SELECT lane FROM event WHERE lane > ?1"
			  " ORDER BY lane LIMIT 1",
			  "i", after) != MDG_FAILED;
}

bool
mdg_figure_upto(struct mdg_db *db, int64_t lane, int64_t *ret_seq,
		struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text;

	if (!mdg_setting_get(db, mdg_arena_printf(&a, "figured:%" PRId64, lane),
			     &a, &text, err))
		return false;
	if (!mdg_str_i64(text, 0, INT64_MAX, ret_seq))
		*ret_seq = 0;
	return true;
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool
mdg_figure_changed(struct mdg_db *db, int64_t lane, int64_t after_seq,
		   size_t max, int64_t **ret, size_t *ret_n, int64_t *ret_seq,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t *v = NULL;
	size_t n = 0, room = 0, once = 0;

	*ret_seq = after_seq;
	if (!mdg_db_query(db, &r, err,
			  "SELECT seq, ticket_id FROM event WHERE lane = ?1"
			  " AND seq > ?2 ORDER BY seq LIMIT ?3",
			  "iii", lane, after_seq, (int64_t)max))
		return false;
	while (mdg_rows_next(r)) {
		*ret_seq = mdg_rows_i64(r, 0);
		if (mdg_rows_null(r, 1))
			continue;
		if (n == room) {
			room = room ? 2 * room : 256;
			v = mdg_realloc(v, room * sizeof(*v));
		}
		v[n++] = mdg_rows_i64(r, 1);
	}
	if (!mdg_rows_close(&r, err)) {
		free(v);
		return false;
	}
	if (n)
		qsort(v, n, sizeof(*v), by_number);
	for (size_t i = 0; i < n; i++)
		if (!once || v[once - 1] != v[i])
			v[once++] = v[i];
	*ret = v;
	*ret_n = once;
	return true;
}
