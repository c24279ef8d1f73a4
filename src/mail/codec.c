/* The charsets: names, converters, and the Unicode ones by hand. */
#include "codec.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static const struct {
	const char *name;
	const char *iconv; /* NULL: our own */
} codecs[MDG_CODEC_N] = {
	/* clang-format off */
	[MDG_CODEC_NONE]        = {"us-ascii", NULL},
	[MDG_CODEC_UNKNOWN]     = {"us-ascii", NULL},
	[MDG_CODEC_UTF7]        = {"utf-7", NULL},
	[MDG_CODEC_UTF8]        = {"utf-8", NULL},
	[MDG_CODEC_UTF16]       = {"utf-16", NULL},
	[MDG_CODEC_UTF16LE]     = {"utf-16le", NULL},
	[MDG_CODEC_UTF16BE]     = {"utf-16be", NULL},
	[MDG_CODEC_UTF32]       = {"utf-32", NULL},
	[MDG_CODEC_UTF32LE]     = {"utf-32le", NULL},
	[MDG_CODEC_UTF32BE]     = {"utf-32be", NULL},
	[MDG_CODEC_JIS]         = {"iso-2022-jp", NULL},
	[MDG_CODEC_KR]          = {"iso-2022-kr", NULL},
	[MDG_CODEC_CP932]       = {"cp932", "CP932"},
	[MDG_CODEC_EUCJP]       = {"euc-jp", "EUC-JP-MS"},
	[MDG_CODEC_EUCJISX0213] = {"euc-jisx0213", "EUC-JISX0213"},
	[MDG_CODEC_SJISX0213]   = {"shift_jisx0213", "SHIFT_JISX0213"},
	[MDG_CODEC_GB18030]     = {"gb18030", "GB18030"},
	[MDG_CODEC_BIG5]        = {"big5", "BIG5-HKSCS"},
	[MDG_CODEC_CP949]       = {"cp949", "UHC"},
	[MDG_CODEC_JOHAB]       = {"johab", "JOHAB"},
	[MDG_CODEC_EUCTW]       = {"euc-tw", "EUC-TW"},
	[MDG_CODEC_CP1250]      = {"windows-1250", "CP1250"},
	[MDG_CODEC_CP1251]      = {"windows-1251", "CP1251"},
	[MDG_CODEC_CP1252]      = {"windows-1252", "CP1252"},
	[MDG_CODEC_CP1253]      = {"windows-1253", "CP1253"},
	[MDG_CODEC_CP1254]      = {"windows-1254", "CP1254"},
	[MDG_CODEC_CP1255]      = {"windows-1255", "CP1255"},
	[MDG_CODEC_CP1256]      = {"windows-1256", "CP1256"},
	[MDG_CODEC_CP1257]      = {"windows-1257", "CP1257"},
	[MDG_CODEC_CP1258]      = {"windows-1258", "CP1258"},
	[MDG_CODEC_ISO2]        = {"iso-8859-2", "ISO-8859-2"},
	[MDG_CODEC_ISO3]        = {"iso-8859-3", "ISO-8859-3"},
	[MDG_CODEC_ISO4]        = {"iso-8859-4", "ISO-8859-4"},
	[MDG_CODEC_ISO5]        = {"iso-8859-5", "ISO-8859-5"},
	[MDG_CODEC_ISO6]        = {"iso-8859-6", "ISO-8859-6"},
	[MDG_CODEC_ISO7]        = {"iso-8859-7", "ISO-8859-7"},
	[MDG_CODEC_ISO8]        = {"iso-8859-8", "ISO-8859-8"},
	[MDG_CODEC_ISO10]       = {"iso-8859-10", "ISO-8859-10"},
	[MDG_CODEC_ISO13]       = {"iso-8859-13", "ISO-8859-13"},
	[MDG_CODEC_ISO14]       = {"iso-8859-14", "ISO-8859-14"},
	[MDG_CODEC_ISO15]       = {"iso-8859-15", "ISO-8859-15"},
	[MDG_CODEC_ISO16]       = {"iso-8859-16", "ISO-8859-16"},
	[MDG_CODEC_CP874]       = {"windows-874", "CP874"},
	[MDG_CODEC_KOI8R]       = {"koi8-r", "KOI8-R"},
	[MDG_CODEC_KOI8U]       = {"koi8-u", "KOI8-U"},
	[MDG_CODEC_CP437]       = {"ibm437", "CP437"},
	[MDG_CODEC_CP850]       = {"ibm850", "CP850"},
	[MDG_CODEC_CP866]       = {"ibm866", "CP866"},
	[MDG_CODEC_MACINTOSH]   = {"macintosh", "MACINTOSH"},
	[MDG_CODEC_MACCYRILLIC] = {"x-mac-cyrillic", "MAC-CYRILLIC"},
	[MDG_CODEC_VISCII]      = {"viscii", "VISCII"},
	/* clang-format on */
};

