#include "madoguchi/app/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/leads.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/report.h"

enum {
	DAY_S = 86400,
	WINS_MAX = 50,
	DAYS_MAX = 31, /* in one digest */
	INCIDENTS = 5,
};

struct digest {
	struct mdg_desk *d;
	struct mdg_arena *a;
	struct mdg_person person;
	enum mdg_lang lang;
	int64_t wins[WINS_MAX];
	size_t wins_n;
	int64_t now_s, today; /* days since 1970 where it is read */
	int64_t home;         /* the window by which days are told */
	struct mdg_buf text;
};

static void
line(struct digest *g, enum mdg_msg id, size_t n, const char *const *args)
{
	mdg_put_line(&g->text, g->lang, id, n, args);
}

/* ---- figures in words ---- */

static const char *
number(struct digest *g, const json_t *o, const char *key)
{
	return mdg_arena_printf(g->a, "%" JSON_INTEGER_FORMAT,
				json_integer_value(json_object_get(o, key)));
}

static const char *
percent(struct digest *g, const json_t *o, const char *key)
{
	return mdg_arena_printf(g->a, "%.0f %%",
				100 * json_real_value(json_object_get(o, key)));
}

/* Hours and minutes: a day of work is no day of the clock. */
static const char *
duration(struct digest *g, const json_t *o, const char *key)
{
	int64_t all = (int64_t)(json_real_value(json_object_get(o, key)) + .5);
	char hours[60] = "", minutes[60] = "", text[160];
	const char *h = mdg_arena_printf(g->a, "%" PRId64, all / 60);
	const char *m = mdg_arena_printf(g->a, "%" PRId64, all % 60);
	const char *both[] = {hours, minutes};

	mdg_msg_format(g->lang, MDG_MSG_span_h, 1, &h, hours, sizeof(hours));
	mdg_msg_format(g->lang, MDG_MSG_span_min, 1, &m, minutes,
		       sizeof(minutes));
	if (all < 60)
		return mdg_arena_strdup(g->a, minutes);
	return mdg_arena_strdup(
		g->a, all % 60 ? mdg_msg_format(g->lang, MDG_MSG_span_two, 2,
						both, text, sizeof(text))
			       : hours);
}

static const char *
date(struct digest *g, int64_t day)
{
	char text[40];

	mdg_time_rfc3339(day * DAY_S, text, sizeof(text));
	text[10] = '\0';
	return mdg_arena_strdup(g->a, text);
}

/* One day, or from one to the other. */
static const char *
days(struct digest *g, int64_t from_day)
{
	const char *args[] = {date(g, from_day), date(g, g->today - 1)};
	char text[80];

	if (from_day == g->today - 1)
		return args[0];
	return mdg_arena_strdup(g->a,
				mdg_msg_format(g->lang, MDG_MSG_digest_days, 2,
					       args, text, sizeof(text)));
}

/* ---- parts ---- */

static bool
put_volume(struct digest *g, const struct mdg_report *q, struct mdg_err *err)
{
	json_t *r = json_object();
	bool ok = mdg_report_summary(g->d->db, q, r, err);
	const json_t *row = json_array_get(json_object_get(r, "rows"), 0);
	static const struct {
		enum mdg_msg id;
		const char *keys[4];
	} times[] = {
		{MDG_MSG_digest_first,
		 {"first_attained", "first_n", "first_median_min",
		  "first_p90_min"}},
		{MDG_MSG_digest_resolution,
		 {"resolution_attained", "resolution_n",
		  "resolution_median_min", "resolution_p90_min"}},
	};

	if (ok) {
		const char *args[] = {
			number(g, row, "received"), number(g, row, "replied"),
			number(g, row, "thanks"), number(g, row, "reopened")};
		line(g, MDG_MSG_digest_volume, 4, args);
	}
	if (ok && json_is_real(json_object_get(row, "answer_rate"))) {
		const char *rate = percent(g, row, "answer_rate");
		line(g, MDG_MSG_digest_rate, 1, &rate);
	}
	for (size_t i = 0; ok && i < MDG_LEN(times); i++) {
		const char *const *k = times[i].keys;
		if (!json_integer_value(json_object_get(row, k[1])))
			continue; /* nothing ended: there is nothing to say */
		const char *args[] = {
			percent(g, row, k[0]), number(g, row, k[1]),
			duration(g, row, k[2]), duration(g, row, k[3])};
		line(g, times[i].id, 4, args);
	}
	json_decref(r);
	return ok;
}

