#include <endian.h>
#include <sodium.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

#include "base64.h"
#include "danger.h"
#include "flowed.h"
#include "seal.h"
#include "walk.h"

enum { CHUNK_BYTES = 24 << 10 };

typedef void sink_fn(void *to, const void *p, size_t n);

/* -- base64 (RFC 2045 §6.8) ---------------------------------------------- */

/*
 * Our own, because gmime's reads nothing behind a padding. Joined base64
 * texts occur, and so do footers that lists append: what follows a padding is
 * read on only if it looks like base64.
 */
enum { PAD = 64, JUNK = 255, JOINED_MIN = 8 };

static const unsigned char *
base64_table(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	static unsigned char table[256]; /* made once, then constant */

	if (table[0] != JUNK) {
		memset(table, JUNK, sizeof(table));
		for (unsigned i = 0; i < 64; i++)
			table[(unsigned char)alphabet[i]] = (unsigned char)i;
		table['='] = PAD;
	}
	return table;
}

/* The same, shifted to where a group of four has it; BROKEN where there is no
 * value. */
enum { BROKEN = 1 << 24 };

static const uint32_t (*group_tables(void))[256]
{
	static uint32_t tables[4][256]; /* made once, then constant */

	if (tables[0][0] != BROKEN) {
		const unsigned char *table = base64_table();

		for (unsigned k = 0; k < 4; k++)
			for (unsigned i = 0; i < 256; i++)
				tables[k][i] = table[i] < PAD
						       ? (uint32_t)table[i]
								 << (18 - 6 * k)
						       : BROKEN;
	}
	return (const uint32_t(*)[256])tables;
}

/* Does a base64 text begin here? Whole groups on the line, and a padding or
 * capitals where no word has them. */
static bool
goes_on(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *table = base64_table();
	size_t n = 0, pads = 0, inner_capitals = 0, others = 0;

	while (p < end && *p <= ' ')
		p++;
	for (; p<end && * p> ' '; p++) {
		if (table[*p] == JUNK || (pads && table[*p] != PAD))
			return false;
		pads += table[*p] == PAD;
		inner_capitals += n && table[*p] < 26;
		others += table[*p] >= 26;
		n++;
	}
	return n >= JOINED_MIN && n % 4 == 0 && pads <= 2 &&
	       (pads || (inner_capitals && others));
}

struct base64 {
	uint32_t bits;
	unsigned n; /* characters of the group at hand */
	unsigned char out[CHUNK_BYTES];
	size_t o;
	sink_fn *sink;
	void *to;
};

static void
flush_full(struct base64 *b)
{
	if (b->o <= CHUNK_BYTES - 4)
		return;
	b->sink(b->to, b->out, b->o);
	b->o = 0;
}

static void
put_group(struct base64 *b)
{
	static const unsigned char bytes[] = {0, 0, 1, 2, 3};
	uint32_t v = b->bits << (4 - b->n) * 6;

	b->out[b->o] = (unsigned char)(v >> 16);
	b->out[b->o + 1] = (unsigned char)(v >> 8);
	b->out[b->o + 2] = (unsigned char)v;
	b->o += bytes[b->n];
	b->bits = 0;
	b->n = 0;
	flush_full(b);
}

/* The fast way, up to the first character that is none of the alphabet. */
static const unsigned char *
whole_groups(struct base64 *b, const unsigned char *p, const unsigned char *end)
{
	const uint32_t(*t)[256] = group_tables();
	unsigned char *o = b->out + b->o, *full = b->out + CHUNK_BYTES - 4;
	size_t n =
		mime_base64_pieces(p, (size_t)(end - p), o, CHUNK_BYTES - b->o);

	p += n;
	o += n / 4 * 3;
	while (end - p >= 4 && o <= full) {
		uint32_t v = t[0][p[0]] | t[1][p[1]] | t[2][p[2]] | t[3][p[3]];

		if (v & BROKEN)
			break;
		v = htobe32(v << 8);
		memcpy(o, &v, 4); /* the fourth is written over */
		o += 3;
		p += 4;
	}
	b->o = (size_t)(o - b->out);
	flush_full(b);
	return p;
}

static void
decode_base64(struct mdg_span in, sink_fn *sink, void *to)
{
	const unsigned char *table = base64_table();
	const unsigned char *p = in.p, *end = in.p + in.n;
	struct base64 b;

	b.bits = b.n = 0;
	b.o = 0;
	b.sink = sink;
	b.to = to;
	while (p < end) {
		if (b.n == 0)
			p = whole_groups(&b, p, end);
		if (p == end)
			break;
		unsigned char v = table[*p++];
		if (v < PAD) {
			b.bits = b.bits << 6 | v;
			if (++b.n == 4)
				put_group(&b);
		} else if (v == PAD && b.n >= 2) {
			put_group(&b);
			while (p < end && (*p == '=' || *p <= ' '))
				p++;
			if (!goes_on(p, end))
				break;
		}
	}
	put_group(&b);
	sink(to, b.out, b.o);
}

