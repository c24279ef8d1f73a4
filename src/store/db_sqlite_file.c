/* The SQLite engine: the file, its lock and its check. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "sqlite-int.h"

enum {
	/* Only one process writes: who holds the lock for longer is no
	 * part of the desk, and people wait behind this. */
	BUSY_TIMEOUT_MS = 1000,
	SCRUB_TIMEOUT_MS = 100,
	SCRUB_STEPS_MS = 30, /* at a time */
};

bool
mdg_sq_is_memory(const char *path)
{
	return mdg_streq(path, ":memory:");
}

bool
mdg_sq_os_fail(const char *path, struct mdg_err *err)
{
	int e = errno;
	if (e == ENOSPC || e == EDQUOT || e == EFBIG)
		return mdg_fail_msg(err, MDG_EFULL, MDG_MSG_out_of_disk, path,
				    NULL);
	return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_io, path, strerror(e),
			    NULL);
}

/* ---- the lock file ---------------------------------------------------- */

/* Another writer has it: say who. */
static bool
busy(int fd, const char *path, struct mdg_err *err)
{
	char text[24];
	int64_t pid;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (!mdg_str_i64(text, 1, INT32_MAX, &pid))
		snprintf(text, sizeof(text), "?");
	return mdg_fail_msg(err, MDG_EBUSY, MDG_MSG_store_busy, path, text,
			    NULL);
}

static bool
note_pid(int fd)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) == n;
}

/*
 * The file is never deleted: whoever opened it before a deletion would hold
 * a lock on a file that nobody else can see.
 */
