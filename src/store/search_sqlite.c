/*
 * Search on SQLite: a contentless FTS5 table and a tokenizer of our own that
 * cuts at spaces and changes nothing, since the terms are cut and folded
 * already. Each connection registers it, readers too.
 */
#include <string.h>

#include "madoguchi/store/search.h"
#include "sqlite-int.h"

/* ---- the tokenizer "mdg" ---------------------------------------------- */

static int
tok_create(void *ctx, const char **args, int args_n, Fts5Tokenizer **ret)
{
	(void)ctx;
	(void)args;
	(void)args_n;
	static char stateless;
	*ret = (Fts5Tokenizer *)&stateless;
	return SQLITE_OK;
}

static void
tok_delete(Fts5Tokenizer *t)
{
	(void)t;
}

static int
tok_cut(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n,
	int (*token)(void *, int, const char *, int, int, int))
{
	(void)t;
	(void)flags;
	for (int i = 0; i < n;) {
		const char *end = memchr(text + i, ' ', (size_t)(n - i));
		int len = end ? (int)(end - (text + i)) : n - i;
		if (len > 0) {
			int rc = token(ctx, 0, text + i, len, i, i + len);
			if (rc != SQLITE_OK)
				return rc;
		}
		i += len + 1;
	}
	return SQLITE_OK;
}

bool
mdg_sq_search_setup(struct sq *q, struct mdg_err *err)
{
	static const char sql[] = "SELECT fts5(?1)";
	fts5_tokenizer t = {tok_create, tok_delete, tok_cut};
	fts5_api *api = NULL;
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(q->h, sql, -1, &s, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_bind_pointer(s, 1, (void *)&api, "fts5_api_ptr", NULL);
		sqlite3_step(s);
		rc = sqlite3_finalize(s);
	}
	if (rc == SQLITE_OK)
		rc = api ? api->xCreateTokenizer(api, "mdg", NULL, &t, NULL)
			 : SQLITE_ERROR;
	return rc == SQLITE_OK || mdg_sq_fail(q->path, q->h, rc, sql, err);
}

/* ---- put, remove, query ------------------------------------------------ */

bool
mdg_sq_search_put(struct mdg_db *db, int64_t doc, const char *terms,
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO search(rowid, terms) VALUES(?1, ?2)",
			  "is", doc, terms);
}

/* A contentless table must be told what to forget. */
bool
mdg_sq_search_remove(struct mdg_db *db, int64_t doc, const char *terms,
		     struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO search(search, rowid, terms)"
			  " VALUES('delete', ?1, ?2)",
			  "is", doc, terms);
}

/* "terms" or "terms" *: inside the quotes only a quote means something. */
void
mdg_sq_search_phrase(struct mdg_buf *out, const struct mdg_search_phrase *p)
{
	mdg_buf_puts(out, out->len ? " AND \"" : "\"");
	for (const char *s = p->terms; *s; s++) {
		if (*s == '"')
			mdg_buf_putc(out, '"');
		mdg_buf_putc(out, *s);
	}
	mdg_buf_puts(out, p->prefix ? "\" *" : "\"");
}

const char mdg_sq_search_sql[] =
	"SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2"
	" ORDER BY rowid DESC LIMIT ?3";
const char mdg_sq_search_clear_sql[] =
	"INSERT INTO search(search) VALUES('delete-all')";