/* Process-wide cache of open converters; see mdg_charset_init(). */
static struct {
	bool tried;
	iconv_t cd;
} open_converters[MDG_CODEC_N];

static iconv_t
converter(enum mdg_codec c)
{
	if (!open_converters[c].tried) {
		open_converters[c].tried = true;
		open_converters[c].cd = iconv_open("UTF-8", codecs[c].iconv);
	}
	return open_converters[c].cd;
}

void
mdg_codec_open_all(void)
{
	for (int c = 0; c < MDG_CODEC_N; c++)
		if (codecs[c].iconv)
			converter((enum mdg_codec)c);
}

const char *
mdg_codec_name(enum mdg_codec c)
{
	return codecs[c].name;
}

void
mdg_codec_put(struct mdg_buf *out, const char *s, size_t n)
{
	size_t max = out->max ? out->max : MDG_BUF_MAX;

	if (out->full)
		return;
	if (n > max - out->len) {
		mdg_buf_put(out, s, mdg_utf8_cut(s, n, max - out->len));
		out->full = true;
		return;
	}
	mdg_buf_put(out, s, n);
}

static void
put_cp(struct mdg_buf *out, uint32_t cp)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf one = {0};

	mdg_utf8_put(&one, cp);
	mdg_codec_put(out, one.ptr, one.len);
}

static void
put_broken(struct mdg_buf *out)
{
	mdg_codec_put(out, "\xEF\xBF\xBD", 3);
}

size_t
mdg_codec_decode_units(enum mdg_codec c, struct mdg_span in, size_t unit,
		       struct mdg_buf *out)
{
	iconv_t cd = converter(c);
	char chunk[4096];
	char *from = (char *)(uintptr_t)in.p;
	size_t left = in.n, broken = 0;

	if (cd == (iconv_t)-1) /* not on this system: ASCII at least */
		return mdg_codec_decode(MDG_CODEC_UTF8, in, out);
	iconv(cd, NULL, NULL, NULL, NULL);
	while (left && !out->full) {
		char *to = chunk;
		size_t room = sizeof(chunk);
		size_t r = iconv(cd, &from, &left, &to, &room);
		int why = r == (size_t)-1 ? errno : 0;
		if (!why)
			iconv(cd, NULL, NULL, &to, &room); /* held back */
		mdg_codec_put(out, chunk, (size_t)(to - chunk));
		if (!why || why == E2BIG)
			continue;
		/* a byte that starts nothing, or a character cut at the end */
		size_t skip = left < unit ? left : unit;
		put_broken(out);
		broken++;
		from += skip;
		left -= skip;
	}
	return broken;
}

uint32_t
mdg_codec_cesu_pair(const unsigned char *p, size_t n)
{
	if (n < 6 || p[0] != 0xED || (p[1] & 0xF0) != 0xA0 || p[3] != 0xED ||
	    (p[4] & 0xF0) != 0xB0 || (p[2] & 0xC0) != 0x80 ||
	    (p[5] & 0xC0) != 0x80)
		return 0;
	uint32_t hi = (uint32_t)((p[1] & 0x0F) << 6 | (p[2] & 0x3F));
	uint32_t lo = (uint32_t)((p[4] & 0x0F) << 6 | (p[5] & 0x3F));
	return 0x10000 + (hi << 10 | lo);
}

