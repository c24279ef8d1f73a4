/* Working time: counted, and told stretch by stretch. */
#include <inttypes.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/desk/sla.h"

bool
mdg_sla_add(const struct mdg_calendar *cal, int64_t start_s, int64_t count_s,
	    int64_t *ret_s, struct mdg_err *err)
{
	if (cal)
		return mdg_calendar_add(cal, start_s, count_s, ret_s, err);
	*ret_s = start_s + count_s;
	return true;
}

bool
mdg_sla_due(const struct mdg_calendar *cal, int64_t start_s, int64_t minutes,
	    int64_t *ret_s, struct mdg_err *err)
{
	if (minutes < 0)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_calendar_negative,
				    NULL);
	if (minutes > MDG_SLA_MINUTES_MAX)
		return mdg_fail(err, MDG_ETOOBIG,
				"a target of %" PRId64 " minutes", minutes);
	return mdg_sla_add(cal, start_s, minutes * 60, ret_s, err);
}

bool
mdg_sla_elapsed(const struct mdg_calendar *cal, int64_t from_s, int64_t to_s,
		int64_t *ret_s, struct mdg_err *err)
{
	if (cal)
		return mdg_calendar_between(cal, from_s, to_s, ret_s, err);
	*ret_s = to_s > from_s ? to_s - from_s : 0;
	return true;
}

bool
mdg_sla_stretches(const struct mdg_calendar *cal, int64_t from_s, int64_t to_s,
		  bool (*each)(void *arg, const struct mdg_stretch *s),
		  void *arg, struct mdg_err *err)
{
	if (cal)
		return mdg_calendar_stretches(cal, from_s, to_s, each, arg,
					      err);
	struct mdg_stretch s = {from_s, to_s, MDG_WHY_CLOCK, NULL};
	if (from_s < to_s)
		each(arg, &s);
	return true;
}

bool
mdg_sla_explain(const struct mdg_calendar *cal,
		const struct mdg_sla_clock *clock,
		bool (*each)(void *arg, const struct mdg_stretch *s), void *arg,
		struct mdg_err *err)
{
	for (size_t i = 0; i < clock->runs_n; i++) {
		const struct mdg_sla_run *run = &clock->runs[i];
		struct mdg_stretch s = {run->from_s, run->to_s, run->why, NULL};
		if (run->from_s >= run->to_s)
			continue;
		if (!mdg_why_counts(run->why)) {
			if (!each(arg, &s))
				return true;
		} else if (!mdg_sla_stretches(run->clock_time ? NULL : cal,
					      run->from_s, run->to_s, each, arg,
					      err)) {
			return false;
		}
	}
	return true;
}
