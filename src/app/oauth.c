#include "madoguchi/app/oauth.h"

#include <sodium.h>
#include <string.h>

#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"

enum {
	PENDING_S = 1800, /* a code is asked for and not yet brought */
	TOKEN_S = 3600,   /* an access token whose end is not told */
	INTERVAL_S = 5,   /* RFC 8628 §3.2 */
	RANDOM_BYTES = 32,
};

/* ---- secrets ---- */

static const char *
secret_name(int64_t account, const char *what, struct mdg_arena *a)
{
	return mdg_arena_printf(a, "oauth:%lld:%s", (long long)account, what);
}

static bool
get(struct mdg_desk *d, const struct mdg_oauth *o, const char *what,
    struct mdg_arena *a, const char **ret, struct mdg_err *err)
{
	return mdg_desk_secret_get(d, secret_name(o->account_id, what, a), a,
				   ret, err);
}

static bool
put(struct mdg_desk *d, const struct mdg_oauth *o, const char *what,
    const char *value, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	return mdg_desk_secret_put(d, secret_name(o->account_id, what, &a),
				   value, err);
}

bool
mdg_oauth_access(struct mdg_desk *d, int64_t account, struct mdg_arena *a,
		 const char **ret, struct mdg_err *err)
{
	return mdg_desk_secret_get(d, secret_name(account, "access", a), a, ret,
				   err);
}

/* What a half-done authorization remembers: {"until", …}. */
static bool
put_pending(struct mdg_desk *d, const struct mdg_oauth *o, json_t *pending,
	    struct mdg_err *err)
{
	char *text = json_dumps(pending, JSON_COMPACT);
	bool ok = mdg_desk_begin(d, err);

	MDG_BUG_ON(!text);
	if (ok && !put(d, o, "pending", text, err)) {
		mdg_desk_rollback(d);
		ok = false;
	}
	ok = ok && mdg_desk_commit(d, err);
	sodium_memzero(text, strlen(text));
	free(text);
	json_decref(pending);
	return ok;
}

static bool
get_pending(struct mdg_desk *d, const struct mdg_oauth *o, struct mdg_arena *a,
	    json_t **ret, struct mdg_err *err)
{
	json_error_t why;
	const char *text;

	if (!get(d, o, "pending", a, &text, err))
		return false;
	json_t *v = *text ? json_loads(text, 0, &why) : NULL;
	if (v &&
	    json_integer_value(json_object_get(v, "until")) > mdg_now_s()) {
		*ret = v;
		return true;
	}
	json_decref(v);
	return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_oauth_not_started, NULL);
}

static const char *
member(const json_t *o, const char *name, struct mdg_arena *a)
{
	const char *s = json_string_value(json_object_get(o, name));

	return mdg_arena_strdup(a, s ? s : "");
}

/* ---- forms ---- */

static void
ask_begin(const struct mdg_oauth *o, const char *url, struct mdg_arena *a,
	  struct mdg_oauth_ask *ret)
{
	*ret = (struct mdg_oauth_ask){.url = url, .ca_file = o->ca_file};
	ret->fields.v = mdg_arena_array(a, MDG_OAUTH_FIELDS_MAX,
					sizeof(*ret->fields.v));
}

/* A field without a value is left out. */
static void
ask_add(struct mdg_oauth_ask *ask, const char *name, const char *value)
{
	if (!*value)
		return;
	MDG_BUG_ON(ask->fields.n + 2 > MDG_OAUTH_FIELDS_MAX);
	ask->fields.v[ask->fields.n++] = name;
	ask->fields.v[ask->fields.n++] = value;
}

/* RFC 6749 §2.3.1: the client says who it is in the body. */
static bool
ask_token(struct mdg_desk *d, const struct mdg_oauth *o, const char *grant,
	  struct mdg_arena *a, struct mdg_oauth_ask *ret, struct mdg_err *err)
{
	const char *secret;

	if (!get(d, o, "client", a, &secret, err))
		return false;
	ask_begin(o, o->token_url, a, ret);
	ask_add(ret, "grant_type", grant);
	ask_add(ret, "client_id", o->client_id);
	ask_add(ret, "client_secret", secret);
	return true;
}

