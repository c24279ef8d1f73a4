/* madoguchi suggest: which template answers a mail, without a daemon. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <jansson.h>

#include "desk.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/suggest.h"
#include "madoguchi/reply/template.h"

enum { TOP_DEFAULT = 5, TOP_MAX = 1000 };

/* -- rows of JSON lines ------------------------------------------------- */

struct rows {
	const char *path;
	FILE *file;
	char *line;
	size_t cap;
	unsigned long n; /* line number */
};

static void
rows_close(struct rows *r)
{
	if (r->file)
		fclose(r->file);
	free(r->line);
}

static bool
rows_open(struct rows *r, const char *path, struct mdg_err *err)
{
	*r = (struct rows){.path = path};
	r->file = fopen(path, "re");
	if (!r->file)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_cannot_read,
				    path, strerror(errno), NULL);
	return true;
}

static bool
bad_row(const struct rows *r, const char *what, struct mdg_err *err)
{
	char at[32];

	snprintf(at, sizeof(at), "%lu", r->n);
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_cli_bad_row, r->path, at,
			    what, NULL);
}

/* The next object, or NULL at the end; false on a broken line. */
static bool
rows_next(struct rows *r, json_t **ret, struct mdg_err *err)
{
	ssize_t n;

	*ret = NULL;
	while ((n = getline(&r->line, &r->cap, r->file)) >= 0) {
		json_error_t why;
		r->n++;
		if (strspn(r->line, " \t\r\n") == (size_t)n)
			continue;
		json_t *o = json_loads(r->line, 0, &why);
		if (!o)
			return bad_row(r, why.text, err);
		if (!json_is_object(o)) {
			json_decref(o);
			return bad_row(r, "object expected", err);
		}
		*ret = o;
		return true;
	}
	return true;
}

/* An id as text; numbers are accepted. NULL if it is neither. */
static char *
id_text(const json_t *o)
{
	const json_t *id = json_object_get(o, "id");

	if (json_is_string(id))
		return mdg_strdup(json_string_value(id));
	if (json_is_integer(id))
		return mdg_asprintf("%" JSON_INTEGER_FORMAT,
				    json_integer_value(id));
	return NULL;
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* -- the catalogue ------------------------------------------------------ */

static bool
add_row(struct mdg_suggest *s, const struct rows *rows, const json_t *o,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_freep) char *id = id_text(o);
	const json_t *examples = json_object_get(o, "examples"), *e;
	size_t i, n = json_array_size(examples);
	const char **v = mdg_arena_array(&a, n + 1, sizeof(*v));
	struct mdg_suggest_doc doc = {.id = id,
				      .title = text_of(o, "title"),
				      .body = text_of(o, "body"),
				      .examples = v};

	if (!id)
		return bad_row(rows, "id", err);
	json_array_foreach(examples, i, e) if (json_is_string(e))
		v[doc.examples_n++] = json_string_value(e);
	if (mdg_suggest_add(s, &doc, err))
		return true;
	return err->code == MDG_EEXIST ? bad_row(rows, id, err) : false;
}

static bool
load_catalogue(struct mdg_suggest *s, const char *path, struct mdg_err *err)
{
	MDG_AUTO(rows_close) struct rows rows;
	json_t *o;

	if (!rows_open(&rows, path, err))
		return false;
	while (rows_next(&rows, &o, err)) {
		if (!o)
			return true;
		bool ok = add_row(s, &rows, o, err);
		json_decref(o);
		if (!ok)
			return false;
	}
	return false;
}

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
	MDG_AUTO(rows_close) struct rows rows;
	json_t *o;

	if (!rows_open(&rows, path, err))
		return false;
	while (rows_next(&rows, &o, err)) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_suggestion *v;
		if (!o)
			return true;
		MDG_AUTO(mdg_freep) char *id = id_text(o);
		if (!id) {
			json_decref(o);
			return bad_row(&rows, "id", err);
		}
		size_t n = mdg_suggest_rank(s, text_of(o, "text"), top, &a, &v);
		if (cli->json)
			print_json(id, v, n);
		else
			print_text(id, v, n);
		json_decref(o);
	}
	return false;
}

/* -- measuring ----------------------------------------------------------- */

struct score {
	size_t n, first, third; /* something fits */
	size_t none, silent;    /* nothing fits; and none was offered */
	size_t missed;          /* something fits, and none was offered */
	double mrr;
};

