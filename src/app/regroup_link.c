/* Links, and which way a step is taken back. */
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "regroup-int.h"

static bool
link_events(struct mdg_desk *d, const struct mdg_actor *who,
	    struct mdg_ticket *t, struct mdg_ticket *other, const char *event,
	    const char *kind, int64_t step, struct mdg_err *err)
{
	return mdg_desk_event(d, who, t, event,
			      json_pack("{s:I,s:s,s:I}", "other", other->id,
					"kind", kind, "step", step),
			      NULL, err) &&
	       mdg_ticket_update(d->db, t, err) &&
	       mdg_desk_event(d, who, other, event,
			      json_pack("{s:I,s:s,s:I}", "other", t->id,
					"kind", kind, "step", step),
			      NULL, err) &&
	       mdg_ticket_update(d->db, other, err);
}

static bool
link_step(struct mdg_desk *d, const struct mdg_actor *who,
	  struct mdg_ticket *t, struct mdg_ticket *other, bool on,
	  const char *kind, struct mdg_err *err)
{
	json_t *state = json_pack("{s:s}", "kind", kind);
	MDG_AUTO(mdg_freep) char *text = json_dumps(state, JSON_COMPACT);
	struct mdg_regroup g = {
		.kind = on ? "link" : "unlink",
		.ticket_id = t->id,
		.other_id = other->id,
		.actor = who->name,
		.state = text,
		.done_s = mdg_now_s(),
	};

	json_decref(state);
	return mdg_regroup_add(d->db, &g, err) &&
	       (on ? mdg_link_put(d->db, t->id, other->id, kind, err)
		   : mdg_link_drop(d->db, t->id, other->id, err)) &&
	       link_events(d, who, t, other, on ? "ticket.link"
						: "ticket.unlink",
			   kind, g.id, err);
}

bool
mdg_desk_ticket_link(struct mdg_desk *d, const struct mdg_actor *who,
		     struct mdg_ticket *t, struct mdg_ticket *other,
		     const char *kind, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *is;
	char one[24], two[24];

	snprintf(one, sizeof(one), "%lld", (long long)t->number);
	snprintf(two, sizeof(two), "%lld", (long long)other->number);
	switch (mdg_link_get(d->db, t->id, other->id, &a, &is, err)) {
	case MDG_FAILED:
		return false;
	case MDG_FOUND:
		return mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_link_exists, one,
				    two, NULL);
	case MDG_NONE:
		break;
	}
	return link_step(d, who, t, other, true, kind, err);
}

bool
mdg_desk_ticket_unlink(struct mdg_desk *d, const struct mdg_actor *who,
		       struct mdg_ticket *t, struct mdg_ticket *other,
		       struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *is;
	char one[24], two[24];

	snprintf(one, sizeof(one), "%lld", (long long)t->number);
	snprintf(two, sizeof(two), "%lld", (long long)other->number);
	switch (mdg_link_get(d->db, t->id, other->id, &a, &is, err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_link_none, one,
				    two, NULL);
	case MDG_FOUND:
		break;
	}
	return link_step(d, who, t, other, false, is, err);
}

static bool
undo_link(struct mdg_desk *d, const struct mdg_actor *who,
	  struct mdg_regroup *g, const json_t *state, struct mdg_arena *a,
	  struct mdg_err *err)
{
	const char *kind =
		json_string_value(json_object_get(state, "kind"));
	bool was_on = mdg_streq(g->kind, "link");
	struct mdg_ticket t, other;

	return mdg_ticket_by_id(d->db, g->ticket_id, a, &t, err) == MDG_FOUND &&
	       mdg_ticket_by_id(d->db, g->other_id, a, &other, err) ==
		       MDG_FOUND &&
	       (was_on ? mdg_link_drop(d->db, t.id, other.id, err)
		       : mdg_link_put(d->db, t.id, other.id,
				      kind ? kind : "related", err)) &&
	       link_events(d, who, &t, &other,
			   was_on ? "ticket.unlink" : "ticket.link",
			   kind ? kind : "related", g->id, err);
}

/* ---- undo ---- */

bool
mdg_desk_regroup_undo(struct mdg_desk *d, const struct mdg_actor *who,
		      int64_t id, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_regroup g;
	char number[24];
	enum mdg_found f = mdg_regroup_by_id(d->db, id, &a, &g, err);
	bool ok;

	snprintf(number, sizeof(number), "%lld", (long long)id);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_undo_none, number,
				    NULL);
	if (g.undone_s)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_undo_done, number,
				    NULL);
	json_t *state = json_loads(g.state, 0, NULL);
	if (mdg_streq(g.kind, "merge"))
		ok = mdg_regroup_undo_merge(d, who, &g, state, &a, err);
	else if (mdg_streq(g.kind, "split"))
		ok = mdg_regroup_undo_split(d, who, &g, state, &a, err);
	else
		ok = undo_link(d, who, &g, state, &a, err);
	json_decref(state);
	g.undone_s = mdg_now_s();
	return ok && mdg_regroup_update(d->db, &g, err);
}
