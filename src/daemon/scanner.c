/*
 * mdg-scan: one mail or file at a time is shown to clamd by a process of its
 * own, behind everything else. The mail is committed and a ticket long before.
 *
 *     idle --(something waits, or a minute passed)--> asking
 *     asking --(SCANNED)--> kept, then the next
 *     asking --(no connection, silence, nonsense)--> down, later again
 *
 * While clamd is down one question goes out at a time, less and less often;
 * when it answers again, what waited is made up.
 */
#include <stdlib.h>

#include "core.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_upload.h"
#include "worker.h"

enum {
	WAKE_MS = 20,
	BUSY_MS = 100,
	NEXT_MS = 1,
	PING_MS = 60000, /* when there is nothing to scan */
	DOWN_FIRST_MS = 1000,
#ifdef MDG_FAULTS
	DOWN_MAX_MS = 2000, /* tests wait for it */
#else
	DOWN_MAX_MS = 15000,
#endif
	STORE_MS = 2000,
	AWAITED_MAX = 64,
	AWAIT_MS = 10000, /* a person waits for no scanner longer */
	KILL_MS = MDG_SCAN_DEADLINE_MS + MDG_SCAN_CONNECT_MS + 5000,
};

struct awaited {
	int64_t draft, until_ms;
	void (*done)(void *arg);
	void *arg;
};

struct scanner {
	struct mdg_worker worker;
	struct core *core;
	const char *args[2];
	uv_timer_t timer;    /* the next question */
	uv_timer_t deadline; /* of the one that is open */
	uv_timer_t patience; /* of those that wait for a draft's files */
	bool asking;
	bool was_ready; /* it was connected: clamd is there */
	struct mdg_arena arena; /* of item */
	struct mdg_scan item; /* item_id 0: only whether clamd is there */
	int64_t chunk;        /* next to feed; -1: all are fed */
	bool answered;
	struct mdg_scan_said said;
	int64_t down_ms; /* how long to wait next time; 0: it is up */
	struct awaited awaited[AWAITED_MAX];
	size_t awaited_n;
};

static void on_timer(uv_timer_t *t);

static void
again(struct scanner *s, uint64_t ms)
{
	if (!s->core->stopping)
		uv_timer_start(&s->timer, on_timer, ms, 0);
}

void
scanner_wake(struct core *c)
{
	struct scanner *s = c->scanner;

	/* while clamd is down, its own pace */
	if (s && !s->asking && !s->down_ms)
		again(s, WAKE_MS);
}

/* ---- those who wait ---- */

static bool
still_waits(struct scanner *s, const struct awaited *w)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *file, *name;
	int64_t n;
	struct mdg_err err;

	return !s->down_ms && !s->core->stopping &&
	       mdg_mono_ms() < w->until_ms &&
	       mdg_scan_of_draft(s->core->desk->db, w->draft, "waiting", &a,
				 &n, &file, &name, &err) &&
	       n > 0;
}

static void
let_go(struct scanner *s)
{
	struct awaited free_now[AWAITED_MAX];
	size_t kept = 0, n = 0;

	for (size_t i = 0; i < s->awaited_n; i++)
		if (still_waits(s, &s->awaited[i]))
			s->awaited[kept++] = s->awaited[i];
		else
			free_now[n++] = s->awaited[i];
	s->awaited_n = kept;
	if (kept == 0)
		uv_timer_stop(&s->patience);
	for (size_t i = 0; i < n; i++)
		free_now[i].done(free_now[i].arg);
}

static void
on_patience(uv_timer_t *t)
{
	let_go(t->data);
}

void
scanner_await(struct core *c, int64_t draft, void (*done)(void *arg), void *arg)
{
	struct scanner *s = c->scanner;
	const struct awaited w = {draft, mdg_mono_ms() + AWAIT_MS, done, arg};

	if (!s || s->awaited_n == AWAITED_MAX || !still_waits(s, &w)) {
		done(arg);
		return;
	}
	s->awaited[s->awaited_n++] = w;
	uv_timer_start(&s->patience, on_patience, AWAIT_MS / 10, AWAIT_MS / 10);
	scanner_wake(c);
}

/* ---- what was said ---- */

