/* auto.*: automatic rules of a window (自動ルール). */
#include <string.h>

#include "madoguchi/app/autorule.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/rules.h"
#include "madoguchi/store/st_template.h"

#include "act-int.h"

enum { DAYS_DEFAULT = 30, DAY_S = 86400, NAME_BYTES_MAX = 200 };

/* Each value of "a|b" is there: a category, a person. */
static bool
check_values(struct mdg_act_call *c, const char *values, bool person,
	     struct mdg_err *err)
{
	struct mdg_person p;

	for (const char *at = values;; at++) {
		size_t n = strcspn(at, "|");
		const char *one = mdg_arena_strndup(c->arena, at, n);
		enum mdg_found f = MDG_FOUND;
		if (!person && !mdg_act_category(c, one, err))
			return false;
		if (person && !mdg_streq(one, "none"))
			f = mdg_person_by_login(c->desk->db, one, c->arena, &p,
						err);
		if (f != MDG_FOUND)
			return f == MDG_NONE &&
			       mdg_fail_msg(err, MDG_ENOENT,
					    MDG_MSG_person_none, one, NULL);
		at += n;
		if (!*at)
			return true;
	}
}

static bool
check_condition(struct mdg_act_call *c, const char *text, struct mdg_err *err)
{
	static const enum mdg_msg said[] = {
		[MDG_RULE_NO_FIELD] = MDG_MSG_auto_bad_field,
		[MDG_RULE_NO_OPERATOR] = MDG_MSG_auto_bad_operator,
		[MDG_RULE_NO_VALUE] = MDG_MSG_auto_bad_value,
	};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bad = {0}, allowed = {0};
	const char *values;
	enum mdg_rule_flaw flaw =
		mdg_rule_condition_check(text, &bad, &allowed);

	if (flaw != MDG_RULE_FINE)
		return mdg_fail_msg(err, MDG_EINVAL,
				    strchr(text + strspn(text, " "), ' ')
					    ? said[flaw]
					    : MDG_MSG_auto_bad_condition,
				    text, mdg_buf_str(&bad),
				    mdg_buf_str(&allowed), NULL);
	if (mdg_rule_condition_names(text, "category", &values))
		return check_values(c, values, false, err);
	return !mdg_rule_condition_names(text, "assignee", &values) ||
	       check_values(c, values, true, err);
}

static bool
check_conditions(struct mdg_act_call *c, struct mdg_err *err)
{
	size_t i;
	json_t *v;

	json_array_foreach (json_object_get(c->args, "conditions"), i, v) {
		if (!json_is_string(v))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_auto_bad_condition, "",
					    NULL);
		if (!check_condition(c, json_string_value(v), err))
			return false;
	}
	return true;
}

/* What it names is there; a template as it is now, which the lead has seen:
 * "send ID" is kept as "send ID@VERSION". */
static bool
check_named(struct mdg_act_call *c, const char *verb, const char *rest,
	    const char **ret, struct mdg_err *err)
{
	struct mdg_template_row row;
	struct mdg_person p;
	struct mdg_win win;
	enum mdg_found f;

	*ret = NULL;
	if (mdg_streq(verb, "move")) {
		f = mdg_win_by_code(c->desk->db, rest, c->arena, &win, err);
		return f == MDG_FOUND ||
		       (f == MDG_NONE &&
			mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_win_none, rest,
				     NULL));
	}
	if (mdg_streq(verb, "assign"))
		return mdg_act_assignee(c, rest, &p, err);
	if (mdg_streq(verb, "category"))
		return mdg_act_category(c, rest, err);
	if (mdg_streq(verb, "close"))
		return mdg_act_closing(rest, err);
	if (mdg_streq(verb, "priority"))
		return mdg_act_priority(rest, err);
	if (!mdg_streq(verb, "send"))
		return true;
	const char *id = mdg_arena_printf(c->arena, "%.*s",
					  (int)strcspn(rest, "@"), rest);
	f = mdg_template_newest(c->desk->db, id, c->arena, &row, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_template_none, id,
				    NULL);
	*ret = mdg_arena_printf(c->arena, "send %s@%lld", id,
				(long long)row.version);
	return true;
}

/* *ret: the actions as they are kept; the caller's. */
static bool
check_actions(struct mdg_act_call *c, json_t *ret, struct mdg_err *err)
{
	const char *verb, *rest, *kept;
	size_t i;
	json_t *v;

	json_array_foreach (json_object_get(c->args, "actions"), i, v) {
		if (!json_is_string(v) ||
		    !mdg_rule_action(json_string_value(v), &verb, &rest))
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_auto_bad_action,
					    json_is_string(v)
						    ? json_string_value(v)
						    : "",
					    NULL);
		if (!check_named(c, verb, rest, &kept, err))
			return false;
		json_array_append_new(ret, kept ? json_string(kept)
						: json_incref(v));
	}
	return json_array_size(ret) > 0 ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_auto_bad_action, "", NULL);
}

