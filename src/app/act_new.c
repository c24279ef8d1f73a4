/* ticket.new, inquiry.new: work that does not begin with a mail to us. */
#include <string.h>

#include "madoguchi/app/customers.h"
#include "madoguchi/app/side.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/store/st_mail.h"

#include "act-int.h"

static const struct {
	const char *kind;
	bool asks; /* somebody came to us and waits for an answer */
} kinds[] = {{"phone", true}, {"visit", true}, {"mail", false}};

static bool
find_kind(struct mdg_act_call *c, size_t *ret, struct mdg_err *err)
{
	const char *kind = mdg_arg_text(c, "kind", "phone");

	for (*ret = 0; *ret < MDG_LEN(kinds); ++*ret)
		if (mdg_streq(kinds[*ret].kind, kind))
			return true;
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_new_kind_unknown, kind,
			    NULL);
}

/* Who it is: by the address, else by the number of the phone, else new. */
static bool
find_customer(struct mdg_act_call *c, const struct mdg_address *who,
	      int64_t *ret, struct mdg_err *err)
{
	const char *phone = mdg_arg_text(c, "phone", "");
	struct mdg_db *db = c->desk->db;
	enum mdg_found f = MDG_NONE;

	if (*who->key) {
		if (!mdg_customer_of(db, who, c->now_s, ret, err))
			return false;
	} else {
		if (*phone)
			f = mdg_customer_by_phone(c->desk, phone, ret, err);
		if (f == MDG_NONE)
			f = mdg_db_i64(db, ret, err,
				       "INSERT INTO customer (name, company,"
				       " phone, note, created_s) VALUES (?1,"
				       " '', '', '', ?2) RETURNING id",
				       "si", who->name, c->now_s);
		if (f != MDG_FOUND)
			return false;
	}
	return !*phone || mdg_customer_phone_put(c->desk, *ret, phone, err);
}

/* The memo as a message of the ticket: read like a mail, never answered as
 * one. */
static bool
write_memo(struct mdg_act_call *c, const struct mdg_address *who,
	   const char *kind, const char *subject, const char *text,
	   int64_t *ret_id, struct mdg_err *err)
{
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	const struct mdg_message_row row = {
		.ticket_id = c->ticket.id,
		.direction = "in",
		.mail_class = "note",
		.received_s = c->now_s,
		.evidence = kind,
		.flags = "{}",
	};

	m->subject = subject;
	m->text = m->reply = text;
	m->has_date = true;
	m->date_s = c->now_s;
	mdg_addresses_add(&m->from, &m->arena, who->name, who->address,
			  who->key);
	return mdg_message_add(c->desk->db, &row, m, ret_id, err);
}

/* An argument as mails have their lines: nothing in it turns what is written
 * beside it. */
static const char *
line_of(struct mdg_act_call *c, const char *name)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const char *s = mdg_arg_text(c, name, "");

	mdg_utf8_clean(&b, s, strlen(s), true);
	return mdg_arena_strdup(c->arena, mdg_buf_str(&b));
}

/* Fails if either is longer than a mail's. */
static bool
fits(const char *subject, const char *text, struct mdg_err *err)
{
	if (strlen(subject) > MDG_SUBJECT_BYTES_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_subject_too_long,
				    NULL);
	return strlen(text) <= MDG_DRAFT_BYTES_MAX ||
	       mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_draft_too_long, NULL);
}

