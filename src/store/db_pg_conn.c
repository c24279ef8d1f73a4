/* The PostgreSQL engine: the connection, its errors, leases and checks. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "pg-int.h"

/* ---- errors ----------------------------------------------------------- */

static const struct {
	const char *state; /* SQLSTATE, or the start of one */
	enum mdg_code code;
} codes[] = {
	{"23505", MDG_EEXIST},   {"40", MDG_ECONFLICT},
	{"53100", MDG_EFULL},    {"53", MDG_EBUSY},
	{"55", MDG_EBUSY},       {"57014", MDG_ETIMEOUT},
	{"57P", MDG_ENET},       {"08", MDG_ENET},
	{"25006", MDG_EIO},      {"58", MDG_EIO},
	{"28", MDG_EAUTH},       {"54", MDG_ETOOBIG},
	{"XX001", MDG_EFORMAT},  {"XX002", MDG_EFORMAT},
};

static enum mdg_code
code_of(const char *state)
{
	for (size_t i = 0; i < MDG_LEN(codes); i++)
		if (mdg_str_starts(state, codes[i].state))
			return codes[i].code;
	return MDG_EDB;
}

/* The first line of a message, always valid UTF-8. */
static const char *
first_line(const char *s, char *out, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_utf8_clean(&b, s, strcspn(s, "\n"), true);
	snprintf(out, n, "%.*s",
		 (int)mdg_utf8_cut(mdg_buf_str(&b), b.len, n - 1),
		 mdg_buf_str(&b));
	return out;
}

static bool
unreachable(struct pg *g, struct mdg_err *err)
{
	char why[300];

	return mdg_fail_msg(
		err, MDG_ENET, MDG_MSG_store_unreachable, g->where,
		g->deaf ? "the server gives no sign of life"
			: first_line(PQerrorMessage(g->c), why, sizeof(why)),
		NULL);
}

bool
mdg_pg_fail(struct pg *g, const PGresult *res, const char *sql,
	    struct mdg_err *err)
{
	const char *state =
		res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *msg =
		res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	char why[300], shown[MDG_DB_SQL_SHOWN_MAX];

	if (!state)
		return unreachable(g, err);
	enum mdg_code code = PQstatus(g->c) == CONNECTION_BAD ? MDG_ENET
							      : code_of(state);
	/* messages of class 22 (data) quote values: never pass them on */
	bool values = mdg_str_starts(state, "22");
	first_line(values || !msg ? "bad value" : msg, why, sizeof(why));
	switch (code) {
	case MDG_EFULL:
		return mdg_fail_msg(err, code, MDG_MSG_out_of_disk, g->where,
				    NULL);
	case MDG_EFORMAT:
		return mdg_fail_msg(err, code, MDG_MSG_store_damaged, g->where,
				    why, NULL);
	case MDG_EIO:
		return mdg_fail_msg(err, code, MDG_MSG_store_io, g->where, why,
				    NULL);
	case MDG_ENET:
		return mdg_fail_msg(err, code, MDG_MSG_store_unreachable,
				    g->where, why, NULL);
	case MDG_EBUSY:
	case MDG_ECONFLICT:
	case MDG_ETIMEOUT:
		return mdg_fail_msg(err, code, MDG_MSG_store_not_now, g->where,
				    why, NULL);
	default:
		return mdg_fail(err, code, "%s (%s) in \"%s\"", why, state,
				mdg_db_shown(sql, shown, sizeof(shown)));
	}
}

static void
ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

/* ---- connect ---------------------------------------------------------- */

/* A unix socket or this machine: the only places without verified TLS. */
static bool
is_local(const char *host)
{
	return host[0] == '/' || host[0] == '@' ||
	       mdg_streq(host, "localhost") || mdg_streq(host, "127.0.0.1") ||
	       mdg_streq(host, "::1");
}

/* What was asked for: from the URL, else from the environment. */
struct target {
	char *host;
	char *sslmode;
	char *user;
	bool remote;
};

static void
target_clear(struct target *t)
{
	free(t->host);
	free(t->sslmode);
	free(t->user);
}

static bool
target_read(const char *url, struct target *t, struct mdg_err *err)
{
	char *why = NULL;
	PQconninfoOption *all = PQconninfoParse(url, &why);

	if (!all) {
		PQfreemem(why); /* may quote the URL, and with it a password */
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_store_bad_url,
				    "postgresql", NULL);
	}
	for (PQconninfoOption *o = all; o->keyword; o++) {
		const char *v = o->val && *o->val ? o->val
				: o->envvar       ? getenv(o->envvar)
						  : NULL;
		if (!v || !*v)
			continue;
		if (mdg_streq(o->keyword, "host") ||
		    mdg_streq(o->keyword, "hostaddr")) {
			t->remote |= !is_local(v);
			free(t->host);
			t->host = mdg_strdup(v);
		} else if (mdg_streq(o->keyword, "sslmode")) {
			t->sslmode = mdg_strdup(v);
		} else if (mdg_streq(o->keyword, "user")) {
			t->user = mdg_strdup(v);
		}
	}
	PQconninfoFree(all);
	return true;
}

