/*
 * A mail on its way out, and senders that die or keep silent, on both
 * engines.
 */
#include "desk_fixture.h"

/* Also a reply that waits for its next attempt is not the answer any more. */
static void
retry_voids_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	take_in(&k, m);
	assert_false(claim(&k, &a, &job));
	/* written anew and sent */
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	assert_true(claim(&k, &a, &job));
	close_desk(&k);
}

/* It waits for the mode, which is no attempt, and goes when that allows it. */
static void
mode_holds_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;

	act(&k, &k.op, "draft.submit",
	    draft_arg(draft_for(&k, t, "太郎 様\n\n承りました。")));
	act(&k, &mdg_actor_system, "golive",
	    json_pack("{s:s}", "mode", "internal"));
	assert_false(claim(&k, &a, &job));
	assert_int_equal(count(&k, "SELECT attempts FROM outbox"), 0);
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " reason IS NULL AND state = 'queued'"),
			 1);
	assert_true(count(&k, "SELECT not_before_s FROM outbox") <=
		    mdg_now_s());
	assert_true(claim(&k, &a, &job));
	close_desk(&k);
}

static void
lost_answer_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	/* the sender dies before the end of the mail: safe, tried again */
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	assert_true(claim(&k, &a, &job));
	/* and after it was allowed: nobody knows, a person decides */
	assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	assert_false(claim(&k, &a, &job));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " state = 'unknown'"),
			 1);
	refused(&k, &k.op, MDG_EPERM, "outbox.resolve",
		json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as", "again"));
	act(&k, &k.sv, "outbox.resolve",
	    json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as", "sent"));
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	close_desk(&k);
}

/* A copy of an earlier time was put back. */
static void
restored_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;

	act(&k, &k.op, "draft.submit",
	    draft_arg(draft_for(&k, t, "太郎 様\n\n承りました。")));
	act(&k, &mdg_actor_system, "golive", json_object());
	/* nothing was put back: it only waits */
	assert_true(mdg_outbox_restored(k.d, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " state = 'queued'"),
			 1);
	assert_true(mdg_setting_put(k.d->db, "restored", "yes", &err));
	for (int i = 0; i < 2; i++) {
		assert_true(mdg_outbox_restored(k.d, &err));
		assert_false(claim(&k, &a, &job));
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
					   " state = 'unknown'"),
				 1);
		assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft WHERE"
					   " state = 'unknown'"),
				 1);
	}
	/* a person knows that it had not gone out */
	act(&k, &k.sv, "outbox.resolve",
	    json_pack("{s:I,s:s}", "outbox",
		      (json_int_t)count(&k, "SELECT id FROM outbox"), "as",
		      "again"));
	assert_true(mdg_outbox_restored(k.d, &err));
	assert_true(claim(&k, &a, &job));
	close_desk(&k);
}

/* A sender that was taken over, or has a bug. */
static void
silent_sender_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;

	act(&k, &mdg_actor_system, "golive", json_object());
	for (int account_problem = 0; account_problem < 2; account_problem++) {
		int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
		act(&k, &k.op, "draft.submit", draft_arg(d));
		assert_true(claim(&k, &a, &job));
		assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
		assert_true(mdg_outbox_finish(k.d, job.outbox_id,
					      account_problem, NULL, 0, &err));
		assert_false(claim(&k, &a, &job));
		act(&k, &k.sv, "outbox.resolve",
		    json_pack("{s:I,s:s}", "outbox", job.outbox_id, "as",
			      "sent"));
		act(&k, &k.op, "ticket.reopen",
		    json_pack("{s:I}", "ticket", number_of(&k, t)));
	}
	close_desk(&k);
}

static void
same_bytes_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job one, two;
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &one));
	assert_true(mdg_outbox_lost(k.d, 0, &err));
	assert_true(claim(&k, &a, &two));
	assert_true(mdg_span_eq(one.bytes, two.bytes));
	close_desk(&k);
}

EACH(a_reply_that_the_mode_holds_is_no_attempt, mode_holds_body);
EACH(a_lost_answer_waits_for_a_person, lost_answer_body);
EACH(what_waited_in_a_restored_store_asks_a_person, restored_body);
EACH(a_silent_sender_sends_nothing_twice, silent_sender_body);
EACH(a_new_mail_voids_what_waits_for_a_retry, retry_voids_body);
EACH(a_retry_sends_the_very_same_bytes, same_bytes_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_reply_that_the_mode_holds_is_no_attempt),
	cmocka_unit_test(a_lost_answer_waits_for_a_person),
	cmocka_unit_test(what_waited_in_a_restored_store_asks_a_person),
	cmocka_unit_test(a_silent_sender_sends_nothing_twice),
	cmocka_unit_test(a_new_mail_voids_what_waits_for_a_retry),
	cmocka_unit_test(a_retry_sends_the_very_same_bytes),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
