/* What a token must be good for, of each action. */
#include "madoguchi/app/session.h"
#include "madoguchi/base/str.h"

#include "act-int.h"

unsigned
mdg_act_scopes(const struct mdg_act *act)
{
	/* the table says that an operator may try; who decides is a lead */
	static const char *const leads[] = {"approve", "return",
					    "approval.takeover", NULL};

	if (mdg_streq(act->name, "metrics"))
		return MDG_TOKEN_METRICS | MDG_TOKEN_READ;
	if (mdg_streq(act->name, "session.who"))
		return MDG_TOKEN_ALL;
	if (act->role == MDG_MEMBER_NONE)
		return 0;
	if (act->role == MDG_MEMBER_ADMIN)
		return MDG_TOKEN_ADMIN;
	if (act->reads)
		return MDG_TOKEN_READ;
	for (size_t i = 0; leads[i]; i++)
		if (mdg_streq(leads[i], act->name))
			return MDG_TOKEN_LEAD;
	return act->role == MDG_MEMBER_SV ? MDG_TOKEN_LEAD : MDG_TOKEN_WRITE;
}

bool
mdg_act_may_token(struct mdg_act_call *c, const struct mdg_act *act,
		  struct mdg_err *err)
{
	unsigned need = mdg_act_scopes(act);

	if (c->actor->scopes == 0 || c->actor->scopes & need)
		return true;
	if (need == 0)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_token_never,
				    act->name, NULL);
	/* the least that would do */
	while (need & (need - 1))
		need &= need - 1;
	return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_token_scope, act->name,
			    mdg_token_scope_name(need), NULL);
}
