#include "madoguchi/query/csv.h"

#include <string.h>

#include "madoguchi/base/csv.h"
#include "madoguchi/base/str.h"

static const char mark[] = "\xEF\xBB\xBF";

static void
put_text(struct mdg_buf *out, const char *s)
{
	mdg_buf_putc(out, '"');
	if (mdg_csv_guards(s))
		mdg_buf_putc(out, '\'');
	for (; *s; s++) {
		if (*s == '"')
			mdg_buf_putc(out, '"');
		mdg_buf_putc(out, *s);
	}
	mdg_buf_putc(out, '"');
}

/* The items of a list; what is no plain value in it stays JSON. */
static void
put_list(struct mdg_buf *out, const json_t *list)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	json_t *v;
	size_t i;

	json_array_foreach (list, i, v) {
		if (i > 0)
			mdg_buf_puts(&b, ", ");
		if (json_is_string(v)) {
			mdg_buf_puts(&b, json_string_value(v));
			continue;
		}
		MDG_AUTO(mdg_freep)
		char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
		mdg_buf_puts(&b, text ? text : "");
	}
	put_text(out, mdg_buf_str(&b));
}

static void
put_value(struct mdg_buf *out, const json_t *v)
{
	switch (v ? json_typeof(v) : JSON_NULL) {
	case JSON_STRING:
		put_text(out, json_string_value(v));
		break;
	case JSON_INTEGER:
		mdg_buf_printf(out, "%lld", (long long)json_integer_value(v));
		break;
	case JSON_REAL:
		mdg_buf_printf(out, "%.3f", json_real_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		mdg_buf_puts(out, json_is_true(v) ? "1" : "0");
		break;
	case JSON_ARRAY:
		put_list(out, v);
		break;
	case JSON_OBJECT: {
		MDG_AUTO(mdg_freep) char *text = json_dumps(v, JSON_COMPACT);
		put_text(out, text ? text : "");
		break;
	}
	case JSON_NULL:
		break;
	}
}

void
mdg_csv_put(struct mdg_buf *out, const json_t *rows)
{
	json_t *columns = json_object(), *row, *v;
	const char *key, *comma = "";
	size_t i;

	json_array_foreach (rows, i, row)
		json_object_foreach (row, key, v)
			json_object_set_new(columns, key, json_null());
	mdg_buf_puts(out, mark);
	json_object_foreach (columns, key, v) {
		mdg_buf_puts(out, comma);
		put_text(out, key);
		comma = ",";
	}
	mdg_buf_puts(out, "\r\n");
	json_array_foreach (rows, i, row) {
		comma = "";
		json_object_foreach (columns, key, v) {
			mdg_buf_puts(out, comma);
			put_value(out, json_object_get(row, key));
			comma = ",";
		}
		mdg_buf_puts(out, "\r\n");
	}
	json_decref(columns);
}

bool
mdg_csv_encoding(const char *word, bool *ret_cp932, struct mdg_err *err)
{
	*ret_cp932 = mdg_streq(word, "cp932");
	return !word || *ret_cp932 || mdg_streq(word, "utf-8") ||
	       mdg_streq(word, "utf8") ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_csv_encoding, word, NULL);
}

bool
mdg_csv_cp932(iconv_t cd, struct mdg_buf *b, const char *name,
	      struct mdg_err *err)
{
	size_t left = b->len, room = b->len * 2 + 1, all = room;
	MDG_AUTO(mdg_freep) char *in = mdg_buf_steal(b);
	MDG_AUTO(mdg_freep) char *out = mdg_calloc(room, 1);
	char *from = in, *to = out, at[8] = "";
	uint32_t c;

	if (mdg_str_starts(in, mark)) {
		from += strlen(mark);
		left -= strlen(mark);
	}
	if (cd == (iconv_t)-1)
		return mdg_fail(err, MDG_EIO, "iconv has no CP932");
	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &left, &to, &room) == (size_t)-1) {
		size_t n = left ? mdg_utf8_next(from, left, &c) : 0;
		memcpy(at, from, n < sizeof(at) ? n : 0);
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_csv_not_cp932,
				    name, at, NULL);
	}
	mdg_buf_put(b, out, all - room);
	return true;
}
