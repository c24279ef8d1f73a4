/* What a ticket goes through, whoever caused it. */
#include <string.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"

bool
mdg_desk_ticket_move(struct mdg_ticket *t, int event, int64_t now_s,
		     struct mdg_err *err)
{
	int from = mdg_machine_state(&mdg_ticket_machine, t->state);
	int to = mdg_machine_next(&mdg_ticket_machine, from, event);
	char number[24];

	if (to < 0) {
		snprintf(number, sizeof(number), "%lld", (long long)t->number);
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_ticket_cannot,
				    number, t->state,
				    mdg_ticket_machine.events[event], NULL);
	}
	t->state = mdg_machine_state_name(&mdg_ticket_machine, to);
	t->changed_s = now_s;
	if (to == MDG_TICKET_CLOSED) {
		t->closed_s = now_s;
	} else if (to != MDG_TICKET_MERGED) {
		t->closed_s = 0;
		t->closing = NULL;
	}
	if (to != MDG_TICKET_HOLD)
		t->hold_reason = NULL;
	if (to != MDG_TICKET_WAITING)
		t->follow_up_s = 0;
	return true;
}

bool
mdg_desk_ticket_root(struct mdg_desk *d, int64_t id, struct mdg_arena *a,
		     struct mdg_ticket *ret, struct mdg_err *err)
{
	enum { MERGES_MAX = 100 };

	for (int i = 0; i < MERGES_MAX; i++) {
		enum mdg_found f = mdg_ticket_by_id(d->db, id, a, ret, err);
		if (f == MDG_NONE)
			return mdg_fail(err, MDG_ENOENT, "no ticket id %lld",
					(long long)id);
		if (f == MDG_FAILED)
			return false;
		if (!ret->merged_into)
			return true;
		id = ret->merged_into;
	}
	return mdg_fail(err, MDG_EBUG, "tickets merged in a circle at %lld",
			(long long)id);
}

bool
mdg_desk_void_approvals(struct mdg_desk *d, struct mdg_ticket *t,
			struct mdg_err *err)
{
	int64_t n;

	/* what some of the recipients have already stays on its way */
	return mdg_db_run(d->db, err,
			  "UPDATE outbox SET state = 'cancelled',"
			  " reason = 'customer wrote again'"
			  " WHERE ticket_id = ?1 AND kind = 'reply'"
			  " AND state = 'queued' AND NOT EXISTS (SELECT 1"
			  " FROM outbox_rcpt r WHERE r.outbox_id = outbox.id"
			  " AND r.state = 'accepted')",
			  "i", t->id) &&
	       mdg_db_run_n(d->db, &n, err,
			    "UPDATE draft SET state = 'editing', rev = rev + 1"
			    " WHERE ticket_id = ?1 AND state IN ('waiting',"
			    " 'approved', 'queued') AND NOT EXISTS (SELECT 1"
			    " FROM outbox o WHERE o.draft_id = draft.id AND"
			    " o.state NOT IN ('cancelled', 'failed'))",
			    "i", t->id) &&
	       (n == 0 ||
		(mdg_db_run(d->db, err,
			    "UPDATE revision SET state = 'void'"
			    " WHERE ticket_id = ?1"
			    " AND state IN ('waiting', 'approved')"
			    " AND draft_id IN (SELECT id FROM draft"
			    "  WHERE ticket_id = ?1 AND state = 'editing')",
			    "i", t->id) &&
		 mdg_desk_event(d, &mdg_actor_system, t, "revision.void",
				json_pack("{s:I}", "n", n), NULL, err)));
}

/* What belongs to `from` goes where people look for it. */
static bool
move_rows(struct mdg_desk *d, int64_t from, int64_t into, int64_t now_s,
	  struct mdg_err *err)
{
	static const char *const moves[] = {
		"UPDATE message SET ticket_id = ?2 WHERE ticket_id = ?1",
		"UPDATE draft SET ticket_id = ?2 WHERE ticket_id = ?1",
		"UPDATE revision SET ticket_id = ?2 WHERE ticket_id = ?1",
		"UPDATE outbox SET ticket_id = ?2 WHERE ticket_id = ?1",
	};

	for (size_t i = 0; i < MDG_LEN(moves); i++)
		if (!mdg_db_run(d->db, err, moves[i], "ii", from, into))
			return false;
	return mdg_db_run(d->db, err,
			  "UPDATE clock SET state = 'not_applicable',"
			  " stopped_s = ?2 WHERE ticket_id = ?1"
			  " AND state IN ('running', 'paused')",
			  "ii", from, now_s);
}

bool
mdg_desk_ticket_merge(struct mdg_desk *d, const struct mdg_actor *who,
		      struct mdg_ticket *into, struct mdg_ticket *from,
		      struct mdg_err *err)
{
	int64_t now_s = mdg_now_s();
	bool is_open = !mdg_streq(from->state, "closed");

	if (!mdg_desk_ticket_move(from, MDG_TICKET_EV_MERGE, now_s, err))
		return false;
	/* an open question stays open in a ticket that was closed */
	if (is_open && mdg_streq(into->state, "closed") &&
	    !mdg_desk_ticket_move(into, MDG_TICKET_EV_CUSTOMER, now_s, err))
		return false;
	from->merged_into = into->id;
	from->due_s = 0;
	if (from->inbound_s > into->inbound_s) {
		into->inbound_s = from->inbound_s;
		into->newest_message_id = from->newest_message_id;
	}
	if (!into->assignee_id)
		into->assignee_id = from->assignee_id;
	return move_rows(d, from->id, into->id, now_s, err) &&
	       mdg_desk_event(d, who, from, "ticket.merged",
			      json_pack("{s:I}", "into", into->id), NULL,
			      err) &&
	       mdg_ticket_update(d->db, from, err) &&
	       mdg_desk_event(d, who, into, "ticket.absorbed",
			      json_pack("{s:I,s:s}", "from", from->id, "state",
					into->state),
			      NULL, err) &&
	       mdg_desk_void_approvals(d, into, err) &&
	       mdg_desk_clocks(d, into, err) &&
	       mdg_ticket_update(d->db, into, err);
}
