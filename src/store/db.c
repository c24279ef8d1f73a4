#include "madoguchi/store/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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

const char *
mdg_db_engine(const struct mdg_db *db)
{
	return db->ops->name;
}

/* ---- statement cache -------------------------------------------------- */

static size_t
bucket_of(const char *key)
{
	uint64_t h = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(h >> 56) % MDG_DB_BUCKETS;
}

static void
stmt_free(struct mdg_db *db, struct mdg_db_stmt *st)
{
	free(st->sql);
	free(st->types);
	db->ops->finalize(db, st);
}

static void
stmt_unlink(struct mdg_db *db, struct mdg_db_stmt *st)
{
	struct mdg_db_stmt **at = &db->stmts[bucket_of(st->key)];
	while (*at != st)
		at = &(*at)->next;
	*at = st->next;
	db->stmts_n--;
}

/* Takes st out of the cache; open rows of it keep it until they close. */
static void
stmt_drop(struct mdg_db *db, struct mdg_db_stmt *st)
{
	stmt_unlink(db, st);
	if (st->busy)
		st->loose = true;
	else
		stmt_free(db, st);
}

void
mdg_db_forget(struct mdg_db *db)
{
	for (size_t i = 0; i < MDG_DB_BUCKETS; i++)
		while (db->stmts[i])
			stmt_drop(db, db->stmts[i]);
}

static void
cache_make_room(struct mdg_db *db)
{
	struct mdg_db_stmt *oldest = NULL;

	if (db->stmts_n < MDG_DB_STMTS_MAX)
		return;
	for (size_t i = 0; i < MDG_DB_BUCKETS; i++)
		for (struct mdg_db_stmt *s = db->stmts[i]; s; s = s->next)
			if (!oldest || s->used_at < oldest->used_at)
				oldest = s;
	stmt_drop(db, oldest);
}

/*
 * The prepared statement of sql: from the cache, or new and cached. One whose
 * rows are open is left alone; then a loose one is made for this use.
 */
static struct mdg_db_stmt *
stmt_get(struct mdg_db *db, const char *sql, const char *types,
	 struct mdg_err *err)
{
	struct mdg_db_stmt **head = &db->stmts[bucket_of(sql)];
	struct mdg_db_stmt *next, *st;
	bool loose = false;

	for (st = *head; st; st = next) {
		next = st->next;
		if (st->key != sql)
			continue;
		if (strcmp(st->sql, sql) != 0) {
			stmt_drop(db, st); /* not a literal after all */
			continue;
		}
		if (strcmp(st->types, types) != 0)
			continue;
		if (!st->busy) {
			st->used_at = ++db->tick;
			return st;
		}
		loose = true;
	}
	if (!(st = db->ops->prepare(db, sql, types, err)))
		return NULL;
	st->key = sql;
	st->sql = mdg_strdup(sql);
	st->types = mdg_strdup(types);
	st->used_at = ++db->tick;
	st->loose = loose;
	if (!loose) {
		cache_make_room(db);
		st->next = *head;
		*head = st;
		db->stmts_n++;
	}
	return st;
}

static void
stmt_put(struct mdg_db *db, struct mdg_db_stmt *st)
{
	st->busy = false;
	if (st->loose)
		stmt_free(db, st);
}

const char *
mdg_db_shown(const char *sql, char *out, size_t n)
{
	size_t len = 0;

	for (const char *p = sql; *p && len + 1 < n; p++) {
		bool space = *p == ' ' || *p == '\n' || *p == '\t';
		if (space && (len == 0 || out[len - 1] == ' '))
			continue;
		out[len++] = space ? ' ' : *p;
	}
	len = mdg_utf8_cut(out, len, n - 1);
	out[len] = '\0';
	return out;
}

/* ---- arguments -------------------------------------------------------- */

static bool
bad_arg(struct mdg_err *err, const char *sql, size_t at, const char *why)
{
	char shown[MDG_DB_SQL_SHOWN_MAX];
	return mdg_fail(err, MDG_EBUG, "?%zu of \"%s\": %s", at + 1,
			mdg_db_shown(sql, shown, sizeof(shown)), why);
}

static bool
arg_text(struct mdg_db_arg *a, const char *s)
{
	a->p = s;
	a->null = !s;
	a->n = s ? strlen(s) : 0;
	return !s || mdg_utf8_valid(s, a->n);
}

static bool
args_decode(struct mdg_db_args *args, const char *sql, const char *types,
	    va_list *ap, struct mdg_err *err)
{
	args->n = strlen(types);
	if (args->n > MDG_DB_ARGS_MAX)
		return bad_arg(err, sql, args->n, "too many arguments");
	for (size_t i = 0; i < args->n; i++) {
		struct mdg_db_arg *a = &args->a[i];
		const int64_t *ip;
		struct mdg_span b;

		*a = (struct mdg_db_arg){.type = types[i]};
		switch (types[i]) {
		case 'i':
			a->i = va_arg(*ap, int64_t);
			break;
		case 'I':
			ip = va_arg(*ap, const int64_t *);
			a->type = 'i';
			a->null = !ip;
			a->i = ip ? *ip : 0;
			break;
		case 'd':
			a->d = va_arg(*ap, double);
			break;
		case 's':
			if (!arg_text(a, va_arg(*ap, const char *)))
				return bad_arg(err, sql, i, "not UTF-8");
			break;
		case 'b':
			b = va_arg(*ap, struct mdg_span);
			a->p = (const char *)b.p;
			a->n = b.n;
			a->null = !b.p;
			break;
		case 'n':
			a->null = true;
			break;
		default:
			return bad_arg(err, sql, i, "unknown type letter");
		}
	}
	return true;
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

static bool
run_va(struct mdg_db *db, int64_t *changed, struct mdg_err *err,
       const char *sql, const char *types, va_list *ap)
{
	struct mdg_db_args args;
	struct mdg_db_stmt *st;
	struct mdg_err why;
	int64_t n;

	if (!usable(db, err))
		return false;
	if (!args_decode(&args, sql, types, ap, &why) ||
	    !(st = stmt_get(db, sql, types, &why)))
		return failed(db, &why, err);
	bool ok = db->ops->run(db, st, &args, &n, &why);
	stmt_put(db, st);
	if (!ok)
		return failed(db, &why, err);
	if (changed)
		*changed = n;
	return true;
}

bool
mdg_db_run(struct mdg_db *db, struct mdg_err *err, const char *sql,
	   const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bool ok = run_va(db, NULL, err, sql, types, &ap);
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
	struct mdg_db_stmt *st = stmt_get(db, sql, types, err);

	if (!st)
		return NULL;
	struct mdg_rows *r = db->ops->query(db, st, args, err);
	if (!r) {
		stmt_put(db, st);
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
	if (!args_decode(&args, sql, types, ap, &why))
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
	stmt_put(db, st);
	return ok || failed(db, &why, err);
}

void
mdg_rows_closep(struct mdg_rows **r)
{
	(void)mdg_rows_close(r, NULL);
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
mdg_db_backup(struct mdg_db *db, const char *path, struct mdg_err *err)
{
	return db->ops->backup(db, path, err);
}

int64_t
mdg_db_size_bytes(struct mdg_db *db)
{
	return db->ops->size_bytes(db);
}
