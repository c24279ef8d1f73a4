/*
 * The PostgreSQL engine: statements on their way to the server and back.
 *
 * Everything goes by libpq's pipeline: what nobody waits for is only sent, and
 * whatever is waited for next brings the ends of all before it. The server
 * skips what comes behind an error, so nothing is done after it.
 */
#include <endian.h>
#include <limits.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "pg-int.h"

/* An error that nobody could be told of is told now. */
static bool
tell_late(struct pg *g, struct mdg_err *err)
{
	if (!g->late || !err)
		return !g->late;
	*err = g->late_err;
	g->late = false;
	return false;
}

static bool
put_in(struct pg *g, const struct pg_stmt *st, const struct mdg_db_args *args,
       struct mdg_err *err)
{
	const char *values[MDG_DB_ARGS_MAX];
	int lengths[MDG_DB_ARGS_MAX], formats[MDG_DB_ARGS_MAX];
	uint64_t numbers[MDG_DB_ARGS_MAX]; /* network byte order */

	for (size_t i = 0; i < args->n; i++) {
		const struct mdg_db_arg *a = &args->a[i];
		formats[i] = 1;
		if (a->n > INT_MAX)
			return mdg_fail(err, MDG_ETOOBIG, "argument %zu",
					i + 1);
		lengths[i] = (int)a->n;
		values[i] = a->null ? NULL : a->p;
		if (a->null || (a->type != 'i' && a->type != 'd'))
			continue;
		if (a->type == 'i')
			numbers[i] = (uint64_t)a->i;
		else
			memcpy(&numbers[i], &a->d, sizeof(a->d));
		numbers[i] = htobe64(numbers[i]);
		values[i] = (const char *)&numbers[i];
		lengths[i] = 8;
	}
	int n = (int)args->n;
	int ok = st->text ? PQsendQueryParams(g->c, st->text, n, st->types,
					      values, lengths, formats, 1)
			  : PQsendQueryPrepared(g->c, st->name, n, values,
						lengths, formats, 1);
	return ok || mdg_pg_fail(g, NULL, st->base.sql, err);
}

bool
mdg_pg_send(struct pg *g, const struct pg_stmt *st,
	    const struct mdg_db_args *args, struct mdg_err *err)
{
	const char *sql = st->base.sql;

	if (g->sent_n == MDG_PG_SENT_MAX && !mdg_pg_settle(g, NULL, err))
		return false;
	if (!tell_late(g, err))
		return false;
	if (g->deaf)
		return mdg_pg_fail(g, NULL, sql, err);
	if (!g->sent_n && !PQenterPipelineMode(g->c))
		return mdg_pg_fail(g, NULL, sql, err);
	if (!put_in(g, st, args, err)) {
		if (!g->sent_n)
			(void)PQexitPipelineMode(g->c);
		return false;
	}
	g->sent[g->sent_n++] = sql;
	/* so that the server works while we go on */
	return g->sent_n % MDG_PG_SENT_STEP || PQflush(g->c) >= 0 ||
	       mdg_pg_fail(g, NULL, sql, err);
}

/* The end of one statement: its result, and that there is no second. */
static PGresult *
take_one(struct pg *g)
{
	PGresult *res = mdg_pg_result(g), *more;

	while (res && (more = mdg_pg_result(g)))
		PQclear(more);
	return res;
}

static bool
is_well(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

static bool
is_commit(const PGresult *res)
{
	return res &&
	       mdg_streq(PQcmdStatus((PGresult *)(uintptr_t)res), "COMMIT");
}

/*
 * Past what was behind an error, to its end. false: the server went away and
 * did not say that it keeps what was sent; libpq may still think it is there,
 * and has nothing more to give.
 */
static bool
end_pipeline(struct pg *g)
{
	while (PQstatus(g->c) == CONNECTION_OK) {
		if (PQexitPipelineMode(g->c))
			return true;
		PGresult *res = take_one(g);
		if (!res)
			return false;
		PQclear(res);
	}
	return false;
}

bool
mdg_pg_settle(struct pg *g, PGresult **ret_last, struct mdg_err *err)
{
	PGresult *last = NULL;
	struct mdg_err why;
	size_t n = 0;
	bool ok = true;

	if (g->sent_n)
		ok = PQpipelineSync(g->c) != 0;
	for (; n < g->sent_n && ok; n++) {
		PQclear(last);
		last = take_one(g);
		ok = is_well(last);
	}
	/* in the server's words, before libpq has others */
	if (!ok)
		(void)mdg_pg_fail(g, last, g->sent[n ? n - 1 : 0], &why);
	if (g->sent_n && !end_pipeline(g)) {
		g->half = true;
		if (ok ? !is_commit(last) : why.code != MDG_ENET)
			ok = mdg_pg_fail(g, NULL, NULL, &why);
	}
	g->sent_n = 0;
	if (!ok) {
		g->late = true;
		g->late_err = why;
	}
	if (!ok || !ret_last) {
		PQclear(last);
		last = NULL;
	}
	if (ret_last)
		*ret_last = last;
	return tell_late(g, err);
}
