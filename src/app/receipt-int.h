/* The limits of automatic mail; inside the caller's transaction. */
#ifndef MDG_APP_RECEIPT_INT_H
#define MDG_APP_RECEIPT_INT_H

#include "madoguchi/app/receipt.h"

/* One by that template (version 0: whichever is newest) as the answer to m.
 * *ret_why: why there is none, as a code that is also noted at the ticket. */
bool mdg_receipt_send(struct mdg_desk *d, const struct mdg_mail *m,
		      struct mdg_ticket *t, const char *template_id,
		      int64_t version, int64_t received_s,
		      const char **ret_why, struct mdg_err *err);

/* *ret_why: NULL when one more may go to `key`, else a code. */
bool mdg_receipt_limit(struct mdg_desk *d, struct mdg_arena *a,
		       int64_t account, const char *key, int64_t now_s,
		       const char **ret_why, struct mdg_err *err);
bool mdg_receipt_count(struct mdg_desk *d, struct mdg_arena *a,
		       int64_t account, const char *key, int64_t now_s,
		       int64_t outbox, struct mdg_err *err);

#endif
