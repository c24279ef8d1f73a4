#include "madoguchi/query/report.h"

#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

#include "rows.h"

/* ---- groups ---- */

/* SQL of the group of ticket t at the moment `at`. */
#define LOCAL(at) "(" at " + ?4)"
#define OF_REPLY(column, join)                                                 \
	"COALESCE((SELECT " column " FROM draft d" join                        \
	" WHERE d.ticket_id = t.id AND d.state = 'sent'"                       \
	" ORDER BY d.id LIMIT 1), '')"
static const struct by {
	const char *name, *came, *ended;
} bys[] = {
	{"total", "''", "''"},
	{"day", LOCAL("t.created_s") " / 86400",
	 LOCAL("k.stopped_s") " / 86400"},
	{"hour", LOCAL("t.created_s") " % 86400 / 3600",
	 LOCAL("k.stopped_s") " % 86400 / 3600"},
	{"weekday", "(" LOCAL("t.created_s") " / 86400 + 3) % 7",
	 "(" LOCAL("k.stopped_s") " / 86400 + 3) % 7"},
	{"window", "w.code", "w.code"},
#define MAILBOX                                                                \
	"COALESCE((SELECT a.name FROM message m JOIN account a"                \
	" ON a.id = m.account_id WHERE m.ticket_id = t.id"                     \
	" ORDER BY m.id LIMIT 1), '')"
	{"mailbox", MAILBOX, MAILBOX},
	{"category", "COALESCE(t.category, '')", "COALESCE(t.category, '')"},
	{"template", OF_REPLY("d.template_id", ""),
	 OF_REPLY("d.template_id", "")},
	{"operator",
	 OF_REPLY("p.login", " JOIN person p ON p.id = d.author_id"),
	 OF_REPLY("p.login", " JOIN person p ON p.id = d.author_id")},
};

const char *
mdg_report_by(size_t n)
{
	return n < MDG_LEN(bys) ? bys[n].name : NULL;
}

static const struct by *
find_by(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(bys); i++)
		if (mdg_streq(bys[i].name, name))
			return &bys[i];
	return NULL;
}

enum { FIRST, RESOLUTION, KINDS };

struct times {
	int64_t *v; /* counted seconds */
	size_t n, room, met;
};

struct group {
	char *key;
	int64_t received, replied, not_needed, spam, open, thanks, reopened;
	struct times times[KINDS];
};

struct groups {
	struct group *v;
	size_t n;
};

static void
clear(struct groups *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->v[i].key);
		for (int k = 0; k < KINDS; k++)
			free(g->v[i].times[k].v);
	}
	free(g->v);
}

/* Rows of a group come together: it is nearly always the last one. */
static struct group *
group_of(struct groups *g, const char *key, struct mdg_err *err)
{
	for (size_t i = g->n; i-- > 0;)
		if (mdg_streq(g->v[i].key, key))
			return &g->v[i];
	if (g->n == MDG_REPORT_GROUPS_MAX) {
		mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_report_too_many, NULL);
		return NULL;
	}
	g->v = mdg_realloc(g->v, (g->n + 1) * sizeof(*g->v));
	g->v[g->n] = (struct group){.key = mdg_strdup(key)};
	return &g->v[g->n++];
}

static void
add_time(struct times *t, int64_t counted_s, bool met)
{
	if (t->n == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->v = mdg_realloc(t->v, t->room * sizeof(*t->v));
	}
	t->v[t->n++] = counted_s;
	t->met += met;
}

/* ---- reading ---- */

#define SCOPE                                                                  \
	MDG_VIEWER_SEES("t.win_id")                                            \
	" AND (?5 = '' OR w.code = ?5) AND t.is_history = 0"                   \
	" AND ?4 BETWEEN -86400 AND 86400" /* a zone, also where unused */     \
	" AND t.state <> 'merged'"

