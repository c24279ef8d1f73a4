/*
 * proto: every message between the core and its workers, in one place.
 *
 * A worker confines itself, then sends HELLO; the core checks it and sends the
 * worker's CONFIG. From then on:
 *
 *   mdg-imap   FOLDER ->  <- CURSOR          one pair at each SELECT
 *              LISTED ->                     new UIDs, before their bodies
 *              RAW -> … RAW ->   <- ACK      bodies; at most MDG_IMAP_AHEAD
 *              SYNCED ->                     a pass over a folder is complete
 *              <- (BYTES … ) APPEND   APPENDED ->   the Sent copy
 *              <- LIST_UIDS UIDS -> …        reconcile
 *              <- POKE                       sync now
 *              IGNORED ->                    older than the first sync takes
 *              <- FETCH_UIDS                 missing ones: LISTED, RAW follow
 *              <- SERVER_ACT  SERVER_ACTED -> keyword, move, delete
 *              <- LIST_FOLDERS FOLDERS ->    all there are, for a person
 *              FOLDER_PROBLEM ->             one is not read; the others are
 *              QUOTA ->                      how full the mailbox is
 *              PROBLEM ->                    why it is about to exit
 *   mdg-smtp   <- (BYTES …) SEND   COMMITTING ->  <- COMMIT_OK   RESULT ->
 *   mdg-parse  (no CONFIG: it needs to know nothing of the desk)
 *              <- PARSE (one frame a raw chunk)   PARSED -> | UNREADABLE ->
 *              HEAD ->                       of a mail parsed alone, before it
 *                                            gets its chance to kill
 *              <- EXTRACT, PARSE …  PART -> … | UNREADABLE ->
 *   mdg-text   <- CATALOGUE, SUGGEST   SUGGESTED ->    (JSON payloads)
 *   mdg-token  <- TOKEN_ASK   TOKEN_SAID ->
 *   mdg-scan   <- PING | SCAN …   SCANNED ->   (one, then it ends)
 *   mdg-web    CALL ->  <- DATA … ANSWER   <- NEWS   LEFT ->
 *   test       <- TEST   STEP -> … END ->   (mdg-imap, mdg-smtp)
 *
 * Payloads are the structs below and in proto_*.h, through the pack/unpack
 * pairs in ipc/codec.c; unpacking checks every count, string and limit again,
 * because the core treats each worker as a hostile client. Strings are borrowed
 * from the given arena. Secrets travel only in the CONFIG of the worker they
 * are for.
 */
#ifndef MDG_IPC_PROTO_H
#define MDG_IPC_PROTO_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/ipc/frame.h"
#include "madoguchi/model/mail.h"

enum { MDG_PROTO_VERSION = 1 };
enum { MDG_IMAP_AHEAD = 600 }; /* mails sent and not yet ACKed */
enum { MDG_FOLDERS_MAX = 200, MDG_LISTED_MAX = 1000, MDG_UIDS_MAX = 100000 };

enum mdg_frame_type {
	MDG_F_HELLO = 1,
	MDG_F_CONFIG,
	MDG_F_PROBLEM,

	MDG_F_FOLDER = 20,
	MDG_F_CURSOR,
	MDG_F_LISTED,
	MDG_F_RAW,
	MDG_F_FETCH_FAILED,
	MDG_F_ACK,
	MDG_F_SYNCED,
	MDG_F_APPEND,
	MDG_F_APPENDED,
	MDG_F_LIST_UIDS,
	MDG_F_UIDS,
	MDG_F_POKE,
	MDG_F_IGNORED,
	MDG_F_FETCH_UIDS,
	MDG_F_SERVER_ACT,
	MDG_F_SERVER_ACTED,
	MDG_F_QUOTA,
	MDG_F_LIST_FOLDERS,
	MDG_F_FOLDERS,
	MDG_F_FOLDER_PROBLEM,

	MDG_F_SEND = 40,
	MDG_F_COMMITTING,
	MDG_F_COMMIT_OK,
	MDG_F_RESULT,
	MDG_F_BYTES, /* a piece of the mail of the SEND or APPEND that follows
		      */

	MDG_F_PARSE = 60,
	MDG_F_PARSED,
	MDG_F_UNREADABLE,
	MDG_F_HEAD,
	MDG_F_EXTRACT, /* i64: the part wanted of the mail that follows, or
			* MDG_PART_DISPLAY, MDG_PART_RAW */
	MDG_F_PART,    /* a piece of it; id 0 in the last one, else 1 */

