/* The table of the API, and how a request becomes a call. */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "web.h"

#define API "/api/v1"

// clang-format off
/* {name} in a path is the argument of that name. */
const struct route routes[] = {
	{"POST", API "/session", NULL, "Sign in: login, password", ROUTE_OPEN, session_open, NULL},
	{"DELETE", API "/session", NULL, "Sign out", 0, session_close, NULL},
	{"GET", API "/me", "session.who", "Who is signed in", 0, NULL, session_show},
	{"POST", API "/me/password", NULL, "Another password: current, password", 0, session_password, NULL},
	{"GET", API "/sessions", "session.list", "Where I am signed in", 0, NULL, NULL},
	{"POST", API "/sessions/end", "session.close", "End one of my sessions, or all others", 0, NULL, NULL},
	{"GET", API "/events", NULL, "News as text/event-stream", 0, events_open, NULL},
	{"GET", API "/openapi.json", NULL, "This description", ROUTE_OPEN, openapi_show, NULL},

	{"GET", API "/tickets", "ticket.list", "The queue, what is due first stands first; after: 'next' of the page before", 0, local_tickets, NULL},
	{"GET", API "/tickets/{ticket}", "ticket.show", "A ticket with its mails", ROUTE_REV, NULL, NULL},
	{"POST", API "/tickets/{ticket}/assign", "ticket.assign", "Give it to somebody, or back to the queue", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/close", "ticket.close", "Close without a reply", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/reopen", "ticket.reopen", "Open it again", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/hold", "ticket.hold", "Wait on our side, with a reason", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/promise", "ticket.promise", "Promise an answer until then", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/customer", "ticket.customer", "For whom a mail speaks", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/merge", "ticket.merge", "Put it into another", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/split", "ticket.split", "Take a mail out of it", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/link", "ticket.link", "Link it with another", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/unlink", "ticket.unlink", "Take a link away", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/undo", "ticket.undo", "Take back a merge, split or link", 0, NULL, NULL},
	{"GET", API "/tickets/{ticket}/suggestions", "suggest", "Reply templates that fit, with reasons", 0, NULL, NULL},
	{"GET", API "/tickets/{ticket}/sla", "sla.explain", "Its response times, interval by interval", 0, NULL, NULL},
	{"GET", API "/tickets/{ticket}/views", "ticket.viewed", "Who looked at it", 0, NULL, NULL},
	{"POST", API "/tickets/{ticket}/drafts", "draft.new", "Begin a reply", 0, NULL, NULL},
	{"POST", API "/offers/{offer}/accept", "offer.accept", "Do what is offered", 0, NULL, NULL},
	{"POST", API "/offers/{offer}/dismiss", "offer.dismiss", "Do not", 0, NULL, NULL},
	{"GET", API "/search", "search", "Tickets by the words of their mails", 0, NULL, NULL},
	{"GET", API "/trace", "trace", "Every step of a mail or ticket", 0, NULL, NULL},

	{"GET", API "/messages/{message}/html", "message.html", "A mail as it was laid out, made harmless", 0, NULL, view_mail},
	{"GET", API "/messages/{message}/attachments/{n}", "attachment.save", "A file of a mail; ?show=1: a picture to look at", 0, view_file_how, view_file},
	{"POST", API "/mails/reparse", "mail.reparse", "Read mails in error once more", 0, NULL, NULL},

	{"GET", API "/drafts/{draft}", "draft.show", "A reply as it stands", ROUTE_REV, NULL, NULL},
	{"PATCH", API "/drafts/{draft}", "draft.edit", "Change it; rev: as it was read", 0, NULL, NULL},
	{"DELETE", API "/drafts/{draft}", "draft.discard", "Throw it away", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/lock", "draft.lock", "I am writing it", 0, NULL, NULL},
	{"GET", API "/drafts/{draft}/check", "draft.check", "Politeness and mis-send findings", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/fix", "draft.fix", "Mend what a finding can mend", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/submit", "draft.submit", "Ask for approval, or send where none is needed", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/withdraw", "draft.withdraw", "Take the request back", 0, NULL, NULL},
	{"GET", API "/drafts/{draft}/review", "approval.show", "What a lead looks at", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/approve", "approve", "Approve; with body: corrected", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/return", "return", "Send back with a reason", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/takeover", "approval.takeover", "Go on with it as one's own", 0, NULL, NULL},
	{"POST", API "/drafts/{draft}/files", NULL, "Attach the body of this request; ?filename=", ROUTE_BYTES, view_upload, NULL},
	{"DELETE", API "/drafts/{draft}/files/{upload}", "draft.detach", "Take a file off", 0, NULL, NULL},
	{"GET", API "/approvals", "approval.list", "What waits for a lead", 0, NULL, NULL},
	{"GET", API "/approvals/reasons", "approval.reasons", "Reasons to send back", 0, NULL, NULL},

	{"GET", API "/outbox", "outbox.list", "Replies on their way", 0, NULL, NULL},
	{"POST", API "/outbox/{outbox}/cancel", "outbox.cancel", "Do not send it after all", 0, NULL, NULL},
	{"POST", API "/outbox/{outbox}/resolve", "outbox.resolve", "Say what became of it", 0, NULL, NULL},

	{"GET", API "/templates", "template.list", "Reply templates", 0, NULL, NULL},
	{"PUT", API "/templates/{id}", "template.put", "A new version of a template", 0, NULL, NULL},
	{"GET", API "/templates/{id}/preview", "template.preview", "A template with its slots filled", 0, NULL, NULL},
	{"GET", API "/templates/{id}/history", "template.history", "Its versions", 0, NULL, NULL},
	{"POST", API "/templates/{id}/retire", "template.retire", "Offer it no more", 0, NULL, NULL},
	{"POST", API "/templates/{id}/keep", "template.keep", "It is still right", 0, NULL, NULL},

	{"GET", API "/reports/summary", "report.summary", "Volume, answers, times", 0, NULL, NULL},
	{"GET", API "/reports/backlog", "report.backlog", "What is open, by age", 0, NULL, NULL},
	{"GET", API "/reports/approvals", "report.approvals", "Approvals and what came back", 0, NULL, NULL},

	{"GET", API "/status", "status", "How the desk is", 0, NULL, NULL},
	{"GET", API "/alarms", "alarm.list", "What is wrong now", 0, NULL, NULL},
	{"GET", API "/users", "user.list", "People and their roles", 0, NULL, NULL},
	{"POST", API "/users", "user.add", "A new person", 0, NULL, NULL},
	{"POST", API "/users/{login}/role", "user.role", "A role in a window", 0, NULL, NULL},
	{"POST", API "/users/{login}/disable", "user.disable", "They leave", 0, NULL, NULL},
	{"GET", API "/windows", "window.list", "Windows", 0, NULL, NULL},
	{"GET", API "/mailboxes", "mailbox.list", "Mail accounts and their folders", 0, NULL, NULL},
	{"POST", API "/mailboxes/{name}/test", "mailbox.test", "Try to connect, step by step", 0, NULL, NULL},
	{"GET", API "/audit/verify", "audit.verify", "Is the history whole?", 0, NULL, NULL},
};
// clang-format on
const size_t routes_n = MDG_LEN(routes);

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

	json_array_foreach(known, i, a)
	{
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
	MHD_get_connection_values(q->conn, MHD_GET_ARGUMENT_KIND, add_query,
				  q);
	if (!read_body(q)) {
		respond_msg(q, 400, "invalid", MDG_MSG_web_no_json);
		return;
	}
	fits(q->route->path, q->path, q->args);
	if (!mdg_streq(q->method, "GET"))
		read_condition(q);
	if (!q->route->run || !q->route->run(q))
		route_call(q);
}
