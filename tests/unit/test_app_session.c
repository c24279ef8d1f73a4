/* Signing in with one step and two, sessions, tokens and their scopes. */
#include "desk_fixture.h"

#include "madoguchi/app/session.h"
#include "madoguchi/crypto/totp.h"

static const char key[] =
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
static const char wrong[] =
	"ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static void
give_password(struct desk *k, const char *login)
{
	act(k, &mdg_actor_system, "user.password",
	    json_pack("{s:s,s:s,s:s,s:i,s:i}", "login", login, "key", key,
		      "salt", "00112233445566778899aabbccddeeff", "ops", 2,
		      "mem_bytes", 64 << 20));
}

static const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

/* The answer of session.open. */
static json_t *
open_with(struct desk *k, const char *login, const char *with, const char *code)
{
	return act(k, &mdg_actor_visitor, "session.open",
		   json_pack("{s:s,s:s,s:s*}", "login", login, "key", with,
			     "code", code));
}

/* Who holds the token; false: nobody. */
static bool
is_somebody(struct desk *k, const char *token, struct mdg_actor *ret)
{
	struct mdg_session s;
	struct mdg_err err;

	return mdg_actor_from_session(k->d, token, mdg_now_s(), MDG_LANG_EN,
				      ret, &s, &err);
}

static void
run_sql(struct desk *k, const char *sql)
{
	struct mdg_err err;

	assert_true(mdg_desk_begin(k->d, &err));
	if (!mdg_db_run(k->d->db, &err, sql, ""))
		fail_msg("%s: %s", sql, why(&err));
	assert_true(mdg_desk_commit(k->d, &err));
}

/* ---- sessions ---- */

static void
session_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_actor who;
	char token[80], sql[200];

	give_password(&k, "op");
	assert_true(json_is_true(
		json_object_get(open_with(&k, "op", wrong, NULL), "refused")));
	snprintf(token, sizeof(token), "%s",
		 text_of(open_with(&k, "op", key, NULL), "token"));
	assert_int_equal(strlen(token), 64);
	assert_true(is_somebody(&k, token, &who));
	assert_int_equal(who.person_id, k.op.person_id);
	token[0] ^= 1;
	assert_false(is_somebody(&k, token, &who));
	token[0] ^= 1;
	/* unused for too long; used, but too old */
	for (int i = 0; i < 2; i++) {
		for (int over = 0; over < 2; over++) {
			int64_t age =
				(i ? MDG_SESSION_MAX_S : MDG_SESSION_IDLE_S) -
				(over ? -60 : 60);
			snprintf(sql, sizeof(sql),
				 "UPDATE session SET used_s = %lld,"
				 " created_s = %lld",
				 (long long)(mdg_now_s() - (i ? 0 : age)),
				 (long long)(mdg_now_s() - (i ? age : 0)));
			run_sql(&k, sql);
			assert_int_equal(is_somebody(&k, token, &who), !over);
		}
	}
	run_sql(&k, "DELETE FROM session");
	/* a lost device: all that it held is dead */
	snprintf(token, sizeof(token), "%s",
		 text_of(open_with(&k, "op", key, NULL), "token"));
	assert_true(is_somebody(&k, token, &who));
	act(&k, &mdg_actor_system, "user.reset",
	    json_pack("{s:s}", "login", "op"));
	assert_false(is_somebody(&k, token, &who));
	close_desk(&k);
}

static void
lockout_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t last = 0;

	give_password(&k, "op");
	for (int i = 0; i < MDG_LOGIN_FREE; i++)
		open_with(&k, "op", wrong, NULL);
	/* not even the right one now; and longer each time */
	for (int i = 0; i < 4; i++) {
		json_t *r = open_with(&k, "op", key, NULL);
		int64_t wait = json_integer_value(json_object_get(r, "wait_s"));
		assert_true(json_is_true(json_object_get(r, "refused")));
		assert_true(wait > last);
		last = wait;
		run_sql(&k, "UPDATE login_try SET last_s = last_s - 100000"
			    " WHERE subject LIKE 'login:%'");
		/* the day is over: forgotten. Count on from where it was. */
		char sql[200];
		snprintf(sql, sizeof(sql),
			 "UPDATE login_try SET n = %d, last_s = %lld"
			 " WHERE subject LIKE 'login:%%'",
			 MDG_LOGIN_FREE + 1 + i, (long long)mdg_now_s());
		run_sql(&k, sql);
	}
	assert_int_equal(mdg_login_wait_s(1000, MDG_LOGIN_FREE),
			 MDG_LOGIN_WAIT_MAX_S);
	close_desk(&k);
}

