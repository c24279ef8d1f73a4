/*
 * The stream of news (text/event-stream): which tickets changed. A page that
 * comes back after a pause gets the number of the newest change first, and
 * reads again what it shows if that is not the one it knows.
 */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "web.h"

enum { BEAT_MS = 15000, BACKLOG_BYTES = 64 << 10, BLOCK_BYTES = 4096 };

struct web_stream {
	struct web_stream *next;
	struct web *web;
	struct MHD_Connection *conn;
	struct mdg_buf out;
	bool suspended;
	int64_t ends_ms; /* the session is looked at again then */
};

enum { LIFE_MS = 600000 };

static ssize_t
read_out(void *cls, uint64_t at, char *to, size_t max)
{
	struct web_stream *s = cls;

	(void)at;
	if (s->out.len == 0) {
		if (s->out.full || mdg_mono_ms() > s->ends_ms)
			return MHD_CONTENT_READER_END_OF_STREAM;
		s->suspended = true;
		MHD_suspend_connection(s->conn);
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
	s->web->streams_n--;
	mdg_buf_clear(&s->out);
	free(s);
}

static void
wake(struct web_stream *s)
{
	if (!s->suspended)
		return;
	s->suspended = false;
	MHD_resume_connection(s->conn);
}

static void
begin(struct req *q, json_t *result, json_t *error)
{
	struct web *w = q->web;

	(void)result;
	if (error) {
		respond_error(q, error);
		return;
	}
	struct web_stream *s = mdg_calloc(1, sizeof(*s));
	s->web = w;
	s->conn = q->conn;
	s->out.max = BACKLOG_BYTES;
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
	if (q->web->streams_n >= MDG_WEB_STREAMS_MAX) {
		respond_msg(q, 503, "busy", MDG_MSG_web_busy);
		return true;
	}
	/* is the session good? */
	core_call(q, "session.who", json_object(), begin);
	return true;
}

void
events_news(struct web *w, const json_t *news)
{
	MDG_AUTO(mdg_freep) char *text = json_dumps(news, JSON_COMPACT);

	w->seq = json_integer_value(json_object_get(news, "seq"));
	for (struct web_stream *s = w->streams; text && s; s = s->next) {
		mdg_buf_printf(&s->out, "id: %lld\nevent: news\ndata: %s\n\n",
			       (long long)w->seq, text);
		wake(s);
	}
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