static bool
put_backlog(struct digest *g, const struct mdg_report *q, struct mdg_err *err)
{
	json_t *r = json_object(), *row;
	int64_t open = 0, late = 0, oldest_s = 0;
	const struct mdg_calendar *cal;
	size_t i;
	bool ok = mdg_report_backlog(g->d->db, q, g->now_s, r, err) &&
		  mdg_win_calendar(g->d, g->home, &cal, err);

	json_array_foreach (json_object_get(r, "rows"), i, row) {
		int64_t s =
			json_integer_value(json_object_get(row, "oldest_s"));
		open += json_integer_value(json_object_get(row, "tickets"));
		late += json_integer_value(json_object_get(row, "late"));
		oldest_s = !oldest_s || s < oldest_s ? s : oldest_s;
	}
	json_decref(r);
	if (!ok)
		return false;
	const char *args[] = {mdg_arena_printf(g->a, "%" PRId64, open),
			      mdg_arena_printf(g->a, "%" PRId64, late),
			      date(g, mdg_calendar_day(cal, oldest_s))};
	if (open)
		line(g, MDG_MSG_digest_backlog, 3, args);
	else
		line(g, MDG_MSG_digest_no_backlog, 0, NULL);
	return true;
}

static bool
put_approvals(struct digest *g, const struct mdg_report *q, int64_t win,
	      struct mdg_err *err)
{
	json_t *r = json_object(), *n;
	const char *code;
	int64_t waiting = 0;
	bool ok = mdg_report_approvals(g->d->db, q, r, err) &&
		  mdg_db_i64(g->d->db, &waiting, err,
			     "SELECT COUNT(*) FROM revision v"
			     " JOIN ticket t ON t.id = v.ticket_id"
			     " WHERE v.state = 'waiting' AND t.win_id = ?1",
			     "i", win) == MDG_FOUND;

	if (ok && json_integer_value(json_object_get(r, "decided"))) {
		const char *args[] = {number(g, r, "decided"),
				      number(g, r, "returned"),
				      duration(g, r, "median_min")};
		line(g, MDG_MSG_digest_approvals, 3, args);
	}
	json_object_foreach (json_object_get(r, "return_reasons"), code, n) {
		const struct mdg_return_code *c = mdg_return_code(code);
		const char *args[] = {
			code, c ? mdg_msg_text(g->lang, c->text) : "",
			mdg_arena_printf(g->a, "%" JSON_INTEGER_FORMAT,
					 json_integer_value(n))};
		if (ok)
			line(g, MDG_MSG_digest_reason, 3, args);
	}
	if (ok && waiting) {
		const char *now = mdg_arena_printf(g->a, "%" PRId64, waiting);
		line(g, MDG_MSG_digest_waiting, 1, &now);
	}
	json_decref(r);
	return ok;
}

static bool
put_incidents(struct digest *g, const struct mdg_report *q, int64_t win,
	      struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(g->d->db, &r, err,
			  "SELECT i.id, i.face_term, COUNT(*), i.state"
			  " FROM incident i JOIN incident_ticket x"
			  " ON x.incident_id = i.id JOIN ticket t"
			  " ON t.id = x.ticket_id WHERE t.win_id = ?1"
			  " AND (i.state = 'open' OR i.opened_s >= ?2)"
			  " AND COALESCE(i.verdict, '') <> 'noise'"
			  " GROUP BY i.id, i.face_term, i.state"
			  " ORDER BY i.id DESC LIMIT ?3",
			  "iii", win, q->from_s, (int64_t)INCIDENTS))
		return false;
	while (mdg_rows_next(r)) {
		const char *args[] = {
			mdg_arena_printf(g->a, "%" PRId64, mdg_rows_i64(r, 0)),
			mdg_arena_strdup(g->a, mdg_rows_text(r, 1)),
			mdg_arena_printf(g->a, "%" PRId64, mdg_rows_i64(r, 2)),
			mdg_msg_text(g->lang,
				     mdg_streq(mdg_rows_text(r, 3), "open")
					     ? MDG_MSG_word_incident_open
					     : MDG_MSG_word_incident_over)};
		line(g, MDG_MSG_digest_incident, 4, args);
	}
	return mdg_rows_close(&r, err);
}

static bool
put_window(struct digest *g, int64_t win, int64_t from_day, struct mdg_err *err)
{
	const struct mdg_calendar *cal;
	struct mdg_win w;

	if (mdg_win_by_id(g->d->db, win, g->a, &w, err) != MDG_FOUND ||
	    !mdg_win_calendar(g->d, g->home, &cal, err))
		return false;
	const struct mdg_report q = {
		.from_s = mdg_calendar_instant_s(cal, from_day * DAY_S),
		.to_s = mdg_calendar_instant_s(cal, g->today * DAY_S),
		.by = "total",
		.window = w.code,
		.calendar = mdg_desk_calendar,
		.desk = g->d,
	};
	const char *head[] = {w.name, days(g, from_day)};
	line(g, MDG_MSG_digest_window, 2, head);
	return put_volume(g, &q, err) && put_backlog(g, &q, err) &&
	       put_approvals(g, &q, win, err) && put_incidents(g, &q, win, err);
}

