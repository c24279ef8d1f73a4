/*
 * seal: secrets at rest (XChaCha20-Poly1305, libsodium's
 * crypto_aead_xchacha20poly1305_ietf).
 *
 *   sealed = version byte 1 | 24-byte nonce | ciphertext and tag
 *
 * The name of the secret is authenticated with it, so that a sealed value
 * cannot be moved to another name. The master key is 32 bytes in a file:
 * $CREDENTIALS_DIRECTORY/master.key under systemd, else the path of the
 * configuration; mode 0600, made by `madoguchi init`.
 */
#ifndef MDG_CRYPTO_SEAL_H
#define MDG_CRYPTO_SEAL_H

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"

enum { MDG_KEY_BYTES = 32 };

struct mdg_key {
	unsigned char bytes[MDG_KEY_BYTES];
};

/* Wipes it. */
void mdg_key_clear(struct mdg_key *k);
/* Refuses a file that others may read or that is not exactly one key. */
bool mdg_key_load(const char *path, struct mdg_key *ret, struct mdg_err *err);
/* A fresh random key in a new file (0600); MDG_EEXIST if there is one. */
bool mdg_key_create(const char *path, struct mdg_key *ret,
		    struct mdg_err *err);

void mdg_seal(const struct mdg_key *k, const char *name, struct mdg_span in,
	      struct mdg_buf *out);
/* MDG_EFORMAT: another key, another name, or changed bytes. */
bool mdg_unseal(const struct mdg_key *k, const char *name, struct mdg_span in,
		struct mdg_buf *out, struct mdg_err *err);

#endif
