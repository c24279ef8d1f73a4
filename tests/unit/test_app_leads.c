/* Whoever is told of what a window's leads have to know: never nobody, never
 * only somebody who left or is away. Each place where the desk tells it, with
 * each way to be without a lead, on both engines. */
#include "story.h"

#include "madoguchi/app/alarm.h"
#include "madoguchi/app/check.h"
#include "madoguchi/app/digest.h"
#include "madoguchi/app/junk.h"
#include "madoguchi/app/maildesk.h"
#include "madoguchi/app/surge.h"
#include "madoguchi/app/warn.h"
#include "madoguchi/store/st_lead.h"

#define HANAKO "hanako@c.example"

static const char plain[] = "{\"first_response_min\":60}";

/* ---- who is there ---- */

static void
person_is(struct desk *k, const char *what, const char *login)
{
	MDG_AUTO(mdg_freep) char *name = mdg_asprintf("user.%s", what);

	act(k, &mdg_actor_system, name, json_pack("{s:s}", "login", login));
}

static void
all_are_there(struct desk *k)
{
	(void)k;
}

static void
lead_left(struct desk *k)
{
	person_is(k, "disable", "sv");
}

static void
lead_is_away(struct desk *k)
{
	person_is(k, "absent", "sv");
}

static void
lead_is_away_with_deputy(struct desk *k)
{
	act(k, &k->sv, "deputy.set",
	    json_pack("{s:s,s:s,s:i}", "window", "shop", "person", "op2",
		      "days", 20));
	lead_is_away(k);
}

static void
governor_is_away_too(struct desk *k)
{
	lead_is_away(k);
	person_is(k, "absent", "boss");
}

static void
governor_left_too(struct desk *k)
{
	lead_left(k);
	person_is(k, "disable", "boss");
}

static void
all_are_away(struct desk *k)
{
	governor_is_away_too(k);
	person_is(k, "absent", "chief");
}

static void
second_lead_is_there(struct desk *k)
{
	joins(k, "second", "shop", "sv");
	lead_is_away(k);
}

/* boss governs the window, chief the desk; op, op2 answer, sv leads. */
static const struct {
	void (*is)(struct desk *k);
	const char *told;
} cases[] = {
	{all_are_there, "sv"},
	{lead_left, "boss"},
	{lead_is_away, "boss"},
	{lead_is_away_with_deputy, "op2"},
	{second_lead_is_there, "second"},
	{governor_is_away_too, "chief"},
	{governor_left_too, "chief"},
	{all_are_away, "sv"},
};

/* ---- the places ---- */