/* In the open batch, and only it. keep NULL: nothing was said. */
static bool
keep(struct scanner *s, const char *state, const char *name)
{
	struct core *c = s->core;
	struct mdg_err err;

	if (!batch_open(c) || !mdg_desk_save(c->desk, &err))
		return false;
	MDG_FAULT("scan.keep");
	bool ok = state ? mdg_scan_keep(c->desk, &s->item, state, name, &err)
			: mdg_scan_failed(c->desk, &s->item, &err);
	if (ok && mdg_desk_release(c->desk, &err)) {
		/* somebody waits for it, and the next one is read from it */
		return s->awaited_n == 0 || batch_commit(c);
	}
	mdg_error("what the scanner said of %s %lld is not kept: %s",
		  s->item.kind, (long long)s->item.item_id, mdg_err_en(&err));
	if (batch_store_refuses(&err) || !mdg_desk_undo(c->desk, &err))
		batch_broken(c, &err);
	return false;
}

static void
answers(struct scanner *s)
{
	if (s->down_ms)
		mdg_info("clamd answers again");
	s->down_ms = 0;
	s->core->desk->probe.scan_down_s = 0;
}

static void
take(struct scanner *s)
{
	static const char *const states[MDG_SCAN_OUTCOME_N] = {
		[MDG_SCAN_CLEAN] = "clean",
		[MDG_SCAN_FOUND] = "found",
		[MDG_SCAN_TOO_LARGE] = "skipped",
		[MDG_SCAN_REFUSED] = "skipped",
	};
	const char *name = s->said.outcome == MDG_SCAN_TOO_LARGE
				   ? "too_large"
				   : s->said.name;

	answers(s);
	if (!s->item.item_id) {
		again(s, PING_MS);
		return;
	}
	if (s->said.outcome == MDG_SCAN_FOUND)
		mdg_warn("clamd finds %s in %s %lld", name, s->item.kind,
			 (long long)s->item.item_id);
	bool ok = keep(s, states[s->said.outcome], name);
	again(s, ok ? NEXT_MS : STORE_MS);
}

static void
down(struct scanner *s, const struct mdg_err *why)
{
	struct mdg_probe *p = &s->core->desk->probe;

	if (!s->down_ms)
		mdg_warn("clamd does not scan: %s; mail goes on, unscanned",
			 why->code ? mdg_err_en(why) : "mdg-scan ended");
	s->down_ms = s->down_ms ? s->down_ms * 2 : DOWN_FIRST_MS;
	if (s->down_ms > DOWN_MAX_MS)
		s->down_ms = DOWN_MAX_MS;
	if (!p->scan_down_s)
		p->scan_down_s = mdg_now_s();
	/* this one may be why: others go first next time */
	if (s->item.item_id && s->was_ready)
		keep(s, NULL, NULL);
	again(s, (uint64_t)s->down_ms);
}

/* ---- the process ---- */

/* The next piece of it into `piece`. */
static enum mdg_found
read_piece(struct scanner *s, int64_t n, struct mdg_buf *piece,
	   struct mdg_err *err)
{
	struct mdg_db *db = s->core->desk->db;

	return mdg_streq(s->item.kind, MDG_SCAN_MAIL)
		       ? mdg_raw_read(db, s->item.item_id, n, piece, err)
		       : mdg_upload_read(db, s->item.item_id, n, piece, err);
}

/* As the channel drains. */
static void
feed(struct scanner *s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf piece = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf ahead = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf frame = {0};
	struct mdg_err err = {0};

	while (s->chunk >= 0 && !s->answered &&
	       mdg_peer_queued(&s->worker.peer) < MDG_CHAN_LOW_BYTES) {
		enum mdg_found f = read_piece(s, s->chunk, &piece, &err);
		enum mdg_found more =
			f == MDG_FOUND
				? read_piece(s, s->chunk + 1, &ahead, &err)
				: MDG_NONE;
		if (f == MDG_FAILED || more == MDG_FAILED) {
			mdg_error("%s %lld: %s", s->item.kind,
				  (long long)s->item.item_id, mdg_err_en(&err));
			mdg_worker_kill(&s->worker);
			return;
		}
		/* erased meanwhile: an empty one is clean */
		s->chunk = more == MDG_FOUND ? s->chunk + 1 : -1;
		mdg_buf_reset(&frame);
		mdg_scan_piece_pack(
			&frame,
			&(struct mdg_scan_piece){
				more != MDG_FOUND,
				f == MDG_FOUND &&
					mdg_streq(s->item.kind, MDG_SCAN_MAIL),
				mdg_buf_span(&piece)});
		if (!mdg_worker_send(&s->worker, MDG_F_SCAN, 1, &frame)) {
			mdg_worker_kill(&s->worker);
			return;
		}
	}
}

