/*
 * Text that several programs wrote, each in its own charset: a footer in UTF-8
 * under Shift_JIS, a quoted line of another mailer. Read whole in the charset
 * of the most, the few lines of another become noise, so where that happens
 * each line is judged by itself, and a line that is none as a whole, word by
 * word.
 */
#include <string.h>

#include "charset_mixed.h"
#include "madoguchi/base/err.h"
#include "token.h"

enum {
	/* No double-byte charset has trail bytes below it: blanks, digits and
	 * most signs end a word in each of them. */
	WORD_BYTE = 0x40,
	WORD_MIN = 4,	    /* less is noise, not a word */
	LINE_MAX_BYTES = 4096, /* no words are sought in a longer line */
};

/* How natural a reading must be to replace one that breaks. */
#define NATURAL 1.0

/* Above 0x7F somewhere, and all of it UTF-8. */
static bool
is_utf8_line(struct mdg_span line)
{
	return !mdg_span_is_ascii(line) &&
	       mdg_utf8_valid((const char *)line.p, line.n);
}

static struct mdg_span
next_line(struct mdg_span in)
{
	const unsigned char *nl = in.n ? memchr(in.p, '\n', in.n) : NULL;

	return mdg_span(in.p, nl ? (size_t)(nl - in.p) + 1 : in.n);
}

/* UTF-8 that no one would write in charset c. */
static bool
is_utf8_within(enum mdg_codec c, struct mdg_span line)
{
	return is_utf8_line(line) && mdg_detect_is_utf8(line, false) &&
	       mdg_detect_score(c, line) < 1.2;
}

bool
mdg_charset_is_mixed(enum mdg_codec c, struct mdg_span in)
{
	bool utf8 = false, other = false;

	if (c == MDG_CODEC_UTF8 || c == MDG_CODEC_JIS || c == MDG_CODEC_KR ||
	    (c >= MDG_CODEC_UTF16 && c <= MDG_CODEC_UTF32BE))
		return false; /* they break where others are mixed in */
	while (in.n && !(utf8 && other)) {
		struct mdg_span line = next_line(in);

		in = mdg_span_from(in, line.n);
		if (mdg_span_is_ascii(line))
			continue;
		if (is_utf8_within(c, line))
			utf8 = true;
		else
			other = true;
	}
	return utf8 && other;
}

static size_t
decode(enum mdg_codec c, struct mdg_span in, struct mdg_buf *out)
{
	if (c == MDG_CODEC_JIS || c == MDG_CODEC_KR)
		return mdg_jis_decode(c, in, MDG_CODEC_CP932, out);
	return mdg_codec_decode(c, in, out);
}

static bool
reads_whole(enum mdg_codec c, struct mdg_span in)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	return decode(c, in, &text) == 0;
}

/* What a piece is that does not read as c; c if nothing reads it better. */
static enum mdg_codec
other_than(enum mdg_codec c, enum mdg_codec named, struct mdg_span in)
{
	static const enum mdg_codec known[] = {
		MDG_CODEC_CP932,   MDG_CODEC_EUCJP, MDG_CODEC_CP1252,
		MDG_CODEC_GB18030, MDG_CODEC_CP949, MDG_CODEC_BIG5,
	};
	enum mdg_codec best = c;
	double best_score = NATURAL;

	if (is_utf8_line(in))
		return MDG_CODEC_UTF8;
	for (size_t i = 0; i < MDG_LEN(known); i++) {
		if (known[i] == c || !reads_whole(known[i], in))
			continue;
		/* the label, then Japanese, then the others */
		double s = mdg_detect_score(known[i], in) +
			   (known[i] == named ? 1 : i < 2 ? 0.8 : -0.4);
		if (s > best_score) {
			best_score = s;
			best = known[i];
		}
	}
	return best;
}

/* A word of a line that is no charset as a whole. */
static size_t
put_word(enum mdg_codec c, enum mdg_codec named, struct mdg_span word,
	 struct mdg_buf *out)
{
	size_t head = 0;
	uint32_t cp;

	if (reads_whole(c, word) || word.n < WORD_MIN)
		return decode(c, word, out);
	enum mdg_codec found = other_than(c, named, word);
	if (found != c)
		return decode(found, word, out);
	/* a label in UTF-8 and its value behind a wide colon */
	while (head < word.n) {
		size_t n = mdg_utf8_next((const char *)word.p + head,
					 word.n - head, &cp);
		if (n == 1 && word.p[head] >= 0x80)
			break;
		head += n;
	}
	struct mdg_span rest = mdg_span_from(word, head);
	if (head && rest.n >= WORD_MIN) {
		found = other_than(MDG_CODEC_UTF8, named, rest);
		if (found != MDG_CODEC_UTF8) {
			mdg_codec_put(out, (const char *)word.p, head);
			return decode(found, rest, out);
		}
	}
	return decode(c, word, out);
}

static size_t
put_line(enum mdg_codec c, enum mdg_codec named, struct mdg_span line,
	 struct mdg_buf *out)
{
	size_t broken = 0;

	if (c != MDG_CODEC_UTF8 && is_utf8_within(c, line))
		return decode(MDG_CODEC_UTF8, line, out);
	if (reads_whole(c, line))
		return decode(c, line, out);
	enum mdg_codec found = other_than(c, named, line);
	if (found != c || line.n > LINE_MAX_BYTES)
		return decode(found, line, out);
	while (line.n) {
		size_t n = 0;

		while (n < line.n && line.p[n] < WORD_BYTE)
			n++;
		broken += decode(c, mdg_span(line.p, n), out);
		line = mdg_span_from(line, n);
		for (n = 0; n < line.n && line.p[n] >= WORD_BYTE; n++)
			;
		broken += put_word(c, named, mdg_span(line.p, n), out);
		line = mdg_span_from(line, n);
	}
	return broken;
}

/* Lines of a body with escape sequences: those that have none and bytes above
 * 0x7F are something else, all between them is one text. */
static size_t
put_jis(enum mdg_codec named, struct mdg_span in, enum mdg_codec high,
	struct mdg_buf *out)
{
	size_t broken = 0, n = 0;

	while (n < in.n) {
		struct mdg_span line = next_line(mdg_span_from(in, n));

		if (mdg_span_is_ascii(line) || memchr(line.p, 0x1B, line.n)) {
			n += line.n;
			continue;
		}
		broken += mdg_jis_decode(MDG_CODEC_JIS, mdg_span(in.p, n), high,
					 out);
		broken += put_line(high, named, line, out);
		in = mdg_span_from(in, n + line.n);
		n = 0;
	}
	return broken + mdg_jis_decode(MDG_CODEC_JIS, in, high, out);
}

size_t
mdg_charset_decode_mixed(enum mdg_codec c, enum mdg_codec named,
			 struct mdg_span in, enum mdg_codec high,
			 struct mdg_buf *out)
{
	size_t broken = 0;

	if (c == MDG_CODEC_JIS)
		return put_jis(named, in, high, out);
	while (in.n && !out->full) {
		struct mdg_span line = next_line(in);

		broken += mdg_span_is_ascii(line)
				  ? decode(c, line, out)
				  : put_line(c, named, line, out);
		in = mdg_span_from(in, line.n);
	}
	return broken;
}
