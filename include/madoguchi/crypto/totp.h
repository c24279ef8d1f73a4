/*
 * totp: codes of an authenticator (RFC 6238 over RFC 4226): HMAC-SHA-1, 30
 * seconds, six digits, which is what every app can do. The secret is 20 bytes
 * and stands in base32 (RFC 4648) wherever people see it.
 */
#ifndef MDG_CRYPTO_TOTP_H
#define MDG_CRYPTO_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MDG_TOTP_SECRET_BYTES = 20,
	MDG_TOTP_SECRET_CHARS = 32, /* in base32 */
	MDG_TOTP_STEP_S = 30,
	MDG_TOTP_DIGITS = 6,
	MDG_TOTP_SLACK = 1, /* steps that a clock may be off, either way */
};

/* out has MDG_TOTP_SECRET_CHARS + 1 bytes. */
void mdg_totp_secret_new(char *out);
/* The code of a step (time / 30); false if the secret is none. */
bool mdg_totp_code(const char *secret, int64_t step,
		   char out[MDG_TOTP_DIGITS + 1]);
/*
 * Is it the code of now, or of a neighbouring step, and of none up to
 * last_step? A code is good once: keep *ret_step as the next last_step.
 */
bool mdg_totp_check(const char *secret, const char *code, int64_t now_s,
		    int64_t last_step, int64_t *ret_step);

#endif
