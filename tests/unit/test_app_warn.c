/* Mail to a lead about due times: one for many, none at night, all told. */
#include "desk_fixture.h"

#include "madoguchi/app/warn.h"

enum { HOUR = 3600, DAY = 24 * HOUR, ZONE = 9 * HOUR };

/* Answers are due within the hour of the clock, people work from 9 to 18. */
static struct desk
daytime_desk(const char *url)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu",
					   "fri", "sat", "sun"};
	struct desk k = open_desk(url, "all");
	json_t *week = json_object();

	for (size_t i = 0; i < MDG_LEN(days); i++)
		json_object_set_new(
			week, days[i],
			json_pack("[[s,s]]", "09:00", "18:00"));
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:{s:s,s:o,s:n},s:{s:i,s:b}}", "window", "shop",
		      "calendar", "zone", "Asia/Tokyo", "weekly", week,
		      "national_holidays", "policy", "first_response_min", 60,
		      "business", 0));
	act(&k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "out@shop.example", "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	return k;
}

/* A minute of the daemon after so many seconds. */
static void
pass_minute(struct desk *k, int64_t seconds)
{
	struct mdg_err err;

	mdg_clock_advance(seconds);
	if (!mdg_desk_begin(k->d, &err))
		fail_msg("%s", why(&err));
	for (int i = 0; i < 5; i++) /* 200 tickets at once */
		if (!mdg_desk_clock_tick(k->d, mdg_now_s(), &err))
			fail_msg("%s", why(&err));
	if (!mdg_desk_commit(k->d, &err) ||
	    !mdg_warn_tick(k->d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
}

static void
until(struct desk *k, int64_t hour)
{
	int64_t at = (mdg_now_s() + ZONE) % DAY;

	pass_minute(k, (hour * HOUR - at + DAY) % DAY);
}

static int64_t
come(struct desk *k, int n)
{
	char id[40], from[40];

	snprintf(id, sizeof(id), "w%d@c", n);
	snprintf(from, sizeof(from), "c%d@c.example", n);
	return take_in(k, new_mail(id, from, "用件", "お願いします。"))
		.ticket_id;
}

static int64_t
mails(struct desk *k, const char *subject)
{
	int64_t n = -1;

	mdg_db_i64(k->d->db, &n, NULL,
		   "SELECT COUNT(*) FROM notice WHERE subject LIKE ?1", "s",
		   subject);
	return n;
}

static bool
has_clock(struct desk *k)
{
	if (mdg_clock_advance(0))
		return true;
	close_desk(k);
	return false;
}

static void
together_body(const char *url)
{
	struct desk k = daytime_desk(url);

	if (!has_clock(&k))
		return;
	until(&k, 9);
	for (int i = 0; i < 20; i++)
		come(&k, i);
	/* nobody's: no word before they are late, then one to the lead */
	pass_minute(&k, 50 * 60);
	int64_t early = mails(&k, "%");
	pass_minute(&k, 11 * 60);
	pass_minute(&k, 2 * MDG_WARN_GATHER_S);
	pass_minute(&k, MDG_WARN_PAUSE_S);
	assert_int_equal(mails(&k, "%20 件（うち期限超過 20 件）%"), 1);
	assert_true(early <= 1);
	assert_int_equal(mails(&k, "%"), early + 1);
	/* each with its owner, and nothing is said again */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM escalation"), 20);
	for (int i = 0; i < 5; i++)
		pass_minute(&k, HOUR);
	assert_int_equal(mails(&k, "%"), early + 1);
	close_desk(&k);
}

static void
morning_body(const char *url)
{
	struct desk k = daytime_desk(url);
	int64_t tickets[3];

	if (!has_clock(&k))
		return;
	until(&k, 20);
	for (int i = 0; i < 3; i++)
		tickets[i] = come(&k, i);
	act(&k, &k.sv, "ticket.assign",
	    json_pack("{s:I,s:s}", "ticket", number_of(&k, tickets[0]), "to",
		      "op"));
	while ((mdg_now_s() + ZONE) % DAY / HOUR != 8) {
		pass_minute(&k, HOUR / 2);
		assert_int_equal(mails(&k, "%"), 0);
	}
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE"
				   " kind = 'clock.breached'"),
			 3);
	until(&k, 9);
	pass_minute(&k, 60);
	/* whose it is, and the lead of all three */
	assert_int_equal(mails(&k, "%"), 2);
	assert_int_equal(mails(&k, "%1 件（うち期限超過 1 件）%"), 1);
	assert_int_equal(mails(&k, "%3 件（うち期限超過 3 件）%"), 1);
	for (int i = 0; i < 3; i++) {
		char like[40];
		int64_t n = 0;
		snprintf(like, sizeof(like), "%%受付番号 %lld%%",
			 (long long)number_of(&k, tickets[i]));
		mdg_db_i64(k.d->db, &n, NULL,
			   "SELECT COUNT(*) FROM notice WHERE text LIKE ?1",
			   "s", like);
		assert_int_equal(n, i == 0 ? 2 : 1);
	}
	close_desk(&k);
}

/* A mail holds so many lines, and says how many more there are. */
static void
many_body(const char *url)
{
	struct desk k = daytime_desk(url);

	if (!has_clock(&k))
		return;
	until(&k, 9);
	for (int i = 0; i <= MDG_WARN_LINES_MAX; i++)
		come(&k, i);
	pass_minute(&k, 61 * 60);
	pass_minute(&k, 2 * MDG_WARN_GATHER_S);
	pass_minute(&k, MDG_WARN_PAUSE_S);
	assert_int_equal(mails(&k, "%101 件（うち期限超過 101 件）%"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM notice WHERE text"
				   " LIKE '%ほかに 1 件%'"),
			 1);
	close_desk(&k);
}

EACH(tickets_that_breach_together_are_one_mail, together_body);
EACH(the_morning_mail_tells_what_came_due_at_night, morning_body);
EACH(what_does_not_fit_a_mail_is_counted, many_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(tickets_that_breach_together_are_one_mail),
	cmocka_unit_test(the_morning_mail_tells_what_came_due_at_night),
	cmocka_unit_test(what_does_not_fit_a_mail_is_counted),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
