#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/spawn.h"

enum {
	HELLO_MS = 20000,
	BACKOFF_FIRST_MS = 200,
	BACKOFF_MAX_MS = 60000,
	STEADY_MS = 30000, /* a run this long clears the count of failures */
};

static void spawn(struct mdg_worker *w);

static void
on_timer(uv_timer_t *t)
{
	struct mdg_worker *w = t->data;

	if (!w->pid) {
		spawn(w);
		return;
	}
	if (!w->ready) {
		mdg_warn("%s said nothing for %d s and is killed pid=%d",
			 mdg_role_program(w->role), HELLO_MS / 1000, w->pid);
		mdg_worker_kill(w);
	}
}

static void
start_later(struct mdg_worker *w)
{
	uint32_t random;
	int64_t ms = BACKOFF_FIRST_MS;

	for (int i = 1; i < w->failures && ms < BACKOFF_MAX_MS; i++)
		ms *= 2;
	ms = ms > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : ms;
	mdg_random(&random, sizeof(random));
	ms = ms * (80 + random % 41) / 100;
	uv_timer_start(&w->timer, on_timer, (uint64_t)ms, 0);
}

/* ---- the end of a process ---- */

static void
reap(struct mdg_worker *w)
{
	int status = 0;
	pid_t pid = w->pid;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	w->ready = false;
	uv_poll_stop(&w->pidfd_watch);
	if (w->peer.open)
		mdg_peer_close(&w->peer, NULL);
	if (mdg_mono_ms() - w->started_ms > STEADY_MS)
		w->failures = 0;
	w->failures++;
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (sig && !w->we_killed) /* who kills says why */
		mdg_warn("%s ended by signal %d pid=%d",
			 mdg_role_program(w->role), sig, pid);
	else if (WEXITSTATUS(status))
		mdg_info("%s ended with status %d pid=%d",
			 mdg_role_program(w->role), WEXITSTATUS(status), pid);
	if (w->on_gone)
		w->on_gone(w, sig);
	w->we_killed = false;
}

static void
on_watch_closed(uv_handle_t *h)
{
	struct mdg_worker *w = h->data;

	close(w->pidfd);
	w->handles--;
	if (w->restarts && !w->stopped)
		start_later(w);
	else if (w->stopped)
		mdg_worker_stop(w, NULL);
}

static void
on_pidfd(uv_poll_t *p, int status, int events)
{
	struct mdg_worker *w = p->data;

	(void)status;
	(void)events;
	reap(w);
	uv_close((uv_handle_t *)p, on_watch_closed);
}

/* ---- its frames ---- */

static bool
check_hello(struct mdg_worker *w, const struct mdg_frame *f)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_hello hello;

	if (f->type != MDG_F_HELLO ||
	    !mdg_hello_unpack(f->payload, &a, &hello) ||
	    hello.version != MDG_PROTO_VERSION ||
	    hello.role != (uint32_t)w->role ||
	    !mdg_streq(hello.build_id, PACKAGE_VERSION)) {
		mdg_error("%s is of another build than this madoguchid (%s): "
			  "install the whole package, then restart madoguchid",
			  mdg_role_program(w->role), PACKAGE_VERSION);
		w->core->desk->probe.mixed = mdg_role_program(w->role);
		return false;
	}
	if (mdg_streq(w->core->desk->probe.mixed, mdg_role_program(w->role)))
		w->core->desk->probe.mixed = NULL;
	w->ready = true;
	uv_timer_stop(&w->timer);
	w->on_ready(w);
	return true;
}

static bool
on_frame(struct mdg_peer *p, const struct mdg_frame *f)
{
	struct mdg_worker *w = p->owner;

	w->silent_ms = 0;
	if (!w->ready)
		return f->type == MDG_F_PROBLEM
			       ? mdg_err_unpack(f->payload, &w->problem)
			       : check_hello(w, f);
	if (f->type == MDG_F_PROBLEM)
		return mdg_err_unpack(f->payload, &w->problem);
	w->problem = (struct mdg_err){0};
	return w->on_frame(w, f);
}

/* It closed its channel or broke the protocol: its process must go too. */
static void
on_end(struct mdg_peer *p)
{
	mdg_worker_kill(p->owner);
	mdg_peer_pause(p);
}

/* ---- start and stop ---- */

static void
not_started(struct mdg_worker *w)
{
	w->pid = 0;
	w->failures++;
	start_later(w);
}

