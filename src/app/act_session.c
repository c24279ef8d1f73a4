/* session.*, user.password: signing in, and what one signs in with. */
#include <sodium.h>
#include <string.h>

#include "madoguchi/app/session.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"

#include "act-int.h"
#include "session-int.h"

enum { AGENT_BYTES_MAX = 300, SUBJECT_BYTES_MAX = 100 };

static bool
person_of(struct mdg_act_call *c, const char *login, struct mdg_person *p,
	  enum mdg_found *ret, struct mdg_err *err)
{
	*ret = mdg_person_by_login(c->desk->db, login, c->arena, p, err);
	if (*ret == MDG_FOUND && p->disabled)
		*ret = MDG_NONE;
	return *ret != MDG_FAILED;
}

static void
put_hex(struct mdg_act_call *c, const char *name, const unsigned char *p,
	size_t n)
{
	char *text = mdg_arena_alloc(c->arena, 2 * n + 1);

	mdg_hex(p, n, text);
	mdg_result_text(c, name, text);
}

static bool
get_hex(struct mdg_act_call *c, const char *name, unsigned char *p, size_t n,
	struct mdg_err *err)
{
	const char *text = mdg_arg_text(c, name, "");

	return (strlen(text) == 2 * n && mdg_unhex(text, p, n)) ||
	       mdg_fail(err, MDG_EINVAL, "%s has no %zu bytes", name, n);
}

/* What a key is derived with; of a login that nobody has, just the same. */
static bool
session_salt(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *login = mdg_arg_text(c, "login", "");
	struct mdg_passkey_row row;
	struct mdg_person p;
	enum mdg_found f;

	if (!person_of(c, login, &p, &f, err))
		return false;
	if (f == MDG_FOUND)
		f = mdg_passkey_get(c->desk->db, p.id, &row, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE)
		mdg_passkey_cost_decoy(c->desk->mac.bytes, login, &row.cost);
	put_hex(c, "salt", row.cost.salt, sizeof(row.cost.salt));
	mdg_result_int(c, "ops", row.cost.ops);
	mdg_result_int(c, "mem_bytes", row.cost.mem_bytes);
	return true;
}

/* ---- session.open ---- */

struct tries {
	const char *login, *address; /* subjects */
	int64_t wait_s;
};

static bool
look_at_tries(struct mdg_act_call *c, struct tries *t, struct mdg_err *err)
{
	struct mdg_login_try login, address;

	t->login = mdg_arena_printf(c->arena, "login:%.*s", SUBJECT_BYTES_MAX,
				    mdg_arg_text(c, "login", ""));
	t->address =
		mdg_arena_printf(c->arena, "address:%.*s", SUBJECT_BYTES_MAX,
				 mdg_arg_text(c, "address", ""));
	/* a login cut within a character is no text */
	if (!mdg_utf8_valid(t->login, strlen(t->login)))
		t->login = "login:";
	if (!mdg_login_try_get(c->desk->db, t->login, c->now_s, &login, err) ||
	    !mdg_login_try_get(c->desk->db, t->address, c->now_s, &address,
			       err))
		return false;
	int64_t a = login.last_s + mdg_login_wait_s(login.n, MDG_LOGIN_FREE);
	int64_t b = address.last_s +
		    mdg_login_wait_s(address.n, MDG_LOGIN_ADDRESS_FREE);
	t->wait_s = (a > b ? a : b) - c->now_s;
	return true;
}

static bool
refuse(struct mdg_act_call *c, struct tries *t, struct mdg_err *err)
{
	if (!mdg_login_try_count(c->desk->db, t->login, c->now_s, err) ||
	    !mdg_login_try_count(c->desk->db, t->address, c->now_s, err) ||
	    !look_at_tries(c, t, err))
		return false;
	json_object_set_new(c->result, "refused", json_true());
	mdg_result_int(c, "wait_s", t->wait_s > 0 ? t->wait_s : 0);
	return true;
}

static bool
begin_session(struct mdg_act_call *c, const struct mdg_person *p,
	      enum mdg_second_step how, struct mdg_err *err)
{
	unsigned char token[MDG_SESSION_TOKEN_BYTES], hash[MDG_DIGEST_BYTES];
	const char *agent = mdg_arg_text(c, "agent", "");
	int64_t id;

	mdg_random(token, sizeof(token));
	mdg_digest(mdg_span(token, sizeof(token)), hash);
	agent = mdg_arena_strndup(
		c->arena, agent,
		mdg_utf8_cut(agent, strlen(agent), AGENT_BYTES_MAX));
	if (!mdg_session_sweep(c->desk->db, c->now_s, err) ||
	    !mdg_session_add(c->desk->db, hash, p->id,
			     mdg_arg_text(c, "address", ""), agent, c->now_s,
			     &id, err))
		return false;
	put_hex(c, "token", token, sizeof(token));
	sodium_memzero(token, sizeof(token));
	return mdg_desk_event(c->desk, c->actor, NULL, "session.open",
			      json_pack("{s:I,s:I,s:b}", "person", p->id,
					"session", id, "recovery",
					how == MDG_SECOND_RECOVERY),
			      NULL, err);
}

