/*
 * revision: what an approval is bound to, byte for byte.
 *
 * The canonical encoding holds everything that decides what the customer gets
 * (account, envelope, addresses, subject, final wrapped text, attachments by
 * digest, threading headers, Message-ID) and the customer's newest mail that
 * was seen: each field a name and a length-prefixed value, in this order. The
 * approval is for BLAKE2b-256 of these bytes. Decoding gives the same struct
 * back, so what is sent is composed from what was approved and from nothing
 * else.
 */
#ifndef MDG_DESK_REVISION_H
#define MDG_DESK_REVISION_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h"

struct mdg_revision_file {
	const char *filename;
	const char *media_type;
	int64_t upload_id;
	int64_t bytes;
	unsigned char digest[MDG_DIGEST_BYTES];
};

struct mdg_revision {
	int64_t account_id;
	const char *mail_from; /* envelope */
	struct mdg_address from;
	struct mdg_addresses to, cc, bcc, reply_to;
	const char *subject;
	const char *text; /* wrapped, with greeting, quote and signature */
	const char *message_id;
	const char *in_reply_to; /* NULL: starts a thread */
	struct mdg_strings references;
	struct mdg_revision_file *files;
	size_t files_n;
	int64_t newest_message_id; /* 0: none */
};

void mdg_revision_encode(const struct mdg_revision *r, struct mdg_buf *out);
/* false: not one of ours. Everything is copied into the arena. */
bool mdg_revision_decode(struct mdg_span in, struct mdg_arena *a,
			 struct mdg_revision *ret);

#endif
