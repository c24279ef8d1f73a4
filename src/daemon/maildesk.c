/*
 * The desk by mail: orders one after the other, each with the checks of
 * mdg-text that its action needs, and the mails that are due.
 */
#include "madoguchi/app/maildesk.h"

#include <string.h>

#include "core.h"
#include "madoguchi/app/check.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/st_reply.h"

static void
end(struct core *c)
{
	mdg_order_free(&c->order);
	control_rescued(c);
	judger_wake(c);
	senders_pump(c);
	fetchers_poke(c);
	/* the next, and what this one's people are to be told */
	maildesk_wake(c);
}

static void step(struct core *c);

static bool
load(struct core *c, struct mdg_arena *a, struct mdg_draft *ret,
     struct mdg_err *err)
{
	if (mdg_draft_by_id(c->desk->db, c->order_wants.draft, a, ret, err) !=
	    MDG_FOUND)
		return false;
	if (c->order_wants.body)
		ret->body = c->order_wants.body;
	return true;
}

static void
checked(void *arg, json_t *result, const struct mdg_err *why)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct core *c = arg;
	struct mdg_draft draft;
	struct mdg_err err;
	json_t *findings = NULL;

	if (why)
		mdg_warn("draft %lld is not checked: %s",
			 (long long)c->order_wants.draft, mdg_err_en(why));
	mdg_fail(&err, MDG_ENOENT, "draft %lld is gone",
		 (long long)c->order_wants.draft);
	/* at the end of the process it stays begun: see app/maildesk_do.c */
	if (c->stopping) {
		json_decref(result);
		mdg_order_free(&c->order);
		return;
	}
	bool ok = batch_commit(c) && load(c, &a, &draft, &err) &&
		  mdg_check_keep(c->desk, &draft, result, &findings, &err);
	json_decref(result);
	json_decref(findings);
	if (ok) {
		step(c);
		return;
	}
	mdg_order_fail(c->order, &err);
	end(c);
}

/* ---- a file of the person's mail, on its way into the draft ---- */

static bool
on_piece(void *arg, struct mdg_span piece)
{
	struct core *c = arg;

	return !c->stopping && batch_commit(c) &&
	       mdg_order_piece(c->order, piece);
}

static void
on_file(void *arg, const struct mdg_err *why)
{
	struct core *c = arg;

	if (c->stopping) {
		mdg_order_free(&c->order);
		return;
	}
	if (batch_commit(c)) {
		mdg_order_file(c->order, why);
		step(c);
		return;
	}
	struct mdg_err err;
	mdg_fail(&err, MDG_EBUSY, "the store takes nothing now");
	mdg_order_fail(c->order, &err);
	end(c);
}

static void
step(struct core *c)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_draft draft;
	struct mdg_err err;

	if (!mdg_order_step(c->order, &c->order_wants, &err)) {
		mdg_order_fail(c->order, &err);
		end(c);
		return;
	}
	if (c->order_wants.raw) {
		extract_part(c, c->order_wants.raw, c->order_wants.part,
			     on_piece, on_file, c);
		return;
	}
	if (!c->order_wants.draft) {
		end(c);
		return;
	}
	if (!load(c, &a, &draft, &err)) {
		mdg_order_fail(c->order, &err);
		end(c);
		return;
	}
	texter_check(c, &draft, checked, c);
}

static void
on_timer(uv_timer_t *t)
{
	enum { TICK_MS = 1000 };
	struct core *c = t->data;
	struct mdg_err err;

	if (c->stopping || c->order)
		return;
	/* while mail pours in, once a second is enough */
	bool due = (parser_is_idle(c) ||
		    mdg_mono_ms() - c->maildesk_ms >= TICK_MS) &&
		   mdg_maildesk_due(c->desk);
	/* a batch is not ended for nothing */
	if ((due || mdg_order_waits(c->desk)) && !batch_commit(c))
		return;
	if (due)
		c->maildesk_ms = mdg_mono_ms();
	if (due && !mdg_maildesk_tick(c->desk, mdg_now_s(), &err))
		mdg_error("desk by mail: %s", mdg_err_en(&err));
	switch (mdg_order_next(c->desk, &c->order, &err)) {
	case MDG_FOUND:
		step(c);
		break;
	case MDG_FAILED:
		mdg_error("desk by mail: %s", mdg_err_en(&err));
		break;
	case MDG_NONE:
		senders_pump(c);
		break;
	}
}

void
maildesk_wake(struct core *c)
{
	enum { WAKE_MS = 20 };

	if (!c->stopping && !c->order &&
	    !uv_is_active((uv_handle_t *)&c->maildesk))
		uv_timer_start(&c->maildesk, on_timer, WAKE_MS, 0);
}

bool
maildesk_claims(struct core *c, const struct mdg_mail *m)
{
	struct mdg_err err;
	bool claims;

	if (mdg_maildesk_claims(c->desk, m, &claims, &err))
		return claims;
	mdg_error("a mail is not asked for tokens: %s", mdg_err_en(&err));
	return false;
}

void
maildesk_init(struct core *c)
{
	uv_timer_init(c->loop, &c->maildesk);
	c->maildesk.data = c;
}

void
maildesk_stop(struct core *c)
{
	uv_timer_stop(&c->maildesk);
	uv_unref((uv_handle_t *)&c->maildesk);
}
