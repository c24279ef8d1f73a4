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
mdg_desk_ticket_merge(struct mdg_desk *d, const struct mdg_actor *who,
		      struct mdg_ticket *into, struct mdg_ticket *from,
		      struct mdg_err *err)
{
	int64_t now_s = mdg_now_s();

	if (!mdg_desk_ticket_move(from, MDG_TICKET_EV_MERGE, now_s, err))
		return false;
	from->merged_into = into->id;
	from->due_s = 0;
	if (from->inbound_s > into->inbound_s) {
		into->inbound_s = from->inbound_s;
		into->newest_message_id = from->newest_message_id;
	}
	return mdg_db_run(d->db, err,
			  "UPDATE message SET ticket_id = ?2"
			  " WHERE ticket_id = ?1",
			  "ii", from->id, into->id) &&
	       mdg_db_run(d->db, err,
			  "UPDATE clock SET state = 'not_applicable',"
			  " stopped_s = ?2 WHERE ticket_id = ?1"
			  " AND state = 'running'",
			  "ii", from->id, now_s) &&
	       mdg_desk_event(d, who, from, "ticket.merged",
			      json_pack("{s:I}", "into", into->id), NULL,
			      err) &&
	       mdg_ticket_update(d->db, from, err) &&
	       mdg_desk_event(d, who, into, "ticket.absorbed",
			      json_pack("{s:I}", "from", from->id), NULL,
			      err) &&
	       mdg_ticket_update(d->db, into, err);
}
