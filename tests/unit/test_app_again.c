/* 再取込: a mail that could not be read, read after all, on both engines. */
#include "desk_fixture.h"

/* Listed and stored, then given up by the parser. */
static int64_t
unreadable(struct desk *k)
{
	unsigned char digest[MDG_DIGEST_BYTES] = {0};
	struct mdg_delivery row = {
		.account_id = k->account,
		.folder_id = k->folder,
		.uidvalidity = 1,
		.uid = ++k->uid,
		.bytes = 10,
		.internaldate_s = mdg_now_s(),
	};
	const struct mdg_intake_chunk c = {
		.account_id = k->account,
		.folder_id = k->folder,
		.uidvalidity = 1,
		.uid = k->uid,
		.last = true,
		.raw_bytes = 10,
		.digest = digest,
		.zstd = mdg_span("zstd bytes", 10),
	};
	static const char head[] = "From: x\nSubject: broken\n\n";
	int64_t raw = 0, delivery = 0;
	struct mdg_err err;
	bool wanted;

	if (!mdg_desk_begin(k->d, &err) ||
	    !mdg_intake_listed(k->d, &row, &wanted, &err) ||
	    !mdg_intake_raw(k->d, &c, &raw, &delivery, &err) ||
	    !mdg_intake_poison(k->d, delivery, mdg_span_str(head), "parser",
			       &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
	return delivery;
}

static struct mdg_intake_result
read_after_all(struct desk *k, int64_t delivery, struct mdg_mail *m)
{
	struct mdg_intake_result res;
	struct mdg_err err;

	if (!mdg_desk_begin(k->d, &err) ||
	    !mdg_intake_mail(k->d, delivery, m, &res, &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
	mdg_mail_free(&m);
	return res;
}

static json_t *
ticket(int64_t number)
{
	return json_pack("{s:I}", "ticket", (json_int_t)number);
}

static void
in_place_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t delivery = unreadable(&k), number = MDG_TICKET_NUMBER_FIRST;
	struct mdg_err err;

	assert_string_equal(state_of(&k, number), "error");
	refused(&k, &k.op, MDG_EINVAL, "mail.reparse", json_object());
	json_t *r = act(&k, &k.op, "mail.reparse", ticket(number));
	assert_int_equal(json_integer_value(json_object_get(r, "mails")), 1);
	/* it is under way: not once more */
	refused(&k, &k.op, MDG_ENOENT, "mail.reparse", ticket(number));
	/* in vain: nothing but the story is more */
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_poison(k.d, delivery, mdg_span_str(""), "parser",
				      &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), 1);
	r = act(&k, &k.op, "mail.reparse",
		json_pack("{s:b}", "quarantined", 1));
	assert_int_equal(json_integer_value(json_object_get(r, "mails")), 1);
	struct mdg_intake_result res = read_after_all(
		&k, delivery, new_mail("a@c", "taro@c.example", "返品", "1"));
	assert_int_equal(number_of(&k, res.ticket_id), number);
	assert_string_equal(state_of(&k, number), "new");
	r = act(&k, &k.op, "ticket.show", ticket(number));
	assert_string_equal(json_string_value(json_object_get(r, "subject")),
			    "返品");
	assert_int_equal(json_array_size(json_object_get(r, "messages")), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response' AND"
				   " state = 'running'"),
			 1);
	/* an answer to it finds it; a second time changes nothing */
	read_after_all(&k, delivery, new_mail("a@c", "x@x", "x", "x"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"), 1);
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	assert_int_equal(take_in(&k, m).ticket_id, res.ticket_id);
	close_desk(&k);
}

static void
threaded_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	int64_t delivery = unreadable(&k);
	int64_t number = MDG_TICKET_NUMBER_FIRST + 1;

	act(&k, &k.op, "mail.reparse", ticket(number));
	struct mdg_mail *m = new_mail("b@c", "taro@c.example", "Re: 返品", "2");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	assert_int_equal(read_after_all(&k, delivery, m).ticket_id, t);
	/* the number of the error ticket leads to where its mail is */
	json_t *r = act(&k, &k.op, "ticket.show", ticket(number));
	assert_int_equal(json_integer_value(json_object_get(r, "ticket")),
			 number_of(&k, t));
	assert_int_equal(json_array_size(json_object_get(r, "messages")), 2);
	/* the same mail once more, unreadable at first */
	delivery = unreadable(&k);
	act(&k, &k.op, "mail.reparse", ticket(number + 1));
	assert_int_equal(
		read_after_all(&k, delivery,
			       new_mail("a@c", "taro@c.example", "返品", "1"))
			.evidence,
		MDG_EV_DUPLICATE);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"), 2);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"
				   " WHERE state = 'error'"),
			 0);
	/* one that a person put with others stays with them */
	delivery = unreadable(&k);
	act(&k, &k.op, "ticket.merge",
	    json_pack("{s:I,s:I}", "ticket", (json_int_t)number + 2, "into",
		      (json_int_t)number_of(&k, t)));
	act(&k, &k.op, "mail.reparse", ticket(number + 2));
	assert_int_equal(read_after_all(&k, delivery,
					new_mail("z@z", "z@z.example", "別件",
						 "3"))
				 .ticket_id,
			 t);
	close_desk(&k);
}

/* The folder is made anew, or the mail lies in two: one ticket for all. */
static void
shared_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t one = unreadable(&k), two = unreadable(&k);
	struct mdg_err err;

	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery"
				   " WHERE state = 'quarantined'"
				   " AND message_id = 1"),
			 2);
	act(&k, &k.op, "mail.reparse", json_pack("{s:b}", "quarantined", 1));
	struct mdg_intake_result res = read_after_all(
		&k, two, new_mail("a@c", "taro@c.example", "返品", "1"));
	assert_string_equal(state_of(&k, MDG_TICKET_NUMBER_FIRST), "new");
	/* the other is done with it, whatever its parser says later */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM delivery d"
				   " JOIN message m ON m.id = d.message_id"
				   " WHERE d.state = 'done'"),
			 2);
	assert_int_equal(
		read_after_all(&k, one,
			       new_mail("a@c", "taro@c.example", "返品", "1"))
			.message_id,
		res.message_id);
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_intake_poison(k.d, one, mdg_span_str(""), "parser",
				      &err));
	mdg_desk_rollback(k.d);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM message"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), 1);
	close_desk(&k);
}

EACH(the_same_unreadable_bytes_share_a_ticket, shared_body);
EACH(a_mail_read_after_all_takes_the_place_of_its_error, in_place_body);
EACH(a_mail_read_after_all_finds_its_thread, threaded_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_same_unreadable_bytes_share_a_ticket),
	cmocka_unit_test(a_mail_read_after_all_takes_the_place_of_its_error),
	cmocka_unit_test(a_mail_read_after_all_finds_its_thread),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
