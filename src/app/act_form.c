/* form.*, ticket.customer: mail that speaks for somebody else. */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/app/form.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/authres.h"
#include "madoguchi/query/query.h"
#include "madoguchi/store/st_mail.h"

#include "act-int.h"

enum { NAME_BYTES_MAX = 100, WORD_BYTES_MAX = 255 };

/* ---- form.add ---- */

static bool
has_size(const char *s, size_t min, size_t max)
{
	size_t n = strlen(s);

	return n >= min && n <= max;
}

/* Something of ours must bear out that the form sent it. */
static bool
check_proof(const struct mdg_form_row *f, struct mdg_err *err)
{
	if (!*f->server && !*f->route)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_form_no_proof,
				    f->name, NULL);
	if (*f->route && !mdg_route_valid(f->route))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_form_route_bad,
				    f->route, NULL);
	if (!has_size(f->server, 0, WORD_BYTES_MAX) ||
	    strpbrk(f->server, " ;\t"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_form_server_bad,
				    f->server, NULL);
	if (*f->server && !strchr(f->pass_domain, '.'))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_form_domain_bad,
				    f->pass_domain, NULL);
	return true;
}

static bool
check_form(struct mdg_act_call *c, const struct mdg_form_row *f,
	   struct mdg_err *err)
{
	int64_t n;

	if (!has_size(f->name, 1, NAME_BYTES_MAX) ||
	    !has_size(f->subject, 0, MDG_SUBJECT_BYTES_MAX))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_form_name_bad,
				    f->name, NULL);
	if (!mdg_addr_valid(f->address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    f->address, NULL);
	if (mdg_db_i64(c->desk->db, &n, err,
		       "SELECT COUNT(*) FROM form_notice WHERE win_id = ?1",
		       "i", c->win.id) != MDG_FOUND)
		return false;
	if (n >= MDG_FORMS_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_form_too_many,
				    c->win.name, NULL);
	return check_proof(f, err);
}

static bool
form_add(struct mdg_act_call *c, struct mdg_err *err)
{
	const json_t *fields = json_object_get(c->args, "fields");
	const char *address = mdg_arg_text(c, "address", "");
	struct mdg_form_map map;
	struct mdg_form_row f = {
		.win_id = c->win.id,
		.name = mdg_arg_text(c, "name", ""),
		.address = address,
		.from_key = mdg_addr_key(c->arena, address),
		.subject = mdg_arg_text(c, "subject", ""),
		.server = mdg_arg_text(c, "server", ""),
		.pass_domain =
			mdg_arg_text(c, "domain", mdg_addr_domain(address)),
		.route = mdg_arg_text(c, "route", ""),
	};
	int64_t id;

	if (!check_form(c, &f, err) ||
	    !mdg_form_map_read(fields, c->arena, &map, err))
		return false;
	char *text = fields ? json_dumps(fields, JSON_COMPACT) : NULL;
	f.fields = text ? mdg_arena_strdup(c->arena, text) : "{}";
	free(text);
	if (!mdg_form_add(c->desk->db, &f, c->now_s, &id, err)) {
		if (err && err->code == MDG_EEXIST)
			mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_form_exists,
				     f.name, c->win.name, NULL);
		return false;
	}
	mdg_result_text(c, "form", f.name);
	return mdg_desk_event(
		c->desk, c->actor, NULL, "form.add",
		json_pack("{s:I,s:I}", "form", id, "window", c->win.id), NULL,
		err);
}

/* ---- form.list, form.remove ---- */

static bool
form_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_forms(c->desk->db, c->viewer, c->result, err);
}

static bool
form_remove(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *name = mdg_arg_text(c, "name", "");
	struct mdg_form_row f;
	enum mdg_found found = mdg_form_by_name(c->desk->db, c->win.id, name,
						c->arena, &f, err);

	if (found != MDG_FOUND)
		return found == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_form_none, name,
				    c->win.name, NULL);
	mdg_result_text(c, "form", f.name);
	return mdg_form_remove(c->desk->db, f.id, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "form.remove",
			      json_pack("{s:I,s:I}", "form", f.id, "window",
					c->win.id),
			      NULL, err);
}

/* ---- form.test: a mail that mdg-parse has read for the asker ---- */

static void
read_texts(struct mdg_act_call *c, const json_t *o, const char *key, size_t max,
	   struct mdg_strings *out)
{
	size_t i;
	json_t *v;

	json_array_foreach(json_object_get(o, key), i, v)
	{
		if (json_is_string(v))
			mdg_strings_add(out, c->arena, json_string_value(v),
					max);
	}
}

static void
read_people(struct mdg_act_call *c, const json_t *o, const char *key,
	    struct mdg_addresses *out)
{
	struct mdg_strings l = {0};

	read_texts(c, o, key, MDG_RECIPIENTS_MAX, &l);
	for (size_t i = 0; i < l.n; i++)
		mdg_addresses_add(out, c->arena, "", l.v[i],
				  mdg_addr_key(c->arena, l.v[i]));
}

