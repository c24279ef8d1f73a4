/* The limits of automatic mail; inside the caller's transaction. */
#ifndef MDG_APP_RECEIPT_INT_H
#define MDG_APP_RECEIPT_INT_H

#include "madoguchi/app/receipt.h"

/* *ret_why: NULL when one more may go to `key`, else a code. */
bool mdg_receipt_limit(struct mdg_desk *d, struct mdg_arena *a,
		       int64_t account, const char *key, int64_t now_s,
		       const char **ret_why, struct mdg_err *err);
bool mdg_receipt_count(struct mdg_desk *d, struct mdg_arena *a,
		       int64_t account, const char *key, int64_t now_s,
		       int64_t outbox, struct mdg_err *err);

#endif
