/* What only a store in a file has: its lock, readers, copies, a full disk. */
#include "t.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/store/db.h"
#include "madoguchi/store/migrate.h"
#include "madoguchi/store/search.h"
#include "pg.h"

static char dir[256], url[300], file[290];

static int
set_up(void **state)
{
	(void)state;
	t_dir_make(dir, sizeof(dir));
	snprintf(file, sizeof(file), "%s/desk.db", dir);
	snprintf(url, sizeof(url), "sqlite:%s", file);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	t_dir_remove(dir);
	return 0;
}

static const char *
text_of(const struct mdg_err *err)
{
	static char text[1200];
	return mdg_err_text(err, MDG_LANG_EN, text, sizeof(text));
}

static struct mdg_db *
open_as(unsigned flags)
{
	struct mdg_db *db = NULL;
	struct mdg_err err;

	if (!mdg_db_open(url, flags, &db, &err))
		fail_msg("%s", text_of(&err));
	return db;
}

static void
script(struct mdg_db *db, const char *sql)
{
	struct mdg_err err;

	if (!mdg_db_script(db, sql, &err))
		fail_msg("%s", text_of(&err));
}

static int64_t
number(struct mdg_db *db, const char *sql)
{
	struct mdg_err err;
	int64_t n = 0;

	if (mdg_db_i64(db, &n, &err, sql, "") != MDG_FOUND)
		fail_msg("%s: %s", sql, text_of(&err));
	return n;
}

static void
make_t(struct mdg_db *db)
{
	script(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB) STRICT");
}

static bool
insert(struct mdg_db *db, int64_t id, size_t bytes, struct mdg_err *err)
{
	char *b = calloc(1, bytes + 1);

	for (size_t i = 0; i < bytes; i++)
		b[i] = (char)(i * 2654435761u >> 16);
	bool ok = mdg_db_run(db, err, "INSERT INTO t(id, b) VALUES(?1, ?2)",
			     "ib", id, mdg_span(b, bytes));
	free(b);
	return ok;
}

/* ---- opening ----------------------------------------------------------- */

static void
a_wrong_address_is_explained(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		enum mdg_code code;
	} wrong[] = {
		{"", MDG_EINVAL},
		{"desk.db", MDG_EINVAL},
		{"mysql://u:p@h/d", MDG_EINVAL},
		{"sqlite:", MDG_EINVAL},
		{"sqlite:/no/such/dir/x.db", MDG_ENOENT},
		{"/no/such/dir/x.db", MDG_ENOENT},
		{"sqlite:/", MDG_EIO},
#ifndef MDG_HAVE_PQ
		{"postgresql://h/d", MDG_EINVAL},
#endif
	};
	struct mdg_db *db = NULL;
	struct mdg_err err;

	for (size_t i = 0; i < MDG_LEN(wrong); i++) {
		assert_false(mdg_db_open(wrong[i].url, 0, &db, &err));
		assert_int_equal(err.code, wrong[i].code);
		assert_int_not_equal(err.id, MDG_MSG_NONE);
		assert_null(db);
	}
	assert_false(mdg_db_open("mysql://me:secret@h/d", 0, &db, &err));
	assert_null(strstr(text_of(&err), "secret"));
	assert_false(mdg_db_open("/no/such/dir/x", MDG_DB_CREATE, &db, &err));
	assert_int_equal(err.code, MDG_EIO);
}