static void
count_answer(struct score *c, const char *expect,
	     const struct mdg_suggestion *v, size_t n)
{
	size_t rank = 0;

	if (!expect) {
		c->none++;
		c->silent += n == 0;
		return;
	}
	while (rank < n && !mdg_streq(v[rank].id, expect))
		rank++;
	c->n++;
	c->missed += n == 0;
	if (rank == n)
		return;
	c->first += rank == 0;
	c->third += rank < 3;
	c->mrr += 1 / (double)(rank + 1);
}

static bool
add_templates(struct mdg_suggest *s, const char *dir, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template *v;
	size_t n;

	if (!mdg_template_load_dir(dir, &a, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct mdg_suggest_doc doc = {
			.id = v[i].id,
			.title = v[i].title,
			.body = v[i].body,
			.examples = v[i].examples.v,
			.examples_n = v[i].examples.n,
		};
		if (!mdg_suggest_add(s, &doc, err))
			return false;
	}
	return true;
}

static void
print_score(const struct mdg_cli *cli, const struct score *c)
{
	double n = c->n ? (double)c->n : 1;
	char text[7][24];

	if (cli->json) {
		printf("{\"n\":%zu,\"p1\":%.4f,\"mrr\":%.4f,\"hit3\":%.4f,"
		       "\"none\":%zu,\"none_abstained\":%zu,"
		       "\"abstained\":%zu}\n",
		       c->n, (double)c->first / n, c->mrr / n,
		       (double)c->third / n, c->none, c->silent, c->missed);
		return;
	}
	snprintf(text[0], sizeof(text[0]), "%zu", c->n + c->none);
	snprintf(text[1], sizeof(text[1]), "%.3f", (double)c->first / n);
	snprintf(text[2], sizeof(text[2]), "%.3f", c->mrr / n);
	snprintf(text[3], sizeof(text[3]), "%.3f", (double)c->third / n);
	snprintf(text[4], sizeof(text[4]), "%zu", c->silent);
	snprintf(text[5], sizeof(text[5]), "%zu", c->none);
	snprintf(text[6], sizeof(text[6]), "%zu", c->missed);
	mdg_cli_say(cli, MDG_MSG_cli_eval_result, text[0], text[1], text[2],
		    text[3], text[4], text[5], text[6], NULL);
}

/* Rows {id, text, expect: id or null} against a directory of templates. */
static bool
measure(const struct mdg_cli *cli, struct mdg_suggest *s, const char *dir,
	const char *path, struct mdg_err *err)
{
	MDG_AUTO(rows_close) struct rows rows = {0};
	struct score c = {0};
	json_t *o;

	if (!add_templates(s, dir, err) || !rows_open(&rows, path, err))
		return false;
	while (rows_next(&rows, &o, err)) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_suggestion *v;
		if (!o) {
			print_score(cli, &c);
			return true;
		}
		size_t n = mdg_suggest_rank(s, text_of(o, "text"), TOP_DEFAULT,
					    &a, &v);
		count_answer(&c,
			     json_string_value(json_object_get(o, "expect")), v,
			     n);
		json_decref(o);
	}
	return false;
}

struct suggest_args {
	const char *catalogue, *queries, *top, *templates;
	bool eval;
	int64_t top_n;
};

static bool
suggest(const struct mdg_cli *cli, struct mdg_suggest *s,
	const struct suggest_args *a, struct mdg_err *err)
{
	if (a->eval)
		return measure(cli, s,
			       a->templates ? a->templates
					    : MDG_DATADIR "/templates",
			       a->queries ? a->queries
					  : MDG_DATADIR "/eval/inquiries.jsonl",
			       err);
	return load_catalogue(s, a->catalogue, err) &&
	       answer_all(cli, s, a->queries, (size_t)a->top_n, err);
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
	    (a.top && !mdg_str_i64(a.top, 1, TOP_MAX, &a.top_n)))
		return mdg_cli_usage(cli);
	if (!mdg_words_open(&words, NULL))
		fprintf(stderr, "%s\n",
			mdg_msg_text(cli->lang, MDG_MSG_cli_no_dictionary));
	struct mdg_suggest *s = mdg_suggest_new(words);
	bool ok = suggest(cli, s, &a, &err);
	mdg_suggest_free(&s);
	mdg_words_close(&words);
	return ok ? EX_OK : mdg_cli_fail(cli, &err);
}

const struct mdg_cmd mdg_cmds_suggest[] = {
	{"suggest",
	 "TICKET | --catalogue FILE --queries FILE [--top N] [--json] | --eval "
	 "[--templates DIR] [--queries FILE]",
	 MDG_MSG_cli_help_suggest, run_suggest},
	{NULL, NULL, MDG_MSG_NONE, NULL},
};