static void
tick(struct desk *k, bool (*one)(struct mdg_desk *, int64_t, struct mdg_err *))
{
	struct mdg_err err;

	if (!one(k->d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
}

static void
by_breach(struct desk *k)
{
	writes(k, "1@c", HANAKO, "届きません。", NULL);
	at(k, "2027-06-07 12:00");
}

static void
by_approval(struct desk *k)
{
	struct mdg_err err;
	int64_t d;

	set_policy(k, "shop", "{\"first_response_min\":0}");
	writes(k, "1@c", HANAKO, "届きません。", NULL);
	d = draft_for(k, count(k, "SELECT MAX(id) FROM ticket"),
		      "承りました。");
	act(k, &k->op, "draft.submit", draft_arg(d));
	at(k, "2027-06-07 11:00");
	if (!mdg_desk_begin(k->d, &err) ||
	    !mdg_approval_tick(k->d, mdg_now_s(), &err) ||
	    !mdg_desk_commit(k->d, &err))
		fail_msg("%s", why(&err));
}

static void
by_digest(struct desk *k)
{
	tick(k, mdg_digest_tick);
	at(k, "2027-06-08 09:10");
	tick(k, mdg_digest_tick);
}

static void
by_junk(struct desk *k)
{
	assert_true(mdg_db_run(k->d->db, NULL,
			       "UPDATE folder SET role = 'junk' WHERE id = ?1",
			       "i", k->folder));
	take_in(k, new_mail("s@x", "win@prize.example", "当選", "http"));
	tick(k, mdg_junk_tick);
	at(k, "2027-06-08 09:10");
	tick(k, mdg_junk_tick);
}

static void
by_surge(struct desk *k)
{
	set_policy(k, "shop", "{\"first_response_min\":0}");
	writes(k, "1@c", HANAKO, "届きません。", NULL);
	assert_true(
		mdg_db_run(k->d->db, NULL,
			   "INSERT INTO incident (state, kind, term, face_kind,"
			   " face_term, began_s, opened_s, last_s, window_h,"
			   " customers, expected_milli) VALUES ('open', 'word',"
			   " '届', 'word', '届', ?1, ?1, ?1, 1, 5, 100)",
			   "i", mdg_now_s()) &&
		mdg_db_run(k->d->db, NULL,
			   "INSERT INTO incident_ticket (incident_id,"
			   " ticket_id) SELECT i.id, t.id FROM incident i,"
			   " ticket t",
			   ""));
	tick(k, mdg_surge_tell);
}

/* The request itself, to those who work by mail: all of them do, but op. */
static void
by_request(struct desk *k)
{
	static const char *const all[] = {"sv", "boss", "chief", "op2",
					  "second"};
	int64_t d;

	for (size_t i = 0; i < MDG_LEN(all); i++)
		assert_true(
			mdg_db_run(k->d->db, NULL,
				   "INSERT INTO mail_person (person_id,"
				   " signature, evidence, seen_s, digest_day)"
				   " SELECT id, '', '', 0, ?2 FROM person"
				   " WHERE login = ?1",
				   "si", all[i],
				   /* no list of this morning or the next */
				   (mdg_now_s() + 15 * 3600) / 86400));
	tick(k, mdg_maildesk_tick);
	set_policy(k, "shop", "{\"first_response_min\":0}");
	writes(k, "1@c", HANAKO, "届きません。", NULL);
	d = draft_for(k, count(k, "SELECT MAX(id) FROM ticket"),
		      "承りました。");
	act(k, &k->op, "draft.submit", draft_arg(d));
	tick(k, mdg_maildesk_tick);
}

static const struct {
	const char *name;
	void (*happens)(struct desk *k);
} places[] = {
	{"a breach", by_breach},   {"an approval", by_approval},
	{"the digest", by_digest}, {"the junk folder", by_junk},
	{"a surge", by_surge},     {"a request", by_request},
};

static struct desk
shop(const char *url)
{
	struct desk k = story_begin(url, "2027-06-07 10:00", t_office, plain);

	joins(&k, "boss", "shop", "admin");
	act(&k, &mdg_actor_system, "user.add",
	    json_pack("{s:s,s:s,s:s,s:b}", "login", "chief", "name", "chief",
		      "email", "chief@shop.example", "admin", 1));
	return k;
}

/* Everybody who was written to is that one, and that one was. */
static void
only_told(struct desk *k, const char *place, size_t n)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(mdg_freep)
	char *want = mdg_asprintf("%s@shop.example", cases[n].told);
	struct mdg_err err;
	bool any = false;

	if (!mdg_db_query(k->d->db, &r, &err,
			  "SELECT DISTINCT r.address FROM outbox o"
			  " JOIN outbox_rcpt r ON r.outbox_id = o.id"
			  " WHERE o.kind = 'notice'",
			  ""))
		fail_msg("%s", why(&err));
	while (mdg_rows_next(r)) {
		if (strcmp(mdg_rows_text(r, 0), want) != 0)
			fail_msg("%s, case %zu: %s was told, not %s", place, n,
				 mdg_rows_text(r, 0), want);
		any = true;
	}
	if (!any)
		fail_msg("%s, case %zu: nobody was told", place, n);
}

/* One desk for each: stores are emptied by opening a fresh one. */
static size_t place_n, case_n;

static void
told_body(const char *url)
{
	struct desk k = shop(url);

	cases[case_n].is(&k);
	places[place_n].happens(&k);
	only_told(&k, places[place_n].name, case_n);
	close_desk(&k);
}

static void
each_place_tells_who_leads_now(void **state)
{
	(void)state;
	/* all that can be at the first place, every second at the others */
	for (place_n = 0; place_n < MDG_LEN(places); place_n++)
		for (case_n = place_n ? 1 : 0; case_n < MDG_LEN(cases);
		     case_n += place_n ? 2 : 1)
			t_each_engine(told_body);
}

/* ---- alarms of the desk ---- */

static void
alarmed(struct desk *k, bool leads, const char *want)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_strings to = {0};
	struct mdg_err err;

	if (!mdg_alarm_people(k->d, leads, MDG_LANG_JA, &a, &to, &err))
		fail_msg("%s", why(&err));
	for (size_t i = 0; i < to.n; i++)
		mdg_buf_printf(&b, "%s%.*s", i ? " " : "",
			       (int)strcspn(to.v[i], "@"), to.v[i]);
	assert_string_equal(mdg_buf_str(&b), want);
}

