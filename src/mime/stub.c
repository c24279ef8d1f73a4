#include "stub.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum {
	STUB_BYTES_MAX = 800, /* longer texts are read as they are */
	FAR_SHORTER = 4,
	FAR_SHORTER_MIN = 200,
};

/* Words that plain parts use which only point at the HTML part, in lower
 * case. */
static const char *const phrases[] = {
	"htmlメール",
	"ＨＴＭＬメール",
	"html形式",
	"ＨＴＭＬ形式",
	"html対応",
	"html表示",
	"ブラウザで",
	"ブラウザー",
	"ウェブページで",
	"web版",
	"this is an html",
	"html email",
	"html e-mail",
	"html mail",
	"html message",
	"html format",
	"html version",
	"html-capable",
	"html capable",
	"html-enabled",
	"support html",
	"supports html",
	"view this email",
	"view this message",
	"view it in your browser",
	"in a browser",
	"in your browser",
	"web browser",
	"online version",
	"enable html",
};

/* Characters but for spaces: eight bytes at a time, each with a bit at its top
 * that says whether it counts. */
static size_t
count_signs(const char *s, size_t n)
{
	const uint64_t ones = 0x0101010101010101, top = ones * 0x80;
	size_t ret = 0;

	for (; n >= 8; s += 8, n -= 8) {
		uint64_t v, low, x, space;

		memcpy(&v, s, 8);
		low = v & ~top;
		/* the top bit of a byte stays clear only where it is zero */
		x = (low ^ ones * ' ') + ~top;
		space = ~x;
		x = (low ^ ones * '\t') + ~top;
		space |= ~x;
		x = (low ^ ones * '\n') + ~top;
		space |= ~x;
		/* 10xxxxxx goes on with a character; 0x80 and above is no space
		 */
		uint64_t on = v & ~(v << 1);
		ret += (size_t)__builtin_popcountll(~((space & ~v) | on) & top);
	}
	for (; n > 0; s++, n--)
		ret += (*s & 0xc0) != 0x80 && *s != ' ' && *s != '\t' &&
		       *s != '\n';
	return ret;
}

/* Characters that count: no spaces, and no "<https://…>" that rendering the
 * HTML has added. */
static size_t
weight(const char *s)
{
	size_t n = 0;

	while (*s) {
		const char *lt = strchrnul(s, '<');

		n += count_signs(s, (size_t)(lt - s));
		s = lt;
		if (mdg_str_starts(s, "<http")) {
			s += strcspn(s, ">");
		} else if (*s) {
			n++;
			s++;
		}
	}
	return n;
}

static bool
has_phrase(const char *s)
{
	char lower[STUB_BYTES_MAX];
	size_t n = 0;

	for (; s[n] && n + 1 < sizeof(lower); n++)
		lower[n] = (char)mdg_ascii_lower((unsigned char)s[n]);
	lower[n] = '\0';
	for (size_t i = 0; i < MDG_LEN(phrases); i++)
		if (strstr(lower, phrases[i]))
			return true;
	return false;
}

bool
mime_stub_doubt(const char *plain, size_t html_bytes)
{
	size_t n = strlen(plain);

	if (weight(plain) == 0)
		return true;
	if (n < STUB_BYTES_MAX && has_phrase(plain))
		return true;
	return html_bytes > n * FAR_SHORTER;
}

size_t
mime_stub_needs(const char *plain)
{
	size_t p = weight(plain);
	size_t far = p * FAR_SHORTER > p + FAR_SHORTER_MIN
			     ? p * FAR_SHORTER
			     : p + FAR_SHORTER_MIN;

	if (p == 0)
		return 1;
	if (strlen(plain) < STUB_BYTES_MAX && has_phrase(plain))
		return p / FAR_SHORTER + 1;
	return far + 1;
}

/* Does b hold the head of a, whatever its spaces? */
static bool
holds_head(const char *b, const char *a)
{
	enum { HEAD = 48 };
	char want[HEAD + 1];
	size_t n = 0;

	for (; *a && n < HEAD; a++)
		if ((unsigned char)*a > ' ')
			want[n++] = *a;
	for (; *b; b++) {
		size_t k = 0;
		for (const char *p = b; *p && k < n; p++) {
			if ((unsigned char)*p <= ' ')
				continue;
			if (*p != want[k])
				break;
			k++;
		}
		if (k == n)
			return true;
	}
	return false;
}