/* Nobody writes history anew when its head lies in many mailboxes. */
static void
put_chain_head(struct digest *g)
{
	char head[2 * MDG_DIGEST_BYTES + 1];

	mdg_hex(g->d->lane.hash, MDG_DIGEST_BYTES, head);
	const char *args[] = {
		mdg_arena_printf(g->a, "%" PRId64, g->d->lane.seq), head};
	line(g, MDG_MSG_heartbeat_head, 2, args);
}

static bool
mail(struct digest *g, enum mdg_msg subject_id, int64_t from_day,
     struct mdg_err *err)
{
	char subject[200];
	const char *when = days(g, from_day);

	mdg_buf_reset(&g->text);
	for (size_t i = 0; i < g->wins_n; i++)
		if (!put_window(g, g->wins[i], from_day, err))
			return false;
	line(g, MDG_MSG_digest_end, 0, NULL);
	put_chain_head(g);
	mdg_msg_format(g->lang, subject_id, 1, &when, subject, sizeof(subject));
	return mdg_person_mail(g->d, &g->person, subject, mdg_buf_str(&g->text),
			       err);
}

/* ---- when ---- */

/* A week begins on Monday. */
static int64_t
monday(int64_t day)
{
	return day - (day + 3) % 7;
}

static bool
send(struct digest *g, const char *key, int64_t last, struct mdg_err *err)
{
	char today[24];

	snprintf(today, sizeof(today), "%" PRId64, g->today);
	/* the first one only notes the day: nothing was before it */
	if (last && !mail(g, MDG_MSG_digest_daily, last, err))
		return false;
	if (last && monday(last) < monday(g->today)) {
		int64_t day = g->today;
		g->today = monday(day);
		bool ok = mail(g, MDG_MSG_digest_weekly, g->today - 7, err);
		g->today = day;
		if (!ok)
			return false;
	}
	return mdg_setting_put(g->d->db, key, today, err);
}

/* The windows that this person leads now; have they begun their day? */
static bool
find_windows(struct digest *g, const struct mdg_lead_of *v, size_t n,
	     bool *ret_begun, struct mdg_err *err)
{
	*ret_begun = false;
	g->today = g->now_s / DAY_S;
	for (size_t i = 0; i < n && g->wins_n < WINS_MAX; i++)
		if (v[i].person == g->person.id)
			g->wins[g->wins_n++] = v[i].win;
	for (size_t i = 0; i < g->wins_n && !*ret_begun; i++) {
		g->home = g->wins[i];
		if (!mdg_win_has_begun(g->d, g->home, g->now_s, &g->today,
				       ret_begun, err))
			return false;
	}
	return true;
}

static bool
one_lead(struct mdg_desk *d, int64_t person, const struct mdg_lead_of *v,
	 size_t n, int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct digest g = {.d = d, .a = &a, .now_s = now_s};
	const char *key = mdg_arena_printf(&a, "digest:%" PRId64, person),
		   *text;
	int64_t last;
	bool begun;

	if (mdg_person_by_id(d->db, person, &a, &g.person, err) != MDG_FOUND ||
	    !find_windows(&g, v, n, &begun, err) ||
	    !mdg_setting_get(d->db, key, &a, &text, err))
		return false;
	g.lang = mdg_person_lang(&g.person);
	/* never, or a clock that went back; or it is long since they led */
	if (!mdg_str_i64(text, 1, INT64_MAX, &last) || last > g.today ||
	    last < g.today - DAYS_MAX)
		last = 0;
	if (!begun || last == g.today)
		return true;
	bool ok = mdg_desk_begin(d, err);
	if (ok && !(send(&g, key, last, err) && mdg_desk_commit(d, err))) {
		mdg_desk_rollback(d);
		ok = false;
	}
	mdg_buf_clear(&g.text);
	return ok;
}

static bool
all_leads(struct mdg_desk *d, int64_t now_s, struct mdg_lead_of *v,
	  struct mdg_err *err)
{
	size_t n;

	if (!mdg_leads_all(d, now_s, v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t before = 0;
		while (v[before].person != v[i].person)
			before++;
		if (before == i && !one_lead(d, v[i].person, v, n, now_s, err))
			return false;
	}
	return true;
}

bool
mdg_digest_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err)
{
	enum mdg_sending mode;
	bool on;

	if (!mdg_desk_sending(d, &mode, err) ||
	    !mdg_setting_is_on(d, "digest", true, &on, err))
		return false;
	if (mode == MDG_SENDING_OFF || !on)
		return true;
	struct mdg_lead_of *v = mdg_calloc(MDG_LEADS_ALL_MAX, sizeof(*v));
	bool ok = all_leads(d, now_s, v, err);
	free(v);
	return ok;
}
