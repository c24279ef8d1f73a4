/* Encoded words, RFC 2047, reading. */
#include "madoguchi/mail/words.h"

#include <string.h>

#include "codec.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/charset.h"
#include "token.h"

enum { CHARSET_NAME_MAX = 64 };

struct mdg_span
mdg_span_trim(struct mdg_span s)
{
	while (s.n && mdg_is_wsp(s.p[0]))
		s = mdg_span_from(s, 1);
	while (s.n && mdg_is_wsp(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Has the text entered a set of two bytes and not left it? No author writes a
 * space there, so a fold has cut the line. */
static bool
is_shifted(struct mdg_span line, bool before)
{
	const unsigned char *end = line.p + line.n, *p = line.p;

	while (p < end && (p = memchr(p, 0x1B, (size_t)(end - p))))
		if (++p < end && (*p == '$' || *p == '('))
			before = *p == '$';
	return before;
}

/* RFC 5322 §2.2.3; with `tight`, the space of a fold goes too. NUL goes. */
static void
unfold(struct mdg_span raw, bool tight, struct mdg_buf *out)
{
	bool shifted = false;

	for (size_t i = 0; i < raw.n; i++) {
		size_t from = i;
		while (i < raw.n && raw.p[i] && raw.p[i] != '\r' &&
		       raw.p[i] != '\n')
			i++;
		struct mdg_span line = mdg_span(raw.p + from, i - from);
		if (line.n)
			mdg_buf_put(out, line.p, line.n);
		shifted = is_shifted(line, shifted);
		if (i == raw.n)
			break;
		unsigned char c = raw.p[i];
		if (!c)
			continue;
		bool at_wsp = i + 1 < raw.n && mdg_is_wsp(raw.p[i + 1]);
		if ((tight || shifted) && at_wsp && c == '\n')
			i++;
		else if (!at_wsp && i + 1 < raw.n)
			mdg_buf_putc(out, ' ');
	}
}

void
mdg_field_text(struct mdg_span raw, struct mdg_buf *out, unsigned *flags)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf flat = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf tight = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	unsigned met = 0, met_tight = 0;

	raw = mdg_span_trim(raw);
	unfold(raw, false, &flat);
	mdg_charset_decode_raw(mdg_buf_span(&flat), &text, &met);
	if ((met & MDG_CHARSET_REPLACED) && raw.n &&
	    memchr(raw.p, '\n', raw.n)) {
		/* folded inside a character? */
		mdg_buf_reset(&flat);
		unfold(raw, true, &flat);
		mdg_charset_decode_raw(mdg_buf_span(&flat), &tight, &met_tight);
		if (!(met_tight & MDG_CHARSET_REPLACED)) {
			mdg_buf_reset(&text);
			mdg_codec_put(&text, mdg_buf_str(&tight), tight.len);
			met = met_tight;
		}
	}
	mdg_codec_put(out, mdg_buf_str(&text), text.len);
	if (flags)
		*flags |= met;
}

static bool
is_charset_char(unsigned char c)
{
	return c > 0x20 && c < 0x7F && c != '?' && c != '=' && c != '"' &&
	       c != '<' && c != '>' && c != ',';
}

/* "=?charset?B?": the length of this head, 0 if it is none. */
static size_t
word_head(struct mdg_span t, struct mdg_word *w)
{
	size_t i = 2;

	if (t.n < 6 || t.p[0] != '=' || t.p[1] != '?')
		return 0;
	while (i < t.n && i < 2 + CHARSET_NAME_MAX && is_charset_char(t.p[i]))
		i++;
	if (i + 3 > t.n || t.p[i] != '?' || t.p[i + 2] != '?')
		return 0;
	int enc = mdg_ascii_lower(t.p[i + 1]);
	if (enc != 'b' && enc != 'q')
		return 0;
	w->charset = mdg_span(t.p + 2, i - 2);
	w->base64 = enc == 'b';
	return i + 3;
}

/* "?=E3" inside a Q payload is a question mark and a byte, not the end; so is
 * "?=1B" of escaped text. */
static bool
is_q_byte(struct mdg_span t)
{
	int hi = t.n >= 4 ? mdg_hex_value(t.p[2]) : -1;

	int lo = hi >= 0 ? mdg_hex_value(t.p[3]) : -1;

	return lo >= 0 && (hi >= 8 || (hi == 1 && lo == 0xB));
}

size_t
mdg_word_match(struct mdg_span t, struct mdg_word *w)
{
	size_t head = word_head(t, w), i;
	struct mdg_word next;

	if (!head)
		return 0;
	for (i = head; i < t.n; i++) {
		struct mdg_span rest = mdg_span_from(t, i);
		if (rest.p[0] == '?' && rest.n >= 2 && rest.p[1] == '=' &&
		    (w->base64 || !is_q_byte(rest))) {
			w->payload = mdg_span(t.p + head, i - head);
			return i + 2;
		}
		if (rest.p[0] == '=' && rest.n >= 2 && rest.p[1] == '?' &&
		    word_head(rest, &next))
			break; /* the next word begins: this one has no end */
		/* what base64 never has: the rest is not of this word */
		if (w->base64 &&
		    (rest.p[0] >= 0x80 || memchr("?<>@\",;", rest.p[0], 7)))
			break;
	}
	/* no end mark: cut by a length limit on its way */
	struct mdg_span body = mdg_span_trim(mdg_span(t.p + head, i - head));
	for (size_t k = 0; k < body.n; k++)
		if (body.p[k] == ' ' || body.p[k] == '"' || body.p[k] == '<') {
			body.n = k;
			break;
		}
	if (body.n == 0)
		return 0;
	w->payload = body;
	i = (size_t)(body.p - t.p) + body.n;
	return i < t.n && t.p[i] == '?' ? i + 1 : i;
}

static int
base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Padding may stand in the middle: the next quantum starts afresh. */
static void
put_base64(struct mdg_span in, struct mdg_buf *out)
{
	unsigned acc = 0, bits = 0;
	char *to = mdg_buf_reserve(out, in.n);

	if (!to)
		return;
	for (size_t i = 0; i < in.n; i++) {
		int v = base64_value(in.p[i]);
		if (v < 0) {
			if (in.p[i] == '=')
				acc = bits = 0;
			continue;
		}
		acc = (acc << 6 | (unsigned)v) & 0xFFFF;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			*to++ = (char)(acc >> bits);
		}
	}
	*to = '\0';
	out->len = (size_t)(to - out->ptr);
}

static void
put_q(struct mdg_span in, struct mdg_buf *out)
{
	for (size_t i = 0; i < in.n; i++) {
		unsigned char c = in.p[i];
		int hi = -1, lo = -1;
		if (c == '=' && i + 2 < in.n) {
			hi = mdg_hex_value(in.p[i + 1]);
			lo = mdg_hex_value(in.p[i + 2]);
		}
		if (hi >= 0 && lo >= 0) {
			mdg_buf_putc(out, (char)(hi << 4 | lo));
			i += 2;
		} else {
			mdg_buf_putc(out, c == '_' ? ' ' : (char)c);
		}
	}
}

void
mdg_word_bytes(const struct mdg_word *w, struct mdg_buf *out)
{
	if (w->base64)
		put_base64(w->payload, out);
	else
		put_q(w->payload, out);
}

/*
 * Does the text end inside a group of four? MAYBE: only a padding may be
 * missing; SURELY: bits are left over that belong to a byte.
 */
enum cut { CUT_NOT, CUT_MAYBE, CUT_SURELY };

/* Words of one charset that follow each other: decoded as one text. */
struct run {
	struct mdg_buf bytes;  /* each word decoded by itself */
	struct mdg_buf base64; /* the payloads of B words joined */
	enum cut cut;          /* the worst of them */
	bool only_base64;
	char charset[CHARSET_NAME_MAX + 1];
	bool open;
};

static enum cut
cut_of(struct mdg_span payload)
{
	static const int spare[4] = {0, 0x3F, 0x0F, 0x03};
	size_t digits = 0;
	int last = 0;

	for (size_t i = 0; i < payload.n; i++) {
		int v = base64_value(payload.p[i]);
		if (payload.p[i] == '=')
			return CUT_NOT;
		digits += v >= 0;
		last = v >= 0 ? v : last;
	}
	if (digits % 4 == 0)
		return CUT_NOT;
	return digits % 4 == 1 || (last & spare[digits % 4]) ? CUT_SURELY
							     : CUT_MAYBE;
}

/* Some programs cut the base64 text, not the bytes: which reading is right? */
static void
run_rejoin(struct run *r)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf joined = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	struct mdg_charset_used one, other;

	put_base64(mdg_buf_span(&r->base64), &joined);
	mdg_charset_decode(r->charset, mdg_buf_span(&r->bytes), &text, &one);
	mdg_charset_decode(r->charset, mdg_buf_span(&joined), &text, &other);
	bool told =
		r->cut == CUT_SURELY || (one.flags != 0 && other.flags == 0);
	if (other.replaced < one.replaced ||
	    (other.replaced == one.replaced && told)) {
		mdg_buf_reset(&r->bytes);
		mdg_buf_put(&r->bytes, mdg_buf_str(&joined), joined.len);
	}
}

