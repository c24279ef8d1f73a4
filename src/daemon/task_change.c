/* mailbox.change: tried first, by task_test.c, unless nothing of it can be. */
#include "core.h"
#include "madoguchi/app/mailbox.h"
#include "madoguchi/query/tag.h"
#include "tasks.h"

/* The arguments, checked, with what they change as it is now: what is saved
 * later is what was tried. NULL: it was answered why not. */
static json_t *
change_args(struct core *c, struct client *cl, uint32_t id,
	    const struct mdg_actor *who, const json_t *args)
{
	json_t *own =
		args ? json_copy((json_t *)(uintptr_t)args) : json_object();
	json_t *seen = json_incref(json_object_get(own, "if"));
	json_t *name = json_object(), *shown;
	char tag[MDG_TAG_CHARS + 1];
	struct mdg_err err;

	json_object_del(own, "if");
	bool ok = mdg_act_allowed(c->desk, who, mdg_act_find("mailbox.change"),
				  own, &err);
	if (!ok)
		control_answer(cl, id, NULL, &err);
	json_object_set(name, "name", json_object_get(own, "name"));
	shown = ok ? task_checked(c, cl, id, who, "mailbox.show", name) : NULL;
	json_decref(name);
	if (!shown) {
		json_decref(own);
		json_decref(seen);
		return NULL;
	}
	mdg_json_tag(shown, tag);
	json_decref(shown);
	json_object_set_new(own, "if",
			    seen ? seen
				 : json_pack("{s:s,s:[s]}", "shown",
					     "mailbox.show", "tags", tag));
	return own;
}

void
task_mailbox_change(struct core *c, struct client *cl, uint32_t id,
		    const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_mailbox_plan plan;
	struct mdg_err err;
	json_t *own = change_args(c, cl, id, who, args);

	if (!own)
		return;
	if (!mdg_mailbox_plan(c->desk, own, &a, &plan, &err)) {
		control_answer(cl, id, NULL, &err);
		json_decref(own);
		return;
	}
	if (!plan.reaches || json_is_true(json_object_get(own, "untested"))) {
		control_run_and(cl, id, who, "mailbox.change", own,
				json_pack("{s:[],s:b}", "steps", "saved", 1));
		json_decref(own);
		return;
	}
	task_test_plan(c, cl, id, who, own, &plan, &a);
}
