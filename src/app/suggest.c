#include "madoguchi/app/suggest.h"

#include <stdlib.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/reply/lint.h"
#include "madoguchi/reply/template.h"
#include "madoguchi/store/st_upload.h"

enum { TOP = 5 };

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
mdg_suggest_question(struct mdg_desk *d, int64_t ticket_id,
		     int64_t *ret_message_id, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(d->db, &r, err,
			  "SELECT m.id, m.subject, COALESCE(m.reply, m.text)"
			  " FROM message m JOIN ticket t"
			  " ON t.newest_message_id = m.id WHERE t.id = ?1",
			  "i", ticket_id))
		return NULL;
	if (!mdg_rows_next(r)) {
		mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_suggest_no_mail, NULL);
		return NULL;
	}
	*ret_message_id = mdg_rows_i64(r, 0);
	MDG_AUTO(mdg_freep)
	char *joined = mdg_asprintf("%s\n%s", mdg_rows_text(r, 1),
				    mdg_rows_text(r, 2));
	json_t *o = json_pack("{s:s,s:i}", "text", joined, "top", TOP);
	char *text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

/* Titles are for people; the worker knows ids only. */
static void
add_titles(struct mdg_desk *d, json_t *ranked)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row row;
	size_t i;
	json_t *one;

	json_array_foreach(ranked, i, one)
	{
		const char *id = json_string_value(json_object_get(one, "id"));
		if (!id ||
		    mdg_template_newest(d->db, id, &a, &row, NULL) != MDG_FOUND)
			continue;
		json_object_set_new(one, "title", json_string(row.title));
		json_object_set_new(one, "category", json_string(row.category));
	}
}

bool
mdg_suggest_keep(struct mdg_desk *d, int64_t ticket_id, int64_t message_id,
		 json_t *answer, struct mdg_err *err)
{
	json_t *ranked = json_object_get(answer, "ranked");

	if (!json_is_array(ranked))
		return mdg_fail(err, MDG_EPROTO, "a suggestion out of form");
	add_titles(d, ranked);
	MDG_AUTO(mdg_freep) char *text = json_dumps(answer, JSON_COMPACT);
	return mdg_db_run(d->db, err,
			  "INSERT INTO suggestion (ticket_id, message_id,"
			  " made_s, json) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (ticket_id) DO UPDATE SET"
			  " message_id = excluded.message_id,"
			  " made_s = excluded.made_s, json = excluded.json",
			  "iiis", ticket_id, message_id, mdg_now_s(), text);
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