/* ---- two steps ---- */

/* The step of now. It and the one behind it stay good for half a minute,
 * whatever happens between two calls. */
static int64_t
step_now(void)
{
	return mdg_now_s() / MDG_TOTP_STEP_S;
}

static const char *
code_at(const char *secret, int64_t step)
{
	static char code[MDG_TOTP_DIGITS + 1];

	assert_true(mdg_totp_code(secret, step, code));
	return code;
}

static void
two_steps_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	char secret[64], recovery[32];
	json_t *r;

	give_password(&k, "op");
	refused(&k, &k.op, MDG_ESTATE, "totp.confirm",
		json_pack("{s:s}", "code", "000000"));
	snprintf(
		secret, sizeof(secret), "%s",
		text_of(act(&k, &k.op, "totp.begin", json_object()), "secret"));
	int64_t step = step_now();
	/* begun is not on */
	assert_int_equal(
		strlen(text_of(open_with(&k, "op", key, NULL), "token")), 64);
	refused(&k, &k.op, MDG_EPERM, "totp.confirm",
		json_pack("{s:s}", "code", "x"));
	r = act(&k, &k.op, "totp.confirm",
		json_pack("{s:s}", "code", code_at(secret, step)));
	assert_int_equal(json_array_size(json_object_get(r, "recovery")), 10);
	snprintf(recovery, sizeof(recovery), "%s",
		 json_string_value(
			 json_array_get(json_object_get(r, "recovery"), 3)));
	/* the secret is sealed, the codes are digests */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM totp_recovery"), 10);
	/* a password alone opens nothing; a wrong code neither */
	r = open_with(&k, "op", key, NULL);
	assert_true(json_is_true(json_object_get(r, "code_wanted")));
	assert_string_equal(text_of(r, "token"), "");
	r = open_with(&k, "op", wrong, code_at(secret, step + 1));
	assert_true(json_is_true(json_object_get(r, "refused")));
	r = open_with(&k, "op", key, "abcdef");
	assert_true(json_is_true(json_object_get(r, "refused")));
	/* the code that confirmed is used up; the next is good, once */
	r = open_with(&k, "op", key, code_at(secret, step + 1));
	assert_int_equal(strlen(text_of(r, "token")), 64);
	r = open_with(&k, "op", key, code_at(secret, step + 1));
	assert_true(json_is_true(json_object_get(r, "refused")));
	/* a recovery code as people type it, once */
	for (char *p = recovery; *p; p++)
		*p = (char)mdg_ascii_lower(*p);
	r = open_with(&k, "op", key, recovery);
	assert_int_equal(strlen(text_of(r, "token")), 64);
	r = open_with(&k, "op", key, recovery);
	assert_true(json_is_true(json_object_get(r, "refused")));
	close_desk(&k);
}

static void
two_steps_end_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	char secret[64];

	give_password(&k, "op");
	snprintf(
		secret, sizeof(secret), "%s",
		text_of(act(&k, &k.op, "totp.begin", json_object()), "secret"));
	int64_t step = step_now();
	act(&k, &k.op, "totp.confirm",
	    json_pack("{s:s}", "code", code_at(secret, step)));
	refused(&k, &k.op, MDG_ESTATE, "totp.begin", json_object());
	/* a browser left open cannot take it away */
	refused(&k, &k.op, MDG_EPERM, "totp.remove",
		json_pack("{s:s}", "code", ""));
	act(&k, &k.op, "totp.remove",
	    json_pack("{s:s}", "code", code_at(secret, step + 1)));
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM totp_recovery"), 0);
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM secret"
				   " WHERE name LIKE 'totp:%'"),
			 0);
	/* and an administrator helps who has lost the device */
	snprintf(
		secret, sizeof(secret), "%s",
		text_of(act(&k, &k.op, "totp.begin", json_object()), "secret"));
	act(&k, &k.op, "totp.confirm",
	    json_pack("{s:s}", "code", code_at(secret, step_now())));
	act(&k, &mdg_actor_system, "user.reset",
	    json_pack("{s:s}", "login", "op"));
	assert_int_equal(
		strlen(text_of(open_with(&k, "op", key, NULL), "token")), 64);
	close_desk(&k);
}