static void
spawn(struct mdg_worker *w)
{
	enum { ARGS_MAX = 12 };
	const char *argv[ARGS_MAX + 4] = {mdg_role_program(w->role)};
	size_t n = 1;
	struct mdg_err err;
	int fd;

	if (*w->ca_file) {
		argv[n++] = "--ca";
		argv[n++] = w->ca_file;
	}
	for (size_t i = 0; w->args && w->args[i] && i < ARGS_MAX; i++)
		argv[n++] = w->args[i];
	w->started_ms = mdg_mono_ms();
	if (!mdg_spawn(argv, &w->pid, &fd, &err)) {
		mdg_error("cannot start %s: %s", argv[0], mdg_err_en(&err));
		not_started(w);
		return;
	}
	w->peer.owner = w;
	w->peer.on_frame = on_frame;
	w->peer.on_end = on_end;
	w->pidfd = (int)syscall(SYS_pidfd_open, w->pid, 0);
	if (w->pidfd < 0) { /* no descriptor is left for it */
		mdg_error("cannot watch %s: %s", argv[0], strerror(errno));
		close(fd);
		kill(w->pid, SIGKILL);
		while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
			;
		not_started(w);
		return;
	}
	uv_poll_init(w->core->loop, &w->pidfd_watch, w->pidfd);
	w->pidfd_watch.data = w;
	w->handles++;
	uv_poll_start(&w->pidfd_watch, UV_READABLE, on_pidfd);
	if (!mdg_peer_open(&w->peer, w->core->loop, fd, 0, &err))
		mdg_worker_kill(w);
	uv_timer_start(&w->timer, on_timer, HELLO_MS, 0);
}

void
mdg_worker_watch(struct mdg_worker *w, int64_t patience_ms)
{
#ifdef MDG_FAULTS
	const char *cap = getenv("MDG_PATIENCE_MS");
	if (cap != NULL)
		(void)mdg_str_i64(cap, 1, INT32_MAX, &patience_ms);
#endif
	/* when we stood still ourselves, its word may lie there unread */
	enum { LOOK_MAX_MS = 15000 };
	int64_t now_ms = mdg_mono_ms(), since_ms = now_ms - w->watched_ms;

	w->watched_ms = now_ms;
	w->silent_ms += since_ms < LOOK_MAX_MS ? since_ms : LOOK_MAX_MS;
	if (!w->pid || !w->ready || w->we_killed || w->silent_ms < patience_ms)
		return;
	mdg_warn("%s said nothing for %lld s and is killed pid=%d",
		 mdg_role_program(w->role), (long long)(w->silent_ms / 1000),
		 w->pid);
	mdg_worker_kill(w);
}

void
mdg_worker_has_to_speak(struct mdg_worker *w)
{
	w->silent_ms = 0;
	w->watched_ms = mdg_mono_ms();
}

void
mdg_worker_trust(struct mdg_worker *w, const char *ca_file)
{
	snprintf(w->ca_file, sizeof(w->ca_file), "%s", ca_file ? ca_file : "");
}

void
mdg_worker_start(struct mdg_worker *w)
{
	uv_timer_init(w->core->loop, &w->timer);
	w->timer.data = w;
	w->handles = 1;
	spawn(w);
}

void
mdg_worker_hurry(struct mdg_worker *w)
{
	if (!w->pid && w->restarts && !w->stopped &&
	    uv_is_active((uv_handle_t *)&w->timer))
		uv_timer_start(&w->timer, on_timer, 0, 0);
}

void
mdg_worker_anew(struct mdg_worker *w)
{
	w->failures = 0;
	mdg_worker_hurry(w);
	mdg_worker_kill(w);
}

void
mdg_worker_kill(struct mdg_worker *w)
{
	if (!w->pid)
		return;
	w->we_killed = true;
	kill(w->pid, SIGKILL);
}

static void
on_timer_closed(uv_handle_t *h)
{
	struct mdg_worker *w = h->data;

	if (w->freed)
		w->freed(w);
}

void
mdg_worker_stop(struct mdg_worker *w, void (*freed)(struct mdg_worker *))
{
	/* the end of the process calls again */
	if (!w->stopped) {
		w->stopped = true;
		w->freed = freed;
	}
	if (w->pid) {
#ifdef MDG_SANITIZERS
		/* it ends by itself, and tells what it leaks */
		if (w->peer.open) {
			mdg_peer_close(&w->peer, NULL);
			return;
		}
#endif
		mdg_worker_kill(w);
		return;
	}
	if (w->handles != 1 || uv_is_closing((uv_handle_t *)&w->timer))
		return;
	uv_close((uv_handle_t *)&w->timer, on_timer_closed);
}

bool
mdg_worker_send(struct mdg_worker *w, uint16_t type, uint32_t id,
		const struct mdg_buf *payload)
{
	return w->ready &&
	       mdg_peer_send(&w->peer, type, id, mdg_buf_span(payload));
}
