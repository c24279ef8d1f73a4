/* Mails that hold what was searched for, as tickets. */
#include "madoguchi/query/search.h"

#include "madoguchi/base/str.h"
#include "madoguchi/query/query.h"
#include "rows.h"

enum {
	STEP = 200,          /* mails that the index is asked for at once */
	LOOKED_AT_MAX = 1000 /* mails that one answer may look at */
};

static bool
is_listed(const json_t *list, json_int_t number)
{
	json_t *o;
	size_t i;

	json_array_foreach(list, i, o) if (json_integer_value(json_object_get(
						   o, "ticket")) ==
					   number) return true;
	return false;
}

/* The mail and its ticket, unless it is not the viewer's or filtered out. */
static bool
add_hit(struct mdg_db *db, const struct mdg_search_filter *f, int64_t message,
	json_t *list, struct mdg_err *err)
{
	struct mdg_rows *r;
	json_t *one = json_array();

	if (!mdg_db_query(
		    db, &r, err,
		    "SELECT t.number, w.code, t.state, t.closing, t.subject,"
		    " c.name, p.login, t.due_s, m.id, m.direction, m.class,"
		    " m.from_name, m.from_address, m.subject, m.received_s,"
		    " m.reply, m.text FROM message m"
		    " JOIN ticket t ON t.id = m.ticket_id"
		    " LEFT JOIN win w ON w.id = t.win_id"
		    " LEFT JOIN customer c ON c.id = t.customer_id"
		    " LEFT JOIN person p ON p.id = t.assignee_id"
		    " WHERE m.id = ?2 AND " MDG_VIEWER_SEES(
			    "t.win_id") " AND (?3 = '' OR t.state = ?3)"
					" AND (?4 = '' OR w.code = ?4)"
					" AND (?5 = '' OR p.login = ?5)"
					" AND m.received_s >= ?6"
					" AND m.received_s < ?7",
		    "iisssii", f->viewer, message, f->state ? f->state : "",
		    f->window ? f->window : "", f->assignee ? f->assignee : "",
		    f->from_s, f->to_s ? f->to_s : INT64_MAX) ||
	    !mdg_rows_json(&r,
			   "ticket:i window:s state:s closing:s subject:s "
			   "customer:s assignee:s due_s:i message:i "
			   "direction:s class:s from_name:s from_address:s "
			   "mail_subject:s received_s:i reply:s text:s",
			   one, err)) {
		json_decref(one);
		return false;
	}
	json_t *o = json_array_get(one, 0);
	if (o &&
	    !is_listed(list, json_integer_value(json_object_get(o, "ticket"))))
		json_array_append(list, o);
	json_decref(one);
	return true;
}

bool
mdg_query_search(struct mdg_db *db, const struct mdg_search_phrase *phrases,
		 size_t n, const struct mdg_search_filter *f, json_t *ret,
		 struct mdg_err *err)
{
	json_t *list = mdg_json_list(ret, "tickets");
	int64_t before = f->before, ids[STEP];
	size_t looked = 0, found = STEP;
	bool is_full = false;

	while (!is_full && found == STEP && looked < LOOKED_AT_MAX) {
		if (!mdg_search_query(db, phrases, n, before, STEP, ids, &found,
				      err))
			return false;
		for (size_t i = 0; i < found && !is_full; i++) {
			if (!add_hit(db, f, ids[i], list, err))
				return false;
			before = ids[i];
			is_full = json_array_size(list) >= f->limit;
		}
		looked += found;
	}
	/* whoever wants more asks again from here */
	json_object_set_new(ret, "before",
			    is_full || found == STEP ? json_integer(before)
						     : json_null());
	return true;
}
