/* What a team does beside answering: order of work, absence, handover, one
 * writer at a time, and what becomes of a ticket once it is answered. */
#include "desk_fixture.h"

#include "madoguchi/app/next.h"
#include "madoguchi/app/work.h"

static json_t *
ticket_arg(struct desk *k, int64_t id)
{
	return json_pack("{s:I}", "ticket", number_of(k, id));
}

static int64_t
arrives(struct desk *k, const char *id, const char *from, const char *subject)
{
	return take_in(k, new_mail(id, from, subject, "教えてください。"))
		.ticket_id;
}

static const char *
text_of(json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* ---- next state ---- */

static void
follow_up_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	struct mdg_err err;
	int64_t t = arrives(&k, "a@c", "taro@c.example", "返品"), at_s = 0;
	int64_t d = draft_for(&k, t, "太郎 様\n\n番号をお知らせください。");

	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "next", "waiting"));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_true(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	assert_string_equal(state_of(&k, number_of(&k, t)), "waiting");
	/* the opening of the third business day, by default */
	int64_t want_s;
	assert_true(mdg_next_business_day(k.d, 1, mdg_now_s(), 3, &want_s,
					  &err));
	assert_int_equal(mdg_db_i64(k.d->db, &at_s, &err,
				    "SELECT follow_up_s FROM ticket", ""),
			 MDG_FOUND);
	assert_true(at_s > mdg_now_s() + 2 * 86400 && at_s <= want_s);
	assert_int_equal((at_s + 9 * 3600) % 86400, 0); /* always open */
	assert_true(mdg_desk_begin(k.d, &err));
	assert_true(mdg_desk_clock_tick(k.d, at_s, &err));
	assert_true(mdg_desk_commit(k.d, &err));
	assert_string_equal(state_of(&k, number_of(&k, t)), "new");
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event WHERE kind ="
				   " 'ticket.follow_up' AND codes LIKE"
				   " '%follow-up date%'"),
			 1);
	close_desk(&k);
}
EACH(waiting_comes_back_on_the_third_business_day, follow_up_body);

static const char promise_template[] =
	"---\nid: hold\ntitle: 一次回答\ncategory: 受付\nversion: 1\n"
	"slots: due.at:datetime\ndue_slot: due.at\nnext_state: working\n---\n"
	"確認の結果を、{{due.at}}までに改めてご連絡いたします。\n";

static json_t *
from_template(struct desk *k, int64_t ticket, const char *due)
{
	return json_pack("{s:I,s:s,s:{s:s}}", "ticket", number_of(k, ticket),
			 "template", "hold", "slots", "due.at", due);
}

static void
promise_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	int64_t t = arrives(&k, "a@c", "taro@c.example", "返品");

	act(&k, &mdg_actor_system, "golive", json_object());
	act(&k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", "hold", "source", promise_template));
	json_t *r = act(&k, &k.op, "draft.new", from_template(&k, t, "明日 15時"));
	int64_t d = json_integer_value(json_object_get(r, "draft"));
	/* a promise is not closed away, nor one that nobody can read kept */
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "next", "closed"));
	refused(&k, &k.op, MDG_ESTATE, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s,s:s}", "draft", d, "next", "working", "body",
		      "確認の結果を、なるべく早くまでに改めてご連絡いたします。"));
	refused(&k, &k.op, MDG_EINVAL, "draft.submit", draft_arg(d));
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "body",
		      "確認の結果を、明日 15時までに改めてご連絡いたします。"));
	act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_true(claim(&k, &a, &job));
	answer(&k, job.outbox_id, "accepted");
	assert_string_equal(state_of(&k, number_of(&k, t)), "working");
	int64_t due_s = count(&k, "SELECT due_s FROM clock WHERE"
				  " kind = 'promise' AND state = 'running'");
	assert_int_equal((due_s + 9 * 3600) % 86400, 15 * 3600);
	assert_int_equal((due_s + 9 * 3600) / 86400,
			 (mdg_now_s() + 9 * 3600) / 86400 + 1);
	/* and it stands in the queue */
	r = act(&k, &k.op, "queue", json_object());
	r = json_array_get(json_object_get(r, "queue"), 0);
	assert_string_equal(text_of(r, "clock"), "promise");
	close_desk(&k);
}
EACH(the_time_in_the_text_is_the_promise, promise_body);