/* -- quoted-printable and the others
 * ---------------------------------------------------------- */

/* 16 for what is no digit. */
static unsigned
hex_value(unsigned char c)
{
	static const unsigned char value[256] = {
		['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,
		['5'] = 6,  ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10,
		['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15,
		['F'] = 16, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14,
		['e'] = 15, ['f'] = 16,
	};

	return value[c] ? value[c] - 1u : 16;
}

/* Behind the soft line break at p, NULL if there is none. Spaces before the
 * line end were added on the way (RFC 2045 §6.7, rule 3). */
static const unsigned char *
soft_break(const unsigned char *p, const unsigned char *end)
{
	enum { SPACES_MAX = 80 };
	size_t n = 0;

	for (p++; p < end && (*p == ' ' || *p == '\t' || *p == '\r');)
		if (++n > SPACES_MAX)
			return NULL;
		else
			p++;
	return p < end && *p == '\n' ? p + 1 : NULL;
}

/* RFC 2045 §6.7. What is no escape stays as it is; one that is cut off at the
 * end goes, as gmime's does. */
static void
decode_quoted(struct mdg_span in, sink_fn *sink, void *to)
{
	const unsigned char *p = in.p, *end = in.p + in.n;
	unsigned char out[CHUNK_BYTES];
	size_t o = 0;

	while (p < end) {
		size_t room = sizeof(out) - o, n = (size_t)(end - p);

		if (room < 3) {
			sink(to, out, o);
			o = 0;
			continue;
		}
		if (*p != '=') {
			n = n < room ? n : room;
			const unsigned char *eq = memchr(p, '=', n);
			n = eq ? (size_t)(eq - p) : n;
			memcpy(out + o, p, n);
			o += n;
			p += n;
		} else if (soft_break(p, end)) {
			p = soft_break(p, end);
		} else if (n < 3) {
			break;
		} else if (hex_value(p[1]) < 16 && hex_value(p[2]) < 16) {
			out[o++] = (unsigned char)(hex_value(p[1]) << 4 |
						   hex_value(p[2]));
			p += 3;
		} else {
			memcpy(out + o, p, 3);
			o += 3;
			p += 3;
		}
	}
	sink(to, out, o);
}

static void
decode_uu(const struct mime_part *p, sink_fn *sink, void *to)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mime_uu u;

	if (mime_uu_find(p->body, 0, &u))
		mime_uu_decode(&u, &out);
	sink(to, mdg_buf_str(&out), out.len);
}

/*
 * Text under a label of base64 that it never was: every tenth byte, or every
 * second line, is such as base64 has none. A few strange bytes are no proof.
 */
static bool
is_no_base64(struct mdg_span in)
{
	enum { LOOK_BYTES = 2048, LINES_MIN = 2 };
	const unsigned char *table = base64_table();
	size_t n = in.n < LOOK_BYTES ? in.n : LOOK_BYTES;
	size_t filled = 0, junk = 0, lines = 0, spaced = 0, word = 0;
	bool gap = false, inner = false;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = in.p[i];

		if (c == '\n') {
			lines += word > 0;
			spaced += inner;
			gap = inner = false;
			word = 0;
		} else if (c <= ' ') {
			gap = word > 0;
		} else {
			inner = inner || gap;
			word++;
			filled++;
			junk += table[c] == JUNK;
		}
	}
	return (filled >= 8 && junk * 10 >= filled) ||
	       (lines >= LINES_MIN && spaced * 2 >= lines && junk > 0);
}

static void
sink_buf(void *to, const void *p, size_t n)
{
	if (n)
		mdg_buf_put(to, p, n);
}

/* Nothing but base64; its padding may be lost. */
static bool
is_pure_base64(struct mdg_span in)
{
	const unsigned char *table = base64_table();
	size_t n = 0, pads = 0;

	for (size_t i = 0; i < in.n; i++) {
		unsigned char v = table[in.p[i]];

		if (in.p[i] == '\r' || in.p[i] == '\n')
			continue;
		if (v == JUNK || (pads && v != PAD))
			return false;
		pads += v == PAD;
		n++;
	}
	return n >= JOINED_MIN && n % 4 != 1 && pads <= 2;
}

/* Text in which somebody reads: UTF-8 beyond ASCII, or ISO-2022-JP. */
static bool
says_something(struct mdg_span s)
{
	const char *p = (const char *)s.p;

	return (mdg_ascii_len(p, s.n) < s.n && mdg_utf8_valid(p, s.n)) ||
	       memmem(s.p, s.n, "\x1B$", 2);
}

