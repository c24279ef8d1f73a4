/* Accounts and their folders. */
#include "madoguchi/base/limits.h"
#include "madoguchi/store/st_desk.h"

bool
mdg_account_add(struct mdg_db *db, const struct mdg_account *c, int64_t now_s,
		int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO account (name, address, imap_host,"
			  " imap_port, imap_tls, smtp_host, smtp_port,"
			  " smtp_tls, auth, login, ca_file, sent_folder,"
			  " removed, created_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
			  " ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13) RETURNING id",
			  "sssiisiissssi", c->name, c->address, c->imap_host,
			  c->imap_port, c->imap_tls, c->smtp_host, c->smtp_port,
			  c->smtp_tls, c->auth, c->login, c->ca_file,
			  c->sent_folder, now_s) == MDG_FOUND;
}

static const char *
dup_or_null(struct mdg_arena *a, const char *s)
{
	return s ? mdg_arena_strdup(a, s) : NULL;
}

static enum mdg_found
read_account(struct mdg_rows *r, struct mdg_arena *a, struct mdg_account *ret,
	     struct mdg_err *err)
{
	enum mdg_found found = MDG_NONE;

	if (mdg_rows_next(r)) {
		*ret = (struct mdg_account){
			.id = mdg_rows_i64(r, 0),
			.name = mdg_arena_strdup(a, mdg_rows_text(r, 1)),
			.address = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
			.imap_host = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
			.imap_port = mdg_rows_i64(r, 4),
			.imap_tls = mdg_rows_i64(r, 5),
			.smtp_host = mdg_arena_strdup(a, mdg_rows_text(r, 6)),
			.smtp_port = mdg_rows_i64(r, 7),
			.smtp_tls = mdg_rows_i64(r, 8),
			.auth = mdg_arena_strdup(a, mdg_rows_text(r, 9)),
			.login = mdg_arena_strdup(a, mdg_rows_text(r, 10)),
			.ca_file = dup_or_null(a, mdg_rows_text_or_null(r, 11)),
			.sent_folder =
				dup_or_null(a, mdg_rows_text_or_null(r, 12)),
			.removed = mdg_rows_i64(r, 13) != 0,
		};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

#define ACCOUNT_COLUMNS                                                        \
	"SELECT id, name, address, imap_host, imap_port, imap_tls, smtp_host," \
	" smtp_port, smtp_tls, auth, login, ca_file, sent_folder, removed"     \
	" FROM account WHERE "

enum mdg_found
mdg_account_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		  struct mdg_account *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, ACCOUNT_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	return read_account(r, a, ret, err);
}

enum mdg_found
mdg_account_by_name(struct mdg_db *db, const char *name, struct mdg_arena *a,
		    struct mdg_account *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, ACCOUNT_COLUMNS "name = ?1", "s", name))
		return MDG_FAILED;
	return read_account(r, a, ret, err);
}

bool
mdg_account_list(struct mdg_db *db, int64_t *ids, size_t max, size_t *ret_n,
		 struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id FROM account WHERE removed = 0"
			  " ORDER BY id",
			  ""))
		return false;
	*ret_n = 0;
	while (*ret_n < max && mdg_rows_next(r))
		ids[(*ret_n)++] = mdg_rows_i64(r, 0);
	return mdg_rows_close(&r, err);
}

bool
mdg_account_auth(struct mdg_db *db, int64_t id, const char *auth,
		 struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE account SET auth = ?2 WHERE id = ?1", "is",
			  id, auth);
}

bool
mdg_account_remove(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE account SET removed = 1 WHERE id = ?1", "i",
			  id);
}

/* ---- folders ---- */

bool
mdg_folder_add(struct mdg_db *db, const struct mdg_folder *f, int64_t *ret_id,
	       struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO folder (account_id, name, role,"
			  " uidvalidity, low_uid, since_s, synced_s)"
			  " VALUES (?1, ?2, ?3, 0, 0, ?4, 0) RETURNING id",
			  "issi", f->account_id, f->name, f->role,
			  f->since_s) == MDG_FOUND;
}

static void
read_folder(struct mdg_rows *r, struct mdg_arena *a, struct mdg_folder *f)
{
	*f = (struct mdg_folder){
		.id = mdg_rows_i64(r, 0),
		.account_id = mdg_rows_i64(r, 1),
		.name = mdg_arena_strdup(a, mdg_rows_text(r, 2)),
		.role = mdg_arena_strdup(a, mdg_rows_text(r, 3)),
		.uidvalidity = mdg_rows_i64(r, 4),
		.low_uid = mdg_rows_i64(r, 5),
		.since_s = mdg_rows_i64(r, 6),
		.synced_s = mdg_rows_i64(r, 7),
	};
}

#define FOLDER_COLUMNS                                                         \
	"SELECT id, account_id, name, role, uidvalidity, low_uid, since_s,"    \
	" synced_s FROM folder WHERE "

enum mdg_found
mdg_folder_by_id(struct mdg_db *db, int64_t id, struct mdg_arena *a,
		 struct mdg_folder *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err, FOLDER_COLUMNS "id = ?1", "i", id))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		read_folder(r, a, ret);
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_folder_list(struct mdg_db *db, int64_t account, struct mdg_arena *a,
		struct mdg_folder **ret, size_t *ret_n, struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	enum { FOLDERS_MAX = 200 };
	struct mdg_folder *v = mdg_arena_array(a, FOLDERS_MAX, sizeof(*v));

	if (!mdg_db_query(db, &r, err,
			  FOLDER_COLUMNS "account_id = ?1 ORDER BY id", "i",
			  account))
		return false;
	*ret = v;
	*ret_n = 0;
	while (*ret_n < FOLDERS_MAX && mdg_rows_next(r))
		read_folder(r, a, &v[(*ret_n)++]);
	return mdg_rows_close(&r, err);
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
mdg_folder_synced(struct mdg_db *db, int64_t folder, int64_t now_s,
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE folder SET synced_s = ?2 WHERE id = ?1", "ii",
			  folder, now_s);
}
