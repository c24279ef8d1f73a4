/*
 * Address headers, RFC 5322 §3.4 and §4.4, read by a flat scanner: one element
 * after the other, whatever is nested in it only counted.
 */
#include "madoguchi/mail/addr.h"

#include <stdint.h>
#include <string.h>

#include "addr_scan.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "token.h"

static void
element_reset(struct mdg_addr_element *e)
{
	mdg_buf_reset(&e->phrase);
	mdg_buf_reset(&e->bare);
	mdg_buf_reset(&e->comment);
	mdg_buf_reset(&e->angle);
	e->has_angle = e->quoted = e->has_text = false;
}

static void
element_clear(struct mdg_addr_element *e)
{
	mdg_buf_clear(&e->phrase);
	mdg_buf_clear(&e->bare);
	mdg_buf_clear(&e->comment);
	mdg_buf_clear(&e->angle);
}

static void
put_both(struct mdg_addr_element *e, const unsigned char *p, size_t n)
{
	mdg_buf_put(&e->phrase, p, n);
	mdg_buf_put(&e->bare, p, n);
}

static void
scan_quoted(struct mdg_addr_scanner *s, struct mdg_addr_element *e)
{
	size_t end = mdg_addr_quote_end(s->t, s->at);

	if (!end) { /* a quote without partner is nothing */
		s->flags |= MDG_ADDR_BROKEN;
		s->at++;
		return;
	}
	struct mdg_span in = mdg_span(s->t.p + s->at + 1, end - s->at - 1);
	mdg_addr_put_unquoted(&e->phrase, in);
	mdg_buf_put(&e->bare, s->t.p + s->at, end + 1 - s->at);
	e->quoted = e->has_text = true;
	s->at = end + 1;
}

/* The end of a comment from `at`, words in it passed over; 0 if not closed. */
static size_t
comment_end(struct mdg_span t, size_t at)
{
	size_t depth = 0;
	struct mdg_word w;

	t = mdg_span_near(t, at);
	for (size_t i = at; i < t.n;) {
		size_t len = t.p[i] == '='
				     ? mdg_word_match(mdg_span_from(t, i), &w)
				     : 0;
		if (len) {
			i += len;
			continue;
		}
		if (t.p[i] == '\\')
			i++;
		else if (t.p[i] == '(')
			depth++;
		else if (t.p[i] == ')' && --depth == 0)
			return i;
		i++;
	}
	return 0;
}

static void
scan_comment(struct mdg_addr_scanner *s, struct mdg_addr_element *e)
{
	enum { TRIES_MAX = 50 }; /* each looks through all that follows */
	size_t end = s->unclosed_n < TRIES_MAX ? comment_end(s->t, s->at) : 0;

	if (!end) {
		s->unclosed_n++;
		s->flags |= MDG_ADDR_BROKEN;
		put_both(e, s->t.p + s->at, 1);
		s->at++;
		return;
	}
	if (e->comment.len)
		mdg_buf_putc(&e->comment, ' ');
	mdg_addr_put_unquoted(&e->comment,
			      mdg_span(s->t.p + s->at + 1, end - s->at - 1));
	/* kept where it stands: "(株)山田 <…>" is a name */
	mdg_buf_put(&e->phrase, s->t.p + s->at, end + 1 - s->at);
	mdg_buf_putc(&e->bare, ' ');
	s->at = end + 1;
}

