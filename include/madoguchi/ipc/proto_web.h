/*
 * Messages between the core and mdg-web; part of ipc/proto.h.
 *
 *   <- CONFIG    JSON: {"url", "acts": [{"act", "reads", "role", "scopes",
 *                "args": [{"name", "type", "required"}]}]}; the table of
 *                actions
 *   CALL ->      JSON: {"act", "args", "lang", "session" | "token"}: what a
 *                browser or a program holds; the core looks up who that is.
 *                Without either, one may only sign in.
 *   <- PROGRESS, DATA … ANSWER   as at the control socket; before the first
 *                piece of a file PROGRESS tells what it is, as ANSWER will
 *   TAKEN ->     i64: so many bytes of the file of call `id` have left for the
 *                browser. At most MDG_WEB_AHEAD_BYTES are on their way.
 *   LEFT ->      the browser of call `id` is gone: its file may stop
 *   <- NEWS      JSON: {"seq", "many", "people", "tickets": [[受付番号,
 *                window], …]}: what changed. many: too much to be named, or
 *                something that belongs to no ticket.
 *                people: who may see what, and who is signed in, changed
 */
#ifndef MDG_IPC_PROTO_WEB_H
#define MDG_IPC_PROTO_WEB_H

enum { MDG_WEB_AHEAD_BYTES = 2 << 20 };
enum { MDG_WEB_NEWS_MAX = 200 }; /* tickets in one NEWS; more: none is named */

#endif