static bool
session_open(struct mdg_act_call *c, struct mdg_err *err)
{
	unsigned char key[MDG_PASSKEY_BYTES];
	struct mdg_passkey_row row;
	struct mdg_person p;
	struct tries t;
	enum mdg_found f;

	if (!get_hex(c, "key", key, sizeof(key), err) ||
	    !look_at_tries(c, &t, err) ||
	    !person_of(c, mdg_arg_text(c, "login", ""), &p, &f, err))
		return false;
	if (t.wait_s > 0) {
		/* not even the right one: guessing learns nothing meanwhile */
		json_object_set_new(c->result, "refused", json_true());
		mdg_result_int(c, "wait_s", t.wait_s);
		return true;
	}
	if (f == MDG_FOUND)
		f = mdg_passkey_get(c->desk->db, p.id, &row, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE || !mdg_passkey_is(key, row.digest))
		return refuse(c, &t, err);
	enum mdg_second_step how;
	if (!mdg_act_second_step(c, p.id, mdg_arg_text(c, "code", ""), &how,
				 err))
		return false;
	if (how == MDG_SECOND_WRONG)
		return refuse(c, &t, err);
	if (how == MDG_SECOND_WANTED) {
		json_object_set_new(c->result, "code_wanted", json_true());
		return true;
	}
	return mdg_login_try_forget(c->desk->db, t.login, err) &&
	       begin_session(c, &p, how, err);
}

/* ---- what is open ---- */

static bool
session_close(struct mdg_act_call *c, struct mdg_err *err)
{
	int64_t session = mdg_arg_int(c, "session", c->actor->session_id);
	int64_t keep = mdg_arg_flag(c, "others") ? c->actor->session_id : 0;
	int64_t n;

	if (!mdg_act_need_person(c, err))
		return false;
	if (!mdg_session_end(c->desk->db, c->actor->person_id,
			     keep ? 0 : session, keep, &n, err))
		return false;
	mdg_result_int(c, "ended", n);
	return mdg_desk_event(
		c->desk, c->actor, NULL, "session.close",
		json_pack("{s:I,s:I}", "session", session, "n", n), NULL, err);
}

static bool
session_list(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_act_need_person(c, err) &&
	       mdg_query_sessions(c->desk->db, c->actor->person_id,
				  c->actor->session_id, c->now_s, c->result,
				  err);
}

static bool
session_who(struct mdg_act_call *c, struct mdg_err *err)
{
	return mdg_act_need_person(c, err) &&
	       mdg_query_who(c->desk->db, c->actor->person_id, c->result, err);
}

/* ---- user.password ---- */

/* One's own with the one before; others' as an administrator. */
static bool
may_set(struct mdg_act_call *c, const struct mdg_person *p, struct mdg_err *err)
{
	unsigned char key[MDG_PASSKEY_BYTES];
	struct mdg_passkey_row row;
	enum mdg_found f;

	if (p->id != c->actor->person_id)
		return c->role == MDG_MEMBER_ADMIN && !c->viewer
			       ? true
			       : mdg_fail_msg(err, MDG_EPERM,
					      MDG_MSG_act_forbidden,
					      "user.password", "admin", NULL);
	f = mdg_passkey_get(c->desk->db, p->id, &row, err);
	if (f != MDG_FOUND || !c->actor->session_id)
		return f != MDG_FAILED;
	return get_hex(c, "current", key, sizeof(key), err) &&
	       (mdg_passkey_is(key, row.digest) ||
		mdg_fail_msg(err, MDG_EPERM, MDG_MSG_password_current, NULL));
}

static bool
user_password(struct mdg_act_call *c, struct mdg_err *err)
{
	const char *login = mdg_arg_text(c, "login", "");
	unsigned char key[MDG_PASSKEY_BYTES];
	struct mdg_passkey_row row;
	struct mdg_person p;
	int64_t ended;
	enum mdg_found f =
		mdg_person_by_login(c->desk->db, login, c->arena, &p, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_person_none, login,
				    NULL);
	row.cost.ops = mdg_arg_int(c, "ops", 0);
	row.cost.mem_bytes = mdg_arg_int(c, "mem_bytes", 0);
	if (!may_set(c, &p, err) || !get_hex(c, "key", key, sizeof(key), err) ||
	    !get_hex(c, "salt", row.cost.salt, sizeof(row.cost.salt), err))
		return false;
	if (!mdg_passkey_cost_is_sane(&row.cost))
		return mdg_fail(err, MDG_EINVAL, "costs of a password");
	mdg_digest(mdg_span(key, sizeof(key)), row.digest);
	sodium_memzero(key, sizeof(key));
	const char *subject = mdg_arena_printf(c->arena, "login:%s", p.login);
	mdg_result_text(c, "login", p.login);
	/* whoever knew the one before is out */
	return mdg_passkey_put(c->desk->db, p.id, &row, c->now_s, err) &&
	       mdg_login_try_forget(c->desk->db, subject, err) &&
	       mdg_session_end(
		       c->desk->db, p.id, 0,
		       p.id == c->actor->person_id ? c->actor->session_id : 0,
		       &ended, err) &&
	       mdg_desk_event(
		       c->desk, c->actor, NULL, "user.password",
		       json_pack("{s:I,s:I}", "person", p.id, "ended", ended),
		       NULL, err);
}

const struct mdg_act mdg_acts_session[] = {
	{"session.salt",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 true,
	 {{"login", 's', true}},
	 session_salt},
	{"session.open",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 false,
	 {{"login", 's', true},
	  {"key", 's', true},
	  {"code", 's', false},
	  {"address", 's', false},
	  {"agent", 's', false}},
	 session_open},
	{"session.close",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 false,
	 {{"session", 'i', false}, {"others", 'b', false}},
	 session_close},
	{"session.list",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 true,
	 {{0}},
	 session_list},
	{"session.who",
	 MDG_SCOPE_DESK,
	 MDG_MEMBER_NONE,
	 true,
	 {{0}},
	 session_who},
	{"user.password",
	 MDG_SCOPE_ANY,
	 MDG_MEMBER_NONE,
	 false,
	 {{"login", 's', true},
	  {"key", 's', true},
	  {"salt", 's', true},
	  {"ops", 'i', true},
	  {"mem_bytes", 'i', true},
	  {"current", 's', false}},
	 user_password},
	{0},
};
