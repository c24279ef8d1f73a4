/*
 * Watching ourselves: the disk, the clock, the store's consistency (checked
 * once a day by a process of its own), the alarms; and whether the core really
 * works, which is what the watchdog of systemd is fed by.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "core.h"
#include "madoguchi/app/alarm.h"
#include "madoguchi/app/health.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/ipc/spawn.h"

enum {
#ifdef MDG_FAULTS
	LOOK_MS = 1000, /* tests wait for these */
	STUCK_MS = 3000,
#else
	LOOK_MS = 10000, /* disk and alarms */
	STUCK_MS = 15000,
#endif
	BEAT_MS = 10000, /* a write of our own, if there was no other */
	QUIET_MS = 60000,
	CHECK_EVERY_S = 86400,
	CHECK_AFTER_S = 600, /* not while everybody starts */
	CHILD_MAX_MS = 3600000,
	CLEAN_AGAIN_S = 60, /* after one that failed */
};

/* ---- disk and clock ---- */

static void
look_at_disk(struct core *c)
{
	const char *path = c->config.store;
	struct mdg_probe *p = &c->desk->probe;
	struct statvfs st;

	if (mdg_str_starts(path, "sqlite:"))
		path += strlen("sqlite:");
	if (*path != '/' || statvfs(path, &st) != 0)
		return;
	p->disk_bytes = (int64_t)(st.f_blocks * st.f_frsize);
	p->disk_free_bytes = (int64_t)(st.f_bavail * st.f_frsize);
}

static void
jumped(struct core *c, int64_t by_s)
{
	struct mdg_probe *p = &c->desk->probe;

	mdg_warn("the clock jumped by %lld s", (long long)by_s);
	p->jump_s = by_s;
	p->jump_at_s = mdg_now_s();
	/* what seems silent since is only the jump */
	p->started_s = p->jump_at_s;
}

/* An upgrade under our feet: what runs stays whole, and says so. */
static void
look_at_programs(struct core *c)
{
	struct mdg_probe *p = &c->desk->probe;
	bool replaced = mdg_spawn_replaced();

	if (replaced && !p->replaced_s)
		mdg_warn("other programs were installed; this build (%s) runs "
			 "on with its own until madoguchid is restarted",
			 PACKAGE_VERSION);
	p->replaced_s = !replaced       ? 0
			: p->replaced_s ? p->replaced_s
					: mdg_now_s();
}

/* The wall clock against the one that only counts on. */
static void
look_at_clock(struct core *c)
{
	int64_t wall_ms = mdg_now_ms(), mono_ms = mdg_mono_ms();
	int64_t off_ms = (wall_ms - c->watch.wall_ms) -
			 (mono_ms - c->watch.mono_ms);

	if (c->watch.wall_ms &&
	    (off_ms > MDG_CLOCK_JUMP_S * 1000 ||
	     off_ms < -MDG_CLOCK_JUMP_S * 1000))
		jumped(c, off_ms / 1000);
	c->watch.wall_ms = wall_ms;
	c->watch.mono_ms = mono_ms;
}

/* Time that went back while nobody looked. */
static void
look_at_past(struct core *c)
{
	int64_t last_s;

	if (mdg_db_i64(c->desk->db, &last_s, NULL,
		       "SELECT time_s FROM event WHERE lane = ?1 AND seq = ?2",
		       "ii", c->desk->lane.lane,
		       c->desk->lane.seq) == MDG_FOUND &&
	    last_s > mdg_now_s() + MDG_CLOCK_JUMP_S)
		jumped(c, mdg_now_s() - last_s);
}

/* ---- a process of its own ---- */

static bool
start_child(struct core *c, struct watch_child *ch, const char *what,
	    struct mdg_err *err)
{
	const char *argv[] = {"madoguchid", what,
			      c->config.path ? "--config" : NULL,
			      c->config.path, NULL};

	ch->begun_ms = mdg_mono_ms();
	if (mdg_spawn(argv, &ch->pid, &ch->fd, err))
		return true;
	ch->pid = 0;
	return false;
}

/* *ret: what it exited with, -1 if it was killed. */
static bool
child_ended(struct watch_child *ch, int *ret)
{
	int status;

	if (waitpid(ch->pid, &status, WNOHANG) != ch->pid) {
		if (mdg_mono_ms() - ch->begun_ms > CHILD_MAX_MS)
			kill(ch->pid, SIGKILL);
		return false;
	}
	ch->pid = 0;
	close(ch->fd);
	*ret = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return true;
}

static void
stop_child(struct watch_child *ch)
{
	if (!ch->pid)
		return;
	kill(ch->pid, SIGKILL);
	waitpid(ch->pid, NULL, 0);
	close(ch->fd);
	ch->pid = 0;
}

/* ---- the check of the store ---- */

