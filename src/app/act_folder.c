/* mailbox.folder.*, mailbox.policy: which folders are read, and what becomes of
 * the mails on the server. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/mail/utf7imap.h"
#include "madoguchi/store/st_folder.h"

#include "act-int.h"

bool
mdg_act_account(struct mdg_act_call *c, struct mdg_account *ret,
		struct mdg_err *err)
{
	const char *name = mdg_arg_text(c, "name", "");
	enum mdg_found f = mdg_account_by_name(c->desk->db, name, c->arena,
					       ret, err);

	return f == MDG_NONE ? mdg_fail_msg(err, MDG_ENOENT,
					    MDG_MSG_mailbox_none, name, NULL)
			     : f == MDG_FOUND;
}

bool
mdg_act_folder_name(struct mdg_act_call *c, const char *typed,
		    const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	enum { NAME_BYTES_MAX = 1000 };

	if (!*typed || !mdg_utf7imap_typed(typed, &b) ||
	    b.len > NAME_BYTES_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_folder_name_bad,
				    typed, NULL);
	/* INBOX in any case is one folder (RFC 3501 §5.1) */
	*ret = mdg_strcaseeq(mdg_buf_str(&b), "INBOX")
		       ? "INBOX"
		       : mdg_arena_strdup(c->arena, mdg_buf_str(&b));
	return true;
}

bool
mdg_act_since(struct mdg_act_call *c, const char *otherwise, int64_t *ret,
	      struct mdg_err *err)
{
	const char *text = mdg_arg_text(c, "since", otherwise);
	int64_t days;

	if (mdg_streq(text, "all"))
		*ret = 0;
	else if (mdg_streq(text, "now"))
		*ret = c->now_s;
	else if (mdg_str_i64(text, 1, 36500, &days))
		*ret = c->now_s - days * 86400;
	else
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_since_bad, text,
				    NULL);
	return true;
}

static bool
folder_add(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_account acc;
	bool sent = mdg_arg_flag(c, "sent"), junk = mdg_arg_flag(c, "junk");
	struct mdg_folder f = {.role = sent ? "sent" : junk ? "junk" : "intake"};
	int64_t id;

	if (sent && junk)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_folder_two_roles,
				    NULL);
	if (!mdg_act_account(c, &acc, err) ||
	    !mdg_act_folder_name(c, mdg_arg_text(c, "folder", ""), &f.name,
				 err) ||
	    !mdg_act_since(c, "now", &f.since_s, err))
		return false;
	f.account_id = acc.id;
	mdg_result_text(c, "mailbox", acc.name);
	mdg_result_text(c, "folder", f.name);
	return mdg_folder_add(c->desk->db, &f, &id, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "folder.add",
			      json_pack("{s:I,s:I,s:s}", "account", acc.id,
					"folder", id, "role", f.role),
			      NULL, err);
}

static bool
find_folder(struct mdg_act_call *c, struct mdg_account *acc,
	    struct mdg_folder *ret, struct mdg_err *err)
{
	const char *typed = mdg_arg_text(c, "folder", "INBOX");
	const char *name;

	if (!mdg_act_account(c, acc, err) ||
	    !mdg_act_folder_name(c, typed, &name, err))
		return false;
	enum mdg_found f = mdg_folder_by_name(c->desk->db, acc->id, name,
					      c->arena, ret, err);
	return f == MDG_NONE
		       ? mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_folder_none,
				      acc->name, typed, NULL)
		       : f == MDG_FOUND;
}

static bool
folder_remove(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_account acc;
	struct mdg_folder f, *all;
	size_t n, intake = 0;

	if (!find_folder(c, &acc, &f, err) ||
	    !mdg_folder_list(c->desk->db, acc.id, c->arena, &all, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		intake += mdg_streq(all[i].role, "intake");
	if (mdg_streq(f.role, "intake") && intake == 1)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_folder_last,
				    acc.name, f.name, NULL);
	mdg_result_text(c, "mailbox", acc.name);
	mdg_result_text(c, "folder", *f.name ? f.name : f.found_name);
	return mdg_folder_remove(c->desk->db, f.id, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "folder.remove",
			      json_pack("{s:I,s:I}", "account", acc.id,
					"folder", f.id),
			      NULL, err);
}

/* Checks the policy's argument: the target folder, or the days. */
static bool
policy_arg(struct mdg_act_call *c, const struct mdg_account *acc,
	   const char *policy, const char **ret, struct mdg_err *err)
{
	const char *target = mdg_arg_text(c, "target", NULL);
	int64_t days = mdg_arg_int(c, "days", 0);
	struct mdg_folder other;

	*ret = "";
	if (mdg_streq(policy, "leave") || mdg_streq(policy, "keyword"))
		return true;
	if (mdg_streq(policy, "delete") && days >= 1 && days <= 36500) {
		*ret = mdg_act_number(c, days);
		return true;
	}
	if (!mdg_streq(policy, "move") || !target)
		return mdg_fail_msg(err, MDG_EINVAL,
				    MDG_MSG_folder_policy_unknown, policy,
				    NULL);
	if (!mdg_act_folder_name(c, target, ret, err))
		return false;
	enum mdg_found f = mdg_folder_by_name(c->desk->db, acc->id, *ret,
					      c->arena, &other, err);
	return f == MDG_FOUND ? mdg_fail_msg(err, MDG_EINVAL,
					     MDG_MSG_folder_policy_target,
					     target, NULL)
			      : f == MDG_NONE;
}

static bool
policy(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *name = mdg_arg_text(c, "policy", "");
	const char *arg;
	struct mdg_account acc;
	struct mdg_folder f;

	if (!find_folder(c, &acc, &f, err) ||
	    !policy_arg(c, &acc, name, &arg, err))
		return false;
	/* what went out is never touched */
	if (!mdg_streq(f.role, "intake"))
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_folder_none,
				    acc.name, mdg_arg_text(c, "folder", ""),
				    NULL);
	mdg_result_text(c, "mailbox", acc.name);
	mdg_result_text(c, "folder", f.name);
	mdg_result_text(c, "policy", name);
	return mdg_folder_policy(c->desk->db, f.id, name, arg, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "mailbox.policy",
			      json_pack("{s:I,s:I,s:s,s:s}", "account", acc.id,
					"folder", f.id, "policy", name, "arg",
					mdg_streq(name, "move") ? "" : arg),
			      NULL, err);
}

const struct mdg_act mdg_acts_folder[] = {
	{"mailbox.folder.add", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"name", 's', true}, {"folder", 's', true}, {"sent", 'b', false},
	  {"junk", 'b', false}, {"since", 's', false}},
	 folder_add},
	{"mailbox.folder.remove", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"name", 's', true}, {"folder", 's', true}},
	 folder_remove},
	{"mailbox.policy", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"name", 's', true}, {"policy", 's', true}, {"folder", 's', false},
	  {"target", 's', false}, {"days", 'i', false}},
	 policy},
	{0},
};
