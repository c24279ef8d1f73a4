/* A lead's figures, out of a small day whose sums are known, on both engines.
 */
#include "desk_fixture.h"

#include "madoguchi/app/figures.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/query/report.h"

static int64_t
mail(struct desk *k, int n)
{
	char id[32], from[40], subject[40];

	snprintf(id, sizeof(id), "r%d@c", n);
	snprintf(from, sizeof(from), "taro%d@c.example", n);
	snprintf(subject, sizeof(subject), "用件 %d", n);
	return take_in(k, new_mail(id, from, subject, "本文")).ticket_id;
}

static void
close_as(struct desk *k, int64_t ticket, const char *kind)
{
	act(k, &k->op, "ticket.close",
	    json_pack("{s:I,s:s}", "ticket", number_of(k, ticket), "kind",
		      kind));
}

static void
answered(struct desk *k, int64_t ticket)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_job job;
	int64_t d = draft_for(k, ticket, "様\n\n承りました。");

	act(k, &k->op, "draft.submit", draft_arg(d));
	act(k, &k->sv, "approve", draft_arg(d));
	act(k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(k, &a, &job));
	const struct mdg_outbox_answer v = {job.rcpts.v[0], "accepted", 250,
					    "ok"};
	struct mdg_err err;
	if (!mdg_outbox_committing(k->d, job.outbox_id, &err) ||
	    !mdg_outbox_finish(k->d, job.outbox_id, false, &v, 1, &err))
		fail_msg("%s", why(&err));
}

static int64_t
figure(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static void
summary_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	answered(&k, mail(&k, 1));
	answered(&k, mail(&k, 2));
	close_as(&k, mail(&k, 3), "thanks");
	close_as(&k, mail(&k, 4), "spam");
	mail(&k, 5);
	/* what a machine wrote is closed by itself */
	struct mdg_mail *m = new_mail("out@c", "taro@c.example", "休暇", "不在です");
	m->mail_class = MDG_CLASS_AUTO_REPLY;
	take_in(&k, m);
	json_t *r = act(&k, &k.sv, "report.summary", json_object());
	const json_t *row = json_array_get(json_object_get(r, "rows"), 0);
	assert_int_equal(json_array_size(json_object_get(r, "rows")), 1);
	assert_int_equal(figure(row, "received"), 6);
	assert_int_equal(figure(row, "replied"), 2);
	assert_int_equal(figure(row, "not_needed"), 2);
	assert_int_equal(figure(row, "spam"), 1);
	assert_int_equal(figure(row, "open"), 1);
	/* 2 of the 3 that wanted an answer */
	assert_int_equal((int)(1000 * json_real_value(json_object_get(
					      row, "answer_rate"))),
			 666);
	/* what needed no answer is neither in time nor late */
	assert_int_equal(figure(row, "first_n"), 2);
	assert_true(json_real_value(json_object_get(row, "first_attained")) ==
		    1.0);
	close_desk(&k);
}

