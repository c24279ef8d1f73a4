/*
 * Signing in and out. The key of a password is derived here (60 ms, 64 MB),
 * compared in the core. The token that the core makes is a cookie that no
 * script can read and no other site can send; whoever changes something shows
 * besides a word that is made of it.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/crypto/passkey.h"
#include "madoguchi/store/st_login.h"
#include "web.h"

static const char *
cookie_name(const struct web *w)
{
	return w->https ? "__Host-madoguchi" : "madoguchi";
}

static void
forgery_word(const char *token, char out[33])
{
	unsigned char d[16];

	crypto_generichash(d, sizeof(d), (const unsigned char *)"csrf", 4,
			   (const unsigned char *)token, strlen(token));
	mdg_hex(d, sizeof(d), out);
}

enum { TOKEN_MARK = 4 }; /* "mdg_" */

/* RFC 6750: a program shows its token in each request. */
static bool
read_bearer(struct req *q)
{
	const char *v = header(q, "Authorization");

	if (!v || !mdg_str_starts(v, "Bearer "))
		return false;
	v += strlen("Bearer ");
	if (mdg_str_starts(v, "mdg_") &&
	    strlen(v) == TOKEN_MARK + TOKEN_CHARS &&
	    strspn(v + TOKEN_MARK, "0123456789abcdef") == TOKEN_CHARS)
		memcpy(q->token, v + TOKEN_MARK, TOKEN_CHARS + 1);
	return true;
}

void
session_read(struct req *q)
{
	/* who shows a token is that program, whatever cookie comes with it */
	if (read_bearer(q))
		return;
	const char *v = MHD_lookup_connection_value(q->conn, MHD_COOKIE_KIND,
						    cookie_name(q->web));

	if (v && strlen(v) == TOKEN_CHARS &&
	    strspn(v, "0123456789abcdef") == TOKEN_CHARS) {
		memcpy(q->token, v, TOKEN_CHARS + 1);
		q->by_cookie = true;
	}
}

/* A request that another site made this browser send. */
bool
session_is_forged(struct req *q)
{
	const char *origin = header(q, "Origin");
	const char *site = header(q, "Sec-Fetch-Site");
	const char *shown = header(q, "X-CSRF-Token");
	char word[33];

	if (mdg_streq(q->method, "GET") || mdg_streq(q->method, "HEAD"))
		return false;
	bool bad = (origin && !mdg_strcaseeq(origin, q->web->url)) ||
		   (site && !mdg_streq(site, "same-origin"));
	if (!bad && q->by_cookie && !(q->route->flags & ROUTE_OPEN)) {
		forgery_word(q->token, word);
		bad = !shown || strlen(shown) != strlen(word) ||
		      sodium_memcmp(shown, word, strlen(word)) != 0;
	}
	if (bad)
		respond_msg(q, 403, "forged", MDG_MSG_web_forged);
	return bad;
}

/* ---- signing in ---- */

static void
wipe_secret(struct req *q)
{
	if (q->secret)
		sodium_memzero(q->secret, strlen(q->secret));
	mdg_freep(&q->secret);
	if (q->body.len)
		sodium_memzero(q->body.ptr, q->body.len);
}

/* The key by the costs in o, in hex. NULL: it cannot be made. */
static char *
derive(const char *password, const json_t *o, struct mdg_passkey_cost *cost)
{
	unsigned char key[MDG_PASSKEY_BYTES];
	const char *salt = json_string_value(json_object_get(o, "salt"));
	struct mdg_err err;

	cost->ops = json_integer_value(json_object_get(o, "ops"));
	cost->mem_bytes = json_integer_value(json_object_get(o, "mem_bytes"));
	if (!salt || strlen(salt) != 2 * sizeof(cost->salt) ||
	    !mdg_unhex(salt, cost->salt, sizeof(cost->salt)) ||
	    !mdg_passkey_derive(password, cost, key, &err))
		return NULL;
	char *text = mdg_malloc(2 * sizeof(key) + 1);
	mdg_hex(key, sizeof(key), text);
	sodium_memzero(key, sizeof(key));
	return text;
}