static void
run_flush(struct run *r, struct mdg_buf *out, unsigned *flags)
{
	struct mdg_charset_used used;

	if (!r->open)
		return;
	if (r->cut && r->only_base64)
		run_rejoin(r);
	mdg_charset_decode(r->charset, mdg_buf_span(&r->bytes), out, &used);
	if (flags)
		*flags |= used.flags;
	mdg_buf_reset(&r->bytes);
	mdg_buf_reset(&r->base64);
	r->open = false;
}

static void
run_clear(struct run *r)
{
	mdg_buf_clear(&r->bytes);
	mdg_buf_clear(&r->base64);
}

static void
run_add(struct run *r, const struct mdg_word *w, struct mdg_buf *out,
	unsigned *flags)
{
	char name[CHARSET_NAME_MAX + 1];
	size_t n = 0;

	while (n < w->charset.n && w->charset.p[n] != '*') {
		name[n] = (char)mdg_ascii_lower(w->charset.p[n]);
		n++;
	}
	name[n] = '\0';
	if (r->open && strcmp(r->charset, name) != 0)
		run_flush(r, out, flags);
	if (!r->open) {
		memcpy(r->charset, name, n + 1);
		r->open = r->only_base64 = true;
		r->cut = CUT_NOT;
	}
	r->only_base64 &= w->base64;
	if (w->base64) {
		mdg_buf_put(&r->base64, w->payload.p, w->payload.n);
		enum cut cut = cut_of(w->payload);
		r->cut = cut > r->cut ? cut : r->cut;
	}
	mdg_word_bytes(w, &r->bytes);
}

