/* user.*, window.*: people, roles, windows, calendars, policies. */
#include <string.h>

#include "madoguchi/app/receipt.h"
#include "madoguchi/app/reply.h"
#include "madoguchi/app/warn.h"
#include "madoguchi/app/work.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/verdict.h"
#include "madoguchi/query/query.h"
#include "madoguchi/reply/template.h"

#include "act-int.h"

static bool
load_person(struct mdg_act_call *c, struct mdg_person *p, struct mdg_err *err)
{
	const char *login = mdg_arg_text(c, "login", "");
	enum mdg_found f = mdg_person_by_login(c->desk->db, login, c->arena, p,
					       err);

	return f == MDG_NONE ? mdg_fail_msg(err, MDG_ENOENT,
					    MDG_MSG_person_none, login, NULL)
			     : f == MDG_FOUND;
}

static bool
check_login(const char *login, struct mdg_err *err)
{
	size_t n = strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	if (n == 0 || n > 64 || login[n])
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_person_bad_login,
				    login, NULL);
	return true;
}

static bool
parse_role(struct mdg_act_call *c, enum mdg_member_role *ret,
	   struct mdg_err *err)
{
	const char *role = mdg_arg_text(c, "role", "operator");

	*ret = mdg_member_role_from_name(role);
	return *ret < MDG_MEMBER_N ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_role_unknown, role, NULL);
}

static bool
user_add(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p = {
		.login = mdg_arg_text(c, "login", ""),
		.name = mdg_arg_text(c, "name", ""),
		.email = mdg_arg_text(c, "email", ""),
		.lang = mdg_arg_text(c, "lang", "ja"),
		.os_uid = mdg_arg_int(c, "uid", -1),
		.is_admin = mdg_arg_flag(c, "admin"),
	};
	enum mdg_member_role role;
	const char *window = mdg_arg_text(c, "window", NULL);
	int64_t id;

	if (!check_login(p.login, err) || !parse_role(c, &role, err))
		return false;
	if (*p.email && !mdg_addr_valid(p.email))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    p.email, NULL);
	if (!mdg_person_add(c->desk->db, &p, c->now_s, &id, err)) {
		if (err && err->code == MDG_EEXIST)
			mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_person_exists,
				     p.login, NULL);
		return false;
	}
	if (window) {
		enum mdg_found f = mdg_win_by_code(c->desk->db, window,
						   c->arena, &c->win, err);
		if (f != MDG_FOUND)
			return f == MDG_NONE
				       ? mdg_fail_msg(err, MDG_ENOENT,
						      MDG_MSG_win_none, window,
						      NULL)
				       : false;
		if (!mdg_member_put(c->desk->db, c->win.id, id, role,
				    mdg_arg_flag(c, "novice"), err))
			return false;
	}
	mdg_result_int(c, "id", id);
	mdg_result_text(c, "login", p.login);
	return mdg_desk_event(
		c->desk, c->actor, NULL, "user.add",
		json_pack("{s:I,s:s}", "person", id, "role",
			  mdg_member_role_name(role)),
		json_pack("{s:s,s:s,s:s}", "login", p.login, "name", p.name,
			  "email", p.email),
		err);
}

static bool
user_role(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p;
	enum mdg_member_role role;
	int64_t released = 0;

	if (!load_person(c, &p, err) || !parse_role(c, &role, err))
		return false;
	/* who answers no more here leaves the work to others */
	if (role < MDG_MEMBER_OPERATOR && !p.is_admin &&
	    !mdg_work_release(c->desk, c->actor, p.id, c->win.id, c->now_s,
			      &released, err))
		return false;
	mdg_result_text(c, "role", mdg_member_role_name(role));
	if (role < MDG_MEMBER_OPERATOR)
		mdg_result_int(c, "released", released);
	return mdg_member_put(c->desk->db, c->win.id, p.id, role,
			      mdg_arg_flag(c, "novice"), err) &&
	       mdg_warn_left(c->desk, p.id, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "user.role",
			      json_pack("{s:I,s:I,s:s,s:b,s:I}", "person", p.id,
					"window", c->win.id, "role",
					mdg_member_role_name(role), "novice",
					mdg_arg_flag(c, "novice"), "released",
					released),
			      NULL, err);
}

static bool
user_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_people(c->desk->db, c->viewer, c->now_s, c->result,
				err);
}

