/*
 * The stream of news (text/event-stream): which tickets changed, of those in
 * windows that one may see; an empty list: too many to be named. A page that
 * comes back after a pause gets the number of the newest change first, and
 * reads again what it shows if that is not the one it knows. When it changed
 * who may see what, every stream ends and comes back. A stream that has nothing
 * to say is suspended, and libmicrohttpd does not look at it: that its page has
 * gone is seen here, and its place is free at once, whenever libmicrohttpd comes
 * round to ending it.
 */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "web.h"

enum {
	BEAT_MS = 15000,
	BLOCK_BYTES = 4096,
};

struct web_stream {
	struct web_stream *next;
	struct web *web;
	struct MHD_Connection *conn;
	struct mdg_buf out;
	bool suspended, sees_all, gone;
	uv_poll_t *look; /* while suspended: is there still a page? */
	json_t *login;   /* whose it is */
	json_t *windows; /* codes of those whose tickets it is told of */
	int64_t ends_ms; /* the session is looked at again then */
};

enum { LIFE_MS = 600000 };

static void
closed(uv_handle_t *h)
{
	free(h);
}

/* Before libmicrohttpd may close what is looked at. */
static void
look_away(struct web_stream *s)
{
	if (s->look)
		uv_close((uv_handle_t *)s->look, closed);
	s->look = NULL;
}

static void
wake(struct web_stream *s)
{
	look_away(s);
	if (!s->suspended)
		return;
	s->suspended = false;
	MHD_resume_connection(s->conn);
}

static void
on_gone(uv_poll_t *p, int status, int events)
{
	struct web_stream *s = p->data;
	struct web *w = s->web;

	(void)status;
	(void)events;
	if (!s->gone)
		w->streams_n--;
	s->gone = true;
	wake(s);
	server_run(w);
}

static void
sleep_on(struct web_stream *s)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		s->conn, MHD_CONNECTION_INFO_CONNECTION_FD);

	s->suspended = true;
	MHD_suspend_connection(s->conn);
	s->look = mdg_calloc(1, sizeof(*s->look));
	if (uv_poll_init(s->web->loop, s->look, info->connect_fd) != 0) {
		mdg_freep(&s->look);
		return; /* the next beat finds out */
	}
	s->look->data = s;
	uv_poll_start(s->look, UV_DISCONNECT, on_gone);
}

static ssize_t
read_out(void *cls, uint64_t at, char *to, size_t max)
{
	struct web_stream *s = cls;

	(void)at;
	if (s->gone)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (s->out.len == 0) {
		if (s->out.full || mdg_mono_ms() > s->ends_ms)
			return MHD_CONTENT_READER_END_OF_STREAM;
		sleep_on(s);
		return 0;
	}
	size_t n = s->out.len < max ? s->out.len : max;
	memcpy(to, s->out.ptr, n);
	mdg_buf_shift(&s->out, n);
	return (ssize_t)n;
}

static void
ended(void *cls)
{
	struct web_stream *s = cls;

	for (struct web_stream **p = &s->web->streams; *p; p = &(*p)->next)
		if (*p == s) {
			*p = s->next;
			break;
		}
	if (!s->gone)
		s->web->streams_n--;
	look_away(s);
	mdg_buf_clear(&s->out);
	json_decref(s->login);
	json_decref(s->windows);
	free(s);
}

/* As session.who tells them. */
static json_t *
windows_of(const json_t *who)
{
	json_t *codes = json_object(), *v;
	size_t i;

	json_array_foreach (json_object_get(who, "windows"), i, v) {
		const char *code =
			json_string_value(json_object_get(v, "window"));
		if (code)
			json_object_set_new(codes, code, json_true());
	}
	return codes;
}

/* Nobody takes what is there for all. */
static bool
has_many(const struct web *w, const json_t *login)
{
	size_t n = 0;

	for (const struct web_stream *s = w->streams; s; s = s->next)
		n += !s->gone && json_equal(s->login, login) ? 1 : 0;
	return n >= MDG_WEB_STREAMS_OF_ONE_MAX;
}

static void
begin(struct req *q, json_t *result, json_t *error)
{
	struct web *w = q->web;

	if (error) {
		respond_error(q, error);
		return;
	}
	if (w->streams_n >= MDG_WEB_STREAMS_MAX) {
		respond_msg(q, 503, "busy", MDG_MSG_web_busy);
		return;
	}
	if (has_many(w, json_object_get(result, "login"))) {
		respond_msg(q, 429, "too-many", MDG_MSG_web_too_many);
		return;
	}
	struct web_stream *s = mdg_calloc(1, sizeof(*s));
	s->web = w;
	s->sees_all = json_is_true(json_object_get(result, "admin"));
	s->login = json_incref(json_object_get(result, "login"));
	s->windows = windows_of(result);
	s->conn = q->conn;
	s->out.max = MDG_WEB_STREAM_BYTES_MAX;
	s->ends_ms = mdg_mono_ms() + LIFE_MS;
	mdg_buf_printf(&s->out,
		       "retry: 2000\nid: %lld\nevent: hello\ndata: "
		       "{\"seq\":%lld}\n\n",
		       (long long)w->seq, (long long)w->seq);
	s->next = w->streams;
	w->streams = s;
	w->streams_n++;
	struct MHD_Response *r = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_out, s, ended);
	MHD_add_response_header(r, "Content-Type", "text/event-stream");
	MHD_add_response_header(r, "X-Accel-Buffering", "no");
	respond(q, 200, r);
}

bool
events_open(struct req *q)
{
	/* is the session good? */
	core_call(q, "session.who", json_object(), begin);
	return true;
}

/* The numbers of those that it may see. */
static json_t *
seen_by(const struct web_stream *s, const json_t *tickets)
{
	json_t *numbers = json_array(), *v;
	size_t i;

	json_array_foreach (tickets, i, v) {
		const char *code = json_string_value(json_array_get(v, 1));
		if (s->sees_all || (code && json_object_get(s->windows, code)))
			json_array_append(numbers, json_array_get(v, 0));
	}
	return numbers;
}

static void
tell(struct web_stream *s, const json_t *news)
{
	json_t *numbers = seen_by(s, json_object_get(news, "tickets"));
	bool many = json_is_true(json_object_get(news, "many"));

	if (many || json_array_size(numbers) > 0) {
		json_t *o = json_pack("{s:O,s:O}", "seq",
				      json_object_get(news, "seq"), "tickets",
				      numbers);
		MDG_AUTO(mdg_freep) char *text = json_dumps(o, JSON_COMPACT);
		json_decref(o);
		mdg_buf_printf(&s->out, "id: %lld\nevent: news\ndata: %s\n\n",
			       (long long)s->web->seq, text);
	}
	json_decref(numbers);
	/* it comes back, and is asked anew who it is and what it may see */
	if (json_is_true(json_object_get(news, "people")))
		s->ends_ms = 0;
	wake(s);
}

void
events_news(struct web *w, const json_t *news)
{
	w->seq = json_integer_value(json_object_get(news, "seq"));
	for (struct web_stream *s = w->streams; s; s = s->next)
		tell(s, news);
}

static void
on_beat(uv_timer_t *t)
{
	struct web *w = t->data;

	for (struct web_stream *s = w->streams; s; s = s->next) {
		if (mdg_mono_ms() <= s->ends_ms)
			mdg_buf_puts(&s->out, ": \n\n");
		wake(s);
	}
	server_run(w);
}

void
events_init(struct web *w)
{
	uv_timer_init(w->loop, &w->beat);
	w->beat.data = w;
	uv_timer_start(&w->beat, on_beat, BEAT_MS, BEAT_MS);
}
