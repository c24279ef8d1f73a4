/*
 * Actions on a draft that need its checks first: mdg-text is asked about the
 * very text that is at stake, the findings are kept, then the action runs.
 */
#include <stdlib.h>

#include "core.h"
#include "madoguchi/app/check.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

struct checking {
	struct core *core;
	struct client *client;
	uint32_t id;
	struct mdg_actor who;
	char *act; /* NULL: the findings are the answer */
	json_t *args;
	int64_t draft_id;
};

static void
release(struct checking *k)
{
	client_release(k->client);
	json_decref(k->args);
	free(k->act);
	free(k);
}

/* The draft as it would be: with the text that a lead hands in. */
static bool
load(struct core *c, int64_t id, const json_t *args, struct mdg_arena *a,
     struct mdg_draft *ret, struct mdg_err *err)
{
	const char *body = json_string_value(json_object_get(args, "body"));
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)id);
	switch (mdg_draft_by_id(c->desk->db, id, a, ret, err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_draft_none, number,
				    NULL);
	case MDG_FOUND:
		break;
	}
	if (body)
		ret->body = body;
	return true;
}

static void
checked(void *arg, json_t *result, const struct mdg_err *why)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct checking *k = arg;
	struct core *c = k->core;
	struct mdg_draft draft;
	struct mdg_err err;
	json_t *findings = NULL;
	char code[MDG_CHECK_CODE_BYTES] = "";

	if (why)
		mdg_warn("draft %lld is not checked: %s",
			 (long long)k->draft_id, mdg_err_en(why));
	bool ok = batch_commit_or(c, &err) &&
		  load(c, k->draft_id, k->args, &a, &draft, &err) &&
		  mdg_check_keep(c->desk, &draft, result, &findings, &err);
	json_decref(result);
	mdg_check_word(findings, k->who.lang);
	if (ok && json_object_get(k->args, "body"))
		mdg_check_code(&draft, findings, code);
	if (!ok)
		control_answer(k->client, k->id, NULL, &err);
	else if (k->act)
		control_run(k->client, k->id, &k->who, k->act, k->args);
	else
		control_answer(k->client, k->id,
			       json_pack("{s:I,s:s,s:O,s:s*}", "draft",
					 k->draft_id, "body", draft.body,
					 "findings", findings, "code",
					 *code ? code : NULL),
			       NULL);
	json_decref(findings);
	release(k);
}

/* May this person see the draft at all? */
static bool
may_see(struct core *c, const struct mdg_actor *who, int64_t draft,
	struct mdg_err *err)
{
	json_t *shown = NULL, *args = json_pack("{s:I}", "draft", draft);
	bool ok = mdg_act_call(c->desk, who, "draft.show", args, &shown, err);

	json_decref(args);
	json_decref(shown);
	return ok;
}

void
checker_start(struct core *c, struct client *cl, uint32_t id,
	      const struct mdg_actor *who, const char *act, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t draft_id = json_integer_value(json_object_get(args, "draft"));
	struct mdg_draft draft;
	struct mdg_err err;

	if (!may_see(c, who, draft_id, &err) ||
	    !load(c, draft_id, args, &a, &draft, &err)) {
		control_answer(cl, id, NULL, &err);
		return;
	}
	struct checking *k = mdg_malloc(sizeof(*k));
	*k = (struct checking){
		.core = c,
		.client = client_hold(cl),
		.id = id,
		.who = *who,
		.act = act ? mdg_strdup(act) : NULL,
		.args = args ? json_deep_copy(args) : json_object(),
		.draft_id = draft_id,
	};
	texter_check(c, &draft, checked, k);
}

bool
checker_wants(const char *act, const json_t *args)
{
	return mdg_streq(act, "draft.submit") || mdg_streq(act, "draft.fix") ||
	       (mdg_streq(act, "approve") &&
		(json_is_string(json_object_get(args, "body")) ||
		 json_is_integer(json_object_get(args, "again"))));
}
