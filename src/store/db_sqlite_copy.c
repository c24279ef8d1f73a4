/* The SQLite engine: a copy of the file, while others read and write it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "madoguchi/base/str.h"
#include "sqlite-int.h"

enum { STEP_PAGES = 1024 }; /* between two words of how far it is: 8 MB */

/*
 * One read transaction from beginning to end: the copy shows one moment, and
 * writers in other processes go on without making it start again (their log
 * just cannot be cut back meanwhile).
 */
static bool
copy_pages(struct sq *q, sqlite3 *to, const char *name,
	   const struct mdg_progress *news, struct mdg_err *err)
{
	int rc =
		sqlite3_exec(q->h, "BEGIN; SELECT count(*) FROM sqlite_schema;",
			     NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		mdg_sq_fail(q->path, q->h, rc, "backup", err);
		sqlite3_exec(q->h, "ROLLBACK", NULL, NULL, NULL);
		return false;
	}
	sqlite3_backup *b = sqlite3_backup_init(to, "main", q->h, "main");
	errno = 0;
	rc = b ? SQLITE_OK : sqlite3_extended_errcode(to);
	while (b && rc == SQLITE_OK) {
		rc = sqlite3_backup_step(b, STEP_PAGES);
		int all = sqlite3_backup_pagecount(b);
		mdg_progress(news, all - sqlite3_backup_remaining(b), all);
	}
	int end = sqlite3_backup_finish(b);
	rc = rc == SQLITE_DONE ? end : rc;
	bool ok = rc == SQLITE_OK || mdg_sq_fail(name, to, rc, "backup", err);
	sqlite3_exec(q->h, "COMMIT", NULL, NULL, NULL);
	return ok;
}

static bool
sync_path(const char *path, int flags, struct mdg_err *err)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return mdg_sq_os_fail(path, err);
	bool ok = fsync(fd) == 0 || mdg_sq_os_fail(path, err);
	close(fd);
	return ok;
}

static bool
sync_dir_of(const char *path, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *dir = mdg_strdup(path);
	char *slash = strrchr(dir, '/');

	if (!slash)
		return sync_path(".", O_RDONLY | O_DIRECTORY, err);
	slash[slash == dir] = '\0';
	return sync_path(dir, O_RDONLY | O_DIRECTORY, err);
}

/* Where a copy was to be: what people mistype, in words. */
static bool
place_fail(const struct sq *q, const char *path, struct mdg_err *err)
{
	if (errno != ENOENT && errno != ENOTDIR && errno != EACCES &&
	    errno != EPERM && errno != EROFS)
		return mdg_sq_os_fail(path, err);
	enum mdg_msg why = errno == EROFS ? MDG_MSG_store_backup_sealed
			   : errno == ENOENT || errno == ENOTDIR
				   ? MDG_MSG_store_backup_nowhere
				   : MDG_MSG_store_backup_closed;
	MDG_AUTO(mdg_freep) char *dir = mdg_strdup(path);
	char *slash = strrchr(dir, '/');

	if (slash)
		slash[slash == dir] = '\0';
	return mdg_fail_msg(err, MDG_EINVAL, why, slash ? dir : ".", q->path,
			    NULL);
}

static bool
write_copy(struct sq *q, const char *part, const struct mdg_progress *news,
	   struct mdg_err *err)
{
	sqlite3 *to = NULL;
	int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return place_fail(q, part, err);
	close(fd);
	int rc = sqlite3_open_v2(
		part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	bool ok = rc == SQLITE_OK || mdg_sq_fail(part, to, rc, NULL, err);
	/* fsynced once at the end; a journal would serve nobody */
	if (ok)
		sqlite3_exec(to,
			     "PRAGMA journal_mode=OFF;"
			     "PRAGMA synchronous=OFF",
			     NULL, NULL, NULL);
	ok = ok && copy_pages(q, to, part, news, err);
	if (sqlite3_close(to) != SQLITE_OK && ok)
		ok = mdg_fail(err, MDG_EBUG, "the copy stayed open");
	return ok && sync_path(part, O_RDWR, err);
}

bool
mdg_sq_backup(struct mdg_db *db, const char *path,
	      const struct mdg_progress *news, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;
	MDG_AUTO(mdg_freep) char *part = mdg_asprintf("%s.part", path);
	struct stat st;

	if (db->in_tx)
		return mdg_fail(err, MDG_ESTATE, "backup in a transaction");
	if (lstat(path, &st) == 0)
		return mdg_fail_msg(err, MDG_EEXIST,
				    MDG_MSG_store_backup_exists, path, NULL);
	if (unlink(part) != 0 && errno != ENOENT)
		return place_fail(q, part, err);
	if (!write_copy(q, part, news, err)) {
		(void)unlink(part);
		return false;
	}
	/* link, not rename: never over a file that came meanwhile */
	if (link(part, path) != 0) {
		int e = errno;
		(void)unlink(part);
		errno = e;
		return e == EEXIST ? mdg_fail_msg(err, MDG_EEXIST,
						  MDG_MSG_store_backup_exists,
						  path, NULL)
				   : mdg_sq_os_fail(path, err);
	}
	(void)unlink(part);
	return sync_dir_of(path, err);
}

/*
 * Beside the store, readable by its owner only. One that a failed attempt left
 * is replaced once the new one is whole: retries do not fill the disk.
 */
bool
mdg_sq_keep(struct mdg_db *db, int version, char **ret, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;
	MDG_AUTO(mdg_freep)
	char *name = mdg_asprintf("%s.schema-%04d", q->path, version);
	MDG_AUTO(mdg_freep) char *fresh = mdg_asprintf("%s.new", name);

	*ret = NULL;
	if (mdg_sq_is_memory(q->path))
		return true;
	if (unlink(fresh) != 0 && errno != ENOENT)
		return mdg_sq_os_fail(fresh, err);
	if (!mdg_sq_backup(db, fresh, NULL, err))
		return false;
	if (rename(fresh, name) != 0) {
		mdg_sq_os_fail(name, err);
		(void)unlink(fresh);
		return false;
	}
	if (!sync_dir_of(name, err))
		return false;
	*ret = name;
	name = NULL;
	return true;
}
