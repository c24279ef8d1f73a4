/* The search index: behind everything else, in small steps, rebuildable. */
#include <string.h>

#include "core.h"
#include "madoguchi/base/log.h"
#include "madoguchi/store/search.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum { STEP = 100, WAKE_MS = 200, NEXT_MS = 1, TEXT_BYTES = 256 << 10 };

struct doc {
	int64_t id;
	char *terms;
};

static void
cut(struct mdg_rows *r, struct doc *d)
{
	struct mdg_buf terms = {0};

	d->id = mdg_rows_i64(r, 0);
	for (int col = 1; col <= 4; col++) {
		const char *s = mdg_rows_text(r, col);
		size_t n = strlen(s);
		if (terms.len)
			mdg_buf_putc(&terms, ' ');
		mdg_terms_doc(s, n < TEXT_BYTES ? n : TEXT_BYTES, &terms);
	}
	d->terms = mdg_buf_steal(&terms);
}

static bool
read_docs(struct core *c, int64_t after, struct doc *docs, size_t *ret_n,
	  struct mdg_err *err)
{
	struct mdg_rows *r;

	*ret_n = 0;
	if (!mdg_db_query(c->desk->db, &r, err,
			  "SELECT id, subject, from_name, from_address, text"
			  " FROM message WHERE id > ?1 ORDER BY id LIMIT ?2",
			  "ii", after, (int64_t)STEP))
		return false;
	while (mdg_rows_next(r))
		cut(r, &docs[(*ret_n)++]);
	return mdg_rows_close(&r, err);
}

static bool
progress(struct core *c, int64_t *ret, struct mdg_err *err)
{
	enum mdg_found f = mdg_db_i64(c->desk->db, ret, err,
				      "SELECT upto_message_id FROM search_state"
				      " WHERE id = 1 AND folding = ?1",
				      "i", (int64_t)MDG_FOLD_VERSION);

	if (f == MDG_NONE)
		*ret = 0;
	return f != MDG_FAILED;
}

static bool
step(struct core *c, bool *ret_more, struct mdg_err *err)
{
	struct doc docs[STEP];
	int64_t upto;
	size_t n = 0;
	bool ok;

	if (!progress(c, &upto, err) || !read_docs(c, upto, docs, &n, err))
		return false;
	*ret_more = n == STEP;
	if (n == 0)
		return true;
	/* in the batch that is open, or in one of its own */
	ok = batch_open(c);
	for (size_t i = 0; i < n; i++) {
		ok = ok && mdg_search_put(c->desk->db, docs[i].id,
					  docs[i].terms, err);
		upto = docs[i].id;
		mdg_freep(&docs[i].terms);
	}
	ok = ok && mdg_db_run(c->desk->db, err,
			      "INSERT INTO search_state (id, folding,"
			      " upto_message_id) VALUES (1, ?1, ?2)"
			      " ON CONFLICT (id) DO UPDATE SET"
			      " folding = excluded.folding, upto_message_id ="
			      " excluded.upto_message_id",
			      "ii", (int64_t)MDG_FOLD_VERSION, upto);
	if (!ok && c->batch.open)
		batch_broken(c, err);
	return ok;
}

static void
on_timer(uv_timer_t *t)
{
	struct core *c = t->data;
	struct mdg_err err = {0};
	bool more = false;

	if (c->stopping)
		return;
	if (!step(c, &more, &err))
		mdg_error("search index: %s", err.text);
	/* arriving mail goes first; a full step shows there is more */
	if (more)
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
