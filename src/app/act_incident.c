/* incident.*: surges, what a lead says of them, and their one answer. */
#include <inttypes.h>
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/app/surge.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/incident.h"

#include "act-int.h"

enum { BULK_MAX = 500 };

/* ---- reading ---- */

static bool
list(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *text;
	int64_t upto_s;

	if (!mdg_setting_get(c->desk->db, "surge_s", c->arena, &text, err))
		return false;
	if (!mdg_str_i64(text, 0, INT64_MAX, &upto_s))
		upto_s = 0;
	mdg_result_int(c, "now_s", c->now_s);
	mdg_result_int(c, "counted_s", upto_s); /* all mail up to then */
	return mdg_query_incidents(c->desk->db, c->viewer,
				   mdg_arg_flag(c, "all"), c->result, err);
}

static bool
load(struct mdg_act_call *c, json_t *ret, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "incident", 0);
	enum mdg_found f =
		mdg_query_incident(c->desk->db, c->viewer, id, ret, err);

	if (f == MDG_NONE)
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_incident_none,
			     mdg_act_number(c, id), NULL);
	return f == MDG_FOUND;
}

static bool
show(struct mdg_act_call *c, struct mdg_err *err)
{
	return load(c, c->result, err);
}

static bool
watch_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_query_surge_watch(c->desk->db, c->result, err);
}

/* ---- what a lead says ---- */

/* A lead of one of its windows. */
static bool
may_judge(struct mdg_act_call *c, int64_t incident, struct mdg_err *err)
{
	int64_t one;

	if (!c->viewer)
		return true;
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &one, err,
		"SELECT 1 FROM incident_ticket i JOIN ticket t"
		" ON t.id = i.ticket_id JOIN member m ON m.win_id = t.win_id"
		" WHERE i.incident_id = ?1 AND m.person_id = ?2"
		" AND m.role IN ('sv', 'admin') LIMIT 1",
		"ii", incident, c->viewer);
	if (f == MDG_NONE)
		mdg_fail_msg(err, MDG_EPERM, MDG_MSG_incident_not_lead,
			     mdg_act_number(c, incident), NULL);
	return f == MDG_FOUND;
}

static bool
verdict(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "incident", 0);
	const char *v = mdg_arg_text(c, "verdict", "");

	if (!mdg_streq(v, "real") && !mdg_streq(v, "noise"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_incident_verdict,
				    v, NULL);
	/* what is no surge is over */
	return load(c, c->result, err) && may_judge(c, id, err) &&
	       mdg_db_run(c->desk->db, err,
			  "UPDATE incident SET verdict = ?2, verdict_by = ?3,"
			  " verdict_s = ?4, state = CASE WHEN ?2 = 'noise'"
			  " THEN 'over' ELSE state END WHERE id = ?1",
			  "isii", id, v, c->actor->person_id, c->now_s) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "incident.verdict",
			      json_pack("{s:I,s:s}", "incident", (json_int_t)id,
					"verdict", v),
			      NULL, err) &&
	       load(c, c->result, err);
}

static bool
watch(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *term = mdg_arg_text(c, "term", "");
	int64_t n = 0;

	if (strlen(term) < 2 || strlen(term) > MDG_SURGE_TERM_BYTES_MAX ||
	    strpbrk(term, "\r\n\t"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_surge_term_bad,
				    term, NULL);
	if (mdg_db_i64(c->desk->db, &n, err, "SELECT COUNT(*) FROM surge_term",
		       "") != MDG_FOUND)
		return false;
	if (n >= MDG_SURGE_TERMS_MAX)
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_surge_terms_many,
				    mdg_act_number(c, MDG_SURGE_TERMS_MAX),
				    NULL);
	return mdg_db_run(c->desk->db, err,
			  "INSERT INTO surge_term (term, person_id, added_s)"
			  " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
			  "sii", term, c->actor->person_id, c->now_s) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "incident.watch", NULL,
			      json_pack("{s:s}", "term", term), err) &&
	       watch_list(c, err);
}

static bool
unwatch(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *term = mdg_arg_text(c, "term", "");
	int64_t n;

	if (!mdg_db_run_n(c->desk->db, &n, err,
			  "DELETE FROM surge_term WHERE term = ?1", "s", term))
		return false;
	if (!n)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_surge_term_none,
				    term, NULL);
	return mdg_desk_event(c->desk, c->actor, NULL, "incident.unwatch", NULL,
			      json_pack("{s:s}", "term", term), err) &&
	       watch_list(c, err);
}

/* ---- まとめ対応 ---- */

/* The draft for this incident that a ticket has, unless it was discarded. */
static enum mdg_found
own_draft(struct mdg_act_call *c, int64_t incident, int64_t ticket,
	  struct mdg_draft *ret, struct mdg_err *err)
{
	int64_t id;
	enum mdg_found f = mdg_db_i64(c->desk->db, &id, err,
				      "SELECT draft_id FROM incident_reply"
				      " WHERE incident_id = ?1"
				      " AND ticket_id = ?2",
				      "ii", incident, ticket);

