#include "madoguchi/store/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "db-int.h"
#include "madoguchi/base/str.h"

/* ---- open, close ------------------------------------------------------ */

bool
mdg_db_open(const char *url, unsigned flags, struct mdg_db **ret,
	    struct mdg_err *err)
{
	if (mdg_str_starts(url, "postgresql://") ||
	    mdg_str_starts(url, "postgres://")) {
#ifdef MDG_HAVE_PQ
		return mdg_db_pg_open(url, flags, ret, err);
#else
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_store_no_pg, NULL);
#endif
	}
	if (mdg_str_starts(url, "sqlite:") && url[7])
		return mdg_db_sqlite_open(url + 7, flags, ret, err);
	if (url[0] == '/')
		return mdg_db_sqlite_open(url, flags, ret, err);
	/* the text may be a mistyped URL with a password: show its start */
	char start[16];
	snprintf(start, sizeof(start), "%.*s",
		 (int)mdg_utf8_cut(url, strlen(url), 10), url);
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_store_bad_url, start,
			    NULL);
}

void
mdg_db_close(struct mdg_db **db)
{
	if (!*db)
		return;
	MDG_BUG_ON((*db)->rows_n != 0);
	mdg_db_rollback(*db);
	mdg_db_forget(*db);
	(*db)->ops->close(*db);
	*db = NULL;
}

uint64_t
mdg_db_begun(const struct mdg_db *db)
{
	return db->begun;
}

uint64_t
mdg_db_writes(const struct mdg_db *db)
{
	return db->writes;
}

const char *
mdg_db_engine(const struct mdg_db *db)
{
	return db->ops->name;
}

/* ---- transactions ----------------------------------------------------- */

/* Every failure inside a transaction passes here. Returns false. */
static bool
failed(struct mdg_db *db, const struct mdg_err *from, struct mdg_err *err)
{
	if (db->in_tx && !db->poisoned) {
		db->poisoned = true;
		db->poison_code = from->code;
	}
	if (err)
		*err = *from;
	return false;
}

static bool
usable(struct mdg_db *db, struct mdg_err *err)
{
	if (db->poisoned)
		return mdg_fail(err, MDG_ESTATE,
				"an earlier statement of this transaction "
				"failed (%s)",
				mdg_code_name(db->poison_code));
	return db->in_tx || db->ops->revive(db, err);
}

static void
tx_over(struct mdg_db *db)
{
	db->in_tx = db->poisoned = false;
}

bool
mdg_db_begin(struct mdg_db *db, struct mdg_err *err)
{
	const char *sql = db->flags & MDG_DB_READONLY ? db->ops->begin_readonly
						      : db->ops->begin;
	struct mdg_err why;

	if (db->in_tx)
		return mdg_fail(err, MDG_EBUG, "transactions do not nest");
	if (!db->ops->revive(db, err))
		return false;
	if (!db->ops->exec(db, sql, &why)) {
		/* the connection was dead, nothing is lost: once more */
		if (why.code != MDG_ENET)
			return failed(db, &why, err);
		if (!db->ops->revive(db, err) || !db->ops->exec(db, sql, err))
			return false;
	}
	db->in_tx = true;
	db->begun++;
	return true;
}

bool
mdg_db_commit(struct mdg_db *db, struct mdg_err *err)
{
	if (!db->in_tx)
		return mdg_fail(err, MDG_EBUG, "commit outside a transaction");
	if (!usable(db, err)) {
		mdg_db_rollback(db);
		return false;
	}
	if (!db->ops->exec(db, "COMMIT", err)) {
		mdg_db_rollback(db);
		return false;
	}
	tx_over(db);
	return true;
}

void
mdg_db_rollback(struct mdg_db *db)
{
	if (!db->in_tx)
		return;
	if (!db->ops->lost(db))
		(void)db->ops->exec(db, "ROLLBACK", NULL);
	tx_over(db);
}

bool
mdg_db_in_transaction(const struct mdg_db *db)
{
	return db->in_tx;
}

static bool
savepoint_exec(struct mdg_db *db, const char *verb, const char *name,
	       struct mdg_err *err)
{
	char sql[MDG_DB_SAVEPOINT_MAX + 32];
	struct mdg_err why;
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789");

	if (!n || name[n] || n > MDG_DB_SAVEPOINT_MAX)
		return mdg_fail(err, MDG_EBUG, "bad name of a savepoint");
	if (!db->in_tx)
		return mdg_fail(err, MDG_EBUG,
				"savepoint outside a transaction");
	snprintf(sql, sizeof(sql), "%s %s", verb, name);
	return db->ops->exec(db, sql, &why) || failed(db, &why, err);
}

