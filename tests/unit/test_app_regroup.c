/*
 * Tickets put together and apart, and each of it taken back, on both engines.
 */
#include "desk_fixture.h"
#include "dice.h"

#include "madoguchi/app/regroup.h"

enum { TEXT_MAX = 200000 };

/* ---- the desk as it stands, as text ---- */

static const char *const dumps[] = {
	"SELECT id, number, state, closing, hold_reason, assignee_id,"
	" customer_id, inbound_s, newest_message_id, closed_s, follow_up_s,"
	" merged_into, due_s, priority FROM ticket WHERE id <= ?1 ORDER BY id",
	"SELECT id, ticket_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM message"
	" WHERE id <= ?1 * 1000 ORDER BY id",
	"SELECT id, ticket_id, state, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
	" FROM draft WHERE id <= ?1 * 1000 ORDER BY id",
	"SELECT ticket_id, 0, kind, state, 0, started_s, due_s, stopped_s, 0,"
	" 0, 0, 0, 0, 0 FROM clock WHERE ticket_id <= ?1"
	" AND state <> 'not_applicable' ORDER BY ticket_id, kind",
	"SELECT ticket_id, 0, key, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
	" FROM ticket_participant WHERE ticket_id <= ?1"
	" ORDER BY ticket_id, key",
	"SELECT ticket_id, other_id, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
	" FROM ticket_link WHERE ticket_id <= ?1 ORDER BY ticket_id, other_id",
};

/* Part of the tickets up to `last`; those that splits made come and go. */
static void
dump_parts(struct desk *k, int64_t last, size_t from, size_t to, char *out)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		struct mdg_rows *r;
		struct mdg_err err;
		if (!mdg_db_query(k->d->db, &r, &err, dumps[i], "i", last))
			fail_msg("%s", why(&err));
		while (mdg_rows_next(r)) {
			for (int c = 0; c < 14 && n < TEXT_MAX - 400; c++)
				n += (size_t)snprintf(out + n, 200, "%s|",
						      mdg_rows_text(r, c));
			out[n++] = '\n';
		}
		assert_true(mdg_rows_close(&r, &err));
	}
	out[n] = '\0';
}

static void
dump(struct desk *k, int64_t last, char *out)
{
	dump_parts(k, last, 0, MDG_LEN(dumps), out);
}

static void
check_chain(struct desk *k)
{
	struct mdg_audit audit;
	struct mdg_err err;

	assert_true(mdg_event_verify(k->d->db, &audit, &err));
	assert_string_equal(audit.bad, "");
}

static struct mdg_mail *
answer_to(const char *id, const char *from, const char *subject,
	  const char *to)
{
	struct mdg_mail *m = new_mail(id, from, subject, id);

	mdg_strings_add(&m->in_reply_to, &m->arena, to, 5);
	mdg_strings_add(&m->references, &m->arena, to, 5);
	return m;
}

static json_t *
two(const char *a, int64_t x, const char *b, int64_t y)
{
	return json_pack("{s:I,s:I}", a, (json_int_t)x, b, (json_int_t)y);
}

static int64_t
ticket_of(struct desk *k, int64_t message)
{
	int64_t id = 0;

	mdg_db_i64(k->d->db, &id, NULL,
		   "SELECT ticket_id FROM message WHERE id = ?1", "i", message);
	return id;
}

static const char *
stored_state(struct desk *k, int64_t id)
{
	static char text[32];
	struct mdg_rows *r;

	assert_true(mdg_db_query(k->d->db, &r, NULL,
				 "SELECT state FROM ticket WHERE id = ?1", "i",
				 id));
	assert_true(mdg_rows_next(r));
	snprintf(text, sizeof(text), "%s", mdg_rows_text(r, 0));
	mdg_rows_close(&r, NULL);
	return text;
}

/* ---- merge ---- */

