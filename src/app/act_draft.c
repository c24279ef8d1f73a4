/* draft.*: writing a reply. */
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/form.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/query/query.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_template.h"
#include "madoguchi/store/st_upload.h"
#include "madoguchi/text/language.h"

#include "act-int.h"

/* ---- addresses ---- */

static bool
read_addresses(struct mdg_act_call *c, const char *name,
	       struct mdg_addresses *ret, struct mdg_err *err)
{
	const json_t *list = json_object_get(c->args, name);
	size_t i;
	json_t *v;

	if (!list)
		return true;
	*ret = (struct mdg_addresses){0};
	json_array_foreach (list, i, v) {
		const char *text = json_string_value(v);
		struct mdg_addresses one = {0};
		if (text)
			mdg_addr_parse(mdg_span_str(text), c->arena, &one,
				       NULL);
		if (one.n != 1 || !mdg_addr_valid(one.v[0].address))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_address_bad,
					    text ? text : "", NULL);
		mdg_addresses_add(ret, c->arena, one.v[0].name,
				  one.v[0].address, "");
	}
	return true;
}

/* Those of the newest mail's customer; nobody where we do not know him. */
static bool
default_addresses(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *number = mdg_act_number(c, c->ticket.number);
	enum mdg_reply_block block;

	/* nobody has written yet: a first mail, a phone memo, a side thread */
	if (!c->ticket.newest_message_id)
		return mdg_participants(c->desk->db, c->ticket.id, c->arena,
					&c->draft.to, err);

	if (!mdg_reply_recipients(c->desk, c->ticket.newest_message_id,
				  c->arena, &c->draft.to, &c->draft.cc, &block,
				  err))
		return false;
	if (block == MDG_REPLY_OPEN || json_object_get(c->args, "to"))
		return true;
	return mdg_fail_msg(err, MDG_ESTATE,
			    block == MDG_REPLY_NO_CUSTOMER
				    ? MDG_MSG_reply_no_customer
				    : MDG_MSG_reply_suspected,
			    number, NULL);
}

/* ---- text ---- */

/* Values for a template's slots that the desk knows by itself. */
static bool
known_slots(struct mdg_act_call *c, struct mdg_slot_values *v,
	    struct mdg_err *err)
{
	struct mdg_person p;
	const char *key;
	json_t *value;

	mdg_slot_values_put(v, c->arena, "ticket",
			    mdg_act_number(c, c->ticket.number));
	mdg_slot_values_put(v, c->arena, "window", c->win.name);
	if (mdg_person_by_id(c->desk->db, c->actor->person_id, c->arena, &p,
			     err) == MDG_FOUND)
		mdg_slot_values_put(v, c->arena, "operator", p.name);
	json_t *slots = json_object_get(c->args, "slots");
	json_object_foreach (slots, key, value)
		if (json_is_string(value))
			mdg_slot_values_put(v, c->arena, key,
					    json_string_value(value));
	json_t *filled = json_array(), *unclear = json_array();
	json_object_set_new(c->result, "filled", filled);
	json_object_set_new(c->result, "unclear", unclear);
	return mdg_facts_fill(c->desk, &c->ticket, v, c->arena, filled, unclear,
			      err);
}

/* Of what the mails say, only what the template asks for is news. */
static void
keep_asked(json_t *list, const struct mdg_template *t)
{
	for (size_t i = json_array_size(list); i-- > 0;) {
		const char *slot = json_string_value(
			json_object_get(json_array_get(list, i), "slot"));
		bool asked = false;
		for (size_t k = 0; k < t->slots.n; k++)
			asked = asked || mdg_streq(t->slots.v[k], slot);
		if (!asked)
			json_array_remove(list, i);
	}
}

/* Is the letter to be in English? As asked, else as the customer writes, else
 * as the window does. */
