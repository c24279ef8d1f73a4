/* mailbox.*: the accounts that mail comes in and goes out by. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/mail/utf7imap.h"
#include "madoguchi/query/query.h"
#include "madoguchi/store/st_folder.h"
#include "madoguchi/store/st_oauth.h"

#include "act-int.h"

static const char *const tls_names[] = {"none", "starttls", "implicit"};

int64_t
mdg_act_tls_mode(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(tls_names); i++)
		if (mdg_streq(tls_names[i], name))
			return (int64_t)i;
	return -1;
}

const char *
mdg_act_tls_name(int64_t mode)
{
	return tls_names[(size_t)mode % MDG_LEN(tls_names)];
}

int64_t
mdg_act_port(bool smtp, int64_t tls)
{
	bool implicit = tls == 2;

	/* the ports that the protocols have: RFC 9051 §2.1, RFC 8314 §7 */
	return smtp ? (implicit ? 465 : 587) : (implicit ? 993 : 143);
}

bool
mdg_act_account_check(const struct mdg_account *acc, struct mdg_err *err)
{
	if (!mdg_addr_valid(acc->address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    acc->address, NULL);
	if (acc->imap_tls < 0 || acc->smtp_tls < 0)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_tls_unknown, NULL);
	if (!mdg_streq(acc->auth, "password") && !mdg_streq(acc->auth, "oauth2"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_auth_unknown,
				    acc->auth, NULL);
	/* one without IMAP only sends */
	if ((*acc->imap_host &&
	     (acc->imap_port < 1 || acc->imap_port > 65535)) ||
	    acc->smtp_port < 1 || acc->smtp_port > 65535)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_port_bad, NULL);
	return true;
}

/* Those that mail comes in by; and what went out by whatever tool. */
static bool
add_folders(struct mdg_act_call *c, int64_t account, struct mdg_err *err)
{
	const json_t *names = json_object_get(c->args, "folders");
	const char *sent = mdg_arg_text(c, "sent_folder", NULL);
	struct mdg_folder f = {.account_id = account, .role = "intake"};
	int64_t id;
	size_t i;
	json_t *v;

	if (!mdg_act_since(c, "now", &f.since_s, err))
		return false;
	f.name = "INBOX";
	if (!names && !mdg_folder_add(c->desk->db, &f, &id, err))
		return false;
	json_array_foreach (names, i, v) {
		const char *typed = json_string_value(v);
		if (!typed || !mdg_act_folder_name(c, typed, &f.name, err) ||
		    !mdg_folder_add(c->desk->db, &f, &id, err))
			return false;
	}
	if (mdg_arg_flag(c, "no_sent"))
		return true;
	f.role = "sent";
	f.name = "";
	return (!sent || !*sent || mdg_act_folder_name(c, sent, &f.name, err)) &&
	       mdg_folder_add(c->desk->db, &f, &id, err);
}

static bool
mailbox_add(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *address = mdg_arg_text(c, "address", "");
	const char *host = mdg_arg_text(c, "imap_host", "");
	struct mdg_account acc = {
		.name = mdg_arg_text(c, "name", address),
		.address = address,
		.imap_host = host,
		.imap_tls = mdg_act_tls_mode(mdg_arg_text(c, "imap_tls", "implicit")),
		.smtp_host = mdg_arg_text(c, "smtp_host", host),
		.smtp_tls = mdg_act_tls_mode(mdg_arg_text(c, "smtp_tls", "starttls")),
		.auth = mdg_arg_text(c, "auth", "password"),
		.login = mdg_arg_text(c, "login", address),
		.ca_file = mdg_arg_text(c, "ca_file", NULL),
		.sent_folder = mdg_arg_text(c, "sent_folder", NULL),
	};
	const char *password = mdg_arg_text(c, "password", NULL);
	int64_t id;

	acc.imap_port = mdg_arg_int(c, "imap_port",
				    mdg_act_port(false, acc.imap_tls));
	acc.smtp_port = mdg_arg_int(c, "smtp_port",
				    mdg_act_port(true, acc.smtp_tls));
	if (!mdg_act_account_check(&acc, err))
		return false;
	if (!password && mdg_streq(acc.auth, "password"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_act_arg_missing,
				    "mailbox.add", "password", NULL);
	if (!mdg_account_add(c->desk->db, &acc, c->now_s, &id, err)) {
		if (err && err->code == MDG_EEXIST)
			mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_mailbox_exists,
				     acc.name, NULL);
		return false;
	}
	mdg_result_int(c, "id", id);
	mdg_result_text(c, "mailbox", acc.name);
	return add_folders(c, id, err) &&
	       mdg_win_account_put(c->desk->db, c->win.id, id,
				   mdg_arg_text(c, "for_domain", ""), err) &&
	       mdg_win_address_put(c->desk->db, c->win.id,
				   mdg_addr_key(c->arena, address), address,
				   err) &&
	       mdg_desk_secret_put(c->desk,
				   mdg_arena_printf(c->arena, "account:%lld",
						    (long long)id),
				   password ? password : "", err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "mailbox.add",
			      json_pack("{s:I,s:I}", "account", id, "window",
					c->win.id),
			      NULL, err);
}

