/* template.*: what may be done with a template that is there. */
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_template.h"

#include "act-int.h"

static bool
none(struct mdg_act_call *c, const char *id, struct mdg_err *err)
{
	(void)c;
	return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_template_none, id, NULL);
}

/* The body as it would become, and the slots that are still open. */
static bool
preview(struct mdg_act_call *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf body = {0};
	const char *id = mdg_arg_text(c, "id", ""), *key;
	struct mdg_slot_values values = {0};
	struct mdg_strings open = {0};
	struct mdg_template_row row;
	struct mdg_template t;
	json_t *value, *list = json_array();
	enum mdg_found f =
		mdg_template_newest(c->desk->db, id, c->arena, &row, err);

	json_object_set_new(c->result, "open", list);
	if (f != MDG_FOUND)
		return f == MDG_NONE && none(c, id, err);
	if (!mdg_template_parse(row.id, row.source, c->arena, &t, err))
		return false;
	json_t *slots = json_object_get(c->args, "slots");
	json_object_foreach (slots, key, value)
		if (json_is_string(value))
			mdg_slot_values_put(&values, c->arena, key,
					    json_string_value(value));
	mdg_template_render(&t, &values, &body, &open, c->arena);
	for (size_t i = 0; i < open.n; i++)
		json_array_append_new(list, json_string(open.v[i]));
	mdg_result_text(c, "id", row.id);
	mdg_result_text(c, "body", mdg_buf_str(&body));
	return true;
}

static bool
show(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *id = mdg_arg_text(c, "id", "");
	struct mdg_template_row row;
	enum mdg_found f =
		mdg_template_newest(c->desk->db, id, c->arena, &row, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE && none(c, id, err);
	mdg_result_text(c, "id", row.id);
	mdg_result_text(c, "title", row.title);
	mdg_result_text(c, "category", row.category);
	mdg_result_text(c, "source", row.source);
	mdg_result_int(c, "version", row.version);
	mdg_result_int(c, "expires_s", row.expires_s);
	return true;
}

static bool
history(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *id = mdg_arg_text(c, "id", "");
	struct mdg_template_row *v;
	size_t n;
	json_t *list = json_array();

	json_object_set_new(c->result, "versions", list);
	if (!mdg_template_history(c->desk->db, id, c->arena, &v, &n, err))
		return false;
	if (n == 0)
		return none(c, id, err);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
			list, json_pack("{s:I,s:s,s:I,s:I,s:b,s:s}", "version",
					v[i].version, "title", v[i].title,
					"created_s", v[i].created_s,
					"expires_s", v[i].expires_s, "retired",
					v[i].retired, "source", v[i].source));
	return true;
}

static bool
changed(struct mdg_act_call *c, const char *id, bool found, const char *kind,
	struct mdg_err *err)
{
	if (!found)
		return none(c, id, err);
	mdg_result_text(c, "id", id);
	return mdg_desk_event(c->desk, c->actor, NULL, kind,
			      json_pack("{s:s}", "template", id), NULL, err);
}

static bool
retire(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *id = mdg_arg_text(c, "id", "");
	bool found;

	return mdg_template_retire(c->desk->db, id, &found, err) &&
	       changed(c, id, found, "template.retire", err);
}

/* Who looks after it, and until when it may be used. */
static bool
keep(struct mdg_act_call *c, struct mdg_err *err)
{
	enum { DAY_S = 86400, DAYS_MAX = 3650 };
	const char *id = mdg_arg_text(c, "id", "");
	const char *owner = mdg_arg_text(c, "owner", NULL);
	int64_t days = mdg_arg_int(c, "days", 0);
	struct mdg_person p = {.id = 0};
	bool found;

	if (owner) {
		enum mdg_found f = mdg_person_by_login(c->desk->db, owner,
						       c->arena, &p, err);
		if (f != MDG_FOUND)
			return f == MDG_NONE &&
			       mdg_fail_msg(err, MDG_ENOENT,
					    MDG_MSG_person_none, owner, NULL);
	}
	int64_t until_s =
		days > 0 && days <= DAYS_MAX ? c->now_s + days * DAY_S : 0;
	return mdg_template_care(c->desk->db, id, p.id, until_s, &found, err) &&
	       changed(c, id, found, "template.keep", err);
}

const struct mdg_act mdg_acts_template[] = {
	{"template.preview",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"id", 's', true}, {"slots", 'o', false}},
	 preview},
	{"template.show",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"id", 's', true}},
	 show},
	{"template.history",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"id", 's', true}},
	 history},
	{"template.retire",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"id", 's', true}},
	 retire},
	{"template.keep",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"id", 's', true}, {"owner", 's', false}, {"days", 'i', false}},
	 keep},
	{0},
};