bool
mdg_oauth_renew(struct mdg_desk *d, const struct mdg_oauth *o,
		struct mdg_arena *a, struct mdg_oauth_ask *ret,
		struct mdg_err *err)
{
	const char *refresh;

	if (mdg_streq(o->flow, "client")) {
		if (!ask_token(d, o, "client_credentials", a, ret, err))
			return false;
		ask_add(ret, "scope", o->scope);
		return true;
	}
	if (!get(d, o, "refresh", a, &refresh, err) ||
	    !ask_token(d, o, "refresh_token", a, ret, err))
		return false;
	ask_add(ret, "refresh_token", refresh);
	return *refresh ||
	       mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_oauth_not_started, NULL);
}

bool
mdg_oauth_is_fresh(const struct mdg_oauth *o, int64_t now_s, int64_t margin_s)
{
	return mdg_streq(o->state, "ok") && o->expires_s - margin_s > now_s;
}

/* ---- a person authorizes ---- */

/* Appends &name=value, escaped (RFC 3986 §2.3). */
static void
url_add(struct mdg_buf *b, const char *name, const char *value)
{
	mdg_buf_printf(b, "%c%s=", strchr(mdg_buf_str(b), '?') ? '&' : '?',
		       name);
	for (; *value; value++) {
		bool plain = (*value >= '0' && *value <= '9') ||
			     (*value >= 'A' && *value <= 'Z') ||
			     (*value >= 'a' && *value <= 'z') ||
			     strchr("-._~", *value);
		if (plain)
			mdg_buf_putc(b, *value);
		else
			mdg_buf_printf(b, "%%%02X", (unsigned char)*value);
	}
}

static const char *
random_text(struct mdg_arena *a)
{
	unsigned char raw[RANDOM_BYTES];
	char out[64];

	mdg_random(raw, sizeof(raw));
	sodium_bin2base64(out, sizeof(out), raw, sizeof(raw),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return mdg_arena_strdup(a, out);
}

/* RFC 7636 §4.2: S256 */
static const char *
challenge(const char *verifier, struct mdg_arena *a)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char out[64];

	crypto_hash_sha256(hash, (const unsigned char *)verifier,
			   strlen(verifier));
	sodium_bin2base64(out, sizeof(out), hash, sizeof(hash),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return mdg_arena_strdup(a, out);
}

static bool
start_code(struct mdg_desk *d, const struct mdg_oauth *o, struct mdg_arena *a,
	   json_t *result, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf url = {0};
	const char *verifier = random_text(a), *state = random_text(a);
	struct mdg_account acc;

	if (mdg_account_by_id(d->db, o->account_id, a, &acc, err) != MDG_FOUND)
		return false;
	if (!put_pending(d, o,
			 json_pack("{s:s,s:s,s:I}", "verifier", verifier,
				   "state", state, "until",
				   (json_int_t)(mdg_now_s() + PENDING_S)),
			 err))
		return false;
	mdg_buf_puts(&url, o->start_url);
	url_add(&url, "response_type", "code");
	url_add(&url, "client_id", o->client_id);
	url_add(&url, "redirect_uri", o->redirect_uri);
	url_add(&url, "scope", o->scope);
	url_add(&url, "state", state);
	url_add(&url, "code_challenge", challenge(verifier, a));
	url_add(&url, "code_challenge_method", "S256");
	url_add(&url, "login_hint", acc.login);
	/* Google gives a refresh token only when asked like this; others do not
	 * mind what they do not know (RFC 6749 §3.1) */
	url_add(&url, "access_type", "offline");
	url_add(&url, "prompt", "consent");
	json_object_set_new(result, "url", json_string(mdg_buf_str(&url)));
	return true;
}

bool
mdg_oauth_start(struct mdg_desk *d, const struct mdg_oauth *o,
		struct mdg_arena *a, struct mdg_oauth_ask *ret, json_t *result,
		struct mdg_err *err)
{
	json_object_set_new(result, "flow", json_string(o->flow));
	if (mdg_streq(o->flow, "client"))
		return mdg_oauth_renew(d, o, a, ret, err);
	*ret = (struct mdg_oauth_ask){0};
	if (mdg_streq(o->flow, "code"))
		return start_code(d, o, a, result, err);
	ask_begin(o, o->start_url, a, ret);
	ask_add(ret, "client_id", o->client_id);
	ask_add(ret, "scope", o->scope);
	return true;
}

static bool
refused(const struct mdg_oauth_said *said, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf words = {0};
	const char *more = said->error_text ? said->error_text : "";

	/* RFC 8628 §3.5: the person said no, or nothing in time */
	if (said->error && mdg_streq(said->error, "access_denied"))
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_oauth_denied, NULL);
	if (said->error && mdg_streq(said->error, "expired_token"))
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_oauth_late, NULL);
	mdg_buf_puts(&words, said->error ? said->error : "");
	if (!said->error)
		mdg_buf_printf(&words, "HTTP %u", said->status);
	if (*more) {
		mdg_buf_puts(&words, ": ");
		mdg_utf8_clean(&words, more, strcspn(more, "\r\n"), true);
	}
	return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_oauth_refused,
			    mdg_buf_str(&words), NULL);
}

