/*
 * db: one interface, one file per engine (SQLite, PostgreSQL).
 *
 * SQL is written once, in the common subset: parameters are ?1, ?2 … (never
 * by order of appearance; an engine may rewrite them), conflicts are
 * INSERT … ON CONFLICT … [DO NOTHING | DO UPDATE] [RETURNING …], integers are
 * 64-bit, bytes are blobs, times are unix seconds. No engine-specific
 * function, no implicit rowid, no boolean column, no SUM without
 * CAST(… AS BIGINT).
 *
 * Statements are prepared once and cached by the address of their SQL text:
 * pass string literals. Arguments follow the SQL, described by `types`, one
 * letter each, for ?1, ?2, … in order:
 *
 *   i  int64_t            n  NULL (no argument)
 *   d  double             s  const char *, UTF-8 (NULL is SQL NULL)
 *   b  struct mdg_span    (p == NULL is SQL NULL)
 *   I  const int64_t *    (NULL is SQL NULL)
 *
 * A text with a NUL byte cannot be passed; broken UTF-8 is refused (MDG_EBUG).
 *
 * Transactions do not nest; savepoints do. A failed statement inside a
 * transaction makes the transaction unusable until rolled back to a savepoint
 * or ended (PostgreSQL's rule, enforced for both engines so that neither
 * surprises).
 *
 * Errors: MDG_EDB, but MDG_EEXIST for a UNIQUE or PRIMARY KEY conflict,
 * MDG_EBUSY when another process holds the store, MDG_EFULL when the disk is
 * full, MDG_ECONFLICT for a serialisation failure or deadlock, MDG_ENET when
 * the server went away, MDG_EIO or MDG_EFORMAT (damaged) for a sick file. The
 * handle stays usable. A failed commit has rolled back, except that after
 * MDG_ENET nobody knows: read again. Outside a transaction the next use of the
 * handle connects again (and takes its lanes again) by itself; no statement
 * that may have changed something is repeated.
 *
 * One handle belongs to one process and one thread.
 */
#ifndef MDG_STORE_DB_H
#define MDG_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/progress.h"

struct mdg_db;
struct mdg_rows;

enum mdg_db_flags {
	MDG_DB_READONLY = 1 << 0,
	MDG_DB_CREATE = 1 << 1,
};

/*
 * url: "sqlite:/var/lib/madoguchi/desk.db" (or a bare absolute path),
 * "sqlite::memory:", "postgresql://…" or "postgres://…" (libpq's form).
 * A writer of SQLite takes an exclusive advisory lock on the file's name
 * + ".lock" and fails with MDG_EBUSY (message for people) if another daemon
 * holds it; a writer of PostgreSQL takes an advisory lock per lane instead
 * (mdg_db_lock()).
 */
bool mdg_db_open(const char *url, unsigned flags, struct mdg_db **ret,
		 struct mdg_err *err);
void mdg_db_close(struct mdg_db **db);
/* "sqlite" or "postgresql". */
const char *mdg_db_engine(const struct mdg_db *db);

/* -- transactions ------------------------------------------------------ */
bool mdg_db_begin(struct mdg_db *db, struct mdg_err *err);
bool mdg_db_commit(struct mdg_db *db, struct mdg_err *err);
void mdg_db_rollback(struct mdg_db *db); /* harmless outside one */
bool mdg_db_in_transaction(const struct mdg_db *db);
uint64_t mdg_db_begun(const struct mdg_db *db); /* so far */
/* name: a literal identifier. */
bool mdg_db_savepoint(struct mdg_db *db, const char *name,
		      struct mdg_err *err);
bool mdg_db_release(struct mdg_db *db, const char *name, struct mdg_err *err);
bool mdg_db_rollback_to(struct mdg_db *db, const char *name,
			struct mdg_err *err);

/* -- statements -------------------------------------------------------- */
/* A statement without a result. */
bool mdg_db_run(struct mdg_db *db, struct mdg_err *err, const char *sql,
		const char *types, ...);
/*
 * Same, for what is only written on the way to the commit: nobody waits for
 * its end, which spares a way to the server and back. What fails may be told
 * of only by a statement after it, at the latest by the commit or the end of
 * the savepoint; so not where its own error means something to the caller.
 */
bool mdg_db_send(struct mdg_db *db, struct mdg_err *err, const char *sql,
		 const char *types, ...);
/* Same as mdg_db_run(); *changed is the number of rows it touched. */
bool mdg_db_run_n(struct mdg_db *db, int64_t *changed, struct mdg_err *err,
		  const char *sql, const char *types, ...);
/* Several statements without arguments, separated by ';' (migrations). */
bool mdg_db_script(struct mdg_db *db, const char *sql, struct mdg_err *err);

/*
 * A statement with rows (SELECT, or … RETURNING). Rows must be closed before
 * the same SQL text is used again.
 *
 *   struct mdg_rows *r;
 *   if (!mdg_db_query(db, &r, err, "SELECT id FROM t WHERE a = ?1", "s", a))
 *           return false;
 *   while (mdg_rows_next(r)) … mdg_rows_i64(r, 0) …
 *   return mdg_rows_close(&r, err);
 */
