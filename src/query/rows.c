#include "rows.h"

#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"

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

bool
mdg_logins(struct mdg_db *db, json_t *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	char id[32];

	if (!mdg_db_query(db, &r, err, "SELECT id, login FROM person", ""))
		return false;
	while (mdg_rows_next(r)) {
		snprintf(id, sizeof(id), "%lld", (long long)mdg_rows_i64(r, 0));
		json_object_set_new(ret, id, json_string(mdg_rows_text(r, 1)));
	}
	return mdg_rows_close(&r, err);
}

const char *
mdg_login_of(const json_t *by_id, const char *actor)
{
	char id[24];

	if (!mdg_str_starts(actor, "person:"))
		return NULL;
	snprintf(id, sizeof(id), "%.*s", (int)strspn(actor + 7, "0123456789"),
		 actor + 7);
	return json_string_value(json_object_get(by_id, id));
}