static void
set_cookie(struct req *q, struct MHD_Response *r, const char *token, int max_s)
{
	MDG_AUTO(mdg_freep)
	char *v = mdg_asprintf("%s=%s; Path=/; HttpOnly; SameSite=Strict; "
			       "Max-Age=%d%s",
			       cookie_name(q->web), token, max_s,
			       q->web->https ? "; Secure" : "");

	MHD_add_response_header(r, "Set-Cookie", v);
}

static void
opened(struct req *q, json_t *result, json_t *error)
{
	const char *token = json_string_value(json_object_get(result, "token"));
	json_int_t wait_s =
		json_integer_value(json_object_get(result, "wait_s"));
	struct MHD_Response *r;
	char text[MDG_ERR_TEXT_MAX], n[24], word[33], json[64];

	if (error) {
		respond_error(q, error);
		return;
	}
	if (!token && json_is_true(json_object_get(result, "code_wanted"))) {
		respond_msg(q, 401, "code", MDG_MSG_web_login_code);
		return;
	}
	if (!token) {
		const char *const args[] = {n};
		snprintf(n, sizeof(n), "%lld", (long long)wait_s);
		mdg_msg_format(q->lang,
			       wait_s ? MDG_MSG_web_login_wait
				      : MDG_MSG_web_login_wrong,
			       wait_s ? 1 : 0, args, text, sizeof(text));
		respond_problem(q, wait_s ? 429 : 401,
				wait_s ? "too-many" : "auth", text);
		return;
	}
	forgery_word(token, word);
	snprintf(json, sizeof(json), "{\"csrf\":\"%s\"}", word);
	r = MHD_create_response_from_buffer(strlen(json), json,
					    MHD_RESPMEM_MUST_COPY);
	MHD_add_response_header(r, "Content-Type", "application/json");
	set_cookie(q, r, token, MDG_SESSION_MAX_S);
	respond(q, 201, r);
}

static void
salted(struct req *q, json_t *result, json_t *error)
{
	struct mdg_passkey_cost cost;

	if (error) {
		respond_error(q, error);
		return;
	}
	char *key = derive(q->secret, result, &cost);
	const char *agent = header(q, "User-Agent");
	json_t *args = json_pack("{s:O,s:s,s:s,s:s}", "login",
				 json_object_get(q->args, "login"), "key",
				 key ? key : "", "address", q->address, "agent",
				 agent ? agent : "");
	if (json_is_string(json_object_get(q->args, "code")))
		json_object_set(args, "code", json_object_get(q->args, "code"));
	if (key)
		sodium_memzero(key, strlen(key));
	mdg_freep(&key);
	wipe_secret(q);
	core_call(q, "session.open", args, opened);
}

bool
session_open(struct req *q)
{
	json_t *login = json_object_get(q->args, "login");
	const char *password =
		json_string_value(json_object_get(q->args, "password"));
	int64_t wait_s;

	*q->token = '\0';
	if (!json_is_string(login) || !password ||
	    strlen(password) > MDG_PASSWORD_BYTES_MAX) {
		respond_msg(q, 422, "invalid", MDG_MSG_web_login_what);
		return true;
	}
	if (!rate_take(q->web, q->address, RATE_LOGIN, &wait_s)) {
		respond_msg(q, 429, "too-many", MDG_MSG_web_too_many);
		return true;
	}
	q->secret = mdg_strdup(password);
	json_object_del(q->args, "password");
	core_call(q, "session.salt", json_pack("{s:O}", "login", login),
		  salted);
	return true;
}

static void
closed(struct req *q, json_t *result, json_t *error)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		0, NULL, MHD_RESPMEM_PERSISTENT);

	(void)result;
	(void)error; /* it is over in any case */
	set_cookie(q, r, "", 0);
	MHD_add_response_header(r, "Clear-Site-Data", "\"cache\"");
	respond(q, 204, r);
}

bool
session_close(struct req *q)
{
	core_call(q, "session.close", json_object(), closed);
	return true;
}

