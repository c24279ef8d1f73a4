/* Splits and taking them back; offers. */
#include <string.h>

#include "madoguchi/app/work.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/store/st_mail.h"
#include "regroup-int.h"

/* ---- what goes ---- */

static bool
has(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

bool
mdg_desk_subthread(struct mdg_desk *d, int64_t ticket, int64_t message,
		   int64_t ids[MDG_SPLIT_MAX], size_t *ret_n,
		   struct mdg_err *err)
{
	int64_t next[MDG_SPLIT_MAX];
	size_t n = 1, more;

	ids[0] = message;
	for (size_t i = 0; i < n; i++) {
		if (!mdg_message_answers(d->db, ticket, ids[i], next,
					 MDG_SPLIT_MAX, &more, err))
			return false;
		for (size_t k = 0; k < more && n < MDG_SPLIT_MAX; k++)
			if (!has(ids, n, next[k]))
				ids[n++] = next[k];
	}
	*ret_n = n;
	return true;
}

/* The first mail from outside among them, and that one stays behind. */
static bool
check(struct mdg_desk *d, const struct mdg_ticket *t, const int64_t *ids,
      size_t n, int64_t *ret_first, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t found = 0, all = 0, staying = 0;
	char number[24];

	*ret_first = 0;
	snprintf(number, sizeof(number), "%lld", (long long)t->number);
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT id, direction FROM message"
			  " WHERE ticket_id = ?1 ORDER BY received_s, id",
			  "i", t->id))
		return false;
	while (mdg_rows_next(r)) {
		bool in = mdg_streq(mdg_rows_text(r, 1), "in");
		all++;
		if (!has(ids, n, mdg_rows_i64(r, 0))) {
			staying += in;
			continue;
		}
		found++;
		if (in && !*ret_first)
			*ret_first = mdg_rows_i64(r, 0);
	}
	if (!mdg_rows_close(&r, err))
		return false;
	if (found < n)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_split_not_there,
				    number, NULL);
	if (!*ret_first)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_split_no_mail_in,
				    number, NULL);
	if (!staying)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_split_all, number,
				    NULL);
	return true;
}

/* The new ticket, as its first mail makes it. */
static bool
new_ticket(struct mdg_desk *d, const struct mdg_ticket *t, int64_t first,
	   const char *subject, struct mdg_arena *a, struct mdg_ticket *ret,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT subject, from_name, from_address, from_key,"
			  " received_s FROM message WHERE id = ?1",
			  "i", first))
		return false;
	if (!mdg_rows_next(r))
		return mdg_fail(err, MDG_ENOENT, "message %lld is gone",
				(long long)first);
	const struct mdg_address from = {
		mdg_arena_strdup(a, mdg_rows_text(r, 1)),
		mdg_arena_strdup(a, mdg_rows_text(r, 2)),
		mdg_arena_strdup(a, mdg_rows_text(r, 3))};
	*ret = (struct mdg_ticket){
		.win_id = t->win_id,
		.subject = subject ? subject
				   : mdg_arena_strdup(a, mdg_rows_text(r, 0)),
		.state = t->is_history ? "closed" : "new",
		.closing = t->is_history ? "history" : NULL,
		.closed_s = t->is_history ? t->closed_s : 0,
		.created_s = mdg_rows_i64(r, 4),
		.inbound_s = mdg_rows_i64(r, 4),
		.is_history = t->is_history,
	};
	return mdg_rows_close(&r, err) &&
	       (!*from.key || mdg_customer_of(d->db, &from, mdg_now_s(),
					      &ret->customer_id, err)) &&
	       mdg_ticket_add(d->db, ret, err);
}

/*
 * The mail that goes had opened the ticket again: without it, it is as it was
 * before. Only where our answer is the last word that stays.
 */
