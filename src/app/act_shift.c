/* user.disable … user.work, handover, shift: who is there, and what they leave
 * to others. */
#include <string.h>

#include "madoguchi/app/note.h"
#include "madoguchi/app/warn.h"
#include "madoguchi/app/work.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/machine.h"
#include "madoguchi/query/queue.h"
#include "madoguchi/store/st_login.h"

#include "act-int.h"

static bool
load(struct mdg_act_call *c, const char *arg, struct mdg_person *p,
     struct mdg_err *err)
{
	const char *login = mdg_arg_text(c, arg, "");
	enum mdg_found f =
		mdg_person_by_login(c->desk->db, login, c->arena, p, err);

	return f == MDG_FOUND ||
	       (f == MDG_NONE &&
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_person_none, login,
			     NULL));
}

/* Oneself, or a lead of a window in which the other one works. */
static bool
may_speak_for(struct mdg_act_call *c, const struct mdg_person *p,
	      struct mdg_err *err)
{
	int64_t one;

	if (c->role == MDG_MEMBER_ADMIN || p->id == c->actor->person_id)
		return true;
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &one, err,
		"SELECT 1 FROM member a JOIN member b ON a.win_id = b.win_id"
		" WHERE a.person_id = ?1 AND a.role IN ('sv', 'admin')"
		" AND b.person_id = ?2 AND b.role <> 'none'",
		"ii", c->actor->person_id, p->id);
	return f == MDG_FOUND ||
	       (f == MDG_NONE &&
		mdg_fail_msg(err, MDG_EPERM, MDG_MSG_shift_forbidden, p->login,
			     NULL));
}

static bool
need_row(struct mdg_act_call *c, int64_t person, struct mdg_err *err)
{
	return mdg_db_run(c->desk->db, err,
			  "INSERT INTO person_work (person_id, absent,"
			  " capacity, skills, assigned_s, links_since_s)"
			  " VALUES (?1, 0, 0, '', 0, 0) ON CONFLICT DO NOTHING",
			  "i", person);
}

/* What was handed out to them (sessions, tokens, links in mail) is dead from
 * now. */
static bool
call_links_back(struct mdg_act_call *c, int64_t person, struct mdg_err *err)
{
	int64_t n;

	return need_row(c, person, err) &&
	       mdg_session_end(c->desk->db, person, 0, 0, &n, err) &&
	       mdg_api_token_remove(c->desk->db, person, 0, &n, err) &&
	       mdg_db_run(c->desk->db, err,
			  "UPDATE person_work SET links_since_s = ?2"
			  " WHERE person_id = ?1",
			  "ii", person, c->now_s + 1);
}

static bool
person_event(struct mdg_act_call *c, const struct mdg_person *p,
	     const char *kind, json_t *codes, struct mdg_err *err)
{
	json_object_set_new(codes, "person", json_integer(p->id));
	mdg_result_text(c, "login", p->login);
	return mdg_desk_event(c->desk, c->actor, NULL, kind, codes, NULL, err);
}

/* Leaving: tickets go back to the queue, drafts stay with the ticket. */
static bool
user_disable(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p;
	int64_t released;

	if (!load(c, "login", &p, err))
		return false;
	if (p.id == c->actor->person_id)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_person_self, NULL);
	if (!mdg_person_disable(c->desk->db, p.id, true, err) ||
	    !call_links_back(c, p.id, err) ||
	    !mdg_work_release(c->desk, c->actor, p.id, 0, c->now_s,
			      &released, err) ||
	    !mdg_warn_left(c->desk, p.id, err))
		return false;
	mdg_result_int(c, "released", released);
	return person_event(c, &p, "user.disable",
			    json_pack("{s:I}", "released", released), err);
}

static bool
user_enable(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p;

	return load(c, "login", &p, err) &&
	       mdg_person_disable(c->desk->db, p.id, false, err) &&
	       person_event(c, &p, "user.enable", json_object(), err);
}

