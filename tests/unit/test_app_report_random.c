/*
 * Reports against a second, slow way to the same figures: days of random work,
 * then everything counted anew out of the log of events, second by second over
 * the hours of the window. Nothing is shared with the reports but the log.
 */
#include "desk_fixture.h"
#include "dice.h"

enum { TICKETS = 40, STEPS = 200, DAY_S = 86400, ZONE_S = 9 * 3600 };

static uint64_t dice;

static unsigned
any(unsigned n)
{
	return (unsigned)((t_xorshift(&dice) >> 11) % n);
}

/* ---- the work ---- */

struct work {
	int64_t ticket[TICKETS], draft[TICKETS];
	size_t n;
};

static void
come(struct desk *k, struct work *w)
{
	char id[40], from[40];

	if (w->n == TICKETS)
		return;
	snprintf(id, sizeof(id), "n%zu@c", w->n);
	snprintf(from, sizeof(from), "c%zu@c.example", w->n);
	w->ticket[w->n++] =
		take_in(k, new_mail(id, from, "用件", "お願いします。"))
			.ticket_id;
}

static bool
is_draft(struct desk *k, int64_t draft, const char *in)
{
	int64_t n = 0;

	mdg_db_i64(k->d->db, &n, NULL,
		   "SELECT COUNT(*) FROM draft WHERE id = ?1 AND state = ?2",
		   "is", draft, in);
	return n == 1;
}

static void
ask(struct desk *k, struct work *w, size_t i)
{
	if (mdg_streq(state_of(k, number_of(k, w->ticket[i])), "closed"))
		return;
	if (!w->draft[i])
		w->draft[i] = draft_for(k, w->ticket[i], "様\n\n承りました。");
	if (is_draft(k, w->draft[i], "editing") ||
	    is_draft(k, w->draft[i], "returned"))
		act(k, &k->op, "draft.submit", draft_arg(w->draft[i]));
}

static void
decide(struct desk *k, struct work *w, size_t i)
{
	static const char *const codes[] = {"F1", "A2", "K1", "P2", "S1"};
	static const char text[] = "様\n\n確かに承りました。";

	if (!w->draft[i] || !is_draft(k, w->draft[i], "waiting"))
		return;
	if (any(3) == 0)
		act(k, &k->sv, "approve", draft_arg(w->draft[i]));
	else if (any(2))
		act(k, &k->sv, "return",
		    json_pack("{s:I,s:s,s:s}", "draft", w->draft[i], "code",
			      codes[any(MDG_LEN(codes))], "note", "もう一度"));
	else if (any(2)) {
		checked(k, w->draft[i], text, json_array());
		act(k, &k->sv, "approve",
		    json_pack("{s:I,s:s,s:s}", "draft", w->draft[i], "body",
			      text, "code", codes[any(MDG_LEN(codes))]));
	} else
		act(k, &k->op, "draft.withdraw", draft_arg(w->draft[i]));
}

static void
send_all(struct desk *k)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outbox_job job;
	struct mdg_err err;

	while (claim(k, &a, &job)) {
		const struct mdg_outbox_answer v = {job.rcpts.v[0], "accepted",
						    250, "ok"};
		if (!mdg_outbox_committing(k->d, job.outbox_id, &err) ||
		    !mdg_outbox_finish(k->d, job.outbox_id, false, &v, 1, &err))
			fail_msg("%s", why(&err));
	}
}

static void
close_one(struct desk *k, struct work *w, size_t i)
{
	static const char *const kinds[] = {"thanks", "no_reply", "spam",
					    "replied"};

	if (!w->draft[i] &&
	    !mdg_streq(state_of(k, number_of(k, w->ticket[i])), "closed"))
		act(k, &k->op, "ticket.close",
		    json_pack("{s:I,s:s}", "ticket", number_of(k, w->ticket[i]),
			      "kind", kinds[any(MDG_LEN(kinds))]));
}

static void
work(struct desk *k)
{
	struct work w = {.n = 0};

	act(k, &mdg_actor_system, "golive", json_object());
	for (int step = 0; step < STEPS; step++) {
		pass(k, any(4) ? any(900) : any(6 * 3600));
		if (!w.n || any(4) == 0)
			come(k, &w);
		size_t i = any((unsigned)w.n);
		unsigned what = any(10);
		if (what < 4)
			ask(k, &w, i);
		else if (what < 8)
			decide(k, &w, i);
		else if (what < 9)
			send_all(k);
		else
			close_one(k, &w, i);
	}
}

