#include "madoguchi/query/shape.h"

#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/desk/clock_machine.h"
#include "madoguchi/desk/machine.h"

enum { DEPTH_MAX = 12 };

struct reader {
	const struct mdg_shape *table;
	const char *p;
	int depth;
	bool bad;
};

static json_t *read_type(struct reader *r);

const char *
mdg_shape_find(const struct mdg_shape *table, const char *name)
{
	for (; table->name; table++)
		if (mdg_streq(table->name, name))
			return table->text;
	return NULL;
}

/* ---- words ---- */

static json_t *
strings(json_t *words)
{
	return json_pack("{s:s,s:o}", "type", "string", "enum", words);
}

static json_t *
states(const struct mdg_machine *m)
{
	json_t *words = json_array();

	for (size_t i = 0; i < m->states_n; i++)
		json_array_append_new(words, json_string(m->states[i]));
	return strings(words);
}

/* "a b c" or "a|b|c", up to `end`. */
static json_t *
split(const char *p, size_t n)
{
	json_t *words = json_array();

	while (n > 0) {
		size_t one = strcspn(p, " |>");
		one = one < n ? one : n;
		json_array_append_new(words, json_stringn(p, one));
		one += one < n;
		p += one;
		n -= one;
	}
	return strings(words);
}

static json_t *
named_words(struct reader *r, const char *name)
{
	json_t *words = json_array();
	const char *text = mdg_shape_find(r->table, name);

	if (mdg_streq(name, "@clock"))
		for (int i = 0; i < MDG_CLOCK_KIND_N; i++)
			json_array_append_new(
				words, json_string(mdg_clock_kind_name(i)));
	if (mdg_streq(name, "@clock_state"))
		for (int i = 0; i < MDG_CLOCK_STATE_N; i++)
			json_array_append_new(
				words, json_string(mdg_clock_state_name(i)));
	if (json_array_size(words))
		return strings(words);
	json_decref(words);
	if (mdg_streq(name, "@ticket"))
		return states(&mdg_ticket_machine);
	if (mdg_streq(name, "@draft"))
		return states(&mdg_draft_machine);
	if (mdg_streq(name, "@delivery"))
		return states(&mdg_delivery_machine);
	r->bad = r->bad || !text;
	return text ? split(text, strlen(text)) : json_object();
}

/* ---- types ---- */

static char *
read_name(struct reader *r)
{
	size_t n = strcspn(r->p, " ?:~]}>");
	char *name = mdg_strndup(r->p, n);

	r->bad = r->bad || n == 0;
	r->p += n;
	return name;
}

static json_t *
plain(const char *word)
{
	static const struct {
		const char *word, *type, *format, *about;
	} types[] = {
		{"i", "integer", "int64", NULL},
		{"n", "number", NULL, NULL},
		{"s", "string", NULL, NULL},
		{"b", "boolean", NULL, NULL},
		{"o", "object", NULL, NULL},
		{"t", "integer", "int64", "seconds since 1970, UTC"},
		{"t0", "integer", "int64",
		 "seconds since 1970, UTC; 0: none"},
		{"d", "integer", "int64", "seconds"},
		{"m", "number", NULL, "minutes"},
		{"B", "integer", "int64", "bytes"},
		{"r", "number", NULL, "a rate; 1: all of them"},
	};

	for (size_t i = 0; i < MDG_LEN(types); i++)
		if (mdg_streq(word, types[i].word))
			return json_pack("{s:s,s:s*,s:s*}", "type",
					 types[i].type, "format",
					 types[i].format, "description",
					 types[i].about);
	return NULL;
}

static json_t *
read_word(struct reader *r)
{
	MDG_AUTO(mdg_freep) char *word = read_name(r);
	json_t *schema = *word == '@' ? named_words(r, word) : plain(word);

	if (schema)
		return schema;
	r->bad = r->bad || !mdg_shape_find(r->table, word);
	MDG_AUTO(mdg_freep)
	char *ref = mdg_asprintf("#/components/schemas/%s", word);
	return json_pack("{s:s}", "$ref", ref);
}

static void read_members(struct reader *r, json_t *object);

static json_t *
new_object(void)
{
	return json_pack("{s:s,s:{},s:[],s:b}", "type", "object", "properties",
			 "required", "additionalProperties", 0);
}

static bool
at(struct reader *r, char c)
{
	r->bad = r->bad || *r->p != c;
	r->p += *r->p == c;
	return !r->bad;
}

static json_t *
read_bare(struct reader *r)
{
	json_t *schema;

	if (r->bad || ++r->depth > DEPTH_MAX) {
		r->bad = true;
		return json_object();
	}
	switch (*r->p) {
	case '[':
		r->p++;
		schema = json_pack("{s:s,s:o}", "type", "array", "items",
				   read_type(r));
		at(r, ']');
		break;
	case '{':
		r->p++;
		schema = new_object();
		read_members(r, schema);
		at(r, '}');
		break;
	case '<': {
		size_t n = strcspn(++r->p, ">");
		schema = split(r->p, n);
		r->p += n;
		at(r, '>');
		break;
	}
	default:
		schema = read_word(r);
	}
	r->depth--;
	return schema;
}

static json_t *
read_type(struct reader *r)
{
	json_t *schema = read_bare(r);
	const char *type = json_string_value(json_object_get(schema, "type"));

	if (*r->p != '~')
		return schema;
	r->p++;
	if (!type || json_object_get(schema, "enum"))
		return json_pack("{s:[o,{s:s}]}", "anyOf", schema, "type",
				 "null");
	json_object_set_new(schema, "type", json_pack("[s,s]", type, "null"));
	return schema;
}

/* ---- members ---- */

static void
read_member(struct reader *r, json_t *object)
{
	MDG_AUTO(mdg_freep) char *name = read_name(r);
	bool need = *r->p != '?';

	r->p += !need;
	if (!at(r, ':'))
		return;
	json_t *type = read_type(r);
	if (mdg_streq(name, "*")) {
		json_object_set_new(object, "additionalProperties", type);
		return;
	}
	json_object_set_new(json_object_get(object, "properties"), name, type);
	if (need)
		json_array_append_new(json_object_get(object, "required"),
				      json_string(name));
}

static void
read_members(struct reader *r, json_t *object)
{
	while (!r->bad && *r->p && *r->p != '}') {
		if (*r->p == '+') {
			r->p++;
			MDG_AUTO(mdg_freep) char *name = read_name(r);
			struct reader of = *r;
			of.p = mdg_shape_find(r->table, name);
			r->bad = !of.p || ++of.depth > DEPTH_MAX;
			if (!r->bad)
				read_members(&of, object);
			r->bad = r->bad || of.bad;
		} else {
			read_member(r, object);
		}
		r->p += strspn(r->p, " ");
	}
}

json_t *
mdg_shape_schema(const struct mdg_shape *table, const char *name,
		 struct mdg_err *err)
{
	struct reader r = {
		.table = table,
		.p = mdg_shape_find(table, name),
	};
	json_t *schema;

	if (!r.p) {
		mdg_fail(err, MDG_EBUG, "no shape %s", name);
		return NULL;
	}
	if (*name == '@')
		return named_words(&r, name);
	schema = new_object();
	read_members(&r, schema);
	if (!r.bad && !*r.p)
		return schema;
	mdg_fail(err, MDG_EBUG, "shape %s: at \"%.20s\"", name, r.p ? r.p : "");
	json_decref(schema);
	return NULL;
}
