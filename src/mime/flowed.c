#include "flowed.h"

#include <string.h>

struct line {
	const unsigned char *p;
	size_t n, quotes;
	bool soft;
};

/* RFC 3676 §4: quote marks, then space-stuffing, then the text. */
static const unsigned char *
read_line(const unsigned char *p, const unsigned char *end, struct line *l)
{
	const unsigned char *nl = memchr(p, '\n', (size_t)(end - p));
	const unsigned char *stop = nl ? nl : end;

	l->quotes = 0;
	while (p < stop && *p == '>') {
		l->quotes++;
		p++;
	}
	if (p < stop && *p == ' ')
		p++;
	l->p = p;
	l->n = (size_t)(stop - p);
	/* §4.3: the signature separator is never flowed */
	l->soft = l->n && p[l->n - 1] == ' ' &&
		  !(l->n == 3 && memcmp(p, "-- ", 3) == 0);
	return nl ? nl + 1 : end;
}

void
mime_unflow(struct mdg_span text, bool delsp, struct mdg_buf *out)
{
	if (!text.n)
		return;
	const unsigned char *p = text.p, *end = text.p + text.n;
	struct line l, before = {0};
	for (bool first = true; p < end; first = false, before = l) {
		p = read_line(p, end, &l);
		/* §4.5: a change of depth ends a paragraph, soft or not */
		bool joined = !first && before.soft &&
			      before.quotes == l.quotes &&
			      !(l.n == 3 && memcmp(l.p, "-- ", 3) == 0);
		if (!first && !joined)
			mdg_buf_putc(out, '\n');
		if (!joined && l.quotes) {
			for (size_t i = 0; i < l.quotes; i++)
				mdg_buf_putc(out, '>');
			if (l.n)
				mdg_buf_putc(out, ' ');
		}
		size_t n = l.n - (l.soft && delsp ? 1 : 0);
		if (n)
			mdg_buf_put(out, l.p, n);
	}
	if (end[-1] == '\n')
		mdg_buf_putc(out, '\n');
}

/* -- uuencode ------------------------------------------------------------ */

static struct mdg_span
line_at(struct mdg_span t, size_t at)
{
	const unsigned char *nl = memchr(t.p + at, '\n', t.n - at);
	size_t n = nl ? (size_t)(nl - (t.p + at)) : t.n - at;

	if (n && t.p[at + n - 1] == '\r')
		n--;
	return mdg_span(t.p + at, n);
}

static size_t
next_line(struct mdg_span t, size_t at)
{
	const unsigned char *nl = memchr(t.p + at, '\n', t.n - at);

	return nl ? (size_t)(nl - t.p) + 1 : t.n;
}

/* "begin 644 name" */
static bool
is_begin(struct mdg_span l, struct mdg_span *name)
{
	size_t i = 6;

	if (l.n < 11 || memcmp(l.p, "begin ", 6) != 0)
		return false;
	while (i < l.n && l.p[i] >= '0' && l.p[i] <= '7')
		i++;
	if (i < 9 || i > 10 || i + 1 >= l.n || l.p[i] != ' ')
		return false;
	*name = mdg_span(l.p + i + 1, l.n - i - 1);
	return true;
}

/* A data line: a count and as many characters as it asks for (trailing
 * spaces may have been lost, a checksum may have been added). */
static bool
is_data(struct mdg_span l)
{
	if (l.n == 0 || l.p[0] < ' ' || l.p[0] > '`')
		return false;
	size_t want = ((size_t)((l.p[0] - 32) & 63) + 2) / 3 * 4;
	for (size_t i = 1; i < l.n; i++)
		if (l.p[i] < ' ' || l.p[i] > '`')
			return false;
	return l.n <= want + 3;
}

/* A file that holds something begins with a line of its full length. */
static bool
is_first_data(struct mdg_span l)
{
	return is_data(l) && l.n > 2 && ((l.p[0] - 32) & 63) > 0 &&
	       l.n + 1 >= ((size_t)((l.p[0] - 32) & 63) + 2) / 3 * 4;
}

bool
mime_uu_find(struct mdg_span text, size_t from, struct mime_uu *ret)
{
	for (size_t at = from; at < text.n; at = next_line(text, at)) {
		struct mdg_span name;

		if (text.p[at] != 'b' || !is_begin(line_at(text, at), &name))
			continue;
		size_t p = next_line(text, at);
		if (p == text.n || !is_first_data(line_at(text, p)))
			continue;
		while (p < text.n) {
			struct mdg_span l = line_at(text, p);
			size_t next = next_line(text, p);

			if (l.n == 3 && memcmp(l.p, "end", 3) == 0) {
				ret->block = mdg_span(text.p + at, next - at);
				ret->name = name;
				return true;
			}
			if (l.n && !is_data(l))
				break;
			p = next;
		}
	}
	return false;
}

static unsigned
uu_bits(struct mdg_span l, size_t i)
{
	return i < l.n ? (unsigned)(l.p[i] - 32) & 63 : 0;
}

void
mime_uu_decode(const struct mime_uu *u, struct mdg_buf *out)
{
	struct mdg_span t = u->block;

	for (size_t at = next_line(t, 0); at < t.n; at = next_line(t, at)) {
		struct mdg_span l = line_at(t, at);

		if (l.n == 3 && memcmp(l.p, "end", 3) == 0)
			break;
		size_t n = uu_bits(l, 0);
		for (size_t i = 1; n && l.n; i += 4) {
			unsigned v = uu_bits(l, i) << 18 |
				     uu_bits(l, i + 1) << 12 |
				     uu_bits(l, i + 2) << 6 | uu_bits(l, i + 3);
			char b[3] = {(char)(v >> 16), (char)(v >> 8), (char)v};
			size_t k = n < 3 ? n : 3;

			mdg_buf_put(out, b, k);
			n -= k;
		}
	}
}
