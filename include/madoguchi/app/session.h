/*
 * session: who speaks through the browser.
 *
 * mdg-web asks for the costs of a person's password (session.salt), derives
 * the key and hands it in (session.open); the core compares it and makes the
 * token, of which it keeps the digest. From then on the token is in each
 * frame, and the actor is looked up by it here: no frame carries an actor.
 *
 * Where two steps are on, a code of an authenticator (crypto/totp.h) or a
 * recovery code is asked for once the password was right.
 *
 * Wrong passwords and codes in a row make the next try wait, twice as long
 * each time, by login and by address.
 *
 * A program has a token instead, with scopes: what it may do is what its
 * person may, and no more than the scopes say. It cannot sign in, change how
 * one signs in, or make tokens.
 */
#ifndef MDG_APP_SESSION_H
#define MDG_APP_SESSION_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_login.h"

enum {
	MDG_LOGIN_FREE = 3, /* wrong tries that cost nothing */
	MDG_LOGIN_WAIT_MAX_S = 900,
	MDG_LOGIN_ADDRESS_FREE = 20,
};

/* mdg-web before anybody is signed in: it may ask, and nothing else. */
extern const struct mdg_actor mdg_actor_visitor;

enum mdg_token_scope {
	MDG_TOKEN_METRICS = 1, /* figures, and nothing else */
	MDG_TOKEN_READ = 2,    /* whatever changes nothing */
	MDG_TOKEN_WRITE = 4,   /* an operator's work */
	MDG_TOKEN_LEAD = 8,    /* approving, and what else takes an SV */
	MDG_TOKEN_ADMIN = 16,  /* what takes an administrator */
	MDG_TOKEN_ALL = 31,
};
/* "metrics" … "admin"; NULL, 0 for others. */
const char *mdg_token_scope_name(enum mdg_token_scope s);
enum mdg_token_scope mdg_token_scope_from_name(const char *name);

/* MDG_EAUTH: nobody is signed in with it (any more). */
bool mdg_actor_from_session(struct mdg_desk *d, const char *token,
			    int64_t now_s, enum mdg_lang lang,
			    struct mdg_actor *ret, struct mdg_session *session,
			    struct mdg_err *err);
/* The same of a token of a program. */
bool mdg_actor_from_token(struct mdg_desk *d, const char *token, int64_t now_s,
			  enum mdg_lang lang, struct mdg_actor *ret,
			  struct mdg_api_token *row, struct mdg_err *err);
void mdg_token_used(struct mdg_desk *d, const struct mdg_api_token *t,
		    int64_t now_s);
/* Notes at times that it is used; outside a transaction. */
void mdg_session_used(struct mdg_desk *d, const struct mdg_session *s,
		      int64_t now_s);
/* How long the next try has to wait after n wrong ones. */
int64_t mdg_login_wait_s(int64_t wrong, int64_t free);

#endif
