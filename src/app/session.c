#include "madoguchi/app/session.h"

#include <stdio.h>

#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

enum { USE_NOTED_S = 300 };

const struct mdg_actor mdg_actor_visitor = {.name = "web"};

bool
mdg_actor_from_session(struct mdg_desk *d, const char *token, int64_t now_s,
		       enum mdg_lang lang, struct mdg_actor *ret,
		       struct mdg_session *session, struct mdg_err *err)
{
	enum mdg_found f = mdg_session_get(d->db, token, now_s, session, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_session_none, NULL);
	*ret = (struct mdg_actor){
		.person_id = session->person_id,
		.lang = lang,
		.session_id = session->id,
	};
	snprintf(ret->name, sizeof(ret->name), "person:%lld",
		 (long long)session->person_id);
	return true;
}

bool
mdg_actor_from_token(struct mdg_desk *d, const char *token, int64_t now_s,
		     enum mdg_lang lang, struct mdg_actor *ret,
		     struct mdg_api_token *row, struct mdg_err *err)
{
	enum mdg_found f = mdg_api_token_get(d->db, token, now_s, row, err);

	if (f != MDG_FOUND)
		return f == MDG_NONE &&
		       mdg_fail_msg(err, MDG_EAUTH, MDG_MSG_token_none, NULL);
	*ret = (struct mdg_actor){
		.person_id = row->person_id,
		.scopes = (unsigned)row->scopes,
		.lang = lang,
	};
	snprintf(ret->name, sizeof(ret->name), "person:%lld as token:%lld",
		 (long long)row->person_id, (long long)row->id);
	return true;
}

static void
note_use(struct mdg_desk *d, int64_t id, int64_t used_s, int64_t now_s,
	 bool (*use)(struct mdg_db *db, int64_t id, int64_t now_s,
		     struct mdg_err *err))
{
	struct mdg_err err;

	if (now_s - used_s < USE_NOTED_S || !mdg_desk_begin(d, &err))
		return;
	if (!use(d->db, id, now_s, &err) || !mdg_desk_commit(d, &err)) {
		mdg_warn("session: %s", mdg_err_en(&err));
		mdg_desk_rollback(d);
	}
}

void
mdg_session_used(struct mdg_desk *d, const struct mdg_session *s, int64_t now_s)
{
	note_use(d, s->id, s->used_s, now_s, mdg_session_use);
}

void
mdg_token_used(struct mdg_desk *d, const struct mdg_api_token *t, int64_t now_s)
{
	note_use(d, t->id, t->used_s, now_s, mdg_api_token_use);
}

static const struct {
	enum mdg_token_scope scope;
	const char *name;
} scopes[] = {
	{MDG_TOKEN_METRICS, "metrics"}, {MDG_TOKEN_READ, "read"},
	{MDG_TOKEN_WRITE, "write"},     {MDG_TOKEN_LEAD, "lead"},
	{MDG_TOKEN_ADMIN, "admin"},
};

const char *
mdg_token_scope_name(enum mdg_token_scope s)
{
	for (size_t i = 0; i < MDG_LEN(scopes); i++)
		if (scopes[i].scope == s)
			return scopes[i].name;
	return NULL;
}

enum mdg_token_scope
mdg_token_scope_from_name(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(scopes); i++)
		if (mdg_streq(scopes[i].name, name))
			return scopes[i].scope;
	return 0;
}

int64_t
mdg_login_wait_s(int64_t wrong, int64_t free)
{
	int64_t s = 2;

	if (wrong < free)
		return 0;
	while (wrong-- > free && s < MDG_LOGIN_WAIT_MAX_S)
		s *= 2;
	return s > MDG_LOGIN_WAIT_MAX_S ? MDG_LOGIN_WAIT_MAX_S : s;
}
