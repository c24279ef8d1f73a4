/* The SQLite engine: are the files by their names still those we have open? */
#include <sys/stat.h>

#include "madoguchi/base/str.h"
#include "sqlite-int.h"

/*
 * The store itself comes last: what can be saved is saved into it.
 *
 * A log that was removed is still ours to read: what it holds goes into the
 * store before we end. Whoever opens the store without it finds the past.
 */
static const char *const tails[MDG_SQ_FILES] = {"-wal", "-shm", ".lock", ""};

static bool
is_there(struct sq_file *was, const char *name)
{
	struct stat st;

	if (stat(name, &st) != 0)
		return was->ino == 0; /* not made yet */
	if (was->ino == 0)
		*was = (struct sq_file){st.st_dev, st.st_ino};
	return was->dev == st.st_dev && was->ino == st.st_ino;
}

bool
mdg_sq_in_place(struct mdg_db *db, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;

	for (size_t i = 0; q->lock_fd >= 0 && i < MDG_SQ_FILES; i++) {
		MDG_AUTO(mdg_freep)
		char *name = mdg_asprintf("%s%s", q->path, tails[i]);
		if (is_there(&q->files[i], name))
			continue;
		sqlite3_wal_checkpoint_v2(q->h, NULL, SQLITE_CHECKPOINT_FULL,
					  NULL, NULL);
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_moved, name,
				    NULL);
	}
	return true;
}
