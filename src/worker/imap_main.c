/*
 * mdg-imap: one account's mailboxes.
 *
 * Waits for its CONFIG, then for ever: a pass over each folder that may have
 * news, what the core asked for, IDLE on the first folder. News are hints: a
 * pass above the watermark follows each, and at least every poll_s seconds.
 * When the connection breaks it is made again here once or twice; when that
 * does not help the reason goes out as PROBLEM and the core starts us anew,
 * later.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imap_worker.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"

enum {
	BREAKS_MAX = 3,
	IDLE_BREAKS_MAX = 2, /* then this server is only polled */
	REDIAL_MS = 1000,
	SHORT_MS = 60000, /* a session that broke sooner makes us wait longer */
	SHORT_MAX = 5,
	POLL_S = 60,
	LAST_WORD_MS = 50,
	FULL_PASS_MS = 15 * 60 * 1000, /* whatever STATUS says */
};

/* -- frames from the core -- */

static bool
broken(struct imap_worker *w, const char *what)
{
	w->core_gone = true;
	return mdg_fail(&w->core_err, MDG_EPROTO, "a bad %s frame", what);
}

static bool
take_config(struct imap_worker *w, struct mdg_span payload)
{
	struct mdg_imap_config c = {0};
	struct mdg_arena a = {0};
	if (!mdg_imap_config_unpack(payload, &a, &c)) {
		mdg_arena_clear(&a);
		return broken(w, "CONFIG");
	}
	if (w->has_config && w->im != NULL) {
		/* New access or folders: begin again with them. The old
		 * strings are still in use until the session is closed. */
		mdg_arena_clear(&a);
		w->core_gone = true;
		return mdg_fail(&w->core_err, MDG_OK, "new configuration");
	}
	mdg_arena_clear(&w->arena);
	w->arena = a;
	w->config = c;
	w->has_config = true;
	w->folders =
		mdg_arena_array(&w->arena, c.folders_n, sizeof(*w->folders));
	for (size_t i = 0; i < c.folders_n; i++)
		w->folders[i].config = &w->config.folders[i];
	return true;
}

static bool
take_ack(struct imap_worker *w, struct mdg_span payload)
{
	struct mdg_ack ack;
	size_t keep = 0;
	if (!mdg_ack_unpack(payload, NULL, &ack))
		return broken(w, "ACK");
	for (size_t i = 0; i < w->sent_n; i++)
		if (w->sent[i].folder_id != ack.folder_id ||
		    w->sent[i].uid > ack.uid)
			w->sent[keep++] = w->sent[i];
	w->sent_n = keep;
	return true;
}

static bool
take_later(struct imap_worker *w, const struct mdg_frame *f)
{
	if (w->queue_n == QUEUE_MAX)
		return broken(w, "(too many requests)");
	struct request *rq = &w->queue[w->queue_n++];
	*rq = (struct request){.type = f->type, .id = f->id};
	mdg_buf_put(&rq->payload, f->payload.p, f->payload.n);
	if (f->type == MDG_F_APPEND) {
		rq->bytes = w->net.bytes;
		w->net.bytes = (struct mdg_buf){0};
	}
	return true;
}

/* Ends whatever is under way, as the end of the core would. */
static bool
take_test(struct imap_worker *w, const struct mdg_frame *f)
{
	/* A test may bring the access it is about. */
	if (!w->has_config && !take_config(w, f->payload))
		return false;
	w->testing = true;
	w->test_id = f->id;
	w->core_gone = true;
	return mdg_fail(&w->core_err, MDG_OK, "a test was asked for");
}

static bool
take(struct imap_worker *w, const struct mdg_frame *f)
{
	switch (f->type) {
	case MDG_F_CONFIG:
		return take_config(w, f->payload);
	case MDG_F_CURSOR:
		if (!mdg_cursor_unpack(f->payload, NULL, &w->cursor))
			return broken(w, "CURSOR");
		return w->has_cursor = true;
	case MDG_F_ACK:
		return take_ack(w, f->payload);
	case MDG_F_POKE:
		return w->poked = true;
	case MDG_F_TEST:
		return take_test(w, f);
	case MDG_F_BYTES:
		return mdg_netmain_bytes(&w->net, f->payload) ||
		       broken(w, "BYTES");
	case MDG_F_APPEND:
	case MDG_F_LIST_UIDS:
	case MDG_F_FETCH_UIDS:
	case MDG_F_SERVER_ACT:
	case MDG_F_LIST_FOLDERS:
		return take_later(w, f);
	default:
		return broken(w, "unknown");
	}
}

bool
imap_worker_drain(struct imap_worker *w)
{
	struct mdg_frame f;
	struct mdg_err err;
	while (!w->core_gone) {
		if (mdg_chan_recv(&w->net.chan, 0, &f, &err)) {
			if (!take(w, &f))
				return false;
			continue;
		}
		if (err.code == MDG_ETIMEOUT)
			return true;
		w->core_gone = true;
		w->core_err = err;
	}
	return false;
}

