/* Shared by regroup*.c: tickets before and after, and messages on the move. */
#ifndef MDG_APP_REGROUP_INT_H
#define MDG_APP_REGROUP_INT_H

#include "madoguchi/app/regroup.h"

/* What a step changes of a ticket, as JSON. */
json_t *mdg_regroup_fields(const struct mdg_ticket *t);
/*
 * t back to `before`, as far as it still is as in `after`: what was done to it
 * since stays. Its state only when the step is its newest: what a later one
 * brought may be what is open now. Strings of t live as long as before.
 */
void mdg_regroup_restore(struct mdg_ticket *t, const json_t *before,
			 const json_t *after, bool is_newest);
/* No step of the ticket came after this one, but those undone. */
bool mdg_regroup_is_newest(struct mdg_desk *d, const struct mdg_regroup *g,
			   int64_t ticket, bool *ret, struct mdg_err *err);

/* Opens the step's row; close_it() keeps both tickets before and after. */
bool mdg_regroup_begin(struct mdg_desk *d, const struct mdg_actor *who,
		       const char *kind, const struct mdg_ticket *one,
		       const struct mdg_ticket *two, struct mdg_regroup *ret,
		       json_t **ret_before, struct mdg_err *err);
bool mdg_regroup_end(struct mdg_desk *d, struct mdg_regroup *g,
		     json_t *before /* stolen */, const struct mdg_ticket *one,
		     const struct mdg_ticket *two, struct mdg_err *err);

/* For clocks: [{"message", "in_s" | "out_s"}], of the step's messages newer
 * than after_id that clocks care about. */
bool mdg_regroup_took(struct mdg_desk *d, int64_t regroup, int64_t after_id,
		      json_t **ret, struct mdg_err *err);
/* [message, …] of the same. */
bool mdg_regroup_gave(struct mdg_desk *d, int64_t regroup, int64_t after_id,
		      json_t **ret, struct mdg_err *err);

/* The newest ordinary mail that is in t now. */
bool mdg_regroup_newest_mail(struct mdg_desk *d, struct mdg_ticket *t,
			     struct mdg_err *err);
/* Those who take part in the mails that are in the ticket now. */
bool mdg_regroup_participants(struct mdg_desk *d, int64_t ticket,
			      struct mdg_err *err);
/* Those of `from` take part in `into` too. */
bool mdg_regroup_participants_come(struct mdg_desk *d, int64_t from,
				   int64_t into, struct mdg_err *err);
/* Those of `into` that no mail of `from` names take no part in it any more. */
bool mdg_regroup_participants_go(struct mdg_desk *d, int64_t from,
				 int64_t into, struct mdg_err *err);
/* Nothing later rests on the step, which left its mails in `into`. */
bool mdg_regroup_may_undo(struct mdg_desk *d, const struct mdg_regroup *g,
			  const struct mdg_ticket *into, struct mdg_err *err);
bool mdg_regroup_undo_merge(struct mdg_desk *d, const struct mdg_actor *who,
			    struct mdg_regroup *g, const json_t *state,
			    struct mdg_arena *a, struct mdg_err *err);
bool mdg_regroup_undo_split(struct mdg_desk *d, const struct mdg_actor *who,
			    struct mdg_regroup *g, const json_t *state,
			    struct mdg_arena *a, struct mdg_err *err);

#endif
