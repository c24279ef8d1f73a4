/*
 * vault: an encrypted backup (libsodium: sealed box and secretstream).
 *
 *   "madoguchi-vault-1\n" | salt (16) | sealed stream key (80) |
 *   secretstream header (24) | chunks of 64 kB + 17, the last one marked
 *
 * The stream key is sealed for a public key: that of a key pair made by
 * `backup keygen`, or of one derived from a passphrase by argon2id and the
 * salt (zero for key pairs). Who encrypts needs no secret; a file that was cut
 * or changed is not opened.
 */
#ifndef MDG_CRYPTO_VAULT_H
#define MDG_CRYPTO_VAULT_H

#include <stdbool.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/progress.h"

enum { MDG_VAULT_KEY_BYTES = 32, MDG_VAULT_SALT_BYTES = 16 };

struct mdg_vault_pair {
	unsigned char public[MDG_VAULT_KEY_BYTES];
	unsigned char secret[MDG_VAULT_KEY_BYTES];
	unsigned char salt[MDG_VAULT_SALT_BYTES];
};
void mdg_vault_pair_clear(struct mdg_vault_pair *p);
/* A random pair, without a salt. */
void mdg_vault_pair_new(struct mdg_vault_pair *ret);
/* The pair of a secret key. */
void mdg_vault_pair_of(const unsigned char secret[MDG_VAULT_KEY_BYTES],
		       struct mdg_vault_pair *ret);
/* From a passphrase; salt NULL: a new one. Takes a second and 256 MB. */
bool mdg_vault_pair_derive(const char *passphrase, const unsigned char *salt,
			   struct mdg_vault_pair *ret, struct mdg_err *err);

/* Both files are at their start; news (or NULL) hears of the bytes. */
bool mdg_vault_seal(int in, int out, const struct mdg_vault_pair *to,
		    const struct mdg_progress *news, struct mdg_err *err);
/* Is this file a vault, and with which salt? Reads the head. */
bool mdg_vault_peek(int in, unsigned char salt[MDG_VAULT_SALT_BYTES],
		    bool *ret_passphrase);
/* MDG_EPERM: another key or passphrase; MDG_EFORMAT: cut or changed. */
bool mdg_vault_open(int in, int out, const struct mdg_vault_pair *key,
		    const char *name, struct mdg_err *err);

#endif