bool
mdg_db_savepoint(struct mdg_db *db, const char *name, struct mdg_err *err)
{
	return usable(db, err) && savepoint_exec(db, "SAVEPOINT", name, err);
}

bool
mdg_db_release(struct mdg_db *db, const char *name, struct mdg_err *err)
{
	return usable(db, err) &&
	       savepoint_exec(db, "RELEASE SAVEPOINT", name, err);
}

bool
mdg_db_rollback_to(struct mdg_db *db, const char *name, struct mdg_err *err)
{
	if (db->in_tx && db->ops->lost(db))
		return mdg_fail(err, db->poisoned ? db->poison_code : MDG_EDB,
				"the whole transaction was rolled back");
	if (!savepoint_exec(db, "ROLLBACK TO SAVEPOINT", name, err))
		return false;
	db->poisoned = false;
	return true;
}

/* ---- statements ------------------------------------------------------- */

/* changed NULL: sent, not waited for. */
static bool
run_va(struct mdg_db *db, int64_t *changed, struct mdg_err *err,
       const char *sql, const char *types, va_list *ap)
{
	struct mdg_db_args args;
	struct mdg_db_stmt *st;
	struct mdg_err why;

	if (!usable(db, err))
		return false;
	if (!mdg_db_args_decode(&args, sql, types, ap, &why) ||
	    !(st = mdg_db_stmt_get(db, sql, types, &why)))
		return failed(db, &why, err);
	bool ok = db->ops->run(db, st, &args, changed, &why);
	mdg_db_stmt_put(db, st);
	return ok || failed(db, &why, err);
}

bool
mdg_db_run(struct mdg_db *db, struct mdg_err *err, const char *sql,
	   const char *types, ...)
{
	va_list ap;
	int64_t n;

	va_start(ap, types);
	bool ok = run_va(db, &n, err, sql, types, &ap);
	va_end(ap);
	return ok;
}

bool
mdg_db_send(struct mdg_db *db, struct mdg_err *err, const char *sql,
	    const char *types, ...)
{
	va_list ap;
	int64_t n;

	va_start(ap, types);
	bool ok = run_va(db, db->in_tx ? NULL : &n, err, sql, types, &ap);
	va_end(ap);
	return ok;
}

bool
mdg_db_run_n(struct mdg_db *db, int64_t *changed, struct mdg_err *err,
	     const char *sql, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bool ok = run_va(db, changed, err, sql, types, &ap);
	va_end(ap);
	return ok;
}

bool
mdg_db_script(struct mdg_db *db, const char *sql, struct mdg_err *err)
{
	struct mdg_err why;

	if (!usable(db, err))
		return false;
	mdg_db_forget(db); /* it may change what they were prepared for */
	if (db->in_tx)
		return db->ops->exec(db, sql, &why) || failed(db, &why, err);
	if (!mdg_db_begin(db, err))
		return false;
	if (!db->ops->exec(db, sql, err)) {
		mdg_db_rollback(db);
		return false;
	}
	return mdg_db_commit(db, err);
}

static struct mdg_rows *
query_once(struct mdg_db *db, const struct mdg_db_args *args, const char *sql,
	   const char *types, struct mdg_err *err)
{
	struct mdg_db_stmt *st = mdg_db_stmt_get(db, sql, types, err);

	if (!st)
		return NULL;
	struct mdg_rows *r = db->ops->query(db, st, args, err);
	if (!r) {
		mdg_db_stmt_put(db, st);
		return NULL;
	}
	r->db = db;
	r->st = st;
	st->busy = true;
	db->rows_n++;
	return r;
}

static bool
query_va(struct mdg_db *db, struct mdg_rows **ret, struct mdg_err *err,
	 const char *sql, const char *types, va_list *ap)
{
	struct mdg_db_args args;
	struct mdg_rows *r;
	struct mdg_err why;

	if (!usable(db, err))
		return false;
	if (!mdg_db_args_decode(&args, sql, types, ap, &why))
		return failed(db, &why, err);
	r = query_once(db, &args, sql, types, &why);
	/* reading twice does no harm where the connection was dead */
	if (!r && why.code == MDG_ENET && !db->in_tx &&
	    mdg_str_starts(sql, "SELECT") && db->ops->revive(db, &why))
		r = query_once(db, &args, sql, types, &why);
	if (!r)
		return failed(db, &why, err);
	*ret = r;
	return true;
}

bool
mdg_db_query(struct mdg_db *db, struct mdg_rows **ret, struct mdg_err *err,
	     const char *sql, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bool ok = query_va(db, ret, err, sql, types, &ap);
	va_end(ap);
	return ok;
}

