#include "scan.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

/* Names that gmime acts upon, and what it sees in their place. */
static const struct {
	const char *is, *shown;
} masks[] = {
	{"message/", "mdgmess/"},
	{"multipart/digest", "multipart/mdgest"},
};

/* Fields that gmime reads as addresses, in mails and in parts. */
static const char *const address_fields[] = {
	"to",
	"cc",
	"bcc",
	"from",
	"sender",
	"reply-to",
	"resent-to",
	"resent-cc",
	"resent-bcc",
	"resent-from",
	"resent-sender",
	"resent-reply-to",
	"disposition-notification-to",
};

enum where { IN_HEADER, IN_BODY };

struct scanner {
	struct mime_scan *ret;
	const unsigned char *p, *end; /* rest of the mail */
	const unsigned char *copied;  /* up to here it is in ret->kept */
	enum where where;
	size_t block_bytes, fields_n; /* of the header block at hand */
	bool embeds;                  /* the block may announce a mail */
};

/* Where a mask has to be written, as an offset into raw; few of them. */
static void
note_mask(struct scanner *s, const unsigned char *at, const char *shown)
{
	struct mdg_buf *m = &s->ret->mask;
	/* Offsets move when something was dropped before. */
	size_t off = s->ret->kept.len + (size_t)(at - s->copied);

	mdg_buf_put(m, &off, sizeof(off));
	mdg_buf_put(m, &shown, sizeof(shown));
}

static const unsigned char *
line_end(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl ? nl + 1 : end;
}

static bool
is_blank(const unsigned char *p, const unsigned char *end)
{
	while (p < end && (*p == '\r' || *p == '\n'))
		p++;
	return p == end;
}

/* Length of a field name at p: printable ASCII up to a colon; 0 if none. */
static size_t
name_len(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *s = p;

	while (p<end && * p> ' ' && *p < 0x7f && *p != ':')
		p++;
	size_t n = (size_t)(p - s);
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p < end && *p == ':' ? n : 0;
}

static bool
name_is(const unsigned char *p, size_t n, const char *name)
{
	return strlen(name) == n && strncasecmp((const char *)p, name, n) == 0;
}

static void
look_at_type(struct scanner *s, const unsigned char *p,
	     const unsigned char *end)
{
	while (p < end && (*p <= ' ' || *p == '"'))
		p++;
	for (size_t i = 0; i < MDG_LEN(masks); i++) {
		size_t n = strlen(masks[i].is);

		if ((size_t)(end - p) >= n &&
		    strncasecmp((const char *)p, masks[i].is, n) == 0) {
			note_mask(s, p, masks[i].shown);
			s->embeds = true;
		}
	}
}

/* How much of an address field may stay: not too many ':' outside quotes
 * (each may open a group), cut behind a comma. */
static const unsigned char *
address_end(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *comma = NULL, *from = p;
	unsigned colons = 0;
	bool quoted = false;

	for (; p < end && p - from < (ptrdiff_t)MDG_ADDR_HEADER_BYTES_MAX;
	     p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted && *p == ':' && ++colons > MDG_ADDR_COLONS_MAX)
			break;
		else if (*p == ',')
			comma = p;
	}
	if (p >= end)
		return end;
	return comma ? comma : p;
}

/* Everything up to `keep` stays, what follows up to `to` goes. */
static void
drop(struct scanner *s, const unsigned char *keep, const unsigned char *to,
     unsigned why)
{
	mdg_buf_put(&s->ret->kept, s->copied, (size_t)(keep - s->copied));
	if (s->ret->kept.len && s->ret->kept.ptr[s->ret->kept.len - 1] != '\n')
		mdg_buf_putc(&s->ret->kept, '\n');
	s->copied = to;
	s->ret->cut |= why;
}

