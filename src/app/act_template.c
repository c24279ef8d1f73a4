/* template.*: making, changing, showing and moving templates. */
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/reply/template_import.h"
#include "madoguchi/store/st_template.h"

#include "act-int.h"

static bool
none(struct mdg_act_call *c, const char *id, struct mdg_err *err)
{
	(void)c;
	return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_template_none, id, NULL);
}

/* ---- making and changing ---- */

/* A window that is not there would hide it from everybody. */
static bool
knows_windows(struct mdg_act_call *c, const char *windows, struct mdg_err *err)
{
	struct mdg_win w;

	for (const char *p = windows; *(p += strspn(p, " ,"));) {
		size_t n = strcspn(p, " ,");
		const char *code = mdg_arena_strndup(c->arena, p, n);
		enum mdg_found f = mdg_win_by_code(c->desk->db, code, c->arena,
						   &w, err);
		if (f != MDG_FOUND)
			return f == MDG_NONE &&
			       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_win_none,
					    code, NULL);
		p += n;
	}
	return true;
}

/* known: the version it was made of, 0 for a new one, -1 for any. Returns
 * what became of it: new, changed or same; NULL on error. */
static const char *
put_source(struct mdg_act_call *c, const char *file, const char *source,
	   int64_t known, struct mdg_template *t, struct mdg_err *err)
{
	struct mdg_template_row now = {.version = 0};
	bool ok;

	if (!mdg_template_parse(file, source, c->arena, t, err) ||
	    !knows_windows(c, t->windows, err) ||
	    mdg_template_newest(c->desk->db, t->id, c->arena, &now, err) ==
		    MDG_FAILED)
		return NULL;
	/* not over what somebody else wrote meanwhile */
	if (known >= 0 && now.version != known) {
		mdg_fail_msg(err, MDG_ECONFLICT, MDG_MSG_template_changed,
			     t->id, mdg_act_number(c, now.version), NULL);
		return NULL;
	}
	if (now.version && !now.retired && mdg_streq(now.source, source))
		return "same";
	const struct mdg_template_row row = {
		.id = t->id,
		.title = t->title,
		.category = t->category,
		.source = source,
	};
	ok = mdg_template_put(c->desk->db, &row, c->now_s, err) &&
	     mdg_desk_event(c->desk, c->actor, NULL, "template.put",
			    json_pack("{s:s}", "template", t->id), NULL, err);
	return !ok ? NULL : now.version ? "changed" : "new";
}

static bool
put(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_template t;

	if (!put_source(c, mdg_arg_text(c, "id", ""),
			mdg_arg_text(c, "source", ""),
			mdg_arg_int(c, "version", -1), &t, err))
		return false;
	mdg_result_text(c, "id", t.id);
	return true;
}

static json_t *
strings(const struct mdg_strings *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(list, json_string(l->v[i]));
	return list;
}

static bool
take_row(struct mdg_act_call *c, const char *file,
	 const struct mdg_template_row_in *row, json_t *list,
	 struct mdg_err *err)
{
	struct mdg_strings notes = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf said = {0};
	const char *source = mdg_template_adopt(row, c->arena, &notes);
	struct mdg_template t;
	const char *outcome = put_source(c, file, source, -1, &t, err);

	if (!outcome)
		return false;
	for (size_t i = 0; i < notes.n; i++)
		mdg_buf_printf(&said, "%s%s", i ? ", " : "", notes.v[i]);
	json_array_append_new(
		list, json_pack("{s:s,s:s,s:s,s:s}", "id", t.id, "title",
				t.title, "outcome", outcome, "notes",
				mdg_buf_str(&said)));
	return true;
}

