/* The ladder from a label to what the bytes are. */
#include "madoguchi/mail/charset.h"

#include <string.h>

#include "charset_mixed.h"
#include "codec.h"
#include "madoguchi/base/err.h"

void
mdg_charset_init(void)
{
	mdg_codec_open_all();
	mdg_x0208_init();
	mdg_detect_init();
}

static bool
is_japanese(enum mdg_codec c)
{
	return c == MDG_CODEC_CP932 || c == MDG_CODEC_EUCJP;
}

/* A label of UTF-16 or UTF-32 on text of single bytes. */
static bool
is_narrow(struct mdg_span in)
{
	size_t plain = 0;

	if (in.n < 8 || memchr(in.p, 0, in.n))
		return false;
	for (size_t i = 0; i < in.n; i++)
		plain += ((in.p[i] | 0x20) >= 'a' && (in.p[i] | 0x20) <= 'z') ||
			 in.p[i] == ' ' || in.p[i] == '\n';
	if (mdg_span_is_ascii(in))
		return plain * 5 >= in.n * 4;
	return mdg_detect_is_utf8(in, false);
}

/* A label of a single-byte charset, which explains every byte. */
static enum mdg_codec
instead_of_narrow(enum mdg_codec c, struct mdg_span in)
{
	bool latin = c == MDG_CODEC_CP1252 || c == MDG_CODEC_ISO15;
	enum mdg_codec found = mdg_detect(in);

	if (found == MDG_CODEC_UTF8)
		return found;
	if (!is_japanese(found))
		return c;
	double score = mdg_detect_score(found, in);
	double own = mdg_detect_score(MDG_CODEC_CP1252, in);
	return score > (latin ? own + 1.5 : own + 2.5) && score > 1 ? found : c;
}

static enum mdg_codec
instead_of_wide(enum mdg_codec c, struct mdg_span in)
{
	double own = mdg_detect_score(c, in);
	enum mdg_codec found;

	if (mdg_detect_is_utf8(in, false) && own < 2.5)
		return MDG_CODEC_UTF8;
	if (own > 1.2 || c == MDG_CODEC_JOHAB || c == MDG_CODEC_EUCTW)
		return c;
	/* a few characters of another language are no proof against it */
	if (!is_japanese(c) && in.n < 16 && own > -1)
		return c;
	found = mdg_detect(in);
	return mdg_detect_score(found, in) > own + 1 ? found : c;
}

/* What bytes with a label that names codec c are. */
static enum mdg_codec
believe(enum mdg_codec c, struct mdg_span in)
{
	bool ascii = mdg_span_is_ascii(in);

	if (c >= MDG_CODEC_UTF16 && c <= MDG_CODEC_UTF32BE)
		return is_narrow(in) ? MDG_CODEC_UTF8 : c;
	if (c == MDG_CODEC_JIS || c == MDG_CODEC_KR) {
		bool shifts = mdg_jis_escapes(in) ||
			      (in.n && memchr(in.p, 0x0E, in.n));
		return ascii || shifts ? c : mdg_detect(in);
	}
	if (mdg_jis_escapes(in))
		return MDG_CODEC_JIS;
	if (ascii)
		return c;
	if (in.n > 3 && memcmp(in.p, "\xEF\xBB\xBF", 3) == 0 &&
	    mdg_detect_is_utf8(in, false))
		return MDG_CODEC_UTF8;
	if (c == MDG_CODEC_UTF8)
		return mdg_detect_is_utf8(in, true) ? c : mdg_detect(in);
	return c >= MDG_CODEC_CP1250 ? instead_of_narrow(c, in)
				     : instead_of_wide(c, in);
}

/* What bytes above 0x7F in ISO-2022 text are. */
static enum mdg_codec
high_codec(struct mdg_span in)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf bytes = {0};

	if (mdg_span_is_ascii(in))
		return MDG_CODEC_CP932;
	mdg_jis_high_bytes(in, &bytes);
	struct mdg_span high = mdg_buf_span(&bytes);
	bool kana_only = true;
	for (size_t i = 0; i < high.n; i++)
		kana_only &= high.p[i] < 0xE0;
	if (kana_only)
		return MDG_CODEC_CP932;
	enum mdg_codec c = mdg_detect(high);
	return c == MDG_CODEC_JIS ? MDG_CODEC_CP932 : c;
}

static size_t
broken_in(enum mdg_codec c, struct mdg_span in, enum mdg_codec high)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	return c == MDG_CODEC_JIS || c == MDG_CODEC_KR
		       ? mdg_jis_decode(c, in, high, &text)
		       : mdg_codec_decode(c, in, &text);
}

