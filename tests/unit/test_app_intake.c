/*
 * Intake without its processes, on both engines: mails made by hand become
 * tickets.
 */
#include "desk_fixture.h"

#include "madoguchi/crypto/token.h"

static void
one_mail_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result r =
		take_in(&k, new_mail("a@c", "taro@c", "返品", "返品したい"));

	assert_true(r.is_new_ticket);
	assert_string_equal(state_of(&k, number_of(&k, r.ticket_id)), "new");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'done'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response' AND"
				   " state = 'running'"),
			 1);
	close_desk(&k);
}

static void
threads_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c, e;
	struct mdg_mail *m;

	a = take_in(&k, new_mail("a@c", "taro@c", "返品", "1"));
	m = new_mail("b@c", "taro@c", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	b = take_in(&k, m);
	assert_int_equal(a.ticket_id, b.ticket_id);
	assert_int_equal(b.evidence, MDG_EV_REF);
	/* same subject, other person: never joined */
	c = take_in(&k, new_mail("c@d", "jiro@d", "返品", "3"));
	assert_true(c.is_new_ticket);
	/* the very same mail again */
	e = take_in(&k, new_mail("a@c", "taro@c", "返品", "1"));
	assert_int_equal(e.evidence, MDG_EV_DUPLICATE);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"), 3);
	/* the same id with other content is another mail */
	e = take_in(&k, new_mail("a@c", "evil@e", "別件", "4"));
	assert_true(e.is_new_ticket);
	close_desk(&k);
}

static void
bridge_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c;
	struct mdg_mail *m;

	/* two answers arrive before the mail they answer */
	m = new_mail("b@c", "taro@c", "Re: 修理", "b");
	mdg_strings_add(&m->references, &m->arena, "b0@c", 5);
	b = take_in(&k, m);
	m = new_mail("c@c", "taro@c", "Re: 修理", "c");
	mdg_strings_add(&m->references, &m->arena, "c0@c", 5);
	c = take_in(&k, m);
	assert_true(b.ticket_id != c.ticket_id);
	m = new_mail("d@c", "taro@c", "Re: 修理", "d");
	mdg_strings_add(&m->references, &m->arena, "b@c", 5);
	mdg_strings_add(&m->references, &m->arena, "c@c", 5);
	a = take_in(&k, m);
	assert_int_equal(a.ticket_id, b.ticket_id);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE state = 'merged'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(DISTINCT ticket_id)"
				   " FROM message"),
			 1);
	close_desk(&k);
}

static void
rollback_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	struct mdg_audit audit;

	take_in(&k, new_mail("a@c", "taro@c", "1", "1"));
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_desk_save(k.d, &err));
	assert_true(mdg_desk_event(k.d, &mdg_actor_system, NULL, "x", NULL,
				   json_pack("{s:s}", "name", "太郎"), &err));
	assert_true(mdg_desk_undo(k.d, &err));
	assert_true(mdg_desk_event(k.d, &mdg_actor_system, NULL, "y", NULL,
				   json_pack("{s:s}", "name", "花子"), &err));
	assert_true(mdg_desk_commit(k.d, &err));
	take_in(&k, new_mail("b@c", "taro@c", "2", "2"));
	assert_true(mdg_event_verify(k.d->db, &audit, &err));
	assert_string_equal(audit.bad, "");
	/* erasing personal data keeps the chain whole, changing it does not */
	assert_true(mdg_db_run(k.d->db, &err,
			       "DELETE FROM event_data WHERE data LIKE ?1", "s",
			       "%太郎%"));
	assert_true(mdg_event_verify(k.d->db, &audit, &err));
	assert_string_equal(audit.bad, "");
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE event_data SET data = 'x'"
			       " WHERE data LIKE ?1",
			       "s", "%花子%"));
	assert_true(mdg_event_verify(k.d->db, &audit, &err));
	assert_true(strstr(audit.bad, "changed") != NULL);
	close_desk(&k);
}

