/* mailbox.change: how an account is reached, and what it reads. */
#include "madoguchi/app/mailbox.h"

#include <stddef.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_oauth.h"

#include "act-int.h"

static bool
is_intake(const struct mdg_folder *f)
{
	return mdg_streq(f->role, "intake");
}

/* ---- the account as it would be ---- */

/* A host without its port has the port of its protocol; TLS that changes alone
 * leaves a port that somebody chose. */
static int64_t
port_of(const struct mdg_act_call *c, const char *arg, bool has_host,
	int64_t port, int64_t tls_was, int64_t tls, bool smtp)
{
	if (has_host || port == mdg_act_port(smtp, tls_was))
		port = mdg_act_port(smtp, tls);
	return mdg_arg_int(c, arg, port);
}

/* "": none any more */
static const char *
arg_or_null(const struct mdg_act_call *c, const char *name, const char *was)
{
	const char *v = mdg_arg_text(c, name, was);

	return v && *v ? v : NULL;
}

static bool
has_arg(const struct mdg_act_call *c, const char *name)
{
	return json_object_get(c->args, name) != NULL;
}

static bool
plan_account(struct mdg_act_call *c, struct mdg_mailbox_plan *p,
	     struct mdg_err *err)
{
	static const char *const needed[] = {"new_name", "imap_host",
					     "smtp_host", "login"};
	struct mdg_account *acc = &p->acc;
	const char *tls;

	for (size_t i = 0; i < MDG_LEN(needed); i++)
		if (!*mdg_arg_text(c, needed[i], "x"))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_act_arg_missing,
					    "mailbox.change", needed[i], NULL);
	acc->name = mdg_arg_text(c, "new_name", acc->name);
	acc->imap_host = mdg_arg_text(c, "imap_host", acc->imap_host);
	acc->smtp_host = mdg_arg_text(c, "smtp_host", acc->smtp_host);
	acc->login = mdg_arg_text(c, "login", acc->login);
	acc->ca_file = arg_or_null(c, "ca_file", acc->ca_file);
	if ((tls = mdg_arg_text(c, "imap_tls", NULL)))
		acc->imap_tls = mdg_act_tls_mode(tls);
	if ((tls = mdg_arg_text(c, "smtp_tls", NULL)))
		acc->smtp_tls = mdg_act_tls_mode(tls);
	acc->imap_port =
		port_of(c, "imap_port", has_arg(c, "imap_host"), acc->imap_port,
			p->was.imap_tls, acc->imap_tls, false);
	acc->smtp_port =
		port_of(c, "smtp_port", has_arg(c, "smtp_host"), acc->smtp_port,
			p->was.smtp_tls, acc->smtp_tls, true);
	p->password = mdg_arg_text(c, "password", NULL);
	if (p->password)
		acc->auth = "password";
	p->moves = *p->was.imap_host &&
		   (!mdg_strcaseeq(acc->imap_host, p->was.imap_host) ||
		    acc->imap_port != p->was.imap_port ||
		    !mdg_streq(acc->login, p->was.login));
	return true;
}

/* ---- its folders ---- */

static struct mdg_folder *
find_folder(struct mdg_folder *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_streq(v[i].name, name))
			return &v[i];
	return NULL;
}

static void
add_folder(struct mdg_mailbox_plan *p, const struct mdg_folder *f)
{
	if (!find_folder(p->folders, p->folders_n, f->name))
		p->folders[p->folders_n++] = *f;
}

static void
keep_role(struct mdg_mailbox_plan *p, const struct mdg_folder *v, size_t n,
	  const char *role)
{
	for (size_t i = 0; i < n; i++)
		if (mdg_streq(v[i].role, role))
			add_folder(p, &v[i]);
}

/* Mail since when: one that takes another's place goes on where that one
 * began, so that nothing between the two is missed. */
