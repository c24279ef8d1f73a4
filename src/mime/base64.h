/*
 * Base64 in large pieces, where the processor can.
 */
#ifndef MDG_MIME_BASE64_H
#define MDG_MIME_BASE64_H

#include <stddef.h>

/* Behind what is decoded up to that many bytes more are written over. */
enum { MIME_BASE64_BEHIND = 4 };

/*
 * Decodes from p as many characters as go in pieces of 32, up to the first
 * piece with anything in it that is not of the alphabet. Returns how many
 * characters that were, 0 on other processors; out got three bytes for four.
 * `room` counts the bytes behind, too.
 */
size_t mime_base64_pieces(const unsigned char *p, size_t n, unsigned char *out,
			  size_t room);

#endif
