/*
 * l_store FOLDER TEXTS DATABASE: inserts every mail of a Maildir folder into a
 * new SQLite database: raw bytes, a row of metadata and the bigrams of its text
 * in FTS5; WAL, synchronous=FULL, 100 mails a transaction. The third part of L.
 */
#include <sqlite3.h>

#include "bench.h"

enum { BATCH = 100 };

static const char schema[] =
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	"CREATE TABLE raw(id INTEGER PRIMARY KEY, data BLOB NOT NULL);"
	"CREATE TABLE mail(id INTEGER PRIMARY KEY, uid INTEGER NOT NULL UNIQUE,"
	" message_id TEXT, sender TEXT, subject TEXT, date TEXT,"
	" size INTEGER NOT NULL);"
	"CREATE INDEX mail_message_id ON mail(message_id);"
	"CREATE VIRTUAL TABLE terms USING fts5(t, content='', detail=none);";

static sqlite3 *db;

static void
run(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		errx(1, "%s: %s", sql, sqlite3_errmsg(db));
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s,
			       NULL) != SQLITE_OK)
		errx(1, "%s: %s", sql, sqlite3_errmsg(db));
	return s;
}

static void
done(sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		errx(1, "%s", sqlite3_errmsg(db));
	sqlite3_reset(s);
}

/* One header field's raw value, for the row of metadata. */
static void
bind_field(sqlite3_stmt *s, int at, const char *raw, const char *name)
{
	const char *line = raw;
	size_t n = strlen(name);

	while (line && *line != '\r' && *line != '\n') {
		if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
			const char *v =
				line + n + 1 + strspn(line + n + 1, " ");
			sqlite3_bind_text(s, at, v, (int)strcspn(v, "\r\n"),
					  SQLITE_STATIC);
			return;
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	sqlite3_bind_null(s, at);
}

static size_t
char_bytes(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	return n <= (size_t)(end - p) ? n : 1;
}

/* Bigrams of the non-ASCII runs, words of the ASCII ones, blank between. */
static size_t
cut(const struct bench_bytes *text, char *out)
{
	const char *p = text->data, *end = p + text->n;
	char *o = out;

	while (p < end) {
		size_t n = char_bytes(p, end);
		const char *next = p + n;
		if (n == 1) {
			*o++ = *p;
		} else if (next < end && (unsigned char)*next >= 0x80) {
			size_t m = char_bytes(next, end);
			memcpy(o, p, n + m);
			o += n + m;
			*o++ = ' ';
		} else {
			*o++ = ' ';
		}
		p = next;
	}
	return (size_t)(o - out);
}

static void
insert(sqlite3_stmt *raw_in, sqlite3_stmt *mail_in, sqlite3_stmt *terms_in,
       int id, const struct bench_bytes *raw, const struct bench_bytes *text)
{
	char *terms = malloc(text->n * 3 + 16);

	if (!terms)
		err(1, "malloc");
	sqlite3_bind_int(raw_in, 1, id);
	sqlite3_bind_blob(raw_in, 2, raw->data, (int)raw->n, SQLITE_STATIC);
	done(raw_in);
	sqlite3_bind_int(mail_in, 1, id);
	bind_field(mail_in, 2, raw->data, "Message-ID");
	bind_field(mail_in, 3, raw->data, "From");
	bind_field(mail_in, 4, raw->data, "Subject");
	bind_field(mail_in, 5, raw->data, "Date");
	sqlite3_bind_int64(mail_in, 6, (sqlite3_int64)raw->n);
	done(mail_in);
	sqlite3_bind_int(terms_in, 1, id);
	sqlite3_bind_text(terms_in, 2, terms, (int)cut(text, terms),
			  SQLITE_STATIC);
	done(terms_in);
	free(terms);
}

int
main(int argc, char **argv)
{
	struct dirent **list;
	double total = 0;

	if (argc != 4)
		errx(64, "usage: l_store FOLDER TEXTS DATABASE");
	if (sqlite3_open(argv[3], &db) != SQLITE_OK)
		errx(1, "%s: %s", argv[3], sqlite3_errmsg(db));
	run(schema);
	sqlite3_stmt *raw_in = prepare("INSERT INTO raw VALUES(?1, ?2)");
	sqlite3_stmt *mail_in =
		prepare("INSERT INTO mail VALUES(?1, ?1, ?2, ?3, ?4, ?5, ?6)");
	sqlite3_stmt *terms_in =
		prepare("INSERT INTO terms(rowid, t) VALUES(?1, ?2)");
	int n = bench_list(argv[1], &list);
	for (int i = 0; i < n; i++) {
		struct bench_bytes raw = bench_read(argv[1], list[i]->d_name);
		struct bench_bytes text = bench_read(argv[2], list[i]->d_name);
		double start = bench_now_s();
		if (i % BATCH == 0)
			run("BEGIN IMMEDIATE");
		insert(raw_in, mail_in, terms_in, i + 1, &raw, &text);
		if (i % BATCH == BATCH - 1 || i == n - 1)
			run("COMMIT");
		total += bench_now_s() - start;
		free(raw.data);
		free(text.data);
		free(list[i]);
	}
	free(list);
	sqlite3_finalize(raw_in);
	sqlite3_finalize(mail_in);
	sqlite3_finalize(terms_in);
	sqlite3_close(db);
	bench_print("store", n, total);
	return 0;
}
