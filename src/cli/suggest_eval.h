/* Measuring suggestion: a catalogue, questions, and what answers them. */
#ifndef MDG_CLI_SUGGEST_EVAL_H
#define MDG_CLI_SUGGEST_EVAL_H

#include "cli.h"
#include "madoguchi/reply/suggest.h"

struct mdg_catalogue {
	struct mdg_suggest_doc *v;
	size_t n;
};

/* Rows {id, title, body, examples[]}; *.txt of a directory. */
bool mdg_catalogue_read(const char *path, struct mdg_arena *a,
			struct mdg_catalogue *ret, struct mdg_err *err);
bool mdg_catalogue_read_dir(const char *dir, struct mdg_arena *a,
			    struct mdg_catalogue *ret, struct mdg_err *err);
bool mdg_catalogue_add(struct mdg_suggest *s, const struct mdg_catalogue *c,
		       struct mdg_err *err);

/*
 * Prints two rows: the catalogue alone, and with four fifths of the questions
 * learned, asked the fifth part that was not, five times over.
 */
bool mdg_suggest_measure(const struct mdg_cli *cli, struct mdg_words *words,
			 const char *name, const struct mdg_catalogue *c,
			 const char *queries, struct mdg_err *err);

#endif
