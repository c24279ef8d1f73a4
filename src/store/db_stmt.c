/* Statements: the cache of prepared ones, and the arguments of a call. */
#include <stdlib.h>
#include <string.h>

#include "db-int.h"
#include "madoguchi/base/str.h"

/* ---- statement cache -------------------------------------------------- */

static size_t
bucket_of(const char *key)
{
	uint64_t h = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(h >> 56) % MDG_DB_BUCKETS;
}

static void
stmt_free(struct mdg_db *db, struct mdg_db_stmt *st)
{
	char *sql = st->sql, *types = st->types;

	db->ops->finalize(db, st); /* may yet speak of it */
	free(sql);
	free(types);
}

static void
stmt_unlink(struct mdg_db *db, struct mdg_db_stmt *st)
{
	struct mdg_db_stmt **at = &db->stmts[bucket_of(st->key)];
	while (*at != st)
		at = &(*at)->next;
	*at = st->next;
	db->stmts_n--;
}

/* Takes st out of the cache; open rows of it keep it until they close. */
static void
stmt_drop(struct mdg_db *db, struct mdg_db_stmt *st)
{
	stmt_unlink(db, st);
	if (st->busy)
		st->loose = true;
	else
		stmt_free(db, st);
}

void
mdg_db_forget(struct mdg_db *db)
{
	for (size_t i = 0; i < MDG_DB_BUCKETS; i++)
		while (db->stmts[i])
			stmt_drop(db, db->stmts[i]);
}

static void
cache_make_room(struct mdg_db *db)
{
	struct mdg_db_stmt *oldest = NULL;

	if (db->stmts_n < MDG_DB_STMTS_MAX)
		return;
	for (size_t i = 0; i < MDG_DB_BUCKETS; i++)
		for (struct mdg_db_stmt *s = db->stmts[i]; s; s = s->next)
			if (!oldest || s->used_at < oldest->used_at)
				oldest = s;
	stmt_drop(db, oldest);
}

struct mdg_db_stmt *
mdg_db_stmt_get(struct mdg_db *db, const char *sql, const char *types,
		struct mdg_err *err)
{
	struct mdg_db_stmt **head = &db->stmts[bucket_of(sql)];
	struct mdg_db_stmt *next, *st;
	bool loose = false;

	db->writes += !mdg_str_starts(sql, "SELECT");
	for (st = *head; st; st = next) {
		next = st->next;
		if (st->key != sql)
			continue;
		if (strcmp(st->sql, sql) != 0) {
			stmt_drop(db, st); /* not a literal after all */
			continue;
		}
		if (strcmp(st->types, types) != 0)
			continue;
		if (!st->busy) {
			st->used_at = ++db->tick;
			return st;
		}
		loose = true;
	}
	if (!(st = db->ops->prepare(db, sql, types, err)))
		return NULL;
	st->key = sql;
	st->sql = mdg_strdup(sql);
	st->types = mdg_strdup(types);
	st->used_at = ++db->tick;
	st->loose = loose;
	if (!loose) {
		cache_make_room(db);
		st->next = *head;
		*head = st;
		db->stmts_n++;
	}
	return st;
}

void
mdg_db_stmt_put(struct mdg_db *db, struct mdg_db_stmt *st)
{
	st->busy = false;
	if (st->loose)
		stmt_free(db, st);
}

const char *
mdg_db_shown(const char *sql, char *out, size_t n)
{
	size_t len = 0;

	for (const char *p = sql; *p && len + 1 < n; p++) {
		bool space = *p == ' ' || *p == '\n' || *p == '\t';
		if (space && (len == 0 || out[len - 1] == ' '))
			continue;
		out[len++] = space ? ' ' : *p;
	}
	len = mdg_utf8_cut(out, len, n - 1);
	out[len] = '\0';
	return out;
}

/* ---- arguments -------------------------------------------------------- */

static bool
bad_arg(struct mdg_err *err, const char *sql, size_t at, const char *why)
{
	char shown[MDG_DB_SQL_SHOWN_MAX];
	return mdg_fail(err, MDG_EBUG, "?%zu of \"%s\": %s", at + 1,
			mdg_db_shown(sql, shown, sizeof(shown)), why);
}

static bool
arg_text(struct mdg_db_arg *a, const char *s)
{
	a->p = s;
	a->null = !s;
	a->n = s ? strlen(s) : 0;
	return !s || mdg_utf8_valid(s, a->n);
}

bool
mdg_db_args_decode(struct mdg_db_args *args, const char *sql, const char *types,
		   va_list *ap, struct mdg_err *err)
{
	args->n = strlen(types);
	if (args->n > MDG_DB_ARGS_MAX)
		return bad_arg(err, sql, args->n, "too many arguments");
	for (size_t i = 0; i < args->n; i++) {
		struct mdg_db_arg *a = &args->a[i];
		const int64_t *ip;
		struct mdg_span b;

		*a = (struct mdg_db_arg){.type = types[i]};
		switch (types[i]) {
		case 'i':
			a->i = va_arg(*ap, int64_t);
			break;
		case 'I':
			ip = va_arg(*ap, const int64_t *);
			a->type = 'i';
			a->null = !ip;
			a->i = ip ? *ip : 0;
			break;
		case 'd':
			a->d = va_arg(*ap, double);
			break;
		case 's':
			if (!arg_text(a, va_arg(*ap, const char *)))
				return bad_arg(err, sql, i, "not UTF-8");
			break;
		case 'b':
			b = va_arg(*ap, struct mdg_span);
			a->p = (const char *)b.p;
			a->n = b.n;
			a->null = !b.p;
			break;
		case 'n':
			a->null = true;
			break;
		default:
			return bad_arg(err, sql, i, "unknown type letter");
		}
	}
	return true;
}
