/*
 * passkey: a person's password as the desk knows it.
 *
 * Whoever is told the password (mdg-web, the command line) derives a key from
 * it by argon2id, which takes 60 ms and 64 MB and so never happens in the
 * core. The core keeps salt, costs and a digest of the key, and compares.
 */
#ifndef MDG_CRYPTO_PASSKEY_H
#define MDG_CRYPTO_PASSKEY_H

#include <stdint.h>

#include "madoguchi/base/err.h"
#include "madoguchi/crypto/digest.h"

enum {
	MDG_PASSKEY_BYTES = 32,
	MDG_PASSKEY_SALT_BYTES = 16,
	MDG_PASSWORD_MIN = 12, /* characters */
	MDG_PASSWORD_BYTES_MAX = 1024,
};

struct mdg_passkey_cost {
	unsigned char salt[MDG_PASSKEY_SALT_BYTES];
	int64_t ops, mem_bytes;
};

/* A new salt, today's costs. */
void mdg_passkey_cost_new(struct mdg_passkey_cost *ret);
/* The same for a name that nobody has, each time: it is not told apart. */
void mdg_passkey_cost_decoy(const unsigned char key[32], const char *name,
			    struct mdg_passkey_cost *ret);
/* Costs that somebody else names: none that take for ever, or too little. */
bool mdg_passkey_cost_is_sane(const struct mdg_passkey_cost *c);
/* Long enough, and not the same character over and over? */
bool mdg_password_check(const char *password, struct mdg_err *err);
bool mdg_passkey_derive(const char *password, const struct mdg_passkey_cost *c,
			unsigned char ret[MDG_PASSKEY_BYTES],
			struct mdg_err *err);
/* Is it the key whose digest this is? In constant time. */
bool mdg_passkey_is(const unsigned char key[MDG_PASSKEY_BYTES],
		    const unsigned char digest[MDG_DIGEST_BYTES]);

#endif