static void
the_file_is_for_its_owner_only(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	static const char *const tails[] = {"", "-wal", "-shm", ".lock"};
	struct stat st;

	make_t(db);
	for (size_t i = 0; i < MDG_LEN(tails); i++) {
		MDG_AUTO(mdg_freep)
		char *name = mdg_asprintf("%s%s", file, tails[i]);
		assert_int_equal(stat(name, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	mdg_db_close(&db);
}

static void
a_second_writer_is_told_who_has_the_store(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE), *other = NULL;
	struct mdg_err err;
	int pipe_fd[2], status;
	char pid_text[32], answer[1200] = "";

	assert_int_equal(pipe(pipe_fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) { /* another process */
		bool ok = mdg_db_open(url, 0, &other, &err);
		const char *t =
			ok || err.code != MDG_EBUSY ? "opened" : text_of(&err);
		_exit(write(pipe_fd[1], t, strlen(t)) < 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(read(pipe_fd[0], answer, sizeof(answer) - 1) > 0);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	snprintf(pid_text, sizeof(pid_text), "process %ld.", (long)getpid());
	assert_non_null(strstr(answer, pid_text));
	assert_non_null(strstr(answer, file));

	/* also within one process; and free again after the first */
	assert_false(mdg_db_open(url, 0, &other, &err));
	assert_int_equal(err.code, MDG_EBUSY);
	mdg_db_close(&db);
	assert_true(mdg_db_open(url, 0, &other, &err));
	mdg_db_close(&other);
}

/* ---- readers ----------------------------------------------------------- */

static void
a_reader_sees_fresh_rows_and_writes_nothing(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	struct mdg_err err;

	make_t(db);
	struct mdg_db *ro = open_as(MDG_DB_READONLY);
	for (int64_t i = 1; i <= 3; i++) {
		assert_true(insert(db, i, 100, &err));
		assert_int_equal(number(ro, "SELECT count(*) FROM t"), i);
		script(db, "CREATE TABLE x(a INTEGER); DROP TABLE x");
	}
	/* inside a transaction it sees one moment */
	assert_true(mdg_db_begin(ro, &err));
	assert_int_equal(number(ro, "SELECT count(*) FROM t"), 3);
	assert_true(insert(db, 4, 100, &err));
	assert_int_equal(number(ro, "SELECT count(*) FROM t"), 3);
	assert_true(mdg_db_commit(ro, &err));
	assert_int_equal(number(ro, "SELECT count(*) FROM t"), 4);

	assert_false(insert(ro, 5, 1, &err));
	assert_int_equal(err.code, MDG_EIO);
	mdg_db_close(&db);
	/* the writer is gone */
	assert_int_equal(number(ro, "SELECT count(*) FROM t"), 4);
	mdg_db_close(&ro);
	ro = open_as(MDG_DB_READONLY);
	assert_int_equal(number(ro, "SELECT count(*) FROM t"), 4);
	db = open_as(0);
	assert_true(insert(db, 5, 100, &err));
	assert_int_equal(number(ro, "SELECT count(*) FROM t"), 5);
	mdg_db_close(&db);
	mdg_db_close(&ro);
}

static void
what_was_committed_survives_a_killed_writer(void **state)
{
	(void)state;
	struct mdg_err err;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct mdg_db *db = open_as(MDG_DB_CREATE);
		make_t(db);
		for (int64_t i = 1; i <= 50; i++)
			if (!insert(db, i, 20000, &err))
				_exit(1);
		if (!mdg_db_begin(db, &err) || !insert(db, 99, 10, &err))
			_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	struct mdg_db *db = open_as(0); /* its lock died with it */
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 50);
	assert_true(mdg_db_check(db, &err));
	mdg_db_close(&db);
}

/* ---- trouble ----------------------------------------------------------- */

/* No file may grow beyond n bytes: what a full disk looks like from here. */
static void
limit_files(rlim_t n)
{
	struct rlimit r;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
	r.rlim_cur = n;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &r), 0);
}

static void
a_full_disk_is_said_and_survived(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	struct mdg_err err;
	struct rlimit r;
	int64_t stored = 0;

	make_t(db);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
	limit_files(2 << 20);
	err.code = MDG_OK;
	while (stored < 1000 && insert(db, stored + 1, 25000, &err))
		stored++;
	bool again = insert(db, 2000, 300000, NULL);
	struct mdg_err in_tx;
	bool tx_ok = mdg_db_begin(db, &in_tx);
	bool row_ok = tx_ok && insert(db, 2001, 3000000, &in_tx);
	bool commit_ok = row_ok && mdg_db_commit(db, &in_tx);
	mdg_db_rollback(db);
	limit_files(r.rlim_cur);

	assert_true(stored > 10 && stored < 1000);
	assert_int_equal(err.code, MDG_EFULL);
	assert_non_null(strstr(text_of(&err), file));
	assert_false(again);
	assert_false(commit_ok);
	if (tx_ok)
		assert_int_equal(in_tx.code, MDG_EFULL);
	/* there is room again */
	assert_int_equal(number(db, "SELECT count(*) FROM t"), stored);
	assert_true(insert(db, 3000, 3000000, &err));
	assert_true(mdg_db_check(db, &err));
	mdg_db_close(&db);
	db = open_as(0);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), stored + 1);
	mdg_db_close(&db);
}

