/*
 * Width and wrapping of text for mail: columns as a Japanese reader sees
 * them (UAX #11; ambiguous characters are wide).
 */
#ifndef MDG_TEXT_WIDTH_H
#define MDG_TEXT_WIDTH_H

#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"

enum {
	MDG_WRAP_COLUMNS = 70, /* 35 full-width characters */
	MDG_WRAP_COLUMNS_MIN = 20,
};

/* Columns of one character: 0 (combining), 1 or 2. */
unsigned mdg_text_char_width(uint32_t cp);
size_t mdg_text_width(const char *s, size_t n);

/*
 * Append the text with each line (a paragraph) wrapped to `columns`. No 、。」
 * small kana or ー at the head of a line, no 「（ at its end (禁則), no break
 * inside an ASCII token, a URL, or a number and its unit: such a line may be
 * longer. Quoted lines, list items, rules and indented lines stay as they
 * are.
 */
void mdg_text_wrap(const char *text, size_t n, size_t columns,
		   struct mdg_buf *out);

#endif