bool
mdg_oauth_started(struct mdg_desk *d, const struct mdg_oauth *o,
		  const struct mdg_oauth_said *said, json_t *result,
		  struct mdg_err *err)
{
	int64_t life_s = said->expires_in_s ? said->expires_in_s : PENDING_S;

	if (!said->device_code || !said->user_code || !said->verification_uri)
		return refused(said, err);
	json_object_set_new(result, "user_code", json_string(said->user_code));
	json_object_set_new(result, "verification_uri",
			    json_string(said->verification_uri));
	json_object_set_new(result, "expires_in_s", json_integer(life_s));
	json_object_set_new(
		result, "interval_s",
		json_integer(said->interval_s ? said->interval_s : INTERVAL_S));
	return put_pending(d, o,
			   json_pack("{s:s,s:I}", "device_code",
				     said->device_code, "until",
				     (json_int_t)(mdg_now_s() + life_s)),
			   err);
}

/* The value of a parameter in an address, unescaped; NULL if it is not there.
 */
static const char *
url_param(const char *url, const char *name, struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t n = strlen(name);
	const char *p = strchr(url, '?');
	unsigned char c;

	for (; p && *p && *p != '#'; p += strcspn(p, "&#")) {
		p++;
		if (strncmp(p, name, n) != 0 || p[n] != '=')
			continue;
		for (p += n + 1; *p && !strchr("&#", *p); p++) {
			bool escaped = p[0] == '%' && p[1] && p[2];
			char hex[3] = {p[1], escaped ? p[2] : '\0', '\0'};
			if (escaped && mdg_unhex(hex, &c, 1)) {
				mdg_buf_putc(&b, (char)c);
				p += 2;
			} else {
				mdg_buf_putc(&b, *p);
			}
		}
		if (b.len && !mdg_utf8_valid(b.ptr, b.len))
			return NULL;
		return mdg_arena_strdup(a, mdg_buf_str(&b));
	}
	return NULL;
}

static bool
finish_code(struct mdg_desk *d, const struct mdg_oauth *o, const json_t *v,
	    const char *redirect, struct mdg_arena *a,
	    struct mdg_oauth_ask *ret, struct mdg_err *err)
{
	const char *code = url_param(redirect, "code", a);
	const char *state = url_param(redirect, "state", a);
	const char *wrong = url_param(redirect, "error", a);

	if (wrong)
		return refused(&(struct mdg_oauth_said){.error = wrong}, err);
	if (!code || !*code || !state ||
	    !mdg_streq(state, member(v, "state", a)))
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_oauth_redirect_bad,
				    o->redirect_uri, NULL);
	if (!ask_token(d, o, "authorization_code", a, ret, err))
		return false;
	ask_add(ret, "code", code);
	ask_add(ret, "redirect_uri", o->redirect_uri);
	ask_add(ret, "code_verifier", member(v, "verifier", a));
	return true;
}

