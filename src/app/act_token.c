/* token.*, totp.*: how programs come in, and the second step of people. */
#include <sodium.h>
#include <string.h>

#include "madoguchi/app/session.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/totp.h"
#include "madoguchi/query/query.h"

#include "act-int.h"
#include "session-int.h"

enum {
	DAY_S = 86400,
	TOKEN_DAYS = 365,
	TOKEN_DAYS_MAX = 3650,
	NAME_CHARS_MAX = 100,
	RECOVERY_N = 10,
	RECOVERY_BYTES = 10, /* 80 bits: 16 characters */
	RECOVERY_CHARS = 16,
};

/* ---- token.* ---- */

static bool
read_scopes(struct mdg_act_call *c, unsigned *ret, struct mdg_err *err)
{
	json_t *v;
	size_t i;

	*ret = 0;
	json_array_foreach (json_object_get(c->args, "scopes"), i, v) {
		const char *name = json_string_value(v);
		enum mdg_token_scope s =
			mdg_token_scope_from_name(name ? name : "");
		if (!s)
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_token_scope_unknown,
					    name ? name : "", NULL);
		*ret |= s;
	}
	return *ret != 0 || mdg_fail_msg(err, MDG_EINVAL,
					 MDG_MSG_token_scope_unknown, "", NULL);
}

static bool
room_for_one(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t n;

	return mdg_db_i64(c->desk->db, &n, err,
			  "SELECT COUNT(*) FROM api_token WHERE person_id = ?1",
			  "i", c->actor->person_id) == MDG_FOUND &&
	       (n < MDG_TOKENS_MAX ||
		mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_token_many,
			     mdg_act_number(c, n), NULL));
}

static bool
token_add(struct mdg_act_call *c, struct mdg_err *err)
{
	unsigned char token[MDG_SESSION_TOKEN_BYTES], hash[MDG_DIGEST_BYTES];
	char text[4 + 2 * sizeof(token) + 1] = "mdg_";
	const char *name = mdg_arg_text(c, "name", "");
	int64_t days = mdg_arg_int(c, "days", TOKEN_DAYS), id;
	unsigned scopes;

	if (!mdg_act_need_person(c, err) || !read_scopes(c, &scopes, err))
		return false;
	if (!*name || strlen(name) > 4 * (size_t)NAME_CHARS_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_token_what, NULL);
	if (days < 1 || days > TOKEN_DAYS_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_token_days,
				    mdg_act_number(c, TOKEN_DAYS_MAX), NULL);
	if (!room_for_one(c, err))
		return false;
	mdg_random(token, sizeof(token));
	mdg_digest(mdg_span(token, sizeof(token)), hash);
	int64_t until_s = c->now_s + days * DAY_S;
	if (!mdg_api_token_add(c->desk->db, hash, c->actor->person_id, name,
			       scopes, c->now_s, until_s, &id, err))
		return false;
	mdg_hex(token, sizeof(token), text + 4);
	mdg_result_int(c, "id", id);
	mdg_result_text(c, "token", text);
	mdg_result_int(c, "expires_s", until_s);
	sodium_memzero(token, sizeof(token));
	return mdg_desk_event(c->desk, c->actor, NULL, "token.add",
			      json_pack("{s:I,s:I,s:I}", "token", id, "person",
					c->actor->person_id, "scopes",
					(json_int_t)scopes),
			      NULL, err);
}

/* One's own; an administrator sees those of all. */
static bool
sees_all(const struct mdg_act_call *c)
{
	return c->role == MDG_MEMBER_ADMIN && mdg_arg_flag(c, "all");
}

static bool
token_list(struct mdg_act_call *c, struct mdg_err *err)
{
	json_t *row, *list;
	size_t i;

	if (!sees_all(c) && !mdg_act_need_person(c, err))
		return false;
	if (!mdg_query_tokens(c->desk->db,
			      sees_all(c) ? 0 : c->actor->person_id, c->now_s,
			      c->result, err))
		return false;
	list = json_object_get(c->result, "tokens");
	json_array_foreach (list, i, row) {
		json_int_t bits =
			json_integer_value(json_object_get(row, "scopes"));
		json_t *names = json_array();
		for (unsigned s = 1; s < MDG_TOKEN_ALL; s <<= 1)
			if (bits & s)
				json_array_append_new(
					names,
					json_string(mdg_token_scope_name(s)));
		json_object_set_new(row, "scopes", names);
	}
	return true;
}

