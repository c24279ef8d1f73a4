/* Writing, approving and letting out a reply, on both engines. */
#include "desk_fixture.h"

static void
approval_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	refused(&k, &k.op2, MDG_EEXIST, "draft.new",
		json_pack("{s:I,s:s}", "ticket", number_of(&k, t), "body",
			  "x"));
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	refused(&k, &k.op, MDG_EPERM, "approve", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	/* nothing leaves until somebody says so */
	assert_false(claim(&k, &a, &job));
	act(&k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(&k, &a, &job));
	assert_non_null(memmem(job.bytes.p, job.bytes.n, "In-Reply-To: <a@c>",
			       18));
	assert_false(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	assert_string_equal(state_of(&k, number_of(&k, t)), "closed");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response' AND"
				   " state = 'met'"),
			 1);
	close_desk(&k);
}

static void
edit_voids_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body", "別の本文"));
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	/* the customer writes again: the request is void */
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	take_in(&k, m);
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	/* also after approval, as long as it waits in the outbox */
	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	m = new_mail("c@c", "taro@c.example", "Re: 返品", "3");
	mdg_strings_add(&m->in_reply_to, &m->arena, "b@c", 5);
	take_in(&k, m);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " state = 'queued'"),
			 0);
	close_desk(&k);
}

static void
changed_revision_body(const char *url)
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
	/* somebody with the database in hand */
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE revision SET canonical = ?1", "b",
			       mdg_span("madoguchi revision 1\n", 21)));
	mdg_db_run(k.d->db, NULL, "UPDATE outbox SET not_before_s = 0", "");
	assert_int_equal(mdg_outbox_claim(k.d, k.account, &a, &job, &err),
			 MDG_FAILED);
	assert_int_equal(err.code, MDG_EFORMAT);
	/* it is shown, and holds up nobody */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox WHERE"
				   " state = 'failed'"),
			 1);
	assert_false(claim(&k, &a, &job));
	close_desk(&k);
}

static void
own_words_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	json_t *r = act(&k, &k.sv, "draft.new",
			json_pack("{s:I,s:s}", "ticket", number_of(&k, t),
				  "body", "太郎 様\n\n承りました。"));
	int64_t d = json_integer_value(json_object_get(r, "draft"));

	act(&k, &k.sv, "draft.unlock", draft_arg(d));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	refused(&k, &k.sv, MDG_EPERM, "approve", draft_arg(d));
	close_desk(&k);
}

static void
open_slot_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t d = draft_for(&k, t, "{{customer.name}} 様\n\n{{due_at}}");

	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body", "太郎 様\n\n本文"));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	close_desk(&k);
}

EACH(a_reply_goes_out_once_a_lead_approved_it, approval_body);
EACH(an_edit_or_a_new_mail_voids_the_approval, edit_voids_body);
EACH(what_was_not_approved_is_not_sent, changed_revision_body);
EACH(nobody_approves_what_they_wrote, own_words_body);
EACH(an_open_slot_blocks_the_request, open_slot_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_reply_goes_out_once_a_lead_approved_it),
	cmocka_unit_test(an_edit_or_a_new_mail_voids_the_approval),
	cmocka_unit_test(what_was_not_approved_is_not_sent),
	cmocka_unit_test(nobody_approves_what_they_wrote),
	cmocka_unit_test(an_open_slot_blocks_the_request),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