static bool
read_tickets(struct mdg_db *db, const struct mdg_report *r, const struct by *by,
	     struct groups *g, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sql = {0};

	mdg_buf_printf(
		&sql,
		"SELECT CAST(%s AS TEXT) AS key, COUNT(*),"
		" SUM(CASE WHEN EXISTS (SELECT 1 FROM message m"
		"  WHERE m.ticket_id = t.id AND m.direction = 'out')"
		"  THEN 1 ELSE 0 END),"
		" SUM(CASE WHEN t.closing IN ('no_reply', 'thanks',"
		"  'sales', 'duplicate') THEN 1 ELSE 0 END),"
		" SUM(CASE WHEN t.closing = 'spam' THEN 1 ELSE 0 END),"
		" SUM(CASE WHEN t.state <> 'closed' THEN 1 ELSE 0 END),"
		" SUM(CASE WHEN t.closing = 'thanks' THEN 1 ELSE 0 END),"
		" SUM(CASE WHEN EXISTS (SELECT 1 FROM clock k"
		"  WHERE k.ticket_id = t.id AND k.kind = 'next_response')"
		"  THEN 1 ELSE 0 END)"
		" FROM ticket t LEFT JOIN win w ON w.id = t.win_id"
		" WHERE " SCOPE " AND t.created_s >= ?2"
		" AND t.created_s < ?3 GROUP BY key ORDER BY key",
		by->came);
	if (!mdg_db_query(db, &rows, err, mdg_buf_str(&sql), "iiiis", r->viewer,
			  r->from_s, r->to_s, r->zone_s,
			  r->window ? r->window : ""))
		return false;
	while (mdg_rows_next(rows)) {
		struct group *one = group_of(g, mdg_rows_text(rows, 0), err);
		if (!one)
			return false;
		one->received = mdg_rows_i64(rows, 1);
		one->replied = mdg_rows_i64(rows, 2);
		one->not_needed = mdg_rows_i64(rows, 3);
		one->spam = mdg_rows_i64(rows, 4);
		one->open = mdg_rows_i64(rows, 5);
		one->thanks = mdg_rows_i64(rows, 6);
		one->reopened = mdg_rows_i64(rows, 7);
	}
	return mdg_rows_close(&rows, err);
}

static bool
read_times(struct mdg_db *db, const struct mdg_report *r, const struct by *by,
	   struct groups *g, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sql = {0};

	mdg_buf_printf(&sql,
		       "SELECT CAST(%s AS TEXT) AS key, k.kind, k.state,"
		       " k.counted_s FROM clock k"
		       " JOIN ticket t ON t.id = k.ticket_id"
		       " LEFT JOIN win w ON w.id = t.win_id"
		       " WHERE " SCOPE " AND k.stopped_s >= ?2"
		       " AND k.stopped_s < ?3"
		       " AND k.kind IN ('first_response', 'resolution')"
		       " AND k.state IN ('met', 'breached') ORDER BY key",
		       by->ended);
	if (!mdg_db_query(db, &rows, err, mdg_buf_str(&sql), "iiiis", r->viewer,
			  r->from_s, r->to_s, r->zone_s,
			  r->window ? r->window : ""))
		return false;
	while (mdg_rows_next(rows)) {
		struct group *one = group_of(g, mdg_rows_text(rows, 0), err);
		bool first =
			mdg_streq(mdg_rows_text(rows, 1), "first_response");
		if (!one)
			return false;
		add_time(&one->times[first ? FIRST : RESOLUTION],
			 mdg_rows_i64(rows, 3),
			 mdg_streq(mdg_rows_text(rows, 2), "met"));
	}
	return mdg_rows_close(&rows, err);
}

/* ---- telling ---- */

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The smallest value that at least `percent` of all do not exceed, as minutes.
 */
static json_t *
percentile(const struct times *t, size_t percent)
{
	if (t->n == 0)
		return json_null();
	size_t i = (t->n * percent + 99) / 100;

	return json_real((double)(t->v[i ? i - 1 : 0] / 6) / 10);
}

static json_t *
rate(int64_t part, int64_t whole)
{
	return whole > 0 ? json_real((double)(part * 1000 / whole) / 1000)
			 : json_null();
}

static void
put_times(json_t *o, const char *name, struct times *t, bool hide)
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
			    hide ? json_null()
				 : rate((int64_t)t->met, (int64_t)t->n));
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_value);
	for (size_t i = 0; i < MDG_LEN(parts); i++) {
		snprintf(key, sizeof(key), "%s_%s", name, parts[i].what);
		json_object_set_new(o, key,
				    hide ? json_null()
					 : percentile(t, parts[i].percent));
	}
}

/* Days as dates, hours as "09", weekdays as mon … sun. */
static const char *
group_name(const struct by *by, const char *key, char *out, size_t n)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu",
					   "fri", "sat", "sun"};
	int64_t v;

	if (mdg_streq(by->name, "total"))
		return "total";
	if (!mdg_str_i64(key, -1000000, 1000000, &v) || by->came[0] != '(')
		return key;
	if (mdg_streq(by->name, "weekday"))
		return days[(v % 7 + 7) % 7];
	if (mdg_streq(by->name, "hour")) {
		snprintf(out, n, "%02d", (int)v);
		return out;
	}
	char text[40];
	mdg_time_rfc3339(v * 86400, text, sizeof(text));
	snprintf(out, n, "%.10s", text);
	return out;
}

static json_t *
row(const struct by *by, struct group *g)
{
	char name[64];
	bool hide = mdg_streq(by->name, "operator") &&
		    g->times[FIRST].n < MDG_REPORT_FAIR_N;
	json_t *o = json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "group",
			      group_name(by, g->key, name, sizeof(name)),
			      "received", g->received, "replied", g->replied,
			      "not_needed", g->not_needed, "spam", g->spam,
			      "open", g->open, "thanks", g->thanks, "reopened",
			      g->reopened);

	json_object_set_new(
		o, "answer_rate",
		rate(g->replied, g->received - g->not_needed - g->spam));
	put_times(o, "first", &g->times[FIRST], hide);
	put_times(o, "resolution", &g->times[RESOLUTION], hide);
	return o;
}