static bool
mailbox_remove(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_account acc;

	if (!mdg_act_account(c, &acc, err))
		return false;
	mdg_result_text(c, "mailbox", acc.name);
	return mdg_account_remove(c->desk->db, acc.id, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "mailbox.remove",
			      json_pack("{s:I}", "account", acc.id), NULL,
			      err);
}

static bool
mailbox_password(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_account acc;

	if (!mdg_act_account(c, &acc, err))
		return false;
	return mdg_account_auth(c->desk->db, acc.id, "password", err) &&
	       mdg_oauth_set_state(c->desk->db, acc.id, "wanted", 0, 0, err) &&
	       mdg_desk_secret_put(c->desk,
				   mdg_arena_printf(c->arena, "account:%lld",
						    (long long)acc.id),
				   mdg_arg_text(c, "password", ""), err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "mailbox.password",
			      json_pack("{s:I}", "account", acc.id), NULL,
			      err);
}

/* Folders as people read their names. */
static bool
show_folders(struct mdg_act_call *c, int64_t account, struct mdg_err *err)
{
	json_t *list = json_array();
	bool reads_sent = false;
	struct mdg_folder *v;
	size_t n;

	json_object_set_new(c->result, "folders", list);
	if (!mdg_folder_list(c->desk->db, account, c->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};
		reads_sent = reads_sent || mdg_streq(v[i].role, "sent");
		if (!mdg_streq(v[i].role, "intake"))
			continue;
		mdg_utf7imap_show(v[i].name, &name);
		json_array_append_new(list, json_string(mdg_buf_str(&name)));
	}
	json_object_set_new(c->result, "no_sent", json_boolean(!reads_sent));
	return true;
}

static bool
mailbox_show(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sent = {0};
	struct mdg_account acc;

	if (!mdg_act_account(c, &acc, err))
		return false;
	mdg_result_text(c, "mailbox", acc.name);
	mdg_result_text(c, "address", acc.address);
	mdg_result_text(c, "imap_host", acc.imap_host);
	mdg_result_int(c, "imap_port", acc.imap_port);
	mdg_result_text(c, "imap_tls", mdg_act_tls_name(acc.imap_tls));
	mdg_result_text(c, "smtp_host", acc.smtp_host);
	mdg_result_int(c, "smtp_port", acc.smtp_port);
	mdg_result_text(c, "smtp_tls", mdg_act_tls_name(acc.smtp_tls));
	mdg_result_text(c, "login", acc.login);
	mdg_result_text(c, "auth", acc.auth);
	mdg_result_text(c, "ca_file", acc.ca_file);
	if (acc.sent_folder)
		mdg_utf7imap_show(acc.sent_folder, &sent);
	mdg_result_text(c, "sent_folder",
			acc.sent_folder ? mdg_buf_str(&sent) : NULL);
	return show_folders(c, acc.id, err);
}

static bool
mailbox_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_mailboxes(c->desk->db, c->viewer, c->result, err);
}

const struct mdg_act mdg_acts_mailbox[] = {
	{"mailbox.add", MDG_SCOPE_WINDOW, MDG_MEMBER_ADMIN, false,
	 {{"window", 's', true}, {"name", 's', false}, {"address", 's', true},
	  {"imap_host", 's', true}, {"imap_port", 'i', false},
	  {"imap_tls", 's', false}, {"smtp_host", 's', false},
	  {"smtp_port", 'i', false}, {"smtp_tls", 's', false},
	  {"login", 's', false}, {"password", 's', false},
	  {"auth", 's', false}, {"ca_file", 's', false}, {"sent_folder", 's', false},
	  {"folders", 'a', false}, {"since", 's', false},
	  {"no_sent", 'b', false},
	  {"for_domain", 's', false}},
	 mailbox_add},
	{"mailbox.remove", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"name", 's', true}},
	 mailbox_remove},
	{"mailbox.password", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"name", 's', true}, {"password", 's', true}},
	 mailbox_password},
	{"mailbox.show", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, true,
	 {{"name", 's', true}},
	 mailbox_show},
	{"mailbox.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}},
	 mailbox_list},
	{0},
};