static void
merge_body(const char *url)
{
	static char before[TEXT_MAX], after[TEXT_MAX];
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c;
	int64_t n_a, n_b;

	a = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "a"));
	b = take_in(&k, new_mail("b@c", "hanako@c.example", "交換", "b"));
	n_a = number_of(&k, a.ticket_id);
	n_b = number_of(&k, b.ticket_id);
	dump(&k, b.ticket_id, before);
	act(&k, &k.op, "ticket.merge", two("ticket", n_b, "into", n_a));
	/* every id of the merged one leads to the other */
	assert_string_equal(stored_state(&k, b.ticket_id), "merged");
	assert_string_equal(state_of(&k, n_b), "new");
	json_t *r = act(&k, &k.op, "ticket.show",
			json_pack("{s:I}", "ticket", (json_int_t)n_b));
	assert_int_equal(json_integer_value(json_object_get(r, "ticket")), n_a);
	assert_int_equal(json_array_size(json_object_get(r, "messages")), 2);
	assert_int_equal(json_array_size(json_object_get(r, "merged")), 1);
	refused(&k, &k.op, MDG_EINVAL, "ticket.merge",
		two("ticket", n_b, "into", n_a));
	c = take_in(&k, answer_to("c@c", "hanako@c.example", "Re: 交換", "b@c"));
	assert_int_equal(c.ticket_id, a.ticket_id);
	/* taken back, it takes its own mail along */
	act(&k, &k.op, "ticket.undo",
	    json_pack("{s:I}", "ticket", (json_int_t)n_b));
	assert_int_equal(ticket_of(&k, c.message_id), b.ticket_id);
	assert_int_equal(ticket_of(&k, a.message_id), a.ticket_id);
	assert_string_equal(state_of(&k, n_b), "new");
	refused(&k, &k.op, MDG_ENOENT, "ticket.undo",
		json_pack("{s:I}", "ticket", (json_int_t)n_b));
	dump(&k, b.ticket_id, after);
	assert_string_not_equal(before, after); /* the new mail is there */
	check_chain(&k);
	close_desk(&k);
}

/* What a person took apart, a mail that names both does not join again. */
static void
apart_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c, e;
	struct mdg_mail *m;

	a = take_in(&k, new_mail("a@c", "taro@c.example", "修理", "a"));
	b = take_in(&k, new_mail("b@c", "taro@c.example", "修理", "b"));
	m = answer_to("c@c", "taro@c.example", "Re: 修理", "a@c");
	mdg_strings_add(&m->references, &m->arena, "b@c", 5);
	c = take_in(&k, m);
	assert_int_equal(ticket_of(&k, b.message_id), a.ticket_id);
	act(&k, &k.op, "ticket.undo",
	    json_pack("{s:I}", "ticket",
		      (json_int_t)number_of(&k, b.ticket_id)));
	assert_int_equal(ticket_of(&k, b.message_id), b.ticket_id);
	m = answer_to("d@c", "taro@c.example", "Re: 修理", "a@c");
	mdg_strings_add(&m->references, &m->arena, "b@c", 5);
	/* the nearest mail decides */
	m->in_reply_to.v[0] = "b@c";
	e = take_in(&k, m);
	assert_int_equal(e.ticket_id, b.ticket_id);
	assert_int_equal(ticket_of(&k, c.message_id), a.ticket_id);
	/* a person may join them again, and then mails do as before */
	act(&k, &k.op, "ticket.merge",
	    two("ticket", number_of(&k, b.ticket_id), "into",
		number_of(&k, a.ticket_id)));
	assert_int_equal(ticket_of(&k, e.message_id), a.ticket_id);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_apart"), 0);
	close_desk(&k);
}

static void
drafts_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t a = take_in(&k, new_mail("a@c", "taro@c.example", "修理", "a"))
			    .ticket_id;
	int64_t b = take_in(&k, new_mail("b@c", "taro@c.example", "返品", "b"))
			    .ticket_id;
	int64_t d = draft_for(&k, b, "太郎 様\n\n承りました。"), e;

	act(&k, &k.op, "draft.submit", draft_arg(d));
	e = draft_for(&k, a, "太郎 様\n\nありがとうございます。");
	/* one draft at a time: which is meant, a person says */
	refused(&k, &k.op, MDG_ESTATE, "ticket.merge",
		two("ticket", number_of(&k, b), "into", number_of(&k, a)));
	act(&k, &k.op, "draft.discard", draft_arg(e));
	act(&k, &k.op, "ticket.merge",
	    two("ticket", number_of(&k, b), "into", number_of(&k, a)));
	/* what waited for approval had not seen the other mails */
	refused(&k, &k.sv, MDG_ESTATE, "approve", draft_arg(d));
	json_t *r = act(&k, &k.op, "draft.show", draft_arg(d));
	assert_string_equal(json_string_value(json_object_get(r, "state")),
			    "editing");
	act(&k, &k.op, "ticket.undo",
	    json_pack("{s:I}", "ticket", (json_int_t)number_of(&k, b)));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft d JOIN ticket t"
				   " ON t.id = d.ticket_id WHERE"
				   " t.number = 10002 AND d.state = 'editing'"),
			 1);
	close_desk(&k);
}