bool
mime_stub_is(const char *plain, const char *html_text)
{
	/* what only points at the other is not said again there */
	size_t p = weight(plain), html = weight(html_text);

	if (p && strlen(plain) < STUB_BYTES_MAX && has_phrase(plain) &&
	    holds_head(html_text, plain))
		return html > p + p / 2;
	return html >= mime_stub_needs(plain);
}

/* "<bold>x</bold>" is x, "<<" is "<", <param>…</param> is not shown, one
 * line break is a space and n of them are n - 1. */
void
mime_enriched_text(const struct mdg_buf *in, struct mdg_buf *out)
{
	const char *s = mdg_buf_str(in);
	bool nofill = false;

	while (*s) {
		if (mdg_str_starts(s, "<<")) {
			mdg_buf_putc(out, '<');
			s += 2;
		} else if (*s == '<') {
			const char *gt = strchr(s, '>');
			if (mdg_str_case_starts(s, "<param>")) {
				const char *e = mdg_strcasestr(s, "</param>");
				gt = e ? strchr(e, '>') : NULL;
			}
			if (mdg_str_case_starts(s, "<nofill>") ||
			    mdg_str_case_starts(s, "</nofill>"))
				nofill = s[1] != '/';
			if (mdg_str_case_starts(s, "<nl>"))
				mdg_buf_putc(out, '\n');
			s = gt ? gt + 1 : s + strlen(s);
		} else if (*s == '\n' && !nofill) {
			size_t n = strspn(s, "\n");
			if (n == 1)
				mdg_buf_putc(out, ' ');
			for (size_t i = 1; i < n; i++)
				mdg_buf_putc(out, '\n');
			s += n;
		} else {
			mdg_buf_putc(out, *s++);
		}
	}
}

/* The value of a property of the first event, unfolded and unescaped. */
static bool
property(const char *ics, const char *name, struct mdg_buf *out)
{
	const char *event = strstr(ics, "BEGIN:VEVENT");
	size_t n = strlen(name);

	for (const char *l = event; l; l = strchr(l, '\n'), l = l ? l + 1 : l) {
		if (strncasecmp(l, name, n) != 0 || !strchr(":;", l[n]))
			continue;
		const char *v = l + n;
		for (bool q = false; *v && *v != '\n' && (q || *v != ':'); v++)
			q ^= *v == '"';
		if (*v != ':')
			return false;
		for (v++; *v; v++) {
			if (*v == '\n' && (v[1] == ' ' || v[1] == '\t')) {
				v++;
			} else if (*v == '\n') {
				break;
			} else if (*v == '\\' && v[1]) {
				v++;
				mdg_buf_putc(out,
					     *v == 'n' || *v == 'N' ? ' ' : *v);
			} else {
				mdg_buf_putc(out, *v);
			}
		}
		return out->len > 0;
	}
	return false;
}

/* "20261121T100000Z" as "2026-11-21 10:00 UTC"; others as they stand. */
static void
put_time(const char *v, struct mdg_buf *out)
{
	if (strspn(v, "0123456789") != 8) {
		mdg_buf_puts(out, v);
		return;
	}
	mdg_buf_printf(out, "%.4s-%.2s-%.2s", v, v + 4, v + 6);
	if (v[8] == 'T' && strspn(v + 9, "0123456789") >= 4)
		mdg_buf_printf(out, " %.2s:%.2s", v + 9, v + 11);
	if (strlen(v) > 9 && v[strlen(v) - 1] == 'Z')
		mdg_buf_puts(out, " UTC");
}

void
mime_calendar_text(const char *ics, struct mdg_buf *out)
{
	static const struct {
		const char *name;
		bool time;
	} lines[] = {{"SUMMARY", false},
		     {"DTSTART", true},
		     {"DTEND", true},
		     {"LOCATION", false},
		     {"DESCRIPTION", false}};

	for (size_t i = 0; i < MDG_LEN(lines); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf v = {0};

		if (!property(ics, lines[i].name, &v))
			continue;
		mdg_buf_printf(out, "%s: ", lines[i].name);
		if (lines[i].time)
			put_time(v.ptr, out);
		else
			mdg_buf_put(out, v.ptr, v.len);
		mdg_buf_putc(out, '\n');
	}
}
