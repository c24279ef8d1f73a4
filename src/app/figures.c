#include "madoguchi/app/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "madoguchi/query/figure.h"

static bool
write_ticket(struct mdg_desk *d, int64_t ticket, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_figure *v;
	size_t n;

	if (!mdg_figure_of(d->db, ticket, &a, &v, &n, err) ||
	    !mdg_db_send(d->db, err, "DELETE FROM figure WHERE ticket_id = ?1",
			 "i", ticket))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!mdg_db_send(
			    d->db, err,
			    "INSERT INTO figure (ticket_id, n, win_id,"
			    " created_s, bits, account_id, operator_id,"
			    " first_end_s, first_counted_s, resolution_end_s,"
			    " resolution_counted_s, category, template_id,"
			    " temperature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
			    " ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
			    "iiiiiiiiiiissi", v[i].ticket_id, v[i].n,
			    v[i].win_id, v[i].created_s, v[i].bits,
			    v[i].account_id, v[i].operator_id, v[i].first_end_s,
			    v[i].first_counted_s, v[i].resolution_end_s,
			    v[i].resolution_counted_s, v[i].category,
			    v[i].template_id, v[i].temperature))
			return false;
	return true;
}

static bool
write_all(struct mdg_desk *d, const int64_t *ids, size_t n, int64_t upto,
	  struct mdg_err *err)
{
	char key[40], seq[24];

	for (size_t i = 0; i < n; i++)
		if (!write_ticket(d, ids[i], err))
			return false;
	snprintf(key, sizeof(key), "figured:%" PRId64, d->lane.lane);
	snprintf(seq, sizeof(seq), "%" PRId64, upto);
	return mdg_setting_put(d->db, key, seq, err);
}

bool
mdg_figures_due(const struct mdg_desk *d)
{
	int64_t upto;

	return mdg_figure_upto(d->db, d->lane.lane, &upto, NULL) &&
	       upto < d->lane.seq;
}

bool
mdg_figures_step(struct mdg_desk *d, struct mdg_err *err)
{
	int64_t upto, *ids = NULL;
	size_t n;

	if (!mdg_figure_upto(d->db, d->lane.lane, &upto, err) ||
	    !mdg_figure_changed(d->db, d->lane.lane, upto, MDG_FIGURES_STEP,
				&ids, &n, &upto, err))
		return false;
	bool ok = mdg_desk_begin(d, err);
	if (ok &&
	    !(write_all(d, ids, n, upto, err) && mdg_desk_commit(d, err))) {
		mdg_desk_rollback(d);
		ok = false;
	}
	free(ids);
	return ok;
}
