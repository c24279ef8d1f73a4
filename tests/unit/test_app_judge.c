/* What mdg-text says of mails, kept on both engines; it may also be hostile. */
#include "desk_fixture.h"

#include "madoguchi/app/check.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/base/limits.h"

static json_t *
fact(const char *slot, const char *value, int confidence, bool conflict)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:b}", "slot", slot,
			 "value", value, "words", value, "source", "text",
			 "start", 0, "end", 3, "confidence", confidence,
			 "conflict", conflict);
}

/* facts is stolen. */
static json_t *
answer_with(json_t *facts, int temperature, bool harassment)
{
	return json_pack("{s:[{s:s,s:f,s:[s]}],s:{s:i,s:b,s:[]},s:[s],s:o,"
			 "s:[s],s:[]}",
			 "ranked", "id", "return-conditions", "score", 0.9,
			 "why", "返品", "mood", "temperature", temperature,
			 "harassment", harassment, "reasons", "keywords",
			 "返品", "facts", facts, "words", "返品", "watched");
}

/* answer is stolen. */
static bool
kept(struct desk *k, int64_t message, json_t *answer, struct mdg_err *err)
{
	json_t *read = mdg_judge_answer(answer);

	json_decref(answer);
	if (!read)
		return false;
	assert_true(mdg_desk_begin(k->d, err));
	bool ok = mdg_judge_keep(k->d, message, read, err);
	if (ok)
		assert_true(mdg_desk_commit(k->d, err));
	else
		mdg_desk_rollback(k->d);
	json_decref(read);
	return ok;
}

static int64_t
next_message(struct desk *k)
{
	MDG_AUTO(mdg_freep) char *request = NULL;
	struct mdg_err err;
	int64_t id = 0;

	if (!mdg_judge_next(k->d, &id, &request, &err))
		fail_msg("%s", why(&err));
	return request ? id : 0;
}

static void
each_newest_mail_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	struct mdg_intake_result a =
		take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));
	struct mdg_intake_result b =
		take_in(&k, new_mail("b@c", "jiro@c.example", "返品", "2"));

	assert_int_equal(next_message(&k), a.message_id);
	if (!kept(&k, a.message_id, answer_with(json_array(), 1, false), &err))
		fail_msg("%s", why(&err));
	assert_int_equal(next_message(&k), b.message_id);
	assert_true(mdg_judge_pass(k.d, b.message_id, &err));
	assert_int_equal(next_message(&k), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM suggestion"), 1);
	/* an answer that comes late does not go back */
	assert_true(kept(&k, a.message_id, answer_with(json_array(), 1, false),
			 &err));
	assert_int_equal(next_message(&k), 0);
	close_desk(&k);
}

/* What mail programs put before a subject is no word of the customer's. */
static void
marks_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	MDG_AUTO(mdg_freep) char *request = NULL;
	struct mdg_err err;
	int64_t id = 0;

	take_in(&k, new_mail("a@c", "taro@c.example",
			     "Re: 転送: [窓口 #10042-k7q2] 加湿器の異音", "1"));
	assert_true(mdg_judge_next(k.d, &id, &request, &err));
	json_t *o = json_loads(request, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(o, "subject")),
			    "加湿器の異音");
	json_decref(o);
	close_desk(&k);
}

static void
mood_body(const char *url)
{
	struct desk k = open_desk(url, "novice");
	struct mdg_err err;
	struct mdg_intake_result m =
		take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));

	assert_true(kept(&k, m.message_id, answer_with(json_array(), 3, true),
			 &err));
	assert_int_equal(count(&k, "SELECT temperature FROM ticket"), 3);
	assert_int_equal(count(&k, "SELECT harassment FROM ticket"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'ticket.mood'"),
			 1);
	/* said again, nothing has happened */
	assert_true(kept(&k, m.message_id, answer_with(json_array(), 3, true),
			 &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'ticket.mood'"),
			 1);
	/* a skilled operator's answer to a hot mail waits for a lead */
	int64_t d = draft_for(&k, m.ticket_id, "太郎 様\n\n承りました。");
	act(&k, &k.op, "draft.submit", draft_arg(d));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM draft"
				   " WHERE state = 'waiting'"),
			 1);
	close_desk(&k);
}