static size_t
decode_utf8(struct mdg_span in, struct mdg_buf *out)
{
	const char *s = (const char *)in.p;
	size_t broken = 0, done = 0, i = 0;

	while (i < in.n) {
		i += mdg_utf8_valid_len(s + i, in.n - i);
		if (i == in.n)
			break;
		mdg_codec_put(out, s + done, i - done);
		uint32_t cp = mdg_codec_cesu_pair(in.p + i, in.n - i);
		if (cp) {
			put_cp(out, cp);
			i += 6;
		} else {
			put_broken(out);
			broken++;
			i++;
		}
		done = i;
	}
	mdg_codec_put(out, s + done, in.n - done);
	return broken;
}

/* Which half of the byte pairs holds the high bytes? */
static bool
utf16_is_little(struct mdg_span in)
{
	size_t score[2] = {0, 0};

	/* NUL and kana rows stand in the high byte */
	for (size_t i = 0; i < in.n; i++)
		score[i & 1] += in.p[i] == 0x00 || in.p[i] == 0x30;
	return score[1] > score[0];
}

static size_t
decode_wide(enum mdg_codec c, struct mdg_span in, struct mdg_buf *out)
{
	bool wide = c >= MDG_CODEC_UTF32;
	bool little = c == MDG_CODEC_UTF16LE || c == MDG_CODEC_UTF32LE ||
		      (c == MDG_CODEC_UTF16 && utf16_is_little(in));
	size_t unit = wide ? 4 : 2, broken = 0, i = 0;
	uint32_t high = 0;

	for (; i + unit <= in.n; i += unit) {
		uint32_t cp = 0;
		for (size_t k = 0; k < unit; k++)
			cp = cp << 8 | in.p[i + (little ? unit - 1 - k : k)];
		if (i == 0 && cp == (wide ? 0xFFFE0000 : 0xFFFE)) {
			little = !little;
			continue;
		}
		if (i == 0 && cp == 0xFEFF)
			continue;
		if (high && cp >= 0xDC00 && cp <= 0xDFFF) {
			cp = 0x10000 + ((high - 0xD800) << 10) + (cp - 0xDC00);
			high = 0;
			put_cp(out, cp);
			continue;
		}
		if (high) {
			put_broken(out);
			broken++;
		}
		high = 0;
		if (!wide && cp >= 0xD800 && cp <= 0xDBFF) {
			high = cp;
		} else if ((cp >= 0xD800 && cp <= 0xDFFF) || cp > 0x10FFFF) {
			put_broken(out);
			broken++;
		} else {
			put_cp(out, cp);
		}
	}
	for (i = high ? i - 1 : i; i < in.n || high; i++, high = 0) {
		put_broken(out);
		broken++;
	}
	return broken;
}

size_t
mdg_codec_decode(enum mdg_codec c, struct mdg_span in, struct mdg_buf *out)
{
	if (in.n == 0)
		return 0;
	if (c == MDG_CODEC_EUCJP)
		return mdg_euc_decode(in, out);
	if (c == MDG_CODEC_CP932)
		return mdg_sjis_decode(in, out);
	if (codecs[c].iconv)
		return mdg_codec_decode_units(c, in, 1, out);
	if (c >= MDG_CODEC_UTF16 && c <= MDG_CODEC_UTF32BE)
		return decode_wide(c, in, out);
	if (c == MDG_CODEC_JIS || c == MDG_CODEC_KR)
		return mdg_jis_decode(c, in, MDG_CODEC_CP932, out);
	if (in.n >= 3 && memcmp(in.p, "\xEF\xBB\xBF", 3) == 0)
		in = mdg_span(in.p + 3, in.n - 3);
	return decode_utf8(in, out);
}