	if (f == MDG_FOUND)
		f = mdg_draft_by_id(c->desk->db, id, c->arena, ret, err);
	return f == MDG_FOUND && mdg_streq(ret->state, "cancelled") ? MDG_NONE
								    : f;
}

/* Was its newest mail answered? */
static bool
is_answered(struct mdg_act_call *c, const struct mdg_ticket *t, bool *ret,
	    struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f = mdg_db_i64(
		c->desk->db, &one, err,
		"SELECT 1 FROM message WHERE ticket_id = ?1 AND id > ?2"
		" AND direction = 'out' AND class = 'ordinary' LIMIT 1",
		"ii", t->id, t->newest_message_id);

	*ret = f == MDG_FOUND;
	return f != MDG_FAILED;
}

/* Why this ticket gets no draft now; "" if it may. */
static bool
obstacle(struct mdg_act_call *c, const struct mdg_ticket *t, const char **ret,
	 struct mdg_err *err)
{
	int64_t open;
	bool answered;

	*ret = "";
	if (mdg_streq(t->state, "closed") || mdg_streq(t->state, "error") ||
	    !t->win_id || !t->newest_message_id) {
		*ret = "closed";
		return true;
	}
	if (!is_answered(c, t, &answered, err))
		return false;
	if (answered) {
		*ret = "answered";
		return true;
	}
	enum mdg_found f = mdg_draft_open(c->desk->db, t->id, &open, err);
	if (f == MDG_FOUND)
		*ret = "draft";
	return f != MDG_FAILED;
}

static void
put_people(const struct mdg_draft *d, json_t *row)
{
	const struct mdg_addresses *lists[] = {&d->to, &d->cc, &d->bcc};
	json_t *v = json_array();

	for (size_t l = 0; l < MDG_LEN(lists); l++)
		for (size_t i = 0; i < lists[l]->n; i++)
			json_array_append_new(
				v, json_string(lists[l]->v[i].address));
	json_object_set_new(row, "to", v);
}

/* What would go out: the text, to whom, and what approving it is bound to. */
static bool
put_draft(struct mdg_act_call *c, const struct mdg_draft *d, json_t *row,
	  struct mdg_buf *bound, struct mdg_err *err)
{
	struct mdg_revision_row rev;
	json_t *confirm;
	bool new_people;

	json_object_set_new(row, "draft", json_integer(d->id));
	json_object_set_new(row, "draft_state", json_string(d->state));
	json_object_set_new(row, "body", json_string(d->body));
	put_people(d, row);
	if (!mdg_streq(d->state, "waiting"))
		return true;
	if (mdg_revision_newest(c->desk->db, d->id, c->arena, &rev, err) !=
		    MDG_FOUND ||
	    !mdg_check_confirm(c->desk, d, &confirm, &new_people, err))
		return false;
	const char *code = json_string_value(json_object_get(confirm, "code"));
	json_object_set_new(row, "revision", json_integer(rev.id));
	json_object_set_new(row, "new_people", json_boolean(new_people));
	json_t *findings = json_loads(rev.findings, 0, NULL);
	json_object_set_new(
		row, "findings",
		json_integer((json_int_t)json_array_size(findings)));
	json_decref(findings);
	mdg_buf_printf(bound, "%" PRId64 ":%" PRId64 ":%s;", d->id, rev.id,
		       code ? code : "");
	json_object_set_new(row, "confirm", json_string(code ? code : ""));
	json_decref(confirm);
	return true;
}

static bool
put_reply(struct mdg_act_call *c, int64_t incident, const struct mdg_ticket *t,
	  json_t *rows, struct mdg_buf *bound, struct mdg_err *err)
{
	struct mdg_draft d;
	const char *why;
	json_t *row =
		json_pack("{s:I,s:s,s:s}", "ticket", (json_int_t)t->number,
			  "subject", t->subject, "state", t->state);

	json_array_append_new(rows, row);
	switch (own_draft(c, incident, t->id, &d, err)) {
	case MDG_FAILED:
		return false;
	case MDG_FOUND:
		return put_draft(c, &d, row, bound, err);
	case MDG_NONE:
		break;
	}
	if (!obstacle(c, t, &why, err))
		return false;
	json_object_set_new(row, "why_not", json_string(why));
	return true;
}

/* A ticket that was merged speaks through what it was merged into, once. */
static bool
roots(struct mdg_act_call *c, int64_t incident, int64_t *ids, size_t *ret_n,
      struct mdg_err *err)
{
	int64_t linked[2 * BULK_MAX];
	struct mdg_ticket t;
	struct mdg_rows *r;
	size_t n;

	*ret_n = 0;
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT ticket_id FROM incident_ticket"
			  " WHERE incident_id = ?1 ORDER BY ticket_id",
			  "i", incident) ||
	    !mdg_rows_ids(&r, linked, MDG_LEN(linked), &n, err))
		return false;
	for (size_t i = 0; i < n && *ret_n < BULK_MAX; i++) {
		bool known = false;
		if (!mdg_desk_ticket_root(c->desk, linked[i], c->arena, &t,
					  err))
			return false;
		for (size_t k = 0; k < *ret_n && !known; k++)
			known = ids[k] == t.id;
		if (!known)
			ids[(*ret_n)++] = t.id;
	}
	return true;
}

