/* Addresses out of elements; see addr_scan.h. */
#include "addr_scan.h"

#include <stdint.h>
#include <string.h>

#include "codec.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "token.h"

size_t
mdg_addr_quote_end(struct mdg_span t, size_t at)
{
	t = mdg_span_near(t, at);
	for (size_t i = at + 1; i < t.n; i++) {
		if (t.p[i] == '\\')
			i++;
		else if (t.p[i] == '"')
			return i;
	}
	return 0;
}

void
mdg_addr_put_unquoted(struct mdg_buf *out, struct mdg_span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		mdg_buf_putc(out, (char)s.p[i]);
	}
}

/* Without controls, and without spaces and marks that nobody can see. */
static const char *
visible(struct mdg_arena *a, struct mdg_span s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	uint32_t cp;

	mdg_utf8_clean(&clean, (const char *)s.p, s.n, true);
	for (size_t i = 0; i < clean.len;) {
		i += mdg_utf8_next(clean.ptr + i, clean.len - i, &cp);
		bool hidden = cp == 0xA0 || cp == 0xAD || cp == 0x3000 ||
			      cp == 0xFEFF || cp == 0x061C ||
			      (cp >= 0x2000 && cp <= 0x200F) || cp == 0x2028 ||
			      cp == 0x2029 || cp == 0x2060;
		if (!hidden)
			mdg_utf8_put(&out, cp);
	}
	return mdg_arena_strndup(a, mdg_buf_str(&out), out.len);
}

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
	/* "[a@b]", "[mailto:a@b]", but not "a@[192.0.2.1]" */
	if (s.n && s.p[0] == '[')
		s = mdg_span_from(s, 1);
	if (s.n && s.p[s.n - 1] == ']' && !memchr(s.p, '[', s.n))
		s.n--;
	if (s.n > 7 && mdg_str_case_starts((const char *)s.p, "mailto:"))
		s = mdg_span_from(s, 7);
	/* RFC 5322 §4.4: the route goes */
	const unsigned char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
	if (s.n && s.p[0] == '@' && colon)
		s = mdg_span_from(s, (size_t)(colon - s.p) + 1);
	s = mdg_span_trim(s);
	if (s.n && s.p[0] == '"')
		end = mdg_addr_quote_end(s, 0);
	if (end) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf local = {0};
		mdg_addr_put_unquoted(&local, mdg_span(s.p + 1, end - 1));
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
	return visible(a, mdg_buf_span(&b));
}

bool
mdg_addr_has_at(struct mdg_span s)
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
		if (mdg_addr_has_at(word) && dot &&
		    dot > (const char *)memrchr(p, '@', len) &&
		    !mdg_streq(mdg_addr_key(a, tidy(a, word)), key))
			return true;
		p += len + (p[len] == ' ');
	}
	return false;
}

const char *
mdg_addr_name(struct mdg_addr_scanner *s, struct mdg_span text)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf line = {0};

	mdg_words_decode_line(text, &line, NULL);
	struct mdg_span t = mdg_span_trim(mdg_buf_span(&line));
	/* 'Yamada' <…>, and quotes that were inside an encoded word */
	if (t.n >= 2 && (t.p[0] == '\'' || t.p[0] == '"') &&
	    t.p[t.n - 1] == t.p[0])
		t = mdg_span_trim(mdg_span(t.p + 1, t.n - 2));
	/* where parts met there may be two blanks */
	MDG_AUTO(mdg_buf_clear) struct mdg_buf name = {0};
	for (size_t i = 0; i < t.n; i++)
		if (i == 0 || t.p[i] != ' ' || t.p[i - 1] != ' ')
			mdg_buf_putc(&name, (char)t.p[i]);
	size_t n =
		mdg_utf8_cut(mdg_buf_str(&name), name.len, MDG_NAME_BYTES_MAX);
	return mdg_arena_strndup(s->a, mdg_buf_str(&name), n);
}

void
mdg_addr_emit(struct mdg_addr_scanner *s, const char *name, const char *address)
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
		size_t end = s.p[i] == '"' ? mdg_addr_quote_end(s, i) : 0;
		i = end ? end + 1 : i + 1;
	}
	return i;
}

/* No angle brackets: "a@b", "a@b (name)", "name a@b", "a@b c@d", "name". */
void
mdg_addr_emit_bare(struct mdg_addr_scanner *s, struct mdg_addr_element *e)
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
		if (n < MDG_LEN(found) && mdg_addr_has_at(w) &&
		    !(w.p[0] == '=' && w.n > 1 && w.p[1] == '?')) {
			found[n++] = tidy(s->a, w);
		} else if (len) {
			if (rest.len)
				mdg_buf_putc(&rest, ' ');
			mdg_addr_put_unquoted(&rest, w);
		}
		t = mdg_span_trim(mdg_span_from(t, len));
	}
	if (n == 0) {
		const char *name = mdg_addr_name(s, mdg_buf_span(&e->phrase));
		bool atom = !e->quoted && *name && !strchr(name, ' ') &&
			    mdg_addr_ascii(name);
		mdg_addr_emit(s, atom ? "" : name, atom ? name : "");
		return;
	}
	if (rest.len == 0)
		mdg_buf_put(&rest, mdg_buf_str(&e->comment), e->comment.len);
	else
		s->flags |= MDG_ADDR_BROKEN;
	const char *name = mdg_addr_name(s, mdg_buf_span(&rest));
	for (size_t i = 0; i < n; i++)
		mdg_addr_emit(s, i == 0 ? name : "", found[i]);
}

void
mdg_addr_emit_angle(struct mdg_addr_scanner *s, struct mdg_addr_element *e)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf phrase = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf flat = {0};
	struct mdg_span in = mdg_span_trim(mdg_buf_span(&e->angle));

	if (s->held.len) {
		mdg_buf_put(&phrase, s->held.ptr, s->held.len);
		mdg_buf_putc(&phrase, ' ');
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
			if (w.n < in.n && mdg_addr_has_at(w)) {
				in = w;
				break;
			}
			i += w.n;
		}
	}
	const char *address = tidy(s->a, in);
	const char *shown = mdg_addr_name(s, mdg_buf_span(&phrase));
	/* "a@b <>": the address stands outside */
	if (!*address && mdg_addr_has_at(mdg_span_str(shown)) &&
	    !strchr(shown, ' ')) {
		address = tidy(s->a, mdg_span_str(shown));
		shown = "";
	}
	mdg_addr_emit(s, shown, address);
}
