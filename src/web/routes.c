/* How a request becomes a call: its route, its arguments, its answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/query/csv.h"
#include "madoguchi/query/tag.h"
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
type_args(const struct req *q, json_t *args)
{
	const json_t *act = json_object_get(q->web->acts,
					    q->route->act ? q->route->act : "");
	const json_t *known = json_object_get(act, "args");
	const json_t *a;
	size_t i;

	json_array_foreach (known, i, a) {
		const char *name =
			json_string_value(json_object_get(a, "name"));
		const char *type =
			json_string_value(json_object_get(a, "type"));
		json_t *v = json_object_get(args, name);
		if (v)
			json_object_set_new(args, name, typed(v, *type));
	}
}

/* The query's, over them the body's, over those the path's. */
static bool
read_args(struct req *q)
{
	json_t *path = json_object();

	MHD_get_connection_values(q->conn, MHD_GET_ARGUMENT_KIND, add_query, q);
	type_args(q, q->args);
	bool ok = read_body(q);
	fits(q->route->path, q->path, path);
	type_args(q, path);
	json_object_update(q->args, path);
	json_decref(path);
	return ok;
}

/* ---- what was seen of it ---- */

const struct route *
route_shown(const struct route *r)
{
	const struct route *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < routes_n; i++) {
		const char *path = routes[i].path;
		size_t n = strlen(path);
		if (n > most && mdg_streq(routes[i].method, "GET") &&
		    routes[i].act && !(routes[i].flags & ROUTE_FILE) &&
		    mdg_str_starts(r->path, path) &&
		    (r->path[n] == '\0' || r->path[n] == '/')) {
			best = &routes[i];
			most = n;
		}
	}
	return best;
}

/* The tags of a list (RFC 9110 §8.8.3). Weak ones, too: a proxy that packs an
 * answer makes its tag weak, and ours are of what it says. */
static json_t *
read_tags(const char *list)
{
	json_t *tags = json_array();

	while (*(list += strspn(list, ", \t"))) {
		list += mdg_str_starts(list, "W/") ? 2 : 0;
		size_t n = *list == '"' ? strcspn(list + 1, "\"") : 0;
		if (*list != '"' || list[n + 1] != '"') {
			list += strcspn(list, ",");
			continue;
		}
		json_array_append_new(tags, json_stringn(list + 1, n));
		list += n + 2;
	}
	return tags;
}

/* If-Match makes a change conditional; true: it was answered. */
static bool
read_condition(struct req *q)
{
	const char *match = header(q, "If-Match");
	const struct route *shown = route_shown(q->route);

	if (!match && !(q->route->flags & ROUTE_SEEN))
		return false;
	if (!match)
		respond_msg(q, 428, "unconditional", MDG_MSG_web_no_match);
	else if (!shown || !q->route->act)
		respond_msg(q, 412, "changed", MDG_MSG_web_no_tag);
	else if (mdg_streq(match, "*"))
		return false;
	else
		q->seen = json_pack("{s:s,s:o}", "shown", shown->act, "tags",
				    read_tags(match));
	return q->response != NULL;
}

/* ---- the call ---- */

/* The list of an answer; the address says what the file is called. */
static void
show_csv(struct req *q, json_t *result)
{
	struct mdg_buf b = {0};
	json_t *empty = json_array(), *rows = empty, *v;
	const char *key, *name = strrchr(q->path, '/') + 1;
	struct mdg_err err;
	char as[100];

	json_object_foreach (result, key, v)
		if (rows == empty && json_is_array(v))
			rows = v;
	mdg_csv_put(&b, rows);
	json_decref(empty);
	if (q->as_cp932 && !mdg_csv_cp932(q->web->cp932, &b, name, &err)) {
		respond_err(q, &err);
		return;
	}
	snprintf(as, sizeof(as), "attachment; filename=\"%.40s.csv\"", name);
	size_t n = b.len;
	struct MHD_Response *r = MHD_create_response_from_buffer(
		n, mdg_buf_steal(&b), MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type",
				q->as_cp932 ? "text/csv; charset=windows-31j"
					    : "text/csv; charset=utf-8");
	MHD_add_response_header(r, "Content-Disposition", as);
	respond(q, 200, r);
}

/* ?format= and ?encoding= are for us, not for the action; false: answered. */
static bool
read_format(struct req *q)
{
	const char *format =
		json_string_value(json_object_get(q->args, "format"));
	const char *encoding =
		json_string_value(json_object_get(q->args, "encoding"));
	struct mdg_err err;

	if (!(q->route->flags & ROUTE_CSV))
		return true;
	q->as_csv = mdg_streq(format, "csv");
	if (format && !q->as_csv && !mdg_streq(format, "json")) {
		respond_msg(q, 422, "invalid", MDG_MSG_web_no_format);
		return false;
	}
	if (!mdg_csv_encoding(encoding, &q->as_cp932, &err)) {
		respond_err(q, &err);
		return false;
	}
	json_object_del(q->args, "format");
	json_object_del(q->args, "encoding");
	return true;
}

void
route_show(struct req *q, const json_t *result)
{
	char tag[MDG_TAG_CHARS + 3], bare[MDG_TAG_CHARS + 1];
	const char *known = header(q, "If-None-Match");

	mdg_json_tag(result, bare);
	snprintf(tag, sizeof(tag), "\"%s\"", bare);
	bool same = known && strstr(known, tag);
	char *text = same ? mdg_strdup("") : json_dumps(result, JSON_COMPACT);
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(text), text, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type", "application/json");
	MHD_add_response_header(r, "ETag", tag);
	if (q->route->flags & ROUTE_KEEP)
		MHD_add_response_header(r, "Cache-Control",
					"private, no-cache");
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
	else if (mdg_streq(q->route->method, "GET"))
		route_show(q, result);
	else
		respond_json(q, 200, json_incref(result));
}

void
route_call(struct req *q)
{
	if (q->seen)
		json_object_set(q->args, "if", q->seen);
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
	if (!read_args(q)) {
		respond_msg(q, 400, "invalid", MDG_MSG_web_no_json);
		return;
	}
	if (!read_format(q))
		return;
	if (!mdg_streq(q->method, "GET") && read_condition(q))
		return;
	if (!q->route->run || !q->route->run(q))
		route_call(q);
}
