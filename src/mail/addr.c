/*
 * Address headers, RFC 5322 §3.4 and §4.4, read by a flat scanner: one element
 * after the other, whatever is nested in it only counted.
 */
#include "madoguchi/mail/addr.h"

#include <stdint.h>
#include <string.h>

#include "codec.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "token.h"

/* What one element (between separators) is made of. */
struct element {
	struct mdg_buf phrase; /* all outside <>, quotes taken off */
	struct mdg_buf bare;   /* the same, quotes and comments as they stand */
	struct mdg_buf comment; /* content of comments */
	struct mdg_buf angle;   /* content of the last <> */
	bool has_angle, quoted, has_text;
};

struct scanner {
	struct mdg_span t;
	size_t at;
	struct mdg_arena *a;
	struct mdg_addresses *out;
	struct mdg_buf held; /* "Yamada" of "Yamada, Taro <…>" */
	unsigned flags;
};

static void
element_reset(struct element *e)
{
	mdg_buf_reset(&e->phrase);
	mdg_buf_reset(&e->bare);
	mdg_buf_reset(&e->comment);
	mdg_buf_reset(&e->angle);
	e->has_angle = e->quoted = e->has_text = false;
}

static void
element_clear(struct element *e)
{
	mdg_buf_clear(&e->phrase);
	mdg_buf_clear(&e->bare);
	mdg_buf_clear(&e->comment);
	mdg_buf_clear(&e->angle);
}

static void
put_both(struct element *e, const unsigned char *p, size_t n)
{
	mdg_buf_put(&e->phrase, p, n);
	mdg_buf_put(&e->bare, p, n);
}

/* The end of a quoted string from `at`; 0 if it is not closed. */
static size_t
quote_end(struct mdg_span t, size_t at)
{
	for (size_t i = at + 1; i < t.n; i++) {
		if (t.p[i] == '\\')
			i++;
		else if (t.p[i] == '"')
			return i;
	}
	return 0;
}

static void
put_unquoted(struct mdg_buf *out, struct mdg_span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		mdg_buf_putc(out, (char)s.p[i]);
	}
}

static void
scan_quoted(struct scanner *s, struct element *e)
{
	size_t end = quote_end(s->t, s->at);

	if (!end) { /* a quote without partner is nothing */
		s->flags |= MDG_ADDR_BROKEN;
		s->at++;
		return;
	}
	struct mdg_span in = mdg_span(s->t.p + s->at + 1, end - s->at - 1);
	put_unquoted(&e->phrase, in);
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
scan_comment(struct scanner *s, struct element *e)
{
	size_t end = comment_end(s->t, s->at);

	if (!end) {
		s->flags |= MDG_ADDR_BROKEN;
		put_both(e, s->t.p + s->at, 1);
		s->at++;
		return;
	}
	if (e->comment.len)
		mdg_buf_putc(&e->comment, ' ');
	put_unquoted(&e->comment,
		     mdg_span(s->t.p + s->at + 1, end - s->at - 1));
	/* kept where it stands: "(株)山田 <…>" is a name */
	mdg_buf_put(&e->phrase, s->t.p + s->at, end + 1 - s->at);
	mdg_buf_putc(&e->bare, ' ');
	s->at = end + 1;
}

static void
scan_angle(struct scanner *s, struct element *e)
{
	struct mdg_buf *b = &e->angle;

	mdg_buf_reset(b);
	e->has_angle = e->has_text = true;
	for (s->at++; s->at < s->t.n; s->at++) {
		unsigned char c = s->t.p[s->at];
		size_t end = c == '"' ? quote_end(s->t, s->at) : 0;
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
is_scheme(const struct element *e)
{
	struct mdg_span s = mdg_span_trim(mdg_buf_span(&e->bare));

	return s.n >= 6 &&
	       mdg_str_case_starts((const char *)s.p + s.n - 6, "mailto");
}

/* Read one element; returns the separator behind it, 0 at the end. */
static int
scan_element(struct scanner *s, struct element *e)
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
		} else if (c == ':' && !e->has_angle) {
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

/* -- one address ------------------------------------------------------ */

/* Take off needless quotes of the local part, all white space, "mailto:". */
static const char *
tidy(struct mdg_arena *a, struct mdg_span s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf words = {0};
	size_t end = 0;

	if (s.n >= 2 && s.p[0] == '=' && s.p[1] == '?') {
		mdg_words_decode_line(s, &words, NULL);
		s = mdg_buf_span(&words);
	}
	s = mdg_span_trim(s);
	if (s.n > 7 && mdg_str_case_starts((const char *)s.p, "mailto:"))
		s = mdg_span_from(s, 7);
	/* RFC 5322 §4.4: the route goes */
	const unsigned char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
	if (s.n && s.p[0] == '@' && colon)
		s = mdg_span_from(s, (size_t)(colon - s.p) + 1);
	s = mdg_span_trim(s);
	if (s.n && s.p[0] == '"')
		end = quote_end(s, 0);
	if (end) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf local = {0};
		put_unquoted(&local, mdg_span(s.p + 1, end - 1));
		bool plain = local.len > 0;
		for (size_t i = 0; i < local.len; i++)
			plain &= (unsigned char)local.ptr[i] > 0x20 &&
				 !strchr("\"(),:;<>@[\\]", local.ptr[i]);
		if (plain)
			mdg_buf_put(&b, local.ptr, local.len);
		else
			mdg_buf_put(&b, s.p, end + 1);
		s = mdg_span_from(s, end + 1);
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] > 0x20 && s.p[i] != 0x7F)
			mdg_buf_putc(&b, (char)s.p[i]);
	while (b.len && strchr(".,;>'", b.ptr[b.len - 1]) && b.len > 1 &&
	       memchr(b.ptr, '@', b.len - 1) && b.ptr[b.len - 2] != '@')
		b.ptr[--b.len] = '\0';
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};
	mdg_utf8_clean(&clean, mdg_buf_str(&b), b.len, true);
	return mdg_arena_strndup(a, mdg_buf_str(&clean), clean.len);
}

