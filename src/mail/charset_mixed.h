/* Text in several charsets, line by line; private to the room. */
#ifndef MDG_MAIL_CHARSET_MIXED_H
#define MDG_MAIL_CHARSET_MIXED_H

#include "codec.h"

/* Are some lines UTF-8 in a text that was taken for c, and others not? */
bool mdg_charset_is_mixed(enum mdg_codec c, struct mdg_span in);
/*
 * Append the text of `in`, most of which is c; returns how many U+FFFD were
 * put. named: what the label says. high: what bytes above 0x7F are, if c is
 * ISO-2022.
 */
size_t mdg_charset_decode_mixed(enum mdg_codec c, enum mdg_codec named,
				struct mdg_span in, enum mdg_codec high,
				struct mdg_buf *out);

#endif