/* ---- another password ---- */

static void
password_set(struct req *q, json_t *result, json_t *error)
{
	if (error)
		respond_error(q, error);
	else
		respond_json(q, 200, json_incref(result));
}

/* Calls user.password with the key of the new password; more is stolen. */
static void
set_password(struct req *q, const json_t *login, json_t *more)
{
	struct mdg_passkey_cost now;
	char salt[2 * MDG_PASSKEY_SALT_BYTES + 1];

	mdg_passkey_cost_new(&now);
	mdg_hex(now.salt, sizeof(now.salt), salt);
	json_object_set_new(more, "salt", json_string(salt));
	json_object_set_new(more, "ops", json_integer(now.ops));
	json_object_set_new(more, "mem_bytes", json_integer(now.mem_bytes));
	char *key =
		derive(json_string_value(json_object_get(q->args, "password")),
		       more, &now);
	json_object_set(more, "login", (json_t *)(uintptr_t)login);
	json_object_set_new(more, "key", json_string(key ? key : ""));
	mdg_freep(&key);
	wipe_secret(q);
	core_call(q, "user.password", more, password_set);
}

static void
password_salted(struct req *q, json_t *result, json_t *error)
{
	struct mdg_passkey_cost was;

	if (error) {
		respond_error(q, error);
		return;
	}
	char *current = derive(q->secret, result, &was);
	json_t *more = json_object();
	json_object_set_new(more, "current",
			    json_string(current ? current : ""));
	mdg_freep(&current);
	set_password(q, json_object_get(q->state, "login"), more);
}

static void
password_who(struct req *q, json_t *result, json_t *error)
{
	if (error) {
		respond_error(q, error);
		return;
	}
	q->state = json_incref(result);
	core_call(q, "session.salt",
		  json_pack("{s:O}", "login", json_object_get(result, "login")),
		  password_salted);
}

/* May it be a password, and may this address have one more derived? */
static bool
password_fits(struct req *q)
{
	const char *password =
		json_string_value(json_object_get(q->args, "password"));
	struct mdg_err err;
	char text[MDG_ERR_TEXT_MAX];
	int64_t wait_s;

	if (!mdg_password_check(password ? password : "", &err)) {
		respond_problem(
			q, 422, "invalid",
			mdg_err_text(&err, q->lang, text, sizeof(text)));
		return false;
	}
	if (!rate_take(q->web, q->address, RATE_LOGIN, &wait_s)) {
		respond_msg(q, 429, "too-many", MDG_MSG_web_too_many);
		return false;
	}
	return true;
}

bool
session_password(struct req *q)
{
	const char *current =
		json_string_value(json_object_get(q->args, "current"));

	if (!current) {
		respond_msg(q, 422, "invalid", MDG_MSG_password_current);
		return true;
	}
	if (!password_fits(q))
		return true;
	q->secret = mdg_strdup(current);
	core_call(q, "session.who", json_object(), password_who);
	return true;
}

/* Only administrators may reckon keys for others: 64 MB and 60 ms each. */
static void
password_others(struct req *q, json_t *result, json_t *error)
{
	const json_t *login = json_object_get(q->args, "login");

	if (error)
		respond_error(q, error);
	else if (mdg_streq(json_string_value(login),
			   json_string_value(json_object_get(result, "login"))))
		respond_msg(q, 422, "invalid", MDG_MSG_password_current);
	else if (!json_is_true(json_object_get(result, "admin")))
		respond_msg(q, 403, "forbidden", MDG_MSG_password_admin);
	else
		set_password(q, login, json_object());
}

bool
session_password_of(struct req *q)
{
	if (password_fits(q))
		core_call(q, "session.who", json_object(), password_others);
	return true;
}

/* Who is signed in, and the word for what they change. */
void
session_show(struct req *q, json_t *result)
{
	char word[33];

	forgery_word(q->token, word);
	json_object_set_new(result, "csrf", json_string(word));
	respond_json(q, 200, json_incref(result));
}
