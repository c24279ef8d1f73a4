/*
 * next: what becomes of a ticket once its reply has gone out.
 *
 * closed: done. waiting: the customer has the ball until the follow-up date.
 * working: we have it, until the promise if there is one.
 */
#ifndef MDG_APP_NEXT_H
#define MDG_APP_NEXT_H

#include "madoguchi/app/desk.h"
#include "madoguchi/store/st_reply.h"

enum { MDG_FOLLOW_UP_DAYS = 3 };

/*
 * Reads the promise that the text of a draft makes, where its template has a
 * slot for one: draft->next_due_s. The text is what the customer holds us to,
 * so it wins over what was said apart from it. Refuses a promise that has
 * passed, cannot be read, or would be closed away.
 */
bool mdg_next_check(struct mdg_desk *d, struct mdg_draft *draft,
		    const struct mdg_win *w, int64_t now_s,
		    struct mdg_err *err);

/* The opening of the n-th business day of the window after now_s. */
bool mdg_next_business_day(struct mdg_desk *d, int64_t win, int64_t now_s,
			   int n, int64_t *ret_s, struct mdg_err *err);

/* A promise as a text gives it: "11月25日（水）18時まで"; a day alone ends when
 * the window closes. */
bool mdg_next_read(const char *text, const struct mdg_calendar *cal,
		   int64_t now_s, int64_t *ret_s);

#endif