/* Rows written behind say the same as the tickets themselves. */
static void
figures_body(const char *url)
{
	static const char *const bys[] = {"total", "category", "operator",
					  "window", "mailbox", "template",
					  "day"};
	struct desk k = open_desk(url, "all");
	struct mdg_err err;

	answered(&k, mail(&k, 1));
	int64_t other = mail(&k, 2);
	close_as(&k, mail(&k, 3), "thanks");
	for (size_t i = 0; i < MDG_LEN(bys); i++) {
		json_t *live = json_deep_copy(json_object_get(
			act(&k, &k.sv, "report.summary",
			    json_pack("{s:s}", "by", bys[i])),
			"rows"));
		while (mdg_figures_due(k.d))
			if (!mdg_figures_step(k.d, &err))
				fail_msg("%s", why(&err));
		json_t *kept = json_object_get(
			act(&k, &k.sv, "report.summary",
			    json_pack("{s:s}", "by", bys[i])),
			"rows");
		if (!json_equal(live, kept))
			fail_msg("by %s: %s and %s", bys[i],
				 json_dumps(live, 0), json_dumps(kept, 0));
		json_decref(live);
		/* everything anew, for the next */
		assert_true(mdg_db_run(k.d->db, &err,
				       "DELETE FROM setting WHERE key LIKE"
				       " 'figured:%'",
				       ""));
	}
	while (mdg_figures_due(k.d))
		assert_true(mdg_figures_step(k.d, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM figure"), 3);
	/* what happens after is in it at once */
	close_as(&k, other, "spam");
	const json_t *row = json_array_get(
		json_object_get(act(&k, &k.sv, "report.summary",
				    json_object()),
				"rows"),
		0);
	assert_int_equal(figure(row, "received"), 3);
	assert_int_equal(figure(row, "spam"), 1);
	close_desk(&k);
}

static void
groups_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	answered(&k, mail(&k, 1));
	mail(&k, 2);
	for (size_t i = 0; mdg_report_by(i); i++) {
		json_t *r = act(&k, &k.sv, "report.summary",
				json_pack("{s:s}", "by", mdg_report_by(i)));
		json_t *rows = json_object_get(r, "rows"), *row;
		int64_t received = 0;
		size_t n;
		json_array_foreach(rows, n, row) received +=
			figure(row, "received");
		/* of the one that a person answered not even that is told */
		if (received !=
		    (mdg_streq(mdg_report_by(i), "operator") ? 1 : 2))
			fail_msg("by %s: %s", mdg_report_by(i),
				 json_dumps(r, 0));
	}
	/* one answer says nothing about a person */
	json_t *r = act(&k, &k.sv, "report.summary",
			json_pack("{s:s}", "by", "operator"));
	const json_t *rows = json_object_get(r, "rows"),
		     *last = json_array_get(rows, json_array_size(rows) - 1);
	assert_string_equal(json_string_value(json_object_get(last, "group")),
			    "op");
	assert_true(json_is_null(json_object_get(last, "first_attained")));
	assert_true(json_is_null(json_object_get(last, "first_n")));
	refused(&k, &k.sv, MDG_EINVAL, "report.summary",
		json_pack("{s:s}", "by", "moon"));
	refused(&k, &k.op, MDG_EPERM, "report.summary", json_object());
	refused(&k, &k.sv, MDG_EINVAL, "report.summary",
		json_pack("{s:s,s:s}", "from", "2026-11-02", "to",
			  "2026-11-01"));
	close_desk(&k);
}

static void
others_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	answered(&k, mail(&k, 1));
	mail(&k, 2);
	json_t *r = act(&k, &k.sv, "report.backlog", json_object());
	const json_t *row = json_array_get(json_object_get(r, "rows"), 0);
	assert_string_equal(json_string_value(json_object_get(row, "state")),
			    "new");
	assert_int_equal(figure(row, "tickets"), 1);
	assert_int_equal(figure(row, "day"), 1);
	r = act(&k, &k.sv, "report.approvals", json_object());
	assert_int_equal(figure(r, "decided"), 1);
	assert_int_equal(figure(r, "returned"), 0);
	close_desk(&k);
}

static void
training_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;

	answered(&k, mail(&k, 1));
	json_t *r = act(&k, &k.sv, "report.training", json_object());
	const json_t *row = json_array_get(json_object_get(r, "rows"), 0);
	assert_string_equal(json_string_value(json_object_get(row,
							      "operator")),
			    "op");
	assert_true(json_is_null(json_object_get(row, "replies")));
	assert_true(json_is_null(json_object_get(row, "findings_per_reply")));
	/* thirty more, each with one finding that forbids it */
	for (int i = 0; i < 30; i++) {
		assert_true(mdg_db_run(
			k.d->db, &err,
			"INSERT INTO revision (draft_id, ticket_id, n,"
			" account_id, message_id, canonical, digest, findings,"
			" comment, requested_by, requested_s, state)"
			" SELECT 1000 + ?1, ticket_id, 1, account_id, '',"
			" canonical, digest, '[{\"severity\":\"error\"}]',"
			" '', requested_by, requested_s, 'returned'"
			" FROM revision WHERE id = 1",
			"i", (int64_t)i));
		assert_true(mdg_db_run(
			k.d->db, &err,
			"INSERT INTO review (revision_id, draft_id, win_id,"
			" author_id, body, care, overridden, reason, outcome,"
			" asked_s) SELECT (SELECT MAX(id) FROM revision),"
			" 1000 + ?1, win_id, author_id, '', '', '', '',"
			" 'returned', asked_s FROM review"
			" WHERE revision_id = 1",
			"i", (int64_t)i));
	}
	r = act(&k, &k.sv, "report.training", json_object());
	row = json_array_get(json_object_get(r, "rows"), 0);
	assert_int_equal(figure(row, "replies"), 31);
	assert_int_equal((int)(1000 * json_real_value(json_object_get(
					      row, "errors_per_reply"))),
			 967);
	assert_int_equal((int)(1000 * json_real_value(json_object_get(
					      row, "return_rate"))),
			 967);
	refused(&k, &k.op, MDG_EPERM, "report.training", json_object());
	close_desk(&k);
}

