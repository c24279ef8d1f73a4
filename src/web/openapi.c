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

/* An argument: its type, and what cannot be seen of it. */
static json_t *
schema_arg(const char *name, char type)
{
	static const struct {
		const char *name, *about;
	} known[] = {
		{"after", "'next' of the page before"},
		{"before", "'next' or 'before' of the page before"},
		{"limit", "so many at most"},
		{"if", "as If-Match has it"},
	};
	json_t *schema = schema_of(type);

	for (size_t i = 0; i < MDG_LEN(known); i++)
		if (mdg_streq(name, known[i].name))
			json_object_set_new(schema, "description",
					    json_string(known[i].about));
	if (type == 'i' && mdg_str_ends(name, "_s"))
		json_object_set_new(schema, "description",
				    json_string("seconds since 1970, UTC"));
	return schema;
}

static bool
in_path(const struct route *r, const char *name)
{
	MDG_AUTO(mdg_freep) char *mark = mdg_asprintf("{%s}", name);

	return strstr(r->path, mark) != NULL;
}

/* A line of shapes.c for a route that calls no action. */
static char *
bare_name(const struct route *r, const char *mark)
{
	return mdg_asprintf("%s%s %s", mark, r->method, r->path);
}

/* {name}s of a path whose route calls no action. */
static void
bare_parameters(const struct route *r, json_t *list)
{
	if (r->flags & ROUTE_BYTES)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:b,s:o}", "name", "filename",
					"in", "query", "required", 1, "schema",
					schema_of('s')));
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
one_of(json_t *params, const char *name, const char *usual, const char *other)
{
	json_array_append_new(params,
			      json_pack("{s:s,s:s,s:b,s:{s:s,s:[s,s],s:s}}",
					"name", name, "in", "query", "required",
					0, "schema", "type", "string", "enum",
					usual, other, "default", usual));
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
					  schema_arg(name, *type)));
			continue;
		}
		json_object_set_new(props, name, schema_arg(name, *type));
		if (need)
			json_array_append_new(required, json_string(name));
	}
	if (r->flags & ROUTE_CSV) {
		one_of(params, "format", "json", "csv");
		one_of(params, "encoding", "utf-8", "cp932");
	}
	json_object_set_new(op, "parameters", params);
	if (r->flags & ROUTE_BYTES)
		json_object_set_new(op, "requestBody",
				    json_pack("{s:{s:{s:{}}}}", "content",
					      "application/octet-stream",
					      "schema"));
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
	MDG_AUTO(mdg_freep) char *asked = bare_name(r, "> ");
	if (!act && mdg_shape_find(shapes, asked))
		json_object_set_new(
			op, "requestBody",
			json_pack("{s:b,s:{s:{s:o*}}}", "required", 1,
				  "content", "application/json", "schema",
				  mdg_shape_schema(shapes, asked, NULL)));
}

static json_t *
problem(const char *about)
{
	return json_pack("{s:s,s:{s:{s:{s:s}}}}", "description", about,
			 "content", "application/problem+json", "schema",
			 "$ref", "#/components/schemas/Problem");
}

/* What is no JSON of ours, or is it for itself. */
static const char *
media_type(const struct route *r)
{
	return r->flags & ROUTE_FILE     ? "*/*"
	       : r->show == view_mail    ? "text/html"
	       : r->show == view_metrics ? "text/plain"
	       : r->run == events_open   ? "text/event-stream"
	       : r->run == openapi_show  ? "application/json"
					 : NULL;
}

/* Of an answer when all went well; 204: there is nothing in it. */
static const char *
status_of(const struct route *r)
{
	return r->run == session_open || r->run == view_upload ? "201"
	       : r->run == session_close                       ? "204"
							       : "200";
}

/* What the answer is when all went well. */
static json_t *
done(const struct route *r, const json_t *act, struct mdg_err *err)
{
	json_t *content = json_object();
	json_t *any = json_pack("{s:{}}", "schema");
	json_t *o = json_pack("{s:s}", "description", "done");
	const char *type = media_type(r);
	MDG_AUTO(mdg_freep)
	char *name = r->act ? mdg_strdup(r->act) : bare_name(r, "");

	if (mdg_streq(status_of(r), "204"))
		;
	else if (type)
		json_object_set(content, type, any);
	else
		json_object_set_new(
			content, "application/json",
			json_pack("{s:o*}", "schema",
				  mdg_shape_schema(shapes, name, err)));
	if (r->flags & ROUTE_CSV)
		json_object_set(content, "text/csv", any);
	if (json_object_size(content))
		json_object_set(o, "content", content);
	if (act && !r->show && mdg_streq(r->method, "GET"))
		json_object_set_new(
			o, "headers",
			json_pack("{s:{s:s,s:{s:s}}}", "ETag", "description",
				  "what a change of it is meant for", "schema",
				  "type", "string"));
	json_decref(content);
	json_decref(any);
	return o;
}

