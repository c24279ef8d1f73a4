/*
 * Calls that take a while: those in task_test.c, task_text.c, task_folders.c
 * and extract.c. Each holds its client until it is done; none
 * of them changes a ticket.
 */
#include <string.h>

#include "core.h"
#include "madoguchi/base/str.h"
#include "tasks.h"

json_t *
task_checked(struct core *c, struct client *cl, uint32_t id,
	     const struct mdg_actor *who, const char *act, const json_t *args)
{
	struct mdg_err err;
	json_t *empty = json_object(), *result = NULL;

	if (!mdg_act_call(c->desk, who, act, args ? args : empty, &result,
			  &err)) {
		control_answer(cl, id, NULL, &err);
		result = NULL;
	}
	json_decref(empty);
	return result;
}

bool
task_mailbox_listed(const json_t *listed, const char *name)
{
	json_t *v;
	size_t i;

	json_array_foreach (json_object_get(listed, "mailboxes"), i, v)
		if (mdg_streq(json_string_value(json_object_get(v, "mailbox")),
			      name ? name : ""))
			return true;
	return false;
}

bool
task_mailbox(struct core *c, struct client *cl, uint32_t id,
	     const struct mdg_actor *who, const json_t *args,
	     struct mdg_arena *a, struct mdg_account *ret)
{
	const char *name = json_string_value(json_object_get(args, "name"));
	json_t *listed = task_checked(c, cl, id, who, "mailbox.list", NULL);
	struct mdg_err err;

	if (!listed)
		return false;
	bool seen = task_mailbox_listed(listed, name);
	json_decref(listed);
	if (seen && mdg_account_by_name(c->desk->db, name ? name : "", a, ret,
					&err) == MDG_FOUND)
		return true;
	mdg_fail_msg(&err, MDG_ENOENT, MDG_MSG_mailbox_none, name ? name : "",
		     NULL);
	control_answer(cl, id, NULL, &err);
	return false;
}

/* ---- table ---- */

/* What is no action of the table: who may, with which arguments. */
// clang-format off
const struct mdg_act task_acts[] = {
	{"suggest", MDG_SCOPE_TICKET, MDG_MEMBER_VIEWER, true, {{"ticket", 'i', true}}, NULL},
	{"draft.check", MDG_SCOPE_DRAFT, MDG_MEMBER_VIEWER, true,
	 {{"draft", 'i', true}, {"body", 's', false}}, NULL},
	{"incident.draft", MDG_SCOPE_ANY, MDG_MEMBER_OPERATOR, false,
	 {{"incident", 'i', true}, {"template", 's', true}, {"slots", 'o', false},
	  {"next", 's', false}}, NULL},
	/* a lead or a deputy: bulk_approve() */
	{"incident.approve", MDG_SCOPE_ANY, MDG_MEMBER_OPERATOR, false,
	 {{"incident", 'i', true}, {"code", 's', true}}, NULL},
	{"reconcile", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}}, NULL},
	{"mailbox.test", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, true,
	 {{"name", 's', true}, {"mail", 'b', false}}, NULL},
	{"mailbox.folders", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, true, {{"name", 's', true}}, NULL},
	{"mailbox.authorize.finish", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"name", 's', true}, {"redirect", 's', false}}, NULL},
	{0},
};
// clang-format on

static bool
is_allowed(struct core *c, const struct mdg_actor *who, const char *name,
	   const json_t *args, struct mdg_err *err)
{
	for (const struct mdg_act *act = task_acts; act->name; act++)
		if (mdg_streq(act->name, name))
			return mdg_act_allowed(c->desk, who, act, args, err);
	return true; /* what it calls knows */
}

bool
task_start(struct core *c, struct client *cl, uint32_t id,
	   const struct mdg_actor *who, const char *name, const json_t *args)
{
	static const struct {
		const char *name;
		void (*start)(struct core *c, struct client *cl, uint32_t id,
			      const struct mdg_actor *who, const json_t *args);
	} table[] = {
		{"suggest", task_suggest},
		{"attachment.save", task_save},
		{"draft.file", task_draft_file},
		{"message.html", task_page},
		{"message.raw", task_raw},
		{"backup", start_backup},
		{"incident.approve", bulk_approve},
		{"incident.draft", bulk_draft},
		{"mailbox.authorize", tokens_authorize},
		{"mailbox.authorize.finish", tokens_authorize_finish},
		{"mailbox.test", task_mailbox_test},
		{"mailbox.change", task_mailbox_change},
		{"reconcile", task_reconcile},
		{"mailbox.folders", task_folders},
	};
	bool asked = mdg_streq(name, "draft.check");
	struct mdg_err err;

	if (!is_allowed(c, who, name, args, &err)) {
		control_answer(cl, id, NULL, &err);
		return true;
	}
	if (asked || checker_wants(name, args)) {
		checker_start(c, cl, id, who, asked ? NULL : name, args);
		return true;
	}
	for (size_t i = 0; i < MDG_LEN(table); i++)
		if (mdg_streq(table[i].name, name)) {
			table[i].start(c, cl, id, who, args);
			return true;
		}
	return false;
}
