/* outbox.*: mail on its way out. */
#include "madoguchi/app/outbox.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"

#include "act-int.h"

static bool
outbox_list(struct mdg_act_call *c, struct mdg_err *err)
{
	const struct mdg_outbox_filter f = {
		.viewer = c->viewer,
		.all = mdg_arg_flag(c, "all"),
		.before = mdg_arg_int(c, "before", 0),
		.limit = mdg_arg_int(c, "limit", MDG_LIST_MAX),
	};

	return mdg_query_outbox(c->desk->db, &f, c->result, err);
}

static bool
outbox_cancel(struct mdg_act_call *c, struct mdg_err *err)
{
	bool was_sent;

	if (!mdg_streq(c->outbox.state, "queued"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_outbox_too_late,
				    mdg_act_number(c, c->outbox.id),
				    c->outbox.state, NULL);
	mdg_result_int(c, "outbox", c->outbox.id);
	if (!mdg_outbox_stop(c->desk, c->actor, c->outbox.id, &was_sent, err))
		return false;
	mdg_result_text(c, "state", was_sent ? "sent" : "cancelled");
	return was_sent ||
	       mdg_db_run(c->desk->db, err,
			  "UPDATE revision SET state = 'void' WHERE id = ?1",
			  "i", c->outbox.revision_id);
}

static bool
outbox_resolve(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *as = mdg_arg_text(c, "as", "");
	bool sent = mdg_streq(as, "sent");

	if (!sent && !mdg_streq(as, "again"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_resolve_unknown,
				    as, NULL);
	mdg_result_int(c, "outbox", c->outbox.id);
	if (!mdg_outbox_resolve(c->desk, c->actor, c->outbox.id, sent, err))
		return false;
	mdg_result_text(c, "state", sent ? "sent" : "queued");
	return true;
}

const struct mdg_act mdg_acts_outbox[] = {
	{"outbox.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true,
	 {{"all", 'b', false}, {"before", 'i', false}, {"limit", 'i', false}},
	 outbox_list},
	{"outbox.cancel", MDG_SCOPE_OUTBOX, MDG_MEMBER_OPERATOR, false,
	 {{"outbox", 'i', true}},
	 outbox_cancel},
	{"outbox.resolve", MDG_SCOPE_OUTBOX, MDG_MEMBER_SV, false,
	 {{"outbox", 'i', true}, {"as", 's', true}},
	 outbox_resolve},
	{0},
};
