/*
 * work: who does what: absences, capacity and skills, whose turn it is, and
 * what is handed over at the end of a shift.
 */
#ifndef MDG_APP_WORK_H
#define MDG_APP_WORK_H

#include "madoguchi/app/desk.h"

bool mdg_work_is_absent(struct mdg_desk *d, int64_t person, int64_t now_s,
			bool *ret, struct mdg_err *err);

/*
 * Tokens and sessions of a person that were made before this moment are dead:
 * whoever hands some out compares. 0: nothing was called back.
 */
bool mdg_work_links_since(struct mdg_desk *d, int64_t person, int64_t *ret_s,
			  struct mdg_err *err);

/* All that a person has in hand, in one window (0: in any), goes back to
 * 未割当: one event each. Drafts stay, and nobody is writing them. */
bool mdg_work_release(struct mdg_desk *d, const struct mdg_actor *who,
		      int64_t person, int64_t win, int64_t now_s,
		      int64_t *ret_n, struct mdg_err *err);

/* A ticket that is open again, and whose it was is away: it is nobody's, with
 * an event that says so, and who leads the window is told. For whoever updates
 * the ticket next. */
bool mdg_work_leave_absent(struct mdg_desk *d, struct mdg_ticket *t,
			   struct mdg_err *err);

/*
 * Whose turn it is: members of the window who may answer, are there, have
 * room, and know the category (those who know it before those who know all);
 * the least loaded first, then who waited longest for one. MDG_NONE: nobody.
 */
enum mdg_found mdg_work_whose(struct mdg_desk *d, const struct mdg_ticket *t,
			      int64_t now_s, int64_t *ret_person,
			      struct mdg_err *err);
bool mdg_work_given(struct mdg_desk *d, int64_t person, int64_t now_s,
		    struct mdg_err *err);

#endif
