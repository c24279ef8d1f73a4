/* jsonl: files of JSON objects, one a line. */
#ifndef MDG_CLI_JSONL_H
#define MDG_CLI_JSONL_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "madoguchi/base/err.h"

struct mdg_jsonl {
	const char *path;
	FILE *file;
	char *line;
	size_t cap;
	unsigned long n; /* line number */
};

bool mdg_jsonl_open(struct mdg_jsonl *r, const char *path, struct mdg_err *err);
void mdg_jsonl_close(struct mdg_jsonl *r);
/* The next object, or NULL at the end; false on a broken line. */
bool mdg_jsonl_next(struct mdg_jsonl *r, json_t **ret, struct mdg_err *err);
/* false, with file, line and what is wrong there. */
bool mdg_jsonl_bad(const struct mdg_jsonl *r, const char *what,
		   struct mdg_err *err);

/* An id as text; numbers are accepted. NULL if it is neither. */
char *mdg_jsonl_id(const json_t *o);
/* "" if it is no text. */
const char *mdg_jsonl_text(const json_t *o, const char *key);

#endif
