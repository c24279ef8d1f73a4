/* report.*: a lead's figures over a stretch of time. */
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/report.h"

#include "act-int.h"

enum { DAYS = 30, PEOPLE_DAYS = 90 };

static bool
read_report(struct mdg_act_call *c, int64_t days, struct mdg_report *ret,
	    struct mdg_err *err)
{
	*ret = (struct mdg_report){
		.viewer = c->viewer,
		.by = mdg_arg_text(c, "by", "total"),
		.window = mdg_arg_text(c, "window", NULL),
	};
	/* both days are in it */
	if (!mdg_desk_home(c->desk, &ret->zone, err) ||
	    !mdg_act_day(c, "from", days - 1, false, &ret->from_s, err) ||
	    !mdg_act_day(c, "to", 0, true, &ret->to_s, err))
		return false;
	mdg_result_int(c, "from_s", ret->from_s);
	mdg_result_int(c, "to_s", ret->to_s);
	return ret->from_s < ret->to_s ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_period_bad, NULL);
}

static bool
report_summary(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_report r;

	return read_report(c, DAYS, &r, err) &&
	       mdg_report_summary(c->desk->db, &r, c->result, err);
}

static bool
report_backlog(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_report r;

	return read_report(c, DAYS, &r, err) &&
	       mdg_report_backlog(c->desk->db, &r, c->now_s, c->result, err);
}

static bool
report_course(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_report r;

	return read_report(c, DAYS, &r, err) &&
	       mdg_report_course(c->desk->db, &r, c->now_s, c->result, err);
}

static bool
report_approvals(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_report r;

	if (!read_report(c, DAYS, &r, err))
		return false;
	r.calendar = mdg_desk_calendar;
	r.desk = c->desk;
	return mdg_report_approvals(c->desk->db, &r, c->result, err);
}

/* A lead sees the people of their windows, everybody themselves. */
static bool
report_operators(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_report r;

	if (!read_report(c, PEOPLE_DAYS, &r, err))
		return false;
	if (c->role < MDG_MEMBER_SV)
		r.own = c->actor->person_id;
	return mdg_report_operators(c->desk->db, &r, c->result, err);
}

static bool
report_training(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_report r;

	return read_report(c, DAYS, &r, err) &&
	       mdg_report_training(c->desk->db, &r, c->result, err);
}

#define STRETCH                                                                \
	{"from", 's', false}, {"to", 's', false},                              \
	{                                                                      \
		"window", 's', false                                           \
	}

const struct mdg_act mdg_acts_report[] = {
	{"report.summary",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 true,
	 {STRETCH, {"by", 's', false}},
	 report_summary},
	{"report.backlog",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 true,
	 {STRETCH},
	 report_backlog},
	{"report.course",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 true,
	 {STRETCH},
	 report_course},
	{"report.approvals",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 true,
	 {STRETCH},
	 report_approvals},
	{"report.operators",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 true,
	 {STRETCH},
	 report_operators},
	{"report.training",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 true,
	 {STRETCH},
	 report_training},
	{0},
};