static void
alarm_body(const char *url)
{
	struct desk k = shop(url);

	alarmed(&k, false, "chief");
	alarmed(&k, true, "chief sv");
	person_is(&k, "absent", "chief");
	/* away, and nobody else governs the desk: its leads hear of it, too */
	alarmed(&k, false, "chief sv");
	person_is(&k, "disable", "sv");
	alarmed(&k, false, "chief boss");
	close_desk(&k);
}

/* ---- while it waits to be told ---- */

static void
waiting_body(const char *url)
{
	struct desk k = shop(url);

	set_policy(&k, "shop",
		   "{\"first_response_min\":60,\"business\":false}");
	at(&k, "2027-06-07 17:30");
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);
	at(&k, "2027-06-07 17:59");
	int64_t told = mails_to(&k, "sv");
	at(&k, "2027-06-08 08:00");
	assert_string_equal(escalated_to(&k, t), "sv");
	assert_int_equal(mails_to(&k, "sv"), told);
	lead_left(&k);
	/* it is another's now, who hears of it instead */
	assert_string_equal(escalated_to(&k, t), "boss");
	at(&k, "2027-06-08 09:30");
	assert_int_equal(mails_to(&k, "boss"), 1);
	assert_int_equal(mails_to(&k, "sv"), told);
	close_desk(&k);
}

static void
owner_goes_body(const char *url)
{
	struct desk k = shop(url);
	int64_t t = writes(&k, "1@c", HANAKO, "届きません。", NULL);

	does(&k, &k.sv, "ticket.assign", t, json_pack("{s:s}", "to", "op"));
	at(&k, "2027-06-07 11:30");
	assert_string_equal(escalated_to(&k, t), "");
	/* late, and whose it was goes home */
	person_is(&k, "absent", "op");
	assert_string_equal(escalated_to(&k, t), "sv");
	lead_is_away(&k);
	assert_string_equal(escalated_to(&k, t), "boss");
	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", "boss", "window", "shop",
		      "role", "viewer"));
	assert_string_equal(escalated_to(&k, t), "chief");
	at(&k, "2027-06-07 15:00");
	assert_int_equal(mails_to(&k, "chief"), 1);
	figures_agree(&k);
	close_desk(&k);
}

static void
one_owner_body(const char *url)
{
	struct desk k = shop(url);
	struct mdg_lead_ask q = {.win = 1, .now_s = mdg_now_s()};
	struct mdg_lead v[MDG_LEADS_MAX];
	char id[40], from[40];
	size_t n;

	joins(&k, "second", "shop", "sv");
	for (int i = 0; i < 6; i++) {
		snprintf(id, sizeof(id), "%d@c", i);
		snprintf(from, sizeof(from), "c%d@c.example", i);
		writes(&k, id, from, "届きません。", NULL);
	}
	at(&k, "2027-06-07 14:00");
	/* evenly, each with one */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM escalation"), 6);
	assert_int_equal(count(&k, "SELECT MAX(n) FROM (SELECT COUNT(*) AS n"
				   " FROM escalation GROUP BY person_id) x"),
			 3);
	assert_true(mdg_leads_late(k.d->db, &q, v, MDG_LEADS_MAX, &n, NULL));
	assert_int_equal(n, 2);
	assert_int_equal(v[0].late_n, 3);
	assert_int_equal(v[1].late_n, 3);
	q.but = v[0].id;
	assert_true(mdg_leads_late(k.d->db, &q, v, MDG_LEADS_MAX, &n, NULL));
	assert_int_equal(n, 1);
	assert_true(v[0].id != q.but);
	close_desk(&k);
}

