/* What the count finds, as rows. */
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "surge-int.h"

/* The kind and term of a key; false: it has gone. */
static bool
name_of(const struct mdg_surging *s, uint32_t key, char *kind, size_t n,
	const char **term)
{
	const char *sign = key ? s->slots[key].sign : "all all";

	if (!sign)
		return false;
	*term = strchr(sign, ' ') + 1;
	snprintf(kind, n, "%.*s", (int)(*term - sign - 1), sign);
	return true;
}

static int64_t
milli(double v)
{
	return (int64_t)(v * 1000 + .5);
}

/* A model number tells people more than a category does. */
static int
plainness(const char *kind)
{
	static const char *const kinds[] = {"model", "error",    "watched",
					    "word",  "template", "category"};

	for (size_t i = 0; i < MDG_LEN(kinds); i++)
		if (mdg_streq(kinds[i], kind))
			return (int)i;
	return MDG_LEN(kinds);
}

static bool
write_face(struct mdg_surging *s, struct mdg_desk *d,
	   const struct mdg_surge_incident *in, const struct mdg_surge_word *w,
	   size_t n, int64_t row, struct mdg_err *err)
{
	char kind[16], best[16];
	const char *term, *best_term;

	if (!name_of(s, in->keys[0], best, sizeof(best), &best_term))
		return true;
	for (size_t i = 0; in->keys[0] && i < n; i++) {
		if (2 * (size_t)w[i].tickets < in->n_tickets ||
		    !name_of(s, w[i].key, kind, sizeof(kind), &term) ||
		    plainness(kind) >= plainness(best))
			continue;
		memcpy(best, kind, sizeof(best));
		best_term = term;
	}
	return mdg_db_run(d->db, err,
			  "UPDATE incident SET face_kind = ?2, face_term = ?3"
			  " WHERE id = ?1",
			  "iss", row, best, best_term);
}

static bool
write_words(struct mdg_surging *s, struct mdg_desk *d,
	    const struct mdg_surge_incident *in, int64_t row,
	    struct mdg_err *err)
{
	struct mdg_surge_word w[MDG_SURGE_WORDS_MAX];
	size_t n = mdg_surge_words(s->surge, in, w, MDG_LEN(w));
	char kind[16];
	const char *term;

	if (!mdg_db_run(d->db, err,
			"DELETE FROM incident_word WHERE incident_id = ?1", "i",
			row))
		return false;
	for (size_t i = 0; i < n; i++)
		if (name_of(s, w[i].key, kind, sizeof(kind), &term) &&
		    !mdg_db_run(d->db, err,
				"INSERT INTO incident_word (incident_id, n,"
				" kind, term, tickets, expected_milli)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
				"iissii", row, (int64_t)i, kind, term,
				(int64_t)w[i].tickets, milli(w[i].expected)))
			return false;
	return write_face(s, d, in, w, n, row, err);
}

/* Only tickets that are there and have words. */
static bool
write_tickets(struct mdg_desk *d, const struct mdg_surge_incident *in,
	      int64_t row, struct mdg_err *err)
{
	for (size_t i = 0; i < in->n_tickets; i++)
		if (!mdg_db_run(d->db, err,
				"INSERT INTO incident_ticket (incident_id,"
				" ticket_id) SELECT ?1, id FROM ticket"
				" WHERE id = ?2 AND erased_s IS NULL"
				" ON CONFLICT DO NOTHING",
				"ii", row, in->tickets[i]))
			return false;
	return true;
}

/* Counted again after a restart, a cluster may begin by another of its signs:
 * then it is known by its tickets. */
static enum mdg_found
known_row(struct mdg_desk *d, const struct mdg_surge_incident *in,
	  const char *kind, const char *term, bool rebuilt, int64_t *ret,
	  struct mdg_err *err)
{
	enum { LOOKED_AT = 20 };
	enum mdg_found f = mdg_db_i64(
		d->db, ret, err,
		"SELECT id FROM incident WHERE kind = ?1 AND term = ?2"
		" AND (state = 'open' OR ABS(opened_s - ?3) <= 86400)"
		" ORDER BY id DESC LIMIT 1",
		"ssi", kind, term, (in->opened_h + 1) * HOUR_S);

	for (size_t i = 0; f == MDG_NONE && rebuilt && in->keys[0] &&
			   i < in->n_tickets && i < LOOKED_AT;
	     i++)
		f = mdg_db_i64(d->db, ret, err,
			       "SELECT i.id FROM incident_ticket t"
			       " JOIN incident i ON i.id = t.incident_id"
			       " WHERE t.ticket_id = ?1 AND i.state = 'open'"
			       " AND i.kind <> 'all' ORDER BY i.id LIMIT 1",
			       "i", in->tickets[i]);
	return f;
}