static void
scan_angle(struct mdg_addr_scanner *s, struct mdg_addr_element *e)
{
	struct mdg_buf *b = &e->angle;

	mdg_buf_reset(b);
	e->has_angle = e->has_text = true;
	for (s->at++; s->at < s->t.n; s->at++) {
		unsigned char c = s->t.p[s->at];
		size_t end = c == '"' ? mdg_addr_quote_end(s->t, s->at) : 0;
		if (c == '>') {
			s->at++;
			/* "<<a@b>>" */
			while (s->at < s->t.n && s->t.p[s->at] == '>')
				s->at++;
			mdg_buf_putc(&e->phrase, ' ');
			mdg_buf_putc(&e->bare, ' ');
			return;
		}
		bool route = b->len && b->ptr[0] == '@' &&
			     !memchr(b->ptr, ':', b->len);
		if (c == ';' || (c == ',' && !route))
			break;
		if (c == '<') {
			mdg_buf_reset(b);
		} else if (end) {
			mdg_buf_put(b, s->t.p + s->at, end + 1 - s->at);
			s->at = end;
		} else {
			mdg_buf_putc(b, (char)c);
		}
	}
	s->flags |= MDG_ADDR_BROKEN; /* '>' is missing */
}

/* "mailto:" or "http:" before an address is no group. */
static bool
is_scheme(const struct mdg_addr_element *e)
{
	struct mdg_span s = mdg_span_trim(mdg_buf_span(&e->bare));

	return s.n >= 6 &&
	       mdg_str_case_starts((const char *)s.p + s.n - 6, "mailto");
}

/* "Sales: Taro <…>": a colon in a name, for no group ends behind it. */
static bool
is_name_colon(const struct mdg_addr_scanner *s)
{
	struct mdg_span t = mdg_span_near(s->t, s->at);
	const unsigned char *p = t.p + s->at;
	size_t n = t.n - s->at;
	const unsigned char *angle = memchr(p, '<', n);
	const unsigned char *comma = memchr(p, ',', n);

	return angle && (!comma || angle < comma) && !memchr(p, ';', n) &&
	       angle > p + 1;
}

/* Read one element; returns the separator behind it, 0 at the end. */
static int
scan_element(struct mdg_addr_scanner *s, struct mdg_addr_element *e)
{
	struct mdg_word w;

	while (s->at < s->t.n) {
		unsigned char c = s->t.p[s->at];
		size_t len =
			c == '='
				? mdg_word_match(mdg_span_from(s->t, s->at), &w)
				: 0;
		if (len) {
			put_both(e, s->t.p + s->at, len);
			e->has_text = true;
			s->at += len;
		} else if (c == '"') {
			scan_quoted(s, e);
		} else if (c == '(') {
			scan_comment(s, e);
		} else if (c == '<') {
			scan_angle(s, e);
		} else if (c == ',' || c == ';') {
			s->at++;
			return c;
		} else if (c == ':' && !e->has_angle && !is_name_colon(s)) {
			s->at++;
			bool scheme = is_scheme(e);
			element_reset(e); /* what came was a group's name */
			if (!scheme)
				return c;
		} else if (c == '[' && e->bare.len &&
			   e->bare.ptr[e->bare.len - 1] == '@') {
			/* a domain literal may hold colons */
			const unsigned char *close =
				memchr(s->t.p + s->at, ']', s->t.n - s->at);
			size_t n = close ? (size_t)(close - s->t.p) + 1 - s->at
					 : 1;
			put_both(e, s->t.p + s->at, n);
			s->at += n;
		} else {
			put_both(e, s->t.p + s->at, 1);
			e->has_text |= !mdg_is_wsp(c);
			s->at++;
		}
	}
	return 0;
}

/* A part without address before a ',' may be the first half of a name. */
static void
hold(struct mdg_addr_scanner *s, struct mdg_addr_element *e, int sep)
{
	struct mdg_span t = mdg_span_trim(mdg_buf_span(&e->phrase));

	if (s->held.len)
		mdg_buf_putc(&s->held, ' ');
	mdg_buf_put(&s->held, t.p, t.n);
	mdg_buf_putc(&s->held, (char)sep);
}

static void
release(struct mdg_addr_scanner *s)
{

	if (s->held.len == 0)
		return;
	s->held.ptr[--s->held.len] = '\0'; /* what parted it from the next */
	const char *name = mdg_addr_name(s, mdg_buf_span(&s->held));
	bool atom = *name && !strpbrk(name, " ,") && mdg_addr_ascii(name);
	mdg_addr_emit(s, atom ? "" : name, atom ? name : "");
	mdg_buf_reset(&s->held);
}