/* ---- open again, and whose it was is away ---- */

static void
reopened_body(const char *url)
{
	struct desk k = shop(url);
	int64_t t[3];

	set_policy(&k, "shop", "{\"first_response_min\":0}");
	for (int i = 0; i < 3; i++) {
		char id[16], from[32];
		snprintf(id, sizeof(id), "%d@c", i);
		snprintf(from, sizeof(from), "c%d@c.example", i);
		t[i] = writes(&k, id, from, "届きません。", NULL);
		does(&k, &k.sv, "ticket.assign", t[i],
		     json_pack("{s:s}", "to", i < 2 ? "op" : "op2"));
		does(&k, &k.sv, "ticket.close", t[i],
		     json_pack("{s:s}", "kind", "no_reply"));
	}
	person_is(&k, "absent", "op");
	at(&k, "2027-06-07 18:30");
	writes(&k, "3@c", "c0@c.example", "まだ届きません。", "0@c");
	does(&k, &k.sv, "ticket.reopen", t[1], NULL);
	does(&k, &k.sv, "ticket.reopen", t[2], NULL);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM ticket WHERE"
				   " assignee_id IS NULL AND state = 'new'"),
			 2);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM event"
				   " WHERE kind = 'ticket.left'"),
			 2);
	/* in the morning, in one mail, of what is still so */
	at(&k, "2027-06-08 08:50");
	assert_int_equal(mails_to(&k, "sv"), 0);
	does(&k, &k.op2, "ticket.assign", t[1],
	     json_pack("{s:s}", "to", "op2"));
	at(&k, "2027-06-08 09:30");
	assert_int_equal(mails_to(&k, "sv"), 1);
	assert_int_equal(count(&k,
			       "SELECT COUNT(*) FROM notice WHERE subject"
			       " LIKE '%1 件（うち期限超過 0 件）%' AND text"
			       " LIKE '%不在のため未割当%'"),
			 1);
	at(&k, "2027-06-08 12:00");
	assert_int_equal(mails_to(&k, "sv"), 1);
	figures_agree(&k);
	close_desk(&k);
}

/* Asked in the evening, told in the morning: to who leads then. */
static void
asked_at_night_body(const char *url)
{
	struct desk k = shop(url);

	at(&k, "2027-06-07 18:30");
	by_request(&k);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM outbox"
				   " WHERE kind = 'notice'"),
			 0);
	lead_left(&k);
	mdg_clock_advance(t_time("2027-06-08 09:01") - mdg_now_s());
	tick(&k, mdg_maildesk_tick);
	tick(&k, mdg_maildesk_tick);
	for (case_n = 0; cases[case_n].is != lead_left; case_n++)
		;
	only_told(&k, "the morning", case_n);
	close_desk(&k);
}

EACH(who_is_away_has_no_open_ticket, reopened_body);
EACH(a_request_of_the_night_is_told_who_leads_in_the_morning,
     asked_at_night_body);
EACH(alarms_go_to_who_governs_the_desk_and_is_there, alarm_body);
EACH(what_waits_for_somebody_who_left_is_told_who_leads_then, waiting_body);
EACH(a_late_ticket_changes_hands_with_whoever_goes, owner_goes_body);
EACH(late_tickets_are_shared_among_the_leads, one_owner_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_place_tells_who_leads_now),
	cmocka_unit_test(who_is_away_has_no_open_ticket),
	cmocka_unit_test(
		a_request_of_the_night_is_told_who_leads_in_the_morning),
	cmocka_unit_test(alarms_go_to_who_governs_the_desk_and_is_there),
	cmocka_unit_test(
		what_waits_for_somebody_who_left_is_told_who_leads_then),
	cmocka_unit_test(a_late_ticket_changes_hands_with_whoever_goes),
	cmocka_unit_test(late_tickets_are_shared_among_the_leads),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
