/* The bytes of an outgoing mail on their way into the store. */
#ifndef MDG_APP_FREEZE_H
#define MDG_APP_FREEZE_H

#include "madoguchi/app/desk.h"

struct mdg_freezer {
	struct mdg_desk *d;
	int64_t outbox_id, n, bytes;
	struct mdg_buf rest; /* less than a chunk */
};
/* A sink of mdg_compose_to(); arg is the freezer. */
bool mdg_freeze_piece(void *arg, struct mdg_span piece, struct mdg_err *err);
/* All were given: from now on they are what is sent. */
bool mdg_freeze_end(struct mdg_freezer *z, int64_t date_s,
		    struct mdg_err *err);
void mdg_freezer_clear(struct mdg_freezer *z);

#endif
