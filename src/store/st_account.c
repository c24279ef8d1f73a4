/* Accounts. */
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

	if (!mdg_db_query(db, &r, err,
			  ACCOUNT_COLUMNS "name = ?1 AND removed = 0", "s",
			  name))
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
	return mdg_rows_ids(&r, ids, max, ret_n, err);
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
mdg_account_change(struct mdg_db *db, const struct mdg_account *c,
		   struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE account SET name = ?2, imap_host = ?3,"
			  " imap_port = ?4, imap_tls = ?5, smtp_host = ?6,"
			  " smtp_port = ?7, smtp_tls = ?8, auth = ?9,"
			  " login = ?10, ca_file = ?11, sent_folder = ?12"
			  " WHERE id = ?1",
			  "issiisiissss", c->id, c->name, c->imap_host,
			  c->imap_port, c->imap_tls, c->smtp_host, c->smtp_port,
			  c->smtp_tls, c->auth, c->login, c->ca_file,
			  c->sent_folder);
}

bool
mdg_account_remove(struct mdg_db *db, int64_t id, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE account SET removed = 1 WHERE id = ?1", "i",
			  id);
}