bool
imap_worker_wait(struct imap_worker *w, int timeout_ms, struct mdg_err *err)
{
	struct mdg_frame f;
	struct mdg_err why;
	if (!w->core_gone) {
		if (!mdg_chan_recv(&w->net.chan, timeout_ms, &f, &why)) {
			*err = why;
			if (why.code == MDG_ETIMEOUT)
				return mdg_fail(err, MDG_ESTATE,
						"the core does not answer");
			w->core_gone = true;
			w->core_err = why;
		} else if (take(w, &f) && imap_worker_drain(w)) {
			return true;
		}
	}
	*err = w->core_err;
	return false;
}

static bool
on_wake(void *ctx)
{
	return imap_worker_drain(ctx);
}

/* -- the session -- */

static void
hang_up(struct imap_worker *w)
{
	mdg_imap_close(&w->im);
	w->opened = NULL;
	w->quota_at_ms = 0;
	/* The one marked \\Sent may be another next time. */
	for (size_t i = 0; i < w->config.folders_n; i++)
		w->folders[i].name = NULL;
}

static bool
dial(struct imap_worker *w, struct mdg_err *err)
{
	const struct mdg_access *a = &w->config.access;
	mdg_netmain_peer(&w->net, a, NULL, &w->peer);
	w->peer.chan = &w->net.chan;
	w->peer.on_wake = on_wake;
	w->peer.wake_ctx = w;
	if (!mdg_imap_open(&w->peer, &w->im, err))
		return false;
	if (!mdg_imap_login(w->im, a->login, a->secret,
			    (enum mdg_auth_kind)a->auth, err))
		return false;
	mdg_imap_id(w->im);
	if (w->idle_breaks >= IDLE_BREAKS_MAX)
		mdg_imap_never_idle(w->im);
	w->dialled_ms = mdg_mono_ms();
	return true;
}

/* The folder may hold what we have not seen. */
static bool
has_news(struct imap_worker *w, struct folder *f, bool *ret,
	 struct mdg_err *err)
{
	struct mdg_imap_state st;
	*ret = true;
	if (!f->synced)
		return true;
	const char *name = imap_worker_name(w, f, err);
	if (name == NULL || !mdg_imap_status(w->im, name, &st, err))
		return mdg_stream_error(mdg_imap_stream(w->im)) == NULL;
	*ret = st.uidvalidity != f->seen.uidvalidity || st.uidnext == 0 ||
	       st.uidnext != f->seen.uidnext;
	f->seen.uidnext = st.uidnext;
	return true;
}

/* Is it the only one that mail is taken in from? */
static bool
is_the_only(const struct imap_worker *w, const struct folder *f)
{
	size_t n = 0;
	for (size_t i = 0; i < w->config.folders_n; i++)
		n += !w->config.folders[i].is_sent;
	return !f->config->is_sent && n == 1;
}

/*
 * A folder that is missing must not stop the others; a mailbox without one
 * for what went out is no trouble at all.
 */
static bool
sync_one(struct imap_worker *w, struct folder *f, struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX];
	if (imap_worker_sync(w, f, err))
		return true;
	if (w->core_gone || mdg_stream_error(mdg_imap_stream(w->im)) != NULL ||
	    is_the_only(w, f))
		return false;
	if (f->troubled ||
	    (f->config->name[0] == '\0' && err->code == MDG_ENOENT))
		return true;
	f->troubled = true;
	mdg_warn("folder not read folder=%lld: %s",
		 (long long)f->config->folder_id,
		 mdg_err_text(err, MDG_LANG_EN, text, sizeof(text)));
	struct mdg_err why = *err;
	return imap_worker_result(w, MDG_F_FOLDER_PROBLEM, 0,
				  f->config->folder_id, &why, err);
}

/* The others first, so that the first stays open for IDLE. */
static bool
sync_all(struct imap_worker *w, bool full, struct mdg_err *err)
{
	for (size_t i = w->config.folders_n; i-- > 1;) {
		bool news = true;
		if (!full && !has_news(w, &w->folders[i], &news, err))
			return false;
		if (news ? !sync_one(w, &w->folders[i], err)
			 : !imap_worker_synced(w, &w->folders[i], err))
			return false;
	}
	return w->config.folders_n == 0 || sync_one(w, &w->folders[0], err);
}

