/* Shared by erase.c, erase_around.c and erase_files.c. */
#ifndef MDG_APP_ERASE_INT_H
#define MDG_APP_ERASE_INT_H

#include "madoguchi/app/erase.h"

/* After the commit the files are to be cleaned. */
bool mdg_erase_want(struct mdg_desk *d, struct mdg_err *err);
/* A person asked for it: copies of the store are reminded of (app/health.h). */
bool mdg_erase_asked(struct mdg_desk *d, struct mdg_err *err);
/* Comments, labels and side threads (with all of theirs) of a ticket. */
bool mdg_erase_around(struct mdg_desk *d, const struct mdg_actor *who,
		      int64_t ticket, bool whole, struct mdg_erased *sum,
		      struct mdg_err *err);
/* The raw mail of a delivery; its UID stays accounted for. */
bool mdg_erase_delivery(struct mdg_desk *d, int64_t id, int64_t raw,
			struct mdg_err *err);
/* What somebody wrote that was filed as spam. */
bool mdg_erase_junk_of(struct mdg_desk *d, const char *key,
		       struct mdg_err *err);
/* The same of what is older than its window keeps closed tickets; at most a
 * hundred. */
bool mdg_erase_junk_old(struct mdg_desk *d, int64_t now_s, size_t *ret_n,
			struct mdg_err *err);
/* Phones and reading of a customer. */
bool mdg_erase_phones(struct mdg_desk *d, int64_t customer,
		      struct mdg_err *err);

#endif
