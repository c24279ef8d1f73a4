#include "madoguchi/app/suggest.h"

#include <stdlib.h>

#include "madoguchi/reply/template.h"

static json_t *
template_json(const struct mdg_template *t)
{
	json_t *examples = json_array();

	for (size_t i = 0; i < t->examples.n; i++)
		json_array_append_new(examples, json_string(t->examples.v[i]));
	return json_pack("{s:s,s:s,s:s,s:o}", "id", t->id, "title", t->title,
			 "body", t->body, "examples", examples);
}

char *
mdg_suggest_catalogue(struct mdg_desk *d, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row *rows;
	struct mdg_template one;
	json_t *list, *all;
	size_t n;

	if (!mdg_template_list(d->db, &a, &rows, &n, err))
		return NULL;
	list = json_array();
	for (size_t i = 0; i < n; i++)
		if (mdg_template_parse(rows[i].id, rows[i].source, &a, &one,
				       NULL) &&
		    !*one.language) /* a variant follows the one it is of */
			json_array_append_new(list, template_json(&one));
	all = json_pack("{s:o}", "templates", list);
	char *text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}