static bool
wants_english(struct mdg_act_call *c, bool *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *lang = mdg_arg_text(c, "lang", NULL);
	enum mdg_text_language of_mail = MDG_TEXT_UNKNOWN;

	if (lang && !mdg_streq(lang, "ja") && !mdg_streq(lang, "en"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_lang_unknown, lang,
				    NULL);
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT subject, COALESCE(reply, text) FROM message"
			  " WHERE id = ?1",
			  "i", c->ticket.newest_message_id))
		return false;
	if (mdg_rows_next(r)) {
		const char *text = mdg_arena_printf(c->arena, "%s\n%s",
						    mdg_rows_text(r, 0),
						    mdg_rows_text(r, 1));
		of_mail = mdg_text_language(text, strlen(text));
	}
	*ret = lang                          ? mdg_streq(lang, "en")
	       : of_mail == MDG_TEXT_UNKNOWN ? mdg_streq(c->win.lang, "en")
					     : of_mail != MDG_TEXT_JAPANESE;
	return mdg_rows_close(&r, err);
}

/* "hold-first" or, in an English letter where there is one, "hold-first.en". */
static enum mdg_found
find_template(struct mdg_act_call *c, const char *id,
	      struct mdg_template_row *ret, struct mdg_err *err)
{
	const char *variant = mdg_arena_printf(c->arena, "%s.en", id);
	enum mdg_found f = MDG_NONE;
	bool english = false;

	if (!wants_english(c, &english, err))
		return MDG_FAILED;
	if (english)
		f = mdg_template_newest(c->desk->db, variant, c->arena, ret,
					err);
	return f == MDG_NONE ? mdg_template_newest(c->desk->db, id, c->arena,
						   ret, err)
			     : f;
}

/* What the person gave for slots that the template does not have. */
static void
tell_unused(struct mdg_act_call *c, const struct mdg_template *t)
{
	json_t *slots = json_object_get(c->args, "slots"), *value;
	json_t *unused = json_array();
	const char *key;

	json_object_foreach (slots, key, value) {
		const char *mark = mdg_arena_printf(c->arena, "{{%s}}", key);
		bool has = strstr(t->body, mark) != NULL;
		for (size_t i = 0; i < t->slots.n; i++)
			has |= mdg_streq(t->slots.v[i], key);
		if (!has)
			json_array_append_new(unused, json_string(key));
	}
	json_object_set_new(c->result, "unused", unused);
}

static bool
from_template(struct mdg_act_call *c, const char *id, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	struct mdg_template_row row;
	struct mdg_template t;
	struct mdg_slot_values values = {0};
	enum mdg_found f = find_template(c, id, &row, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_template_none, id,
				    NULL);
	if (row.expires_s && row.expires_s <= c->now_s)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_template_expired,
				    id, NULL);
	if (!mdg_template_parse(id, row.source, c->arena, &t, err))
		return false;
	if (!mdg_template_is_for(t.windows, c->win.code))
		return mdg_fail_msg(err, MDG_ESTATE,
				    MDG_MSG_template_other_window, id,
				    t.windows, NULL);
	if (!known_slots(c, &values, err))
		return false;
	struct mdg_strings missing = {0};
	mdg_template_render(&t, &values, &body, &missing, c->arena);
	json_t *open = json_array();
	for (size_t i = 0; i < missing.n; i++)
		json_array_append_new(open, json_string(missing.v[i]));
	json_object_set_new(c->result, "open", open);
	tell_unused(c, &t);
	keep_asked(json_object_get(c->result, "filled"), &t);
	keep_asked(json_object_get(c->result, "unclear"), &t);
	c->draft.body = mdg_arena_strdup(c->arena, mdg_buf_str(&body));
	c->draft.template_id = row.id;
	c->draft.template_version = row.version;
	if (t.next_state && *t.next_state)
		c->draft.next_state = t.next_state;
	return true;
}

static const char *
reply_subject(struct mdg_act_call *c)
{
	const char *s = c->ticket.subject;

	if (!*s)
		s = mdg_arena_printf(c->arena, "お問い合わせの件 [#%lld]",
				     (long long)c->ticket.number);
	return c->ticket.newest_message_id
		       ? mdg_arena_printf(c->arena, "Re: %s", s)
		       : s;
}