static bool
take_lock(struct sq *q, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *name = mdg_asprintf("%s.lock", q->path);

	q->lock_fd =
		open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (q->lock_fd < 0)
		return mdg_sq_os_fail(name, err);
	if (flock(q->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? busy(q->lock_fd, q->path, err)
					    : mdg_sq_os_fail(name, err);
	mdg_sq_read_note(q);
	if (!note_pid(q->lock_fd))
		return mdg_sq_os_fail(name, err);
	if (q->noted)
		mdg_db_note(&q->base, q->noted);
	return true;
}

/* The file exists before SQLite opens it, readable by its owner only. */
static bool
ensure_file(struct sq *q, struct mdg_err *err)
{
	struct stat st;

	if (stat(q->path, &st) == 0) {
		if (S_ISREG(st.st_mode))
			return true;
		errno = EISDIR;
		return mdg_sq_os_fail(q->path, err);
	}
	if (errno != ENOENT)
		return mdg_sq_os_fail(q->path, err);
	if (!(q->base.flags & MDG_DB_CREATE))
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_store_missing,
				    q->path, NULL);
	int fd = open(q->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return mdg_sq_os_fail(q->path, err);
	close(fd);
	return true;
}

/* ---- open, close ------------------------------------------------------ */

/*
 * secure_delete: what is erased leaves the file (a promise to people).
 * synchronous FULL: a committed mail survives a power cut (I1).
 * page_size counts only for a new file. The log is checkpointed in pieces of
 * about 64 MB (a stall of 100 ms): a page of an index that many mails touch goes
 * to the file once for all of them. It is cut back if it ever grew further.
 */
static const char setup_writer[] = "PRAGMA page_size = 8192;"
				   "PRAGMA journal_mode = WAL;"
				   "PRAGMA synchronous = FULL;"
				   "PRAGMA wal_autocheckpoint = 8000;"
				   "PRAGMA journal_size_limit = 134217728;"
				   "PRAGMA secure_delete = ON;";
static const char setup_all[] = "PRAGMA foreign_keys = ON;"
				"PRAGMA temp_store = MEMORY;"
				"PRAGMA mmap_size = 0;"
				"PRAGMA cache_size = -24576;"
				"PRAGMA trusted_schema = OFF;"
				"PRAGMA cell_size_check = ON;"
				/* reads page 1: is it a store at all? */
				"SELECT count(*) FROM sqlite_schema;";

static bool
configure(struct sq *q, struct mdg_err *err)
{
	int rc;

	sqlite3_extended_result_codes(q->h, 1);
	sqlite3_busy_timeout(q->h, BUSY_TIMEOUT_MS);
	sqlite3_db_config(q->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(q->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(q->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (!(q->base.flags & MDG_DB_READONLY)) {
		rc = sqlite3_exec(q->h, setup_writer, NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			return mdg_sq_fail(q->path, q->h, rc, setup_writer,
					   err);
		/* -wal and -shm stay, so that readers may open without us */
		int on = 1;
		sqlite3_file_control(q->h, "main", SQLITE_FCNTL_PERSIST_WAL,
				     &on);
	}
	rc = sqlite3_exec(q->h, setup_all, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return mdg_sq_fail(q->path, q->h, rc, setup_all, err);
	return mdg_sq_search_setup(q, err);
}

/* One thread uses SQLite here: no locks, and no counters that need them.
 * Refused, without harm, once the library runs. */
static void
configure_library(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool
open_handle(struct sq *q, struct mdg_err *err)
{
	bool ro = q->base.flags & MDG_DB_READONLY;
	int flags = (ro ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
		    SQLITE_OPEN_NOMUTEX;

	if (mdg_sq_is_memory(q->path))
		flags |= SQLITE_OPEN_CREATE;
	else if (!ensure_file(q, err) ||
		 (!ro && (!take_lock(q, err) || !mdg_sq_check_log(q, err))))
		return false;
	configure_library();
	int rc = sqlite3_open_v2(q->path, &q->h, flags, NULL);
	if (rc != SQLITE_OK)
		return mdg_sq_fail(q->path, q->h, rc, NULL, err);
	return configure(q, err) && mdg_sq_in_place(&q->base, err);
}

bool
mdg_db_sqlite_open(const char *path, unsigned flags, struct mdg_db **ret,
		   struct mdg_err *err)
{
	struct sq *q = mdg_calloc(1, sizeof(*q));

	q->base.ops = &mdg_sq_ops;
	q->base.flags = flags;
	q->path = mdg_strdup(path);
	q->lock_fd = -1;
	if (!open_handle(q, err)) {
		mdg_sq_close(&q->base);
		return false;
	}
	*ret = &q->base;
	return true;
}

void
mdg_sq_close(struct mdg_db *db)
{
	struct sq *q = (struct sq *)db;

	sqlite3_close(q->h);
	if (q->lock_fd >= 0)
		close(q->lock_fd);
	free(q->path);
	free(q);
}

/* ---- check, size ------------------------------------------------------ */

static bool
damaged(struct sq *q, const char *why, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_store_damaged, q->path,
			    why, NULL);
}

/* First row of a pragma: *found and its first column, cut. */
static bool
first_row(struct sq *q, const char *sql, bool *found, char *out, size_t n,
	  struct mdg_err *err)
{
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(q->h, sql, -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	*found = rc == SQLITE_ROW;
	if (*found) {
		const unsigned char *t = sqlite3_column_text(s, 0);
		snprintf(out, n, "%s", t ? (const char *)t : "");
	}
	bool ok = rc == SQLITE_ROW || rc == SQLITE_DONE ||
		  mdg_sq_fail(q->path, q->h, rc, sql, err);
	sqlite3_finalize(s);
	return ok;
}

bool
mdg_sq_check(struct mdg_db *db, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;
	char text[200];
	bool found;

	if (!first_row(q, "PRAGMA integrity_check(1)", &found, text,
		       sizeof(text), err))
		return false;
	if (!found || !mdg_streq(text, "ok"))
		return damaged(q, text, err);
	if (!first_row(q, "PRAGMA foreign_key_check", &found, text,
		       sizeof(text), err))
		return false;
	return !found || damaged(q, text, err);
}

/*
 * FTS5 only marks what it forgets until its segments are merged. Merging all
 * at once would hold up everybody for seconds in a big index: the first step
 * puts all segments on one level, each of them moves some pages; a step that
 * changes nothing was the last (sqlite.org/fts5.html §6.8).
 */
static bool
merge_terms(struct sq *q, bool *ret_done, struct mdg_err *err)
{
	int64_t before = sqlite3_total_changes64(q->h);

	if (!mdg_sq_ops.exec(&q->base,
			     q->merging
				     ? "INSERT INTO search(search, rank)"
				       " VALUES('merge', 400)"
				     : "INSERT INTO search(search, rank)"
				       " VALUES('merge', -400)",
			     err))
		return false;
	*ret_done = sqlite3_total_changes64(q->h) - before < 2;
	q->merging = !*ret_done;
	return true;
}

/* secure_delete has emptied the rows already; the log keeps old pages until it
 * is cut. */
bool
mdg_sq_scrub(struct mdg_db *db, bool *ret_done, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;
	char any[8], held[8];
	bool found, merged = true;

	*ret_done = false;
	if (!first_row(q,
		       "SELECT count(*) FROM sqlite_schema"
		       " WHERE name = 'search'",
		       &found, any, sizeof(any), err))
		return false;
	if (!mdg_streq(any, "0")) {
		int64_t end_ms = mdg_mono_ms() + SCRUB_STEPS_MS;
		do {
			if (!merge_terms(q, &merged, err))
				return false;
		} while (!merged && mdg_mono_ms() < end_ms);
	}
	if (!merged)
		return true;
	sqlite3_busy_timeout(q->h, SCRUB_TIMEOUT_MS);
	bool ok = first_row(q, "PRAGMA wal_checkpoint(TRUNCATE)", &found, held,
			    sizeof(held), err);
	sqlite3_busy_timeout(q->h, BUSY_TIMEOUT_MS);
	q->log_bytes = 0;
	*ret_done = ok && mdg_streq(held, "0"); /* else a reader has old rows */
	return ok;
}

int64_t
mdg_sq_size_bytes(struct mdg_db *db)
{
	struct sq *q = (struct sq *)db;
	static const char *const tails[] = {"", "-wal"};
	int64_t sum = 0;

	for (size_t i = 0; i < MDG_LEN(tails); i++) {
		MDG_AUTO(mdg_freep)
		char *name = mdg_asprintf("%s%s", q->path, tails[i]);
		struct stat st;
		if (stat(name, &st) == 0)
			sum += st.st_size;
	}
	return sum;
}
