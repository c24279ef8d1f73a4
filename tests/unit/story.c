#include "story.h"

#include "madoguchi/app/warn.h"

const char t_office[] =
	"{\"zone\":\"Asia/Tokyo\",\"weekly\":{"
	"\"mon\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"tue\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"wed\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"thu\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"fri\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]]},"
	"\"national_holidays\":\"jp\"}";
#define NIGHT(day) "\"" day "\":[[\"00:00\",\"06:00\"],[\"22:00\",\"24:00\"]]"
#define NIGHTS                                                                 \
	NIGHT("mon")                                                           \
	"," NIGHT("tue") "," NIGHT("wed") "," NIGHT("thu") "," NIGHT(          \
		"fri") "," NIGHT("sat") "," NIGHT("sun")
const char t_night[] = "{\"zone\":\"Asia/Tokyo\",\"weekly\":{" NIGHTS "}}";
const char t_berlin[] = "{\"zone\":\"Europe/Berlin\",\"weekly\":{" NIGHTS "}}";

int64_t
t_time(const char *when)
{
	char text[40];
	int64_t t_s = 0;

	if (strlen(when) == 16) {
		snprintf(text, sizeof(text), "%.10sT%s:00+09:00", when,
			 when + 11);
		when = text;
	}
	if (!mdg_time_parse(when, &t_s))
		fail_msg("%s is no time", when);
	return t_s;
}

static json_t *
json_of(const char *text)
{
	json_error_t e;
	json_t *j = json_loads(text, 0, &e);

	if (!j)
		fail_msg("%s: %s", text, e.text);
	return j;
}

void
set_hours(struct desk *k, const char *window, const char *calendar)
{
	act(k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:o}", "window", window, "calendar",
		      json_of(calendar)));
}

void
set_policy(struct desk *k, const char *window, const char *policy)
{
	act(k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:o}", "window", window, "policy",
		      json_of(policy)));
}

void
add_window(struct desk *k, const char *code, const char *calendar,
	   const char *policy)
{
	MDG_AUTO(mdg_freep)
	char *address = mdg_asprintf("%s@shop.example", code);

	act(k, &mdg_actor_system, "window.add",
	    json_pack("{s:s,s:s,s:o,s:o,s:s}", "code", code, "address", address,
		      "calendar", json_of(calendar), "policy", json_of(policy),
		      "signature", "窓口"));
}

struct mdg_actor
joins(struct desk *k, const char *login, const char *window, const char *role)
{
	MDG_AUTO(mdg_freep)
	char *email = mdg_asprintf("%s@shop.example", login);
	struct mdg_actor who = {.lang = MDG_LANG_EN};
	json_t *r = act(k, &mdg_actor_system, "user.add",
			json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", login,
				  "name", login, "email", email, "window",
				  window, "role", role));

	who.person_id = json_integer_value(json_object_get(r, "id"));
	snprintf(who.name, sizeof(who.name), "person:%lld",
		 (long long)who.person_id);
	return who;
}

struct desk
story_begin(const char *url, const char *when, const char *calendar,
	    const char *policy)
{
	struct desk k;
	struct mdg_err err;

	if (!mdg_clock_advance(t_time(when) - mdg_now_s()))
		skip();
	k = open_desk_now(url, "all");
	act(&k, &mdg_actor_system, "mailbox.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "window", "shop", "address",
		      "out@shop.example", "imap_host", "127.0.0.1", "smtp_host",
		      "127.0.0.1", "password", "x", "since", "all"));
	act(&k, &mdg_actor_system, "golive", json_object());
	/* each with an address of their own */
	if (!mdg_db_run(k.d->db, &err,
			"UPDATE person SET email = login || '@shop.example'",
			""))
		fail_msg("%s", why(&err));
	set_hours(&k, "shop", calendar);
	set_policy(&k, "shop", policy);
	return k;
}

static void
tick(struct desk *k)
{
	struct mdg_err err;

	pass(k, 0);
	if (!mdg_warn_tick(k->d, mdg_now_s(), &err))
		fail_msg("%s", why(&err));
}

