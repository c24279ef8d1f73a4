/* comment.*, ticket.label, ticket.priority, ticket.category: what the team
 * writes on a ticket for itself. */
#include "madoguchi/app/note.h"

#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/query/queue.h"
#include "madoguchi/store/st_template.h"

#include "act-int.h"

static const char login_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

/* "@sato", "＠sato", not as a part of an address: the login behind it. */
static const char *
next_mention(const char **p, const char *from, struct mdg_arena *a)
{
	static const char wide[] = "＠";

	for (const char *s = *p; *s; s++) {
		size_t sign = *s == '@'			    ? 1
			      : mdg_str_starts(s, wide) ? strlen(wide)
							    : 0;
		if (!sign)
			continue;
		bool inside = s > from && strchr(login_chars, s[-1]);
		size_t n = strspn(s + sign, login_chars);
		while (n && strchr("._-", s[sign + n - 1]))
			n--;
		if (inside || !n)
			continue;
		*p = s + sign + n;
		return mdg_arena_strndup(a, s + sign, n);
	}
	return NULL;
}

static bool
mention(struct mdg_desk *d, int64_t comment, const char *login,
	struct mdg_arena *a, json_t *mentioned, struct mdg_err *err)
{
	struct mdg_person p;
	enum mdg_found f = mdg_person_by_login(d->db, login, a, &p, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE;
	if (mentioned)
		json_array_append_new(mentioned, json_string(login));
	return mdg_db_run(d->db, err,
			  "INSERT INTO mention (comment_id, person_id)"
			  " VALUES (?1, ?2) ON CONFLICT DO NOTHING",
			  "ii", comment, p.id);
}

bool
mdg_note_add(struct mdg_desk *d, const struct mdg_actor *who,
	     struct mdg_ticket *t, const char *text, int64_t now_s,
	     struct mdg_arena *a, json_t *mentioned, struct mdg_err *err)
{
	int64_t id;