/* A lost device, a new account: what they held is dead, they are not. */
static bool
user_reset(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p;
	int64_t uid = mdg_arg_int(c, "uid", -1);

	if (!load(c, "login", &p, err) || !call_links_back(c, p.id, err) ||
	    !mdg_totp_remove(c->desk->db, p.id, err) ||
	    !mdg_db_run(c->desk->db, err,
			"DELETE FROM draft_lock WHERE person_id = ?1", "i",
			p.id) ||
	    !mdg_db_run(c->desk->db, err,
			"UPDATE person SET os_uid = ?2 WHERE id = ?1", "iI",
			p.id, uid >= 0 ? &uid : NULL))
		return false;
	return person_event(c, &p, "user.reset", json_object(), err);
}

static bool
user_absent(struct mdg_act_call *c, struct mdg_err *err)
{
	const struct mdg_calendar *cal = NULL;
	int64_t until_s = mdg_arg_int(c, "until_s", 0), released;
	struct mdg_person p;

	if (!load(c, "login", &p, err) || !may_speak_for(c, &p, err) ||
	    !mdg_desk_home(c->desk, &cal, err) ||
	    (cal && !mdg_act_when_in(c, "until", cal, &until_s, err)) ||
	    !need_row(c, p.id, err) ||
	    !mdg_db_run(c->desk->db, err,
			"UPDATE person_work SET absent = 1,"
			" absent_until_s = ?2 WHERE person_id = ?1",
			"iI", p.id, until_s ? &until_s : NULL) ||
	    !mdg_work_release(c->desk, c->actor, p.id, 0, c->now_s,
			      &released, err) ||
	    !mdg_warn_left(c->desk, p.id, err))
		return false;
	mdg_result_int(c, "released", released);
	return person_event(c, &p, "user.absent",
			    json_pack("{s:I,s:I}", "released", released,
				      "until_s", until_s),
			    err);
}

static bool
user_present(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p;

	return load(c, "login", &p, err) && may_speak_for(c, &p, err) &&
	       need_row(c, p.id, err) &&
	       mdg_db_run(c->desk->db, err,
			  "UPDATE person_work SET absent = 0,"
			  " absent_until_s = NULL WHERE person_id = ?1",
			  "i", p.id) &&
	       person_event(c, &p, "user.present", json_object(), err);
}

/* Room and skills, for those that rules hand tickets to. */
static bool
user_work(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf skills = {0};
	const json_t *list = json_object_get(c->args, "skills");
	int64_t capacity = mdg_arg_int(c, "capacity", -1);
	struct mdg_person p;
	size_t i;
	json_t *v;

	if (!load(c, "login", &p, err) || !may_speak_for(c, &p, err) ||
	    !need_row(c, p.id, err))
		return false;
	json_array_foreach (list, i, v) {
		if (!mdg_act_category(c, json_string_value(v)
						 ? json_string_value(v)
						 : "",
				      err))
			return false;
		mdg_buf_printf(&skills, "%s%s", i ? "\n" : "",
			       json_string_value(v));
	}
	if (capacity >= 0 && !mdg_db_run(c->desk->db, err,
					 "UPDATE person_work SET capacity = ?2"
					 " WHERE person_id = ?1",
					 "ii", p.id, capacity))
		return false;
	if (list && !mdg_db_run(c->desk->db, err,
				"UPDATE person_work SET skills = ?2"
				" WHERE person_id = ?1",
				"is", p.id, mdg_buf_str(&skills)))
		return false;
	return person_event(c, &p, "user.work",
			    json_pack("{s:I}", "capacity", capacity), err);
}

/* ---- 引き継ぎ ---- */

static bool
hand_one(struct mdg_act_call *c, int64_t id, const struct mdg_person *to,
	 const char *note, struct mdg_err *err)
{
	struct mdg_round r = {.a = c->arena};
	struct mdg_ticket t;
	enum mdg_member_role role = MDG_MEMBER_NONE;
	struct mdg_win w;
	bool novice;

	if (!mdg_desk_ticket_root(c->desk, id, c->arena, &t, err))
		return false;
	if (to->id && (mdg_win_by_id(c->desk->db, t.win_id, c->arena, &w,
				     err) != MDG_FOUND ||
		       !mdg_member_get(c->desk->db, t.win_id, to->id, &role,
				       &novice, err)))
		return false;
	if (to->id && role < MDG_MEMBER_OPERATOR && !to->is_admin)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_person_no_member,
				    to->login, w.name, NULL);
	int64_t was = t.assignee_id;
	if (!to->id && !mdg_streq(t.state, "error") &&
	    !mdg_desk_ticket_move(&t, MDG_TICKET_EV_RELEASE, c->now_s, err))
		return false;
	t.assignee_id = to->id;
	return mdg_desk_event(c->desk, c->actor, &t, "ticket.handover",
			      json_pack("{s:I,s:I,s:s}", "was", was, "to",
					to->id, "state", t.state),
			      NULL, err) &&
	       mdg_warn_own(c->desk, &r, &t, err) &&
	       mdg_db_run(c->desk->db, err,
			  "DELETE FROM draft_lock WHERE ticket_id = ?1"
			  " AND person_id = ?2",
			  "ii", t.id, was) &&
	       mdg_ticket_update(c->desk->db, &t, err) &&
	       (!*note || mdg_note_add(c->desk, c->actor, &t, note, c->now_s,
				       c->arena, NULL, err));
}