void
mdg_words_decode_text(struct mdg_span text, struct mdg_buf *out,
		      unsigned *flags)
{
	struct run run = {0};
	struct mdg_word w;
	size_t i = 0;

	while (i < text.n) {
		size_t len = 0, blank = i;
		/* white space between two words is part of neither */
		while (run.open && blank < text.n && mdg_is_wsp(text.p[blank]))
			blank++;
		if (blank < text.n && text.p[blank] == '=')
			len = mdg_word_match(mdg_span_from(text, blank), &w);
		if (len) {
			run_add(&run, &w, out, flags);
			i = blank + len;
			continue;
		}
		run_flush(&run, out, flags);
		mdg_codec_put(out, (const char *)text.p + i, 1);
		i++;
		size_t from = i;
		while (i < text.n && text.p[i] != '=')
			i++;
		mdg_codec_put(out, (const char *)text.p + from, i - from);
	}
	run_flush(&run, out, flags);
	run_clear(&run);
}

void
mdg_line_clean(struct mdg_span text, struct mdg_buf *out)
{
	static const char bom[] = "\xEF\xBB\xBF";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};
	const char *at;

	mdg_utf8_clean(&line, (const char *)text.p, text.n, true);
	struct mdg_span s = mdg_span_trim(mdg_buf_span(&line));
	while (s.n && (at = memmem(s.p, s.n, bom, 3))) {
		size_t n = (size_t)(at - (const char *)s.p);
		mdg_buf_put(out, s.p, n);
		s = mdg_span_from(s, n + 3);
	}
	mdg_buf_put(out, s.p, s.n);
	/* what the marks hid */
	s = mdg_span_trim(mdg_buf_span(out));
	if (s.n < out->len) {
		memmove(out->ptr, s.p, s.n);
		out->len = s.n;
		out->ptr[s.n] = '\0';
	}
}

void
mdg_words_decode_line(struct mdg_span text, struct mdg_buf *out,
		      unsigned *flags)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf dirty = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};

	mdg_words_decode_text(text, &dirty, flags);
	mdg_line_clean(mdg_buf_span(&dirty), &line);
	mdg_codec_put(out, mdg_buf_str(&line), line.len);
}

void
mdg_words_decode(struct mdg_span raw, struct mdg_buf *out, unsigned *flags)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};

	mdg_field_text(raw, &text, flags);
	mdg_words_decode_line(mdg_buf_span(&text), out, flags);
}