/* ---- tokens ---- */

static struct mdg_actor
token_of(struct desk *k, const struct mdg_actor *who, json_t *scopes)
{
	struct mdg_api_token row;
	struct mdg_actor ret;
	struct mdg_err err;
	json_t *r = act(k, who, "token.add",
			json_pack("{s:s,s:o}", "name", "n", "scopes", scopes));
	const char *text = text_of(r, "token");

	assert_true(mdg_str_starts(text, "mdg_"));
	if (!mdg_actor_from_token(k->d, text + 4, mdg_now_s(), MDG_LANG_EN,
				  &ret, &row, &err))
		fail_msg("%s", why(&err));
	return ret;
}

static void
scopes_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	int64_t t = take_in(&k, new_mail("a@c", "taro@c.example", "返品", "1"))
			    .ticket_id;
	json_t *n = json_pack("{s:I}", "ticket", number_of(&k, t));
	struct mdg_actor metrics =
		token_of(&k, &k.op, json_pack("[s]", "metrics"));
	struct mdg_actor reads = token_of(&k, &k.op, json_pack("[s]", "read"));
	struct mdg_actor writes =
		token_of(&k, &k.op, json_pack("[s]", "write"));
	struct mdg_actor all = token_of(
		&k, &k.op,
		json_pack("[s,s,s,s]", "read", "write", "lead", "admin"));

	act(&k, &metrics, "metrics", json_object());
	refused(&k, &metrics, MDG_EPERM, "ticket.list", json_object());
	act(&k, &reads, "ticket.show", json_incref(n));
	refused(&k, &reads, MDG_EPERM, "ticket.take", json_incref(n));
	refused(&k, &writes, MDG_EPERM, "ticket.show", json_incref(n));
	act(&k, &writes, "ticket.take", json_incref(n));
	/* a token is never more than its person */
	refused(&k, &all, MDG_EPERM, "golive", json_object());
	refused(&k, &all, MDG_EPERM, "report.summary", json_object());
	/* nor does it make others, or change how one signs in */
	refused(&k, &all, MDG_EPERM, "token.add",
		json_pack("{s:s,s:[s]}", "name", "x", "scopes", "read"));
	refused(&k, &all, MDG_EPERM, "totp.begin", json_object());
	refused(&k, &all, MDG_EPERM, "session.list", json_object());
	act(&k, &all, "session.who", json_object());
	/* an approval takes the scope of a lead, whoever's token it is */
	struct mdg_actor sv =
		token_of(&k, &k.sv, json_pack("[s,s]", "read", "write"));
	int64_t draft = draft_for(&k, t, "太郎 様\n\n承りました。");
	refused(&k, &sv, MDG_EPERM, "approve", draft_arg(draft));
	json_decref(n);
	close_desk(&k);
}

/* Every action but those of one's own account can be reached by some scope,
 * and what takes a role takes a scope of that weight. */
