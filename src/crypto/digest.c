#include "madoguchi/crypto/digest.h"

#include <string.h>

#include <sodium.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

void
mdg_crypto_init(void)
{
	MDG_BUG_ON(sodium_init() < 0);
}

void
mdg_digest(struct mdg_span in, unsigned char out[MDG_DIGEST_BYTES])
{
	crypto_generichash(out, MDG_DIGEST_BYTES, in.p, in.n, NULL, 0);
}

void
mdg_digest_id(const char *id, unsigned char out[MDG_ID_HASH_BYTES])
{
	MDG_AUTO(mdg_freep) char *key = mdg_strdup(id);
	char *domain = strrchr(key, '@');

	for (char *p = domain; p && *p; p++)
		*p = (char)mdg_ascii_lower((unsigned char)*p);
	crypto_generichash(out, MDG_ID_HASH_BYTES, (const unsigned char *)key,
			   strlen(key), NULL, 0);
}

void
mdg_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}
