/*
 * mdg-text: which reply fits? MeCab and PCRE2 on customers' words, confined.
 *
 * CATALOGUE {"templates": [{"id", "title", "body", "examples": []}]} replaces
 * the index; SUGGEST {"text", "top"} is answered by SUGGESTED {"ranked":
 * [{"id", "score", "why": []}]} with the same frame id.
 */
#include <sysexits.h>

#include <jansson.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/ipc/chan.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/reply/suggest.h"

enum { TOP_MAX = 20 };

struct text_worker {
	struct mdg_chan chan;
	struct mdg_words *words; /* NULL: no dictionary, grams alone */
	struct mdg_suggest *index;
};

static bool
add_template(struct mdg_suggest *s, const json_t *t, struct mdg_err *err)
{
	const json_t *examples = json_object_get(t, "examples");
	size_t n = json_array_size(examples);
	const char **list = mdg_calloc(n, sizeof(*list));
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		list[kept] = json_string_value(json_array_get(examples, i));
		kept += list[kept] != NULL;
	}
	const struct mdg_suggest_doc doc = {
		.id = json_string_value(json_object_get(t, "id")),
		.title = json_string_value(json_object_get(t, "title")),
		.body = json_string_value(json_object_get(t, "body")),
		.examples = list,
		.examples_n = kept,
	};
	bool ok = doc.id && doc.title && doc.body
			  ? mdg_suggest_add(s, &doc, err)
			  : mdg_fail(err, MDG_EPROTO,
				     "a template without id, "
				     "title or body");
	mdg_freep(&list);
	return ok;
}

static bool
take_catalogue(struct text_worker *w, const json_t *in, struct mdg_err *err)
{
	size_t i;
	json_t *t;

	mdg_suggest_free(&w->index);
	w->index = mdg_suggest_new(w->words);
	json_array_foreach(json_object_get(in, "templates"), i,
			   t) if (!add_template(w->index, t, err)) return false;
	return true;
}

static json_t *
ranked_json(const struct mdg_suggestion *v, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *why = json_array();
		for (size_t k = 0; k < v[i].why_n; k++)
			json_array_append_new(why, json_string(v[i].why[k]));
		json_array_append_new(list, json_pack("{s:s,s:f,s:o}", "id",
						      v[i].id, "score",
						      v[i].score, "why", why));
	}
	return json_pack("{s:o}", "ranked", list);
}

static bool
suggest(struct text_worker *w, uint32_t id, const json_t *in,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text = json_string_value(json_object_get(in, "text"));
	json_int_t top = json_integer_value(json_object_get(in, "top"));
	struct mdg_suggestion *v = NULL;
	size_t n = 0;

	if (w->index && text && top > 0)
		n = mdg_suggest_rank(w->index, text,
				     top > TOP_MAX ? TOP_MAX : (size_t)top, &a,
				     &v);
	json_t *out = ranked_json(v, n);
	char *line = json_dumps(out, JSON_COMPACT);
	bool ok = mdg_chan_send(&w->chan, MDG_F_SUGGESTED, id,
				mdg_span_str(line), err);
	mdg_freep(&line);
	json_decref(out);
	return ok;
}

static bool
serve(struct text_worker *w, const struct mdg_frame *f, struct mdg_err *err)
{
	json_t *in =
		json_loadb((const char *)f->payload.p, f->payload.n, 0, NULL);
	bool ok = true;

	if (!in)
		return mdg_fail(err, MDG_EPROTO, "a payload that is no JSON");
	if (f->type == MDG_F_CATALOGUE)
		ok = take_catalogue(w, in, err);
	else if (f->type == MDG_F_SUGGEST)
		ok = suggest(w, f->id, in, err);
	json_decref(in);
	return ok;
}

static bool
start(struct text_worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	if (!mdg_words_open(&w->words, err)) {
		mdg_warn("works without a dictionary: %s", err->text);
		w->words = NULL;
	}
	mdg_chan_init(&w->chan, MDG_WORKER_FD, 0);
	if (!mdg_confine(MDG_ROLE_TEXT, NULL, err))
		return false;
	mdg_hello_pack(&b, &(struct mdg_hello){MDG_PROTO_VERSION, MDG_ROLE_TEXT,
					       PACKAGE_VERSION});
	return mdg_chan_send(&w->chan, MDG_F_HELLO, 0, mdg_buf_span(&b), err);
}

int
main(void)
{
	struct text_worker w = {0};
	struct mdg_frame f;
	struct mdg_err err = {0};
	bool ok;

	mdg_log_init("mdg-text", MDG_INFO);
	json_object_seed(1);
	ok = start(&w, &err);
	while (ok && mdg_chan_recv(&w.chan, -1, &f, &err))
		ok = serve(&w, &f, &err);
	if (err.code != MDG_ENET)
		mdg_error("ends: %s", err.text);
	mdg_suggest_free(&w.index);
	mdg_words_close(&w.words);
	mdg_chan_clear(&w.chan);
	return err.code == MDG_ENET ? EX_OK : EX_SOFTWARE;
}
