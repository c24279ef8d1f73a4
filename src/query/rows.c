#include "rows.h"

#include <string.h>

static json_t *
value(struct mdg_rows *r, int col, char type)
{
	if (mdg_rows_null(r, col))
		return json_null();
	switch (type) {
	case 'i':
		return json_integer(mdg_rows_i64(r, col));
	case 'b':
		return json_boolean(mdg_rows_i64(r, col) != 0);
	default:
		return json_string(mdg_rows_text(r, col));
	}
}

static json_t *
one_row(struct mdg_rows *r, const char *columns)
{
	json_t *o = json_object();
	int col = 0;

	for (const char *p = columns; *p; col++) {
		size_t n = strcspn(p, ":");
		json_object_setn_new(o, p, n, value(r, col, p[n + 1]));
		p += n + 2;
		p += strspn(p, " ");
	}
	return o;
}

bool
mdg_rows_json(struct mdg_rows **r, const char *columns, json_t *array,
	      struct mdg_err *err)
{
	while (mdg_rows_next(*r))
		json_array_append_new(array, one_row(*r, columns));
	return mdg_rows_close(r, err);
}

json_t *
mdg_json_list(json_t *ret, const char *name)
{
	json_t *list = json_array();

	json_object_set_new(ret, name, list);
	return list;
}
