#include "madoguchi/desk/when.h"

#include "act-int.h"

enum { DAY_S = 86400, AHEAD_MAX_S = 366 * DAY_S };

bool
mdg_act_when_in(struct mdg_act_call *c, const char *name,
		const struct mdg_calendar *cal, int64_t *ret_s,
		struct mdg_err *err)
{
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
		return f == MDG_NONE &&
		       mdg_fail(err, MDG_ENOENT, "window without a calendar");
	return mdg_act_when_in(c, name, cal, ret_s, err);
}

bool
mdg_act_day(struct mdg_act_call *c, const char *name, int64_t ago, bool over,
	    int64_t *ret_s, struct mdg_err *err)
{
	const char *text = mdg_arg_text(c, name, NULL);
	const struct mdg_calendar *cal;
	int64_t day;

	*ret_s = 0;
	if (!mdg_desk_home(c->desk, &cal, err))
		return false;
	if (!text && ago < 0)
		return true;
	day = (cal ? mdg_calendar_day(cal, c->now_s) : c->now_s / DAY_S) - ago;
	if (text && (!cal || !mdg_when_day(text, cal, c->now_s, &day)))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_report_day_bad,
				    text, NULL);
	day += over;
	*ret_s = cal ? mdg_calendar_instant_s(cal, day * DAY_S) : day * DAY_S;
	return true;
}
