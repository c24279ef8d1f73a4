/*
 * Encoded words in header fields, RFC 2047, as they really arrive.
 */
#ifndef MDG_MAIL_WORDS_H
#define MDG_MAIL_WORDS_H

#include <stddef.h>

#include "madoguchi/base/buf.h"

/*
 * Append the text of a raw unstructured field body (folds included) to out:
 * one line of valid UTF-8 without controls, trimmed. The bytes of adjacent
 * words of one charset are joined before they are decoded, so that characters
 * and escape sequences may be cut anywhere. Words inside quotes, glued to
 * text, over-long or with spaces in them are read too; raw 8-bit and raw
 * ISO-2022-JP text between them as well.
 * flags: mdg_charset_flags are or-ed into it; may be NULL.
 */
void mdg_words_decode(struct mdg_span raw, struct mdg_buf *out,
		      unsigned *flags);

/*
 * Append text as it goes into an unstructured header field: ASCII as it is,
 * folded at spaces; everything else as UTF-8 B words of at most 75 characters,
 * cut between characters (not before a combining one), folded by CRLF SP.
 * first_line_used: columns already taken on the line ("Subject: " = 9).
 * Controls and line separators in utf8 become spaces.
 */
void mdg_words_encode(const char *utf8, size_t first_line_used,
		      struct mdg_buf *out);

#endif
