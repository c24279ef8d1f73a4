/*
 * What clocks and reports cost on a big desk; contrib/bench/sla runs it.
 *
 *     sla_desk STORE KEY make OPEN
 *     sla_desk STORE KEY measure OPEN TICKETS
 *
 * The first makes OPEN tickets by the desk's own intake, a second apart; the
 * other measures ticks of their clocks, then brings the rows that reports read
 * to TICKETS and measures reports. Needs a build with a clock that can be
 * moved. Prints "name value" lines.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "madoguchi/app/act.h"
#include "madoguchi/app/figures.h"
#include "madoguchi/app/intake.h"
#include "madoguchi/app/warn.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"

enum { LEAPS = 20, LEAP_S = 100 };

static struct mdg_desk *d;
static int64_t account, folder;

static void
must(bool ok, const char *what, const struct mdg_err *e)
{
	char text[MDG_ERR_TEXT_MAX * 2];

	if (!ok)
		errx(1, "%s: %s", what,
		     mdg_err_text(e, MDG_LANG_EN, text, sizeof(text)));
}

static json_t *
act(const char *name, json_t *args)
{
	json_t *r = NULL;
	struct mdg_err e;

	must(mdg_act_call(d, &mdg_actor_system, name, args, &r, &e), name, &e);
	json_decref(args);
	return r;
}

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void
take_in(int n)
{
	unsigned char digest[MDG_DIGEST_BYTES] = {0};
	struct mdg_mail *m = mdg_mail_new();
	const char *from =
		mdg_arena_printf(&m->arena, "c%d@customer.example", n);
	struct mdg_intake_result res;
	struct mdg_delivery row = {
		.account_id = account,
		.folder_id = folder,
		.uidvalidity = 1,
		.uid = n,
		.bytes = 10,
		.internaldate_s = mdg_now_s(),
	};
	const struct mdg_intake_chunk c = {
		.account_id = account,
		.folder_id = folder,
		.uidvalidity = 1,
		.uid = n,
		.last = true,
		.raw_bytes = 10,
		.digest = digest,
		.zstd = mdg_span("zstd bytes", 10),
	};
	struct mdg_err e;
	int64_t raw, delivery;
	bool wanted;

	m->message_id = mdg_arena_printf(&m->arena, "b%d@customer.example", n);
	m->subject = mdg_arena_printf(&m->arena, "お問い合わせ %d", n);
	m->text = m->reply = "商品が届きません。";
	mdg_addresses_add(&m->from, &m->arena, "", from, from);
	mdg_addresses_add(&m->to, &m->arena, "", "support@shop.example",
			  "support@shop.example");
	mdg_digest(mdg_span_str(from), m->content_hash);
	must(mdg_intake_listed(d, &row, &wanted, &e) &&
		     mdg_intake_raw(d, &c, &raw, &delivery, &e) &&
		     mdg_intake_mail(d, delivery, m, &res, &e),
	     "intake", &e);
	mdg_mail_free(&m);
}

/* A window with its lead and its mailbox, open all day: none waits for a
 * morning. */
static void
add_window(const char *code, json_t *policy)
{
	static const char hours[] = "[[\"00:00\",\"24:00\"]]";
	static const char *const days[] = {"mon", "tue", "wed", "thu",
					   "fri", "sat", "sun"};
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *address = mdg_arena_printf(&a, "%s@shop.example", code);
	const char *lead = mdg_arena_printf(&a, "sv-%s", code);
	json_t *week = json_object();
	struct mdg_err e;

	for (size_t i = 0; i < MDG_LEN(days); i++)
		json_object_set_new(week, days[i], json_loads(hours, 0, NULL));
	json_decref(act("window.add",
			json_pack("{s:s,s:s,s:s,s:{s:s,s:o},s:o}", "code", code,
				  "address", address, "approval", "all",
				  "calendar", "zone", "Asia/Tokyo", "weekly",
				  week, "policy", policy)));
	json_decref(act("user.add",
			json_pack("{s:s,s:s,s:s,s:s,s:s}", "login", lead,
				  "name", lead, "email", address, "window",
				  code, "role", "sv")));
	json_t *r =
		act("mailbox.add",
		    json_pack("{s:s,s:s,s:s,s:s,s:s}", "window", code,
			      "address", address, "imap_host", "127.0.0.1",
			      "password", "x", "since", "all"));
	account = json_integer_value(json_object_get(r, "id"));
	json_decref(r);
	must(mdg_db_i64(d->db, &folder, &e,
			"SELECT MIN(id) FROM folder WHERE account_id = ?1", "i",
			account) == MDG_FOUND,
	     "folder", &e);
}

