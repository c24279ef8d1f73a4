#include "madoguchi/store/st_login.h"

#include <string.h>

#include "madoguchi/base/str.h"

enum { TRY_KEPT_S = 86400 };

enum mdg_found
mdg_passkey_get(struct mdg_db *db, int64_t person, struct mdg_passkey_row *ret,
		struct mdg_err *err)
{
	struct mdg_rows *r;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT salt, ops, mem_bytes, digest FROM passkey"
			  " WHERE person_id = ?1",
			  "i", person))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		struct mdg_span salt = mdg_rows_blob(r, 0);
		if (salt.n == sizeof(ret->cost.salt)) {
			memcpy(ret->cost.salt, salt.p, salt.n);
			found = MDG_FOUND;
		}
		ret->cost.ops = mdg_rows_i64(r, 1);
		ret->cost.mem_bytes = mdg_rows_i64(r, 2);
		struct mdg_span digest = mdg_rows_blob(r, 3);
		if (digest.n == sizeof(ret->digest))
			memcpy(ret->digest, digest.p, digest.n);
		else
			found = MDG_NONE;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_passkey_put(struct mdg_db *db, int64_t person,
		const struct mdg_passkey_row *row, int64_t now_s,
		struct mdg_err *err)
{
	return mdg_db_run(
		db, err,
		"INSERT INTO passkey (person_id, salt, ops, mem_bytes,"
		" digest, set_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
		" ON CONFLICT (person_id) DO UPDATE SET salt = excluded.salt,"
		" ops = excluded.ops, mem_bytes = excluded.mem_bytes,"
		" digest = excluded.digest, set_s = excluded.set_s",
		"ibiibi", person,
		mdg_span(row->cost.salt, sizeof(row->cost.salt)), row->cost.ops,
		row->cost.mem_bytes, mdg_span(row->digest, sizeof(row->digest)),
		now_s);
}

/* ---- sessions ---- */

bool
mdg_session_add(struct mdg_db *db, const unsigned char *hash, int64_t person,
		const char *address, const char *agent, int64_t now_s,
		int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO session (hash, person_id, address,"
			  " agent, created_s, used_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?5) RETURNING id",
			  "bissi", mdg_span(hash, MDG_DIGEST_BYTES), person,
			  address, agent, now_s) == MDG_FOUND;
}

/* What is stored of a token; false if it is none. */
static bool
hash_of(const char *token, unsigned char hash[MDG_DIGEST_BYTES])
{
	unsigned char raw[MDG_SESSION_TOKEN_BYTES];

	if (strlen(token) != 2 * sizeof(raw) ||
	    !mdg_unhex(token, raw, sizeof(raw)))
		return false;
	mdg_digest(mdg_span(raw, sizeof(raw)), hash);
	return true;
}

enum mdg_found
mdg_session_get(struct mdg_db *db, const char *token, int64_t now_s,
		struct mdg_session *ret, struct mdg_err *err)
{
	unsigned char hash[MDG_DIGEST_BYTES];
	struct mdg_rows *r;
	enum mdg_found found = MDG_NONE;

	if (!hash_of(token, hash))
		return MDG_NONE;
	if (!mdg_db_query(db, &r, err,
			  "SELECT id, person_id, created_s, used_s FROM session"
			  " WHERE hash = ?1 AND used_s > ?2 AND created_s > ?3",
			  "bii", mdg_span(hash, sizeof(hash)),
			  now_s - MDG_SESSION_IDLE_S,
			  now_s - MDG_SESSION_MAX_S))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_session){
			mdg_rows_i64(r, 0), mdg_rows_i64(r, 1),
			mdg_rows_i64(r, 2), mdg_rows_i64(r, 3)};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_session_use(struct mdg_db *db, int64_t id, int64_t now_s,
		struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE session SET used_s = ?2 WHERE id = ?1", "ii",
			  id, now_s);
}

bool
mdg_session_end(struct mdg_db *db, int64_t person, int64_t session,
		int64_t keep, int64_t *ret_n, struct mdg_err *err)
{
	return mdg_db_run_n(db, ret_n, err,
			    "DELETE FROM session WHERE person_id = ?1"
			    " AND (?2 = 0 OR id = ?2) AND id <> ?3",
			    "iii", person, session, keep);
}

bool
mdg_session_sweep(struct mdg_db *db, int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "DELETE FROM session WHERE used_s <= ?1"
			  " OR created_s <= ?2",
			  "ii", now_s - MDG_SESSION_IDLE_S,
			  now_s - MDG_SESSION_MAX_S);
}

/* ---- two steps ---- */

enum mdg_found
mdg_totp_get(struct mdg_db *db, int64_t person, struct mdg_totp_row *ret,
	     struct mdg_err *err)
{
	struct mdg_rows *r;
	enum mdg_found found = MDG_NONE;

	if (!mdg_db_query(db, &r, err,
			  "SELECT confirmed_s, last_step FROM totp"
			  " WHERE person_id = ?1",
			  "i", person))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_totp_row){mdg_rows_i64(r, 0),
					     mdg_rows_i64(r, 1)};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_totp_put(struct mdg_db *db, int64_t person, const struct mdg_totp_row *row,
	     struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO totp (person_id, confirmed_s, last_step)"
			  " VALUES (?1, ?2, ?3) ON CONFLICT (person_id)"
			  " DO UPDATE SET confirmed_s = excluded.confirmed_s,"
			  " last_step = excluded.last_step",
			  "iii", person, row->confirmed_s, row->last_step);
}