static void
overwrite(off_t at, size_t n)
{
	int fd = open(file, O_RDWR | O_CREAT, 0600);
	char *junk = malloc(n);

	assert_true(fd >= 0);
	memset(junk, 0x5a, n);
	assert_int_equal(pwrite(fd, junk, n, at), n);
	free(junk);
	close(fd);
}

static void
a_damaged_file_is_named_with_what_to_do(void **state)
{
	(void)state;
	struct mdg_db *db = NULL;
	struct mdg_err err;

	overwrite(0, 100000); /* not a store at all */
	assert_false(mdg_db_open(url, MDG_DB_CREATE, &db, &err));
	assert_int_equal(err.id, MDG_MSG_store_damaged);
	assert_non_null(strstr(text_of(&err), file));
	assert_non_null(strstr(text_of(&err), "restore"));
	assert_int_equal(unlink(file), 0);

	db = open_as(MDG_DB_CREATE);
	make_t(db);
	for (int64_t i = 0; i < 40; i++)
		assert_true(insert(db, i, 3000, &err));
	assert_true(mdg_db_check(db, &err));
	mdg_db_close(&db);
	struct stat st;
	assert_int_equal(stat(file, &st), 0);
	overwrite(8192, (size_t)st.st_size - 8192);
	db = open_as(0);
	assert_false(mdg_db_check(db, &err));
	assert_int_equal(err.id, MDG_MSG_store_damaged);
	struct mdg_rows *r;
	assert_false(mdg_db_query(db, &r, &err, "SELECT b FROM t", ""));
	assert_int_equal(err.id, MDG_MSG_store_damaged);
	mdg_db_close(&db);
}

static void
a_broken_reference_fails_the_check(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	struct mdg_err err;

	script(db, "CREATE TABLE p(id INTEGER PRIMARY KEY) STRICT;"
		   "CREATE TABLE c(p INTEGER REFERENCES p(id)) STRICT;"
		   "INSERT INTO p VALUES(1); INSERT INTO c VALUES(1)");
	assert_false(mdg_db_run(db, &err, "DELETE FROM p", ""));
	assert_int_equal(err.code, MDG_EDB);
	assert_true(mdg_db_check(db, &err));
	/* as a careless hand with another tool would */
	assert_true(mdg_db_run(db, &err, "PRAGMA foreign_keys = OFF", ""));
	assert_true(mdg_db_run(db, &err, "DELETE FROM p", ""));
	assert_false(mdg_db_check(db, &err));
	assert_int_equal(err.id, MDG_MSG_store_damaged);
	mdg_db_close(&db);
}

/* ---- erasing ----------------------------------------------------------- */

static bool
file_has(const char *name, const char *needle)
{
	FILE *f = fopen(name, "rb");
	bool found = false;
	size_t n = strlen(needle);

	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	size_t size = (size_t)ftell(f);
	rewind(f);
	char *all = malloc(size + 1);
	assert_int_equal(fread(all, 1, size, f), size);
	fclose(f);
	for (size_t i = 0; i + n <= size && !found; i++)
		found = !memcmp(all + i, needle, n);
	free(all);
	return found;
}

static void
an_erased_row_leaves_the_file(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	struct mdg_err err;
	static const char name[] = "Yamada Hanako 090-0000-1111";
	char *long_text = calloc(1, 40000);

	for (size_t at = 0; at + sizeof(name) < 40000; at += sizeof(name))
		memcpy(long_text + at, name, sizeof(name));
	make_t(db);
	assert_true(mdg_db_run(db, &err, "INSERT INTO t VALUES(1, ?1)", "b",
			       mdg_span(name, sizeof(name))));
	assert_true(mdg_db_run(db, &err, "INSERT INTO t VALUES(2, ?1)", "b",
			       mdg_span(long_text, 40000)));
	assert_true(insert(db, 3, 100, &err));
	mdg_db_close(&db);
	assert_true(file_has(file, name));
	db = open_as(0);
	assert_true(mdg_db_run(db, &err, "DELETE FROM t WHERE id < 3", ""));
	mdg_db_close(&db);
	assert_false(file_has(file, name));
	free(long_text);
}