void
at(struct desk *k, const char *when)
{
	enum { STEP = 600 };
	int64_t end_s = t_time(when), left;

	assert_true(end_s >= mdg_now_s() - 60);
	while ((left = end_s - mdg_now_s()) > 0) {
		int64_t next = count(k, "SELECT COALESCE(MIN(next_s), 0)"
					" FROM clock") -
			       mdg_now_s();
		if (next <= 0 || next > STEP)
			next = STEP;
		mdg_clock_advance(next < left ? next : left);
		tick(k);
	}
}

int64_t
writes(struct desk *k, const char *id, const char *from, const char *text,
       const char *answers)
{
	struct mdg_mail *m = new_mail(id, from, "用件について", text);

	if (answers)
		mdg_strings_add(&m->in_reply_to, &m->arena, answers,
				strlen(answers));
	return number_of(k, take_in(k, m).ticket_id);
}

static int64_t
id_of(struct desk *k, int64_t number)
{
	int64_t id = 0;

	mdg_db_i64(k->d->db, &id, NULL,
		   "SELECT id FROM ticket WHERE number = ?1", "i", number);
	return id;
}

/* The next mail goes out, whatever it is; which it was. */
static int64_t
send_one(struct desk *k)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_job job;
	struct mdg_err err;

	assert_true(claim(k, &a, &job));
	const struct mdg_outbox_answer v = {job.rcpts.v[0], "accepted", 250,
					    "ok"};
	if (!mdg_outbox_committing(k->d, job.outbox_id, &err) ||
	    !mdg_outbox_finish(k->d, job.outbox_id, false, &v, 1, &err))
		fail_msg("%s", why(&err));
	return job.outbox_id;
}

void
replies(struct desk *k, int64_t ticket, const char *next, const char *until)
{
	int64_t d = draft_for(k, id_of(k, ticket), "様\n\n承りました。");

	act(k, &k->op, "draft.edit",
	    json_pack("{s:I,s:s,s:I}", "draft", d, "next", next, "next_due_s",
		      until ? t_time(until) : 0));
	act(k, &k->op, "draft.submit", draft_arg(d));
	int64_t outbox = json_integer_value(json_object_get(
		act(k, &k->sv, "approve", draft_arg(d)), "outbox"));
	/* mails to the people of the desk may stand before it */
	while (send_one(k) != outbox)
		;
}

json_t *
does(struct desk *k, const struct mdg_actor *who, const char *name,
     int64_t ticket, json_t *more)
{
	json_t *args = json_pack("{s:I}", "ticket", (json_int_t)ticket);

	if (more)
		json_object_update(args, more);
	json_decref(more);
	return act(k, who, name, args);
}

int64_t
clock_figure(struct desk *k, int64_t ticket, const char *kind,
	     const char *column)
{
	MDG_AUTO(mdg_freep)
	char *sql = mdg_asprintf("SELECT COALESCE(c.%s, 0) FROM clock c"
				 " JOIN ticket t ON t.id = c.ticket_id"
				 " WHERE t.number = %lld AND c.kind = '%s'"
				 " ORDER BY c.n DESC LIMIT 1",
				 column, (long long)ticket, kind);

	return count(k, sql);
}

int64_t
clocks_of(struct desk *k, int64_t ticket, const char *kind)
{
	MDG_AUTO(mdg_freep)
	char *sql = mdg_asprintf("SELECT COUNT(*) FROM clock c JOIN ticket t"
				 " ON t.id = c.ticket_id WHERE t.number = %lld"
				 " AND c.kind = '%s'",
				 (long long)ticket, kind);

	return count(k, sql);
}

void
due_at(struct desk *k, int64_t ticket, const char *kind, const char *when)
{
	int64_t is_s = clock_figure(k, ticket, kind, "due_s");
	char text[40];

	mdg_time_rfc3339(is_s + 9 * 3600, text, sizeof(text));
	/* the story itself takes some seconds */
	if (is_s < t_time(when) - 5 || is_s > t_time(when) + 120)
		fail_msg("%s is due at %s, not %s", kind, text, when);
}

