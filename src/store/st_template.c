#include "madoguchi/store/st_template.h"

#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

#include "st-int.h"

#define COLUMNS                                                                \
	"id, version, title, category, source, owner_id, expires_s,"           \
	" created_s, retired"

static void
read_row(struct mdg_rows *r, struct mdg_arena *a, struct mdg_template_row *t)
{
	*t = (struct mdg_template_row){
		.id = mdg_arena_strdup(a, mdg_rows_text(r, 0)),
		.version = mdg_rows_i64(r, 1),
		.title = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
		.category = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
		.source = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
		.owner_id = mdg_rows_i64(r, 5),
		.expires_s = mdg_rows_i64(r, 6),
		.created_s = mdg_rows_i64(r, 7),
		.retired = mdg_rows_i64(r, 8) != 0,
	};
}

static enum mdg_found
one(struct mdg_rows **r, struct mdg_arena *a, struct mdg_template_row *ret,
    struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(*r)) {
		read_row(*r, a, ret);
		found = MDG_FOUND;
	}
	return mdg_rows_close(r, err) ? found : MDG_FAILED;
}

static bool
many(struct mdg_rows **r, struct mdg_arena *a, struct mdg_template_row **ret,
     size_t *ret_n, struct mdg_err *err)
{
	struct mdg_template_row *v =
		mdg_arena_array(a, MDG_LIST_MAX, sizeof(*v));
	size_t n = 0;

	while (n < MDG_LIST_MAX && mdg_rows_next(*r))
		read_row(*r, a, &v[n++]);
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(r, err);
}

enum mdg_found
mdg_template_newest(struct mdg_db *db, const char *id, struct mdg_arena *a,
		    struct mdg_template_row *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT " COLUMNS
			  " FROM template WHERE id = ?1 AND retired = 0"
			  " ORDER BY version DESC LIMIT 1",
			  "s", id))
		return MDG_FAILED;
	return one(&r, a, ret, err);
}

enum mdg_found
mdg_template_version(struct mdg_db *db, const char *id, int64_t version,
		     struct mdg_arena *a, struct mdg_template_row *ret,
		     struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT " COLUMNS
			  " FROM template WHERE id = ?1 AND version = ?2",
			  "si", id, version))
		return MDG_FAILED;
	return one(&r, a, ret, err);
}

bool
mdg_template_put(struct mdg_db *db, const struct mdg_template_row *t,
		 int64_t now_s, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_template_row old = {.version = 0};
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT " COLUMNS " FROM template WHERE id = ?1"
			  " ORDER BY version DESC LIMIT 1",
			  "s", t->id))
		return false;
	enum mdg_found f = one(&r, &a, &old, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_FOUND && !old.retired && mdg_streq(old.source, t->source))
		return true;
	return mdg_db_run(db, err,
			  "INSERT INTO template (id, version, title, category,"
			  " source, owner_id, expires_s, retired, created_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)",
			  "sisssIIi", t->id, old.version + 1, t->title,
			  t->category, t->source, or_null(&old.owner_id),
			  or_null(&old.expires_s), now_s);
}

bool
mdg_template_list(struct mdg_db *db, struct mdg_arena *a,
		  struct mdg_template_row **ret, size_t *ret_n,
		  struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT " COLUMNS
			    " FROM template t WHERE retired = 0 AND version ="
			    " (SELECT MAX(version) FROM template u"
			    "  WHERE u.id = t.id) AND (expires_s IS NULL"
			    " OR expires_s > ?1) ORDER BY id",
			    "i", mdg_now_s()) &&
	       many(&r, a, ret, ret_n, err);
}

bool
mdg_template_all(struct mdg_db *db, struct mdg_arena *a,
		 struct mdg_template_row **ret, size_t *ret_n,
		 struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT " COLUMNS
			    " FROM template t WHERE retired = 0 AND version ="
			    " (SELECT MAX(version) FROM template u"
			    "  WHERE u.id = t.id) ORDER BY id",
			    "") &&
	       many(&r, a, ret, ret_n, err);
}

bool
mdg_template_retired(struct mdg_db *db, struct mdg_arena *a,
		     struct mdg_template_row **ret, size_t *ret_n,
		     struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT " COLUMNS " FROM template t WHERE version ="
			    " (SELECT MAX(version) FROM template u"
			    "  WHERE u.id = t.id) AND NOT EXISTS (SELECT 1"
			    " FROM template u WHERE u.id = t.id"
			    " AND u.retired = 0) ORDER BY id",
			    "") &&
	       many(&r, a, ret, ret_n, err);
}

bool
mdg_template_history(struct mdg_db *db, const char *id, struct mdg_arena *a,
		     struct mdg_template_row **ret, size_t *ret_n,
		     struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT " COLUMNS " FROM template WHERE id = ?1"
			    " ORDER BY version DESC",
			    "s", id) &&
	       many(&r, a, ret, ret_n, err);
}

bool
mdg_template_retire(struct mdg_db *db, const char *id, bool *ret,
		    struct mdg_err *err)
{
	int64_t n;

	if (!mdg_db_run_n(db, &n, err,
			  "UPDATE template SET retired = 1 WHERE id = ?1"
			  " AND retired = 0",
			  "s", id))
		return false;
	*ret = n > 0;
	return true;
}

bool
mdg_template_care(struct mdg_db *db, const char *id, int64_t owner,
		  int64_t expires_s, bool *ret, struct mdg_err *err)
{
	int64_t n;

	if (!mdg_db_run_n(db, &n, err,
			  "UPDATE template SET owner_id = ?2, expires_s = ?3"
			  " WHERE id = ?1 AND retired = 0",
			  "sII", id, or_null(&owner), or_null(&expires_s)))
		return false;
	*ret = n > 0;
	return true;
}
