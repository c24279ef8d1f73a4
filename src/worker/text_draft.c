#include "text_draft.h"

#include <string.h>

#include "madoguchi/base/msg.h"
#include "madoguchi/base/str.h"

static const char *
text_at(const json_t *in, const char *key)
{
	return json_string_value(json_object_get(in, key));
}

/* A list of texts, ended by NULL. */
static const char *const *
texts(const json_t *list, struct mdg_arena *a)
{
	const char **v =
		mdg_arena_array(a, json_array_size(list) + 1, sizeof(*v));
	size_t i, n = 0;
	json_t *one;

	json_array_foreach (list, i, one)
		if (json_is_string(one))
			v[n++] = json_string_value(one);
	v[n] = NULL;
	return v;
}

static enum mdg_lint_severity
severity_of(const char *name)
{
	return mdg_streq(name, "error")  ? MDG_LINT_ERROR
	       : mdg_streq(name, "info") ? MDG_LINT_INFO
					 : MDG_LINT_WARN;
}

static void
read_team(const json_t *in, struct mdg_arena *a, struct mdg_lint_team *ret)
{
	const json_t *add = json_object_get(in, "add");
	struct mdg_lint_team_rule *v =
		mdg_arena_array(a, json_array_size(add) + 1, sizeof(*v));
	size_t i, n = 0;
	json_t *one;

	json_array_foreach (add, i, one) {
		const struct mdg_lint_team_rule r = {
			.id = text_at(one, "id"),
			.pattern = text_at(one, "pattern"),
			.severity = severity_of(text_at(one, "severity")),
			.message = text_at(one, "message"),
			.suggestion = text_at(one, "suggestion"),
		};
		if (r.id && r.pattern && r.message && r.suggestion)
			v[n++] = r;
	}
	*ret = (struct mdg_lint_team){
		.add = v,
		.add_n = n,
		.off = texts(json_object_get(in, "off"), a),
		.allow = texts(json_object_get(in, "allow"), a),
		.block = texts(json_object_get(in, "block"), a),
	};
}

static json_t *
finding_json(const struct mdg_finding *f)
{
	json_t *o = json_pack(
		"{s:s,s:s,s:I,s:I,s:{s:s,s:s},s:s}", "rule", f->rule,
		"severity", mdg_lint_severity_name(f->severity), "start",
		(json_int_t)f->start, "end", (json_int_t)f->end, "message",
		"ja", f->message[MDG_LANG_JA], "en", f->message[MDG_LANG_EN],
		"suggestion", f->suggestion);

	if (f->fix)
		json_object_set_new(o, "fix",
				    json_pack("{s:I,s:I,s:s}", "start",
					      (json_int_t)f->fix_start, "end",
					      (json_int_t)f->fix_end, "text",
					      f->fix));
	return o;
}

json_t *
text_judge_draft(struct mdg_lint *lint, const json_t *in, struct mdg_arena *a)
{
	const char *draft = text_at(in, "draft");
	struct mdg_lint_team team;
	struct mdg_findings f;
	json_t *list = json_array();

	const char **files = mdg_arena_array(
		a, json_array_size(json_object_get(in, "files")) + 1,
		sizeof(*files));
	size_t n = 0, i_file;
	json_t *file;

	json_array_foreach (json_object_get(in, "files"), i_file, file)
		if (json_is_string(file))
			files[n++] = json_string_value(file);
	files[n] = NULL;
	read_team(json_object_get(in, "team"), a, &team);
	const struct mdg_lint_input input = {
		.text = draft,
		.n = strlen(draft),
		.customer = text_at(in, "customer"),
		.files = files,
		.flags = (unsigned)json_integer_value(
			json_object_get(in, "flags")),
		.now_s = json_integer_value(json_object_get(in, "at")),
		.team = &team,
		.want_fixes = true,
	};
	mdg_lint_run(lint, &input, a, &f);
	for (size_t i = 0; i < f.n; i++)
		json_array_append_new(list, finding_json(&f.v[i]));
	return json_pack("{s:o}", "findings", list);
}