/* [label, kind, style, at, value] each; what is out of bounds is refused. */
static bool
read_fields(struct mdg_act_call *c, const json_t *o, struct mdg_mail *m)
{
	const json_t *list = json_object_get(o, "fields");
	size_t n = json_array_size(list), len = strlen(m->text);
	json_int_t kind, style, at, value, last = 0;
	const char *label;

	if (n > MDG_FIELDS_MAX)
		return false;
	m->fields = mdg_arena_array(c->arena, n, sizeof(*m->fields));
	for (m->fields_n = 0; m->fields_n < n; m->fields_n++) {
		json_t *one = json_array_get(list, m->fields_n);
		if (json_unpack(one, "[s,I,I,I,I]", &label, &kind, &style, &at,
				&value) != 0 ||
		    kind < 0 || kind >= MDG_FIELD_N || style < 0 ||
		    style >= MDG_FIELD_STYLE_N || at < last || value < at ||
		    (size_t)value > len)
			return false;
		last = at;
		m->fields[m->fields_n] = (struct mdg_field){
			.label = label,
			.kind = (enum mdg_field_kind)kind,
			.style = (enum mdg_field_style)style,
			.at = (uint32_t)at,
			.value = (uint32_t)value,
		};
	}
	return true;
}

static void
tell_form(struct mdg_act_call *c, const struct mdg_mail *m,
	  const struct mdg_strings *ours, const struct mdg_form_match *match)
{
	struct mdg_form_values v;
	json_t *r = c->result;

	mdg_form_pick(m, match->found ? &match->map : NULL, ours, c->arena, &v);
	mdg_result_text(c, "form", match->found ? match->row.name : NULL);
	json_object_set_new(r, "verified", json_boolean(match->verified));
	json_object_set_new(
		r, "form_like",
		json_boolean(!match->found && mdg_form_suspected(m, &v, ours)));
	json_object_set_new(r, "values", mdg_form_values_json(&v));
	mdg_result_text(c, "address",
			*v.customer.address ? v.customer.address : NULL);
	mdg_result_text(c, "no_customer",
			v.fault ? mdg_form_fault_name(v.fault) : NULL);
	json_object_set_new(r, "several", json_boolean(v.several));
	json_object_set_new(r, "reply_to_differs",
			    json_boolean(v.reply_to_differs));
	mdg_result_text(c, "content", v.text[MDG_FIELD_CONTENT]);
}

static bool
form_test(struct mdg_act_call *c, struct mdg_err *err)
{
	const json_t *o = json_object_get(c->args, "mail");
	struct mdg_form_match match = {.found = false};
	struct mdg_strings ours = {0};
	struct mdg_mail m;

	mdg_mail_init(&m); /* all of it is on the call's arena */
	const char *text = json_string_value(json_object_get(o, "text"));
	const char *subject = json_string_value(json_object_get(o, "subject"));
	m.text = m.reply = text ? text : "";
	m.subject = subject ? subject : "";
	read_people(c, o, "from", &m.from);
	read_people(c, o, "reply_to", &m.reply_to);
	read_texts(c, o, "auth_results", MDG_RECEIVED_MAX, &m.auth_results);
	read_texts(c, o, "received", MDG_RECEIVED_MAX, &m.received);
	read_texts(c, o, "in_reply_to", MDG_RECEIVED_MAX, &m.in_reply_to);
	m.no_auto_reply = json_is_true(json_object_get(o, "no_auto_reply"));
	if (!read_fields(c, o, &m))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_act_arg_type,
				    "form.test", "mail", NULL);
	if (!mdg_desk_own_keys(c->desk, c->arena, &ours, err) ||
	    !mdg_form_find(c->desk, c->win.id, &m, c->arena, &match, err))
		return false;
	tell_form(c, &m, &ours, &match);
	return true;
}

/* ---- ticket.customer ---- */

/* Who is meant, as typed. */
static bool
named_customer(struct mdg_act_call *c, struct mdg_address *ret,
	       struct mdg_err *err)
{
	const char *address = mdg_arg_text(c, "address", "");
	struct mdg_addresses one = {0};

	mdg_addr_parse(mdg_span_str(address), c->arena, &one, NULL);
	if (one.n != 1 || !mdg_addr_valid(one.v[0].address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	*ret = one.v[0];
	ret->name = mdg_arg_text(c, "name", ret->name);
	return true;
}

/* Whom the mail of an offer speaks for. */
static bool
offered_customer(struct mdg_act_call *c, int64_t message,
		 struct mdg_address *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	const char *address, *name;
	json_error_t why;

	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT flags FROM message WHERE id = ?1", "i",
			  message))
		return false;
	json_t *o = mdg_rows_next(r) ? json_loads(mdg_rows_text(r, 0), 0, &why)
				     : NULL;
	bool ok = json_unpack(o, "{s:{s:s,s:s}}", "offer", "address", &address,
			      "name", &name) == 0;
	if (ok)
		*ret = (struct mdg_address){
			.name = mdg_arena_strdup(c->arena, name),
			.address = mdg_arena_strdup(c->arena, address),
			.key = mdg_addr_key(c->arena, address),
		};
	json_decref(o);
	return ok || mdg_fail(err, MDG_EFORMAT, "message %lld offers nobody",
			      (long long)message);
}

