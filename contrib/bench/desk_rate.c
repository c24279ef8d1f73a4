/*
 * desk_rate STORE KEY fill TICKETS | read ROUNDS [WHAT]: a big desk, and how
 * long people wait for it. contrib/bench/read starts it.
 *
 * fill: an initialised store gets TICKETS tickets of three mails each, one in
 * twenty of them open, with customers (some write often), clocks, keywords, the
 * events and the search index, but without raw mails. The words are made of
 * 1,200 kanji by rank, so that some pairs stand in every other mail and most
 * in few; です and ました stand in nearly all. It is for nobody to keep: a
 * power cut meanwhile ruins the store.
 *
 * read: the actions behind what people look at, as they call them; prints CPU
 * and the whole time, in milliseconds.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "madoguchi/app/act.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"
#include "madoguchi/store/search.h"
#include "madoguchi/store/st_desk.h"
#include "madoguchi/store/st_ticket.h"
#include "madoguchi/text/fold.h"
#include "madoguchi/text/terms.h"

enum {
	KANJI = 1200,
	TICKETS_A_TX = 20000,
	MAILS = 3, /* of a ticket */
	OPEN_EVERY = 20,
	SPREAD_S = 3 * 365 * 86400,
};

static struct mdg_err error;

static void
must(bool ok)
{
	char text[1200];

	if (!ok)
		errx(1, "%s",
		     mdg_err_text(&error, MDG_LANG_EN, text, sizeof(text)));
}

static uint64_t state = UINT64_C(88172645463325252);

static uint64_t
some(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % n;
}

/* Low ranks often, high ones seldom. */
static uint32_t
kanji(void)
{
	uint64_t r = some(KANJI), s = some(KANJI);

	return (uint32_t)(0x4E00 + 7 * (r * s / KANJI));
}

static void
put_text(struct mdg_buf *out, int words)
{
	static const char *const between[] = {"の", "を",     "が",       "は",
					      "に", "です。", "ました。", "、"};

	for (int i = 0; i < words; i++) {
		for (uint64_t n = 2 + some(3); n > 0; n--)
			mdg_utf8_put(out, kanji());
		mdg_buf_puts(out, between[some(MDG_LEN(between))]);
	}
}

/* ---- fill ---- */

static struct mdg_db *db;
static struct mdg_lane lane;

static void
put_event(const char *kind, const char *actor, int64_t ticket, int64_t rev,
	  int64_t at_s)
{
	const struct mdg_event e = {.time_s = at_s,
				    .ticket_id = ticket,
				    .ticket_rev = rev,
				    .actor = actor,
				    .kind = kind,
				    .codes = "{}"};

	must(mdg_event_add(db, &lane, &e, &error));
}

/* What suggestion found in its newest mail. */
static void
put_keywords(int64_t ticket, int64_t message, int64_t at_s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_buf_puts(&b, "{\"ranked\":[],\"keywords\":[");
	for (int i = 0; i < 5; i++) {
		mdg_buf_puts(&b, i ? ",\"" : "\"");
		mdg_utf8_put(&b, kanji());
		mdg_utf8_put(&b, kanji());
		mdg_buf_putc(&b, '"');
	}
	mdg_buf_puts(&b, "]}");
	must(mdg_db_run(db, &error,
			"INSERT INTO suggestion (ticket_id, message_id, made_s,"
			" json) VALUES (?1, ?2, ?3, ?4)",
			"iiis", ticket, message, at_s, mdg_buf_str(&b)));
}

static void
put_customer(int64_t id, int64_t now_s)
{
	char address[48];

	snprintf(address, sizeof(address), "c%" PRId64 "@c.example", id);
	must(mdg_db_run(db, &error,
			"INSERT INTO customer (id, name, company, phone, note,"
			" created_s) VALUES (?1, '顧客 ' || ?1, '', '', '',"
			" ?2)",
			"ii", id, now_s));
	must(mdg_db_run(db, &error,
			"INSERT INTO customer_address (key, customer_id,"
			" address) VALUES (?1, ?2, ?1)",
			"si", address, id));
}

