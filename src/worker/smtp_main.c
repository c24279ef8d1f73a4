/*
 * mdg-smtp: one account's way out.
 *
 * SEND by SEND: the body goes out, COMMITTING goes to the core, its COMMIT_OK
 * releases the final dot, RESULT says what became of each recipient. A login
 * or connection that fails is the account's problem, not the mail's. The
 * connection is kept for a moment between mails.
 */
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "netmain.h"
#include "smtp.h"

enum {
	KEEP_MS = 15000,    /* an idle connection */
	COMMIT_MS = 120000, /* the core writes to disk, or something is wrong */
	QUEUE_MAX = 64,
};

struct request {
	uint16_t type;
	uint32_t id;
	struct mdg_buf payload;
	struct mdg_buf bytes; /* of SEND, what came in BYTES before */
};

struct smtp_worker {
	struct mdg_netmain net;
	struct mdg_arena arena; /* of access */
	struct mdg_access access;
	bool has_access;
	struct mdg_peer peer;
	struct mdg_smtp *smtp; /* NULL: not connected */
	struct request queue[QUEUE_MAX];
	size_t queue_n;
	bool core_gone;
	struct mdg_err core_err;
	/* the mail in hand */
	uint32_t send_id;
	int64_t outbox_id;
	bool committed;
	bool tested; /* the work of this process is done */
};

/* -- frames from the core -- */

static bool
broken(struct smtp_worker *w, const char *what)
{
	w->core_gone = true;
	return mdg_fail(&w->core_err, MDG_EPROTO, "a bad %s frame", what);
}

static bool
take_config(struct smtp_worker *w, struct mdg_span payload)
{
	struct mdg_arena a = {0};
	struct mdg_access access;
	if (!mdg_access_unpack(payload, &a, &access)) {
		mdg_arena_clear(&a);
		return broken(w, "CONFIG");
	}
	/* Strings of the old access are in use by an open connection. */
	if (w->smtp != NULL)
		mdg_smtp_close(&w->smtp);
	mdg_arena_clear(&w->arena);
	w->arena = a;
	w->access = access;
	return w->has_access = true;
}

static bool
take_commit_ok(struct smtp_worker *w, struct mdg_span payload)
{
	int64_t id;
	if (!mdg_id_unpack(payload, &id))
		return broken(w, "COMMIT_OK");
	if (id == w->outbox_id)
		w->committed = true;
	return true;
}

static bool
take(struct smtp_worker *w, const struct mdg_frame *f)
{
	if (f->type == MDG_F_COMMIT_OK)
		return take_commit_ok(w, f->payload);
	if (f->type == MDG_F_BYTES)
		return mdg_netmain_bytes(&w->net, f->payload) ||
		       broken(w, "BYTES");
	if (f->type != MDG_F_SEND && f->type != MDG_F_TEST &&
	    f->type != MDG_F_CONFIG)
		return broken(w, "unknown");
	if (w->queue_n == QUEUE_MAX)
		return broken(w, "(too many requests)");
	struct request *rq = &w->queue[w->queue_n++];
	*rq = (struct request){.type = f->type, .id = f->id};
	mdg_buf_put(&rq->payload, f->payload.p, f->payload.n);
	if (f->type == MDG_F_SEND) {
		rq->bytes = w->net.bytes;
		w->net.bytes = (struct mdg_buf){0};
	}
	return true;
}

/* The next frame within the time; false: none, or core_gone is set. */
static bool
wait_frame(struct smtp_worker *w, int timeout_ms)
{
	struct mdg_frame f;
	struct mdg_err err;
	if (w->core_gone)
		return false;
	if (mdg_chan_recv(&w->net.chan, timeout_ms, &f, &err))
		return take(w, &f);
	if (err.code != MDG_ETIMEOUT) {
		w->core_gone = true;
		w->core_err = err;
	}
	return false;
}

static bool
on_wake(void *ctx)
{
	struct smtp_worker *w = ctx;
	while (wait_frame(w, 0))
		;
	return !w->core_gone;
}

/* -- sending -- */

