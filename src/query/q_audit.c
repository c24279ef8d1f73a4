/* What was done, and who looked at what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/figure.h"
#include "madoguchi/query/query.h"

#include "rows.h"

bool
mdg_query_views(struct mdg_db *db, int64_t ticket, const char *login,
		int64_t since_s, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	/* the actor begins with "person:N"; "uid:N" is the machine's admin */
	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT v.kind, v.subject_id, v.actor, p.login, t.number,"
		    " v.first_s, v.last_s, v.n FROM view_log v"
		    " LEFT JOIN person p ON v.actor = 'person:' || p.id"
		    " OR v.actor LIKE 'person:' || p.id || ' as %'"
		    " LEFT JOIN ticket t ON t.id = v.subject_id"
		    " AND v.kind IN ('ticket', 'draft', 'attachment')"
		    " WHERE (?1 = 0 OR t.id = ?1) AND (?2 = '' OR p.login = ?2)"
		    " AND v.last_s >= ?3 ORDER BY v.last_s DESC LIMIT ?4",
		    "isii", ticket, login ? login : "", since_s,
		    (int64_t)MDG_LIST_MAX))
		return false;
	return mdg_rows_json(&r,
			     "kind:s subject:i actor:s login:s ticket:i "
			     "first_s:i last_s:i n:i",
			     mdg_json_list(ret, "views"), err);
}

/* ---- the history ---- */

enum {
	LANES_MAX = 16,
	LOOKED_AT_MAX = 100000, /* events of a lane, for one answer */
};

/* Where each lane goes on: "LANE:SEQ,LANE:SEQ", all below SEQ. */
struct place {
	int64_t lane[LANES_MAX], seq[LANES_MAX];
	size_t n;
};

static bool
read_place(const char *text, struct place *ret, struct mdg_err *err)
{
	const char *s = text ? text : "";

	*ret = (struct place){0};
	while (*s && ret->n < LANES_MAX) {
		char *end;
		ret->lane[ret->n] = strtoll(s, &end, 10);
		if (end == s || *end != ':')
			break;
		s = end + 1;
		ret->seq[ret->n] = strtoll(s, &end, 10);
		if (end == s || (*end && *end != ','))
			break;
		ret->n++;
		s = *end ? end + 1 : end;
	}
	return !*s ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cursor_bad, text, NULL);
}

/* The first sequence number of the lane that was shown already. */
static bool
shown_from(struct mdg_db *db, const struct place *p, bool begun, int64_t lane,
	   int64_t *ret, struct mdg_err *err)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->lane[i] == lane) {
			*ret = p->seq[i];
			return true;
		}
	*ret = 0; /* a lane that a later page does not name is at its end */
	return begun || mdg_db_i64(db, ret, err,
				   "SELECT COALESCE(MAX(seq), 0) + 1 FROM event"
				   " WHERE lane = ?1",
				   "i", lane) == MDG_FOUND;
}

#define EVENTS                                                                 \
	"SELECT e.time_s, e.seq, t.number, e.actor, e.kind, e.codes"           \
	" FROM event e LEFT JOIN ticket t ON t.id = e.ticket_id"               \
	" WHERE e.time_s >= ?4 AND e.time_s < ?5"                              \
	" AND (?7 = '' OR e.kind = ?7 OR e.kind LIKE ?7 || '.%')"              \
	" AND (?8 = '' OR e.actor = ?8 OR e.actor LIKE ?8 || ' %')"

static const char of_all[] =
	EVENTS " AND e.lane = ?1 AND e.seq < ?2 AND e.seq >= ?3"
	       " AND ?6 = 0 ORDER BY e.seq DESC LIMIT ?9";
/* by the ticket's own index, however far back: sums keep the lane's key from
 * leading */
static const char of_ticket[] =
	EVENTS " AND e.lane + 0 = ?1 AND e.seq + 0 < ?2 AND e.seq + 0 >= ?3"
	       " AND e.ticket_id = (SELECT id FROM ticket WHERE number = ?6)"
	       " ORDER BY e.seq + 0 DESC LIMIT ?9";

/* The login of the person that an event is about. */
static const char *
whose(const json_t *by_id, const json_t *codes)
{
	json_int_t id = json_integer_value(json_object_get(codes, "person"));
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)id);
	return json_string_value(json_object_get(by_id, text));
}