static bool
put_json(struct mdg_act_call *c, enum mdg_versioned kind, const char *arg,
	 const char *name, struct mdg_err *err)
{
	const json_t *json = json_object_get(c->args, arg);
	int64_t id;

	if (!json)
		return true;
	MDG_AUTO(mdg_freep) char *text =
		json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	struct mdg_calendar *cal = NULL;
	if (kind == MDG_CALENDAR && !mdg_calendar_parse(text, &cal, err))
		return false;
	mdg_calendar_free(&cal);
	struct mdg_policy *policy = NULL;
	if (kind == MDG_POLICY && !mdg_policy_parse(text, &policy, err))
		return false;
	mdg_policy_free(&policy);
	return mdg_versioned_put(c->desk->db, kind, name, text, c->now_s, &id,
				 err) &&
	       mdg_desk_event(c->desk, c->actor, NULL,
			      kind == MDG_CALENDAR ? "calendar.put"
						   : "policy.put",
			      json_pack("{s:I}", "id", id), NULL, err);
}

static bool
known_approval(const char *how, struct mdg_err *err)
{
	return mdg_streq(how, "all") || mdg_streq(how, "novice") ||
	       mdg_streq(how, "none") ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_approval_unknown, how,
			    NULL);
}

static bool
window_add(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *code = mdg_arg_text(c, "code", "");
	const char *address = mdg_arg_text(c, "address", "");
	const char *name = mdg_arg_text(c, "name", code);
	const struct mdg_win w = {
		.code = code,
		.name = name,
		.address = address,
		.from_name = mdg_arg_text(c, "from_name", name),
		.greeting = mdg_arg_text(c, "greeting", ""),
		.closing = mdg_arg_text(c, "closing", ""),
		.signature = mdg_arg_text(c, "signature", ""),
		.calendar = code,
		.policy = code,
		.approval = mdg_arg_text(c, "approval", "novice"),
		.self_approval = mdg_arg_flag(c, "self_approval"),
	};
	int64_t id;

	if (!check_login(code, err))
		return false;
	if (!mdg_addr_valid(address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	if (!known_approval(w.approval, err))
		return false;
	if (!mdg_win_add(c->desk->db, &w, c->now_s, &id, err)) {
		if (err && err->code == MDG_EEXIST)
			mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_win_exists, code,
				     NULL);
		return false;
	}
	mdg_result_int(c, "id", id);
	mdg_result_text(c, "window", code);
	struct mdg_win made;
	if (mdg_win_by_id(c->desk->db, id, c->arena, &made, err) != MDG_FOUND)
		return false;
	made.greeting_en = "Thank you for contacting us.";
	made.closing_en = "Please reply to this e-mail if you have any "
			  "questions.\n\nKind regards,";
	return mdg_win_letter_put(c->desk->db, &made, err) &&
	       mdg_win_address_put(c->desk->db, id,
				   mdg_addr_key(c->arena, address), address,
				   err) &&
	       put_json(c, MDG_CALENDAR, "calendar", code, err) &&
	       put_json(c, MDG_POLICY, "policy", code, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "window.add",
			      json_pack("{s:I,s:s}", "window", id, "approval",
					w.approval),
			      NULL, err);
}

/* Words and ways of a window that exists; *ret_changed: there are any. */
static bool
new_words(struct mdg_act_call *c, bool *ret_changed, struct mdg_err *err)
{
	struct mdg_win *w = &c->win;
	const char *alone = mdg_arg_text(c, "self_approval", NULL);
	const struct {
		const char *arg, **to;
	} texts[] = {{"name", &w->name},
		     {"from_name", &w->from_name},
		     {"approval", &w->approval}},
	  blocks[] = {{"greeting", &w->greeting},
		      {"closing", &w->closing},
		      {"signature", &w->signature}};

	*ret_changed = alone || json_object_get(c->args, "spam");
	for (size_t i = 0; i < MDG_LEN(texts); i++) {
		const char *v = mdg_arg_text(c, texts[i].arg, NULL);
		*ret_changed = *ret_changed || v;
		if (v)
			*texts[i].to = v;
	}
	for (size_t i = 0; i < MDG_LEN(blocks); i++) {
		*ret_changed = *ret_changed ||
			       json_object_get(c->args, blocks[i].arg);
		if (!mdg_act_letter_block(c, blocks[i].arg, blocks[i].to, err))
			return false;
	}
	w->self_approval = alone ? mdg_streq(alone, "on") : w->self_approval;
	w->spam_points = mdg_arg_int(c, "spam", w->spam_points);
	if (alone && !mdg_streq(alone, "on") && !mdg_streq(alone, "off"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_maildesk_on_off,
				    alone, NULL);
	if (w->spam_points < 0 || w->spam_points > MDG_SPAM_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_spam_points, NULL);
	return known_approval(w->approval, err);
}

static bool
window_set(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *address = mdg_arg_text(c, "address", NULL);
	bool changed;

	if (!new_words(c, &changed, err) ||
	    (changed && !mdg_win_update(c->desk->db, &c->win, err)) ||
	    ((changed || address) &&
	     !mdg_desk_event(c->desk, c->actor, NULL, "window.set",
			     json_pack("{s:I,s:s,s:b,s:I,s:b}", "window",
				       c->win.id, "approval", c->win.approval,
				       "self_approval", c->win.self_approval,
				       "spam", c->win.spam_points, "address",
				       address != NULL),
			     NULL, err)))
		return false;

	if (address && !mdg_addr_valid(address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	if (address &&
	    !mdg_win_address_put(c->desk->db, c->win.id,
				 mdg_addr_key(c->arena, address), address, err))
		return false;
	return put_json(c, MDG_CALENDAR, "calendar", c->win.calendar, err) &&
	       put_json(c, MDG_POLICY, "policy", c->win.policy, err);
}

static bool
window_receipt(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *template_id = mdg_arg_text(c, "template", NULL);
	struct mdg_template_row row = {.version = 0};
	struct mdg_template t;

	if (!template_id == !mdg_arg_flag(c, "off"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_receipt_which,
				    NULL);
	if (template_id) {
		enum mdg_found f = mdg_template_newest(
			c->desk->db, template_id, c->arena, &row, err);
		if (f != MDG_FOUND)
			return f == MDG_NONE &&
			       mdg_fail_msg(err, MDG_ENOENT,
					    MDG_MSG_template_none, template_id,
					    NULL);
		if (!mdg_template_parse(row.id, row.source, c->arena, &t, err))
			return false;
		if (!mdg_template_is_for(t.windows, c->win.code))
			return mdg_fail_msg(err, MDG_ESTATE,
					    MDG_MSG_template_other_window,
					    template_id, t.windows, NULL);
	}
	mdg_result_text(c, "window", c->win.code);
	mdg_result_text(c, "receipt", template_id);
	return mdg_receipt_set(c->desk, c->win.id, template_id, c->now_s,
			       err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "window.receipt",
			      json_pack("{s:I,s:s?,s:I}", "window", c->win.id,
					"template", template_id, "version",
					row.version),
			      NULL, err);
}

static bool
window_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_windows(c->desk->db, c->viewer, c->result, err);
}

const struct mdg_act mdg_acts_people[] = {
	{"user.add", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"login", 's', true}, {"name", 's', true}, {"email", 's', true},
	  {"lang", 's', false}, {"uid", 'i', false}, {"admin", 'b', false},
	  {"window", 's', false}, {"role", 's', false},
	  {"novice", 'b', false}},
	 user_add},
	{"user.role", MDG_SCOPE_WINDOW, MDG_MEMBER_ADMIN, false,
	 {{"login", 's', true}, {"window", 's', true}, {"role", 's', true},
	  {"novice", 'b', false}},
	 user_role},
	{"user.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}}, user_list},
	{"window.add", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"code", 's', true}, {"name", 's', false}, {"address", 's', true},
	  {"from_name", 's', false}, {"greeting", 's', false},
	  {"closing", 's', false}, {"signature", 's', false},
	  {"approval", 's', false}, {"self_approval", 'b', false},
	  {"calendar", 'o', true}, {"policy", 'o', true}},
	 window_add},
	{"window.set", MDG_SCOPE_WINDOW, MDG_MEMBER_ADMIN, false,
	 {{"window", 's', true}, {"address", 's', false},
	  {"name", 's', false}, {"from_name", 's', false},
	  {"greeting", 's', false}, {"closing", 's', false},
	  {"signature", 's', false}, {"approval", 's', false},
	  {"self_approval", 's', false}, {"spam", 'i', false},
	  {"calendar", 'o', false}, {"policy", 'o', false}},
	 window_set},
	{"window.receipt", MDG_SCOPE_WINDOW, MDG_MEMBER_ADMIN, false,
	 {{"window", 's', true}, {"template", 's', false}, {"off", 'b', false}},
	 window_receipt},
	{"window.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}},
	 window_list},
	{0},
};
