/* The OAuth settings and state of an account (app/oauth.h has the states). */
#ifndef MDG_STORE_ST_OAUTH_H
#define MDG_STORE_ST_OAUTH_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

struct mdg_oauth {
	int64_t account_id;
	const char *flow;      /* device | code | client */
	const char *client_id, *scope;
	const char *token_url; /* https: */
	const char *start_url; /* of devices or of people; "" for client */
	const char *redirect_uri;
	const char *ca_file;   /* NULL: the system's */
	const char *state;     /* wanted | ok | reauth */
	int64_t expires_s;     /* of the access token; 0: there is none */
	int64_t refresh_expires_s; /* 0: not told */
};

enum mdg_found mdg_oauth_get(struct mdg_db *db, int64_t account,
			     struct mdg_arena *a, struct mdg_oauth *ret,
			     struct mdg_err *err);
/* Adds or replaces; the account logs in by tokens from then on. */
bool mdg_oauth_put(struct mdg_db *db, const struct mdg_oauth *o,
		   struct mdg_err *err);
bool mdg_oauth_set_state(struct mdg_db *db, int64_t account, const char *state,
			 int64_t expires_s, int64_t refresh_expires_s,
			 struct mdg_err *err);

#endif
