#include "jsonl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

void
mdg_jsonl_close(struct mdg_jsonl *r)
{
	if (r->file)
		fclose(r->file);
	free(r->line);
}

bool
mdg_jsonl_open(struct mdg_jsonl *r, const char *path, struct mdg_err *err)
{
	*r = (struct mdg_jsonl){.path = path};
	r->file = fopen(path, "re");
	if (!r->file)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_cannot_read,
				    path, strerror(errno), NULL);
	return true;
}

bool
mdg_jsonl_bad(const struct mdg_jsonl *r, const char *what, struct mdg_err *err)
{
	char at[32];

	snprintf(at, sizeof(at), "%lu", r->n);
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_cli_bad_row, r->path, at,
			    what, NULL);
}

bool
mdg_jsonl_next(struct mdg_jsonl *r, json_t **ret, struct mdg_err *err)
{
	ssize_t n;

	*ret = NULL;
	while ((n = getline(&r->line, &r->cap, r->file)) >= 0) {
		json_error_t why;
		/* a byte order mark, as editors on Windows put it */
		if (r->n++ == 0 && mdg_str_starts(r->line, "\xEF\xBB\xBF"))
			memset(r->line, ' ', 3);
		if (strspn(r->line, " \t\r\n") == (size_t)n)
			continue;
		json_t *o = json_loads(r->line, 0, &why);
		if (!o)
			return mdg_jsonl_bad(r, why.text, err);
		if (!json_is_object(o)) {
			json_decref(o);
			return mdg_jsonl_bad(r, "object expected", err);
		}
		*ret = o;
		return true;
	}
	return true;
}

char *
mdg_jsonl_id(const json_t *o)
{
	const json_t *id = json_object_get(o, "id");

	if (json_is_string(id))
		return mdg_strdup(json_string_value(id));
	if (json_is_integer(id))
		return mdg_asprintf("%" JSON_INTEGER_FORMAT,
				    json_integer_value(id));
	return NULL;
}

const char *
mdg_jsonl_text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}
