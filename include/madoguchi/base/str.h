/*
 * Small things about text: UTF-8, numbers, ASCII case, hex and base32.
 * Everything here is pure and knows no locale.
 */
#ifndef MDG_BASE_STR_H
#define MDG_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mdg_buf;

bool mdg_streq(const char *a, const char *b);
/* NULL-safe, ASCII letters only. */
bool mdg_strcaseeq(const char *a, const char *b);
bool mdg_str_starts(const char *s, const char *prefix);
bool mdg_str_case_starts(const char *s, const char *prefix);
bool mdg_str_ends(const char *s, const char *suffix);
/* Bytes of the longest of list[0 … list_n) that s[0 … n) begins with, or 0. */
size_t mdg_str_starts_any(const char *s, size_t n, const char *const *list,
			  size_t list_n);
int mdg_ascii_lower(int c);
/* ASCII case-insensitive strstr. */
const char *mdg_strcasestr(const char *hay, const char *needle);

/* Whole string is a decimal number in [min, max]; nothing else around it. */
bool mdg_str_i64(const char *s, int64_t min, int64_t max, int64_t *ret);

/* -- UTF-8 (RFC 3629: no surrogates, no overlong forms, <= U+10FFFF) -- */
bool mdg_utf8_valid(const char *s, size_t n);
/* How many bytes of valid text s begins with. */
size_t mdg_utf8_valid_len(const char *s, size_t n);
/* How many bytes of ASCII s begins with. */
size_t mdg_ascii_len(const char *s, size_t n);
/*
 * Decode one character of valid or broken text: returns its length in bytes
 * (>= 1 while n > 0) and sets *cp; a broken byte gives U+FFFD and length 1.
 */
size_t mdg_utf8_next_any(const char *s, size_t n, uint32_t *cp);

/* The same, without a call for ASCII and nearly all of Japanese: characters of
 * three bytes whose first says all of its range. */
static inline size_t
mdg_utf8_next(const char *s, size_t n, uint32_t *cp)
{
	unsigned char a = (unsigned char)s[0];

	if (a < 0x80) {
		*cp = a;
		return 1;
	}
	if (n >= 3 && a > 0xE0 && a < 0xED && (s[1] & 0xC0) == 0x80 &&
	    (s[2] & 0xC0) == 0x80) {
		*cp = (uint32_t)(a & 0x0F) << 12 |
		      (uint32_t)(s[1] & 0x3F) << 6 | (uint32_t)(s[2] & 0x3F);
		return 3;
	}
	return mdg_utf8_next_any(s, n, cp);
}
/* Append cp (U+FFFD if it is none). */
void mdg_utf8_put(struct mdg_buf *b, uint32_t cp);
/* Length in characters of valid text. */
size_t mdg_utf8_len(const char *s, size_t n);
/* The largest m <= max (and <= n) that does not cut a character. */
size_t mdg_utf8_cut(const char *s, size_t n, size_t max);
/* Byte offset of the k-th character; n if there are fewer. */
size_t mdg_utf8_offset(const char *s, size_t n, size_t k);
/*
 * Copy s, replacing broken bytes by U+FFFD and dropping C0 controls except
 * TAB and LF, DEL, C1, and bidi controls (U+202A–202E, U+2066–2069).
 * With `one_line`, TAB and LF become a space.
 */
void mdg_utf8_clean(struct mdg_buf *out, const char *s, size_t n,
		    bool one_line);

void mdg_hex(const unsigned char *p, size_t n, char *out /* 2n + 1 */);
bool mdg_unhex(const char *s, unsigned char *out, size_t n);
/* RFC 4648 base32, lower case, no padding; out has (8n + 4) / 5 + 1 bytes. */
void mdg_base32(const unsigned char *p, size_t n, char *out);
/* Returns the number of bytes, -1 if s is not base32 (any case) or too long. */
long mdg_unbase32(const char *s, size_t len, unsigned char *out, size_t max);
/* RFC 4648 base64 with padding, no line breaks. */
void mdg_base64(struct mdg_buf *out, const unsigned char *p, size_t n);

#endif
