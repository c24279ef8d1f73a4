#include "madoguchi/app/suggest.h"

#include <stdlib.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/reply/lint.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_upload.h"

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
				       NULL))
			json_array_append_new(list, template_json(&one));
	all = json_pack("{s:o}", "templates", list);
	char *text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

char *
mdg_check_question(struct mdg_desk *d, const struct mdg_draft *draft,
		   enum mdg_lang lang, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t files, bytes;

	if (!mdg_upload_total(d->db, draft->id, &files, &bytes, err))
		return NULL;
	json_t *o = json_pack("{s:s,s:I,s:s,s:i}", "draft", draft->body, "at",
			      mdg_now_s(), "lang",
			      lang == MDG_LANG_JA ? "ja" : "en", "flags",
			      files ? MDG_LINT_ATTACHED
				    : MDG_LINT_NOT_ATTACHED);

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT c.name FROM ticket t"
			  " JOIN customer c ON c.id = t.customer_id"
			  " WHERE t.id = ?1",
			  "i", draft->ticket_id)) {
		json_decref(o);
		return NULL;
	}
	if (mdg_rows_next(r) && *mdg_rows_text(r, 0))
		json_object_set_new(o, "customer",
				    json_string(mdg_rows_text(r, 0)));
	char *text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}
