/*
 * Messages between the core and mdg-token; part of ipc/proto.h.
 *
 * mdg-token is started for one question and ends after the answer:
 *   <- TOKEN_ASK   TOKEN_SAID -> | PROBLEM ->   (no connection, no JSON)
 */
#ifndef MDG_IPC_PROTO_TOKEN_H
#define MDG_IPC_PROTO_TOKEN_H

#include "madoguchi/ipc/proto.h"
#include "madoguchi/model/oauth.h"

MDG_CODEC(oauth_ask);
MDG_CODEC(oauth_said);

#endif