static bool
token_revoke(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t id = mdg_arg_int(c, "token", 0), n;
	bool any = c->role == MDG_MEMBER_ADMIN;

	if (!any && !mdg_act_need_person(c, err))
		return false;
	if (id < 1)
		n = 0;
	else if (!mdg_api_token_remove(c->desk->db,
				       any ? 0 : c->actor->person_id, id, &n,
				       err))
		return false;
	if (n == 0)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_token_gone,
				    mdg_act_number(c, id), NULL);
	mdg_result_int(c, "token", id);
	return mdg_desk_event(c->desk, c->actor, NULL, "token.revoke",
			      json_pack("{s:I}", "token", id), NULL, err);
}

/* ---- totp.* ---- */

static const char *
secret_name(struct mdg_act_call *c, int64_t person)
{
	return mdg_arena_printf(c->arena, "totp:%lld", (long long)person);
}

/* A recovery code as typed: without dashes and spaces, in any case. */
static bool
recovery_hash(const char *typed, unsigned char hash[MDG_DIGEST_BYTES])
{
	char code[RECOVERY_CHARS];
	size_t n = 0;

	for (; *typed; typed++) {
		if (*typed == '-' || *typed == ' ')
			continue;
		if (n == RECOVERY_CHARS)
			return false;
		code[n++] = (char)mdg_ascii_lower(*typed);
	}
	mdg_digest(mdg_span(code, n), hash);
	return n == RECOVERY_CHARS;
}

bool
mdg_act_second_step(struct mdg_act_call *c, int64_t person, const char *code,
		    enum mdg_second_step *ret, struct mdg_err *err)
{
	unsigned char hash[MDG_DIGEST_BYTES];
	struct mdg_totp_row row;
	const char *secret;
	int64_t n;
	enum mdg_found f = mdg_totp_get(c->desk->db, person, &row, err);

	if (f == MDG_FAILED)
		return false;
	*ret = MDG_SECOND_OFF;
	if (f == MDG_NONE || !row.confirmed_s)
		return true;
	*ret = *code ? MDG_SECOND_WRONG : MDG_SECOND_WANTED;
	if (!*code)
		return true;
	if (recovery_hash(code, hash)) {
		if (!mdg_recovery_use(c->desk->db, person, hash, &n, err))
			return false;
		*ret = n ? MDG_SECOND_RECOVERY : MDG_SECOND_WRONG;
		return true;
	}
	if (!mdg_desk_secret_get(c->desk, secret_name(c, person), c->arena,
				 &secret, err))
		return false;
	if (!mdg_totp_check(secret, code, c->now_s, row.last_step,
			    &row.last_step))
		return true;
	*ret = MDG_SECOND_RIGHT;
	return mdg_totp_put(c->desk->db, person, &row, err);
}

static bool
totp_show(struct mdg_act_call *c, struct mdg_err *err)
{
	struct mdg_totp_row row = {0};
	int64_t left = 0;

	if (!mdg_act_need_person(c, err) ||
	    mdg_totp_get(c->desk->db, c->actor->person_id, &row, err) ==
		    MDG_FAILED ||
	    mdg_db_i64(c->desk->db, &left, err,
		       "SELECT COUNT(*) FROM totp_recovery"
		       " WHERE person_id = ?1",
		       "i", c->actor->person_id) != MDG_FOUND)
		return false;
	json_object_set_new(c->result, "on", json_boolean(row.confirmed_s));
	mdg_result_int(c, "since_s", row.confirmed_s);
	mdg_result_int(c, "recovery_left", left);
	return true;
}