/* A big index is cleaned in steps, and whoever waits gets in between. */
static void
scrubbing_a_big_index_goes_step_by_step(void **state)
{
	(void)state;
	enum { DOCS = 6000, WORDS = 60 };
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};
	struct mdg_err err;
	uint32_t x = 1;
	bool done = false;
	int steps = 0;

	assert_true(mdg_migrate(db, NULL, &err));
	for (int64_t i = 1; i <= DOCS; i++) {
		if (i % 100 == 1)
			assert_true(mdg_db_begin(db, &err));
		mdg_buf_reset(&terms);
		mdg_buf_puts(&terms, i == 7 ? "yamadahanako" : "other");
		for (int w = 0; w < WORDS; w++) {
			x = x * 1664525u + 1013904223u;
			mdg_buf_printf(&terms, " w%u", x >> 10);
		}
		assert_true(mdg_search_put(db, i, mdg_buf_str(&terms), &err));
		if (i == 7) /* forgotten in the same breath */
			assert_true(mdg_search_remove(
				db, i, mdg_buf_str(&terms), &err));
		if (i % 100 == 0)
			assert_true(mdg_db_commit(db, &err));
	}
	for (; !done && steps < 1000; steps++) {
		assert_true(mdg_db_scrub(db, &done, &err));
		/* a mail that comes in meanwhile */
		if (steps == 1)
			assert_true(mdg_search_put(db, DOCS + 1, "later",
						   &err));
	}
	assert_true(done);
	assert_true(steps > 1);
	assert_false(file_has(file, "yamadahanako"));
	struct mdg_search_phrase p = {"later", false};
	int64_t ids[2];
	size_t n;
	assert_true(mdg_search_query(db, &p, 1, 0, 2, ids, &n, &err));
	assert_int_equal(n, 1);
	assert_true(mdg_db_check(db, &err));
	mdg_db_close(&db);
}

static void
scrubbing_clears_index_and_log(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	struct mdg_err err;
	char wal[300], terms[64];
	bool done;

	snprintf(wal, sizeof(wal), "%s-wal", file);
	assert_true(mdg_db_scrub(db, &done, &err) && done); /* nothing there yet */
	if (!mdg_migrate(db, NULL, &err))
		fail_msg("%s", text_of(&err));
	for (int64_t i = 1; i < 50; i++) {
		snprintf(terms, sizeof(terms), "common n%d %s", (int)i,
			 i == 7 ? "yamadahanako" : "other");
		assert_true(mdg_search_put(db, i, terms, &err));
	}
	assert_true(mdg_db_scrub(db, &done, &err) && done);
	assert_true(file_has(file, "yamadahanako"));
	assert_true(mdg_search_remove(db, 7, "common n7 yamadahanako", &err));
	struct mdg_db *ro = open_as(MDG_DB_READONLY);
	assert_true(mdg_db_begin(ro, &err));
	number(ro, "SELECT count(*) FROM ticket");
	assert_true(mdg_db_scrub(db, &done, &err));
	assert_false(done); /* a reader holds old rows */
	mdg_db_rollback(ro);
	assert_true(mdg_db_scrub(db, &done, &err) && done);
	assert_false(file_has(file, "yamadahanako"));
	assert_false(file_has(wal, "yamadahanako"));
	assert_false(file_has(file, "hanako"));

	struct mdg_search_phrase p = {"common", false};
	int64_t ids[60];
	size_t n;
	assert_true(mdg_search_query(db, &p, 1, 0, 60, ids, &n, &err));
	assert_int_equal(n, 48);
	mdg_db_close(&ro);
	mdg_db_close(&db);
}

/* ---- backup ------------------------------------------------------------ */