static void
one_field(struct scanner *s)
{
	const unsigned char *p = s->p, *next = line_end(p, s->end);
	size_t n = name_len(p, next);

	while (next < s->end && (*next == ' ' || *next == '\t') &&
	       !is_blank(next, line_end(next, s->end)))
		next = line_end(next, s->end);
	size_t len = (size_t)(next - p);
	s->p = next;
	if (++s->fields_n > MDG_HEADERS_MAX)
		return drop(s, p, next, SCAN_CUT_FIELDS);
	if (s->block_bytes + len > MDG_HEADER_BLOCK_MAX)
		return drop(s, p, next, SCAN_CUT_BLOCK);
	if (name_is(p, n, "content-type"))
		look_at_type(s, memchr(p, ':', len) + 1, next);
	for (size_t i = 0; n && i < MDG_LEN(address_fields); i++) {
		if (!name_is(p, n, address_fields[i]))
			continue;
		const unsigned char *stay = address_end(p + n + 1, next);
		if (stay < next)
			drop(s, stay, next, SCAN_CUT_ADDRESS);
		s->block_bytes += (size_t)(stay - p);
		return;
	}
	if (len > MDG_HEADER_BYTES_MAX) {
		drop(s, p + MDG_HEADER_BYTES_MAX, next, SCAN_CUT_FIELD);
		len = MDG_HEADER_BYTES_MAX;
	}
	s->block_bytes += len;
}

static void
open_block(struct scanner *s)
{
	s->where = IN_HEADER;
	s->block_bytes = s->fields_n = 0;
	s->embeds = false;
}

static void
header_line(struct scanner *s)
{
	const unsigned char *next = line_end(s->p, s->end);

	if (!is_blank(s->p, next))
		return one_field(s);
	s->p = next;
	/* Behind the blank line another block may follow: an embedded mail,
	 * or the mails of a digest, whose parts need no header. */
	if (s->p < s->end && (s->embeds || s->fields_n == 0) &&
	    name_len(s->p, line_end(s->p, s->end)))
		open_block(s);
	else
		s->where = IN_BODY;
}

/* Up to where a '-' stands behind a line feed, or nearly to the end. */
static const unsigned char *
skip_to_dash(const unsigned char *p, const unsigned char *end)
{
#ifdef __SSE2__
	const __m128i lf = _mm_set1_epi8('\n'), dash = _mm_set1_epi8('-');

	for (; end - p > 16; p += 16) {
		__m128i a = _mm_loadu_si128((const void *)p);
		__m128i b = _mm_loadu_si128((const void *)(p + 1));
		unsigned hits = (unsigned)_mm_movemask_epi8(_mm_and_si128(
			_mm_cmpeq_epi8(a, lf), _mm_cmpeq_epi8(b, dash)));
		if (hits)
			return p + __builtin_ctz(hits);
	}
#endif
	return p;
}

const unsigned char *
mime_dash_line(const unsigned char *p, const unsigned char *end)
{
	while (end - p > 2) {
		if (p[0] == '-' && p[1] == '-')
			return p;
		p = line_end(skip_to_dash(p, end), end);
	}
	return end;
}

/* Any line with "--" in front may be a boundary. */
static void
skip_body(struct scanner *s)
{
	s->p = mime_dash_line(s->p, s->end);
	if (s->p == s->end)
		return;
	s->p = line_end(s->p, s->end);
	open_block(s);
}

/* Old Macs and broken gateways: bare CR is the line end. */
static struct mdg_span
mend_line_ends(struct mdg_span mail, struct mdg_buf *out)
{
	if (memchr(mail.p, '\n', mail.n) || !memchr(mail.p, '\r', mail.n))
		return mail;
	mdg_buf_put(out, mail.p, mail.n);
	for (size_t i = 0; i < out->len; i++)
		if (out->ptr[i] == '\r')
			out->ptr[i] = '\n';
	return mdg_buf_span(out);
}