/* ---- the hours, said a second time: 9 to 12 and 13 to 18, Monday to Friday */

static const char calendar[] =
	"{\"zone\":\"Asia/Tokyo\",\"national_holidays\":null,\"weekly\":{"
	"\"mon\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"tue\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"wed\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"thu\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]],"
	"\"fri\":[[\"09:00\",\"12:00\"],[\"13:00\",\"18:00\"]]}}";

static bool
open_at(int64_t t_s)
{
	int64_t local_s = t_s + ZONE_S, hour = local_s % DAY_S / 3600;

	/* 1970-01-01 was a Thursday */
	return (local_s / DAY_S + 3) % 7 < 5 && hour >= 9 && hour < 18 &&
	       hour != 12;
}

static int64_t
worked(int64_t from_s, int64_t to_s)
{
	int64_t n = 0;

	for (int64_t t = from_s; t < to_s; t++)
		n += open_at(t);
	return n;
}

/* ---- the log ---- */

enum { LINES = 4000 };

static struct line {
	int64_t time_s, ticket, draft, revision, instead;
	char kind[40], code[8];
} lines[LINES];
static size_t lines_n;

static void
read_log(struct desk *k)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	struct mdg_err err;

	lines_n = 0;
	if (!mdg_db_query(k->d->db, &r, &err,
			  "SELECT time_s, ticket_id, kind, codes FROM event"
			  " ORDER BY lane, seq",
			  ""))
		fail_msg("%s", why(&err));
	while (mdg_rows_next(r)) {
		assert_true(lines_n < LINES);
		struct line *l = &lines[lines_n++];
		json_t *codes = json_loads(mdg_rows_text(r, 3), 0, NULL);
		const char *code =
			json_string_value(json_object_get(codes, "code"));
		*l = (struct line){
			.time_s = mdg_rows_i64(r, 0),
			.ticket = mdg_rows_i64(r, 1),
			.draft = json_integer_value(
				json_object_get(codes, "draft")),
		};
		snprintf(l->kind, sizeof(l->kind), "%s", mdg_rows_text(r, 2));
		snprintf(l->code, sizeof(l->code), "%s", code ? code : "");
		json_decref(codes);
	}
}