static const char set_timeout[] = "SET statement_timeout = '300s'";
enum {
	PATIENCE_MS = 310000, /* the server itself ends it before */
	LONG_MS = 1000, /* for a connection in vain; the rest, as often: */
	RESTS = 2,
};

/* Everything that must hold for a session, new or reconnected. */
static bool
session_setup(struct pg *g, struct mdg_err *err)
{
	static const char common[] = "SET lock_timeout = '10s';"
				     "SET timezone = 'UTC';"
				     "SET bytea_output = 'hex';"
				     "SET standard_conforming_strings = on";

	PQsetNoticeReceiver(g->c, ignore_notice, NULL);
	g->patience_ms = PATIENCE_MS;
	if (PQsetnonblocking(g->c, 1) != 0)
		return unreachable(g, err);
	if (!mdg_streq(PQparameterStatus(g->c, "server_encoding"), "UTF8"))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_store_not_utf8,
				    g->where, NULL);
	return mdg_pg_exec(&g->base, common, err) &&
	       mdg_pg_exec(&g->base, set_timeout, err) &&
	       (!(g->base.flags & MDG_DB_READONLY) ||
		mdg_pg_exec(&g->base, "SET default_transaction_read_only = on",
			    err));
}

/*
 * Debian's PostgreSQL asks who knocks at its socket: the account must bear the
 * name of the database's user. root, who sets the desk up and changes its key,
 * knocks once more as that account.
 */
static void
connect_as_peer(struct pg *g, const struct target *t, const char *const *keys,
		const char *const *values)
{
	const struct passwd *pw;

	if (geteuid() != 0 || t->remote || !t->user ||
	    PQstatus(g->c) == CONNECTION_OK || !(pw = getpwnam(t->user)) ||
	    seteuid(pw->pw_uid) != 0)
		return;
	PQfinish(g->c);
	g->c = PQconnectdbParams(keys, values, 1);
	MDG_BUG_ON(seteuid(0) != 0);
}

static bool
pg_connect(struct pg *g, const char *url, struct mdg_err *err)
{
	static const char ca[] = "/etc/ssl/certs/ca-certificates.crt";
	MDG_AUTO(target_clear) struct target t = {0};

	if (!target_read(url, &t, err))
		return false;
	g->where = mdg_strdup(t.host ? t.host : "PostgreSQL");
	if (t.remote && t.sslmode && !mdg_streq(t.sslmode, "verify-full"))
		return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_store_pg_tls,
				    g->where, NULL);
	/* later words win: ours are defaults, except the encoding */
	const char *const keys[] = {
		"connect_timeout",
		"tcp_user_timeout",
		"sslmode",
		"sslrootcert",
		"dbname",
		"client_encoding",
		"fallback_application_name",
		NULL,
	};
	const char *const values[] = {
		"10",
		"30000",
		t.remote ? "verify-full" : NULL,
		t.remote && access(ca, R_OK) == 0 ? ca : NULL,
		url,
		"UTF8",
		"madoguchi",
		NULL,
	};
	g->c = PQconnectdbParams(keys, values, 1);
	connect_as_peer(g, &t, keys, values);
	if (PQstatus(g->c) != CONNECTION_OK)
		return unreachable(g, err);
	free(g->where);
	g->where = mdg_asprintf("%s/%s", PQhost(g->c), PQdb(g->c));
	/* however the host came to be, say from a service file */
	if (!is_local(PQhost(g->c)) && !PQsslInUse(g->c))
		return mdg_fail_msg(err, MDG_ETLS, MDG_MSG_store_pg_tls,
				    g->where, NULL);
	return session_setup(g, err);
}

bool
mdg_db_pg_open(const char *url, unsigned flags, struct mdg_db **ret,
	       struct mdg_err *err)
{
	struct pg *g = mdg_calloc(1, sizeof(*g));

	g->base.ops = &mdg_pg_ops;
	g->base.flags = flags;
	if (!pg_connect(g, url, err)) {
		mdg_pg_close(&g->base);
		return false;
	}
	*ret = &g->base;
	return true;
}

void
mdg_pg_close(struct mdg_db *db)
{
	struct pg *g = (struct pg *)db;

	PQfinish(g->c);
	free(g->where);
	free(g);
}

bool
mdg_pg_exec(struct mdg_db *db, const char *sql, struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;

	struct mdg_err why;

	/* what is rolled back may have failed */
	if (!mdg_pg_settle(g, NULL, &why) &&
	    !mdg_str_starts(sql, "ROLLBACK")) {
		if (err)
			*err = why;
		return false;
	}
	PGresult *res = mdg_pg_last(g, !g->deaf && PQsendQuery(g->c, sql));
	ExecStatusType s = PQresultStatus(res);
	bool ok = s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK ||
		  s == PGRES_EMPTY_QUERY;

	/* COMMIT of a failed transaction succeeds by rolling back */
	if (ok && mdg_streq(sql, "COMMIT") &&
	    !mdg_streq(PQcmdStatus(res), "COMMIT"))
		ok = mdg_fail(err, MDG_EDB, "the transaction was rolled back");
	else if (!ok)
		mdg_pg_fail(g, res, sql, err);
	PQclear(res);
	return ok;
}