	if (!*text || strlen(text) > MDG_NOTE_BYTES_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_comment_bad, NULL);
	if (mdg_db_i64(d->db, &id, err,
		       "INSERT INTO comment (ticket_id, person_id, text,"
		       " created_s) VALUES (?1, ?2, ?3, ?4) RETURNING id",
		       "iisi", t->id, who->person_id, text,
		       now_s) != MDG_FOUND)
		return false;
	for (const char *p = text, *login;
	     (login = next_mention(&p, text, a));)
		if (!mention(d, id, login, a, mentioned, err))
			return false;
	return mdg_desk_event(d, who, t, "comment.add",
			      json_pack("{s:I}", "comment", id), NULL, err) &&
	       mdg_ticket_update(d->db, t, err);
}

static bool
comment_add(struct mdg_act_call *c, struct mdg_err *err)
{
	json_t *mentioned = json_array();

	json_object_set_new(c->result, "mentioned", mentioned);
	mdg_result_int(c, "ticket", c->ticket.number);
	return mdg_note_add(c->desk, c->actor, &c->ticket,
			    mdg_arg_text(c, "text", ""), c->now_s, c->arena,
			    mentioned, err);
}

/* Where somebody is called by name and has not looked yet. */
static bool
comment_mentions(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_act_need_person(c, err) &&
	       mdg_query_mentions(c->desk->db, c->actor->person_id, c->result,
				  err);
}

static bool
comment_seen(struct mdg_act_call *c, struct mdg_err *err)
{
	mdg_result_int(c, "ticket", c->ticket.number);
	return mdg_act_need_person(c, err) &&
	       mdg_db_run(c->desk->db, err,
			  "UPDATE mention SET seen_s = ?3 WHERE person_id = ?2"
			  " AND seen_s IS NULL AND comment_id IN (SELECT id"
			  " FROM comment WHERE ticket_id = ?1)",
			  "iii", c->ticket.id, c->actor->person_id,
			  c->now_s) &&
	       mdg_desk_event(c->desk, c->actor, &c->ticket, "comment.seen",
			      json_object(), NULL, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

/* ---- labels and priority ---- */

static bool
each_label(struct mdg_act_call *c, const char *arg, bool add,
	   struct mdg_err *err)
{
	size_t i;
	json_t *v;

	json_array_foreach (json_object_get(c->args, arg), i, v) {
		const char *label = json_string_value(v);
		if (!label || !*label || strlen(label) > MDG_LABEL_BYTES_MAX ||
		    strchr(label, '\n'))
			return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_label_bad,
					    label ? label : "", NULL);
		if (add ? !mdg_db_run(c->desk->db, err,
				      "INSERT INTO ticket_label (ticket_id,"
				      " label) VALUES (?1, ?2)"
				      " ON CONFLICT DO NOTHING",
				      "is", c->ticket.id, label)
			: !mdg_db_run(c->desk->db, err,
				      "DELETE FROM ticket_label WHERE"
				      " ticket_id = ?1 AND label = ?2",
				      "is", c->ticket.id, label))
			return false;
	}
	return true;
}

static bool
ticket_label(struct mdg_act_call *c, struct mdg_err *err)
{
	mdg_result_int(c, "ticket", c->ticket.number);
	return each_label(c, "add", true, err) &&
	       each_label(c, "remove", false, err) &&
	       mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.label",
			      json_pack("{s:I,s:I}", "added",
					(json_int_t)json_array_size(
						json_object_get(c->args,
								"add")),
					"removed",
					(json_int_t)json_array_size(
						json_object_get(c->args,
								"remove"))),
			      NULL, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

bool
mdg_act_priority(const char *level, struct mdg_err *err)
{
	return mdg_streq(level, "high") || mdg_streq(level, "normal") ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_priority_unknown, level,
			    NULL);
}

static bool
ticket_priority(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *level = mdg_arg_text(c, "level", "");

	if (!mdg_act_priority(level, err))
		return false;
	c->ticket.priority = mdg_streq(level, "high");
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	return mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.priority",
			      json_pack("{s:I}", "priority",
					c->ticket.priority),
			      NULL, err) &&
	       mdg_desk_clocks(c->desk, &c->ticket, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

/* What the templates are sorted by: reports count by these words. */
bool
mdg_act_category(struct mdg_act_call *c, const char *name, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf names = {0};
	struct mdg_strings seen = {0};
	struct mdg_template_row *v;
	size_t n;

	if (!mdg_template_list(c->desk->db, c->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool again = false;
		if (mdg_streq(v[i].category, name))
			return true;
		for (size_t k = 0; k < seen.n; k++)
			again |= mdg_streq(seen.v[k], v[i].category);
		if (again || !*v[i].category)
			continue;
		mdg_buf_printf(&names, "%s%s", seen.n ? ", " : "",
			       v[i].category);
		mdg_strings_add(&seen, c->arena, v[i].category, n);
	}
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_category_unknown, name,
			    names.len ? mdg_buf_str(&names) : "-", NULL);
}

static bool
ticket_category(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *name = mdg_arg_text(c, "category", "");

	if (!mdg_act_category(c, name, err))
		return false;
	c->ticket.category = name;
	mdg_result_int(c, "ticket", c->ticket.number);
	mdg_result_text(c, "state", c->ticket.state);
	mdg_result_text(c, "category", name);
	return mdg_desk_event(c->desk, c->actor, &c->ticket, "ticket.category",
			      json_pack("{s:s}", "category", name), NULL,
			      err) &&
	       mdg_db_run(c->desk->db, err,
			  "UPDATE figure SET category = ?2"
			  " WHERE ticket_id = ?1",
			  "is", c->ticket.id, name) &&
	       mdg_desk_clocks(c->desk, &c->ticket, err) &&
	       mdg_ticket_update(c->desk->db, &c->ticket, err);
}

const struct mdg_act mdg_acts_note[] = {
	{"comment.add", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"text", 's', true}}, comment_add},
	{"comment.mentions", MDG_SCOPE_ANY, MDG_MEMBER_VIEWER, true, {{0}},
	 comment_mentions},
	{"comment.seen", MDG_SCOPE_TICKET, MDG_MEMBER_VIEWER, false,
	 {{"ticket", 'i', true}}, comment_seen},
	{"ticket.label", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"add", 'a', false}, {"remove", 'a', false}},
	 ticket_label},
	{"ticket.priority", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"level", 's', true}}, ticket_priority},
	{"ticket.category", MDG_SCOPE_TICKET, MDG_MEMBER_OPERATOR, false,
	 {{"ticket", 'i', true}, {"category", 's', true}}, ticket_category},
	{0},
};