static bool
open_row(struct mdg_desk *d, const struct mdg_surge_incident *in,
	 const char *kind, const char *term, bool rebuilt, int64_t *ret,
	 bool *ret_new, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found f = known_row(d, in, kind, term, rebuilt, ret, err);

	*ret_new = f == MDG_NONE;
	if (f != MDG_NONE)
		return f == MDG_FOUND;
	if (!mdg_db_query(
		    d->db, &r, err,
		    "INSERT INTO incident (state, kind, term, face_kind,"
		    " face_term, began_s, opened_s, last_s, window_h,"
		    " customers, expected_milli)"
		    " VALUES ('open', ?1, ?2, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		    " RETURNING id",
		    "ssiiiiii", kind, term, in->began_h * HOUR_S,
		    (in->opened_h + 1) * HOUR_S, (in->last_h + 1) * HOUR_S,
		    (int64_t)in->first.window_h, (int64_t)in->first.customers,
		    milli(in->first.expected)))
		return false;
	if (mdg_rows_next(r))
		*ret = mdg_rows_i64(r, 0);
	return mdg_rows_close(&r, err);
}

static bool
tell(struct mdg_desk *d, const char *kind, int64_t row, int64_t tickets,
     struct mdg_err *err)
{
	return mdg_desk_event(d, &mdg_actor_system, NULL, kind,
			      json_pack("{s:I,s:I}", "incident",
					(json_int_t)row, "tickets",
					(json_int_t)tickets),
			      NULL, err);
}

static bool
write_incident(struct mdg_surging *s, struct mdg_desk *d,
	       const struct mdg_surge_incident *in, int64_t *row,
	       struct mdg_err *err)
{
	const char *term;
	char kind[16];
	bool fresh = false;
	int64_t open = 0;

	if (!*row &&
	    (!name_of(s, in->keys[0], kind, sizeof(kind), &term) ||
	     !open_row(d, in, kind, term, s->rebuilt, row, &fresh, err)))
		return false;
	/* closed by a verdict: it stays so */
	if (mdg_db_i64(d->db, &open, err,
		       "SELECT 1 FROM incident WHERE id = ?1"
		       " AND state = 'open'",
		       "i", *row) == MDG_FAILED)
		return false;
	return !open ||
	       (mdg_db_run(d->db, err,
			   "UPDATE incident SET began_s = ?2, last_s = ?3"
			   " WHERE id = ?1",
			   "iii", *row, in->began_h * HOUR_S,
			   (in->last_h + 1) * HOUR_S) &&
		write_tickets(d, in, *row, err) &&
		write_words(s, d, in, *row, err) &&
		(!fresh || tell(d, "incident.opened", *row,
				(int64_t)in->n_tickets, err)));
}

/* What is open in the store and not in the count is over. */
static bool
close_rows(struct mdg_surging *s, struct mdg_desk *d, struct mdg_err *err)
{
	int64_t ids[4 * MDG_SURGE_OPEN_MAX];
	struct mdg_rows *r;
	size_t n;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id FROM incident WHERE state = 'open'"
			  " ORDER BY id",
			  "") ||
	    !mdg_rows_ids(&r, ids, MDG_LEN(ids), &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool open = false;
		for (size_t k = 0; k < MDG_SURGE_OPEN_MAX; k++)
			open = open || s->rows[k].row == ids[i];
		if (!open && (!mdg_db_run(d->db, err,
					  "UPDATE incident SET state = 'over'"
					  " WHERE id = ?1",
					  "i", ids[i]) ||
			      !tell(d, "incident.over", ids[i], 0, err)))
			return false;
	}
	return true;
}

static bool
write_unusual(struct mdg_surging *s, struct mdg_desk *d, struct mdg_err *err)
{
	enum { MOST = 50 };
	size_t n;
	const struct mdg_surge_finding *f = mdg_surge_watch(s->surge, &n);
	const char *term;
	char kind[16];

	if (!mdg_db_run(d->db, err, "DELETE FROM surge_unusual", ""))
		return false;
	for (size_t i = 0; i < n && i < MOST; i++)
		if (name_of(s, f[i].key, kind, sizeof(kind), &term) &&
		    !mdg_db_run(d->db, err,
				"INSERT INTO surge_unusual (n, kind, term,"
				" window_h, customers, expected_milli)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
				"issiii", (int64_t)i, kind, term,
				(int64_t)f[i].window_h, (int64_t)f[i].customers,
				milli(f[i].expected)))
			return false;
	return true;
}

bool
mdg_surging_write(struct mdg_surging *s, struct mdg_desk *d,
		  struct mdg_err *err)
{
	size_t n;
	const struct mdg_surge_incident *in = mdg_surge_open(s->surge, &n);
	struct row old[MDG_SURGE_OPEN_MAX];

	memcpy(old, s->rows, sizeof(old));
	memset(s->rows, 0, sizeof(s->rows));
	for (size_t i = 0, m = 0; i < n; i++) {
		if (in[i].closed)
			continue;
		s->rows[m].id = in[i].id;
		for (size_t k = 0; k < MDG_SURGE_OPEN_MAX; k++)
			if (old[k].id == in[i].id)
				s->rows[m].row = old[k].row;
		if (!write_incident(s, d, &in[i], &s->rows[m].row, err))
			return false;
		m++;
	}
	char upto[24];
	snprintf(upto, sizeof(upto), "%lld",
		 (long long)mdg_surge_hour(s->surge) * HOUR_S);
	return close_rows(s, d, err) && write_unusual(s, d, err) &&
	       mdg_setting_put(d->db, "surge_s", upto, err) &&
	       mdg_db_run(d->db, err, "DELETE FROM surge_mail WHERE hour < ?1",
			  "i", mdg_surge_hour(s->surge) - HISTORY_H);
}
