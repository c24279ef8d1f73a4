/* Merges and taking them back. */
#include <string.h>

#include "madoguchi/app/work.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "regroup-int.h"

/* What `from` brings along, besides its rows. */
static bool
take_over(struct mdg_ticket *into, struct mdg_ticket *from, int64_t now_s,
	  struct mdg_err *err)
{
	bool is_open = !mdg_streq(from->state, "closed");

	if (!mdg_desk_ticket_move(from, MDG_TICKET_EV_MERGE, now_s, err))
		return false;
	/* an open question stays open in a ticket that was closed */
	if (is_open && mdg_streq(into->state, "closed") &&
	    !mdg_desk_ticket_move(into, MDG_TICKET_EV_CUSTOMER, now_s, err))
		return false;
	from->merged_into = into->id;
	/* mails of one second count in the order they came */
	if (from->inbound_s > into->inbound_s ||
	    (from->inbound_s == into->inbound_s &&
	     from->newest_message_id > into->newest_message_id) ||
	    !into->newest_message_id) {
		into->inbound_s = from->inbound_s;
		into->newest_message_id = from->newest_message_id;
	}
	if (!into->assignee_id)
		into->assignee_id = from->assignee_id;
	if (from->priority > into->priority)
		into->priority = from->priority;
	return true;
}

bool
mdg_desk_ticket_merge(struct mdg_desk *d, const struct mdg_actor *who,
		      struct mdg_ticket *into, struct mdg_ticket *from,
		      struct mdg_err *err)
{
	struct mdg_regroup g;
	json_t *before;

	if (!mdg_regroup_begin(d, who, "merge", into, from, &g, &before, err))
		return false;
	if (!take_over(into, from, mdg_now_s(), err)) {
		json_decref(before);
		return false;
	}
	return mdg_regroup_end(d, &g, before, into, from, err) &&
	       mdg_apart_drop(d->db, into->id, from->id, err) &&
	       mdg_regroup_items_of(d->db, g.id, from->id, err) &&
	       mdg_regroup_items_move(d->db, g.id, from->id, into->id, err) &&
	       mdg_regroup_participants_come(d, from->id, into->id, err) &&
	       mdg_desk_clocks_stop(d, from, err) &&
	       mdg_desk_event(d, who, from, "ticket.merged",
			      json_pack("{s:I,s:I}", "into", into->id, "step",
					g.id),
			      NULL, err) &&
	       mdg_ticket_update(d->db, from, err) &&
	       mdg_desk_event(d, who, into, "ticket.absorbed",
			      json_pack("{s:I,s:I,s:s}", "from", from->id,
					"step", g.id, "state", into->state),
			      NULL, err) &&
	       mdg_desk_void_approvals(d, into, err) &&
	       mdg_work_leave_absent(d, into, err) &&
	       mdg_desk_clocks(d, into, err) &&
	       mdg_ticket_update(d->db, into, err);
}

/* ---- taking it back ---- */

static bool
in_the_way(struct mdg_desk *d, int64_t step, int64_t later, int64_t ticket,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_ticket t;
	char what[24], with[24], number[24];

	if (mdg_ticket_by_id(d->db, ticket, &a, &t, err) != MDG_FOUND)
		return false;
	snprintf(what, sizeof(what), "%lld", (long long)step);
	snprintf(with, sizeof(with), "%lld", (long long)later);
	snprintf(number, sizeof(number), "%lld", (long long)t.number);
	return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_undo_later, what, with,
			    number, NULL);
}