void
clock_is(struct desk *k, int64_t ticket, const char *kind, const char *state)
{
	MDG_AUTO(mdg_freep)
	char *sql = mdg_asprintf("SELECT c.state = '%s' FROM clock c"
				 " JOIN ticket t ON t.id = c.ticket_id"
				 " WHERE t.number = %lld AND c.kind = '%s'"
				 " ORDER BY c.n DESC LIMIT 1",
				 state, (long long)ticket, kind);

	if (count(k, sql) == -1)
		fail_msg("there is no %s", kind);
	if (count(k, sql) != 1)
		fail_msg("%s is not %s", kind, state);
}

static void
explained(struct desk *k, int64_t ticket)
{
	json_t *r = act(k, &mdg_actor_system, "sla.explain",
			json_pack("{s:I}", "ticket", (json_int_t)ticket));
	json_t *c, *v;
	size_t n, i;

	ticket = json_integer_value(json_object_get(r, "ticket"));
	json_array_foreach (json_object_get(r, "clocks"), n, c) {
		int64_t sum = 0, due_s = 0, row = 0;
		json_array_foreach (json_object_get(c, "intervals"), i, v)
			if (json_is_true(json_object_get(v, "counts")))
				sum += json_integer_value(
					json_object_get(v, "seconds"));
		assert_int_equal(sum, json_integer_value(
					      json_object_get(c, "counted_s")));
		const char *due = json_string_value(json_object_get(c, "due"));
		if (due && !mdg_time_parse(due, &due_s))
			fail_msg("%s is no time", due);
		assert_int_equal(
			mdg_db_i64(
				k->d->db, &row, NULL,
				"SELECT COALESCE(c.due_s, 0) FROM clock c"
				" JOIN ticket t ON t.id = c.ticket_id WHERE"
				" t.number = ?1 AND c.n = ?2 AND"
				" c.state = ?3",
				"iis", ticket, (int64_t)n,
				json_string_value(json_object_get(c, "state"))),
			MDG_FOUND);
		assert_int_equal(row, due_s);
	}
}

void
figures_agree(struct desk *k)
{
	json_t *r = act(k, &mdg_actor_system, "sla.check", json_object());
	int64_t last_n = count(k, "SELECT MAX(number) FROM ticket");

	if (!json_is_true(json_object_get(r, "ok")))
		fail_msg("%s", json_dumps(r, 0));
	for (int64_t n = count(k, "SELECT MIN(number) FROM ticket");
	     n <= last_n; n++)
		explained(k, n);
}

int64_t
mails_to(struct desk *k, const char *login)
{
	MDG_AUTO(mdg_freep)
	char *sql = mdg_asprintf("SELECT COUNT(*) FROM notice n"
				 " JOIN outbox_rcpt r"
				 " ON r.outbox_id = n.outbox_id"
				 " WHERE n.subject LIKE '%%期限のお知らせ%%'"
				 " AND r.address = '%s@shop.example'",
				 login);

	return count(k, sql);
}

const char *
escalated_to(struct desk *k, int64_t ticket)
{
	static char login[64];
	struct mdg_rows *r;
	struct mdg_err err;

	*login = '\0';
	if (!mdg_db_query(k->d->db, &r, &err,
			  "SELECT p.login FROM escalation e JOIN person p ON"
			  " p.id = e.person_id JOIN ticket t ON"
			  " t.id = e.ticket_id WHERE t.number = ?1",
			  "i", ticket))
		fail_msg("%s", why(&err));
	while (mdg_rows_next(r))
		snprintf(login, sizeof(login), "%s", mdg_rows_text(r, 0));
	if (!mdg_rows_close(&r, &err))
		fail_msg("%s", why(&err));
	return login;
}

double
summary(struct desk *k, const char *from, const char *to, const char *key)
{
	json_t *r = act(k, &k->sv, "report.summary",
			json_pack("{s:s,s:s}", "from", from, "to", to));
	json_t *rows = json_object_get(r, "rows");

	return json_number_value(json_object_get(json_array_get(rows, 0), key));
}
