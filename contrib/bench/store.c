/*
 * bench/store: what a mail costs in the store.
 *
 *   make contrib/bench/store
 *   contrib/bench/store URL [MAILS [SQL…]]
 *
 * URL names a new store (it is left behind). SQL, say a PRAGMA, runs before
 * measuring. Prints microseconds a mail (wall
 * and processor time) and the longest transaction, for the
 * three writes on a mail's way and for searching.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "madoguchi/store/db.h"
#include "madoguchi/store/migrate.h"
#include "madoguchi/store/search.h"

enum {
	MAIL_BYTES = 25600,
	MAILS_A_TX = 100,
	DOCS_A_TX = 1000,
	TERMS_A_DOC = 500,
	VOCABULARY = 40000,
	QUERIES = 200,
};

static struct mdg_db *db;
static struct mdg_err err;

static void
must(bool ok)
{
	char text[1200];

	if (ok)
		return;
	fprintf(stderr, "%s\n",
		mdg_err_text(&err, MDG_LANG_EN, text, sizeof(text)));
	exit(1);
}

static double
now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* xorshift: the same numbers on every machine */
static uint64_t
next_random(void)
{
	static uint64_t x = UINT64_C(88172645463325252);

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

static void
fill(unsigned char *p, size_t n)
{
	for (size_t i = 0; i + 8 <= n; i += 8) {
		uint64_t r = next_random();
		memcpy(p + i, &r, 8);
	}
}

/* ---- the writes of one mail ------------------------------------------- */

static void
put_raw(int64_t i)
{
	static unsigned char mail[MAIL_BYTES];
	unsigned char digest[32];

	fill(mail, sizeof(mail));
	fill(digest, sizeof(digest));
	must(mdg_db_run(db, &err,
			"INSERT INTO raw(id, account_id, bytes, digest)"
			" VALUES(?1, 1, ?2, ?3)",
			"iib", i, (int64_t)MAIL_BYTES, mdg_span(digest, 32)));
	must(mdg_db_run(db, &err,
			"INSERT INTO raw_chunk(id, zstd) VALUES(?1, ?2)", "ib",
			i * 4096, mdg_span(mail, sizeof(mail))));
	must(mdg_db_run(db, &err,
			"INSERT INTO delivery(account_id, folder_id,"
			" uidvalidity, uid, state, bytes, internaldate_s,"
			" listed_s, raw_id, attempts) VALUES(1, 1, 1, ?1,"
			" 'stored', ?2, 1700000000, 1700000000, ?1, 0)",
			"ii", i, (int64_t)MAIL_BYTES));
}

static void
put_message(int64_t i)
{
	static char text[3001];
	const char *subject = "ご注文の商品について";

	memset(text, 'x', 3000);
	must(mdg_db_run(
		db, &err,
		"INSERT INTO message(id, ticket_id, first_ticket_id,"
		" direction, class, message_id, received_s, from_name,"
		" from_address, from_key, subject, text, quoted, signature,"
		" evidence, flags, attachments_n) VALUES(?1, ?1, ?1, 'in',"
		" 'ordinary', ?2, 1700000000, ?2, ?2, ?2, ?3, ?4, '', '',"
		" '', '{}', 0)",
		"isss", i, "someone@example.jp", subject, text));
}

/* 16 rows, each found again by a key. */
static void
put_rows(int64_t i)
{
	unsigned char hash[32];
	char key[40];

	must(mdg_db_savepoint(db, "mail", &err));
	put_message(i);
	for (int64_t n = 0; n < 5; n++) {
		snprintf(key, sizeof(key), "p%llu@example.jp",
			 (unsigned long long)(next_random() % 20000));
		must(mdg_db_run(db, &err,
				"INSERT INTO message_address(message_id, role,"
				" n, name, address, key) VALUES(?1, 'to', ?2,"
				" ?3, ?3, ?3)",
				"iis", i, n, key));
	}
	for (int n = 0; n < 6; n++) {
		fill(hash, 16);
		must(mdg_db_run(db, &err,
				"INSERT INTO ref_seen(hash, message_id,"
				" ticket_id, is_own) VALUES(?1, ?2, ?2, 0)",
				"bi", mdg_span(hash, 16), i));
	}
	for (int n = 0; n < 2; n++) {
		snprintf(key, sizeof(key), "p%d.%llu@example.jp", n,
			 (unsigned long long)(next_random() % 20000));
		must(mdg_db_run(db, &err,
				"INSERT INTO ticket_participant(ticket_id,"
				" key, address, name) VALUES(?1, ?2, ?2, '')",
				"is", i, key));
	}
	fill(hash, 32);
	must(mdg_db_run(db, &err,
			"INSERT INTO event(lane, seq, time_s, ticket_id,"
			" ticket_rev, actor, kind, codes, prev, hash)"
			" VALUES(1, ?1, 1700000000, ?1, 1, 'system', 'mail',"
			" '{}', ?2, ?2)",
			"ib", i, mdg_span(hash, 32)));
	must(mdg_db_run(db, &err,
			"INSERT INTO event_data(lane, seq, salt, data)"
			" VALUES(1, ?1, ?2, '{}')",
			"ib", i, mdg_span(hash, 16)));
	must(mdg_db_release(db, "mail", &err));
}

static void
put_terms(int64_t i)
{
	static struct mdg_buf b;

	mdg_buf_reset(&b);
	for (int n = 0; n < TERMS_A_DOC; n++) {
		/* frequent words are frequent: the smallest of three */
		uint64_t w = VOCABULARY;
		for (int k = 0; k < 3; k++) {
			uint64_t r = next_random() % VOCABULARY;
			w = r < w ? r : w;
		}
		/* six bytes, as two characters of Japanese have */
		mdg_buf_printf(&b, "%sa%05llu", n ? " " : "",
			       (unsigned long long)w);
	}
	must(mdg_search_put(db, i, mdg_buf_str(&b), &err));
}

static void
search(int64_t i)
{
	int64_t ids[50];
	size_t n;
	char terms[32];

	snprintf(terms, sizeof(terms), "a%05llu",
		 (unsigned long long)(next_random() % 20000));
	struct mdg_search_phrase p[2] = {{terms, false}, {"a0000", true}};
	(void)i;
	must(mdg_search_query(db, p, 2, 0, 50, ids, &n, &err));
}

/* ---- measuring --------------------------------------------------------- */

static void
measure(const char *what, int64_t n, int64_t per_tx, void (*one)(int64_t i))
{
	double start = now_us(CLOCK_MONOTONIC), longest = 0;
	double cpu = now_us(CLOCK_PROCESS_CPUTIME_ID);

	for (int64_t i = 1; i <= n;) {
		double tx = now_us(CLOCK_MONOTONIC);
		if (per_tx)
			must(mdg_db_begin(db, &err));
		for (int64_t k = 0; i <= n && k < (per_tx ? per_tx : 1); k++)
			one(i++);
		if (per_tx)
			must(mdg_db_commit(db, &err));
		tx = now_us(CLOCK_MONOTONIC) - tx;
		longest = tx > longest ? tx : longest;
	}
	start = now_us(CLOCK_MONOTONIC) - start;
	cpu = now_us(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("%-24s %7.1f us, cpu %7.1f us, longest transaction %6.1f ms\n",
	       what, start / (double)n, cpu / (double)n, longest / 1e3);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	int64_t n = 5000;
	int version;

	if (argc < 2 || (argc > 2 && !mdg_str_i64(argv[2], 1, 10000000, &n))) {
		fprintf(stderr, "usage: store URL [MAILS [SQL...]]\n");
		return 64;
	}
	must(mdg_db_open(argv[1], MDG_DB_CREATE, &db, &err));
	must(mdg_migrate_version(db, &version, &err));
	if (version != 0) {
		fprintf(stderr, "%s is not new\n", argv[1]);
		return 64;
	}
	must(mdg_migrate(db, &err));
	for (int i = 3; i < argc; i++)
		must(mdg_db_run(db, &err, argv[i], ""));
	measure("raw, 25 kB", n, MAILS_A_TX, put_raw);
	measure("16 rows", n, MAILS_A_TX, put_rows);
	measure("search terms, 500", n, DOCS_A_TX, put_terms);
	measure("search, one and a prefix", QUERIES, 0, search);
	printf("%-24s %7.1f MB\n", "size", (double)mdg_db_size_bytes(db) / 1e6);
	mdg_db_close(&db);
	return 0;
}
