/* maildesk.*: who works by mail, and what bears out what they write. */
#include <string.h>

#include "madoguchi/app/maildesk.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/authres.h"
#include "madoguchi/mail/verdict.h"
#include "madoguchi/store/st_maildesk.h"

#include "act-int.h"

enum { SIGNATURE_BYTES_MAX = 4000, PEOPLE_MAX = 500 };

/* A window's own address would answer itself. */
static bool
check_address(struct mdg_act_call *c, const struct mdg_person *p,
	      struct mdg_err *err)
{
	const char *key = mdg_addr_key(c->arena, p->email);
	int64_t one;

	if (!mdg_addr_valid(p->email))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_maildesk_address,
				    p->login, p->email, NULL);
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &one, err,
		"SELECT 1 FROM win_address WHERE key = ?1 UNION"
		" SELECT 1 FROM account WHERE LOWER(address) = ?1 AND"
		" removed = 0 UNION SELECT 1 FROM person p JOIN mail_person m"
		" ON m.person_id = p.id WHERE LOWER(p.email) = ?1"
		" AND p.id <> ?2",
		"si", key, p->id);
	return f == MDG_NONE ||
	       (f == MDG_FOUND &&
		mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_maildesk_address,
			     p->login, p->email, NULL));
}

static bool
find(struct mdg_act_call *c, struct mdg_person *p, struct mdg_err *err)
{
	const char *login = mdg_arg_text(c, "login", "");
	enum mdg_found f = mdg_person_by_login(c->desk->db, login, c->arena, p,
					       err);

	return f == MDG_FOUND ||
	       (f == MDG_NONE && mdg_fail_msg(err, MDG_ENOENT,
					      MDG_MSG_person_none, login,
					      NULL));
}

