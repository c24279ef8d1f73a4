/* alarm.*, metrics: what is wrong, who is told, and by which account. */
#include <string.h>

#include "madoguchi/app/alarm.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "madoguchi/query/query.h"

#include "act-int.h"

static bool
alarm_list(struct mdg_act_call *c, struct mdg_err *err)
{
	mdg_result_int(c, "now_s", c->now_s);
	return mdg_alarm_json(c->desk, c->actor->lang, c->result, err);
}

/* ---- settings ---- */

static bool
set_to(struct mdg_act_call *c, struct mdg_err *err)
{
	const json_t *list = json_object_get(c->args, "to");
	json_t *v;
	size_t i;

	if (!list)
		return true;
	json_array_foreach (list, i, v)
		if (!json_is_string(v) ||
		    !mdg_addr_valid(json_string_value(v)))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_address_bad,
					    json_is_string(v)
						    ? json_string_value(v)
						    : "?",
					    NULL);
	MDG_AUTO(mdg_freep) char *text = json_dumps(list, JSON_COMPACT);
	return mdg_setting_put(c->desk->db, "alarm_to", text, err);
}

static bool
set_account(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *name = mdg_arg_text(c, "mailbox", NULL);
	struct mdg_account acc;

	if (!name)
		return true;
	enum mdg_found f = mdg_account_by_name(c->desk->db, name, c->arena,
					       &acc, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_mailbox_none, name,
				    NULL);
	return mdg_setting_put(c->desk->db, "alarm_account",
			       mdg_act_number(c, acc.id), err);
}

static bool
set_words(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *at = mdg_arg_text(c, "heartbeat", NULL);
	const char *mail = mdg_arg_text(c, "mail", NULL);
	int min;

	if (at && !mdg_heartbeat_time(at, &min))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_heartbeat_time_bad,
				    at, NULL);
	if (mail && !mdg_streq(mail, "on") && !mdg_streq(mail, "off"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_alarm_mail_bad,
				    mail, NULL);
	return (!at || mdg_setting_put(c->desk->db, "heartbeat", at, err)) &&
	       (!mail || mdg_setting_put(c->desk->db, "alarm_mail", mail, err));
}

static bool
show_settings(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_account acc = {.name = NULL};
	struct mdg_strings to = {0};
	json_t *list = json_array();
	const char *v;
	int64_t id;

	json_object_set_new(c->result, "to", list);
	for (int lang = 0; lang < MDG_LANG_N; lang++)
		if (!mdg_alarm_people(c->desk, false, (enum mdg_lang)lang,
				      c->arena, &to, err))
			return false;
	for (size_t i = 0; i < to.n; i++)
		json_array_append_new(list, json_string(to.v[i]));
	if (!mdg_setting_get(c->desk->db, "alarm_account", c->arena, &v, err))
		return false;
	if (mdg_str_i64(v, 1, INT64_MAX, &id) &&
	    mdg_account_by_id(c->desk->db, id, c->arena, &acc, err) ==
		    MDG_FAILED)
		return false;
	mdg_result_text(c, "mailbox", acc.name);
	if (!mdg_setting_get(c->desk->db, "heartbeat", c->arena, &v, err))
		return false;
	mdg_result_text(c, "heartbeat", *v ? v : "09:00");
	if (!mdg_setting_get(c->desk->db, "alarm_mail", c->arena, &v, err))
		return false;
	mdg_result_text(c, "mail", *v ? v : "on");
	return true;
}

static bool
alarm_set(struct mdg_act_call *c, struct mdg_err *err)
{
	if (json_object_size(c->args) == 0)
		return show_settings(c, err);
	/* the addresses are people's own: not in the public codes */
	return set_to(c, err) && set_account(c, err) && set_words(c, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "alarm.set", NULL,
			      json_deep_copy(c->args), err) &&
	       show_settings(c, err);
}

/* ---- an account that only sends alarms ---- */

static bool
alarm_account(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *address = mdg_arg_text(c, "address", "");
	int64_t tls = mdg_act_tls_mode(mdg_arg_text(c, "smtp_tls", "implicit"));
	struct mdg_account acc = {
		.name = mdg_arg_text(c, "name", "alarm"),
		.address = address,
		.imap_host = "",
		.smtp_host = mdg_arg_text(c, "smtp_host", ""),
		.smtp_port = mdg_arg_int(c, "smtp_port", tls == 1 ? 587 : 465),
		.smtp_tls = tls,
		.auth = "password",
		.login = mdg_arg_text(c, "login", address),
		.ca_file = mdg_arg_text(c, "ca_file", NULL),
	};
	int64_t id;

	if (!mdg_addr_valid(address))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_address_bad,
				    address, NULL);
	if (tls < 0)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_tls_unknown, NULL);
	if (acc.smtp_port < 1 || acc.smtp_port > 65535)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_port_bad, NULL);
	if (!mdg_account_add(c->desk->db, &acc, c->now_s, &id, err))
		return err->code == MDG_EEXIST &&
		       mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_mailbox_exists,
				    acc.name, NULL);
	mdg_result_text(c, "mailbox", acc.name);
	return mdg_desk_secret_put(c->desk,
				   mdg_arena_printf(c->arena, "account:%lld",
						    (long long)id),
				   mdg_arg_text(c, "password", ""), err) &&
	       mdg_setting_put(c->desk->db, "alarm_account",
			       mdg_act_number(c, id), err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "alarm.account",
			      json_pack("{s:I}", "account", id), NULL, err);
}

static bool
alarm_test(struct mdg_act_call *c, struct mdg_err *err)
{
	enum mdg_sending mode;
	int64_t id;

	if (!mdg_desk_sending(c->desk, &mode, err))
		return false;
	if (mode == MDG_SENDING_OFF)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_alarm_sending_off,
				    NULL);
	if (!mdg_alarm_test(c->desk, c->actor->lang, &id, err))
		return false;
	mdg_result_int(c, "outbox", id);
	return mdg_desk_event(c->desk, c->actor, NULL, "alarm.test",
			      json_pack("{s:I}", "outbox", id), NULL, err);
}

static bool
metrics(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const struct mdg_probe *p = &c->desk->probe;
	const struct mdg_live_figures live = {
		.started_s = p->started_s,
		.ticks = p->ticks,
		.events = c->desk->lane.seq,
		.disk_bytes = p->disk_bytes,
		.disk_free_bytes = p->disk_free_bytes,
		.store_refuses = p->store_refuses_s != 0,
	};

	if (!mdg_query_metrics(c->desk->db, &live, c->now_s, &text, err))
		return false;
	mdg_result_text(c, "text", mdg_buf_str(&text));
	return true;
}

const struct mdg_act mdg_acts_alarm[] = {
	{"alarm.list", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}},
	 alarm_list},
	{"alarm.set", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"to", 'a', false}, {"mailbox", 's', false},
	  {"heartbeat", 's', false}, {"mail", 's', false}},
	 alarm_set},
	{"alarm.account", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"address", 's', true}, {"smtp_host", 's', true},
	  {"smtp_port", 'i', false}, {"smtp_tls", 's', false},
	  {"login", 's', false}, {"password", 's', true},
	  {"ca_file", 's', false}, {"name", 's', false}},
	 alarm_account},
	{"alarm.test", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false, {{0}},
	 alarm_test},
	{"metrics", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}}, metrics},
	{0},
};
