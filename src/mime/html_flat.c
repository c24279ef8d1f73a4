#include "html_in.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

/*
 * The text of HTML whose tree was given up: everything outside of tags, with
 * the line ends that the tags make.
 */

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 16;
}

/* Of a character reference at s; 0 if it is none that matters. */
static uint32_t
reference(const char *s, size_t *len)
{
	static const struct {
		const char *name;
		uint32_t cp;
	} names[] = {{"&nbsp;", ' '}, {"&lt;", '<'},    {"&gt;", '>'},
		     {"&amp;", '&'},  {"&quot;", '"'},  {"&apos;", '\''},
		     {"&yen;", 0xa5}, {"&copy;", 0xa9}, {"&middot;", 0xb7}};

	for (size_t i = 0; i < MDG_LEN(names); i++)
		if (mdg_str_starts(s, names[i].name)) {
			*len = strlen(names[i].name);
			return names[i].cp;
		}
	if (s[1] != '#')
		return 0;
	bool hex = (s[2] | 32) == 'x';
	const char *p = s + (hex ? 3 : 2);
	uint32_t v = 0;
	for (int d; v <= 0x10ffff && (d = digit(*p)) < (hex ? 16 : 10); p++)
		v = v * (hex ? 16 : 10) + (uint32_t)d;
	*len = (size_t)(p - s) + (*p == ';');
	return v >= ' ' && v <= 0x10ffff ? v : 0;
}

static void
plain_text(struct mdg_buf *out, const char *s, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t from = 0, len;

	if (s[strspn(s, " \t\r\n")] == '<') { /* between two tags */
		if (!memchr(s, '\n', n))
			mdg_buf_put(out, s, n > 0);
		return;
	}
	for (const char *amp = s;
	     (amp = memchr(amp, '&', n - (size_t)(amp - s))); amp++) {
		uint32_t cp = reference(amp, &len);
		size_t at = (size_t)(amp - s);

		if (!cp || len > n - at)
			continue;
		mdg_buf_put(&b, s + from, at - from);
		mdg_utf8_put(&b, cp);
		from = at + len;
		amp += len - 1;
	}
	mdg_buf_put(&b, s + from, n - from);
	mdg_utf8_clean(out, mdg_buf_str(&b), b.len, false);
}

/* What a tag does to the line: nothing, a tab, or its end. */
static char
break_of(const char *tag)
{
	static const char *const lines[] = {
		"br",  "/p",  "/div",   "/tr",         "/li", "/h1", "/h2",
		"/h3", "/h4", "/table", "/blockquote", "hr",  "/pre"};
	size_t n = *tag == '/';

	while ((tag[n] | 32) >= 'a' && (tag[n] | 32) <= 'z')
		n++;
	n += tag[n] >= '1' && tag[n] <= '6';
	for (size_t i = 0; i < MDG_LEN(lines); i++)
		if (html_is(mdg_span(tag, n), lines[i]))
			return '\n';
	return html_is(mdg_span(tag, n), "/td") ? '\t' : '\0';
}

void
html_flat_text(const struct mdg_html *h, struct mdg_buf *out)
{
	const char *p = h->s, *end = h->s + h->n;

	while (p < end) {
		const char *lt = memchr(p, '<', (size_t)(end - p));
		const char *stop = lt ? lt : end;

		plain_text(out, p, (size_t)(stop - p));
		if (!lt)
			break;
		const char *gt = memchr(lt, '>', (size_t)(end - lt));
		char c = gt ? break_of(lt + 1) : '\0';

		if (c)
			mdg_buf_putc(out, c);
		p = gt ? gt + 1 : end;
	}
}