static bool
read_who(struct mdg_act_call *c, struct mdg_address *ret, struct mdg_err *err)
{
	const char *address = mdg_arg_text(c, "address", "");

	*ret = (struct mdg_address){line_of(c, "name"), address, ""};
	if (!*address)
		return true;
	if (!mdg_addr_valid(address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	ret->key = mdg_addr_key(c->arena, address);
	return true;
}

static bool
promise(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t due_s = 0;

	return mdg_act_when(c, "due", &due_s, err) &&
	       (!due_s ||
		mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.promise",
			       json_pack("{s:I}", "due_s", due_s), NULL, err));
}

static bool
ticket_new(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *text = mdg_arg_text(c, "text", "");
	const char *subject = line_of(c, "subject");
	bool answered = mdg_arg_flag(c, "answered");
	int64_t customer = 0, message = 0;
	struct mdg_address who;
	size_t kind;

	if (!mdg_act_need_person(c, err) || !find_kind(c, &kind, err) ||
	    !read_who(c, &who, err))
		return false;
	if (!fits(subject, text, err))
		return false;
	if (!*subject || (!kinds[kind].asks && !*who.key))
		return mdg_fail_msg(err, MDG_EINVAL,
				    *subject ? MDG_MSG_new_needs_address
					     : MDG_MSG_new_needs_subject,
				    NULL);
	if ((*who.key || *who.name || mdg_arg_text(c, "phone", NULL)) &&
	    !find_customer(c, &who, &customer, err))
		return false;
	c->ticket = (struct mdg_ticket){
		.win_id = c->win.id,
		.subject = subject,
		.state = answered ? "closed" : "working",
		.customer_id = customer,
		.created_s = c->now_s,
		.inbound_s = c->now_s,
		.closed_s = answered ? c->now_s : 0,
		.closing = answered ? "replied" : NULL,
	};
	if (!mdg_ticket_add(c->desk->db, &c->ticket, err) ||
	    (*who.key &&
	     !mdg_participant_add(c->desk->db, c->ticket.id, &who, err)) ||
	    (kinds[kind].asks && !write_memo(c, &who, kinds[kind].kind, subject,
					     text, &message, err)))
		return false;
	c->ticket.assignee_id = c->actor->person_id;
	c->ticket.changed_s = c->now_s;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	return mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.new",
			      json_pack("{s:s,s:I,s:b,s:b,s:I,s:s}", "by",
					kinds[kind].kind, "message", message,
					"asks", kinds[kind].asks, "answered",
					answered, "customer", customer, "state",
					c->ticket.state),
			      NULL, err) &&
	       promise(c, err) && mdg_desk_clocks(c->desk, &c->ticket, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

/* ---- 照会 ---- */

/* The side thread's ticket; c->ticket is the customer's. */
static bool
add_side(struct mdg_act_call *c, const struct mdg_address *to,
	 const char *subject, struct mdg_ticket *ret, struct mdg_err *err)
{
	*ret = (struct mdg_ticket){
		.win_id = c->win.id,
		.subject = subject,
		.state = "working",
		.created_s = c->now_s,
		.inbound_s = c->now_s,
		.parent_id = c->ticket.id,
		.is_history = true, /* promises nobody anything */
	};
	if (!mdg_ticket_add(c->desk->db, ret, err) ||
	    !mdg_participant_add(c->desk->db, ret->id, to, err))
		return false;
	ret->assignee_id = c->actor->person_id;
	return mdg_desk_event(c->desk, c->actor, ret, "inquiry.new",
			      json_pack("{s:I,s:s}", "about", c->ticket.number,
					"state", ret->state),
			      NULL, err) &&
	       mdg_ticket_update(c->desk->db, ret, err);
}

static bool
add_draft(struct mdg_act_call *c, const struct mdg_ticket *side,
	  const struct mdg_addresses *to, const char *body, struct mdg_err *err)
{
	c->draft = (struct mdg_draft){
		.ticket_id = side->id,
		.author_id = c->actor->person_id,
		.win_id = c->win.id,
		.state = "editing",
		.subject = side->subject,
		.body = body,
		.next_state = "waiting",
		.created_s = c->now_s,
		.changed_s = c->now_s,
		.rev = 1,
		.to = *to,
	};
	if (!mdg_draft_add(c->desk->db, &c->draft, err))
		return false;
	mdg_result_int(c, "draft", c->draft.id);
	return true;
}

static bool
inquiry_new(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *subject = line_of(c, "subject");
	const char *address = mdg_arg_text(c, "to", "");
	const char *body = mdg_arg_text(c, "body", "");
	struct mdg_addresses to = {0};
	struct mdg_ticket side;

	if (!mdg_act_need_person(c, err))
		return false;
	if (c->ticket.parent_id)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_side_of_side,
				    mdg_act_number(c, c->ticket.number), NULL);
	if (!mdg_addr_valid(address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	if (!fits(subject, body, err))
		return false;
	if (!*subject)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_new_needs_subject,
				    NULL);
	mdg_addresses_add(&to, c->arena, "", address,
			  mdg_addr_key(c->arena, address));
	side = (struct mdg_ticket){.parent_id = c->ticket.id};
	if (!mdg_side_check(c->desk, &side, &to, c->arena, err) ||
	    !add_side(c, &to.v[0], subject, &side, err) ||
	    !add_draft(c, &side, &to, body, err))
		return false;
	/* the customer waits for us all the same: our side of 保留 */
	bool held = !mdg_streq(c->ticket.state, "closed") &&
		    !mdg_streq(c->ticket.state, "error");
	if (held) {
		if (!mdg_desk_ticket_move(&c->ticket, MDG_TICKET_EV_HOLD,
					  c->now_s, err))
			return false;
		c->ticket.hold_reason = mdg_arena_printf(
			c->arena, "照会中（%lld）", (long long)side.number);
	}
	mdg_result_int(c, "ticket", side.number);
	mdg_result_int(c, "about", c->ticket.number);
	mdg_result_text(c, "state", c->draft.state);
	return mdg_desk_event(c->desk, c->actor, &c->ticket,
			      held ? "ticket.hold" : "inquiry.asked",
			      json_pack("{s:s,s:s,s:I}", "state",
					c->ticket.state, "side", "ours",
					"inquiry", side.number),
			      NULL, err) &&
	       mdg_desk_clocks(c->desk, &c->ticket, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

const struct mdg_act mdg_acts_new[] = {
	{"ticket.new",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"window", 's', true},
	  {"kind", 's', false},
	  {"subject", 's', true},
	  {"text", 's', false},
	  {"name", 's', false},
	  {"address", 's', false},
	  {"phone", 's', false},
	  {"due", 's', false},
	  {"answered", 'b', false}},
	 ticket_new},
	{"inquiry.new",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true},
	  {"to", 's', true},
	  {"subject", 's', true},
	  {"body", 's', false}},
	 inquiry_new},
	{0},
};