static void
on_drained(struct mdg_peer *p)
{
	struct mdg_worker *w = p->owner;

	feed(w->owner);
}

static void
on_ready(struct mdg_worker *w)
{
	struct scanner *s = w->owner;
	const struct mdg_buf none = {0};

	w->peer.on_drained = on_drained;
	s->was_ready = true;
	if (s->item.item_id)
		feed(s);
	else
		mdg_worker_send(w, MDG_F_PING, 1, &none);
}

static bool
on_frame(struct mdg_worker *w, const struct mdg_frame *f)
{
	struct scanner *s = w->owner;

	if (f->type != MDG_F_SCANNED || s->answered ||
	    !mdg_scan_said_unpack(f->payload, &s->arena, &s->said))
		return false;
	s->answered = true;
	s->chunk = -1;
	mdg_worker_kill(w);
	return true;
}

static void
on_deadline(uv_timer_t *t)
{
	struct scanner *s = t->data;

	mdg_warn("mdg-scan is stuck and is killed");
	mdg_worker_kill(&s->worker);
}

/* Its process and handles are gone: what came of it, and the next. */
static void
freed(struct mdg_worker *w)
{
	struct scanner *s = w->owner;

	s->asking = false;
	if (s->core->stopping)
		return;
	if (s->answered)
		take(s);
	else
		down(s, &w->problem);
	let_go(s);
}

static void
on_gone(struct mdg_worker *w, int signal)
{
	struct scanner *s = w->owner;

	(void)signal;
	uv_timer_stop(&s->deadline);
	w->stopped = true;
	w->freed = freed;
}

static void
ask(struct scanner *s)
{
	s->asking = true;
	s->answered = s->was_ready = false;
	s->chunk = 0;
	s->worker = (struct mdg_worker){
		.core = s->core,
		.role = MDG_ROLE_SCAN,
		.args = s->args,
		.owner = s,
		.on_ready = on_ready,
		.on_frame = on_frame,
		.on_gone = on_gone,
	};
	uv_timer_start(&s->deadline, on_deadline, KILL_MS, 0);
	mdg_worker_start(&s->worker);
}

static void
on_timer(uv_timer_t *t)
{
	struct scanner *s = t->data;
	struct core *c = s->core;
	struct mdg_err err;

	if (c->stopping || s->asking)
		return;
	mdg_arena_clear(&s->arena);
	s->item = (struct mdg_scan){.kind = MDG_SCAN_MAIL};
	if (mdg_scan_next(c->desk->db, mdg_now_s(), &s->arena, &s->item,
			  &err) == MDG_FAILED) {
		mdg_error("what to scan next: %s", mdg_err_en(&err));
		again(s, STORE_MS);
		return;
	}
	/* arriving mail goes first; a file that somebody adds does not wait */
	if (s->item.item_id && mdg_streq(s->item.kind, MDG_SCAN_MAIL) &&
	    !parser_is_idle(c)) {
		again(s, BUSY_MS);
		return;
	}
	ask(s);
}

bool
scanner_init(struct core *c, struct mdg_err *err)
{
	bool on = *c->config.clamd != '\0';

	if (!mdg_scan_start(c->desk, on, err))
		return false;
	if (!on)
		return true;
	struct scanner *s = mdg_calloc(1, sizeof(*s));
	c->scanner = s;
	s->core = c;
	s->args[0] = c->config.clamd;
	uv_timer_init(c->loop, &s->timer);
	uv_timer_init(c->loop, &s->deadline);
	uv_timer_init(c->loop, &s->patience);
	s->timer.data = s->deadline.data = s->patience.data = s;
	again(s, WAKE_MS);
	return true;
}

static void
unref(uv_timer_t *t)
{
	uv_timer_stop(t);
	uv_unref((uv_handle_t *)t);
}

/* Freed at the very end: an answer may still come. */
void
scanner_stop(struct core *c)
{
	struct scanner *s = c->scanner;

	if (!s)
		return;
	unref(&s->timer);
	unref(&s->deadline);
	unref(&s->patience);
	let_go(s);
	if (s->asking)
		mdg_worker_stop(&s->worker, freed);
}

void
scanner_free(struct core *c)
{
	if (c->scanner)
		mdg_arena_clear(&c->scanner->arena);
	free(c->scanner);
}
