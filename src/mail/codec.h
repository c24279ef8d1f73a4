/*
 * The charsets we can read, each by one function; private to the room.
 */
#ifndef MDG_MAIL_CODEC_H
#define MDG_MAIL_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"

enum mdg_codec {
	/* answers of the label table that are no charset */
	MDG_CODEC_NONE,    /* says nothing: missing, us-ascii, unknown-8bit */
	MDG_CODEC_UNKNOWN, /* says something that we do not know */
	MDG_CODEC_UTF7,    /* refused */
	/* read by our own code */
	MDG_CODEC_UTF8,
	MDG_CODEC_UTF16,
	MDG_CODEC_UTF16LE,
	MDG_CODEC_UTF16BE,
	MDG_CODEC_UTF32,
	MDG_CODEC_UTF32LE,
	MDG_CODEC_UTF32BE,
	MDG_CODEC_JIS, /* every ISO-2022 flavour */
	MDG_CODEC_KR,  /* ISO-2022-KR: SO means Korean */
	/* read by iconv */
	MDG_CODEC_CP932,
	MDG_CODEC_EUCJP,
	MDG_CODEC_EUCJISX0213,
	MDG_CODEC_SJISX0213,
	MDG_CODEC_GB18030,
	MDG_CODEC_BIG5,
	MDG_CODEC_CP949,
	MDG_CODEC_JOHAB,
	MDG_CODEC_EUCTW,
	MDG_CODEC_CP1250,
	MDG_CODEC_CP1251,
	MDG_CODEC_CP1252,
	MDG_CODEC_CP1253,
	MDG_CODEC_CP1254,
	MDG_CODEC_CP1255,
	MDG_CODEC_CP1256,
	MDG_CODEC_CP1257,
	MDG_CODEC_CP1258,
	MDG_CODEC_ISO2,
	MDG_CODEC_ISO3,
	MDG_CODEC_ISO4,
	MDG_CODEC_ISO5,
	MDG_CODEC_ISO6,
	MDG_CODEC_ISO7,
	MDG_CODEC_ISO8,
	MDG_CODEC_ISO10,
	MDG_CODEC_ISO13,
	MDG_CODEC_ISO14,
	MDG_CODEC_ISO15,
	MDG_CODEC_ISO16,
	MDG_CODEC_CP874,
	MDG_CODEC_KOI8R,
	MDG_CODEC_KOI8U,
	MDG_CODEC_CP437,
	MDG_CODEC_CP850,
	MDG_CODEC_CP866,
	MDG_CODEC_MACINTOSH,
	MDG_CODEC_MACCYRILLIC,
	MDG_CODEC_VISCII,
	MDG_CODEC_N
};

const char *mdg_codec_name(enum mdg_codec c);
/* The charset that senders of this label mean. NULL: MDG_CODEC_NONE. */
enum mdg_codec mdg_codec_from_label(const char *label);
void mdg_codec_open_all(void);

/*
 * Append the text of `in`; returns how many U+FFFD were put. `unit`: bytes to
 * pass over at a broken place, 1 but where the caller knows the pairs.
 */
size_t mdg_codec_decode(enum mdg_codec c, struct mdg_span in,
			struct mdg_buf *out);
size_t mdg_codec_decode_units(enum mdg_codec c, struct mdg_span in, size_t unit,
			      struct mdg_buf *out);
/*
 * The character of a surrogate pair written as two times three bytes (CESU-8)
 * at the head of p, else 0.
 */
uint32_t mdg_codec_cesu_pair(const unsigned char *p, size_t n);
/* Append the longest part of valid text that fits. */
void mdg_codec_put(struct mdg_buf *out, const char *s, size_t n);

/*
 * ISO-2022 text (jis.c). kind: MDG_CODEC_JIS or MDG_CODEC_KR. `high`: what
 * bytes above 0x7F outside of escaped text are.
 */
size_t mdg_jis_decode(enum mdg_codec kind, struct mdg_span in,
		      enum mdg_codec high, struct mdg_buf *out);
/*
 * EUC-JP as Windows writes it (CP51932), with JIS X 0212: its two-byte
 * characters are those of CP932, which glibc's EUC converters do not know all.
 */
size_t mdg_euc_decode(struct mdg_span in, struct mdg_buf *out);
/* Does it hold an escape sequence that only ISO-2022 text has? */
bool mdg_jis_escapes(struct mdg_span in);
/*
 * Text that was ISO-2022-JP until a relay took its ESC characters away:
 * "$B$3$s(B". True if that reading is Japanese; euc is then its EUC-JP form.
 */
bool mdg_jis_without_escapes(struct mdg_span in, struct mdg_buf *euc);
/* The bytes of `in` that are above 0x7F outside of escaped text. */
void mdg_jis_high_bytes(struct mdg_span in, struct mdg_buf *out);

/*
 * Characters of JIS X 0208 with the additions of CP932 (x0208.c). `in`: their
 * rows and cells in pairs of bytes, with or without the eighth bit. Returns
 * how many of its bytes were read: up to the first pair that is none of them.
 */
size_t mdg_x0208_decode(struct mdg_span in, struct mdg_buf *out);
/* One such pair as the two bytes of Shift_JIS. */
void mdg_x0208_to_sjis(const unsigned char pair[2], unsigned char ret[2]);
/* Shift_JIS as Windows writes it (CP932). */
size_t mdg_sjis_decode(struct mdg_span in, struct mdg_buf *out);
void mdg_x0208_init(void);

/* Look at bytes that no label explains (detect.c). */
enum mdg_codec mdg_detect(struct mdg_span in);
/* How natural the bytes are as text of c: about -6 (noise) to 4 (prose). */
double mdg_detect_score(enum mdg_codec c, struct mdg_span in);
/*
 * UTF-8 on purpose, not by chance; a few bytes may be broken. `labelled`: it
 * says so itself, so less is asked of it.
 */
bool mdg_detect_is_utf8(struct mdg_span in, bool labelled);
void mdg_detect_init(void);

static inline bool
mdg_span_is_ascii(struct mdg_span in)
{
	return mdg_ascii_len((const char *)in.p, in.n) == in.n;
}

#endif