/* Inserts pairs of rows, a transaction each, until killed. */
static void
write_pairs(int ready_fd)
{
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	struct mdg_err err;

	make_t(db);
	for (int64_t i = 0;; i++) {
		if (!mdg_db_begin(db, &err) || !insert(db, 2 * i, 5000, &err) ||
		    !insert(db, 2 * i + 1, 5000, &err) ||
		    !mdg_db_commit(db, &err))
			_exit(1);
		if (i == 500 && write(ready_fd, "!", 1) != 1)
			_exit(1);
	}
}

static void
a_copy_taken_while_writing_is_whole(void **state)
{
	(void)state;
	struct mdg_err err;
	int fd[2];
	char c, copy[290], part[300];

	snprintf(copy, sizeof(copy), "%s/copy.db", dir);
	snprintf(part, sizeof(part), "%s.part", copy);
	assert_int_equal(pipe(fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		write_pairs(fd[1]);
	close(fd[1]);
	assert_int_equal(read(fd[0], &c, 1), 1);
	close(fd[0]);
	struct mdg_db *ro = open_as(MDG_DB_READONLY);
	int64_t before = number(ro, "SELECT count(*) FROM t");
	bool ok = mdg_db_backup(ro, copy, NULL, &err);
	int64_t after = number(ro, "SELECT count(*) FROM t");
	bool twice = mdg_db_backup(ro, copy, NULL, &err);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	mdg_db_close(&ro);
	assert_true(ok);
	assert_false(twice);
	assert_int_equal(err.id, MDG_MSG_store_backup_exists);
	assert_int_not_equal(access(part, F_OK), 0);

	struct stat st;
	assert_int_equal(stat(copy, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(url, sizeof(url), "sqlite:%s", copy);
	struct mdg_db *db = open_as(0);
	assert_true(mdg_db_check(db, &err));
	int64_t n = number(db, "SELECT count(*) FROM t");
	assert_true(n >= before && n <= after && n % 2 == 0);
	assert_true(insert(db, 1000000, 10, &err));
	assert_true(mdg_db_size_bytes(db) > n * 5000);
	mdg_db_close(&db);
}

static void
a_copy_that_fails_leaves_no_file(void **state)
{
	(void)state;
	struct mdg_db *db = open_as(MDG_DB_CREATE);
	struct mdg_err err;
	struct rlimit r;
	char copy[290], part[300];

	make_t(db);
	assert_true(insert(db, 1, 3000000, &err));
	assert_false(mdg_db_backup(db, "/no/such/dir/copy.db", NULL, &err));
	assert_int_equal(err.code, MDG_EINVAL);
	assert_non_null(strstr(text_of(&err), "/no/such/dir"));
	snprintf(copy, sizeof(copy), "%s/copy.db", dir);
	snprintf(part, sizeof(part), "%s.part", copy);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &r), 0);
	limit_files(1 << 20);
	bool ok = mdg_db_backup(db, copy, NULL, &err);
	limit_files(r.rlim_cur);
	assert_false(ok);
	assert_int_equal(err.code, MDG_EFULL);
	assert_non_null(strstr(text_of(&err), "copy.db"));
	assert_int_not_equal(access(copy, F_OK), 0);
	assert_int_not_equal(access(part, F_OK), 0);
	assert_true(mdg_db_backup(db, copy, NULL, &err));
	mdg_db_close(&db);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wrong_address_is_explained),
		TEST(the_file_is_for_its_owner_only),
		TEST(a_second_writer_is_told_who_has_the_store),
		TEST(a_reader_sees_fresh_rows_and_writes_nothing),
		TEST(what_was_committed_survives_a_killed_writer),
		TEST(a_full_disk_is_said_and_survived),
		TEST(a_damaged_file_is_named_with_what_to_do),
		TEST(a_broken_reference_fails_the_check),
		TEST(an_erased_row_leaves_the_file),
		TEST(scrubbing_clears_index_and_log),
		TEST(scrubbing_a_big_index_goes_step_by_step),
		TEST(a_copy_taken_while_writing_is_whole),
		TEST(a_copy_that_fails_leaves_no_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
