/*
 * What becomes of a reply to several people: who has it, who has not, and
 * what is known of it later. On both engines.
 */
#include "desk_fixture.h"

#include "madoguchi/store/st_folder.h"
#include "madoguchi/store/st_mail.h"

static const char TARO[] = "taro@c.example", HANAKO[] = "hanako@c.example";

/* A reply to both, on its way and allowed to end. */
static struct mdg_outbox_job
committing(struct desk *k, struct mdg_arena *a, int64_t *ret_ticket)
{
	struct mdg_outbox_job job = {0};
	struct mdg_err err;
	struct mdg_mail *m = new_mail("a@c", TARO, "返品", "1");

	mdg_addresses_add(&m->cc, &m->arena, "", HANAKO, HANAKO);
	*ret_ticket = take_in(k, m).ticket_id;
	int64_t d = draft_for(k, *ret_ticket, "太郎 様\n\n承りました。");
	act(k, &mdg_actor_system, "golive", json_object());
	act(k, &k->op, "draft.submit", draft_arg(d));
	assert_true(claim(k, a, &job));
	assert_int_equal(job.rcpts.n, 2);
	assert_true(mdg_outbox_committing(k->d, job.outbox_id, &err));
	return job;
}

/* What the server said to each; NULL: nothing. */
static void
answers(struct desk *k, int64_t outbox, const char *taro, const char *hanako)
{
	struct mdg_outbox_answer v[2];
	struct mdg_err err;
	size_t n = 0;

	if (taro)
		v[n++] = (struct mdg_outbox_answer){TARO, taro, 250, "t"};
	if (hanako)
		v[n++] = (struct mdg_outbox_answer){HANAKO, hanako, 450, "h"};
	if (!mdg_outbox_finish(k->d, outbox, false, v, n, &err))
		fail_msg("%s", why(&err));
}

static const char *
text(struct desk *k, const char *sql)
{
	static char out[200];
	struct mdg_rows *r = NULL;
	struct mdg_err err;

	out[0] = '\0';
	assert_true(mdg_db_query(k->d->db, &r, &err, sql, ""));
	if (mdg_rows_next(r))
		snprintf(out, sizeof(out), "%s", mdg_rows_text(r, 0));
	assert_true(mdg_rows_close(&r, &err));
	return out;
}

#define IS(k, sql, want) assert_string_equal(text(k, sql), want)
static const char OUTBOX[] = "SELECT state FROM outbox ORDER BY id DESC",
		  RCPT1[] = "SELECT state FROM outbox_rcpt WHERE n = 0",
		  RCPT2[] = "SELECT state FROM outbox_rcpt WHERE n = 1",
		  TICKET[] = "SELECT state FROM ticket ORDER BY id";

/* A report about our mail, of a failure for `who`. */
static struct mdg_mail *
report(struct mdg_outbox_job *job, const char *who, bool hard)
{
	struct mdg_mail *m =
		new_mail("dsn@mx", "mailer-daemon@mx.example", "Undelivered",
			 "550 5.1.1 no such user");
	struct mdg_bounce *b = mdg_arena_alloc(&m->arena, sizeof(*b));
	const char *id = strstr((const char *)job->bytes.p, "Message-ID: <");

	m->mail_class = MDG_CLASS_BOUNCE;
	*b = (struct mdg_bounce){.n = 1};
	b->recipients = mdg_arena_alloc(&m->arena, sizeof(*b->recipients));
	b->recipients[0] = (struct mdg_bounce_recipient){
		who, "failed", "5.1.1", hard, "user_unknown", "no such user"};
	id += strlen("Message-ID: <");
	b->original_message_id =
		mdg_arena_strndup(&m->arena, id, strcspn(id, ">"));
	m->bounce = b;
	return m;
}

