/* queue, ticket.take, ticket.next, ticket.distribute, thanks.list: the order
 * of work. */
#include "madoguchi/app/work.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/query/queue.h"

#include "act-int.h"

enum { THANKS_DAYS = 7, DAY_S = 86400, DISTRIBUTE_MAX = 500 };

static bool
queue(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_queue(c->desk->db, c->viewer,
			       mdg_arg_flag(c, "all") ? 0
						      : c->actor->person_id,
			       mdg_arg_text(c, "window", NULL), c->now_s,
			       mdg_arg_int(c, "limit", 50), c->result, err);
}

static bool
give(struct mdg_act_call *c, struct mdg_ticket *t, int64_t person,
     const char *how, struct mdg_err *err)
{
	int64_t was = t->assignee_id;

	t->assignee_id = person;
	return mdg_desk_event(c->desk, c->actor, t, "ticket.assign",
			      json_pack("{s:I,s:I,s:s,s:s}", "to", person,
					"was", was, "state", t->state, "by",
					how),
			      NULL, err) &&
	       mdg_desk_clocks(c->desk, t, err) &&
	       mdg_ticket_update(c->desk->db, t, err) &&
	       mdg_work_given(c->desk, person, c->now_s, err);
}

/* The most urgent that nobody has, for who asks: two never get the same. */
static bool
ticket_next(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_ticket t;
	int64_t id;

	if (!mdg_act_need_person(c, err))
		return false;
	enum mdg_found f = mdg_queue_next(c->desk->db, c->actor->person_id,
					  mdg_arg_text(c, "window", NULL),
					  c->now_s, &id, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_queue_empty, NULL);
	if (mdg_ticket_by_id(c->desk->db, id, c->arena, &t, err) !=
		    MDG_FOUND ||
	    !mdg_desk_ticket_move(&t, MDG_TICKET_EV_WORK, c->now_s, err) ||
	    !give(c, &t, c->actor->person_id, "next", err))
		return false;
	mdg_result_int(c, "ticket", t.number);
	mdg_result_text(c, "state", t.state);
	mdg_result_text(c, "subject", t.subject);
	return true;
}

static bool
ticket_take(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p;

	if (!mdg_act_need_person(c, err))
		return false;
	if (c->ticket.assignee_id &&
	    c->ticket.assignee_id != c->actor->person_id &&
	    !mdg_arg_flag(c, "force")) {
		if (mdg_person_by_id(c->desk->db, c->ticket.assignee_id,
				     c->arena, &p, err) != MDG_FOUND)
			return false;
		return mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_ticket_taken,
				    mdg_act_number(c, c->ticket.number),
				    p.name, NULL);
	}
	if (!mdg_desk_ticket_move(&c->ticket, MDG_TICKET_EV_WORK, c->now_s,
				  err) ||
	    !give(c, &c->ticket, c->actor->person_id, "take", err))
		return false;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	return true;
}

/* One ticket by whose turn it is. */
static bool
ticket_turn(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t person;
	enum mdg_found f = mdg_work_whose(c->desk, &c->ticket, c->now_s,
					  &person, err);

	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_nobody_free,
				    mdg_act_number(c, c->ticket.number), NULL);
	return give(c, &c->ticket, person, "turn", err);
}

/* 未割当, all at once, the most urgent first, as long as somebody has room. */
static bool
distribute(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t ids[DISTRIBUTE_MAX], person, given = 0;
	struct mdg_ticket t;
	size_t n;

	if (!mdg_queue_unassigned(c->desk->db, c->win.id, c->now_s, ids,
				  DISTRIBUTE_MAX, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (mdg_ticket_by_id(c->desk->db, ids[i], c->arena, &t, err) !=
		    MDG_FOUND)
			return false;
		enum mdg_found f = mdg_work_whose(c->desk, &t, c->now_s,
						  &person, err);
		/* nobody for this one: there may be somebody for the next */
		if (f == MDG_NONE)
			continue;
		if (f == MDG_FAILED || !give(c, &t, person, "turn", err))
			return false;
		given++;
	}
	mdg_result_int(c, "given", given);
	mdg_result_int(c, "left", (int64_t)n - given);
	return mdg_desk_event(c->desk, c->actor, NULL, "ticket.distribute",
			      json_pack("{s:s,s:I,s:I}", "window", c->win.code,
					"given", given, "left",
					(int64_t)n - given),
			      NULL, err);
}

static bool
thanks_list(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t days = mdg_arg_int(c, "days", THANKS_DAYS);

	return mdg_query_thanks(c->desk->db, c->viewer,
				mdg_arg_flag(c, "all") ? 0
						       : c->actor->person_id,
				c->now_s - days * DAY_S, c->result, err);
}

const struct mdg_act mdg_acts_queue[] = {
	{"queue", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true,
	 {{"all", 'b', false}, {"window", 's', false}, {"limit", 'i', false}},
	 queue},
	{"ticket.next", MDG_SCOPE_ANY, MDG_MEMBER_OPERATOR, false,
	 {{"window", 's', false}}, ticket_next},
	{"ticket.take", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"force", 'b', false}}, ticket_take},
	{"ticket.turn", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}}, ticket_turn},
	{"ticket.distribute", MDG_SCOPE_WINDOW, MDG_MEMBER_SV, false,
	 {{"window", 's', true}}, distribute},
	{"thanks.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true,
	 {{"all", 'b', false}, {"days", 'i', false}}, thanks_list},
	{0},
};
