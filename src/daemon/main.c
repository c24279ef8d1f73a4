/* madoguchid(8): starts the parts, runs the loop, stops the parts. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#ifdef MDG_HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "core.h"
#include "madoguchi/app/autorule.h"
#include "madoguchi/app/check.h"
#include "madoguchi/app/digest.h"
#include "madoguchi/app/figures.h"
#include "madoguchi/app/junk.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/app/outbox.h"
#include "madoguchi/app/scan.h"
#include "madoguchi/app/surge.h"
#include "madoguchi/app/warn.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/ipc/confine.h"
#include "madoguchi/ipc/spawn.h"
#include "madoguchi/store/st_mail.h"
#include "madoguchi/store/st_warn.h"

enum {
	TICK_MS = 1000,
	/* for a server's answer to a mail that has all gone out, and for
	 * sanitizers; the unit file allows more */
	STOP_MS = 20000,
};

static void
notify(const char *state)
{
#ifdef MDG_HAVE_SYSTEMD
	sd_notify(0, state);
#else
	(void)state;
#endif
}

static void
warn_tick(struct core *c)
{
	struct mdg_err err;
	int64_t oldest_s;

	if (mdg_warning_oldest(c->desk->db, &oldest_s, &err) == MDG_FOUND &&
	    batch_commit(c) && !mdg_warn_tick(c->desk, mdg_now_s(), &err))
		mdg_error("warnings: %s", mdg_err_en(&err));
}

static void
rules_tick(struct core *c)
{
	struct mdg_err err;

	if (mdg_autorule_due(c->desk, mdg_now_s()) && batch_commit(c) &&
	    !mdg_autorule_tick(c->desk, mdg_now_s(), &err))
		mdg_error("rules: %s", mdg_err_en(&err));
}

/* The rows of reports, behind everything else. */
static void
figures_tick(struct core *c)
{
	enum { EVERY_MS = 60000 };
	static int64_t looked_ms, behind;
	struct mdg_err err;

	if (!parser_is_idle(c) ||
	    (!behind && mdg_mono_ms() - looked_ms < EVERY_MS) ||
	    !batch_commit(c))
		return;
	looked_ms = mdg_mono_ms();
	behind = mdg_figures_due(c->desk);
	if (behind && !mdg_figures_step(c->desk, &err)) {
		mdg_error("figures: %s", mdg_err_en(&err));
		behind = 0;
	}
}

/* Mails to the leads wait for their hours: looked at each minute. */
static void
surge_tick(struct core *c)
{
	enum { BUDGET_MS = 20, TELL_EVERY_S = 60 };
	static int64_t told_s;
	struct mdg_err err;
	int64_t now_s = mdg_now_s();
	bool due = mdg_surging_due(c->surging, now_s);

	if ((!due && now_s - told_s < TELL_EVERY_S && now_s >= told_s) ||
	    !batch_commit(c))
		return;
	if ((due && !mdg_surging_tick(c->surging, c->desk, now_s, BUDGET_MS,
				      &err)) ||
	    !mdg_surge_tell(c->desk, now_s, &err))
		mdg_error("surges: %s", mdg_err_en(&err));
	if (!mdg_scan_tell(c->desk, now_s, &err))
		mdg_error("what the scanner found: %s", mdg_err_en(&err));
	if (!mdg_digest_tick(c->desk, now_s, &err))
		mdg_error("digests: %s", mdg_err_en(&err));
	if (!mdg_junk_tick(c->desk, now_s, &err))
		mdg_error("lists of junk folders: %s", mdg_err_en(&err));
	told_s = now_s;
}

/* Every second: clocks that ran out, mail that waited, the watchdog. */
static void
on_tick(uv_timer_t *t)
{
	struct core *c = t->data;
	struct mdg_err err;
	int64_t due_s;

	if (mdg_clock_next(c->desk->db, &due_s, &err) == MDG_FOUND &&
	    due_s < mdg_now_s() && batch_commit(c)) {
		if (!mdg_desk_begin(c->desk, &err) ||
		    !mdg_desk_clock_tick(c->desk, mdg_now_s(), &err) ||
		    !mdg_desk_commit(c->desk, &err)) {
			mdg_error("clocks: %s", mdg_err_en(&err));
			mdg_desk_rollback(c->desk);
		}
	}
	if (mdg_approval_due(c->desk, mdg_now_s()) && batch_commit(c)) {
		if (!mdg_desk_begin(c->desk, &err) ||
		    !mdg_approval_tick(c->desk, mdg_now_s(), &err) ||
		    !mdg_desk_commit(c->desk, &err)) {
			mdg_error("approvals: %s", mdg_err_en(&err));
			mdg_desk_rollback(c->desk);
		}
	}
	rules_tick(c);
	tokens_tick(c);
	warn_tick(c);
	maildesk_wake(c);
	surge_tick(c);
	figures_tick(c);
	senders_pump(c);
	fetchers_copy(c);
	fetchers_act(c);
	/* reached only while the loop turns */
	if (watch_tick(c))
		notify("WATCHDOG=1");
}

/* ---- signals ---- */

static void
on_stop_deadline(uv_timer_t *t)
{
	uv_stop(t->loop);
}

static void
stop(struct core *c)
{
	if (c->stopping)
		return;
	mdg_info("stopping");
	notify("STOPPING=1");
	c->stopping = true;
	batch_commit(c);
	uv_timer_stop(&c->tick);
	uv_timer_stop(&c->outbox);
	uv_timer_stop(&c->indexer);
	uv_close((uv_handle_t *)&c->control, NULL);
	fetchers_refresh(c);
	parser_stop(c);
	watch_stop(c);
	backup_stop(c);
	texter_stop(c);
	scanner_stop(c);
	judger_stop(c);
	maildesk_stop(c);
	tokens_stop(c);
	web_stop(c);
	/* workers die at once, but for one that waits for such an answer */
	uv_timer_start(&c->tick, on_stop_deadline, STOP_MS, 0);
	uv_unref((uv_handle_t *)&c->tick);
}