/* Nine days: what came and went, and what was left each evening. */
static void
course_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t v[4], now_s = mdg_now_s();
	struct mdg_err err;
	const json_t *rows;

	for (int i = 0; i < 4; i++) {
		v[i] = mail(&k, i);
		assert_true(mdg_db_run(k.d->db, &err,
				       "UPDATE ticket SET created_s = ?2"
				       " WHERE id = ?1",
				       "ii", v[i],
				       now_s - 86400 * (i < 3 ? 8 - i : 40)));
	}
	close_as(&k, v[0], "thanks");
	close_as(&k, v[1], "no_reply");
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE ticket SET closed_s = ?2 WHERE id = ?1",
			       "ii", v[0], now_s - 5 * 86400));
	/* opened again: it was never done */
	close_as(&k, v[2], "no_reply");
	act(&k, &k.op, "ticket.reopen",
	    json_pack("{s:I}", "ticket", number_of(&k, v[2])));
	rows = json_object_get(act(&k, &k.sv, "report.course", json_object()),
			       "rows");
	assert_int_equal(json_array_size(rows), 30);
	static const struct {
		size_t ago;
		int64_t received, closed, open;
	} days[] = {{9, 0, 0, 1}, {8, 1, 0, 2}, {7, 1, 0, 3}, {6, 1, 0, 4},
		    {5, 0, 1, 3}, {1, 0, 0, 3}, {0, 0, 1, 2}};
	for (size_t i = 0; i < MDG_LEN(days); i++) {
		const json_t *d = json_array_get(rows, 29 - days[i].ago);
		if (figure(d, "received") != days[i].received ||
		    figure(d, "closed") != days[i].closed ||
		    figure(d, "open") != days[i].open)
			fail_msg("%zu days ago: %s", days[i].ago,
				 json_dumps(d, 0));
	}
	/* a stretch that is over says the same of its days */
	int64_t last = json_integer_value(json_object_get(
		act(&k, &k.sv, "report.course", json_object()), "to_s"));
	char from[32], to[32];
	mdg_time_rfc3339(last - 9 * 86400 + 43200, from, sizeof(from));
	mdg_time_rfc3339(last - 6 * 86400 + 43200, to, sizeof(to));
	from[10] = to[10] = '\0';
	rows = json_object_get(
		act(&k, &k.sv, "report.course",
		    json_pack("{s:s,s:s}", "from", from, "to", to)),
		"rows");
	assert_int_equal(json_array_size(rows), 4);
	assert_int_equal(figure(json_array_get(rows, 0), "open"), 2);
	assert_int_equal(figure(json_array_get(rows, 3), "open"), 3);
	refused(&k, &k.op, MDG_EPERM, "report.course", json_object());
	/* longer than anybody reads */
	refused(&k, &k.sv, MDG_ETOOBIG, "report.course",
		json_pack("{s:s}", "from", "2001-01-01"));
	close_desk(&k);
}

EACH(each_evening_is_reckoned_back_from_what_is_open, course_body);
EACH(findings_are_told_by_person_and_month, training_body);
EACH(the_answer_rate_leaves_out_what_needed_none, summary_body);
EACH(every_grouping_counts_each_ticket_once, groups_body);
EACH(rows_of_reports_say_what_the_tickets_say, figures_body);
EACH(backlog_and_approvals_are_counted, others_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_answer_rate_leaves_out_what_needed_none),
	cmocka_unit_test(every_grouping_counts_each_ticket_once),
	cmocka_unit_test(rows_of_reports_say_what_the_tickets_say),
	cmocka_unit_test(findings_are_told_by_person_and_month),
	cmocka_unit_test(backlog_and_approvals_are_counted),
	cmocka_unit_test(each_evening_is_reckoned_back_from_what_is_open),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