/* The newest line before the i-th of that kind and draft. */
static const struct line *
before(size_t i, const char *kind, int64_t draft)
{
	while (i-- > 0)
		if (lines[i].draft == draft && mdg_streq(lines[i].kind, kind))
			return &lines[i];
	return NULL;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The smallest that `percent` of all do not exceed, in tenths of minutes. */
static int64_t
percentile(int64_t *v, size_t n, size_t percent)
{
	size_t at = 0;

	qsort(v, n, sizeof(*v), by_size);
	while (100 * (at + 1) < percent * n)
		at++;
	return v[at] / 6;
}

/* What is written in one transaction may lie on both sides of a second. */
static void
about(const json_t *o, const char *key, int64_t tenths)
{
	int64_t is =
		(int64_t)(10 * json_real_value(json_object_get(o, key)) + .5);

	assert_in_range(is - tenths + 1, 0, 2);
}

static int64_t
figure(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* ---- approvals ---- */

static void
approvals_are_told_right(struct desk *k)
{
	json_t *reasons = json_object(), *v;
	int64_t waited[LINES], corrected = 0, returned = 0;
	const char *code;
	size_t n = 0;

	for (size_t i = 0; i < lines_n; i++) {
		const struct line *l = &lines[i], *asked;
		bool back = mdg_streq(l->kind, "draft.return");
		bool other = mdg_streq(l->kind, "draft.correct");
		if (!back && !other && !mdg_streq(l->kind, "draft.approve"))
			continue;
		asked = before(i, "draft.submit", l->draft);
		assert_non_null(asked);
		waited[n++] = worked(asked->time_s, l->time_s);
		corrected += other;
		returned += back;
		if (back)
			json_object_set_new(
				reasons, l->code,
				json_integer(figure(reasons, l->code) + 1));
	}
	const json_t *r = act(k, &k->sv, "report.approvals", json_object());
	assert_true(n > 10 && corrected && returned);
	assert_int_equal(figure(r, "decided"), n);
	assert_int_equal(figure(r, "corrected"), corrected);
	assert_int_equal(figure(r, "returned"), returned);
	about(r, "median_min", percentile(waited, n, 50));
	about(r, "p90_min", percentile(waited, n, 90));
	const json_t *told = json_object_get(r, "return_reasons");
	assert_int_equal(json_object_size(told), json_object_size(reasons));
	json_object_foreach (reasons, code, v)
		assert_int_equal(figure(told, code), json_integer_value(v));
	json_decref(reasons);
}

/* ---- one ticket, as the log has it ---- */

struct life {
	int64_t came_s, ended_s, late_s; /* 0: not */
	bool replied, open, not_needed, spam, thanks;
};

/* One hour of work after it came, it is late. */
static int64_t
late_from(int64_t came_s)
{
	int64_t n = 0, t = came_s;

	while (n < 3600)
		n += open_at(t++);
	return t;
}

static struct life
life_of(struct desk *k, int64_t ticket)
{
	struct life f = {.came_s = 0};
	json_t *r = act(k, &mdg_actor_system, "ticket.show",
			json_pack("{s:I}", "ticket", number_of(k, ticket)));

	const char *closing = json_string_value(json_object_get(r, "closing"));

	f.open = !mdg_streq(json_string_value(json_object_get(r, "state")),
			    "closed");
	for (size_t i = 0; i < lines_n; i++) {
		const struct line *l = &lines[i];
		if (l->ticket != ticket)
			continue;
		if (mdg_streq(l->kind, "mail.in"))
			f.came_s = l->time_s;
		bool sent = mdg_streq(l->kind, "outbox.sent");
		/* closing makes up for nothing, and ends what is late */
		bool late = mdg_streq(l->kind, "ticket.close") && closing &&
			    mdg_streq(closing, "replied") &&
			    l->time_s > late_from(f.came_s);
		f.replied |= sent;
		if ((sent || late) && !f.ended_s)
			f.ended_s = l->time_s;
	}
	f.spam = closing && mdg_streq(closing, "spam");
	f.thanks = closing && mdg_streq(closing, "thanks");
	f.not_needed = closing && (f.thanks || mdg_streq(closing, "no_reply"));
	f.late_s = late_from(f.came_s);
	return f;
}

/* ---- by hour and weekday ---- */

struct part {
	int64_t received, replied, not_needed, spam, open, thanks, met;
	int64_t first[TICKETS];
	size_t first_n;
};

static size_t
slot_of(int64_t t_s, bool weekday)
{
	int64_t local_s = t_s + ZONE_S;

	return (size_t)(weekday ? (local_s / DAY_S + 3) % 7
				: local_s % DAY_S / 3600);
}

static void
part_is(const json_t *row, struct part *p)
{
	assert_int_equal(figure(row, "received"), p->received);
	assert_int_equal(figure(row, "replied"), p->replied);
	assert_int_equal(figure(row, "not_needed"), p->not_needed);
	assert_int_equal(figure(row, "spam"), p->spam);
	assert_int_equal(figure(row, "open"), p->open);
	assert_int_equal(figure(row, "thanks"), p->thanks);
	assert_int_equal(figure(row, "first_n"), p->first_n);
	if (!p->first_n)
		return;
	about(row, "first_median_min", percentile(p->first, p->first_n, 50));
	about(row, "first_p90_min", percentile(p->first, p->first_n, 90));
	assert_int_equal((int64_t)(1000 * json_real_value(json_object_get(
						  row, "first_attained")) +
				   .5),
			 p->met * 1000 / (int64_t)p->first_n);
}

static void
hours_and_weekdays_are_told_right(struct desk *k, const int64_t *ids, size_t n)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu",
					   "fri", "sat", "sun"};

	for (int weekday = 0; weekday < 2; weekday++) {
		struct part parts[24] = {{.received = 0}};
		size_t slots = 0, i;
		for (i = 0; i < n; i++) {
			struct life f = life_of(k, ids[i]);
			struct part *p = &parts[slot_of(f.came_s, weekday)];
			p->received++;
			p->replied += f.replied;
			p->not_needed += f.not_needed;
			p->spam += f.spam;
			p->open += f.open;
			p->thanks += f.thanks;
			if (!f.ended_s)
				continue;
			p = &parts[slot_of(f.ended_s, weekday)];
			p->first[p->first_n++] = worked(f.came_s, f.ended_s);
			p->met += f.ended_s <= f.late_s;
		}
		for (i = 0; i < 24; i++)
			slots += parts[i].received || parts[i].first_n;
		const json_t *rows = json_object_get(
			act(k, &k->sv, "report.summary",
			    json_pack("{s:s}", "by",
				      weekday ? "weekday" : "hour")),
			"rows");
		assert_int_equal(json_array_size(rows), slots);
		for (i = 0; i < slots; i++) {
			const json_t *row = json_array_get(rows, i);
			const char *name = json_string_value(
				json_object_get(row, "group"));
			size_t at = 0;
			while (at < 24 &&
			       (weekday ? at > 6 || !mdg_streq(days[at], name)
					: at != (size_t)atoi(name)))
				at++;
			assert_true(at < 24);
			part_is(row, &parts[at]);
		}
	}
}

