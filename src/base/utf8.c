/* UTF-8, RFC 3629 §4. Part of base/str.h. */
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

enum { REPLACEMENT = 0xFFFD };

/* Length of the valid character at s, 0 if it is broken. */
static size_t
char_len(const unsigned char *s, size_t n)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xC2 || s[0] > 0xF4)
		return 0;
	size_t len = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
	    (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	return len;
}

/* A character of three bytes whose first says all of its range: nearly all
 * of Japanese. */
static inline bool
is_three(const unsigned char *p, size_t n)
{
	return n >= 3 && p[0] > 0xE0 && p[0] < 0xED && (p[1] & 0xC0) == 0x80 &&
	       (p[2] & 0xC0) == 0x80;
}

size_t
mdg_ascii_len(const char *s, size_t n)
{
	const uint64_t high = 0x8080808080808080;
	uint64_t eight;
	size_t i = 0;

	while (n - i >= 8 && (memcpy(&eight, s + i, 8), !(eight & high)))
		i += 8;
	while (i < n && (unsigned char)s[i] < 0x80)
		i++;
	return i;
}

size_t
mdg_utf8_valid_len(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t left = n;

	while (left) {
		size_t len;

		if (p[0] < 0x80)
			len = mdg_ascii_len((const char *)p, left);
		else if (is_three(p, left))
			len = 3;
		else
			len = char_len(p, left);
		if (len == 0)
			break;
		p += len;
		left -= len;
	}
	return n - left;
}

bool
mdg_utf8_valid(const char *s, size_t n)
{
	return mdg_utf8_valid_len(s, n) == n;
}

size_t
mdg_utf8_next_any(const char *s, size_t n, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t len = char_len(p, n);
	if (len == 0) {
		*cp = REPLACEMENT;
		return 1;
	}
	static const unsigned char lead_mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	*cp = p[0] & lead_mask[len];
	for (size_t i = 1; i < len; i++)
		*cp = *cp << 6 | (p[i] & 0x3F);
	return len;
}

void
mdg_utf8_put(struct mdg_buf *b, uint32_t cp)
{
	char q[4];
	size_t n;

	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		q[0] = (char)cp;
		n = 1;
	} else if (cp < 0x800) {
		q[0] = (char)(0xC0 | cp >> 6);
		q[1] = (char)(0x80 | (cp & 0x3F));
		n = 2;
	} else if (cp < 0x10000) {
		q[0] = (char)(0xE0 | cp >> 12);
		q[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		q[2] = (char)(0x80 | (cp & 0x3F));
		n = 3;
	} else {
		q[0] = (char)(0xF0 | cp >> 18);
		q[1] = (char)(0x80 | (cp >> 12 & 0x3F));
		q[2] = (char)(0x80 | (cp >> 6 & 0x3F));
		q[3] = (char)(0x80 | (cp & 0x3F));
		n = 4;
	}
	mdg_buf_put(b, q, n);
}

size_t
mdg_utf8_len(const char *s, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += ((unsigned char)s[i] & 0xC0) != 0x80;
	return k;
}

size_t
mdg_utf8_cut(const char *s, size_t n, size_t max)
{
	size_t m = n < max ? n : max;

	if (m == n)
		return n;
	while (m > 0 && ((unsigned char)s[m] & 0xC0) == 0x80)
		m--;
	return m;
}

size_t
mdg_utf8_offset(const char *s, size_t n, size_t k)
{
	size_t i = 0;

	for (; i < n; i++)
		if (((unsigned char)s[i] & 0xC0) != 0x80 && k-- == 0)
			break;
	return i;
}

static bool
is_unwanted(uint32_t cp)
{
	return (cp < 0x20 && cp != '\t' && cp != '\n') ||
	       (cp >= 0x7F && cp < 0xA0) || (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2066 && cp <= 0x2069);
}

/* Eight printable characters of ASCII: nothing below ' ', no DEL, no high
 * bit. */
static inline bool
are_printable(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return !(((v - 0x2020202020202020) | (v + 0x0101010101010101) | v) &
		 0x8080808080808080);
}

/* Text without anything unwanted that s begins with. */
static size_t
clean_len(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0;

	while (i < n) {
		while (n - i >= 8 && are_printable(p + i))
			i += 8;
		if (i == n)
			break;
		if (p[i] >= 0x20 && p[i] < 0x7F)
			i++;
		else if (p[i] > 0xE2 && is_three(p + i, n - i))
			i += 3;
		else
			break;
	}
	return i;
}

void
mdg_utf8_clean(struct mdg_buf *out, const char *s, size_t n, bool one_line)
{
	uint32_t cp;
	size_t from = 0, i = 0; /* from: first byte that is not yet copied */

	mdg_buf_expect(out, n);
	for (size_t len; i < n; i += len) {
		len = clean_len(s + i, n - i);
		if (len)
			continue;
		len = mdg_utf8_next(s + i, n - i, &cp);
		bool space = one_line && (cp == '\t' || cp == '\n');
		if (!space && cp != REPLACEMENT && !is_unwanted(cp))
			continue;
		if (i > from)
			mdg_buf_put(out, s + from, i - from);
		from = i + len;
		if (space)
			mdg_buf_putc(out, ' ');
		else if (cp == REPLACEMENT)
			mdg_utf8_put(out, cp);
	}
	if (i > from)
		mdg_buf_put(out, s + from, i - from);
}
