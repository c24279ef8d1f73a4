/*
 * The SQLite engine: are the files by their names still those we have open, and
 * is in them what we wrote?
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* ---- the log ---- */

enum { HEAD_BYTES = 32 };

/* How its first bytes look: by the magic number of
 * https://sqlite.org/fileformat2.html §4.1, or by nothing there yet. */
enum head { HEAD_NONE, HEAD_GOOD, HEAD_BAD };

static enum head
look_at_head(const char *name, off_t *ret_bytes)
{
	static const unsigned char none[HEAD_BYTES],
		magic[] = {0x37, 0x7f, 0x06};
	unsigned char head[HEAD_BYTES];
	struct stat st = {0};
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd < 0 ? 0 : pread(fd, head, sizeof(head), 0);

	*ret_bytes = fd >= 0 && fstat(fd, &st) == 0 ? st.st_size : 0;
	if (fd >= 0)
		close(fd);
	if (n < HEAD_BYTES || memcmp(head, none, sizeof(none)) == 0)
		return HEAD_NONE;
	return memcmp(head, magic, sizeof(magic)) == 0 &&
			       (head[3] & 0xfe) == 0x82
		       ? HEAD_GOOD
		       : HEAD_BAD;
}

bool
mdg_sq_check_log(struct sq *q, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *name = mdg_asprintf("%s-wal", q->path);
	off_t bytes;

	switch (look_at_head(name, &bytes)) {
	case HEAD_BAD:
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_store_damaged,
				    name, "not a log of SQLite", NULL);
	case HEAD_NONE: /* so SQLite takes it for an empty one */
		if (bytes > 0 && truncate(name, 0) != 0)
			return mdg_sq_os_fail(name, err);
		return true;
	default:
		return true;
	}
}

/* What was cut from it or written over is lost; SQLite would copy the holes
 * into the store. */
static bool
log_is_whole(struct sq *q, const char *name)
{
	off_t bytes, was = q->log_bytes;
	enum head head = look_at_head(name, &bytes);

	q->log_bytes = bytes;
	if (was > MDG_SQ_LOG_BYTES_MAX)
		was = MDG_SQ_LOG_BYTES_MAX;
	return bytes >= was && (bytes == 0 || head == HEAD_GOOD);
}

/* ---- how far its events are ---- */

enum { NOTE_AT = 32, NOTE_BYTES = 24 }; /* in the lock file, behind the pid */

void
mdg_sq_read_note(struct sq *q)
{
	char text[NOTE_BYTES];
	ssize_t n = pread(q->lock_fd, text, sizeof(text) - 1, NOTE_AT);

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, " \n")] = '\0';
	if (!mdg_str_i64(text, 1, INT64_MAX, &q->noted))
		q->noted = 0;
}

void
mdg_db_note(struct mdg_db *db, int64_t seq)
{
	struct sq *q = (struct sq *)db;
	char text[NOTE_BYTES];

	if (db->ops != &mdg_sq_ops || q->lock_fd < 0)
		return;
	int n = snprintf(text, sizeof(text), "%-20lld\n", (long long)seq);
	/* one that is not written only makes us know less */
	if (pwrite(q->lock_fd, text, (size_t)n, NOTE_AT) == n)
		q->noted = seq;
}

int64_t
mdg_db_noted(const struct mdg_db *db)
{
	return db->ops == &mdg_sq_ops ? ((const struct sq *)db)->noted : 0;
}

bool
mdg_db_is_suspect(struct mdg_db *db)
{
	struct sq *q = (struct sq *)db;
	bool was = db->ops == &mdg_sq_ops && q->suspect;

	if (was)
		q->suspect = false;
	return was;
}

/* ---- the files ---- */

bool
mdg_sq_in_place(struct mdg_db *db, struct mdg_err *err)
{
	struct sq *q = (struct sq *)db;

	for (size_t i = 0; q->lock_fd >= 0 && i < MDG_SQ_FILES; i++) {
		MDG_AUTO(mdg_freep)
		char *name = mdg_asprintf("%s%s", q->path, tails[i]);
		if (is_there(&q->files[i], name)) {
			if (i > 0 || log_is_whole(q, name))
				continue;
			return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_cut,
					    name, NULL);
		}
		sqlite3_wal_checkpoint_v2(q->h, NULL, SQLITE_CHECKPOINT_FULL,
					  NULL, NULL);
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_moved, name,
				    NULL);
	}
	return true;
}