/* The newest of one lane below `before`. */
static bool
one_lane(struct mdg_db *db, const struct mdg_audit_filter *f, int64_t lane,
	 int64_t before, const json_t *by_id, json_t *list, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *kind = f->kind ? f->kind : "";

	if (!mdg_db_query(db, &r, err, f->ticket ? of_ticket : of_all,
			  "iiiiiissi", lane, before,
			  f->ticket ? (int64_t)0 : before - LOOKED_AT_MAX,
			  f->from_s, f->to_s, f->ticket, kind,
			  f->actor ? f->actor : "", f->limit))
		return false;
	while (mdg_rows_next(r)) {
		const char *actor = mdg_rows_text(r, 3);
		json_t *codes = json_loads(mdg_rows_text(r, 5), 0, NULL);
		const char *login = mdg_login_of(by_id, actor);

		/* signed in: by then it is known who */
		if (mdg_streq(actor, "web"))
			login = whose(by_id, codes);
		json_array_append_new(
			list,
			json_pack("{s:I,s:I,s:I,s:o,s:s,s:s?,s:s,s:o}",
				  "time_s", mdg_rows_i64(r, 0), "lane", lane,
				  "seq", mdg_rows_i64(r, 1), "ticket",
				  mdg_rows_null(r, 2)
					  ? json_null()
					  : json_integer(mdg_rows_i64(r, 2)),
				  "actor", actor, "login", login, "kind",
				  mdg_rows_text(r, 4), "codes", codes));
	}
	return mdg_rows_close(&r, err);
}

static int64_t
member(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

/* Takes the newest of the lanes' first rows, `limit` times. */
static void
merge(json_t *lanes[], size_t n, int64_t limit, json_t *ret)
{
	size_t at[LANES_MAX] = {0};

	while ((int64_t)json_array_size(ret) < limit) {
		json_t *best = NULL;
		size_t from = 0;
		for (size_t i = 0; i < n; i++) {
			json_t *row = json_array_get(lanes[i], at[i]);
			if (row && (!best || member(row, "time_s") >
						     member(best, "time_s"))) {
				best = row;
				from = i;
			}
		}
		if (!best)
			return;
		json_array_append(ret, best);
		at[from]++;
	}
}

/* whole: nothing was left out. The place behind the page: below the last row
 * shown of each lane, or, where none was, below what was looked at. */
static void
put_next(const struct place *p, json_t *const lanes[], int64_t limit,
	 bool whole, const json_t *shown, json_t *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	json_t *row;
	size_t i;

	for (size_t n = 0; n < p->n; n++) {
		size_t found = json_array_size(lanes[n]);
		size_t left = found;
		int64_t seq = p->seq[n];
		json_array_foreach (shown, i, row)
			if (member(row, "lane") == p->lane[n]) {
				seq = member(row, "seq");
				left--;
			}
		/* all that was found is shown: the rest was no match */
		if (left == 0 && (int64_t)found < limit)
			seq = whole ? 0 : p->seq[n] - LOOKED_AT_MAX;
		if (seq > 1)
			mdg_buf_printf(&b, "%s%lld:%lld", b.len ? "," : "",
				       (long long)p->lane[n], (long long)seq);
	}
	if (b.len)
		json_object_set_new(ret, "next", json_string(mdg_buf_str(&b)));
}

bool
mdg_query_audit(struct mdg_db *db, const struct mdg_audit_filter *f,
		json_t *ret, struct mdg_err *err)
{
	json_t *list = mdg_json_list(ret, "events"), *by_id = json_object();
	json_t *lanes[LANES_MAX];
	struct mdg_audit_filter page = *f;
	struct place from, at = {0};
	int64_t lane = 0, seq;

	if (page.limit < 1 || page.limit > MDG_LIST_MAX)
		page.limit = MDG_LIST_MAX;
	bool ok =
		read_place(f->before, &from, err) && mdg_logins(db, by_id, err);
	while (ok && at.n < LANES_MAX) {
		ok = mdg_figure_lane(db, lane, &lane, err);
		if (!ok || lane == 0)
			break;
		ok = shown_from(db, &from, from.n > 0, lane, &seq, err);
		if (!ok || seq <= 1)
			continue;
		at.lane[at.n] = lane;
		at.seq[at.n] = seq;
		lanes[at.n] = json_array();
		ok = one_lane(db, &page, lane, seq, by_id, lanes[at.n++], err);
	}
	if (ok) {
		merge(lanes, at.n, page.limit, list);
		put_next(&at, lanes, page.limit, page.ticket != 0, list, ret);
	}
	for (size_t i = 0; i < at.n; i++)
		json_decref(lanes[i]);
	json_decref(by_id);
	return ok;
}
