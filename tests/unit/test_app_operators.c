/* How people answered, against the same mix of mails: what is kept of a reply,
 * sums against a slow reference, and who may see whom. On both engines. */
#include "desk_fixture.h"

#include <math.h>

#include "madoguchi/app/figures.h"
#include "madoguchi/query/figure.h"
#include "madoguchi/query/report.h"

/* ---- what is kept of a reply ---- */

static int64_t
mail(struct desk *k, const char *id, const char *answers)
{
	struct mdg_mail *m =
		new_mail(id, "taro@c.example", "ログインできません", "本文");

	if (answers)
		mdg_strings_add(&m->in_reply_to, &m->arena, answers,
				strlen(answers));
	return take_in(k, m).ticket_id;
}

static void
answered(struct desk *k, int64_t ticket, const struct mdg_actor *who,
	 bool returned)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_job job;
	struct mdg_err err;
	json_t *r = act(k, who, "draft.new",
			json_pack("{s:I,s:s}", "ticket", number_of(k, ticket),
				  "body", "様\n\n承りました。"));
	int64_t d = json_integer_value(json_object_get(r, "draft"));

	act(k, who, "draft.submit", draft_arg(d));
	if (returned) {
		act(k, &k->sv, "return",
		    json_pack("{s:I,s:s,s:s}", "draft", d, "code", "A1", "note",
			      "質問に答えていません。"));
		act(k, who, "draft.submit", draft_arg(d));
	}
	act(k, &k->sv, "approve", draft_arg(d));
	act(k, &mdg_actor_system, "golive", json_object());
	assert_true(claim(k, &a, &job));
	const struct mdg_outbox_answer v = {job.rcpts.v[0], "accepted", 250,
					    "ok"};
	if (!mdg_outbox_committing(k->d, job.outbox_id, &err) ||
	    !mdg_outbox_finish(k->d, job.outbox_id, false, &v, 1, &err))
		fail_msg("%s", why(&err));
}

static void
kept_body(const char *url)
{
	enum {
		RETURNED = MDG_FIGURE_REVIEWED | MDG_FIGURE_RETURNED,
		JUDGED = RETURNED | MDG_FIGURE_FILES | MDG_FIGURE_NEXT |
			 MDG_FIGURE_FIRST_MET,
	};
	struct desk k = open_desk(url, "all");
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_figure *v;
	struct mdg_err err;
	size_t n;

	int64_t t = mail(&k, "a@c", NULL);
	answered(&k, t, &k.op, true);
	assert_int_equal(mail(&k, "b@c", "a@c"), t);
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE message SET attachments_n = 1"
			       " WHERE message_id = 'b@c'",
			       ""));
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE ticket SET temperature = 3", ""));
	answered(&k, t, &k.op2, false);
	if (!mdg_figure_of(k.d->db, t, &a, &v, &n, &err))
		fail_msg("%s", why(&err));
	assert_int_equal(n, 2);
	assert_int_equal(v[0].operator_id, k.op.person_id);
	assert_int_equal(v[0].bits & JUDGED,
			 RETURNED | MDG_FIGURE_FILES | MDG_FIGURE_FIRST_MET);
	assert_int_equal(v[1].operator_id, k.op2.person_id);
	assert_int_equal(v[1].bits & JUDGED,
			 MDG_FIGURE_REVIEWED | MDG_FIGURE_FILES |
				 MDG_FIGURE_NEXT | MDG_FIGURE_FIRST_MET);
	assert_int_equal(v[1].temperature, 3);
	/* the answer to the later mail is no first response */
	const json_t *row = json_array_get(
		json_object_get(act(&k, &k.sv, "report.summary", json_object()),
				"rows"),
		0);
	assert_int_equal(json_integer_value(json_object_get(row, "first_n")),
			 1);
	close_desk(&k);
}

/* ---- sums ---- */

enum { ROWS = 3000, PEOPLE = 4, SMALL = 29 };

static struct one {
	int person, category, temperature, next, files;
	int64_t counted_s;
	int late, reviewed, returned, reopened;
} all[ROWS];

static uint64_t random_state = 20261122;

static int
below(int n)
{
	random_state =
		random_state * 6364136223846793005u + 1442695040888963407u;
	return (int)((random_state >> 33) % (uint64_t)n);
}

