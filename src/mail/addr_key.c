/* Addresses: comparing, checking, writing. Part of mail/addr.h. */
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/addr.h"
#include "token.h"

enum { LINE_COLUMNS = 76 };

const char *
mdg_addr_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "";
}

/* Characters of an unquoted local part as they arrive (dots anywhere). */
static bool
is_local_char(unsigned char c)
{
	return c > 0x20 && c != 0x7F && !strchr("\"(),:;<>@[\\]", c);
}

/* The local part without needless quotes: '"a..b."' is 'a..b.'. */
static struct mdg_span
bare_local(struct mdg_span s)
{
	if (s.n < 3 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return s;
	for (size_t i = 1; i < s.n - 1; i++)
		if (!is_local_char(s.p[i]))
			return s;
	return mdg_span(s.p + 1, s.n - 2);
}

const char *
mdg_addr_wire(struct mdg_arena *a, const char *address)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	const char *at = strrchr(address, '@');

	if (!at || mdg_addr_ascii(at))
		return mdg_arena_strdup(a, address);
	mdg_buf_put(&out, address, (size_t)(at + 1 - address));
	if (!mdg_domain_to_ascii(at + 1, &out) ||
	    out.len > MDG_ADDRESS_BYTES_MAX)
		return mdg_arena_strdup(a, address);
	return mdg_arena_strdup(a, mdg_buf_str(&out));
}

const char *
mdg_addr_key(struct mdg_arena *a, const char *address)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};
	const char *wire = mdg_addr_wire(a, address);
	const char *at = strrchr(wire, '@');
	struct mdg_span local = mdg_span_str(wire);

	if (at)
		local = bare_local(mdg_span(wire, (size_t)(at - wire)));
	mdg_buf_put(&out, local.p, local.n);
	mdg_buf_puts(&out, at ? at : "");
	while (at && out.len && out.ptr[out.len - 1] == '.')
		out.ptr[--out.len] = '\0';
	for (char *p = out.ptr; p && *p; p++)
		*p = (char)mdg_ascii_lower(*p);
	return mdg_arena_strdup(a, mdg_buf_str(&out));
}

bool
mdg_addr_same(const char *x, const char *y)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};

	return mdg_streq(mdg_addr_key(&a, x), mdg_addr_key(&a, y));
}

bool
mdg_addr_ascii(const char *address)
{
	for (; *address; address++)
		if ((unsigned char)*address >= 0x80)
			return false;
	return true;
}

static bool
is_domain(const char *d)
{
	if (*d == '[') {
		size_t n = strspn(d + 1, "0123456789abcdefABCDEFIPv:.");
		return n && mdg_streq(d + 1 + n, "]");
	}
	if (!*d || *d == '.' || *d == '-')
		return false;
	for (; *d; d++) {
		unsigned char c = (unsigned char)*d;
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '-' || c == '_' ||
			  c >= 0x80 || (c == '.' && d[1] && d[1] != '.');
		if (!ok)
			return false;
	}
	return true;
}

bool
mdg_addr_valid(const char *address)
{
	size_t n = address ? strlen(address) : 0, i = 0;
	uint32_t cp;

	if (n < 3 || n > MDG_ADDRESS_BYTES_MAX || !mdg_utf8_valid(address, n) ||
	    strstr(address, "=?")) /* would be read as an encoded word */
		return false;
	for (size_t k = 0; k < n;) {
		k += mdg_utf8_next(address + k, n - k, &cp);
		if (cp <= 0x20 || (cp >= 0x7F && cp <= 0xA0) || cp == 0x2028 ||
		    cp == 0x2029 || cp == 0x3000)
			return false;
	}
	if (address[0] == '"') {
		for (i = 1; i < n && address[i] != '"'; i++)
			if (address[i] == '\\' || address[i] == '<' ||
			    address[i] == '>')
				return false;
		if (i < 2 || i >= n)
			return false;
		i++;
	} else {
		while (i < n && is_local_char((unsigned char)address[i]))
			i++;
	}
	return i > 0 && i <= 64 + 2 && i < n && address[i] == '@' &&
	       is_domain(address + i + 1);
}

/* Atoms and single spaces: needs no quotes. */
static bool
is_plain_name(const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		bool atext = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') ||
			     strchr("!#$%&'*+-/=?^_`{|}~ ", c);
		if (!atext)
			return false;
	}
	return true;
}

static void
put_quoted(struct mdg_buf *out, const char *s)
{
	mdg_buf_putc(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			mdg_buf_putc(out, '\\');
		mdg_buf_putc(out, *s);
	}
	mdg_buf_putc(out, '"');
}

void
mdg_addr_format(const struct mdg_address *addr, struct mdg_buf *out,
		size_t *column)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf clean = {0};
	const char *name = addr->name ? addr->name : "";
	const char *address = mdg_addr_wire(&a, addr->address);
	size_t n = strlen(address), before = out->len;

	mdg_utf8_clean(&clean, name, strlen(name), true);
	name = mdg_buf_str(&clean);
	if (!*name) {
		mdg_buf_puts(out, address);
		*column += n;
		return;
	}
	if (!mdg_addr_ascii(name) || strstr(name, "=?") || strlen(name) > 60) {
		mdg_words_put_encoded(name, clean.len, column, out);
	} else {
		if (is_plain_name(name))
			mdg_buf_puts(out, name);
		else
			put_quoted(out, name);
		*column += out->len - before;
	}
	if (*column + n + 3 > LINE_COLUMNS) {
		mdg_buf_puts(out, "\r\n");
		*column = 0;
	}
	mdg_buf_printf(out, " <%s>", address);
	*column += n + 3;
}

void
mdg_addrs_format(const struct mdg_addresses *list, struct mdg_buf *out,
		 size_t *column)
{
	for (size_t i = 0; i < list->n; i++) {
		size_t n = strlen(list->v[i].address) +
			   strlen(list->v[i].name ? list->v[i].name : "");
		if (i) {
			mdg_buf_putc(out, ',');
			if (*column + n + 6 > LINE_COLUMNS) {
				mdg_buf_puts(out, "\r\n ");
				*column = 1;
			} else {
				mdg_buf_putc(out, ' ');
				*column += 2;
			}
		}
		mdg_addr_format(&list->v[i], out, column);
	}
}
