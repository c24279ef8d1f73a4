/* Folders of an account: where we are in each, and what is done there. */
#include "madoguchi/base/limits.h"
#include "madoguchi/store/st_folder.h"
#include "madoguchi/store/st_mail.h"

bool
mdg_folder_add(struct mdg_db *db, const struct mdg_folder *f, int64_t *ret_id,
	       struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO folder (account_id, name, role,"
			  " found_name, removed, uidvalidity, low_uid, since_s,"
			  " begun_uid, synced_s, policy, policy_arg, policy_uid, looked_s,"
			  " clean_s, look_next, look_exists, look_modseq,"
			  " problem) VALUES (?1, ?2, ?3, '', 0, 0, 0, ?4, 0, ?5,"
			  " ?6, ?7, 0, 0, 0, 0, 0, 0, '')"
			  " ON CONFLICT (account_id, name) WHERE removed < 2"
			  " DO UPDATE SET removed = 0, role = excluded.role,"
			  " problem = '' RETURNING id",
			  "issiiss", f->account_id, f->name, f->role,
			  f->since_s, f->synced_s,
			  f->policy ? f->policy : "leave",
			  f->policy_arg ? f->policy_arg : "") == MDG_FOUND;
}

#define FOLDER_COLUMNS                                                         \
	"SELECT id, account_id, name, role, found_name, uidvalidity, low_uid," \
	" since_s, synced_s, policy, policy_arg, policy_uid, looked_s,"        \
	" clean_s, look_next, look_exists, look_modseq, problem, begun_uid"    \
	" FROM folder WHERE "

static void
read_folder(struct mdg_rows *r, struct mdg_arena *a, struct mdg_folder *f)
{
	*f = (struct mdg_folder){
		.id = mdg_rows_i64(r, 0),
		.account_id = mdg_rows_i64(r, 1),
		.name = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
		.role = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
		.found_name = mdg_arena_strdup(a, mdg_rows_text(r, 4)),
		.uidvalidity = mdg_rows_i64(r, 5),
		.low_uid = mdg_rows_i64(r, 6),
		.since_s = mdg_rows_i64(r, 7),
		.synced_s = mdg_rows_i64(r, 8),
		.policy = mdg_arena_strdup(a, mdg_rows_text(r, 9)),
		.policy_arg = mdg_arena_strdup(a, mdg_rows_text(r, 10)),
		.policy_uid = mdg_rows_i64(r, 11),
		.looked_s = mdg_rows_i64(r, 12),
		.clean_s = mdg_rows_i64(r, 13),
		.look_next = mdg_rows_i64(r, 14),
		.look_exists = mdg_rows_i64(r, 15),
		.look_modseq = mdg_rows_i64(r, 16),
		.problem = mdg_arena_strdup(a, mdg_rows_text(r, 17)),
		.begun_uid = mdg_rows_i64(r, 18),
	};
}

static enum mdg_found
read_one(struct mdg_rows *r, struct mdg_arena *a, struct mdg_folder *ret,
	 struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		read_folder(r, a, ret);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

enum mdg_found
mdg_folder_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		 struct mdg_folder *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, FOLDER_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	return read_one(r, a, ret, err);
}

enum mdg_found
mdg_folder_by_name(struct mdg_db *db, int64_t account, const char *name,
		   struct mdg_arena *a, struct mdg_folder *ret,
		   struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  FOLDER_COLUMNS "account_id = ?1 AND removed = 0"
					 " AND (name = ?2 OR (name = ''"
					 " AND found_name = ?2))"
					 " ORDER BY name DESC LIMIT 1",
			  "is", account, name))
		return MDG_FAILED;
	return read_one(r, a, ret, err);
}

bool
mdg_folder_list(struct mdg_db *db, int64_t account, struct mdg_arena *a,
		struct mdg_folder **ret, size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum { FOLDERS_MAX = 200 };
	struct mdg_folder *v = mdg_arena_array(a, FOLDERS_MAX, sizeof(*v));

	/* those that mail comes in by first: the first of all is waited at */
	if (!mdg_db_query(db, &r, err,
			  FOLDER_COLUMNS "account_id = ?1 AND removed = 0"
					 " ORDER BY CASE WHEN role = 'intake'"
					 " THEN 0 ELSE 1 END, id",
			  "i", account))
		return false;
	*ret = v;
	*ret_n = 0;
	while (*ret_n < FOLDERS_MAX && mdg_rows_next(r))
		read_folder(r, a, &v[(*ret_n)++]);
	return mdg_rows_close(&r, err);
}

bool
mdg_folder_role(struct mdg_db *db, int64_t folder, enum mdg_folder_role *ret,
		struct mdg_err *err)
{
	int64_t role = MDG_FOLDER_INTAKE;
	enum mdg_found f = mdg_db_i64(
		db, &role, err,
		"SELECT CASE role WHEN 'sent' THEN 1 WHEN 'junk' THEN 2"
		" ELSE 0 END FROM folder WHERE id = ?1",
		"i", folder);

	*ret = (enum mdg_folder_role)role;
	return f != MDG_FAILED;
}

bool
mdg_folder_cursor(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		  int64_t low_uid, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET uidvalidity = ?2, low_uid = ?3"
			  " WHERE id = ?1",
			  "iii", folder, uidvalidity, low_uid);
}

