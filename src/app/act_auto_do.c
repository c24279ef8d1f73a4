/* ticket.move, ticket.receipt: what automatic rules do beside what people do
 * with a ticket all day. */
#include <string.h>

#include "madoguchi/app/autorule.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/store/st_mail.h"

#include "act-int.h"
#include "receipt-int.h"

/* ---- another window ---- */

/* A letter on its way, or with a lead, is that window's. */
static bool
nothing_waits(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t draft;
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &draft, err,
		"SELECT id FROM draft WHERE ticket_id = ?1 AND state IN"
		" ('waiting', 'approved', 'queued', 'sending', 'unknown')"
		" LIMIT 1",
		"i", c->ticket.id);

	if (f == MDG_FOUND)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_move_draft,
				    mdg_act_number(c, c->ticket.number),
				    mdg_act_number(c, draft), NULL);
	return f == MDG_NONE;
}

/* Whoever does not work there has it no more. */
static bool
leave(struct mdg_act_call *c, struct mdg_ticket *t, const struct mdg_win *to,
      struct mdg_err *err)
{
	enum mdg_member_role role;
	struct mdg_person p;
	bool novice;

	if (!t->assignee_id)
		return true;
	if (!mdg_member_get(c->desk->db, to->id, t->assignee_id, &role,
			    &novice, err) ||
	    mdg_person_by_id(c->desk->db, t->assignee_id, c->arena, &p, err) !=
		    MDG_FOUND)
		return false;
	if (role >= MDG_MEMBER_OPERATOR || p.is_admin)
		return true;
	t->assignee_id = 0;
	return !mdg_streq(t->state, "working") ||
	       mdg_desk_ticket_move(t, MDG_TICKET_EV_RELEASE, c->now_s, err);
}

static bool
put_into(struct mdg_act_call *c, struct mdg_ticket *t, const struct mdg_win *to,
	 struct mdg_err *err)
{
	if (!leave(c, t, to, err))
		return false;
	t->win_id = to->id;
	return mdg_db_run(c->desk->db, err,
			  "UPDATE draft SET win_id = ?2 WHERE ticket_id = ?1"
			  " AND state IN ('editing', 'returned')",
			  "ii", t->id, to->id) &&
	       mdg_desk_event(c->desk, c->actor, t, "ticket.move",
			      json_pack("{s:s,s:s,s:s}", "was", c->win.code,
					"to", to->code, "state", t->state),
			      NULL, err) &&
	       mdg_desk_clocks(c->desk, t, err) &&
	       mdg_ticket_update(c->desk->db, t, err);
}

/* Side threads (照会) go with it. */
static bool
take_sides(struct mdg_act_call *c, const struct mdg_win *to,
	   struct mdg_err *err)
{
	struct mdg_ticket side;
	int64_t id = 0;

	for (;;) {
		enum mdg_found f = mdg_db_i64(
			c->desk->db, &id, err,
			"SELECT id FROM ticket WHERE parent_id = ?1"
			" AND id > ?2 AND state <> 'merged'"
			" ORDER BY id LIMIT 1",
			"ii", c->ticket.id, id);
		if (f != MDG_FOUND)
			return f == MDG_NONE;
		if (mdg_ticket_by_id(c->desk->db, id, c->arena, &side, err) !=
			    MDG_FOUND ||
		    !put_into(c, &side, to, err))
			return false;
	}
}

/* The clocks go on as they were promised where the mail came in. */
static bool
ticket_move(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *code = mdg_arg_text(c, "to", "");
	struct mdg_win to;
	enum mdg_found f = mdg_win_by_code(c->desk->db, code, c->arena, &to,
					   err);

	if (f != MDG_FOUND)
		return f == MDG_NONE && mdg_fail_msg(err, MDG_ENOENT,
						     MDG_MSG_win_none, code,
						     NULL);
	if (to.id == c->win.id)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_move_same,
				    mdg_act_number(c, c->ticket.number), code,
				    NULL);
	if (c->ticket.parent_id)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_move_side,
				    mdg_act_number(c, c->ticket.number), NULL);
	if (!nothing_waits(c, err) || !mdg_act_unlock(c, err) ||
	    !put_into(c, &c->ticket, &to, err) || !take_sides(c, &to, err))
		return false;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	mdg_result_text(c, "window", to.code);
	/* it has arrived there */
	return mdg_autorule_note(c->desk, &c->ticket, "arrival", err);
}

