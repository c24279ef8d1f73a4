/* Settings, secrets, calendars, policies, templates. */
#include "madoguchi/store/st_desk.h"

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

bool
mdg_setting_get(struct mdg_db *db, const char *key, struct mdg_arena *a,
		const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT value FROM setting WHERE key = ?1", "s", key))
		return false;
	*ret = mdg_rows_next(r) ? mdg_arena_strdup(a, mdg_rows_text(r, 0)) : "";
	return mdg_rows_close(&r, err);
}

bool
mdg_setting_put(struct mdg_db *db, const char *key, const char *value,
		struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO setting (key, value) VALUES (?1, ?2)"
			  " ON CONFLICT (key) DO UPDATE SET"
			  " value = excluded.value",
			  "ss", key, value);
}

enum mdg_found
mdg_secret_get(struct mdg_db *db, const char *name, struct mdg_buf *ret_sealed,
	       struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT sealed FROM secret WHERE name = ?1", "s",
			  name))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span s = mdg_rows_blob(r, 0);
		mdg_buf_put(ret_sealed, s.p, s.n);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_secret_put(struct mdg_db *db, const char *name, struct mdg_span sealed,
	       struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO secret (name, sealed) VALUES (?1, ?2)"
			  " ON CONFLICT (name) DO UPDATE SET"
			  " sealed = excluded.sealed",
			  "sb", name, sealed);
}

/* ---- calendars and policies: same shape, two tables ---- */

static const struct {
	const char *newest, *insert, *json;
} versioned[] = {
	[MDG_CALENDAR] = {
		"SELECT id, version, json FROM calendar WHERE name = ?1"
		" ORDER BY version DESC LIMIT 1",
		"INSERT INTO calendar (name, version, json, created_s)"
		" VALUES (?1, ?2, ?3, ?4) RETURNING id",
		"SELECT json FROM calendar WHERE id = ?1"},
	[MDG_POLICY] = {
		"SELECT id, version, json FROM policy WHERE name = ?1"
		" ORDER BY version DESC LIMIT 1",
		"INSERT INTO policy (name, version, json, created_s)"
		" VALUES (?1, ?2, ?3, ?4) RETURNING id",
		"SELECT json FROM policy WHERE id = ?1"},
};

bool
mdg_versioned_put(struct mdg_db *db, enum mdg_versioned kind, const char *name,
		  const char *json, int64_t now_s, int64_t *ret_id,
		  struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	int64_t version = 0, id = 0;
	bool same = false;

	if (!mdg_db_query(db, &r, err, versioned[kind].newest, "s", name))
		return false;
	if (mdg_rows_next(r)) {
		id = mdg_rows_i64(r, 0);
		version = mdg_rows_i64(r, 1);
		same = mdg_streq(mdg_rows_text(r, 2), json);
	}
	if (!mdg_rows_close(&r, err))
		return false;
	if (!same && mdg_db_i64(db, &id, err, versioned[kind].insert, "sisi",
				name, version + 1, json, now_s) != MDG_FOUND)
		return false;
	*ret_id = id;
	return true;
}

enum mdg_found
mdg_versioned_newest(struct mdg_db *db, enum mdg_versioned kind,
		     const char *name, int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err, versioned[kind].newest, "s", name);
}

enum mdg_found
mdg_win_versions(struct mdg_db *db, int64_t win, int64_t *ret_policy,
		 int64_t *ret_calendar, struct mdg_err *err)
{
	struct mdg_rows *r;
	bool found;

	if (!mdg_db_query(db, &r, err,
			  "SELECT (SELECT p.id FROM policy p WHERE p.name ="
			  " w.policy ORDER BY p.version DESC LIMIT 1),"
			  " (SELECT c.id FROM calendar c WHERE c.name ="
			  " w.calendar ORDER BY c.version DESC LIMIT 1)"
			  " FROM win w WHERE w.id = ?1",
			  "i", win))
		return MDG_FAILED;
	found = mdg_rows_next(r) && !mdg_rows_null(r, 0) &&
		!mdg_rows_null(r, 1);
	if (found) {
		*ret_policy = mdg_rows_i64(r, 0);
		*ret_calendar = mdg_rows_i64(r, 1);
	}
	if (!mdg_rows_close(&r, err))
		return MDG_FAILED;
	return found ? MDG_FOUND : MDG_NONE;
}

enum mdg_found
mdg_versioned_json(struct mdg_db *db, enum mdg_versioned kind, int64_t id,
		   struct mdg_arena *a, const char **ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err, versioned[kind].json, "i", id))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = mdg_arena_strdup(a, mdg_rows_text(r, 0));
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}