/* Nothing later rests on the step. */
bool
mdg_regroup_may_undo(struct mdg_desk *d, const struct mdg_regroup *g,
	 const struct mdg_ticket *into, struct mdg_err *err)
{
	int64_t later;

	/* it went elsewhere itself, or is no ticket of its own after this */
	if (into->merged_into || into->id == g->other_id) {
		if (mdg_regroup_newest_move(d->db, into->id, &later, err) !=
		    MDG_FOUND)
			return false;
		if (later != g->id)
			return in_the_way(d, g->id, later, into->id, err);
	}
	switch (mdg_regroup_in_the_way(d->db, g->id, &later, err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return true;
	case MDG_FOUND:
		break;
	}
	return in_the_way(d, g->id, later, into->id, err);
}

/*
 * Mails that came since the merge and belong to what was merged: they share
 * an id with its mails and none with the others. In doubt they stay.
 */
static bool
claim_later(struct mdg_desk *d, const struct mdg_regroup *g, bool *ret_any,
	    struct mdg_err *err)
{
	enum { LATER_MAX = 1000 };
	int64_t ids[LATER_MAX], mine, others;
	size_t n;

	*ret_any = false;
	if (!mdg_regroup_since(d->db, g->ticket_id, g->last_message_id, ids,
			       LATER_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!mdg_regroup_ties(d->db, g->id, g->ticket_id, ids[i],
				      &mine, &others, err))
			return false;
		if (!mine || others)
			continue;
		if (!mdg_regroup_item_add(d->db, g->id, "message", ids[i], err))
			return false;
		*ret_any = true;
	}
	return true;
}

/* Both tickets as they were, but for what came since. */
static bool
part(struct mdg_regroup *g, const json_t *state, struct mdg_ticket *into,
     struct mdg_ticket *from, bool later, struct mdg_desk *d,
     struct mdg_err *err)
{
	const json_t *before = json_object_get(state, "before");
	const json_t *after = json_object_get(state, "after");
	int64_t newest = into->newest_message_id;
	bool is_newest;

	if (!mdg_regroup_is_newest(d, g, into->id, &is_newest, err) ||
	    !mdg_desk_ticket_move(from, MDG_TICKET_EV_UNMERGE, mdg_now_s(),
				  err))
		return false;
	from->merged_into = 0;
	/* `from` did not change while it was a pointer */
	json_t *now = mdg_regroup_fields(from);
	mdg_regroup_restore(from, json_object_get(before, "two"), now, true);
	json_decref(now);
	mdg_regroup_restore(into, json_object_get(before, "one"),
			    json_object_get(after, "one"), is_newest);
	if (!mdg_regroup_items_move(d->db, g->id, into->id, from->id, err))
		return false;
	/* what it restored to was the newest then: is it still? */
	if (newest > g->last_message_id &&
	    !mdg_regroup_newest_mail(d, into, err))
		return false;
	if (!later)
		return true;
	if (!mdg_regroup_newest_mail(d, from, err))
		return false;
	return !(mdg_streq(from->state, "closed") ||
		 mdg_streq(from->state, "waiting") ||
		 mdg_streq(from->state, "hold")) ||
	       mdg_desk_ticket_move(from, MDG_TICKET_EV_CUSTOMER, mdg_now_s(),
				    err);
}

bool
mdg_regroup_undo_merge(struct mdg_desk *d, const struct mdg_actor *who,
	   struct mdg_regroup *g, const json_t *state, struct mdg_arena *a,
	   struct mdg_err *err)
{
	struct mdg_ticket into, from;
	json_t *took, *gave;
	bool later;

	if (mdg_ticket_by_id(d->db, g->ticket_id, a, &into, err) != MDG_FOUND ||
	    mdg_ticket_by_id(d->db, g->other_id, a, &from, err) != MDG_FOUND ||
	    !mdg_regroup_may_undo(d, g, &into, err) ||
	    !mdg_desk_void_approvals(d, &into, err) ||
	    !claim_later(d, g, &later, err) ||
	    !part(g, state, &into, &from, later, d, err) ||
	    !mdg_regroup_took(d, g->id, g->last_message_id, &took, err))
		return false;
	if (!mdg_regroup_gave(d, g->id, g->last_message_id, &gave, err)) {
		json_decref(took);
		return false;
	}
	return mdg_regroup_participants(d, from.id, err) &&
	       mdg_regroup_participants_go(d, into.id, from.id, err) &&
	       mdg_apart_put(d->db, into.id, from.id, err) &&
	       mdg_desk_event(d, who, &from, "ticket.unmerged",
			      json_pack("{s:I,s:I,s:s,s:o}", "from", into.id,
					"step", g->id, "state", from.state,
					"took", took),
			      NULL, err) &&
	       mdg_desk_event(d, who, &into, "ticket.gave_back",
			      json_pack("{s:I,s:I,s:s,s:o}", "to", from.id,
					"step", g->id, "state", into.state,
					"gave", gave),
			      NULL, err) &&
	       mdg_work_leave_absent(d, &from, err) &&
	       mdg_desk_clocks(d, &from, err) &&
	       mdg_ticket_update(d->db, &from, err) &&
	       mdg_work_leave_absent(d, &into, err) &&
	       mdg_desk_clocks(d, &into, err) &&
	       mdg_ticket_update(d->db, &into, err);
}