/* Text a@b, both sides not empty. */
static bool
has_at(struct mdg_span s)
{
	const unsigned char *at = s.n ? memrchr(s.p, '@', s.n) : NULL;

	return at && at > s.p && at < s.p + s.n - 1;
}

/* Another address written in a name; full-width signs count. */
static bool
name_shows_other(struct mdg_arena *a, const char *name, const char *key)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf narrow = {0};
	size_t n = strlen(name);
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(name + i, n - i, &cp);
		if (cp >= 0xFF01 && cp <= 0xFF5E)
			cp -= 0xFEE0;
		bool sep = cp <= 0x20 ||
			   (cp < 0x80 && strchr("<>()[]\"',;:", (int)cp)) ||
			   cp == 0x3000;
		mdg_utf8_put(&narrow, sep ? ' ' : cp);
	}
	for (const char *p = mdg_buf_str(&narrow); *p;) {
		size_t len = strcspn(p, " ");
		struct mdg_span word = mdg_span(p, len);
		const char *dot = len ? memrchr(p, '.', len) : NULL;
		if (has_at(word) && dot &&
		    dot > (const char *)memrchr(p, '@', len) &&
		    !mdg_streq(mdg_addr_key(a, tidy(a, word)), key))
			return true;
		p += len + (p[len] == ' ');
	}
	return false;
}

static const char *
name_of(struct scanner *s, struct mdg_span text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};

	mdg_words_decode_line(text, &line, NULL);
	struct mdg_span t = mdg_span_trim(mdg_buf_span(&line));
	/* 'Yamada' <…>, and quotes that were inside an encoded word */
	if (t.n >= 2 && (t.p[0] == '\'' || t.p[0] == '"') &&
	    t.p[t.n - 1] == t.p[0])
		t = mdg_span_trim(mdg_span(t.p + 1, t.n - 2));
	size_t n = mdg_utf8_cut((const char *)t.p, t.n, MDG_NAME_BYTES_MAX);
	return mdg_arena_strndup(s->a, (const char *)t.p, n);
}

static void
emit(struct scanner *s, const char *name, const char *address)
{
	if (s->out->n >= MDG_ADDRESSES_MAX ||
	    strlen(address) > MDG_ADDRESS_BYTES_MAX) {
		s->flags |= MDG_ADDR_CUT;
		return;
	}
	if (!*name && !*address)
		return;
	const char *key = mdg_addr_key(s->a, address);
	if (*address && name_shows_other(s->a, name, key))
		s->flags |= MDG_ADDR_SPOOFED;
	if (mdg_streq(name, address))
		name = "";
	mdg_addresses_add(s->out, s->a, name, address, key);
}

/* Spaces around '@' are closed up: "a @ b". */
static void
close_up(struct mdg_span in, struct mdg_buf *out)
{
	for (size_t i = 0; i < in.n; i++) {
		if (in.p[i] == '@')
			while (out->len && out->ptr[out->len - 1] == ' ')
				out->ptr[--out->len] = '\0';
		if (mdg_is_wsp(in.p[i]) && out->len &&
		    out->ptr[out->len - 1] == '@')
			continue;
		mdg_buf_putc(out, mdg_is_wsp(in.p[i]) ? ' ' : (char)in.p[i]);
	}
}

/* The length of the word at the head of s; a quoted part belongs to it. */
static size_t
word_len(struct mdg_span s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != ' ') {
		size_t end = s.p[i] == '"' ? quote_end(s, i) : 0;
		i = end ? end + 1 : i + 1;
	}
	return i;
}

