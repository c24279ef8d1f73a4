#include "madoguchi/crypto/passkey.h"

#include <sodium.h>
#include <string.h>

#include "madoguchi/base/str.h"

void
mdg_passkey_cost_new(struct mdg_passkey_cost *ret)
{
	mdg_crypto_init();
	*ret = (struct mdg_passkey_cost){
		.ops = crypto_pwhash_OPSLIMIT_INTERACTIVE,
		.mem_bytes = crypto_pwhash_MEMLIMIT_INTERACTIVE,
	};
	mdg_random(ret->salt, sizeof(ret->salt));
}

void
mdg_passkey_cost_decoy(const unsigned char key[32], const char *name,
		       struct mdg_passkey_cost *ret)
{
	mdg_passkey_cost_new(ret);
	crypto_generichash(ret->salt, sizeof(ret->salt),
			   (const unsigned char *)name, strlen(name), key, 32);
}

bool
mdg_passkey_cost_is_sane(const struct mdg_passkey_cost *c)
{
	return c->ops >= crypto_pwhash_OPSLIMIT_MIN && c->ops <= 16 &&
	       c->mem_bytes >= (int64_t)crypto_pwhash_MEMLIMIT_INTERACTIVE &&
	       c->mem_bytes <= 256 << 20;
}

bool
mdg_password_check(const char *password, struct mdg_err *err)
{
	size_t n = strlen(password);
	size_t first = mdg_utf8_offset(password, n, 1);
	bool same = true;

	for (size_t i = 0; n > 0 && i + first <= n && same; i += first)
		same = memcmp(password, password + i, first) == 0;
	if (mdg_utf8_len(password, n) < MDG_PASSWORD_MIN || same ||
	    n > MDG_PASSWORD_BYTES_MAX)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_password_weak,
				    NULL);
	return true;
}

bool
mdg_passkey_derive(const char *password, const struct mdg_passkey_cost *c,
		   unsigned char ret[MDG_PASSKEY_BYTES], struct mdg_err *err)
{
	unsigned char key[MDG_PASSKEY_BYTES];

	mdg_crypto_init();
	if (!mdg_passkey_cost_is_sane(c))
		return mdg_fail(err, MDG_EINVAL, "costs of a password");
	if (crypto_pwhash(key, sizeof(key), password, strlen(password), c->salt,
			  (unsigned long long)c->ops, (size_t)c->mem_bytes,
			  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return mdg_fail(err, MDG_EIO, "no memory for argon2id");
	memcpy(ret, key, sizeof(key));
	sodium_memzero(key, sizeof(key));
	return true;
}

bool
mdg_passkey_is(const unsigned char key[MDG_PASSKEY_BYTES],
	       const unsigned char digest[MDG_DIGEST_BYTES])
{
	unsigned char d[MDG_DIGEST_BYTES];

	mdg_digest(mdg_span(key, MDG_PASSKEY_BYTES), d);
	return sodium_memcmp(d, digest, sizeof(d)) == 0;
}