static bool
since_of(struct mdg_act_call *c, bool takes_place, const struct mdg_folder *v,
	 size_t n, int64_t *ret, struct mdg_err *err)
{
	bool any = false;

	if (has_arg(c, "since") || !takes_place)
		return mdg_act_since(c, "now", ret, err);
	for (size_t i = 0; i < n; i++)
		if (is_intake(&v[i]) && (!any || v[i].since_s < *ret)) {
			*ret = v[i].since_s;
			any = true;
		}
	return any || mdg_act_since(c, "now", ret, err);
}

/* The one folder that was read, under another name: its policy, too. */
static struct mdg_folder
fresh(const struct mdg_folder *only, const char *name, int64_t since_s)
{
	struct mdg_folder f = {
		.role = "intake", .policy = "leave", .policy_arg = ""};

	if (only)
		f = *only;
	f.id = 0;
	f.name = name;
	f.since_s = since_s;
	return f;
}

static bool
plan_intake(struct mdg_act_call *c, struct mdg_mailbox_plan *p,
	    struct mdg_folder *v, size_t n, struct mdg_err *err)
{
	const json_t *wanted = json_object_get(c->args, "folders");
	const char **names;
	size_t i, kept = 0, were = 0;
	int64_t since_s;
	json_t *one;

	if (json_array_size(wanted) == 0) {
		keep_role(p, v, n, "intake");
		return true;
	}
	names = mdg_arena_array(c->arena, json_array_size(wanted),
				sizeof(*names));
	for (i = 0; i < n; i++)
		were += is_intake(&v[i]);
	json_array_foreach (wanted, i, one) {
		const char *typed = json_string_value(one);
		if (!mdg_act_folder_name(c, typed ? typed : "", &names[i], err))
			return false;
		const struct mdg_folder *f = find_folder(v, n, names[i]);
		kept += f && is_intake(f);
	}
	if (!since_of(c, p->moves || kept < were, v, n, &since_s, err))
		return false;
	const struct mdg_folder *only =
		were == 1 && kept == 0 && json_array_size(wanted) == 1
			? &v[0] /* intake folders come first */
			: NULL;
	json_array_foreach (wanted, i, one) {
		const struct mdg_folder *f = find_folder(v, n, names[i]);
		const struct mdg_folder new = fresh(only, names[i], since_s);
		add_folder(p, f && is_intake(f) ? f : &new);
	}
	return true;
}

/* Where other tools keep what they sent. */
static bool
plan_sent(struct mdg_act_call *c, struct mdg_mailbox_plan *p,
	  struct mdg_folder *v, size_t n, struct mdg_err *err)
{
	struct mdg_folder f = {.role = "sent", .name = ""};
	const char *typed = mdg_arg_text(c, "sent_folder", NULL);

	if (typed && *typed && !mdg_act_folder_name(c, typed, &f.name, err))
		return false;
	if (typed)
		p->acc.sent_folder = *f.name ? f.name : NULL;
	if (mdg_arg_flag(c, "no_sent"))
		return true;
	if (!typed && json_object_get(c->args, "no_sent") == NULL) {
		keep_role(p, v, n, "sent");
		return true;
	}
	if (!typed && p->acc.sent_folder)
		f.name = p->acc.sent_folder;
	const struct mdg_folder *was = find_folder(v, n, f.name);
	if (was && mdg_streq(was->role, "sent"))
		f = *was;
	else if (!since_of(c, true, v, n, &f.since_s, err))
		return false;
	add_folder(p, &f);
	return true;
}

/* Mail moved to a folder that is read would come in again. */
static bool
check_targets(const struct mdg_mailbox_plan *p, struct mdg_err *err)
{
	for (size_t i = 0; i < p->folders_n; i++)
		if (p->folders[i].policy &&
		    mdg_streq(p->folders[i].policy, "move") &&
		    find_folder(p->folders, p->folders_n,
				p->folders[i].policy_arg))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_folder_policy_target,
					    p->folders[i].policy_arg, NULL);
	return true;
}