/* Person 0 is slow, 2 has the hard mails, 3 wrote hardly any. */
static void
make(struct desk *k, const int64_t *people, const int64_t *wins)
{
	struct mdg_err err;
	int few = 0;

	assert_true(mdg_desk_begin(k->d, &err));
	for (int i = 0; i < ROWS; i++) {
		struct one *o = &all[i];
		o->person = below(100) < 2 && few < SMALL ? PEOPLE - 1
							  : below(PEOPLE - 1);
		few += o->person == PEOPLE - 1;
		o->category = o->person == 2 ? below(2) : below(6);
		o->temperature = below(3);
		o->next = below(4) == 0;
		o->files = below(3) == 0;
		o->counted_s = (60 + below(6000)) * (1 + o->temperature) *
			       (o->category < 2 ? 4 : 1) *
			       (o->person == 0 ? 2 : 1);
		o->late = o->counted_s > 30000;
		o->reviewed = below(3) > 0;
		o->returned = o->reviewed && below(10) == 0;
		o->reopened = !o->next && below(5) == 0;
		int64_t bits = (o->late ? 0 : MDG_FIGURE_FIRST_MET) |
			       (o->reviewed ? MDG_FIGURE_REVIEWED : 0) |
			       (o->returned ? MDG_FIGURE_RETURNED : 0) |
			       (o->next ? MDG_FIGURE_NEXT : 0) |
			       (o->files ? MDG_FIGURE_FILES : 0) |
			       (o->reopened ? MDG_FIGURE_REOPENED : 0);
		char category[8];
		snprintf(category, sizeof(category), "c%d", o->category);
		if (!mdg_db_run(
			    k->d->db, &err,
			    "INSERT INTO figure (ticket_id, n, win_id,"
			    " created_s, bits, account_id, operator_id,"
			    " first_end_s, first_counted_s, resolution_end_s,"
			    " resolution_counted_s, category, template_id,"
			    " temperature) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6,"
			    " ?7, ?8, 0, 0, ?9, '', ?10)",
			    "iiiiiiiisi", (int64_t)(900000 + i),
			    (int64_t)o->next, wins[0], mdg_now_s() - 9000, bits,
			    people[o->person], mdg_now_s() - 60, o->counted_s,
			    category, (int64_t)o->temperature))
			fail_msg("%s", why(&err));
	}
	assert_true(mdg_desk_commit(k->d, &err));
}

static bool
alike(const struct one *a, const struct one *b)
{
	return a->category == b->category && a->temperature == b->temperature &&
	       a->next == b->next && a->files == b->files;
}

enum kind { TIME, LATE, RETURNED, REOPENED };

/* Does it count, and with what? */
static bool
value(const struct one *o, enum kind k, double *ret)
{
	*ret = k == TIME       ? log(1 + (double)o->counted_s / 60)
	       : k == LATE     ? o->late
	       : k == RETURNED ? o->returned
			       : o->reopened;
	return k == RETURNED ? o->reviewed : k != REOPENED || !o->next;
}

/* For each response of the person, all the others are looked at. */
static void
reference(int person, enum kind k, double *ret_observed, double *ret_expected,
	  double *ret_n)
{
	double sum = 0, n = 0, v, w;

	*ret_observed = *ret_expected = *ret_n = 0;
	for (int i = 0; i < ROWS; i++)
		if (value(&all[i], k, &v))
			sum += v, n++;
	for (int i = 0; i < ROWS; i++) {
		double cell = 0, m = 0;
		if (all[i].person != person || !value(&all[i], k, &v))
			continue;
		for (int j = 0; j < ROWS; j++)
			if (alike(&all[i], &all[j]) && value(&all[j], k, &w))
				cell += w, m++;
		*ret_observed += v;
		*ret_expected += (cell + 20 * sum / n) / (m + 20);
		++*ret_n;
	}
}

static double
real(const json_t *row, const char *key)
{
	const json_t *v = json_object_get(row, key);

	if (!json_is_real(v))
		fail_msg("%s is not told: %s", key, json_dumps(row, 0));
	return json_real_value(v);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
check_person(const json_t *row, int person)
{
	static const char *const names[] = {"time", "late", "returned",
					    "reopened"};
	static int64_t times[ROWS];
	size_t n = 0;
	char key[40];

	for (int k = TIME; k <= REOPENED; k++) {
		double o, e, of;
		reference(person, (enum kind)k, &o, &e, &of);
		double ratio = k == TIME ? exp((o - e) / of) : o / e;
		snprintf(key, sizeof(key), "%s_ratio", names[k]);
		if (fabs(real(row, key) - ratio) > .00051)
			fail_msg("%d: %s is %f, not %f", person, key,
				 real(row, key), ratio);
		snprintf(key, sizeof(key), "%s_low", names[k]);
		assert_true(real(row, key) < ratio);
		snprintf(key, sizeof(key), "%s_high", names[k]);
		assert_true(real(row, key) > ratio);
	}
	for (int i = 0; i < ROWS; i++)
		if (all[i].person == person)
			times[n++] = all[i].counted_s;
	qsort(times, n, sizeof(*times), by_size);
	assert_int_equal(json_integer_value(json_object_get(row, "n")), n);
	assert_true(fabs(real(row, "median_min") -
			 (double)times[(n + 1) / 2 - 1] / 60) < .11);
	assert_true(real(row, "median_low") < real(row, "median_min"));
	assert_true(real(row, "median_high") > real(row, "median_min"));
}

static const char *const logins[PEOPLE] = {"op", "op2", "op3", "op4"};

static const json_t *
row_of(const json_t *result, const char *login)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(result, "rows"), i, row)
		if (mdg_streq(
			    json_string_value(json_object_get(row, "operator")),
			    login))
			return row;
	return NULL;
}