static void
scopes_follow_the_roles(void **state)
{
	size_t n;
	const struct mdg_act *const *tables = mdg_act_tables(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (const struct mdg_act *a = tables[i]; a->name; a++) {
			unsigned s = mdg_act_scopes(a);
			if (a->role == MDG_MEMBER_NONE)
				assert_true(s == 0 ||
					    mdg_streq(a->name, "session.who"));
			else if (a->role == MDG_MEMBER_ADMIN)
				assert_int_equal(s, MDG_TOKEN_ADMIN);
			else if (!a->reads)
				assert_true(s == MDG_TOKEN_WRITE ||
					    s == MDG_TOKEN_LEAD);
			else
				assert_true(s & MDG_TOKEN_READ);
		}
}

static void
tokens_body(const char *url)
{
	struct desk k = open_desk(url, "all");
	struct mdg_api_token row;
	struct mdg_actor who;
	struct mdg_err err;
	char text[80];
	int64_t id;

	refused(&k, &k.op, MDG_EINVAL, "token.add",
		json_pack("{s:s,s:[]}", "name", "x", "scopes"));
	refused(&k, &k.op, MDG_EINVAL, "token.add",
		json_pack("{s:s,s:[s]}", "name", "x", "scopes", "root"));
	refused(&k, &k.op, MDG_EINVAL, "token.add",
		json_pack("{s:s,s:[s],s:i}", "name", "x", "scopes", "read",
			  "days", 3651));
	json_t *r = act(&k, &k.op, "token.add",
			json_pack("{s:s,s:[s],s:i}", "name", "x", "scopes",
				  "read", "days", 3650));
	id = json_integer_value(json_object_get(r, "id"));
	snprintf(text, sizeof(text), "%s", text_of(r, "token") + 4);
	/* only its digest is kept */
	assert_int_equal(count(&k, "SELECT COUNT(*) FROM api_token"
				   " WHERE LENGTH(hash) = 32"),
			 1);
	assert_true(mdg_actor_from_token(k.d, text, mdg_now_s(), MDG_LANG_EN,
					 &who, &row, &err));
	assert_false(mdg_actor_from_token(k.d, text,
					  mdg_now_s() + 3650 * 86400LL + 60,
					  MDG_LANG_EN, &who, &row, &err));
	assert_int_equal(err.code, MDG_EAUTH);
	/* others do not see it, nor end it; an administrator does */
	r = act(&k, &k.op2, "token.list", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "tokens")), 0);
	refused(&k, &k.op2, MDG_ENOENT, "token.revoke",
		json_pack("{s:I}", "token", id));
	r = act(&k, &k.op, "token.list", json_object());
	assert_int_equal(json_array_size(json_object_get(r, "tokens")), 1);
	act(&k, &mdg_actor_system, "token.revoke",
	    json_pack("{s:I}", "token", id));
	assert_false(mdg_actor_from_token(k.d, text, mdg_now_s(), MDG_LANG_EN,
					  &who, &row, &err));
	/* who is disabled speaks by no token */
	r = act(&k, &k.op, "token.add",
		json_pack("{s:s,s:[s]}", "name", "y", "scopes", "read"));
	snprintf(text, sizeof(text), "%s", text_of(r, "token") + 4);
	act(&k, &mdg_actor_system, "user.disable",
	    json_pack("{s:s}", "login", "op"));
	assert_false(mdg_actor_from_token(k.d, text, mdg_now_s(), MDG_LANG_EN,
					  &who, &row, &err));
	close_desk(&k);
}

static void
too_many_tokens_body(const char *url)
{
	struct desk k = open_desk(url, "all");

	for (int i = 0; i < MDG_TOKENS_MAX; i++)
		act(&k, &k.op, "token.add",
		    json_pack("{s:s,s:[s]}", "name", "x", "scopes", "read"));
	refused(&k, &k.op, MDG_ETOOBIG, "token.add",
		json_pack("{s:s,s:[s]}", "name", "x", "scopes", "read"));
	act(&k, &k.op2, "token.add",
	    json_pack("{s:s,s:[s]}", "name", "x", "scopes", "read"));
	close_desk(&k);
}

EACH(a_session_ends_by_idleness_by_age_and_by_reset, session_body);
EACH(wrong_keys_make_the_next_try_wait_longer, lockout_body);
EACH(a_code_is_asked_for_after_the_password_and_is_good_once, two_steps_body);
EACH(two_steps_are_taken_away_by_a_code_or_an_administrator,
     two_steps_end_body);
EACH(a_token_does_what_its_scopes_and_its_person_may, scopes_body);
EACH(a_token_is_kept_as_a_digest_and_ends, tokens_body);
EACH(a_person_has_so_many_tokens_and_no_more, too_many_tokens_body);

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_session_ends_by_idleness_by_age_and_by_reset),
	cmocka_unit_test(wrong_keys_make_the_next_try_wait_longer),
	cmocka_unit_test(
		a_code_is_asked_for_after_the_password_and_is_good_once),
	cmocka_unit_test(
		two_steps_are_taken_away_by_a_code_or_an_administrator),
	cmocka_unit_test(a_token_does_what_its_scopes_and_its_person_may),
	cmocka_unit_test(scopes_follow_the_roles),
	cmocka_unit_test(a_token_is_kept_as_a_digest_and_ends),
	cmocka_unit_test(a_person_has_so_many_tokens_and_no_more),
};
DESK_TESTS(tests);