/* Two tickets turn out to be one while both are being answered. */
static void
merge_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	struct mdg_outbox_job job;
	int64_t one =
		take_in(&k, new_mail("a@c", "taro@c.example", "修理", "a"))
			.ticket_id;
	int64_t two =
		take_in(&k, new_mail("b@c", "taro@c.example", "修理", "b"))
			.ticket_id;
	int64_t d = draft_for(&k, two, "太郎 様\n\n承りました。");

	act(&k, &k.op, "draft.submit", draft_arg(d));
	act(&k, &k.sv, "approve", draft_arg(d));
	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "ticket.close",
	    json_pack("{s:I}", "ticket", number_of(&k, one)));
	/* a thank-you alone would leave the first one closed */
	struct mdg_mail *m = new_mail("c@c", "taro@c.example", "Re: 修理",
				      "ありがとうございました。");
	mdg_strings_add(&m->references, &m->arena, "a@c", 5);
	mdg_strings_add(&m->references, &m->arena, "b@c", 5);
	assert_int_equal(take_in(&k, m).ticket_id, one);
	assert_false(claim(&k, &a, &job));
	assert_string_equal(state_of(&k, number_of(&k, one)), "new");
	/* its draft is found where people look, and its clock runs on */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft d JOIN ticket t"
				   " ON t.id = d.ticket_id"
				   " WHERE t.state = 'new'"
				   " AND d.state = 'editing'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock c JOIN ticket t"
				   " ON t.id = c.ticket_id WHERE c.state IN"
				   " ('running', 'paused')"
				   " AND t.state = 'merged'"),
			 0);
	assert_true(count(&k, "SELECT COUNT(*) FROM clock c JOIN ticket t"
			      " ON t.id = c.ticket_id"
			      " WHERE c.state = 'running'"
			      " AND t.state = 'new'") > 0);
	close_desk(&k);
}

/* An answer that names these ids. */
static struct mdg_intake_result
answers(struct desk *k, const char *id, const char *from, const char *subject,
	const char *first, const char *second)
{
	struct mdg_mail *m = new_mail(id, from, subject, id);

	mdg_strings_add(&m->references, &m->arena, first, 5);
	if (second)
		mdg_strings_add(&m->references, &m->arena, second, 5);
	return take_in(k, m);
}

/* Our token shows which mail is answered; it makes no stranger's ticket one
 * with another. */
static void
token_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "all");
	int64_t one =
		take_in(&k, new_mail("a@c", "taro@c.example", "修理", "a"))
			.ticket_id;
	int64_t two =
		take_in(&k, new_mail("b@d", "jiro@d.example", "在庫", "b"))
			.ticket_id;
	const char *of_one =
		mdg_token_message_id(&k.d->mac, one, "s.example", &a);
	const char *of_two =
		mdg_token_message_id(&k.d->mac, two, "s.example", &a);
	char *loud = mdg_arena_strdup(&a, of_one);
	char *cut = mdg_arena_strdup(&a, of_one);
	char *bent = mdg_arena_strdup(&a, of_one);

	for (char *p = loud; *p; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
	cut[strlen(cut) / 2] = '\0';
	bent[6] = bent[6] == 'a' ? 'b' : 'a';
	assert_int_equal(
		answers(&k, "1@e", "x@e.example", "別", loud, NULL).ticket_id,
		one);
	assert_true(
		answers(&k, "2@e", "y@e.example", "修理", cut, NULL).ticket_id >
		two);
	assert_true(answers(&k, "3@e", "y@e.example", "修理", bent, NULL)
			    .ticket_id > two);
	/* a stranger who has seen both goes to the one he answers */
	assert_int_equal(
		answers(&k, "4@e", "z@e.example", "修理", of_one, of_two)
			.ticket_id,
		two);
	/* a customer who has seen another's stays in his own */
	assert_int_equal(
		answers(&k, "5@c", "taro@c.example", "修理", of_one, of_two)
			.ticket_id,
		one);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE state = 'merged'"),
			 0);
	close_desk(&k);
}