static void
put_mail(int64_t id, int64_t ticket, int64_t customer, bool out, int64_t at_s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf subject = {0}, text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf terms = {0};
	char from[48], name[32], message_id[48];

	put_text(&subject, 3);
	put_text(&text, 30);
	mdg_buf_printf(&text, "注文番号は A-%07" PRIu64 " です。",
		       some(10000000));
	snprintf(from, sizeof(from),
		 out ? "support@example.jp" : "c%" PRId64 "@c.example",
		 customer);
	snprintf(name, sizeof(name), "顧客 %" PRId64, customer);
	snprintf(message_id, sizeof(message_id), "big-%" PRId64 "@c.example",
		 id);
	must(mdg_db_run(
		db, &error,
		"INSERT INTO message (id, ticket_id, first_ticket_id,"
		" direction, class, message_id, received_s, date_s, from_name,"
		" from_address, from_key, subject, text, quoted, signature,"
		" has_html, evidence, flags, attachments_n) VALUES (?1, ?2, ?2, ?3,"
		" 'ordinary', ?4, ?5, ?5, ?6, ?7, ?7, ?8, ?9, '', '', 0, 'new',"
		" '{}', 0)",
		"iississss", id, ticket, out ? "out" : "in", message_id, at_s,
		name, from, mdg_buf_str(&subject), mdg_buf_str(&text)));
	must(mdg_db_run(db, &error,
			"INSERT INTO message_address (message_id, role, n,"
			" name, address, key)"
			" VALUES (?1, 'customer', 0, ?2, ?3, ?3)",
			"iss", id, name, from));
	mdg_terms_doc(mdg_buf_str(&subject), subject.len, &terms);
	mdg_buf_putc(&terms, ' ');
	mdg_terms_doc(name, strlen(name), &terms);
	mdg_buf_putc(&terms, ' ');
	mdg_terms_doc(from, strlen(from), &terms);
	mdg_buf_putc(&terms, ' ');
	mdg_terms_doc(mdg_buf_str(&text), text.len, &terms);
	must(mdg_search_put(db, id, mdg_buf_str(&terms), &error));
}

static void
put_ticket(int64_t id, int64_t customers, int64_t win, int64_t person,
	   int64_t at_s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf subject = {0};
	char actor[32];
	static const char *const open_states[] = {"new", "working", "waiting",
						  "hold"};
	bool is_open = id % OPEN_EVERY == 0;
	const char *st =
		is_open ? open_states[some(MDG_LEN(open_states))] : "closed";
	/* as with words: some write often, most once */
	int64_t customer =
		1 + (int64_t)(some((uint64_t)customers) *
			      some((uint64_t)customers) / (uint64_t)customers);
	int64_t due_s = at_s + (int64_t)some(86400 * 3);
	int64_t nobody = 0;

	snprintf(actor, sizeof(actor), "person:%" PRId64, person);
	put_text(&subject, 3);
	must(mdg_db_run(
		db, &error,
		"INSERT INTO ticket (id, number, win_id, subject, state,"
		" closing, assignee_id, customer_id, priority, temperature,"
		" created_s, changed_s, inbound_s, newest_message_id, closed_s,"
		" is_history, due_s, rev) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
		" CASE WHEN ?7 = 0 THEN NULL ELSE ?7 END, ?8, 0, ?9, ?10, ?10,"
		" ?10, ?11, ?12, 0, ?13, ?14)",
		"iiisssiiiiiIIi", id, id + 10000, win, mdg_buf_str(&subject),
		st, is_open ? NULL : "replied", some(2) ? person : nobody,
		customer, (int64_t)some(5), at_s, (id - 1) * MAILS + MAILS,
		is_open ? NULL : &due_s, is_open ? &due_s : NULL,
		(int64_t)MAILS + !is_open));
	must(mdg_db_run(
		db, &error,
		"INSERT INTO clock (ticket_id, n, kind, state, policy_id,"
		" started_s, due_s, stopped_s, counted_s, next_s, warned)"
		" VALUES (?1, 0, 'first_response', ?2, 1, ?3, ?4, ?5, ?6, ?7,"
		" 0)",
		"isiiIII", id, is_open ? "running" : "met", at_s, due_s,
		is_open ? NULL : &due_s, is_open ? NULL : &nobody,
		is_open ? &due_s : NULL));
	for (int i = 0; i < MAILS; i++) {
		put_mail((id - 1) * MAILS + i + 1, id, customer, i == 1,
			 at_s + i * 3600);
		put_event(i == 1 ? "draft.approve" : "mail.in",
			  i == 1 ? actor : "system", id, i + 1,
			  at_s + i * 3600);
	}
	put_keywords(id, (id - 1) * MAILS + MAILS, at_s);
	if (!is_open)
		put_event("ticket.close", actor, id, MAILS + 1, due_s);
}

/* Nothing runs behind: it is all there already. */
static void
put_places(int64_t tickets)
{
	char seq[24];

	must(mdg_db_run(db, &error,
			"INSERT INTO search_state (id, folding,"
			" upto_message_id) VALUES (1, ?1, ?2)"
			" ON CONFLICT (id) DO UPDATE SET"
			" upto_message_id = excluded.upto_message_id",
			"ii", (int64_t)MDG_FOLD_VERSION, tickets * MAILS));
	must(mdg_db_run(db, &error,
			"INSERT INTO text_state (id, upto_message_id)"
			" VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET"
			" upto_message_id = excluded.upto_message_id",
			"i", tickets * MAILS));
	snprintf(seq, sizeof(seq), "%" PRId64, lane.seq);
	must(mdg_setting_put(db, "figured:1", seq, &error));
}

