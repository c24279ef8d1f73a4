/* Signing in: passwords as keys' digests, sessions, wrong tries. */
#ifndef MDG_STORE_ST_LOGIN_H
#define MDG_STORE_ST_LOGIN_H

#include "madoguchi/base/arena.h"
#include "madoguchi/crypto/passkey.h"
#include "madoguchi/store/db.h"

struct mdg_passkey_row {
	struct mdg_passkey_cost cost;
	unsigned char digest[MDG_DIGEST_BYTES];
};
enum mdg_found mdg_passkey_get(struct mdg_db *db, int64_t person,
			       struct mdg_passkey_row *ret,
			       struct mdg_err *err);
bool mdg_passkey_put(struct mdg_db *db, int64_t person,
		     const struct mdg_passkey_row *row, int64_t now_s,
		     struct mdg_err *err);

/* A session ends when it was not used, or was begun, so long ago. */
enum { MDG_SESSION_IDLE_S = 8 * 3600, MDG_SESSION_MAX_S = 24 * 3600 };
enum { MDG_SESSION_TOKEN_BYTES = 32 };

struct mdg_session {
	int64_t id, person_id, created_s, used_s;
};
bool mdg_session_add(struct mdg_db *db, const unsigned char *hash,
		     int64_t person, const char *address, const char *agent,
		     int64_t now_s, int64_t *ret_id, struct mdg_err *err);
/* The one of this token (hex), unless it is over. */
enum mdg_found mdg_session_get(struct mdg_db *db, const char *token,
			       int64_t now_s, struct mdg_session *ret,
			       struct mdg_err *err);
bool mdg_session_use(struct mdg_db *db, int64_t id, int64_t now_s,
		     struct mdg_err *err);
/* One of this person's, or with session 0 all but `keep`. */
bool mdg_session_end(struct mdg_db *db, int64_t person, int64_t session,
		     int64_t keep, int64_t *ret_n, struct mdg_err *err);
/* Those that are over leave the table. */
bool mdg_session_sweep(struct mdg_db *db, int64_t now_s, struct mdg_err *err);

/* Wrong tries in a row; zeros when there was none within a day. */
struct mdg_login_try {
	int64_t n, last_s;
};
bool mdg_login_try_get(struct mdg_db *db, const char *subject, int64_t now_s,
		       struct mdg_login_try *ret, struct mdg_err *err);
bool mdg_login_try_count(struct mdg_db *db, const char *subject, int64_t now_s,
			 struct mdg_err *err);
bool mdg_login_try_forget(struct mdg_db *db, const char *subject,
			  struct mdg_err *err);

#endif
