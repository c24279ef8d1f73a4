/* The channel to the core: calls and their answers, news. */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/proto.h"
#include "web.h"

bool
core_hello(struct web *w, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_hello_pack(&b, &(struct mdg_hello){MDG_PROTO_VERSION, MDG_ROLE_WEB,
					       PACKAGE_VERSION});
	return mdg_chan_send(&w->chan, MDG_F_HELLO, 0, mdg_buf_span(&b), err);
}

/* Without the core there is no desk: it starts us again. */
static void
core_lost(struct web *w, const struct mdg_err *err)
{
	if (err->code != MDG_ENET)
		mdg_error("the core: %s", mdg_err_en(err));
	uv_stop(w->loop);
}

/* ---- calls ---- */

void
core_call(struct req *q, const char *act, json_t *args,
	  void (*answered)(struct req *q, json_t *result, json_t *error))
{
	struct web *w = q->web;
	struct mdg_err err;
	json_t *o = json_pack("{s:s,s:o,s:s}", "act", act, "args", args, "lang",
			      q->lang == MDG_LANG_EN ? "en" : "ja");

	if (*q->token)
		json_object_set_new(o, q->by_cookie ? "session" : "token",
				    json_string(q->token));
	MDG_AUTO(mdg_freep) char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	q->id = ++w->next_id;
	q->waits = true;
	q->answered = answered;
	if (!text || !mdg_chan_send(&w->chan, MDG_F_CALL, q->id,
				    mdg_span_str(text), &err)) {
		q->waits = false;
		respond_msg(q, 503, "busy", MDG_MSG_web_no_core);
	}
}

void
core_forget(struct req *q)
{
	if (q->waits)
		mdg_chan_send(&q->web->chan, MDG_F_LEFT, q->id,
			      mdg_span_str(""), NULL);
	q->waits = false;
}

void
core_taken(struct req *q)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_id_pack(&b, q->taken);
	q->taken = 0;
	if (q->waits)
		mdg_chan_send(&q->web->chan, MDG_F_TAKEN, q->id,
			      mdg_buf_span(&b), NULL);
}

static struct req *
waiting(struct web *w, uint32_t id)
{
	for (struct req *q = w->reqs; q; q = q->next)
		if (q->waits && q->id == id)
			return q;
	return NULL;
}

static void
on_answer(struct req *q, struct mdg_span payload)
{
	json_t *o = json_loadb((const char *)payload.p, payload.n, 0, NULL);
	json_t *result = json_object_get(o, "result");
	json_t *error = json_object_get(o, "error");

	q->waits = false;
	if (q->streams) {
		/* its head has left: all that can be said is that it broke */
		q->ended = true;
		q->broken = !result;
		view_file_wake(q);
	} else if (!result && !error)
		respond_msg(q, 502, "protocol", MDG_MSG_web_no_core);
	else
		q->answered(q, result, result ? NULL : error);
	json_decref(o);
}

static void
on_data(struct req *q, struct mdg_span piece)
{
	struct web *w = q->web;

	if (w->queued_bytes + piece.n > MDG_WEB_QUEUED_BYTES_MAX) {
		core_forget(q);
		q->ended = q->broken = true;
		if (q->streams)
			view_file_wake(q);
		else
			respond_msg(q, 503, "busy", MDG_MSG_web_busy);
		return;
	}
	mdg_buf_put(&q->file, piece.p, piece.n);
	w->queued_bytes += piece.n;
	if (q->streams) {
		view_file_wake(q);
		return;
	}
	/* kept here to be looked at as a whole */
	q->taken += (int64_t)piece.n;
	core_taken(q);
}

/* ---- CONFIG ---- */

static bool
configure(struct web *w, struct mdg_span payload, struct mdg_err *err)
{
	json_t *o = json_loadb((const char *)payload.p, payload.n, 0, NULL);
	const char *url = json_string_value(json_object_get(o, "url"));
	json_t *v;
	size_t i;

	if (w->configured || !url) {
		json_decref(o);
		return mdg_fail(err, MDG_EPROTO, "not a configuration");
	}
	w->url = *url ? mdg_strdup(url) : mdg_asprintf("http://%s", w->listen);
	w->https = mdg_str_starts(w->url, "https://");
	w->authority = mdg_strdup(strstr(w->url, "://") + 3);
	w->acts = json_object();
	json_array_foreach (json_object_get(o, "acts"), i, v)
		json_object_set(w->acts,
				json_string_value(json_object_get(v, "act")),
				v);
	json_decref(o);
	for (i = 0; i < routes_n; i++)
		if (routes[i].act && !json_object_get(w->acts, routes[i].act))
			return mdg_fail(err, MDG_EBUG, "no action %s",
					routes[i].act);
	w->openapi = openapi_make(w, err);
	if (!w->openapi)
		return false;
	w->configured = true;
	mdg_info("serves %s at %s", w->url, w->listen);
	return true;
}

static bool
on_frame(struct web *w, const struct mdg_frame *f, struct mdg_err *err)
{
	struct req *q = waiting(w, f->id);
	json_t *news;

	switch (f->type) {
	case MDG_F_CONFIG:
		return configure(w, f->payload, err);
	case MDG_F_ANSWER:
		if (q)
			on_answer(q, f->payload);
		return true;
	case MDG_F_DATA:
		if (q)
			on_data(q, f->payload);
		return true;
	case MDG_F_PROGRESS:
		news = json_loadb((const char *)f->payload.p, f->payload.n, 0,
				  NULL);
		if (q && q->route->flags & ROUTE_FILE && !q->streams)
			view_file_begin(q, news);
		json_decref(news);
		return true;
	case MDG_F_PING:
		return mdg_chan_send(&w->chan, MDG_F_PING, f->id,
				     mdg_span_str(""), err);
	case MDG_F_NEWS:
		news = json_loadb((const char *)f->payload.p, f->payload.n, 0,
				  NULL);
		events_news(w, news);
		json_decref(news);
		return true;
	default:
		return mdg_fail(err, MDG_EPROTO, "frame %u", f->type);
	}
}

static void
on_chan(uv_poll_t *p, int status, int events)
{
	struct web *w = p->data;
	struct mdg_frame f;
	struct mdg_err err;

	(void)status;
	(void)events;
	for (;;) {
		if (!mdg_chan_recv(&w->chan, 0, &f, &err)) {
			if (err.code != MDG_ETIMEOUT)
				core_lost(w, &err);
			break;
		}
		if (!on_frame(w, &f, &err)) {
			core_lost(w, &err);
			break;
		}
	}
	server_run(w);
}

void
core_watch(struct web *w)
{
	uv_poll_init(w->loop, &w->chan_poll, w->chan.fd);
	w->chan_poll.data = w;
	uv_poll_start(&w->chan_poll, UV_READABLE, on_chan);
}
