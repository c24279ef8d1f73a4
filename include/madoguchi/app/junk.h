/*
 * junk: what the mail system has filed as spam. Mails of a folder with the
 * role `junk` are stored and read like any other, but become no ticket: they
 * stand in a list until a person takes one out of it. The leads of the window
 * are told once on each working day of those that came since. Nothing is
 * thrown away, and nothing is done on the server.
 */
#ifndef MDG_APP_JUNK_H
#define MDG_APP_JUNK_H

#include "madoguchi/app/desk.h"
#include "madoguchi/model/mail.h"
#include "madoguchi/store/st_mail.h"

/*
 * A mail of such a folder, inside transaction 2 of its intake. *ret false:
 * a person has said that it is none; it goes the way of any mail.
 */
bool mdg_junk_keep(struct mdg_desk *d, const struct mdg_delivery *row,
		   int64_t win, const struct mdg_mail *m, bool unreadable,
		   bool *ret, struct mdg_err *err);

/* Takes it out of the list: it is to be read again, as an ordinary mail. Its
 * event is the caller's. */
bool mdg_junk_rescue(struct mdg_desk *d, int64_t win, int64_t junk,
		     int64_t person, int64_t now_s, struct mdg_err *err);
/* What was taken out and not read again yet. */
bool mdg_junk_rescued(struct mdg_desk *d, int64_t *ids, size_t max,
		      size_t *ret_n, struct mdg_err *err);

/* Lists to the leads; a transaction of its own for each window. */
bool mdg_junk_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

#endif
