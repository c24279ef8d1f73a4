/* ticket.spam, spam.list, spam.forget: 迷惑, and what a window learns of it. */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/mail/addr.h"

#include "act-int.h"

/* Domains whose people are anybody: one of them says nothing of the others. */
static const char *const everybody[] = {
	"gmail.com",	  "yahoo.co.jp", "icloud.com",	"me.com",
	"outlook.com",	  "outlook.jp",	 "hotmail.com", "hotmail.co.jp",
	"docomo.ne.jp",	  "ezweb.ne.jp", "au.com",	"softbank.ne.jp",
	"i.softbank.jp",  "ymobile.ne.jp", "nifty.com", "biglobe.ne.jp",
	"ocn.ne.jp",	  "so-net.ne.jp", "live.jp",	"rakuten.jp",
};

static bool
sender_of(struct mdg_act_call *c, const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = "";
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT from_key FROM message WHERE ticket_id = ?1"
			  " AND direction = 'in' ORDER BY id LIMIT 1",
			  "i", c->ticket.id))
		return false;
	if (mdg_rows_next(r))
		*ret = mdg_arena_strdup(c->arena, mdg_rows_text(r, 0));
	return mdg_rows_close(&r, err);
}

static bool
learn(struct mdg_act_call *c, const char *key, struct mdg_err *err)
{
	return mdg_db_run(c->desk->db, err,
			  "INSERT INTO spam_sender (win_id, key, made_by,"
			  " made_s) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT DO NOTHING",
			  "isii", c->win.id, key, c->actor->person_id,
			  c->now_s);
}

static bool
learn_domain(struct mdg_act_call *c, const char *from, struct mdg_err *err)
{
	const char *domain = mdg_addr_domain(from);

	for (size_t i = 0; i < MDG_LEN(everybody); i++)
		if (mdg_streq(everybody[i], domain))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_spam_everybody, domain,
					    NULL);
	return learn(c, mdg_arena_printf(c->arena, "@%s", domain), err);
}

static bool
ticket_spam(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *from;

	if (!sender_of(c, &from, err) ||
	    !mdg_desk_ticket_move(&c->ticket, MDG_TICKET_EV_CLOSE, c->now_s,
				  err))
		return false;
	if (*from && !learn(c, from, err))
		return false;
	if (*from && mdg_arg_flag(c, "domain") && !learn_domain(c, from, err))
		return false;
	c->ticket.closing = "spam";
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	return mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.close",
			      json_pack("{s:s,s:s,s:b}", "closing", "spam",
					"state", "closed", "learned",
					*from != '\0'),
			      NULL, err) &&
	       mdg_desk_clocks(c->desk, &c->ticket, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

static bool
spam_list(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *list = json_array();

	json_object_set_new(c->result, "senders", list);
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT s.key, p.login, s.made_s FROM spam_sender s"
			  " LEFT JOIN person p ON p.id = s.made_by"
			  " WHERE s.win_id = ?1 ORDER BY s.key LIMIT ?2",
			  "ii", c->win.id, (int64_t)MDG_LIST_MAX))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(
			list, json_pack("{s:s,s:s?,s:I}", "sender",
					mdg_rows_text(r, 0), "user",
					mdg_rows_null(r, 1)
						? NULL
						: mdg_rows_text(r, 1),
					"made_s", mdg_rows_i64(r, 2)));
	return mdg_rows_close(&r, err);
}

/* A mistake, or they have mended their ways. */
static bool
spam_forget(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *sender = mdg_arg_text(c, "sender", "");
	const char *key = *sender == '@' ? sender
					 : mdg_addr_key(c->arena, sender);
	int64_t n;

	if (!mdg_db_run_n(c->desk->db, &n, err,
			  "DELETE FROM spam_sender WHERE win_id = ?1"
			  " AND key = ?2",
			  "is", c->win.id, key))
		return false;
	if (n == 0)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_spam_none, sender,
				    c->win.code, NULL);
	return mdg_desk_event(c->desk, c->actor, NULL, "spam.forget",
			      json_pack("{s:s}", "window", c->win.code), NULL,
			      err);
}

const struct mdg_act mdg_acts_spam[] = {
	{"ticket.spam", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"domain", 'b', false}}, ticket_spam},
	{"spam.list", MDG_SCOPE_WINDOW, MDG_MEMBER_OPERATOR, true,
	 {{"window", 's', true}}, spam_list},
	{"spam.forget", MDG_SCOPE_WINDOW, MDG_MEMBER_SV, false,
	 {{"window", 's', true}, {"sender", 's', true}}, spam_forget},
	{0},
};
