/* Answers that came before what they answer: whose are they? */
#include "intake-int.h"

#include "madoguchi/app/regroup.h"
#include "madoguchi/base/str.h"

/* The other mails of its ticket that an answer names. */
struct named {
	struct mdg_ref_hit v[MDG_REF_HITS_MAX];
	size_t n;
};

static bool
read_named(struct mdg_desk *d, const struct mdg_intake *in,
	   const struct mdg_ref_hit *answer, struct named *ret,
	   struct mdg_err *err)
{
	return mdg_ref_named(d->db, answer->message_id, answer->ticket_id,
			     in->arena, ret->v, &ret->n, err);
}

bool
mdg_intake_claimed(struct mdg_desk *d, const struct mdg_intake *in,
		   const struct mdg_ref_hit *answer, bool is_weak, bool *ret,
		   struct mdg_err *err)
{
	const struct mdg_thread_mail a = mdg_intake_hit_mail(in, answer);
	struct named named;

	*ret = false;
	if (!read_named(d, in, answer, &named, err))
		return false;
	for (size_t i = 0; i < named.n; i++) {
		const struct mdg_thread_mail b =
			mdg_intake_hit_mail(in, &named.v[i]);
		/* his word for what he named before */
		if (mdg_streq(answer->from_key, in->self.from_key) &&
		    mdg_intake_vouches_for_himself(in, &named.v[i]))
			continue;
		if (mdg_thread_knows(&b, &in->self) ||
		    (!is_weak && mdg_thread_admits(&b, &a)))
			return true;
	}
	*ret = named.n > 0;
	return true;
}

bool
mdg_intake_hold(struct mdg_desk *d, const struct mdg_ref_hit *answer,
		enum mdg_hold *ret, struct mdg_err *err)
{
	enum { FREE_MAX = 30 }; /* a long exchange has ties enough */
	int64_t ids[MDG_SPLIT_MAX], all;
	size_t n;

	*ret = MDG_HOLD_MANY;
	if (mdg_db_i64(d->db, &all, err,
		       "SELECT COUNT(*) FROM message WHERE ticket_id = ?1", "i",
		       answer->ticket_id) != MDG_FOUND)
		return false;
	if (all > FREE_MAX)
		return true;
	if (!mdg_desk_subthread(d, answer->ticket_id, answer->message_id, ids,
				&n, err))
		return false;
	*ret = all == (int64_t)n ? MDG_HOLD_FREE : MDG_HOLD_TIED;
	return true;
}

/* Does a mail that answers the answer come from one it names? */
static bool
is_tied(const struct mdg_intake *in, const struct mdg_ref_hit *answer,
	const struct mdg_ref_hit *named, int64_t message, const char *from_key)
{
	return named->message_id == message ||
	       (mdg_streq(named->from_key, from_key) &&
		!mdg_streq(named->from_key, answer->from_key) &&
		!mdg_intake_hit_mail(in, named).is_ours);
}

enum tie { LOOSE, WORKED_ON, ACQUAINTED };

/* Does what hangs on the answer tie it to those it names? */
static bool
tie_of(struct mdg_desk *d, const struct mdg_intake *in,
       const struct mdg_ref_hit *answer, const struct named *named,
       const int64_t *ids, size_t n, enum tie *ret, struct mdg_err *err)
{
	*ret = LOOSE;
	for (size_t i = 0; i < n && *ret != ACQUAINTED; i++) {
		MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
		if (!mdg_db_query(d->db, &r, err,
				  "SELECT direction, from_key FROM message"
				  " WHERE id = ?1",
				  "i", ids[i]))
			return false;
		if (!mdg_rows_next(r))
			continue;
		if (mdg_streq(mdg_rows_text(r, 0), "out"))
			*ret = WORKED_ON;
		for (size_t k = 0; k < named->n; k++)
			if (is_tied(in, answer, &named->v[k], ids[i],
				    mdg_rows_text(r, 1)))
				*ret = ACQUAINTED;
	}
	return true;
}

/* Has nobody begun with it? */
static bool
is_untouched(struct mdg_desk *d, const struct mdg_ticket *t, bool *ret,
	     struct mdg_err *err)
{
	int64_t drafts;

	if (mdg_db_i64(d->db, &drafts, err,
		       "SELECT COUNT(*) FROM draft WHERE ticket_id = ?1", "i",
		       t->id) != MDG_FOUND)
		return false;
	*ret = !drafts && !t->assignee_id && !t->parent_id &&
	       (t->is_history || mdg_streq(t->state, "new"));
	return true;
}

/* The customer of a ticket whose first mail has gone elsewhere. */
static bool
set_customer(struct mdg_desk *d, const struct mdg_intake *in,
	     struct mdg_ticket *t, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_address from = {0};

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT from_name, from_address, from_key"
			  " FROM message WHERE ticket_id = ?1"
			  " AND direction = 'in' ORDER BY received_s, id"
			  " LIMIT 1",
			  "i", t->id))
		return false;
	if (mdg_rows_next(r))
		from = (struct mdg_address){
			mdg_arena_strdup(in->arena, mdg_rows_text(r, 0)),
			mdg_arena_strdup(in->arena, mdg_rows_text(r, 1)),
			mdg_arena_strdup(in->arena, mdg_rows_text(r, 2))};
	if (!mdg_rows_close(&r, err))
		return false;
	return !from.key || !*from.key ||
	       (mdg_customer_of(d->db, &from, in->now_s, &t->customer_id,
				err) &&
		mdg_ticket_update(d->db, t, err));
}

static bool
has(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

bool
mdg_intake_reclaim(struct mdg_desk *d, const struct mdg_intake *in,
		   const struct mdg_ref_hit *answer,
		   const struct mdg_intake_via *via, size_t via_n,
		   int64_t *ret_ticket, struct mdg_err *err)
{
	int64_t ids[MDG_SPLIT_MAX], ticket;
	struct mdg_ticket t, own;
	struct named named;
	size_t n;
	enum tie tie;
	bool untouched;

	*ret_ticket = 0;
	if (mdg_db_i64(d->db, &ticket, err,
		       "SELECT ticket_id FROM message WHERE id = ?1", "i",
		       answer->message_id) != MDG_FOUND)
		return false;
	if (ticket != answer->ticket_id) {
		*ret_ticket = ticket; /* it has gone along with another */
		return true;
	}
	if (!mdg_desk_ticket_root(d, ticket, in->arena, &t, err) ||
	    !read_named(d, in, answer, &named, err) ||
	    !mdg_desk_subthread(d, t.id, answer->message_id, ids, &n, err) ||
	    !tie_of(d, in, answer, &named, ids, n, &tie, err) ||
	    !is_untouched(d, &t, &untouched, err))
		return false;
	for (size_t i = 0; i < via_n; i++)
		if (via[i].ticket_id == t.id && !has(ids, n, via[i].message_id))
			tie = ACQUAINTED;
	if (tie == ACQUAINTED)
		*ret_ticket = t.id;
	if (tie != LOOSE || !untouched)
		return true;
	if (!mdg_desk_ticket_split(d, &mdg_actor_system, &t, ids, n, NULL,
				   in->arena, &own, err) ||
	    !set_customer(d, in, &t, err))
		return false;
	*ret_ticket = own.id;
	return true;
}
