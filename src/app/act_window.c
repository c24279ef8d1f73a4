/* window.show, calendar.year, policy.try: what a window promises, to be looked
 * at before and after it is changed. */
#include <stdio.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/holidays.h"

#include "act-int.h"
#include "clocks-int.h"

enum {
	DAY_S = 86400,
	TRY_DAYS = 30,
	TRY_DAYS_MAX = 400,
	TRY_TICKETS_MAX = 2000, /* the newest; each is reckoned twice */
	TRY_CHANGES_MAX = 200,  /* named in the answer */
};

/* ---- window.show ---- */

static bool
newest(struct mdg_act_call *c, enum mdg_versioned kind, const char *name,
       const char *as, struct mdg_err *err)
{
	const char *text;
	int64_t id;

	if (mdg_versioned_newest(c->desk->db, kind, name, &id, err) !=
		    MDG_FOUND ||
	    mdg_versioned_json(c->desk->db, kind, id, c->arena, &text, err) !=
		    MDG_FOUND)
		return false;
	json_object_set_new(c->result, as, json_loads(text, 0, NULL));
	return true;
}

static bool
window_show(struct mdg_act_call *c, struct mdg_err *err)
{
	const struct mdg_win *w = &c->win;

	mdg_act_letter_show(c, w);
	mdg_result_text(c, "window", w->code);
	mdg_result_text(c, "name", w->name);
	mdg_result_text(c, "address", w->address);
	mdg_result_text(c, "from_name", w->from_name);
	mdg_result_text(c, "greeting", w->greeting);
	mdg_result_text(c, "closing", w->closing);
	mdg_result_text(c, "signature", w->signature);
	mdg_result_text(c, "approval", w->approval);
	json_object_set_new(c->result, "self_approval",
			    json_boolean(w->self_approval));
	return newest(c, MDG_CALENDAR, w->calendar, "calendar", err) &&
	       newest(c, MDG_POLICY, w->policy, "policy", err);
}

/* ---- calendar.year ---- */

/* The calendar of the arguments, else the window's own; free it. */
static bool
calendar_of(struct mdg_act_call *c, struct mdg_calendar **ret,
	    struct mdg_err *err)
{
	const json_t *given = json_object_get(c->args, "calendar");
	const char *text = NULL;
	int64_t id;

	if (json_is_object(given)) {
		MDG_AUTO(mdg_freep)
		char *own = json_dumps(given, JSON_COMPACT);
		return mdg_calendar_parse(own, ret, err);
	}
	return mdg_versioned_newest(c->desk->db, MDG_CALENDAR, c->win.calendar,
				    &id, err) == MDG_FOUND &&
	       mdg_versioned_json(c->desk->db, MDG_CALENDAR, id, c->arena,
				  &text, err) == MDG_FOUND &&
	       mdg_calendar_parse(text, ret, err);
}

struct year {
	const struct mdg_calendar *cal;
	json_t *days, *day; /* day: the last one, borrowed */
	int64_t at;         /* which it is */
};

static void
put_time(json_t *span, int64_t of_day_s)
{
	char text[8];

	snprintf(text, sizeof(text), "%02d:%02d", (int)(of_day_s / 3600),
		 (int)(of_day_s / 60 % 60));
	json_array_append_new(span, json_string(text));
}

