/* rule.*, deputy.*: what a window decides about its own checks and leads. */
#include <string.h>

#include "madoguchi/app/check.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/lint.h"
#include "madoguchi/store/st_review.h"

#include "act-int.h"

enum { SUBJECT_BYTES_MAX = 500, DEPUTY_DAYS_MAX = 366 };

static bool
subject_fits(struct mdg_act_call *c, const char *s, struct mdg_err *err)
{
	return (*s && strlen(s) <= SUBJECT_BYTES_MAX) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_rule_length,
			    mdg_act_number(c, SUBJECT_BYTES_MAX),
			    mdg_act_number(c, (int64_t)strlen(s)), NULL);
}

static bool
add_rule(struct mdg_act_call *c, const struct mdg_team_rule *r,
	 struct mdg_err *err)
{
	int64_t id;

	if (!mdg_team_rule_add(c->desk->db, c->win.id, r, c->actor->person_id,
			       c->now_s, &id, err))
		return false;
	mdg_result_int(c, "rule", id);
	return mdg_desk_event(c->desk, c->actor, NULL, "rule.add",
			      json_pack("{s:s,s:I,s:s}", "window", c->win.code,
					"rule", id, "kind", r->kind),
			      NULL, err);
}

static bool
rule_add(struct mdg_act_call *c, struct mdg_err *err)
{
	const struct mdg_team_rule r = {
		.kind = "add",
		.subject = mdg_arg_text(c, "pattern", ""),
		.severity = mdg_arg_text(c, "severity", "warn"),
		.message = mdg_arg_text(c, "message", ""),
		.suggestion = mdg_arg_text(c, "suggestion", ""),
	};

	if (!mdg_streq(r.severity, "error") && !mdg_streq(r.severity, "warn") &&
	    !mdg_streq(r.severity, "info"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_rule_bad_severity,
				    r.severity, NULL);
	return subject_fits(c, r.subject, err) &&
	       mdg_lint_pattern_check(r.subject, err) && add_rule(c, &r, err);
}

/* "team.3": one of the window's own. */
static bool
is_team_rule(struct mdg_act_call *c, const char *name, bool *ret,
	     struct mdg_err *err)
{
	struct mdg_team_rule *v;
	size_t n;

	*ret = false;
	if (!mdg_team_rule_list(c->desk->db, c->win.id, c->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		*ret |= mdg_streq(v[i].kind, "add") &&
			mdg_streq(mdg_arena_printf(c->arena, "team.%lld",
						   (long long)v[i].id),
				  name);
	return true;
}

/*
 * A misspelt name would guard nothing, silently. A mis-send check is not the
 * team's to switch off, and what it must stop it stops anyway.
 */
static bool
may_be_named(struct mdg_act_call *c, const char *kind, const char *name,
	     struct mdg_err *err)
{
	enum mdg_guard_rule core = mdg_guard_by_name(name);
	bool known = mdg_lint_rule_exists(name);
	bool guard = mdg_str_starts(name, "guard.");
	bool blocks = mdg_streq(name, "guard.") || mdg_lint_rule_blocks(name);

	if (core != MDG_GUARD_N) {
		known = true;
		blocks |= mdg_streq(mdg_guard_severity(core), "error");
	}
	if (!known && !is_team_rule(c, name, &known, err))
		return false;
	if (!known)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_rule_unknown, name,
				    NULL);
	if (guard && mdg_streq(kind, "off"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_rule_guard_off,
				    name, NULL);
	return !(guard && blocks) ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_rule_guard_blocks, name,
			    NULL);
}

static bool
one_word(struct mdg_act_call *c, const char *kind, struct mdg_err *err)
{
	const struct mdg_team_rule r = {
		.kind = kind,
		.subject = mdg_arg_text(c, "subject", ""),
		.severity = "",
		.message = "",
		.suggestion = "",
	};

	return subject_fits(c, r.subject, err) && add_rule(c, &r, err);
}

static bool
rule_disable(struct mdg_act_call *c, struct mdg_err *err)
{
	return may_be_named(c, "off", mdg_arg_text(c, "subject", ""), err) &&
	       one_word(c, "off", err);
}

static bool
rule_allow(struct mdg_act_call *c, struct mdg_err *err)
{
	return one_word(c, "allow", err);
}

static bool
rule_block(struct mdg_act_call *c, struct mdg_err *err)
{
	return may_be_named(c, "block", mdg_arg_text(c, "subject", ""), err) &&
	       one_word(c, "block", err);
}

static bool
rule_remove(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "rule", 0);
	bool found;

	if (!mdg_team_rule_remove(c->desk->db, c->win.id, id, &found, err))
		return false;
	if (!found)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_rule_none,
				    mdg_act_number(c, id), NULL);
	mdg_result_int(c, "rule", id);
	return mdg_desk_event(
		c->desk, c->actor, NULL, "rule.remove",
		json_pack("{s:s,s:I}", "window", c->win.code, "rule", id), NULL,
		err);
}

static bool
rule_list(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_team_rule *v;
	size_t n;
	json_t *list = json_array();

	json_object_set_new(c->result, "rules", list);
	if (!mdg_team_rule_list(c->desk->db, c->win.id, c->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			list,
			json_pack("{s:I,s:s,s:s,s:s,s:s,s:s}", "rule", v[i].id,
				  "kind", v[i].kind, "subject", v[i].subject,
				  "severity", v[i].severity, "message",
				  v[i].message, "suggestion", v[i].suggestion));
	return true;
}

static bool
deputy_set(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *login = mdg_arg_text(c, "person", "");
	int64_t until_s = mdg_arg_int(c, "until_s", 0);
	struct mdg_person p;
	enum mdg_found f =
		mdg_person_by_login(c->desk->db, login, c->arena, &p, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_person_none, login,
				    NULL);
	if (mdg_arg_int(c, "days", 0) > 0 &&
	    mdg_arg_int(c, "days", 0) <= DEPUTY_DAYS_MAX)
		until_s = c->now_s + mdg_arg_int(c, "days", 0) * 86400;
	mdg_result_text(c, "person", login);
	mdg_result_int(c, "until_s", until_s);
	return mdg_deputy_put(c->desk->db, c->win.id, p.id, c->now_s, until_s,
			      err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "deputy.set",
			      json_pack("{s:s,s:I,s:I}", "window", c->win.code,
					"person", p.id, "until_s", until_s),
			      NULL, err);
}

const struct mdg_act mdg_acts_rule[] = {
	{"rule.add",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true},
	  {"pattern", 's', true},
	  {"message", 's', true},
	  {"suggestion", 's', false},
	  {"severity", 's', false}},
	 rule_add},
	{"rule.disable",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"subject", 's', true}},
	 rule_disable},
	{"rule.allow",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"subject", 's', true}},
	 rule_allow},
	{"rule.block",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"subject", 's', true}},
	 rule_block},
	{"rule.remove",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true}, {"rule", 'i', true}},
	 rule_remove},
	{"rule.list",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"window", 's', true}},
	 rule_list},
	{"deputy.set",
	 MDG_SCOPE_WINDOW,
	 MDG_MEMBER_SV,
	 false,
	 {{"window", 's', true},
	  {"person", 's', true},
	  {"days", 'i', false},
	  {"until_s", 'i', false}},
	 deputy_set},
	{0},
};