static void
partial_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t), next;
	struct mdg_err err;

	answers(&k, job.outbox_id, "accepted", "tempfail");
	/* the reply is said, and one is still to have it */
	IS(&k, "SELECT state FROM draft", "sent");
	IS(&k, OUTBOX, "queued");
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	/* also when the customer writes again meanwhile */
	struct mdg_mail *m = new_mail("b@c", TARO, "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	take_in(&k, m);
	assert_true(claim(&k, &a, &next));
	assert_int_equal(next.rcpts.n, 1);
	assert_string_equal(next.rcpts.v[0], HANAKO);
	assert_true(mdg_span_eq(job.bytes, next.bytes));
	assert_true(mdg_outbox_committing(k.d, next.outbox_id, &err));
	answers(&k, next.outbox_id, NULL, "accepted");
	IS(&k, OUTBOX, "sent");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"
				   " WHERE direction = 'out'"),
			 1);
	assert_false(claim(&k, &a, &next));
	close_desk(&k);
}

static void
rest_refused_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t);

	answers(&k, job.outbox_id, "accepted", "permfail");
	IS(&k, OUTBOX, "sent");
	IS(&k, RCPT2, "permfail");
	/* the one who does not have it brings the ticket back */
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	close_desk(&k);
}

static void
stop_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t), next;

	answers(&k, job.outbox_id, "accepted", "tempfail");
	act(&k, &k.op, "outbox.cancel",
	    json_pack("{s:I}", "outbox", job.outbox_id));
	/* who has it has it: nothing is taken back */
	IS(&k, OUTBOX, "sent");
	IS(&k, "SELECT state FROM draft", "sent");
	IS(&k, RCPT2, "permfail");
	assert_false(claim(&k, &a, &next));
	close_desk(&k);
}

static void
patience_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t);
	struct mdg_err err;
	int tries = 1;

	if (!mdg_clock_advance(0)) { /* without --enable-faults */
		close_desk(&k);
		return;
	}
	answers(&k, job.outbox_id, "tempfail", "tempfail");
	while (claim(&k, &a, &job)) {
		assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
		answers(&k, job.outbox_id, "tempfail", "tempfail");
		tries++;
		assert_true(mdg_clock_advance(4 * 3600));
		assert_true(tries < 30);
	}
	/* one minute, five, fifteen, … four hours each: 48 hours of it */
	assert_in_range(tries, 10, 20);
	IS(&k, OUTBOX, "failed");
	IS(&k, "SELECT state FROM draft", "failed");
	/* once more, from the beginning */
	act(&k, &k.sv, "outbox.resolve",
	    json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as", "again"));
	assert_true(claim(&k, &a, &job));
	assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
	answers(&k, job.outbox_id, "tempfail", "tempfail");
	IS(&k, OUTBOX, "queued");
	close_desk(&k);
}

static void
only_doubtful_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t), next;

	answers(&k, job.outbox_id, "unknown", "tempfail");
	IS(&k, OUTBOX, "unknown");
	act(&k, &k.sv, "outbox.resolve",
	    json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as", "sent"));
	/* who was told to wait is not forgotten for it */
	IS(&k, RCPT1, "accepted");
	assert_true(claim(&k, &a, &next));
	assert_int_equal(next.rcpts.n, 1);
	assert_string_equal(next.rcpts.v[0], HANAKO);
	close_desk(&k);
}

static void
reply_proves_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t);

	answers(&k, job.outbox_id, "unknown", "unknown");
	struct mdg_mail *r = report(&job, TARO, true);
	struct mdg_mail *m = new_mail("b@c", TARO, "Re: 返品", "ありがとう");
	mdg_strings_add(&m->in_reply_to, &m->arena,
			r->bounce->original_message_id, 5);
	mdg_mail_free(&r);
	take_in(&k, m);
	IS(&k, OUTBOX, "sent");
	IS(&k, RCPT2, "accepted");
	IS(&k, "SELECT state FROM draft", "sent");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'outbox.found'"),
			 1);
	close_desk(&k);
}

static void
bounce_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t);
	bool dead;
	struct mdg_err err;

	answers(&k, job.outbox_id, "accepted", "accepted");
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	for (int i = 0; i < 2; i++) /* the same report twice raises once */
		assert_int_equal(
			take_in(&k, report(&job, TARO, true)).ticket_id, t);
	IS(&k, TICKET, "new");
	IS(&k, RCPT1, "bounced");
	IS(&k, RCPT2, "accepted");
	IS(&k, "SELECT bounce FROM outbox_rcpt WHERE n = 0", "hard");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'ticket.undelivered'"),
			 1);
	assert_true(mdg_address_is_dead(k.d->db, TARO, &dead, &err));
	assert_true(dead);
	/* who writes is alive */
	take_in(&k, new_mail("c@c", TARO, "別件", "3"));
	assert_true(mdg_address_is_dead(k.d->db, TARO, &dead, &err));
	assert_false(dead);
	close_desk(&k);
}