/* Text in which nearly all is escaped as quoted-printable escapes it, and
 * nothing is left that it would have escaped. */
static bool
is_pure_quoted(struct mdg_span in)
{
	enum { ESCAPES_MIN = 6 };
	const unsigned char *end = in.p + in.n;
	size_t escapes = 0, others = 0;

	for (const unsigned char *p = in.p, *next; p < end; p = next) {
		next = *p == '=' ? soft_break(p, end) : p + 1;
		if (*p >= 0x80)
			return false;
		if (*p != '=') {
			others += *p > ' ';
		} else if (!next) {
			if (end - p < 3 || hex_value(p[1]) == 16 ||
			    hex_value(p[2]) == 16)
				return false;
			escapes++;
			next = p + 3;
		}
	}
	return (escapes >= ESCAPES_MIN && escapes * 2 >= others) ||
	       memmem(in.p, in.n, "=1B$B", 5);
}

/* Is there a sign, that base64 has at its end, where it begins? */
static bool
starts_quoted(struct mdg_span in)
{
	enum { LOOK_BYTES = 200 };

	return in.n && memchr(in.p, '=', in.n < LOOK_BYTES ? in.n : LOOK_BYTES);
}

bool
mime_undo_coding(struct mdg_buf *text)
{
	enum { BYTES_MIN = 40 };
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	struct mdg_span in = mdg_buf_span(text);

	if (in.n >= BYTES_MIN && is_pure_base64(in))
		decode_base64(in, sink_buf, &out);
	else if (is_pure_quoted(in))
		decode_quoted(in, sink_buf, &out);
	if (!out.len || !says_something(mdg_buf_span(&out)))
		return false;
	mdg_buf_reset(text);
	mdg_buf_put(text, out.ptr, out.len);
	return true;
}

/* Without the plain text that a list or a scanner has put below it. */
static struct mdg_span
without_footer(struct mdg_span in)
{
	enum { LOOK_BYTES = 64 << 10 };
	size_t n = in.n < LOOK_BYTES ? in.n : LOOK_BYTES;
	const unsigned char *lf = n ? memmem(in.p, n, "\n\n", 2) : NULL;
	const unsigned char *crlf = n ? memmem(in.p, n, "\r\n\r\n", 4) : NULL;
	const unsigned char *gap = lf && (!crlf || lf < crlf) ? lf : crlf;

	if (!gap)
		return in;
	struct mdg_span head = mdg_span(in.p, (size_t)(gap - in.p));
	return is_pure_base64(head) && is_no_base64(mdg_span_from(in, head.n))
		       ? head
		       : in;
}

static void
decode(const struct mime_part *p, sink_fn *sink, void *to)
{
	struct mdg_span body = p->body;

	switch (p->encoding) {
	case GMIME_CONTENT_ENCODING_BASE64:
		body = without_footer(body);
		if (starts_quoted(body) && is_pure_quoted(body))
			decode_quoted(body, sink, to);
		else if (is_no_base64(body))
			sink(to, body.p, body.n);
		else
			decode_base64(body, sink, to);
		break;
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		decode_quoted(p->body, sink, to);
		break;
	case GMIME_CONTENT_ENCODING_UUENCODE:
		decode_uu(p, sink, to);
		break;
	default:
		sink(to, p->body.p, p->body.n);
	}
}

void
mime_part_decode(const struct mime_part *p, struct mdg_buf *out)
{
	mdg_buf_expect(out, p->encoding == GMIME_CONTENT_ENCODING_BASE64
				    ? p->body.n / 4 * 3
				    : p->body.n);
	decode(p, sink_buf, out);
}

struct digest_sink {
	crypto_generichash_state hash;
	uint64_t bytes;
	struct mime_seal seal;
};

static void
sink_digest(void *to, const void *p, size_t n)
{
	struct digest_sink *d = to;

	crypto_generichash_update(&d->hash, p, n);
	mime_seal_feed(&d->seal, p, n);
	d->bytes += n;
}

void
mime_part_digest(const struct mime_part *p, struct mdg_attachment *ret)
{
	struct digest_sink d = {0};

	crypto_generichash_init(&d.hash, NULL, 0, MDG_DIGEST_BYTES);
	decode(p, sink_digest, &d);
	crypto_generichash_final(&d.hash, ret->digest, MDG_DIGEST_BYTES);
	ret->danger = mime_danger(&d.seal, ret->filename, ret->media_type);
	ret->sealed = mime_seal_end(&d.seal);
	ret->bytes = d.bytes;
}