/* Rows of an earlier run that was stopped: it goes on behind them. */
static int64_t
count_of(const char *table)
{
	int64_t n;

	if (mdg_db_i64(db, &n, &error,
		       mdg_streq(table, "ticket")
			       ? "SELECT COALESCE(MAX(id), 0) FROM ticket"
			       : "SELECT COALESCE(MAX(id), 0) FROM customer",
		       "") != MDG_FOUND)
		must(false);
	return n;
}

static void
fill(const char *store, int64_t tickets)
{
	int64_t win, person, now_s = mdg_now_s();
	int64_t customers = tickets / 4 + 1;

	must(mdg_db_open(store, 0, &db, &error));
	if (mdg_db_i64(db, &win, &error, "SELECT MIN(id) FROM win", "") !=
		    MDG_FOUND ||
	    mdg_db_i64(db, &person, &error, "SELECT MIN(id) FROM person", "") !=
		    MDG_FOUND)
		errx(1, "%s is not an initialised desk", store);
	must(mdg_lane_load(db, 1, &lane, &error));
	if (mdg_streq(mdg_db_engine(db), "sqlite")) {
		must(mdg_db_run(db, &error, "PRAGMA synchronous = OFF", ""));
		must(mdg_db_run(db, &error, "PRAGMA cache_size = -1000000",
				""));
		must(mdg_db_run(db, &error, "PRAGMA wal_autocheckpoint = 50000",
				""));
	}
	must(mdg_db_begin(db, &error));
	for (int64_t i = count_of("customer") + 1; i <= customers; i++)
		put_customer(i, now_s);
	must(mdg_db_commit(db, &error));
	for (int64_t id = count_of("ticket") + 1; id <= tickets;) {
		must(mdg_db_begin(db, &error));
		for (int n = 0; n < TICKETS_A_TX && id <= tickets; n++, id++)
			put_ticket(id, customers, win, person,
				   now_s - SPREAD_S + id * SPREAD_S / tickets);
		must(mdg_db_commit(db, &error));
		fprintf(stderr, "%" PRId64 " tickets\n", id - 1);
	}
	put_places(tickets);
	mdg_db_close(&db);
}

/* ---- read ---- */

static double
now_ms(clockid_t of)
{
	struct timespec t;

	clock_gettime(of, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static struct mdg_desk *desk;
static struct mdg_actor who;
static int64_t newest;

static json_t *
ticket_args(void)
{
	return json_pack("{s:I}", "ticket",
			 (json_int_t)(10001 + some((uint64_t)newest - 10001)));
}

static json_t *
pair_args(void)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf words = {0};

	mdg_utf8_put(&words, kanji());
	mdg_utf8_put(&words, kanji());
	return json_pack("{s:s}", "words", mdg_buf_str(&words));
}

/* Often each, never in a row. */
static json_t *
never_args(void)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf words = {0};

	for (int i = 0; i < 8; i++)
		mdg_utf8_put(&words, 0x4E00);
	return json_pack("{s:s}", "words", mdg_buf_str(&words));
}

/* A page somewhere among the closed ones. */
static json_t *
deep_args(void)
{
	char after[80];

	snprintf(after, sizeof(after), "c:%lld:0:%lld",
		 (long long)(mdg_now_s() - (int64_t)some(SPREAD_S)),
		 (long long)some(1000000));
	return json_pack("{s:s,s:s,s:i}", "state", "all", "after", after,
			 "limit", 100);
}

static json_t *
customer_args(void)
{
	return json_pack("{s:i}", "customer", 1 + (int)some(10));
}

