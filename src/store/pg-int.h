/* Inside of the PostgreSQL engine: statements apart from the connection. */
#ifndef MDG_STORE_PG_INT_H
#define MDG_STORE_PG_INT_H

#include <libpq-fe.h>

#include "db-int.h"

enum {
	MDG_PG_LANES_MAX = 16,
	MDG_PG_SENT_MAX = 256, /* statements on their way */
	MDG_PG_SENT_STEP = 8,  /* of them handed to the network at once */
};

struct pg {
	struct mdg_db base;
	PGconn *c;
	char *where;       /* "host/name", for messages: no password in it */
	bool half;         /* to be connected anew, or not all set up yet */
	bool deaf;         /* given up: the server gave no sign of life */
	int64_t patience_ms;   /* with one statement, of a server that lives */
	int64_t not_before_ms; /* is it connected anew; mdg_mono_ms() */
	uint64_t epoch;    /* counts connections: statements belong to one */
	uint64_t stmt_seq; /* names of prepared statements */
	size_t lanes_n;
	int64_t lanes[MDG_PG_LANES_MAX]; /* held; taken again on reconnect */
	/* statements whose end nobody has waited for; as long as there are
	 * any, the connection is in libpq's pipeline mode */
	size_t sent_n;
	const char *sent[MDG_PG_SENT_MAX]; /* their SQL */
	bool late;                         /* one failed and nobody was told */
	struct mdg_err late_err;
};

/*
 * Translates a failed result (NULL: the connection's own error) into err.
 * Always returns false; res is not freed.
 */
bool mdg_pg_fail(struct pg *g, const PGresult *res, const char *sql,
		 struct mdg_err *err);
struct pg_stmt {
	struct mdg_db_stmt base;
	uint64_t epoch; /* of the connection it was prepared on */
	char name[24];
	/* one that is planned anew each time, for what it is asked: its text
	 * and the types of its arguments; else NULL */
	char *text;
	Oid types[MDG_DB_ARGS_MAX];
};

/* db_pg_send.c */
/*
 * Sends a statement behind those on their way. false with err; the error may
 * be of one before it.
 */
bool mdg_pg_send(struct pg *g, const struct pg_stmt *st,
		 const struct mdg_db_args *args, struct mdg_err *err);
/*
 * Waits for all of them: true if all are well, with the result of the last
 * (the caller frees it; NULL if there was none), else false with the first
 * error. Without `err` a failure is kept for the next call.
 */
bool mdg_pg_settle(struct pg *g, PGresult **ret_last, struct mdg_err *err);
/* db_pg_wait.c */
/*
 * PQgetResult, but NULL from a server that has fallen silent: g->deaf is set,
 * and nothing is sent or taken until the connection is made anew.
 */
PGresult *mdg_pg_result(struct pg *g);
/* The last of all results of what was sent, as PQexec has it; NULL if !sent. */
PGresult *mdg_pg_last(struct pg *g, int sent);
/* db_pg_conn.c */
void mdg_pg_close(struct mdg_db *db);
bool mdg_pg_exec(struct mdg_db *db, const char *sql, struct mdg_err *err);
bool mdg_pg_revive(struct mdg_db *db, struct mdg_err *err);
bool mdg_pg_lock(struct mdg_db *db, int64_t lane, struct mdg_err *err);
bool mdg_pg_check(struct mdg_db *db, struct mdg_err *err);
bool mdg_pg_backup(struct mdg_db *db, const char *path,
		   const struct mdg_progress *news, struct mdg_err *err);
bool mdg_pg_scrub(struct mdg_db *db, bool *ret_done, struct mdg_err *err);
int64_t mdg_pg_size_bytes(struct mdg_db *db);
/* keep_pg.c */
bool mdg_pg_keep(struct mdg_db *db, int version, char **ret,
		 struct mdg_err *err);
bool mdg_pg_copies(struct mdg_db *db, struct mdg_arena *a,
		   struct mdg_db_copy *v, size_t *n, struct mdg_err *err);
/* search_pg.c */
bool mdg_pg_search_put(struct mdg_db *db, int64_t doc, const char *terms,
		       struct mdg_err *err);
bool mdg_pg_search_remove(struct mdg_db *db, int64_t doc, const char *terms,
			  struct mdg_err *err);
void mdg_pg_search_phrase(struct mdg_buf *out,
			  const struct mdg_search_phrase *p);
extern const char mdg_pg_search_sql[], mdg_pg_search_clear_sql[];
/* db_pg.c */
extern const struct mdg_db_ops mdg_pg_ops;

#endif
