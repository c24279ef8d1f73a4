#include "suggest_eval.h"

#include <stdlib.h>
#include <string.h>

#include "jsonl.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"

enum { FOLDS = 5, TOP = 10 };

/* -- catalogues ----------------------------------------------------------- */

static bool
read_row(struct mdg_arena *a, const struct mdg_jsonl *rows, const json_t *o,
	 struct mdg_suggest_doc *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *id = mdg_jsonl_id(o);
	const json_t *examples = json_object_get(o, "examples"), *e;
	size_t i, n = json_array_size(examples);
	const char **v = mdg_arena_array(a, n + 1, sizeof(*v));

	if (!id)
		return mdg_jsonl_bad(rows, "id", err);
	*ret = (struct mdg_suggest_doc){
		.id = mdg_arena_strdup(a, id),
		.title = mdg_arena_strdup(a, mdg_jsonl_text(o, "title")),
		.body = mdg_arena_strdup(a, mdg_jsonl_text(o, "body")),
		.examples = v,
	};
	json_array_foreach (examples, i, e)
		if (json_is_string(e))
			v[ret->examples_n++] =
				mdg_arena_strdup(a, json_string_value(e));
	return true;
}

bool
mdg_catalogue_read(const char *path, struct mdg_arena *a,
		   struct mdg_catalogue *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_jsonl_close) struct mdg_jsonl rows = {0};
	size_t cap = 0;
	json_t *o;

	if (!mdg_jsonl_open(&rows, path, err))
		return false;
	while (mdg_jsonl_next(&rows, &o, err)) {
		if (!o)
			return true;
		if (ret->n == cap) {
			cap = cap ? cap * 2 : 256;
			struct mdg_suggest_doc *v =
				mdg_arena_array(a, cap, sizeof(*v));
			if (ret->n)
				memcpy(v, ret->v, ret->n * sizeof(*v));
			ret->v = v;
		}
		bool ok = read_row(a, &rows, o, &ret->v[ret->n++], err);
		json_decref(o);
		if (!ok)
			return false;
	}
	return false;
}

bool
mdg_catalogue_read_dir(const char *dir, struct mdg_arena *a,
		       struct mdg_catalogue *ret, struct mdg_err *err)
{
	struct mdg_template *v;
	size_t n;

	if (!mdg_template_load_dir(dir, a, &v, &n, err))
		return false;
	ret->v = mdg_arena_array(a, n + 1, sizeof(*ret->v));
	for (size_t i = 0; i < n; i++) {
		if (*v[i].language) /* a variant follows the one it is of */
			continue;
		ret->v[ret->n++] = (struct mdg_suggest_doc){
			.id = v[i].id,
			.title = v[i].title,
			.body = mdg_template_known_by(&v[i], v, n, a),
			.examples = v[i].examples.v,
			.examples_n = v[i].examples.n,
		};
	}
	return true;
}

bool
mdg_catalogue_add(struct mdg_suggest *s, const struct mdg_catalogue *c,
		  struct mdg_err *err)
{
	for (size_t i = 0; i < c->n; i++)
		if (!mdg_suggest_add(s, &c->v[i], err))
			return err->code == MDG_EEXIST
				       ? mdg_fail_msg(err, MDG_EFORMAT,
						      MDG_MSG_cli_twice,
						      c->v[i].id, NULL)
				       : false;
	return true;
}

/* -- scores -----------------------------------------------------------------
 */

struct score {
	size_t n, first, third; /* something fits */
	size_t none, silent;    /* nothing fits; and none was offered */
	size_t missed;          /* something fits, and none was offered */
	size_t strong, strong_right;
	double mrr;
};

/* `expect` is the id of the one answer, a list of several, or null. */
static const char *
expected(const json_t *question, size_t i)
{
	const json_t *e = json_object_get(question, "expect");

	if (json_is_array(e))
		return json_string_value(json_array_get(e, i));
	return i == 0 ? json_string_value(e) : NULL;
}

static bool
answers(const json_t *question, const char *id)
{
	const char *e;

	for (size_t i = 0; (e = expected(question, i)); i++)
		if (mdg_streq(e, id))
			return true;
	return false;
}

static void
count_answer(struct score *c, const json_t *question,
	     const struct mdg_suggestion *v, size_t n)
{
	bool strong = n > 0 && v[0].confidence >= MDG_SUGGEST_STRONG;
	size_t rank = 0;

	c->strong += strong;
	if (!expected(question, 0)) {
		c->none++;
		c->silent += n == 0;
		return;
	}
	while (rank < n && !answers(question, v[rank].id))
		rank++;
	c->n++;
	c->missed += n == 0;
	if (rank == n)
		return;
	c->first += rank == 0;
	c->third += rank < 3;
	c->strong_right += strong && rank == 0;
	c->mrr += 1 / (double)(rank + 1);
}

