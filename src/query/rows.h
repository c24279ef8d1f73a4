/* Rows of a query as a JSON array: one object a row, keys as given. */
#ifndef MDG_QUERY_ROWS_H
#define MDG_QUERY_ROWS_H

#include <jansson.h>

#include "madoguchi/store/db.h"

/*
 * columns: "name:type name:type …" in the order of the SELECT; types: s text,
 * i integer, b flag. NULL becomes null. Closes the rows.
 */
bool mdg_rows_json(struct mdg_rows **r, const char *columns, json_t *array,
		   struct mdg_err *err);
/* Adds "badges" to each row: codes out of its "flags", less those that a
 * "customer_address" settles. */
void mdg_json_badges(json_t *rows);
/* A new array in ret[name]. */
json_t *mdg_json_list(json_t *ret, const char *name);

/* Every login, by the id of its person. */
bool mdg_logins(struct mdg_db *db, json_t *ret, struct mdg_err *err);
/* "person:7" and "person:7 as uid:0" are both person 7; NULL: nobody's. */
const char *mdg_login_of(const json_t *by_id, const char *actor);

/* SQL, behind WITH RECURSIVE: ticket ?1 and all that was merged into it. */
#define MDG_TICKET_MEMBERS                                                     \
	"members (id) AS (SELECT CAST(?1 AS BIGINT) UNION SELECT t.id"         \
	" FROM ticket t JOIN members ON t.merged_into = members.id)"

/* SQL: the window `column` is one that ?1, the viewer, may see. */
#define MDG_VIEWER_WINS                                                        \
	"(SELECT win_id FROM member WHERE person_id = ?1"                      \
	" AND role <> 'none')"
#define MDG_VIEWER_SEES(column) "(?1 = 0 OR " column " IN " MDG_VIEWER_WINS ")"
/* The same, of a window in which the viewer is a lead. */
#define MDG_VIEWER_LEADS(column)                                               \
	"(?1 = 0 OR " column " IN (SELECT win_id FROM member"                  \
	" WHERE person_id = ?1 AND role IN ('sv', 'admin')))"
/* The same of an account: it serves one of the viewer's windows. */
#define MDG_VIEWER_SEES_ACCOUNT(column)                                        \
	"(?1 = 0 OR " column " IN (SELECT account_id FROM win_account"         \
	" WHERE win_id IN " MDG_VIEWER_WINS "))"

/* "merged", "links", "steps" (what can be undone) and "offers" of a ticket. */
bool mdg_query_regroup(struct mdg_db *db, int64_t ticket, json_t *ret,
		       struct mdg_err *err);

#endif
