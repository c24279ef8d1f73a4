/*
 * Messages between the core and mdg-web; part of ipc/proto.h.
 *
 *   <- CONFIG    JSON: {"url", "acts": [{"act", "reads", "args": [{"name",
 *                "type", "required"}]}]}; the table of actions
 *   CALL ->      JSON: {"act", "args", "lang", "session" | "visitor": true}.
 *                session: the token that a browser holds; the core looks up
 *                who that is. A visitor may only sign in.
 *   <- DATA … ANSWER   as at the control socket
 *   LEFT ->      the browser of call `id` is gone: its file may stop
 *   <- NEWS      JSON: {"seq", "tickets": [受付番号, …]}: what changed
 */
#ifndef MDG_IPC_PROTO_WEB_H
#define MDG_IPC_PROTO_WEB_H

enum { MDG_WEB_NEWS_MAX = 200 }; /* tickets in one NEWS; more: none is named */

#endif