static void
take_all(int from, int to)
{
	struct mdg_err e;

	for (int n = from; n <= to; n++) {
		if ((n - from) % 500 == 0)
			must(mdg_desk_begin(d, &e), "begin", &e);
		take_in(n);
		mdg_clock_advance(1);
		if ((n - from) % 500 == 499 || n == to)
			must(mdg_desk_commit(d, &e), "commit", &e);
	}
}

/* How many of so many are to be late, a second apart. */
static int
late_n(int open)
{
	return open / 5 < LEAPS * LEAP_S ? open / 5 : LEAPS * LEAP_S;
}

static void
make_desk(int open)
{
	int late = late_n(open);

	/* nobody is warned before all are there, and the last are late */
	add_window("shop", json_pack("{s:i,s:i}", "first_response_min",
				     open / 20, "resolution_min", open / 4));
	take_all(1, open - late);
	add_window("late", json_pack("{s:i,s:[]}", "first_response_min",
				     open / 150, "warn_percent"));
	take_all(open - late + 1, open);
}

/* As the daemon does it each second. */
static double
tick(void)
{
	struct mdg_err e;
	double began = now_ms();
	int64_t next_s;

	if (mdg_clock_next(d->db, &next_s, &e) == MDG_FOUND &&
	    next_s <= mdg_now_s())
		must(mdg_desk_begin(d, &e) &&
			     mdg_desk_clock_tick(d, mdg_now_s(), &e) &&
			     mdg_desk_commit(d, &e),
		     "tick", &e);
	return now_ms() - began;
}

static int64_t
events(void)
{
	return d->lane.seq;
}

static void
ticks(int n, int64_t step_s, const char *name)
{
	double sum = 0, most = 0, cpu = cpu_ms();
	int64_t before = events();

	for (int i = 0; i < n; i++) {
		mdg_clock_advance(step_s);
		double ms = tick();
		sum += ms;
		most = ms > most ? ms : most;
	}
	printf("%s.mean-ms %.2f\n%s.most-ms %.2f\n%s.cpu-ms %.2f\n"
	       "%s.clocks-a-tick %.1f\n",
	       name, sum / n, name, most, name, (cpu_ms() - cpu) / n, name,
	       (double)(events() - before) / n);
}

static void
plan(const char *name, const char *sql)
{
	bool lite = mdg_streq(mdg_db_engine(d->db), "sqlite");
	char explain[512];
	struct mdg_rows *r;
	struct mdg_err e;

	snprintf(explain, sizeof(explain), "EXPLAIN %s %s",
		 lite ? "QUERY PLAN" : "", sql);
	must(mdg_db_query(d->db, &r, &e, explain, "ii", mdg_now_s(),
			  (int64_t)200),
	     name, &e);
	while (mdg_rows_next(r))
		printf("%s.plan %s\n", name, mdg_rows_text(r, lite ? 3 : 0));
	mdg_rows_closep(&r);
}

/* One report over all of it; `sums`: what tells how much that was. */
static void
report(const char *name, const char *action, const char *sums, json_t *args)
{
	double cpu = cpu_ms(), began = now_ms();
	int64_t sum = 0;
	json_t *row;
	size_t k;

	json_object_set_new(args, "from", json_string("2024-11-22"));
	json_object_set_new(args, "to", json_string("2027-11-22"));
	json_t *r = act(action, args);
	double ms = now_ms() - began;
	json_array_foreach (json_object_get(r, "rows"), k, row)
		sum += json_integer_value(json_object_get(row, sums));
	printf("report.%s.ms %.0f\nreport.%s.cpu-ms %.0f\n"
	       "report.%s.tickets %" PRId64 "\n",
	       name, ms, name, cpu_ms() - cpu, name, sum);
	json_decref(r);
}