bool
mdg_rows_next(struct mdg_rows *r)
{
	return !r->failed && r->db->ops->next(r);
}

bool
mdg_rows_close(struct mdg_rows **rp, struct mdg_err *err)
{
	struct mdg_rows *r = *rp;

	if (!r)
		return true;
	*rp = NULL;
	struct mdg_db *db = r->db;
	struct mdg_db_stmt *st = r->st;
	struct mdg_err why;
	bool ok = !r->failed;
	if (!ok)
		why = r->err;
	struct mdg_err end;
	if (!db->ops->end(r, &end) && ok) {
		why = end;
		ok = false;
	}
	db->rows_n--;
	mdg_db_stmt_put(db, st);
	return ok || failed(db, &why, err);
}

void
mdg_rows_closep(struct mdg_rows **r)
{
	(void)mdg_rows_close(r, NULL);
}

bool
mdg_rows_ids(struct mdg_rows **r, int64_t *ids, size_t max, size_t *ret_n,
	     struct mdg_err *err)
{
	*ret_n = 0;
	while (*ret_n < max && mdg_rows_next(*r))
		ids[(*ret_n)++] = mdg_rows_i64(*r, 0);
	return mdg_rows_close(r, err);
}

enum mdg_found
mdg_db_i64(struct mdg_db *db, int64_t *ret, struct mdg_err *err,
	   const char *sql, const char *types, ...)
{
	struct mdg_rows *r;
	va_list ap;

	va_start(ap, types);
	bool ok = query_va(db, &r, err, sql, types, &ap);
	va_end(ap);
	if (!ok)
		return MDG_FAILED;
	bool any = mdg_rows_next(r);
	int64_t value = any ? mdg_rows_i64(r, 0) : 0;
	if (!mdg_rows_close(&r, err))
		return MDG_FAILED;
	if (!any)
		return MDG_NONE;
	*ret = value;
	return MDG_FOUND;
}

/* ---- columns ---------------------------------------------------------- */

static void
check_col(const struct mdg_rows *r, int col)
{
	MDG_BUG_ON(col < 0 || col >= r->db->ops->columns(r));
}

bool
mdg_rows_null(const struct mdg_rows *r, int col)
{
	check_col(r, col);
	return r->db->ops->null(r, col);
}

int64_t
mdg_rows_i64(const struct mdg_rows *r, int col)
{
	check_col(r, col);
	return r->db->ops->i64(r, col);
}

double
mdg_rows_f64(const struct mdg_rows *r, int col)
{
	check_col(r, col);
	return r->db->ops->f64(r, col);
}

const char *
mdg_rows_text_or_null(const struct mdg_rows *r, int col)
{
	return mdg_rows_null(r, col) ? NULL : r->db->ops->text(r, col);
}

const char *
mdg_rows_text(const struct mdg_rows *r, int col)
{
	const char *s = mdg_rows_text_or_null(r, col);
	return s ? s : "";
}

struct mdg_span
mdg_rows_blob(const struct mdg_rows *r, int col)
{
	if (mdg_rows_null(r, col))
		return (struct mdg_span){0};
	struct mdg_span b = r->db->ops->blob(r, col);
	/* empty is not NULL */
	return b.n ? b : mdg_span("", 0);
}

/* ---- the rest --------------------------------------------------------- */

bool
mdg_db_lock(struct mdg_db *db, int64_t lane, struct mdg_err *err)
{
	return db->ops->lock(db, lane, err);
}

bool
mdg_db_check(struct mdg_db *db, struct mdg_err *err)
{
	return db->ops->check(db, err);
}

bool
mdg_db_in_place(struct mdg_db *db, struct mdg_err *err)
{
	return db->ops->in_place(db, err);
}

bool
mdg_db_backup(struct mdg_db *db, const char *path,
	      const struct mdg_progress *news, struct mdg_err *err)
{
	return db->ops->backup(db, path, news, err);
}

bool
mdg_db_copies(struct mdg_db *db, struct mdg_arena *a, struct mdg_db_copy **ret,
	      size_t *ret_n, struct mdg_err *err)
{
	*ret = mdg_arena_array(a, MDG_DB_COPIES_MAX, sizeof(**ret));
	return db->ops->copies(db, a, *ret, ret_n, err);
}

bool
mdg_db_scrub(struct mdg_db *db, bool *ret_done, struct mdg_err *err)
{
	if (db->in_tx)
		return mdg_fail(err, MDG_EBUG, "scrub in a transaction");
	return db->ops->revive(db, err) && db->ops->scrub(db, ret_done, err);
}

int64_t
mdg_db_size_bytes(struct mdg_db *db)
{
	return db->ops->size_bytes(db);
}