/* A mail of text alone, without any header field. */
static bool
has_header(const unsigned char *p, const unsigned char *end)
{
	enum { LINES_MAX = 50 };

	for (int i = 0; p < end && i < LINES_MAX; i++) {
		const unsigned char *next = line_end(p, end);

		if (is_blank(p, next))
			return false;
		if (name_len(p, next))
			return true;
		p = next;
	}
	return false;
}

/* An mbox "From " line (or several), and blank lines before the header. */
static struct mdg_span
skip_preamble(struct mdg_span mail, struct mdg_buf *out)
{
	const unsigned char *p = mail.p, *end = mail.p + mail.n;

	for (;;) {
		const unsigned char *next = line_end(p, end), *q = p;
		size_t n = (size_t)(next - p);

		while (q < next && (*q <= ' '))
			q++;
		bool from = (n > 5 && memcmp(p, "From ", 5) == 0) ||
			    (n > 6 && memcmp(p, ">From ", 6) == 0);
		if (p == end || !(from || q == next))
			break;
		p = next;
	}
	/* the rest of a field whose head is lost */
	while (p < end && (*p == ' ' || *p == '\t') &&
	       has_header(line_end(p, end), end))
		p = line_end(p, end);
	if (has_header(p, end))
		return mdg_span(p, (size_t)(end - p));
	mdg_buf_putc(out, '\n');
	mdg_buf_put(out, p, (size_t)(end - p));
	return mdg_buf_span(out);
}

static void
apply_masks(struct mime_scan *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf notes = ret->mask;
	const size_t step = sizeof(size_t) + sizeof(const char *);

	ret->mask = (struct mdg_buf){0};
	ret->shape = ret->raw;
	if (!notes.len)
		return;
	mdg_buf_put(&ret->mask, ret->raw.p, ret->raw.n);
	for (size_t i = 0; i + step <= notes.len; i += step) {
		size_t at;
		const char *shown;

		memcpy(&at, notes.ptr + i, sizeof(at));
		memcpy(&shown, notes.ptr + i + sizeof(at), sizeof(shown));
		if (at + strlen(shown) <= ret->mask.len)
			memcpy(ret->mask.ptr + at, shown, strlen(shown));
	}
	ret->shape = mdg_buf_span(&ret->mask);
}

void
mime_scan(struct mdg_span mail, struct mime_scan *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mended = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf headed = {0};
	struct scanner s = {.ret = ret};

	*ret = (struct mime_scan){0};
	if (mail.n > MDG_PARSE_BYTES_MAX) {
		mail.n = MDG_PARSE_BYTES_MAX;
		ret->cut |= SCAN_CUT_SIZE;
	}
	mail = skip_preamble(mend_line_ends(mail, &mended), &headed);
	s.p = s.copied = mail.p;
	s.end = mail.p + mail.n;
	open_block(&s);
	while (s.p < s.end)
		(s.where == IN_HEADER ? header_line : skip_body)(&s);
	ret->raw = mail;
	if (s.copied != mail.p || mended.len || headed.len) {
		mdg_buf_put(&ret->kept, s.copied, (size_t)(s.end - s.copied));
		ret->raw = mdg_buf_span(&ret->kept);
	}
	apply_masks(ret);
}

void
mime_scan_clear(struct mime_scan *s)
{
	mdg_buf_clear(&s->kept);
	mdg_buf_clear(&s->mask);
}

void
mime_scan_unmask(char *media_type)
{
	for (size_t i = 0; i < MDG_LEN(masks); i++)
		if (mdg_str_case_starts(media_type, masks[i].shown))
			memcpy(media_type, masks[i].is, strlen(masks[i].is));
}

const char *
mime_scan_cut_name(unsigned bit)
{
	switch (bit) {
	case SCAN_CUT_SIZE:
		return "limit:size";
	case SCAN_CUT_BLOCK:
		return "limit:header-block";
	case SCAN_CUT_FIELD:
		return "limit:header";
	case SCAN_CUT_ADDRESS:
		return "limit:address-header";
	case SCAN_CUT_FIELDS:
		return "limit:headers";
	default:
		return NULL;
	}
}