bool
mdg_totp_remove(struct mdg_db *db, int64_t person, struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM totp WHERE person_id = ?1", "i",
			  person) &&
	       mdg_db_run(db, err,
			  "DELETE FROM totp_recovery WHERE person_id = ?1", "i",
			  person) &&
	       mdg_db_run(db, err,
			  "DELETE FROM secret WHERE name = 'totp:' || ?1", "i",
			  person);
}

bool
mdg_recovery_add(struct mdg_db *db, int64_t person, const unsigned char *hash,
		 struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "INSERT INTO totp_recovery (person_id, hash)"
			  " VALUES (?1, ?2)",
			  "ib", person, mdg_span(hash, MDG_DIGEST_BYTES));
}

bool
mdg_recovery_use(struct mdg_db *db, int64_t person, const unsigned char *hash,
		 int64_t *ret_n, struct mdg_err *err)
{
	return mdg_db_run_n(db, ret_n, err,
			    "DELETE FROM totp_recovery WHERE person_id = ?1"
			    " AND hash = ?2",
			    "ib", person, mdg_span(hash, MDG_DIGEST_BYTES));
}

/* ---- tokens of programs ---- */

bool
mdg_api_token_add(struct mdg_db *db, const unsigned char *hash, int64_t person,
		  const char *name, int64_t scopes, int64_t now_s,
		  int64_t expires_s, int64_t *ret_id, struct mdg_err *err)
{
	return mdg_db_i64(db, ret_id, err,
			  "INSERT INTO api_token (hash, person_id, name,"
			  " scopes, created_s, expires_s, used_s)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0) RETURNING id",
			  "bisiii", mdg_span(hash, MDG_DIGEST_BYTES), person,
			  name, scopes, now_s, expires_s) == MDG_FOUND;
}

enum mdg_found
mdg_api_token_get(struct mdg_db *db, const char *token, int64_t now_s,
		  struct mdg_api_token *ret, struct mdg_err *err)
{
	unsigned char hash[MDG_DIGEST_BYTES];
	struct mdg_rows *r;
	enum mdg_found found = MDG_NONE;

	if (!hash_of(token, hash))
		return MDG_NONE;
	if (!mdg_db_query(db, &r, err,
			  "SELECT id, person_id, scopes, used_s FROM api_token"
			  " WHERE hash = ?1 AND expires_s > ?2",
			  "bi", mdg_span(hash, sizeof(hash)), now_s))
		return MDG_FAILED;
	if (mdg_rows_next(r)) {
		*ret = (struct mdg_api_token){
			mdg_rows_i64(r, 0), mdg_rows_i64(r, 1),
			mdg_rows_i64(r, 2), mdg_rows_i64(r, 3)};
		found = MDG_FOUND;
	}
	return mdg_rows_close(&r, err) ? found : MDG_FAILED;
}

bool
mdg_api_token_use(struct mdg_db *db, int64_t id, int64_t now_s,
		  struct mdg_err *err)
{
	return mdg_db_run(db, err,
			  "UPDATE api_token SET used_s = ?2 WHERE id = ?1",
			  "ii", id, now_s);
}

bool
mdg_api_token_remove(struct mdg_db *db, int64_t person, int64_t token,
		     int64_t *ret_n, struct mdg_err *err)
{
	return mdg_db_run_n(db, ret_n, err,
			    "DELETE FROM api_token WHERE (?1 = 0"
			    " OR person_id = ?1) AND (?2 = 0 OR id = ?2)",
			    "ii", person, token);
}

/* ---- wrong tries ---- */

bool
mdg_login_try_get(struct mdg_db *db, const char *subject, int64_t now_s,
		  struct mdg_login_try *ret, struct mdg_err *err)
{
	struct mdg_rows *r;
	struct mdg_login_try t = {0};

	if (!mdg_db_query(db, &r, err,
			  "SELECT n, last_s FROM login_try WHERE subject = ?1"
			  " AND last_s > ?2",
			  "si", subject, now_s - TRY_KEPT_S))
		return false;
	if (mdg_rows_next(r))
		t = (struct mdg_login_try){mdg_rows_i64(r, 0),
					   mdg_rows_i64(r, 1)};
	if (!mdg_rows_close(&r, err))
		return false;
	*ret = t;
	return true;
}

bool
mdg_login_try_count(struct mdg_db *db, const char *subject, int64_t now_s,
		    struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM login_try WHERE last_s <= ?1",
			  "i", now_s - TRY_KEPT_S) &&
	       mdg_db_run(db, err,
			  "INSERT INTO login_try (subject, n, last_s)"
			  " VALUES (?1, 1, ?2) ON CONFLICT (subject) DO UPDATE"
			  " SET n = login_try.n + 1, last_s = excluded.last_s",
			  "si", subject, now_s);
}

bool
mdg_login_try_forget(struct mdg_db *db, const char *subject,
		     struct mdg_err *err)
{
	return mdg_db_run(db, err, "DELETE FROM login_try WHERE subject = ?1",
			  "s", subject);
}
