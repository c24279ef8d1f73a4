/*
 * libmicrohttpd inside the loop: its epoll descriptor is polled by libuv, its
 * deadlines are a timer. A request that waits for the core is suspended.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "web.h"

enum {
	IDLE_S = 60,
	BACKLOG = 256,
	FILE_BODY_BYTES_MAX = MDG_UPLOAD_BYTES_MAX,
	CONNECTION_BYTES = 64 << 10,
};

/* ---- responses ---- */

const char *
header(const struct req *q, const char *name)
{
	const char *v =
		MHD_lookup_connection_value(q->conn, MHD_HEADER_KIND, name);

	return v && mdg_utf8_valid(v, strlen(v)) ? v : NULL;
}

/* What every page and answer says to the browser. */
static void
add_guards(const struct req *q, struct MHD_Response *r)
{
	static const char *const v[][2] = {
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Permissions-Policy",
		 "camera=(), microphone=(), geolocation=(), payment=()"},
		{"X-Frame-Options", "SAMEORIGIN"},
	};

	for (size_t i = 0; i < MDG_LEN(v); i++)
		MHD_add_response_header(r, v[i][0], v[i][1]);
	if (!MHD_get_response_header(r, "Content-Security-Policy"))
		MHD_add_response_header(
			r, "Content-Security-Policy",
			"default-src 'none'; script-src 'self'; style-src "
			"'self'; img-src 'self' data:; connect-src 'self'; "
			"font-src 'self'; frame-src 'self'; base-uri 'none'; "
			"form-action 'none'; frame-ancestors 'none'; "
			"require-trusted-types-for 'script'");
	if (!MHD_get_response_header(r, "Cache-Control"))
		MHD_add_response_header(r, "Cache-Control", "no-store");
	/* how long it took here; of pages of people, not of signing in */
	if (q->route && !(q->route->flags & ROUTE_OPEN)) {
		char took[48];
		snprintf(took, sizeof(took), "total;dur=%.1f",
			 (double)(uv_hrtime() - q->begun_ns) / 1e6);
		MHD_add_response_header(r, "Server-Timing", took);
		/* the newest change that it may know of */
		snprintf(took, sizeof(took), "%lld", (long long)q->news_seq);
		MHD_add_response_header(r, "Madoguchi-News", took);
	}
	if (q->web->https)
		MHD_add_response_header(r, "Strict-Transport-Security",
					"max-age=31536000");
}

void
respond(struct req *q, unsigned status, struct MHD_Response *r)
{
	MDG_BUG_ON(q->response);
	add_guards(q, r);
	q->response = r;
	q->status = status;
	if (q->suspended) {
		q->suspended = false;
		MHD_resume_connection(q->conn);
	}
}

void
respond_text(struct req *q, unsigned status, const char *type, const char *text)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);

	MHD_add_response_header(r, "Content-Type", type);
	respond(q, status, r);
}

void
respond_json(struct req *q, unsigned status, json_t *stolen)
{
	char *text = json_dumps(stolen, JSON_COMPACT | JSON_ENCODE_ANY);
	bool problem = status >= 400;

	json_decref(stolen);
	if (!text)
		text = mdg_strdup("{}");
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(text), text, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type",
				problem ? "application/problem+json"
					: "application/json");
	if (status == 429 || status == 503)
		MHD_add_response_header(r, "Retry-After", "2");
	respond(q, status, r);
}

void
respond_problem(struct req *q, unsigned status, const char *code,
		const char *text)
{
	respond_json(q, status,
		     json_pack("{s:s,s:i,s:s,s:s}", "type", "about:blank",
			       "status", (int)status, "code", code, "title",
			       text));
}

void
respond_msg(struct req *q, unsigned status, const char *code, enum mdg_msg id)
{
	respond_problem(q, status, code, mdg_msg_text(q->lang, id));
}

/* The status that stands for an error: 502 and 504 are of the mail and token
 * servers that the desk asked. */
static unsigned
status_of(enum mdg_code code)
{
	static const struct {
		enum mdg_code code;
		unsigned status;
	} map[] = {
		{MDG_EINVAL, 422},    {MDG_EFORMAT, 422}, {MDG_ETOOBIG, 413},
		{MDG_ENOENT, 404},    {MDG_EEXIST, 409},  {MDG_EPERM, 403},
		{MDG_ECONFLICT, 409}, {MDG_ESTATE, 409},  {MDG_EBUSY, 503},
		{MDG_EAUTH, 401},     {MDG_EPROTO, 400},  {MDG_ESTALE, 412},
		{MDG_ENET, 502},      {MDG_ETLS, 502},    {MDG_ETIMEOUT, 504},
		{MDG_EFULL, 507},
	};

	for (size_t i = 0; i < MDG_LEN(map); i++)
		if (map[i].code == code)
			return map[i].status;
	return 500;
}

