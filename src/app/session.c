#include "madoguchi/app/session.h"

#include <stdio.h>

#include "madoguchi/base/log.h"

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

void
mdg_session_used(struct mdg_desk *d, const struct mdg_session *s,
		 int64_t now_s)
{
	struct mdg_err err;

	if (now_s - s->used_s < USE_NOTED_S)
		return;
	if (!mdg_desk_begin(d, &err))
		return;
	if (!mdg_session_use(d->db, s->id, now_s, &err) ||
	    !mdg_desk_commit(d, &err)) {
		mdg_warn("session: %s", err.text);
		mdg_desk_rollback(d);
	}
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