static bool
is_picked(const json_t *list, int64_t number)
{
	size_t i;
	json_t *v;
	int64_t one;

	if (!json_array_size(list))
		return true;
	json_array_foreach (list, i, v)
		if (mdg_str_i64(json_string_value(v), 1, INT64_MAX, &one) &&
		    one == number)
			return true;
	return false;
}

static bool
handover(struct mdg_act_call *c, struct mdg_err *err)
{
	const json_t *picked = json_object_get(c->args, "tickets");
	const char *note = mdg_arg_text(c, "note", "");
	struct mdg_person from, to = {.id = 0};
	int64_t ids[MDG_LIST_MAX], n = 0, handed = 0;
	struct mdg_rows *r;
	bool away = false;

	if (!load(c, "from", &from, err) || !may_speak_for(c, &from, err) ||
	    (mdg_arg_text(c, "to", NULL) && !load(c, "to", &to, err)))
		return false;
	if (to.id && !mdg_work_is_absent(c->desk, to.id, c->now_s, &away, err))
		return false;
	if (away)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_person_absent,
				    to.login, NULL);
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT id, number FROM ticket WHERE assignee_id = ?1"
			  " AND state NOT IN ('closed', 'merged')"
			  " AND (parent_id IS NULL OR state <> 'new')"
			  " ORDER BY id",
			  "i", from.id))
		return false;
	while (n < MDG_LIST_MAX && mdg_rows_next(r))
		if (is_picked(picked, mdg_rows_i64(r, 1)))
			ids[n++] = mdg_rows_i64(r, 0);
	if (!mdg_rows_close(&r, err))
		return false;
	if (n < (int64_t)json_array_size(picked))
		return mdg_fail_msg(err, MDG_ENOENT,
				    MDG_MSG_handover_not_theirs, from.login,
				    NULL);
	for (; handed < n; handed++)
		if (!hand_one(c, ids[handed], &to, note, err))
			return false;
	mdg_result_int(c, "handed", handed);
	return person_event(
		c, &from, "handover",
		json_pack("{s:I,s:I}", "to", to.id, "tickets", handed), err);
}

static bool
shift(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_person p = {.id = c->actor->person_id};

	if (mdg_arg_text(c, "login", NULL) && !load(c, "login", &p, err))
		return false;
	if (!p.id)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_act_need_person,
				    NULL);
	return mdg_query_shift(c->desk->db, c->viewer, p.id, c->now_s,
			       c->result, err);
}

const struct mdg_act mdg_acts_shift[] = {
	{"user.disable",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"login", 's', true}},
	 user_disable},
	{"user.enable",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"login", 's', true}},
	 user_enable},
	{"user.reset",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"login", 's', true}, {"uid", 'i', false}},
	 user_reset},
	{"user.absent",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"login", 's', true}, {"until", 's', false}, {"until_s", 'i', false}},
	 user_absent},
	{"user.present",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"login", 's', true}},
	 user_present},
	{"user.work",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 false,
	 {{"login", 's', true},
	  {"capacity", 'i', false},
	  {"skills", 'a', false}},
	 user_work},
	{"handover",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 false,
	 {{"from", 's', true},
	  {"to", 's', false},
	  {"note", 's', false},
	  {"tickets", 'a', false}},
	 handover},
	{"shift",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"login", 's', false}},
	 shift},
	{0},
};
