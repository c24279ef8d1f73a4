/* All UIDs of a folder against the store, and what a policy does next. */
#include "desk_fixture.h"

#include "madoguchi/app/lookback.h"

static struct mdg_look
look(struct desk *k, struct mdg_arena *a, const uint32_t *uids, size_t n)
{
	struct mdg_folder f;
	struct mdg_look out;
	struct mdg_err err;

	if (mdg_folder_by_id(k->d->db, k->folder, a, &f, &err) != MDG_FOUND ||
	    !mdg_desk_begin(k->d, &err) ||
	    !mdg_intake_look(k->d, &f, 1, uids, n, NULL, NULL, a, &out, &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
	return out;
}

static size_t
next(struct desk *k, struct mdg_arena *a, uint32_t **uids, struct mdg_folder *f)
{
	struct mdg_err err;
	size_t n;
	bool waits;

	if (mdg_folder_by_id(k->d->db, k->folder, a, f, &err) != MDG_FOUND ||
	    !mdg_desk_begin(k->d, &err) ||
	    !mdg_intake_policy_next(k->d, f, a, uids, &n, &waits, &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
	return n;
}

static void
look_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_look l;
	struct mdg_err err;

	take_in(&k, new_mail("a@c", "taro@c", "一", "1"));
	take_in(&k, new_mail("b@c", "jiro@c", "二", "2"));
	assert_true(mdg_folder_cursor(k.d->db, k.folder, 1, 9, &err));
	assert_true(mdg_ignored_add(k.d->db, k.folder, 1, 5, 6, &err));
	/* 1 is gone, 2 is stored, 5 and 6 were left out, 7 is missing */
	l = look(&k, &a, (const uint32_t[]){2, 5, 6, 7, 12}, 5);
	assert_int_equal(l.stored, 1);
	assert_int_equal(l.ignored, 2);
	assert_int_equal(l.waiting, 1);
	assert_int_equal(l.missing_n, 1);
	assert_int_equal(l.missing[0], 7);
	assert_int_equal(l.by_others, 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE server = 'gone'"),
			 1);
	/* it is back */
	l = look(&k, &a, (const uint32_t[]){1, 2}, 2);
	assert_int_equal(l.stored, 2);
	assert_int_equal(l.by_others, 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM folder"
				   " WHERE clean_s > 0"),
			 1);
	close_desk(&k);
}

static void
policy_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_folder f;
	struct mdg_err err;
	uint32_t *uids;

	take_in(&k, new_mail("a@c", "taro@c", "一", "1"));
	take_in(&k, new_mail("b@c", "jiro@c", "二", "2"));
	assert_true(mdg_folder_cursor(k.d->db, k.folder, 1, 2, &err));
	assert_int_equal(next(&k, &a, &uids, &f), 0);
	assert_true(mdg_folder_policy(k.d->db, k.folder, "move", "Done", &err));
	/* asked for twice, as after a crash, it is the same */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(next(&k, &a, &uids, &f), 2);
		assert_int_equal(uids[0], 1);
		assert_int_equal(uids[1], 2);
	}
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_policy_done(k.d, &f, "move", uids, 2, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_int_equal(next(&k, &a, &uids, &f), 0);
	assert_int_equal(look(&k, &a, NULL, 0).by_policy, 2);
	/* nothing is deleted before its days have passed */
	assert_true(mdg_folder_policy(k.d->db, k.folder, "delete", "3", &err));
	take_in(&k, new_mail("c@c", "saburo@c", "三", "3"));
	assert_int_equal(next(&k, &a, &uids, &f), 0);
	close_desk(&k);
}

/* A person thinks again while the server is at it. */
static void
changed_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_folder f;
	struct mdg_err err;
	uint32_t *uids;

	take_in(&k, new_mail("a@c", "taro@c", "一", "1"));
	take_in(&k, new_mail("b@c", "jiro@c", "二", "2"));
	assert_true(mdg_folder_cursor(k.d->db, k.folder, 1, 2, &err));
	assert_true(mdg_folder_policy(k.d->db, k.folder, "keyword", "", &err));
	assert_int_equal(next(&k, &a, &uids, &f), 2);
	assert_true(mdg_folder_policy(k.d->db, k.folder, "move", "Done", &err));
	assert_int_equal(mdg_folder_by_id(k.d->db, k.folder, &a, &f, &err),
			 MDG_FOUND);
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_policy_done(k.d, &f, "keyword", uids, 2, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE server = 'keyword'"),
			 2);
	/* the new wish is for those, too */
	assert_int_equal(next(&k, &a, &uids, &f), 2);
	assert_true(mdg_folder_policy(k.d->db, k.folder, "leave", "", &err));
	assert_int_equal(mdg_folder_by_id(k.d->db, k.folder, &a, &f, &err),
			 MDG_FOUND);
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_policy_done(k.d, &f, "move", uids, 2, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	struct mdg_look l = look(&k, &a, NULL, 0);
	assert_int_equal(l.by_policy, 2);
	assert_int_equal(l.by_others, 0);
	close_desk(&k);
}

EACH(every_uid_is_accounted_for, look_body);
EACH(a_policy_goes_on_where_it_was_cut, policy_body);
EACH(what_was_done_is_told_by_what_was_asked, changed_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_uid_is_accounted_for),
	cmocka_unit_test(a_policy_goes_on_where_it_was_cut),
	cmocka_unit_test(what_was_done_is_told_by_what_was_asked),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
