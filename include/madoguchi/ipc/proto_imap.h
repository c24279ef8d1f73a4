/* Messages between the core and mdg-imap; part of ipc/proto.h. */
#ifndef MDG_IPC_PROTO_IMAP_H
#define MDG_IPC_PROTO_IMAP_H

#include "madoguchi/ipc/proto.h"

/* -- its CONFIG ----------------------------------------------------------- */
struct mdg_folder_config {
	int64_t folder_id;
	const char *name; /* as the server spells it; "": the one marked \Sent */
	int64_t since_s;  /* first sync: 0 all mail, else from this time */
	bool is_sent;     /* what went out: may be missing, never waited at */
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
	uint64_t modseq;  /* RFC 7162; 0: the server does not count them */
	const char *name; /* the folder that was opened */
};

struct mdg_cursor { /* CURSOR: fetch UIDs above low_uid */
	int64_t folder_id;
	uint32_t uidvalidity, low_uid;
	uint32_t begun_uid; /* since_s holds for the mails below */
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
	uint64_t raw_bytes; /* of the whole mail, with last */
	unsigned char digest[MDG_DIGEST_BYTES]; /* with last */
	struct mdg_span zstd; /* <= MDG_RAW_CHUNK_BYTES inflated */
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
	struct mdg_span bytes;  /* empty: what came in BYTES before */
};

/* UIDS: one part of the answer to LIST_UIDS. FETCH_UIDS: those wanted again.
 * IGNORED: pairs, first and last of each range. */
struct mdg_uids {
	int64_t folder_id;
	uint32_t uidvalidity;
	bool last;
	uint32_t *v;
	size_t n;
};

enum mdg_server_act_kind {
	MDG_SERVER_KEYWORD, /* set $Madoguchi */
	MDG_SERVER_MOVE,
	MDG_SERVER_DELETE,
	MDG_SERVER_ACT_N
};
struct mdg_server_act { /* SERVER_ACT: may be asked for twice */
	int64_t folder_id;
	uint32_t uidvalidity;
	uint32_t kind;
	const char *target; /* of a move */
	uint32_t *v;
	size_t n; /* <= MDG_LISTED_MAX */
};

struct mdg_folder_result { /* SERVER_ACTED (ok or why not), FOLDER_PROBLEM */
	int64_t folder_id;
	bool ok;
	struct mdg_err err;
};

struct mdg_quota { /* QUOTA (RFC 2087, 9208) */
	uint64_t used_bytes, limit_bytes; /* limit 0: none */
};

struct mdg_folder_name {
	const char *raw, *name; /* as the server spells it; for people */
	const char *use;        /* "sent", "trash" …, "" */
	bool selectable;
};
enum { MDG_FOLDERS_TOLD_MAX = 2000 };
struct mdg_folder_names { /* FOLDERS */
	struct mdg_folder_name *v;
	size_t n;
};

MDG_CODEC(imap_config);
MDG_CODEC(folder_state);
MDG_CODEC(cursor);
MDG_CODEC(listed);
MDG_CODEC(raw_chunk);
MDG_CODEC(fetch_failed);
MDG_CODEC(ack);
MDG_CODEC(append);
MDG_CODEC(uids);
MDG_CODEC(server_act);
MDG_CODEC(folder_result);
MDG_CODEC(quota);
MDG_CODEC(folder_names);

#endif