static void
reports(int tickets, int open)
{
	static const char *const bys[] = {"total", "day", "category",
					  "operator", "window"};
	struct mdg_err e;
	double began = now_ms();

	while (mdg_figures_due(d))
		must(mdg_figures_step(d, &e), "figures", &e);
	printf("figures.rows-a-second %.0f\n",
	       open / ((now_ms() - began) / 1000));
	for (int n = open; n < tickets; n += open)
		must(mdg_db_run(d->db, &e,
				"INSERT INTO figure SELECT ticket_id + ?1, n,"
				" win_id, created_s - (ticket_id * 7919 + ?1) %"
				" 31536000, 65 + 128 * (ticket_id % 2),"
				" account_id, 1 + ticket_id % 50,"
				" created_s - (ticket_id * 7919 + ?1) %"
				" 31536000 + ticket_id % 90000,"
				" ticket_id * 31 % 90000, created_s -"
				" (ticket_id * 7919 + ?1) % 31536000 +"
				" ticket_id % 700000, ticket_id * 37 % 700000,"
				" 'c' || ticket_id % 12, 't' || ticket_id % 42,"
				" ticket_id % 5"
				" FROM figure WHERE ticket_id <= ?2",
				"ii", (int64_t)n, (int64_t)open),
		     "copies", &e);
	for (size_t i = 0; i < MDG_LEN(bys); i++)
		report(bys[i], "report.summary", "received",
		       json_pack("{s:s}", "by", bys[i]));
	report("operators", "report.operators", "n", json_object());
}

/* Until the first clock passes: from there on one does each second. */
static void
wait_for_first(void)
{
	int64_t next_s = mdg_now_s();

	mdg_clock_next(d->db, &next_s, NULL);
	mdg_clock_advance(next_s - 1 - mdg_now_s());
}

static void
measure(int open, int tickets)
{
	ticks(100, 0, "idle");
	/* as after a sleep of the machine */
	wait_for_first();
	ticks(late_n(open) / LEAP_S, LEAP_S, "late");
	mdg_clock_advance(LEAP_S);
	tick();
	wait_for_first();
	ticks(300, 1, "second");
	ticks(LEAPS, LEAP_S, "leap");
	plan("passed",
	     "SELECT ticket_id FROM (SELECT ticket_id,"
	     " next_s FROM clock WHERE next_s IS NOT NULL AND next_s <= ?1"
	     " ORDER BY next_s LIMIT ?2) p GROUP BY ticket_id"
	     " ORDER BY MIN(next_s), ticket_id");
	reports(tickets, open);
}

int
main(int argc, char **argv)
{
	bool make = argc == 5 && mdg_streq(argv[3], "make");
	struct mdg_desk_config dc = {.create = make};
	struct mdg_key key;
	int64_t open, tickets;
	struct mdg_err e;

	if (!make && !(argc == 6 && mdg_streq(argv[3], "measure")))
		errx(64, "usage: sla_desk STORE KEY make OPEN\n"
			 "       sla_desk STORE KEY measure OPEN TICKETS");
	if (!mdg_str_i64(argv[4], 1000, 1000000, &open) ||
	    !mdg_str_i64(argv[argc - 1], open, 10000000, &tickets))
		errx(64,
		     "1000 tickets or more, and no more open than there are");
	mdg_crypto_init();
	if (!mdg_clock_advance(0))
		errx(1, "configure with --enable-faults: the clock must move");
	dc.store = argv[1];
	dc.key_file = argv[2];
	must(!make || mdg_key_create(argv[2], &key, &e), argv[2], &e);
	must(mdg_desk_open(&dc, &d, &e), argv[1], &e);
	if (make)
		make_desk((int)open);
	else
		measure((int)open, (int)tickets);
	mdg_desk_close(&d);
	return 0;
}
