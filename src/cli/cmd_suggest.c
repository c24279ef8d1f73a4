/* madoguchi suggest: which template answers a mail, without a daemon. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <jansson.h>

#include "desk.h"
#include "jsonl.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "suggest_eval.h"

enum { TOP_DEFAULT = 5, TOP_MAX = 1000 };

/* -- answers ------------------------------------------------------------ */

static void
print_json(const char *id, const struct mdg_suggestion *v, size_t n)
{
	json_t *ranked = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *why = json_array();
		for (size_t k = 0; k < v[i].why_n; k++)
			json_array_append_new(why, json_string(v[i].why[k]));
		json_array_append_new(
			ranked,
			json_pack("{s:s,s:f,s:o}", "id", v[i].id, "score",
				  (double)(long)(v[i].score * 1e6) / 1e6, "why",
				  why));
	}
	json_t *o = json_pack("{s:s,s:o}", "id", id, "ranked", ranked);
	json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(o);
}

static void
print_text(const char *id, const struct mdg_suggestion *v, size_t n)
{
	printf("%s", id);
	for (size_t i = 0; i < n; i++) {
		printf("\t%s %.3f", v[i].id, v[i].score);
		for (size_t k = 0; k < v[i].why_n; k++)
			printf("%s%s", k ? ", " : " (", v[i].why[k]);
		printf("%s", v[i].why_n ? ")" : "");
	}
	putchar('\n');
}

static bool
answer_all(const struct mdg_cli *cli, struct mdg_suggest *s, const char *path,
	   size_t top, struct mdg_err *err)
{
	MDG_AUTO(mdg_jsonl_close) struct mdg_jsonl rows;
	json_t *o;

	if (!mdg_jsonl_open(&rows, path, err))
		return false;
	while (mdg_jsonl_next(&rows, &o, err)) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_suggestion *v;
		if (!o)
			return true;
		MDG_AUTO(mdg_freep) char *id = mdg_jsonl_id(o);
		if (!id) {
			json_decref(o);
			return mdg_jsonl_bad(&rows, "id", err);
		}
		size_t n = mdg_suggest_rank(s, mdg_jsonl_text(o, "text"), NULL, top,
					    &a, &v);
		if (cli->json)
			print_json(id, v, n);
		else
			print_text(id, v, n);
		json_decref(o);
	}
	return false;
}

struct suggest_args {
	const char *catalogue, *queries, *top, *templates, *data;
	bool eval;
	int64_t top_n;
};

/* What was named, or else our templates and the sets that we keep. */
static bool
measure(const struct mdg_cli *cli, struct mdg_words *words,
	const struct suggest_args *a, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena arena = {0};
	struct mdg_catalogue c = {0}, faq = {0};
	const char *dir = a->data ? a->data : MDG_DATADIR "/eval";
	const char *own = mdg_arena_printf(&arena, "%s/inquiries.jsonl", dir);
	const char *qs =
		mdg_arena_printf(&arena, "%s/faq_questions.jsonl", dir);

	if (a->catalogue)
		return mdg_catalogue_read(a->catalogue, &arena, &c, err) &&
		       mdg_suggest_measure(cli, words, "catalogue", &c,
					   a->queries, err);
	if (!mdg_catalogue_read_dir(a->templates ? a->templates
						 : MDG_DATADIR "/templates",
				    &arena, &c, err) ||
	    !mdg_suggest_measure(cli, words, "templates", &c,
				 a->queries ? a->queries : own, err))
		return false;
	return a->queries ||
	       (mdg_catalogue_read(
			mdg_arena_printf(&arena, "%s/faq.jsonl", dir), &arena,
			&faq, err) &&
		mdg_suggest_measure(cli, words, "faq", &faq, qs, err));
}

static bool
suggest(const struct mdg_cli *cli, struct mdg_words *words,
	const struct suggest_args *a, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena arena = {0};
	struct mdg_catalogue c = {0};
	struct mdg_suggest *s = mdg_suggest_new(words);
	bool ok = mdg_catalogue_read(a->catalogue, &arena, &c, err) &&
		  mdg_catalogue_add(s, &c, err) &&
		  answer_all(cli, s, a->queries, (size_t)a->top_n, err);

	mdg_suggest_free(&s);
	return ok;
}

static int
run_suggest(struct mdg_cli *cli, int argc, char **argv)
{
	struct suggest_args a = {.top_n = TOP_DEFAULT};
	const struct mdg_opt opts[] = {
		{"catalogue", &a.catalogue, NULL},
		{"queries", &a.queries, NULL},
		{"top", &a.top, NULL},
		{"templates", &a.templates, NULL},
		{"data", &a.data, NULL},
		{"eval", NULL, &a.eval},
		{NULL, NULL, NULL},
	};
	struct mdg_words *words = NULL;
	struct mdg_err err;

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc == 1 && !a.eval && !a.catalogue && !a.queries && !a.top)
		return mdg_desk_suggest(cli, argv[0]);
	if (argc > 0 || (!a.eval && (!a.catalogue || !a.queries)) ||
	    (a.catalogue && !a.queries) ||
	    (a.top && !mdg_str_i64(a.top, 1, TOP_MAX, &a.top_n)))
		return mdg_cli_usage(cli);
	if (!mdg_words_open(&words, NULL))
		fprintf(stderr, "%s\n",
			mdg_msg_text(cli->lang, MDG_MSG_cli_no_dictionary));
	bool ok = a.eval ? measure(cli, words, &a, &err)
			 : suggest(cli, words, &a, &err);
	mdg_words_close(&words);
	return ok ? EX_OK : mdg_cli_fail(cli, &err);
}

const struct mdg_cmd mdg_cmds_suggest[] = {
	{"suggest",
	 "TICKET | --catalogue FILE --queries FILE [--top N] [--json] | --eval "
	 "[--templates DIR | --catalogue FILE] [--queries FILE] [--data DIR]",
	 MDG_MSG_cli_help_suggest, run_suggest},
	{NULL, NULL, MDG_MSG_NONE, NULL},
};