void
respond_err(struct req *q, const struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	respond_problem(q, status_of(err->code), mdg_code_name(err->code),
			mdg_err_text(err, q->lang, text, sizeof(text)));
}

void
respond_error(struct req *q, const json_t *error)
{
	const char *name = json_string_value(json_object_get(error, "code"));
	const char *text = json_string_value(json_object_get(error, "message"));
	const char *about = json_string_value(json_object_get(error, "about"));
	unsigned status = status_of(mdg_code_from_name(name ? name : ""));

	/* 401 is about who asks us, not about a server that lets us not in */
	if (status == 401 && about &&
	    !mdg_streq(about, mdg_msg_name(MDG_MSG_session_none)) &&
	    !mdg_streq(about, mdg_msg_name(MDG_MSG_token_none)))
		status = 502;
	respond_json(
		q, status,
		json_pack("{s:s,s:i,s:s,s:s,s:s*}", "type", "about:blank",
			  "status", (int)status, "code", name ? name : "error",
			  "title", text ? text : "", "about", about));
}

/* ---- requests ---- */

/* Behind a proxy of this machine it says who asks; anyone else is it. */
static void
read_address(struct req *q)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		q->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *sa = info ? info->client_addr : NULL;
	const char *told = header(q, "X-Forwarded-For");
	bool local = false;

	if (sa && sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;
		inet_ntop(AF_INET, &in->sin_addr, q->address,
			  sizeof(q->address));
		local = ntohl(in->sin_addr.s_addr) >> 24 == 127;
	} else if (sa && sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)sa;
		inet_ntop(AF_INET6, &in->sin6_addr, q->address,
			  sizeof(q->address));
		local = IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
	}
	if (!local || !told)
		return;
	const char *last = strrchr(told, ',');
	last = last ? last + 1 : told;
	last += strspn(last, " ");
	if (strlen(last) <= ADDRESS_CHARS &&
	    strspn(last, "0123456789abcdefABCDEF.:") == strlen(last))
		snprintf(q->address, sizeof(q->address), "%s", last);
}

/* A name that points here from elsewhere is not ours (DNS rebinding). */
static bool
is_ours(const struct req *q)
{
	const char *host = header(q, "Host");

	return host && (mdg_strcaseeq(host, q->web->authority) ||
			mdg_strcaseeq(host, q->web->listen));
}

static enum MHD_Result
note_odd(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
	bool *odd = cls;

	(void)kind;
	(void)value;
	*odd = *odd || key[strcspn(key, " \t")];
	return MHD_YES;
}

/*
 * "Content-Length : 5": libmicrohttpd leaves such a header aside, a proxy may
 * not. What stands behind it is no request, then (RFC 9112 §5.1).
 */
static bool
refuse_odd(struct req *q)
{
	bool odd = false;

	MHD_get_connection_values(q->conn, MHD_HEADER_KIND, note_odd, &odd);
	if (!odd)
		return false;
	static const char text[] = "A header's name has a space in it.\n";
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(r, "Content-Type", "text/plain");
	MHD_add_response_header(r, "Connection", "close");
	respond(q, 400, r);
	return true;
}

static void
serve(struct req *q)
{
	const char *lang = header(q, "Accept-Language");
	int64_t wait_s;

	q->started = true;
	q->begun_ns = uv_hrtime();
	q->news_seq = q->web->seq;
	q->lang = lang ? mdg_lang_from_locale(lang) : MDG_LANG_JA;
	read_address(q);
	if (refuse_odd(q))
		return;
	if (!q->web->configured)
		respond_msg(q, 503, "busy", MDG_MSG_web_no_core);
	else if (!is_ours(q))
		respond_msg(q, 421, "not-ours", MDG_MSG_web_not_ours);
	else if (q->too_big)
		respond_msg(q, 413, "too-big", MDG_MSG_web_too_big);
	else if (!mdg_utf8_valid(q->path, strlen(q->path)))
		respond_msg(q, 404, "not-found", MDG_MSG_web_no_page);
	else if (!rate_take(q->web, q->address, RATE_API, &wait_s))
		respond_msg(q, 429, "too-many", MDG_MSG_web_too_many);
	else
		route_request(q);
}

