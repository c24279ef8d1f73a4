/* How a request becomes a call: its route, its arguments, its answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/query/csv.h"
#include "web.h"

/* ---- which one is it ---- */

/* Takes {name}s out of the path; false if it does not fit. */
static bool
fits(const char *pattern, const char *path, json_t *args)
{
	while (*pattern) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		size_t n = strcspn(pattern, "}"), m = strcspn(path, "/");
		if (m == 0)
			return false;
		if (args)
			json_object_setn_new(args, pattern + 1, n - 1,
					     json_stringn(path, m));
		pattern += n + 1;
		path += m;
	}
	return *path == '\0';
}

static const struct route *
find(const struct req *q, bool *other_method)
{
	*other_method = false;
	for (size_t i = 0; i < routes_n; i++) {
		if (!fits(routes[i].path, q->path, NULL))
			continue;
		if (mdg_streq(routes[i].method, q->method))
			return &routes[i];
		*other_method = true;
	}
	return NULL;
}

/* ---- its arguments ---- */

static enum MHD_Result
add_query(void *cls, enum MHD_ValueKind kind, const char *key,
	  const char *value)
{
	struct req *q = cls;
	const json_t *had = json_object_get(q->args, key);

	(void)kind;
	value = value ? value : "";
	if (!mdg_utf8_valid(key, strlen(key)) ||
	    !mdg_utf8_valid(value, strlen(value)))
		return MHD_YES;
	if (!had)
		json_object_set_new(q->args, key, json_string(value));
	return MHD_YES;
}

static bool
read_body(struct req *q)
{
	json_error_t why;
	json_t *o;

	if (q->body.len == 0 || q->route->flags & ROUTE_BYTES)
		return true;
	o = json_loadb(q->body.ptr, q->body.len, JSON_REJECT_DUPLICATES, &why);
	if (!json_is_object(o)) {
		json_decref(o);
		return false;
	}
	json_object_update(q->args, o);
	json_decref(o);
	return true;
}

/* Path and query are words; the action says what they stand for. */
static json_t *
typed(const json_t *v, char type)
{
	const char *s = json_string_value(v);
	int64_t n;

	if (!s)
		return json_incref((json_t *)(uintptr_t)v);
	if (type == 'i' && mdg_str_i64(s, INT64_MIN, INT64_MAX, &n))
		return json_integer(n);
	if (type == 'b')
		return json_boolean(!mdg_streq(s, "0") &&
				    !mdg_streq(s, "false"));
	if (type == 'o')
		return json_loads(s, JSON_REJECT_DUPLICATES, NULL);
	return json_incref((json_t *)(uintptr_t)v);
}

static void
type_args(struct req *q)
{
	const json_t *act = json_object_get(q->web->acts, q->route->act);
	const json_t *known = json_object_get(act, "args");
	const json_t *a;
	size_t i;

	json_array_foreach (known, i, a) {
		const char *name =
			json_string_value(json_object_get(a, "name"));
		const char *type =
			json_string_value(json_object_get(a, "type"));
		json_t *v = json_object_get(q->args, name);
		if (v)
			json_object_set_new(q->args, name, typed(v, *type));
	}
}

/* If-Match: "12" makes a change conditional on the ticket's rev. */
static void
read_condition(struct req *q)
{
	const char *match = header(q, "If-Match");
	MDG_AUTO(mdg_freep) char *text = mdg_strdup(match ? match : "");
	size_t n = strlen(text);
	int64_t rev;

	if (n < 3 || text[0] != '"' || text[n - 1] != '"')
		return;
	text[n - 1] = '\0';
	if (mdg_str_i64(text + 1, 0, INT64_MAX, &rev))
		json_object_set_new(q->args, "if_rev", json_integer(rev));
}

/* ---- the call ---- */

/* The list of an answer; the address says what the file is called. */
static void
show_csv(struct req *q, json_t *result)
{
	struct mdg_buf b = {0};
	json_t *empty = json_array(), *rows = empty, *v;
	const char *key, *name = strrchr(q->path, '/') + 1;
	char as[100];

	json_object_foreach (result, key, v)
		if (rows == empty && json_is_array(v))
			rows = v;
	mdg_csv_put(&b, rows);
	json_decref(empty);
	snprintf(as, sizeof(as), "attachment; filename=\"%.40s.csv\"", name);
	size_t n = b.len;
	struct MHD_Response *r = MHD_create_response_from_buffer(
		n, mdg_buf_steal(&b), MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type", "text/csv; charset=utf-8");
	MHD_add_response_header(r, "Content-Disposition", as);
	respond(q, 200, r);
}

/* ?format= is for us, not for the action. */
static void
read_format(struct req *q)
{
	const char *format =
		json_string_value(json_object_get(q->args, "format"));

	if (!(q->route->flags & ROUTE_CSV))
		return;
	q->as_csv = mdg_streq(format, "csv");
	json_object_del(q->args, "format");
}

static void
show_rev(struct req *q, json_t *result)
{
	char tag[32];
	const char *known = header(q, "If-None-Match");
	bool same;
	char *text;

	snprintf(tag, sizeof(tag), "\"%lld\"",
		 (long long)json_integer_value(json_object_get(result, "rev")));
	same = known && strstr(known, tag);
	text = same ? mdg_strdup("") : json_dumps(result, JSON_COMPACT);
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(text), text, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type", "application/json");
	MHD_add_response_header(r, "ETag", tag);
	MHD_add_response_header(r, "Cache-Control", "private, no-cache");
	respond(q, same ? 304 : 200, r);
}

static void
answered(struct req *q, json_t *result, json_t *error)
{
	if (error)
		respond_error(q, error);
	else if (q->as_csv)
		show_csv(q, result);
	else if (q->route->show)
		q->route->show(q, result);
	else if (q->route->flags & ROUTE_REV)
		show_rev(q, result);
	else
		respond_json(q, 200, json_incref(result));
}

void
route_call(struct req *q)
{
	type_args(q);
	core_call(q, q->route->act, json_incref(q->args), answered);
}

void
route_request(struct req *q)
{
	bool other_method;

	if (mdg_streq(q->path, "/healthz")) {
		respond_text(q, 200, "text/plain", "ok\n");
		return;
	}
	q->route = find(q, &other_method);
	if (!q->route) {
		bool page = mdg_streq(q->method, "GET") ||
			    mdg_streq(q->method, "HEAD");
		if (other_method)
			respond_msg(q, 405, "method", MDG_MSG_web_no_page);
		else if (!page || mdg_str_starts(q->path, "/api/") ||
			 !files_serve(q))
			respond_msg(q, 404, "not-found", MDG_MSG_web_no_page);
		return;
	}
	session_read(q);
	if (!*q->token && !(q->route->flags & ROUTE_OPEN)) {
		respond_msg(q, 401, "auth", MDG_MSG_session_none);
		return;
	}
	if (session_is_forged(q))
		return;
	MHD_get_connection_values(q->conn, MHD_GET_ARGUMENT_KIND, add_query, q);
	if (!read_body(q)) {
		respond_msg(q, 400, "invalid", MDG_MSG_web_no_json);
		return;
	}
	read_format(q);
	fits(q->route->path, q->path, q->args);
	if (!mdg_streq(q->method, "GET"))
		read_condition(q);
	if (!q->route->run || !q->route->run(q))
		route_call(q);
}
