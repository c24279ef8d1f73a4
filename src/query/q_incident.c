#include "madoguchi/query/incident.h"

#include "rows.h"

#define SEEN                                                                   \
	"(?1 = 0 OR EXISTS (SELECT 1 FROM incident_ticket x"                   \
	" JOIN ticket t ON t.id = x.ticket_id WHERE x.incident_id = i.id"      \
	" AND t.win_id IN " MDG_VIEWER_WINS "))"
#define COLUMNS                                                                  \
	"SELECT i.id, i.state, i.face_kind, i.face_term, i.began_s, i.opened_s," \
	" i.last_s, i.window_h, i.customers, i.expected_milli, i.verdict,"       \
	" (SELECT COUNT(*) FROM incident_ticket x JOIN ticket t"                 \
	"  ON t.id = x.ticket_id WHERE x.incident_id = i.id"                     \
	"  AND " MDG_VIEWER_SEES(                                                \
		"t.win_id") "), i.told_s,"                                       \
			    " COALESCE(p.name, ''), i.verdict_s FROM incident i" \
			    " LEFT JOIN person p ON p.id = i.verdict_by WHERE " SEEN
#define NAMES                                                                  \
	"incident:i state:s kind:s term:s began_s:i opened_s:i last_s:i"       \
	" window_h:i customers:i expected_milli:i verdict:s tickets_n:i"       \
	" told_s:i verdict_by:s verdict_s:i"

bool
mdg_query_incidents(struct mdg_db *db, int64_t viewer, bool all, json_t *ret,
		    struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    COLUMNS " AND (?2 = 1 OR i.state = 'open')"
				    " ORDER BY i.state, i.id DESC LIMIT 200",
			    "ii", viewer, (int64_t)all) &&
	       mdg_rows_json(&r, NAMES, mdg_json_list(ret, "incidents"), err);
}

static bool
parts(struct mdg_db *db, int64_t viewer, int64_t incident, json_t *ret,
      struct mdg_err *err)
{
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err,
			  "SELECT kind, term, tickets, expected_milli"
			  " FROM incident_word WHERE incident_id = ?1"
			  " ORDER BY n",
			  "i", incident) ||
	    !mdg_rows_json(&r, "kind:s term:s tickets:i expected_milli:i",
			   mdg_json_list(ret, "words"), err))
		return false;
	return mdg_db_query(db, &r, err,
			    "SELECT t.number, t.state, t.subject,"
			    " COALESCE(c.name, ''), COALESCE(w.code, ''),"
			    " t.created_s, r.draft_id, d.state"
			    " FROM incident_ticket i"
			    " JOIN ticket t ON t.id = i.ticket_id"
			    " LEFT JOIN win w ON w.id = t.win_id"
			    " LEFT JOIN customer c ON c.id = t.customer_id"
			    " LEFT JOIN incident_reply r ON r.ticket_id = t.id"
			    " AND r.incident_id = i.incident_id"
			    " LEFT JOIN draft d ON d.id = r.draft_id"
			    " WHERE i.incident_id = ?2"
			    " AND " MDG_VIEWER_SEES("t.win_id") " ORDER BY t.id"
								" LIMIT 1000",
			    "ii", viewer, incident) &&
	       mdg_rows_json(&r,
			     "ticket:i state:s subject:s customer:s window:s"
			     " created_s:i draft:i draft_state:s",
			     mdg_json_list(ret, "tickets"), err);
}

enum mdg_found
mdg_query_incident(struct mdg_db *db, int64_t viewer, int64_t incident,
		   json_t *ret, struct mdg_err *err)
{
	json_t *one = json_array();
	struct mdg_rows *r;

	if (!mdg_db_query(db, &r, err, COLUMNS " AND i.id = ?2", "ii", viewer,
			  incident) ||
	    !mdg_rows_json(&r, NAMES, one, err)) {
		json_decref(one);
		return MDG_FAILED;
	}
	bool found = json_array_size(one) == 1;
	if (found)
		json_object_update(ret, json_array_get(one, 0));
	json_decref(one);
	if (!found)
		return MDG_NONE;
	return parts(db, viewer, incident, ret, err) ? MDG_FOUND : MDG_FAILED;
}

bool
mdg_query_surge_watch(struct mdg_db *db, json_t *ret, struct mdg_err *err)
{
	struct mdg_rows *r;

	return mdg_db_query(db, &r, err,
			    "SELECT s.term, COALESCE(p.name, ''), s.added_s"
			    " FROM surge_term s LEFT JOIN person p"
			    " ON p.id = s.person_id ORDER BY s.term",
			    "") &&
	       mdg_rows_json(&r, "term:s by:s added_s:i",
			     mdg_json_list(ret, "terms"), err) &&
	       mdg_db_query(db, &r, err,
			    "SELECT kind, term, window_h, customers,"
			    " expected_milli FROM surge_unusual ORDER BY n",
			    "") &&
	       mdg_rows_json(&r,
			     "kind:s term:s window_h:i customers:i"
			     " expected_milli:i",
			     mdg_json_list(ret, "unusual"), err);
}
