#include "madoguchi/crypto/vault.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "madoguchi/base/buf.h"

enum {
	CHUNK = 64 << 10,
	TAGGED = CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES,
	SEALED = crypto_secretstream_xchacha20poly1305_KEYBYTES +
		 crypto_box_SEALBYTES,
	HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
};

static const char magic[] = "madoguchi-vault-1\n";

struct head {
	char magic[sizeof(magic) - 1];
	unsigned char salt[MDG_VAULT_SALT_BYTES];
	unsigned char sealed[SEALED];
	unsigned char header[HEADER];
};

void
mdg_vault_pair_clear(struct mdg_vault_pair *p)
{
	sodium_memzero(p, sizeof(*p));
}

void
mdg_vault_pair_new(struct mdg_vault_pair *ret)
{
	crypto_box_keypair(ret->public, ret->secret);
	memset(ret->salt, 0, sizeof(ret->salt));
}

void
mdg_vault_pair_of(const unsigned char secret[MDG_VAULT_KEY_BYTES],
		  struct mdg_vault_pair *ret)
{
	memcpy(ret->secret, secret, MDG_VAULT_KEY_BYTES);
	crypto_scalarmult_base(ret->public, ret->secret);
	memset(ret->salt, 0, sizeof(ret->salt));
}

bool
mdg_vault_pair_derive(const char *passphrase, const unsigned char *salt,
		      struct mdg_vault_pair *ret, struct mdg_err *err)
{
	unsigned char seed[crypto_box_SEEDBYTES];

	if (salt)
		memcpy(ret->salt, salt, sizeof(ret->salt));
	else
		randombytes_buf(ret->salt, sizeof(ret->salt));
	if (crypto_pwhash(seed, sizeof(seed), passphrase, strlen(passphrase),
			  ret->salt, crypto_pwhash_OPSLIMIT_MODERATE,
			  crypto_pwhash_MEMLIMIT_MODERATE,
			  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return mdg_fail(err, MDG_EIO,
				"not enough memory for the passphrase");
	crypto_box_seed_keypair(ret->public, ret->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	return true;
}

/* ---- whole reads and writes ---- */

/* As much as there is, up to n; -1 on failure. */
static ssize_t
read_full(int fd, void *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read(fd, (char *)p + got, n - got);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

static bool
write_full(int fd, const void *p, size_t n, struct mdg_err *err)
{
	for (size_t done = 0; done < n;) {
		ssize_t r = write(fd, (const char *)p + done, n - done);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return mdg_fail_msg(err,
					    errno == ENOSPC ? MDG_EFULL
							    : MDG_EIO,
					    MDG_MSG_vault_io, strerror(errno),
					    NULL);
		done += (size_t)r;
	}
	return true;
}

static bool
read_fail(struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_EIO, MDG_MSG_vault_io, strerror(errno),
			    NULL);
}

/* ---- seal ---- */

static bool
seal_chunks(int in, int out, crypto_secretstream_xchacha20poly1305_state *st,
	    const struct mdg_progress *news, struct mdg_err *err)
{
	int64_t done = 0;
	struct stat size;

	MDG_AUTO(mdg_freep) unsigned char *plain = mdg_malloc(CHUNK);
	MDG_AUTO(mdg_freep) unsigned char *box = mdg_malloc(TAGGED);

	if (fstat(in, &size) != 0)
		return read_fail(err);
	for (;;) {
		unsigned long long n;
		ssize_t got = read_full(in, plain, CHUNK);
		if (got < 0)
			return read_fail(err);
		bool last = got < CHUNK;
		crypto_secretstream_xchacha20poly1305_push(
			st, box, &n, plain, (unsigned long long)got, NULL, 0,
			last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
			     : 0);
		if (!write_full(out, box, (size_t)n, err))
			return false;
		if (last)
			return true;
		done += got;
		mdg_progress(news, done, size.st_size);
	}
}

bool
mdg_vault_seal(int in, int out, const struct mdg_vault_pair *to,
	       const struct mdg_progress *news, struct mdg_err *err)
{
	unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	crypto_secretstream_xchacha20poly1305_state st;
	struct head h;

	memcpy(h.magic, magic, sizeof(h.magic));
	memcpy(h.salt, to->salt, sizeof(h.salt));
	crypto_secretstream_xchacha20poly1305_keygen(key);
	bool ok = crypto_box_seal(h.sealed, key, sizeof(key), to->public) == 0;
	crypto_secretstream_xchacha20poly1305_init_push(&st, h.header, key);
	sodium_memzero(key, sizeof(key));
	ok = ok ? write_full(out, &h, sizeof(h), err) &&
			     seal_chunks(in, out, &st, news, err)
		: mdg_fail(err, MDG_EINVAL, "not a public key");
	sodium_memzero(&st, sizeof(st));
	return ok;
}

/* ---- open ---- */

bool
mdg_vault_peek(int in, unsigned char salt[MDG_VAULT_SALT_BYTES],
	       bool *ret_passphrase)
{
	struct head h;

	if (pread(in, &h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
	    memcmp(h.magic, magic, sizeof(h.magic)) != 0)
		return false;
	memcpy(salt, h.salt, sizeof(h.salt));
	*ret_passphrase = !sodium_is_zero(h.salt, sizeof(h.salt));
	return true;
}

static bool
damaged(const char *name, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_vault_damaged, name,
			    NULL);
}

static bool
open_chunks(int in, int out, crypto_secretstream_xchacha20poly1305_state *st,
	    const char *name, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) unsigned char *plain = mdg_malloc(CHUNK);
	MDG_AUTO(mdg_freep) unsigned char *box = mdg_malloc(TAGGED);

	for (;;) {
		unsigned long long n;
		unsigned char tag, more;
		ssize_t got = read_full(in, box, TAGGED);
		if (got < 0)
			return read_fail(err);
		if (crypto_secretstream_xchacha20poly1305_pull(
			    st, plain, &n, &tag, box, (unsigned long long)got,
			    NULL, 0) != 0)
			return damaged(name, err);
		if (!write_full(out, plain, (size_t)n, err))
			return false;
		if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
			/* nothing may stand behind the end */
			return read_full(in, &more, 1) == 0 ||
			       damaged(name, err);
	}
}

bool
mdg_vault_open(int in, int out, const struct mdg_vault_pair *pair,
	       const char *name, struct mdg_err *err)
{
	unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	crypto_secretstream_xchacha20poly1305_state st;
	struct head h;

	if (read_full(in, &h, sizeof(h)) != (ssize_t)sizeof(h) ||
	    memcmp(h.magic, magic, sizeof(h.magic)) != 0)
		return damaged(name, err);
	if (crypto_box_seal_open(key, h.sealed, sizeof(h.sealed), pair->public,
				 pair->secret) != 0)
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_vault_wrong_key,
				    name, NULL);
	bool ok = crypto_secretstream_xchacha20poly1305_init_pull(
			  &st, h.header, key) == 0
			  ? open_chunks(in, out, &st, name, err)
			  : damaged(name, err);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(&st, sizeof(st));
	return ok;
}
