/*
 * What happened to a ticket, as far as clocks care: out of the events alone.
 *
 * A ticket that others were merged into has a story for each of them: what
 * came and went there until the merge, and here since. So a question that was
 * open in one of two tickets is not taken for answered by a reply in the
 * other, and its time runs on.
 */
#ifndef MDG_APP_STORY_H
#define MDG_APP_STORY_H

#include "madoguchi/app/desk.h"
#include "madoguchi/desk/policy.h"
#include "madoguchi/desk/sla.h"
#include "madoguchi/store/st_round.h"

struct mdg_story {
	struct mdg_sla_event *events;
	size_t n;
	int64_t ticket;                       /* where it began */
	const struct mdg_sla_policy *targets; /* at its beginning */
	int64_t shared_s; /* from here on the same as the story before it */
};
/* The first is the ticket's own. Stories without a mail are left out. round:
 * where the events were read already, or NULL. */
bool mdg_stories_read(struct mdg_desk *d, int64_t ticket,
		      const struct mdg_policy *policy,
		      const struct mdg_round *round, struct mdg_arena *a,
		      struct mdg_story **ret, size_t *ret_n,
		      struct mdg_err *err);

#endif