/* An answer in one ticket does not answer what was asked in the other. */
static void
open_question_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	int64_t due, after;
	int64_t one = take_in(&k, new_mail("a@c", "taro@c.example", "修理",
					   "a"))
			      .ticket_id;
	int64_t two_ = take_in(&k, new_mail("b@c", "taro@c.example", "返品",
					    "b"))
			       .ticket_id;

	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "draft.submit",
	    draft_arg(draft_for(&k, one, "太郎 様\n\n承りました。")));
	assert_true(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	assert_string_equal(state_of(&k, number_of(&k, one)), "closed");
	mdg_db_i64(k.d->db, &due, NULL,
		   "SELECT due_s FROM clock WHERE ticket_id = ?1 AND"
		   " kind = 'first_response' AND state = 'running'",
		   "i", two_);
	act(&k, &k.op, "ticket.merge",
	    two("ticket", number_of(&k, two_), "into", number_of(&k, one)));
	assert_string_equal(state_of(&k, number_of(&k, one)), "new");
	assert_int_equal(mdg_db_i64(k.d->db, &after, NULL,
				    "SELECT due_s FROM clock WHERE"
				    " ticket_id = ?1 AND"
				    " kind = 'first_response' AND"
				    " state = 'running'",
				    "i", one),
			 MDG_FOUND);
	assert_int_equal(after, due);
	/* explained from the number that is a pointer now, too */
	json_t *r = act(&k, &k.op, "sla.explain",
			json_pack("{s:I}", "ticket",
				  (json_int_t)number_of(&k, two_)));
	assert_int_equal(json_array_size(json_object_get(r, "clocks")), 2);
	act(&k, &k.op, "ticket.undo",
	    json_pack("{s:I}", "ticket", (json_int_t)number_of(&k, two_)));
	assert_string_equal(state_of(&k, number_of(&k, one)), "closed");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " kind = 'first_response'"
				   " AND state = 'met'"),
			 1);
	close_desk(&k);
}

/* ---- split ---- */

static void
split_body(const char *url)
{
	static char before[TEXT_MAX], after[TEXT_MAX];
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c, e;
	int64_t number;

	a = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "a"));
	b = take_in(&k,
		    answer_to("b@c", "taro@c.example", "見積のお願い", "a@c"));
	c = take_in(&k, answer_to("c@c", "taro@c.example", "Re: 見積のお願い",
				  "b@c"));
	assert_int_equal(b.ticket_id, a.ticket_id);
	assert_int_equal(c.ticket_id, a.ticket_id);
	dump(&k, a.ticket_id, before);
	refused(&k, &k.op, MDG_ENOENT, "ticket.split",
		two("ticket", number_of(&k, a.ticket_id), "message", 999));
	/* an old mail was used for its address: offered, not done */
	json_t *r = act(&k, &k.op, "ticket.show",
			json_pack("{s:I}", "ticket",
				  (json_int_t)number_of(&k, a.ticket_id)));
	json_t *offer = json_array_get(json_object_get(r, "offers"), 0);
	assert_string_equal(json_string_value(json_object_get(offer, "kind")),
			    "split");
	r = act(&k, &k.op, "offer.accept",
		json_pack("{s:O}", "offer", json_object_get(offer, "offer")));
	number = json_integer_value(json_object_get(r, "ticket"));
	assert_int_equal(json_integer_value(json_object_get(r, "messages")), 2);
	int64_t made = ticket_of(&k, b.message_id);
	assert_true(made != a.ticket_id);
	assert_int_equal(ticket_of(&k, c.message_id), made);
	assert_int_equal(ticket_of(&k, a.message_id), a.ticket_id);
	assert_string_equal(state_of(&k, number), "new");
	/* what answers the one that went goes there, though it names both */
	struct mdg_mail *m = answer_to("d@c", "taro@c.example",
				       "Re: 見積のお願い", "c@c");
	mdg_strings_add(&m->references, &m->arena, "a@c", 5);
	e = take_in(&k, m);
	assert_int_equal(e.ticket_id, made);
	assert_int_equal(ticket_of(&k, a.message_id), a.ticket_id);
	/* taken back: all of it in the old one, the new number points there */
	act(&k, &k.op, "ticket.undo",
	    json_pack("{s:I}", "ticket", (json_int_t)number));
	assert_int_equal(ticket_of(&k, e.message_id), a.ticket_id);
	r = act(&k, &k.op, "ticket.show",
		json_pack("{s:I}", "ticket", (json_int_t)number));
	assert_int_equal(json_integer_value(json_object_get(r, "ticket")),
			 number_of(&k, a.ticket_id));
	dump(&k, a.ticket_id, after);
	assert_string_not_equal(before, after);
	check_chain(&k);
	close_desk(&k);
}

