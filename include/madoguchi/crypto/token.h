/*
 * token: signs that we wrote something.
 *
 * Message-ID of everything we send:
 *
 *   mdg.<payload>.<tag>@<domain>
 *
 * payload: base32 of 1 byte version, 8 bytes ticket id, 8 random bytes;
 * tag: base32 of 16 bytes keyed BLAKE2b over the payload (128 bits). A reply
 * that names such an id in In-Reply-To or References is about that ticket, and
 * nobody can make one for a ticket whose mail they have not seen.
 *
 * Subject tag, for phones that drop References: "[#10042-k7q2]", the number
 * and 20 bits; guessing costs an e-mail a try, so it only counts together
 * with a known participant or with the right check part.
 */
#ifndef MDG_CRYPTO_TOKEN_H
#define MDG_CRYPTO_TOKEN_H

#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/crypto/seal.h"

/* A new Message-ID, without <>. */
char *mdg_token_message_id(const struct mdg_key *k, int64_t ticket_id,
			   const char *domain, struct mdg_arena *a);
/* The ticket a Message-ID of ours was made for; false if it is not ours. */
bool mdg_token_ticket(const struct mdg_key *k, const char *message_id,
		      int64_t *ret_ticket_id);

enum { MDG_TAG_CHECK_CHARS = 4 };
/* out: MDG_TAG_CHECK_CHARS + 1 bytes. */
void mdg_token_tag(const struct mdg_key *k, int64_t number, char *out);
bool mdg_token_tag_ok(const struct mdg_key *k, int64_t number,
		      const char *check);

/* X-Madoguchi-Loop of automatic mail: base32 tag over the Message-ID. */
char *mdg_token_loop_mark(const struct mdg_key *k, const char *message_id,
			  struct mdg_arena *a);
bool mdg_token_loop_ok(const struct mdg_key *k, const char *message_id,
		       const char *mark);

/* What is kept of a mail that was erased: nobody without the key can tell
 * which one it was. digest: of its raw bytes. */
enum { MDG_TOMBSTONE_BYTES = 32 };
void mdg_token_tombstone(const struct mdg_key *k, const unsigned char *digest,
			 unsigned char out[MDG_TOMBSTONE_BYTES]);

#endif
