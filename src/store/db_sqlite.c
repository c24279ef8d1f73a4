/* The SQLite engine: statements, rows and errors. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "sqlite-int.h"

struct sq_stmt {
	struct mdg_db_stmt base;
	sqlite3_stmt *s;
	int params_n;
	bool gives_id; /* RETURNING id, without the words */
};

struct sq_rows {
	struct mdg_rows base;
	sqlite3_stmt *s;
	/*
	 * The first step is taken by query(), so that a conflict shows there
	 * as it does on the other engine; next() then hands it out.
	 */
	int first; /* its result, 0 once handed out */
	bool done;
	bool is_id; /* one row of one column, which is this: */
	int64_t id;
};

/* ---- errors ----------------------------------------------------------- */

static const struct {
	int rc; /* primary */
	enum mdg_code code;
} codes[] = {
	{SQLITE_BUSY, MDG_EBUSY},      {SQLITE_LOCKED, MDG_EBUSY},
	{SQLITE_FULL, MDG_EFULL},      {SQLITE_READONLY, MDG_EIO},
	{SQLITE_IOERR, MDG_EIO},       {SQLITE_CANTOPEN, MDG_EIO},
	{SQLITE_PERM, MDG_EIO},        {SQLITE_AUTH, MDG_EIO},
	{SQLITE_CORRUPT, MDG_EFORMAT}, {SQLITE_NOTADB, MDG_EFORMAT},
	{SQLITE_TOOBIG, MDG_ETOOBIG},  {SQLITE_MISUSE, MDG_EBUG},
};

