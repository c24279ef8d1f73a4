#include "madoguchi/desk/when.h"

#include "act-int.h"

bool
mdg_act_when_in(struct mdg_act_call *c, const char *name,
		const struct mdg_calendar *cal, int64_t *ret_s,
		struct mdg_err *err)
{
	enum { AHEAD_MAX_S = 366 * 86400 };
	const char *text = mdg_arg_text(c, name, NULL);
	int64_t at_s;

	if (!text)
		return true;
	if (!mdg_when_parse(text, cal, c->now_s, &at_s))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_at_unknown, text,
				    NULL);
	if (at_s <= c->now_s || at_s - c->now_s > AHEAD_MAX_S)
		return mdg_fail_msg(err, MDG_EINVAL,
				    at_s <= c->now_s ? MDG_MSG_at_past
						     : MDG_MSG_at_far,
				    text, NULL);
	*ret_s = at_s;
	return true;
}

bool
mdg_act_when(struct mdg_act_call *c, const char *name, int64_t *ret_s,
	     struct mdg_err *err)
{
	const struct mdg_calendar *cal = NULL;
	int64_t id;

	if (!mdg_arg_text(c, name, NULL))
		return true;
	enum mdg_found f = mdg_versioned_newest(c->desk->db, MDG_CALENDAR,
						c->win.calendar, &id, err);
	if (f == MDG_FOUND)
		cal = mdg_desk_calendar(c->desk, id, err);
	if (!cal)
		return f == MDG_NONE && mdg_fail(err, MDG_ENOENT,
						 "window without a calendar");
	return mdg_act_when_in(c, name, cal, ret_s, err);
}

/* The day that starts at or before t, in the calendar's zone. */
static int64_t
day_start(const struct mdg_calendar *cal, int64_t t_s)
{
	int64_t zone_s = cal ? mdg_calendar_offset_s(cal, t_s) : 0;
	int64_t local = t_s + zone_s;

	return local - ((local % 86400) + 86400) % 86400 - zone_s;
}

bool
mdg_act_day(struct mdg_act_call *c, const char *name, int64_t otherwise_s,
	    int64_t *ret_s, struct mdg_err *err)
{
	const char *text = mdg_arg_text(c, name, NULL);
	const struct mdg_calendar *cal;
	int64_t at_s = otherwise_s;

	if (!mdg_desk_home(c->desk, &cal, err))
		return false;
	if (text && (!cal || !mdg_when_parse(text, cal, c->now_s, &at_s)))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_report_day_bad,
				    text, NULL);
	*ret_s = at_s ? day_start(cal, at_s) : 0;
	return true;
}
