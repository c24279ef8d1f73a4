/* incident: what surges were found, as read models (app/surge.h). */
#ifndef MDG_QUERY_INCIDENT_H
#define MDG_QUERY_INCIDENT_H

#include <jansson.h>

#include "madoguchi/store/db.h"

/* "incidents": those with tickets in the viewer's windows; all: closed, too. */
bool mdg_query_incidents(struct mdg_db *db, int64_t viewer, bool all,
			 json_t *ret, struct mdg_err *err);
/* One of them, with "words" and "tickets"; MDG_NONE: not for this viewer. */
enum mdg_found mdg_query_incident(struct mdg_db *db, int64_t viewer,
				  int64_t incident, json_t *ret,
				  struct mdg_err *err);
/* "terms" that leads watch, "unusual" signs of the last hour. */
bool mdg_query_surge_watch(struct mdg_db *db, json_t *ret,
			   struct mdg_err *err);

#endif
