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

/* ---- two steps ---- */

struct mdg_totp_row {
	int64_t confirmed_s; /* 0: begun */
	int64_t last_step;
};
enum mdg_found mdg_totp_get(struct mdg_db *db, int64_t person,
			    struct mdg_totp_row *ret, struct mdg_err *err);
bool mdg_totp_put(struct mdg_db *db, int64_t person,
		  const struct mdg_totp_row *row, struct mdg_err *err);
/* With its secret and its recovery codes. */
bool mdg_totp_remove(struct mdg_db *db, int64_t person, struct mdg_err *err);
bool mdg_recovery_add(struct mdg_db *db, int64_t person,
		      const unsigned char *hash, struct mdg_err *err);
/* It is good once: *ret_n is 1 if it was. */
bool mdg_recovery_use(struct mdg_db *db, int64_t person,
		      const unsigned char *hash, int64_t *ret_n,
		      struct mdg_err *err);

/* ---- tokens of programs ---- */

enum { MDG_TOKENS_MAX = 50 }; /* of one person */

struct mdg_api_token {
	int64_t id, person_id, scopes, used_s;
};
bool mdg_api_token_add(struct mdg_db *db, const unsigned char *hash,
		       int64_t person, const char *name, int64_t scopes,
		       int64_t now_s, int64_t expires_s, int64_t *ret_id,
		       struct mdg_err *err);
/* The one of this text (hex), unless it has expired. */
enum mdg_found mdg_api_token_get(struct mdg_db *db, const char *token,
				 int64_t now_s, struct mdg_api_token *ret,
				 struct mdg_err *err);
bool mdg_api_token_use(struct mdg_db *db, int64_t id, int64_t now_s,
		       struct mdg_err *err);
/* One of this person's (0: of anybody), or with token 0 all. */
bool mdg_api_token_remove(struct mdg_db *db, int64_t person, int64_t token,
			  int64_t *ret_n, struct mdg_err *err);

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
