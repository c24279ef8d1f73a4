/*
 * 再取込: a mail that could not be read before, read after all. It takes the
 * place of what stood for it, in one transaction and at most once: after that
 * its delivery is done.
 */
#include <string.h>

#include "intake-int.h"

#include "madoguchi/app/index.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"

bool
mdg_intake_unpoison(struct mdg_desk *d, struct mdg_intake *in, int64_t message,
		    struct mdg_err *err)
{
	int64_t ticket, others;
	struct mdg_ticket t;

	if (mdg_db_i64(d->db, &ticket, err,
		       "SELECT ticket_id FROM message WHERE id = ?1", "i",
		       message) != MDG_FOUND)
		return mdg_fail(err, MDG_ENOENT, "message %lld is gone",
				(long long)message);
	if (!mdg_desk_ticket_root(d, ticket, in->arena, &t, err) ||
	    mdg_db_i64(d->db, &others, err,
		       "SELECT COUNT(*) FROM message WHERE ticket_id = ?1"
		       " AND id <> ?2",
		       "ii", t.id, message) != MDG_FOUND ||
	    !mdg_index_forget(d, message, err) ||
	    !mdg_message_drop(d->db, message, err))
		return false;
	if (others)
		in->thread = (struct mdg_intake_thread){
			.ticket_id = t.id, .evidence = MDG_EV_MANUAL};
	else
		in->recovers = t.id;
	return true;
}

static bool
load(struct mdg_desk *d, const struct mdg_intake *in, struct mdg_ticket *ret,
     struct mdg_err *err)
{
	return mdg_ticket_by_id(d->db, in->recovers, in->arena, ret, err) ==
	       MDG_FOUND;
}

/* error, or what a person made of it, as a ticket that can be worked on */
static bool
reopen(struct mdg_ticket *t, const struct mdg_intake *in, struct mdg_err *err)
{
	if (mdg_streq(t->state, "error"))
		return mdg_desk_ticket_move(t, MDG_TICKET_EV_RECOVER, in->now_s,
					    err);
	return !mdg_streq(t->state, "closed") ||
	       mdg_desk_ticket_move(t, MDG_TICKET_EV_REOPEN, in->now_s, err);
}

bool
mdg_intake_recover(struct mdg_desk *d, const struct mdg_intake *in,
		   struct mdg_ticket *t, struct mdg_err *err)
{
	const struct mdg_ticket made = *t;

	if (!load(d, in, t, err) || !reopen(t, in, err))
		return false;
	t->win_id = made.win_id;
	t->subject = made.subject;
	t->customer_id = made.customer_id;
	t->is_history = made.is_history;
	if (mdg_streq(made.state, "closed")) {
		if (!mdg_desk_ticket_move(t, MDG_TICKET_EV_CLOSE, in->now_s,
					  err))
			return false;
		t->closing = made.closing;
	}
	return mdg_db_run(d->db, err,
			  "UPDATE ticket SET is_history = ?2 WHERE id = ?1",
			  "ii", t->id, (int64_t)t->is_history);
}

bool
mdg_intake_recovered_in(struct mdg_desk *d, const struct mdg_intake *in,
			struct mdg_ticket *into, struct mdg_err *err)
{
	struct mdg_ticket t;

	/* what its mail does to `into` was done as for any mail */
	return load(d, in, &t, err) && reopen(&t, in, err) &&
	       mdg_desk_ticket_move(&t, MDG_TICKET_EV_CLOSE, in->now_s, err) &&
	       mdg_desk_ticket_merge(d, &mdg_actor_system, into, &t, err);
}
