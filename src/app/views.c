/*
 * The view log: who looked at what, a row a person, thing and day. Not in the
 * chain; a look within a minute of the last one writes nothing.
 */
#include <string.h>

#include "madoguchi/app/desk.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/log.h"

enum { QUIET_S = 60, DAY_S = 86400 };

/* Was the same noted within the last minute? Remembers that it is now. */
static bool
recent(struct mdg_desk *d, const char *actor, const char *kind, int64_t id,
       int64_t now_s)
{
	unsigned char h[MDG_ID_HASH_BYTES];
	char text[160];

	snprintf(text, sizeof(text), "%s|%s|%lld|%lld", actor, kind,
		 (long long)id, (long long)(now_s / DAY_S));
	mdg_digest_id(text, h);
	size_t slot = h[0] % MDG_VIEWS_RECENT;
	bool same = memcmp(d->views[slot].what, h, sizeof(h)) == 0 &&
		    now_s - d->views[slot].at_s < QUIET_S &&
		    now_s >= d->views[slot].at_s;
	if (!same) {
		memcpy(d->views[slot].what, h, sizeof(h));
		d->views[slot].at_s = now_s;
	}
	return same;
}

static bool
put(struct mdg_desk *d, const char *actor, const char *kind, int64_t id,
    int64_t now_s, struct mdg_err *err)
{
	return mdg_db_run(d->db, err,
			  "INSERT INTO view_log (day, actor, kind, subject_id,"
			  " first_s, last_s, n)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1)"
			  " ON CONFLICT (day, actor, kind, subject_id)"
			  " DO UPDATE SET last_s = excluded.last_s,"
			  " n = view_log.n + 1",
			  "issii", now_s / DAY_S, actor, kind, id, now_s);
}

void
mdg_desk_viewed(struct mdg_desk *d, const struct mdg_actor *who,
		const char *kind, int64_t id)
{
	int64_t now_s = mdg_now_s();
	bool batch = mdg_db_in_transaction(d->db);
	struct mdg_err err;

	if (recent(d, who->name, kind, id, now_s))
		return;
	/* inside a batch it is committed with the batch, within 200 ms */
	if (!(batch ? mdg_db_savepoint(d->db, "viewed", &err)
		    : mdg_db_begin(d->db, &err)))
		goto failed;
	if (put(d, who->name, kind, id, now_s, &err)) {
		if (batch ? mdg_db_release(d->db, "viewed", &err)
			  : mdg_db_commit(d->db, &err))
			return;
	} else if (batch) {
		mdg_db_rollback_to(d->db, "viewed", NULL);
		mdg_db_release(d->db, "viewed", NULL);
	} else {
		mdg_db_rollback(d->db);
	}
failed:
	/* a full disk keeps nobody from reading */
	mdg_warn("a look of %s at %s %lld was not noted: %s", who->name, kind,
		 (long long)id, mdg_err_en(&err));
}
