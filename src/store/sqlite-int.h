/* Inside of the SQLite engine: statements apart from files. */
#ifndef MDG_STORE_SQLITE_INT_H
#define MDG_STORE_SQLITE_INT_H

#include <sqlite3.h>
#include <sys/types.h>

#include "db-int.h"

enum { MDG_SQ_FILES = 4 };

struct sq_file {
	dev_t dev;
	ino_t ino; /* 0: not seen yet */
};

struct sq {
	struct mdg_db base;
	sqlite3 *h;
	char *path; /* as given, for messages */
	int lock_fd; /* of a writer, else -1 */
	struct sq_file files[MDG_SQ_FILES];
	off_t log_bytes; /* of -wal when we looked last */
	int64_t noted;   /* see mdg_db_noted() */
	bool suspect;    /* something in it could not be read */
	bool merging; /* the search index, step by step */
};

/* Translates rc of the last call into err. Always returns false. */
bool mdg_sq_fail(const char *path, sqlite3 *h, int rc, const char *sql,
		 struct mdg_err *err);
/* db_sqlite_file.c */
bool mdg_sq_is_memory(const char *path);
/* What errno says of a file. Always returns false. */
bool mdg_sq_os_fail(const char *path, struct mdg_err *err);
bool mdg_sq_check(struct mdg_db *db, struct mdg_err *err);
/* db_sqlite_copy.c */
bool mdg_sq_backup(struct mdg_db *db, const char *path,
		   const struct mdg_progress *news, struct mdg_err *err);
bool mdg_sq_keep(struct mdg_db *db, int version, char **ret,
		 struct mdg_err *err);
/* db_sqlite_place.c */
enum { MDG_SQ_LOG_BYTES_MAX = 128 << 20 }; /* -wal is cut back to that */
/* A log that is none is refused before SQLite passes over it in silence. */
bool mdg_sq_check_log(struct sq *q, struct mdg_err *err);
void mdg_sq_read_note(struct sq *q);
bool mdg_sq_in_place(struct mdg_db *db, struct mdg_err *err);
/* keep_sqlite.c */
bool mdg_sq_copies(struct mdg_db *db, struct mdg_arena *a,
		   struct mdg_db_copy *v, size_t *n, struct mdg_err *err);
bool mdg_sq_scrub(struct mdg_db *db, bool *ret_done, struct mdg_err *err);
int64_t mdg_sq_size_bytes(struct mdg_db *db);
void mdg_sq_close(struct mdg_db *db);
/* search_sqlite.c */
bool mdg_sq_search_setup(struct sq *q, struct mdg_err *err);
bool mdg_sq_search_put(struct mdg_db *db, int64_t doc, const char *terms,
		       struct mdg_err *err);
bool mdg_sq_search_remove(struct mdg_db *db, int64_t doc, const char *terms,
			  struct mdg_err *err);
void mdg_sq_search_phrase(struct mdg_buf *out,
			  const struct mdg_search_phrase *p);
extern const char mdg_sq_search_sql[], mdg_sq_search_clear_sql[];
/* db_sqlite.c */
extern const struct mdg_db_ops mdg_sq_ops;

#endif
