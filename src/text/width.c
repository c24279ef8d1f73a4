#include "madoguchi/text/width.h"

#include <stdbool.h>
#include <string.h>

#include <unicode/uchar.h>

#include "madoguchi/base/str.h"

unsigned
mdg_text_char_width(uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7F)
		return 1;
	switch (u_charType((UChar32)cp)) {
	case U_NON_SPACING_MARK:
	case U_ENCLOSING_MARK:
	case U_FORMAT_CHAR:
	case U_CONTROL_CHAR:
		return 0;
	default:
		break;
	}
	switch (u_getIntPropertyValue((UChar32)cp, UCHAR_EAST_ASIAN_WIDTH)) {
	case U_EA_FULLWIDTH:
	case U_EA_WIDE:
	case U_EA_AMBIGUOUS:
		return 2;
	default:
		return 1;
	}
}

size_t
mdg_text_width(const char *s, size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += mdg_utf8_next(s + i, n - i, &cp);
		width += mdg_text_char_width(cp);
	}
	return width;
}

static bool
in_set(uint32_t cp, const char *set)
{
	for (size_t i = 0, n = strlen(set); i < n;) {
		uint32_t c;
		i += mdg_utf8_next(set + i, n - i, &c);
		if (c == cp)
			return true;
	}
	return false;
}

/* Not at the head of a line (JIS X 4051). */
static bool
is_no_head(uint32_t cp)
{
	return in_set(cp, "、。，．・：；？！ー々ゝゞヽヾ〻"
			  "」』）］｝〉》】〕〙〗’”"
			  "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
			  "％…‥〜～―–,.:;?!)]}%");
}

/* Not at the end of a line. */
static bool
is_no_tail(uint32_t cp)
{
	return in_set(cp, "「『（［｛〈《【〔〘〖‘“￥＄¥$([{#＃№");
}

static bool
is_ascii(uint32_t cp)
{
	return cp > 0x20 && cp < 0x7F;
}

static bool
is_digit(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
}

/* Counters and units that a number does not leave. */
static bool
is_unit(uint32_t cp)
{
	return in_set(cp, "年月日時分秒円個台本枚冊点件回名人歳階号番代度倍万"
			  "億千百％％㎝㎏泊杯色種営週間");
}

/* May a line end between a and b? */
static bool
may_break(uint32_t a, uint32_t b)
{
	if (b == ' ' || b == 0x3000)
		return false;
	if (a == ' ' || a == 0x3000)
		return true;
	if (mdg_text_char_width(b) == 0)
		return false;
	if (is_no_head(b) || is_no_tail(a))
		return false;
	if (is_ascii(a) && is_ascii(b))
		return false;
	if (is_digit(a) && (is_digit(b) || is_unit(b)))
		return false;
	/* 第3回, 約10分, and the two halves of …… */
	if ((a == 0x7B2C || a == 0x7D04) && is_digit(b))
		return false;
	return true;
}

static bool
starts(const char *s, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n >= len && memcmp(s, with, len) == 0;
}

/* Lines that have their own form. */
static bool
is_kept(const char *s, size_t n)
{
	static const char *const heads[] = {
		">",  "＞", "・",   "●", "○", "◎",  "◆", "◇", "■",
		"□",  "▼",  "※",    "→", "*", "-",  "|", " ", "\t",
		"　", "【", "http", "━", "─", "＝", "=", "_", "＊",
		"①",  "②",  "③",    "④", "⑤", "⑥",  "⑦", "⑧",
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (starts(s, n, heads[i]))
			return true;
	/* "1. ", "(1) " */
	size_t i = 0;
	if (i < n && s[i] == '(')
		i++;
	size_t digits = strspn(s + i, "0123456789");
	if (digits == 0 || digits > 2 || i + digits >= n)
		return false;
	return s[i + digits] == '.' || s[i + digits] == ')' ||
	       starts(s + i + digits, n - i - digits, "．") ||
	       starts(s + i + digits, n - i - digits, "）");
}

static void
put_trimmed(struct mdg_buf *out, const char *s, size_t n)
{
	while (n > 0 && s[n - 1] == ' ')
		n--;
	mdg_buf_put(out, s, n);
}

static void
wrap_line(const char *s, size_t n, size_t columns, struct mdg_buf *out)
{
	size_t start = 0, width = 0, last = 0; /* last: where it may end */
	uint32_t before = 0;

	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t len = mdg_utf8_next(s + i, n - i, &cp);
		if (i > start && may_break(before, cp))
			last = i;
		width += mdg_text_char_width(cp);
		if (width > columns && last > start) {
			put_trimmed(out, s + start, last - start);
			mdg_buf_putc(out, '\n');
			start = last;
			while (start < n && s[start] == ' ')
				start++;
			if (start > i) {
				i = start;
				width = 0;
				before = 0;
				continue;
			}
			width = mdg_text_width(s + start, i + len - start);
		}
		before = cp;
		i += len;
	}
	mdg_buf_put(out, s + start, n - start);
}

void
mdg_text_wrap(const char *text, size_t n, size_t columns, struct mdg_buf *out)
{
	if (columns < MDG_WRAP_COLUMNS_MIN)
		columns = MDG_WRAP_COLUMNS_MIN;
	for (size_t i = 0; i < n;) {
		const char *s = text + i;
		const char *lf = memchr(s, '\n', n - i);
		size_t len = lf ? (size_t)(lf - s) : n - i;
		if (is_kept(s, len))
			mdg_buf_put(out, s, len);
		else
			wrap_line(s, len, columns, out);
		if (lf)
			mdg_buf_putc(out, '\n');
		i += len + 1;
	}
}
