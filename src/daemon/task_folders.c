/* reconcile: the server's mails against ours. mailbox.folders: which there
 * are to choose from. */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/store/st_folder.h"
#include "tasks.h"

/* ---- reconcile ---- */

struct reconcile {
	struct core *core;
	struct client *client;
	uint32_t id;
	json_t *folders;
	size_t open; /* answers still to come, and the starter itself */
	bool ok;
};

static void
reconcile_done(struct reconcile *r)
{
	if (--r->open > 0)
		return;
	control_answer(
		r->client, r->id,
		json_pack("{s:o,s:b}", "folders", r->folders, "ok", r->ok),
		NULL);
	client_release(r->client);
	free(r);
}

struct reconcile_folder {
	struct reconcile *r;
	json_t *out;
	json_t *differences;
	size_t unnamed; /* beyond DIFFERENCES_MAX */
};

enum { DIFFERENCES_MAX = 10000 };

static void
difference(void *ctx, uint32_t uid, const char *what, const char *state)
{
	struct reconcile_folder *rf = ctx;

	if (json_array_size(rf->differences) < DIFFERENCES_MAX)
		json_array_append_new(rf->differences,
				      json_pack("{s:I,s:s,s:s?}", "uid",
						(json_int_t)uid, "what", what,
						"state", state));
	else
		rf->unnamed++;
}

static void
put(json_t *o, const char *key, size_t n)
{
	json_object_set_new(o, key, json_integer((json_int_t)n));
}

static void
fill(struct reconcile_folder *rf, const struct mdg_look *l)
{
	size_t known = l->stored + l->quarantined + l->erased + l->ignored +
		       l->waiting + l->missing_n;

	put(rf->out, "server", l->server);
	put(rf->out, "stored", l->stored);
	put(rf->out, "quarantined", l->quarantined);
	put(rf->out, "erased", l->erased);
	put(rf->out, "ignored", l->ignored);
	put(rf->out, "waiting", l->waiting);
	put(rf->out, "missing", l->missing_n);
	put(rf->out, "vanished", l->vanished);
	put(rf->out, "gone_by_policy", l->by_policy);
	put(rf->out, "gone_by_others", l->by_others);
	put(rf->out, "unnamed_differences", rf->unnamed);
	json_object_set_new(
		rf->out, "balanced",
		json_boolean(known == l->server && l->missing_n == 0));
	rf->r->ok = rf->r->ok && known == l->server && l->missing_n == 0;
}

static void
got_uids(void *arg, const struct uid_list *l)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct reconcile_folder *rf = arg;
	struct mdg_look look;
	struct mdg_err err;

	if (!l) {
		rf->r->ok = false;
		json_object_set_new(rf->out, "problem",
				    json_string("not connected"));
	} else {
		if (fetcher_compare(rf->r->core, l, difference, rf, &a, &look,
				    &err)) {
			fill(rf, &look);
		} else {
			rf->r->ok = false;
			json_object_set_new(rf->out, "problem",
					    json_string(err.text));
		}
	}
	reconcile_done(rf->r);
	free(rf);
}

/* One that never was there: a mailbox without a folder for what went out. */
static bool
is_absent(const struct mdg_folder *f)
{
	return !*f->name && !*f->found_name;
}

static void
reconcile_account(struct reconcile *r, int64_t account, const json_t *listed)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_account acc;
	struct mdg_folder *f;
	size_t n;

	if (mdg_account_by_id(r->core->desk->db, account, &a, &acc, NULL) !=
		    MDG_FOUND ||
	    !task_mailbox_listed(listed, acc.name) ||
	    !mdg_folder_list(r->core->desk->db, account, &a, &f, &n, NULL))
		return;
	for (size_t i = 0; i < n; i++) {
		if (is_absent(&f[i]))
			continue;
		struct reconcile_folder *rf = mdg_calloc(1, sizeof(*rf));
		rf->r = r;
		rf->differences = json_array();
		rf->out = json_pack(
			"{s:s,s:s,s:s,s:o}", "mailbox", acc.name, "folder",
			*f[i].name ? f[i].name : f[i].found_name, "role",
			f[i].role, "differences", rf->differences);
		json_array_append_new(r->folders, rf->out);
		r->open++;
		if (!fetcher_list_uids(r->core, account, f[i].id, got_uids, rf))
			got_uids(rf, NULL);
	}
}

void
task_reconcile(struct core *c, struct client *cl, uint32_t id,
	       const struct mdg_actor *who, const json_t *args)
{
	int64_t ids[ACCOUNTS_MAX];
	size_t n = 0;
	json_t *listed = task_checked(c, cl, id, who, "mailbox.list", NULL);

	(void)args;
	if (!listed)
		return;
	batch_commit(c);
	struct reconcile *r = mdg_calloc(1, sizeof(*r));
	*r = (struct reconcile){c, client_hold(cl), id, json_array(), 1, true};
	if (!mdg_account_list(c->desk->db, ids, ACCOUNTS_MAX, &n, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++)
		reconcile_account(r, ids[i], listed);
	json_decref(listed);
	reconcile_done(r);
}

/* ---- mailbox.folders ---- */

struct names {
	struct core *core;
	struct client *client;
	uint32_t id;
	int64_t account_id;
};

static void
got_names(void *arg, const struct mdg_folder_names *l,
	  const struct mdg_err *why)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct names *k = arg;
	struct mdg_folder row;
	json_t *list = json_array();

	for (size_t i = 0; l && i < l->n; i++) {
		const struct mdg_folder_name *n = &l->v[i];
		bool read =
			mdg_folder_by_name(k->core->desk->db, k->account_id,
					   n->raw, &a, &row, NULL) == MDG_FOUND;
		json_array_append_new(
			list,
			json_pack("{s:s,s:s,s:s,s:b,s:s}", "name", n->name,
				  "folder", n->raw, "use", n->use, "selectable",
				  n->selectable, "role", read ? row.role : ""));
	}
	if (l)
		control_answer(k->client, k->id,
			       json_pack("{s:o}", "folders", list), NULL);
	else
		json_decref(list);
	if (!l)
		control_answer(k->client, k->id, NULL, why);
	client_release(k->client);
	free(k);
}

void
task_folders(struct core *c, struct client *cl, uint32_t id,
	     const struct mdg_actor *who, const json_t *args)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_account acc;
	struct mdg_err err;

	if (!task_mailbox(c, cl, id, who, args, &a, &acc))
		return;
	struct names *k = mdg_malloc(sizeof(*k));
	*k = (struct names){c, client_hold(cl), id, acc.id};
	if (fetcher_list_folders(c, acc.id, got_names, k))
		return;
	mdg_fail_msg(&err, MDG_EBUSY, MDG_MSG_mailbox_not_connected, acc.name,
		     NULL);
	got_names(k, NULL, &err);
}