bool mdg_db_query(struct mdg_db *db, struct mdg_rows **ret,
		  struct mdg_err *err, const char *sql, const char *types, ...);
bool mdg_rows_next(struct mdg_rows *r);
/* false if reading stopped because of an error (then err is filled). */
bool mdg_rows_close(struct mdg_rows **r, struct mdg_err *err);
/* For MDG_AUTO: closes and forgets the error. */
void mdg_rows_closep(struct mdg_rows **r);

/* The first column of at most `max` rows, then closes them. */
bool mdg_rows_ids(struct mdg_rows **r, int64_t *ids, size_t max, size_t *ret_n,
		  struct mdg_err *err);

/* Columns count from 0. Pointers live until the next call on the rows. */
bool mdg_rows_null(const struct mdg_rows *r, int col);
int64_t mdg_rows_i64(const struct mdg_rows *r, int col); /* NULL is 0 */
double mdg_rows_f64(const struct mdg_rows *r, int col);
const char *mdg_rows_text(const struct mdg_rows *r, int col); /* NULL is "" */
const char *mdg_rows_text_or_null(const struct mdg_rows *r, int col);
struct mdg_span mdg_rows_blob(const struct mdg_rows *r, int col);

/*
 * One row, one integer: MDG_FOUND with *ret, MDG_NONE without a row,
 * MDG_FAILED with err.
 */
enum mdg_found { MDG_FAILED, MDG_NONE, MDG_FOUND };
enum mdg_found mdg_db_i64(struct mdg_db *db, int64_t *ret, struct mdg_err *err,
			  const char *sql, const char *types, ...);

/* -- the rest ---------------------------------------------------------- */
/* PostgreSQL: the lease of `lane` for this handle; SQLite: always true. */
bool mdg_db_lock(struct mdg_db *db, int64_t lane, struct mdg_err *err);
/* Engine's own consistency check (PRAGMA integrity_check, foreign keys). */
bool mdg_db_check(struct mdg_db *db, struct mdg_err *err);
/*
 * Outside a transaction: are the files of a SQLite store that this writer has
 * open still there by their names? false with MDG_EIO (message for people) if
 * one was removed, renamed or replaced: what is written now would be found by
 * nobody, so the process has to end. What the log held is in the store by then
 * as far as that could be done. Costs a few stat(2).
 */
bool mdg_db_in_place(struct mdg_db *db, struct mdg_err *err);
/*
 * How far the events of the store are, noted beside it (in its lock file) after
 * a commit without waiting for the disk. A store that was cut, or put back by
 * hand, is behind what is noted: mdg_db_noted() is the note as it was when the
 * store was opened or written last, 0 if there is none. SQLite only: a server
 * keeps its files itself.
 */
void mdg_db_note(struct mdg_db *db, int64_t seq);
int64_t mdg_db_noted(const struct mdg_db *db);
/* Once after something in the store's file could not be read: it may be damaged
 * and is to be checked (SQLite only). */
bool mdg_db_is_suspect(struct mdg_db *db);
/*
 * Online copy of a SQLite store, as it is at this moment, into a new file. It
 * takes as long as the file is big: other processes write and read on, this
 * one waits, so use a read-only handle beside the daemon;
 * MDG_ESTATE on PostgreSQL (pg_dump does it there). The copy is fsynced and
 * renamed into place: an incomplete file never bears the name. news (or NULL)
 * hears of its pages.
 */
bool mdg_db_backup(struct mdg_db *db, const char *path,
		   const struct mdg_progress *news, struct mdg_err *err);
/*
 * After erasing: what was deleted leaves the files too, also the search index
 * and the write-ahead log. Outside a transaction; step by step over the whole
 * index, so once for many erasures: call again until *ret_done, soon while it
 * is false (a reader may hold old rows).
 */
bool mdg_db_scrub(struct mdg_db *db, bool *ret_done, struct mdg_err *err);
/*
 * Copies of the store that were made before an upgrade or a restore and are
 * still there: files beside it, schemas of the same database. What is erased
 * in the store stays in them. Up to MDG_DB_COPIES_MAX, on the arena.
 */
enum { MDG_DB_COPIES_MAX = 20 };
struct mdg_db_copy {
	const char *name; /* its path, or "SCHEMA madoguchi_0001" */
	int64_t made_s;   /* holds nothing newer than this */
};
bool mdg_db_copies(struct mdg_db *db, struct mdg_arena *a,
		   struct mdg_db_copy **ret, size_t *ret_n,
		   struct mdg_err *err);
/* Statements other than SELECT that this handle has run so far. */
uint64_t mdg_db_writes(const struct mdg_db *db);
/* Bytes on disk, for status and bench. */
int64_t mdg_db_size_bytes(struct mdg_db *db);

#endif