static bool
on_commit(void *ctx)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct smtp_worker *w = ctx;
	int64_t until = mdg_mono_ms() + COMMIT_MS;
	w->committed = false;
	mdg_id_pack(&b, w->outbox_id);
	MDG_FAULT("smtp.committing");
	if (!mdg_netmain_send(&w->net, MDG_F_COMMITTING, w->send_id, &b, NULL))
		return false;
	while (!w->committed && !w->core_gone && mdg_mono_ms() < until)
		(void)wait_frame(w, (int)(until - mdg_mono_ms()));
	MDG_FAULT("smtp.final");
	return w->committed;
}

static bool
dial(struct smtp_worker *w, const char **ret_phase, struct mdg_err *err)
{
	const struct mdg_access *a = &w->access;
	mdg_netmain_peer(&w->net, a, NULL, &w->peer);
	w->peer.chan = &w->net.chan;
	w->peer.on_wake = on_wake;
	w->peer.wake_ctx = w;
	*ret_phase = "connect";
	if (!mdg_smtp_open(&w->peer, a->our_name, &w->smtp, err))
		return false;
	*ret_phase = "auth";
	if (mdg_smtp_login(w->smtp, a->login, a->secret,
			   (enum mdg_auth_kind)a->auth, err))
		return true;
	mdg_smtp_close(&w->smtp);
	return false;
}

/* The account cannot send now; the mail is as it was. */
static void
not_now(const struct mdg_send *send, const struct mdg_err *why,
	struct mdg_arena *a, struct mdg_send_result *ret)
{
	char text[MDG_ERR_TEXT_MAX];
	const char *words = mdg_arena_strdup(
		a, mdg_err_text(why, MDG_LANG_JA, text, sizeof(text)));
	ret->account_problem = true;
	for (size_t i = 0; i < ret->n; i++)
		ret->v[i] = (struct mdg_send_rcpt){.address = send->rcpts.v[i],
						   .outcome = MDG_SEND_TEMPFAIL,
						   .text = words};
}

static bool
may_retry(const struct mdg_send_result *r)
{
	/* A kept connection that the server had closed, or on which it takes
	 * no more mails (452 after the 100th): a new one may do. */
	return strcmp(r->phase, "mail") == 0 && r->n > 0 &&
	       (r->v[0].code == 0 || r->v[0].code / 100 == 4) &&
	       r->v[0].outcome == MDG_SEND_TEMPFAIL;
}

static void
send_mail(struct smtp_worker *w, const struct mdg_send *send,
	  struct mdg_arena *a, struct mdg_send_result *ret)
{
	struct mdg_err err = {0};
	struct mdg_smtp_job job = {.mail_from = send->mail_from,
				   .rcpts = send->rcpts.v,
				   .rcpts_n = send->rcpts.n,
				   .envid = send->envid,
				   .bytes = send->bytes,
				   .commit = on_commit,
				   .ctx = w};
	for (bool kept = w->smtp != NULL;; kept = false) {
		if (w->smtp == NULL && !dial(w, &ret->phase, &err)) {
			not_now(send, &err, a, ret);
			return;
		}
		if (!mdg_smtp_send(w->smtp, &job, a, ret->v, &ret->phase,
				   &ret->account_problem, &err))
			mdg_smtp_close(&w->smtp);
		if (!kept || !may_retry(ret))
			return;
		if (w->smtp != NULL)
			mdg_smtp_close(&w->smtp);
	}
}

