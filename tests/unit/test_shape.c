/* Lines that say what an answer looks like, and the JSON Schema of them. */
#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/shape.h"
#include "t.h"

static const struct mdg_shape table[] = {
	{"One", "id:i name?:s~"},
	{"Both", "+One at:t0"},
	{"Round", "+Round"},
	{"@colour", "red blue"},
	{"list", "+Both ones:[One] nothing:[[i]]~"},
	{"words", "a:<x|y> b:@colour~ c:@ticket d:One~"},
	{"map", "*:i"},
	{"empty", ""},
	{"bad1", "a"},
	{"bad2", "a:"},
	{"bad3", "a:[i"},
	{"bad4", "a:Nobody"},
	{"bad5", "a:@nothing"},
	{"bad6", "+Nobody"},
	{"bad7", "+Round"},
	{"bad8", "a:{b:i"},
	{"bad9", "a:i}"},
	{"deep", "a:[[[[[[[[[[[[[[i]]]]]]]]]]]]]]"},
	{NULL, NULL},
};

static void
is(const char *name, const char *wanted)
{
	struct mdg_err err;
	json_t *got = mdg_shape_schema(table, name, &err);
	assert_non_null(got);
	MDG_AUTO(mdg_freep) char *text = json_dumps(got, JSON_COMPACT);
	assert_string_equal(text, wanted);
	json_decref(got);
}

static void
a_line_becomes_an_object_that_knows_all_its_members(void **state)
{
	(void)state;
	is("One", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":"
		  "\"integer\",\"format\":\"int64\"},\"name\":{\"type\":["
		  "\"string\",\"null\"]}},\"required\":[\"id\"],"
		  "\"additionalProperties\":false}");
	is("map", "{\"type\":\"object\",\"properties\":{},\"required\":[],"
		  "\"additionalProperties\":{\"type\":\"integer\","
		  "\"format\":\"int64\"}}");
	is("empty", "{\"type\":\"object\",\"properties\":{},\"required\":[],"
		    "\"additionalProperties\":false}");
}

static void
members_of_another_shape_are_taken_in(void **state)
{
	struct mdg_err err;
	json_t *o = mdg_shape_schema(table, "list", &err);
	json_t *props = json_object_get(o, "properties");
	const json_t *items;

	(void)state;
	assert_int_equal(json_object_size(props), 5);
	assert_non_null(json_object_get(props, "id"));
	assert_int_equal(json_array_size(json_object_get(o, "required")), 4);
	items = json_object_get(json_object_get(props, "ones"), "items");
	assert_string_equal(
		json_string_value(json_object_get(items, "$ref")),
		"#/components/schemas/One");
	json_decref(o);
}

static void
words_are_those_of_the_machines_and_of_the_table(void **state)
{
	struct mdg_err err;
	json_t *o = mdg_shape_schema(table, "words", &err);
	json_t *props = json_object_get(o, "properties");
	const json_t *a = json_object_get(json_object_get(props, "a"), "enum");
	const json_t *b = json_object_get(json_object_get(props, "b"), "anyOf");
	const json_t *c = json_object_get(json_object_get(props, "c"), "enum");
	const json_t *d = json_object_get(json_object_get(props, "d"), "anyOf");

	(void)state;
	assert_int_equal(json_array_size(a), 2);
	assert_string_equal(json_string_value(json_array_get(a, 1)), "y");
	assert_int_equal(json_array_size(b), 2);
	assert_int_equal(json_array_size(d), 2);
	assert_int_equal(json_array_size(c), 7);
	assert_string_equal(json_string_value(json_array_get(c, 6)), "merged");
	json_decref(o);
}

static void
a_line_that_means_nothing_is_refused(void **state)
{
	static const char *const bad[] = {"bad1", "bad2", "bad3", "bad4",
					  "bad5", "bad6", "bad7", "bad8",
					  "bad9", "deep", "not there"};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(bad); i++) {
		struct mdg_err err = {0};
		assert_null(mdg_shape_schema(table, bad[i], &err));
		assert_int_equal(err.code, MDG_EBUG);
		assert_non_null(strstr(err.text, bad[i]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_line_becomes_an_object_that_knows_all_its_members),
		cmocka_unit_test(members_of_another_shape_are_taken_in),
		cmocka_unit_test(
			words_are_those_of_the_machines_and_of_the_table),
		cmocka_unit_test(a_line_that_means_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