static bool
check_customer(struct mdg_act_call *c, int64_t message,
	       const struct mdg_address *who, struct mdg_err *err)
{
	int64_t win;

	if (!message)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_customer_no_mail,
				    mdg_act_number(c, c->ticket.number), NULL);
	if (!has_size(who->name, 0, MDG_NAME_BYTES_MAX))
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_address_bad,
				    who->address, NULL);
	switch (mdg_win_by_address(c->desk->db, who->key, &win, err)) {
	case MDG_FAILED:
		return false;
	case MDG_FOUND:
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_customer_ours,
				    who->address, NULL);
	case MDG_NONE:
		break;
	}
	return true;
}

static bool
same_people(struct mdg_act_call *c, const struct mdg_addresses *a,
	    const struct mdg_addresses *b)
{
	(void)c;
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!mdg_addr_same(a->v[i].address, b->v[i].address))
			return false;
	return true;
}

/* A draft that goes where answers went until now goes to the new one. */
static bool
readdress_draft(struct mdg_act_call *c, const struct mdg_addresses *was,
		struct mdg_err *err)
{
	enum mdg_reply_block block;
	struct mdg_addresses cc;
	int64_t id;

	switch (mdg_draft_open(c->desk->db, c->ticket.id, &id, err)) {
	case MDG_FAILED:
		return false;
	case MDG_NONE:
		return true;
	case MDG_FOUND:
		break;
	}
	if (mdg_draft_by_id(c->desk->db, id, c->arena, &c->draft, err) !=
	    MDG_FOUND)
		return false;
	mdg_result_int(c, "draft", id);
	if (!mdg_streq(c->draft.state, "editing") ||
	    (c->draft.to.n && !same_people(c, &c->draft.to, was)))
		return true;
	if (!mdg_reply_recipients(c->desk, c->ticket.newest_message_id,
				  c->arena, &c->draft.to, &cc, &block, err))
		return false;
	c->draft.cc = cc;
	c->draft.changed_s = c->now_s;
	c->draft.rev++;
	return mdg_draft_update(c->desk->db, &c->draft, err);
}

/* What was offered about this mail is decided now. */
static bool
close_offers(struct mdg_act_call *c, int64_t message, struct mdg_err *err)
{
	return mdg_db_run(c->desk->db, err,
			  "UPDATE offer SET state = 'accepted', decided_s = ?2"
			  " WHERE kind = 'customer' AND message_id = ?1"
			  " AND state = 'open'",
			  "ii", message, c->now_s);
}

static bool
change_customer(struct mdg_act_call *c, int64_t message,
		const struct mdg_address *who, struct mdg_err *err)
{
	struct mdg_db *db = c->desk->db;
	int64_t was_id = c->ticket.customer_id;
	struct mdg_addresses was, cc;
	enum mdg_reply_block block;

	if (!check_customer(c, message, who, err) ||
	    !mdg_reply_recipients(c->desk, c->ticket.newest_message_id,
				  c->arena, &was, &cc, &block, err) ||
	    !mdg_customer_of(db, who, c->now_s, &c->ticket.customer_id, err) ||
	    !mdg_message_customer_put(db, message, who, err) ||
	    !mdg_participant_add(db, c->ticket.id, who, err) ||
	    !close_offers(c, message, err) ||
	    !mdg_desk_void_approvals(c->desk, &c->ticket, err) ||
	    !readdress_draft(c, &was, err))
		return false;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "address", who->address);
	mdg_result_text(c, "name", who->name);
	return mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.customer",
			      json_pack("{s:I,s:I,s:I}", "customer",
					c->ticket.customer_id, "was", was_id,
					"message", message),
			      json_pack("{s:s,s:s}", "address", who->address,
					"name", who->name),
			      err) &&
	       mdg_ticket_update(db, &c->ticket, err);
}

static bool
ticket_customer(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_address who;

	return named_customer(c, &who, err) &&
	       change_customer(c, c->ticket.newest_message_id, &who, err);
}

bool
mdg_act_accept_customer(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_address who;

	return offered_customer(c, c->offer.message_id, &who, err) &&
	       change_customer(c, c->offer.message_id, &who, err);
}

const struct mdg_act mdg_acts_form[] = {
	{"form.add",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"window", 's', true},
	  {"name", 's', true},
	  {"address", 's', true},
	  {"subject", 's', false},
	  {"fields", 'o', false},
	  {"server", 's', false},
	  {"domain", 's', false},
	  {"route", 's', false}},
	 form_add},
	{"form.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}}, form_list},
	{"form.remove",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"window", 's', true}, {"name", 's', true}},
	 form_remove},
	{"form.test",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_OPERATOR,
	 true,
	 {{"window", 's', true}, {"mail", 'o', true}},
	 form_test},
	{"ticket.customer",
	 MDG_SCOPE_TICKET,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"ticket", 'i', true},
	  {"address", 's', false},
	  {"name", 's', false},
	  {"offered", 'b', false}},
	 ticket_customer},
	{0},
};
