/* Group commit: 300 mails, 8 MB, or nobody has anything else to do. */
#include <string.h>

#include "core.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/fault.h"
#include "madoguchi/base/log.h"

enum {
	BATCH_MAILS = 600, /* 300 raw and 300 parsed: half of MDG_IMAP_AHEAD */
	BATCH_BYTES = 8 << 20,
	BATCH_MS = 20,
	BATCH_BUSY_MS = 200, /* while the parser has mails of an earlier one */
	PROBLEM_QUIET_MS = 30000,
	REST_MS = 2000, /* after the store refused */
};

/* Each commit writes the pages of all indexes anew: the more mails share one,
 * the better, as long as nobody is kept waiting for it. */
static void
on_timer(uv_timer_t *t)
{
	struct core *c = t->data;

	if (parser_is_busy(c) &&
	    mdg_mono_ms() - c->batch.opened_ms < BATCH_BUSY_MS)
		uv_timer_start(t, on_timer, BATCH_MS, 0);
	else
		batch_commit(c);
}

void
batch_init(struct core *c)
{
	uv_timer_init(c->loop, &c->batch.timer);
	c->batch.timer.data = c;
}

/* The store refuses: leave the servers alone, say so, try again later. */
static void
store_problem(struct core *c, const struct mdg_err *err)
{
	char text[MDG_ERR_TEXT_MAX * 2];
	int64_t now_ms = mdg_mono_ms();

	if (!c->store_problem_ms ||
	    now_ms - c->store_problem_ms > PROBLEM_QUIET_MS)
		mdg_error("the store refuses; intake waits: %s",
			  mdg_err_text(err, MDG_LANG_EN, text, sizeof(text)));
	c->store_problem_ms = now_ms;
	c->store_problem = *err;
}

bool
batch_store_refuses(const struct mdg_err *err)
{
	return err->code == MDG_EFULL || err->code == MDG_EIO ||
	       err->code == MDG_EBUSY || err->code == MDG_ENET ||
	       err->code == MDG_ETIMEOUT;
}

bool
batch_store_rests(const struct core *c)
{
	return c->store_problem_ms &&
	       mdg_mono_ms() - c->store_problem_ms < REST_MS;
}

bool
batch_open(struct core *c)
{
	struct mdg_err err;

	if (c->batch.open)
		return true;
	if (!mdg_desk_begin(c->desk, &err)) {
		store_problem(c, &err);
		return false;
	}
	c->batch.open = true;
	c->batch.mails = c->batch.bytes = 0;
	c->batch.opened_ms = mdg_mono_ms();
	uv_timer_start(&c->batch.timer, on_timer, BATCH_MS, 0);
	return true;
}

void
batch_broken(struct core *c, const struct mdg_err *err)
{
	store_problem(c, err);
	if (c->batch.open) {
		c->batch.open = false;
		uv_timer_stop(&c->batch.timer);
		mdg_desk_rollback(c->desk);
	}
	fetchers_rolled_back(c);
	parser_rolled_back(c);
}

bool
batch_commit(struct core *c)
{
	struct mdg_err err;

	if (!c->batch.open)
		return true;
	uv_timer_stop(&c->batch.timer);
	if (!fetchers_committing(c, &err)) {
		batch_broken(c, &err);
		return false;
	}
	MDG_FAULT("batch.commit");
	if (!mdg_desk_commit(c->desk, &err)) {
		c->batch.open = false;
		batch_broken(c, &err);
		return false;
	}
	c->batch.open = false;
	if (c->store_problem_ms)
		fetchers_hurry(c);
	c->store_problem_ms = 0;
	c->watch.wrote_ms = mdg_mono_ms();
	MDG_FAULT("batch.committed");
	fetchers_committed(c);
	parser_committed(c);
	indexer_wake(c);
	judger_wake(c);
	scanner_wake(c);
	maildesk_wake(c);
	return true;
}

bool
batch_commit_or(struct core *c, struct mdg_err *err)
{
	if (batch_commit(c))
		return true;
	if (c->store_problem.id == MDG_MSG_NONE)
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_refuses, NULL);
	*err = c->store_problem;
	return false;
}

void
batch_awaited(struct core *c)
{
	if (!c->intake_busy ||
	    mdg_mono_ms() - c->batch.opened_ms >= BATCH_MS)
		batch_commit(c);
}

void
batch_wrote(struct core *c, size_t mails, size_t bytes)
{
	c->batch.mails += mails;
	c->batch.bytes += bytes;
	if (c->batch.mails >= BATCH_MAILS || c->batch.bytes >= BATCH_BYTES)
		batch_commit(c);
}