static void
record_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	struct mdg_intake_result m =
		take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"));

	assert_true(kept(&k, m.message_id,
			 answer_with(json_pack("[o,o]",
					       fact("customer.phone",
						    "0312345678", 85, false),
					       fact("customer.company",
						    "株式会社山", 84, false)),
				     0, false),
			 &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"
				   " WHERE phone = '0312345678'"
				   " AND company = ''"),
			 1);
	/* a person takes what was not sure enough */
	int64_t f = count(&k, "SELECT id FROM fact WHERE state = 'proposed'");
	act(&k, &k.op, "ticket.fact",
	    json_pack("{s:I,s:I}", "ticket", number_of(&k, m.ticket_id), "fact",
		      f));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM customer"
				   " WHERE company = '株式会社山'"),
			 1);
	refused(&k, &k.op, MDG_ENOENT, "ticket.fact",
		json_pack("{s:I,s:I}", "ticket", number_of(&k, m.ticket_id),
			  "fact", f + 100));
	close_desk(&k);
}

static void
hostile_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	char long_value[MDG_FACT_BYTES_MAX + 2];
	int64_t m = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .message_id;
	json_t *many = json_array();

	memset(long_value, 'x', sizeof(long_value) - 1);
	long_value[sizeof(long_value) - 1] = '\0';
	assert_false(kept(&k, m, json_object(), &err));
	assert_false(kept(&k, m, answer_with(json_pack("[s]", "x"), 0, false),
			  &err));
	assert_false(kept(&k, m, answer_with(json_array(), 5, false), &err));
	assert_false(kept(&k, m, answer_with(json_array(), -1, false), &err));
	assert_false(
		kept(&k, m,
		     answer_with(json_pack("[o]", fact("order.no", long_value,
						       90, false)),
				 0, false),
		     &err));
	assert_false(kept(
		&k, m,
		answer_with(json_pack("[o]", fact("order.no", "1", 101, false)),
			    0, false),
		&err));
	long_value[MDG_FACT_BYTES_MAX] = '\0';
	assert_true(
		kept(&k, m,
		     answer_with(json_pack("[o]", fact("order.no", long_value,
						       90, false)),
				 0, false),
		     &err));
	for (int i = 0; i <= MDG_FACTS_KEPT_MAX; i++)
		json_array_append_new(many,
				      fact("date", "2026-01-01", 90, false));
	assert_false(kept(&k, m, answer_with(many, 0, false), &err));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM fact"), 1);
	/* about a mail that is gone */
	assert_true(
		kept(&k, m + 100, answer_with(json_array(), 0, false), &err));
	close_desk(&k);
}

/* ---- each member ---- */

typedef json_t *reader(const json_t *answer);

static void
taken(reader *read, const json_t *answer, bool want, const char *what)
{
	json_t *got = read(answer);

	if ((got != NULL) != want)
		fail_msg("%s is %s", what, want ? "refused" : "taken");
	json_decref(got);
}

/* The same with o[key] out of form in each way that there is. */
static void
break_member(reader *read, const json_t *whole, json_t *o, const char *key)
{
	json_t *was = json_incref(json_object_get(o, key));
	char what[512];
	json_t *wrong[] = {
		json_null(),         json_object(),
		json_array(),        json_true(),
		json_integer(-1),    json_integer((json_int_t)1 << 31),
		json_real(0.5),      json_string("x"),
		json_pack("[i]", 1), json_pack("[{}]"),
		json_pack("[[]]")};

	for (size_t i = 0; i < MDG_LEN(wrong); i++) {
		bool list = json_is_array(was) && json_is_array(wrong[i]) &&
			    json_array_size(wrong[i]) == 0;
		bool number = json_is_real(was) && json_is_number(wrong[i]);
		bool same = json_typeof(wrong[i]) == json_typeof(was) ||
			    (json_is_boolean(was) && json_is_true(wrong[i]));
		json_object_set(o, key, wrong[i]);
		snprintf(what, sizeof(what), "%s as wrong %zu", key, i);
		if (list || number)
			taken(read, whole, true, what);
		else if (!same || json_is_object(was) || json_is_array(was) ||
			 json_is_integer(was))
			taken(read, whole, false, what);
		json_decref(wrong[i]);
	}
	json_object_del(o, key);
	bool may_miss = mdg_streq(key, "strong") || mdg_streq(key, "fix") ||
			(mdg_streq(key, "confidence") && json_is_real(was));
	taken(read, whole, may_miss, key);
	json_object_set_new(o, key, was);
}

