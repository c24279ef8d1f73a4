#include "madoguchi/crypto/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

enum {
	FORM_1 = 1,
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

void
mdg_key_clear(struct mdg_key *k)
{
	sodium_memzero(k, sizeof(*k));
}

/*
 * systemd's credentials are root's, readable for us by an ACL, whose mask
 * shows as the group's right to read.
 */
static bool
is_credential(const struct stat *st)
{
	return (st->st_mode & 0777) == 0440 && st->st_uid == 0 &&
	       st->st_gid == 0;
}

bool
mdg_key_load(const char *path, struct mdg_key *ret, struct mdg_err *err)
{
	struct stat st;
	unsigned char bytes[MDG_KEY_BYTES + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_key_unreadable, path,
				    strerror(errno), NULL);
	ssize_t n = read(fd, bytes, sizeof(bytes));
	bool ok = fstat(fd, &st) == 0 && n == MDG_KEY_BYTES;
	close(fd);
	if (ok && (st.st_mode & 077) != 0 && !is_credential(&st))
		return mdg_fail_msg(err, MDG_EPERM, MDG_MSG_key_open_to_others,
				    path, NULL);
	if (!ok)
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_key_not_one, path,
				    NULL);
	memcpy(ret->bytes, bytes, MDG_KEY_BYTES);
	sodium_memzero(bytes, sizeof(bytes));
	return true;
}

bool
mdg_key_create(const char *path, struct mdg_key *ret, struct mdg_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return mdg_fail_msg(err, errno == EEXIST ? MDG_EEXIST : MDG_EIO,
				    MDG_MSG_key_not_made, path, strerror(errno),
				    NULL);
	randombytes_buf(ret->bytes, MDG_KEY_BYTES);
	bool ok = write(fd, ret->bytes, MDG_KEY_BYTES) == MDG_KEY_BYTES &&
		  fsync(fd) == 0;
	int saved = errno;
	close(fd);
	if (!ok) {
		unlink(path);
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_key_not_made, path,
				    strerror(saved), NULL);
	}
	return true;
}

void
mdg_seal(const struct mdg_key *k, const char *name, struct mdg_span in,
	 struct mdg_buf *out)
{
	unsigned char nonce[NONCE_BYTES];

	randombytes_buf(nonce, sizeof(nonce));
	mdg_buf_putc(out, FORM_1);
	mdg_buf_put(out, nonce, sizeof(nonce));
	char *to = mdg_buf_reserve(out, in.n + TAG_BYTES);
	MDG_BUG_ON(!to);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		(unsigned char *)to, NULL, in.p, in.n,
		(const unsigned char *)name, strlen(name), NULL, nonce,
		k->bytes);
	out->len += in.n + TAG_BYTES;
}

bool
mdg_unseal(const struct mdg_key *k, const char *name, struct mdg_span in,
	   struct mdg_buf *out, struct mdg_err *err)
{
	const size_t head = 1 + NONCE_BYTES;

	if (in.n < head + TAG_BYTES || in.p[0] != FORM_1)
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_seal_broken, name,
				    NULL);
	size_t n = in.n - head - TAG_BYTES;
	char *to = mdg_buf_reserve(out, n);
	MDG_BUG_ON(!to);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    (unsigned char *)to, NULL, NULL, in.p + head, in.n - head,
		    (const unsigned char *)name, strlen(name), in.p + 1,
		    k->bytes) != 0)
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_seal_broken, name,
				    NULL);
	out->len += n;
	out->ptr[out->len] = '\0';
	return true;
}
