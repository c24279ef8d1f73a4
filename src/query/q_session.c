/* Who is signed in, and what they are on the desk. */
#include "madoguchi/query/query.h"

#include "madoguchi/store/st_login.h"
#include "rows.h"

bool
mdg_query_sessions(struct mdg_db *db, int64_t person, int64_t current,
		   int64_t now_s, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT id, address, agent, created_s, used_s,"
			  " CASE WHEN id = ?2 THEN 1 ELSE 0 END FROM session"
			  " WHERE person_id = ?1 AND used_s > ?3"
			  " AND created_s > ?4 ORDER BY used_s DESC, id DESC",
			  "iiii", person, current, now_s - MDG_SESSION_IDLE_S,
			  now_s - MDG_SESSION_MAX_S))
		return false;
	return mdg_rows_json(&r,
			     "session:i address:s agent:s created_s:i used_s:i "
			     "current:b",
			     mdg_json_list(ret, "sessions"), err);
}

bool
mdg_query_tokens(struct mdg_db *db, int64_t person, int64_t now_s, json_t *ret,
		 struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT t.id, p.login, t.name, t.scopes, t.created_s,"
			  " t.expires_s, t.used_s,"
			  " CASE WHEN t.expires_s <= ?2 THEN 1 ELSE 0 END"
			  " FROM api_token t JOIN person p"
			  " ON p.id = t.person_id"
			  " WHERE (?1 = 0 OR t.person_id = ?1)"
			  " ORDER BY p.login, t.id",
			  "ii", person, now_s))
		return false;
	return mdg_rows_json(&r,
			     "token:i login:s name:s scopes:i created_s:i "
			     "expires_s:i used_s:i expired:b",
			     mdg_json_list(ret, "tokens"), err);
}

bool
mdg_query_who(struct mdg_db *db, int64_t person, json_t *ret,
	      struct mdg_err *err)
{
	struct mdg_rows *r;
	json_t *one = json_array();

	if (!mdg_db_query(db, &r, err,
			  "SELECT login, name, email, lang, is_admin"
			  " FROM person WHERE id = ?1",
			  "i", person) ||
	    !mdg_rows_json(&r, "login:s name:s email:s lang:s admin:b", one,
			   err)) {
		json_decref(one);
		return false;
	}
	json_object_update(ret, json_array_get(one, 0));
	json_decref(one);
	if (!mdg_db_query(db, &r, err,
			  "SELECT w.code, w.name, m.role, m.is_novice"
			  " FROM member m JOIN win w ON w.id = m.win_id"
			  " WHERE m.person_id = ?1 AND m.role <> 'none'"
			  " ORDER BY w.code",
			  "i", person))
		return false;
	return mdg_rows_json(&r, "window:s name:s role:s novice:b",
			     mdg_json_list(ret, "windows"), err);
}