/* ---- leases, reconnecting --------------------------------------------- */

/* Advisory locks share one number space per database: "MDG" and the lane. */
static bool
take_lane(struct pg *g, int64_t lane, struct mdg_err *err)
{
	char sql[80], text[24];

	if (!mdg_pg_settle(g, NULL, err))
		return false;
	snprintf(sql, sizeof(sql), "SELECT pg_try_advisory_lock(%lld)",
		 (long long)((INT64_C(0x4d4447) << 40) ^ lane));
	PGresult *res = mdg_pg_last(g, PQsendQuery(g->c, sql));
	bool ok = PQresultStatus(res) == PGRES_TUPLES_OK;
	bool mine = ok && mdg_streq(PQgetvalue(res, 0, 0), "t");
	if (!ok)
		mdg_pg_fail(g, res, sql, err);
	PQclear(res);
	if (mine || !ok)
		return mine;
	snprintf(text, sizeof(text), "%lld", (long long)lane);
	return mdg_fail_msg(err, MDG_EBUSY, MDG_MSG_store_lane_busy, g->where,
			    text, NULL);
}

bool
mdg_pg_lock(struct mdg_db *db, int64_t lane, struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;

	for (size_t i = 0; i < g->lanes_n; i++)
		if (g->lanes[i] == lane)
			return true;
	if (g->lanes_n == MDG_PG_LANES_MAX)
		return mdg_fail(err, MDG_EBUG, "too many lanes");
	if (!mdg_pg_revive(db, err) || !take_lane(g, lane, err))
		return false;
	g->lanes[g->lanes_n++] = lane;
	return true;
}

/*
 * A new session has lost its leases: they are taken again before anything
 * runs, so that a lane taken over meanwhile is never written by two.
 */
bool
mdg_pg_revive(struct mdg_db *db, struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;
	int64_t begun_ms = mdg_mono_ms();

	if (PQstatus(g->c) == CONNECTION_OK && !g->half)
		return true;
	if (begun_ms < g->not_before_ms)
		return unreachable(g, err);
	g->half = true;
	g->deaf = false;
	g->late = false;
	g->sent_n = 0;
	g->epoch++;
	mdg_db_forget(db);
	PQreset(g->c);
	if (PQstatus(g->c) != CONNECTION_OK) {
		/* who waits in vain does nothing else meanwhile: less often */
		int64_t now_ms = mdg_mono_ms();
		if (now_ms - begun_ms >= LONG_MS)
			g->not_before_ms = now_ms + RESTS * (now_ms - begun_ms);
		return unreachable(g, err);
	}
	bool ok = session_setup(g, err);
	for (size_t i = 0; ok && i < g->lanes_n; i++)
		ok = take_lane(g, g->lanes[i], err);
	g->half = !ok;
	return ok;
}

/* ---- the rest --------------------------------------------------------- */

bool
mdg_pg_check(struct mdg_db *db, struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;
	int64_t n = 0;

	if (mdg_db_i64(db, &n, err,
		       "SELECT (SELECT count(*) FROM pg_index"
		       " WHERE NOT indisvalid) + (SELECT count(*)"
		       " FROM pg_constraint WHERE NOT convalidated)"
		       " + (SELECT coalesce(max(checksum_failures), 0)"
		       " FROM pg_stat_database"
		       " WHERE datname = current_database())",
		       "") != MDG_FOUND)
		return false;
	return n == 0 ||
	       mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_store_damaged, g->where,
			    "invalid index, constraint or page", NULL);
}

bool
mdg_pg_backup(struct mdg_db *db, const char *path,
	      const struct mdg_progress *news, struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;

	(void)path;
	(void)news;
	return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_store_use_pg_dump,
			    g->where, NULL);
}

bool
mdg_pg_scrub(struct mdg_db *db, bool *ret_done, struct mdg_err *err)
{
	struct pg *g = (struct pg *)db;

	/* the server's own files and logs are its keeper's to clean */
	g->patience_ms = INT64_MAX;
	bool ok = mdg_pg_exec(db, "SET statement_timeout = 0", err) &&
		  mdg_pg_exec(db, "VACUUM", err);
	*ret_done = mdg_pg_exec(db, set_timeout, NULL) && ok;
	g->patience_ms = PATIENCE_MS;
	return *ret_done;
}

int64_t
mdg_pg_size_bytes(struct mdg_db *db)
{
	int64_t n = 0;

	(void)mdg_db_i64(db, &n, NULL,
			 "SELECT pg_database_size(current_database())", "");
	return n;
}
