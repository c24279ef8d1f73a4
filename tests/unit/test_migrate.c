#include "t.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "madoguchi/base/str.h"
#include "madoguchi/store/db.h"
#include "madoguchi/store/migrate.h"
#include "pg.h"
#include "src/store/migrate-int.h"

static const struct mdg_migration history[] = {
	{1, "0001_one",
	 "-- it's a start; \"quoted\"\n"
	 "CREATE TABLE one(id @ID@, a @INT@, f @REAL@, b @BLOB@) @STRICT@;\n"
	 "INSERT INTO one(a) VALUES(1);\n"},
	{2, "0002_two",
	 "CREATE TABLE two(k TEXT PRIMARY KEY) @KEYED@;\n"
	 "-- @sqlite\nINSERT INTO two VALUES('sqlite');\n-- @end\n"
	 "-- @postgresql\nINSERT INTO two VALUES('postgresql');\n-- @end\n"
	 "UPDATE one SET a = 2;\n"},
	{3, "0003_three", "ALTER TABLE one ADD COLUMN c @INT@;\n"},
};

static struct mdg_db *
open_new(const char *url)
{
	struct mdg_db *db = NULL;
	struct mdg_err err;

	if (!mdg_db_open(url, MDG_DB_CREATE, &db, &err))
		fail_msg("%s", err.text);
	return db;
}

static void
migrate(struct mdg_db *db, const struct mdg_migration *list, size_t n)
{
	struct mdg_err err;
	char text[1200];

	if (!mdg_migrate_list(db, list, n, NULL, &err))
		fail_msg("%s",
			 mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
}

static int64_t
number(struct mdg_db *db, const char *sql)
{
	struct mdg_err err;
	int64_t n = 0;

	if (mdg_db_i64(db, &n, &err, sql, "") != MDG_FOUND)
		fail_msg("%s", sql);
	return n;
}

static int
version(struct mdg_db *db)
{
	struct mdg_err err;
	int v = -1;

	assert_true(mdg_migrate_version(db, &v, &err));
	return v;
}

static void
fresh_body(const char *url)
{
	struct mdg_db *db = open_new(url);

	assert_int_equal(version(db), 0);
	migrate(db, history, 3);
	assert_int_equal(version(db), 3);
	assert_int_equal(number(db, "SELECT a FROM one"), 2);
	assert_int_equal(number(db, "SELECT count(c) FROM one"), 0);
	migrate(db, history, 3); /* nothing to do */
	assert_int_equal(number(db, "SELECT count(*) FROM migration"), 3);

	struct mdg_rows *r;
	struct mdg_err err;
	assert_true(mdg_db_query(db, &r, &err, "SELECT k FROM two", ""));
	assert_true(mdg_rows_next(r));
	assert_string_equal(mdg_rows_text(r, 0), mdg_db_engine(db));
	assert_false(mdg_rows_next(r));
	assert_true(mdg_rows_close(&r, &err));
	mdg_db_close(&db);
}

static void
a_fresh_store_gets_everything(void **state)
{
	(void)state;
	t_each_engine(fresh_body);
}

static void
upgrade_body(const char *url)
{
	struct mdg_db *db = open_new(url);

	migrate(db, history, 1);
	assert_int_equal(version(db), 1);
	/* prepared before the upgrade, used after it */
	for (int i = 0; i < 2; i++) {
		struct mdg_rows *r;
		struct mdg_err err;
		assert_true(
			mdg_db_query(db, &r, &err, "SELECT * FROM one", ""));
		assert_true(mdg_rows_next(r));
		assert_int_equal(mdg_rows_i64(r, 1), i + 1);
		assert_true(mdg_rows_close(&r, &err));
		migrate(db, history, 3);
	}
	mdg_db_close(&db);
	db = open_new(url);
	assert_int_equal(version(db), 3);
	mdg_db_close(&db);
}

static void
an_older_store_gets_what_it_lacks(void **state)
{
	(void)state;
	t_each_engine(upgrade_body);
}

/* The same place with the copy in it: a file, or the schemas change names. */
static struct mdg_db *
open_kept(const char *url, const char *kept)
{
	struct mdg_db *db;
	struct mdg_err err;

	if (!strstr(kept, "(SCHEMA madoguchi_0001)"))
		return open_new(kept);
	db = open_new(url);
	assert_true(mdg_db_script(db,
				  "ALTER SCHEMA public RENAME TO upgraded;"
				  "ALTER SCHEMA madoguchi_0001"
				  " RENAME TO public",
				  &err));
	mdg_db_close(&db);
	return open_new(url);
}

static void
kept_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_migration linked[3];
	struct mdg_err err;
	char *kept = NULL;

	memcpy(linked, history, sizeof(linked));
	linked[0].sql = "CREATE TABLE one(id @ID@, a @INT@) @STRICT@;\n"
			"CREATE TABLE half(id @ID@, a @INT@ REFERENCES one(id),"
			" UNIQUE (a)) @STRICT@;\n"
			"INSERT INTO one(a) VALUES(7);\n"
			"INSERT INTO half(a) VALUES(1);\n";
	assert_true(mdg_migrate_list(db, linked, 1, &kept, &err));
	assert_null(kept); /* there was nothing before */
	assert_true(mdg_migrate_list(db, linked, 3, &kept, &err));
	assert_non_null(kept);
	assert_int_equal(version(db), 3);
	mdg_db_close(&db);

	db = open_kept(url, kept);
	assert_int_equal(version(db), 1);
	assert_int_equal(number(db, "SELECT a FROM one"), 7);
	/* it is a store and not only its rows: counters, keys, references */
	assert_true(mdg_db_run(db, &err, "INSERT INTO one(a) VALUES(8)", ""));
	assert_int_equal(number(db, "SELECT max(id) FROM one"), 2);
	assert_false(mdg_db_run(db, &err, "INSERT INTO half(a) VALUES(1)", ""));
	assert_false(mdg_db_run(db, &err, "INSERT INTO half(a) VALUES(9)", ""));
	free(kept);
	kept = NULL;
	assert_true(mdg_migrate_list(db, linked, 3, &kept, &err));
	assert_non_null(kept);
	free(kept);
	kept = NULL;
	assert_true(mdg_migrate_list(db, linked, 3, &kept, &err));
	assert_null(kept);
	mdg_db_close(&db);
}

