/*
 * Pieces that the header readers of this room share; private.
 */
#ifndef MDG_MAIL_TOKEN_H
#define MDG_MAIL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "madoguchi/base/buf.h"

static inline bool
mdg_is_wsp(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static inline int
mdg_hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * How far the end of a comment or quoted string is looked for: text with a
 * thousand opening signs must not be read a thousand times to its end.
 */
enum { MDG_LOOK_AHEAD = 2000 };

static inline struct mdg_span
mdg_span_near(struct mdg_span s, size_t at)
{
	return s.n - at > MDG_LOOK_AHEAD ? mdg_span(s.p, at + MDG_LOOK_AHEAD)
					 : s;
}

struct mdg_span mdg_span_trim(struct mdg_span s);

/*
 * A field body without folds, its raw 8-bit or ISO-2022 text made UTF-8, so
 * that bytes of double-byte characters are not taken for specials. Encoded
 * words stay as they are.
 */
void mdg_field_text(struct mdg_span raw, struct mdg_buf *out, unsigned *flags);

/* An encoded word at the head of text; its length, 0 if there is none. */
struct mdg_word {
	struct mdg_span charset; /* with its language tag, if any */
	struct mdg_span payload;
	bool base64;
};
size_t mdg_word_match(struct mdg_span text, struct mdg_word *w);
void mdg_word_bytes(const struct mdg_word *w, struct mdg_buf *out);

/*
 * Put text as one line into the empty buffer out: no controls, no byte order
 * marks, no white space around.
 */
void mdg_line_clean(struct mdg_span text, struct mdg_buf *out);

/* Decode the words of text that went through mdg_field_text(). */
void mdg_words_decode_text(struct mdg_span text, struct mdg_buf *out,
			   unsigned *flags);
/* The same, cleaned to one line and trimmed. */
void mdg_words_decode_line(struct mdg_span text, struct mdg_buf *out,
			   unsigned *flags);

/*
 * Append a domain with its labels as A-labels; false (with something
 * appended) if a label is too long for that.
 */
bool mdg_domain_to_ascii(const char *domain, struct mdg_buf *out);

/* Where cp may not be parted from the character before it. */
bool mdg_is_extender(unsigned cp);
/*
 * Append utf8 as B words, folded; *column moves on. The caller has put a
 * space before it if one is needed.
 */
void mdg_words_put_encoded(const char *utf8, size_t n, size_t *column,
			   struct mdg_buf *out);

#endif
