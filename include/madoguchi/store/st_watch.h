/*
 * Watching ourselves: alarms, and the words of mails of our own. State names:
 * desk/machine.h.
 */
#ifndef MDG_STORE_ST_WATCH_H
#define MDG_STORE_ST_WATCH_H

#include "madoguchi/base/arena.h"
#include "madoguchi/store/db.h"

struct mdg_alarm {
	int64_t id;
	const char *kind, *subject, *state;
	int64_t value, raised_s, changed_s;
};
/* All that are not cleared, oldest first, on an arena; at most max. */
bool mdg_alarm_open(struct mdg_db *db, size_t max, struct mdg_arena *a,
		    struct mdg_alarm **ret, size_t *ret_n, struct mdg_err *err);
bool mdg_alarm_add(struct mdg_db *db, const char *kind, const char *subject,
		   int64_t value, int64_t now_s, struct mdg_err *err);
/* Writes state, value and changed_s. */
bool mdg_alarm_update(struct mdg_db *db, const struct mdg_alarm *v,
		      struct mdg_err *err);
/* Forgets those that were cleared before then. */
bool mdg_alarm_forget(struct mdg_db *db, int64_t before_s,
		      struct mdg_err *err);

bool mdg_notice_add(struct mdg_db *db, int64_t outbox, const char *subject,
		    const char *text, struct mdg_err *err);
enum mdg_found mdg_notice_get(struct mdg_db *db, int64_t outbox,
			      struct mdg_arena *a, const char **ret_subject,
			      const char **ret_text, struct mdg_err *err);
bool mdg_notice_drop(struct mdg_db *db, int64_t outbox, struct mdg_err *err);
/* The oldest alarm mail that still waits and was made before then. */
enum mdg_found mdg_notice_stuck(struct mdg_db *db, int64_t before_s,
				int64_t *ret_outbox, struct mdg_err *err);

#endif
