/* sla.*: what clocks say, whether it is so, and who is told. */
#include "madoguchi/base/str.h"

#include "act-int.h"

static bool
sla_explain(struct mdg_act_call *c, struct mdg_err *err)
{
	json_t *clocks = json_array();
	struct mdg_ticket t;

	json_object_set_new(c->result, "clocks", clocks);
	/* of a merged one: where its mails wait now */
	if (!mdg_desk_ticket_root(c->desk, c->ticket.id, c->arena, &t, err))
		return false;
	mdg_result_int(c, "ticket", t.number);
	return mdg_desk_clocks_explain(c->desk, &t, c->now_s, clocks, err);
}

/* Every clock anew from the log, against its row. */
static bool
sla_check(struct mdg_act_call *c, struct mdg_err *err)
{
	json_t *list = json_array();
	struct mdg_ticket t;
	size_t clocks = 0;
	int64_t tickets = 0;

	json_object_set_new(c->result, "differences", list);
	for (int64_t id = 0; mdg_ticket_after(c->desk->db, id, &id, err);) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		if (id == 0) {
			mdg_result_int(c, "tickets", tickets);
			mdg_result_int(c, "clocks", (int64_t)clocks);
			json_object_set_new(
				c->result, "ok",
				json_boolean(json_array_size(list) == 0));
			return true;
		}
		tickets++;
		if (mdg_ticket_by_id(c->desk->db, id, &a, &t, err) !=
			    MDG_FOUND ||
		    (!t.merged_into &&
		     !mdg_desk_clocks_check(c->desk, &t, c->now_s, list,
					    &clocks, err)))
			return false;
	}
	return false;
}

/* ---- who is told ---- */

static const struct {
	const char *arg, *key, *otherwise;
} switches[] = {
	{"mail", "warn_mail", "on"},
	{"at_night", "warn_at_night", "off"},
	{"digest", "digest", "on"},
};

static bool
sla_notify(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *now;
	bool any = false;

	for (size_t i = 0; i < MDG_LEN(switches); i++) {
		const char *v = mdg_arg_text(c, switches[i].arg, NULL);
		if (v && !mdg_streq(v, "on") && !mdg_streq(v, "off"))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_switch_unknown, v, NULL);
		if (v && !mdg_setting_put(c->desk->db, switches[i].key, v, err))
			return false;
		any |= v != NULL;
		if (!mdg_setting_get(c->desk->db, switches[i].key, c->arena,
				     &now, err))
			return false;
		mdg_result_text(c, switches[i].arg,
				*now ? now : switches[i].otherwise);
	}
	return !any || mdg_desk_event(c->desk, c->actor, NULL, "sla.notify",
				      json_deep_copy(c->args), NULL, err);
}

const struct mdg_act mdg_acts_sla[] = {
	{"sla.explain",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"ticket", 'i', true}},
	 sla_explain},
	{"sla.check", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, true, {{0}}, sla_check},
	{"sla.notify",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"mail", 's', false},
	  {"at_night", 's', false},
	  {"digest", 's', false}},
	 sla_notify},
	{0},
};
