/* The digest of a lead and the word about next year: when they come, and what
 * they say, on both engines. */
#include "story.h"

#include "madoguchi/app/alarm.h"
#include "madoguchi/app/digest.h"
#include "madoguchi/app/leads.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

/* Midnight in Tokyo of the next Monday. */
static int64_t
a_monday(void)
{
	int64_t day = (mdg_now_s() + 9 * HOUR) / DAY;

	day += 7 - (day + 3) % 7;
	return day * DAY - 9 * HOUR;
}

static int64_t
digests(struct desk *k, int64_t now_s)
{
	struct mdg_err err;

	if (!mdg_digest_tick(k->d, now_s, &err))
		fail_msg("%s", why(&err));
	return count(k, "SELECT COUNT(*) FROM notice");
}

/* The fixture's window never closes. */
static void
open_all_day_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t monday = a_monday();

	act(&k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "out@shop.example", "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	assert_int_equal(digests(&k, monday + 10 * HOUR), 0); /* not live */
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_int_equal(digests(&k, monday + 10 * HOUR), 0); /* the first */
	take_in(&k, new_mail("d1@c", "taro@c.example", "返品", "1"));
	/* never at night, once a day */
	assert_int_equal(digests(&k, monday + DAY + 2 * HOUR), 0);
	assert_int_equal(digests(&k, monday + DAY + 9 * HOUR - 1), 0);
	assert_int_equal(digests(&k, monday + DAY + 9 * HOUR), 1);
	assert_int_equal(digests(&k, monday + DAY + 15 * HOUR), 1);
	/* a week later: that week as well */
	assert_int_equal(digests(&k, monday + 7 * DAY + 9 * HOUR), 3);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"
				   " WHERE subject LIKE '【週次まとめ】%'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"
				   " WHERE text LIKE '%未完了 1 件%'"),
			 3);
	/* one day is said once, and what there is not is left out */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"
				   " WHERE subject LIKE '【日次まとめ】"
				   "____-__-__'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"
				   " WHERE text LIKE '%中央値%'"
				   " OR text LIKE '% - %'"),
			 0);
	act(&k, &mdg_actor_system, "sla.notify",
	    json_pack("{s:s}", "digest", "off"));
	assert_int_equal(digests(&k, monday + 8 * DAY + 12 * HOUR), 3);
	close_desk(&k);
}

static void
office_hours_body(const char *url)
{
	static const char office[] =
		"{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"mon\":[[\"10:00\","
		"\"17:00\"]],\"wed\":[[\"10:00\",\"17:00\"]]}}";
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	int64_t monday = a_monday();

	act(&k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "out@shop.example", "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(mdg_db_run(k.d->db, &err,
			       "INSERT INTO calendar (name, version, json,"
			       " created_s) SELECT name, version + 1, ?1,"
			       " created_s FROM calendar",
			       "s", office));
	assert_true(
		mdg_db_run(k.d->db, &err, "UPDATE person SET lang = 'en'", ""));
	assert_int_equal(digests(&k, monday + 11 * HOUR), 0);
	assert_int_equal(digests(&k, monday + DAY + 11 * HOUR), 0); /* closed */
	assert_int_equal(digests(&k, monday + 2 * DAY + 10 * HOUR - 1), 0);
	assert_int_equal(digests(&k, monday + 2 * DAY + 10 * HOUR), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice"
				   " WHERE subject LIKE 'Daily digest%'"
				   " AND text LIKE '%received 0%'"),
			 1);
	close_desk(&k);
}

static int64_t
told_of_year(struct desk *k, const char *when)
{
	struct mdg_err err;

	if (!mdg_alarm_tick(k->d, t_time(when), &err))
		fail_msg("%s", why(&err));
	return count(k, "SELECT COUNT(*) FROM alarm WHERE kind = 'calendar'"
			" AND state <> 'over'");
}

#define WEEK                                                                   \
	"{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"mon\":[[\"09:00\","            \
	"\"18:00\"]]},\"closed\":["

/* On 1 December, in the morning, if nobody said when next year is closed. */
static void
year_end_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;

	act(&k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "out@shop.example", "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(mdg_setting_put(k.d->db, "alarm_to",
				    "[\"boss@shop.example\"]", &err));
	/* the first days of 2028 came with the end of 2027 */
	set_hours(&k, "shop",
		  WEEK "\"2027-12-29\",\"2028-01-01\",\"2028-01-03\"]}");
	assert_int_equal(told_of_year(&k, "2027-11-30 18:00"), 0);
	assert_int_equal(told_of_year(&k, "2027-12-01 08:59"), 0);
	assert_int_equal(told_of_year(&k, "2027-12-01 09:00"), 1);
	assert_int_equal(told_of_year(&k, "2027-12-01 09:01"), 1);
	assert_int_equal(
		count(&k, "SELECT COUNT(*) FROM notice WHERE"
			  " subject LIKE '【警報】%'"
			  " AND text LIKE '%2028 年の 1 月 4 日以降の休業日%'"),
		1);
	set_hours(&k, "shop", WEEK "\"2027-12-29\",\"2029-01-04\"]}");
	assert_int_equal(told_of_year(&k, "2027-12-01 10:00"), 1);
	set_hours(&k, "shop", WEEK "\"2027-12-29\",\"2028-12-31\"]}");
	assert_int_equal(told_of_year(&k, "2027-12-02 09:00"), 0);
	close_desk(&k);
}

EACH(a_year_without_closed_days_is_told_of_on_1_december, year_end_body);
EACH(a_digest_comes_once_a_day_and_not_at_night, open_all_day_body);
EACH(a_digest_waits_for_the_next_working_day, office_hours_body);

static const struct CMUnitTest digest_tests[] = {
	cmocka_unit_test(a_year_without_closed_days_is_told_of_on_1_december),
	cmocka_unit_test(a_digest_comes_once_a_day_and_not_at_night),
	cmocka_unit_test(a_digest_waits_for_the_next_working_day),
};
DESK_TESTS(digest_tests);
