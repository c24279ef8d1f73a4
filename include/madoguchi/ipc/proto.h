/*
 * proto: every message between the core and its workers, in one place.
 *
 * A worker confines itself, then sends HELLO; the core checks it and sends the
 * worker's CONFIG. From then on:
 *
 *   mdg-imap   FOLDER ->  <- CURSOR          one pair at each SELECT
 *              LISTED ->                     new UIDs, before any body
 *              RAW -> … RAW ->   <- ACK      bodies; at most MDG_IMAP_AHEAD
 *              SYNCED ->                     a pass over a folder is complete
 *              <- APPEND    APPENDED ->      the Sent copy
 *              <- LIST_UIDS UIDS -> …        reconcile
 *              <- POKE                       sync now
 *              PROBLEM ->                    why it is about to exit
 *   mdg-smtp   <- SEND   COMMITTING ->  <- COMMIT_OK   RESULT ->
 *   mdg-parse  <- PARSE (one frame a raw chunk)   PARSED -> | UNREADABLE ->
 *   mdg-text   <- CATALOGUE, SUGGEST   SUGGESTED ->    (JSON payloads)
 *   test       <- TEST   STEP -> … END ->   (mdg-imap, mdg-smtp)
 *
 * Payloads are the structs below through the pack/unpack pairs in
 * ipc/codec.c; unpacking checks every count, string and limit again, because
 * the core treats each worker as a hostile client. Strings are borrowed from
 * the given arena. Secrets travel only in the CONFIG of the worker they are
 * for.
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
enum { MDG_IMAP_AHEAD = 300 }; /* mails sent and not yet ACKed */
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

	MDG_F_SEND = 40,
	MDG_F_COMMITTING,
	MDG_F_COMMIT_OK,
	MDG_F_RESULT,

	MDG_F_PARSE = 60,
	MDG_F_PARSED,
	MDG_F_UNREADABLE,

	MDG_F_CATALOGUE = 80,
	MDG_F_SUGGEST,
	MDG_F_SUGGESTED,

	MDG_F_TEST = 90,
	MDG_F_STEP,
	MDG_F_END,

	MDG_F_CALL = 100, /* control socket: JSON request … */
	MDG_F_ANSWER,     /* … and JSON answer */
	MDG_F_PROGRESS,   /* JSON news before the answer of a long call */
};

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
	MDG_TLS_NONE,     /* plain: refused unless the host is loopback */
	MDG_TLS_STARTTLS,
	MDG_TLS_IMPLICIT,
	MDG_TLS_N
};
enum mdg_auth_kind { MDG_AUTH_PASSWORD, MDG_AUTH_XOAUTH2, MDG_AUTH_NONE };

struct mdg_access {
	const char *host;
	uint32_t port;
	uint32_t tls;        /* enum mdg_tls_mode */
	uint32_t auth;       /* enum mdg_auth_kind */
	const char *login;
	const char *secret;  /* password or access token */
	const char *ca_file; /* NULL: the system's; also given as --ca */
	const char *our_name; /* EHLO name */
};

struct mdg_folder_config {
	int64_t folder_id;
	const char *name;  /* as the server spells it */
	int64_t since_s;   /* first sync: 0 all mail, else from this time */
};

struct mdg_imap_config {
	struct mdg_access access;
	uint32_t poll_s; /* at least this often, IDLE or not */
	struct mdg_folder_config *folders;
	size_t folders_n;
};

/* -- mdg-imap ------------------------------------------------------------ */
struct mdg_folder_state { /* FOLDER */
	int64_t folder_id;
	uint32_t uidvalidity, uidnext, exists;
};

struct mdg_cursor { /* CURSOR: fetch UIDs above low_uid */
	int64_t folder_id;
	uint32_t uidvalidity, low_uid;
};

struct mdg_listed_uid {
	uint32_t uid;
	uint64_t size;
	int64_t internaldate_s;
};

struct mdg_listed { /* LISTED, ascending */
	int64_t folder_id;
	uint32_t uidvalidity;
	struct mdg_listed_uid *v;
	size_t n;
};

/* RAW: chunk `n` (from 0) of one mail, zstd; `last` carries the whole's digest
 * and size. The chunks of a mail follow each other without another mail
 * between. */
