#include "madoguchi/mail/utf7imap.h"
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

struct bits {
	uint32_t acc;
	unsigned n;
};

static void
put_unit(struct mdg_buf *out, struct bits *b, uint32_t unit)
{
	b->acc = b->acc << 16 | unit;
	b->n += 16;
	while (b->n >= 6) {
		b->n -= 6;
		mdg_buf_putc(out, alphabet[b->acc >> b->n & 63]);
	}
}

static void
shift_out(struct mdg_buf *out, struct bits *b)
{
	if (b->n > 0)
		mdg_buf_putc(out, alphabet[b->acc << (6 - b->n) & 63]);
	*b = (struct bits){0};
	mdg_buf_putc(out, '-');
}

static bool
encode(const char *s, size_t n, struct mdg_buf *out)
{
	struct bits b = {0};
	bool shifted = false;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += mdg_utf8_next(s + i, n - i, &cp);
		if (cp < 0x20 || cp == 0x7f)
			return false;
		if (cp < 0x7f) {
			if (shifted)
				shift_out(out, &b);
			shifted = false;
			mdg_buf_puts(out, cp == '&' ? "&-" : "");
			if (cp != '&')
				mdg_buf_putc(out, (char)cp);
			continue;
		}
		if (!shifted)
			mdg_buf_putc(out, '&');
		shifted = true;
		if (cp > 0xffff) {
			put_unit(out, &b, 0xd800 + ((cp - 0x10000) >> 10));
			cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		}
		put_unit(out, &b, cp);
	}
	if (shifted)
		shift_out(out, &b);
	return mdg_buf_ok(out);
}

bool
mdg_utf7imap_encode(const char *utf8, struct mdg_buf *out)
{
	size_t n = strlen(utf8);
	return mdg_utf8_valid(utf8, n) && encode(utf8, n, out);
}

/* One shifted run, from behind its '&' to its '-'. */
static const char *
decode_run(const char *p, struct mdg_buf *out)
{
	struct bits b = {0};
	uint32_t high = 0;
	for (; *p != '-'; p++) {
		const char *at = *p != '\0' ? strchr(alphabet, *p) : NULL;
		if (at == NULL)
			return NULL;
		b.acc = (b.acc << 6 | (uint32_t)(at - alphabet)) & 0x3fffff;
		b.n += 6;
		if (b.n < 16)
			continue;
		b.n -= 16;
		uint32_t unit = b.acc >> b.n & 0xffff;
		if (unit >= 0xdc00 && unit < 0xe000) {
			if (high == 0)
				return NULL;
			mdg_utf8_put(out, 0x10000 + ((high - 0xd800) << 10) +
						  (unit - 0xdc00));
			high = 0;
		} else if (high != 0) {
			return NULL;
		} else if (unit >= 0xd800 && unit < 0xdc00) {
			high = unit;
		} else {
			mdg_utf8_put(out, unit);
		}
	}
	return high == 0 ? p + 1 : NULL;
}

bool
mdg_utf7imap_decode(const char *name, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf again = {0};
	for (const char *p = name; *p != '\0';) {
		if (*p != '&') {
			mdg_buf_putc(&text, *p++);
		} else if (p[1] == '-') {
			mdg_buf_putc(&text, '&');
			p += 2;
		} else {
			p = decode_run(p + 1, &text);
			if (p == NULL)
				return false;
		}
	}
	/* Whatever encode would spell otherwise is not a name of ours. */
	if (!mdg_utf7imap_encode(mdg_buf_str(&text), &again) ||
	    !mdg_streq(mdg_buf_str(&again), name))
		return false;
	return mdg_buf_put(out, mdg_buf_str(&text), text.len);
}

void
mdg_utf7imap_show(const char *name, struct mdg_buf *out)
{
	if (!mdg_utf7imap_decode(name, out))
		mdg_utf8_clean(out, name, strlen(name), true);
}

bool
mdg_utf7imap_typed(const char *typed, struct mdg_buf *out)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf decoded = {0};

	if (mdg_utf7imap_decode(typed, &decoded))
		return mdg_buf_puts(out, typed);
	return *typed && mdg_utf7imap_encode(typed, out);
}
