/*
 * notice: mail of our own to our own people. It goes the way of every mail,
 * through the outbox, but nobody approves it and no ticket is behind it. Its
 * bytes are made when it is put there. All inside the caller's transaction.
 */
#ifndef MDG_APP_NOTICE_H
#define MDG_APP_NOTICE_H

#include "madoguchi/app/desk.h"
#include "madoguchi/model/mail.h"

struct mdg_notice {
	const char *kind; /* outbox.kind: alarm, notice */
	int64_t account_id;
	const struct mdg_strings *to;
	const char *subject;
	const char *text; /* LF line ends, not wrapped */
};
bool mdg_notice_put(struct mdg_desk *d, const struct mdg_notice *n,
		    int64_t *ret_outbox, struct mdg_err *err);

/*
 * The account that alarms go by: the one that was set for it, else one whose
 * mailbox is not silent itself, else any. after: not this one, the next.
 * MDG_NONE: there is none at all.
 */
enum mdg_found mdg_notice_account(struct mdg_desk *d, int64_t after,
				  int64_t *ret, struct mdg_err *err);

/* Minutes from UTC where the desk works: its first window's calendar. */
bool mdg_desk_zone_min(struct mdg_desk *d, int64_t at_s, int *ret,
		       struct mdg_err *err);

#endif