static bool
plan_folders(struct mdg_act_call *c, struct mdg_mailbox_plan *p,
	     struct mdg_err *err)
{
	static const char *const theirs[] = {"imap_host",   "imap_port",
					     "imap_tls",    "folders",
					     "sent_folder", "no_sent"};
	struct mdg_folder *v;
	size_t n;

	if (!*p->was.imap_host) {
		for (size_t i = 0; i < MDG_LEN(theirs); i++)
			if (has_arg(c, theirs[i]))
				return mdg_fail_msg(err, MDG_EINVAL,
						    MDG_MSG_mailbox_sends_only,
						    p->was.name, NULL);
		return true;
	}
	if (!mdg_folder_list(c->desk->db, p->was.id, c->arena, &v, &n, err))
		return false;
	p->folders = mdg_arena_array(
		c->arena,
		n + json_array_size(json_object_get(c->args, "folders")) + 1,
		sizeof(*p->folders));
	if (!plan_intake(c, p, v, n, err) || !plan_sent(c, p, v, n, err))
		return false;
	keep_role(p, v, n, "junk");
	return check_targets(p, err);
}

static bool
plan(struct mdg_act_call *c, struct mdg_mailbox_plan *ret, struct mdg_err *err)
{
	struct mdg_mailbox_plan p = {.moves = false};

	if (!mdg_act_account(c, &p.was, err))
		return false;
	p.acc = p.was;
	if (!plan_account(c, &p, err) || !mdg_act_account_check(&p.acc, err) ||
	    !plan_folders(c, &p, err))
		return false;
	p.reaches = json_object_size(c->args) > 1u + has_arg(c, "new_name") +
							has_arg(c, "if") +
							has_arg(c, "untested");
	*ret = p;
	return true;
}

bool
mdg_mailbox_plan(struct mdg_desk *d, const json_t *args, struct mdg_arena *a,
		 struct mdg_mailbox_plan *ret, struct mdg_err *err)
{
	struct mdg_act_call c = {
		.desk = d, .args = args, .arena = a, .now_s = mdg_now_s()};

	return plan(&c, ret, err);
}

/* ---- mailbox.change ---- */

/* changed: their names; values: what each was and is, for the account's own. */
static void
tell_differences(const struct mdg_mailbox_plan *p, bool folders,
		 json_t *changed, json_t *values)
{
	static const struct {
		const char *name;
		size_t at;
		bool is_text;
	} fields[] = {
		{"name", offsetof(struct mdg_account, name), true},
		{"imap_host", offsetof(struct mdg_account, imap_host), true},
		{"imap_port", offsetof(struct mdg_account, imap_port), false},
		{"imap_tls", offsetof(struct mdg_account, imap_tls), false},
		{"smtp_host", offsetof(struct mdg_account, smtp_host), true},
		{"smtp_port", offsetof(struct mdg_account, smtp_port), false},
		{"smtp_tls", offsetof(struct mdg_account, smtp_tls), false},
		{"login", offsetof(struct mdg_account, login), true},
		{"auth", offsetof(struct mdg_account, auth), true},
		{"ca_file", offsetof(struct mdg_account, ca_file), true},
		{"sent_folder", offsetof(struct mdg_account, sent_folder),
		 true},
	};

	for (size_t i = 0; i < MDG_LEN(fields); i++) {
		const char *was = (const char *)&p->was + fields[i].at;
		const char *is = (const char *)&p->acc + fields[i].at;
		json_t *pair;
		if (fields[i].is_text)
			pair = json_pack("[s?,s?]", *(const char *const *)was,
					 *(const char *const *)is);
		else
			pair = json_pack("[I,I]",
					 (json_int_t) * (const int64_t *)was,
					 (json_int_t) * (const int64_t *)is);
		if (!json_equal(json_array_get(pair, 0),
				json_array_get(pair, 1))) {
			json_array_append_new(changed,
					      json_string(fields[i].name));
			json_object_set(values, fields[i].name, pair);
		}
		json_decref(pair);
	}
	if (folders)
		json_array_append_new(changed, json_string("folders"));
	if (p->password)
		json_array_append_new(changed, json_string("password"));
}

