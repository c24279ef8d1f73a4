/* madoguchi restore: a checked backup takes the place of the store. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/migrate.h"
#include "madoguchi/store/st_desk.h"
#include "madoguchi/store/st_ticket.h"

#include "offline.h"

/*
 * SQLite format §1.3: page size at 16, size in pages at 28. SQLite itself
 * takes a file without its last bytes for whole.
 */
static bool
has_all_pages(const char *path, struct mdg_err *err)
{
	unsigned char h[32];
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fstat(fd, &st) == 0 &&
		  pread(fd, h, sizeof(h), 0) == (ssize_t)sizeof(h);

	if (fd >= 0)
		close(fd);
	if (!ok)
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_io, path,
				    strerror(errno), NULL);
	int64_t page = (int64_t)h[16] << 8 | h[17];
	int64_t pages = (int64_t)h[28] << 24 | (int64_t)h[29] << 16 |
			(int64_t)h[30] << 8 | h[31];
	return st.st_size >= pages * (page == 1 ? 65536 : page) ||
	       mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_store_damaged, path,
			    "cut short", NULL);
}

bool
mdg_cli_check_backup(struct mdg_db *db, const char *path,
		     struct mdg_audit *audit, struct mdg_err *err)
{
	char has[16], knows[16];
	int version;

	if (!has_all_pages(path, err) || !mdg_db_check(db, err) || !mdg_migrate_version(db, &version, err))
		return false;
	snprintf(has, sizeof(has), "%d", version);
	snprintf(knows, sizeof(knows), "%d", mdg_migrate_newest());
	if (version > mdg_migrate_newest())
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_store_newer, has,
				    knows, NULL);
	if (version < 1)
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_store_damaged,
				    path, "no schema", NULL);
	if (!mdg_event_verify(db, audit, err))
		return false;
	return !*audit->bad ||
	       mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_restore_audit, path,
			    audit->bad, NULL);
}

void
mdg_cli_drop_store(const char *path)
{
	static const char *const parts[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < MDG_LEN(parts); i++) {
		MDG_AUTO(mdg_freep)
		char *name = mdg_asprintf("%s%s", path, parts[i]);
		(void)unlink(name);
	}
}

/* The store must be nobody's; a damaged one is what restore is for. */
static bool
check_idle(const char *store, struct mdg_err *err)
{
	struct mdg_db *db;

	if (mdg_db_open(store, 0, &db, err)) {
		mdg_db_close(&db);
		return true;
	}
	return err->code != MDG_EBUSY;
}

static bool
move(const char *from, const char *to, struct mdg_err *err)
{
	return rename(from, to) == 0 || errno == ENOENT ||
	       mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_io, from,
			    strerror(errno), NULL);
}

/*
 * The old store steps aside, the new one takes its name. Between the two
 * renames there is no store, never half of one.
 */
static bool
put_in_place(const char *fresh, const char *path, const char *aside,
	     struct mdg_err *err)
{
	static const char *const parts[] = {"-wal", "-shm", ""};

	for (size_t i = 0; i < MDG_LEN(parts); i++) {
		MDG_AUTO(mdg_freep)
		char *from = mdg_asprintf("%s%s", path, parts[i]);
		MDG_AUTO(mdg_freep)
		char *to = mdg_asprintf("%s%s", aside, parts[i]);
		if (!move(from, to, err))
			return false;
	}
	return rename(fresh, path) == 0 ||
	       mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_io, path,
			    strerror(errno), NULL);
}

/* NULL: there is no former store to ask, or it cannot be read. */
static json_t *
erased_since(struct mdg_db *fresh, const char *store)
{
	struct mdg_db *old;
	struct mdg_err why;
	json_t *ids = NULL;

	if (!mdg_db_open(store, MDG_DB_READONLY, &old, &why))
		return NULL;
	if (!mdg_cli_restore_erased(old, fresh, &ids, &why))
		ids = NULL;
	mdg_db_close(&old);
	return ids;
}

/* The last close has written the log back; its empty files stay behind. */
static bool
leave_one_file(const char *path, struct mdg_err *err)
{
	static const char *const beside[] = {"-wal", "-shm", ".lock"};
	struct stat st;

	for (size_t i = 0; i < MDG_LEN(beside); i++) {
		MDG_AUTO(mdg_freep)
		char *name = mdg_asprintf("%s%s", path, beside[i]);
		if (i == 0 && stat(name, &st) == 0 && st.st_size > 0)
			return mdg_fail_msg(err, MDG_EIO, MDG_MSG_store_io,
					    name, "not written back", NULL);
		(void)unlink(name);
	}
	return true;
}

/*
 * What waits in an old copy may have gone out since: the daemon puts it before
 * a person at its start, and nothing leaves until somebody says `golive`. Who
 * was erased since is told.
 */
