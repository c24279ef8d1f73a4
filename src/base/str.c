#include "madoguchi/base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"

bool
mdg_streq(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

int
mdg_ascii_lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool
mdg_strcaseeq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	while (*a && mdg_ascii_lower(*a) == mdg_ascii_lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

bool
mdg_str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
mdg_str_case_starts(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++)
		if (mdg_ascii_lower(*s) != mdg_ascii_lower(*prefix))
			return false;
	return true;
}

bool
mdg_str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

size_t
mdg_str_starts_any(const char *s, size_t n, const char *const *list,
		   size_t list_n)
{
	size_t best = 0;

	for (size_t i = 0; i < list_n; i++) {
		size_t len = strlen(list[i]);
		if (len > best && len <= n && memcmp(s, list[i], len) == 0)
			best = len;
	}
	return best;
}

const char *
mdg_strcasestr(const char *hay, const char *needle)
{
	for (;; hay++) {
		if (mdg_str_case_starts(hay, needle))
			return hay;
		if (!*hay)
			return NULL;
	}
}

bool
mdg_str_i64(const char *s, int64_t min, int64_t max, int64_t *ret)
{
	char *end;

	if (!s || !((*s >= '0' && *s <= '9') || *s == '-'))
		return false;
	errno = 0;
	long long v = strtoll(s, &end, 10);
	if (errno || end == s || *end || v < min || v > max)
		return false;
	*ret = v;
	return true;
}

void
mdg_hex(const unsigned char *p, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[p[i] >> 4];
		*out++ = digit[p[i] & 15];
	}
	*out = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)mdg_ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
mdg_unhex(const char *s, unsigned char *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int hi = hex_value(s[2 * i]);
		int lo = hi < 0 ? -1 : hex_value(s[2 * i + 1]);
		if (lo < 0)
			return false;
		out[i] = (unsigned char)(hi << 4 | lo);
	}
	return s[2 * n] == '\0';
}

void
mdg_base32(const unsigned char *p, size_t n, char *out)
{
	static const char digit[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint32_t acc = 0;
	int bits = 0;

	for (size_t i = 0; i < n; i++) {
		acc = acc << 8 | p[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = digit[acc >> (bits - 5) & 31];
	}
	if (bits)
		*out++ = digit[acc << (5 - bits) & 31];
	*out = '\0';
}

long
mdg_unbase32(const char *s, size_t len, unsigned char *out, size_t max)
{
	uint32_t acc = 0;
	int bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		int c = mdg_ascii_lower(s[i]);
		int v = c >= 'a' && c <= 'z'   ? c - 'a'
			: c >= '2' && c <= '7' ? c - '2' + 26
					       : -1;
		if (v < 0)
			return -1;
		acc = acc << 5 | (uint32_t)v;
		bits += 5;
		if (bits >= 8) {
			if (n >= max)
				return -1;
			bits -= 8;
			out[n++] = (unsigned char)(acc >> bits);
		}
	}
	/* left-over bits must be zero: one text, one value */
	return (acc & ((1u << bits) - 1)) ? -1 : (long)n;
}

void
mdg_base64(struct mdg_buf *out, const unsigned char *p, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16;
		v |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
		v |= left > 2 ? p[i + 2] : 0;
		char q[4] = {digit[v >> 18], digit[v >> 12 & 63],
			     left > 1 ? digit[v >> 6 & 63] : '=',
			     left > 2 ? digit[v & 63] : '='};
		mdg_buf_put(out, q, 4);
	}
}
