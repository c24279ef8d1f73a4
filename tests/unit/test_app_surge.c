/* Surges out of what was kept of mails, hour by hour, on both engines. */
#include "desk_fixture.h"

#include "madoguchi/app/erase.h"
#include "madoguchi/app/judge.h"
#include "madoguchi/app/surge.h"

static struct mdg_surging *counting;

static void
an_hour_later(struct desk *k)
{
	struct mdg_err err;

	mdg_clock_advance(3600);
	if (!mdg_surging_tick(counting, k->d, mdg_now_s(), 60000, &err))
		fail_msg("%s", why(&err));
	assert_false(mdg_surging_due(counting, mdg_now_s()));
}

/* A customer's mail that mdg-text has judged; its ticket. */
static int64_t
one_mail(struct desk *k, const char *category, const char *model,
	 const char *word)
{
	static int n;
	char id[32], from[32];
	struct mdg_err err;

	snprintf(id, sizeof(id), "m%d@c", ++n);
	snprintf(from, sizeof(from), "c%d@c.example", n);
	struct mdg_intake_result in =
		take_in(k, new_mail(id, from, "件名", id));
	json_t *facts = json_array();
	if (model)
		json_array_append_new(
			facts,
			json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:b}", "slot",
				  "product.model", "value", model, "words",
				  model, "source", "text", "start", 0, "end", 1,
				  "confidence", 95, "conflict", 0));
	json_t *answer = json_pack(
		"{s:[{s:s,s:f,s:b,s:[]}],s:{s:i,s:b,s:[]},s:[],s:o,s:[s],s:[]}",
		"ranked", "id", category, "score", .9, "strong", 1, "why",
		"mood", "temperature", 0, "harassment", 0, "reasons",
		"keywords", "facts", facts, "words", word, "watched");
	if (!mdg_desk_begin(k->d, &err) ||
	    !mdg_judge_keep(k->d, in.message_id, answer, &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
	json_decref(answer);
	return in.ticket_id;
}

/* Sixteen days of three mails a day. */
static struct desk
usual_desk(const char *url)
{
	struct desk k = open_desk(url, "none");

	counting = mdg_surging_new();
	/* an hour is counted some minutes after its end: away from that edge */
	mdg_clock_advance(3600 + 1800 - mdg_now_s() % 3600);
	for (int day = 0; day < 16; day++) {
		one_mail(&k, "return-conditions", NULL, "返品");
		one_mail(&k, "receipt", NULL, "領収書");
		one_mail(&k, "delay", day % 4 ? NULL : "AB-1", "配送");
		for (int h = 0; h < 24; h++)
			an_hour_later(&k);
	}
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"), 0);
	return k;
}

static void
end(struct desk *k)
{
	mdg_surging_free(&counting);
	close_desk(k);
}

static int64_t
surge(struct desk *k, const char *model, int n)
{
	int64_t last = 0;

	for (int i = 0; i < n; i++)
		last = one_mail(k, "defect", model, "起動");
	an_hour_later(k);
	return last;
}

static void
incident_body(const char *url)
{
	if (!mdg_clock_advance(0))
		return; /* a clock that does not move */
	struct desk k = usual_desk(url);
	int64_t last = surge(&k, "KX-512", 6);

	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"
				   " WHERE state = 'open'"
				   " AND face_kind = 'model'"
				   " AND face_term = 'KX-512'"
				   " AND opened_s - began_s = 3600"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident_ticket"), 6);
	assert_true(count(&k, "SELECT COUNT(*) FROM incident_word"
			      " WHERE tickets = 6") >= 3);
	/* it is about its customers, too: they may ask what is kept of them */
	char sql[120];
	snprintf(sql, sizeof(sql),
		 "SELECT customer_id FROM ticket WHERE id = %lld",
		 (long long)last);
	json_t *r = act(&k, &mdg_actor_system, "customer.export",
			json_pack("{s:I}", "customer", count(&k, sql)));
	const json_t *in = json_array_get(json_object_get(r, "incidents"), 0);
	assert_string_equal(json_string_value(json_object_get(in, "what")),
			    "KX-512");
	assert_int_equal(json_integer_value(json_object_get(in, "ticket")),
			 number_of(&k, last));
	assert_non_null(
		strstr(json_string_value(json_object_get(
			       json_array_get(json_object_get(r, "signs"), 0),
			       "signs")),
		       "model KX-512"));
	/* the same trouble goes on: no other incident, one more ticket */
	one_mail(&k, "defect", "KX-512", "起動");
	an_hour_later(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident_ticket"), 7);
	/* counted anew, as after a restart, it is the same one */
	mdg_surging_free(&counting);
	counting = mdg_surging_new();
	an_hour_later(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"), 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"
				   " WHERE state = 'open'"),
			 1);
	for (int h = 0; h < 200; h++)
		an_hour_later(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"
				   " WHERE state = 'over'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'incident.opened'"),
			 1);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'incident.over'"),
			 1);
	end(&k);
}