/* No angle brackets: "a@b", "a@b (name)", "name a@b", "a@b c@d", "name". */
static void
emit_bare(struct scanner *s, struct element *e)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf rest = {0};
	const char *found[8];
	size_t n = 0;

	close_up(mdg_span_trim(mdg_buf_span(&e->bare)), &text);
	struct mdg_span t = mdg_buf_span(&text);
	while (t.n) {
		size_t len = word_len(t);
		struct mdg_span w = mdg_span(t.p, len);
		if (n < MDG_LEN(found) && has_at(w) &&
		    !(w.p[0] == '=' && w.n > 1 && w.p[1] == '?')) {
			found[n++] = tidy(s->a, w);
		} else if (len) {
			if (rest.len)
				mdg_buf_putc(&rest, ' ');
			put_unquoted(&rest, w);
		}
		t = mdg_span_trim(mdg_span_from(t, len));
	}
	if (n == 0) {
		const char *name = name_of(s, mdg_buf_span(&e->phrase));
		bool atom = !e->quoted && *name && !strchr(name, ' ') &&
			    mdg_addr_ascii(name);
		emit(s, atom ? "" : name, atom ? name : "");
		return;
	}
	if (rest.len == 0)
		mdg_buf_put(&rest, mdg_buf_str(&e->comment), e->comment.len);
	else
		s->flags |= MDG_ADDR_BROKEN;
	const char *name = name_of(s, mdg_buf_span(&rest));
	for (size_t i = 0; i < n; i++)
		emit(s, i == 0 ? name : "", found[i]);
}

static void
emit_angle(struct scanner *s, struct element *e)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf phrase = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf flat = {0};
	struct mdg_span in = mdg_span_trim(mdg_buf_span(&e->angle));

	if (s->held.len) {
		mdg_buf_put(&phrase, s->held.ptr, s->held.len);
		mdg_buf_puts(&phrase, ", ");
		mdg_buf_reset(&s->held);
	}
	struct mdg_span name = mdg_span_trim(mdg_buf_span(&e->phrase));
	/* nothing but a comment: its content is the name */
	if (mdg_span_trim(mdg_buf_span(&e->bare)).n == 0 && e->comment.len)
		name = mdg_buf_span(&e->comment);
	mdg_buf_put(&phrase, name.p, name.n);
	/* "<Yamada a@b>" */
	if (in.n && in.p[0] != '"' && in.p[0] != '@') {
		close_up(in, &flat);
		in = mdg_buf_span(&flat);
		for (size_t i = 0; i < in.n; i++) {
			struct mdg_span w = mdg_span_from(in, i);
			w.n = word_len(w);
			if (w.n < in.n && has_at(w)) {
				in = w;
				break;
			}
			i += w.n;
		}
	}
	const char *address = tidy(s->a, in);
	const char *shown = name_of(s, mdg_buf_span(&phrase));
	/* "a@b <>": the address stands outside */
	if (!*address && has_at(mdg_span_str(shown)) && !strchr(shown, ' ')) {
		address = shown;
		shown = "";
	}
	emit(s, shown, address);
}

/* A part without address before a ',' may be the first half of a name. */
static void
hold(struct scanner *s, struct element *e)
{
	struct mdg_span t = mdg_span_trim(mdg_buf_span(&e->phrase));

	if (s->held.len)
		mdg_buf_puts(&s->held, ", ");
	mdg_buf_put(&s->held, t.p, t.n);
}

static void
release(struct scanner *s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};

	if (s->held.len == 0)
		return;
	const char *name = name_of(s, mdg_buf_span(&s->held));
	bool atom = *name && !strpbrk(name, " ,") && mdg_addr_ascii(name);
	emit(s, atom ? "" : name, atom ? name : "");
	mdg_buf_reset(&s->held);
}

static void
scan_all(struct scanner *s)
{
	struct element e = {0};
	int sep = 1;

	while (sep) {
		element_reset(&e);
		sep = scan_element(s, &e);
		if (!e.has_text && e.comment.len == 0)
			continue;
		bool address = e.has_angle ||
			       memchr(mdg_buf_str(&e.bare), '@', e.bare.len);
		if (!address && sep == ',' && !e.quoted) {
			hold(s, &e);
			continue;
		}
		if (e.has_angle) {
			emit_angle(s, &e);
		} else {
			release(s);
			emit_bare(s, &e);
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

void
mdg_addr_parse(struct mdg_span raw, struct mdg_arena *a,
	       struct mdg_addresses *out, unsigned *flags)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf plain = {0};
	struct scanner s = {.a = a, .out = out};
	size_t before = out->n;

	if (raw.n > MDG_ADDR_HEADER_BYTES_MAX) {
		raw.n = MDG_ADDR_HEADER_BYTES_MAX;
		s.flags |= MDG_ADDR_CUT;
	}
	mdg_field_text(raw, &text, NULL);
	s.t = mdg_buf_span(&text);
	scan_all(&s);
	if (!any_address(out, before)) {
		/* the whole mailbox inside an encoded word */
		mdg_words_decode_line(mdg_buf_span(&text), &plain, NULL);
		bool hidden =
			plain.len != text.len && has_at(mdg_buf_span(&plain));
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
