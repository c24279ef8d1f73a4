/* ticket.merge, split, link, undo, and offers of the same. */
#include <string.h>

#include "madoguchi/app/regroup.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

#include "act-int.h"

/* The call is about another window's ticket too: is the actor's role there
 * enough? */
static bool
may_in(struct mdg_act_call *c, int64_t win, struct mdg_err *err)
{
	enum mdg_member_role role = c->role;
	bool novice;

	if (win != c->ticket.win_id && c->viewer &&
	    !mdg_member_get(c->desk->db, win, c->viewer, &role, &novice, err))
		return false;
	return role >= MDG_MEMBER_OPERATOR ||
	       mdg_fail_msg(err, MDG_EPERM, MDG_MSG_ticket_other_window,
			    mdg_member_role_name(MDG_MEMBER_OPERATOR), NULL);
}

static bool
other_ticket(struct mdg_act_call *c, const char *arg, struct mdg_ticket *ret,
	     struct mdg_err *err)
{
	int64_t number = mdg_arg_int(c, arg, 0);
	enum mdg_found f =
		mdg_ticket_by_number(c->desk->db, number, c->arena, ret, err);

	if (f == MDG_NONE)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_ticket_none,
				    mdg_act_number(c, number), NULL);
	if (f == MDG_FAILED ||
	    !mdg_desk_ticket_root(c->desk, ret->id, c->arena, ret, err) ||
	    !may_in(c, ret->win_id, err))
		return false;
	if (ret->id == c->ticket.id)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_ticket_same,
				    mdg_act_number(c, number), NULL);
	return true;
}

/* A ticket is answered by one draft at a time. */
static bool
one_draft(struct mdg_act_call *c, int64_t a, int64_t b, struct mdg_err *err)
{
	int64_t one, two;
	enum mdg_found f = mdg_draft_open(c->desk->db, a, &one, err);

	if (f == MDG_FOUND)
		f = mdg_draft_open(c->desk->db, b, &two, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE;
	return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_merge_two_drafts,
			    mdg_act_number(c, one), mdg_act_number(c, two),
			    NULL);
}

static bool
merge(struct mdg_act_call *c, struct mdg_ticket *into, struct mdg_ticket *from,
      struct mdg_err *err)
{
	mdg_result_int(c, "ticket", into->number);
	mdg_result_int(c, "merged", from->number);
	if (into->parent_id || from->parent_id)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_side_merge, NULL);
	if (into->customer_id != from->customer_id)
		json_object_set_new(c->result, "customers_differ", json_true());
	if (!one_draft(c, into->id, from->id, err) ||
	    !mdg_desk_ticket_merge(c->desk, c->actor, into, from, err))
		return false;
	mdg_result_text(c, "state", into->state);
	return true;
}

static bool
ticket_merge(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_ticket into;

	return other_ticket(c, "into", &into, err) &&
	       merge(c, &into, &c->ticket, err);
}

static bool
split(struct mdg_act_call *c, int64_t message, bool with_answers,
      const char *subject, struct mdg_err *err)
{
	int64_t ids[MDG_SPLIT_MAX] = {message};
	struct mdg_ticket made;
	size_t n = 1;

	if (with_answers &&
	    !mdg_desk_subthread(c->desk, c->ticket.id, message, ids, &n, err))
		return false;
	if (subject && strlen(subject) > MDG_SUBJECT_BYTES_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_subject_too_long,
				    NULL);
	if (!mdg_desk_ticket_split(c->desk, c->actor, &c->ticket, ids, n,
				   subject, c->arena, &made, err))
		return false;
	mdg_result_int(c, "ticket", made.number);
	mdg_result_int(c, "from", c->ticket.number);
	mdg_result_text(c, "state", made.state);
	mdg_result_int(c, "messages", (int64_t)n);
	return true;
}

static bool
ticket_split(struct mdg_act_call *c, struct mdg_err *err)
{
	return split(c, mdg_arg_int(c, "message", 0),
		     mdg_arg_flag(c, "answers"),
		     mdg_arg_text(c, "subject", NULL), err);
}

static bool
linked(struct mdg_act_call *c, const struct mdg_ticket *other, bool ok)
{
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_int(c, "other", other->number);
	mdg_result_text(c, "state", c->ticket.state);
	return ok;
}

static bool
ticket_link(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_ticket other;

	return other_ticket(c, "other", &other, err) &&
	       linked(c, &other,
		      mdg_desk_ticket_link(c->desk, c->actor, &c->ticket,
					   &other, "related", err));
}

static bool
ticket_unlink(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_ticket other;

	return other_ticket(c, "other", &other, err) &&
	       linked(c, &other,
		      mdg_desk_ticket_unlink(c->desk, c->actor, &c->ticket,
					     &other, err));
}

/* ---- undo ---- */

/* The step that is meant: the given one, if it is of this ticket, or the
 * ticket's newest. */