static void
on_signal(uv_signal_t *s, int signum)
{
	struct core *c = s->data;
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config fresh;
	struct mdg_err err;
	char text[MDG_ERR_TEXT_MAX * 2];

	if (signum != SIGHUP) {
		stop(c);
		return;
	}
	if (!mdg_config_load(c->config.path, &a, &fresh, &err)) {
		mdg_error("configuration not reloaded: %s",
			  mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
		return;
	}
	mdg_log_init("madoguchid", fresh.log_level);
	c->config.poll_s = fresh.poll_s;
	fetchers_refresh(c);
	mdg_info("configuration reloaded");
}

/* ---- start ---- */

static bool
recover(struct core *c, struct mdg_err *err)
{
	/* half a mail from before a crash; its UID will be fetched again */
	int64_t raw;
	enum mdg_found f;

	while ((f = mdg_db_i64(c->desk->db, &raw, err,
			       "SELECT id FROM raw WHERE bytes = -1 LIMIT 1",
			       "")) == MDG_FOUND)
		if (!mdg_raw_drop(c->desk->db, raw, err))
			return false;
	return f == MDG_NONE && mdg_outbox_lost(c->desk, 0, 0, err) &&
	       mdg_outbox_restored(c->desk, err);
}

static bool
start(struct core *c, struct mdg_err *err)
{
	const struct mdg_desk_config dc = {
		.store = c->config.store,
		.key_file = c->config.key_file,
	};

	if (!mdg_confine(MDG_ROLE_CORE, NULL, err) ||
	    !mdg_desk_open(&dc, &c->desk, err) || !recover(c, err) ||
	    !scanner_init(c, err) || !control_open(c, err))
		return false;
	batch_init(c);
	uv_timer_init(c->loop, &c->outbox);
	c->outbox.data = c;
	uv_timer_init(c->loop, &c->tick);
	c->tick.data = c;
	uv_timer_start(&c->tick, on_tick, TICK_MS, TICK_MS);
	parser_init(c);
	judger_init(c);
	maildesk_init(c);
	c->surging = mdg_surging_new();
	indexer_init(c);
	watch_init(c);
	web_init(c);
	fetchers_refresh(c);
	return true;
}

static void
hold_programs(void)
{
	const char *names[MDG_ROLE_N + 1] = {NULL};

	for (int r = 0; r < MDG_ROLE_N; r++)
		names[r] = mdg_role_program((enum mdg_role)r);
	mdg_spawn_hold(names);
}

static int
run(struct core *c)
{
	uv_signal_t signals[3];
	static const int which[] = {SIGTERM, SIGINT, SIGHUP};
	struct mdg_err err;
	char text[MDG_ERR_TEXT_MAX * 2];

	signal(SIGPIPE, SIG_IGN);
	hold_programs();
	c->loop = uv_default_loop();
	c->own_uid = (int64_t)geteuid();
	if (!start(c, &err)) {
		mdg_error("%s",
			  mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
		mdg_desk_close(&c->desk);
		return mdg_code_exit(err.code);
	}
	for (size_t i = 0; i < MDG_LEN(which); i++) {
		uv_signal_init(c->loop, &signals[i]);
		signals[i].data = c;
		uv_signal_start(&signals[i], on_signal, which[i]);
		uv_unref((uv_handle_t *)&signals[i]);
	}
	mdg_info("ready store=%s", mdg_db_engine(c->desk->db));
	notify("READY=1");
	uv_run(c->loop, UV_RUN_DEFAULT);
	unlink(c->config.socket);
	free(c->tokens);
	free(c->judger);
	scanner_free(c);
	mdg_order_free(&c->order);
	mdg_surging_free(&c->surging);
	mdg_desk_close(&c->desk);
	mdg_info("stopped");
	return EX_OK;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"check-store", no_argument, NULL, 'k'},
		{"clean-store", no_argument, NULL, 'e'},
		{"backup", required_argument, NULL, 'b'},
		{"recipient", required_argument, NULL, 'r'},
		{"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct core *c = mdg_calloc(1, sizeof(*c));
	const char *config = NULL, *copy = NULL, *recipient = NULL;
	bool check = false, clean = false;
	char text[MDG_ERR_TEXT_MAX * 2];
	struct mdg_err err;
	int o;

	while ((o = getopt_long(argc, argv, "c:Vh", options, NULL)) != -1) {
		switch (o) {
		case 'c':
			config = optarg;
			break;
		case 'k':
			check = true;
			break;
		case 'e':
			clean = true;
			break;
		case 'b':
			copy = optarg;
			break;
		case 'r':
			recipient = strlen(optarg) == 96 ? optarg : "";
			break;
		case 'V':
			puts("madoguchid " PACKAGE_VERSION);
			free(c);
			return EX_OK;
		default:
			fprintf(o == 'h' ? stdout : stderr,
				"usage: madoguchid [--config FILE]\n");
			free(c);
			return o == 'h' ? EX_OK : EX_USAGE;
		}
	}
	mdg_log_init("madoguchid", MDG_INFO);
	if (!mdg_config_load(config, &a, &c->config, &err)) {
		mdg_error("%s",
			  mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
		free(c);
		return EX_CONFIG;
	}
	mdg_log_init("madoguchid", c->config.log_level);
	int status = check   ? watch_check_store(&c->config)
		     : clean ? watch_clean_store(&c->config)
		     : copy  ? backup_copy(&c->config, copy, recipient)
			     : run(c);
	free(c);
	return status;
}
