/*
 * session: who speaks through the browser.
 *
 * mdg-web asks for the costs of a person's password (session.salt), derives
 * the key and hands it in (session.open); the core compares it and makes the
 * token, of which it keeps the digest. From then on the token is in each
 * frame, and the actor is looked up by it here: no frame carries an actor.
 *
 * Wrong passwords in a row make the next try wait, twice as long each time,
 * by login and by address.
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

/* MDG_EAUTH: nobody is signed in with it (any more). */
bool mdg_actor_from_session(struct mdg_desk *d, const char *token,
			    int64_t now_s, enum mdg_lang lang,
			    struct mdg_actor *ret, struct mdg_session *session,
			    struct mdg_err *err);
/* Notes at times that it is used; outside a transaction. */
void mdg_session_used(struct mdg_desk *d, const struct mdg_session *s,
		      int64_t now_s);
/* How long the next try has to wait after n wrong ones. */
int64_t mdg_login_wait_s(int64_t wrong, int64_t free);

#endif
