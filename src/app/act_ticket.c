/* ticket.*: what people do with a ticket, apart from answering it. */
#include <string.h>

#include "madoguchi/app/work.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/query/query.h"
#include "madoguchi/query/queue.h"

#include "act-int.h"

static bool
ticket_list(struct mdg_act_call *c, struct mdg_err *err)
{
	const struct mdg_ticket_filter f = {
		.state = mdg_arg_text(c, "state", NULL),
		.assignee = mdg_arg_text(c, "assignee", NULL),
		.window = mdg_arg_text(c, "window", NULL),
		.after = mdg_arg_text(c, "after", NULL),
		.viewer = c->viewer,
		.limit = mdg_arg_int(c, "limit", 50),
	};

	/* a misspelt state is no empty queue */
	if (f.state && *f.state && !mdg_streq(f.state, "all") &&
	    !mdg_streq(f.state, "returned") &&
	    mdg_machine_state(&mdg_ticket_machine, f.state) < 0)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_ticket_state_unknown,
				    f.state, NULL);
	return mdg_query_tickets(c->desk->db, &f, c->now_s, c->result, err);
}

static bool
ticket_show(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_ticket(c->desk->db, &c->ticket, c->now_s, c->result,
				err);
}

/* The same with everybody's address: what goes on paper. */
static bool
ticket_print(struct mdg_act_call *c, struct mdg_err *err)
{
	mdg_result_text(c, "window_name", c->win.name);
	return ticket_show(c, err) &&
	       mdg_query_addresses(c->desk->db, c->ticket.id, c->result, err);
}

/* Event, row and result of a ticket that was just changed. */
static bool
changed(struct mdg_act_call *c, const char *kind, json_t *codes,
	struct mdg_err *err)
{
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	return mdg_desk_event(c->desk, c->actor, &c->ticket, kind, codes, NULL,
			      err) &&
	       mdg_desk_clocks(c->desk, &c->ticket, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

bool
mdg_act_assignee(struct mdg_act_call *c, const char *login,
		 struct mdg_person *ret, struct mdg_err *err)
{
	enum mdg_member_role role;
	bool novice;
	enum mdg_found f =
		mdg_person_by_login(c->desk->db, login, c->arena, ret, err);

	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE || ret->disabled)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_person_none,
				    login, NULL);
	if (!mdg_member_get(c->desk->db, c->win.id, ret->id, &role, &novice,
			    err))
		return false;
	return role >= MDG_MEMBER_OPERATOR || ret->is_admin ||
	       mdg_fail_msg(err, MDG_EPERM, MDG_MSG_person_no_member, login,
			    c->win.name, NULL);
}

static bool
ticket_assign(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *to = mdg_arg_text(c, "to", NULL);
	struct mdg_person p = {.id = 0};
	bool away = false;

	if (to && (!mdg_act_assignee(c, to, &p, err) ||
		   !mdg_work_is_absent(c->desk, p.id, c->now_s, &away, err)))
		return false;
	/* oneself: whoever takes something is there after all */
	if (away && p.id != c->actor->person_id)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_person_absent, to,
				    NULL);
	if (!mdg_desk_ticket_move(&c->ticket,
				  to ? MDG_TICKET_EV_WORK
				     : MDG_TICKET_EV_RELEASE,
				  c->now_s, err))
		return false;
	int64_t was = c->ticket.assignee_id;
	c->ticket.assignee_id = p.id;
	return changed(c, "ticket.assign",
		       json_pack("{s:I,s:I,s:s}", "to", p.id, "was", was,
				 "state", c->ticket.state),
		       err);
}

static const char *const closing_kinds[] = {
	"replied", "no_reply", "thanks", "sales", "duplicate", "spam"};

bool
mdg_act_closing(const char *kind, struct mdg_err *err)
{
	for (size_t i = 0; i < MDG_LEN(closing_kinds); i++)
		if (mdg_streq(closing_kinds[i], kind))
			return true;
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_closing_unknown, kind,
			    NULL);
}