static const struct {
	const char *what, *act;
	json_t *(*args)(void);
	const char *fixed; /* JSON, without args */
	bool lead;         /* what only an administrator may */
} asked[] = {
	{"queue", "queue", NULL, "{\"limit\":50}", false},
	{"list", "ticket.list", NULL, "{\"limit\":100}", false},
	{"all", "ticket.list", NULL, "{\"limit\":100,\"state\":\"all\"}",
	 false},
	{"hold", "ticket.list", NULL, "{\"limit\":100,\"state\":\"hold\"}",
	 false},
	{"returned", "ticket.list", NULL, "{\"state\":\"returned\"}", false},
	{"error", "ticket.list", NULL, "{\"state\":\"error\"}", false},
	{"mine", "ticket.list", NULL, "{\"assignee\":\"sato\"}", false},
	{"mine all", "ticket.list", NULL,
	 "{\"assignee\":\"sato\",\"state\":\"all\"}", false},
	{"deep", "ticket.list", deep_args, NULL, false},
	{"ticket", "ticket.show", ticket_args, NULL, false},
	{"similar", "ticket.similar", ticket_args, NULL, false},
	{"customer", "customer.show", customer_args, NULL, false},
	{"find", "customer.find", NULL, "{\"text\":\"顧客 12\"}", false},
	{"find at", "customer.find", NULL, "{\"text\":\"c77@c.example\"}",
	 false},
	{"search", "search", pair_args, NULL, false},
	{"です", "search", NULL, "{\"words\":\"です\"}", false},
	{"ました", "search", NULL, "{\"words\":\"ました\"}", false},
	{"frequent", "search", NULL, "{\"words\":\"一一 番号\"}", false},
	{"never", "search", never_args, NULL, false},
	{"narrow", "search", NULL, "{\"words\":\"番号\",\"state\":\"error\"}",
	 false},
	{"old", "search", NULL, "{\"words\":\"番号\",\"to\":\"2024-06-01\"}",
	 false},
	{"thanks", "thanks.list", NULL, "{}", false},
	{"shift", "shift", NULL, "{}", false},
	{"trace", "trace", NULL, "{\"what\":\"10500\"}", false},
	{"audit", "audit.search", NULL, "{}", true},
	{"audit k", "audit.search", NULL, "{\"kind\":\"user.add\"}", true},
	{"audit t", "audit.search", NULL, "{\"ticket\":10777}", true},
	{"views", "audit.views", NULL, "{}", true},
	{"metrics", "metrics", NULL, "{}", true},
	{"status", "status", NULL, "{}", false},
	{"backlog", "report.backlog", NULL, "{}", true},
};

static void
measure(size_t k, int rounds)
{
	struct mdg_actor machine = {.is_machine_admin = true, .name = "uid:0"};
	double *ms = mdg_calloc((size_t)rounds, sizeof(*ms)), whole = 0;

	for (int i = 0; i < rounds; i++) {
		json_t *a = asked[k].args ? asked[k].args()
					  : json_loads(asked[k].fixed, 0, NULL);
		json_t *result;
		double wall = now_ms(CLOCK_MONOTONIC);
		double began = now_ms(CLOCK_PROCESS_CPUTIME_ID);
		if (!mdg_act_call(desk, asked[k].lead ? &machine : &who,
				  asked[k].act, a, &result, &error))
			must(error.code == MDG_ENOENT);
		else
			json_decref(result);
		ms[i] = now_ms(CLOCK_PROCESS_CPUTIME_ID) - began;
		whole += now_ms(CLOCK_MONOTONIC) - wall;
		json_decref(a);
	}
	qsort(ms, (size_t)rounds, sizeof(*ms), by_value);
	printf("%-10s %5d  cpu p50 %8.2f  p99 %8.2f  max %8.2f  mean wall "
	       "%8.2f ms\n",
	       asked[k].what, rounds, ms[rounds / 2], ms[rounds * 99 / 100],
	       ms[rounds - 1], whole / rounds);
	fflush(stdout);
	free(ms);
}

static void
read_all(const char *store, const char *key, int rounds, const char *only)
{
	const struct mdg_desk_config c = {.store = store, .key_file = key};

	must(mdg_desk_open(&c, &desk, &error));
	if (mdg_db_i64(desk->db, &who.person_id, &error,
		       "SELECT person_id FROM member WHERE role = 'operator'"
		       " ORDER BY person_id LIMIT 1",
		       "") != MDG_FOUND ||
	    mdg_db_i64(desk->db, &newest, &error,
		       "SELECT MAX(number) FROM ticket", "") != MDG_FOUND)
		errx(1, "the desk has no operator, or no ticket");
	snprintf(who.name, sizeof(who.name), "person:%" PRId64, who.person_id);
	for (size_t k = 0; k < MDG_LEN(asked); k++)
		if (!only || mdg_streq(only, asked[k].what))
			measure(k, rounds);
	mdg_desk_close(&desk);
}

int
main(int argc, char **argv)
{
	int64_t n;

	if (argc < 5 || argc > 6 || !mdg_str_i64(argv[4], 1, 100000000, &n))
		errx(64,
		     "usage: desk_rate STORE KEY fill TICKETS | read ROUNDS [WHAT]");
	mdg_crypto_init();
	if (mdg_streq(argv[3], "fill"))
		fill(argv[1], n);
	else
		read_all(argv[1], argv[2], (int)n, argv[5]);
	return 0;
}