/* Subject and quote as they will go out. */
static bool
shape(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *quote = mdg_arg_text(c, "quote", NULL);

	c->draft.subject = mdg_reply_subject(c->desk, &c->ticket, &c->win,
					     c->draft.subject, c->arena);
	if (quote && mdg_streq(quote, "window"))
		c->draft.quote = NULL;
	else if (quote)
		return mdg_reply_quote(c->desk, &c->draft, &c->ticket, &c->win,
				       quote, c->arena, &c->draft.quote, err);
	return true;
}

static bool
check_text(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *s = c->draft.next_state;

	if (strlen(c->draft.subject) > MDG_SUBJECT_BYTES_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_subject_too_long,
				    NULL);
	if (strlen(c->draft.body) > MDG_DRAFT_BYTES_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_draft_too_long,
				    NULL);
	if (!mdg_streq(s, "closed") && !mdg_streq(s, "waiting") &&
	    !mdg_streq(s, "working"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_next_unknown, s,
				    NULL);
	return true;
}

/* ---- draft.new, draft.edit ---- */

bool
mdg_act_need_person(struct mdg_act_call *c, struct mdg_err *err)
{
	return c->actor->person_id != 0 ||
	       mdg_fail_msg(err, MDG_EPERM, MDG_MSG_act_need_person, NULL);
}

bool
mdg_act_draft_event(struct mdg_act_call *c, const char *kind, json_t *more,
		    struct mdg_err *err)
{
	json_t *codes = more ? more : json_object();

	json_object_set_new(codes, "draft", json_integer(c->draft.id));
	json_object_set_new(codes, "draft_state", json_string(c->draft.state));
	mdg_result_int(c, "draft", c->draft.id);
	mdg_result_text(c, "state", c->draft.state);
	mdg_result_int(c, "ticket", c->ticket.number);
	return mdg_desk_event(c->desk, c->actor, &c->ticket, kind, codes, NULL,
			      err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

bool
mdg_act_draft_edited(struct mdg_act_call *c, const char *kind, json_t *more,
		     struct mdg_err *err)
{
	bool was_waiting = mdg_streq(c->draft.state, "waiting");
	json_t *codes = more ? more : json_object();

	/* an edit takes the request back: nobody approves what has changed */
	if (was_waiting) {
		json_object_set_new(codes, "withdrawn", json_true());
		json_object_set_new(c->result, "withdrawn", json_true());
	}
	if ((was_waiting &&
	     !mdg_db_run(c->desk->db, err,
			 "UPDATE revision SET state = 'void'"
			 " WHERE draft_id = ?1 AND state = 'waiting'",
			 "i", c->draft.id)) ||
	    !mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_EDIT, err)) {
		json_decref(codes);
		return false;
	}
	return mdg_act_draft_event(c, kind, codes, err);
}

static bool
draft_new(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *template_id = mdg_arg_text(c, "template", NULL);
	int64_t open, incident = mdg_arg_int(c, "incident", 0);

	if (!mdg_act_need_person(c, err) ||
	    (incident && !mdg_act_incident_reply(c, incident, err)))
		return false;
	switch (mdg_draft_open(c->desk->db, c->ticket.id, &open, err)) {
	case MDG_FAILED:
		return false;
	case MDG_FOUND:
		return mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_draft_exists,
				    mdg_act_number(c, c->ticket.number),
				    mdg_act_number(c, open), NULL);
	case MDG_NONE:
		break;
	}
	c->draft = (struct mdg_draft){
		.ticket_id = c->ticket.id,
		.author_id = c->actor->person_id,
		.win_id = c->win.id,
		.state = "editing",
		.subject = mdg_arg_text(c, "subject", reply_subject(c)),
		.body = "",
		.next_state = "closed",
		.created_s = c->now_s,
		.rev = 1,
	};
	if (!default_addresses(c, err) ||
	    (template_id && !from_template(c, template_id, err)))
		return false;
	c->draft.body = mdg_arg_text(c, "body", c->draft.body);
	c->draft.next_state = mdg_arg_text(c, "next", c->draft.next_state);
	if (!mdg_act_when(c, "due", &c->draft.next_due_s, err) ||
	    !read_addresses(c, "to", &c->draft.to, err) ||
	    !read_addresses(c, "cc", &c->draft.cc, err) || !shape(c, err) ||
	    !check_text(c, err) ||
	    !mdg_desk_ticket_move(&c->ticket, MDG_TICKET_EV_WORK, c->now_s,
				  err) ||
	    !mdg_draft_add(c->desk->db, &c->draft, err) ||
	    !mdg_act_lock(c, err) ||
	    !mdg_elsewhere_seen(c->desk, c->ticket.id, c->draft.id, err) ||
	    (incident && !mdg_act_incident_replied(c, incident, err)))
		return false;
	if (!c->ticket.assignee_id)
		c->ticket.assignee_id = c->actor->person_id;
	mdg_result_text(c, "body", c->draft.body);
	return mdg_act_draft_event(c, "draft.new",
				   template_id ? json_pack("{s:s}", "template",
							   c->draft.template_id)
					       : NULL,
				   err);
}

static bool
draft_edit(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t rev = mdg_arg_int(c, "rev", c->draft.rev);

	if (!mdg_act_need_person(c, err) || !mdg_act_lock(c, err))
		return false;
	if (rev != c->draft.rev)
		return mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_draft_changed,
				    mdg_act_number(c, c->draft.id), NULL);
	c->draft.subject = mdg_arg_text(c, "subject", c->draft.subject);
	c->draft.body = mdg_arg_text(c, "body", c->draft.body);
	c->draft.next_state = mdg_arg_text(c, "next", c->draft.next_state);
	c->draft.next_due_s = mdg_arg_int(c, "next_due_s", c->draft.next_due_s);
	if (!mdg_act_when(c, "due", &c->draft.next_due_s, err) ||
	    !read_addresses(c, "to", &c->draft.to, err) ||
	    !read_addresses(c, "cc", &c->draft.cc, err) || !shape(c, err) ||
	    !check_text(c, err))
		return false;
	return mdg_act_draft_edited(c, "draft.edit", NULL, err);
}