static enum mdg_code
code_of(sqlite3 *h, int rc)
{
	/* SQLite forgets the reason where a commit fails: callers clear errno
	 */
	int os = errno ? errno : h ? sqlite3_system_errno(h) : 0;

	if (rc == SQLITE_CONSTRAINT_UNIQUE ||
	    rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
		return MDG_EEXIST;
	/* a full disk may show as a short write */
	if ((rc & 0xff) == SQLITE_IOERR &&
	    (os == ENOSPC || os == EDQUOT || os == EFBIG))
		return MDG_EFULL;
	for (size_t i = 0; i < MDG_LEN(codes); i++)
		if (codes[i].rc == (rc & 0xff))
			return codes[i].code;
	return MDG_EDB;
}

bool
mdg_sq_fail(const char *path, sqlite3 *h, int rc, const char *sql,
	    struct mdg_err *err)
{
	enum mdg_code code = code_of(h, rc);
	/* errmsg names tables and columns, never values */
	const char *why = h && sqlite3_extended_errcode(h) == rc
				  ? sqlite3_errmsg(h)
				  : sqlite3_errstr(rc);
	char shown[MDG_DB_SQL_SHOWN_MAX];

	switch (code) {
	case MDG_EBUSY:
		return mdg_fail_msg(err, code, MDG_MSG_store_locked, path,
				    NULL);
	case MDG_EFULL:
		return mdg_fail_msg(err, code, MDG_MSG_out_of_disk, path, NULL);
	case MDG_EFORMAT:
		return mdg_fail_msg(err, code, MDG_MSG_store_damaged, path, why,
				    NULL);
	case MDG_EIO:
		return mdg_fail_msg(err, code, MDG_MSG_store_io, path, why,
				    NULL);
	default:
		return mdg_fail(
			err, code, "%s (%d) in \"%s\"", why, rc,
			mdg_db_shown(sql ? sql : "", shown, sizeof(shown)));
	}
}

static bool
sq_fail(struct sq *q, int rc, const char *sql, struct mdg_err *err)
{
	q->suspect |= (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
	return mdg_sq_fail(q->path, q->h, rc, sql, err);
}

/* ---- statements ------------------------------------------------------- */

static bool
sq_exec(struct mdg_db *db, const char *sql, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;

	errno = 0;
	int rc = sqlite3_exec(q->h, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK || sq_fail(q, rc, sql, err);
}

static bool
sq_lost(struct mdg_db *db)
{
	return sqlite3_get_autocommit(((struct sq *)db)->h);
}

static bool
sq_revive(struct mdg_db *db, struct mdg_err *err)
{
	(void)db;
	(void)err;
	return true;
}

/*
 * RETURNING makes SQLite build a table of its own for each statement. Where
 * the new row's id is all that is asked for, the handle knows it anyway.
 * Returns the length without those words, or 0.
 */
static size_t
without_returning_id(const char *sql)
{
	static const char tail[] = " RETURNING id";
	size_t n = strlen(sql), k = sizeof(tail) - 1;

	if (n <= k || memcmp(sql + n - k, tail, k) != 0 ||
	    !mdg_str_starts(sql, "INSERT ") || strstr(sql, "DO UPDATE"))
		return 0;
	return n - k;
}

/* For the test that finds read models which look at whole tables. */
static void
note_plan(struct sq *q, const char *sql)
{
#ifdef MDG_FAULTS
	const char *path = getenv("MDG_PLANS");
	MDG_AUTO(mdg_freep) char *explain = NULL;
	sqlite3_stmt *s = NULL;

	if (!path)
		return;
	explain = mdg_asprintf("EXPLAIN QUERY PLAN %s", sql);
	FILE *f = fopen(path, "ae");
	if (f && sqlite3_prepare_v2(q->h, explain, -1, &s, NULL) == SQLITE_OK)
		while (sqlite3_step(s) == SQLITE_ROW)
			fprintf(f, "%s\t%s\n", sqlite3_column_text(s, 3), sql);
	sqlite3_finalize(s);
	if (f)
		fclose(f);
#else
	(void)q;
	(void)sql;
#endif
}

static struct mdg_db_stmt *
sq_prepare(struct mdg_db *db, const char *sql, const char *types,
	   struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;
	sqlite3_stmt *s;
	const char *tail;

	(void)types;
	size_t n = without_returning_id(sql);
	int rc = sqlite3_prepare_v3(q->h, sql, n ? (int)n : -1,
				    SQLITE_PREPARE_PERSISTENT, &s, &tail);
	if (rc != SQLITE_OK) {
		sq_fail(q, rc, sql, err);
		return NULL;
	}
	if (!s || (!n && tail[strspn(tail, " \t\n;")])) {
		sqlite3_finalize(s);
		mdg_fail(err, MDG_EBUG, "not one statement: \"%s\"", sql);
		return NULL;
	}
	note_plan(q, sql);
	struct sq_stmt *st = mdg_calloc(1, sizeof(*st));
	st->s = s;
	st->params_n = sqlite3_bind_parameter_count(s);
	st->gives_id = n > 0;
	return &st->base;
}

static void
sq_finalize(struct mdg_db *db, struct mdg_db_stmt *st)
{
	(void)db;
	sqlite3_finalize(((struct sq_stmt *)st)->s);
	free(st);
}

static int
bind_one(sqlite3_stmt *s, int at, const struct mdg_db_arg *a,
	 sqlite3_destructor_type keep)
{
	if (a->null)
		return sqlite3_bind_null(s, at);
	switch (a->type) {
	case 'i':
		return sqlite3_bind_int64(s, at, a->i);
	case 'd':
		return sqlite3_bind_double(s, at, a->d);
	case 's':
		return sqlite3_bind_text64(s, at, a->p, a->n, keep,
					   SQLITE_UTF8);
	default:
		return sqlite3_bind_blob64(s, at, a->p, a->n, keep);
	}
}

/* keep: SQLITE_STATIC where the arguments outlive the statement's run. */
static bool
bind_all(struct sq *q, struct sq_stmt *st, const struct mdg_db_args *args,
	 sqlite3_destructor_type keep, struct mdg_err *err)
{
	const char *sql = sqlite3_sql(st->s);

	if ((size_t)st->params_n != args->n)
		return mdg_fail(err, MDG_EBUG,
				"%zu arguments for %d places: \"%s\"", args->n,
				st->params_n, sql);
	for (size_t i = 0; i < args->n; i++) {
		int rc = bind_one(st->s, (int)i + 1, &args->a[i], keep);
		if (rc != SQLITE_OK)
			return sq_fail(q, rc, sql, err);
	}
	return true;
}

static bool
sq_run(struct mdg_db *db, struct mdg_db_stmt *base,
       const struct mdg_db_args *args, int64_t *changed, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;
	struct sq_stmt *st = (struct sq_stmt *)base;
	int rc;

	if (!bind_all(q, st, args, SQLITE_STATIC, err))
		return false;
	/* changes() speaks of the last INSERT, UPDATE or DELETE, not of this */
	int64_t before = sqlite3_total_changes64(q->h);
	errno = 0;
	while ((rc = sqlite3_step(st->s)) == SQLITE_ROW)
		;
	if (changed)
		*changed = sqlite3_total_changes64(q->h) != before
				   ? sqlite3_changes64(q->h)
				   : 0;
	if (rc != SQLITE_DONE) {
		sq_fail(q, sqlite3_extended_errcode(q->h), sqlite3_sql(st->s),
			err);
		sqlite3_reset(st->s);
		return false;
	}
	sqlite3_reset(st->s);
	return true;
}

static struct mdg_rows *
sq_query(struct mdg_db *db, struct mdg_db_stmt *base,
	 const struct mdg_db_args *args, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;
	struct sq_stmt *st = (struct sq_stmt *)base;

	if (!bind_all(q, st, args, SQLITE_TRANSIENT, err))
		return NULL;
	int64_t before = sqlite3_total_changes64(q->h);
	errno = 0;
	int rc = sqlite3_step(st->s);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		sq_fail(q, sqlite3_extended_errcode(q->h), sqlite3_sql(st->s),
			err);
		sqlite3_reset(st->s);
		return NULL;
	}
	struct sq_rows *r = mdg_calloc(1, sizeof(*r));
	r->s = st->s;
	r->first = rc;
	if (st->gives_id && sqlite3_total_changes64(q->h) != before) {
		r->is_id = true;
		r->id = sqlite3_last_insert_rowid(q->h);
		r->first = SQLITE_ROW;
	}
	return &r->base;
}

/* ---- rows ------------------------------------------------------------- */

static bool
sq_next(struct mdg_rows *base)
{
	struct sq_rows *r = (struct sq_rows *)base;
	struct sq *q = (struct sq *)base->db;

	if (r->done)
		return false;
	errno = 0;
	int rc = r->first   ? r->first
		 : r->is_id ? SQLITE_DONE
			    : sqlite3_step(r->s);
	r->first = 0;
	if (rc == SQLITE_ROW)
		return true;
	r->done = true;
	if (rc != SQLITE_DONE) {
		base->failed = true;
		sq_fail(q, sqlite3_extended_errcode(q->h), sqlite3_sql(r->s),
			&base->err);
	}
	return false;
}

static bool
sq_end(struct mdg_rows *base, struct mdg_err *err)
{
	struct sq_rows *r = (struct sq_rows *)base;
	struct sq *q = (struct sq *)base->db;
	/* outside a transaction this is where a RETURNING commits */
	errno = 0;
	int rc = sqlite3_reset(r->s);
	bool ok = rc == SQLITE_OK || base->failed ||
		  sq_fail(q, rc, sqlite3_sql(r->s), err);

	sqlite3_clear_bindings(r->s);
	free(r);
	return ok;
}

static sqlite3_stmt *
row(const struct mdg_rows *r)
{
	return ((const struct sq_rows *)r)->s;
}

/* The id of a new row, which no column of the statement holds. */
static bool
new_id(const struct mdg_rows *base, int64_t *ret)
{
	const struct sq_rows *r = (const struct sq_rows *)base;

	*ret = r->id;
	return r->is_id;
}

static int
sq_columns(const struct mdg_rows *r)
{
	int64_t id;

	return new_id(r, &id) ? 1 : sqlite3_column_count(row(r));
}

static bool
sq_null(const struct mdg_rows *r, int col)
{
	int64_t id;

	return !new_id(r, &id) &&
	       sqlite3_column_type(row(r), col) == SQLITE_NULL;
}

static int64_t
sq_i64(const struct mdg_rows *r, int col)
{
	int64_t id;

	return new_id(r, &id) ? id : sqlite3_column_int64(row(r), col);
}

static double
sq_f64(const struct mdg_rows *r, int col)
{
	return sqlite3_column_double(row(r), col);
}

static const char *
sq_text(const struct mdg_rows *r, int col)
{
	return (const char *)sqlite3_column_text(row(r), col);
}

static struct mdg_span
sq_blob(const struct mdg_rows *r, int col)
{
	const void *p = sqlite3_column_blob(row(r), col);
	return mdg_span(p, (size_t)sqlite3_column_bytes(row(r), col));
}

static bool
sq_lock(struct mdg_db *db, int64_t lane, struct mdg_err *err)
{
	/* the lock file already keeps every other writer out */
	(void)db;
	(void)lane;
	(void)err;
	return true;
}

const struct mdg_db_ops mdg_sq_ops = {
	.name = "sqlite",
	.close = mdg_sq_close,
	.exec = sq_exec,
	.begin = "BEGIN IMMEDIATE",
	.begin_readonly = "BEGIN",
	.lost = sq_lost,
	.revive = sq_revive,
	.prepare = sq_prepare,
	.finalize = sq_finalize,
	.run = sq_run,
	.query = sq_query,
	.next = sq_next,
	.end = sq_end,
	.columns = sq_columns,
	.null = sq_null,
	.i64 = sq_i64,
	.f64 = sq_f64,
	.text = sq_text,
	.blob = sq_blob,
	.lock = sq_lock,
	.check = mdg_sq_check,
	.in_place = mdg_sq_in_place,
	.backup = mdg_sq_backup,
	.keep = mdg_sq_keep,
	.copies = mdg_sq_copies,
	.scrub = mdg_sq_scrub,
	.size_bytes = mdg_sq_size_bytes,
	.search_put = mdg_sq_search_put,
	.search_remove = mdg_sq_search_remove,
	.search_phrase = mdg_sq_search_phrase,
	.search_sql = mdg_sq_search_sql,
	.search_clear_sql = mdg_sq_search_clear_sql,
};
