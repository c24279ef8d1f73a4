/* Who speaks by a local socket. */
#include <stdio.h>

#include "madoguchi/app/act.h"

bool
mdg_actor_from_uid(struct mdg_desk *d, int64_t uid, int64_t own_uid,
		   const char *as_user, enum mdg_lang lang,
		   struct mdg_actor *ret, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_person p;
	bool machine_admin = uid == 0 || uid == own_uid;
	enum mdg_found f;

	*ret = (struct mdg_actor){.lang = lang};
	if (as_user && !machine_admin)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_act_as_forbidden,
				    NULL);
	if (as_user)
		f = mdg_person_by_login(d->db, as_user, &a, &p, err);
	else
		f = mdg_person_by_uid(d->db, uid, &a, &p, err);
	if (f == MDG_FAILED)
		return false;
	if (f == MDG_NONE && as_user)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_person_none,
				    as_user, NULL);
	if (f == MDG_NONE && !machine_admin)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_act_who, NULL);
	if (f == MDG_NONE) {
		ret->is_machine_admin = true;
		snprintf(ret->name, sizeof(ret->name), "uid:%lld",
			 (long long)uid);
		return true;
	}
	ret->person_id = p.id;
	if (as_user)
		snprintf(ret->name, sizeof(ret->name),
			 "person:%lld as uid:%lld", (long long)p.id,
			 (long long)uid);
	else
		snprintf(ret->name, sizeof(ret->name), "person:%lld",
			 (long long)p.id);
	return true;
}
