/* junk.list, junk.rescue: what the mail system took for spam. */
#include "madoguchi/app/junk.h"
#include "madoguchi/query/query.h"

#include "act-int.h"

enum { DAYS_DEFAULT = 30, DAYS_MAX = 36500, DAY_S = 86400 };

static bool
junk_list(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t days = mdg_arg_int(c, "days", DAYS_DEFAULT);

	if (days < 1 || days > DAYS_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_act_arg_type,
				    "junk.list", "days", NULL);
	return mdg_query_junk(c->desk->db, c->win.id, c->now_s - days * DAY_S,
			      mdg_arg_flag(c, "all"), c->result, err);
}

static bool
junk_rescue(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t junk = mdg_arg_int(c, "junk", 0);

	mdg_result_int(c, "junk", junk);
	return mdg_junk_rescue(c->desk, c->win.id, junk, c->actor->person_id,
			       c->now_s, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "junk.rescue",
			      json_pack("{s:s,s:I}", "window", c->win.code,
					"delivery", junk),
			      NULL, err);
}

const struct mdg_act mdg_acts_junk[] = {
	{"junk.list", MDG_SCOPE_WINDOW, MDG_MEMBER_OPERATOR, MDG_VIEWS,
	 {{"window", 's', true}, {"all", 'b', false}, {"days", 'i', false}},
	 junk_list},
	{"junk.rescue", MDG_SCOPE_WINDOW, MDG_MEMBER_OPERATOR, false,
	 {{"window", 's', true}, {"junk", 'i', true}}, junk_rescue},
	{0},
};
