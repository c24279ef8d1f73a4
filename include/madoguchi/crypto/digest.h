/*
 * BLAKE2b (RFC 7693) by libsodium, the project's one digest.
 */
#ifndef MDG_CRYPTO_DIGEST_H
#define MDG_CRYPTO_DIGEST_H

#include <stdbool.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/model/mail.h" /* MDG_DIGEST_BYTES */

enum { MDG_ID_HASH_BYTES = 16 };

/* Once a process, before anything else of this room; aborts if it fails. */
void mdg_crypto_init(void);

void mdg_digest(struct mdg_span in, unsigned char out[MDG_DIGEST_BYTES]);
/* The short form for Message-IDs (ref_seen); the domain in any case. */
void mdg_digest_id(const char *id, unsigned char out[MDG_ID_HASH_BYTES]);
void mdg_random(void *out, size_t n);

#endif
