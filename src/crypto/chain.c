#include "madoguchi/crypto/chain.h"

#include <string.h>

#include <sodium.h>

static void
add(crypto_generichash_state *st, const void *p, size_t n)
{
	unsigned char len[4];

	for (size_t i = 0; i < sizeof(len); i++)
		len[i] = (unsigned char)(n >> (8 * i));
	crypto_generichash_update(st, len, sizeof(len));
	crypto_generichash_update(st, p, n);
}

static void
add_i64(crypto_generichash_state *st, int64_t v)
{
	unsigned char p[8];

	for (size_t i = 0; i < sizeof(p); i++)
		p[i] = (unsigned char)((uint64_t)v >> (8 * i));
	add(st, p, sizeof(p));
}

void
mdg_chain_hash(const unsigned char prev[MDG_DIGEST_BYTES],
	       const struct mdg_chain_link *l,
	       unsigned char out[MDG_DIGEST_BYTES])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, MDG_DIGEST_BYTES);
	add(&st, prev, MDG_DIGEST_BYTES);
	add_i64(&st, l->lane);
	add_i64(&st, l->seq);
	add_i64(&st, l->time_s);
	add_i64(&st, l->ticket_id);
	add_i64(&st, l->ticket_rev);
	add(&st, l->actor, strlen(l->actor));
	add(&st, l->kind, strlen(l->kind));
	add(&st, l->codes, strlen(l->codes));
	add(&st, l->commitment.p, l->commitment.n);
	crypto_generichash_final(&st, out, MDG_DIGEST_BYTES);
}

void
mdg_chain_commit(const unsigned char salt[MDG_SALT_BYTES], const char *data,
		 unsigned char out[MDG_DIGEST_BYTES])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, MDG_DIGEST_BYTES);
	crypto_generichash_update(&st, salt, MDG_SALT_BYTES);
	crypto_generichash_update(&st, (const unsigned char *)data,
				  strlen(data));
	crypto_generichash_final(&st, out, MDG_DIGEST_BYTES);
}
