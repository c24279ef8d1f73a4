/*
 * index: the search index over messages, written behind everything else and
 * rebuildable: search_state says how far it has come.
 */
#ifndef MDG_APP_INDEX_H
#define MDG_APP_INDEX_H

#include "madoguchi/app/desk.h"

enum { MDG_INDEX_STEP = 250 }; /* messages at once: about 20 ms */

/*
 * The next messages that are not indexed yet, inside the caller's
 * transaction. *ret_n: how many; MDG_INDEX_STEP of them means there are more.
 */
bool mdg_index_step(struct mdg_desk *d, size_t *ret_n, struct mdg_err *err);
/* Is there anything to do? Needs no transaction. */
bool mdg_index_pending(struct mdg_desk *d, bool *ret, struct mdg_err *err);

/* Before a message is taken away: its words lead nowhere any more. */
bool mdg_index_forget(struct mdg_desk *d, int64_t message,
		      struct mdg_err *err);

#endif