static bool
prepare(const char *path, const char *store, json_t **ret_erased,
	struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *url = mdg_asprintf("sqlite:%s", path);
	struct mdg_db *db;

	if (!mdg_db_open(url, 0, &db, err))
		return false;
	bool ok = mdg_db_run(db, err,
			     "UPDATE setting SET value = 'off'"
			     " WHERE key = 'sending'",
			     "") &&
		  mdg_setting_put(db, "restored", "yes", err);
	if (ok)
		*ret_erased = erased_since(db, store);
	mdg_db_close(&db);
	return ok && leave_one_file(path, err);
}

static bool
restore(const char *backup, const char *store, char **ret_aside,
	json_t **ret_erased, struct mdg_audit *audit, struct mdg_err *err)
{
	const char *path = mdg_cli_store_path(store);
	struct mdg_db *db;
	struct stat st;

	MDG_AUTO(mdg_freep) char *whole = realpath(backup, NULL);
	if (!whole)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read,
				    backup, strerror(errno), NULL);
	bool had = stat(path, &st) == 0;
	if (had && !check_idle(store, err))
		return false;
	MDG_AUTO(mdg_freep) char *url = mdg_asprintf("sqlite:%s", whole);
	MDG_AUTO(mdg_freep) char *fresh = mdg_asprintf("%s.restoring", path);
	if (!mdg_db_open(url, MDG_DB_READONLY, &db, err))
		return false;
	unlink(fresh);
	bool ok = mdg_cli_check_backup(db, whole, audit, err) &&
		  mdg_db_backup(db, fresh, NULL, err) &&
		  prepare(fresh, store, ret_erased, err);
	mdg_db_close(&db);
	if (!ok)
		return false;
	if (had && geteuid() == 0 && lchown(fresh, st.st_uid, st.st_gid) != 0)
		perror(fresh);
	MDG_AUTO(mdg_freep)
	char *aside =
		mdg_asprintf("%s.before-restore-%" PRId64, path, mdg_now_s());
	if (!put_in_place(fresh, path, aside, err))
		return false;
	if (had) {
		*ret_aside = aside;
		aside = NULL;
	}
	return true;
}

static void
say_erased(const struct mdg_cli *cli, const json_t *erased)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf list = {0};
	char n[24];
	json_t *id;
	size_t i;

	if (!erased) {
		mdg_cli_say(cli, MDG_MSG_restore_erased_unknown, NULL);
		return;
	}
	json_array_foreach (erased, i, id)
		mdg_buf_printf(&list, "%s%" JSON_INTEGER_FORMAT, i ? ", " : "",
			       json_integer_value(id));
	snprintf(n, sizeof(n), "%zu", json_array_size(erased));
	if (list.len)
		mdg_cli_say(cli, MDG_MSG_restore_erased, n, mdg_buf_str(&list),
			    NULL);
}

int
mdg_cli_restore(struct mdg_cli *cli, int argc, char **argv)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_freep) char *aside = NULL;
	struct mdg_cli_unlock how = {NULL, NULL};
	const struct mdg_opt opts[] = {
		{"passphrase-file", &how.passphrase_file, NULL},
		{"key", &how.key_file, NULL},
		{NULL, NULL, NULL},
	};
	const char *file;
	struct mdg_audit audit;
	struct mdg_config conf;
	struct mdg_err err;
	json_t *erased = NULL;
	char events[24];

	if (!mdg_cli_options(cli, opts, &argc, argv))
		return EX_USAGE;
	if (argc != 1)
		return mdg_cli_usage(cli);
	if (!mdg_cli_config(cli, &a, &conf, &err))
		return mdg_cli_fail(cli, &err);
	if (!mdg_cli_store_path(conf.store)) {
		mdg_fail_msg(&err, MDG_ESTATE, MDG_MSG_restore_sqlite, NULL);
		return mdg_cli_fail(cli, &err);
	}
	const char *store = mdg_cli_store_path(conf.store);
	MDG_AUTO(mdg_freep)
	char *plain = mdg_asprintf("%s.opened", store ? store : argv[0]);
	if (!mdg_cli_unlock(cli, argv[0], &how, plain, &file, &err))
		return mdg_cli_fail(cli, &err);
	bool ok = restore(file, conf.store, &aside, &erased, &audit, &err);
	if (file == plain)
		mdg_cli_drop_store(plain);
	if (!ok)
		return mdg_cli_fail(cli, &err);
	if (cli->json) {
		json_t *o = json_pack("{s:s,s:s?,s:I,s:o?}", "store",
				      conf.store, "kept", aside, "events",
				      audit.events, "erased_since", erased);
		mdg_cli_json(o);
		json_decref(o);
		return EX_OK;
	}
	snprintf(events, sizeof(events), "%" PRId64, audit.events);
	mdg_cli_say(cli, MDG_MSG_restore_done, conf.store, events, NULL);
	mdg_cli_say(cli, MDG_MSG_restore_stopped, NULL);
	if (aside)
		mdg_cli_say(cli, MDG_MSG_restore_kept, aside, NULL);
	say_erased(cli, erased);
	json_decref(erased);
	return EX_OK;
}