static void
break_each(reader *read, const json_t *whole, json_t *o)
{
	char keys[16][24]; /* the object's own end with a member */
	const char *key;
	json_t *v;
	size_t n = 0;

	json_object_foreach (o, key, v)
		snprintf(keys[n++], sizeof(keys[0]), "%s", key);
	for (size_t i = 0; i < n; i++) {
		v = json_object_get(o, keys[i]);
		if (json_is_object(v))
			break_each(read, whole, v);
		if (json_is_object(json_array_get(v, 0)))
			break_each(read, whole, json_array_get(v, 0));
		break_member(read, whole, o, keys[i]);
	}
	/* what nobody knows goes no further */
	json_object_set_new(o, "more", json_string("x"));
	json_t *got = read(whole);
	assert_non_null(got);
	MDG_AUTO(mdg_freep) char *text = json_dumps(got, 0);
	assert_null(strstr(text, "more"));
	json_decref(got);
	json_object_del(o, "more");
}

static json_t *
whole_answer(void)
{
	json_t *o = answer_with(
		json_pack("[o]", fact("date", "明日", 90, false)), 2, false);
	json_t *first = json_array_get(json_object_get(o, "ranked"), 0);

	json_object_set_new(first, "confidence", json_real(0.5));
	json_object_set_new(first, "strong", json_false());
	json_array_append_new(
		json_object_get(json_object_get(o, "mood"), "reasons"),
		json_pack("{s:s,s:i,s:s,s:i,s:i}", "sign", "anger", "points", 1,
			  "words", "ひどい", "start", 1, "end", 4));
	return o;
}

static void
an_answer_is_taken_only_if_each_member_is_in_form(void **state)
{
	json_t *o = whole_answer();
	json_t *found = json_pack(
		"{s:[{s:s,s:s,s:i,s:i,s:{s:s,s:s},s:s,s:{s:i,s:i,s:s}}]}",
		"findings", "rule", "keigo.x", "severity", "warn", "start", 1,
		"end", 2, "message", "ja", "m", "en", "m", "suggestion", "",
		"fix", "start", 1, "end", 2, "text", "t");
	json_t *learned = json_pack("{s:i}", "learned", 3);

	(void)state;
	break_each(mdg_judge_answer, o, o);
	break_each(mdg_check_answer, found, found);
	break_each(mdg_learn_answer, learned, learned);
	json_t *one = json_array_get(json_object_get(found, "findings"), 0);
	json_object_set_new(one, "severity", json_string("fatal"));
	taken(mdg_check_answer, found, false, "severity");
	json_object_set_new(one, "severity", json_string("info"));
	json_object_set_new(one, "start", json_integer(3));
	taken(mdg_check_answer, found, false, "start behind the end");
	taken(mdg_judge_answer, NULL, false, "nothing");
	json_decref(o);
	json_decref(found);
	json_decref(learned);
}

static void
an_answer_has_bounds(void **state)
{
	json_t *o = whole_answer(), *words = json_object_get(o, "keywords");
	MDG_AUTO(mdg_freep)
	char *text = mdg_calloc(1, MDG_ANSWER_TEXT_BYTES_MAX + 2);

	(void)state;
	memset(text, 'x', MDG_ANSWER_TEXT_BYTES_MAX);
	json_array_set_new(words, 0, json_string(text));
	taken(mdg_judge_answer, o, true, "the longest text");
	text[MDG_ANSWER_TEXT_BYTES_MAX] = 'x';
	json_array_set_new(words, 0, json_string(text));
	taken(mdg_judge_answer, o, false, "a longer text");
	json_array_clear(words);
	while (json_array_size(words) < MDG_ANSWER_LIST_MAX)
		json_array_append_new(words, json_string("x"));
	taken(mdg_judge_answer, o, true, "the longest list");
	json_array_append_new(words, json_string("x"));
	taken(mdg_judge_answer, o, false, "a longer list");
	json_decref(o);
}

