#include "slots_form.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

static bool
is_wide_space(const char *s, size_t n)
{
	return n >= 3 && memcmp(s, "　", 3) == 0;
}

char *
form_name(struct mdg_arena *a, const char *s, size_t n)
{
	static const char *const cut[] = {"様", "　", " ", "\r", "\t"};
	bool again = true;

	while (n > 0 && (*s == ' ' || *s == '\t' || is_wide_space(s, n))) {
		size_t len = is_wide_space(s, n) ? 3 : 1;
		s += len;
		n -= len;
	}
	/* 田中様 writes about somebody else, or in a form */
	while (again) {
		again = false;
		for (size_t i = 0; i < MDG_LEN(cut); i++) {
			size_t len = strlen(cut[i]);
			if (n <= len || memcmp(s + n - len, cut[i], len) != 0)
				continue;
			n -= len;
			again = true;
		}
	}
	return mdg_arena_strndup(a, s, n);
}

char *
form_place(struct mdg_arena *a, const char *s)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	while (*s) {
		size_t gap = strspn(s, " \t\r\n"), n;
		if (gap && b.len)
			mdg_buf_putc(&b, ' ');
		s += gap;
		n = strcspn(s, " \t\r\n");
		mdg_buf_put(&b, s, n);
		s += n;
	}
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}

char *
form_upper(struct mdg_arena *a, const char *s, size_t n)
{
	char *out = mdg_arena_strndup(a, s, n);

	for (char *p = out; *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return out;
}

/* What the sign at s says of a number: a digit, or a unit in *unit. */
static size_t
number_sign(const char *s, size_t n, int *digit, int64_t *unit)
{
	static const char *const digits[] = {"〇", "一", "二", "三", "四",
					     "五", "六", "七", "八", "九"};
	static const struct {
		const char *c;
		int64_t unit;
	} units[] = {{"十", 10},
		     {"百", 100},
		     {"千", 1000},
		     {"万", 10000},
		     {"億", 100000000}};

	*digit = -1;
	*unit = 0;
	if (*s >= '0' && *s <= '9') {
		*digit = *s - '0';
		return 1;
	}
	for (size_t k = 0; k < MDG_LEN(digits) && n >= 3; k++)
		if (memcmp(s, digits[k], 3) == 0) {
			*digit = (int)k;
			return 3;
		}
	for (size_t k = 0; k < MDG_LEN(units) && n >= 3; k++)
		if (memcmp(s, units[k].c, 3) == 0) {
			*unit = units[k].unit;
			return 3;
		}
	return 1;
}

/* Digits with a leading 0; NULL if it is no customer's phone. */
char *
form_phone(struct mdg_arena *a, const char *s, size_t start, size_t end)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t i = start, line = start;

	if (s[i] == '+') {
		i += 3;
		mdg_buf_putc(&b, '0');
	}
	while (i < end) {
		int digit;
		int64_t unit;
		i += number_sign(s + i, end - i, &digit, &unit);
		if (digit >= 0)
			mdg_buf_putc(&b, (char)('0' + digit));
	}
	const char *d = mdg_buf_str(&b);
	bool mobile = mdg_str_starts(d, "090") || mdg_str_starts(d, "080") ||
		      mdg_str_starts(d, "070") || mdg_str_starts(d, "050");
	if (b.len != (mobile ? 11u : 10u) || mdg_str_starts(d, "0120") ||
	    mdg_str_starts(d, "0570") || mdg_str_starts(d, "0800"))
		return NULL;
	while (line > 0 && s[line - 1] != '\n')
		line--;
	if (memmem(s + line, start - line, "FAX", 3) ||
	    memmem(s + line, start - line, "Fax", 3) ||
	    memmem(s + line, start - line, "ファ", strlen("ファ")) ||
	    memmem(s + line, start - line, "注文", strlen("注文")))
		return NULL;
	return mdg_arena_strdup(a, d);
}

char *
form_amount(struct mdg_arena *a, const char *s, size_t n)
{
	enum { TRILLION = 1000 };
	const double most = 1e9 * TRILLION;
	double total = 0, section = 0, number = 0, scale = 0;
	bool any = false, open = false; /* open: a number waits for its unit */

	for (size_t i = 0; i < n;) {
		int digit;
		int64_t unit;
		bool point = s[i] == '.';
		i += number_sign(s + i, n - i, &digit, &unit);
		if (point) {
			scale = 0.1;
		} else if (digit >= 0) {
			any = open = true;
			number = scale > 0 ? number + digit * scale
					   : number * 10 + digit;
			scale /= 10;
		} else if (unit) {
			any = true;
			if (unit < 10000) {
				section += (open ? number : 1) * (double)unit;
			} else {
				section += open ? number : section == 0;
				total += section * (double)unit;
				section = 0;
			}
			number = scale = 0;
			open = false;
		}
		if (number > most || total > most)
			return NULL;
	}
	return any ? mdg_arena_printf(a, "%.0f", total + section + number)
		   : NULL;
}
