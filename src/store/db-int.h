/*
 * Inside of db: what db.c asks of an engine.
 *
 * db.c decodes arguments, keeps the statement cache and the rules about
 * transactions; an engine prepares, runs, reads rows and translates errors.
 */
#ifndef MDG_STORE_DB_INT_H
#define MDG_STORE_DB_INT_H

#include <stdarg.h>

#include "madoguchi/store/db.h"
#include "madoguchi/store/search.h"

enum {
	MDG_DB_ARGS_MAX = 64,            /* parameters of one statement */
	MDG_DB_STMTS_MAX = 1024,         /* prepared statements kept */
	MDG_DB_BUCKETS = 256,            /* of the statement cache */
	MDG_DB_SAVEPOINT_MAX = 40,       /* bytes of a savepoint's name */
	MDG_DB_SQL_SHOWN_MAX = 160,      /* bytes of SQL quoted in an error */
	MDG_SEARCH_QUERY_MAX = 64 << 10, /* bytes, in the engine language */
};

/* One argument, decoded. type is one of i d s b n; null: SQL NULL. */
struct mdg_db_arg {
	char type;
	bool null;
	int64_t i;
	double d;
	const char *p;
	size_t n;
};

struct mdg_db_args {
	size_t n;
	struct mdg_db_arg a[MDG_DB_ARGS_MAX];
};

/* A cached statement; the engine's struct begins with it. */
struct mdg_db_stmt {
	struct mdg_db_stmt *next;
	const char *key; /* address of the caller's literal */
	char *sql;       /* own copies, to notice a reused address */
	char *types;
	uint64_t used_at; /* cache tick, for eviction */
	bool busy;        /* rows of it are open */
	bool loose;       /* not in the cache: freed with its rows */
};

/* The engine's struct begins with it. */
struct mdg_rows {
	struct mdg_db *db;
	struct mdg_db_stmt *st;
	bool failed;
	struct mdg_err err;
};

struct mdg_db_ops {
	const char *name;
	void (*close)(struct mdg_db *db);
	/* Transaction control and scripts: no arguments, no rows. */
	bool (*exec)(struct mdg_db *db, const char *sql, struct mdg_err *err);
	const char *begin; /* SQL, for a writer and for a reader */
	const char *begin_readonly;
	/* The engine has itself ended the transaction we believe in. */
	bool (*lost)(struct mdg_db *db);
	/* Make the connection usable again, outside a transaction only. */
	bool (*revive)(struct mdg_db *db, struct mdg_err *err);
	struct mdg_db_stmt *(*prepare)(struct mdg_db *db, const char *sql,
				       const char *types, struct mdg_err *err);
	void (*finalize)(struct mdg_db *db, struct mdg_db_stmt *st);
	/* changed NULL: nobody waits for its end. The engine may leave it to
	 * whatever is called next, and fail that. */
	bool (*run)(struct mdg_db *db, struct mdg_db_stmt *st,
		    const struct mdg_db_args *args, int64_t *changed,
		    struct mdg_err *err);
	/* Errors of the statement itself show here, not at the first row. */
	struct mdg_rows *(*query)(struct mdg_db *db, struct mdg_db_stmt *st,
				  const struct mdg_db_args *args,
				  struct mdg_err *err);
	bool (*next)(struct mdg_rows *r);
	/* Ends the statement; false with err if ending it failed. */
	bool (*end)(struct mdg_rows *r, struct mdg_err *err);
	int (*columns)(const struct mdg_rows *r);
	bool (*null)(const struct mdg_rows *r, int col);
	int64_t (*i64)(const struct mdg_rows *r, int col);
	double (*f64)(const struct mdg_rows *r, int col);
	const char *(*text)(const struct mdg_rows *r, int col);
	struct mdg_span (*blob)(const struct mdg_rows *r, int col);
	bool (*lock)(struct mdg_db *db, int64_t lane, struct mdg_err *err);
	bool (*check)(struct mdg_db *db, struct mdg_err *err);
	bool (*in_place)(struct mdg_db *db, struct mdg_err *err);
	bool (*backup)(struct mdg_db *db, const char *path,
		       const struct mdg_progress *news, struct mdg_err *err);
	/* A copy of all there is, replacing one of the same number; *ret: its
	 * name, NULL for a store that has nothing to keep. */
	bool (*keep)(struct mdg_db *db, int version, char **ret,
		     struct mdg_err *err);
	/* Up to MDG_DB_COPIES_MAX. */
	bool (*copies)(struct mdg_db *db, struct mdg_arena *a,
		       struct mdg_db_copy *v, size_t *n, struct mdg_err *err);
	bool (*scrub)(struct mdg_db *db, bool *ret_done, struct mdg_err *err);
	int64_t (*size_bytes)(struct mdg_db *db);
	bool (*search_put)(struct mdg_db *db, int64_t doc, const char *terms,
			   struct mdg_err *err);
	bool (*search_remove)(struct mdg_db *db, int64_t doc, const char *terms,
			      struct mdg_err *err);
	/* Appends one phrase to a query in the engine's language. */
	void (*search_phrase)(struct mdg_buf *out,
			      const struct mdg_search_phrase *p);
	/* ids by query, largest id (excluded), number of rows. */
	const char *search_sql;
	const char *search_clear_sql;
};

struct mdg_db {
	const struct mdg_db_ops *ops;
	unsigned flags;
	bool in_tx;
	bool poisoned;             /* a statement of this one failed */
	enum mdg_code poison_code; /* why */
	size_t rows_n;             /* open now */
	size_t stmts_n;
	uint64_t tick;
	uint64_t begun; /* transactions so far */
	uint64_t writes; /* uses of statements other than SELECT */
	struct mdg_db_stmt *stmts[MDG_DB_BUCKETS];
};

/* Engines. ret points at the base of the engine's struct. */
bool mdg_db_sqlite_open(const char *path, unsigned flags, struct mdg_db **ret,
			struct mdg_err *err);
bool mdg_db_pg_open(const char *url, unsigned flags, struct mdg_db **ret,
		    struct mdg_err *err);

/* Decodes the arguments that follow `types` (mdg_db_run() and its like). */
bool mdg_db_args_decode(struct mdg_db_args *args, const char *sql,
			const char *types, va_list *ap, struct mdg_err *err);
/*
 * The prepared statement of sql: from the cache, or new and cached. One whose
 * rows are open is left alone; then a loose one is made for this use.
 */
struct mdg_db_stmt *mdg_db_stmt_get(struct mdg_db *db, const char *sql,
				    const char *types, struct mdg_err *err);
/* Its use is over. */
void mdg_db_stmt_put(struct mdg_db *db, struct mdg_db_stmt *st);
/* Forget all prepared statements (the connection is new). */
void mdg_db_forget(struct mdg_db *db);
/* sql on one line, cut, for an error text. */
const char *mdg_db_shown(const char *sql, char *out, size_t n);

#endif