bool
mdg_folder_anew(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		int64_t uidnext, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET uidvalidity = ?2, low_uid = 0,"
			  " begun_uid = ?3, policy_uid = 0, looked_s = 0, clean_s = 0,"
			  " look_next = 0, look_exists = 0, look_modseq = 0"
			  " WHERE id = ?1",
			  "iii", folder, uidvalidity, uidnext) &&
	       /* by its old UID nobody can fetch it any more */
	       mdg_db_run(db, err,
			  "UPDATE delivery SET state = 'vanished',"
			  " reason = 'the folder was made anew' WHERE " MDG_DELIVERY_OPEN
			  " AND state IN ('listed', 'fetch_failed')"
			  " AND folder_id = ?1 AND uidvalidity <> ?2",
			  "ii", folder, uidvalidity);
}

bool
mdg_folder_synced(struct mdg_db *db, int64_t folder, int64_t now_s,
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET synced_s = ?2, problem = ''"
			  " WHERE id = ?1",
			  "ii", folder, now_s);
}

bool
mdg_folder_found(struct mdg_db *db, int64_t folder, const char *name,
		 struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET found_name = ?2"
			  " WHERE id = ?1 AND found_name <> ?2",
			  "is", folder, name);
}

bool
mdg_folder_problem(struct mdg_db *db, int64_t folder, const char *why,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET problem = ?2 WHERE id = ?1", "is",
			  folder, why);
}

bool
mdg_folder_remove(struct mdg_db *db, int64_t folder, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET removed = 1, problem = ''"
			  " WHERE id = ?1",
			  "i", folder);
}

bool
mdg_folder_leave(struct mdg_db *db, int64_t account, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET removed = 2, problem = ''"
			  " WHERE account_id = ?1 AND removed < 2",
			  "i", account) &&
	       /* what never came from there can only come from elsewhere */
	       mdg_db_run(db, err,
			  "UPDATE delivery SET state = 'vanished',"
			  " reason = 'the mailbox has moved' WHERE " MDG_DELIVERY_OPEN
			  " AND state IN ('listed', 'fetch_failed')"
			  " AND account_id = ?1",
			  "i", account) &&
	       mdg_db_run(db, err,
			  "DELETE FROM account_quota WHERE account_id = ?1",
			  "i", account);
}

bool
mdg_folder_policy(struct mdg_db *db, int64_t folder, const char *policy,
		  const char *arg, struct mdg_err *err)
{
	/* a new wish counts for what is there already, too */
	return mdg_db_run(db, err,
			  "UPDATE folder SET policy = ?2, policy_arg = ?3,"
			  " policy_uid = 0 WHERE id = ?1",
			  "iss", folder, policy, arg);
}

bool
mdg_folder_policy_done(struct mdg_db *db, int64_t folder, int64_t uid,
		       struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET policy_uid = ?2"
			  " WHERE id = ?1 AND policy_uid < ?2",
			  "ii", folder, uid);
}

bool
mdg_folder_looked(struct mdg_db *db, const struct mdg_folder *f, bool clean,
		  int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET looked_s = ?2, clean_s = CASE"
			  " WHEN ?3 = 1 THEN ?2 ELSE clean_s END,"
			  " look_next = ?4, look_exists = ?5, look_modseq = ?6"
			  " WHERE id = ?1",
			  "iiiiii", f->id, now_s, (int64_t)clean, f->look_next,
			  f->look_exists, f->look_modseq);
}

/* ---- left out by order ---- */

bool
mdg_ignored_add(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		int64_t first_uid, int64_t last_uid, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO ignored (folder_id, uidvalidity,"
			  " first_uid, last_uid) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (folder_id, uidvalidity, first_uid)"
			  " DO UPDATE SET last_uid = CASE WHEN"
			  " excluded.last_uid > ignored.last_uid THEN"
			  " excluded.last_uid ELSE ignored.last_uid END",
			  "iiii", folder, uidvalidity, first_uid, last_uid);
}

bool
mdg_ignored_list(struct mdg_db *db, int64_t folder, int64_t uidvalidity,
		 struct mdg_arena *a, struct mdg_uid_range **ret, size_t *ret_n,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	size_t n = 0;
	int64_t count;

	if (mdg_db_i64(db, &count, err,
		       "SELECT COUNT(*) FROM ignored WHERE folder_id = ?1"
		       " AND uidvalidity = ?2",
		       "ii", folder, uidvalidity) != MDG_FOUND)
		return false;
	struct mdg_uid_range *v = mdg_arena_array(a, (size_t)count, sizeof(*v));
	if (!mdg_db_query(db, &r, err,
			  "SELECT first_uid, last_uid FROM ignored"
			  " WHERE folder_id = ?1 AND uidvalidity = ?2"
			  " ORDER BY first_uid",
			  "ii", folder, uidvalidity))
		return false;
	while (n < (size_t)count && mdg_rows_next(r))
		v[n++] = (struct mdg_uid_range){mdg_rows_i64(r, 0),
						mdg_rows_i64(r, 1)};
	*ret = v;
	*ret_n = n;
	return mdg_rows_close(&r, err);
}

/* ---- how full the mailbox is ---- */

bool
mdg_quota_put(struct mdg_db *db, int64_t account, int64_t used_bytes,
	      int64_t limit_bytes, int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO account_quota (account_id, used_bytes,"
			  " limit_bytes, asked_s) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT (account_id) DO UPDATE SET"
			  " used_bytes = excluded.used_bytes,"
			  " limit_bytes = excluded.limit_bytes,"
			  " asked_s = excluded.asked_s",
			  "iiii", account, used_bytes, limit_bytes, now_s);
}