	MDG_F_CATALOGUE = 80,
	MDG_F_SUGGEST,
	MDG_F_SUGGESTED,

	MDG_F_TOKEN_ASK = 85,
	MDG_F_TOKEN_SAID,
	MDG_F_PING, /* empty: does the scanner answer? Does mdg-web? */
	MDG_F_SCAN,
	MDG_F_SCANNED,

	MDG_F_TEST = 90,
	MDG_F_STEP,
	MDG_F_END,

	MDG_F_CALL = 100, /* control socket: JSON request … */
	MDG_F_ANSWER,     /* … and JSON answer */
	MDG_F_PROGRESS,   /* JSON news before the answer of a long call */
	MDG_F_DATA, /* bytes before the answer of a call that gives a file */
	MDG_F_LEFT, /* mdg-web: nobody waits for this call any more */
	MDG_F_NEWS,
	MDG_F_TAKEN, /* mdg-web: i64 bytes of a call's file have left it */
};

/* pack appends to b; unpack returns false on anything out of form. */
#define MDG_CODEC(name)                                                        \
	void mdg_##name##_pack(struct mdg_buf *b, const struct mdg_##name *v); \
	bool mdg_##name##_unpack(struct mdg_span p, struct mdg_arena *a,       \
				 struct mdg_##name *ret)

/* -- HELLO, PROBLEM: worker -> core ------------------------------------- */
struct mdg_hello {
	uint32_t version;     /* MDG_PROTO_VERSION */
	uint32_t role;        /* enum mdg_role */
	const char *build_id; /* PACKAGE_VERSION: both ends are one build */
};

/* An error, as mdg_fail or mdg_fail_msg made it. */
void mdg_err_pack(struct mdg_buf *b, const struct mdg_err *e);
bool mdg_err_unpack(struct mdg_span p, struct mdg_err *ret);

/* -- an account's access: core -> mdg-imap, mdg-smtp --------------------- */
enum mdg_tls_mode {
	MDG_TLS_NONE, /* plain: refused unless the host is loopback */
	MDG_TLS_STARTTLS,
	MDG_TLS_IMPLICIT,
	MDG_TLS_N
};
enum mdg_auth_kind { MDG_AUTH_PASSWORD, MDG_AUTH_XOAUTH2, MDG_AUTH_NONE };

struct mdg_access {
	const char *host;
	uint32_t port;
	uint32_t tls;  /* enum mdg_tls_mode */
	uint32_t auth; /* enum mdg_auth_kind */
	const char *login;
	const char *secret;   /* password or access token */
	const char *ca_file;  /* NULL: the system's; also given as --ca */
	const char *our_name; /* EHLO name */
};

/* -- mdg-parse ----------------------------------------------------------- */
enum { MDG_PART_PIECE_BYTES = 256 << 10 };
#define MDG_PART_DISPLAY UINT32_MAX     /* its clean HTML (mime/html.h) */
#define MDG_PART_RAW (UINT32_MAX - 1)   /* all of it, as it came */
enum { MDG_HEAD_BYTES_MAX = 32 << 10 }; /* HEAD: the first raw bytes */
struct mdg_parse_chunk { /* PARSE; id pairs all chunks and the answer */
	bool last;
	bool alone; /* a retry: nothing else is in flight */
	struct mdg_span zstd;
};
/* PARSED: the mail record. Limits of limits.h are checked again. */
void mdg_mail_pack(struct mdg_buf *b, const struct mdg_mail *m);
bool mdg_mail_unpack(struct mdg_span p, struct mdg_mail *ret);

/* -- TEST ---------------------------------------------------------------- */
struct mdg_test_step {    /* STEP */
	const char *name; /* dns, connect, tls, capability, login, folder */
	bool ok;
	uint32_t ms;
	struct mdg_err err; /* when not ok */
};

MDG_CODEC(hello);
MDG_CODEC(access);
MDG_CODEC(parse_chunk);
MDG_CODEC(test_step);
/* SMTP's CONFIG is a bare access; COMMITTING, COMMIT_OK, SYNCED and LIST_UIDS
 * carry one i64 (outbox or folder id), APPENDED one u8 (1 done, 0 failed) and
 * an err. */
void mdg_id_pack(struct mdg_buf *b, int64_t id);
bool mdg_id_unpack(struct mdg_span p, int64_t *ret);

#include "madoguchi/ipc/proto_imap.h"
#include "madoguchi/ipc/proto_scan.h"
#include "madoguchi/ipc/proto_smtp.h"
#include "madoguchi/ipc/proto_token.h"
#include "madoguchi/ipc/proto_web.h"

#endif
