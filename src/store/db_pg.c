/* The PostgreSQL engine: statements and rows. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "pg-int.h"

/* Types by Oid; fixed numbers of the server's catalogue (pg_type.dat). */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_OID = 26,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_UNKNOWN = 705,
	OID_BPCHAR = 1042,
	OID_VARCHAR = 1043,
	OID_VOID = 2278,
};

struct pg_rows {
	struct mdg_rows base;
	PGresult *res;
	int at; /* the current row, -1 before the first */
	int n;
	char scratch[32]; /* a number read as text */
};

/* ---- SQL -------------------------------------------------------------- */

/* End of the quoted text or comment that starts at p; p itself if none. */
static const char *
skip_quoted(const char *p)
{
	const char *end;

	if (*p == '\'' || *p == '"') {
		/* a doubled quote ends one and starts the next: same thing */
		end = strchr(p + 1, *p);
		return end ? end + 1 : p + strlen(p);
	}
	if (p[0] == '-' && p[1] == '-')
		return p + strcspn(p, "\n");
	if (p[0] == '/' && p[1] == '*') {
		end = strstr(p + 2, "*/");
		return end ? end + 2 : p + strlen(p);
	}
	return p;
}

/* ?7 becomes $7, outside quotes and comments; *max is the largest number. */
static char *
rewrite(const char *sql, int *max)
{
	char *out = mdg_strdup(sql);

	*max = 0;
	for (const char *p = sql; *p;) {
		const char *end = skip_quoted(p);
		if (end != p) {
			p = end;
			continue;
		}
		if (*p++ != '?')
			continue;
		int n = 0;
		for (const char *d = p; *d >= '0' && *d <= '9' && n < 1000; d++)
			n = n * 10 + (*d - '0');
		if (n)
			out[p - 1 - sql] = '$';
		*max = n > *max ? n : *max;
	}
	return out;
}

static Oid
oid_of(char type)
{
	switch (type) {
	case 'i':
	case 'I':
		return OID_INT8;
	case 'd':
		return OID_FLOAT8;
	case 's':
		return OID_TEXT;
	case 'b':
		return OID_BYTEA;
	default:
		return 0; /* the server infers it from the place */
	}
}

static bool
prepare_on_server(struct pg *g, const struct pg_stmt *st, const char *text,
		  int n, const char *sql, struct mdg_err *err)
{
	if (!mdg_pg_settle(g, NULL, err))
		return false;
	PGresult *res = mdg_pg_last(
		g, PQsendPrepare(g->c, st->name, text, n, st->types));
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK ||
		  mdg_pg_fail(g, res, sql, err);
	PQclear(res);
	return ok;
}

static struct mdg_db_stmt *
pg_prepare(struct mdg_db *db, const char *sql, const char *types,
	   struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;
	int max, n = (int)strlen(types);
	MDG_AUTO(mdg_freep) char *text = rewrite(sql, &max);

	if (max != n) {
		mdg_fail(err, MDG_EBUG, "%d arguments for %d places: \"%s\"", n,
			 max, sql);
		return NULL;
	}
	struct pg_stmt *st = mdg_calloc(1, sizeof(*st));
	st->epoch = g->epoch;
	for (int i = 0; i < n; i++)
		st->types[i] = oid_of(types[i]);
	/* a rare word is found by the index, a frequent one from the end: the
	 * one plan of a prepared statement would read all for a rare one */
	if (sql == mdg_pg_search_sql) {
		st->text = mdg_strdup(text);
		return &st->base;
	}
	snprintf(st->name, sizeof(st->name), "m%llu",
		 (unsigned long long)++g->stmt_seq);
	if (prepare_on_server(g, st, text, n, sql, err))
		return &st->base;
	free(st);
	return NULL;
}

static void
pg_finalize(struct mdg_db *db, struct mdg_db_stmt *base)
{
	struct pg *g = (struct pg *)db;
	struct pg_stmt *st = (struct pg_stmt *)base;
	char sql[40];

	(void)mdg_pg_settle(g, NULL, NULL);
	PGTransactionStatusType tx = PQtransactionStatus(g->c);
	/* in a failed transaction it stays behind until the session ends */
	if (!st->text && st->epoch == g->epoch &&
	    (tx == PQTRANS_IDLE || tx == PQTRANS_INTRANS)) {
		snprintf(sql, sizeof(sql), "DEALLOCATE %s", st->name);
		PQclear(mdg_pg_last(g, PQsendQuery(g->c, sql)));
	}
	free(st->text);
	free(st);
}