static struct req *
begin(struct web *w, struct MHD_Connection *conn, const char *path,
      const char *method)
{
	struct req *q = mdg_calloc(1, sizeof(*q));

	q->web = w;
	q->conn = conn;
	q->path = mdg_strdup(path);
	q->method = method;
	q->args = json_object();
	q->body.max = mdg_str_starts(path, "/api/v1/drafts/") &&
				      mdg_str_ends(path, "/files")
			      ? FILE_BODY_BYTES_MAX
			      : MDG_WEB_BODY_BYTES_MAX;
	q->next = w->reqs;
	w->reqs = q;
	return q;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *conn, const char *url,
	   const char *method, const char *version, const char *data,
	   size_t *data_n, void **slot)
{
	struct req *q = *slot;

	(void)version;
	if (!q) {
		*slot = begin(cls, conn, url, method);
		return MHD_YES;
	}
	if (*data_n) {
		if (!q->too_big && !mdg_buf_put(&q->body, data, *data_n))
			q->too_big = true;
		*data_n = 0;
		return MHD_YES;
	}
	if (!q->started)
		serve(q);
	if (!q->response) {
		q->suspended = true;
		MHD_suspend_connection(conn);
		return MHD_YES;
	}
	enum MHD_Result ok = MHD_queue_response(conn, q->status, q->response);
	MHD_destroy_response(q->response);
	q->response = NULL;
	return ok;
}

static void
on_completed(void *cls, struct MHD_Connection *conn, void **slot,
	     enum MHD_RequestTerminationCode why)
{
	struct web *w = cls;
	struct req *q = *slot;

	(void)conn;
	(void)why;
	if (!q)
		return;
	core_forget(q);
	for (struct req **p = &w->reqs; *p; p = &(*p)->next)
		if (*p == q) {
			*p = q->next;
			break;
		}
	if (q->response)
		MHD_destroy_response(q->response);
	w->queued_bytes -= q->file.len;
	mdg_buf_clear(&q->file);
	mdg_buf_clear(&q->body);
	json_decref(q->args);
	json_decref(q->seen);
	json_decref(q->state);
	mdg_freep(&q->path);
	mdg_freep(&q->secret);
	free(q);
	*slot = NULL;
}

/* ---- the loop ---- */

static void on_timer(uv_timer_t *t);

void
server_run(struct web *w)
{
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(w->mhd);
	if (MHD_get_timeout(w->mhd, &ms) == MHD_YES)
		uv_timer_start(&w->timer, on_timer, ms, 0);
	else
		uv_timer_stop(&w->timer);
}

static void
on_timer(uv_timer_t *t)
{
	server_run(t->data);
}

static void
on_mhd(uv_poll_t *p, int status, int events)
{
	(void)status;
	(void)events;
	server_run(p->data);
}

/* ADDRESS:PORT, [ADDRESS]:PORT; numbers only */
static int
listen_on(const char *where, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *host = mdg_strdup(where);
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	char *colon = strrchr(host, ':');
	int64_t port;
	int on = 1;

	if (!colon || !mdg_str_i64(colon + 1, 1, 65535, &port)) {
		mdg_fail(err, MDG_EINVAL, "web_listen: %s", where);
		return -1;
	}
	*colon = '\0';
	bool six = *host == '[';
	if (six) {
		host[strcspn(host, "]")] = '\0';
		memmove(host, host + 1, strlen(host));
	}
	in.sin_port = in6.sin6_port = htons((uint16_t)port);
	if (inet_pton(six ? AF_INET6 : AF_INET, host,
		      six ? (void *)&in6.sin6_addr : (void *)&in.sin_addr) !=
	    1) {
		mdg_fail(err, MDG_EINVAL, "web_listen: %s", where);
		return -1;
	}
	int fd = socket(six ? AF_INET6 : AF_INET,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 ||
	    bind(fd, six ? (struct sockaddr *)&in6 : (struct sockaddr *)&in,
		 six ? sizeof(in6) : sizeof(in)) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		mdg_fail_msg(err, MDG_EIO, MDG_MSG_web_no_listen, where,
			     strerror(errno), NULL);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

bool
server_open(struct web *w, struct mdg_err *err)
{
	int fd = listen_on(w->listen, err);

	if (fd < 0)
		return false;
	w->mhd = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		on_request, w, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, w,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)MDG_WEB_CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_END);
	return w->mhd || mdg_fail(err, MDG_EIO, "libmicrohttpd does not start");
}

void
server_watch(struct web *w)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(w->mhd, MHD_DAEMON_INFO_EPOLL_FD);

	uv_timer_init(w->loop, &w->timer);
	w->timer.data = w;
	uv_poll_init(w->loop, &w->mhd_poll, info->epoll_fd);
	w->mhd_poll.data = w;
	uv_poll_start(&w->mhd_poll, UV_READABLE, on_mhd);
	server_run(w);
}
