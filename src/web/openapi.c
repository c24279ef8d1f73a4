/* The description of the API (OpenAPI 3.1), made of the table of routes and
 * of what the core says of its actions: nothing in it is written twice. */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "web.h"

static json_t *
schema_of(char type)
{
	switch (type) {
	case 'i':
		return json_pack("{s:s,s:s}", "type", "integer", "format",
				 "int64");
	case 'b':
		return json_pack("{s:s}", "type", "boolean");
	case 'a':
		return json_pack("{s:s,s:{s:s}}", "type", "array", "items",
				 "type", "string");
	case 'o':
		return json_pack("{s:s}", "type", "object");
	default:
		return json_pack("{s:s}", "type", "string");
	}
}

static bool
in_path(const struct route *r, const char *name)
{
	MDG_AUTO(mdg_freep) char *mark = mdg_asprintf("{%s}", name);

	return strstr(r->path, mark) != NULL;
}

/* {name}s of a path whose route calls no action. */
static void
bare_parameters(const struct route *r, json_t *list)
{
	for (const char *p = strchr(r->path, '{'); p; p = strchr(p + 1, '{')) {
		MDG_AUTO(mdg_freep)
		char *name = mdg_strndup(p + 1, strcspn(p + 1, "}"));
		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:b,s:o}", "name",
						name, "in", "path", "required",
						1, "schema", schema_of('s')));
	}
}

static void
arguments(const struct route *r, const json_t *act, json_t *op)
{
	json_t *params = json_array(), *props = json_object();
	json_t *required = json_array();
	bool query = mdg_streq(r->method, "GET");
	const json_t *a;
	size_t i;

	if (!act)
		bare_parameters(r, params);
	json_array_foreach (json_object_get(act, "args"), i, a) {
		const char *name =
			json_string_value(json_object_get(a, "name"));
		const char *type =
			json_string_value(json_object_get(a, "type"));
		bool path = in_path(r, name);
		bool need = json_is_true(json_object_get(a, "required"));
		if (path || query) {
			json_array_append_new(
				params,
				json_pack("{s:s,s:s,s:b,s:o}", "name", name,
					  "in", path ? "path" : "query",
					  "required", path || need, "schema",
					  schema_of(*type)));
			continue;
		}
		json_object_set_new(props, name, schema_of(*type));
		if (need)
			json_array_append_new(required, json_string(name));
	}
	if (r->flags & ROUTE_CSV)
		json_array_append_new(
			params, json_pack("{s:s,s:s,s:b,s:{s:s,s:[s,s]}}",
					  "name", "format", "in", "query",
					  "required", 0, "schema", "type",
					  "string", "enum", "json", "csv"));
	json_object_set_new(op, "parameters", params);
	if (json_object_size(props)) {
		json_t *schema = json_pack("{s:s,s:O,s:b}", "type", "object",
					   "properties", props,
					   "additionalProperties", 0);
		if (json_array_size(required))
			json_object_set(schema, "required", required);
		json_object_set_new(op, "requestBody",
				    json_pack("{s:{s:{s:o}}}", "content",
					      "application/json", "schema",
					      schema));
	}
	json_decref(props);
	json_decref(required);
}

static json_t *
operation(const struct web *w, const struct route *r)
{
	const json_t *act = r->act ? json_object_get(w->acts, r->act) : NULL;
	const char *role = json_string_value(json_object_get(act, "role"));
	json_t *op = json_pack("{s:s,s:{s:{s:s},s:{s:s,s:{s:{s:{s:s}}}}}}",
			       "summary", r->about, "responses", "2XX",
			       "description", "done", "default", "description",
			       "what happened, to what, what to do", "content",
			       "application/problem+json", "schema", "$ref",
			       "#/components/schemas/Problem");

	arguments(r, act, op);
	if (r->act)
		json_object_set_new(op, "operationId", json_string(r->act));
	if (role)
		json_object_set_new(op, "x-role", json_string(role));
	if (act)
		json_object_set(op, "x-scopes", json_object_get(act, "scopes"));
	if (r->flags & ROUTE_OPEN)
		json_object_set_new(op, "security", json_array());
	return op;
}

json_t *
openapi_make(const struct web *w)
{
	json_t *paths = json_object();
	json_t *doc = json_pack(
		"{s:s,s:{s:s,s:s},s:[{s:s}],s:o,s:{s:{s:{s:s,s:{s:{s:s},s:{s:s}"
		",s:{s:s},s:{s:s}}}},s:{s:{s:s,s:s,s:s},s:{s:s,s:s}}},s:[{s:[]},"
		"{s:[]}]}",
		"openapi", "3.1.0", "info", "title", "Madoguchi", "version",
		PACKAGE_VERSION, "servers", "url", w->url, "paths", paths,
		"components", "schemas", "Problem", "type", "object",
		"properties", "type", "type", "string", "title", "type",
		"string", "code", "type", "string", "status", "type", "integer",
		"securitySchemes", "cookie", "type", "apiKey", "in", "cookie",
		"name", w->https ? "__Host-madoguchi" : "madoguchi", "token",
		"type", "http", "scheme", "bearer", "security", "cookie",
		"token");

	for (size_t i = 0; i < routes_n; i++) {
		MDG_AUTO(mdg_freep) char *method = mdg_strdup(routes[i].method);
		json_t *path = json_object_get(paths, routes[i].path);
		if (!path) {
			path = json_object();
			json_object_set_new(paths, routes[i].path, path);
		}
		for (char *p = method; *p; p++)
			*p = (char)mdg_ascii_lower(*p);
		json_object_set_new(path, method, operation(w, &routes[i]));
	}
	return doc;
}

bool
openapi_show(struct req *q)
{
	respond_json(q, 200, json_incref(q->web->openapi));
	return true;
}