static void
learn_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_err err;
	struct mdg_ticket t = {0};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_freep) char *fed = NULL;
	MDG_AUTO(mdg_freep) char *more = NULL;
	struct mdg_draft d = {.template_id = "t-a", .author_id = 1};
	const struct mdg_template_row tpl = {
		.id = "t-a",
		.version = 1,
		.title = "題",
		.category = "受付",
		.source = "---\nid: t-a\ntitle: 題\ncategory: 受付\n"
			  "version: 1\nslots:\n---\n"
			  "お問い合わせを承りました。\n"};
	int64_t after = 0;

	assert_true(mdg_template_put(k.d->db, &tpl, 1, &err));
	for (int i = 0; i < 7; i++) {
		char id[24];
		snprintf(id, sizeof(id), "m%d@c", i);
		int64_t ticket =
			take_in(&k, new_mail(id, "taro@c.example", id, "いつ"))
				.ticket_id;
		assert_int_equal(
			mdg_ticket_by_id(k.d->db, ticket, &a, &t, &err),
			MDG_FOUND);
		/* the last is hardly that template any more */
		d.body = i == 6 ? "全く別のことを書きました。"
				: "お問い合わせを承りました。";
		if (!mdg_learn_approved(k.d, &d, &t, 1000, &err))
			fail_msg("%s", why(&err));
		/* the same approval once more teaches nothing */
		assert_true(mdg_learn_approved(k.d, &d, &t, 1000, &err));
	}
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM learned"), 7);
	/* one customer teaches a template five times at most */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM learned"
				   " WHERE weight > 0"),
			 5);
	assert_true(mdg_learn_feed(k.d, &after, 1000, &fed, &err));
	assert_non_null(fed);
	json_t *o = json_loads(fed, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(o, "learn")), 5);
	json_decref(o);
	assert_true(mdg_learn_feed(k.d, &after, 1000, &more, &err));
	assert_null(more);
	close_desk(&k);
}

static void
only_what_the_template_said_counts_as_changed(void **state)
{
	(void)state;
	assert_int_equal(mdg_learn_changed("承りました。{{a}}です。",
					   "承りました。明日です。"),
			 0);
	assert_int_equal(mdg_learn_changed("承りました。", ""), 100);
	assert_int_equal(mdg_learn_changed("", "なにか"), 0);
	int half = mdg_learn_changed("ご注文を承りました。発送いたします。",
				     "ご注文を承りました。");
	assert_true(half > 25 && half < 75);
}

EACH(each_newest_mail_is_asked_about_once, each_newest_mail_body);
EACH(a_mail_is_judged_without_marks_in_its_subject, marks_body);
EACH(mood_is_kept_with_one_event_and_asks_for_a_lead, mood_body);
EACH(sure_facts_fill_the_record_and_people_take_the_rest, record_body);
EACH(an_answer_out_of_form_leaves_nothing, hostile_body);
EACH(approvals_teach_within_bounds, learn_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_newest_mail_is_asked_about_once),
	cmocka_unit_test(a_mail_is_judged_without_marks_in_its_subject),
	cmocka_unit_test(mood_is_kept_with_one_event_and_asks_for_a_lead),
	cmocka_unit_test(sure_facts_fill_the_record_and_people_take_the_rest),
	cmocka_unit_test(an_answer_out_of_form_leaves_nothing),
	cmocka_unit_test(an_answer_is_taken_only_if_each_member_is_in_form),
	cmocka_unit_test(an_answer_has_bounds),
	cmocka_unit_test(approvals_teach_within_bounds),
	cmocka_unit_test(only_what_the_template_said_counts_as_changed),
};
DESK_TESTS(tests);