/* *ret: is any folder read that was not, or the other way round? */
static bool
put_folders(struct mdg_act_call *c, struct mdg_mailbox_plan *p, bool *ret,
	    struct mdg_err *err)
{
	struct mdg_db *db = c->desk->db;
	struct mdg_folder *v;
	int64_t id;
	size_t n;

	*ret = false;
	if (!mdg_folder_list(db, p->was.id, c->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct mdg_folder *f =
			find_folder(p->folders, p->folders_n, v[i].name);
		if (f && f->id == v[i].id)
			continue;
		*ret = true;
		if (!p->moves && !mdg_folder_remove(db, v[i].id, err))
			return false;
	}
	if (p->moves && !mdg_folder_leave(db, p->was.id, err))
		return false;
	for (size_t i = 0; i < p->folders_n; i++) {
		*ret = *ret || p->folders[i].id == 0;
		p->folders[i].account_id = p->was.id;
		if ((p->moves || p->folders[i].id == 0) &&
		    !mdg_folder_add(db, &p->folders[i], &id, err))
			return false;
	}
	return true;
}

static bool
put_password(struct mdg_act_call *c, const struct mdg_mailbox_plan *p,
	     struct mdg_err *err)
{
	return !p->password ||
	       (mdg_oauth_set_state(c->desk->db, p->was.id, "wanted", 0, 0,
				    err) &&
		mdg_desk_secret_put(c->desk,
				    mdg_arena_printf(c->arena, "account:%lld",
						     (long long)p->was.id),
				    p->password, err));
}

static bool
put_account(struct mdg_act_call *c, const struct mdg_account *acc,
	    struct mdg_err *err)
{
	return mdg_account_change(c->desk->db, acc, err) ||
	       (err->code == MDG_EEXIST &&
		mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_mailbox_exists, acc->name,
			     NULL));
}

/* The daemon has tried it before, unless "untested" says not to (task_test.c).
 */
static bool
mailbox_change(struct mdg_act_call *c, struct mdg_err *err)
{
	json_t *changed = json_array(), *values;
	struct mdg_mailbox_plan p;
	bool folders;

	json_object_set_new(c->result, "changed", changed);
	if (!plan(c, &p, err) || !put_account(c, &p.acc, err) ||
	    !put_password(c, &p, err) || !put_folders(c, &p, &folders, err))
		return false;
	values = json_object();
	tell_differences(&p, folders, changed, values);
	if (json_array_size(changed) == 0) {
		json_decref(values);
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_mailbox_same,
				    p.was.name, NULL);
	}
	if (json_object_size(values) == 0) {
		json_decref(values);
		values = NULL;
	}
	mdg_result_int(c, "id", p.was.id);
	mdg_result_text(c, "mailbox", p.acc.name);
	json_object_set_new(c->result, "moved", json_boolean(p.moves));
	return mdg_desk_event(c->desk, c->actor, NULL, "mailbox.change",
			      json_pack("{s:I,s:O,s:b,s:b}", "account",
					p.was.id, "changed", changed, "moved",
					p.moves, "untested",
					mdg_arg_flag(c, "untested")),
			      values, err);
}

const struct mdg_act mdg_acts_mailbox_change[] = {
	{"mailbox.change",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"name", 's', true},
	  {"new_name", 's', false},
	  {"imap_host", 's', false},
	  {"imap_port", 'i', false},
	  {"imap_tls", 's', false},
	  {"smtp_host", 's', false},
	  {"smtp_port", 'i', false},
	  {"smtp_tls", 's', false},
	  {"login", 's', false},
	  {"password", 's', false},
	  {"ca_file", 's', false},
	  {"sent_folder", 's', false},
	  {"no_sent", 'b', false},
	  {"folders", 'a', false},
	  {"since", 's', false},
	  {"untested", 'b', false}},
	 mailbox_change},
	{0},
};