bool
mdg_oauth_finish(struct mdg_desk *d, const struct mdg_oauth *o,
		 const char *redirect, struct mdg_arena *a,
		 struct mdg_oauth_ask *ret, struct mdg_err *err)
{
	json_t *v;
	bool ok;

	if (!get_pending(d, o, a, &v, err))
		return false;
	const char *device = member(v, "device_code", a);
	if (*device) {
		ok = ask_token(d, o,
			       "urn:ietf:params:oauth:grant-type:device_code",
			       a, ret, err);
		if (ok)
			ask_add(ret, "device_code", device);
	} else {
		ok = finish_code(d, o, v, redirect ? redirect : "", a, ret,
				 err);
	}
	json_decref(v);
	return ok;
}

bool
mdg_oauth_is_pending(const struct mdg_oauth_said *said, json_t *result)
{
	bool slower = said->error && mdg_streq(said->error, "slow_down");

	if (!slower &&
	    !(said->error && mdg_streq(said->error, "authorization_pending")))
		return false;
	json_object_set_new(result, "state", json_string("pending"));
	json_object_set_new(result, "slower", json_boolean(slower));
	return true;
}

/* ---- answers ---- */

static bool
keep(struct mdg_desk *d, const struct mdg_actor *who, const struct mdg_oauth *o,
     const struct mdg_oauth_said *said, struct mdg_err *err)
{
	int64_t now_s = mdg_now_s();
	int64_t life_s = said->expires_in_s ? said->expires_in_s : TOKEN_S;
	int64_t until_s = said->refresh_expires_in_s
				  ? now_s + said->refresh_expires_in_s
				  : o->refresh_expires_s;

	if (said->refresh_token &&
	    !put(d, o, "refresh", said->refresh_token, err))
		return false;
	return put(d, o, "access", said->access_token, err) &&
	       mdg_oauth_set_state(d->db, o->account_id, "ok", now_s + life_s,
				   until_s, err) &&
	       (who == &mdg_actor_system ||
		(put(d, o, "pending", "", err) &&
		 mdg_desk_event(d, who, NULL, "mailbox.authorized",
				json_pack("{s:I,s:s}", "account",
					  (json_int_t)o->account_id, "flow",
					  o->flow),
				NULL, err)));
}

bool
mdg_oauth_granted(struct mdg_desk *d, const struct mdg_actor *who,
		  const struct mdg_oauth *o, const struct mdg_oauth_said *said,
		  struct mdg_err *err)
{
	bool by_person = who != &mdg_actor_system;

	if (!said->access_token)
		return refused(said, err);
	/* without one, the desk would fall silent within the hour */
	if (by_person && !said->refresh_token && !mdg_streq(o->flow, "client"))
		return mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_oauth_no_refresh,
				    NULL);
	if (!mdg_desk_begin(d, err))
		return false;
	if (!keep(d, who, o, said, err)) {
		mdg_desk_rollback(d);
		return false;
	}
	return mdg_desk_commit(d, err);
}

bool
mdg_oauth_is_final(const struct mdg_oauth_said *said)
{
	/* RFC 6749 §5.2, and what OpenID Connect and Microsoft add */
	static const char *const final[] = {
		"invalid_grant",       "invalid_client",
		"unauthorized_client", "interaction_required",
		"consent_required",    "login_required",
	};

	for (size_t i = 0; said->error && i < MDG_LEN(final); i++)
		if (mdg_streq(said->error, final[i]))
			return true;
	return false;
}

bool
mdg_oauth_lost(struct mdg_desk *d, const struct mdg_oauth *o,
	       struct mdg_err *err)
{
	if (!mdg_desk_begin(d, err))
		return false;
	if (!mdg_oauth_set_state(d->db, o->account_id, "reauth", 0,
				 o->refresh_expires_s, err) ||
	    !put(d, o, "access", "", err) ||
	    !mdg_desk_event(
		    d, &mdg_actor_system, NULL, "mailbox.reauth",
		    json_pack("{s:I}", "account", (json_int_t)o->account_id),
		    NULL, err)) {
		mdg_desk_rollback(d);
		return false;
	}
	return mdg_desk_commit(d, err);
}
