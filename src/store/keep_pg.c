/*
 * The PostgreSQL store before a migration, kept as a schema of its own in the
 * same database: tables, indexes, foreign keys, counters. To go back, the two
 * schemas change names. What guards against a lost disk is pg_dump.
 */
#include <stdio.h>

#include "madoguchi/base/str.h"
#include "pg-int.h"

/* %1$s: the schema that is made. */
static const char copy_all[] =
	"DROP SCHEMA IF EXISTS %1$s CASCADE;"
	"CREATE SCHEMA %1$s;"
	"DO $keep$ DECLARE t record; top bigint; here text := current_schema(); "
	"BEGIN"
	" FOR t IN SELECT tablename AS name FROM pg_tables"
	"   WHERE schemaname = here LOOP"
	"  EXECUTE format('CREATE TABLE %1$s.%%I (LIKE %%I.%%I INCLUDING ALL)',"
	"   t.name, here, t.name);"
	"  EXECUTE format('INSERT INTO %1$s.%%I SELECT * FROM %%I.%%I',"
	"   t.name, here, t.name);"
	" END LOOP;"
	/* definitions name no schema while the tables lie in the current one */
	" FOR t IN SELECT c.conname AS name, r.relname AS tab,"
	"   pg_get_constraintdef(c.oid) AS def FROM pg_constraint c"
	"   JOIN pg_class r ON r.oid = c.conrelid WHERE c.contype = 'f'"
	"   AND c.connamespace = here::regnamespace LOOP"
	"  PERFORM set_config('search_path', '%1$s', true);"
	"  EXECUTE format('ALTER TABLE %1$s.%%I ADD CONSTRAINT %%I %%s',"
	"   t.tab, t.name, t.def);"
	"  PERFORM set_config('search_path', quote_ident(here), true);"
	" END LOOP;"
	" FOR t IN SELECT r.relname AS tab, a.attname AS col FROM pg_attribute a"
	"   JOIN pg_class r ON r.oid = a.attrelid WHERE a.attidentity <> ''"
	"   AND r.relnamespace = '%1$s'::regnamespace LOOP"
	"  EXECUTE format('SELECT max(%%I) FROM %1$s.%%I', t.col, t.tab)"
	"   INTO top;"
	"  PERFORM setval(pg_get_serial_sequence(format('%1$s.%%I', t.tab),"
	"   t.col), coalesce(top, 1), top IS NOT NULL);"
	" END LOOP;"
	"END $keep$";

bool
mdg_pg_keep(struct mdg_db *db, int version, char **ret, struct mdg_err *err)
{
	const struct pg *g = (const struct pg *)db;
	char name[32];

	snprintf(name, sizeof(name), "madoguchi_%04d", version);
	MDG_AUTO(mdg_freep) char *sql = mdg_asprintf(copy_all, name);
	if (!mdg_pg_exec(db, sql, err))
		return false;
	*ret = mdg_asprintf("%s (SCHEMA %s)", g->where, name);
	return true;
}

bool
mdg_pg_copies(struct mdg_db *db, struct mdg_arena *a, struct mdg_db_copy *v,
	      size_t *n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	*n = 0;
	/* made right before the step to the next schema */
	if (!mdg_db_query(db, &r, err,
			  "SELECT s.nspname, m.applied_at FROM migration m"
			  " JOIN pg_namespace s ON s.nspname = 'madoguchi_'"
			  " || lpad(CAST(m.n - 1 AS TEXT), 4, '0')"
			  " ORDER BY m.n",
			  ""))
		return false;
	while (*n < MDG_DB_COPIES_MAX && mdg_rows_next(r))
		v[(*n)++] = (struct mdg_db_copy){
			mdg_arena_printf(a, "SCHEMA %s", mdg_rows_text(r, 0)),
			mdg_rows_i64(r, 1)};
	return mdg_rows_close(&r, err);
}