/* Without the mail that had reopened it, a ticket is done again. */
static void
split_reopened_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_intake_result one, two_;

	one = take_in(&k, new_mail("a@c", "taro@c.example", "修理", "a"));
	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "draft.submit",
	    draft_arg(draft_for(&k, one.ticket_id, "太郎 様\n\n承りました。")));
	assert_true(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	two_ = take_in(&k, answer_to("b@c", "taro@c.example", "別件の相談です",
				     "a@c"));
	assert_int_equal(two_.ticket_id, one.ticket_id);
	assert_string_equal(state_of(&k, number_of(&k, one.ticket_id)), "new");
	act(&k, &k.op, "ticket.split",
	    two("ticket", number_of(&k, one.ticket_id), "message",
		two_.message_id));
	assert_string_equal(state_of(&k, number_of(&k, one.ticket_id)),
			    "closed");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM clock WHERE"
				   " state = 'running' AND"
				   " kind = 'first_response'"),
			 1);
	close_desk(&k);
}

/* ---- offers and links ---- */

static void
offers_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_intake_result a, b, c;
	char subject[64];
	json_t *r, *list;

	a = take_in(&k, new_mail("a@c", "taro@c.example", "注文 A-1 の返品",
				 "1"));
	b = take_in(&k, new_mail("b@c", "taro@c.example",
				 "Re: 注文 A-1 の返品", "2"));
	assert_true(b.is_new_ticket);
	r = act(&k, &k.op, "ticket.show",
		json_pack("{s:I}", "ticket",
			  (json_int_t)number_of(&k, b.ticket_id)));
	list = json_object_get(r, "offers");
	assert_int_equal(json_array_size(list), 1);
	json_int_t offer = json_integer_value(
		json_object_get(json_array_get(list, 0), "offer"));
	refused(&k, &mdg_actor_system, MDG_ENOENT, "offer.accept",
		json_pack("{s:i}", "offer", 99));
	act(&k, &k.op, "offer.accept", json_pack("{s:I}", "offer", offer));
	assert_int_equal(ticket_of(&k, b.message_id), a.ticket_id);
	refused(&k, &k.op, MDG_ESTATE, "offer.accept",
		json_pack("{s:I}", "offer", offer));
	/* a stranger who knows a number gets nowhere by himself */
	snprintf(subject, sizeof(subject), "[#%lld] はい",
		 (long long)number_of(&k, a.ticket_id));
	c = take_in(&k, new_mail("x@x", "x@x.example", subject, "3"));
	assert_true(c.is_new_ticket);
	r = act(&k, &k.op, "ticket.show",
		json_pack("{s:I}", "ticket",
			  (json_int_t)number_of(&k, c.ticket_id)));
	list = json_object_get(r, "offers");
	assert_int_equal(json_array_size(list), 1);
	offer = json_integer_value(
		json_object_get(json_array_get(list, 0), "offer"));
	act(&k, &k.op, "offer.dismiss", json_pack("{s:I}", "offer", offer));
	r = act(&k, &k.op, "ticket.show",
		json_pack("{s:I}", "ticket",
			  (json_int_t)number_of(&k, c.ticket_id)));
	assert_int_equal(json_array_size(json_object_get(r, "offers")), 0);
	/* the same subject of somebody else, or one that all have: none */
	take_in(&k, new_mail("d@d", "d@d.example", "注文 A-1 の返品", "4"));
	take_in(&k, new_mail("e@c", "taro@c.example", "お問い合わせ", "5"));
	take_in(&k, new_mail("f@c", "taro@c.example", "お問い合わせ", "6"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM offer"
				   " WHERE state = 'open'"),
			 0);
	close_desk(&k);
}