static void
a_promise_is_read_as_it_is_written(void **state)
{
	static const char json[] =
		"{\"zone\":\"Asia/Tokyo\",\"weekly\":{\"tue\":[[\"09:00\","
		"\"12:00\"],[\"13:00\",\"18:00\"]],\"wed\":[[\"09:00\","
		"\"17:30\"]]}}";
	/* Tuesday, 2026-11-24 10:00 in Tokyo */
	enum { NOW_S = 1795482000, DAY_S = 86400 };
	static const struct {
		const char *text;
		int64_t in_s; /* after that; 0: not to be read */
	} cases[] = {
		{"11月25日（水）15時まで", DAY_S + 5 * 3600},
		{"11/25 15:00", DAY_S + 5 * 3600},
		{"明日の午後", 0},
		{"11月25日（水）", DAY_S + 7 * 3600 + 1800},
		{"本日", 8 * 3600},
		{"本日18時頃", 8 * 3600},
		{"本日中", 8 * 3600},
		{"１１月２５日", DAY_S + 7 * 3600 + 1800},
		{"11月26日", DAY_S * 2 + 14 * 3600 - 60}, /* not open that day */
		{"2時間後", 2 * 3600},
		{"3営業日以内", 0},
		{"", 0},
	};
	struct mdg_calendar *cal;
	struct mdg_err err;

	(void)state;
	assert_true(mdg_calendar_parse(json, &cal, &err));
	for (size_t i = 0; i < MDG_LEN(cases); i++) {
		int64_t at_s = 0;
		bool read = mdg_next_read(cases[i].text, cal, NOW_S, &at_s);
		if (read != (cases[i].in_s != 0) ||
		    (read && at_s != NOW_S + cases[i].in_s))
			fail_msg("%s: %lld", cases[i].text,
				 (long long)(at_s - NOW_S));
	}
	mdg_calendar_free(&cal);
}

/* ---- one writer at a time ---- */

static void
lock_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = arrives(&k, "a@c", "taro@c.example", "返品");
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	json_t *edit = json_pack("{s:I,s:s}", "draft", d, "body", "別の本文");

	refused(&k, &k.op2, MDG_ECONFLICT, "draft.edit", json_incref(edit));
	refused(&k, &k.op2, MDG_ECONFLICT, "draft.submit", draft_arg(d));
	refused(&k, &k.op2, MDG_ECONFLICT, "draft.unlock", draft_arg(d));
	json_t *r = act(&k, &k.op2, "draft.takeover", draft_arg(d));
	assert_string_equal(text_of(r, "body"), "太郎 様\n\n承りました。");
	refused(&k, &k.op, MDG_ECONFLICT, "draft.edit", json_incref(edit));
	act(&k, &k.op2, "draft.edit", json_incref(edit));
	r = act(&k, &k.op, "ticket.show", ticket_arg(&k, t));
	r = json_array_get(json_object_get(r, "lock"), 0);
	assert_string_equal(text_of(r, "login"), "op2");
	/* left alone for a quarter of an hour, it is anybody's */
	if (mdg_clock_advance(14 * 60)) {
		refused(&k, &k.op, MDG_ECONFLICT, "draft.edit",
			json_incref(edit));
		mdg_clock_advance(2 * 60);
		act(&k, &k.op, "draft.edit", json_incref(edit));
		mdg_clock_advance(-16 * 60);
	}
	json_decref(edit);
	close_desk(&k);
}
EACH(one_person_writes_at_a_time, lock_body);