static int
by_key(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	size_t n = strlen(x->key), m = strlen(y->key);
	bool numbers = *x->key >= '0' && *x->key <= '9' && *y->key >= '0' &&
		       *y->key <= '9';

	/* numbers without leading zeros: the longer one is greater */
	if (numbers && n != m)
		return n < m ? -1 : 1;
	return strcmp(x->key, y->key);
}

bool
mdg_report_summary(struct mdg_db *db, const struct mdg_report *r, json_t *ret,
		   struct mdg_err *err)
{
	const struct by *by = find_by(r->by);
	MDG_AUTO(clear) struct groups g = {0};
	json_t *list = mdg_json_list(ret, "rows");

	if (!by)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_report_by_unknown,
				    r->by, NULL);
	if (!read_tickets(db, r, by, &g, err) ||
	    !read_times(db, r, by, &g, err))
		return false;
	if (g.n)
		qsort(g.v, g.n, sizeof(*g.v), by_key);
	for (size_t i = 0; i < g.n; i++)
		json_array_append_new(list, row(by, &g.v[i]));
	return true;
}

bool
mdg_report_backlog(struct mdg_db *db, const struct mdg_report *r, int64_t now_s,
		   json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *rows;

	if (!mdg_db_query(
		    db, &rows, err,
		    "SELECT w.code, t.state, COUNT(*),"
		    " SUM(CASE WHEN t.due_s < ?2 THEN 1 ELSE 0 END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s < 86400 THEN 1 ELSE 0"
		    "  END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s >= 86400"
		    "  AND ?2 - t.inbound_s < 3 * 86400 THEN 1 ELSE 0 END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s >= 3 * 86400"
		    "  AND ?2 - t.inbound_s < 7 * 86400 THEN 1 ELSE 0 END),"
		    " SUM(CASE WHEN ?2 - t.inbound_s >= 7 * 86400 THEN 1"
		    "  ELSE 0 END), MIN(t.inbound_s)"
		    " FROM ticket t LEFT JOIN win w ON w.id = t.win_id"
		    " WHERE " MDG_VIEWER_SEES(
			    "t.win_id") " AND (?3 = '' OR w.code = ?3)"
					" AND t.state NOT IN ('closed',"
					" 'merged')"
					" GROUP BY w.code, t.state"
					" ORDER BY w.code, t.state",
		    "iis", r->viewer, now_s, r->window ? r->window : ""))
		return false;
	return mdg_rows_json(&rows,
			     "window:s state:s tickets:i late:i day:i "
			     "three_days:i week:i older:i oldest_s:i",
			     mdg_json_list(ret, "rows"), err);
}

bool
mdg_report_approvals(struct mdg_db *db, const struct mdg_report *r, json_t *ret,
		     struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *rows = NULL;
	struct times t = {0};
	int64_t returned = 0, n = 0;
	json_t *reasons = json_object();

	json_object_set_new(ret, "return_reasons", reasons);
	if (!mdg_db_query(db, &rows, err,
			  "SELECT v.state, v.decided_s - v.requested_s,"
			  " COALESCE(d.return_code, '') FROM revision v"
			  " JOIN draft d ON d.id = v.draft_id"
			  " JOIN ticket t ON t.id = v.ticket_id"
			  " LEFT JOIN win w ON w.id = t.win_id"
			  " WHERE " MDG_VIEWER_SEES(
				  "t.win_id") " AND v.state IN ('approved',"
					      " 'returned')"
					      " AND v.requested_s >= ?2"
					      " AND v.requested_s < ?3"
					      " AND (?4 = '' OR w.code = ?4)",
			  "iiis", r->viewer, r->from_s, r->to_s,
			  r->window ? r->window : ""))
		return false;
	while (mdg_rows_next(rows)) {
		bool back = mdg_streq(mdg_rows_text(rows, 0), "returned");
		const char *code = mdg_rows_text(rows, 2);
		n++;
		returned += back;
		add_time(&t, mdg_rows_i64(rows, 1), false);
		if (back && *code)
			json_object_set_new(
				reasons, code,
				json_integer(1 +
					     json_integer_value(json_object_get(
						     reasons, code))));
	}
	if (t.n)
		qsort(t.v, t.n, sizeof(*t.v), by_value);
	json_object_set_new(ret, "decided", json_integer(n));
	json_object_set_new(ret, "returned", json_integer(returned));
	json_object_set_new(ret, "return_rate", rate(returned, n));
	json_object_set_new(ret, "median_min", percentile(&t, 50));
	json_object_set_new(ret, "p90_min", percentile(&t, 90));
	free(t.v);
	return mdg_rows_close(&rows, err);
}
