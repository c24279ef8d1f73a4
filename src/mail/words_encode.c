/* Encoded words, RFC 2047, writing. */
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/words.h"
#include "token.h"

enum {
	LINE_MAX_COLUMNS = 76,
	WORD_FRAME = 12, /* "=?UTF-8?B?" and "?=" */
	WORD_BYTES_MAX = 45,
	WORD_BYTES_MIN = 15, /* less room than this: rather a new line */
	TOKEN_MAX = 60,      /* longer ASCII tokens are cut as words */
};

bool
mdg_is_extender(unsigned cp)
{
	return (cp >= 0x0300 && cp <= 0x036F) || cp == 0x200D ||
	       (cp >= 0x20D0 && cp <= 0x20F0) || cp == 0x3099 || cp == 0x309A ||
	       cp == 0xFF9E || cp == 0xFF9F || (cp >= 0xFE00 && cp <= 0xFE0F) ||
	       (cp >= 0x1F3FB && cp <= 0x1F3FF) ||
	       (cp >= 0xE0020 && cp <= 0xE01EF);
}

/* Bytes of s that go into one word of at most max bytes. */
static size_t
word_cut(const char *s, size_t n, size_t max)
{
	size_t best = 0, i = 0;
	uint32_t cp = 0, before = 0;

	while (i < n && i <= max) {
		size_t len = mdg_utf8_next(s + i, n - i, &cp);
		if (i && !mdg_is_extender(cp) && before != 0x200D)
			best = i;
		before = cp;
		i += len;
	}
	if (i >= n && n <= max)
		return n;
	if (best)
		return best;
	best = mdg_utf8_cut(s, n, max);
	return best ? best : n;
}

static void
fold(struct mdg_buf *out, size_t *column)
{
	mdg_buf_puts(out, "\r\n ");
	*column = 1;
}

void
mdg_words_put_encoded(const char *s, size_t n, size_t *column,
		      struct mdg_buf *out)
{
	while (n) {
		size_t used = *column + WORD_FRAME;
		size_t room = used < LINE_MAX_COLUMNS
				      ? (LINE_MAX_COLUMNS - used) / 4 * 3
				      : 0;
		if (room < WORD_BYTES_MIN && room<n && * column> 1) {
			/* a space before us, if any, becomes the fold's */
			if (out->len && out->ptr[out->len - 1] == ' ')
				out->ptr[--out->len] = '\0';
			fold(out, column);
			continue;
		}
		if (room > WORD_BYTES_MAX)
			room = WORD_BYTES_MAX;
		size_t take = word_cut(s, n, room);
		size_t before = out->len;
		mdg_buf_puts(out, "=?UTF-8?B?");
		mdg_base64(out, (const unsigned char *)s, take);
		mdg_buf_puts(out, "?=");
		*column += out->len - before;
		s += take;
		n -= take;
		if (n)
			fold(out, column);
	}
}

static bool
is_plain_token(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] >= 0x80 ||
		    (s[i] == '=' && i + 1 < n && s[i + 1] == '?'))
			return false;
	return n <= TOKEN_MAX;
}

/* Length of the part of s before the next space. */
static size_t
token_len(const char *s, size_t n)
{
	const char *sp = n ? memchr(s, ' ', n) : NULL;

	return sp ? (size_t)(sp - s) : n;
}

static void
put_plain(const char *s, size_t n, size_t *column, struct mdg_buf *out)
{
	while (n) {
		size_t blank = 0;
		while (blank < n && s[blank] == ' ')
			blank++;
		size_t len = blank + token_len(s + blank, n - blank);
		if (blank && blank<len && * column> 1 &&
		    *column + len > LINE_MAX_COLUMNS) {
			mdg_buf_puts(out, "\r\n");
			*column = 0;
		}
		mdg_buf_put(out, s, len);
		*column += len;
		s += len;
		n -= len;
	}
}

/* Controls and line separators become spaces; nothing else changes. */
static void
flatten(const char *utf8, struct mdg_buf *out)
{
	size_t n = strlen(utf8);
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		size_t len = mdg_utf8_next(utf8 + i, n - i, &cp);
		if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 ||
		    cp == 0x2029)
			mdg_buf_putc(out, ' ');
		else
			mdg_utf8_put(out, cp);
		i += len;
	}
}

void
mdg_words_encode(const char *utf8, size_t first_line_used, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf flat = {0};
	size_t column = first_line_used, from, to = 0;

	flatten(utf8, &flat);
	struct mdg_span text = mdg_span_trim(mdg_buf_span(&flat));
	const char *s = (const char *)text.p;
	/* [from, to): from the first to the last token that needs words */
	from = text.n;
	for (size_t i = 0; i < text.n;) {
		size_t len = token_len(s + i, text.n - i);
		if (len && !is_plain_token(s + i, len)) {
			from = from < i ? from : i;
			to = i + len;
		}
		i += len ? len : 1;
	}
	put_plain(s, from, &column, out);
	if (to > from) {
		mdg_words_put_encoded(s + from, to - from, &column, out);
		put_plain(s + to, text.n - to, &column, out);
	}
}