/* Two drafts in one ticket can only come of two tickets becoming one. */
static void
twice_body(const char *url)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct desk k = open_desk(url, "none");
	struct mdg_outbox_job job;
	int64_t t1 = arrives(&k, "a@c", "taro@c.example", "返品");
	int64_t t2 = arrives(&k, "b@c", "taro@c.example", "返品の件");
	json_t *r = act(&k, &k.op2, "draft.new",
			json_pack("{s:I,s:s}", "ticket", number_of(&k, t2),
				  "body", "太郎 様\n\n承知しました。"));
	int64_t d2 = json_integer_value(json_object_get(r, "draft"));
	/* who wrote last holds the lock of what they become */
	mdg_clock_advance(1);
	int64_t d1 = draft_for(&k, t1, "太郎 様\n\n承りました。");

	act(&k, &mdg_actor_system, "golive", json_object());
	/* people cannot: a mail that belongs to both does */
	refused(&k, &k.sv, MDG_ESTATE, "ticket.merge",
		json_pack("{s:I,s:I}", "ticket", number_of(&k, t2), "into",
			  number_of(&k, t1)));
	struct mdg_mail *m = new_mail("c@c", "taro@c.example", "返品", "両方");
	mdg_strings_add(&m->in_reply_to, &m->arena, "a@c", 5);
	mdg_strings_add(&m->references, &m->arena, "b@c", 5);
	take_in(&k, m);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft WHERE state ="
				   " 'editing' AND ticket_id = 1"),
			 2);
	/* the lock is of the ticket: who comes second takes it over */
	refused(&k, &k.op2, MDG_ECONFLICT, "draft.submit", draft_arg(d2));
	/* once the mail that came meanwhile was read */
	act(&k, &k.op, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d1, "body",
		      "太郎 様\n\n承りました。"));
	act(&k, &k.op, "draft.submit", draft_arg(d1));
	refused(&k, &k.op2, MDG_ECONFLICT, "draft.submit", draft_arg(d2));
	assert_true(claim(&k, &a, &job));
	if (mdg_clock_advance(1)) {
		answer(&k, job.outbox_id, "accepted");
		refused(&k, &k.op2, MDG_ECONFLICT, "draft.submit",
			draft_arg(d2));
	}
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox"), 1);
	close_desk(&k);
}
EACH(nobody_is_answered_twice, twice_body);

/* ---- order of work ---- */

static void
queue_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t[3];
	json_t *r;

	t[0] = arrives(&k, "a@c", "taro@c.example", "一");
	t[1] = arrives(&k, "b@c", "jiro@c.example", "二");
	t[2] = arrives(&k, "c@c", "saburo@c.example", "三");
	act(&k, &k.op, "ticket.priority",
	    json_pack("{s:I,s:s}", "ticket", number_of(&k, t[1]), "level",
		      "high"));
	refused(&k, &k.op, MDG_EINVAL, "ticket.priority",
		json_pack("{s:I,s:s}", "ticket", number_of(&k, t[1]), "level",
			  "very"));
	r = act(&k, &k.op, "ticket.next", json_object());
	assert_int_equal(json_integer_value(json_object_get(r, "ticket")),
			 number_of(&k, t[1]));
	assert_string_equal(text_of(r, "state"), "working");
	/* who asks at the same time gets another one */
	r = act(&k, &k.op2, "ticket.next", json_object());
	assert_int_equal(json_integer_value(json_object_get(r, "ticket")),
			 number_of(&k, t[0]));
	refused(&k, &k.op2, MDG_ECONFLICT, "ticket.take",
		ticket_arg(&k, t[1]));
	act(&k, &k.op2, "ticket.take",
	    json_pack("{s:I,s:b}", "ticket", number_of(&k, t[1]), "force", 1));
	act(&k, &k.op2, "ticket.next", json_object());
	refused(&k, &k.op, MDG_ENOENT, "ticket.next", json_object());
	close_desk(&k);
}
EACH(two_who_take_the_next_get_two, queue_body);

static int64_t
in_hand(struct desk *k, int64_t person)
{
	struct mdg_err err;
	int64_t n;

	assert_int_equal(mdg_db_i64(k->d->db, &n, &err,
				    "SELECT COUNT(*) FROM ticket"
				    " WHERE assignee_id = ?1",
				    "i", person),
			 MDG_FOUND);
	return n;
}

