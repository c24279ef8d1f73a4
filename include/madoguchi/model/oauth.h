/*
 * What is asked of an OAuth 2.0 authorization server, and what it says: RFC
 * 6749 (tokens, §4.1 codes, §4.4 client credentials, §6 refresh), RFC 7636
 * (PKCE), RFC 8628 (device authorization).
 */
#ifndef MDG_MODEL_OAUTH_H
#define MDG_MODEL_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "madoguchi/model/mail.h"

enum {
	MDG_OAUTH_FIELDS_MAX = 16,          /* of a form: names and values */
	MDG_OAUTH_TOKEN_BYTES_MAX = 12000,  /* Microsoft's are near 2,500 */
	MDG_OAUTH_TEXT_BYTES_MAX = 2000,    /* addresses, codes, reasons */
	MDG_OAUTH_ANSWER_BYTES_MAX = 65536, /* the whole JSON answer */
};

/* One form, sent by POST over verified TLS. */
struct mdg_oauth_ask {
	const char *url;            /* https: only */
	const char *ca_file;        /* NULL: the system's */
	struct mdg_strings fields;  /* name, value, name, value, … */
};

/* The members of the JSON answer that we know; NULL or 0: not there. */
struct mdg_oauth_said {
	uint32_t status; /* HTTP */
	const char *error, *error_text;
	const char *access_token, *refresh_token;
	int64_t expires_in_s, refresh_expires_in_s;
	const char *device_code, *user_code, *verification_uri;
	int64_t interval_s;
};

#endif
