/*
 * chain: the hash chain of a lane of events.
 *
 *   hash(n) = BLAKE2b-256( hash(n-1) | lane | seq | time_s | ticket_id |
 *             ticket_rev | actor | kind | codes | commitment )
 *
 * every field length-prefixed (wire form), absent numbers as -1 and an absent
 * commitment as empty; hash(0) is 32 zero bytes.
 * commitment = BLAKE2b-256(salt | data): erasing event_data keeps the chain
 * whole, and nobody can test a guess of the data without the salt.
 */
#ifndef MDG_CRYPTO_CHAIN_H
#define MDG_CRYPTO_CHAIN_H

#include <stdint.h>

#include "madoguchi/crypto/digest.h"

enum { MDG_SALT_BYTES = 16 };

struct mdg_chain_link {
	int64_t lane, seq, time_s;
	int64_t ticket_id, ticket_rev; /* -1: none */
	const char *actor, *kind, *codes;
	struct mdg_span commitment; /* empty: none */
};

void mdg_chain_hash(const unsigned char prev[MDG_DIGEST_BYTES],
		    const struct mdg_chain_link *l,
		    unsigned char out[MDG_DIGEST_BYTES]);
void mdg_chain_commit(const unsigned char salt[MDG_SALT_BYTES],
		      const char *data, unsigned char out[MDG_DIGEST_BYTES]);

#endif