static void
links_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t a = number_of(
		&k, take_in(&k, new_mail("a@c", "taro@c.example", "修理", "a"))
			    .ticket_id);
	int64_t b = number_of(
		&k, take_in(&k, new_mail("b@c", "jiro@c.example", "返品", "b"))
			    .ticket_id);

	refused(&k, &k.op, MDG_ENOENT, "ticket.unlink",
		two("ticket", a, "other", b));
	act(&k, &k.op, "ticket.link", two("ticket", a, "other", b));
	refused(&k, &k.op, MDG_EEXIST, "ticket.link",
		two("ticket", b, "other", a));
	act(&k, &k.op, "ticket.unlink", two("ticket", b, "other", a));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_link"), 0);
	act(&k, &k.op, "ticket.undo", json_pack("{s:I}", "ticket", a));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_link"), 1);
	act(&k, &k.op, "ticket.undo", json_pack("{s:I}", "ticket", a));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_link"), 0);
	close_desk(&k);
}

/* ---- any sequence ---- */

static uint64_t seed;

static uint64_t
dice(uint64_t n)
{
	return t_xorshift(&seed) % n;
}

/* One random step; false when it was not possible. */
static bool
random_step(struct desk *k, int64_t messages)
{
	int64_t message = (int64_t)dice((uint64_t)messages) + 1;
	int64_t other = (int64_t)dice((uint64_t)messages) + 1;
	int64_t a = number_of(k, ticket_of(k, message));
	int64_t b = number_of(k, ticket_of(k, other));
	struct mdg_err err;
	json_t *result = NULL, *args;
	const char *name;

	switch (dice(3)) {
	case 0:
		name = "ticket.merge";
		args = two("ticket", a, "into", b);
		break;
	case 1:
		name = "ticket.split";
		args = json_pack("{s:I,s:I,s:b}", "ticket", a, "message",
				 message, "answers", (int)dice(2));
		break;
	default:
		name = dice(2) ? "ticket.link" : "ticket.unlink";
		args = two("ticket", a, "other", b);
		break;
	}
	bool ok = mdg_act_call(k->d, &k->op, name, args, &result, &err);
	json_decref(args);
	json_decref(result);
	return ok;
}

static void
undo_all(struct desk *k, bool newest_first)
{
	for (int rounds = 0; rounds < 400; rounds++) {
		struct mdg_rows *r;
		struct mdg_err err;
		json_t *result = NULL;
		int64_t open = count(k, "SELECT COUNT(*) FROM regroup WHERE"
					" undone_s IS NULL");
		if (!open)
			return;
		uint64_t skip = newest_first ? 0 : dice((uint64_t)open);
		assert_true(mdg_db_query(k->d->db, &r, &err,
					 "SELECT g.id, t.number FROM regroup g"
					 " JOIN ticket t ON t.id = g.other_id"
					 " WHERE g.undone_s IS NULL"
					 " ORDER BY g.id DESC",
					 ""));
		while (mdg_rows_next(r) && skip-- > 0)
			;
		json_t *args = two("ticket", mdg_rows_i64(r, 1), "step",
				   mdg_rows_i64(r, 0));
		mdg_rows_close(&r, NULL);
		bool ok = mdg_act_call(k->d, &k->op, "ticket.undo", args,
				       &result, &err);
		if (!ok && newest_first)
			fail_msg("undo: %s", why(&err));
		if (!ok)
			assert_int_equal(err.code, MDG_ESTATE);
		json_decref(args);
		json_decref(result);
	}
	fail_msg("some steps could never be undone");
}