/* A mark is a guess: what looks like an offer or spam is closed by people. */
static bool
closes_by_guess(struct mdg_act_call *c)
{
	const char *verb, *rest;
	bool guess = false, closes = false;
	size_t i;
	json_t *v;

	json_array_foreach (json_object_get(c->args, "conditions"), i, v)
		guess = guess || mdg_rule_is_guess(json_string_value(v));
	json_array_foreach (json_object_get(c->args, "actions"), i, v)
		closes = closes ||
			 (mdg_rule_action(json_string_value(v), &verb, &rest) &&
			  mdg_streq(verb, "close"));
	return guess && closes;
}

/* A new row, or with "rule" another form of that one. */
static bool
put_row(struct mdg_act_call *c, const char *happens, const char *conditions,
	const char *actions, int64_t *ret, struct mdg_err *err)
{
	int64_t rule = mdg_arg_int(c, "rule", 0);
	int64_t position = mdg_arg_int(c, "position", 0);
	enum mdg_found f = mdg_db_i64(
		c->desk->db, ret, err,
		rule ? "UPDATE autorule SET name = ?2,"
		       " position = COALESCE(?3, position), happens = ?4,"
		       " conditions = ?5, actions = ?6, stops = ?7,"
		       " changed_s = ?8 WHERE win_id = ?1 AND id = ?9"
		       " RETURNING id"
		     : "INSERT INTO autorule (win_id, name, position, happens,"
		       " conditions, actions, stops, enabled, changed_s)"
		       " VALUES (?1, ?2, COALESCE(?3, 100), ?4, ?5, ?6, ?7, 1,"
		       " ?8) RETURNING id",
		rule ? "isIsssiii" : "isIsssii", c->win.id,
		mdg_arg_text(c, "name", ""),
		json_object_get(c->args, "position") ? &position : NULL,
		happens, conditions, actions, (int64_t)mdg_arg_flag(c, "stop"),
		c->now_s, rule);

	return f == MDG_FOUND ||
	       (f == MDG_NONE &&
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_auto_none,
			     mdg_act_number(c, rule), c->win.code, NULL));
}

static bool
auto_put(struct mdg_act_call *c, struct mdg_err *err)
{
	static const char *const known[] = {"arrival", "change", "time"};
	const char *happens = mdg_arg_text(c, "on", "arrival");
	const char *name = mdg_arg_text(c, "name", "");
	json_t *none = json_array();
	const json_t *given = json_object_get(c->args, "conditions");
	MDG_AUTO(mdg_freep) char *conditions =
		json_dumps(given ? given : none, JSON_COMPACT);
	json_t *kept = json_array();
	bool ok = false;
	int64_t id;

	json_decref(none);
	for (size_t i = 0; i < MDG_LEN(known); i++)
		ok = ok || mdg_streq(known[i], happens);
	bool fit = check_conditions(c, err) && check_actions(c, kept, err);
	MDG_AUTO(mdg_freep) char *actions = json_dumps(kept, JSON_COMPACT);
	json_decref(kept);
	if (!ok || !*name || strlen(name) > NAME_BYTES_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_auto_bad_on,
				    happens, NULL);
	if (!fit)
		return false;
	if (closes_by_guess(c))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_auto_guess, NULL);
	if (!put_row(c, happens, conditions, actions, &id, err))
		return false;
	mdg_result_int(c, "rule", id);
	return mdg_desk_event(c->desk, c->actor, NULL,
			      json_object_get(c->args, "rule") ? "auto.set"
							       : "auto.add",
			      json_pack("{s:s,s:I,s:s}", "window", c->win.code,
					"rule", id, "on", happens),
			      NULL, err);
}

static bool
change(struct mdg_act_call *c, const char *sql, const char *kind,
       struct mdg_err *err)
{
	int64_t rule = mdg_arg_int(c, "rule", 0), n;

	if (!mdg_db_run_n(c->desk->db, &n, err, sql, "ii", rule, c->win.id))
		return false;
	if (n == 0)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_auto_none,
				    mdg_act_number(c, rule), c->win.code, NULL);
	mdg_result_int(c, "rule", rule);
	return mdg_desk_event(c->desk, c->actor, NULL, kind,
			      json_pack("{s:s,s:I}", "window", c->win.code,
					"rule", rule),
			      NULL, err);
}

static bool
auto_remove(struct mdg_act_call *c, struct mdg_err *err)
{
	return change(c, "DELETE FROM autorule WHERE id = ?1 AND win_id = ?2",
		      "auto.remove", err);
}

