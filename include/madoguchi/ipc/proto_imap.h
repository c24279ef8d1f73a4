/* Messages between the core and mdg-imap; part of ipc/proto.h. */
#ifndef MDG_IPC_PROTO_IMAP_H
#define MDG_IPC_PROTO_IMAP_H

#include "madoguchi/ipc/proto.h"

/* -- its CONFIG ----------------------------------------------------------- */
struct mdg_folder_config {
	int64_t folder_id;
	const char *name; /* as the server spells it */
	int64_t since_s;  /* first sync: 0 all mail, else from this time */
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
	struct mdg_span bytes;
};

struct mdg_uids { /* UIDS: one part of the answer to LIST_UIDS */
	int64_t folder_id;
	uint32_t uidvalidity;
	bool last;
	uint32_t *v;
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

#endif