static void
checked(struct core *c, const char *fault)
{
	struct mdg_err err;

	if (!batch_commit(c) || !mdg_desk_begin(c->desk, &err))
		return;
	if (mdg_health_checked(c->desk, fault, &err) &&
	    mdg_desk_commit(c->desk, &err))
		return;
	mdg_error("the check of the store is not noted: %s", mdg_err_en(&err));
	mdg_desk_rollback(c->desk);
}

static void
reap_check(struct core *c)
{
	int status;

	if (!child_ended(&c->watch.check, &status))
		return;
	if (status == EX_OK) {
		mdg_info("the store is whole");
		checked(c, "");
	} else if (status == EX_DATAERR) {
		mdg_error("the store is damaged");
		checked(c, "damaged");
		/* it is in our way already, and writing makes it worse */
		if (c->watch.stumbled)
			_exit(EX_DATAERR);
	} else {
		mdg_warn("the check of the store did not end");
	}
}

static void
start_check(struct core *c)
{
	struct mdg_err err;

	c->watch.check_next_s = mdg_now_s() + CHECK_EVERY_S;
	if (!start_child(c, &c->watch.check, "--check-store", &err))
		mdg_error("the store cannot be checked: %s", mdg_err_en(&err));
}

/* After a start: when the last check says. */
static void
plan_check(struct core *c)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *text;
	int64_t last_s, soon_s = mdg_now_s() + CHECK_AFTER_S;

	if (!mdg_streq(mdg_db_engine(c->desk->db), "sqlite")) {
		c->watch.check_next_s = INT64_MAX;
		return;
	}
	if (!mdg_setting_get(c->desk->db, "check_s", &a, &text, NULL) ||
	    !mdg_str_i64(text, 0, INT64_MAX, &last_s))
		last_s = 0;
	c->watch.check_next_s = last_s + CHECK_EVERY_S > soon_s
					? last_s + CHECK_EVERY_S
					: soon_s;
}

/* ---- does the core work? ---- */

/*
 * Something is written at least every few seconds. A store that refuses (full
 * disk, server away) is no reason to be killed: a restart mends neither.
 */
static void
beat(struct core *c)
{
	char now[24];
	struct mdg_err err;

	if (mdg_mono_ms() - c->watch.wrote_ms < BEAT_MS)
		return;
	snprintf(now, sizeof(now), "%lld", (long long)mdg_now_s());
	bool ok = batch_commit(c) && mdg_db_begin(c->desk->db, &err);
	if (ok && !(mdg_setting_put(c->desk->db, "beat_s", now, &err) &&
		    mdg_db_commit(c->desk->db, &err))) {
		mdg_db_rollback(c->desk->db);
		ok = false;
	}
	if (ok && c->store_problem_ms)
		fetchers_hurry(c);
	if (ok || c->store_problem_ms || batch_store_refuses(&err))
		c->watch.wrote_ms = mdg_mono_ms();
	else
		mdg_error("the core cannot write: %s", mdg_err_en(&err));
}

/* Between two ticks of the loop no transaction but a young batch is open. */
static bool
works(struct core *c)
{
	int64_t now_ms = mdg_mono_ms();

	if (!mdg_db_in_transaction(c->desk->db) ||
	    c->watch.begun != mdg_db_begun(c->desk->db)) {
		c->watch.begun = mdg_db_begun(c->desk->db);
		c->watch.idle_ms = now_ms;
	}
	if (now_ms - c->watch.idle_ms > STUCK_MS) {
		mdg_error("a transaction is stuck for %lld s",
			  (long long)(now_ms - c->watch.idle_ms) / 1000);
		return false;
	}
	return now_ms - c->watch.wrote_ms < BEAT_MS + STUCK_MS;
}

/* ---- erasing ---- */

/*
 * What was erased leaves the files too, as soon as no reader holds it. SQLite
 * has one writer and does it in short steps; PostgreSQL goes over all tables at
 * once, for as long as they are big: another process waits for that.
 */
static void
start_clean(struct core *c, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *mark;

	if (mdg_now_s() < c->watch.clean_next_s)
		return;
	if (!mdg_erase_wanted(c->desk, &a, &mark, err)) {
		mdg_error("the store is not cleaned yet: %s", mdg_err_en(err));
		return;
	}
	c->watch.scrub = *mark != '\0';
	if (!*mark)
		return;
	c->watch.clean_next_s = mdg_now_s() + CLEAN_AGAIN_S;
	snprintf(c->watch.clean_mark, sizeof(c->watch.clean_mark), "%s", mark);
	if (!start_child(c, &c->watch.clean, "--clean-store", err))
		mdg_error("the store is not cleaned yet: %s", mdg_err_en(err));
}

static void
reap_clean(struct core *c)
{
	struct mdg_err err;
	int status;

	if (!child_ended(&c->watch.clean, &status))
		return;
	if (status != EX_OK)
		mdg_warn("the store is not cleaned yet");
	else if (!batch_commit_or(c, &err) ||
		 !mdg_erase_cleaned(c->desk, c->watch.clean_mark, &err))
		mdg_error("the store is not cleaned yet: %s", mdg_err_en(&err));
	else
		c->watch.clean_next_s = 0; /* what was erased meanwhile */
}