static void
print_score(const struct mdg_cli *cli, const char *name, const char *more,
	    const struct score *c)
{
	double n = c->n ? (double)c->n : 1;
	double right =
		c->strong ? (double)c->strong_right / (double)c->strong : 1;
	char text[9][24];

	if (cli->json) {
		printf("{\"set\":\"%s%s\",\"n\":%zu,\"p1\":%.4f,\"mrr\":%.4f,"
		       "\"hit3\":%.4f,\"none\":%zu,\"none_abstained\":%zu,"
		       "\"abstained\":%zu,\"strong\":%zu,"
		       "\"strong_right\":%.4f}\n",
		       name, more, c->n, (double)c->first / n, c->mrr / n,
		       (double)c->third / n, c->none, c->silent, c->missed,
		       c->strong, right);
		return;
	}
	printf("%s%s: ", name, more);
	snprintf(text[0], sizeof(text[0]), "%zu", c->n + c->none);
	snprintf(text[1], sizeof(text[1]), "%.3f", (double)c->first / n);
	snprintf(text[2], sizeof(text[2]), "%.3f", c->mrr / n);
	snprintf(text[3], sizeof(text[3]), "%.3f", (double)c->third / n);
	snprintf(text[4], sizeof(text[4]), "%zu", c->silent);
	snprintf(text[5], sizeof(text[5]), "%zu", c->none);
	snprintf(text[6], sizeof(text[6]), "%zu", c->missed);
	snprintf(text[7], sizeof(text[7]), "%zu", c->strong);
	snprintf(text[8], sizeof(text[8]), "%.3f", right);
	mdg_cli_say(cli, MDG_MSG_cli_eval_result, text[0], text[1], text[2],
		    text[3], text[4], text[5], text[6], text[7], text[8], NULL);
}

/* -- measuring ---------------------------------------------------------------
 */

struct measure {
	struct mdg_words *words;
	const struct mdg_catalogue *catalogue;
	json_t *questions;
};

static bool
learn(struct mdg_suggest *s, const json_t *question, struct mdg_err *err)
{
	struct mdg_suggest_past past = {
		.text = mdg_jsonl_text(question, "text"),
		.weight = MDG_SUGGEST_LEARNED,
	};

	for (size_t i = 0; (past.id = expected(question, i)); i++)
		if (!mdg_suggest_learn(s, &past, err))
			return false;
	return true;
}

/* fold < 0: all questions are asked, none is learned. */
static bool
ask(const struct measure *m, int fold, struct score *c, struct mdg_err *err)
{
	struct mdg_suggest *s = mdg_suggest_new(m->words);
	bool ok = mdg_catalogue_add(s, m->catalogue, err);
	size_t i;
	json_t *o;

	json_array_foreach (m->questions, i, o)
		if (ok && fold >= 0 && (int)(i % FOLDS) != fold)
			ok = learn(s, o, err);
	json_array_foreach (m->questions, i, o) {
		MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
		struct mdg_suggestion *v;
		if (!ok || (fold >= 0 && (int)(i % FOLDS) != fold))
			continue;
		size_t n = mdg_suggest_rank(s, mdg_jsonl_text(o, "text"), NULL, TOP,
					    &a, &v);
		count_answer(c, o, v, n);
	}
	mdg_suggest_free(&s);
	return ok;
}

static bool
read_questions(const char *path, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_jsonl_close) struct mdg_jsonl rows = {0};
	json_t *o;

	if (!mdg_jsonl_open(&rows, path, err))
		return false;
	while (mdg_jsonl_next(&rows, &o, err)) {
		if (!o)
			return true;
		json_array_append_new(ret, o);
	}
	return false;
}

bool
mdg_suggest_measure(const struct mdg_cli *cli, struct mdg_words *words,
		    const char *name, const struct mdg_catalogue *c,
		    const char *queries, struct mdg_err *err)
{
	struct measure m = {words, c, json_array()};
	struct score alone = {0}, learned = {0};
	bool ok = read_questions(queries, m.questions, err) &&
		  ask(&m, -1, &alone, err);

	for (int fold = 0; ok && fold < FOLDS; fold++)
		ok = ask(&m, fold, &learned, err);
	if (ok) {
		print_score(cli, name, "", &alone);
		print_score(cli, name, "+past", &learned);
	}
	json_decref(m.questions);
	return ok;
}