/* A template of that category is there. */
static void
category(struct desk *k, const char *name)
{
	static int n;
	char id[16];
	MDG_AUTO(mdg_freep) char *source = NULL;

	snprintf(id, sizeof(id), "t%d", n++);
	source = mdg_asprintf("---\nid: %s\ntitle: %s\ncategory: %s\n"
			      "version: 1\nslots:\n---\nご案内いたします。\n",
			      id, name, name);
	act(k, &mdg_actor_system, "template.put",
	    json_pack("{s:s,s:s}", "id", id, "source", source));
}

static void
turns_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	char id[8], from[32];

	for (int i = 0; i < 7; i++) {
		snprintf(id, sizeof(id), "%d@c", i);
		snprintf(from, sizeof(from), "c%d@c.example", i);
		arrives(&k, id, from, "件");
	}
	act(&k, &k.sv, "user.work",
	    json_pack("{s:s,s:i}", "login", "op", "capacity", 2));
	act(&k, &k.sv, "user.work",
	    json_pack("{s:s,s:i}", "login", "op2", "capacity", 3));
	act(&k, &k.sv, "ticket.distribute",
	    json_pack("{s:s}", "window", "shop"));
	assert_int_equal(in_hand(&k, k.op.person_id), 2);
	assert_int_equal(in_hand(&k, k.op2.person_id), 3);
	/* leads lead: nothing is given to them */
	assert_int_equal(in_hand(&k, k.sv.person_id), 0);
	refused(&k, &k.op, MDG_EPERM, "user.work",
		json_pack("{s:s,s:i}", "login", "op", "capacity", 0));
	/* what only one of them knows goes to that one */
	refused(&k, &k.sv, MDG_EINVAL, "user.work",
		json_pack("{s:s,s:[s]}", "login", "op", "skills", "返品"));
	category(&k, "返品");
	category(&k, "修理");
	act(&k, &k.sv, "user.work",
	    json_pack("{s:s,s:i,s:[s]}", "login", "op", "capacity", 0, "skills",
		      "返品"));
	act(&k, &k.sv, "user.work",
	    json_pack("{s:s,s:i,s:[s]}", "login", "op2", "capacity", 0,
		      "skills", "修理"));
	struct mdg_err err;
	int64_t t = count(&k, "SELECT MIN(id) FROM ticket WHERE assignee_id IS NULL");
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE ticket SET category = '返品'"
			       " WHERE id = ?1",
			       "i", t));
	act(&k, &k.sv, "ticket.turn", ticket_arg(&k, t));
	assert_int_equal(in_hand(&k, k.op.person_id), 3);
	close_desk(&k);
}
EACH(tickets_are_given_by_turn_room_and_skill, turns_body);

/* ---- who is there ---- */

static void
absent_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	int64_t t = arrives(&k, "a@c", "taro@c.example", "返品"), since_s;
	int64_t d = draft_for(&k, t, "太郎 様\n\n承りました。");
	bool away;

	refused(&k, &k.op2, MDG_EPERM, "user.absent",
		json_pack("{s:s}", "login", "op"));
	act(&k, &k.sv, "user.absent", json_pack("{s:s}", "login", "op"));
	assert_true(mdg_work_is_absent(k.d, k.op.person_id, mdg_now_s(), &away,
				       &err));
	assert_true(away);
	assert_int_equal(in_hand(&k, k.op.person_id), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft_lock"), 0);
	/* the draft waits, with its text */
	act(&k, &k.op2, "draft.edit",
	    json_pack("{s:I,s:s}", "draft", d, "next", "waiting"));
	json_t *r = act(&k, &k.op2, "draft.show", draft_arg(d));
	assert_string_equal(text_of(r, "body"), "太郎 様\n\n承りました。");
	refused(&k, &k.sv, MDG_ESTATE, "handover",
		json_pack("{s:s,s:s}", "from", "op2", "to", "op"));
	act(&k, &k.op, "user.present", json_pack("{s:s}", "login", "op"));
	/* who leaves for good is let in no more */
	act(&k, &k.op, "ticket.take", ticket_arg(&k, t));
	act(&k, &mdg_actor_system, "user.disable",
	    json_pack("{s:s}", "login", "op"));
	refused(&k, &k.op, MDG_EPERM, "ticket.take", ticket_arg(&k, t));
	assert_true(mdg_work_links_since(k.d, k.op.person_id, &since_s, &err));
	assert_true(since_s > 0);
	act(&k, &mdg_actor_system, "user.enable",
	    json_pack("{s:s}", "login", "op"));
	act(&k, &k.op, "ticket.take", ticket_arg(&k, t));
	close_desk(&k);
}
EACH(who_is_away_has_nothing_in_hand, absent_body);