static void
sums_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	const int64_t people[PEOPLE] = {
		k.op.person_id, k.op2.person_id,
		person(&k, "op3", "operator").person_id,
		person(&k, "op4", "operator").person_id};
	const int64_t wins[] = {count(&k, "SELECT id FROM win")};

	make(&k, people, wins);
	json_t *r =
		json_incref(act(&k, &k.sv, "report.operators", json_object()));
	assert_int_equal(json_array_size(json_object_get(r, "rows")), PEOPLE);
	for (int i = 0; i < PEOPLE - 1; i++)
		check_person(row_of(r, logins[i]), i);
	/* slow, whatever the mails; of two alike, hard mails make less of a
	 * difference than it seems */
	const json_t *plain = row_of(r, "op2"), *hard = row_of(r, "op3");
	assert_true(real(row_of(r, "op"), "time_low") > 1.2);
	assert_true(real(hard, "median_min") / real(plain, "median_min") >
		    1.5 * real(hard, "time_ratio") / real(plain, "time_ratio"));
	/* of few not even how few; other ways to ask tell no more */
	const json_t *few = row_of(r, "op4"), *v;
	const char *key;
	json_object_foreach ((json_t *)few, key, v)
		assert_true(json_is_null(v) || mdg_streq(key, "operator"));
	r = (json_decref(r), act(&k, &k.sv, "report.summary",
				 json_pack("{s:s}", "by", "operator")));
	json_t *row;
	size_t i;
	int hidden = 0;
	json_array_foreach (json_object_get(r, "rows"), i, row) {
		if (!mdg_streq(json_string_value(json_object_get(row, "group")),
			       "op4"))
			continue;
		json_object_foreach (row, key, v)
			assert_true(json_is_null(v) || mdg_streq(key, "group"));
		hidden++;
	}
	assert_int_equal(hidden, 1);
	close_desk(&k);
}

/* ---- who sees whom ---- */

static size_t
rows_n(struct desk *k, const struct mdg_actor *who)
{
	return json_array_size(json_object_get(
		act(k, who, "report.operators", json_object()), "rows"));
}

static void
private_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	const int64_t people[PEOPLE] = {
		k.op.person_id, k.op2.person_id,
		person(&k, "op3", "operator").person_id,
		person(&k, "op4", "operator").person_id};
	int64_t wins[] = {count(&k, "SELECT id FROM win")};
	struct mdg_actor other = person(&k, "sv2", "sv"),
			 viewer = person(&k, "look", "viewer");
	struct mdg_err err;

	make(&k, people, wins);
	/* sv2 leads another window, and only works in this one */
	act(&k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:s,s:o,s:{s:i}}", "code", "tools", "address",
		      "tools@shop.example", "approval", "all", "calendar",
		      json_loads(t_always_open, 0, NULL), "policy",
		      "first_response_min", 60));
	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", "sv2", "window", "tools",
		      "role", "sv"));
	act(&k, &mdg_actor_system, "user.role",
	    json_pack("{s:s,s:s,s:s}", "login", "sv2", "window", "shop", "role",
		      "operator"));
	assert_int_equal(rows_n(&k, &k.sv), PEOPLE);
	assert_int_equal(rows_n(&k, &other), 0);
	assert_int_equal(json_array_size(json_object_get(
				 act(&k, &other, "report.summary",
				     json_pack("{s:s}", "by", "operator")),
				 "rows")),
			 0);
	/* an operator, themselves: against the same desk */
	json_t *own =
		json_incref(act(&k, &k.op, "report.operators", json_object()));
	assert_int_equal(json_array_size(json_object_get(own, "rows")), 1);
	assert_true(json_equal(
		row_of(own, "op"),
		row_of(act(&k, &k.sv, "report.operators", json_object()),
		       "op")));
	json_decref(own);
	refused(&k, &viewer, MDG_EPERM, "report.operators", json_object());
	/* another's window is none of theirs, whatever they ask */
	assert_true(mdg_db_run(k.d->db, &err,
			       "UPDATE figure SET win_id = (SELECT id FROM win"
			       " WHERE code = 'tools')",
			       ""));
	assert_int_equal(rows_n(&k, &k.op), 0);
	assert_int_equal(rows_n(&k, &k.sv), 0);
	assert_int_equal(rows_n(&k, &other), PEOPLE);
	close_desk(&k);
}

EACH(a_response_knows_who_wrote_it_and_what_a_lead_said, kept_body);
EACH(people_are_measured_against_the_same_mix_of_mails, sums_body);
EACH(a_person_is_shown_to_themselves_and_their_leads, private_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_response_knows_who_wrote_it_and_what_a_lead_said),
	cmocka_unit_test(people_are_measured_against_the_same_mix_of_mails),
	cmocka_unit_test(a_person_is_shown_to_themselves_and_their_leads),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