static void
verdict_body(const char *url)
{
	if (!mdg_clock_advance(0))
		return;
	struct desk k = usual_desk(url);

	surge(&k, "KX-512", 6);
	int64_t id = count(&k, "SELECT MAX(id) FROM incident");
	refused(&k, &k.op, MDG_EPERM, "incident.verdict",
		json_pack("{s:I,s:s}", "incident", id, "verdict", "noise"));
	refused(&k, &k.sv, MDG_EINVAL, "incident.verdict",
		json_pack("{s:I,s:s}", "incident", id, "verdict", "perhaps"));
	json_t *r =
		act(&k, &k.sv, "incident.verdict",
		    json_pack("{s:I,s:s}", "incident", id, "verdict", "noise"));
	assert_string_equal(json_string_value(json_object_get(r, "state")),
			    "over");
	an_hour_later(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"
				   " WHERE state = 'open'"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"), 1);
	/* a person of another window sees nothing of it */
	act(&k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:o,s:{s:i,s:i}}", "code", "b", "address",
		      "b@shop.example", "calendar",
		      json_loads(t_always_open, 0, NULL), "policy",
		      "first_response_min", 60, "next_response_min", 60));
	json_t *p = act(&k, &mdg_actor_system, "user.add",
			json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", "other",
				  "name", "other", "email", "o@shop.example",
				  "window", "b", "role", "sv"));
	struct mdg_actor other = {
		.person_id = json_integer_value(json_object_get(p, "id")),
		.name = "person:other",
	};
	refused(&k, &other, MDG_ENOENT, "incident.show",
		json_pack("{s:I}", "incident", id));
	r = act(&k, &other, "incident.list", json_pack("{s:b}", "all", 1));
	assert_int_equal(json_array_size(json_object_get(r, "incidents")), 0);
	end(&k);
}

static void
bulk_body(const char *url)
{
	if (!mdg_clock_advance(0))
		return;
	struct desk k = usual_desk(url);
	int64_t ticket = surge(&k, "KX-512", 5);
	int64_t id = count(&k, "SELECT MAX(id) FROM incident");
	int64_t number = number_of(&k, ticket);

	/* no window rule lets a bulk answer out without a lead */
	json_t *r = act(&k, &k.op, "draft.new",
			json_pack("{s:I,s:I,s:s}", "ticket", number, "incident",
				  id, "body", "お客様\n\n調査しております。"));
	int64_t draft = json_integer_value(json_object_get(r, "draft"));
	r = act(&k, &k.op, "draft.submit", draft_arg(draft));
	assert_string_equal(json_string_value(json_object_get(r, "state")),
			    "waiting");
	assert_non_null(
		strstr(json_string_value(json_object_get(r, "care")), "bulk"));
	refused(&k, &k.op, MDG_EEXIST, "draft.new",
		json_pack("{s:I,s:I}", "ticket", number, "incident", id));
	/* discarded, it may be written anew */
	act(&k, &k.op, "draft.withdraw", draft_arg(draft));
	act(&k, &k.op, "draft.discard", draft_arg(draft));
	r = act(&k, &k.op, "draft.new",
		json_pack("{s:I,s:I,s:s}", "ticket", number, "incident", id,
			  "body", "お客様\n\n調査しております。"));
	draft = json_integer_value(json_object_get(r, "draft"));
	act(&k, &k.op, "draft.submit", draft_arg(draft));
	r = act(&k, &k.sv, "incident.replies",
		json_pack("{s:I}", "incident", id));
	assert_int_equal(json_array_size(json_object_get(r, "replies")), 5);
	assert_int_equal(strlen(json_string_value(json_object_get(r, "code"))),
			 8);
	/* a ticket that has nothing to do with it */
	int64_t strange = one_mail(&k, "receipt", NULL, "領収書");
	refused(&k, &k.op, MDG_EINVAL, "draft.new",
		json_pack("{s:I,s:I}", "ticket", number_of(&k, strange),
			  "incident", id));
	end(&k);
}

static void
erase_body(const char *url)
{
	struct mdg_erased sum = {0};
	struct mdg_err err;

	if (!mdg_clock_advance(0))
		return;
	struct desk k = usual_desk(url);
	surge(&k, NULL, 6);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident_word"
				   " WHERE term = '起動'"),
			 1);
	for (;;) {
		int64_t t = 0;
		if (mdg_db_i64(k.d->db, &t, &err,
			       "SELECT ticket_id FROM incident_ticket"
			       " ORDER BY ticket_id LIMIT 1",
			       "") != MDG_FOUND)
			break;
		if (!mdg_desk_begin(k.d, &err) ||
		    !mdg_erase_ticket(k.d, &k.sv, t, false, &sum, &err) ||
		    !mdg_desk_commit(k.d, &err))
			fail_msg("%s", why(&err));
	}
	assert_int_equal(sum.tickets, 6);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident_word"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM surge_mail"
				   " WHERE signs LIKE '%起動%'"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM incident"
				   " WHERE face_term = '起動'"
				   " OR term = '起動'"),
			 0);
	end(&k);
}

/* mdg-text may be hostile: what it says is cut to short lines. */
static void
hostile_body(const char *url)
{
	struct desk k = open_desk(url, "none");
	char longest[200];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	one_mail(&k, "receipt", "A\nmodel B", longest);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM surge_mail"
				   " WHERE signs LIKE '%model B%'"
				   " OR signs LIKE '%xxxx%'"),
			 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM surge_mail"), 1);
	close_desk(&k);
}

EACH(like_mails_are_one_incident_until_they_end, incident_body);
EACH(a_verdict_is_a_leads_and_stays, verdict_body);
EACH(a_bulk_answer_is_one_a_ticket_and_waits_for_a_lead, bulk_body);
EACH(erased_mails_leave_no_words, erase_body);
EACH(signs_out_of_form_are_left_out, hostile_body);

static const struct CMUnitTest surges[] = {
	cmocka_unit_test(like_mails_are_one_incident_until_they_end),
	cmocka_unit_test(a_verdict_is_a_leads_and_stays),
	cmocka_unit_test(a_bulk_answer_is_one_a_ticket_and_waits_for_a_lead),
	cmocka_unit_test(erased_mails_leave_no_words),
	cmocka_unit_test(signs_out_of_form_are_left_out),
};
DESK_TESTS(surges);