/* Whole as c, or by lines where that leaves less broken. */
static size_t
decode_all(enum mdg_codec c, enum mdg_codec named, struct mdg_span in,
	   struct mdg_buf *out, bool *mixed)
{
	bool jis = c == MDG_CODEC_JIS || c == MDG_CODEC_KR;
	enum mdg_codec high = jis ? high_codec(in) : c;
	size_t from = out->len, broken = 0;

	*mixed = mdg_charset_is_mixed(c, in);
	if (!*mixed)
		broken = jis ? mdg_jis_decode(c, in, high, out)
			     : mdg_codec_decode(c, in, out);
	if (out->full && !*mixed) /* what is broken does not hang on the room */
		broken = broken_in(c, in, high);
	if (!*mixed && (!broken || c == MDG_CODEC_KR ||
			(c >= MDG_CODEC_UTF16 && c <= MDG_CODEC_UTF32BE)))
		return broken;
	size_t whole = broken;
	out->len = from;
	out->full = false;
	broken = mdg_charset_decode_mixed(c, named, in, high, out);
	*mixed |= broken < whole;
	return broken;
}

/*
 * Emoji as phones of SoftBank write them into any charset: ESC $ and a page,
 * one ASCII character for each, SI. They become the characters of the
 * carrier's own Unicode table (U+E001 …), as those of other phones do.
 */
static void
read_webcodes(struct mdg_buf *out, size_t from)
{
	static const char pages[] = "GEFOPQ";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	const char *s = out->ptr + from, *end = out->ptr + out->len;
	const char *esc;

	while ((esc = memchr(s, 0x1B, (size_t)(end - s)))) {
		const char *page = NULL;
		if (end - esc > 3 && esc[1] == '$' && esc[2])
			page = strchr(pages, esc[2]);
		mdg_buf_put(&text, s, (size_t)(esc - s) + !page);
		s = esc + 1;
		if (!page)
			continue;
		for (s = esc + 3; s != end && *s > ' ' && *s < 0x7B; s++)
			mdg_utf8_put(&text,
				     0xE000U +
					     0x100U * (uint32_t)(page - pages) +
					     (uint32_t)(*s - ' '));
		s += s < end && *s == 0x0F;
	}
	if (!text.len)
		return;
	mdg_buf_put(&text, s, (size_t)(end - s));
	out->len = from;
	mdg_codec_put(out, text.ptr, text.len);
}

void
mdg_charset_decode(const char *label, struct mdg_span in, struct mdg_buf *out,
		   struct mdg_charset_used *used)
{
	enum mdg_codec named = mdg_codec_from_label(label), c = named;
	bool plain = mdg_span_is_ascii(in) && !mdg_jis_escapes(in);
	unsigned flags = 0;

	if (named == MDG_CODEC_UTF7)
		flags |= MDG_CHARSET_REFUSED;
	else if (named == MDG_CODEC_UNKNOWN)
		flags |= MDG_CHARSET_UNKNOWN;
	if (named <= MDG_CODEC_UTF7) {
		c = plain ? named : mdg_detect(in);
		flags |= plain ? 0 : MDG_CHARSET_DETECTED;
	} else {
		c = believe(named, in);
		flags |= c == named ? 0 : MDG_CHARSET_MISLABELLED;
	}
	MDG_AUTO(mdg_buf_clear) struct mdg_buf euc = {0};
	if (c == MDG_CODEC_JIS && plain && mdg_jis_without_escapes(in, &euc)) {
		in = mdg_buf_span(&euc);
		c = MDG_CODEC_EUCJP;
		flags |= MDG_CHARSET_MISLABELLED;
	}
	bool mixed = false;
	size_t from = out->len;
	size_t broken = decode_all(c, named, in, out, &mixed);
	if (in.n && memchr(in.p, 0x1B, in.n) && out->len > from)
		read_webcodes(out, from);
	if (mixed)
		flags |= MDG_CHARSET_MISLABELLED;
	if (broken)
		flags |= MDG_CHARSET_REPLACED;
	if (used)
		*used = (struct mdg_charset_used){
			.name = mdg_codec_name(c),
			.flags = flags,
			.replaced = broken,
		};
}

void
mdg_charset_decode_raw(struct mdg_span in, struct mdg_buf *out, unsigned *flags)
{
	struct mdg_charset_used used = {0};

	if (mdg_span_is_ascii(in) && !mdg_jis_escapes(in)) {
		mdg_codec_put(out, (const char *)in.p, in.n);
		return;
	}
	mdg_charset_decode(NULL, in, out, &used);
	if (flags)
		*flags |= used.flags & ~(unsigned)MDG_CHARSET_DETECTED;
}