static bool
totp_begin(struct mdg_act_call *c, struct mdg_err *err)
{
	char secret[MDG_TOTP_SECRET_CHARS + 1];
	struct mdg_totp_row row = {0};
	struct mdg_person p;

	if (!mdg_act_need_person(c, err) ||
	    mdg_person_by_id(c->desk->db, c->actor->person_id, c->arena, &p,
			     err) != MDG_FOUND ||
	    mdg_totp_get(c->desk->db, p.id, &row, err) == MDG_FAILED)
		return false;
	if (row.confirmed_s)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_totp_on, NULL);
	mdg_totp_secret_new(secret);
	mdg_result_text(c, "secret", secret);
	mdg_result_text(c, "uri",
			mdg_arena_printf(c->arena,
					 "otpauth://totp/Madoguchi:%s?secret=%s"
					 "&issuer=Madoguchi",
					 p.login, secret));
	bool ok = mdg_desk_secret_put(c->desk, secret_name(c, p.id), secret,
				      err) &&
		  mdg_totp_put(c->desk->db, p.id, &row, err) &&
		  mdg_desk_event(c->desk, c->actor, NULL, "totp.begin",
				 json_pack("{s:I}", "person", p.id), NULL, err);
	sodium_memzero(secret, sizeof(secret));
	return ok;
}

static bool
new_recovery(struct mdg_act_call *c, struct mdg_err *err)
{
	unsigned char raw[RECOVERY_BYTES], hash[MDG_DIGEST_BYTES];
	char code[RECOVERY_CHARS + 1];
	json_t *list = json_array();

	json_object_set_new(c->result, "recovery", list);
	for (int i = 0; i < RECOVERY_N; i++) {
		mdg_random(raw, sizeof(raw));
		mdg_base32(raw, sizeof(raw), code);
		mdg_digest(mdg_span(code, RECOVERY_CHARS), hash);
		json_array_append_new(
			list, json_string(mdg_arena_printf(
				      c->arena, "%.4s-%.4s-%.4s-%.4s", code,
				      code + 4, code + 8, code + 12)));
		if (!mdg_recovery_add(c->desk->db, c->actor->person_id, hash,
				      err))
			return false;
	}
	return true;
}

static bool
totp_confirm(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t person = c->actor->person_id;
	struct mdg_totp_row row;
	const char *secret;

	if (!mdg_act_need_person(c, err))
		return false;
	enum mdg_found f = mdg_totp_get(c->desk->db, person, &row, err);
	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_totp_not_begun,
				    NULL);
	if (row.confirmed_s)
		return mdg_fail_msg(err, MDG_ESTATE, MDG_MSG_totp_on, NULL);
	if (!mdg_desk_secret_get(c->desk, secret_name(c, person), c->arena,
				 &secret, err))
		return false;
	if (!mdg_totp_check(secret, mdg_arg_text(c, "code", ""), c->now_s,
			    row.last_step, &row.last_step))
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_totp_wrong, NULL);
	row.confirmed_s = c->now_s;
	return mdg_totp_put(c->desk->db, person, &row, err) &&
	       new_recovery(c, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "totp.confirm",
			      json_pack("{s:I}", "person", person), NULL, err);
}

/* A browser left open is not enough to take it away. */
static bool
totp_remove(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t person = c->actor->person_id;
	enum mdg_second_step how;

	if (!mdg_act_need_person(c, err) ||
	    !mdg_act_second_step(c, person, mdg_arg_text(c, "code", ""), &how,
				 err))
		return false;
	if (how == MDG_SECOND_WRONG || how == MDG_SECOND_WANTED)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_totp_wrong, NULL);
	return mdg_totp_remove(c->desk->db, person, err) &&
	       mdg_desk_event(c->desk, c->actor, NULL, "totp.remove",
			      json_pack("{s:I}", "person", person), NULL, err);
}

const struct mdg_act mdg_acts_token[] = {
	{"token.add",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_NONE,
	 false,
	 {{"name", 's', true}, {"scopes", 'a', true}, {"days", 'i', false}},
	 token_add},
	{"token.list",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_NONE,
	 true,
	 {{"all", 'b', false}},
	 token_list},
	{"token.revoke",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_NONE,
	 false,
	 {{"token", 'i', true}},
	 token_revoke},
	{"totp.show", MDG_SCOPE_DESK, MDG_MEMBER_NONE, true, {{0}}, totp_show},
	{"totp.begin",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 false,
	 {{0}},
	 totp_begin},
	{"totp.confirm",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 false,
	 {{"code", 's', true}},
	 totp_confirm},
	{"totp.remove",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 false,
	 {{"code", 's', true}},
	 totp_remove},
	{0},
};