static bool
auto_enable(struct mdg_act_call *c, struct mdg_err *err)
{
	return change(c,
		      "UPDATE autorule SET enabled = 1"
		      " WHERE id = ?1 AND win_id = ?2",
		      "auto.enable", err);
}

static bool
auto_disable(struct mdg_act_call *c, struct mdg_err *err)
{
	return change(c,
		      "UPDATE autorule SET enabled = 0"
		      " WHERE id = ?1 AND win_id = ?2",
		      "auto.disable", err);
}

static json_t *
as_text(const char *dumped)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	json_t *list = json_loads(dumped, 0, NULL), *v;
	size_t i;

	json_array_foreach (list, i, v)
		mdg_buf_printf(&b, "%s%s", i ? "; " : "", json_string_value(v));
	json_decref(list);
	return json_string(mdg_buf_str(&b));
}

static bool
auto_list(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *list = json_array();

	json_object_set_new(c->result, "rules", list);
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT id, name, position, happens, conditions,"
			  " actions, stops, enabled, (SELECT COUNT(*)"
			  "  FROM autorule_log l WHERE l.rule_id = u.id)"
			  " FROM autorule u WHERE win_id = ?1"
			  " ORDER BY happens, position, id",
			  "i", c->win.id))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(
			list,
			json_pack(
				"{s:I,s:s,s:I,s:s,s:o,s:o,s:o,s:o,s:b,s:b,s:I}",
				"rule", mdg_rows_i64(r, 0), "name",
				mdg_rows_text(r, 1), "position",
				mdg_rows_i64(r, 2), "on", mdg_rows_text(r, 3),
				"conditions", as_text(mdg_rows_text(r, 4)),
				"actions", as_text(mdg_rows_text(r, 5)), "if",
				json_loads(mdg_rows_text(r, 4), 0, NULL), "do",
				json_loads(mdg_rows_text(r, 5), 0, NULL),
				"stop", (int)mdg_rows_i64(r, 6), "enabled",
				(int)mdg_rows_i64(r, 7), "fired",
				mdg_rows_i64(r, 8)));
	return mdg_rows_close(&r, err);
}

static bool
auto_log(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	json_t *list = json_array();

	json_object_set_new(c->result, "log", list);
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT l.fired_s, l.rule_id, u.name, t.number,"
			  " l.outcome, l.detail FROM autorule_log l"
			  " JOIN ticket t ON t.id = l.ticket_id"
			  " LEFT JOIN autorule u ON u.id = l.rule_id"
			  " WHERE t.win_id = ?1 ORDER BY l.id DESC LIMIT ?2",
			  "ii", c->win.id, (int64_t)MDG_LIST_MAX))
		return false;
	while (mdg_rows_next(r))
		json_array_append_new(
			list,
			json_pack("{s:I,s:I,s:s,s:I,s:s,s:s}", "fired_s",
				  mdg_rows_i64(r, 0), "rule",
				  mdg_rows_i64(r, 1), "name",
				  mdg_rows_null(r, 2) ? "" : mdg_rows_text(r, 2),
				  "ticket", mdg_rows_i64(r, 3), "outcome",
				  mdg_rows_text(r, 4), "detail",
				  mdg_rows_text(r, 5)));
	return mdg_rows_close(&r, err);
}

/* What it would have met, had it been there. */
static bool
auto_try(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t days = mdg_arg_int(c, "days", DAYS_DEFAULT);
	json_t *list = json_array();

	json_object_set_new(c->result, "tickets", list);
	return check_conditions(c, err) &&
	       mdg_autorule_try(c->desk, c->win.id,
				json_object_get(c->args, "conditions"),
				c->now_s - days * DAY_S, list, err);
}

#define THE_RULE                                                               \
	{"name", 's', true}, {"on", 's', false}, {"conditions", 'a', false},   \
		{"actions", 'a', true}, {"stop", 'b', false},                  \
	{                                                                      \
		"position", 'i', false                                         \
	}

const struct mdg_act mdg_acts_autorule[] = {
	{"auto.add",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, THE_RULE},
	 auto_put},
	{"auto.set",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"rule", 'i', true}, THE_RULE},
	 auto_put},
	{"auto.remove",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"rule", 'i', true}},
	 auto_remove},
	{"auto.enable",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"rule", 'i', true}},
	 auto_enable},
	{"auto.disable",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"rule", 'i', true}},
	 auto_disable},
	{"auto.list",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"window", 's', true}},
	 auto_list},
	{"auto.log",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"window", 's', true}},
	 auto_log},
	{"auto.try",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 true,
	 {{"window", 's', true},
	  {"conditions", 'a', false},
	  {"days", 'i', false}},
	 auto_try},
	{0},
};
