/* The installation: its state, backup, the clock of test builds. */
#include <string.h>

#include "madoguchi/app/alarm.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"
#include "madoguchi/store/st_scan.h"

#include "act-int.h"

static bool
backup(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *path = mdg_arg_text(c, "file", "");
	const char *to = mdg_arg_text(c, "recipient", "");

	if (*path != '/')
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_backup_path, path,
				    NULL);
	if (*to && strlen(to) != 96)
		return mdg_fail(err, MDG_EINVAL,
				"a recipient is 96 hex digits");
	mdg_result_text(c, "file", path);
	mdg_result_text(c, "recipient", *to ? to : NULL);
	/* the daemon lets a process of its own copy the file; other engines
	 * say what to use instead */
	return mdg_streq(mdg_db_engine(c->desk->db), "sqlite") ||
	       mdg_db_backup(c->desk->db, path, NULL, err);
}

static bool
clock_advance(struct mdg_act_call *c, struct mdg_err *err)
{
	if (!mdg_clock_advance(mdg_arg_int(c, "seconds", 0)))
		return mdg_fail(err, MDG_ESTATE,
				"this build cannot move its clock");
	mdg_result_int(c, "offset_s", mdg_clock_offset_s());
	return true;
}

/* Test builds: the core as it must not be. */
static bool
get_stuck(struct mdg_act_call *c, struct mdg_err *err)
{
#ifdef MDG_FAULTS
	if (mdg_streq(mdg_arg_text(c, "in", ""), "transaction"))
		return mdg_db_begin(c->desk->db, err);
	for (;;)
		;
#else
	(void)c;
	return mdg_fail(err, MDG_ESTATE, "this build cannot get stuck");
#endif
}

static bool
status(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t unscanned = 0;
	/* mailboxes and tickets of every window are in the list */
	json_t *alarms = c->viewer ? json_object() : json_incref(c->result);
	bool ok = mdg_query_status(c->desk->db, c->viewer, c->now_s, c->result,
				   err) &&
		  mdg_alarm_json(c->desk, c->actor->lang, alarms, err);

	json_object_set(c->result, "open", json_object_get(alarms, "open"));
	json_decref(alarms);
	if (!ok || !c->desk->scans)
		return ok;
	/* "up" or "down"; nothing where there is none */
	mdg_result_text(c, "scanner",
			c->desk->probe.scan_down_s ? "down" : "up");
	ok = mdg_scan_waiting(c->desk->db, &unscanned, err);
	mdg_result_int(c, "unscanned", unscanned);
	return ok;
}

const struct mdg_act mdg_acts_desk[] = {
	{"backup",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 true,
	 {{"file", 's', true}, {"recipient", 's', false}},
	 backup},
	{"status", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}}, status},
	{"clock.advance",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 true,
	 {{"seconds", 'i', true}},
	 clock_advance},
	{"fault.stuck",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 true,
	 {{"in", 's', true}},
	 get_stuck},
	{0},
};
