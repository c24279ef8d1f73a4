/*
 * The copies of a SQLite store that lie beside it: from an upgrade, from a
 * restore, and what one that was broken off has left.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "sqlite-int.h"

static bool
is_copy(const char *entry, const char *store)
{
	/* mdg_sq_keep(), cli/restore.c */
	static const char *const tails[] = {".schema-", ".before-restore-",
					    ".restoring", ".opened"};

	if (!mdg_str_starts(entry, store))
		return false;
	for (size_t i = 0; i < MDG_LEN(tails); i++)
		if (mdg_str_starts(entry + strlen(store), tails[i]))
			return true;
	return false;
}

bool
mdg_sq_copies(struct mdg_db *db, struct mdg_arena *a, struct mdg_db_copy *v,
	      size_t *n, struct mdg_err *err)
{
	const struct sq *q = (const struct sq *)db;
	const char *slash = strrchr(q->path, '/');
	const struct dirent *e;
	struct stat st;

	*n = 0;
	if (!slash) /* in memory */
		return true;
	const char *dir = mdg_arena_printf(
		a, "%.*s", (int)(slash - q->path) + 1, q->path);
	DIR *d = opendir(dir);
	if (!d)
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_io, dir,
				    strerror(errno), NULL);
	while (*n < MDG_DB_COPIES_MAX && (e = readdir(d))) {
		if (!is_copy(e->d_name, slash + 1))
			continue;
		const char *name = mdg_arena_printf(a, "%s%s", dir, e->d_name);
		if (lstat(name, &st) == 0)
			v[(*n)++] = (struct mdg_db_copy){name, st.st_mtime};
	}
	closedir(d);
	return true;
}
