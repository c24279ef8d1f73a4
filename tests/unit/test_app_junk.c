/* The junk folder: kept and listed, told of once a day, taken out by people. */
#include "desk_fixture.h"

#include "madoguchi/app/erase.h"
#include "madoguchi/app/junk.h"
#include "madoguchi/store/st_folder.h"

/* The folder that take_in() brings mail from is where spam is put. */
static struct desk
open_junk(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;

	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE folder SET role = 'junk' WHERE id = ?1",
			       "i", k.folder));
	return k;
}

static int64_t
mails(struct desk *k, const char *where)
{
	char sql[200];

	snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM junk WHERE %s", where);
	return count(k, sql);
}

static json_t *
listed(struct desk *k, bool all)
{
	return json_object_get(act(k, &k->op, "junk.list",
				   json_pack("{s:s,s:b}", "window", "shop",
					     "all", all)),
			       "junk");
}

static json_t *
one(int64_t junk)
{
	return json_pack("{s:s,s:I}", "window", "shop", "junk",
			 (json_int_t)junk);
}

static void
rescued_body(const char *url)
{
	struct desk k = open_junk(url);
	struct mdg_intake_result r;
	struct mdg_err err;
	int64_t ids[5];
	size_t n;

	r = take_in(&k, new_mail("s@x", "win@prize.example", "当選", "http"));
	assert_int_equal(r.ticket_id, 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'done' AND raw_id > 0"),
			 1);
	json_t *row = json_array_get(listed(&k, false), 0);
	int64_t junk = json_integer_value(json_object_get(row, "junk"));
	assert_string_equal(
		json_string_value(json_object_get(row, "subject")), "当選");

	refused(&k, &k.op, MDG_ENOENT, "junk.rescue", one(junk + 1));
	act(&k, &k.op, "junk.rescue", one(junk));
	refused(&k, &k.op, MDG_ENOENT, "junk.rescue", one(junk));
	assert_true(mdg_junk_rescued(k.d, ids, 5, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], junk);

	/* the parser reads it once more: now it is a mail like any other */
	struct mdg_mail *m = new_mail("s@x", "win@prize.example", "当選", "http");
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_mail(k.d, junk, m, &r, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	mdg_mail_free(&m);
	assert_true(r.is_new_ticket);
	assert_string_equal(state_of(&k, number_of(&k, r.ticket_id)), "new");
	assert_true(mdg_junk_rescued(k.d, ids, 5, &n, &err));
	assert_int_equal(n, 0);
	assert_int_equal(json_array_size(listed(&k, false)), 0);
	row = json_array_get(listed(&k, true), 0);
	assert_int_equal(json_integer_value(json_object_get(row, "ticket")),
			 number_of(&k, r.ticket_id));
	close_desk(&k);
}

static void
known_sender_body(const char *url)
{
	struct desk k = open_junk(url);
	struct mdg_intake_result r;
	struct mdg_err err;

	assert_true(mdg_db_run(k.d->db, &err,
			       "INSERT INTO spam_sender (win_id, key, made_by,"
			       " made_s) SELECT id, 'a@b', 1, 1 FROM win"
			       " WHERE code = 'shop'",
			       ""));
	take_in(&k, new_mail("s@x", "a@b", "見積", "お願い"));
	int64_t junk = count(&k, "SELECT delivery_id FROM junk");
	act(&k, &k.sv, "junk.rescue", one(junk));
	struct mdg_mail *m = new_mail("s@x", "a@b", "見積", "お願い");
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_mail(k.d, junk, m, &r, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	mdg_mail_free(&m);
	assert_string_equal(state_of(&k, number_of(&k, r.ticket_id)), "new");
	close_desk(&k);
}

static void
unreadable_body(const char *url)
{
	static const char raw[] = "From: x\r\nSubject: boom\r\n\r\n";
	struct desk k = open_junk(url);
	struct mdg_err err;

	take_in(&k, new_mail("a@x", "a@b", "1", "1"));
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE delivery SET state = 'stored'", ""));
	assert_true(mdg_db_run(k.d->db, &err, "DELETE FROM junk", ""));
	int64_t id = count(&k, "SELECT id FROM delivery");
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_poison(k.d, id, mdg_span(raw, sizeof(raw) - 1),
				      "killed", &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_int_equal(mails(&k, "unreadable = 1 AND subject = 'boom'"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), 0);
	/* taken out, it is a 取込エラー like any that cannot be read */
	act(&k, &k.op, "junk.rescue", one(id));
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_poison(k.d, id, mdg_span(raw, sizeof(raw) - 1),
				      "killed", &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE state = 'error'"),
			 1);
	close_desk(&k);
}

/* The folder was made anew: the same bytes stand in the list once. */
static void
again_body(const char *url)
{
	/* take_in() counts in the first byte */
	static const unsigned char next[MDG_DIGEST_BYTES] = {2};
	struct desk k = open_junk(url);
	struct mdg_err err;

	take_in(&k, new_mail("a@x", "a@b", "同じ", "1"));
	assert_true(mdg_db_run(k.d->db, &err, "UPDATE junk SET digest = ?1",
			       "b", mdg_span(next, sizeof(next))));
	take_in(&k, new_mail("a@x", "a@b", "同じ", "1"));
	take_in(&k, new_mail("b@x", "a@b", "別", "2"));
	assert_int_equal(mails(&k, "1 = 1"), 3);
	assert_int_equal(json_array_size(listed(&k, false)), 2);
	close_desk(&k);
}

static int64_t
notices(struct desk *k)
{
	return count(k, "SELECT COUNT(*) FROM notice"
			" WHERE subject LIKE '%迷惑メールフォルダー%'");
}

static void
told_body(const char *url)
{
	struct desk k = open_junk(url);
	struct mdg_err err;
	int64_t now = mdg_now_s(), noon = now - (now + 9 * 3600) % 86400 +
					  12 * 3600;

	take_in(&k, new_mail("a@x", "a@b", "当選 https://bad.example/", "1"));
	take_in(&k, new_mail("b@x", "c@d", "至急", "2"));
	assert_true(mdg_junk_tick(k.d, noon, &err));
	assert_int_equal(notices(&k), 0); /* nothing goes out yet */
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(mdg_junk_tick(k.d, noon - 9 * 3600, &err));
	assert_int_equal(notices(&k), 0); /* at night nobody is told */
	assert_true(mdg_junk_tick(k.d, noon - 86400, &err));
	assert_int_equal(notices(&k), 0); /* a list is of a whole day */
	assert_true(mdg_junk_tick(k.d, noon, &err));
	assert_int_equal(notices(&k), 1); /* the one lead, of both */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice WHERE text LIKE"
				   " '%至急%' AND text LIKE '%a@b%'"
				   " AND text NOT LIKE '%://bad%'"),
			 1);
	take_in(&k, new_mail("c@x", "c@d", "三", "3"));
	assert_true(mdg_junk_tick(k.d, noon + 60, &err));
	assert_int_equal(notices(&k), 1); /* once a day */
	assert_true(mdg_junk_tick(k.d, noon + 86400, &err));
	assert_int_equal(notices(&k), 2);
	assert_true(mdg_junk_tick(k.d, noon + 2 * 86400, &err));
	assert_int_equal(notices(&k), 2); /* nothing came */
	close_desk(&k);
}

static void
erased_body(const char *url)
{
	struct desk k = open_junk(url);
	struct mdg_erased sum;
	struct mdg_err err;
	int64_t customer;
	const struct mdg_address who = {.name = "", .address = "a@b",
					.key = "a@b"};

	take_in(&k, new_mail("a@x", "a@b", "1", "1"));
	take_in(&k, new_mail("b@x", "c@d", "2", "2"));
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_customer_of(k.d->db, &who, 1, &customer, &err));
	assert_true(mdg_erase_customer(k.d, &k.sv, customer, &sum, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_int_equal(mails(&k, "from_key = 'a@b'"), 0);
	assert_int_equal(mails(&k, "from_key = 'c@d'"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'erased' AND raw_id IS NULL"),
			 1);
	close_desk(&k);
}

EACH(what_is_taken_out_becomes_a_ticket, rescued_body);
EACH(taken_out_it_is_no_spam_of_a_known_sender, known_sender_body);
EACH(what_cannot_be_read_makes_no_work, unreadable_body);
EACH(the_same_bytes_are_listed_once, again_body);
EACH(leads_are_told_once_a_day, told_body);
EACH(who_is_erased_is_gone_from_the_list, erased_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_is_taken_out_becomes_a_ticket),
	cmocka_unit_test(taken_out_it_is_no_spam_of_a_known_sender),
	cmocka_unit_test(what_cannot_be_read_makes_no_work),
	cmocka_unit_test(the_same_bytes_are_listed_once),
	cmocka_unit_test(leads_are_told_once_a_day),
	cmocka_unit_test(who_is_erased_is_gone_from_the_list),
};
DESK_TESTS(tests);