/* ---- an automatic answer ---- */

/* The customer's newest mail, as far as an automatic answer looks at it. */
static bool
load_mail(struct mdg_act_call *c, struct mdg_mail *m, const char **ret_flags,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret_flags = "{}";
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT x.role, x.name, x.address, x.key, m.flags"
			  " FROM message m JOIN message_address x"
			  " ON x.message_id = m.id WHERE m.id = ?1"
			  " AND m.direction = 'in' AND m.class = 'ordinary'"
			  " AND x.role IN ('from', 'to', 'cc', 'customer')"
			  " ORDER BY x.role, x.n",
			  "i", c->ticket.newest_message_id))
		return false;
	while (mdg_rows_next(r)) {
		const char *role = mdg_rows_text(r, 0);
		bool customer = mdg_streq(role, "customer");
		struct mdg_addresses *l = mdg_streq(role, "to")	  ? &m->to
					  : mdg_streq(role, "cc") ? &m->cc
								  : &m->from;
		*ret_flags = mdg_arena_strdup(c->arena, mdg_rows_text(r, 4));
		/* "customer" sorts first: for whom a form speaks */
		if (mdg_streq(role, "from") && m->from.n)
			continue;
		if (customer && m->from.n)
			continue;
		mdg_addresses_add(l, &m->arena, mdg_rows_text(r, 1),
				  mdg_rows_text(r, 2), mdg_rows_text(r, 3));
	}
	return mdg_rows_close(&r, err);
}

/* The same template twice in one ticket is a loop, whatever set it off. */
static bool
has_had(struct mdg_act_call *c, const char *template_id, bool *ret,
	struct mdg_err *err)
{
	int64_t n;
	bool ok = mdg_db_i64(c->desk->db, &n, err,
			     "SELECT COUNT(*) FROM outbox o JOIN revision r"
			     " ON r.id = o.revision_id WHERE o.ticket_id = ?1"
			     " AND o.kind = 'receipt'"
			     " AND SUBSTR(r.comment, 1, LENGTH(?2)) = ?2",
			     "is", c->ticket.id,
			     mdg_arena_printf(c->arena, "%s@", template_id)) ==
		  MDG_FOUND;

	*ret = ok && n > 0;
	return ok;
}

static const char *
unfit(const struct mdg_ticket *t, const struct mdg_mail *m, const char *flags,
      bool had)
{
	json_t *o = json_loads(flags, 0, NULL);
	bool spam = json_object_get(o, "spam") ||
		    json_object_get(o, "spam_suspected") ||
		    mdg_streq(t->closing ? t->closing : "", "spam");

	json_decref(o);
	return had ? "again" : spam ? "spam" : !m->from.n ? "no_mail" : NULL;
}

static bool
ticket_receipt(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	const char *template_id = mdg_arg_text(c, "template", "");
	const char *flags, *why;
	bool had;

	if (!load_mail(c, m, &flags, err) ||
	    !has_had(c, template_id, &had, err))
		return false;
	json_t *o = json_loads(flags, 0, NULL);
	m->no_auto_reply = json_object_get(o, "no_auto_reply") != NULL;
	m->from_spoofed = json_object_get(o, "spoofed") != NULL;
	json_decref(o);
	why = c->ticket.parent_id ? "side" : unfit(&c->ticket, m, flags, had);
	/* a rule knows when it is time: no answer of it is late */
	if (why ? !mdg_desk_event(c->desk, c->actor, &c->ticket,
				  "receipt.skipped",
				  json_pack("{s:s}", "why", why), NULL, err)
		: !mdg_receipt_send(c->desk, m, &c->ticket, template_id,
				    mdg_arg_int(c, "version", 0), c->now_s,
				    &why, err))
		return false;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "skipped", why);
	return mdg_ticket_update(c->desk->db, &c->ticket, err);
}

const struct mdg_act mdg_acts_auto_do[] = {
	{"ticket.move", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"to", 's', true}}, ticket_move},
	{"ticket.receipt", MDG_SCOPE_TICKET, MDG_MEMBER_SV, false,
	 {{"ticket", 'i', true}, {"template", 's', true},
	  {"version", 'i', true}},
	 ticket_receipt},
	{0},
};