static bool
settle_old(struct mdg_desk *d, struct mdg_ticket *t, int64_t step,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *was = NULL;
	bool answered = false;

	if (!mdg_streq(t->state, "new"))
		return true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT direction FROM message WHERE ticket_id = ?1"
			  " AND class = 'ordinary'"
			  " ORDER BY received_s DESC, id DESC LIMIT 1",
			  "i", t->id))
		return false;
	if (mdg_rows_next(r))
		answered = mdg_streq(mdg_rows_text(r, 0), "out");
	if (!mdg_rows_close(&r, err))
		return false;
	if (!answered)
		return true;
	if (!mdg_db_query(d->db, &r, err,
			  "SELECT codes FROM event WHERE ticket_id = ?1"
			  " AND kind = 'mail.in' ORDER BY ticket_rev DESC"
			  " LIMIT 20",
			  "i", t->id))
		return false;
	json_t *codes = NULL;
	while (!was && mdg_rows_next(r)) {
		int64_t moved = 0, message;
		json_decref(codes);
		codes = json_loads(mdg_rows_text(r, 0), 0, NULL);
		message = json_integer_value(json_object_get(codes, "message"));
		was = json_string_value(json_object_get(codes, "was"));
		if (!was)
			continue;
		if (mdg_db_i64(d->db, &moved, err,
			       "SELECT COUNT(*) FROM regroup_item"
			       " WHERE regroup_id = ?1 AND kind = 'message'"
			       " AND item_id = ?2",
			       "ii", step, message) != MDG_FOUND ||
		    !moved)
			break;
	}
	bool ok = mdg_rows_close(&r, err);
	if (ok && mdg_streq(was, "closed")) {
		ok = mdg_desk_ticket_move(t, MDG_TICKET_EV_CLOSE, mdg_now_s(),
					  err);
		t->closing = "replied";
	} else if (ok && mdg_streq(was, "waiting")) {
		ok = mdg_desk_ticket_move(t, MDG_TICKET_EV_WAIT, mdg_now_s(),
					  err);
	}
	json_decref(codes);
	return ok;
}

static bool
split_events(struct mdg_desk *d, const struct mdg_actor *who,
	     const struct mdg_regroup *g, struct mdg_ticket *t,
	     struct mdg_ticket *to, struct mdg_err *err)
{
	json_t *took, *gave;

	if (!mdg_regroup_took(d, g->id, 0, &took, err))
		return false;
	if (!mdg_regroup_gave(d, g->id, 0, &gave, err)) {
		json_decref(took);
		return false;
	}
	return mdg_desk_event(d, who, to, "ticket.split_off",
			      json_pack("{s:I,s:I,s:s,s:b,s:o}", "from", t->id,
					"step", g->id, "state", to->state,
					"created", 1, "took", took),
			      NULL, err) &&
	       mdg_desk_event(d, who, t, "ticket.split",
			      json_pack("{s:I,s:I,s:s,s:o}", "to", to->id,
					"step", g->id, "state", t->state,
					"gave", gave),
			      NULL, err);
}

bool
mdg_desk_ticket_split(struct mdg_desk *d, const struct mdg_actor *who,
		      struct mdg_ticket *t, const int64_t *messages, size_t n,
		      const char *subject, struct mdg_arena *a,
		      struct mdg_ticket *ret, struct mdg_err *err)
{
	struct mdg_regroup g;
	json_t *before;
	int64_t first;

	if (!check(d, t, messages, n, &first, err) ||
	    !mdg_desk_void_approvals(d, t, err) ||
	    !new_ticket(d, t, first, subject, a, ret, err) ||
	    !mdg_regroup_begin(d, who, "split", t, ret, &g, &before, err))
		return false;
	bool ok = true;
	for (size_t i = 0; i < n && ok; i++)
		ok = mdg_regroup_item_add(d->db, g.id, "message", messages[i],
					  err);
	ok = ok && mdg_regroup_items_move(d->db, g.id, t->id, ret->id, err) &&
	     mdg_regroup_newest_mail(d, ret, err) &&
	     (has(messages, n, t->newest_message_id)
		      ? mdg_regroup_newest_mail(d, t, err)
		      : true) &&
	     settle_old(d, t, g.id, err);
	if (!ok) {
		json_decref(before);
		return false;
	}
	return mdg_regroup_end(d, &g, before, t, ret, err) &&
	       mdg_regroup_participants(d, ret->id, err) &&
	       mdg_regroup_participants_go(d, t->id, ret->id, err) &&
	       mdg_link_put(d->db, ret->id, t->id, "split", err) &&
	       mdg_apart_put(d->db, t->id, ret->id, err) &&
	       split_events(d, who, &g, t, ret, err) &&
	       mdg_desk_clocks(d, ret, err) &&
	       mdg_ticket_update(d->db, ret, err) &&
	       mdg_desk_clocks(d, t, err) && mdg_ticket_update(d->db, t, err);
}