/* user.mail: on, off, or another signature. */
static bool
user_mail(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *how = mdg_arg_text(c, "how", "on");
	const char *sign = mdg_arg_text(c, "signature", NULL);
	struct mdg_mail_person mp = {.signature = "", .evidence = ""};
	bool on = mdg_streq(how, "on");
	struct mdg_person p;

	if (!on && !mdg_streq(how, "off"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_maildesk_on_off,
				    how, NULL);
	if (!find(c, &p, err) || (on && !check_address(c, &p, err)))
		return false;
	if (sign && strlen(sign) > SIGNATURE_BYTES_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_maildesk_sign,
				    NULL);
	if (mdg_mail_person_get(c->desk->db, p.id, c->arena, &mp, err) ==
	    MDG_FAILED)
		return false;
	mp.person_id = p.id;
	if (sign)
		mp.signature = sign;
	if (on ? !mdg_mail_person_put(c->desk->db, &mp, err)
	       : !mdg_mail_person_drop(c->desk->db, p.id, err))
		return false;
	mdg_result_text(c, "login", p.login);
	mdg_result_text(c, "mail", how);
	return mdg_desk_event(c->desk, c->actor, NULL, "user.mail",
			      json_pack("{s:I,s:b}", "person", p.id, "on", on),
			      NULL, err);
}

static bool
put(struct mdg_act_call *c, const char *arg, const char *key, bool flag,
    struct mdg_err *err)
{
	const char *v = mdg_arg_text(c, arg, NULL);

	if (!v)
		return true;
	if (flag && !mdg_streq(v, "on") && !mdg_streq(v, "off"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_maildesk_on_off,
				    v, NULL);
	return mdg_setting_put(c->desk->db, key, mdg_streq(v, "-") ? "" : v,
			       err);
}

static bool
maildesk_set(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *route = mdg_arg_text(c, "route", "-");
	const char *server = mdg_arg_text(c, "server", "-");

	if (!mdg_streq(route, "-") && !mdg_route_valid(route))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_form_route_bad,
				    route, NULL);
	/* "top" would believe whatever came with the mail */
	if (!*server || mdg_streq(server, MDG_AUTHSERV_TOP) ||
	    strpbrk(server, " \t;\"()"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_form_server_bad,
				    server, NULL);
	const char *tenant = mdg_arg_text(c, "tenant", "-");
	if (!mdg_streq(tenant, "-") && !mdg_tenant_valid(tenant))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_maildesk_tenant,
				    tenant, NULL);
	return put(c, "server", "maildesk_server", false, err) &&
	       put(c, "tenant", "maildesk_tenant", false, err) &&
	       put(c, "route", "maildesk_route", false, err) &&
	       put(c, "plus", "maildesk_plus", true, err) &&
	       put(c, "at_night", "maildesk_at_night", true, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "maildesk.set",
			      json_object(), NULL, err);
}

static bool
maildesk_test(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t people[PEOPLE_MAX];
	struct mdg_person p;
	size_t n = 1;

	if (mdg_arg_text(c, "login", NULL)) {
		if (!find(c, &p, err))
			return false;
		people[0] = p.id;
	} else if (!mdg_mail_people(c->desk->db, people, PEOPLE_MAX, &n,
				    err)) {
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if (!mdg_maildesk_test(c->desk, people[i], err))
			return false;
	mdg_result_int(c, "sent", (int64_t)n);
	return mdg_desk_event(c->desk, c->actor, NULL, "maildesk.test",
			      json_pack("{s:I}", "people", (json_int_t)n),
			      NULL, err);
}

static bool
settings(struct mdg_act_call *c, struct mdg_err *err)
{
	static const char *const keys[][2] = {
		{"server", "maildesk_server"},
		{"route", "maildesk_route"},
		{"tenant", "maildesk_tenant"},
		{"plus", "maildesk_plus"},
		{"at_night", "maildesk_at_night"}};
	json_t *o = json_object();
	const char *v;

	json_object_set_new(c->result, "settings", o);
	for (size_t i = 0; i < MDG_LEN(keys); i++) {
		if (!mdg_setting_get(c->desk->db, keys[i][1], c->arena, &v,
				     err))
			return false;
		json_object_set_new(o, keys[i][0], json_string(v));
	}
	return true;
}

static bool
maildesk_status(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *people = json_array(), *refused = json_array();
	int64_t waiting;

	json_object_set_new(c->result, "people", people);
	json_object_set_new(c->result, "refused", refused);
	if (!settings(c, err) ||
	    mdg_db_i64(c->desk->db, &waiting, err,
		       "SELECT COUNT(*) FROM mail_due", "") != MDG_FOUND)
		return false;
	mdg_result_int(c, "waiting", waiting);
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT p.login, p.name, p.email, m.evidence,"
			  " m.seen_s, CASE WHEN m.signature <> '' THEN 1"
			  " ELSE 0 END, p.disabled FROM mail_person m"
			  " JOIN person p ON p.id = m.person_id"
			  " ORDER BY p.login",
			  ""))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(
			people,
			json_pack("{s:s,s:s,s:s,s:s,s:I,s:b,s:b}", "login",
				  mdg_rows_text(r, 0), "name",
				  mdg_rows_text(r, 1), "email",
				  mdg_rows_text(r, 2), "evidence",
				  mdg_rows_text(r, 3), "seen_s",
				  mdg_rows_i64(r, 4), "signature",
				  mdg_rows_i64(r, 5) != 0, "disabled",
				  mdg_rows_i64(r, 6) != 0));
	if (!mdg_rows_close(&r, err) ||
	    !mdg_db_query(c->desk->db, &r, err,
			  "SELECT o.done_s, COALESCE(p.login, ''),"
			  " COALESCE(t.number, 0), o.what, o.reason,"
			  " o.evidence FROM mail_order o"
			  " LEFT JOIN person p ON p.id = o.person_id"
			  " LEFT JOIN ticket t ON t.id = o.ticket_id"
			  " WHERE o.state = 'refused' ORDER BY o.id DESC"
			  " LIMIT 100",
			  ""))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(
			refused, json_pack("{s:I,s:s,s:I,s:s,s:s,s:s}",
					   "done_s", mdg_rows_i64(r, 0),
					   "login", mdg_rows_text(r, 1),
					   "ticket", mdg_rows_i64(r, 2),
					   "what", mdg_rows_text(r, 3),
					   "reason", mdg_rows_text(r, 4),
					   "evidence", mdg_rows_text(r, 5)));
	return mdg_rows_close(&r, err);
}

const struct mdg_act mdg_acts_maildesk[] = {
	{"user.mail",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"login", 's', true}, {"how", 's', false}, {"signature", 's', false}},
	 user_mail},
	{"maildesk.set",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"server", 's', false},
	  {"route", 's', false},
	  {"tenant", 's', false},
	  {"plus", 's', false},
	  {"at_night", 's', false}},
	 maildesk_set},
	{"maildesk.test",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"login", 's', false}},
	 maildesk_test},
	{"maildesk.status",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 true,
	 {{0}},
	 maildesk_status},
	{0},
};
