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
	return mdg_desk_void_replies(d, t, "customer wrote again", err);
}

bool
mdg_desk_void_replies(struct mdg_desk *d, struct mdg_ticket *t,
		      const char *reason, struct mdg_err *err)
{
	int64_t n;

	/* what some of the recipients have already stays on its way */
	return mdg_db_run(d->db, err,
			  "UPDATE outbox SET state = 'cancelled',"
			  " reason = ?2"
			  " WHERE ticket_id = ?1 AND kind = 'reply'"
			  " AND state = 'queued' AND NOT EXISTS (SELECT 1"
			  " FROM outbox_rcpt r WHERE r.outbox_id = outbox.id"
			  " AND r.state IN ('accepted', 'bounced'))",
			  "is", t->id, reason) &&
	       mdg_db_run_n(d->db, &n, err,
			    "UPDATE draft SET state = 'editing', rev = rev + 1"
			    " WHERE ticket_id = ?1 AND state IN ('waiting',"
			    " 'approved', 'queued') AND NOT EXISTS (SELECT 1"
			    " FROM outbox o WHERE o.draft_id = draft.id AND"
			    " o.ticket_id = ?1 AND"
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
