/*
 * Values with parameters: Content-Type, Content-Disposition, Auto-Submitted
 * (RFC 2045 §5.1, RFC 2183, RFC 2231), and file names both ways.
 *
 * Reads RFC 2231 with continuations cut anywhere and in any order, encoded
 * words in quotes (Outlook), raw 8-bit and raw ISO-2022-JP values, values
 * without quotes, and comments.
 */
#ifndef MDG_MAIL_PARAM_H
#define MDG_MAIL_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"

#define MDG_PARAMS_MAX 100 /* parameters and segments read of one field */

struct mdg_param {
	const char *name;  /* lower case, without "*" marks */
	const char *value; /* decoded, one line */
	bool extended;     /* was given in RFC 2231 form */
};

struct mdg_params {
	const char *value; /* lower case: "text/plain", "attachment"; "" */
	struct mdg_param *v;
	size_t n;
	unsigned flags; /* mdg_charset_flags met while decoding */
};

void mdg_params_parse(struct mdg_span raw, struct mdg_arena *a,
		      struct mdg_params *out);
/* The value of a parameter, "name*" before "name"; NULL if there is none. */
const char *mdg_params_get(const struct mdg_params *p, const char *name);

/*
 * The safe file name of a part: filename* before filename (disposition)
 * before name* before name (type); NULL if none is given or usable. Either
 * argument may be NULL.
 */
const char *mdg_filename_pick(const struct mdg_params *disposition,
			      const struct mdg_params *type,
			      struct mdg_arena *a);

/*
 * A bare name: behind the last slash of either kind and the drive letter, no
 * controls, kana composed (as Macs do not), at most MDG_FILENAME_BYTES_MAX
 * bytes with its extension kept. NULL if nothing is left ("", "..", "/").
 */
const char *mdg_filename_safe(struct mdg_arena *a, const char *utf8);

/*
 * Append ";\r\n name=value" to an outgoing header: a token or quoted string if
 * the value is ASCII, else in RFC 2231 form (UTF-8, continuations of at most
 * 76 columns).
 */
void mdg_param_put(struct mdg_buf *out, const char *name, const char *value);
/* The same for programs that know only encoded words: name="=?UTF-8?B?…?=". */
void mdg_param_put_words(struct mdg_buf *out, const char *name,
			 const char *value);

#endif