static void
an_older_store_is_kept_as_it_was(void **state)
{
	(void)state;
	t_each_engine(kept_body);
}

static void
without_its_copy_a_store_is_left_alone(void **state)
{
	(void)state;
	char dir[256], url[512], name[512];
	struct mdg_err err;

	t_dir_make(dir, sizeof(dir));
	snprintf(url, sizeof(url), "sqlite:%s/desk.db", dir);
	snprintf(name, sizeof(name), "%s/desk.db.schema-0001", dir);
	struct mdg_db *db = open_new(url);
	migrate(db, history, 1);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_false(mdg_migrate_list(db, history, 3, NULL, &err));
	assert_int_equal(err.id, MDG_MSG_store_io);
	assert_int_equal(version(db), 1);
	assert_int_equal(rmdir(name), 0);
	migrate(db, history, 3);
	assert_int_equal(access(name, F_OK), 0);
	mdg_db_close(&db);
	t_dir_remove(dir);
}

static void
refused_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_migration changed[3];
	struct mdg_err err;
	char text[1200];

	migrate(db, history, 2);
	memcpy(changed, history, sizeof(changed));
	changed[0].sql = "CREATE TABLE one(id @ID@) @STRICT@;\n";
	assert_false(mdg_migrate_list(db, changed, 3, NULL, &err));
	assert_int_equal(err.id, MDG_MSG_store_history);
	assert_non_null(strstr(
		mdg_err_text(&err, MDG_LANG_JA, text, sizeof(text)), "0001"));
	assert_false(mdg_migrate_list(db, history, 1, NULL, &err));
	assert_int_equal(err.id, MDG_MSG_store_newer);
	assert_int_equal(version(db), 2);
	mdg_db_close(&db);
}