static void
handover_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t1 = arrives(&k, "a@c", "taro@c.example", "一");
	int64_t t2 = arrives(&k, "b@c", "jiro@c.example", "二");
	json_t *r;

	act(&k, &k.op, "ticket.take", ticket_arg(&k, t1));
	act(&k, &k.op, "ticket.take", ticket_arg(&k, t2));
	r = act(&k, &k.op, "shift", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "shift")), 2);
	refused(&k, &k.op, MDG_ENOENT, "handover",
		json_pack("{s:s,s:s,s:[s]}", "from", "op", "to", "op2",
			  "tickets", "99999"));
	refused(&k, &k.op2, MDG_EPERM, "handover",
		json_pack("{s:s,s:s}", "from", "op", "to", "op2"));
	act(&k, &k.op, "handover",
	    json_pack("{s:s,s:s,s:s}", "from", "op", "to", "op2", "note",
		      "倉庫の回答待ちです。@op2 よろしくお願いします。"));
	assert_int_equal(in_hand(&k, k.op2.person_id), 2);
	r = act(&k, &k.op2, "comment.mentions", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "mentions")), 2);
	act(&k, &k.op2, "comment.seen", ticket_arg(&k, t1));
	r = act(&k, &k.op2, "comment.mentions", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "mentions")), 1);
	close_desk(&k);
}
EACH(a_shift_is_handed_over_with_a_note, handover_body);

static void
comment_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = arrives(&k, "a@c", "taro@c.example", "一");
	json_t *r = act(&k, &k.op, "comment.add",
			json_pack("{s:I,s:s}", "ticket", number_of(&k, t),
				  "text",
				  "＠sv さん確認お願いします。x@op2.example と"
				  " @nobody は誰でもない。@op2."));

	r = json_object_get(r, "mentioned");
	assert_int_equal(json_array_size(r), 2);
	assert_string_equal(json_string_value(json_array_get(r, 0)), "sv");
	assert_string_equal(json_string_value(json_array_get(r, 1)), "op2");
	refused(&k, &k.op, MDG_EINVAL, "comment.add",
		json_pack("{s:I,s:s}", "ticket", number_of(&k, t), "text", ""));
	act(&k, &k.op, "ticket.label",
	    json_pack("{s:I,s:[s,s]}", "ticket", number_of(&k, t), "add", "至急",
		      "倉庫"));
	act(&k, &k.op, "ticket.label",
	    json_pack("{s:I,s:[s]}", "ticket", number_of(&k, t), "remove",
		      "至急"));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket_label"), 1);
	/* nothing of it outlives its ticket */
	act(&k, &mdg_actor_system, "customer.erase",
	    json_pack("{s:i}", "customer", 1));
	assert_int_equal(count(&k, "SELECT (SELECT COUNT(*) FROM ticket_label)"
				   " + (SELECT COUNT(*) FROM comment)"
				   " + (SELECT COUNT(*) FROM mention)"),
			 0);
	close_desk(&k);
}
EACH(comments_call_people_and_are_erased, comment_body);

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waiting_comes_back_on_the_third_business_day),
		cmocka_unit_test(the_time_in_the_text_is_the_promise),
		cmocka_unit_test(a_promise_is_read_as_it_is_written),
		cmocka_unit_test(one_person_writes_at_a_time),
		cmocka_unit_test(nobody_is_answered_twice),
		cmocka_unit_test(two_who_take_the_next_get_two),
		cmocka_unit_test(tickets_are_given_by_turn_room_and_skill),
		cmocka_unit_test(who_is_away_has_nothing_in_hand),
		cmocka_unit_test(a_shift_is_handed_over_with_a_note),
		cmocka_unit_test(comments_call_people_and_are_erased),
	};

	mdg_crypto_init();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	t_pg_stop();
	return failed;
}
