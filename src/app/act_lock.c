/* draft.lock, draft.unlock, draft.takeover: one writes at a time (編集中). */
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

#include "act-int.h"

struct holder {
	int64_t person_id, used_s; /* 0: nobody */
	const char *name;
};

/* Who writes, unless it has been left alone for too long. */
static bool
read_holder(struct mdg_act_call *c, struct holder *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*ret = (struct holder){0};
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT l.person_id, l.used_s, p.name"
			  " FROM draft_lock l JOIN person p"
			  " ON p.id = l.person_id WHERE l.ticket_id = ?1"
			  " AND l.used_s > ?2 AND p.disabled = 0",
			  "ii", c->ticket.id, c->now_s - MDG_DRAFT_IDLE_S))
		return false;
	if (mdg_rows_next(r))
		*ret = (struct holder){
			mdg_rows_i64(r, 0), mdg_rows_i64(r, 1),
			mdg_arena_strdup(c->arena, mdg_rows_text(r, 2))};
	return mdg_rows_close(&r, err);
}

static bool
put(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_db_run(c->desk->db, err,
			  "INSERT INTO draft_lock (ticket_id, person_id,"
			  " taken_s, used_s) VALUES (?1, ?2, ?3, ?3)"
			  " ON CONFLICT (ticket_id) DO UPDATE SET"
			  " taken_s = CASE WHEN draft_lock.person_id = ?2"
			  " THEN draft_lock.taken_s ELSE ?3 END,"
			  " person_id = ?2, used_s = ?3",
			  "iii", c->ticket.id, c->actor->person_id, c->now_s);
}

bool
mdg_act_lock(struct mdg_act_call *c, struct mdg_err *err)
{
	struct holder h;

	if (!read_holder(c, &h, err))
		return false;
	if (h.person_id && h.person_id != c->actor->person_id)
		return mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_draft_locked,
				    mdg_act_number(c, c->ticket.number),
				    h.name, mdg_act_number(c, c->draft.id),
				    NULL);
	return put(c, err);
}

bool
mdg_act_unlock(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_db_run(c->desk->db, err,
			  "DELETE FROM draft_lock WHERE ticket_id = ?1", "i",
			  c->ticket.id);
}

static bool
draft_lock(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_act_need_person(c, err) && mdg_act_lock(c, err) &&
	       mdg_act_draft_event(c, "draft.lock", NULL, err);
}

static bool
draft_unlock(struct mdg_act_call *c, struct mdg_err *err)
{
	struct holder h;

	/* nobody frees what another one holds: that is takeover */
	return mdg_act_need_person(c, err) && read_holder(c, &h, err) &&
	       (!h.person_id || mdg_act_lock(c, err)) &&
	       mdg_act_unlock(c, err) &&
	       mdg_act_draft_event(c, "draft.unlock", NULL, err);
}

/* 編集を代わる: the text stays as it was last written down. */
static bool
draft_takeover(struct mdg_act_call *c, struct mdg_err *err)
{
	struct holder h;

	if (!mdg_act_need_person(c, err) || !read_holder(c, &h, err) ||
	    !put(c, err))
		return false;
	if (mdg_streq(c->draft.state, "editing") ||
	    mdg_streq(c->draft.state, "returned")) {
		c->draft.author_id = c->actor->person_id;
		c->draft.rev++;
		if (!mdg_draft_update(c->desk->db, &c->draft, err))
			return false;
	}
	c->ticket.assignee_id = c->actor->person_id;
	mdg_result_text(c, "body", c->draft.body);
	return mdg_act_draft_event(c, "draft.takeover",
				   json_pack("{s:I}", "was", h.person_id),
				   err);
}

const struct mdg_act mdg_acts_lock[] = {
	{"draft.lock", MDG_SCOPE_DRAFT, MDG_MEMBER_OPERATOR, false,
	 {{"draft", 'i', true}}, draft_lock},
	{"draft.unlock", MDG_SCOPE_DRAFT, MDG_MEMBER_OPERATOR, false,
	 {{"draft", 'i', true}}, draft_unlock},
	{"draft.takeover", MDG_SCOPE_DRAFT, MDG_MEMBER_OPERATOR, false,
	 {{"draft", 'i', true}}, draft_takeover},
	{0},
};
