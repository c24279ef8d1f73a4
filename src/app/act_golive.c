/*
 * golive: sending mode, and what is history. Mail from before the go-live
 * time is 対応済み, without clock, rules, receipts or alarms; --pick-unanswered
 * opens what of it nobody has answered yet.
 */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/desk/thread.h"
#include "madoguchi/store/st_reply.h"

#include "act-int.h"

enum { TICKETS_MAX = 10000, DAY_S = 86400 };

struct ids {
	int64_t v[TICKETS_MAX];
	size_t n;
};

static bool
collect(struct mdg_act_call *c, const char *sql, int64_t time_s,
	struct ids *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	ret->n = 0;
	if (!mdg_db_query(c->desk->db, &r, err, sql, "ii", time_s,
			  (int64_t)TICKETS_MAX))
		return false;
	while (ret->n < TICKETS_MAX && mdg_rows_next(r))
		ret->v[ret->n++] = mdg_rows_i64(r, 0);
	return mdg_rows_close(&r, err);
}

/* ---- what is older than the go-live time and nobody has touched ---- */

static bool
to_history(struct mdg_act_call *c, int64_t id, struct mdg_err *err)
{
	struct mdg_ticket t;

	if (mdg_ticket_by_id(c->desk->db, id, c->arena, &t, err) != MDG_FOUND ||
	    !mdg_desk_ticket_move(&t, MDG_TICKET_EV_CLOSE, c->now_s, err))
		return false;
	t.closing = "history";
	t.is_history = true;
	t.due_s = 0;
	return mdg_db_run(c->desk->db, err,
			  "UPDATE clock SET state = 'not_applicable',"
			  " stopped_s = ?2 WHERE ticket_id = ?1"
			  " AND state IN ('running', 'paused')",
			  "ii", id, c->now_s) &&
	       mdg_desk_event(c->desk, c->actor, &t, "ticket.history", NULL,
			      NULL, err) &&
	       mdg_ticket_update(c->desk->db, &t, err);
}

static bool
set_from(struct mdg_act_call *c, int64_t from_s, bool dry, struct ids *ids,
	 struct mdg_err *err)
{
	if (!collect(c,
		     "SELECT id FROM ticket t WHERE state = 'new'"
		     " AND assignee_id IS NULL AND inbound_s < ?1"
		     " AND NOT EXISTS (SELECT 1 FROM draft d"
		     "  WHERE d.ticket_id = t.id) ORDER BY id LIMIT ?2",
		     from_s, ids, err))
		return false;
	mdg_result_int(c, "history", (int64_t)ids->n);
	mdg_result_int(c, "from_s", from_s);
	if (dry)
		return true;
	for (size_t i = 0; i < ids->n; i++)
		if (!to_history(c, ids->v[i], err))
			return false;
	c->desk->live_since_s = from_s;
	return mdg_setting_put(c->desk->db, "live_since_s",
			       mdg_act_number(c, from_s), err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "desk.live_since",
			      json_pack("{s:I,s:I}", "from_s", from_s,
					"tickets", (json_int_t)ids->n),
			      NULL, err);
}

/* ---- what of it is still to be answered ---- */

/*
 * Is the newest message from the customer, and more than thanks for what we
 * wrote? Replies of other tools are there from the Sent folder.
 */
static bool
is_unanswered(struct mdg_act_call *c, int64_t ticket, bool *ret,
	      struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	bool any = false, ours = false, thanks = false;

	*ret = false;
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT m.direction, COALESCE(m.reply, m.text),"
			  " (SELECT COUNT(*) FROM win_address w"
			  "  WHERE w.key = m.from_key), (SELECT COUNT(*)"
			  "  FROM message o WHERE o.ticket_id = m.ticket_id"
			  "  AND o.direction = 'out') FROM message m"
			  " WHERE m.ticket_id = ?1 AND m.class = 'ordinary'"
			  " ORDER BY m.received_s DESC, m.id DESC LIMIT 1",
			  "i", ticket))
		return false;
	if (mdg_rows_next(r)) {
		any = true;
		ours = mdg_streq(mdg_rows_text(r, 0), "out") ||
		       mdg_rows_i64(r, 2) > 0;
		thanks = mdg_rows_i64(r, 3) > 0 &&
			 mdg_text_is_thanks(mdg_rows_text(r, 1));
	}
	if (!mdg_rows_close(&r, err))
		return false;
	*ret = any && !ours && !thanks;
	return true;
}

