/*
 * mdg-text: which reply fits? MeCab and PCRE2 on customers' words, confined.
 *
 * CATALOGUE {"templates": [{"id", "title", "body", "examples": [],
 *                            "windows"?}]} replaces
 * the index; SUGGEST is answered by SUGGESTED with the same frame id:
 *
 *   {"text", "top", "window"?, "subject"?, "signature"?, "from"?, "at"?}
 *       a mail ->
 *       {"ranked": [{"id", "score", "why": []}], the first with "confidence"
 *        and "strong": shown as the answer, and not as one of several;
 *        "facts": [{"slot", "value", "words", "source", "start", "end",
 *                   "confidence", "conflict"}],
 *        "mood": {"temperature", "harassment", "reasons": [{"sign",
 *                 "points", "words", "start", "end"}]},
 *        "keywords": []}
 *   {"learn": [{"id", "text", "ref", "weight"}]}   approved answers ->
 *       {"learned"}
 *   {"draft", …}   a reply of ours: text_draft.h ->
 *       {"findings": [{"rule", "severity", "start", "end",
 *                      "message": {"ja", "en"}, "suggestion", "fix"?}]}
 */
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"
#include "text.h"
#include "text_draft.h"

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
		.windows = json_string_value(json_object_get(t, "windows")),
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
	json_array_foreach (json_object_get(in, "templates"), i, t)
		if (!add_template(w->index, t, err))
			return false;
	return true;
}

static const char *
text_at(const json_t *in, const char *key)
{
	return json_string_value(json_object_get(in, key));
}

static bool
suggest(struct text_worker *w, uint32_t id, const json_t *in,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	json_t *out = text_at(in, "draft") ? text_judge_draft(w->lint, in, &a)
		      : json_object_get(in, "learn")
			      ? text_learn(w, in)
			      : text_judge_mail(w, in, &a);
	char *line = json_dumps(out, JSON_COMPACT);
	MDG_FAULT("text.suggest");
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

/* Libraries open their data at first use: use them before the sandbox. */
static void
warm_up(struct text_worker *w)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text = "お問い合わせ、ｱﾘｶﾞﾄｳございます。１１月２１日";
	const struct mdg_lint_input in = {
		.text = text, .n = strlen(text), .now_s = 1};
	const struct mdg_slots_input mail = {.text = text, .mail_s = 1};
	struct mdg_findings findings;
	struct mdg_facts facts;
	struct mdg_mood mood;

	mdg_lint_run(w->lint, &in, &a, &findings);
	mdg_slots_extract(w->slots, &mail, &a, &facts);
	mdg_mood_judge(w->moods, text, 1, &a, &mood);
}

static bool
start(struct text_worker *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	if (!mdg_words_open(&w->words, err)) {
		mdg_warn("works without a dictionary: %s", mdg_err_en(err));
		w->words = NULL;
	}
	/* patterns become machine code now: the sandbox forbids it later */
	if (!mdg_slots_open(&w->slots, w->words, err) ||
	    !mdg_moods_open(&w->moods, err) ||
	    !mdg_lint_open(&w->lint, w->words, err))
		return false;
	warm_up(w);
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
		mdg_error("ends: %s", mdg_err_en(&err));
	mdg_suggest_free(&w.index);
	mdg_slots_close(&w.slots);
	mdg_moods_close(&w.moods);
	mdg_lint_close(&w.lint);
	mdg_words_close(&w.words);
	mdg_chan_clear(&w.chan);
	return err.code == MDG_ENET ? EX_OK : EX_SOFTWARE;
}
