#include "madoguchi/crypto/totp.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"

/* ---- SHA-1 (RFC 3174); libsodium has none, and nothing else here uses it ----
 */

enum { BLOCK = 64, SHA1_BYTES = 20 };

static uint32_t
rol(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

static void
sha1_block(uint32_t h[5], const unsigned char *p)
{
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
		       (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
	for (int i = 16; i < 80; i++)
		w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (int i = 0; i < 80; i++) {
		uint32_t f = i < 20   ? (b & c) | (~b & d)
			     : i < 40 ? b ^ c ^ d
			     : i < 60 ? (b & c) | (b & d) | (c & d)
				      : b ^ c ^ d;
		uint32_t k = i < 20   ? 0x5a827999
			     : i < 40 ? 0x6ed9eba1
			     : i < 60 ? 0x8f1bbcdc
				      : 0xca62c1d6;
		uint32_t t = rol(a, 5) + f + e + k + w[i];
		e = d;
		d = c;
		c = rol(b, 30);
		b = a;
		a = t;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

/* Of a block and up to 20 bytes behind it: all that an HMAC of a step needs. */
static void
sha1(const unsigned char block[BLOCK], const unsigned char *p, size_t n,
     unsigned char out[SHA1_BYTES])
{
	uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
			 0xc3d2e1f0};
	unsigned char last[BLOCK] = {0};
	uint64_t bits = (BLOCK + n) * 8;

	sha1_block(h, block);
	memcpy(last, p, n);
	last[n] = 0x80;
	for (int i = 0; i < 8; i++)
		last[BLOCK - 1 - i] = (unsigned char)(bits >> (8 * i));
	sha1_block(h, last);
	for (int i = 0; i < SHA1_BYTES; i++)
		out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

/* RFC 2104 */
static void
hmac(const unsigned char *key, size_t key_n, const unsigned char text[8],
     unsigned char out[SHA1_BYTES])
{
	unsigned char block[BLOCK], inner[SHA1_BYTES];

	memset(block, 0x36, sizeof(block));
	for (size_t i = 0; i < key_n; i++)
		block[i] ^= key[i];
	sha1(block, text, 8, inner);
	memset(block, 0x5c, sizeof(block));
	for (size_t i = 0; i < key_n; i++)
		block[i] ^= key[i];
	sha1(block, inner, sizeof(inner), out);
	sodium_memzero(block, sizeof(block));
}

/* ---- codes ---- */

void
mdg_totp_secret_new(char *out)
{
	unsigned char key[MDG_TOTP_SECRET_BYTES];

	randombytes_buf(key, sizeof(key));
	mdg_base32(key, sizeof(key), out);
	/* some authenticators know capitals only */
	for (char *p = out; *p; p++)
		*p = (char)(*p >= 'a' ? *p - 'a' + 'A' : *p);
	sodium_memzero(key, sizeof(key));
}

bool
mdg_totp_code(const char *secret, int64_t step, char out[MDG_TOTP_DIGITS + 1])
{
	unsigned char key[MDG_TOTP_SECRET_BYTES], mac[SHA1_BYTES], text[8];

	if (step < 0 || strlen(secret) != MDG_TOTP_SECRET_CHARS ||
	    mdg_unbase32(secret, MDG_TOTP_SECRET_CHARS, key, sizeof(key)) !=
		    MDG_TOTP_SECRET_BYTES)
		return false;
	for (int i = 0; i < 8; i++)
		text[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	hmac(key, sizeof(key), text, mac);
	sodium_memzero(key, sizeof(key));
	/* RFC 4226 §5.3 */
	const unsigned char *p = mac + (mac[SHA1_BYTES - 1] & 15);
	uint32_t n = (uint32_t)(p[0] & 0x7f) << 24 | (uint32_t)p[1] << 16 |
		     (uint32_t)p[2] << 8 | p[3];
	snprintf(out, MDG_TOTP_DIGITS + 1, "%06u", (unsigned)(n % 1000000));
	return true;
}

bool
mdg_totp_check(const char *secret, const char *code, int64_t now_s,
	       int64_t last_step, int64_t *ret_step)
{
	int64_t now = now_s / MDG_TOTP_STEP_S;
	char want[MDG_TOTP_DIGITS + 1];
	bool ok = false;

	if (strlen(code) != MDG_TOTP_DIGITS)
		return false;
	for (int64_t i = now - MDG_TOTP_SLACK; i <= now + MDG_TOTP_SLACK; i++)
		if (mdg_totp_code(secret, i, want) &&
		    sodium_memcmp(want, code, MDG_TOTP_DIGITS) == 0 &&
		    i > last_step) {
			*ret_step = i;
			ok = true;
		}
	return ok;
}