static void
bounce_resolves_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t);

	answers(&k, job.outbox_id, NULL, NULL);
	IS(&k, OUTBOX, "unknown");
	take_in(&k, report(&job, HANAKO, false));
	/* a report comes of a mail that was accepted: for all of them */
	IS(&k, OUTBOX, "sent");
	IS(&k, RCPT1, "accepted");
	IS(&k, RCPT2, "bounced");
	IS(&k, TICKET, "new");
	close_desk(&k);
}

/* A copy of it lies in the Sent folder. */
static void
copy_in_sent(struct desk *k, struct mdg_outbox_job *job)
{
	struct mdg_folder sent = {
		.account_id = k->account, .name = "Sent", .role = "sent"};
	int64_t inbox = k->folder;
	struct mdg_err err;
	struct mdg_mail *m =
		new_mail(job->message_id, "support@shop.example", "Re: 返品",
			 "太郎 様");

	if (mdg_db_i64(k->d->db, &k->folder, &err,
		       "SELECT id FROM folder WHERE role = 'sent'",
		       "") != MDG_FOUND &&
	    !mdg_folder_add(k->d->db, &sent, &k->folder, &err))
		fail_msg("%s", why(&err));
	take_in(k, m);
	k->folder = inbox;
}

static void
sent_folder_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t);

	/* the server files what it takes: there it is */
	answers(&k, job.outbox_id, "unknown", "unknown");
	copy_in_sent(&k, &job);
	IS(&k, OUTBOX, "sent");
	IS(&k, RCPT2, "accepted");
	close_desk(&k);
}

static void
own_copy_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t), next;
	struct mdg_err err;

	/* one has it, so that we file a copy; the other is in doubt */
	answers(&k, job.outbox_id, "accepted", "tempfail");
	assert_true(claim(&k, &a, &next));
	assert_true(mdg_outbox_committing(k.d, next.outbox_id, &err));
	answers(&k, next.outbox_id, NULL, "unknown");
	copy_in_sent(&k, &next);
	IS(&k, OUTBOX, "unknown");
	IS(&k, RCPT2, "unknown");
	close_desk(&k);
}

static void
stale_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	int64_t t;
	struct mdg_outbox_job job = committing(&k, &a, &t), next;
	struct mdg_mail *m = new_mail("b@c", TARO, "Re: 返品", "やめます");

	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	take_in(&k, m); /* while it is on its way */
	answers(&k, job.outbox_id, "tempfail", "tempfail");
	assert_false(claim(&k, &a, &next));
	IS(&k, OUTBOX, "cancelled");
	IS(&k, "SELECT state FROM draft", "editing");
	close_desk(&k);
}

static void
liar_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_err err;
	const struct mdg_outbox_answer v = {TARO, "accepted", 250, "ok"};
	int64_t t = take_in(&k, new_mail("a@c", TARO, "返品", "1")).ticket_id;

	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "draft.submit",
	    draft_arg(draft_for(&k, t, "太郎 様\n\n承りました。")));
	assert_true(claim(&k, &a, &job));
	assert_false(
		mdg_outbox_finish(k.d, job.outbox_id, false, &v, 1, &err));
	IS(&k, OUTBOX, "sending");
	close_desk(&k);
}

static void
scheduled_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", TARO, "返品", "1")).ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &mdg_actor_system, "golive", json_object());
	refused(&k, &k.op, MDG_EINVAL, "draft.submit",
		json_pack("{s:I,s:s}", "draft", d, "at", "そのうち"));
	refused(&k, &k.op, MDG_EINVAL, "draft.submit",
		json_pack("{s:I,s:s}", "draft", d, "at", "2020-01-01 9:00"));
	act(&k, &k.op, "draft.submit",
	    json_pack("{s:I,s:s}", "draft", d, "at", "3時間後"));
	act(&k, &k.sv, "approve", draft_arg(d));
	if (!mdg_clock_advance(0)) { /* without --enable-faults */
		close_desk(&k);
		return;
	}
	assert_true(mdg_clock_advance(2 * 3600));
	assert_int_equal(mdg_outbox_claim(k.d, k.account, &a, &job, &err),
			 MDG_NONE);
	assert_true(mdg_clock_advance(3601));
	assert_int_equal(mdg_outbox_claim(k.d, k.account, &a, &job, &err),
			 MDG_FOUND);
	close_desk(&k);
}

