#include "madoguchi/app/suggest.h"

#include <stdlib.h>

#include "madoguchi/reply/template.h"

static json_t *
template_json(const struct mdg_template *t, const char *body)
{
	json_t *examples = json_array();

	for (size_t i = 0; i < t->examples.n; i++)
		json_array_append_new(examples, json_string(t->examples.v[i]));
	return json_pack("{s:s,s:s,s:s,s:o,s:s}", "id", t->id, "title",
			 t->title, "body", body, "examples", examples,
			 "windows", t->windows);
}

char *
mdg_suggest_catalogue(struct mdg_desk *d, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row *rows;
	json_t *list, *all;
	size_t rows_n, n = 0;

	if (!mdg_template_list(d->db, &a, &rows, &rows_n, err))
		return NULL;
	struct mdg_template *v = mdg_arena_array(&a, rows_n + 1, sizeof(*v));
	for (size_t i = 0; i < rows_n; i++)
		n += mdg_template_parse(rows[i].id, rows[i].source, &a, &v[n],
					NULL);
	list = json_array();
	for (size_t i = 0; i < n; i++) {
		if (*v[i].language) /* a variant follows the one it is of */
			continue;
		json_array_append_new(
			list, template_json(&v[i], mdg_template_known_by(
							   &v[i], v, n, &a)));
	}
	all = json_pack("{s:o}", "templates", list);
	char *text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}