/* ---- taking it back: the new ticket becomes a pointer to the old ---- */

static bool
rejoin_events(struct mdg_desk *d, const struct mdg_actor *who,
	      const struct mdg_regroup *g, struct mdg_ticket *old,
	      struct mdg_ticket *from, struct mdg_err *err)
{
	json_t *took;

	return mdg_regroup_took(d, g->id, 0, &took, err) &&
	       mdg_desk_event(d, who, old, "ticket.rejoined",
			      json_pack("{s:I,s:I,s:s,s:o}", "from", from->id,
					"step", g->id, "state", old->state,
					"took", took),
			      NULL, err) &&
	       mdg_desk_event(d, who, from, "ticket.merged",
			      json_pack("{s:I,s:I}", "into", old->id, "step",
					g->id),
			      NULL, err);
}

bool
mdg_regroup_undo_split(struct mdg_desk *d, const struct mdg_actor *who,
		       struct mdg_regroup *g, const json_t *state,
		       struct mdg_arena *a, struct mdg_err *err)
{
	const json_t *before = json_object_get(state, "before");
	const json_t *after = json_object_get(state, "after");
	struct mdg_ticket old, from;
	bool is_newest;

	if (mdg_ticket_by_id(d->db, g->ticket_id, a, &old, err) != MDG_FOUND ||
	    mdg_ticket_by_id(d->db, g->other_id, a, &from, err) != MDG_FOUND ||
	    !mdg_regroup_may_undo(d, g, &from, err) ||
	    !mdg_regroup_may_undo(d, g, &old, err) ||
	    !mdg_regroup_is_newest(d, g, old.id, &is_newest, err) ||
	    !mdg_desk_void_approvals(d, &from, err) ||
	    !mdg_desk_void_approvals(d, &old, err))
		return false;
	bool touched = from.newest_message_id > g->last_message_id;
	bool newer = old.newest_message_id > g->last_message_id;
	/* all that is in it now goes along */
	if (!mdg_regroup_items_of(d->db, g->id, from.id, err) ||
	    !mdg_regroup_items_move(d->db, g->id, from.id, old.id, err) ||
	    !mdg_desk_ticket_move(&from, MDG_TICKET_EV_MERGE, mdg_now_s(), err))
		return false;
	from.merged_into = old.id;
	mdg_regroup_restore(&old, json_object_get(before, "one"),
			    json_object_get(after, "one"), is_newest);
	if ((touched || newer) && !mdg_regroup_newest_mail(d, &old, err))
		return false;
	if (touched && mdg_streq(old.state, "closed") &&
	    !mdg_desk_ticket_move(&old, MDG_TICKET_EV_CUSTOMER, mdg_now_s(),
				  err))
		return false;
	return mdg_regroup_participants_come(d, from.id, old.id, err) &&
	       mdg_link_drop(d->db, from.id, old.id, err) &&
	       mdg_apart_drop(d->db, from.id, old.id, err) &&
	       mdg_desk_clocks_stop(d, &from, err) &&
	       rejoin_events(d, who, g, &old, &from, err) &&
	       mdg_ticket_update(d->db, &from, err) &&
	       mdg_work_leave_absent(d, &old, err) &&
	       mdg_desk_clocks(d, &old, err) &&
	       mdg_ticket_update(d->db, &old, err);
}

/* ---- offers ---- */

bool
mdg_desk_offer(struct mdg_desk *d, int64_t ticket, const char *kind,
	       int64_t other, int64_t message, const char *reason,
	       struct mdg_err *err)
{
	const struct mdg_offer o = {
		.ticket_id = ticket,
		.kind = kind,
		.other_id = other,
		.message_id = message,
		.reason = reason,
		.made_s = mdg_now_s(),
	};

	return mdg_offer_add(d->db, &o, err);
}
