/*
 * digest: what happened in a lead's windows since the last one, by mail on each
 * working day at the start of business; on the first one of a week, the week
 * before as well. Days without business hours are told of on the next with
 * them. Where business never closes it comes at 9.
 */
#ifndef MDG_APP_DIGEST_H
#define MDG_APP_DIGEST_H

#include "madoguchi/app/desk.h"

/* Begins a transaction of its own for each lead whose time has come. */
bool mdg_digest_tick(struct mdg_desk *d, int64_t now_s, struct mdg_err *err);

#endif
