/*
 * worker: a child process the core supervises. It is started by fork+exec,
 * has to say HELLO within a deadline, and is started again with backoff and
 * jitter when it ends; nothing else notices.
 */
#ifndef MDG_DAEMON_WORKER_H
#define MDG_DAEMON_WORKER_H

#include <sys/types.h>

#include "madoguchi/ipc/confine.h"
#include "peer.h"

struct core;

struct mdg_worker {
	struct core *core;
	enum mdg_role role;
	char ca_file[512]; /* "" for the system's */
	const char *const *args; /* more of its command line, ends with NULL */
	bool restarts;     /* false: runs once (a mailbox test) */
	void *owner;
	/* it said HELLO: send what it needs */
	void (*on_ready)(struct mdg_worker *w);
	bool (*on_frame)(struct mdg_worker *w, const struct mdg_frame *f);
	/* it is gone; signal: what killed it, 0 if it exited by itself */
	void (*on_gone)(struct mdg_worker *w, int signal);

	struct mdg_peer peer;
	uv_poll_t pidfd_watch;
	int pidfd;
	uv_timer_t timer; /* HELLO deadline, then backoff */
	pid_t pid;        /* 0: not running */
	bool ready;
	bool we_killed; /* the signal was ours */
	bool stopped;   /* do not start again */
	int failures;   /* in a row, for the backoff */
	int64_t started_ms;
	/* without a frame, as far as we looked; and when we looked last */
	int64_t silent_ms, watched_ms;
	int handles; /* still to be closed before free */
	void (*freed)(struct mdg_worker *w);
	struct mdg_err problem; /* why it ended last, as it said itself */
};

/* The authorities it trusts from its next start on; NULL: the system's. */
void mdg_worker_trust(struct mdg_worker *w, const char *ca_file);
/* Starts it; w is zeroed but for the fields above the blank line. */
void mdg_worker_start(struct mdg_worker *w);
/* If it waits for its next start: now. */
void mdg_worker_hurry(struct mdg_worker *w);
/* What it starts with was changed: now, whatever failed before. */
void mdg_worker_anew(struct mdg_worker *w);
/*
 * To be called every few seconds: kills it if it has said nothing for
 * `patience_ms`. Whatever it waits for has a deadline, so it hangs, or was
 * stopped. (Tests set their own patience.)
 */
void mdg_worker_watch(struct mdg_worker *w, int64_t patience_ms);
/* It was asked something just now: its time begins. */
void mdg_worker_has_to_speak(struct mdg_worker *w);
/* Kills it; on_gone follows, then a restart unless stopped. */
void mdg_worker_kill(struct mdg_worker *w);
/* Kills it for good; freed(w) when nothing refers to it any more. */
void mdg_worker_stop(struct mdg_worker *w, void (*freed)(struct mdg_worker *));
bool mdg_worker_send(struct mdg_worker *w, uint16_t type, uint32_t id,
		     const struct mdg_buf *payload);

#endif
