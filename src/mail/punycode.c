/*
 * Domains with characters beyond ASCII as the DNS knows them: A-labels,
 * RFC 3492. Lower case and full-width forms are mapped (of RFC 5895 that is
 * what Japanese keyboards produce); the rest must be in its usual form.
 */
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "token.h"

enum {
	BASE = 36,
	T_MIN = 1,
	T_MAX = 26,
	SKEW = 38,
	DAMP = 700,
	FIRST_BIAS = 72,
	FIRST_N = 0x80,
	LABEL_CHARS_MAX = 63,
};

static uint32_t
adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static char
digit(uint32_t d)
{
	return (char)(d < 26 ? 'a' + d : '0' + (d - 26));
}

/* delta as a variable-length integer, RFC 3492 §6.3. */
static void
put_delta(struct mdg_buf *out, uint32_t q, uint32_t bias)
{
	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias           ? T_MIN
			     : k >= bias + T_MAX ? T_MAX
						 : k - bias;
		if (q < t)
			break;
		mdg_buf_putc(out, digit(t + (q - t) % (BASE - t)));
		q = (q - t) / (BASE - t);
	}
	mdg_buf_putc(out, digit(q));
}

static void
put_label(struct mdg_buf *out, const uint32_t *cp, uint32_t len)
{
	uint32_t n = FIRST_N, delta = 0, bias = FIRST_BIAS, basic = 0, done;

	for (uint32_t i = 0; i < len; i++)
		basic += cp[i] < 0x80;
	if (basic < len)
		mdg_buf_puts(out, "xn--");
	for (uint32_t i = 0; i < len; i++)
		if (cp[i] < 0x80)
			mdg_buf_putc(out, (char)cp[i]);
	if (basic && basic < len)
		mdg_buf_putc(out, '-');
	for (done = basic; done < len; delta++, n++) {
		uint32_t next = UINT32_MAX;
		for (uint32_t i = 0; i < len; i++)
			if (cp[i] >= n && cp[i] < next)
				next = cp[i];
		delta += (next - n) * (done + 1); /* 63 × 0x110000 fits */
		n = next;
		for (uint32_t i = 0; i < len; i++) {
			delta += cp[i] < n;
			if (cp[i] != n)
				continue;
			put_delta(out, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
}

bool
mdg_domain_to_ascii(const char *domain, struct mdg_buf *out)
{
	uint32_t label[LABEL_CHARS_MAX], cp, len = 0;
	size_t n = strlen(domain);

	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(domain + i, n - i, &cp);
		if (cp >= 0xFF01 && cp <= 0xFF5E)
			cp -= 0xFEE0;
		if (cp == 0x3002 || cp == 0xFF61)
			cp = '.';
		if (cp < 0x80)
			cp = (uint32_t)mdg_ascii_lower((int)cp);
		if (cp == '.') {
			put_label(out, label, len);
			mdg_buf_putc(out, '.');
			len = 0;
		} else if (len == LABEL_CHARS_MAX) {
			return false;
		} else {
			label[len++] = cp;
		}
	}
	put_label(out, label, len);
	return true;
}
