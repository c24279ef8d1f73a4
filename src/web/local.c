/*
 * What is read most, read here: the queue. The core is asked instead when
 * there is no store at hand (another engine), or reading it fails.
 */
#include "madoguchi/base/clock.h"
#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"
#include "madoguchi/store/st_desk.h"
#include "madoguchi/store/st_login.h"
#include "web.h"

/* Whose windows are shown, as in the core: 0 for an administrator. */
static bool
viewer_of(struct req *q, int64_t *ret)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_db *db = q->web->db;
	struct mdg_session s;
	struct mdg_person p;
	struct mdg_err err;
	enum mdg_member_role role;

	if (mdg_session_get(db, q->token, mdg_now_s(), &s, &err) != MDG_FOUND ||
	    mdg_person_by_id(db, s.person_id, &a, &p, &err) != MDG_FOUND ||
	    p.disabled || !mdg_member_best(db, p.id, &role, &err) ||
	    (role < MDG_MEMBER_VIEWER && !p.is_admin))
		return false;
	*ret = p.is_admin ? 0 : p.id;
	/* the core notes that the session is used, and says when it is over */
	return mdg_now_s() - s.used_s < MDG_SESSION_IDLE_S / 8;
}

static const char *
word(const struct req *q, const char *name)
{
	return json_string_value(json_object_get(q->args, name));
}

/* What is no argument is the core's to refuse. */
static bool
has_others(const struct req *q)
{
	static const char *const known[] = {"state", "assignee", "window",
					    "after", "limit"};
	size_t n = json_object_size(q->args);

	for (size_t i = 0; i < MDG_LEN(known); i++)
		n -= json_object_get(q->args, known[i]) != NULL;
	return n > 0;
}

bool
local_tickets(struct req *q)
{
	struct mdg_ticket_filter f = {
		.state = word(q, "state"),
		.assignee = word(q, "assignee"),
		.window = word(q, "window"),
		.after = word(q, "after"),
		.limit = 50,
	};
	const json_t *limit = json_object_get(q->args, "limit");
	struct mdg_err err;

	if (!q->web->db || q->as_csv || !q->by_cookie || has_others(q) ||
	    !viewer_of(q, &f.viewer) || (limit && !json_is_integer(limit)))
		return false;
	if (limit)
		f.limit = json_integer_value(limit);
	json_t *result = json_object();
	if (!mdg_query_tickets(q->web->db, &f, mdg_now_s(), result, &err)) {
		json_decref(result);
		return false;
	}
	route_show(q, result);
	json_decref(result);
	return true;
}