/* ---- running ---------------------------------------------------------- */

static PGresult *
execute(struct mdg_db *db, struct mdg_db_stmt *base,
	const struct mdg_db_args *args, struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;
	PGresult *res;

	return mdg_pg_send(g, (struct pg_stmt *)base, args, err) &&
			       mdg_pg_settle(g, &res, err)
		       ? res
		       : NULL;
}

static bool
pg_run(struct mdg_db *db, struct mdg_db_stmt *st,
       const struct mdg_db_args *args, int64_t *changed, struct mdg_err *err)
{
	if (!changed)
		return mdg_pg_send((struct pg *)db, (struct pg_stmt *)st, args,
				   err);
	PGresult *res = execute(db, st, args, err);
	if (!res)
		return false;
	if (!mdg_str_i64(PQcmdTuples(res), 0, INT64_MAX, changed))
		*changed = 0; /* not a statement that counts */
	PQclear(res);
	return true;
}

/* Columns of types that this file can read; the rest is a slip in the SQL. */
static bool
check_columns(PGresult *res, const char *sql, struct mdg_err *err)
{
	for (int i = 0; i < PQnfields(res); i++) {
		switch (PQftype(res, i)) {
		case OID_BOOL:
		case OID_BYTEA:
		case OID_NAME:
		case OID_INT8:
		case OID_INT2:
		case OID_INT4:
		case OID_TEXT:
		case OID_OID:
		case OID_FLOAT4:
		case OID_FLOAT8:
		case OID_UNKNOWN:
		case OID_BPCHAR:
		case OID_VARCHAR:
		case OID_VOID:
			continue;
		default:
			return mdg_fail(err, MDG_EBUG,
					"column %d (%s) has type %u, CAST it: "
					"\"%s\"",
					i, PQfname(res, i), PQftype(res, i),
					sql);
		}
	}
	return true;
}

static struct mdg_rows *
pg_query(struct mdg_db *db, struct mdg_db_stmt *st,
	 const struct mdg_db_args *args, struct mdg_err *err)
{
	PGresult *res = execute(db, st, args, err);

	if (!res)
		return NULL;
	if (!check_columns(res, st->sql, err)) {
		PQclear(res);
		return NULL;
	}
	struct pg_rows *r = mdg_malloc(sizeof(*r));
	r->base.failed = false;
	r->res = res;
	r->at = -1;
	r->n = PQntuples(res);
	return &r->base;
}

/* ---- rows ------------------------------------------------------------- */

static bool
pg_next(struct mdg_rows *base)
{
	struct pg_rows *r = (struct pg_rows *)base;

	if (r->at < r->n)
		r->at++;
	return r->at < r->n;
}

static bool
pg_end(struct mdg_rows *base, struct mdg_err *err)
{
	struct pg_rows *r = (struct pg_rows *)base;

	(void)err;
	PQclear(r->res);
	free(r);
	return true;
}

static int
pg_columns(const struct mdg_rows *r)
{
	return PQnfields(((const struct pg_rows *)r)->res);
}

static bool
pg_null(const struct mdg_rows *base, int col)
{
	const struct pg_rows *r = (const struct pg_rows *)base;
	return PQgetisnull(r->res, r->at, col);
}

/* A number in network byte order, 1 to 8 bytes, sign extended. */
static int64_t
big_endian(const char *p, int n)
{
	uint64_t v = n && (p[0] & 0x80) ? UINT64_MAX : 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return (int64_t)v;
}

static double
float_of(const char *p, bool wide)
{
	uint64_t bits = (uint64_t)big_endian(p, wide ? 8 : 4);
	uint32_t bits4 = (uint32_t)bits;
	double d;
	float f;

	if (wide) {
		memcpy(&d, &bits, sizeof(d));
		return d;
	}
	memcpy(&f, &bits4, sizeof(f));
	return (double)f;
}