static void
another_or_a_newer_history_is_refused(void **state)
{
	(void)state;
	t_each_engine(refused_body);
}

static void
failing_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_migration broken[3];
	struct mdg_err err;

	memcpy(broken, history, sizeof(broken));
	broken[2].sql = "CREATE TABLE three(a @INT@);\n"
			"INSERT INTO three(a) VALUES(1);\n"
			"UPDATE one SET a = 99;\n"
			"INSERT INTO nowhere VALUES(1);\n";
	assert_false(mdg_migrate_list(db, broken, 3, NULL, &err));
	assert_int_equal(err.id, MDG_MSG_store_migration);
	assert_int_equal(version(db), 2);
	assert_int_equal(number(db, "SELECT a FROM one"), 2);
	assert_false(mdg_db_run(db, &err, "SELECT a FROM three", ""));

	broken[2].sql = "CREATE TABLE three(a @UNKNOWN@);\n";
	assert_false(mdg_migrate_list(db, broken, 3, NULL, &err));
	broken[2].sql = "-- @sqlite\nCREATE TABLE three(a @INT@);\n";
	assert_false(mdg_migrate_list(db, broken, 3, NULL, &err));
	assert_false(mdg_db_in_transaction(db));
	migrate(db, history, 3);
	mdg_db_close(&db);
}

static void
a_failing_migration_leaves_nothing(void **state)
{
	(void)state;
	t_each_engine(failing_body);
}

static void
ours_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_err err;
	char text[1200];

	if (!mdg_migrate(db, NULL, &err))
		fail_msg("%s",
			 mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
	assert_int_equal(version(db), mdg_migrate_newest());
	assert_int_equal(number(db, "SELECT count(*) FROM ticket"), 0);
	assert_true(mdg_db_check(db, &err));
	mdg_db_close(&db);
}

static void
our_own_schema_is_made(void **state)
{
	(void)state;
	t_each_engine(ours_body);
}

static void
several_daemons_may_start_at_once(void **state)
{
	(void)state;
	enum { DAEMONS = 4 };
	char url[512];
	pid_t pid[DAEMONS];
	int status;

	if (!t_pg_start(url, sizeof(url)))
		skip();
	for (int i = 0; i < DAEMONS; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] == 0) {
			struct mdg_db *db = NULL;
			_exit(!mdg_db_open(url, 0, &db, NULL) ||
			      !mdg_migrate(db, NULL, NULL));
		}
	}
	for (int i = 0; i < DAEMONS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	struct mdg_db *db = open_new(url);
	assert_int_equal(version(db), mdg_migrate_newest());
	assert_int_equal(number(db, "SELECT count(*) FROM migration"),
			 mdg_migrate_newest());
	mdg_db_close(&db);
}

static void
a_store_in_memory_is_a_store(void **state)
{
	(void)state;
	struct mdg_db *one = open_new("sqlite::memory:");
	struct mdg_db *two = open_new("sqlite::memory:");
	struct mdg_err err;

	assert_true(mdg_migrate(one, NULL, &err));
	assert_int_equal(version(one), mdg_migrate_newest());
	assert_int_equal(version(two), 0);
	assert_true(mdg_db_check(one, &err));
	bool done;
	assert_true(mdg_db_scrub(one, &done, &err) && done);
	assert_int_not_equal(access(":memory:", F_OK), 0);
	mdg_db_close(&one);
	mdg_db_close(&two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fresh_store_gets_everything),
		cmocka_unit_test(an_older_store_gets_what_it_lacks),
		cmocka_unit_test(an_older_store_is_kept_as_it_was),
		cmocka_unit_test(without_its_copy_a_store_is_left_alone),
		cmocka_unit_test(another_or_a_newer_history_is_refused),
		cmocka_unit_test(a_failing_migration_leaves_nothing),
		cmocka_unit_test(our_own_schema_is_made),
		cmocka_unit_test(several_daemons_may_start_at_once),
		cmocka_unit_test(a_store_in_memory_is_a_store),
		cmocka_unit_test(t_all_engines_ran),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
