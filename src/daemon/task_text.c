/* Calls that mdg-text answers: suggest, draft.check. */
#include <stdlib.h>

#include "core.h"
#include "madoguchi/base/str.h"

struct waiting {
	struct client *client;
	uint32_t id;
};

static void
suggested(void *arg, json_t *result, const struct mdg_err *err)
{
	struct waiting *w = arg;

	control_answer(w->client, w->id, result, err);
	client_release(w->client);
	free(w);
}

void
task_suggest(struct core *c, struct client *cl, uint32_t id,
	     const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	struct mdg_err err;
	json_t *shown = task_checked(c, cl, id, who, "ticket.show", args);
	json_int_t number =
		json_integer_value(json_object_get(shown, "ticket"));

	if (!shown)
		return;
	json_decref(shown);
	mdg_fail(&err, MDG_ENOENT, "ticket %lld is gone", (long long)number);
	if (mdg_ticket_by_number(c->desk->db, number, &a, &t, &err) !=
	    MDG_FOUND) {
		control_answer(cl, id, NULL, &err);
		return;
	}
	struct waiting *w = mdg_malloc(sizeof(*w));
	*w = (struct waiting){client_hold(cl), id};
	judger_suggest(c, t.id, suggested, w);
}