static int64_t
pg_i64(const struct mdg_rows *base, int col)
{
	const struct pg_rows *r = (const struct pg_rows *)base;
	const char *p = PQgetvalue(r->res, r->at, col);

	if (PQgetisnull(r->res, r->at, col))
		return 0;
	switch (PQftype(r->res, col)) {
	case OID_BOOL:
	case OID_INT8:
	case OID_INT4:
	case OID_INT2:
		return big_endian(p, PQgetlength(r->res, r->at, col));
	case OID_OID:
		return big_endian(p, 4) & 0xffffffff;
	case OID_FLOAT8:
		return (int64_t)float_of(p, true);
	case OID_FLOAT4:
		return (int64_t)float_of(p, false);
	default:
		return strtoll(p, NULL, 10);
	}
}

static double
pg_f64(const struct mdg_rows *base, int col)
{
	const struct pg_rows *r = (const struct pg_rows *)base;
	const char *p = PQgetvalue(r->res, r->at, col);

	if (PQgetisnull(r->res, r->at, col))
		return 0;
	switch (PQftype(r->res, col)) {
	case OID_FLOAT8:
		return float_of(p, true);
	case OID_FLOAT4:
		return float_of(p, false);
	case OID_TEXT:
		return strtod(p, NULL);
	default:
		return (double)pg_i64(base, col);
	}
}

static const char *
pg_text(const struct mdg_rows *base, int col)
{
	struct pg_rows *r = (struct pg_rows *)(uintptr_t)base;

	switch (PQftype(r->res, col)) {
	case OID_BOOL:
	case OID_INT8:
	case OID_INT4:
	case OID_INT2:
	case OID_OID:
		snprintf(r->scratch, sizeof(r->scratch), "%lld",
			 (long long)pg_i64(base, col));
		return r->scratch;
	case OID_FLOAT8:
	case OID_FLOAT4:
		snprintf(r->scratch, sizeof(r->scratch), "%.15g",
			 pg_f64(base, col));
		return r->scratch;
	default:
		return PQgetvalue(r->res, r->at, col); /* ends in NUL */
	}
}

static struct mdg_span
pg_blob(const struct mdg_rows *base, int col)
{
	const struct pg_rows *r = (const struct pg_rows *)base;

	return mdg_span(PQgetvalue(r->res, r->at, col),
			(size_t)PQgetlength(r->res, r->at, col));
}

static bool
pg_lost(struct mdg_db *db)
{
	struct pg *g = (struct pg *)db;
	struct mdg_err dropped; /* as all of the transaction will be */

	(void)mdg_pg_settle(g, NULL, &dropped);
	PGTransactionStatusType tx = PQtransactionStatus(g->c);
	return g->half || tx == PQTRANS_IDLE || tx == PQTRANS_UNKNOWN;
}

static bool
pg_in_place(struct mdg_db *db, struct mdg_err *err)
{
	/* the server's files are its own to watch */
	(void)db;
	(void)err;
	return true;
}

const struct mdg_db_ops mdg_pg_ops = {
	.name = "postgresql",
	.close = mdg_pg_close,
	.exec = mdg_pg_exec,
	.begin = "BEGIN",
	/* what a reader of the other engine sees: one moment */
	.begin_readonly = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	.lost = pg_lost,
	.revive = mdg_pg_revive,
	.prepare = pg_prepare,
	.finalize = pg_finalize,
	.run = pg_run,
	.query = pg_query,
	.next = pg_next,
	.end = pg_end,
	.columns = pg_columns,
	.null = pg_null,
	.i64 = pg_i64,
	.f64 = pg_f64,
	.text = pg_text,
	.blob = pg_blob,
	.lock = mdg_pg_lock,
	.check = mdg_pg_check,
	.in_place = pg_in_place,
	.backup = mdg_pg_backup,
	.keep = mdg_pg_keep,
	.copies = mdg_pg_copies,
	.scrub = mdg_pg_scrub,
	.size_bytes = mdg_pg_size_bytes,
	.search_put = mdg_pg_search_put,
	.search_remove = mdg_pg_search_remove,
	.search_phrase = mdg_pg_search_phrase,
	.search_sql = mdg_pg_search_sql,
	.search_clear_sql = mdg_pg_search_clear_sql,
};
