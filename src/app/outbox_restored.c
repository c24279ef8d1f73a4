/* A store that was put back: what waited in it may have gone out since. */
#include "madoguchi/app/outbox.h"

#include "madoguchi/base/str.h"
#include "outbox-int.h"

/* As though its sender had died after the end of the mail. */
static bool
doubt(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;

	if (mdg_out_load(d, id, &a, &m, err) != MDG_FOUND)
		return false;
	if (!mdg_streq(m.o.kind, "reply"))
		return mdg_out_step(d, &m, MDG_OUTBOX_EV_CANCEL, "restored",
				    err);
	return mdg_out_take(d, &m, err) &&
	       mdg_out_step(d, &m, MDG_OUTBOX_EV_COMMITTING, NULL, err) &&
	       mdg_out_doubt_rest(d, &m, err) && mdg_out_settle(d, &m, err);
}

/* One that cannot even be made fails, and stops nobody. */
static bool
settle_one(struct mdg_desk *d, int64_t id, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_outgoing_mail m;
	struct mdg_err why;

	if (!mdg_desk_begin(d, err))
		return false;
	if (doubt(d, id, &why))
		return mdg_desk_commit(d, err);
	mdg_desk_rollback(d);
	mdg_out_cannot_send(d, id, &why);
	if (mdg_out_load(d, id, &a, &m, err) != MDG_FOUND)
		return false;
	if (mdg_streq(m.o.state, "queued"))
		*err = why;
	return !mdg_streq(m.o.state, "queued");
}

bool
mdg_outbox_restored(struct mdg_desk *d, struct mdg_err *err)
{
	enum { AT_ONCE = 1000 };
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	int64_t ids[AT_ONCE];
	size_t n;
	const char *restored;

	if (!mdg_setting_get(d->db, "restored", &a, &restored, err))
		return false;
	if (!*restored)
		return true;
	do {
		if (!mdg_outbox_in_state(d->db, "queued", ids, AT_ONCE, &n,
					 err))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!settle_one(d, ids[i], err))
				return false;
	} while (n > 0);
	return mdg_setting_put(d->db, "restored", "", err);
}
