/* When the search index is written: behind everything else. */
#include "core.h"
#include "madoguchi/app/index.h"
#include "madoguchi/base/log.h"

enum { WAKE_MS = 200, NEXT_MS = 1 };

/* A step in the batch that is open, or in one of its own. */
static size_t
step(struct core *c)
{
	struct mdg_err err;
	bool pending = false;
	size_t n = 0;

	if (!mdg_index_pending(c->desk, &pending, &err))
		mdg_error("search index: %s", mdg_err_en(&err));
	if (!pending || !batch_open(c))
		return 0;
	if (!mdg_index_step(c->desk, &n, &err)) {
		mdg_error("search index: %s", mdg_err_en(&err));
		batch_broken(c, &err);
	}
	return n;
}

static void
on_timer(uv_timer_t *t)
{
	struct core *c = t->data;

	if (c->stopping || step(c) < MDG_INDEX_STEP)
		return;
	/* a full step: there is more; arriving mail goes first */
	uv_timer_start(&c->indexer, on_timer,
		       parser_is_idle(c) ? NEXT_MS : WAKE_MS, 0);
}

void
indexer_wake(struct core *c)
{
	if (!uv_is_active((uv_handle_t *)&c->indexer) && !c->stopping)
		uv_timer_start(&c->indexer, on_timer, WAKE_MS, 0);
}

void
indexer_init(struct core *c)
{
	uv_timer_init(c->loop, &c->indexer);
	c->indexer.data = c;
	indexer_wake(c);
}
