/*
 * A mail on its way out, and senders that die or keep silent, on both
 * engines.
 */
#include "desk_fixture.h"

#include "madoguchi/base/limits.h"

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
	assert_true(mdg_outbox_lost(k.d, 0, 0, &err));
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

/* One page; 0 of before, limit: not said. */
static json_t *
page(struct desk *k, bool all, int64_t before, int64_t limit)
{
	json_t *args = json_pack("{s:b}", "all", all);

	if (before)
		json_object_set_new(args, "before", json_integer(before));
	if (limit)
		json_object_set_new(args, "limit", json_integer(limit));
	return act(k, &k->op, "outbox.list", args);
}

static int64_t
id_at(const json_t *answer, size_t i)
{
	return json_integer_value(json_object_get(
		json_array_get(json_object_get(answer, "outbox"), i),
		"outbox"));
}

/* At least one, at most MDG_LIST_MAX a page; each one once, newest first. */
static void
pages_body(const char *url)
{
	enum { SENT = MDG_LIST_MAX + 2 };
	struct desk k = open_desk(url, "none");
	struct mdg_err err;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	if (!mdg_db_run(k.d->db, &err,
			"INSERT INTO outbox (kind, ticket_id, draft_id,"
			" account_id, message_id, mail_from, state,"
			" not_before_s, attempts, copy_state, created_s)"
			" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
			" SELECT i + 1 FROM n WHERE i < ?1)"
			" SELECT kind, ticket_id, draft_id, account_id,"
			" message_id, mail_from, 'sent', not_before_s, 1,"
			" 'none', created_s FROM outbox, n",
			"i", (int64_t)SENT))
		fail_msg("%s", why(&err));
	int64_t newest = count(&k, "SELECT MAX(id) FROM outbox");
	json_t *whole = page(&k, true, 0, 0);
	assert_int_equal(json_array_size(json_object_get(whole, "outbox")),
			 MDG_LIST_MAX);
	assert_int_equal(id_at(whole, 0), newest);
	int64_t next = json_integer_value(json_object_get(whole, "next"));
	assert_int_equal(next, id_at(whole, MDG_LIST_MAX - 1));
	json_t *rest = page(&k, true, next, MDG_LIST_MAX + 1);
	assert_int_equal(json_array_size(json_object_get(rest, "outbox")),
			 SENT + 1 - MDG_LIST_MAX);
	assert_null(json_object_get(rest, "next"));
	assert_int_equal(id_at(rest, 0), next - 1);
	json_t *one = page(&k, true, 0, -1);
	assert_int_equal(json_array_size(json_object_get(one, "outbox")), 1);
	/* what was sent is not asked for */
	json_t *waits = page(&k, false, 0, 1);
	assert_int_equal(json_array_size(json_object_get(waits, "outbox")), 1);
	assert_null(json_object_get(waits, "next"));
	assert_int_equal(id_at(waits, 0),
			 count(&k, "SELECT id FROM outbox"
				   " WHERE state = 'queued'"));
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
	assert_true(mdg_outbox_lost(k.d, 0, 0, &err));
	assert_true(claim(&k, &a, &job));
	/* just as safe: written down, but not allowed */
	assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
	assert_true(mdg_outbox_lost(k.d, 0, job.outbox_id, &err));
	assert_true(claim(&k, &a, &job));
	/* and after it was allowed: nobody knows, a person decides */
	assert_true(mdg_outbox_committing(k.d, job.outbox_id, &err));
	assert_true(mdg_outbox_lost(k.d, 0, 0, &err));
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
	assert_true(mdg_outbox_lost(k.d, 0, 0, &err));
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
EACH(a_long_outbox_is_read_page_by_page_newest_first, pages_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_reply_that_the_mode_holds_is_no_attempt),
	cmocka_unit_test(a_lost_answer_waits_for_a_person),
	cmocka_unit_test(what_waited_in_a_restored_store_asks_a_person),
	cmocka_unit_test(a_silent_sender_sends_nothing_twice),
	cmocka_unit_test(a_new_mail_voids_what_waits_for_a_retry),
	cmocka_unit_test(a_retry_sends_the_very_same_bytes),
	cmocka_unit_test(a_long_outbox_is_read_page_by_page_newest_first),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