static bool
pick_one(struct mdg_act_call *c, int64_t id, bool dry, json_t *list,
	 struct mdg_err *err)
{
	struct mdg_ticket t;
	bool open;

	if (!is_unanswered(c, id, &open, err))
		return false;
	if (!open)
		return true;
	if (mdg_ticket_by_id(c->desk->db, id, c->arena, &t, err) != MDG_FOUND)
		return false;
	json_array_append_new(list, json_pack("{s:I,s:s,s:I}", "ticket",
					      t.number, "subject", t.subject,
					      "inbound_s", t.inbound_s));
	if (dry)
		return true;
	if (!mdg_desk_ticket_move(&t, MDG_TICKET_EV_REOPEN, c->now_s, err))
		return false;
	t.is_history = false;
	return mdg_desk_event(c->desk, c->actor, &t, "ticket.pick", NULL, NULL,
			      err) &&
	       mdg_desk_clocks(c->desk, &t, err) &&
	       mdg_ticket_update(c->desk->db, &t, err);
}

/* Mailboxes of which nobody knows what was answered with another tool. */
static bool
unread_sent(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *list = json_array();

	json_object_set_new(c->result, "sent_not_read", list);
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT a.name FROM account a WHERE a.removed = 0"
			  " AND NOT EXISTS (SELECT 1 FROM folder f"
			  "  WHERE f.account_id = a.id AND f.role = 'sent'"
			  "  AND f.removed = 0 AND f.synced_s > 0)"
			  " ORDER BY a.name",
			  ""))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(list, json_string(mdg_rows_text(r, 0)));
	return mdg_rows_close(&r, err);
}

static bool
pick(struct mdg_act_call *c, int64_t days, bool dry, struct ids *ids,
     struct mdg_err *err)
{
	json_t *list = json_array();

	json_object_set_new(c->result, "picked", list);
	if (days < 1 || days > 36500)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_golive_days, NULL);
	if (!unread_sent(c, err) ||
	    !collect(c,
		     "SELECT id FROM ticket WHERE is_history = 1"
		     " AND state = 'closed' AND closing = 'history'"
		     " AND inbound_s >= ?1 ORDER BY inbound_s, id LIMIT ?2",
		     c->now_s - days * DAY_S, ids, err))
		return false;
	for (size_t i = 0; i < ids->n; i++)
		if (!pick_one(c, ids->v[i], dry, list, err))
			return false;
	return true;
}

static bool
golive(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *mode = mdg_arg_text(c, "mode", "live");
	int64_t from_s = mdg_arg_int(c, "from_s", 0);
	int64_t days = mdg_arg_int(c, "pick_days", 0);
	bool dry = mdg_arg_flag(c, "dry_run"), ok = true;

	if (!mdg_streq(mode, "off") && !mdg_streq(mode, "internal") &&
	    !mdg_streq(mode, "live"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_sending_unknown,
				    mode, NULL);
	if (from_s > c->now_s)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_golive_future,
				    NULL);
	struct ids *ids = mdg_malloc(sizeof(*ids));
	if (from_s)
		ok = set_from(c, from_s, dry, ids, err);
	if (ok && json_object_get(c->args, "pick_days"))
		ok = pick(c, days, dry, ids, err);
	free(ids);
	if (!ok)
		return false;
	json_object_set_new(c->result, "dry_run", json_boolean(dry));
	mdg_result_text(c, "sending", mode);
	return dry ||
	       (mdg_setting_put(c->desk->db, "sending", mode, err) &&
		mdg_outbox_let_go(c->desk->db, c->now_s, err) &&
		mdg_desk_event(c->desk, c->actor, NULL, "desk.sending",
			       json_pack("{s:s}", "mode", mode), NULL, err));
}

const struct mdg_act mdg_acts_golive[] = {
	{"golive", MDG_SCOPE_DESK, MDG_MEMBER_ADMIN, false,
	 {{"mode", 's', false}, {"from_s", 'i', false},
	  {"pick_days", 'i', false}, {"dry_run", 'b', false}},
	 golive},
	{0},
};