static bool
add_stretch(void *arg, const struct mdg_stretch *s)
{
	struct year *y = arg;
	int64_t at = mdg_calendar_day(y->cal, s->from_s);
	int64_t start_s = at * DAY_S;
	char date[16];

	if (!y->day || at != y->at) {
		y->day = json_pack("{s:s,s:[]}", "date",
				   mdg_date_format(at, date, sizeof(date)),
				   "hours");
		y->at = at;
		json_array_append_new(y->days, y->day);
	}
	if (mdg_why_counts(s->why)) {
		int64_t off_s = mdg_calendar_offset_s(y->cal, s->from_s);
		json_t *span = json_array();
		put_time(span, s->from_s + off_s - start_s);
		put_time(span, s->to_s + off_s - start_s);
		json_array_append_new(json_object_get(y->day, "hours"), span);
	}
	if (s->why == MDG_WHY_SPECIAL_OPEN || s->why == MDG_WHY_DAY_OFF ||
	    s->why == MDG_WHY_HOLIDAY || s->why == MDG_WHY_CLOSED_DATE)
		json_object_set_new(y->day, "why",
				    json_string(mdg_why_name(s->why)));
	if (s->name)
		json_object_set_new(y->day, "name", json_string(s->name));
	return true;
}

static int64_t
start_of_year(const struct mdg_calendar *cal, int year)
{
	return mdg_calendar_instant_s(cal,
				      mdg_days_from_civil(year, 1, 1) * DAY_S);
}

static bool
calendar_year(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_calendar *cal = NULL;
	struct year y = {.days = json_array()};
	int now_y, m, d;

	json_object_set_new(c->result, "days", y.days);
	if (!calendar_of(c, &cal, err))
		return false;
	mdg_civil_from_days(mdg_calendar_day(cal, c->now_s), &now_y, &m, &d);
	int64_t year = mdg_arg_int(c, "year", now_y);
	if (year < MDG_HOLIDAY_FIRST_YEAR || year > MDG_HOLIDAY_LAST_YEAR) {
		mdg_calendar_free(&cal);
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_year_unknown,
				    mdg_act_number(c, year), NULL);
	}
	y.cal = cal;
	mdg_result_int(c, "year", year);
	mdg_result_text(c, "zone", mdg_calendar_zone(cal));
	bool ok = mdg_calendar_stretches(cal, start_of_year(cal, (int)year),
					 start_of_year(cal, (int)year + 1),
					 add_stretch, &y, err);
	mdg_calendar_free(&cal);
	return ok;
}

/* ---- policy.try ---- */

struct trial {
	struct mdg_policy *policy; /* NULL: as it is */
	struct mdg_calendar *cal;  /* likewise */
	json_t *kinds, *changes;
};

static json_t *
kind_row(struct trial *t, const char *kind)
{
	json_t *row = json_object_get(t->kinds, kind);

	if (!row) {
		row = json_pack("{s:i,s:i,s:i,s:i}", "met_before", 0,
				"breached_before", 0, "met_after", 0,
				"breached_after", 0);
		json_object_set_new(t->kinds, kind, row);
	}
	return row;
}

static void
count(json_t *row, const char *state, const char *when)
{
	char name[32];

	snprintf(name, sizeof(name), "%s_%s", state, when);
	json_t *n = json_object_get(row, name);
	if (n)
		json_integer_set(n, json_integer_value(n) + 1);
}

static const struct mdg_sla_clock *
same_clock(const struct mdg_clocks *in, const struct mdg_sla_clock *k)
{
	for (size_t i = 0; i < in->n; i++)
		if (in->v[i].clock->kind == k->kind &&
		    in->v[i].clock->started_s == k->started_s)
			return in->v[i].clock;
	return NULL;
}

/* One that is only there on one side had, or has, no target. */
static void
compare(struct trial *t, const struct mdg_ticket *ticket,
	const struct mdg_clocks *was, const struct mdg_clocks *is)
{
	for (int side = 0; side < 2; side++) {
		const struct mdg_clocks *in = side ? is : was;
		for (size_t i = 0; i < in->n; i++)
			count(kind_row(t, mdg_clock_kind_name(
						  in->v[i].clock->kind)),
			      mdg_clock_state_name(in->v[i].clock->state),
			      side ? "after" : "before");
	}
	for (size_t i = 0; i < is->n; i++) {
		const struct mdg_sla_clock *k = is->v[i].clock;
		const struct mdg_sla_clock *old = same_clock(was, k);
		if ((old && old->state == k->state) ||
		    json_array_size(t->changes) == TRY_CHANGES_MAX)
			continue;
		json_array_append_new(
			t->changes,
			json_pack("{s:I,s:s,s:s?,s:s,s:I,s:I}", "ticket",
				  ticket->number, "kind",
				  mdg_clock_kind_name(k->kind), "before",
				  old ? mdg_clock_state_name(old->state) : NULL,
				  "after", mdg_clock_state_name(k->state),
				  "counted_s", k->counted_s, "budget_s",
				  k->budget_s));
	}
}

