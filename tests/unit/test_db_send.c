/* Statements that are only sent: their ends come with those after them. */
#include "t.h"

#include "madoguchi/store/db.h"
#include "pg.h"

#define INSERT "INSERT INTO t(id) VALUES(?1)"

enum { MANY = 1000 }; /* more than are on their way at once */

static struct mdg_db *
open_new(const char *url)
{
	struct mdg_db *db = NULL;
	struct mdg_err err;

	assert_true(mdg_db_open(url, MDG_DB_CREATE, &db, &err));
	assert_true(mdg_db_script(db, "CREATE TABLE t(id BIGINT PRIMARY KEY)",
				  &err));
	return db;
}

static bool
sends(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_send(db, err, INSERT, "i", id);
}

static int64_t
rows(struct mdg_db *db)
{
	struct mdg_err err;
	int64_t n = -1;

	(void)mdg_db_i64(db, &n, &err, "SELECT count(*) FROM t", "");
	return n;
}

static void
order_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_err err;
	int64_t changed;

	assert_true(mdg_db_begin(db, &err));
	for (int64_t i = 1; i <= MANY; i++) {
		assert_true(sends(db, i, &err));
		if (i % 300 == 0)
			assert_int_equal(rows(db), i);
	}
	assert_true(mdg_db_run_n(db, &changed, &err, "DELETE FROM t", ""));
	assert_int_equal(changed, MANY);
	assert_true(sends(db, 1, &err) && sends(db, 2, &err));
	assert_true(mdg_db_commit(db, &err));
	assert_int_equal(rows(db), 2);
	assert_true(mdg_db_begin(db, &err) && sends(db, 3, &err));
	mdg_db_rollback(db);
	assert_int_equal(rows(db), 2);
	mdg_db_close(&db);
}

static void
what_was_sent_is_done_before_what_comes_next(void **state)
{
	(void)state;
	t_each_engine(order_body);
}

/* Each of these ends what began with a row that was there already. */
static bool
commits(struct mdg_db *db, struct mdg_err *err)
{
	return mdg_db_commit(db, err);
}

static bool
reads(struct mdg_db *db, struct mdg_err *err)
{
	int64_t one;

	return mdg_db_i64(db, &one, err, "SELECT count(*) FROM t", "") ==
	       MDG_FOUND;
}

static bool
writes(struct mdg_db *db, struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM t WHERE id = 99", "");
}

static bool
saves(struct mdg_db *db, struct mdg_err *err)
{
	return mdg_db_savepoint(db, "a", err);
}

static bool
sends_many(struct mdg_db *db, struct mdg_err *err)
{
	for (int64_t i = 2; i <= MANY; i++)
		if (!sends(db, i, err))
			return false;
	return true;
}

static void
failure_body(const char *url)
{
	static bool (*const next[])(struct mdg_db *, struct mdg_err *) = {
		commits, reads, writes, saves, sends_many};
	struct mdg_db *db = open_new(url);
	struct mdg_err err;

	assert_true(sends(db, 1, &err)); /* outside of a transaction */
	assert_false(sends(db, 1, &err));
	assert_int_equal(err.code, MDG_EEXIST);
	for (size_t i = 0; i < sizeof(next) / sizeof(*next); i++) {
		assert_true(mdg_db_begin(db, &err));
		assert_false(sends(db, 5, &err) && sends(db, 1, &err) &&
			     sends(db, 6, &err) && next[i](db, &err));
		assert_int_equal(err.code, MDG_EEXIST);
		assert_false(mdg_db_commit(db, &err));
		assert_int_equal(rows(db), 1);
	}
	assert_true(mdg_db_begin(db, &err) && sends(db, 2, &err) &&
		    mdg_db_commit(db, &err));
	assert_int_equal(rows(db), 2);
	mdg_db_close(&db);
}

static void
a_failure_is_told_by_what_comes_next(void **state)
{
	(void)state;
	t_each_engine(failure_body);
}

static void
undone_body(const char *url)
{
	struct mdg_db *db = open_new(url);
	struct mdg_err err;

	assert_true(mdg_db_begin(db, &err) && sends(db, 1, &err) &&
		    mdg_db_savepoint(db, "a", &err));
	assert_false(sends(db, 2, &err) && sends(db, 1, &err) &&
		     mdg_db_release(db, "a", &err));
	assert_int_equal(err.code, MDG_EEXIST);
	assert_true(mdg_db_rollback_to(db, "a", &err) &&
		    mdg_db_release(db, "a", &err));
	assert_true(sends(db, 3, &err) && mdg_db_savepoint(db, "a", &err));
	/* undone before anybody has heard of it */
	(void)sends(db, 3, &err);
	assert_true(mdg_db_rollback_to(db, "a", &err) &&
		    mdg_db_commit(db, &err));
	assert_int_equal(rows(db), 2);
	mdg_db_close(&db);
}

static void
a_failure_is_undone_to_the_savepoint(void **state)
{
	(void)state;
	t_each_engine(undone_body);
}

static void
pg_lost_with_some_on_their_way(void **state)
{
	(void)state;
	char url[512];
	struct mdg_err err;

	if (!t_pg_start(url, sizeof(url)))
		skip();
	struct mdg_db *db = open_new(url);
	assert_true(mdg_db_begin(db, &err) && sends(db, 1, &err));
	t_pg_drop_connections(url);
	assert_false(sends_many(db, &err) && mdg_db_commit(db, &err));
	assert_int_equal(err.code, MDG_ENET);
	mdg_db_rollback(db);
	assert_int_equal(rows(db), 0);
	assert_true(mdg_db_begin(db, &err) && sends(db, 1, &err) &&
		    mdg_db_commit(db, &err));
	assert_int_equal(rows(db), 1);
	mdg_db_close(&db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sent_is_done_before_what_comes_next),
		cmocka_unit_test(a_failure_is_told_by_what_comes_next),
		cmocka_unit_test(a_failure_is_undone_to_the_savepoint),
		cmocka_unit_test(pg_lost_with_some_on_their_way),
		cmocka_unit_test(t_all_engines_ran),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
