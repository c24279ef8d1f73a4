/*
 * regroup: tickets put together and apart, and each of it taken back.
 *
 * What was merged stays as a pointer: its number, its ids and its tokens lead
 * to the ticket that has its mails now. Merging is mdg_desk_ticket_merge().
 * Taking back gives each ticket what it had; what others did since stays, and
 * a mail that came since goes with the mails that it answers.
 *
 * All inside the caller's transaction; tickets handed in are written.
 */
#ifndef MDG_APP_REGROUP_H
#define MDG_APP_REGROUP_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_regroup.h"

enum { MDG_SPLIT_MAX = 500 }; /* messages that one split takes */

/*
 * A new ticket of these messages of t, linked to it. subject NULL: that of
 * the first message.
 */
bool mdg_desk_ticket_split(struct mdg_desk *d, const struct mdg_actor *who,
			   struct mdg_ticket *t, const int64_t *messages,
			   size_t n, const char *subject,
			   struct mdg_arena *a, struct mdg_ticket *ret,
			   struct mdg_err *err);
/* The message and all of the ticket's that answer it, or answer those. */
bool mdg_desk_subthread(struct mdg_desk *d, int64_t ticket, int64_t message,
			int64_t ids[MDG_SPLIT_MAX], size_t *ret_n,
			struct mdg_err *err);

/* MDG_EEXIST if there is one, MDG_ENOENT if there is none. */
bool mdg_desk_ticket_link(struct mdg_desk *d, const struct mdg_actor *who,
			  struct mdg_ticket *t, struct mdg_ticket *other,
			  const char *kind, struct mdg_err *err);
bool mdg_desk_ticket_unlink(struct mdg_desk *d, const struct mdg_actor *who,
			    struct mdg_ticket *t, struct mdg_ticket *other,
			    struct mdg_err *err);

/* Takes step `id` back; MDG_ESTATE (for people) says what stands in the way. */
bool mdg_desk_regroup_undo(struct mdg_desk *d, const struct mdg_actor *who,
			   int64_t id, struct mdg_err *err);

/*
 * Shows an offer on a ticket; once only, whatever was decided about it.
 * kind "merge": ticket into other; "split": message (and what answers it) off
 * the ticket. reason: a code that words.c knows in people's words.
 */
bool mdg_desk_offer(struct mdg_desk *d, int64_t ticket, const char *kind,
		    int64_t other, int64_t message, const char *reason,
		    struct mdg_err *err);

#endif