/* ---- what is open ---- */

static void
backlog_is_told_right(struct desk *k, const int64_t *ids, size_t n)
{
	json_t *r =
		json_deep_copy(act(k, &k->sv, "report.backlog", json_object()));
	int64_t told = 0, open = 0, now_s = mdg_now_s();
	size_t i, at;
	const json_t *row;

	json_array_foreach (json_object_get(r, "rows"), at, row) {
		const char *is =
			json_string_value(json_object_get(row, "state"));
		int64_t tickets = 0, late = 0, age[4] = {0}, oldest_s = now_s;
		for (i = 0; i < n; i++) {
			if (!mdg_streq(state_of(k, number_of(k, ids[i])), is))
				continue;
			struct life f = life_of(k, ids[i]);
			int64_t s = now_s - f.came_s;
			tickets++;
			late += !f.ended_s && f.late_s < now_s;
			age[s < DAY_S       ? 0
			    : s < 3 * DAY_S ? 1
			    : s < 7 * DAY_S ? 2
					    : 3]++;
			oldest_s = f.came_s < oldest_s ? f.came_s : oldest_s;
		}
		assert_int_equal(figure(row, "tickets"), tickets);
		assert_int_equal(figure(row, "late"), late);
		assert_int_equal(figure(row, "day"), age[0]);
		assert_int_equal(figure(row, "three_days"), age[1]);
		assert_int_equal(figure(row, "week"), age[2]);
		assert_int_equal(figure(row, "older"), age[3]);
		assert_in_range(figure(row, "oldest_s") - oldest_s + 1, 0, 2);
		told += tickets;
	}
	for (i = 0; i < n; i++)
		open += life_of(k, ids[i]).open;
	assert_true(open > 3);
	assert_int_equal(told, open);
	json_decref(r);
}

static void
random_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t ids[TICKETS];
	struct mdg_rows *r;
	struct mdg_err err;
	size_t n;

	if (!mdg_clock_advance(0)) {
		close_desk(&k);
		return;
	}
	act(&k, &mdg_actor_system, "window.set",
	    json_pack("{s:s,s:o}", "window", "shop", "calendar",
		      json_loads(calendar, 0, NULL)));
	work(&k);
	read_log(&k);
	if (!mdg_db_query(k.d->db, &r, &err,
			  "SELECT id FROM ticket ORDER BY id", "") ||
	    !mdg_rows_ids(&r, ids, TICKETS, &n, &err))
		fail_msg("%s", why(&err));
	approvals_are_told_right(&k);
	hours_and_weekdays_are_told_right(&k, ids, n);
	backlog_is_told_right(&k, ids, n);
	close_desk(&k);
}

static void
some_bodies(const char *url)
{
	(void)url;
	char dir[256], own[512];

	for (uint64_t seed = 1; seed <= 6; seed++) {
		dice = seed * 0x9e3779b97f4a7c15u;
		t_dir_make(dir, sizeof(dir));
		snprintf(own, sizeof(own), "sqlite:%s/desk.db", dir);
		random_body(own);
		t_dir_remove(dir);
	}
}

static void
reports_say_what_the_log_says(void **unused)
{
	(void)unused;
	some_bodies("");
}

static void
one_body(const char *url)
{
	dice = 0x5851f42d4c957f2du;
	random_body(url);
}

EACH(reports_say_it_on_each_engine, one_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(reports_say_what_the_log_says),
	cmocka_unit_test(reports_say_it_on_each_engine),
	cmocka_unit_test(t_all_engines_ran),
};
DESK_TESTS(tests);