/* In a window of the caller's. */
static bool
sees(struct mdg_act_call *c, const struct mdg_ticket *t, bool *ret,
     struct mdg_err *err)
{
	enum mdg_member_role role = MDG_MEMBER_NONE;
	bool novice;

	*ret = true;
	if (!c->viewer)
		return true;
	if (!mdg_member_get(c->desk->db, t->win_id, c->viewer, &role, &novice,
			    err))
		return false;
	*ret = role >= MDG_MEMBER_OPERATOR;
	return true;
}

/* A lead or a deputy of one of its windows: each reply asks for its own. */
static bool
put_may_approve(struct mdg_act_call *c, int64_t incident, struct mdg_err *err)
{
	int64_t one;
	enum mdg_found f =
		!c->viewer
			? MDG_FOUND
			: mdg_db_i64(c->desk->db, &one, err,
				     "SELECT 1 FROM incident_ticket i"
				     " JOIN ticket t ON t.id = i.ticket_id"
				     " WHERE i.incident_id = ?1 AND (t.win_id"
				     " IN (SELECT win_id FROM member WHERE"
				     " person_id = ?2 AND role IN ('sv',"
				     " 'admin')) OR t.win_id IN (SELECT win_id"
				     " FROM deputy WHERE person_id = ?2"
				     " AND from_s <= ?3 AND until_s > ?3))"
				     " LIMIT 1",
				     "iii", incident, c->viewer, c->now_s);

	json_object_set_new(c->result, "may_approve",
			    json_boolean(f == MDG_FOUND));
	return f != MDG_FAILED;
}

static bool
replies(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bound = {0};
	int64_t id = mdg_arg_int(c, "incident", 0), ids[BULK_MAX];
	unsigned char digest[MDG_DIGEST_BYTES];
	char code[2 * MDG_DIGEST_BYTES + 1];
	json_t *rows = json_array();
	struct mdg_ticket t;
	size_t n;
	bool mine;

	if (!load(c, c->result, err) || !put_may_approve(c, id, err)) {
		json_decref(rows);
		return false;
	}
	json_object_del(c->result, "tickets");
	json_object_set_new(c->result, "replies", rows);
	if (!roots(c, id, ids, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (mdg_ticket_by_id(c->desk->db, ids[i], c->arena, &t, err) !=
			    MDG_FOUND ||
		    !sees(c, &t, &mine, err) ||
		    (mine && !put_reply(c, id, &t, rows, &bound, err)))
			return false;
	mdg_digest(mdg_buf_span(&bound), digest);
	mdg_hex(digest, 4, code);
	mdg_result_text(c, "code", bound.len ? code : NULL);
	return true;
}

bool
mdg_act_incident_reply(struct mdg_act_call *c, int64_t incident,
		       struct mdg_err *err)
{
	struct mdg_draft other;
	const char *why;
	int64_t ids[BULK_MAX];
	size_t n = 0;
	bool linked = false;

	if (!roots(c, incident, ids, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		linked = linked || ids[i] == c->ticket.id;
	if (!linked)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_incident_not_its,
				    mdg_act_number(c, c->ticket.number),
				    mdg_act_number(c, incident), NULL);
	enum mdg_found f = own_draft(c, incident, c->ticket.id, &other, err);
	if (f == MDG_FAILED || !obstacle(c, &c->ticket, &why, err))
		return false;
	/* never two replies to one ticket */
	return (f == MDG_NONE && !*why) ||
	       mdg_fail_msg(err, MDG_EEXIST, MDG_MSG_incident_answered,
			    mdg_act_number(c, c->ticket.number),
			    mdg_act_number(c, incident), NULL);
}

bool
mdg_act_incident_replied(struct mdg_act_call *c, int64_t incident,
			 struct mdg_err *err)
{
	return mdg_db_run(c->desk->db, err,
			  "INSERT INTO incident_reply (incident_id, ticket_id,"
			  " draft_id) VALUES (?1, ?2, ?3)"
			  " ON CONFLICT (incident_id, ticket_id)"
			  " DO UPDATE SET draft_id = excluded.draft_id",
			  "iii", incident, c->ticket.id, c->draft.id);
}

#define INCIDENT                                                               \
	{                                                                      \
		"incident", 'i', true                                          \
	}

const struct mdg_act mdg_acts_incident[] = {
	{"incident.list",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 true,
	 {{"all", 'b', false}},
	 list},
	{"incident.show",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 true,
	 {INCIDENT},
	 show},
	{"incident.replies",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 true,
	 {INCIDENT},
	 replies},
	{"incident.verdict",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 false,
	 {INCIDENT, {"verdict", 's', true}},
	 verdict},
	{"incident.watched",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_OPERATOR,
	 true,
	 {{0}},
	 watch_list},
	{"incident.watch",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 false,
	 {{"term", 's', true}},
	 watch},
	{"incident.unwatch",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_SV,
	 false,
	 {{"term", 's', true}},
	 unwatch},
	{0},
};