static bool
serve_send(struct smtp_worker *w, const struct request *rq, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_send send;
	struct mdg_send_result r = {0};
	if (!mdg_send_unpack(mdg_buf_span(&rq->payload), &a, &send) ||
	    !w->has_access)
		return mdg_fail(err, MDG_EPROTO, "a bad SEND frame");
	if (send.bytes.n == 0)
		send.bytes = mdg_buf_span(&rq->bytes);
	w->send_id = rq->id;
	w->outbox_id = send.outbox_id;
	r.outbox_id = send.outbox_id;
	r.n = send.rcpts.n;
	r.v = mdg_arena_array(&a, r.n, sizeof(*r.v));
	send_mail(w, &send, &a, &r);
	size_t counts[MDG_SEND_OUTCOME_N] = {0};
	for (size_t i = 0; i < r.n; i++)
		counts[r.v[i].outcome]++;
	mdg_info("sent outbox=%lld phase=%s accepted=%zu tempfail=%zu "
		 "permfail=%zu unknown=%zu",
		 (long long)r.outbox_id, r.phase, counts[MDG_SEND_ACCEPTED],
		 counts[MDG_SEND_TEMPFAIL], counts[MDG_SEND_PERMFAIL],
		 counts[MDG_SEND_UNKNOWN]);
	mdg_send_result_pack(&b, &r);
	MDG_FAULT("smtp.result");
	return mdg_netmain_send(&w->net, MDG_F_RESULT, rq->id, &b, err);
}

static bool
serve_test(struct smtp_worker *w, uint32_t id, struct mdg_err *err)
{
	const struct mdg_access *a = &w->access;
	struct mdg_probe probe;
	struct mdg_peer peer;
	struct mdg_smtp *smtp = NULL;
	struct mdg_err why = {0};
	mdg_probe_init(&probe);
	mdg_netmain_peer(&w->net, a, &probe, &peer);
	bool ok = mdg_smtp_open(&peer, a->our_name, &smtp, &why) &&
		  mdg_smtp_login(smtp, a->login, a->secret,
				 (enum mdg_auth_kind)a->auth, &why);
	bool sent =
		mdg_netmain_report(&w->net, id, &probe, ok ? NULL : &why, err);
	mdg_smtp_close(&smtp);
	return sent;
}

static bool
serve(struct smtp_worker *w, struct mdg_err *err)
{
	struct request rq = w->queue[0];
	bool ok = true;
	w->queue_n--;
	memmove(w->queue, w->queue + 1, w->queue_n * sizeof(w->queue[0]));
	struct mdg_span payload = mdg_buf_span(&rq.payload);
	if (rq.type == MDG_F_SEND)
		ok = serve_send(w, &rq, err);
	else if (rq.type == MDG_F_CONFIG)
		ok = take_config(w, payload) || (*err = w->core_err, false);
	else if (payload.n > 0 && !take_config(w, payload))
		ok = (*err = w->core_err, false);
	else
		ok = w->tested = serve_test(w, rq.id, err);
	if (rq.payload.ptr != NULL) /* a password may have been in it */
		explicit_bzero(rq.payload.ptr, rq.payload.cap);
	mdg_buf_clear(&rq.payload);
	mdg_buf_clear(&rq.bytes);
	return ok;
}

static int
run(struct smtp_worker *w, struct mdg_err *err)
{
	bool ok = true;
	while (ok && !w->core_gone && !w->tested) {
		if (w->queue_n > 0) {
			ok = serve(w, err);
		} else if (w->smtp == NULL) {
			(void)wait_frame(w, -1);
		} else if (!wait_frame(w, KEEP_MS) && !w->core_gone) {
			mdg_smtp_close(&w->smtp);
		}
	}
	if (w->core_gone)
		*err = w->core_err.code == MDG_EPROTO ? w->core_err
						      : (struct mdg_err){0};
	return mdg_netmain_end(&w->net, err);
}

int
main(int argc, char **argv)
{
	struct smtp_worker *w = mdg_calloc(1, sizeof(*w));
	struct mdg_err err = {0};
	int status;
	if (mdg_netmain_start(&w->net, MDG_ROLE_SMTP, argc, argv, &err))
		status = run(w, &err);
	else
		status = mdg_netmain_end(&w->net, &err);
	mdg_smtp_close(&w->smtp);
	for (size_t i = 0; i < w->queue_n; i++) {
		mdg_buf_clear(&w->queue[i].payload);
		mdg_buf_clear(&w->queue[i].bytes);
	}
	mdg_buf_clear(&w->net.bytes);
	mdg_arena_clear(&w->arena);
	free(w);
	return status;
}
