/*
 * The two-byte characters of Japanese mail by table. What they are is asked
 * from the converter once; all that the table has not goes through it.
 */
#include <string.h>

#include "codec.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "token.h"

enum { ROWS = 94, CELLS = 94 };

/* Filled once by mdg_x0208_init(), then only read. 0: not there. */
static uint16_t table[ROWS][CELLS];
static bool ready;

void
mdg_x0208_to_sjis(const unsigned char pair[2], unsigned char ret[2])
{
	unsigned row = (pair[0] & 0x7Fu) - 0x20,
		 cell = (pair[1] & 0x7Fu) - 0x20;
	unsigned lead = (row + 1) / 2 + (row <= 62 ? 0x80 : 0xC0);
	unsigned trail = row % 2 == 0 ? cell + 0x9E
			 : cell <= 63 ? cell + 0x3F
				      : cell + 0x40;

	ret[0] = (unsigned char)lead;
	ret[1] = (unsigned char)trail;
}

void
mdg_x0208_init(void)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	unsigned char sjis[2];
	uint32_t cp;

	if (ready)
		return;
	ready = true;
	for (unsigned row = 0; row < ROWS; row++)
		for (unsigned cell = 0; cell < CELLS; cell++) {
			const unsigned char pair[2] = {
				(unsigned char)(row + 0x21),
				(unsigned char)(cell + 0x21)};

			mdg_x0208_to_sjis(pair, sjis);
			mdg_buf_reset(&text);
			if (mdg_codec_decode_units(MDG_CODEC_CP932,
						   mdg_span(sjis, 2), 2, &text))
				continue;
			size_t n = mdg_utf8_next(text.ptr, text.len, &cp);
			if (n == text.len && cp >= 0x80 && cp < 0x10000)
				table[row][cell] = (uint16_t)cp;
		}
}

/* Room for one character is there. */
static size_t
put_cp(char *to, unsigned cp)
{
	if (cp < 0x800) {
		to[0] = (char)(0xC0 | cp >> 6);
		to[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	to[0] = (char)(0xE0 | cp >> 12);
	to[1] = (char)(0x80 | (cp >> 6 & 0x3F));
	to[2] = (char)(0x80 | (cp & 0x3F));
	return 3;
}

size_t
mdg_x0208_decode(struct mdg_span in, struct mdg_buf *out)
{
	size_t max = out->max ? out->max : MDG_BUF_MAX;
	size_t fit = out->full ? 0 : (max - out->len) / 3 * 2, i = 0;

	in.n = in.n < fit ? in.n : fit;
	char *to = in.n ? mdg_buf_reserve(out, in.n / 2 * 3) : NULL;
	if (!to)
		return 0;
	for (; i + 1 < in.n; i += 2) {
		unsigned row = (in.p[i] & 0x7Fu) - 0x21;
		unsigned cell = (in.p[i + 1] & 0x7Fu) - 0x21;

		if (row >= ROWS || cell >= CELLS || !table[row][cell])
			break;
		to += put_cp(to, table[row][cell]);
	}
	out->len = (size_t)(to - out->ptr);
	*to = '\0';
	return i;
}

/* Two bytes of Shift_JIS as those of JIS X 0208; false if they are not. */
static bool
from_sjis(const unsigned char *p, unsigned char ret[2])
{
	unsigned lead = p[0], trail = p[1];

	if (lead < 0x81 || (lead > 0x9F && lead < 0xE0) || lead > 0xEF ||
	    trail < 0x40 || trail == 0x7F || trail > 0xFC)
		return false;
	unsigned row = (lead - (lead < 0xA0 ? 0x81 : 0xC1)) * 2;
	if (trail >= 0x9F) {
		ret[0] = (unsigned char)(row + 0x22);
		ret[1] = (unsigned char)(trail - 0x7E);
	} else {
		ret[0] = (unsigned char)(row + 0x21);
		ret[1] = (unsigned char)(trail - (trail < 0x7F ? 0x1F : 0x20));
	}
	return true;
}

/* The two-byte characters that `in` begins with. */
static size_t
sjis_pairs(struct mdg_span in, struct mdg_buf *out)
{
	enum { PIECE = 512 };
	unsigned char jis[PIECE];
	size_t n = 0;

	while (n + 1 < in.n && n < PIECE && from_sjis(in.p + n, jis + n))
		n += 2;
	return mdg_x0208_decode(mdg_span(jis, n), out);
}

size_t
mdg_sjis_decode(struct mdg_span in, struct mdg_buf *out)
{
	size_t broken = 0;

	while (in.n && !out->full) {
		size_t n = mdg_ascii_len((const char *)in.p, in.n);

		mdg_codec_put(out, (const char *)in.p, n);
		if (n == 0)
			n = sjis_pairs(in, out);
		if (n == 0) {
			/* No character of two bytes ends in a line feed: the
			 * converter reads up to there. */
			const unsigned char *lf = memchr(in.p, '\n', in.n);

			n = lf ? (size_t)(lf - in.p) : in.n;
			broken += mdg_codec_decode_units(
				MDG_CODEC_CP932, mdg_span(in.p, n), 1, out);
		}
		in = mdg_span_from(in, n);
	}
	return broken;
}