/* Until there may be news: from the server, the core, or the clock. */
static bool
rest(struct imap_worker *w, int64_t until_ms, struct mdg_err *err)
{
	bool news = false, woken;
	while (!news && !w->poked && w->opened != NULL) {
		int64_t left = until_ms - mdg_mono_ms();
		if (left <= 0)
			return true;
		/* Requests may have come during the last command. */
		if (w->queue_n > 0) {
			if (!imap_worker_serve(w, err))
				return false;
			continue;
		}
		if (!mdg_imap_idle(w->im, left, &news, &woken, err)) {
			w->idle_breaks++;
			return false;
		}
		w->idle_breaks = 0;
	}
	return true;
}

static bool
work(struct imap_worker *w, struct mdg_err *err)
{
	int64_t poll_ms =
		(w->config.poll_s > 0 ? (int64_t)w->config.poll_s : POLL_S) *
		1000;
	int64_t full_at = 0;
	if (!dial(w, err))
		return false;
	for (;;) {
		bool full = mdg_mono_ms() >= full_at;
		if (full) {
			/* Openings bring a fresh watermark from the core. */
			w->opened = NULL;
			full_at = mdg_mono_ms() + FULL_PASS_MS;
		}
		if (w->poked)
			full = true;
		w->poked = false;
		if (!sync_all(w, full, err) || !imap_worker_serve(w, err) ||
		    !imap_worker_quota(w, err))
			return false;
		w->breaks = 0;
		if (!rest(w, mdg_mono_ms() + poll_ms, err))
			return false;
	}
}

/*
 * Why the work ended; true: worth a new connection after *ret_pause_ms. A
 * server that hangs up again and again is not to be stormed with logins.
 */
static bool
try_again(struct imap_worker *w, const struct mdg_err *err, int *ret_pause_ms)
{
	bool line = err->code == MDG_ENET || err->code == MDG_ETIMEOUT ||
		    err->code == MDG_EPROTO || err->code == MDG_ETOOBIG;
	bool dialled = w->im != NULL;
	hang_up(w);
	if (w->core_gone || !line || !dialled)
		return false;
	*ret_pause_ms = REDIAL_MS;
	/* Strikes at one mail are counted on their own and end. */
	if (w->strikes > 0)
		return true;
	if (mdg_mono_ms() - w->dialled_ms > SHORT_MS)
		w->short_n = 0;
	*ret_pause_ms <<= w->short_n;
	return ++w->short_n <= SHORT_MAX && ++w->breaks <= BREAKS_MAX;
}

static void
clear(struct imap_worker *w)
{
	hang_up(w);
	for (size_t i = 0; i < w->queue_n; i++) {
		mdg_buf_clear(&w->queue[i].payload);
		mdg_buf_clear(&w->queue[i].bytes);
	}
	mdg_buf_clear(&w->net.bytes);
	mdg_arena_clear(&w->arena);
}

/* Frames may come meanwhile; only the end of the core ends it. */
static bool
rest_offline(struct imap_worker *w, int ms)
{
	int64_t until = mdg_mono_ms() + ms, left;
	struct mdg_err ignored;
	while (!w->core_gone && (left = until - mdg_mono_ms()) > 0) {
		struct mdg_frame f;
		if (mdg_chan_recv(&w->net.chan, (int)left, &f, &ignored)) {
			if (!take(w, &f))
				return false;
		} else if (ignored.code != MDG_ETIMEOUT) {
			w->core_gone = true;
			w->core_err = ignored;
		}
	}
	return !w->core_gone;
}

static int
run(struct imap_worker *w, struct mdg_err *err)
{
	while (!w->has_config && imap_worker_wait(w, -1, err))
		;
	while (!w->core_gone) {
		(void)work(w, err);
		int pause_ms;
		if (!try_again(w, err, &pause_ms) || !rest_offline(w, pause_ms))
			break;
	}
	/* The word for a test may come just behind the configuration. */
	struct mdg_err ignored;
	if (!w->core_gone)
		(void)imap_worker_wait(w, LAST_WORD_MS, &ignored);
	if (w->testing) {
		(void)imap_worker_test(w, w->test_id, &ignored);
		*err = (struct mdg_err){0};
	} else if (w->core_gone) {
		*err = w->core_err.code == MDG_EPROTO ? w->core_err
						      : (struct mdg_err){0};
	}
	return mdg_netmain_end(&w->net, err);
}

int
main(int argc, char **argv)
{
	struct imap_worker *w = mdg_calloc(1, sizeof(*w));
	struct mdg_err err = {0};
	int status;
	/* A batch of mails lies in the same memory as the one before it, not in
	 * pages that the kernel has to clear anew. */
	mallopt(M_TRIM_THRESHOLD, 2 * MDG_FETCH_BATCH_BYTES);
	mallopt(M_MMAP_THRESHOLD, MDG_FETCH_BATCH_BYTES);
	if (mdg_netmain_start(&w->net, MDG_ROLE_IMAP, argc, argv, &err))
		status = run(w, &err);
	else
		status = mdg_netmain_end(&w->net, &err);
	clear(w);
	free(w);
	return status;
}