static void
scrub(struct core *c)
{
	struct mdg_err err;
	bool done;

	if (!c->watch.scrub || c->watch.clean.pid || !batch_commit(c))
		return;
	if (!mdg_streq(mdg_db_engine(c->desk->db), "sqlite")) {
		start_clean(c, &err);
		return;
	}
	if (!mdg_erase_finish(c->desk, &done, &err))
		mdg_error("the store is not cleaned yet: %s", mdg_err_en(&err));
	c->watch.scrub = !done;
}

void
watch_scrub(struct core *c)
{
	c->watch.scrub = true;
	scrub(c);
}

/* Tickets whose time is over, a few at a time. */
static void
retain(struct core *c)
{
	enum { EVERY_S = 3600, AT_ONCE = 10 };
	char text[MDG_ERR_TEXT_MAX * 2];
	struct mdg_err err;
	size_t n = 0;

	if (mdg_now_s() < c->watch.retain_s || !batch_commit(c))
		return;
	if (!mdg_retention_step(c->desk, mdg_now_s(), AT_ONCE, &n, &err))
		mdg_error("retention: %s",
			  mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
	if (n)
		mdg_info("retention: %zu tickets erased", n);
	c->watch.scrub |= n > 0;
	/* the rest at the next tick */
	if (n < AT_ONCE)
		c->watch.retain_s = mdg_now_s() + EVERY_S;
}

/* ---- every second ---- */

static void
look(struct core *c)
{
	struct mdg_err err;
	int64_t now_ms = mdg_mono_ms();

	if (now_ms - c->watch.looked_ms < LOOK_MS)
		return;
	c->watch.looked_ms = now_ms;
	look_at_disk(c);
	look_at_programs(c);
	fetchers_watch(c);
	senders_watch(c);
	web_watch(c);
	c->desk->probe.poll_s = c->config.poll_s;
	c->desk->probe.store_refuses_s =
		c->store_problem_ms ? mdg_now_s() : 0;
	if (c->store_problem_ms || !batch_commit(c) ||
	    mdg_alarm_tick(c->desk, mdg_now_s(), &err))
		return;
	if (now_ms - c->watch.said_ms > QUIET_MS)
		mdg_error("alarms: %s", mdg_err_en(&err));
	c->watch.said_ms = now_ms;
}

void
watch_init(struct core *c)
{
	c->desk->probe.started_s = mdg_now_s();
	c->watch.idle_ms = c->watch.wrote_ms = mdg_mono_ms();
	c->watch.scrub = true; /* a crash may have left something */
	look_at_past(c);
	plan_check(c);
}

/* Like a death, which all is made to survive; only that it is soon enough. */
static void
look_at_files(struct core *c)
{
	struct mdg_err err;

	batch_commit(c);
	if (mdg_db_in_place(c->desk->db, &err))
		return;
	mdg_error("%s", mdg_err_en(&err));
	_exit(mdg_code_exit(err.code));
}

bool
watch_tick(struct core *c)
{
	c->desk->probe.ticks++;
	look_at_files(c);
	if (mdg_db_is_suspect(c->desk->db) && !c->watch.stumbled) {
		c->watch.stumbled = true;
		c->watch.check_next_s = 0;
	}
	look_at_clock(c);
	beat(c);
	look(c);
	if (c->watch.clean.pid)
		reap_clean(c);
	if (c->watch.check.pid)
		reap_check(c);
	else if (mdg_now_s() >= c->watch.check_next_s)
		start_check(c);
	retain(c);
	if (mdg_now_s() < c->watch.retain_s)
		scrub(c);
	return works(c);
}

void
watch_stop(struct core *c)
{
	stop_child(&c->watch.check);
	stop_child(&c->watch.clean);
}

/* ---- in that process ---- */

static int
on_store(const struct mdg_config *conf, unsigned flags,
	 bool (*what)(struct mdg_db *db, struct mdg_err *err))
{
	struct mdg_db *db;
	struct mdg_err err;
	char text[MDG_ERR_TEXT_MAX * 2];

	if (nice(19) == -1)
		mdg_debug("nice is not possible");
	bool ok = mdg_db_open(conf->store, flags, &db, &err);
	if (ok) {
		ok = what(db, &err);
		mdg_db_close(&db);
	}
	if (ok)
		return EX_OK;
	mdg_error("%s", mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
	return mdg_code_exit(err.code);
}

int
watch_check_store(const struct mdg_config *conf)
{
	return on_store(conf, MDG_DB_READONLY, mdg_db_check);
}

static bool
clean(struct mdg_db *db, struct mdg_err *err)
{
	bool done;

	return mdg_db_scrub(db, &done, err) &&
	       (done || mdg_fail(err, MDG_EBUSY, "a reader holds old rows"));
}

int
watch_clean_store(const struct mdg_config *conf)
{
	return on_store(conf, 0, clean);
}
