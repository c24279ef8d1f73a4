/*
 * Bytes with a charset label, read as what they really are.
 *
 * Labels of Japanese mail lie: "iso-2022-jp" carries NEC and IBM characters,
 * "shift_jis" is CP932, "us-ascii" may be anything. The ladder is: the label
 * mapped to the charset that such senders mean; escape sequences; valid UTF-8;
 * scores of the candidates. Lines that are in another charset than the rest are
 * read as what they are. No byte is ever dropped silently: what cannot be
 * read becomes U+FFFD and reading goes on at the next byte.
 *
 * The output is always valid UTF-8. Controls pass through, except those that
 * are part of the coding itself (ESC, SO, SI, a leading BOM): clean with
 * mdg_utf8_clean(). Line ends stay as they are.
 */
#ifndef MDG_MAIL_CHARSET_H
#define MDG_MAIL_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/buf.h"

enum mdg_charset_flags {
	MDG_CHARSET_MISLABELLED = 1, /* the label was not followed */
	MDG_CHARSET_REPLACED = 2,    /* some bytes became U+FFFD */
	MDG_CHARSET_DETECTED = 4,    /* no usable label; found by looking */
	MDG_CHARSET_REFUSED = 8,     /* UTF-7: shown as it stands */
	MDG_CHARSET_UNKNOWN = 16,    /* the label names nothing we know */
};

struct mdg_charset_used {
	const char *name; /* "utf-8", "iso-2022-jp", "cp932", …; static */
	unsigned flags;
	size_t replaced; /* how many U+FFFD were put for broken bytes */
};

/*
 * Open every iconv converter and keep it. They are a process-wide cache: used
 * by one thread, opened once (on first use if this was not called), never
 * closed, because glibc loads its tables from files and a sandboxed process
 * has none.
 */
void mdg_charset_init(void);

/* Append `in` as UTF-8 to out. label: NULL if there is none; used: or NULL. */
void mdg_charset_decode(const char *label, struct mdg_span in,
			struct mdg_buf *out, struct mdg_charset_used *used);

/*
 * Text of unknown charset that is mostly ASCII: a raw header, a file name.
 * ASCII is appended as it is, at the cost of a scan.
 */
void mdg_charset_decode_raw(struct mdg_span in, struct mdg_buf *out,
			    unsigned *flags /* or-ed into, or NULL */);

#endif