static bool
draft_show(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_elsewhere e;

	const struct mdg_return_code *why =
		mdg_return_code(c->draft.return_code);

	mdg_result_int(c, "ticket", c->ticket.number);
	if (!mdg_query_draft(c->desk->db, &c->draft, c->result, err) ||
	    !mdg_elsewhere_unseen(c->desk, c->ticket.id, c->draft.id, &e, err))
		return false;
	if (why)
		mdg_result_text(c, "return_reason",
				mdg_msg_text(c->actor->lang, why->text));
	/* somebody has answered with another tool: say so before it goes on */
	if (e.message_id)
		json_object_set_new(c->result, "answered_elsewhere",
				    json_pack("{s:I,s:I}", "message",
					      e.message_id, "sent_s",
					      e.sent_s));
	return true;
}

static bool
draft_discard(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_reply_draft_move(c->desk, &c->draft, MDG_DRAFT_EV_DISCARD,
				    err) &&
	       mdg_act_unlock(c, err) &&
	       mdg_upload_drop_all(c->desk->db, c->draft.id, err) &&
	       mdg_act_draft_event(c, "draft.discard", NULL, err);
}

const struct mdg_act mdg_acts_draft[] = {
	{"draft.new",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true},
	  {"template", 's', false},
	  {"slots", 'o', false},
	  {"subject", 's', false},
	  {"body", 's', false},
	  {"to", 'a', false},
	  {"cc", 'a', false},
	  {"next", 's', false},
	  {"due", 's', false},
	  {"quote", 's', false},
	  {"lang", 's', false},
	  {"incident", 'i', false}},
	 draft_new},
	{"draft.edit",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true},
	  {"rev", 'i', false},
	  {"subject", 's', false},
	  {"body", 's', false},
	  {"to", 'a', false},
	  {"cc", 'a', false},
	  {"next", 's', false},
	  {"next_due_s", 'i', false},
	  {"due", 's', false},
	  {"quote", 's', false}},
	 draft_edit},
	{"draft.show",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_VIEWER,
	 MDG_VIEWS,
	 {{"draft", 'i', true}},
	 draft_show},
	{"draft.discard",
	 MDG_SCOPE_DRAFT,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"draft", 'i', true}},
	 draft_discard},
	{0},
};