static bool
find_step(struct mdg_act_call *c, struct mdg_regroup *g, struct mdg_err *err)
{
	int64_t number = mdg_arg_int(c, "ticket", 0), step;
	struct mdg_ticket t;
	enum mdg_found f;

	/* of a merged ticket it is the merge, not what came to its heir */
	if (mdg_ticket_by_number(c->desk->db, number, c->arena, &t, err) !=
	    MDG_FOUND)
		return false;
	step = mdg_arg_int(c, "step", 0);
	f = MDG_FOUND;
	if (!step)
		f = mdg_regroup_newest(c->desk->db, t.id, &step, err);
	if (f == MDG_FOUND)
		f = mdg_regroup_by_id(c->desk->db, step, c->arena, g, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE ||
	    (g->ticket_id != t.id && g->other_id != t.id &&
	     g->ticket_id != c->ticket.id && g->other_id != c->ticket.id))
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_undo_nothing,
				    mdg_act_number(c, number), NULL);
	return true;
}

static bool
ticket_undo(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_regroup g;
	struct mdg_ticket one, two;

	if (!find_step(c, &g, err) ||
	    mdg_ticket_by_id(c->desk->db, g.ticket_id, c->arena, &one, err) !=
		    MDG_FOUND ||
	    mdg_ticket_by_id(c->desk->db, g.other_id, c->arena, &two, err) !=
		    MDG_FOUND ||
	    !may_in(c, one.win_id, err) || !may_in(c, two.win_id, err))
		return false;
	mdg_result_int(c, "step", g.id);
	mdg_result_text(c, "kind", g.kind);
	mdg_result_int(c, "ticket", one.number);
	mdg_result_int(c, "other", two.number);
	return (!mdg_streq(g.kind, "split") ||
		one_draft(c, one.id, two.id, err)) &&
	       mdg_desk_regroup_undo(c->desk, c->actor, g.id, err);
}

/* ---- offers ---- */

static bool
accept_merge(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_ticket into;

	if (!mdg_desk_ticket_root(c->desk, c->offer.other_id, c->arena, &into,
				  err) ||
	    !may_in(c, into.win_id, err))
		return false;
	if (into.id == c->ticket.id)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_ticket_same,
				    mdg_act_number(c, into.number), NULL);
	return merge(c, &into, &c->ticket, err);
}

static bool
accept_split(struct mdg_act_call *c, struct mdg_err *err)
{
	return split(c, c->offer.message_id, true, NULL, err);
}

static const struct {
	const char *kind;
	bool (*accept)(struct mdg_act_call *c, struct mdg_err *err);
} offers[] = {
	{"merge", accept_merge},
	{"split", accept_split},
	{"customer", mdg_act_accept_customer},
};

static bool
decide(struct mdg_act_call *c, const char *state, struct mdg_err *err)
{
	mdg_result_int(c, "offer", c->offer.id);
	if (!mdg_streq(c->offer.state, "open"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_offer_decided,
				    mdg_act_number(c, c->offer.id),
				    c->offer.state, NULL);
	return mdg_offer_decide(c->desk->db, c->offer.id, state, c->now_s,
				err) &&
	       mdg_desk_event(c->desk, c->actor, &c->ticket,
			      mdg_streq(state, "accepted") ? "offer.accepted"
							   : "offer.dismissed",
			      json_pack("{s:I,s:s,s:s}", "offer", c->offer.id,
					"kind", c->offer.kind, "reason",
					c->offer.reason),
			      NULL, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

static bool
offer_accept(struct mdg_act_call *c, struct mdg_err *err)
{
	if (!decide(c, "accepted", err))
		return false;
	for (size_t i = 0; i < MDG_LEN(offers); i++)
		if (mdg_streq(offers[i].kind, c->offer.kind))
			return offers[i].accept(c, err);
	return mdg_fail(err, MDG_EBUG, "offer of an unknown kind");
}

static bool
offer_dismiss(struct mdg_act_call *c, struct mdg_err *err)
{
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	return decide(c, "dismissed", err);
}

const struct mdg_act mdg_acts_regroup[] = {
	{"ticket.merge",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true}, {"into", 'i', true}},
	 ticket_merge},
	{"ticket.split",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true},
	  {"message", 'i', true},
	  {"answers", 'b', false},
	  {"subject", 's', false}},
	 ticket_split},
	{"ticket.link",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true}, {"other", 'i', true}},
	 ticket_link},
	{"ticket.unlink",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true}, {"other", 'i', true}},
	 ticket_unlink},
	{"ticket.undo",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true}, {"step", 'i', false}},
	 ticket_undo},
	{"offer.accept",
	 MDG_SCOPE_OFFER,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"offer", 'i', true}},
	 offer_accept},
	{"offer.dismiss",
	 MDG_SCOPE_OFFER,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"offer", 'i', true}},
	 offer_dismiss},
	{0},
};
