/* The names of reasons, clocks and states: for machines, and for people. */
#include "madoguchi/desk/calendar.h"
#include "madoguchi/desk/clock_machine.h"

struct word {
	const char *name;
	enum mdg_msg msg;
};

/* clang-format off */
static const struct word whys[MDG_WHY_N] = {
	[MDG_WHY_OPEN] = {"open", MDG_MSG_why_open},
	[MDG_WHY_SPECIAL_OPEN] = {"special-open", MDG_MSG_why_special_open},
	[MDG_WHY_CLOCK] = {"clock-time", MDG_MSG_why_clock},
	[MDG_WHY_BEFORE_HOURS] = {"before-hours", MDG_MSG_why_before_hours},
	[MDG_WHY_AFTER_HOURS] = {"after-hours", MDG_MSG_why_after_hours},
	[MDG_WHY_BREAK] = {"break", MDG_MSG_why_break},
	[MDG_WHY_DAY_OFF] = {"day-off", MDG_MSG_why_day_off},
	[MDG_WHY_HOLIDAY] = {"holiday", MDG_MSG_why_holiday},
	[MDG_WHY_CLOSED_DATE] = {"closed-date", MDG_MSG_why_closed_date},
	[MDG_WHY_WAITING] = {"waiting-customer", MDG_MSG_why_waiting},
	[MDG_WHY_HOLD] = {"hold-customer", MDG_MSG_why_hold},
	[MDG_WHY_CLOSED] = {"ticket-closed", MDG_MSG_why_closed},
};

static const struct word kinds[MDG_CLOCK_KIND_N] = {
	[MDG_CLOCK_FIRST_RESPONSE] =
		{"first_response", MDG_MSG_clock_first_response},
	[MDG_CLOCK_NEXT_RESPONSE] =
		{"next_response", MDG_MSG_clock_next_response},
	[MDG_CLOCK_RESOLUTION] = {"resolution", MDG_MSG_clock_resolution},
	[MDG_CLOCK_PROMISE] = {"promise", MDG_MSG_clock_promise},
};

static const struct word states[MDG_CLOCK_STATE_N] = {
	[MDG_CLOCK_RUNNING] = {"running", MDG_MSG_clock_running},
	[MDG_CLOCK_PAUSED] = {"paused", MDG_MSG_clock_paused},
	[MDG_CLOCK_MET] = {"met", MDG_MSG_clock_met},
	[MDG_CLOCK_BREACHED] = {"breached", MDG_MSG_clock_breached},
	[MDG_CLOCK_NOT_APPLICABLE] =
		{"not_applicable", MDG_MSG_clock_not_applicable},
};

static const char *const events[MDG_CLOCK_EVENT_N] = {
	[MDG_CLOCK_START] = "start",
	[MDG_CLOCK_PAUSE] = "pause",
	[MDG_CLOCK_RESUME] = "resume",
	[MDG_CLOCK_ANSWER] = "answer",
	[MDG_CLOCK_DUE_PASSED] = "due_passed",
	[MDG_CLOCK_CANCEL] = "cancel",
	[MDG_CLOCK_DROP] = "drop",
	[MDG_CLOCK_REOPEN] = "reopen",
};
/* clang-format on */

const char *
mdg_why_name(enum mdg_why why)
{
	return whys[why].name;
}

enum mdg_msg
mdg_why_msg(enum mdg_why why)
{
	return whys[why].msg;
}

const char *
mdg_clock_kind_name(enum mdg_clock_kind kind)
{
	return kinds[kind].name;
}

enum mdg_msg
mdg_clock_kind_msg(enum mdg_clock_kind kind)
{
	return kinds[kind].msg;
}

const char *
mdg_clock_state_name(enum mdg_clock_state state)
{
	return states[state].name;
}

enum mdg_msg
mdg_clock_state_msg(enum mdg_clock_state state)
{
	return states[state].msg;
}

const char *
mdg_clock_event_name(enum mdg_clock_event event)
{
	return events[event];
}