struct mdg_raw_chunk {
	int64_t folder_id;
	uint32_t uidvalidity, uid;
	uint32_t n;
	bool last;
	uint64_t raw_bytes;              /* of the whole mail, with last */
	unsigned char digest[MDG_DIGEST_BYTES]; /* with last */
	struct mdg_span zstd;            /* <= MDG_RAW_CHUNK_BYTES inflated */
};

struct mdg_fetch_failed { /* FETCH_FAILED: this UID is skipped */
	int64_t folder_id;
	uint32_t uidvalidity, uid;
	bool vanished; /* gone from the server before we had it */
	const char *reason;
};

struct mdg_ack { /* ACK: every mail up to uid of this folder is committed */
	int64_t folder_id;
	uint32_t uidvalidity, uid;
};

struct mdg_append { /* APPEND: search by Message-ID first, then append */
	const char *folder;     /* NULL: the folder marked \Sent */
	const char *message_id; /* without <> */
	struct mdg_span bytes;
};

struct mdg_uids { /* UIDS: one part of the answer to LIST_UIDS */
	int64_t folder_id;
	uint32_t uidvalidity;
	bool last;
	uint32_t *v;
	size_t n;
};

/* -- mdg-smtp ------------------------------------------------------------ */
enum mdg_send_outcome {
	MDG_SEND_ACCEPTED,
	MDG_SEND_TEMPFAIL,
	MDG_SEND_PERMFAIL,
	MDG_SEND_UNKNOWN, /* the answer to the end of DATA was lost */
	MDG_SEND_OUTCOME_N
};

struct mdg_send { /* SEND; frame id = outbox id's low bits, echoed back */
	int64_t outbox_id;
	const char *mail_from; /* "" is <> */
	struct mdg_strings rcpts;
	struct mdg_span bytes;
};

struct mdg_send_rcpt {
	const char *address;
	uint32_t outcome; /* enum mdg_send_outcome */
	uint32_t code;    /* 250, 451, 550 …; 0 without an answer */
	const char *text; /* the server's words, or what failed */
};

struct mdg_send_result { /* RESULT */
	int64_t outbox_id;
	bool account_problem; /* login, TLS, connect: not this mail's fault */
	const char *phase;    /* connect, auth, mail, rcpt, data, final */
	struct mdg_send_rcpt *v;
	size_t n;
};

/* -- mdg-parse ----------------------------------------------------------- */
struct mdg_parse_chunk { /* PARSE; id pairs all chunks and the answer */
	bool last;
	bool alone; /* a retry: nothing else is in flight */
	struct mdg_span zstd;
};
/* PARSED: the mail record. Limits of limits.h are checked again. */
void mdg_mail_pack(struct mdg_buf *b, const struct mdg_mail *m);
bool mdg_mail_unpack(struct mdg_span p, struct mdg_mail *ret);

/* -- TEST ---------------------------------------------------------------- */
struct mdg_test_step { /* STEP */
	const char *name; /* dns, connect, tls, capability, login, folder */
	bool ok;
	uint32_t ms;
	struct mdg_err err; /* when not ok */
};

/* pack appends to b; unpack returns false on anything out of form. */
#define MDG_CODEC(name)                                                        \
	void mdg_##name##_pack(struct mdg_buf *b, const struct mdg_##name *v); \
	bool mdg_##name##_unpack(struct mdg_span p, struct mdg_arena *a,       \
				 struct mdg_##name *ret)
MDG_CODEC(hello);
MDG_CODEC(access);
MDG_CODEC(imap_config);
MDG_CODEC(folder_state);
MDG_CODEC(cursor);
MDG_CODEC(listed);
MDG_CODEC(raw_chunk);
MDG_CODEC(fetch_failed);
MDG_CODEC(ack);
MDG_CODEC(append);
MDG_CODEC(uids);
MDG_CODEC(send);
MDG_CODEC(send_result);
MDG_CODEC(parse_chunk);
MDG_CODEC(test_step);
#undef MDG_CODEC
/* SMTP's CONFIG is a bare access; COMMITTING, COMMIT_OK, SYNCED and LIST_UIDS
 * carry one i64 (outbox or folder id), APPENDED one u8 (1 done, 0 failed) and
 * an err. */
void mdg_id_pack(struct mdg_buf *b, int64_t id);
bool mdg_id_unpack(struct mdg_span p, int64_t *ret);

#endif
