/* A ticket's clocks, told: interval by interval, and against their rows. */
#include "clocks-int.h"

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

struct telling {
	json_t *stretches;
	const struct mdg_calendar *cal;
};

static json_t *
time_text(const struct mdg_calendar *cal, int64_t t_s)
{
	char out[40];

	if (t_s == MDG_SLA_NONE)
		return json_null();
	return json_string(
		cal ? mdg_calendar_rfc3339(cal, t_s, out, sizeof(out))
		    : mdg_time_rfc3339(t_s, out, sizeof(out)));
}

static bool
tell(void *arg, const struct mdg_stretch *s)
{
	struct telling *t = arg;

	json_array_append_new(t->stretches,
			      json_pack("{s:o,s:o,s:I,s:b,s:s,s:s?}", "from",
					time_text(t->cal, s->from_s), "to",
					time_text(t->cal, s->to_s), "seconds",
					s->to_s - s->from_s, "counts",
					mdg_why_counts(s->why), "why",
					mdg_why_name(s->why), "name", s->name));
	return true;
}

static bool
tell_clock(const struct mdg_clock_told *told, json_t *ret, struct mdg_err *err)
{
	const struct mdg_sla_clock *c = told->clock;
	const struct mdg_calendar *cal = told->by->cal;
	struct telling telling = {json_array(), cal};

	json_array_append_new(
		ret, json_pack("{s:s,s:s,s:o,s:o,s:o,s:I,s:I,s:o}", "clock",
			       mdg_clock_kind_name(c->kind), "state",
			       mdg_clock_state_name(c->state), "started",
			       time_text(cal, c->started_s), "due",
			       time_text(cal, c->due_s), "stopped",
			       time_text(cal, c->stopped_s), "allowed_s",
			       c->budget_s, "counted_s", c->counted_s,
			       "intervals", telling.stretches));
	return mdg_sla_explain(cal, c, tell, &telling, err);
}

bool
mdg_desk_clocks_explain(struct mdg_desk *d, const struct mdg_ticket *t,
			int64_t now_s, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_clocks c;
	bool ok = true;

	if (!mdg_clocks_compute(d, t, now_s, &a, &c, err))
		return false;
	for (size_t i = 0; i < c.n && ok; i++)
		ok = tell_clock(&c.v[i], ret, err);
	mdg_clocks_clear(&c);
	return ok;
}

/* ---- is what is written what the log says? ---- */

static json_t *
row_json(const struct mdg_clock *c)
{
	return json_pack("{s:s,s:s,s:I,s:I,s:I,s:I}", "clock", c->kind, "state",
			 c->state, "started_s", c->started_s, "due_s", c->due_s,
			 "stopped_s", c->stopped_s, "counted_s", c->counted_s);
}

/* Warnings and breaches that only wait for the next tick are no difference. */
static bool
agrees(const struct mdg_clock *row, const struct mdg_clock *kept, int64_t now_s)
{
	bool late = kept->next_s && kept->next_s <= now_s;

	return mdg_streq(row->kind, kept->kind) &&
	       row->started_s == kept->started_s && row->due_s == kept->due_s &&
	       row->stopped_s == kept->stopped_s &&
	       row->counted_s == kept->counted_s &&
	       (late || mdg_streq(row->state, kept->state));
}

bool
mdg_desk_clocks_check(struct mdg_desk *d, const struct mdg_ticket *t,
		      int64_t now_s, json_t *ret, size_t *checked,
		      struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_clocks c;

	if (!mdg_clocks_compute(d, t, now_s, &a, &c, err))
		return false;
	/* all its mails are elsewhere now: its rows only tell that it stopped
	 */
	size_t n = c.stories_n ? c.n : 0, most = n > c.rows_n ? n : c.rows_n;
	for (size_t i = 0; i < most && c.stories_n; i++) {
		struct mdg_clock row = {0};
		if (i < n)
			row = mdg_clocks_row(&c, i, t, now_s);
		(*checked)++;
		if (i < n && i < c.rows_n && agrees(&row, &c.rows[i], now_s))
			continue;
		json_array_append_new(
			ret,
			json_pack("{s:I,s:o,s:o}", "ticket", t->number, "log",
				  i < n ? row_json(&row) : json_null(), "row",
				  i < c.rows_n ? row_json(&c.rows[i])
					       : json_null()));
	}
	mdg_clocks_clear(&c);
	return true;
}