static void
schedule_voided_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	int64_t t = take_in(&k, new_mail("a@c", TARO, "返品", "1")).ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "draft.submit",
	    json_pack("{s:I,s:s}", "draft", d, "at", "明日 9:00"));
	struct mdg_mail *m = new_mail("b@c", TARO, "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	take_in(&k, m);
	assert_false(claim(&k, &a, &job));
	IS(&k, OUTBOX, "cancelled");
	IS(&k, "SELECT state FROM draft", "editing");
	close_desk(&k);
}

static void
schedule_emptied_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", TARO, "返品", "1")).ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit",
	    json_pack("{s:I,s:s}", "draft", d, "at", "明日 9:00"));
	act(&k, &k.op, "draft.withdraw", draft_arg(d));
	/* who says nothing means the time that was set */
	act(&k, &k.op, "draft.submit", draft_arg(d));
	IS(&k, "SELECT CASE WHEN not_before_s > 0 THEN 1 ELSE 0 END FROM draft",
	   "1");
	act(&k, &k.op, "draft.withdraw", draft_arg(d));
	act(&k, &k.op, "draft.submit",
	    json_pack("{s:I,s:s}", "draft", d, "at", ""));
	IS(&k, "SELECT COALESCE(not_before_s, 0) FROM draft", "0");
	close_desk(&k);
}

EACH(a_reply_waits_for_its_time, scheduled_body);
EACH(a_time_is_kept_until_it_is_emptied, schedule_emptied_body);
EACH(a_newer_mail_takes_a_scheduled_reply_back, schedule_voided_body);
EACH(a_copy_that_the_server_filed_proves_it, sent_folder_body);
EACH(our_own_copy_in_sent_proves_nothing, own_copy_body);
EACH(who_has_it_is_left_alone_and_the_rest_tried_again, partial_body);
EACH(one_who_is_refused_brings_the_ticket_back, rest_refused_body);
EACH(stopping_a_reply_takes_nothing_back, stop_body);
EACH(after_48_hours_of_not_now_it_has_failed, patience_body);
EACH(who_waits_is_not_forgotten_over_who_is_in_doubt, only_doubtful_body);
EACH(an_answer_proves_that_it_arrived, reply_proves_body);
EACH(a_report_raises_the_ticket_and_marks_the_address, bounce_body);
EACH(a_report_proves_that_it_was_accepted, bounce_resolves_body);
EACH(nothing_goes_out_that_a_newer_mail_made_old, stale_body);
EACH(nobody_accepts_before_the_end_of_the_mail, liar_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(who_has_it_is_left_alone_and_the_rest_tried_again),
	cmocka_unit_test(one_who_is_refused_brings_the_ticket_back),
	cmocka_unit_test(stopping_a_reply_takes_nothing_back),
	cmocka_unit_test(after_48_hours_of_not_now_it_has_failed),
	cmocka_unit_test(who_waits_is_not_forgotten_over_who_is_in_doubt),
	cmocka_unit_test(an_answer_proves_that_it_arrived),
	cmocka_unit_test(a_report_raises_the_ticket_and_marks_the_address),
	cmocka_unit_test(a_report_proves_that_it_was_accepted),
	cmocka_unit_test(nothing_goes_out_that_a_newer_mail_made_old),
	cmocka_unit_test(nobody_accepts_before_the_end_of_the_mail),
	cmocka_unit_test(a_copy_that_the_server_filed_proves_it),
	cmocka_unit_test(our_own_copy_in_sent_proves_nothing),
	cmocka_unit_test(a_reply_waits_for_its_time),
	cmocka_unit_test(a_time_is_kept_until_it_is_emptied),
	cmocka_unit_test(a_newer_mail_takes_a_scheduled_reply_back),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
