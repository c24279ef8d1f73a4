/*
 * oauth: an account whose access is renewed at an authorization server
 * (model/oauth.h names the RFCs) instead of a password.
 *
 *   wanted --(mailbox authorize)--> ok --(invalid_grant)--> reauth
 *     ^                              ^                         |
 *     settings changed               +----(mailbox authorize)--+
 *
 * This part is pure bookkeeping: it makes the forms to be sent and keeps what
 * the answers say; daemon/tokens.c sends them by mdg-token. What was rotated
 * is committed before anybody uses it. All secrets are sealed: the client's,
 * the refresh token, the access token, and what a half-done authorization has
 * to remember (device code or PKCE verifier).
 *
 * Three flows: device (RFC 8628), code (RFC 6749 §4.1 with PKCE; the person
 * pastes the address that the browser ends at), client (§4.4).
 */
#ifndef MDG_APP_OAUTH_H
#define MDG_APP_OAUTH_H

#include "madoguchi/app/desk.h"
#include "madoguchi/model/oauth.h"
#include "madoguchi/store/st_oauth.h"

enum {
	MDG_OAUTH_EARLY_S = 300, /* renewed so long before its end */
	MDG_OAUTH_LAST_S = 60,   /* not handed out in its last minute */
};

/* ---- a person authorizes ---- */

/*
 * The first step. Either `ret` is to be sent and its answer goes to
 * mdg_oauth_started() (device) or mdg_oauth_granted() (client), or the flow
 * is `code`: ret->url is NULL and result has the "url" to visit.
 */
bool mdg_oauth_start(struct mdg_desk *d, const struct mdg_oauth *o,
		     struct mdg_arena *a, struct mdg_oauth_ask *ret,
		     json_t *result, struct mdg_err *err);
/* device: keeps the code, result tells where to type what. */
bool mdg_oauth_started(struct mdg_desk *d, const struct mdg_oauth *o,
		       const struct mdg_oauth_said *said, json_t *result,
		       struct mdg_err *err);
/* The second step. redirect: the pasted address (code), else NULL. */
bool mdg_oauth_finish(struct mdg_desk *d, const struct mdg_oauth *o,
		      const char *redirect, struct mdg_arena *a,
		      struct mdg_oauth_ask *ret, struct mdg_err *err);
/* Has the person not answered yet? Then result says so. */
bool mdg_oauth_is_pending(const struct mdg_oauth_said *said, json_t *result);

/* ---- by itself ---- */

bool mdg_oauth_renew(struct mdg_desk *d, const struct mdg_oauth *o,
		     struct mdg_arena *a, struct mdg_oauth_ask *ret,
		     struct mdg_err *err);
/* May the access token still be used? */
bool mdg_oauth_is_fresh(const struct mdg_oauth *o, int64_t now_s,
			int64_t margin_s);

/* ---- answers ---- */

/*
 * Keeps new tokens; who: the person who authorized, or the system that
 * renewed (which is no event). false when it holds none: err says why.
 */
bool mdg_oauth_granted(struct mdg_desk *d, const struct mdg_actor *who,
		       const struct mdg_oauth *o,
		       const struct mdg_oauth_said *said, struct mdg_err *err);
/* Is this refusal final, until a person authorizes anew? */
bool mdg_oauth_is_final(const struct mdg_oauth_said *said);
bool mdg_oauth_lost(struct mdg_desk *d, const struct mdg_oauth *o,
		    struct mdg_err *err);
bool mdg_oauth_access(struct mdg_desk *d, int64_t account, struct mdg_arena *a,
		      const char **ret, struct mdg_err *err);

#endif