static bool
try_ticket(struct mdg_act_call *c, struct trial *t, int64_t id,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket ticket;
	const struct mdg_clocks_wish w = {.policy = t->policy, .cal = t->cal};
	struct mdg_clocks was, is;

	if (mdg_ticket_by_id(c->desk->db, id, &a, &ticket, err) != MDG_FOUND ||
	    !mdg_clocks_compute(c->desk, &ticket, c->now_s, &a, &was, err))
		return false;
	bool ok = mdg_clocks_compute_by(c->desk, &ticket, &w, c->now_s, &a, &is,
					err);
	if (ok) {
		compare(t, &ticket, &was, &is);
		mdg_clocks_clear(&is);
	}
	mdg_clocks_clear(&was);
	return ok;
}

static bool
try_all(struct mdg_act_call *c, struct trial *t, int64_t days,
	struct mdg_err *err)
{
	int64_t *ids = mdg_arena_array(c->arena, TRY_TICKETS_MAX, sizeof(*ids));
	struct mdg_rows *r;
	size_t n = 0;

	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT id FROM ticket WHERE win_id = ?1"
			  " AND created_s >= ?2 AND is_history = 0"
			  " AND state <> 'merged' ORDER BY created_s DESC,"
			  " id DESC LIMIT ?3",
			  "iii", c->win.id, c->now_s - days * DAY_S,
			  (int64_t)TRY_TICKETS_MAX))
		return false;
	while (mdg_rows_next(r) && n < TRY_TICKETS_MAX)
		ids[n++] = mdg_rows_i64(r, 0);
	if (!mdg_rows_close(&r, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!try_ticket(c, t, ids[i], err))
			return false;
	mdg_result_int(c, "tickets", (int64_t)n);
	mdg_result_int(c, "days", days);
	return true;
}

static bool
policy_try(struct mdg_act_call *c, struct mdg_err *err)
{
	const json_t *given = json_object_get(c->args, "policy");
	int64_t days = mdg_arg_int(c, "days", TRY_DAYS);
	struct trial t = {.kinds = json_object(), .changes = json_array()};
	bool ok = true;

	json_object_set_new(c->result, "kinds", t.kinds);
	json_object_set_new(c->result, "changes", t.changes);
	if (days < 1 || days > TRY_DAYS_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_try_days,
				    mdg_act_number(c, TRY_DAYS_MAX), NULL);
	if (json_is_object(given)) {
		MDG_AUTO(mdg_freep)
		char *text = json_dumps(given, JSON_COMPACT);
		ok = mdg_policy_parse(text, &t.policy, err);
	}
	if (ok && json_is_object(json_object_get(c->args, "calendar")))
		ok = calendar_of(c, &t.cal, err);
	ok = ok && try_all(c, &t, days, err);
	mdg_policy_free(&t.policy);
	mdg_calendar_free(&t.cal);
	return ok;
}

const struct mdg_act mdg_acts_window[] = {
	{"window.show",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"window", 's', true}},
	 window_show},
	{"calendar.year",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"window", 's', true},
	  {"year", 'i', false},
	  {"calendar", 'o', false}},
	 calendar_year},
	{"policy.try",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 true,
	 {{"window", 's', true},
	  {"policy", 'o', false},
	  {"calendar", 'o', false},
	  {"days", 'i', false}},
	 policy_try},
	{0},
};