static void
scan_all(struct mdg_addr_scanner *s)
{
	struct mdg_addr_element e = {0};
	int sep = 1;
	bool group = false;

	while (sep) {
		element_reset(&e);
		sep = scan_element(s, &e);
		bool in_group = group;
		group = sep == ':' || (group && sep != ';');
		if (!e.has_text && e.comment.len == 0)
			continue;
		bool address = e.has_angle ||
			       memchr(mdg_buf_str(&e.bare), '@', e.bare.len);
		if (!address && !e.quoted &&
		    (sep == ',' || (sep == ';' && !in_group))) {
			hold(s, &e, sep);
			continue;
		}
		if (e.has_angle) {
			mdg_addr_emit_angle(s, &e);
		} else {
			release(s);
			mdg_addr_emit_bare(s, &e);
		}
	}
	release(s);
	element_clear(&e);
}

static bool
any_address(const struct mdg_addresses *l, size_t from)
{
	for (size_t i = from; i < l->n; i++)
		if (strchr(l->v[i].address, '@'))
			return true;
	return false;
}

/* "山本 葵 ＜aoi@example.jp＞", typed into a form in full width: where the
 * narrow marks are missing, the wide ones stand for them. */
static void
narrow_marks(struct mdg_buf *text)
{
	static const struct {
		const char *wide;
		char narrow;
	} marks[] = {{"＜", '<'}, {"＞", '>'}, {"＠", '@'}};

	for (size_t i = 0; text->len && i < MDG_LEN(marks); i++) {
		size_t n = strlen(marks[i].wide);
		char *p = text->ptr;

		if (strchr(p, marks[i].narrow))
			continue;
		while ((p = strstr(p, marks[i].wide))) {
			*p++ = marks[i].narrow;
			memmove(p, p + n - 1, strlen(p + n - 1) + 1);
			text->len -= n - 1;
		}
	}
}

/* "a@example.jp、b@example.jp": behind an address, a wide comma parts, too. */
static void
narrow_commas(struct mdg_buf *text)
{
	static const char *const wide[] = {"、", "，", "；"};
	char *from = text->len ? text->ptr : NULL;

	for (char *p = from; p && *p; p++) {
		bool ascii = strchr(",;<>\"", *p);

		for (size_t i = 0; i < MDG_LEN(wide); i++) {
			size_t n = strlen(wide[i]);

			if (!mdg_str_starts(p, wide[i]) ||
			    !memchr(from, '@', (size_t)(p - from)))
				continue;
			*p = ',';
			memmove(p + 1, p + n, strlen(p + n) + 1);
			text->len -= n - 1;
			ascii = true;
		}
		if (ascii)
			from = p + 1;
	}
}

void
mdg_addr_parse(struct mdg_span raw, struct mdg_arena *a,
	       struct mdg_addresses *out, unsigned *flags)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf plain = {0};
	struct mdg_addr_scanner s = {.a = a, .out = out};
	size_t before = out->n;

	if (raw.n > MDG_ADDR_HEADER_BYTES_MAX) {
		raw.n = MDG_ADDR_HEADER_BYTES_MAX;
		s.flags |= MDG_ADDR_CUT;
	}
	mdg_field_text(raw, &text, NULL);
	narrow_marks(&text);
	narrow_commas(&text);
	s.t = mdg_buf_span(&text);
	scan_all(&s);
	if (!any_address(out, before)) {
		/* the whole mailbox inside an encoded word */
		mdg_words_decode_line(mdg_buf_span(&text), &plain, NULL);
		bool hidden = plain.len != text.len &&
			      mdg_addr_has_at(mdg_buf_span(&plain));
		if (hidden) {
			out->n = before;
			s.flags |= MDG_ADDR_BROKEN;
			s.t = mdg_buf_span(&plain);
			s.at = 0;
			scan_all(&s);
		}
	}
	mdg_buf_clear(&s.held);
	if (flags)
		*flags |= s.flags;
}