/* The bridging mail comes first: who answers it later parts the two. */
static void
late_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t one = answers(&k, "b2@b", "jiro@b.example", "Re: 在庫", "a1@a",
			      "b1@b")
			      .ticket_id;
	/* nothing yet tells the two apart: an answer from another address */
	assert_int_equal(
		take_in(&k, new_mail("a1@a", "taro@a.example", "在庫", "a"))
			.ticket_id,
		one);
	int64_t two =
		take_in(&k, new_mail("b1@b", "jiro@b.example", "在庫", "b"))
			.ticket_id;
	assert_true(two != one);
	assert_int_equal(count(&k, "SELECT COUNT(DISTINCT ticket_id) FROM"
				   " message WHERE from_key ="
				   " 'jiro@b.example'"),
			 1);
	/* each ticket has its own customer, and nobody the other's mails */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket t"
				   " JOIN customer_address c"
				   "  ON c.customer_id = t.customer_id"
				   " JOIN message m ON m.ticket_id = t.id"
				   " WHERE c.key <> m.from_key"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_participant p"
				   " WHERE NOT EXISTS (SELECT 1 FROM message m"
				   "  WHERE m.ticket_id = p.ticket_id"
				   "  AND m.from_key = p.key)"),
			 0);
	/* a later mail that names all of them changes nothing */
	assert_int_equal(answers(&k, "b3@b", "jiro@b.example", "Re: 在庫",
				 "a1@a", "b2@b")
				 .ticket_id,
			 two);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE state = 'merged'"),
			 0);
	close_desk(&k);
}

/* The same, but somebody has the ticket already: it stays as he knows it. */
static void
begun_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t one = answers(&k, "b2@b", "jiro@b.example", "Re: 在庫", "a1@a",
			      "b1@b")
			      .ticket_id;

	take_in(&k, new_mail("a1@a", "taro@a.example", "在庫", "a"));
	draft_for(&k, one, "次郎 様\n\n承りました。");
	assert_true(take_in(&k, new_mail("b1@b", "jiro@b.example", "在庫", "b"))
			    .is_new_ticket);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message m JOIN message"
				   " n ON n.ticket_id = m.ticket_id WHERE"
				   " m.message_id = 'b2@b' AND"
				   " n.message_id = 'a1@a'"),
			 1);
	close_desk(&k);
}

/* The clock of the server is years ahead: the mail came now, and is due as any
 * other. */
static void
future_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t before_s = mdg_now_s();

	k.ahead_s = 70LL * 365 * 86400;
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t came_s = count(&k, "SELECT received_s FROM message");
	assert_in_range(came_s, before_s, mdg_now_s());
	assert_int_equal(count(&k, "SELECT inbound_s FROM ticket"), came_s);
	assert_in_range(count(&k, "SELECT due_s FROM clock"), came_s,
			came_s + 30 * 86400);
	/* and the reply is not taken for older than what it answers */
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	act(&k, &k.op, "draft.submit", draft_arg(d));
	close_desk(&k);
}

EACH(a_mail_becomes_a_ticket_with_a_clock, one_mail_body);
EACH(no_mail_comes_in_the_future, future_body);
EACH(mails_join_by_ids_and_never_by_looks, threads_body);
EACH(a_later_mail_shows_that_two_tickets_are_one, bridge_body);
EACH(a_token_joins_no_strangers, token_body);
EACH(an_answer_goes_back_to_what_it_answers, late_body);
EACH(what_somebody_works_on_is_not_taken_apart, begun_body);
EACH(what_is_undone_leaves_no_gap_in_the_chain, rollback_body);
EACH(a_merge_takes_drafts_and_promises_along, merge_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_mail_becomes_a_ticket_with_a_clock),
	cmocka_unit_test(no_mail_comes_in_the_future),
	cmocka_unit_test(mails_join_by_ids_and_never_by_looks),
	cmocka_unit_test(a_later_mail_shows_that_two_tickets_are_one),
	cmocka_unit_test(a_token_joins_no_strangers),
	cmocka_unit_test(an_answer_goes_back_to_what_it_answers),
	cmocka_unit_test(what_somebody_works_on_is_not_taken_apart),
	cmocka_unit_test(what_is_undone_leaves_no_gap_in_the_chain),
	cmocka_unit_test(a_merge_takes_drafts_and_promises_along),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