/* A table, a file of ours, or a text that becomes one. */
static bool
import(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *file = mdg_arg_text(c, "file", "");
	const char *text = mdg_arg_text(c, "text", "");
	struct mdg_template_row_in one = MDG_TEMPLATE_ROW_EMPTY, *v = &one;
	struct mdg_strings ignored = {0};
	json_t *list = json_array();
	struct mdg_template t;
	size_t n = 1;

	json_object_set_new(c->result, "templates", list);
	if (mdg_str_starts(text, "---\n") || mdg_str_starts(text, "---\r\n")) {
		const char *outcome = put_source(c, file, text, -1, &t, err);
		if (!outcome)
			return false;
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:s,s:s}", "id", t.id,
					"title", t.title, "outcome", outcome,
					"notes", ""));
		return true;
	}
	one.body = text;
	one.title = mdg_arena_strndup(c->arena, file, strcspn(file, "."));
	if (mdg_str_ends(file, ".csv") &&
	    !mdg_template_read_table(file, text, c->arena, &v, &n, &ignored,
				     err))
		return false;
	json_object_set_new(c->result, "ignored", strings(&ignored));
	for (size_t i = 0; i < n; i++)
		if (!take_row(c, file, &v[i], list, err))
			return false;
	return true;
}

/* ---- showing ---- */

static bool
list_all(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_template_row *v;
	struct mdg_template t;
	struct mdg_person p;
	size_t n;
	json_t *list = json_array();

	json_object_set_new(c->result, "templates", list);
	if (!(mdg_arg_flag(c, "retired") ? mdg_template_retired
	      : mdg_arg_flag(c, "all")
		      ? mdg_template_all
		      : mdg_template_list)(c->desk->db, c->arena, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool over = v[i].expires_s && v[i].expires_s <= c->now_s;
		json_t *o =
			json_pack("{s:s,s:I,s:s,s:s,s:b}", "id", v[i].id,
				  "version", v[i].version, "title", v[i].title,
				  "category", v[i].category, "expired", over);
		json_array_append_new(list, o);
		if (mdg_template_parse(v[i].id, v[i].source, c->arena, &t,
				       NULL))
			json_object_set_new(o, "windows",
					    json_string(t.windows));
		if (v[i].expires_s)
			json_object_set_new(o, "expires_s",
					    json_integer(v[i].expires_s));
		if (!v[i].owner_id)
			continue;
		enum mdg_found f = mdg_person_by_id(c->desk->db, v[i].owner_id,
						    c->arena, &p, err);
		if (f == MDG_FAILED)
			return false;
		if (f == MDG_FOUND)
			json_object_set_new(o, "owner", json_string(p.name));
	}
	return true;
}

static json_t *
row_json(const struct mdg_template_row *t, struct mdg_arena *a)
{
	struct mdg_template parsed;
	struct mdg_template_row_in r;

	if (!mdg_template_parse(t->id, t->source, a, &parsed, NULL))
		return NULL;
	mdg_template_as_row(&parsed, a, &r);
	return json_pack(
		"{s:s,s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,"
		"s:s}",
		"id", t->id, "version", t->version, "title", r.title,
		"category", r.category, "body", r.body, "slots", r.slots,
		"examples", r.examples, "keywords", r.keywords, "roles",
		r.roles, "next_state", r.next_state, "due_slot", r.due_slot,
		"language", r.language, "windows", r.windows, "approval", r.approval, "apology_level",
		r.apology_level, "source", t->source);
}

/* One, or all that are not retired. */
static bool export(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *id = mdg_arg_text(c, "id", NULL);
	struct mdg_template_row one, *v = &one;
	json_t *list = json_array();
	size_t n = 1;

	json_object_set_new(c->result, "templates", list);
	if (id) {
		enum mdg_found f = mdg_template_newest(c->desk->db, id,
						       c->arena, &one, err);
		if (f != MDG_FOUND)
			return f == MDG_NONE && none(c, id, err);
	} else if (!mdg_template_all(c->desk->db, c->arena, &v, &n, err)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		json_t *o = row_json(&v[i], c->arena);
		if (o)
			json_array_append_new(list, o);
	}
	return true;
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
	{"template.put",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"id", 's', true}, {"source", 's', true}, {"version", 'i', false}},
	 put},
	{"template.import",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_ADMIN,
	 false,
	 {{"file", 's', true}, {"text", 's', true}},
	 import},
	{"template.export",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"id", 's', false}},
	 export},
	{"template.list",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_VIEWER,
	 true,
	 {{"all", 'b', false}, {"retired", 'b', false}},
	 list_all},
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