static json_t *
responses(const struct route *r, const json_t *act, struct mdg_err *err)
{
	json_t *o = json_object();
	bool reads = mdg_streq(r->method, "GET");

	json_object_set_new(o, status_of(r), done(r, act, err));
	if (reads && act && !r->show)
		json_object_set_new(o, "304",
				    json_pack("{s:s}", "description",
					      "as If-None-Match has it"));
	if (!reads && act && route_shown(r))
		json_object_set_new(
			o, "412",
			problem("somebody changed it after it was read"));
	if (r->flags & ROUTE_SEEN)
		json_object_set_new(o, "428", problem("If-Match is missing"));
	json_object_set_new(o, "default",
			    problem("what happened, to what, what to do next"));
	return o;
}

/* What the change is meant for, as it was read at another address. */
static void
condition(const struct route *r, json_t *op)
{
	const struct route *shown = route_shown(r);

	if (mdg_streq(r->method, "GET") || !r->act || !shown)
		return;
	MDG_AUTO(mdg_freep)
	char *about = mdg_asprintf("the ETag of GET %s, or *", shown->path);
	json_array_append_new(
		json_object_get(op, "parameters"),
		json_pack("{s:s,s:s,s:b,s:s,s:{s:s}}", "name", "If-Match", "in",
			  "header", "required", !!(r->flags & ROUTE_SEEN),
			  "description", about, "schema", "type", "string"));
}

static json_t *
operation(const struct web *w, const struct route *r, struct mdg_err *err)
{
	const json_t *act = r->act ? json_object_get(w->acts, r->act) : NULL;
	const char *role = json_string_value(json_object_get(act, "role"));
	json_t *op = json_pack("{s:s,s:o}", "summary", r->about, "responses",
			       responses(r, act, err));

	arguments(r, act, op);
	condition(r, op);
	if (r->act)
		json_object_set_new(op, "operationId", json_string(r->act));
	if (role)
		json_object_set_new(op, "x-role", json_string(role));
	if (act) {
		json_object_set(op, "x-scope", json_object_get(act, "scope"));
		json_object_set(op, "x-scopes", json_object_get(act, "scopes"));
	}
	if (r->flags & ROUTE_OPEN)
		json_object_set_new(op, "security", json_array());
	return op;
}

/* The shapes that answers are made of; their names begin with a capital. */
static json_t *
schemas(struct mdg_err *err)
{
	json_t *o = json_pack(
		"{s:{s:s,s:s,s:{s:{s:s},s:{s:s,s:s},s:{s:s,s:s},s:{s:s},s:{s:s,"
		"s:s}},s:[s,s,s,s],s:b}}",
		"Problem", "description", "RFC 9457", "type", "object",
		"properties", "type", "type", "string", "title", "type",
		"string", "description",
		"what happened, to what, what to do next; in the language of "
		"Accept-Language",
		"code", "type", "string", "description", "for programs",
		"status", "type", "integer", "about", "type", "string",
		"description", "the argument or the person it is about",
		"required", "type", "title", "code", "status",
		"additionalProperties", 0);

	for (const struct mdg_shape *s = shapes; s->name; s++)
		if (s->name[1] >= 'a' && *s->name >= 'A' && *s->name <= 'Z')
			json_object_set_new(
				o, s->name,
				mdg_shape_schema(shapes, s->name, err));
	return o;
}

json_t *
openapi_make(const struct web *w, struct mdg_err *err)
{
	struct mdg_err bad = {0};
	json_t *paths = json_object();
	json_t *doc = json_pack(
		"{s:s,s:{s:s,s:s},s:[{s:s}],s:o,s:{s:o,s:{s:{s:s,s:s,s:s},s:{s:"
		"s,s:s}}},s:[{s:[]},{s:[]}]}",
		"openapi", "3.1.0", "info", "title", "Madoguchi", "version",
		PACKAGE_VERSION, "servers", "url", w->url, "paths", paths,
		"components", "schemas", schemas(&bad), "securitySchemes",
		"cookie", "type", "apiKey", "in", "cookie", "name",
		w->https ? "__Host-madoguchi" : "madoguchi", "token", "type",
		"http", "scheme", "bearer", "security", "cookie", "token");

	for (size_t i = 0; i < routes_n; i++) {
		MDG_AUTO(mdg_freep) char *method = mdg_strdup(routes[i].method);
		json_t *path = json_object_get(paths, routes[i].path);
		if (!path) {
			path = json_object();
			json_object_set_new(paths, routes[i].path, path);
		}
		for (char *p = method; *p; p++)
			*p = (char)mdg_ascii_lower(*p);
		json_object_set_new(path, method,
				    operation(w, &routes[i], &bad));
	}
	if (!bad.code)
		return doc;
	json_decref(doc);
	mdg_fail(err, MDG_EBUG, "%s", bad.text);
	return NULL;
}

bool
openapi_show(struct req *q)
{
	respond_json(q, 200, json_incref(q->web->openapi));
	return true;
}
