/* What the codec_*.c files share. */
#ifndef MDG_IPC_CODEC_INT_H
#define MDG_IPC_CODEC_INT_H

#include "madoguchi/ipc/proto.h"
#include "madoguchi/ipc/wire.h"

void codec_err_put(struct mdg_buf *b, const struct mdg_err *e);
void codec_err_get(struct mdg_rd *r, struct mdg_err *ret);
void codec_access_put(struct mdg_buf *b, const struct mdg_access *v);
void codec_access_get(struct mdg_rd *r, struct mdg_arena *a,
		      struct mdg_access *ret);

#endif