static bool
ticket_close(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *kind = mdg_arg_text(c, "kind", "no_reply");

	if (!mdg_act_closing(kind, err) ||
	    !mdg_desk_ticket_move(&c->ticket, MDG_TICKET_EV_CLOSE, c->now_s,
				  err))
		return false;
	c->ticket.closing = kind;
	return changed(c, "ticket.close",
		       json_pack("{s:s,s:s}", "closing", kind, "state",
				 "closed"),
		       err);
}

static bool
ticket_reopen(struct mdg_act_call *c, struct mdg_err *err)
{
	if (!mdg_desk_ticket_move(&c->ticket, MDG_TICKET_EV_REOPEN, c->now_s,
				  err) ||
	    !changed(c, "ticket.reopen",
		     json_pack("{s:s}", "state", c->ticket.state), err))
		return false;
	/* oneself: whoever opens it again is there after all */
	return c->ticket.assignee_id == c->actor->person_id ||
	       (mdg_work_leave_absent(c->desk, &c->ticket, err) &&
		mdg_ticket_update(c->desk->db, &c->ticket, err));
}

static bool
ticket_hold(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *reason = mdg_arg_text(c, "reason", "");

	if (strspn(reason, " \t\n") == strlen(reason))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_hold_reason,
				    mdg_act_number(c, c->ticket.number), NULL);
	if (!mdg_desk_ticket_move(&c->ticket, MDG_TICKET_EV_HOLD, c->now_s,
				  err))
		return false;
	c->ticket.hold_reason = reason;
	return changed(c, "ticket.hold",
		       json_pack("{s:s,s:s}", "state", c->ticket.state, "side",
				 mdg_arg_flag(c, "customer") ? "customer"
							     : "ours"),
		       err);
}

/* お約束: until when something was promised; without a time, no longer. */
static bool
ticket_promise(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t due_s = mdg_arg_int(c, "due_s", 0);

	if (!mdg_act_when(c, "due", &due_s, err))
		return false;
	if (due_s && due_s <= c->now_s)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_promise_past,
				    NULL);
	if (mdg_streq(c->ticket.state, "closed"))
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_promise_closed,
				    mdg_act_number(c, c->ticket.number), NULL);
	return changed(c, "ticket.promise", json_pack("{s:I}", "due_s", due_s),
		       err);
}

static bool
trace(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *what = mdg_arg_text(c, "what", "");

	if (!mdg_query_trace(c->desk->db, c->viewer, what, c->result, err))
		return false;
	if (json_object_size(c->result) == 0)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_trace_none, what,
				    NULL);
	return true;
}

const struct mdg_act mdg_acts_ticket[] = {
	{"ticket.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true,
	 {{"state", 's', false}, {"assignee", 's', false},
	  {"window", 's', false}, {"limit", 'i', false},
	  {"after", 's', false}},
	 ticket_list},
	{"ticket.show", MDG_SCOPE_TICKET, MDG_MEMBER_VIEWER, MDG_VIEWS,
	 {{"ticket", 'i', true}},
	 ticket_show},
	{"ticket.print", MDG_SCOPE_TICKET, MDG_MEMBER_VIEWER, MDG_VIEWS,
	 {{"ticket", 'i', true}},
	 ticket_print},
	{"ticket.assign", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"to", 's', false}},
	 ticket_assign},
	{"ticket.close", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"kind", 's', false}},
	 ticket_close},
	{"ticket.reopen", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}},
	 ticket_reopen},
	{"ticket.hold", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"reason", 's', true},
	  {"customer", 'b', false}},
	 ticket_hold},
	{"ticket.promise", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"due_s", 'i', false}, {"due", 's', false}},
	 ticket_promise},
	{"trace", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true,
	 {{"what", 's', true}},
	 trace},
	{0},
};