static void
sequences(const char *url, uint64_t first_seed, bool newest_first)
{
	enum { THREADS = 6, EACH_HAS = 4, STEPS = 30 };
	static char before[TEXT_MAX], after[TEXT_MAX];
	struct desk k = open_desk(url, "all");
	int done = 0;

	seed = first_seed;
	for (int i = 0; i < THREADS; i++)
		for (int m = 0; m < EACH_HAS; m++) {
			char id[32], to[32], from[32];
			snprintf(id, sizeof(id), "%d.%d@c", i, m);
			snprintf(to, sizeof(to), "%d.%d@c", i,
				 m ? (int)dice((uint64_t)m) : 0);
			snprintf(from, sizeof(from), "p%d@c.example", i % 4);
			take_in(&k, m ? answer_to(id, from, "Re: 件", to)
				      : new_mail(id, from, "件", id));
		}
	for (int i = 1; i < THREADS; i += 2)
		act(&k, &k.op, i % 4 == 1 ? "ticket.close" : "ticket.assign",
		    i % 4 == 1
			    ? json_pack("{s:i}", "ticket",
					MDG_TICKET_NUMBER_FIRST + i)
			    : json_pack("{s:i,s:s}", "ticket",
					MDG_TICKET_NUMBER_FIRST + i, "to",
					"op2"));
	draft_for(&k, 1, "太郎 様\n\n承りました。");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket"), THREADS);
	/* out of order only who has which mail and draft is the same: a state
	 * that two steps made is not taken back by one of them */
	size_t from = newest_first ? 0 : 1;
	size_t to = newest_first ? MDG_LEN(dumps) : 3;
	dump_parts(&k, THREADS, from, to, before);
	for (int i = 0; i < STEPS; i++)
		done += random_step(&k, THREADS * EACH_HAS);
	assert_true(done > STEPS / 3);
	undo_all(&k, newest_first);
	dump_parts(&k, THREADS, from, to, after);
	assert_string_equal(before, after);
	check_chain(&k);
	close_desk(&k);
}

static uint64_t next_seed;
static bool backwards;

static void
one_sequence(const char *url)
{
	sequences(url, next_seed, backwards);
}

static void
what_is_undone_backwards_was_never_done(void **state)
{
	(void)state;
	backwards = true;
	for (next_seed = 1; next_seed <= 4; next_seed++)
		t_each_engine(one_sequence);
}

static void
in_any_order_every_mail_comes_home(void **state)
{
	(void)state;
	backwards = false;
	for (next_seed = 101; next_seed <= 104; next_seed++)
		t_each_engine(one_sequence);
}

static void
trace_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t a = number_of(
		&k, take_in(&k, new_mail("a@c", "taro@c.example", "修理", "a"))
			    .ticket_id);
	int64_t b = number_of(
		&k, take_in(&k, new_mail("b@c", "jiro@c.example", "返品", "b"))
			    .ticket_id);
	static const char *const kinds[] = {"ticket.merged", "ticket.absorbed",
					    "mail.in"};
	char number[24];

	act(&k, &k.op, "ticket.merge", two("ticket", a, "into", b));
	snprintf(number, sizeof(number), "%lld", (long long)a);
	/* the old number tells all of both tickets */
	char *text = json_dumps(act(&k, &k.op, "trace",
				    json_pack("{s:s}", "what", number)),
				0);
	for (size_t i = 0; i < MDG_LEN(kinds); i++)
		assert_non_null(strstr(text, kinds[i]));
	free(text);
	json_t *r = act(&k, &k.op, "trace", json_pack("{s:s}", "what", "a@c"));
	assert_int_equal(json_integer_value(json_object_get(r, "ticket")), b);
	assert_int_equal(json_array_size(json_object_get(r, "events")), 4);
	close_desk(&k);
}

EACH(a_merged_ticket_points_and_can_be_taken_back, merge_body);
EACH(what_a_person_took_apart_stays_apart, apart_body);
EACH(a_merge_wants_one_draft_and_voids_its_approval, drafts_body);
EACH(an_answer_elsewhere_leaves_a_question_open, open_question_body);
EACH(a_split_takes_what_answers_it_along, split_body);
EACH(without_the_mail_that_reopened_it_a_ticket_is_done, split_reopened_body);
EACH(weak_evidence_is_offered_and_never_done, offers_body);
EACH(links_come_and_go_and_come_back, links_body);
EACH(a_trace_shows_every_step_of_both_tickets, trace_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_merged_ticket_points_and_can_be_taken_back),
	cmocka_unit_test(what_a_person_took_apart_stays_apart),
	cmocka_unit_test(a_merge_wants_one_draft_and_voids_its_approval),
	cmocka_unit_test(an_answer_elsewhere_leaves_a_question_open),
	cmocka_unit_test(a_split_takes_what_answers_it_along),
	cmocka_unit_test(without_the_mail_that_reopened_it_a_ticket_is_done),
	cmocka_unit_test(weak_evidence_is_offered_and_never_done),
	cmocka_unit_test(links_come_and_go_and_come_back),
	cmocka_unit_test(a_trace_shows_every_step_of_both_tickets),
	cmocka_unit_test(what_is_undone_backwards_was_never_done),
	cmocka_unit_test(in_any_order_every_mail_comes_home),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
